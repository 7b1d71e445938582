"""Columns that know the result too well to have been known before it.

First it is asked *when* a column was known (`known_at`). Second comes the impossible-cell screen: a
value, or one of 20 bins, in which nobody succeeds although at least 8 should, nobody fails although
at least 8 should, or hardly anybody succeeds (under 5 % of the overall rate) although at least 24
should. A high AUC of a single column was tried: it does not tell leaks from good columns.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from segment_lib.columns import as_text
from segment_lib.voice import N_, _

BINS = 20
EXPECTED = 8  # successes, or failures, expected in a cell that has none
EXPECTED_HARDLY = 24  # successes expected in a cell that has hardly any
HARDLY = 0.05  # … as a share of the overall rate
KNOWN_AT_REASONS = {
    "after_outcome": N_("known only after the result"),
    "undated": N_("nobody has said when it is known"),
}
LEAK_COLUMNS = ("feature", "reason", "cell", "n", "successes", "expected")


def screen_leaks(
    features: pd.DataFrame, outcome: pd.Series, known_at: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """The columns that must not be searched, one row each with the reason.

    `outcome` is True or False per customer with a known result; `known_at` says per column when it
    is known (before_contract, after_contract, after_outcome, undated); columns it bars are not
    screened. Returns feature, reason (in words), cell, n, successes, expected (successes, had the
    cell the overall rate); the last four are empty for a column barred by `known_at`.
    """
    dated = dict(known_at or {})
    barred = [name for name in features.columns if dated.get(name) in KNOWN_AT_REASONS]
    rows = [(name, _(KNOWN_AT_REASONS[dated[name]]), "", None, None, None) for name in barred]
    success = outcome.astype(bool)
    known = features.loc[success.index]
    for name in features.columns.difference(barred, sort=False):
        row = _impossible_cell(known[name], success)
        if row is not None:
            rows.append((name, *row))
    return pd.DataFrame(rows, columns=[*LEAK_COLUMNS])


def _impossible_cell(column: pd.Series, success: pd.Series) -> tuple[object, ...] | None:
    """The most surprising impossible cell of a column, or None."""
    base = float(success.mean())
    cells = success.groupby(_cells(column)).agg(n="size", successes="sum")
    wins, losses = cells["n"] * base, cells["n"] * (1 - base)
    none_won = (cells["successes"] == 0) & (wins >= EXPECTED)
    none_lost = (cells["successes"] == cells["n"]) & (losses >= EXPECTED)
    hardly = (cells["successes"] < HARDLY * wins) & (wins >= EXPECTED_HARDLY)
    surprise = wins.where(none_won | hardly, losses.where(none_lost, -np.inf))
    if not len(cells) or surprise.max() < EXPECTED:
        return None
    cell = surprise.idxmax()
    n, won = int(cells.at[cell, "n"]), int(cells.at[cell, "successes"])
    reason = _(
        "{won:,} of {n:,} got results where {expected:.0f} should", won=won, n=n, expected=n * base
    )
    return reason, str(cell), n, won, float(n * base)


def _cells(column: pd.Series) -> pd.Series:
    """The cell of each customer: the value, or one of 20 bins of equal head count; or missing."""
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if numeric and column.nunique() > BINS:
        edges = column.astype(float).quantile(np.linspace(0, 1, BINS + 1)).unique()
        bins = pd.cut(column.astype(float), edges, include_lowest=True)
        return bins.pipe(as_text).where(column.notna(), "missing")
    return column.pipe(as_text).where(column.notna(), "missing")
