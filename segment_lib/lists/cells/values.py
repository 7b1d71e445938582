"""What reading a value means: the value, or the reason why not, in both languages.

Whole columns are read in `vectors.py`, one text in `dates.py`, `amounts.py` and `telephones.py`.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

import pandas as pd

from segment_lib.columns import COLUMNS
from segment_lib.lists.cells.telephones import parse_telephone as parse_telephone


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
TOTALS_ROW = Told("a row of totals", "合計の行")
REMARK_ROW = Told("a remark beside or below the list", "表の外の注記")
NO_ARTICLE = Told("no article in the row", "商品のない行")
DECLARED_NO_SALE = Told("declared as no sale", "売上でない行（設定）")
NO_TAX_RATE = Told("missing tax rate", "税率がない")
UNREADABLE_TAX_RATE = Told("unreadable tax rate", "税率を読み取れない")
FORMULA_ERROR = Told("formula error instead of a value", "値ではなく数式のエラー")
DIGITS_LOST = Told("id in exponent form, digits lost", "指数表記で桁が失われた番号")
BELOW_ZERO = Told("number below zero", "0より小さい数")
NOT_WHOLE = Told("number that is not whole", "整数でない数")


def tidy_text(text: str) -> str:
    """NFKC (full-width to half-width, ㈱ to (株)) and no blanks at the ends."""
    return unicodedata.normalize("NFKC", text).strip()


def fold_word(text: str) -> str:
    """A word for comparison: NFKC, lower case, no blanks.

    >>> fold_word(" Ｙｅｓ ")
    'yes'
    """
    return "".join(tidy_text(text).casefold().split())


class Parsed(NamedTuple):
    """A column as read: typed `values`, missing where not read, and there the `reason`."""

    values: pd.Series
    reason: pd.Series


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
    UNREADABLE_HOURS, ZERO_AMOUNT, GUEST, CANCELLED, IGNORED, TOO_MANY_CELLS, NO_ARTICLE,
    TOTALS_ROW, REMARK_ROW,
    DECLARED_NO_SALE, NO_TAX_RATE, UNREADABLE_TAX_RATE, FORMULA_ERROR, DIGITS_LOST, BELOW_ZERO,
    NOT_WHOLE,
)  # fmt: skip
REASONS_JA: dict[str, str] = {reason.en: reason.ja for reason in _REASONS} | {
    told.en: told.ja for told in map(missing_reason, COLUMNS)
}
