"""Row numbers as customer ids, in lists of which one row is one customer and that name nobody.

The same rows must be the same people in every list that reads them, and different rows must be
different people. So an id is a plain row number only where all such lists of the client read one
and the same table of rows; else it says the file too: "a.csv#12".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from segment_lib.checks import ClientError
from segment_lib.client import list_files
from segment_lib.lists.cells.layout import match_header
from segment_lib.lists.reading.archives import open_files
from segment_lib.lists.reading.pieces import within
from segment_lib.lists.reading.sheets import sheet_names
from segment_lib.settings import Client, ListSection
from segment_lib.voice import Sentence

_PATTERN = re.compile(r"[*?\[]")


class _Source(NamedTuple):
    """Where the rows of a list lie: a file, and what of it is read."""

    path: Path
    member: str
    sheet: tuple[str, ...]
    db_table: str

    @property
    def may_be_several(self) -> bool:
        """Whether a pattern, or a list of sheets, may stand for several tables of rows."""
        several = len(self.sheet) > 1 or any(_PATTERN.search(one) for one in self.sheet)
        return several or _PATTERN.search(self.member) is not None


def row_id_beginnings(client: Client, list_name: str, files: Sequence[str]) -> list[str]:
    """What stands before the row number in an id, file by file: "", or "FILE#" if need be.

    Need is where the lists of this kind read more than one table of rows. Depends on client.toml
    alone, so that it is the same in every run. Raises `ClientError` for a list from a database, and
    where nobody says which sheet is meant.
    """
    section = client.lists[list_name]
    if section.connection:
        raise ClientError(
            "[lists.{list_name}] says one_row_is_one_customer, but a database gives its rows in "
            "no fixed order, so that a row number is nobody's id. Name the key of the table: "
            '[lists.{list_name}.columns] customer_id = "…"; or export the table to a file.',
            list_name=list_name,
        )
    several = _lists_of_this_kind(client)
    sources = {source for name in several for source in _sources(client, name)}
    _require_sheets(client, list_name, several)
    if len(sources) == 1 and not next(iter(sources)).may_be_several:
        return [""] * len(files)
    paths = [path for name in several for path in list_files(client, name)]
    return [f"{_full_name(client, list_name, file, paths)}#" for file in files]


def row_id_notes(client: Client) -> list[Sentence]:
    """What the ids are, and that another list with ids of its own would have to use them."""
    notes = [
        Sentence(
            "no customer id: every row is another customer, as client.toml says, and its "
            "row number is the id"
        )
    ]
    others = [name for name, one in client.lists.items() if "customer_id" in one.headers]
    if others:
        notes.append(
            Sentence(
                "the list {other} has customer ids of its own: one that is equal to such "
                "an id is taken for the same customer",
                other=others[0],
            )
        )
    return notes


def _lists_of_this_kind(client: Client) -> list[str]:
    return [name for name, one in client.lists.items() if one.one_row_is_one_customer]


def _sources(client: Client, list_name: str) -> list[_Source]:
    section = client.lists[list_name]
    member = section.member.replace("\\", "/").strip("/")
    return [
        _Source(path.resolve(), member, section.sheet, section.db_table)
        for path in list_files(client, list_name)
    ]


def _full_name(client: Client, list_name: str, shown: str, paths: list[Path]) -> str:
    """The file with all that tells its rows from those of other lists: folder, sheet, table."""
    section = client.lists[list_name]
    name = shown
    for path in list_files(client, list_name):
        alike = {other.resolve() for other in paths if other.name == path.name}
        if len(alike) > 1 and (shown == path.name or shown.startswith(f"{path.name} / ")):
            name = within(path, client.folder) + shown.removeprefix(path.name)
    if section.sheet and not _names_a_sheet(shown, section):
        name = f"{name} / {section.sheet[0]}"
    return f"{name} / {section.db_table}" if section.db_table else name


def _names_a_sheet(shown: str, section: ListSection) -> bool:
    last = shown.split(" / ")[-1] if " / " in shown else ""
    return any(match_header(one, [last]) or fnmatchcase(last, one) for one in section.sheet)


def _require_sheets(client: Client, list_name: str, several: list[str]) -> None:
    """Without a word about the sheet each list takes the one that suits it: not the same rows."""
    if client.lists[list_name].sheet or len(several) < 2:
        return
    own = _sources(client, list_name)
    for other in several:
        both = [one.path for one in own if one in _sources(client, other)]
        if other == list_name or not both:
            continue
        for path in both:
            names = _sheets(path, client.lists[list_name], list_name)
            if len(names) > 1:
                raise ClientError(
                    "[lists.{list_name}] and [lists.{other}] both take the rows of {file_name} "
                    "for customers, but it has the sheets {sheets}, and nothing says which of "
                    'them is meant. Write in both: sheet = "{first}" (or another).',
                    list_name=list_name,
                    other=other,
                    file_name=path.name,
                    sheets=names[:12],
                    first=names[0],
                )


def _sheets(path: Path, section: ListSection, list_name: str) -> list[str]:
    """The visible sheets of the only workbook at `path`; [] if it is something else."""
    with open_files(path, section.member, list_name) as files:
        if len(files) != 1 or files[0].kind != "workbook":
            return []
        with files[0].on_disk() as where:
            return sheet_names(where)
