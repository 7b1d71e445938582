"""How the pyramid grew: everybody on every month-end, steps up, what a step takes.

All by the rules of today: on which rung, whether active or beside the pyramid, and how many months
since the last *event* (the step onto the rung; for customers and repeaters the last order). An
order that was taken back later is no order. Who owned a customer then is not in the lists: an
owner's pyramid of then is that of the customers of today.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from segment_lib.behaviour.stages.rungs import (
    RUNGS,
    STAGE_OF,
    STAGES,
    assign_lost,
    highest_rung,
    rung_before,
)
from segment_lib.behaviour.waiting import Curve

MONTHS = 36  # looked back on, at most
MONTH_DAYS = 30.44
OLDEST = 24  # months since the last event; older ones are alike
YEAR, QUARTER = 12, 3  # months
YEAR_DAYS = 365
CLIMB_DAYS = 730  # within so long a step up is looked for
FEWEST_STEPS = 5  # from fewer, no hours per step
ALL = "all"  # stages together
STAGE_NUMBER = np.array([STAGES.index(STAGE_OF[rung]) for rung in RUNGS])

Silence = Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True)
class Ladder:
    """Everybody on every month-end: `days`, `customers` (ids), then arrays of months × customers.

    `rung`: place in RUNGS, -1 before they were known; `age`: whole months since the last event, at
    most OLDEST; `beside`: lapsed or lost; `orders`: order days since the month-end before.
    """

    days: pd.DatetimeIndex
    customers: pd.Index
    rung: np.ndarray
    age: np.ndarray
    beside: np.ndarray
    orders: np.ndarray

    def active(self, at: int) -> np.ndarray:
        """Who stands in the pyramid on the month-end `at`."""
        return (self.rung[at] >= 0) & ~self.beside[at]

    def heads(self, at: int) -> np.ndarray:
        """Active customers per stage on the month-end `at`."""
        return np.bincount(STAGE_NUMBER[self.rung[at][self.active(at)]], minlength=len(STAGES))


def month_ends(as_of: date, first: pd.Timestamp, most: int = MONTHS) -> pd.DatetimeIndex:
    """`as_of` and the same day of the months before (ends of months, where it is one), the oldest
    first: at most `most` months back, and none before the `first` day that anything is known of.
    """
    last = pd.Timestamp(as_of)
    before = (months_on(last, -months) for months in range(most, 0, -1))
    return pd.DatetimeIndex([*(day for day in before if day >= first), last])


def months_on(day: pd.Timestamp, months: int) -> pd.Timestamp:
    """The same day so many months later, or earlier below 0; the end of a month stays one."""
    if day.is_month_end:
        return day + pd.offsets.MonthEnd(months)
    return day + pd.DateOffset(months=months)


def ladder_months(
    firsts: pd.DataFrame,
    known: pd.Series,
    order_days: pd.DataFrame,
    silence: Silence,
    *,
    as_of: date,
    deals: pd.DataFrame | None = None,
) -> Ladder:
    """Everybody on every month-end.

    `firsts`: the first day that shows each rung (`stages.first_days`); `known`: the first day each
    customer had been heard of, missing where no list says (then always); `order_days`: customer_id
    and ordered_on; `silence(history)` says after how many days without an order each customer of a
    history (last_order_on, recency_days, order_days, span_days) has lapsed; `deals`: lost ones
    stand beside.
    """
    # Of the customers asked about, who may be some of the list: an owner's, a segment.
    order_days = order_days[order_days["customer_id"].isin(firsts.index)]
    days = month_ends(as_of, min(known.min(), order_days["ordered_on"].min()))
    place = firsts.index.get_indexer(order_days["customer_id"])
    bought = order_days["ordered_on"].to_numpy()
    shape = (len(days), len(firsts))
    rung, age = np.full(shape, -1, dtype="int8"), np.zeros(shape, dtype="int8")
    beside, orders = np.zeros(shape, dtype=bool), np.zeros(shape, dtype="int32")
    start, last = (np.full(len(firsts), np.datetime64("NaT", "us")) for _n in range(2))
    before, count = np.datetime64("0001-01-01"), np.zeros(len(firsts), dtype="int64")
    for at, day in enumerate(days):
        new = (bought > before) & (bought <= day.to_datetime64())
        mine, when, before = place[new], bought[new].astype("datetime64[us]"), day.to_datetime64()
        np.fmin.at(start, mine, when)
        np.fmax.at(last, mine, when)
        orders[at] = np.bincount(mine, minlength=len(firsts))
        count += orders[at]
        history = _history(firsts.index, start, last, count, day)
        rung[at], since = _standing(firsts, known, history["last_order_on"], day)
        age[at] = np.minimum((day - since).dt.days.fillna(1e6) // MONTH_DAYS, OLDEST)
        lapsed = history["recency_days"] >= silence(history)
        beside[at] = lapsed.fillna(False).to_numpy(dtype=bool)
        if deals is not None and len(deals):
            beside[at] |= _lost(rung[at], firsts.index, deals, day)
    orders[0] = 0  # of which months they were is not known
    return Ladder(days, firsts.index, rung, age, beside, orders)


def _history(
    customers: pd.Index, start: np.ndarray, last: np.ndarray, count: np.ndarray, day: pd.Timestamp
) -> pd.DataFrame:
    """What `order_history` says of order days, as of one month-end."""
    frame = pd.DataFrame({"last_order_on": last, "order_days": count}, index=customers)
    return frame.assign(
        frequency=count,
        recency_days=(day - frame["last_order_on"]).dt.days.astype("Int64"),
        span_days=pd.Series(last - start, customers).dt.days.astype("Int64"),
    )


def _standing(
    firsts: pd.DataFrame, known: pd.Series, last_order: pd.Series, day: pd.Timestamp
) -> tuple[np.ndarray, pd.Series]:
    """Each customer's rung on a day, and since when: the last order for who has ordered."""
    days = firsts.to_numpy()
    reached = days <= day.to_datetime64()
    place = highest_rung(reached)
    since = pd.Series(np.take_along_axis(days, place[:, None], axis=1)[:, 0], firsts.index)
    since = since.where(reached.any(axis=1), known)
    since = last_order.where(STAGE_NUMBER[place] >= 2).fillna(since)
    here = known.isna() | (known <= day)
    return np.where(here, place, -1).astype("int8"), since


