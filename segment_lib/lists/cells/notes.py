"""Notes about what was chosen or found while reading, summed over chunks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from segment_lib.voice import Sentence


class Tally(Sentence):
    """A note with counts: notes of one wording are summed up to one.

    >>> str(Tally("{rows} row(s)", rows=2) + Tally("{rows} row(s)", rows=3))
    '5 row(s)'
    """

    __slots__ = ()

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.text, **{name: n + other.fields[name] for name, n in self.fields.items()})


class Unread(NamedTuple):
    """Values of an optional column that could not be read: how many, and where the first one is."""

    values: int
    place: Sentence


def gather(notes: Iterable[Sentence]) -> list[Sentence]:
    """Each note once, in the order in which they came, counts summed up."""
    found: dict[object, Sentence] = {}
    for note in notes:
        key = note.text if isinstance(note, Tally) else note
        before = found.get(key)
        if isinstance(note, Tally) and isinstance(before, Tally):
            note = before + note
        found[key] = note
    return list(found.values())


def listed(words: Iterable[str]) -> Sentence | str:
    """Several words as a list of them.

    >>> str(listed(["001", "007"]))
    '001, 007'
    """
    said: Sentence | str = ""
    for word in words:
        said = Sentence("{before}, {word}", before=said, word=word) if said else word
    return said


def unread_notes(unread: dict[str, Unread], headers: dict[str, str]) -> list[Sentence]:
    """A note per optional column with values that could not be read: they are left empty."""
    return [
        Sentence(
            "{header} ({column}): {values} value(s) could not be read and are left empty; "
            "the first is in {place}",
            header=headers[column],
            column=column,
            values=one.values,
            place=one.place,
        )
        for column, one in unread.items()
    ]
