"""Every public column and every coded value: name, kind, unit, meaning, English and Japanese label.

They stand in columns.toml. Code takes names from here; notebooks write the plain string. A test
keeps that page and the tables that the library returns in step.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from segment_lib.voice import LANGUAGES, Sentence, language, pgettext

Kind = Literal["text", "date", "money", "integer", "number", "yes_no", "code"]


@dataclass(frozen=True)
class Column:
    """One public column: its dictionary, name, kind, unit, meaning in one sentence, and label."""

    dictionary: str
    name: str
    kind: Kind
    unit: str
    meaning: str
    label: str

    def __str__(self) -> str:
        return pgettext(self.dictionary, self.label)

    @property
    def english(self) -> str:
        """The label in English."""
        return self.label


_PAGE: dict[str, Any] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)


def as_text(values: pd.Series) -> pd.Series:
    """The values as text; what is missing stays missing (pandas 2 would write "nan" for it)."""
    text = values.astype("str")
    return text.where(values.notna()) if text.dtype == "object" else text


def _rows(dictionary: str) -> dict[str, Column]:
    return {name: Column(dictionary, name, *row) for name, row in _PAGE[dictionary].items()}


def _names(tables: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {table: tuple(columns) for table, columns in tables.items()}


TABLES = _names(_PAGE["tables"])  # the tables of the register: columns in order
REQUIRED = _names(_PAGE["required"])  # what a list must map before it can become this table
SALES = ("orders", "order_lines")  # the tables of which each row, or several, is an order
ORDER_LIKE = (*SALES, "adjustments")
# Columns of a list that say something about its rows and are no columns of the table.
READ_ALONG = ("status", "unit_price", "cancelled_on", "tax_rate", "original_order_id")
MEASURE_COLUMNS = _rows("measure")  # what the kit makes: one row per customer
# A list that is already summed up speaks in measures.
SUMMED_UP = {name: MEASURE_COLUMNS[name] for name in TABLES["summaries"][1:]}
REGISTER_COLUMNS = _rows("column") | SUMMED_UP
COLUMNS = _rows("summary") | REGISTER_COLUMNS | MEASURE_COLUMNS
# The codes of a column with their English labels, in the order in which they are shown.
VALUES: dict[str, dict[str, str]] = _PAGE["values"]
VALUES["cpm_type"] = VALUES["five_type"]
# A dictionary that stands in the room which gives its codes their meaning, under LABELS.
OWNED = {"reason": "segment_lib.approach.reasons"}
DICTIONARIES = {"cpm_type": "five_type"}  # whose labels are those of another column
# Codes that no row can ask for, so that no dictionary holds them; a room may add its own.
SAID_ELSEWHERE: dict[str, Mapping[str, object]] = {
    "incident_state": {"not_justified": Sentence("Open, signed as not justified")},
}


def label(column: str) -> str:
    """The label of a column; a column this page does not know is shown under its own name."""
    return str(COLUMNS.get(column, column))


def value_label(column: str, value: object) -> object:
    """The label of a coded value: ``value_label("five_type", "loyal")``, in Japanese 優良客.

    >>> value_label("five_type", "loyal")
    'Loyal'
    """
    known = values_of(column).get(str(value))
    if known is None:
        said = SAID_ELSEWHERE.get(column, {}).get(str(value))
        return value if said is None else str(said)
    return pgettext(DICTIONARIES.get(column, column), known)


def value_labels(column: str, codes: Iterable[object], between: str) -> str:
    """Several codes of a column in words."""
    return between.join(str(value_label(column, code)) for code in codes)


def values_of(column: str) -> dict[str, str]:
    """The codes of a column with their English labels, in the order in which they are shown."""
    if column in OWNED:
        return dict(import_module(OWNED[column]).LABELS)
    return VALUES.get(column, {})


def dictionary(column: str) -> pd.DataFrame:
    """One row per code of a column, with its label in English and in Japanese, side by side."""
    codes = list(values_of(column))
    words = {}
    for name, spoken in zip(("English", "日本語"), LANGUAGES, strict=True):
        with language(spoken):
            words[name] = [value_label(column, code) for code in codes]
    return pd.DataFrame(words, index=codes)


def labelled(frame: pd.DataFrame, **coded: str) -> pd.DataFrame:
    """A copy for display: coded values in words; column, index and axis names as labels.

    `coded` says what a column of another name holds: ``labelled(moves, before="status")``.
    """
    shown = frame.copy()
    holds = {name: name for name in shown.columns.intersection([*VALUES, *OWNED])}
    for column, named in [*holds.items(), *coded.items()]:
        shown[column] = [value_label(named, value) for value in shown[column]]
    shown.index = _labelled_axis(shown.index)
    if shown.columns.name in (*VALUES, *OWNED):
        return shown.set_axis(_labelled_axis(shown.columns), axis=1)
    named = shown.columns.name and label(str(shown.columns.name))
    return shown.rename(columns=lambda column: label(str(column))).rename_axis(columns=named)


def _labelled_axis(axis: pd.Index) -> pd.Index:
    """The axis with its name as label, and its values in words if its name has coded ones."""
    if isinstance(axis, pd.MultiIndex):
        return axis.set_names([None if name is None else label(str(name)) for name in axis.names])
    named = None if axis.name is None else label(str(axis.name))
    if axis.name in (*VALUES, *OWNED):
        return pd.Index([value_label(str(axis.name), value) for value in axis], name=named)
    return axis.rename(named)


def as_category(values: pd.Series, column: str) -> pd.Series:
    """`values` as an ordered categorical in the order of `VALUES[column]`."""
    return values.astype(pd.CategoricalDtype(list(values_of(column)), ordered=True))
