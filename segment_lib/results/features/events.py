"""Touches, use of the service and orders within the own window as features."""

from __future__ import annotations

import pandas as pd

from segment_lib.columns import as_text
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
    came, sent = (
        count(rows[rows["direction"].eq(way).fillna(False)], window.index) for way in ("in", "out")
    )
    kinds = {*client.stages.met, *client.stages.meal}
    met = count(rows[rows["kind"].pipe(as_text).isin(kinds)], window.index)
    feature = dated_feature("contacts")
    found = {"spoke_up": yes_no(came > 0), "met_us": yes_no(met > 0)}
    numbers = {"contacts_in": came, "contacts_out": sent}
    words = {name: words.said() for name, words in CONTACT_WORDS.items()}
    return {name: feature(values, words[name]) for name, values in found.items()} | {
        name: feature(values, words[name], counts, "effect") for name, values in numbers.items()
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
    different = rows.groupby("customer_id")[["used_on", "feature"]].nunique()
    different = different.reindex(window.index, fill_value=0).astype(float)
    found = {"usage_days": feature(different["used_on"], Words(_("days of use")))}
    if rows["feature"].notna().any():
        found["features_used"] = feature(different["feature"], Words(_("features used")))
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
    found = {
        "early_orders": (count(rows, window.index), Words(_("orders early on"))),
        "early_spend": (spend, Words(_("spend early on"))),
    }
    return {name: feature(*told, use, "revenue") for name, told in found.items()}
