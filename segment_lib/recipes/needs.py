"""What a notebook cannot do without, and the paragraph that says so where the lists lack it."""

from __future__ import annotations

import pandas as pd

from segment_lib.checks import NeedsTable
from segment_lib.client import Client
from segment_lib.lists.frames import to_frame
from segment_lib.lists.register import Register

# What a list of summaries may lack, in words.
_LACKS = {
    "recency_days": ("when somebody last bought", "最終購入日（または経過日数）"),
    "monetary": ("how much somebody bought", "購入金額"),
}


def summed_up_only(register: Register) -> bool:
    """Whether these lists tell how often somebody bought, but not when: no single order."""
    return register.has("summaries") and not register.has("orders")


def require_revenue(client: Client, register: Register) -> None:
    """Raise `NeedsTable` with the paragraph that says what would open the revenue view."""
    if not summed_up_only(register):
        return _require_orders(client, register)
    summaries = register.frame("summaries")
    says = {
        "recency_days": summaries[["recency_days", "last_order_on"]].notna().any(axis=None),
        "monetary": summaries["monetary"].notna().any(),
    }
    for column, (en, ja) in _LACKS.items():
        if (summaries["frequency"] > 0).any() and not says[column]:
            raise NeedsTable(
                f"The list of summaries does not say {en}, so there is no revenue view. Map it in "
                f'client.toml: [lists.summaries.columns] {column} = "the header in the list".\n'
                f"集計済みの一覧に{ja}がないため、売上の見方は開きません。client.toml の "
                f"[lists.summaries.columns] に {column} を加えてください。"
            )


def require_order_dates(client: Client, register: Register) -> None:
    """Raise `NeedsTable` with the paragraph that says what would open types and next orders."""
    if not summed_up_only(register):
        return _require_orders(client, register)
    raise NeedsTable(
        "These lists are already summed up: they say how often somebody bought, not on which "
        "days, so this notebook stays closed; the walk goes on without it. It would need a table "
        "`orders` with the columns customer_id, ordered_on and amount, one row per order. Map it "
        "in client.toml under [lists.orders].\n"
        "集計済みの一覧のみで、一回ごとの注文日がないため、このノートブックは開きません。"
        "customer_id・ordered_on・amount の列をもつ注文の一覧を、client.toml の [lists.orders] に"
        "加えてください。"
    )


def _require_orders(client: Client, register: Register) -> None:
    if has_orders(client, register):
        return
    raise NeedsTable(
        f"These lists tell of no order up to {client.as_of}, so this notebook stays closed; the "
        "walk goes on without it. It would need a table `orders` with the columns customer_id, "
        "ordered_on and amount, one row per order. Map it in client.toml under [lists.orders].\n"
        f"{client.as_of}までのご注文が一覧にないため、このノートブックは開きません。"
        "customer_id・ordered_on・amount の列をもつ注文の一覧を、client.toml の [lists.orders] に"
        "加えてください。"
    )


def has_orders(client: Client, register: Register) -> bool:
    """Whether anybody has ordered by the client's day; a visit without money is no order."""
    orders = register.orders
    first = to_frame(orders.aggregate(first_on=orders.ordered_on.min()))["first_on"]
    return bool((first <= pd.Timestamp(client.as_of)).any())


def has_outcome(client: Client, register: Register) -> bool:
    """Whether these lists say, or let us judge, who got results."""
    return _says_results(client, register) and _knows_a_start(register)


def _says_results(client: Client, register: Register) -> bool:
    by_steps = client.outcome.source == "steps_done" and bool(client.steps)
    return register.has("outcomes") or by_steps


def _knows_a_start(register: Register) -> bool:
    """Whether any customer has a day from which a result can be counted."""
    days = register.frame("customers")[["contract_on", "first_contact_on"]]
    summed_up = register.frame("summaries")["first_order_on"]
    return register.has("orders") or bool(days.notna().any(axis=None) or summed_up.notna().any())


def require_outcome(client: Client, register: Register) -> None:
    """Raise `NeedsTable` with the paragraph that says what would open the results view."""
    if has_outcome(client, register):
        return
    if _says_results(client, register):
        raise NeedsTable(
            "These lists say who got results, but no day on which anybody began, so this notebook "
            "stays closed; the walk goes on without it. It would need contract_on or "
            "first_contact_on in the list of customers, or a table `orders`. Map one of them in "
            "client.toml.\n"
            "成果の一覧はありますが、お客様がいつ始めたか（契約開始日・初回接触日・注文）がないため、"
            "このノートブックは開きません。client.toml でいずれかの列か注文の一覧を加えてください。"
        )
    raise NeedsTable(
        "These lists do not say who got results, so this notebook stays closed; the walk goes on "
        "without it. It would need a table `outcomes` with the columns customer_id and got_results "
        "(yes, no, not yet known), and decided_on if you have it. Map it in client.toml under "
        "[lists.outcomes]. Or name the requests that a successful customer handles in [[steps]] "
        'and set [outcome] source = "steps_done".\n'
        "成果（お客様がサービスで成果を出したか）の一覧がないため、このノートブックは開きません。"
        "customer_id と got_results の列をもつ一覧を、client.toml の [lists.outcomes] に"
        "加えてください。"
    )
