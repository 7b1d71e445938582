"""What all files of the service share: their names, the guest number, and how bad rows slip in.

The `write_…` functions of `web_order_files`, `web_service_files` and `web_customers` write one list
each and answer with its `Marks`: the rows that must be set aside, as (file, row number as a person
sees it, reason).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from make.raw import Cell
from make.web_companies import to_date

Row = list[Cell]
Bad = tuple[Row, str]  # a row that cannot be used, and the reason
Marks = list[tuple[str, int, str]]

GUEST = "C999999"
FILES = {
    "customers": "顧客台帳.xlsx",
    "orders_2023": "受注_2023年度.csv",
    "orders_2024": "受注_2024-25.csv",
    "adjustments": "返品・値引.csv",
    "deals": "案件一覧.csv",
    "contacts": "対応履歴.csv",
    "requests": "依頼_5ステップ.csv",
    "usage": "利用ログ.csv",
    "outcomes": "成果判定.xlsx",
    "incidents": "クレーム管理.xlsx",
    "permissions": "DM拒否リスト.csv",
    "merges": "merges.csv",
}


def spoiled(
    rng: np.random.Generator, rows: list[Row], spoilers: Sequence[tuple[int, object, str]]
) -> list[Bad]:
    """Copies of rows drawn at random, one cell replaced: (which cell, by what, the reason)."""
    drawn = rng.choice(len(rows), size=len(spoilers), replace=False)
    bad = []
    for number, (cell, value, reason) in zip(drawn, spoilers, strict=True):
        copy = list(rows[number])
        copy[cell] = value
        bad.append((copy, reason))
    return bad


def slipped_in(
    rng: np.random.Generator, rows: list[Row], bad: list[Bad], file: str, above: int = 1
) -> tuple[list[Row], Marks]:
    """The bad rows put at random places; `above` is how many lines stand above the first row."""
    order = np.argsort(np.concatenate([np.arange(len(rows)), rng.uniform(0, len(rows), len(bad))]))
    together = [*((row, "") for row in rows), *bad]
    placed = [together[number] for number in order]
    marks = [(file, n + above + 1, reason) for n, (_, reason) in enumerate(placed) if reason]
    return [row for row, _ in placed], marks


def as_dates(days: pd.Series) -> list:
    """Day numbers as dates, None where missing."""
    return [to_date(day) for day in days]


def as_rows(*columns: Sequence) -> list[Row]:
    """Columns to rows."""
    # Text of Arrow is slow to walk through value by value: as lists it is quick.
    lists = [c.tolist() if isinstance(c, pd.Series) else c for c in columns]
    return [list(row) for row in zip(*lists, strict=True)]
