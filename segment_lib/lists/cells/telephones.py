"""Telephone numbers as people write them: several in a cell, +81, a lost 0, an extension.

A number of the own region becomes its digits as dialled at home, one of another country + and
digits. What is no number of any country (an internal one, a typing error) stays as its digits:
nothing is invented, and equal cells stay equal.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import islice

import phonenumbers
from phonenumbers import normalize_digits_only as _digits

JAPAN = "JP"
SEVERAL = ", "
_DASHES = re.compile(r"[‐‑‒–—―−ー]")
_TO_THE_NEXT = re.compile(r"[~〜]\s*\d{1,4}(?!\d)")  # 03-1234-5678〜9: the lines beside it
_EXTENSION = re.compile(
    r"[(\[]?\s*(?:内線(?:番号)?|(?<!国)内|ext(?:ension|n)?\.?|(?<=\d)\s*[x#])\s*[:.]?\s*(\d{1,6})(?!\d)\s*[)\]]?",
    re.IGNORECASE,
)
_FAX = re.compile(
    r"(?:fax|ファクス|ファックス)\s*(?:番号)?\s*[:.]?\s*[+\d][\d\s().-]*", re.IGNORECASE
)
_BETWEEN = re.compile(r"[/,、;・|\n\r\t]|または|又は|もしくは")
_RUN = re.compile(r"[+(\[]?\d[\d\s().\[\]-]*")
_AT_HOME_IN_JAPAN = re.compile(r"0[1-9]\d{8,9}")
_WITHOUT_ITS_0 = re.compile(r"[1-9]\d{8,9}")
_LOOK = 300  # numbers that tell where they are dialled
_FEWEST = 9  # digits of a whole number: one of Japan has ten or eleven, nine if its 0 is lost


def parse_telephone(text: str, region: str = JAPAN) -> str | None:
    """Digits as dialled at home: a form for comparing; None if there is no digit.

    Several numbers of a cell stand side by side, an extension behind its number; a fax number is
    left out if there is another one. `region` is the two letters of the own country.

    >>> parse_telephone("+81 (0)3-1234-5678"), parse_telephone("０３（１２３４）５６７８ 内線１２")
    ('0312345678', '0312345678 ext. 12')
    >>> parse_telephone("9012345678"), parse_telephone("TEL:03-1234-5678／携帯 090-1234-5678")
    ('09012345678', '0312345678, 09012345678')
    """
    bare = text.replace("-", "")
    if region == JAPAN and bare.isascii() and _AT_HOME_IN_JAPAN.fullmatch(bare):
        return bare
    tidy = _DASHES.sub("-", unicodedata.normalize("NFKC", text).strip())
    tidy = re.sub(r"^(\d+)\.0$", r"\1", _TO_THE_NEXT.sub("", tidy))
    spoken = _FAX.sub(" ; ", tidy)
    if not _digits(spoken):
        spoken = tidy
    numbers = [number for part in _BETWEEN.split(spoken) for number in _numbers(part, region)]
    if not numbers and _digits(spoken):
        # 03/1234/5678 is one number, whatever stands between; 119 and the like stay as they are.
        numbers = [_at_home(_digits(spoken), region)]
    return SEVERAL.join(dict.fromkeys(numbers)) or None


def home_region(texts: Iterable[str]) -> str:
    """Where numbers without + are dialled: of Japan and the countries that stand before others the
    one in which most of them are numbers.

    >>> home_region(["+44 20 7031 3000", "020 7031 3001", "01224 312450"]), home_region(["1234"])
    ('GB', 'JP')
    """
    plain = list(islice((text for text in texts if _digits(text)), _LOOK))
    abroad = Counter(region for text in plain if (region := _region_said(text)))
    at_home = [text for text in plain if not _region_said(text)]

    def known(region: str) -> int:
        return sum(_number(text, region) is not None for text in at_home)

    return max([JAPAN, *(one for one, _count in abroad.most_common(3))], key=known)


def _region_said(text: str) -> str:
    """The country of a number that begins with +; "" if none is said."""
    number = _number(text) if "+" in text else None
    return (number and phonenumbers.region_code_for_number(number)) or ""


def _number(text: str, region: str | None = None) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def compared_numbers(text: str, region: str = JAPAN) -> tuple[str, ...]:
    """The numbers of a cell without extensions, sorted; too short or all one digit: left out.

    In Japan a 0 that may have been lost is put back, be the number assigned or not.

    >>> compared_numbers("090-1234-5678, 03-1234-5678 内線 5, 000-0000-0000, 5001234567")
    ('0312345678', '05001234567', '09012345678')
    """
    found = (parse_telephone(text, region) or "").split(SEVERAL)
    bare = {number.partition(" ext. ")[0] for number in found}
    if region == JAPAN:
        bare = {f"0{one}" if _WITHOUT_ITS_0.fullmatch(one) else one for one in bare}
    return tuple(sorted(one for one in bare if len(one) >= 6 and len(set(one.lstrip("+0"))) > 1))


def _numbers(part: str, region: str) -> list[str]:
    """The whole numbers of a part of a cell, the first with the extension that stands there."""
    said = _EXTENSION.search(part)
    if said:
        part = f"{part[: said.start()]} ; {part[said.end() :]}"
    numbers = []
    for run in _RUN.findall(part):
        pieces = run.split()  # two numbers with only a blank between them, if each is whole
        apart = len(pieces) > 1 and all(len(_digits(piece)) >= _FEWEST for piece in pieces)
        whole = pieces if apart else [run]
        numbers += [_at_home(one, region) for one in whole if len(_digits(one)) >= _FEWEST]
    if said and numbers:
        numbers[0] += f" ext. {_digits(said[1])}"
    return numbers


def _at_home(run: str, region: str) -> str:
    digits = _digits(run)
    abroad = "+" in run
    if region == JAPAN and not abroad and _AT_HOME_IN_JAPAN.fullmatch(digits):
        return digits
    own = phonenumbers.country_code_for_region(region)
    if not abroad and digits.startswith(f"00{own}") and len(digits) > 11:
        run, abroad = f"+{digits[2:]}", True
    try:
        number = phonenumbers.parse(run, region)
    except phonenumbers.NumberParseException:
        return digits
    # Without + only a number that is assigned is completed: 4155552671 is no 04155552671.
    if not (
        phonenumbers.is_valid_number(number) or (abroad and phonenumbers.is_possible_number(number))
    ):
        return digits
    if number.country_code != own:
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    kind = phonenumbers.PhoneNumberFormat.NATIONAL
    return _digits(phonenumbers.format_number(number, kind).partition(" ext")[0])
