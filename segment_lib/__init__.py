"""From raw customer lists to whom you will not approach, and who gets what, when.

The public names, in the order of the walk:

client and lists: `open_client`, `build_register`, `take_up_register`, `keep`, `take_up` …
behaviour: `order_history`, `ScoreCuts`, `assign_five_types`, `WaitingCurve`, `assign_status` …
results: `judge_outcomes`, `build_features`, `find_result_rules`, `cross_results` …
approach: `WorthBands`, `decide`, `assign_actions`, `monday_page` …
pictures: every `plot_…`, and `labelled` for tables.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

# Name → module. Modules are loaded when a name is first used: importing the kit stays quick.
_PUBLIC: dict[str, str] = {
    name: module
    for module, names in {
        "columns": "label labelled value_label",
        "checks": "KitError ClientError ListError NeedsTable StaleResult",
        "client": "open_client",
        "settings": "RfmRules FiveTypesRules StagesRules StatusRules SegmentRow TypeThresholds",
        "lists.register": "build_register open_register Register",
        "lists.frames": "to_frame",
        "lists.reading.files": "read_list",
        "lists.same.same_customer": "find_same_customers same_customers_summary",
        "lists.rows.merges": "read_merges",
        "lists.same.same_review": "write_same_customers",
        "lists.attributes": "attribute_table missing_table priority_table",
        "behaviour.history": (
            "order_history summary_history line_history order_days line_order_days"
        ),
        "behaviour.left_truncation": "first_purchase_unknown",
        "behaviour.rfm": "ScoreCuts name_segments profile_segments segment_rows check_segments",
        "behaviour.deciles": "assign_deciles decile_table",
        "behaviour.five_types": (
            "assign_five_types propose_thresholds resolve_thresholds profile_types "
            "compare_type_rules"
        ),
        "behaviour.next_order": (
            "WaitingCurve order_gaps next_by_line sentence_next_order waiting_frame"
        ),
        "behaviour.stages": "assign_stages assign_lost effort_spent pyramid check_pyramid RUNGS",
        "behaviour.status": "assign_status deal_against_status open_proposals STATUS_GRID",
        "behaviour.steps": "assign_steps steps_funnel",
        "behaviour.incidents": "assign_incidents recovery_queue",
        "behaviour.movement": (
            "movement_table expected_movement compare_movement recency_rule compare_totals "
            "movement_by_cause"
        ),
        "behaviour.clusters": "BehaviourClusters cluster_names with_names",
        "results.outcome": (
            "judge_outcomes known_outcome coverage_table coverage_sentence outcome_starts"
        ),
        "results.our_part": "assess_our_part our_part_table",
        "results.features.build": "build_features",
        "results.leaks": "screen_leaks",
        "results.rules.search": "find_result_rules RuleProfile",
        "results.rules.guesses": "test_guesses",
        "results.rules.rates": (
            "result_rate_by result_rate_by_steps single_features how_far_apart"
        ),
        "results.rules.conditions": "rule_mask",
        "results.rules.words": "rule_sentences",
        "results.contrast": "cross_results field_table silent_leavers last_signs spend_border",
        "results.claim": "later_behaviour",
        "approach.prospects": "prospect_features signed_or_lost",
        "approach.worth": "WorthBands",
        "approach.gates": "assign_gates",
        "approach.decide": "decide check_decision explain_decision STANDING_SENTENCE",
        "approach.review": "read_overrides apply_overrides write_overrides",
        "approach.actions": "assign_actions check_actions complete_actions usual_hours",
        "approach.hours": (
            "hours_table freed_hours owner_load monday_page power_of_hold_out spent_hours"
        ),
        "recipes.needs": "require_revenue require_order_dates require_outcome has_outcome",
        "recipes.describe": "customer_history next_orders_by_line",
        "recipes.decide": (
            "results_beside_revenue search_rules rules_note "
            "rates_side_by_side learn_worth decision_notes history_on moved_beside_chance "
            "really_held_out "
            "next_monday busiest hours_a_week"
        ),
        "recipes.days": "status_on waiting_curve_on known_by",
        "recipes.said": (
            "says_landmarks says_our_part says_apart says_guesses says_leaks says_later "
            "says_break_even says_learned says_band says_sizes says_if_wrong says_freed "
            "says_playbook says_waiting"
        ),
        "report.sentences": "says_money standing",
        "report.results_said": "says_contrast",
        "report.decisions_said": "says_not_approached says_actions says_monday review_state",
        "recipes.take": "Take",
        "thread": "take_up_register take_up keep together",
    }.items()
    for name in names.split()
}

__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(importlib.import_module(f"segment_lib.{_PUBLIC[name]}"), name)
    if name.startswith("plot_"):
        return getattr(importlib.import_module("segment_lib.plots"), name)
    raise AttributeError(f"segment_lib has no '{name}'")


def __dir__() -> list[str]:
    plots = importlib.import_module("segment_lib.plots")
    return [*__all__, *(name for name in dir(plots) if name.startswith("plot_"))]
