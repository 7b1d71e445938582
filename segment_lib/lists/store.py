"""How the register lies on the disk: files, their order, and the fingerprint of their contents."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from segment_lib.checks import KitError
from segment_lib.lists.ledger import list_account, set_aside_frame, write_json, write_set_aside
from segment_lib.lists.tables import ListRows
from segment_lib.settings import Client

MANIFEST = "manifest.json"


def write_register(
    client: Client, folder: Path, tables: dict[str, pa.Table], lists: list[ListRows]
) -> None:
    """Write tables, ledger, set-aside rows and manifest into an empty folder."""
    for name, table in tables.items():
        pq.write_table(
            table, folder / f"{name}.parquet", compression="zstd", row_group_size=131_072
        )
    write_json({one.name: list_account(one) for one in lists}, folder / "ledger.json")
    write_set_aside(set_aside_frame(lists), folder / "set_aside.csv")
    files = [folder / f"{name}.parquet" for name in tables]
    manifest: dict[str, Any] = {
        "fingerprint": tables_fingerprint(files),
        "client": client.fingerprint,
        "settings": settings_fingerprint(client),
        "tables": list(tables),
        "notes": [[one.name, note.en, note.ja] for one in lists for note in one.notes],
    }
    write_json(manifest, folder / MANIFEST)


def move_into_place(building: Path, folder: Path) -> None:
    """File by file, the manifest last: Windows cannot replace a folder that is open."""
    folder.mkdir(exist_ok=True)
    names = sorted(file.name for file in building.iterdir() if file.name != MANIFEST)
    names.sort(key=lambda name: name != "set_aside.csv")  # the one that people have open
    for name in names:
        try:
            (building / name).replace(folder / name)
        except PermissionError:
            raise KitError(
                f"register/{name} is open in another program. Close it there and run again."
            ) from None
        (folder / MANIFEST).unlink(missing_ok=True)
    for old in folder.glob("*.parquet"):
        if old.name not in names:
            old.unlink()
    (building / MANIFEST).replace(folder / MANIFEST)


def tables_fingerprint(files: list[Path]) -> str:
    """A fingerprint of the Parquet files: their names and contents."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.name.encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def settings_fingerprint(client: Client) -> str:
    """What client.toml says about reading; thresholds and actions may change without a new one."""
    said = {
        "lists": {name: one.model_dump(mode="json") for name, one in client.lists.items()},
        "merges": client.merges.file,
        "zero_amounts": client.rules.zero_amounts,
        "time_zone": client.client.time_zone,
        "kinds": {name: one.kind for name, one in client.attributes.items()},
        "steps": [row.model_dump(mode="json") for row in client.steps],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]
