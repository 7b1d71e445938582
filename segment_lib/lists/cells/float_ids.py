"""Ids that went through a number column: 17850.0 back to 17850, if *all* of a list are so.

An id that merely ends in .0 among others is somebody's real id and stays.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow.compute as pc

from segment_lib.lists.cells.values import Parsed
from segment_lib.lists.cells.vectors import as_array
from segment_lib.voice import Sentence

_FLOAT_ID = r"^\d+\.0$"
_FIRST = 100


class NotAllFloats(Exception):
    """Not every chunk of a list has floats under this column: it must be read again."""


def without_float_ending(ids: Parsed) -> tuple[Parsed, bool | None]:
    """The ids of a chunk without `.0` if all of them end so, and whether they do; None if empty."""
    texts = as_array(ids.values)
    if texts.null_count == len(texts):
        return ids, None
    floats = all(  # mostly settled by the first id
        pc.all(pc.match_substring_regex(some, _FLOAT_ID), min_count=0).as_py()
        for some in (texts[:_FIRST], texts)
    )
    return (Parsed(ids.values.str.slice(0, -2), ids.reason) if floats else ids), floats


def float_id_notes(floats: Mapping[str, bool]) -> list[Sentence]:
    """What was done, a note per column that held nothing but floats."""
    return [
        Sentence(
            '{column}: every id ended in ".0" (a number column in between); the ending was cut',
            column=column,
        )
        for column, all_floats in floats.items()
        if all_floats
    ]
