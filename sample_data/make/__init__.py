"""Invented businesses with known truth: raw lists as they would arrive, made from a seed."""

from make.shop import make_shop
from make.web_marketing import make_web_marketing

__all__ = ["make_shop", "make_web_marketing"]
