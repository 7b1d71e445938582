"""Groups or a continuum, and how many clusters: the largest K that passes four gates, or none.

Stability is not existence: k-means cuts a cloud in the same places again and again, and the gates
call such cuts stable. So first it is asked whether there are groups at all: between two groups lies
a valley, where fewer customers are than on either side. Both neighbouring clusters are projected on
the line between their centres; the lowest density between their peaks, over the lower peak, is the
valley. Where every such pair lies below `VALLEY` the K is natural. Days and orders are whole
numbers, and a row of whole numbers is all valleys: they are moved by up to one, evenly, before.

Bootstrap agreement (adjusted Rand index), prediction strength (Tibshirani & Walther 2005), smallest
cluster, and a tree of depth 3 that, learned on one half, gives the other half its labels.
Silhouette is shown and never chooses: it likes tiny outlier groups. The two cheap gates come first;
a K that fails them is not resampled, and its other two figures are missing.
"""

from __future__ import annotations

import warnings
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import gaussian_kde
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import cross_val_score
from sklearn.tree import DecisionTreeClassifier

from segment_lib.voice import Sentence

VALLEY = 0.85  # of the lower peak: a higher valley is none
GRID = 200  # places on the line between two centres at which the density is asked for
LEAST_PLACES = 5  # fewer different places on a line, and there is nothing to see between them
K_VALUES = tuple(range(2, 9))
GATES = {"ari": 0.85, "prediction_strength": 0.75, "smallest_share": 0.05, "tree_accuracy": 0.85}
CHOICE = {"k": "int64"} | dict.fromkeys((*GATES, "inertia", "silhouette", "valley"), "float64")
SAMPLE = 20_000  # rows for learning and gates; the rest only polishes the centres
STARTS = 10
GATE_STARTS = 3  # the gates ask whether the same comes out again: few starts ask harder
HALVES = 30
BLOCK = 100  # rows whose distances to all others are held at a time
TREE_HALVES = 10


def try_all(
    points: np.ndarray,
    smooth: np.ndarray,
    tried: list[int],
    seed: int,
    bootstraps: int,
    gates: dict[str, float],
) -> pd.DataFrame:
    """One row per K: the four gates, inertia, silhouette, the highest valley between neighbours,
    and whether it passes the gates. `smooth` are the points whose days and orders were moved.
    """
    some, moved = some_rows(points, seed), some_rows(smooth, seed)
    bases = [k_means(some, k, seed) for k in tried]
    silhouettes = mean_silhouettes(some, [base.labels_ for base in bases])
    rows = [
        _gates(some, base, seed, bootstraps, gates)
        | {"silhouette": silhouette, "valley": highest_valley(moved, base.n_clusters, seed)}
        for base, silhouette in zip(bases, silhouettes, strict=True)
    ]
    choice = pd.DataFrame(rows, columns=list(CHOICE)).astype(CHOICE).round(6)
    passes = [choice[gate] >= least for gate, least in gates.items()]
    return choice.assign(passes=np.logical_and.reduce(passes))


def highest_valley(points: np.ndarray, k: int, seed: int) -> float:
    """Of all neighbouring clusters the pair with the least of a valley between them: the lowest
    density between their peaks over the lower peak; 1 is no valley at all.
    """
    model = k_means(points, k, seed, GATE_STARTS)
    centres, labels = model.cluster_centers_, model.labels_
    highest = 0.0
    for one, other in combinations(range(k), 2):
        middle = (centres[one] + centres[other]) / 2
        two = np.argsort(((centres - middle) ** 2).sum(axis=1), kind="stable")[:2]
        if set(two) == {one, other}:  # no third centre is nearer to the middle: they are neighbours
            both = points[(labels == one) | (labels == other)]
            highest = max(highest, _valley(both, centres[one], centres[other]))
    return highest


def _valley(points: np.ndarray, one: np.ndarray, other: np.ndarray) -> float:
    line = other - one
    length = float(np.sqrt((line**2).sum()))
    if not length:
        return 1.0
    along = (points - one) @ line / length
    if len(np.unique(along)) < LEAST_PLACES:
        return 1.0
    places = np.linspace(min(along.min(), 0.0), max(along.max(), length), GRID)
    density = gaussian_kde(along)(places)
    left = places <= length / 2
    first = int(np.argmax(np.where(left, density, -1.0)))
    last = int(np.argmax(np.where(left, -1.0, density)))
    return float(density[first : last + 1].min() / min(density[first], density[last]))


def learn_centres(points: np.ndarray, k: int, seed: int) -> np.ndarray:
    """The K centres: learned on a sample, polished on everybody."""
    start = k_means(some_rows(points, seed), k, seed).cluster_centers_
    labels = KMeans(k, init=start, n_init=1, max_iter=20).fit(points).labels_
    # Plain means of the groups: the same to the last digit on any number of threads.
    return np.array([points[labels == number].mean(axis=0) for number in range(k)])


def some_rows(points: np.ndarray, seed: int) -> np.ndarray:
    """All rows, or a drawn sample of them where there are many."""
    if len(points) <= SAMPLE:
        return points
    drawn = np.random.default_rng(seed).choice(len(points), SAMPLE, replace=False)
    return points[np.sort(drawn)]


