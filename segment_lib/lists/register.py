"""The register (洗い出し): raw lists in, Parquet tables out, and a ledger in which no row is lost.

`out/<client>/register/` holds a Parquet file for each table that exists, manifest.json, which says
from which files and which client.toml they were made, for people ledger.json and set_aside.csv, and
place.json, by which another client of the same name is told apart.
All lists are read before anything is replaced, so a list that fails leaves the last register as
it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import ibis
import pandas as pd
import pyarrow.parquet as pq
from duckdb import IOException
from ibis.expr.types import Table
from ibis.util import gen_name

from segment_lib.checks import KitError, StaleResult
from segment_lib.columns import TABLES
from segment_lib.lists.frames import Tables
from segment_lib.lists.rows.build import build
from segment_lib.lists.rows.doubts import Doubt, doubts_from_json
from segment_lib.lists.rows.gathered import Engine
from segment_lib.lists.rows.ledger import SOURCE_COLUMNS, ledger_frame, money_aside
from segment_lib.lists.rows.merges import read_merges
from segment_lib.lists.rows.place import place_of, require_same_client
from segment_lib.lists.rows.required import require_decided
from segment_lib.lists.rows.store import (
    MANIFEST,
    PLACE,
    building_site,
    derived_file,
    is_whole,
    move_into_place,
    settings_fingerprint,
    table_schema,
    write_derived,
    write_json,
)
from segment_lib.settings import Client
from segment_lib.voice import Sentence

FORM = 3  # of manifest.json; 3: orders with their keys and gaps


class ByKey(NamedTuple):
    """Orders and what took money back, under a whole number for each customer.

    `orders`: as others see them, with `key` and `gap`, the days since the customer's order day
    before (null on the first, 0 on the same day); `adjustments` with `key`, if there are any;
    `names`: key and customer_id of everybody; `register`: whose they are.
    """

    orders: Table
    adjustments: Table | None
    names: Table
    register: Register


@dataclass(frozen=True)
class Register(Tables):
    """All lists of one client, cleaned; the tables are lazy Ibis tables on DuckDB.

    `ledger` has one row per list; `set_aside` one row per row that was set aside, `money_aside`
    what each (list, reason) of them comes to; `notes` tells
    what was chosen on the way (`told`: as sentences for later); `sources` from which files (list,
    file, rows, sha256) it was made; `merged` which id became which (名寄せ). A table that the
    client did not give is empty, with its columns; a column that no list gives is missing in every
    row, and not stored.

    customers, orders (gross, by customer and day), summaries (of lists already summed up) and
    outcomes; order_lines as the lists have them; adjustments (returns, cancellations, corrections,
    with their own dates, below zero); deals, contacts, usage, incidents; permissions per channel.
    """

    folder: Path
    ledger: pd.DataFrame = field(repr=False)
    told: tuple[tuple[str, Sentence], ...] = field(repr=False)
    fingerprint: str
    client_fingerprint: str
    files: dict[str, str] = field(repr=False)
    sources: pd.DataFrame = field(repr=False)
    merged: dict[str, str] = field(repr=False)
    schemas: dict[str, dict[str, str]] = field(repr=False)
    doubts: tuple[Doubt, ...] = field(default=(), repr=False)
    money_aside: Mapping[tuple[str, str], float] = field(default_factory=dict, repr=False)

    @property
    def notes(self) -> pd.DataFrame:
        """list, note: what was chosen or found while reading it, in the language of the moment."""
        said = [(name, str(note)) for name, note in self.told]
        return pd.DataFrame(said, columns=["list", "note"])

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that this client gave."""
        return tuple(name for name in self.schemas if name in self.files)

    def has(self, name: str) -> bool:
        """Whether this client gave the table."""
        return name in self.tables

    def table(self, name: str) -> Table:
        """A lazy Ibis table by name."""
        if name not in self._lazy:  # each when it is asked for: all of them take .05 s
            schema = ibis.schema(self.schemas[name])
            if self.has(name):
                self._lazy[name] = _with_columns(self._stored(name, name), schema)
            else:
                self._lazy[name] = self._engine.create_table(name, schema=schema)
        return self._lazy[name]

    @cached_property
    def set_aside(self) -> pd.DataFrame:
        """list, file, row_number, column, value, reason: a code, to which `labelled` puts words."""
        return pq.read_table(self.folder / self.files["set_aside"]).to_pandas()

    @cached_property
    def _engine(self) -> Any:
        # No extension is ever fetched: all that the kit needs is built into DuckDB.
        return ibis.duckdb.connect(
            autoinstall_known_extensions=False, autoload_known_extensions=False
        )

    def _stored(self, name: str, view: str, **options: Any) -> Table:
        path = self.folder / self.files[name]
        return self._engine.read_parquet(path, table_name=view, **options)

    @cached_property
    def _lazy(self) -> dict[str, Table]:
        return {}

    @cached_property
    def by_key(self) -> ByKey | None:
        """What histories start from; None where no list holds orders."""
        if not self.has("orders"):
            return None
        stored = self._stored("orders", "orders_by_key").rename(key="_key", gap="_gap")
        schema = self.orders.schema() | {"key": "int32", "gap": "int32"}
        # The ids stand in their order: the key is the number of the row.
        people = self._stored("customers", "ids", file_row_number=True)
        names = people.select("customer_id", key=people.file_row_number.cast("int32"))
        keyed = self.adjustments.inner_join(names, "customer_id")
        given = keyed if self.has("adjustments") else None
        return ByKey(_with_columns(stored, schema), given, names, self)

    def derived(self, name: str, make: Callable[[], Table | None] | None) -> Table | None:
        """What was made of the register's tables and is kept beside them under a name.

        What is not there yet, or was made of another register, is made now and kept; None without
        `make`, or where that gives nothing. Where nothing can be written it is made all the same.
        """
        if name not in self._kept:
            place = self.folder, name, self.fingerprint
            made, file = None, derived_file(*place)
            if file is None:
                if make is None:
                    return None
                if (made := make()) is not None:
                    query = str(ibis.to_sql(made.order_by(made.columns[:2]), dialect="duckdb"))
                    with suppress(OSError, IOException):  # a folder of others, a full disk
                        file = write_derived(self._engine.raw_sql, query, *place)
            self._kept[name] = made if file is None else self._engine.read_parquet(file)
        return self._kept[name]

    @contextmanager
    def held(self, rows: Table) -> Iterator[Table]:
        """The rows in the memory of the engine, as long as they are worked with."""
        name = gen_name("held")
        self._engine.raw_sql(f"create temp table {name} as {ibis.to_sql(rows, dialect='duckdb')}")
        try:
            yield self._engine.table(name)
        finally:
            self._engine.raw_sql(f"drop table {name}")

    @cached_property
    def _kept(self) -> dict[str, Table | None]:
        return {}


