"""Texts to days, and how the days of a whole list are written: proved by its values, or asked.

A date with its year first (2025-03-01, 2025/3/1, 2025年3月1日, 20250301) is "ymd",
令和7年3月1日 and R7.3.1 are "era", 1/3/2025 is "dmy" or "mdy", 45717 is "serial" (Excel's day
count), 24/3/1 is "yymd"; a way that none of these is can be spelt out (`settings.is_pattern`), and
years of another calendar named (`CALENDARS`). 2025-03-01 is read always: Excel's own dates arrive
so. A time with a zone is moved to the business zone before the day is taken. An era may overrun its
end (平成40年), as forms printed before the change do; it has no year 0.

Years first read by themselves. 25/12/2024 proves that the day comes first, 12/25/2024 the month;
one program writes all its days the same way, so one column may prove it for the whole list.
3/4/2025 alone proves nothing: then a person must say, and nothing is guessed, in a register not
even where a row would prove it: the sentence says which line to write. 24/01/05 may have its year
first: a way by which all days of years would fall on two or three days of the month is none. A
wrong `dates = ["mdy"]` loses only the days above 12 and swaps the rest without a word: there the
days that fit the other order tell. Numbers such as 45717 are Excel's count of days only if a person
says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from segment_lib.checks import ListError
from segment_lib.lists.cells.values import (
    NOT_IN_CALENDAR,
    UNREADABLE_DATE,
    tidy_text,
    without_accents,
)
from segment_lib.lists.words import words
from segment_lib.settings import ListSection
from segment_lib.voice import N_, Sentence, _

ERAS: dict[str, int] = words("values")["eras"]
_MONTHS: dict[str, int] = words("values")["months"]
_EXCEL_DAY_0 = date(1899, 12, 30)
_ERA_NAMES = "|".join(ERAS)
_MONTH_NAMES = r"(?P<month>[A-Za-zÀ-ÿ]{3,10})\.?"
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
        rf"(?P<day>\d{{1,2}})[-./ ]+(?:de )?{_MONTH_NAMES}[-/, ]+(?:de )?{_YEAR}",
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
_WEEKDAY_BEFORE = r"(?i:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[., ]+)?"
# 10:30, 10時30分, 午後3時, 3:30 PM, 23:41 hs.; a zone is Z, UTC, GMT, JST, +09, +0900 or +09:00.
_TIME = (
    r"(?:(?:T|,? (?:at )?)\s*(?P<noon>午前|午後|AM|PM|am|pm)?\s*(?P<hour>[01]?\d|2[0-4])"
    r"(?:[:時]\s*(?P<minute>[0-5]\d)分?(?::?\s*(?P<second>[0-5]\d)秒?(?:[.,]\d+)?)?|時)"
    r"\s*(?P<noon_after>[AaPp]\.?[Mm]\.?)?(?:\s*(?:hs?|Uhr|uur)\.?)?"
    r"\s*(?P<zone>Z|UTC|GMT|JST|[+-]\d{2}(?::?\d{2})?)?)?"
)
_ZONES = {"UTC": "Z", "GMT": "Z", "JST": "+0900"}
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
        if match is None:
            continue
        parts = match.groupdict()
        years = sum(CALENDARS.get(one, 0) for one in formats) if place else 0
        try:
            day = _calendar_day(parts, years)
            return _in_business_zone(day, parts, zone) if parts.get("zone") else day
        except (ValueError, OverflowError):
            return NOT_IN_CALENDAR
    return UNREADABLE_DATE


@cache
def _shapes(formats: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    found = []
    for name in ("iso", *formats):
        # Spelt out, such as %d.%m.%y; blanks may stand before a day or month.
        parts = (_PIECES.get(part) or re.escape(part) for part in re.split("(%.)", name))
        flags = re.IGNORECASE if name == "era" else 0
        for shape in _SHAPES.get(name, ("".join(parts),)):
            found.append(re.compile(f"{_WEEKDAY_BEFORE}{shape}{_WEEKDAY}{_TIME}", flags))
    return tuple(found)


def _calendar_day(parts: dict[str, str | None], years: int) -> date:
    if parts.get("serial"):
        serial = int(str(parts["serial"]))
        if serial < _FIRST_SERIAL:
            raise ValueError(serial)
        return _EXCEL_DAY_0 + timedelta(days=serial)
    year, month = str(parts["year"]), str(parts["month"])
    number = 1 if year == "元" else int(year)
    if parts.get("era"):
        if number == 0:
            raise ValueError(year)
        number += ERAS[str(parts["era"]).upper()]
    elif years:
        number += years
    elif len(year) == 2:
        number += 2000 if number < 69 else 1900  # as POSIX reads two digits
    return date(number, _number_of_month(month), int(str(parts["day"])))


def _number_of_month(month: str) -> int:
    """Of its number, or its name in one of several languages; raises `ValueError` on another."""
    if month.isdigit():
        return int(month)
    name = without_accents(month.casefold())
    number = _MONTHS.get(name[:4], _MONTHS.get(name[:3]))
    if number is None:
        raise ValueError(month)
    return number


def _in_business_zone(day: date, parts: dict[str, str | None], zone: str) -> date:
    stated = str(parts["zone"])
    moment = datetime.fromisoformat(f"{day.isoformat()}T00:00{_ZONES.get(stated, stated)}")
    hour = int(str(parts["hour"]))
    if noon := (parts["noon"] or parts["noon_after"] or "").replace(".", "").upper():
        if hour > 12:  # 13 PM is no time
            raise ValueError(hour)
        hour = hour % 12 + (12 if noon in ("PM", "午後") else 0)
    moment += timedelta(hours=hour, minutes=int(parts["minute"] or 0))
    return moment.astimezone(ZoneInfo(zone)).date()


# --- months, and days without a year -----------------------------------------------------------

_MONTH_HEADERS = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        r"(?:(?P<year>\d{4}|\d{2})\s*[年/.-]\s*)?(?P<month>\d{1,2})\s*月?(?:度|分)?",
        rf"(?P<era>{_ERA_NAMES})\s*(?P<year>\d{{1,2}}|元)\s*[年/.-]\s*(?P<month>\d{{1,2}})\s*月?(?:度|分)?",
        r"(?P<month>[a-zÀ-ÿ]{3,10})\.?(?:[ '/.-]*(?P<year>\d{4}|\d{2}))?",
    )
)
_MONTH_NAMES_WHOLE = tuple(map(without_accents, words("values")["month_names"]))
_YEAR_IN_NAME = re.compile(
    rf"(?<!\d)(20\d\d)(?!\d)|(?<![a-z])({_ERA_NAMES})\s*(\d{{1,2}})(?!\d)|"
    r"\b(?:fy|ws|wise|ss|sose|saison|season|jahr|année|año|anno|year) ?(2\d)(?:[-/]\d\d)?$",
    re.IGNORECASE,
)
_YEARLESS = tuple(
    re.compile(f"{_WEEKDAY_BEFORE}{shape}{_WEEKDAY}")
    for shape in (
        r"(?P<month>\d{1,2})(?:/|-|月\s*)(?P<day>\d{1,2})日?",
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ .-]+{_MONTH_NAMES}",
        rf"{_MONTH_NAMES}[ -]+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?",
    )
)


def month_of(header: str, months_from: str) -> str:
    """The first day of the month that a header names; "" if it names none.

    A month without a year is the one that comes first from `months_from` on.

    >>> month_of("4月", "2025-04"), month_of("3月分", "2025-04"), month_of("Jan-26", "2025-04")
    ('2025-04-01', '2026-03-01', '2026-01-01')
    >>> month_of("Sept.", "2025-04"), month_of("Margin", "2025-04")
    ('2025-09-01', '')
    """
    match = next(filter(None, (one.fullmatch(tidy_text(header)) for one in _MONTH_HEADERS)), None)
    if match is None or not _is_a_month(match["month"]):
        return ""
    return _first_from(match.groupdict() | {"day": "1"}, months_from)


def _is_a_month(name: str) -> bool:
    """Whether it is a number, or a month's name, whole or cut: no Marketing, no Margin."""
    folded = without_accents(name.casefold())
    return name.isdigit() or any(one.startswith(folded) for one in _MONTH_NAMES_WHOLE)


