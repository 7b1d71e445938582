"""The same customer twice (名寄せ): candidate pairs with the keys that match, for people to see.

Nothing is merged here: a pair is a suggestion, and only the confirmed table (`merges.py`, written
for review by `same_review.py`) merges. Who is compared says `candidates.py`, in which form
`compared.py`, and what agreement is worth `weights.py`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from segment_lib.checks import ListError
from segment_lib.lists.cells.telephones import JAPAN
from segment_lib.lists.same.candidates import candidate_pairs
from segment_lib.lists.same.compared import compared_forms
from segment_lib.lists.same.weights import DIFFER, KEYS, keys_in_words, scored

LISTED = 0.5  # from even odds on, a pair is worth a person's minute; below it is a hint
_BANDS = {0.0: "0 – 0.5", 0.5: "0.5 – 0.8", 0.8: "0.8 – 0.95", 0.95: "0.95 – 1"}


def find_same_customers(
    customers: pd.DataFrame, at_least: float = LISTED, region: str = JAPAN
) -> pd.DataFrame:
    """Candidate pairs, best first: customer_id, other_id, score, keys, differ.

    `customers` is indexed by customer_id or has it as a column. It may have name, contact_person,
    telephone, email, address, and under any of their usual names postal_code (郵便番号, zip …) and
    birthday (生年月日, date_of_birth …). `keys` are equal in both, `differ` what both have and is
    not equal, in words; `score` runs from 0 to 1 (`weights.py`). Pairs below `at_least` are left
    out: an equal name alone, or a telephone that a family shares, is a hint. `region` is the
    country of telephone numbers without +.
    """
    require_score(at_least)
    forms = compared_forms(customers, region)
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
