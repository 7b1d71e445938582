"""Headers that client.toml names, as they stand in the list; columns and rows that no file has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any, Literal, NamedTuple

from segment_lib.checks import ListError, closest
from segment_lib.lists.cells.headers import match_header
from segment_lib.lists.cells.values import fold_word, tidy_text
from segment_lib.lists.reading.engine import FILE_BITS, RawTable
from segment_lib.settings import Client
from segment_lib.voice import N_

# Made columns stand among the cells of the row, so that two equal articles of one order, and two
# equal rows of different people, are no repeats of each other.
POSITION = "position (of the article in the row)"
ROW_ID = "row number (as customer_id)"
DEAL_ID = "row number (as deal_id)"
REFUND = "refund (of the row's amount)"
MONTH = "month (its first day)"
MONEY_OF_MONTH = "amount (of the month)"
WITH_YEAR = "(with its year)"
MADE = (POSITION, ROW_ID, DEAL_ID, REFUND, MONTH, MONEY_OF_MONTH)
BELOW_ZERO = "^[-−‐–—―ー△▲(（]"  # how an amount begins that is below zero as it stands

NAMES_NO_COLUMN = N_(
    '[lists.{list_name}] {key} names the column "{wanted}", which the list does not have. It has '
    "{has}. Did you mean {near}?"
)
_NO_COLUMN_OF = N_(
    '[lists.{list_name}.{key}] names the column "{name}", which the list does not have. It has '
    '{has}. Mend it in client.toml: [lists.{list_name}.{key}] "{near}" = {patterns}.'
)


class Declared(NamedTuple):
    """Rows declared by words: under which name and header, which cells, which words no row has."""

    name: str
    header: str
    cells: list[str]
    idle: list[str]


def wanted_header(
    raw: RawTable,
    wanted: str,
    says: str = NAMES_NO_COLUMN,
    /,
    among: Sequence[str] | None = None,
    **fields: Any,
) -> str:
    """The header as it stands in the list; raises `ListError`, which `says` so, if it has none.

    The sentence has `fields`, and `list_name`, `file_name`, `wanted`, `has`, `near`: the most
    similar header, `among` those that may be meant.
    """
    has = [header for header in raw.columns if header not in MADE]
    header = match_header(wanted, has)
    if header is None:
        known = {"list_name": raw.list_name, "file_name": raw.files[0], "wanted": wanted}
        near = closest(wanted, has if among is None else among) or "..."
        raise ListError(says, **known | {"has": has, "near": near}, **fields)
    return header


def declared_cells(
    client: Client, raw: RawTable, key: Literal["not_sales", "returns"]
) -> Iterator[Declared]:
    """The rows declared to be no sale (postage, bad debts, samples), or to give money back.

    Raises `ListError` if a header that is named is not there.
    """
    section = client.lists[raw.list_name]
    declared = section.not_sales if key == "not_sales" else section.returns
    for name, patterns in declared.items():
        wanted = section.headers.get(name, name)
        for several in section.positions.values():
            wanted = several[0] if wanted in several else wanted
        said = {"key": key, "name": name, "patterns": list(patterns)}
        header = wanted_header(raw, wanted, _NO_COLUMN_OF, **said)
        cells = {
            one: [cell for cell in raw.counts(header) if _is_like(cell, one)] for one in patterns
        }
        found = list(dict.fromkeys(cell for one in cells.values() for cell in one))
        yield Declared(name, header, found, [one for one in patterns if not cells[one]])


def _is_like(cell: str, pattern: str) -> bool:
    return fits(fold_word(cell), fold_word(pattern))


def fits(id: str, pattern: str) -> bool:
    """Whether an id fits a pattern of people: * and ? stand for anything, a bracket is one."""
    return fnmatchcase(tidy_text(id), tidy_text(pattern).replace("[", "[[]"))


def mapped_cell(client: Client, raw: RawTable, column: str) -> str:
    """In SQL: the cell of a mapped column; the reader has made sure that it is there."""
    return raw.cell(wanted_header(raw, client.lists[raw.list_name].columns[column]))


def order_number(client: Client, raw: RawTable) -> str:
    """In SQL: the order's number, as it is compared."""
    return f"trim({mapped_cell(client, raw, 'order_id')})"


def make_column(raw: RawTable, column: str, header: str, said: str, where: str = "") -> None:
    """A mapped column that no file has, under a header of its own; what it says, in SQL."""
    while header in raw.columns:  # another, of the file, may be called so
        header += " "
    raw.add_columns([header])
    raw.made[column] = header
    raw.engine.run(f"update {raw.name} set {raw.cell(header)} = {said} {where}")


def spread(place: int | str, count: int) -> str:
    """In SQL: the place of a row that is made of one, and its number as a person sees it; the
    `count` rows that were one stand side by side.
    """
    first = f"((_row >> {FILE_BITS}) << {FILE_BITS})"
    return f"{first} + (_row - {first}) * {count} + {place}, row_number"


def replace_rows(raw: RawTable, rows: str) -> None:
    """Other rows in place of those that are there: `_row`, `row_number` and the cells in order."""
    columns = ", ".join(["_row", "row_number", *raw.cells])
    raw.engine.run(
        f"create table {raw.name}_anew as select * from ({rows}) as anew({columns}) order by _row;"
        f"drop table {raw.name}; alter table {raw.name}_anew rename to {raw.name}"
    )
