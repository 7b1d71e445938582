from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from segment_lib.behaviour.movement import (
    compare_movement,
    compare_totals,
    expected_movement,
    movement_by_cause,
    movement_table,
    recency_rule,
    show_share,
)
from segment_lib.checks import KitError

BEFORE = pd.Series({"a": "up", "b": "up", "c": "down", "d": "down", "gone": "up", "null": None})
AFTER = pd.Series({"a": "up", "b": "down", "c": "down", "d": "up", "fresh": "down", "null": "up"})


def cell(table: pd.DataFrame, before: str, after: str) -> pd.Series:
    return table[(table["before"] == before) & (table["after"] == after)].iloc[0]


def test_the_matrix_by_hand_with_rows_for_who_came_and_who_left() -> None:
    """Pitfall 39."""
    table = movement_table(BEFORE, AFTER)
    assert cell(table, "up", "up")["customers"] == 1
    assert cell(table, "up", "down")["customers"] == 1
    assert cell(table, "up", "left")["customers"] == 1
    assert cell(table, "up", "left")["share_of_row"] == pytest.approx(1 / 3)
    assert cell(table, "new", "down")["customers"] == 1
    assert cell(table, "new", "up")["customers"] == 1  # no label before: not on the earlier list
    assert not ((table["before"] == "new") & (table["after"] == "left")).any()


def test_the_rows_add_up_to_both_lists() -> None:
    table = movement_table(BEFORE, AFTER)
    assert table.loc[table["before"] != "new", "customers"].sum() == BEFORE.notna().sum()
    assert table.loc[table["after"] != "left", "customers"].sum() == AFTER.notna().sum()
    shares = table.groupby("before")["share_of_row"].sum()
    assert shares.to_numpy() == pytest.approx(np.ones(3))


def test_nobody_in_a_row_is_a_dash_and_never_100_per_cent() -> None:
    """Pitfall 39: zero denominator."""
    kinds = pd.CategoricalDtype(["low", "high", "top"], ordered=True)
    table = movement_table(
        pd.Series(["low", "high"], index=["a", "b"]).astype(kinds),
        pd.Series(["high", "high"], index=["a", "b"]).astype(kinds),
    )
    assert table["before"].unique().tolist() == ["low", "high", "top", "new"]
    empty = table[table["before"].isin(["top", "new"])]
    assert empty["share_of_row"].isna().all()
    assert empty["share_shown"].eq("—").all()
    assert show_share(1.0) == "100.0 %"


def test_labels_that_name_our_own_rows_stop() -> None:
    with pytest.raises(KitError) as error:
        movement_table(pd.Series({"a": "new"}), pd.Series({"a": "old"}))
    assert str(error.value) == (
        "The labels hold ['new']; these words name rows of their own here: new, left, all, moved. "
        "Rename the label."
    )


def test_what_the_rule_moved_is_told_apart() -> None:
    """Pitfall 40: a threshold that drifted is no movement."""
    old = pd.Series({"a": "x", "b": "x", "c": "x", "d": "x", "e": "x"})
    by_new_rule = pd.Series({"a": "x", "b": "y", "c": "x", "d": "y", "f": "y"})
    now = pd.Series({"a": "x", "b": "y", "c": "y", "d": "x", "f": "y"})
    causes = movement_by_cause(old, by_new_rule, now).set_index("cause")["customers"]
    assert causes.to_dict() == {"stayed": 1, "by behaviour": 1, "by rule": 1, "by both": 1}


def test_recency_rule_is_half_open_and_checked() -> None:
    rule = recency_rule((30, 90), ("active", "cooling", "quiet"))
    labels = rule(pd.DataFrame({"recency_days": [0, 29, 30, 89, 90]}))
    assert labels.tolist() == ["active", "active", "cooling", "cooling", "quiet"]
    with pytest.raises(KitError, match="2 limits \\[90, 30\\] need 3 names and must rise"):
        recency_rule((90, 30), ("a", "b", "c"))


# --- against chance ---------------------------------------------------------------------------
RULE = recency_rule((30, 90, 180), ("active", "cooling", "quiet", "gone"))