def with_year(text: str, months_from: str, day_first: bool = False) -> str:
    """A day without a year (4/3, 4月3日, 3 Apr, 3.4.) with that in which it comes first from then
    on; "" for any other text. Of 4/3 the month is the first, unless the day is, or can only be.

    >>> [with_year(one, "2025-04") for one in ("4/3", "3月31日", "2025/4/3", "24/3")]
    ['2025-04-03', '2026-03-31', '', '2026-03-24']
    >>> with_year("4/3", "2025-04", day_first=True), with_year("22. Aug.", "2025-04")
    ('2026-03-04', '2025-08-22')
    >>> with_year("19-3", "2025-04")
    '2026-03-19'
    """
    tidy = tidy_text(text)
    match = next(filter(None, (one.fullmatch(tidy) for one in _YEARLESS)), None)
    if match is None:
        return ""
    parts = match.groupdict()
    turned = parts | {"day": parts["month"], "month": parts["day"]}
    either = [turned, parts] if day_first and re.search("[/-]", tidy) else [parts, turned]
    return next(filter(None, (_first_from(one, months_from) for one in either)), "")


def first_month(texts: Sequence[str], declared: str = "") -> int:
    """The month of the first of some days without a year; `declared` is dmy or mdy."""
    return int(with_year(texts[0], "2000-01", declared == "dmy" or bool(day_first(texts)))[5:7])


