"""What can be declared of a list, for people: `keys.toml`, and the tables of the register."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from segment_lib.columns import COLUMNS, READ_ALONG, REQUIRED, TABLES
from segment_lib.voice import N_, _

_SAYS = {  # columns that are read along with a table and stay in none
    "status": N_("whether a row counts: words.status says which of its words do"),
    "cancelled_on": N_("the day on which an order was taken back as a whole"),
    "original_order_id": N_("of returns and credit notes: the number of the order they take back"),
    "unit_price": N_("the price of one piece: with quantity it makes the amount"),
    "tax_rate": N_("the tax of each row, in percent"),
}


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
    page += ["", _("Read along with the rows of sales and returns, and kept in no table")]
    page += [f"      {column}  {_(_SAYS[column])}" for column in READ_ALONG]
    return "\n".join(page)
