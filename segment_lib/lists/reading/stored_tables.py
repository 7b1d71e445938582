"""Parquet, SQLite and DuckDB files, batch by batch: a file may be larger than memory.

Such tables have no rows as Excel counts them: the first record is row 1. Databases are opened
read-only, and nothing in them reaches outside: no extension is loaded, no other file is read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from segment_lib.checks import ListError, closest
from segment_lib.lists.cells.layout import PLACE, unique_headers
from segment_lib.lists.reading.cell_texts import array_texts, column_texts
from segment_lib.lists.reading.clean_rows import Part, Piece, clean_pieces
from segment_lib.lists.reading.engine import quoted
from segment_lib.lists.reading.raw_list import ROWS_AT_ONCE, text_part
from segment_lib.settings import ListSection
from segment_lib.voice import Sentence, _, sentences

# At most so many cells are turned into text at once: a table of 600 columns is read in smaller
# batches than one of 6.
_CELLS_AT_ONCE = 500_000
_ENGINE: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def parquet_pieces(
    path: Path, section: ListSection, list_name: str, rows: int = ROWS_AT_ONCE
) -> Iterator[Piece]:
    """A Parquet file as text, at most `rows` rows at once; nested cells are JSON text."""
    note = Sentence("{file_name}: read as Parquet", file_name=path.name)
    return clean_pieces(path.name, _parquet_parts(path, list_name, rows), (note,))


def _parquet_parts(path: Path, list_name: str, rows: int) -> Iterator[Part]:
    try:
        with pq.ParquetFile(path) as file:
            headers = unique_headers(file.schema_arrow.names, taken=PLACE)
            _require_columns(headers, path.name, list_name)
            yield text_part([], headers, 0)
            before = 0
            for batch in file.iter_batches(rows_at_once(rows, len(headers))):
                yield text_part(list(map(array_texts, batch.columns)), headers, before)
                before += len(batch)
    except (OSError, ValueError, NotImplementedError) as error:
        raise ListError(
            "{file_name} cannot be read as Parquet ({error}). It may be cut "
            "off: fetch or export it again.",
            file_name=path.name,
            error=_first_line(error),
        ) from None


def sqlite_pieces(
    path: Path, section: ListSection, list_name: str, rows: int = ROWS_AT_ONCE
) -> Iterator[Piece]:
    """One table or view of an SQLite file as text, at most `rows` rows at once."""
    parts = _sqlite_parts(path, section, list_name, rows)
    return clean_pieces(path.name, parts, (_table_note(path, section),))


def _sqlite_parts(path: Path, section: ListSection, list_name: str, rows: int) -> Iterator[Part]:
    with closing(_open_sqlite(path)) as database:
        name = require_table(section.db_table, _sqlite_tables(database), path.name, list_name)
        try:
            cursor = database.execute(f"select * from {quoted(name)}")
            headers = unique_headers([entry[0] for entry in cursor.description], taken=PLACE)
            yield text_part([], headers, 0)
            before, at_once = 0, rows_at_once(rows, len(headers))
            while batch := cursor.fetchmany(at_once):
                texts = [column_texts(column) for column in zip(*batch, strict=True)]
                yield text_part(texts, headers, before)
                before += len(batch)
        except (sqlite3.Error, OverflowError) as error:
            raise _unreadable(path, name, error) from None


def duckdb_pieces(
    path: Path, section: ListSection, list_name: str, rows: int = ROWS_AT_ONCE
) -> Iterator[Piece]:
    """One table or view of a DuckDB file as text, at most `rows` rows at once."""
    parts = _duckdb_parts(path, section, list_name, rows)
    return clean_pieces(path.name, parts, (_table_note(path, section),))


def _duckdb_parts(path: Path, section: ListSection, list_name: str, rows: int) -> Iterator[Part]:
    with _open_duckdb(path) as database:
        name = require_table(section.db_table, _duckdb_tables(database), path.name, list_name)
        place = ".".join(map(quoted, _in_schema(database, name)))
        try:
            # Times with a zone as UTC on every machine, as PostgreSQL gives them.
            database.execute("set TimeZone = 'UTC'")
            relation = database.sql(f"select * from {place}")
            headers = unique_headers(relation.columns, taken=PLACE)
            yield text_part([], headers, 0)
            before = 0
            for batch in relation.to_arrow_reader(rows_at_once(rows, len(headers))):
                yield text_part(list(map(array_texts, batch.columns)), headers, before)
                before += len(batch)
        except (duckdb.Error, pa.ArrowException) as error:
            raise _unreadable(path, name, error) from None


def _table_note(path: Path, section: ListSection) -> Sentence:
    return Sentence("{file_name}: table {db_table}", file_name=path.name, db_table=section.db_table)


def database_tables(path: Path) -> list[str]:
    """The tables and views of an SQLite or DuckDB file, sorted."""
    with path.open("rb") as file:
        start = file.read(6)
    if start == b"SQLite":
        with closing(_open_sqlite(path)) as database:
            return _sqlite_tables(database)
    with _open_duckdb(path) as engine:
        return _duckdb_tables(engine)


def require_table(db_table: str, tables: Sequence[str], name: str, list_name: str) -> str:
    """The table that is meant, as the database writes it.

    Raises `ListError` if none is named or it is not there.
    """
    if not tables:
        raise ListError(
            "{name} (list {list_name}) is a database without any table.",
            name=name,
            list_name=list_name,
        )
    if not db_table:
        raise ListError(
            "{name} is a database with the tables {tables}. Say which one is "
            'meant: [lists.{list_name}] db_table = "{first}".',
            name=name,
            tables=_shown(tables),
            list_name=list_name,
            first=tables[0],
        )
    alike = [table for table in tables if table.casefold() == db_table.casefold()]
    if db_table in tables or len(alike) == 1:
        return db_table if db_table in tables else alike[0]
    near = closest(db_table, tables)
    raise ListError(
        sentences(
            _(
                '{name} has no table "{db_table}". It has {tables}.',
                name=name,
                db_table=db_table,
                tables=_shown(tables),
            ),
            _('Did you mean "{near}"?', near=near)
            if near
            else _("Write one of these as db_table."),
        )
    )


def _shown(tables: Sequence[str]) -> str:
    first = list(tables[:30])
    if len(tables) <= 30:
        return str(first)
    return _("{first} and {more} more", first=first, more=len(tables) - 30)


def _open_sqlite(path: Path) -> sqlite3.Connection:
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
        file_name=path.name,
        problem=problem,
    )


def _sqlite_tables(database: sqlite3.Connection) -> list[str]:
    rows = database.execute(
        "select name from sqlite_master where type in ('table', 'view') "
        "and name not like 'sqlite_%' order by name"
    )
    return [str(row[0]) for row in rows.fetchall()]


def _open_duckdb(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), read_only=True, config=_ENGINE)
    except duckdb.Error as error:
        raise ListError(
            "{file_name} cannot be opened as a DuckDB database ({error}). It may be open in "
            "another program, cut off, or written by a newer DuckDB.",
            file_name=path.name,
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


def _unreadable(path: Path, table: str, error: Exception) -> ListError:
    return ListError(
        "{file_name}: {table} cannot be read ({error}).",
        file_name=path.name,
        table=table,
        error=_first_line(error),
    )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def rows_at_once(rows: int, columns: int) -> int:
    """How many rows to fetch at once, so that they fit whatever the number of columns."""
    return max(1, min(rows, _CELLS_AT_ONCE // max(columns, 1)))


def _require_columns(headers: Sequence[str], name: str, list_name: str) -> None:
    if not headers:
        raise ListError("{name} (list {list_name}) has no columns.", name=name, list_name=list_name)
