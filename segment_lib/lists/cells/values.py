"""What reading a value means: the value, or the reason why not.

Whole columns are read in `vectors.py`, one text in `dates.py`, `amounts.py` and `telephones.py`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

import pyarrow as pa

from segment_lib.columns import COLUMNS, SAID_ELSEWHERE, Column
from segment_lib.lists.cells.telephones import parse_telephone as parse_telephone
from segment_lib.voice import Sentence, spoken

UNREADABLE_DATE = Sentence("unreadable date")
NOT_IN_CALENDAR = Sentence("date not in the calendar")
UNREADABLE_AMOUNT = Sentence("unreadable amount")
AMOUNT_TOO_LARGE = Sentence("amount too large to be one")
UNREADABLE_NUMBER = Sentence("unreadable number")
UNREADABLE_HOURS = Sentence("unreadable hours")
ZERO_AMOUNT = Sentence("zero amount")
GUEST = Sentence("guest id")
CANCELLED = Sentence("cancelled order")
IGNORED = Sentence("status ignored")
TOO_MANY_CELLS = Sentence("more cells than the header")
TOTALS_ROW = Sentence("a row of totals")
REMARK_ROW = Sentence("a remark beside or below the list")
REPLACED = Sentence("counted in another file")
NO_ARTICLE = Sentence("no article in the row")
DECLARED_NO_SALE = Sentence("declared as no sale")
NO_TAX_RATE = Sentence("missing tax rate")
UNREADABLE_TAX_RATE = Sentence("unreadable tax rate")
FORMULA_ERROR = Sentence("formula error instead of a value")
DIGITS_LOST = Sentence("id in exponent form, digits lost")
BELOW_ZERO = Sentence("number below zero")
NOT_WHOLE = Sentence("number that is not whole")


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
    """A column as read: typed `values`, missing where not read, and there the `reason`.

    None stands for a column without any reason.
    """

    values: pa.Array
    reason: pa.Array | None = None


@dataclass(frozen=True)
class _InASentence:
    """The label of a column within a sentence: in English it begins with a small letter."""

    column: Column

    def __str__(self) -> str:
        return str(self.column) if spoken() == "ja" else self.english

    @property
    def english(self) -> str:
        return self.column.label.lower()


def missing_reason(column: str) -> Sentence:
    """Why a row without a value in a needed column is set aside.

    >>> missing_reason("ordered_on").english, missing_reason("customer_id").english
    ('missing date', 'missing customer id')
    """
    known = COLUMNS[column]
    if known.kind == "date":
        return Sentence("missing date")
    if known.kind == "money":
        return Sentence("missing amount")
    return Sentence("missing {column}", column=_InASentence(known))


REASONS: dict[str, Sentence] = {
    reason.english: reason
    for reason in (
        UNREADABLE_DATE, NOT_IN_CALENDAR, UNREADABLE_AMOUNT, AMOUNT_TOO_LARGE, UNREADABLE_NUMBER,
        UNREADABLE_HOURS, ZERO_AMOUNT, GUEST, CANCELLED, IGNORED, TOO_MANY_CELLS, NO_ARTICLE,
        REPLACED,
        TOTALS_ROW, REMARK_ROW, DECLARED_NO_SALE, NO_TAX_RATE, UNREADABLE_TAX_RATE, FORMULA_ERROR,
        DIGITS_LOST, BELOW_ZERO, NOT_WHOLE, *map(missing_reason, COLUMNS),
    )
}  # fmt: skip
SAID_ELSEWHERE["reason"] = REASONS


def reason_said(code: str) -> str:
    """Why a row was set aside, in the language of the moment.

    >>> reason_said("guest id")
    'guest id'
    """
    return str(REASONS.get(code, code))
