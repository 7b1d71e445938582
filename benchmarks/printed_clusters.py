"""Is "groups" said where there are groups, and "a continuum" where there is none?

    python benchmarks/printed_clusters.py [--runs 100] [--data FOLDER]

What is judged is the first word of the sentence that notebook 06 prints (`natural` of
`clusters_view`). Continua: each customer has an own pace, drawn from one gamma distribution, and
orders at random (gamma-Poisson), may leave after each order (BG/NBD), or orders in clumps. Planted:
two to four groups of behaviour whose centres lie four spreads apart. Real: Online Retail and the
CDNOW sample, under five seeds. The peer is the usual practice: the largest K that is stable
(bootstrap agreement and prediction strength, as the gates ask it) is called groups.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from held import Held, within

from segment_lib.behaviour.clusters.estimator import BehaviourClusters
from segment_lib.behaviour.clusters.gates import GATES

FEATURES = ["recency_days", "frequency", "monetary"]
CONTINUA = ("gamma-Poisson", "BG/NBD", "clumpy")
PLANTED = "planted groups"
CUSTOMERS, SEEN_DAYS, MEAN_GAP = 800, 365, 60.0
APART = 4.0  # spreads between two neighbouring centres
SEEDS = 5
LISTS = (("online-retail", "2011-09-10"), ("cdnow", "1997-12-31"))


def continuum(kind: str, seed: int) -> pd.DataFrame:
    """Customers of one cloud: paces differ, nobody belongs to a group."""
    draw = np.random.default_rng([seed, CONTINUA.index(kind)])
    rows = []
    for pace in np.maximum(draw.gamma(1.0, 1 / MEAN_GAP, CUSTOMERS), 1e-3):
        on, days, leaves = draw.uniform(0, 90), [], draw.beta(1, 4)
        while on < SEEN_DAYS:
            days.append(on)
            if kind == "BG/NBD" and draw.random() < leaves:
                break
            clump = kind == "clumpy" and draw.random() < 0.5
            on += draw.exponential(5) if clump else draw.exponential(1 / pace)
        spent = np.exp(draw.normal(8, 0.6) + draw.normal(0, 0.4, len(days))).sum()
        rows.append((int(SEEN_DAYS - days[-1]), len(days), spent))
    return pd.DataFrame(rows, columns=FEATURES)


def planted(seed: int) -> pd.DataFrame:
    """Two to four groups on the log scale, each at least an eighth of the customers."""
    draw = np.random.default_rng([seed, len(CONTINUA)])
    groups = int(draw.integers(2, 5))
    spread = draw.uniform(0.2, 0.3)
    sizes = draw.multinomial(CUSTOMERS // 2, [1 / groups] * groups) + CUSTOMERS // 2 // groups
    steps = np.arange(groups)[:, None] * spread * APART * np.array([-1.0, 1.0, 1.0]) / np.sqrt(3)
    centres = np.array([5.5, 1.6, 8.0]) + steps
    logs = np.repeat(centres, sizes, axis=0)
    logs = logs + draw.normal(0, spread, logs.shape)
    rows = pd.DataFrame(np.exp(logs), columns=FEATURES)
    return rows.assign(
        recency_days=rows["recency_days"].round(), frequency=rows["frequency"].round().clip(lower=1)
    )


def histories(name: str, as_of: str, folder: Path) -> pd.DataFrame:
    """Recency, frequency and spend of a public list on a day, from its lines."""
    if name == "cdnow":
        lines = pd.read_csv(folder / "cdnow-sample" / "cdnowElog.csv", dtype="str")
        who, on = lines["sampleid"], pd.to_datetime(lines["date"], format="%Y%m%d")
        order, amount = on.dt.strftime("%Y%m%d"), lines["sales"].astype("float64")
    else:
        columns = ["InvoiceNo", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"]
        text = {"InvoiceNo": "str", "CustomerID": "str"}
        file = folder / "online-retail" / "online_retail.csv.gz"
        lines = pd.read_csv(file, usecols=columns, dtype=text)
        sold = ~lines["InvoiceNo"].str.startswith("C") & (lines["Quantity"] > 0)
        lines = lines[lines["CustomerID"].notna() & sold & (lines["UnitPrice"] > 0)]
        who, on = lines["CustomerID"], pd.to_datetime(lines["InvoiceDate"]).dt.normalize()
        order, amount = lines["InvoiceNo"], lines["Quantity"] * lines["UnitPrice"]
    rows = pd.DataFrame({"who": who, "on": on, "order": order, "amount": amount})
    by = rows[rows["on"] <= pd.Timestamp(as_of)].groupby("who")
    recency = (pd.Timestamp(as_of) - by["on"].max()).dt.days
    measures = recency, by["order"].nunique(), by["amount"].sum()
    return pd.concat(measures, axis=1).set_axis(FEATURES, axis=1)


def said_of(customers: pd.DataFrame, seed: int = 0) -> tuple[bool, bool]:
    """Whether groups are said, and whether the peer would say so."""
    clusters = BehaviourClusters(random_state=seed, bootstraps=5).fit(customers)
    stable = clusters.choice_[["ari", "prediction_strength"]]
    limits = [GATES["ari"], GATES["prediction_strength"]]
    return clusters.natural_k_ is not None, bool((stable >= limits).all(axis=1).any())


def cluster_worlds(runs: int, folder: Path | None) -> pd.DataFrame:
    """One row per kind of world or list: runs, in which share of them "groups" is said, by the peer
    too.
    """
    asked = {kind: [continuum(kind, seed) for seed in range(runs)] for kind in CONTINUA}
    told = {kind: [said_of(one) for one in some] for kind, some in asked.items()}
    told[PLANTED] = [said_of(planted(seed)) for seed in range(runs)]
    for name, as_of in LISTS if folder else ():
        customers = histories(name, as_of, folder)
        told[name] = [said_of(customers, seed) for seed in range(SEEDS)]
    rows = [(kind, len(some), *np.mean(some, axis=0)) for kind, some in told.items()]
    return pd.DataFrame(rows, columns=["kind", "runs", "groups said", "groups said, peer"])


def held_clusters(worlds: pd.DataFrame) -> list[Held]:
    """What the worlds say of each claim."""
    said = worlds.set_index("kind")["groups said"]
    found = []
    for kind, groups in said.items():
        if kind == PLANTED:
            found.append(within("clusters, planted: groups said", groups, 0.95, 1.0))
        else:
            least = 0.98 if kind in CONTINUA else 1.0
            found.append(within(f"clusters, {kind}: continuum said", 1 - groups, least, 1.0))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Groups, or cuts through a continuum?")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("SEGMENT_LIB_DATA", "")))
    parser.add_argument("--runs", type=int, default=100)
    given = parser.parse_args()
    worlds = cluster_worlds(given.runs, given.data)
    held = held_clusters(worlds)
    print(worlds.round(3).to_string(index=False))
    print(pd.DataFrame(held).to_string(index=False))
    sys.exit(0 if all(one.holds for one in held) else 1)
