"""What must be known of whole columns before a row is read; asked of the raw table, once.

Which header is which column; whether the days say what comes first, the words what they mean;
which ids went through a number column (17850.0); which rows people declared to be no sales.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.columns import ORDER_LIKE, SALES
from segment_lib.lists.cells.amounts import currency_sign, names_currency
from segment_lib.lists.cells.dates import (
    START,
    declared_order,
    is_plain,
    require_order_said,
    require_right_order,
)
from segment_lib.lists.cells.headers import match_header
from segment_lib.lists.cells.values import Parsed
from segment_lib.lists.cells.vectors import IDS, Reader, negative, reader_of
from segment_lib.lists.cells.words import (
    coded_texts,
    column_kind,
    declared_codes,
    is_worded,
    known_words,
    require_explained,
    require_said_what_yes_means,
)
from segment_lib.lists.reading.engine import FILE_BITS, RawTable
from segment_lib.lists.reading.engine import text as sql_text
from segment_lib.lists.rows.made import REFUND, declared_cells, wanted_header
from segment_lib.lists.rows.tax import money_column, must_convert
from segment_lib.settings import Client
from segment_lib.voice import Sentence, _

_FLOAT_ID = r"^\d+\.0$"
_FIRST_IDS = 100  # mostly the first of them settle it
_MOST_DAYS = 5_000
_BLANKS = "".join(chr(sign) for sign in range(0x3001) if chr(sign).isspace())


@dataclass(frozen=True)
class Asked:
    """One list as client.toml and its whole columns say: all that reading its rows needs.

    `headers` is column to header, `readers` how each column is read; `floats` are the id columns of
    nothing but floats; `no_sales` and `returns` the declared cells by the name that client.toml
    has for their column; `where` has the column of the raw table for each of these names. `money`
    is the column of amounts, if there is one; `converts` whether tax is added or taken out. `sums`
    has the headers of columns that are added up, `discounts` of those taken off the amount, `rates`
    what one unit of a currency is worth.
    """

    client: Client
    list_name: str
    table: str
    raw: RawTable
    headers: dict[str, str]
    readers: dict[str, Reader]
    floats: tuple[str, ...]
    no_sales: dict[str, pa.Array]
    returns: dict[str, pa.Array]
    where: dict[str, str]
    money: str
    converts: bool
    sums: dict[str, tuple[str, ...]]
    discounts: tuple[str, ...]
    rates: dict[str, Decimal]


def ask(client: Client, raw: RawTable) -> Asked:
    """Ask the raw table what must be known; raises `ListError` or `ClientError` about it."""
    name, section, table = (
        raw.list_name,
        client.lists[raw.list_name],
        client.table_of(raw.list_name),
    )
    headers = {
        column: header
        for column, wanted in (section.headers | raw.made).items()
        if (header := match_header(wanted, raw.columns)) is not None
    }
    _require_days(client, raw, headers)
    _require_words(client, raw, headers)
    no_sales = list(declared_cells(client, raw, "not_sales"))
    returns = list(declared_cells(client, raw, "returns")) if table in SALES else []
    sums = {
        column: tuple(wanted_header(raw, one, key=f"sums.{column}") for one in several)
        for column, several in section.sums.items()
    }
    for together in section.taken_from_above:  # taken while reading
        for one in together:
            wanted_header(raw, one, key="as_above")
    discounts = tuple(wanted_header(raw, one, key="discounts") for one in section.discounts)
    columns = (*headers, *section.always, *sums)
    readers = {column: reader_of(client, name, column) for column in columns}
    where = {one: raw.cell(header) for one, header in headers.items()}
    where |= {one.name: raw.cell(one.header) for one in (*no_sales, *returns)}
    floats = tuple(
        one for one in IDS if one in headers and _all_floats(raw, where[one], readers[one])
    )
    readers |= {column: partial(_without_ending, readers[column]) for column in floats}
    for column, several in sums.items():
        where |= {f"{column}+{at}": raw.cell(header) for at, header in enumerate(several)}
    for header in discounts:
        where[f"-{header}"] = raw.cell(header)
        readers[f"-{header}"] = _positive(reader_of(client, name, "amount"), raw.counts(header))
    if REFUND in raw.columns:
        where[REFUND] = raw.cell(REFUND)
    if section.rates and (currency := currency_header(raw)):
        where["currency"] = raw.cell(currency)
    money = money_column(table) if table in (*ORDER_LIKE, "summaries") else ""
    rates = {currency_sign(one) or one: Decimal(str(rate)) for one, rate in section.rates.items()}
    declared, back = (
        {one.name: pa.array(one.cells, pa.large_string()) for one in rows}
        for rows in (no_sales, returns)
    )
    if REFUND in raw.columns:
        back[REFUND] = pa.array(["1"], pa.large_string())
    return Asked(
        client, name, table, raw, headers, readers, floats, declared, back, where,
        money, must_convert(client, name), sums, discounts, rates,
    )  # fmt: skip


def _positive(read: Reader, counts: Mapping[str, int]) -> Reader:
    """How discounts are read: below zero they are where most of them are written so."""
    signs = pc.sign(read(pa.array(list(counts), pa.large_string())).values).fill_null(0)
    most = sum(int(sign) * n for sign, n in zip(signs.to_pylist(), counts.values(), strict=True))
    return read if most >= 0 else lambda texts: negative(read(texts))


def notes_of(asked: Asked) -> Iterator[Sentence]:
    """What was done: discounts taken off, and each column that held nothing but floats."""
    if headers := ", ".join(asked.discounts):
        yield Sentence("the amount of each row is without {headers}", headers=headers)
    given = declared_cells(asked.client, asked.raw, "returns") if asked.returns else ()
    for _name, header, cells, _idle in given:
        yield Sentence(
            "{count} row(s) give back what they hold, as {header} says: taken below zero",
            count=sum(asked.raw.counts(header)[cell] for cell in cells),
            header=header,
        )
    for column in asked.floats:
        yield Sentence(
            '{column}: every id ended in ".0" (a number column in between); the ending was cut',
            column=column,
        )


def currency_header(raw: RawTable) -> str:
    """The header of the column that names the currency of each row; "" where there is none."""
    return next((one for one in raw.columns if names_currency(one, raw.counts)), "")


# --- days -------------------------------------------------------------------------------------


def _require_days(client: Client, raw: RawTable, headers: Mapping[str, str]) -> None:
    section, table = client.lists[raw.list_name], client.table_of(raw.list_name)
    dated = [
        column
        for column in (*section.columns, *raw.made)
        if column in headers and column_kind(client, column, table) == "date"
    ]
    if declared_order(section):
        for column in dated:
            _require_right_order(client, raw, column, headers[column])
        return
    if not {"ymd", "era"} & set(section.dates):
        return  # said in so many words, or with years of another calendar
    days = {column: _days_by_file(raw, raw.cell(headers[column])) for column in dated}
    for number, file in enumerate(raw.files):
        for column in dated:
            where = _(
                "{file_name} (list {list_name}): {header} ({column})",
                file_name=file,
                list_name=raw.list_name,
                header=section.headers.get(column, headers[column]),
                column=column,
            )
            require_order_said(days[column].get(number, {}), raw.list_name, where)


def _days_by_file(raw: RawTable, cell: str) -> dict[int, dict[str, int]]:
    """The cells of a column with days, the most frequent first; none where all are plain."""
    beginnings = raw.engine.rows(f"select distinct substring({cell}, 1, 5) from {raw.name}")
    if all(is_plain(one) for (one,) in beginnings):
        return {}
    rows = raw.engine.rows(
        f"""select _row >> {FILE_BITS} as file, {cell}, count(*) as n, min(_row) as first
        from {raw.name} where {cell} <> '' group by _row >> {FILE_BITS}, {cell}
        qualify row_number() over (partition by file order by n desc, first) <= {_MOST_DAYS}
        order by file, n desc, first"""
    )
    days: dict[int, dict[str, int]] = {}
    for file, cell_text, count, _first in rows:
        if cell_text.strip():
            days.setdefault(file, {})[cell_text] = count
    return {file: {} if all(map(is_plain, counts)) else counts for file, counts in days.items()}


def _require_right_order(client: Client, raw: RawTable, column: str, header: str) -> None:
    section, cell = client.lists[raw.list_name], raw.cell(header)
    codes = declared_codes(section, column)
    coded = coded_texts(raw.counts(header), codes) if codes else []
    start = f"left(ltrim({cell}, {sql_text(_BLANKS)}), {START})"
    rows = f"from {raw.name} where {cell} not in ({', '.join(map(sql_text, ['', *coded]))})"

    def example(odd: list[str]) -> str:
        among = ", ".join(map(sql_text, odd))
        row, cell_text = raw.engine.rows(
            f"select _row, {cell} {rows} and {start} in ({among}) order by _row limit 1"
        )[0]
        file, number = raw.place_of(row)
        return _("row {row_number} of {file}: {cell}", row_number=number, file=file, cell=cell_text)

    starts = dict(raw.engine.rows(f"select {start}, count(*) {rows} group by 1"))
    require_right_order(section, raw.list_name, column, starts, example)


# --- words ------------------------------------------------------------------------------------


def _require_words(client: Client, raw: RawTable, headers: Mapping[str, str]) -> None:
    """Raise `ListError` about the first column with words that nobody explained."""
    name, section = raw.list_name, client.lists[raw.list_name]
    table = client.table_of(name)
    for column, header in headers.items():
        if is_worded(client, table, column):
            counts = raw.counts(header)
            require_said_what_yes_means(client, name, column, counts)
            require_explained(client, name, column, counts)
        elif column in section.words:
            known_words(client, name, column)
    rows = raw.engine.one(f"select count(*) from {raw.name}") if section.always else 0
    for column, word in section.always.items():
        if rows and is_worded(client, table, column):
            require_explained(client, name, column, {word: rows})


# --- ids --------------------------------------------------------------------------------------


def _all_floats(raw: RawTable, cell: str, read: Reader) -> bool:
    """Whether every id of a column is a float: an id that ends in .0 among others is a real one.

    Mostly the first of them settle it.
    """
    ids = pa.array([], pa.string())
    for rows in (f"{cell} from {raw.name} limit {_FIRST_IDS}", f"distinct {cell} from {raw.name}"):
        texts = raw.engine.arrow(f"select {rows}")[cell]
        ids = read(texts.combine_chunks()).values.drop_null()
        if not pc.all(pc.match_substring_regex(ids, _FLOAT_ID), min_count=0).as_py():
            return False
    return len(ids) > 0


def _without_ending(read: Reader, texts: pa.Array) -> Parsed:
    ids = read(texts)
    return Parsed(pc.utf8_slice_codeunits(ids.values, 0, -2), ids.reason)
