"""What notebook 06 says of the measures, of how many clusters there are, and of what they match.

Each function takes frames and gives sentences that stay true on other lists; where there is nothing
to say it says so.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from segment_lib.columns import label
from segment_lib.voice import _


def spread_said(spread: pd.DataFrame) -> str:
    """How far the largest value of one measure lies out, plainly and on the log scale."""
    out = spread["largest_deviations"]
    if out.isna().all():
        return _("All customers with orders are alike: no value lies far from the others.")
    worst = out.fillna(0).idxmax()
    return _(
        "{measure}: the largest value lies {plain:.0f} standard deviations above the mean. On the "
        "log scale it is {log:.1f}.",
        measure=label(str(worst)),
        plain=out[worst],
        log=spread.loc[worst, "largest_log_deviations"],
    )


def taken_said(k: int | None) -> str:
    """How many clusters there are, if any."""
    if k is None:
        return _("No K passes all four gates.")
    return _("K taken: {k}, the largest that passes all four gates.", k=k)


def note_said(message: str) -> str:
    """What else was noted while learning."""
    return message or _("nothing else to note")


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


def weakest_name_said(profile: pd.DataFrame) -> str:
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


def by_type_said(by_type: pd.DataFrame) -> str:
    """How well the cluster tells the type; `by_type`: one row per type, one column per cluster."""
    total = by_type.to_numpy().sum()
    if not total:
        return _("There are no stable clusters, so there is nothing to compare with the types.")
    return _(
        "Who knows the cluster names the type right for {told:.0%} of {total:,} customers. Always "
        "saying the most common type is right for {guess:.0%}.",
        told=by_type.max().sum() / total,
        guess=by_type.sum(axis=1).max() / total,
        total=total,
    )


def moved_said(moved: pd.DataFrame, day: date) -> str:
    """How many are in the cluster in which they were on `day`."""
    return _(
        "{n:,} customers had a cluster on {day} and have one today; {stayed:,} of them are in the "
        "same one.",
        n=len(moved),
        day=day,
        stayed=(moved["before"] == moved["after"]).sum(),
    )