def day_first(texts: Iterable[str]) -> bool | None:
    """Whether of 4/3 the first is the day, as others of the texts prove; None where none does.

    >>> day_first(["4/3", "24/3"]), day_first(["4/3", "3/24"]), day_first(["4/3", "5 Apr"])
    (True, False, None)
    """
    pairs = [match for text in texts if (match := _YEARLESS[0].fullmatch(tidy_text(text)))]
    over = {part for one in pairs for part in ("month", "day") if int(one[part]) > _MONTHS_OF_YEAR}
    if not pairs or len(over) == 2 or any("月" in one[0] for one in pairs):
        return False
    return over == {"month"} if over else None


def year_in(name: str) -> str:
    """The year in the name of a file or sheet; "" if it names none.

    >>> year_in("2025"), year_in("R7年度"), year_in("WS 24-25"), year_in("Week 25")
    ('2025', '2025', '2024', '')
    """
    written = _YEAR_IN_NAME.search(tidy_text(name))
    if written is None:
        return ""
    if written[4]:
        return f"20{written[4]}"
    return written[1] or str(ERAS[written[2].upper()] + int(written[3]))


def start_in(name: str, months_from: str) -> str:
    """From which month on the days of a file or sheet count: its own name says the year, or the
    month, before which a few days may lie; else `months_from`.

    >>> start_in("2026年度", "2025-04"), start_in("Apr 26", "2025-04"), start_in("3月", "2025-04")
    ('2026-04', '2026-03', '2026-02')
    """
    if month := month_of(name, months_from):
        before = date.fromisoformat(month) - timedelta(days=1)
        return max(f"{before:%Y-%m}", months_from)
    year = year_in(name)
    return f"{year}{months_from[4:]}" if year else months_from


def without_year(texts: Iterable[str]) -> list[str]:
    """Those of some texts that are a day of a month and no more."""
    return [text for text in texts if with_year(text, "2000-01")]


def _first_from(parts: dict[str, str | None], months_from: str) -> str:
    year, month = map(int, months_from.split("-"))
    try:
        number = _number_of_month(str(parts["month"]))
        own = str(year + (number < month)) if parts.get("year") is None else str(parts["year"])
        return _calendar_day(parts | {"year": own}, 0).isoformat()
    except ValueError:
        return ""


# --- how the days of a list are written -------------------------------------------------------

Question = Literal["", "day_or_month", "both_ways", "serial"]

BY_THEMSELVES = ("ymd", "era")
ORDERS = ("dmy", "mdy", "yymd")  # of which a person must say one
_MANY, _FEW_DAYS = 20, 3
SURE_SHARE = 0.95
_MONTHS_OF_YEAR = 12
_SERIALS = (18264, 73050)  # 1950 to 2100
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_MOST_TEXTS = 3_000


