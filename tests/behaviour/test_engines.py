"""The same expressions on DuckDB, PostgreSQL and Spark: the same answer, row by row, by value."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest
from postgres import NO_SERVER, PASSWORD, programs, server

import segment_lib as sl
from segment_lib.behaviour import line_order_days
from segment_lib.behaviour.history.counted import day_number
from segment_lib.behaviour.history.states import running_rows, state_rows
from segment_lib.checks import KitError

NO_SPARK = "Spark is not here: pip install pyspark, and Java 17"
AS_OF = date(2025, 3, 1)
pytestmark = pytest.mark.filterwarnings(
    "ignore:PySpark does not yet fully support pandas", "ignore:The copy keyword is deprecated"
)
TEXT = ("customer_id", "order_id", "product_line", "campaign")


# --- the engines ----------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def duckdb() -> Any:
    return ibis.duckdb.connect()


@pytest.fixture(scope="module")
def postgres() -> Iterator[Any]:
    found = programs()
    if found is None:
        pytest.skip(NO_SERVER)
    with server(found) as running:
        connection = ibis.postgres.connect(
            host="127.0.0.1", port=running.port, user="kit", password=PASSWORD, database="postgres"
        )
        yield connection
        connection.disconnect()


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if shutil.which("java") is None:
        pytest.skip(NO_SPARK)
    sql = pytest.importorskip("pyspark.sql", reason=NO_SPARK)
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("spark")),
        "spark.sql.catalogImplementation": "in-memory",
    }
    builder = sql.SparkSession.builder.master("local[1]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield ibis.pyspark.connect(session)
    session.stop()


# --- what is asked of them ------------------------------------------------------------------------
def invented(seed: int) -> SimpleNamespace:
    """Orders of few customers on few days, with returns: whole and in part, linked or not."""
    random = np.random.default_rng(seed)
    count, back = 150, 40
    days = pd.Timestamp("2025-01-01") + pd.to_timedelta(random.integers(0, 90, count), unit="D")
    orders = pd.DataFrame({
        "order_id": [f"o{n}" for n in range(count)],
        "customer_id": random.choice(["a", "B", "é", "顧客", "010"], count),
        "ordered_on": days,
        "amount": random.integers(1, 60, count) / 4,
        "campaign": random.choice(["", "tv"], count),
        "margin": np.where(random.random(count) < 0.3, np.nan, 1.5),
        "product_line": random.choice(["tea", "cake", None], count),
    })  # fmt: skip
    pick = random.choice(count, back, replace=False)
    adjustments = pd.DataFrame({
        "customer_id": orders["customer_id"][pick].to_numpy(),
        "order_id": np.where(random.random(back) < 0.7, orders["order_id"][pick], None),
        "adjusted_on": orders["ordered_on"][pick].to_numpy() + pd.Timedelta(days=9),
        "amount": -orders["amount"][pick].to_numpy() * random.choice([0.5, 1], back),
    })  # fmt: skip
    people = pd.DataFrame({"customer_id": ["a", "zz", "顧客"]})
    summaries = pd.DataFrame({
        "customer_id": ["a", "a", "b"], "frequency": [2, 1, 0], "monetary": [5.5, 1.0, 0.0],
        "last_order_on": pd.to_datetime(["2025-01-05", "2025-02-01", None]),
    })  # fmt: skip
    return SimpleNamespace(
        orders=orders, adjustments=adjustments, people=people, summaries=summaries
    )


def stored(connection: Any, frames: SimpleNamespace, prefix: str) -> SimpleNamespace:
    """The frames as tables of the engine, in its own types."""
    made = {}
    for name, frame in vars(frames).items():
        kinds = {
            column: "string" if column in TEXT else "date" if column.endswith("_on")
            else "int64" if column == "frequency" else "float64"
            for column in frame
        }  # fmt: skip
        rows = ibis.memtable(frame).cast(kinds)
        made[name] = connection.create_table(f"{prefix}_{name}", rows)
    return SimpleNamespace(**made)


ASKED: dict[str, Callable[[SimpleNamespace], Any]] = {
    "history": lambda t: sl.order_history(t.orders, AS_OF, t.adjustments, t.people),
    "history without returns": lambda t: sl.order_history(t.orders, AS_OF),
    "returns ignored": lambda t: sl.order_history(t.orders, AS_OF, t.adjustments, returns="ignore"),
    "days": lambda t: sl.order_days(t.orders, AS_OF, t.adjustments),
    "lines": lambda t: sl.line_history(t.orders, AS_OF, t.adjustments),
    "days of lines": lambda t: line_order_days(t.orders, AS_OF, t.adjustments),
    "states": lambda t: state_rows(t.orders, t.adjustments, "customer_id"),
    "summaries": lambda t: sl.behaviour.summary_history(t.summaries, AS_OF, t.people),
}


def answers(tables: SimpleNamespace) -> dict[str, pd.DataFrame]:
    return {name: sl.to_frame(ask(tables), indexed=False) for name, ask in ASKED.items()}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "seed"), [("postgres", 0), ("postgres", 1), ("spark", 0)])
def test_every_answer_is_that_of_duckdb(
    request: pytest.FixtureRequest, duckdb: Any, name: str, seed: int
) -> None:
    engine: Any = request.getfixturevalue(name)
    frames, prefix = invented(seed), f"kit_{engine.name}_{seed}"
    wanted = answers(stored(duckdb, frames, prefix))
    found = answers(stored(engine, frames, prefix))
    for name, frame in wanted.items():
        assert len(frame) > 2, name
        possible = ("customer_id", "product_line", "ordered_on", "valid_from")
        keys = [one for one in possible if one in frame]
        both = (one.sort_values(keys, ignore_index=True) for one in (found[name], frame))
        pd.testing.assert_frame_equal(*both, obj=f"{engine.name}, {name}")


@pytest.mark.slow
def test_states_that_run_on_are_those_of_duckdb(spark: Any, duckdb: Any) -> None:
    """PostgreSQL has no median over a window; there each day is counted anew."""
    orders = invented(2).orders.assign(key=lambda rows: rows["customer_id"].factorize()[0])
    made = []
    for engine in (duckdb, spark):
        kinds = {"ordered_on": "date", "key": "int32", "amount": "decimal(18, 4)"}
        rows = ibis.memtable(orders.drop(columns=["margin", "product_line"])).cast(kinds)
        rows = engine.create_table(f"kit_{engine.name}_runs", rows)
        day = day_number(rows.ordered_on)
        before = day.lag().over(group_by=rows.key, order_by=day)
        rows = rows.mutate(gap=day - before, margin=(day % 7 > 2).ifelse(rows.amount, ibis.null()))
        made.append(sl.to_frame(running_rows(rows).order_by("key", "valid_from"), indexed=False))
    assert len(made[0]) > 50
    pd.testing.assert_frame_equal(*made)


# --- when a day begins ----------------------------------------------------------------------------
# 00:30 on 2 March in Tokyo, 23:30 on 3 March in Tokyo.
MOMENTS = ("2025-03-01 15:30:00+00", "2025-03-03 14:30:00+00")


def check_days_of_tokyo(orders: Any) -> None:
    days = sl.to_frame(sl.order_days(orders, "2025-03-31", time_zone="Asia/Tokyo"))
    assert days["ordered_on"].dt.strftime("%m-%d").tolist() == ["03-02", "03-03"]
    history = sl.to_frame(sl.order_history(orders, "2025-03-02", time_zone="Asia/Tokyo"))
    assert history[["frequency", "recency_days"]].to_numpy().tolist() == [[1, 0]]


def moments_in(connection: Any, run: Callable[[str], Any], name: str) -> Any:
    rows = ", ".join(f"('a', timestamptz '{moment}', 5.0)" for moment in MOMENTS)
    run(f"create table {name} (customer_id text not null, ordered_on timestamptz, amount float8)")
    run(f"insert into {name} values {rows}")
    return connection.table(name)


def test_moments_are_days_of_the_zone_said(duckdb: Any) -> None:
    orders = moments_in(duckdb, duckdb.con.execute, "moments")
    check_days_of_tokyo(orders)
    with pytest.raises(KitError) as caught:
        sl.order_days(orders, "2025-03-31")
    assert str(caught.value) == (
        "orders.ordered_on holds moments, and when a day begins depends on the zone. "
        'Say it: time_zone="Asia/Tokyo", or give a column of days.'
    )
    with sl.language("ja"), pytest.raises(KitError) as caught:
        sl.order_history(orders, "2025-03-31")
    assert str(caught.value) == (
        "orders.ordered_on には時刻が入っています。1日の始まりは時間帯によって変わりますので、"
        'time_zone="Asia/Tokyo" のように指定するか、日付の列を渡してください。'
    )
    with pytest.raises(KitError) as caught:
        sl.order_days(orders, "2025-03-31", time_zone="Tokio")
    assert str(caught.value) == 'time_zone is "Tokio", which is none. Write it like "Asia/Tokyo".'


@pytest.mark.slow
def test_moments_of_postgres_and_keys_that_are_never_null(postgres: Any) -> None:
    orders = moments_in(postgres, lambda text: postgres.raw_sql(text).close(), "moments")
    check_days_of_tokyo(orders)
    people = postgres.create_table("some", pd.DataFrame({"customer_id": ["z"]}), temp=True)
    back = orders.select("customer_id", adjusted_on="ordered_on", amount=-orders.amount / 2)
    found = sl.order_history(orders, "2025-03-02", back, people, time_zone="Asia/Tokyo")
    assert sl.to_frame(found)[["frequency", "monetary"]].to_numpy().tolist() == [[1, 2.5], [0, 0]]


@pytest.mark.slow
def test_moments_of_spark(spark: Any) -> None:
    rows = " union all ".join(
        f"select 'a' as customer_id, timestamp '{one[:-3]}' as ordered_on, 5.0 as amount"
        for one in MOMENTS
    )
    spark._session.sql(rows).createOrReplaceTempView("moments")
    check_days_of_tokyo(spark.table("moments"))


# --- what an engine cannot do ---------------------------------------------------------------------
def test_an_engine_that_cannot_says_so_at_the_start() -> None:
    sqlite = ibis.sqlite.connect()
    sqlite.con.execute("create table o (customer_id text, ordered_on date, amount real)")
    with pytest.raises(KitError) as caught:
        sl.order_history(sqlite.table("o"), AS_OF)
    assert str(caught.value) == (
        "sqlite cannot count this: Compilation rule for 'Median' operation is not defined. DuckDB, "
        "PostgreSQL and Spark can; or take the orders into memory: orders.to_pandas()."
    )
