"""Parquet, SQLite, DuckDB, and databases behind a connection string: a real PostgreSQL too."""

from __future__ import annotations

import datetime as dt
import gzip
import math
import os
import random
import sqlite3
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from postgres import NO_SERVER, PASSWORD, Server, programs, server

from segment_lib.checks import KitError
from segment_lib.client import Client
from segment_lib.lists.reading import stored_tables
from segment_lib.lists.reading.archives import ListFile, file_on_disk
from segment_lib.lists.reading.connections import connection_pieces
from segment_lib.lists.reading.files import RawList, as_list, read_list
from segment_lib.lists.reading.pieces import (
    Part,
    Piece,
    RawFile,
    array_texts,
    cell_text,
    column_texts,
)
from segment_lib.lists.reading.stored_tables import (
    database_tables,
    duckdb_pieces,
    parquet_pieces,
    sqlite_pieces,
)
from segment_lib.lists.register import build_register
from segment_lib.lists.rows.store import settings_fingerprint
from segment_lib.settings import ListSection

Make = Callable[..., Client]
JAPANESE = 'customer_id = "顧客"\nordered_on = "日付"\namount = "売上"'
TOML = "[lists.orders]\n{place}\n[lists.orders.columns]\n{columns}\n"


def section(db_table: str = "", **more: Any) -> ListSection:
    place = {} if "connection" in more else {"files": ("a",)}
    return ListSection(**place, **more, db_table=db_table, columns={"customer_id": "顧客"})


def from_file(
    make: Make, path: Path, more: str = "", columns: str = JAPANESE, name: str | None = None
) -> RawList:
    name = name or path.name
    place = f'files = ["{name}"]\n{more}'
    client = make(TOML.format(place=place, columns=columns), {name: path.read_bytes()})
    return read_list(client, "orders")


def place(path: Path) -> tuple[ListFile, Path]:
    return file_on_disk(path, "orders"), path


def parts(pieces: Iterable[Piece]) -> Iterator[Part]:
    return (one for one in pieces if isinstance(one, Part))


def framed(pieces: Generator[Piece]) -> RawList:
    return as_list(pieces, section(), "orders")


def rows(raw: RawList, *columns: str) -> list[list[object]]:
    return raw.frame[list(columns)].to_numpy().tolist()


def wrong(call: Callable[[], object]) -> str:
    with pytest.raises(KitError) as caught:
        call()
    return str(caught.value)


# --- cells as text ----------------------------------------------------------------------------

UTC, TOKYO = dt.UTC, dt.timezone(dt.timedelta(hours=9))
SOME_DAY = dt.datetime(2025, 1, 1, 9, 30)
DICE = random.Random(7)
ARRAYS = [
    pa.array([1, None, -3]),
    pa.array([2**63 - 1, None], pa.int64()),
    pa.array([True, None, False]),
    pa.array([1.0, None, 2.5, math.nan, math.inf, -0.0, 1e-5, 1e-4, 0.1 + 0.2, 9e15, 2.0**53]),
    pa.array([4000123412341230.0, 12345678901.5, 1e16, -1e300, 5e-324]),
    pa.array([DICE.random() * 10 ** DICE.randint(-20, 20) for _ in range(500)]),
    pa.array([Decimal("1.50"), Decimal("0.00"), None, Decimal("-100.00")], pa.decimal128(10, 2)),
    pa.array([Decimal("100"), Decimal("0")], pa.decimal128(10, 0)),
    pa.array([Decimal("0.00000001"), Decimal("1")], pa.decimal128(20, 8)),
    pa.array([Decimal("1200")], pa.decimal128(10, -2)),
    pa.array([dt.date(2025, 1, 1), None, dt.date(1, 1, 1)]),
    pa.array([dt.date(2025, 1, 1)], pa.date64()),
    *[
        pa.array([SOME_DAY, dt.datetime(2025, 1, 1), None], pa.timestamp(unit))
        for unit in ("s", "ms", "us", "ns")
    ],
    pa.array([SOME_DAY.replace(microsecond=500_000), SOME_DAY], pa.timestamp("us")),
    *[
        pa.array([SOME_DAY, dt.datetime(2025, 1, 1), None], pa.timestamp("s", zone))
        for zone in ("UTC", "Etc/UTC", "Asia/Tokyo", "+09:00")
    ],
    pa.array([dt.time(10, 0), None]),
    pa.array([dt.timedelta(hours=30, minutes=5), dt.timedelta(-1)], pa.duration("s")),
    pa.array(["髙﨑㈱", "", None]),
    pa.array(["a", None, "a"]).dictionary_encode(),
    pa.array([1.0, None, 2.5]).dictionary_encode(),
    pa.array([b"abc", "顧客".encode(), b"\xff\x00", None]),
    pa.array([[1, 2], None]),
    pa.array([{"品": "髙", "日": dt.date(2025, 1, 1)}]),
    pa.nulls(2),
]


