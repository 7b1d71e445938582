"""The claim of this kit, tested: do customers who got results stay, buy more, send others?

Counted in the `days` after the day of judgement, for customers whose days are over by `as_of`. It
is a description of what followed, no proof that the result caused it.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from segment_lib.checks import require_columns
from segment_lib.columns import as_text
from segment_lib.results.intervals import shown_rates
from segment_lib.voice import N_, _

MEASURES = {
    "stayed": N_("ordered again"),
    "bought_more": N_("bought more than before"),
    "sent_others": N_("sent somebody"),
}


def later_behaviour(
    judged: pd.DataFrame, orders: pd.DataFrame, people: pd.DataFrame, as_of: date, days: int = 180
) -> pd.DataFrame:
    """One row per measure and result, with n, successes, rate, low and high.

    `judged` has got_results and judged_on per customer, `orders` customer_id, ordered_on and
    amount, `people` referred_by and first_contact_on. *Bought more*: gross orders of the `days`
    after the judgement exceed those of the same length before it. Rates with 95 % Wilson intervals;
    none below 10 people.
    """
    require_columns(judged, ["got_results", "judged_on"], "judged")
    over = judged["judged_on"] + pd.Timedelta(days=days) <= pd.Timestamp(as_of)
    followed = judged.loc[over & judged["got_results"].isin(["yes", "no"])]
    facts = pd.DataFrame(
        {
            "got_results": followed["got_results"].pipe(as_text),
            "stayed": _spend(followed, orders, 0, days) > 0,
            "bought_more": _spend(followed, orders, 0, days) > _spend(followed, orders, -days, 0),
            "sent_others": _referrals(followed, people, days) > 0,
        }
    )
    rows = [_rates(facts, measure) for measure in MEASURES]
    return pd.concat(rows, ignore_index=True)


def _spend(followed: pd.DataFrame, orders: pd.DataFrame, start: int, end: int) -> pd.Series:
    """Gross orders from `start` to `end` days after the judgement (the first day not counted)."""
    after = _days_after(followed, orders["customer_id"], orders["ordered_on"])
    spend = orders[(after > start) & (after <= end)].groupby("customer_id")["amount"].sum()
    return spend.reindex(followed.index).fillna(0.0)


def _referrals(followed: pd.DataFrame, people: pd.DataFrame, days: int) -> pd.Series:
    sent = people[people["referred_by"].notna()]
    after = _days_after(followed, sent["referred_by"], sent["first_contact_on"])
    counts = sent[(after > 0) & (after <= days)].groupby("referred_by").size()
    return counts.reindex(followed.index).fillna(0)


def _days_after(followed: pd.DataFrame, whose: pd.Series, day: pd.Series) -> pd.Series:
    return (day - followed["judged_on"].reindex(whose).set_axis(whose.index)).dt.days


def _rates(facts: pd.DataFrame, measure: str) -> pd.DataFrame:
    counts = (
        facts.groupby("got_results")[measure]
        .agg(n="size", successes="sum")
        .reindex(["yes", "no"], fill_value=0)
        .reset_index()
    )
    table = shown_rates(counts.astype({"n": "int64", "successes": "int64"}))
    table.insert(0, "measure", _(MEASURES[measure]))
    return table
