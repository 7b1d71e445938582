"""The engine in which all lists of a client lie: a DuckDB of its own, that spills to the disk."""

from __future__ import annotations

from copy import copy
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa


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

    def add(self, part: str, rows: pa.Table, columns: str = "*") -> None:
        """Rows below those that are there; the first ones make the table."""
        if self.has(part):
            self.insert(part, rows, columns)
        else:
            self.database.register("chunk", rows)
            self.run(f"create table {part} as select {columns} from chunk")
            self.database.unregister("chunk")
            self.parts.add(part)

    def insert(self, table: str, rows: pa.Table, columns: str = "*") -> None:
        """Rows below those of a table that is there."""
        self.database.register("chunk", rows)
        self.run(f"insert into {table} by name select {columns} from chunk")
        self.database.unregister("chunk")

    def has(self, part: str) -> bool:
        """Whether rows of this part were added."""
        return part in self.parts

    def drop(self, part: str) -> None:
        """Forget the rows of a part, if there are any."""
        self.run(f"drop table if exists {part}")
        self.parts.discard(part)


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
