"""Order history: by hand, against a pandas oracle, and what must not change it."""

from __future__ import annotations

import functools
import operator
from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from segment_lib.behaviour.history import (
    line_history,
    line_order_days,
    order_days,
    order_history,
)
from segment_lib.checks import KitError, ListError

AS_OF = date(2026, 4, 1)
PHASES = (Phase.explicit, Phase.generate, Phase.shrink)


def table(rows: list[tuple], columns: str) -> ibis.Table:
    frame = pd.DataFrame(rows, columns=columns.split())
    for name in frame.columns.intersection(["ordered_on", "adjusted_on"]):
        frame[name] = pd.to_datetime(frame[name])
    texts = frame.columns.intersection(["order_id", "customer_id", "product_line", "campaign"])
    kinds = {"amount": "decimal(18,4)", "margin": "decimal(18,4)"} | dict.fromkeys(texts, "string")
    kinds |= dict.fromkeys(frame.columns.intersection(["ordered_on", "adjusted_on"]), "date")
    for name in texts:
        frame[name] = frame[name].astype("object").where(frame[name].notna(), None)
    return ibis.memtable(frame, schema=ibis.schema({name: kinds[name] for name in frame}))


def orders(*rows: tuple) -> ibis.Table:
    return table(list(rows), "order_id customer_id ordered_on amount campaign margin")


def adjustments(*rows: tuple) -> ibis.Table:
    return table(list(rows), "customer_id adjusted_on amount order_id product_line")


def measured(expression: ibis.Table) -> pd.DataFrame:
    return expression.to_pandas().set_index("customer_id")


# a: orders on 1 Jan (100), 11 Jan (200) twice (50, a campaign), 31 Jan (400); the 200 is sent back
#    whole on 10 Feb; 30 of unknown order is given back on 20 Feb.
# b: one order, cancelled on 5 April, after the day.   c: one order, netted to nothing on 2 March.
# d: 500 given back for an order we never saw.         e: an order after the day.
SHOP = orders(
    ("1", "a", "2026-01-01", 100, None, 40),
    ("2", "a", "2026-01-11", 200, None, 80),
    ("3", "a", "2026-01-11", 50, "tv", None),
    ("4", "a", "2026-01-31", 400, None, 100),
    ("5", "b", "2026-03-01", 70, None, None),
    ("6", "c", "2026-03-01", 90, None, 30),
    ("7", "e", "2026-04-02", 10, None, None),
)
BACK = adjustments(
    ("a", "2026-02-10", -200, "2", None),
    ("a", "2026-02-20", -30, None, None),
    ("b", "2026-04-05", -70, "5", None),
    ("c", "2026-03-02", -90, "6", None),
    ("d", "2026-03-10", -500, "99", None),
)


@pytest.fixture(scope="module")
def history() -> pd.DataFrame:
    return order_history(SHOP, AS_OF, BACK).to_pandas()


def test_by_hand(history: pd.DataFrame) -> None:
    found = history.set_index("customer_id")
    assert found.index.tolist() == ["a", "b", "c", "d"]
    a = found.loc["a"]
    # Orders 1, 3 and 4 stand: 1 Jan, 11 Jan, 31 Jan; gaps 10 and 20 days, median 15.
    assert (a.first_order_on, a.last_order_on) == (
        pd.Timestamp("2026-01-01"),
        pd.Timestamp("2026-01-31"),
    )
    assert (a.frequency, a.order_days, a.span_days) == (3, 3, 30)
    assert (a.gap_days, a.longest_gap_days) == (15.0, 20.0)
    # 31 January to 1 April 2026: 28 days of February, 31 of March and 1. First order: 30 more.
    assert (a.recency_days, a.tenure_days) == (60, 90)
    # 100 + 200 + 50 + 400 - 200 - 30; three orders; margin of the standing ones that say it.
    assert (a.monetary, a.order_value, a.margin_sum) == (520.0, 520 / 3, 140.0)
    assert a.returned_amount == -230.0
    assert a.campaign_share == 50 / 550  # of the net money of the orders that stand
    assert found.loc["b", ["frequency", "monetary", "recency_days"]].tolist() == [1, 70.0, 31]
    assert found.loc["c", ["frequency", "order_days", "monetary"]].tolist() == [0, 0, 0.0]
    assert (
        found.loc["c", ["first_order_on", "recency_days", "gap_days", "order_value"]].isna().all()
    )
    assert found.loc["d", ["frequency", "monetary", "net_negative"]].tolist() == [0, -500.0, True]
    assert found["net_negative"].tolist() == [False, False, False, True]
    assert found["as_of"].eq(pd.Timestamp(AS_OF)).all()


