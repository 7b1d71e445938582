"""Does what is printed hold on customers it has not seen? Each claim beside its peer, in one run.

    python benchmarks/printed.py [--data FOLDER] [--worlds 34] [--runs 100]

The public lists are found in --data, or in the folder that SEGMENT_LIB_DATA names. Every figure is
that of the columns a person reads (`NextOrder.transform`), on orders after the day of the forecast.
Peers are run here too: BG/NBD (`OrderFamily` with k = 1, unmodified; its published parameters are
a test), the ratio of days waited to the own mean gap, the kindest constant. Ends with 1 if a Reach
is missed. Rules and late columns have a command of their own: printed_rules.py.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import printed_rules
from held import Held
from held import within as _within
from printed_clusters import cluster_worlds, held_clusters
from printed_movement import held_movement, movement_worlds
from printed_planning import held_planning, planning_cells, planning_summary
from sklearn.metrics import brier_score_loss, roc_auc_score

from segment_lib.approach.worth import WorthBands, expected_profit, model_input
from segment_lib.behaviour.next_order import NextOrder
from segment_lib.behaviour.order_family import OrderFamily
from segment_lib.behaviour.waiting import order_gaps

DAY = pd.Timedelta(days=1)
CELLS = (
    ("online-retail", "2011-06-10", (30, 90, 180)),
    ("online-retail", "2011-07-31", (30, 90)),
    ("online-retail", "2011-09-10", (30, 90)),
    ("cdnow", "1997-09-30", (30, 90, 180)),
    ("cdnow", "1997-12-31", (30, 90, 180)),
)
# Lists of which every method says no more than chance who orders next.
SILENT = (("groceries", "2015-09-30"), ("r-rfm", "2006-06-30"))
GROUPS = ("once", "2 to 3", "4 or more", "waits over two gaps")
LEAST_IN_GROUP = 100


# --- lists ---------------------------------------------------------------------------------------
def order_days_of(name: str, folder: Path) -> pd.DataFrame:
    """One row per customer and day with an order: customer_id, ordered_on."""
    if name == "online-retail":
        columns = ["InvoiceNo", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"]
        text = {"InvoiceNo": "str", "CustomerID": "str"}
        rows = pd.read_csv(
            folder / "online-retail" / "online_retail.csv.gz", usecols=columns, dtype=text
        )
        sold = ~rows["InvoiceNo"].str.startswith("C") & (rows["Quantity"] > 0)
        rows = rows[rows["CustomerID"].notna() & sold & (rows["UnitPrice"] > 0)]
        return _days(rows["CustomerID"], pd.to_datetime(rows["InvoiceDate"]))
    if name == "cdnow":
        rows = pd.read_csv(folder / "cdnow-sample" / "cdnowElog.csv", dtype="str")
        return _days(rows["sampleid"], pd.to_datetime(rows["date"], format="%Y%m%d"))
    if name == "groceries":
        (file,) = sorted((folder / "groceries-members").glob("*.csv*"))[:1]
        rows = pd.read_csv(file, dtype="str")
        return _days(rows["Member_number"], pd.to_datetime(rows["Date"], format="%d-%m-%Y"))
    rows = pd.read_csv(folder / "r-rfm" / "rfm_data_orders.csv", dtype="str")
    return _days(rows["customer_id"], pd.to_datetime(rows["order_date"]))


def _days(customer: pd.Series, on: pd.Series) -> pd.DataFrame:
    rows = pd.DataFrame({"customer_id": customer, "ordered_on": on.dt.normalize()})
    return rows.drop_duplicates().sort_values(["customer_id", "ordered_on"], ignore_index=True)


@dataclass(frozen=True)
class Forecast:
    """One list on one day: `said` holds the history and the printed columns of each customer,
    `wait` the days until their next order (missing if none is seen), `made` their orders of 90
    days, `peer` BG/NBD of the same waits.
    """

    name: str
    said: pd.DataFrame
    wait: pd.Series
    made: pd.Series
    model: NextOrder
    peer: OrderFamily

    @classmethod
    def of(cls, days: pd.DataFrame, name: str, as_of: str, horizon: int) -> Forecast:
        """The forecast of `as_of`, from what was known on that day."""
        today = pd.Timestamp(as_of)
        known = days[days["ordered_on"] <= today].assign(as_of=today)
        gaps = order_gaps(known)
        last = gaps[~gaps["customer_id"].duplicated(keep="last")].set_index("customer_id")
        history = pd.DataFrame(
            {
                "last_order_on": last["ordered_on"],
                "recency_days": last["wait_days"],
                "order_days": last["order_number"],
                "span_days": last["span_before_days"],
            }
        )
        model = NextOrder(horizon).fit(gaps)
        later = days[days["ordered_on"] > today]
        first = later.groupby("customer_id")["ordered_on"].min().reindex(history.index)
        soon = later[later["ordered_on"] <= today + 90 * DAY]
        return cls(
            f"{name} {as_of}",
            history.join(model.transform(history)),
            (first - today) / DAY,
            soon.groupby("customer_id").size().reindex(history.index).fillna(0),
            model,
            OrderFamily((1,), modified=False).fit(gaps),
        )


# --- next order ----------------------------------------------------------------------------------
def next_order_cells(folder: Path) -> pd.DataFrame:
    """One row per list, day and horizon: the printed figures and the peers'."""
    rows = []
    for name, as_of, horizons in CELLS:
        days = order_days_of(name, folder)
        for horizon in horizons:
            rows.append(_cell(Forecast.of(days, name, as_of, horizon), horizon))
    return pd.DataFrame(rows).set_index("cell")


