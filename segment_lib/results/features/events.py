"""Touches, use of the service and orders within the own window as features."""

from __future__ import annotations

import pandas as pd

from segment_lib.results.features.item import (
    Feature,
    Words,
    count,
    dated_feature,
    in_window,
    key_of,
    yes_no,
)
from segment_lib.settings import Client
from segment_lib.voice import N_, _

MOST_USED_FEATURES = 10  # features of the service that become a yes / no of their own


def contact_pattern(
    contacts: pd.DataFrame, window: pd.DataFrame, client: Client
) -> dict[str, Feature]:
    """Did they come to us, did they meet us; how often is shown only, as an effect of success."""
    rows = in_window(contacts, "contacted_on", window)
    counts = "searched" if client.outcome.allow_revenue else "shown"
    came = count(rows[rows["direction"].eq("in").fillna(False)], window.index)
    sent = count(rows[rows["direction"].eq("out").fillna(False)], window.index)
    kinds = {*client.stages.met, *client.stages.meal}
    met = count(rows[rows["kind"].astype("str").isin(kinds)], window.index)
    feature = dated_feature("contacts")
    return {
        "spoke_up": feature(yes_no(came > 0), CONTACT_WORDS["spoke_up"].said()),
        "met_us": feature(yes_no(met > 0), CONTACT_WORDS["met_us"].said()),
        "contacts_in": feature(came, CONTACT_WORDS["contacts_in"].said(), counts, "effect"),
        "contacts_out": feature(sent, CONTACT_WORDS["contacts_out"].said(), counts, "effect"),
    }


CONTACT_WORDS = {
    "spoke_up": Words(
        N_("came to us on their own"),
        N_("came to us on their own"),
        N_("never came to us on their own"),
    ),
    "met_us": Words(N_("met us"), N_("met us"), N_("did not meet us")),
    "contacts_in": Words(N_("contacts from the customer")),
    "contacts_out": Words(N_("contacts from us")),
}


def use_of_service(usage: pd.DataFrame, window: pd.DataFrame) -> dict[str, Feature]:
    """On how many days and what they used, and whether each of the commonest features."""
    rows = in_window(usage, "used_on", window)
    feature = dated_feature("usage")
    days = rows.groupby("customer_id")["used_on"].nunique().reindex(window.index, fill_value=0)
    kinds = rows.groupby("customer_id")["feature"].nunique().reindex(window.index, fill_value=0)
    words = Words(_("days of use"))
    many = Words(_("features used"))
    found = {"usage_days": feature(days.astype(float), words)}
    if rows["feature"].notna().any():
        found["features_used"] = feature(kinds.astype(float), many)
    commonest = rows["feature"].value_counts().sort_index().nlargest(MOST_USED_FEATURES).index
    for used in commonest:
        did = count(rows[rows["feature"] == used], window.index) > 0
        found[f"used_{key_of(used)}"] = feature(yes_no(did), _used_words(used))
    return found


def _used_words(used: str) -> Words:
    said = _("used {used}", used=used)
    return Words(said, said, _("did not use {used}", used=used))


def early_orders(orders: pd.DataFrame, window: pd.DataFrame, client: Client) -> dict[str, Feature]:
    """Orders and spend of the first days: revenue, so barred unless the client allows it."""
    rows = in_window(orders, "ordered_on", window)
    use = "searched" if client.outcome.allow_revenue else "barred"
    spend = rows.groupby("customer_id")["amount"].sum().reindex(window.index, fill_value=0.0)
    feature = dated_feature("revenue")
    n_words = Words(_("orders early on"))
    words = Words(_("spend early on"))
    return {
        "early_orders": feature(count(rows, window.index), n_words, use, "revenue"),
        "early_spend": feature(spend, words, use, "revenue"),
    }
