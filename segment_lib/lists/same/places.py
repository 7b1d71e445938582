"""Addresses, postal codes and e-mail addresses in the form that is compared."""

from __future__ import annotations

import re
from typing import NamedTuple

from segment_lib.lists.cells.values import tidy_text
from segment_lib.lists.words import pattern, words

_POSTAL_CODE = re.compile(r"^〒?\s*\d{3}-?\d{4}\s*")
_DASH_BETWEEN_NUMBERS = re.compile(
    r"(?<=[\d〇一二三四五六七八九十])\s*[‐‑‒–—―−ー－-]\s*(?=[\d〇一二三四五六七八九十])"
)
_BLANK_BETWEEN_NUMBERS = re.compile(r"(?<=\d)\s+(?=\d)")
_FLOOR = re.compile(r"(?<!\d)\d{1,3}\s*(?:階|f(?![a-z]))")
_PREFECTURE = re.compile(r"^(東京都|北海道|(?:京都|大阪)府|\w{2,3}県)")
_KANJI_NUMBER = re.compile(
    r"([〇一二三四五六七八九十百]+)(?=丁目|番地|番(?!町)|号|条|[-の][\d〇一二三四五六七八九十])"
    r"|(?<=-)([〇一二三四五六七八九十百]+)"
)
_NUMBER_WORD = re.compile(r"(?<=\d)(?:丁目|番地の?|番(?!町)の?|号室?|の(?=\d))-?")
_HOUSE = re.compile(r"\d+(?:-\d+)*(?!\d|-\d|[条線区町号])")
_TOWN_PREFIX = re.compile(r"大字|小字|(?<=[市町村])字")
_GA = re.compile(r"(?<=[一-龠])[ヶケがガ](?=[一-龠])")
_DIGITS = str.maketrans("〇一二三四五六七八九", "0123456789")
_JAPANESE = re.compile(r"[\u3041-\u30fe\u4e00-\u9fff]")
_SHARED_BOX = re.compile(rf"(?:{pattern(words('names')['shared_boxes'])})[\d._-]*@")
_SAME_BOX_WITH_DOTS: tuple[str, ...] = words("names")["boxes_with_dots"]


class Place(NamedTuple):
    """An address apart: prefecture ("" if not written), the house, the room ("" if none)."""

    prefecture: str
    house: str
    room: str


NOWHERE = Place("", "", "")


def plain_place(address: str) -> Place:
    """An address in one way of writing; without a house number it says nothing: `NOWHERE`.

    The house is the town and up to three numbers; a building's name is left out, its room kept.

    >>> plain_place("東京都千代田区霞が関一丁目２番３号　霞ビル５０１号室")
    Place(prefecture='東京都', house='千代田区霞ケ関1-2-3', room='501')
    >>> plain_place("千代田区霞ヶ関1-2-3")
    Place(prefecture='', house='千代田区霞ケ関1-2-3', room='')
    """
    text = _POSTAL_CODE.sub("", tidy_text(address).casefold())
    if not _JAPANESE.search(text):
        return _western(text)
    text = _BLANK_BETWEEN_NUMBERS.sub("-", _FLOOR.sub(" ", text))
    text = _DASH_BETWEEN_NUMBERS.sub("-", text)
    text = _KANJI_NUMBER.sub(lambda found: _number(found[0]), "".join(text.split()))
    text = _DASH_BETWEEN_NUMBERS.sub("-", _NUMBER_WORD.sub("-", text))
    found = _PREFECTURE.match(text)
    prefecture = found[1] if found else ""
    text = _GA.sub("ケ", _TOWN_PREFIX.sub("", text[len(prefecture) :]))
    house = _HOUSE.search(text)
    if house is None or not house.start():
        return NOWHERE
    numbers = house[0].split("-")
    behind = re.findall(r"\d+", text[house.end() :])
    room = numbers[3] if len(numbers) > 3 else behind[-1] if behind else ""
    return Place(prefecture, text[: house.start()] + "-".join(numbers[:3]), room)


def _western(text: str) -> Place:
    words = re.findall(r"[^\W_]+", text)
    numbered = any(word[0].isdigit() for word in words)
    named = any(word.isalpha() for word in words)
    return Place("", " ".join(words), "") if numbered and named else NOWHERE


def _number(kanji: str) -> str:
    """十二 to 12, 二十 to 20, 二〇 to 20."""
    if not re.search("[十百]", kanji):
        return kanji.translate(_DIGITS)
    total = 0
    for sign, worth in (("百", 100), ("十", 10)):
        before, mark, kanji = kanji.partition(sign) if sign in kanji else ("", "", kanji)
        total += (int(before.translate(_DIGITS) or 1) * worth) if mark else 0
    return str(total + int(kanji.translate(_DIGITS) or 0))


def plain_postal_code(text: str) -> str:
    """A postal code: seven digits in Japan, a lost 0 put back; elsewhere its letters and digits.

    >>> plain_postal_code("〒０１０−０００１"), plain_postal_code("100001")
    ('0100001', '0100001')
    """
    code = "".join(sign for sign in tidy_text(text).casefold() if sign.isalnum() and sign != "〒")
    code = code.zfill(7) if code.isdigit() and len(code) == 6 else code
    return code if len(set(code)) > 1 else ""


def plain_emails(text: str) -> tuple[str, ...]:
    """The e-mail addresses of a cell, in lower case, sorted; what has no @ between is none.

    >>> plain_emails("Info@Aoba.example; ｉｃｈｉｋａ@aoba.example")
    ('ichika@aoba.example', 'info@aoba.example')
    """
    words = re.split(r"[\s,;、<>/]+", tidy_text(text).casefold())
    return tuple(sorted({w.removeprefix("mailto:") for w in words if re.search(r".@.+\..", w)}))


def loose_email(email: str) -> str:
    """An address without what many post offices ignore: +anything, and dots at gmail.

    >>> loose_email("i.chika+shop@gmail.com"), loose_email("i.chika+shop@aoba.example")
    ('ichika@gmail.com', 'i.chika@aoba.example')
    """
    box, _, host = email.rpartition("@")
    box = box.partition("+")[0] or box
    return f"{box.replace('.', '') if host in _SAME_BOX_WITH_DOTS else box}@{host}"


def is_shared_box(email: str) -> bool:
    """Whether an address is a firm's mailbox (info@, sales@ …) and not a person's."""
    return _SHARED_BOX.match(email) is not None
