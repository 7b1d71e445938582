"""What a person must decide before the lists of a new client can be read."""

from __future__ import annotations

from collections.abc import Mapping

from segment_lib.lists.cells.date_ways import DateWay
from segment_lib.lists.cells.hints import Hint
from segment_lib.lists.cells.values import Told
from segment_lib.lists.proposing.last_day import LastDay
from segment_lib.lists.proposing.plan import Plan, Words

_MOST_SHOWN = 12


def date_hints(way: DateWay) -> list[Hint]:
    """What a person must say about day and month."""
    if not way.question:
        return []
    if way.question == "both_ways":
        why = Told(
            f"{way.example}: some of these days have the day first, others the month. Ask for the "
            "list with years first",
            f"{way.example}: 日が先のものと月が先のものが混在。年から始まる形で出し直してもらう",
        )
    else:
        why = Told(
            f"{way.example} could be day/month or month/day, and no row tells. Write one of:",
            f"{way.example} は日/月とも月/日とも読め、どの行からも判断できない。どちらかを書く:",
        )
    return [
        Hint(why, question=True),
        Hint(Told("the day comes first", "日が先"), 'dates = ["dmy"]'),
        Hint(Told("the month comes first", "月が先"), 'dates = ["mdy"]'),
    ]


def open_questions(plan: Plan, as_of: LastDay) -> list[tuple[str, Told]]:
    """(list, what a person must decide before the lists can be read), in the order of the file."""
    found = [] if as_of.sure else [("as_of", as_of.why)]
    if not plan.lists:
        found.append(
            ("lists", Told("no file holds a list of customers", "お客様の一覧が見つからない"))
        )
    for planned in plan.lists:
        hints = [*date_hints(planned.whole.way), *planned.proposal.hints]
        asked = [hint for hint in hints if hint.question]
        if asked:
            found.append((planned.name, _asked(asked[0], planned.whole.way)))
        found += [(planned.name, told) for told in _unsorted(planned.words)]
    return found


def _asked(hint: Hint, way: DateWay) -> Told:
    lines = ['dates = ["dmy"]', 'dates = ["mdy"]'] if way.question == "day_or_month" else []
    lines = lines or ([hint.line] if hint.line else [])
    if not lines:
        return hint.why
    en, ja = hint.why.en.rstrip(":?。"), hint.why.ja.rstrip(":?。")
    return Told(f"{en}: {' or '.join(lines)}", f"{ja}: {' / '.join(lines)}")


def _unsorted(words: Mapping[str, Words]) -> list[Told]:
    return [
        Told(
            f"{column}: {len(one.rest)} word(s) to sort: {', '.join(one.rest[:_MOST_SHOWN])}",
            f"{column}: 分類する語 {len(one.rest)} 個: {', '.join(one.rest[:_MOST_SHOWN])}",
        )
        for column, one in words.items()
        if one.rest
    ]
