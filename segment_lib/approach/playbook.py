"""The playbook: rows read from the top, of which the first that fits is a customer's action.

Three presets are shipped (playbooks/*.toml): a service for firms, mail order, orders alone. The
client's own rows ([[actions]]) are read before them; one of the name of a row stands in its place.
Whatever a row says, `MAY_NOT` holds: who is not approached is left alone, nothing is sold where
something is open, no rung is skipped, a fad is not chased.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from segment_lib.approach.conditions import sign_and_word, words_asked
from segment_lib.approach.reasons import REACHABLE
from segment_lib.checks import ClientError, closest
from segment_lib.client import Client
from segment_lib.columns import COLUMNS, label, value_label, values_of
from segment_lib.settings import ActionRow, ChannelsSection
from segment_lib.settings.plan import proposed_playbook
from segment_lib.settings.sections import code_of, plain_word
from segment_lib.voice import _, in_every_language, pgettext, said_by_people

FOLDER = Path(__file__).parent / "playbooks"
PRESETS = ("b2b_service", "mail_order", "orders_only")
ALWAYS = ("as agreed", "none")  # channels that need no permission, no address and no use of ours
OPTIONAL = re.compile(r"\[([^\[\]]*\{[^\[\]]*)\]")  # a part that is left out without its facts


@dataclass(frozen=True)
class Playbook:
    """`rows` in the order in which they are read; `preset`: whose rows stand behind the client's,
    `chosen`: by a person, else proposed by the lists; `cut`: the labels it is cut by first;
    `channels`: by which means this business speaks.
    """

    rows: tuple[ActionRow, ...]
    preset: str
    chosen: bool
    cut: tuple[str, ...]
    channels: tuple[str, ...]


@cache
def _page(preset: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{preset}.toml").read_text(encoding="utf-8"))


@cache
def preset_rows(preset: str) -> tuple[ActionRow, ...]:
    """The rows of a preset, in their order."""
    page = _page(preset)
    if "takes" in page:
        left = set(page["leaves_out"])
        return tuple(row for row in preset_rows(page["takes"]) if row.name not in left)
    return tuple(ActionRow.model_validate(row) for row in page["rows"])


def _stated(preset: str, key: str) -> Any:
    page = _page(preset)
    return page[key] if key in page else _stated(page["takes"], key)


def playbook_of(client: Client) -> Playbook:
    """The playbook of a client: the preset they chose, else the one that their lists propose.

    Raises `ClientError` on a row whose conditions cannot hold together, or that names a row that
    does not exist, and on a cut by a column that has no groups.
    """
    chosen = client.playbook
    _require_groups(chosen.cut, client)
    preset = chosen.use or proposed_playbook({client.table_of(name) for name in client.lists})
    own = _own_rows(client.actions)
    if preset == "own":
        rows = own
    else:
        by_name = {name: row for row in own for name in _names(row)}
        shipped = preset_rows(preset)
        signed = {"decided_by": chosen.decided_by, "decided_on": chosen.decided_on}
        replaced = [_instead(row, by_name) or row.model_copy(update=signed) for row in shipped]
        rows = (*(row for row in own if row not in replaced), *replaced)
    _require_names(rows)
    shipped_cut = () if preset == "own" else tuple(_stated(preset, "cut"))
    usual = tuple(values_of("channel")) if preset == "own" else tuple(_stated(preset, "channels"))
    # who writes a row speaks by its channels, also by one that the kit has no word for
    written = (channel for row in own for channel in row.channels if channel not in ALWAYS)
    in_use = client.channels.in_use or tuple(dict.fromkeys((*usual, *written)))
    return Playbook(rows, preset, bool(chosen.use), chosen.cut or shipped_cut, in_use)


def _require_groups(cut: tuple[str, ...], client: Client) -> None:
    for column in cut:
        if not values_of(column) and column not in client.attributes:
            known = [name for name in COLUMNS if values_of(name)]
            raise ClientError(
                "[playbook] cut names {column}, which has no groups to cut by. Did you mean "
                "{known}? An attribute of [attributes] can be named too.",
                column=column,
                known=closest(column, [*known, *client.attributes]) or "five_type, status, stage",
            )


def preset_said(book: Playbook) -> str:
    """What a playbook is for, in words."""
    return _("your own rows") if book.preset == "own" else _(_stated(book.preset, "says"))


def _instead(row: ActionRow, own: dict[str, ActionRow]) -> ActionRow | None:
    return next((own[name] for name in _names(row) if name in own), None)


def _names(row: ActionRow) -> list[str]:
    """Every name of a row: as it stands, its twin, and what the catalogue calls it."""
    names = (row.name, row.name_ja, *in_every_language("", row.name))
    return [plain_word(one) for one in names if one]


def _own_rows(rows: tuple[ActionRow, ...]) -> tuple[ActionRow, ...]:
    """The client's rows; one that names a decision alone takes what no other of them names."""
    for row in rows:
        _require_together(row)
    rest = [row for row in rows if row.decision and not row.reasons and not row.when]
    return (*(row for row in rows if row not in rest), *rest)


