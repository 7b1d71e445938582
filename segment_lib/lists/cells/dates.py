"""One text to a day, in the ways of writing that client.toml declares for its list.

A date with its year first (2025-03-01, 2025/3/1, 2025年3月1日, 20250301) is "ymd",
令和7年3月1日 and R7.3.1 are "era", 1/3/2025 is "dmy" or "mdy", 45717 is "serial" (Excel's day
count), 24/3/1 is "yymd"; a way that none of these is can be spelt out (`settings.is_pattern`), and
years of another calendar named (`CALENDARS`). 2025-03-01 is read always: Excel's own dates arrive
so. A time with a zone is moved to the business zone before the day is taken. An era may overrun its
end (平成40年), as forms printed before the change do; it has no year 0.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

from segment_lib.lists.cells.values import NOT_IN_CALENDAR, UNREADABLE_DATE, tidy_text
from segment_lib.voice import Sentence

ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
SHORT_ERAS = {
    **{"令": 2018, "平": 1988, "昭": 1925, "大": 1911, "明": 1867},
    **{"R": 2018, "H": 1988, "S": 1925, "T": 1911, "M": 1867},
}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EXCEL_DAY_0 = date(1899, 12, 30)
_ERA_NAMES = "|".join([*ERAS, *SHORT_ERAS])
_MONTH_NAMES = r"(?P<month>[A-Za-z]{3})[a-z]*\.?"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_SHAPES: dict[str, tuple[str, ...]] = {
    "iso": (r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",),
    "ymd": (
        r"(?P<year>\d{4})(?P<mark>[/.])\s*(?P<month>\d{1,2})(?P=mark)\s*(?P<day>\d{1,2})",
        r"(?P<year>\d{4})年\s*(?P<month>\d{1,2})月\s*(?P<day>\d{1,2})日",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?",
    ),
    "yymd": (
        r"(?P<year>\d{2})(?P<mark>[-/.])\s*(?P<month>\d{1,2})(?P=mark)\s*(?P<day>\d{1,2})",
        r"(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})",
    ),
    "era": (
        rf"(?P<era>{_ERA_NAMES})\s*(?P<year>\d{{1,2}}|元)年\s*(?P<month>\d{{1,2}})月\s*(?P<day>\d{{1,2}})日",
        rf"(?P<era>{_ERA_NAMES})(?P<year>\d{{1,2}}|元)(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})",
    ),
    "dmy": (
        rf"(?P<day>\d{{1,2}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark){_YEAR}",
        rf"(?P<day>\d{{1,2}})[-. ]+{_MONTH_NAMES}[-, ]+{_YEAR}",
    ),
    "mdy": (
        rf"(?P<month>\d{{1,2}})(?P<mark>[-/.])(?P<day>\d{{1,2}})(?P=mark){_YEAR}",
        rf"{_MONTH_NAMES}[- ]+(?P<day>\d{{1,2}})[-, ]+{_YEAR}",
    ),
    "serial": (r"(?P<serial>\d{1,6})(?:\.\d+)?",),
    # Years of other calendars: 民國113年1月5日 and 113/1/5; 2567 in any of the other shapes.
    "minguo": (
        r"(?:民[國国])?(?P<year>\d{2,3})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
        r"(?:民[國国])?\s*(?P<year>\d{1,3})年\s*(?P<month>\d{1,2})月\s*(?P<day>\d{1,2})日",
    ),
    "buddhist": (),
}
CALENDARS = {"minguo": 1911, "buddhist": -543}  # what is added to a year
_PIECES = {
    "%Y": r"(?P<year>\d{4})",
    "%y": r"(?P<year>\d{2})",
    "%m": r"\s*(?P<month>\d{1,2})",
    "%b": rf"{_MONTH_NAMES}",
    "%d": r"\s*(?P<day>\d{1,2})",
    "%H": r"\d{1,2}",
    "%M": r"\d{2}",
    "%S": r"\d{2}(?:[.,]\d+)?",
}
_WEEKDAY = r"(?:\s*\([^()]{1,9}\))?"
# 10:30, 10時30分, 午後3時, 3:30 PM; a zone is Z, UTC, GMT, JST, +09, +0900 or +09:00.
_TIME = (
    r"(?:[T ]\s*(?P<noon>午前|午後|AM|PM|am|pm)?\s*(?P<hour>[01]?\d|2[0-4])"
    r"(?:[:時]\s*(?P<minute>[0-5]\d)分?(?::?\s*(?P<second>[0-5]\d)秒?(?:[.,]\d+)?)?|時)"
    r"\s*(?P<noon_after>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<zone>Z|UTC|GMT|JST|[+-]\d{2}(?::?\d{2})?)?)?"
)
_ZONES = {"Z": "+0000", "UTC": "+0000", "GMT": "+0000", "JST": "+0900"}
_FIRST_SERIAL = 61  # Excel has a 29 February 1900, its day 60; 0 is an empty cell


def parse_date(
    text: str, formats: tuple[str, ...] = ("ymd", "era"), zone: str = "Asia/Tokyo"
) -> date | Sentence:
    """The day of one text, or the reason why not.

    >>> parse_date("令和6年3月1日")
    datetime.date(2024, 3, 1)
    >>> parse_date("2025/2/30").english
    'date not in the calendar'
    """
    tidy = tidy_text(text)
    for place, shape in enumerate(_shapes(formats)):
        match = shape.fullmatch(tidy)
        if match is not None:
            years = sum(CALENDARS.get(one, 0) for one in formats) if place else 0
            return _day(match.groupdict(), zone, years)
    return UNREADABLE_DATE


@cache
def _shapes(formats: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(shape + _WEEKDAY + _TIME, re.IGNORECASE if name == "era" else 0)
        for name in ("iso", *formats)
        for shape in (_SHAPES[name] if name in _SHAPES else (_spelt_out(name),))
    )


def _spelt_out(pattern: str) -> str:
    """A pattern such as %d.%m.%y as an expression; blanks may stand before a day or month."""
    parts = re.split("(%.)", pattern)
    return "".join(_PIECES.get(part) or re.escape(part) for part in parts)


def _day(parts: dict[str, str | None], zone: str, years: int = 0) -> date | Sentence:
    try:
        day = _calendar_day(parts, years)
        return _in_business_zone(day, parts, zone) if parts.get("zone") else day
    except (ValueError, OverflowError):
        return NOT_IN_CALENDAR


def _calendar_day(parts: dict[str, str | None], years: int) -> date:
    if parts.get("serial"):
        serial = int(str(parts["serial"]))
        if serial < _FIRST_SERIAL:
            raise ValueError(serial)
        return _EXCEL_DAY_0 + timedelta(days=serial)
    year, month = str(parts["year"]), str(parts["month"])
    if parts.get("era"):
        era = str(parts["era"])
        number = 1 if year == "元" else int(year)
        if number == 0:
            raise ValueError(year)
        full_year = (ERAS.get(era) or SHORT_ERAS[era.upper()]) + number
    elif years:
        full_year = int(year) + years
    elif len(year) == 2:
        full_year = int(year) + (2000 if int(year) < 69 else 1900)  # as POSIX reads two digits
    else:
        full_year = int(year)
    number_of_month = int(month) if month.isdigit() else MONTHS.index(month.lower()) + 1
    return date(full_year, number_of_month, int(str(parts["day"])))


def _in_business_zone(day: date, parts: dict[str, str | None], zone: str) -> date:
    stated = str(parts["zone"])
    offset = _ZONES.get(stated, stated).replace(":", "").ljust(5, "0")
    minutes = 60 * int(offset[1:3]) + int(offset[3:5])
    there = timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))
    moment = datetime.combine(day, time(), there)
    moment += timedelta(hours=_hour(parts), minutes=int(parts["minute"] or 0))
    return moment.astimezone(ZoneInfo(zone)).date()


def _hour(parts: dict[str, str | None]) -> int:
    """The hour of 24. Raises `ValueError` for 13 PM, which is no time."""
    hour = int(str(parts["hour"]))
    noon = (parts["noon"] or parts["noon_after"] or "").replace(".", "").upper()
    if not noon:
        return hour
    if hour > 12:
        raise ValueError(hour)
    return hour % 12 + (12 if noon in ("PM", "午後") else 0)
