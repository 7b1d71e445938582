"""From orders and changes up to a day to one row per customer: the expressions of every history.

They hold on any engine of Ibis that can count them. Two ways of writing are avoided, for sqlglot 30
writes them wrongly for PostgreSQL, the first for Spark too: `distinct` (what was filtered by is
added to its columns; `once` instead) and anti joins (its own keyword stands in the query).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from segment_lib.checks import KitError, require_columns
from segment_lib.lists import in_memory
from segment_lib.voice import _

Returns = Literal["net", "ignore"]
MONEY = dt.Decimal(18, 4)
NO_MONEY = ibis.literal(0).cast(MONEY)
# What is counted of orders and returns; all other columns of a history follow from these.
SUMMED = (
    "first_order_on", "last_order_on", "first_day", "last_day", "frequency", "campaign_share",
    "margin_sum", "order_days", "gap_days", "longest_gap_days", "monetary", "returned_amount",
)  # fmt: skip
SECONDS_A_DAY = 86_400


def require(table: ir.Table, needed: list[str], name: str) -> None:
    """Columns of the register are mapped by client.toml, those of a frame by who made it."""
    require_columns(table, needed, name, mapped=not in_memory(table))


def known_orders(orders: ir.Table, as_of: date, keys: list[str]) -> ir.Table:
    """Orders up to the day: keys, order_id, ordered_on, day (integer), amount, margin, campaign."""
    until = orders.filter(orders.ordered_on.cast("date") <= ibis.literal(as_of))
    ordered_on = until.ordered_on.cast("date").cast("timestamp")
    return until.select(
        *keys,
        order_id=given_or_null(until, "order_id", dt.string),
        ordered_on=ordered_on,
        day=ordered_on.epoch_seconds() // SECONDS_A_DAY,
        amount=until.amount.cast(MONEY),
        margin=given_or_null(until, "margin", MONEY),
        campaign=given_or_null(until, "campaign", dt.string).nullif(""),
    )


def known_changes(
    known: ir.Table, adjustments: ir.Table | None, as_of: date, keys: list[str], returns: Returns
) -> ir.Table:
    """Adjustments up to the day: keys, order_id, amount, adjusted_on; none where ignored."""
    if returns not in ("net", "ignore"):
        says = _(
            'returns is "{returns}"; it must be "net" or "ignore". Say it in [rules].',
            returns=returns,
        )
        raise KitError(says)
    if adjustments is None or returns == "ignore":
        none = known.filter(ibis.literal(False))
        return none.select(*keys, "order_id", "amount", adjusted_on=none.ordered_on)
    require(adjustments, [keys[0], "adjusted_on", "amount"], "adjustments")
    until = adjustments.filter(adjustments.adjusted_on.cast("date") <= ibis.literal(as_of))
    kinds = known.schema()
    return until.select(
        *[given_or_null(until, name, kinds[name]).name(name) for name in (*keys, "order_id")],
        amount=until.amount.cast(MONEY),
        adjusted_on=until.adjusted_on.cast("date").cast("timestamp"),
    )


def netted(known: ir.Table, changes: ir.Table, keys: list[str]) -> ir.Table:
    """Every order with its net amount, and whether it `stands` (still is an order)."""
    linked = changes.filter(changes.order_id.notnull())
    linked = linked.group_by([*keys, "order_id"]).agg(change=linked.amount.sum())
    joined = beside(known, linked, [*keys, "order_id"])
    net = joined.amount + joined.change.coalesce(NO_MONEY)
    return joined.select(
        *known.columns, net=net, stands=joined.change.isnull() | (net > ibis.literal(0))
    )


def beside(table: ir.Table, right: ir.Table, keys: list[str]) -> ir.Table:
    """`table` with the columns that `right` has for the same keys beside it; null for no keys."""
    renamed = right.rename({f"of_{name}": name for name in keys})
    same = [table[name] == renamed[f"of_{name}"] for name in keys]
    return table.left_join(renamed, same).drop(*[f"of_{name}" for name in keys])


def once(table: ir.Table, columns: list[str]) -> ir.Table:
    """Each combination of the columns once."""
    return table.group_by(columns).agg()


def _counted(standing: ir.Table, keys: list[str]) -> ir.Table:
    lured = standing.net.sum(where=standing.campaign.notnull()).coalesce(NO_MONEY)
    return standing.group_by(keys).agg(
        first_order_on=standing.ordered_on.min(),
        last_order_on=standing.ordered_on.max(),
        first_day=standing.day.min(),
        last_day=standing.day.max(),
        frequency=standing.count(),
        campaign_share=share(lured, standing.net.sum()),
        margin_sum=as_float(standing.margin.sum()),
    )


def _rhythm(standing: ir.Table, keys: list[str]) -> ir.Table:
    days = once(standing, [*keys, "day"])
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


def measured(
    known: ir.Table, changes: ir.Table, as_of: date, keys: list[str], people: ir.Table | None
) -> ir.Table:
    """One row per key with the columns of a history, and one for everybody in `people`."""
    rows = summed(known, changes, keys, people)
    return finished(with_zeros(rows), as_of, keys).order_by(keys)


def summed(
    known: ir.Table, changes: ir.Table, keys: list[str], people: ir.Table | None = None
) -> ir.Table:
    """`SUMMED` by key, and for everybody in `people`."""
    standing = netted(known, changes, keys).filter("stands")
    money = _money(known, changes, keys)
    rows = money.select(*keys)
    joined = rows if people is None else rows.union(people.cast(rows.schema()), distinct=True)
    for part in (_counted(standing, keys), _rhythm(standing, keys), money):
        joined = beside(joined, part, keys)
    return joined.select(*keys, *SUMMED)


def with_zeros(rows: ir.Table) -> ir.Table:
    """Who has no order and no return has 0 of each."""
    counts = dict.fromkeys(("frequency", "order_days"), "int64")
    nothing = counts | dict.fromkeys(("monetary", "returned_amount"), MONEY)
    zeros = {
        name: rows[name].coalesce(ibis.literal(0).cast(kind)) for name, kind in nothing.items()
    }
    return rows.mutate(**zeros)


def finished(table: ir.Table, as_of: date, keys: list[str]) -> ir.Table:
    """Derive what is left, cast at the very end, and put the columns in order."""
    today, monetary = number_of(as_of), as_float(table.monetary)
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
        returned_amount=as_float(table.returned_amount),
        span_days=table.last_day - table.first_day,
        tenure_days=today - table.first_day,
        gap_days=as_float(table.gap_days),
        longest_gap_days=table.longest_gap_days,
        campaign_share=table.campaign_share,
        net_negative=monetary < ibis.literal(0.0),
        as_of=as_time(as_of),
    )


def days_of(known: ir.Table, changes: ir.Table, as_of: date, keys: list[str]) -> ir.Table:
    """One row per key and day with an order that counts."""
    standing = netted(known, changes, keys).filter("stands")
    days = once(standing, [*keys, "ordered_on"]).order_by([*keys, "ordered_on"])
    return days.mutate(as_of=as_time(as_of))


def day_number(day: ir.DateColumn) -> ir.IntegerColumn:
    """Days since 1970, as the days of orders are counted."""
    return (day.cast("timestamp").epoch_seconds() // SECONDS_A_DAY).cast("int64")


def day_of(number: ir.IntegerColumn) -> ir.TimestampColumn:
    """The day of so many days since 1970."""
    return as_time(date(1970, 1, 1)) + number.as_interval("D")


def as_float(value: ir.NumericValue) -> ir.FloatingValue:
    """Money as others see it."""
    return value.cast("float64")


def share(part: ir.NumericValue, whole: ir.NumericValue) -> ir.FloatingValue:
    """A part of a whole; null where the whole is 0."""
    return as_float(part) / as_float(whole).nullif(ibis.literal(0.0))


def number_of(as_of: date) -> ir.IntegerScalar:
    """The day as a number, as the days of orders are counted."""
    return ibis.literal((as_of - date(1970, 1, 1)).days).cast("int64")


def given_or_null(table: ir.Table, name: str, kind: dt.DataType) -> ir.Value:
    """The column if the table has it, else nulls of the kind: a small list need not have it."""
    return table[name].cast(kind) if name in table.columns else ibis.null().cast(kind)


def as_time(day: date) -> ir.TimestampScalar:
    """The day as the engine shows days."""
    return ibis.literal(day).cast("timestamp")
