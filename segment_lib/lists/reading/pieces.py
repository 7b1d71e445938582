"""The files of a list, each as text with the row numbers that a person sees, some rows at a time.

So a list may be larger than memory. Row numbers are Excel's: the header's row counts, blank rows
count. Parquet files and database tables have no such rows; there the first record is 1. What was
chosen (encoding, delimiter, sheet, header row) stands in the notes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from segment_lib.checks import ListError
from segment_lib.client import list_files
from segment_lib.lists.reading.archives import ListFile, open_files
from segment_lib.lists.reading.clean_rows import Piece, RawFile, clean_pieces
from segment_lib.lists.reading.kinds import UNKNOWN, require_list
from segment_lib.lists.reading.plain_text import (
    Hashed,
    find_codec,
    sniff_delimiter,
    stated_codec,
    utf8_blocks,
)
from segment_lib.lists.reading.raw_list import ROWS_AT_ONCE, empty, place_header, rows_to_look_at
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


def read_pieces(client: Client, list_name: str, rows: int = ROWS_AT_ONCE) -> Generator[Piece]:
    """All files of one list, one after another, some rows at a time.

    Raises `ListError` or `ClientError` with one sentence: no such file, an empty file, an encoding
    that does not fit.
    """
    section = client.lists[list_name]
    if not section.connection:
        for place in list_places(client, list_name):
            yield from pieces_at(place, section, list_name, rows)
        return
    # Ibis is slow to load, and most lists are files.
    from segment_lib.lists.reading.connections import connection_pieces

    for piece in connection_pieces(section, list_name, rows, client.folder):
        piece.file.place = section.db_table
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


def pieces_at(
    place: ListPlace, section: ListSection, list_name: str, rows: int
) -> Generator[Piece]:
    """All files at one place: more than one only in an archive."""
    wanted = section.headers.values()
    with open_files(place.path, section.member, list_name, place.shown, wanted) as files:
        for file in files:
            yield from file_pieces(file, section, list_name, rows)


def file_pieces(
    file: ListFile, section: ListSection, list_name: str, rows: int, whole: bool = True
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
        try:
            for piece in _READERS[file.kind](path, section, list_name, rows):
                if piece.begins:
                    _show_as(piece.file, path.name, file.shown)
                yield piece
        except ListError as error:
            raise ListError(str(error).replace(path.name, file.shown, 1)) from None


_READERS = {
    "workbook": workbook_pieces,
    "parquet": parquet_pieces,
    "sqlite": sqlite_pieces,
    "duckdb": duckdb_pieces,
}


def _show_as(file: RawFile, name: str, shown: str) -> None:
    """Show a member of an archive under its name there; of several sheets "book.xlsx / 4月"."""
    file.notes = [_note_shown_as(note, name, shown) for note in file.notes]
    file.shown, file.place = file.shown.replace(name, shown, 1), shown


def _note_shown_as(note: Sentence, name: str, shown: str) -> Sentence:
    places = {key: note.fields[key] for key in ("file_name", "shown") if key in note.fields}
    renamed = {key: str(place).replace(name, shown, 1) for key, place in places.items()}
    return type(note)(note.text, **note.fields | renamed)


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
        for piece in _text_pieces(file, section, list_name, codec, whole):
            piece.file.again = True
            yield piece
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
) -> Iterator[Piece]:
    with file.open() as opened:
        stream = Hashed(opened)
        blocks = utf8_blocks(stream, codec, file.shown, list_name, whole)
        first = next(blocks, b"")
        delimiter = section.delimiter or sniff_delimiter(
            first[:_SNIFF_BYTES].decode("utf-8", "ignore")
        )
        _require_delimiter(delimiter, list_name)
        cutter = Cutter(delimiter, file.shown, whole)
        head, ends, text = cutter.head(chain([first], blocks), rows_to_look_at(section))
        placed = place_header(head, file.shown, section, list_name)
        above = ends[: placed.below]
        below = chain([text[above[-1] if above else 0 :]], blocks)
        parts = cutter.parts(below, placed.headers, placed.below)
        notes = (_written(file.shown, codec, delimiter), *placed.notes)
        for piece in clean_pieces(file.shown, parts, notes):
            yield piece
        if file.path is not None:  # in an archive these are not the bytes on the disk
            piece.file.sha256 = stream.sha256


def _require_delimiter(delimiter: str, list_name: str) -> None:
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise ListError(
            '[lists.{list_name}] delimiter = "{delimiter}" must be one '
            'character, for example "," or ";" or "\\t".',
            list_name=list_name,
            delimiter=delimiter,
        )


def _written(file_name: str, codec: str, delimiter: str) -> Sentence:
    return Sentence(
        "{file_name}: read as {codec}, delimiter {delimiter}",
        file_name=file_name,
        codec=codec,
        delimiter=_DELIMITER_NAMES.get(delimiter, delimiter),
    )
