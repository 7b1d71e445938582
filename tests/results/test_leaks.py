"""Columns that know the result too well are flagged, honest ones are not."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pandas as pd
import pytest

from segment_lib.results.leaks import screen_leaks
from segment_lib.voice import language

N = 3000


def honest(seed: int, rate: float) -> tuple[pd.DataFrame, pd.Series, np.random.Generator]:
    rng = np.random.default_rng(seed)
    success = pd.Series(rng.random(N) < rate)
    features = pd.DataFrame(
        {f"number_{i}": rng.normal(success * 0.8, 1) for i in range(5)}
        | {f"text_{i}": rng.choice(list("abcdefgh")[: 2 + i], N) for i in range(5)}
    )
    return features, success, rng


def with_leaks(seed: int) -> tuple[pd.DataFrame, pd.Series]:
    features, success, rng = honest(seed, 0.25)
    features["mark"] = np.where(success & (rng.random(N) < 0.4), "A", "B")  # A: achievers only
    features["views"] = np.where(success, rng.gamma(2, 10, N).round() + 1, 0)
    features["score"] = success * 2 + rng.random(N) * 1.8
    features["left_because"] = np.where(~success & (rng.random(N) < 0.5), "price", None)
    return features, success


def test_planted_leaks_are_found() -> None:
    found = [set(screen_leaks(*with_leaks(seed))["feature"]) for seed in range(5)]
    leaks = {"mark", "views", "score", "left_because"}
    assert all(leaks <= flagged for flagged in found)
    assert sum(len(flagged - leaks) for flagged in found) <= 1


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.8])
def test_honest_columns_are_not_flagged(rate: float) -> None:
    assert sum(len(screen_leaks(*honest(seed, rate)[:2])) for seed in range(5)) <= 1


def test_the_reason_is_said_with_numbers() -> None:
    """100 of 400 got results; none of the 40 with the mark, where 10 should."""
    success = pd.Series([True] * 100 + [False] * 300)
    mark = pd.Series(["x"] * 360 + ["left"] * 40)
    row = screen_leaks(pd.DataFrame({"mark": mark}), success).iloc[0]
    assert row["reason"] == "0 of 40 got results where 10 should"
    with language("ja"):
        japanese = screen_leaks(pd.DataFrame({"mark": mark}), success).iloc[0]
    assert japanese["reason"] == "40名中0名が成果あり（期待値10名）"
    assert (row["cell"], row["n"], row["successes"], row["expected"]) == ("left", 40, 0, 10)


def test_when_a_column_was_known_comes_first() -> None:
    features, success, _ = honest(1, 0.3)
    known_at = {"text_0": "after_outcome", "text_1": "undated", "text_2": "before_contract"}
    flagged = screen_leaks(features, success, known_at).set_index("feature")["reason"]
    assert flagged.to_dict() == {
        "text_0": "known only after the result",
        "text_1": "nobody has said when it is known",
    }


@pytest.mark.real_data
def test_the_length_of_the_call_is_flagged_and_nothing_else(real_data) -> None:
    archive = zipfile.ZipFile(real_data / "bank-marketing" / "bank+marketing.zip")
    inner = zipfile.ZipFile(io.BytesIO(archive.read("bank-additional.zip")))
    bank = pd.read_csv(inner.open("bank-additional/bank-additional-full.csv"), sep=";")
    people = bank.sample(3000, random_state=1)
    flagged = screen_leaks(people.drop(columns="y"), people["y"] == "yes")
    assert flagged["feature"].tolist() == ["duration"]


def test_what_carries_its_day_is_asked_about_and_never_barred() -> None:
    features, success = with_leaks(0)
    free = screen_leaks(features, success).set_index("feature")["use"]
    dated = screen_leaks(features, success, dict.fromkeys(features, "by day of features"))
    assert set(free[["mark", "left_because"]]) == {"barred"}
    assert {"mark", "left_because", "views", "score"} <= set(dated["feature"])
    assert set(dated["use"]) == {"asked"}


def test_more_customers_make_the_answer_surer_and_do_not_change_it() -> None:
    """A cell of one tenth without any failure, and a grade written later, at four sizes."""
    for n in (500, 1_000, 3_000, 12_000):
        rng = np.random.default_rng(n)
        success = pd.Series(rng.random(n) < 0.3)
        features = pd.DataFrame(
            {
                "grade": rng.normal(success * 2.0, 1),
                "honest": rng.normal(success * 0.7, 1),
                "text": rng.choice(list("abcdef"), n),
            }
        )
        assert screen_leaks(features, success)["feature"].tolist() == ["grade"]


def test_names_that_begin_alike_are_asked_about_together() -> None:
    features, success, rng = honest(3, 0.3)
    late = rng.normal(success * 2.5, 1)
    features = features.assign(
        **{"units 2nd term (grade)": late, "units 2nd term (booked)": rng.normal(size=N)}
    )
    told = screen_leaks(features, success).set_index("feature")
    assert told.loc["units 2nd term (booked)", ["use", "reason"]].tolist() == [
        "asked", "its name begins like “units 2nd term (grade)”, which is asked about",
    ]  # fmt: skip
