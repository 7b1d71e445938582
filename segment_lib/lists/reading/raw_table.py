"""A raw list in the engine: every cell as text, as it stands in the file, before anything is asked.

`raw_0` has the columns `c0`, `c1` … of the list, `row_number` as a person sees it, and `_row`, its
place among all rows of the list. `raw_0_broken` has the rows that cannot be cut into the columns,
and those set apart: totals and remarks, with `value` (the cells) and `reason`.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import pyarrow as pa

from segment_lib.checks import ListError
from segment_lib.lists.cells.values import REMARK_ROW, TOO_MANY_CELLS, TOTALS_ROW
from segment_lib.lists.reading.clean_rows import Part, Piece, RawFile
from segment_lib.lists.reading.engine import Engine, text
from segment_lib.lists.reading.headers_there import require_headers
from segment_lib.lists.reading.pieces import list_places, read_pieces
from segment_lib.lists.reading.raw_list import ROWS_AT_ONCE, same_names
from segment_lib.lists.reading.totals import (
    MOST_BELOW,
    Keys,
    are_remarks,
    keys_of,
    perhaps_apart,
    reasons_apart,
)
from segment_lib.settings import Client, ListSection
from segment_lib.voice import Sentence

# `_row` says the file as well; broken rows come behind the others of their file, those set apart
# last.
FILE_BITS = 40
_BROKEN, _APART = 1 << 39, 3 << 38
_MUST_HAVE_ROWS = ("customers", "orders", "order_lines")
_T = TypeVar("_T")


@dataclass
class RawTable:
    """The raw rows of one list: `columns` are its headers in the order of `c0`, `c1` …

    `files` are its files as a person sees them; `hashes` the SHA-256 of those read byte by byte.
    `made` is column to header for the columns that no file has (`shapes.py`).
    """

    engine: Engine
    name: str
    list_name: str
    columns: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)

    @property
    def broken(self) -> str:
        """The table of the rows that are no rows of the list."""
        return f"{self.name}_broken"

    @property
    def cells(self) -> list[str]:
        """The columns in SQL."""
        return [f"c{place}" for place in range(len(self.columns))]

    @property
    def shown(self) -> str:
        """The file of a row as a person sees it, in SQL."""
        return file_of(self.files)

    def cell(self, header: str) -> str:
        """The column of a header in SQL."""
        return f"c{self.columns.index(header)}"

    def counts(self, header: str) -> dict[str, int]:
        """The distinct cells of a column with how often each comes, in the order of the list."""
        cell = self.cell(header)
        rows = self.engine.rows(
            f"select {cell}, count(*) from {self.name} group by {cell} order by min(_row)"
        )
        return dict(rows)

    def add_columns(self, headers: Sequence[str]) -> None:
        """Further columns, blank so far; the first ones make the table."""
        known = len(self.columns)
        self.columns += headers
        new = [f"{cell} varchar default ''" for cell in self.cells[known:]]
        if not known:  # at once: a list may have thousands
            columns = ", ".join(["_row bigint", "row_number bigint", *new])
            self.engine.run(f"create table {self.name} ({columns})")
            return
        for column in new:
            self.engine.run(f"alter table {self.name} add column {column}")

    def place_of(self, row: int) -> tuple[str, int]:
        """File and row number of a row."""
        (number,) = self.engine.rows(f"select row_number from {self.name} where _row = {row}")[0]
        return self.files[row >> FILE_BITS], number

    def drop(self) -> None:
        """Forget the rows."""
        self.engine.run(f"drop table {self.name}; drop table {self.broken}")


def file_of(words: Sequence[str]) -> str:
    """In SQL: the word for the file of a row, of one for each file."""
    return f"([{', '.join(map(text, words))}])[(_row >> {FILE_BITS}) + 1]"


def load_list(client: Client, engine: Engine, list_name: str, name: str) -> RawTable:
    """All rows of all files of a list into the engine, as `name`; totals and remarks set apart.

    Raises `ListError` or `ClientError` with one sentence: no such file, an empty file, an encoding
    that does not fit, a header that is not there.
    """
    section = client.lists[list_name]
    raw = RawTable(engine, name, list_name)
    load_pieces(raw, section, read_pieces(client, list_name), mapped=True)
    if client.table_of(list_name) in _MUST_HAVE_ROWS:
        _require_rows(client, raw)
    _set_apart(raw, keys_of(raw.columns, section))
    return raw


def load_pieces(
    raw: RawTable, section: ListSection, pieces: Generator[Piece], mapped: bool = False
) -> None:
    """The pieces into the engine, as they come; if `mapped`, all mapped headers must be there."""
    raw.engine.run(
        f"create table {raw.broken} (_row bigint, row_number bigint, value varchar, reason varchar)"
    )
    loader = _Loader(raw, section, mapped)
    with closing(ahead(pieces)) as coming:
        for piece in coming:
            if isinstance(piece, RawFile):
                loader.begin(piece)
            else:
                loader.take(piece)
    loader.finish()


def ahead(found: Generator[_T]) -> Generator[_T]:
    """What a generator gives, the next one made in another thread while this one is used."""
    with ThreadPoolExecutor(max_workers=1) as maker:
        coming = maker.submit(next, found, None)
        try:
            while (one := coming.result()) is not None:
                coming = maker.submit(next, found, None)
                yield one
        finally:  # a database is closed by the thread that opened it
            maker.submit(found.close).result()


class _Loader:
    """Takes the pieces of a list, and writes whole groups of rows into the engine."""

    def __init__(self, raw: RawTable, section: ListSection, mapped: bool) -> None:
        self.raw, self.section, self.mapped = raw, section, mapped
        self._file: RawFile | None = None
        self._names: list[str] = []
        self._waiting: list[pa.Table] = []
        self._next = self._next_broken = 0

    def begin(self, file: RawFile) -> None:
        raw = self.raw
        if file.again and self._file and self._file.shown == file.shown:
            self._undo()
        self.finish()
        if self.mapped:
            require_headers(list(file.headers), file.place, self.section, raw.list_name)
        same = same_names(file.headers, raw.columns, self.section)
        headers = [same.get(name, name) for name in file.headers]
        known = set(raw.columns)
        raw.add_columns([header for header in headers if header not in known])
        places = dict(zip(raw.columns, raw.cells, strict=True))
        self._file, self._names = file, [*(places[header] for header in headers), "row_number"]
        self._next = len(raw.files) << FILE_BITS
        self._next_broken = self._next + _BROKEN
        raw.files.append(file.shown)

    def take(self, part: Part) -> None:
        if part.broken:
            self._set_aside(part.broken)
        self._waiting.append(part.table)
        while sum(map(len, self._waiting)) >= ROWS_AT_ONCE:
            table = pa.concat_tables(self._waiting)
            self._write(table[:ROWS_AT_ONCE])
            self._waiting = [table[ROWS_AT_ONCE:]]

    def finish(self) -> None:
        """Write what waits, and keep what is told of the file."""
        if self._waiting:
            self._write(pa.concat_tables(self._waiting))
        if self._file is not None:
            self.raw.notes += self._file.notes
            if self._file.sha256:
                self.raw.hashes[self._file.shown] = self._file.sha256
        self._file, self._waiting = None, []

    def _undo(self) -> None:
        """Forget the file that is read anew."""
        self.raw.files.pop()
        first = len(self.raw.files) << FILE_BITS
        for table in (self.raw.name, self.raw.broken):
            self.raw.engine.run(f"delete from {table} where _row >= {first}")
        self._file, self._waiting = None, []

    def _write(self, table: pa.Table) -> None:
        rows = np.arange(self._next, self._next + len(table))
        table = table.rename_columns(self._names).append_column("_row", pa.array(rows))
        self.raw.engine.insert(self.raw.name, table)
        self._next += len(table)

    def _set_aside(self, broken: Sequence[tuple[int, str]]) -> None:
        rows = range(self._next_broken, self._next_broken + len(broken))
        numbers, values = zip(*broken, strict=True)
        table = pa.table({"_row": rows, "row_number": numbers, "value": values})
        reason = text(TOO_MANY_CELLS.english)
        self.raw.engine.insert(self.raw.broken, table, f"*, {reason} as reason")
        self._next_broken += len(broken)


def _require_rows(client: Client, raw: RawTable) -> None:
    if raw.engine.one(f"select count(*) from {raw.name}"):
        return
    broken = raw.engine.rows(
        f"select row_number, value, count(*) over () from {raw.broken} order by _row limit 1"
    )
    if broken:
        number, value, count = broken[0]
        raise too_many_cells(", ".join(raw.files), raw.list_name, count, number, value)
    shown = [place.shown for place in list_places(client, raw.list_name)]
    raise ListError(
        "{names} (list {list_name}) has a header but no rows below it.",
        names=", ".join(shown) or client.lists[raw.list_name].db_table,
        list_name=raw.list_name,
    )


def too_many_cells(names: str, list_name: str, count: int, number: int, value: str) -> ListError:
    """What a file is told of which every row has more cells than the header."""
    return ListError(
        "{names} (list {list_name}) has {count} row(s) with more cells than the header, such as "
        "row {number}: {value}. A comma stands inside a number or a name, and nothing quotes it. "
        "Export the list anew as a workbook, or with tabs between the columns.",
        names=names,
        list_name=list_name,
        count=count,
        number=number,
        value=value,
    )


# --- totals and remarks -----------------------------------------------------------------------


def _set_apart(raw: RawTable, keys: Keys) -> None:
    """Move rows of totals and remarks to the broken ones, behind the others of their file."""
    if len(raw.columns) < 2:
        return
    apart: dict[int, Sentence] = {}
    for some in _cells_of(raw, perhaps_apart(raw.cells, keys)):
        apart |= reasons_apart(some, keys)
    totals = [row for row, reason in apart.items() if reason is TOTALS_ROW]
    for last in {row >> FILE_BITS: row for row in totals}.values():
        end = ((last >> FILE_BITS) + 1) << FILE_BITS
        for below in _cells_of(raw, f"_row > {last} and _row < {end} limit {MOST_BELOW + 1}"):
            if are_remarks(below.values()):
                apart = dict.fromkeys(below, REMARK_ROW) | apart
    for reason in (TOTALS_ROW, REMARK_ROW):
        rows = [row for row, why in apart.items() if why is reason]
        if rows:
            set_apart(raw, "_row in (select unnest(?))", reason.english, rows)


def set_apart(raw: RawTable, where: str, reason: str, *values: object) -> int:
    """Move rows to the broken ones, for a reason; how many they were."""
    filled = f"list_filter([{', '.join(raw.cells)}], lambda c: regexp_matches(c, '[^\\s\\pZ]'))"
    ((count,),) = raw.engine.rows(
        f"insert into {raw.broken} by name select _row + {_APART} as _row, row_number, "
        f"array_to_string({filled}, ' | ') as value, {text(reason)} as reason "
        f"from {raw.name} where {where}",
        *values,
    )
    raw.engine.run(f"delete from {raw.name} where {where}", *values)
    return int(count)


def _cells_of(raw: RawTable, where: str) -> Iterator[dict[int, list[str]]]:
    """The cells of some rows, in their order; few of them mostly, but all may be asked about."""
    query = f"select _row, {', '.join(raw.cells)} from {raw.name} where {where}"
    for batch in raw.engine.batches(query, ROWS_AT_ONCE):
        columns = (column.to_pylist() for column in batch.columns)
        yield {row: list(cells) for row, *cells in zip(*columns, strict=True)}
