"""A raw list as text: what every reader (text, workbook, database) hands on.

A reader makes `Part`s: some rows of a file as an Arrow table of text columns with their row
numbers. `clean_pieces` takes the blank rows and the control characters out of them, and tells it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.checks import ListError
from segment_lib.lists.cells.layout import (
    LOOK_ROWS,
    PLACE,
    Merged,
    find_header,
    match_header,
    unique_headers,
)
from segment_lib.settings import ListSection
from segment_lib.voice import Sentence

ROWS_AT_ONCE = 122_880  # a whole group of rows of the engine: it takes others far more slowly
_MOST_COLUMNS = 16_384  # Excel's; the widest real list seen had some 600
_TEXT = pa.large_string()
_FEW_ROWS = 2_000  # they stay in the processor's cache: twice as fast as 50,000


@dataclass
class RawFile:
    """One file, sheet or table of a list: `shown` is how its rows and notes name it.

    `place` is the file that it lies in, as it is shown. `notes` are whole, and `sha256` of a plain
    text is there, when all its rows have been read. `again` says that it is read anew: what came
    of it before is void.
    """

    shown: str
    place: str
    notes: list[Sentence]
    sha256: str = ""
    again: bool = False


class Part(NamedTuple):
    """Some rows of a file: text columns and `row_number`; `broken` has the other rows."""

    table: pa.Table
    broken: Sequence[tuple[int, str]] = ()


class Piece(NamedTuple):
    """A part of a file of a list; the first one `begins` it, and has its columns."""

    file: RawFile
    part: Part
    begins: bool


class Placed(NamedTuple):
    """The headers of a file, and the position of the first row below them."""

    headers: list[str]
    below: int
    notes: tuple[Sentence, ...]


def rows_to_look_at(section: ListSection) -> int:
    """How many rows must be seen to place the header."""
    return max(LOOK_ROWS, (section.header_row or 0) + (section.header_rows or 1))


def place_header(
    first: Sequence[list[str]],
    file_name: str,
    section: ListSection,
    list_name: str,
    merged: Sequence[Merged] | None = None,
) -> Placed:
    """Where the header stands among the first rows; with `names` there is none."""
    if section.names:
        _require_as_many(first, file_name, section, list_name)
        return Placed(unique_headers(section.names, taken=PLACE), 0, ())
    wanted = set(section.headers.values())
    narrow = [row[: _MOST_COLUMNS + 1] for row in first]
    found = find_header(narrow, wanted, section.header_row, section.header_rows, merged)
    if found is None or not trimmed(found.cells):
        if section.header_row:
            raise ListError(
                "{file_name} (list {list_name}) is empty: row {header_row} is blank.",
                file_name=file_name,
                list_name=list_name,
                header_row=section.header_row,
            )
        raise empty(file_name, list_name)
    cells = [without_controls(cell) for cell in trimmed(found.cells)]
    if len(cells) > _MOST_COLUMNS:
        count = max(len(trimmed(row)) for row in first[found.top : found.top + found.height])
        raise ListError(
            "{file_name} (list {list_name}) has {count:,} columns in row {row}; a list has at "
            "most {most:,}. Is it really a list, with one row per line?",
            file_name=file_name,
            list_name=list_name,
            count=count,
            row=found.top + 1,
            most=_MOST_COLUMNS,
        )
    notes = _where_it_stands(file_name, found.top + 1, found.height)
    return Placed(unique_headers(cells, taken=PLACE), found.top + found.height, notes)


def _where_it_stands(file_name: str, row: int, height: int) -> tuple[Sentence, ...]:
    if height > 1:
        last = row + height - 1
        return (
            Sentence(
                "{file_name}: the header stands in rows {row} to {last}",
                file_name=file_name,
                row=row,
                last=last,
            ),
        )
    note = Sentence("{file_name}: the header stands in row {row}", file_name=file_name, row=row)
    return (note,) if row > 1 else ()


def _require_as_many(
    first: Sequence[list[str]], file_name: str, section: ListSection, list_name: str
) -> None:
    """The names of a list without a header must be as many as its rows have cells."""
    filled = [row for row in first if any(row)]
    if not filled:
        raise empty(file_name, list_name)
    widths = [len(row) for row in filled]
    usual = max(widths, key=widths.count)
    if usual == len(section.names):
        return
    shown = filled[widths.index(usual)][:8]
    raise ListError(
        "[lists.{list_name}] names gives {count} names, but the rows of {file_name} have {usual} "
        "cells, for example {shown}. Name each of them, in order.",
        list_name=list_name,
        count=len(section.names),
        file_name=file_name,
        usual=usual,
        shown=shown,
    )


def empty(shown: str, list_name: str) -> ListError:
    """The sentence for a file without a row."""
    return ListError(
        "{shown} (list {list_name}) is empty: it has no rows. Export it again, or take the "
        "list out of client.toml.",
        shown=shown,
        list_name=list_name,
    )


def trimmed(cells: list[str]) -> list[str]:
    """The cells without the blank ones at the end."""
    last = max((i for i, cell in enumerate(cells) if cell.strip()), default=-1)
    return cells[: last + 1]


def parts_of_rows(rows: Iterable[list[str]], headers: Sequence[str], before: int) -> Iterator[Part]:
    """Rows cut into the columns, some at a time; `before` counts the rows above them.

    An empty part comes first, so that the columns are known even without any row.
    """
    rows = iter(rows)
    yield part_of_rows([], headers, before)
    while some := list(islice(rows, _FEW_ROWS)):
        yield part_of_rows(some, headers, before)
        before += len(some)


def part_of_rows(rows: list[list[str]], headers: Sequence[str], before: int) -> Part:
    """Rows cut into the columns: short ones filled up, longer ones set apart."""
    numbers = np.arange(before + 1, before + 1 + len(rows))
    broken: list[tuple[int, str]] = []
    width = len(headers)
    if set(map(len, rows)) - {width}:
        fitted = [_fitted(row, width) for row in rows]
        broken = [
            (int(number), " | ".join(row))
            for number, row in zip(numbers, fitted, strict=True)
            if len(row) > width
        ]
        rows = [row for row in fitted if len(row) == width]
        numbers = numbers[[len(row) == width for row in fitted]]
    columns = list(zip(*rows, strict=True))
    return Part(_text_table(columns, headers, numbers), broken)


def _fitted(row: list[str], width: int) -> list[str]:
    if len(row) > width:
        row = trimmed(row)
    return row + [""] * (width - len(row))


def text_part(columns: Sequence[pa.Array], headers: Sequence[str], before: int) -> Part:
    """Whole columns of text; `before` counts the rows above them."""
    rows = len(columns[0]) if columns else 0
    return Part(_text_table(columns, headers, np.arange(before + 1, before + 1 + rows)))


def _text_table(columns: Sequence[object], headers: Sequence[str], numbers: np.ndarray) -> pa.Table:
    """Columns of cells with the number of each row; no columns stand for no rows."""
    arrays = [pa.array(column, _TEXT) for column in columns or [[]] * len(headers)]
    return pa.table([*arrays, pa.array(numbers, pa.int64())], names=[*headers, "row_number"])


def clean_pieces(
    shown: str, parts: Iterable[Part], notes: Iterable[Sentence] = (), again: bool = False
) -> Iterator[Piece]:
    """The parts of one file without blank rows and control characters; what went is told last."""
    file = RawFile(shown, shown, list(notes), again=again)
    blank = cleaned = 0
    begins = True
    for part in parts:
        table, count = table_without_controls(part.table)
        kept = _without_blank_rows(table)
        cleaned, blank = cleaned + count, blank + len(table) - len(kept)
        yield Piece(file, Part(kept, part.broken), begins)
        begins = False
    file.notes += [*_passed_over(file.shown, blank), *_cleaned(file.shown, cleaned)]


def _without_blank_rows(table: pa.Table) -> pa.Table:
    blank = None
    for column in table.columns[:-1]:
        empty = pc.equal(pc.binary_length(column), 0)
        blank = empty if blank is None else pc.and_(blank, empty)
        if not pc.any(blank).as_py():  # mostly settled by the first column
            return table
    return table if blank is None else table.filter(pc.invert(blank))


def _passed_over(file_name: str, blank: int) -> list[Sentence]:
    if not blank:
        return []
    return [
        Sentence("{file_name}: {blank} blank row(s) passed over", file_name=file_name, blank=blank)
    ]


def _cleaned(file_name: str, cells: int) -> list[Sentence]:
    if not cells:
        return []
    return [
        Sentence(
            "{file_name}: control characters, which nobody sees, were taken out of {cells} "
            "cell(s); the rows stay",
            file_name=file_name,
            cells=cells,
        )
    ]


def same_names(has: list[str], columns: list[str], section: ListSection) -> dict[str, str]:
    """A mapped header that another file spells a little differently is the same column."""
    same = {}
    for wanted in section.headers.values():
        here, there = match_header(wanted, has), match_header(wanted, columns)
        if here and there and here != there and there not in has:
            same[here] = there
    return same


# --- control characters: nobody sees them, and an id that holds one equals no other id ------------

# Tab and line ends may stand in a quoted cell; no other control character is text. They come from
# the padding of host systems, from copying and from \x1a at the end of old files. To set the row
# apart would lose a real order for a sign that nobody can find; so they go, and it is told.
CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r"))
_DELETE = 127
_CONTROL = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]"


def table_without_controls(table: pa.Table) -> tuple[pa.Table, int]:
    """The table without control characters, and how many cells had one."""
    count = 0
    for place, column in enumerate(table.columns[:-1]):
        if _has_controls(column):
            count += pc.sum(pc.match_substring_regex(column, _CONTROL)).as_py() or 0
            clean = pc.replace_substring_regex(column, _CONTROL, "")
            table = table.set_column(place, table.column_names[place], clean)
    return table, count


def _has_controls(column: pa.ChunkedArray) -> bool:
    # Only the bytes are looked at, the whole buffer: a cell that was sliced off costs no harm,
    # the regular expression decides.
    datas = [chunk.buffers()[2] for chunk in column.chunks]
    return any(_holds_controls(np.frombuffer(data, np.uint8)) for data in datas if data)


def _holds_controls(signs: np.ndarray) -> bool:
    if not len(signs):
        return False
    deleted = signs.max() >= _DELETE and (signs == _DELETE).any()
    if signs.min() >= ord(" ") and not deleted:
        return False
    return len(signs.tobytes().translate(None, CONTROLS)) != len(signs)


def without_controls(text: str) -> str:
    """A text without its control characters; tab and line ends stay."""
    return re.sub(_CONTROL, "", text)
