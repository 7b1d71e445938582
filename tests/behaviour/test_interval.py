"""F as the interval between purchases: by hand, by plain pandas, with odd lists, as printed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from real_orders import cdnow, invented

import segment_lib as sl
from segment_lib.behaviour.rfm import ScoreCuts, interval_days
from segment_lib.behaviour.segments import INTERVAL_SEGMENTS, check_segments
from segment_lib.behaviour.views import interval_view, revenue_view
from segment_lib.checks import KitError
from segment_lib.voice import language

AS_OF = "2025-06-30"
BY_INTERVAL = sl.RfmRules(f="interval")


def bought(**days: list[str]) -> pd.DataFrame:
    rows = [(name, day, 10.0) for name, made in days.items() for day in made]
    frame = pd.DataFrame(rows, columns=["customer_id", "ordered_on", "amount"])
    return frame.assign(order_id=frame.index.astype("str"))


# a: gaps of 10 and 20 days, the mean is 15; b: twice on one day and once more; c: once; d: twice
# on one day only; e: after 100 days; f: after 40.
ORDERS = bought(
    a=["2025-01-01", "2025-01-11", "2025-01-31"],
    b=["2025-01-01", "2025-01-01", "2025-01-31"],
    c=["2025-06-01"],
    d=["2025-06-01", "2025-06-01"],
    e=["2025-01-01", "2025-04-11"],
    f=["2025-01-01", "2025-02-10"],
)


@pytest.fixture
def history() -> pd.DataFrame:
    people = pd.DataFrame({"customer_id": [*"abcdefg"]})
    return sl.order_history(ORDERS, AS_OF, customers=people)


def test_by_hand(history: pd.DataFrame) -> None:
    mean = interval_days(history)
    assert mean.dropna().to_dict() == {"a": 15, "b": 30, "e": 100, "f": 40}
    cuts = ScoreCuts(f="interval").fit(history)
    # 1 is left to those without an interval; 100 | 40 | 30 | 15 are the four parts above it.
    assert cuts.cuts_["f"] == [100.0, 40.0, 30.0, 15.0]
    scores = cuts.transform(history)["f"]
    assert scores.dropna().to_dict() == {"a": 5, "b": 4, "c": 1, "d": 1, "e": 2, "f": 3}
    assert scores.isna().to_dict()["g"]
    assert cuts.n_scores_ == 5
    assert "F interval_days <= 100, 40, 30, 15" in repr(cuts)
    assert cuts.cuts_table_.query("axis == 'f'")["earned_by"].tolist()[0] == "interval_days <= 15"


def test_stated_cuts_read_as_people_say_them(history: pd.DataFrame) -> None:
    rules = sl.RfmRules(f="interval", interval_cuts=(90, 30, 60, 15))
    scores = ScoreCuts.from_rules(rules).fit(history).transform(history)["f"]
    assert scores.dropna().to_dict() == {"a": 5, "b": 4, "c": 1, "d": 1, "e": 1, "f": 3}


@pytest.mark.parametrize("seed", range(3))
def test_as_plain_pandas_has_it(seed: int) -> None:
    """Mean of the gaps, customer by customer; fifths above the 1 by rank."""
    orders = invented(seed)
    view = revenue_view(sl.order_history(orders, AS_OF), rules=BY_INTERVAL)
    check_against_plain_pandas(orders, view)


@pytest.mark.real_data
def test_cdnow_as_plain_pandas_has_it(real_data: Path) -> None:
    orders = cdnow(real_data)
    view = revenue_view(sl.order_history(orders, "1998-06-30"), rules=BY_INTERVAL)
    check_against_plain_pandas(orders, view)
    once = view.customers["interval_days"].isna().sum()
    assert view.says()["ties"].startswith(f"{once:,} of 2,357 buyers ordered on one day only: ")


def check_against_plain_pandas(orders: pd.DataFrame, view: object) -> None:
    mean = {
        who: rows.drop_duplicates().sort_values().diff().dt.days.mean()
        for who, rows in orders.groupby("customer_id")["ordered_on"]
    }
    mean = pd.Series(mean).reindex(view.customers.index)
    np.testing.assert_allclose(view.customers["interval_days"], mean)
    known = mean.dropna()
    # Of those who came again: how many lie at or above (as slow or slower), over all of them. The
    # score is 2 and one more for each quarter that is passed by whole.
    slower = known.map(lambda days: (known > days).sum() / len(known))
    score = 2 + (slower >= 0.25).astype(int) + (slower >= 0.5) + (slower >= 0.75)
    assert view.customers["f"].astype(int).to_dict() == (
        score.reindex(mean.index).fillna(1).astype(int).to_dict()
    )


def test_the_words_are_true_of_the_interval(history: pd.DataFrame) -> None:
    check_segments(INTERVAL_SEGMENTS)
    view = revenue_view(history, rules=BY_INTERVAL)
    said = view.says()
    assert said["ties"] == (
        "2 of 6 buyers ordered on one day only: they have no interval yet, so their F score is 1."
    )
    assert "by short intervals" in said["gone_quiet"]
    for text in (said["segments"], said["gone_quiet"]):
        assert "often" not in text
        assert "order two" in text or "orders" not in text
    assert set(view.customers["rfm_segment"].dropna()) <= set(view.segments["rfm_segment"])
    assert view.segments["customers"].sum() == 6
    with language("ja"):
        said = view.says()
        assert said["ties"] == (
            "ご購入者6名のうち2名はご購入が1日だけで、購入間隔がまだないため、Fのスコアは1です。"
        )
        assert not any(line.isascii() for line in said["segments"].splitlines())


def test_cuts_handed_over_choose_the_rows(history: pd.DataFrame) -> None:
    handed = revenue_view(history, cuts=ScoreCuts(f="interval"))
    stated = revenue_view(history, rules=BY_INTERVAL)
    pd.testing.assert_frame_equal(handed.customers, stated.customers)
    pd.testing.assert_frame_equal(handed.segments, stated.segments)


def test_saved_cuts_score_alike(history: pd.DataFrame) -> None:
    cuts = ScoreCuts(f="interval", interval_cuts=(90, 60, 30, 15)).fit(history)
    again = ScoreCuts.from_json(cuts.to_json())
    assert again.get_params() == cuts.get_params()
    assert again.transform(history).equals(cuts.transform(history))


def test_odd_lists() -> None:
    once = sl.order_history(bought(a=["2025-01-01"], b=["2025-02-01"]), AS_OF)
    view = revenue_view(once, rules=BY_INTERVAL)
    assert view.customers["f"].tolist() == [1, 1]
    assert view.cuts.cuts_["f"] == []
    alike = {name: ["2025-01-01", "2025-01-31"] for name in "abcdef"}
    view = revenue_view(sl.order_history(bought(**alike), AS_OF), rules=BY_INTERVAL)
    assert set(view.customers["f"]) == {2}  # none is quicker than another, but all came again
    nobody = revenue_view(sl.order_history(bought(), AS_OF), rules=BY_INTERVAL)
    assert nobody.says()["ties"] == "Nobody has ordered yet."


def test_days_that_nobody_knows_are_asked_for() -> None:
    summed = pd.DataFrame(
        {
            "recency_days": [3, 9], "frequency": [2, 1], "monetary": [5.0, 1.0],
            "order_days": pd.array([pd.NA, 1], dtype="Int64"), "span_days": [30.0, 0.0],
        }
    )  # fmt: skip
    with pytest.raises(KitError) as error:
        ScoreCuts(f="interval").fit(summed)
    assert str(error.value) == (
        '[rfm] f = "interval" needs the days of the orders. 1 customers ordered more than once, '
        'and these lists do not say when. Give a list of orders, or state f = "orders".'
    )
    with pytest.raises(KitError, match=r'^f is "gaps"; it must be "orders" or "interval"\.$'):
        ScoreCuts(f="gaps").fit(summed)
    view = interval_view(summed)
    assert view.customers.empty
    assert view.says() == {
        "changes": "No days of orders are known, so there is no interval between them."
    }


@pytest.mark.parametrize("stated", ["orders", "interval"])
def test_both_beside_each_other(stated: str) -> None:
    history = sl.order_history(invented(5), AS_OF)
    rules = sl.RfmRules(f=stated)
    view = interval_view(history, rules=rules)
    table = view.customers
    by = {
        f: revenue_view(history, cuts=ScoreCuts(f=f)).customers["f"] for f in ("orders", "interval")
    }
    assert table["f_by_orders"].equals(by["orders"].rename("f_by_orders"))
    assert table["f_by_interval"].equals(by["interval"].rename("f_by_interval"))
    other = (by["orders"] != by["interval"]).sum()
    moved = (table["segment_by_orders"] != table["segment_by_interval"]).sum()
    assert 0 < moved <= other
    assert view.says()["changes"].startswith(
        f"By the interval instead of the orders, {other} of 300 buyers get another F score, and "
        f"{moved} ({moved / 300:.0%}) stand in another segment. "
    )
    with language("ja"):
        assert f"{moved}名（{moved / 300:.0%}）はセグメントが変わります。" in str(view)


def test_other_numbers_of_scores_are_not_compared() -> None:
    history = sl.order_history(invented(5), AS_OF)
    view = interval_view(history, rules=sl.RfmRules(f="interval", interval_cuts=(90, 30)))
    assert not view.comparable
    assert view.says()["changes"].startswith("By orders there is another number of scores than by")
