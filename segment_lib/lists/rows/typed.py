"""Raw rows to the typed rows of their table, each accounted for.

Everything that is a fact about a whole column is known before (`asked.py`), so that rows may be
read some at a time; what needs whole lists of typed rows (repeats, orders in lines, the same
customer in several rows) is done in the engine when all are there (`folding.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.columns import ORDER_LIKE, REQUIRED, SALES
from segment_lib.lists.cells.amounts import currency_sign
from segment_lib.lists.cells.values import Parsed
from segment_lib.lists.cells.vectors import MONEY, added_up, price_times_quantity, repeated, times
from segment_lib.lists.rows.asked import Asked
from segment_lib.lists.rows.fates import Fates, decide
from segment_lib.lists.rows.merges import apply_merges
from segment_lib.lists.rows.shapes import POSITION
from segment_lib.lists.rows.tax import on_one_basis


class TypedRows(NamedTuple):
    """Some rows of a list: the columns of its table, and what accounts for each.

    `_kept`, `_taken_back`, `_visit` and `_money` say what becomes of a row (`fates.py`), `_made_id`
    whether its order id was made here, `_cancelled` whether its order was taken back as a whole,
    `_own_row` whether its customer was not merged into another. `aside` has `_row`, `_column`,
    `_reason` and `_money` of each row that was set aside; `unread` one row (`column`, `_row`) per
    value of an optional column that could not be read; `merged` the ids that were merged.
    """

    rows: pa.Table
    aside: pa.Table
    unread: pa.Table
    merged: frozenset[str]


def raw_rows(asked: Asked) -> str:
    """The query for what reading the rows needs, in their order.

    `_cells` is a fingerprint of the row as it stands in the file; a list of customers needs none.
    """
    raw = asked.raw
    made = [raw.cell(POSITION)] if POSITION in raw.columns else []
    needed = sorted({*asked.where.values(), *made})
    cells = [f"hash({', '.join(raw.cells)}) as _cells"] if asked.table != "customers" else []
    return f"select {', '.join(['_row', *cells, *needed])} from {raw.name}"


def read_rows(asked: Asked, merges: Mapping[str, str], batch: pa.RecordBatch) -> TypedRows:
    """Read every mapped column of some raw rows and account for every row."""
    cells = dict(zip(batch.schema.names, batch.columns, strict=True))
    parsed = _parsed(asked, cells, len(batch))
    fates = decide(asked, parsed, cells)
    values = _values(asked, parsed, fates, merges)
    book = {
        "_kept": fates.kept,
        "_taken_back": fates.taken_back,
        "_visit": fates.visit,
        "_money": fates.money,
    }
    place = {name: cells[name] for name in ("_row", "_cells") if name in cells}
    given = parsed["customer_id"].values
    merged = set(pc.unique(given).to_pylist()) & set(merges) if merges else set()
    return TypedRows(
        pa.table(values | book | place),
        _aside(fates, cells["_row"]),
        _unread(asked, parsed, fates, cells["_row"]),
        frozenset(merged),
    )


def _parsed(asked: Asked, cells: Mapping[str, pa.Array], rows: int) -> dict[str, Parsed]:
    always = asked.client.lists[asked.list_name].always
    texts = {column: cells[asked.where[column]] for column in asked.headers}
    texts |= {column: repeated(word, rows) for column, word in always.items()}
    parsed = {column: asked.readers[column](own) for column, own in texts.items()}
    for column, several in asked.sums.items():
        parts = (cells[asked.where[f"{column}+{place}"]] for place in range(len(several)))
        parsed[column] = added_up([asked.readers[column](part) for part in parts])
    if asked.table in ORDER_LIKE and "amount" not in parsed:
        parsed["amount"] = price_times_quantity(parsed["unit_price"], parsed["quantity"])
    if asked.rates and asked.money in parsed:
        parsed[asked.money] = _in_our_currency(asked, parsed[asked.money], cells)
    if asked.converts and asked.money in parsed:
        parsed |= on_one_basis(asked.client, asked.list_name, parsed, asked.money)
    return parsed


def _in_our_currency(asked: Asked, money: Parsed, cells: Mapping[str, pa.Array]) -> Parsed:
    """The money of each row times the rate of its currency, named beside it or by its sign."""
    where = next(one for one in ("currency", asked.money, "unit_price") if one in asked.where)
    named = cells[asked.where[where]].dictionary_encode()
    signs = [
        currency_sign(one or "") or (one or "").strip() for one in named.dictionary.to_pylist()
    ]
    factors = pa.array([asked.rates.get(sign, Decimal(1)) for sign in signs], MONEY)
    return times(money, factors.take(named.indices))


def _values(
    asked: Asked, parsed: Mapping[str, Parsed], fates: Fates, merges: Mapping[str, str]
) -> dict[str, pa.Array]:
    """The values under the names of the table: ids merged as confirmed, orders with an id."""
    rows = len(fates.kept)
    values = {column: one.values for column, one in parsed.items()}
    if fates.order_id is not None:
        values["order_id"] = fates.order_id
    given = values["customer_id"]
    values["_own_row"] = pa.repeat(pa.scalar(True), rows)
    if merges:
        for column in {"customer_id", "referred_by"} & set(values):
            values[column] = apply_merges(values[column], merges)
        values["_own_row"] = pc.fill_null(pc.equal(values["customer_id"], given), False)
    values |= {name: pa.nulls(rows, pa.bool_()) for name in ("_made_id", "_cancelled")}
    if asked.table in SALES:
        values["_cancelled"] = fates.cancelled
        values |= _with_order_ids(values, fates)
    return values


def _with_order_ids(values: Mapping[str, pa.Array], fates: Fates) -> dict[str, pa.Array]:
    """Rows without an order id get one of customer and day: 001@2025-03-01."""
    ids = values.get("order_id", pa.nulls(len(fates.kept), pa.string()))
    stays = pc.and_not(pc.and_not(fates.kept, fates.taken_back), fates.visit)
    lacks = pc.and_(pc.is_null(ids), stays)
    if pc.any(lacks).as_py():
        day = values["ordered_on"].cast(pa.string())
        made = pc.binary_join_element_wise(values["customer_id"], day, "@")
        ids = pc.if_else(lacks, made, ids)
    return {"order_id": ids, "_made_id": lacks}


def _aside(fates: Fates, rows: pa.Array) -> pa.Table:
    """The rows that were set aside, and what about."""
    none = pa.nulls(len(rows), pa.string())
    told = {
        "_row": rows,
        "_column": none if fates.about is None else fates.about,
        "_reason": none if fates.reason is None else fates.reason,
        "_money": fates.money,
    }
    return pa.table(told).filter(pc.invert(fates.kept))


def _unread(asked: Asked, parsed: Mapping[str, Parsed], fates: Fates, rows: pa.Array) -> pa.Table:
    """The kept rows whose value in an optional column could not be read."""
    found = [pa.table({"column": pa.array([], pa.string()), "_row": pa.array([], pa.int64())})]
    for column, one in parsed.items():
        optional = column in asked.headers and column not in REQUIRED[asked.table]
        if optional and one.reason is not None:
            where = rows.filter(pc.and_(pc.is_valid(one.reason), fates.kept))
            name = pa.repeat(pa.scalar(column), len(where))
            found.append(pa.table({"column": name, "_row": where}))
    return pa.concat_tables(found)
