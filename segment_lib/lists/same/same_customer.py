"""The same customer twice (名寄せ): candidate pairs with the keys that match, for people to see.

Nothing is merged here: a pair is a suggestion, and only the confirmed table (`merges.py`, written
for review by `same_review.py`) merges. Who is compared says `candidates.py`, in which form
`compared.py`, and what agreement is worth `weights.py`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from segment_lib.checks import ListError
from segment_lib.lists.cells.telephones import SEVERAL
from segment_lib.lists.same.compared import compared_forms
from segment_lib.lists.same.weights import DIFFER, KEYS, keys_in_words, scored

LISTED = 0.5  # from even odds on, a pair is worth a person's minute; below it is a hint
_BANDS = {0.0: "0 – 0.5", 0.5: "0.5 – 0.8", 0.8: "0.8 – 0.95", 0.95: "0.95 – 1"}


def find_same_customers(customers: pd.DataFrame, at_least: float = LISTED) -> pd.DataFrame:
    """Candidate pairs, best first: customer_id, other_id, score, keys, differ.

    `customers` is indexed by customer_id or has it as a column. It may have name, contact_person,
    telephone, email, address, and under any of their usual names postal_code (郵便番号, zip …) and
    birthday (生年月日, date_of_birth …). `keys` are equal in both, `differ` what both have and is
    not equal, in words; `score` runs from 0 to 1 (`weights.py`). Pairs below `at_least` are left
    out: an equal name alone, or a telephone that a family shares, is a hint.
    """
    require_score(at_least)
    forms = compared_forms(customers)
    pairs = scored(forms, candidate_pairs(forms))
    pairs = pairs[pairs["score"] >= at_least].sort_values(
        ["score", "one", "other"], ascending=[False, True, True], ignore_index=True
    )
    ids = forms["customer_id"].to_numpy()
    return pd.DataFrame(
        {
            "customer_id": pd.Series(ids[pairs["one"]], dtype="str"),
            "other_id": pd.Series(ids[pairs["other"]], dtype="str"),
            "keys": keys_in_words(pairs["agree"], KEYS),
            "differ": keys_in_words(pairs["differ"], DIFFER),
            "score": pairs["score"],
        }
    )


def require_score(at_least: float) -> None:
    """Raise `ListError` if this is no score."""
    if not 0 <= at_least <= 1:
        raise ListError(
            "at_least is {at_least}; it must lie between 0 and 1, for example 0.5.",
            at_least=at_least,
        )


def same_customers_summary(pairs: pd.DataFrame) -> pd.DataFrame:
    """How many pairs agree in what: score_band, keys, pairs; the surest first.

    A band holds its lower border; the last one, below `LISTED`, are hints.
    """
    bands = pd.cut(pairs["score"], [*_BANDS, np.inf], right=False, labels=list(_BANDS.values()))
    counts = pairs.assign(score_band=bands).groupby(["score_band", "keys"], observed=True)
    table = counts.size().rename("pairs").reset_index()
    table = table.sort_values(["score_band", "pairs", "keys"], ascending=[False, False, True])
    return table.astype({"score_band": "str"}).reset_index(drop=True)


# --- who is compared -----------------------------------------------------------------------------

LARGEST_BLOCK = 30
_NEIGHBOURS = 3
BLOCKS: tuple[tuple[str, ...], ...] = (
    ("loose",),
    ("called",),
    ("telephone",),
    ("loose_email",),
    ("house",),
    ("loose", "postal_code"),
    ("loose", "birthday"),
    ("postal_code", "birthday"),
)


def candidate_pairs(forms: pd.DataFrame) -> pd.DataFrame:
    """Pairs of places in `forms` (one < other), each once, that share at least one block."""
    total = max(len(forms), 1)
    pairs = np.concatenate([_within(_members(forms, block)) for block in BLOCKS])
    once = np.unique(pairs[:, 0] * total + pairs[:, 1])
    return pd.DataFrame({"one": once // total, "other": once % total})


def _members(forms: pd.DataFrame, block: tuple[str, ...]) -> pd.DataFrame:
    """place, block number and loose name of everybody who has a value, in order of block and name.

    Who has several telephone numbers stands in several blocks.
    """
    known = forms[(forms[list(block)] != "").all(axis=1)]
    values = known[block[0]].str.split(SEVERAL, regex=False)
    members = pd.DataFrame({"place": known.index, "loose": known["loose"], "value": values})
    members = members.explode("value")
    for more in block[1:]:
        members["value"] = members["value"] + "\0" + known[more].reindex(members.index)
    members["block"] = pd.factorize(members["value"])[0]
    return members.sort_values(["block", "loose", "place"], ignore_index=True)


def _within(members: pd.DataFrame) -> np.ndarray:
    """All pairs of the small blocks, neighbours of the large ones: two columns of places."""
    place = members["place"].to_numpy(dtype="int64")
    block = members["block"].to_numpy()
    size = members.groupby("block")["place"].transform("size").to_numpy()
    found = [np.empty((0, 2), dtype="int64")]
    for step in range(1, min(LARGEST_BLOCK, len(place))):
        reach = (step <= _NEIGHBOURS) | (size[:-step] <= LARGEST_BLOCK)
        near = np.flatnonzero((block[:-step] == block[step:]) & reach)
        found.append(np.column_stack([place[near], place[near + step]]))
    pairs = np.sort(np.concatenate(found), axis=1)
    return pairs[pairs[:, 0] < pairs[:, 1]]
