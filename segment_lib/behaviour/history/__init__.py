"""One row per customer as of a day: orders, days between them, money net of returns; all lazy.

Definitions (see the table of words): an *order* counts while no return or cancellation dated up to
`as_of` has netted it to nothing; *net* is gross plus adjustments dated up to `as_of`, so a return
in June never changes March; days are counted as integers; money is DECIMAL(18, 4) inside and
float64 outside. From an Ibis table nothing is executed: every function returns an Ibis table. From
a frame in memory (pandas, Polars, Arrow) each returns a pandas frame.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeAlias

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pandas as pd

from segment_lib.behaviour.history.counted import (
    MONEY,
    NO_MONEY,
    Returns,
    beside,
    day_number,
    day_of,
    days_of,
    finished,
    given_or_null,
    known_changes,
    known_orders,
    measured,
    netted,
    number_of,
    once,
    require,
)
from segment_lib.behaviour.history.engines import in_days, require_engine
from segment_lib.behaviour.history.states import days_by_key, is_register, laid_out, measured_by_key
from segment_lib.checks import KitError, require_columns
from segment_lib.lists import to_frame, to_table
from segment_lib.voice import _

AnyTable: TypeAlias = Any  # an Ibis table, or a frame of pandas, Polars or Arrow


def order_history(
    orders: AnyTable,
    as_of: date | str,
    adjustments: AnyTable | None = None,
    customers: AnyTable | None = None,
    returns: Returns = "net",
    key: str = "customer_id",
    time_zone: str | None = None,
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
    Ibis table a lazy Ibis table on its own engine; where a column there holds moments, `time_zone`
    says which day they belong to. A register in place of `orders` brings its own adjustments, and
    the order in which its orders lie, which makes the same answer several times faster; what its
    returns undid is worked out when first asked for, and kept beside it.

    >>> days = ["2025-05-01", "2025-06-20", "2025-06-29"]
    >>> orders = {"customer_id": ["a", "a", "b"], "ordered_on": days, "amount": [30, 50, 20]}
    >>> history = order_history(pd.DataFrame(orders), as_of="2025-06-30")
    >>> history[["recency_days", "frequency", "monetary"]].to_dict("index")["a"]
    {'recency_days': 10, 'frequency': 2, 'monetary': 80.0}
    """
    day = _day(as_of)
    if laid := laid_out(orders, adjustments, customers, key):
        return measured_by_key(laid, day, returns, everybody=customers is not None)
    both = _tables(orders, adjustments, "orders", time_zone)
    known, changes = _known(*both, day, returns, key)
    people = None if customers is None else once(to_table(customers, "customers"), [key])
    return _answer(measured(known, changes, day, [key], people), orders, [key])


def summary_history(
    summaries: AnyTable,
    as_of: date | str,
    customers: AnyTable | None = None,
    key: str = "customer_id",
    time_zone: str | None = None,
) -> Any:
    """One row per customer with the columns of `order_history`, from a list already summed up.

    Such a list counts orders and money per customer and holds no order. The day of the last order
    is last_order_on where given, else as_of minus recency_days, which must have been counted to
    as_of; a last order after as_of is not known. order_value is monetary / frequency. What takes
    single orders to know (order days above one, gaps, returns, campaigns, margin) is null; span
    and tenure need first_order_on. Several rows of one customer are added up, the latest day wins.
    """
    day = _day(as_of)
    table = in_days(to_table(summaries, "summaries"), "summaries", time_zone)
    require(table, [key, "frequency"], "summaries")
    rows = _summed_up(table, day, key)
    if customers is not None:
        listed = to_table(customers, "customers")
        people = once(listed.select(of_key=listed[key]), ["of_key"])
        both = people.outer_join(rows, people.of_key == rows[key])
        rows = both.select(
            both.last_day,
            both.first_day,
            **{key: both[key].coalesce(both.of_key)},
            frequency=both.frequency.coalesce(ibis.literal(0).cast("int64")),
            monetary=both[key].notnull().ifelse(both.monetary, NO_MONEY),
        )
    return _answer(finished(_with_unknown(rows), day, [key]).order_by(key), summaries, [key])


def line_history(
    order_lines: AnyTable,
    as_of: date | str,
    adjustments: AnyTable | None = None,
    returns: Returns = "net",
    key: str = "customer_id",
    time_zone: str | None = None,
) -> Any:
    """One row per customer and product line, with the columns of `order_history`.

    Lines without a product line are left out: they have no cadence of their own. A return counts
    against a product line if it names one, or if its order holds one only; an order that is netted
    to nothing as a whole vanishes from all its lines.
    """
    day, keys = _day(as_of), [key, "product_line"]
    both = _tables(order_lines, adjustments, "order_lines", time_zone)
    known, changes = _known_lines(*both, day, returns, key)
    return _answer(measured(known, changes, day, keys, None), order_lines, keys)


def order_days(
    orders: AnyTable,
    as_of: date | str,
    adjustments: AnyTable | None = None,
    returns: Returns = "net",
    key: str = "customer_id",
    time_zone: str | None = None,
) -> Any:
    """One row per customer and day with an order that counts: the key, ordered_on, as_of.

    A register in place of `orders` brings its own adjustments.
    """
    day = _day(as_of)
    if laid := laid_out(orders, adjustments, None, key):
        return days_by_key(laid, day, returns)
    both = _tables(orders, adjustments, "orders", time_zone)
    known, changes = _known(*both, day, returns, key)
    return _answer(days_of(known, changes, day, [key]), orders)


