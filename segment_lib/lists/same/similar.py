"""Similar names: what a slip of the hand, a swapped order or a branch behind the name leaves.

Only names of one block are compared, and a similar name is a hint: alone it lists nobody.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

_SHORTEST = 3
_SIGNS_PER_SLIP = 5
# 第一商店 and 第二商店, 一郎 and 二郎: one sign apart, and not the same.
_DIGITS = re.compile(r"[0-9]+")
_KANJI_NUMBERS = re.compile(r"[一二三四五六七八九十]")


def similar_names(one: pd.DataFrame, other: pd.DataFrame) -> np.ndarray:
    """For each pair whether the names, not equal, resemble one another.

    One sign more, less, other or swapped (two from ten signs on, and so on); family and given name
    in the other order; or a company's name with something behind it (a branch, a department).
    """
    answer = np.zeros(len(one), dtype=bool)
    known = (one["loose"] != "").to_numpy() & (other["loose"] != "").to_numpy()
    unequal = (one["loose"].to_numpy() != other["loose"].to_numpy()) & known
    where = np.flatnonzero(unequal)
    left, right = one.iloc[where], other.iloc[where]
    swapped = (left["family"] != "").to_numpy() & (
        (left["family"].to_numpy() == right["given"].to_numpy())
        & (left["given"].to_numpy() == right["family"].to_numpy())
    )
    answer[where] = (_slips(left, right) | _branches(left, right)) & _same_numbers(left, right)
    answer[where] |= swapped
    return answer


def _slips(left: pd.DataFrame, right: pd.DataFrame) -> np.ndarray:
    if left.empty:
        return np.zeros(0, dtype=bool)
    names, others = left["loose"].to_list(), right["loose"].to_list()
    longest = np.maximum(_lengths(left), _lengths(right))
    shortest = np.minimum(_lengths(left), _lengths(right))
    allowed = np.where(shortest >= _SHORTEST, np.maximum(1, longest // _SIGNS_PER_SLIP), 0)
    return np.asarray(cpdist(names, others, scorer=OSA.distance) <= allowed)


def _branches(left: pd.DataFrame, right: pd.DataFrame) -> np.ndarray:
    business = left["business"].to_numpy() | right["business"].to_numpy()
    found = [
        min(len(a), len(b)) >= _SHORTEST and (a.startswith(b) or b.startswith(a))
        for a, b in zip(left["loose"], right["loose"], strict=True)
    ]
    return np.array(found, dtype=bool) & business


def _same_numbers(left: pd.DataFrame, right: pd.DataFrame) -> np.ndarray:
    pairs = zip(left["loose"], right["loose"], strict=True)
    return np.array([not _other_number(a, b) for a, b in pairs], dtype=bool)


def _other_number(one: str, other: str) -> bool:
    """Whether other digits, or as many but other numbers in kanji, stand in the names."""
    if _DIGITS.findall(one) != _DIGITS.findall(other):
        return True
    ours, theirs = _KANJI_NUMBERS.findall(one), _KANJI_NUMBERS.findall(other)
    return len(ours) == len(theirs) and ours != theirs


def _lengths(names: pd.DataFrame) -> np.ndarray:
    return names["loose"].str.len().to_numpy(dtype="int64")
