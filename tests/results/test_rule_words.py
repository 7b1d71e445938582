"""Rules as people say them, guesses stated before looking, rates of single features."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from segment_lib.checks import ListError
from segment_lib.columns import labelled
from segment_lib.results import (
    result_rate_by,
    result_rate_by_steps,
    rule_mask,
    rule_words,
    single_features,
    test_guesses,
)
from segment_lib.results.intervals import wilson_interval
from segment_lib.settings import GuessRow
from segment_lib.voice import language

FEATURES = pd.Index(["reply_days_2", "staff", "met_us"], name="feature")
LABELS = pd.DataFrame(
    {
        "name": ["days to answer step 2", "staff", "met us"],
        "says": ["answered step 2 {days}", "has {} staff", "met us"],
        "not_so": ["no answer to step 2 in time", "", "did not meet us"],
    },
    index=FEATURES,
)
JAPANESE = pd.DataFrame(
    {
        "name": ["ステップ2の回答日数", "従業員数", "面談あり"],
        "says": ["ステップ2に{days}回答", "", "面談あり"],
        "not_so": ["ステップ2に期間内の回答なし", "", "面談なし"],
    },
    index=FEATURES,
)


@pytest.mark.parametrize(
    ("conditions", "en", "ja"),
    [
        (
            ["reply_days_2 <= 3", "staff >= 5", "staff <= 20"],
            "answered step 2 within 3 days and has 5 to 20 staff",
            "ステップ2に3日以内に回答 かつ 従業員数が5〜20",
        ),
        (
            ["reply_days_2 >= 8", "met_us = no"],
            "answered step 2 in 8 days or more and did not meet us",
            "ステップ2に8日以上かけて回答 かつ 面談なし",
        ),
        (
            ["reply_days_2 = missing", "met_us = yes"],
            "no answer to step 2 in time and met us",
            "ステップ2に期間内の回答なし かつ 面談あり",
        ),
        (["staff >= 1200000"], "has at least 1,200,000 staff", "従業員数が1,200,000以上"),
        (["staff = missing"], "staff not known", "従業員数が不明"),
        (["founded = missing"], "founded not known", "foundedが不明"),
        (["founded >= 2011"], "founded at least 2011", "foundedが2011以上"),
        (["sort = end_user"], "Sort is End user", "区分がエンドユーザー"),
        (["industry != retail"], "industry is not retail", "industryがretail以外"),
        (["has_shop = yes"], "has_shop: yes", "has_shop：はい"),
        (["met_us = missing"], "met us not known", "面談ありが不明"),
    ],
)
def test_rules_in_words(conditions: list[str], en: str, ja: str) -> None:
    assert rule_words(conditions, LABELS) == en
    with language("ja"):
        assert rule_words(conditions, JAPANESE) == ja


def test_the_wilson_interval_by_hand() -> None:
    """7 of 10: (0.7 + z²/20 ± z √(0.7·0.3/10 + z²/400)) / (1 + z²/10) with z = 1.959964.

    z² = 3.841459; middle (0.7 + 0.192073) / 1.384146 = 0.644493; reach
    1.959964 · √(0.021 + 0.009604) / 1.384146 = 0.247717.
    """
    low, high = wilson_interval(7, 10)
    assert float(low) == pytest.approx(0.644493 - 0.247717, abs=1e-5)
    assert float(high) == pytest.approx(0.644493 + 0.247717, abs=1e-5)
    low, high = wilson_interval(np.array([0, 10]), np.array([10, 10]))
    assert low[0] == 0.0
    assert high[1] == pytest.approx(1.0)
    assert low[1] == pytest.approx(1 - high[0])


def test_a_missing_value_meets_only_missing() -> None:
    features = pd.DataFrame(
        {"staff": [3, None, 30], "kind": ["a", None, "b"], "web": [True, None, False]}
    )
    masks = {
        condition: rule_mask(features, [condition]).tolist()
        for condition in [
            "staff <= 20", "staff != 3", "staff = missing", "kind != a", "kind = missing",
            "web = yes", "web != yes",
        ]
    }  # fmt: skip
    assert masks == {
        "staff <= 20": [True, False, False],
        "staff != 3": [False, False, True],
        "staff = missing": [False, True, False],
        "kind != a": [False, False, True],
        "kind = missing": [False, True, False],
        "web = yes": [True, False, False],
        "web != yes": [False, False, True],
    }


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (
            "staf <= 20",
            '"staf <= 20" asks for staf, which is not among the features. Did you mean staff? '
            "There are ['staff', 'kind'].",
        ),
        (
            "kind <= 20",
            '"kind <= 20" compares by size, but the feature holds words. Write = or !=.',
        ),
        (
            "staff <= many",
            '"staff <= many" compares a number with "many". Write a number, or missing.',
        ),
    ],
)
def test_a_condition_that_cannot_be_asked(condition: str, sentence: str) -> None:
    features = pd.DataFrame({"staff": [3.0], "kind": ["a"]})
    with pytest.raises(ListError) as error:
        rule_mask(features, [condition])
    assert str(error.value) == sentence


def known() -> tuple[pd.DataFrame, pd.Series]:
    """100 customers; of the 50 who met us 40 got results, of the 50 others 10."""
    ids = pd.Index([f"{i:03d}" for i in range(100)], name="customer_id")
    features = pd.DataFrame(
        {"met_us": ["yes"] * 50 + ["no"] * 50, "staff": [5.0] * 4 + [50.0] * 96}, index=ids
    )
    outcome = pd.Series([True] * 40 + [False] * 10 + [True] * 10 + [False] * 40, ids)
    return features, outcome


def test_stated_guesses() -> None:
    guesses = [
        GuessRow(
            says="Who meets us gets results", says_ja="会えば成果", conditions=("met_us = yes",)
        ),
        GuessRow(says="Who does not, does", conditions=("met_us = no",)),
        GuessRow(says="Small ones do", conditions=("staff <= 20",)),
    ]
    features, outcome = known()
    table = test_guesses(features, outcome, guesses, LABELS)
    assert table["verdict"].tolist() == ["holds", "the_opposite", "too_few"]
    with language("ja"):
        shown = labelled(test_guesses(features, outcome, guesses, LABELS))
    assert shown["検証結果"].tolist() == ["そのとおり", "逆の結果", "人数不足"]
    assert shown["仮説"].tolist() == ["会えば成果", "Who does not, does", "Small ones do"]
    assert table["rule"].tolist() == ["met us", "did not meet us", "has at most 20 staff"]
    first = table.iloc[0]
    assert (first["n"], first["successes"], first["rate"], first["rate_others"]) == (
        50,
        40,
        0.8,
        0.2,
    )
    assert first["lift"] == pytest.approx(1.6)
    assert first["p_adjusted"] == pytest.approx(3 * first["p"])
    assert math.isnan(table.loc[2, "rate"])


def test_no_guesses_no_rows() -> None:
    features, outcome = known()
    table = test_guesses(features, outcome, [])
    assert table.empty
    assert "verdict" in table.columns


def test_a_guess_that_says_nothing() -> None:
    features, outcome = known()
    mixed = outcome.sample(frac=1, random_state=2).set_axis(outcome.index)
    guess = GuessRow(says="Who meets us gets results", conditions=("met_us = yes",))
    assert test_guesses(features, mixed, [guess])["verdict"].tolist() == ["cannot_tell"]


def test_single_features_have_everyone_once_and_hide_small_groups() -> None:
    features, outcome = known()
    names = features.assign(name=[f"name {i}" for i in range(100)])
    table = single_features(names, outcome, LABELS)
    assert table.groupby("feature")["n"].sum().eq(100).all()
    assert table.loc[table["n"] < 10, "rate"].isna().all()
    staff = table[table["feature"] == "staff"]
    assert staff["value"].tolist() == ["at most 5", "at least 50"]
    assert table["value"].iloc[-1] == "100 values of under 10 people each"
    with language("ja"):
        japanese = single_features(names, outcome, LABELS)
    assert japanese["value"].iloc[-1] == "10名未満の値 100種類"


def test_rates_by_steps_and_by_attribute() -> None:
    customers = pd.DataFrame(
        {
            "steps_done": [0] * 12 + [2] * 20 + [5] * 3 + [2] * 5,
            "role": ["owner"] * 20 + ["staff"] * 20,
            "got_results": ["no"] * 12 + ["yes", "no"] * 10 + ["yes"] * 3 + ["unknown"] * 5,
        }
    )
    by_steps = result_rate_by_steps(customers, steps=5)
    assert by_steps["steps_done"].tolist() == [0, 1, 2, 3, 4, 5]
    assert by_steps["n"].tolist() == [12, 0, 20, 0, 0, 3]
    assert by_steps["successes"].tolist() == [0, 0, 10, 0, 0, 3]
    assert by_steps.loc[2, "rate"] == 0.5
    assert by_steps.loc[[1, 3, 5], "rate"].isna().all()
    assert by_steps["overall_rate"].iloc[0] == pytest.approx(13 / 35)
    by_role = result_rate_by(customers, ["role"])
    assert by_role[["value", "n", "successes"]].to_numpy().tolist() == [
        ["owner", 20, 4], ["staff", 15, 9],
    ]  # fmt: skip
    served = customers.assign(learn_from=[False] * 12 + [True] * 23 + [False] * 5)
    assert result_rate_by_steps(served)["n"].tolist() == [0, 0, 20, 0, 0, 3]
