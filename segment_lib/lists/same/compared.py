"""The compared forms of all customers: what two rows must share to agree in a key.

Each distinct text is read once. A column that the list does not have is blank in every row. Postal
code and birthday are no standard columns: they are found under the names that people give them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

import pandas as pd

from segment_lib.columns import as_text
from segment_lib.lists.cells.amounts import parse_number
from segment_lib.lists.cells.dates import parse_date
from segment_lib.lists.cells.names import is_business, loose_name, name_parts, plain_name
from segment_lib.lists.cells.telephones import SEVERAL, compared_numbers, home_region
from segment_lib.lists.cells.values import fold_word, tidy_text
from segment_lib.lists.words import pattern, words
from segment_lib.voice import Sentence

POSTAL_CODE_COLUMNS: tuple[str, ...] = words("headers")["postal_code"]
BIRTHDAY_COLUMNS: tuple[str, ...] = words("headers")["birthday"]


def compared_forms(customers: pd.DataFrame) -> pd.DataFrame:
    """One row per customer, sorted by customer_id; every form is text, "" where unknown.

    customer_id; name, loose (in usual characters), script, family, given, called (the given name,
    where somebody of it stands as Tom or Tom A), business (yes or no);
    telephone, email, loose_email (several joined by ", "), shared_box; house, prefecture, room;
    postal_code, birthday; contact_person.
    """
    if "customer_id" not in customers.columns:
        customers = customers.reset_index()
    customers = customers.assign(customer_id=customers["customer_id"].pipe(as_text))
    customers = customers.sort_values("customer_id", ignore_index=True)

    def read(names: tuple[str, ...], form: Callable[[str], object]) -> pd.Series:
        return _each(_text(customers, names), form)

    region = home_region(_text(customers, ("telephone",)).unique())
    plain, parts = read(("name",), plain_name), read(("name",), _family_and_given)
    place = read(("address",), plain_place)
    email = read(("email",), lambda text: SEVERAL.join(plain_emails(text)))
    return pd.DataFrame(
        {
            "customer_id": customers["customer_id"],
            "name": plain,
            "loose": _each(plain, loose_name),
            "script": _each(plain, _script),
            "family": parts.str[0],
            "given": parts.str[1],
            "called": _called(read(("name",), name_parts), parts),
            "business": read(("name",), is_business).astype("bool"),
            "telephone": read(
                ("telephone",), lambda text: SEVERAL.join(compared_numbers(text, region))
            ),
            "email": email,
            "loose_email": _each(email, _loose_emails),
            "shared_box": _each(email, is_shared_box).astype("bool"),
            **{part: place.str[at] for at, part in enumerate(Place._fields)},
            "postal_code": read(POSTAL_CODE_COLUMNS, plain_postal_code),
            "birthday": read(BIRTHDAY_COLUMNS, _plain_day),
            "contact_person": read(("contact_person",), lambda text: loose_name(plain_name(text))),
        }
    )


def column_named(columns: Iterable[object], names: Iterable[str]) -> str | None:
    """The first column with one of these names, in whatever case and with whatever signs.

    >>> column_named(["id", "Birth Day"], BIRTHDAY_COLUMNS)
    'Birth Day'
    """
    wanted = {_bare(name) for name in names}
    return next((str(one) for one in columns if _bare(str(one)) in wanted), None)


def _bare(name: str) -> str:
    return fold_word(name).replace("_", "").replace("-", "")


def _text(customers: pd.DataFrame, names: tuple[str, ...]) -> pd.Series:
    column = column_named(customers.columns, names)
    if column is None:
        return pd.Series("", index=customers.index, dtype="object")
    return written(customers[column])


def written(values: pd.Series) -> pd.Series:
    """A column of any kind as text: days as 2025-03-01, nothing as ""."""
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.strftime("%Y-%m-%d")
    return as_text(values).where(values.notna(), "").astype("str")


def _each(texts: pd.Series, form: Callable[[str], object]) -> pd.Series:
    codes, distinct = pd.factorize(texts)
    forms = pd.Series([form(one) for one in distinct], dtype="object")
    return pd.Series(forms.to_numpy()[codes], index=texts.index)


def _family_and_given(name: str) -> tuple[str, str]:
    """Of a person's name of two words; of anything else neither can be told."""
    parts = name_parts(name)
    if len(parts) != 2 or is_business(name):
        return ("", "")
    return (parts[1], parts[0]) if name.isascii() else (parts[0], parts[1])


def _called(words: pd.Series, parts: pd.Series) -> pd.Series:
    """The given names of which somebody stands as Tom or Tom A, and of whom they are.

    Only names in letters: a Japanese name of one word is whole, or a family's.
    """
    first = words.str[0].where(words.str.len() == 1, parts.str[1]).fillna("")
    first = first.where(first.map(str.isascii), "")
    is_short = (words.str.len() == 1) | (parts.str[0].str.len() == 1)
    return first.where(first.isin(set(first[is_short])), "")


def _script(plain: str) -> str:
    """What a name is written in: names in different ones cannot be compared."""
    if plain.isascii():
        return "latin"
    return "kana" if re.fullmatch(r"[\u3041-\u30ff]*", plain) else "kanji"


def _loose_emails(emails: str) -> str:
    return (
        SEVERAL.join(sorted({loose_email(one) for one in emails.split(SEVERAL)})) if emails else ""
    )


def _plain_day(text: str) -> str:
    """A birthday as 1980-04-01 however it is written; what is no day is not compared."""
    if not text.strip():
        return ""
    day = parse_date(text)
    return "" if isinstance(day, Sentence) else day.isoformat()


# --- addresses, postal codes, e-mail -------------------------------------------------------------

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
    """十二 to 12, 二十 to 20, 二〇 to 20; what is no number, 二十五十, stays."""
    number = parse_number(kanji)
    return kanji if isinstance(number, Sentence) else str(int(number))


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
