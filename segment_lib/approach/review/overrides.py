"""overrides.csv: one row per word of a person, the newest at the end; nothing is ever taken out.

Columns customer_id, decision, reason_in_words, by, on. Older files stay readable, also after Excel
has saved them anew: another encoding or delimiter, 2026/4/1, R8.4.1, decisions in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from segment_lib.approach.review.words import FORMULA_SIGNS, decision_code, read_day, unquoted
from segment_lib.checks import ListError, require_columns, require_known
from segment_lib.client import Client
from segment_lib.columns import VALUES, as_text
from segment_lib.lists import replace_file, rows_of_text

FILE = "overrides.csv"
COLUMNS = ["customer_id", "decision", "reason_in_words", "by", "on"]
# What the relation allows people to decide: under contract, and without one.
ALLOWED = {
    True: ("grow", "recover", "keep_serving"),
    False: ("approach", "not_approached", "not_now"),
}


def read_overrides(client: Client) -> pd.DataFrame:
    """One row per customer, the latest word; empty where there is no file.

    At equal days the last in the file counts. Words later than the as-of day hold too: as_of binds
    data. A day more than a year after it is a slip of an older kit and never beats another word.
    """
    return latest(read_history(client), client.as_of)


def read_history(client: Client) -> pd.DataFrame:
    """Every word of overrides.csv in its order: decisions as codes, `on` as days.

    Raises `ListError` with one sentence about a word, a day or a row that cannot be used.
    """
    path = client.folder / FILE
    rows = _read(path) if path.is_file() else pd.DataFrame(columns=COLUMNS, dtype="str")
    require_columns(rows, COLUMNS, FILE, fix="Its first line names the columns.")
    rows = rows[COLUMNS].apply(lambda column: column.map(unquoted).pipe(as_text))
    rows = rows[rows["customer_id"] != ""].reset_index(drop=True)
    rows["decision"] = [decision_code(word) or word for word in rows["decision"]]
    require_known(
        rows["decision"], list(VALUES["decision"]), f"{FILE}, column decision,", "Correct it there."
    )
    rows["on"] = pd.Series(list(map(_day, rows["on"])), dtype="datetime64[us]")
    _require_signed(rows)
    return rows


def latest(history: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The word that stands for each customer, sorted by customer."""
    slip = history["on"] > pd.Timestamp(as_of) + pd.Timedelta(days=366)
    order = history.assign(slip=~slip).sort_values(["slip", "on"], kind="stable")
    rows = order.drop_duplicates("customer_id", keep="last").drop(columns="slip")
    return rows.sort_values("customer_id").reset_index(drop=True)


def write_overrides(rows: pd.DataFrame, client: Client) -> Path:
    """Add `rows` below what the file holds; earlier words stay. Returns the path.

    UTF-8 with a byte-order mark; text that a spreadsheet would run as a formula is quoted. A row
    without a reason or without who decided is refused before anything is written. The new file
    is written beside the old one and then takes its place: a stop leaves the old one whole.
    """
    require_columns(rows, COLUMNS, "overrides")
    _require_signed(rows)
    path = client.folder / FILE
    before = _read(path) if path.is_file() else pd.DataFrame(columns=COLUMNS)
    added = rows[COLUMNS].assign(on=[f"{day:%Y-%m-%d}" for day in pd.to_datetime(rows["on"])])
    added = added.astype("object").fillna("").astype("str").apply(lambda column: column.map(_safe))
    both = pd.concat([before, added], ignore_index=True).fillna("").drop_duplicates()
    replace_file(path, both.to_csv(index=False, lineterminator="\n").encode("utf-8-sig"))
    return path


def _read(path: Path) -> pd.DataFrame:
    """The file as text cells, with its own columns."""
    rows = [row for row in rows_of_text(path.read_bytes(), path.name) if any(map(str.strip, row))]
    if not rows:
        return pd.DataFrame(columns=COLUMNS, dtype="str")
    head = [cell.strip() for cell in rows[0]]
    for row in rows[1:]:
        if any(cell.strip() for cell in row[len(head) :]):
            raise ListError(
                "{name}: the row of {customer_id} has more cells than the first line has "
                "columns. Put a text with a comma between quotation marks.",
                name=path.name,
                customer_id=row[0],
            )
    cells = [[*row, *[""] * len(head)][: len(head)] for row in rows[1:]]
    return pd.DataFrame(cells, columns=head, dtype="str")


def _day(text: str) -> date:
    day = read_day(text)
    if isinstance(day, date):
        return day
    raise ListError(
        '{file} holds the day "{text}" in its column on. Write it as 2025-03-01.',
        file=FILE,
        text=text,
    )


