"""What moved between two days.

Both labels must come from the same rules (same cut points, same thresholds): `movement_by_cause`
parts what people did from what a changed rule did. Who is only on the later list is *new*, who is
only on the earlier one has *left*; a person without a label on a day is not on that day's list.

The table describes. Who orders at random moves between "active" and "quiet" without changing, so it
is no evidence that anybody changed: `who_ordered.py` asks that.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from segment_lib.checks import KitError
from segment_lib.columns import as_text
from segment_lib.voice import _

NEW, LEFT = "new", "left"

Rule = Callable[[pd.DataFrame], pd.Series]


def movement_table(before: pd.Series, after: pd.Series) -> pd.DataFrame:
    """One row per pair of labels: before, after, customers, share_of_row, share_shown.

    Both series are indexed by customer_id. All pairs are listed, zeros included, in the order of
    the categories where there are any. The rows add up to both lists. `share_of_row` is missing
    where nobody was in the row, and is shown as "—".
    """
    names = _labels(before, after)
    both = pd.DataFrame({"before": as_text(before), "after": as_text(after)})
    both = both[both.notna().any(axis=1)].fillna({"before": NEW, "after": LEFT})
    pairs = [(a, b) for a in [*names, NEW] for b in [*names, LEFT] if (a, b) != (NEW, LEFT)]
    cells = pd.MultiIndex.from_tuples(pairs, names=["before", "after"])
    table = both.groupby(["before", "after"]).size().reindex(cells, fill_value=0)
    rows = table.rename("customers").reset_index()
    total = rows.groupby("before")["customers"].transform("sum")
    share = rows["customers"] / total.where(total > 0)
    return rows.assign(
        customers=rows["customers"].astype("int64"),
        share_of_row=share,
        share_shown=[show_share(value) for value in share],
    )


def show_share(share: float) -> str:
    """A share in per cent; without a denominator "—", never 100 %.

    >>> show_share(0.125), show_share(float("nan"))
    ('12.5 %', '—')
    """
    return "—" if pd.isna(share) else f"{100 * share:.1f} %"


def movement_by_cause(
    before: pd.Series, before_by_new_rule: pd.Series, after: pd.Series
) -> pd.DataFrame:
    """How many moved by behaviour and how many because the rule changed.

    `before_by_new_rule` is the earlier day labelled with the later rule. One row per cause:
    "stayed", "by behaviour", "by rule", "by both"; `customers` on both lists only.
    """
    three = pd.DataFrame(
        {"old": as_text(before), "new_rule": as_text(before_by_new_rule), "now": as_text(after)}
    ).dropna()
    ruled = three["old"] != three["new_rule"]
    behaved = three["new_rule"] != three["now"]
    cause = np.select(
        [ruled & behaved, ruled, behaved], ["by both", "by rule", "by behaviour"], "stayed"
    )
    causes = ["stayed", "by behaviour", "by rule", "by both"]
    counts = pd.Series(cause).value_counts().reindex(causes, fill_value=0)
    return counts.rename_axis("cause").rename("customers").reset_index()


def recency_rule(days: tuple[int, ...], names: tuple[str, ...]) -> Rule:
    """A rule on `recency_days`: names[0] below days[0], names[1] below days[1], and so on.

    >>> rule = recency_rule((90,), ("active", "quiet"))
    >>> rule(pd.DataFrame({"recency_days": [89, 90]})).tolist()
    ['active', 'quiet']
    """
    if len(names) != len(days) + 1 or list(days) != sorted(set(days)):
        says = _(
            "{n} limits {limits} need {needed} names and must rise; there are {given} "
            "names. Give one name more than limits.",
            n=len(days),
            limits=list(days),
            needed=len(days) + 1,
            given=len(names),
        )
        raise KitError(says)

    def label(customers: pd.DataFrame) -> pd.Series:
        place = np.searchsorted(days, customers["recency_days"].to_numpy(), side="right")
        coded = pd.Categorical.from_codes(place, categories=list(names), ordered=True)
        return pd.Series(coded, index=customers.index)

    return label


def _labels(before: pd.Series, after: pd.Series) -> list[str]:
    """All labels, in the order of the categories where one side has them."""
    found = {str(name) for side in (before, after) for name in side.dropna().unique()}
    clash = found & {NEW, LEFT}
    if clash:
        says = _(
            "The labels hold {clash}; these words name rows of their own here: new, "
            "left. Rename the label.",
            clash=sorted(clash),
        )
        raise KitError(says)
    for side in (before, after):
        if isinstance(side.dtype, pd.CategoricalDtype):
            known = [str(name) for name in side.cat.categories]
            return [*known, *sorted(found - set(known))]
    return sorted(found)
