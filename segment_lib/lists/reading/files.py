"""The files of a list into the engine, as raw tables, or into frames for a look.

Every cell is text, as it stands in the file, before anything is asked. It comes some rows at a
time, so that a list may be larger than memory. Row numbers are Excel's: the header's row counts,
blank rows count. Parquet files and database tables have no such rows; there the first record is 1.
What was chosen (encoding, delimiter, sheet, header row) stands in the notes.
"""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

from segment_lib.checks import ListError
from segment_lib.client import list_files
from segment_lib.lists.cells.headers import PLACE, empty, require_headers, same_names
from segment_lib.lists.cells.values import TOO_MANY_CELLS
from segment_lib.lists.reading.archives import ListFile, open_files
from segment_lib.lists.reading.engine import BROKEN, FILE_BITS, Engine, RawTable, text
from segment_lib.lists.reading.kinds import UNKNOWN, require_list
from segment_lib.lists.reading.pieces import ROWS_AT_ONCE, Part, Piece, RawFile
from segment_lib.lists.reading.stored_tables import duckdb_pieces, parquet_pieces, sqlite_pieces
from segment_lib.lists.reading.text_rows import text_pieces
from segment_lib.lists.reading.totals import set_rows_apart
from segment_lib.lists.reading.workbooks import workbook_pieces
from segment_lib.settings import Client, ListSection
from segment_lib.voice import N_, Sentence

_READERS = {
    "workbook": workbook_pieces,
    "parquet": parquet_pieces,
    "sqlite": sqlite_pieces,
    "duckdb": duckdb_pieces,
}
_MUST_HAVE_ROWS = ("customers", "orders", "order_lines")
_LOOK_BYTES = 2 << 20
_T = TypeVar("_T")


def load_list(client: Client, engine: Engine, list_name: str, name: str) -> RawTable:
    """All rows of all files of a list into the engine, as `name`; set apart what is none of them.

    Raises `ListError` or `ClientError` with one sentence: no such file, an empty file, an encoding
    that does not fit, a header that is not there.
    """
    section = client.lists[list_name]
    raw = RawTable(engine, name, list_name)
    load_pieces(raw, section, read_pieces(client, list_name), mapped=True)
    must_have_rows = client.table_of(list_name) in _MUST_HAVE_ROWS
    if must_have_rows and not raw.engine.one(f"select count(*) from {name}"):
        raise _no_rows(client, raw)
    set_rows_apart(raw, section)
    return raw


def _no_rows(client: Client, raw: RawTable) -> ListError:
    broken = raw.engine.rows(
        f"select row_number, value, count(*) over () from {raw.broken} order by _row limit 1"
    )
    if broken:
        number, value, count = broken[0]
        return too_many_cells(", ".join(raw.files), raw.list_name, count, number, value)
    shown = [shown for _path, shown in list_places(client, raw.list_name)]
    names = ", ".join(shown) or client.lists[raw.list_name].db_table
    told = N_("{names} (list {list_name}) has a header but no rows below it.")
    return ListError(told, names=names, list_name=raw.list_name)


def too_many_cells(names: str, list_name: str, count: int, number: int, value: str) -> ListError:
    """What a file is told of which every row has more cells than the header."""
    return ListError(
        "{names} (list {list_name}) has {count} row(s) with more cells than the header, such as "
        "row {number}: {value}. A comma stands inside a number or a name, and nothing quotes it. "
        "Export the list anew as a workbook, or with tabs between the columns.",
        names=names,
        list_name=list_name,
        count=count,
        number=number,
        value=value,
    )


# --- the pieces of its files ------------------------------------------------------------------


def read_pieces(client: Client, list_name: str) -> Generator[Piece]:
    """All files of one list, one after another, some rows at a time.

    Raises `ListError` or `ClientError` with one sentence: no such file, an empty file, an encoding
    that does not fit.
    """
    section = client.lists[list_name]
    if not section.connection:
        for path, shown in list_places(client, list_name):
            yield from pieces_at(path, shown, section, list_name)
        return
    # Ibis is slow to load, and most lists are files.
    from segment_lib.lists.reading.connections import connection_pieces

    for piece in connection_pieces(section, list_name, client.folder):
        if isinstance(piece, RawFile):
            piece.place = section.db_table
        yield piece


