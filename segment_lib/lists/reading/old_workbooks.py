"""What an old .xls holds, looked at before it is opened: a container of streams, and its records.

A damaged container may lead in circles, and its reader follows without end: so each chain of
sectors is walked here first. Layout after Microsoft's open specifications MS-CFB and MS-XLS.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice

from segment_lib.lists.reading.sheet_reach import SheetFacts
from segment_lib.voice import _

_END, _LAST_REAL = 0xFFFFFFFE, 0xFFFFFFFA
_HEADER, _ENTRY = 512, 128
_FINISH, _SHEET, _PASSWORD, _STRINGS = 0x0A, 0x85, 0x2F, 0xFC
_FORMULA, _ERROR, _SEVERAL = 0x06, 0x205, 0xBD
_CELLS = frozenset((0x203, 0x27E, 0xFD, 0x204, 0xD6, _FORMULA, _ERROR, _SEVERAL))
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
    now = [0, 0, 0]
    for kind, at in _records(book, place):
        if kind in _CELLS:
            _measure(book, kind, at, now)
    if now[1] > _MOST_COLUMNS:
        raise ValueError(_("a cell in column {column:,}", column=now[1]))
    return SheetFacts(*now)


def _measure(book: bytes, kind: int, at: int, now: list[int]) -> None:
    row, column = struct.unpack_from("<HH", book, at)
    if kind == _SEVERAL:
        size = struct.unpack_from("<H", book, at - 2)[0]
        column = max(column + (size - 6) // 6 - 1, struct.unpack_from("<H", book, at + size - 2)[0])
    now[0], now[1] = max(now[0], row + 1), max(now[1], column + 1)
    if kind == _ERROR:
        now[2] += book[at + 7]
    elif kind == _FORMULA:
        now[2] += book[at + 12 : at + 14] == b"\xff\xff" and book[at + 6] == 2


def _records(book: bytes, at: int) -> Iterator[tuple[int, int]]:
    """Kind and place of each record from `at` on, to the end of its sheet."""
    end = len(book)
    while at + 4 <= end:
        kind, size = struct.unpack_from("<HH", book, at)
        if at + 4 + size > end or kind == _FINISH:
            return
        yield kind, at + 4
        at += 4 + size
