"""Raw rows to values: every mapped column read, each text by its own kind.

Everything that is a fact about a whole column is known before (`asked.py`), so that rows may be
read some at a time. What becomes of them is decided in the engine (`fates.py`); what needs whole
lists of typed rows (repeats, orders in lines, the same customer in several rows) comes when all are
there (`folding.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.columns import ORDER_LIKE
from segment_lib.lists.cells.amounts import currency_sign
from segment_lib.lists.cells.values import Parsed
from segment_lib.lists.cells.vectors import (
    MONEY,
    added_up,
    below_zero,
    less,
    price_times_quantity,
    times,
)
from segment_lib.lists.rows.asked import Asked
from segment_lib.lists.rows.made import POSITION, fits
from segment_lib.lists.rows.merges import apply_merges
from segment_lib.lists.rows.tax import on_one_basis


def raw_rows(asked: Asked) -> str:
    """The query for what reading the rows needs, in their order.

    `_cells` is a fingerprint of the row as it stands in the file; a list of customers needs none.
    """
    raw = asked.raw
    needed = sorted(set(asked.where.values()))
    if POSITION in raw.columns:
        needed.append(f"{raw.cell(POSITION)} as _position")
    if asked.table != "customers":
        needed.append(f"hash({', '.join(raw.cells)}) as _cells")
    return f"select {', '.join(['_row', *needed])} from {raw.name}"


def read_rows(asked: Asked, merges: Mapping[str, str], batch: pa.RecordBatch) -> pa.Table:
    """Every mapped column of some raw rows, and under its name with a "?" why it was not read.

    `_given` is the customer as the list has it, `_own_row` whether that is the one who counts;
    `_guest` whether it is nobody, `_no_sale` by which column the row is no sale.
    """
    cells = dict(zip(batch.schema.names, batch.columns, strict=True))
    parsed = _parsed(asked, cells, len(batch))
    given = parsed["customer_id"].values
    values = {column: one.values for column, one in parsed.items()}
    for column in {"customer_id", "referred_by"} & set(values):
        values[column] = apply_merges(values[column], merges)
    none = pa.nulls(len(batch), pa.string())
    values |= {f"{column}?": one.reason or none for column, one in parsed.items()}
    values |= {name: cells[name] for name in ("_row", "_cells", "_position") if name in cells}
    values |= {"_given": given, "_own_row": pc.equal(values["customer_id"], given)}
    no_sale = [
        pc.if_else(pc.is_in(cells[asked.where[name]], declared), name, none)
        for name, declared in asked.no_sales.items()
    ]
    values |= {"_no_sale": pc.coalesce(*no_sale)} if no_sale else {}
    if patterns := asked.client.lists[asked.list_name].guests:
        values["_guest"] = _fitting(given, patterns)
    return pa.table(values)


def _parsed(asked: Asked, cells: Mapping[str, pa.Array], rows: int) -> dict[str, Parsed]:
    always = asked.client.lists[asked.list_name].always
    texts = {column: cells[asked.where[column]] for column in asked.headers}
    texts |= {
        column: pa.repeat(pa.scalar(word, pa.large_string()), rows)
        for column, word in always.items()
    }
    parsed = {column: asked.readers[column](own) for column, own in texts.items()}
    for column, several in asked.sums.items():
        parts = (cells[asked.where[f"{column}+{place}"]] for place in range(len(several)))
        parsed[column] = added_up([asked.readers[column](part) for part in parts])
    if asked.table in ORDER_LIKE and "amount" not in parsed:
        parsed["amount"] = price_times_quantity(parsed["unit_price"], parsed["quantity"])
    if asked.discounts and "amount" in parsed:
        off = (f"-{header}" for header in asked.discounts)
        discounts = [asked.readers[one](cells[asked.where[one]]) for one in off]
        parsed["amount"] = less(parsed["amount"], discounts)
    for name, declared in asked.returns.items():
        gives_back = pc.is_in(cells[asked.where[name]], declared)
        parsed["amount"] = below_zero(parsed["amount"], gives_back)
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


def _fitting(ids: pa.Array, patterns: tuple[str, ...]) -> pa.Array:
    """Whether an id fits one of the patterns, each distinct one asked once."""
    known = ids.unique().drop_null().to_pylist()
    found = [one for one in known if any(fits(one, pattern) for pattern in patterns)]
    return pc.is_in(ids, pa.array(found, ids.type))
