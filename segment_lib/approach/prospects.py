"""What is known before a contract, of prospects and of today's customers as they looked then.

Attributes that client.toml dates "before_contract", and how they answered, asked and met in a fixed
window after the first contact, strictly before it was settled whether they sign. Never a feature
that only customers can have.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from segment_lib.client import Client

WINDOW_DAYS = 90  # after the first contact


def signed_or_lost(customers: pd.DataFrame, deals: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Per customer `signed` (won / lost / null: nothing decided) and `settled_on`, the first day on
    which it was settled (first decided deal, contract or order): features end before it.
    """
    today = pd.Timestamp(as_of)
    decided = deals[deals["won"].notna() & (deals["decided_on"] <= today)]
    by_customer = decided.assign(won=decided["won"].astype(bool)).groupby("customer_id")
    days = pd.DataFrame({"decided_on": by_customer["decided_on"].min()}).reindex(customers.index)
    for column in ("contract_on", "first_order_on"):
        if column in customers:
            day = pd.to_datetime(customers[column])
            days[column] = day.where(day <= today)
    won = by_customer["won"].max().reindex(customers.index).astype("boolean")
    signed_later = days.drop(columns="decided_on").notna().any(axis=1)
    return pd.DataFrame(
        {"signed": won | (signed_later & won.notna()), "settled_on": days.min(axis=1)}
    )


# A level that says so by itself: who has it was not contacted, so that the others can be compared.
CONTROL_LEVELS = (
    "control", "control group", "holdout", "hold-out", "no contact", "not contacted", "no e-mail",
    "no email", "no mail", "対照", "対照群", "コントロール", "コントロール群", "非接触", "接触なし",
)  # fmt: skip


def drawn_by_lot(customers: pd.DataFrame, client: Client) -> dict[str, str]:
    """The attributes that say who was contacted by lot: `declared` ([attributes.NAME] drawn_by_lot)
    or, of those with a level that says so by itself, that level.
    """
    found = {}
    for name, attribute in client.attributes.items():
        if name not in customers:
            continue
        if attribute.drawn_by_lot:
            found[name] = "declared"
        elif attribute.kind == "text":
            levels = customers[name].dropna().astype("str").unique()
            control = [one for one in levels if one.strip().lower() in CONTROL_LEVELS]
            found |= {name: min(control)} if control else {}
    return found


def prospect_features(
    customers: pd.DataFrame,
    contacts: pd.DataFrame,
    client: Client,
    *,
    settled_on: pd.Series | None = None,
) -> pd.DataFrame:
    """One row per customer: what was known before a contract, of everybody alike.

    Attributes with ``known_at = "before_contract"``, and the contacts of the first `WINDOW_DAYS`
    after the first contact, strictly before `settled_on` (see `signed_or_lost`) and not after the
    as-of day. Counts are per 30 observed days: who had more time must not look more diligent.
    """
    known = [
        name
        for name, attribute in client.attributes.items()
        if attribute.known_at == "before_contract" and name in customers
    ]
    settled = pd.Series(pd.NaT, index=customers.index) if settled_on is None else settled_on
    window = _windows(customers, contacts, settled, pd.Timestamp(client.as_of))
    touches = contacts.merge(window, left_on="customer_id", right_index=True).reset_index(drop=True)
    touches = touches[touches["contacted_on"].between(touches["from_on"], touches["until_on"])]
    dates = [name for name in known if client.attributes[name].kind == "date"]
    attributes = customers[known].assign(
        **{name: pd.to_datetime(customers[name]).dt.year for name in dates}
    )
    return attributes.join(_contact_behaviour(touches, window, client)).sort_index()


def _windows(
    customers: pd.DataFrame, contacts: pd.DataFrame, settled_on: pd.Series, today: pd.Timestamp
) -> pd.DataFrame:
    """The first and last day that may be looked at, and the days between, never under 30."""
    start = contacts.groupby("customer_id")["contacted_on"].min().reindex(customers.index)
    if "first_contact_on" in customers:
        start = pd.to_datetime(customers["first_contact_on"]).fillna(start)
    last = start + pd.Timedelta(days=WINDOW_DAYS - 1)
    before = pd.to_datetime(settled_on).reindex(customers.index) - pd.Timedelta(days=1)
    until = pd.concat([last, before.fillna(today).clip(upper=today)], axis=1).min(axis=1)
    days = ((until - start).dt.days + 1).clip(lower=30)
    return pd.DataFrame({"from_on": start, "until_on": until, "observed_days": days})


def _contact_behaviour(touches: pd.DataFrame, window: pd.DataFrame, client: Client) -> pd.DataFrame:
    ours = touches["direction"].fillna("out") == "out"
    met = touches["kind"].isin(client.stages.met + client.stages.meal)
    answered = touches["answered_on"].le(touches["until_on"])
    asked = ours & (
        touches["asked_on"].notna() | touches["intent"].eq("ask").fillna(False) | answered
    )
    reply = touches["answered_on"] - touches["asked_on"].fillna(touches["contacted_on"])
    counted = pd.DataFrame(
        {
            "customer_id": touches["customer_id"],
            "out": ours.astype(float),
            "in": (~ours).astype(float),
            "met": met.astype(float),
            "answered": answered.astype(float).where(asked),
            "reply_days": reply.dt.days.astype(float).where(asked & answered),
        }
    )
    by_customer = counted.groupby("customer_id")
    sums = by_customer[["out", "in", "met"]].sum().reindex(window.index).fillna(0.0)
    months = window["observed_days"] / 30
    had_window = window["from_on"].notna() & (window["until_on"] >= window["from_on"])
    return pd.DataFrame(
        {
            "contacts_out_per_30d": (sums["out"] / months).where(had_window),
            "contacts_in_per_30d": (sums["in"] / months).where(had_window),
            "met_per_30d": (sums["met"] / months).where(had_window),
            "share_from_them": sums["in"] / (sums["in"] + sums["out"]).where(lambda n: n > 0),
            "share_answered": by_customer["answered"].mean().reindex(window.index),
            "answered_within_days": by_customer["reply_days"].median().reindex(window.index),
        }
    ).astype("float64")
