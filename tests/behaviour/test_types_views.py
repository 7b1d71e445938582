"""Types, product lines, campaigns: what the views give and say, by hand, in both languages."""

from __future__ import annotations

import pandas as pd
import pytest

import segment_lib as sl
from segment_lib.behaviour.five_types import propose_thresholds
from segment_lib.behaviour.views import (
    CampaignsView,
    LinesView,
    TypesView,
    campaigns_view,
    lines_view,
    types_view,
)
from segment_lib.voice import language

AS_OF = "2025-06-30"
TODAY = pd.Timestamp(AS_OF)
RULES = sl.FiveTypesRules(often_gap_days=40, loyal_after_days=100, loyal_spend=500)


def bought(customer: str, every: int, times: int, **same: object) -> pd.DataFrame:
    """The orders of a customer, the last one `every` days ago."""
    days = [TODAY - pd.Timedelta(days=every * back) for back in range(times, 0, -1)]
    made = {"customer_id": customer, "ordered_on": days, "amount": 10.0}
    ids = [f"{customer}{number}" for number in range(times)]
    return pd.DataFrame(made | {"order_id": ids} | same)


# a is loyal, b steady, c came once by a sale, d twice.
ORDERS = pd.concat(
    [
        bought("a", 30, 8),
        bought("b", 60, 4),
        bought("c", 200, 1, campaign="sale"),
        bought("d", 20, 2),
    ],
    ignore_index=True,
)
LINES = pd.concat(
    [bought("a", 30, 8, product_line="tea"), bought("a", 200, 1, product_line="cups")],
    ignore_index=True,
)
PEOPLE = pd.DataFrame(
    {
        "customer_id": [*"abcde"],
        "name": ["Aoi", "Ben", None, "Dan", "Eve"],
        "first_contact_on": pd.to_datetime([None, None, "2020-01-01", None, "2020-01-01"]),
    }
)
TABLES = {"orders": ORDERS, "customers": PEOPLE}


@pytest.fixture
def history() -> pd.DataFrame:
    return sl.order_history(ORDERS, AS_OF, customers=PEOPLE)


@pytest.fixture
def view(history: pd.DataFrame) -> TypesView:
    return sl.types_view(history, TABLES, RULES)


@pytest.fixture
def everyone(history: pd.DataFrame, view: TypesView) -> pd.DataFrame:
    return history.join(view.customers)


def test_five_lines_from_orders_to_segments_and_types() -> None:
    history = sl.order_history(ORDERS, as_of=AS_OF)
    money = sl.revenue_view(history, rules=sl.RfmRules())
    types = sl.types_view(history, {"orders": ORDERS}, sl.FiveTypesRules(often_gap_days=40))
    customers = money.customers.join(types.customers)
    assert customers[["rfm_segment", "five_type", "next_on"]].notna().all(axis=None)


def test_the_frames_by_hand(view: TypesView) -> None:
    assert view.customers["five_type"].astype("object").fillna("").to_dict() == {
        "a": "loyal", "b": "steady", "c": "first_time", "d": "toddler", "e": "",
    }  # fmt: skip
    assert view.gaps["came_back"].sum() == 7 + 3 + 0 + 1
    assert view.first_unknown[view.first_unknown].index.tolist() == ["c"]
    assert view.thresholds["product_line"].tolist() == ["(all)"]
    assert set(view.kept()) == {
        "types", "five_types", "waiting_curve", "next_order_test", "second_orders",
    }  # fmt: skip


def test_what_types_say_by_hand(view: TypesView) -> None:
    said = view.says()
    assert said["often"] == "No order names a product line: one answer for all."
    assert said["waits"].startswith("Own lapse limits: ")
    # 4 buyers spent 80 + 40 + 10 + 20 = 150.
    assert said["types"].splitlines()[0].startswith("First-time: 25% of customers, 7% of spend; ")
    assert said["types"].splitlines()[3] == (
        "Loyal: 25% of customers, 53% of spend; 0 of 1 have lapsed."
    )
    assert said["first_unknown"] == (
        "1 customers were known before the lists begin, so an earlier order may be missing. "
        "1 of them stand under first-time: leave them out of its rates."
    )
    # The published rule: a spans 210 days and spent 7 mean orders or more: loyal there too;
    # b spent less: steady; c first-time; d two orders in 20 days: toddler.
    assert said["by_rule"] == "Both rules name the same type for 4 of 4 customers."


