"""From a reviewed workbook to overrides.csv: every row has its fate, told before it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from segment_lib.approach.actions import complete_actions
from segment_lib.approach.review import (
    FATES,
    Current,
    fold,
    judge_review,
    read_day,
    read_history,
    write_overrides,
)
from segment_lib.checks import KitError
from segment_lib.client import Client
from segment_lib.columns import label, value_label
from segment_lib.in_words import count
from segment_lib.lists import cell_text
from segment_lib.report.reviewed import (
    NOT_READ,
    ReviewedBook,
    decisions_mark,
    in_either_language,
    rows_of,
)
from segment_lib.report.tables import channel_said
from segment_lib.voice import N_, Sentence, _, said_by_people

FATE_WORDS = {
    "taken": N_("  taken: {n}"), "unchanged": N_("  unchanged: {n}"),
    "waiting": N_("  waiting: {n}"), "refused": N_("  refused: {n}"),
}  # fmt: skip
MOST_TOLD = 200  # rows told one by one


@dataclass(frozen=True)
class ReviewImport:
    """What came of a reviewed file: `fates` (one row per row of it), `notes` about the file, and
    `written`, the path of overrides.csv if something was added to it.
    """

    fates: pd.DataFrame
    notes: tuple[str, ...]
    written: Path | None

    def of(self, fate: str) -> pd.DataFrame:
        """The rows of one fate."""
        return self.fates[self.fates["fate"] == fate]

    def says(self) -> list[str]:
        """The fates as a small table, the refused rows one by one, the taken ones in sum."""
        heads = self.fates["fate"].value_counts()
        total = _("Rows with a customer: {n}", n=count(len(self.fates)))
        table = [_(FATE_WORDS[fate], n=count(heads.get(fate, 0))) for fate in FATES]
        taken = self.fates["fate"].isin(["taken", "unchanged"])
        taken_head = (
            _("To be taken, once nothing is refused:") if self.written is None else _("Taken:")
        )
        parts = (
            (_("Refused:"), _one_by_one(self.of("refused"))),
            (taken_head, _taken(self.of("taken"))),
            (_("To know:"), _one_by_one(self.fates[taken & (self.fates["says"] != "")])),
        )
        told = [[head, *lines] for head, lines in parts if lines]
        return [*self.notes, total, *table, *(line for part in told for line in part)]


def require_client(book: ReviewedBook, client: Client) -> None:
    """Raise `KitError` if a workbook says that it is of another client."""
    for name in book.clients:
        if name != client.name:
            raise KitError(
                '{book} is the workbook of the client "{name}", but --client names "{client}". '
                'Nothing was written. Give the client.toml of "{name}", or the workbook of '
                '"{client}".',
                book=book.name,
                name=name,
                client=client.name,
            )


def import_review(
    book: ReviewedBook, client: Client, current: Current, *, accept_rest: bool = False
) -> ReviewImport:
    """Judge every row of the book against `current`, and add what is taken to overrides.csv.

    While a row is refused nothing is written, unless the rest is to be accepted. Raises `KitError`
    about another client's workbook, or a sheet that cannot be understood.
    """
    require_client(book, client)
    rows, passed_over = rows_of(book, set(current.decisions.index))
    compares = [mark.decisions for mark in book.marks] == [decisions_mark(current.decisions)]
    changed = _changed(rows, current.decisions, client) if compares else [[]] * len(rows)
    fates = judge_review(rows.assign(changed=changed), current)
    notes = (*_notes(book, passed_over, client, compares), *_of_waiting(fates, current))
    taken = fates[fates["fate"] == "taken"]
    stopped = (fates["fate"] == "refused").any() and not accept_rest
    written = None if stopped or taken.empty else write_overrides(taken, client)
    return ReviewImport(fates, notes, written)


def current_state(
    client: Client, decisions: pd.DataFrame, by: str = "", on: date | None = None
) -> Current:
    """What a review is checked against: the decisions of the last run, and what people said."""
    return Current(decisions, read_history(client), client.as_of, by, on)


def _notes(
    book: ReviewedBook, passed_over: list[str], client: Client, compares: bool
) -> Iterator[str]:
    if not book.marks:
        yield _(
            "{book} does not say of which client it is (a copy, or of an older kit); it is read as "
            "{client}'s. What was changed outside the yellow columns was not looked at.",
            book=book.name,
            client=client.name,
        )
    elif not compares:
        yield _(
            "{book} was made from other decisions than those of the last run. Its yellow columns "
            "are checked against the last run; what was changed outside them was not looked at.",
            book=book.name,
        )
    for name in passed_over:
        yield _('The sheet "{name}" has no customers and was passed over.', name=name)


def _of_waiting(fates: pd.DataFrame, current: Current) -> Iterator[str]:
    """Emptied cells take nothing back: the word that stands is another's, or of a newer list."""
    waiting = fates[fates["fate"] == "waiting"]
    strangers = waiting.loc[waiting["kit"] == "", "customer_id"]
    standing = waiting.loc[waiting["customer_id"].isin(list(current.standing)), "customer_id"]
    if len(strangers):
        yield _(
            "{n} of the rows that nobody has looked at name an id that is in no list of "
            "the last run, for example {one}.",
            n=count(len(strangers)),
            one=strangers.iloc[0],
        )
    if len(standing):
        yield _(
            "For {n} of the rows with empty yellow columns an earlier word stands in "
            "overrides.csv, for example {one}. It goes on holding; to change it, write "
            "another decision.",
            n=count(len(standing)),
            one=standing.iloc[0],
        )


