"""Who ordered beside what the past leads to expect: counted again, and in small worlds."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from segment_lib.behaviour.movement import recency_rule
from segment_lib.behaviour.who_ordered import COMPARED, ordered_beside_expected
from segment_lib.checks import KitError

AS_OF = date(2025, 12, 31)
RULE = recency_rule((91, 182), ("active", "cooling", "quiet"))


def buyers(
    seed: int, n: int = 800, days: int = 730, stopping: float = 0.0, season: float = 0.0
) -> pd.DataFrame:
    """Order days of buyers with an own pace each; of all, `stopping` stop 91 days ago."""
    draw = np.random.default_rng(seed)
    pace = draw.gamma(2.0, 1 / 120, n)
    wave = 1 + season * np.cos(2 * np.pi * np.arange(days) / 364)
    chance = np.minimum(pace[:, None] * wave, 0.5)
    happens = draw.random((n, days)) < chance
    stops = draw.random(n) < stopping
    happens[stops, days - 91 :] = False
    who, day = np.nonzero(happens)
    first = pd.Timestamp(AS_OF) - pd.Timedelta(days=days - 1)
    return pd.DataFrame({"customer_id": who, "ordered_on": first + pd.to_timedelta(day, unit="D")})


def told(*given: object, **options: object) -> pd.DataFrame:
    return ordered_beside_expected(buyers(*given, **options), AS_OF, RULE).set_index("before")


def test_heads_and_orders_beside_plain_counting() -> None:
    days = buyers(1, n=150)
    table = ordered_beside_expected(days, AS_OF, RULE)
    assert table.columns.tolist() == list(COMPARED)
    start = pd.Timestamp("2025-10-01")
    counted = dict.fromkeys(("active", "cooling", "quiet", "all"), (0, 0))
    for _who, on in days.groupby("customer_id")["ordered_on"]:
        if on.min() > start:
            continue  # nobody knew them by then
        ago = (start - on[on <= start].max()).days
        name = "active" if ago < 91 else "cooling" if ago < 182 else "quiet"
        for one in (name, "all"):
            heads, ordered = counted[one]
            counted[one] = heads + 1, ordered + int(on.max() > start)
    both = zip(table["customers"], table["ordered"], strict=True)
    assert dict(zip(table["before"], both, strict=True)) == counted
    assert set(table["windows"]) == {6}  # 730 days: seven whole quarters before, one for the past


def test_nobody_changed_and_some_stopped() -> None:
    """benchmarks/printed_movement.py measures five worlds."""
    still = [told(seed) for seed in range(6)]
    assert sum(one["compared"].isin(["more", "less"]).any() for one in still) <= 1
    z = pd.concat(still).loc["all", "z"]
    assert z.abs().max() < 3
    stopped = [told(seed, stopping=0.2) for seed in range(6)]
    assert all(one.loc["all", "compared"] == "less" for one in stopped)
    assert all(one.loc["active", "compared"] == "less" for one in stopped)
    first = stopped[0].loc["all"]
    assert 1 - first["ordered"] / first["expected_customers"] == pytest.approx(0.2, abs=0.06)


def test_more_than_expected_is_the_other_word() -> None:
    days = buyers(3)
    twice = days[days["ordered_on"] > "2025-10-01"].assign(
        customer_id=lambda new: (new.customer_id + 300) % 800
    )
    table = ordered_beside_expected(pd.concat([days, twice]), AS_OF, RULE).set_index("before")
    assert table.loc["all", "compared"] == "more"
    assert table.loc["all", "z"] > 3


def test_from_the_smallest_fall_on_it_is_said() -> None:
    """Orders of the window are taken away one customer at a time until the word changes."""
    days = buyers(4)
    start = pd.Timestamp("2025-10-01")
    row = ordered_beside_expected(days, AS_OF, RULE).set_index("before").loc["all"]
    allowed = row["expected_customers"] * (1 - row["smallest_fall"])
    late = days.loc[days["ordered_on"] > start, "customer_id"].unique()
    known = days.loc[days["ordered_on"] <= start, "customer_id"].unique()
    late = late[np.isin(late, known)]
    for left, word in ((int(allowed), "less"), (int(allowed) + 1, "as_expected")):
        gone = days["customer_id"].isin(late[left:]) & (days["ordered_on"] > start)
        table = ordered_beside_expected(days[~gone], AS_OF, RULE).set_index("before")
        assert table.loc["all", ["ordered", "compared"]].tolist() == [left, word]


def test_a_season_is_learned_where_a_year_ago_is_known() -> None:
    seasonal = told(5, season=0.5)
    assert seasonal["season"].unique().tolist() == ["learned"]
    assert seasonal.loc["all", "compared"] == "as_expected"
    flat = [told(seed)["season"].iloc[0] for seed in range(6)]
    assert flat.count("not_found") >= 5
    short = told(5, season=0.5, days=500)  # five quarters: no whole one a year ago
    assert short["season"].unique().tolist() == ["unknown"]


def test_the_day_a_season_hits_without_a_year_ago_is_said_to_be_unknown() -> None:
    """The fall is claimed, and the claim carries that the season is unknown."""
    short = told(6, season=0.6, days=540)
    assert short.loc["all", ["compared", "season"]].tolist() == ["less", "unknown"]


@pytest.mark.parametrize("days", [91, 182, 300])
def test_too_little_past_says_so(days: int) -> None:
    table = told(7, days=days)
    assert table["expected_customers"].fillna(0).eq(0).all()
    assert set(table["compared"]) <= {"unknown", "too_few"}


def test_a_label_the_past_never_saw_has_no_expectation() -> None:
    """A year and a day: where the earlier windows begin nobody can have been quiet yet."""
    days = buyers(8, days=366)
    first = days["ordered_on"].min()
    once = pd.DataFrame(
        {"customer_id": range(1000, 1400), "ordered_on": first + pd.Timedelta("5D")}
    )
    table = ordered_beside_expected(pd.concat([days, once]), AS_OF, RULE).set_index("before")
    assert table.loc["quiet", "customers"] > 400
    assert table.loc[["quiet", "all"], "compared"].tolist() == ["unknown", "unknown"]
    assert table.loc["active", "compared"] == "as_expected"


def test_few_customers_are_no_claim() -> None:
    table = told(9, n=2000, stopping=1.0)
    assert table.loc["all", "compared"] == "less"
    few = table[table["customers"] < 30]
    assert (few["compared"] == "too_few").all()


def test_order_of_rows_repeated_days_and_names_change_nothing() -> None:
    days = buyers(10, n=400)
    table = ordered_beside_expected(days, AS_OF, RULE)
    other = pd.concat([days, days.head(50)]).sample(frac=1, random_state=1)
    other["customer_id"] = "c" + other["customer_id"].astype("str")
    pd.testing.assert_frame_equal(table, ordered_beside_expected(other, AS_OF, RULE), rtol=1e-6)
    later = days.tail(1).assign(ordered_on=pd.Timestamp("2026-02-01"))
    pd.testing.assert_frame_equal(
        table, ordered_beside_expected(pd.concat([days, later]), AS_OF, RULE)
    )


def test_days_may_be_asked_for_as_they_were_known() -> None:
    days, asked = buyers(11, n=400), []

    def known_on(day: date) -> pd.DataFrame:
        asked.append(day)
        return days[days["ordered_on"] <= pd.Timestamp(day)]

    table = ordered_beside_expected(known_on, AS_OF, RULE)
    pd.testing.assert_frame_equal(table, ordered_beside_expected(days, AS_OF, RULE))
    assert asked == sorted(asked, reverse=True)
    assert asked[:2] == [AS_OF, date(2025, 10, 1)]


def test_nobody_and_no_column() -> None:
    nobody = buyers(12, n=10).iloc[:0]
    table = ordered_beside_expected(nobody, AS_OF, RULE)
    assert (len(table), table.columns.tolist()) == (0, list(COMPARED))
    with pytest.raises(KitError) as error:
        ordered_beside_expected(pd.DataFrame({"customer_id": ["a"]}), AS_OF, RULE)
    assert str(error.value) == (
        "days lacks column(s) ['ordered_on']. It has ['customer_id']. Call the column that holds "
        'it "ordered_on".'
    )


def test_the_spread_is_that_of_chance_and_of_the_regression() -> None:
    """Worlds of one kind: the spread of z is 1, and half of what is printed is on either side."""
    z = np.array([told(seed, n=300).loc["all", "z"] for seed in range(100, 130)])
    assert 0.7 < z.std() < 1.35
    assert abs(z.mean()) < 0.6
