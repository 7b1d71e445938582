"""What the views of this room say: one function per view, its sentences by what they are about.

They stay true on other lists; where there is nothing to say they say so.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from segment_lib.behaviour.clusters.estimator import BehaviourClusters
from segment_lib.behaviour.clusters.gates import GATES, VALLEY
from segment_lib.behaviour.next_order import ALARM_ORDER_DAYS, sentence_next_order
from segment_lib.columns import label, value_label
from segment_lib.in_words import count, percent
from segment_lib.voice import _, ngettext, pgettext, sentences

if TYPE_CHECKING:
    from segment_lib.behaviour import views

LINES_SAID = 6  # product lines whose thresholds are said aloud
OWNERS_NAMED = 6
YEAR_DAYS = 365
FOUR_WEEKS = 28
CENT = 0.005  # less than this is no difference in money
NO_CAMPAIGN = "—"
SOON = timedelta(days=14)
# The likelier a deal, the higher; “repair first” stands beside the ladder.
STATUS_LADDER = {"deciding_now": 4, "likely": 3, "nurture": 2, "pending": 1, "quiet": 0}


# --- 02: new or existing, what is still open, and is a deal likely? -----------------------------
def standing(view: views.StandingView) -> dict[str, str]:
    """new_or_existing, potential, likely."""
    age, status = view.customers["new_or_existing"], view.customers["status"]
    likely = status.isin(["deciding_now", "likely"])
    facts = {
        "n": len(age),
        "existing": age.eq("existing").sum(),
        "new": age.eq("new").sum(),
        "rest": age.eq("no_order").sum(),
        "likely": likely.sum(),
        "share": percent(likely.mean()),
        "unsold": (likely & age.eq("no_order")).sum(),
        "repair": status.eq("repair_first").sum(),
    }
    ages = _(
        "{n:,} customers: {existing:,} existing, {new:,} new within a year, {rest:,} without "
        "an order in the lists.",
        **facts,
    )
    nobody = _("No single order is in the lists: who is new, who is existing cannot be told.")
    return {
        "new_or_existing": nobody if age.eq("no_order").all() else ages,
        "potential": _potential(view.priority, view.currency),
        "likely": _(
            "A deal is likely now for {likely:,} of {n:,} customers ({share}); {unsold:,} of them "
            "have no order in the lists. For {repair:,} the relation is to be repaired first.",
            **facts,
        ),
    }


def _potential(priority: pd.DataFrame, currency: str) -> str:
    if priority.empty:
        return _("No list notes a potential. Priority then rests on what customers do (03 on).")
    potential, still_open = priority[["potential_amount", "still_open"]].sum()
    return _(
        "Potential noted for {n:,} customers: {potential} a year. What they bought from us "
        "covers {share} of it; {still_open} is open. Bought more than the potential noted for "
        "them: {above:,} customers.",
        n=len(priority),
        potential=f"{currency}{potential:,.0f}",
        share=percent(1 - still_open / potential),
        still_open=f"{currency}{still_open:,.0f}",
        above=(priority["share_of_wallet"] > 1).sum(),
    )


# --- 03: who brings the money? ------------------------------------------------------------------
def revenue(view: views.RevenueView) -> dict[str, str]:
    """Money, scores, segments, the top tenth."""
    people, top = view.customers, view.top
    alike = people.loc[people["frequency"] > 0, "frequency"].value_counts()
    often, spenders = people[people["f"] >= 4], (people["monetary"] > 0).sum()
    paid = people["monetary"].sum()
    facts = {
        "as_of": view.as_of,
        "n": len(people),
        "bought": alike.sum(),
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
        "ties": _("Nobody has ordered yet.")
        if alike.empty
        else _(
            "Ties: {same:,} of {n:,} buyers have {orders} order(s), so they share one F score.",
            same=alike.max(),
            n=alike.sum(),
            orders=alike.idxmax(),
        ),
        "scores": "\n".join(map(str, view.cuts.messages_))
        or _("All scores are in use on every axis."),
        "gone_quiet": _(
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
    }


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


# --- 04: which types, and when is the next order due? -------------------------------------------
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
    }


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


# --- 05: how far has the relation come, and where does it stand now? ----------------------------
def stages(view: views.StagesView) -> dict[str, str]:
    """The fullest rung, skipped rungs, the shape of the pyramid and whose breaks, requests."""
    people, queue = view.customers, view.queue
    return {
        "rung": _rung(people),
        "skipped": _(
            "Rungs skipped: {skipped:,} customers to ask about. Customers for whom these lists "
            "cannot say, because they hold no contacts or no deals: {unclear:,}.",
            skipped=people["skipped_stage"].eq(True).sum(),
            unclear=people["skipped_stage"].isna().sum(),
        ),
        "shape": _shape(view.pyramid, view.checks),
        "owner": view.owner or _("These lists name no owner."),
        "owners": _owners(view.owner_checks),
        "requests": says_requests(people, queue),
    }


def says_requests(people: pd.DataFrame, queue: pd.DataFrame) -> str:
    """Who was asked for something, and whose incident is open: those signed as not justified apart,
    as the reason of a decision counts them.
    """
    refused = queue["justified"].eq(False).fillna(False)
    waiting = queue[~refused]
    says = _(
        "Requests: {asked:,} customers were asked for something, {did_all:,} did everything. "
        "Incidents: open for {waiting:,} customers; {first:,} are repeaters and come first.",
        asked=(people["steps_asked"] > 0).sum(),
        did_all=people["did_all"].eq(True).sum(),
        waiting=len(waiting),
        first=(waiting["stage"] == "repeater").sum(),
    )
    last = ngettext(
        "{n} more has one that was signed as not justified, and comes last.",
        "{n:,} more have one that was signed as not justified, and come last.",
        int(refused.sum()),
    )
    return sentences(says, last if refused.any() else "")


def _rung(customers: pd.DataFrame) -> str:
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


def _shape(pyramid: pd.DataFrame, checks: pd.DataFrame) -> str:
    """Where the pyramid keeps its shape; one line for each step where it does not."""
    compared = checks[checks["holds"].notna()]
    holds = compared["holds"].astype(bool)
    stood_on = (pyramid[["customers", "beside_customers"]].sum(axis=1) > 0).sum()
    told = _("All customers stand on one stage, so there is no shape to check yet.")
    if stood_on > 1:
        told = _("{holds} of {n} steps have the right shape.", holds=holds.sum(), n=len(compared))
    return "\n".join([told, *(f"· {each}" for each in compared.loc[~holds, "says"])])


def _owners(checks: pd.DataFrame) -> str:
    """In how many places whose pyramid breaks, the most broken ones first; one line each."""
    if checks.empty:
        return _("These lists name no owner.")
    broken = checks[checks["holds"].eq(False).fillna(False)].groupby("owner").size()
    return "\n".join(
        _("{owner}: the shape breaks in {places} place(s)", owner=owner, places=places)
        for owner, places in broken.nlargest(OWNERS_NAMED).items()
    ) or _("No owner's pyramid breaks its shape.")


def status(view: views.StatusView) -> dict[str, str]:
    """Who left the list of those deciding, quotes that stay while the status falls, moves."""
    moves, quotes = view.moves, view.quotes
    before, after = (moves[side].map(STATUS_LADDER) for side in ("before", "after"))
    both = moves[(moves["before"] != "new") & (moves["after"] != "left")]
    repair = both["before"].eq("repair_first") != both["after"].eq("repair_first")
    fell = quotes["status_then"].eq("deciding_now") & quotes["status"].ne("deciding_now")
    return {
        "left": _left(view),
        "quotes": _(
            "{n:,} quotes were out on both days. For {fell:,} of them the customer was deciding "
            "then and is not deciding now; the deal says “proposal sent” on both days.",
            n=len(quotes),
            fell=fell.sum(),
        )
        if len(quotes)
        else _(
            "These lists hold no quotes that were out on both days, so there is no deal to show."
        ),
        "moves": _(
            "Since {day}: {rose:,} rose, {fell:,} fell, {stayed:,} stayed. In or out of “repair "
            "first”: {repair:,}.",
            day=view.day,
            rose=moves.loc[after > before, "customers"].sum(),
            fell=moves.loc[after < before, "customers"].sum(),
            stayed=moves.loc[after == before, "customers"].sum(),
            repair=both.loc[repair, "customers"].sum(),
        ),
    }


def _left(view: views.StatusView) -> str:
    """How many were deciding on `day`, and how many of them have left that list by themselves."""
    gone = view.deciding[view.deciding["status"] != "deciding_now"]
    fields = {
        "day": view.day,
        "days": view.days,
        "hot": len(view.deciding),
        "gone": len(gone),
        "ordered": gone["ordered_since"].sum(),
        "not_ordered": (~gone["ordered_since"]).sum(),
    }
    if view.days == FOUR_WEEKS:
        return _(
            "Deciding now on {day}: {hot:,} customers. Four weeks later {gone:,} of them have left "
            "that list by themselves: {ordered:,} ordered, {not_ordered:,} did not.",
            **fields,
        )
    return _(
        "Deciding now on {day}: {hot:,} customers. {days:,} days later {gone:,} of them have left "
        "that list by themselves: {ordered:,} ordered, {not_ordered:,} did not.",
        **fields,
    )


# --- 06: which behaviours hold together? --------------------------------------------------------
def clusters(view: views.ClustersView) -> dict[str, str]:
    """Why the log scale, how many clusters, what the silhouette says, the weakest name."""
    k, out = view.clusters.k_, view.spread["largest_deviations"]
    worst = out.fillna(0).idxmax()
    return {
        "spread": _("All customers with orders are alike: no value lies far from the others.")
        if out.isna().all()
        else _(
            "{measure}: the largest value lies {plain:.0f} standard deviations above the mean. On "
            "the log scale it is {log:.1f}.",
            measure=label(str(worst)),
            plain=out[worst],
            log=view.spread.loc[worst, "largest_log_deviations"],
        ),
        "natural": _natural(view.clusters),
        "taken": _taken(view.clusters),
        "changed": _k_changed(view.before, view.clusters),
        "note": view.clusters.message_ or _("nothing else to note"),
        "silhouette": silhouette_said(view.choice, k),
        "weakest_name": _weakest_name(view.profile),
    }


def _natural(clusters: BehaviourClusters) -> str:
    """Whether there are groups, or clusters are cuts through a continuum."""
    choice = clusters.choice_
    if choice.empty:
        return _("Too few customers to ask whether their behaviour falls into groups.")
    if clusters.natural_k_ is None:
        return _(
            "Behaviour is a continuum here: whatever the K, some neighbouring clusters have no "
            "valley between them (at best {valley} as many customers there as at the lower peak; "
            "below {limit} it would be one). The clusters are cuts through it: useful, not "
            "natural.",
            valley=percent(choice["valley"].min()),
            limit=percent(VALLEY),
        )
    row = choice.set_index("k").loc[clusters.natural_k_]
    return _(
        "There are groups: with K = {k} a valley lies between all neighbouring clusters (at most "
        "{valley} as many customers there as at the lower peak; from {limit} on it would be none).",
        k=clusters.natural_k_,
        valley=percent(row["valley"]),
        limit=percent(VALLEY),
    )


def _taken(clusters: BehaviourClusters) -> str:
    k = clusters.k_
    if k is None:
        return _("No K passes all four gates.")
    if clusters.k is not None:
        passes = clusters.choice_.set_index("k").loc[k, "passes"]
        return (
            _("K taken: {k}, as [clusters] states; it passes all four gates.", k=k)
            if passes
            else _("K taken: {k}, as [clusters] states; it does not pass all four gates.", k=k)
        )
    if clusters.natural_k_ == k:
        return _("K taken: {k}, the largest that is natural and passes all four gates.", k=k)
    return _("K taken: {k}, the largest that passes all four gates.", k=k)


def _k_changed(before: BehaviourClusters | None, now: BehaviourClusters) -> str:
    """Why there are other clusters than in the last accepted list; nothing where there are not."""
    if before is None or before.k_ == now.k_:
        return ""
    words = {"day": before.as_of_, "then": before.k_ or 0, "k": now.k_ or 0}
    tried = now.choice_.set_index("k")
    if before.k_ is not None and before.k_ in tried.index:
        limits = GATES | (now.gates or {})
        failed = [name for name, least in limits.items() if tried.loc[before.k_, name] < least]
        if failed:
            return _(
                "The list of {day} had {then} clusters, now there are {k}: {then} fail at {gates} "
                "today.",
                gates=pgettext("names", ", ").join(map(label, failed)),
                **words,
            )
    return _(
        "The list of {day} had {then} clusters, now there are {k}: so many pass all gates today.",
        **words,
    )


def silhouette_said(choice: pd.DataFrame, k: int | None) -> str:
    """How many clusters the silhouette would have chosen, beside what the gates say."""
    if choice["silhouette"].isna().all():
        return _("No K could be tried, so there is no silhouette to choose by.")
    best = choice.loc[choice["silhouette"].idxmax()]
    fields = {"k": int(best["k"]), "value": best["silhouette"], "smallest": best["smallest_share"]}
    if k is None:
        return _(
            "By silhouette alone it would be K = {k} ({value:.2f}; smallest group {smallest:.0%} "
            "of the customers). The gates say: none.",
            **fields,
        )
    return _(
        "By silhouette alone it would be K = {k} ({value:.2f}; smallest group {smallest:.0%} of "
        "the customers). The gates say: {taken}.",
        **fields,
        taken=k,
    )


def _weakest_name(profile: pd.DataFrame) -> str:
    """Which cluster's name fits least."""
    if profile.empty:
        return _("There are no stable clusters, so there are no names to doubt.")
    row = profile.nsmallest(1, "share_of_cluster_in_words").to_dict("records")[0]
    return _(
        "The name that fits least is that of cluster {cluster}: true for {share:.0%} of its "
        "{n:,} customers.",
        cluster=row["cluster"],
        share=row["share_of_cluster_in_words"],
        n=row["customers"],
    )


