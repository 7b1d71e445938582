"""Orders without an order id: a customer and a day are one, unless each row is said to be one."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from segment_lib.lists.tables import ListRows
from segment_lib.lists.values import Told
from segment_lib.settings import Client


def with_order_ids(client: Client, one: ListRows) -> ListRows:
    """Give rows without an order id one of customer and day (001@2025-03-01); a note says so."""
    if one.table not in ("orders", "order_lines"):
        return one
    rows = one.rows
    if "order_id" not in rows:
        rows = rows.assign(order_id=_nothing(rows.index))
    lacks = rows["order_id"].isna() & (rows["_fate"] == "kept") & (rows["_goes_to"] == one.table)
    if not lacks.any():
        return ListRows(one.name, one.table, rows, one.notes)
    each_row = client.lists[one.name].one_row_is_one_order
    made = _made_ids(rows[lacks], each_row).reindex(rows.index)
    rows = rows.assign(order_id=rows["order_id"].mask(lacks, made))
    note = _note(int(lacks.sum()), each_row)
    return ListRows(one.name, one.table, rows, (*one.notes, note))


def _nothing(index: pd.Index) -> pd.Series:
    nothing = pa.nulls(len(index), pa.string())
    return pd.Series(nothing, index=index, dtype=pd.ArrowDtype(pa.string()))


def _made_ids(rows: pd.DataFrame, each_row: bool) -> pd.Series:
    made = rows["customer_id"].astype("str") + "@" + rows["ordered_on"].astype("str")
    if each_row:
        # Numbered by amount, so that the order of the rows in the file decides nothing.
        again = made.loc[rows.sort_values("amount", kind="stable").index].to_frame("id")
        number = again.groupby("id").cumcount().reindex(rows.index)
        made = made.where(number == 0, made + "#" + (number + 1).astype("str"))
    return made.astype(rows["order_id"].dtype)


def _note(count: int, each_row: bool) -> Told:
    if each_row:
        return Told(
            f"{count} row(s) without an order id: each row is one order, as client.toml says",
            f"注文番号のない行 {count} 件: 設定により1行を1回の注文とした",
        )
    return Told(
        f"{count} row(s) without an order id: one customer, one day is one order",
        f"注文番号のない行 {count} 件: お客様と日付が同じものを1回の注文とした",
    )
