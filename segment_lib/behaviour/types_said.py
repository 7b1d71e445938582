"""What the views of repeat buying say: waits, second orders, types, next orders (notebook 04)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from segment_lib.behaviour.next_order import ALARM_ORDER_DAYS, sentence_next_order
from segment_lib.behaviour.second_orders import ALL_MONTHS
from segment_lib.columns import value_label
from segment_lib.in_words import count, money, percent
from segment_lib.voice import _, ngettext, pgettext, sentences

if TYPE_CHECKING:
    from segment_lib.behaviour import views

CENTS_BELOW = 100  # a unit price below this is said to the cent
LINES_SAID = 6  # product lines whose thresholds are said aloud
NO_CAMPAIGN = "—"
SOON = timedelta(days=14)
FEWEST = 10  # customers, below whom no rate is told


def types(view: views.TypesView) -> dict[str, str]:
    """How often is often, how long they wait, which types there are."""
    unknown = view.first_unknown
    once = unknown & view.customers["five_type"].eq("first_time")
    agree = view.by_rule.loc[view.by_rule["agree"], "customers"]
    profiled = view.profile[view.profile["customers"] > 0]
    return {
        "often": _often(view.thresholds),
        "waits": _waits(view),
        "tested": says_tested(view.test),
        "alarm": says_alarm(view.customers, view.test),
        "types": "\n".join(_type_line(row) for row in profiled.itertuples())
        or _("Nobody has ordered yet."),
        "first_unknown": _(
            "{unknown:,} customers were known before the lists begin, so an earlier order may be "
            "missing. {once:,} of them stand under first-time: leave them out of its rates.",
            unknown=unknown.sum(),
            once=once.sum(),
        ),
        "by_rule": _(
            "Both rules name the same type for {same:,} of {n:,} customers.",
            same=agree.sum(),
            n=view.by_rule["customers"].sum(),
        ),
        "second_orders": says_second_orders(view.second),
        "by_price": _by_price(view),
        "by_campaign": _by_campaign(view.by_campaign),
    }


def says_second_orders(table: pd.DataFrame) -> str:
    """How many of those who ordered once came a second time, by when, and what is not yet known."""
    every = table[table["first_month"] == ALL_MONTHS]
    known = every[every["share_back"].notna() & (every["customers"] >= FEWEST)]
    if known.empty:
        return _(
            "Fewer than {few} customers were watched long enough after a first order to speak of "
            "second orders.",
            few=FEWEST,
        )
    each = pgettext("list", ", ").join(
        _(
            "{share} within {days} days (of {n})",
            share=percent(row.share_back),
            days=row.within_days,
            n=count(row.customers),
        )
        for row in known.itertuples()
    )
    says = _(
        "Second orders (F2), of those whose month of first order lies long enough back: {each}.",
        each=each,
    )
    return sentences(says, _by_curve(every), _not_yet_known(table))


def _by_curve(every: pd.DataFrame) -> str:
    """The share within the longest time that the curve knows, and its interval."""
    told = every[every["low"].notna()].tail(1).to_dict("records")
    if not told:
        return ""
    row = told[0]
    return _(
        "With everybody counted for as long as they were watched (Kaplan–Meier): {share} within "
        "{days} days (95% interval {low} to {high}).",
        share=percent(row["curve_share"]),
        days=row["within_days"],
        low=percent(row["low"]),
        high=percent(row["high"]),
    )


def _not_yet_known(table: pd.DataFrame) -> str:
    months = table[table["first_month"] != ALL_MONTHS]
    longest = months["within_days"].max()
    young = months[(months["within_days"] == longest) & months["came_back"].isna()]
    if young.empty:
        return ""
    return _(
        "Within {days} days nothing is known yet of who first ordered in {month} or later; they "
        "are not in that rate.",
        days=longest,
        month=young["first_month"].min(),
    )


def _by_price(view: views.TypesView) -> str:
    """From which unit price on it is high, and which share of each type buys at one."""
    table = view.by_price
    if table.empty:
        return _("All pay the same unit price, or nobody has ordered: there is no high and low.")
    row = table.iloc[0]
    price = money(row["high_from"], view.currency)
    if row["high_from"] < CENTS_BELOW:
        price = f"{view.currency}{row['high_from']:,.2f}"
    what = (
        _("The unit price is what is paid for one piece.")
        if row["per_piece"]
        else _("The unit price is what is paid for one order: these lists count no pieces.")
    )
    border = (
        _("High is from {price} on, as people stated.", price=price)
        if row["stated"]
        else _("High is from {price} on, beyond the middle of this list.", price=price)
    )
    high = _("At a high unit price: {each}.", each=_of_types(table, "price_level", "high"))
    return sentences(what, border, high)


def _by_campaign(table: pd.DataFrame) -> str:
    if table.empty:
        return _("No order names a campaign: how sensitive customers are to one is not known.")
    return _(
        "With half of their spend or more in campaigns: {each}.",
        each=_of_types(table, "campaign_level", "mostly"),
    )


def _of_types(table: pd.DataFrame, level: str, code: str) -> str:
    """Which share of each type has the level, and of how many."""
    heads = table.groupby("five_type", observed=False)["customers"].sum()
    rows = table[table[level] == code]
    return pgettext("list", ", ").join(
        _(
            "{type} {share} of {n}",
            type=value_label("five_type", row.five_type),
            share=percent(row.share),
            n=count(heads[row.five_type]),
        )
        for row in rows.itertuples()
        if heads[row.five_type]
    )


def cpm(view: views.CpmView) -> dict[str, str]:
    """Who is active by the published rule, then and now; each step beside its target."""
    groups = view.groups
    active = groups[~groups["lapsed"]]
    then = int(groups["customers_half_year_ago"].sum())
    says = _(
        "By the published rule {active} of {n} customers are active.",
        active=count(active["customers"].sum()),
        n=count(groups["customers"].sum()),
    )
    before = ngettext(
        "On {day:%Y-%m-%d} {before} of {n} was.",
        "On {day:%Y-%m-%d} {before} of {n:,} were.",
        then,
        day=view.day,
        before=count(active["customers_half_year_ago"].sum()),
    )
    young = _(
        "The first order is less than a year old: in a first year these rates are not reliable."
    )
    return {
        "active": sentences(says, before if then else ""),
        "rates": "\n".join(_step_line(row) for row in view.rates.itertuples()),
        "targets": sentences(
            _("The targets are stated in client.toml.")
            if view.stated
            else _("The targets are the published ones (MakeRepeater)."),
            young if view.young else "",
        ),
    }


def _step_line(row: Any) -> str:
    """One step: who took it of those who could, its doubt, and what that says of the target."""
    step = value_label("cpm_step", row.cpm_step)
    if not row.n:
        return _("{step}: nobody stood there half a year ago.", step=step)
    return _(
        "{step}: {rate} of {n} took it (95% interval {low} to {high}); target {target}: {reached}.",
        step=step,
        rate=percent(row.rate),
        n=count(row.n),
        low=percent(row.low),
        high=percent(row.high),
        target=percent(row.target_rate),
        reached=value_label("reached", row.reached),
    )


def _often(thresholds: pd.DataFrame) -> str:
    """How often is often, one line per product line, and who says so."""
    said = []
    for row in thresholds.iloc[1 : 1 + LINES_SAID].itertuples():
        line = {"line": row.product_line, "days": row.often_gap_days}
        said.append(
            _("{line}: a gap of up to {days:.0f} days is often (stated by people).", **line)
            if row.stated
            else _("{line}: a gap of up to {days:.0f} days is often (as the data propose).", **line)
        )
    return "\n".join(said) or _("No order names a product line: one answer for all.")


def _waits(view: views.TypesView) -> str:
    """How far the own lapse limits lie apart, and what one limit for all would overlook."""
    everyone = view.thresholds.iloc[0]
    if not view.model.curve_.returns_:
        if everyone["repeaters"]:
            return _("The days of the orders are not known: there is no wait to learn from.")
        return _("Nobody came back for a second order: there is no wait to learn from.")
    own = view.customers["lapsed_after_days"].quantile([0.1, 0.5, 0.9]).fillna(0)
    limit = everyone["lapsed_after_days"]
    return _(
        "Own lapse limits: {low:.0f} to {high:.0f} days, {middle:.0f} in the middle. With one "
        "limit of {limit:.0f} days for all, {late:.0%} of second orders would come later.",
        low=own[0.1],
        middle=own[0.5],
        high=own[0.9],
        limit=limit,
        late=view.model.curve_.share_later_than(limit),
    )


def says_tested(test: pd.DataFrame) -> str:
    """What the forecast of the last 90 days from before them was worth; `test` is one row."""
    row = test.to_dict("records")[0]
    if pd.isna(row["auc"]):
        return _(
            "Too few orders were seen to test the forecast on the past: read it as a first guess. "
            "Nobody is ranked by it, and there is no alarm list."
        )
    told = _(
        "Tested on the past: as of {days} days ago {n} customers were forecast, and {back} of them "
        "ordered since. Of any two, one who did and one who did not, the forecast had the right "
        "one ahead in {auc} of cases (95% interval {low} to {high}; chance alone: 50%).",
        days=row["days"],
        n=count(row["customers"]),
        back=count(row["came_back"]),
        auc=percent(row["auc"]),
        low=percent(row["auc_low"]),
        high=percent(row["auc_high"]),
    )
    if row["tells"]:
        return told
    return sentences(
        told,
        _(
            "So the past does not tell who orders next here: everybody has the same chance, nobody "
            "is ranked, and there is no alarm list."
        ),
    )


def says_alarm(customers: pd.DataFrame, test: pd.DataFrame) -> str:
    """How long the alarm list is, what is missed with it, how often it was a false alarm."""
    row, on_it = test.to_dict("records")[0], customers["alarm"].fillna(False).astype(bool)
    if not on_it.any():
        return (
            _("There is no alarm list.")
            if row["tells"] is not True
            else _(
                "Nobody with {least} order days or more has waited longer than usual and is still "
                "ours.",
                least=ALARM_ORDER_DAYS,
            )
        )
    return _(
        "The alarm list: {n} customers with {least} order days or more who have waited longer than "
        "usual and have not lapsed, those first whose orders would be missed most ({lost} orders "
        "in 90 days at their own pace, if they have left). Made {days} days ago, such a list held "
        "{alarms}; {false} of them ordered all the same, a false alarm. Of all with so many order "
        "days {silent} did not order.",
        n=count(on_it.sum()),
        least=ALARM_ORDER_DAYS,
        lost=f"{customers.loc[on_it, 'orders_lost'].sum():.0f}",
        days=row["days"],
        alarms=count(row["alarms"]),
        false=percent(row["false_alarms"] / row["alarms"]) if row["alarms"] else "—",
        silent=percent(row["silent"] / row["often"]) if row["often"] else "—",
    )


def _type_line(row: Any) -> str:
    """One type: customers, spend, margin where known, and how many lapsed."""
    fields = {
        "type": value_label("five_type", row.five_type),
        "share": percent(row.share),
        "spend": percent(row.spend_share),
        "margin": percent(row.margin_rate),
        "lapsed": row.lapsed,
        "n": row.customers,
    }
    if pd.isna(row.margin_rate):
        return _(
            "{type}: {share} of customers, {spend} of spend; {lapsed:,} of {n:,} have lapsed.",
            **fields,
        )
    return _(
        "{type}: {share} of customers, {spend} of spend, margin {margin}; {lapsed:,} of {n:,} "
        "have lapsed.",
        **fields,
    )


def lines(view: views.LinesView) -> dict[str, str]:
    """Types across product lines; who is due soon, who overdue, how wide the doubt is."""
    due, soon, overdue = view.due, view.soon, view.overdue
    regular = overdue[overdue["order_days"] >= 3]
    first = pd.concat([soon.head(1), regular.head(1)])[view.expected.columns]
    named = first.drop(columns="name", errors="ignore").join(view.names)
    each = due.groupby(level=0)[["five_type", "product_line"]].nunique()
    of_one_line = each.loc[soon.index.unique(), "product_line"] == 1
    return {
        "mixed": _(
            "{mixed:,} customers are one type in one product line and another type in another.",
            mixed=(each["five_type"] > 1).sum(),
        ),
        "examples": "\n".join(sentence_next_order(row) for _name, row in named.iterrows())
        or _("No order is expected soon, and nobody who came regularly is late."),
        "soon": _(
            "The time of {n:,} orders is now, or begins by {until:%Y-%m-%d}. {single:,} of these "
            "customers order from one product line and could be offered another.",
            n=len(soon),
            until=view.as_of + SOON,
            single=of_one_line.sum() if due["product_line"].nunique() > 1 else 0,
        ),
        "overdue": _(
            "{late:,} orders of customers who repeat are late; {regular:,} of them of customers "
            "with three order days or more, {lately:,} of those since the last 60 days.",
            late=len(overdue),
            regular=len(regular),
            lately=(regular["overdue_days"] <= 60).sum(),
        ),
        "twice_the_gap": _twice_the_gap(due, view.gaps),
    }


def _twice_the_gap(due: pd.DataFrame, gaps: pd.DataFrame) -> str:
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
        early=(twice & ~past).sum(),
        missed=(past & ~twice).sum(),
    )


def campaigns(view: views.CampaignsView) -> dict[str, str]:
    """Who came by a campaign, and what they have become since."""
    lured = view.customers[view.customers["campaign"] != NO_CAMPAIGN]
    if lured.empty:
        return {
            "came_by": _("No order names a campaign: what set off a burst cannot be seen here.")
        }
    came_by = _(
        "{lured:,} of {n:,} came by a campaign. {fad:,} of them are fad buyers today, {loyal:,} "
        "have turned loyal, {lapsed:,} have lapsed.",
        lured=len(lured),
        n=len(view.customers),
        **lured[["fad", "loyal", "lapsed"]].sum(),
    )
    return {"came_by": came_by}
