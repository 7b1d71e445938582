"""Conditions on customers: of client.toml (order of service, teams) and of reasons.toml.

A condition is a table, `when`: column = one word or number, a list of them (any of which will do),
or a text that begins with a sign: "<= 30", "!= fad"; "known" is whatever is not missing. All of its
keys must hold; a missing value fits nothing. Words are the kit's codes, or what it calls them in
either language.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from segment_lib.checks import ClientError, closest
from segment_lib.columns import COLUMNS, values_of
from segment_lib.settings import When
from segment_lib.settings.sections import code_of, plain_word

SIGNS = ("<=", ">=", "!=", "<", ">", "=")
# What can be asked beside the columns of the dictionary: of a plan, and of what is known of each.
ASKED_TOO = ("team",)


def fits(
    when: When, facts: pd.DataFrame, place: str, known: Container[str] = ASKED_TOO
) -> pd.Series:
    """Whom a table of conditions means: True or False for each row of `facts`.

    `place` is the section of client.toml that a message names. Raises `ClientError` for a column
    that no customer can have, or a word that its column does not know. A column of the dictionary
    that these lists do not fill, or one of `known`, fits nobody.
    """
    held = pd.Series(True, index=facts.index)
    for column, asked in when.items():
        if column in facts:
            held &= _one(facts[column], asked, column, place)
        elif column in COLUMNS or column in known:
            return pd.Series(False, index=facts.index)
        else:
            raise ClientError(
                "{place} asks for {column}, which no customer has. Did you mean {known}?",
                place=place,
                column=column,
                known=closest(column, map(str, facts.columns)) or "status, reason, decision",
            )
    return held


def words_asked(asked: Any) -> Sequence[Any]:
    """The words of which any will do."""
    return asked if isinstance(asked, (list, tuple)) else [asked]


def _one(values: pd.Series, asked: Any, column: str, place: str) -> pd.Series:
    held = pd.Series(False, index=values.index)
    for one in words_asked(asked):
        sign, word = sign_and_word(one)
        known = sign == "=" and word == "known"
        held |= values.ne("") if known else _compared(values, sign, word, column, place)
    return held & values.notna()


def sign_and_word(asked: object) -> tuple[str, object]:
    """How a column is compared with which word."""
    if isinstance(asked, str):
        for sign in SIGNS:
            if asked.strip().startswith(sign):
                return sign, asked.strip().removeprefix(sign).strip()
    return "=", asked


def _compared(values: pd.Series, sign: str, word: object, column: str, place: str) -> pd.Series:
    if sign in ("=", "!="):
        wanted = _as_code(column, word, place)
        codes, words = pd.factorize(values.astype("object"))  # a word is read once, not per row
        same = np.array([*(plain_word(one) == wanted for one in words), False])[codes]
        return pd.Series(same if sign == "=" else ~same & (codes >= 0), index=values.index)
    is_day = pd.api.types.is_datetime64_any_dtype(values)
    try:
        limit = pd.Timestamp(str(word)) if is_day else float(str(word))
    except ValueError:
        kind = "2026-04-01" if is_day else "30"
        raise ClientError(
            '{place} compares {column} with "{word}". Write it as in {example}.',
            place=place,
            column=column,
            word=word,
            example=f'{column} = "{sign} {kind}"',
        ) from None
    known = values if is_day else pd.to_numeric(values, errors="coerce").astype("float64")
    compared = {
        "<=": known <= limit, ">=": known >= limit, "<": known < limit, ">": known > limit,
    }  # fmt: skip
    return compared[sign].fillna(False).astype(bool)


def _as_code(column: str, word: object, place: str) -> str:
    """The word as it stands in the column: by its code where it has some, else as it is."""
    if isinstance(word, date):
        word = pd.Timestamp(word)
    if not values_of(column) or column in ("owner", "channel"):  # others than ours may stand there
        return plain_word(word)
    try:
        return plain_word(code_of(column, word))
    except ValueError as error:
        raise ClientError(
            "{place}, {column}: {error}.", place=place, column=column, error=error
        ) from None
