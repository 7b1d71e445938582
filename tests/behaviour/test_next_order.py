"""The next order as it is printed: ranges that hold, chances that rank, and silence where not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from invented_orders import AS_OF, rhythm, summary

from segment_lib.behaviour.next_order import (
    NextOrder,
    _auc,
    back_test_frame,
    next_by_line,
    sentence_next_order,
)
from segment_lib.behaviour.types_said import says_alarm, says_tested
from segment_lib.behaviour.waiting import order_gaps
from segment_lib.checks import KitError
from segment_lib.voice import language


def orders(customers: int, seed: int, *, alike: bool = False, days: int = 500) -> pd.DataFrame:
    """Customers of very different paces, a tenth of whom leave after each order; or all alike."""
    rng = np.random.default_rng(seed)
    rows = []
    for who in range(customers):
        pace = 1 / 60 if alike else rng.gamma(0.8, 1 / 60)
        on = float(rng.uniform(0, 100))
        while on < days:
            rows.append((f"c{who:05d}", int(on)))
            if not alike and rng.random() < 0.1:
                break
            on += max(rng.exponential(1 / max(pace, 1e-4)), 1.0)
    frame = pd.DataFrame(rows, columns=["customer_id", "day"]).drop_duplicates()
    on = AS_OF + pd.to_timedelta(frame["day"] - days + 180, unit="D")
    return frame.assign(ordered_on=on, as_of=AS_OF)


def known(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["ordered_on"] <= AS_OF]


@pytest.fixture(scope="module")
def shop() -> tuple[pd.DataFrame, NextOrder, pd.DataFrame]:
    """All orders, the model of what was known on the day, what it says of each customer."""
    everything = orders(3000, seed=1)
    model = NextOrder().fit(order_gaps(known(everything)))
    history = summary(known(everything))
    return everything, model, history.join(model.transform(history))


def first_after(everything: pd.DataFrame, index: pd.Index) -> pd.Series:
    later = everything[everything["ordered_on"] > AS_OF]
    return later.groupby("customer_id")["ordered_on"].min().reindex(index)


def test_the_printed_range_holds_eight_in_ten(shop) -> None:
    everything, _model, found = shop
    came = first_after(everything, found.index)
    back = came <= AS_OF + pd.Timedelta(days=180)
    inside = came.ge(found["next_from"]) & came.le(found["next_to"])
    assert inside[back].mean() == pytest.approx(0.81, abs=0.05)
    once = found["order_days"] == 1
    for part in (once, ~once, found["order_days"] >= 4):
        assert inside[back & part].mean() == pytest.approx(0.81, abs=0.09)
    assert (found["next_from"] > AS_OF).all()
    assert (found["next_from"] <= found["next_on"]).all()
    assert (found["next_on"] <= found["next_to"]).all()
    assert (found["next_to"] <= AS_OF + pd.Timedelta(days=180)).all()


def test_chances_are_as_often_true_as_they_say(shop) -> None:
    everything, _model, found = shop
    came = first_after(everything, found.index)
    for days, name in ((30, "chance_30d"), (90, "chance_90d"), (180, "next_chance")):
        back = came <= AS_OF + pd.Timedelta(days=days)
        assert found[name].mean() == pytest.approx(back.mean(), rel=0.12)
        assert _auc(found[name].to_numpy(), back.to_numpy())[1] > 0.7
    assert (found["chance_30d"] <= found["chance_90d"]).all()
    assert (found["chance_90d"] <= found["next_chance"]).all()
    assert (found["expected_orders_90d"] >= found["chance_90d"]).all()


def test_who_ordered_once_is_never_due_and_suspected_of_nothing(shop) -> None:
    _everything, _model, found = shop
    once = found[found["order_days"] == 1]
    assert once[["was_due_from", "was_due_by", "overdue_days", "orders_lost"]].isna().all(axis=None)
    assert not once["alarm"].any()
    said = sentence_next_order(once.iloc[0])
    assert "One order so far" in said
    assert "late" not in said
    assert "Somebody else" not in said


def test_the_alarm_list_catches_who_is_missed_and_says_how_often_it_errs(shop) -> None:
    everything, model, found = shop
    often = found["order_days"] >= 3
    listed = found["alarm"]
    assert listed.sum() == np.ceil(0.1 * often.sum())
    assert (found.loc[listed, "recency_days"] > 0).all()
    came = first_after(everything, found.index) <= AS_OF + pd.Timedelta(days=90)
    assert (~came[listed]).mean() > (~came[often]).mean() + 0.05
    lost = found["orders_lost"]
    assert lost[listed].min() >= 0
    test = back_test_frame(model)
    said = says_alarm(found, test)
    assert f"The alarm list: {listed.sum():,} customers with 3 order days or more" in said
    row = test.iloc[0]
    assert f"{row['false_alarms'] / row['alarms']:.0%} of them ordered all the same" in said
    few = NextOrder(contacts=7).fit(order_gaps(known(everything)))
    assert few.transform(summary(known(everything)))["alarm"].sum() == 7


def test_the_back_test_is_what_one_would_have_said_then(shop) -> None:
    """The chances of the test are those of a model that was fitted on that day."""
    everything, model, _found = shop
    day = AS_OF - pd.Timedelta(days=90)
    then = everything[everything["ordered_on"] <= day].assign(as_of=day)
    history = summary(then).assign(recency_days=lambda t: (day - t["last_order_on"]).dt.days)
    chance = NextOrder().fit(order_gaps(then)).back_by(history, np.array([90.0]))[:, 0]
    now = known(everything)
    came = now[now["ordered_on"] > day].groupby("customer_id").size().reindex(history.index)
    back = came.notna().to_numpy()
    assert (model.test_.customers, model.test_.came_back) == (len(history), back.sum())
    assert model.test_.auc == pytest.approx(_auc(chance, back)[0], abs=1e-6)
    assert model.tells_ is True


def test_the_area_under_the_curve_by_hand() -> None:
    chance, back = np.array([0.9, 0.4, 0.4, 0.1]), np.array([True, True, False, False])
    assert _auc(chance, back)[0] == pytest.approx(3.5 / 4)
    rng = np.random.default_rng(0)
    held = 0
    for _seed in range(200):
        back = rng.random(300) < 0.3
        score = rng.normal(0, 1, 300) + 0.7 * back  # AUC = Phi(.7 / sqrt 2) = .690
        low, high = _auc(score, back)[1:]
        held += low <= 0.6897 <= high
    assert held >= 182  # 95 % of 200, less what chance allows


def test_where_the_past_tells_nothing_nobody_is_ranked() -> None:
    """Everybody orders at one pace, at random: who comes next cannot be known."""
    frame = known(orders(1500, seed=3, alike=True))
    model = NextOrder().fit(order_gaps(frame))
    found = model.transform(summary(frame))
    assert model.tells_ is False
    assert found["chance_90d"].nunique() == 1
    assert not found["alarm"].any()
    assert found["orders_lost"].isna().all()
    assert found[["next_from", "next_to", "lapsed_after_days"]].notna().all(axis=None)
    said = says_tested(back_test_frame(model))
    assert "So the past does not tell who orders next here" in said
    assert says_alarm(found, back_test_frame(model)) == "There is no alarm list."


def test_few_orders_are_a_first_guess_without_an_alarm() -> None:
    frame = rhythm(10, 30, 5)
    model = NextOrder().fit(order_gaps(frame))
    found = model.transform(summary(frame))
    assert model.tells_ is None
    assert found["next_to"].notna().all()
    assert not found["alarm"].any()
    assert says_tested(back_test_frame(model)).startswith("Too few orders were seen to test")
    never = NextOrder().fit(order_gaps(rhythm(5, 30, 1, start=9)))
    nothing = never.transform(summary(rhythm(5, 30, 1, start=9)))
    assert nothing.drop(columns=["alarm", "next_within_days"]).isna().all(axis=None)
    row = pd.concat([summary(rhythm(1, 30, 1, start=9)).iloc[0], nothing.iloc[0]])
    assert sentence_next_order(row) == "Too few orders yet to name a day."


def test_no_orders_no_claims(shop) -> None:
    nobody = pd.DataFrame(
        {"last_order_on": [pd.NaT], "recency_days": [np.nan], "order_days": [0],
         "span_days": [np.nan]}
    ).astype({"last_order_on": "datetime64[us]"})  # fmt: skip
    found = shop[1].transform(nobody)
    assert found.drop(columns="alarm").isna().all(axis=None)
    assert not found["alarm"].any()


def test_it_can_be_saved_and_row_order_changes_nothing(shop) -> None:
    everything, model, found = shop
    again = NextOrder.from_json(model.to_json())
    history = summary(known(everything))
    pd.testing.assert_frame_equal(again.transform(history), found[list(NextOrder.GIVES)])
    assert (repr(again), again.test_) == (repr(model), model.test_)
    untested = NextOrder().fit(order_gaps(rhythm(10, 30, 5)))
    assert np.isnan(NextOrder.from_json(untested.to_json()).test_.auc)
    mixed = history.sample(frac=1, random_state=0)
    pd.testing.assert_frame_equal(
        model.transform(mixed).loc[history.index], again.transform(history)
    )
    with pytest.raises(KitError, match="has learned nothing yet"):
        NextOrder().transform(history)
    with pytest.raises(KitError, match="one frame cannot do both"):
        NextOrder().fit_transform(history)


def test_by_product_line() -> None:
    tea = rhythm(40, 30, 9).assign(product_line="tea")
    cake = rhythm(40, 90, 9).assign(product_line="cake")
    cake["customer_id"] = cake["customer_id"].str.replace("g90", "g30")  # the same people
    rare = rhythm(2, 10, 2).assign(product_line="rare")
    days = pd.concat([tea, cake, rare])
    lines = pd.concat(
        [
            summary(part).assign(product_line=part["product_line"].iloc[0])
            for part in (tea, cake, rare)
        ]
    )
    due = next_by_line(days, lines)
    assert due.index.equals(lines.index)
    assert due["product_line"].tolist() == lines["product_line"].tolist()
    middle = (due["next_on"] - AS_OF).dt.days.groupby(due["product_line"].to_numpy()).median()
    assert middle["tea"] == pytest.approx(30, abs=6)
    assert middle["cake"] == pytest.approx(90, abs=12)
    assert due.groupby("product_line")["own_curve"].first().to_dict() == {
        "cake": True, "rare": False, "tea": True
    }  # fmt: skip


def test_sentences() -> None:
    row = pd.Series(
        {
            "name": "Aoki", "product_line": "A", "order_days": 3, "recency_days": 61,
            "was_due_by": pd.Timestamp("2026-03-13"), "overdue_days": 19, "next_chance": 0.33,
            "next_within_days": 180, "next_from": pd.Timestamp("2026-04-09"),
            "next_to": pd.Timestamp("2026-08-20"),
        }
    )  # fmt: skip
    assert sentence_next_order(row) == (
        "Aoki, A: of such customers 33% order within 180 days; of those, 8 in 10 between "
        "2026-04-09 and 2026-08-20. Last order 61 days ago; the next was expected by 2026-03-13, "
        "19 days late. They may have bought elsewhere by now."
    )
    with language("ja"):
        assert sentence_next_order(row) == (
            "Aoki様：【A】このようなお客様の33%が180日以内にご注文します。そのうち10名中8名は"
            "4月9日〜8月20日です。前回のご注文は61日前。次のご注文は2026年3月13日までの見込みで、"
            "19日過ぎています。他社でお求めになったのかもしれません。"
        )
    calm = row.drop(["name", "product_line"]).replace({19: 0})
    assert sentence_next_order(calm) == (
        "Of such customers 33% order within 180 days; of those, 8 in 10 between 2026-04-09 and "
        "2026-08-20. Last order 61 days ago; by their own pace the next is expected by 2026-03-13."
    )
