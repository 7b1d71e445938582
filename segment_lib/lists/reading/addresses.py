"""Where a connection string leads, with its $VARIABLES filled in, and what may go wrong there.

What the variables hold is secret: no sentence made here shows it, whatever a driver says.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from segment_lib.checks import ClientError, ListError, closest
from segment_lib.settings import ListSection
from segment_lib.voice import N_, Sentence, _, sentences

FILES = ("sqlite", "duckdb")
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


class Address(NamedTuple):
    """Where a connection leads; `secrets` are the texts that may be told to nobody."""

    url: str
    scheme: str
    host: str
    secrets: tuple[str, ...]
    list_name: str

    @property
    def said(self) -> str:
        """How an error names it."""
        return f"[lists.{self.list_name}] connection"

    def without_secrets(self, error: BaseException) -> str:
        """The first line of an error, passwords blotted out."""
        text = (str(error).splitlines() or [type(error).__name__])[0][:300]
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, "…")
        return text


def read_address(connection: str, list_name: str) -> Address:
    """The connection with its $VARIABLES filled in; what they hold is secret."""
    said = f"[lists.{list_name}] connection"
    scheme, there, rest = connection.partition("://")
    if not there or not re.fullmatch(r"[A-Za-z][\w+.-]*", scheme):
        whole = _VARIABLE.fullmatch(connection)
        held = _value(whole, said) if whole else ""
        if "://" in held:  # the whole address in one variable
            return read_address(held, list_name)
        raise ClientError(
            "{place} must begin with the kind of the database, like "
            '"postgres://user:$PGPASSWORD@host/database". For a file, write files = ["…"].',
            place=said,
        )
    if scheme.lower() in FILES:
        place = _VARIABLE.sub(lambda match: _value(match, said), rest)
        return Address(f"{scheme}://{place}", scheme.lower(), "", (), list_name)
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
    return Address(url, scheme.lower(), host, tuple(filter(None, secrets)), list_name)


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
            "{place} holds ${name}, but that variable is not set here. Set it "
            "before the run: no password needs to stand in client.toml.",
            place=said,
            name=name,
        )
    return os.environ[name]


def plain_password(section: ListSection) -> Iterator[Sentence]:
    """A note if the password stands in client.toml itself."""
    user = section.connection.partition("://")[2].rpartition("@")[0]
    password = user.partition(":")[2]
    if password and "$" not in password:
        yield Sentence(
            "the password of the database stands in client.toml, where everybody can read "
            "it: write a variable instead, like $PGPASSWORD"
        )


def database_file(address: Address, folder: Path) -> Path:
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
            said=address.said,
            place=place,
            scheme=address.scheme,
        )
    return path


# What databases say in their errors, and what that means.
_ERRORS = (
    (
        r"authentication failed|access denied|login failed|no password supplied|ORA-01017",
        N_(
            "{place}: the database at {host} refuses the user or the password. Check both, and "
            "the variable that holds the password."
        ),
    ),
    (
        r"database .* does not exist|unknown database|cannot open database",
        N_(
            "{place}: the server at {host} has no database of that name. Check the name behind "
            "the last / of the connection."
        ),
    ),
    (
        r"refused|translate host|timeout|timed out|resolve|unreachable|can't connect|no such file|"
        r"not known|no route|connection failed|ORA-12",
        N_(
            "{place}: no database answers at {host}. Check the name of the host and the port, and "
            "that this machine may reach it (VPN, firewall)."
        ),
    ),
    (r"", N_("{place}: the database cannot be opened ({error}).")),
)


def cannot_connect(address: Address, error: Exception) -> ListError | ClientError:
    """One sentence for the error of a driver: what is wrong, and where to look."""
    said = {"place": address.said, "scheme": address.scheme, "host": address.host}
    text = str(error)
    if isinstance(error, ImportError):
        return ListError(
            "{place}: the package for {scheme} is not installed. Install it: "
            'python -m pip install "ibis-framework[{extra}]"; or export the '
            "table as CSV and name it under files.",
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
    return ListError(told, **said, error=address.without_secrets(error))
