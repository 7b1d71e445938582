"""What clusters are made of: measures of the order history, as log1p, then standardised.

Three of them where nobody states others: more made the clusters worse. Money is counted in
thousandths of the median spend, so that the currency unit changes nothing; spend below 0 counts
as 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

FEATURES = ("recency_days", "frequency", "monetary")
MONEY = ("monetary", "order_value")  # all others are whole days or orders


@dataclass(frozen=True)
class LogScale:
    """How measures become points and back: the unit of money, mean and spread of the logs."""

    money_unit: float
    mean: tuple[float, ...]
    spread: tuple[float, ...]
    features: tuple[str, ...] = FEATURES

    @classmethod
    def learn(cls, buyers: pd.DataFrame, features: tuple[str, ...] = FEATURES) -> LogScale:
        """Unit, mean and spread of these buyers; a measure that is the same for all keeps 1."""
        positive = buyers.loc[buyers["monetary"] > 0, "monetary"]
        unit = float(positive.median()) / 1000 if len(positive) else 1.0
        if buyers.empty:
            return cls(unit, (0.0,) * len(features), (1.0,) * len(features), features)
        logs = _logs(buyers, unit, features)
        spread = logs.std(axis=0)
        wide = np.where(spread > 1e-12, spread, 1.0)
        return cls(unit, tuple(logs.mean(axis=0).tolist()), tuple(wide.tolist()), features)

    def points(self, buyers: pd.DataFrame) -> np.ndarray:
        """One row per customer, one column per measure, on the common scale."""
        logs = _logs(buyers, self.money_unit, self.features)
        return (logs - np.array(self.mean)) / np.array(self.spread)

    def value(self, feature: str, point: float) -> float:
        """A point on one axis in days, orders or money again; infinite stays infinite."""
        if not np.isfinite(point):
            return point
        at = self.features.index(feature)
        unit = self.money_unit if feature in MONEY else 1.0
        return float(np.expm1(point * self.spread[at] + self.mean[at]) * unit)

    def typical(self, points: np.ndarray) -> pd.DataFrame:
        """Points as days, orders and money, one row each."""
        values = np.expm1(points * np.array(self.spread) + np.array(self.mean))
        values = values * _units(self.money_unit, self.features)
        return pd.DataFrame(values, columns=list(self.features), dtype="float64")


def moved_evenly(buyers: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The measures with days and orders moved by up to one, evenly: whole numbers are steps."""
    draw = np.random.default_rng(seed)
    whole = [name for name in buyers.columns if name not in MONEY]
    return buyers.assign(**{name: buyers[name] + draw.uniform(0, 1, len(buyers)) for name in whole})


def all_of(features: tuple[str, ...]) -> list[str]:
    """The columns that are needed: the measures, and what says who ordered, and for how much."""
    return list(dict.fromkeys((*features, *FEATURES)))


def has_orders(customers: pd.DataFrame, features: tuple[str, ...] = FEATURES) -> pd.Series:
    """Who can have a cluster: whoever ordered, if all measures are known."""
    known = customers[all_of(features)].notna().all(axis=1)
    return known & (customers["frequency"].fillna(0) > 0)


def buyers_of(customers: pd.DataFrame, features: tuple[str, ...] = FEATURES) -> pd.DataFrame:
    """Those with orders, sorted by what they did: row order and ids must not matter."""
    columns = all_of(features)
    buyers = customers.loc[has_orders(customers, features), columns].astype("float64")
    return buyers.sort_values(columns, kind="stable")


def spread_of_measures(
    customers: pd.DataFrame, features: tuple[str, ...] = FEATURES
) -> pd.DataFrame:
    """One row per measure, of those with orders: median, largest, and by how many standard
    deviations the largest value lies above the mean, plainly and on the log scale.
    """
    ordered = customers[customers["frequency"] > 0]
    raw = ordered[list(features)].astype("float64").clip(lower=0)
    logs = np.log1p(raw)
    return pd.DataFrame(
        {
            "median": raw.median(),
            "largest": raw.max(),
            "largest_deviations": (raw.max() - raw.mean()) / raw.std(),
            "largest_log_deviations": (logs.max() - logs.mean()) / logs.std(),
        }
    )


def _units(money_unit: float, features: tuple[str, ...]) -> np.ndarray:
    return np.array([money_unit if name in MONEY else 1.0 for name in features])


def _logs(buyers: pd.DataFrame, money_unit: float, features: tuple[str, ...]) -> np.ndarray:
    values = buyers[list(features)].to_numpy(dtype="float64").clip(min=0)
    return np.log1p(values / _units(money_unit, features))
