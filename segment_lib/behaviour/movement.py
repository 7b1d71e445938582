"""What moved between two days, and how much of it chance would have moved anyway.

Both labels must come from the same rules (same cut points, same thresholds): `movement_by_cause`
parts what people did from what a changed rule did. Who is only on the later list is *new*, who is
only on the earlier one has *left*; a person without a label on a day is not on that day's list.

The no-change expectation: every day is an order day with the customer's own fixed chance, whose
spread over customers is a beta distribution (the day-by-day form of Poisson buying with gamma
rates). It is learned from the days before the first date, then the days between the two dates are
drawn again and again. Who orders at random moves between "active" and "quiet" without changing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln
from scipy.stats import false_discovery_control, norm

from segment_lib.checks import KitError, require_columns
from segment_lib.columns import as_text
from segment_lib.voice import _

NEW, LEFT = "new", "left"
ALL, MOVED = "all", "moved"  # rows of the expectation that are no single cell
STANDS_OUT = 3.0  # |z| above this, and a false discovery rate of at most FALSE_RATE
FALSE_RATE = 0.05
FEWEST = 5.0  # heads, observed or expected, below which no cell is called out

Rule = Callable[[pd.DataFrame], pd.Series]


def movement_table(before: pd.Series, after: pd.Series) -> pd.DataFrame:
    """One row per pair of labels: before, after, customers, share_of_row, share_shown.

    Both series are indexed by customer_id. All pairs are listed, zeros included, in the order of
    the categories where there are any. The rows add up to both lists. `share_of_row` is missing
    where nobody was in the row, and is shown as "—".
    """
    names = _labels(before, after)
    both = pd.DataFrame({"before": _as_text(before), "after": _as_text(after)})
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
        {"old": _as_text(before), "new_rule": _as_text(before_by_new_rule), "now": _as_text(after)}
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


def expected_movement(
    history: pd.DataFrame, days: int, rule: Rule, draws: int = 200, random_state: int = 0
) -> pd.DataFrame:
    """The movement in the next `days` days if nobody changes, one row per pair of labels.

    `history` has `recency_days`, `order_days` and `tenure_days` per customer on the first date;
    `rule` labels a frame with the first two (and whatever else stands in `history`, unchanged).
    Returned: before, after, expected_customers, expected_low and expected_high (95 %), deviation.
    The rows before="all" give those who "moved" and the heads of each label afterwards.
    """
    require_columns(history, ["recency_days", "order_days", "tenure_days"], "history")
    known = history[history["order_days"].fillna(0) > 0].sort_index()
    before = rule(known).pipe(as_text)
    random = np.random.default_rng(random_state)
    chances = _chance_of_a_day(known)
    after = [rule(_next_days(known, chances(random), days, random)) for _ in range(draws)]
    drawn = _counts(before, after)
    low, high = np.percentile(drawn.to_numpy(), [2.5, 97.5], axis=1)
    return pd.DataFrame(
        {
            "expected_customers": drawn.mean(axis=1),
            "expected_low": low,
            "expected_high": high,
            "deviation": drawn.std(axis=1, ddof=1),
        }
    ).reset_index()


def compare_movement(observed: pd.DataFrame, expected: pd.DataFrame) -> pd.DataFrame:
    """`movement_table` with the no-change expectation beside each cell, z and `stands_out`.

    Expected heads are those of customers on both lists. A cell stands out if |z| > 3 and the false
    discovery rate over all cells is at most 5 %; never with fewer than 5 heads seen or expected.
    "new" and "left" have no expectation.
    """
    inner = expected[expected["before"] != ALL]
    table = observed.merge(inner, on=["before", "after"], how="left", sort=False)
    stayed = ~(table["before"].eq(NEW) | table["after"].eq(LEFT))
    filled = table["expected_customers"].fillna(0.0).where(stayed)
    heads = table["customers"].where(stayed).groupby(table["before"]).transform("sum")
    table["expected_customers"] = filled
    table["expected_share"] = filled / heads.where(heads > 0)
    table["z"] = _z(table["customers"], filled, table["deviation"])
    enough = (table["customers"] >= FEWEST) | (filled >= FEWEST)
    table["stands_out"] = _stands_out(table["z"].where(enough))
    return table.drop(columns="deviation")


def compare_totals(observed: pd.DataFrame, expected: pd.DataFrame) -> pd.DataFrame:
    """Who "moved" at all, and the heads of each label afterwards, beside the expectation.

    Of customers on both lists. One row per `what`: customers, share, expected_share with its 95 %
    interval, z, `stands_out` as in `compare_movement`.
    """
    both = observed[(observed["before"] != NEW) & (observed["after"] != LEFT)]
    seen = both.groupby("after")["customers"].sum()
    seen[MOVED] = both.loc[both["before"] != both["after"], "customers"].sum()
    chance = expected[expected["before"] == ALL].set_index("after")
    table = chance.join(seen).fillna({"customers": 0}).rename_axis("what").reset_index()
    heads = float(both["customers"].sum()) or np.nan
    z = _z(table["customers"], table["expected_customers"], table["deviation"])
    return pd.DataFrame(
        {
            "what": table["what"],
            "customers": table["customers"].astype("int64"),
            "share": table["customers"] / heads,
            "expected_share": table["expected_customers"] / heads,
            "expected_low": table["expected_low"] / heads,
            "expected_high": table["expected_high"] / heads,
            "z": z,
            "stands_out": _stands_out(z),
        }
    )


def _as_text(labels: pd.Series) -> pd.Series:
    return as_text(labels)


def _labels(before: pd.Series, after: pd.Series) -> list[str]:
    """All labels, in the order of the categories where one side has them."""
    found = {str(name) for side in (before, after) for name in side.dropna().unique()}
    clash = found & {NEW, LEFT, ALL, MOVED}
    if clash:
        says = _(
            "The labels hold {clash}; these words name rows of their own here: new, "
            "left, all, moved. Rename the label.",
            clash=sorted(clash),
        )
        raise KitError(says)
    for side in (before, after):
        if isinstance(side.dtype, pd.CategoricalDtype):
            known = [str(name) for name in side.cat.categories]
            return [*known, *sorted(found - set(known))]
    return sorted(found)


def _chance_of_a_day(known: pd.DataFrame) -> Callable[[np.random.Generator], np.ndarray]:
    """Draws each customer's chance of an order day: beta over customers, given their own days."""
    bought = (known["order_days"] - 1).to_numpy(dtype="float64")
    watched = np.maximum(known["tenure_days"].to_numpy(dtype="float64"), bought)

    def minus_log_likelihood(logs: np.ndarray) -> float:
        a, b = np.exp(logs)
        return -float(np.sum(betaln(a + bought, b + watched - bought) - betaln(a, b)))

    if watched.sum() == 0:
        raise KitError(
            _("All customers are new on the first date, so there is no past to learn from.")
        )
    start = np.log([1.0, max(watched.sum() / max(bought.sum(), 1.0), 2.0)])
    found = minimize(minus_log_likelihood, start, method="L-BFGS-B", bounds=[(-7, 7), (-3, 14)])
    a, b = np.exp(found.x)
    return lambda random: random.beta(a + bought, b + watched - bought)


