"""Lists of other shapes than one row, one thing: several articles in a row, rows without an id.

A wide order (商品1, 数量1, 商品2 …) becomes one row per position that holds something; file and row
number stay those of the row it came from. In a list without any customer id, of which client.toml
says that one row is one customer, the row number is the id.
"""

from __future__ import annotations

import re

from segment_lib.checks import ListError, closest
from segment_lib.lists.cells.codes import declared_codes
from segment_lib.lists.cells.layout import match_header
from segment_lib.lists.cells.values import fold_word
from segment_lib.lists.reading.engine import text
from segment_lib.lists.reading.raw_table import FILE_BITS, RawTable, file_of
from segment_lib.lists.rows.joined import (
    REFUND,
    leave_what_does_not_count,
    make_ids,
    make_names,
    make_refunds,
    take_from_beside,
    take_from_first_line,
)
from segment_lib.lists.rows.row_ids import row_id_beginnings, row_id_notes
from segment_lib.lists.rows.tax import basis_note
from segment_lib.lists.words import words
from segment_lib.settings import Client, ListSection
from segment_lib.voice import Sentence

# Columns that this module makes. They stand among the cells of the row, so that two equal articles
# of one order, and two equal rows of different people, are no repeats of each other.
POSITION = "position (of the article in the row)"
ROW_ID = "row number (as customer_id)"
DEAL_ID = "row number (as deal_id)"
MADE = (POSITION, ROW_ID, DEAL_ID, REFUND)
_ZERO = re.compile(r"[¥$]?0+(?:\.0+)?円?")

RECIPIENTS: tuple[str, ...] = words("headers")["recipients"]


def shape(client: Client, raw: RawTable) -> list[Sentence]:
    """Make the raw table one row per thing, as client.toml says; the notes that tell it.

    Raises `ListError` if a position's header is not there, `ClientError` if the rows of a database
    are to be customers by their number.
    """
    section = client.lists[raw.list_name]
    notes = _recipient_notes(client, raw.list_name, raw.columns)
    told = basis_note(client, raw.list_name)
    notes += [told] if told else []
    notes += leave_what_does_not_count(client, raw)
    notes += take_from_beside(client, raw)
    notes += take_from_first_line(client, raw)
    notes += make_refunds(client, raw)
    if section.positions:
        notes.append(_one_row_per_position(section, raw))
    notes += make_ids(client, raw) + make_names(client, raw)
    if section.one_row_is_one_customer:
        before = row_id_beginnings(client, raw.list_name, raw.files)
        raw.add_columns([ROW_ID])
        raw.made["customer_id"] = ROW_ID
        row_id = f"{file_of(before)} || row_number"
        raw.engine.run(f"update {raw.name} set {raw.cell(ROW_ID)} = {row_id}")
        notes += row_id_notes(client)
    if client.table_of(raw.list_name) == "deals" and "deal_id" not in section.headers:
        notes.append(_each_row_a_deal(raw))
    return notes


def _each_row_a_deal(raw: RawTable) -> Sentence:
    raw.add_columns([DEAL_ID])
    raw.made["deal_id"] = DEAL_ID
    file = f"(_row >> {FILE_BITS})"
    raw.engine.run(f"update {raw.name} set {raw.cell(DEAL_ID)} = {file} || '-' || row_number")
    return Sentence("no deal id: every row is another deal")


# --- several articles in a row ----------------------------------------------------------------


