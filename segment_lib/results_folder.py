"""The folder of results: one run at a time, built beside the last results, put in place at the end.

Beside `out/<client>/` lie, while a run goes on: `.<client>.lock`, which the operating system gives
to one process and takes back when that ends, however it ends; `.<client>.building/`, what the run
makes, in a folder of its own that nothing left of an earlier run writes into; for the moment
between two renames `.<client>.before/`, the last results. Whatever stops a run, the last results
stay whole, and `tidy` puts right what is left.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segment_lib.checks import KitError
from segment_lib.client import Client, sha256
from segment_lib.ending import cleaned, end_children
from segment_lib.file_lock import let_go, taken
from segment_lib.report.files import free_names
from segment_lib.voice import _

RUN, WORKBOOK = "run.json", "actions.xlsx"  # run.json is written last: with it, results are whole
PLAN, OWNERS = "plan.csv", "owners"  # people may write in these too
# What runs make, and what other programs leave beside an open file; the rest is people's own.
MADE = re.compile(
    r"report\.html|actions\.xlsx|customers\.parquet|decisions\.parquet|run\.json|error\.log|"
    r"plan_signs_lost\.csv|register/[^/]+\.(parquet|json)|register/set_aside\.csv|register\.building/.*|"
    r"kept/[^/]+\.(parquet|json)|(.*/)?(~\$|\.~lock\.)[^/]*"
)
BUILDING = re.compile(r"(?<![\w.])\.[\w-]+\.building[/\\]+\w+[/\\]+")


@dataclass(frozen=True)
class Placed:
    """What is to be told of results that were put in place.

    `elsewhere`: where a file lies that could not have its own name, by that name; `kept_workbook`:
    the last workbook, if people had written in it.
    """

    elsewhere: dict[str, Path]
    kept_workbook: Path | None


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Within it no other run, check or reset touches the results in `folder`.

    Raises `KitError` if one is under way, or if nothing can be written there. What a killed run
    left is put right first.
    """
    folder = folder.resolve()
    lock = folder.with_name(f".{folder.name}.lock")
    made = [parent for parent in lock.parents if not parent.exists()]
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists() and not folder.is_dir():
            raise NotADirectoryError
        held = taken(lock)
    except BlockingIOError:
        raise KitError(
            "Another run, check or reset is at work on {folder}. Wait until it "
            "has ended, or stop it, and start this again.",
            folder=folder,
        ) from None
    except OSError as error:
        raise KitError(_cannot_write(lock.parent, error)) from error

    def release() -> None:
        let_go(held, lock)
        for parent in made:
            with suppress(OSError):  # not empty: the results are there
                parent.rmdir()

    with cleaned(release):
        try:
            tidy(folder)
            yield
        finally:
            release()


@contextmanager
def built_beside(client: Client) -> Iterator[Client]:
    """The client with a folder of its own to build in; what is not put in place goes afterwards."""
    folder = client.out_folder.resolve()
    building = _building(folder)

    def give_up() -> None:
        end_children()  # else a kernel writes on while its folder is being removed
        tidy(folder)

    with cleaned(give_up):
        try:
            building.mkdir()
            own = tempfile.mkdtemp(dir=building)
            yield client.model_copy(update={"out": Path(own)})
        finally:
            _remove(building)


def put_in_place(built: Path, folder: Path) -> Placed:
    """Make `built` the results in `folder`; people's own files are taken along."""
    folder = folder.resolve()
    kept = take_along(folder, built)
    workbook = folder / kept if kept else None
    before = _before(folder)
    try:
        if folder.exists():
            folder.rename(before)
        built.rename(folder)
    except OSError:  # Windows, and something in it is open; or it is a mounted folder
        if before.exists() and not folder.exists():
            before.rename(folder)
        return Placed(_file_by_file(built, folder), workbook)
    _remove(before)
    return Placed({}, workbook)


def tidy(folder: Path) -> None:
    """Put right what a stopped or killed run left beside the results in `folder`."""
    building, before = _building(folder), _before(folder)
    if before.exists():
        whole = next(building.glob(f"*/*/{RUN}"), None)
        if folder.exists():
            take_along(before, folder)
        else:  # it ended between the two renames
            (whole.parent if whole else before).rename(folder)
    _remove(building)
    _remove(before)


def as_in_place(text: str) -> str:
    """A text that names a file in the folder being built, as if it were in place already."""
    return BUILDING.sub("", text)


