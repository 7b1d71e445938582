"""Lists of other shapes than one row, one thing: several articles in a row, rows without an id.

A wide order (商品1, 数量1, 商品2 …) becomes one row per position that holds something; file and row
number stay those of the row it came from. In a list without any customer id, of which client.toml
says that one row is one customer, the row number is the id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from segment_lib.checks import ClientError, ListError
from segment_lib.client import list_files
from segment_lib.columns import SALES
from segment_lib.lists.cells.dates import (
    DAY_OR_MONTH,
    day_first,
    declared_order,
    month_of,
    start_in,
    with_year,
)
from segment_lib.lists.cells.headers import match_header
from segment_lib.lists.cells.values import fold_word
from segment_lib.lists.cells.words import column_kind, declared_codes
from segment_lib.lists.reading.archives import open_files
from segment_lib.lists.reading.engine import FILE_BITS, RawTable, file_of, text
from segment_lib.lists.reading.files import within
from segment_lib.lists.reading.workbooks import sheet_names
from segment_lib.lists.rows.joined import (
    leave_what_does_not_count,
    make_either,
    make_ids,
    make_names,
    make_order_ids,
    make_refunds,
    require_one_total,
    take_from_beside,
    take_from_first_line,
    take_ids_of_guests,
)
from segment_lib.lists.rows.made import (
    DEAL_ID,
    MONEY_OF_MONTH,
    MONTH,
    POSITION,
    ROW_ID,
    WITH_YEAR,
    make_column,
    replace_rows,
    spread,
    wanted_header,
)
from segment_lib.lists.rows.tax import basis_note
from segment_lib.lists.words import words
from segment_lib.settings import Client, ListSection
from segment_lib.voice import N_, Sentence

_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_ZERO = re.compile(r"[¥$]?0+(?:\.0+)?円?")

_NO_POSITION = N_(
    '{file_name} lacks the column "{wanted}". It has {has}. Mend it in client.toml: '
    '[lists.{list_name}.positions] {column} = [… "{near}" …].'
)
RECIPIENTS: tuple[str, ...] = words("headers")["recipients"]


def shape(client: Client, raw: RawTable) -> list[Sentence]:
    """Make the raw table one row per thing, as client.toml says; the notes that tell it.

    Raises `ListError` if a position's header is not there, `ClientError` if the rows of a database
    are to be customers by their number.
    """
    notes = [*_recipient_notes(client, raw), *basis_note(client, raw.list_name)]
    for step in (
        make_order_ids,
        leave_what_does_not_count,
        take_from_beside,
        take_from_first_line,
        take_ids_of_guests,
        require_one_total,
        make_refunds,
        _one_row_per_position,
        _days_with_their_year,
        make_either,
        make_ids,
        make_names,
        _rows_as_ids,
    ):
        notes += step(client, raw)
    return notes


def _rows_as_ids(client: Client, raw: RawTable) -> Iterator[Sentence]:
    """The number of a row as the id of its customer, or of its deal, where it has none."""
    section = client.lists[raw.list_name]
    if section.one_row_is_one_customer:
        before = row_id_beginnings(client, raw.list_name, raw.files)
        make_column(raw, "customer_id", ROW_ID, f"{file_of(before)} || row_number")
        yield from row_id_notes(client)
    if client.table_of(raw.list_name) == "deals" and "deal_id" not in section.headers:
        make_column(raw, "deal_id", DEAL_ID, f"(_row >> {FILE_BITS}) || '-' || row_number")
        yield Sentence("no deal id: every row is another deal")


# --- several articles in a row ----------------------------------------------------------------


def _one_row_per_position(client: Client, raw: RawTable) -> Iterator[Sentence]:
    """One row per position or month that holds something; a row without any stays, blank there."""
    section = client.lists[raw.list_name]
    if not section.positions and not section.has_months_side_by_side:
        return
    headers, days = _position_headers(section, raw), dict[str, list[str]]()
    if section.has_months_side_by_side:
        days = _months(section, raw)
        headers = {"amount": list(days)}
    own = [header for header in raw.columns if header not in chain(*headers.values())]
    cells = [raw.cell(header) for header in own]
    count = len(next(iter(headers.values())))
    holds = [_holds_something(section, raw, headers, place) for place in range(count)]
    none = f"not ({' or '.join(holds)})"
    rows, blank = raw.engine.rows(f"select count(*), count(*) filter ({none}) from {raw.name}")[0]
    parts = [(0, none, [*["''"] * len(headers), "''"])]
    for place in range(count):
        position = [raw.cell(several[place]) for several in headers.values()]
        last = f"'{place + 1}'"
        if days:  # by file
            last = (
                f"([{', '.join(map(text, list(days.values())[place]))}])[1 + (_row >> {FILE_BITS})]"
            )
        parts.append((place, holds[place], [*position, last]))
    long = " union all ".join(
        f"select {', '.join([spread(at, count), *cells, *position])} from {raw.name} where {which}"
        for at, which, position in parts
    )
    raw.columns = [*own, *(several[0] for several in headers.values()), POSITION]
    if days:
        raw.columns = [*own, MONEY_OF_MONTH, MONTH]
        raw.made |= {"amount": MONEY_OF_MONTH, "ordered_on": MONTH}
    replace_rows(raw, long)
    articles = raw.engine.one(f"select count(*) from {raw.name}") - blank
    says = Sentence("{rows} row(s) hold {articles} article(s)", rows=rows, articles=articles)
    if days:
        says = Sentence(
            "{rows} row(s) hold {count} month(s) in which something stands, of {first} to {last}: "
            "each is an order of the first of its month",
            rows=rows,
            count=articles,
            first=min(map(min, days.values()))[:7],
            last=max(map(max, days.values()))[:7],
        )
    yield says


def _starts(section: ListSection, raw: RawTable) -> list[str]:
    """Of each file or sheet the month from which its days count, where there are several."""
    if len(raw.files) == 1:
        return [section.months_from]
    return [start_in(_name_of(file), section.months_from) for file in raw.files]


def _name_of(file: str) -> str:
    """The sheet, or the name of the file without its ending."""
    sheet = file.rpartition(" / ")[2]
    return sheet if " / " in file else sheet.rpartition(".")[0]


def _months(section: ListSection, raw: RawTable) -> dict[str, list[str]]:
    """The headers that are months, each with its first day by file."""
    starts = _starts(section, raw)
    found = {header: [month_of(header, start) for start in starts] for header in raw.columns}
    months = {header: days for header, days in found.items() if all(days)}
    if months:
        return months
    raise ListError(
        '[lists.{list_name}] months_from = "{months_from}" without ordered_on says that months '
        "stand side by side, but no column is headed by one. It has {has}. Write ordered_on under "
        "columns, or take months_from out.",
        list_name=raw.list_name,
        months_from=section.months_from,
        has=raw.columns,
    )


def _has_day_first(section: ListSection, raw: RawTable, header: str, texts: Iterable[str]) -> bool:
    """Whether of 4/3 the first is the day: as declared, as others prove, and never in Japanese."""
    if order := declared_order(section):
        return order == "dmy"
    first = day_first(texts)
    if first is None and not _JAPANESE.search(" ".join(raw.columns)):
        example = next(one for one in texts if day_first([one]) is None)
        raise ListError(DAY_OR_MONTH, where=header, name=raw.list_name, example=example)
    return bool(first)


def _days_with_their_year(client: Client, raw: RawTable) -> Iterator[Sentence]:
    """Days without a year (4/3) get the one in which they come first from `months_from` on."""
    section, table = client.lists[raw.list_name], client.table_of(raw.list_name)
    for column in section.columns if section.months_from else ():
        if column_kind(client, column, table) != "date":
            continue
        header = wanted_header(raw, section.columns[column])
        cell, counts, starts = raw.cell(header), raw.counts(header), _starts(section, raw)
        first = _has_day_first(section, raw, header, counts)
        known = {one: with_year(one, section.months_from, first) for one in counts}
        known = {one: day for one, day in known.items() if day}
        if not known:
            continue
        pairs = ", ".join(
            f"({text(one)}, {number}, {text(with_year(one, start, first))})"
            for one in known
            for number, start in enumerate(starts)
        )
        made = f"{header} {WITH_YEAR}"
        make_column(raw, column, made, cell)
        raw.engine.run(
            f"update {raw.name} set {raw.cell(made)} = years.day "
            f"from (values {pairs}) as years(said, file, day) "
            f"where {cell} = years.said and _row >> {FILE_BITS} = years.file"
        )
        yield Sentence(
            "{header}: {count} day(s) without a year, such as {example}, are of the twelve months "
            "from {first}",
            header=header,
            count=sum(counts[one] for one in known),
            example=next(iter(known)),
            first=" … ".join(sorted({min(starts), max(starts)})),
        )


def _position_headers(section: ListSection, raw: RawTable) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for column, wanted in section.positions.items():
        matched = [match_header(one, raw.columns) for one in wanted]
        free = [header for header in raw.columns if header not in matched]
        found[column] = [
            wanted_header(raw, one, _NO_POSITION, among=free, column=column) for one in wanted
        ]
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


def _recipient_notes(client: Client, raw: RawTable) -> Iterator[Sentence]:
    """Who counts as the customer, where a list of orders names a recipient as well."""
    section = client.lists[raw.list_name]
    buyer = section.columns.get("customer_id")
    known = {fold_word(header) for header in RECIPIENTS}
    if client.table_of(raw.list_name) not in SALES or not buyer or fold_word(buyer) in known:
        return
    mapped = {fold_word(header) for header in section.headers.values()}
    for header in raw.columns:
        if fold_word(header.replace("_", " ")) in known and fold_word(header) not in mapped:
            yield Sentence(
                "orders are counted for the buyer ({buyer}); the list also names a recipient "
                "({recipient}): map that instead to count for the recipient",
                buyer=buyer,
                recipient=header,
            )
            return


# --- rows that are customers by their number -----------------------------------------------------

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
