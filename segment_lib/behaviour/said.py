"""What the views of this room say; each function takes frames and gives whole sentences.

They stay true on other lists; where there is nothing to say they say so.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from segment_lib.behaviour.next_order import WaitingCurve, sentence_next_order
from segment_lib.behaviour.rfm import ScoreCuts
from segment_lib.columns import value_label
from segment_lib.in_words import percent
from segment_lib.voice import _

LINES_SAID = 6  # product lines whose thresholds are said aloud
YEAR_DAYS = 365
CENT = 0.005  # less than this is no difference in money


# --- 03: who brings the money? ------------------------------------------------------------------
def says_paid(customers: pd.DataFrame, as_of: date | None, currency: str) -> str:
    """How many customers, how many of them with orders, what they paid and what came back."""
    returned = customers.get("returned_amount", pd.Series(dtype="float64"))
    counted = {
        "n": len(customers),
        "bought": int((customers["frequency"] > 0).sum()),
        "currency": currency,
        "total": float(customers["monetary"].sum()),
        "back": abs(float(returned.sum())),
    }
    if as_of is None:
        return _(
            "{n:,} customers, {bought:,} with orders. They paid {currency}{total:,.0f} net; "
            "{currency}{back:,.0f} came back.",
            **counted,
        )
    return _(
        "As of {as_of}: {n:,} customers, {bought:,} with orders. They paid {currency}{total:,.0f} "
        "net; {currency}{back:,.0f} came back.",
        as_of=as_of,
        **counted,
    )


def says_ties(customers: pd.DataFrame) -> str:
    """How many buyers have the same number of orders, so that F cannot tell them apart."""
    alike = customers.loc[customers["frequency"] > 0, "frequency"].value_counts()
    if alike.empty:
        return _("Nobody has ordered yet.")
    return _(
        "Ties: {same:,} of {n:,} buyers have {orders} order(s), so they share one F score.",
        same=alike.max(),
        n=alike.sum(),
        orders=alike.idxmax(),
    )


def says_scores(cuts: ScoreCuts) -> str:
    """Which scores nobody has, one line per axis."""
    unused = "\n".join(map(str, cuts.messages_))
    return unused or _("All scores are in use on every axis.")


def says_gone_quiet(customers: pd.DataFrame) -> str:
    """Who came often and has stopped."""
    often = customers[customers["f"] >= 4]
    return _(
        "{often:,} customers score 4 or 5 in F. {quiet:,} of them score only 1 or 2 in R: "
        "they came often and have gone quiet.",
        often=len(often),
        quiet=int((often["r"] <= 2).sum()),
    )


def says_segments(segments: pd.DataFrame) -> str:
    """One line per segment: its customers, its character, its measure."""
    return "\n".join(
        f"{row.name} ({row.customers:,}): {row.character or '—'} → {row.measure or '—'}"
        for row in segments.itertuples(index=False, name="Segment")
    )


def says_top_tenth(customers: pd.DataFrame, top: pd.DataFrame, deciles: pd.DataFrame) -> str:
    """What the top tenth brings, who stands apart, who stands at a border."""
    spenders = int((customers["monetary"] > 0).sum())
    if deciles.empty:
        return _(
            "Only {spenders} customers have spend above 0: too few for tenths. Read them all.",
            spenders=spenders,
        )
    return _(
        "The top tenth ({top:,} customers) brings {share:.0%} of the net total; {below:,} "
        "customers spent 0 or less and stand apart. {tied:,} stand at a border with equal spend: "
        "there more orders decide, then the later order.",
        top=len(top),
        share=top["monetary"].sum() / max(customers["monetary"].sum(), 1),
        below=len(customers) - spenders,
        tied=int(deciles["tied_at_border"].sum()),
    )


def says_few_orders(top: pd.DataFrame) -> str:
    """Who stands on top after one or two orders, and who has long been away."""
    return _(
        "Of these {top:,} customers, {few:,} got there with one or two orders, and "
        "{gone:,} have not ordered for more than a year.",
        top=len(top),
        few=int((top["frequency"] <= 2).sum()),
        gone=int((top["recency_days"] > YEAR_DAYS).sum()),
    )


def says_returns(net: pd.DataFrame, gross: pd.DataFrame) -> str:
    """Whose money the returns change, and which orders they undo."""
    undone = gross["frequency"] - net["frequency"]
    return _(
        "Returns change the money of {less:,} customers. {undone:,} orders came back "
        "entirely; {none_left:,} customers have none left.",
        less=int((net["monetary"] < gross["monetary"] - CENT).sum()),
        undone=int(undone.sum()),
        none_left=int(((undone > 0) & (net["frequency"] == 0)).sum()),
    )


# --- 04: which types, and when is the next order due? -------------------------------------------
def says_often(thresholds: pd.DataFrame) -> str:
    """How often is often, one line per product line, and who says so."""
    if len(thresholds) < 2:
        return _("No order names a product line: one answer for all.")
    said = []
    for row in thresholds.iloc[1 : 1 + LINES_SAID].itertuples():
        line = {"line": row.product_line, "days": row.often_gap_days}
        said.append(
            _("{line}: a gap of up to {days:.0f} days is often (stated by people).", **line)
            if row.stated
            else _("{line}: a gap of up to {days:.0f} days is often (as the data propose).", **line)
        )
    return "\n".join(said)


def says_waits(customers: pd.DataFrame, curve: WaitingCurve, thresholds: pd.DataFrame) -> str:
    """How far the own lapse limits lie apart, and what one limit for all would overlook."""
    everyone = thresholds.iloc[0]
    if not curve.returns_:
        return (
            _("Nobody came back for a second order: there is no wait to learn from.")
            if not everyone["repeaters"]
            else _("The days of the orders are not known: there is no wait to learn from.")
        )
    own = customers["lapsed_after_days"].quantile([0.1, 0.5, 0.9]).fillna(0)
    limit = everyone["lapsed_after_days"]
    return _(
        "Own lapse limits: {low:.0f} to {high:.0f} days, {middle:.0f} in the middle. With one "
        "limit of {limit:.0f} days for all, {late:.0%} of second orders would come later.",
        low=own[0.1],
        middle=own[0.5],
        high=own[0.9],
        limit=limit,
        late=curve.share_later_than(limit),
    )


def says_types(profile: pd.DataFrame) -> str:
    """One line per type that occurs: customers, spend, margin where known, and how many lapsed."""
    said = []
    for row in profile[profile["customers"] > 0].itertuples():
        counted = {
            "type": value_label("five_type", row.five_type),
            "share": percent(row.share),
            "spend": percent(row.spend_share),
            "margin": percent(row.margin_rate),
            "lapsed": row.lapsed,
            "n": row.customers,
        }
        said.append(
            _(
                "{type}: {share} of customers, {spend} of spend; {lapsed:,} of {n:,} have lapsed.",
                **counted,
            )
            if pd.isna(row.margin_rate)
            else _(
                "{type}: {share} of customers, {spend} of spend, margin {margin}; {lapsed:,} of "
                "{n:,} have lapsed.",
                **counted,
            )
        )
    return "\n".join(said) or _("Nobody has ordered yet.")


def says_first_unknown(types: pd.DataFrame, unknown: pd.Series) -> str:
    """Who was known before the lists begin, and may be no first-time buyer."""
    once = unknown & types["five_type"].eq("first_time")
    return _(
        "{unknown:,} customers were known before the lists begin, so an earlier order may be "
        "missing. {once:,} of them stand under first-time: leave them out of its rates.",
        unknown=int(unknown.sum()),
        once=int(once.sum()),
    )


def says_by_rule(by_rule: pd.DataFrame) -> str:
    """For how many our rule and the published one name the same type."""
    return _(
        "Both rules name the same type for {same:,} of {n:,} customers.",
        same=int(by_rule.loc[by_rule["agree"], "customers"].sum()),
        n=int(by_rule["customers"].sum()),
    )


def says_mixed(due: pd.DataFrame) -> str:
    """Who is one type in one product line and another in another."""
    types = due.groupby(level=0)["five_type"].nunique()
    return _(
        "{mixed:,} customers are one type in one product line and another type in another.",
        mixed=int((types > 1).sum()),
    )


def says_examples(examples: pd.DataFrame) -> str:
    """The due dates of a few customers, one line each."""
    said = "\n".join(sentence_next_order(row) for _name, row in examples.iterrows())
    return said or _("No order falls due soon, and nobody who came regularly is overdue.")


def says_soon(soon: pd.DataFrame, due: pd.DataFrame, until: date) -> str:
    """How many orders fall due, and who of those customers buys from one product line only."""
    lines = due.groupby(level=0)["product_line"].nunique().loc[soon.index.unique()]
    several = due["product_line"].nunique() > 1
    return _(
        "{n:,} orders fall due by {until:%Y-%m-%d}. {single:,} of these customers order from one "
        "product line and could be offered another.",
        n=len(soon),
        until=until,
        single=int((lines == 1).sum()) if several else 0,
    )


def says_overdue(overdue: pd.DataFrame) -> str:
    """How many are past their range, how many of them came regularly, and since lately."""
    regular = overdue[overdue["order_days"] >= 3]
    return _(
        "{late:,} are overdue; {regular:,} of them had ordered on three days or more. "
        "{lately:,} of those passed their range within the last 60 days.",
        late=len(overdue),
        regular=len(regular),
        lately=int((regular["overdue_days"] <= 60).sum()),
    )


def says_twice_the_gap(due: pd.DataFrame, gaps: pd.DataFrame) -> str:
    """What "twice the own gap" would give up too early, and what it would overlook."""
    back = gaps[gaps["came_back"] & (gaps["order_number"] >= 2)]
    beyond = back["wait_days"] > 2 * back["span_before_days"] / (back["order_number"] - 1)
    one, four = beyond[back["order_number"] == 2], beyond[back["order_number"] >= 5]
    if one.empty or four.empty:
        return _("Too few waits were seen to compare.")
    rhythm = due[due["gap_days"].notna()]
    twice = rhythm["recency_days"] > 2 * rhythm["gap_days"]
    past = rhythm["overdue_days"] > 0
    return _(
        "Back after more than twice the own gap: {one:.1%} of those with one gap, {four:.1%} of "
        "those with four or more. Of {n:,} today, that rule would give up {early:,} too "
        "early and overlook {missed:,}.",
        one=one.mean(),
        four=four.mean(),
        n=len(rhythm),
        early=int((twice & ~past).sum()),
        missed=int((past & ~twice).sum()),
    )


def says_came_by(came: pd.DataFrame, no_campaign: str) -> str:
    """Who came by a campaign, and what they have become since."""
    lured = came[came["campaign"] != no_campaign]
    if lured.empty:
        return _("No order names a campaign: what set off a burst cannot be seen here.")
    return _(
        "{lured:,} of {n:,} came by a campaign. {fad:,} of them are fad buyers today, {loyal:,} "
        "have turned loyal, {lapsed:,} have lapsed.",
        lured=len(lured),
        n=len(came),
        fad=int(lured["fad"].sum()),
        loyal=int(lured["loyal"].sum()),
        lapsed=int(lured["lapsed"].sum()),
    )
