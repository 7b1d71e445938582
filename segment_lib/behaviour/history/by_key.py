"""Histories from a register, whose orders lie by key and day with their gaps (`Register.by_key`).

The gaps hold for any day, as long as no order is undone: one pass over the orders up to the day
counts them. What is known of customers with returns stands in their state rows (`states.py`); where
there are none, they are counted as those of any table are, from their orders alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from segment_lib.behaviour.history.counted import (
    NO_MONEY,
    SUMMED,
    Returns,
    as_float,
    as_time,
    beside,
    day_number,
    finished,
    known_changes,
    known_orders,
    netted,
    once,
    share,
    summed,
    with_zeros,
)
from segment_lib.behaviour.history.states import (
    made_of_everybody,
    states_of_adjusted,
    states_of_everybody,
    summed_on,
    within,
)
from segment_lib.lists import ByKey, to_frame

AT_ONCE = 8  # month-ends whose states are held in memory


def is_register(given: Any) -> bool:
    """Whether these are all tables of a client, not its orders alone."""
    return hasattr(type(given), "has")


def laid_out(given: Any, adjustments: Any | None, customers: Any | None, key: str) -> ByKey | None:
    """The orders of a register by key; None where they, or what stands beside them, are others."""
    if not is_register(given) or given.by_key is None or key != "customer_id":
        return None
    own = adjustments is None or adjustments is given.adjustments
    laid: ByKey = given.by_key
    return laid if own and (customers is None or customers is given.customers) else None


def measured_by_key(laid: ByKey, as_of: date, returns: Returns, everybody: bool) -> ir.Table:
    """A history of whoever ordered or sent back by the day; of `everybody`: all on the register."""
    found = _summed(laid, as_of, returns)
    rows = beside(laid.names, found, ["key"]) if everybody else found.join(laid.names, "key")
    return finished(with_zeros(rows.order_by("key")), as_of, ["customer_id"])


def states_say(laid: ByKey, returns: Returns) -> bool:
    """Whether the states say what is asked: they are net of returns."""
    return returns == "net" or laid.adjustments is None


def measured_each_day(laid: ByKey, days: Sequence[date]) -> Iterator[tuple[date, pd.DataFrame]]:
    """The histories of whoever ordered or sent back by each of the days, the oldest first.

    The states of some days are read at once; one frame is there at a time.
    """
    states = made_of_everybody(laid)
    ids = to_frame(laid.names.order_by("key"), indexed=False)["customer_id"]
    days = sorted(days)
    for some in (days[at : at + AT_ONCE] for at in range(0, len(days), AT_ONCE)):
        with laid.register.held(within(states, some[0], some[-1])) as held:
            for day in some:
                found = finished(with_zeros(summed_on(held, day)), day, ["key"])
                rows = to_frame(found, indexed=False)
                if not rows["key"].is_monotonic_increasing:  # they are held in this order
                    rows = rows.sort_values("key")
                yield day, rows.set_index(pd.Index(ids.take(rows.pop("key"))))


def _summed(laid: ByKey, as_of: date, returns: Returns) -> ir.Table:
    """`SUMMED` by key: from the states that stand beside the register, else from its orders."""
    if states_say(laid, returns) and (states := states_of_everybody(laid)) is not None:
        return summed_on(states, as_of)
    if returns == "net" and (states := states_of_adjusted(laid)) is not None:
        found, again = _summed_by_gap(_until(laid, as_of)), summed_on(states, as_of)
        return found.anti_join(again, "key").cast(again.schema()).union(again)
    plain, others = _apart(laid, as_of, returns)
    found = _summed_by_gap(plain)
    if others:
        again = summed(*others, ["key"])
        found = found.cast(again.schema()).union(again)
    return found


def days_by_key(laid: ByKey, as_of: date, returns: Returns) -> ir.Table:
    """One row per customer and day with an order that counts."""
    plain, others = _apart(laid, as_of, returns)
    keys = ["key", "customer_id"]
    new = plain.filter(plain.gap.isnull() | (plain.gap > 0))
    days = new.select(*keys, ordered_on=new.ordered_on.cast("timestamp"))
    if others:
        again = once(netted(*others, keys).filter("stands"), [*keys, "ordered_on"])
        days = days.cast(again.schema()).union(again)
    days = days.order_by(["key", "ordered_on"])
    return days.select("customer_id", "ordered_on", as_of=as_time(as_of))


def _apart(
    laid: ByKey, as_of: date, returns: Returns
) -> tuple[ir.Table, tuple[ir.Table, ir.Table] | None]:
    """Orders of whom nothing came back by the day, whose gaps hold as they are stored; and orders
    and changes of all others, if there can be any.
    """
    keys = ["key", "customer_id"]
    until = _until(laid, as_of)
    everyones = known_orders(until, as_of, keys)
    changes = known_changes(everyones, laid.adjustments, as_of, keys, returns)
    if laid.adjustments is None or returns == "ignore":
        return until, None
    changed = once(changes, ["key"])
    return until.anti_join(changed, "key"), (everyones.semi_join(changed, "key"), changes)


def _until(laid: ByKey, as_of: date) -> ir.Table:
    return laid.orders.filter(laid.orders.ordered_on <= ibis.literal(as_of))


def _summed_by_gap(orders: ir.Table) -> ir.Table:
    """`SUMMED` in one pass over orders that all stand: a day is new where its gap is not 0.

    What is left out is null or 0: sums over a part of the rows (`where`) take a sixth longer.
    """
    known = orders.mutate(
        later=orders.gap.nullif(0),
        lured=orders.campaign.nullif("").notnull().ifelse(orders.amount, NO_MONEY),
    )
    rows = known.group_by("key").agg(
        first=known.ordered_on.min(),
        last=known.ordered_on.max(),
        frequency=known.count(),
        order_days=known.later.count() + 1,
        gap_days=known.later.median(),
        longest_gap_days=known.later.max().cast("int64"),
        monetary=known.amount.sum(),
        lured=known.lured.sum(),
        margin_sum=as_float(known.margin.sum()),
    )
    return rows.mutate(
        first_order_on=rows.first.cast("timestamp"),
        last_order_on=rows.last.cast("timestamp"),
        first_day=day_number(rows.first),
        last_day=day_number(rows.last),
        returned_amount=NO_MONEY,
        campaign_share=share(rows.lured, rows.monetary),
    ).select("key", *SUMMED)
