"""What the views of this room say: one function per view, its sentences by what they are about.

They stay true on other lists; where there is nothing to say they say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from segment_lib.behaviour.clusters.estimator import BehaviourClusters
from segment_lib.behaviour.clusters.gates import GATES, VALLEY
from segment_lib.columns import label, value_label
from segment_lib.in_words import percent
from segment_lib.voice import _, ngettext, pgettext, sentences

if TYPE_CHECKING:
    from segment_lib.behaviour import views

OWNERS_NAMED = 6
FOUR_WEEKS = 28
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
            stayed=both.loc[both["before"] == both["after"], "customers"].sum(),
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
    """Why there are other clusters than in the last accepted list, if there are others."""
    if before is None:
        return _("No list was accepted before: there are no clusters to compare these with.")
    words = {"day": before.as_of_, "then": before.k_ or 0, "k": now.k_ or 0}
    if before.scale_.features != now.scale_.features:
        return _(
            "The clusters of the list of {day} were made of other measures: numbers and names are "
            "new.",
            **words,
        )
    if before.k_ == now.k_:
        return _("The list of {day} had as many clusters, made of the same measures.", **words)
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
