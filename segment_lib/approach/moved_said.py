"""What notebook 10 says of what moved, of the past, of the hold-out, and of what results brought.

Each function takes frames and gives sentences that stay true on other lists; where there is nothing
to say it says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from segment_lib.results.said import says_later
from segment_lib.voice import _, pgettext, sentences


def moved_said(movement: pd.DataFrame, day: date) -> str:
    """How many changed their group since `day`, beside how many chance would have moved."""
    new = movement.loc[movement["before"] == "new", "customers"].sum()
    moved, chance = _changed(movement)
    if pd.isna(chance):
        return _(
            "No order up to {day} is in the lists, so no move can be seen. New since: {new:,}.",
            day=day,
            new=new,
        )
    return _(
        "Of {n:,} customers on both days {moved:,} changed their group. If nobody had changed, "
        "chance alone would have moved about {chance:,.0f}. New: {new:,}.",
        n=_on_both(movement)["customers"].sum(),
        moved=moved,
        chance=chance,
        new=new,
    )


def direction_said(movement: pd.DataFrame) -> str:
    """More than chance or fewer, and how to read it."""
    moved, chance = _changed(movement)
    if pd.isna(chance):
        return _("The lists begin too late to say what chance would move.")
    return sentences(
        _("Here more moved than chance would move.")
        if moved > chance
        else _("Here fewer moved than chance would move."),
        _(
            "Who orders by the calendar moves less than chance: that is rhythm, no alarm. Who "
            "stopped for good shows as staying quiet more often than chance. An alarm is active → "
            "cooling above the expectation."
        ),
    )


def alarm_said(movement: pd.DataFrame) -> str:
    """Whether more active customers cool than chance explains."""
    cools = movement["before"].eq("active") & movement["after"].eq("cooling")
    rings = movement[cools & (movement["z"] > 0) & movement["stands_out"].astype(bool)]
    return _("The alarm rings.") if len(rings) else _("The alarm does not ring.")


def past_said(later_returns: int, stands_still: bool, day: date) -> str:
    """Whether what was returned after `day` changes what is shown of that day."""
    return sentences(
        _("{n:,} returns and corrections came after {day}.", n=later_returns, day=day),
        _("The earlier day is the same with and without them.")
        if stands_still
        else _("The earlier day is NOT the same with and without them."),
    )


def hold_out_said(
    power: pd.DataFrame, held_out: int, left_out: int, begin_with: Mapping[str, int]
) -> str:
    """How soon the hold-out can prove the list wrong, and which action they begin with."""
    if power.empty:
        return _("Nobody was drawn, or no break-even is stated: the list cannot be tested yet.")
    row = power.to_dict("records")[0]  # a row as a Series would turn whole numbers into others
    first = pgettext("rows", ", ").join(
        _("“{action}” ({n})", action=action, n=n) for action, n in begin_with.items()
    )
    proof = _(
        "{left_out:,} are not approached; {held_out:,} more, drawn by lot, are. Count {months} "
        "month(s) together: if {alarm_from} or more of {needed} of them sign and get results, stop "
        "and review the list. If leaving them out is a mistake, this shows it in {power:.0%} of "
        "cases.",
        left_out=left_out,
        held_out=held_out,
        months=row["months"],
        alarm_from=row["alarm_from"],
        needed=row["needed"],
        power=row["power_at_break_even"],
    )
    if not first:
        return proof
    return sentences(
        proof,
        _(
            "They begin with what others in their place get: {first}. A first step is no contract: "
            "go on with them as with all others, or the test always speaks for the list.",
            first=first,
        ),
    )


def claim_said(later: pd.DataFrame) -> str:
    """Whether those with results did more of it afterwards, tested as in notebook 07; one line per
    measure.
    """
    if later.empty:
        return _("These lists do not say who got results, so the claim stays untested here.")
    return "\n".join(says_later(later))


def _on_both(movement: pd.DataFrame) -> pd.DataFrame:
    return movement[(movement["before"] != "new") & (movement["after"] != "left")]


def _changed(movement: pd.DataFrame) -> tuple[int, float]:
    """How many changed their group, and how many chance would have moved: missing if unknown."""
    both = _on_both(movement)
    changed = both[both["before"] != both["after"]]
    return int(changed["customers"].sum()), changed["expected_customers"].sum(min_count=1)
