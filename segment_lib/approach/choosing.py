"""Whom which row takes: the first that fits, unless one of `MAY_NOT` stands against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from segment_lib.approach.conditions import fits
from segment_lib.approach.known import FACTS
from segment_lib.approach.playbook import (
    ALWAYS,
    Playbook,
    condition_said,
    conditions_said,
    name_said,
    needed,
    said_everywhere,
    usual_facts,
    word_said,
)
from segment_lib.checks import ClientError, closest
from segment_lib.columns import COLUMNS, label
from segment_lib.settings import ActionRow
from segment_lib.voice import N_, _

# The column of the register without which a channel cannot be used, where a list has it.
ADDRESSES = {"call": "telephone", "mail": "email", "letter": "address"}
PARCEL_DAYS = 14  # so many days after an order a parcel is taken to be on its way
LADDER = ("name_only", "mail_or_call", "met_once", "met_twice")  # rungs from which none proposes


def has(facts: pd.DataFrame, column: str, *words: object) -> pd.Series:
    """Who has one of the words in a column; nobody where there is no such column."""
    if column not in facts:
        return pd.Series(False, index=facts.index)
    return facts[column].isin(words).fillna(False).astype(bool)


def _something_is_open(facts: pd.DataFrame) -> pd.Series:
    wrong = has(facts, "incident_state", "open", "recovered")
    return wrong & ~has(facts, "justified", False)


def _on_a_low_rung(facts: pd.DataFrame) -> pd.Series:
    return has(facts, "sub_stage", *LADDER) & ~has(facts, "under_contract", True)


def _not_answered(facts: pd.DataFrame) -> pd.Series:
    waits = has(facts, "quote", "open", "lying")
    if {"proposed_on", "last_reply_on"} <= set(facts):
        answered = facts["last_reply_on"] > facts["proposed_on"]
        unsaid = has(facts, "sub_stage", "proposal") & facts["proposed_on"].notna() & ~answered
        waits = waits | (unsaid & ~has(facts, "under_contract", True))
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
        lambda facts: has(facts, "decision", "not_approached"),
    ),
    Guard(
        N_("something went wrong and the next delivery has not exceeded yet"),
        _sells,
        _something_is_open,
    ),
    Guard(
        N_("nothing is sold to them"),
        _sells,
        lambda facts: has(facts, "reason", "opted_out", "declared"),
    ),
    Guard(N_("a rung would be skipped"), _sells, _on_a_low_rung),
    Guard(
        N_("our last proposal awaits an answer"),
        lambda row: _sells(row) and "quote" not in row.when,
        _not_answered,
    ),
    Guard(N_("a fad is not chased"), _sells, lambda facts: has(facts, "five_type", "fad")),
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
        return lately.fillna(False).astype(bool) | has(facts, "due", "soon")
    return everybody


def _untold(facts: pd.DataFrame) -> set[str]:
    """The channels whose addresses no list tells, where one tells those of another."""
    told = {one for one, column in ADDRESSES.items() if column in facts and facts[column].any()}
    return set(ADDRESSES) - told if told else set()


def _channel_for(
    row: ActionRow, can: dict[str, np.ndarray], fads: np.ndarray, untold: set[str]
) -> np.ndarray:
    """Per customer the first channel of the row by which they can be reached; None if none.

    One whose addresses no list tells comes behind those whose addresses one does.
    """
    chosen = np.full(len(fads), None, dtype=object)
    for channel in sorted(row.channels, key=lambda one: one in untold):
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
    heard = facts.reindex(columns=["last_reply_on", "last_order_on"]).apply(pd.to_datetime)
    heard_on = heard.max(axis=1)
    for day in sorted(plans):
        if day >= as_of or "row" not in plans[day]:
            continue
        done = plans[day].reindex(facts.index)
        on = pd.to_datetime(done["do_on"])
        done = done[done["planned_week"].notna() & on.le(pd.Timestamp(as_of))]
        silent = ~heard_on[done.index].gt(on[done.index])
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


def choice_of(facts: pd.DataFrame, book: Playbook) -> Choice:
    """For every customer the first row that fits; where nobody answered the last action in time,
    the row that `follows` (a column of the facts), unless something speaks against it.

    A row fits where its conditions hold, what it needs is known, nothing in `MAY_NOT` stands
    against it, and a channel is left. Raises `ClientError` if somebody is left without a row.
    """
    n, index = len(facts), facts.index
    row, following = np.full(n, -1), np.full(n, -1)
    channel = np.full(n, None, dtype=object)
    fitting: dict[int, np.ndarray] = {}
    by: dict[int, np.ndarray] = {}
    kept_from: dict[int, dict[str, int]] = {}
    against = [(guard, guard.whom(facts).to_numpy(dtype=bool)) for guard in MAY_NOT]
    can, fads = _reach(book, facts), has(facts, "five_type", "fad").to_numpy(dtype=bool)
    untold = _untold(facts)
    follows = facts["follows"].to_numpy() if "follows" in facts else np.full(n, "")
    for at, one in enumerate(book.rows):
        place = f'[[actions]] "{one.name}"'
        possible = _known(one, facts, place)
        held = fits(one.conditions, facts, place, FACTS).to_numpy(dtype=bool) & possible
        kept_from[at] = {}
        for guard, whom in against:
            if guard.stops(one):
                possible = possible & ~whom
                if kept := int((whom & held & (row < 0)).sum()):  # whom no row above has taken
                    kept_from[at][guard.why] = kept
        by[at] = _channel_for(one, can, fads, untold)
        possible = possible & (by[at] != None)  # noqa: E711  (an array, one by one)
        fitting[at] = held & possible
        row[fitting[at] & (row < 0)] = at
        following[(follows == one.name) & possible] = at
    # what went wrong, is owed, or a person decided comes before any sequel
    first = np.isin(row, [at for at, one in enumerate(book.rows) if one.purpose == "recover"])
    away = has(facts, "decision", "not_approached").to_numpy(dtype=bool)
    by_a_person = (
        facts["override"].notna().to_numpy(dtype=bool) if "override" in facts else np.zeros(n, bool)
    )
    sequel = (following >= 0) & ~first & ~away & ~by_a_person
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


def _known(row: ActionRow, facts: pd.DataFrame, place: str) -> np.ndarray:
    held = np.ones(len(facts), dtype=bool)
    for name in said_everywhere(row) - set(facts) - set(COLUMNS) - set(FACTS) - usual_facts():
        raise ClientError(
            "{place} says {{{name}}}, which is no fact that the kit knows. Did you mean {known}?",
            place=place,
            name=name,
            known=closest(name, [*map(str, facts.columns), *FACTS]) or "line, product, needs",
        )
    for name in needed(row):
        if name not in facts:
            return ~held & held
        held &= (facts[name].notna() & facts[name].ne("")).to_numpy(dtype=bool)
    return held


def followed(facts: pd.DataFrame, book: Playbook, who: str) -> pd.DataFrame:
    """One customer followed through the rows: one row per row of the playbook, down to the first
    that fits: action, asks_for, and in `why_not` what speaks against it ("" where it fits).
    """
    one = facts.loc[[who]]
    found = []
    for row in book.rows:
        why = _why_not(row, one, book)
        found.append((name_said(row), conditions_said(row), why))
        if not why:
            break
    return pd.DataFrame(found, columns=["action", "asks_for", "why_not"])


def _why_not(row: ActionRow, one: pd.DataFrame, book: Playbook) -> str:
    place = f'[[actions]] "{row.name}"'
    for column, asked in row.conditions.items():
        if not fits({column: asked}, one, place, FACTS).iloc[0]:
            now = one[column].iloc[0] if column in one else None
            says = _("not known") if now is None or pd.isna(now) else word_said(column, now)
            return condition_said(column, says)
    for name in needed(row):
        if name not in one or pd.isna(one[name].iloc[0]) or one[name].iloc[0] == "":
            return _("{fact} is not known", fact=label(name))
    for guard in MAY_NOT:
        if guard.stops(row) and guard.whom(one).iloc[0]:
            return _(guard.why)
    fads = has(one, "five_type", "fad").to_numpy(dtype=bool)
    return "" if _channel_for(row, _reach(book, one), fads, set())[0] else _("no channel is left")