def line_order_days(
    order_lines: AnyTable,
    as_of: date | str,
    adjustments: AnyTable | None = None,
    returns: Returns = "net",
    key: str = "customer_id",
    time_zone: str | None = None,
) -> Any:
    """One row per customer, product line and day with an order that counts."""
    day, keys = _day(as_of), [key, "product_line"]
    both = _tables(order_lines, adjustments, "order_lines", time_zone)
    known, changes = _known_lines(*both, day, returns, key)
    return _answer(days_of(known, changes, day, keys), order_lines)


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


def _answer(expr: ir.Table, given: AnyTable, keys: list[str] | None = None) -> Any:
    """Lazy for an Ibis table, else run: sorted, and indexed by the first of `keys`, if any."""
    if isinstance(given, ir.Table) or is_register(given):
        return require_engine(expr)
    frame: pd.DataFrame = to_frame(expr, indexed=False)
    return frame if keys is None else frame.sort_values(keys).set_index(keys[0])


# --- what is known on the day -----------------------------------------------------------------
def _tables(
    given: AnyTable, adjustments: AnyTable | None, name: str, time_zone: str | None
) -> tuple[ir.Table, ir.Table | None]:
    """Orders and adjustments, in days."""
    if is_register(given):
        adjustments = given.adjustments if adjustments is None else adjustments
        given = given.orders
    orders = in_days(to_table(given, name), name, time_zone)
    if adjustments is None:
        return orders, None
    return orders, in_days(to_table(adjustments, "adjustments"), "adjustments", time_zone)


def _known(
    orders: ir.Table, adjustments: ir.Table | None, as_of: date, returns: Returns, key: str
) -> tuple[ir.Table, ir.Table]:
    """Orders, and the changes of their money, both up to the day."""
    require(orders, [key, "ordered_on", "amount"], "orders")
    known = known_orders(orders, as_of, [key])
    return known, known_changes(known, adjustments, as_of, [key], returns)


def _known_lines(
    order_lines: ir.Table, adjustments: ir.Table | None, as_of: date, returns: Returns, key: str
) -> tuple[ir.Table, ir.Table]:
    """Orders by product line, and the changes that belong to one line of a standing order."""
    keys = [key, "product_line"]
    require(order_lines, ["ordered_on", "amount", *keys], "order_lines")
    lines = known_orders(order_lines, as_of, keys)
    # Without an order id, one customer on one day is one order.
    lines = lines.mutate(order_id=lines.order_id.coalesce(lines.day.cast("string")))
    changes = known_changes(lines, adjustments, as_of, keys, returns)
    of_line = lines.group_by([*keys, "order_id"]).agg(
        ordered_on=lines.ordered_on.min(),
        day=lines.day.min(),
        amount=lines.amount.sum().cast(MONEY),
        margin=lines.margin.sum().cast(MONEY),
        campaign=lines.campaign.max(),
    )
    # Whole orders, whatever their lines, that the changes have netted to nothing.
    whole = of_line.group_by([key, "order_id"]).agg(amount=of_line.amount.sum().cast(MONEY))
    whole = netted(whole, changes, [key]).select(key, "order_id", "stands")
    known, changed = (
        _of_standing(part, whole, [key, "order_id"])
        for part in (of_line, _with_only_line(changes, of_line, key))
    )
    return known, changed


def _of_standing(part: ir.Table, whole: ir.Table, keys: list[str]) -> ir.Table:
    """Rows that name a product line, but for those of a whole order that is netted to nothing."""
    found = beside(part.filter(part.product_line.notnull()), whole, keys)
    return found.filter(found.stands.isnull() | found.stands).drop("stands")


def _with_only_line(changes: ir.Table, orders: ir.Table, key: str) -> ir.Table:
    """`changes` with the product line filled in where the order holds only one."""
    lines = orders.group_by([key, "order_id"]).agg(
        first_line=orders.product_line.min(), last_line=orders.product_line.max()
    )
    only = lines.filter(lines.first_line == lines.last_line).drop("last_line")
    found = beside(changes, only, [key, "order_id"])
    filled = found.product_line.coalesce(found.first_line)
    return found.select(key, "order_id", "amount", product_line=filled)


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
        first_order_on=day_of(first),
        last_order_on=day_of(last),
        first_day=first,
        last_day=last,
        order_days=(once | ~ordered).ifelse(rows.frequency, ibis.null("int64")),
        longest_gap_days=ibis.null("int64"),
        **{name: ibis.null(kind) for name, kind in unknown.items()},
    )


def _summed_up(summaries: ir.Table, as_of: date, key: str) -> ir.Table:
    """One row per customer: frequency, monetary, and the days as integers, none after as_of."""
    today = number_of(as_of)
    stated = day_number(given_or_null(summaries, "last_order_on", dt.date))
    counted = today - given_or_null(summaries, "recency_days", dt.int64)
    last = stated.coalesce(counted)
    first = day_number(given_or_null(summaries, "first_order_on", dt.date))
    rows = summaries.select(
        key,
        frequency=summaries.frequency.cast("int64"),
        monetary=given_or_null(summaries, "monetary", MONEY),
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