def random_buyers(
    seed: int, n: int = 1500, stopping: float = 0.0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Buyers with fixed rates, 30 days apart; of the repeaters `stopping` stop in between."""
    random = np.random.default_rng(seed)
    tenure = random.integers(30, 540, n)
    chance = -np.expm1(-random.gamma(0.8, 1 / 60, n))
    days = random.random((n, 570)) < chance[:, None]
    day = np.arange(1, 571)
    past, coming = day <= tenure[:, None], (day > tenure[:, None]) & (day <= tenure[:, None] + 30)
    bought = (days & past).sum(axis=1)
    stops = (bought >= 1) & (random.random(n) < stopping)
    last = np.where(days & past, day, 0).max(axis=1)
    latest = np.where(days & coming & ~stops[:, None], day, 0).max(axis=1)
    index = pd.Index([f"{number:04d}" for number in range(n)], name="customer_id")
    before = pd.DataFrame(
        {"recency_days": tenure - last, "order_days": bought + 1, "tenure_days": tenure},
        index=index,
    )
    after = pd.DataFrame({"recency_days": tenure + 30 - np.maximum(last, latest)}, index=index)
    return before, after


def called_out(seed: int, stopping: float) -> tuple[bool, bool]:
    before, after = random_buyers(seed, stopping=stopping)
    expected = expected_movement(before, 30, RULE, draws=100, random_state=seed)
    moves = movement_table(RULE(before), RULE(after))
    cells, totals = compare_movement(moves, expected), compare_totals(moves, expected)
    return bool(cells["stands_out"].any()), bool(totals["stands_out"].any())


def test_no_change_is_hardly_ever_called_movement_and_a_planted_stop_is() -> None:
    """Method notes 6; 60 seeds of each gave 2 % and 98 %."""
    nothing = [called_out(seed, 0.0) for seed in range(8)]
    stopped = [called_out(seed, 0.2) for seed in range(8)]
    assert sum(cells or totals for cells, totals in nothing) <= 1
    assert sum(cells or totals for cells, totals in stopped) >= 7


def test_expectation_is_of_everybody_seeded_and_free_of_row_order() -> None:
    before, after = random_buyers(1, n=400)
    expected = expected_movement(before, 30, RULE, draws=40, random_state=5)
    again = expected_movement(before.sample(frac=1, random_state=2), 30, RULE, 40, 5)
    pd.testing.assert_frame_equal(expected, again)
    cells = expected[expected["before"] != "all"]
    assert cells["expected_customers"].sum() == pytest.approx(400)
    moves = compare_movement(movement_table(RULE(before), RULE(after)), expected)
    rows = moves[moves["before"] != "new"].groupby("before")["expected_share"].sum()
    assert rows.to_numpy() == pytest.approx(np.ones(len(rows)))
    assert moves.loc[moves["after"] == "left", "z"].isna().all()
    totals = compare_totals(movement_table(RULE(before), RULE(after)), expected)
    assert totals["what"].tolist() == ["moved", "active", "cooling", "gone", "quiet"]
    assert (totals["expected_low"] <= totals["expected_share"]).all()
    assert (totals["expected_share"] <= totals["expected_high"]).all()


def test_one_person_is_never_more_than_chance() -> None:
    before, _ = random_buyers(2, n=200)
    expected = expected_movement(before, 30, RULE, draws=40)
    after = RULE(before).astype("str")
    quiet = after.index[after == "gone"][:3]
    moves = compare_movement(movement_table(RULE(before), after), expected)
    assert cell(moves, "gone", "quiet")["customers"] == 0
    jumped = after.copy()
    jumped[quiet] = "quiet"  # cannot happen in 30 days by the rule; three heads only
    moves = compare_movement(movement_table(RULE(before), jumped), expected)
    assert not cell(moves, "gone", "quiet")["stands_out"]


def test_without_a_past_there_is_no_expectation() -> None:
    fresh = pd.DataFrame({"recency_days": [0, 0], "order_days": [1, 1], "tenure_days": [0, 0]})
    with pytest.raises(KitError) as error:
        expected_movement(fresh, 30, RULE)
    assert str(error.value) == (
        "All customers are new on the first date, so there is no past to learn from."
    )
