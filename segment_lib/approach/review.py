"""Then one by one: a person overrules the kit where they know better, with a reason that is kept.

`overrides.csv` lies in the client's folder, outside any run's output: customer_id, decision,
reason_in_words, by, on. The latest word counts; nothing is overwritten silently, every change is
counted, and what nobody reviewed stays provisional. The relation binds people too: nobody under
contract can be put on the list, and nobody's wish not to be contacted can be overruled.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from segment_lib.checks import ListError, require_columns, require_known
from segment_lib.client import Client
from segment_lib.columns import VALUES

FILE = "overrides.csv"
COLUMNS = ["customer_id", "decision", "reason_in_words", "by", "on"]
ALLOWED = {
    True: ("grow", "recover", "keep_serving", "not_now"),
    False: ("approach", "not_approached", "not_now"),
}
CODES = {word: code for code, words in VALUES["decision"].items() for word in (code, *words)}
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Review:
    """What people changed: `table` (with the override beside the kit's own words), `counts` (from
    what to what, how many), `not_found` (overrides of ids that are not in the list).
    """

    table: pd.DataFrame
    counts: pd.DataFrame
    not_found: pd.DataFrame


def read_overrides(client: Client) -> pd.DataFrame:
    """One row per customer, the latest not after the as-of day; empty where there is no file."""
    path = client.folder / FILE
    if not path.is_file():
        return pd.DataFrame(columns=COLUMNS)
    rows = _read(path)
    require_columns(rows, COLUMNS, FILE, "in its first line")
    rows = rows[COLUMNS].apply(lambda column: column.str.strip().str.removeprefix("'"))
    rows = rows[rows["customer_id"] != ""]
    rows["decision"] = rows["decision"].map(lambda word: CODES.get(word, word))
    require_known(
        rows["decision"], list(VALUES["decision"]), f"{FILE}, column decision,", "Correct it there."
    )
    rows["on"] = _days(rows)
    _require_signed(rows)
    known = rows[rows["on"] <= pd.Timestamp(client.as_of)]
    latest = known.sort_values("on", kind="stable").drop_duplicates("customer_id", keep="last")
    return latest.sort_values("customer_id").reset_index(drop=True)


def write_overrides(client: Client, rows: pd.DataFrame) -> Path:
    """Add `rows` below what the file holds; earlier words stay. Returns the path.

    UTF-8 with a byte-order mark; text that a spreadsheet would run as a formula is quoted. A row
    without a reason or without who decided is refused before anything is written.
    """
    require_columns(rows, COLUMNS, "overrides", "the frame given")
    _require_signed(rows)
    path = client.folder / FILE
    before = _read(path) if path.is_file() else pd.DataFrame(columns=COLUMNS)
    added = rows[COLUMNS].assign(on=pd.to_datetime(rows["on"]).dt.strftime("%Y-%m-%d"))
    added = added.astype("object").fillna("").astype(str).apply(lambda column: column.map(_safe))
    both = pd.concat([before, added], ignore_index=True).drop_duplicates()
    path.write_bytes(both.to_csv(index=False, lineterminator="\n").encode("utf-8-sig"))
    return path


def apply_overrides(table: pd.DataFrame, overrides: pd.DataFrame) -> Review:
    """The table of `decide` with people's decisions in it, before actions are assigned.

    Adds override, override_why, override_by, override_on (missing where nobody overruled). The main
    reason becomes "reviewed", the kit's own reasons stay behind it in all_reasons.
    """
    here = overrides["customer_id"].isin(table.index)
    said = overrides[here].set_index("customer_id")
    _require_allowed(table.loc[said.index], said)
    reviewed = table.assign(
        override=said["decision"].reindex(table.index).astype("str"),
        override_why=said["reason_in_words"].reindex(table.index).astype("str"),
        override_by=said["by"].reindex(table.index).astype("str"),
        override_on=pd.to_datetime(said["on"]).reindex(table.index).astype("datetime64[us]"),
    )
    changed = reviewed["override"].notna() & (reviewed["override"] != reviewed["decision"])
    counts = _counts(reviewed[reviewed["override"].notna()])
    new = reviewed["override"][changed]
    reviewed.loc[changed, "all_reasons"] = "reviewed; " + table.loc[changed, "all_reasons"]
    reviewed.loc[changed, "evidence"] = _in_words(reviewed[changed])
    reviewed.loc[changed, "decision"] = new
    reviewed.loc[changed, "reason"] = "reviewed"
    reviewed.loc[changed, "hold_out"] = False
    reviewed["priority"] = _ranked(reviewed, changed)
    return Review(reviewed, counts, overrides[~here].reset_index(drop=True))


def _read(path: Path) -> pd.DataFrame:
    """Text only. A list that people saved from Excel may be cp932."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("cp932")
        except UnicodeDecodeError as error:
            raise ListError(
                f"{path.name} is neither UTF-8 nor cp932 (byte {error.start}). Save it as UTF-8."
            ) from None
    if not text.strip():
        return pd.DataFrame(columns=COLUMNS, dtype="str")
    return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)


