"""Planted rules are found as planted, chance is not reported, sizes come from the other half."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact

from segment_lib.checks import ListError
from segment_lib.results import RuleProfile, find_result_rules, rule_mask, rule_sentences
from segment_lib.results.intervals import wilson_interval
from segment_lib.results.rules.conditions import candidate_conditions, cut_points
from segment_lib.voice import language

BASE, PLANTED, PEOPLE = 0.28, 0.62, 2500


def customers(seed: int, n: int = PEOPLE) -> tuple[pd.DataFrame, np.random.Generator]:
    """Twelve features: six numbers, six texts; nothing in them says anything about results."""
    rng = np.random.default_rng(seed)
    numbers = {f"number_{i}": rng.gamma(2, 10 * (i + 1), n).round() for i in range(6)}
    texts = {f"text_{i}": rng.choice(list("abcd")[: 2 + i % 3], n) for i in range(6)}
    ids = pd.Index([f"{i:05d}" for i in range(n)], name="customer_id")
    features = pd.DataFrame(numbers | texts, index=ids)
    features.loc[ids[::25], "number_1"] = np.nan
    return features, rng


def planted(features: pd.DataFrame) -> list[pd.Series]:
    """Two rules of two conditions, each covering an eighth to a sixth of the customers."""
    fast = features["number_2"] <= features["number_2"].quantile(0.25)
    large = features["number_4"] >= features["number_4"].quantile(0.75)
    return [fast & (features["text_0"] == "a"), large & (features["text_3"] == "b")]


def jaccard(one: pd.Series, other: pd.Series) -> float:
    return float((one & other).sum() / (one | other).sum())


def overlaps_with_planted(seed: int) -> list[list[float]]:
    """Per confirmed rule, its overlap with each planted one."""
    features, rng = customers(seed)
    rules = planted(features)
    truth = np.where(rules[0] | rules[1], PLANTED, BASE)
    outcome = pd.Series(rng.random(PEOPLE) < truth, features.index)
    found = find_result_rules(features, outcome, random_state=seed).confirmed["conditions"]
    masks = [rule_mask(features, json.loads(conditions)) for conditions in found]
    return [[jaccard(mask, rule) for rule in rules] for mask in masks]


def test_both_planted_rules_are_recovered_as_rules_of_two_and_nothing_else() -> None:
    recovered, clean = 0, 0
    for seed in range(20):
        overlaps = np.array(overlaps_with_planted(seed)).reshape(-1, 2)
        recovered += bool((overlaps >= 0.5).any(axis=0).all())
        clean += bool((overlaps.max(axis=1) >= 0.5).all())
    assert recovered >= 19
    assert clean >= 19


def test_nothing_is_confirmed_where_nothing_is_planted() -> None:
    quiet = 0
    for seed in range(20):
        features, rng = customers(1000 + seed)
        outcome = pd.Series(rng.random(PEOPLE) < BASE, features.index)
        quiet += find_result_rules(features, outcome, random_state=seed).confirmed.empty
    assert quiet >= 19


@pytest.fixture(scope="module")
def found() -> tuple[pd.DataFrame, pd.Series, RuleProfile]:
    features, rng = customers(7)
    rules = planted(features)
    outcome = pd.Series(
        rng.random(PEOPLE) < np.where(rules[0] | rules[1], 0.62, 0.28), rules[0].index
    )
    return features, outcome, find_result_rules(features, outcome, random_state=7)


def test_the_table_counts_what_the_rule_says(found) -> None:
    features, outcome, profile = found
    for row in profile.table.itertuples():
        mask = rule_mask(features, json.loads(row.conditions))
        assert (row.n_all, row.successes_all) == (mask.sum(), (mask & outcome).sum())
        assert row.rate_all == row.successes_all / row.n_all
        # n, rate and interval are of one group, a part of the whole
        assert row.rate == row.successes / row.n
        low, high = wilson_interval(row.successes, row.n)
        assert (row.low, row.high) == (low, high)
        assert row.n < row.n_all
        assert row.low <= row.rate <= row.high
    assert list(profile.confirmed.index) == [0, 1]
    assert (profile.confirmed["p_adjusted"] < 0.05).all()
    assert (profile.table.loc[2:, "p_adjusted"] >= 0.05).all()
    assert 2 < len(profile.table) <= 12


def test_the_candidates_shown_are_sized_on_people_who_did_not_suggest_them() -> None:
    """On chance alone the rate of the finders is too high; the shown one is the overall rate."""
    shown, raw = [], []
    for seed in range(6):
        features, rng = customers(2000 + seed)
        outcome = pd.Series(rng.random(PEOPLE) < BASE, features.index)
        table = find_result_rules(features, outcome, random_state=seed).table
        shown.extend(table["lift"])
        raw.extend(table["rate_all"] / table["overall_rate"])
    assert np.mean(raw) > 1.1
    assert 0.93 < np.mean(shown) < 1.07


def test_order_of_rows_and_columns_changes_nothing(found) -> None:
    features, outcome, profile = found
    shuffled = features.sample(frac=1, random_state=3)[features.columns[::-1]]
    again = find_result_rules(shuffled, outcome.sample(frac=1, random_state=4), random_state=7)
    pd.testing.assert_frame_equal(again.table, profile.table)
    assert again.looked_at == profile.looked_at


def test_saved_and_read_again_it_is_the_same(found) -> None:
    profile = found[2]
    again = RuleProfile.from_json(profile.to_json())
    for name in ("table", "single", "merged"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(profile, name))
    assert (again.looked_at, again.known, again.message) == (
        profile.looked_at, profile.known, profile.message,
    )  # fmt: skip


def test_an_empty_profile_can_be_saved_too() -> None:
    features, rng = customers(3, n=200)
    profile = find_result_rules(features, pd.Series(rng.random(200) < 0.4, features.index))
    again = RuleProfile.from_json(profile.to_json())
    assert again.confirmed.empty
    assert list(again.table.columns) == list(profile.table.columns)


def test_how_many_were_looked_at_is_counted_and_said() -> None:
    """One text of two values (2 conditions) and one number with one cut (2): 4 and 4 pairs."""
    n = 1200
    ids = pd.Index([f"{i:04d}" for i in range(n)], name="customer_id")
    features = pd.DataFrame(
        {
            "kind": np.where(np.arange(n) % 2, "x", "y"),
            "flag": (np.arange(n) // 2 % 2).astype(float),
        },
        index=ids,
    )
    outcome = pd.Series(np.arange(n) % 5 == 0, ids)
    profile = find_result_rules(features, outcome)
    assert profile.looked_at == 8
    assert str(profile.message) == (
        "8 combinations looked at among 1,200 customers with a known result, 20% of whom got "
        "results; confirmed: 0. Nothing stands out more than chance allows."
    )
    with language("ja"):
        assert str(profile.message) == (
            "結果が分かっているお客様1,200名（成果あり20%）について8通りを調べ、0件が確かめられました。"
            "偶然の範囲を超えるものはありませんでした。"
        )


def test_too_little_is_known_so_nothing_is_searched() -> None:
    features, _ = customers(5, n=400)
    outcome = pd.Series(np.arange(400) % 16 == 0, features.index)
    profile = find_result_rules(features, outcome)
    assert profile.table.empty
    assert profile.looked_at == 0
    assert not profile.single.empty
    assert str(profile.message) == (
        "Cannot conclude yet, so nothing was searched: 400 customers have a known result and 25 of "
        "them got results; a search needs 1,000 and 100. It would take 1,200 more known results, "
        "at today's rate of 6%. Until then, test stated guesses and look at single features."
    )
    with language("ja"):
        assert "あと1,200名の結果が必要です（現在の成果率6%の場合）" in str(profile.message)


def test_columns_that_say_the_same_are_one() -> None:
    features, rng = customers(9)
    outcome = pd.Series(rng.random(PEOPLE) < BASE, features.index)
    twice = features.assign(zz_copy=features["text_1"].str.upper())
    one, two = find_result_rules(features, outcome), find_result_rules(twice, outcome)
    assert two.looked_at == one.looked_at
    assert sorted(two.merged.to_numpy().tolist()) == [
        ["zz_copy = A", "text_1 = a"],
        ["zz_copy = B", "text_1 = b"],
        ["zz_copy = C", "text_1 = c"],
    ]


def test_cut_points_are_what_a_person_would_say() -> None:
    money = pd.Series(np.random.default_rng(1).normal(123_456, 30_000, 4000))
    for below, above in cut_points(money):
        assert below == above
        assert below % 1000 == 0
    few = pd.Series([0.0] * 60 + [1.0] * 30 + [2.0] * 10)
    assert cut_points(few) == [(0.0, 1.0), (1.0, 2.0)]
    mostly_full = pd.Series([1.0] * 90 + [0.5] * 10)
    assert cut_points(mostly_full) == [(0.5, 1.0)]
    assert cut_points(pd.Series([3.0] * 50)) == []


def test_a_condition_needs_thirty_people_and_missing_is_a_value() -> None:
    column = pd.Series(["a"] * 100 + ["b"] * 29 + [None] * 40, name="kind")
    said = [conditions for conditions, _ in candidate_conditions(column)]
    assert said == [("kind = a",), ("kind = missing",)]


def test_the_sentence_of_a_rule() -> None:
    row = {
        "rule": "answered step 2 within 3 days and has 5 to 20 staff",
        "n": 114, "rate": 0.61, "low": 0.52, "high": 0.69, "overall_rate": 0.34,
        "n_all": 231, "successes_all": 150, "verdict": "confirmed", "overall_left": 0.34,
    }  # fmt: skip
    rules = pd.DataFrame([row])
    assert rule_sentences(rules, 8412) == [
        "answered step 2 within 3 days and has 5 to 20 staff: 61% of 114 got results [52 to 69] "
        "among those kept apart to check it, all: 34%; in the whole list 150 of 231; 8,412 "
        "combinations looked at"
    ]
    rules["rule"] = "ステップ2に3日以内に回答 かつ 従業員数が5〜20"
    with language("ja"):
        assert rule_sentences(rules, 8412) == [
            "ステップ2に3日以内に回答 かつ 従業員数が5〜20：確認用に分けておいた114名で成果あり 61%"
            "［52〜69］、全体 34%。リスト全体では231名中150名、8,412通りを確認"
        ]


def test_a_rule_is_said_beside_those_not_yet_covered_and_a_warning_is_called_one() -> None:
    row = {
        "rule": "has 5 to 20 staff", "verdict": "warning",
        "n": 114, "rate": 0.21, "low": 0.15, "high": 0.30, "overall_rate": 0.34,
        "n_left": 90, "rate_left": 0.18, "low_left": 0.11, "high_left": 0.27, "overall_left": 0.28,
        "n_all": 231, "successes_all": 50,
    }  # fmt: skip
    assert rule_sentences(pd.DataFrame([row]), 8412) == [
        "Warning, it marks those without results: has 5 to 20 staff: only 21% of 114 got results "
        "[15 to 30] among those kept apart to check it, all: 34%; in the whole list 50 of 231; "
        "8,412 combinations looked at; of those whom no rule above covers 18% of 90 [11 to 27], "
        "all such: 28%"
    ]


def test_what_is_confirmed_is_better_than_all_and_than_those_not_yet_covered(found) -> None:
    """By hand, from the counts of the frame: both p, both intervals of the half that checks."""
    features, outcome, profile = found
    left = pd.Series(True, features.index)
    for row in profile.confirmed.itertuples():
        inside = rule_mask(features, json.loads(row.conditions))
        new = inside & left
        for p, mask, among in ((row.p, inside, left | ~left), (row.p_left, new, left)):
            table = [
                [(mask & outcome).sum(), (mask & ~outcome).sum()],
                [(among & ~mask & outcome).sum(), (among & ~mask & ~outcome).sum()],
            ]
            more = fisher_exact(table, alternative="greater").pvalue
            assert p == pytest.approx(2 * more)
            assert p * profile.looked_at < 0.05
        assert row.overall_left == pytest.approx(outcome[left].mean())
        assert row.low > row.overall_rate
        assert row.low_left > row.overall_left
        left &= ~inside


def test_a_group_that_fails_is_a_warning_and_no_rule_of_success() -> None:
    for seed in range(5):
        features, rng = customers(4000 + seed)
        fails = planted(features)[0]
        outcome = pd.Series(rng.random(PEOPLE) < np.where(fails, 0.1, 0.5), features.index)
        profile = find_result_rules(features, outcome, random_state=seed)
        best = [rule_mask(features, json.loads(one)) for one in profile.warnings["conditions"]]
        assert max(jaccard(mask, fails) for mask in best) >= 0.5
        assert (profile.warnings["high"] < outcome.mean()).all()
        assert (profile.confirmed["rate"] > outcome.mean()).all()
        assert not profile.warnings["confirmed"].any()
        assert "warnings, which mark those without results: " in str(profile.message)


def test_an_outcome_with_unknown_results_is_refused() -> None:
    features, _ = customers(1, n=50)
    with pytest.raises(ListError) as error:
        find_result_rules(features, pd.Series("unknown", features.index))
    assert str(error.value) == (
        "The outcome must be True or False for each customer whose result is known, and leave out "
        "the others; it holds ['unknown']. Take known_outcome(judged)."
    )


def test_an_outcome_of_strangers_is_refused() -> None:
    features, _ = customers(1, n=50)
    with pytest.raises(ListError) as error:
        find_result_rules(features, pd.Series([True], pd.Index(["nobody"], name="customer_id")))
    assert str(error.value) == (
        "1 customers have an outcome but no features (for example nobody). "
        "Build the features for everyone who has a start."
    )


def test_dates_are_refused() -> None:
    features = pd.DataFrame({"day": pd.to_datetime(["2024-01-01"])})
    with pytest.raises(ListError) as error:
        rule_mask(features, ["day = 3"])
    assert str(error.value) == (
        "The feature day holds dates, which cannot be compared between customers. "
        "Give the days between it and the customer's own start instead."
    )


@pytest.mark.real_data
def test_shown_intervals_hold_on_customers_not_used(real_data, monkeypatch) -> None:
    """Telco: rules of 2,000 customers, their shown intervals against the other 5,043."""
    lists = pd.read_csv(real_data / "telco-churn" / "WA_Fn-UseC_-Telco-Customer-Churn.csv")
    stayed = lists["Churn"].eq("No")
    features = lists.drop(columns=["Churn", "customerID"])
    held = []
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(len(lists))
        mine, others = order[:2000], order[2000:]
        table = find_result_rules(features.iloc[mine], stayed.iloc[mine], random_state=seed).table
        for row in table.itertuples():
            mask = rule_mask(features.iloc[others], json.loads(row.conditions))
            held.append(row.low <= stayed.iloc[others][mask].mean() <= row.high)
    assert np.mean(held) >= 0.85
