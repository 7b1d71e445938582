"""What could be said of every customer on another day, by the rules of today.

Nothing after the day is used: orders, returns, contacts, deals and incidents up to it, and due
dates from a waiting curve learned on it. Two things have no history in the lists and are taken as
they stand today: who is under contract, and an attitude without a date.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from segment_lib.behaviour.history import order_days
from segment_lib.behaviour.next_order import WaitingCurve, order_gaps
from segment_lib.behaviour.status import assign_status
from segment_lib.client import Client
from segment_lib.lists.frames import to_frame
from segment_lib.lists.register import Register
from segment_lib.recipes.describe import customer_history
from segment_lib.recipes.take import Take

# Table → the day of its event that says somebody had been heard of.
EVENTS = {"orders": "ordered_on", "contacts": "contacted_on", "deals": "opened_on"}


def waiting_curve_on(client: Client, register: Register, day: date) -> WaitingCurve:
    """The waiting curve as it could be learned on `day`."""
    days = order_days(register.orders, day, register.adjustments, client.rules.returns)
    return WaitingCurve().fit(order_gaps(to_frame(days)))


def status_on(
    client: Client, register: Register, day: date, curve: WaitingCurve | None = None
) -> pd.DataFrame:
    """`assign_status` of everybody on the list as of `day`, one row per customer.

    `curve`: the waiting curve of another day, to tell what people did from what a newly learned
    curve did; left out, it is learned on `day`.
    """
    history = customer_history(client, register, day)
    due = (curve or waiting_curve_on(client, register, day)).transform(history)
    people = Take(client, register, _nothing_kept).together()
    customers = people.join(history).join(due)
    contacts, deals, incidents = (
        register.frame(name) for name in ("contacts", "deals", "incidents")
    )
    return assign_status(customers, contacts, deals, incidents, day, client.status)


def known_by(register: Register, day: date) -> pd.Series:
    """Whether each customer had been heard of by `day`: first contact, order, touch or deal.

    Who stands in the list without any date is taken as known.
    """
    people = register.frame("customers")
    dates = [people["first_contact_on"]]
    for table, column in EVENTS.items():
        events = register.frame(table)
        dates.append(events.groupby("customer_id")[column].min().reindex(people.index))
    first = pd.concat(dates, axis=1).min(axis=1)
    return (first.isna() | (first <= pd.Timestamp(day))).rename("known")


def _nothing_kept(name: str) -> pd.DataFrame:
    raise KeyError(f"Another day has no kept '{name}'.")