def _require_together(row: ActionRow) -> None:
    possible = REACHABLE.get(row.decision, ())
    unknown = [reason for reason in row.reasons if row.decision and reason not in possible]
    if unknown:
        raise ClientError(
            '[[actions]] "{name}" names {unknown} for {decision}, which never occurs '
            "together. {decision} can have: {possible}.",
            name=row.name,
            unknown=unknown,
            decision=row.decision,
            possible=list(possible),
        )


def _require_names(rows: tuple[ActionRow, ...]) -> None:
    names = [row.name for row in rows]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ClientError(
            "[[actions]] holds the name {names} more than once. Give each row a name of its own.",
            names=twice,
        )
    for row in rows:
        if row.if_no_answer and row.if_no_answer.row not in names:
            raise ClientError(
                '[[actions]] "{name}" goes on to "{row}", which is no row of this playbook. Did '
                "you mean {known}?",
                name=row.name,
                row=row.if_no_answer.row,
                known=closest(row.if_no_answer.row, names) or names,
            )


def row_named(rows: tuple[ActionRow, ...], name: str) -> ActionRow:
    """The row of that name."""
    return next(row for row in rows if row.name == name)


def name_said(row: ActionRow) -> str:
    """The name of a row in the language of the moment."""
    return said_by_people(row.name, row.name_ja)


def action_names(client: Client) -> list[set[str]]:
    """What each row of the presets and of the client is called, in either language."""
    rows = [*client.actions, *(row for preset in PRESETS for row in preset_rows(preset))]
    return [
        {*filter(None, (row.name, row.name_ja)), *in_every_language("", row.name)} for row in rows
    ]


# --- what a sentence says -----------------------------------------------------------------------
@cache
def said_fields(content: str, *, optional: bool) -> frozenset[str]:
    """The {facts} of a sentence; without `optional`, only those outside of [brackets]."""
    text = content if optional else OPTIONAL.sub("", content)
    try:
        return frozenset(name for _text, name, _spec, _how in Formatter().parse(text) if name)
    except ValueError:
        return frozenset()


def told(content: str, words: dict[str, str]) -> str:
    """The sentence with its facts; a part in [brackets] is left out where one is not known."""
    if not said_fields(content, optional=True):
        return content

    def part(found: re.Match[str]) -> str:
        inside = found[1]
        known = all(words.get(name) for name in said_fields(inside, optional=True))
        return inside if known else ""

    said = OPTIONAL.sub(part, content).format_map(words).strip()
    return said[:1].upper() + said[1:]


@cache
def _texts(content: str, content_ja: str) -> tuple[str, ...]:
    """A sentence in every language: as people wrote it, and its twins of the catalogue."""
    return tuple(filter(None, {content, content_ja, *in_every_language("", content)}))


def needed(row: ActionRow) -> set[str]:
    """The facts without which a row does not fit: those it names, and those it must say."""
    texts = _texts(row.content, row.content_ja)
    return set(row.needs).union(*(said_fields(text, optional=False) for text in texts))


@cache
def usual_facts() -> frozenset[str]:
    """What the presets say, such as an industry: attributes that a list may or may not have."""
    rows = [row for preset in PRESETS for row in preset_rows(preset)]
    return frozenset().union(*map(said_everywhere, rows))


def said_everywhere(row: ActionRow) -> set[str]:
    """Every fact that a row names, in either language."""
    texts = _texts(row.content, row.content_ja)
    return set(row.needs).union(*(said_fields(text, optional=True) for text in texts))


def with_row(client: Client, **row: Any) -> Client:
    """A copy of the client with one more row of its own, read before all others: to try a change.

    The keys are those of [[actions]]; a row of a shipped name stands in its place.
    """
    own = ActionRow.model_validate(row)
    return client.model_copy(update={"actions": (own, *client.actions)})


def with_preset(client: Client, preset: str) -> Client:
    """A copy of the client with another preset and nothing of its own: to set them side by side."""
    chosen = client.playbook.model_copy(update={"use": preset})
    return client.model_copy(
        update={"playbook": chosen, "actions": (), "channels": ChannelsSection()}
    )


def conditions_said(row: ActionRow) -> str:
    """The conditions of a row in words; of a row without any, that it takes whoever is left."""
    parts = [
        condition_said(column, _words_said(column, asked))
        for column, asked in row.conditions.items()
    ]
    return pgettext("conditions", " · ").join(parts) or _("whoever is left")


def condition_said(column: str, words: str) -> str:
    """A column and what it is, in words."""
    return pgettext("condition", "{column}: {words}").format(column=label(column), words=words)


def _words_said(column: str, asked: object) -> str:
    return pgettext("condition", " or ").join(word_said(column, one) for one in words_asked(asked))


def word_said(column: str, word: object) -> str:
    """What a row asks of a column, in the words of the moment; its sign stays."""
    sign, bare = sign_and_word(str(word).strip())
    shown = {"yes": _("yes"), "no": _("no")}.get(plain_word(bare), str(bare))
    if values_of(column):
        try:
            shown = str(value_label(column, code_of(column, bare)))
        except ValueError:
            shown = str(bare)
    return shown if sign == "=" else f"{sign} {shown}"


def texts() -> Iterator[str]:
    """Every sentence of the presets, for the catalogue."""
    for preset in PRESETS:
        yield _stated(preset, "says")
        for row in preset_rows(preset):
            yield from (row.name, row.content, row.measure)
