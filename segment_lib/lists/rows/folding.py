"""What needs a whole list, or several: rows that repeat, orders made of rows, one row per customer.

Folded rows stay in the ledger: each of them says the same as a row that was kept.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from segment_lib.columns import SALES
from segment_lib.lists.rows.gathered import Engine, GatheredList, quoted
from segment_lib.settings import Client
from segment_lib.voice import Sentence


def fold(client: Client, engine: Engine, lists: Sequence[GatheredList]) -> list[GatheredList]:
    """The lists with their repeats folded, order ids numbered, and notes that say so."""
    found = [_fold_repeats(client, engine, one) for one in lists]
    found = [_number_orders(client, engine, one) for one in found]
    found = _fold_orders_in_lines(engine, found)
    found = _fold_customers(engine, found)
    found = [_note_on_summaries(engine, one, found) for one in found]
    return _note_on_strangers(engine, found)


def _fold_repeats(client: Client, engine: Engine, one: GatheredList) -> GatheredList:
    """Rows that repeat a kept row cell by cell: counted; folded only if client.toml says so."""
    if one.table == "customers":
        return one
    cells = np.sort(engine.column(f"select _cells from {one.part} where _fate = 'kept'"))
    twice = np.unique(cells[1:][cells[1:] == cells[:-1]])
    if not len(twice):
        return one
    engine.run("create or replace temp table twice as select unnest(?::ubigint[]) as _cells", twice)
    engine.run(
        f"""create or replace temp table again as select _row from (
            select _row, row_number() over (
                partition by _cells, customer_id, _money order by _row) as n
            from {one.part} where _fate = 'kept' and _cells in (select _cells from twice)
        ) where n > 1"""
    )
    count = engine.one("select count(*) from again")
    if not count:
        return one
    if client.lists[one.name].duplicates == "fold":
        _set_folded(engine, one)
        return one.with_notes(
            Sentence(
                "{count} row(s) repeat another one in every cell and were folded into it",
                count=count,
            )
        )
    if one.table in SALES:
        note = Sentence(
            "{count} row(s) repeat another one in every cell and were kept: two equal "
            'orders can be real. To fold them: duplicates = "fold"',
            count=count,
        )
    else:
        note = Sentence(
            "{count} row(s) repeat another one in every cell and were kept: two equal "
            'rows can be real. To fold them: duplicates = "fold"',
            count=count,
        )
    return one.with_notes(note)


def _set_folded(engine: Engine, one: GatheredList) -> None:
    engine.run(f"update {one.part} set _fate = 'folded' where _row in (select _row from again)")


def _number_orders(client: Client, engine: Engine, one: GatheredList) -> GatheredList:
    """Rows without an order id: one customer and day are one order, unless each row is said to be.

    Rows are numbered by amount, so that the order of the rows in the file decides nothing.
    """
    if one.table not in SALES:
        return one
    made = f"_made_id and _fate = 'kept' and _goes_to = '{one.table}'"
    count = engine.one(f"select count(*) from {one.part} where {made}")
    if not count:
        return one
    if not client.lists[one.name].one_row_is_one_order:
        return one.with_notes(
            Sentence(
                "{count} row(s) without an order id: one customer, one day is one order",
                count=count,
            )
        )
    engine.run(
        f"""update {one.part} set order_id = numbered.id || '#' || numbered.n from (
            select _row as place, order_id as id,
                row_number() over (partition by order_id order by amount, _row) as n
            from {one.part} where {made}
        ) as numbered where _row = numbered.place and numbered.n > 1"""
    )
    return one.with_notes(
        Sentence(
            "{count} row(s) without an order id: each row is one order, as client.toml says",
            count=count,
        )
    )


def _fold_orders_in_lines(engine: Engine, lists: Sequence[GatheredList]) -> list[GatheredList]:
    lines = [one.part for one in lists if one.table == "order_lines"]
    if not lines or not any(one.table == "orders" for one in lists):
        return list(lists)
    keys = " union ".join(
        f"select customer_id, order_id from {part} where _fate = 'kept'" for part in lines
    )
    return [_folded_into(engine, one, keys) if one.table == "orders" else one for one in lists]


def _folded_into(engine: Engine, one: GatheredList, keys: str) -> GatheredList:
    engine.run(
        f"""create or replace temp table again as select _row from {one.part}
        where _fate = 'kept' and order_id is not null and (customer_id, order_id) in ({keys})"""
    )
    count = engine.one("select count(*) from again")
    if not count:
        return one
    _set_folded(engine, one)
    return one.with_notes(
        Sentence(
            "{count} order(s) stand in the order lines too and were folded into them", count=count
        )
    )


def _fold_customers(engine: Engine, lists: Sequence[GatheredList]) -> list[GatheredList]:
    """One row per customer: a later row wins where it says something, the first one is `kept`.

    A further list about the same people (a survey beside the address list) is no repetition: its
    rows are folded only if the earlier lists have all its columns.
    """
    found: list[GatheredList] = []
    earlier: list[GatheredList] = []
    for one in lists:
        if one.table == "customers":
            known = {column for before in earlier for column in before.columns}
            repeats = [before.part for before in earlier] if set(one.columns) <= known else []
            earlier.append(one)
            one = _with_folded_customers(engine, one, repeats)
        found.append(one)
    return found


def _with_folded_customers(
    engine: Engine, one: GatheredList, earlier: Sequence[str]
) -> GatheredList:
    seen = " union all ".join(f"select customer_id from {part}" for part in earlier)
    also = f"or customer_id in ({seen})" if earlier else ""
    engine.run(
        f"""create or replace temp table again as select _row, customer_id from (
            select _row, customer_id,
                row_number() over (partition by customer_id order by _row) as n
            from {one.part} where _fate = 'kept'
        ) where n > 1 {also}"""
    )
    count = engine.one("select count(*) from again")
    if not count:
        return one
    differs = " or ".join(f"count(distinct {quoted(column)}) > 1" for column in one.columns)
    differing = engine.one(
        f"""select count(*) from (select customer_id from {one.part}
        where _fate = 'kept' and customer_id in (select customer_id from again)
        group by customer_id having {differs})"""
    )
    _set_folded(engine, one)
    if not differing:
        note = Sentence("{rows} row(s) of a customer listed before were folded", rows=count)
    else:
        note = Sentence(
            "{rows} row(s) of a customer listed before were folded; {differing} of these customers "
            "differ between rows, the later row was taken",
            rows=count,
            differing=differing,
        )
    return one.with_notes(note)


def _note_on_summaries(
    engine: Engine, one: GatheredList, lists: Sequence[GatheredList]
) -> GatheredList:
    """What a list that is already summed up has to do with the other rows of the same people."""
    if one.table != "summaries":
        return one
    people = f"select customer_id from {one.part} where _fate = 'kept'"
    several = engine.one(
        f"select count(*) from ({people} group by customer_id having count(*) > 1)"
    )
    if several:
        one = one.with_notes(
            Sentence(
                "{several} customer(s) have several summaries; these are added up", several=several
            )
        )
    if not any(other.table in SALES for other in lists):
        return one
    orders = " union all ".join(
        f"select customer_id from {other.part} where _fate = 'kept' and _goes_to = '{other.table}'"
        for other in lists
        if other.table in SALES
    )
    both = engine.one(f"select count(*) from ({people} intersect (select * from ({orders})))")
    return one.with_notes(
        Sentence("the orders count, not the summaries; {both} customer(s) stand in both", both=both)
    )


def _note_on_strangers(engine: Engine, lists: Sequence[GatheredList]) -> list[GatheredList]:
    """A list whose customers stand in no other list: another business, or ids written otherwise."""
    ids = " union all ".join(
        f"select distinct {number} as list, customer_id from {one.part} "
        "where _fate <> 'set aside' and customer_id is not null"
        for number, one in enumerate(lists)
    )
    counts = engine.rows(
        f"""select list, count(*), bool_or(lists > 1) from (
            select list, count(*) over (partition by customer_id) as lists from ({ids})
        ) group by list"""
    )
    strange = {number: count for number, count, known in counts if not known}
    if len(counts) < 2:
        return list(lists)
    return [
        one.with_notes(
            Sentence(
                "none of its {count} customer(s) stands in another list: are the ids written "
                "alike everywhere (zeros in front, letters)?",
                count=strange[number],
            )
        )
        if number in strange
        else one
        for number, one in enumerate(lists)
    ]
