"""The waiting curve: by hand, expected days that never move, chances of who waited as long."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from invented_orders import AS_OF, rhythm, summary

from segment_lib.behaviour.waiting import Curve, WaitingCurve, order_gaps
from segment_lib.checks import KitError


def days_of(*rows: tuple[str, str], as_of: pd.Timestamp = AS_OF) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["customer_id", "ordered_on"])
    return frame.assign(ordered_on=pd.to_datetime(frame["ordered_on"]), as_of=as_of)


def test_gaps_by_hand() -> None:
    days = days_of(("a", "2026-01-11"), ("a", "2026-01-01"), ("b", "2026-03-02"))
    found = order_gaps(days)
    assert found["customer_id"].tolist() == ["a", "a", "b"]
    assert found["order_number"].tolist() == [1, 2, 1]
    assert found["wait_days"].tolist() == [10, 80, 30]  # the open ones end on the day
    assert found["came_back"].tolist() == [True, False, False]
    assert found["span_before_days"].tolist() == [0, 10, 0]


def test_kaplan_meier_by_hand() -> None:
    # Six waits: back on day 2, 3, 3 and 7; still waiting after day 3 and 9.
    waits, back = np.array([2, 3, 3, 3, 7, 9.0]), np.array([1, 1, 1, 0, 1, 0], bool)
    curve = Curve.from_waits(waits, back, least_waiting=1)
    assert curve.days.tolist() == [2, 3, 7]
    # 5/6; then 2 of 5 at risk: 5/6 x 3/5 = 1/2; then 1 of 2: 1/4.
    assert curve.waiting == pytest.approx([5 / 6, 1 / 2, 1 / 4])
    assert curve.still_waiting(np.array([0, 2, 2.5, 100])) == pytest.approx(
        [1, 5 / 6, 5 / 6, 1 / 4]
    )
    assert curve.day_of_share(0.5) == 3
    assert np.isnan(curve.day_of_share(0.9))  # never seen
    # Of the three quarters who come back: 5/6 - 1/4 of 3/4 later than day 2, a third after day 3.
    assert curve.day_of_returns(0.1) == 2
    assert curve.day_of_returns(0.9) == 7


def test_the_curve_ends_where_hardly_anybody_still_waits() -> None:
    # On day 7 two still wait: one return among them would look like a chance of a half.
    waits, back = np.array([2, 3, 3, 3, 7, 9.0]), np.array([1, 1, 1, 0, 1, 0], bool)
    curve = Curve.from_waits(waits, back)
    assert curve.days.tolist() == [2, 3]
    assert curve.still_waiting(np.array([100.0])) == pytest.approx([1 / 2])
    # A list too short for that keeps its whole curve.
    assert Curve.from_waits(waits[4:], back[4:]).days.tolist() == [7]


def test_a_regular_customer_is_due_after_the_own_gap() -> None:
    days = pd.concat([rhythm(60, 30, 8), rhythm(60, 90, 8)])
    curve = WaitingCurve().fit(order_gaps(days))
    due = curve.transform(summary(days))
    by = (due["was_due_by"] - AS_OF).dt.days
    slow, fast = by["g90_000"], by["g30_000"]
    assert fast == pytest.approx(30, abs=8)
    assert slow == pytest.approx(90, abs=16)
    assert (due["was_due_from"] <= due["was_due_by"]).all()
    assert due["overdue_days"].tolist() == [0] * 120


def test_the_own_pace_counts_as_much_as_customers_differ() -> None:
    alike = WaitingCurve().fit(order_gaps(rhythm(60, 30, 8)))
    assert alike.shrink_gaps_ == 20  # nobody differs: the pooled pace answers
    differ = WaitingCurve().fit(order_gaps(pd.concat([rhythm(60, 30, 8), rhythm(60, 90, 8)])))
    assert differ.shrink_gaps_ == 0.1  # all differences are between customers
    assert WaitingCurve().fit(order_gaps(rhythm(5, 30, 8))).shrink_gaps_ == 2  # too few to say
    assert WaitingCurve(3.0).fit(order_gaps(rhythm(60, 30, 8))).shrink_gaps_ == 3


def test_overdue_is_counted_from_the_last_order_and_never_moved() -> None:
    learned = WaitingCurve().fit(order_gaps(rhythm(100, 30, 6)))
    today = summary(rhythm(1, 30, 6, start=100))
    later = today.assign(recency_days=today["recency_days"] + 45)
    now, then = learned.transform(today).iloc[0], learned.transform(later).iloc[0]
    assert now["was_due_by"] == then["was_due_by"]  # 45 days on, the same date in the past
    assert now["was_due_by"] < AS_OF
    assert now["overdue_days"] == (AS_OF - now["was_due_by"]).days > 0
    assert then["overdue_days"] == now["overdue_days"] + 45
    # late is not lost: who repeats has lapsed after twice that wait
    assert now["lapsed_after_days"] == 2 * (now["was_due_by"] - today.iloc[0]["last_order_on"]).days


def test_who_ordered_once_is_never_due_or_late_and_lapses_after_the_wait() -> None:
    learned = WaitingCurve().fit(order_gaps(rhythm(100, 30, 6)))
    once = learned.transform(summary(rhythm(1, 30, 1, start=100))).iloc[0]
    assert once[["was_due_from", "was_due_by", "overdue_days"]].isna().all()
    assert once["lapsed_after_days"] == learned.table_.loc[0, "to_days"].round()


def test_one_time_buyers_have_their_own_curve_with_those_still_waiting() -> None:
    # 100 bought once and never came back in 200 days; 50 came back after 20 and are then gone.
    once = rhythm(100, 1, 1, start=200)
    twice = rhythm(50, 20, 2, start=180)
    curve = WaitingCurve().fit(order_gaps(pd.concat([once, twice])))
    due = curve.transform(summary(once)).iloc[0]
    # All 150 waited after the first order, a third came back, all of them on day 20.
    assert curve.table_.loc[0, ["returns", "ever_back"]].tolist() == pytest.approx([50, 1 / 3])
    assert pd.isna(due["usual_wait_days"])  # fewer than half ever come back
    month = np.array([30.0])
    assert 0 < curve.back_by(summary(once), month)[0, 0] < 0.1  # the tail: rare, never impossible
    new = summary(once).assign(recency_days=5)
    assert curve.back_by(new, month)[0, 0] == pytest.approx(1 / 3, abs=0.03)


def test_the_chance_is_that_of_those_who_waited_as_long() -> None:
    # After the first order half come back on day 10, half on day 50: pace 1 for everybody.
    rows = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(100)],
            "order_number": 1, "span_before_days": 0, "came_back": True,
            "wait_days": [10] * 50 + [50] * 50,
        }
    )  # fmt: skip
    curve = WaitingCurve().fit(rows)
    waited = pd.DataFrame(
        {
            "last_order_on": AS_OF, "order_days": 1, "span_days": 0,
            "recency_days": [0, 9, 10, 25, 60],
        }
    )  # fmt: skip
    assert curve.back_by(waited, np.array([30.0]))[:, 0].tolist() == [0.5, 0.5, 0.0, 1.0, 0.0]
    assert curve.share_later_than(10) == pytest.approx(0.5)


def test_no_orders_no_claims() -> None:
    curve = WaitingCurve().fit(order_gaps(rhythm(50, 30, 4)))
    nobody = pd.DataFrame(
        {
            "last_order_on": [pd.NaT],
            "recency_days": [np.nan],
            "order_days": [0],
            "span_days": [np.nan],
        }
    ).astype({"last_order_on": "datetime64[us]"})
    assert curve.transform(nobody).isna().all().all()
    never = WaitingCurve().fit(order_gaps(rhythm(5, 30, 1, start=9)))
    due = never.transform(summary(rhythm(5, 30, 1, start=9)))
    assert due.isna().all().all()  # nobody ever came back: nothing to learn a date from
    assert np.isnan(never.back_by(summary(rhythm(5, 30, 1, start=9)), np.array([30.0]))).all()


def test_a_curve_goes_on_past_its_end_as_it_fell_before() -> None:
    """As steeply as since half that day: a curve from 80 % of its length on, steps at their end."""
    curve = Curve(np.array([2.0, 4.0, 8.0, 10.0]), np.array([0.9, 0.8, 0.4, 0.1]), 9, 10.0)
    days = np.array([0.0, 4.0, 8.0, 9.0, 10.0, 20.0])
    assert curve.beyond(days) == pytest.approx([1.0, 0.8, 0.4, 0.4, 0.1, 0.0125])
    smooth = Curve(np.arange(1.0, 101.0), 1 / np.arange(2.0, 102.0), 100, 100.0)
    assert smooth.beyond(np.array([160.0]))[0] == pytest.approx(
        smooth.still_waiting(np.array([80.0]))[0] / 2, rel=0.03
    )
    flat = Curve(np.array([5.0]), np.array([0.9]), 1, 5.0)
    assert 0 < flat.beyond(np.array([1e4]))[0] < 0.9  # somebody may always come back


def test_saved_curves_say_the_same() -> None:
    days = pd.concat([rhythm(40, 30, 5, start=12), rhythm(40, 70, 3, start=80)])
    curve = WaitingCurve().fit(order_gaps(days))
    again = WaitingCurve.from_json(curve.to_json())
    pd.testing.assert_frame_equal(again.transform(summary(days)), curve.transform(summary(days)))
    assert repr(again) == repr(curve)
    assert again.as_of_ == date(2026, 4, 1)
    with pytest.raises(KitError) as error:
        WaitingCurve().transform(summary(days))
    assert str(error.value) == (
        "This WaitingCurve has learned nothing yet. Call .fit(order_gaps(order_days)) first."
    )


def test_row_order_and_ids_change_nothing() -> None:
    days = pd.concat([rhythm(40, 30, 5, start=12), rhythm(40, 70, 3, start=80)])
    due = WaitingCurve().fit(order_gaps(days)).transform(summary(days))
    other = days.sample(frac=1, random_state=0).assign(customer_id=lambda t: "x" + t["customer_id"])
    again = WaitingCurve().fit(order_gaps(other)).transform(summary(other))
    again.index = again.index.str.removeprefix("x")
    pd.testing.assert_frame_equal(again.loc[due.index], due, check_names=False)
