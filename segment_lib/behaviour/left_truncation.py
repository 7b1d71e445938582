"""Lists that begin in mid-life: the first order in a file is not always the first order ever."""

from __future__ import annotations

import pandas as pd

from segment_lib.checks import require_columns


def first_purchase_unknown(history: pd.DataFrame, first_contact_on: pd.Series) -> pd.Series:
    """Whether a customer's first order may lie before the lists begin; one row per customer.

    True for whoever ordered and was known (registered, contacted) before the first order of all
    lists: they may have bought in a year that no list covers. Such customers do not belong in a
    count of first-time buyers, and their span and tenure are at least what is shown. Where no first
    contact is noted nothing can be said, and the answer is False.
    """
    require_columns(history, ["first_order_on", "frequency"], "history")
    begins = history["first_order_on"].min()
    known_on = first_contact_on.reindex(history.index)
    ordered = history["frequency"].fillna(0) > 0
    return ((known_on < begins) & ordered).rename("first_purchase_unknown").astype("bool")
