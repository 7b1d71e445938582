"""The rows of all lists to the tables of the register: orders from lines, customers, the rest.

`orders` is one row per order, gross and dated: made from `order_lines` where these are given; rows
of an orders list that stand in the lines too are folded into them. Without order ids one purchase
is a customer and a day. Everybody who occurs anywhere is in `customers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.columns import REGISTER_COLUMNS, TABLES
from segment_lib.lists.columns_read import MONEY
from segment_lib.lists.order_ids import with_order_ids
from segment_lib.lists.tables import ListRows
from segment_lib.lists.values import GUEST, IGNORED, Told
from segment_lib.settings import Client

_TYPES = {
    **{"text": pa.string(), "code": pa.string(), "date": pa.date32(), "money": MONEY},
    **{"integer": pa.int64(), "number": pa.float64(), "yes_no": pa.bool_()},
}
# Rows come out in this order; the remaining columns settle what is left.
_SORT_FIRST = ("customer_id", "ordered_on", "adjusted_on", "order_id")


def table_schema(client: Client, table: str) -> pa.Schema:
    """Names and types of a register table; customers carry the client's attributes as well."""
    fields = [(column, _TYPES[REGISTER_COLUMNS[column].kind]) for column in TABLES[table]]
    if table == "customers":
        for name in attribute_names(client):
            stated = client.attributes.get(name)
            fields.append((name, _TYPES[stated.kind if stated else "text"]))
    return pa.schema(fields)


def attribute_names(client: Client) -> list[str]:
    """Columns of the customer lists beyond the standard ones, in the order of client.toml."""
    names = [
        name
        for list_name, section in client.lists.items()
        if client.table_of(list_name) == "customers"
        for name in (*section.headers, *section.always)
    ]
    return [name for name in dict.fromkeys(names) if name not in TABLES["customers"]]


def assemble(
    client: Client, lists: Sequence[ListRows]
) -> tuple[dict[str, pa.Table], list[ListRows]]:
    """The tables that exist, sorted, and the lists with what was folded on the way."""
    lists = [with_order_ids(client, one) for one in lists]
    lists = _fold_orders_in_lines(lists)
    lists, people = _fold_customers(lists)
    tables = {table: _together(client, lists, table) for table in _given(lists)}
    tables |= _order_tables(client, lists)
    tables["customers"] = _everybody(client, people, lists)
    return {name: _sorted(tables[name]) for name in TABLES if name in tables}, list(lists)


def _given(lists: Sequence[ListRows]) -> list[str]:
    made_here = ("customers", "orders", "order_lines", "adjustments")
    return [table for table in {one.table: None for one in lists} if table not in made_here]


def _kept(lists: Iterable[ListRows], table: str, goes_to: str = "") -> pd.DataFrame:
    """The kept rows of the lists of one table, optionally only those that go to another."""
    rows = [
        one.rows[(one.rows["_fate"] == "kept") & (one.rows["_goes_to"] == (goes_to or table))]
        for one in lists
        if one.table == table
    ]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()


def _together(client: Client, lists: Sequence[ListRows], table: str) -> pa.Table:
    return to_arrow(_kept(lists, table), table_schema(client, table))


