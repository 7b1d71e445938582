"""The doubt of a rate: 95 % Wilson intervals, and no rate at all for fewer than ten people."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

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


def shown_rates(counts: pd.DataFrame) -> pd.DataFrame:
    """Adds rate, low and high to rows with n and successes; none for fewer than 10 people."""
    enough = counts["n"] >= SHOWN_PEOPLE
    n, successes = counts["n"].where(enough), counts["successes"].where(enough)
    low, high = wilson_interval(successes.to_numpy(float), n.to_numpy(float))
    return counts.assign(rate=(successes / n).astype(float), low=low, high=high)
