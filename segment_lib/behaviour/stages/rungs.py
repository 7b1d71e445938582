"""The stage ladder, how far each relation has come, and the pyramid that the stages form.

Four stages in nine rungs (`sub_stage`): acquaintance (name only, mail or telephone, met once),
prospect (met twice or more, had a meal, was given a proposal), customer (won once, repeated once
or twice), repeater (repeated three times or more). A meal is a meeting too; two orders on one day
are one win. A stage is what has happened: it only goes forward, and an order that was returned
later did happen. Where the customer stands now is the status.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from segment_lib.checks import require_columns
from segment_lib.columns import VALUES, as_text, value_label
from segment_lib.settings import StagesSection
from segment_lib.voice import N_, _

RUNGS = tuple(VALUES["sub_stage"])
STAGES = tuple(VALUES["stage"])
STAGE_OF = dict(zip(RUNGS, np.repeat(STAGES, [3, 3, 2, 1]).tolist(), strict=True))

WINS = {"won_once": 1, "repeated_once_or_twice": 2, "repeated_three_times": 4}  # rung → how many

# Stage → the hours that were spent while a customer stood there.
HOURS_AS = {stage: f"hours_as_{stage}" for stage in STAGES}

# Rung → the default action that leads one rung on, in English and Japanese.
NEXT_STEPS: dict[str, str] = {
    "name_only": N_("Write or call once to introduce ourselves"),
    "mail_or_call": N_("Ask for a first meeting"),
    "met_once": N_("Meet a second time and listen to what they need"),
    "met_twice": N_("Get to know the people over a meal or an event"),
    "meal": N_("Make one proposal that fits their need"),
    "proposal": N_("Ask what is missing for a decision"),
    "won_once": N_("Make the first delivery a success and propose the second"),
    "repeated_once_or_twice": N_("Show the whole range and agree on a regular rhythm"),
    "repeated_three_times": N_("Keep the promise, give first, ask for a referral"),
}


def assign_stages(
    orders: pd.DataFrame,
    contacts: pd.DataFrame,
    deals: pd.DataFrame,
    customers: pd.DataFrame,
    as_of: date,
    stages: StagesSection | None = None,
) -> pd.DataFrame:
    """`stage`, `sub_stage`, `next_step` and `skipped_stage`, one row per row of `customers`.

    `customers` is indexed by customer_id; the others are tables of the register, empty ones
    included. Orders alone are enough; where there is no single order, but `customers` says how
    often and when last somebody bought (a list summed up), that many wins are known on that day.
    `skipped_stage` asks about the data: a proposal before any touch, or a win before a second
    meeting, meal or proposal. It is null where the tables that would show it are empty.
    """
    firsts = first_days(orders, contacts, deals, as_of, stages or StagesSection())
    firsts = firsts.reindex(customers.index)
    if orders.empty:
        firsts = firsts.fillna(_summed_up_wins(customers, as_of))
    highest = highest_rung(firsts.notna().to_numpy())
    rung = pd.Series(np.array(RUNGS, dtype=object)[highest], index=customers.index, dtype="str")
    return pd.DataFrame(
        {
            "stage": rung.map(STAGE_OF),
            "sub_stage": rung,
            "next_step": rung.map({name: _(step) for name, step in NEXT_STEPS.items()}),
            "skipped_stage": _skipped(firsts, len(contacts) > 0, len(deals) > 0),
        }
    )


def first_days(
    orders: pd.DataFrame,
    contacts: pd.DataFrame,
    deals: pd.DataFrame,
    as_of: date,
    stages: StagesSection,
) -> pd.DataFrame:
    """One row per customer, one column per rung: the first day that shows it, or missing."""
    day = pd.Timestamp(as_of)
    wins = _wins(orders, deals, day)
    touched = contacts[contacts["contacted_on"] <= day]
    meal = touched[touched["kind"].isin(stages.meal)]
    met = touched[touched["kind"].isin((*stages.met, *stages.meal))]
    wrote = touched[touched["kind"].isin(stages.mail_or_call)]
    columns = {
        "mail_or_call": _nth_day(wrote, "contacted_on", 1),
        "met_once": _nth_day(met, "contacted_on", 1),
        "met_twice": _nth_day(met, "contacted_on", 2),
        "meal": _nth_day(meal, "contacted_on", 1),
        "proposal": _nth_day(deals[deals["proposed_on"] <= day], "proposed_on", 1),
        **{rung: _nth_day(wins, "won_on", n) for rung, n in WINS.items()},
    }
    return pd.DataFrame(columns).reindex(columns=list(RUNGS)).astype("datetime64[us]")


def _wins(orders: pd.DataFrame, deals: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Order days; days of won deals for those who have more of these (a deal is not an order)."""
    won = deals[deals["won"].fillna(False).astype(bool)]
    sources = [orders[["customer_id", "ordered_on"]], won[["customer_id", "decided_on"]]]
    days = pd.concat(
        rows.set_axis(["customer_id", "won_on"], axis=1).assign(source=source)
        for source, rows in enumerate(sources)
    )
    days = days[days["won_on"] <= day].drop_duplicates()
    counts = days.groupby(["customer_id", "source"])["won_on"].size().unstack(fill_value=0)
    counts = counts.reindex(columns=[0, 1], fill_value=0)
    better = (counts[1] > counts[0]).astype(int).rename("source")
    return days.merge(better.reset_index(), on=["customer_id", "source"])