def _lost(
    rung: np.ndarray, customers: pd.Index, deals: pd.DataFrame, day: pd.Timestamp
) -> np.ndarray:
    names = pd.Series(np.array(STAGES, dtype=object)[STAGE_NUMBER[rung]], customers, dtype="str")
    return assign_lost(names.to_frame("stage"), deals, day.date()).to_numpy(dtype=bool)


# --- then and now ------------------------------------------------------------------------------
def pyramid_months(ladder: Ladder, months: int = YEAR) -> pd.DataFrame:
    """One row per month-end (the last `months` and today) and stage, then ALL: month_end, stage,
    customers (active), orders (order days in the month, by the stage at its end), came (new in the
    month). What the very first month brought is not known.
    """
    first = max(len(ladder.days) - months - 1, 0)
    parts = []
    for at in range(first, len(ladder.days)):
        here = ladder.rung[at] >= 0
        new = here & (ladder.rung[at - 1] < 0)
        stage = STAGE_NUMBER[ladder.rung[at]]
        orders = np.bincount(stage[here], weights=ladder.orders[at][here], minlength=len(STAGES))
        counts = {
            "customers": ladder.heads(at).astype(float),
            "orders": orders if at else np.full(len(STAGES), np.nan),
            "came": np.bincount(stage[new], minlength=len(STAGES)) if at else np.nan,
        }
        part = pd.DataFrame(counts, index=pd.Index(STAGES, name="stage"))
        part.loc[ALL] = part.sum(min_count=1)
        parts.append(part.assign(month_end=ladder.days[at]).reset_index())
    return pd.concat(parts, ignore_index=True)[["month_end", "stage", *counts]]


