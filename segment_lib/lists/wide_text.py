"""Text in columns on a screen: kanji and kana take two places there."""

from __future__ import annotations

from collections.abc import Sequence

from wcwidth import ljust as padded
from wcwidth import rjust
from wcwidth import width as width


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
        "  ".join(
            (rjust if at in numbers else padded)(cell, places[at]) for at, cell in enumerate(line)
        ).rstrip()
        for line in lines
    )