def test_a_later_return_changes_no_earlier_day() -> None:
    day = date(2026, 2, 9)  # the day before the 200 came back
    with_returns = measured(order_history(SHOP, day, BACK))
    without = measured(order_history(SHOP, day))
    pd.testing.assert_frame_equal(with_returns, without)
    assert with_returns.loc["a", "frequency"] == 4


def test_returns_ignored_reads_gross_orders_only() -> None:
    ignored = measured(order_history(SHOP, AS_OF, BACK, returns="ignore"))
    pd.testing.assert_frame_equal(ignored, measured(order_history(SHOP, AS_OF)))
    assert ignored.loc["c", "frequency"] == 1
    assert ignored["returned_amount"].eq(0).all()


def test_a_return_never_adds_an_order_or_refreshes_recency() -> None:
    partly = adjustments(("c", "2026-03-30", -10, "6", None))
    found = measured(order_history(SHOP, AS_OF, partly)).loc["c"]
    assert (found.frequency, found.recency_days, found.monetary) == (1, 31, 80.0)


def test_everyone_in_customers_is_a_row() -> None:
    people = table([("a",), ("z",)], "customer_id")
    found = measured(order_history(SHOP, AS_OF, BACK, people))
    assert found.index.tolist() == ["a", "b", "c", "d", "z"]
    z = found.loc["z"]
    assert (z.frequency, z.order_days, z.monetary, z.returned_amount) == (0, 0, 0.0, 0.0)
    assert pd.isna(z.last_order_on)
    assert not z.net_negative


def test_dtypes_and_documented_columns(history: pd.DataFrame) -> None:
    found = history
    assert found.columns.tolist() == [
        "customer_id", "first_order_on", "last_order_on", "recency_days", "frequency",
        "order_days", "monetary", "order_value", "margin_sum", "returned_amount", "span_days",
        "tenure_days", "gap_days", "longest_gap_days", "campaign_share", "net_negative", "as_of",
    ]  # fmt: skip
    for name in ("first_order_on", "last_order_on", "as_of"):
        assert found[name].dtype.kind == "M"
    assert found["monetary"].dtype == "float64"
    assert found["net_negative"].dtype == "bool"


def test_no_orders_at_all() -> None:
    empty = SHOP.filter(ibis.literal(False))
    found = order_history(empty, AS_OF, customers=table([("a",)], "customer_id")).to_pandas()
    assert found["frequency"].tolist() == [0]
    assert order_history(empty, AS_OF).to_pandas().empty


def test_small_lists_need_no_order_id() -> None:
    small = SHOP.select("customer_id", "ordered_on", "amount")
    assert measured(order_history(small, AS_OF)).loc["a", "frequency"] == 4


def test_money_is_exact() -> None:
    day = pd.Timestamp("2026-01-01")
    tenths = pd.DataFrame({"customer_id": "a", "ordered_on": day, "amount": [0.1] * 30})
    assert functools.reduce(operator.add, [0.1] * 30) != 3.0
    assert measured(order_history(ibis.memtable(tenths), AS_OF)).loc["a", "monetary"] == 3.0


def test_times_within_a_day_do_not_count() -> None:
    late = pd.DataFrame(
        {
            "order_id": ["1", "2"],
            "customer_id": ["a", "a"],
            "ordered_on": pd.to_datetime(["2026-03-31 23:59", "2026-04-01 00:01"]),
            "amount": [1.0, 2.0],
        }
    )
    found = measured(order_history(ibis.memtable(late), AS_OF)).loc["a"]
    assert (found.order_days, found.gap_days, found.recency_days) == (2, 1.0, 0)
    assert found.last_order_on == pd.Timestamp("2026-04-01")


def test_order_days_merge_same_day_orders_and_drop_undone_ones() -> None:
    days = order_days(SHOP, AS_OF, BACK).to_pandas()
    assert days.columns.tolist() == ["customer_id", "ordered_on", "as_of"]
    assert days.loc[days.customer_id == "a", "ordered_on"].dt.day.tolist() == [1, 11, 31]
    assert "c" not in set(days.customer_id)


