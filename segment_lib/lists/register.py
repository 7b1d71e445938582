"""The register (洗い出し): raw lists in, Parquet tables out, and a ledger in which no row is lost.

`out/<client>/register/` holds TABLE.parquet for each table that exists, ledger.json, set_aside.csv
and, written last, manifest.json: without it the register is not whole. All lists are read before
anything is written, so a list that fails leaves the last register as it was.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from ibis.expr.types import Table

from segment_lib.checks import ClientError, KitError, ListError, StaleResult
from segment_lib.columns import TABLES
from segment_lib.lists.accounts import ORDER_LIKE
from segment_lib.lists.assemble import assemble, table_schema
from segment_lib.lists.files import read_list
from segment_lib.lists.frames import to_frame
from segment_lib.lists.ledger import check_against_tables, ledger_frame, read_set_aside
from segment_lib.lists.same_customer import read_merges
from segment_lib.lists.store import (
    MANIFEST,
    move_into_place,
    settings_fingerprint,
    tables_fingerprint,
    write_register,
)
from segment_lib.lists.tables import ListRows, list_rows
from segment_lib.settings import Client


@dataclass(frozen=True)
class Register:
    """All lists of one client, cleaned; the tables are lazy Ibis tables on DuckDB.

    `ledger` has one row per list; `set_aside` one row per row that was set aside; `notes` tells
    what was chosen on the way. A table that the client did not give is empty, with its columns.
    """

    folder: Path
    ledger: pd.DataFrame = field(repr=False)
    notes: pd.DataFrame = field(repr=False)
    fingerprint: str
    client_fingerprint: str
    tables: tuple[str, ...]
    schemas: dict[str, pa.Schema] = field(repr=False)

    def has(self, name: str) -> bool:
        """Whether this client gave the table."""
        return name in self.tables

    def table(self, name: str) -> Table:
        """A lazy Ibis table by name."""
        return self._lazy[name]

    def frame(self, name: str) -> pd.DataFrame:
        """A table as a pandas frame; customers are indexed by customer_id."""
        return to_frame(self.table(name), indexed=name == "customers")

    @cached_property
    def set_aside(self) -> pd.DataFrame:
        """list, file, row_number, column, value, reason, reason_ja."""
        return read_set_aside(self.folder / "set_aside.csv")

    @cached_property
    def _lazy(self) -> dict[str, Table]:
        # No extension is ever fetched: all that the kit needs is built into DuckDB.
        engine = ibis.duckdb.connect(
            autoinstall_known_extensions=False, autoload_known_extensions=False
        )
        tables = {}
        for name, schema in self.schemas.items():
            if self.has(name):
                tables[name] = engine.read_parquet(self.folder / f"{name}.parquet", table_name=name)
            else:
                tables[name] = engine.create_table(name, schema=ibis.Schema.from_pyarrow(schema))
        return tables

    @property
    def customers(self) -> Table:
        """One row per customer: `TABLES["customers"]` and the client's attributes."""
        return self.table("customers")

    @property
    def orders(self) -> Table:
        """One row per order, gross, sorted by customer and day."""
        return self.table("orders")

    @property
    def order_lines(self) -> Table:
        """One row per article in an order."""
        return self.table("order_lines")

    @property
    def adjustments(self) -> Table:
        """One row per return, cancellation or correction, with its own date, below zero."""
        return self.table("adjustments")

    @property
    def deals(self) -> Table:
        """One row per deal."""
        return self.table("deals")

    @property
    def contacts(self) -> Table:
        """One row per touch."""
        return self.table("contacts")

    @property
    def usage(self) -> Table:
        """One row per use of the service."""
        return self.table("usage")

    @property
    def outcomes(self) -> Table:
        """One row per customer's result."""
        return self.table("outcomes")

    @property
    def incidents(self) -> Table:
        """One row per thing that went wrong."""
        return self.table("incidents")

    @property
    def permissions(self) -> Table:
        """One row per customer and channel: what we may do."""
        return self.table("permissions")


def build_register(client: Client) -> Register:
    """Read all lists of the client and write its register; rows in = kept + set aside + folded.

    Raises `ListError` or `ClientError` with one sentence if a list cannot be read or something
    must be decided first; then nothing is written.
    """
    _check_zone(client)
    merges = read_merges(client)
    lists = [list_rows(client, name, read_list(client, name), merges) for name in client.lists]
    for one in lists:
        _require_something_kept(one)
    tables, lists = assemble(client, lists)
    _check_as_of(client, tables)
    check_against_tables(lists, tables)
    building = client.out_folder / "register.building"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        write_register(client, building, tables, lists)
        move_into_place(building, client.out_folder / "register")
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return open_register(client)


def open_register(client: Client) -> Register:
    """Open the register that `build_register` left.

    Raises `KitError` if there is none or it is not whole, `StaleResult` if client.toml now says
    something else about the lists.
    """
    folder = client.out_folder / "register"
    if not (folder / MANIFEST).is_file():
        raise KitError(
            f"There is no register for {client.name} yet. Build it: notebook 01_raw_lists, "
            "or sl.build_register(client)."
        )
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if manifest["settings"] != settings_fingerprint(client):
        raise StaleResult(
            f"client.toml says something else about the lists than when the register of "
            f"{client.name} was built. Build it again: sl.build_register(client)."
        )
    files = [folder / f"{name}.parquet" for name in manifest["tables"]]
    if (
        not all(file.is_file() for file in files)
        or tables_fingerprint(files) != manifest["fingerprint"]
    ):
        raise KitError(
            f"The register of {client.name} is not whole: a file is missing or was changed. "
            "Build it again: sl.build_register(client)."
        )
    accounts = json.loads((folder / "ledger.json").read_text(encoding="utf-8"))
    return Register(
        folder=folder,
        ledger=ledger_frame(accounts),
        notes=pd.DataFrame(manifest["notes"], columns=["list", "note", "note_ja"]),
        fingerprint=manifest["fingerprint"],
        client_fingerprint=manifest["client"],
        tables=tuple(manifest["tables"]),
        schemas={name: table_schema(client, name) for name in TABLES},
    )


def _check_zone(client: Client) -> None:
    try:
        ZoneInfo(client.client.time_zone)
    except (ValueError, OSError, KeyError):
        raise ClientError(
            f'client.toml: [client] time_zone = "{client.client.time_zone}" is not a time zone. '
            'Write it like "Asia/Tokyo".'
        ) from None


def _require_something_kept(one: ListRows) -> None:
    """An order list of which no row can be used is a mistake in client.toml, not a small list."""
    if one.table not in ORDER_LIKE or one.rows.empty or (one.rows["_fate"] == "kept").any():
        return
    counts = one.rows["_reason"].value_counts()
    reasons = ", ".join(f"{why} {n}" for why, n in sorted(counts.items(), key=lambda p: -p[1]))
    first = one.rows.iloc[0]
    raise ListError(
        f"{one.name}: none of its {len(one.rows)} rows can be kept ({reasons}). For example row "
        f"{first['_row_number']} of {first['_file']} has {first['_column']} = "
        f'"{first["_value"]}". Check columns, dates and missing in [lists.{one.name}].'
    )


def _check_as_of(client: Client, tables: dict[str, pa.Table]) -> None:
    if "orders" not in tables:
        return
    first = pc.min(tables["orders"]["ordered_on"]).as_py()
    if first > client.as_of:
        raise ListError(
            f"as_of is {client.as_of}, but the first order is dated {first}. "
            f"Set [client] as_of in client.toml to {first} or later."
        )
