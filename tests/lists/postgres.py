"""A real PostgreSQL server for the tests: in a temporary folder, stopped afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg

PASSWORD = "geheim @ss/w+#%"  # each sign of it means something in an address
NO_SERVER = "PostgreSQL's programs are not here: apt-get install postgresql"


class Server(NamedTuple):
    """Where the server listens; its user `kit` has the password PASSWORD."""

    port: int
    folder: Path

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="kit", password=PASSWORD, dbname="postgres",
            autocommit=True,
        )  # fmt: skip

    def url(self, password: str = "$KIT_TEST_PASSWORD", database: str = "postgres") -> str:
        return f"postgres://kit:{password}@127.0.0.1:{self.port}/{database}"


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, as Debian installs them or on the path."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    found = debian[-1] if debian else shutil.which("initdb")
    return Path(found).parent if found and (Path(found).parent / "pg_ctl").exists() else None


def _version(path: Path) -> float:
    return float(path.parts[-3]) if path.parts[-3].replace(".", "").isdigit() else 0


@contextmanager
def server(bin_folder: Path) -> Iterator[Server]:
    """Start a server of its own, and stop and remove it at the end."""
    # A short path: a socket's name may have 107 letters.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        (folder / "password").write_text(PASSWORD)
        as_user = _unprivileged(folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        data = folder / "data"
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
        control = [*as_user, bin_folder / "pg_ctl", "-D", data, "-w"]
        _run(
            [*as_user, bin_folder / "initdb", "-D", data, "-U", "kit", "--auth=scram-sha-256",
             f"--pwfile={folder / 'password'}", "-E", "UTF8", "--locale=C", "--no-sync"], folder,
        )  # fmt: skip
        _run([*control, "-l", folder / "log", "-o", options, "start"], folder)
        try:
            yield Server(port, folder)
        finally:
            _run([*control, "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then it runs as the user of its package."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return []
    for path in (folder, folder / "password"):
        shutil.chown(path, "postgres", "postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def _run(command: Sequence[str | Path], folder: Path) -> None:
    # No pipes: the server would keep them open, and the test would wait for ever.
    with (folder / "output").open("ab") as output:
        subprocess.run(
            command, check=True, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
