"""What whole columns of text give reason to ask: currencies, points, days that stand for none."""

from __future__ import annotations

from collections.abc import Iterator

from segment_lib.columns import REQUIRED
from segment_lib.lists.cells.amounts import currency_sign
from segment_lib.lists.cells.hints import quoted
from segment_lib.lists.reading.engine import text
from segment_lib.lists.rows.asked import Asked, currency_header
from segment_lib.lists.rows.doubts import Doubt
from segment_lib.lists.words import words
from segment_lib.voice import Sentence

_VALUES = words("values")
# A word for nothing under an id; "0" and 99999 may be somebody's.


_CODE_DAYS: tuple[str, ...] = _VALUES["code_days"]


def doubts_of_cells(asked: Asked) -> list[Doubt]:
    """Currencies, points that may be commas, days by which databases write "no day"."""
    found: list[Doubt] = []
    for column, header in asked.headers.items():
        if column in ("amount", "unit_price", "monetary"):
            found += [*_currencies(asked, header), *_points(asked, column, header)]
        if column in REQUIRED[asked.table] and column.endswith("_on"):
            found += _no_days(asked, column, header)
    return list(dict.fromkeys(found))


def _currencies(asked: Asked, header: str) -> Iterator[Doubt]:
    """Several currencies in one column of money, by their signs or by a column that names them."""
    raw, section = asked.raw, asked.client.lists[asked.list_name]
    told = currency_header(raw)
    counts: dict[str, int] = {}
    for cell, count in raw.counts(told or header).items():
        sign = currency_sign(cell) or (cell.strip().upper() if told else "")
        if sign:
            counts[sign] = counts.get(sign, 0) + count
    known = {currency_sign(name) or name for name in section.rates}
    if len(counts) < 2 or (known and set(counts) <= known | {asked.client.client.currency}):
        return
    shown = ", ".join(f"{sign} {n:,}" for sign, n in counts.items())
    says = Sentence(
        "{header} holds several currencies ({shown}), and they cannot be added up. Write what one "
        "unit of each is worth in yours: rates = {{ {rates} }}, or leave the rows of the others "
        "out with not_sales",
        header=told or header,
        shown=shown,
        rates=", ".join(f"{quoted(sign)} = …" for sign in counts),
    )
    yield Doubt("currencies", asked.list_name, says, grave=True)


def _points(asked: Asked, column: str, header: str) -> Iterator[Doubt]:
    """12.500 in every cell that has a point: twelve and a half, or twelve thousand five hundred."""
    raw, section = asked.raw, asked.client.lists[asked.list_name]
    if section.decimal == "," or "decimal" in section.model_fields_set:
        return
    cell = raw.cell(header)
    dotted, whole, example = raw.engine.rows(
        f"select count(distinct {cell}) filter (contains({cell}, '.') or contains({cell}, ',')), "
        f"count(distinct {cell}) filter (regexp_matches({cell}, "
        r"'^\D*\d{1,3}(\.\d{3})+\D*$')), "
        f"min({cell}) filter (contains({cell}, '.')) from {raw.name}"
    )[0]
    if whole >= 3 and dotted == whole:
        yield Doubt(
            "points",
            asked.list_name,
            Sentence(
                "every amount with a point has three digits behind it, such as {example}: if that "
                'is a thousand, write decimal = ","; if not, decimal = "."',
                example=example,
            ),
            grave=True,
        )


def _no_days(asked: Asked, column: str, header: str) -> Iterator[Doubt]:
    raw = asked.raw
    digits = f"left(regexp_replace({raw.cell(header)}, '[^0-9]', '', 'g'), 8)"
    codes = ", ".join(map(text, _CODE_DAYS))
    found = raw.engine.rows(
        f"select {raw.cell(header)}, count(*) from {raw.name} where {digits} in ({codes}) "
        "group by 1 order by 2 desc limit 5"
    )
    if found:
        shown = ", ".join(f"{cell} {n:,}" for cell, n in found)
        cells = ", ".join(quoted(cell) for cell, _n in found)
        yield Doubt(
            "no_days",
            asked.list_name,
            Sentence(
                "{header} holds days by which databases write that there is none ({shown}). Write "
                "missing_in = {{ {column} = [{cells}] }}",
                header=header,
                shown=shown,
                column=column,
                cells=cells,
            ),
            grave=True,
        )