@pytest.mark.parametrize("values", ARRAYS, ids=lambda values: str(values.type))
def test_whole_columns_read_as_single_cells_do(values: pa.Array) -> None:
    cells = values.to_pylist()
    expected = [cell_text(cell) for cell in cells]
    assert array_texts(values).to_pylist() == expected
    assert column_texts(cells).to_pylist() == expected


def test_what_cells_say() -> None:
    said: dict[str, object] = {
        "123": 123.0, "1.5": 1.5, "00123": "00123", "TRUE": True, "": None,
        "4000123412341230": 4000123412341230.0,
        "12.3": Decimal("12.300"), "30:05:00": dt.timedelta(hours=30, minutes=5),
        "2025-01-01": dt.datetime(2025, 1, 1), "2025-01-01 09:30:00": SOME_DAY,
        "2025-01-01 09:30:00+09:00": SOME_DAY.replace(tzinfo=TOKYO),
        '["髙", 1]': ["髙", 1], "顧客": "顧客".encode(), "0xff00": b"\xff\x00",
    }  # fmt: skip
    assert {cell_text(value): value for value in said.values()} == said
    # equal, and yet not the same text
    assert column_texts([True, 1, 1.0, "1"]).to_pylist() == ["TRUE", "1", "1", "1"]
    assert array_texts(pa.array([0.1], pa.float32())).to_pylist() == ["0.1"]


# --- Parquet ----------------------------------------------------------------------------------


