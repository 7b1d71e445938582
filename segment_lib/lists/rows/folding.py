"""What needs a whole list, or several: rows that repeat, orders made of rows, one row per customer.

Folded rows stay in the ledger: each of them says the same as a row that was kept.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from segment_lib.columns import SALES
from segment_lib.lists.cells.values import CANCELLED, DECLARED_NO_SALE, IGNORED
from segment_lib.lists.rows.gathered import Engine, GatheredList, quoted, text
from segment_lib.lists.rows.required import sales_of
from segment_lib.settings import Client
from segment_lib.voice import N_, Sentence


def fold(client: Client, engine: Engine, lists: Sequence[GatheredList]) -> None:
    """Fold what repeats, number the orders without an id, and note it with the lists."""
    for one in lists:
        if one.table == "deals" and "deal_id" in one.columns:
            _fold_deals(engine, one)
        if one.table == "deals" and {"won", "amount"} <= set(one.columns):
            _note_on_deals(engine, one)
        if one.table != "customers":
            _fold_repeats(client, engine, one)
        if client.lists[one.name].amount_of == "order":
            _count_totals_once(engine, one)
    for one in lists:
        if one.table in SALES:
            _number_orders(client, engine, one)
    _leave_lines_of_no_orders(engine, lists)
    _fold_orders_in_lines(engine, lists)
    _fold_customers(engine, [one for one in lists if one.table == "customers"])
    for one in lists:
        if one.table == "summaries":
            _note_on_summaries(engine, one, lists)
    _note_on_strangers(engine, lists)


def _found_again(engine: Engine, rows: str) -> int:
    """How many rows a query finds; they are the table `again`."""
    engine.run(f"create or replace temp table again as {rows}")
    return int(engine.one("select count(*) from again"))


def _fold_found(engine: Engine, one: GatheredList, rows: str, says: str, **said: object) -> None:
    """Fold the rows that a query finds, and tell how many they were."""
    if count := _found_again(engine, rows):
        _fold_again(engine, one)
        one.notes.append(Sentence(says, count=count, **said))


def _fold_again(engine: Engine, one: GatheredList) -> None:
    engine.run(f"update {one.part} set _fate = 'folded' where _row in (select _row from again)")


def _fold_repeats(client: Client, engine: Engine, one: GatheredList) -> None:
    """Rows that repeat a kept row cell by cell: counted; folded only if client.toml says so."""
    # A hash that comes twice is found by sorting far more quickly than by grouping all rows.
    cells = np.sort(engine.column(f"select _cells from {one.part} where _fate = 'kept'"))
    twice = np.unique(cells[1:][cells[1:] == cells[:-1]])
    if not len(twice):
        return
    engine.run("create or replace temp table twice as select unnest(?::ubigint[]) as _cells", twice)
    count = _found_again(
        engine,
        f"""select _row from {one.part} where _fate = 'kept' and _cells in (from twice)
        qualify row_number() over (partition by _cells, customer_id, _money order by _row) > 1""",
    )
    if not count:
        return
    if client.lists[one.name].duplicates == "fold":
        _fold_again(engine, one)
        says = Sentence(
            "{count} row(s) repeat another one in every cell and were folded into it",
            count=count,
        )
    else:
        says = Sentence(
            "{count} row(s) repeat another one in every cell and were kept: two equal "
            'rows can be real. To fold them: duplicates = "fold"',
            count=count,
        )
    one.notes.append(says)


def _fold_deals(engine: Engine, one: GatheredList) -> None:
    """A deal with several rows, one for each of its articles, is one where they say the same."""
    same = ", ".join(map(quoted, one.columns))
    known = f"{one.part} where _fate = 'kept' and deal_id is not null"
    rank = f"row_number() over (partition by {same} order by _row)"
    again = f"select _row from {known} qualify {rank} > 1"
    _fold_found(
        engine, one, again, N_("{count} further row(s) of a deal say the same of it: folded")
    )
    again = f"select deal_id from {known} group by deal_id having count(*) > 1"
    if differing := engine.one(f"select count(*) from ({again})"):
        says = Sentence(
            "{count} deal(s) have several rows that differ, and each row counts as a deal: map "
            "only what is of the whole deal",
            count=differing,
        )
        one.notes.append(says)


def _note_on_deals(engine: Engine, one: GatheredList) -> None:
    """How many deals are won and what they come to, to be laid beside one's own books."""
    deals, won, money = engine.rows(
        f"select count(*), count(*) filter (won), coalesce(sum(amount) filter (won), 0)::double "
        f"from {one.part} where _fate = 'kept'"
    )[0]
    says = Sentence(
        "{won} of {deals} deal(s) are won, {money:,.0f} together", won=won, deals=deals, money=money
    )
    one.notes.append(says)


