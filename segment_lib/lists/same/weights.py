"""How much agreeing keys say: the score of a pair, in the manner of Fellegi and Sunter.

In one paragraph: before anything is compared, the odds that some other customer of a list of N is
the same one are taken as 1 : 8N. A key in which both agree multiplies the odds by N ÷ (n − 1), if n
customers of *this* list share that very value: a rare name says much, a common one little, a
switchboard that two hundred share next to nothing. Telephone, e-mail, house and postal code all
say *where*, and a family or an office shares them all, so only the rarest counts and each further
one doubles the odds. What cannot be counted is stated in `BITS`: what a similar name is worth, and
by how much a key that both have and that differs lowers the odds. The score is odds ÷ (1 + odds):
0.5 is even.

Source: I. Fellegi and A. Sunter, "A Theory for Record Linkage", Journal of the American Statistical
Association 64 (1969), weights of agreement and disagreement; by value, as W. Winkler proposed. The
weights are not learned from the list: a client's list has no confirmed pairs to learn from yet, and
stated ones can be argued about.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from segment_lib.columns import as_text
from segment_lib.lists.cells.notes import listed
from segment_lib.lists.cells.telephones import SEVERAL
from segment_lib.lists.same.similar import similar_names
from segment_lib.voice import pgettext

# In the order in which they are told.
KEYS = (
    "name", "name in other characters", "similar name", "telephone", "email", "similar email",
    "address", "postal code", "birthday",
)  # fmt: skip
DIFFER = ("name", "contact person", "telephone", "email", "postal code", "birthday")
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


def scored(forms: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """`pairs` (places one, other) with score, agree and differ: the keys as a number of bits."""
    one, other = (forms.iloc[pairs[side]].reset_index(drop=True) for side in ("one", "other"))
    agree, differ = _agreement(one, other), _difference(one, other)
    differ["name"] &= ~agree[["name", "name in other characters", "similar name"]].any(axis=1)
    said = _who(forms, one, agree) + _where(forms, one, other, agree)
    said += _against(differ, one, other) + BITS["begin"] - np.log2(_length(forms))
    said = np.where(_one_family(one, other, agree), np.minimum(said, _FAMILY_AT_MOST), said)
    colleagues = differ["contact person"].to_numpy()
    said = np.where(colleagues, np.minimum(said, _COLLEAGUES_AT_MOST), said)
    return pairs.assign(
        score=(1 / (1 + np.exp2(-np.clip(said, -60, 60)))).round(4),
        agree=_as_number(agree[list(KEYS)]),
        differ=_as_number(differ[list(DIFFER)]),
    )


def keys_in_words(numbers: pd.Series, names: Sequence[str]) -> pd.Series:
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


def _agreement(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    equal = {key: _equal(one, other, key) for key in ("name", "postal_code", "birthday")}
    loose = _equal(one, other, "loose")
    shared = {key: _shared(one[key], other[key]) != "" for key in ("telephone", "email")}
    return pd.DataFrame(
        {
            "name": equal["name"],
            "name in other characters": loose & ~equal["name"],
            "similar name": similar_names(one, other),
            **shared,
            "similar email": (_shared(one["loose_email"], other["loose_email"]) != "")
            & ~shared["email"],
            "address": _equal(one, other, "house")
            & ~_unequal(one, other, "prefecture")
            & ~_unequal(one, other, "room"),
            "postal code": equal["postal_code"],
            "birthday": equal["birthday"],
        }
    )


def _difference(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            # サクラ イチカ and 佐倉 一花 may be one name: who cannot read it says nothing.
            "name": _unequal(one, other, "loose") & _equal(one, other, "script"),
            "contact person": _unequal(one, other, "contact_person"),
            "telephone": _both(one, other, "telephone")
            & (_shared(one["telephone"], other["telephone"]) == ""),
            "email": _both(one, other, "loose_email")
            & (_shared(one["loose_email"], other["loose_email"]) == ""),
            "postal code": _unequal(one, other, "postal_code"),
            "birthday": _unequal(one, other, "birthday"),
        }
    )


def _both(one: pd.DataFrame, other: pd.DataFrame, form: str) -> np.ndarray:
    return np.asarray((one[form] != "") & (other[form] != ""), dtype=bool)


def _equal(one: pd.DataFrame, other: pd.DataFrame, form: str) -> np.ndarray:
    return _both(one, other, form) & np.asarray(one[form] == other[form], dtype=bool)


def _unequal(one: pd.DataFrame, other: pd.DataFrame, form: str) -> np.ndarray:
    return _both(one, other, form) & np.asarray(one[form] != other[form], dtype=bool)


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


def _who(forms: pd.DataFrame, one: pd.DataFrame, agree: pd.DataFrame) -> np.ndarray:
    name, others, similar = (
        agree[key].to_numpy() for key in ("name", "name in other characters", "similar name")
    )
    rare = _rarity(forms, "loose", one["loose"].to_numpy())
    rare = rare + np.where(one["business"], BITS["company"], 0)
    said = np.where(name, rare, np.where(others, rare + BITS["in other characters"], 0))
    said = np.where(similar, BITS["similar name"], said)
    born = _rarity(forms, "birthday", one["birthday"].to_numpy())
    return np.asarray(said + np.where(agree["birthday"], born, 0))


def _where(
    forms: pd.DataFrame, one: pd.DataFrame, other: pd.DataFrame, agree: pd.DataFrame
) -> np.ndarray:
    """The rarest of the keys that say where, and a little for each further one."""
    said, own = [], np.zeros(len(one))
    for key, form in _WHERE.items():
        values = _shared(one[form], other[form])
        rare = _rarity(forms, form, values)
        if key == "similar email":
            rare = rare + BITS["similar email"]
        if key == "email":
            sharing = np.log2(_length(forms)) - rare
            personal = agree[key] & ~one["shared_box"]
            own = np.where(personal, np.maximum(BITS["own email"] - sharing, 0), 0)
        said.append(np.where(agree[key], rare, 0))
    found = agree[list(_WHERE)].sum(axis=1).to_numpy()
    further = np.maximum(found - 1, 0) * BITS["further where"]
    return np.asarray(np.max(said, axis=0) + further + own)


def _against(differ: pd.DataFrame, one: pd.DataFrame, other: pd.DataFrame) -> np.ndarray:
    married = _equal(one, other, "given") & differ["name"].to_numpy()
    other_name = np.where(married, BITS["other family name"], BITS["other name"])
    said = np.where(differ["name"], other_name, 0)
    for key in ("telephone", "email", "postal code", "birthday"):
        said = said + np.where(differ[key], BITS[f"other {key}"], 0)
    return np.asarray(said)


def _one_family(one: pd.DataFrame, other: pd.DataFrame, agree: pd.DataFrame) -> np.ndarray:
    """Two people of one family name; a similar given name counts as a slip of the hand only where
    the birthdays do not say otherwise.
    """
    slip = agree["similar name"].to_numpy() & ~_unequal(one, other, "birthday")
    return _equal(one, other, "family") & _unequal(one, other, "given") & ~slip


def _as_number(keys: pd.DataFrame) -> np.ndarray:
    powers = 2 ** np.arange(keys.shape[1])
    return np.asarray(keys.to_numpy(dtype="int64") @ powers)
