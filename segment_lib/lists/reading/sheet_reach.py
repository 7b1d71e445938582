"""How far a sheet reaches and what in it has no value, measured in its packed form.

The sheets of .xlsx and .ods are XML, those of .xlsb records; they come as pieces of bytes. An old
.xls is a container of streams, with records in one of them. A damaged container may lead in
circles, and its reader follows without end: so each chain of sectors is walked here first. Layout
after Microsoft's open specifications MS-CFB and MS-XLS.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple
from xml.parsers import expat

from segment_lib.voice import _

_LONGEST_CELL = 1 << 22  # bytes
# These begin with plain letters, which `re` finds much faster than alternatives.
_COLUMN = re.compile(rb"r=\"([A-Z]{1,3})[0-9]")
_ROW = re.compile(rb"row(?:\s[^>]*?)?\sr=\"([0-9]{1,7})\"")
_CELL = re.compile(rb"\sr=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']([^>]*)>(\s*</)?")
_UNPLACED_CELL = re.compile(rb"<(?:\w+:)?c(?![\w:])(?![^>]*\sr=)[^>]*(?<!/)>")
_FORMULA_ONLY = re.compile(
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


class SheetFacts(NamedTuple):
    """How far a sheet reaches, and what in it has no value to read."""

    rows: int = 0
    columns: int = 0
    errors: int = 0  # cells with #N/A, #REF! …
    unsolved: int = 0  # formulas whose result was never stored


def xml_sheet(pieces: Iterator[bytes]) -> tuple[SheetFacts, bool]:
    """The facts of a sheet, and whether all its cells have an address; blank cells count too."""
    rows = errors = unsolved = tags = unplaced = 0
    letters: set[bytes] = set()
    for text in _whole_cells(pieces):
        text = text.replace(b"'", b'"') if b" r='" in text else text
        found = _COLUMN.findall(text)
        letters.update(found)
        rows = max(rows, max(map(int, _ROW.findall(text)), default=0))
        errors += text.count(b't="e"')
        unsolved += _unsolved(text)
        if text.count(b"<c ") + text.count(b"<c>") + text.count(b":c>") > len(found):
            # Cells may come without their address; then they stand one beside the other.
            parts = re.split(rb"<(?:\w+:)?row[\s>]", text)
            tags += len(parts) - 1
            unplaced = max(unplaced, *(len(_UNPLACED_CELL.findall(part)) for part in parts))
    columns = max(map(_column_number, letters), default=0) + unplaced
    return SheetFacts(max(rows, tags), columns, errors, unsolved), not unplaced


def reach_of_values(pieces: Iterator[bytes]) -> tuple[int, int]:
    """The last row and column in which a cell has a value."""
    rows, letters = 0, set()
    for text in _whole_cells(pieces):
        for column, row, attributes, closed in _CELL.findall(text):
            if not attributes.endswith(b"/") and not closed:
                rows = max(rows, int(row))
                letters.add(column)
    return rows, max(map(_column_number, letters), default=0)


def _unsolved(text: bytes) -> int:
    """Formulas without a stored result; an empty text is a result too."""
    if b"<f" not in text and b":f" not in text:
        return 0
    starts = [match.start() for match in _FORMULA_ONLY.finditer(text)]
    tags = [text[text.rfind(b"<", 0, start) : start] for start in starts]
    return sum(b't="str"' not in tag for tag in tags)


def _whole_cells(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The text in pieces that end behind a cell, so that none is cut in two."""
    rest = b""
    for piece in pieces:
        text = rest + piece
        cut = max(text.rfind(b"</c>"), text.rfind(b"/>"), text.rfind(b":c>"))
        cut = cut + 1 if cut >= 0 else (0 if len(text) < _LONGEST_CELL else len(text))
        yield text[:cut]
        rest = text[cut:]
    yield rest


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def binary_sheet(pieces: Iterator[bytes]) -> SheetFacts:
    """A sheet of an .xlsb: records of type, length and content."""
    data, at = b"".join(pieces), 0
    rows = columns = row = 0
    while at < len(data):
        kind, at = _varint(data, at, 2)
        size, at = _varint(data, at, 4)
        if kind == 0:
            row = struct.unpack_from("<I", data, at)[0] + 1
        elif 2 <= kind <= 11:  # a cell with a value; 1 is a blank one
            rows = max(rows, row)
            columns = max(columns, struct.unpack_from("<I", data, at)[0] + 1)
        at += size
    return SheetFacts(rows, columns)