def _cell(one: Forecast, horizon: int) -> dict[str, object]:
    said, back = one.said, one.wait <= horizon
    chance = said["next_chance"].to_numpy()
    peer = one.peer.back_by(said, np.array([float(horizon)]))[:, 0]
    row: dict[str, object] = {"cell": f"{one.name}, {horizon} days", "horizon": horizon}
    for who, forecast in (("printed", chance), ("peer", peer)):
        lowest = forecast <= np.quantile(forecast, 0.2)
        once = (said["order_days"] == 1).to_numpy()
        row |= {
            f"auc {who}": roc_auc_score(back, forecast),
            f"brier {who}": brier_score_loss(back, forecast),
            f"mean {who}": forecast.mean() / back.mean(),
            f"once {who}": abs(forecast[once].mean() - back[once].mean()),
            f"lowest {who}": abs(forecast[lowest].mean() - back[lowest].mean()),
        }
    today = said["last_order_on"] + said["recency_days"] * DAY
    first, middle, last = (
        (said[name] - today) / DAY for name in ("next_from", "next_on", "next_to")
    )
    inside = one.wait.ge(first) & one.wait.le(last)
    row["range holds"] = inside[back].mean()
    for group, those in zip(GROUPS, _groups(said), strict=True):
        n = (those & back).sum()
        row[f"range holds, {group}"] = (
            inside[those & back].mean() if n >= LEAST_IN_GROUP else np.nan
        )
    waits = one.wait[back]
    row["date off"] = (waits - middle[back]).abs().median()
    row["date off, constant"] = (waits - waits.median()).abs().median()
    return row


def _groups(said: pd.DataFrame) -> Iterator[pd.Series]:
    number = said["order_days"]
    gap = said["span_days"] / (number - 1).clip(lower=1)
    yield number == 1
    yield number.between(2, 3)
    yield number >= 4
    yield (number >= 2) & (said["recency_days"] > 2 * gap)


