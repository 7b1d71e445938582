"""What whole columns of text give reason to ask: currencies, points, days that stand for none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.columns import REQUIRED, SALES
from segment_lib.lists.cells.amounts import YEN, currency_in, currency_sign
from segment_lib.lists.cells.values import array, quoted
from segment_lib.lists.cells.vectors import reader_of
from segment_lib.lists.cells.words import says_no_sale
from segment_lib.lists.reading.engine import RawTable, text
from segment_lib.lists.rows.asked import Asked, currency_header
from segment_lib.lists.rows.doubts import Ask, Doubt, doubts_of
from segment_lib.lists.rows.made import BELOW_ZERO, REFUND, declared_cells
from segment_lib.lists.words import words
from segment_lib.voice import N_, Sentence


def _as_written(code_day: str) -> list[str]:
    """A day that stands for none, as a pattern: year first, with or without zeros, or year last."""
    year, month, day = code_day[:4], code_day[4:6], code_day[6:]
    m, d = (f"0?{part[1]}" if part[0] == "0" else part for part in (month, day))
    return [
        rf"{year}\D?{month}\D?{day}",
        rf"{year}\D+{m}\D+{d}(?:\D|$)",
        rf"{d}\D+{m}\D+{year}",
        rf"{m}\D+{d}\D+{year}",
    ]


_SHOWN = 6
_CLOSE, _HALF, _SEVERAL = 0.05, 0.5, 3
_CODE_DAYS: list[str] = words("values")["code_days"]
_CODE_DAY = rf"^\D*(?:{'|'.join(form for day in _CODE_DAYS for form in _as_written(day))})"
_THEIR_YEARS = sorted({day[:4] for day in _CODE_DAYS})
# In the order of texts, what begins with a year of today stands between these, and none of them.
_USUAL = "2000", min(year for year in _THEIR_YEARS if year >= "2000")
_STROKE = r"^\s*\d[\d,.]*\s*[-－−]\s*$"
_THOUSANDS = re.compile(r"[^0]*0{1,3}(?:\.000)+[^0]*")


class _Shape(NamedTuple):
    """How cells of a column are written, every digit as 0: in how many rows, and which texts."""

    written: str
    rows: int
    texts: int
    least: str


def doubts_of_cells(asked: Asked) -> tuple[Doubt, ...]:
    """Currencies, points that may be commas, days by which databases write "no day"."""
    found: list[Doubt] = []
    for column, header in asked.headers.items():
        if column in ("amount", "unit_price", "monetary"):
            shapes = _shapes(asked.raw, header)
            found += _currencies(asked, header, shapes)
            found += _points(asked, shapes)
            found += _strokes(asked, header)
        if column.endswith("_on"):
            found += doubts_of(asked.raw.engine, [_no_days(asked, column, header)])
    found += _declared_words(asked)
    return tuple(dict.fromkeys(found))


def own_totals(asked: Asked) -> dict[str, float]:
    """Header to what the list itself adds up below it: the last row of totals of all its files.

    A sum of far less than its rows is one of a month. Of other columns than the amount only sums
    of what stands in them count: no number of rows.
    """
    raw, read = asked.raw, reader_of(asked.client, asked.list_name, "amount")
    found: dict[str, float] = {}
    if len(raw.totals) < len(raw.files) or asked.table not in (*SALES, "deals"):
        return found
    for header in filter(raw.columns.__contains__, raw.totals[0]):
        said = read(pa.array([one.get(header, "") for one in raw.totals], pa.large_string()))
        if said.values.null_count:
            continue
        own, counts = float(pc.sum(said.values).as_py()), raw.counts(header)
        cells = read(pa.array(list(counts), pa.large_string())).values.to_pylist()
        added = sum(float(cell or 0) * n for cell, n in zip(cells, counts.values(), strict=True))
        near = _CLOSE if header != asked.headers.get("amount") else _HALF
        if own and abs(added - own) <= near * max(abs(own), abs(added)):
            found[header] = own
    return found


def _shapes(raw: RawTable, header: str) -> list[_Shape]:
    """In the order of the list: few, however many amounts it has."""
    cell = raw.cell(header)
    rows = raw.engine.rows(
        f"""select regexp_replace(cell, '[0-9]', '0', 'g'), sum(n)::bigint, count(*), min(cell)
        from (select {cell} as cell, count(*) as n, min(_row) as first from {raw.name} group by 1)
        group by 1 order by min(first)"""
    )
    return [_Shape(*row) for row in rows]


def _declared_words(asked: Asked) -> Iterator[Doubt]:
    """Words of not_sales and returns that stand in no row: a typing error, or none this time; and
    those that are not among them and may say no sale all the same: AVBEST. beside avbeställt.
    """
    back = [one for cells in asked.returns.values() for one in cells.to_pylist()]
    for key in ("not_sales", "returns"):
        for name, header, cells, idle in declared_cells(asked.client, asked.raw, key):
            known, counts = {*cells, *back}, asked.raw.counts(header)
            sold = _sold(asked, header) if key == "not_sales" else ()
            if still := [one for one in sold if says_no_sale(one) and one not in known]:
                says = Sentence(
                    "under {header} these count, though they may say that a row is no sale: "
                    "{shown}. If they do, add them to not_sales",
                    header=name,
                    shown=_most_first({one: counts[one] for one in still}),
                )
                yield Doubt("still_sales", asked.list_name, says)
            if idle:
                says = Sentence(
                    "{key} names {words} under {header}, and no row has it; it has {shown}",
                    key=key,
                    words=", ".join(map(quoted, idle)),
                    header=name,
                    shown=_most_first(counts),
                )
                yield Doubt(key, asked.list_name, says)


def _sold(asked: Asked, header: str) -> list[str]:
    """What stands under a header in rows that are not below zero."""
    signed = [asked.where[c] for c in ("amount", "unit_price", "quantity") if c in asked.where]
    above = " and ".join(f"not regexp_matches(trim({one}), '{BELOW_ZERO}')" for one in signed)
    cells = f"select distinct {asked.raw.cell(header)} from {asked.raw.name}"
    return list(asked.raw.engine.column(f"{cells} where {above or 'true'} order by 1"))


def _most_first(counts: Mapping[str, int]) -> str:
    """Cells with how often each stands, the most frequent ones."""
    filled = [(cell, n) for cell, n in counts.items() if cell.strip()]
    first = sorted(filled, key=lambda one: (-one[1], one[0]))[:_SHOWN]
    return ", ".join(f"{cell} {n:,}" for cell, n in first)


def _no_days(asked: Asked, column: str, header: str) -> Ask:
    raw, section = asked.raw, asked.client.lists[asked.list_name]
    cell = raw.cell(header)
    grave = "true" if column in REQUIRED[asked.table] else "false"
    # Few cells, found quickly; where all days are usual, without a look at them.
    unusual = f"({cell} < '{_USUAL[0]}' or {cell} >= '{_USUAL[1]}')"
    perhaps = f"{unusual} and regexp_matches({cell}, '{'|'.join(_THEIR_YEARS)}')"
    mended = ", ".join(map(text, ("", *section.missing, *section.missing_in.get(column, ()))))
    return Ask(
        "no_days",
        f"""with odd as (select {cell} as cell, count(*) as n from {raw.name}
            where {perhaps} and regexp_matches({cell}, {text(_CODE_DAY)})
            and trim({cell}) not in ({mended})
            group by 1 order by n desc, cell limit 5)
        select {text(header)} as header, {text(column)} as column, {grave} as grave,
            string_agg(cell || ' ' || thousands(n), ', ' order by n desc, cell) as shown,
            string_agg(toml(cell), ', ' order by n desc, cell) as cells
        from odd having count(*) > 0""",
        N_(
            "{header} holds days by which databases write that there is none ({shown}). Write "
            "missing_in = {{ {column} = [{cells}] }}"
        ),
        asked.list_name,
    )


def _points(asked: Asked, shapes: Sequence[_Shape]) -> Iterator[Doubt]:
    """12.500 in every cell that has a point: twelve and a half, or twelve thousand five hundred."""
    section = asked.client.lists[asked.list_name]
    if section.decimal == "," or "decimal" in section.model_fields_set:  # somebody is sure
        return
    dotted = [one for one in shapes if "." in one.written or "," in one.written]
    whole = all(_THOUSANDS.fullmatch(one.written) for one in dotted)
    if whole and sum(one.texts for one in dotted) >= 3:
        says = Sentence(
            "every amount with a point has three digits behind it, such as {example}: if that "
            'is a thousand, write decimal = ","; if not, decimal = "."',
            example=min(one.least for one in dotted),
        )
        yield Doubt("points", asked.list_name, says, grave=True)


def _strokes(asked: Asked, header: str) -> Iterator[Doubt]:
    """44,000- among yen: below zero, as some programs write it, or the end of a sum written by
    hand.
    """
    raw, around = asked.raw, asked.client.lists[asked.list_name].around_numbers
    if asked.client.client.currency not in YEN or "-" in around:
        return
    cell = raw.cell(header)
    sold = f"{raw.cell(REFUND)} = ''" if REFUND in raw.columns else "true"
    count, example = raw.engine.rows(
        f"select count(*), min(trim({cell})) from {raw.name} "
        f"where {sold} and regexp_matches({cell}, {text(_STROKE)})"
    )[0]
    if count >= _SEVERAL:
        says = Sentence(
            "{count} amount(s) under {header} end with a stroke, such as {example}, and count as "
            "below zero. If it only ends the sum, write around_numbers = {line}",
            count=count,
            header=header,
            example=example,
            line=array([*around, "-"]),
        )
        yield Doubt("strokes", asked.list_name, says, grave=True)


def _currencies(asked: Asked, header: str, shapes: Sequence[_Shape]) -> Iterator[Doubt]:
    """Several currencies in one column of money, by their signs or by a column that names them."""
    section, told = asked.client.lists[asked.list_name], currency_header(asked.raw)
    if currency_in(header):  # Amount in USD: whatever the currency of the row was
        return
    counts: Counter[str] = Counter()
    written = asked.raw.counts(told) if told else {one.written: one.rows for one in shapes}
    for cell, count in written.items():
        counts[currency_sign(cell) or (cell.strip().upper() if told else "")] += count
    del counts[""]
    known = {currency_sign(name) or name for name in section.rates}
    if len(counts) < 2 or (known and set(counts) <= known | {asked.client.client.currency}):
        return
    says = Sentence(
        "{header} holds several currencies ({shown}), and they cannot be added up. Write what one "
        "unit of each is worth in yours: rates = {{ {rates} }}, or leave the rows of the others "
        "out with not_sales",
        header=told or header,
        shown=", ".join(f"{sign} {n:,}" for sign, n in counts.items()),
        rates=", ".join(f"{quoted(sign)} = …" for sign in counts),
    )
    yield Doubt("currencies", asked.list_name, says, grave=True)
