"""The compared forms of all customers: what two rows must share to agree in a key.

Each distinct text is read once. A column that the list does not have is blank in every row. Postal
code and birthday are no standard columns: they are found under the names that people give them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import pandas as pd

from segment_lib.columns import as_text
from segment_lib.lists.cells.dates import parse_date
from segment_lib.lists.cells.names import is_business, loose_name, name_parts, plain_name
from segment_lib.lists.cells.telephones import SEVERAL, compared_numbers
from segment_lib.lists.cells.values import fold_word
from segment_lib.lists.same.places import (
    Place,
    is_shared_box,
    loose_email,
    plain_emails,
    plain_place,
    plain_postal_code,
)
from segment_lib.lists.words import words
from segment_lib.voice import Sentence

POSTAL_CODE_COLUMNS: tuple[str, ...] = words("headers")["postal_code"]
BIRTHDAY_COLUMNS: tuple[str, ...] = words("headers")["birthday"]


def compared_forms(customers: pd.DataFrame, region: str) -> pd.DataFrame:
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
