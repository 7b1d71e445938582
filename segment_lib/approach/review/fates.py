"""Every reviewed row gets exactly one fate, before anything is written.

taken: it will hold · agreed: somebody looked and leaves the decision to the kit · unchanged: it
stands in overrides.csv word for word · elsewhere: another row of the same customer says it ·
waiting: its yellow columns are empty, nobody has looked at it · refused: it cannot be taken, `says`
tells why and what to do. The sum of the fates is the number of rows.

A decision equal to the kit's is an agreement; with a reason it is a person's own word, which brings
the customer forward. Owner and day may be set beside a decision or alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from segment_lib.approach.review.overrides import ALLOWED, has_opted_out, latest, why_not
from segment_lib.approach.review.words import (
    day_apart,
    decision_code,
    fold,
    read_day,
    said_yes,
    text_of,
    unquoted,
)
from segment_lib.checks import closest
from segment_lib.columns import VALUES, label, value_label, value_labels
from segment_lib.lists import tidy_text
from segment_lib.settings.plan import as_in_the_lists
from segment_lib.voice import N_, Sentence, pgettext, sentences

FATES = ("taken", "agreed", "unchanged", "elsewhere", "waiting", "refused")
YELLOW = (
    "decision", "reason_in_words", "by", "on", "override_owner", "override_day", "agreed",
)  # fmt: skip
MOST_NAMED = 20  # owners named in a refusal
DOES_NOT_FIT = {
    "opted_out": N_(
        "The customer has asked not to be contacted, which nobody can overrule. If that has "
        "changed, change the list of permissions."
    ),
    "under_contract": N_(
        'The customer is under contract, so "{decision}" is not possible. Choose one of: {allowed}.'
    ),
    "no_contract": N_(
        'The customer is without a contract, so "{decision}" is not possible. Choose one of: '
        "{allowed}."
    ),
}
NO_WORD = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")


@dataclass(frozen=True)
class Current:
    """What a review is checked against: the `decisions` of the last run (by customer_id), the
    `history` of overrides.csv, `as_of`; who and when, where a row does not say (`by`, `on`); the
    `owners` that there are; the working `days` from the plan's first on, and `days_off` by owner.
    """

    decisions: pd.DataFrame
    history: pd.DataFrame
    as_of: date
    by: str = ""
    on: date | None = None
    owners: tuple[str, ...] = ()
    days: pd.DatetimeIndex = field(default_factory=lambda: pd.DatetimeIndex([]))
    days_off: Mapping[str, Sequence[date]] = field(default_factory=dict)

    @cached_property
    def opted_out(self) -> dict[str, bool]:
        """Per customer: has asked not to be contacted."""
        return dict(has_opted_out(self.decisions))

    @cached_property
    def under_contract(self) -> dict[str, bool]:
        """Per customer: a contract runs."""
        return dict(self.decisions["under_contract"].eq(True))

    @cached_property
    def alike(self) -> dict[str, list[str]]:
        """Known ids by what a spreadsheet may make of them: bare digits, or another case."""
        found: dict[str, list[str]] = {}
        for one in map(str, self.decisions.index):
            for key in {bare_digits(one), fold(one)} - {""}:
                found.setdefault(key, []).append(one)
        return found

    @cached_property
    def said(self) -> set[tuple[str, ...]]:
        """Every word of overrides.csv as one tuple."""
        return {words_of(row) for row in self.history.to_dict("records")}

    @cached_property
    def standing(self) -> dict[str, Mapping[Hashable, Any]]:
        """The word that stands for each customer."""
        rows = latest(self.history, self.as_of).to_dict("records")
        return {str(row["customer_id"]): row for row in rows}


def bare_digits(text: str) -> str:
    """The digits of an id without zeros before them: what Excel leaves of 00123."""
    return "".join(sign for sign in tidy_text(text) if sign.isdigit()).lstrip("0")


def words_of(row: Mapping[Any, Any]) -> tuple[str, ...]:
    """One word of a person as plain text, day by day as they are written."""
    names = ("customer_id", "decision", "reason_in_words", "by", "owner", "agreed")
    days = (_day_text(row[name]) for name in ("on", "do_on"))
    return (*(str(row[name]) for name in names), *days)


def _day_text(day: Any) -> str:
    return "" if day is None or pd.isna(day) else f"{day:%Y-%m-%d}"


@dataclass
class _Row:
    """One row on its way to its fate."""

    sheet: object
    row_number: object
    customer_id: str = ""
    decision: str = ""
    reason_in_words: str = ""
    by: str = ""
    on: date | None = None
    owner: str = ""
    do_on: date | None = None
    agreed: bool = False
    is_written: bool = False
    known: bool = False
    fate: str = ""
    told: list[Sentence] = field(default_factory=list)

    def refuse(self, *told: Sentence | None) -> None:
        """Add the reasons why not, if there are any."""
        for one in told:
            if one is not None:
                self.fate = "refused"
                self.told.append(one)

    @property
    def words(self) -> tuple[str, ...]:
        return words_of(vars(self))


def judge_review(rows: pd.DataFrame, current: Current) -> pd.DataFrame:
    """One row per row of `rows`: sheet, row_number, customer_id, fate, kit (what the last run
    decided), decision, reason_in_words, by, on, owner, do_on, agreed, says.

    `rows` holds cells as they were read: sheet, row_number, customer_id, decision, reason_in_words,
    by, on, override_owner, override_day, agreed; and `changed`, a list of `Sentence` about cells
    that are not to be written in.
    """
    judged = [_judged(row, current) for row in rows.to_dict("records")]
    _once_per_customer(judged, current)
    _refuse_contradictions([row for row in judged if row.is_written and row.known])
    for row in judged:
        if not row.fate:
            _taken_or_unchanged(row, current)
    records = [
        vars(row) | {"kit": _of_the_kit(row, current), "says": sentences(*row.told)}
        for row in judged
    ]
    return pd.DataFrame(records, columns=list(_COLUMNS))


_COLUMNS = (
    "sheet", "row_number", "customer_id", "fate", "kit", "decision", "reason_in_words", "by", "on",
    "owner", "do_on", "agreed", "says",
)  # fmt: skip


def _of_the_kit(row: _Row, current: Current) -> str:
    """What the last run decided."""
    return str(current.decisions["decision"][row.customer_id]) if row.known else ""


def _judged(cells: Mapping[Hashable, Any], current: Current) -> _Row:
    row = _Row(cells["sheet"], cells["row_number"])
    row.is_written = any(text_of(cells[name]) for name in YELLOW)
    row.customer_id, row.known = _known_id(text_of(cells["customer_id"]), current)
    row.refuse(*cells["changed"])
    if not row.is_written:
        row.fate = row.fate or "waiting"
        return row
    row.reason_in_words = unquoted(text_of(cells["reason_in_words"]))
    row.by = unquoted(text_of(cells["by"])) or current.by
    row.on = _day(cells["on"], row, current)
    row.owner, unknown = _known_owner(unquoted(text_of(cells["override_owner"])), current)
    row.refuse(_who_is_it(row, current))
    _decide(cells, row, current)
    row.refuse(unknown)
    row.do_on = _day_to_do_it(cells["override_day"], row, current)
    if row.reason_in_words or not row.agreed:
        row.refuse(_is_not_in_words(row.reason_in_words))
    row.refuse(_is_nobody(cells["by"], row.by))
    return row


# --- who ----------------------------------------------------------------------------------------
def _known_id(text: str, current: Current) -> tuple[str, bool]:
    """The id as the lists have it, full-width written or behind a ', and whether they have it."""
    for one in (text, tidy_text(text), tidy_text(text).removeprefix("'")):
        if one in current.under_contract:
            return one, True
    return text, False


