"""The engine in which all lists of a client lie, a DuckDB of its own, and the raw lists in it.

`raw_0` has the columns `c0`, `c1` … of a list, `row_number` as a person sees it, and `_row`, its
place among all rows of the list. `raw_0_broken` has the rows that cannot be cut into the columns,
and those set apart: totals and remarks, with `value` (the cells) and `reason`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from segment_lib.voice import Sentence


class Engine:
    """A DuckDB of its own in memory; `folder` takes what does not fit, and goes with it."""

    def __init__(self, folder: Path) -> None:
        self.database = duckdb.connect()
        self.database.execute("set autoinstall_known_extensions = false")
        self.database.execute("set autoload_known_extensions = false")
        self.database.execute("set arrow_large_buffer_size = true")
        self.database.execute("set temp_directory = ?", [str(folder / "engine")])
        self.parts: set[str] = set()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def beside(self) -> Engine:
        """The same tables for another thread."""
        other = copy(self)
        other.database = self.database.cursor()
        return other

    def run(self, query: str, *values: object) -> None:
        """Do something."""
        self.database.execute(query, list(values))

    def one(self, query: str) -> Any:
        """The only value of the only row."""
        rows = self.rows(query)
        return rows[0][0] if rows else None

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of a small result."""
        return self.database.execute(query, list(values)).fetchall()

    def column(self, query: str) -> np.ndarray:
        """The only column of a result without missing values."""
        (found,) = self.database.sql(query).fetchnumpy().values()
        return np.asarray(found)

    def arrow(self, query: str) -> pa.Table:
        """A result as an Arrow table."""
        return self.database.sql(query).to_arrow_table()

    def batches(self, query: str, rows: int) -> pa.RecordBatchReader:
        """A result in its order, some rows at a time; other queries may run meanwhile."""
        return self.database.cursor().sql(query).to_arrow_reader(rows)

    def add(self, rows: pa.Table, queries: Mapping[str, str]) -> None:
        """What queries make of the rows, as `chunk`, below what is there; else as new tables."""
        self.database.register("chunk", rows)
        for table, query in queries.items():
            made = f"insert into {table} by name" if self.has(table) else f"create table {table} as"
            self.run(f"{made} {query}")
            self.parts.add(table)
        self.database.unregister("chunk")

    def has(self, table: str) -> bool:
        """Whether rows were added to this table."""
        return table in self.parts

    def drop(self, *tables: str) -> None:
        """Forget the rows of tables, if there are any."""
        for table in tables:
            self.run(f"drop table if exists {table}")
            self.parts.discard(table)


def quoted(name: str) -> str:
    """A column's name in SQL, whatever signs it has.

    >>> quoted("年齢")
    '"年齢"'
    """
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text in SQL.

    >>> text("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


# --- raw lists --------------------------------------------------------------------------------

# `_row` says the file as well; broken rows come behind the others of their file, those set apart
# last.
FILE_BITS = 40
BROKEN, APART = 1 << 39, 3 << 38


@dataclass
class RawTable:
    """The raw rows of one list: `columns` are its headers in the order of `c0`, `c1` …

    `files` are its files as a person sees them; `hashes` the SHA-256 of those read byte by byte.
    `made` is column to header for the columns that no file has (`shapes.py`); `totals` has the
    cells of the last row of totals of each file that has one, by header.
    """

    engine: Engine
    name: str
    list_name: str
    columns: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)
    totals: list[dict[str, str]] = field(default_factory=list)

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
            self.engine.parts.add(self.name)
            return
        for column in new:
            self.engine.run(f"alter table {self.name} add column {column}")

    def place_of(self, row: int) -> tuple[str, int]:
        """File and row number of a row."""
        (number,) = self.engine.rows(f"select row_number from {self.name} where _row = {row}")[0]
        return self.files[row >> FILE_BITS], number


def file_of(words: Sequence[str]) -> str:
    """In SQL: the word for the file of a row, of one for each file."""
    return f"([{', '.join(map(text, words))}])[(_row >> {FILE_BITS}) + 1]"


def set_apart(raw: RawTable, where: str, reason: str, *values: object) -> int:
    """Move rows to the broken ones, for a reason; how many they were."""
    filled = f"list_filter([{', '.join(raw.cells)}], lambda c: regexp_matches(c, '[^\\s\\pZ]'))"
    ((count,),) = raw.engine.rows(
        f"insert into {raw.broken} by name select _row + {APART} as _row, row_number, "
        f"array_to_string({filled}, ' | ') as value, {text(reason)} as reason "
        f"from {raw.name} where {where}",
        *values,
    )
    raw.engine.run(f"delete from {raw.name} where {where}", *values)
    return int(count)
