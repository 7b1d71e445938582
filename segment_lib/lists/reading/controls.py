"""Control characters: nobody sees them, and an id that holds one equals no other id."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# Tab and line ends may stand in a quoted cell; no other control character is text. They come from
# the padding of host systems, from copying and from \x1a at the end of old files. To set the row
# apart would lose a real order for a sign that nobody can find; so they go, and it is told.
CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r"))
_DELETE = 127
_CONTROL = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]"


def table_without_controls(table: pa.Table) -> tuple[pa.Table, int]:
    """The table without control characters, and how many cells had one."""
    count = 0
    for place, column in enumerate(table.columns[:-1]):
        if _has_controls(column):
            count += pc.sum(pc.match_substring_regex(column, _CONTROL)).as_py() or 0
            clean = pc.replace_substring_regex(column, _CONTROL, "")
            table = table.set_column(place, table.column_names[place], clean)
    return table, count


def _has_controls(column: pa.ChunkedArray) -> bool:
    # Only the bytes are looked at, the whole buffer: a cell that was sliced off costs no harm,
    # the regular expression decides.
    datas = [chunk.buffers()[2] for chunk in column.chunks]
    return any(_holds_controls(np.frombuffer(data, np.uint8)) for data in datas if data)


def _holds_controls(signs: np.ndarray) -> bool:
    if not len(signs):
        return False
    deleted = signs.max() >= _DELETE and (signs == _DELETE).any()
    if signs.min() >= ord(" ") and not deleted:
        return False
    return len(signs.tobytes().translate(None, CONTROLS)) != len(signs)


def without_controls(text: str) -> str:
    """A text without its control characters; tab and line ends stay."""
    return re.sub(_CONTROL, "", text)
