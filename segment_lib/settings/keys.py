"""What can be declared of a list, for people: `keys.toml`, and the tables of the register."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from segment_lib.columns import COLUMNS, REQUIRED, TABLES
from segment_lib.voice import _


@cache
def keys_of_a_list() -> dict[str, dict[str, tuple[str, str]]]:
    """Heading to key to (a line as it may stand in client.toml, what it says)."""
    found = tomllib.loads((Path(__file__).parent / "keys.toml").read_text("utf-8"))
    return {
        heading: {key: (line, says) for key, (line, says) in keys.items()}
        for heading, keys in found.items()
    }


def texts() -> Iterator[str]:
    """Every text of them, for the catalogue."""
    for heading, keys in keys_of_a_list().items():
        yield heading
        yield from (says for _line, says in keys.values())


def keys_page() -> str:
    """All keys by their headings, then the tables with their columns, in the language spoken."""
    page = [_("What can be declared of a list, below [lists.NAME] in client.toml")]
    for heading, keys in keys_of_a_list().items():
        page += ["", _(heading)]
        for line, says in keys.values():
            page += [f"  {line}", f"      {_(says)}"]
    page += ["", _("The tables and their columns; those with * are needed")]
    for table, columns in TABLES.items():
        page += [f"  {table}"]
        needed = REQUIRED[table]
        page += [f"      {one}{'*' if one in needed else ''}  {COLUMNS[one]}" for one in columns]
    return "\n".join(page)
