"""P(worth it) per band of a score: what is learned, and the models that give the score."""

from segment_lib.approach.worth.bands import WorthBands, expected_profit
from segment_lib.approach.worth.model import PlainModel, model_input, worth_model

__all__ = [
    "PlainModel", "WorthBands", "expected_profit", "model_input", "worth_model",
]  # fmt: skip
