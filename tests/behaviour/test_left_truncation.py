"""Pitfall 19: the first order in the file may not be the first order ever."""

from __future__ import annotations

import pandas as pd

from segment_lib.behaviour.history import first_purchase_unknown


def test_who_was_known_before_the_lists_begin() -> None:
    ids = pd.Index(["old", "new", "prospect", "same day", "unknown"], name="customer_id")
    days = ["2024-02-01", "2024-03-01", None, "2024-01-10", "2024-01-11"]
    history = pd.DataFrame(
        {"first_order_on": pd.to_datetime(days), "frequency": [3, 1, 0, 1, 1]}, index=ids
    )
    known = pd.to_datetime(["2019-05-01", "2024-02-20", "2019-05-01", "2024-01-10", None])
    marked = first_purchase_unknown(history, pd.Series(known, index=ids))
    assert marked.to_dict() == {
        **{"old": True, "new": False, "prospect": False},
        **{"same day": False, "unknown": False},
    }


def test_nobody_ordered() -> None:
    history = pd.DataFrame({"first_order_on": [pd.NaT], "frequency": [0]}, index=["a"])
    assert not first_purchase_unknown(history, pd.Series(pd.NaT, index=["a"])).any()
