"""The share of columns that `kit.py new` maps: the bounds of the benchmark, on both sets of lists.

Never a wrong one for an id, a date or an amount, and 2 % wrong at most.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def mapping(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The benchmark, which holds the truth."""
    monkeypatch.syspath_prepend(root / "benchmarks")
    return importlib.import_module("mapping")


def shares(mapping: ModuleType, proposals: object, blocks: dict[str, str]) -> tuple[dict, list]:
    misses: list[str] = []
    frame = mapping.table(proposals, blocks, misses)
    return mapping.summary(frame).set_index("group").to_dict("index"), misses


def test_systems_that_are_not_among_the_public_lists(mapping: ModuleType) -> None:
    assert len(mapping.INVENTED) >= 12
    totals, misses = shares(mapping, mapping.invented_proposals(), mapping.INVENTED)
    wrong = [miss for miss in misses if miss.startswith("wrong")]
    assert wrong == []
    assert totals["all"]["columns"] >= 400
    assert totals["all"]["right"] >= 0.97 * totals["all"]["columns"]


@pytest.mark.real_data
def test_the_public_lists(mapping: ModuleType, real_data: Path) -> None:
    totals, misses = shares(mapping, mapping.public_proposals(real_data), mapping.PUBLIC)
    for group in ("id", "date", "amount"):
        assert totals[group]["wrong"] == 0, misses
    assert totals["all"]["wrong"] <= 0.02 * totals["all"]["columns"], misses
    assert totals["all"]["columns"] >= 600
    assert totals["all"]["right"] >= 0.95 * totals["all"]["columns"], misses


def test_a_truth_is_right_wrong_or_open(mapping: ModuleType) -> None:
    truth = mapping.truth_of("a | orders.amount\nb | none | 1\nc | attribute none")
    assert truth == {"a": {"orders.amount"}, "b": {"none"}, "c": {"attribute", "none"}}
    assert mapping.group_of(["orders.amount"]) == "amount"
    assert mapping.group_of(["attribute"]) == "other"
