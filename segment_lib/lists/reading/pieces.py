"""The files of a list, each as text with the row numbers that a person sees, some rows at a time.

So a list may be larger than memory. Row numbers are Excel's: the header's row counts, blank rows
count. Parquet files and database tables have no such rows; there the first record is 1. What was
chosen (encoding, delimiter, sheet, header row) stands in the notes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Generator, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from segment_lib.checks import ListError
from segment_lib.client import list_files
from segment_lib.lists.reading.archives import ListFile, open_files
from segment_lib.lists.reading.clean_rows import Piece, Place, RawFile, clean_pieces
from segment_lib.lists.reading.kinds import UNKNOWN, require_list
from segment_lib.lists.reading.plain_text import (
    find_codec,
    sniff_delimiter,
    stated_codec,
    utf8_blocks,
)
from segment_lib.lists.reading.raw_list import empty, place_header, rows_to_look_at
from segment_lib.lists.reading.stored_tables import duckdb_pieces, parquet_pieces, sqlite_pieces
from segment_lib.lists.reading.text_rows import RUN_OF_BLANKS, Cutter
from segment_lib.lists.reading.workbooks import workbook_pieces
from segment_lib.settings import Client, ListSection
from segment_lib.voice import Sentence

_SNIFF_BYTES = 400_000
_DELIMITER_NAMES = {
    ",": Sentence("comma"),
    "\t": Sentence("tab"),
    ";": Sentence("semicolon"),
    "|": Sentence("bar"),
    RUN_OF_BLANKS: Sentence("runs of blanks"),
}


class ListPlace(NamedTuple):
    """One file of a list, and the name under which its rows are shown."""

    path: Path
    shown: str


def read_pieces(client: Client, list_name: str) -> Generator[Piece]:
    """All files of one list, one after another, some rows at a time.

    Raises `ListError` or `ClientError` with one sentence: no such file, an empty file, an encoding
    that does not fit.
    """
    section = client.lists[list_name]
    if not section.connection:
        for place in list_places(client, list_name):
            yield from pieces_at(place, section, list_name)
        return
    # Ibis is slow to load, and most lists are files.
    from segment_lib.lists.reading.connections import connection_pieces

    for piece in connection_pieces(section, list_name, client.folder):
        if isinstance(piece, RawFile):
            piece.place = section.db_table
        yield piece


def list_places(client: Client, list_name: str) -> list[ListPlace]:
    """The files by their names; by their folders too where two files have the same name."""
    paths = list_files(client, list_name)
    again = {name for name, count in Counter(path.name for path in paths).items() if count > 1}
    return [
        ListPlace(path, within(path, client.folder) if path.name in again else path.name)
        for path in paths
    ]


def within(path: Path, folder: Path) -> str:
    """A file as it is named from the folder of client.toml."""
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()


def pieces_at(place: ListPlace, section: ListSection, list_name: str) -> Generator[Piece]:
    """All files at one place: more than one only in an archive."""
    wanted = section.headers.values()
    with open_files(place.path, section.member, list_name, place.shown, wanted) as files:
        for file in files:
            yield from file_pieces(file, section, list_name)


def file_pieces(
    file: ListFile, section: ListSection, list_name: str, whole: bool = True
) -> Generator[Piece]:
    """One file, read by what it is; `whole` is False if it is only the beginning of one."""
    if file.kind == "empty":
        raise empty(file.shown, list_name)
    stated = bool(section.encoding) and file.kind == UNKNOWN  # what a person says is believed
    if not stated:
        require_list(file.kind, file.shown, list_name)
    if stated or file.kind == "text":
        yield from _read_text(file, section, list_name, whole)
        return
    with file.on_disk() as path:
        yield from _READERS[file.kind](Place(path, file.shown, list_name), section)


_READERS = {
    "workbook": workbook_pieces,
    "parquet": parquet_pieces,
    "sqlite": sqlite_pieces,
    "duckdb": duckdb_pieces,
}


# --- plain text -------------------------------------------------------------------------------


def _read_text(
    file: ListFile, section: ListSection, list_name: str, whole: bool
) -> Iterator[Piece]:
    """A text by the codec that is stated, else as UTF-8; by another one only where that fails."""
    codec = stated_codec(file.open, section.encoding, list_name) or "utf-8"
    try:
        yield from _text_pieces(file, section, list_name, codec, whole)
        return
    except UnicodeError:
        codec = find_codec(file.open, section.encoding, file.shown, list_name, whole)
    try:
        yield from _text_pieces(file, section, list_name, codec, whole, again=True)
    except UnicodeError:  # the whole of it was tried before
        raise ListError(
            "{shown} (list {list_name}) was changed while it was read. Run it "
            "again when no other program writes to it.",
            shown=file.shown,
            list_name=list_name,
        ) from None


def _text_pieces(
    file: ListFile,
    section: ListSection,
    list_name: str,
    codec: str,
    whole: bool,
    again: bool = False,
) -> Iterator[Piece]:
    with file.open() as opened:
        read = hashlib.sha256()
        blocks = utf8_blocks(opened, codec, file.shown, list_name, whole, read.update)
        first = next(blocks, b"")
        start = first[:_SNIFF_BYTES].decode("utf-8", "ignore")
        delimiter = section.delimiter or sniff_delimiter(start)
        _require_delimiter(delimiter, list_name)
        cutter = Cutter(delimiter, file.shown, whole)
        head, ends, text = cutter.head(chain([first], blocks), rows_to_look_at(section))
        placed = place_header(head, file.shown, section, list_name)
        below = chain([text[ends[min(placed.below, len(head))] :]], blocks)
        note = Sentence(
            "{file_name}: read as {codec}, delimiter {delimiter}",
            file_name=file.shown,
            codec=codec,
            delimiter=_DELIMITER_NAMES.get(delimiter, delimiter),
        )
        raw = RawFile(file.shown, file.shown, placed.headers, [note, *placed.notes], again=again)
        yield from clean_pieces(raw, cutter.parts(below, placed.headers, placed.below))
        if file.path is not None:  # in an archive these are not the bytes on the disk
            raw.sha256 = read.hexdigest()


def _require_delimiter(delimiter: str, list_name: str) -> None:
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise ListError(
            '[lists.{list_name}] delimiter = "{delimiter}" must be one '
            'character, for example "," or ";" or "\\t".',
            list_name=list_name,
            delimiter=delimiter,
        )