def list_places(client: Client, list_name: str) -> list[tuple[Path, str]]:
    """The files with the names that their rows show: by their folders too where two are equal."""
    paths = list_files(client, list_name)
    again = {name for name, count in Counter(path.name for path in paths).items() if count > 1}
    return [
        (path, within(path, client.folder) if path.name in again else path.name) for path in paths
    ]


def within(path: Path, folder: Path) -> str:
    """A file as it is named from the folder of client.toml."""
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()


def pieces_at(path: Path, shown: str, section: ListSection, list_name: str) -> Generator[Piece]:
    """All files at one place: more than one only in an archive."""
    wanted = section.headers.values()
    with open_files(path, section.member, list_name, shown, wanted) as files:
        for file in files:
            yield from file_pieces(file, section)


def file_pieces(file: ListFile, section: ListSection, whole: bool = True) -> Generator[Piece]:
    """One file, read by what it is; `whole` is False if it is only the beginning of one."""
    if file.kind == "empty":
        raise empty(file.shown, file.list_name)
    stated = bool(section.encoding) and file.kind == UNKNOWN  # what a person says is believed
    if not stated:
        require_list(file.kind, file.shown, file.list_name)
    if stated or file.kind == "text":
        yield from text_pieces(file, section, whole)
        return
    with file.on_disk() as path:
        yield from _READERS[file.kind](file, path, section)


# --- pieces into the engine -------------------------------------------------------------------


def load_pieces(
    raw: RawTable, section: ListSection, pieces: Generator[Piece], mapped: bool = False
) -> None:
    """The pieces into the engine, as they come; if `mapped`, all mapped headers must be there."""
    columns = "_row bigint, row_number bigint, value varchar, reason varchar"
    raw.engine.run(f"create table {raw.broken} ({columns})")
    raw.engine.parts.add(raw.broken)
    loader = _Loader(raw, section, mapped)
    raw.engine.run("set threads = 1")  # more would only take the core from who reads
    with closing(ahead(pieces)) as coming:
        for piece in coming:
            if isinstance(piece, RawFile):
                loader.begin(piece)
            else:
                loader.take(piece)
    loader.finish()
    raw.engine.run("reset threads")


def ahead(found: Generator[_T]) -> Generator[_T]:
    """What a generator gives, the next one made in another thread while this one is used."""
    with ThreadPoolExecutor(max_workers=1) as maker:
        coming = maker.submit(next, found, None)
        try:
            while (one := coming.result()) is not None:
                coming = maker.submit(next, found, None)
                yield one
        finally:  # a database is closed by the thread that opened it
            maker.submit(found.close).result()


@dataclass
class _Loader:
    """Takes the pieces of a list, and writes whole groups of rows into the engine."""

    raw: RawTable
    section: ListSection
    mapped: bool
    file: RawFile | None = None
    columns: Sequence[str] = ()
    waiting: pa.Table | None = None
    next_row: int = 0
    next_broken: int = 0

    def begin(self, file: RawFile) -> None:
        raw = self.raw
        if file.again and self.file and self.file.shown == file.shown:
            self.undo()
        self.finish()
        if self.mapped:
            require_headers(list(file.headers), file.place, self.section, raw.list_name)
        same = same_names(file.headers, raw.columns, self.section)
        headers = [same.get(name, name) for name in file.headers]
        known = set(raw.columns)
        raw.add_columns([header for header in headers if header not in known])
        places = dict(zip(raw.columns, raw.cells, strict=True))
        self.file, self.columns = file, [*(places[header] for header in headers), "row_number"]
        self.next_row = len(raw.files) << FILE_BITS
        self.next_broken = self.next_row + BROKEN
        raw.files.append(file.shown)

    def undo(self) -> None:
        """Forget the file that is read anew."""
        self.raw.files.pop()
        first = len(self.raw.files) << FILE_BITS
        for table in (self.raw.name, self.raw.broken):
            self.raw.engine.run(f"delete from {table} where _row >= {first}")
        self.file = self.waiting = None

    def take(self, part: Part) -> None:
        if part.broken:
            rows = range(self.next_broken, self.next_broken + len(part.broken))
            numbers, values = zip(*part.broken, strict=True)
            table = pa.table({"_row": rows, "row_number": numbers, "value": values})
            query = f"select *, {text(TOO_MANY_CELLS.english)} as reason from chunk"
            self.raw.engine.add(table, {self.raw.broken: query})
            self.next_broken += len(rows)
        before = [] if self.waiting is None else [self.waiting]
        self.waiting = pa.concat_tables([*before, part.table])
        while len(self.waiting) >= ROWS_AT_ONCE:
            self.write(self.waiting[:ROWS_AT_ONCE])
            self.waiting = self.waiting[ROWS_AT_ONCE:]

    def write(self, table: pa.Table) -> None:
        rows = np.arange(self.next_row, self.next_row + len(table))
        table = table.rename_columns(self.columns).append_column("_row", pa.array(rows))
        self.raw.engine.add(table, {self.raw.name: "select * from chunk"})
        self.next_row += len(table)

    def finish(self) -> None:
        """Write what waits, and keep what is told of the file."""
        if self.waiting is not None:
            self.write(self.waiting)
        if self.file is not None:
            self.raw.notes += self.file.notes
            if self.file.sha256:
                self.raw.hashes[self.file.shown] = self.file.sha256
        self.file = self.waiting = None


