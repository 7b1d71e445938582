"""Next order: the curve by hand, due dates that never move, chances that hold on real orders."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest

from segment_lib.behaviour.history import order_days, order_history
from segment_lib.behaviour.next_order import (
    Curve,
    WaitingCurve,
    next_by_line,
    order_gaps,
    sentence_next_order,
)
from segment_lib.checks import KitError
from segment_lib.voice import language

AS_OF = pd.Timestamp("2026-04-01")


def days_of(*rows: tuple[str, str], as_of: pd.Timestamp = AS_OF) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["customer_id", "ordered_on"])
    return frame.assign(ordered_on=pd.to_datetime(frame["ordered_on"]), as_of=as_of)


def summary(days: pd.DataFrame) -> pd.DataFrame:
    """The columns of the history that the curve needs."""
    found = days.groupby("customer_id")["ordered_on"].agg(["min", "max", "size"])
    return pd.DataFrame(
        {
            "last_order_on": found["max"],
            "recency_days": (AS_OF - found["max"]).dt.days,
            "order_days": found["size"],
            "span_days": (found["max"] - found["min"]).dt.days,
        }
    )


def rhythm(customers: int, gap: int, orders: int, start: int = 0) -> pd.DataFrame:
    """So many customers who order every `gap` days, the last time `start` days before the day."""
    rows = [
        (f"g{gap}_{i:03d}", AS_OF - pd.Timedelta(days=start + gap * k))
        for i in range(customers)
        for k in range(orders)
    ]
    return pd.DataFrame(rows, columns=["customer_id", "ordered_on"]).assign(as_of=AS_OF)


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
    middle = (due["due_on"] - AS_OF).dt.days
    slow, fast = middle["g90_000"], middle["g30_000"]
    assert fast == pytest.approx(30, abs=8)
    assert slow == pytest.approx(90, abs=16)
    assert (due["was_due_from"] <= due["due_on"]).all()
    assert (due["due_on"] <= due["was_due_by"]).all()
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


def test_who_ordered_once_is_never_late_and_lapses_at_the_end_of_the_range() -> None:
    learned = WaitingCurve().fit(order_gaps(rhythm(100, 30, 6)))
    once = learned.transform(summary(rhythm(1, 30, 1, start=100))).iloc[0]
    last = summary(rhythm(1, 30, 1, start=100)).iloc[0]["last_order_on"]
    assert once["lapsed_after_days"] == (once["was_due_by"] - last).days


def test_one_time_buyers_have_their_own_curve_with_those_still_waiting() -> None:
    # 100 bought once and never came back in 200 days; 50 came back after 20 and are then gone.
    once = rhythm(100, 1, 1, start=200)
    twice = rhythm(50, 20, 2, start=180)
    curve = WaitingCurve().fit(order_gaps(pd.concat([once, twice])))
    due = curve.transform(summary(once)).iloc[0]
    # All 150 waited after the first order, a third came back, all of them on day 20.
    assert curve.table_.loc[0, ["returns", "ever_back"]].tolist() == pytest.approx([50, 1 / 3])
    assert pd.isna(due["usual_wait_days"])  # fewer than half ever come back
    assert due["chance_30d"] == 0  # nobody was seen to return after 200 days
    new = summary(once).assign(recency_days=5)
    assert curve.transform(new)["chance_30d"].iloc[0] == pytest.approx(1 / 3)
    assert "fewer than half come back" in sentence_next_order(
        pd.concat([new.iloc[0], curve.transform(new).iloc[0]])
    )


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
    assert curve.chance_within(waited, 30).tolist() == [0.5, 0.5, 0.0, 1.0, 0.0]
    inside = curve.due_within(waited.iloc[:1], 60).iloc[0]
    assert inside.tolist() == [10, 10, 50]
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
    row = pd.concat([summary(rhythm(1, 30, 1, start=9)).iloc[0], due.iloc[0]])
    assert sentence_next_order(row) == "Too few orders yet to name a day."


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


def test_by_product_line() -> None:
    tea = rhythm(40, 30, 5).assign(product_line="tea")
    cake = rhythm(40, 90, 5).assign(product_line="cake")
    cake["customer_id"] = cake["customer_id"].str.replace("g90", "g30")  # the same people
    rare = rhythm(2, 10, 2).assign(product_line="rare")
    days = pd.concat([tea, cake, rare])
    parts = [
        summary(part).assign(product_line=part["product_line"].iloc[0])
        for part in (tea, cake, rare)
    ]
    lines = pd.concat(parts)
    due = next_by_line(days, lines)
    assert due.index.equals(lines.index)
    assert due["product_line"].tolist() == lines["product_line"].tolist()
    middle = (due["due_on"] - AS_OF).dt.days.groupby(due["product_line"].to_numpy()).median()
    assert (middle["tea"], middle["cake"]) == (30, 90)
    assert due.groupby("product_line")["own_curve"].first().to_dict() == {
        "cake": True, "rare": False, "tea": True
    }  # fmt: skip


def test_sentences() -> None:
    row = pd.Series(
        {
            "name": "Aoki", "product_line": "A", "order_days": 3, "recency_days": 61,
            "was_due_from": pd.Timestamp("2026-02-12"), "due_on": pd.Timestamp("2026-02-20"),
            "was_due_by": pd.Timestamp("2026-03-13"), "overdue_days": 19, "chance_30d": 0.22,
            "usual_wait_days": 28.0,
        }
    )  # fmt: skip
    assert sentence_next_order(row) == (
        "Aoki, A: next order due 2026-02-12 to 2026-03-13. Last order 61 days ago, 19 days overdue "
        "(a competitor may have taken it). After order 3 half are back within 28 days. "
        "Of those who have waited as long, 22 % order within 30 days."
    )
    with language("ja"):
        japanese = sentence_next_order(row)
    assert japanese == (
        "Aoki様：【A】次回のご注文は2026年2月12日〜2026年3月13日の見込みです。前回から61日です。"
        "見込みの期間を19日過ぎています（他社に移られた可能性もあります）。"
        "3回目の後、半数の方は28日以内に再びご注文くださいます。今後30日以内のご注文の確率は22%です。"
    )
    calm = row.drop(["name", "product_line"]).replace({19: 0})
    assert sentence_next_order(calm).startswith("Next order due 2026-02-12 to 2026-03-13. Last")
    assert "overdue" not in sentence_next_order(calm)


@pytest.mark.real_data
def test_online_retail_next_90_days(real_data: Path) -> None:
    """Reach of this method: AUC .74, Brier .214, date error 17 days, 80 % range near .8."""
    raw = pd.read_csv(real_data / "online-retail" / "online_retail.csv.gz", dtype=str)
    raw = raw.dropna(subset="CustomerID").assign(
        amount=lambda t: t["Quantity"].astype(float) * t["UnitPrice"].astype(float),
        ordered_on=lambda t: pd.to_datetime(t["InvoiceDate"]).dt.normalize(),
    )
    raw = raw[~raw["InvoiceNo"].str.startswith("C") & (raw["amount"] > 0)]
    orders = raw.groupby(["InvoiceNo", "CustomerID"], as_index=False).agg(
        ordered_on=("ordered_on", "min"), amount=("amount", "sum")
    ).rename(columns={"InvoiceNo": "order_id", "CustomerID": "customer_id"})  # fmt: skip
    table, cut = ibis.memtable(orders), pd.Timestamp("2011-06-10")
    customers = order_history(table, cut.date()).to_pandas().set_index("customer_id")
    curve = WaitingCurve().fit(order_gaps(order_days(table, cut.date()).to_pandas()))

    later = orders[
        orders["ordered_on"].between(cut, cut + pd.Timedelta(days=90), inclusive="right")
    ]
    first = later.groupby("customer_id")["ordered_on"].min().reindex(customers.index)
    ordered, chance = first.notna(), curve.chance_within(customers, 90)
    ranks = chance.rank()
    pairs = ordered.sum() * (~ordered).sum()
    auc = (ranks[ordered].sum() - ordered.sum() * (ordered.sum() + 1) / 2) / pairs
    assert auc >= 0.740
    assert ((chance - ordered) ** 2).mean() <= 0.214
    found = curve.due_within(customers, 90)[ordered]
    days = (first[ordered] - cut).dt.days
    assert (found["days"] - days).abs().median() <= 17
    assert days.between(found["from_days"], found["to_days"]).mean() == pytest.approx(
        0.81, abs=0.06
    )
