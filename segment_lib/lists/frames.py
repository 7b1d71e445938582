"""Where a table leaves the engine: an Ibis expression to a pandas frame with the kit's types."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.types as kinds
from ibis.expr.types import Table

from segment_lib.columns import REGISTER_COLUMNS

# A table with one of these is about events or lines, not about customers.
_EVENT_COLUMNS = {
    "order_id", "ordered_on", "adjusted_on", "deal_id", "opened_on", "contacted_on", "used_on",
    "occurred_on", "got_results", "channel", "product_line",
}  # fmt: skip


def to_frame(expr: Table, indexed: bool | None = None) -> pd.DataFrame:
    """Run an Ibis expression: money as float64, days as datetime64, ids as text.

    One row per customer comes out indexed by customer_id and sorted by it; events keep the column.
    `indexed` says which it is where the columns do not (an event table has an event's day,
    channel, order or product line). Whole numbers with gaps are Int64, yes/no is boolean.
    """
    table = expr.to_pyarrow()
    frame = pd.DataFrame({name: _column(name, table[name]) for name in table.column_names})
    if indexed is None:
        indexed = "customer_id" in frame and not _EVENT_COLUMNS & set(frame.columns)
    return frame.set_index("customer_id").sort_index() if indexed else frame


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
        numbers = pd.Series(values, dtype=pd.ArrowDtype(pa.int64()))
        return numbers.astype("Int64" if column.null_count else "int64")
    if kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_null(kind):
        return pd.Series(values.to_pandas(), dtype="str")
    return values.to_pandas()


def _days(values: pa.ChunkedArray) -> pd.Series:
    # Seconds, not nanoseconds: year 1 is a date too.
    return values.cast(pa.timestamp("s"), safe=False).to_pandas().dt.normalize()
