"""Buying till leaving: published parameters, closed forms against simulated worlds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from invented_orders import AS_OF

from segment_lib.behaviour import order_family
from segment_lib.behaviour.order_family import OrderFamily
from segment_lib.behaviour.waiting import order_gaps
from segment_lib.checks import KitError


def world(customers: int, k: int, leaves: float, seed: int, days: int = 400) -> pd.DataFrame:
    """Order days of customers who order about every 40 days and leave after an order by chance."""
    rng = np.random.default_rng(seed)
    rows = []
    for who in range(customers):
        pace = rng.gamma(3.0, 1 / 120.0)
        leaving = rng.beta(1.0, 1 / leaves - 1) if leaves else 0.0
        on, gone = float(rng.uniform(0, 150)), False
        while on < days and not gone:
            rows.append((f"c{who:05d}", int(on)))
            gone = rng.random() < leaving
            on += max(rng.gamma(k, 1 / (k * pace)), 1.0)
    frame = pd.DataFrame(rows, columns=["customer_id", "day"]).drop_duplicates()
    return frame.assign(ordered_on=AS_OF - pd.to_timedelta(days - frame["day"], unit="D"))


def as_known(frame: pd.DataFrame, day: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The gaps and the history as of a day."""
    known = frame[frame["ordered_on"] <= day].assign(as_of=day)
    found = known.groupby("customer_id")["ordered_on"].agg(["min", "max", "size"])
    history = pd.DataFrame(
        {
            "last_order_on": found["max"], "recency_days": (day - found["max"]).dt.days,
            "order_days": found["size"], "span_days": (found["max"] - found["min"]).dt.days,
        }
    )  # fmt: skip
    return order_gaps(known), history


@pytest.mark.parametrize(("k", "leaves"), [(1, 0.1), (2, 0.1), (3, 0.2)])
def test_the_regularity_is_found_and_the_forecast_holds(k: int, leaves: float) -> None:
    frame = world(2500, k, leaves, seed=k)
    day = AS_OF - pd.Timedelta(days=120)
    gaps, history = as_known(frame, day)
    family = OrderFamily().fit(gaps)
    assert family.regularity_ == k
    later = frame[
        (frame["ordered_on"] > day) & (frame["ordered_on"] <= day + pd.Timedelta(days=90))
    ]
    made = later.groupby("customer_id").size().reindex(history.index).fillna(0)
    answer = family.transform(history)
    assert answer["chance_90d"].mean() == pytest.approx((made > 0).mean(), abs=0.03)
    assert answer["expected_orders_90d"].mean() == pytest.approx(made.mean(), rel=0.08)
    assert (answer["expected_orders_90d"] >= answer["chance_90d"] - 1e-9).all()
    likely = answer["chance_90d"].rank(pct=True)
    for low, high in ((0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.0)):
        part = (likely > low) & (likely <= high)
        assert answer.loc[part, "chance_90d"].mean() == pytest.approx(
            (made[part] > 0).mean(), abs=0.07
        )


def test_chances_grow_with_days_and_fall_with_silence() -> None:
    gaps, history = as_known(world(800, 2, 0.15, seed=9), AS_OF)
    family = OrderFamily().fit(gaps)
    days = np.array([1.0, 30.0, 90.0, 180.0, 3650.0])
    back = family.back_by(history, days)
    assert (np.diff(back, axis=1) >= 0).all()
    assert ((back >= 0) & (back <= 1)).all()
    waits = pd.DataFrame({"order_days": 5, "span_days": 160, "recency_days": [10, 100, 400, 2000]})
    alive = family.p_alive(waits)
    assert (np.diff(alive) < 0).all()
    assert back[:, -1] == pytest.approx(family.p_alive(history), abs=0.05)  # who stays comes back