class DateWay(NamedTuple):
    """How the days of a list are written: `formats` for `dates`, empty where none is needed.

    `question` says what a person must decide, among the orders `either`; `example` is a cell that
    shows it.
    """

    formats: tuple[str, ...] = ()
    question: Question = ""
    example: str = ""
    either: tuple[str, ...] = ("dmy", "mdy")

    @property
    def reading(self) -> tuple[str, ...]:
        """The formats with which the list is read, those that need no word included."""
        return self.formats or BY_THEMSELVES


def best_share_of_dates(counts: Mapping[str, int]) -> float:
    """Which share of the cells are days, whichever of day and month comes first."""
    return _share(counts, is_day)


def _share(counts: Mapping[str, int], is_one: Callable[[str], bool]) -> float:
    some = list(counts.items())[:_MOST_TEXTS]
    return sum(n for text, n in some if is_one(text)) / max(sum(n for _, n in some), 1)


def is_day(text: str) -> bool:
    """Whether a text is a day, whichever of day and month comes first."""
    return any(_reads(text, *formats) for formats in (BY_THEMSELVES, *((one,) for one in ORDERS)))


def looks_serial(counts: Mapping[str, int]) -> bool:
    """Whether the cells are numbers as Excel counts days (45717 is 2025-03-01)."""
    hits = 0
    for text, count in counts.items():
        tidy = tidy_text(text)
        if _SERIAL.fullmatch(tidy) and _SERIALS[0] <= float(tidy) <= _SERIALS[1]:
            hits += count
    return hits >= SURE_SHARE * max(sum(counts.values()), 1)


def date_way(columns: Iterable[Mapping[str, int]]) -> DateWay:
    """How the days of a list are written, from the cells (with counts) of its date columns."""
    unread = [
        counts
        for counts in columns
        if _share(counts, _reads_by_itself) < min(SURE_SHARE, best_share_of_dates(counts))
    ]
    texts = [text for counts in unread for text in counts]
    odd = [text for text in texts if not _reads_by_itself(text)]
    if not odd:
        return DateWay()
    days = [text for text in odd if is_day(text)] or odd
    plain = [parse_date(text) for text in texts if _reads_by_itself(text)]
    years = {one.year for one in plain if not isinstance(one, Sentence)}
    fitting = tuple(order for order in ORDERS if _fits(days, order, years))
    fitting = fitting or tuple(order for order in ORDERS if _fits(days, order, set()))
    if len(fitting) > 1:
        return DateWay(question="day_or_month", example=days[0], either=fitting)
    if not fitting:
        return DateWay(question="both_ways", example=days[0])
    return DateWay((*fitting, *BY_THEMSELVES) if len(odd) < len(texts) else fitting)


def _fits(texts: list[str], order: str, years: set[int]) -> bool:
    """Whether all days read in this order, are spread over the month as days are, and lie near the
    years of the others: beside 2024-03-14, 14.03.24 is not of 2014.
    """
    both = [parse_date(text, (order,)) for text in texts]
    read = [one for one in both if not isinstance(one, Sentence)]
    spread = len(texts) < _MANY or len({one.day for one in read}) > _FEW_DAYS
    near = not years or all(min(years) - 1 <= one.year <= max(years) + 1 for one in read)
    return len(read) == len(texts) and spread and near


def _reads_by_itself(text: str) -> bool:
    return _reads(text, *BY_THEMSELVES)


def _reads(text: str, *formats: str) -> bool:
    return not isinstance(parse_date(text, formats), Sentence)


