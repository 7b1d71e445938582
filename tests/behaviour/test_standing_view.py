"""Who is new, what is still open, where customers stand: by hand, in both languages."""

from __future__ import annotations

import pandas as pd
import pytest

from segment_lib.behaviour.views import StandingView, standing_view
from segment_lib.client import Client
from segment_lib.lists import tables_of
from segment_lib.voice import language


@pytest.fixture
def client() -> Client:
    return Client.model_validate(
        {
            "client": {"name": "t", "as_of": "2025-12-31"},
            "lists": {"orders": {"files": ["o.csv"], "columns": {}}},
        }
    )


# a ordered long ago and lately, b for the first time within the year, c and d never;
# d was sent a proposal two weeks ago, e came with a complaint that is open.
PEOPLE = pd.DataFrame(
    {
        "customer_id": list("abcde"),
        "potential_amount": [1000.0, 100.0, None, 400.0, 0.0],
        "key_account": [True, False, False, False, False],
    }
)
ORDERS = pd.DataFrame(
    {
        "order_id": ["1", "2", "3", "4"],
        "customer_id": ["a", "a", "b", "e"],
        "ordered_on": ["2024-02-01", "2025-06-01", "2025-07-01", "2024-12-31"],
        "amount": [700.0, 300.0, 250.0, 80.0],
    }
)
BACK = pd.DataFrame(
    {"customer_id": ["a"], "adjusted_on": ["2025-06-10"], "amount": [-100.0], "order_id": ["2"]}
)
DEALS = pd.DataFrame(
    {
        "customer_id": ["d"],
        "deal_id": ["x"],
        "opened_on": ["2025-12-01"],
        "proposed_on": ["2025-12-17"],
    }
)
INCIDENTS = pd.DataFrame({"customer_id": ["e"], "occurred_on": ["2025-12-20"]})
TABLES = {
    "customers": PEOPLE,
    "orders": ORDERS,
    "adjustments": BACK,
    "deals": DEALS,
    "incidents": INCIDENTS,
}


def seen(tables: dict[str, pd.DataFrame], client: Client) -> StandingView:
    return standing_view(tables_of(tables).frame("customers"), tables, client)


def test_standing_by_hand(client: Client) -> None:
    view = seen(TABLES, client)
    everybody = view.customers
    # e ordered 365 days before the day: no longer within the year
    assert everybody["new_or_existing"].to_dict() == {
        "a": "existing", "b": "new", "c": "no_order", "d": "no_order", "e": "existing",
    }  # fmt: skip
    assert everybody["spend_last_year"].dropna().to_dict() == {"a": 200.0, "b": 250.0, "e": 0.0}
    assert everybody.loc["d", "status"] == "likely"
    assert everybody.loc["e", "status"] == "repair_first"
    assert view.priority["still_open"].to_dict() == {"a": 800.0, "d": 400.0, "b": 0.0}
    assert view.says()["new_or_existing"] == (
        "5 customers: 2 existing, 1 new within a year, 2 without an order in the lists."
    )
    # 1,500 noted, 1,200 of it open; b bought 250 against a potential of 100
    assert view.says()["potential"] == (
        "Potential noted for 3 customers: ¥1,500 a year. What they bought from us covers 20% of "
        "it; ¥1,200 is open. Bought more than the potential noted for them: 1 customers."
    )
    assert view.says()["likely"] == (
        "A deal is likely now for 1 of 5 customers (20%); 1 of them have no "
        "order in the lists. For 1 the relation is to be repaired first."
    )
    with language("ja"):
        assert view.says() == {
            "new_or_existing": "お客様5名：既存2名、この1年の新規1名、一覧にご注文のない方2名。",
            "potential": "ポテンシャルの記録：3名、年¥1,500。うち20%は当社でご購入済み、"
            "残り¥1,200。記録のポテンシャルより多くご購入の方：1名。",
            "likely": "今ご商談の可能性が高いのは5名中1名（20%）。"
            "うち1名は一覧にご注文がありません。関係修復が先の方は1名。",
        }


def test_a_list_of_customers_only_says_what_it_cannot_tell(client: Client) -> None:
    people = {"customers": PEOPLE[["customer_id"]]}
    assert seen(people, client).says()["new_or_existing"] == (
        "No single order is in the lists: who is new, who is existing cannot be told."
    )
    assert seen(people, client).says()["potential"] == (
        "No list notes a potential. Priority then rests on what customers do (03 on)."
    )
    with language("ja"):
        says = seen(people, client).says()
    assert says["new_or_existing"] == (
        "一件ごとのご注文が一覧にないため、新規・既存は分けられません。"
    )
    assert says["potential"] == (
        "ポテンシャルの記録がありません。優先度は行動（03以降）から考えます。"
    )


def test_nobody_at_all(client: Client) -> None:
    view = seen({}, client)
    assert view.customers.empty
    assert view.says()["likely"] == (
        "A deal is likely now for 0 of 0 customers (—); 0 of them have no order in the lists. "
        "For 0 the relation is to be repaired first."
    )
