"""The playbook: rows read from the top, of which the first that fits is a customer's action.

Three presets are shipped (playbooks/*.toml): a service for firms, mail order, orders alone. The
client's own rows ([[actions]]) are read before them; one of the name of a row stands in its place.
Whatever a row says, `MAY_NOT` holds: who is not approached is left alone, nothing is sold where
something is open, no rung is skipped, a fad is not chased.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import numpy as np
import pandas as pd

from segment_lib.approach.conditions import fits
from segment_lib.approach.reasons import REACHABLE
from segment_lib.checks import ClientError, closest
from segment_lib.client import Client
from segment_lib.columns import COLUMNS, label, value_label, values_of
from segment_lib.settings import ActionRow, ChannelsSection
from segment_lib.settings.plan import proposed_playbook
from segment_lib.settings.sections import code_of, plain_word
from segment_lib.voice import N_, _, in_every_language, pgettext, said_by_people

FOLDER = Path(__file__).parent / "playbooks"
PRESETS = ("b2b_service", "mail_order", "orders_only")
# The column of the register without which a channel cannot be used, where a list has it.
ADDRESSES = {"call": "telephone", "mail": "email", "letter": "address"}
ALWAYS = ("as agreed", "none")  # channels that need no permission, no address and no use of ours
PARCEL_DAYS = 14  # so many days after an order a parcel is taken to be on its way
LADDER = ("name_only", "mail_or_call", "met_once", "met_twice")  # rungs from which none proposes
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

    Raises `ClientError` on a row whose conditions cannot hold together, or that names a fact or a
    row that does not exist.
    """
    chosen = client.playbook
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


# --- whom a row fits ----------------------------------------------------------------------------
def _has(facts: pd.DataFrame, column: str, *words: object) -> pd.Series:
    if column not in facts:
        return pd.Series(False, index=facts.index)
    return facts[column].isin(words).fillna(False).astype(bool)


def _something_is_open(facts: pd.DataFrame) -> pd.Series:
    wrong = _has(facts, "incident_state", "open", "recovered")
    return wrong & ~_has(facts, "justified", False)


def _on_a_low_rung(facts: pd.DataFrame) -> pd.Series:
    return _has(facts, "sub_stage", *LADDER) & ~_has(facts, "under_contract", True)


def _not_answered(facts: pd.DataFrame) -> pd.Series:
    waits = _has(facts, "quote", "open", "lying")
    if {"proposed_on", "last_reply_on"} <= set(facts):
        answered = facts["last_reply_on"] > facts["proposed_on"]
        unsaid = _has(facts, "sub_stage", "proposal") & facts["proposed_on"].notna() & ~answered
        waits = waits | (unsaid & ~_has(facts, "under_contract", True))
    return waits


def _sells(row: ActionRow) -> bool:
    return row.purpose == "propose"


@dataclass(frozen=True)
class Guard:
    """Something that no row may do: `why`, as it is said; which rows it `stops`, for `whom`."""

    why: str
    stops: Callable[[ActionRow], bool]
    whom: Callable[[pd.DataFrame], pd.Series]


MAY_NOT = (
    Guard(
        N_("they are not approached"),
        lambda row: row.purpose != "none",
        lambda facts: _has(facts, "decision", "not_approached"),
    ),
    Guard(
        N_("something went wrong and the next delivery has not exceeded yet"),
        _sells,
        _something_is_open,
    ),
    Guard(
        N_("nothing is sold to them"),
        _sells,
        lambda facts: _has(facts, "reason", "opted_out", "declared"),
    ),
    Guard(N_("a rung would be skipped"), _sells, _on_a_low_rung),
    Guard(
        N_("our last proposal awaits an answer"),
        lambda row: _sells(row) and "quote" not in row.when,
        _not_answered,
    ),
    Guard(N_("a fad is not chased"), _sells, lambda facts: _has(facts, "five_type", "fad")),
)
RELATIONS = ("understand", "educate", "recover")  # what a call to a fad may be for


def _reach(book: Playbook, facts: pd.DataFrame) -> dict[str, np.ndarray]:
    """Per channel that this business uses, who has not refused it and can be reached by it."""
    refused = facts.get("channels_refused", pd.Series("", index=facts.index)).fillna("")
    refusals = {words: set(str(words).split(", ")) for words in refused.unique()}
    can = {channel: np.ones(len(facts), dtype=bool) for channel in ALWAYS}
    for channel in book.channels:
        allowed = ~refused.map({words: channel in no for words, no in refusals.items()})
        can[channel] = (allowed & _reached_by(channel, facts)).to_numpy(dtype=bool)
    return can


