"""Amounts with and without tax on one basis, as client.toml declares it.

`[rules] money` says on which basis the register counts, `tax` on which basis a list is written,
`tax_rate` (percent, or a mapped column) how much. Nothing declared: amounts stay as they stand.
Exact decimals, rounded half to even at the fourth place; margins stay as they are.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal

import pandas as pd
import pyarrow as pa

from segment_lib.columns import TABLES
from segment_lib.lists.cells.values import (
    NO_TAX_RATE,
    UNREADABLE_TAX_RATE,
    Parsed,
    fold_word,
)
from segment_lib.lists.cells.vectors import MONEY, as_array
from segment_lib.lists.words import words
from segment_lib.settings import Client
from segment_lib.voice import Sentence

_FOUR_DECIMALS = Decimal("0.0001")
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


def on_one_basis(client: Client, list_name: str, parsed: dict[str, Parsed]) -> dict[str, Parsed]:
    """The parsed columns with the money on the basis of [rules] money.

    A row whose rate is not there, or cannot be read, keeps its amount as it stands; `tax_rate` has
    the reason why, for which it is set aside.
    """
    column = money_column(client.table_of(list_name))
    if not must_convert(client, list_name) or column not in parsed:
        return parsed
    section = client.lists[list_name]
    money = parsed[column]
    to_excluded = client.rules.money == "tax_excluded"
    if "tax_rate" not in parsed:
        same = pd.Series(Decimal(str(section.tax_rate)), index=money.values.index)
        converted = _converted(money.values, same.astype(pd.ArrowDtype(MONEY)), to_excluded)
        return parsed | {column: Parsed(converted, money.reason)}
    stated = section.tax_rate if "tax_rate" in section.model_fields_set else None
    rates = _rates(parsed["tax_rate"], stated)
    converted = _converted(money.values, rates.values, to_excluded)
    return parsed | {column: Parsed(converted, money.reason), "tax_rate": rates}


def basis_note(client: Client, list_name: str) -> Sentence | None:
    """What was done to the amounts of a list; None where nothing was."""
    section = client.lists[list_name]
    if not must_convert(client, list_name):
        return None
    header = section.headers.get("tax_rate")
    if header:
        rate = Sentence("the rate of each row ({header})", header=header)
    else:
        rate = Sentence("{rate} %", rate=f"{section.tax_rate:g}")
    if section.tax == "included":
        return Sentence(
            "amounts are written with tax; the register counts without, taken out at {rate}",
            rate=rate,
        )
    return Sentence(
        "amounts are written without tax; the register counts with tax, added at {rate}", rate=rate
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


def _rates(texts: Parsed, stated: float | None) -> Parsed:
    """The rate of each row; a blank one is the stated rate of the list, if there is one."""
    encoded = as_array(texts.values).dictionary_encode()
    read = [parse_tax_rate(one) for one in encoded.dictionary.to_pylist()]
    rates = pa.array([None if isinstance(one, Sentence) else one for one in read], MONEY)
    reasons = pa.array(
        [one.english if isinstance(one, Sentence) else None for one in read], pa.string()
    )
    values = _like(rates.take(encoded.indices), texts.values)
    reason = _like(reasons.take(encoded.indices), texts.values)
    blank = texts.values.isna()
    if stated is None:
        return Parsed(values, reason.mask(blank, NO_TAX_RATE.english))
    return Parsed(values.mask(blank, Decimal(str(stated))), reason)


def _converted(money: pd.Series, rates: pd.Series, to_excluded: bool) -> pd.Series:
    """Each distinct pair of amount and rate once; without a rate the amount stays."""
    pairs = pd.DataFrame({"amount": money, "rate": rates})
    codes = pairs.groupby(["amount", "rate"], dropna=False, sort=False).ngroup().to_numpy()
    distinct = pairs.loc[~pd.Series(codes).duplicated().to_numpy()]
    read = [
        _one(amount, rate, to_excluded)
        for amount, rate in zip(
            as_array(distinct["amount"]).to_pylist(),
            as_array(distinct["rate"]).to_pylist(),
            strict=True,
        )
    ]
    return _like(pa.array(read, MONEY).take(pa.array(codes)), money)


def _one(amount: Decimal | None, rate: Decimal | None, to_excluded: bool) -> Decimal | None:
    if amount is None or rate is None:
        return amount
    moved = amount * 100 / (100 + rate) if to_excluded else amount * (100 + rate) / 100
    return moved.quantize(_FOUR_DECIMALS, rounding=ROUND_HALF_EVEN)


def _like(values: pa.Array, like: pd.Series) -> pd.Series:
    return pd.Series(values, index=like.index, dtype=pd.ArrowDtype(values.type))
