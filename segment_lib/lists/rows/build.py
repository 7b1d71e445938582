"""All lists of a client to the files of its register, and what its manifest says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from segment_lib.lists.rows.assemble import AS_LISTED, assemble, lines_print, people_notes
from segment_lib.lists.rows.doubts import doubts_json, require_answered
from segment_lib.lists.rows.folding import fold
from segment_lib.lists.rows.gathered import Engine, GatheredList, gather_lists, ids_before_merging
from segment_lib.lists.rows.ledger import (
    check_against_tables,
    list_account,
    list_hashes,
    rows_aside,
    source_rows,
    write_set_aside,
)
from segment_lib.lists.rows.merges import unknown_merge_ids
from segment_lib.lists.rows.money_doubts import doubts_of_books
from segment_lib.lists.rows.required import (
    require_orders_by_as_of,
    require_rows_of_use,
    require_sums_that_fit,
)
from segment_lib.lists.rows.row_doubts import doubts_of_rows, lay_out
from segment_lib.lists.rows.store import (
    fingerprint_of,
    settings_fingerprint,
    write_json,
    write_table,
)
from segment_lib.settings import Client


def build(
    client: Client, engine: Engine, merges: Mapping[str, str], building: Path
) -> dict[str, Any]:
    """Read, fold and write all lists into the building; what the manifest says of them."""
    lists = gather_lists(client, engine, merges)
    strange = unknown_merge_ids(merges, ids_before_merging(engine, lists) if merges else ())
    fold(client, engine, lists)
    require_rows_of_use(engine, lists)
    require_sums_that_fit(engine, lists)
    doubts = [doubt for one in lists for doubt in one.doubts]
    lay_out(engine, lists)
    with ThreadPoolExecutor(max_workers=1) as beside:  # what is written goes if a doubt stops it
        written = beside.submit(_write, client, engine, lists, building)
        doubts += doubts_of_rows(client, engine.beside(), lists)
        require_answered(client, doubts)
        manifest = written.result()
    tables = {name: building / file for name, file in manifest["files"].items()}
    books = list(doubts_of_books(client, engine, lists, tables))
    require_answered(client, books)
    manifest["doubts"] = doubts_json([*books, *doubts])
    manifest["merged"] = merges
    manifest["notes"] += [["merges", note.to_json()] for note in strange]
    return manifest


def _write(
    client: Client, engine: Engine, lists: Sequence[GatheredList], building: Path
) -> dict[str, Any]:
    """Write tables, ledger and set-aside rows; the tables side by side, as each fills no core."""
    queries = assemble(client, engine, lists)
    require_orders_by_as_of(client, engine, lists)

    def write(name: str) -> str:
        return write_table(engine.beside().run, queries[name], building / name)

    with ThreadPoolExecutor(max_workers=3) as writers:
        hashes = writers.submit(list_hashes, client, lists)
        written = writers.map(write, queries)
        accounts = {one.name: list_account(engine, one) for one in lists}
        write_set_aside(engine.arrow(rows_aside(lists)).to_pandas(), building / "set_aside.csv")
        found = hashes.result()
        sources = [row for one in lists for row in source_rows(one, found.get(one.name, {}))]
        unsorted = {AS_LISTED: lines_print(client, engine, lists)}
        files = dict(zip(queries, written, strict=True))
    check_against_tables(engine, lists, {name: building / file for name, file in files.items()})
    write_json(accounts, building / "ledger.json")
    aside = write_table(engine.run, rows_aside(lists), building / "set_aside")
    return {
        "fingerprint": fingerprint_of([*(files | unsorted).values()]),
        "client": client.fingerprint,
        "settings": settings_fingerprint(client),
        "files": files | {"set_aside": aside},
        "sources": sources,
        "ledger": accounts,
        "notes": [[one.name, note.to_json()] for one in lists for note in dict.fromkeys(one.notes)]
        + [["customers", note.to_json()] for note in people_notes(engine)],
    }
