"""What notebook 07 says: by hand on an invented handful, in both languages; an empty list."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from result_frames import client, table

from segment_lib.results.rules.rates import how_far_apart
from segment_lib.results.said import (
    says_apart,
    says_guesses,
    says_landmarks,
    says_later,
    says_leaks,
)
from segment_lib.results.views import ResultsView, RulesView, results_view, rules_view
from segment_lib.settings import OutcomeSection
from segment_lib.voice import language

# Day 0 is the contract; what happened until day 90 may explain, day 180 is the day of judgement.
# On 30 June 2024 five of the six are old enough; of "5" nobody wrote down a result.
STARTS = ["2023-01-10", "2023-02-10", "2023-03-10", "2023-04-10", "2023-05-10", "2024-06-01"]
SIX = pd.DataFrame(
    {
        "customer_id": ["1", "2", "3", "4", "5", "6"],
        "name": ["A", "B", "C", "D", "E", "F"],
        "contract_on": pd.to_datetime(STARTS),
        "first_contact_on": pd.to_datetime(STARTS),
        "referred_by": pd.array([None] * 6, "str"),
        "under_contract": pd.array([True] * 6, "boolean"),
        "monetary": [700.0, 500.0, 300.0, 100.0, 50.0, 10.0],
        "decile": pd.array([1, 2, 3, 4, 5, 6], "Int64"),
        "frequency": [2] * 6,
        "recency_days": [10, 300, 10, 10, 10, 10],
        "gap_days": [30.0] * 6,
        "as_of": pd.Timestamp("2024-06-30"),
    }
).set_index("customer_id")
TABLES = {
    "customers": SIX.reset_index(),
    "outcomes": table(
        "outcomes",
        {"customer_id": "1", "got_results": "yes", "decided_on": "2023-07-10"},
        {"customer_id": "2", "got_results": "no", "decided_on": "2023-08-10"},
        {"customer_id": "3", "got_results": "yes", "decided_on": "2023-09-10"},
        {"customer_id": "4", "got_results": "no", "decided_on": "2023-10-10"},
    ),
    "orders": table(
        "orders", {"customer_id": "1", "order_id": "o1", "ordered_on": "2023-08-01", "amount": 700}
    ),
}


@pytest.fixture(scope="module")
def view() -> ResultsView:
    return results_view(SIX, TABLES, client())


def test_results_by_hand(view: ResultsView) -> None:
    assert view.customers["got_results"].tolist() == ["yes", "no", "yes", "no", *["unknown"] * 2]
    assert view.customers.index[view.customers["silent_leaver"]].tolist() == ["2"]
    assert view.says() == {
        "landmarks": "Everybody is looked at by the same clock. Day 0 is their own start; what "
        "happened up to day 90 may explain; the result is judged on day 180.",
        "coverage": "The result is known for 4 of the 5 customers whose day of judgement has come "
        "(80%).",
        "our_part": "0 customers have no result, and we had not done our own part: they are not "
        "yet known. 0 more have a known result that nothing is learned from (our part was missing "
        "there too, or the result came before the clues end).",
        "apart": "No group has enough known results.",
        # Below ten customers no rate is shown.
        "later": "\n".join(
            f"{what}: — of 2 with results, — of 2 without. Too few to say."
            for what in ("Ordered again", "Bought more than before", "Sent somebody")
        ),
    }


def test_results_in_japanese(view: ResultsView) -> None:
    with language("ja"):
        says = view.says()
    assert says["landmarks"] == (
        "どのお客様も同じ時計で見ます。それぞれの開始日を0日目とし、90日目までの行動だけを手がかりに、"
        "180日目の成果を判定します。"
    )
    assert says["coverage"] == "判定の時期が来た5名のうち4名（80%）の成果が分かっています。"
    assert says["apart"] == "判明した結果が足りません。"


def test_outcomes_judged_otherwise_reach_everything(view: ResultsView) -> None:
    judged = view.customers.iloc[:, :8].assign(got_results="yes", learn_from=True)
    other = results_view(SIX, TABLES, client(), judged=judged)
    assert other.fields.set_index("field")["results"].sum() == 6
    assert other.says()["later"].startswith(
        "Ordered again: there is nobody to compare with, because all known results are alike."
    )


def test_nobody_has_no_results_and_every_sentence_stands() -> None:
    nobody, empty = SIX.iloc[:0], {name: frame.iloc[:0] for name, frame in TABLES.items()}
    for spoken in ("en", "ja"):
        with language(spoken):
            view = results_view(nobody, empty, client(), judged=judged_())
            assert all(isinstance(one, str) for one in view.says().values())
            found = rules_view(nobody.join(judged_()), empty, client())
            assert all(found.says().values())


def judged_() -> pd.DataFrame:
    """The judged outcome of nobody."""
    return results_view(SIX, TABLES, client()).customers.iloc[:0, :8]


def test_rules_of_a_handful_say_that_there_are_too_few(view: ResultsView) -> None:
    guess = {"says": "Who meets us gets results", "says_ja": "会えば成果",
             "conditions": ["met_us = yes"]}  # fmt: skip
    people = SIX.join(view.customers[view.customers.columns.difference(SIX.columns)])
    contacts = table(
        "contacts",
        {"customer_id": "1", "contacted_on": "2023-01-20", "kind": "met", "direction": "out"},
    )
    found = rules_view(people, TABLES | {"contacts": contacts}, client(hypotheses=[guess]))
    says = found.says()
    assert says["guesses"] == (
        "Who meets us gets results: too few. — of 1 (— – —), — of the others."
    )
    assert says["clues"].endswith("\nNo column knows the result too well.")
    assert says["rules"].startswith("Cannot conclude yet, so nothing was searched: 4 customers")
    with language("ja"):
        assert found.says()["clues"].endswith("\n成果を知りすぎている列はありません。")


# --- one sentence each ----------------------------------------------------------------------------
def rates(successes: list[int]) -> pd.DataFrame:
    """Groups of 100 people each."""
    rate = np.array(successes) / 100
    return pd.DataFrame(
        {"group": "Trade", "n": 100, "rate": rate, "overall_rate": rate.mean(), "level": "x"}
    )


def test_how_far_apart_by_hand() -> None:
    row = how_far_apart(rates([40, 60])).iloc[0]
    assert row["mean_distance"] == pytest.approx(0.10)
    # Half-normal mean of a rate of .5 among 100: .05 times the root of 2 over pi.
    assert row["by_chance"] == pytest.approx(0.05 * np.sqrt(2 / np.pi))
    # Chi-square 8 with one degree of freedom.
    assert row["p"] == pytest.approx(0.004678, abs=1e-6)


def test_no_rate_is_no_group() -> None:
    empty = rates([40, 60]).assign(rate=np.nan)
    assert how_far_apart(empty).empty
    assert says_apart(how_far_apart(empty)) == ["No group has enough known results."]


def test_a_cut_that_says_nothing_is_called_chance() -> None:
    (says,) = says_apart(how_far_apart(rates([49, 51])))
    assert says.endswith("no more than chance.")
    (says,) = says_apart(how_far_apart(rates([30, 70])))
    assert says == (
        "Trade: its groups lie 20.0 points from the overall rate (chance alone: 4.0): "
        "it tells customers apart."
    )


def test_a_difference_within_chance_is_said_to_be() -> None:
    later = pd.DataFrame(
        {
            "measure": "ordered again",
            "got_results": ["yes", "no"],
            "n": [100, 100],
            "rate": [0.52, 0.48],
            "low": [0.42, 0.38],
            "high": [0.62, 0.58],
        }
    )
    (says,) = says_later(later)
    assert says == (
        "Ordered again: 52.0% of 100 with results, 48.0% of 100 without. "
        "Difference +4.0 points (-10.1 to +18.1): chance alone could do that."
    )
    (few,) = says_later(later.assign(rate=np.nan))
    assert few.endswith("Too few to say.")
    assert says_later(later.iloc[:0]) == []


def test_other_landmarks_are_said() -> None:
    says = says_landmarks(OutcomeSection(features_until_days=30, judged_after_days=60))
    assert "up to day 30 may explain; the result is judged on day 60." in says


def test_what_knows_the_result_too_well_is_named() -> None:
    audit = pd.DataFrame(
        {
            "feature": ["mark", "step", "tag", "late"],
            "use": ["searched", "searched", "shown", "barred"],
            "known_at": ["before_contract", "by day of features", "undated", "after_outcome"],
        }
    )
    leaks = pd.DataFrame(
        {
            "feature": ["mark", "step", "tag", "late"],
            "use": ["barred", "asked", "shown", "barred"],
            "cell": ["A", "", "", ""],
            "reason": ["20 of 20", "it picks well", "nobody has said when it is known", "later"],
        }
    )
    assert says_leaks(audit, leaks) == [
        "Of 4 clues 2 are searched, 1 are only shown, 1 are barred because they come from the "
        "result or from revenue.",
        "It knows the result too well: mark = A: 20 of 20.",
        "step tells much: it picks well. It happened before the clues end, so it is searched. Was "
        "its day noted on that day?",
        "It knows the result too well: late: later.",
    ]
    leaks = leaks.assign(use="asked", reason="30 of 30").iloc[[0]]
    assert says_leaks(audit, leaks)[1:] == [
        "Was mark = A really known before the result? 30 of 30. It is searched, as declared."
    ]
    leaks = leaks.assign(use="shown", feature="tag")
    assert says_leaks(audit, leaks)[1:] == [
        "When is tag = A written? It foretells the result closely: 30 of 30. Until somebody says "
        "so (known_at), it is only shown."
    ]


def test_no_guess_is_said() -> None:
    says = "Nobody wrote down a guess before looking ([[hypotheses]])."
    assert says_guesses(pd.DataFrame()) == [says]


def test_a_view_prints_its_sentences(view: ResultsView) -> None:
    assert str(view) == "\n".join(view.says().values())
    assert RulesView.KEEPS == {"guesses": "guesses", "rules": "table", "rules_note": "note"}
