"""The text of a new client.toml: what was recognised, the evidence, and what is left to decide.

A line without # is taken: its header stands in the dictionary and its values agree. A line behind
a # is a suggestion; a person decides. Comments come in the language of the lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from segment_lib.lists.cells.date_ways import DateWay
from segment_lib.lists.cells.hints import Hint, kind_said, percent, quoted
from segment_lib.lists.proposing.across import Beside
from segment_lib.lists.proposing.evidence import Evidence, shorten
from segment_lib.lists.proposing.facts import Fact
from segment_lib.lists.proposing.last_day import LastDay
from segment_lib.lists.proposing.open_questions import ORDER_SAID, date_hints
from segment_lib.lists.proposing.plan import LeftOut, Plan, PlannedList, Words
from segment_lib.lists.proposing.proposal import Proposal
from segment_lib.lists.proposing.relative import said_path
from segment_lib.lists.wide_text import padded, width
from segment_lib.settings import ListSection
from segment_lib.settings.plan import proposed_playbook
from segment_lib.voice import Sentence, _

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_MOST_SHOWN = 12
_COMMENT_AT = 44
_BLANK_WORTH_SAYING = 0.995


class Writer:
    """Lines of a TOML file with comments."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, told: Sentence | str) -> str:
        """The sentence on one line."""
        return " ".join("".join(s if s.isprintable() else " " for s in str(told)).split())

    def line(self, text: str = "", why: Sentence | str | None = None) -> None:
        """A line, with its reason as a comment."""
        if why is None:
            self.lines.append(text)
            return
        said = self.say(why)
        self.lines.append(f"{padded(text, _COMMENT_AT)}  # {said}" if text else f"# {said}")

    def hint(self, hint: Hint) -> None:
        """A suggestion: its line behind a #."""
        if hint.line and width(hint.line) > _COMMENT_AT:
            self.line(why=hint.why)
            self.line(f"# {hint.line}")
        else:
            self.line(f"# {hint.line}" if hint.line else "", hint.why)

    @property
    def text(self) -> str:
        """The file."""
        return "\n".join(self.lines) + "\n"


def key(name: str) -> str:
    """A name as a TOML key.

    >>> key("age"), key("性別")
    ('age', '"性別"')
    """
    return name if _BARE_KEY.fullmatch(name) else quoted(name)


def client_text(name: str, plan: Plan, as_of: LastDay, folder: Path | None) -> str:
    """The whole file; files are named relative to `folder`, if that is sensible."""
    writer = Writer()
    _head(writer, name, plan, as_of)
    for planned in plan.lists:
        writer.line()
        _list(writer, planned, folder)
    for left in plan.left_out:
        writer.line()
        _left_out(writer, left, folder)
    _attributes(writer, [fact for planned in plan.lists for fact in planned.proposal.facts])
    _playbook(writer, {planned.proposal.table for planned in plan.lists})
    return writer.text


def _playbook(writer: Writer, tables: set[str]) -> None:
    """Which preset of actions these lists propose; the walk takes it until somebody chooses."""
    writer.line()
    writer.line("[playbook]", _("who gets what, when: its rows are read from the top"))
    writer.hint(
        Hint(
            Sentence(
                "proposed by these lists, of b2b_service, mail_order, orders_only; own: "
                "[[actions]] alone"
            ),
            f"use = {quoted(proposed_playbook(tables))}",
        )
    )
    writer.line('decided_by = ""', _("who chose it"))


def _head(writer: Writer, name: str, plan: Plan, as_of: LastDay) -> None:
    writer.line(
        why=_(
            "What was recognised in the lists. Lines behind a # are suggestions: a person decides."
        )
    )
    writer.line(
        why=_(
            "Beside each column: three of its values, and which share reads as what it should be."
        )
    )
    writer.line("[client]")
    writer.line(f"name = {quoted(name)}")
    day = f"as_of = {as_of.day or '2025-12-31'}"
    writer.line(day if as_of.sure else f"# {day}", as_of.why)
    writer.line(f'language = "{plan.language}"', _('or "ja": sentences, charts, report'))
    writer.line(f"currency = {quoted(plan.currency[0])}", plan.currency[1])
    writer.line('decided_by = ""', _("who looked at this file"))


