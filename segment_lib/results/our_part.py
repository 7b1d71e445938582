"""Did we deliver the declared minimum of our own service ([our_part] in client.toml)?

Service carelessly given brings no results: where our part is missing, a missing result is *not yet
known*, and the customer is never held responsible for it.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from segment_lib.behaviour.status import open_incidents
from segment_lib.settings import OurPartSection


def assess_our_part(
    contacts: pd.DataFrame,
    incidents: pd.DataFrame,
    section: OurPartSection,
    as_of: date,
    customers: pd.Index | None = None,
) -> pd.Series:
    """Did we deliver the declared minimum of our own service: True, False, or not to be told."""
    return our_part_table(contacts, incidents, section, as_of, customers)["we_did_our_part"]


def our_part_table(
    contacts: pd.DataFrame,
    incidents: pd.DataFrame,
    section: OurPartSection,
    as_of: date,
    customers: pd.Index | None = None,
) -> pd.DataFrame:
    """The declared minimum and what was delivered of it, one row per customer.

    requests_sent, replies_due, replies_in_time (touches of the customer that
    we answered within `reply_within_days`; fresh ones are not due yet), incidents_open (justified,
    not recovered), we_did_our_part. `customers` says who has a row; left out, who is in the tables.
    Without any contact in the register requests and replies cannot be told.
    """
    day = pd.Timestamp(as_of)
    if customers is None:
        customers = pd.Index(contacts["customer_id"]).union(pd.Index(incidents["customer_id"]))
    ids = pd.Index(customers.unique(), name="customer_id").sort_values()
    due = _replies(contacts, section.reply_within_days, day)
    table = pd.DataFrame(
        {
            "requests_sent": _requests_sent(contacts, day),
            "replies_due": due.groupby("customer_id").size(),
            "replies_in_time": due.groupby("customer_id")["in_time"].sum(),
            "incidents_open": open_incidents(incidents, day).groupby("customer_id").size(),
        }
    )
    table = table.reindex(ids).fillna(0).astype("int64")
    return table.assign(we_did_our_part=_delivered(table, section, contacts.empty))


def _delivered(table: pd.DataFrame, section: OurPartSection, no_contacts: bool) -> pd.Series:
    sent = table["requests_sent"] >= section.requests_sent
    replied = table["replies_in_time"] >= section.reply_share * table["replies_due"]
    spoken = (sent & replied).astype("boolean")
    if no_contacts and (section.requests_sent or section.reply_within_days):
        spoken = pd.Series(pd.NA, table.index, dtype="boolean")
    recovered = (table["incidents_open"] == 0) | (not section.incidents_recovered)
    return spoken & recovered.astype("boolean")


def _requests_sent(contacts: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Different requests of the own list; where no list is kept, everything we asked for."""
    sent = contacts[contacts["asked_on"].fillna(contacts["contacted_on"]) <= as_of]
    if sent["step"].notna().any():
        return sent.groupby("customer_id")["step"].nunique()
    asked = sent["direction"].eq("out") & sent["intent"].eq("ask")
    return sent[asked.fillna(False)].groupby("customer_id").size()


def _replies(contacts: pd.DataFrame, within: int | None, as_of: pd.Timestamp) -> pd.DataFrame:
    """The touches of customers that called for a reply by now, and whether it came in time.

    Our reply is the answer noted on the touch itself, or the next touch from us.
    """
    touches = contacts[contacts["contacted_on"] <= as_of].sort_values("contacted_on")
    came, ours = (touches[touches["direction"].eq(way).fillna(False)] for way in ("in", "out"))
    came = came[["customer_id", "contacted_on", "answered_on"]]
    ours = ours[["customer_id", "contacted_on"]].assign(replied_on=ours["contacted_on"])
    if within is None or came.empty:
        return came.assign(in_time=False).iloc[:0]
    limit = pd.Timedelta(days=within)
    found = pd.merge_asof(
        came, ours, on="contacted_on", by="customer_id", direction="forward", tolerance=limit
    )
    last_day = (found["contacted_on"] + limit).clip(upper=as_of)
    in_time = found["replied_on"].notna() & (found["replied_on"] <= as_of)
    in_time |= found["answered_on"] <= last_day
    is_due = found["contacted_on"] + limit <= as_of
    return found.assign(in_time=in_time)[in_time | is_due]
