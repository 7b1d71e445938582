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
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from segment_lib.checks import ListError
from segment_lib.lists.cells.headers import place_header, rows_to_look_at
from segment_lib.lists.reading.archives import ListFile
from segment_lib.lists.reading.pieces import Part, Piece, RawFile, clean_pieces, parts_of_rows
from segment_lib.lists.reading.plain_text import (
    LONGEST_LINE,
    find_codec,
    stated_codec,
    utf8_blocks,
    without_marks,
)
from segment_lib.settings import ListSection
from segment_lib.voice import N_, Sentence

RUN_OF_BLANKS = " "
_DELIMITERS = {
    ",": Sentence("comma"),
    "\t": Sentence("tab"),
    ";": Sentence("semicolon"),
    "|": Sentence("bar"),
    RUN_OF_BLANKS: Sentence("runs of blanks"),
}
_SEP_LINE = re.compile(r'"?sep=(.)"?[\r\n]')
_SNIFF_BYTES = 400_000
_TRY_ROWS = 30
_TRY_SIGNS = 200_000
_SMALL = 1 << 16
_QUOTED_OR_BLANKS = re.compile(r'((?<![^ ])"[^"]*(?:"|$))| +')
_LONGEST_CELL = csv.field_size_limit()  # 131,072 signs, four times Excel's


def text_pieces(file: ListFile, section: ListSection, whole: bool) -> Iterator[Piece]:
    """A text by the codec that is stated, else as UTF-8; by another one only where that fails.

    `whole` is False if the file is only the beginning of one.
    """
    codec = stated_codec(file.open, section.encoding, file.list_name) or "utf-8"
    try:
        yield from _pieces(file, section, codec, whole)
        return
    except UnicodeError:
        codec = find_codec(file.open, section.encoding, file.shown, file.list_name, whole)
    try:
        yield from _pieces(file, section, codec, whole, again=True)
    except UnicodeError:  # the whole of it was tried before
        raise ListError(
            "{shown} (list {list_name}) was changed while it was read. Run it again when no other "
            "program writes to it.",
            **file.said,
        ) from None


def _pieces(
    file: ListFile, section: ListSection, codec: str, whole: bool, again: bool = False
) -> Iterator[Piece]:
    with file.open() as opened:
        read = hashlib.sha256()
        blocks = utf8_blocks(opened, codec, file.shown, file.list_name, whole, read.update)
        first = next(blocks, b"")
        start = first[:_SNIFF_BYTES].decode("utf-8", "ignore")
        delimiter = section.delimiter or sniff_delimiter(start)
        if len(delimiter) != 1 or delimiter in '"\r\n':
            raise ListError(
                '[lists.{list_name}] delimiter = "{delimiter}" must be one character, for example '
                '"," or ";" or "\\t".',
                **file.said,
                delimiter=delimiter,
            )
        cutter = Cutter(delimiter, file.shown, whole)
        head, ends, text = cutter.head(chain([first], blocks), rows_to_look_at(section))
        headers, place, notes = place_header(head, file.shown, section, file.list_name)
        below = chain([text[ends[min(place, len(head))] :]], blocks)
        note = Sentence(
            "{file_name}: read as {codec}, delimiter {delimiter}",
            file_name=file.shown,
            codec=codec,
            delimiter=_DELIMITERS.get(delimiter, delimiter),
        )
        raw = RawFile(file.shown, file.shown, headers, [note, *notes], again=again)
        yield from clean_pieces(raw, cutter.parts(below, headers, place))
        if file.path is not None:  # in an archive these are not the bytes on the disk
            raw.sha256 = read.hexdigest()


@dataclass(frozen=True)
class Cutter:
    """How the lines of one file are cut into cells."""

    delimiter: str
    file_name: str
    whole: bool = True  # False: the end of the text may be cut off anywhere

    def head(self, blocks: Iterator[bytes], count: int) -> tuple[list[list[str]], list[int], bytes]:
        """The first rows, how many bytes stand before and behind each, and the text looked at."""
        seen, used, rows, ends = b"", 0, [], [0]

        def lines() -> Iterator[str]:
            nonlocal seen, used
            for block in blocks:
                seen += block
                for line in _lines(block):
                    used += len(line.encode())
                    yield line

        for row in islice(self.rows(lines()), count):
            rows.append(row)
            ends.append(used)
        return rows, ends, seen

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
            if not self.whole:
                return
            told = N_(
                "{file_name}: row {row} has a quotation mark that is not closed or not doubled "
                "({error}). Mend that row, or save the list again from the program it comes from."
            )
            if "field limit" in str(error):
                told = N_(
                    "{file_name}: row {row} has a cell of more than {most:,} characters; most "
                    "likely a quotation mark in it is not closed. Mend that row, or save the list "
                    "again from the program it comes from."
                )
            said = {"file_name": self.file_name, "row": number + 1, "most": _LONGEST_CELL}
            raise ListError(told, **said, error=error) from None

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
        # About half of the rows, if they end at such a place.
        half = block[: block.rfind(b"\n", 0, len(block) // 2) + 1] if len(block) > _SMALL else b""
        middle = _end_of_rows(half, self.delimiter) if half else 0
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
    in_place = np.zeros(256, bool)
    in_place[list(b'"\r\n' + delimiter.encode())] = True
    behind = signs[np.maximum(opening - 1, 0)]
    ahead = signs[np.minimum(closing + 1, len(signs) - 1)]
    if not (in_place[behind[opening > 0]].all() and in_place[ahead].all()):
        return None
    if len(quotes) % 2 == 0:
        return len(block)
    # The last cell is cut in two: the rows end with the last line end outside of quoted cells.
    before = signs[: quotes[-1]]
    ends = np.flatnonzero((before == ord("\n")) | (before == ord("\r")))
    outside = ends[np.searchsorted(quotes[:-1], ends) % 2 == 0]
    return int(outside[-1]) + 1 if len(outside) else 0


# --- small texts, and how they are cut --------------------------------------------------------


def sniff_delimiter(text: str) -> str:
    """The delimiter that cuts the first rows into the most equal cells; a comma if none does."""
    said = _SEP_LINE.match(text)
    if said:  # Excel's own hint in the first line: sep=;
        return said[1]
    best, best_score = ",", (0.0, 0)
    for delimiter in (",", "\t", ";", "|"):
        widths: list[int] = []
        with suppress(csv.Error):  # an endless cell: it is not this one
            rows = csv.reader(_lines(text[:_TRY_SIGNS].encode()), delimiter=delimiter)
            widths += [len(row) for row in islice(rows, _TRY_ROWS) if row]
        usual = max(set(widths), key=widths.count, default=1)
        score = (widths.count(usual) / len(widths), usual) if usual > 1 else (0.0, 0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def rows_of_text(raw: bytes, file_name: str) -> list[list[str]]:
    """All rows of a small text file, blank ones too; raises `ListError` if it is no text."""
    try:
        codec = find_codec(lambda: io.BytesIO(raw), "", file_name, "")
    except ListError:
        raise ListError(
            "{file_name} cannot be read as UTF-8, cp932 or EUC-JP. Save it as UTF-8.",
            file_name=file_name,
        ) from None
    text = without_marks(raw.decode(codec).encode()).decode()
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=sniff_delimiter(text)))
    except csv.Error as error:
        raise ListError(
            "{file_name} cannot be cut into cells ({error}). Save it anew.",
            file_name=file_name,
            error=error,
        ) from None
