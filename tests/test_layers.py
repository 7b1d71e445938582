"""Imports point one way, rooms meet in columns, and only their own rooms know the heavy tools."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from segment_lib import lists

LIBRARY = Path(__file__).resolve().parent.parent / "segment_lib"
ORDER = (
    ("voice",),
    ("columns", "checks", "ending", "file_lock", "in_words", "learner"),
    ("settings",),
    ("client", "view"),
    ("lists",),
    ("behaviour",),
    ("results",),
    ("approach",),
    ("plots",),
    ("report",),
    ("thread",),
    ("execution", "results_folder"),
    ("own_notebooks",),
    ("walk",),
    ("sharing",),
    ("locale", "__main__", "__init__"),
)
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}
# Rooms whose modules do not import each other, and the helpers that hold no measure of their own.
HELPERS = {
    "behaviour": {"as_of", "waiting", "order_family", "segments"},
    "results": {"intervals"},
    "approach": {"reasons", "conditions", "weeks", "playbook", "choosing", "known"},
}
# What answers a question of the walk puts the modules of its room together.
TOGETHER = ("__init__", "views", "as_of", "said", "revenue_said", "types_said", "known")
KNOWS = {"matplotlib": ("plots",), "ibis": ("lists", "behaviour")}
# Within the largest room: words are data; cells are read from files, accounted for as rows, kept in
# the register; the modules beside these folders come before `same` and `proposing`.
LISTS = {"words": -1, "cells": 0, "reading": 1, "rows": 2, "": 3, "same": 4, "proposing": 4}
FILES = sorted(LIBRARY.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(LIBRARY)))
def test_imports_point_one_way(path: Path) -> None:
    place = path.relative_to(LIBRARY).with_suffix("").parts
    room = place[0]
    for name in imports(path):
        top, *inside = name.split(".")
        if top in KNOWS:
            assert room in KNOWS[top], f"{top} is known in {KNOWS[top]} only"
        if top != "segment_lib" or not inside:
            continue
        other = inside[0]
        if other not in RANK:  # `from segment_lib import open_client`: a name of __init__
            assert room in ("__main__", "__init__"), f"{name}: import the module, not the package"
        elif other != room:
            assert RANK[other] < RANK[room], f"{room} must not import {other}"
        elif room in HELPERS and place[-1] not in TOGETHER and len(inside) > 1:
            assert inside[1] in HELPERS[room] | {place[1]}, f"{name}: modules meet in columns"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(LIBRARY)))
def test_imports_within_lists_point_one_way(path: Path) -> None:
    place = path.relative_to(LIBRARY).parts
    if place[0] != "lists" or place == ("lists", "__init__.py"):
        return
    own = place[1] if len(place) == 3 else ""
    for name in imports(path):
        inside = name.split(".")[1:]
        if place[-1] == "views.py":
            continue  # what answers a question puts the folders together
        if name.startswith("segment_lib.lists.") and inside[1] != own:
            other = inside[1] if inside[1] in LISTS else ""
            assert other == own or LISTS[other] < LISTS[own], f"{own} must not import {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(LIBRARY)))
def test_from_outside_the_lists_are_entered_by_their_door(path: Path) -> None:
    if path.relative_to(LIBRARY).parts[0] == "lists":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    modules += [
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    ]
    deeper = [name for name in modules if name.startswith("segment_lib.lists.")]
    assert not deeper, f"import from segment_lib.lists, not from {deeper}"


def test_the_door_of_the_lists_opens() -> None:
    for name in lists.__all__:
        assert getattr(lists, name) is not None


def test_what_made_the_samples_knows_nothing_of_the_library() -> None:
    makers = sorted((LIBRARY.parent / "sample_data" / "make").glob("*.py"))
    assert makers
    for path in makers:
        assert "segment_lib" not in {name.split(".")[0] for name in imports(path)}, path.name


def test_every_room_is_on_the_list() -> None:
    rooms = {path.relative_to(LIBRARY).with_suffix("").parts[0] for path in FILES}
    assert rooms <= set(RANK)