def _require_signed(rows: pd.DataFrame) -> None:
    empty = rows[(rows["reason_in_words"] == "") | (rows["by"] == "")]
    if len(empty):
        raise ListError(
            "{file}: the override of {customer_id} lacks a reason in words or who decided it. "
            "Fill in reason_in_words and by.",
            file=FILE,
            customer_id=empty["customer_id"].iloc[0],
        )


def _safe(text: str) -> str:
    return "'" + text if text.startswith(FORMULA_SIGNS) else text


# --- in the table of decisions: what fits holds, what does not waits and is named ----------------
def has_opted_out(decided: pd.DataFrame) -> pd.Series:
    """Per customer: has asked not to be contacted, whether or not it is the main reason."""
    reasons = decided["all_reasons" if "all_reasons" in decided else "reason"].pipe(as_text)
    return reasons.str.contains(r"(?:^|; )opted_out(?:;|$)", na=False).astype(bool)


def why_not(decision: str, under_contract: bool, opted_out: bool) -> str:
    """Why a decision does not fit the relation: under_contract, no_contract, opted_out, or ""."""
    if decision not in ALLOWED[under_contract]:
        return "under_contract" if under_contract else "no_contract"
    return "opted_out" if opted_out and decision == "approach" else ""


@dataclass(frozen=True)
class Review:
    """What people changed: `table` (with the override beside the kit's own words), `counts` (from
    what to what, how many), `overrides` (one row per person's word with its `state`: holds, waits,
    not_found; and `why` it waits: under_contract, no_contract, opted_out).
    """

    table: pd.DataFrame
    counts: pd.DataFrame
    overrides: pd.DataFrame


def apply_overrides(table: pd.DataFrame, overrides: pd.DataFrame) -> Review:
    """The table of `decide` with people's decisions in it, before actions are assigned.

    Adds override, override_why, override_by, override_on (missing where nobody overruled). The main
    reason becomes "reviewed", the kit's own reasons stay behind it in all_reasons. An override that
    does not fit the relation of today waits: it is kept, not applied, and told.
    """
    told = _with_state(table, overrides)
    said = told[told["state"] == "holds"].set_index("customer_id")
    reviewed = table.assign(
        override=said["decision"].reindex(table.index).pipe(as_text),
        override_why=said["reason_in_words"].reindex(table.index).pipe(as_text),
        override_by=said["by"].reindex(table.index).pipe(as_text),
        override_on=pd.to_datetime(said["on"]).reindex(table.index).astype("datetime64[us]"),
    )
    overruled = reviewed["override"] != reviewed["decision"]
    reviewed["agreed"] = reviewed["override"].notna() & ~overruled.fillna(True).astype(bool)
    changed = reviewed["override"].notna() & overruled
    # From what to what, how many: the same on both sides means that the kit was confirmed.
    pairs = reviewed.assign(overruled=overruled)[reviewed["override"].notna()]
    counts = pairs.groupby(["decision", "override", "overruled"]).size()
    reviewed.loc[changed, "all_reasons"] = "reviewed; " + table.loc[changed, "all_reasons"]
    reviewed.loc[changed, "evidence"] = _in_words(reviewed[changed])
    reviewed.loc[changed, "decision"] = reviewed["override"][changed]
    reviewed.loc[changed, ["reason", "hold_out"]] = ["reviewed", False]
    return Review(reviewed, counts.rename("customers").reset_index(), told)


def _with_state(table: pd.DataFrame, overrides: pd.DataFrame) -> pd.DataFrame:
    decided = table.reindex(overrides["customer_id"])
    known = overrides["customer_id"].isin(table.index).to_numpy()
    served = decided["under_contract"].eq(True)
    opted_out = has_opted_out(decided)
    whys = [why_not(*row) for row in zip(overrides["decision"], served, opted_out, strict=True)]
    why = pd.Series(whys, index=overrides.index, dtype="str").where(known, "")
    state = pd.Series("holds", index=overrides.index, dtype="str").mask(why != "", "waits")
    on = pd.to_datetime(overrides["on"]).astype("datetime64[us]")
    told = overrides.assign(on=on, state=state.where(known, "not_found"), why=why)
    told = told[[*COLUMNS, "state", "why"]].reset_index(drop=True)
    return told.assign(**{name: as_text(told[name]) for name in told if name != "on"})


def _in_words(reviewed: pd.DataFrame) -> pd.Series:
    day = reviewed["override_on"].dt.strftime("%Y-%m-%d")
    says = reviewed["override_why"] + " (" + reviewed["override_by"] + ", " + day + "). "
    return (says + reviewed["evidence"]).pipe(as_text)
