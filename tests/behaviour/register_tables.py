"""Small tables of the register for tests: all columns, with the types of the register."""

from __future__ import annotations

import pandas as pd

from segment_lib.columns import COLUMNS, TABLES, as_text

KINDS = {
    "date": "datetime64[us]",
    "money": "float64",
    "number": "float64",
    "integer": "Int64",
    "yes_no": "boolean",
}


def table(name: str, *rows: dict[str, object]) -> pd.DataFrame:
    """One row per dict; what a dict leaves out is missing."""
    frame = pd.DataFrame(list(rows), columns=list(TABLES[name]))
    kinds = {key: KINDS[COLUMNS[key].kind] for key in frame if COLUMNS[key].kind in KINDS}
    texts = {key: as_text(frame[key]) for key in frame if key not in kinds}
    return frame.astype(kinds).assign(**texts)


def people(*names: str, **columns: list[object]) -> pd.DataFrame:
    """A customers frame, indexed by customer_id."""
    return pd.DataFrame(columns, index=pd.Index(names, name="customer_id", dtype="str"))
