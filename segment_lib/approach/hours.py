"""Where our hours go: freed and spent, owner by owner, and how much a hold-out can tell.

All frames are made from the table of `assign_actions`. "Before" means: who is not approached now is
approached the usual way, who is approached now is so already, and everybody under contract gets
normal service. So hours become free by whom we do not approach, and by nobody else.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
from scipy.stats import binom

from segment_lib.checks import KitError
from segment_lib.client import Client
from segment_lib.columns import VALUES, as_text

ENOUGH_HELD_OUT = 60  # fewer customers than this cannot speak: months are pooled until then
ALARM_LEVEL = 0.05


def spent_hours(actions: pd.DataFrame) -> pd.Series:
    """Hours of this month: what waits or is not approached takes none."""
    idle = actions["decision"].isin(["not_now", "not_approached"])
    return actions["effort_hours"].mask(idle, 0.0)


def hours_table(
    actions: pd.DataFrame, usual_hours: float, service_hours: float = 0.0
) -> pd.DataFrame:
    """One row per decision: customers, hours_before, hours_after; a fall is freed, a rise is spent.

    Who waits for a date or for capacity (not_now) is left out: waiting frees nothing.
    `usual_hours` is one usual approach, `service_hours` one customer's normal service (see
    `usual_hours` of the actions).
    """
    served = actions["under_contract"].astype(bool)
    after = spent_hours(actions)
    before = after.mask(actions["decision"] == "not_approached", usual_hours)
    told = actions.assign(hours_before=before.mask(served, service_hours), hours_after=after)
    sums = told.groupby("decision").agg(
        customers=("hours_before", "size"),
        hours_before=("hours_before", "sum"),
        hours_after=("hours_after", "sum"),
    )
    shown = [name for name in VALUES["decision"] if name in sums.index and name != "not_now"]
    return sums.loc[shown].reset_index()


def freed_hours(actions: pd.DataFrame, usual_hours: float) -> pd.DataFrame:
    """Hours freed by the list, by reason, and where they go, by action; both parts add up alike.

    part (freed / goes_to / not_planned), decision, reason, action, customers, hours. What is freed
    goes, in order of priority, to who needs help, can grow, or is likely to be worth it.
    """
    away = actions[actions["decision"] == "not_approached"]
    freed = (
        away.groupby(["decision", "reason", "action"], sort=False)
        .agg(customers=("effort_hours", "size"))
        .reset_index()
        .assign(part="freed", hours=lambda part: part["customers"] * usual_hours)
    )
    total = float(freed["hours"].sum())
    goes = _goes_to(actions, total)
    left = total - float(goes["hours"].sum())
    rest = pd.DataFrame({"part": ["not_planned"], "customers": [0], "hours": [left]})
    parts = [freed, goes] + ([rest] if left > 1e-9 else [])
    columns = ["part", "decision", "reason", "action", "customers", "hours"]
    return (
        pd.concat(parts, ignore_index=True)
        .reindex(columns=columns)
        .fillna({"decision": "", "reason": "", "action": ""})
    )


def _goes_to(actions: pd.DataFrame, total: float) -> pd.DataFrame:
    taking = actions[
        actions["decision"].isin(["recover", "grow", "approach"]) & ~actions["hold_out"]
    ].sort_values("priority")
    reached = taking["effort_hours"].cumsum().clip(upper=total)
    given = reached.diff().fillna(reached)
    told = taking.assign(given=given)[given > 0]
    sums = told.groupby(["decision", "reason", "action"], sort=False).agg(
        customers=("given", "size"), hours=("given", "sum")
    )
    return sums.reset_index().assign(part="goes_to")


def owner_load(actions: pd.DataFrame, client: Client) -> pd.DataFrame:
    """One row per owner: actions and hours this month, capacity_hours (null: no limit stated), and
    how many actions wait for next month. An owner with hours but no actions is shown too.
    """
    due = ~actions["decision"].isin(["not_now", "not_approached"])
    waits = (actions["decision"] == "not_now") & (actions["reason"] == "over_capacity")
    told = actions.assign(hours=spent_hours(actions), due=due, waits=waits)
    load = told.groupby("owner").agg(
        actions=("due", "sum"), hours=("hours", "sum"), waiting=("waits", "sum")
    )
    stated = client.capacity.owners
    everyone = sorted(set(load.index) | set(stated))
    load = load.reindex(everyone).fillna(0.0).astype({"actions": "int64", "waiting": "int64"})
    # The hours of all are one owner's only where there is one.
    rest = client.capacity.hours_per_month if len(everyone) == 1 else None
    load["capacity_hours"] = [float(stated.get(name, rest or "nan")) for name in everyone]
    return load.rename_axis("owner").reset_index()[
        ["owner", "actions", "hours", "capacity_hours", "waiting"]
    ]


def monday_page(
    actions: pd.DataFrame,
    customers: pd.DataFrame,
    owner: str,
    day: date,
    *,
    hours: float | None = None,
) -> pd.DataFrame:
    """One owner's next seven days from `day`, as far as the week's hours reach: what is due by then
    by priority, then what else fits. name 様, action, channel, reason, evidence, last contact, day.

    `hours` of the week; if not given, a quarter of what the owner has planned this month.
    """
    if owner not in set(actions["owner"]):
        known = sorted(set(actions["owner"]))
        raise KitError(
            'No action belongs to the owner "{owner}". Owners are: {known}.',
            owner=owner,
            known=known,
        )
    open_now = ~actions["decision"].isin(["not_now", "not_approached"])
    own = actions[actions["owner"].eq(owner) & open_now].sort_values("priority")
    due = own["do_on"] < pd.Timestamp(day) + pd.Timedelta(days=7)
    own = pd.concat([own[due], own[~due]])
    week = own["effort_hours"].sum() / 4 if hours is None else hours
    fits = own["effort_hours"].cumsum() <= week
    own = own[fits]
    names = customers["name"] if "name" in customers else pd.Series(dtype="str")
    shown = names.reindex(own.index).astype("object")
    shown = shown.where(shown.notna(), pd.Series(own.index, index=own.index)).pipe(as_text)
    columns = ["owner", "do_on", "action", "channel", "decision", "reason", "evidence"]
    page = own[[*columns, "last_contact_on", "effort_hours"]].copy()
    page.insert(0, "name", shown.str.removesuffix("様") + "様")
    return page


def power_of_hold_out(
    held_out_a_month: int, break_even: float, *, needed: int = ENOUGH_HELD_OUT
) -> pd.DataFrame:
    """One row: how many months to pool until `needed` are held out, and what the check then sees.

    Alarm: `alarm_from` or more successes, which a true rate of half the break-even would show in at
    most 5 % of cases. `false_alarm`: its chance if the list is right (a quarter of the break-even);
    `power_at_break_even` and `power_at_double`: if the list is wrong.
    """
    alarm_from = int(binom.isf(ALARM_LEVEL, needed, break_even / 2)) + 1

    def alarmed(rate: float) -> float:
        return float(binom.sf(alarm_from - 1, needed, min(rate, 1.0)))

    months = -(-needed // held_out_a_month) if held_out_a_month else None
    return pd.DataFrame(
        {
            "held_out_a_month": [held_out_a_month],
            "needed": [needed],
            "months": pd.array([months], dtype="Int64"),
            "alarm_from": [alarm_from],
            "false_alarm": [alarmed(break_even / 4)],
            "power_at_break_even": [alarmed(break_even)],
            "power_at_double": [alarmed(2 * break_even)],
        }
    )
