"""Words and days as people write them into a workbook, read by one rule; no clock is asked.

A decision may be the kit's code or its label in either language, whatever its case, width, blanks.
A day is read as in the lists (2026-04-01, 2026年4月1日, R8.4.1, Excel's own); 4/2 and 4月2日 are
month and day, in the year that puts them nearest to the as-of day; 30.3.2026 is read because no
month is a 30th one, and 4/5/2026 is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from functools import cache

from segment_lib.columns import VALUES
from segment_lib.lists import cell_text, parse_date, tidy_text, without_controls
from segment_lib.voice import Sentence, in_every_language

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
MOST_DAYS_APART = 366
# Whether somebody agrees: a box ticked with x is a yes, the sign × is a no.
YES = (
    "yes", "y", "true", "1", "x", "ok", "agree", "agreed", "はい", "同意", "賛成", "了解", "済",
    "済み", "確認済", "確認済み", "このままで", "そのまま", "そのとおり", "○", "〇", "◯", "◎", "✓",
    "✔", "☑", "✅", "レ",
)  # fmt: skip
NO = ("no", "n", "false", "0", "disagree", "いいえ", "不同意", "反対", "×", "✕", "✖", "✗", "✘", "☒")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_WEEKDAY = re.compile(r"\s*\([^()]{1,9}\)$")
_YEAR_LAST = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{4}")
_NO_YEAR = re.compile(r"(?P<month>\d{1,2})(?:[-/]|月\s*)(?P<day>\d{1,2})日?")
_NAMED = (
    re.compile(r"(?P<day>\d{1,2})[-. ]{0,2}(?P<name>[a-z]{3,9})\.?(?:[-, ]+(?P<year>\d{4}))?"),
    re.compile(r"(?P<name>[a-z]{3,9})\.?[- ]?(?P<day>\d{1,2})(?:(?:,| )\s*(?P<year>\d{4}))?"),
)


def fold(text: str) -> str:
    """A word or heading for comparison: NFKC, lower case, letters and digits only.

    >>> fold(" Ｎｏｔ_approached "), fold("Not  Approached")
    ('notapproached', 'notapproached')
    """
    return "".join(sign for sign in tidy_text(text).casefold() if sign.isalnum())


@cache
def _codes() -> dict[str, str]:
    """The codes by all that people write for them: the code, its label in either language."""
    return {
        fold(word): code
        for code, label in VALUES["decision"].items()
        for word in (code, *in_every_language("decision", label))
    }


def decision_code(word: str) -> str | None:
    """The code of a decision as people write it; None if it is none.

    >>> decision_code("NOT NOW"), decision_code("アプローチ しない"), decision_code("aproach")
    ('not_now', 'not_approached', None)
    """
    return _codes().get(fold(word))


def said_yes(text: str) -> bool | None:
    """Whether a word or sign says yes; None if it is neither a yes nor a no.

    >>> said_yes("はい"), said_yes("✓"), said_yes("×"), said_yes("perhaps")
    (True, True, False, None)
    """
    word = tidy_text(text).casefold().rstrip(".。!！\ufe0f")
    return True if word in YES else False if word in NO else None


def text_of(cell: object) -> str:
    """A cell as one line of text; nothing is ""."""
    text = without_controls(cell_text(cell).replace("\r", "\n"))
    return " ".join(line.strip() for line in text.split("\n")).strip()


def quoted(text: str) -> str:
    """The text, behind a ' where a spreadsheet would run it as a formula."""
    return "'" + text if text.startswith(FORMULA_SIGNS) else text


def unquoted(text: str) -> str:
    """The text without the ' that keeps a spreadsheet from running it as a formula."""
    bare = text.strip().removeprefix("'")
    return bare if bare.startswith(FORMULA_SIGNS) else text.strip()


def read_day(cell: object, near: date | None = None) -> date | Sentence:
    """The day that stands in a cell, or why it cannot be read.

    `near` is the day to which a day without a year lies nearest; without it a year must be there.

    >>> read_day("4/2", date(2026, 3, 31)), read_day("R8.3.30")
    (datetime.date(2026, 4, 2), datetime.date(2026, 3, 30))
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _WEEKDAY.sub("", tidy_text(text_of(cell)).removeprefix("'"))
    if not isinstance(cell, bool):
        for day in (_stated_day(text), _year_last(text), _named_month(text, near)):
            if day is not None:
                return day
        if near is not None and isinstance(cell, str):
            day = _without_year(text, near)
            if day is not None:
                return day
    return Sentence(
        'The day "{text}" cannot be read for certain. Write it as {example}.',
        text=text,
        example=near or "2026-04-01",
    )


def day_apart(day: date, as_of: date) -> Sentence | None:
    """Why a day is not taken: it lies more than a year from the as-of day."""
    if abs((day - as_of).days) <= MOST_DAYS_APART:
        return None
    return Sentence(
        "The day is read as {day}, more than a year from {as_of}, the day of the list. "
        "Correct it, or leave it empty.",
        day=day,
        as_of=as_of,
    )


def _stated_day(text: str) -> date | None:
    """Year first, an era, or Excel's count of days: that has five digits, a year has four."""
    ways = ("serial",) if re.fullmatch(r"\d{5}(\.\d+)?", text) else ("ymd", "era")
    day = parse_date(text, ways)
    return day if isinstance(day, date) else None


def _year_last(text: str) -> date | Sentence | None:
    if not _YEAR_LAST.fullmatch(text):
        return None
    both = [parse_date(text, (way,)) for way in ("mdy", "dmy")]
    days = list(dict.fromkeys(day for day in both if isinstance(day, date)))
    if len(days) < 2:
        return days[0] if days else None
    return Sentence(
        'The day "{text}" can be {one} and {other}: which is the month? Write the year first.',
        text=text,
        one=days[0],
        other=days[1],
    )


def _named_month(text: str, near: date | None) -> date | None:
    plain = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text.casefold())
    for shape in _NAMED:
        match = shape.fullmatch(plain)
        if match is None:
            continue
        found = [at for at, name in enumerate(MONTHS, 1) if name.startswith(match["name"])]
        if len(found) == 1 and (match["year"] or near):
            years = [int(match["year"])] if match["year"] else _years(near)
            return _nearest(years, found[0], int(match["day"]), near)
    return None


def _without_year(text: str, near: date) -> date | None:
    match = _NO_YEAR.fullmatch(text)
    return match and _nearest(_years(near), int(match["month"]), int(match["day"]), near)


def _years(near: date | None) -> list[int]:
    return [] if near is None else [near.year - 1, near.year, near.year + 1]


def _nearest(years: list[int], month: int, day: int, near: date | None) -> date | None:
    """Of two days equally near the earlier; None if the calendar has no such day."""
    days = list(_in_calendar(years, month, day))
    return min(days, key=lambda one: abs((one - (near or one)).days), default=None)


def _in_calendar(years: list[int], month: int, day: int) -> Iterator[date]:
    for year in years:
        with suppress(ValueError):
            yield date(year, month, day)
