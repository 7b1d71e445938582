"""How much agreeing keys say: the score of a pair, in the manner of Fellegi and Sunter.

In one paragraph: before anything is compared, the odds that some other customer of a list of N is
the same one are taken as 1 : 8N. A key in which both agree multiplies the odds by N ÷ (n − 1), if n
customers of *this* list share that very value: a rare name says much, a common one little, a
switchboard that two hundred share next to nothing. Telephone, e-mail, house and postal code all
say *where*, and a family or an office shares them all, so only the rarest counts and each further
one doubles the odds. What cannot be counted is stated in `BITS`: what a similar name is worth, and
by how much a key that both have and that differs lowers the odds; Tom for Tom Ashdown counts as a
key that all of that given name share. The score is odds ÷ (1 + odds): 0.5 is even.

Source: I. Fellegi and A. Sunter, "A Theory for Record Linkage", Journal of the American Statistical
Association 64 (1969), weights of agreement and disagreement; by value, as W. Winkler proposed. The
weights are not learned from the list: a client's list has no confirmed pairs to learn from yet, and
stated ones can be argued about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from segment_lib.columns import as_text
from segment_lib.lists.cells.telephones import SEVERAL
from segment_lib.lists.cells.values import listed
from segment_lib.voice import pgettext

# In the order in which they are told.
KEYS = (
    "name", "name in other characters", "similar name", "telephone", "email", "similar email",
    "address", "postal code", "birthday",
)  # fmt: skip
# What may differ, and in which form.
DIFFER = {"name": "loose", "contact person": "contact_person", "telephone": "telephone"}
DIFFER |= {"email": "loose_email", "postal code": "postal_code", "birthday": "birthday"}
# Powers of two by which the odds are multiplied.
BITS = {
    "begin": -3.0,  # 1 : 8, as if one customer in eight stood in the list twice
    "company": 3.5,  # two firms of one name are rarer than two people of one name
    "own email": 4.0,  # an address of a person's own is nearly a name
    "further where": 1.0,
    "in other characters": -2.0,
    "similar name": 4.0,
    "similar email": -2.0,
    "other name": -9.0,
    "other family name": -1.0,  # the given name is equal: people marry
    "other telephone": -2.0,
    "other email": -1.0,
    "other postal code": -2.0,
    "other birthday": -2.0,  # paper forms: a birthday is mistyped more often than one thinks
}
_FAMILY_AT_MOST = -1.0  # one family name, two given names: a household, whatever they share
_COLLEAGUES_AT_MOST = 1.0  # one firm, two contact persons: a person has to say who the customer is
_SMALLEST_LIST = 1000  # a shorter list is taken as a part of one this long
_WHERE = {"telephone": "telephone", "email": "email", "similar email": "loose_email"}
_WHERE |= {"address": "house", "postal code": "postal_code"}


class _Pairs:
    """The forms of both sides of all pairs, beside one another.

    `equal` and `unequal`, by form: whether both have it and it is the same, or not; `shared` is the
    value that both have, "" if none: cells may hold several.
    """

    def __init__(self, forms: pd.DataFrame, pairs: pd.DataFrame) -> None:
        self.one, self.other = (
            forms.iloc[pairs[side]].reset_index(drop=True) for side in ("one", "other")
        )
        both = (self.one != "") & (self.other != "")
        self.equal, self.unequal = both & (self.one == self.other), both & (self.one != self.other)
        self.shared = {form: _shared(self.one[form], self.other[form]) for form in _WHERE.values()}
        for form in ("telephone", "loose_email"):
            self.unequal[form] &= self.shared[form] == ""


def scored(forms: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """`pairs` (places one, other) with score, agree and differ: the keys as a number of bits."""
    side = _Pairs(forms, pairs)
    agree = _agreement(side)
    differ = pd.DataFrame({key: side.unequal[form] for key, form in DIFFER.items()})
    # サクラ イチカ and 佐倉 一花 may be one name: who cannot read it says nothing.
    differ["name"] &= side.equal["script"] & ~agree[list(KEYS[:3])].any(axis=1)
    said = _who(forms, side, agree) + _where(forms, side, agree) + _against(side, differ)
    said += BITS["begin"] - np.log2(_length(forms))
    said = np.where(_one_family(side, agree), np.minimum(said, _FAMILY_AT_MOST), said)
    said = np.where(differ["contact person"], np.minimum(said, _COLLEAGUES_AT_MOST), said)
    return pairs.assign(
        score=(1 / (1 + np.exp2(-np.clip(said, -60, 60)))).round(4),
        agree=_as_number(agree[list(KEYS)]),
        differ=_as_number(differ),
    )


def keys_in_words(numbers: pd.Series, names: Iterable[str]) -> pd.Series:
    """The keys of a number of bits, in words."""
    words = {
        "name": pgettext("key", "name"),
        "name in other characters": pgettext("key", "name in other characters"),
        "similar name": pgettext("key", "similar name"),
        "telephone": pgettext("key", "telephone"),
        "email": pgettext("key", "email"),
        "similar email": pgettext("key", "similar email"),
        "address": pgettext("key", "address"),
        "postal code": pgettext("key", "postal code"),
        "birthday": pgettext("key", "birthday"),
        "contact person": pgettext("key", "contact person"),
    }
    said = {
        n: str(listed(words[key] for bit, key in enumerate(names) if int(n) >> bit & 1))
        for n in numbers.unique()
    }
    return numbers.map(said).pipe(as_text)


def _length(forms: pd.DataFrame) -> int:
    return max(len(forms), _SMALLEST_LIST)


def _agreement(side: _Pairs) -> pd.DataFrame:
    equal, shared = side.equal, side.shared
    return pd.DataFrame(
        {
            "name": equal["name"],
            "name in other characters": equal["loose"] & ~equal["name"],
            "similar name": similar_names(side.one, side.other),
            "telephone": shared["telephone"] != "",
            "email": shared["email"] != "",
            "similar email": (shared["loose_email"] != "") & (shared["email"] == ""),
            "address": equal["house"] & ~side.unequal["prefecture"] & ~side.unequal["room"],
            "postal code": equal["postal_code"],
            "birthday": equal["birthday"],
        }
    )


def _shared(one: pd.Series, other: pd.Series) -> np.ndarray:
    """The value that both have, "" if none: cells may hold several."""
    left, right = one.to_numpy(dtype=object), other.to_numpy(dtype=object)
    shared = np.where(left == right, left, "").astype(object)
    several = one.str.contains(SEVERAL, regex=False) | other.str.contains(SEVERAL, regex=False)
    for place in np.flatnonzero(several):
        both = set(left[place].split(SEVERAL)) & set(right[place].split(SEVERAL)) - {""}
        shared[place] = min(both, default="")
    return shared


def _rarity(forms: pd.DataFrame, form: str, values: np.ndarray) -> np.ndarray:
    """log2 of N ÷ (n − 1), where n customers have the value."""
    cells = forms.loc[forms[form] != "", form]
    counts = cells.str.split(SEVERAL, regex=False).explode().value_counts()
    sharing = pd.Series(values).map(counts).fillna(2).to_numpy(dtype="float64")
    return np.asarray(np.log2(_length(forms) / np.maximum(sharing - 1, 1)))


def _who(forms: pd.DataFrame, side: _Pairs, agree: pd.DataFrame) -> np.ndarray:
    rare = _rarity(forms, "loose", side.one["loose"].to_numpy())
    rare = rare + np.where(side.one["business"], BITS["company"], 0)
    others = np.where(agree["name in other characters"], rare + BITS["in other characters"], 0)
    said = np.where(agree["name"], rare, others)
    said = np.where(agree["similar name"], BITS["similar name"], said)
    called = _rarity(forms, "called", side.one["called"].to_numpy())
    said = np.where(agree["similar name"] & side.equal["called"], called, said)
    born = _rarity(forms, "birthday", side.one["birthday"].to_numpy())
    return np.asarray(said + np.where(agree["birthday"], born, 0))


def _where(forms: pd.DataFrame, side: _Pairs, agree: pd.DataFrame) -> np.ndarray:
    """The rarest of the keys that say where, and a little for each further one."""
    rare = {key: _rarity(forms, form, side.shared[form]) for key, form in _WHERE.items()}
    sharing = np.log2(_length(forms)) - rare["email"]
    personal = agree["email"] & ~side.one["shared_box"]
    own = np.where(personal, np.maximum(BITS["own email"] - sharing, 0), 0)
    rare["similar email"] = rare["similar email"] + BITS["similar email"]
    said = [np.where(agree[key], bits, 0) for key, bits in rare.items()]
    further = np.maximum(agree[list(_WHERE)].sum(axis=1).to_numpy() - 1, 0)
    return np.asarray(np.max(said, axis=0) + further * BITS["further where"] + own)


def _against(side: _Pairs, differ: pd.DataFrame) -> np.ndarray:
    married = side.equal["given"] & differ["name"]
    said = np.where(married, BITS["other family name"], BITS["other name"]) * differ["name"]
    for key in ("telephone", "email", "postal code", "birthday"):
        said = said + np.where(differ[key], BITS[f"other {key}"], 0)
    return np.asarray(said)


def _one_family(side: _Pairs, agree: pd.DataFrame) -> pd.Series:
    """Two people of one family name; a similar given name counts as a slip of the hand only where
    the birthdays do not say otherwise.
    """
    slip = agree["similar name"] & ~side.unequal["birthday"]
    return side.equal["family"] & side.unequal["given"] & ~slip


def _as_number(keys: pd.DataFrame) -> np.ndarray:
    powers = 2 ** np.arange(keys.shape[1])
    return np.asarray(keys.to_numpy(dtype="int64") @ powers)


# --- similar names -------------------------------------------------------------------------------

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
