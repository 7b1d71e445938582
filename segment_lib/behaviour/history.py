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
    day, table = _day(as_of), to_table(orders, "orders")
    _require(table, [key, "ordered_on", "amount"], "orders")
    known = _known_orders(table, day, [key])
    changes = _known_changes(known, _table(adjustments, "adjustments"), day, [key], returns)
    people = _table(customers, "customers")
    people = None if people is None else people.select(key).distinct()
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
    listed = _table(customers, "customers")
    if listed is not None:
        people = listed.select(of_key=listed[key]).distinct()
        both = people.outer_join(rows, people.of_key == rows[key])
        others = {name: both[name] for name in rows.columns if name not in (key, "frequency")}
        in_list = both[key].notnull()
        none = ibis.literal(0).cast(MONEY)
        others["monetary"] = in_list.ifelse(both.monetary, none)
        frequency = both.frequency.coalesce(ibis.literal(0).cast("int64"))
        rows = both.select(**{key: both[key].coalesce(both.of_key)}, frequency=frequency, **others)
    return _answer(_finished_summary(rows, day, key).order_by(key), summaries, [key])


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
    day, table = _day(as_of), to_table(orders, "orders")
    _require(table, [key, "ordered_on", "amount"], "orders")
    known = _known_orders(table, day, [key])
    changes = _known_changes(known, _table(adjustments, "adjustments"), day, [key], returns)
    return _answer(_days(_standing(known, changes, [key]), day, [key]), orders)


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
    return _answer(_days(_standing(known, changes, keys), day, keys), order_lines)


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


def _table(given: AnyTable | None, name: str) -> ir.Table | None:
    return None if given is None else to_table(given, name)


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


def _known_orders(orders: ir.Table, as_of: date, keys: list[str]) -> ir.Table:
    """Orders up to the day: keys, order_id, ordered_on, day (integer), amount, margin, campaign."""
    day = orders.ordered_on.cast("date")
    until = orders.filter(day <= ibis.literal(as_of))
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
    known: ir.Table,
    adjustments: ir.Table | None,
    as_of: date,
    keys: list[str],
    returns: Returns,
) -> ir.Table:
    """Adjustments up to the day: keys, order_id, amount; none at all where they are ignored."""
    if returns not in ("net", "ignore"):
        raise KitError(
            _(
                'returns is "{returns}"; it must be "net" or "ignore". Say it in [rules].',
                returns=returns,
            )
        )
    if adjustments is None or returns == "ignore":
        return known.filter(ibis.literal(False)).select(*keys, "order_id", "amount")
    _require(adjustments, [keys[0], "adjusted_on", "amount"], "adjustments")
    day = adjustments.adjusted_on.cast("date")
    until = adjustments.filter(day <= ibis.literal(as_of))
    return until.select(
        *[_given(until, name, dt.string).name(name) for name in keys],
        order_id=_given(until, "order_id", dt.string),
        amount=until.amount.cast(MONEY),
    )


def _known_lines(
    order_lines: AnyTable,
    as_of: date,
    adjustments: AnyTable | None,
    returns: Returns,
    key: str,
) -> tuple[ir.Table, ir.Table]:
    """Orders by product line, and the changes that belong to one line of a standing order."""
    table, keys = to_table(order_lines, "order_lines"), [key, "product_line"]
    _require(table, [key, "ordered_on", "amount", "product_line"], "order_lines")
    lines = _known_orders(table, as_of, keys)
    # Without an order id, one customer on one day is one order.
    lines = lines.mutate(order_id=lines.order_id.coalesce(lines.day.cast("string")))
    given = _table(adjustments, "adjustments")
    changes = _known_changes(lines, given, as_of, keys, returns)
    of_line = _one_row_per_order(lines, keys)
    undone = _undone_orders(of_line, changes, key)
    changes = _with_only_line(changes, of_line, key)
    standing = of_line.anti_join(undone, [key, "order_id"])
    return (
        standing.filter(standing.product_line.notnull()),
        changes.anti_join(undone, [key, "order_id"]).filter(lambda t: t.product_line.notnull()),
    )


