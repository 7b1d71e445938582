"""The text of a new client.toml: what was recognised, the evidence, and what is left to decide.

What stands where is in `client.toml.j2`; here are the words and signs it is made of. Comments come
in the language of the lists.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator
from functools import cache, partial
from pathlib import Path

import jinja2

from segment_lib.checks import PROGRAM
from segment_lib.lists.cells.dates import DateWay
from segment_lib.lists.cells.values import Hint, array, kind_said, percent, quoted
from segment_lib.lists.proposing.evidence import WORTH_SAYING, Evidence, shorten
from segment_lib.lists.proposing.groups import Words
from segment_lib.lists.proposing.last_day import LastDay
from segment_lib.lists.proposing.looking import LOOK_ROWS
from segment_lib.lists.proposing.plan import Plan
from segment_lib.lists.proposing.proposal import Proposal
from segment_lib.lists.wide_text import padded, width
from segment_lib.settings.plan import proposed_playbook
from segment_lib.voice import Sentence, _

_TEMPLATE = "client.toml.j2"
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_COMMENT_AT = 44
_COPIED = 80  # of a header, which somebody may want to copy


def client_text(name: str, plan: Plan, as_of: LastDay, folder: Path | None) -> str:
    """The whole file; files are named relative to `folder`, if that is sensible."""
    facts = {fact.name: fact for planned in plan.lists for fact in planned.proposal.facts}
    return _template().render(
        paths=lambda files: array([_said_path(path, folder) for path in files]),
        name=name, plan=plan, as_of=as_of, facts=list(facts.values()), playbook=_playbook(plan),
        program=PROGRAM, date_hints=date_hints, marks_of=_marks_of, order_said=_order_said,
        seen_as=seen_as, most_rows=LOOK_ROWS, _=_,
    )  # fmt: skip


@cache
def _template() -> jinja2.Template:
    shelf = jinja2.Environment(
        loader=jinja2.PackageLoader("segment_lib.lists.proposing", ""),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    shelf.filters |= {
        "array": array, "because": _because, "comment": partial(_because, ""), "key": key,
        "counted": _counted, "with_count": _with_count, "quoted": quoted, "suggested": _suggested,
        "header": partial(shorten, most=_COPIED), "toml": _toml,
    }  # fmt: skip
    return shelf.get_template(_TEMPLATE)


def _said_path(path: Path, folder: Path | None) -> str:
    """The path with forward slashes, relative to `folder` if they share more than the root.

    Relative names are patterns in client.toml, so that [2024] in a name is written [[]2024].
    """
    whole = path.resolve()
    if folder is None:
        return whole.as_posix()
    start = folder.resolve()
    try:
        shared = Path(os.path.commonpath([whole, start]))
    except ValueError:  # another drive on Windows
        return whole.as_posix()
    if shared == Path(shared.anchor):
        return whole.as_posix()
    return glob.escape(Path(os.path.relpath(whole, start)).as_posix())


def key(name: str) -> str:
    """A name as a TOML key.

    >>> key("age"), key("性別")
    ('age', '"性別"')
    """
    return name if _BARE_KEY.fullmatch(name) else quoted(name)


def seen_as(seen: Evidence) -> str:
    """The evidence: examples, the share that reads as its kind, the share that is blank."""
    shown, kind, share = seen.shown, kind_said(seen.kind), percent(seen.read)
    if seen.filled >= WORTH_SAYING:
        return _("{shown}; {share} read as {kind}", shown=shown, share=share, kind=kind)
    return _(
        "{shown}; {share} read as {kind}, {blank} blank",
        shown=shown,
        share=share,
        kind=kind,
        blank=percent(1 - seen.filled),
    )


def _because(text: str, why: object) -> str:
    """A line with its reason as a comment, on one line; alone, the comment."""
    if not str(why or ""):
        return text
    signs = "".join(sign if sign.isprintable() else " " for sign in str(why))
    said = " ".join(signs.split())
    return f"{padded(text, _COMMENT_AT)}  # {said}" if text else f"# {said}"


def _suggested(hint: Hint) -> str:
    """A suggestion: its line behind a #, its reason beside it, above a long one."""
    if hint.line and width(hint.line) > _COMMENT_AT:
        return f"{_because('', hint.why)}\n# {hint.line}"
    return _because(f"# {hint.line}" if hint.line else "", hint.why)


def _toml(value: str | Iterable[str]) -> str:
    return quoted(value) if isinstance(value, str) else array(value)


def _counted(word: str, words: Words) -> str:
    return f"{words.counts[word]:,}"


def _with_count(word: str, words: Words) -> str:
    return f"{quoted(word)} {words.counts[word]:,}"


def _order_said(way: DateWay) -> object:
    return next(said for order, said in ORDER_SAID.items() if order in way.formats)


def _marks_of(proposal: Proposal) -> Iterator[tuple[str, str]]:
    """Who refused and who agreed, each with the columns of every channel that say it."""
    for says in ("refusals", "consents"):
        channels: dict[str, list[str]] = {}
        for header, mark in proposal.marks.items():
            if mark.says == says:
                channels.setdefault(mark.channel, []).append(header)
        if channels:
            yield (
                says,
                ", ".join(f"{key(channel)} = {array(h)}" for channel, h in channels.items()),
            )


def _playbook(plan: Plan) -> Hint:
    """Which preset of actions these lists propose; the walk takes it until somebody chooses."""
    tables = {planned.proposal.table for planned in plan.lists}
    return Hint(
        Sentence(
            "proposed by these lists, of b2b_service, mail_order, orders_only; own: "
            "[[actions]] alone"
        ),
        f"use = {quoted(proposed_playbook(tables))}",
    )


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
    said = (Hint(ORDER_SAID[one], f'dates = ["{one}"]') for one in way.either)
    return [Hint(why, question=True), *said]
