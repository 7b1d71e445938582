"""Row numbers as customer ids, in lists of which one row is one customer and that name nobody.

The same rows must be the same people in every list that reads them, and different rows must be
different people. So an id is a plain row number only where all such lists of the client read one
and the same table of rows; else it says the file too: "a.csv#12".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from segment_lib.checks import ClientError
from segment_lib.client import list_files
from segment_lib.lists.cells.headers import match_header
from segment_lib.lists.reading.archives import open_files
from segment_lib.lists.reading.files import within
from segment_lib.lists.reading.workbooks import sheet_names
from segment_lib.settings import Client, ListSection
from segment_lib.voice import Sentence

_PATTERN = re.compile(r"[*?\[]")


# Where the rows of a list lie: the file, its member, what of its sheets, the table in it.
_Source: TypeAlias = "tuple[Path, str, tuple[str, ...], str]"


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
    several = [name for name, one in client.lists.items() if one.one_row_is_one_customer]
    sources = {name: _sources(client, name) for name in several}
    if not section.sheet:
        _require_one_sheet(section, list_name, sources)
    if len(set(chain(*sources.values()))) == 1 and not _may_be_several(*sources[list_name][0]):
        return [""] * len(files)
    paths = [path for name in several for path in list_files(client, name)]
    return [f"{_full_name(client, list_name, file, paths)}#" for file in files]


def row_id_notes(client: Client) -> Iterator[Sentence]:
    """What the ids are, and that another list with ids of its own would have to use them."""
    yield Sentence(
        "no customer id: every row is another customer, as client.toml says, and its "
        "row number is the id"
    )
    others = [name for name, one in client.lists.items() if "customer_id" in one.headers]
    if others:
        yield Sentence(
            "the list {other} has customer ids of its own: one that is equal to such "
            "an id is taken for the same customer",
            other=others[0],
        )


def _sources(client: Client, list_name: str) -> list[_Source]:
    section = client.lists[list_name]
    member = section.member.replace("\\", "/").strip("/")
    return [
        (path.resolve(), member, section.sheet, section.db_table)
        for path in list_files(client, list_name)
    ]


def _may_be_several(_path: Path, member: str, sheet: tuple[str, ...], _db_table: str) -> bool:
    """Whether a pattern, or a list of sheets, may stand for several tables of rows."""
    return len(sheet) > 1 or any(_PATTERN.search(one) for one in (*sheet, member))


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


def _require_one_sheet(
    section: ListSection, list_name: str, sources: Mapping[str, Sequence[_Source]]
) -> None:
    """Without a word about the sheet each list takes the one that suits it: not the same rows."""
    for other, theirs in sources.items():
        for path in (one[0] for one in sources[list_name] if other != list_name and one in theirs):
            with open_files(path, section.member, list_name) as files:
                names: Sequence[str] = []
                if len(files) == 1 and files[0].kind == "workbook":
                    with files[0].on_disk() as where:
                        names = sheet_names(where)
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
