"""What the money of all lists gives reason to ask: totals counted twice, what was set aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from segment_lib.columns import SALES, TABLES
from segment_lib.lists.cells.amounts import YEN
from segment_lib.lists.cells.values import (
    CANCELLED,
    DECLARED_NO_SALE,
    GUEST,
    UNREADABLE_AMOUNT,
    UNREADABLE_DATE,
    ZERO_AMOUNT,
    missing_reason,
)
from segment_lib.lists.reading.engine import Engine, text
from segment_lib.lists.rows.doubts import Ask, Doubt
from segment_lib.lists.rows.gathered import GatheredList
from segment_lib.settings import Client
from segment_lib.voice import N_, Sentence

_LARGE = 10**11
_NO_CENTS, _MOSTLY = (*YEN, "₩"), 0.5
_SEVERAL, _ENOUGH = 3, 20
_ALIKE = 6  # orders, where all of them are so
_LOOK, _NEARLY = 50_000, 0.95
# Where no sale is known, these tell what customers did, each on its day.
_EVENTS = {"contacts": "contacted_on", "usage": "used_on", "deals": "opened_on"}
_COUNTED = {
    "contacts": N_("Up to {as_of} {count:,} contact(s) of {customers:,} customers count."),
    "usage": N_("Up to {as_of} {count:,} use(s) of {customers:,} customers count."),
    "deals": N_("Up to {as_of} {count:,} deal(s) of {customers:,} customers count."),
}
_UNREAD = (
    (
        "unread_amounts",
        UNREADABLE_AMOUNT,
        N_(
            "{share} of the rows, {count:,}, are set aside as their amount does not read, such as "
            "“{example}”. Is that money, or a word for nothing (missing)?"
        ),
    ),
    (
        "unread_days",
        UNREADABLE_DATE,
        N_(
            "{share} of the rows, {count:,}, are set aside as their day does not read, such as "
            "“{example}”. How is it written (dates; without a year, months_from)?"
        ),
    ),
)
# Of all rows, from which what does not read stops the register; fewer rows one looks through.
_MANY, _A_LIST = 0.1, 50
_NO_CUSTOMER = N_(
    "{count:,} row(s), {money:,.0f} together, have no customer and count nowhere. Where another "
    'column tells who it was, as a mail does, write guests_by = "that column"'
)
_NO_CUSTOMER_ABOVE = N_(
    "{count:,} row(s), {money:,.0f} together, have no customer and count nowhere. Where another "
    'column tells who it was, as a mail does, write guests_by = "that column"; where it is that of '
    'the row above, as_above = [["{header}"]]'
)
_NO_DAY = N_(
    "{count:,} row(s), {money:,.0f} together, have no day and count nowhere. If each day is "
    'written once, above its rows, add it to as_above: as_above = [["{header}"]]; if they are '
    "orders that never came about, nothing is to be done"
)
# Who took the rows above for a year's total would count the year twice.
_PERHAPS_TOTALS = N_(
    "{count:,} row(s), {money:,.0f} together, have no customer and count nowhere. That is more "
    "than half of all that counts: totals, it seems. If they are sales, another column must tell "
    "who it was (guests_by)"
)
_SOME = 0.02  # of all rows, from which what is set aside is worth a word


def cents_of_yen(currency: str) -> Iterator[Ask]:
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


def too_large(one: GatheredList) -> Iterator[Ask]:
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


def totals_again(client: Client, one: GatheredList) -> Iterator[Ask]:
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
        from orders having count(distinct money) >= {_MOSTLY} * count and count >= {_ALIKE}
            and count(*) filter (equal) >= if(count < {_ENOUGH}, 1, {_NEARLY}) * count""",
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


