"""Notes about what was chosen or found while reading, in both languages, summed over chunks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from segment_lib.lists.cells.values import Told


class Tally(NamedTuple):
    """A note with counts in its `{}`: notes of one wording are summed up to one.

    >>> told(Tally("{} row(s)", "{} 行", (2,))).en
    '2 row(s)'
    """

    en: str
    ja: str
    counts: tuple[int, ...]


class Unread(NamedTuple):
    """Values of an optional column that could not be read: how many, and where the first one is."""

    values: int
    place: str


Note = Told | Tally


def told(note: Note) -> Told:
    """A note as sentences."""
    if isinstance(note, Told):
        return note
    return Told(note.en.format(*note.counts), note.ja.format(*note.counts))


def gather(notes: Iterable[Note]) -> list[Note]:
    """Each wording once, in the order in which they came, counts summed up."""
    found: dict[tuple[str, str], Note] = {}
    for note in notes:
        key, before = (note.en, note.ja), found.get((note.en, note.ja))
        if isinstance(note, Tally) and isinstance(before, Tally):
            sums = (one + more for one, more in zip(before.counts, note.counts, strict=True))
            note = Tally(note.en, note.ja, tuple(sums))
        found[key] = note
    return list(found.values())


def unread_notes(unread: dict[str, Unread], headers: dict[str, str]) -> list[Told]:
    """A note per optional column with values that could not be read: they are left empty."""
    return [
        Told(
            f"{headers[column]} ({column}): {one.values} value(s) could not be read and are left "
            f"empty; the first is in {one.place}",
            f"{headers[column]}（{column}）: 読めない値 {one.values} 件は空欄とした"
            f"（最初: {one.place}）",
        )
        for column, one in unread.items()
    ]
