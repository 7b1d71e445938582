"""One text to an amount, a number or hours, exact to four decimals, or the reason why not.

Brackets, △ and ▲ mean less than nothing, as do all the signs that look like a minus; commas must
stand before groups of three digits, so that 1,23 is never read as 123. What two people would read
differently is not read: 1 234 (one number or two), 0,500, ¥1,200- (a flat price or a return),
3万5 (35,000 or 30,005).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_EVEN, Decimal

from segment_lib.lists.cells.values import (
    AMOUNT_TOO_LARGE,
    UNREADABLE_AMOUNT,
    UNREADABLE_HOURS,
    UNREADABLE_NUMBER,
    fold_word,
    tidy_text,
)
from segment_lib.lists.words import words
from segment_lib.voice import Sentence

_MINUS = "-‐‑‒–—―−ー△▲"
_ESCAPED = re.escape(_MINUS)  # in a class of signs "-" first would be a range from + on
# On a Japanese Windows ¥ is the sign \\ (0x5C).
_YEN = re.compile(rf"^([+{_ESCAPED}(]?)\\(?=[{_ESCAPED}\d])")
# 45,- and 45.-- and 45:- for a price without cents, as in Dutch, German, Czech and Nordic lists
_NO_CENTS = re.compile(rf"(?<=\d)[.,:][{_ESCAPED}]{{1,2}}(?!\d)")
_COMMA_NUMBER = re.compile(r"\d[\d.,' \u00a0\u202f\u2009]*")
_COMMA = re.compile(r"(?:\d{1,3}(?:[.' ]\d{3})+|\d+)(?:,\d+)?")
YEN = ("¥", "円", "JPY")  # how it is named as [client] currency
# Signs and codes of currencies in capitals, by the sign that is shown.
CURRENCIES: dict[str, str] = {
    tidy_text(name).upper(): sign
    for kind in ("currency_signs", "currency_codes")
    for name, sign in words("values")[kind].items()
}
_CURRENCY_WORDS: tuple[str, ...] = words("values")["currency_words"]
_CODE = re.compile(r"[A-Z]{3}")
_BY_LENGTH = sorted(CURRENCIES, key=len, reverse=True)
_NAMES = "|".join(map(re.escape, _BY_LENGTH))
# KR is none within a word
_ANY_CURRENCY = re.compile(
    "|".join(
        rf"(?<![^\W\d_]){re.escape(name)}(?![^\W\d_])" if name[0].isascii() else re.escape(name)
        for name in _BY_LENGTH
    )
)
_CURRENCY = re.compile(
    rf"^(?P<sign>[+{_ESCAPED}]?)(?!円)(?:{_NAMES})|(?:yen|{_NAMES})$", re.IGNORECASE
)
_COUNTERS = re.compile(r"(?<=[\d十百千万億])[個名人件回本枚台社点歳才円]$")
_PLAIN = re.compile(
    r"(?:(?:\d+|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII
)
_DIGITS = str.maketrans("〇零一壱二弐三参四五六七八九", "00112233456789")
_SMALL_UNITS = {"十": 10, "拾": 10, "百": 100, "千": 1000}
_LARGE_UNITS = {"万": 10**4, "億": 10**8, "兆": 10**12}
_BLANK_INSIDE = re.compile(r"[\d.,十百千万億兆]\s+[\d.,]")
_LONE_DIGIT = re.compile(r"[百千万億兆][1-9]$")
_UNIT_TOKEN = re.compile(r"[\d,]+(?:\.\d+)?|[十拾百千]", re.ASCII)
_FOUR_DECIMALS = Decimal("0.0001")
_LARGEST = Decimal(10) ** 14

_DURATION = re.compile(
    r"(?:(?P<hours>\d+(?:\.\d+)?)(?:時間|h|hours?|hrs?))?"
    r"(?:(?P<minutes>\d+(?:\.\d+)?)(?:分|m|min|minutes?))?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?P<hours>\d{1,4}):(?P<minutes>[0-5]\d)(?::[0-5]\d)?")


def parse_money(text: str) -> Decimal | Sentence:
    """One amount, exact to four decimals: ¥1,200, １，２００円, ▲300, (300), 12万, 千二百円.

    >>> parse_money("▲¥1,200"), parse_money("3万5千円"), parse_money("kr 45,-")
    (Decimal('-1200.0000'), Decimal('35000.0000'), Decimal('45.0000'))
    """
    number = _signed(text, money=True)
    if number is None:
        return UNREADABLE_AMOUNT
    return AMOUNT_TOO_LARGE if abs(number) >= _LARGEST else _to_four_decimals(number)


def currency_sign(text: str) -> str:
    """The sign of the currency that a text names, be it beside an amount; "" if none.

    >>> currency_sign("usd"), currency_sign("¥3,001"), currency_sign("1200")
    ('$', '¥', '')
    """
    found = _ANY_CURRENCY.search(tidy_text(text).upper())
    return CURRENCIES[found[0]] if found else ""


def currency_in(header: str) -> bool:
    """Whether a header says in which currency its amounts are: Amount in USD, Betrag (EUR).

    >>> currency_in("Amount in USD"), currency_in("Total (€)"), currency_in("Amount")
    (True, True, False)
    """
    return bool(set(re.findall(r"[A-Z]{3}|[^\w\s()]", header)) & set(CURRENCIES))


def names_currency(header: str, cells: Callable[[str], Iterable[str]]) -> bool:
    """Whether a column says in which currency each row is: a word of its header, and codes.

    >>> names_currency("Deal - Currency", lambda header: ["GBP", ""])
    True
    """
    if not any(word in fold_word(header) for word in _CURRENCY_WORDS):
        return False
    codes = {cell.strip().upper() for cell in cells(header)} - {""}
    return bool(codes) and all(one in CURRENCIES or _CODE.fullmatch(one) for one in codes)


def with_point(text: str, comma: bool = False, around: tuple[str, ...] = ()) -> str:
    """A number as the parsers above read it, where the list writes 1.234,50 or signs around it.

    `around` are texts before or behind a number that say nothing (約, （税込）); before it a minus
    is one. What is no number with a comma stays unread, with a ? before it: 1.23 would be read as
    1.23 else.

    >>> with_point("1.234,50 €", comma=True), with_point("約3,200円", around=("約",))
    ('1234.50 €', '3,200円')
    """
    for sign in around:
        text = text.strip().removesuffix(sign)
        text = text if sign in _MINUS else text.removeprefix(sign)
    if not comma:
        return text
    tidy = _NO_CENTS.sub("", tidy_text(text))
    number = _COMMA_NUMBER.search(tidy)
    if number is None:
        return text
    plain = " ".join(number[0].split())
    if not _COMMA.fullmatch(plain):
        return f"?{text}"
    plain = re.sub("[.' ]", "", plain).replace(",", ".")
    behind = " " if number[0] != number[0].rstrip() else ""
    return tidy[: number.start()] + plain + behind + tidy[number.end() :]


def parse_number(text: str) -> Decimal | Sentence:
    """One number, with or without a counter (50名), exact to four decimals."""
    number = _signed(text, money=False)
    if number is None or abs(number) >= _LARGEST:
        return UNREADABLE_NUMBER
    return _to_four_decimals(number)


def _to_four_decimals(number: Decimal) -> Decimal:
    return number.quantize(_FOUR_DECIMALS, rounding=ROUND_HALF_EVEN) + Decimal(0)


def _signed(text: str, money: bool) -> Decimal | None:
    if any(unicodedata.category(sign) == "No" for sign in text):
        return None  # NFKC would read 10² as 102
    tidy = tidy_text(text)
    if _BLANK_INSIDE.search(_CURRENCY.sub("", tidy) if money else tidy):  # Fr. 45 is one number
        return None
    tidy = "".join(tidy.split()).replace("マイナス", "-")
    negatives = 0
    if money:
        tidy = _YEN.sub(r"\1¥", tidy)
    if tidy.startswith("(") and tidy.endswith(")"):
        tidy, negatives = tidy[1:-1], 1
    money_sign = tidy[:1] if tidy[:1] in "¥$€£" else ""
    tidy = _CURRENCY.sub(r"\g<sign>", tidy) if money else _COUNTERS.sub("", tidy)
    if money and sum(map(tidy.count, ".,:")) == 1:  # 1.200,- is twelve hundred
        tidy = _NO_CENTS.sub("", tidy)
    if tidy[:1] and tidy[0] in "+" + _MINUS:
        negatives += tidy[0] != "+"
        tidy = tidy[1:]
    elif tidy.endswith("-") and money_sign == "":
        tidy, negatives = tidy[:-1], negatives + 1
    number = _plain(tidy) if negatives <= 1 else None
    return -number if number is not None and negatives else number


def _plain(tidy: str) -> Decimal | None:
    """A number without sign: 1200, 1,200, 1.5, 1.2e5, 12万, 千二百."""
    if not tidy.isascii():
        return _japanese_number(tidy)
    return Decimal(tidy.replace(",", "")) if _PLAIN.fullmatch(tidy) else None


def _japanese_number(tidy: str) -> Decimal | None:
    """千二百, 12万, 3百万, 1億2千万: units multiply what stands before them, and fall in size."""
    if _LONE_DIGIT.search(tidy):
        return None
    total, last_unit = Decimal(0), 10**16
    parts = re.split("([万億兆])", tidy.translate(_DIGITS))
    for before, large in zip(parts[::2], [*parts[1::2], ""], strict=True):
        value, unit = _below_large_units(before), _LARGE_UNITS.get(large, 1)
        if value is None or unit >= last_unit or (large and not before):
            return None
        total, last_unit = total + value * unit, unit
    return total


def _below_large_units(text: str) -> Decimal | None:
    """二千五百, 12, 3百; 0 if nothing stands there."""
    tokens = _UNIT_TOKEN.findall(text)
    if "".join(tokens) != text:
        return None
    total, number, last_unit = Decimal(0), None, 10**4
    for token in tokens:
        if token in _SMALL_UNITS:
            unit = _SMALL_UNITS[token]
            if unit >= last_unit:
                return None
            total += (Decimal(1) if number is None else number) * unit
            number, last_unit = None, unit
        elif number is not None:
            return None
        else:
            number = _plain(token)
            if number is None or (last_unit < 10**4 and number >= last_unit):
                return None
    return total + (number or 0)


def parse_hours(text: str) -> Decimal | Sentence:
    """Hours: 1.5, 1:30, 1時間30分, 90分, 1.5h.

    >>> parse_hours("1時間30分")
    Decimal('1.5000')
    """
    tidy = "".join(tidy_text(text).split())
    match = _CLOCK.fullmatch(tidy) or (_DURATION.fullmatch(tidy) if tidy else None)
    if match is None or not any(match.groupdict().values()):
        number = parse_number(text)
        return UNREADABLE_HOURS if isinstance(number, Sentence) or number < 0 else number
    hours = Decimal(match["hours"] or 0) + Decimal(match["minutes"] or 0) / 60
    return UNREADABLE_HOURS if hours >= _LARGEST else _to_four_decimals(hours)
