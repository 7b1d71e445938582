"""What notebook 05 says of the ladder, the pyramid, requests, and of the status on two days.

Each function takes frames and gives sentences that stay true on other lists; where there is nothing
to say it says so.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from segment_lib.columns import value_label
from segment_lib.voice import _

FOUR_WEEKS = 28
OWNERS_NAMED = 6
# The likelier a deal, the higher; “repair first” stands beside the ladder.
STATUS_LADDER = {"deciding_now": 4, "likely": 3, "nurture": 2, "pending": 1, "quiet": 0}


def rung_said(customers: pd.DataFrame) -> str:
    """On which rung most customers stand, and their next step."""
    if customers.empty:
        return _("The list holds no customers, so nobody stands on the ladder.")
    most = customers.groupby("sub_stage").size().idxmax()
    there = customers[customers["sub_stage"] == most]
    return _(
        "{heads:,} of {n:,} customers stand on the rung “{rung}”. The next step of every one of "
        "them: {next_step}.",
        heads=len(there),
        n=len(customers),
        rung=value_label("sub_stage", most),
        next_step=there["next_step"].iloc[0],
    )


def skipped_said(customers: pd.DataFrame) -> str:
    """How many seem to have skipped a rung, and for how many nobody can tell."""
    return _(
        "Rungs skipped: {skipped:,} customers to ask about. Customers for whom these lists cannot "
        "say, because they hold no contacts or no deals: {unclear:,}.",
        skipped=int(customers["skipped_stage"].eq(True).sum()),
        unclear=int(customers["skipped_stage"].isna().sum()),
    )


def shape_said(pyramid: pd.DataFrame, checks: pd.DataFrame) -> str:
    """Where the pyramid keeps its shape; one line for each step where it does not."""
    compared = checks[checks["holds"].notna()]
    stood_on = (pyramid[["customers", "beside_customers"]].sum(axis=1) > 0).sum()
    if stood_on > 1:
        told = _(
            "{holds} of {n} steps have the right shape.",
            holds=compared["holds"].sum(),
            n=len(compared),
        )
    else:
        told = _("All customers stand on one stage, so there is no shape to check yet.")
    broken = compared.loc[~compared["holds"].astype(bool), "says"]
    return "\n".join([told, *(f"· {each}" for each in broken)])


def owner_said(owner: str) -> str:
    """Whose pyramid is shown."""
    return owner or _("These lists name no owner.")


def owners_said(checks: pd.DataFrame) -> str:
    """In how many places whose pyramid breaks, the most broken ones first; one line each."""
    if checks.empty:
        return _("These lists name no owner.")
    broken = checks[checks["holds"].eq(False).fillna(False)].groupby("owner").size()
    if broken.empty:
        return _("No owner's pyramid breaks its shape.")
    return "\n".join(
        _("{owner}: the shape breaks in {places} place(s)", owner=owner, places=places)
        for owner, places in broken.nlargest(OWNERS_NAMED).items()
    )


def requests_said(customers: pd.DataFrame, queue: pd.DataFrame) -> str:
    """How many handled what they were asked for, and whose incident is open."""
    return _(
        "Requests: {asked:,} customers were asked for something, {did_all:,} did everything. "
        "Incidents: open for {waiting:,} customers; {first:,} are repeaters and come first.",
        asked=(customers["steps_asked"] > 0).sum(),
        did_all=customers["did_all"].eq(True).sum(),
        waiting=len(queue),
        first=(queue["stage"] == "repeater").sum(),
    )


def left_said(deciding: pd.DataFrame, day: date, days: int) -> str:
    """How many were deciding on `day`, and how many of them have left that list by themselves."""
    gone = deciding[deciding["status"] != "deciding_now"]
    ordered = int(gone["ordered_since"].sum())
    fields = {
        "day": day,
        "hot": len(deciding),
        "gone": len(gone),
        "ordered": ordered,
        "not_ordered": len(gone) - ordered,
    }
    if days == FOUR_WEEKS:
        return _(
            "Deciding now on {day}: {hot:,} customers. Four weeks later {gone:,} of them have left "
            "that list by themselves: {ordered:,} ordered, {not_ordered:,} did not.",
            **fields,
        )
    return _(
        "Deciding now on {day}: {hot:,} customers. {days:,} days later {gone:,} of them have left "
        "that list by themselves: {ordered:,} ordered, {not_ordered:,} did not.",
        **fields,
        days=days,
    )


def quotes_said(quotes: pd.DataFrame) -> str:
    """How many quotes were out on both days, and whose customer is not deciding any more."""
    if quotes.empty:
        return _(
            "These lists hold no quotes that were out on both days, so there is no deal to show."
        )
    fell = quotes["status_then"].eq("deciding_now") & quotes["status"].ne("deciding_now")
    return _(
        "{n:,} quotes were out on both days. For {fell:,} of them the customer was deciding then "
        "and is not deciding now; the deal says “proposal sent” on both days.",
        n=len(quotes),
        fell=fell.sum(),
    )


def moves_said(moves: pd.DataFrame, day: date) -> str:
    """Who rose and who fell since `day`, and who came to be repaired first or no longer is."""
    before, after = (moves[side].map(STATUS_LADDER) for side in ("before", "after"))
    both = moves[(moves["before"] != "new") & (moves["after"] != "left")]
    repair = both["before"].eq("repair_first") != both["after"].eq("repair_first")
    return _(
        "Since {day}: {rose:,} rose, {fell:,} fell, {stayed:,} stayed. In or out of “repair "
        "first”: {repair:,}.",
        day=day,
        rose=moves.loc[after > before, "customers"].sum(),
        fell=moves.loc[after < before, "customers"].sum(),
        stayed=moves.loc[after == before, "customers"].sum(),
        repair=both.loc[repair, "customers"].sum(),
    )
