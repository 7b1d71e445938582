"""Rules about customers who get results: conditions, their words, rates, guesses and the search."""

from segment_lib.results.intervals import wilson_interval
from segment_lib.results.rules.conditions import rule_mask
from segment_lib.results.rules.guesses import test_guesses
from segment_lib.results.rules.rates import (
    result_rate_by,
    result_rate_by_steps,
    single_features,
)
from segment_lib.results.rules.search import RuleProfile, find_result_rules
from segment_lib.results.rules.words import rule_sentences, rule_words

__all__ = [
    "RuleProfile",
    "find_result_rules",
    "result_rate_by",
    "result_rate_by_steps",
    "rule_mask",
    "rule_sentences",
    "rule_words",
    "single_features",
    "test_guesses",
    "wilson_interval",
]
