"""A raw list as text: what every reader (text, workbook, database) hands on.

A reader makes `Part`s: some rows of a file as an Arrow table of text columns with their row
numbers. Here are what all readers need: where the header stands, and rows cut into its columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from segment_lib.checks import ListError
from segment_lib.lists.cells.layout import (
    LOOK_ROWS,
    PLACE,
    Ranges,
    Rows,
    find_header,
    match_header,
    unique_headers,
)
from segment_lib.lists.reading.cell_texts import TEXT
from segment_lib.lists.reading.clean_rows import Part, without_controls
from segment_lib.settings import ListSection
from segment_lib.voice import N_, Sentence

ROWS_AT_ONCE = 122_880  # a whole group of rows of the engine: it takes others far more slowly
_MOST_COLUMNS = 16_384  # Excel's; the widest real list seen had some 600
_FEW_ROWS = 2_000  # they stay in the processor's cache: twice as fast as 50,000


class Placed(NamedTuple):
    """The headers of a file, and the position of the first row below them."""

    headers: list[str]
    below: int
    notes: tuple[Sentence, ...]


def rows_to_look_at(section: ListSection) -> int:
    """How many rows must be seen to place the header."""
    return max(LOOK_ROWS, (section.header_row or 0) + (section.header_rows or 1))


def place_header(
    first: Rows, file_name: str, section: ListSection, list_name: str, merged: Ranges = None
) -> Placed:
    """Where the header stands among the first rows; with `names` there is none."""
    said = {"file_name": file_name, "list_name": list_name}
    if section.names:
        _require_as_many(first, section, said)
        return Placed(unique_headers(section.names, taken=PLACE), 0, ())
    wanted = set(section.headers.values())
    narrow = [row[: _MOST_COLUMNS + 1] for row in first]
    found = find_header(narrow, wanted, section.header_row, section.header_rows, merged)
    if found is None or not trimmed(found.cells):
        if section.header_row:
            raise ListError(
                "{file_name} (list {list_name}) is empty: row {header_row} is blank.",
                **said,
                header_row=section.header_row,
            )
        raise empty(file_name, list_name)
    cells = [without_controls(cell) for cell in trimmed(found.cells)]
    row, last = found.top + 1, found.top + found.height
    if len(cells) > _MOST_COLUMNS:
        raise ListError(
            "{file_name} (list {list_name}) has {count:,} columns in row {row}; a list has at "
            "most {most:,}. Is it really a list, with one row per line?",
            **said,
            count=max(len(trimmed(row)) for row in first[found.top : last]),
            row=row,
            most=_MOST_COLUMNS,
        )
    note = N_("{file_name}: the header stands in row {row}")
    if last > row:
        note = N_("{file_name}: the header stands in rows {row} to {last}")
    notes = (Sentence(note, file_name=file_name, row=row, last=last),) if last > 1 else ()
    return Placed(unique_headers(cells, taken=PLACE), last, notes)


def _require_as_many(first: Rows, section: ListSection, said: dict[str, str]) -> None:
    """The names of a list without a header must be as many as its rows have cells."""
    filled = [row for row in first if any(row)]
    if not filled:
        raise empty(**said)
    widths = [len(row) for row in filled]
    usual = max(widths, key=widths.count)
    if usual != len(section.names):
        raise ListError(
            "[lists.{list_name}] names gives {count} names, but the rows of {file_name} have "
            "{usual} cells, for example {shown}. Name each of them, in order.",
            **said,
            count=len(section.names),
            usual=usual,
            shown=list(filled[widths.index(usual)][:8]),
        )


def empty(file_name: str, list_name: str) -> ListError:
    """The sentence for a file without a row."""
    return ListError(
        "{shown} (list {list_name}) is empty: it has no rows. Export it again, or take the "
        "list out of client.toml.",
        shown=file_name,
        list_name=list_name,
    )


def trimmed(cells: Sequence[str]) -> list[str]:
    """The cells without the blank ones at the end."""
    last = max((i for i, cell in enumerate(cells) if cell.strip()), default=-1)
    return list(cells[: last + 1])


def parts_of_rows(rows: Iterable[list[str]], headers: Sequence[str], before: int) -> Iterator[Part]:
    """Rows cut into the columns, some at a time; `before` counts the rows above them."""
    rows = iter(rows)
    while some := list(islice(rows, _FEW_ROWS)):
        yield _part_of_rows(some, headers, before)
        before += len(some)


def _part_of_rows(rows: list[list[str]], headers: Sequence[str], before: int) -> Part:
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


def parts_of_columns(
    batches: Iterable[Sequence[pa.Array]], headers: Sequence[str], before: int = 0
) -> Iterator[Part]:
    """Batches of whole columns of text; `before` counts the rows above them."""
    for columns in batches:
        rows = len(columns[0]) if columns else 0
        yield Part(_text_table(columns, headers, np.arange(before + 1, before + 1 + rows)))
        before += rows


def _text_table(columns: Sequence[object], headers: Sequence[str], numbers: np.ndarray) -> pa.Table:
    """Columns of cells with the number of each row; no columns stand for no rows."""
    arrays = [pa.array(column, TEXT) for column in columns or [[]] * len(headers)]
    return pa.table([*arrays, pa.array(numbers, pa.int64())], names=[*headers, "row_number"])


def same_names(has: Sequence[str], columns: list[str], section: ListSection) -> dict[str, str]:
    """A mapped header that another file spells a little differently is the same column."""
    same = {}
    for wanted in section.headers.values():
        here, there = match_header(wanted, has), match_header(wanted, columns)
        if here and there and here != there and there not in has:
            same[here] = there
    return same
