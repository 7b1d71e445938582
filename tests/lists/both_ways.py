"""Histories of a register both ways: from how its orders lie, and from its tables."""

from __future__ import annotations

from datetime import date

import pandas as pd

import segment_lib as sl
from segment_lib.behaviour.history.states import made_of_everybody, states_of_everybody
from segment_lib.lists.register import Register


def frame(expression: object) -> pd.DataFrame:
    """The rows as they come, in their order."""
    return sl.to_frame(expression, indexed=False)


def check_equal(register: Register, *days: date) -> None:
    """Row by row, column by column, type by type; again from the state rows of everybody."""
    for day in days:
        _check_equal(register, day)
    laid = register.by_key
    if laid is None:  # no list holds orders
        return
    made_of_everybody(laid)
    assert states_of_everybody(laid) is not None
    for day in days:
        _check_histories(register, day, ("net",))


def _check_equal(register: Register, day: date) -> None:
    tables = register.orders, day, register.adjustments
    _check_histories(register, day, ("net", "ignore"))
    pd.testing.assert_frame_equal(
        frame(sl.order_days(register, day)), frame(sl.order_days(*tables))
    )


def _check_histories(register: Register, day: date, ways: tuple[str, ...]) -> None:
    """Of everybody on the list and of whoever ordered; state rows know nothing of `ignore`."""
    tables = register.orders, day, register.adjustments
    everybody = register.customers
    for returns, people in [("net", None), *((way, everybody) for way in ways)]:
        fast = sl.order_history(register, day, customers=people, returns=returns)
        slow = sl.order_history(*tables, people, returns)
        assert fast.schema() == slow.schema()
        pd.testing.assert_frame_equal(frame(fast), frame(slow))
