"""What the typed rows of all lists give reason to ask: days, ids and files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from segment_lib.columns import SALES
from segment_lib.lists.cells.names import name_as_id
from segment_lib.lists.cells.values import fold_word
from segment_lib.lists.reading.engine import FILE_BITS, Engine, text
from segment_lib.lists.rows.doubts import Ask, Doubt, doubts_of
from segment_lib.lists.rows.gathered import GatheredList
from segment_lib.lists.rows.money_doubts import (
    cents_of_yen,
    left_out,
    own_total,
    too_large,
    totals_again,
    unread,
)
from segment_lib.lists.words import words
from segment_lib.settings import Client
from segment_lib.voice import N_, Sentence

# A word for nothing or nobody under an id; "0" and 99999 may be somebody's.
_NOTHING = {
    fold_word(one) for kind in ("nothing", "nobody", "guests") for one in words("values")[kind]
}
_NOBODY = ", ".join(text(one) for one in sorted(_NOTHING) if not any(map(str.isdigit, one)))
_EARLY = date(1990, 1, 1)
_OF_ALL = 0.2  # of all money, from which one customer is worth a word
_FEW = 10
_LOOK = 50_000
_SOME = 0.02  # of all orders, from which they are worth a word
_NAMED = 3
_SEVERAL = 3  # of whatever one or two may be by chance
_MANY, _ENOUGH = 5, 20
_FEW_IN_A_MONTH = 3
_LATE_DAYS = 45
_SIGNS = r"'[^\p{L}\p{N}]', '', 'g'"


def _folded(column: str) -> str:
    """An id without what people lose or add: zeros at the start, capitals, hyphens, blanks."""
    plain = f"lower(regexp_replace({column}, {_SIGNS}))"
    return f"coalesce(nullif(ltrim({plain}, '0'), ''), left({plain}, 1))"


def doubts_of_rows(client: Client, engine: Engine, lists: Sequence[GatheredList]) -> list[Doubt]:
    """What the typed rows of all lists, laid out, give reason to ask, the grave ones first."""
    with_aside = [one for one in lists if engine.rows(f"select 1 from {one.aside} limit 1")]
    asks = [
        *_of_orders(client.as_of),
        *cents_of_yen(client.client.currency),
        *map(_ids_for_nobody, lists),
        _equal_ids(client),
        *(ask for one in lists for ask in (*_strangers(one), *_in_two_files(one))),
        *_in_two_lists(lists),
        *(ask for one in lists for ask in (*too_large(one), *totals_again(client, one))),
        *(ask for one in lists for ask in (*_whose_orders(one), *own_total(one))),
        *(ask for one in with_aside for ask in unread(one)),
        *(ask for one in with_aside for ask in left_out(client, one)),
    ]
    found = [*_span(client.as_of, engine), *doubts_of(engine, asks)]
    return sorted(found, key=lambda doubt: not doubt.grave)


def lay_out(engine: Engine, lists: Sequence[GatheredList]) -> None:
    """`sold`: of every day its kept sales, how many have money, and how many of these cents; `who`:
    who stands in which list, in how many rows, with how much money, and what of it is above zero.
    """
    sold = "select null::date as day, null::decimal(18,4) as money"
    who = []
    for one in lists:
        kept = f"from {one.part} where _fate = 'kept'"
        if one.table in SALES and "ordered_on" in one.columns:
            sold += f" union all select ordered_on, _money {kept}"
        who.append(
            f"select customer_id, {text(one.name)} as list, {text(one.table)} as of_table, "
            "count(*) as rows, sum(_money) as money, count(*) filter (_money > 0) as paid_rows, "
            f"sum(_money) filter (_money > 0) as paid {kept} group by customer_id"
        )
    engine.run(
        f"""create or replace table sold as select day, count(*) as rows,
            count(*) filter (money > 0) as paid_rows,
            count(*) filter (money > 0 and money <> floor(money)) as cents
        from ({sold}) where day is not null group by day;
        create or replace table who as select * from ({" union all ".join(who)})
        where customer_id is not null"""
    )
    names = engine.column(
        r"select distinct customer_id from who where not regexp_matches(customer_id, '[0-9@]') "
        r"or regexp_matches(customer_id, '[\p{Han}\p{Hiragana}\p{Katakana}]')"
    )
    engine.run(
        "create or replace table names as select unnest(?) as customer_id, unnest(?) as plain",
        list(names),
        [name_as_id(name) for name in names],
    )


def _span(as_of: date, engine: Engine) -> Iterator[Doubt]:
    """From when to when people ordered, and how long before as_of nobody did."""
    first, last, counted = engine.rows(
        f"select min(day), max(day), max(day) filter (day <= date '{as_of}') from sold"
    )[0]
    if first is None:
        return
    says = Sentence(
        "the orders run from {first} to {last}; as_of is {as_of}",
        first=first.isoformat(),
        last=last.isoformat(),
        as_of=as_of.isoformat(),
    )
    if counted not in (None, last):
        says = Sentence(
            "the orders run from {first} to {last}, those that count to {counted}; as_of is "
            "{as_of}",
            counted=counted.isoformat(),
            **says.fields,
        )
    if counted and (days := (as_of - counted).days) > _LATE_DAYS:
        says = Sentence(
            "{says}: {days} days without an order before it. Is a file missing, or as_of too late?",
            says=says,
            days=days,
        )
    yield Doubt("span", "", says)


def _of_orders(as_of: date) -> Iterator[Ask]:
    yield Ask(
        "early_days",
        f"select sum(rows)::bigint as count, {_EARLY.year} as year from sold "
        f"where day < date '{_EARLY}' having count > 0",
        N_("{count:,} order row(s) lie before {year}"),
    )
    yield Ask(
        "late_days",
        f"select sum(rows)::bigint as count, '{as_of}' as as_of from sold "
        f"where day > date '{as_of}' having count > 0",
        N_("{count:,} order row(s) lie after as_of ({as_of}) and are counted nowhere"),
    )
    # Months in which nobody ordered, where there are orders in most. The last one that counts is
    # followed by as_of, which is no end if people ordered after it.
    yield Ask(
        "months_without",
        f"""with months as (select date_trunc('month', day) as month, sum(rows) as n,
                min(day) as first, max(day) as last
            from sold where day between date '{_EARLY}' and date '{as_of}' group by 1),
        gaps as (select last, lead(first) over following as next,
                datediff('month', month, lead(month) over following) as apart
            from (select * from months union all
                select date_trunc('month', date '{as_of}'), 0, min(day), null from sold
                where day > date '{as_of}')
            window following as (order by month, last nulls last))
        select last::varchar as last, next::varchar as next from gaps where apart > 1
            and next is not null
            and (select list(n order by n)[count(*) // 2 + 1] >= {_FEW_IN_A_MONTH}
                and 2 * count(*) > datediff('month', min(month), max(month)) from months)
        order by last""",
        N_("no order between {last} and {next}. Is a file missing?"),
    )
    yield Ask(
        "largest",
        f"""select customer_id as customer, sum(paid_rows)::bigint as rows,
            toml(customer_id) as name, percent(sum(paid) / sum(sum(paid)) over ()) as share
        from who where of_table in {SALES} and paid > 0 group by customer_id
        qualify count(*) over () >= {_FEW} and sum(paid) >= {_OF_ALL} * sum(sum(paid)) over ()
        order by sum(paid) desc limit 1""",
        N_(
            "{customer} has {share} of all money, in {rows:,} row(s). If that is nobody in "
            "particular, write guests = [{name}]"
        ),
    )


def _ids_for_nobody(one: GatheredList) -> Ask:
    """Ids that are words for nothing or nobody: NULL, 不明, guest; NA may be initials. None of them
    has a digit: they are looked for among `names`.
    """
    most_first = "order by rows desc, customer_id"
    return Ask(
        "nobody",
        f"""select coalesce(sum(money), 0)::double as money, sum(rows) >= {_MANY} as grave,
            string_agg(customer_id || ' ' || thousands(rows), ', ' {most_first}) as shown,
            string_agg(toml(customer_id), ', ' {most_first}) as ids
        from who semi join names using (customer_id) where list = {text(one.name)}
            and regexp_replace(lower(customer_id), '\\s', '', 'g') in ({_NOBODY})
        having count(*) > 0""",
        N_(
            "customer ids that stand for nobody in particular: {shown} row(s), amounts of "
            "{money:,.0f}. Write guests = [{ids}]"
        ),
        one.name,
    )


def _equal_ids(client: Client) -> Ask:
    """Ids that differ in zeros at the start, case, hyphens or blanks only; names also in legal form
    and title.
    """
    ways = {
        "zeros": "ltrim({}, '0')",
        "case": "lower({})",
        "signs": f"regexp_replace({{}}, {_SIGNS})".replace("{N}", "{{N}}").replace("{L}", "{{L}}"),
    }

    def without(*taken: str) -> str:
        plain = "customer_id"
        for way in taken:
            plain = ways[way].format(plain)
        return f"count(distinct {plain})"

    # A way is needed that makes ids one by itself, or without which the others do not: B2, b-2.
    told = ", ".join(
        f"{without(way)} < count(*) or {without(*(set(ways) - {way}))} > 1 as has_{way}"
        for way in ways
    )
    told += ", count(distinct plain) < count(*) as has_names"
    line = ", ".join(f"case when bool_or(has_{way}) then toml('{way}') end" for way in ways)
    line = f"case when bool_or(has_names) then toml('names') else concat_ws(', ', {line}) end"
    said = ", ".join(f'"{way}"' for way in client.client.same_ids)  # what is pasted takes none out
    line = f"concat_ws(', ', nullif({text(said)}, ''), {line})"
    return Ask(
        "equal_ids",
        f"""with plain as (
            select customer_id, coalesce(plain, customer_id) as plain,
                coalesce(plain, {_folded("customer_id")}) as folded
            from (select distinct customer_id from who) left join names using (customer_id)),
        alike as (
            select list_sort(list(customer_id)) as ids, {told} from plain where folded in
                (select folded from plain group by folded having count(*) > 1) group by folded)
        select count(*) as count, count(*) >= {_SEVERAL} as grave,
            array_to_string(list(array_to_string(ids, ' = ') order by ids)[:3], '; ') as shown,
            {line} as line
        from alike having count(*) > 0""",
        N_(
            "customer ids that differ only in zeros at the start, capitals, hyphens, blanks, legal "
            "forms or titles, {count:,} in all: {shown}. If these are one customer each, write "
            "[client] same_ids = [{line}]"
        ),
    )


def _strangers(one: GatheredList) -> Iterator[Ask]:
    """Which share of the ids of a list stand in the customers' own list; none at all is grave."""
    if one.table == "customers":
        return
    own = "(select customer_id from who where of_table = 'customers')"
    shares = (
        f"select count(*) as count, count(*) filter (customer_id in {own}) / count(*) as known "
        f"from who where list = {text(one.name)} and exists {own} having count >= {_FEW}"
    )
    yield Ask(
        "strangers",
        f"""select count, percent(known) as share, array_to_string(strange, ', ') as shown
        from ({shares}), (
            select list(customer_id order by rows desc, customer_id)[:{_NAMED}] as strange
            from who where list = {text(one.name)} and customer_id not in {own})
        where known > 0 and known < 1""",
        N_(
            "{share} of its {count:,} customers stand in the list of the customers; not, for "
            "example, {shown}"
        ),
        one.name,
    )
    yield Ask(
        "strangers",
        f"select count, count >= {_ENOUGH} as grave from ({shares}) where known = 0",
        N_(
            "not one of its {count:,} customers stands in the list of the customers: are these "
            "other ids?"
        ),
        one.name,
    )


def _in_two_files(one: GatheredList) -> Iterator[Ask]:
    """Orders whose number stands in two files: a month exported twice.

    The lines of one order may lie in two files, so that one or two say nothing.
    """
    if one.table not in SALES or len(one.files_in_order) < 2 or "order_id" not in one.columns:
        return
    files = f"([{', '.join(map(text, one.files_in_order))}])"
    yield Ask(
        "two_files",
        f"""with orders as (select order_id, customer_id, _row >> {FILE_BITS} as file,
                sum(_money) as money
            from {one.part} where _fate = 'kept' and not _made_id and order_id is not null
            group by all)
        select count(*) as count, sum(b.money)::double as money, true as grave,
            {files}[a.file + 1] as first, {files}[b.file + 1] as second, toml(second) as name
        from orders a join orders b
            on a.order_id = b.order_id and a.customer_id = b.customer_id and a.file < b.file
        group by a.file, b.file having count >= {_SEVERAL}
        order by count desc, a.file, b.file limit 1""",
        N_(
            "{count:,} order numbers stand in {first} and in {second}, so that {money:,.0f} is "
            "counted twice. Which one counts? Write counts = [{name}], or take the other out of "
            "files"
        ),
        one.name,
    )


def _in_two_lists(lists: Sequence[GatheredList]) -> list[Ask]:
    """Orders of one customer and day whose number stands in two lists: joined once more, or
    exported twice under other headers. Orders that stand in the order lines too were folded before.
    """
    sold = [one for one in lists if one.table in SALES and "order_id" in one.columns]
    if len(sold) < 2:
        return []
    orders = " union all ".join(
        f"select {place} as place, {text(one.name)} as list, customer_id, order_id, ordered_on, "
        f"sum(_money) as money from {one.part} "
        "where _fate = 'kept' and not _made_id and order_id is not null group by all"
        for place, one in enumerate(sold)
    )
    return [
        Ask(
            "two_lists",
            f"""with orders as (select *, {_folded("order_id")} as number,
                    {_folded("customer_id")} as who from ({orders}))
            select a.list as first, b.list as second, count(*) as count, true as grave,
                sum(least(a.money, b.money))::double as money,
                min(a.order_id || ' = ' || b.order_id) as example
            from orders a join orders b on a.number = b.number and a.who = b.who
                and a.ordered_on = b.ordered_on and a.place < b.place
            group by a.list, b.list having count >= {_SEVERAL}
            order by count desc, first, second""",
            N_(
                "{count:,} orders stand in [lists.{first}] and in [lists.{second}], for example "
                "{example}, so that {money:,.0f} is counted twice. Take one of the two sections out"
            ),
        )
    ]


def _whose_orders(one: GatheredList) -> Iterator[Ask]:
    """Orders of several customers, or a customer for each order: is another column the customer?"""
    if one.table not in SALES or "order_id" not in one.columns:
        return
    own = f"""(select order_id, customer_id from {one.part}
        where _fate = 'kept' and not _made_id and order_id is not null limit {_LOOK})"""
    yield Ask(
        "order_customers",
        f"""select count(*) as orders, count(*) filter (who > 1) as count,
            min(order_id) filter (who > 1) as example
        from (select order_id, count(distinct customer_id) as who from {own} group by 1)
        having count >= {_SEVERAL} and count >= {_SOME} * orders""",
        N_(
            "{count:,} of {orders:,} order numbers stand beside several customers, for example "
            "{example}: is customer_id the right column? Or do the numbers begin anew, in each "
            "year or series? Then write order_id_from"
        ),
        one.name,
    )
    yield Ask(
        "order_days",
        f"""select count(*) as orders, count(*) filter (span > {_LATE_DAYS}) as count,
            min(order_id) filter (span > {_LATE_DAYS}) as example, {_LATE_DAYS} as days
        from (select order_id, max(ordered_on) - min(ordered_on) as span
            from (select customer_id, order_id, ordered_on from {one.part} where _fate = 'kept'
                and not _made_id and _money >= 0 and order_id is not null limit {_LOOK})
            group by customer_id, order_id)
        having count >= {_SEVERAL} and count >= {_SOME} * orders""",
        N_(
            "{count:,} of {orders:,} orders have rows more than {days} days apart, for example "
            "{example}, and each counts once: was it paid in parts, or do the numbers begin anew, "
            "in each year or series? Then write order_id_from"
        ),
        one.name,
    )
    yield Ask(
        "ordered_once",
        f"""select count(distinct customer_id) as count from {own}
        having count >= {_ENOUGH} and count = count(distinct order_id) and count(*) < {_LOOK}""",
        N_(
            "each of the {count:,} customers has one order only: is customer_id the number of the "
            "row, or of the order?"
        ),
        one.name,
    )
