"""Deciles: sizes, ties at a border, who spent nothing, the result rate in each."""

from __future__ import annotations

from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segment_lib.behaviour.deciles import assign_abc, assign_deciles, decile_table
from segment_lib.checks import KitError


def people(spend: list[float]) -> pd.DataFrame:
    ids = pd.Index([f"c{i:03d}" for i in range(len(spend))], name="customer_id")
    return pd.DataFrame(
        {"monetary": np.array(spend, float), "frequency": 1, "recency_days": 10.0}, index=ids
    )


# Twelve spenders 12 ... 1 and two who did not spend: floor(10 * (rank - 1) / 12) + 1.
TWELVE = people([*range(12, 0, -1), 0, -5])


def test_by_hand() -> None:
    deciles = assign_deciles(TWELVE)
    assert deciles.tolist()[:12] == [1, 1, 2, 3, 4, 5, 6, 6, 7, 8, 9, 10]
    assert deciles.iloc[12:].isna().all()
    table = decile_table(TWELVE).set_index("decile")
    assert table.index.tolist() == [*map(str, range(1, 11)), "0 or less"]
    top = table.loc["1"]
    assert (top.customers, top.spend, top.mean_spend) == (2, 23, 11.5)
    # 12 + 11 of the 78 above 0; the net total is 78 + 0 - 5 = 73.
    assert (top.share, top.cumulative_share, top.share_of_all) == (23 / 78, 23 / 78, 23 / 73)
    assert table.loc["10", "cumulative_share"] == 1
    rest = table.loc["0 or less"]
    assert (rest.customers, rest.spend) == (2, -5)
    assert pd.isna(rest.share)
    assert table["customers"].sum() == len(TWELVE)
    assert table["share_of_all"].sum() == pytest.approx(1)


def test_ties_at_a_border_are_reported() -> None:
    # Ten people, one a decile; 7, 7, 7 stand at ranks 2, 3, 4: the borders 2|3 and 3|4 split them.
    frame = people([9, 7, 7, 7, 6, 5, 4, 3, 2, 1])
    table = decile_table(frame).set_index("decile")
    assert table["tied_at_border"].tolist() == [0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0]
    together = assign_deciles(frame, keep_ties_together=True)
    assert together.tolist() == [1, 2, 2, 2, 5, 6, 7, 8, 9, 10]
    kept = decile_table(frame, keep_ties_together=True).set_index("decile")
    assert kept["customers"].tolist() == [1, 3, 0, 0, 1, 1, 1, 1, 1, 1, 0]
    assert kept["tied_at_border"].sum() == 0


def test_equal_spend_is_ordered_by_orders_then_the_later_last_order() -> None:
    frame = people([5.0] * 10)
    frame["frequency"] = [1] * 8 + [3, 3]
    frame["recency_days"] = [10.0] * 9 + [2.0]
    deciles = assign_deciles(frame)
    assert (deciles["c009"], deciles["c008"]) == (1, 2)


def test_under_ten_spenders_there_are_no_deciles() -> None:
    with pytest.raises(KitError) as error:
        decile_table(people([*range(9), -1]))
    assert str(error.value) == (
        "Only 8 customers have spend above 0; deciles need at least 10. "
        "Read the list customer by customer instead."
    )


def test_result_rate_of_the_known() -> None:
    results = ["yes", "no", "unknown", "yes"] + ["unknown"] * 10
    table = decile_table(TWELVE.assign(got_results=results)).set_index("decile")
    assert table.loc["1", ["results_known", "results_yes", "result_rate"]].tolist() == [2, 1, 0.5]
    assert (table.loc["2", "results_known"], table.loc["3", "result_rate"]) == (0, 1.0)
    assert pd.isna(table.loc["2", "result_rate"])  # nobody known: no rate, not 0
    assert "result_rate" not in decile_table(TWELVE)


def test_a_decile_already_there_is_used() -> None:
    frame = people([9, 7, 7, 7, 6, 5, 4, 3, 2, 1])
    kept = frame.assign(decile=assign_deciles(frame, keep_ties_together=True))
    assert decile_table(kept)["customers"].tolist() == [1, 3, 0, 0, 1, 1, 1, 1, 1, 1, 0]


spend = st.lists(st.integers(-3, 40), min_size=25, max_size=60)


@settings(max_examples=30, deadline=None)
@given(spend, st.randoms(use_true_random=False))
def test_invariants(amounts: list[int], chance) -> None:
    """Sizes differ by one at most, spend falls decile by decile, rows come in any order."""
    frame = people(amounts)
    if (frame["monetary"] > 0).sum() < 10:
        return
    deciles = assign_deciles(frame)
    sizes = deciles.value_counts()
    assert sizes.max() - sizes.min() <= 1
    lowest, highest = frame.groupby(deciles)["monetary"].agg(["min", "max"]).T.to_numpy()
    assert (lowest[:-1] >= highest[1:]).all()
    mixed = list(frame.index)
    chance.shuffle(mixed)
    other = frame.loc[mixed].assign(monetary=lambda t: t["monetary"] * 8)
    pd.testing.assert_series_equal(assign_deciles(other).loc[frame.index], deciles)
    together = assign_deciles(frame, keep_ties_together=True)
    assert (together.groupby(frame["monetary"]).nunique() <= 1).all()
    renamed = assign_deciles(frame.set_axis("x" + frame.index[::-1]), keep_ties_together=True)
    assert renamed.tolist() == together.tolist()
    table = decile_table(frame)
    assert table["customers"].sum() == len(frame)
    assert table["spend"].sum() == frame["monetary"].sum()


bought = st.lists(
    st.tuples(st.integers(-2, 6), st.integers(1, 3), st.integers(0, 4)), min_size=14, max_size=60
)


@given(bought, st.randoms(use_true_random=False))
def test_only_ties_at_a_border_are_ordered_and_rightly(rows: list, shuffle: Random) -> None:
    """Against the plain way: all customers sorted by all keys."""
    ids = [f"c{n:02d}" for n in range(len(rows) + 10)]
    shuffle.shuffle(ids)
    rows = [*rows, *[(4, 1, 1)] * 10]  # ten spenders at least
    frame = pd.DataFrame(rows, ids, ["monetary", "frequency", "recency_days"]).astype(float)
    keys = ["monetary", "frequency", "recency_days", "id"]
    buyers = frame[frame["monetary"] > 0].assign(id=lambda one: one.index)
    best = buyers.sort_values(keys, ascending=[False, False, True, True])
    places = pd.Series(range(len(best)), best.index)
    deciles = (10 * places // len(best) + 1).reindex(frame.index).astype("Int64")
    pd.testing.assert_series_equal(assign_deciles(frame), deciles, check_names=False)
    before = best["monetary"].cumsum() - best["monetary"]
    spent = best["monetary"].sum()
    classes = before.map(lambda sum: "ABC"[int(sum >= 0.7 * spent) + int(sum >= 0.9 * spent)])
    found = assign_abc(frame).dropna()
    assert found.to_dict() == classes.to_dict()