def _varint(data: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for place in range(most):
        byte = data[at] if at < len(data) else 0
        at += 1
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            break
    return value, at


# --- .ods -------------------------------------------------------------------------------------

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "


def open_document(pieces: Iterator[bytes]) -> dict[str, SheetFacts]:
    """The sheets of an .ods: rows and cells are written once with how often they repeat."""
    found: dict[str, list[int]] = {}
    sheet, row, rows, column = [0, 0, 0], 0, 0, 0

    def start(tag: str, said: dict[str, str]) -> None:
        nonlocal sheet, row, rows, column
        if tag == f"{_TABLE}table":
            sheet = found.setdefault(said.get(f"{_TABLE}name", ""), [0, 0, 0])
            row = rows = 0
        elif tag == f"{_TABLE}table-row":
            row += rows
            rows = int(said.get(f"{_TABLE}number-rows-repeated", 1))
            column = 0
        elif tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            column += int(said.get(f"{_TABLE}number-columns-repeated", 1))
            if f"{_OFFICE}value-type" in said:
                errors = sheet[2] + ("error" in said.values())
                sheet[:] = max(sheet[0], row + rows), max(sheet[1], column), errors

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise zipfile.BadZipFile(str(error)) from None
    return {name: SheetFacts(*most) for name, most in found.items()}


# --- .xls -------------------------------------------------------------------------------------

_END, _LAST_REAL = 0xFFFFFFFE, 0xFFFFFFFA
_HEADER, _ENTRY = 512, 128
_FINISH, _SHEET, _PASSWORD, _STRINGS = 0x0A, 0x85, 0x2F, 0xFC
_FORMULA, _ERROR, _SEVERAL = 0x06, 0x205, 0xBD
_XLS_CELLS = frozenset((0x203, 0x27E, 0xFD, 0x204, 0xD6, _FORMULA, _ERROR, _SEVERAL))
_MOST_COLUMNS = 256


def streams_of(data: bytes) -> dict[str, bytes]:
    """The streams of a container by name. Raises `ValueError` if it is cut off or goes in circles.

    Streams below 4,096 bytes, which lie elsewhere, come out empty: no workbook is so small.
    """
    if len(data) < _HEADER:
        raise ValueError(_("cut off in its header"))
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise ValueError(_("sectors of an unknown size"))
    first_folder, _signature, smallest, first_small = struct.unpack_from("<4I", data, 48)
    table = _table(data, shift)
    folders = _chain(data, table, shift, first_folder)
    _chain(data, table, shift, first_small)
    found = {}
    for at in range(0, len(folders) - _ENTRY + 1, _ENTRY):
        raw, length, kind = struct.unpack_from("<64sHB", folders, at)
        start, size = struct.unpack_from("<II", folders, at + 116)
        if kind not in (2, 5):
            continue
        if size > len(data):
            raise ValueError(_("a stream longer than the file"))
        in_sectors = kind == 5 or size >= smallest
        stream = _chain(data, table, shift, start) if in_sectors and size else b""
        name = raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        if len(stream) < size and in_sectors:
            raise ValueError(_("a stream that is cut off"))
        found[name] = stream[:size]
    return found


def _table(data: bytes, shift: int) -> tuple[int, ...]:
    """The table that says of each sector which one follows."""
    per_sector = (1 << shift) // 4
    places = list(struct.unpack_from("<109I", data, 76))
    more, seen = struct.unpack_from("<I", data, 68)[0], set()
    while more <= _LAST_REAL:
        if more in seen:
            raise ValueError(_("a table that goes in circles"))
        seen.add(more)
        *some, more = struct.unpack_from(f"<{per_sector}I", _sector(data, shift, more))
        places += some
    sectors = [_sector(data, shift, place) for place in places if place <= _LAST_REAL]
    return struct.unpack(f"<{per_sector * len(sectors)}I", b"".join(sectors))


def _sector(data: bytes, shift: int, number: int) -> bytes:
    start = (number + 1) << shift
    sector = data[start : start + (1 << shift)]
    if not sector:
        raise ValueError(_("a sector beyond the end"))
    return sector.ljust(1 << shift, b"\0")


def _chain(data: bytes, table: tuple[int, ...], shift: int, number: int) -> bytes:
    parts, seen = [], set()
    while number != _END and number <= _LAST_REAL:
        if number in seen or number >= len(table):
            raise ValueError(_("a chain of sectors that goes in circles or ends early"))
        seen.add(number)
        parts.append(_sector(data, shift, number))
        number = table[number]
    return b"".join(parts)


def is_protected(book: bytes) -> bool:
    """Whether a workbook's stream begins with a password."""
    return any(kind == _PASSWORD for kind, _ in islice(_records(book, 0), 5))


def sheets_of(book: bytes) -> dict[str, SheetFacts]:
    """How far each sheet of a workbook's stream reaches, by its name.

    Raises `ValueError` where a cell stands beyond the 256 columns that an .xls has.
    """
    found = {}
    for kind, at in _records(book, 0):
        if kind == _SHEET:
            place, _visible, _kind, length, wide = struct.unpack_from("<IBBBB", book, at)
            raw = book[at + 8 : at + 8 + (length << (wide & 1))]
            name = raw.decode("utf-16-le" if wide & 1 else "latin-1", "replace")
            found[name] = _reach(book, place)
        elif kind == _STRINGS and struct.unpack_from("<I", book, at + 4)[0] > len(book):
            raise ValueError(_("more texts than bytes"))
    return found


def _reach(book: bytes, place: int) -> SheetFacts:
    rows = columns = errors = 0
    for kind, at in _records(book, place):
        if kind not in _XLS_CELLS:
            continue
        row, column = struct.unpack_from("<HH", book, at)
        if kind == _SEVERAL:
            size = struct.unpack_from("<H", book, at - 2)[0]
            last = struct.unpack_from("<H", book, at + size - 2)[0]
            column = max(column + (size - 6) // 6 - 1, last)
        rows, columns = max(rows, row + 1), max(columns, column + 1)
        if kind == _ERROR:
            errors += book[at + 7]
        elif kind == _FORMULA:
            errors += book[at + 12 : at + 14] == b"\xff\xff" and book[at + 6] == 2
    if columns > _MOST_COLUMNS:
        raise ValueError(_("a cell in column {column:,}", column=columns))
    return SheetFacts(rows, columns, errors)


def _records(book: bytes, at: int) -> Iterator[tuple[int, int]]:
    """Kind and place of each record from `at` on, to the end of its sheet."""
    end = len(book)
    while at + 4 <= end:
        kind, size = struct.unpack_from("<HH", book, at)
        if at + 4 + size > end or kind == _FINISH:
            return
        yield kind, at + 4
        at += 4 + size
