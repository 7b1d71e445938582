"""Columns that know the result too well to have been known before it.

First it is asked *when* a column was known. What carries its date, and happened before the clues
end (requests, contacts, use: the kit's own idea), is never dropped: where it tells much it is only
asked about. Columns without a date are looked at in two ways, both sizes of an effect and no p, so
that more customers make the answer surer, and do not change it:

- a *cell* (a value, or one of 20 bins of equal heads) of 1 % of the customers or more in which
  nobody succeeds although 8 should, nobody fails although 8 should, or either is under 5 % of the
  overall rate although 24 should;
- how often it picks the one with results out of a pair, one with and one without (AUC; of cells
  scored by four fifths of the customers and asked of the other fifth): .79 or more.

Either is a *question*, asked with this evidence; so are columns whose name begins like that of such
a column, as they were probably written with it. *Barred* is only what is next to impossible: the
upper end of the 95 % interval of a cell lies below a twentieth of the overall rate, or the lower
end of the AUC's above .95. An honest column of a public list has an AUC of .86, the length of a
bank's call, known only after it, .82: that alone does not tell what is late, so a person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from segment_lib.columns import as_text
from segment_lib.in_words import percent
from segment_lib.results.intervals import Z, wilson_interval
from segment_lib.voice import N_, _

BINS, FOLDS = 20, 5
CELL_SHARE = 0.01  # of the customers: a smaller cell says nothing
EXPECTED = 8  # successes, or failures, expected in a cell that has none
EXPECTED_HARDLY = 24  # … in a cell that has hardly any
HARDLY = 0.05  # … as a share of the overall rate
ASKED_PAIRS, BARRED_PAIRS = 0.79, 0.95
BY_DAY = ("by day of features", "dated")  # known_at of what carries its date
KNOWN_AT_REASONS = {
    "after_outcome": ("barred", N_("known only after the result")),
    "undated": ("shown", N_("nobody has said when it is known")),
}
LEAK_COLUMNS = ("feature", "use", "reason", "cell", "n", "successes", "expected")


class _Evidence(NamedTuple):
    """What is said of a column, and whether it is next to impossible."""

    reason: str
    impossible: bool
    cell: str = ""
    n: int | None = None
    successes: int | None = None
    expected: float | None = None


def screen_leaks(
    features: pd.DataFrame, outcome: pd.Series, known_at: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """The columns that know the result too well, or of which nobody said when they are known; one
    row each.

    `outcome` is True or False per customer with a known result; `known_at` says per column when it
    is known (before_contract, after_contract, after_outcome, undated; "by day of features" for what
    carries its date, which is never barred). Returns feature, use (barred: not searched; shown: not
    searched until somebody says when it is known; asked: searched, and asked about), reason (in
    words), and where a cell is the evidence cell, n, successes, expected (successes, had the cell
    the overall rate).
    """
    dated = {} if known_at is None else dict(known_at)
    success = outcome.astype(bool)
    known = features.loc[success.index]
    found = {
        name: _evidence(known[name], success)
        for name in features.columns
        if dated.get(name) != "after_outcome"
    }
    asked = [name for name, evidence in found.items() if evidence and dated.get(name) not in BY_DAY]
    rows = []
    for name in features.columns:
        evidence = found.get(name) or _sister(name, asked, dated)
        if evidence or dated.get(name) in KNOWN_AT_REASONS:
            rows.append((name, *_answer(dated.get(name, ""), evidence)))
    return pd.DataFrame(rows, columns=[*LEAK_COLUMNS])


def _answer(known_at: str, evidence: _Evidence | None) -> tuple[object, ...]:
    """`use` and what follows it, from when a column is known and what is seen of it."""
    use, reason = KNOWN_AT_REASONS.get(known_at, ("asked", ""))
    if evidence is None:
        return use, _(reason), "", None, None, None
    if use == "asked" and evidence.impossible and known_at not in BY_DAY:
        use = "barred"
    return use, evidence.reason, *evidence[2:]


def _evidence(column: pd.Series, success: pd.Series) -> _Evidence | None:
    """What makes a column suspicious: a cell first, then how well it picks; or None."""
    cells = _cells(column)
    return _impossible_cell(cells, success) or _picks(column, cells, success)


def _impossible_cell(cells: pd.Series, success: pd.Series) -> _Evidence | None:
    """The cell in which one answer is surely rarest beside its overall rate; or None."""
    base = float(success.mean())
    seen = success.groupby(cells).agg(n="size", successes="sum")
    seen = seen[seen["n"] >= CELL_SHARE * len(success)]
    seen["failures"] = seen["n"] - seen["successes"]
    sides = {"successes": base, "failures": 1 - base}
    found = []
    for side, rate in sides.items():
        should = seen["n"] * rate
        none = seen[side].eq(0) & should.ge(EXPECTED)
        rows = seen[none | (seen[side].lt(HARDLY * should) & should.ge(EXPECTED_HARDLY))]
        high = wilson_interval(rows[side].to_numpy(float), rows["n"].to_numpy(float))[1]
        found.append(rows.assign(at_most=high / rate))
    rows = pd.concat(found).sort_values(["at_most", "n"], kind="stable")
    if rows.empty:
        return None
    cell, row = str(rows.index[0]), rows.iloc[0]
    n, won = int(row["n"]), int(row["successes"])
    reason = _(
        "{won:,} of {n:,} got results where {expected:.0f} should", won=won, n=n, expected=n * base
    )
    return _Evidence(reason, bool(row["at_most"] <= HARDLY), cell, n, won, float(n * base))


def _picks(column: pd.Series, cells: pd.Series, success: pd.Series) -> _Evidence | None:
    """How often the column picks the one with results out of a pair; None if it is no news."""
    won = success.to_numpy(bool)
    if min(won.sum(), (~won).sum()) < EXPECTED:
        return None
    pairs = _pairs_picked(_unseen_rates(cells, won), won)
    if _is_number(column):
        by_size = _pairs_picked(column.astype(float).fillna(-np.inf).to_numpy(), won)
        pairs = max(pairs, by_size, 1 - by_size)
    if pairs < ASKED_PAIRS:
        return None
    low, high = _doubt(pairs, int(won.sum()), int((~won).sum()))
    reason = _(
        "of a customer with results and one without it alone picks the right one in {pairs} of "
        "cases ({low} to {high})",
        pairs=percent(pairs),
        low=percent(low),
        high=percent(high),
    )
    return _Evidence(reason, low >= BARRED_PAIRS)


def _unseen_rates(cells: pd.Series, success: np.ndarray) -> np.ndarray:
    """Per customer the rate of the own cell among others than the own fifth."""
    fold = np.random.default_rng(0).permutation(len(success)) % FOLDS
    code = pd.factorize(cells, sort=True)[0]
    score = np.empty(len(success))
    for part in range(FOLDS):
        learn = fold != part
        won, n = (
            np.bincount(code[learn], weight, minlength=code.max() + 1)
            for weight in (success[learn].astype(float), None)
        )
        # Two more customers of the overall rate, so that a rare cell says little.
        rate = (won + 2 * success[learn].mean()) / (n + 2)
        score[~learn] = rate[code[~learn]]
    return score


def _pairs_picked(score: np.ndarray, success: np.ndarray) -> float:
    """AUC: in which share of pairs the one with results has the higher score, equal ones a half."""
    wins, losses = int(success.sum()), int((~success).sum())
    ranks = pd.Series(score).rank().to_numpy()
    return float((ranks[success].sum() - wins * (wins + 1) / 2) / (wins * losses))


def _doubt(auc: float, wins: int, losses: int) -> tuple[float, float]:
    """The 95 % interval of an AUC (Hanley & McNeil 1982)."""
    one, other = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc) + (wins - 1) * (one - auc**2) + (losses - 1) * (other - auc**2)
    reach = Z * np.sqrt(max(spread, 0.0) / (wins * losses))
    return max(0.0, auc - reach), min(1.0, auc + reach)


def _sister(name: str, asked: list[str], known_at: Mapping[str, str]) -> _Evidence | None:
    """Whether a name begins like that of a column that is asked about; not one with its own day."""
    if known_at.get(name) in (*BY_DAY, "after_outcome"):
        return None
    for other in asked:
        if other != name and _stem(name) and _stem(name) == _stem(other):
            reason = _("its name begins like “{other}”, which is asked about", other=other)
            return _Evidence(reason, False)
    return None


def _stem(name: str) -> tuple[str, ...]:
    """A name without its last word, if two words or more are left."""
    words = tuple(re.findall(r"[^\s_()（）]+", name))
    head = tuple(re.findall(r"[^\s_()（）]+", re.sub(r"[(（].*$", "", name)))
    stem = head if head != words else words[:-1]
    return stem if len(stem) > 1 else ()


def _cells(column: pd.Series) -> pd.Series:
    """The cell of each customer: the value, or one of 20 bins of equal head count; or missing."""
    if _is_number(column) and column.nunique() > BINS:
        edges = column.astype(float).quantile(np.linspace(0, 1, BINS + 1)).unique()
        bins = pd.cut(column.astype(float), edges, include_lowest=True)
        return bins.pipe(as_text).where(column.notna(), "missing")
    return column.pipe(as_text).where(column.notna(), "missing")


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
