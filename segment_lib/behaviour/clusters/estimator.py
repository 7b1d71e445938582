"""The estimator: learn clusters of behaviour, give them to customers, keep their names."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from sklearn.base import BaseEstimator
from threadpoolctl import threadpool_limits

from segment_lib.behaviour.clusters.gates import CHOICE, k_values, learn_centres, nearest, try_all
from segment_lib.behaviour.clusters.measures import FEATURES, LogScale, buyers_of, has_orders
from segment_lib.behaviour.clusters.words import Paths, describe, words_hold
from segment_lib.checks import KitError, require_columns
from segment_lib.columns import Language

ORDERED_BY = "mean monetary, highest first"
NONE = ("no stable clusters", "安定したクラスタはありません")
PROFILE = {
    "cluster": "int64",
    "cluster_name": "str",
    "cluster_name_ja": "str",
    "customers": "int64",
    "share_of_customers": "float64",
    "mean_monetary": "float64",
    "median_monetary": "float64",
    "median_frequency": "float64",
    "median_recency_days": "float64",
    "share_of_cluster_in_words": "float64",
    "share_of_words_in_cluster": "float64",
}


class BehaviourClusters(BaseEstimator):
    """Clusters of behaviour, cluster 1 with the highest mean spend.

    After `fit`: `k_` (None: no stable clusters), `choice_` (one row per K tried: the four gates,
    inertia, silhouette, passes), `centres_` (typical values), `names_`, `profile_` (one row per
    cluster), `message_` and `message_ja_`, `as_of_`.
    """

    def __init__(
        self,
        random_state: int = 0,
        bootstraps: int = 20,
        currency: str = "",
        language: Language = "en",
    ) -> None:
        self.random_state = random_state
        self.bootstraps = bootstraps
        self.currency = currency
        self.language = language

    def fit(self, customers: pd.DataFrame, y: object = None) -> BehaviourClusters:
        """Learn from one row per customer; people without orders are left out, not lost."""
        require_columns(customers, FEATURES, "customers")
        buyers = buyers_of(customers)
        self.as_of_ = _as_of(customers)
        self.scale_ = LogScale.learn(buyers)
        points = self.scale_.points(buyers)
        self.k_: int | None = None
        self.centres_scaled_ = np.empty((0, len(FEATURES)))
        self.names_ = _names_frame([], [])
        said: list[Paths] = []
        tried, says = k_values(points)
        with threadpool_limits(1):  # small jobs: threads only wait for each other
            self.choice_ = try_all(points, tried, self.random_state, self.bootstraps)
            passed = self.choice_.loc[self.choice_["passes"], "k"]
            if len(passed):
                self.k_ = int(passed.max())
                said = self._learn_clusters(points, buyers["monetary"].to_numpy())
        self.profile_ = self._profile(customers, said)
        self._say(customers, buyers, says)
        return self

    def transform(self, customers: pd.DataFrame) -> pd.DataFrame:
        """`cluster` and `cluster_name`, null for people without orders; index as it came in."""
        self._require_fitted()
        require_columns(customers, FEATURES, "customers")
        out = pd.DataFrame(index=customers.index)
        out["cluster"] = pd.Series(pd.NA, index=customers.index, dtype="Int64")
        known = has_orders(customers)
        if self.k_ is not None and known.any():
            rows = nearest(self.scale_.points(customers[known]), self.centres_scaled_)
            numbers = self.names_["cluster"].to_numpy()[rows]
            out.loc[known, "cluster"] = pd.array(numbers, dtype="Int64")
        column = "cluster_name_ja" if self.language == "ja" else "cluster_name"
        named = dict(zip(self.names_["cluster"], self.names_[column], strict=True))
        out["cluster_name"] = out["cluster"].map(named).astype("str")
        return out

    def fit_transform(self, customers: pd.DataFrame, y: object = None) -> pd.DataFrame:
        """`fit`, then `transform` of the same customers."""
        return self.fit(customers).transform(customers)

    @property
    def centres_(self) -> pd.DataFrame:
        """One row per cluster: the centre as typical values, log1p and scale undone."""
        typical = self.scale_.typical(self.centres_scaled_)
        typical.insert(0, "cluster", self.names_["cluster"].to_numpy())
        return typical

    def keep_names_of(self, saved: BehaviourClusters) -> BehaviourClusters:
        """A copy whose clusters carry the numbers and names of the saved centres they sit on.

        A centre is the same one if it moved less than half the way to the saved centre's nearest
        neighbour. Others get numbers that were not used before.
        """
        self._require_fitted()
        renamed = BehaviourClusters.from_json(self.to_json())
        here = saved.scale_.points(self.centres_[list(FEATURES)])
        pairs = _matches(here, saved.centres_scaled_)
        renamed.names_ = _with_kept_names(self.names_, saved.names_, pairs)
        renamed.profile_ = self.profile_.assign(
            **{column: renamed.names_[column].to_numpy() for column in renamed.names_.columns}
        )
        return renamed

    def to_json(self) -> str:
        """Everything learned as plain JSON; `from_json` gives the same labels again."""
        self._require_fitted()
        plain = {
            "params": self.get_params(),
            "as_of": self.as_of_,
            "ordered_by": ORDERED_BY,
            "features": list(FEATURES),
            "k": self.k_,
            "scale": asdict(self.scale_),
            "centres": self.centres_scaled_.tolist(),
            "names": _plain(self.names_),
            "choice": _plain(self.choice_),
            "profile": _plain(self.profile_),
            "message": [self.message_, self.message_ja_],
        }
        return json.dumps(plain, ensure_ascii=False, indent=1, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> BehaviourClusters:
        """The clusters that `to_json` wrote."""
        plain = json.loads(text)
        made = cls(**plain["params"])
        made.as_of_, made.k_ = plain["as_of"], plain["k"]
        scale = plain["scale"]
        made.scale_ = LogScale(scale["money_unit"], tuple(scale["mean"]), tuple(scale["spread"]))
        made.centres_scaled_ = np.array(plain["centres"], float).reshape(-1, len(FEATURES))
        made.names_ = pd.DataFrame(plain["names"]).astype(_names_frame([], []).dtypes)
        made.choice_ = pd.DataFrame(plain["choice"]).astype(CHOICE | {"passes": "bool"})
        made.profile_ = pd.DataFrame(plain["profile"]).astype(PROFILE)
        made.message_, made.message_ja_ = plain["message"]
        return made

    def _learn_clusters(self, points: np.ndarray, money: np.ndarray) -> list[Paths]:
        assert self.k_ is not None
        centres = learn_centres(points, self.k_, self.random_state)
        labels = nearest(points, centres)
        spend = np.array([money[labels == number].mean() for number in range(self.k_)])
        self.centres_scaled_ = centres[np.argsort(-spend, kind="stable")]
        labels = nearest(points, self.centres_scaled_)
        said, names = describe(points, labels, self.scale_, self.currency)
        self.names_ = _names_frame([en for en, _ in names], [ja for _, ja in names])
        return said

    def _profile(self, customers: pd.DataFrame, said: list[Paths]) -> pd.DataFrame:
        """One row per cluster: heads, typical behaviour, and how well the words fit."""
        labels = self.transform(customers)["cluster"]
        rows = []
        for position, number in enumerate(self.names_["cluster"]):
            own = (labels == number).fillna(False).to_numpy(bool)
            fits = words_hold(customers, said[position]) & labels.notna().to_numpy()
            part = customers[own]
            rows.append(
                {
                    "cluster": int(number),
                    "cluster_name": self.names_["cluster_name"].iloc[position],
                    "cluster_name_ja": self.names_["cluster_name_ja"].iloc[position],
                    "customers": int(own.sum()),
                    "share_of_customers": float(own.sum() / labels.notna().sum()),
                    "mean_monetary": float(part["monetary"].mean()),
                    "median_monetary": float(part["monetary"].median()),
                    "median_frequency": float(part["frequency"].median()),
                    "median_recency_days": float(part["recency_days"].median()),
                    "share_of_cluster_in_words": float(fits[own].mean()),
                    "share_of_words_in_cluster": float(own[fits].mean()) if fits.any() else 0.0,
                }
            )
        return pd.DataFrame(rows, columns=list(PROFILE)).astype(PROFILE)

    def _say(self, customers: pd.DataFrame, buyers: pd.DataFrame, says: tuple[str, str]) -> None:
        english, japanese = [says[0]], [says[1]]
        if self.k_ is None:
            english.insert(0, NONE[0])
            japanese.insert(0, NONE[1])
        if self.k_ is None and len(self.choice_):
            tried = f"2 to {self.choice_['k'].max()}"
            english.append(f"none of {tried} clusters passed all four gates")
            japanese.append(f"2〜{self.choice_['k'].max()}クラスタのどれも4つの基準を満たさず")
        negative = int((buyers["monetary"] < 0).sum())
        if negative:
            english.append(f"customers with negative spend, counted as 0: {negative}")
            japanese.append(f"累計がマイナスの{negative}名は0として計算")
        without = len(customers) - len(buyers)
        if without:
            english.append(f"people without orders, who have no cluster: {without}")
            japanese.append(f"購入のない{without}名はクラスタなし")
        self.message_ = "; ".join(filter(None, english))
        self.message_ja_ = "。".join(filter(None, japanese))

    def _require_fitted(self) -> None:
        if not hasattr(self, "choice_"):
            raise KitError("BehaviourClusters has learned nothing yet. Call fit(customers) first.")


def _as_of(customers: pd.DataFrame) -> str:
    if "as_of" not in customers or customers["as_of"].isna().all():
        return ""
    return f"{pd.Timestamp(customers['as_of'].max()):%Y-%m-%d}"


def _plain(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """Columns as lists; a missing figure becomes null, since NaN is no JSON."""
    return frame.astype(object).where(frame.notna(), None).to_dict("list")


def _names_frame(english: list[str], japanese: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame({"cluster": range(1, len(english) + 1)}, dtype="int64")
    return frame.assign(
        cluster_name=pd.array(english, dtype="str"), cluster_name_ja=pd.array(japanese, dtype="str")
    )


def _matches(fresh: np.ndarray, saved: np.ndarray) -> dict[int, int]:
    """Row of a fresh centre → row of the saved centre it is, one to one."""
    if len(fresh) == 0 or len(saved) < 2:
        return {}
    apart = np.sqrt(((fresh[:, None] - saved[None]) ** 2).sum(axis=2))
    between = np.sqrt(((saved[:, None] - saved[None]) ** 2).sum(axis=2))
    np.fill_diagonal(between, np.inf)
    near = between.min(axis=1) / 2
    rows, columns = linear_sum_assignment(apart)
    return {
        int(row): int(column)
        for row, column in zip(rows, columns, strict=True)
        if apart[row, column] < near[column]
    }


def _with_kept_names(
    fresh: pd.DataFrame, saved: pd.DataFrame, pairs: dict[int, int]
) -> pd.DataFrame:
    """The fresh names, replaced by the saved ones where the centre is the same."""
    names = fresh.copy()
    kept = saved.iloc[list(pairs.values())]
    free = int(max([0, *saved["cluster"]])) + 1
    for row in range(len(names)):
        if row in pairs:
            names.iloc[row] = saved.iloc[pairs[row]]
            continue
        names.loc[row, "cluster"] = free
        for column in ("cluster_name", "cluster_name_ja"):
            # A new cluster must not carry a kept name: it shows its number beside it.
            if names.loc[row, column] in set(kept[column]):
                names.loc[row, column] = f"{names.loc[row, column]} #{free}"
        free += 1
    return names