def own_total(one: GatheredList) -> Iterator[Ask]:
    """What the list itself adds up in its last row, beside what of its rows counts."""
    header = one.headers.get("amount", "")
    if one.table not in (*SALES, "deals") or not header or not one.own_totals:
        return
    money = "amount" if one.table == "deals" else "_money"
    won = "and won" if one.table == "deals" and "won" in one.columns else ""
    ours = f"""select {text(header)} as header, coalesce(sum({money}), 0)::double as ours
        from {one.part} where _fate = 'kept' {won}"""
    own = one.own_totals.get(header)
    if own is None:
        others = ", ".join(f"{header} {total:,.0f}" for header, total in one.own_totals.items())
        yield Ask(
            "own_total",
            f"select *, {text(others)} as others from ({ours})",
            N_(
                "the list adds up {others} in its last row, and nothing under {header}, of which "
                "{ours:,.0f} counts: is it the right column?"
            ),
            one.name,
        )
        return
    rows = f"select *, {own}::double as own from ({ours})"
    yield Ask(
        "own_total",
        f"from ({rows}) where abs(own - ours) < 1",
        N_("the list's own total under {header} is what of its rows counts: {own:,.0f}"),
        one.name,
    )
    yield Ask(
        "own_total",
        f"from ({rows}) where abs(own - ours) >= 1",
        N_(
            "the list's own total under {header} is {own:,.0f}; of its rows {ours:,.0f} counts. "
            "Can you say what makes the difference?"
        ),
        one.name,
    )


def unread(one: GatheredList) -> Iterator[Ask]:
    """Rows that are set aside as an amount or a day does not read: a few, told; many stop."""
    for name, reason, says in _UNREAD:
        yield Ask(
            name,
            f"""with unread as (
                select _value from {one.aside} where _reason = {text(reason.english)})
            select count(*) as count, percent(count(*) / rows) as share, mode(_value) as example,
                count(*) >= {_MANY} * rows and rows >= {_A_LIST} as grave
            from unread, (select count(*) as rows from {one.part})
            group by rows having count(*) >= greatest({_SEVERAL}, {_SOME} * rows)""",
            says,
            one.name,
        )


def left_out(client: Client, one: GatheredList) -> Iterator[Ask]:
    """What was set aside and may be wanted: rows without a customer, of nothing, below zero."""
    if one.table not in SALES:
        return
    yield from _without_customer(one)
    no_day = text(missing_reason("ordered_on").english)
    rows = _set_aside(one, no_day, "ordered_on")
    yield Ask("without_day", f"{rows} and money > 0 and header <> ''", _NO_DAY, one.name)
    each = client.lists[one.name].one_row_is_one_order
    day = "" if each or "ordered_on" not in one.columns else "customer_id || '@' || ordered_on, "
    yield Ask(
        "nothing_paid",
        f"""with unpaid as (select coalesce(order_id, {day}_row::varchar) as order_id, customer_id
            from {one.part} where _row in
                (select _row from {one.aside} where _reason = {text(ZERO_AMOUNT.english)})),
            paid as (select order_id from {one.part} where _fate = 'kept'
                and order_id in (select order_id from unpaid))
        select count(*) as count,
            count(distinct order_id) filter (order_id not in (from paid)) as orders,
            count(distinct customer_id) filter (customer_id not in
                (select customer_id from who where of_table <> 'customers')) as customers
        from unpaid having orders > 0""",
        N_(
            "{count:,} row(s) without money are set aside, with them {orders:,} whole order(s) and "
            "{customers:,} customer(s) who have no other. If they are orders, write zero_amounts = "
            '"keep"; if visits, "visit"'
        ),
        one.name,
    )
    yield Ask(
        "taken_back",
        f"""select _value as word, count(*) as count, sum(_money)::double as money
        from {one.aside} where _reason = {text(DECLARED_NO_SALE.english)}
        group by 1 having money < 0 and money <> -(select coalesce(sum(_money), 0)::double
            from {one.aside} where _reason = {text(CANCELLED.english)})
        order by money limit 3""",
        N_(
            "{count:,} row(s) with “{word}”, left out by not_sales, add up to {money:,.0f}. Right "
            "for rent, wages, payouts; if they give customers money back, take the word out of "
            "not_sales"
        ),
        one.name,
    )


def _set_aside(one: GatheredList, reason: str, column: str) -> str:
    """In SQL: the rows set aside for a reason, where they are some, with their money."""
    silent = "ordered_on is null" if "ordered_on" in one.columns else "true"
    header = text(one.headers.get(column, ""))
    return f"""select count(*) as count, sum(aside._money)::double as money,
            {header} as header, count(*) filter ({silent}) > count(*) / 2 as silent
        from {one.aside} as aside join {one.part} using (_row) where _reason = {reason}
        having count >= greatest({_SEVERAL}, {_SOME} * (select count(*) from {one.part}))"""