def _reached_by(channel: str, facts: pd.DataFrame) -> pd.Series:
    """Whether a customer has the address that a channel needs, where the list tells addresses."""
    everybody = pd.Series(True, index=facts.index)
    column = ADDRESSES.get(channel)
    if column in facts and facts[column].notna().any():
        return facts[column].notna() & facts[column].ne("")
    if channel == "parcel":
        lately = facts["recency_days"].le(PARCEL_DAYS) if "recency_days" in facts else ~everybody
        return lately.fillna(False).astype(bool) | _has(facts, "due", "soon")
    return everybody


def _channel_for(row: ActionRow, can: dict[str, np.ndarray], fads: np.ndarray) -> np.ndarray:
    """Per customer the first channel of the row by which they can be reached; None if none."""
    chosen = np.full(len(fads), None, dtype=object)
    for channel in row.channels:
        if channel in can:
            free = can[channel] & (chosen == None)  # noqa: E711  (an array, one by one)
            if channel in ("call", "visit") and row.purpose not in RELATIONS:
                free &= ~fads
            chosen[free] = channel
    return chosen


def after_no_answer(
    book: Playbook, plans: Mapping[date, pd.DataFrame], facts: pd.DataFrame, as_of: date
) -> pd.DataFrame:
    """What follows from the accepted plans of earlier days (営業シナリオ), one row per customer.

    follows: the row that follows because nobody answered in time, "" if none; asked: how many
    actions in a row asked for something without an answer or a gift in between. An answer is a
    word of the customer or an order after the day of the action.
    """
    rows = {row.name: row for row in book.rows}
    follows = pd.Series("", index=facts.index, dtype="object")
    asked = pd.Series(0, index=facts.index)
    heard = pd.concat(
        [pd.to_datetime(facts[name]) for name in ("last_reply_on", "last_order_on")
         if name in facts], axis=1,
    ).max(axis=1) if set(facts) & {"last_reply_on", "last_order_on"} else None  # fmt: skip
    for day in sorted(plans):
        if day >= as_of or "row" not in plans[day]:
            continue
        done = plans[day].reindex(facts.index)
        on = pd.to_datetime(done["do_on"])
        done = done[done["planned_week"].notna() & on.le(pd.Timestamp(as_of))]
        silent = pd.Series(True, index=done.index)
        if heard is not None:
            silent = ~heard[done.index].gt(on[done.index])
        asks = done["row"].map({name: row.asks for name, row in rows.items()}).eq(True)
        asked[done.index] = (asked[done.index] + 1).where(silent & asks, 0)
        next_rows = {name: row.if_no_answer for name, row in rows.items() if row.if_no_answer}
        days = done["row"].map({name: one.days for name, one in next_rows.items()})
        over = on[done.index] + pd.to_timedelta(days, unit="D") <= pd.Timestamp(as_of)
        then = done["row"].map({name: one.row for name, one in next_rows.items()})
        follows[done.index] = then.where(over & silent, "").fillna("")
    return pd.DataFrame({"follows": follows, "asked": asked})


@dataclass(frozen=True)
class Choice:
    """`row`: per customer the place of the row that is theirs; `channel`: by which means; `fits`:
    one column per row, whom it fits on its own; `kept_from`: place of a row → why, how many.
    """

    row: pd.Series
    channel: pd.Series
    fits: pd.DataFrame
    kept_from: dict[int, dict[str, int]]


def choose(book: Playbook, facts: pd.DataFrame, known: set[str]) -> Choice:
    """For every customer the first row that fits; where nobody answered the last action in time,
    the row that `follows` (a column of the facts), unless something speaks against it.

    A row fits where its conditions hold, what it needs is known, nothing in `MAY_NOT` stands
    against it, and a channel is left. `known` are the names that a row may ask for although these
    lists do not fill them. Raises `ClientError` if somebody is left without a row.
    """
    n, index = len(facts), facts.index
    row, following = np.full(n, -1), np.full(n, -1)
    channel = np.full(n, None, dtype=object)
    fitting: dict[int, np.ndarray] = {}
    by: dict[int, np.ndarray] = {}
    kept_from: dict[int, dict[str, int]] = {}
    against = [(guard, guard.whom(facts).to_numpy(dtype=bool)) for guard in MAY_NOT]
    can, fads = _reach(book, facts), _has(facts, "five_type", "fad").to_numpy(dtype=bool)
    follows = facts["follows"].to_numpy() if "follows" in facts else np.full(n, "")
    for at, one in enumerate(book.rows):
        place = f'[[actions]] "{one.name}"'
        possible = _known(one, facts, place, known)
        held = fits(one.conditions, facts, place, known).to_numpy(dtype=bool) & possible
        kept_from[at] = {}
        for guard, whom in against:
            if guard.stops(one):
                possible = possible & ~whom
                if kept := int((whom & held & (row < 0)).sum()):  # whom no row above has taken
                    kept_from[at][guard.why] = kept
        by[at] = _channel_for(one, can, fads)
        possible = possible & (by[at] != None)  # noqa: E711  (an array, one by one)
        fitting[at] = held & possible
        row[fitting[at] & (row < 0)] = at
        following[(follows == one.name) & possible] = at
    # what went wrong, or is owed, comes before any sequel
    first = np.isin(row, [at for at, one in enumerate(book.rows) if one.purpose == "recover"])
    away = _has(facts, "decision", "not_approached").to_numpy(dtype=bool)
    sequel = (following >= 0) & ~first & ~away
    row[sequel] = following[sequel]
    for at, means in by.items():
        channel[row == at] = means[row == at]
    _require_a_row(index, row, away)
    return Choice(
        pd.Series(row, index),
        pd.Series(channel, index, dtype="object"),
        pd.DataFrame(fitting, index=index),
        kept_from,
    )


