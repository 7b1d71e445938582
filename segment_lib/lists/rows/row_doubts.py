"""What the typed rows of all lists give reason to ask: days, ids, files, amounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from segment_lib.columns import SALES, TABLES
from segment_lib.lists.cells.values import (
    DECLARED_NO_SALE,
    GUEST,
    ZERO_AMOUNT,
    fold_word,
    missing_reason,
)
from segment_lib.lists.reading.engine import FILE_BITS, Engine, text
from segment_lib.lists.rows.doubts import Ask, Doubt, doubts_of
from segment_lib.lists.words import words
from segment_lib.settings import Client
from segment_lib.voice import N_, Sentence

if TYPE_CHECKING:
    from segment_lib.lists.rows.gathered import GatheredList

# A word for nothing under an id; "0" and 99999 may be somebody's.
_NOTHING = {fold_word(one) for one in (*words("values")["nothing"], *words("values")["nobody"])}
_NOBODY = ", ".join(text(one) for one in sorted(_NOTHING) if not any(map(str.isdigit, one)))
_EARLY = date(1990, 1, 1)
_LARGE = 10**11
_OF_ALL = 0.2  # of all money, from which one customer is worth a word
_NO_CENTS, _MOSTLY = ("¥", "円", "JPY", "₩"), 0.5
_FEW = 10
_SEVERAL = 3  # of whatever one or two may be by chance
_MANY, _ENOUGH = 5, 20
_FEW_IN_A_MONTH = 3
_LATE_DAYS = 45
_LOOK, _NEARLY = 50_000, 0.95
_SOME = 0.02  # of all rows, from which what is set aside is worth a word
_SIGNS = r"'[^\p{L}\p{N}]', '', 'g'"


def _folded(column: str) -> str:
    """An id without what people lose or add: zeros at the start, capitals, hyphens, blanks."""
    plain = f"lower(regexp_replace({column}, {_SIGNS}))"
    return f"coalesce(nullif(ltrim({plain}, '0'), ''), left({plain}, 1))"


def doubts_of_rows(client: Client, engine: Engine, lists: Sequence[GatheredList]) -> list[Doubt]:
    """What the typed rows of all lists give reason to ask, the grave ones first."""
    _lay_out(engine, lists)
    asks = [
        *_of_orders(client.as_of),
        *_cents_of_yen(client.client.currency),
        *map(_ids_for_nobody, lists),
        _equal_ids(),
        *(ask for one in lists for ask in _strangers(one)),
        *(ask for one in lists for ask in _in_two_files(one)),
        *_in_two_lists(lists),
        *(ask for one in lists for ask in _too_large(one)),
        *(ask for one in lists for ask in _totals_again(client, one)),
        *(ask for one in lists for ask in _whose_orders(one)),
        *(ask for one in lists for ask in _left_out(one)),
    ]
    found = [*_span(client.as_of, engine), *doubts_of(engine, asks)]
    return sorted(found, key=lambda doubt: not doubt.grave)


def _lay_out(engine: Engine, lists: Sequence[GatheredList]) -> None:
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
        f"""create or replace temp table sold as select day, count(*) as rows,
            count(*) filter (money > 0) as paid_rows,
            count(*) filter (money > 0 and money <> floor(money)) as cents
        from ({sold}) where day is not null group by day;
        create or replace temp table who as select * from ({" union all ".join(who)})
        where customer_id is not null"""
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


def _cents_of_yen(currency: str) -> Iterator[Ask]:
    """Amounts such as 2.99, which no list in yen holds: ¥ is what stands where nobody wrote it."""
    if currency in _NO_CENTS:
        yield Ask(
            "currency",
            f"""select percent(cents / rows) as share, currency from (
                select sum(paid_rows) as rows, sum(cents) as cents,
                {text(currency)} as currency from sold)
            where rows >= {_ENOUGH} and cents >= {_MOSTLY} * rows""",
            N_("{share} of the amounts have decimals: is {currency} right as [client] currency?"),
        )


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
    """Ids that are words for nothing: NULL, 不明, -; NA may be somebody's initials."""
    most_first = "order by rows desc, customer_id"
    return Ask(
        "nobody",
        f"""select coalesce(sum(money), 0)::double as money, sum(rows) >= {_MANY} as grave,
            string_agg(customer_id || ' ' || thousands(rows), ', ' {most_first}) as shown,
            string_agg(toml(customer_id), ', ' {most_first}) as ids
        from who where list = {text(one.name)}
            and regexp_replace(lower(customer_id), '\\s', '', 'g') in ({_NOBODY})
        having count(*) > 0""",
        N_(
            "customer ids that are words for nothing: {shown} row(s), amounts of {money:,.0f}. "
            "Write guests = [{ids}]"
        ),
        one.name,
    )


