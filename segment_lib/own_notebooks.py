"""The notebooks of one client: copies beside its client.toml, for people to change.

The kit's own notebooks stay as they are, and take up nobody's names. A run uses the client's copy
where there is one, and says in which cells it differs; the samples use the kit's.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from segment_lib.checks import ROOT
from segment_lib.client import Client
from segment_lib.execution import cleared, is_parameters, with_parameters
from segment_lib.report.files import free_names

KIT = ROOT / "notebooks"
FOLDER = "notebooks"
REPLACED = "replaced"  # within it, what `bring_back` took away
PATTERN = "[0-9][0-9]_*.ipynb"


def folder_for(client: Client) -> Path:
    """Where the notebooks lie that this client's people open: its own, the kit's for a sample."""
    is_sample = client.path.is_relative_to(ROOT / "sample_data")
    return KIT if is_sample else client.path.parent / FOLDER


def files_for(client: Client) -> list[Path]:
    """The notebooks of a run in their order: the client's copy where there is one."""
    found = {path.name: path for path in KIT.glob(PATTERN)}
    found |= {path.name: path for path in folder_for(client).glob(PATTERN)}
    return [found[name] for name in sorted(found)]


def make_copies(client: Client) -> Path:
    """Copy the kit's notebooks for this client, those that are not there yet; their folder.

    They come without outputs, and with this client's parameters, as paths that are read from there.
    """
    folder = folder_for(client)
    if folder == KIT:
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(KIT.glob(PATTERN)):
        if not (folder / path.name).exists():
            copy = with_parameters(cleared(read(path)), parameters_from(folder, client, client.out))
            text = nbformat.writes(copy) + "\n"
            (folder / path.name).write_text(text, encoding="utf-8", newline="\n")
    return folder


def bring_back(client: Client) -> list[str]:
    """Put the kit's notebooks in place of the client's; the names of those that had been changed.

    Those are kept below `replaced/`. A notebook that the kit does not have stays.
    """
    folder, changed = folder_for(client), []
    if folder == KIT:
        return []
    for path in sorted(folder.glob(PATTERN)):
        if not (KIT / path.name).exists():
            continue
        if differing_cells(path):
            changed.append(path.name)
            (folder / REPLACED).mkdir(exist_ok=True)
            places = free_names(folder / REPLACED / path.name)
            shutil.move(path, next(place for place in places if not place.exists()))
        else:
            path.unlink()
    make_copies(client)
    return changed


def differing_cells(path: Path) -> list[int]:
    """The cells, counted from 1, in which a client's notebook is not the kit's; parameters apart.

    All of a notebook that the kit does not have.
    """
    own, kit = read(path).cells, KIT / path.name
    theirs = read(kit).cells if kit.exists() else []
    texts = {cell.source for cell in theirs}
    changed = [n for n, cell in enumerate(own, start=1)
               if cell.source not in texts and not is_parameters(cell)]  # fmt: skip
    gone = len(own) - len(changed) < len(theirs)
    return changed or ([len(own)] if gone and own else [])


def parameters_from(folder: Path, client: Client, out: Path) -> dict[str, str]:
    """The parameters of a notebook in `folder`, with paths as they are read from there."""
    return {
        "CLIENT": seen_from(folder, client.path),
        "OUT": seen_from(folder, out),
        "LANGUAGE": client.language,
    }


def seen_from(folder: Path, path: Path) -> str:
    """A path relative to a folder; the whole path where they lie on two drives."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return path.resolve().as_posix()


def read(path: Path) -> NotebookNode:
    """One notebook."""
    return nbformat.read(path, as_version=4)
