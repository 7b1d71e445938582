"""The page and the workbook: what the notebooks computed, for people who read no notebook.

A module is loaded when a name of it is first used.
"""

from __future__ import annotations

import importlib
from typing import Any

_DOOR = {
    name: module
    for module, names in {
        "page": "build_report",
        "workbook": "build_workbook",
        "plan_files": "write_plan_files",
        "reviewed": "read_reviewed",
        "sentences": "says_money",
        "results_said": "says_contrast",
        "decisions_said": "says_not_approached says_actions says_week review_state",
    }.items()
    for name in names.split()
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    if name in _DOOR:
        return getattr(importlib.import_module(f"{__name__}.{_DOOR[name]}"), name)
    raise AttributeError(f"{__name__} has no '{name}'")
