from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from segment_lib.behaviour.movement import (
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
        "The labels hold ['new']; these words name rows of their own here: new, left. "
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


def test_the_tables_beside_plain_counting() -> None:
    """Two hundred invented customers; every cell counted again, one person at a time."""
    draw, words = np.random.default_rng(3), ["up", "middle", "down", ""]
    ids = [f"{number:03d}" for number in range(200)]
    drawn = [dict(zip(ids, draw.choice(words, 200).tolist(), strict=True)) for _day in range(3)]
    then, ruled, now = (pd.Series(one).replace("", None) for one in drawn)
    table = movement_table(then, now.sample(frac=1, random_state=1))
    old, by_rule, new = drawn
    people = [(old[one] or "new", new[one] or "left") for one in ids if old[one] or new[one]]
    assert table["customers"].sum() == len(people)
    for row in table.itertuples():
        assert row.customers == sum(one == (row.before, row.after) for one in people)
        in_row = sum(before == row.before for before, _after in people)
        assert row.share_of_row == pytest.approx(row.customers / in_row)
    causes = {"stayed": 0, "by behaviour": 0, "by rule": 0, "by both": 0}
    for one in ids:
        if old[one] and by_rule[one] and new[one]:
            rule, did = old[one] != by_rule[one], by_rule[one] != new[one]
            causes["by both" if rule and did else "by rule" if rule else
                   "by behaviour" if did else "stayed"] += 1  # fmt: skip
    table = movement_by_cause(then, ruled, now)
    assert dict(zip(table["cause"], table["customers"], strict=True)) == causes
