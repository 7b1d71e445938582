"""Every chart: a question as title, n below it, English or Japanese; the only room that draws."""

from segment_lib.plots.actions import plot_hours, plot_monday, plot_owner_load
from segment_lib.plots.approach import plot_decisions, plot_worth_bands
from segment_lib.plots.clusters import plot_cluster_choice, plot_cluster_profile
from segment_lib.plots.contrast import plot_fields
from segment_lib.plots.lists import plot_attributes, plot_ledger
from segment_lib.plots.movement import plot_movement, plot_steps_funnel
from segment_lib.plots.questions import ask
from segment_lib.plots.repeats import (
    plot_five_types,
    plot_next_order,
    plot_waiting_curve,
)
from segment_lib.plots.results import plot_guesses, plot_result_rates, plot_rules, rates_together
from segment_lib.plots.revenue import plot_deciles, plot_rfm_grid, plot_rfm_segments
from segment_lib.plots.stages import plot_deal_against_status, plot_pyramid
from segment_lib.plots.style import Axes, as_svg, described

__all__ = [
    "Axes",
    "as_svg",
    "ask",
    "described",
    "plot_attributes",
    "plot_cluster_choice",
    "plot_cluster_profile",
    "plot_deal_against_status",
    "plot_deciles",
    "plot_decisions",
    "plot_fields",
    "plot_five_types",
    "plot_guesses",
    "plot_hours",
    "plot_ledger",
    "plot_monday",
    "plot_movement",
    "plot_next_order",
    "plot_owner_load",
    "plot_pyramid",
    "plot_result_rates",
    "plot_rfm_grid",
    "plot_rfm_segments",
    "plot_rules",
    "plot_steps_funnel",
    "plot_waiting_curve",
    "plot_worth_bands",
    "rates_together",
]
