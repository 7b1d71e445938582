"""What the notebooks say stays true on other lists, and what it is made from is right by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import segment_lib as sl
from segment_lib.client import Client
from segment_lib.results.rules.rates import how_far_apart

WORTH = {"value_per_result": 600_000, "cost_per_approach": 102_000}


@pytest.fixture
def client() -> Client:
    return Client.model_validate(
        {
            "client": {"name": "t", "as_of": "2026-03-31"},
            "lists": {"orders": {"files": ["o.csv"], "columns": {}}},
            "worth": WORTH,
        }
    )


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
    assert sl.says_apart(how_far_apart(empty)) == ["No group has enough known results."]


def test_a_cut_that_says_nothing_is_called_chance() -> None:
    (says,) = sl.says_apart(how_far_apart(rates([49, 51])))
    assert says.endswith("no more than chance.")
    (says,) = sl.says_apart(how_far_apart(rates([30, 70])))
    assert says.endswith("it tells customers apart.")


def test_a_column_with_a_japanese_twin_is_shown_once() -> None:
    frame = pd.DataFrame({"rule": ["staff at most 20"], "rule_ja": ["従業員数が20以下"], "n": [3]})
    assert list(sl.labelled(frame)) == ["Rule", "n"]
    assert sl.labelled(frame, "ja")["規則"].tolist() == ["従業員数が20以下"]


def test_break_even_in_words(client: Client) -> None:
    assert sl.says_break_even(client) == (
        "An approach costs ¥102,000, a customer with results is worth ¥600,000, and 100% of the "
        "results are put down to our approach. So it pays where more than 17.0% of those "
        "approached sign and get results."
    )
    silent = client.model_copy(update={"worth": type(client.worth)()})
    assert sl.says_break_even(silent).startswith("No value or cost is stated")


def test_what_a_wrong_list_costs_by_hand(client: Client) -> None:
    bands = pd.DataFrame({"band": [1], "high": [0.05]})
    listed = pd.DataFrame({"worth_band": pd.array([1] * 100, "Int64"), "band_rate": 0.02})
    assert sl.says_if_wrong(listed, bands, client) == (
        "Leaving out 100 customers saves ¥10.2M. Among them about 2 would have signed and got "
        "results: ¥1.2M given up. If every band were as good as its interval allows, it would be "
        "5, or ¥3M."
    )
    assert "can cost no result" in sl.says_if_wrong(listed.iloc[:0], bands, client)


def test_whether_the_list_swings() -> None:
    steady = pd.DataFrame({"break_even": [0.12, 0.22], "not_worth_it": [640, 650]})
    assert sl.says_sizes(steady).endswith("It hardly hangs on that number.")
    assert "swings" in sl.says_sizes(steady.assign(not_worth_it=[100, 650]))
    assert "no list" in sl.says_sizes(steady.iloc[:0])


def test_a_difference_within_chance_is_said_to_be() -> None:
    later = pd.DataFrame(
        {
            "measure": "ordered again",
            "measure_ja": "再びご注文",
            "got_results": ["yes", "no"],
            "n": [100, 100],
            "rate": [0.52, 0.48],
            "low": [0.42, 0.38],
            "high": [0.62, 0.58],
        }
    )
    (says,) = sl.says_later(later)
    assert says == (
        "Ordered again: 52.0% of 100 with results, 48.0% of 100 without. "
        "Difference +4.0 points (-10.1 to +18.1): chance alone could do that."
    )
    (few,) = sl.says_later(later.assign(rate=np.nan))
    assert few.endswith("Too few to say.")


def test_nothing_freed_is_said_plainly() -> None:
    columns = ["part", "decision", "reason", "action", "customers", "hours"]
    assert sl.says_freed(pd.DataFrame(columns=columns)) == (
        "Nobody is on the list, so no hours become free."
    )