def _one_row_per_order(lines: ir.Table, keys: list[str]) -> ir.Table:
    return lines.group_by([*keys, "order_id"]).agg(
        ordered_on=lines.ordered_on.min(),
        day=lines.day.min(),
        amount=lines.amount.sum().cast(MONEY),
        margin=lines.margin.sum().cast(MONEY),
        campaign=lines.campaign.max(),
    )


def _undone_orders(orders: ir.Table, changes: ir.Table, key: str) -> ir.Table:
    """Whole orders, whatever their lines, that the changes have netted to nothing."""
    whole = orders.group_by([key, "order_id"]).agg(amount=orders.amount.sum().cast(MONEY))
    netted = _netted(whole, changes, [key])
    return netted.filter(~netted.stands).select(key, "order_id")


def _with_only_line(changes: ir.Table, orders: ir.Table, key: str) -> ir.Table:
    """`changes` with the product line filled in where the order holds only one."""
    lines = orders.group_by([key, "order_id"]).agg(
        first_line=orders.product_line.min(), last_line=orders.product_line.max()
    )
    only = lines.filter(lines.first_line == lines.last_line)
    only = only.select(of_key=only[key], of_order=only.order_id, only_line=only.first_line)
    found = changes.left_join(
        only, [changes[key] == only.of_key, changes.order_id == only.of_order]
    )
    filled = found.product_line.coalesce(found.only_line)
    return found.select(key, "order_id", "amount", product_line=filled)


# --- from orders to one row per customer ------------------------------------------------------


def _netted(known: ir.Table, changes: ir.Table, keys: list[str]) -> ir.Table:
    """Every order with its net amount, and whether it `stands` (still is an order)."""
    linked = changes.filter(changes.order_id.notnull())
    linked = linked.group_by([*keys, "order_id"]).agg(change=linked.amount.sum())
    linked = linked.rename({f"of_{name}": name for name in [*keys, "order_id"]})
    same = [known[name] == linked[f"of_{name}"] for name in [*keys, "order_id"]]
    joined = known.left_join(linked, same)
    net = joined.amount + joined.change.coalesce(ibis.literal(0).cast(MONEY))
    return joined.select(
        *known.columns, net=net, stands=joined.change.isnull() | (net > ibis.literal(0))
    )


def _standing(known: ir.Table, changes: ir.Table, keys: list[str]) -> ir.Table:
    netted = _netted(known, changes, keys)
    return netted.filter(netted.stands)


def _days(standing: ir.Table, as_of: date, keys: list[str]) -> ir.Table:
    days = standing.select(*keys, "ordered_on").distinct().order_by([*keys, "ordered_on"])
    return days.mutate(as_of=_timestamp(as_of))


