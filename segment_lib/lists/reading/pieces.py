"""What every reader (text, workbook, database) hands on: rows of cells as text, some at a time.

A reader gives a `RawFile` and then its `Part`s: Arrow tables of text columns with their row
numbers, without blank rows and control characters. A cell of any type is the text that a person
sees: `00123` included, whole numbers without .0. `cell_text` says it of one value; `column_texts`
and `array_texts` give the same for whole columns, by Arrow where it writes the same, else by
`cell_text` once per distinct value. (One difference is wanted: a 32-bit 0.1 from Parquet is 0.1,
not 0.10000000149011612.)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as kinds

from segment_lib.lists.cells.headers import trimmed
from segment_lib.lists.cells.values import CONTROL
from segment_lib.voice import N_, Sentence

ROWS_AT_ONCE = 122_880  # a whole group of rows of the engine: it takes others far more slowly
TEXT = pa.large_string()
_FEW_ROWS = 2_000  # they stay in the processor's cache: twice as fast as 50,000
# What `CONTROL` finds: these bytes, and those whose UTF-8 begins so. They come from the padding of
# host systems, from copying and from \x1a at the end of old files. To set the row apart would lose
# a real order for a sign that nobody can find; so they go, and it is told.
_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r"))
_DELETE = 127
_UNSEEN = (
    b"\xc2\xad", b"\xcd\x8f", b"\xd8\x9c", b"\xe1\x85", b"\xe1\xa0\x8e", b"\xe2\x80",
    b"\xe2\x81", b"\xe2\xa0\x80", b"\xe3\x85\xa4", b"\xef\xbb\xbf", b"\xef\xbf\xb9",
    b"\xef\xbf\xba", b"\xef\xbf\xbb",
)  # fmt: skip
_EXACT_IN_A_FLOAT = 2**53
_LONGEST_KEY = 32  # bytes: a UUID has 16, a SHA-256 32


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
        told = N_("{file_name}: {blank} blank row(s) passed over")
        file.notes.append(Sentence(told, file_name=file.shown, blank=blank))
    if cleaned:
        told = N_(
            "{file_name}: control characters, which nobody sees, were taken out of {cells} "
            "cell(s); the rows stay"
        )
        file.notes.append(Sentence(told, file_name=file.shown, cells=cleaned))


def _without_controls(table: pa.Table) -> tuple[pa.Table, int]:
    """The table without control characters, and how many cells had one."""
    count = 0
    for place, column in enumerate(table.columns[:-1]):
        # Only the bytes are looked at, the whole buffer: a cell that was sliced off costs no harm,
        # the regular expression decides.
        datas = [chunk.buffers()[2] for chunk in column.chunks]
        if any(_holds_controls(np.frombuffer(data, np.uint8)) for data in datas if data):
            count += pc.sum(pc.match_substring_regex(column, CONTROL)).as_py() or 0
            clean = pc.replace_substring_regex(column, CONTROL, "")
            table = table.set_column(place, table.column_names[place], clean)
    return table, count


def _holds_controls(signs: np.ndarray) -> bool:
    if not len(signs):
        return False
    beyond = signs.max() >= _DELETE
    data = signs.tobytes()
    # Single bytes are found, or not, far more quickly than several in a row.
    if beyond and any(all(map(data.__contains__, one)) and one in data for one in _UNSEEN):
        return True
    deleted = beyond and (signs == _DELETE).any()
    if signs.min() >= ord(" ") and not deleted:
        return False
    return len(data.translate(None, _CONTROLS)) != len(data)


def _without_blank_rows(table: pa.Table) -> pa.Table:
    blank = None
    for column in table.columns[:-1]:
        empty = pc.equal(pc.binary_length(column), 0)
        blank = empty if blank is None else pc.and_(blank, empty)
        if not pc.any(blank).as_py():  # mostly settled by the first column
            return table
    return table if blank is None else table.filter(pc.invert(blank))


# --- rows and columns to parts ----------------------------------------------------------------


def parts_of_rows(rows: Iterable[list[str]], headers: Sequence[str], before: int) -> Iterator[Part]:
    """Rows cut into the columns, some at a time; `before` counts the rows above them.

    Short ones are filled up, longer ones set apart.
    """
    rows, width = iter(rows), len(headers)
    while some := list(islice(rows, _FEW_ROWS)):
        numbers = np.arange(before + 1, before + 1 + len(some))
        before += len(some)
        broken: list[tuple[int, str]] = []
        if set(map(len, some)) - {width}:
            some = [row if len(row) <= width else trimmed(row) for row in some]
            broken = [
                (int(number), " | ".join(row))
                for number, row in zip(numbers, some, strict=True)
                if len(row) > width
            ]
            numbers = numbers[[len(row) <= width for row in some]]
            some = [row + [""] * (width - len(row)) for row in some if len(row) <= width]
        yield Part(_text_table(list(zip(*some, strict=True)), headers, numbers), broken)


def parts_of_columns(
    batches: Iterable[Sequence[pa.Array]], headers: Sequence[str], before: int = 0
) -> Iterator[Part]:
    """Batches of whole columns of text; `before` counts the rows above them."""
    for columns in batches:
        rows = len(columns[0]) if columns else 0
        yield Part(_text_table(columns, headers, np.arange(before + 1, before + 1 + rows)))
        before += rows


def _text_table(columns: Sequence[object], headers: Sequence[str], numbers: np.ndarray) -> pa.Table:
    """Columns of cells with the number of each row; no columns stand for no rows."""
    arrays = [pa.array(column, TEXT) for column in columns or [[]] * len(headers)]
    return pa.table([*arrays, pa.array(numbers, pa.int64())], names=[*headers, "row_number"])


# --- values to texts --------------------------------------------------------------------------


def cell_text(value: object) -> str:
    """One cell as text: whole numbers without .0, days and times as ISO text, nothing as "".

    >>> cell_text(123.0), cell_text(None), cell_text(1.5)
    ('123', '', '1.5')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < _EXACT_IN_A_FLOAT:
            return str(int(value))
        return repr(value) if value == value else ""
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f") if value.is_finite() else ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _hours(value)
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=cell_text)
    return _bytes_text(bytes(value)) if isinstance(value, bytes | memoryview) else str(value)