def _without_customer(one: GatheredList) -> Iterator[Ask]:
    """Rows of nobody; guests were declared, somebody knows. They are of whoever stands above where
    they say no day either, or hardly any row names somebody; and totals where they hold too much.
    """
    rows = _set_aside(one, text(missing_reason("customer_id").english), "customer_id")
    most = f"money > (select coalesce(sum(_money), 0) / 2 from {one.part} where _fate = 'kept')"
    named = f"(select count(customer_id) < count(*) / 2 from {one.part})"
    above = f"(not ({most}) and silent or {named}) and header <> ''"
    for says, holds in (
        (_PERHAPS_TOTALS, f"{most} and silent"),
        (_NO_CUSTOMER_ABOVE, f"not ({most} and silent) and ({above})"),
        (_NO_CUSTOMER, f"not ({most} and silent) and not ({above})"),
    ):
        yield Ask("without_customer", f"{rows} and money > 0 and {holds}", says, one.name)


def _without_sales(client: Client, engine: Engine, tables: Mapping[str, Path]) -> Doubt:
    """What there is where no list was read as sales; a list of sales may be read as another."""
    days = {table: day for table, day in _EVENTS.items() if table in tables}
    rows = " union all ".join(
        f"select {text(table)} as event, customer_id from {text(tables[table].as_posix())} "
        f"where {day} is null or {day} <= date '{client.as_of}'"
        for table, day in days.items()
    )
    if not days:
        return Doubt(
            "books",
            "",
            Sentence(
                "no list was read as sales, deals, visits or uses: what counts is who the "
                "customers are, and nothing of what they did. Is a list of sales among them?"
            ),
        )
    counted = engine.rows(
        f"select event, count(*), count(distinct customer_id) from ({rows}) group by 1 order by 1"
    )
    told = [Sentence("no list was read as sales.")]
    for event, count, customers in counted:
        fields = {"as_of": client.as_of.isoformat(), "count": count, "customers": customers}
        told.append(Sentence(_COUNTED[event], **fields))
    says, *more = [*told, Sentence("Do your books say the same?")]
    for one in more:
        says = Sentence("{says} {more}", says=says, more=one)
    return Doubt("books", "", says)


def doubts_of_books(
    client: Client, engine: Engine, lists: Sequence[GatheredList], tables: Mapping[str, Path]
) -> Iterator[Doubt]:
    """What counts up to as_of, as `order_history` counts it, to be laid beside one's own books.

    Books know money without a customer as well; `tables` are the files of the register.
    """
    if "orders" not in tables:
        if "summaries" not in tables:
            yield _without_sales(client, engine, tables)
        return
    until = f"<= date '{client.as_of}'"
    back = "select '' as customer_id, '' as order_id, 0::decimal(18,4) as amount limit 0"
    undo = "cross join (select null::decimal(18,4) as change)"  # spares reading all the ids
    if "adjustments" in tables and client.rules.returns == "net":
        back = f"""select customer_id, order_id, amount
            from {text(tables["adjustments"].as_posix())} where adjusted_on {until}"""
        undo = "left join of_order using (customer_id, order_id)"
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
            from {text(tables["orders"].as_posix())} as sold {undo} where ordered_on {until})
        select count(*) filter (stands), count(*) filter (not stands),
            count(distinct _key) filter (stands), coalesce(sum(amount), 0)::double,
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
            "{says} Returns, cancellations and rebates of {returned:,.0f} are taken off.",
            says=says,
            returned=-returned,
        )
    if undone:
        says = Sentence(
            "{says} {undone:,} order(s) were taken back whole.", says=says, undone=undone
        )
    if others:
        says = Sentence(
            "{says} Rows of nobody in particular hold {others:,.0f} more.", says=says, others=others
        )
    if orders >= _ENOUGH and gross + returned < 0:
        why = Sentence(
            "all that counts comes to {money:,.0f}: rents, wages or payouts are taken for returns, "
            "it seems. Leave them out with not_sales",
            money=gross + returned,
        )
        yield Doubt("below_zero", "", why, grave=True)
    yield Doubt("books", "", Sentence("{says} Do your books say the same?", says=says))
