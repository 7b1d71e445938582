"""The page and the workbook: what the notebooks computed, for people who read no notebook.

A module is loaded when a name of it is first used.
"""

from __future__ import annotations

from segment_lib.checks import door

__all__, __getattr__ = door(
    __name__,
    {
        "page": "build_report",
        "workbook": "build_workbook",
        "plan_files": "write_plan_files",
        "reviewed": "read_reviewed",
        "sentences": "says_money",
        "results_said": "says_contrast",
        "decisions_said": "says_not_approached says_actions says_week review_state",
    },
)
