"""Result rates of groups: successes over *known* results, with a 95 % Wilson interval.

Fewer than 10 people: no rate is shown. Nothing here is corrected for having looked at many groups.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import chi2

from segment_lib.checks import ListError, require_columns
from segment_lib.results.intervals import SHOWN_PEOPLE, shown_rates
from segment_lib.results.rules.conditions import all_hold, bands, is_number, readable
from segment_lib.results.rules.words import feature_name, value_words
from segment_lib.voice import _


def known_results(features: pd.DataFrame, outcome: pd.Series) -> tuple[pd.DataFrame, np.ndarray]:
    """Features and success of the customers in `outcome`, which must be plain True or False."""
    if not pd.api.types.is_bool_dtype(outcome) or outcome.isna().any():
        came = sorted({str(value) for value in outcome.unique()})[:5]
        says = _(
            "The outcome must be True or False for each customer whose result is known, and leave "
            "out the others; it holds {came}. Take known_outcome(judged).",
            came=came,
        )
        raise ListError(says)
    strangers = outcome.index.difference(features.index)
    if len(strangers):
        says = _(
            "{n} customers have an outcome but no features (for example "
            "{example}). Build the features for everyone who has a start.",
            n=len(strangers),
            example=strangers[0],
        )
        raise ListError(says)
    return features.loc[outcome.index], outcome.to_numpy(dtype=bool)


def single_features(
    features: pd.DataFrame, outcome: pd.Series, labels: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The result rate of each value, or quartile band, of each feature by itself.

    One row per feature and value: feature, label, value (in words), n, successes, rate,
    low, high, overall_rate, lift. Text values of fewer than 10 people stand together in one row
    that says how many they are.
    """
    known, success = known_results(features, outcome)
    rows = []
    for feature in known.columns:
        named = feature_name(feature, labels)
        for value, mask in _groups(known[feature]):
            rows.append((feature, named, value, int(mask.sum()), int((mask & success).sum())))
    names = ["feature", "label", "value", "n", "successes"]
    overall = float(success.mean()) if len(success) else float("nan")
    table = shown_rates(pd.DataFrame(rows, columns=names))
    return table.assign(overall_rate=overall, lift=table["rate"] / overall)


def _groups(column: pd.Series) -> list[tuple[str, np.ndarray]]:
    """The values of a feature in words, each with who has it; everyone is in exactly one."""
    values = readable(column)
    if is_number(values):
        masks = [(said, all_hold(values, said)) for said in bands(column)]
        return [(value_words(said), mask) for said, mask in masks if mask.any()]
    counts = values.value_counts().loc[lambda heads: heads > 0]
    rare = list(counts.index[counts < SHOWN_PEOPLE])
    common = sorted(counts.index.difference(rare), key=lambda value: (-counts[value], value))
    found = [
        (value_words([f"{column.name} = {value}"]), (values == value).to_numpy())
        for value in common
    ]
    if rare:
        words = _("{n} values of under {people} people each", n=len(rare), people=SHOWN_PEOPLE)
        found.append((words, values.isin(rare).to_numpy()))
    return found


def result_rate_by(
    customers: pd.DataFrame, attributes: Sequence[str], labels: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Result rates by several attributes, one under the other, for one axis.

    `customers` has `got_results` (yes / no / unknown); only known results count, and where the
    frame has `learn_from`, only those. Rows as in `single_features`.
    """
    require_columns(customers, ["got_results", *attributes], "customers")
    known = _learnt_from(customers)
    return single_features(known[list(attributes)], known["got_results"] == "yes", labels)


def _learnt_from(customers: pd.DataFrame) -> pd.DataFrame:
    if "learn_from" in customers.columns:
        return customers[customers["learn_from"].fillna(False).astype(bool)]
    return customers[customers["got_results"].isin(["yes", "no"])]


def result_rate_by_steps(customers: pd.DataFrame, steps: int | None = None) -> pd.DataFrame:
    """The result rate by requests properly handled: one row per 0, 1, … `steps`.

    `customers` has `steps_done` and `got_results`; columns steps_done, n, successes, rate, low,
    high, overall_rate. A number of steps that nobody reached is a row with n = 0.
    """
    require_columns(customers, ["got_results", "steps_done"], "customers")
    known = _learnt_from(customers).dropna(subset="steps_done")
    success = known["got_results"].eq("yes").astype(int)
    most = steps if steps is not None else int(known["steps_done"].max()) if len(known) else 0
    by_steps = success.groupby(known["steps_done"].astype(int)).agg(n="count", successes="sum")
    table = by_steps.reindex(pd.RangeIndex(most + 1, name="steps_done"), fill_value=0)
    overall = float(success.mean()) if len(known) else float("nan")
    return shown_rates(table.reset_index()).assign(overall_rate=overall)


def how_far_apart(rates: pd.DataFrame) -> pd.DataFrame:
    """How well each cut tells customers apart: one row per `group` of a table of result rates.

    mean_distance: the groups' distance from the overall rate, weighted by heads; by_chance: what
    it would be if the cut said nothing; p: of the chi-square test. Levels without a rate are left
    out.
    """
    kinds = dict.fromkeys(("n", "rate", "overall_rate"), "float64")
    told = rates.dropna(subset="rate").astype(kinds)
    n, base, apart = told["n"], told["overall_rate"], told["rate"] - told["overall_rate"]
    spread = np.sqrt(2 / np.pi * base * (1 - base) / n)  # mean of a half-normal
    told = told.assign(
        levels=1,
        apart=apart.abs() * n,
        chance=spread * n,
        square=n * apart**2 / (base * (1 - base)),
    )
    sums = told.groupby("group", sort=False)[["levels", "n", "apart", "chance", "square"]].sum()
    table = sums.assign(
        mean_distance=sums["apart"] / sums["n"],
        by_chance=sums["chance"] / sums["n"],
        p=chi2.sf(sums["square"], (sums["levels"] - 1).clip(lower=1)),
    ).astype({"n": "int64"})
    return table.reset_index()[["group", "levels", "n", "mean_distance", "by_chance", "p"]]
