"""overrides.csv: one row per word of a person, the newest at the end; nothing is ever taken out.

Columns customer_id, decision, reason_in_words, by, on; owner and do_on where a person set them;
agreed = yes where somebody looked and left the decision to the kit: `decision` says what it was
then. Older files, which end with `on`, stay readable, also after Excel has saved them anew: another
encoding or delimiter, 2026/4/1, R8.4.1, decisions in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from segment_lib.approach.review.words import decision_code, quoted, read_day, said_yes, unquoted
from segment_lib.checks import ListError, require_columns, require_known
from segment_lib.client import Client
from segment_lib.columns import VALUES, as_text
from segment_lib.lists import replace_file, rows_of_text

FILE = "overrides.csv"
COLUMNS = ["customer_id", "decision", "reason_in_words", "by", "on"]
ADDED = ["owner", "do_on", "agreed"]  # which files of an older kit lack
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
    return standing_words(read_history(client), client.as_of)


def read_history(client: Client) -> pd.DataFrame:
    """Every word of overrides.csv in its order: decisions as codes, `on` and `do_on` as days,
    `agreed` as True or False.

    Raises `ListError` with one sentence about a word, a day or a row that cannot be used.
    """
    path = client.folder / FILE
    rows = _read(path) if path.is_file() else pd.DataFrame(columns=COLUMNS, dtype="str")
    require_columns(rows, COLUMNS, FILE, fix="Its first line names the columns.")
    rows = _complete(rows).apply(lambda column: column.map(unquoted).pipe(as_text))
    rows = rows[rows["customer_id"] != ""].reset_index(drop=True)
    rows["decision"] = [decision_code(word) or word for word in rows["decision"]]
    require_known(
        rows["decision"], list(VALUES["decision"]), f"{FILE}, column decision,", "Correct it there."
    )
    for name in ("on", "do_on"):
        days = [_day(text, name) for text in rows[name]]
        rows[name] = pd.Series(days, dtype="datetime64[us]")
    rows["agreed"] = [_answer(text) for text in rows["agreed"]]
    _require_signed(rows)
    return rows.astype({"agreed": "bool"})


def standing_words(history: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The word that stands for each customer, sorted by customer.

    Whoever agrees to what another person had decided leaves that word standing as it is; owner and
    day are those of the last word.
    """
    last = latest(history, as_of).set_index("customer_id")
    own = latest(history[~history["agreed"]], as_of).set_index("customer_id").reindex(last.index)
    stays = last["agreed"] & own["decision"].eq(last["decision"])
    for name in ("reason_in_words", "by", "on"):
        last[name] = last[name].mask(stays, own[name])
    last["agreed"] &= ~stays
    return last.reset_index()