def owner_pyramids(ladder: Ladder, owners: pd.Series, months: int = YEAR) -> pd.DataFrame:
    """One row per owner of today and stage: customers_then (`months` ago) and customers (today),
    active ones. No rows where nobody has an owner, or the lists do not reach so far back.
    """
    if len(ladder.days) <= months or owners.isna().all():
        return pd.DataFrame(columns=["owner", "stage", "customers_then", "customers"])
    owner = owners.reindex(ladder.customers).to_numpy()
    counts = {}
    for name, at in (("customers_then", -1 - months), ("customers", -1)):
        on = ladder.active(at)
        stage = np.array(STAGES, dtype=object)[STAGE_NUMBER[ladder.rung[at][on]]]
        counts[name] = pd.Series(1, [owner[on], stage]).groupby(level=[0, 1]).size()
    names = sorted(owners.dropna().unique())
    rows = pd.MultiIndex.from_product([names, STAGES], names=["owner", "stage"])
    return pd.DataFrame(counts).reindex(rows).fillna(0).astype("int64").reset_index()


# --- steps up ----------------------------------------------------------------------------------
def steps_by_quarter(ladder: Ladder, quarters: int = 4) -> pd.DataFrame:
    """One row per quarter (of three months, the last ends today) and rung but the highest:
    quarter_end, sub_stage, customers (active on the rung at its start), stepped (stand higher at
    its end), step_rate.
    """
    ends = range(len(ladder.days) - 1, QUARTER - 1, -QUARTER)
    rows = []
    for at in sorted(list(ends)[:quarters]):
        before = ladder.rung[at - QUARTER][ladder.active(at - QUARTER)]
        higher = before < ladder.rung[at][ladder.active(at - QUARTER)]
        stood = np.bincount(before, minlength=len(RUNGS))
        stepped = np.bincount(before[higher], minlength=len(RUNGS))
        rows += [(ladder.days[at], *row) for row in zip(RUNGS, stood, stepped, strict=True)][:-1]
    columns = ["quarter_end", "sub_stage", "customers", "stepped"]
    table = pd.DataFrame(rows, columns=columns)
    stood = table["customers"].astype("float64")
    return table.assign(step_rate=table["stepped"] / stood.where(stood > 0))


def rung_times(firsts: pd.DataFrame, known: pd.Series, as_of: date) -> pd.DataFrame:
    """One row per customer and rung but the highest that they stood on: customer_id, sub_stage,
    since, wait_days, went_up (else still there on `as_of`: the wait is not over).

    Whoever reached a higher rung on the same day never stood there; nor did they where no list says
    since when.
    """
    days = firsts.assign(name_only=known).to_numpy(dtype="datetime64[us]")
    today = np.datetime64(as_of).astype("datetime64[us]")
    days = np.where(days <= today, days, np.datetime64("NaT"))
    parts = []
    for place, rung in enumerate(RUNGS[:-1]):
        higher = np.fmin.reduce(days[:, place + 1 :], axis=1)
        stood = ~np.isnat(days[:, place]) & ~(higher <= days[:, place])
        since, until = days[stood, place], higher[stood]
        wait = np.where(np.isnat(until), today, until) - since
        row = {"since": since, "wait_days": wait, "went_up": ~np.isnat(until)}
        parts.append(pd.DataFrame({"customer_id": firsts.index[stood], "sub_stage": rung, **row}))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(wait_days=table["wait_days"].dt.days)


