"""Guesses stated before looking (`[[hypotheses]]` in client.toml), each tested alone."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pandas as pd

from segment_lib.results.intervals import shown_rates, two_sided
from segment_lib.results.rules.conditions import MINIMUM_PEOPLE, rule_mask
from segment_lib.results.rules.rates import known_results
from segment_lib.results.rules.words import rule_words
from segment_lib.settings import GuessRow
from segment_lib.voice import said_by_people

GUESS_COLUMNS = (
    "says", "rule", "conditions", "n", "successes", "rate", "low", "high", "n_others",
    "rate_others", "overall_rate", "lift", "p", "p_adjusted", "verdict",
)  # fmt: skip


def test_guesses(
    features: pd.DataFrame,
    outcome: pd.Series,
    guesses: Sequence[GuessRow],
    labels: pd.DataFrame | None = None,  # noqa: PT028
    alpha: float = 0.05,  # noqa: PT028
) -> pd.DataFrame:
    """Do the stated guesses hold? Nothing was searched: only the guesses themselves are counted.

    One row per guess: rate with Wilson interval, the rate of all others, exact two-sided p,
    p_adjusted (times the number of guesses stated), verdict: holds, the_opposite, cannot_tell,
    too_few (under 30 people in the group or outside it).
    """
    known, success = known_results(features, outcome)
    rows = []
    for guess in guesses:
        inside = rule_mask(known, guess.conditions).to_numpy()
        rows.append(
            {
                "says": said_by_people(guess.says, guess.says_ja),
                "rule": rule_words(guess.conditions, labels),
                "conditions": json.dumps(guess.conditions, ensure_ascii=False),
                **_tested(inside, success, len(guesses), alpha),
            }
        )
    if not rows:
        return pd.DataFrame(columns=[*GUESS_COLUMNS])
    table = shown_rates(pd.DataFrame(rows))
    others = table[["n_others", "successes_others"]].set_axis(["n", "successes"], axis=1)
    table["rate_others"] = shown_rates(others)["rate"]
    return table.assign(lift=table["rate"] / table["overall_rate"])[[*GUESS_COLUMNS]]


test_guesses.__test__ = False  # type: ignore[attr-defined]  # a public name, no case for pytest


def _tested(
    inside: np.ndarray, success: np.ndarray, stated: int, alpha: float
) -> dict[str, object]:
    total, wins = len(success), int(success.sum())
    n, won = int(inside.sum()), int((inside & success).sum())
    p = float(two_sided(won, n, wins, total))
    p_adjusted = min(1.0, p * stated)
    if min(n, total - n) < MINIMUM_PEOPLE:
        verdict = "too_few"
    elif p_adjusted >= alpha:
        verdict = "cannot_tell"
    else:
        verdict = "holds" if won * total > wins * n else "the_opposite"
    return {
        "n": n,
        "successes": won,
        "n_others": total - n,
        "successes_others": wins - won,
        "overall_rate": wins / total if total else float("nan"),
        "p": p,
        "p_adjusted": p_adjusted,
        "verdict": verdict,
    }
