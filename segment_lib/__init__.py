"""From raw customer lists to whom you will not approach, and who gets what, when.

The public names, in the order of the walk:

client and lists: `open_client`, `build_register`, `take_up_register`, `keep`, `take_up` …
behaviour: `order_history`, `ScoreCuts`, `assign_five_types`, `NextOrder`, `assign_status` …
results: `judge_outcomes`, `build_features`, `find_result_rules` …
approach: `WorthBands`, `decide`, `assign_actions` …
views: one call per question of the walk, `revenue_view` to `movement_view`.

What is asked for less often stands in the rooms: `sl.lists`, `sl.behaviour`, `sl.results`,
`sl.approach`, `sl.report`; every chart under `sl.plot`.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

# Name → module. Modules are loaded when a name is first used: importing the kit stays quick.
_PUBLIC: dict[str, str] = {
    name: module
    for module, names in {
        "voice": "use_language language",
        "columns": "label labelled value_label dictionary",
        "checks": "KitError ClientError ListError NeedsTable StaleResult",
        "client": "open_client",
        "settings": "RfmRules FiveTypesRules StagesRules StatusRules SegmentRow TypeThresholds",
        "lists": (
            "build_register open_register Register read_list to_frame lists_view people_view"
        ),
        "behaviour": (
            "order_history summary_history line_history order_days customer_history status_on "
            "ScoreCuts name_segments profile_segments check_segments assign_deciles decile_table "
            "assign_five_types profile_types WaitingCurve NextOrder order_gaps assign_stages "
            "assign_status BehaviourClusters revenue_view types_view lines_view stages_view "
            "clusters_view"
        ),
        "results": (
            "judge_outcomes known_outcome build_features find_result_rules results_view rules_view "
            "target_view"
        ),
        "approach": (
            "WorthBands assign_gates decide explain_decision assign_actions decision_view "
            "plan_view movement_view"
        ),
        "thread": "take_up_register take_up take_up_for keep together",
    }.items()
    for name in names.split()
}
ROOMS = {"lists": "lists", "behaviour": "behaviour", "results": "results", "approach": "approach",
         "report": "report", "plot": "plots"}  # fmt: skip

__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(importlib.import_module(f"segment_lib.{_PUBLIC[name]}"), name)
    if name in ROOMS:
        return importlib.import_module(f"segment_lib.{ROOMS[name]}")
    raise AttributeError(f"segment_lib has no '{name}'")


def __dir__() -> list[str]:
    return [*__all__, *ROOMS]
