"""The ledger: rows in = kept + set aside + folded, for every list, in rows and in money.

Money is that of the amounts (0 where they cannot be read), with or without tax as the register
has it, so that it balances too; tables without money have none in the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from segment_lib.columns import ORDER_LIKE
from segment_lib.lists.cells.values import reason_said
from segment_lib.lists.reading.files import list_places
from segment_lib.lists.rows.fates import FATES
from segment_lib.lists.rows.gathered import Engine, GatheredList, text
from segment_lib.lists.rows.store import file_hash
from segment_lib.settings import Client

SOURCE_COLUMNS = ("list", "file", "rows", "sha256")
_DANGEROUS = re.compile(r"^(?=[=+\-@\t\r＝＋－＠'])")


def list_account(engine: Engine, one: GatheredList) -> dict[str, Any]:
    """What became of the rows of one list; asserts that nothing is lost of what the files held."""
    rows_in = sum(one.files.values())
    heads, sums = dict.fromkeys(FATES, 0), dict.fromkeys(FATES, Decimal(0))
    for fate, rows, money in engine.rows(
        f"select _fate, count(*), sum(_money) from {one.part} group by _fate"
    ):
        heads[fate], sums[fate] = rows, money
    aside = engine.rows(
        f"select _reason, count(*), sum(_money) from {one.aside} group by _reason order by _reason"
    )
    assert sum(heads.values()) == rows_in, f"{one.name}: a row has no fate"
    assert all(why for why, _, _ in aside), f"{one.name}: a row has no reason"
    assert sum(n for _, n, _ in aside) == heads["set aside"], f"{one.name}: a row is not told of"
    assert sum(m for _, _, m in aside) == sums["set aside"], f"{one.name}: money set aside is lost"
    account: dict[str, Any] = {
        "table": one.table,
        "rows_in": rows_in,
        "kept": heads["kept"],
        "set_aside": {why: n for why, n, _ in aside},
        "folded": heads["folded"],
    }
    if one.table in (*ORDER_LIKE, "summaries"):
        account["money"] = {
            "in": float(sum(sums.values())),
            "kept": float(sums["kept"]),
            "set_aside": {why: float(m) for why, _, m in aside},
            "folded": float(sums["folded"]),
        }
    return account


def check_against_tables(
    engine: Engine, lists: Sequence[GatheredList], tables: Mapping[str, Path]
) -> None:
    """Assert that the kept rows, and their money, are what stands in the tables."""
    kept: dict[str, int] = {}
    money = Decimal(0)
    for one in lists:
        for goes_to, rows, amount in engine.rows(
            f"select _goes_to, count(*), coalesce(sum(_money), 0) from {one.part} "
            "where _fate = 'kept' group by _goes_to"
        ):
            kept[goes_to] = kept.get(goes_to, 0) + rows
            money += amount if goes_to in ("orders", "order_lines") else 0
    for table, rows in kept.items():
        if table in tables and table not in ("customers", "orders", "adjustments", "permissions"):
            found = engine.one(f"select count(*) from {text(tables[table].as_posix())}")
            assert rows == found, f"{table}: rows kept are not in the table"
    if "orders" in tables:
        found = engine.one(f"select sum(amount) from {text(tables['orders'].as_posix())}")
        assert money == found, "orders: money is lost"


def list_hashes(client: Client, lists: Sequence[GatheredList] = ()) -> dict[str, dict[str, str]]:
    """Per list the hash of the contents of every file, under the name that its rows show.

    `lists` know it of the files that they read byte by byte.
    """
    known: dict[Path, str] = {}
    read = {one.name: one.hashes for one in lists}
    hashes: dict[str, dict[str, str]] = {}
    for name in client.lists:
        for path, shown in list_places(client, name):
            if path not in known:
                known[path] = read.get(name, {}).get(shown) or file_hash(path)
            hashes.setdefault(name, {})[shown] = known[path]
    return hashes


def source_rows(one: GatheredList, hashes: Mapping[str, str]) -> list[list[Any]]:
    """From what a list was made: per file its rows and the hash of its contents."""
    places = {
        file: next((place for place in hashes if is_part_of(file, place)), "") for file in one.files
    }
    found = [
        [one.name, file, rows, hashes.get(places[file], "")]
        for file, rows in sorted(one.files.items())
    ]
    left = [place for place in hashes if place not in places.values()]
    return [*found, *([one.name, place, 0, hashes[place]] for place in left)]


def is_part_of(file: str, place: str) -> bool:
    """Whether rows come from this file on the disk, or something in it: a sheet, a member."""
    return file == place or file.startswith(f"{place} / ")


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


def money_aside(accounts: dict[str, dict[str, Any]]) -> dict[tuple[str, str], float]:
    """(list, reason) to the money of the rows set aside for it, of lists that have money."""
    return {
        (name, why): float(money)
        for name, account in accounts.items()
        for why, money in (account.get("money") or {"set_aside": {}})["set_aside"].items()
    }


def _total(entry: Any) -> Any:
    return sum(entry.values()) if isinstance(entry, dict) else entry


def rows_aside(lists: Sequence[GatheredList]) -> str:
    """Every row that was set aside: where it stands, the cell it stumbled over, and why."""
    rows = " union all ".join(
        f"select {number} as number, {text(one.name)} as list, * from {one.aside}"
        for number, one in enumerate(lists)
    )
    return (
        "select list, _file as file, _row_number as row_number, coalesce(_column, '') as column, "
        f"coalesce(_value, '') as value, _reason as reason from ({rows}) order by number, _row"
    )


def write_set_aside(frame: pd.DataFrame, path: Path) -> None:
    """CSV that Excel opens: UTF-8 with BOM, text that looks like a formula with a ' before it.

    `reason` is the code, `why` says it in the language of the run.
    """
    safe = frame.assign(why=frame["reason"].map(reason_said))
    for name in ("list", "file", "value"):
        safe[name] = safe[name].astype("str").str.replace(_DANGEROUS, "'", regex=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        safe.to_csv(file, index=False, lineterminator="\n")
