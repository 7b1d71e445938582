"""Parquet, SQLite and DuckDB files, batch by batch: a file may be larger than memory.

Such tables have no rows as Excel counts them: the first record is row 1. Databases are opened
read-only, and nothing in them reaches outside: no extension is loaded, no other file is read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from segment_lib.checks import ListError, closest
from segment_lib.lists.cells.headers import PLACE, unique_headers
from segment_lib.lists.cells.values import did_you_mean, first_of
from segment_lib.lists.reading.archives import ListFile
from segment_lib.lists.reading.engine import quoted
from segment_lib.lists.reading.pieces import (
    ROWS_AT_ONCE,
    Piece,
    RawFile,
    array_texts,
    clean_pieces,
    column_texts,
    parts_of_columns,
)
from segment_lib.settings import ListSection
from segment_lib.voice import N_, Sentence, _, sentences

# At most so many cells are turned into text at once: a table of 600 columns is read in smaller
# batches than one of 6.
CELLS_AT_ONCE = 500_000
_ENGINE: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def parquet_pieces(file: ListFile, path: Path, _section: ListSection) -> Generator[Piece]:
    """A Parquet file as text; nested cells are JSON text."""
    try:
        with pq.ParquetFile(path) as parquet:
            names = parquet.schema_arrow.names
            if not names:
                raise ListError(
                    "{name} (list {list_name}) has no columns.", name=file.shown, **file.said
                )
            note = Sentence("{file_name}: read as Parquet", file_name=file.shown)
            batches = parquet.iter_batches(rows_at_once(len(names)))
            texts = (list(map(array_texts, batch.columns)) for batch in batches)
            yield from table_pieces(file.shown, [note], names, texts)
    except (OSError, ValueError, NotImplementedError) as error:
        raise ListError(
            "{file_name} cannot be read as Parquet ({error}). It may be cut off: fetch or export "
            "it again.",
            **file.said,
            error=_first_line(error),
        ) from None


def sqlite_pieces(file: ListFile, path: Path, section: ListSection) -> Generator[Piece]:
    """One table or view of an SQLite file as text."""
    with closing(_open_sqlite(path, file.shown)) as database:
        name = require_table(section.db_table, _sqlite_tables(database), file.shown, file.list_name)
        try:
            cursor = database.execute(f"select * from {quoted(name)}")
            names = [entry[0] for entry in cursor.description]
            batches = iter(lambda: cursor.fetchmany(rows_at_once(len(names))), [])
            texts = ([column_texts(one) for one in zip(*some, strict=True)] for some in batches)
            yield from table_pieces(file.shown, _table_note(file, section), names, texts)
        except (sqlite3.Error, OverflowError) as error:
            raise _unreadable(file, name, error) from None


def duckdb_pieces(file: ListFile, path: Path, section: ListSection) -> Generator[Piece]:
    """One table or view of a DuckDB file as text."""
    with _open_duckdb(path, file.shown) as database:
        name = require_table(section.db_table, _duckdb_tables(database), file.shown, file.list_name)
        table = ".".join(map(quoted, _in_schema(database, name)))
        try:
            # Times with a zone as UTC on every machine, as PostgreSQL gives them.
            database.execute("set TimeZone = 'UTC'")
            relation = database.sql(f"select * from {table}")
            batches = relation.to_arrow_reader(rows_at_once(len(relation.columns)))
            texts = (list(map(array_texts, batch.columns)) for batch in batches)
            yield from table_pieces(file.shown, _table_note(file, section), relation.columns, texts)
        except (duckdb.Error, pa.ArrowException) as error:
            raise _unreadable(file, name, error) from None


def table_pieces(
    shown: str, notes: list[Sentence], names: Sequence[str], batches: Iterable[list[pa.Array]]
) -> Generator[Piece]:
    """A table whose columns are already text; its first record is row 1."""
    headers = unique_headers(names, taken=PLACE)
    return clean_pieces(RawFile(shown, shown, headers, notes), parts_of_columns(batches, headers))


def _table_note(file: ListFile, section: ListSection) -> list[Sentence]:
    said = {"file_name": file.shown, "db_table": section.db_table}
    return [Sentence("{file_name}: table {db_table}", **said)]


def database_tables(path: Path) -> list[str]:
    """The tables and views of an SQLite or DuckDB file, sorted."""
    with path.open("rb") as file:
        start = file.read(6)
    if start == b"SQLite":
        with closing(_open_sqlite(path, path.name)) as database:
            return _sqlite_tables(database)
    with _open_duckdb(path, path.name) as engine:
        return _duckdb_tables(engine)


def require_table(db_table: str, tables: Sequence[str], name: str, list_name: str) -> str:
    """The table that is meant, as the database writes it.

    Raises `ListError` if none is named or it is not there.
    """
    said = {"name": name, "list_name": list_name, "db_table": db_table}
    if not tables:
        raise ListError("{name} (list {list_name}) is a database without any table.", **said)
    said |= {"tables": first_of(tables, 30), "first": tables[0]}
    if not db_table:
        raise ListError(
            "{name} is a database with the tables {tables}. Say which one is meant: "
            '[lists.{list_name}] db_table = "{first}".',
            **said,
        )
    alike = [table for table in tables if table.casefold() == db_table.casefold()]
    if db_table in tables or len(alike) == 1:
        return db_table if db_table in tables else alike[0]
    told = _('{name} has no table "{db_table}". It has {tables}.', **said)
    near = did_you_mean(closest(db_table, tables))
    raise ListError(sentences(told, near or _("Write one of these as db_table.")))


def _open_sqlite(path: Path, shown: str) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode=ro"
    for address in (uri, f"{uri}&immutable=1"):  # the second where no file may be made beside it
        database = sqlite3.connect(address, uri=True)
        try:
            database.execute("pragma trusted_schema = off")
            database.execute("select count(*) from sqlite_master").fetchone()
            return database
        except sqlite3.Error as error:
            database.close()
            problem = error
            if "unable to open" not in str(error):
                break
    raise ListError(
        "{file_name} cannot be opened as an SQLite database ({problem}). It may be cut off or "
        "encrypted: copy it again, while no program has it open.",
        file_name=shown,
        problem=problem,
    )


def _sqlite_tables(database: sqlite3.Connection) -> list[str]:
    rows = database.execute(
        "select name from sqlite_master where type in ('table', 'view') "
        "and name not like 'sqlite_%' order by name"
    )
    return [str(row[0]) for row in rows.fetchall()]


def _open_duckdb(path: Path, shown: str) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), read_only=True, config=_ENGINE)
    except duckdb.Error as error:
        raise ListError(
            "{file_name} cannot be opened as a DuckDB database ({error}). It may be open in "
            "another program, cut off, or written by a newer DuckDB.",
            file_name=shown,
            error=_first_line(error),
        ) from None


def _duckdb_tables(database: duckdb.DuckDBPyConnection) -> list[str]:
    """The names of tables and views; those outside of `main` with their schema before them."""
    rows = database.execute(
        "select case when table_schema = 'main' then table_name else table_schema || '.' || "
        "table_name end as name from information_schema.tables order by 1"
    )
    return [str(row[0]) for row in rows.fetchall()]


def _in_schema(database: duckdb.DuckDBPyConnection, name: str) -> tuple[str, ...]:
    schema, dot, table = name.partition(".")
    known = database.execute(
        "select 1 from information_schema.tables where table_schema = ? and table_name = ?",
        [schema, table],
    )
    return (schema, table) if dot and known.fetchone() else ("main", name)


def _unreadable(file: ListFile, table: str, error: Exception) -> ListError:
    told = N_("{file_name}: {table} cannot be read ({error}).")
    return ListError(told, **file.said, table=table, error=_first_line(error))


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def rows_at_once(columns: int) -> int:
    """How many rows to fetch at once, so that they fit whatever the number of columns."""
    return max(1, min(ROWS_AT_ONCE, CELLS_AT_ONCE // max(columns, 1)))
