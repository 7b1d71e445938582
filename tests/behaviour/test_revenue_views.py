"""Who brings the money: what the view gives and says, by hand, in both languages."""

from __future__ import annotations

import pandas as pd
import pytest

import segment_lib as sl
from segment_lib.behaviour.rfm import ScoreCuts
from segment_lib.behaviour.views import ReturnsView, RevenueView, returns_view, revenue_view
from segment_lib.checks import KitError
from segment_lib.voice import language

AS_OF = "2025-06-30"
STATED = sl.RfmRules(
    recency_cuts=(365, 180, 90, 30), frequency_cuts=(2, 3, 4, 5), monetary_cuts=(20, 50, 100, 200)
)


def orders(**bought: list[tuple[str, float]]) -> pd.DataFrame:
    """One row per order: customer=[(day, amount), ...]."""
    rows = [(name, day, amount) for name, made in bought.items() for day, amount in made]
    frame = pd.DataFrame(rows, columns=["customer_id", "ordered_on", "amount"])
    frame["order_id"] = [str(number) for number in range(len(frame))]
    return frame.astype({"customer_id": "str", "ordered_on": "str", "amount": "float64"})


# a came often and stopped, b is on top after one order, c to j ordered once, alike.
ORDERS = orders(
    a=[(f"2023-0{month}-01", 30.0) for month in range(1, 6)],
    b=[("2025-06-20", 400.0)],
    **{name: [("2025-06-01", 10.0)] for name in "cdefghij"},
)
PEOPLE = pd.DataFrame({"customer_id": [*"abcdefghijk"]})  # k has not ordered


@pytest.fixture
def view() -> RevenueView:
    history = sl.order_history(ORDERS, AS_OF, customers=PEOPLE)
    return sl.revenue_view(history, rules=STATED)


def test_the_frames_by_hand(view: RevenueView) -> None:
    rows = view.customers
    assert rows.loc[["a", "b", "c"], ["r", "f", "m"]].to_numpy().tolist() == [
        [1, 5, 4],
        [5, 1, 5],
        [5, 1, 1],
    ]
    assert rows["rfm_segment"].dropna().value_counts().to_dict() == {
        "New": 9, "Best customers gone quiet": 1,
    }  # fmt: skip
    assert rows["decile"].dropna().value_counts().to_dict() == dict.fromkeys(range(1, 11), 1)
    assert view.top.index.tolist() == ["b"]
    assert {"revenue", "rfm_segments", "deciles", "abc", "lorenz"} == set(view.kept())


def test_what_it_says_by_hand(view: RevenueView) -> None:
    said = view.says()
    # 5 x 30 + 400 + 8 x 10 = 630; the tenth of b holds 400 / 630; k spent nothing.
    assert said["paid"] == (
        "As of 2025-06-30: 11 customers, 10 with orders. They paid 630 net; 0 came back."
    )
    assert said["ties"] == "Ties: 9 of 10 buyers have 1 order(s), so they share one F score."
    assert said["scores"].splitlines()[0] == "R: 2 of 5 scores in use."
    assert said["gone_quiet"] == (
        "1 customers score 4 or 5 in F. 1 of them score only 1 or 2 in R: they came often and "
        "have gone quiet."
    )
    assert "Best customers gone quiet (1): Ordered often; silent for long. → " in said["segments"]
    # c to j share one spend over eight tenths, so seven borders split them: 7 x 8.
    assert said["top_tenth"] == (
        "The top tenth (1 customers) brings 63% of the net total; 1 customers spent 0 or less and "
        "stand apart. 56 stand at a border with equal spend: there more orders decide, then the "
        "later order."
    )
    assert said["few_orders"] == (
        "Of these 1 customers, 1 got there with one or two orders, and 0 have not ordered for "
        "more than a year."
    )
    assert str(view) == "\n".join(said.values())


def test_what_it_says_in_japanese(view: RevenueView) -> None:
    with language("ja"):
        said = view.says()
    assert said["paid"] == (
        "2025-06-30時点：お客様11名、うちご購入のある方は10名。純額の合計は630、返品・取消は0です。"
    )
    assert said["ties"] == "同じ値：ご購入者10名のうち9名が購入1回で、Fのスコアは同じです。"
    assert said["top_tenth"] == (
        "上位1割（1名）が純額の63%、購入0以下の1名は別の行です。"
        "境目で同額の方は56名で、購入回数、次に最終購入日の順に並べます。"
    )
    assert said["few_orders"] == (
        "この1名のうち、1名は1〜2回のご購入だけで入り、0名は1年以上ご注文がありません。"
    )


