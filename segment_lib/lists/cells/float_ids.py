"""Ids that went through a number column: 17850.0 back to 17850, if *all* of a list are so.

An id that merely ends in .0 among others is somebody's real id and stays.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.lists.cells.notes import Note
from segment_lib.lists.cells.values import Parsed, Told
from segment_lib.lists.cells.vectors import as_array

_FLOAT_ID = r"^\d+\.0$"


class NotAllFloats(Exception):
    """A later chunk has an id that was never a float: the list must be read again."""


class FloatIds:
    """Which id columns of a list hold nothing but floats; asked chunk by chunk."""

    def __init__(self, known: dict[str, bool] | None = None) -> None:
        self.known = dict(known or {})

    def without_ending(self, ids: Parsed, column: str) -> Parsed:
        """The ids of a chunk without `.0`, as long as every id so far ended so.

        Raises `NotAllFloats`, with the column remembered, if this chunk is the first to differ.
        """
        if self.known.get(column) is False:
            return ids
        texts = as_array(ids.values)
        if texts.null_count == len(texts):
            return ids
        floats = _all(pc.ends_with(texts, ".0")) and _all(
            pc.match_substring_regex(texts, _FLOAT_ID)
        )
        cut_before = self.known.get(column, False)
        self.known[column] = floats
        if cut_before and not floats:
            raise NotAllFloats(column)
        return Parsed(ids.values.str.slice(0, -2), ids.reason) if floats else ids

    def notes(self) -> list[Note]:
        """What was done, a note per column."""
        return [
            Told(
                f'{column}: every id ended in ".0" (a number column in between); the ending was '
                "cut",
                f"{column}: すべての番号が「.0」で終わるため（途中で数値になった）、末尾を除いた",
            )
            for column, floats in self.known.items()
            if floats
        ]


def _all(true: pa.Array) -> bool:
    return bool(pc.all(true).as_py())
