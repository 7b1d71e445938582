"""A copy to share: report, workbook and tables of a finished run, made anew from what it kept.

Nothing is searched and replaced in finished files: the kept frames are replaced (`frames`), and
the same builders write from them. The notebooks, the register with its set-aside rows, plan.csv
and the owners' files are not copied, nor is client.toml.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from segment_lib.checks import KitError, quoted
from segment_lib.client import Client
from segment_lib.ending import cleaned
from segment_lib.report import build_report, build_workbook
from segment_lib.report.few import says_copy
from segment_lib.results_folder import WORKBOOK, alone, run_of
from segment_lib.sharing.frames import IDS, persons_in, shared_client, shared_frame, shared_frames
from segment_lib.sharing.pseudonyms import KEY_FILE, Pseudonyms, key_for, pseudonyms_of
from segment_lib.thread import in_coded_words, report_frames, result_tables
from segment_lib.voice import _, to_share

LEAST = 10  # customers of a list that can be shared
COPIES, README = "copies_to_share", "README.txt"
FILES = (README, "report.html", WORKBOOK, "customers.parquet", "decisions.parquet")


@dataclass(frozen=True)
class Shared:
    """Where the copy lies, and where its key does."""

    folder: Path
    key: Path


def share(client: Client, to: Path | None = None, *, new_key: bool = False) -> Shared:
    """Write a copy of the last run without names, ids and addresses; replaces a copy that is there.

    `to`: its folder; else one below the results, by the pseudonym of the client. Raises `KitError`
    where there is no finished run, fewer than ten customers, or `to` holds anything else, and
    `StaleResult` where client.toml or a list has changed since the run.
    """
    _require_finished(client)
    with alone(client.out_folder):
        frames, tables = report_frames(client), result_tables(client)
        _require_enough(client, tables["customers"])
        key = key_for(client.out_folder, new=new_key)
        with to_share():
            names = _names(client, {**frames, **tables}, key)
            folder = (to or client.out / COPIES / names.business).resolve()
            _require_free(folder)
            with _placed(folder) as building:
                _write(client, frames, tables, names, building)
    return Shared(folder, (client.out_folder / KEY_FILE).resolve())


def _require_finished(client: Client) -> None:
    fields = {"client": client.name, "folder": client.out_folder, "path": quoted(client.path)}
    run = run_of(client.out_folder)
    if not run:
        raise KitError(
            "There is no finished run of {client} in {folder}: a copy shows what a run made. Run "
            "first: kit.py run --client {path}",
            **fields,
        )
    if run.get("fingerprint") != client.fingerprint:
        raise KitError(
            "The results of {client} in {folder} were made from another {file} than the one of "
            "today. Run again, then share: kit.py run --client {path}",
            file=client.path.name,
            **fields,
        )


def _require_enough(client: Client, customers: pd.DataFrame) -> None:
    if len(customers) < LEAST:
        raise KitError(
            "{client} has {n} customer(s). In a list of fewer than {least} everybody is recognised "
            "without a name, so no copy to share is made.",
            client=client.name,
            n=len(customers),
            least=LEAST,
        )


def _names(client: Client, frames: dict[str, pd.DataFrame], key: bytes) -> Pseudonyms:
    named = [frame.reset_index() for frame in frames.values()]
    ids = {
        str(one)
        for frame in named
        for column in {*IDS} & set(frame)
        for one in frame[column].dropna().unique()
    }
    return pseudonyms_of(key, client.name, ids, persons_in(client, named))


def _require_free(folder: Path) -> None:
    """A folder of nothing but an earlier copy, or none."""
    if not folder.exists():
        return
    others = [] if not folder.is_dir() else [p.name for p in folder.iterdir()]
    others = sorted(set(others) - set(FILES))
    if not folder.is_dir() or others:
        raise KitError(
            "{folder} is no copy to share: there lies {what}. Nothing was written. Name a folder "
            "that is empty or does not exist yet: --to FOLDER",
            folder=folder,
            what=", ".join(others[:3]) or _("a file of that name"),
        )


@contextmanager
def _placed(folder: Path) -> Iterator[Path]:
    """A folder to build in, put in place when all of it is there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".copy_"))

    def give_up() -> None:
        shutil.rmtree(building, ignore_errors=True)

    with cleaned(give_up):
        try:
            yield building
            if folder.exists():
                shutil.rmtree(folder)
            building.rename(folder)
        finally:
            give_up()


def _write(
    client: Client,
    frames: dict[str, pd.DataFrame],
    tables: dict[str, pd.DataFrame],
    names: Pseudonyms,
    folder: Path,
) -> None:
    nameless = shared_client(client, names).model_copy(update={"path": client.path, "out": folder})
    for name, table in tables.items():
        plain = in_coded_words(shared_frame(table, client, names)).dropna(axis=1, how="all")
        plain.reset_index().to_parquet(folder / f"{name}.parquet", index=False)
    shown = shared_frames(frames, client, names)
    for build in (build_report, build_workbook):
        path = build(nameless, shown)
        path.rename(folder / path.name)
    (folder / names.business).rmdir()  # out/<client>/, as every builder writes
    text = "\n\n".join([_("A copy to share"), *says_copy(), _what_is_here()])
    (folder / README).write_text(text + "\n", encoding="utf-8", newline="\n")


def _what_is_here() -> str:
    return _(
        "report.html: the page. actions.xlsx: who gets what, when, one row per customer. "
        "customers.parquet, decisions.parquet: the same for other programs."
    )
