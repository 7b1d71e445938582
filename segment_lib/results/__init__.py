"""Who gets results: the outcome, what those who do have in common, revenue against results.

A module is loaded when a name of it is first used.
"""

from __future__ import annotations

from segment_lib.checks import door

__all__, __getattr__ = door(
    __name__,
    {
        "views": (
            "results_view rules_view target_view judged_customers results_beside_revenue "
            "rates_side_by_side search_rules rules_note"
        ),
        "outcome": (
            "judge_outcomes known_outcome coverage_table coverage_sentence outcome_starts "
            "has_outcome require_outcome"
        ),
        "our_part": "assess_our_part our_part_table",
        "features": "build_features",
        "leaks": "screen_leaks",
        "rules.search": "find_result_rules RuleProfile",
        "rules.guesses": "test_guesses",
        "rules.rates": "result_rate_by result_rate_by_steps single_features how_far_apart",
        "rules.conditions": "rule_mask",
        "rules.words": "rule_sentences rule_words",
        "contrast": "cross_results field_table silent_leavers last_signs spend_border",
        "claim": "later_behaviour",
        "target": "target_table main_customers is_main",
    },
)
