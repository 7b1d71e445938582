"""Words whose meaning nobody doubts (発送済み, キャンセル, Closed Won): proposed, with counts.

Everything else (保留, pending, 提案) is listed for a person to sort: what is sold and what is not
is their decision.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from segment_lib.columns import VALUES
from segment_lib.lists.cells.values import fold_word, without_ordinal
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
    """The words of one column with their counts, as far as their meaning is known.

    Those that the kit explains by itself need no entry.
    """
    explained = known_words(client, name, column)
    possible = list(dict.fromkeys(explained.values()))
    guesses = _GUESSES.get(column, {})
    meant = {fold_word(one): word for word in possible for one in guesses.get(word, ())}
    labelled = [word for word in VALUES.get(column, {}) if word in possible]
    sorted_ = Words({}, [], dict(counts.most_common()), labelled or possible, [])
    for text in sorted_.counts:
        folded = fold_word(text)
        if folded in explained:
            sorted_.known.append(text)
        elif bare := (explained | meant).get(without_ordinal(folded)):
            sorted_.found.setdefault(bare, []).append(text)
        else:
            sorted_.rest.append(text)
    return sorted_


def without_status(proposal: Proposal) -> int:
    """In how many of the first rows nothing stands for a status that others have.

    What one line of an order says holds for its other lines.
    """
    beside = proposal.beside
    said_in = beside if beside and "status" in beside.columns else proposal
    columns, look = said_in.columns, said_in.look
    if "status" not in columns:
        return 0
    blank = ~look.stands(columns["status"].header)
    if "order_id" in columns:
        blank = blank.groupby(look.frame[columns["order_id"].header]).transform("all")
    return int(blank.sum())
