"""The weeks of the plan: which days are worked, what hours each owner has, what is done when.

A week is seven days; week 1 begins with the first working day of the plan. A day has as many hours
as its owner's heads work on it: hours a week are divided by five, hours a month ([capacity]) by the
working days of that month.

What is to be done is taken in the order of service; each goes on the first day of its own days on
which there is room, or on the first day with room after them. Where no day has room for all of it
but the week has, it is begun on a day that is not full yet; the hours of a week are never exceeded.
Whose owner has stated no hours is spread evenly over its days. Days that people set are kept, and
their hours counted before all others: they alone may exceed the hours of a week.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property

import holidays
import numpy as np
import pandas as pd

from segment_lib.checks import ClientError
from segment_lib.client import Client

DAYS_A_WEEK = 5  # on which the hours of a week are worked
ALMOST = 1e-9
NO_HOURS = ("no_hours", "too_long")  # why an action has no week: no hours are left


@dataclass(frozen=True)
class Weeks:
    """The working days of a plan: `days` (sorted) and the `week` of each, from 1; `calendar`: the
    working days of a year, of which they are the first.
    """

    client: Client
    days: pd.DatetimeIndex
    week: np.ndarray
    calendar: pd.DatetimeIndex

    @cached_property
    def first(self) -> pd.Timestamp:
        """The first day of the plan."""
        return self.days[0]

    @cached_property
    def last(self) -> pd.Timestamp:
        """The last day of the plan."""
        return self.days[-1]

    def hours(self, owner: str) -> np.ndarray | None:
        """The hours of an owner on each day of the plan; None if none are stated."""
        team = self.client.teams.get(self.client.team_of.get(owner, ""))
        stated = self._of_month(self.client.capacity.owners.get(owner))
        if team is not None and team.hours_per_week is not None:
            a_day = team.people * team.hours_per_week / DAYS_A_WEEK
            stated = np.full(len(self.days), a_day)
        if stated is None or team is None:
            return stated
        return np.where(self.days.isin(pd.DatetimeIndex(team.days_off)), 0.0, stated)

    def hours_of_all(self) -> np.ndarray | None:
        """The hours that all owners share on each day; None if none are stated."""
        return self._of_month(self.client.capacity.hours_per_month)

    def _of_month(self, hours: float | None) -> np.ndarray | None:
        if hours is None:
            return None
        months = {(day.year, day.month) for day in self.days}
        a_day = {month: hours / _days_worked(*month, self.client) for month in months}
        return np.array([a_day[day.year, day.month] for day in self.days])


def weeks_of(client: Client) -> Weeks:
    """The weeks of [plan] from its first working day on.

    Raises `ClientError` if that day is no later than as_of, or if no day is worked.
    """
    start = client.plan.plan_from or client.as_of + timedelta(days=1)
    if start <= client.as_of:
        raise ClientError(
            "[plan] plan_from is {start}, but the lists end on {as_of}. Give a day after it.",
            start=start,
            as_of=client.as_of,
        )
    first = next((day for day in _after(start, 366) if is_worked(day, client)), None)
    if first is None:
        raise ClientError(
            "[plan] days_off leave no working day in the year from {start}. Take some out.",
            start=start,
        )
    end = first + timedelta(weeks=client.plan.weeks)
    year = [day for day in _after(first, 7 * client.plan.weeks + 366) if is_worked(day, client)]
    days = [day for day in year if day < end]
    week = np.array([(day - first).days // 7 + 1 for day in days])
    return Weeks(client, pd.DatetimeIndex(days), week, pd.DatetimeIndex(year))


def is_worked(day: date, client: Client) -> bool:
    """Whether the client works on a day: no weekend, no holiday of its country, no day off."""
    plan = client.plan
    if day in plan.days_off:
        return False
    return day.weekday() < 5 if not plan.holidays else _country(plan.holidays).is_working_day(day)


@cache
def _country(code: str) -> holidays.HolidayBase:
    return holidays.country_holidays(code)


def _after(start: date, n: int) -> list[date]:
    return [start + timedelta(days=k) for k in range(n)]


def _days_worked(year: int, month: int, client: Client) -> int:
    days = _after(date(year, month, 1), monthrange(year, month)[1])
    return sum(is_worked(day, client) for day in days)


def lay_out(asked: pd.DataFrame, weeks: Weeks) -> pd.DataFrame:
    """On which day each of `asked` is done: `do_on`, `planned_week`, `waits_because`.

    `asked`, in the order of service: owner, effort_hours, do_from, do_to; `is_care`, `yields`: of
    an owner whose care has to wait nothing that yields to it is done, however short it is;
    `pinned`: on that very day. What does not fit has no day and no week, and says why: no_hours,
    too_long (more than any week of its owner), too_soon (its first day lies behind the plan). What
    is pinned behind the plan keeps its day and waits for it: date.
    """
    asked = asked.sort_values("pinned", ascending=False, kind="stable")
    first = weeks.days.searchsorted(pd.DatetimeIndex(asked["do_from"]))
    last = weeks.days.searchsorted(pd.DatetimeIndex(asked["do_to"]), side="right") - 1
    rooms: dict[str, _Room] = {}
    shared = _Room.of(weeks.hours_of_all(), weeks)
    found: list[int | str] = []
    short: set[str] = set()  # owners whose care waits
    for owner, hours, one, other, is_care, yields, keep in zip(
        asked["owner"],
        asked["effort_hours"],
        first.tolist(),
        np.maximum(first, last).tolist(),
        asked["is_care"],
        asked["yields"],
        asked["pinned"],
        strict=True,
    ):
        room = rooms.get(owner)
        if room is None:
            room = rooms[owner] = _Room.of(weeks.hours(owner), weeks)
        if keep:
            found.append(_kept(hours, one, room, shared))
        elif yields and owner in short:
            found.append("no_hours")
        else:
            found.append(_placed(hours, one, other, room, shared))
            if is_care and isinstance(found[-1], str):
                short.add(owner)
    days = [weeks.days[at] if isinstance(at, int) else pd.NaT for at in found]
    do_on = pd.Series(days, asked.index, dtype="datetime64[us]")
    later = pd.Series([at == "date" for at in found], asked.index, dtype="bool")
    return pd.DataFrame(
        {
            "do_on": do_on.mask(later, asked["do_from"]),
            "planned_week": pd.array(
                [weeks.week[at] if isinstance(at, int) else None for at in found], dtype="Int64"
            ),
            "waits_because": ["" if isinstance(at, int) else at for at in found],
        },
        index=asked.index,
    ).astype({"waits_because": "str"})


@dataclass
class _Room:
    """Hours used and left, by day and by week; `limits` None: no limit, so it is spread evenly."""

    limits: np.ndarray | None
    week: np.ndarray
    used: np.ndarray
    used_in_week: np.ndarray
    limit_of_week: np.ndarray

    @classmethod
    def of(cls, limits: np.ndarray | None, weeks: Weeks) -> _Room:
        used, n = np.zeros(len(weeks.days)), weeks.week.max() + 1
        most = np.full(n, np.inf)
        if limits is not None:
            most = np.bincount(weeks.week, weights=limits, minlength=n)
        return cls(limits, weeks.week, used, np.zeros(n), most)

    def takes(self, hours: float) -> tuple[np.ndarray, np.ndarray]:
        """On which days an action of so many hours has room, and on which it may be begun."""
        if self.limits is None:
            anywhere = np.ones(len(self.used), dtype=bool)
            return anywhere, anywhere
        fits = (self.used_in_week + hours <= self.limit_of_week + ALMOST)[self.week]
        left = self.limits - self.used
        return fits & (left >= hours - ALMOST), fits & (left > ALMOST)

    def take(self, at: int, hours: float) -> None:
        self.used[at] += hours
        self.used_in_week[self.week[at]] += hours


def _kept(hours: float, at: int, room: _Room, shared: _Room) -> int | str:
    """The day that a person set, whatever the hours; behind the plan nothing is counted."""
    if at >= len(room.used):
        return "date"
    for one in (room, shared):
        one.take(at, hours)
    return at


def _placed(hours: float, first: int, last: int, room: _Room, shared: _Room) -> int | str:
    """The day of one action, from 0, or why it has none."""
    if first >= len(room.used):
        return "too_soon"
    own, all_own = room.takes(hours)
    of_all, all_of_all = shared.takes(hours)
    at = _first_day(own & of_all, all_own & all_of_all, first, last)
    if at is None:
        longest = min(room.limit_of_week.max(), shared.limit_of_week.max())
        return "too_long" if hours > longest + ALMOST else "no_hours"
    if room.limits is None and shared.limits is None:
        at = first + int(np.argmin(room.used[first : last + 1]))
    for one in (room, shared):
        one.take(at, hours)
    return at


def _first_day(whole: np.ndarray, begun: np.ndarray, first: int, last: int) -> int | None:
    """The first day with room between `first` and `last`, else after them."""
    for days, start, end in (
        (whole, first, last + 1), (begun, first, last + 1), (whole, last + 1, None),
        (begun, last + 1, None),
    ):  # fmt: skip
        found = np.flatnonzero(days[start:end])
        if len(found):
            return int(start + found[0])
    return None