def _equal_ids() -> Ask:
    """Ids that differ in zeros at the start, case, hyphens or blanks only."""
    ways = {
        "zeros": "ltrim(customer_id, '0')",
        "case": "lower(customer_id)",
        "signs": f"regexp_replace(customer_id, {_SIGNS})",
    }
    told = ", ".join(
        f"count(distinct {plain}) < count(*) as has_{way}" for way, plain in ways.items()
    )
    line = ", ".join(f"case when bool_or(has_{way}) then toml('{way}') end" for way in ways)
    return Ask(
        "equal_ids",
        f"""with plain as (
            select customer_id, {_folded("customer_id")} as folded
            from (select distinct customer_id from who)),
        alike as (
            select list_sort(list(customer_id)) as ids, {told} from plain where folded in
                (select folded from plain group by folded having count(*) > 1) group by folded)
        select count(*) as count, count(*) >= {_SEVERAL} as grave,
            array_to_string(list(array_to_string(ids, ' = ') order by ids)[:3], '; ') as shown,
            concat_ws(', ', {line}) as line
        from alike having count(*) > 0""",
        N_(
            "{count:,} customer ids are equal but for zeros at the start, capitals, hyphens or "
            "blanks: {shown}. If these are one customer each, write [client] same_ids = [{line}]"
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
        f"select count, percent(known) as share from ({shares}) where known > 0 and known < 1",
        N_("{share} of its {count:,} customers stand in the list of the customers"),
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


def _too_large(one: GatheredList) -> Iterator[Ask]:
    """Amounts that look like codes: thirteen digits, as on a bar code."""
    if {"amount", "monetary"} & set(TABLES[one.table]):
        yield Ask(
            "too_large",
            f"select count(*) as count, max(abs(_money))::double as example, true as grave "
            f"from {one.part} where _fate = 'kept' and abs(_money) >= {_LARGE} having count > 0",
            N_(
                "{count:,} amount(s) of more than eleven digits, such as {example:,.0f}: is that "
                "money, or a code? Map another column as the amount"
            ),
            one.name,
        )


def _totals_again(client: Client, one: GatheredList) -> Iterator[Ask]:
    """An order's total that stands in each of its rows, and is counted in each.

    Tickets of one price look alike, but their amounts are few; those of whole orders are many.
    """
    if one.table not in SALES or client.lists[one.name].amount_of == "order":
        return
    orders = f"""with orders as (
        select order_id, count(*) as rows, min(_money) = max(_money) as equal,
            max(_money) as money, abs(2 * max(_money) - sum(_money)) < 0.01 as summed
        from (select order_id, _money from {one.part}
            where _fate = 'kept' and not _made_id and order_id is not null and _money > 0
            limit {_LOOK})
        group by order_id having rows > 1)"""
    yield Ask(
        "order_totals",
        f"""{orders}
        select count(*) as count, percent(count(*) filter (equal) / count(*)) as share,
            sum((rows - 1) * money) filter (equal)::double as money, true as grave
        from orders having count >= {_ENOUGH} and count(*) filter (equal) >= {_NEARLY} * count
            and count(distinct money) >= {_MOSTLY} * count""",
        N_(
            "in {share} of the {count:,} orders with several rows every row has the same amount: "
            "is that the total of the order, of which {money:,.0f} is counted again? Write "
            'amount_of = "order"'
        ),
        one.name,
    )
    yield Ask(
        "order_sums",
        f"""{orders}
        select count(*) as count, percent(count(*) filter (summed) / count(*)) as share,
            sum(money) filter (summed)::double as money, true as grave
        from orders where rows > 2
        having count >= {_ENOUGH} and count(*) filter (summed) >= {_NEARLY} * count""",
        N_(
            "in {share} of the {count:,} orders with several rows one row is the sum of the "
            "others, so that {money:,.0f} is counted twice. Leave one kind of row out with "
            "not_sales"
        ),
        one.name,
    )


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
            "{example}: is customer_id the right column?"
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


def _left_out(one: GatheredList) -> Iterator[Ask]:
    """What was set aside and may be wanted: rows without a customer, of nothing, below zero."""
    if one.table not in SALES:
        return
    nobody = text(missing_reason("customer_id").english)  # guests were declared: somebody knows
    rows = f"(select count(*) from {one.part})"
    yield Ask(
        "without_customer",
        f"""select count(*) as count, sum(_money)::double as money from {one.aside}
        where _reason = {nobody}
        having count >= greatest({_SEVERAL}, {_SOME} * {rows}) and money > 0""",
        N_(
            "{count:,} row(s), {money:,.0f} together, have no customer and count nowhere. Where "
            'another column tells who it was, as a mail does, write guests_by = "that column"'
        ),
        one.name,
    )
    yield Ask(
        "nothing_paid",
        f"""select count(*) as count, count(distinct customer_id) filter (customer_id not in
            (select customer_id from who)) as customers
        from {one.part} where _row in
            (select _row from {one.aside} where _reason = {text(ZERO_AMOUNT.english)})
        having count >= greatest({_SEVERAL}, {_SOME} * {rows}) or customers >= {_SEVERAL}""",
        N_(
            "{count:,} row(s) of nothing are set aside, and {customers:,} customer(s) have no "
            'other row. If they are orders, write zero_amounts = "keep"; if visits, "visit"'
        ),
        one.name,
    )
    yield Ask(
        "taken_back",
        f"""select _value as word, count(*) as count, sum(_money)::double as money
        from {one.aside} where _reason = {text(DECLARED_NO_SALE.english)}
        group by 1 having money < 0 order by money limit 3""",
        N_(
            "{count:,} row(s) with “{word}”, left out by not_sales, add up to {money:,.0f}: "
            "leaving them out raises the total. If they take money back, take the word out of "
            "not_sales"
        ),
        one.name,
    )


def doubts_of_books(
    client: Client, engine: Engine, lists: Sequence[GatheredList], tables: Mapping[str, Path]
) -> Iterator[Doubt]:
    """What counts up to as_of, as `order_history` counts it, to be laid beside one's own books.

    Books know money without a customer as well; `tables` are the files of the register.
    """
    if "orders" not in tables:
        return
    until = f"<= date '{client.as_of}'"
    back = "select '' as customer_id, '' as order_id, 0::decimal(18,4) as amount limit 0"
    if "adjustments" in tables and client.rules.returns == "net":
        back = f"""select customer_id, order_id, amount
            from {text(tables["adjustments"].as_posix())} where adjusted_on {until}"""
    nobody = ", ".join(text(one.english) for one in (missing_reason("customer_id"), GUEST))
    unnamed = "union all ".join(
        f"""select sum(_money) as money from {one.part} where not (_cancelled and _money > 0)
        and ordered_on {until} and _row in (
            select _row from {one.aside} where _reason in ({nobody})) """
        for one in lists
        if one.table in SALES and "ordered_on" in one.columns
    )
    orders, undone, customers, gross, returned, others = engine.rows(
        f"""with back as ({back}),
        of_order as (select customer_id, order_id, sum(amount) as change from back group by all),
        sold as (select sold.*, change is null or amount + change > 0 as stands
            from {text(tables["orders"].as_posix())} as sold
            left join of_order using (customer_id, order_id) where ordered_on {until})
        select count(*) filter (stands), count(*) filter (not stands),
            count(distinct customer_id) filter (stands), coalesce(sum(amount), 0)::double,
            coalesce((select sum(amount) from back), 0)::double,
            coalesce((select sum(money) from ({unnamed})), 0)::double
        from sold"""
    )[0]
    says = Sentence(
        "{orders:,} orders of {customers:,} customers count up to {as_of}, {money:,.0f} together.",
        orders=orders,
        customers=customers,
        as_of=client.as_of.isoformat(),
        money=gross + returned,
    )
    if returned:
        says = Sentence(
            "{says} Returns of {returned:,.0f} are taken off.", says=says, returned=-returned
        )
    if undone:
        says = Sentence("{says} {undone:,} order(s) came back whole.", says=says, undone=undone)
    if others:
        says = Sentence(
            "{says} Rows of nobody in particular hold {others:,.0f} more.", says=says, others=others
        )
    yield Doubt("books", "", Sentence("{says} Do your books say the same?", says=says))