def _list(writer: Writer, planned: PlannedList, folder: Path | None) -> None:
    proposal = planned.proposal
    writer.line(why=_title(planned))
    writer.line(f"[lists.{planned.name}]")
    writer.line(f"files = {_array([said_path(path, folder) for path in planned.files])}")
    if proposal.table and planned.name != proposal.table:
        writer.line(f"table = {quoted(proposal.table)}")
    _how_read(writer, planned)
    for says in ("refusals", "consents"):
        _marks(writer, proposal, says)
    if proposal.look.decimal == ",":
        writer.line('decimal = ","', _("1.234,50 stands for 1234.50"))
    waiting = dict.fromkeys(hint.undecided for hint in planned.hints if hint.undecided)
    if waiting:
        why = _("look at the lines below, write what is right, then delete it from this line")
        writer.line(f"undecided = {_array(waiting)}", why)
    asked = [hint for hint in proposal.hints if not _is_column(hint)]
    for hint in (*asked, *planned.hints):
        writer.hint(hint)
    _columns(writer, planned)
    if proposal.beside:
        _beside(writer, planned.name, proposal.beside, folder)
    for column, words in planned.words.items():
        _words(writer, planned.name, column, words)


def _left_out(writer: Writer, left: LeftOut, folder: Path | None) -> None:
    """A list that is not read, as a section behind # that needs no more than to be opened."""
    writer.line(why=_("left out: {shown}: {why}", shown=left.shown, why=left.why))
    if not left.name:
        return
    writer.line(f"# [lists.{left.name}]")
    writer.line(f"# files = {_array([said_path(path, folder) for path in left.files])}")
    for name, value in left.said.items():
        writer.line(f"# {name} = {quoted(value) if isinstance(value, str) else _array(value)}")
    writer.line('# table = "orders"')
    writer.line(f"# [lists.{left.name}.columns]")
    for column, header, shown in left.columns:
        writer.line(f"# {column} = {quoted(header)}", shown)


def _beside(writer: Writer, name: str, beside: Beside, folder: Path | None) -> None:
    writer.line(
        f"[lists.{name}.beside]",
        _("of each order, found by its number, what stands in another list"),
    )
    writer.line(f"files = {_array([said_path(path, folder) for path in beside.files])}")
    for key_name, value in beside.said.items():
        writer.line(f"{key_name} = {quoted(value) if isinstance(value, str) else _array(value)}")
    writer.line(f"order_id = {quoted(beside.number)}")
    inside = ", ".join(f"{column} = {quoted(s.header)}" for column, s in beside.columns.items())
    writer.line(f"columns = {{ {inside} }}")


def _title(planned: PlannedList) -> str:
    names = ", ".join(path.name for path in planned.files)
    if planned.again:
        return _(
            "the same rows as {again}: what they say about the customers themselves",
            again=planned.again,
        )
    rows = planned.whole.rows or len(planned.proposal.look.frame)
    return _("{names}: {rows:,} rows", names=names, rows=rows)


def _how_read(writer: Writer, planned: PlannedList) -> None:
    """What reading needs, and as comments what was found by itself."""
    for name, value in planned.said.items():
        if name == "names":
            writer.line(f"# names = {_array(value)}", _("in order"))
            continue
        why = None
        if planned.others:
            some = ", ".join(planned.others[:_MOST_SHOWN])
            why = _("it also has: {some}", some=some)
        elif name == "encoding":
            why = _("by the accents of its words")
        single = isinstance(value, str)
        writer.line(f"{name} = {quoted(value) if single else _array(value)}", why)
    if not planned.again:
        for note in planned.found.notes:
            writer.line(why=note)
    _dates(writer, planned.whole.way, planned.proposal)


def _dates(writer: Writer, way: DateWay, proposal: Proposal) -> None:
    if way.formats:
        first = next(said for order, said in ORDER_SAID.items() if order in way.formats)
        writer.line(f"dates = {_array(way.formats)}", first)
    for hint in date_hints(way):
        writer.hint(hint)


