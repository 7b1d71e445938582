"""Text files: which encoding, found over the whole stream in constant memory.

The encoding is the byte-order mark's; else UTF-16 by its NUL bytes; else strict UTF-8; else the
better of cp932 and EUC-JP by the kana and kanji that come out. Of other encodings the letters tell
which is likely, and a person says so. Nothing is ever replaced: bytes that do not fit stop the run
with the file, the byte and the codec.
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa

from segment_lib.checks import ListError
from segment_lib.lists.reading.kinds import ISO_2022, LOOK_BYTES, looks_like_utf16
from segment_lib.lists.words import words
from segment_lib.voice import _, sentences

BLOCK_BYTES = 8 << 20
LONGEST_LINE = 64 << 20  # of bytes; a line may hold 16,384 cells
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LETTERS = 0.5  # of all signs beyond ASCII, from which they are those of a language
_ALONE = 0.35  # of the bytes beyond ASCII, from which they are accents
_SCRIPT = 10  # letters, of fewer nothing is said
_SIGNS = "°º€§’“”–—…\xa0"  # beside them in any language
_SJIS_NAMES = {"shift_jis", "shiftjis", "sjis", "s_jis", "ms_kanji", "x_sjis", "windows_31j"}

Opener = Callable[[], BinaryIO]


def find_codec(
    opened: Opener, declared: str, file_name: str, list_name: str, whole: bool = True
) -> str:
    """The codec by which the whole stream can be read, strictly.

    `whole` is False if the stream is only the beginning of a file: its last character may be cut.
    Raises `ListError` with file, byte and codec if the bytes do not fit.
    """
    said: dict[str, object] = {"file_name": file_name, "list_name": list_name}
    stated = stated_codec(opened, declared, list_name)
    first = _read_by(opened, stated or "utf-8", whole)
    if first.misfit is None:
        return first.codec
    fix = _(
        'Say how it is saved: [lists.{list_name}] encoding = "cp932" (or "mac_roman" …).', **said
    )
    if declared:
        fix = _("Correct [lists.{list_name}] encoding, or leave it out.", **said)
    said |= {"codec": first.codec, "byte": first.misfit}
    if stated:
        told = _("{file_name} cannot be read as {codec}: byte {byte} does not fit.", **said)
        raise ListError(sentences(told, fix))
    cp932, euc = (_read_by(opened, codec, whole, count=True) for codec in ("cp932", "euc_jp"))
    fitting = [reading for reading in (cp932, euc) if reading.misfit is None]
    if not fitting:
        told = _(
            "{file_name} cannot be read as utf-8 (byte {byte}), cp932 (byte {byte_cp932}) "
            "or euc_jp (byte {byte_euc_jp}).",
            **said,
            byte_cp932=cp932.misfit,
            byte_euc_jp=euc.misfit,
        )
        raise ListError(sentences(told, _western(opened, list_name) or fix))
    best = max(fitting, key=lambda reading: reading.japanese)
    if 2 * best.inside_words >= best.strange:
        told = _(
            "{file_name} is not utf-8 (byte {byte}), and read as {codec} it has kanji "
            "inside Western words, so it is probably neither.",
            **said | {"codec": best.codec},
        )
        raise ListError(sentences(told, _western(opened, list_name) or fix))
    return best.codec


def stated_codec(opened: Opener, declared: str, list_name: str) -> str:
    """The codec that client.toml, a byte-order mark or the NUL bytes say; "" where none does."""
    if declared:
        # Plain shift_jis lacks 髙, ①, ㈱ and ～, which every Japanese list has: cp932 is meant.
        codec = "cp932" if declared.lower().replace("-", "_") in _SJIS_NAMES else declared
        try:
            b" ".decode(codec)  # refuses what is a codec, but not of text: zip, rot13
        except LookupError:
            raise ListError(
                '[lists.{list_name}] encoding = "{declared}" is not known. Use one of utf-8, '
                "utf-8-sig, utf-16, cp932, euc_jp, cp1252, mac_roman.",
                list_name=list_name,
                declared=declared,
            ) from None
        except UnicodeError:
            pass  # "utf-16" wants its mark: the file will tell
        return codec
    with opened() as stream:
        start = stream.read(LOOK_BYTES)
    marked = next((codec for mark, codec in _MARKS if start.startswith(mark)), None)
    jis = "iso2022_jp" if start.isascii() and ISO_2022.search(start) else ""
    return marked or looks_like_utf16(start) or jis


def letters_codec(text: bytes) -> str:
    """The codec by which a text of one byte per sign has the letters of one language; "" if none.

    >>> letters_codec("Žofie Dvořáková;Ústí".encode("cp1250")), letters_codec(b"abc")
    ('cp1250', '')
    >>> letters_codec("£17.00;Mrs. O’Brien".encode("cp1252"))
    'cp1252'
    """
    signs = {sign for sign in text.decode("cp1252", "replace") if not sign.isascii()}
    if "£" in signs and signs <= {"£", *_SIGNS}:
        return "cp1252"
    best, found = _LETTERS, ""
    kind = "accents" if _stand_alone(text) >= _ALONE else "scripts"
    for codec, alphabets in words("alphabets")[kind].items():
        try:
            beyond = Counter(sign for sign in text.decode(codec) if not sign.isascii())
        except UnicodeDecodeError:
            continue
        all_signs = sum(n for sign, n in beyond.items() if sign not in _SIGNS)
        if kind == "scripts" and all_signs < _SCRIPT:
            continue
        for alphabet in alphabets:
            share = sum(beyond[letter] for letter in alphabet) / max(all_signs, 1)
            if share > best:
                best, found = share, codec
    return found


def _stand_alone(text: bytes) -> float:
    """Which share of the bytes beyond ASCII stand alone, as accents do; a script comes in runs."""
    odd = np.concatenate(([False], np.frombuffer(text, np.uint8) > 0x7F, [False]))
    alone = np.count_nonzero(odd[1:-1] & ~odd[:-2] & ~odd[2:])
    return alone / max(int(np.count_nonzero(odd)), 1)


def _western(opened: Opener, list_name: str) -> str:
    """The line for a text of one byte per sign; "" if it is none."""
    with opened() as stream:
        codec = letters_codec(stream.read(BLOCK_BYTES))
    if not codec:
        return ""
    return _(
        'Say how it is saved: [lists.{list_name}] encoding = "{codec}".',
        list_name=list_name,
        codec=codec,
    )


class _Reading(NamedTuple):
    """What comes out if a stream is read by a codec; `misfit` is the first byte that does not fit.

    `japanese` are its kana and kanji, `strange` all signs beyond ASCII, `inside_words` the kanji
    and narrow kana that stand alone beside a Western letter, and brackets before a number.
    """

    codec: str
    misfit: int | None
    japanese: int
    strange: int
    inside_words: int


def _read_by(opened: Opener, codec: str, whole: bool, count: bool = False) -> _Reading:
    """Read the whole stream by a codec, until its first misfit; `count` what comes out."""
    misfit, before, counts = None, 0, np.zeros(3, np.int64)
    decoder = codecs.getincrementaldecoder(codec.removesuffix("-sig"))()
    with opened() as stream:
        block = b"more"
        while block:
            block = stream.read(BLOCK_BYTES)
            waiting = decoder.getstate()[0]
            try:
                text = decoder.decode(block, whole and not block)
            except UnicodeError as error:
                start = error.start if isinstance(error, UnicodeDecodeError) else None
                misfit = 0 if start is None else before - len(waiting) + start
                break
            if count and not text.isascii():
                counts += _counts(text)
            before += len(block)
    return _Reading(codec, misfit, *counts.tolist())


def _counts(text: str) -> np.ndarray:
    signs = np.frombuffer(f" {text} ".encode("utf-16-le"), "<u2")
    lower = signs | 0x20
    is_letter = (lower >= ord("a")) & (lower <= ord("z"))
    where = np.flatnonzero(signs > 0x7F)
    strange = signs[where]
    kanji = (strange >= 0x4E00) & (strange <= 0x9FFF)
    kana = (strange >= 0x3041) & (strange <= 0x30FE)
    narrow_kana = (strange >= 0xFF61) & (strange <= 0xFF9F)
    alone = (signs[where - 1] <= 0x7F) & (signs[where + 1] <= 0x7F)
    inside = alone & (is_letter[where - 1] | is_letter[where + 1]) & (kanji | narrow_kana)
    is_digit = (signs >= ord("0")) & (signs <= ord("9"))
    inside |= alone & is_digit[where + 1] & (strange == ord("｣"))  # £17 of a Western file
    return np.array([np.count_nonzero(kana | kanji), len(strange), np.count_nonzero(inside)])


def utf8_blocks(
    stream: BinaryIO,
    codec: str,
    file_name: str,
    list_name: str,
    whole: bool = True,
    seen: Callable[[bytes], object] = len,
) -> Iterator[bytes]:
    """The text as UTF-8, in blocks that end with a line end, all but the last one; no mark.

    `seen` is shown the bytes as they are read. Raises `UnicodeError` where they do not fit.
    """
    decoder = codecs.getincrementaldecoder(codec)() if not codec.startswith("utf-8") else None
    carry, begun, more = b"", False, True
    while more:
        block = stream.read(max(BLOCK_BYTES, 4))  # the mark is never cut in two
        seen(block)
        more = bool(block)
        carry += decoder.decode(block, not more and whole).encode() if decoder else block
        if not begun:
            carry = without_marks(carry)
            begun = len(carry) > len(codecs.BOM_UTF8)  # half a mark waits for its other half
        # A CR at the very end may be the first half of a CRLF.
        cut = max(carry.rfind(b"\n"), carry.rfind(b"\r", 0, max(len(carry) - 1, 0))) + 1
        if cut:
            yield _valid(carry[:cut])
            carry = carry[cut:]
        if len(carry) > LONGEST_LINE:
            raise ListError(
                "{file_name} (list {list_name}) has a line of more than {megabytes} MB: that is "
                "no list with one row per line. Export it again, with line ends.",
                file_name=file_name,
                list_name=list_name,
                megabytes=LONGEST_LINE >> 20,
            )
    if carry and whole:
        yield _valid(carry)


def _valid(block: bytes) -> bytes:
    """The block if it is UTF-8: Arrow tells without making text of it, seven times as fast."""
    try:
        pa.array([block], pa.large_binary()).cast(pa.large_string())
    except pa.ArrowInvalid as error:
        raise UnicodeError(str(error)) from None
    return block


def without_marks(text: bytes) -> bytes:
    """Some programs put a second byte-order mark behind the first: it is no part of a header."""
    while text.startswith(codecs.BOM_UTF8):
        text = text.removeprefix(codecs.BOM_UTF8)
    return text