def test_errors_say_what_to_do() -> None:
    with pytest.raises(ListError) as error:
        order_history(SHOP.rename(total="amount"), AS_OF)
    assert str(error.value) == (
        "orders lacks column(s) ['amount']. It has ['order_id', 'customer_id', 'ordered_on', "
        "'total', 'campaign', 'margin']. Call the column that holds it \"amount\"."
    )
    with pytest.raises(KitError) as error:
        order_history(SHOP, AS_OF, BACK, returns="gross")  # type: ignore[arg-type]
    assert str(error.value) == (
        'returns is "gross"; it must be "net" or "ignore". Say it in [rules].'
    )


# --- against pandas ---------------------------------------------------------------------------


def oracle(o: pd.DataFrame, a: pd.DataFrame, as_of: date) -> pd.DataFrame:
    o, a = o[o.ordered_on <= pd.Timestamp(as_of)], a[a.adjusted_on <= pd.Timestamp(as_of)]
    change = a.dropna(subset="order_id").groupby(["customer_id", "order_id"]).amount.sum()
    change = change.reindex(pd.MultiIndex.from_frame(o[["customer_id", "order_id"]])).to_numpy()
    stands = o[np.isnan(change) | (np.round(o.amount + np.nan_to_num(change), 4) > 0)]
    days = stands[["customer_id", "ordered_on"]].drop_duplicates().sort_values("ordered_on")
    gap = days.groupby("customer_id").ordered_on.diff().dt.days.groupby(days.customer_id)
    first_last = stands.groupby("customer_id").ordered_on.agg(["min", "max", "size"])
    money = pd.concat([o, a]).groupby("customer_id").amount.sum().to_frame("monetary")
    gaps = pd.DataFrame({"gap": gap.median(), "longest": gap.max(), "days": gap.size()})
    return money.join(first_last).join(gaps)


amounts = st.integers(1, 60).map(lambda n: n / 4)
ids = st.sampled_from("abc")
some_day = st.integers(0, 40).map(lambda n: pd.Timestamp("2026-01-01") + pd.Timedelta(days=n))
order_rows = st.lists(st.tuples(ids, some_day, amounts), max_size=14)
change_rows = st.lists(
    st.tuples(ids, some_day, amounts.map(lambda n: -n), st.none() | st.integers(0, 14).map(str)),
    max_size=8,
)


def as_frames(order_list: list, change_list: list) -> tuple[pd.DataFrame, pd.DataFrame]:
    o = pd.DataFrame(order_list, columns=["customer_id", "ordered_on", "amount"])
    a = pd.DataFrame(change_list, columns=["customer_id", "adjusted_on", "amount", "order_id"])
    o["order_id"] = o.index.astype("str")
    kinds = {"customer_id": "str", "amount": "float64", "order_id": "object"}
    return (
        o.astype(kinds | {"ordered_on": "datetime64[us]"}),
        a.astype(kinds | {"adjusted_on": "datetime64[us]"}),
    )


class Engine:
    """The history of two DuckDB tables, compiled once; each example only changes their rows."""

    def __init__(self, as_of: date) -> None:
        self.connection = ibis.duckdb.connect()
        texts = dict.fromkeys(["customer_id", "order_id"], "string") | {"amount": "float64"}
        o = self.connection.create_table("o", schema=ibis.schema(texts | {"ordered_on": "date"}))
        a = self.connection.create_table("a", schema=ibis.schema(texts | {"adjusted_on": "date"}))
        self.sql = str(ibis.to_sql(order_history(o, as_of, a), dialect="duckdb"))

    def history(self, o: pd.DataFrame, a: pd.DataFrame) -> pd.DataFrame:
        raw = self.connection.con
        for name, frame in (("o", o), ("a", a)):
            raw.register(f"new_{name}", frame)
            raw.execute(f"DELETE FROM {name}")
            raw.execute(f"INSERT INTO {name} BY NAME SELECT * FROM new_{name}")
            raw.unregister(f"new_{name}")
        return raw.execute(self.sql).df().set_index("customer_id")


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(date(2026, 1, 20))


@settings(max_examples=30, deadline=None, phases=PHASES)
@given(order_rows, change_rows)
def test_equals_the_pandas_oracle(engine: Engine, order_list: list, change_list: list) -> None:
    o, a = as_frames(order_list, change_list)
    found = engine.history(o, a)
    wanted = oracle(o, a, date(2026, 1, 20))
    assert found.index.tolist() == wanted.index.tolist()
    for ours, theirs in {"first_order_on": "min", "last_order_on": "max"}.items():
        pd.testing.assert_series_equal(
            found[ours],
            wanted[theirs],
            check_names=False,
            check_dtype=False,
            check_index_type=False,
        )
    for ours, theirs in {
        "gap_days": "gap",
        "longest_gap_days": "longest",
        "monetary": "monetary",
    }.items():
        ours_numbers, theirs_numbers = found[ours].astype(float), wanted[theirs].astype(float)
        np.testing.assert_array_equal(ours_numbers, theirs_numbers)
    for ours, theirs in {"frequency": "size", "order_days": "days"}.items():
        assert found[ours].tolist() == wanted[theirs].fillna(0).astype(int).tolist()