def _require_a_row(index: pd.Index, row: np.ndarray, away: np.ndarray) -> None:
    left, alone = index[row < 0], index[(row < 0) & away]
    if len(alone):
        raise ClientError(
            "The playbook has no action for {n} customers who are not approached, for example "
            '{ids}. Add a row for them: when = {{ decision = "not_approached" }}, '
            'purpose = "none", channels = ["none"].',
            n=len(alone),
            ids=list(map(str, alone[:3])),
        )
    if len(left):
        raise ClientError(
            "The playbook has no action for {n} customers, for example {ids}. Add a last row "
            'without conditions and with the channel "none": it takes whoever is left.',
            n=len(left),
            ids=list(map(str, left[:3])),
        )


def _known(row: ActionRow, facts: pd.DataFrame, place: str, known: set[str]) -> np.ndarray:
    held = np.ones(len(facts), dtype=bool)
    for name in said_everywhere(row) - set(facts) - set(COLUMNS) - known - _usual():
        raise ClientError(
            "{place} says {{{name}}}, which is no fact that the kit knows. Did you mean {known}?",
            place=place,
            name=name,
            known=closest(name, [*map(str, facts.columns), *known]) or "line, product, needs",
        )
    for name in needed(row):
        if name not in facts:
            return ~held & held
        held &= (facts[name].notna() & facts[name].ne("")).to_numpy(dtype=bool)
    return held


@cache
def _usual() -> frozenset[str]:
    """What the presets say, such as an industry: attributes that a list may or may not have."""
    rows = [row for preset in PRESETS for row in preset_rows(preset)]
    return frozenset().union(*map(said_everywhere, rows))


def said_everywhere(row: ActionRow) -> set[str]:
    """Every fact that a row names, in either language."""
    texts = _texts(row.content, row.content_ja)
    return set(row.needs).union(*(said_fields(text, optional=True) for text in texts))


# --- is it a good playbook? ---------------------------------------------------------------------
def rows_table(book: Playbook, choice: Choice, plan_hours: pd.Series | None = None) -> pd.DataFrame:
    """One row per row of the playbook, in its order: row (its name), action (in words), asks_for,
    purpose, channels, effort_hours, due_in_days, measure, decided, signed, fits (on its own),
    takes (in this order), hours (of all it takes), hidden_by, kept_from.
    """
    found = []
    for at, row in enumerate(book.rows):
        takes = int(choice.row.eq(at).sum())
        found.append(
            {
                "row": row.name,
                "action": name_said(row),
                "asks_for": conditions_said(row),
                "purpose": row.purpose,
                "channels": pgettext("channels", ", ").join(
                    str(value_label("channel", one)) for one in row.channels
                ),
                "effort_hours": row.effort_hours,
                "due_in_days": row.due_in_days,
                "measure": said_by_people(row.measure, row.measure_ja),
                "decided": row.signature(),
                "signed": row.is_signed,
                "fits": int(choice.fits[at].sum()),
                "takes": takes,
                "hours": takes * row.effort_hours,
                "hidden_by": _hidden_by(at, book.rows),
                "kept_from": "; ".join(
                    f"{_(why)}: {n:,}" for why, n in choice.kept_from[at].items()
                ),
            }
        )
    return pd.DataFrame(found)


def why_rows(book: Playbook, facts: pd.DataFrame, known: set[str], who: str) -> pd.DataFrame:
    """One customer followed through the rows: one row per row of the playbook, down to the first
    that fits: action, asks_for, and in `why_not` what speaks against it ("" where it fits).
    """
    one = facts.loc[[who]]
    found = []
    for row in book.rows:
        why = _why_not(row, one, book, known)
        found.append((name_said(row), conditions_said(row), why))
        if not why:
            break
    return pd.DataFrame(found, columns=["action", "asks_for", "why_not"])