def _who_is_it(row: _Row, current: Current) -> Sentence | None:
    if row.known:
        return None
    if not row.customer_id:
        return Sentence("There is no customer id in this row. Write it, or empty the yellow cells.")
    own, alike = row.customer_id, current.alike
    near = {*alike.get(bare_digits(own), []), *alike.get(fold(own), [])}
    if len(near) != 1:
        return Sentence(
            '"{customer_id}" is in no list of the last run. Correct the id.', customer_id=own
        )
    return Sentence(
        '"{customer_id}" is in no list of the last run. If {one} is meant, write {one}.',
        customer_id=own,
        one=near.pop(),
    )


# --- what ---------------------------------------------------------------------------------------
def _decide(cells: Mapping[Hashable, Any], row: _Row, current: Current) -> None:
    """The decision of a row, or that it is left to the kit."""
    word, answer = text_of(cells["decision"]), text_of(cells["agreed"])
    kit, yes = _of_the_kit(row, current), said_yes(answer)
    row.decision = decision_code(word) or word or kit
    if answer and yes is None:
        row.refuse(
            Sentence(
                '"{answer}" under {column} is neither a yes nor a no. Write yes, or leave it '
                "empty.",
                answer=answer,
                column=label("agreed"),
            )
        )
    if not word:
        row.agreed = True
        row.refuse(_nothing_decided(cells, answer))
    elif yes and row.known and row.decision != kit and row.decision in VALUES["decision"]:
        row.refuse(_agrees_and_does_not(row.decision, kit))
    else:
        row.agreed = (
            row.known and row.decision == kit and not row.reason_in_words and yes is not False
        )
    if word and not row.agreed:
        row.refuse(_what_is_it(row, current))