# --- for a look, and for what people wrote ----------------------------------------------------


@dataclass(frozen=True)
class RawList:
    """One raw list, or some rows of it, as text in a pandas frame.

    `frame` has the columns of the file plus `row_number` and `file`; a blank cell is "". `broken`
    has the rows that are no rows of the list: file, row_number, value, reason.
    """

    frame: pd.DataFrame
    broken: pd.DataFrame
    notes: tuple[Sentence, ...] = ()


def read_list(client: Client, list_name: str) -> RawList:
    """All files of one list, in order of their names, headings, totals and remarks set apart.

    Raises `ListError` or `ClientError` with one sentence, as `load_list` does.
    """
    with _engine() as engine:
        return framed(load_list(client, engine, list_name, "raw"))


def read_file(path: Path, section: ListSection, list_name: str) -> RawList:
    """Read one file of a list; what kind of file it is, its first bytes say."""
    return as_list(pieces_at(path, path.name, section, list_name), section, list_name)


def first_rows(path: Path, section: ListSection, list_name: str, rows: int = 2000) -> RawList:
    """The first rows of a file, for a look: of a text only its beginning is read."""
    with open_files(path, section.member, list_name, wanted=section.headers.values()) as files:
        file, whole = files[0], True
        if file.kind == "text":
            with file.open() as stream:
                data, whole = stream.read(_LOOK_BYTES), not stream.read(1)
            file = replace(file, open=partial(io.BytesIO, data))
        first = _first(file_pieces(file, section, whole), rows)
        looked = as_list(first, section, list_name, apart=True)
    return replace(looked, frame=looked.frame[:rows])


def as_list(
    pieces: Generator[Piece], section: ListSection, list_name: str, apart: bool = False
) -> RawList:
    """Pieces as they come, as one list; headings, totals and remarks set `apart` if wanted."""
    with _engine() as engine:
        raw = RawTable(engine, "raw", list_name)
        load_pieces(raw, section, pieces)
        if apart:
            set_rows_apart(raw, section, everywhere=True)
        return framed(raw)


@contextmanager
def _engine() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder, Engine(Path(folder)) as engine:
        yield engine


def framed(raw: RawTable) -> RawList:
    """The rows of a raw table as frames."""
    place = f"row_number, (_row >> {FILE_BITS})::integer as file"
    rows = f"select {', '.join([*raw.cells, place])} from {raw.name} order by _row"
    frame = raw.engine.arrow(rows).rename_columns([*raw.columns, *PLACE[::-1]]).to_pandas()
    broken = raw.engine.arrow(
        f"select {place}, value, reason from {raw.broken} order by _row"
    ).to_pandas()[[*PLACE, "value", "reason"]]
    files = pd.Series(raw.files, dtype="str")
    for one in (frame, broken):
        one["file"] = files.reindex(one["file"]).to_numpy()
    texts = {name: "str" for name in broken.columns if name != "row_number"}
    return RawList(frame.astype({"file": "str"}), broken.astype(texts), tuple(raw.notes))


def _first(found: Generator[Piece], rows: int) -> Generator[Piece]:
    """The first rows of the first file or sheet, and its columns."""
    seen, begun = 0, False
    with closing(found):
        for piece in found:
            if isinstance(piece, RawFile):
                if begun and not piece.again:
                    return
                seen, begun = 0, True
            else:
                seen += len(piece.table)
            yield piece
            if seen >= rows:
                return