def _why_not(row: ActionRow, one: pd.DataFrame, book: Playbook, known: set[str]) -> str:
    place = f'[[actions]] "{row.name}"'
    for column, asked in row.conditions.items():
        if not fits({column: asked}, one, place, known).iloc[0]:
            now = one[column].iloc[0] if column in one else None
            says = _("not known") if now is None or pd.isna(now) else _word_said(column, now)
            return _condition_said(column, says)
    for name in needed(row):
        if name not in one or pd.isna(one[name].iloc[0]) or one[name].iloc[0] == "":
            return _("{fact} is not known", fact=label(name))
    for guard in MAY_NOT:
        if guard.stops(row) and guard.whom(one).iloc[0]:
            return _(guard.why)
    fads = _has(one, "five_type", "fad").to_numpy(dtype=bool)
    return "" if _channel_for(row, _reach(book, one), fads)[0] else _("no channel is left")


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
        _condition_said(column, _words_said(column, asked))
        for column, asked in row.conditions.items()
    ]
    return pgettext("conditions", " · ").join(parts) or _("whoever is left")


def _condition_said(column: str, words: str) -> str:
    return pgettext("condition", "{column}: {words}").format(column=label(column), words=words)


def _words_said(column: str, asked: object) -> str:
    words = asked if isinstance(asked, (list, tuple)) else [asked]
    return pgettext("condition", " or ").join(_word_said(column, one) for one in words)


def _word_said(column: str, word: object) -> str:
    sign = next((one for one in ("<=", ">=", "!=", "<", ">", "=") if str(word).startswith(one)), "")
    bare = str(word).removeprefix(sign).strip()
    shown = {"yes": _("yes"), "no": _("no")}.get(plain_word(bare), bare)
    if values_of(column):
        try:
            shown = str(value_label(column, code_of(column, bare)))
        except ValueError:
            shown = bare
    return f"{sign} {shown}" if sign not in ("", "=") else shown


def _hidden_by(at: int, rows: tuple[ActionRow, ...]) -> str:
    """The earlier row that takes whoever this one could mean; "" if there is none."""
    for earlier in rows[:at]:
        alike = needed(earlier) <= needed(rows[at])
        open_ = earlier.channels[-1] in ALWAYS or set(rows[at].channels) <= set(earlier.channels)
        if alike and open_ and _implied(earlier, rows[at]):
            return name_said(earlier)
    return ""


def _implied(earlier: ActionRow, later: ActionRow) -> bool:
    """Whether everybody who fits the later row fits the earlier one: by their conditions alone."""
    return all(
        column in later.conditions
        and _codes(column, later.conditions[column]) <= _codes(column, asked)
        for column, asked in earlier.conditions.items()
    )


def _codes(column: str, asked: object) -> set[str]:
    words = asked if isinstance(asked, (list, tuple)) else [asked]
    found = set()
    for word in words:
        try:
            found.add(plain_word(code_of(column, word) if values_of(column) else word))
        except ValueError:
            found.add(plain_word(word))
    return found


def groups_table(book: Playbook, facts: pd.DataFrame) -> pd.DataFrame:
    """One row per group of the leading cut that is there: column, group, customers, row_of_its_own
    ("" if none names it), same_as (groups that share it), cut_further (by the next label of the
    cut, as a group without a row of its own is).
    """
    found, inside = [], pd.Series(True, index=facts.index)
    cut = [column for column in book.cut if column in facts]
    for column in cut:
        left = pd.Series(False, index=facts.index)
        for code in values_of(column):
            group = _has(facts, column, code) & inside
            if group.any():
                row = _row_of(code, column, book.rows)
                further = row is None and column != cut[-1]
                own = (name_said(row), _shares(row, column, code)) if row else ("", "")
                found.append((column, code, int(group.sum()), *own, further))
                left |= group if further else False
        inside = left
    names = ["column", "group", "customers", "row_of_its_own", "same_as", "cut_further"]
    return pd.DataFrame(found, columns=names).astype({"cut_further": bool})


def _row_of(code: str, column: str, rows: tuple[ActionRow, ...]) -> ActionRow | None:
    """The first row for one group alone, else the first that names it beside others."""
    named = [row for row in rows if code in _codes_named(row, column)]
    alone = [row for row in named if _codes_named(row, column) == {code}]
    return next(iter((*alone, *named)), None)


def _codes_named(row: ActionRow, column: str) -> set[str]:
    asked = row.conditions.get(column)
    if asked is None:
        return set()
    words = asked if isinstance(asked, (list, tuple)) else [asked]
    return {code_of(column, word) for word in words if not str(word).startswith(("!", "<", ">"))}


def _shares(row: ActionRow, column: str, code: str) -> str:
    others = sorted(_codes_named(row, column) - {code})
    return pgettext("groups", ", ").join(str(value_label(column, one)) for one in others)


def texts() -> Iterator[str]:
    """Every sentence of the presets, for the catalogue."""
    for preset in PRESETS:
        yield _stated(preset, "says")
        for row in preset_rows(preset):
            yield from (row.name, row.content, row.measure)
