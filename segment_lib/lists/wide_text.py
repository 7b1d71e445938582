"""Text in columns on a screen: kanji and kana take two places there."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_WIDE = ("W", "F")


def width(text: str) -> int:
    """How many places a text takes on a screen.

    >>> width("abc"), width("金額"), width("ｶﾞ")
    (3, 4, 2)
    """
    return sum(
        2 if unicodedata.east_asian_width(sign) in _WIDE else not unicodedata.combining(sign)
        for sign in text
    )


def padded(text: str, places: int, right: bool = False) -> str:
    """The text filled up with blanks to so many places."""
    blanks = " " * max(places - width(text), 0)
    return blanks + text if right else text + blanks


def table_text(
    headers: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()
) -> str:
    """Rows in columns under their headers; `numbers` are the columns set to the right.

    >>> print(table_text(["リスト", "行"], [["orders", "10"], ["お客様", "9"]], [1]))
    リスト  行
    orders  10
    お客様   9
    """
    lines = [list(headers), *[list(row) for row in rows]]
    places = [max(width(line[at]) for line in lines) for at in range(len(headers))]
    return "\n".join(
        "  ".join(padded(cell, places[at], at in numbers) for at, cell in enumerate(line)).rstrip()
        for line in lines
    )