def _hours(value: timedelta) -> str:
    """A length of time as a workbook shows it: 30:15:00."""
    seconds = abs(value) // timedelta(seconds=1)
    sign = "-" if value < timedelta(0) else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _bytes_text(value: bytes) -> str:
    # Old programs store texts as bytes without saying so; pictures and keys are no text. Keys may
    # be ids: what differs must read differently.
    with suppress(UnicodeDecodeError):
        text = value.decode("utf-8")
        if text.isprintable():
            return text
    if len(value) <= _LONGEST_KEY:
        return "0x" + value.hex()
    return f"<{len(value)} bytes {hashlib.sha256(value).hexdigest()[:16]}>"


def column_texts(values: Sequence[object]) -> pa.Array:
    """A column of Python values as text; each distinct value is written once.

    >>> column_texts(["00123", 1.0, None]).to_pylist()
    ['00123', '1', '']
    """
    types = set(map(type, values)) - {type(None)}
    if types <= {str}:
        return pa.array(values, TEXT).fill_null("")
    if len(types) == 1:
        with suppress(OverflowError, pa.ArrowException):  # longer numbers go the slower way
            return array_texts(pa.array(values))
    if types <= {str, int, float, date, datetime}:
        known = {value: cell_text(value) for value in set(values)}
        return pa.array([known[value] for value in values], TEXT)
    # True == 1 and 1 == 1.0: what is equal may still read differently
    return pa.array(list(map(cell_text, values)), TEXT)


def array_texts(values: pa.Array) -> pa.Array:
    """An Arrow array of any type as text.

    >>> array_texts(pa.array([1.0, None, 2.5])).to_pylist()
    ['1', '', '2.5']
    """
    return _texts_or_null(values).fill_null("")


def _texts_or_null(values: pa.Array) -> pa.Array:
    kind = values.type
    if kinds.is_dictionary(kind):
        return array_texts(values.dictionary).take(values.indices)
    if kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_integer(kind):
        return values.cast(TEXT)
    if kinds.is_boolean(kind):
        return pc.if_else(values, pa.scalar("TRUE", TEXT), pa.scalar("FALSE", TEXT))
    if kinds.is_floating(kind):
        return _float_texts(values)
    if kinds.is_decimal(kind) and kind.scale > 0:
        texts = values.cast(TEXT)
        if not pc.any(pc.match_substring(texts, "E")).as_py():
            return pc.ascii_rtrim(pc.ascii_rtrim(texts, "0"), ".")
    if kinds.is_date(kind):
        return values.cast(pa.date32()).cast(TEXT)
    if kinds.is_timestamp(kind) and kind.tz in (None, "UTC", "Etc/UTC"):
        return _timestamp_texts(values)
    return _each_once(values)


def _float_texts(values: pa.Array) -> pa.Array:
    wide = values.cast(pa.float64())
    whole = pc.and_(pc.equal(wide, pc.floor(wide)), pc.less(pc.abs(wide), _EXACT_IN_A_FLOAT))
    whole = whole.fill_null(False)
    texts = values.cast(TEXT)
    # Arrow writes 0.00001 and 1.25e+10 where Python writes 1e-05 and 12500000000.5
    size = pc.abs(wide)
    usual = pc.or_(pc.and_(pc.greater_equal(size, 1e-4), pc.less(size, 1e10)), whole)
    if not pc.all(pc.or_kleene(usual, pc.is_null(wide))).as_py():
        texts = pc.if_else(usual, texts, pa.array(map(cell_text, values.to_pylist()), TEXT))
    return pc.if_else(whole, pc.if_else(whole, wide, 0).cast(pa.int64()).cast(TEXT), texts)


def _timestamp_texts(values: pa.Array) -> pa.Array:
    plain = values.cast(pa.timestamp("us", values.type.tz), safe=False).cast(pa.timestamp("us"))
    try:
        texts = plain.cast(pa.timestamp("s")).cast(TEXT)
    except pa.ArrowInvalid:  # some have parts of a second
        texts = pc.replace_substring_regex(plain.cast(TEXT), r"\.000000$", "")
    if values.type.tz is not None:
        return pc.binary_join_element_wise(texts, pa.scalar("+00:00", TEXT), pa.scalar("", TEXT))
    days = values.cast(pa.date32(), safe=False)
    at_midnight = pc.equal(days.cast(pa.timestamp("us")), plain)
    return pc.if_else(at_midnight, days.cast(TEXT), texts)


def _each_once(values: pa.Array) -> pa.Array:
    try:
        encoded = values.dictionary_encode()
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # lists, structs
        return pa.array(map(cell_text, values.to_pylist()), TEXT)
    known = pa.array(map(cell_text, encoded.dictionary.to_pylist()), TEXT)
    return known.take(encoded.indices)
