"""The rows of a file without blank ones and without control characters, some at a time.

Every reader ends here; what was passed over and cleaned on the way is told with the file.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.voice import N_, Sentence

# Tab and line ends may stand in a quoted cell; no other control character is text. They come from
# the padding of host systems, from copying and from \x1a at the end of old files. To set the row
# apart would lose a real order for a sign that nobody can find; so they go, and it is told.
CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r"))
_DELETE = 127
# What web pages, chats and names in Excel leave behind: soft hyphens, spaces without width, marks
# of direction. The joiners of some scripts (U+200C, U+200D) belong to their words.
_CONTROL = (
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f"
    "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_UNSEEN = (b"\xc2\xad", b"\xe2\x80", b"\xe2\x81", b"\xef\xbb\xbf")  # how they begin as UTF-8

_BLANK = N_("{file_name}: {blank} blank row(s) passed over")
_CLEANED = N_(
    "{file_name}: control characters, which nobody sees, were taken out of {cells} cell(s); the "
    "rows stay"
)


class Place(NamedTuple):
    """Where a file of a list lies, and the name under which it is told of."""

    path: Path
    shown: str
    list_name: str

    @property
    def said(self) -> dict[str, str]:
        """How a sentence names it."""
        return {"file_name": self.shown, "list_name": self.list_name}


class Part(NamedTuple):
    """Some rows of a file: text columns and `row_number`; `broken` has the other rows."""

    table: pa.Table
    broken: Sequence[tuple[int, str]] = ()


@dataclass
class RawFile:
    """One file, sheet or table of a list: `shown` is how its rows and notes name it.

    `place` is the file that it lies in, as it is shown. `notes` are whole, and `sha256` of a plain
    text is there, when all its rows have been read. `again` says that it is read anew: what came
    of it before is void.
    """

    shown: str
    place: str
    headers: Sequence[str]
    notes: list[Sentence]
    sha256: str = ""
    again: bool = False


Piece = RawFile | Part  # what readers give: a file, then its parts; the next file, and so on


def clean_pieces(file: RawFile, parts: Iterable[Part]) -> Generator[Piece]:
    """A file and its parts without blank rows and control characters; what went is told last."""
    yield file
    blank = cleaned = 0
    for part in parts:
        table, count = _without_controls(part.table)
        kept = _without_blank_rows(table)
        cleaned, blank = cleaned + count, blank + len(table) - len(kept)
        yield Part(kept, part.broken)
    if blank:
        file.notes.append(Sentence(_BLANK, file_name=file.shown, blank=blank))
    if cleaned:
        file.notes.append(Sentence(_CLEANED, file_name=file.shown, cells=cleaned))


def _without_blank_rows(table: pa.Table) -> pa.Table:
    blank = None
    for column in table.columns[:-1]:
        empty = pc.equal(pc.binary_length(column), 0)
        blank = empty if blank is None else pc.and_(blank, empty)
        if not pc.any(blank).as_py():  # mostly settled by the first column
            return table
    return table if blank is None else table.filter(pc.invert(blank))


def _without_controls(table: pa.Table) -> tuple[pa.Table, int]:
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
    beyond = signs.max() >= _DELETE
    if beyond and any(one in signs.tobytes() for one in _UNSEEN):
        return True
    deleted = beyond and (signs == _DELETE).any()
    if signs.min() >= ord(" ") and not deleted:
        return False
    return len(signs.tobytes().translate(None, CONTROLS)) != len(signs)


def without_controls(text: str) -> str:
    """A text without its control characters; tab and line ends stay."""
    return re.sub(_CONTROL, "", text)
