"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods) as text cells: what a person sees.

Stored results are read; formulas are never evaluated and links never followed. A cell with an
error (#N/A) is blank. Rows are counted as Excel counts them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.checks import ListError
from segment_lib.columns import REGISTER_COLUMNS
from segment_lib.lists.cells.layout import PLACE, Merged, match_header, unique_headers
from segment_lib.lists.reading.before_opening import look_before_opening
from segment_lib.lists.reading.cell_texts import TEXT, column_texts
from segment_lib.lists.reading.clean_rows import Part, Piece, clean_pieces
from segment_lib.lists.reading.raw_list import place_header, rows_to_look_at, text_part
from segment_lib.lists.reading.sheet_reach import SheetFacts
from segment_lib.lists.reading.sheets import (
    ERRORS,
    Row,
    Sheet,
    open_workbook,
    sheet_names,
    sheets_of_list,
)
from segment_lib.settings import ListSection
from segment_lib.voice import Sentence

__all__ = ["sheet_names", "workbook_pieces"]

_CELLS_AT_ONCE = 1_000_000


def workbook_pieces(
    path: Path, section: ListSection, list_name: str, rows: int = 0
) -> Iterator[Piece]:
    """The sheets of one list as text, one below the other, some rows at a time.

    Of several sheets each row's `file` says which: "book.xlsx / 4月". Raises `ListError` with one
    sentence if the file cannot be opened, or a sheet is not there or not certain.
    """
    facts = look_before_opening(path, list_name)
    with open_workbook(path) as book:
        sheets = sheets_of_list(book, path, section, list_name)
        told = [*_open_elsewhere(path), *_blank_ones(sheets)]
        sheets = [one for one in sheets if not one.is_blank] or sheets[:1]
        placed = [_place(one, section, list_name) for one in sheets]
        _same_columns(placed, section)
        for one in placed:
            told += _told_of_sheet(path, one.sheet.name, facts.get(one.sheet.name, SheetFacts()))
            yield from _sheet_pieces(one, section, (*told, *one.notes), path.name)
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
    """In all sheets a mapped header keeps its first spelling.

    Raises `ListError` if a sheet lacks a mapped header that another one has.
    """
    columns: dict[str, None] = {}
    for one in placed:
        for wanted in section.headers.values():
            here, there = match_header(wanted, one.headers), match_header(wanted, list(columns))
            if here and there:
                one.headers[one.headers.index(here)] = there
        columns |= dict.fromkeys(one.headers)
    for one in placed:
        for wanted in section.headers.values():
            if match_header(wanted, list(columns)) and not match_header(wanted, one.headers):
                raise ListError(
                    '{sheet} lacks the column "{wanted}", which other sheets of the list have. It '
                    "has {headers}. Mend its header, or leave the sheet out.",
                    sheet=one.sheet.shown,
                    wanted=wanted,
                    headers=one.headers,
                )


def _sheet_pieces(
    placed: _Placed, section: ListSection, notes: Sequence[Sentence], place: str
) -> Iterator[Piece]:
    errors = [0]
    parts = _parts(placed, _columns_to_fill(placed.headers, section), errors)
    for piece in clean_pieces(placed.sheet.shown, parts, notes):
        if piece.begins:
            piece.file.place = place
        yield piece
    piece.file.notes += _told_of_typed_errors(piece.file.shown, errors[0])


def _parts(placed: _Placed, fill: set[int], errors: list[int]) -> Iterator[Part]:
    """Text columns of the rows below the header, some rows at a time."""
    sheet, headers, places, below, _ = placed
    yield text_part([], headers, below)
    rows: Iterator[Row] = islice(sheet.rows(), below, None)
    merged = [one for one in sheet.merged or () if one.left in fill and one.top >= below]
    if merged:
        everything = list(rows)
        _fill_merged(everything, merged, below)
        rows = iter(everything)
    at_once = max(1, _CELLS_AT_ONCE // max(sheet.width, 1))
    while some := list(islice(rows, at_once)):
        columns = list(zip(*some, strict=True))
        blank = ("",) * len(some)
        texts = [column_texts(columns[at] if at < len(columns) else blank) for at in places]
        errors[0] += sum(map(_error_count, texts))
        yield text_part([_without_errors(one) for one in texts], headers, below)
        below += len(some)


def _error_count(texts: pa.Array) -> int:
    found = pc.sum(pc.is_in(texts, pa.array(ERRORS, TEXT))).as_py()
    return int(found or 0)


def _without_errors(texts: pa.Array) -> pa.Array:
    if not _error_count(texts):
        return texts
    return pc.if_else(pc.is_in(texts, pa.array(ERRORS, TEXT)), "", texts)


def _columns_to_fill(headers: list[str], section: ListSection) -> set[int]:
    """Where a merged cell speaks for all its rows: names, ids, days; never money or numbers."""
    found = set()
    for column, wanted in section.headers.items():
        kind = REGISTER_COLUMNS[column].kind if column in REGISTER_COLUMNS else "text"
        name = match_header(wanted, [one for one in headers if one not in PLACE])
        if name is not None and kind in ("text", "date", "code") and column != "unit_price":
            found.add(headers.index(name))
    return found


def _fill_merged(rows: list[Row], merged: Iterable[Merged], below: int) -> None:
    for one in merged:
        for row in rows[one.top - below + 1 : one.bottom - below + 1]:
            row[one.left] = rows[one.top - below][one.left]


def _open_elsewhere(path: Path) -> Iterator[Sentence]:
    """A note if a program has the workbook open: what is not saved there is not read."""
    locks = (f"~${path.name}", f"~${path.name[2:]}", f".~lock.{path.name}#")
    if any((path.parent / lock).exists() for lock in locks):
        yield Sentence(
            "{file_name} is open in another program: what is not yet saved there is not read",
            file_name=path.name,
        )


def _blank_ones(sheets: Sequence[Sheet]) -> Iterator[Sentence]:
    for one in sheets:
        if one.is_blank and len(sheets) > 1:
            yield Sentence("{shown}: the sheet is blank", shown=one.shown)


def _told_of_sheet(path: Path, name: str, facts: SheetFacts) -> Iterator[Sentence]:
    yield Sentence("{file_name}: sheet {sheet}", file_name=path.name, sheet=name)
    if facts.errors:
        yield _told_of_errors(f"{path.name} / {name}", facts.errors)
    if facts.unsolved:
        yield Sentence(
            "{file_name} / {sheet}: {unsolved} formula(s) have no stored result and are read as "
            "blank; open the workbook in Excel and save it, to store them",
            file_name=path.name,
            sheet=name,
            unsolved=facts.unsolved,
        )


def _told_of_errors(shown: str, count: int) -> Sentence:
    return Sentence(
        "{shown}: {count} cell(s) with an error (#N/A, #REF! …) are read as blank",
        shown=shown,
        count=count,
    )


def _told_of_typed_errors(shown: str, count: int) -> tuple[Sentence, ...]:
    """Errors that stand there as text, as in an .ods or a list pasted as values."""
    if not count:
        return ()
    return (
        Sentence(
            "{shown} (as text): {count} cell(s) with an error (#N/A, #REF! …) are read as blank",
            shown=shown,
            count=count,
        ),
    )
