"""What the page and the workbook expect of each kept frame, and what opens it.

A frame that is absent, empty or lacks a column is no error: the page says which table would open
its part. What a chart needs stands beside the chart; here are the frames that are none.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from segment_lib.approach.weeks import NO_HOURS
from segment_lib.columns import VALUES
from segment_lib.plots import charts
from segment_lib.report.few import hide_few

# What a plan has, and why an action has no week in it beside `NO_HOURS`: its day is later.
PLAN = ("decision", "reason", "planned_week", "waits_because", "effort_hours", "owner")
NO_DAY = ("too_soon", "date")
# What the rooms call a column, where the page has one word for it.
OTHER_NAMES = {"people": "customers", "beside": "beside_customers"}
Frames = Mapping[str, pd.DataFrame | None]

# Frames that are no chart: the columns they must have.
OTHER_FRAMES: dict[str, tuple[str, ...]] = {
    "ledger_reasons": ("reason",),  # and rows
    "register_doubts": ("sentence", "signed"),
    "pyramid_checks": ("holds", "says"),
    "recovery": ("incident_state", "customers", "next_step"),
    "decision_notes": ("about", "message"),
    "target": ("attribute", "level", "customers", "successes", "tells_apart", "looked_at"),
    "main_customers": ("name", "why", "got_results"),
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


def plan_of(frames: Frames) -> pd.DataFrame | None:
    """The plan, one row per customer with what is known of each; None where there is none."""
    customers = frames.get("customers")
    if customers is None or customers.empty or not set(PLAN) <= set(customers):
        return None
    return customers


def as_planned(frames: Frames) -> Frames:
    """The frames with decisions and reasons counted in the plan: after what people decided."""
    plan = plan_of(frames)
    if plan is None:
        return frames
    return {**frames, "decision_summary": reasons_in(plan)}


def reasons_in(plan: pd.DataFrame) -> pd.DataFrame:
    """One row per decision and main reason: customers, planned, and the hours planned."""
    return _counted(plan, ["decision", "reason"])


def decisions_in(plan: pd.DataFrame) -> pd.DataFrame:
    """One row per decision: customers, planned (in the weeks of the plan), waits_for_hours,
    waits_for_day, without_action, hours (planned); with those before, it adds up to customers.
    """
    return _counted(plan, ["decision"])


def _counted(plan: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    done, waits = plan["planned_week"].notna(), plan["waits_because"].fillna("")
    late, day = waits.isin(NO_HOURS), waits.isin(NO_DAY)
    told = (
        plan[by]
        .astype(str)
        .assign(
            customers=1,
            planned=done.astype(int),
            waits_for_hours=late.astype(int),
            waits_for_day=day.astype(int),
            without_action=(~done & ~late & ~day).astype(int),
            hours=plan["effort_hours"].where(done, 0.0),
        )
    )
    return hide_few(by_decision(told.groupby(by, sort=False).sum().reset_index()))


def by_decision(table: pd.DataFrame) -> pd.DataFrame:
    """The rows in the order of the decisions, within one as they stood."""
    order = list(VALUES["decision"])
    return table.sort_values("decision", key=lambda names: names.map(order.index), kind="stable")


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
