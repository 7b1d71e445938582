"""A delimited text to rows and columns, in blocks: the fast way where it is regular.

A block whose quotation marks stand where they belong, and whose rows are all as wide as the
header, is cut by Arrow. Any other block goes through Python's csv module, row by row. Both give
the same rows with the same numbers: a row number counts the header, blank rows, and a quoted cell
with line ends as one row, as Excel does. From the first misplaced quotation mark on nobody can
tell where a row ends but the csv module, so the rest of the file goes through it.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from segment_lib.checks import ListError
from segment_lib.lists.reading.clean_rows import Part
from segment_lib.lists.reading.plain_text import LONGEST_LINE
from segment_lib.lists.reading.raw_list import parts_of_rows
from segment_lib.voice import N_

RUN_OF_BLANKS = " "
_SMALL = 1 << 16
_QUOTED_OR_BLANKS = re.compile(r'((?<![^ ])"[^"]*(?:"|$))| +')
_LONGEST_CELL = csv.field_size_limit()  # 131,072 signs, four times Excel's


@dataclass(frozen=True)
class Cutter:
    """How the lines of one file are cut into cells."""

    delimiter: str
    file_name: str
    whole: bool = True  # False: the end of the text may be cut off anywhere

    def head(self, blocks: Iterator[bytes], count: int) -> tuple[list[list[str]], list[int], bytes]:
        """The first rows, how many bytes stand before and behind each, and the text looked at."""
        seen: list[bytes] = []
        used, rows, ends = [0], [], [0]
        for row in islice(self.rows(_watched_lines(blocks, seen, used)), count):
            rows.append(row)
            ends.append(used[0])
        return rows, ends, b"".join(seen)

    def rows(self, lines: Iterable[str], before: int = 0) -> Iterator[list[str]]:
        """The rows of these lines, blank ones as ``[]``; `before` counts the rows above them."""
        if self.delimiter == RUN_OF_BLANKS:
            lines = _single_blanks(lines)
        number = before
        try:
            for row in csv.reader(lines, delimiter=self.delimiter, strict=True):
                number += 1
                yield row
        except csv.Error as error:
            if self.whole:
                raise self._misquoted(number + 1, error) from None

    def _misquoted(self, row: int, error: csv.Error) -> ListError:
        told = N_(
            "{file_name}: row {row} has a quotation mark that is not closed or not doubled "
            "({error}). Mend that row, or save the list again from the program it comes from."
        )
        if "field limit" in str(error):
            told = N_(
                "{file_name}: row {row} has a cell of more than {most:,} characters; most likely "
                "a quotation mark in it is not closed. Mend that row, or save the list again from "
                "the program it comes from."
            )
        return ListError(told, file_name=self.file_name, row=row, error=error, most=_LONGEST_CELL)

    def parts(self, blocks: Iterator[bytes], headers: Sequence[str], before: int) -> Iterator[Part]:
        """The rows of the blocks under the headers; `before` counts the rows above them."""
        carry = b""
        for block in blocks:
            block = carry + block
            end = _end_of_rows(block, self.delimiter) if self._is_simple else None
            if end is None or len(block) - end > LONGEST_LINE:
                yield from self._slowly(chain([block], blocks), headers, before)
                return
            for part in self._block(block[:end], headers, before):
                before += len(part.table) + len(part.broken)
                yield part
            carry = block[end:]
        if carry:  # a quotation mark that is never closed
            yield from self._slowly([carry], headers, before)

    @property
    def _is_simple(self) -> bool:
        return "\0" < self.delimiter < "\x80" and self.delimiter != RUN_OF_BLANKS

    def _block(self, block: bytes, headers: Sequence[str], before: int) -> Iterator[Part]:
        """A block of whole rows; around an irregular row only the rows nearby go the slow way."""
        if not block:
            return
        table = self._at_once(block, headers, before)
        if table is not None:
            yield Part(table)
            return
        middle = _middle_of_rows(block, self.delimiter) if len(block) > _SMALL else 0
        if not middle:
            yield from self._slowly([block], headers, before)
            return
        for half in (block[:middle], block[middle:]):
            for part in self._block(half, headers, before):
                before += len(part.table) + len(part.broken)
                yield part

    def _slowly(
        self, blocks: Iterable[bytes], headers: Sequence[str], before: int
    ) -> Iterator[Part]:
        lines = chain.from_iterable(map(_lines, blocks))
        yield from parts_of_rows(self.rows(lines, before), headers, before)

    def _at_once(self, block: bytes, headers: Sequence[str], before: int) -> pa.Table | None:
        """A block cut by Arrow; None if it is not regular."""
        quoted = _has_quoted_cells(block, self.delimiter)
        if b"\r" in block and block.count(b"\r") != block.count(b"\r\n"):
            if quoted:
                return None
            block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if block.startswith(codecs.BOM_UTF8):  # Arrow would take it for the mark of a file
            return None
        names = [str(place) for place in range(len(headers))]
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(block),
                # In one piece: Arrow would look for the ends of rows once more to cut it.
                arrow_csv.ReadOptions(column_names=names, block_size=len(block) + 1),
                arrow_csv.ParseOptions(
                    delimiter=self.delimiter,
                    quote_char='"' if quoted else False,
                    newlines_in_values=quoted,
                    ignore_empty_lines=False,
                ),
                arrow_csv.ConvertOptions(  # the blocks are known to be UTF-8
                    column_types=dict.fromkeys(names, pa.large_string()), check_utf8=False
                ),
            )
        except pa.ArrowInvalid:  # rows of other widths, or one that is very long
            return None
        longest = (pc.max(pc.binary_length(column)).as_py() or 0 for column in table.columns)
        if max(longest, default=0) > _LONGEST_CELL:
            return None
        numbers = pa.array(np.arange(before + 1, before + 1 + len(table)))
        return table.rename_columns(list(headers)).append_column("row_number", numbers)


def _watched_lines(blocks: Iterator[bytes], seen: list[bytes], used: list[int]) -> Iterator[str]:
    for block in blocks:
        seen.append(block)
        for line in _lines(block):
            used[0] += len(line.encode())
            yield line


def _lines(block: bytes) -> Iterator[str]:
    # newline="" leaves CR, LF and CRLF as they are: all three end a row, and may stand in a cell.
    return io.TextIOWrapper(io.BytesIO(block), "utf-8", newline="")


def _single_blanks(lines: Iterable[str]) -> Iterator[str]:
    """Lines in which runs of blanks are one blank, and none stand at the ends; quotes aside."""
    for line in lines:
        text = line.rstrip("\r\n")
        single = _QUOTED_OR_BLANKS.sub(lambda found: found[1] or " ", text.strip(" "))
        yield single + line[len(text) :]


def _has_quoted_cells(block: bytes, delimiter: str) -> bool:
    """Whether a quotation mark begins a cell; elsewhere (5" pipe) it is a sign like any other."""
    if b'"' not in block:
        return False
    cell_starts = (before + b'"' for before in (delimiter.encode(), b"\n", b"\r"))
    return block.startswith(b'"') or any(start in block for start in cell_starts)


def _end_of_rows(block: bytes, delimiter: str) -> int | None:
    """Where the last whole row of a block ends; None if a quotation mark stands out of place.

    A block begins with a row, so every other quotation mark opens a cell. It must stand behind a
    delimiter, a line end or the quotation mark that it doubles; the others likewise, mirrored.
    """
    if not _has_quoted_cells(block, delimiter):
        return len(block)
    signs = np.frombuffer(block, np.uint8)
    quotes = np.flatnonzero(signs == ord('"'))
    opening, closing = quotes[0::2], quotes[1::2]
    in_place = _these(b'"\r\n' + delimiter.encode())
    behind = signs[np.maximum(opening - 1, 0)]
    ahead = signs[np.minimum(closing + 1, len(signs) - 1)]
    if not (in_place[behind[opening > 0]].all() and in_place[ahead].all()):
        return None
    if len(quotes) % 2 == 0:
        return len(block)
    return _last_row_before(signs[: quotes[-1]], quotes[:-1])


def _these(signs: bytes) -> np.ndarray:
    table = np.zeros(256, bool)
    table[list(signs)] = True
    return table


def _last_row_before(signs: np.ndarray, quotes: np.ndarray) -> int:
    """Behind the last line end that is not inside a quoted cell; 0 if there is none."""
    ends = np.flatnonzero((signs == ord("\n")) | (signs == ord("\r")))
    outside = ends[np.searchsorted(quotes, ends) % 2 == 0]
    return int(outside[-1]) + 1 if len(outside) else 0


def _middle_of_rows(block: bytes, delimiter: str) -> int:
    """Where about half of the rows end; 0 if there is no such place."""
    half = block[: block.rfind(b"\n", 0, len(block) // 2) + 1]
    return _end_of_rows(half, delimiter) or 0 if half else 0