def _next_days(
    known: pd.DataFrame, chance: np.ndarray, days: int, random: np.random.Generator
) -> pd.DataFrame:
    """The history `days` days on, with order days drawn by each customer's own chance."""
    # Days since the last one, from the end.
    quiet = random.geometric(np.clip(chance, 1e-12, 1.0)) - 1
    ordered = quiet < days
    more = np.where(ordered, 1 + random.binomial(np.maximum(days - 1 - quiet, 0), chance), 0)
    recency = np.where(ordered, quiet, known["recency_days"].to_numpy() + days)
    return known.assign(
        recency_days=recency,
        order_days=known["order_days"].to_numpy() + more,
        tenure_days=known["tenure_days"].to_numpy() + days,
    )


def _counts(before: pd.Series, after: list[pd.Series]) -> pd.DataFrame:
    """Heads per pair of labels (rows) and draw (columns); then who moved, and heads per label."""
    names = sorted(set(before).union(*(pd.Categorical(labels).categories for labels in after)))
    start, *ends = (
        pd.Categorical(labels.pipe(as_text), names).codes.astype("int64")
        for labels in (before, *after)
    )
    pairs_drawn = [np.bincount(start * len(names) + end, minlength=len(names) ** 2) for end in ends]
    heads = np.column_stack(pairs_drawn)
    cube = heads.reshape(len(names), len(names), -1)
    moved = cube.sum(axis=(0, 1)) - np.trace(cube)
    pairs = [(a, b) for a in names for b in names] + [(ALL, MOVED)] + [(ALL, b) for b in names]
    index = pd.MultiIndex.from_tuples(pairs, names=["before", "after"])
    return pd.DataFrame(np.vstack([heads, moved, cube.sum(axis=0)]), index=index)


def _z(seen: pd.Series, expected: pd.Series, deviation: pd.Series) -> pd.Series:
    # Below one head of spread a single person would look like a wonder.
    return (seen - expected) / deviation.fillna(0.0).clip(lower=1.0)


def _stands_out(z: pd.Series) -> pd.Series:
    out = pd.Series(False, index=z.index)
    judged = z.dropna()
    if len(judged):
        rate = false_discovery_control(2 * norm.sf(judged.abs()))
        out.loc[judged.index] = (judged.abs() > STANDS_OUT) & (rate <= FALSE_RATE)
    return out
