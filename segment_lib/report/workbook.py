"""actions.xlsx: one sheet per action, one for whom we do not approach, each row to be reviewed.

Every text is written as text: nothing in it becomes a formula, a link or a number. The day the file
says it was made is `as_of`, so that two runs give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from segment_lib.approach.review import has_opted_out
from segment_lib.checks import ROOT, KitError
from segment_lib.client import Client
from segment_lib.columns import COLUMNS, VALUES, label, value_label
from segment_lib.in_words import width
from segment_lib.report import decisions_said as decided
from segment_lib.report.files import write_free
from segment_lib.report.frames import Frames, given
from segment_lib.report.reviewed import mark_line
from segment_lib.report.sentences import (
    how_many_served,
    reason_label,
    reason_words,
    served_within,
    standing,
)
from segment_lib.report.sheets import (
    ASKED,
    MEANINGS,
    SHEET_COLUMNS,
    allowed_overrides,
    columns_sheet,
    how_to_review,
    served_heading,
    served_meaning,
    sheet_name,
)
from segment_lib.report.tables import channel_said
from segment_lib.voice import _, said_by_people

ACTED_ON = ("recover", "grow", "approach", "keep_serving")
WIDEST = 60
MOST_ROWS = 1_048_575  # of a sheet, below its header


def build_workbook(client: Client, frames: Frames) -> Path:
    """Write `actions.xlsx` into the client's out folder; returns where it was written.

    Needs the frame `customers` (one row per customer with decision and reason). If the file is open
    in Excel, "actions (2).xlsx" is written instead.
    """
    customers = given(frames, "customers")
    if customers is None:
        raise KitError(
            _(
                "actions.xlsx needs the frame customers with the columns decision and reason, one "
                "row per customer. Run the decision (notebook 08) first."
            )
        )
    data = _workbook_bytes(client, frames, customers)
    return write_free(client.out_folder / "actions.xlsx", lambda path: path.write_bytes(data))


def _workbook_bytes(client: Client, frames: Frames, customers: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": datetime.combine(client.as_of, time())})
        writer = _Writer(book, client)
        writer.text_sheet(_about_name(), _about(client, frames, customers))
        for name, rows, columns in _sheets(client, customers):
            writer.list_sheet(name, rows, columns)
        days = served_within(client)
        served = (served_heading(days), served_meaning(days))
        explained = columns_sheet(served if how_many_served(customers) else None)
        writer.text_sheet(_("Columns"), explained)
    return buffer.getvalue()


def _about_name() -> str:
    return _("About")


def _about(client: Client, frames: Frames, customers: pd.DataFrame) -> list[list[str]]:
    head = [
        [_("Who gets what, when")],
        [said_by_people(client.client.title, client.client.title_ja)],
        [_("As of {as_of}", as_of=client.as_of)],
        [standing(frames, client)],
        [decided.review_state(frames, client)],
        [""],
    ]
    heads = customers["decision"].astype(str).value_counts()
    counted = [
        [str(value_label("decision", name)), f"{heads.get(name, 0):,}"]
        for name in VALUES["decision"]
    ]
    total = [_("Everyone"), f"{len(customers):,}"]
    steps = how_to_review(_shown_path(client.path))
    mark = [mark_line(client, customers)]
    return [*head, *counted, total, [""], *steps, [""], mark]


def _shown_path(path: Path) -> str:
    """client.toml as the command names it, from the kit's folder on; elsewhere no more than its own
    folder, so that no path of a machine travels with the workbook.
    """
    path = path.resolve()
    inside = path.is_relative_to(ROOT)
    shown = path.relative_to(ROOT).as_posix() if inside else f"…/{path.parent.name}/{path.name}"
    return f'"{shown}"' if " " in shown else shown


def _sheets(
    client: Client, customers: pd.DataFrame
) -> list[tuple[str, pd.DataFrame, tuple[str, ...]]]:
    """Name, rows and columns of each list sheet, in the order of the decisions."""
    rows = customers.assign(decision=customers["decision"].astype(str))
    rows = rows if "action" in rows else rows.assign(action="")
    # Where no list and no rule says that anybody is under contract, nothing is shown of it.
    hidden = set() if how_many_served(rows) else {"under_contract"}
    sheets = []
    for decision in ACTED_ON:
        part = rows[rows["decision"] == decision]
        for action, own in part.groupby(part["action"].fillna("").astype(str), sort=True):
            title = f"{value_label('decision', decision)} {action}".strip()
            sheets.append((title, own, SHEET_COLUMNS["action"]))
    for decision in ("not_now", "not_approached"):
        own = rows[rows["decision"] == decision]
        title = str(value_label("decision", decision))
        if len(own):
            sheets.append((title, own, SHEET_COLUMNS[decision]))
    used: set[str] = {_about_name().lower(), _("Columns").lower()}
    return [
        (sheet_name(title, used), part, tuple(x for x in columns if x not in hidden))
        for title, own, columns in sheets
        for part in _fitting(_in_order(own))
    ]


def _fitting(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows in parts that fit a sheet: beyond its last row a sheet takes nothing, silently."""
    firsts = range(0, max(len(rows), 1), MOST_ROWS)
    return [rows[first : first + MOST_ROWS].reset_index(drop=True) for first in firsts]


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """First what is due first; those under contract together, so that one drop-down serves them."""
    by = [name for name in ("under_contract", "priority", "do_on") if name in rows]
    rows = rows.rename_axis("customer_id").reset_index()
    return rows.sort_values([*by, "customer_id"], kind="stable").reset_index(drop=True)


