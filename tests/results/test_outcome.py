"""Landmarks by hand: it is 30 June 2024, features end on day 90, results are judged on day 180."""

from __future__ import annotations

import pandas as pd
import pytest
from result_frames import client, customers, table

from segment_lib.checks import ClientError, ListError
from segment_lib.results.outcome import (
    coverage_sentence,
    coverage_table,
    judge_outcomes,
    known_outcome,
    outcome_starts,
)
from segment_lib.voice import language

# 180 days before 30 June 2024 is 2 January 2024.
EIGHT = customers(
    customer_id=["1", "2", "3", "4", "5", "6", "7", "8"],
    contract_on=[
        "2023-10-01", "2024-01-02", "2024-01-03", "2023-10-01", None, "2023-10-01", "2023-10-01",
        "2024-08-01",
    ],
)  # fmt: skip
OUTCOMES = table(
    "outcomes",
    {"customer_id": "1", "got_results": "yes", "decided_on": "2024-04-01"},
    {"customer_id": "2", "got_results": "no", "decided_on": "2024-06-30"},
    {"customer_id": "3", "got_results": "yes", "decided_on": "2024-06-20"},
    {"customer_id": "4", "got_results": "no", "decided_on": "2024-07-01"},
    {"customer_id": "5", "got_results": "yes", "decided_on": "2024-04-01"},
    {"customer_id": "6", "got_results": "no", "decided_on": "2024-04-01"},
    {"customer_id": "7", "got_results": "yes", "decided_on": "2023-12-01"},
)
OUR_PART = pd.Series([True] * 5 + [False] + [True] * 2, EIGHT.index, dtype="boolean")
EMPTY = table("contacts")


def test_eight_customers_by_hand() -> None:
    judged = judge_outcomes(EIGHT, OUTCOMES, EMPTY, client(), our_part=OUR_PART)
    assert judged["got_results"].to_dict() == {
        "1": "yes",  # started 273 days ago, decided on day 183
        "2": "no",  # day 180 is today: just judged
        "3": "unknown",  # day 180 is tomorrow
        "4": "unknown",  # decided tomorrow
        "5": "unknown",  # no contract day
        "6": "unknown",  # no result, but we did not do our part
        "7": "yes",  # decided on day 61 …
        "8": "unknown",  # starts in August
    }
    assert judged["why_unknown"].fillna("").to_dict() == {
        "1": "", "2": "", "3": "too_early", "4": "decided_later", "5": "no_start",
        "6": "our_part_missing", "7": "", "8": "not_started",
    }  # fmt: skip
    # … when the features were still being gathered: nothing can be learned from customer 7.
    assert known_outcome(judged).to_dict() == {"1": True, "2": False}
    assert judged.loc["2", "judged_on"] == pd.Timestamp("2024-06-30")
    assert judged.loc["2", "features_until"] == pd.Timestamp("2024-04-01")


def test_a_success_that_we_neglected_is_a_success_but_teaches_nothing() -> None:
    """Leaving out only the failures would make whoever we neglected look like an achiever."""
    neglected = pd.Series(False, EIGHT.index, dtype="boolean")
    judged = judge_outcomes(EIGHT, OUTCOMES, EMPTY, client(), our_part=neglected)
    assert judged.loc["1", "got_results"] == "yes"
    assert known_outcome(judged).empty


def test_without_a_word_about_our_part_a_no_is_a_no() -> None:
    judged = judge_outcomes(EIGHT, OUTCOMES, EMPTY, client())
    assert judged.loc["6", "got_results"] == "no"
    assert judged["we_did_our_part"].isna().all()


def test_what_happens_after_the_day_changes_nothing() -> None:
    later = table(
        "outcomes",
        {"customer_id": "1", "got_results": "no", "decided_on": "2024-07-15"},
        {"customer_id": "2", "got_results": "yes", "decided_on": "2025-01-01"},
    )
    both = pd.concat([OUTCOMES, later])
    one = judge_outcomes(EIGHT, OUTCOMES, EMPTY, client(), our_part=OUR_PART)
    two = judge_outcomes(EIGHT, both, EMPTY, client(), our_part=OUR_PART)
    pd.testing.assert_frame_equal(one, two)


def test_the_last_answer_counts_and_two_on_one_day_are_no_answer() -> None:
    outcomes = table(
        "outcomes",
        {"customer_id": "1", "got_results": "no", "decided_on": "2024-04-01"},
        {"customer_id": "1", "got_results": "yes", "decided_on": "2024-05-01"},
        {"customer_id": "4", "got_results": "no", "decided_on": "2024-05-01"},
        {"customer_id": "4", "got_results": "yes", "decided_on": "2024-05-01"},
        {"customer_id": "6", "got_results": "unknown", "decided_on": "2024-05-01"},
        {"customer_id": "7", "got_results": "yes"},
        {"customer_id": "2", "got_results": "yes", "decided_on": "2023-12-01"},
    )
    judged = judge_outcomes(EIGHT, outcomes, EMPTY, client())
    assert judged["got_results"].loc[["1", "7"]].tolist() == ["yes", "yes"]
    assert judged["why_unknown"].loc[["2", "4", "6"]].tolist() == [
        "decided_before_start", "contradictory", "said_unknown",
    ]  # fmt: skip


