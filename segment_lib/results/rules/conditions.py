"""Conditions about features: which of them hold for whom, and which are worth looking at.

A *condition* is text as in client.toml: ``staff <= 20``, ``industry = retail``,
``staff = missing``. A *rule* is a tuple of conditions that must all hold. Cut points of numbers
are rounded *before* anything is counted, so that a rule is applied exactly as it is said.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from segment_lib.checks import ListError, closest
from segment_lib.settings import split_condition
from segment_lib.voice import _

Conditions = tuple[str, ...]
MISSING = "missing"
MINIMUM_PEOPLE = 30  # a rule about fewer is not looked at
MOST_VALUES = 30  # the commonest values of a text feature that are looked at
ROUNDING_MOVES = 0.02  # a cut point may be rounded while at most this share changes sides


def rule_mask(features: pd.DataFrame, conditions: Iterable[str]) -> pd.Series:
    """True for the customers for whom all conditions hold; missing meets only ``missing``."""
    mask = np.ones(len(features), dtype=bool)
    for condition in conditions:
        feature = split_condition(condition)[0]
        if feature not in features.columns:
            known = [str(name) for name in features.columns]
            near = closest(feature, known)
            fields = {"condition": condition, "feature": feature, "near": near, "known": known}
            says = _(
                '"{condition}" asks for {feature}, which is not among the features. Did you '
                "mean {near}? There are {known}.",
                **fields,
            )
            alone = _(
                '"{condition}" asks for {feature}, which is not among the features. There '
                "are {known}.",
                **fields,
            )
            raise ListError(alone if near is None else says)
        mask &= holds(readable(features[feature]), condition)
    return pd.Series(mask, index=features.index, name="rule")


def readable(column: pd.Series) -> pd.Series:
    """Numbers as float; everything else as words in one line, missing as a word of its own."""
    if pd.api.types.is_datetime64_any_dtype(column):
        says = _(
            "The feature {name} holds dates, which cannot be compared between "
            "customers. Give the days between it and the customer's own start instead.",
            name=column.name,
        )
        raise ListError(says)
    if pd.api.types.infer_dtype(column, skipna=True) == "boolean":
        column = column.astype("boolean").map({True: "yes", False: "no"}, na_action="ignore")
    elif pd.api.types.is_numeric_dtype(column):
        numbers = column.to_numpy(dtype=float, na_value=np.nan)
        return pd.Series(numbers, column.index, name=column.name)
    codes, values = pd.factorize(column.astype("string"))
    words = pd.Categorical(
        [" ".join(str(value).split()) or MISSING for value in values] + [MISSING]
    )
    # Code -1, a missing value, takes the last word.
    in_words = pd.Categorical.from_codes(words.codes[codes], words.categories)
    return pd.Series(in_words, column.index, name=column.name)


def is_number(values: pd.Series) -> bool:
    """Whether `readable` values are compared by size."""
    return pd.api.types.is_numeric_dtype(values)


def holds(values: pd.Series, condition: str) -> np.ndarray:
    """For which of the `readable` values of one feature the condition holds."""
    _feature, sign, value = split_condition(condition)
    if is_number(values):
        return _number_holds(values.to_numpy(), sign, value, condition)
    if sign not in ("=", "!="):
        says = _(
            '"{condition}" compares by size, but the feature holds words. Write = or !=.',
            condition=condition,
        )
        raise ListError(says)
    wanted = " ".join(value.split())
    same = (values == wanted).to_numpy()
    known = (values != MISSING).to_numpy()
    return same if sign == "=" else known & ~same


def _number_holds(numbers: np.ndarray, sign: str, value: str, condition: str) -> np.ndarray:
    known = ~np.isnan(numbers)
    if value == MISSING:
        return ~known if sign == "=" else known
    try:
        wanted = float(value.replace(",", ""))
    except ValueError:
        says = _(
            '"{condition}" compares a number with "{value}". Write a number, or {missing}.',
            condition=condition,
            value=value,
            missing=MISSING,
        )
        raise ListError(says) from None
    compare = {"=": np.equal, "!=": np.not_equal, "<=": np.less_equal, ">=": np.greater_equal}
    return known & compare[sign](numbers, wanted)


def all_hold(values: pd.Series, conditions: Conditions) -> np.ndarray:
    """For which of the values of one feature all its `conditions` hold."""
    return np.logical_and.reduce([holds(values, condition) for condition in conditions])


def candidate_conditions(column: pd.Series) -> list[tuple[Conditions, np.ndarray]]:
    """The conditions about one feature to look at, each with for whom it holds.

    Text: each value, the 30 commonest at most. Numbers: at or below and above each quartile, and
    the middle half between the outer two. Missing is a value of its own. Conditions that hold for
    fewer than 30 people, or for all but 30, are no candidates.
    """
    feature, values = str(column.name), readable(column)
    if is_number(values):
        said = _number_candidates(feature, values)
    else:
        said = [(f"{feature} = {value}",) for value in _commonest(values)]
    masks = [(conditions, all_hold(values, conditions)) for conditions in said]
    most = len(values) - MINIMUM_PEOPLE
    return [(said, mask) for said, mask in masks if MINIMUM_PEOPLE <= mask.sum() <= most]


def _commonest(values: pd.Series) -> list[str]:
    counts = values.value_counts()
    # Equal counts in the order of the words, so that the order of the rows changes nothing.
    ordered = sorted(counts.index, key=lambda value: (-counts[value], value))
    return ordered[:MOST_VALUES]


def _number_candidates(feature: str, values: pd.Series) -> list[Conditions]:
    cuts = cut_points(values)
    said: list[Conditions] = [(f"{feature} <= {_figure(below)}",) for below, _ in cuts]
    said += [(f"{feature} >= {_figure(above)}",) for _, above in cuts]
    if len(cuts) > 1:
        said.append((f"{feature} >= {_figure(cuts[0][1])}", f"{feature} <= {_figure(cuts[-1][0])}"))
    return [*said, (f"{feature} = {MISSING}",)]


def bands(column: pd.Series) -> list[Conditions]:
    """The values of a feature, numbers as the bands between their cut points, missing last."""
    feature, values = str(column.name), readable(column)
    missing: Conditions = (f"{feature} = {MISSING}",)
    if not is_number(values):
        return [(f"{feature} = {value}",) for value in sorted(values.unique())]
    cuts = cut_points(values)
    lower = ["", *[f"{feature} >= {_figure(above)}" for _, above in cuts]]
    upper = [*[f"{feature} <= {_figure(below)}" for below, _ in cuts], ""]
    said = [tuple(filter(None, limits)) for limits in zip(lower, upper, strict=True)]
    if not cuts:
        said = [(f"{feature} = {_figure(value)}",) for value in values.dropna().unique()]
    return [*said, missing]


def cut_points(values: pd.Series) -> list[tuple[float, float]]:
    """The quartiles as a person would say them: each as (at most this, at least that).

    A quartile that is the largest value of all would part nobody; the value below it is taken.
    """
    known = np.sort(values.dropna().to_numpy(dtype=float))
    if not len(known) or known[0] == known[-1]:
        return []
    largest_below_top = known[known < known[-1]][-1]
    quartiles = np.quantile(known, [0.25, 0.5, 0.75], method="inverted_cdf")
    said = {_sayable(min(cut, largest_below_top), known) for cut in quartiles}
    return [(below, _next_above(below, known)) for below in sorted(said) if below < known[-1]]


def _sayable(cut: float, known: np.ndarray) -> float:
    """`cut` in as few digits as leave at most 2 % of the customers on another side."""
    for digits in range(1, 12):
        rounded = float(f"{cut:.{digits}g}")
        low, high = sorted((cut, rounded))
        moved = np.searchsorted(known, high, "right") - np.searchsorted(known, low, "right")
        if moved <= ROUNDING_MOVES * len(known):
            return rounded
    return float(cut)


def _next_above(below: float, known: np.ndarray) -> float:
    """The other side of "at most `below`", in few digits.

    Where hardly anybody has exactly this value, "at least" the same number is what people say;
    else the next value begins, so that "at most 3" and "at least 4" part everyone.
    """
    first, after = (np.searchsorted(known, below, side) for side in ("left", "right"))
    if after - first <= ROUNDING_MOVES * len(known):
        return below
    following = float(known[after])
    for digits in range(1, 12):
        rounded = float(f"{following:.{digits}g}")
        if below < rounded <= following:
            return rounded
    return following


def _figure(number: float) -> str:
    return f"{number:.12g}"
