"""Which customers are compared at all: those who share a block; never everybody with everybody.

A block is everybody with one value: the name in usual characters, a telephone number, an e-mail
address, a house; or two values together that say little alone. In a block of up to 30 all are
compared. A larger one (a switchboard, a common name) is sorted by name and everybody is compared
with the next three only, so that the work grows with the customers and not with their square.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from segment_lib.lists.cells.telephones import SEVERAL

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
