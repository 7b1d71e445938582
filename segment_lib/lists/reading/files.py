"""Any list as text with the row numbers that a person sees: CSV, Excel, Parquet or a database.

`read_chunks` gives a list in chunks, so that it may be larger than memory; `read_list` all of it.
Row numbers are Excel's: the header's row counts, blank rows count. Parquet files and database
tables have no such rows; there the first record is 1. What was chosen (encoding, delimiter, sheet,
header row) stands in `notes`.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from segment_lib.checks import ListError
from segment_lib.client import list_files
from segment_lib.columns import as_text
from segment_lib.lists.reading.archives import ListFile, open_files
from segment_lib.lists.reading.headers_there import (
    columns_of,
    require_headers,
    same_names,
    with_columns,
)
from segment_lib.lists.reading.kinds import require_list
from segment_lib.lists.reading.plain_text import find_codec, sniff_delimiter, utf8_blocks
from segment_lib.lists.reading.raw_list import (
    CHUNK_ROWS,
    RawList,
    empty,
    in_chunks,
    joined,
    place_header,
    rows_to_look_at,
)
from segment_lib.lists.reading.stored_tables import duckdb_chunks, parquet_chunks, sqlite_chunks
from segment_lib.lists.reading.text_rows import RUN_OF_BLANKS, Cutter
from segment_lib.lists.reading.totals import set_totals_apart
from segment_lib.lists.reading.workbooks import workbook_chunks
from segment_lib.settings import Client, ListSection
from segment_lib.voice import Sentence, _

__all__ = ["RawList", "first_rows", "list_places", "read_chunks", "read_file", "read_list"]

_LOOK_BYTES = 2 << 20
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


def read_chunks(client: Client, list_name: str, rows: int = CHUNK_ROWS) -> Generator[RawList]:
    """All files of one list, one after another, in chunks of up to `rows` rows.

    Every chunk has the same columns: a column that one of several files lacks is "" there. What is
    to be told about a file stands in its first or last chunk. Raises `ListError` or `ClientError`
    with one sentence: no such file, an empty file, an encoding that does not fit, a header that is
    not there. Rows of totals and remarks stand in `broken`.
    """
    section = client.lists[list_name]
    count = 0
    for chunk in _all_chunks(client, section, list_name, rows):
        count += len(chunk.frame)
        yield set_totals_apart(chunk, section)
    if not count and client.table_of(list_name) in ("customers", "orders", "order_lines"):
        names = (
            ", ".join(place.shown for place in list_places(client, list_name)) or section.db_table
        )
        raise ListError(
            _(
                "{names} (list {list_name}) has a header but no rows below it.",
                names=names,
                list_name=list_name,
            )
        )


def _all_chunks(
    client: Client, section: ListSection, list_name: str, rows: int
) -> Iterator[RawList]:
    if not section.connection:
        yield from _chunks(
            list_places(client, list_name), section, list_name, rows, all_mapped=True
        )
        return
    # Ibis is slow to load, and most lists are files.
    from segment_lib.lists.reading.connections import connection_chunks

    for chunk in connection_chunks(section, list_name, rows, client.folder):
        require_headers(columns_of(chunk), section.db_table, section, list_name)
        yield chunk


def read_list(client: Client, list_name: str) -> RawList:
    """Read all files of one list, in order of their names, one below the other.

    Raises `ListError` or `ClientError` with one sentence, as `read_chunks` does.
    """
    return joined(read_chunks(client, list_name))


def read_file(path: Path, section: ListSection, list_name: str) -> RawList:
    """Read one file of a list; what kind of file it is, its first bytes say."""
    return joined(_chunks([ListPlace(path, path.name)], section, list_name, CHUNK_ROWS))


def first_rows(path: Path, section: ListSection, list_name: str, rows: int = 2000) -> RawList:
    """The first rows of a file, for a look: of a text only its beginning is read."""
    with open_files(path, section.member, list_name, wanted=section.headers.values()) as files:
        file, whole = _beginning(files[0])
        with closing(_file_chunks(file, section, list_name, rows, whole=whole)) as chunks:
            return next(chunks)


def list_places(client: Client, list_name: str) -> list[ListPlace]:
    """The files by their names; by their folders too where two files have the same name."""
    paths = list_files(client, list_name)
    again = {name for name, count in Counter(path.name for path in paths).items() if count > 1}
    return [
        ListPlace(path, _within(path, client.folder) if path.name in again else path.name)
        for path in paths
    ]


def _within(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()


def _chunks(
    places: Sequence[ListPlace],
    section: ListSection,
    list_name: str,
    rows: int,
    all_mapped: bool = False,
) -> Iterator[RawList]:
    codecs: dict[str, str] = {}
    columns = _columns(places, section, list_name, codecs, all_mapped)
    for place in places:
        with _opened(place, section, list_name) as files:
            for file in files:
                codec = codecs.get(file.shown, "")
                for chunk in _file_chunks(file, section, list_name, rows, codec):
                    if all_mapped:
                        require_headers(columns_of(chunk), file.shown, section, list_name)
                    yield chunk if columns is None else with_columns(chunk, columns, section)


def _opened(
    place: ListPlace, section: ListSection, list_name: str
) -> AbstractContextManager[list[ListFile]]:
    wanted = section.headers.values()
    return open_files(place.path, section.member, list_name, place.shown, wanted)


def _columns(
    places: Sequence[ListPlace],
    section: ListSection,
    list_name: str,
    codecs: dict[str, str],
    all_mapped: bool,
) -> list[str] | None:
    """The columns of all files together, in their order; None for a single file.

    `codecs` remembers what was found out on the way: it took a reading of the whole file.
    """
    columns: dict[str, None] = {}
    for place in places:
        with _opened(place, section, list_name) as files:
            if len(places) == len(files) == 1:
                return None
            for file in files:
                if file.kind == "text":
                    codecs[file.shown] = _codec(file, section, list_name)
                one = _file_chunks(file, section, list_name, 1, codecs.get(file.shown, ""))
                with closing(one) as chunks:
                    has = columns_of(next(chunks))
                if all_mapped:
                    require_headers(has, file.shown, section, list_name)
                same = same_names(has, list(columns), section)
                columns |= dict.fromkeys(same.get(name, name) for name in has)
    return list(columns)


def _file_chunks(
    file: ListFile,
    section: ListSection,
    list_name: str,
    rows: int,
    codec: str = "",
    whole: bool = True,
) -> Generator[RawList]:
    """One file in chunks, read by what it is."""
    if file.kind == "empty":
        raise empty(file.shown, list_name)
    require_list(file.kind, file.shown, list_name)
    if file.kind == "text":
        codec = codec or _codec(file, section, list_name, whole)
        try:
            yield from _text_chunks(file, section, list_name, rows, codec, whole)
        except UnicodeError:  # the whole of it was tried before
            raise ListError(
                _(
                    "{shown} (list {list_name}) was changed while it was read. Run it "
                    "again when no other program writes to it.",
                    shown=file.shown,
                    list_name=list_name,
                )
            ) from None
        return
    with file.on_disk() as path:
        try:
            for chunk in _READERS[file.kind](path, section, list_name, rows):
                yield chunk if path.name == file.shown else _shown_as(chunk, path.name, file.shown)
        except ListError as error:
            raise ListError(str(error).replace(path.name, file.shown, 1)) from None


_READERS = {
    "workbook": workbook_chunks,
    "parquet": parquet_chunks,
    "sqlite": sqlite_chunks,
    "duckdb": duckdb_chunks,
}


def _shown_as(chunk: RawList, name: str, shown: str) -> RawList:
    """The chunk under another file name: that of a member of an archive."""
    notes = (_note_shown_as(note, name, shown) for note in chunk.notes)
    # of several sheets the file is "book.xlsx / 4月"
    files = {old: str(old).replace(name, shown, 1) for old in chunk.frame["file"].unique()}
    frame = chunk.frame.assign(file=chunk.frame["file"].map(files).pipe(as_text))
    return RawList(frame, chunk.broken.assign(file=shown), tuple(notes))


def _note_shown_as(note: Sentence, name: str, shown: str) -> Sentence:
    places = {key: note.fields[key] for key in ("file_name", "shown") if key in note.fields}
    renamed = {key: str(place).replace(name, shown, 1) for key, place in places.items()}
    return type(note)(note.text, **note.fields | renamed)


# --- plain text -------------------------------------------------------------------------------


def _beginning(file: ListFile) -> tuple[ListFile, bool]:
    """The first megabytes of a text as a file, and whether they are all of it."""
    if file.kind != "text":
        return file, True
    with file.open() as stream:
        data, more = stream.read(_LOOK_BYTES), bool(stream.read(1))
    return replace(file, open=partial(io.BytesIO, data)), not more


def _codec(file: ListFile, section: ListSection, list_name: str, whole: bool = True) -> str:
    return find_codec(file.open, section.encoding, file.shown, list_name, whole)


def _text_chunks(
    file: ListFile, section: ListSection, list_name: str, rows: int, codec: str, whole: bool
) -> Iterator[RawList]:
    with file.open() as stream:
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
        yield from in_chunks(parts, file.shown, notes, rows)


def _require_delimiter(delimiter: str, list_name: str) -> None:
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise ListError(
            _(
                '[lists.{list_name}] delimiter = "{delimiter}" must be one '
                'character, for example "," or ";" or "\\t".',
                list_name=list_name,
                delimiter=delimiter,
            )
        )


def _written(file_name: str, codec: str, delimiter: str) -> Sentence:
    return Sentence(
        "{file_name}: read as {codec}, delimiter {delimiter}",
        file_name=file_name,
        codec=codec,
        delimiter=_DELIMITER_NAMES.get(delimiter, delimiter),
    )