# --- what was changed outside the yellow columns --------------------------------------------------
def _changed(rows: pd.DataFrame, decisions: pd.DataFrame, client: Client) -> list[list[Sentence]]:
    """Per row what was changed by hand in columns that are not read."""
    there = [name for name in NOT_READ if name in decisions]
    kit = decisions[there].to_dict("index")
    twins = _twins(client)
    found = []
    for row in rows.to_dict("records"):
        own = kit.get(cell_text(row["customer_id"]).strip(), {})
        names = [str(name) for name in own if not _same(str(name), row[name], own[name], twins)]
        found.append([_was_changed(name, row[name]) for name in names])
    return found


def _twins(client: Client) -> dict[str, set[str]]:
    """Every action of the playbook in either language, by each of its wordings."""
    found: dict[str, set[str]] = {}
    for row in complete_actions(client.actions):
        words = in_either_language(partial(said_by_people, row.action, row.action_ja))
        found |= dict.fromkeys(words, words)
    return found


def _same(column: str, cell: object, kit: Any, twins: dict[str, set[str]]) -> bool:
    if isinstance(cell, float) and cell != cell:  # the sheet has no such column
        return True
    text = cell_text(cell)
    if pd.isna(kit):
        return text.strip() == ""
    if column == "do_on":
        return read_day(cell) == pd.Timestamp(kit).date()
    if column == "effort_hours":
        try:
            return abs(float(text) - float(kit)) < 1e-6
        except ValueError:
            return False
    words = {str(kit)} | in_either_language(partial(value_label, column, kit))
    if column == "action":
        words |= twins.get(str(kit), set())
    if column == "channel":
        words |= in_either_language(partial(channel_said, kit))
    return fold(text) in {fold(word) for word in words if word}


def _was_changed(column: str, cell: object) -> Sentence:
    return Sentence(
        '{column} was changed to "{text}", but only the yellow columns are read. Put it '
        "back; owners stand in your customer list, actions, means, days and hours in "
        "[[actions]] of client.toml.",
        column=label(column),
        text=cell_text(cell),
    )


# --- what is printed ------------------------------------------------------------------------------
def _one_by_one(rows: pd.DataFrame) -> list[str]:
    told = [
        _(
            "  {sheet}, row {row}, {customer_id}: {says}",
            sheet=row.sheet,
            row=row.row_number,
            customer_id=row.customer_id or "—",
            says=row.says,
        )
        for row in rows.head(MOST_TOLD).itertuples()
    ]
    more = len(rows) - len(told)
    return [*told, *([_("  … and {more} more", more=more)] if more else [])]


def _taken(rows: pd.DataFrame) -> list[str]:
    """From what to what, by whom, on which day as it was read: one line per kind."""
    kinds = rows.groupby(["kit", "decision", "by", "on"], sort=True).size()
    told = []
    for (kit, decision, by, on), n in kinds.items():
        old, new = (str(value_label("decision", code)) for code in (kit, decision))
        what = _("{new} (confirmed)", new=new) if kit == decision else f"{old} → {new}"
        told.append(_("  {what}: {n}, by {by}, {on}", what=what, n=n, by=by, on=on))
    return told
