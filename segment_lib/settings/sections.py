"""What all sections of client.toml have in common: frozen, checked, signed where people decide."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Annotated, Literal
from unicodedata import normalize

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from segment_lib.checks import WrongValue
from segment_lib.columns import DICTIONARIES, values_of
from segment_lib.voice import _, in_every_language

KnownAt = Literal["before_contract", "after_contract", "after_outcome", "undated"]
CONDITION = re.compile(r"^\s*(?P<feature>.+?)\s*(?P<sign><=|>=|!=|=)\s*(?P<value>.+?)\s*$")


def split_condition(condition: str) -> tuple[str, str, str]:
    """`feature`, `sign` (one of = != <= >=) and `value` of a condition in words.

    >>> split_condition("staff <= 20")
    ('staff', '<=', '20')
    """
    match = CONDITION.match(condition)
    if match is None:
        raise WrongValue(
            '"{condition}" is not a condition. Write: feature = value, or feature <= number',
            condition=condition,
        )
    return match["feature"], match["sign"], match["value"]


def _readable(conditions: tuple[str, ...]) -> tuple[str, ...]:
    for condition in conditions:
        split_condition(condition)
    return conditions


Conditions = Annotated[tuple[str, ...], AfterValidator(_readable)]  # as they came, each readable


def _as_several(stated: object) -> object:
    return (stated,) if isinstance(stated, str) else stated


Several = Annotated[tuple[str, ...], BeforeValidator(_as_several)]  # or one alone, without [ ]


def plain_word(value: object) -> str:
    """A word for comparison: as the register keeps it (NFKC), whatever case it was typed in."""
    word = normalize("NFKC", str(value)).strip().casefold()
    return {"true": "yes", "false": "no"}.get(word, word.removesuffix(".0"))


@cache
def _words_of(column: str) -> dict[str, str]:
    """What people call the codes of a column: code, label in either language, its first letter."""
    found: dict[str, str] = {}
    for code, told in values_of(column).items():
        labels = in_every_language(DICTIONARIES.get(column, column), told)
        letters = {label.split()[0] for label in labels if len(label.split()[0]) == 1}
        found |= dict.fromkeys(map(plain_word, (code, *labels, *letters)), code)
    return found


def code_of(column: str, word: object) -> str:
    """The code of a coded column by whatever people call it; raises `ValueError` on another word.

    >>> code_of("status", "A"), code_of("status", "deciding_now")
    ('deciding_now', 'deciding_now')
    """
    known = _words_of(column)
    code = known.get(plain_word(word))
    if code is None:
        names = sorted(set(known.values()))
        raise WrongValue('"{value}" is not one of {names}', value=word, names=names)
    return code


class Section(BaseModel):
    """A section of client.toml: frozen, and a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Signed(Section):
    """A section that people sign."""

    decided_by: str = ""
    decided_on: date | None = None

    @property
    def is_signed(self) -> bool:
        """Whether somebody decided it."""
        return bool(self.decided_by)

    def signature(self) -> str:
        """Who decided it and when, or that nobody has yet."""
        if not self.is_signed:
            return _("default, not decided yet (初期値・未決定)")
        day = f"{self.decided_on:%Y-%m-%d}" if self.decided_on else "—"
        return f"{self.decided_by}, {day}"
