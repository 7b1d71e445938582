"""Words whose meaning nobody doubts (発送済み, キャンセル, Closed Won): proposed, with counts.

Everything else (保留, pending, 提案) is listed for a person to sort: what is sold and what is not
is their decision.
"""

from __future__ import annotations

from collections.abc import Mapping

from segment_lib.lists.cells.values import fold_word
from segment_lib.lists.words import words

_GUESSES: dict[str, dict[str, tuple[str, ...]]] = words("guesses")


def sorted_words(
    column: str, counts: Mapping[str, int], known: Mapping[str, str]
) -> tuple[dict[str, list[str]], list[str]]:
    """The kit's word to the words that mean it, and the words that a person must sort.

    `known` (folded) are those that the kit explains by itself: they need no entry.
    """
    guesses = {
        fold_word(one): word for word, ones in _GUESSES.get(column, {}).items() for one in ones
    }
    possible = set(known.values())
    found: dict[str, list[str]] = {}
    rest = []
    for text in counts:
        word = guesses.get(fold_word(text))
        if fold_word(text) in known:
            continue
        if word in possible:
            found.setdefault(str(word), []).append(text)
        else:
            rest.append(text)
    return found, rest
