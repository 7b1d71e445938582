"""A raw list as text, in chunks: what every reader (text, workbook, database) hands on.

A reader makes `Part`s: some rows as an Arrow table of text columns with their row numbers.
`in_chunks` makes of them frames of equally many rows, without the blank ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.checks import ListError
from segment_lib.lists.cells.layout import (
    LOOK_ROWS,
    PLACE,
    Merged,
    find_header,
    unique_headers,
)
from segment_lib.lists.cells.values import TOO_MANY_CELLS
from segment_lib.lists.reading.controls import table_without_controls, without_controls
from segment_lib.settings import ListSection
from segment_lib.voice import Sentence, _

CHUNK_ROWS = 2 * 122_880  # whole groups of rows of the engine: it takes others far more slowly
_MOST_COLUMNS = 16_384  # Excel's; the widest real list seen had some 600
_ROWS_AT_ONCE = 2_000  # they stay in the processor's cache: twice as fast as 50,000


@dataclass(frozen=True)
class RawList:
    """One raw list, or a chunk of it, as text.

    `frame` has the columns of the file plus `row_number` and `file`; a blank cell is "". `broken`
    has the rows that cannot be cut into the columns: file, row_number, value, reason.
    """

    frame: pd.DataFrame
    broken: pd.DataFrame
    notes: tuple[Sentence, ...] = ()


class Part(NamedTuple):
    """Some rows of a file: text columns and `row_number`; `broken` has the other rows."""

    table: pa.Table
    broken: Sequence[tuple[int, str]] = ()


class Placed(NamedTuple):
    """The headers of a file, and the position of the first row below them."""

    headers: list[str]
    below: int
    notes: tuple[Sentence, ...]


def no_broken_rows() -> pd.DataFrame:
    """The empty table of rows that cannot be cut into the columns."""
    return broken_rows([], "")


def broken_rows(rows: Iterable[tuple[int, str]], file_name: str) -> pd.DataFrame:
    """Rows with too many cells (row number, cells) as the table `RawList.broken`."""
    numbers, values = zip(*rows, strict=True) if (rows := list(rows)) else ((), ())
    return pd.DataFrame(
        {
            "file": pd.Series([file_name] * len(numbers), dtype="str"),
            "row_number": pd.Series(numbers, dtype="int64"),
            "value": pd.Series(values, dtype="str"),
            "reason": pd.Series([TOO_MANY_CELLS.english] * len(numbers), dtype="str"),
        }
    )


def joined(chunks: Iterable[RawList]) -> RawList:
    """All chunks of a list, or of a file, as one."""
    parts = list(chunks)
    return RawList(
        pd.concat([part.frame for part in parts], ignore_index=True),
        pd.concat([part.broken for part in parts], ignore_index=True),
        tuple(note for part in parts for note in part.notes),
    )


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
                _(
                    "{file_name} (list {list_name}) is empty: row {header_row} is blank.",
                    file_name=file_name,
                    list_name=list_name,
                    header_row=section.header_row,
                )
            )
        raise empty(file_name, list_name)
    cells = [without_controls(cell) for cell in trimmed(found.cells)]
    if len(cells) > _MOST_COLUMNS:
        count = max(len(trimmed(row)) for row in first[found.top : found.top + found.height])
        raise ListError(
            _(
                "{file_name} (list {list_name}) has {count:,} columns in row "
                "{row}; a list has at most {most:,}. Is it really a list, with one "
                "row per line?",
                file_name=file_name,
                list_name=list_name,
                count=count,
                row=found.top + 1,
                most=_MOST_COLUMNS,
            )
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
        _(
            "[lists.{list_name}] names gives {count} names, but the rows of "
            "{file_name} have {usual} cells, for example {shown}. Name each of "
            "them, in order.",
            list_name=list_name,
            count=len(section.names),
            file_name=file_name,
            usual=usual,
            shown=shown,
        )
    )


def empty(shown: str, list_name: str) -> ListError:
    """The sentence for a file without a row."""
    return ListError(
        _(
            "{shown} (list {list_name}) is empty: it has no rows. Export it again, or take the "
            "list out of client.toml.",
            shown=shown,
            list_name=list_name,
        )
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
    while some := list(islice(rows, _ROWS_AT_ONCE)):
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
    return Part(text_table(zip(*rows, strict=True) if rows else (), headers, numbers), broken)


def _fitted(row: list[str], width: int) -> list[str]:
    if len(row) > width:
        row = trimmed(row)
    return row + [""] * (width - len(row))


def text_table(
    columns: Iterable[Iterable[str]], headers: Sequence[str], numbers: Sequence[int] | np.ndarray
) -> pa.Table:
    """Columns of cells as an Arrow table, with the number of each row."""
    arrays = [pa.array(column, pa.large_string()) for column in columns]
    arrays = arrays or [pa.array([], pa.large_string()) for _ in headers]
    return pa.table([*arrays, pa.array(numbers, pa.int64())], names=[*headers, "row_number"])


def in_chunks(
    parts: Iterable[Part],
    file_name: str,
    notes: Iterable[Sentence] = (),
    chunk_rows: int = CHUNK_ROWS,
) -> Iterator[RawList]:
    """Parts as frames of `chunk_rows` rows, the last one shorter; there is at least one.

    The first chunk carries `notes`, the last one what was passed over and cleaned on the way.
    """
    waiting: list[pa.Table] = []
    broken: list[tuple[int, str]] = []
    told, blank, cleaned = tuple(notes), 0, 0
    for part in parts:
        table, count = table_without_controls(part.table)
        cleaned += count
        kept = _without_blank_rows(table)
        blank += len(table) - len(kept)
        broken += part.broken
        waiting.append(kept)
        # One row more than a chunk must wait: so the last chunk is known to be the last.
        while sum(map(len, waiting)) > chunk_rows:
            together = pa.concat_tables(waiting)
            last = together["row_number"][chunk_rows - 1].as_py()
            so_far = [row for row in broken if row[0] < last]
            yield _chunk(together[:chunk_rows], so_far, file_name, told)
            waiting, told = [together[chunk_rows:]], ()
            broken = [row for row in broken if row[0] > last]
    if not waiting:
        raise ValueError("a reader hands on at least one part, with its columns")
    last = (*told, *_passed_over(file_name, blank), *_cleaned(file_name, cleaned))
    yield _chunk(pa.concat_tables(waiting), broken, file_name, last)


def _chunk(
    table: pa.Table, broken: list[tuple[int, str]], file_name: str, notes: tuple[Sentence, ...]
) -> RawList:
    name = pa.repeat(pa.scalar(file_name, pa.large_string()), len(table))
    frame = table.append_column("file", name).combine_chunks().to_pandas()
    return RawList(frame, broken_rows(broken, file_name), notes)


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
