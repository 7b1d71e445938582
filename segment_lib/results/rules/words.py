"""Rules in words, English and Japanese: made from the conditions and the labels of the features.

`labels` is a frame indexed by feature: `en`, `ja` name it; `says_en`, `says_ja` are phrases with
``{}`` for the value or ``{days}`` for a time ("answered the survey {days}"); a phrase without
either is what *yes* means; `not_en`, `not_ja` are said for *no*, or for a missing value of a phrase
with ``{}`` or ``{days}`` ("did not answer the survey").
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from segment_lib.columns import Language, label, value_label
from segment_lib.settings import split_condition

# fmt: off
NUMBER_FORMS: dict[str, dict[str, str]] = {
    "en": {
        "range": "{low} to {high}", "low": "at least {low}", "high": "at most {high}",
        "range_days": "in {low} to {high} days", "low_days": "in {low} days or more",
        "high_days": "within {high} days",
    },
    "ja": {
        "range": "{low}〜{high}", "low": "{low}以上", "high": "{high}以下",
        "range_days": "{low}〜{high}日で", "low_days": "{low}日以上かけて",
        "high_days": "{high}日以内に",
    },
}
# fmt: on
PLAIN_WORDS = {
    "en": {
        "missing": "not known",
        "done_well": "properly done",
        "answered": "answered, but not properly",
        "no_answer": "not answered in time",
    },
    "ja": {
        "yes": "はい",
        "no": "いいえ",
        "missing": "不明",
        "done_well": "適切に対応",
        "answered": "回答あり（不十分）",
        "no_answer": "期間内の回答なし",
    },
}
RULE_SENTENCE = {
    "en": "{rule}: {rate:.0%} of {n:,} got results [{low:.0f} to {high:.0f}] in the half that did "
    "not find it, all: {all:.0%}; in the whole list {yes_all:,} of {n_all:,}; {looked_at:,} "
    "combinations looked at",
    "ja": "{rule}：見つけていない側の{n:,}名で成果あり {rate:.0%}［{low:.0f}〜{high:.0f}］、"
    "全体 {all:.0%}。リスト全体では{n_all:,}名中{yes_all:,}名、{looked_at:,}通りを確認",
}


def rule_words(
    conditions: Iterable[str], labels: pd.DataFrame | None = None, language: Language = "en"
) -> str:
    """A rule as a person would say it; two limits of one feature become a range.

    >>> rule_words(["staff >= 5", "staff <= 20", "industry = retail"])
    'staff 5 to 20 and industry is retail'
    >>> rule_words(["staff >= 5", "staff <= 20", "industry = retail"], language="ja")
    'staffが5〜20 かつ industryがretail'
    """
    by_feature: dict[str, list[str]] = {}
    for condition in conditions:
        by_feature.setdefault(split_condition(condition)[0], []).append(condition)
    said = [_phrase(feature, own, labels, language) for feature, own in by_feature.items()]
    return (" and " if language == "en" else " かつ ").join(said)


def feature_name(feature: str, labels: pd.DataFrame | None, language: Language) -> str:
    """The label of a feature, or its name where it has none."""
    return _given(feature, language, labels) or label(feature, language)


def _phrase(
    feature: str, conditions: list[str], labels: pd.DataFrame | None, language: Language
) -> str:
    _, sign, value = split_condition(conditions[0])
    named = feature_name(feature, labels, language)
    says = _given(feature, f"says_{language}", labels)
    says_not = _given(feature, f"not_{language}", labels)
    takes_value = "{}" in says or "{days}" in says
    if (sign, value) == ("=", "missing"):
        unknown = f"{named} not known" if language == "en" else f"{named}が不明"
        return says_not if takes_value and says_not else unknown
    if sign == "=" and value in ("yes", "no") and not takes_value:
        if says and says_not:
            return says if value == "yes" else says_not
        return f"{named}: {value}" if language == "en" else f"{named}：{PLAIN_WORDS['ja'][value]}"
    if "{days}" in says and sign in ("<=", ">="):
        return says.replace("{days}", value_words(conditions, language, days=True))
    if "{}" in says:
        return says.replace("{}", value_words(conditions, language))
    if language == "ja":
        return f"{named}が{value_words(conditions, language)}"
    return f"{named} {'is ' if sign in ('=', '!=') else ''}{value_words(conditions, language)}"


def _given(feature: str, column: str, labels: pd.DataFrame | None) -> str:
    if labels is None or feature not in labels.index or column not in labels.columns:
        return ""
    found = labels.at[feature, column]
    return "" if pd.isna(found) else str(found)


def value_words(conditions: Iterable[str], language: Language, days: bool = False) -> str:
    """The value alone: "at most 20", "5 to 20", "within 3 days"; 20以下, 5〜20, 3日以内に."""
    conditions = list(conditions)
    feature, sign, value = split_condition(conditions[0])
    if sign in ("=", "!="):
        words = str(value_label(feature, PLAIN_WORDS[language].get(value, value), language))
        other = "not {}" if language == "en" else "{}以外"
        return words if sign == "=" else other.replace("{}", words)
    limits = {sign: value for _, sign, value in map(split_condition, conditions)}
    low, high = (_shown(limits.get(sign, "")) for sign in (">=", "<="))
    if low == high:
        return low
    form = "range" if low and high else "low" if low else "high"
    return NUMBER_FORMS[language][form + ("_days" if days else "")].format(low=low, high=high)


def _shown(value: str) -> str:
    """A number as people write it: thousands separated, but not in a year."""
    if not value:
        return ""
    number = float(value.replace(",", ""))
    return f"{number:,.10g}" if abs(number) >= 10_000 else f"{number:.10g}"


def rule_sentences(rules: pd.DataFrame, looked_at: int, language: Language = "en") -> list[str]:
    """One sentence per row: words; rate, heads and interval of the half that did not find the rule;
    everyone's rate; the whole list; how many were looked at.
    """
    words = rules["rule_ja" if language == "ja" else "rule"]
    rows = zip(words, rules.itertuples(), strict=True)
    return [
        RULE_SENTENCE[language].format(
            rule=rule, rate=row.rate, low=100 * row.low, high=100 * row.high,
            all=row.overall_rate, n=row.n, n_all=row.n_all, yes_all=row.successes_all,
            looked_at=looked_at,
        )
        for rule, row in rows
    ]  # fmt: skip


def cannot_conclude(
    known: int, won: int, needed: int, needed_successes: int, language: Language = "en"
) -> str:
    """Why nothing was searched, and what it would take at today's rate of success."""
    at_rate = -(-needed_successes * known // won) if won else 0
    more = max(needed, at_rate) - known
    rate = "" if not won else f", at today's rate of {won / known:.0%}"
    rate_ja = "" if not won else f"（現在の成果率{won / known:.0%}の場合）"
    if language == "ja":
        return (
            "まだ結論を出せないため、探索していません。"
            f"結果が分かっているお客様は{known:,}名、うち成果ありは{won:,}名です"
            f"（探索には{needed:,}名と{needed_successes:,}名が必要）。"
            f"あと{more:,}名の結果が必要です{rate_ja}。"
            "それまでは、事前の仮説の検証と、項目ごとの成果率をご覧ください。"
        )
    return (
        f"Cannot conclude yet, so nothing was searched: {known:,} customers have a known result "
        f"and {won:,} of them got results; a search needs {needed:,} and {needed_successes:,}. "
        f"It would take {more:,} more known results{rate}. "
        "Until then, test stated guesses and look at single features."
    )


def found_words(
    known: int, won: int, looked_at: int, confirmed: int, language: Language = "en"
) -> str:
    """How many combinations were looked at, among whom, and how many are confirmed."""
    if language == "ja":
        none = "" if confirmed else "偶然の範囲を超えるものはありませんでした。"
        return (
            f"結果が分かっているお客様{known:,}名（成果あり{won / known:.0%}）について"
            f"{looked_at:,}通りを調べ、{confirmed}件が確かめられました。{none}"
        )
    none = "" if confirmed else " Nothing stands out more than chance allows."
    return (
        f"{looked_at:,} combinations looked at among {known:,} customers with a known result, "
        f"{won / known:.0%} of whom got results; confirmed: {confirmed}.{none}"
    )
