"""What the values of a list say: whether they read as what the header says, and three examples.

A header and its values must agree. `Look` holds the first rows of a list and answers for single
columns; a column reads as its kind if 95 of 100 filled cells do, likely codes for nothing (不明,
unknown) left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from segment_lib.columns import REGISTER_COLUMNS
from segment_lib.lists.cells.amounts import parse_hours, parse_money, parse_number
from segment_lib.lists.cells.codes import suggest_missing
from segment_lib.lists.cells.date_ways import (
    SURE_SHARE,
    DateWay,
    best_share_of_dates,
    date_way,
    is_day,
    looks_serial,
)
from segment_lib.lists.cells.dates import parse_date
from segment_lib.lists.cells.layout import PLACE
from segment_lib.lists.cells.values import fold_word, tidy_text
from segment_lib.lists.proposing.headers import IDS, Values, candidates
from segment_lib.lists.words import words
from segment_lib.voice import Sentence

EXAMPLES = 3
MOST_WORDS = 30
_MOST_TEXTS = 5_000
_LONG = 24
_ENOUGH_ROWS = 20
_PERSONAL = ("name", "contact_person", "telephone", "email", "address")
_KINDS = {
    **dict.fromkeys((*IDS, "original_order_id"), "id"),
    **dict.fromkeys(("name", "contact_person", "address"), "name"),
    **{"email": "email", "telephone": "telephone", "effort_hours": "hours"},
    **{"status": "word", "unit_price": "money", "cancelled_on": "date"},
}
_BY_KIND = {"code": "word", "yes_no": "word", "integer": "whole"}
_NO_ID = re.compile(
    r"-?\d+\.\d*[1-9]\d*|[^\d\s]?\s*\d{1,3}(?:,\d{3})+|.*[¥$€£\n].*|\d{4}[-/年]\d{1,2}[-/月]\d{1,2}.*"
)
_CODE = re.compile(r"[A-Za-z#]{0,4}[-_ ]?\d[\dA-Za-z_-]*(?:\.0)?")
_LETTER = re.compile(r"[^\W\d_]")
YES_OR_NO = set(words("answers")["yes_or_no"])


class Evidence(NamedTuple):
    """What stands beside a proposal: which share of the filled cells read as `kind`, examples."""

    header: str
    kind: str
    read: float
    filled: float
    examples: tuple[str, ...]


def kind_of_column(column: str) -> str:
    """How the values of a column of the kit read: id, date, money, word, name, text …"""
    known = REGISTER_COLUMNS.get(column)
    kind = "text" if known is None else known.kind
    return _KINDS.get(column) or _BY_KIND.get(kind, kind)


@dataclass(frozen=True)
class Look:
    """The first rows of a list as text; everything that is asked about it is asked here."""

    frame: pd.DataFrame
    file: str = ""

    @cached_property
    def headers(self) -> list[str]:
        """The headers, without the kit's own two columns."""
        return [str(column) for column in self.frame.columns if column not in PLACE]

    @cached_property
    def _counted(self) -> dict[str, dict[str, int]]:
        return {}

    def counts(self, header: str) -> dict[str, int]:
        """The filled cells of a column with how often each occurs, the most frequent first."""
        if header not in self._counted:
            found = self.frame[header].value_counts()
            counts = {str(text): int(n) for text, n in found.items() if str(text).strip()}
            self._counted[header] = counts
        return self._counted[header]

    def filled(self, header: str) -> int:
        """How many cells of a column are filled."""
        return sum(self.counts(header).values())

    @cached_property
    def _codes(self) -> dict[str, dict[str, int]]:
        return {}

    def missing_codes(self, header: str) -> dict[str, int]:
        """Values that probably stand for nothing, with counts; for a person to declare."""
        if header not in self._codes:
            self._codes[header] = dict(suggest_missing(self.frame[header]))
        return self._codes[header]

    def share(self, header: str, kind: str) -> float:
        """Which share of the filled cells reads as this kind, likely codes for nothing apart."""
        counts = {
            text: n
            for text, n in list(self.counts(header).items())[:_MOST_TEXTS]
            if text not in self.missing_codes(header)
        }
        if not counts:
            return 0.0
        if kind in _WHOLE_COLUMN:
            return _WHOLE_COLUMN[kind](counts)
        read = sum(n for text, n in counts.items() if _ONE_TEXT[kind](text))
        return read / sum(counts.values())

    def unread(self, header: str, kind: str) -> str:
        """A cell that does not read as this kind, the most frequent one; else any cell."""
        texts = list(self.counts(header))[:_MOST_TEXTS]
        reads = is_day if kind == "date" else _ONE_TEXT.get(kind, _is_id)
        return next((text for text in texts if not reads(text)), texts[0])

    def evidence(self, header: str, column: str) -> Evidence:
        """What the values say about taking this header for that column."""
        kind = kind_of_column(column)
        texts = list(dict.fromkeys(text for text in self.frame[header] if text.strip()))
        shown = [shorten(text, column in _PERSONAL) for text in texts[:EXAMPLES]]
        filled = self.filled(header) / max(len(self.frame), 1)
        return Evidence(header, kind, self.share(header, kind), filled, tuple(shown))

    def values(self) -> Values:
        """The two questions that the matching of headers asks about values."""
        return Values(self.fit, self.same)

    def fit(self, header: str, column: str, table: str) -> bool:
        """Whether the values read as this column; a whole order's total is no line's amount."""
        if self.share(header, kind_of_column(column)) < SURE_SHARE:
            return False
        if column == "amount" and table in ("orders", "order_lines"):
            return not self.is_repeated_total(header)
        return True

    def same(self, column: str, headers: Sequence[str]) -> bool:
        """Whether several headers say the same in every row (注文日 and 注文日時: the same day)."""
        kind = kind_of_column(column)
        read = [self.frame[header].map(lambda text: _plain(text, kind)) for header in headers]
        return all(bool((one == read[0]).all()) for one in read[1:])

    def is_repeated_total(self, header: str) -> bool:
        """Whether the amount of a whole order stands in each of its lines again."""
        ids = candidates(self.headers, "order_id", "order_lines")
        if not ids:
            return False
        orders = self.frame[self.frame[header].str.strip() != ""].groupby(ids[0])[header]
        several = orders.nunique()[orders.size() > 1]
        if len(several) < 2 or (several == 1).mean() < SURE_SHARE:
            return False
        return not self._is_price_times_quantity(header)

    def _is_price_times_quantity(self, header: str) -> bool:
        price = candidates(self.headers, "unit_price", "order_lines")
        pieces = candidates(self.headers, "quantity", "order_lines")
        if not price or not pieces:
            return False
        some = self.frame[[price[0], pieces[0], header]].head(_MOST_TEXTS)
        cells = some.map(lambda text: parse_money(text))
        numbers = cells[~cells.map(lambda one: isinstance(one, Sentence)).any(axis=1)].astype(float)
        off = (numbers[price[0]] * numbers[pieces[0]] - numbers[header]).abs()
        return len(off) > 0 and bool((off <= 1).mean() >= SURE_SHARE)

    @cached_property
    def dates(self) -> DateWay:
        """How the days of the list are written, told from all its columns with days."""
        dated = [h for h in self.headers if self.counts(h) and self.share(h, "date") >= SURE_SHARE]
        return date_way(self.counts(header) for header in dated)

    def is_serial(self, header: str) -> bool:
        """Whether the column holds numbers as Excel counts days."""
        return bool(self.counts(header)) and looks_serial(self.counts(header))

    def is_code(self, header: str) -> bool:
        """Whether the values are numbers or codes, as ids are and names are not."""
        return self.share(header, "code") >= SURE_SHARE

    def is_unique(self, header: str) -> bool:
        """Whether every row has another value here."""
        return len(self.counts(header)) == len(self.frame) > 0


