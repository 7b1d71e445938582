"""The running state of customers: what was counted of each from one day until the next event.

A *state row* stands for a customer and a day with an order or an adjustment, and holds from that
day (`valid_from`) until the next such day (`valid_to`; none yet: missing). So the history as of any
day is one filter. Whoever has adjustments is counted anew for each of these days, by the very
expressions of a history; of all others the sums run on, as no order of theirs is ever undone.
Both are made when first used, and kept beside the register.
"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from segment_lib.behaviour.history.counted import (
    NO_MONEY,
    SUMMED,
    as_float,
    day_number,
    known_changes,
    known_orders,
    once,
    share,
    summed,
)
from segment_lib.lists import ByKey

FORM = 1  # of what is kept; another one when a history counts differently
MOST_PAIRS = 5_000_000  # orders × days counted anew; beyond, a single history is made without
_KINDS = {
    "first_order_on": "date", "last_order_on": "date", "frequency": "int32", "order_days": "int32",
    "gap_days": "float64", "longest_gap_days": "int32", "campaign_share": "float64",
    "margin_sum": "float64", "monetary": "float64", "returned_amount": "float64",
}  # fmt: skip


def state_rows(orders: ir.Table, adjustments: ir.Table | None, key: str) -> ir.Table:
    """State rows of all customers in `orders` and `adjustments`, each day counted anew.

    What it takes grows with a customer's orders times their days.
    """
    known = known_orders(orders, date.max, [key])
    changes = known_changes(known, adjustments, date.max, [key], "net")
    both = (known, known.ordered_on), (changes, changes.adjusted_on)
    days = [part.select(key, valid_from=day.cast("date")) for part, day in both]
    events = once(days[0].union(days[1]), [key, "valid_from"])
    by_then = [_by_then(events, part, day.cast("date"), key) for part, day in both]
    rows = summed(by_then[0], by_then[1], [key, "valid_from"])
    until = rows.valid_from.lead().over(group_by=rows[key], order_by=rows.valid_from)
    return _as_kept(rows.mutate(valid_to=until), key)


def running_rows(orders: ir.Table) -> ir.Table:
    """The same of customers without adjustments, in one pass over orders by key with their gaps."""
    rows = orders.mutate(
        later=orders.gap.nullif(0),
        lured=orders.campaign.nullif("").notnull().ifelse(orders.amount, NO_MONEY),
    )
    # Orders of one day are peers in a range: each has the sums of the whole day.
    until_now = ibis.range_window(group_by=rows.key, order_by=rows.ordered_on, following=0)
    in_turn = ibis.window(group_by=rows.key, order_by=rows.ordered_on)
    counted = rows.select(
        "key",
        valid_from=rows.ordered_on,
        valid_to=rows.ordered_on.lead().over(in_turn),
        first_order_on=rows.ordered_on.min().over(until_now),
        last_order_on=rows.ordered_on,
        frequency=rows.count().over(until_now),
        order_days=rows.later.count().over(until_now) + 1,
        gap_days=rows.later.median().over(until_now),
        longest_gap_days=rows.later.max().over(until_now),
        monetary=rows.amount.sum().over(until_now),
        lured=rows.lured.sum().over(until_now),
        margin_sum=as_float(rows.margin.sum().over(until_now)),
        returned_amount=NO_MONEY,
    )
    of_days = counted.filter(counted.valid_to.isnull() | (counted.valid_to > counted.valid_from))
    return _as_kept(of_days.mutate(campaign_share=share(of_days.lured, of_days.monetary)), "key")


def states_of_adjusted(laid: ByKey) -> ir.Table | None:
    """State rows of whoever has adjustments, on whatever day; None where they would be too many."""
    return laid.register.derived(f"states_{FORM}_adjusted", lambda: _adjusted(laid, MOST_PAIRS))


def states_of_everybody(laid: ByKey) -> ir.Table | None:
    """State rows of everybody, if they stand already."""
    return laid.register.derived(f"states_{FORM}_everybody", None)


def made_of_everybody(laid: ByKey) -> ir.Table:
    """State rows of everybody, made where they do not stand yet."""

    def everybody() -> ir.Table:
        again = _adjusted(laid)
        if again is None:
            return running_rows(laid.orders)
        return running_rows(laid.orders.anti_join(laid.adjustments, "key")).union(again)

    made = laid.register.derived(f"states_{FORM}_everybody", everybody)
    assert made is not None  # `everybody` always makes some
    return made


def within(states: ir.Table, first: date, last: date) -> ir.Table:
    """The state rows that hold on some day between the two."""
    still = states.valid_to.isnull() | (states.valid_to > ibis.literal(first))
    return states.filter((states.valid_from <= ibis.literal(last)) & still)


def summed_on(states: ir.Table, as_of: date, key: str = "key") -> ir.Table:
    """`SUMMED` by key on a day: the state rows that hold on it."""
    day = ibis.literal(as_of)
    on = states.filter(
        (states.valid_from <= day) & (states.valid_to.isnull() | (states.valid_to > day))
    )
    counts = {name: on[name].cast("int64") for name, kind in _KINDS.items() if kind == "int32"}
    return on.mutate(
        first_order_on=on.first_order_on.cast("timestamp"),
        last_order_on=on.last_order_on.cast("timestamp"),
        first_day=day_number(on.first_order_on),
        last_day=day_number(on.last_order_on),
        **counts,
    ).select(key, *SUMMED)


def _adjusted(laid: ByKey, most: int | None = None) -> ir.Table | None:
    if laid.adjustments is None:
        return None
    orders = laid.orders.semi_join(laid.adjustments, "key")
    if most is not None:
        each = orders.group_by("key").agg(n=orders.count())
        if (each.agg(pairs=(each.n * each.n).sum()).to_pyarrow()["pairs"][0].as_py() or 0) > most:
            return None
    return state_rows(orders, laid.adjustments, "key")


def _by_then(events: ir.Table, part: ir.Table, day: ir.DateColumn, key: str) -> ir.Table:
    """The rows of `part` that were known on each event day of their customer."""
    of = events.rename(of_key=key)
    return of.join(part, [of.of_key == part[key], day <= of.valid_from]).drop("of_key")


def _as_kept(rows: ir.Table, key: str) -> ir.Table:
    kept = {name: rows[name].cast(kind) for name, kind in _KINDS.items()}
    return rows.select(key, "valid_from", "valid_to", **kept)
