"""What the view of growth says: the pyramid then, now and ahead, steps up, a repeater's price.

They stay true on other lists; where there is nothing to say they say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from segment_lib.behaviour.stages.ahead import AS_NOW, MORE, SEEN
from segment_lib.behaviour.stages.months import ALL, YEAR
from segment_lib.behaviour.stages.rungs import STAGES
from segment_lib.columns import value_label
from segment_lib.in_words import count, hours, percent
from segment_lib.voice import N_, _, ngettext, pgettext, sentences

if TYPE_CHECKING:
    from segment_lib.behaviour import views

HALF_YEAR = 6


def growth(view: views.GrowthView) -> dict[str, str]:
    """Then and now, who comes, the steps, the price of a repeater, and what comes."""
    return {
        "then_now": says_then_now(view.path),
        "came": says_came(view.path),
        "steps": _steps(view.steps),
        "cost": says_cost(view.cost),
        "ahead": says_ahead(view.path),
        "more": says_more(view.path),
    }


def says_then_now(path: pd.DataFrame) -> str:
    """Heads by stage, today and at the beginning of what is shown."""
    seen = path[path["scenario"] == SEEN]
    then, now = (_heads(seen, day) for day in (seen["month_end"].min(), seen["month_end"].max()))
    months = seen["month_end"].nunique() - 1
    if not months:
        return _("These lists do not tell of two ends of months: there is no pyramid of then.")
    stages = [
        _("{stage} {then} → {now}", stage=value_label("stage", one), then=then[one], now=now[one])
        for one in STAGES
        if then[one] != "0" or now[one] != "0"
    ]
    return ngettext(
        "Who stood in the pyramid {n} month ago and today: {then} → {now} ({stages}).",
        "Who stood in the pyramid {n} months ago and today: {then} → {now} ({stages}).",
        months,
        then=then[ALL],
        now=now[ALL],
        stages=pgettext("names", ", ").join(stages),
    )


def _heads(rows: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Heads by stage on a month-end, as they are written."""
    return rows[rows["month_end"] == day].set_index("stage")["customers"].map(count)


def says_came(path: pd.DataFrame) -> str:
    """Does the pyramid keep filling from below?"""
    seen = path[(path["scenario"] == SEEN) & (path["stage"] == ALL)].dropna(subset=["came"])
    if len(seen) < 2 * HALF_YEAR:
        return ""
    before, lately = seen["came"].iloc[-YEAR:-HALF_YEAR].sum(), seen["came"].iloc[-HALF_YEAR:].sum()
    says = ngettext(
        "{n} customer came onto the list in the last six months, {before} in the six before.",
        "{n:,} customers came onto the list in the last six months, {before} in the six before.",
        int(lately),
        before=count(before),
    )
    fewer = _("What does not come in below does not arrive above.")
    return sentences(says, fewer if lately < before else "")


def _steps(steps: pd.DataFrame) -> str:
    """One line per rung that somebody stepped up from lately."""
    return "\n".join(
        sentences(_step(row), _hours_of(row))
        for row in steps[steps["stepped"] > 0].to_dict("records")
    ) or _("Nobody stepped up a rung in the last year.")


def _step(row: dict[str, float]) -> str:
    return ngettext(
        "· {rung}: {n} customer stepped up in the last year; {share} of whoever comes onto it do "
        "within {days:,.0f} days, half of these within {half:,.0f}.",
        "· {rung}: {n:,} customers stepped up in the last year; {share} of whoever comes onto it "
        "do within {days:,.0f} days, half of these within {half:,.0f}.",
        int(row["stepped"]),
        rung=value_label("sub_stage", row["sub_stage"]),
        share=percent(row["climb_share"]),
        days=row["climb_days"],
        half=row["half_days"],
    )


def _hours_of(row: dict[str, float]) -> str:
    if pd.isna(row["hours_per_step"]):
        return ""
    return _("A step takes {hours} of our hours.", hours=hours(row["hours_per_step"]))


