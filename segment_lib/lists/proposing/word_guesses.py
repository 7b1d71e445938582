"""Words whose meaning nobody doubts (発送済み, キャンセル, Closed Won): proposed, with counts.

Everything else (保留, pending, 提案) is listed for a person to sort: what is sold and what is not
is their decision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from segment_lib.columns import VALUES
from segment_lib.lists.cells.values import fold_word
from segment_lib.lists.cells.words import known_words
from segment_lib.lists.proposing.proposal import Proposal
from segment_lib.lists.words import words
from segment_lib.settings import Client

_GUESSES: dict[str, dict[str, tuple[str, ...]]] = words("guesses")


@dataclass(frozen=True)
class Words:
    """The words of one column: sorted into the kit's own, left for a person, and `known` anyway,
    with counts.
    """

    found: dict[str, list[str]]
    rest: list[str]
    counts: dict[str, int]
    possible: list[str]
    known: list[str]


def words_of(client: Client, name: str, column: str, counts: Counter[str]) -> Words:
    """The words of one column with their counts, as far as their meaning is known."""
    known = known_words(client, name, column)
    ranked = dict(counts.most_common())
    found, rest = sorted_words(column, ranked, known)
    possible = list(dict.fromkeys(known.values()))
    labelled = [word for word in VALUES.get(column, {}) if word in possible]
    sure = [word for word in ranked if fold_word(word) in known]
    return Words(found, rest, ranked, labelled or possible, sure)


def without_status(proposal: Proposal) -> int:
    """In how many of the first rows nothing stands for a status that others have.

    What one line of an order says holds for its other lines.
    """
    beside = proposal.beside
    columns = beside.columns if beside and "status" in beside.columns else proposal.columns
    look = beside.look if beside and "status" in beside.columns else proposal.look
    if "status" not in columns:
        return 0
    blank = look.frame[columns["status"].header].str.strip() == ""
    if "order_id" in columns:
        blank = blank.groupby(look.frame[columns["order_id"].header]).transform("all")
    return int(blank.sum())


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