def _nothing_decided(cells: Mapping[Hashable, Any], answer: str) -> Sentence | None:
    """Why it means nothing that no decision stands there: nobody agrees, no owner, no day."""
    if text_of(cells["override_owner"]) or text_of(cells["override_day"]):
        return None
    if answer and said_yes(answer) is not False:
        return None
    if answer:
        return Sentence(
            "It says that you do not agree, but no other decision stands here. Choose one, or "
            "empty the yellow cells."
        )
    return Sentence(
        "A reason, a name or a day stands here, but no decision. Choose one, write yes under "
        "{column}, or empty the yellow cells.",
        column=label("agreed"),
    )


def _agrees_and_does_not(decision: str, kit: str) -> Sentence:
    return Sentence(
        'It says that you agree to "{kit}", and decides "{decision}" beside it. Empty one of the '
        "two.",
        kit=value_label("decision", kit),
        decision=value_label("decision", decision),
    )


def _what_is_it(row: _Row, current: Current) -> Sentence | None:
    if row.decision not in VALUES["decision"]:
        return _unknown_word(row, current)
    if not row.known:
        return None
    served = current.under_contract[row.customer_id]
    why = why_not(row.decision, served, current.opted_out[row.customer_id])
    return _does_not_fit(row, why, ALLOWED[served]) if why else None


def _unknown_word(row: _Row, current: Current) -> Sentence:
    served = current.under_contract.get(row.customer_id)
    possible = list(VALUES["decision"]) if served is None else ALLOWED[served]
    words = {str(value_label("decision", name)): name for name in VALUES["decision"]}
    near = closest(row.decision.capitalize(), words)
    fields = {"decision": row.decision, "possible": _labels(possible)}
    if not near:
        return Sentence('"{decision}" is no decision. Choose one of: {possible}.', **fields)
    return Sentence(
        '"{decision}" is no decision. Did you mean "{near}"? Choose one of: {possible}.',
        near=near,
        **fields,
    )


def _does_not_fit(row: _Row, why: str, allowed: Iterable[str]) -> Sentence:
    if why == "opted_out":
        return Sentence(DOES_NOT_FIT[why])
    decision = value_label("decision", row.decision)
    return Sentence(DOES_NOT_FIT[why], decision=decision, allowed=_labels(allowed))


def _labels(names: Iterable[str]) -> str:
    return value_labels("decision", names, pgettext("between choices", ", "))


# --- why, who, when -----------------------------------------------------------------------------
def _is_not_in_words(reason: str) -> Sentence | None:
    if any(sign.isalpha() for sign in reason) and reason not in NO_WORD:
        return None
    if not reason:
        return Sentence("There is no reason in words. Write why.")
    return Sentence('"{reason}" is no reason in words. Write why.', reason=reason)


def _is_nobody(cell: object, by: str) -> Sentence | None:
    """Nobody has signed; a number is no name, nor is a formula that found none."""
    if not by:
        return Sentence("Nobody has signed it. Write the name, or add: --by NAME")
    is_text = cell is None or isinstance(cell, str)
    if is_text and by not in NO_WORD and not by.startswith("=") and any(map(str.isalpha, by)):
        return None
    return Sentence(
        '"{by}" in the column of who decided is a number or a formula, not a name. Write the name.',
        by=by,
    )


def _day(cell: object, row: _Row, current: Current) -> date | None:
    """The day of the review: what the row says, else what was asked for, else as_of."""
    said = cell if text_of(cell) else current.on or current.as_of
    day = read_day(said, current.as_of)
    if not isinstance(day, date):
        row.refuse(day)
        return None
    row.refuse(day_apart(day, current.as_of))
    return day