def alarm_cells(folder: Path) -> pd.DataFrame:
    """One row per list and day: who is silent for 90 days, of those with three order days or more.

    Lost orders are those of 90 days at the own pace that were not made; the own pace is told in two
    ways, per day since the first order, and per mean gap.
    """
    rows = []
    for name, as_of, horizons in CELLS:
        if 90 not in horizons:
            continue
        one = Forecast.of(order_days_of(name, folder), name, as_of, 180)
        said = one.said[one.said["order_days"] >= 3]
        made, silent = one.made[said.index], one.made[said.index].eq(0)
        gap = said["span_days"] / (said["order_days"] - 1)
        peer = 1 - one.peer.back_by(said, np.array([90.0]))[:, 0]
        listed = said.index[said["alarm"]]
        by_chance = said["chance_90d"].sort_values(kind="stable").index[: len(listed)]
        row = {
            "cell": one.name,
            "auc printed": roc_auc_score(silent, 1 - said["chance_90d"]),
            "auc peer": roc_auc_score(silent, peer),
            "auc ratio": roc_auc_score(silent, said["recency_days"] / gap.clip(lower=1)),
            "listed": len(listed),
            "tenth": int(np.ceil(len(said) / 10)),
            "silent": silent[listed].mean(),
            "silent, all": silent.mean(),
        }
        age = (said["span_days"] + said["recency_days"]).clip(lower=1)
        for told, pace in (
            ("since first", said["order_days"] / age),
            ("gap", 1 / gap.clip(lower=1)),
        ):
            lost = (90 * pace - made).clip(lower=0)
            row[f"lost, {told}"] = lost[listed].sum() / lost[by_chance].sum()
        rows.append(row)
    return pd.DataFrame(rows).set_index("cell")


def held_next_order(cells: pd.DataFrame) -> list[Held]:
    """What the cells say of each claim."""
    at_90, long = cells[cells["horizon"] == 90], cells[cells["horizon"] >= 90]
    widest = cells.groupby(cells.index.str.rsplit(",", n=1).str[0])["horizon"].transform("max")
    by_group = cells.loc[
        cells["horizon"] == widest, [f"range holds, {group}" for group in GROUPS]
    ].stack()
    ahead = cells["auc printed"] - cells["auc peer"]
    off = cells["date off"] / cells["date off, constant"]
    found = [
        _within(
            "range, the longest horizon",
            cells.loc[cells["horizon"] == widest, "range holds"],
            0.76,
            0.88,
        ),
        _within("range, 90 days", at_90["range holds"], 0.75, 0.88),
        _within("range, by group", by_group, 0.72, 1.0),
        _within("AUC less BG/NBD's, every cell", ahead, -0.005, 1.0),
        _within("AUC less BG/NBD's, mean", ahead.mean(), 0.005, 1.0),
        _within(
            "Brier less BG/NBD's, mean",
            (cells["brier printed"] - cells["brier peer"]).mean(),
            -1.0,
            0.0,
        ),
        _within(
            "share of cells with a mean chance within 20 %",
            cells["mean printed"].between(0.8, 1.2).mean(),
            0.9,
            1.0,
        ),
        _within("date off / constant, every cell", off, 0.0, 1.0),
        _within(
            "date off / constant, mean",
            cells["date off"].mean() / cells["date off, constant"].mean(),
            0.0,
            0.9,
        ),
    ]
    for who in ("once", "lowest"):
        mean = long[f"{who} printed"].mean()
        found += [
            _within(f"error of the chance, {who}, 90 and 180 days, mean", mean, 0.0, 0.045),
            _within(f"the same less BG/NBD's, {who}", mean - long[f"{who} peer"].mean(), -1.0, 0.0),
        ]
    return found


def held_alarm(cells: pd.DataFrame) -> list[Held]:
    """What the alarm lists were worth."""
    best = cells[["auc peer", "auc ratio"]].max(axis=1)
    return [
        _within("alarm: AUC less the better peer's", cells["auc printed"] - best, -0.01, 1.0),
        _within(
            "alarm list: lost orders / those of 1 - chance, since first",
            cells["lost, since first"],
            1.4,
            np.inf,
        ),
        _within("alarm list: silent, less all", cells["silent"] - cells["silent, all"], 0.05, 1.0),
        _within("alarm list: listed / a tenth", cells["listed"] / cells["tenth"], 0.0, 1.0),
    ]


