"""One feature: its values, when it was known, how it is used and said; and the own window."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from segment_lib.columns import as_text
from segment_lib.voice import N_, _

WHY = {
    "declared": N_("Known before the result, as declared"),
    "window": N_("Happened within {days} days of the start"),
    "undated": N_("Nobody has said when it is known: set known_at in [attributes.{name}]"),
    "after_outcome": N_("Known only after the result"),
    "late": N_("{late} of its days lie after the clues end: it is written later"),
    "effect": N_("A count of contacts can be an effect of success"),
    "revenue": N_("Made from revenue"),
    "circular": N_("The outcome is built from it"),
}


class Words(NamedTuple):
    """How a feature is said: its name; a phrase for *yes* or for a value; the phrase for *no*."""

    name: str
    says: str = ""
    not_so: str = ""

    def said(self) -> Words:
        """The words in the language of the moment."""
        return Words(*map(_, self))


@dataclass(frozen=True)
class Feature:
    """The values of one feature per customer, and all that the audit and the words need."""

    values: pd.Series
    family: str
    known_at: str
    use: str
    why: str
    words: Words
    late: float = 0.0  # of a day: which share lies after the clues end


def dated_feature(family: str) -> Callable[..., Feature]:
    """Makes features of one family whose events carry a date."""

    def feature(
        values: pd.Series, words: Words, use: str = "searched", why: str = "window"
    ) -> Feature:
        why = "window" if use == "searched" else why
        return Feature(values, family, "by day of features", use, why, words)

    return feature


def in_window(
    events: pd.DataFrame, day: str, window: pd.DataFrame, from_start: bool = True
) -> pd.DataFrame:
    """The events of each customer from the own start to the own end of features."""
    rows = events.merge(window, left_on="customer_id", right_index=True)
    inside = rows[day] <= rows["end_on"]
    if from_start:
        inside &= rows[day] >= rows["start_on"]
    return rows[inside]


def count(rows: pd.DataFrame, index: pd.Index) -> pd.Series:
    """How many of the rows each customer has, 0 for none."""
    return rows.groupby("customer_id").size().reindex(index, fill_value=0).astype(float)


def yes_no(values: pd.Series) -> pd.Series:
    """True and False as the words of conditions; missing stays missing."""
    return values.astype("boolean").map({True: "yes", False: "no"}).pipe(as_text)


def key_of(name: str) -> str:
    """A name that can stand in a condition: without signs and blanks."""
    return re.sub(r"[<>=!\s]+", "_", name)