def test_the_bg_nbd_of_the_published_sample(real_data: Path) -> None:
    """Fader, Hardie & Lee 2005: r .243, alpha 4.414 weeks, a .793, b 2.426, LL -9582.4."""
    raw = pd.read_csv(real_data / "cdnow-sample" / "cdnow_customers_summary.csv")
    # in weeks, as published; a log-likelihood of gaps needs none of their single lengths for k = 1
    rows = []
    for who, x, last, time in raw[["ID", "frequency", "recency", "T"]].itertuples(index=False):
        waits = [*([last / x] * int(x) if x else []), time - last]
        starts = np.concatenate([[0.0], np.cumsum(waits[:-1])])
        rows += [
            (who, at + 1, wait, at < x, start)
            for at, (wait, start) in enumerate(zip(waits, starts, strict=True))
        ]
    names = ["customer_id", "order_number", "wait_days", "came_back", "span_before_days"]
    family = OrderFamily((1,), modified=False).fit(pd.DataFrame(rows, columns=names))
    assert family.params_ == pytest.approx([0.243, 4.414, 0.793, 2.426], rel=0.01)
    assert family.log_likelihood_ == pytest.approx(-9582.4, abs=0.1)


def test_who_ordered_once_may_have_left_only_where_that_is_allowed() -> None:
    gaps, history = as_known(world(600, 1, 0.3, seed=4), AS_OF)
    once = history[history["order_days"] == 1]
    assert OrderFamily((1,), modified=False).fit(gaps).p_alive(once) == pytest.approx(1.0)
    assert (OrderFamily((1,), modified=True).fit(gaps).p_alive(once) < 1).all()


def test_nothing_is_learned_where_nobody_came_back() -> None:
    once = pd.DataFrame(
        {"customer_id": ["a", "b"], "ordered_on": AS_OF - pd.Timedelta(days=9), "as_of": AS_OF}
    )
    family = OrderFamily().fit(order_gaps(once))
    asked = pd.DataFrame({"order_days": [1], "span_days": [0], "recency_days": [9]})
    assert family.returns_ == 0
    assert np.isnan(family.back_by(asked, np.array([30.0]))).all()
    again = OrderFamily.from_json(family.to_json())
    assert repr(again) == repr(family)


@pytest.mark.parametrize("leaves", [0.0, 0.02, 0.2])
def test_what_is_learned_does_not_hang_on_how_sums_are_added_up(leaves: float) -> None:
    """As processors differ in the last digits of a sum, so do orders of the rows."""
    gaps, _ = as_known(world(800, 2, leaves, seed=5), AS_OF)
    orders, log_gaps, weight = order_family._patterns(gaps)
    learned = []
    for seed in range(4):
        at = np.random.default_rng(seed).permutation(len(weight))
        some = order_family._Orders(orders.x[at], orders.span[at], orders.time[at])
        learned.append(order_family._fitted(some, log_gaps[at], weight[at], 2, True)[1])
    for other in learned[1:]:
        np.testing.assert_allclose(other, learned[0], rtol=2e-4)
    assert learned[0][2:].sum() <= np.exp(6.0) + 1e-9  # nobody leaves: a and b do not run away


def test_it_can_be_saved_and_refuses_what_it_cannot() -> None:
    gaps, history = as_known(world(300, 2, 0.1, seed=2), AS_OF)
    family = OrderFamily().fit(gaps)
    again = OrderFamily.from_json(family.to_json())
    pd.testing.assert_frame_equal(again.transform(history), family.transform(history))
    mixed = OrderFamily().fit(gaps.sample(frac=1, random_state=1).sort_values("ordered_on"))
    assert mixed.params_ == pytest.approx(family.params_, rel=1e-3)
    with pytest.raises(KitError, match="has learned nothing yet"):
        OrderFamily().transform(history)
    with pytest.raises(KitError, match="one frame cannot do both"):
        OrderFamily().fit_transform(gaps)
    with pytest.raises(KitError, match="span_days"):
        family.transform(history.drop(columns="span_days"))
