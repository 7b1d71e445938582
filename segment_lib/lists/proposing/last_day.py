"""The last complete day of the lists: what `as_of` is proposed to be, and what looks cut off."""

from __future__ import annotations

import calendar
from collections import Counter
from datetime import date, timedelta
from statistics import median
from typing import NamedTuple

from segment_lib.lists.words import words
from segment_lib.voice import Sentence

_LOOK_BACK = 28
_FEW = 0.5
_USUAL_ROWS = 10
_STRAY_SHARE = 0.001
_STRAY_GAP = timedelta(days=180)
_MONTH_END = 3
_SOME_AHEAD = 3
_PAUSE = timedelta(days=14)


class LastDay(NamedTuple):
    """The day that is proposed, None if no list has days, and why this one.

    `sure` is whether events end on it; the last registration of a customer is only a hint.
    """

    day: date | None
    why: Sentence
    sure: bool = True


def last_complete_day(
    days: Counter[date],
    made: date | None = None,
    undone: date | None = None,
    asked: str = "",
) -> LastDay:
    """The last day with rows, or the day before where the last one holds fewer than half as many.

    Days far behind all others (2099-12-31) are typing errors and are passed over, told. Where days
    lie behind the last one on which a row was `made`, a person is asked. What was cancelled
    (`undone`) after the last of them was known when the lists were made. A person is asked where
    the days are those of a header that is `asked` about.
    """
    ahead = sum(n for day, n in days.items() if made and day > made)
    if made and _SOME_AHEAD <= ahead < days.total():
        why = Sentence(
            "the last row was written on this day, and {ahead} row(s) are of later days: bookings "
            "that lie ahead? Write the day of the lists",
            ahead=ahead,
        )
        return LastDay(made, why, sure=False)
    if not days:
        why = Sentence(
            "no day of a sale or a visit is known yet: write the day on which the lists were made"
        )
        return LastDay(None, why, sure=False)
    known, stray = _without_stray_days(days)
    last = max(known)
    told = [Sentence("the last day in the lists")]
    if asked:
        told = [Sentence("the last day under {header}, if that is the day of a sale", header=asked)]
    if undone and last < undone <= last + _STRAY_GAP:
        last, told = undone, [Sentence("the last day on which a row of the lists was cancelled")]
    elif _is_cut_off(known):
        usual = f"{median(_rows_before(known)):.0f}"
        told = [
            Sentence(
                "{last} has only {rows} rows where a day has {usual}, so it looks cut "
                "off: the day before",
                last=last,
                rows=known[last],
                usual=usual,
            )
        ]
        last -= timedelta(days=1)
    if last.day <= calendar.monthrange(last.year, last.month)[1] - _MONTH_END:
        told.append(Sentence("{last:%Y-%m} stops on day {day}", last=last, day=last.day))
    if stray:
        told.append(Sentence("{stray} row(s) have days far from all others", stray=stray))
    why, *others = told
    for more in others:
        why = Sentence("{before}; {more}", before=why, more=more)
    return LastDay(last, why, sure=not asked)


def last_known_day(days: Counter[date]) -> LastDay:
    """The last day on which a customer was registered: the lists were made then or later."""
    if not days:
        return last_complete_day(days)
    why = Sentence(
        "no list has events; this is the last day that stands in one. Write the day of the lists"
    )
    return LastDay(max(_without_stray_days(days)[0]), why, sure=False)


def _is_cut_off(days: Counter[date]) -> bool:
    """Whether the last day holds far fewer rows than a day does; the end of a month is an end.

    After weeks without any row it is no day of the usual business that was cut short.
    """
    last, before = max(days), _rows_before(days)
    if len(days) > 1 and last - sorted(days)[-2] > _PAUSE:
        return False
    if last.day == calendar.monthrange(last.year, last.month)[1] or not before:
        return False
    return median(before) >= _USUAL_ROWS and days[last] < _FEW * median(before)


def _rows_before(days: Counter[date]) -> list[int]:
    return [days[day] for day in sorted(days)[-_LOOK_BACK - 1 : -1]]


def _without_stray_days(days: Counter[date]) -> tuple[Counter[date], int]:
    """The days without those that stand for none and a few rows far behind all others, and how
    many rows those were.
    """
    none = {day for day in days if f"{day:%Y%m%d}".zfill(8) in words("values")["code_days"]}
    none = none if len(none) < len(days) else set()
    kept, rows = Counter({day: n for day, n in days.items() if day not in none}), days.total()
    stray, in_order = sum(days[day] for day in none), sorted(kept)
    for before, day in zip(in_order[-2::-1], in_order[:0:-1], strict=True):
        if day - before <= _STRAY_GAP or (stray + days[day]) > _STRAY_SHARE * rows:
            break
        stray += kept.pop(day)
    return kept, stray
