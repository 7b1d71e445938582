"""The ten groups of CPM (顧客ポートフォリオ・マネジメント) and the rates of its steps (推移率).

Five types by the published rule, each active (現役) or lapsed (離脱: silent for 240 days). A step
is looked at as MakeRepeater does: a snapshot against one half a year earlier, since which a
first-time customer should have become a toddler or more (50 %), a toddler steady or more (80 %), a
steady one loyal, fad included (50 %). The published pages leave open whether the lapsed of then
count; here they do not, or a list would look worse with every year of its age.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from scipy.stats import binomtest

from segment_lib.columns import as_category, values_of
from segment_lib.settings.decisions import CPM_TARGETS

MONTHS_BETWEEN = 6
# A step → the type before, the lowest type that is up from it, and the key of its target.
STEPS = {
    "to_toddler": ("first_time", "toddler", "toddler"),
    "to_steady": ("toddler", "steady", "steady"),
    "to_loyal": ("steady", "fad", "loyal"),
}


def cpm_groups(snapshots: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Ten rows, five types active and lapsed: heads in each of the `snapshots`, by their names.

    A snapshot is one row per customer with five_type and lapsed by the CPM rule. Columns: cpm_group
    (its code), cpm_type, lapsed, and one of heads per snapshot, missing where nobody had ordered.
    """
    cells = pd.MultiIndex.from_product(
        [list(values_of("five_type")), [False, True]], names=["cpm_type", "lapsed"]
    )
    heads = {name: _counted(people, cells) for name, people in snapshots.items()}
    names = [f"{name}_{'lapsed' if gone else 'active'}" for name, gone in cells]
    return pd.DataFrame(heads, index=cells).reset_index().assign(cpm_group=names)


def _counted(people: pd.DataFrame, cells: pd.MultiIndex) -> pd.Series:
    """Heads per type and whether lapsed; missing where there is nobody at all."""
    if people.empty:
        return pd.Series(pd.NA, index=cells, dtype="Int64")
    keys = [people["five_type"].astype("object"), people["lapsed"].astype("bool")]
    return people.groupby(keys).size().reindex(cells, fill_value=0).astype("Int64")


def step_up_rates(
    then: pd.DataFrame, now: pd.DataFrame, targets: Mapping[str, float] = CPM_TARGETS
) -> pd.DataFrame:
    """One row per step: who was active in a type `then`, and how many stand higher `now`.

    Columns: cpm_step, n, successes, rate, low, high (95 % interval, Wilson), target_rate, reached:
    above, below, or cannot_tell where the interval holds the target.
    """
    active = then[then["five_type"].notna() & ~then["lapsed"].fillna(True).astype(bool)]
    before = active["five_type"].astype("object")
    after = as_category(now["five_type"].astype("object"), "five_type").reindex(active.index)
    rows = []
    for step, (start, least, key) in STEPS.items():
        rose = after[before == start] >= least
        counted = {"cpm_step": step, "n": len(rose), "successes": int(rose.sum())}
        rows.append(counted | _judged(int(rose.sum()), len(rose), targets[key]))
    return pd.DataFrame(rows)


def _judged(rose: int, n: int, target: float) -> dict[str, object]:
    """The rate, its interval, and what it says of the target."""
    if not n:
        nothing = dict.fromkeys(("rate", "low", "high"), float("nan"))
        return {**nothing, "target_rate": target, "reached": "cannot_tell"}
    low, high = binomtest(rose, n).proportion_ci(method="wilson")
    told = "above" if low >= target else "below" if high < target else "cannot_tell"
    return {"rate": rose / n, "low": low, "high": high, "target_rate": target, "reached": told}
