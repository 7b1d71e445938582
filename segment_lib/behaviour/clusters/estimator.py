"""The estimator: learn clusters of behaviour, give them to customers, keep their names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from threadpoolctl import threadpool_limits

from segment_lib.behaviour.clusters.gates import (
    CHOICE,
    GATES,
    VALLEY,
    k_values,
    learn_centres,
    nearest,
    try_all,
)
from segment_lib.behaviour.clusters.measures import (
    FEATURES,
    LogScale,
    all_of,
    buyers_of,
    has_orders,
    moved_evenly,
)
from segment_lib.behaviour.clusters.words import Limits, cluster_names, describe, words_hold
from segment_lib.checks import KitError, require_columns
from segment_lib.columns import as_text
from segment_lib.learner import Learner, day_of
from segment_lib.voice import N_, Sentence, _

ORDERED_BY = "mean monetary, highest first"
NONE = N_("no stable clusters")
HEADS = ("customers", "share_of_customers")
TYPICAL = ("mean_monetary", "median_monetary", "median_frequency", "median_recency_days")
IN_WORDS = ("share_of_cluster_in_words", "share_of_words_in_cluster")
PROFILE = dict.fromkeys(("cluster", *HEADS, *TYPICAL, *IN_WORDS), "float64") | {
    "cluster": "int64", "customers": "int64",
}  # fmt: skip


class BehaviourClusters(Learner):
    """Clusters of behaviour, cluster 1 with the highest mean spend.

    `k`: how many, by a person's word, whatever the gates say; `gates`: other limits than the kit's;
    `features`: other measures than recency, frequency and spend.

    After `fit`: `k_` (None: no stable clusters), `natural_k_` (None: behaviour is a continuum, and
    clusters are cuts through it), `choice_` (one row per K tried: the four gates, inertia,
    silhouette, valley, passes), `centres_` (typical values), `limits_` (what each cluster is like,
    without words: `cluster_names` puts them to it), `profile_` (one row per cluster), `message_`
    and `message_ja_`, `as_of_`.

    >>> centres = np.repeat([[2.0, 3.0, 9.0], [6.0, 0.5, 5.0]], 80, axis=0)
    >>> measures = np.exp(np.random.default_rng(0).normal(centres, 0.4))
    >>> people = pd.DataFrame(measures, columns=FEATURES)
    >>> clusters = BehaviourClusters(bootstraps=5).fit(people)
    >>> clusters.transform(people)["cluster"].astype(int).value_counts().tolist()
    [80, 80]
    >>> cluster_names(clusters.limits_).tolist()
    ['6 orders or more', 'up to 5 orders']
    """

    GIVES = ("cluster",)

    def __init__(
        self,
        random_state: int = 0,
        bootstraps: int = 20,
        k: int | None = None,
        gates: dict[str, float] | None = None,
        features: tuple[str, ...] = FEATURES,
    ) -> None:
        self.random_state = random_state
        self.bootstraps = bootstraps
        self.k = k
        self.gates = gates
        self.features = features

    def fit(self, X: pd.DataFrame, y: object = None) -> BehaviourClusters:
        """Learn from one row per customer; people without orders are left out, not lost."""
        features = tuple(self.features)
        require_columns(X, all_of(features), "customers")
        buyers = buyers_of(X, features)
        self.as_of_ = str(day_of(X) or "")
        self.scale_ = LogScale.learn(buyers, features)
        points = self.scale_.points(buyers)
        self.k_: int | None = None
        self.natural_k_: int | None = None
        self.centres_scaled_ = np.empty((0, len(features)))
        self.limits_: list[Limits] = []
        tried, few = k_values(points)
        with threadpool_limits(1):  # small jobs: threads only wait for each other
            smooth = self.scale_.points(moved_evenly(buyers, self.random_state))
            gates = GATES | (self.gates or {})
            self.choice_ = try_all(points, smooth, tried, self.random_state, self.bootstraps, gates)
            natural = self.choice_["valley"] < VALLEY
            passed = self.choice_["passes"]
            if natural.any():
                self.natural_k_ = int(self.choice_.loc[natural, "k"].max())
            # of those that pass, the natural ones go first; a person's word goes before all
            best = passed & natural if (passed & natural).any() else passed
            if self.k is not None and self.k in tried:
                self.k_ = self.k
            elif best.any():
                self.k_ = int(self.choice_.loc[best, "k"].max())
            if self.k_ is not None:
                self._learn_clusters(points, buyers["monetary"].to_numpy())
        self.profile_ = self._profile(X)
        none = () if self.k_ is not None else (Sentence(NONE),)
        self.messages_ = (*none, *few, *self._messages(X, buyers))
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """`cluster`, a number, null for people without orders; index as it came in."""
        self._require_fitted()
        require_columns(X, all_of(self.scale_.features), "customers")
        return pd.DataFrame({"cluster": self._numbers(X)})

    def _numbers(self, customers: pd.DataFrame) -> pd.Series:
        """The cluster of each row."""
        found = pd.Series(pd.NA, index=customers.index, dtype="Int64")
        known = has_orders(customers, self.scale_.features)
        if self.k_ is not None and known.any():
            rows = nearest(self.scale_.points(customers[known]), self.centres_scaled_)
            numbers = np.array([own.cluster for own in self.limits_])[rows]
            found.loc[known] = pd.array(numbers, dtype="Int64")
        return found

    @property
    def centres_(self) -> pd.DataFrame:
        """One row per cluster: the centre as typical values, log1p and scale undone."""
        typical = self.scale_.typical(self.centres_scaled_)
        typical.insert(0, "cluster", [own.cluster for own in self.limits_])
        return typical

    def keep_names_of(self, saved: BehaviourClusters) -> BehaviourClusters:
        """A copy whose clusters carry the numbers and names of the saved centres they sit on.

        A centre is the same one if it moved less than half the way to the saved centre's nearest
        neighbour. Others get numbers that were not used before. Where the measures are others, none
        is the same.
        """
        self._require_fitted()
        renamed = deepcopy(self)
        if self.scale_.features != saved.scale_.features:
            return renamed
        here = saved.scale_.points(self.centres_)
        pairs = _matches(here, saved.centres_scaled_)
        renamed.limits_ = _with_kept_limits(self.limits_, saved.limits_, pairs)
        numbers = [own.cluster for own in renamed.limits_]
        renamed.profile_ = self.profile_.assign(cluster=np.array(numbers, dtype="int64"))
        return renamed

    def to_json(self) -> str:
        """Everything learned as plain JSON; `from_json` gives the same labels again."""
        self._require_fitted()
        plain = {
            "params": self.get_params(),
            "as_of": self.as_of_,
            "ordered_by": ORDERED_BY,
            "features": list(self.scale_.features),
            "k": self.k_,
            "natural_k": self.natural_k_,
            "scale": asdict(self.scale_),
            "centres": self.centres_scaled_.tolist(),
            "limits": [own.plain() for own in self.limits_],
            "choice": _plain(self.choice_),
            "profile": _plain(self.profile_),
            "messages": [message.to_json() for message in self.messages_],
        }
        return json.dumps(plain, ensure_ascii=False, indent=1, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> BehaviourClusters:
        """The clusters that `to_json` wrote."""
        plain = json.loads(text)
        features = tuple(plain["features"])
        made = cls(**plain["params"] | {"features": features})
        made.as_of_, made.k_ = plain["as_of"], plain["k"]
        made.natural_k_ = plain["natural_k"]
        scale = plain["scale"]
        made.scale_ = LogScale(
            scale["money_unit"], tuple(scale["mean"]), tuple(scale["spread"]), features
        )
        made.centres_scaled_ = np.array(plain["centres"], float).reshape(-1, len(features))
        made.limits_ = [Limits.from_plain(own) for own in plain["limits"]]
        made.choice_ = pd.DataFrame(plain["choice"]).astype(CHOICE | {"passes": "bool"})
        made.profile_ = pd.DataFrame(plain["profile"]).astype(PROFILE)
        made.messages_ = tuple(map(Sentence.from_json, plain["messages"]))
        return made

    def _learn_clusters(self, points: np.ndarray, money: np.ndarray) -> None:
        assert self.k_ is not None
        centres = learn_centres(points, self.k_, self.random_state)
        labels = nearest(points, centres)
        spend = np.array([money[labels == number].mean() for number in range(self.k_)])
        self.centres_scaled_ = centres[np.argsort(-spend, kind="stable")]
        labels = nearest(points, self.centres_scaled_)
        said = describe(points, labels, self.scale_)
        self.limits_ = [Limits(number, paths) for number, paths in enumerate(said, start=1)]

    def _profile(self, customers: pd.DataFrame) -> pd.DataFrame:
        """One row per cluster: heads, typical behaviour, and how well the words fit."""
        labels = self._numbers(customers)
        rows = []
        for limits in self.limits_:
            own = (labels == limits.cluster).fillna(False).to_numpy(bool)
            fits = words_hold(customers, limits.paths) & labels.notna().to_numpy()
            part = customers.loc[own, list(FEATURES)]
            rows.append(
                {
                    "cluster": limits.cluster,
                    "customers": own.sum(),
                    "share_of_customers": own.sum() / labels.notna().sum(),
                    "mean_monetary": part["monetary"].mean(),
                    **part.median().add_prefix("median_"),
                    "share_of_cluster_in_words": fits[own].mean(),
                    "share_of_words_in_cluster": own[fits].mean() if fits.any() else 0.0,
                }
            )
        return pd.DataFrame(rows, columns=list(PROFILE)).astype(PROFILE)

    def _messages(self, customers: pd.DataFrame, buyers: pd.DataFrame) -> Iterator[Sentence]:
        if self.k is not None and self.k_ != self.k:
            yield Sentence(
                "[clusters] asks for {k} clusters, which these lists are too few for", k=self.k
            )
        if self.k_ is None and len(self.choice_):
            yield Sentence(
                "none of 2 to {most} clusters passed all four gates",
                most=int(self.choice_["k"].max()),
            )
        if negative := int((buyers["monetary"] < 0).sum()):
            yield Sentence("customers with negative spend, counted as 0: {n}", n=negative)
        if without := len(customers) - len(buyers):
            yield Sentence("people without orders, who have no cluster: {n}", n=without)

    def _require_fitted(self) -> None:
        if not hasattr(self, "choice_"):
            raise KitError(
                _("BehaviourClusters has learned nothing yet. Call fit(customers) first.")
            )


def _plain(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """Columns as lists; a missing figure becomes null, since NaN is no JSON."""
    return frame.astype(object).where(frame.notna(), None).to_dict("list")


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


def _with_kept_limits(
    fresh: list[Limits], saved: list[Limits], pairs: dict[int, int]
) -> list[Limits]:
    """The fresh limits, replaced by the saved ones where the centre is the same."""
    kept = cluster_names([saved[row] for row in pairs.values()]).tolist()
    free = max([0, *(own.cluster for own in saved)]) + 1
    limits = []
    for row, own in enumerate(fresh):
        if row in pairs:
            limits.append(saved[pairs[row]])
            continue
        # A new cluster must not carry a kept name: it shows its number beside it.
        limits.append(replace(own, cluster=free, numbered=own.named("") in kept))
        free += 1
    return limits


def with_names(table: pd.DataFrame, clusters: BehaviourClusters, currency: str) -> pd.DataFrame:
    """`table`, which has a column `cluster`, with the `cluster_name` of each row beside it."""
    names = cluster_names(clusters.limits_, currency).to_dict()
    named = table.copy()
    at = named.columns.get_loc("cluster") + 1
    named.insert(at, "cluster_name", named["cluster"].map(names).pipe(as_text))
    return named