def _count_totals_once(engine: Engine, one: GatheredList) -> None:
    """Of the total that stands in each row of an order every row has its share: by price and
    pieces, where the list has them; else the first has it all. Cents that are left are the first's.
    """
    known = {"unit_price", "quantity"} <= set(one.columns)
    weight = "coalesce(unit_price * quantity, 0)::double" if known else "0::double"
    engine.run(
        f"""create or replace temp table shares as
        with weighed as (
            select _row, order_id, _goes_to, coalesce(amount, 0) as amount,
                case when _fate = 'kept' then {weight} else 0 end as weight,
                sum(weight) over (partition by order_id, _goes_to) as whole,
                row_number() over (
                    partition by order_id, _goes_to order by _fate <> 'kept', _row
                ) as n
            from {one.part} where order_id is not null and _made_id is not true
        ), shared as (
            select *, case when n > 1 and whole <> 0
                then cast(amount * weight / whole as decimal(18,4)) else 0 end as share
            from weighed
        )
        select _row as place, case when n > 1 then share
            else amount - sum(share) over (partition by order_id, _goes_to) end as money
        from shared;
        update {one.part} set amount = money, _money = money from shares where _row = place;
        update {one.aside} set _money = money from shares where _row = place"""
    )
    rows, orders = engine.rows(
        f"select count(*), count(distinct order_id) from {one.part} where _fate = 'kept'"
    )[0]
    says = Sentence(
        "the amount is that of the whole order: counted once for each of {orders} orders, not in "
        "each of their {rows} rows",
        orders=orders,
        rows=rows,
    )
    if known:
        says = Sentence(
            "the amount is that of the whole order: shared out among its rows by price and pieces, "
            "once for each of {orders} orders ({rows} rows)",
            orders=orders,
            rows=rows,
        )
    one.notes.append(says)


def _number_orders(client: Client, engine: Engine, one: GatheredList) -> None:
    """Rows without an order id: one customer and day are one order, unless each row is said to be.

    Rows are numbered by amount, so that the order of the rows in the file decides nothing.
    """
    made = f"{one.part} where _made_id and _fate = 'kept' and _goes_to = '{one.table}'"
    count = engine.one(f"select count(*) from {made}")
    if not count:
        return
    orders = engine.one(f"select count(distinct (customer_id, order_id)) from {made}")
    says = Sentence(
        "{count} row(s) without an order id: one customer, one day is one order", count=count
    )
    if orders < count:
        says = Sentence(
            "{count} row(s) without an order id: one customer, one day is one order, which makes "
            "{orders}. If each row is an order, write one_row_is_one_order = true",
            count=count,
            orders=orders,
        )
    if client.lists[one.name].one_row_is_one_order:
        engine.run(
            f"""update {one.part} set order_id = numbered.id || '#' || numbered.n from (
                select _row as place, order_id as id,
                    row_number() over (partition by order_id order by amount, _row) as n
                from {made}
            ) as numbered where _row = numbered.place and numbered.n > 1"""
        )
        says = Sentence(
            "{count} row(s) without an order id: each row is one order, as client.toml says",
            count=count,
        )
    one.notes.append(says)