def _one_row_per_position(section: ListSection, raw: RawTable) -> Sentence:
    """One row per position that holds something; a row without any stays, with blank positions."""
    headers = _position_headers(section, raw)
    taken = {header for several in headers.values() for header in several}
    own = [header for header in raw.columns if header not in taken]
    firsts = [several[0] for several in headers.values()]
    count = len(next(iter(headers.values())))
    holds = [_holds_something(section, raw, headers, place) for place in range(count)]
    wide, rows = raw.name, raw.engine.one(f"select count(*) from {raw.name}")
    cells = [raw.cell(header) for header in own]
    parts = []
    for place in range(count):
        position = [raw.cell(several[place]) for several in headers.values()]
        chosen = [*cells, *position, f"'{place + 1}'"]
        parts.append(f"select {_as_columns(place, count, chosen)} from {wide} where {holds[place]}")
    nothing = [*cells, *["''"] * len(firsts), "''"]
    none = f"not ({' or '.join(holds)})"
    parts.append(f"select {_as_columns(0, count, nothing)} from {wide} where {none}")
    blank = raw.engine.one(f"select count(*) from {wide} where {none}")
    raw.engine.run(f"create table {wide}_long as {' union all '.join(parts)} order by _row")
    raw.engine.run(f"drop table {wide}; alter table {wide}_long rename to {wide}")
    raw.columns = [*own, *firsts, POSITION]
    articles = raw.engine.one(f"select count(*) from {wide}") - blank
    return Sentence("{rows} row(s) hold {articles} article(s)", rows=rows, articles=articles)


def _as_columns(place: int, count: int, cells: list[str]) -> str:
    """The cells as `c0` …; the rows that were one row stand side by side."""
    file = f"(_row >> {FILE_BITS}) << {FILE_BITS}"
    row = f"({file}) + (_row - ({file})) * {count} + {place} as _row"
    return ", ".join([row, "row_number", *(f"{one} as c{at}" for at, one in enumerate(cells))])


def _position_headers(section: ListSection, raw: RawTable) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for column, wanted in section.positions.items():
        matched = [match_header(one, raw.columns) for one in wanted]
        lacking = [one for one, header in zip(wanted, matched, strict=True) if header is None]
        if lacking:
            free = [header for header in raw.columns if header not in matched]
            near = closest(lacking[0], free) or "..."
            raise ListError(
                '{file_name} lacks the column "{wanted}". It has {has}. Mend it in client.toml: '
                '[lists.{list_name}.positions] {column} = [… "{near}" …].',
                file_name=raw.files[0],
                wanted=lacking[0],
                has=raw.columns,
                list_name=raw.list_name,
                column=column,
                near=near,
            )
        found[column] = [str(header) for header in matched]
    return found


def _holds_something(
    section: ListSection, raw: RawTable, headers: dict[str, list[str]], place: int
) -> str:
    """In SQL: a position has a cell that is neither blank nor a code for nothing nor zero."""
    holds = []
    for column, several in headers.items():
        codes = declared_codes(section, column)
        nothing = [one for one in raw.counts(several[place]) if _is_nothing(one, codes)]
        known = ", ".join(map(text, ["", *nothing]))
        holds.append(f"{raw.cell(several[place])} not in ({known})")
    return f"({' or '.join(holds)})"


def _is_nothing(cell: str, codes: set[str]) -> bool:
    folded = fold_word(cell)
    return not folded or folded in codes or _ZERO.fullmatch(folded) is not None


# --- buyer and recipient ----------------------------------------------------------------------


def _recipient_notes(client: Client, list_name: str, headers: list[str]) -> list[Sentence]:
    """Who counts as the customer, where a list of orders names a recipient as well."""
    section = client.lists[list_name]
    buyer = section.columns.get("customer_id")
    if client.table_of(list_name) not in ("orders", "order_lines") or buyer is None:
        return []
    mapped = {fold_word(header) for header in section.headers.values()}
    known = {fold_word(header) for header in RECIPIENTS}
    if fold_word(buyer) in known:
        return []
    others = [
        header
        for header in headers
        if _folded_header(header) in known and fold_word(header) not in mapped
    ]
    if not others:
        return []
    return [
        Sentence(
            "orders are counted for the buyer ({buyer}); the list also names a recipient "
            "({recipient}): map that instead to count for the recipient",
            buyer=buyer,
            recipient=others[0],
        )
    ]


def _folded_header(header: str) -> str:
    return fold_word(header.replace("_", " "))
