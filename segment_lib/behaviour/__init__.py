"""Register to one row per customer, as of a day: history, revenue view, behaviour view.

A module is loaded when a name of it is first used.
"""

from __future__ import annotations

from segment_lib.checks import door

__all__, __getattr__ = door(
    __name__,
    {
        "views": (
            "standing_view revenue_view interval_view returns_view types_view cpm_view lines_view "
            "campaigns_view stages_view growth_view status_view clusters_view "
            "clusters_beside_view"
        ),
        "as_of": (
            "customer_history history_on histories_on lay_out_days order_days_on status_on "
            "waiting_curve_on known_by first_heard_of "
            "require_revenue require_order_dates has_orders"
        ),
        "history": (
            "order_history summary_history line_history order_days line_order_days "
            "first_purchase_unknown"
        ),
        "rfm": "ScoreCuts",
        "segments": "name_segments profile_segments segment_rows check_segments",
        "deciles": "assign_deciles decile_table assign_abc abc_table lorenz_curve gini",
        "five_types": (
            "assign_five_types propose_thresholds resolve_thresholds profile_types "
            "compare_type_rules"
        ),
        "type_splits": "unit_prices price_border assign_splits profile_split",
        "second_orders": "second_order_cohorts",
        "cpm": "cpm_groups step_up_rates",
        "waiting": "WaitingCurve order_gaps waiting_frame",
        "order_family": "OrderFamily",
        "next_order": "NextOrder next_by_line back_test_frame sentence_next_order",
        "stages.rungs": "assign_stages assign_lost effort_spent RUNGS pyramid check_pyramid",
        "stages.months": "months_on",
        "status": "assign_status deal_against_status open_proposals STATUS_GRID",
        "steps": "assign_steps steps_funnel",
        "incidents": "assign_incidents recovery_queue",
        "contracts": "under_contract relation",
        "movement": "movement_table recency_rule movement_by_cause",
        "who_ordered": "ordered_beside_expected",
        "clusters.estimator": "BehaviourClusters with_names",
        "clusters.measures": "spread_of_measures",
        "clusters.words": "cluster_names",
    },
)
