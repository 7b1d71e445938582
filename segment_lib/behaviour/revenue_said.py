"""What the revenue views say: money, scores, segments, deciles and ABC, returns (notebook 03)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from segment_lib.in_words import count, percent
from segment_lib.voice import _, ngettext, sentences

if TYPE_CHECKING:
    from segment_lib.behaviour import views

YEAR_DAYS = 365
CENT = 0.005  # less than this is no difference in money


def revenue(view: views.RevenueView) -> dict[str, str]:
    """Money, scores, segments, the top tenth."""
    people, top = view.customers, view.top
    buyers = people[people["frequency"] > 0]
    by_interval = view.cuts.f == "interval"
    often, spenders = people[people["f"] >= 4], (people["monetary"] > 0).sum()
    paid = people["monetary"].sum()
    facts = {
        "as_of": view.as_of,
        "n": len(people),
        "bought": len(buyers),
        "currency": view.currency,
        "total": paid,
        "back": abs(people.get("returned_amount", pd.Series(dtype="float64")).sum()),
        "often": len(often),
        "quiet": (often["r"] <= 2).sum(),
        "spenders": spenders,
        "top": len(top),
        "share": top["monetary"].sum() / max(paid, 1),
        "below": len(people) - spenders,
        "tied": view.deciles["tied_at_border"].sum(),
        "few": (top["frequency"] <= 2).sum(),
        "gone": (top["recency_days"] > YEAR_DAYS).sum(),
    }
    return {
        "paid": _(
            "{n:,} customers, {bought:,} with orders. They paid {currency}{total:,.0f} net; "
            "{currency}{back:,.0f} came back.",
            **facts,
        )
        if view.as_of is None
        else _(
            "As of {as_of}: {n:,} customers, {bought:,} with orders. They paid "
            "{currency}{total:,.0f} net; {currency}{back:,.0f} came back.",
            **facts,
        ),
        "ties": _alike(buyers, by_interval),
        "scores": "\n".join(map(str, view.cuts.messages_))
        or _("All scores are in use on every axis."),
        "gone_quiet": _(
            "{often:,} customers score 4 or 5 in F, by short intervals. {quiet:,} of them score "
            "only 1 or 2 in R: they came at short intervals and have gone quiet.",
            **facts,
        )
        if by_interval
        else _(
            "{often:,} customers score 4 or 5 in F. {quiet:,} of them score only 1 or 2 in R: "
            "they came often and have gone quiet.",
            **facts,
        ),
        "segments": "\n".join(
            f"{row.name} ({row.customers:,}): {row.character or '—'} → {row.measure or '—'}"
            for row in view.segments.itertuples(index=False, name="Segment")
        ),
        "top_tenth": _(
            "Only {spenders} customers have spend above 0: too few for tenths. Read them all.",
            **facts,
        )
        if view.deciles.empty
        else _(
            "The top tenth ({top:,} customers) brings {share:.0%} of the net total; {below:,} "
            "customers spent 0 or less and stand apart. {tied:,} stand at a border with equal "
            "spend: there more orders decide, then the later order.",
            **facts,
        ),
        "few_orders": _(
            "Of these {top:,} customers, {few:,} got there with one or two orders, and "
            "{gone:,} have not ordered for more than a year.",
            **facts,
        ),
        "abc": says_abc(view.abc, view.lorenz),
    }


def _alike(buyers: pd.DataFrame, by_interval: bool) -> str:
    """How many share one F score, since they are alike in what F counts."""
    if buyers.empty:
        return _("Nobody has ordered yet.")
    if by_interval:
        return _(
            "{once:,} of {n:,} buyers ordered on one day only: they have no interval yet, so their "
            "F score is 1.",
            once=buyers["interval_days"].isna().sum(),
            n=len(buyers),
        )
    alike = buyers["frequency"].value_counts()
    return _(
        "Ties: {same:,} of {n:,} buyers have {orders} order(s), so they share one F score.",
        same=alike.max(),
        n=alike.sum(),
        orders=alike.idxmax(),
    )


def says_abc(abc: pd.DataFrame, lorenz: pd.DataFrame) -> str:
    """How few bring most of the money; `abc` and `lorenz` as the revenue view gives them."""
    if abc.empty:
        return _("Nobody has spend above 0, so there is no ABC.")
    best, middle, rest = abc.iloc[:3].to_dict("records")
    says = ngettext(
        "The best customer ({heads} of those who paid) brings {spend} of their spend.",
        "The best {n:,} customers ({heads} of those who paid) bring {spend} of their spend.",
        int(best["customers"]),
        heads=percent(best["share"]),
        spend=percent(best["spend_share"]),
    )
    others = _(
        "The next {next} ({next_heads}) bring {next_spend}, the other {rest} ({rest_heads}) bring "
        "{rest_spend}.",
        next=count(middle["customers"]),
        next_heads=percent(middle["share"]),
        next_spend=percent(middle["spend_share"]),
        rest=count(rest["customers"]),
        rest_heads=percent(rest["share"]),
        rest_spend=percent(rest["spend_share"]),
    )
    uneven = _(
        "Gini {gini:.2f} (0: all spend the same, near 1: one brings everything).",
        gini=lorenz["gini"].iloc[0],
    )
    all_there = middle["customers"] > 0 and rest["customers"] > 0
    return sentences(says, others if all_there else "", uneven)


def interval(view: views.IntervalView) -> dict[str, str]:
    """How many change by the interval."""
    people = view.customers
    if people.empty:
        return {"changes": _("No days of orders are known, so there is no interval between them.")}
    facts = {
        "n": count(len(people)),
        "once": count(people["interval_days"].isna().sum()),
        "scores": count(people["f_by_orders"].ne(people["f_by_interval"]).sum()),
    }
    if not view.comparable:
        return {
            "changes": _(
                "By orders there is another number of scores than by the interval, so F is not "
                "compared: state as many interval_cuts as frequency_cuts."
            )
        }
    moved = people["segment_by_orders"].ne(people["segment_by_interval"])
    says = _(
        "By the interval instead of the orders, {scores} of {n} buyers get another F score, and "
        "{moved} ({share}) stand in another segment. {once} ordered on one day only: they have "
        "no interval yet, and F is 1.",
        moved=count(moved.sum()),
        share=percent(moved.mean()),
        **facts,
    )
    return {"changes": says}


def returns(view: views.ReturnsView) -> dict[str, str]:
    """What the returns change."""
    undone = view.gross["frequency"] - view.net["frequency"]
    changed = _(
        "Returns change the money of {less:,} customers. {undone:,} orders came back "
        "entirely; {none_left:,} customers have none left.",
        less=(view.net["monetary"] < view.gross["monetary"] - CENT).sum(),
        undone=undone.sum(),
        none_left=((undone > 0) & (view.net["frequency"] == 0)).sum(),
    )
    return {"returns": changed}
