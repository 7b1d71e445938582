"""How long a million order lines take to a finished register, beside DuckDB on the same file.

    python benchmarks/register.py [--rows 1000000] [--rounds 3]

Each round measures, one after the other and in processes of their own: DuckDB reading the CSV to
Parquet with all columns as text (the least that any reader must do), and `build_register` of the
same file: ids, days and yen to parse, every row accounted for, orders and customers made and
sorted. Printed are the medians and the best of each, the median of the rounds' ratios and the ratio
of the best (other work on the machine only ever adds time), and the peak memory of the second.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

DUCKDB = """
import json, sys, time
import duckdb
start = time.perf_counter()
duckdb.sql("copy (select * from read_csv('lines.csv', all_varchar = true)) to 'text.parquet'")
print(json.dumps({"seconds": time.perf_counter() - start}))
"""
REGISTER = """
import json, time
from segment_lib import open_client
from segment_lib.lists.register import build_register
client = open_client("client.toml", out="out")
start = time.perf_counter()
register = build_register(client)
seconds = time.perf_counter() - start
try:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
except ImportError:  # Windows
    peak = float("nan")
ledger = register.ledger.iloc[0]
print(json.dumps({"seconds": seconds, "peak_mib": peak, "kept": int(ledger["kept"])}))
"""
CLIENT = """
[client]
name = "million"
as_of = 2025-01-01
[lists.order_lines]
files = ["lines.csv"]
[lists.order_lines.columns]
order_id = "注文番号"
customer_id = "顧客番号"
ordered_on = "注文日時"
product = "商品名"
quantity = "数量"
amount = "金額"
"""


def write_lines(folder: Path, rows: int) -> None:
    """Invented order lines: 1.4 lines an order, ten orders a customer, three years, clock times."""
    random = np.random.default_rng(0)
    orders = max(int(rows / 1.4), 1)
    order = np.sort(random.integers(0, orders, rows))
    customer = random.integers(0, max(orders // 10, 1), orders)[order]
    seconds = np.sort(random.integers(0, 3 * 365 * 24 * 3600, orders))[order]
    moments = pd.Timestamp("2022-01-01") + pd.to_timedelta(seconds, unit="s")
    frame = pd.DataFrame(
        {
            "注文番号": [f"A{one:08d}" for one in order],
            "顧客番号": [f"{one:06d}" for one in customer],
            "注文日時": moments.strftime("%Y-%m-%d %H:%M:%S"),
            "商品名": [f"商品{one}" for one in random.integers(0, 2000, rows)],
            "数量": random.integers(1, 6, rows),
            "金額": [f"¥{one:,}" for one in random.integers(1, 2000, rows) * 10],
        }
    )
    frame.to_csv(folder / "lines.csv", index=False)
    (folder / "client.toml").write_text(CLIENT, encoding="utf-8")


def measure(script: str, folder: Path) -> dict[str, float]:
    """Run a script in the folder and read the line of JSON that it prints; it finds no results."""
    shutil.rmtree(folder / "out", ignore_errors=True)
    (folder / "text.parquet").unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measure side by side and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_lines(folder, options.rows)
        size = (folder / "lines.csv").stat().st_size / 1e6
        print(f"{options.rows:,} order lines, {size:.0f} MB of CSV, {options.rounds} rounds")
        rounds = [
            (measure(DUCKDB, folder), measure(REGISTER, folder)) for _ in range(options.rounds)
        ]
    texts = [one["seconds"] for one, _ in rounds]
    built = [other["seconds"] for _, other in rounds]
    ratios = [other / one for one, other in zip(texts, built, strict=True)]
    peak = max(other["peak_mib"] for _, other in rounds)
    assert all(other["kept"] == options.rows for _, other in rounds), "a row was lost"
    print("                                 median     best")
    for what, seconds in (("DuckDB, CSV to Parquet as text", texts), ("build_register", built)):
        print(f"{what:32} {statistics.median(seconds):6.2f} s {min(seconds):6.2f} s")
    ratio, best = statistics.median(ratios), min(built) / min(texts)
    print(f"{'ratio':32} {ratio:6.2f}   {best:6.2f}     (to reach: 3.00)")
    print(f"peak of build_register           {peak:,.0f} MiB           (to stay within: 1,536)")


if __name__ == "__main__":
    main()
