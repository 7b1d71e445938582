"""Deciles (デシル分析), ABC (ABC分析) and the Lorenz curve: how the spend lies on the customers.

Deciles part the *people* into ten equal head counts, decile 1 = top. ABC parts the *money*: A are
the fewest customers who together bring the first cut of the spend (70 % if nobody states another),
B the next up to the second (90 %), C all others. Gini is the area between the Lorenz curve and the
line of equality, twice: 0 = all spend the same, near 1 = one customer brings everything.

Decile = floor(10 * (rank - 1) / N) + 1 over the N customers with spend above 0, rank 1 = highest.
Who spent nothing, or got more back than they paid, stands in a row of their own. A single large
purchase lands on top: orders and recency stand beside the money for that reason.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from segment_lib.checks import KitError, require_columns
from segment_lib.columns import as_text
from segment_lib.voice import _

ZERO_ROW = "0 or less"
SMALLEST_LIST = 10
ROUNDING = 1e-12  # of money, in sums of floats


def assign_deciles(customers: pd.DataFrame, keep_ties_together: bool = False) -> pd.Series:
    """The decile of each customer (Int64, 1 = top), missing for spend of 0 or less.

    Head counts differ by one at most; equal spend at a border is ordered by more orders, the later
    last order, then the id, and `decile_table` says how many that concerns. With
    `keep_ties_together` equal spend shares the better decile, and the sizes differ. Raises
    `KitError` below ten spenders.
    """
    needed = ["monetary", "frequency", "recency_days"]
    require_columns(customers, needed, "customers")
    spenders = customers.loc[_spend(customers) > 0, needed]
    if len(spenders) < SMALLEST_LIST:
        says = _(
            "Only {spenders} customers have spend above 0; deciles need at least "
            "{needed}. Read the list customer by customer instead.",
            spenders=len(spenders),
            needed=SMALLEST_LIST,
        )
        raise KitError(says)
    if keep_ties_together:
        before = spenders["monetary"].rank(method="min", ascending=False).to_numpy("int64") - 1
        deciles = 10 * before // len(spenders) + 1
    else:
        deciles = _dealt(spenders, 10 * np.arange(len(spenders)) // len(spenders) + 1)
    found, above = _of_all(customers, deciles)
    return pd.Series(pd.arrays.IntegerArray(found, ~above), customers.index, name="decile")


def decile_table(customers: pd.DataFrame, keep_ties_together: bool = False) -> pd.DataFrame:
    """One row per decile from the top, and the row "0 or less".

    Columns: decile (text), customers, spend, share and cumulative_share (of the spend above 0),
    share_of_all (of the net total, what came back deducted), mean_spend, median_orders,
    median_recency_days, tied_at_border (customers whose equal spend was split between this decile
    and the next). With `got_results` also results_known, results_yes, result_rate (of the known).

    A column `decile` in `customers` is used as it stands; where it leaves spenders without a
    decile, because they are too few for ten, or where nobody has one, the table has no rows.
    """
    stands = "decile" in customers
    deciles = customers["decile"] if stands else assign_deciles(customers, keep_ties_together)
    in_order = [*map(str, range(1, 11)), ZERO_ROW]
    named = deciles.astype("Int64").pipe(as_text).where(deciles.notna(), ZERO_ROW)
    grouped = customers.groupby(pd.Categorical(named, in_order), observed=False)
    table = grouped.agg(
        customers=("monetary", "size"),
        spend=("monetary", "sum"),
        mean_spend=("monetary", "mean"),
        median_orders=("frequency", "median"),
        median_recency_days=("recency_days", "median"),
    )
    whole, tied = customers["monetary"].sum(), _tied_at_border(customers["monetary"], deciles)
    above = table["spend"].where(table.index != ZERO_ROW)
    table = table.assign(
        share=above / above.sum(),
        cumulative_share=above.cumsum() / above.sum(),
        share_of_all=table["spend"] / (whole if whole > 0 else np.nan),
        tied_at_border=tied.reindex(in_order, fill_value=0),
    )
    if "got_results" in customers:
        answers = grouped["got_results"]
        known = answers.agg(lambda values: int(values.isin(["yes", "no"]).sum()))
        yes = answers.agg(lambda values: int((values == "yes").sum()))
        rate = yes / known.where(known > 0)
        table = table.assign(results_known=known, results_yes=yes, result_rate=rate)
    if deciles.isna().all() or (customers.loc[deciles.isna(), "monetary"] > 0).any():
        table = table.iloc[:0]  # spenders without a decile have not spent "0 or less"
    table = table.rename_axis("decile").reset_index().astype({"decile": "str"})
    return table[[name for name in _ORDER if name in table]]


_ORDER = (
    "decile", "customers", "spend", "share", "cumulative_share", "share_of_all", "mean_spend",
    "median_orders", "median_recency_days", "tied_at_border", "results_known", "results_yes",
    "result_rate",
)  # fmt: skip


# --- ABC and the Lorenz curve -------------------------------------------------------------------
ABC_CUTS = (0.7, 0.9)
CLASSES = ("A", "B", "C")
LORENZ_POINTS = 100


def assign_abc(customers: pd.DataFrame, cuts: tuple[float, float] = ABC_CUTS) -> pd.Series:
    """The class of each customer by cumulative spend (A, B, C), missing for spend of 0 or less.

    Who reaches a cut still belongs above it, so that A brings at least its share. Equal spend is
    ordered as in the deciles.
    """
    require_columns(customers, ["monetary", "frequency", "recency_days"], "customers")
    spenders = customers[customers["monetary"] > 0]
    spend = _highest_first(spenders)
    before = spend.cumsum() - spend
    borders = np.array(cuts) * spend.sum() * (1 - ROUNDING)
    classes = _dealt(spenders, (before[:, None] >= borders).sum(axis=1))
    found, above = _of_all(customers, classes)
    words = as_text(pd.Series([*CLASSES, None], dtype="object"))
    return words.iloc[np.where(above, found, -1)].set_axis(customers.index).rename("abc")


def abc_table(customers: pd.DataFrame, cuts: tuple[float, float] = ABC_CUTS) -> pd.DataFrame:
    """One row per class from the top, and the row "0 or less"; no rows where nobody paid anything.

    Columns: abc, customers, share (of those with spend above 0), spend, spend_share and
    cumulative_share (of their spend), spend_from (the lowest spend in the class), median_orders,
    median_recency_days. A column `abc` in `customers` is used as it stands.
    """
    classes = customers["abc"] if "abc" in customers else assign_abc(customers, cuts)
    in_order = [*CLASSES, ZERO_ROW]
    named = pd.Categorical(classes.astype("object").fillna(ZERO_ROW), in_order)
    table = customers.groupby(named, observed=False).agg(
        customers=("monetary", "size"),
        spend=("monetary", "sum"),
        spend_from=("monetary", "min"),
        median_orders=("frequency", "median"),
        median_recency_days=("recency_days", "median"),
    )
    above = table.loc[list(CLASSES)].reindex(in_order)
    table = table.assign(
        share=above["customers"] / above["customers"].sum(),
        spend_share=above["spend"] / above["spend"].sum(),
        cumulative_share=above["spend"].cumsum() / above["spend"].sum(),
    )
    table = table.rename_axis("abc").reset_index().astype({"abc": "str"})[list(_ABC_ORDER)]
    return table if classes.notna().any() else table.iloc[:0]


_ABC_ORDER = (
    "abc", "customers", "share", "spend", "spend_share", "cumulative_share", "spend_from",
    "median_orders", "median_recency_days",
)  # fmt: skip


def gini(spend: pd.Series) -> float:
    """How unevenly spend above 0 is spread, from 0 (all alike) up to below 1 (one has it all).

    >>> round(gini(pd.Series([1.0, 1.0, 1.0])), 3), round(gini(pd.Series([1.0, 1.0, 98.0])), 3)
    (0.0, 0.647)
    """
    rising = np.sort(spend[spend > 0].to_numpy(float))
    n = len(rising)
    weights = 2 * np.arange(1, n + 1) - n - 1
    return float(weights @ rising / (n * rising.sum())) if n else np.nan


def lorenz_curve(customers: pd.DataFrame) -> pd.DataFrame:
    """One row per point of the Lorenz curve of the customers with spend above 0, smallest first.

    `customers` have their class `abc`. Columns: customers (how many there are), customers_up_to and
    spend_up_to (shares, from the smallest spend up), abc (the class that begins above the point,
    else empty), gini. At most a hundred points, and one where each class begins.
    """
    best = _highest_first(customers[customers["monetary"] > 0])
    n, spent = len(best), best[::-1].cumsum()
    heads = customers["abc"].value_counts().reindex(CLASSES, fill_value=0)
    begins = {n - above: name for name, above in heads.cumsum().items() if heads[name]}
    even = np.linspace(0, n, LORENZ_POINTS + 1).round().astype(int)
    points = sorted({*even.tolist(), *begins}) if n else []
    return pd.DataFrame(
        {
            "customers": n,
            "customers_up_to": [point / n for point in points],
            "spend_up_to": [spent[point - 1] / spent[-1] if point else 0.0 for point in points],
            "abc": pd.Series([begins.get(point, "") for point in points], dtype="str"),
            "gini": gini(customers["monetary"]),
        },
        index=range(len(points)),
    )


def _highest_first(spenders: pd.DataFrame) -> np.ndarray:
    return -np.sort(-spenders["monetary"].to_numpy(float))


def _dealt(spenders: pd.DataFrame, goes: np.ndarray) -> np.ndarray:
    """What each of `spenders` gets, where `goes` says what goes to the best, the second best, …

    The order among equal spend is asked for only where a border runs through it.
    """
    spend = -spenders["monetary"].to_numpy(float)
    order = np.argsort(spend)
    spend = spend[order]
    for border in np.flatnonzero(np.diff(goes)):
        if spend[border] == spend[border + 1]:
            first = np.searchsorted(spend, spend[border])
            tied = order[first : np.searchsorted(spend, spend[border], side="right")]
            tied[:] = tied[_ties_in_order(spenders.iloc[tied])]
    dealt = np.empty_like(goes)
    dealt[order] = goes
    return dealt


def _ties_in_order(tied: pd.DataFrame) -> np.ndarray:
    """The places of the rows by more orders, the later last order, then the id."""
    orders, recency = (
        tied[name].to_numpy(float, na_value=np.nan) for name in ("frequency", "recency_days")
    )
    return np.lexsort((tied.index.astype("str").to_numpy(object), recency, -orders))


def _spend(customers: pd.DataFrame) -> np.ndarray:
    return customers["monetary"].astype("float64").to_numpy()


def _of_all(customers: pd.DataFrame, of_spenders: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the spenders got, with 0 for all others; and who is a spender."""
    above = _spend(customers) > 0
    found = np.zeros(len(customers), dtype="int64")
    found[above] = of_spenders
    return found, above


def _tied_at_border(spend: pd.Series, deciles: pd.Series) -> pd.Series:
    """Per decile: customers who share the spend that this decile and the next have in common."""
    lowest, highest = (spend.groupby(deciles).agg(end) for end in ("min", "max"))
    border = lowest.where(lowest == highest.shift(-1))
    heads = spend[deciles.notna()].value_counts()
    tied = border.map(heads).fillna(0).astype("int64")
    return tied.set_axis(tied.index.astype("Int64").astype("str"))
