"""Any list as text with the row numbers that a person sees: CSV, Excel, Parquet or a database.

Row numbers are Excel's: the header's row counts, blank rows count. Parquet files and database
tables have no such rows; there the first record is 1. What was chosen (encoding, delimiter, sheet,
header row) stands in `notes`.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import pandas as pd
import pyarrow as pa

from segment_lib.checks import ListError, closest
from segment_lib.client import list_files
from segment_lib.columns import REGISTER_COLUMNS
from segment_lib.lists.layout import (
    LOOK_ROWS,
    PLACE,
    find_header_row,
    match_header,
    unique_headers,
)
from segment_lib.lists.plain_text import decode, sniff_delimiter, text_rows
from segment_lib.lists.stored_tables import (
    duckdb_frame,
    parquet_frame,
    sheet_names,
    sheet_rows,
    sqlite_frame,
)
from segment_lib.lists.values import TOO_MANY_CELLS, Told
from segment_lib.settings import Client, ListSection

_CHUNK_ROWS = 100_000
_DELIMITER_NAMES = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}

EXPORT_AGAIN = "Export it again, or take the list out of client.toml."


@dataclass(frozen=True)
class RawList:
    """One raw list as text.

    `frame` has the columns of the file plus `file` and `row_number`; a blank cell is "". `broken`
    has the rows that cannot be cut into the columns: file, row_number, value, reason.
    """

    frame: pd.DataFrame
    broken: pd.DataFrame
    notes: tuple[Told, ...] = ()


def read_list(client: Client, list_name: str) -> RawList:
    """Read all files of one list, in order of their names, one below the other.

    Raises `ListError` or `ClientError` with one sentence: no such file, an empty file, an
    encoding that does not fit, a header that is not there.
    """
    section = client.lists[list_name]
    parts = [read_file(path, section, list_name) for path in list_files(client, list_name)]
    for part in parts:
        _require_headers(part.frame, section, list_name)
    frame = pd.concat([part.frame for part in parts], ignore_index=True)
    texts = frame.columns.difference(PLACE)
    if len(parts) > 1:
        frame[texts] = frame[texts].fillna("")
    if frame.empty and client.table_of(list_name) in ("customers", "orders", "order_lines"):
        names = ", ".join(path.name for path in list_files(client, list_name))
        raise ListError(f"{names} (list {list_name}) has a header but no rows below it.")
    broken = pd.concat([part.broken for part in parts], ignore_index=True)
    return RawList(frame, broken, tuple(note for part in parts for note in part.notes))


def read_file(path: Path, section: ListSection, list_name: str) -> RawList:
    """Read one file of a list; what kind of file it is, its first bytes say."""
    data_start = path.open("rb").read(16) if path.stat().st_size else b""
    if not data_start:
        raise ListError(f"{path.name} (list {list_name}) is empty: it has no rows. {EXPORT_AGAIN}")
    if data_start.startswith(b"PAR1"):
        return _stored(parquet_frame(path), path)
    if data_start.startswith(b"SQLite format 3"):
        return _stored(sqlite_frame(path, section.db_table, list_name), path)
    if data_start[8:12] == b"DUCK":
        return _stored(duckdb_frame(path, section.db_table, list_name), path)
    if data_start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _workbook(path, section, list_name)
    return _text(path, section, list_name)


def _stored(frame: pd.DataFrame, path: Path) -> RawList:
    frame = frame.assign(file=path.name, row_number=range(1, len(frame) + 1))
    return RawList(frame, _no_broken_rows())


def _text(path: Path, section: ListSection, list_name: str) -> RawList:
    text, codec = decode(_bytes(path), section.encoding, path.name, list_name)
    delimiter = section.delimiter or sniff_delimiter(text)
    if len(delimiter) != 1:
        raise ListError(
            f'[lists.{list_name}] delimiter = "{delimiter}" must be one character, '
            'for example "," or ";" or "\\t".'
        )
    rows = text_rows(text, delimiter, path.name)
    shown = _DELIMITER_NAMES.get(delimiter, delimiter)
    note = Told(
        f"{path.name}: read as {codec}, delimiter {shown}",
        f"{path.name}: 文字コード {codec}、区切り文字 {shown}",
    )
    return _below_header(rows, path, section, list_name, [note])


def _bytes(path: Path) -> bytes:
    data = path.read_bytes()
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        raise ListError(f"{path.name} is a .gz file that is damaged or cut off.") from None


def _workbook(path: Path, section: ListSection, list_name: str) -> RawList:
    sheet = section.sheet[0] if section.sheet else _sheet_of_list(path, section)
    rows, merged = sheet_rows(path, sheet)
    note = Told(f"{path.name}: sheet {sheet}", f"{path.name}: シート {sheet}")
    width = max((len(row) for row in rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in rows]
    position = _header_position(rows[:LOOK_ROWS], section)
    if merged and position is not None:
        _fill_merged(rows, merged, _columns_to_fill(rows[position], section), position)
    return _below_header(iter(rows), path, section, list_name, [note])


def _sheet_of_list(path: Path, section: ListSection) -> str:
    """The sheet that has most of the mapped headers, the first of equals."""
    names = sheet_names(path)
    if len(names) == 1:
        return names[0]
    wanted = set(section.headers.values())

    def hits(name: str) -> int:
        rows = sheet_rows(path, name)[0][:LOOK_ROWS]
        return max(
            (sum(match_header(w, row) is not None for w in wanted) for row in rows), default=0
        )

    return max(names, key=hits)


def _columns_to_fill(header: list[str], section: ListSection) -> set[int]:
    """Where a merged cell speaks for all its rows: names, ids, days; never money or numbers."""
    found = set()
    for column, wanted in section.headers.items():
        kind = REGISTER_COLUMNS[column].kind if column in REGISTER_COLUMNS else "text"
        name = match_header(wanted, header)
        if name is not None and kind in ("text", "date", "code") and column != "unit_price":
            found.add(header.index(name))
    return found


def _fill_merged(
    rows: list[list[str]],
    merged: Iterable[tuple[int, int, int, int]],
    columns: set[int],
    header: int,
) -> None:
    for top, left, bottom, _ in merged:
        if left in columns and top > header:
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]


def _header_position(rows: list[list[str]], section: ListSection) -> int | None:
    if section.header_row is not None:
        return section.header_row - 1
    return find_header_row(rows, set(section.headers.values()))


def _below_header(
    rows: Iterator[list[str]],
    path: Path,
    section: ListSection,
    list_name: str,
    notes: list[Told],
) -> RawList:
    first = list(islice(rows, max(LOOK_ROWS, section.header_row or 0)))
    position = _header_position(first, section)
    if position is None or position >= len(first) or not any(first[position]):
        if section.header_row:
            raise ListError(
                f"{path.name} (list {list_name}) is empty: row {section.header_row} is blank."
            )
        raise ListError(f"{path.name} (list {list_name}) is empty: it has no rows. {EXPORT_AGAIN}")
    header = unique_headers(_trimmed(first[position]), taken=PLACE)
    if position:
        notes.append(
            Told(
                f"{path.name}: the header stands in row {position + 1}",
                f"{path.name}: 見出しは {position + 1} 行目",
            )
        )
    below = enumerate(chain(first[position + 1 :], rows), position + 2)
    return _collect(below, header, path, notes)


def _trimmed(cells: list[str]) -> list[str]:
    last = max((i for i, cell in enumerate(cells) if cell.strip()), default=-1)
    return cells[: last + 1]


def _collect(
    rows: Iterable[tuple[int, list[str]]], header: list[str], path: Path, notes: list[Told]
) -> RawList:
    """Rows to a frame, chunk by chunk; short rows are filled up, longer ones set apart."""
    width, blank = len(header), 0
    kept: list[list[str]] = []
    numbers: list[int] = []
    broken: list[tuple[str, int, str, str]] = []
    chunks: list[pa.Table] = []
    for number, row in rows:
        if not any(row):
            blank += 1
            continue
        if len(row) != width:
            row = _fitted(row, width)
            if len(row) > width:
                broken.append((path.name, number, " | ".join(row), TOO_MANY_CELLS.en))
                continue
        kept.append(row)
        numbers.append(number)
        if len(kept) == _CHUNK_ROWS:
            chunks.append(_chunk(kept, numbers, header))
            kept, numbers = [], []
    chunks.append(_chunk(kept, numbers, header))
    if blank:
        notes.append(
            Told(f"{path.name}: {blank} blank row(s) passed over", f"{path.name}: 空行 {blank} 行")
        )
    frame = pa.concat_tables(chunks).to_pandas().assign(file=path.name)
    return RawList(frame, pd.DataFrame(broken, columns=_no_broken_rows().columns), tuple(notes))


def _fitted(row: list[str], width: int) -> list[str]:
    row = _trimmed(row) if len(row) > width else row
    return row + [""] * (width - len(row))


def _chunk(rows: list[list[str]], numbers: list[int], header: list[str]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [[] for _ in header]
    arrays = [pa.array(column, pa.large_string()) for column in columns]
    return pa.table([*arrays, pa.array(numbers, pa.int64())], names=[*header, "row_number"])


def _no_broken_rows() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "file": pd.Series(dtype="str"),
            "row_number": pd.Series(dtype="int64"),
            "value": pd.Series(dtype="str"),
            "reason": pd.Series(dtype="str"),
        }
    )


def _require_headers(frame: pd.DataFrame, section: ListSection, list_name: str) -> None:
    has = [str(column) for column in frame.columns if column not in PLACE]
    for column, wanted in section.headers.items():
        if match_header(wanted, has) is None:
            near = closest(wanted, has) or "..."
            file_name = section.files[0] if frame.empty else frame["file"].iloc[0]
            raise ListError(
                f'{Path(str(file_name)).name} lacks the column "{wanted}". It has {has}. '
                f'Mend it in client.toml: [lists.{list_name}.columns] {column} = "{near}".'
            )