def test_parquet_keeps_ids_days_and_nested_cells(make: Make, tmp_path: Path) -> None:
    table = pa.table(
        {
            "顧客": ["00123", None],
            "日付": pa.array([SOME_DAY] * 2, pa.timestamp("us", "UTC")),
            "売上": pa.array([Decimal("1200.50"), Decimal("-3.00")], pa.decimal128(12, 2)),
            "商品": [[{"名": "茶", "数": 2}], None],
            "区分": pa.array(["新規", "新規"]).dictionary_encode(),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    raw = from_file(make, tmp_path / "a.parquet")
    assert rows(raw, "顧客", "日付", "売上", "商品", "区分", "row_number", "file") == [
        ["00123", "2025-01-01 09:30:00+00:00", "1200.5", '[{"名": "茶", "数": 2}]', "新規", 1,
         "a.parquet"],
        ["", "2025-01-01 09:30:00+00:00", "-3", "", "新規", 2, "a.parquet"],
    ]  # fmt: skip


def test_parquet_is_read_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_tables, "CELLS_AT_ONCE", 140_000)
    path = tmp_path / "a.parquet"
    count = 300_000
    table = pa.table({"顧客": range(count), "売上": [float(i) for i in range(count)]})
    pq.write_table(table, path, row_group_size=100_000)
    start = time.process_time()
    sizes, last = [], 0
    for chunk in parts(parquet_pieces(*place(path), section())):
        sizes.append(len(chunk.table))
        numbers = chunk.table["row_number"]
        assert numbers[0].as_py() == last + 1
        last = numbers[-1].as_py()
    assert sizes == [70_000] * 4 + [20_000]
    assert time.process_time() - start < 5  # 0.2 s on a quiet core
    monkeypatch.setattr(stored_tables, "CELLS_AT_ONCE", 20)
    first = next(parts(parquet_pieces(*place(path), section())))
    assert first.table["売上"].to_pylist() == [str(i) for i in range(10)]


def test_parquet_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pd.DataFrame({"顧客": ["1"] * 1000}).to_parquet(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    told = wrong(lambda: framed(parquet_pieces(*place(path), section())))
    assert told.startswith("a.parquet cannot be read as Parquet (")
    assert told.endswith("). It may be cut off: fetch or export it again.")
    path.write_bytes(b"PAR1" + b"\xff" * 100 + whole[104:])
    assert wrong(lambda: framed(parquet_pieces(*place(path), section()))).startswith(
        "a.parquet cannot be read as Parquet ("
    )
    pq.write_table(pa.table({}), path)
    assert wrong(lambda: framed(parquet_pieces(*place(path), section()))) == (
        "a.parquet (list orders) has no columns."
    )


# --- SQLite and DuckDB ------------------------------------------------------------------------


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    path = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute('create table "受注" ("顧客" integer, "日付" text, "売上", "備考" blob)')
        database.executemany(
            'insert into "受注" values (?, ?, ?, ?)',
            [
                (1, "2025-01-01", 1.0, b"\xff\x00"), (2, None, 2.5, "後払".encode()),
                (None, "2025-01-03", "1,200円", None), (2**60, "2025-01-04", 5, None),
            ],
        )  # fmt: skip
        database.execute('create view "受注view" as select * from "受注" where "顧客" = 1')
        database.commit()
    return path


def test_sqlite_tables_and_views(
    make: Make, sqlite_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = from_file(make, sqlite_file, 'db_table = "受注"')
    assert rows(raw, "顧客", "日付", "売上", "備考", "row_number") == [
        ["1", "2025-01-01", "1", "0xff00", 1],
        ["2", "", "2.5", "後払", 2],
        ["", "2025-01-03", "1,200円", "", 3],
        [str(2**60), "2025-01-04", "5", "", 4],
    ]
    assert len(from_file(make, sqlite_file, 'db_table = "受注view"').frame) == 1
    assert database_tables(sqlite_file) == ["受注", "受注view"]
    monkeypatch.setattr(stored_tables, "CELLS_AT_ONCE", 12)
    found = sqlite_pieces(*place(sqlite_file), section("受注"))
    assert [len(one.table) for one in parts(found)] == [3, 1]


@pytest.fixture
def duckdb_file(tmp_path: Path) -> Path:
    path = tmp_path / "a.duckdb"
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with duckdb.connect(str(path)) as database:
        database.execute(
            "create table 受注 as select '0' || range as 顧客, date '2025-01-01' as 日付, "
            "1.50::decimal(10, 2) as 売上, timestamptz '2025-01-01 09:00:00+09' as 時刻, "
            "{'a': [1, 2]} as 入れ子, uuid '00000000-0000-0000-0000-000000000001' as 鍵, "
            "1e20::hugeint as 大, 'x'::enum('x', 'y') as 種別 from range(5)"
        )
        database.execute('create schema "四月"; create table "四月".受注 as select 9 as 顧客')
        database.execute(f"create view 外 as select * from read_csv('{tmp_path}/secret.csv')")
    return path


def test_duckdb_tables_in_batches(
    make: Make, duckdb_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = from_file(make, duckdb_file, 'db_table = "受注"')
    assert raw.frame.iloc[0].to_list() == [
        "00", "2025-01-01", "1.5", "2025-01-01 00:00:00+00:00", '{"a": [1, 2]}',
        "00000000-0000-0000-0000-000000000001", "100000000000000000000", "x", 1, "a.duckdb",
    ]  # fmt: skip
    assert database_tables(duckdb_file) == ["受注", "四月.受注", "外"]
    in_schema = framed(duckdb_pieces(*place(duckdb_file), section("四月.受注")))
    assert in_schema.frame["顧客"].to_list() == ["9"]
    monkeypatch.setattr(stored_tables, "CELLS_AT_ONCE", 16)
    found = duckdb_pieces(*place(duckdb_file), section("受注"))
    assert [len(one.table) for one in parts(found)] == [2, 2, 1]


def test_a_view_cannot_reach_other_files(duckdb_file: Path) -> None:
    told = wrong(lambda: framed(duckdb_pieces(*place(duckdb_file), section("外"))))
    assert told.startswith("a.duckdb: 外 cannot be read (Permission Error: Cannot access file")


def test_tables_that_are_not_there(make: Make, sqlite_file: Path, tmp_path: Path) -> None:
    assert wrong(lambda: from_file(make, sqlite_file)) == (
        "a.sqlite is a database with the tables ['受注', '受注view']. Say which one is meant: "
        '[lists.orders] db_table = "受注".'
    )
    assert wrong(lambda: from_file(make, sqlite_file, 'db_table = "受註view"')) == (
        "a.sqlite has no table \"受註view\". It has ['受注', '受注view']. "
        'Did you mean "受注view"?'
    )
    assert wrong(lambda: from_file(make, sqlite_file, 'db_table = "x"')) == (
        "a.sqlite has no table \"x\". It has ['受注', '受注view']. Write one of these as db_table."
    )
    empty = tmp_path / "empty.sqlite"
    with closing(sqlite3.connect(empty)) as database:
        database.execute("create table t (a)")
        database.execute("drop table t")
        database.commit()
    assert wrong(lambda: from_file(make, empty)) == (
        "empty.sqlite (list orders) is a database without any table."
    )


def test_databases_that_cannot_be_opened(sqlite_file: Path, duckdb_file: Path) -> None:
    whole = sqlite_file.read_bytes()
    sqlite_file.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    told = wrong(lambda: framed(sqlite_pieces(*place(sqlite_file), section("受注"))))
    assert told.startswith("a.sqlite cannot be opened as an SQLite database (")
    assert told.endswith(
        "It may be cut off or encrypted: copy it again, while no program has it open."
    )
    whole = duckdb_file.read_bytes()
    duckdb_file.write_bytes(whole[:5000])
    told = wrong(lambda: framed(duckdb_pieces(*place(duckdb_file), section("受注"))))
    assert told.startswith("a.duckdb cannot be opened as a DuckDB database (")


def test_a_dump_is_not_run(make: Make, tmp_path: Path) -> None:
    dump = tmp_path / "a.sql"
    dump.write_text('-- dump\nCREATE TABLE "受注" (a int);\nINSERT INTO "受注" VALUES (1);\n')
    assert wrong(lambda: from_file(make, dump)) == (
        "a.sql (list orders) is a script of SQL commands, which are never run, not a list of rows. "
        "Load it into its database and give connection and db_table, or export the table as CSV."
    )


def test_real_databases(real_data: Path, tmp_path: Path) -> None:
    chinook = real_data / "chinook" / "Chinook_Sqlite.sqlite"
    invoices = framed(sqlite_pieces(*place(chinook), section("Invoice"))).frame
    assert (len(invoices), invoices["CustomerId"].nunique()) == (412, 59)
    assert sum(map(Decimal, invoices["Total"])) == Decimal("2328.60")
    northwind = tmp_path / "northwind.sqlite"
    with closing(sqlite3.connect(northwind)) as database:
        database.execute("pragma synchronous = off")
        packed = real_data / "northwind" / "northwind_create.sql.gz"
        with gzip.open(packed, "rt", encoding="utf-8") as dump:
            database.executescript(f"begin;\n{dump.read()}\ncommit;")
    counts = {
        name: len(framed(sqlite_pieces(*place(northwind), section(name))).frame)
        for name in ("Customers", "Orders", "Order Details", "Orders Qry")
    }
    assert counts == {"Customers": 93, "Orders": 830, "Order Details": 2155, "Orders Qry": 830}


# --- connections ------------------------------------------------------------------------------


def connected(connection: str, db_table: str = "受注", folder: Path = Path()) -> RawList:
    stated = section(db_table, connection=connection)
    return framed(connection_pieces(stated, "orders", folder))


def test_files_behind_a_connection(sqlite_file: Path, duckdb_file: Path) -> None:
    folder = sqlite_file.parent
    assert len(connected("sqlite://a.sqlite", folder=folder).frame) == 4
    assert len(connected(f"sqlite://{sqlite_file}").frame) == 4
    raw = connected("duckdb://a.duckdb", folder=folder)
    assert (len(raw.frame), set(raw.frame["file"])) == (5, {"a.duckdb"})
    assert wrong(lambda: connected("sqlite://gone.db", folder=folder)) == (
        '[lists.orders] connection leads to the file "gone.db", but there is none. A path beside '
        "client.toml is written sqlite://shop.db, a whole one sqlite:///folder/shop.db."
    )
    assert not (folder / "gone.db").exists()


SPECIAL = (
    "[lists.orders] connection holds a password with special signs, or no user. Put the password "
    'into a variable and write its name: "postgres://user:$PGPASSWORD@host/database".'
)
WRONG = {
    "shop.db": "[lists.orders] connection must begin with the kind of the database, like "
    '"postgres://user:$PGPASSWORD@host/database". For a file, write files = ["…"].',
    "postgre://h/d": '[lists.orders] connection begins with "postgre://", which is no kind of '
    'database that is known. Did you mean "postgres://"?',
    "mysql://u:$KIT_TEST_PASSWORD@h/d": "[lists.orders] connection: the package for mysql is not "
    'installed. Install it: python -m pip install "ibis-framework[mysql]"; or export the table as '
    "CSV and name it under files.",
    "postgres://u:$KIT_NOT_SET@h/d": "[lists.orders] connection holds $KIT_NOT_SET, but that "
    "variable is not set here. Set it before the run: no password needs to stand in client.toml.",
    "postgres://u:pa$$word@h/d": SPECIAL,
    "postgres://u:ge@ex/am@h/d": SPECIAL,
    "postgres://u:secret/d": SPECIAL,
    "postgres://u:$KIT_TEST_PASSWORD@127.0.0.1:1/d": "[lists.orders] connection: no database "
    "answers at 127.0.0.1. Check the name of the host and the port, and that this machine may "
    "reach it (VPN, firewall).",
    "postgres://u:$KIT_TEST_PASSWORD@nohost.invalid/d": "[lists.orders] connection: no database "
    "answers at nohost.invalid. Check the name of the host and the port, and that this machine may "
    "reach it (VPN, firewall).",
}


@pytest.mark.parametrize("connection", WRONG)
def test_connections_that_lead_nowhere(connection: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIT_TEST_PASSWORD", PASSWORD)
    with pytest.raises(KitError) as caught:
        connected(connection)
    assert str(caught.value) == WRONG[connection]
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real server; where its programs are missing the tests are skipped, and say so."""
    folder = programs()
    if folder is None:
        pytest.skip(NO_SERVER)
    with server(folder) as running:
        with running.connect() as database:
            for statement in TABLES:
                database.execute(statement)
        yield running


TABLES = [
    'create table "受注" ("顧客" text, "日付" date, "売上" numeric(12, 2), "時刻" timestamptz, '
    '"済" boolean, "備考" text, "精密" numeric, "整数" int, "実数" float8, "札" jsonb, '
    '"鍵" uuid, "番地" inet, "素" bytea, "時" timestamp)',
    'insert into "受注" values '
    "('00123', '2025-01-01', 1200.50, '2025-01-01 09:00+09', true, null, "
    "123456789012345678901234567890.123, 5, 1.5, '{\"a\": 1}', "
    "'00000000-0000-0000-0000-000000000001', '10.0.0.1', '\\x00ff', '2025-01-01 00:00'), "
    "('髙﨑㈱', 'infinity', -300, null, false, 'x', 'NaN', null, 'NaN', null, null, null, null, "
    "'2025-01-02 10:30:00.5')",
    'create schema "売上"',
    'create table "売上"."四月" as select * from "受注" limit 1',
    'create view "受注view" as select "顧客" from "受注"',
    "create table big as select i as id, (i % 1000)::text as customer, "
    "date '2025-01-01' + (i % 300) as day, (i % 10000)::numeric(12, 2) as amount "
    "from generate_series(1, 200000) as i",
]


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIT_TEST_PASSWORD", PASSWORD)


@pytest.mark.usefixtures("password")
def test_postgres_cells(postgres: Server) -> None:
    raw = connected(postgres.url())
    assert raw.frame.to_numpy().tolist() == [
        ["00123", "2025-01-01", "1200.5", "2025-01-01 00:00:00+00:00", "TRUE", "",
         "123456789012345678901234567890.123", "5", "1.5", '{"a": 1}',
         "00000000-0000-0000-0000-000000000001", "10.0.0.1/32", "0x00ff", "2025-01-01",
         1, "受注"],
        ["髙﨑㈱", "infinity", "-300", "", "FALSE", "x", "", "", "", "", "", "", "",
         "2025-01-02 10:30:00.5", 2, "受注"],
    ]  # fmt: skip
    assert [str(note) for note in raw.notes] == [
        "受注: a table of the postgres database at 127.0.0.1"
    ]
    assert len(connected(postgres.url(), "売上.四月").frame) == 1
    assert len(connected(postgres.url(), "受注view").frame) == 2


@pytest.mark.usefixtures("password")
def test_postgres_in_batches(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_tables, "CELLS_AT_ONCE", 360_000)
    start = time.perf_counter()
    stated = section("big", connection=postgres.url())
    pieces = list(connection_pieces(stated, "orders", Path()))
    chunks = list(parts(pieces))
    assert [len(one.table) for one in chunks] == [90_000, 90_000, 20_000]
    last = list(chunks[-1].table.slice(19_999).to_pylist()[0].values())
    assert last == ["200000", "0", "2025-07-20", "0", 200_000]
    assert isinstance(pieces[0], RawFile)
    assert pieces[0].shown == "big"
    assert time.perf_counter() - start < 30  # 0.7 s on two quiet cores
    monkeypatch.setattr(stored_tables, "CELLS_AT_ONCE", 20)
    begun = connection_pieces(stated, "orders", Path())
    assert len(next(parts(begun)).table) == 5
    begun.close()


@pytest.mark.usefixtures("password")
def test_postgres_mistakes_are_one_sentence(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = "the database at 127.0.0.1"
    assert wrong(lambda: connected(postgres.url(), "受註view")) == (
        f"{at} has no table \"受註view\". It has ['big', '受注', '受注view']. "
        'Did you mean "受注view"?'
    )
    assert wrong(lambda: connected(postgres.url(), "売上.五月")) == (
        f"{at} has no table \"売上.五月\". It has ['売上.四月', 'big', '受注', '受注view']. "
        'Did you mean "売上.四月"?'
    )
    assert wrong(lambda: connected(postgres.url(database="gone"))) == (
        "[lists.orders] connection: the server at 127.0.0.1 has no database of that name. Check "
        "the name behind the last / of the connection."
    )
    monkeypatch.setenv("KIT_TEST_PASSWORD", "wrong")
    assert wrong(lambda: connected(postgres.url())) == (
        f"[lists.orders] connection: {at} refuses the user or the password. Check both, and the "
        "variable that holds the password."
    )


@pytest.mark.usefixtures("password")
def test_postgres_is_only_read(postgres: Server) -> None:
    with postgres.connect() as database:
        database.execute(
            "create or replace function grow() returns int as $$ insert into big values (0); "
            "select 1 $$ language sql"
        )
        database.execute("create or replace view writes as select grow() as 顧客")
    told = wrong(lambda: connected(postgres.url(), "writes"))
    assert told == (
        "[lists.orders] connection: writes cannot be read to its end (cannot execute INSERT in a "
        "read-only transaction)."
    )
    with postgres.connect() as database:
        database.execute("drop view writes; drop function grow")


@pytest.mark.usefixtures("password")
def test_a_register_from_postgres(
    postgres: Server, make: Make, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    columns = 'customer_id = "customer"\nordered_on = "day"\namount = "amount"\norder_id = "id"'
    place = f'connection = "{postgres.url()}"\ndb_table = "big"'
    client = make(TOML.format(place=place, columns=columns), {})
    register = build_register(client)
    assert register.ledger[["rows_in", "set_aside"]].to_numpy().tolist() == [[200_000, 20]]
    assert register.orders.count().execute() == 199_980  # 20 rows of 0 yen
    # the password is nowhere: not in what was written, not in what was printed
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for text in (PASSWORD, PASSWORD.replace(" ", "%20"), "geheim"):
        assert text.encode() not in written
        assert text not in "".join(capfd.readouterr())
    # what was declared counts, not what the variable holds today
    before = settings_fingerprint(client)
    os.environ["KIT_TEST_PASSWORD"] = "another"
    assert settings_fingerprint(client) == before


def test_a_password_in_client_toml_is_told(postgres: Server) -> None:
    raw = connected(postgres.url(quote(PASSWORD, safe="")))
    assert len(raw.frame) == 2
    assert str(raw.notes[1]) == (
        "the password of the database stands in client.toml, where everybody can read it: write a "
        "variable instead, like $PGPASSWORD"
    )
    told = wrong(lambda: connected(postgres.url("secretive")))
    assert "refuses the user or the password" in told
    assert "secretive" not in told
