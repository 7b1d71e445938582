"""Do printed rules hold on customers not used, and are late columns flagged or asked about?

    python benchmarks/printed_rules.py [--data FOLDER] [--seeds 10] [--shuffles 100]

Every figure is that of the columns a person reads (`find_result_rules(...).table`, `screen_leaks`).
The peer is what is usually done, run here on the same customers: of the same candidates the ten
with the smallest p below .05, each with the rate and interval of the very customers who suggested
it.
Ends with 1 if a Reach is missed.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from held import Held, within
from scipy.stats import hypergeom

from segment_lib.results import find_result_rules, rule_mask
from segment_lib.results.intervals import wilson_interval
from segment_lib.results.leaks import BY_DAY, screen_leaks
from segment_lib.results.rules.pool import Pool

LISTS = {"bank": 2_000, "hillstrom": 2_000, "telco": 2_000, "student": 1_200}  # learned from
SEMESTER = "Curricular units 2nd sem"
SIZES = (1_000, 2_000, 3_500)  # customers of whom late columns are asked
USUAL = 10  # rules that are usually reported


# --- lists ---------------------------------------------------------------------------------------
def known_results_of(name: str, folder: Path) -> tuple[pd.DataFrame, pd.Series]:
    """The columns of a public list, and who got results."""
    if name == "bank":
        outer = zipfile.ZipFile(folder / "bank-marketing" / "bank+marketing.zip")
        inner = zipfile.ZipFile(io.BytesIO(outer.read("bank-additional.zip")))
        raw = io.BytesIO(inner.read("bank-additional/bank-additional-full.csv"))
        people = pd.read_csv(raw, sep=";")
        return people.drop(columns="y"), people["y"].eq("yes")
    if name == "hillstrom":
        people = pd.read_csv(folder / "hillstrom" / "hillstrom.csv.gz")
        return people.drop(columns=["visit", "conversion", "spend"]), people["visit"].eq(1)
    if name == "telco":
        (file,) = (folder / "telco-churn").glob("*.csv")
        people = pd.read_csv(file, na_values=" ")
        return people.drop(columns=["Churn", "customerID"]), people["Churn"].eq("No")
    (file,) = (folder / "student-outcomes").glob("*.zip")
    raw = io.BytesIO(zipfile.ZipFile(file).read("data2.csv"))
    people = pd.read_csv(raw, sep=";", encoding="utf-8-sig")
    people = people[people["Target"] != "Enrolled"].reset_index(drop=True)
    people.columns = people.columns.str.strip()
    return people.drop(columns="Target"), people["Target"].eq("Graduate")


def honest_columns(name: str, people: pd.DataFrame) -> pd.DataFrame:
    """Without what is known only after the result."""
    late = [one for one in people if one == "duration" or one.startswith(SEMESTER)]
    return people.drop(columns=late)


# --- rules ---------------------------------------------------------------------------------------
def rules_on_lists(folder: Path, seeds: int) -> pd.DataFrame:
    """One row per rule that was shown: who (printed or usual), list, verdict, whether its interval
    holds the rate of the customers not used, and whether that rate is above everybody's there.
    """
    rows = []
    for name, n in LISTS.items():
        people, won = known_results_of(name, folder)
        people = honest_columns(name, people)
        for seed in range(seeds):
            order = np.random.default_rng(seed).permutation(len(people))
            mine, others = order[:n], order[n:]
            unseen, truth = people.iloc[others], won.iloc[others]
            for rule in _shown(people.iloc[mine], won.iloc[mine], seed):
                rate = truth[rule_mask(unseen, json.loads(rule.pop("conditions")))].mean()
                rows.append(
                    rule
                    | {
                        "list": name,
                        "seed": seed,
                        "holds": rule["low"] <= rate <= rule["high"],
                        "above": rate > truth.mean(),
                        "printed_above": rule["rate"] > rule["overall_rate"],
                    }
                )
    return pd.DataFrame(rows)


def _shown(people: pd.DataFrame, won: pd.Series, seed: int) -> Iterator[dict[str, object]]:
    """The rules as printed, then as usual."""
    columns = ["verdict", "conditions", "rate", "low", "high", "overall_rate"]
    table = find_result_rules(people, won, random_state=seed).table
    yield from ({"who": "printed", **row} for row in table[columns].to_dict("records"))
    yield from (
        {"who": "usual", **row} for row in usual_rules(people, won)[columns].to_dict("records")
    )


def usual_rules(people: pd.DataFrame, won: pd.Series) -> pd.DataFrame:
    """The ten candidates with the smallest p below .05, sized on those who suggested them."""
    pool = Pool.of(people.sort_index(axis=1), won.to_numpy(bool))
    counts = pool.everyone()
    rising = counts.rising()
    people_in, won_in = counts.people[rising], counts.won[rising]
    log_p = hypergeom.logpmf(won_in, counts.total, counts.wins, people_in)  # ranks like the tail
    best = np.argsort(log_p)[:USUAL]
    p = hypergeom.sf(won_in[best] - 1, counts.total, counts.wins, people_in[best])
    best = best[p < 0.05]
    low, high = wilson_interval(won_in[best], people_in[best])
    return pd.DataFrame(
        {
            "verdict": "confirmed",
            "conditions": [json.dumps(pool.said(int(one))) for one in rising[best]],
            "rate": won_in[best] / people_in[best],
            "low": low,
            "high": high,
            "overall_rate": counts.wins / counts.total,
        }
    )


def rules_by_chance(folder: Path, shuffles: int) -> pd.DataFrame:
    """Per list with its results dealt out anew: in which share of runs something is confirmed, or a
    warning; and reported as usual.
    """
    rows = []
    for name, n in LISTS.items():
        people, won = known_results_of(name, folder)
        for seed in range(shuffles):
            draw = np.random.default_rng([seed, 1])
            mine = draw.permutation(len(people))[:n]
            dealt = pd.Series(draw.permutation(won.iloc[mine].to_numpy()), people.index[mine])
            profile = find_result_rules(people.iloc[mine], dealt, random_state=seed)
            said = len(profile.confirmed), len(profile.warnings)
            usual = float(len(usual_rules(people.iloc[mine], dealt)) > 0) if seed < 10 else np.nan
            rows.append((name, seed, said[0] > 0, said[1] > 0, sum(said) > 0, usual))
    columns = ["list", "seed", "confirmed", "warning", "either", "usual"]
    return pd.DataFrame(rows, columns=columns)


def planted_rules(runs: int) -> pd.DataFrame:
    """Two rules among forty columns, at two base rates: the share found, and the share of runs in
    which nothing else is confirmed (overlap in people of a half or more).
    """
    rows = []
    for base in (0.25, 0.10):
        for seed in range(runs):
            draw = np.random.default_rng(seed)
            n = 5_000
            numbers = {f"n{i}": draw.gamma(2, 10 * (i + 1), n).round() for i in range(20)}
            texts = {f"t{i}": draw.choice(list("abcd")[: 2 + i % 3], n) for i in range(20)}
            people = pd.DataFrame(numbers | texts)
            rules = [
                (people["n2"] <= people["n2"].quantile(0.25)) & (people["t0"] == "a"),
                (people["n4"] >= people["n4"].quantile(0.75)) & (people["t3"] == "b"),
            ]
            chance = np.where(rules[0] | rules[1], 2.2 * base, base)
            won = pd.Series(draw.random(n) < chance)
            found = find_result_rules(people, won, random_state=seed).confirmed["conditions"]
            masks = [rule_mask(people, json.loads(one)) for one in found]
            same = np.array([[_overlap(mask, rule) >= 0.5 for rule in rules] for mask in masks])
            same = same.reshape(-1, 2)
            rows.append((base, seed, same.any(axis=0).mean(), same.any(axis=1).all()))
    return pd.DataFrame(rows, columns=["base", "seed", "found", "nothing_else"])


def _overlap(one: pd.Series, other: pd.Series) -> float:
    return float((one & other).sum() / (one | other).sum())


def held_rules(rules: pd.DataFrame, chance: pd.DataFrame, planted: pd.DataFrame) -> list[Held]:
    """What the printed rules were worth."""
    printed, usual = (rules[rules["who"] == who] for who in ("printed", "usual"))
    confirmed = printed[printed["verdict"] == "confirmed"]
    warned = printed[printed["verdict"] == "warning"]
    by_list, by_usual = (one.groupby("list")["holds"].mean() for one in (printed, usual))
    runs = chance.groupby("list")[["either", "usual"]].mean()
    found = [
        within(f"interval holds on others, {name} (usual: {by_usual[name]:.2f})", share, 0.9, 1.0)
        for name, share in by_list.items()
    ]
    found += [
        within("the same, all lists", printed["holds"].mean(), 0.9, 1.0),
        within("the same, confirmed and warnings", pd.concat([confirmed, warned])["holds"].mean(),
                0.9, 1.0),
        within("confirmed: printed rate above all", confirmed["printed_above"].mean(), 1.0, 1.0),
        within("confirmed: above all on customers not used", confirmed["above"].mean(), 0.99, 1.0),
        within("warnings: below all on customers not used", 1 - warned["above"].mean(), 0.99, 1.0),
        within(f"dealt anew: runs with a rule or a warning (usual: {runs['usual'].mean():.2f})",
                chance["either"].mean(), 0.0, 0.05),
    ]  # fmt: skip
    if len(planted):
        told = planted.groupby("base")[["found", "nothing_else"]].mean()
        found += [
            within("planted rules found, base .25", told.at[0.25, "found"], 0.95, 1.0),
            within("planted rules found, base .10", told.at[0.10, "found"], 0.72, 1.0),
            within("runs in which nothing else is confirmed", told["nothing_else"].min(), 0.9, 1.0),
        ]
    return found


# --- late columns --------------------------------------------------------------------------------
def planted_leaks(won: pd.Series, draw: np.random.Generator) -> pd.DataFrame:
    """Four columns as they are written after a result: a mark for some of those with one, a reason
    for some of those without, a grade, and days since the last sign of life.
    """
    n, lost = len(won), ~won
    return pd.DataFrame(
        {
            "mark": np.where(won & (draw.random(n) < 0.4), "A", "B"),
            "left_because": np.where(lost & (draw.random(n) < 0.5), "price", None),
            "grade": draw.normal(won * 2.0, 1.0).round(1),
            "quiet_days": draw.gamma(2.0, np.where(won, 10.0, 60.0)).round(),
        },
        index=won.index,
    )


def late_columns(folder: Path, seeds: int) -> pd.DataFrame:
    """One row per list, size, seed and column: whether it is late, whether it is barred, flagged at
    all (barred or asked about), or barred although it carries its day.
    """
    rows = []
    for name in ("bank", "student", "telco"):
        people, won = known_results_of(name, folder)
        for n in SIZES:
            for seed in range(seeds):
                draw = np.random.default_rng([seed, n])
                mine = draw.permutation(len(people))[:n]
                columns, result = people.iloc[mine], won.iloc[mine]
                if name == "telco":
                    columns = columns.join(planted_leaks(result, draw))
                late = set(columns) - set(honest_columns(name, people))
                use = screen_leaks(columns, result).set_index("feature")["use"]
                dated = screen_leaks(columns, result, dict.fromkeys(columns, BY_DAY[0]))
                rows += [
                    {
                        "list": name, "n": n, "seed": seed, "column": column,
                        "late": column in late, "flagged": column in use.index,
                        "barred": use.get(column) == "barred",
                        "barred_though_dated": column in set(dated.loc[dated["use"] == "barred",
                                                                       "feature"]),
                    }
                    for column in columns
                ]  # fmt: skip
    return pd.DataFrame(rows)


def held_leaks(columns: pd.DataFrame) -> list[Held]:
    """Whether late columns are flagged or asked about, and honest ones left alone."""
    late, honest = columns[columns["late"]], columns[~columns["late"]]
    by_size = late.groupby(["list", "n"])["flagged"].mean()
    barred = honest.groupby(["list", "n", "seed"])["barred"].sum()
    asked = honest[honest["flagged"] & ~honest["column"].str.startswith("Curricular")]
    runs = len(barred)
    found = [
        within(f"late columns flagged or asked about, {name}, n = {n:,}", share, 0.9, 1.0)
        for (name, n), share in by_size.items()
    ]
    return [
        *found,
        within("honest columns dropped a run", barred.mean(), 0.0, 0.2),
        within("columns with their day dropped", columns["barred_though_dated"].sum(), 0.0, 0.0),
        within("honest columns asked about a run, 1st semester apart", len(asked) / runs, 0.0, 1.0),
    ]


# --- all of it -----------------------------------------------------------------------------------
def main(folder: Path, seeds: int, shuffles: int) -> int:
    """Measure and print; 1 if a Reach is missed."""
    rules, chance = rules_on_lists(folder, seeds), rules_by_chance(folder, shuffles)
    planted, columns = planted_rules(2 * seeds), late_columns(folder, 20)
    with pd.option_context("display.width", 200, "display.max_columns", None):
        told = rules.groupby(["who", "list", "verdict"])[["holds", "above", "printed_above"]]
        print(told.agg("mean").assign(rules=told.size()).round(3).to_string())
        print(chance.groupby("list").mean().drop(columns="seed").round(3).to_string())
        print(columns[columns["flagged"]].groupby(["list", "n", "column"])["barred"]
              .agg(flagged="size", barred="sum").to_string())  # fmt: skip
    held = [*held_rules(rules, chance, planted), *held_leaks(columns)]
    print(pd.DataFrame(held).sort_values("holds", kind="stable").to_string(index=False))
    return 0 if all(one.holds for one in held) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Do printed rules hold?")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("SEGMENT_LIB_DATA", "")))
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--shuffles", type=int, default=100)
    asked = parser.parse_args()
    sys.exit(main(asked.data, asked.seeds, asked.shuffles))
