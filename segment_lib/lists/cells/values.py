"""What reading a value means: the value, or the reason why not; and how both are said.

Whole columns are read in `vectors.py`, one text in `dates.py`, `amounts.py` and `telephones.py`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import pyarrow as pa

from segment_lib.columns import COLUMNS, SAID_ELSEWHERE, Column
from segment_lib.settings import ListSection
from segment_lib.voice import Sentence, _, spoken

# What web pages, chats and names in Excel leave behind: soft hyphens, spaces without width, marks
# of direction, letters and patterns that show nothing. The joiners of some scripts (U+200C, U+200D)
# belong to their words. Tab and line ends may stand in a quoted cell; no other control character
# is text.
CONTROL = (
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f"
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\u2800\u3164\ufeff\ufff9-\ufffb]"
)

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
HEADING_ROW = Sentence("a heading of the rows below it")
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


def without_controls(text: str) -> str:
    """A text without its control characters; tab and line ends stay."""
    return re.sub(CONTROL, "", text)


_ORDINAL = re.compile(r"^\d{1,2}[.．:：_、)）-]")


def without_ordinal(word: str) -> str:
    """A folded word without the number by which a list of stages sorts it.

    >>> without_ordinal("06.受注"), without_ordinal("5-won"), without_ordinal("2025")
    ('受注', 'won', '2025')
    """
    return _ORDINAL.sub("", word)


@lru_cache(maxsize=1 << 16)  # the words of the dictionaries are asked about for each column
def fold_word(text: str) -> str:
    """A word for comparison: NFKC, lower case, no blanks.

    >>> fold_word(" Ｙｅｓ ")
    'yes'
    """
    return "".join(tidy_text(text).casefold().split())


def without_accents(text: str) -> str:
    """Latin letters without their accents, as exports write headers in either way.

    >>> without_accents("Quantité"), without_accents("Preço unitário"), without_accents("ガ")
    ('Quantite', 'Preco unitario', 'ガ')
    """
    letters = {sign: unicodedata.normalize("NFD", sign)[0] for sign in text}
    return "".join(letters[sign] if letters[sign].isascii() else sign for sign in text)


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


_ABOVE = [one for one in list(vars().values()) if isinstance(one, Sentence)]  # all are reasons
REASONS = {one.english: one for one in (*_ABOVE, *map(missing_reason, COLUMNS))}
SAID_ELSEWHERE["reason"] = REASONS


def reason_said(code: str) -> str:
    """Why a row was set aside, in the language of the moment.

    >>> reason_said("guest id")
    'guest id'
    """
    return str(REASONS.get(code, code))


# --- how it is said ---------------------------------------------------------------------------


def listed(words: Iterable[str]) -> Sentence | str:
    """Several words as a list of them.

    >>> str(listed(["001", "007"]))
    '001, 007'
    """
    said: Sentence | str = ""
    for word in words:
        said = Sentence("{before}, {word}", before=said, word=word) if said else word
    return said


def first_of(names: Sequence[str], most: int = 12) -> str:
    """The first names, and how many more there are.

    >>> first_of(["a", "b"]), first_of(["a", "b", "c"], most=1)
    ("['a', 'b']", "['a'] and 2 more")
    """
    first, more = list(names[:most]), len(names) - most
    return _("{first} and {more} more", first=first, more=more) if more > 0 else str(first)


def did_you_mean(near: str | None) -> str:
    """The question whether a similar name is meant; "" if there is none."""
    return _('Did you mean "{near}"?', near=near) if near else ""


@dataclass(frozen=True)
class Hint:
    """A line for client.toml behind a #, and why; without a line only the reason.

    `undecided` is the word under which a list waits for it, where it could be read without.
    """

    why: Sentence
    line: str = ""
    question: bool = False
    undecided: str = ""

    @property
    def is_column(self) -> bool:
        """Whether its line belongs among the columns of a list, not among its other settings."""
        return bool(self.line) and re.split(r"[. ]", self.line)[0] not in ListSection.model_fields


def percent(share: float) -> str:
    """A share as people read it; 100 % only if it is all.

    >>> percent(0.998), percent(1.0), percent(0.99999)
    ('99.8 %', '100 %', '99.9 %')
    """
    if share >= 1:
        return "100 %"
    return f"{min(share * 100, 99.9):.1f} %".replace(".0 %", " %")


_KIND_SAID = {
    "id": Sentence("ids"),
    "date": Sentence("days"),
    "money": Sentence("money"),
    "number": Sentence("numbers"),
    "whole": Sentence("counts"),
    "hours": Sentence("hours"),
    "word": Sentence("a few words"),
    "email": Sentence("e-mail addresses"),
    "telephone": Sentence("telephone numbers"),
    "name": Sentence("words"),
    "text": Sentence("text"),
}


def kind_said(kind: str) -> Sentence:
    """How a kind is called in a sentence."""
    return _KIND_SAID.get(kind) or Sentence(kind)


def quoted(text: str) -> str:
    """A text as a TOML string.

    >>> quoted("売上")
    '"売上"'
    """
    # A TOML basic string is written like a JSON string, but for DEL.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def array(texts: Iterable[object]) -> str:
    """Texts as a TOML array.

    >>> array(["売上", 1])
    '["売上", "1"]'
    """
    return f"[{', '.join(quoted(str(text)) for text in texts)}]"