def take_along(old: Path, new: Path) -> str | None:
    """Copy into `new` what in `old` no run has made; the name of the kept workbook, if any."""
    run = run_of(old)
    notebooks = {f"notebooks/{step.get('step')}.ipynb" for step in run.get("steps", [])}
    tables = run.get("tables", {})
    for path in sorted(old.rglob("*")):
        name = path.relative_to(old).as_posix()
        if MADE.fullmatch(name) or name in notebooks or (path.is_dir() and not path.is_symlink()):
            continue
        if name in tables:
            if _has_changed(path, tables[name]):
                _keep(path, (new / name).parent, run, new)
        elif not os.path.lexists(new / name):
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, new / name, follow_symlinks=False)
    workbook = old / WORKBOOK
    if workbook.is_file() and _has_changed(workbook, run.get("workbook")):
        return _keep(workbook, new, run, new)
    return None


def _keep(written_in: Path, folder: Path, run: dict[str, Any], new: Path) -> str | None:
    """Copy a file into `folder` under the day of its run; its name there, unless it is kept."""
    data = written_in.read_bytes()
    day = run.get("as_of") or run_of(new).get("as_of", "before")
    folder.mkdir(parents=True, exist_ok=True)
    for path in free_names(folder / f"{written_in.stem}_{day}{written_in.suffix}"):
        if not path.exists():
            shutil.copy2(written_in, path)
            return path.name
        if path.read_bytes() == data:
            return None  # kept already
    raise AssertionError("unreachable")


def plan_tables(folder: Path) -> list[str]:
    """The names of the plan's tables that a run has written: plan.csv and owners/*.csv."""
    there = [folder / PLAN, *sorted((folder / OWNERS).glob("*.csv"))]
    return [path.relative_to(folder).as_posix() for path in there if path.is_file()]


def _has_changed(workbook: Path, written: str | None) -> bool:
    return sha256(workbook) != written if written else _is_filled_in(workbook)


def _is_filled_in(workbook: Path) -> bool:
    """Whether anything stands in the yellow columns; yes where that cannot be told."""
    from segment_lib.lists import cell_text
    from segment_lib.report.reviewed import READ, read_reviewed, rows_of

    try:
        rows, _passed_over = rows_of(read_reviewed(workbook), ())
    except Exception:  # not a workbook any more: people's own, whatever it is
        return True
    return bool(rows[list(READ)].map(cell_text).ne("").any(axis=None))


def _file_by_file(built: Path, folder: Path) -> dict[str, Path]:
    """Put each file in place by itself, the register's manifest and run.json after the others."""
    tables = run_of(folder).get("tables", {})
    for part in ("register", "kept"):
        for path in (folder / part).glob("*.*"):
            _require_free(path)
    files = [path for path in built.rglob("*") if path.is_file()]
    files.sort(key=lambda path: (path.name == RUN, path.name == "manifest.json", path))
    elsewhere: dict[str, Path] = {}
    for path in files:
        name = path.relative_to(built).as_posix()
        free = _copied(path, folder / name)
        if free != folder / name:
            elsewhere[name] = free
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        made = MADE.fullmatch(name) or name in tables
        if made and path.is_file() and not (built / name).exists():
            with suppress(PermissionError):
                path.unlink()
    return elsewhere


def _copied(path: Path, target: Path) -> Path:
    """Copy a file; where the old one is open, under a name that is free: (2) may be filled in."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for free in free_names(target):
        try:
            if free == target or not free.exists():
                shutil.copyfile(path, free)
                return free
        except PermissionError:
            if free != target:
                raise
    raise AssertionError("unreachable")


def _require_free(path: Path) -> None:
    try:
        path.replace(path)
    except PermissionError:
        raise KitError(
            "{path} is open in another program, so the new results cannot be "
            "put in place; the last ones stand. Close it there and run again.",
            path=path,
        ) from None


def _cannot_write(folder: Path, error: OSError) -> str:
    if isinstance(error, FileExistsError | NotADirectoryError):
        return _(
            "The results cannot lie in {folder}: that is a file, or lies in one. Give a folder "
            "with --out.",
            folder=folder,
        )
    return _(
        "Nothing can be written in {folder}: {error}. Give the results another folder with --out, "
        "or ask whoever looks after this one.",
        folder=folder,
        error=error.strerror or error,
    )


def run_of(folder: Path) -> dict[str, Any]:
    """run.json, or nothing where there is none to be read."""
    try:
        found: dict[str, Any] = json.loads((folder / RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _building(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.building")


def _before(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.before")


def _remove(folder: Path) -> None:
    """Remove a folder; again, should a thread or kernel that is ending still have written in it."""
    for _attempt in range(3):
        if folder.exists():
            shutil.rmtree(folder, ignore_errors=True)