def _summed_up_wins(customers: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The day by which 1, 2 and 4 orders had come, of whom it is known how many came by when."""
    last = pd.to_datetime(customers.get("last_order_on", pd.Series(pd.NaT, customers.index)))
    last = last.where(last <= pd.Timestamp(as_of))
    orders = customers.get("frequency", pd.Series(0, customers.index))
    days = {rung: last.where((orders >= least).fillna(False)) for rung, least in WINS.items()}
    return pd.DataFrame(days).reindex(columns=list(RUNGS)).astype("datetime64[us]")


def _nth_day(events: pd.DataFrame, day: str, n: int) -> pd.Series:
    """The n-th distinct day per customer."""
    days = events[["customer_id", day]].dropna().drop_duplicates()
    days = days.sort_values(["customer_id", day])
    return days[days.groupby("customer_id").cumcount() == n - 1].set_index("customer_id")[day]


def _skipped(firsts: pd.DataFrame, has_contacts: bool, has_deals: bool) -> pd.Series:
    """A higher stage was reached on a day when nothing on the stage below was recorded yet."""
    touched = firsts[["mail_or_call", "met_once"]].min(axis=1)
    prospect = firsts[["met_twice", "meal", "proposal"]].min(axis=1)
    won = firsts["won_once"]
    no_touch = (prospect.notna() & ~(touched <= prospect)).astype("boolean")
    no_prospect = (won.notna() & ~(prospect <= won)).astype("boolean")
    # Without the table that would show it, a missing rung says nothing.
    if not has_contacts:
        no_touch = no_touch.mask(no_touch)
    if not has_deals:
        no_prospect = no_prospect.mask(no_prospect)
    return no_touch | no_prospect


def assign_lost(stages: pd.DataFrame, deals: pd.DataFrame, as_of: date) -> pd.Series:
    """`lost`: never bought, a deal was lost by `as_of`, and none is open; one per row of `stages`.

    A deal that was lost or won without a date is decided.
    """
    day = pd.Timestamp(as_of)
    begun = deals[deals["opened_on"].isna() | (deals["opened_on"] <= day)]
    decided = begun["won"].notna() & ~(begun["decided_on"] > day)
    lost = begun.loc[decided & begun["won"].eq(False).fillna(False), "customer_id"]
    still_open = begun.loc[~decided, "customer_id"]
    before_a_win = stages["stage"].pipe(as_text).isin(STAGES[:2])
    answer = before_a_win & stages.index.isin(lost) & ~stages.index.isin(still_open)
    return answer.rename("lost")


def effort_spent(
    orders: pd.DataFrame,
    contacts: pd.DataFrame,
    deals: pd.DataFrame,
    as_of: date,
    customers: pd.Index,
    stages: StagesSection | None = None,
) -> pd.DataFrame:
    """`effort_spent_hours` per customer, our hours in all touches up to `as_of`, and what of them
    was spent on each stage (HOURS_AS): at the stage the customer had *then*, before the touch, so
    that the hours that raised somebody count for the stage they were raised from.

    Where no touch is noted for somebody it is 0; where the list holds no hours at all, they are
    unknown for everybody.
    """
    columns = ["effort_spent_hours", *HOURS_AS.values()]
    touched = contacts[contacts["contacted_on"] <= pd.Timestamp(as_of)]
    if not touched["effort_hours"].notna().any():
        return pd.DataFrame(float("nan"), index=customers, columns=columns)
    firsts = first_days(orders, contacts, deals, as_of, stages or StagesSection())
    stage = [HOURS_AS[STAGE_OF[RUNGS[at]]] for at in rung_before(firsts, touched)]
    hours = touched["effort_hours"].astype("float64").groupby([touched["customer_id"], stage]).sum()
    split = hours.unstack().reindex(index=customers, columns=list(HOURS_AS.values())).fillna(0.0)
    split.insert(0, "effort_spent_hours", split.sum(axis=1))
    return split.rename_axis(columns=None)


def rung_before(firsts: pd.DataFrame, touched: pd.DataFrame) -> np.ndarray:
    """The place in RUNGS that each customer of a touch stood on before that day."""
    before = firsts.reindex(touched["customer_id"]).lt(touched["contacted_on"].to_numpy(), axis=0)
    return highest_rung(before.to_numpy())


def highest_rung(reached: np.ndarray) -> np.ndarray:
    """The place of the highest rung reached, one row per customer; the lowest where none is."""
    return np.where(reached.any(axis=1), len(RUNGS) - 1 - reached[:, ::-1].argmax(axis=1), 0)


# --- the pyramid, and whether it keeps its shape ------------------------------------------------
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
    hours = pd.DataFrame({one: known[name].astype("float64") for one, name in HOURS_AS.items()})
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
