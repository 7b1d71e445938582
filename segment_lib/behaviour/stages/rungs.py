"""The stage ladder, how far each relation has come, and the pyramid that the stages form.

Four stages in nine rungs (`sub_stage`): acquaintance (name only, mail or telephone, met once),
prospect (met twice or more, had a meal, was given a proposal), customer (won once, repeated once
or twice), repeater (repeated three times or more). A meal is a meeting too; two orders on one day
are one win. A stage is what has happened: it only goes forward, and an order that was returned
later did happen. Where the customer stands now is the status.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from segment_lib.columns import VALUES, as_text
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
