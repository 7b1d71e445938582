"""Whom to look for (ターゲット像): what was known before the contract, level by level, in heads.

Industry, place and route gather customers; whether one of their levels also finds those who get
results is another question, and with many levels some stand out by chance. A level is said to tell
apart only if its 95 % interval lies wholly above or below the overall rate *and* its exact p, times
the levels looked at (Bonferroni), is below 0.05. The interval alone was tried: of 100 attributes
dealt out by chance, most had a level that stood out.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from segment_lib.columns import as_text
from segment_lib.results.intervals import shown_rates, two_sided
from segment_lib.voice import _

FEW = 5  # levels of fewer customers stand together
UNLIKE_CHANCE = 0.05
MISSING = "(missing)"
OTHERS = "(all others)"
TARGET_COLUMNS = (
    "attribute", "family", "level", "customers", "n", "successes", "rate", "low", "high",
    "overall_rate", "tells_apart", "looked_at",
)  # fmt: skip
SPREAD_COLUMNS = (
    "group", "known_at", "levels", "mean_distance", "by_chance", "p", "lowest", "lowest_n",
    "lowest_rate", "highest", "highest_n", "highest_rate",
)  # fmt: skip
MAIN_COLUMNS = ("customer_id", "name", "owner", "why", "got_results", "field")


def target_table(
    customers: pd.DataFrame, named: Mapping[str, tuple[str, str]], words: Mapping[str, str]
) -> pd.DataFrame:
    """One row per attribute and level: `TARGET_COLUMNS`.

    `named`: per column its name in words and its family; `words`: levels that have some (yes, no).
    Everybody stands in one level of each attribute, so that `customers` adds up; `n` and
    `successes` count the results that may be learned from. `looked_at` is how many levels have a
    rate and are neither missing nor all others.
    """
    known = customers["learn_from"].fillna(False).astype(bool)
    won = known & customers["got_results"].eq("yes").fillna(False).astype(bool)
    rows = [
        _counted(_levels(customers[name], words), known, won).assign(
            attribute=words_of, family=family
        )
        for name, (words_of, family) in named.items()
        if customers[name].notna().any()
    ]
    kinds = dict.fromkeys(("customers", "n", "successes"), "int64")
    columns = [*TARGET_COLUMNS[:6]]
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)
    table = shown_rates(table.astype(kinds)).assign(
        overall_rate=won.sum() / known.sum() if known.any() else np.nan
    )
    looked = is_looked_at(table)
    tells = looked & _tells_apart(table, int(known.sum()), int(won.sum()), int(looked.sum()))
    return table.assign(tells_apart=tells, looked_at=int(looked.sum()))[[*TARGET_COLUMNS]]


def _levels(values: pd.Series, words: Mapping[str, str]) -> pd.Series:
    """The level of everybody, the rare ones together, the missing as one of their own."""
    if pd.api.types.is_bool_dtype(values.dropna().infer_objects().dtype):
        values = values.astype("boolean").map({True: "yes", False: "no"})
    told = values.pipe(as_text).astype("object").where(values.notna())
    heads = told.value_counts()
    rare = told.isin(heads.index[heads < FEW])
    said = told.map(lambda level: words.get(level, level), na_action="ignore")
    return said.mask(rare, OTHERS).fillna(MISSING)


def _counted(levels: pd.Series, known: pd.Series, won: pd.Series) -> pd.DataFrame:
    counts = pd.DataFrame({"level": levels, "customers": 1, "n": known, "successes": won})
    sums = counts.groupby("level")[["customers", "n", "successes"]].sum().reset_index()
    last = sums["level"].map({OTHERS: 1, MISSING: 2}).fillna(0)
    by = ["last", "customers", "level"]
    return sums.assign(last=last).sort_values(by, ascending=[True, False, True])


def is_looked_at(table: pd.DataFrame) -> pd.Series:
    """Which rows are levels of their own that have a rate."""
    return table["rate"].notna() & ~table["level"].isin([MISSING, OTHERS])


def _tells_apart(table: pd.DataFrame, known: int, won: int, looked_at: int) -> pd.Series:
    """Whether the rate lies apart from the overall one by more than chance, all looked at."""
    p = two_sided(table["successes"].to_numpy(), table["n"].to_numpy(), won, known) * looked_at
    base = table["overall_rate"]
    return ((table["low"] > base) | (table["high"] < base)) & (p < UNLIKE_CHANCE)


def ends_of(rates: pd.DataFrame, apart: pd.DataFrame, by_number: str = "") -> pd.DataFrame:
    """How far each cut reaches: one row per group of `SPREAD_COLUMNS`, in the order of `apart`.

    `rates`: group, level, rate of what was looked at; `apart`: what `how_far_apart` says of them.
    The ends are the levels with the lowest and highest rate; those of the group `by_number` (the
    requests) its first and last level. It is what happened after the contract, the others before.
    """
    rows = []
    for group, levels in rates.dropna(subset="rate").groupby("group", sort=False):
        after = group == by_number
        ordered = levels if after else levels.sort_values("rate", kind="stable")
        known_at = "after_contract" if after else "before_contract"
        ends = ordered[["level", "n", "rate"]].iloc[[0, -1]].to_numpy(object).ravel()
        rows.append((group, known_at, *ends))
    table = pd.DataFrame(rows, columns=["group", "known_at", *SPREAD_COLUMNS[6:]])
    return apart.astype({"group": "object"}).merge(table, on="group")[[*SPREAD_COLUMNS]]


def is_main(customers: pd.DataFrame) -> pd.Series:
    """Whether they are a main customer: did every request of ours, or became a fan."""
    did, fan = _did_and_fan(customers)
    return did | fan


def _did_and_fan(customers: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    nobody = pd.Series(False, index=customers.index)
    did = customers["did_all"].eq(True) if "did_all" in customers else nobody
    fan = customers["incident_state"].eq("fan") if "incident_state" in customers else nobody
    return did.fillna(False).astype(bool), fan.fillna(False).astype(bool)


def main_customers(customers: pd.DataFrame) -> pd.DataFrame:
    """メインのお客様: who did all requests, or became a fan after an incident, those with results
    first; `MAIN_COLUMNS`.
    """
    did, fan = _did_and_fan(customers)
    why = np.select(
        [did & fan, did, fan],
        [
            _("Did all requests, and became a fan after an incident"),
            _("Did all requests"),
            _("Became a fan after an incident"),
        ],
        default="",
    )
    listed = customers.assign(why=why)[did | fan].rename_axis("customer_id").sort_index()
    if "got_results" in listed:
        first = listed["got_results"].eq("yes").fillna(False).astype(bool)
        listed = pd.concat([listed[first], listed[~first]])
    return listed.reset_index().reindex(columns=[*MAIN_COLUMNS])
