"""What a person must decide before the lists of a new client can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from segment_lib.lists.cells.dates import DateWay
from segment_lib.lists.cells.values import Hint
from segment_lib.lists.proposing.last_day import LastDay
from segment_lib.lists.proposing.plan import Plan
from segment_lib.lists.proposing.word_guesses import Words
from segment_lib.voice import Sentence, _

_MOST_SHOWN = 12
ORDER_SAID = {
    "dmy": Sentence("the day comes first"),
    "mdy": Sentence("the month comes first"),
    "yymd": Sentence("the year comes first"),
}


def date_hints(way: DateWay) -> list[Hint]:
    """What a person must say about day and month."""
    if not way.question:
        return []
    if way.question == "both_ways":
        why = Sentence(
            "{example}: some of these days have the day first, others the month. Ask for "
            "the list with years first",
            example=way.example,
        )
    elif "yymd" in way.either:
        why = Sentence(
            "{example} reads in more than one way, and no row tells. Write one of:",
            example=way.example,
        )
    else:
        why = Sentence(
            "{example} could be day/month or month/day, and no row tells. Write one of:",
            example=way.example,
        )
    return [Hint(why, question=True), *(Hint(ORDER_SAID[one], _line(one)) for one in way.either)]


def _line(order: str) -> str:
    return f'dates = ["{order}"]'


def open_questions(plan: Plan, as_of: LastDay) -> list[tuple[str, str]]:
    """(list, what a person must decide before the lists can be read), in the order of the file."""
    found = [] if as_of.sure else [("as_of", str(as_of.why))]
    if not plan.lists:
        found.append(("lists", _("no file holds a list of customers")))
    for planned in plan.lists:
        hints = [*date_hints(planned.whole.way), *planned.proposal.hints, *planned.hints]
        for place, hint in enumerate(hints):
            if hint.question:
                others = _others(hint, hints[place + 1 :])
                found.append((planned.name, _asked(hint, planned.whole.way) + others))
        found += [(planned.name, told) for told in _unsorted(planned.words)]
    return found


def _others(hint: Hint, after: Sequence[Hint]) -> str:
    """The other headers that may be the column that is asked about, in their order."""
    column, _sign, _header = hint.line.partition(" = ")
    lines = (one.line.partition(" = ") for one in after if not one.question)
    headers = [header for name, _sign, header in lines if hint.is_column and name == column]
    return _(", or {headers}", headers=", ".join(headers)) if headers else ""


def _asked(hint: Hint, way: DateWay) -> str:
    question = str(hint.why).rstrip(":?。")
    if way.question == "day_or_month":
        return _(
            "{question}: {first} or {second}",
            question=question,
            first=", ".join(map(_line, way.either[:-1])),
            second=_line(way.either[-1]),
        )
    return f"{question}: {hint.line}" if hint.line else str(hint.why)


def _unsorted(words: Mapping[str, Words]) -> list[str]:
    return [
        _(
            "{column}: which of {which} does each of these mean? {words}",
            column=column,
            which=", ".join(one.possible),
            words=", ".join(word or '""' for word in one.rest[:_MOST_SHOWN]),
        )
        for column, one in words.items()
        if one.rest
    ]