def _marks(writer: Writer, proposal: Proposal, says: str) -> None:
    channels: dict[str, list[str]] = {}
    for header, mark in proposal.marks.items():
        if mark.says == says:
            channels.setdefault(mark.channel, []).append(header)
    if not channels:
        return
    inside = ", ".join(f"{key(channel)} = {_array(h)}" for channel, h in channels.items())
    refusing = _("whom we may not contact")
    why = refusing if says == "refusals" else _("who agreed")
    writer.line(f"{says} = {{ {inside} }}", why)


def _columns(writer: Writer, planned: PlannedList) -> None:
    proposal, name = planned.proposal, planned.name
    writer.line(f"[lists.{name}.columns]")
    for column, seen in proposal.columns.items():
        writer.line(f"{key(column)} = {quoted(seen.header)}", seen_as(seen))
    for fact in proposal.facts:
        writer.line(f"{key(fact.name)} = {quoted(fact.header)}", " · ".join(fact.examples))
    for hint in proposal.hints:
        if _is_column(hint):
            writer.hint(hint)
    _left(writer, proposal)
    for key_name, several in (("positions", proposal.positions), ("sums", proposal.sums)):
        if several:
            writer.line(f"[lists.{name}.{key_name}]")
        for column, headers in several.items():
            writer.line(f"{column} = {_array(headers)}")


def seen_as(seen: Evidence) -> str:
    """The evidence: examples, the share that reads as its kind, the share that is blank."""
    shown = " · ".join(seen.examples)
    kind, share = kind_said(seen.kind), percent(seen.read)
    blank = seen.filled < _BLANK_WORTH_SAYING
    if not blank:
        return _("{shown}; {share} read as {kind}", shown=shown, share=share, kind=kind)
    return _(
        "{shown}; {share} read as {kind}, {blank} blank",
        shown=shown,
        share=share,
        kind=kind,
        blank=percent(1 - seen.filled),
    )


def _left(writer: Writer, proposal: Proposal) -> None:
    if not proposal.left or not proposal.table:
        return
    named = ", ".join(shorten(header) for header in proposal.left)
    if proposal.table == "customers":
        why = _("not used (any name before it makes it an attribute): {named}", named=named)
    else:
        why = _("not used: {named}", named=named)
    writer.line(why=why)


def _words(writer: Writer, name: str, column: str, words: Words) -> None:
    """Words by their meaning, with counts; what nobody can know is left to be sorted."""
    if not words.found and not words.rest:
        return
    writer.line(f"[lists.{name}.words.{column}]")
    for word in words.possible:
        ones = words.found.get(word, [])
        if ones or words.rest:
            counts = ", ".join(f"{words.counts[one]:,}" for one in ones)
            writer.line(f"{word} = {_array(ones)}", counts if ones else None)
    if words.rest:
        shown = ", ".join(f"{quoted(one)} {words.counts[one]:,}" for one in words.rest)
        which = ", ".join(words.possible)
        writer.line(why=_("put each of these into {which}: {shown}", which=which, shown=shown))


def _attributes(writer: Writer, facts: Iterable[Fact]) -> None:
    facts = list({fact.name: fact for fact in facts}.values())
    if not facts:
        return
    writer.line()
    writer.line(
        why=_(
            "What else is known about a customer. known_at: before_contract, "
            "after_contract, after_outcome or undated"
        )
    )
    writer.line("[attributes]")
    for fact in facts:
        kind = f'kind = "{fact.kind}", ' if fact.kind != "text" else ""
        said = f'{kind}family = "{fact.family}", known_at = "undated"'
        writer.line(f"{key(fact.name)} = {{ {said} }}")


def _is_column(hint: Hint) -> bool:
    """Whether the line belongs among the columns of a list, not among its other settings."""
    name = hint.line.split(" = ")[0].strip()
    return bool(hint.line) and name not in ListSection.model_fields


def _array(values: Iterable[str]) -> str:
    return f"[{', '.join(quoted(str(value)) for value in values)}]"
