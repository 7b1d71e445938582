"""Invented businesses with known truth: raw lists as they would arrive, made from a seed."""

from segment_lib.samples.shop import make_shop
from segment_lib.samples.web_marketing import make_web_marketing

__all__ = ["make_shop", "make_web_marketing"]