def held_silence(folder: Path) -> list[Held]:
    """Where the past does not tell who orders next, nobody is ranked and there is no alarm."""
    found = []
    for name, as_of in SILENT:
        one = Forecast.of(order_days_of(name, folder), name, as_of, 180)
        ranks, alarms = one.said["chance_90d"].nunique(), int(one.said["alarm"].sum())
        says = f"{ranks} different chances, {alarms} alarms (AUC {one.model.test_.auc:.3f})"
        found.append(Held(f"no rank, no alarm: {name}", says, "1 and 0", (ranks, alarms) == (1, 0)))
    return found


# --- the list with a warranty --------------------------------------------------------------------
VALUE, COST = 100, 12
SIZES = {2_000: (5, 4_450, 0.41), 8_000: (5, 4_500, 0.73), 20_000: (3, 4_640, 0.79)}
TESTED_ON = 12_000
KINDS = (
    ("no signal", 1.1), ("no signal", 0.9), ("weak", 1.5), ("weak", 1.0), ("strong", 1.0),
    ("strong", 0.5),
)  # fmt: skip
PULL = {"no signal": 0.0, "weak": 0.5, "strong": 1.5}


def list_on_bank(folder: Path) -> pd.DataFrame:
    """Per size and seed: profit per 1,000 of the decision at expected value (left out: wanted), of
    its own model at plain expected value, and which share is left out and warranted. Without
    `duration`, which is known only after the call; judged on 12,000 others.
    """
    outer = zipfile.ZipFile(folder / "bank-marketing" / "bank+marketing.zip")
    inner = zipfile.ZipFile(io.BytesIO(outer.read("bank-additional.zip")))
    raw = io.BytesIO(inner.read("bank-additional/bank-additional-full.csv"))
    bank = pd.read_csv(raw, sep=";").drop(columns="duration")
    success = bank.pop("y").eq("yes")
    rows = []
    for size, (seeds, *_reach) in SIZES.items():
        for seed in range(seeds):
            order = np.random.default_rng(seed).permutation(len(bank))
            known, others = order[:size], order[size : size + TESTED_ON]
            worth = WorthBands(COST / VALUE, seed)
            worth.fit(bank.iloc[known], success.iloc[known].astype("boolean"))
            asked, happened = bank.iloc[others], success.iloc[others]
            found = worth.transform(asked)
            own = worth.score(model_input(asked)) >= COST / VALUE
            rows.append(
                {
                    "size": size,
                    "seed": seed,
                    "profit": expected_profit(happened, ~found["wanted"], VALUE, COST),
                    "own model": expected_profit(happened, own, VALUE, COST),
                    "everybody": expected_profit(happened, happened | True, VALUE, COST),
                    "left out": found["wanted"].mean(),
                    "warranted": found["warranted"].mean(),
                    "rate, warranted": happened[found["warranted"]].mean(),
                }
            )
    return pd.DataFrame(rows)