def _with_columns(stored: Table, schema: ibis.Schema) -> Table:
    """A stored table with all its columns: one that no list gave is not stored, and missing."""
    columns = {
        name: stored[name] if name in stored.columns else ibis.null(kind)
        for name, kind in schema.items()
    }
    return stored if set(columns) == set(stored.columns) else stored.select(**columns)


def build_register(client: Client) -> Register:
    """Read all lists of the client and write its register; rows in = kept + set aside + folded.

    Raises `ListError` or `ClientError` with one sentence if a list cannot be read or something
    must be decided first, `KitError` if another client of this name has its register there; then
    the register that was there stays as it was.
    """
    require_decided(client)
    require_same_client(client, client.out_folder / "register")
    merges = read_merges(client)
    with building_site(client.out_folder / "register.building") as building:
        with Engine(building) as engine:
            manifest = {"form": FORM} | build(client, engine, merges, building)
        write_json(place_of(client), building / PLACE)
        move_into_place(building, client.out_folder / "register", manifest)
    return _register(client, manifest)


def open_register(client: Client) -> Register:
    """Open the register that `build_register` left.

    Raises `KitError` if there is none, it is not whole or another client's, `StaleResult` if
    client.toml now says something else about the lists.
    """
    folder = client.out_folder / "register"
    if not (folder / MANIFEST).is_file():
        raise KitError(
            "There is no register for {name} yet. Build it: notebook "
            "01_raw_lists, or sl.build_register(client).",
            name=client.name,
        )
    require_same_client(client, folder)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if manifest["settings"] != settings_fingerprint(client):
        raise StaleResult(
            "client.toml says something else about the lists than when the register of {name} was "
            "built. Build it again: sl.build_register(client).",
            name=client.name,
        )
    if manifest.get("form") != FORM:
        raise StaleResult(
            "The register of {name} was built by another version of the kit. Build it again: "
            "sl.build_register(client).",
            name=client.name,
        )
    if not is_whole(folder, manifest["files"].values()):
        raise KitError(
            "The register of {name} is not whole: a file is missing or was "
            "changed. Build it again: sl.build_register(client).",
            name=client.name,
        )
    return _register(client, manifest)


def _register(client: Client, manifest: Mapping[str, Any]) -> Register:
    return Register(
        folder=client.out_folder / "register",
        ledger=ledger_frame(manifest["ledger"]),
        money_aside=money_aside(manifest["ledger"]),
        told=tuple((name, Sentence.from_json(note)) for name, note in manifest["notes"]),
        fingerprint=manifest["fingerprint"],
        client_fingerprint=manifest["client"],
        files=manifest["files"],
        sources=pd.DataFrame(manifest["sources"], columns=list(SOURCE_COLUMNS)),
        merged=manifest["merged"],
        schemas={name: table_schema(client, name) for name in TABLES},
        doubts=doubts_from_json(manifest.get("doubts", ())),
    )
