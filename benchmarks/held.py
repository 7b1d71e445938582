"""One claim of the benchmarks: what was printed, what was asked of it, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Held:
    """One claim: what was printed, what was asked of it (the Reach), and whether it holds."""

    claim: str
    figure: str
    reach: str
    holds: bool


def within(claim: str, values: pd.Series | float, low: float, high: float) -> Held:
    """Whether every value, or the one, lies from `low` to `high`."""
    told = pd.Series(values).dropna()
    ends = [f"{one:.3f}" for one in dict.fromkeys((told.min(), told.max()))]
    reach = f"{low:g} to {high:g}"
    return Held(claim, " to ".join(ends), reach, bool(told.between(low, high).all()))
