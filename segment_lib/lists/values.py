"""What reading a value means: the value, or the reason why not, in both languages.

`parse_column` reads each distinct text of a column once by a parser of one text (`dates.py`,
`amounts.py`, or one of those below).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.columns import COLUMNS


class Told(NamedTuple):
    """A reason or a note in both languages."""

    en: str
    ja: str


UNREADABLE_DATE = Told("unreadable date", "日付を読み取れない")
NOT_IN_CALENDAR = Told("date not in the calendar", "暦にない日付")
UNREADABLE_AMOUNT = Told("unreadable amount", "金額を読み取れない")
AMOUNT_TOO_LARGE = Told("amount too large to be one", "金額が大きすぎる")
UNREADABLE_NUMBER = Told("unreadable number", "数値を読み取れない")
UNREADABLE_HOURS = Told("unreadable hours", "時間数を読み取れない")
ZERO_AMOUNT = Told("zero amount", "金額が0")
GUEST = Told("guest id", "ゲスト用の番号")
CANCELLED = Told("cancelled order", "取消された注文")
IGNORED = Told("status ignored", "対象外のステータス")
TOO_MANY_CELLS = Told("more cells than the header", "見出しより列が多い行")


def tidy_text(text: str) -> str:
    """NFKC (full-width to half-width, ㈱ to (株)) and no blanks at the ends."""
    return unicodedata.normalize("NFKC", text).strip()


def fold_word(text: str) -> str:
    """A word for comparison: NFKC, lower case, no blanks.

    >>> fold_word(" Ｙｅｓ ")
    'yes'
    """
    return "".join(tidy_text(text).casefold().split())


def parse_telephone(text: str) -> str | None:
    """Digits only, as dialled at home: a form for comparing; None if there is no digit.

    >>> parse_telephone("+81 (0)3-1234-5678"), parse_telephone("０３（１２３４）５６７８")
    ('0312345678', '0312345678')
    """
    at_home = re.sub(r"^\+81\s*(?:\(0\))?\s*0?", "0", tidy_text(text))
    return "".join(sign for sign in at_home if sign.isdigit()) or None


class Parsed(NamedTuple):
    """A column as read: typed `values`, missing where not read, and there the `reason`."""

    values: pd.Series
    reason: pd.Series


def parse_column(
    text: pd.Series,
    parse: Callable[[str], object],
    kind: pa.DataType,
    missing: Iterable[str] = (),
) -> Parsed:
    """Read a text column by `parse`, each distinct text once; blank and `missing` are missing."""
    codes, distinct = pd.factorize(text)
    blank = {"", *missing}
    read = [None if str(one).strip() in blank else parse(str(one)) for one in distinct]
    values = [None if isinstance(one, Told) else one for one in read]
    reasons = [one.en if isinstance(one, Told) else None for one in read]
    return Parsed(
        _spread(pa.array(values, kind), codes, text.index),
        _spread(pa.array(reasons, pa.string()), codes, text.index),
    )


def _spread(distinct: pa.Array, codes: object, index: pd.Index) -> pd.Series:
    where = pa.array(codes)
    where = pc.if_else(pc.less(where, 0), None, where)
    return pd.Series(distinct.take(where), index=index, dtype=pd.ArrowDtype(distinct.type))


def missing_reason(column: str) -> Told:
    """Why a row without a value in a needed column is set aside.

    >>> missing_reason("ordered_on").en, missing_reason("customer_id").en
    ('missing date', 'missing customer id')
    """
    known = COLUMNS[column]
    if known.kind == "date":
        return Told("missing date", "日付がない")
    if known.kind == "money":
        return Told("missing amount", "金額がない")
    return Told(f"missing {known.en.lower()}", f"{known.ja}がない")


_REASONS = (
    UNREADABLE_DATE, NOT_IN_CALENDAR, UNREADABLE_AMOUNT, AMOUNT_TOO_LARGE, UNREADABLE_NUMBER,
    UNREADABLE_HOURS, ZERO_AMOUNT, GUEST, CANCELLED, IGNORED, TOO_MANY_CELLS,
)  # fmt: skip
REASONS_JA: dict[str, str] = {reason.en: reason.ja for reason in _REASONS} | {
    told.en: told.ja for told in map(missing_reason, COLUMNS)
}