def list_in_worlds(worlds: int) -> pd.DataFrame:
    """Per kind of world, break-even and number of customers learned from: in which share of worlds
    somebody was warranted, and in which the group's true rate was not below break-even.
    """
    rows = []
    for even in (0.06, 0.12, 0.273):
        for n in (600, 2_000):
            for kind, base in KINDS:
                told = [_world(kind, base * even, even, n, seed) for seed in range(worlds)]
                rows.append(
                    {
                        "kind": f"{kind}, {base} x break-even", "break_even": even, "n": n,
                        "listed": np.mean([rate is not None for rate in told]),
                        "broken": np.mean([rate is not None and rate >= even for rate in told]),
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def _world(kind: str, base: float, even: float, n: int, seed: int) -> float | None:
    """The true rate of the warranted of one world; None if nobody is."""
    draw = np.random.default_rng([seed, n])
    words = draw.choice(list("wxyz"), n + 4_000)
    people = pd.DataFrame(draw.normal(size=(len(words), 3)), columns=list("abc")).assign(w=words)
    pull = PULL[kind] * (people["a"] + 0.5 * (words == "x") - 0.5 * (words == "y"))
    low, high = -15.0, 10.0
    for _step in range(50):  # the odds at which the mean chance is the base
        middle = (low + high) / 2
        below = (1 / (1 + np.exp(-(middle + pull)))).mean() < base
        low, high = (middle, high) if below else (low, middle)
    chance = 1 / (1 + np.exp(-(middle + pull)))
    signed = pd.Series(draw.random(len(people)) < chance, dtype="boolean")
    worth = WorthBands(even, seed).fit(people.head(n), signed.head(n))
    group = worth.transform(people.iloc[n:])["warranted"]
    return float(chance.iloc[n:][group].mean()) if group.any() else None


def held_list(bank: pd.DataFrame, worlds: pd.DataFrame) -> list[Held]:
    """What the list was worth, and whether its promise was kept."""
    found = []
    for size, (_seeds, profit, left_out) in SIZES.items():
        rows = bank[bank["size"] == size]
        ratio = rows["profit"] / rows["own model"]
        found += [
            _within(
                f"bank, {size:,}: profit per 1,000, mean", rows["profit"].mean(), profit, np.inf
            ),
            _within(f"bank, {size:,}: profit / its own model's, mean", ratio.mean(), 0.97, np.inf),
            _within(f"bank, {size:,}: the same, every seed", ratio, 0.92, np.inf),
            _within(f"bank, {size:,}: left out", rows["left out"].mean(), left_out, 1.0),
        ]
    if len(worlds):
        hopeless = worlds[worlds["kind"] == "no signal, 0.9 x break-even"]
        found += [
            _within("worlds: promise broken, every kind", worlds["broken"], 0.0, 0.05),
            _within("worlds, no signal at .9: a list, mean", hopeless["listed"].mean(), 0.2, 1.0),
        ]
    return found


# --- all of it -----------------------------------------------------------------------------------
def main(folder: Path, worlds: int, runs: int) -> int:
    """Measure and print; 1 if a Reach is missed."""
    os.environ["SEGMENT_LIB_DATA"] = str(folder)  # client.toml of public lists name it
    cells, alarms = next_order_cells(folder), alarm_cells(folder)
    bank, simulated = list_on_bank(folder), list_in_worlds(worlds) if worlds else pd.DataFrame()
    moved, grouped = movement_worlds(2 * runs), cluster_worlds(runs, folder)
    with pd.option_context("display.width", 250, "display.max_columns", None):
        print(cells.drop(columns="horizon").T.round(3).to_string())
        print(alarms.T.round(3).to_string())
        print(bank.round(3).to_string(index=False))
        print(simulated.round(3).to_string(index=False))
        print(moved.round(3).to_string(index=False))
        print(grouped.round(3).to_string(index=False))
    held = [*held_next_order(cells), *held_alarm(alarms), *held_silence(folder)]
    held += [*held_list(bank, simulated), *held_movement(moved), *held_clusters(grouped)]
    ahead = planning_cells()
    print(planning_summary(ahead).round(3).to_string(index=False))
    held += held_planning(ahead)
    print(pd.DataFrame(held).sort_values("holds", kind="stable").to_string(index=False))
    missed = not all(one.holds for one in held)
    return max(int(missed), printed_rules.main(folder, seeds=10, shuffles=5 * runs))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Does what is printed hold?")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("SEGMENT_LIB_DATA", "")))
    parser.add_argument(
        "--worlds",
        type=int,
        default=0,
        help="simulated worlds of each of 36 settings (34: half an hour)",
    )
    parser.add_argument(
        "--runs", type=int, default=20, help="invented lists a kind for clusters (twice for orders)"
    )
    asked = parser.parse_args()
    sys.exit(main(asked.data, asked.worlds, asked.runs))
