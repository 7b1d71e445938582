"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods) as text cells: what a person sees.

Stored results are read; formulas are never evaluated and links never followed. A cell with an
error (#N/A) is blank. Rows are counted as Excel counts them.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.checks import ListError
from segment_lib.columns import REGISTER_COLUMNS
from segment_lib.lists.cells.layout import PLACE, match_header, unique_headers
from segment_lib.lists.reading.before_opening import look_before_opening
from segment_lib.lists.reading.cell_texts import TEXT, column_texts
from segment_lib.lists.reading.clean_rows import Piece, Place, RawFile, clean_pieces
from segment_lib.lists.reading.raw_list import parts_of_columns, place_header, rows_to_look_at
from segment_lib.lists.reading.sheet_reach import SheetFacts
from segment_lib.lists.reading.sheets import (
    ERRORS,
    Row,
    Sheet,
    open_workbook,
    sheets_of_list,
)
from segment_lib.settings import ListSection
from segment_lib.voice import N_, Sentence

_CELLS_AT_ONCE = 1_000_000
# As in an .ods, or in a list pasted as values.
_AS_TEXT = N_("{shown} (as text): {count} cell(s) with an error (#N/A, #REF! …) are read as blank")


def workbook_pieces(place: Place, section: ListSection) -> Generator[Piece]:
    """The sheets of one list as text, one below the other.

    Of several sheets each row's `file` says which: "book.xlsx / 4月". Raises `ListError` with one
    sentence if the file cannot be opened, or a sheet is not there or not certain.
    """
    facts = look_before_opening(*place)
    with open_workbook(place.path, place.shown) as book:
        sheets = sheets_of_list(book, place, section)
        told = _open_elsewhere(place)
        if len(sheets) > 1:
            blank = (one for one in sheets if one.is_blank)
            told += [Sentence("{shown}: the sheet is blank", shown=one.shown) for one in blank]
        sheets = [one for one in sheets if not one.is_blank] or sheets[:1]
        placed = [_place(one, section, place.list_name) for one in sheets]
        _same_columns(placed, section)
        for one in placed:
            name, errors = one.sheet.name, [0]
            told += _told_of_sheet(place.shown, name, facts.get(name, SheetFacts()))
            file = RawFile(one.sheet.shown, place.shown, one.headers, [*told, *one.notes])
            batches = _batches(one, _columns_to_fill(one.headers, section), errors)
            yield from clean_pieces(file, parts_of_columns(batches, one.headers, one.below))
            if errors[0]:
                file.notes.append(Sentence(_AS_TEXT, shown=file.shown, count=errors[0]))
            told = []


class _Placed(NamedTuple):
    """A sheet whose header is found: where each of its columns stands, and the first row below."""

    sheet: Sheet
    headers: list[str]
    places: list[int]
    below: int
    notes: tuple[Sentence, ...]


def _place(sheet: Sheet, section: ListSection, list_name: str) -> _Placed:
    """The headers of a sheet; a column with cells but no header gets a name.

    So remarks beside a list do not set its rows apart.
    """
    first = sheet.first_texts(rows_to_look_at(section))
    placed = place_header(first, sheet.shown, section, list_name, sheet.merged)
    width = len(placed.headers)
    beyond: set[int] = set()
    if sheet.width > width:
        for row in islice(sheet.rows(), placed.below, None):
            beyond.update(at for at, cell in enumerate(row[width:], width) if cell != "")
    blank = (f"column {at + 1}" for at in sorted(beyond))
    headers = unique_headers([*placed.headers, *blank])
    return _Placed(sheet, headers, [*range(width), *sorted(beyond)], placed.below, placed.notes)


def _same_columns(placed: Sequence[_Placed], section: ListSection) -> None:
    """Raise `ListError` if a sheet lacks a mapped header that another one has."""
    for one in placed:
        for wanted in section.headers.values():
            has = [match_header(wanted, other.headers) for other in placed]
            if any(has) and not match_header(wanted, one.headers):
                raise ListError(
                    '{sheet} lacks the column "{wanted}", which other sheets of the list have. It '
                    "has {headers}. Mend its header, or leave the sheet out.",
                    sheet=one.sheet.shown,
                    wanted=wanted,
                    headers=one.headers,
                )


def _batches(placed: _Placed, fill: set[int], errors: list[int]) -> Iterator[list[pa.Array]]:
    """Text columns of the rows below the header, some rows at a time; errors blank and counted."""
    sheet, below = placed.sheet, placed.below
    rows: Iterator[Row] = islice(sheet.rows(), below, None)
    merged = [one for one in sheet.merged or () if one.left in fill and one.top >= below]
    if merged:
        everything = list(rows)
        for one in merged:
            for row in everything[one.top - below + 1 : one.bottom - below + 1]:
                row[one.left] = everything[one.top - below][one.left]
        rows = iter(everything)
    known = pa.array(ERRORS, TEXT)
    while some := list(islice(rows, max(1, _CELLS_AT_ONCE // max(sheet.width, 1)))):
        columns = list(zip(*some, strict=True))
        blank = ("",) * len(some)
        texts = [column_texts(columns[at] if at < len(columns) else blank) for at in placed.places]
        found = [pc.is_in(one, known) for one in texts]
        errors[0] += sum(one.true_count for one in found)
        yield [
            pc.if_else(where, "", one) if where.true_count else one
            for one, where in zip(texts, found, strict=True)
        ]


def _columns_to_fill(headers: list[str], section: ListSection) -> set[int]:
    """Where a merged cell speaks for all its rows: names, ids, days; never money or numbers."""
    found = set()
    for column, wanted in section.headers.items():
        kind = REGISTER_COLUMNS[column].kind if column in REGISTER_COLUMNS else "text"
        name = match_header(wanted, [one for one in headers if one not in PLACE])
        if name is not None and kind in ("text", "date", "code") and column != "unit_price":
            found.add(headers.index(name))
    return found


def _open_elsewhere(place: Place) -> list[Sentence]:
    """A note if a program has the workbook open: what is not saved there is not read."""
    name = place.path.name
    locks = (f"~${name}", f"~${name[2:]}", f".~lock.{name}#")
    if not any((place.path.parent / lock).exists() for lock in locks):
        return []
    note = N_("{file_name} is open in another program: what is not yet saved there is not read")
    return [Sentence(note, file_name=place.shown)]


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
