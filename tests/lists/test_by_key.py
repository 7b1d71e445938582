"""Histories that start from the order in which a register's orders lie: the same as from tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd
import pyarrow.parquet as pq
import pytest
from both_ways import check_equal, frame
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import segment_lib as sl
from segment_lib.checks import StaleResult
from segment_lib.client import Client
from segment_lib.columns import TABLES
from segment_lib.lists import register as register_module
from segment_lib.lists.register import Register, build_register, open_register

Make = Callable[..., Client]
TOML = """
[lists.people]
table = "customers"
files = ["people.csv"]
columns = {customer_id = "id"}
[lists.orders]
files = ["orders.csv"]
columns = {customer_id = "id", order_id = "no", ordered_on = "day", amount = "total", \
campaign = "from", margin = "left"}
[lists.back]
table = "adjustments"
files = ["back.csv"]
columns = {customer_id = "id", order_id = "no", adjusted_on = "day", amount = "total"}
"""
FIRST = date(2025, 1, 1)
PEOPLE = ["a", "B", "é", "顧客", "010", "9", "b", "zz"]
days = st.integers(0, 60).map(lambda n: FIRST + timedelta(days=n))
ordered = st.tuples(
    st.sampled_from(PEOPLE[:-1]),
    days,
    st.integers(1, 9),
    st.sampled_from(["", "tv"]),
    st.sampled_from(["", "1", "2.5"]),
)
sent_back = st.tuples(
    st.sampled_from(PEOPLE[:4]), days, st.integers(1, 9), st.none() | st.integers(0, 50)
)


def register_of(make: Make, orders: list[tuple], back: list[tuple]) -> Register:
    rows = [f"{i},{n},{d},{a},{c},{m}" for n, (i, d, a, c, m) in enumerate(orders)]
    changes = [f"{i},{'' if n is None else n},{d},{-a}" for i, d, a, n in back]
    files = {
        "people.csv": ["id", *PEOPLE[3:]],
        "orders.csv": ["id,no,day,total,from,left", "a,first,2025-01-01,5,,", *rows],
        "back.csv": ["id,no,day,total", "B,first,2025-01-01,-5", *changes],
    }
    return build_register(make(TOML, {name: "\n".join(lines) for name, lines in files.items()}))


any_lists_and_days = given(
    st.lists(ordered, min_size=10, max_size=50),
    st.lists(sent_back, max_size=20),
    st.lists(st.integers(-1, 61), min_size=2, max_size=3, unique=True),
)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@any_lists_and_days
def test_equal_on_any_day(make: Make, orders: list, back: list, numbers: list[int]) -> None:
    register = register_of(make, orders, back)
    check_equal(register, *(FIRST + timedelta(days=n) for n in numbers))


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@any_lists_and_days
def test_equal_on_many_more(make: Make, orders: list, back: list, numbers: list[int]) -> None:
    register = register_of(make, orders, back)
    check_equal(register, *(FIRST + timedelta(days=n) for n in numbers))


def test_each_order_lies_beside_the_one_before(make: Make) -> None:
    rows = [("b", FIRST, 5, "", ""), ("b", FIRST, 7, "", ""), ("B", FIRST, 1, "", "")]
    later = [("b", date(2025, 2, 1), 2, "", ""), ("b", date(2025, 1, 11), 2, "tv", "3")]
    register = register_of(make, rows + later, [])
    stored = pq.read_table(register.folder / register.files["orders"]).to_pandas()
    assert stored["customer_id"].tolist() == ["B", "a", "b", "b", "b", "b"]
    gaps = stored["_gap"].astype("float64")
    assert gaps.isna().tolist() == [True, True, True, False, False, False]
    assert gaps.tolist()[3:] == [0, 10, 21]
    ids = pq.read_table(register.folder / register.files["customers"])["customer_id"].to_pylist()
    assert [ids[key] for key in stored["_key"]] == stored["customer_id"].tolist()
    assert register.orders.columns == TABLES["orders"]


def test_without_returns_or_with_others_adjustments(make: Make) -> None:
    register = register_of(make, [("b", FIRST, 5, "", "")], [])
    none = register.adjustments.filter(register.adjustments.amount > 0)
    day = date(2025, 3, 1)
    found = frame(sl.order_history(register, day, none))
    pd.testing.assert_frame_equal(found, frame(sl.order_history(register.orders, day, none)))
    assert found["monetary"].tolist() == [5.0, 5.0]
    assert frame(sl.order_history(register, day))["monetary"].tolist() == [-5.0, 5.0, 5.0]
    alone = '[lists.orders]\nfiles = ["o.csv"]\ncolumns = {customer_id = "i", ordered_on = "d", \
amount = "a"}\n'
    check_equal(build_register(make(alone, {"o.csv": "i,d,a\n1,2025-01-01,3\n"})), day)


def test_an_older_register_is_to_be_built_anew(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_module, "FORM", 2)
    register_of(make, [], [])
    monkeypatch.undo()
    with pytest.raises(StaleResult) as caught:
        open_register(make(TOML, {}))
    assert str(caught.value) == (
        "The register of small was built by another version of the kit. Build it again: "
        "sl.build_register(client)."
    )