class _Writer:
    """Writes sheets with the kit's formats."""

    def __init__(self, book: xlsxwriter.Workbook, client: Client) -> None:
        self.book, self.client = book, client
        look = {"valign": "top", "font_size": 10}
        self.head = book.add_format(
            look | {"bold": True, "bg_color": "#2F6690", "font_color": "white", "text_wrap": True}
        )
        self.text = book.add_format(look | {"text_wrap": True, "num_format": "@"})
        self.date = book.add_format(look | {"num_format": "yyyy-mm-dd", "align": "left"})
        self.number = book.add_format(look | {"num_format": "#,##0.0#"})
        self.open = book.add_format(
            look | {"bg_color": "#FFF6DF", "border": 1, "border_color": "#D9C27A"}
        )
        self.title = book.add_format({"bold": True, "font_size": 14})

    def _page(self, name: str) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)  # printed: one page wide, as many long as it takes
        return sheet

    def text_sheet(self, name: str, rows: list[list[str]]) -> None:
        """A sheet to be read: first row as title, text only."""
        sheet = self._page(name)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 3, 46)
        plain = self.book.add_format({"valign": "top", "text_wrap": False})
        wrapped = self.book.add_format({"valign": "top", "text_wrap": True})
        for at, row in enumerate(rows):
            for place, text in enumerate(row):
                look = self.title if at == 0 else plain if len(row) == 1 else wrapped
                sheet.write_string(at, place, text, look)

    def list_sheet(self, name: str, rows: pd.DataFrame, columns: tuple[str, ...]) -> None:
        """One row per customer: frozen header, filter, drop-down for the reviewer."""
        sheet = self._page(name)
        shown = [column for column in columns if column in rows or column in MEANINGS]
        for place, column in enumerate(shown):
            sheet.write_string(0, place, self._heading(column), self.head)
            for at, value in enumerate(self._values(rows, column), start=1):
                self._write(sheet, (at, place), column, value)
            sheet.set_column(place, place, self._width(rows, column))
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(len(rows), 1), len(shown) - 1)
        self._drop_downs(sheet, rows, shown.index("override"))

    def _heading(self, column: str) -> str:
        if column == "under_contract":
            return served_heading(served_within(self.client))
        return label(column)

    def _values(self, rows: pd.DataFrame, column: str) -> list[Any]:
        if column not in rows:
            return [""] * len(rows)
        if column == "all_reasons":
            return [reason_words(value, self.client) for value in rows[column]]
        if column == "reason":
            return [reason_label(value, self.client) for value in rows[column]]
        if column == "channel":
            return [channel_said(value) for value in rows[column].astype("object").fillna("")]
        coded = "decision" if column == "override" else column
        return [value_label(coded, value) for value in rows[column]]

    def _write(self, sheet: Worksheet, cell: tuple[int, int], column: str, value: Any) -> None:
        look: Format = self.open if column in ASKED else self.text
        if value is None or pd.isna(value):
            sheet.write_blank(*cell, None, look)
        elif isinstance(value, pd.Timestamp):
            sheet.write_datetime(*cell, value.to_pydatetime(), self.date)
        elif isinstance(value, (bool, np.bool_)):
            word = _("yes") if value else _("no")
            sheet.write_string(*cell, word, look)
        elif isinstance(value, (int, float)) and column != "customer_id":
            sheet.write_number(*cell, float(value), self.number)
        else:
            sheet.write_string(*cell, str(value), look)

    def _width(self, rows: pd.DataFrame, column: str) -> int:
        known = COLUMNS.get(column)
        if known is not None and known.kind in ("date", "number", "money", "integer"):
            return 12
        if column not in rows:
            return 24
        longest = max([width(str(text)) for text in self._values(rows, column)[:200]], default=8)
        return min(max(longest + 2, width(self._heading(column)) + 4), WIDEST)

    def _drop_downs(self, sheet: Worksheet, rows: pd.DataFrame, place: int) -> None:
        relations = _relations(rows)
        for first, last in _runs(relations):
            rule = {
                "validate": "list",
                "error_title": _("Not possible here"),
                "error_message": _("Choose from the list, or leave it empty."),
                "source": allowed_overrides(*relations[first]),
            }
            sheet.data_validation(first + 1, place, last + 1, place, rule)


def _relations(rows: pd.DataFrame) -> list[tuple[bool, bool]]:
    """Per row: under contract, asked not to be contacted."""
    served = pd.Series(False, index=rows.index)
    if "under_contract" in rows:
        served = rows["under_contract"].astype("boolean").fillna(False).astype(bool)
    return list(zip(served, has_opted_out(rows), strict=True))


def _runs(values: Sequence[object]) -> list[tuple[int, int]]:
    """First and last place of each run of equal values.

    >>> _runs([False, False, True])
    [(0, 1), (2, 2)]
    """
    starts = [at for at, value in enumerate(values) if at == 0 or value != values[at - 1]]
    ends = [start - 1 for start in starts[1:]] + [len(values) - 1]
    return list(zip(starts, ends, strict=True)) if values else []
