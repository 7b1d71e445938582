"""actions.xlsx: one sheet per owner by week, who waits, whom we do not approach, to be reviewed.

Every text is written as text: nothing in it becomes a formula, a link or a number. The day the file
says it was made is `as_of`, so that two runs give the same bytes.

On paper a sheet is one A4 page wide: the columns in `PRINTED` are as wide together as letters of
8 points or more allow; the yellow ones stand to their right, on the screen only.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import groupby
from math import ceil
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from segment_lib.approach.review import has_opted_out
from segment_lib.approach.weeks import Weeks, weeks_of
from segment_lib.checks import ROOT, KitError
from segment_lib.client import Client
from segment_lib.columns import COLUMNS, VALUES, label, value_label
from segment_lib.in_words import count, width
from segment_lib.report import decisions_said as decided
from segment_lib.report.few import covered, hidden_with_next, says_copy
from segment_lib.report.files import write_free
from segment_lib.report.frames import NO_DAY, NO_HOURS, Frames, given, missing_columns
from segment_lib.report.reviewed import mark_line
from segment_lib.report.sentences import standing
from segment_lib.report.sheets import (
    ASKED,
    NOBODY,
    ListSheet,
    allowed_overrides,
    columns_said,
    fixed_names,
    heading,
    how_to_review,
    known_owners,
    list_sheets,
)
from segment_lib.voice import _, is_to_share, pgettext, said_by_people, sentences, spoken

FONT = "Meiryo UI"  # has the glyphs of both languages, and lines that lie close together
FONT_SIZE = 10
MOST_ROWS = 1_048_575 - 3  # of a sheet, below its title, its sentence and its header
HEADER = 2  # the row of the header, from 0
PAPER = 146  # widths of all printed columns together: A4 across, letters of 8 points
LINE = 14.5  # points of one line of a cell in this font
WIDTHS = {
    "customer_id": 9, "planned_week": 5, "do_on": 9, "name": 12, "contact_person": 9,
    "telephone": 11, "email": 24, "last_contact_on": 10, "status": 9, "product_due": 11,
    "reason": 22, "content": 24, "action": 14, "why_now": 12, "channel": 7, "effort_hours": 6,
    "owner": 10, "decision": 9, "waits_because": 12, "do_from": 14, "review_on": 15, "team": 9,
    "hand_over_to": 11, "sub_stage": 14, "under_contract": 8, "all_reasons": 30, "override_why": 24,
    "override_on": 12, "override_day": 12,
}  # fmt: skip
USUAL_WIDTH = 12
ON_SCREEN = 40  # of a long text that is not printed
MOST_WEEKS = 5  # that stand side by side on the first sheet
# These take what is left of the page.
STRETCHED = ("reason", "all_reasons", "content", "why_now", "product_due", "sub_stage", "name")
ABOUT_WIDTHS = (26, *[12] * 10)
ABOUT_LINE = 160  # width of a text across all of them


def build_workbook(client: Client, frames: Frames) -> Path:
    """Write `actions.xlsx` into the client's out folder; returns where it was written.

    Needs the frame `customers`: the plan, one row per customer, with what is known of each. If the
    file is open in Excel, "actions (2).xlsx" is written instead.
    """
    customers = given(frames, "customers")
    lacking = set() if customers is None else {"planned_week", "waits_because"} - set(customers)
    if customers is None or lacking or missing_columns(frames, "customers"):
        raise KitError(
            "actions.xlsx needs the frame customers with the columns decision, reason and "
            "planned_week, one row per customer. Make the plan (notebook 09) first."
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
        "default_format_properties": {"font_name": FONT, "font_size": FONT_SIZE},
    }
    weeks, names = weeks_of(client), fixed_names()
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": datetime.combine(client.as_of, time())})
        writer = _Writer(book, client)
        owners = writer.about(names["about"], _about(client, frames, customers, weeks))
        opted_out = has_opted_out(customers)
        sheets = list_sheets(client, frames, weeks)
        for sheet in sheets:
            writer.list_sheet(sheet, opted_out, owners)
        shown = {column for sheet in sheets for column in sheet.columns}
        writer.words(names["words"], columns_said(client, shown))
    return buffer.getvalue()


# --- the first sheet ----------------------------------------------------------------------------
@dataclass
class _About:
    """The lines of the first sheet: (how it looks, cells); `owners`: the lines that name one."""

    lines: list[tuple[str, list[Any]]] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)

    def add(self, look: str, *cells: Any) -> None:
        self.lines.append((look, list(cells)))

    def table(self, head: list[str], rows: list[list[Any]], total: list[Any] | None = None) -> None:
        self.add("text", "")
        self.add("head", *head)
        for row in _in_fives(rows):
            self.add("row", *row)
        if total is not None:
            self.add("total", *_in_fives([total])[0])


@dataclass(frozen=True)
class _Heads:
    """A number of customers."""

    n: int


@dataclass(frozen=True)
class _Hours:
    """The hours of so many customers."""

    hours: float
    n: int


def _in_fives(rows: list[list[Any]]) -> list[list[Any]]:
    """The rows with customers as numbers; in a copy to share in fives, and no hours of few."""
    columns = [_told(list(column)) for column in zip(*rows, strict=True)]
    return [list(row) for row in zip(*columns, strict=True)]


def _told(column: list[Any]) -> list[Any]:
    if isinstance(column[0], _Heads):
        counts = [cell.n for cell in column]
        return list(covered(counts)) if is_to_share() else counts
    if isinstance(column[0], _Hours):
        hidden = hidden_with_next(pd.Series([cell.n for cell in column]))
        return [None if gone else cell.hours for cell, gone in zip(column, hidden, strict=True)]
    return column


def _about(client: Client, frames: Frames, customers: pd.DataFrame, weeks: Weeks) -> _About:
    about = _About()
    about.add("title", _("Who gets what, when"))
    about.add("text", said_by_people(client.client.title, client.client.title_ja))
    about.add("text", _("As of {as_of}", as_of=client.as_of))
    about.add("text", sentences(standing(frames, client), decided.review_state(frames, client)))
    about.table(*_by_decision(customers))
    about.table(*_by_week(customers, weeks))
    head, rows, total = _by_owner(client, customers, weeks)
    about.table(head, rows, total)
    firsts = len(about.lines) - len(rows) - 1
    somebody = str(value_label("owner", NOBODY))
    about.owners = [firsts + at for at, row in enumerate(rows) if row[0] != somebody]
    about.add("text", "")
    if is_to_share():
        about.add("strong", _("A copy to share"))
        steps = says_copy()
    else:
        title, *steps = how_to_review(_shown_path(client.path), client, customers)
        about.add("strong", title)
        steps.append(mark_line(client, customers))
    for step in steps:
        about.add("text", step)
    return about


def _by_decision(customers: pd.DataFrame) -> tuple[list[str], list[list[Any]], list[Any]]:
    """Customers, planned, waiting for hours, waiting for a day, hours: by decision, and of all."""
    head = [
        _("What is decided"), _("Customers"), pgettext("heading", "Planned in these weeks"),
        pgettext("heading", "Waits for hours"), pgettext("heading", "Waits for its day"),
        _("Hours planned"), _("Hours that wait"),
    ]  # fmt: skip
    codes = customers["decision"].astype(str)
    rows = [
        [str(value_label("decision", name)), *_counts(customers[codes == name])]
        for name in VALUES["decision"]
        if (codes == name).any()
    ]
    return head, rows, [_("Everyone"), *_counts(customers)]


def _counts(rows: pd.DataFrame) -> list[Any]:
    planned = rows["planned_week"].notna()
    late, day = (rows["waits_because"].isin(why) for why in (NO_HOURS, NO_DAY))
    heads = [len(rows), int(planned.sum()), int(late.sum()), int(day.sum())]
    return [*map(_Heads, heads), _hours(rows[planned]), _hours(rows[late])]


def _hours(rows: pd.DataFrame) -> _Hours:
    return _Hours(float(rows["effort_hours"].sum()), len(rows))


def _by_week(
    customers: pd.DataFrame, weeks: Weeks
) -> tuple[list[str], list[list[Any]], list[Any] | None]:
    head = [
        _("Week"), _("First day"), _("Last day"), _("Working days"), _("Actions"),
        _("Hours planned"),
    ]  # fmt: skip
    rows = []
    for week in sorted(set(weeks.week)):
        days = weeks.days[weeks.week == week]
        done = customers[customers["planned_week"].eq(week).fillna(False)]
        heads = _Heads(len(done))
        rows.append([int(week), days[0], days[-1], len(days), heads, _hours(done)])
    return head, rows, None


def _by_owner(
    client: Client, customers: pd.DataFrame, weeks: Weeks
) -> tuple[list[str], list[list[Any]], list[Any]]:
    """One row per owner: what is planned of the hours stated, in all and week by week."""
    numbers = sorted(set(weeks.week))[:MOST_WEEKS]
    head = [
        label("owner"), _("Actions"), _("Hours planned"), _("Hours stated"),
        pgettext("heading", "Waits for hours"), _("Hours that wait"),
        *(_("Hours in week {week}", week=int(week)) for week in numbers),
    ]  # fmt: skip

    def told(rows: pd.DataFrame, stated: float | None) -> list[Any]:
        _all, actions, late, _day, hours, waiting = _counts(rows)
        each = [_hours(rows[rows["planned_week"].eq(week).fillna(False)]) for week in numbers]
        return [actions, hours, stated, late, waiting, *each]

    own = customers["owner"].astype(str)
    owners = [*known_owners(client, own.unique()), *([NOBODY] if (own == NOBODY).any() else [])]
    hours = {one: weeks.hours(one) for one in owners}
    stated = {one: None if h is None else float(h.sum()) for one, h in hours.items()}
    rows = [
        [str(value_label("owner", one)), *told(customers[own == one], stated[one])]
        for one in owners
    ]
    shared = weeks.hours_of_all()
    known = [limit for limit in stated.values() if limit is not None]
    limit = sum(known) if len(known) == len(owners) else None
    total = told(customers, limit if shared is None else float(shared.sum()))
    return head, rows, [_("Everyone"), *total]


def _shown_path(path: Path) -> str:
    """client.toml as the command names it, from the kit's folder on; elsewhere no more than its own
    folder, so that no path of a machine travels with the workbook.
    """
    path = path.resolve()
    inside = path.is_relative_to(ROOT)
    shown = path.relative_to(ROOT).as_posix() if inside else f"…/{path.parent.name}/{path.name}"
    return f'"{shown}"' if " " in shown else shown


# --- writing ------------------------------------------------------------------------------------
# A day with its weekday, for a spreadsheet, of the plan and of any year: Wed 1 Apr, 4/1(水).
DAY_FORMATS = {
    "en": ("[$-409]ddd d mmm", "[$-409]ddd d mmm yyyy"),
    "ja": ("[$-411]m/d(aaa)", "[$-411]yyyy/m/d(aaa)"),
}


class _Writer:
    """Writes sheets with the kit's formats."""

    def __init__(self, book: xlsxwriter.Workbook, client: Client) -> None:
        self.book, self.client = book, client
        wrapped = {"text_wrap": True}
        thin = {"border": 1, "border_color": "#D5DCE4"}
        yellow = {"bg_color": "#FFF6DF", "border": 1, "border_color": "#D9C27A"}
        self.title = self._look({"bold": True, "font_size": 14})
        self.strong = self._look({"bold": True})
        self.plain = self._look({})
        self.wrapped = self._look(wrapped)
        self.head = self._look(wrapped | {"bold": True, "bg_color": "#2F6690", "color": "white"})
        self.text = self._look(wrapped | thin | {"num_format": "@"})
        near, far = DAY_FORMATS[spoken()]
        self.day = self._look(thin | {"num_format": near, "align": "left"})
        self.far_day = self._look(thin | {"num_format": far, "align": "left"})
        self.number = self._look(thin | {"num_format": "#,##0.0#", "align": "left"})
        self.whole = self._look(thin | {"num_format": "#,##0", "align": "left"})
        self.week = self._look(thin | {"num_format": "0", "align": "left"})
        self.open = self._look(wrapped | yellow)
        self.open_day = self._look(yellow | {"num_format": "yyyy-mm-dd", "align": "left"})

    def _look(self, look: dict[str, Any]) -> Format:
        basic = {"font_name": FONT, "font_charset": 128, "font_scheme": "", "valign": "top"}
        return self.book.add_format({"font_size": FONT_SIZE} | basic | look)

    def _page(self, name: str) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.6)
        sheet.fit_to_pages(1, 0)  # printed: one page wide, as many long as it takes
        as_of = _("As of {as_of}", as_of=self.client.as_of)
        small = f'&"{FONT}"&8'
        sheet.set_footer(f"&L{small}&A&C{small}{as_of}&R{small}&P / &N", {"margin": 0.25})
        return sheet

    def about(self, name: str, about: _About) -> str:
        """The first sheet; gives where its owners stand, for the drop-downs ("" if nobody)."""
        sheet = self._page(name)
        for place, wide in enumerate(ABOUT_WIDTHS):
            sheet.set_column(place, place, wide, self.plain)
        looks = {"title": self.title, "strong": self.strong, "text": self.wrapped}
        last = len(ABOUT_WIDTHS) - 1
        for at, (look, cells) in enumerate(about.lines):
            if look in looks:
                lines = 1.5 if look == "title" else _lines(str(cells[0]), ABOUT_LINE)
                sheet.set_row(at, LINE * lines)
                sheet.merge_range(at, 0, at, last, "", looks[look])
                sheet.write_string(at, 0, str(cells[0]), looks[look])
            else:
                sheet.set_row(at, LINE * max(map(_lines, cells, ABOUT_WIDTHS)))
                for place, cell in enumerate(cells):
                    self._count(sheet, (at, place), look, cell)
        if not about.owners:
            return ""
        return f"='{name}'!{xl_range_abs(about.owners[0], 0, about.owners[-1], 0)}"

    def _count(self, sheet: Worksheet, cell: tuple[int, int], look: str, value: Any) -> None:
        if value is None:
            sheet.write_blank(*cell, None, self.text)
        elif isinstance(value, pd.Timestamp):
            sheet.write_datetime(*cell, value.to_pydatetime(), self.day)
        elif isinstance(value, int):
            sheet.write_number(*cell, value, self.whole)
        elif isinstance(value, float):
            sheet.write_number(*cell, value, self.number)
        elif look == "head":
            sheet.write_string(*cell, value, self.head)
        else:
            sheet.write_string(*cell, value, self.text)

    def words(self, name: str, rows: list[list[str]]) -> None:
        """Every column with its meaning."""
        sheet = self._page(name)
        for place, wide in enumerate((30, 90, 20)):
            sheet.set_column(place, place, wide)
        sheet.write_string(0, 0, _("What the columns mean"), self.title)
        sheet.set_row(0, 1.5 * LINE)
        for at, row in enumerate(rows, start=1):
            sheet.set_row(at, LINE * _lines(row[1], 90))
            for place, text in enumerate(row):
                sheet.write_string(at, place, text, self.text)

    def list_sheet(self, part: ListSheet, opted_out: pd.Series, owners: str) -> None:
        """One row per customer below title, sentence and header; drop-downs for the reviewer."""
        sheet = self._page(part.name)
        rows, columns = part.rows[:MOST_ROWS], part.columns
        read_only = "override" not in columns
        title = part.name if is_to_share() or not read_only else _("Who gets what, when")
        sheet.write_string(0, 0, title, self.title)
        sheet.write_string(1, 0, sentences(part.says, _left_over(part)), self.plain)
        wide = widths(part)
        heads = [heading(column, self.client) for column in columns]
        for place, column in enumerate(columns):
            sheet.set_column(place, place, wide[place])
            sheet.write_string(HEADER, place, heads[place], self.head)
            for at, value in enumerate(rows[column], start=HEADER + 1):
                self._write(sheet, (at, place), column, value)
        sheet.set_row(0, 1.5 * LINE)
        sheet.set_row(1, LINE)
        sheet.set_row(HEADER, LINE * max(map(_lines, heads, wide)))
        for at, lines in enumerate(_lines_of(rows, columns, wide), start=HEADER + 1):
            sheet.set_row(at, LINE * lines)
        last = HEADER + max(len(rows), 1)
        by_name = columns.index("name") + 1 if "name" in columns else 1
        sheet.freeze_panes(HEADER + 1, by_name)
        sheet.autofilter(HEADER, 0, last, len(columns) - 1)
        sheet.repeat_rows(0, HEADER)
        sheet.print_area(0, 0, last, part.printed - 1)
        if not read_only:
            self._drop_downs(sheet, part, opted_out, owners)

    def _write(self, sheet: Worksheet, cell: tuple[int, int], column: str, value: Any) -> None:
        asked = column in ASKED
        look = self.open if asked else self.text
        if value is None or pd.isna(value):
            dated = asked and COLUMNS[column].kind == "date"
            sheet.write_blank(*cell, None, self.open_day if dated else look)
        elif isinstance(value, (pd.Timestamp, date)):
            near = self.day if column == "do_on" else self.far_day
            day = pd.Timestamp(value).to_pydatetime()
            sheet.write_datetime(*cell, day, self.open_day if asked else near)
        elif column == "planned_week":
            sheet.write_number(*cell, int(value), self.week)
        elif column in ("effort_hours", "expected_value"):
            sheet.write_number(
                *cell, float(value), self.number if "hours" in column else self.whole
            )
        else:
            sheet.write_string(*cell, str(value), look)

    def _drop_downs(
        self, sheet: Worksheet, part: ListSheet, opted_out: pd.Series, owners: str
    ) -> None:
        def ask(column: str, first: int, last: int, **rule: Any) -> None:
            place = part.columns.index(column)
            told = {
                "error_title": _("Not possible here"),
                "error_message": _("Choose from the list, or leave it empty."),
            }
            top = HEADER + 1
            sheet.data_validation(top + first, place, top + last, place, told | rule)

        rows, end = part.rows[:MOST_ROWS], 0
        last = len(rows) - 1
        served, refused = rows["served"].astype(bool), rows["customer_id"].map(opted_out)
        for relation, run in groupby(zip(served, refused, strict=True)):
            start, end = end, end + len(list(run))
            ask("override", start, end - 1, validate="list", source=allowed_overrides(*relation))
        ask("agreed", 0, last, validate="list", source=[_("yes")])
        if owners:
            ask("override_owner", 0, last, validate="list", source=owners)
        day = {
            "validate": "date",
            "criteria": ">",
            "value": self.client.as_of,
            "error_type": "warning",
            "error_message": _("A day after {as_of}, as 2026-04-01.", as_of=self.client.as_of),
        }
        ask("override_day", 0, last, **day)


