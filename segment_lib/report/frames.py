"""What the page and the workbook expect of each kept frame, and what opens it.

A frame that is absent, empty or lacks a column is no error: the page says which table would open
its part. What a chart needs stands beside the chart; here are the frames that are none.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from segment_lib.plots import charts

# What the rooms call a column, where the page has one word for it.
OTHER_NAMES = {"people": "customers", "beside": "beside_customers"}
Frames = Mapping[str, pd.DataFrame | None]

# Frames that are no chart: the columns they must have.
OTHER_FRAMES: dict[str, tuple[str, ...]] = {
    "ledger_reasons": ("reason",),  # and rows
    "pyramid_checks": ("holds", "says"),
    "decision_notes": ("about", "message"),
    # and what the workbook shows: sheets.SHEET_COLUMNS; got_results, frequency, silent_leaver
    "customers": ("decision", "reason"),
}


# Columns that count; a frame in which each of them is 0 throughout tells of nobody.
COUNTS = ("customers", "deals", "asked", "n", "actions", "rows_in")


def _frame(frames: Frames, name: str) -> pd.DataFrame | None:
    """The frame of that name, or the one that the chart of that name draws."""
    return frames.get(charts()[name].frame if name in charts() else name)


def given(frames: Frames, name: str) -> pd.DataFrame | None:
    """The frame if it is there, has its columns, and tells of somebody; else None."""
    frame = _frame(frames, name)
    if frame is None or frame.empty or missing_columns(frames, name):
        return None
    counted = frame[[column for column in COUNTS if column in frame]]
    if len(counted.columns) and not counted.fillna(0).to_numpy(bool).any():
        return None
    return frame.rename(columns=OTHER_NAMES)


def drawable(frames: Frames, name: str) -> pd.DataFrame | None:
    """The frame if it is given and a picture of it says something; else None."""
    frame = given(frames, name)
    return frame if frame is not None and charts()[name].tells(frame) else None


def how_many(customers: pd.DataFrame | None, column: str) -> int:
    """Of how many customers a column says yes; 0 where there is none."""
    if customers is None or column not in customers:
        return 0
    return int(customers[column].fillna(False).astype(bool).sum())


def looked_at(rules: pd.DataFrame | None) -> int:
    """How many combinations the search looked at; 0 where nobody says it."""
    return int(rules["looked_at"].iloc[0]) if rules is not None and "looked_at" in rules else 0


def missing_columns(frames: Frames, name: str) -> list[str]:
    """The columns that a given frame lacks."""
    frame = _frame(frames, name)
    if frame is None:
        return []
    has = set(frame.rename(columns=OTHER_NAMES).columns) | {frame.index.name}
    needs = OTHER_FRAMES[name] if name in OTHER_FRAMES else charts()[name].needs
    return [column for column in needs if column not in has]
