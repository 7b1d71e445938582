"""Does what is printed of who ordered hold in worlds where nobody changed, and where some stopped?

    python benchmarks/printed_movement.py [--runs 200]

Five unchanging worlds: orders come at random (Poisson), by a rhythm (Erlang 3), in clumps, by
season, and with people leaving at a constant rate. Customers come evenly; of the oldest the list,
two years long, does not show the beginning. A claim is a row of `ordered_beside_expected` that says
more or less. Planted: a fifth of those with two order days or more stop where the window begins.
The peer is the usual practice: a two-sample test (|z| > 2) of the share who ordered against the
window before. `printed.py` calls this.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date

import numpy as np
import pandas as pd
from held import Held, within

from segment_lib.behaviour.movement import recency_rule
from segment_lib.behaviour.who_ordered import ordered_beside_expected

LENGTH, DAYS = 91, 730
AS_OF = date(2025, 12, 31)
RULE = recency_rule((LENGTH, 2 * LENGTH), ("active", "cooling", "quiet"))
WORLDS = ("poisson", "erlang", "clumpy", "seasonal", "drop-out")
CUSTOMERS, MORE_CUSTOMERS = 800, 2_000  # more where people leave anyway
MEAN_GAP = 60.0  # days between two orders, in the middle; each customer's own pace differs
LIFE = 365.0  # days until a customer leaves, on average
WAVE, YEAR = 0.4, 364
STOPPING = 0.2
MOST_ORDERS = 400


def order_days(world: str, customers: int, seed: int, stopping: float = 0.0) -> pd.DataFrame:
    """One row per customer and day with an order: customer_id, ordered_on."""
    draw = np.random.default_rng([seed, WORLDS.index(world), customers])
    begins = draw.uniform(-DAYS, DAYS, 3 * customers)
    who, at = _orders(world, begins, draw)
    seen = at >= 0
    days = pd.DataFrame({"customer_id": who[seen], "day": at[seen].astype("int64")})
    days = days[days["customer_id"].isin(pd.unique(np.sort(who[seen]))[:customers])]
    days = days.drop_duplicates()
    start = DAYS - 1 - LENGTH
    many = days[days["day"] <= start].groupby("customer_id").size().loc[lambda n: n > 1].index
    stops = many[draw.random(len(many)) < stopping]
    days = days[~(days["customer_id"].isin(stops) & (days["day"] > start))]
    first = pd.Timestamp(AS_OF) - pd.Timedelta(days=DAYS - 1)
    return days.assign(ordered_on=first + pd.to_timedelta(days.pop("day"), unit="D"))


def _orders(
    world: str, begins: np.ndarray, draw: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Who ordered, and on which day of the world; day 0 is the first of the list."""
    size = len(begins), MOST_ORDERS
    pace = MEAN_GAP / draw.gamma(2.0, 0.5, len(begins)).clip(0.05)
    gaps = draw.gamma(3.0, 1 / 3, size) if world == "erlang" else draw.exponential(1.0, size)
    if world == "clumpy":  # three gaps in four are short
        gaps *= np.where(draw.random(size) < 0.75, 0.2, 3.4)
    often = 1 + WAVE if world == "seasonal" else 1.0  # thinned below
    later = begins[:, None] + (gaps * pace[:, None] / often).cumsum(axis=1)
    happens = later < DAYS
    if world == "seasonal":
        wave = 1 + WAVE * np.cos(2 * np.pi * later / YEAR)
        happens &= draw.random(size) * often < wave
    if world == "drop-out":
        happens &= later < (begins + draw.exponential(LIFE, len(begins)))[:, None]
    at, happens = np.column_stack([begins, later]), np.column_stack([begins < DAYS, happens])
    return np.broadcast_to(np.arange(len(begins))[:, None], at.shape)[happens], at[happens]


def usual_practice(days: pd.DataFrame) -> bool:
    """Whether the share who ordered differs from that of the window before, |z| > 2."""
    end = pd.Timestamp(AS_OF)
    both = []
    for start in (end - pd.Timedelta(days=LENGTH), end - pd.Timedelta(days=2 * LENGTH)):
        known = days.loc[days["ordered_on"] <= start, "customer_id"].unique()
        until = start + pd.Timedelta(days=LENGTH)
        inside = days["ordered_on"].gt(start) & days["ordered_on"].le(until)
        both.append((np.isin(known, days.loc[inside, "customer_id"]).sum(), len(known)))
    (a, n), (b, m) = both
    pooled = (a + b) / (n + m)
    return bool(abs(a / n - b / m) > 2 * np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m)))


def movement_worlds(runs: int) -> pd.DataFrame:
    """One row per world and number of customers: in which share of the runs something is claimed
    where nobody changed, and where a fifth stopped in which it is seen; of all customers the share
    who ordered, the smallest fall that would have been seen, whether a season was learned.
    """
    sizes = [(world, CUSTOMERS) for world in WORLDS] + [("drop-out", MORE_CUSTOMERS)]
    return pd.DataFrame([_world(world, customers, runs) for world, customers in sizes])


def _world(world: str, customers: int, runs: int) -> dict[str, object]:
    still = [order_days(world, customers, seed) for seed in range(runs)]
    stopped = [order_days(world, customers, seed, STOPPING) for seed in range(runs)]
    told, seen = (
        [ordered_beside_expected(days, AS_OF, RULE, LENGTH) for days in some]
        for some in (still, stopped)
    )
    everybody = pd.concat(told).query("before == 'all'")
    return {
        "world": world,
        "customers": customers,
        "claims": np.mean([one["compared"].isin(["more", "less"]).any() for one in told]),
        "stop seen": np.mean([one["compared"].eq("less").any() for one in seen]),
        "claims, peer": np.mean([usual_practice(days) for days in still]),
        "stop seen, peer": np.mean([usual_practice(days) for days in stopped]),
        "ordered": everybody["ordered"].sum() / everybody["customers"].sum(),
        "smallest fall": everybody["smallest_fall"].median(),
        "season learned": everybody["season"].eq("learned").mean(),
        "deviation of z": everybody["z"].std(),
    }


def held_movement(worlds: pd.DataFrame) -> list[Held]:
    """What the worlds say of each claim."""
    found = []
    for row in worlds.to_dict("records"):
        name = f"movement, {row['world']}, {row['customers']:,}"
        found.append(within(f"{name}: claims where nobody changed", row["claims"], 0.0, 0.05))
        if row["world"] != "drop-out" or row["customers"] == MORE_CUSTOMERS:
            found.append(within(f"{name}: a fifth who stop is seen", row["stop seen"], 0.9, 1.0))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Does what is said of who ordered hold?")
    parser.add_argument("--runs", type=int, default=200)
    worlds = movement_worlds(parser.parse_args().runs)
    held = held_movement(worlds)
    with pd.option_context("display.width", 250, "display.max_columns", None):
        print(worlds.round(3).to_string(index=False))
        print(pd.DataFrame(held).to_string(index=False))
    sys.exit(0 if all(one.holds for one in held) else 1)
