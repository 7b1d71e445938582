"""The dictionaries: each can be read, says nothing twice, and stands nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import pytest

from segment_lib.columns import COLUMNS, READ_ALONG, TABLES, VALUES
from segment_lib.lists.cells.values import fold_word
from segment_lib.lists.proposing.headers import fold_header
from segment_lib.lists.words import FOLDER, words

NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
LISTS = FOLDER.parent
# Not dictionaries but grammar: how a number, a day or a row of totals is written; and signs.
GRAMMAR = {"totals.py", "amounts.py", "dates.py", "names.py", "places.py", "telephones.py"}
MOST = 4  # Japanese words in one table of code


def lists_of(read: Any, place: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(read, dict):
        for key, value in read.items():
            yield from lists_of(value, f"{place}.{key}".lstrip("."))
    elif isinstance(read, tuple):
        yield place, read


def test_there_are_dictionaries() -> None:
    assert NAMES == [
        "alphabets", "answers", "guesses", "headers", "marks", "meanings", "names", "systems",
        "totals", "values",
    ]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_dictionary_says_nothing_twice(name: str) -> None:
    for place, ones in lists_of(words(name)):
        assert all(isinstance(one, str) and one for one in ones if place != "cells.blank"), place
        assert len(set(ones)) == len(ones), (place, [one for one in ones if ones.count(one) > 1])


def test_a_header_means_one_column() -> None:
    headers = words("headers")
    known = [*headers["any"].items()]
    for table in TABLES:
        meant: dict[str, str] = {}
        for column, ones in [*known, *headers["in"].get(table, {}).items()]:
            if column not in (*TABLES[table], *READ_ALONG, "unit_price", "status"):
                continue
            for one in ones:
                other = meant.setdefault(fold_header(one), column)
                assert other == column, (table, one, column, other)


def test_the_dictionaries_know_our_columns_and_words_only() -> None:
    headers = words("headers")
    columns = {*COLUMNS, *READ_ALONG}
    assert set(headers["any"]) <= columns
    assert set(headers["in"]) <= set(TABLES)
    assert all(set(own) <= columns for own in headers["in"].values())
    assert set(headers["families"]) <= set(VALUES["family"])
    for system in words("systems").values():
        assert system["table"] in TABLES
        assert set(system["columns"]) <= columns


def test_a_word_is_guessed_to_mean_one_thing() -> None:
    for column, guesses in words("guesses").items():
        if column == "direction":
            continue
        folded = [fold_word(one) for ones in guesses.values() for one in ones]
        assert len(set(folded)) == len(folded), column


def test_no_other_place_holds_such_a_dictionary() -> None:
    found = []
    for path in sorted(LISTS.rglob("*.py")):
        if path.name in GRAMMAR:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict)
                and _japanese(node) > MOST
            ):
                found.append(f"{path.relative_to(LISTS)}:{node.lineno}")
    assert found == []


def _japanese(node: ast.AST) -> int:
    return sum(
        isinstance(one, ast.Constant)
        and isinstance(one.value, str)
        and any("\u3041" <= sign <= "\u9fff" for sign in one.value)
        for one in ast.walk(node)
    )
