"""A table of a database that is reached by an Ibis connection string, batch by batch, as text.

    connection = "postgres://user:$PGPASSWORD@host/database"
    db_table = "受注"                                   # or "schema.table"

The kit only reads. The password comes from a $VARIABLE, and stands in no error, note or register.
Exact numbers, days and rare types are written by the database itself, as text: so no digit is lost
on the way, and a day that Python does not have (infinity) is one cell, not the end of the run.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import ibis.common.exceptions as ibis_errors
import pyarrow as pa
import pyarrow.compute as pc
from ibis.expr.types import Column, Table

from segment_lib.checks import ListError
from segment_lib.lists.reading.addresses import (
    FILES,
    Address,
    cannot_connect,
    database_file,
    plain_password,
    read_address,
)
from segment_lib.lists.reading.cell_texts import TEXT, array_texts
from segment_lib.lists.reading.clean_rows import Piece, Place
from segment_lib.lists.reading.stored_tables import (
    duckdb_pieces,
    require_table,
    rows_at_once,
    sqlite_pieces,
    table_pieces,
)
from segment_lib.settings import ListSection
from segment_lib.voice import Sentence, _

_POSTGRES = ("postgres", "postgresql")
_WAIT_SECONDS = 15
# Only reads; and two runs over the same rows see them in the same order.
_READ_ONLY = "-c default_transaction_read_only=on -c synchronize_seqscans=off"


def connection_pieces(section: ListSection, list_name: str, folder: Path) -> Generator[Piece]:
    """A table or view of a database as text.

    `folder` is where a relative path to an SQLite or DuckDB file begins. Raises `ClientError` or
    `ListError` with one sentence if the database or the table cannot be reached.
    """
    address = read_address(section.connection, list_name)
    if address.scheme in FILES:
        path = database_file(address, folder)
        read = sqlite_pieces if address.scheme == "sqlite" else duckdb_pieces
        yield from read(Place(path, path.name, list_name), section)
        return
    name = section.db_table
    with _connected(address) as database:
        table, kinds = _table(database, name, address)
        note = Sentence(
            "{db_table}: a table of the {scheme} database at {host}",
            db_table=name,
            scheme=address.scheme,
            host=address.host,
        )
        batches = _batches(table, kinds, address, name)
        notes = [note, *plain_password(section)]
        yield from table_pieces(name, notes, table.columns, batches)


def _batches(
    table: Table, kinds: dict[str, Any], address: Address, db_table: str
) -> Iterator[list[pa.Array]]:
    """Columns that Arrow might not hold are written as text by the database."""
    columns = {name: _as_text(table[name], address.scheme) for name in table.columns}
    try:
        reader = table.select(**columns).to_pyarrow_batches(chunk_size=rows_at_once(len(columns)))
        for batch in reader:
            yield list(map(_texts, batch.columns, kinds.values()))
    except Exception as error:
        raise ListError(
            "{place}: {db_table} cannot be read to its end ({error}).",
            place=address.said,
            db_table=db_table,
            error=address.without_secrets(error),
        ) from None


@contextmanager
def _connected(address: Address) -> Iterator[Any]:
    """An open Ibis connection; whatever goes wrong is told without the password."""
    try:
        options: dict[str, Any] = {}
        if address.scheme in _POSTGRES:
            options = {"options": _READ_ONLY, "connect_timeout": str(_WAIT_SECONDS)}
        database = ibis.connect(address.url, **options)
    except Exception as error:
        # `from None`: the driver's own error may hold the whole address.
        raise cannot_connect(address, error) from None
    try:
        yield database
    finally:
        database.disconnect()


def _table(database: Any, db_table: str, address: Address) -> tuple[Table, dict[str, Any]]:
    """The table as an Ibis table and its types; the name may have its schema before it."""
    schema, dot, name = db_table.rpartition(".")
    ways = [(db_table, {}), (name, {"database": schema})] if dot else [(db_table, {})]
    for table_name, where in ways:
        try:
            table = database.table(table_name, **where)
            return table, dict(table.schema().items())
        except ibis_errors.TableNotFound:
            continue
        except Exception as error:
            raise ListError(
                "{place}: {db_table} cannot be read ({error}).",
                place=address.said,
                db_table=db_table,
                error=address.without_secrets(error),
            ) from None
    require_table(
        db_table,
        _tables(database, schema),
        _("the database at {host}", host=address.host),
        address.list_name,
    )
    raise ListError(
        "{place}: {db_table} cannot be read: it is no table of rows.",
        place=address.said,
        db_table=db_table,
    )


def _tables(database: Any, schema: str) -> list[str]:
    """The tables and views of the schema that is named, with its name, and of the usual one."""
    found = []
    for where in dict.fromkeys((schema, "")):
        try:
            names = database.list_tables(**({"database": where} if where else {}))
        except Exception:  # a kind of database that has no schemas, or not this one
            continue
        found += [f"{where}.{name}" if where else name for name in sorted(names)]
    return found


def _as_text(column: Column, scheme: str) -> Column:
    """Days, exact numbers and rare kinds, which Arrow might not hold, are cast to text."""
    kind = column.type()
    if kind.is_date() or kind.is_timestamp():
        # elsewhere than in PostgreSQL the text of a day depends on the server's settings
        return column.cast("string") if scheme in _POSTGRES else column
    plain = kind.is_string() and type(kind).__name__ == "String"
    plain |= kind.is_integer() or kind.is_floating() or kind.is_boolean() or kind.is_binary()
    return column if plain else column.cast("string")


def _texts(column: pa.Array, kind: Any) -> pa.Array:
    """A column of a batch as the text that the same value has in a Parquet file."""
    if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
        return array_texts(column)
    texts = column.cast(TEXT).fill_null("")
    if kind.is_decimal():
        return _decimals(texts)
    if kind.is_timestamp():
        texts = pc.replace_substring_regex(texts, r"([+-]\d\d)$", r"\1:00")
        return pc.replace_substring_regex(texts, "^([^ ]+) 00:00:00$", r"\1")
    return texts


def _decimals(texts: pa.Array) -> pa.Array:
    short = pc.ascii_rtrim(pc.ascii_rtrim(texts, "0"), ".")
    texts = pc.if_else(pc.match_substring(texts, "."), short, texts)
    return pc.if_else(pc.is_in(texts, pa.array(["NaN"], TEXT)), "", texts)
