"""How far a sheet reaches and what in it has no value, measured in its packed form.

The sheets of .xlsx and .ods are XML, those of .xlsb records; they come as pieces of bytes.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from typing import NamedTuple
from xml.parsers import expat

_PIECE = 1 << 20
# These begin with plain letters, which `re` finds much faster than alternatives.
_COLUMN = re.compile(rb"r=\"([A-Z]{1,3})[0-9]")
_ROW = re.compile(rb"row(?:\s[^>]*?)?\sr=\"([0-9]{1,7})\"")
_CELL = re.compile(rb"\sr=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']([^>]*)>(\s*</)?")
_UNPLACED_CELL = re.compile(rb"<(?:\w+:)?c(?![\w:])(?![^>]*\sr=)[^>]*(?<!/)>")
_FORMULA_ONLY = re.compile(
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "


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
        cut = cut + 1 if cut >= 0 else (0 if len(text) < 4 * _PIECE else len(text))
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


def open_document(pieces: Iterator[bytes]) -> dict[str, SheetFacts]:
    """The sheets of an .ods: rows and cells are written once with how often they repeat."""
    reader = _OpenDocument()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise zipfile.BadZipFile(str(error)) from None
    return {name: SheetFacts(*most) for name, most in reader.found.items()}


class _OpenDocument:
    def __init__(self) -> None:
        self.found: dict[str, list[int]] = {}
        self.sheet = [0, 0, 0]
        self.row = self.rows = self.column = 0

    def start(self, tag: str, said: dict[str, str]) -> None:
        if tag == f"{_TABLE}table":
            self.sheet = self.found.setdefault(said.get(f"{_TABLE}name", ""), [0, 0, 0])
            self.row = self.rows = 0
        elif tag == f"{_TABLE}table-row":
            self.row += self.rows
            self.rows = int(said.get(f"{_TABLE}number-rows-repeated", 1))
            self.column = 0
        elif tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            self.column += int(said.get(f"{_TABLE}number-columns-repeated", 1))
            if f"{_OFFICE}value-type" in said:
                self.sheet[0] = max(self.sheet[0], self.row + self.rows)
                self.sheet[1] = max(self.sheet[1], self.column)
                self.sheet[2] += "error" in said.values()
