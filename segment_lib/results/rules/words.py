"""Rules in words, made from the conditions and the labels of the features.

`labels` is a frame indexed by feature, in the language of the run: `name` names it; `says` is a
phrase with ``{}`` for the value or ``{days}`` for a time ("answered the survey {days}"); a phrase
without either is what *yes* means; `not_so` is said for *no*, or for a missing value of a phrase
with ``{}`` or ``{days}`` ("did not answer the survey").
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from segment_lib.columns import label, value_label
from segment_lib.settings import split_condition
from segment_lib.voice import N_, Sentence, _, pgettext

PLAIN_WORDS = {
    "yes": N_("yes"),
    "no": N_("no"),
    "missing": N_("not known"),
    "done_well": N_("properly done"),
    "answered": N_("answered, but not properly"),
    "no_answer": N_("not answered in time"),
}


def rule_words(conditions: Iterable[str], labels: pd.DataFrame | None = None) -> str:
    """A rule as a person would say it; two limits of one feature become a range.

    >>> rule_words(["staff >= 5", "staff <= 20", "industry = retail"])
    'staff 5 to 20 and industry is retail'
    """
    by_feature: dict[str, list[str]] = {}
    for condition in conditions:
        by_feature.setdefault(split_condition(condition)[0], []).append(condition)
    said = [_phrase(feature, own, labels) for feature, own in by_feature.items()]
    return pgettext("between conditions", " and ").join(said)


def feature_name(feature: str, labels: pd.DataFrame | None) -> str:
    """The label of a feature, or its name where it has none."""
    return _given(feature, "name", labels) or label(feature)


def _phrase(feature: str, conditions: list[str], labels: pd.DataFrame | None) -> str:
    _feature, sign, value = split_condition(conditions[0])
    named = feature_name(feature, labels)
    says = _given(feature, "says", labels)
    says_not = _given(feature, "not_so", labels)
    takes_value = "{}" in says or "{days}" in says
    if (sign, value) == ("=", "missing"):
        return says_not if takes_value and says_not else _("{name} not known", name=named)
    if sign == "=" and value in ("yes", "no") and not takes_value:
        if says and says_not:
            return says if value == "yes" else says_not
        return _("{name}: {yes_or_no}", name=named, yes_or_no=_(PLAIN_WORDS[value]))
    if "{days}" in says and sign in ("<=", ">="):
        return says.replace("{days}", value_words(conditions, days=True))
    if "{}" in says:
        return says.replace("{}", value_words(conditions))
    if sign in ("=", "!="):
        return _("{name} is {value}", name=named, value=value_words(conditions))
    return _("{name} {limits}", name=named, limits=value_words(conditions))


def _given(feature: str, column: str, labels: pd.DataFrame | None) -> str:
    if labels is None or feature not in labels.index or column not in labels.columns:
        return ""
    found = labels.at[feature, column]
    return "" if pd.isna(found) else str(found)


def value_words(conditions: Iterable[str], days: bool = False) -> str:
    """The value alone: "at most 20", "5 to 20", "within 3 days"; 20以下, 5〜20, 3日以内に."""
    conditions = list(conditions)
    feature, sign, value = split_condition(conditions[0])
    if sign in ("=", "!="):
        plain = PLAIN_WORDS.get(value)
        words = str(value_label(feature, value)) if plain is None else _(plain)
        return words if sign == "=" else _("not {value}", value=words)
    limits = {sign: value for _feature, sign, value in map(split_condition, conditions)}
    low, high = (_shown(limits.get(sign, "")) for sign in (">=", "<="))
    return low if low == high else _limits_in_days(low, high) if days else _limits(low, high)


def _limits(low: str, high: str) -> str:
    if not high:
        return _("at least {low}", low=low)
    return _("{low} to {high}", low=low, high=high) if low else _("at most {high}", high=high)


def _limits_in_days(low: str, high: str) -> str:
    if not high:
        return _("in {low} days or more", low=low)
    if not low:
        return _("within {high} days", high=high)
    return _("in {low} to {high} days", low=low, high=high)


def _shown(value: str) -> str:
    """A number as people write it: thousands separated, but not in a year."""
    if not value:
        return ""
    number = float(value.replace(",", ""))
    return f"{number:,.10g}" if abs(number) >= 10_000 else f"{number:.10g}"


def rule_sentences(rules: pd.DataFrame, looked_at: int) -> list[str]:
    """One sentence per row: words; rate, heads and interval of the half that did not find the rule;
    everyone's rate; the same among those whom no rule above covers, where that is not everyone;
    the whole list; how many were looked at. A warning is called one.
    """
    return [_rule_said(row._asdict(), looked_at) for row in rules.itertuples()]


def _rule_said(row: dict[str, Any], looked_at: int) -> str:
    told = {
        "rule": row["rule"], "rate": row["rate"], "low": 100 * row["low"],
        "high": 100 * row["high"], "all": row["overall_rate"], "n": row["n"],
        "n_all": row["n_all"], "yes_all": row["successes_all"], "looked_at": looked_at,
    }  # fmt: skip
    says = _(
        "{rule}: {rate:.0%} of {n:,} got results [{low:.0f} to {high:.0f}] among those kept "
        "apart to check it, all: {all:.0%}; in the whole list {yes_all:,} of {n_all:,}; "
        "{looked_at:,} combinations looked at",
        **told,
    )
    if row["verdict"] == "warning":
        says = _(
            "Warning, it marks those without results: {rule}: only {rate:.0%} of {n:,} got results "
            "[{low:.0f} to {high:.0f}] among those kept apart to check it, all: {all:.0%}; in the "
            "whole list {yes_all:,} of {n_all:,}; {looked_at:,} combinations looked at",
            **told,
        )
    if row["overall_left"] == row["overall_rate"]:
        return says
    left = _(
        "of those whom no rule above covers {rate:.0%} of {n:,} [{low:.0f} to {high:.0f}], all "
        "such: {all:.0%}",
        rate=row["rate_left"], n=row["n_left"], low=100 * row["low_left"],
        high=100 * row["high_left"], all=row["overall_left"],
    )  # fmt: skip
    return pgettext("rule", "{says}; {left}", says=says, left=left)


def cannot_conclude(known: int, won: int, needed: int, needed_successes: int) -> Sentence:
    """Why nothing was searched, and what it would take at today's rate of success."""
    at_rate = -(-needed_successes * known // won) if won else 0
    counts = {"known": known, "won": won, "needed": needed, "needed_yes": needed_successes}
    more = max(needed, at_rate) - known
    if not won:
        return Sentence(
            "Cannot conclude yet, so nothing was searched: {known:,} customers have a known result "
            "and {won:,} of them got results; a search needs {needed:,} and {needed_yes:,}. It "
            "would take {more:,} more known results. Until then, test stated guesses and look at "
            "single features.",
            more=more,
            **counts,
        )
    return Sentence(
        "Cannot conclude yet, so nothing was searched: {known:,} customers have a known result "
        "and {won:,} of them got results; a search needs {needed:,} and {needed_yes:,}. It would "
        "take {more:,} more known results, at today's rate of {rate:.0%}. Until then, test stated "
        "guesses and look at single features.",
        more=more,
        rate=won / known,
        **counts,
    )


def found_words(known: int, won: int, looked_at: int, table: pd.DataFrame) -> Sentence:
    """How many combinations were looked at, among whom, how many are confirmed, how many warn."""
    heads = table["verdict"].value_counts()
    counts = {"known": known, "rate": won / known, "looked_at": looked_at}
    counts |= {"confirmed": int(heads.get("confirmed", 0))}
    warnings = int(heads.get("warning", 0))
    if warnings:
        return Sentence(
            "{looked_at:,} combinations looked at among {known:,} customers with a known result, "
            "{rate:.0%} of whom got results; confirmed: {confirmed}; warnings, which mark those "
            "without results: {warnings}.",
            warnings=warnings,
            **counts,
        )
    if not counts["confirmed"]:
        return Sentence(
            "{looked_at:,} combinations looked at among {known:,} customers with a known result, "
            "{rate:.0%} of whom got results; confirmed: 0. Nothing stands out more than chance "
            "allows.",
            **counts,
        )
    return Sentence(
        "{looked_at:,} combinations looked at among {known:,} customers with a known result, "
        "{rate:.0%} of whom got results; confirmed: {confirmed}.",
        **counts,
    )
