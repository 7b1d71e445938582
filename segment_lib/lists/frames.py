"""Where tables enter and leave the engine: frames of any kind to Ibis, Ibis to pandas frames."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as kinds
from ibis.expr.operations import InMemoryTable, PhysicalTable
from ibis.expr.types import Table

from segment_lib.checks import ListError
from segment_lib.columns import COLUMNS, REGISTER_COLUMNS, TABLES, as_text
from segment_lib.lists.rows.store import KINDS

# A table with one of these is about events or lines, not about customers.
_EVENT_COLUMNS = {
    "order_id", "ordered_on", "adjusted_on", "deal_id", "opened_on", "contacted_on", "used_on",
    "occurred_on", "got_results", "channel", "product_line",
}  # fmt: skip


def to_table(given: Any, name: str) -> Table:
    """An Ibis table as it is; a pandas, Polars or Arrow frame as an Ibis table in memory.

    Days may be dates, times (their day counts) or ISO text. Raises `ListError` if `given`, which
    the sentence calls `name`, is no table, or a day in it cannot be read.
    """
    if isinstance(given, Table):
        return given
    if not isinstance(given, pd.DataFrame):
        # Polars, Arrow and others hand over their columns by the Arrow C stream.
        if not hasattr(given, "__arrow_c_stream__"):
            raise ListError(
                "{name} is a {kind}; it must be a pandas, Polars or Arrow table or "
                "an Ibis table. Of a lazy frame give what .collect() returns.",
                name=name,
                kind=type(given).__name__,
            )
        given = pa.table(given).to_pandas()
    frame = given if given.index.name in (None, *given.columns) else given.reset_index()
    return ibis.memtable(pd.DataFrame({str(key): _plain(key, frame[key]) for key in frame}))


def in_memory(table: Table) -> bool:
    """Whether a table was made from frames only, so that no client.toml maps its columns."""
    sources = table.op().find(PhysicalTable)
    return all(isinstance(source, InMemoryTable) for source in sources)


def _plain(name: object, values: pd.Series) -> pd.Series:
    """A column as the engine takes it: days as days of no time zone, categories as their words."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.dtype.categories.dtype)
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        values = values.dt.tz_localize(None)
    found = pd.api.types.infer_dtype(values, skipna=True)
    if found in ("mixed", "mixed-integer"):
        values = values.map(str, na_action="ignore")
    if found == "empty" and str(name) in COLUMNS and COLUMNS[str(name)].kind in ("text", "code"):
        values = values.astype("string")  # without a value the engine cannot tell that it is text
    is_text = pd.api.types.is_string_dtype(values) or pd.api.types.is_object_dtype(values)
    if not (str(name).endswith("_on") and is_text):
        return values.reset_index(drop=True)
    days = pd.to_datetime(values, format="ISO8601", errors="coerce")
    if (lost := days.isna() & values.notna()).any():
        raise ListError(
            "{name} holds {value!r}, which is no day. Write days as "
            "2025-06-30, or give a column of dates.",
            name=name,
            value=str(values[lost].iloc[0]),
        )
    return days.reset_index(drop=True)


def to_frame(expr: Table, indexed: bool | None = None) -> pd.DataFrame:
    """Run an Ibis expression: money as float64, days as datetime64, ids as text.

    One row per customer comes out indexed by customer_id and sorted by it; events keep the column.
    `indexed` says which it is where the columns do not (an event table has an event's day,
    channel, order or product line). Whole numbers with gaps are Int64, yes/no is boolean.
    """
    table = expr.to_pyarrow()
    # Copied one by one: the engine's own memory cannot be written to.
    columns = {name: _column(name, table[name]).copy() for name in table.column_names}
    frame = pd.DataFrame(columns, copy=False)
    if indexed is None:
        indexed = "customer_id" in frame and not _EVENT_COLUMNS & set(frame.columns)
    if not indexed:
        return frame
    frame = frame.set_index("customer_id")
    return frame if _in_order(table["customer_id"]) else frame.sort_index()


def _in_order(ids: pa.ChunkedArray) -> bool:
    """Whether these are sorted already; pandas takes 30 times as long to see it of texts."""
    rises = pc.all(pc.less_equal(ids[:-1], ids[1:])).as_py()
    return bool(rises) and not ids.null_count


def _column(name: str, column: pa.ChunkedArray) -> pd.Series:
    kind, values = column.type, column
    if kinds.is_decimal(kind):
        return values.cast(pa.float64()).to_pandas()
    if kinds.is_date(kind) or kinds.is_timestamp(kind):
        return _days(values)
    if kinds.is_boolean(kind):
        known = name in REGISTER_COLUMNS or column.null_count
        return values.to_pandas().astype("boolean" if known else "bool")
    if kinds.is_integer(kind):
        kind = {pa.int64(): pd.Int64Dtype() if column.null_count else None}
        return values.cast(pa.int64()).to_pandas(types_mapper=kind.get)
    if kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_null(kind):
        return as_text(values.to_pandas())
    return values.to_pandas()


def _days(values: pa.ChunkedArray) -> pd.Series:
    # Seconds, not nanoseconds: year 1 is a date too.
    seconds = pa.timestamp("s")
    return values.cast(seconds, safe=False).cast(pa.date32()).cast(seconds).to_pandas()


class Tables:
    """What a register answers, and frames given in its place.

    `has` says whether a table is there, `table` gives it lazily, `frame` as a pandas frame; each is
    an attribute as well: `tables.orders`. One that is not there is empty, with its columns.
    """

    def has(self, name: str) -> bool:
        """Whether the table was given."""
        raise NotImplementedError

    def table(self, name: str) -> Table:
        """A lazy Ibis table by name, with every column that the register's has."""
        raise NotImplementedError

    def frame(self, name: str) -> pd.DataFrame:
        """A table as a pandas frame; customers are indexed by customer_id."""
        return to_frame(self.table(name), indexed=name == "customers")

    def __getattr__(self, name: str) -> Table:
        if name not in TABLES:
            raise AttributeError(f"{type(self).__name__} has no {name!r}")
        return self.table(name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *TABLES]


class Frames(Tables):
    """Tables of a register given as plain frames."""

    by_key = None  # what a frame holds lies in no order

    def __init__(self, given: Mapping[str, Any]) -> None:
        if unknown := [name for name in given if name not in TABLES]:
            raise ListError(
                "The tables hold {unknown}; a table is one of {known}.",
                unknown=unknown,
                known=list(TABLES),
            )
        self._given = dict(given)

    def has(self, name: str) -> bool:
        """Whether the table was given."""
        return name in self._given

    def table(self, name: str) -> Table:
        """A lazy Ibis table by name, with every column that the register's has."""
        schema = {column: KINDS[COLUMNS[column].kind] for column in TABLES[name]}
        if not self.has(name):
            return ibis.memtable(pd.DataFrame(columns=list(schema)), schema=ibis.schema(schema))
        table = to_table(self._given[name], name)
        lacking = {name: kind for name, kind in schema.items() if name not in table.columns}
        return table.mutate(**{name: ibis.null(kind) for name, kind in lacking.items()})


def tables_of(given: Any) -> Any:
    """A register as it is; a mapping of frames by table name as one that answers alike."""
    return Frames(given or {}) if given is None or isinstance(given, Mapping) else given
