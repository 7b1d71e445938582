"""Text files: which encoding, which delimiter, which records.

The encoding is the byte-order mark's; else UTF-16 if there are NUL bytes; else strict UTF-8; else
the better of cp932 and EUC-JP by the kana and kanji that come out. Nothing is ever replaced: bytes
that do not fit stop the run with the file, the byte and the codec.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from segment_lib.checks import ListError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_JAPANESE = re.compile(r"[\u3041-\u30fe\u4e00-\u9fff]")
_KANJI_INSIDE_A_WESTERN_WORD = re.compile(r"[A-Za-z][\u4e00-\u9fff\uff61-\uff9f][A-Za-z]")
_SJIS_NAMES = {"shift_jis", "shiftjis", "sjis", "s_jis", "ms_kanji", "x_sjis", "windows_31j"}
_DELIMITERS = (",", "\t", ";", "|")
_TRY_ROWS = 30


def decode(data: bytes, declared: str, file_name: str, list_name: str) -> tuple[str, str]:
    """The text of a file and the codec that was taken.

    Raises `ListError` with file, byte offset and codec if the bytes do not fit.
    """
    fix = f'Say how it is saved: [lists.{list_name}] encoding = "cp932" (or "mac_roman" …).'
    if declared:
        return _decode_as_declared(data, declared, file_name, list_name)
    codec = _marked(data) or _by_nul_bytes(data)
    if codec:
        return _strictly(data, codec, file_name, fix), codec
    text, offset = _try(data, "utf-8")
    if text is not None:
        return text, "utf-8"
    text, codec = _japanese(data)
    if text is None:
        raise ListError(
            f"{file_name} cannot be read as utf-8 (byte {offset}), cp932 "
            f"(byte {_try(data, 'cp932')[1]}) or euc_jp (byte {_try(data, 'euc_jp')[1]}). {fix}"
        )
    if _looks_western(text):
        raise ListError(
            f"{file_name} is not utf-8 (byte {offset}), and read as {codec} it has kanji inside "
            f"Western words, so it is probably neither. {fix}"
        )
    return text, codec


def _decode_as_declared(
    data: bytes, declared: str, file_name: str, list_name: str
) -> tuple[str, str]:
    # Plain shift_jis lacks 髙, ①, ㈱ and ～, which every Japanese list has: cp932 is meant.
    codec = "cp932" if declared.lower().replace("-", "_") in _SJIS_NAMES else declared
    try:
        codecs.lookup(codec)
    except LookupError:
        raise ListError(
            f'[lists.{list_name}] encoding = "{declared}" is not known. Use one of utf-8, '
            "utf-8-sig, utf-16, cp932, euc_jp, cp1252, mac_roman."
        ) from None
    fix = f"Correct [lists.{list_name}] encoding, or leave it out."
    return _strictly(data, codec, file_name, fix), codec


def _strictly(data: bytes, codec: str, file_name: str, fix: str) -> str:
    text, offset = _try(data, codec)
    if text is None:
        raise ListError(f"{file_name} cannot be read as {codec}: byte {offset} does not fit. {fix}")
    return text.removeprefix("\ufeff")


def _try(data: bytes, codec: str) -> tuple[str | None, int]:
    try:
        return data.decode(codec), -1
    except UnicodeDecodeError as error:
        return None, error.start
    except UnicodeError:
        return None, 0


def _marked(data: bytes) -> str | None:
    return next((codec for mark, codec in _MARKS if data.startswith(mark)), None)


def _by_nul_bytes(data: bytes) -> str | None:
    start = data[:4096]
    if b"\0" not in start:
        return None
    return "utf-16-le" if start[1::2].count(0) >= start[::2].count(0) else "utf-16-be"


def _japanese(data: bytes) -> tuple[str | None, str]:
    readings = [(_try(data, codec)[0], codec) for codec in ("cp932", "euc_jp")]
    fitting = [(text, codec) for text, codec in readings if text is not None]
    if not fitting:
        return None, ""
    return max(fitting, key=lambda reading: len(_JAPANESE.findall(reading[0])))


def _looks_western(text: str) -> bool:
    strange = sum(not sign.isascii() for sign in text)
    return 2 * len(_KANJI_INSIDE_A_WESTERN_WORD.findall(text)) >= strange


def sniff_delimiter(text: str) -> str:
    """The delimiter that cuts the first rows into the most equal cells; a comma if none does."""
    best, best_score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        widths = [len(row) for row in islice(_reader(text[:200_000], delimiter), _TRY_ROWS) if row]
        usual = max(set(widths), key=widths.count, default=1) if widths else 1
        score = (widths.count(usual) / len(widths), usual) if usual > 1 else (0.0, 0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    # newline="" leaves CR, LF and CRLF to the csv module: all three end a row.
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def text_rows(text: str, delimiter: str, file_name: str) -> Iterator[list[str]]:
    """The records of a delimited text, blank ones as ``[]``; a quoted cell may hold line ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for row in reader:
            number += 1
            yield row
    except csv.Error as error:
        raise ListError(
            f"{file_name}: row {number + 1} has a quotation mark that is not closed or not "
            f"doubled ({error}). Mend that row, or save the list again from the program it "
            "comes from."
        ) from None
