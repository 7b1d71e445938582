"""The plan: when each action is done, by whom, and what waits. It never changes a decision.

Every action has its own days: from the span of the status after our last contact ([status]
span_days; without a status, `min_days_between`) to the days of its row in the playbook, or to the
day of the next order where that comes first. Who cannot wait is not held by the span; for the care
of those under contract the latest day counts more than the span. A day that a person set is kept,
its hours counted before all others; whom a person brought forward is done in the first week.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from segment_lib.approach.conditions import fits
from segment_lib.approach.reasons import IDLE, is_idle
from segment_lib.approach.weeks import ALMOST, Weeks, lay_out
from segment_lib.client import Client
from segment_lib.columns import as_text, value_label
from segment_lib.in_words import day_said, hours_said, some_ids
from segment_lib.voice import _, ngettext, sentences


def check_plan(plan: pd.DataFrame, weeks: Weeks) -> None:
    """Assert what a plan must hold: worked days inside it, and the hours of every owner's week."""
    done = plan[plan["planned_week"].notna()]
    assert done["do_on"].isin(weeks.days).all(), "something is due on a day off"
    assert (done["do_on"] >= done["do_from"]).all(), "something is due before its first day"
    for (owner, week), own in done.groupby(["owner", "planned_week"]):
        stated = weeks.hours(str(owner))
        if stated is not None:
            by_people = own.loc[is_pinned(own), "effort_hours"].sum()
            limit = max(stated[weeks.week == week].sum(), by_people)
            hours = own["effort_hours"].sum()
            assert hours <= limit + 1e-6, f"{owner} has more to do in week {week} than hours"


def is_pinned(plan: pd.DataFrame) -> pd.Series:
    """Whether each action stands on the day that a person set."""
    if "override_day" not in plan:
        return pd.Series(False, index=plan.index)
    same = plan["override_day"].eq(plan["do_on"]) & plan["override_day"].notna()
    return same & ~is_idle(plan)


def plan_weeks(table: pd.DataFrame, facts: pd.DataFrame, weeks: Weeks) -> pd.DataFrame:
    """`table` with do_from, do_to, do_on, planned_week, waits_because, team, hand_over_to.

    `table` holds one action per customer with `due_in_days` and what `in_order` says; `facts` what
    is asked of customers: status, next_on and what [teams] ask for. do_on is empty where nothing is
    done, planned_week where it does not fit or waits for its day. Where its own days were full,
    `why_now` says so.
    """
    client = weeks.client
    acts = ~is_idle(table)
    planned = table.assign(**_windows(table, facts, weeks))
    planned.loc[~acts, ["do_from", "do_to"]] = pd.NaT
    pinned = _can_be_kept(table, weeks) & acts
    if pinned.any():
        days = table["override_day"].astype("datetime64[us]")
        planned = planned.assign(
            **{name: planned[name].mask(pinned, days) for name in ("do_from", "do_to")}
        )
    laid = _laid_out(planned[acts].assign(pinned=pinned[acts]), weeks).reindex(table.index)
    planned["do_on"] = laid["do_on"]
    planned["planned_week"] = laid["planned_week"].astype("Int64")
    planned["waits_because"] = as_text(laid["waits_because"].fillna(""))
    nothing = table["purpose"].eq("none") & ~table["decision"].isin(IDLE)
    planned.loc[nothing, "waits_because"] = "nothing_now"
    waits = table["decision"] == "not_now"
    planned["do_on"] = planned["do_on"].mask(waits, table["review_on"]).astype("datetime64[us]")
    planned.loc[waits, "waits_because"] = "date"
    team = client.team_of
    planned["team"] = as_text(pd.Series([team.get(one, "") for one in table["owner"]], table.index))
    planned["hand_over_to"] = _hand_over_to(planned, facts, client)
    planned["why_now"] = _days_said(planned)
    check_plan(planned, weeks)
    return planned.drop(columns=["is_care", "yields"])


def _laid_out(asked: pd.DataFrame, weeks: Weeks) -> pd.DataFrame:
    """In the order of service. Where care of an owner's customers under contract does not fit, it
    goes before all that yields to it.
    """
    asked = asked.sort_values("priority")
    laid = lay_out(asked, weeks)
    waits = laid["planned_week"].isna()
    short = set(asked.loc[asked["is_care"] & waits, "owner"])
    before = asked["yields"] & ~asked["pinned"] & ~waits & asked["owner"].isin(short)
    if not before.any():
        return laid
    return lay_out(asked.sort_values(["yields", "priority"]), weeks)


