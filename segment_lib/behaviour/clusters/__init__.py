"""k-means on behaviour: how many groups hold up, and each of them in words."""

from segment_lib.behaviour.clusters.estimator import ORDERED_BY, BehaviourClusters
from segment_lib.behaviour.clusters.gates import GATES, K_VALUES
from segment_lib.behaviour.clusters.measures import FEATURES

__all__ = ["FEATURES", "GATES", "K_VALUES", "ORDERED_BY", "BehaviourClusters"]
