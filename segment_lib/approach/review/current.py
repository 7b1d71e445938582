"""What a review is checked against: the decisions of the last run, and what people have said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from segment_lib.approach.review.overrides import latest
from segment_lib.approach.review.relation import has_opted_out
from segment_lib.approach.review.words import fold
from segment_lib.lists import tidy_text


@dataclass(frozen=True)
class Current:
    """What a review is checked against: the `decisions` of the last run (by customer_id), the
    `history` of overrides.csv, `as_of`; and who and when, where a row does not say (`by`, `on`).
    """

    decisions: pd.DataFrame
    history: pd.DataFrame
    as_of: date
    by: str = ""
    on: date | None = None

    @cached_property
    def opted_out(self) -> dict[str, bool]:
        """Per customer: has asked not to be contacted."""
        return dict(has_opted_out(self.decisions))

    @cached_property
    def under_contract(self) -> dict[str, bool]:
        """Per customer: a contract runs."""
        return dict(self.decisions["under_contract"].eq(True))

    @cached_property
    def alike(self) -> dict[str, list[str]]:
        """Known ids by what a spreadsheet may make of them: bare digits, or another case."""
        found: dict[str, list[str]] = {}
        for one in map(str, self.decisions.index):
            for key in {bare_digits(one), fold(one)} - {""}:
                found.setdefault(key, []).append(one)
        return found

    @cached_property
    def said(self) -> set[tuple[str, ...]]:
        """Every word of overrides.csv as one tuple."""
        return {words_of(row) for row in _records(self.history)}

    @cached_property
    def standing(self) -> dict[str, dict[str, object]]:
        """The word that stands for each customer."""
        rows = _records(latest(self.history, self.as_of))
        return {str(row["customer_id"]): row for row in rows}


def bare_digits(text: str) -> str:
    """The digits of an id without zeros before them: what Excel leaves of 00123."""
    return "".join(sign for sign in tidy_text(text) if sign.isdigit()).lstrip("0")


def words_of(row: Mapping[str, object]) -> tuple[str, ...]:
    """One word of a person as plain text: customer, decision, reason, who, which day."""
    names = ("customer_id", "decision", "reason_in_words", "by")
    return (*(str(row[name]) for name in names), str(pd.Timestamp(str(row["on"])).date()))


def _records(rows: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(key): value for key, value in row.items()} for row in rows.to_dict("records")]
