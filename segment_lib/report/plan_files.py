"""plan.csv and owners/*.csv: the plan for every other program, nothing of it left out.

plan.csv has one row per customer: the columns of decisions.parquet, with names and with the words
beside the codes. A file in owners/ has the rows and columns of that owner's sheet, the yellow ones
too. UTF-8 with BOM, as Excel opens it; text that a spreadsheet would run as a formula has a '
before it. In cp932 ([plan] csv_encoding) a sign that it lacks becomes 〓 and is listed in
plan_signs_lost.csv.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from segment_lib.approach.review.words import quoted
from segment_lib.approach.weeks import weeks_of
from segment_lib.client import Client
from segment_lib.columns import value_label, values_of
from segment_lib.in_words import count
from segment_lib.report.files import write_free
from segment_lib.report.frames import Frames
from segment_lib.report.sheets import heading, list_sheets
from segment_lib.voice import _, ngettext, pgettext

PLAN, OWNERS, SIGNS_LOST = "plan.csv", "owners", "plan_signs_lost.csv"
FIRST = ("name", "contact_person", "telephone", "email", "status")
COLUMNS = (
    "under_contract", "decision", "reason", "all_reasons", "evidence", "hold_out", "row", "action",
    "content", "purpose", "channel", "measure", "line", "due_from", "due_by", "asked_90d",
    "gave_90d", "why_now", "owner", "team", "hand_over_to", "effort_hours", "priority", "do_from",
    "do_to", "do_on", "planned_week", "waits_because", "expected_value", "last_contact_on",
    "review_on", "override", "override_why", "override_by", "override_on", "override_owner",
    "override_day", "agreed",
)  # fmt: skip
# Signs that cp932 writes by another one that looks the same: nothing is lost.
TWINS = str.maketrans({"¥": "￥", "〜": "～", "—": "―", "–": "-", "−": "－", "\xa0": " "})
LOST = "〓"
NOT_IN_A_FILE_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
NOT_A_FILE_NAME = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
LONGEST_NAME = 60  # Japanese signs take three bytes of the 255 that a name may have
MOST_SHOWN = 12


@dataclass(frozen=True)
class PlanFiles:
    """Where the plan was written, and what cp932 could not hold, in a sentence ("" if nothing)."""

    paths: tuple[Path, ...]
    lost: str


def write_plan_files(client: Client, frames: Frames) -> PlanFiles:
    """Write plan.csv and owners/*.csv into the client's out folder, as [plan] csv_encoding says."""
    folder, lost = client.out_folder, Counter[tuple[str, str]]()
    tables = {PLAN: plan_table(frames), **_of_owners(client, frames)}
    paths = []
    for name, table in tables.items():
        text = as_csv(table)
        in_cp932 = client.plan.csv_encoding == "cp932"
        encoded = _cp932(text.translate(TWINS), name, lost) if in_cp932 else _utf8(text)
        paths.append(write_free(folder / name, partial(Path.write_bytes, data=encoded)))
    if lost:
        listed = _utf8(as_csv(_signs(lost)))
        paths.append(write_free(folder / SIGNS_LOST, partial(Path.write_bytes, data=listed)))
    return PlanFiles(tuple(paths), _says_lost(lost))


def plan_table(frames: Frames) -> pd.DataFrame:
    """One row per customer: who they are, and the plan; NAME_label holds the words of NAME."""
    customers = frames["customers"]
    assert customers is not None
    there = [name for name in (*FIRST, *COLUMNS) if name in customers]
    table = {}
    for name in there:
        table[name] = customers[name]
        if values_of(name) or name == "override":
            coded = "decision" if name == "override" else name
            codes = customers[name].astype("object")
            words = {code: value_label(coded, code) for code in codes.dropna().unique()}
            table[f"{name}_label"] = codes.map(words)
    return pd.DataFrame(table).rename_axis("customer_id").sort_index().reset_index()


def _of_owners(client: Client, frames: Frames) -> dict[str, pd.DataFrame]:
    """By file name the sheet of each owner as a table, with the headings of the sheet."""
    used: set[str] = set()
    tables = {}
    for sheet in list_sheets(client, frames, weeks_of(client)):
        if sheet.kind == "owner":
            table = sheet.rows[list(sheet.columns)]
            name = f"{OWNERS}/{file_name(sheet.name, used)}.csv"
            tables[name] = table.rename(columns=lambda column: heading(column, client))
    return tables


def file_name(title: str, used: set[str]) -> str:
    """A file name that every system accepts and that is not in `used`; it is added to `used`.

    >>> file_name("佐藤/鈴木", set()), file_name("CON", set())
    ('佐藤 鈴木', 'CON_')
    """
    clean = " ".join(NOT_IN_A_FILE_NAME.sub(" ", unicodedata.normalize("NFC", title)).split())
    clean = clean[:LONGEST_NAME].strip(". ") or "owner"
    if NOT_A_FILE_NAME.fullmatch(clean):
        clean += "_"
    name, number = clean, 1
    while name.casefold() in used:
        number += 1
        name = f"{clean} {number}"
    used.add(name.casefold())
    return name


# --- text ---------------------------------------------------------------------------------------
def as_csv(table: pd.DataFrame) -> str:
    """The table as CSV: days as 2026-04-01, yes and no in words, nothing for what is missing."""
    plain = table.assign(**{str(name): _plain(table[name]) for name in table})
    return plain.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")


def _plain(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.strftime("%Y-%m-%d")
    if pd.api.types.is_bool_dtype(values):
        return values.astype("boolean").map({True: _("yes"), False: _("no")})
    if pd.api.types.is_numeric_dtype(values):
        return values
    return values.astype("object").map(_safe, na_action="ignore")


def _safe(value: object) -> object:
    """Text that no spreadsheet runs as a formula, on one line."""
    if not isinstance(value, str):
        return value
    text = " ".join(value.split()) if "\n" in value or "\r" in value else value
    return quoted(text)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8-sig", "replace")


def _cp932(text: str, name: str, lost: Counter[tuple[str, str]]) -> bytes:
    """The text in cp932; what it lacks becomes 〓 and is counted by file and sign."""
    for sign in sorted(set(text)):
        try:
            sign.encode("cp932")
        except UnicodeEncodeError:
            lost[name, sign] = text.count(sign)
            text = text.replace(sign, LOST)
    return text.encode("cp932")


def _signs(lost: Counter[tuple[str, str]]) -> pd.DataFrame:
    """One row per file and sign that cp932 lacks: file, sign, code, times."""
    rows = [
        (name, sign, f"U+{ord(sign):04X}", unicodedata.name(sign, ""), times)
        for (name, sign), times in sorted(lost.items())
    ]
    heads = [_("File"), _("Sign"), _("Code"), _("Name of the sign"), _("Times")]
    return pd.DataFrame(rows, columns=heads)


def _says_lost(lost: Counter[tuple[str, str]]) -> str:
    if not lost:
        return ""
    signs = sorted({sign for _name, sign in lost})
    more = " …" if len(signs) > MOST_SHOWN else ""
    return ngettext(
        "cp932 lacks {n} sign, written as 〓 {times} times: {signs}{more}. {file} lists where.",
        "cp932 lacks {n} signs, written as 〓 {times} times: {signs}{more}. {file} lists where.",
        len(signs),
        times=count(sum(lost.values())),
        signs=pgettext("ids", ", ").join(signs[:MOST_SHOWN]),
        more=more,
        file=SIGNS_LOST,
    )