@settings(max_examples=15, deadline=None, phases=PHASES)
@given(order_rows, change_rows, st.floats(0, 1000))
def test_order_names_and_the_future_change_nothing(
    engine: Engine, order_list: list, change_list: list, made_up: float
) -> None:
    """Rows shuffled, ids renamed, another money unit, the future made up: same answer."""
    o, a = as_frames(order_list, change_list)
    before = engine.history(o, a)
    day = pd.Timestamp("2026-01-20")
    o.loc[o.ordered_on > day, "amount"] = made_up
    a.loc[a.adjusted_on > day, "amount"] = -made_up
    a.loc[a.adjusted_on > day, "order_id"] = "0"
    o, a = o.assign(customer_id="x" + o.customer_id), a.assign(customer_id="x" + a.customer_id)
    o, a = o.assign(amount=o.amount * 8), a.assign(amount=a.amount * 8)
    after = engine.history(o.sample(frac=1, random_state=1), a.sample(frac=1, random_state=2))
    after.index = after.index.str.removeprefix("x")
    money = ["monetary", "order_value", "returned_amount"]
    pd.testing.assert_frame_equal(after.drop(columns=money), before.drop(columns=money))
    pd.testing.assert_frame_equal(after[money] / 8, before[money])


# --- by product line --------------------------------------------------------------------------

# a orders tea and cake together on 1 Jan, tea on 11 Jan; b orders tea once, and something unnamed.
LINES = table(
    [
        ("1", "a", "2026-01-01", 10, "tea"),
        ("1", "a", "2026-01-01", 5, "tea"),
        ("1", "a", "2026-01-01", 30, "cake"),
        ("2", "a", "2026-01-11", 20, "tea"),
        ("3", "b", "2026-02-01", 40, "tea"),
        ("4", "b", "2026-02-03", 40, None),
    ],
    "order_id customer_id ordered_on amount product_line",
)


def by_line(expression: ibis.Table) -> pd.DataFrame:
    return expression.to_pandas().set_index(["customer_id", "product_line"])


def test_lines_by_hand() -> None:
    found = by_line(line_history(LINES, AS_OF))
    assert found.index.tolist() == [("a", "cake"), ("a", "tea"), ("b", "tea")]
    tea = found.loc[("a", "tea")]
    assert (tea.frequency, tea.order_days, tea.monetary, tea.gap_days) == (2, 2, 35.0, 10.0)
    assert found.loc[("b", "tea"), "monetary"] == 40.0


def test_a_return_counts_against_its_line() -> None:
    back = adjustments(
        ("a", "2026-01-05", -30, "1", "cake"),  # all the cake of order 1: no cake order is left
        ("a", "2026-01-12", -5, "2", None),  # order 2 holds tea only
        ("a", "2026-01-12", -1, "1", None),  # order 1 holds both: nobody can say
    )
    found = by_line(line_history(LINES, AS_OF, back))
    assert found.loc[("a", "cake"), ["frequency", "monetary"]].tolist() == [0, 0.0]
    assert found.loc[("a", "tea"), ["frequency", "monetary"]].tolist() == [2, 30.0]


def test_an_order_undone_as_a_whole_vanishes_from_its_lines() -> None:
    back = adjustments(("a", "2026-01-05", -45, "1", None))
    found = by_line(line_history(LINES, AS_OF, back))
    assert ("a", "cake") not in found.index
    assert found.loc[("a", "tea"), ["frequency", "monetary"]].tolist() == [1, 20.0]
    days = line_order_days(LINES, AS_OF, back).to_pandas()
    assert days[["customer_id", "product_line"]].to_numpy().tolist() == [["a", "tea"], ["b", "tea"]]


def test_lines_without_order_ids_are_one_order_a_day() -> None:
    found = by_line(line_history(LINES.drop("order_id"), AS_OF))
    assert found.loc[("a", "tea"), ["frequency", "monetary"]].tolist() == [2, 35.0]
