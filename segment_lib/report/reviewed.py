"""Read back what a reviewer wrote into the yellow columns of actions.xlsx."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from python_calamine import CalamineWorkbook

from segment_lib.approach.review import CODES, COLUMNS
from segment_lib.checks import KitError, ListError
from segment_lib.columns import label

READ = {
    "customer_id": "customer_id",
    "decision": "override",
    "reason_in_words": "override_why",
    "by": "override_by",
    "on": "override_on",
}


def read_reviewed(path: str | Path) -> pd.DataFrame:
    """The rows with an override, as `write_overrides` takes them.

    Columns: customer_id, decision (its code), reason_in_words, by, on. Headings and decisions may
    be English or Japanese; rows whose yellow columns are empty are left out.
    """
    path = Path(path)
    if not path.is_file():
        raise KitError(
            f"There is no workbook at {path}. Give the path of the reviewed actions.xlsx."
        )
    book = CalamineWorkbook.from_path(path)
    sheets = [_rows_of(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    rows = pd.concat([pd.DataFrame(columns=COLUMNS), *sheets], ignore_index=True)
    rows = rows[rows["decision"] != ""].drop_duplicates()
    rows = rows.assign(decision=[CODES.get(word, word) for word in rows["decision"]])
    twice = rows.loc[rows["customer_id"].duplicated(), "customer_id"]
    if len(twice):
        raise ListError(
            f"{path.name} overrules {twice.iloc[0]} twice, differently. Keep one of the two."
        )
    return rows.reset_index(drop=True)


def _rows_of(cells: Sequence[Sequence[object]]) -> pd.DataFrame:
    head = [str(cell).strip() for cell in cells[0]] if cells else []
    places = {name: _place(head, column) for name, column in READ.items()}
    if places["customer_id"] is None or places["decision"] is None:
        return pd.DataFrame(columns=COLUMNS)
    return pd.DataFrame(
        [
            {name: _text(row[at]) if at is not None else "" for name, at in places.items()}
            for row in cells[1:]
        ],
        columns=COLUMNS,
    )


def _place(head: list[str], column: str) -> int | None:
    words = (label(column, "en"), label(column, "ja"), column)
    return next((at for at, text in enumerate(head) if text in words), None)


def _text(cell: object) -> str:
    # Excel turns a typed day into a date; the file of overrides wants 2026-04-01.
    return f"{cell:%Y-%m-%d}" if hasattr(cell, "strftime") else str(cell).strip()