def k_values(points: np.ndarray) -> tuple[list[int], tuple[Sentence, ...]]:
    """Which K can be tried at all, and a sentence if some of them cannot."""
    different = len(np.unique(points, axis=0)) if len(points) else 0
    # Two halves must both hold every cluster, and ten people are the least to speak of one.
    most = min(max(K_VALUES), different // 2, len(points) // 10)
    if most >= max(K_VALUES):
        return list(K_VALUES), ()
    tried = [k for k in K_VALUES if k <= most]
    upto = (
        Sentence("no more than {most} clusters were tried", most=most)
        if tried
        else Sentence("too few to look for clusters")
    )
    said = Sentence(
        "customers: {customers}, different behaviours: {different}, {upto}",
        customers=len(points),
        different=different,
        upto=upto,
    )
    return tried, (said,)


def k_means(points: np.ndarray, k: int, seed: int, starts: int = STARTS) -> KMeans:
    """The best of several starts."""
    with warnings.catch_warnings():
        # A resample may hold fewer than k different rows: the gates then fail, as they should.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return KMeans(k, n_init=starts, random_state=seed).fit(points)


def nearest(points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """The row of the nearest centre."""
    distances = [((points - centre) ** 2).sum(axis=1) for centre in centres]
    return np.argmin(np.column_stack(distances), axis=1)


def _gates(
    points: np.ndarray, base: KMeans, seed: int, bootstraps: int, gates: dict[str, float]
) -> dict[str, float]:
    """One row of the choice: the four gates of one K, with its inertia beside."""
    k = base.n_clusters
    draw = np.random.default_rng([seed, k])
    halves = [draw.permutation(len(points)) < len(points) // 2 for _ in range(HALVES)]
    row = {
        "k": k,
        "smallest_share": float(np.bincount(base.labels_, minlength=k).min() / len(points)),
        "tree_accuracy": _tree_accuracy(points, base.labels_, halves[:TREE_HALVES]),
        "inertia": float(base.inertia_),
    }
    if any(row[gate] < gates[gate] for gate in ("smallest_share", "tree_accuracy")):
        return row
    row["ari"] = _bootstrap_ari(points, base.labels_, k, bootstraps, draw)
    row["prediction_strength"] = float(np.mean([_strength(points, a, k, seed) for a in halves]))
    return row


def mean_silhouettes(points: np.ndarray, labels: list[np.ndarray]) -> list[float]:
    """The mean silhouette (Rousseeuw 1987) of each set of labels; 0 where they name one group only.

    The distances are computed once for all, some rows at a time and in single precision.
    """
    if not labels:
        return []
    groups = [one[:, None] == np.unique(one) for one in labels]
    member = np.hstack(groups).astype("float32")
    ends = np.cumsum([group.shape[1] for group in groups])[:-1]
    columns = np.ascontiguousarray(points.T, dtype="float32")
    found = []
    for start in range(0, len(points), BLOCK):
        block = slice(start, start + BLOCK)
        apart = np.sqrt(sum((one[block, None] - one) ** 2 for one in columns))
        sums = np.split(apart @ member, ends, axis=1)
        found.append([_silhouettes(s, g, g[block]) for s, g in zip(sums, groups, strict=True)])
    return [float(np.concatenate(one).mean()) for one in zip(*found, strict=True)]


def _silhouettes(sums: np.ndarray, group: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Of some points, from their summed distances to all groups; `own`: which is theirs."""
    heads = group.sum(axis=0)
    if len(heads) == 1:
        return np.zeros(len(sums))
    mine = np.broadcast_to(heads, own.shape)[own]
    within = sums[own] / np.maximum(mine - 1, 1)
    nearest_other = np.where(own, np.inf, sums / heads).min(axis=1)
    wider = np.maximum(within, nearest_other)
    alone = (mine == 1) | (wider == 0)
    return np.where(alone, 0.0, (nearest_other - within) / np.where(alone, 1.0, wider))


def _bootstrap_ari(
    points: np.ndarray, labels: np.ndarray, k: int, times: int, draw: np.random.Generator
) -> float:
    """Mean agreement of the labels with those learned from resampled customers."""
    agree = []
    for _ in range(times):
        again = points[np.sort(draw.integers(0, len(points), len(points)))]
        model = k_means(again, k, int(draw.integers(2**31)), GATE_STARTS)
        agree.append(adjusted_rand_score(labels, nearest(points, model.cluster_centers_)))
    return float(np.mean(agree))


def _strength(points: np.ndarray, half: np.ndarray, k: int, seed: int) -> float:
    """Prediction strength of one split, both ways round."""
    one = k_means(points[half], k, seed, GATE_STARTS)
    other = k_means(points[~half], k, seed, GATE_STARTS)
    there = _kept_together(one.labels_, nearest(points[half], other.cluster_centers_), k)
    back = _kept_together(other.labels_, nearest(points[~half], one.cluster_centers_), k)
    return (there + back) / 2


def _kept_together(own: np.ndarray, given: np.ndarray, k: int) -> float:
    """The worst own cluster's share of pairs that the other half's centres keep together."""
    counts = np.zeros((k, k))
    np.add.at(counts, (own, given), 1)
    sizes = counts.sum(axis=1)
    together = (counts * (counts - 1)).sum(axis=1)
    pairs = sizes * (sizes - 1)
    return float(np.where(pairs > 0, together / np.maximum(pairs, 1), 0.0).min())


def _tree_accuracy(points: np.ndarray, labels: np.ndarray, halves: list[np.ndarray]) -> float:
    """How often a depth-3 tree learned on one half gives the other half its labels."""
    both_ways = [(one, ~one) for half in halves for one in (half, ~half)]
    tree = DecisionTreeClassifier(max_depth=3, random_state=0)
    return float(cross_val_score(tree, points, labels, cv=both_ways).mean())
