"""How long it takes from a register to one row per customer, beside other ways of counting.

    python benchmarks/speed.py [--lines 1_000_000] [--rounds 3] [--without pandas ...]

Invented order lines: 1.4 lines an order, three years, customers who order at very different rates;
two customers in a hundred send orders back. Every way runs in a process of its own, one after the
other in each round. Printed are medians of wall and cpu seconds, both over the plain GROUP BY of
the same round, and the peak memory. The full set is the history (16 columns), scores, segments and
deciles; the ways from lines count what they can of the same columns, without returns.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

AS_OF = date(2024, 12, 31)
CUTS = {"recency": (365, 180, 90, 30), "frequency": (2, 3, 6, 12)}
MONEY_CUTS = (20_000, 50_000, 100_000, 200_000)
COLUMNS = ("order_id", "customer_id", "ordered_on", "amount", "campaign", "margin")
TOML = '[client]\nname = "speed"\nas_of = 2024-12-31\n[lists.order_lines]\nfiles = ["lines.csv"]\n'
TOML += "[lists.order_lines.columns]\n" + "".join(f'{one} = "{one}"\n' for one in COLUMNS)
KEPT = {False: "states_*_adjusted-*", True: "states_*_everybody-*"}
PART = """create table part_0 as select *, row_number() over () as _row, true as _own_row,
'kept'::enum('kept', 'set aside', 'folded') as _fate,
'order_lines'::enum('order_lines', 'adjustments', 'usage') as _goes_to, false as _cancelled
from 'lines.parquet'"""
BACK = """copy (select customer_id, order_id, ordered_on + 20 as adjusted_on, -amount as amount,
'return' as kind from '{}' where hash(customer_id) % 50 = 0 and hash(order_id) % 4 = 0
order by customer_id, order_id) to 'adjustments.parquet'"""
SQL = """
with orders as (
    select order_id, customer_id, min(ordered_on) as day, sum(amount) as amount,
        min(campaign) as campaign, sum(margin) as margin
    from 'lines.parquet' where ordered_on <= date '2024-12-31' group by all),
days as (select distinct customer_id, day from orders),
gaps as (select customer_id, day - lag(day) over (partition by customer_id order by day) as gap
    from days),
rhythm as (select customer_id, count(*) as order_days, median(gap) as gap_days,
    max(gap) as longest_gap_days from gaps group by all),
money as (select customer_id, min(day) as first_order_on, max(day) as last_order_on,
    count(*) as frequency, sum(amount)::double as monetary, sum(margin)::double as margin_sum,
    sum(amount) filter (campaign is not null)::double as lured from orders group by all),
rows as (select *, date '2024-12-31' - last_order_on as recency_days,
    date '2024-12-31' - first_order_on as tenure_days, last_order_on - first_order_on as span_days,
    monetary / frequency as order_value, coalesce(lured, 0) / monetary as campaign_share
    from money join rhythm using (customer_id))
select *, 1 + (recency_days <= 365)::int + (recency_days <= 180)::int + (recency_days <= 90)::int
        + (recency_days <= 30)::int as r,
    1 + (frequency >= 2)::int + (frequency >= 3)::int + (frequency >= 6)::int
        + (frequency >= 12)::int as f,
    1 + (monetary >= 20000)::int + (monetary >= 50000)::int + (monetary >= 100000)::int
        + (monetary >= 200000)::int as m,
    ntile(10) over (order by monetary desc, frequency desc, recency_days, customer_id) as decile