def shorten(text: str, personal: bool = False) -> str:
    """A cell as an example: one line, not too long; of a person only the first character."""
    line = "".join(sign if sign.isprintable() else " " for sign in " ".join(text.split()))
    line = line.encode("utf-8", "replace").decode("utf-8")
    if personal:
        return line[:1] + "…"
    return line if len(line) <= _LONG else line[: _LONG - 1] + "…"


def _plain(text: str, kind: str) -> object:
    if kind == "date":
        return parse_date(text) if text.strip() else ""
    if kind == "money":
        return parse_money(text) if text.strip() else ""
    return fold_word(text)


def _is_id(text: str) -> bool:
    tidy = tidy_text(text)
    return len(tidy) <= 64 and not _NO_ID.fullmatch(tidy)


def _share_of_ids(counts: Mapping[str, int]) -> float:
    """One and the same value in all of many rows names nobody, nor do yes and no."""
    rows = sum(counts.values())
    few = {fold_word(text) for text in counts} <= YES_OR_NO or len(counts) == 1
    if few and rows >= _ENOUGH_ROWS:
        return 0.0
    return sum(n for text, n in counts.items() if _is_id(text)) / rows


def _share_of_words(counts: Mapping[str, int]) -> float:
    """A few short words that come again and again, as statuses and kinds do."""
    rows = sum(counts.values())
    many = len(counts) > MOST_WORDS or (rows >= _ENOUGH_ROWS and len(counts) > rows / 2)
    short = sum(n for text, n in counts.items() if len(text) <= _LONG)
    return 0.0 if many else short / rows


def _is_whole(text: str) -> bool:
    number = parse_number(text)
    return not isinstance(number, Sentence) and number >= 0 and number == int(number)


def _is_telephone(text: str) -> bool:
    digits = sum(sign.isdigit() for sign in text)
    return 6 <= digits <= 18 and len(_LETTER.findall(text)) <= 4


_ONE_TEXT: dict[str, Callable[[str], bool]] = {
    "money": lambda text: not isinstance(parse_money(text), Sentence),
    "number": lambda text: not isinstance(parse_number(text), Sentence),
    "hours": lambda text: not isinstance(parse_hours(text), Sentence),
    "whole": _is_whole,
    "telephone": _is_telephone,
    "email": lambda text: "@" in tidy_text(text),
    "name": lambda text: bool(_LETTER.search(text)),
    "code": lambda text: bool(_CODE.fullmatch(tidy_text(text))),
    "text": lambda text: True,
}
_WHOLE_COLUMN: dict[str, Callable[[Mapping[str, int]], float]] = {
    "date": best_share_of_dates,
    "id": _share_of_ids,
    "word": _share_of_words,
}