def _counted(standing: ir.Table, keys: list[str]) -> ir.Table:
    in_campaign = standing.campaign.notnull()
    return standing.group_by(keys).agg(
        first_order_on=standing.ordered_on.min(),
        last_order_on=standing.ordered_on.max(),
        first_day=standing.day.min(),
        last_day=standing.day.max(),
        frequency=standing.count(),
        net_sum=standing.net.sum(),
        campaign_sum=standing.net.sum(where=in_campaign).coalesce(ibis.literal(0).cast(MONEY)),
        margin_sum=standing.margin.sum(),
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
    none = ibis.literal(0).cast(MONEY)
    ordered = known.select(*keys, "amount", returned=none)
    changed = changes.select(*keys, "amount", returned=ibis.least(changes.amount, none))
    both = ordered.union(changed)
    return both.group_by(keys).agg(money=both.amount.sum(), returned=both.returned.sum())


def _measured(
    known: ir.Table, changes: ir.Table, as_of: date, keys: list[str], people: ir.Table | None
) -> ir.Table:
    standing = _standing(known, changes, keys)
    money = _money(known, changes, keys)
    rows = money.select(*keys)
    everyone = rows if people is None else rows.union(people, distinct=True)
    joined = everyone
    for part in (_counted(standing, keys), _rhythm(standing, keys), money):
        right = part.rename({f"of_{name}": name for name in keys})
        same = [joined[name] == right[f"of_{name}"] for name in keys]
        joined = joined.left_join(right, same).drop(*[f"of_{name}" for name in keys])
    return _finished(joined, as_of, keys).order_by(keys)


def _finished(table: ir.Table, as_of: date, keys: list[str]) -> ir.Table:
    """Derive what is left, cast at the very end, and put the columns in order."""
    today = ibis.literal((as_of - date(1970, 1, 1)).days).cast("int64")
    frequency = table.frequency.coalesce(ibis.literal(0)).cast("int64")
    monetary = table.money.cast("float64").coalesce(ibis.literal(0.0))
    return table.select(
        *keys,
        first_order_on=table.first_order_on,
        last_order_on=table.last_order_on,
        recency_days=today - table.last_day,
        frequency=frequency,
        order_days=table.order_days.coalesce(ibis.literal(0)).cast("int64"),
        monetary=monetary,
        order_value=monetary / frequency.nullif(ibis.literal(0)),
        margin_sum=table.margin_sum.cast("float64"),
        returned_amount=table.returned.cast("float64").coalesce(ibis.literal(0.0)),
        span_days=table.last_day - table.first_day,
        tenure_days=today - table.first_day,
        gap_days=table.gap_days.cast("float64"),
        longest_gap_days=table.longest_gap_days,
        campaign_share=_share(table.campaign_sum, table.net_sum),
        net_negative=monetary < ibis.literal(0.0),
        as_of=_timestamp(as_of),
    )


def _summed_up(summaries: ir.Table, as_of: date, key: str) -> ir.Table:
    """One row per customer: frequency, monetary, and the days as integers, none after as_of."""
    today = ibis.literal((as_of - date(1970, 1, 1)).days).cast("int64")
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


def _finished_summary(rows: ir.Table, as_of: date, key: str) -> ir.Table:
    """The columns of `order_history`, those that nobody can know null."""
    today = ibis.literal((as_of - date(1970, 1, 1)).days).cast("int64")
    ordered = rows.frequency > ibis.literal(0)
    last = ordered.ifelse(rows.last_day, ibis.null("int64"))
    first = ordered.ifelse(rows.first_day, ibis.null("int64"))
    first = (rows.frequency == ibis.literal(1)).ifelse(first.coalesce(last), first)
    few = rows.frequency <= ibis.literal(1)
    monetary = rows.monetary.cast("float64")
    return rows.select(
        key,
        first_order_on=_day_of(first),
        last_order_on=_day_of(last),
        recency_days=today - last,
        frequency=rows.frequency,
        order_days=few.ifelse(rows.frequency, ibis.null("int64")),
        monetary=monetary,
        order_value=monetary / rows.frequency.nullif(ibis.literal(0)),
        margin_sum=ibis.null("float64"),
        returned_amount=ibis.null("float64"),
        span_days=last - first,
        tenure_days=today - first,
        gap_days=ibis.null("float64"),
        longest_gap_days=ibis.null("int64"),
        campaign_share=ibis.null("float64"),
        net_negative=monetary < ibis.literal(0.0),
        as_of=_timestamp(as_of),
    )


def _day_of(number: ir.IntegerColumn) -> ir.TimestampColumn:
    return (number * SECONDS_A_DAY).as_timestamp("s").cast("timestamp")


def _share(part: ir.DecimalValue, whole: ir.DecimalValue) -> ir.FloatingValue:
    whole_number = whole.cast("float64")
    return part.cast("float64") / whole_number.nullif(ibis.literal(0.0))


def _given(table: ir.Table, name: str, kind: dt.DataType) -> ir.Value:
    """The column if the table has it, else nulls of the kind: a small list need not have it."""
    return table[name].cast(kind) if name in table.columns else ibis.null().cast(kind)


def _timestamp(day: date) -> ir.TimestampScalar:
    return ibis.literal(day).cast("timestamp")
