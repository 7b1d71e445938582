"""Lists as pandas frames, as they stand in their files: for a look, and for what people wrote."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from segment_lib.lists.cells.layout import PLACE
from segment_lib.lists.reading.archives import ListFile, open_files
from segment_lib.lists.reading.clean_rows import Piece, RawFile
from segment_lib.lists.reading.engine import Engine
from segment_lib.lists.reading.pieces import ListPlace, file_pieces, pieces_at
from segment_lib.lists.reading.raw_table import FILE_BITS, RawTable, load_list, load_pieces
from segment_lib.settings import Client, ListSection
from segment_lib.voice import Sentence

_LOOK_BYTES = 2 << 20


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
    """All files of one list, in order of their names, rows of totals and remarks set apart.

    Raises `ListError` or `ClientError` with one sentence, as `raw_table.load_list` does.
    """
    with _engine() as engine:
        return framed(load_list(client, engine, list_name, "raw"))


def read_file(path: Path, section: ListSection, list_name: str) -> RawList:
    """Read one file of a list; what kind of file it is, its first bytes say."""
    return as_list(pieces_at(ListPlace(path, path.name), section, list_name), section, list_name)


def first_rows(path: Path, section: ListSection, list_name: str, rows: int = 2000) -> RawList:
    """The first rows of a file, for a look: of a text only its beginning is read."""
    with open_files(path, section.member, list_name, wanted=section.headers.values()) as files:
        file, whole = _beginning(files[0])
        first = _first(file_pieces(file, section, list_name, whole), rows)
        looked = as_list(first, section, list_name)
    return replace(looked, frame=looked.frame[:rows])


def as_list(pieces: Generator[Piece], section: ListSection, list_name: str) -> RawList:
    """Pieces as they come, as one list."""
    with _engine() as engine:
        raw = RawTable(engine, "raw", list_name)
        load_pieces(raw, section, pieces)
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


def _beginning(file: ListFile) -> tuple[ListFile, bool]:
    """The first megabytes of a text as a file, and whether they are all of it."""
    if file.kind != "text":
        return file, True
    with file.open() as stream:
        data, more = stream.read(_LOOK_BYTES), bool(stream.read(1))
    return replace(file, open=partial(io.BytesIO, data)), not more
