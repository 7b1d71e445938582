"""State rows: as of any day they say what is counted from the orders and adjustments themselves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import ibis
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segment_lib.behaviour.history import order_history
from segment_lib.behaviour.history.counted import finished, with_zeros
from segment_lib.behaviour.history.states import running_rows, state_rows, summed_on

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in (-1, 0, 4, 9, 13, 30)]
# Few days, so that orders and adjustments meet on one; orders of nothing and below, too.
days = st.integers(0, 20).map(lambda n: FIRST + timedelta(days=n))
amounts = st.integers(-8, 40).map(lambda n: n / 4)
orders = st.tuples(st.sampled_from("abc"), days, amounts, st.sampled_from(["", "tv", None]))
# Sent back before the order or after, in part or all of it and again, an order of somebody else's
# or of nobody; a correction may be above zero.
changes = st.tuples(
    st.sampled_from("abcd"),
    days,
    st.integers(-40, 4).map(lambda n: n / 4),
    st.none() | st.integers(0, 14),
)
GAPS = """select customer_id, order_id, ordered_on, amount, campaign, margin,
ascii(customer_id) as key, ordered_on - lag(ordered_on) over (
    partition by customer_id order by ordered_on, order_id) as gap from o"""


def measured(rows: ibis.Table, day: date) -> ibis.Table:
    return finished(with_zeros(rows), day, ["customer_id"])


class Ways:
    """Three ways to a history of two DuckDB tables, compiled once; examples change their rows."""

    def __init__(self) -> None:
        self.raw = ibis.duckdb.connect()
        texts = {"customer_id": "string", "order_id": "string"}
        money = {"amount": "decimal(18, 4)"}
        o = self.table("o", texts | money | {"ordered_on": "date", "campaign": "string",
                                             "margin": "decimal(18, 4)"})  # fmt: skip
        a = self.table("a", texts | money | {"adjusted_on": "date"})
        made = {"all_states": state_rows(o, a, "customer_id")}
        self.raw.con.execute(f"create view keyed as {GAPS}")
        made["run_on"] = running_rows(self.raw.table("keyed"))
        self.sql = {name: str(ibis.to_sql(rows, dialect="duckdb")) for name, rows in made.items()}
        again, runs = (self.table(name, rows.schema()) for name, rows in made.items())
        self.queries = {}
        for day in DAYS:
            run = summed_on(runs, day)
            by_way = {
                "plain": order_history(o, day, a),
                "again": measured(summed_on(again, day, "customer_id"), day),
                "gross": order_history(o, day),
                "runs": measured(run.mutate(customer_id=run.key.cast("string")), day),
            }
            self.queries[day] = {
                name: str(ibis.to_sql(found, dialect="duckdb")) for name, found in by_way.items()
            }

    def table(self, name: str, columns: Any) -> ibis.Table:
        return self.raw.create_table(name, schema=ibis.schema(columns))

    def fill(self, **rows: pd.DataFrame) -> None:
        for name, frame in rows.items():
            self.raw.con.register("given", frame)
            self.raw.con.execute(f"delete from {name}; insert into {name} by name from given")
            self.raw.con.unregister("given")
        for name, query in self.sql.items():
            self.raw.con.execute(f"delete from {name}; insert into {name} {query}")

    def found(self, day: date, way: str) -> pd.DataFrame:
        frame = self.raw.con.execute(self.queries[day][way]).df()
        return frame.sort_values("customer_id", ignore_index=True)


@pytest.fixture(scope="module")
def ways() -> Ways:
    return Ways()


@settings(max_examples=40, deadline=None)
@given(st.lists(orders, max_size=14), st.lists(changes, max_size=9))
def test_a_day_is_a_filter(ways: Ways, order_list: list, change_list: list) -> None:
    o = pd.DataFrame(order_list, columns=["customer_id", "ordered_on", "amount", "campaign"])
    a = pd.DataFrame(change_list, columns=["customer_id", "adjusted_on", "amount", "order_id"])
    a["order_id"] = a["order_id"].map(lambda n: None if pd.isna(n) else str(int(n)))
    o["order_id"] = o.index.astype("str")
    o["margin"] = o["amount"].where(o["amount"] > 3) / 4
    ways.fill(o=o.astype({"amount": "float64", "margin": "float64"}), a=a)
    for day in DAYS:
        pd.testing.assert_frame_equal(ways.found(day, "again"), ways.found(day, "plain"))
        gross, runs = ways.found(day, "gross"), ways.found(day, "runs")
        runs["customer_id"] = [chr(int(key)) for key in runs["customer_id"]]
        pd.testing.assert_frame_equal(runs, gross, check_dtype=False)
