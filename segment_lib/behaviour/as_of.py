"""What could be said of every customer on any day, by the rules of today.

Nothing after the day is used: orders, returns, contacts, deals and incidents up to it, and due
dates from a waiting curve learned on it. Two things have no history in the lists and are taken as
they stand today: who is under contract, and an attitude without a date.

`tables` is a register, or a mapping of plain frames by table name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pandas as pd

from segment_lib.behaviour.history import order_days, order_history, summary_history
from segment_lib.behaviour.history.states import (
    laid_out,
    made_of_everybody,
    measured_each_day,
    states_say,
)
from segment_lib.behaviour.status import assign_status
from segment_lib.behaviour.waiting import WaitingCurve, order_gaps
from segment_lib.checks import ListError, NeedsTable
from segment_lib.client import Client
from segment_lib.lists import ByKey, tables_of, to_frame
from segment_lib.voice import N_, _

# Table → the day of its event that says somebody had been heard of.
EVENTS = {"orders": "ordered_on", "contacts": "contacted_on", "deals": "opened_on"}


def customer_history(tables: Any, client: Client, day: date | None = None) -> pd.DataFrame:
    """One row per customer, measured as of the client's day: from orders, else from `summaries`.

    Where both are given, the orders count. Raises `ListError` if a summary tells of a last order
    after the client's day. On an earlier `day` a summary says nothing of who ordered after it.
    """
    tables, day = tables_of(tables), day or client.as_of
    if summed_up_only(tables):
        _require_summed_up_by(tables, client)
        summaries, zone = tables.table("summaries"), client.client.time_zone
        return to_frame(summary_history(summaries, day, tables.customers, time_zone=zone))
    return to_frame(order_history(tables, day, customers=tables.customers, **read_by(client)))


def read_by(client: Client) -> dict[str, Any]:
    """How the client has orders read: net of returns or not, and in whose days."""
    return {"returns": client.rules.returns, "time_zone": client.client.time_zone}


def history_on(tables: Any, client: Client, day: date) -> pd.DataFrame:
    """The history of whoever had ordered by `day`, as it was known on that day."""
    return to_frame(order_history(tables_of(tables), day, **read_by(client)), indexed=True)


def histories_on(
    tables: Any, client: Client, days: Sequence[date]
) -> Iterator[tuple[date, pd.DataFrame]]:
    """Each of many days and the history on it, as `history_on` gives it, the oldest day first.

    A register lays out the running state of everybody first: `lay_out_days`.
    """
    if (laid := lay_out_days(tables, client)) is not None:
        yield from measured_each_day(laid, days)
        return
    for day in sorted(days):
        yield day, history_on(tables, client, day)


def lay_out_days(tables: Any, client: Client) -> ByKey | None:
    """Lay out the running state of everybody, once, and keep it beside the register: from then on
    a history of any day is a filter, wherever it is asked for. None where these are no register's
    tables, or returns are ignored, which no state does.
    """
    laid = laid_out(tables_of(tables), None, None, "customer_id")
    if laid is None or not states_say(laid, client.rules.returns):
        return None
    made_of_everybody(laid)
    return laid


def order_days_on(tables: Any, client: Client, day: date) -> pd.DataFrame:
    """One row per customer and day with an order that counted on `day`: customer_id, ordered_on."""
    return to_frame(order_days(tables_of(tables), day, **read_by(client)))


def waiting_curve_on(tables: Any, client: Client, day: date) -> WaitingCurve:
    """The waiting curve as it could be learned on `day`."""
    return WaitingCurve().fit(order_gaps(order_days_on(tables, client, day)))


def status_on(
    tables: Any, client: Client, day: date, *, curve: WaitingCurve | None = None
) -> pd.DataFrame:
    """`assign_status` of everybody on the list as of `day`, one row per customer.

    `curve`: the waiting curve of another day, to tell what people did from what a newly learned
    curve did; left out, it is learned on `day`.
    """
    tables = tables_of(tables)
    history = customer_history(tables, client, day)
    due = (curve or waiting_curve_on(tables, client, day)).transform(history)
    people = tables.frame("customers")
    made = history.join(due)
    customers = people.join(made[made.columns.difference(people.columns)])
    contacts, deals, incidents = (tables.frame(name) for name in ("contacts", "deals", "incidents"))
    return assign_status(customers, contacts, deals, incidents, day, client.status)


def known_by(tables: Any, day: date) -> pd.Series:
    """Whether each customer had been heard of by `day`: first contact, order, touch or deal.

    Who stands in the list without any date is taken as known.
    """
    first = first_heard_of(tables)
    return (first.isna() | (first <= pd.Timestamp(day))).rename("known")


def first_heard_of(tables: Any) -> pd.Series:
    """The day of each customer's first contact, order, touch or deal; missing: no list says."""
    tables = tables_of(tables)
    people = tables.frame("customers")
    dates = [people["first_contact_on"]]
    for table, column in EVENTS.items():
        events = tables.frame(table)
        dates.append(events.groupby("customer_id")[column].min().reindex(people.index))
    return pd.concat(dates, axis=1).min(axis=1).rename("first_heard_of")