def test_what_types_say_in_japanese(view: TypesView) -> None:
    with language("ja"):
        said = view.says()
    assert said["often"] == "商品ラインの記録がないため、全体で一つの値を使います。"
    assert said["waits"].startswith("お一人ずつの離脱の目安は")
    assert said["types"].splitlines()[3] == "優良客：人数の25%、売上の53%。1名のうち0名が離脱。"
    assert said["first_unknown"] == (
        "リストの始まりより前からの方が1名。以前のご購入は不明です。"
        "うち初回客は1名で、初回客の率からは除いて考えます。"
    )
    assert said["by_rule"] == "両方のルールが一致する方は4名のうち4名です。"


def test_margin_is_said_where_it_is_known(history: pd.DataFrame) -> None:
    orders = ORDERS.assign(margin=4.0)
    view = types_view(sl.order_history(orders, AS_OF), {"orders": orders}, RULES)
    assert view.says()["types"].splitlines()[3] == (
        "Loyal: 25% of customers, 53% of spend, margin 40%; 0 of 1 have lapsed."
    )
    with language("ja"):
        assert "売上の53%、粗利率40%。" in view.says()["types"]


def test_thresholds_of_product_lines_and_who_says_so(history: pd.DataFrame) -> None:
    rules = sl.FiveTypesRules(lines={"tea": sl.TypeThresholds(often_gap_days=40)})
    view = types_view(history, {**TABLES, "order_lines": LINES}, rules)
    assert view.thresholds["product_line"].tolist() == ["(all)", "cups", "tea"]
    general = propose_thresholds(history).iloc[0]["often_gap_days"]
    assert view.says()["often"].splitlines() == [
        f"cups: a gap of up to {general:.0f} days is often (as the data propose).",
        "tea: a gap of up to 40 days is often (stated by people).",
    ]
    with language("ja"):
        assert view.says()["often"].splitlines()[1] == (
            "tea：間隔が40日までを「頻繁」とします（人が決めた値）。"
        )


def test_the_published_rule_takes_its_spend_from_the_customers(history: pd.DataFrame) -> None:
    rules = sl.FiveTypesRules(rule="cpm")
    view = types_view(history, {**TABLES, "order_lines": LINES}, rules)
    spend = view.thresholds.set_index("product_line")["loyal_spend"]
    assert spend["(all)"] == spend["tea"] == 70  # 7 x 10 an order
    assert view.customers.equals(types_view(history, TABLES, rules).customers)


def test_nobody_came_back_and_days_that_are_not_known(history: pd.DataFrame) -> None:
    once = bought("a", 10, 1)
    view = types_view(sl.order_history(once, AS_OF), {"orders": once})
    nothing = "Nobody came back for a second order: there is no wait to learn from."
    assert view.says()["waits"] == nothing
    without = types_view(history, rules=RULES)  # a history alone: no orders, so no waits
    assert without.customers["five_type"].notna().sum() == 4
    assert without.says()["waits"] == (
        "The days of the orders are not known: there is no wait to learn from."
    )
    with language("ja"):
        assert view.says()["waits"] == "2回目のご注文がまだないため、待つ日数は学べません。"
        assert without.says()["waits"] == "ご注文日が分からないため、待つ日数は学べません。"


def test_product_lines_by_hand(everyone: pd.DataFrame) -> None:
    view = sl.lines_view(everyone, {**TABLES, "order_lines": LINES}, RULES)
    assert isinstance(view, LinesView)
    assert view.kept()["next_order"][["product_line", "five_type"]].astype(
        "str"
    ).values.tolist() == [
        ["cups", "first_time"],
        ["tea", "loyal"],
    ]
    said = view.says()
    assert said["mixed"] == (
        "1 customers are one type in one product line and another type in another."
    )
    # Tea: 30 days after the last order, due today; cups: no second order was ever seen.
    assert view.soon["product_line"].tolist() == ["tea"]
    assert said["examples"].startswith("Aoi, tea: of such customers 50% order within 180 days; ")
    assert said["examples"].endswith("by their own pace the next is expected by 2025-06-30.")
    assert said["soon"] == (
        "The time of 1 orders is now, or begins by 2025-07-14. 0 of these customers order from one "
        "product line and could be offered another."
    )
    with language("ja"):
        said = view.says()
    assert said["mixed"] == "商品ラインによってタイプが違うお客様は1名です。"
    assert said["soon"] == (
        "今がお時期、または2025-07-14までにお時期に入るご注文は1件です。"
        "うち0名は1つの商品ラインだけのご購入なので、別の商品ラインもご案内できます。"
    )


