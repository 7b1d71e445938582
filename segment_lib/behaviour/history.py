"""One row per customer as of a day: orders, days between them, money net of returns; all lazy.

Definitions (see the table of words): an *order* counts while no return or cancellation dated up to
`as_of` has netted it to nothing; *net* is gross plus adjustments dated up to `as_of`, so a return
in June never changes March; days are counted as integers; money is DECIMAL(18, 4) inside and
float64 outside. From an Ibis table nothing is executed: every function returns an Ibis table. From
a frame in memory (pandas, Polars, Arrow) each returns a pandas frame.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, TypeAlias

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pandas as pd

from segment_lib.checks import KitError, require_columns
from segment_lib.lists import in_memory, to_frame, to_table
from segment_lib.voice import _

Returns = Literal["net", "ignore"]
MONEY = dt.Decimal(18, 4)
NO_MONEY = ibis.literal(0).cast(MONEY)
SECONDS_A_DAY = 86_400
AnyTable: TypeAlias = Any  # an Ibis table, or a frame of pandas, Polars or Arrow


def order_history(
    orders: AnyTable,
    as_of: date | str,
    adjustments: AnyTable | None = None,
    customers: AnyTable | None = None,
    returns: Returns = "net",
    key: str = "customer_id",
) -> Any:
    """One row per customer, measured as of a day.

    Columns: the key, first_order_on, last_order_on, recency_days, frequency (orders), order_days,
    monetary (net sum), order_value (monetary / frequency), margin_sum (of the orders that count,
    where known), returned_amount (not above 0), span_days, tenure_days, gap_days (median),
    longest_gap_days, campaign_share (of the net money in orders that count), net_negative, as_of.

    A return linked to its order by order_id can undo that order; any other return reduces the
    customer's money only. Whoever stands in `customers`, or has only returns, is a row with
    frequency 0 and no dates. ``returns="ignore"`` reads the gross orders alone.

    Any frame will do, and an ISO day: one in memory gives a pandas frame indexed by the key, an
    Ibis table a lazy Ibis table.

    >>> days = ["2025-05-01", "2025-06-20", "2025-06-29"]
    >>> orders = {"customer_id": ["a", "a", "b"], "ordered_on": days, "amount": [30, 50, 20]}
    >>> history = order_history(pd.DataFrame(orders), as_of="2025-06-30")
    >>> history[["recency_days", "frequency", "monetary"]].to_dict("index")["a"]
    {'recency_days': 10, 'frequency': 2, 'monetary': 80.0}
    """
    day = _day(as_of)
    known, changes = _known(orders, day, adjustments, returns, key)
    people = None if customers is None else to_table(customers, "customers").select(key).distinct()
    return _answer(_measured(known, changes, day, [key], people), orders, [key])


def summary_history(
    summaries: AnyTable,
    as_of: date | str,
    customers: AnyTable | None = None,
    key: str = "customer_id",
) -> Any:
    """One row per customer with the columns of `order_history`, from a list already summed up.

    Such a list counts orders and money per customer and holds no order. The day of the last order
    is last_order_on where given, else as_of minus recency_days, which must have been counted to
    as_of; a last order after as_of is not known. order_value is monetary / frequency. What takes
    single orders to know (order days above one, gaps, returns, campaigns, margin) is null; span
    and tenure need first_order_on. Several rows of one customer are added up, the latest day wins.
    """
    day, table = _day(as_of), to_table(summaries, "summaries")
    _require(table, [key, "frequency"], "summaries")
    rows = _summed_up(table, day, key)
    if customers is not None:
        listed = to_table(customers, "customers")
        people = listed.select(of_key=listed[key]).distinct()
        both = people.outer_join(rows, people.of_key == rows[key])
        rows = both.select(
            both.last_day,
            both.first_day,
            **{key: both[key].coalesce(both.of_key)},
            frequency=both.frequency.coalesce(ibis.literal(0).cast("int64")),
            monetary=both[key].notnull().ifelse(both.monetary, NO_MONEY),
        )
    return _answer(_finished(_with_unknown(rows), day, [key]).order_by(key), summaries, [key])


def line_history(
    order_lines: AnyTable,
    as_of: date | str,
    adjustments: AnyTable | None = None,
    returns: Returns = "net",
    key: str = "customer_id",
) -> Any:
    """One row per customer and product line, with the columns of `order_history`.

    Lines without a product line are left out: they have no cadence of their own. A return counts
    against a product line if it names one, or if its order holds one only; an order that is netted
    to nothing as a whole vanishes from all its lines.
    """
    day, keys = _day(as_of), [key, "product_line"]
    known, changes = _known_lines(order_lines, day, adjustments, returns, key)
    return _answer(_measured(known, changes, day, keys, None), order_lines, keys)


def order_days(
    orders: AnyTable,
    as_of: date | str,
    adjustments: AnyTable | None = None,
    returns: Returns = "net",
    key: str = "customer_id",
) -> Any:
    """One row per customer and day with an order that counts: the key, ordered_on, as_of."""
    day = _day(as_of)
    known, changes = _known(orders, day, adjustments, returns, key)
    return _answer(_days(known, changes, day, [key]), orders)


def line_order_days(
    order_lines: AnyTable,
    as_of: date | str,
    adjustments: AnyTable | None = None,
    returns: Returns = "net",
    key: str = "customer_id",
) -> Any:
    """One row per customer, product line and day with an order that counts."""
    day, keys = _day(as_of), [key, "product_line"]
    known, changes = _known_lines(order_lines, day, adjustments, returns, key)
    return _answer(_days(known, changes, day, keys), order_lines)


def first_purchase_unknown(history: pd.DataFrame, first_contact_on: pd.Series) -> pd.Series:
    """Whether a customer's first order may lie before the lists begin; one row per customer.

    True for whoever ordered and was known (registered, contacted) before the first order of all
    lists: they may have bought in a year that no list covers. Such customers do not belong in a
    count of first-time buyers, and their span and tenure are at least what is shown. Where no first
    contact is noted nothing can be said, and the answer is False.
    """
    require_columns(history, ["first_order_on", "frequency"], "history")
    begins = history["first_order_on"].min()
    known_on = first_contact_on.reindex(history.index)
    ordered = history["frequency"].fillna(0) > 0
    return ((known_on < begins) & ordered).rename("first_purchase_unknown").astype("bool")


# --- any frame in, the same kind of answer out -------------------------------------------------
def _day(as_of: date | str) -> date:
    """The day itself, whether it came as a date, a time or ISO text."""
    if isinstance(as_of, datetime):
        return as_of.date()
    if isinstance(as_of, date):
        return as_of
    try:
        return date.fromisoformat(as_of)
    except (TypeError, ValueError):
        raise KitError(
            _("as_of is {as_of!r}, which is no day. Write it as 2025-06-30.", as_of=as_of)
        ) from None


def _require(table: ir.Table, needed: list[str], name: str) -> None:
    """Columns of the register are mapped by client.toml, those of a frame by who made it."""
    require_columns(table, needed, name, mapped=not in_memory(table))


def _answer(expr: ir.Table, given: AnyTable, keys: list[str] | None = None) -> Any:
    """Lazy for an Ibis table, else run: sorted, and indexed by the first of `keys`, if any."""
    if isinstance(given, ir.Table):
        return expr
    frame: pd.DataFrame = to_frame(expr, indexed=False)
    return frame if keys is None else frame.sort_values(keys).set_index(keys[0])


# --- what is known on the day -----------------------------------------------------------------
def _known(
    orders: AnyTable, as_of: date, adjustments: AnyTable | None, returns: Returns, key: str
) -> tuple[ir.Table, ir.Table]:
    """Orders, and the changes of their money, both up to the day."""
    table = to_table(orders, "orders")
    _require(table, [key, "ordered_on", "amount"], "orders")
    known = _known_orders(table, as_of, [key])
    return known, _known_changes(known, adjustments, as_of, [key], returns)


def _known_orders(orders: ir.Table, as_of: date, keys: list[str]) -> ir.Table:
    """Orders up to the day: keys, order_id, ordered_on, day (integer), amount, margin, campaign."""
    until = orders.filter(orders.ordered_on.cast("date") <= ibis.literal(as_of))
    ordered_on = until.ordered_on.cast("date").cast("timestamp")
    return until.select(
        *keys,
        order_id=_given(until, "order_id", dt.string),
        ordered_on=ordered_on,
        day=ordered_on.epoch_seconds() // SECONDS_A_DAY,
        amount=until.amount.cast(MONEY),
        margin=_given(until, "margin", MONEY),
        campaign=_given(until, "campaign", dt.string).nullif(""),
    )


def _known_changes(
    known: ir.Table, given: AnyTable | None, as_of: date, keys: list[str], returns: Returns
) -> ir.Table:
    """Adjustments up to the day: keys, order_id, amount; none at all where they are ignored."""
    if returns not in ("net", "ignore"):
        says = _(
            'returns is "{returns}"; it must be "net" or "ignore". Say it in [rules].',
            returns=returns,
        )
        raise KitError(says)
    if given is None or returns == "ignore":
        return known.filter(ibis.literal(False)).select(*keys, "order_id", "amount")
    adjustments = to_table(given, "adjustments")
    _require(adjustments, [keys[0], "adjusted_on", "amount"], "adjustments")
    until = adjustments.filter(adjustments.adjusted_on.cast("date") <= ibis.literal(as_of))
    return until.select(
        *[_given(until, name, dt.string).name(name) for name in (*keys, "order_id")],
        amount=until.amount.cast(MONEY),
    )


def _known_lines(
    order_lines: AnyTable, as_of: date, adjustments: AnyTable | None, returns: Returns, key: str
) -> tuple[ir.Table, ir.Table]:
    """Orders by product line, and the changes that belong to one line of a standing order."""
    table, keys = to_table(order_lines, "order_lines"), [key, "product_line"]
    _require(table, [key, "ordered_on", "amount", "product_line"], "order_lines")
    lines = _known_orders(table, as_of, keys)
    # Without an order id, one customer on one day is one order.
    lines = lines.mutate(order_id=lines.order_id.coalesce(lines.day.cast("string")))
    changes = _known_changes(lines, adjustments, as_of, keys, returns)
    of_line = lines.group_by([*keys, "order_id"]).agg(
        ordered_on=lines.ordered_on.min(),
        day=lines.day.min(),
        amount=lines.amount.sum().cast(MONEY),
        margin=lines.margin.sum().cast(MONEY),
        campaign=lines.campaign.max(),
    )
    # Whole orders, whatever their lines, that the changes have netted to nothing.
    whole = of_line.group_by([key, "order_id"]).agg(amount=of_line.amount.sum().cast(MONEY))
    undone = _netted(whole, changes, [key]).filter(lambda order: ~order.stands)
    known, changed = (
        part.filter(part.product_line.notnull()).anti_join(undone, [key, "order_id"])
        for part in (of_line, _with_only_line(changes, of_line, key))
    )
    return known, changed


def _with_only_line(changes: ir.Table, orders: ir.Table, key: str) -> ir.Table:
    """`changes` with the product line filled in where the order holds only one."""
    lines = orders.group_by([key, "order_id"]).agg(
        first_line=orders.product_line.min(), last_line=orders.product_line.max()
    )
    only = lines.filter(lines.first_line == lines.last_line).drop("last_line")
    found = _beside(changes, only, [key, "order_id"])
    filled = found.product_line.coalesce(found.first_line)
    return found.select(key, "order_id", "amount", product_line=filled)


# --- from orders to one row per customer ------------------------------------------------------
def _netted(known: ir.Table, changes: ir.Table, keys: list[str]) -> ir.Table:
    """Every order with its net amount, and whether it `stands` (still is an order)."""
    linked = changes.filter(changes.order_id.notnull())
    linked = linked.group_by([*keys, "order_id"]).agg(change=linked.amount.sum())
    joined = _beside(known, linked, [*keys, "order_id"])
    net = joined.amount + joined.change.coalesce(NO_MONEY)
    return joined.select(
        *known.columns, net=net, stands=joined.change.isnull() | (net > ibis.literal(0))
    )


def _beside(table: ir.Table, right: ir.Table, keys: list[str]) -> ir.Table:
    """`table` with the columns that `right` has for the same keys beside it; null for no keys."""
    renamed = right.rename({f"of_{name}": name for name in keys})
    same = [table[name] == renamed[f"of_{name}"] for name in keys]
    return table.left_join(renamed, same).drop(*[f"of_{name}" for name in keys])


def _days(known: ir.Table, changes: ir.Table, as_of: date, keys: list[str]) -> ir.Table:
    standing = _netted(known, changes, keys).filter("stands")
    days = standing.select(*keys, "ordered_on").distinct().order_by([*keys, "ordered_on"])
    return days.mutate(as_of=_timestamp(as_of))


def _counted(standing: ir.Table, keys: list[str]) -> ir.Table:
    lured = standing.net.sum(where=standing.campaign.notnull()).coalesce(NO_MONEY)
    return standing.group_by(keys).agg(
        first_order_on=standing.ordered_on.min(),
        last_order_on=standing.ordered_on.max(),
        first_day=standing.day.min(),
        last_day=standing.day.max(),
        frequency=standing.count(),
        campaign_share=_float(lured) / _float(standing.net.sum()).nullif(ibis.literal(0.0)),
        margin_sum=_float(standing.margin.sum()),
    )


def _rhythm(standing: ir.Table, keys: list[str]) -> ir.Table:
    days = standing.select(*keys, "day").distinct()
    before = days.day.lag().over(group_by=keys, order_by=days.day)
    gaps = days.mutate(gap=days.day - before)
    return gaps.group_by(keys).agg(
        order_days=gaps.count(), gap_days=gaps.gap.median(), longest_gap_days=gaps.gap.max()
    )


def _money(known: ir.Table, changes: ir.Table, keys: list[str]) -> ir.Table:
    """All money by key, also that of orders which no longer count: they were netted beside it."""
    ordered = known.select(*keys, "amount", returned=NO_MONEY)
    changed = changes.select(*keys, "amount", returned=ibis.least(changes.amount, NO_MONEY))
    both = ordered.union(changed)
    return both.group_by(keys).agg(monetary=both.amount.sum(), returned_amount=both.returned.sum())


def _measured(
    known: ir.Table, changes: ir.Table, as_of: date, keys: list[str], people: ir.Table | None
) -> ir.Table:
    standing = _netted(known, changes, keys).filter("stands")
    money = _money(known, changes, keys)
    rows = money.select(*keys)
    joined = rows if people is None else rows.union(people, distinct=True)
    for part in (_counted(standing, keys), _rhythm(standing, keys), money):
        joined = _beside(joined, part, keys)
    # Who has no order and no return has 0 of each.
    nothing = {
        "frequency": "int64",
        "order_days": "int64",
        "monetary": MONEY,
        "returned_amount": MONEY,
    }
    zeros = {
        name: joined[name].coalesce(ibis.literal(0).cast(kind)) for name, kind in nothing.items()
    }
    return _finished(joined.mutate(**zeros), as_of, keys).order_by(keys)


def _with_unknown(rows: ir.Table) -> ir.Table:
    """A list summed up with all columns of an order history: null what takes single orders."""
    ordered, once = rows.frequency > ibis.literal(0), rows.frequency == ibis.literal(1)
    last = ordered.ifelse(rows.last_day, ibis.null("int64"))
    first = ordered.ifelse(rows.first_day, ibis.null("int64"))
    unknown = dict.fromkeys(
        ("margin_sum", "returned_amount", "gap_days", "campaign_share"), "float64"
    )
    first = once.ifelse(first.coalesce(last), first)
    return rows.mutate(
        first_order_on=_day_of(first),
        last_order_on=_day_of(last),
        first_day=first,
        last_day=last,
        order_days=(once | ~ordered).ifelse(rows.frequency, ibis.null("int64")),
        longest_gap_days=ibis.null("int64"),
        **{name: ibis.null(kind) for name, kind in unknown.items()},
    )


def _finished(table: ir.Table, as_of: date, keys: list[str]) -> ir.Table:
    """Derive what is left, cast at the very end, and put the columns in order."""
    today, monetary = _today(as_of), _float(table.monetary)
    return table.select(
        *keys,
        first_order_on=table.first_order_on,
        last_order_on=table.last_order_on,
        recency_days=today - table.last_day,
        frequency=table.frequency,
        order_days=table.order_days,
        monetary=monetary,
        order_value=monetary / table.frequency.nullif(ibis.literal(0)),
        margin_sum=table.margin_sum,
        returned_amount=_float(table.returned_amount),
        span_days=table.last_day - table.first_day,
        tenure_days=today - table.first_day,
        gap_days=_float(table.gap_days),
        longest_gap_days=table.longest_gap_days,
        campaign_share=table.campaign_share,
        net_negative=monetary < ibis.literal(0.0),
        as_of=_timestamp(as_of),
    )


def _summed_up(summaries: ir.Table, as_of: date, key: str) -> ir.Table:
    """One row per customer: frequency, monetary, and the days as integers, none after as_of."""
    today = _today(as_of)
    stated = _day_number(_given(summaries, "last_order_on", dt.date))
    counted = today - _given(summaries, "recency_days", dt.int64)
    last = stated.coalesce(counted)
    first = _day_number(_given(summaries, "first_order_on", dt.date))
    rows = summaries.select(
        key,
        frequency=summaries.frequency.cast("int64"),
        monetary=_given(summaries, "monetary", MONEY),
        last_day=(last <= today).ifelse(last, ibis.null("int64")),
        first_day=(first <= today).ifelse(first, ibis.null("int64")),
    )
    return rows.group_by(key).agg(
        frequency=rows.frequency.sum().cast("int64"),
        # A sum of which a part is unknown is unknown.
        monetary=rows.monetary.isnull().any().ifelse(ibis.null(MONEY), rows.monetary.sum()),
        last_day=rows.last_day.max(),
        first_day=rows.first_day.min(),
    )


def _day_number(day: ir.DateColumn) -> ir.IntegerColumn:
    """Days since 1970, as the days of orders are counted."""
    return (day.cast("timestamp").epoch_seconds() // SECONDS_A_DAY).cast("int64")


def _day_of(number: ir.IntegerColumn) -> ir.TimestampColumn:
    return (number * SECONDS_A_DAY).as_timestamp("s").cast("timestamp")


def _float(value: ir.NumericValue) -> ir.FloatingValue:
    return value.cast("float64")


def _today(as_of: date) -> ir.IntegerScalar:
    return ibis.literal((as_of - date(1970, 1, 1)).days).cast("int64")


def _given(table: ir.Table, name: str, kind: dt.DataType) -> ir.Value:
    """The column if the table has it, else nulls of the kind: a small list need not have it."""
    return table[name].cast(kind) if name in table.columns else ibis.null().cast(kind)


def _timestamp(day: date) -> ir.TimestampScalar:
    return ibis.literal(day).cast("timestamp")
