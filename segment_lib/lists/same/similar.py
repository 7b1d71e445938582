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
    in the other order; a company's name with something behind it (a branch, a department); or
    Tom, Tom A and Tom Ashdown.
    """
    answer = np.zeros(len(one), dtype=bool)
    known = (one["loose"] != "") & (other["loose"] != "")
    where = np.flatnonzero(known & (one["loose"] != other["loose"]))
    left, right = (side.iloc[where].reset_index(drop=True) for side in (one, other))
    names, others = left["loose"].to_list(), right["loose"].to_list()
    pairs = list(zip(names, others, strict=True))
    longest, shortest = (
        np.array([most(len(a), len(b)) for a, b in pairs], dtype=int) for most in (max, min)
    )
    business = (left["business"] | right["business"]).to_numpy()
    swapped = (left["family"] == right["given"]) & (left["given"] == right["family"])
    allowed = np.maximum(1, longest // _SIGNS_PER_SLIP)
    slip = cpdist(names, others, scorer=OSA.distance) <= allowed if names else business
    branch = np.array([a.startswith(b) or b.startswith(a) for a, b in pairs], dtype=bool)
    numbers = np.array([_other_number(a, b) for a, b in pairs], dtype=bool)
    near = (shortest >= _SHORTEST) & (slip | (branch & business)) & ~numbers
    short = branch & (left["called"] != "") & (left["called"] == right["called"])
    answer[where] = near | (swapped & (left["family"] != "")) | short
    return answer


def _other_number(one: str, other: str) -> bool:
    """Whether other digits, or as many but other numbers in kanji, stand in the names."""
    if _DIGITS.findall(one) != _DIGITS.findall(other):
        return True
    ours, theirs = _KANJI_NUMBERS.findall(one), _KANJI_NUMBERS.findall(other)
    return len(ours) == len(theirs) and ours != theirs
