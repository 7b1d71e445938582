"""k-means on behaviour: how many groups hold up, and each of them in words."""

from segment_lib.behaviour.clusters.estimator import ORDERED_BY, BehaviourClusters, with_names
from segment_lib.behaviour.clusters.gates import GATES, K_VALUES
from segment_lib.behaviour.clusters.measures import FEATURES, spread_of_measures
from segment_lib.behaviour.clusters.words import cluster_names

__all__ = [
    "FEATURES", "GATES", "K_VALUES", "ORDERED_BY", "BehaviourClusters", "cluster_names",
    "spread_of_measures", "with_names",
]  # fmt: skip
