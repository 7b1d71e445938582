"""Histories of a register both ways: from how its orders lie, and from its tables."""

from __future__ import annotations

from datetime import date

import pandas as pd

import segment_lib as sl
from segment_lib.lists.register import Register


def frame(expression: object) -> pd.DataFrame:
    """The rows as they come, in their order."""
    return sl.to_frame(expression, indexed=False)


def check_equal(register: Register, day: date) -> None:
    """Row by row, column by column, type by type."""
    tables = register.orders, day, register.adjustments
    everybody = register.customers
    for returns, people in (("net", None), ("net", everybody), ("ignore", everybody)):
        fast = sl.order_history(register, day, customers=people, returns=returns)
        slow = sl.order_history(*tables, people, returns)
        assert fast.schema() == slow.schema()
        pd.testing.assert_frame_equal(frame(fast), frame(slow))
    pd.testing.assert_frame_equal(
        frame(sl.order_days(register, day)), frame(sl.order_days(*tables))
    )