def steps_up(times: pd.DataFrame, ladder: Ladder, hours: pd.Series | None = None) -> pd.DataFrame:
    """One row per rung but the highest: what a step up takes.

    Columns: sub_stage; customers (active there today); stepped (went up within the last year);
    effort_hours (ours, in that year, on whoever stood there: `hours_by_rung`) and hours_per_step,
    which so holds the hours of those who did not step; climb_share (of whoever comes onto the rung,
    stepped up within climb_days) and half_days (half of these had by then), both with those still
    waiting counted as waiting (Kaplan-Meier); climb_days is two years, or as long as was watched.
    """
    today = ladder.days[-1]
    left = times["since"] + pd.to_timedelta(times["wait_days"], unit="D")
    lately = times["went_up"] & (left > today - pd.Timedelta(days=YEAR_DAYS))
    on_it = np.bincount(ladder.rung[-1][ladder.active(-1)], minlength=len(RUNGS))
    rows = []
    for place, rung in enumerate(RUNGS[:-1]):
        mine = times[times["sub_stage"] == rung]
        stepped = int(lately[mine.index].sum())
        rows.append((rung, on_it[place], stepped, *_climb(mine)))
    columns = ["sub_stage", "customers", "stepped", "climb_share", "climb_days", "half_days"]
    table = pd.DataFrame(rows, columns=columns)
    spent = pd.Series(np.nan, RUNGS) if hours is None else hours
    table["effort_hours"] = spent.reindex(table["sub_stage"]).to_numpy()
    enough = table["stepped"].where(table["stepped"] >= FEWEST_STEPS)
    return table.assign(hours_per_step=table["effort_hours"] / enough)


def _climb(times: pd.DataFrame) -> tuple[float, float, float]:
    """The share that steps up within the days looked at, those days, and the day by which half of
    these had; missing where nobody ever stood there, or nobody stepped.
    """
    if times.empty:
        return np.nan, np.nan, np.nan
    curve = Curve.from_waits(
        times["wait_days"].to_numpy(float), times["went_up"].to_numpy(dtype=bool)
    )
    within = min(CLIMB_DAYS, curve.length)
    share = float(1 - curve.still_waiting(np.array([within]))[0])
    return share, within, curve.day_of_share(share / 2) if share > 0 else np.nan


def hours_by_rung(
    firsts: pd.DataFrame, contacts: pd.DataFrame, since: pd.Timestamp, until: pd.Timestamp
) -> pd.Series:
    """Our hours in touches of these customers after `since` and up to `until`, by the rung the
    customer stood on *before* the touch; missing for all where the list holds no hours.
    """
    if not contacts["effort_hours"].notna().any():
        return pd.Series(np.nan, RUNGS)
    touched = contacts[contacts["contacted_on"].between(since, until, inclusive="right")]
    touched = touched[touched["customer_id"].isin(firsts.index)]
    rung = np.array(RUNGS, dtype=object)[rung_before(firsts, touched)]
    hours = touched["effort_hours"].astype("float64").groupby(rung).sum()
    return hours.reindex(RUNGS).fillna(0.0)


def cost_of_a_repeater(
    firsts: pd.DataFrame, known: pd.Series, hours: pd.Series, as_of: date
) -> pd.Series:
    """What it takes to replace a repeater, from the last year as it was.

    became: customers who became repeaters in it; effort_hours: our hours on who was none yet;
    hours_each: the one over the other (missing below FEWEST_STEPS); days_to_repeater: from the day
    they were first heard of, the middle one of those who became repeaters.
    """
    today = pd.Timestamp(as_of)
    top = firsts[RUNGS[-1]]
    became = top.between(today - pd.Timedelta(days=YEAR_DAYS), today, inclusive="right")
    spent, n = float(hours.drop(RUNGS[-1]).sum(min_count=1)), int(became.sum())
    enough = n >= FEWEST_STEPS
    return pd.Series(
        {
            "became": n,
            "effort_hours": spent,
            "hours_each": spent / n if enough else np.nan,
            "days_to_repeater": float((top - known)[became].dt.days.median()) if enough else np.nan,
        }
    )
