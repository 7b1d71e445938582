"""How the register lies on the disk: files named by their contents, and a manifest that names them.

A new register is written beside the old one. Its tables get new names, so nothing of the old one is
touched until manifest.json is replaced, in one step; then what the new one does not name is
removed, but for what was made of the same tables (`write_derived`). Whenever a run is killed, the
manifest and the files it names are a whole register, the old one or the new. ledger.json and
set_aside.csv are copies for people and come last, with place.json.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from segment_lib.checks import KitError, ListError
from segment_lib.columns import REGISTER_COLUMNS, TABLES
from segment_lib.lists.rows.gathered import text
from segment_lib.lists.rows.merges import read_merges
from segment_lib.settings import Client

MANIFEST = "manifest.json"
PLACE = "place.json"  # whose register it is: place.py
FOR_PEOPLE = ("ledger.json", "set_aside.csv")
_GROUP_ROWS = 131_072
_DICTIONARY_BYTES = 30_000  # enough for names of articles; trying ids takes a tenth longer
_DICTIONARY_SIZE = 10_000  # and this for amounts; trying sums and ids takes a seventh longer
_NAME_LETTERS = 12


def write_table(run: Callable[[str], Any], query: str, stem: Path) -> str:
    """Rows to `STEM.CONTENTS.parquet`, and that name; `run` hands SQL to the engine.

    Rows that come in their order make the same groups, and bytes, on any number of threads.
    """
    path = stem.with_suffix(".parquet")
    options = (
        f"format parquet, compression snappy, row_group_size {_GROUP_ROWS}, "
        f"dictionary_size_limit {_DICTIONARY_SIZE}, "
        f"string_dictionary_page_size_limit {_DICTIONARY_BYTES}"
    )
    run(f"copy ({query}) to {text(path.as_posix())} ({options})")
    name = f"{stem.name}.{file_hash(path)[:_NAME_LETTERS]}.parquet"
    path.replace(path.with_name(name))
    return name


def derived_file(folder: Path, name: str, fingerprint: str) -> Path | None:
    """The file kept under this name, if it was made of the register of this fingerprint."""
    found = folder.glob(f"{name}-{fingerprint}.*.parquet")
    return next((one for one in found if is_whole(folder, [one.name])), None)


def write_derived(
    run: Callable[[str], Any], query: str, folder: Path, name: str, fingerprint: str
) -> Path:
    """Keep rows beside the register under a name, in one step; they go with the register."""
    own = f"{name}-{os.getpid()}"  # another process may be writing the same
    written = write_table(run, query, folder / own)
    path = folder / written.replace(own, f"{name}-{fingerprint}")
    (folder / written).replace(path)
    return path


def file_hash(path: Path) -> str:
    """SHA-256 of a file, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def move_into_place(building: Path, folder: Path, manifest: Mapping[str, Any]) -> None:
    """Make what was built the register: tables first, the manifest in one step, copies last.

    Raises `KitError`, and leaves the old register, if a copy for people is open in a program that
    locks it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in FOR_PEOPLE:
        _require_free(folder / name)
    for name in manifest["files"].values():
        if not (folder / name).exists():
            (building / name).replace(folder / name)
    write_json(manifest, building / MANIFEST)
    (building / MANIFEST).replace(folder / MANIFEST)
    for name in (*FOR_PEOPLE, PLACE):
        (building / name).replace(folder / name)
    derived = f"-{manifest['fingerprint']}."  # made of the same tables, if these are as they were
    for old in folder.glob("*.parquet"):
        if old.name not in manifest["files"].values() and derived not in old.name:
            with suppress(PermissionError):  # Windows keeps what is open; the next run removes it
                old.unlink()


def _require_free(path: Path) -> None:
    try:
        if path.exists():
            path.replace(path)
    except PermissionError:
        raise KitError(
            "register/{file_name} is open in another program. Close it there and run again.",
            file_name=path.name,
        ) from None


@contextmanager
def building_site(folder: Path) -> Iterator[Path]:
    """An empty folder to build in; it goes afterwards, with every folder made for it if empty."""
    shutil.rmtree(folder, ignore_errors=True)  # what a killed run left
    made = [parent for parent in folder.parents if not parent.exists()]
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        for parent in made:
            with suppress(OSError):  # not empty: the register is there
                parent.rmdir()


def fingerprint_of(tables: Sequence[str]) -> str:
    """A fingerprint of the tables: of their names, which hold the hash of their contents.

    A table that is not sorted stands there with a print of its rows instead.
    """
    return hashlib.sha256("\n".join(sorted(tables)).encode()).hexdigest()[:16]


def is_whole(folder: Path, files: Iterable[str]) -> bool:
    """Whether every file is there with the contents that its name says."""
    return all(
        (folder / name).is_file()
        and name.endswith(f".{file_hash(folder / name)[:_NAME_LETTERS]}.parquet")
        for name in files
    )


def settings_fingerprint(client: Client) -> str:
    """What client.toml says about reading; thresholds and actions may change without a new one."""
    said = {
        "lists": {name: one.model_dump(mode="json") for name, one in client.lists.items()},
        "merges": [client.merges.file, read_merges(client)],
        "rules": client.rules.model_dump(mode="json", include={"zero_amounts", "money", "returns"}),
        "client": client.client.model_dump(mode="json", include={"as_of", "same_ids"}),
        "time_zone": client.client.time_zone,
        "kinds": {name: one.kind for name, one in client.attributes.items()},
        "steps": [row.model_dump(mode="json") for row in client.steps],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def write_json(content: object, path: Path) -> None:
    """JSON as people can read it, the same bytes everywhere."""
    text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def replace_file(path: Path, data: bytes) -> None:
    """Write a file of the client's in one step: a stop leaves the one that was there whole."""
    beside = path.with_name(f"{path.name}.new")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except PermissionError:
        raise ListError(
            "{file_name} cannot be written. It may be open in another program: "
            "close it there and run this again.",
            file_name=path.name,
        ) from None
    finally:
        beside.unlink(missing_ok=True)


# --- names and types of the tables ---------------------------------------------------------------

KINDS = {
    "text": "string", "code": "string", "date": "date", "money": "decimal(18, 4)",
    "integer": "int64", "number": "double", "yes_no": "boolean",
}  # fmt: skip


def table_schema(client: Client, table: str) -> dict[str, str]:
    """Column to type of a table; customers carry the client's attributes as well."""
    kinds = {column: REGISTER_COLUMNS[column].kind for column in TABLES[table]}
    if table == "customers":
        for list_name, section in client.lists.items():
            if client.table_of(list_name) == "customers":
                for name in (*section.headers, *section.always):
                    stated = client.attributes.get(name)
                    kinds.setdefault(name, stated.kind if stated else "text")
    return {column: KINDS[kind] for column, kind in kinds.items()}