def _windows(table: pd.DataFrame, facts: pd.DataFrame, weeks: Weeks) -> dict[str, pd.Series]:
    """The first and the last day of each action, both worked."""
    client = weeks.client
    last = pd.Timestamp(client.as_of) + pd.to_timedelta(table["due_in_days"], unit="D")
    if "next_on" in facts:  # best before they would order by themselves
        ordered = pd.to_datetime(facts["next_on"]).reindex(table.index)
        last = last.where(~ordered.between(pd.Timestamp(client.as_of), last), ordered)
    if {"days_before_due", "due_from"} <= set(table):
        before = pd.to_datetime(table["due_from"]) - pd.to_timedelta(
            table["days_before_due"].astype("float64"), unit="D"
        )
        last = last.where(~before.between(pd.Timestamp(client.as_of), last), before)
        # a word in time is none once the range is over
        end = pd.to_datetime(table["due_by"]).where(table["days_before_due"].notna())
        last = last.where(~end.between(pd.Timestamp(client.as_of), last), end)
    if "override" in table:  # brought forward
        forward = table["override"].notna() & table["cannot_wait"].astype(bool)
        last = last.mask(forward, last.clip(upper=weeks.days[weeks.week == 1][-1]))
    last = _on_a_working_day(last, weeks, back=True)
    status = facts.get("status", pd.Series(pd.NA, index=table.index))
    days = status.map(client.status.span_days).astype("float64")
    days = days.fillna(client.contact_policy.min_days_between)
    free = pd.to_datetime(table["last_contact_on"]) + pd.to_timedelta(days, unit="D")
    free = free.mask(table["cannot_wait"].astype(bool)).fillna(weeks.first)
    first = _on_a_working_day(free.clip(lower=weeks.first), weeks, back=False)
    care, end = table["is_care"], last.clip(upper=weeks.last)
    first = first.where(~care | (first <= end), end)
    last = last.where(last >= first, first)
    return {"do_from": first, "do_to": last}


def _on_a_working_day(days: pd.Series, weeks: Weeks, *, back: bool) -> pd.Series:
    """The days moved onto worked ones, none before the plan begins."""
    at = weeks.calendar.searchsorted(pd.DatetimeIndex(days), side="right" if back else "left")
    at = (at - 1 if back else at).clip(0, len(weeks.calendar) - 1)
    return pd.Series(weeks.calendar[at], index=days.index).astype("datetime64[us]")


def _hand_over_to(planned: pd.DataFrame, facts: pd.DataFrame, client: Client) -> pd.Series:
    """The team that should have a customer, where it is another than that of their owner."""
    owned = pd.Series("", index=planned.index)
    for name, team in client.teams.items():
        for when in team.owns:
            meant = fits(when, facts, f"[teams.{name}] owns")
            owned = owned.mask(meant & owned.eq(""), name)
    return as_text(owned.where(owned != planned["team"], ""))


def _can_be_kept(table: pd.DataFrame, weeks: Weeks) -> pd.Series:
    """Whether a person set a day that is worked, by the owner too, and does not lie in the past."""
    if "override_day" not in table or table["override_day"].isna().all():
        return pd.Series(False, index=table.index)
    kept = table["override_day"].isin(weeks.calendar)
    for team in weeks.client.teams.values():
        off = table["override_day"].isin(pd.DatetimeIndex(team.days_off))
        kept &= ~(off & table["owner"].isin(team.owners))
    return kept


def _days_said(planned: pd.DataFrame) -> pd.Series:
    """`why_now`, and after it: who set the day, or how much later it is where its own days were
    full.
    """
    pinned = is_pinned(planned)
    moved = planned["do_on"].gt(planned["do_to"]) & ~pinned
    told = planned["why_now"].astype("object")
    for at in planned.index[moved]:
        days = (planned["do_on"][at] - planned["do_to"][at]).days
        says = ngettext(
            "It was due by {day}; the days before were full, so it is planned {n} day later.",
            "It was due by {day}; the days before were full, so it is planned {n} days later.",
            days,
            day=day_said(planned["do_to"][at]),
        )
        told[at] = sentences(told[at], says)
    for at in planned.index[pinned]:
        by, on = planned["override_by"][at], planned["override_on"][at].date()
        told[at] = sentences(told[at], _("The day was set by {by}, {on}.", by=by, on=on))
    return as_text(told)


def says_pinned(plan: pd.DataFrame, weeks: Weeks) -> str:
    """Whose week holds more than its hours, because people set days; and which days hold no longer.

    Nothing else makes a week too full.
    """
    done = plan[is_pinned(plan) & plan["planned_week"].notna()]
    told = []
    for (owner, week), hours in (
        done.groupby(["owner", "planned_week"])["effort_hours"].sum().items()
    ):
        stated = weeks.hours(str(owner))
        if stated is not None and hours > stated[weeks.week == week].sum() + ALMOST:
            told.append(_too_full(value_label("owner", owner), week, hours, stated, weeks))
    of_all = weeks.hours_of_all()
    if of_all is not None:
        for week, hours in done.groupby("planned_week")["effort_hours"].sum().items():
            if hours > of_all[weeks.week == week].sum() + ALMOST:
                told.append(_too_full(_("All owners together"), week, hours, of_all, weeks))
    return sentences(*told, _says_not_kept(plan))


def _too_full(owner: object, week: object, hours: float, stated: np.ndarray, weeks: Weeks) -> str:
    return _(
        "{owner}: the days that people set take {hours} in week {week}, but there are {limit}.",
        owner=owner,
        week=week,
        hours=hours_said(hours),
        limit=hours_said(stated[weeks.week == week].sum()),
    )


def _says_not_kept(plan: pd.DataFrame) -> str:
    if "override_day" not in plan:
        return ""
    acts = ~is_idle(plan)
    gone = plan.index[acts & plan["override_day"].notna() & ~is_pinned(plan)]
    if gone.empty:
        return ""
    return ngettext(
        "{n} day that people set lies in the past or is not worked, and holds no longer: {ids}.",
        "{n:,} days that people set lie in the past or are not worked, and hold no longer: {ids}.",
        len(gone),
        ids=some_ids(gone),
    )