def test_every_score_in_use() -> None:
    cuts = ScoreCuts((300, 200, 100, 50), (2, 3, 4, 5), (2, 3, 4, 5))
    history = pd.DataFrame(
        {
            "recency_days": [400, 300, 200, 100, 50] * 5,
            "frequency": [1, 2, 3, 4, 5] * 5,
            "monetary": [1.0, 2.0, 3.0, 4.0, 5.0] * 5,
        }
    )
    view = revenue_view(history, cuts=cuts)
    assert view.says()["scores"] == "All scores are in use on every axis."
    with language("ja"):
        assert view.says()["scores"] == "R・F・Mとも全段階を使用しています。"


def test_measures_of_ones_own_without_a_day_and_too_few_for_tenths() -> None:
    own = pd.DataFrame({"recency_days": [3, 9], "frequency": [2, 1], "monetary": [5_000.0, 10.0]})
    view = revenue_view(own)
    said = view.says()
    assert said["paid"] == "2 customers, 2 with orders. They paid 5,010 net; 0 came back."
    assert said["top_tenth"] == (
        "Only 2 customers have spend above 0: too few for tenths. Read them all."
    )
    assert said["few_orders"].startswith("Of these 2 customers, 2 got there")
    assert len(view.deciles) == 0


def test_nobody_has_ordered() -> None:
    view = revenue_view(sl.order_history(orders(), AS_OF, customers=PEOPLE), rules=STATED)
    assert len(view.customers) == 11
    said = view.says()
    assert said["ties"] == "Nobody has ordered yet."
    assert said["gone_quiet"].startswith("0 customers score 4 or 5 in F. 0 of them")
    assert said["top_tenth"].startswith("Only 0 customers")
    with language("ja"):
        assert view.says()["ties"] == "ご購入のある方はまだいらっしゃいません。"
    nobody = revenue_view(sl.order_history(orders(), AS_OF))
    assert set(nobody.says()) == set(said)


def test_the_history_comes_from_tables_where_it_is_not_there(view: RevenueView) -> None:
    people = PEOPLE.assign(as_of=pd.Timestamp(AS_OF)).set_index("customer_id")
    again = revenue_view(people, {"orders": ORDERS, "customers": PEOPLE}, STATED)
    pd.testing.assert_frame_equal(again.customers, view.customers)


def test_other_cut_points_may_be_handed_over(view: RevenueView) -> None:
    cuts = ScoreCuts.from_rules(STATED).fit(view.customers)
    cuts.cuts_["r"] = [1000.0]
    plain = view.customers[view.customers.columns.drop(["r", "f", "m", "rfm_segment", "decile"])]
    assert revenue_view(plain, rules=STATED, cuts=cuts).customers["r"].max() == 2


def test_rules_that_are_none() -> None:
    with pytest.raises(KitError) as error:
        revenue_view(sl.order_history(ORDERS, AS_OF), rules={"recency_cuts": (30,)})
    assert str(error.value) == (
        "rules is a dict; it must be the settings of a client (sl.open_client) or one section of "
        "them, such as sl.RfmRules()."
    )


def test_returns_by_hand() -> None:
    # a: order 0 came back entirely, 4 are left; b: a part; c: all there was.
    back = pd.DataFrame(
        {
            "customer_id": ["a", "b", "c"],
            "order_id": ["0", "5", "6"],
            "adjusted_on": AS_OF,
            "amount": [-30.0, -1.0, -10.0],
        }
    )
    day = PEOPLE.assign(as_of=pd.Timestamp(AS_OF))
    view = returns_view(day, {"orders": ORDERS, "adjustments": back})
    assert view.gross["monetary"].sum() - view.net["monetary"].sum() == 41
    assert view.says() == {
        "returns": "Returns change the money of 3 customers. 2 orders came back entirely; "
        "1 customers have none left."
    }
    with language("ja"):
        assert view.says()["returns"] == (
            "返品で金額が変わるお客様は3名。全額が戻ったご注文は2件、ご注文がなくなった方は1名です。"
        )
    nothing = returns_view(day, {"orders": orders()})
    assert isinstance(nothing, ReturnsView)
    assert nothing.says()["returns"].startswith("Returns change the money of 0 customers.")
