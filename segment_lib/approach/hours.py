"""Where our hours go: really spent and planned, owner by owner and week by week; what a hold-out
can tell.

`plan` is the one plan table, one row per customer. Hours that become free are those that contacts
say were really spent, in the last 90 days, on customers who are not approached now: their mean
month. Where no contact says its hours nothing becomes free.
"""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
from scipy.stats import binom

from segment_lib.approach.weeks import NO_HOURS, Weeks
from segment_lib.client import Client
from segment_lib.columns import VALUES

ENOUGH_HELD_OUT = 60  # fewer customers than this cannot speak: months are pooled until then
ALARM_LEVEL = 0.05
LOOK_BACK_DAYS = 90
MONTHS = 3  # that those days are


def spent_a_month(contacts: pd.DataFrame | None, as_of: date, index: pd.Index) -> pd.Series:
    """Hours a month that contacts of the last 90 days say we spent on each customer, 0 if none."""
    if contacts is None or contacts.empty:
        return pd.Series(0.0, index=index)
    day = pd.to_datetime(contacts["contacted_on"])
    today = pd.Timestamp(as_of)
    lately = contacts[(day > today - timedelta(days=LOOK_BACK_DAYS)) & (day <= today)]
    hours = lately.groupby("customer_id")["effort_hours"].sum().astype("float64") / MONTHS
    return hours.reindex(index).fillna(0.0)


def hours_table(plan: pd.DataFrame, spent: pd.Series) -> pd.DataFrame:
    """One row per decision: customers, hours_before (a month, really spent in the last 90 days),
    hours_after (planned in the weeks of this plan). `spent`: hours a month per customer.
    """
    told = plan.assign(
        hours_before=spent.reindex(plan.index).fillna(0.0),
        hours_after=plan["effort_hours"].where(plan["planned_week"].notna(), 0.0),
    )
    sums = told.groupby("decision").agg(
        customers=("hours_before", "size"),
        hours_before=("hours_before", "sum"),
        hours_after=("hours_after", "sum"),
    )
    return sums.loc[[name for name in VALUES["decision"] if name in sums.index]].reset_index()


def freed_hours(plan: pd.DataFrame, spent: pd.Series, client: Client) -> pd.DataFrame:
    """Hours a month that become free, one row per owner on whose customers they were spent.

    owner, customers (not approached now, with hours in the last 90 days), hours, goes_to (the teams
    that [teams] lets have them, "" if they stay with the owner). No row where nothing was spent.
    """
    hours = spent.reindex(plan.index).fillna(0.0)
    away = plan.assign(hours=hours)[plan["decision"].eq("not_approached") & (hours > 0)]
    sums = away.groupby("owner").agg(customers=("hours", "size"), hours=("hours", "sum"))
    shares = {
        owner: ", ".join(client.teams[name].shares_hours_with)
        for owner, name in client.team_of.items()
    }
    table = sums.sort_values("hours", ascending=False).reset_index()
    goes_to = [shares.get(owner, "") for owner in table["owner"]]
    return table.assign(goes_to=pd.Series(goes_to, table.index, dtype="str"))


def owner_load(plan: pd.DataFrame, weeks: Weeks) -> pd.DataFrame:
    """One row per owner and week of the plan: actions, hours, capacity_hours (null: none stated).

    The row of week 0 is what waits: no hours were left, or it takes too long. An owner with hours
    but no actions is shown too.
    """
    client = weeks.client
    fits = plan[plan["planned_week"].notna()]
    late = plan[plan["waits_because"].isin(NO_HOURS)].assign(planned_week=0)
    hours = pd.concat([fits, late]).groupby(["owner", "planned_week"])["effort_hours"]
    sums = hours.agg(actions="size", hours="sum")
    everyone = sorted({*sums.index.unique("owner"), *client.capacity.owners, *client.team_of})
    numbers = range(client.plan.weeks + 1)
    rows = pd.MultiIndex.from_product([everyone, numbers], names=["owner", "planned_week"])
    load = sums.reindex(rows).fillna(0.0).astype({"actions": "int64"}).reset_index()
    rest = weeks.hours_of_all() if len(everyone) == 1 else None
    limits = {}
    for owner in everyone:
        stated = weeks.hours(owner)
        stated = rest if stated is None else stated
        for number in numbers[1:]:
            there = weeks.week == number
            limits[owner, number] = None if stated is None else float(stated[there].sum())
    keys = zip(load["owner"], load["planned_week"], strict=True)
    load["capacity_hours"] = pd.Series([limits.get(key) for key in keys], dtype="float64")
    return load.rename(columns={"planned_week": "week"})


def page_of(plan: pd.DataFrame, owner: str, week: int = 1) -> pd.DataFrame:
    """One owner's week: the rows of the plan by day, on each day in the order of service."""
    own = plan[plan["owner"].eq(owner) & plan["planned_week"].eq(week)]
    return own.sort_values(["do_on", "priority"])


def power_of_hold_out(held_out_a_month: int, break_even: float) -> pd.DataFrame:
    """One row: how many months to pool until enough are held out, and what the check then sees.

    Alarm: `alarm_from` or more successes, which a true rate of half the break-even would show in at
    most 5 % of cases. `false_alarm`: its chance if the list is right (a quarter of the break-even);
    `power_at_break_even` and `power_at_double`: if the list is wrong.
    """
    needed = ENOUGH_HELD_OUT
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
