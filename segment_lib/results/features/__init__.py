"""What was known about each customer before the result."""

from segment_lib.results.features.build import ResultFeatures, build_features

__all__ = ["ResultFeatures", "build_features"]
