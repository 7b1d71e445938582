"""Whose register it is: results of two clients with one name must not be taken for each other.

`place.json` beside the manifest holds a hash of where client.toml lies, not the path itself: what a
run leaves names no machine. It is the one file of a register that differs from folder to folder.
A client that was moved is known by its lists: one file in common is enough.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from segment_lib.checks import PROGRAM, ClientError, KitError, StaleResult
from segment_lib.lists.reading.files import list_places
from segment_lib.lists.rows.ledger import is_part_of, list_hashes
from segment_lib.lists.rows.store import MANIFEST, PLACE, file_hash, settings_fingerprint
from segment_lib.settings import Client
from segment_lib.voice import _


def place_of(client: Client) -> dict[str, str]:
    """Where client.toml lies, as a hash."""
    path = os.path.normcase(client.path.resolve())
    return {"client_toml_at": hashlib.sha256(os.fsencode(path)).hexdigest()[:16]}


def require_same_client(client: Client, folder: Path) -> None:
    """Raise `KitError` if the register in `folder` is of another client with the same name."""
    manifest, place = _read(folder / MANIFEST), _read(folder / PLACE)
    if not manifest or not place or place == place_of(client):
        return
    known = {sha for _, _, _, sha in manifest["sources"] if sha}
    if not known and manifest["settings"] == settings_fingerprint(client):
        return  # a database, not files: the same connection and tables
    if known & {sha for files in list_hashes(client).values() for sha in files.values()}:
        return
    raise KitError(
        'The results in {folder} were made for another client that is also called "{name}", from '
        "other lists. Give this one another name in [client], or its results another folder with "
        "--out. If the results there may go: {program} reset, with the same --client and --out.",
        folder=folder.parent,
        name=client.name,
        program=PROGRAM,
    )


def require_same_lists(client: Client, folder: Path) -> None:
    """Raise `StaleResult` if a list has changed since the register in `folder` was built.

    Contents are compared only where a file is younger than the manifest: that keeps opening quick.
    """
    sources = _read(folder / MANIFEST).get("sources", [])
    try:
        changed = next(_changed(client, sources, (folder / MANIFEST).stat().st_mtime), None)
    except (ClientError, OSError):  # the lists are not here: nothing to compare with
        return
    if changed:
        raise StaleResult(
            "{changed} since the register of {name} was built. Run notebook 01 "
            "again, or the whole walk: kit.py run",
            changed=changed,
            name=client.name,
        )


def _changed(client: Client, sources: list[list[Any]], built: float) -> Iterator[str]:
    for name in client.lists:
        known = {file: sha for one, file, _, sha in sources if one == name and sha}
        places = list_places(client, name)
        for path, shown in places:
            was = {sha for file, sha in known.items() if is_part_of(file, shown)}
            if not was:
                yield _("{file} of [lists.{name}] has come", file=shown, name=name)
                continue
            state = path.stat()  # its second day: a file moved here, or copied with its old date
            is_younger = max(state.st_mtime, state.st_ctime) > built
            if is_younger and _hash(path, state.st_mtime_ns, state.st_size) not in was:
                yield _("{file} of [lists.{name}] has changed", file=shown, name=name)
        for file in known:
            if places and not any(is_part_of(file, shown) for _, shown in places):
                yield _("{file} of [lists.{name}] has gone", file=file, name=name)


@lru_cache(maxsize=256)
def _hash(path: Path, _changed_ns: int, _size: int) -> str:
    return file_hash(path)


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found
