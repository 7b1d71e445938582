"""What a text, and a whole column of texts, reads as: an id, a day, money, a word, a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from segment_lib.lists.cells.amounts import parse_hours, parse_money, parse_number, with_point
from segment_lib.lists.cells.dates import SURE_SHARE, best_share_of_dates, parse_date
from segment_lib.lists.cells.values import fold_word, tidy_text
from segment_lib.lists.words import words
from segment_lib.voice import Sentence

MOST_WORDS = 30
BEFORE_A_NAME = "::::"  # behind what it is the name of: 顧客企業::::青葉商事
LONG = 24
_LONGEST_WORD = 48  # Cancelled (Refund Received)
_ENOUGH_ROWS = 20
_FEW_DOTTED = 3
_DOTTED = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})+(?![\d.,])")  # 12.500
_NO_ID = re.compile(
    r"-?\d+\.\d*[1-9]\d*|[^\d\s]?\s*\d{1,3}(?:,\d{3})+|.*[¥$€£\n].*|\d{4}[-/年]\d{1,2}[-/月]\d{1,2}.*"
)
# K001, #1001, 17850.0; and what people call themselves in a shop: milesash29
_CODE = re.compile(r"[A-Za-z#]{0,4}[-_ ]?\d[\dA-Za-z_-]*(?:\.0)?|[A-Za-z][A-Za-z._-]*\d[\w.-]*")
_UUID = re.compile(r"[\da-fA-F]{8}-(?:[\da-fA-F]{4}-){3}[\da-fA-F]{12}")
_IBAN = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z\d]){11,30}")
_LETTER = re.compile(r"[^\W\d_]")
YES_OR_NO = set(words("answers")["yes_or_no"])


def plain(text: str, kind: str, dates: tuple[str, ...] = ()) -> object:
    """The value that a text stands for, for comparison; one that cannot be read for itself."""
    if kind == "date":
        day = parse_date(text, dates) if dates else parse_date(text)
        return text.strip() if isinstance(day, Sentence) else day
    if kind == "money":
        return parse_money(text) if text.strip() else ""
    return fold_word(text)


def separator(texts: Sequence[str]) -> str:
    """What a column proves about points and commas: point, comma, either or "" (nothing)."""
    texts = [text for text in texts if any(map(str.isdigit, text))]  # gratis proves nothing
    if not any(sign in text for text in texts for sign in ".,"):
        return ""
    point = [not isinstance(parse_money(text), Sentence) for text in texts]
    comma = [not isinstance(parse_money(with_point(text, comma=True)), Sentence) for text in texts]
    shares = [sum(one) / len(texts) for one in (point, comma)]
    if max(shares) < SURE_SHARE:
        return ""
    if min(shares) < SURE_SHARE:
        return "point" if shares[0] > shares[1] else "comma"
    dotted = [_DOTTED.search(text) for text in texts if "." in text or "," in text]
    return "either" if len(dotted) >= _FEW_DOTTED and all(dotted) else ""


def is_id(text: str) -> bool:
    """Whether a text can be an id: short, and no money, day or long number."""
    tidy = tidy_text(text)
    return len(tidy) <= 64 and not _NO_ID.fullmatch(tidy)


def _share_of_ids(counts: Mapping[str, int]) -> float:
    """One and the same value in all of many rows names nobody, nor do yes and no."""
    rows = sum(counts.values())
    few = {fold_word(text) for text in counts} <= YES_OR_NO or len(counts) == 1
    if few and rows >= _ENOUGH_ROWS:
        return 0.0
    return sum(n for text, n in counts.items() if is_id(text)) / rows


def _share_of_words(counts: Mapping[str, int]) -> float:
    """A few short words that come again and again, as statuses and kinds do."""
    rows = sum(counts.values())
    many = len(counts) > MOST_WORDS or (rows >= _ENOUGH_ROWS and len(counts) > rows / 2)
    short = sum(n for text, n in counts.items() if len(text) <= _LONGEST_WORD)
    return 0.0 if many else short / rows


def _is_whole(text: str) -> bool:
    number = parse_number(text)
    return not isinstance(number, Sentence) and number >= 0 and number == int(number)


def _is_telephone(text: str) -> bool:
    digits = sum(sign.isdigit() for sign in text)
    return 6 <= digits <= 18 and len(_LETTER.findall(text)) <= 4


ONE_TEXT: dict[str, Callable[[str], bool]] = {
    "money": lambda text: not isinstance(parse_money(text), Sentence),
    "number": lambda text: not isinstance(parse_number(text), Sentence),
    "hours": lambda text: not isinstance(parse_hours(text), Sentence),
    "whole": _is_whole,
    "telephone": _is_telephone,
    "email": lambda text: "@" in tidy_text(text),
    "name": lambda text: bool(_LETTER.search(text)),
    "uuid": lambda text: bool(_UUID.fullmatch(text.strip().strip("{}"))),
    "account": lambda text: bool(_IBAN.fullmatch(text.strip())),
    "code": lambda text: bool(_CODE.fullmatch(tidy_text(text))),
    "text": lambda text: True,
}
WHOLE_COLUMN: dict[str, Callable[[Mapping[str, int]], float]] = {
    "date": best_share_of_dates,
    "id": _share_of_ids,
    "word": _share_of_words,
}
