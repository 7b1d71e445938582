"""What each notebook makes, by the same public calls, for who starts in the middle of the walk.

A recipe takes up what earlier notebooks kept, and gives the named frames that its notebook keeps. A
test runs notebooks and recipes on the same lists and compares them, so that no second way of
computing can say something else.
"""

from __future__ import annotations

from collections.abc import Callable

from segment_lib.recipes import decide, describe
from segment_lib.recipes.take import Frames, Take

RECIPES: dict[str, Callable[[Take], Frames]] = {
    "01": describe.lists_recipe,
    "02": describe.people_recipe,
    "03": describe.revenue_recipe,
    "04": describe.types_recipe,
    "05": describe.stages_recipe,
    "06": describe.clusters_recipe,
    "07": decide.results_recipe,
    "08": decide.decision_recipe,
    "09": decide.actions_recipe,
    "10": decide.next_month_recipe,
}

# Notebook: the names it keeps, and the kept results it was made from.
_KEEPS: dict[str, tuple[str, str]] = {
    "01": ("ledger ledger_reasons same_customers", ""),
    "02": ("attributes missing", ""),
    "03": ("revenue rfm_cuts rfm_segments deciles", ""),
    "04": ("types type_thresholds five_types type_rules next_order waiting_curve", "revenue"),
    "05": ("stages pyramid pyramid_checks deal_against_status", "revenue types"),
    "06": ("clusters cluster_choice cluster_profile", "revenue"),
    "07": (
        "results coverage feature_audit leaks guesses rules rules_note single_features "
        "steps_funnel result_rates fields deciles_with_results later",
        "revenue types stages",
    ),
    "08": (
        "decision worth_bands decision_summary decision_relation decision_notes",
        "revenue types stages results",
    ),
    "09": (
        "actions override_counts overrides hours freed_hours owner_load monday",
        "revenue types stages decision",
    ),
    "10": ("movement hold_out_power", "actions"),
}
NOTEBOOK: dict[str, str] = {
    name: number for number, (names, _) in _KEEPS.items() for name in names.split()
}
NEEDS: dict[str, tuple[str, ...]] = {
    name: tuple(needs.split()) for names, needs in _KEEPS.values() for name in names.split()
}

__all__ = ["NEEDS", "NOTEBOOK", "RECIPES", "Frames", "Take"]