START = 10  # letters of a day: 01/03/2025
_FIRST = ("dmy", "mdy")
_DAY_OR_MONTH = re.compile(r"(\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?!\d)")
_YEAR_FIRST = re.compile(r"\d{4}\D", re.ASCII)  # such days no list has ever doubted
# So many of the days must be out of the calendar before it is more than mistyped cells.
_MISTYPED = 0.01
DAY_OR_MONTH = N_(
    "{where} holds {example}, which could be day/month or month/day, and no row tells. "
    'Write under [lists.{name}] dates = ["dmy"] if the day comes first, or '
    'dates = ["mdy"] if the month does.'
)
_UNSAID = {
    "both_ways": N_(
        "{where} holds days with the day first and days with the month first, for example "
        "{example}. Ask for the list with years first, or split it into two lists."
    ),
    "day_or_month": DAY_OR_MONTH,
    "several": N_(
        "{where} holds {example}, which reads in more than one way, and no row tells. Write "
        "under [lists.{name}] dates = [...] with one of {either}: the day first, the month "
        "first, or the year first (yymd)."
    ),
    "yymd": N_(
        "{where} holds days such as {example}, with the year first. Write under "
        '[lists.{name}] dates = ["yymd"].'
    ),
    "dmy": N_(
        "{where} holds days such as {example}, with the day first. Write under [lists.{name}] "
        'dates = ["dmy"].'
    ),
    "mdy": N_(
        "{where} holds days such as {example}, with the month first. Write under [lists.{name}] "
        'dates = ["mdy"].'
    ),
}


def declared_order(section: ListSection) -> str:
    """Which of "dmy" and "mdy" client.toml declares for a list; "" if none."""
    return next((order for order in _FIRST if order in section.dates), "")


def is_plain(text: str) -> bool:
    """Whether a cell is blank or begins with its year.

    >>> is_plain("2025-03-01"), is_plain("20250301"), is_plain("1/3/2025")
    (True, False, False)
    """
    return not text or _YEAR_FIRST.match(text) is not None


def require_order_said(days: Mapping[str, int], list_name: str, where: str) -> None:
    """Raise `ListError` if the cells with their counts need a word that client.toml lacks."""
    way = date_way([days]) if days else DateWay()
    orders = [order for order in ORDERS if order in way.formats]
    told = str(way.question) or "".join(orders[:1])
    if told == "day_or_month" and way.either != _FIRST:
        told = "several"
    if told:
        raise ListError(
            _UNSAID[told],
            where=where,
            name=list_name,
            example=way.example or next((one for one in days if not is_plain(one)), ""),
            either=", ".join(f'"{one}"' for one in way.either),
        )


def require_right_order(
    section: ListSection,
    list_name: str,
    column: str,
    starts: Mapping[str, int],
    example: Callable[[list[str]], str],
) -> None:
    """Raise `ListError` if the days of a column contradict the order that client.toml declares.

    `starts` are the first letters of its cells (`START`) with their counts; `example` shows a row
    of one of some starts.
    """
    declared = declared_order(section)
    other = "mdy" if declared == "dmy" else "dmy"
    days = only_declared = only_other = 0
    odd = []
    for start, count in starts.items():
        shape = _DAY_OR_MONTH.match(tidy_text(start))
        if shape is None:
            continue
        as_declared, as_other = _reads(shape[1], declared), _reads(shape[1], other)
        days += count
        only_declared += count * (as_declared and not as_other)
        only_other += count * (as_other and not as_declared)
        odd += [start] if as_other and not as_declared else []
    # Where each order has days of its own, the list is mixed: its rows tell, not this.
    if only_other <= _MISTYPED * days or only_declared * 100 >= only_other:
        return
    told = N_(
        '{list_name}: "{header}" ({column}) is read with the month first, but then {only_other:,} '
        "of its {days:,} days are not in the calendar, for example {example}; with the day first "
        "{others} are. Write under [lists.{list_name}] dates = [{right}]."
    )
    if declared == "dmy":
        told = N_(
            '{list_name}: "{header}" ({column}) is read with the day first, but then '
            "{only_other:,} of its {days:,} days are not in the calendar, for example {example}; "
            "with the month first {others} are. Write under [lists.{list_name}] dates = [{right}]."
        )
    but = _("all but {count:,} of them", count=only_declared)
    raise ListError(
        told,
        list_name=list_name,
        header=(section.columns | section.lent)[column],
        column=column,
        only_other=only_other,
        days=days,
        example=example(odd),
        right=", ".join(f'"{other if one == declared else one}"' for one in section.dates),
        others=but if only_declared else _("all of them"),
    )
