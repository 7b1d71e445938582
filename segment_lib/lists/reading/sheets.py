"""Opening a workbook, and which of its sheets are the list.

Sheets are taken by name, by pattern ("*月"), or, if none is stated, the one that has the mapped
headers. A pattern takes no hidden sheet; a name does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from io import BytesIO
from itertools import islice
from pathlib import Path

import python_calamine
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from segment_lib.checks import ListError, closest
from segment_lib.lists.cells.layout import Merged, find_header, match_header
from segment_lib.lists.cells.notes import did_you_mean
from segment_lib.lists.reading.before_opening import look_before_opening
from segment_lib.lists.reading.cell_texts import cell_text
from segment_lib.lists.reading.clean_rows import Place
from segment_lib.lists.reading.raw_list import rows_to_look_at
from segment_lib.settings import ListSection
from segment_lib.voice import _, sentences

ERRORS = (
    "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
    "#GETTING_DATA",
)  # fmt: skip
Row = list[object]


def sheet_names(path: Path) -> list[str]:
    """The visible sheets of a workbook; charts are none."""
    look_before_opening(path, path.name, path.stem)
    with open_workbook(path, path.name) as book:
        return _visible(book)


def _visible(book: CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


@contextmanager
def open_workbook(path: Path, shown: str) -> Iterator[CalamineWorkbook]:
    """The open workbook; whatever its reader stumbles over is one sentence."""
    try:
        with _by_content(path) as book:
            yield book
    except python_calamine.PasswordError:
        raise ListError(
            "{file_name} is protected by a password. Save it without one.", file_name=shown
        ) from None
    except BaseException as error:
        # The reader's own panic is no Exception; all others (also Ctrl-C) go on as they are.
        known = isinstance(error, python_calamine.CalamineError | OSError)
        if not known and type(error).__name__ != "PanicException":
            raise
        raise ListError(
            "{file_name} cannot be opened as a workbook ({why}). Open it in "
            "Excel and save it as .xlsx.",
            file_name=shown,
            why=str(error).splitlines()[0][:200] if str(error) else type(error).__name__,
        ) from None


def _by_content(path: Path) -> CalamineWorkbook:
    """Opened by what the file holds: many an .xls is an .xlsx by another name."""
    with path.open("rb") as file:
        is_zip = file.read(4) == b"PK\x03\x04"
        if path.suffix.lower() in ((".xlsx", ".xlsm", ".xlsb", ".ods") if is_zip else (".xls",)):
            return CalamineWorkbook.from_path(str(path))
        file.seek(0)
        return CalamineWorkbook.from_filelike(BytesIO(file.read()))


class Sheet:
    """One sheet: its rows from Excel's row 1 and column A on, and its merged cells."""

    def __init__(
        self, book: CalamineWorkbook, name: str, file: str, one_of_several: bool = False
    ) -> None:
        self.name = name
        self.shown = f"{file} / {name}" if one_of_several else file
        self._sheet: CalamineSheet = book.get_sheet_by_name(name)
        ranges = self._sheet.merged_cell_ranges
        self.merged = None if ranges is None else [Merged(*start, *end) for start, end in ranges]
        start = self._sheet.start
        self._before = [""] * start[1] if start else []
        self.is_blank = start is None
        self.width = self._sheet.total_width + 1 if start else 0

    def rows(self) -> Iterator[Row]:
        """All rows, blank ones too; their cells are what the workbook stores."""
        rows: Iterator[Row] = iter(self._sheet.iter_rows())  # type: ignore[arg-type]
        return ([*self._before, *row] for row in rows) if self._before else rows

    def first_texts(self, count: int) -> list[list[str]]:
        """The first rows as text."""
        return [list(map(_seen, row)) for row in islice(self.rows(), count)]


def _seen(value: object) -> str:
    text = cell_text(value)
    return "" if text in ERRORS else text


def sheets_of_list(book: CalamineWorkbook, place: Place, section: ListSection) -> list[Sheet]:
    """The sheets as stated (names or patterns), else the one that has most mapped headers."""
    if not section.sheet:
        return [_best_sheet(book, place, section)]
    names = _stated(book, place, section)
    return [Sheet(book, name, place.shown, one_of_several=len(names) > 1) for name in names]


def _stated(book: CalamineWorkbook, place: Place, section: ListSection) -> list[str]:
    found: list[str] = []
    for stated in section.sheet:
        named = match_header(stated, book.sheet_names)
        matching = [name for name in _visible(book) if fnmatchcase(name, stated)]
        if not named and not matching:
            raise _no_sheet(stated, _visible(book), place)
        found += [named] if named else matching
    charts = [one.name for one in book.sheets_metadata if one.typ != SheetTypeEnum.WorkSheet]
    for name in found:
        if name in charts:
            raise ListError(
                '{file_name}: the sheet "{name}" is a chart or a macro, not a table.',
                **place.said,
                name=name,
            )
    return list(dict.fromkeys(found))


def _no_sheet(stated: str, visible: list[str], place: Place) -> ListError:
    told = _(
        '{file_name} has no sheet "{stated}". It has {sheets}.',
        **place.said,
        stated=stated,
        sheets=visible,
    )
    near = did_you_mean(closest(stated, visible))
    return ListError(sentences(told, near or _("Write one of these as sheet.")))


def _best_sheet(book: CalamineWorkbook, place: Place, section: ListSection) -> Sheet:
    """The visible sheet that has most of the mapped headers; of equals the first.

    Raises `ListError` if several have them all: one of them may be a copy, or a month.
    """
    names = _visible(book)
    if not names:
        raise ListError(
            "{file_name} (list {list_name}) has no visible sheet with a table.", **place.said
        )
    best, most = Sheet(book, names[0], place.shown), -2
    if len(names) == 1:
        return best
    wanted, whole = set(section.headers.values()), []
    for name in names:
        sheet = Sheet(book, name, place.shown)
        hits = _hits(sheet, section, wanted)
        best, most = (sheet, hits) if hits > most else (best, most)
        whole += [name] if hits == len(wanted) > 0 else []
    if len(whole) > 1:
        two = ", ".join(f'"{name}"' for name in whole[:2])
        raise ListError(
            "{file_name} has the headers of this list in {count} sheets: "
            "{sheets}. Say which belong to it: [lists.{list_name}] sheet = "
            '[{two}]; or a pattern: sheet = "*月".',
            **place.said,
            count=len(whole),
            sheets=whole[:20],
            two=two,
        )
    return best


def _hits(sheet: Sheet, section: ListSection, wanted: set[str]) -> int:
    """How many mapped headers the sheet has; -1 if it is blank."""
    first = sheet.first_texts(rows_to_look_at(section))
    header = find_header(first, wanted, section.header_row, section.header_rows, sheet.merged)
    if header is None:
        return -1
    return sum(match_header(one, header.cells) is not None for one in wanted)
