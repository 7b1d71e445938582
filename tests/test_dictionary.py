"""The dictionary of columns and the tables agree; every name has a meaning and both labels."""

from __future__ import annotations

import re

import ibis
import pandas as pd
import pytest

from segment_lib.behaviour.history import order_history
from segment_lib.columns import (
    COLUMNS,
    OWNED,
    REQUIRED,
    TABLES,
    VALUES,
    label,
    value_label,
    values_of,
)
from segment_lib.voice import LANGUAGES, language

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
SAME_IN_JAPANESE = {"r", "f", "m"}


@pytest.mark.parametrize("column", COLUMNS.values(), ids=lambda column: column.name)
def test_every_column_is_explained_in_both_languages(column) -> None:
    assert column.meaning
    assert label(column.name) == column.label != ""
    with language("ja"):
        assert column.name in SAME_IN_JAPANESE or JAPANESE.search(label(column.name))


@pytest.mark.parametrize("column", [*VALUES, *OWNED])
def test_every_coded_value_has_both_labels(column: str) -> None:
    assert column in COLUMNS
    with language("ja"):
        for value, english in values_of(column).items():
            assert english
            assert JAPANESE.search(str(value_label(column, value)))


def test_labels_of_one_column_are_told_apart() -> None:
    for spoken in LANGUAGES:
        with language(spoken):
            for column in (*VALUES, *OWNED):
                words = [value_label(column, value) for value in values_of(column)]
                assert len(set(words)) == len(words), column


def test_the_register_holds_documented_columns() -> None:
    for table, columns in TABLES.items():
        assert set(columns) <= set(COLUMNS), table
        assert set(REQUIRED[table]) <= set(columns), table


def test_columns_with_codes_have_values() -> None:
    coded = {name for name, column in COLUMNS.items() if column.kind == "code"}
    assert coded <= {*VALUES, *OWNED}


def test_the_order_history_returns_documented_columns() -> None:
    orders = pd.DataFrame(
        {
            "order_id": ["1"],
            "customer_id": ["001"],
            "ordered_on": pd.to_datetime(["2024-03-01"]),
            "amount": [1200.0],
            "lines": [1],
            "campaign": [""],
            "margin": [300.0],
        }
    )
    history = order_history(ibis.memtable(orders), as_of=pd.Timestamp("2024-12-31").date())
    unknown = set(history.columns) - set(COLUMNS)
    assert unknown <= {"net_negative"}
