"""Histories from a register, whose orders lie by key and day with their gaps (`Register.by_key`).

The gaps hold for any day, as long as no order is undone: one pass over the orders up to the day
counts them. What is known of customers with returns stands in their state rows; where there are
none, they are counted as those of any table are, from their orders alone.

A *state row* stands for a customer and a day with an order or an adjustment, and holds from that
day (`valid_from`) until the next such day (`valid_to`; none yet: missing). So the history as of any
day is one filter. Whoever has adjustments is counted anew for each of these days, by the very
expressions of a history; of all others the sums run on, as no order of theirs is ever undone.
Both are made when first used, and kept beside the register.
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
from segment_lib.lists import ByKey, to_frame

AT_ONCE = 8  # month-ends whose states are held in memory
FORM = 1  # of what is kept; another one when a history counts differently
MOST_PAIRS = 5_000_000  # orders × days counted anew; beyond, a single history is made without
_KINDS = {
    "first_order_on": "date", "last_order_on": "date", "frequency": "int32", "order_days": "int32",
    "gap_days": "float64", "longest_gap_days": "int32", "campaign_share": "float64",
    "margin_sum": "float64", "monetary": "float64", "returned_amount": "float64",
}  # fmt: skip


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
        first_order_on=known.ordered_on.min(),
        last_order_on=known.ordered_on.max(),
        frequency=known.count(),
        order_days=known.later.count() + 1,
        gap_days=known.later.median(),
        longest_gap_days=known.later.max().cast("int64"),
        monetary=known.amount.sum(),
        lured=known.lured.sum(),
        margin_sum=as_float(known.margin.sum()),
    )
    lured = share(rows.lured, rows.monetary)
    return _as_summed(rows.mutate(returned_amount=NO_MONEY, campaign_share=lured), "key")


# --- state rows ---------------------------------------------------------------------------------
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
    on = within(states, as_of, as_of)
    counts = {name: on[name].cast("int64") for name, kind in _KINDS.items() if kind == "int32"}
    return _as_summed(on.mutate(**counts), key)


def _as_summed(rows: ir.Table, key: str) -> ir.Table:
    """`SUMMED` of rows whose first and last order are dates."""
    return rows.mutate(
        first_order_on=rows.first_order_on.cast("timestamp"),
        last_order_on=rows.last_order_on.cast("timestamp"),
        first_day=day_number(rows.first_order_on),
        last_day=day_number(rows.last_order_on),
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
