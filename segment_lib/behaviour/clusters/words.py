"""Each cluster in words: the path of a depth-3 tree to the leaf that holds most of it.

Limits are undone to days, orders and money and rounded to what a person would say, so the words
describe a cluster; who belongs to it is decided by the nearest centre.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.tree import DecisionTreeClassifier

from segment_lib.behaviour.clusters.measures import MONEY, LogScale
from segment_lib.voice import N_, Sentence, _, pgettext

ENOUGH = 0.6  # a leaf that holds less of its cluster is not its whole name

Ranges = dict[str, tuple[float, float]]
Paths = list[Ranges]  # one path, or two joined by "or"


@dataclass(frozen=True)
class Limits:
    """What one cluster is like, without words: its number and the limits of its tree paths.

    `numbered`: another cluster has the same words, so its name shows its number too.
    """

    cluster: int
    paths: Paths
    numbered: bool = False

    def named(self, currency: str) -> str:
        """The limits in words."""
        within, between = pgettext("within a path", ", "), _(", or ")
        said = _said(self.paths, currency)
        words = between.join(within.join(map(str, path)) for path in said)
        return f"{words} #{self.cluster}" if self.numbered else words

    def plain(self) -> dict[str, Any]:
        """As JSON holds it: an open end is null."""
        paths = [{name: [_end(low), _end(high)] for name, (low, high) in path.items()}
                 for path in self.paths]  # fmt: skip
        return {"cluster": self.cluster, "paths": paths, "numbered": self.numbered}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Limits:
        """What `plain` wrote."""
        paths: Paths = [
            {
                name: (-np.inf if low is None else low, np.inf if high is None else high)
                for name, (low, high) in path.items()
            }
            for path in plain["paths"]
        ]
        return cls(plain["cluster"], paths, plain["numbered"])


def cluster_names(limits: Sequence[Limits], currency: str = "") -> pd.Series:
    """The name of each cluster, indexed by its number; `limits` are those of fitted clusters."""
    return pd.Series(
        [own.named(currency) for own in limits],
        index=pd.Index([own.cluster for own in limits], name="cluster", dtype="int64"),
        name="cluster_name",
        dtype="str",
    )


def describe(points: np.ndarray, labels: np.ndarray, scale: LogScale) -> list[Paths]:
    """The limits of each cluster as they are said: rounded where that leaves the names distinct."""
    tree = DecisionTreeClassifier(max_depth=3, random_state=0).fit(points, labels)
    paths = _paths(tree, int(labels.max()) + 1, scale.features)
    for rounded in (True, False):
        said = [[_undone(path, scale, rounded) for path in own] for own in paths]
        if not _unclear(said):
            break
    return said


def _end(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _undone(path: Ranges, scale: LogScale, rounded: bool) -> Ranges:
    """The limits of a tree path in days, orders and money."""
    ends = {
        feature: [_spoken(feature, scale.value(feature, end), rounded) for end in path[feature]]
        for feature in scale.features
        if feature in path
    }
    return {feature: (low, high) for feature, (low, high) in ends.items()}


def _paths(tree: DecisionTreeClassifier, clusters: int, features: tuple[str, ...]) -> list[Paths]:
    """Per cluster the leaf that holds most of it, and a second one if that is too little."""
    inner: Any = tree.tree_
    waiting: list[tuple[int, Ranges]] = [(0, {})]
    leaves: list[tuple[np.ndarray, Ranges]] = []
    while waiting:
        node, path = waiting.pop()
        if inner.children_left[node] != -1:
            waiting.extend(_branches(inner, node, path, features[inner.feature[node]]))
        else:
            leaves.append((inner.value[node][0] * inner.n_node_samples[node], path))
    return [_leaves_of(cluster, leaves) for cluster in range(clusters)]


def _leaves_of(cluster: int, leaves: list[tuple[np.ndarray, Ranges]]) -> Paths:
    # A leaf speaks for the cluster it predicts; another cluster takes it only for want of one.
    own = [leaf for leaf in leaves if leaf[0].argmax() == cluster] or leaves
    best = sorted(own, key=lambda leaf: -leaf[0][cluster])[:2]
    total = sum(heads[cluster] for heads, _path in leaves)
    return [path for _heads, path in (best[:1] if best[0][0][cluster] >= ENOUGH * total else best)]


def _branches(inner: Any, node: int, path: Ranges, feature: str) -> list[tuple[int, Ranges]]:
    cut = float(inner.threshold[node])
    low, high = path.get(feature, (-np.inf, np.inf))
    return [
        (inner.children_left[node], path | {feature: (low, min(high, cut))}),
        (inner.children_right[node], path | {feature: (max(low, cut), high)}),
    ]


def _spoken(feature: str, value: float, rounded: bool) -> float:
    """A limit as people say it: whole orders, days in fives or tens, money to two digits."""
    if not np.isfinite(value):
        return value
    if feature in ORDERS:
        return float(np.floor(value))
    if feature not in MONEY:
        whole = float(np.floor(value))
        step = 1 if not rounded or whole < 20 else 5 if whole < 100 else 10
        return round(whole / step) * step
    return float(f"{value:.2g}") if rounded else round(value, 2)


def _said(paths: Paths, currency: str) -> tuple[tuple[Sentence, ...], ...]:
    """Each path of one cluster as its limits, one sentence each."""
    return tuple(tuple(_say_one(one, *path[one], currency) for one in path) for path in paths)


ORDERS = ("frequency", "order_days")
# Feature → how a limit above, a limit below and both are said.
SAYS = {
    "recency_days": (
        N_("ordered within {high:.0f} days"),
        N_("no order for over {low:.0f} days"),
        N_("last order over {low:.0f} and up to {high:.0f} days ago"),
    ),
    "frequency": (
        N_("up to {high:.0f} orders"),
        N_("{least:.0f} orders or more"),
        N_("{least:.0f} to {high:.0f} orders"),
    ),
    "monetary": (
        N_("spent under {most}"),
        N_("spent {least} or more"),
        N_("spent {least} to under {most}"),
    ),
    "order_days": (
        N_("up to {high:.0f} order days"),
        N_("{least:.0f} order days or more"),
        N_("{least:.0f} to {high:.0f} order days"),
    ),
    "order_value": (
        N_("under {most} an order"),
        N_("{least} an order or more"),
        N_("{least} to under {most} an order"),
    ),
    "span_days": (
        N_("first and last order up to {high:.0f} days apart"),
        N_("first and last order over {low:.0f} days apart"),
        N_("first and last order over {low:.0f} and up to {high:.0f} days apart"),
    ),
    "tenure_days": (
        N_("first order within {high:.0f} days"),
        N_("first order over {low:.0f} days ago"),
        N_("first order over {low:.0f} and up to {high:.0f} days ago"),
    ),
}


def _say_one(feature: str, low: float, high: float, currency: str) -> Sentence:
    below, above, between = SAYS[feature]
    fields: dict[str, Any] = {"low": low, "high": high, "least": low + 1}
    if feature in MONEY:
        fields = {"least": f"{currency}{low:,.12g}", "most": f"{currency}{high:,.12g}"}
    elif feature == "frequency" and np.isinf(low) and high <= 1:
        return Sentence("one order")
    elif feature == "frequency" and low + 1 == high:
        return Sentence("{high:.0f} orders", high=high)
    return Sentence(below if np.isinf(low) else above if np.isinf(high) else between, **fields)


def _unclear(said: list[Paths]) -> bool:
    limits = [limit for paths in said for path in paths for limit in path.values()]
    empty = any(low >= high for low, high in limits)
    return empty or len({_said(paths, "") for paths in said}) < len(said)


def words_hold(customers: pd.DataFrame, paths: Paths) -> np.ndarray:
    """For whom the words are true."""
    return np.logical_or.reduce([_inside(customers, path) for path in paths])


def _inside(customers: pd.DataFrame, limits: Ranges) -> np.ndarray:
    """For whom the words hold, as rounded; money from ... to under, the others over ... up to."""
    holds = np.ones(len(customers), dtype=bool)
    for feature, (low, high) in limits.items():
        value = customers[feature].astype("float64").fillna(-1).to_numpy()
        if feature in MONEY:
            value = np.maximum(value, 0)
            holds &= (value >= low) & (value < high)
        else:
            holds &= (value > low) & (value <= high)
    return holds
