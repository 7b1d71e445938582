"""Whether client.toml says of a whole column which of day and month comes first, and rightly.

3/4/2025 reads either way. Where nothing is declared, nothing is guessed, also where a row would
prove it: then the sentence says which line to write. And a wrong `dates = ["mdy"]` loses only the
days above 12 and swaps the rest without a word: there the days that fit the other order tell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from segment_lib.checks import ListError
from segment_lib.lists.cells.date_ways import ORDERS, DateWay, date_way
from segment_lib.lists.cells.dates import parse_date
from segment_lib.lists.cells.values import tidy_text
from segment_lib.settings import ListSection
from segment_lib.voice import N_, Sentence, _

START = 10  # letters of a day: 01/03/2025
_FIRST = ("dmy", "mdy")
_SHAPE = re.compile(r"(\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?!\d)")
_YEAR_FIRST = re.compile(r"\d{4}\D", re.ASCII)  # such days no list has ever doubted
# So many of the days must be out of the calendar before it is more than mistyped cells.
_SHARE = 0.01


class Contradicted(NamedTuple):
    """Days such as 3/4/2025 of one column: how many there are, and by which order they read.

    `odd` are the beginnings of those that read by the other order only.
    """

    days: int
    only_declared: int
    only_other: int
    odd: tuple[str, ...]


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
    if way.question or set(ORDERS) & set(way.formats):
        raise ListError(
            _unsaid(way),
            where=where,
            name=list_name,
            example=way.example or next(iter(days)),
            either=", ".join(f'"{one}"' for one in way.either),
        )


def contradicted(section: ListSection, starts: Mapping[str, int]) -> Contradicted | None:
    """How the days of a column contradict the declared order; None if they do not.

    `starts` are the first letters of its cells (`START`) with their counts.
    """
    declared = declared_order(section)
    other = "mdy" if declared == "dmy" else "dmy"
    days = only_declared = only_other = 0
    odd = []
    for start, count in starts.items():
        shape = _SHAPE.match(tidy_text(start))
        if shape is None:
            continue
        as_declared, as_other = _reads(shape[1], declared), _reads(shape[1], other)
        days += count
        only_declared += count * (as_declared and not as_other)
        only_other += count * (as_other and not as_declared)
        odd += [start] if as_other and not as_declared else []
    # Where each order has days of its own, the list is mixed: its rows tell, not this.
    if only_other > _SHARE * days and only_declared * 100 < only_other:
        return Contradicted(days, only_declared, only_other, tuple(odd))
    return None


def wrong_order(
    section: ListSection, list_name: str, column: str, found: Contradicted, example: str
) -> ListError:
    """The sentence for a column whose days contradict the declared order."""
    declared = declared_order(section)
    other = "mdy" if declared == "dmy" else "dmy"
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
    but = found.only_declared
    return ListError(
        told,
        list_name=list_name,
        header=(section.columns | section.lent)[column],
        column=column,
        only_other=found.only_other,
        days=found.days,
        example=example,
        right=", ".join(f'"{other if one == declared else one}"' for one in section.dates),
        others=_("all but {count:,} of them", count=but) if but else _("all of them"),
    )


def _reads(text: str, order: str) -> bool:
    return not isinstance(parse_date(text, (order,)), Sentence)


def _unsaid(way: DateWay) -> str:
    if way.question == "both_ways":
        return N_(
            "{where} holds days with the day first and days with the month first, for example "
            "{example}. Ask for the list with years first, or split it into two lists."
        )
    if way.question and way.either == _FIRST:
        return N_(
            "{where} holds {example}, which could be day/month or month/day, and no row tells. "
            'Write under [lists.{name}] dates = ["dmy"] if the day comes first, or '
            'dates = ["mdy"] if the month does.'
        )
    if way.question:
        return N_(
            "{where} holds {example}, which reads in more than one way, and no row tells. Write "
            "under [lists.{name}] dates = [...] with one of {either}: the day first, the month "
            "first, or the year first (yymd)."
        )
    if "yymd" in way.formats:
        return N_(
            "{where} holds days such as {example}, with the year first. Write under "
            '[lists.{name}] dates = ["yymd"].'
        )
    if "dmy" in way.formats:
        return N_(
            "{where} holds days such as {example}, with the day first. Write under [lists.{name}] "
            'dates = ["dmy"].'
        )
    return N_(
        "{where} holds days such as {example}, with the month first. Write under [lists.{name}] "
        'dates = ["mdy"].'
    )