def steps_contacts() -> pd.DataFrame:
    def row(who: str, step: str, asked: str, answered: str | None, well: object) -> dict:
        return {
            "customer_id": who, "contacted_on": asked, "asked_on": asked, "step": step,
            "answered_on": answered, "done_well": well,
        }  # fmt: skip

    return table(
        "contacts",
        row("1", "a", "2023-10-05", "2023-10-07", True),
        row("1", "b", "2023-10-20", "2024-01-10", True),
        row("4", "a", "2023-10-05", "2023-10-07", True),
        row("4", "b", "2023-10-20", "2024-04-10", True),  # day 192: too late to count
        row("6", "a", "2023-10-05", "2023-10-07", True),
        row("6", "b", "2023-10-20", "2023-10-21", False),  # answered, but not properly
        row("7", "a", "2023-10-05", "2023-10-07", True),  # b was never sent
    )


def test_an_outcome_made_of_steps() -> None:
    stepped = client(outcome={"source": "steps_done"}, steps=[{"name": "a"}, {"name": "b"}])
    judged = judge_outcomes(EIGHT, table("outcomes"), steps_contacts(), stepped)
    assert judged["got_results"].loc[["1", "4", "6", "7"]].tolist() == [
        "yes",
        "no",
        "no",
        "unknown",
    ]
    assert judged.loc["7", "why_unknown"] == "our_part_missing"


def test_the_coverage_is_told_and_warned_about() -> None:
    judged = judge_outcomes(EIGHT, OUTCOMES, EMPTY, client(), our_part=OUR_PART)
    counts = coverage_table(judged)
    assert counts["customers"].sum() == 8
    assert counts["got_results"].tolist()[:2] == ["yes", "no"]
    assert coverage_sentence(judged) == (
        "The result is known for 3 of the 5 customers whose day of judgement has come (60%)."
    )
    few = judge_outcomes(EIGHT, OUTCOMES.iloc[:1], EMPTY, client())
    assert coverage_sentence(few) == (
        "The result is known for 1 of the 5 customers whose day of judgement has come (20%). "
        "That is below half: the rates may not speak for all."
    )
    with language("ja"):
        assert coverage_sentence(few) == (
            "判定の時期が来た5名のうち1名（20%）の成果が分かっています。"
            "半数に満たないため、成果率は全体を表さないおそれがあります。"
        )


def test_nobody_has_the_start_that_people_stated() -> None:
    people = customers(customer_id=["1"], contract_on=[None], first_order_on=["2024-01-01"])
    with pytest.raises(ClientError) as error:
        outcome_starts(people, client(outcome={"start": "contract"}))
    assert str(error.value) == (
        '[outcome] start = "contract" needs contract_on, but no customer has one. '
        "Map contract_on in client.toml, or take a start these lists know: ['first_order']."
    )


def test_where_nobody_states_a_start_the_first_that_is_known_counts() -> None:
    days = {"contract_on": ["2024-03-01"], "first_order_on": ["2024-02-01"]}
    people = customers(customer_id=["1"], first_contact_on=["2024-01-01"], **days)
    starts = []
    for column in ("contract_on", "first_order_on", "first_contact_on"):
        starts.append(str(outcome_starts(people, client()).iloc[0].date()))
        people = people.assign(**{column: pd.NaT})
    assert starts == ["2024-03-01", "2024-02-01", "2024-01-01"]


def test_a_word_that_is_no_outcome() -> None:
    strange = table("outcomes", {"customer_id": "1", "got_results": "maybe"})
    with pytest.raises(ListError) as error:
        judge_outcomes(EIGHT, strange, EMPTY, client())
    assert str(error.value) == (
        "outcomes.got_results holds ['maybe'], which is not one of ['yes', 'no', 'unknown']. "
        "Map the words in client.toml: [lists.outcomes.words.got_results]."
    )


def test_steps_without_a_list_of_steps() -> None:
    with pytest.raises(ClientError) as error:
        judge_outcomes(EIGHT, OUTCOMES, EMPTY, client(outcome={"source": "steps_done"}))
    assert str(error.value) == (
        '[outcome] source = "steps_done" needs the list of requests, but there is none. '
        "Name them in client.toml, one [[steps]] each."
    )
