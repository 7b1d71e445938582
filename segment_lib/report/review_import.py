"""From a reviewed workbook to overrides.csv: every row has its fate, told before it is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from segment_lib.approach.history import write_accepted
from segment_lib.approach.playbook import action_names
from segment_lib.approach.review import (
    FATES,
    Current,
    fold,
    judge_review,
    read_day,
    read_history,
    read_overrides,
    words_of,
    write_overrides,
)
from segment_lib.approach.weeks import weeks_of
from segment_lib.checks import KitError, quoted
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
from segment_lib.report.sheets import known_owners
from segment_lib.voice import N_, Sentence, _, pgettext

FATE_WORDS = {
    "taken": N_("  taken: {n}"), "agreed": N_("  agreed: {n}"),
    "unchanged": N_("  unchanged: {n}"), "elsewhere": N_("  said in another row: {n}"),
    "waiting": N_("  waiting: {n}"), "refused": N_("  refused: {n}"),
}  # fmt: skip
MOST_TOLD = 200  # rows told one by one
YELLOW_FOR = {"owner": "override_owner", "do_on": "override_day"}


@dataclass(frozen=True)
class ReviewImport:
    """What came of a reviewed file: `fates` (one row per row of it), `notes` about the file,
    `written`, the path of overrides.csv if something was added to it, and `still_open`: how many
    customers of the last run nobody has looked at.
    """

    fates: pd.DataFrame
    notes: tuple[str, ...]
    written: Path | None
    still_open: int = 0

    def of(self, fate: str) -> pd.DataFrame:
        """The rows of one fate."""
        return self.fates[self.fates["fate"] == fate]

    @property
    def leaves_nothing_open(self) -> bool:
        """Whether no row is refused or waiting, and every customer of the last run looked at."""
        return not self.still_open and not self.fates["fate"].isin(["refused", "waiting"]).any()

    def says(self) -> list[str]:
        """The fates as a small table, the refused rows one by one, the taken ones in sum."""
        heads = self.fates["fate"].value_counts()
        total = _("Rows with a customer: {n}", n=count(len(self.fates)))
        shown = [fate for fate in FATES if fate != "elsewhere" or fate in heads]
        table = [_(FATE_WORDS[fate], n=count(heads.get(fate, 0))) for fate in shown]
        taken = self.fates["fate"].isin(["taken", "agreed", "unchanged"])
        taken_head = (
            _("To be taken, once nothing is refused:") if self.written is None else _("Taken:")
        )
        parts = (
            (_("Refused:"), _one_by_one(self.of("refused"))),
            (taken_head, _taken(self.of("taken"))),
            (_("Agreed:"), _agreed(self.of("agreed"))),
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
    taken = fates[fates["fate"].isin(["taken", "agreed"])]
    stopped = (fates["fate"] == "refused").any() and not accept_rest
    written = None if stopped or taken.empty else write_overrides(taken, client)
    seen = {*current.history["customer_id"], *([] if stopped else taken["customer_id"])}
    return ReviewImport(fates, notes, written, len(set(current.decisions.index) - seen))


# --- accepting the list ---------------------------------------------------------------------------
def require_name(by: str) -> str:
    """The name of whoever accepts; raises `KitError` if there is none."""
    if any(map(str.isalpha, by)):
        return by
    raise KitError(
        'A list is accepted by a person, but the name given is "{by}". Say who accepts it: --by '
        "NAME",
        by=by,
    )


def words_not_in_the_run(client: Client) -> list[str]:
    """Customers of whom people decided something that the last run does not hold yet.

    An agreement changes nothing in the plan, so no run is needed for it.
    """
    path = client.out_folder / "kept" / "overrides.parquet"
    rows = pd.read_parquet(path).to_dict("records") if path.is_file() else []
    in_run = {words_of(row) for row in rows}
    said = read_overrides(client)
    changes = ~said["agreed"] | said["owner"].ne("") | said["do_on"].notna()
    told = said[changes].to_dict("records")
    return [str(row["customer_id"]) for row in told if words_of(row) not in in_run]


def accept_list(client: Client, by: str, on: date | None = None) -> Path:
    """Accept the list of the last run as it stands; returns its folder under `history/`.

    Raises `KitError` if nobody signs, if the last run is of another day than client.toml, or if
    people have decided something since that is not in it.
    """
    by, call = require_name(by), f"kit.py run --client {quoted(client.path)}"
    paths = {name: client.out_folder / f"{name}.parquet" for name in ("customers", "decisions")}
    run = client.out_folder / "run.json"
    as_of = json.loads(run.read_text(encoding="utf-8")).get("as_of") if run.is_file() else None
    if not all(path.is_file() for path in paths.values()):
        raise KitError(
            "There is no list of {client} in {folder} to accept. Run first: {call}",
            client=client.name,
            folder=client.out_folder,
            call=call,
        )
    if as_of not in (None, client.as_of.isoformat()):
        raise KitError(
            "The last run is as of {run}, but client.toml says {as_of}. Run first: {call}",
            run=as_of,
            as_of=client.as_of,
            call=call,
        )
    if late := words_not_in_the_run(client):
        raise KitError(
            "{n} decision(s) in overrides.csv, for example that of {one}, are not in the last run, "
            "so its list cannot be accepted yet. Run first: {call}",
            n=len(late),
            one=late[0],
            call=call,
        )
    customers = pd.read_parquet(paths["customers"]).set_index("customer_id")
    plan = _with_agreements(customers, read_overrides(client))
    learned = client.out_folder / "kept" / "clusters_learned.parquet"
    clusters = pd.read_parquet(learned)["learned"].iloc[0] if learned.is_file() else ""
    return write_accepted(
        plan, paths["decisions"], client, by, on or client.as_of, clusters=clusters
    )


def _with_agreements(plan: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """The plan with what people agreed to since the run."""
    own = said[said["agreed"]].set_index("customer_id").reindex(plan.index)
    agreed = own["decision"].eq(plan["decision"].astype("object")).fillna(False).astype(bool)
    before = plan.get("agreed", False)
    return plan.assign(agreed=agreed | before)


def current_state(
    client: Client, decisions: pd.DataFrame, by: str = "", on: date | None = None
) -> Current:
    """What a review is checked against: the decisions of the last run, and what people said, the
    owners there are and the days on which they work.
    """
    planned = decisions["owner"].unique() if "owner" in decisions else ()
    return Current(
        decisions,
        read_history(client),
        client.as_of,
        by,
        on,
        owners=tuple(known_owners(client, planned)),
        days=weeks_of(client).calendar,
        days_off={owner: client.teams[name].days_off for owner, name in client.team_of.items()},
    )


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
    twins = {word: words for words in action_names(client) for word in words}
    found = []
    for row in rows.to_dict("records"):
        own = kit.get(cell_text(row["customer_id"]).strip(), {})
        names = [str(name) for name in own if not _same(str(name), row[name], own[name], twins)]
        found.append([_was_changed(name, row[name]) for name in names])
    return found


def _same(column: str, cell: object, kit: Any, twins: dict[str, set[str]]) -> bool:
    """`twins`: every action of the playbook in either language, by each of its wordings."""
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
    if column == "content" and text.rstrip().endswith("。") != str(kit).endswith("。"):
        return True  # the workbook was written in the other language
    return fold(text) in {fold(word) for word in words if word}


def _was_changed(column: str, cell: object) -> Sentence:
    fields = {"column": label(column), "text": cell_text(cell)}
    if column in YELLOW_FOR:
        return Sentence(
            '{column} was changed to "{text}", but only the yellow columns are read. Put it back, '
            'and write it into the yellow column "{yellow}".',
            yellow=label(YELLOW_FOR[column]),
            **fields,
        )
    return Sentence(
        '{column} was changed to "{text}", but only the yellow columns are read. Put it back; '
        "actions, means and hours stand in [[actions]] of client.toml.",
        **fields,
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
    rows = rows.assign(do_on=[f"{day:%Y-%m-%d}" if day else "" for day in rows["do_on"]])
    kinds = rows.groupby(["kit", "decision", "agreed", "owner", "do_on", "by", "on"], sort=True)
    told = []
    for (kit, decision, agreed, owner, day, by, on), n in kinds.size().items():
        old, new = (str(value_label("decision", code)) for code in (kit, decision))
        what = [f"{old} → {new}" if kit != decision else _confirmed(decision, new, agreed)]
        what += [_("owner {owner}", owner=owner)] if owner else []
        what += [_("on {day}", day=day)] if day else []
        said = pgettext("between choices", ", ").join(what)
        told.append(_("  {what}: {n}, by {by}, {on}", what=said, n=n, by=by, on=on))
    return told


def _confirmed(decision: str, word: str, agreed: bool) -> str:
    """A decision that is left as it is: agreed to, brought forward, or kept where it is."""
    if agreed:
        return word
    if decision in ("not_approached", "not_now"):
        return _("{new} (confirmed)", new=word)
    return _("{new} (brought forward)", new=word)


def _agreed(rows: pd.DataFrame) -> list[str]:
    kinds = rows.groupby(["by", "on"], sort=True).size()
    return [_("  {n}, by {by}, {on}", n=count(n), by=by, on=on) for (by, on), n in kinds.items()]