# --- what these lists can tell ------------------------------------------------------------------
def summed_up_only(tables: Any) -> bool:
    """Whether these lists tell how often somebody bought, but not when: no single order."""
    return tables.has("summaries") and not tables.has("orders")


def require_revenue(tables: Any, client: Client) -> None:
    """Raise `NeedsTable` with the paragraph that says what would open the revenue view."""
    if not summed_up_only(tables):
        return _require_orders(tables, client)
    summaries = tables.frame("summaries")
    needed = {
        N_(
            "The list of summaries does not say when somebody last bought, so there is no "
            "revenue view. Map it in client.toml: [lists.summaries.columns] recency_days = "
            '"the header in the list".'
        ): ["recency_days", "last_order_on"],
        N_(
            "The list of summaries does not say how much somebody bought, so there is no "
            "revenue view. Map it in client.toml: [lists.summaries.columns] monetary = "
            '"the header in the list".'
        ): ["monetary"],
    }
    for says, columns in needed.items():
        if (summaries["frequency"] > 0).any() and summaries[columns].isna().all(axis=None):
            raise NeedsTable(_(says))


def require_order_dates(tables: Any, client: Client) -> None:
    """Raise `NeedsTable` with the paragraph that says what would open types and next orders."""
    if not summed_up_only(tables):
        return _require_orders(tables, client)
    says = _(
        "These lists are already summed up: they say how often somebody bought, not on "
        "which days, so this notebook stays closed; the walk goes on without it. It "
        "would need a table `orders` with the columns customer_id, ordered_on and "
        "amount, one row per order. Map it in client.toml under [lists.orders]."
    )
    raise NeedsTable(says)


def _require_orders(tables: Any, client: Client) -> None:
    if has_orders(tables, client):
        return
    says = _(
        "These lists tell of no order up to {as_of}, so this notebook stays closed; the walk goes "
        "on without it. It would need a table `orders` with the columns customer_id, ordered_on "
        "and amount, one row per order. Map it in client.toml under [lists.orders].",
        as_of=client.as_of,
    )
    raise NeedsTable(says)


def has_orders(tables: Any, client: Client) -> bool:
    """Whether anybody has ordered by the client's day; a visit without money is no order."""
    orders = tables.orders
    first = to_frame(orders.aggregate(first_on=orders.ordered_on.min()))["first_on"]
    return bool((first <= pd.Timestamp(client.as_of)).any())


def _require_summed_up_by(tables: Any, client: Client) -> None:
    last = tables.frame("summaries")["last_order_on"].max()
    if last > pd.Timestamp(client.as_of):
        says = _(
            "as_of is {as_of}, but the summaries tell of an order on {last:%Y-%m-%d}. They cannot "
            "be taken back to an earlier day: set [client] as_of to {last:%Y-%m-%d} or later.",
            as_of=client.as_of,
            last=last,
        )
        raise ListError(says)
