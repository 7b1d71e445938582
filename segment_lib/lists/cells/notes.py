"""How lists of words, and what is probably meant, are put into a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from segment_lib.voice import Sentence, _


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