def to_arrow(rows: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """Rows as an Arrow table of exactly this schema; a column that is not there is empty."""
    arrays = [
        pa.array(rows[field.name]).cast(field.type)
        if field.name in rows
        else pa.nulls(len(rows), field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _fold_orders_in_lines(lists: Sequence[ListRows]) -> list[ListRows]:
    in_lines = _kept(lists, "order_lines"), _kept(lists, "order_lines", "adjustments")
    lines = pd.concat(in_lines, ignore_index=True)
    if lines.empty:
        return list(lists)
    keys = pd.MultiIndex.from_frame(lines[["customer_id", "order_id"]].drop_duplicates())
    return [_folded_into(one, keys) if one.table == "orders" else one for one in lists]


def _folded_into(one: ListRows, keys: pd.MultiIndex) -> ListRows:
    own = pd.MultiIndex.from_frame(one.rows[["customer_id", "order_id"]])
    again = own.isin(keys) & (one.rows["_fate"] == "kept") & one.rows["order_id"].notna()
    if not again.any():
        return one
    count = int(again.sum())
    en = f"{count} order(s) stand in the order lines too and were folded into them"
    ja = f"明細にもある注文 {count} 件は明細にまとめた"
    rows = one.rows.assign(_fate=one.rows["_fate"].mask(again, "folded"))
    return ListRows(one.name, one.table, rows, (*one.notes, Told(en, ja)))


def _fold_customers(lists: Sequence[ListRows]) -> tuple[list[ListRows], pd.DataFrame]:
    """One row per customer: a later row wins where it says something, the first one is `kept`.

    A further list about the same people (a survey beside the address list) is no repetition: its
    rows are folded only if an earlier list has all its columns.
    """
    found, seen, columns = list(lists), pd.Series(dtype="str"), set[str]()
    for place, one in enumerate(lists):
        if one.table == "customers":
            rows = one.rows[one.rows["_fate"] == "kept"]
            ids = rows["customer_id"].astype("str")
            again = ids.duplicated()
            if set(_said(rows)) <= columns:
                again |= ids.isin(seen)
            found[place] = _with_folded_customers(one, rows, again)
            seen, columns = pd.concat([seen, ids]), columns | set(_said(rows))
    parts = [
        one.rows[one.rows["_fate"] != "set aside"] for one in found if one.table == "customers"
    ]
    if not parts:
        return found, pd.DataFrame()
    everything = pd.concat(parts, ignore_index=True)
    # A customer merged into another speaks first, so that the one who stays has the last word.
    in_order = everything.sort_values("_own_row", kind="stable")
    return found, in_order.groupby("customer_id", sort=False).last().reset_index()


def _said(rows: pd.DataFrame) -> list[str]:
    return [str(column) for column in rows if not str(column).startswith("_")]


def _with_folded_customers(one: ListRows, rows: pd.DataFrame, again: pd.Series) -> ListRows:
    if not again.any():
        return one
    same = rows.loc[rows["customer_id"].isin(rows.loc[again, "customer_id"]), _said(rows)]
    differing = int((same.groupby("customer_id").nunique() > 1).any(axis=1).sum())
    count = int(again.sum())
    en = f"{count} row(s) of a customer listed before were folded"
    ja = f"同じお客様の行 {count} 件を1件にまとめた"
    if differing:
        en += f"; {differing} of these customers differ between rows, the later row was taken"
        ja += f"（うち {differing} 名は内容が異なり、後の行を採用）"
    fate = one.rows["_fate"].mask(again.reindex(one.rows.index, fill_value=False), "folded")
    return ListRows(one.name, one.table, one.rows.assign(_fate=fate), (*one.notes, Told(en, ja)))


def _order_tables(client: Client, lists: Sequence[ListRows]) -> dict[str, pa.Table]:
    lines, own = _kept(lists, "order_lines"), _kept(lists, "orders")
    tables = {}
    if not lines.empty:
        tables["order_lines"] = to_arrow(lines, table_schema(client, "order_lines"))
    if not (lines.empty and own.empty):
        orders = [_one_per_order(client, rows) for rows in (lines, own) if not rows.empty]
        tables["orders"] = pa.concat_tables(orders)
    adjustments = _adjustments(lists)
    if not adjustments.empty:
        tables["adjustments"] = to_arrow(adjustments, table_schema(client, "adjustments"))
    return tables


def _one_per_order(client: Client, rows: pd.DataFrame) -> pa.Table:
    schema = table_schema(client, "orders")
    if "lines" not in rows:
        rows = rows.assign(lines=1)
    known_only = pc.ScalarAggregateOptions(min_count=1)
    orders = (
        to_arrow(rows, schema)
        .group_by(["order_id", "customer_id"], use_threads=False)
        .aggregate(
            [
                ("ordered_on", "min"),
                ("amount", "sum"),
                ("lines", "sum"),
                ("campaign", "min"),
                ("margin", "sum", known_only),
            ]
        )
    )
    names = [name.removesuffix("_min").removesuffix("_sum") for name in orders.column_names]
    return orders.rename_columns(names).select(schema.names).cast(schema)


def _adjustments(lists: Sequence[ListRows]) -> pd.DataFrame:
    """Returns, cancellations and corrections: each with its own date, the amount below zero."""
    parts = [_kept(lists, table, "adjustments") for table in ("orders", "order_lines")]
    parts += [_kept(lists, "adjustments")]
    parts += [_cancelled_later(_kept(lists, table)) for table in ("orders", "order_lines")]
    parts = [part for part in parts if not part.empty]
    if not parts:
        return pd.DataFrame()
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(amount=-rows["amount"].abs())


def _cancelled_later(rows: pd.DataFrame) -> pd.DataFrame:
    """An order with the day of its cancellation stays an order until that day."""
    if "cancelled_on" not in rows:
        return pd.DataFrame()
    later = rows[rows["cancelled_on"].notna()]
    return later.assign(adjusted_on=later["cancelled_on"], kind="cancellation")


def _everybody(client: Client, people: pd.DataFrame, lists: Sequence[ListRows]) -> pa.Table:
    """The customer lists, and a row for everybody who occurs in another list only."""
    seen = [
        one.rows.loc[~one.rows["_reason"].isin([GUEST.en, IGNORED.en]), "customer_id"]
        for one in lists
    ]
    ids = pd.concat(seen).dropna().drop_duplicates()
    new = ids if people.empty else ids[~ids.isin(people["customer_id"])]
    rows = pd.concat([people, new.to_frame()], ignore_index=True)
    return to_arrow(rows, table_schema(client, "customers"))


def _sorted(table: pa.Table) -> pa.Table:
    first = [name for name in _SORT_FIRST if name in table.column_names]
    rest = [name for name in table.column_names if name not in first]
    return table.sort_by([(name, "ascending") for name in (*first, *rest)]).combine_chunks()
