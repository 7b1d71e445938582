"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods) as text cells: what a person sees.

Sheets are taken by name, by pattern ("*月"), or, if none is stated, the one that has the mapped
headers. A pattern takes no hidden sheet; a name does. Stored results are read; formulas are never
evaluated and links never followed. A cell with an error (#N/A) is blank. Rows are counted as Excel
counts them.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from io import BytesIO
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import python_calamine
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from segment_lib.checks import ListError, closest
from segment_lib.columns import REGISTER_COLUMNS
from segment_lib.lists.cells.headers import (
    PLACE,
    Merged,
    find_header,
    match_header,
    place_header,
    rows_to_look_at,
    unique_headers,
)
from segment_lib.lists.cells.values import did_you_mean
from segment_lib.lists.cells.words import FORMULA_ERRORS
from segment_lib.lists.reading.archives import ListFile
from segment_lib.lists.reading.before_opening import look_before_opening
from segment_lib.lists.reading.pieces import (
    TEXT,
    Piece,
    RawFile,
    cell_text,
    clean_pieces,
    column_texts,
    parts_of_columns,
)
from segment_lib.lists.reading.sheet_reach import SheetFacts
from segment_lib.settings import ListSection
from segment_lib.voice import N_, Sentence, _, sentences

Row = list[object]
_CELLS_AT_ONCE = 1_000_000


def workbook_pieces(file: ListFile, path: Path, section: ListSection) -> Generator[Piece]:
    """The sheets of one list as text, one below the other; `path` is where the file lies.

    Of several sheets each row's `file` says which: "book.xlsx / 4月". Raises `ListError` with one
    sentence if the file cannot be opened, or a sheet is not there or not certain.
    """
    facts = look_before_opening(path, file.shown, file.list_name)
    with open_workbook(path, file.shown) as book:
        sheets = _sheets_of_list(book, file, section)
        told = _open_elsewhere(path, file.shown)
        if len(sheets) > 1:
            blank = (one for one in sheets if one.is_blank)
            told += [Sentence("{shown}: the sheet is blank", shown=one.shown) for one in blank]
        sheets = [one for one in sheets if not one.is_blank] or sheets[:1]
        for sheet in sheets:
            sheet.place_header(section, file.list_name)
        _same_columns(sheets, section)
        for sheet in sheets:
            told += _told_of_sheet(file.shown, sheet.name, facts.get(sheet.name, SheetFacts()))
            raw = RawFile(sheet.shown, file.shown, sheet.headers, [*told, *sheet.notes])
            errors = [0]
            fill = _columns_to_fill(sheet.headers, section)
            batches = _batches(sheet, fill, errors, section.decimal == ",")
            yield from clean_pieces(raw, parts_of_columns(batches, sheet.headers, sheet.below))
            if errors[0]:  # as in an .ods, or in a list pasted as values
                note = N_(
                    "{shown} (as text): {count} cell(s) with an error (#N/A, #REF! …) are read as "
                    "blank"
                )
                raw.notes.append(Sentence(note, shown=sheet.shown, count=errors[0]))
            told = []


def _same_columns(sheets: Sequence[Sheet], section: ListSection) -> None:
    """Raise `ListError` if a sheet lacks a mapped header that another one has."""
    for sheet in sheets:
        for wanted in section.headers.values():
            has = [match_header(wanted, other.headers) for other in sheets]
            if any(has) and not match_header(wanted, sheet.headers):
                raise ListError(
                    '{sheet} lacks the column "{wanted}", which other sheets of the list have. It '
                    "has {headers}. Mend its header, or leave the sheet out.",
                    sheet=sheet.shown,
                    wanted=wanted,
                    headers=sheet.headers,
                )


def _batches(
    sheet: Sheet, fill: set[int] | None, errors: list[int], comma: bool
) -> Iterator[list[pa.Array]]:
    """Text columns of the rows below the header, some rows at a time; errors blank and counted.

    Numbers are written as the list writes those that are text: 3683.05 as 3683,05.
    """
    below = sheet.below
    rows: Iterator[Row] = islice(sheet.rows(), below, None)
    merged = [one for one in sheet.merged or () if one.top >= below]
    merged = [one for one in merged if fill is None or one.left in fill]
    if merged:
        everything = list(rows)
        for one in merged:
            for row in everything[one.top - below + 1 : one.bottom - below + 1]:
                row[one.left] = everything[one.top - below][one.left]
        rows = iter(everything)
    known = pa.array(FORMULA_ERRORS, TEXT)
    while some := list(islice(rows, max(1, _CELLS_AT_ONCE // max(sheet.width, 1)))):
        if comma:
            some = [[_with_comma(cell) for cell in row] for row in some]
        columns = list(zip(*some, strict=True))
        blank = ("",) * len(some)
        texts = [column_texts(columns[at] if at < len(columns) else blank) for at in sheet.places]
        found = [pc.is_in(one, known) for one in texts]
        errors[0] += sum(one.true_count for one in found)
        yield [
            pc.if_else(where, "", one) if where.true_count else one
            for one, where in zip(texts, found, strict=True)
        ]


def _with_comma(cell: object) -> object:
    return cell_text(cell).replace(".", ",") if isinstance(cell, float) else cell


def _columns_to_fill(headers: list[str], section: ListSection) -> set[int] | None:
    """Where a merged cell speaks for all its rows: names, ids, days; never money or numbers.

    None, where no column is known yet: then every cell does.
    """
    if not section.headers:
        return None
    found = set()
    for column, wanted in section.headers.items():
        kind = REGISTER_COLUMNS[column].kind if column in REGISTER_COLUMNS else "text"
        name = match_header(wanted, [one for one in headers if one not in PLACE])
        if name is not None and kind in ("text", "date", "code") and column != "unit_price":
            found.add(headers.index(name))
    told = (*section.not_sales, *section.returns)  # 荒天のため欠航, over a day
    said = (match_header(one, headers) for one in told)
    return found | {headers.index(name) for name in said if name is not None}


def _open_elsewhere(path: Path, shown: str) -> list[Sentence]:
    """A note if a program has the workbook open."""
    locks = (f"~${path.name}", f"~${path.name[2:]}", f".~lock.{path.name}#")
    note = N_("{file_name} is open in another program: what is not yet saved there is not read")
    is_open = any((path.parent / lock).exists() for lock in locks)
    return [Sentence(note, file_name=shown)] if is_open else []


def _told_of_sheet(shown: str, name: str, facts: SheetFacts) -> Iterator[Sentence]:
    yield Sentence("{file_name}: sheet {sheet}", file_name=shown, sheet=name)
    if facts.errors:
        yield Sentence(
            "{shown}: {count} cell(s) with an error (#N/A, #REF! …) are read as blank",
            shown=f"{shown} / {name}",
            count=facts.errors,
        )
    if facts.unsolved:
        yield Sentence(
            "{file_name} / {sheet}: {unsolved} formula(s) have no stored result and are read as "
            "blank; open the workbook in Excel and save it, to store them",
            file_name=shown,
            sheet=name,
            unsolved=facts.unsolved,
        )


# --- a workbook and its sheets ----------------------------------------------------------------


def sheet_names(path: Path) -> list[str]:
    """The visible sheets of a workbook; charts are none."""
    look_before_opening(path, path.name, path.stem)
    with open_workbook(path, path.name) as book:
        return _visible(book)


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
            "{file_name} cannot be opened as a workbook ({why}). Open it in Excel and save it as "
            ".xlsx.",
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


def _visible(book: CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


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
        # Where the header is placed: its columns, where each stands, and the first row below.
        self.headers: list[str] = []
        self.places: list[int] = []
        self.below = 0
        self.notes: list[Sentence] = []

    def rows(self) -> Iterator[Row]:
        """All rows, blank ones too; their cells are what the workbook stores."""
        rows: Iterator[Row] = iter(self._sheet.iter_rows())  # type: ignore[arg-type]
        return ([*self._before, *row] for row in rows) if self._before else rows

    def first_texts(self, section: ListSection) -> list[list[str]]:
        """The rows among which the header stands, as text."""
        first = islice(self.rows(), rows_to_look_at(section))
        texts = (list(map(cell_text, row)) for row in first)
        return [["" if text in FORMULA_ERRORS else text for text in row] for row in texts]

    def place_header(self, section: ListSection, list_name: str) -> None:
        """Find the headers; a column with cells but no header gets a name.

        So remarks beside a list do not set its rows apart.
        """
        headers, self.below, self.notes = place_header(
            self.first_texts(section), self.shown, section, list_name, self.merged
        )
        width, beyond = len(headers), set[int]()
        if self.width > width:
            for row in islice(self.rows(), self.below, None):
                beyond.update(at for at, cell in enumerate(row[width:], width) if cell != "")
        blank = (f"column {at + 1}" for at in sorted(beyond))
        self.headers = unique_headers([*headers, *blank])
        self.places = [*range(width), *sorted(beyond)]


# --- which of the sheets are the list ---------------------------------------------------------


def _sheets_of_list(book: CalamineWorkbook, file: ListFile, section: ListSection) -> list[Sheet]:
    """The sheets as stated (names or patterns), else the one that has most mapped headers."""
    if not section.sheet:
        return [_best_sheet(book, file, section)]
    found: list[str] = []
    for stated in section.sheet:
        named = match_header(stated, book.sheet_names)
        matching = [name for name in _visible(book) if fnmatchcase(name, stated)]
        if not named and not matching:
            sheets = _visible(book)
            said = {"file_name": file.shown, "stated": stated, "sheets": sheets}
            told = _('{file_name} has no sheet "{stated}". It has {sheets}.', **said)
            near = did_you_mean(closest(stated, sheets))
            raise ListError(sentences(told, near or _("Write one of these as sheet.")))
        found += [named] if named else matching
    charts = [one.name for one in book.sheets_metadata if one.typ != SheetTypeEnum.WorkSheet]
    for name in found:
        if name in charts:
            told = N_('{file_name}: the sheet "{name}" is a chart or a macro, not a table.')
            raise ListError(told, **file.said, name=name)
    names = list(dict.fromkeys(found))
    return [Sheet(book, name, file.shown, one_of_several=len(names) > 1) for name in names]


def _best_sheet(book: CalamineWorkbook, file: ListFile, section: ListSection) -> Sheet:
    """The visible sheet that has most of the mapped headers; of equals the first.

    Raises `ListError` if several have them all: one of them may be a copy, or a month.
    """
    names = _visible(book)
    if not names:
        raise ListError(
            "{file_name} (list {list_name}) has no visible sheet with a table.", **file.said
        )
    best, most = Sheet(book, names[0], file.shown), -2
    if len(names) == 1:
        return best
    wanted, whole = set(section.headers.values()), []
    for name in names:
        sheet = Sheet(book, name, file.shown)
        header = find_header(sheet.first_texts(section), section, sheet.merged)
        hits = -1  # it is blank
        if header is not None:
            hits = sum(match_header(one, header.cells) is not None for one in wanted)
        best, most = (sheet, hits) if hits > most else (best, most)
        whole += [name] if hits == len(wanted) > 0 else []
    if len(whole) > 1:
        two = ", ".join(f'"{name}"' for name in whole[:2])
        raise ListError(
            "{file_name} has the headers of this list in {count} sheets: {sheets}. Say which "
            'belong to it: [lists.{list_name}] sheet = [{two}]; or a pattern: sheet = "*月".',
            **file.said,
            count=len(whole),
            sheets=whole[:20],
            two=two,
        )
    return best
