"""Notes about what was chosen or found while reading."""

from __future__ import annotations

from collections.abc import Iterable

from segment_lib.voice import Sentence


def listed(words: Iterable[str]) -> Sentence | str:
    """Several words as a list of them.

    >>> str(listed(["001", "007"]))
    '001, 007'
    """
    said: Sentence | str = ""
    for word in words:
        said = Sentence("{before}, {word}", before=said, word=word) if said else word
    return said