# --- by whom, and on which day ------------------------------------------------------------------
def _known_owner(text: str, current: Current) -> tuple[str, Sentence | None]:
    """The owner as the lists have it, or why there is none of that name."""
    own = as_in_the_lists(text)
    by_fold = {fold(one): one for one in current.owners}
    if not own or own in current.owners or fold(own) in by_fold:
        return by_fold.get(fold(own), own) if own else "", None
    named = pgettext("between choices", ", ").join(current.owners[:MOST_NAMED])
    more = " …" if len(current.owners) > MOST_NAMED else ""
    return own, Sentence(
        '"{owner}" is no owner that is known. There are: {owners}. Write one of them, or add the '
        "name to [teams] of client.toml.",
        owner=own,
        owners=(named + more) or "—",
    )


def _day_to_do_it(cell: object, row: _Row, current: Current) -> date | None:
    """The day that a person sets for the action: worked, not before the plan begins."""
    if not text_of(cell):
        return None
    day = read_day(cell, current.as_of)
    why = day_apart(day, current.as_of) if isinstance(day, date) else day
    if why is None and isinstance(day, date):
        why = _not_on(day, row, current)
    if why is not None:
        row.refuse(Sentence("{column}: {why}", column=label("override_day"), why=why))
    return day if isinstance(day, date) else None


def _not_on(day: date, row: _Row, current: Current) -> Sentence | None:
    """Why nothing can be done on that day, and on which it can."""
    if row.decision == "not_approached":
        return Sentence("Nothing is done for who is not approached. Empty the day.")
    owner = row.owner
    if not owner and row.known and "owner" in current.decisions:
        owner = str(current.decisions["owner"][row.customer_id])
    off = pd.DatetimeIndex(list(current.days_off.get(owner, ())))
    worked = current.days.difference(off)
    if worked.empty or pd.Timestamp(day) in worked:
        return None
    near = worked[worked >= pd.Timestamp(day)]
    fields = {"day": day, "next": (near if len(near) else worked)[0].date()}
    if day < current.days[0].date():
        return Sentence(
            "{day} lies before the plan, which begins on {first}. The next possible day is {next}.",
            first=current.days[0].date(),
            **fields,
        )
    if pd.Timestamp(day) in off:
        return Sentence(
            "{owner} does not work on {day}. The next possible day is {next}.",
            owner=owner,
            **fields,
        )
    return Sentence("{day} is no working day. The next possible day is {next}.", **fields)


# --- one word per customer ----------------------------------------------------------------------
def _by_customer(rows: Iterable[_Row]) -> list[list[_Row]]:
    """The rows of each customer who has several."""
    found: dict[str, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.customer_id, []).append(row)
    return [several for several in found.values() if len(several) > 1]


def _once_per_customer(rows: Sequence[_Row], current: Current) -> None:
    """A customer may stand on several sheets: the row that says something new counts, and rows that
    are empty, or say what overrides.csv holds already, say nothing against it.
    """
    for several in _by_customer(rows):
        old = [row for row in several if row.is_written and row.words in current.said]
        empty = [row for row in several if row.fate == "waiting"]
        news = [row for row in several if row.is_written and row not in old]
        spare = [*old, *empty] if news else [*old[1:], *empty] if old else empty[1:]
        for row in spare:
            row.fate = row.fate if row.fate == "refused" else "elsewhere"


def _refuse_contradictions(rows: list[_Row]) -> None:
    """The same customer twice: equal rows are one, the others are all refused."""
    for several in _by_customer([row for row in rows if row.fate != "elsewhere"]):
        different = {row.words for row in several}
        for row in several[1:] if len(different) == 1 else several:
            other = next(one for one in several if one is not row)
            where = Sentence(
                "{sheet}, row {row_number}", sheet=other.sheet, row_number=other.row_number
            )
            if len(different) > 1:
                told = Sentence(
                    "{customer_id} is decided differently in {where}. Keep one of the two.",
                    customer_id=row.customer_id,
                    where=where,
                )
                row.refuse(told)
            elif not row.fate:
                row.fate = "unchanged"
                row.told.append(Sentence("The same as in {where}.", where=where))


def _taken_or_unchanged(row: _Row, current: Current) -> None:
    new = "agreed" if row.agreed and not row.owner and row.do_on is None else "taken"
    row.fate = "unchanged" if row.words in current.said else new
    standing = current.standing.get(row.customer_id)
    if standing is None or words_of(standing) == row.words:
        return
    on = pd.Timestamp(str(standing["on"])).date()
    if row.fate == "unchanged" or (row.on is not None and on > row.on):
        row.told.append(
            Sentence(
                'A later word stands: "{decision}" by {by}, {on}.',
                decision=value_label("decision", standing["decision"]),
                by=standing["by"],
                on=on,
            )
        )
