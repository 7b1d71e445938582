"""Whom not to approach, and who gets what, when.

A module is loaded when a name of it is first used.
"""

from __future__ import annotations

from segment_lib.checks import door

__all__, __getattr__ = door(
    __name__,
    {
        "views": (
            "decision_view break_even_view plan_view make_plan movement_view proof_view "
            "learn_worth decision_notes really_held_out"
        ),
        "prospects": "prospect_features signed_or_lost",
        "worth": "WorthBands",
        "gates": "assign_gates",
        "decision": "decide check_decision explain_decision standing_sentence",
        "review": "read_overrides apply_overrides write_overrides",
        "history": (
            "history_view accepted_lists accepted_plans write_accepted status_by_month moved_since"
        ),
        "known": "known_of askable",
        "playbook": ("playbook_of preset_rows with_row with_preset PRESETS"),
        "choosing": "choice_of followed",
        "playbook_checks": "rows_table groups_table",
        "actions": "facts_for assign_actions actions_for",
        "bought_together": "goes_with",
        "plan": "check_plan",
        "weeks": "weeks_of",
        "hours": "hours_table freed_hours owner_load page_of power_of_hold_out spent_a_month",
    },
)
