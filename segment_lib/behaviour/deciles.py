"""Deciles (デシル分析): ten equal head counts by spend, decile 1 = top.

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


def assign_deciles(customers: pd.DataFrame, keep_ties_together: bool = False) -> pd.Series:
    """The decile of each customer (Int64, 1 = top), missing for spend of 0 or less.

    Head counts differ by one at most; equal spend at a border is ordered by more orders, the later
    last order, then the id, and `decile_table` says how many that concerns. With
    `keep_ties_together` equal spend shares the better decile, and the sizes differ. Raises
    `KitError` below ten spenders.
    """
    require_columns(customers, ["monetary", "frequency", "recency_days"], "customers")
    spenders = customers[customers["monetary"] > 0]
    if len(spenders) < SMALLEST_LIST:
        says = _(
            "Only {spenders} customers have spend above 0; deciles need at least "
            "{needed}. Read the list customer by customer instead.",
            spenders=len(spenders),
            needed=SMALLEST_LIST,
        )
        raise KitError(says)
    ranks = _ranks(spenders, keep_ties_together)
    deciles = 10 * (ranks - 1) // len(spenders) + 1
    return deciles.reindex(customers.index).astype("Int64").rename("decile")


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
    return (
        table.rename_axis("decile")
        .reset_index()
        .astype({"decile": "str"})[[name for name in _ORDER if name == "decile" or name in table]]
    )


_ORDER = (
    "decile", "customers", "spend", "share", "cumulative_share", "share_of_all", "mean_spend",
    "median_orders", "median_recency_days", "tied_at_border", "results_known", "results_yes",
    "result_rate",
)  # fmt: skip


def _ranks(spenders: pd.DataFrame, keep_ties_together: bool) -> pd.Series:
    if keep_ties_together:
        return spenders["monetary"].rank(method="min", ascending=False).astype("int64")
    in_order = spenders.assign(_id=spenders.index.astype("str")).sort_values(
        ["monetary", "frequency", "recency_days", "_id"], ascending=[False, False, True, True]
    )
    return pd.Series(np.arange(1, len(in_order) + 1), index=in_order.index)


def _tied_at_border(spend: pd.Series, deciles: pd.Series) -> pd.Series:
    """Per decile: customers who share the spend that this decile and the next have in common."""
    lowest, highest = (spend.groupby(deciles).agg(end) for end in ("min", "max"))
    border = lowest.where(lowest == highest.shift(-1))
    heads = spend[deciles.notna()].value_counts()
    tied = border.map(heads).fillna(0).astype("int64")
    return tied.set_axis(tied.index.astype("Int64").astype("str"))