def clusters_beside(view: views.ClustersBesideView) -> dict[str, str]:
    """How well the clusters tell the types, and how many are in the cluster of then."""
    by_type, moved = view.by_type, view.moved
    total = by_type.to_numpy().sum()
    return {
        "types": _(
            "Who knows the cluster names the type right for {told:.0%} of {total:,} customers. "
            "Always saying the most common type is right for {guess:.0%}.",
            told=by_type.max().sum() / total,
            guess=by_type.sum(axis=1).max() / total,
            total=total,
        )
        if total
        else _("There are no stable clusters, so there is nothing to compare with the types."),
        "useful": _useful(view),
        "moved": _(
            "{n:,} customers had a cluster on {day} and have one today; {stayed:,} of them are in "
            "the same one.",
            n=len(moved),
            day=view.day,
            stayed=(moved["before"] == moved["after"]).sum(),
        ),
    }


def _useful(view: views.ClustersBesideView) -> str:
    """What the clusters of then tell of who ordered since, beside fifths by spend."""
    by = view.useful.set_index("groups_by")
    if by["explained"].isna().any() or not by.loc["cluster", "groups"]:
        return _("There is nothing to compare the clusters with: no groups, or nobody came back.")
    return _(
        "Of the differences in who ordered since {day}, the {k} clusters of that day explain "
        "{clusters}, fifths by spend {spend} ({n:,} customers).",
        day=view.day,
        k=by.loc["cluster", "groups"],
        clusters=percent(by.loc["cluster", "explained"]),
        spend=percent(by.loc["monetary", "explained"]),
        n=by.loc["cluster", "n"],
    )