def latest(history: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The last word on each customer, sorted by customer."""
    slip = history["on"] > pd.Timestamp(as_of) + pd.Timedelta(days=366)
    order = history.assign(slip=~slip).sort_values(["slip", "on"], kind="stable")
    rows = order.drop_duplicates("customer_id", keep="last").drop(columns="slip")
    return rows.sort_values("customer_id").reset_index(drop=True)


def write_overrides(rows: pd.DataFrame, client: Client) -> Path:
    """Add `rows` below what the file holds; earlier words stay. Returns the path.

    UTF-8 with a byte-order mark; text that a spreadsheet would run as a formula is quoted. A row
    without who decided, or without a reason where nobody agreed, is refused before anything is
    written. The new file
    is written beside the old one and then takes its place: a stop leaves the old one whole.
    """
    require_columns(rows, COLUMNS, "overrides")
    rows = _complete(rows)
    rows["agreed"] = [_answer(str(answer)) for answer in rows["agreed"]]
    _require_signed(rows)
    path = client.folder / FILE
    before = _read(path) if path.is_file() else pd.DataFrame(columns=[*COLUMNS, *ADDED])
    days = {name: pd.to_datetime(rows[name]).dt.strftime("%Y-%m-%d") for name in ("on", "do_on")}
    added = rows.assign(**days, agreed=rows["agreed"].map({True: "yes", False: ""}))
    added = added.astype("object").fillna("").astype("str").apply(lambda column: column.map(quoted))
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


def _complete(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with every column of the file: what an older kit did not write is empty."""
    return rows.reindex(columns=[*COLUMNS, *ADDED], fill_value="")


def _day(text: str, column: str) -> date | None:
    if not text and column == "do_on":
        return None
    day = read_day(text)
    if isinstance(day, date):
        return day
    raise ListError(
        '{file} holds the day "{text}" in its column {column}. Write it as 2025-03-01.',
        file=FILE,
        text=text,
        column=column,
    )


def _answer(text: str) -> bool:
    answer = said_yes(text)
    if answer is None and text:
        raise ListError(
            '{file} holds "{text}" in its column agreed. Write yes, or leave it empty.',
            file=FILE,
            text=text,
        )
    return bool(answer)


def _require_signed(rows: pd.DataFrame) -> None:
    no_reason = (rows["reason_in_words"] == "") & ~rows["agreed"].astype(bool)
    empty = rows[no_reason | (rows["by"] == "")]
    if len(empty):
        raise ListError(
            "{file}: the override of {customer_id} lacks a reason in words or who decided it. "
            "Fill in reason_in_words and by.",
            file=FILE,
            customer_id=empty["customer_id"].iloc[0],
        )


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
    """What people said: `table` (with their words beside the kit's own), `counts` (from what to
    what, how many; the same on both sides where it was left as it is), `overrides` (one row per
    person's word; `kit`, what is decided without it; its `state`: holds, waits, not_found; and
    `why` it waits: under_contract, no_contract, opted_out, or kit_differs, where somebody agreed to
    a decision that is another one now).
    """

    table: pd.DataFrame
    counts: pd.DataFrame
    overrides: pd.DataFrame


def apply_overrides(table: pd.DataFrame, overrides: pd.DataFrame) -> Review:
    """The table of `decide` with people's decisions in it, before actions are assigned.

    Adds override (missing where nobody decided for themselves), override_why, override_by,
    override_on, override_owner, override_day and `agreed`: a person looked and left the decision as
    it is. Where they decided otherwise the main reason becomes "reviewed", the kit's own reasons
    stay behind it in all_reasons. A decision that does not fit the relation of today waits: it is
    kept, not applied, and told; an agreement holds as long as the kit decides the same. The owner
    holds in any case, the day with the decision.
    """
    told = _with_state(table, overrides)
    reviewed = table.assign(**_words(told, table.index))
    overruled = (reviewed["override"] != reviewed["decision"]).fillna(True).astype(bool)
    changed = reviewed["override"].notna() & overruled
    seen = told["state"].eq("holds").set_axis(told["customer_id"]).reindex(table.index)
    reviewed["agreed"] = seen.fillna(False).astype(bool) & ~changed
    pairs = reviewed.assign(override=reviewed["override"].fillna(table["decision"]))
    pairs = pairs.assign(overruled=changed)[changed | reviewed["agreed"]]
    counts = pairs.groupby(["decision", "override", "overruled"]).size()
    reviewed.loc[changed, "all_reasons"] = "reviewed; " + table.loc[changed, "all_reasons"]
    reviewed.loc[changed, "evidence"] = _in_words(reviewed[changed])
    reviewed.loc[changed, "decision"] = reviewed["override"][changed]
    reviewed.loc[changed, ["reason", "hold_out"]] = ["reviewed", False]
    if "review_on" in reviewed:  # the day that a person set for somebody who waits
        waits = reviewed["decision"].eq("not_now") & reviewed["override_day"].notna()
        reviewed["review_on"] = reviewed["review_on"].mask(waits, reviewed["override_day"])
    return Review(reviewed, counts.rename("customers").reset_index(), told)


def _words(told: pd.DataFrame, index: pd.Index) -> dict[str, pd.Series]:
    """What people said of each customer, missing where they said nothing that holds."""
    by_customer = told.set_index("customer_id")
    holds = by_customer[by_customer["state"] == "holds"]
    signed = by_customer[by_customer["state"].eq("holds") | by_customer["owner"].ne("")]
    texts = {
        "override": holds.loc[~holds["agreed"], "decision"],
        "override_why": holds["reason_in_words"],
        "override_by": signed["by"],
        "override_owner": by_customer["owner"],
    }
    days = {"override_on": signed["on"], "override_day": holds["do_on"]}
    return {
        **{name: as_text(said[said != ""].reindex(index)) for name, said in texts.items()},
        **{
            name: pd.to_datetime(said).reindex(index).astype("datetime64[us]")
            for name, said in days.items()
        },
    }


def _with_state(table: pd.DataFrame, overrides: pd.DataFrame) -> pd.DataFrame:
    said = _complete(overrides)
    said["agreed"] = said["agreed"].eq(True)
    decided = table.reindex(said["customer_id"])
    known = said["customer_id"].isin(table.index).to_numpy()
    kit = decided["decision"].fillna("").set_axis(said.index)
    served = decided["under_contract"].eq(True)
    opted_out = has_opted_out(decided)
    whys = [why_not(*row) for row in zip(said["decision"], served, opted_out, strict=True)]
    why = pd.Series(whys, index=said.index, dtype="str")
    same = said["decision"].eq(kit).map({True: "", False: "kit_differs"})
    why = why.where(~said["agreed"], same).where(known, "")
    state = pd.Series("holds", index=said.index, dtype="str").mask(why != "", "waits")
    days = {
        name: pd.to_datetime(said[name].mask(said[name] == "")).astype("datetime64[us]")
        for name in ("on", "do_on")
    }
    told = said.assign(**days, kit=kit, state=state.where(known, "not_found"), why=why)
    texts = {name: as_text(told[name]) for name in told if name not in ("on", "do_on", "agreed")}
    return told.assign(**texts).reset_index(drop=True)


def _in_words(reviewed: pd.DataFrame) -> pd.Series:
    day = reviewed["override_on"].dt.strftime("%Y-%m-%d")
    says = reviewed["override_why"] + " (" + reviewed["override_by"] + ", " + day + "). "
    return (says + reviewed["evidence"]).pipe(as_text)