def _days(rows: pd.DataFrame) -> pd.Series:
    days = pd.to_datetime(rows["on"].str.replace("/", "-"), format="%Y-%m-%d", errors="coerce")
    if days.isna().any():
        came = rows.loc[days.isna(), "on"].iloc[0]
        raise ListError(f'{FILE} holds the day "{came}" in its column on. Write it as 2025-03-01.')
    return days


def _require_signed(rows: pd.DataFrame) -> None:
    empty = rows[(rows["reason_in_words"] == "") | (rows["by"] == "")]
    if len(empty):
        raise ListError(
            f"{FILE}: the override of {empty['customer_id'].iloc[0]} lacks a reason in words or "
            "who decided it. Fill in reason_in_words and by."
        )


def _require_allowed(decided: pd.DataFrame, said: pd.DataFrame) -> None:
    served = decided["under_contract"].astype(bool)
    for customer_id, decision in said["decision"].items():
        relation = bool(served[customer_id])
        if decision not in ALLOWED[relation]:
            who = "under contract" if relation else "without a contract"
            raise ListError(
                f"{FILE}: {customer_id} is {who} and cannot be overruled to {decision}. "
                f"Allowed: {', '.join(ALLOWED[relation])}."
            )
        if decision == "approach" and decided.loc[customer_id, "reason"] == "opted_out":
            raise ListError(
                f"{FILE}: {customer_id} has asked not to be contacted, which nobody can overrule. "
                "If that has changed, change the list of permissions."
            )


def _counts(reviewed: pd.DataFrame) -> pd.DataFrame:
    """From what to what, how many: the same on both sides means that the kit was confirmed."""
    pairs = reviewed.groupby(["decision", "override"]).size().rename("customers").reset_index()
    pairs.insert(2, "overruled", pairs["decision"] != pairs["override"])
    return pairs


def _in_words(reviewed: pd.DataFrame) -> pd.Series:
    day = reviewed["override_on"].dt.strftime("%Y-%m-%d")
    says = reviewed["override_why"] + " (" + reviewed["override_by"] + ", " + day + "). "
    return (says + reviewed["evidence"]).astype("str")


def _ranked(reviewed: pd.DataFrame, changed: pd.Series) -> pd.Series:
    """What a person asks for comes right after recovery, what a person takes off comes last."""
    active = changed & reviewed["decision"].isin(["recover", "grow", "approach"])
    recovering = reviewed["decision"].eq("recover") & ~changed
    place = reviewed["priority"].astype("float64")
    place = place.mask(active, place[recovering].max() + 0.5 if recovering.any() else 0.5)
    place = place.mask(changed & ~active, len(reviewed) + 1)
    order = pd.DataFrame({"place": place, "id": reviewed.index}).sort_values(["place", "id"])
    return pd.Series(range(1, len(order) + 1), index=order.index).reindex(reviewed.index)


def _safe(text: str) -> str:
    return "'" + text if text.startswith(FORMULA_SIGNS) else text
