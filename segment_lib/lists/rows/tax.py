"""Amounts with and without tax on one basis, as client.toml declares it.

`[rules] money` says on which basis the register counts, `tax` on which basis a list is written,
`tax_rate` (percent, or a mapped column) how much. Nothing declared: amounts stay as they stand.
Exact decimals, rounded half to even at the fourth place; margins stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.columns import TABLES
from segment_lib.lists.cells.values import NO_TAX_RATE, UNREADABLE_TAX_RATE, Parsed, fold_word
from segment_lib.lists.cells.vectors import MONEY, read_each
from segment_lib.lists.words import words
from segment_lib.settings import Client
from segment_lib.voice import Sentence

_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+", re.ASCII)
# What may stand beside the number: 軽減8%, 標準税率 10%, 8%※; not 税込8%, which says more.
_BESIDE = re.compile(
    r"(?:標準|軽減|消費税|税率|対象|課税|税|率|vat|gst|tax|rate|[()%*※:・])*", re.IGNORECASE
)
_NO_TAX = {fold_word(word) for word in words("values")["no_tax"]}


def money_column(table: str) -> str:
    """The column of a table that is money with or without tax; "" where it has none.

    >>> money_column("order_lines"), money_column("summaries"), money_column("usage")
    ('amount', 'monetary', '')
    """
    return next((name for name in ("amount", "monetary") if name in TABLES[table]), "")


def must_convert(client: Client, list_name: str) -> bool:
    """Whether a list is written on another basis than the register counts."""
    section, basis = client.lists[list_name], client.rules.money
    return bool(
        basis
        and section.tax
        and basis != f"tax_{section.tax}"
        and money_column(client.table_of(list_name))
    )


def on_one_basis(
    client: Client, list_name: str, parsed: dict[str, Parsed], column: str
) -> dict[str, Parsed]:
    """The money under `column` on the basis of [rules] money, and the rates if the rows have some.

    A row whose rate is not there, or cannot be read, keeps its amount as it stands; `tax_rate` has
    the reason why, for which it is set aside.
    """
    section = client.lists[list_name]
    money = parsed[column]
    to_excluded = client.rules.money == "tax_excluded"
    if "tax_rate" not in parsed:
        same = pa.scalar(Decimal(str(section.tax_rate)), MONEY)
        rates = pa.repeat(same, len(money.values))
        return {column: Parsed(_converted(money.values, rates, to_excluded), money.reason)}
    stated = section.tax_rate if "tax_rate" in section.model_fields_set else None
    read = _rates(parsed["tax_rate"].values, stated)
    converted = _converted(money.values, read.values, to_excluded)
    return {column: Parsed(converted, money.reason), "tax_rate": read}


def basis_note(client: Client, list_name: str) -> Iterator[Sentence]:
    """What was done to the amounts of a list, if anything was."""
    section = client.lists[list_name]
    if not must_convert(client, list_name):
        return
    header = section.headers.get("tax_rate")
    rate = Sentence("{rate} %", rate=f"{section.tax_rate:g}")
    if header:
        rate = Sentence("the rate of each row ({header})", header=header)
    if section.tax == "included":
        yield Sentence(
            "amounts are written with tax; the register counts without, taken out at {rate}",
            rate=rate,
        )
    else:
        yield Sentence(
            "amounts are written without tax; the register counts with tax, added at {rate}",
            rate=rate,
        )


def parse_tax_rate(text: str) -> Decimal | Sentence:
    """A rate in percent, or the reason why not; 0.08 without a sign is a share.

    >>> parse_tax_rate("軽減8％"), parse_tax_rate("0.1"), parse_tax_rate("非課税")
    (Decimal('8'), Decimal('10.0'), Decimal('0'))
    """
    folded = fold_word(text)
    if folded in _NO_TAX:
        return Decimal(0)
    numbers = _NUMBER.findall(folded)
    beside = "".join(_NUMBER.split(folded))
    if len(numbers) != 1 or not _BESIDE.fullmatch(beside):
        return UNREADABLE_TAX_RATE
    rate = Decimal(numbers[0])
    percent = rate if "%" in folded or rate >= 1 else rate * 100
    return percent if percent < 100 else UNREADABLE_TAX_RATE


def _rates(texts: pa.Array, stated: float | None) -> Parsed:
    """The rate of each row; a blank one is the stated rate of the list, if there is one."""
    rates = read_each(texts, parse_tax_rate, MONEY)
    blank = pc.is_null(texts)
    if stated is None:
        return Parsed(rates.values, pc.if_else(blank, NO_TAX_RATE.english, rates.reason))
    same = pa.scalar(Decimal(str(stated)), MONEY)
    return Parsed(pc.if_else(blank, same, rates.values), rates.reason)


def _converted(money: pa.Array, rates: pa.Array, to_excluded: bool) -> pa.Array:
    """Exact, and rounded once; without a rate the amount stays."""
    hundred = pa.scalar(Decimal(100), pa.decimal256(3, 0))
    wide, both = money.cast(pa.decimal256(18, 4)), pc.add(rates.cast(pa.decimal256(18, 4)), hundred)
    over, under = (hundred, both) if to_excluded else (both, hundred)
    moved = pc.divide(pc.multiply(wide, over), under)
    moved = pc.round(moved, ndigits=4, round_mode="half_to_even").cast(MONEY)
    return pc.coalesce(moved, money)
