"""A table of a database that is reached by an Ibis connection string, batch by batch, as text.

    connection = "postgres://user:$PGPASSWORD@host/database"
    db_table = "受注"                                   # or "schema.table"

The kit only reads. The password comes from a $VARIABLE, and stands in no error, note or register:
no sentence made here shows what a variable holds, whatever a driver says. Exact numbers, days and
rare types are written by the database itself, as text: so no digit is lost on the way, and a day
that Python does not have (infinity) is one cell, not the end of the run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

import ibis
import ibis.common.exceptions as ibis_errors
import pyarrow as pa
import pyarrow.compute as pc
from ibis.expr.types import Column, Table

from segment_lib.checks import ClientError, ListError, closest
from segment_lib.lists.reading.archives import file_on_disk
from segment_lib.lists.reading.pieces import TEXT, Piece, array_texts
from segment_lib.lists.reading.stored_tables import (
    duckdb_pieces,
    require_table,
    rows_at_once,
    sqlite_pieces,
    table_pieces,
)
from segment_lib.settings import ListSection
from segment_lib.voice import N_, Sentence, _, sentences

_FILES = ("sqlite", "duckdb")
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_POSTGRES = ("postgres", "postgresql")
_WAIT_SECONDS = 15
# Only reads; and two runs over the same rows see them in the same order.
_READ_ONLY = "-c default_transaction_read_only=on -c synchronize_seqscans=off"


def connection_pieces(section: ListSection, list_name: str, folder: Path) -> Generator[Piece]:
    """A table or view of a database as text.

    `folder` is where a relative path to an SQLite or DuckDB file begins. Raises `ClientError` or
    `ListError` with one sentence if the database or the table cannot be reached.
    """
    address = _address(section.connection, list_name)
    if address.scheme in _FILES:
        path = _database_file(address, folder)
        read = sqlite_pieces if address.scheme == "sqlite" else duckdb_pieces
        yield from read(file_on_disk(path, list_name), path, section)
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
        notes = [note, *_plain_password(section)]
        yield from table_pieces(name, notes, table.columns, _batches(table, kinds, address, name))


def _batches(
    table: Table, kinds: dict[str, Any], address: _Address, db_table: str
) -> Iterator[list[pa.Array]]:
    """Columns that Arrow might not hold are written as text by the database."""
    columns = {name: _as_text(table[name], address.scheme) for name in table.columns}
    try:
        reader = table.select(**columns).to_pyarrow_batches(chunk_size=rows_at_once(len(columns)))
        for batch in reader:
            yield list(map(_texts, batch.columns, kinds.values()))
    except Exception as error:
        told = N_("{place}: {db_table} cannot be read to its end ({error}).")
        raise _failed(told, address, error, db_table) from None


@contextmanager
def _connected(address: _Address) -> Iterator[Any]:
    """An open Ibis connection; whatever goes wrong is told without the password."""
    options: dict[str, Any] = {}
    if address.scheme in _POSTGRES:
        options = {"options": _READ_ONLY, "connect_timeout": str(_WAIT_SECONDS)}
    try:
        database = ibis.connect(address.url, **options)
    except Exception as error:
        # `from None`: the driver's own error may hold the whole address.
        raise _cannot_connect(address, error) from None
    try:
        yield database
    finally:
        database.disconnect()


def _table(database: Any, db_table: str, address: _Address) -> tuple[Table, dict[str, Any]]:
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
            told = N_("{place}: {db_table} cannot be read ({error}).")
            raise _failed(told, address, error, db_table) from None
    where_it_is = _("the database at {host}", host=address.host)
    require_table(db_table, _tables(database, schema), where_it_is, address.list_name)
    told = N_("{place}: {db_table} cannot be read: it is no table of rows.")
    raise ListError(told, place=address.place, db_table=db_table)


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
        short = pc.ascii_rtrim(pc.ascii_rtrim(texts, "0"), ".")
        texts = pc.if_else(pc.match_substring(texts, "."), short, texts)
        return pc.if_else(pc.is_in(texts, pa.array(["NaN"], TEXT)), "", texts)
    if kind.is_timestamp():
        texts = pc.replace_substring_regex(texts, r"([+-]\d\d)$", r"\1:00")
        return pc.replace_substring_regex(texts, "^([^ ]+) 00:00:00$", r"\1")
    return texts


# --- where a connection leads, and what may go wrong there ------------------------------------


class _Address(NamedTuple):
    """Where a connection leads; `secrets` are the texts that may be told to nobody."""

    url: str
    scheme: str
    host: str
    secrets: tuple[str, ...]
    list_name: str

    @property
    def place(self) -> str:
        """How an error names it."""
        return f"[lists.{self.list_name}] connection"


def _failed(told: str, address: _Address, error: BaseException, db_table: str = "") -> ListError:
    """What went wrong, with the first line of an error, passwords blotted out."""
    why = (str(error).splitlines() or [type(error).__name__])[0][:300]
    for secret in sorted(address.secrets, key=len, reverse=True):
        why = why.replace(secret, "…")
    said = {"place": address.place, "host": address.host, "db_table": db_table}
    return ListError(told, **said, error=why)


def _address(connection: str, list_name: str) -> _Address:
    """The connection with its $VARIABLES filled in; what they hold is secret."""
    said = f"[lists.{list_name}] connection"
    scheme, there, rest = connection.partition("://")
    if not there or not re.fullmatch(r"[A-Za-z][\w+.-]*", scheme):
        whole = _VARIABLE.fullmatch(connection)
        held = _value(whole, said) if whole else ""
        if "://" in held:  # the whole address in one variable
            return _address(held, list_name)
        raise ClientError(
            "{place} must begin with the kind of the database, like "
            '"postgres://user:$PGPASSWORD@host/database". For a file, write files = ["…"].',
            place=said,
        )
    if scheme.lower() in _FILES:
        place = _VARIABLE.sub(lambda match: _value(match, said), rest)
        return _Address(f"{scheme}://{place}", scheme.lower(), "", (), list_name)
    user, at, place = rest.rpartition("@")
    _require_quoted(user, place, said)
    secrets: list[str] = []

    def hidden(match: re.Match[str]) -> str:
        value = _value(match, said)
        secrets.extend((value, quote(value, safe="")))
        return quote(value, safe="")

    name, colon, password = user.partition(":")
    secrets += [password, unquote(password)] if not _VARIABLE.search(password) else []
    user = _VARIABLE.sub(hidden, name) + colon + _VARIABLE.sub(hidden, password)
    place = _VARIABLE.sub(lambda match: _value(match, said), place)
    host = urlsplit(f"//{place}").hostname or "this machine"
    url = f"{scheme}://{user}{at}{place}"
    return _Address(url, scheme.lower(), host, tuple(filter(None, secrets)), list_name)


def _require_quoted(user: str, place: str, said: str) -> None:
    """A password with signs that an address does not allow would be cut and partly shown."""
    password = user.partition(":")[2]
    mixed = "$" in password and not _VARIABLE.fullmatch(password)
    if mixed or re.search(r"[/?#@]", user) or re.match(r"[^/@]*:[^/\d$][^/@]*(?:/|$)", place):
        raise ClientError(
            "{place} holds a password with special signs, or no user. Put the password into a "
            'variable and write its name: "postgres://user:$PGPASSWORD@host/database".',
            place=said,
        )


def _value(match: re.Match[str], said: str) -> str:
    name = match[1] or match[2]
    if name not in os.environ:
        raise ClientError(
            "{place} holds ${name}, but that variable is not set here. Set it before the run: no "
            "password needs to stand in client.toml.",
            place=said,
            name=name,
        )
    return os.environ[name]


def _plain_password(section: ListSection) -> Iterator[Sentence]:
    """A note if the password stands in client.toml itself."""
    user = section.connection.partition("://")[2].rpartition("@")[0]
    password = user.partition(":")[2]
    if password and "$" not in password:
        yield Sentence(
            "the password of the database stands in client.toml, where everybody can read "
            "it: write a variable instead, like $PGPASSWORD"
        )


def _database_file(address: _Address, folder: Path) -> Path:
    """The file of an SQLite or DuckDB address. Raises `ClientError` if there is none."""
    place = address.url.partition("://")[2].partition("?")[0]
    if re.match(r"/[A-Za-z]:", place):  # sqlite:///C:/lists/shop.db
        place = place[1:]
    path = folder / place
    if not path.is_file():
        path = folder / unquote(place)
    if not path.is_file():
        raise ClientError(
            '{said} leads to the file "{place}", but there is none. A path beside client.toml '
            "is written {scheme}://shop.db, a whole one {scheme}:///folder/shop.db.",
            said=address.place,
            place=place,
            scheme=address.scheme,
        )
    return path


# What databases say in their errors, and what that means.
_ERRORS = (
    (r"authentication failed|access denied|login failed|no password supplied|ORA-01017",
     N_("{place}: the database at {host} refuses the user or the password. Check both, and the "
        "variable that holds the password.")),
    (r"database .* does not exist|unknown database|cannot open database",
     N_("{place}: the server at {host} has no database of that name. Check the name behind the "
        "last / of the connection.")),
    (r"refused|translate host|timeout|timed out|resolve|unreachable|can't connect|no such file|"
     r"not known|no route|connection failed|ORA-12",
     N_("{place}: no database answers at {host}. Check the name of the host and the port, and that "
        "this machine may reach it (VPN, firewall).")),
    (r"", N_("{place}: the database cannot be opened ({error}).")),
)  # fmt: skip


def _cannot_connect(address: _Address, error: Exception) -> ListError | ClientError:
    """One sentence for the error of a driver: what is wrong, and where to look."""
    said = {"place": address.place, "scheme": address.scheme}
    text = str(error)
    if isinstance(error, ImportError):
        return ListError(
            "{place}: the package for {scheme} is not installed. Install it: python -m pip install "
            '"ibis-framework[{extra}]"; or export the table as CSV and name it under files.',
            **said,
            extra={"postgresql": "postgres"}.get(address.scheme, address.scheme),
        )
    if isinstance(error, ValueError) and "know how to connect" in text:
        near = closest(address.scheme, ("postgres", "mysql", "mssql", "oracle", "sqlite", "duckdb"))
        hint = _('Did you mean "{near}://"?', near=near)
        told = _(
            '{place} begins with "{scheme}://", which is no kind of database that is known.', **said
        )
        return ClientError(sentences(told, hint if near else _('Write, say, "postgres://".')))
    told = next(told for signs, told in _ERRORS if re.search(signs, text, re.IGNORECASE))
    return _failed(told, address, error)
