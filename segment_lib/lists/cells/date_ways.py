"""How the days of a list are written: found where the values prove it, asked where they do not.

Years first (2025/3/1, 20250301, 令和7年3月1日) read by themselves. 25/12/2024 proves that the day
comes first, 12/25/2024 the month; one program writes all its days the same way, so one column may
prove it for the whole list. 3/4/2025 alone proves nothing: then a person must say, and nothing is
guessed. 24/01/05 may have its year first: a way by which all days of years would fall on two or
three days of the month is none. Numbers such as 45717 are Excel's count of days only if a person
says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple

from segment_lib.lists.cells.dates import parse_date
from segment_lib.lists.cells.values import tidy_text
from segment_lib.voice import Sentence

Question = Literal["", "day_or_month", "both_ways", "serial"]

BY_THEMSELVES = ("ymd", "era")
ORDERS = ("dmy", "mdy", "yymd")  # of which a person must say one
_MANY, _FEW_DAYS = 20, 3
SURE_SHARE = 0.95
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
    return any(_reads(text, formats) for formats in (BY_THEMSELVES, *((one,) for one in ORDERS)))


def looks_serial(counts: Mapping[str, int]) -> bool:
    """Whether the cells are numbers as Excel counts days (45717 is 2025-03-01)."""
    hits = sum(n for text, n in counts.items() if _is_serial(text))
    return hits >= SURE_SHARE * max(sum(counts.values()), 1)


def date_way(columns: Iterable[Mapping[str, int]]) -> DateWay:
    """How the days of a list are written, from the cells (with counts) of its date columns."""
    unread = [counts for counts in columns if counts and _needs_order(counts)]
    if not unread:
        return DateWay()
    texts = [text for counts in unread for text in counts if not _reads(text, BY_THEMSELVES)]
    days = [text for text in texts if is_day(text)] or texts
    fitting = tuple(order for order in ORDERS if _fits(days, order))
    if len(fitting) > 1:
        return DateWay(question="day_or_month", example=texts[0], either=fitting)
    if not fitting:
        return DateWay(question="both_ways", example=texts[0])
    alone = any(_reads(text, BY_THEMSELVES) for counts in unread for text in counts)
    return DateWay((*fitting, *BY_THEMSELVES) if alone else fitting)


def _fits(texts: list[str], order: str) -> bool:
    """Whether all days read in this order, and are spread over the month as days are."""
    read = [parse_date(text, (order,)) for text in texts]
    if any(isinstance(one, Sentence) for one in read):
        return False
    days = {one.day for one in read if not isinstance(one, Sentence)}
    return len(texts) < _MANY or len(days) > _FEW_DAYS


def _needs_order(counts: Mapping[str, int]) -> bool:
    """Whether these are days, but only with a word about day and month."""
    alone = _share(counts, lambda text: _reads(text, BY_THEMSELVES))
    return alone < SURE_SHARE <= best_share_of_dates(counts)


def _reads(text: str, formats: tuple[str, ...]) -> bool:
    return not isinstance(parse_date(text, formats), Sentence)


def _is_serial(text: str) -> bool:
    tidy = tidy_text(text)
    return bool(_SERIAL.fullmatch(tidy)) and _SERIALS[0] <= float(tidy) <= _SERIALS[1]
