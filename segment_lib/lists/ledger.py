"""The ledger: rows in = kept + set aside + folded, for every list, in rows and in money.

Money is that of the amounts as they stand in the list (0 where they cannot be read), so that it
balances too; tables without money have none in the ledger.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.lists.accounts import ORDER_LIKE
from segment_lib.lists.tables import ListRows
from segment_lib.lists.values import REASONS_JA

FATES = ("kept", "set aside", "folded")
SET_ASIDE_COLUMNS = ("list", "file", "row_number", "column", "value", "reason", "reason_ja")
_DANGEROUS = re.compile(r"^(?=[=+\-@\t\r＝＋－＠'])")
_WAS_DANGEROUS = re.compile(r"^'(?=[=+\-@\t\r＝＋－＠'])")


def list_account(one: ListRows) -> dict[str, Any]:
    """What became of the rows of one list; asserts that nothing is lost."""
    fate, reason = one.rows["_fate"], one.rows["_reason"]
    money = one.rows["_money"]
    counts = {name: int((fate == name).sum()) for name in FATES}
    assert sum(counts.values()) == len(one.rows), f"{one.name}: a row has no fate"
    why = {str(key): int(n) for key, n in reason[fate == "set aside"].value_counts().items()}
    assert sum(why.values()) == counts["set aside"], f"{one.name}: a row has no reason"
    account: dict[str, Any] = {
        "table": one.table,
        "rows_in": len(one.rows),
        "kept": counts["kept"],
        "set_aside": dict(sorted(why.items())),
        "folded": counts["folded"],
    }
    if one.table in ORDER_LIKE:
        sums = {name: _sum(money[fate == name]) for name in FATES}
        assert sum(sums.values()) == _sum(money), f"{one.name}: money is lost"
        aside = {key: _sum(money[(fate == "set aside") & (reason == key)]) for key in why}
        account["money"] = {
            "in": float(_sum(money)),
            "kept": float(sums["kept"]),
            "set_aside": {key: float(amount) for key, amount in sorted(aside.items())},
            "folded": float(sums["folded"]),
        }
    return account


def _sum(money: pd.Series) -> Decimal:
    total = pc.sum(pa.array(money)).as_py()
    return Decimal(0) if total is None else total


def check_against_tables(lists: Sequence[ListRows], tables: dict[str, pa.Table]) -> None:
    """Assert that the kept rows, and their money, are what stands in the tables."""
    for table in {one.table for one in lists} - {"orders", "order_lines", "adjustments"}:
        kept = sum(int((one.rows["_fate"] == "kept").sum()) for one in lists if one.table == table)
        if table != "customers":
            assert kept == tables[table].num_rows, f"{table}: rows kept are not in the table"
    kept_orders = [
        one.rows[(one.rows["_fate"] == "kept") & (one.rows["_goes_to"] != "adjustments")]
        for one in lists
        if one.table in ("orders", "order_lines")
    ]
    money = sum((_sum(rows["_money"]) for rows in kept_orders), Decimal(0))
    if "orders" in tables:
        assert money == pc.sum(tables["orders"]["amount"]).as_py(), "orders: money is lost"
        rows = sum(map(len, kept_orders))
        if not any("lines" in one for one in kept_orders):
            assert rows == pc.sum(tables["orders"]["lines"]).as_py(), "orders: rows are lost"


def ledger_frame(accounts: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """One row per list: rows and money in, kept, set aside, folded (money missing where none)."""
    rows = []
    for name, account in accounts.items():
        money = account.get("money")
        row = {"list": name, "table": account["table"]}
        row |= {key: _total(account[key]) for key in ("rows_in", "kept", "set_aside", "folded")}
        for key in ("in", "kept", "set_aside", "folded"):
            row[f"money_{key}"] = float(_total(money[key])) if money else float("nan")
        rows.append(row)
    return pd.DataFrame(rows)


def _total(entry: Any) -> Any:
    return sum(entry.values()) if isinstance(entry, dict) else entry


def set_aside_frame(lists: Sequence[ListRows]) -> pd.DataFrame:
    """Every row that was set aside: where it stands, the cell it stumbled over, and why."""
    parts = [_set_aside_rows(one) for one in lists]
    return pd.concat(parts, ignore_index=True)[list(SET_ASIDE_COLUMNS)]


def _set_aside_rows(one: ListRows) -> pd.DataFrame:
    rows = one.rows.loc[
        one.rows["_fate"] == "set aside",
        ["_list", "_file", "_row_number", "_column", "_value", "_reason"],
    ]
    rows = rows.rename(columns=lambda name: name.removeprefix("_"))
    rows = rows.assign(
        reason_ja=rows["reason"].map(REASONS_JA), row_number=rows["row_number"].astype("int64")
    )
    texts = {name: "str" for name in SET_ASIDE_COLUMNS if name != "row_number"}
    return rows.astype(texts).fillna({"column": "", "value": ""})


def write_set_aside(frame: pd.DataFrame, path: Path) -> None:
    """CSV that Excel opens: UTF-8 with BOM, text that looks like a formula with a ' before it."""
    safe = frame.assign(**{name: _safe(frame[name]) for name in ("list", "file", "value")})
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        safe.to_csv(file, index=False, lineterminator="\n")


def read_set_aside(path: Path) -> pd.DataFrame:
    """The set-aside rows as they were before `write_set_aside` made them safe."""
    frame = pd.read_csv(
        path, dtype="str", keep_default_na=False, encoding="utf-8-sig", lineterminator="\n"
    )
    for name in ("list", "file", "value"):
        frame[name] = frame[name].str.replace(_WAS_DANGEROUS, "", regex=True)
    return frame.astype({"row_number": "int64"})


def _safe(text: pd.Series) -> pd.Series:
    return text.str.replace(_DANGEROUS, "'", regex=True)


def write_json(content: object, path: Path) -> None:
    """JSON as people can read it, the same bytes everywhere."""
    text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
