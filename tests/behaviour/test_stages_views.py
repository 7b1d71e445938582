"""Stages, status on two days, clusters: the sentences by hand, in both languages; empty lists."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from register_tables import people, table

from segment_lib.behaviour.clusters.estimator import BehaviourClusters
from segment_lib.behaviour.clusters.measures import FEATURES
from segment_lib.behaviour.said import silhouette_said
from segment_lib.behaviour.stages.rungs import assign_stages
from segment_lib.behaviour.views import (
    _explained,
    clusters_beside_view,
    clusters_view,
    stages_view,
    status_view,
)
from segment_lib.client import Client
from segment_lib.voice import language


@pytest.fixture
def rules() -> Client:
    return Client.model_validate(
        {
            "client": {"name": "t", "as_of": "2025-06-30"},
            "lists": {"orders": {"files": ["o.csv"], "columns": {}}},
        }
    )


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


# a: four orders, an incident is open; b: one order; c: one order, met once, a proposal is out;
# d: met twice, a proposal is out; e: only a name.
TABLES = {
    "orders": table(
        "orders",
        *(
            {"order_id": f"{who}{n}", "customer_id": who, "ordered_on": day(on), "amount": 100.0}
            for who, days in {
                "a": ["2025-01-10", "2025-02-10", "2025-03-10", "2025-06-20"],
                "b": ["2025-05-01"],
                "c": ["2025-06-25"],
            }.items()
            for n, on in enumerate(days)
        ),
    ),
    "contacts": table(
        "contacts",
        {"customer_id": "d", "contacted_on": day("2025-05-01"), "kind": "met"},
        {"customer_id": "d", "contacted_on": day("2025-05-20"), "kind": "met", "direction": "in"},
        {"customer_id": "c", "contacted_on": day("2025-05-20"), "kind": "met", "direction": "in"},
    ),
    "deals": table(
        "deals",
        *(
            {
                "customer_id": who,
                "deal_id": f"D{who}",
                "opened_on": day("2025-05-15"),
                "proposed_on": day("2025-05-20"),
                "amount": 500.0,
            }
            for who in "cd"
        ),
    ),
    "incidents": table("incidents", {"customer_id": "a", "occurred_on": day("2025-06-21")}),
    "customers": people(*"abcde", owner=["x", "x", "y", "y", "y"]),
}


def customers(**more: Any) -> pd.DataFrame:
    history = pd.DataFrame(
        {
            "last_order_on": pd.to_datetime(["2025-06-20", "2025-05-01", "2025-06-25", None, None]),
            "frequency": [4, 1, 1, 0, 0],
            "monetary": [400.0, 100.0, 100.0, 0.0, 0.0],
            "margin_sum": np.nan,
            "lapsed": [False, False, False, None, None],
        },
        index=TABLES["customers"].index,
    )
    return TABLES["customers"].join(history).assign(**more)


# --- 05 -----------------------------------------------------------------------------------------
def test_the_stages_in_english(rules: Client) -> None:
    view = stages_view(customers(), TABLES, rules)
    assert view.owner == "y"  # with customers on three stages; x has them on two
    assert view.says() == {
        "rung": "2 of 5 customers stand on the rung “Won one deal”. The next step of every one of "
        "them: Make the first delivery a success and propose the second.",
        # a and b bought before any second meeting or proposal
        "skipped": "Rungs skipped: 2 customers to ask about. Customers for whom these lists cannot "
        "say, because they hold no contacts or no deals: 0.",
        # heads 1, 1, 2, 1; revenue 0, 0, 200, 400; neither hours nor margins
        "shape": "3 of 5 steps have the right shape.\n"
        "· heads from 1 Acquaintance to 2 Prospect: 1 → 1, breaks here: it should fall\n"
        "· heads from 2 Prospect to 3 Customer: 1 → 2, breaks here: it should fall",
        "owner": "y",
        "owners": "y: the shape breaks in 3 place(s)\nx: the shape breaks in 2 place(s)",
        "requests": "Requests: 0 customers were asked for something, 0 did everything. Incidents: "
        "open for 1 customers; 1 are repeaters and come first.",
    }


def test_the_stages_in_japanese(rules: Client) -> None:
    with language("ja"):
        assert stages_view(customers(), TABLES, rules).says() == {
            "rung": "お客様5名のうち2名が「1回受注」の段にいらっしゃいます。"
            "次の一段は「初回を成功させ、2回目をご提案する」です。",
            "skipped": "段飛ばし：2名について担当者に確認します。"
            "対応履歴や案件の表がなく判断できない方：0名。",
            "shape": "比べられる5か所のうち3か所で形が保たれています。\n"
            "· 人数：1 ただの知り合い 1 → 2 見込み顧客 1、ここで崩れています\n"
            "· 人数：2 見込み顧客 1 → 3 顧客 2、ここで崩れています",
            "owner": "y",
            "owners": "y：3か所で形が崩れています\nx：2か所で形が崩れています",
            "requests": "依頼：0名にお願いし、0名がすべてに対応くださいました。"
            "クレーム：未解決は1名、うちリピーター1名を最優先とします。",
        }


def test_orders_alone_say_what_they_cannot(rules: Client) -> None:
    says = stages_view(customers(owner=None), {"orders": TABLES["orders"]}, rules).says()
    assert says["skipped"].endswith("they hold no contacts or no deals: 3.")
    assert says["owner"] == says["owners"] == "These lists name no owner."
    nameless = customers().drop(columns="owner")
    assert stages_view(nameless, {"orders": TABLES["orders"]}, rules).says() == says


def test_an_unbroken_pyramid_names_nobody(rules: Client) -> None:
    heads = pd.DataFrame({"monetary": 0.0, "owner": "x"}, index=people("a", "b").index)
    says = stages_view(heads, {}, rules).says()
    assert says["shape"] == "All customers stand on one stage, so there is no shape to check yet."
    assert says["owners"] == "No owner's pyramid breaks its shape."


def test_what_the_stages_keep(rules: Client) -> None:
    view = stages_view(customers(), TABLES, rules)
    tables = (TABLES[name] for name in ("orders", "contacts", "deals"))
    stages = assign_stages(*tables, customers(), rules.as_of)
    assert view.customers[stages.columns].equals(stages)
    assert set(view.kept()) == {
        "stages", "pyramid", "pyramid_checks", "deal_against_status", "recovery",
    }  # fmt: skip


def test_the_status_of_two_days(rules: Client) -> None:
    today = customers().join(stages_view(customers(), TABLES, rules).customers)
    view = status_view(today, TABLES, rules)
    assert view.day == date(2025, 6, 2)
    # c and d were asked by a fresh proposal; c ordered since, d did not. b came into its rhythm.
    assert view.deciding["status"].to_dict() == {"c": "likely", "d": "pending"}
    assert view.says() == {
        "left": "Deciding now on 2025-06-02: 2 customers. Four weeks later 2 of them have left "
        "that list by themselves: 1 ordered, 1 did not.",
        "quotes": "2 quotes were out on both days. For 2 of them the customer was deciding then "
        "and is not deciding now; the deal says “proposal sent” on both days.",
        "moves": "Since 2025-06-02: 1 rose, 2 fell, 1 stayed. In or out of “repair first”: 1.",
    }
    with language("ja"):
        assert view.says() == {
            "left": "2025-06-02に「今検討中」だったお客様は2名。4週間後には、うち2名が"
            "自然に一覧から外れています（ご注文あり1名、なし1名）。",
            "quotes": "両日とも「見積提出」のままの案件は2件。うち2件は、"
            "案件の表示は同じでも、お客様はもう「今検討中」ではありません。",
            "moves": "2025-06-02以降：上がった方1名、下がった方2名、変わらず1名。"
            "「関係修復が先」への出入り：1名。",
        }


def test_another_day_is_not_called_four_weeks(rules: Client) -> None:
    today = customers().join(stages_view(customers(), TABLES, rules).customers)
    view = status_view(today, TABLES, rules, day=date(2025, 5, 25))
    assert "2 customers. 36 days later 2 of them" in view.says()["left"]
    with language("ja"):
        assert "36日後には、うち2名が" in view.says()["left"]


def test_who_was_not_heard_of_by_then_has_no_status_then(rules: Client) -> None:
    tables = TABLES | {"customers": TABLES["customers"].assign(first_contact_on=day("2025-06-20"))}
    today = customers().join(stages_view(customers(), tables, rules).customers)
    view = status_view(today, tables, rules)
    assert list(view.then.index) == ["a", "b", "c", "d"]  # by an order or a touch before it
    assert view.moves.query("before == 'new'")["customers"].sum() == 1


def test_an_empty_list_is_said_to_be_one(rules: Client) -> None:
    empty = customers().iloc[:0]
    stages = stages_view(empty, {}, rules)
    assert stages.says() == {
        "rung": "The list holds no customers, so nobody stands on the ladder.",
        "skipped": "Rungs skipped: 0 customers to ask about. Customers for whom these lists cannot "
        "say, because they hold no contacts or no deals: 0.",
        "shape": "All customers stand on one stage, so there is no shape to check yet.",
        "owner": "These lists name no owner.",
        "owners": "These lists name no owner.",
        "requests": "Requests: 0 customers were asked for something, 0 did everything. Incidents: "
        "open for 0 customers; 0 are repeaters and come first.",
    }
    says = status_view(empty.join(stages.customers), {}, rules).says()
    assert says["quotes"].startswith("These lists hold no quotes")
    assert says["moves"].startswith("Since 2025-06-02: 0 rose, 0 fell, 0 stayed.")


# --- 06 -----------------------------------------------------------------------------------------
def two_clouds(heads: int = 80) -> pd.DataFrame:
    """Half of them ordered a week ago and often; the others long ago and once or twice."""
    centres = np.repeat([[2.0, 3.0, 9.0], [6.0, 0.5, 5.0]], heads, axis=0)
    measures = np.exp(np.random.default_rng(0).normal(centres, 0.4))
    return pd.DataFrame(measures, columns=FEATURES).rename_axis("customer_id")


@pytest.fixture(scope="module")
def clusters() -> BehaviourClusters:
    return BehaviourClusters(bootstraps=5).fit(two_clouds())


def test_clusters_are_said(rules: Client, clusters: BehaviourClusters) -> None:
    view = clusters_view(two_clouds(), {}, rules, clusters=clusters)
    best = view.choice.set_index("k").loc[2]
    says = view.says()
    assert says["taken"] == "K taken: 2, the largest that is natural and passes all four gates."
    assert says["natural"].startswith("There are groups: with K = 2 a valley lies between all")
    assert says["changed"].startswith("No list was accepted before")
    assert says["note"] == "nothing else to note"
    assert says["silhouette"] == (
        f"By silhouette alone it would be K = 2 ({best['silhouette']:.2f}; smallest group 50% of "
        "the customers). The gates say: 2."
    )
    assert says["weakest_name"].startswith("The name that fits least is that of cluster ")
    with language("ja"):
        assert view.says()["taken"] == (
            "採用したK：2（自然なグループで、4つの基準をすべて満たす最大のもの）"
        )
        assert view.says()["note"] == "特記事項なし"


def test_the_largest_value_by_hand(rules: Client, clusters: BehaviourClusters) -> None:
    # Spend 1, 1, 1, 1, 11: mean 3, deviation the root of 20; the others are all alike.
    few = pd.DataFrame({"recency_days": 5, "frequency": 1, "monetary": [1.0, 1, 1, 1, 11]})
    view = clusters_view(few, {}, rules, clusters=clusters)
    assert view.spread.loc["monetary", "largest_deviations"] == pytest.approx(8 / 20**0.5)
    assert view.says()["spread"] == (
        "Spend: the largest value lies 2 standard deviations above the mean. On the log scale it "
        "is 1.8."
    )
    with language("ja"):
        assert view.says()["spread"] == (
            "累計購入金額：最大値は平均から標準偏差の2倍離れています。対数では1.8倍です。"
        )


def test_the_silhouette_may_see_what_the_gates_do_not() -> None:
    choice = pd.DataFrame({"k": [2, 3], "silhouette": [0.5, 0.6], "smallest_share": [0.3, 0.02]})
    assert silhouette_said(choice, None) == (
        "By silhouette alone it would be K = 3 (0.60; smallest group 2% of the customers). The "
        "gates say: none."
    )
    with language("ja"):
        assert silhouette_said(choice, None) == (
            "シルエットだけで選ぶとK = 3（0.60、最小グループは全体の2%）。"
            "4つの基準では：安定したクラスタなし。"
        )


def test_clusters_beside_types_and_beside_then(rules: Client, clusters: BehaviourClusters) -> None:
    typed = two_clouds().assign(five_type=["loyal"] * 80 + ["first_time"] * 60 + ["toddler"] * 20)
    one_order = table(
        "orders",
        {"order_id": "1", "customer_id": "0", "ordered_on": day("2025-03-01"), "amount": 9000.0},
    )
    typed.index = typed.index.astype("str")
    view = clusters_beside_view(typed, {"orders": one_order}, rules, clusters=clusters)
    assert view.day == date(2025, 3, 31)
    # 80 loyal and 60 of the 80 others are told rightly; 80 are the most common type.
    assert view.says()["types"] == (
        "Who knows the cluster names the type right for 88% of 160 customers. Always saying the "
        "most common type is right for 50%."
    )
    assert view.says()["moved"].startswith("1 customers had a cluster on 2025-03-31 and have one")
    with language("ja"):
        assert view.says()["types"] == (
            "クラスタからタイプを当てると、160名のうち88%が正解です。"
            "つねに最多のタイプと答えた場合は50%です。"
        )


def test_no_customers_no_clusters(rules: Client) -> None:
    nobody = two_clouds().iloc[:0].assign(five_type=pd.Series(dtype="str"))
    view = clusters_view(nobody, {}, rules)
    says = view.says()
    assert says["spread"].startswith("All customers with orders are alike")
    assert says["taken"] == "No K passes all four gates."
    assert says["silhouette"] == "No K could be tried, so there is no silhouette to choose by."
    assert says["weakest_name"] == "There are no stable clusters, so there are no names to doubt."
    assert clusters_beside_view(nobody, {}, rules, clusters=view.clusters).says() == {
        "types": "There are no stable clusters, so there is nothing to compare with the types.",
        "useful": "There is nothing to compare the clusters with: no groups, or nobody came back.",
        "moved": "0 customers had a cluster on 2025-03-31 and have one today; 0 of them are in the "
        "same one.",
    }


def test_what_groups_explain_by_hand() -> None:
    happened = pd.Series([True, True, False, False])
    assert _explained(happened, pd.Series([1, 1, 2, 2])) == {"n": 4, "explained": 1.0}
    assert _explained(happened, pd.Series([1, 2, 1, 2])) == {"n": 4, "explained": 0.0}
    # Rates 2/3 and 0 among 3 and 1: between 3/4 x (2/3 - 1/2)^2 + 1/4 x (1/2)^2 = 1/12 of 1/4.
    assert _explained(happened, pd.Series([1, 1, 1, 2]))["explained"] == pytest.approx(1 / 3)
    known = _explained(happened, pd.Series([1, 1, 2, pd.NA], dtype="Int64"))
    assert known == {"n": 3, "explained": pytest.approx(1.0)}
    nothing = _explained(pd.Series([False, False]), pd.Series([1, 2]))
    assert pd.isna(nothing["explained"])
