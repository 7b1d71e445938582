"""Small clients and tables for the tests of the results room."""

from __future__ import annotations

import pandas as pd

from segment_lib.columns import COLUMNS, TABLES, as_text
from segment_lib.settings import Client


def client(**sections: object) -> Client:
    """A client of 30 June 2024 with nothing but a list of customers, and these sections."""
    lists = {"customers": {"files": ["c.csv"], "columns": {"customer_id": "id"}}}
    base = {"client": {"name": "small", "as_of": "2024-06-30"}, "lists": lists}
    return Client.model_validate(base | sections)


def table(name: str, *rows: dict[str, object]) -> pd.DataFrame:
    """A register table with these rows; what a row leaves out is missing."""
    frame = pd.DataFrame(list(rows), columns=[*TABLES[name]])
    for column in frame.columns:
        kind = COLUMNS[column].kind
        if kind == "date":
            frame[column] = pd.to_datetime(frame[column])
        elif kind == "yes_no":
            frame[column] = frame[column].astype("boolean")
        elif kind in ("money", "number", "integer"):
            frame[column] = frame[column].astype(float)
        else:
            frame[column] = as_text(frame[column])
    return frame


def customers(**columns: list[object]) -> pd.DataFrame:
    """Customers indexed by customer_id; days given as text become dates."""
    frame = pd.DataFrame(columns).set_index("customer_id")
    for column in frame.columns.intersection(["contract_on", "first_order_on", "attitude_on"]):
        frame[column] = pd.to_datetime(frame[column])
    return frame