from rows"""


def write_lines(lines: int) -> None:
    """The lines, typed, as Parquet; money in DECIMAL(18, 4)."""
    random = np.random.default_rng(0)
    orders, people = int(lines / 1.4), max(lines // 10, 1)
    rate = random.gamma(0.75, 1, people)
    customer = random.choice(people, orders, p=rate / rate.sum())
    day = random.integers(0, 3 * 365, orders) + (date(2022, 1, 1) - date(1970, 1, 1)).days
    order = np.sort(random.integers(0, orders, lines))

    def money(most: int) -> pa.Array:
        tens = pa.array((random.integers(1, most, lines) * 10).astype("int32"))
        return tens.cast(pa.decimal128(14, 4)).cast(pa.decimal128(18, 4))

    columns = {
        "order_id": pa.array(order).cast(pa.string()),
        "customer_id": np.char.add("C", np.char.zfill(customer[order].astype(str), 8)),
        "ordered_on": pa.array(day[order].astype("int32")).cast(pa.date32()),
        "amount": money(2000),
        "campaign": np.where(random.random(lines) < 0.1, "tv", None),
        "margin": money(600),
    }
    pq.write_table(pa.table(columns), "lines.parquet", row_group_size=131_072)
    Path("client.toml").write_text(TOML, encoding="utf-8")


# --- the ways ---
def write_orders() -> Callable[[], Any]:
    """Typed lines in the engine to the orders and customers of a register, written."""
    from segment_lib.client import open_client
    from segment_lib.lists.rows.assemble import assemble
    from segment_lib.lists.rows.gathered import Engine, GatheredList
    from segment_lib.lists.rows.store import write_table

    client, engine = open_client("client.toml", out="out"), Engine(Path())
    engine.run(PART)
    engine.run("create table part_0_aside as select 0::bigint as _row, '' as _reason where false")
    lines = GatheredList("order_lines", "order_lines", "part_0", COLUMNS, [], {}, {})

    def run() -> int:
        queries = assemble(client, engine, [lines])
        made = ("customers", "orders")
        files = {one: write_table(engine.run, queries[one], Path(one)) for one in made}
        Path("files.json").write_text(json.dumps(files))
        return pq.read_metadata(files["orders"]).num_rows

    return run


def register_of_lines() -> tuple[Any, Any]:
    """The client, and the register of what `write_orders` wrote, with returns beside it."""
    from segment_lib.client import open_client
    from segment_lib.columns import TABLES
    from segment_lib.lists.register import Register
    from segment_lib.lists.rows.store import table_schema

    client = open_client("client.toml", out="out")
    files = json.loads(Path("files.json").read_text())
    if not Path("adjustments.parquet").exists():
        duckdb.execute(BACK.format(files["orders"]))
    return client, Register(
        folder=Path(), ledger=pd.DataFrame(), told=(), fingerprint="", client_fingerprint="",
        files=files | {"adjustments": "adjustments.parquet"}, sources=pd.DataFrame(), merged={},
        schemas={name: table_schema(client, name) for name in TABLES},
    )  # fmt: skip


def kit(returns: str, more: bool) -> Callable[[], Any]:
    """The kit, from the register."""
    import segment_lib as sl
    from segment_lib.behaviour import ScoreCuts, assign_deciles, name_segments

    _client, register = register_of_lines()
    # What is imported on first use is not timed.
    ten = {"customer_id": [*"abcdefghij"], "ordered_on": "2024-01-01", "amount": range(1, 11)}
    small = sl.order_history(pd.DataFrame(ten), AS_OF)
    name_segments(ScoreCuts().fit_transform(small))
    assign_deciles(small)

    def run() -> Any:
        rows = sl.to_frame(sl.order_history(register, AS_OF, returns=returns), indexed=True)
        if not more:
            return rows
        cuts = ScoreCuts(CUTS["recency"], CUTS["frequency"], MONEY_CUTS).fit(rows)
        scores = cuts.transform(rows)
        segments, deciles = name_segments(scores, cuts=cuts), assign_deciles(rows)
        return rows.assign(**scores, segment=segments, decile=deciles)

    return run


def states(everybody: bool) -> Callable[[], Any]:
    """State rows of who has adjustments, or of everybody: made and kept."""
    from segment_lib.behaviour import lay_out_days
    from segment_lib.behaviour.history.states import states_of_adjusted

    client, register = register_of_lines()

    def run() -> int:
        made = lay_out_days(register, client) if everybody else states_of_adjusted(register.by_key)
        assert made is not None
        return sum(pq.read_metadata(one).num_rows for one in Path().glob(KEPT[everybody]))

    return run


def months() -> Callable[[], Any]:
    """36 month-ends, one after another: a history each, and its scores by cut points stated."""
    from segment_lib.behaviour import ScoreCuts, histories_on

    client, register = register_of_lines()
    ends = [day.date() for day in pd.date_range("2022-01-31", AS_OF, freq="ME")]

    def run() -> int:
        cuts, heads = None, 0
        for _day, rows in histories_on(register, client, ends):
            if cuts is None:
                cuts = ScoreCuts(CUTS["recency"], CUTS["frequency"], MONEY_CUTS).fit(rows)
            heads += len(rows.assign(**cuts.transform(rows)))
        return heads

    return run


def clusters() -> Callable[[], Any]:
    """Behaviour clusters with all gates; the history is at hand."""
    from segment_lib.behaviour import BehaviourClusters

    rows = kit("net", more=False)()
    return lambda: BehaviourClusters().fit(rows).transform(rows)


def sql(query: str) -> Callable[[], Any]:
    """A query by hand on the lines."""
    return lambda: duckdb.sql(query).df()


def polars() -> Callable[[], Any]:
    """Polars, streaming, from the lines."""
    import polars as pl

    def run() -> Any:
        c, day = pl.col, pl.lit(AS_OF)
        lines = pl.scan_parquet("lines.parquet").filter(c("ordered_on") <= day)
        orders = lines.group_by("customer_id", "order_id").agg(
            c("ordered_on").min(), c("amount").sum(), c("campaign").min(), c("margin").sum()
        )
        gap = (c("ordered_on") - c("ordered_on").shift().over("customer_id")).dt.total_days()
        days = orders.select("customer_id", "ordered_on").unique().sort("customer_id", "ordered_on")
        rhythm = days.with_columns(gap=gap).group_by("customer_id").agg(
            pl.len().alias("order_days"), c("gap").median().alias("gap_days"),
            c("gap").max().alias("longest_gap_days"),
        )  # fmt: skip
        rows = orders.group_by("customer_id").agg(
            c("ordered_on").min().alias("first_order_on"), pl.len().alias("frequency"),
            c("ordered_on").max().alias("last_order_on"),
            c("amount").sum().cast(pl.Float64).alias("monetary"),
            c("amount").filter(c("campaign").is_not_null()).sum().cast(pl.Float64).alias("lured"),
            c("margin").sum().cast(pl.Float64).alias("margin_sum"),
        ).join(rhythm, on="customer_id").with_columns(
            recency_days=(day - c("last_order_on")).dt.total_days(),
            tenure_days=(day - c("first_order_on")).dt.total_days(),
            span_days=(c("last_order_on") - c("first_order_on")).dt.total_days(),
            order_value=c("monetary") / c("frequency"),
            campaign_share=c("lured") / c("monetary"),
        )  # fmt: skip
        r = [(c("recency_days") <= cut).cast(pl.Int8) for cut in CUTS["recency"]]
        f = [(c("frequency") >= cut).cast(pl.Int8) for cut in CUTS["frequency"]]
        m = [(c("monetary") >= cut).cast(pl.Int8) for cut in MONEY_CUTS]
        rank = c("monetary").rank("ordinal", descending=True) - 1
        scored = rows.with_columns(
            r=1 + pl.sum_horizontal(r), f=1 + pl.sum_horizontal(f), m=1 + pl.sum_horizontal(m),
            decile=10 * rank // pl.len() + 1,
        )  # fmt: skip
        return scored.collect(engine="streaming").to_pandas()

    return run


def pandas(orders_file: bool) -> Callable[[], Any]:
    """Careful pandas: from the orders of the register, or from the lines; no Python per row."""
    used = ["order_id", "customer_id", "ordered_on", "amount", "campaign", "margin"]

    def run() -> pd.DataFrame:
        name = json.loads(Path("files.json").read_text())["orders"]
        table = pq.read_table(name if orders_file else "lines.parquet", columns=used)
        for column in ("amount", "margin"):
            at = table.schema.get_field_index(column)
            table = table.set_column(at, column, table[column].cast(pa.float64()))
        orders = table.to_pandas(date_as_object=False)
        orders = orders[orders["ordered_on"] <= pd.Timestamp(AS_OF)]
        if not orders_file:
            first = {one: (one, "min") for one in ("ordered_on", "campaign")}
            sums = {one: (one, "sum") for one in ("amount", "margin")}
            by_order = orders.groupby(["customer_id", "order_id"], sort=False)
            orders = by_order.agg(**first, **sums).reset_index()
        lured = orders["amount"].where(orders["campaign"].notna(), 0.0)
        by = orders.assign(lured=lured).groupby("customer_id")
        rows = by.agg(
            first_order_on=("ordered_on", "min"), last_order_on=("ordered_on", "max"),
            frequency=("amount", "size"), monetary=("amount", "sum"), lured=("lured", "sum"),
            margin_sum=("margin", "sum"),
        )  # fmt: skip
        keys = ["customer_id", "ordered_on"]
        days = orders[keys].drop_duplicates().sort_values(keys)
        days["gap"] = (
            days["ordered_on"]
            .diff()
            .dt.days.where(days["customer_id"].eq(days["customer_id"].shift()))
        )
        gaps = days.groupby("customer_id")["gap"]
        today = pd.Timestamp(AS_OF)
        rows = rows.assign(
            order_days=gaps.size(), gap_days=gaps.median(), longest_gap_days=gaps.max(),
            recency_days=(today - rows["last_order_on"]).dt.days,
            tenure_days=(today - rows["first_order_on"]).dt.days,
            span_days=(rows["last_order_on"] - rows["first_order_on"]).dt.days,
            order_value=rows["monetary"] / rows["frequency"],
            campaign_share=rows["lured"] / rows["monetary"],
        )  # fmt: skip
        rows["r"] = 1 + sum(rows["recency_days"].le(cut).astype(int) for cut in CUTS["recency"])
        rows["f"] = 1 + sum(rows["frequency"].ge(cut).astype(int) for cut in CUTS["frequency"])
        rows["m"] = 1 + sum(rows["monetary"].ge(cut).astype(int) for cut in MONEY_CUTS)
        in_order = rows.sort_values(["monetary", "frequency"], ascending=False).index
        places = pd.Series(np.arange(len(rows)), in_order)
        return rows.assign(decile=10 * places // len(rows) + 1)

    return run


WAYS: dict[str, tuple[str, Callable[[], Callable[[], Any]]]] = {
    "group": (
        "plain GROUP BY customer, SUM (DuckDB, from lines)",
        lambda: sql("select customer_id, sum(amount) from 'lines.parquet' group by customer_id"),
    ),
    "orders": ("typed lines to written orders, once", write_orders),
    "adjusted": ("state rows of who has returns, once", lambda: states(everybody=False)),
    "history": ("kit, history", lambda: kit("net", more=False)),
    "full": ("kit, full set", lambda: kit("net", more=True)),
    "gross": ("kit, full set, returns ignored", lambda: kit("ignore", more=True)),
    "clusters": ("kit, clusters with all gates", clusters),
    "states": ("state rows of everybody, once", lambda: states(everybody=True)),
    "full_states": ("kit, full set from state rows", lambda: kit("net", more=True)),
    "months": ("kit, 36 month-ends with scores from state rows", months),
    "sql": ("SQL by hand, from lines", lambda: sql(SQL)),
    "polars": ("Polars streaming, from lines", polars),
    "pandas": ("careful pandas, from lines", lambda: pandas(orders_file=False)),
    "pandas_orders": ("careful pandas, from orders", lambda: pandas(orders_file=True)),
}


# --- measuring ---
def measure_here(name: str) -> None:
    """Run one way in this process, and print what it took."""
    run = WAYS[name][1]()
    wall, cpu = time.perf_counter(), time.process_time()
    found = run()
    took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    status = Path("/proc/self/status")
    peak = status.read_text().split("VmHWM:")[1].split()[0] if status.exists() else "nan"
    heads = found if isinstance(found, int) else len(found)
    print(json.dumps(took | {"peak": float(peak) / 1024, "heads": heads}))


def measure(name: str, folder: str) -> dict[str, float]:
    """Run one way in a process of its own."""
    call = [sys.executable, "-W", "ignore", __file__, "--one", name]
    done = subprocess.run(call, cwd=folder, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure_all(ways: list[str], folder: str) -> dict[str, dict[str, float]]:
    """One round; what is made on first use is made anew in each."""
    for one in (kept for name in KEPT.values() for kept in Path().glob(name)):
        one.unlink()
    return {name: measure(name, folder) for name in ways}


def main() -> None:
    """Measure side by side and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without", nargs="*", default=[], choices=WAYS)
    parser.add_argument("--one", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        return measure_here(options.one)
    ways = [name for name in WAYS if name not in options.without]
    if "polars" in ways and importlib.util.find_spec("polars") is None:
        ways.remove("polars")
        print("Polars is not installed here: left out")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        write_lines(options.lines)
        rounds = [measure_all(ways, folder) for _ in range(options.rounds)]
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    heads = int(rounds[0]["group"]["heads"])
    print(f"{options.lines:,} lines, {heads:,} customers, {options.rounds} rounds, {load}")
    print(f"{'':50} wall s   cpu s  wall ×   cpu ×  peak MiB")
    for name in ways:
        wall, cpu, wall_ratio, cpu_ratio = (
            statistics.median(one[name][what] / one[under][what] if under else one[name][what]
                              for one in rounds)
            for what, under in (("wall", ""), ("cpu", ""), ("wall", "group"), ("cpu", "group"))
        )  # fmt: skip
        peak = max(one[name]["peak"] for one in rounds)
        row = f"{wall:6.2f}  {cpu:6.2f}  {wall_ratio:6.2f}  {cpu_ratio:6.2f}  {peak:8,.0f}"
        print(f"{WAYS[name][0]:50} {row}")


if __name__ == "__main__":
    main()
