"""The pyramid that the stages form among active customers, and whether it keeps its shape."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from segment_lib.behaviour.stages.rungs import HOURS_AS, STAGES
from segment_lib.checks import require_columns
from segment_lib.columns import as_text, value_label
from segment_lib.voice import N_, _

# Measure → does it fall or rise from stage to stage, and its name in English and Japanese.
SHAPE: dict[str, tuple[str, str]] = {
    "customers": ("falls", N_("heads")),
    "effort_hours": ("falls", N_("effort in hours")),
    "revenue": ("rises", N_("revenue")),
    "profit": ("rises", N_("profit")),
}


def pyramid(customers: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """One row per stage (and per value of `by`, e.g. "owner"), all four stages always.

    `customers`, `revenue` (`monetary`) and `profit` (`margin_sum`) are those of active customers at
    their stage of today, `effort_hours` what was spent on active customers while they stood there;
    `beside_customers` are the `lapsed`, who stand beside the pyramid. A measure that nobody of a
    stage has is missing, except that who never ordered brought 0, and so did a stage without
    anybody.
    """
    require_columns(customers, ["stage", *([by] if by else [])], "customers")
    if by is None:
        return _pyramid_of(customers)
    if customers[by].isna().all():
        return _pyramid_of(customers.iloc[:0]).iloc[:0].assign(**{by: pd.Series(dtype="str")})
    return _by(by, customers.groupby(by, observed=True), _pyramid_of)


def _by(by: str, groups: Any, made: Callable[[pd.DataFrame], pd.DataFrame]) -> pd.DataFrame:
    """What is made of the rows of each value of `by`, one under the other, the value in front."""
    parts = [made(part).assign(**{by: name}) for name, part in groups]
    none = made(groups.obj).assign(**{by: ""})
    table = pd.concat(parts, ignore_index=True) if parts else none
    return table[[by, *table.columns.drop(by)]]


def _pyramid_of(customers: pd.DataFrame) -> pd.DataFrame:
    known = customers.reindex(
        columns=["lapsed", "lost", "monetary", "margin_sum", *HOURS_AS.values()]
    )
    lapsed, lost = (known[name].eq(True).fillna(False).astype(bool) for name in ("lapsed", "lost"))
    spend, margin = (known[name].astype("float64") for name in ("monetary", "margin_sum"))
    hours = known[[*HOURS_AS.values()]].astype("float64").set_axis([*HOURS_AS], axis=1)
    beside = lapsed | lost
    own = pd.DataFrame(
        {
            "stage": customers["stage"].pipe(as_text),
            "revenue": spend,
            "profit": margin.where(margin.notna() | (spend != 0), 0.0),
        }
    )
    active = own[~beside].groupby("stage").sum(min_count=1).reindex(STAGES)
    # A stage without anybody brings 0, unless nobody's measure is known at all.
    nobody = ~active.index.isin(own.loc[~beside, "stage"])
    for measure in active.columns[own[active.columns].notna().any()]:
        active.loc[nobody, measure] = 0.0
    table = active.assign(
        effort_hours=hours[~beside].sum(min_count=1).reindex(STAGES),
        customers=own.loc[~beside, "stage"].value_counts().reindex(STAGES, fill_value=0),
        beside_customers=own.loc[beside, "stage"].value_counts().reindex(STAGES, fill_value=0),
    )
    table = table.rename_axis("stage").reset_index()
    return table[["stage", "customers", "effort_hours", "revenue", "profit", "beside_customers"]]


def check_pyramid(table: pd.DataFrame) -> pd.DataFrame:
    """One row per measure and step between stages: does the shape hold, and with which numbers.

    `holds` is null where a number is missing, and where both are 0 (nobody on either side has
    bought: nothing to compare). `says` is the row in words. Columns beyond the stages', such
    as the owner of `pyramid(customers, by="owner")`, are kept.
    """
    known = ["stage", *SHAPE, "beside_customers"]
    by = [column for column in table.columns if column not in known]
    if not by:
        return _check_one(table)
    return _by(by[0], table.groupby(by[0], sort=False), _check_one)


def _check_one(table: pd.DataFrame) -> pd.DataFrame:
    values = table.set_index("stage")
    rows = []
    for measure, (direction, _name) in SHAPE.items():
        for pair in pairwise(STAGES):
            if values.index.isin(pair).sum() == 2:
                lower, upper = (float(values.at[stage, measure]) for stage in pair)
                nothing = np.isnan(lower) or np.isnan(upper) or (lower == 0 and upper == 0)
                as_told = lower > upper if direction == "falls" else lower < upper
                holds = None if nothing else as_told
                says = _in_words(measure, pair, (lower, upper), holds)
                rows.append((measure, *pair, direction, lower, upper, holds, says))
    columns = [
        "what", "lower_stage", "upper_stage", "expected", "lower", "upper", "holds", "says"
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype({"holds": "boolean"})


def _in_words(
    measure: str, stages: tuple[str, str], numbers: tuple[float, float], holds: bool | None
) -> str:
    direction, name = SHAPE[measure]
    low, high = (("—" if np.isnan(number) else f"{number:,.0f}") for number in numbers)
    lower, upper = (value_label("stage", stage) for stage in stages)
    fields = {"name": _(name), "lower": lower, "upper": upper, "low": low, "high": high}
    if holds is None:
        return _("{name} from {lower} to {upper}: {low} → {high}, nothing to compare", **fields)
    if holds:
        return _("{name} from {lower} to {upper}: {low} → {high}, holds", **fields)
    falls = N_("{name} from {lower} to {upper}: {low} → {high}, breaks here: it should fall")
    rises = N_("{name} from {lower} to {upper}: {low} → {high}, breaks here: it should rise")
    breaks = falls if direction == "falls" else rises
    return _(breaks, **fields)