def _left_over(part: ListSheet) -> str:
    """What the sheet has no row for, and where it stands."""
    more = len(part.rows) - MOST_ROWS
    if more <= 0:
        return ""
    return _("{n} more do not fit on this sheet; they stand in plan.csv.", n=count(more))


def _lines(text: object, wide: int) -> int:
    """How many lines a text takes in a column; what stays together leaves room unused."""
    if not isinstance(text, str) or width(text) < wide:
        return 1
    return ceil(width(text) / wide + (0.4 if " " in text else 0.2))


def _lines_of(rows: pd.DataFrame, columns: Sequence[str], wide: Sequence[int]) -> list[int]:
    """The height of each row in lines: that of its longest text."""
    most = pd.Series(1, index=rows.index)
    for column, one in zip(columns, wide, strict=True):
        texts = rows[column].astype("object")
        lines = {text: _lines(text, one) for text in texts.dropna().unique()}
        most = most.combine(texts.map(lines).fillna(1).astype("int64"), max)
    return most.tolist()


def widths(part: ListSheet) -> list[int]:
    """The width of each column; what is left of the page goes to the longest texts."""
    wide = [
        ON_SCREEN if at >= part.printed and column in STRETCHED else WIDTHS.get(column, USUAL_WIDTH)
        for at, column in enumerate(part.columns)
    ]
    if is_to_share():  # a pseudonym is longer than most ids
        wide[part.columns.index("customer_id")] = USUAL_WIDTH
    spare = PAPER - sum(wide[: part.printed])
    stretched = [at for at in range(part.printed) if part.columns[at] in STRETCHED]
    for at in stretched:
        wide[at] += max(spare, 0) * wide[at] // sum(WIDTHS[part.columns[one]] for one in stretched)
    return wide