def _leave_lines_of_no_orders(engine: Engine, lists: Sequence[GatheredList]) -> None:
    """Lines of orders that a list of orders leaves out by what it says of them: no sale, cancelled.

    They are folded: what becomes of them, the row of the order has said.
    """
    reasons = ", ".join(text(one.english) for one in (CANCELLED, IGNORED, DECLARED_NO_SALE))
    for orders in (one for one in lists if one.table == "orders" and "order_id" in one.columns):
        left = (
            f"select customer_id, order_id from {orders.part} where order_id is not null "
            f"and _row in (select _row from {orders.aside} where _reason in ({reasons})) "
            f"except select customer_id, order_id from {orders.part} where _fate = 'kept'"
        )
        for lines in (one for one in lists if one.table == "order_lines"):
            _fold_found(
                engine,
                lines,
                f"select _row from {lines.part} where _fate = 'kept' "
                f"and (customer_id, order_id) in ({left})",
                N_(
                    "{count} line(s) belong to orders that [lists.{orders}] leaves out, and are "
                    "left out with them"
                ),
                orders=orders.name,
            )


def _fold_orders_in_lines(engine: Engine, lists: Sequence[GatheredList]) -> None:
    lines = [one.part for one in lists if one.table == "order_lines"]
    keys = " union ".join(
        f"select customer_id, order_id from {part} where _fate = 'kept'" for part in lines
    )
    for one in lists:
        if one.table == "orders" and keys:
            _fold_found(
                engine,
                one,
                f"select _row from {one.part} where _fate = 'kept' and order_id is not null "
                f"and (customer_id, order_id) in ({keys})",
                N_("{count} order(s) stand in the order lines too and were folded into them"),
            )


def _fold_customers(engine: Engine, lists: Sequence[GatheredList]) -> None:
    """One row per customer: a later row wins where it says something, the first one is `kept`.

    A further list about the same people (a survey beside the address list) is no repetition: its
    rows are folded only if the earlier lists have all its columns.
    """
    for number, one in enumerate(lists):
        earlier = lists[:number]
        more = set(one.columns).difference(*(before.columns for before in earlier))
        seen = " union all ".join(f"select customer_id from {before.part}" for before in earlier)
        also = f"or customer_id in ({seen})" if earlier and not more else ""
        count = _found_again(
            engine,
            f"""select _row, customer_id from {one.part} where _fate = 'kept' qualify
            row_number() over (partition by customer_id order by _row) > 1 {also}""",
        )
        if not count:
            continue
        differs = " or ".join(f"count(distinct {quoted(column)}) > 1" for column in one.columns)
        differing = engine.one(
            f"""select count(*) from (select customer_id from {one.part}
            where _fate = 'kept' and customer_id in (select customer_id from again)
            group by customer_id having {differs})"""
        )
        _fold_again(engine, one)
        says = Sentence("{rows} row(s) of a customer listed before were folded", rows=count)
        if differing:
            says = Sentence(
                "{rows} row(s) of a customer listed before were folded; {differing} of these "
                "customers differ between rows, the later row was taken",
                rows=count,
                differing=differing,
            )
        one.notes.append(says)


def _note_on_summaries(engine: Engine, one: GatheredList, lists: Sequence[GatheredList]) -> None:
    """What a list that is already summed up has to do with the other rows of the same people."""
    people = f"select customer_id from {one.part} where _fate = 'kept'"
    several = engine.one(
        f"select count(*) from ({people} group by customer_id having count(*) > 1)"
    )
    if several:
        one.notes.append(
            Sentence(
                "{several} customer(s) have several summaries; these are added up", several=several
            )
        )
    if orders := sales_of("customer_id", lists):
        both = engine.one(f"select count(*) from ({people} intersect (select * from ({orders})))")
        one.notes.append(
            Sentence(
                "the orders count, not the summaries; {both} customer(s) stand in both", both=both
            )
        )


def _note_on_strangers(engine: Engine, lists: Sequence[GatheredList]) -> None:
    """A list whose customers stand in no other list: another business, or ids written otherwise."""
    if len(lists) < 2:
        return
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
    for number, count, known in counts:
        if len(counts) > 1 and not known:
            lists[number].notes.append(
                Sentence(
                    "none of its {count} customer(s) stands in another list: are the ids written "
                    "alike everywhere (zeros in front, letters)?",
                    count=count,
                )
            )
