"""What notebook 10 says of what moved, of the past, of the hold-out, and of what results brought.

Each function takes frames and gives sentences that stay true on other lists; where there is nothing
to say it says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import ceil
from typing import Any

import pandas as pd

from segment_lib.columns import value_label
from segment_lib.in_words import count, percent
from segment_lib.results.said import says_later
from segment_lib.voice import N_, _, pgettext, sentences


def moved_said(movement: pd.DataFrame, day: date) -> str:
    """How many changed their group since `day`."""
    new = movement.loc[movement["before"] == "new", "customers"].sum()
    both = movement[(movement["before"] != "new") & (movement["after"] != "left")]
    if not both["customers"].sum():
        return _(
            "No order up to {day} is in the lists, so no move can be seen. New since: {new:,}.",
            day=day,
            new=new,
        )
    return _(
        "Of {n:,} customers on both days {moved:,} changed their group. New: {new:,}.",
        n=both["customers"].sum(),
        moved=both.loc[both["before"] != both["after"], "customers"].sum(),
        new=new,
    )


def ordered_said(ordered: pd.DataFrame, day: date) -> list[str]:
    """Who ordered since `day` beside how many used to: all, then each group; then the season."""
    some = ordered[ordered["customers"] > 0]
    rows = sorted(some.to_dict("records"), key=lambda row: row["before"] != "all")
    return [_ordered(row, day) for row in rows] + ([season_said(some)] if _judged(some) else [])


def _judged(ordered: pd.DataFrame) -> bool:
    """Whether anything could be said of any group."""
    return bool((~ordered["compared"].isin(list(NOT_COMPARED))).any())


def claims_said(ordered: pd.DataFrame, day: date) -> list[str]:
    """Of all, and of the groups of which something is claimed; nothing where the past is short."""
    told = ordered[ordered["before"].eq("all") | ordered["compared"].isin(["more", "less"])]
    return ordered_said(told[~told["compared"].isin(list(NOT_COMPARED))], day)


def _ordered(row: dict[str, Any], day: date) -> str:
    """One group: how many ordered, how many were to be expected, which fall would be seen."""
    expected, fall = row["expected_customers"], row["smallest_fall"]
    facts = {
        "group": value_label("before" if row["before"] == "all" else "activity", row["before"]),
        "n": row["customers"],
        "ordered": row["ordered"],
        "day": day,
    }
    says = (SAID | NOT_COMPARED)[row["compared"]]
    if row["compared"] in NOT_COMPARED:
        return _(says, **facts)
    facts |= {"expected": expected, "off": percent(abs(row["ordered"] / expected - 1))}
    seen = (
        _("A fall of {fall} or more would have been seen.", fall=percent(ceil(100 * fall) / 100))
        if fall < 1
        else _("No fall could have been told from chance.")
    )
    return sentences(_(says, **facts), seen)


SAID = {
    "more": N_(
        "{group}: {ordered:,} of {n:,} ordered since {day}, {expected:,.0f} were to be expected: "
        "{off} more than expected."
    ),
    "less": N_(
        "{group}: {ordered:,} of {n:,} ordered since {day}, {expected:,.0f} were to be expected: "
        "{off} less than expected."
    ),
    "as_expected": N_(
        "{group}: {ordered:,} of {n:,} ordered since {day}, {expected:,.0f} were to be expected: "
        "the difference is within chance."
    ),
}
NOT_COMPARED = {
    "too_few": N_(
        "{group}: {ordered:,} of {n:,} ordered since {day}. These are too few customers to claim "
        "anything of."
    ),
    "unknown": N_(
        "{group}: {ordered:,} of {n:,} ordered since {day}. The past holds too little to say how "
        "many were to be expected."
    ),
}
SEASON = {
    "unknown": N_(
        "The lists do not reach back to the same quarter a year ago, so the season cannot be told "
        "apart: more or less than expected may be the time of the year."
    ),
    "not_found": N_(
        "The lists reach back to the same quarter a year ago; the {windows} quarters before show "
        "no season."
    ),
    "learned": N_(
        "The quarters of the year differ in the {windows} quarters before; the expectation is that "
        "of this time of the year."
    ),
}


def season_said(ordered: pd.DataFrame) -> str:
    """Whether the season is in the expectation; where it cannot be, that it may be the reason."""
    row = ordered.to_dict("records")[0]
    says = SEASON[row["season"]]
    return _(says, windows=row["windows"])


def alarm_said(ordered: pd.DataFrame) -> str:
    """Whether fewer ordered than expected, of all or of a group."""
    fewer = ordered[ordered["compared"] == "less"]
    if not _judged(ordered):
        return _("The alarm cannot ring: the past is too short, or the customers are too few.")
    if fewer.empty:
        return _("The alarm does not ring: in no group did fewer order than expected.")
    names = [
        str(value_label("before" if name == "all" else "activity", name))
        for name in fewer["before"]
    ]
    rings = _(
        "The alarm rings: fewer ordered than expected ({groups}).",
        groups=pgettext("names", ", ").join(names),
    )
    return sentences(rings, season_said(ordered) if fewer["season"].eq("unknown").any() else "")


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
        _("“{action}” ({n})", action=action, n=count(n)) for action, n in begin_with.items()
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