def says_cost(cost: pd.DataFrame) -> str:
    """What a lost repeater takes to replace, if enough became one to say it."""
    row = cost.iloc[0]
    if pd.isna(row["days_to_repeater"]):
        return _("Too few customers became repeaters in the last year to say what one takes.")
    became = _(
        "In the last year {n:,} customers became repeaters, half of them within {days:,.0f} days "
        "of the first we heard of them.",
        n=int(row["became"]),
        days=row["days_to_repeater"],
    )
    if pd.isna(row["hours_each"]):
        takes = _("So a lost repeater takes {days:,.0f} days to replace, as a rule of thumb.",
                  days=row["days_to_repeater"])  # fmt: skip
        return sentences(became, takes)
    takes = _(
        "{spent} of our hours went to customers who were none yet: so a lost repeater takes {each} "
        "hours and {days:,.0f} days to replace, as a rule of thumb.",
        spent=hours(row["effort_hours"]),
        each=hours(row["hours_each"]),
        days=row["days_to_repeater"],
    )
    return sentences(became, takes)


def says_owner(pyramids: pd.DataFrame | None, owner: str) -> str:
    """One owner's own pyramid, a year ago and now; "" where it is not known."""
    if pyramids is None or pyramids.empty or owner not in set(pyramids["owner"]):
        return ""
    mine = pyramids[pyramids["owner"] == owner].set_index("stage")
    stages = [
        _(
            "{stage} {then} → {now}",
            stage=value_label("stage", one),
            then=count(mine.at[one, "customers_then"]),
            now=count(mine.at[one, "customers"]),
        )
        for one in STAGES
    ]
    return _(
        "The pyramid of this owner, active customers a year ago and today: {stages}.",
        stages=pgettext("names", ", ").join(stages),
    )


def says_ahead(path: pd.DataFrame) -> str:
    """What comes if nothing changes, with its band."""
    coming = path[path["scenario"] == AS_NOW]
    if coming.empty:
        return _(
            "There is no looking ahead yet: it takes lists of ten months and more, so that the "
            "projection can be tried on the past."
        )
    last = coming[coming["month_end"] == coming["month_end"].max()].set_index("stage")
    stages = pgettext("names", ", ").join(
        _("{stage} {band}", stage=value_label("stage", one), band=_band(last.loc[one], "customers"))
        for one in STAGES[2:]
    )
    return _(
        "If nothing changes, on {day}: {stages}; orders in that month: {orders}. In brackets: "
        "the range that held 8 in 10 such projections of the past.",
        day=f"{last['month_end'].iloc[0]:%Y-%m-%d}",
        stages=stages,
        orders=_band(last.loc[ALL], "orders"),
    )


def _band(row: pd.Series, what: str) -> str:
    return _(
        "{n} ({low} to {high})",
        n=count(round(row[what])),
        low=count(round(row[f"{what}_low"])),
        high=count(round(row[f"{what}_high"])),
    )


def says_more(path: pd.DataFrame) -> str:
    """What the other scenario brings more; "" where there is none."""
    counted = ["customers", "orders", "came", "effort_hours"]
    by = path.set_index(["scenario", "month_end", "stage"])[counted].sort_index()
    if MORE not in by.index:
        return ""
    more = by.loc[MORE] - by.loc[AS_NOW]
    whole, end = more.xs(ALL, level="stage"), more.loc[more.index[-1][0]]
    people = round(whole["came"].iloc[0])
    met = round(end.loc["acquaintance", "came"]) == people
    meetings = N_(
        "With {n:,} first meetings a month more, with new people: in {months} months {orders} "
        "orders more, and at the end {buyers} customers and repeaters more."
    )
    first = N_(
        "With {n:,} first orders a month more, from new people: in {months} months {orders} orders "
        "more, and at the end {buyers} customers and repeaters more."
    )
    says = _(
        meetings if met else first,
        n=people,
        months=len(whole),
        orders=count(round(whole["orders"].sum())),
        buyers=count(round(end.loc[list(STAGES[2:]), "customers"].sum())),
    )
    spent = whole["effort_hours"].sum(min_count=1)
    takes = _("At today's hours per customer that takes {hours} hours.", hours=hours(spent))
    return sentences(says, "" if pd.isna(spent) else takes)
