"""What all sections of client.toml have in common: frozen, checked, signed where people decide."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from segment_lib.voice import _

KnownAt = Literal["before_contract", "after_contract", "after_outcome", "undated"]
CONDITION = re.compile(r"^\s*(?P<feature>.+?)\s*(?P<sign><=|>=|!=|=)\s*(?P<value>.+?)\s*$")


def split_condition(condition: str) -> tuple[str, str, str]:
    """`feature`, `sign` (one of = != <= >=) and `value` of a condition in words.

    >>> split_condition("staff <= 20")
    ('staff', '<=', '20')
    """
    match = CONDITION.match(condition)
    if match is None:
        raise ValueError(
            _(
                '"{condition}" is not a condition. Write: feature = value, or feature <= number',
                condition=condition,
            )
        )
    return match["feature"], match["sign"], match["value"]


def readable_conditions(conditions: tuple[str, ...]) -> tuple[str, ...]:
    """The conditions as they came; raises `ValueError` on one that cannot be read."""
    for condition in conditions:
        split_condition(condition)
    return conditions


def one_of(value: str, allowed: object) -> str:
    """The value as it came; raises `ValueError` if it is none of the allowed ones."""
    names = list(allowed)  # type: ignore[call-overload]
    if value not in names:
        raise ValueError(_('"{value}" is not one of {names}', value=value, names=names))
    return value


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