def test_where_no_line_is_named_the_customers_stand_for_it(
    everyone: pd.DataFrame, view: TypesView
) -> None:
    late = everyone.assign(
        overdue_days=pd.array([0, 70, 0, 5, pd.NA], dtype="Int64"),
        was_due_by=pd.Timestamp("2026-01-01"),
    )
    lines = lines_view(late, TABLES, RULES, gaps=view.gaps)
    assert lines.lines.empty
    assert "product_line" not in lines.expected
    assert lines.overdue.index.tolist() == ["d", "b"]
    said = lines.says()
    assert said["mixed"].startswith("0 customers are one type")
    assert "Ben: of such customers " in said["examples"]
    assert said["overdue"] == (
        "2 orders of customers who repeat are late; 1 of them of customers with three order days "
        "or more, 0 of those since the last 60 days."
    )
    with language("ja"):
        assert lines.says()["overdue"] == (
            "リピートのお客様のご注文2件が見込みの期間を過ぎています。うち購入日数3日以上の方の"
            "ものが1件、そのうち直近60日以内に過ぎたものが0件です。"
        )
        shown = sl.labelled(lines.due[["product_line"]])
        assert set(shown.iloc[:, 0]) == {"（全体）"}


def test_twice_the_gap_by_hand(everyone: pd.DataFrame, view: TypesView) -> None:
    # a has come seven times, always after 30 days: never after more than twice the gap. Of those
    # with one gap (a, b): none. Today a waits 30 days (gap 30), b 60 (60), d 20 (20): none.
    said = lines_view(everyone, TABLES, RULES, gaps=view.gaps).says()["twice_the_gap"]
    assert said == (
        "Back after more than twice the own gap: 0.0% of those with one gap, 0.0% of those with "
        "four or more. Of 3 today, that rule would give up 0 too early and overlook 0."
    )
    slow = everyone.assign(recency_days=[61, 60, 200, 20, pd.NA])
    late = slow.assign(overdue_days=pd.array([0, 1, 0, 0, pd.NA], dtype="Int64"))
    lines = lines_view(late, TABLES, RULES, gaps=view.gaps)
    assert lines.says()["twice_the_gap"].endswith("give up 1 too early and overlook 1.")
    with language("ja"):
        assert lines.says()["twice_the_gap"] == (
            "間隔の2倍を超えて戻られた方：間隔1つで0.0%、4つ以上で0.0%。"
            "2倍で区切ると、今日は3件中1件を早く諦め、1件を見落とします。"
        )
    few = lines_view(late, TABLES, RULES).says()["twice_the_gap"]
    assert few == "Too few waits were seen to compare."


def test_campaigns_by_hand(everyone: pd.DataFrame) -> None:
    view = campaigns_view(everyone, TABLES, RULES)
    assert isinstance(view, CampaignsView)
    assert view.days["orders"].sum() == len(ORDERS)
    assert view.campaigns["customers"].to_dict() == {"sale": 1, "—": 3}
    assert view.says()["came_by"] == (
        "1 of 4 came by a campaign. 0 of them are fad buyers today, 0 have turned loyal, "
        f"{int(everyone.loc['c', 'lapsed'])} have lapsed."
    )
    with language("ja"):
        assert view.says()["came_by"].startswith(
            "4名のうち1名は企画をきっかけに始められました。今は流行客が0名、優良客が0名、"
        )
    plain = campaigns_view(everyone, {"orders": ORDERS.drop(columns="campaign")}, RULES)
    nothing = "No order names a campaign: what set off a burst cannot be seen here."
    assert plain.says() == {"came_by": nothing}


def test_nobody_at_all_is_said() -> None:
    nobody = ORDERS.iloc[:0]
    history = sl.order_history(nobody, AS_OF, customers=PEOPLE)
    tables = {"orders": nobody, "customers": PEOPLE}
    view = types_view(history, tables)
    assert view.says()["types"] == "Nobody has ordered yet."
    assert view.says()["by_rule"] == "Both rules name the same type for 0 of 0 customers."
    everyone = history.join(view.customers)
    for lines in (
        lines_view(everyone, tables, gaps=view.gaps),
        lines_view(history, tables),  # as the walk asks: without types beside the customers
    ):
        said = lines.says()
        assert said["examples"] == (
            "No order is expected soon, and nobody who came regularly is late."
        )
        assert said["soon"].startswith("The time of 0 orders is now, or begins by 2025-07-14.")
        assert said["overdue"].startswith("0 orders of customers who repeat are late")
        assert said["twice_the_gap"] == "Too few waits were seen to compare."
    assert campaigns_view(everyone, tables).says()["came_by"].startswith("No order names")
