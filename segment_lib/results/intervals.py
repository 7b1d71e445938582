"""The doubt of a rate: 95 % Wilson intervals, exact p, and no rate for fewer than ten people."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import hypergeom, norm

SHOWN_PEOPLE = 10  # a rate of fewer people is not shown
Z = norm.ppf(0.975)


def wilson_interval(
    successes: np.ndarray | float, n: np.ndarray | float
) -> tuple[np.ndarray, np.ndarray]:
    """Low and high end of the 95 % Wilson interval of a rate.

    >>> low, high = wilson_interval(10, 20)
    >>> round(float(low), 4), round(float(high), 4)
    (0.2993, 0.7007)
    """
    n = np.asarray(n, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.asarray(successes, dtype=float) / n
        middle = (rate + Z**2 / (2 * n)) / (1 + Z**2 / n)
        reach = Z / (1 + Z**2 / n) * np.sqrt(rate * (1 - rate) / n + Z**2 / (4 * n**2))
    return np.clip(middle - reach, 0, 1), np.clip(middle + reach, 0, 1)


def two_sided(
    successes: np.ndarray | float, n: np.ndarray | float, all_successes: float, all_n: float
) -> np.ndarray:
    """The exact p of so many successes among `n` of all, both ways: twice the smaller tail."""
    more = hypergeom.sf(np.asarray(successes) - 1, all_n, all_successes, n)
    fewer = hypergeom.cdf(successes, all_n, all_successes, n)
    return np.minimum(1.0, 2 * np.minimum(more, fewer))


def shown_rates(counts: pd.DataFrame) -> pd.DataFrame:
    """Adds rate, low and high to rows with n and successes; none for fewer than 10 people."""
    enough = counts["n"] >= SHOWN_PEOPLE
    n, successes = counts["n"].where(enough), counts["successes"].where(enough)
    low, high = wilson_interval(successes.to_numpy(float), n.to_numpy(float))
    return counts.assign(rate=(successes / n).astype(float), low=low, high=high)
