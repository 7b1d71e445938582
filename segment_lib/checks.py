"""The shared error sentences: what came, what was needed, what to do.

Every error a user can cause is a `KitError`. Its text is one readable sentence or two; the command
line prints it and stops with exit code 1, a notebook shows it without a traceback.
"""

from __future__ import annotations

import difflib
import importlib
import os
import shlex
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from segment_lib.voice import _, sentences

ROOT = Path(__file__).resolve().parent.parent
IN_KIT = (ROOT / "kit.py").is_file()  # else it is a library that somebody has installed
PROGRAM = "kit.py" if IN_KIT else "segment-lib"  # what the command line is called here


class KitError(Exception):
    """Something the user can put right: the message says what came, what was needed, what to do.

    It is raised with its English sentence and the fields of it: ``KitError("{n} rows", n=n)``.
    """

    def __init__(self, text: str, /, **fields: Any) -> None:
        super().__init__(_(text, **fields))

    def _render_traceback_(self) -> list[str]:
        # IPython calls this instead of printing the stack: a consultant needs the sentence only.
        return [f"{type(self).__name__}: {self}"]


class ClientError(KitError):
    """client.toml says something that cannot be used."""


class WrongValue(ValueError):
    """A value of client.toml that cannot be used; pydantic adds under which key it stands."""

    def __init__(self, text: str, /, **fields: Any) -> None:
        super().__init__(_(text, **fields))


class ListError(KitError):
    """A raw list cannot be read, or holds something that must be decided first."""


class OpenDoubts(ListError):
    """Something about the lists that stops a register until somebody has mended or signed it;
    `keys` are what stands in `[client] checked` then.
    """

    def __init__(self, text: str, /, keys: Sequence[str], **fields: Any) -> None:
        shown = ", ".join(f'"{key}"' for key in keys)
        super().__init__(text, keys=f"[{shown}]", **fields)
        self.keys = tuple(keys)


class NeedsTable(KitError):
    """A question was asked whose table is not there; the text says which would open it."""


class StaleResult(KitError):
    """A kept result was made from another client.toml, register or earlier result."""


def require_columns(
    table: object, needed: Iterable[str], name: str, mapped: bool = False, fix: str = ""
) -> None:
    """Raise `ListError` if `table` (pandas frame or Ibis table) lacks one of the `needed` columns.

    `mapped`: client.toml says which header is which column, under ``[lists.NAME.columns]``. A plain
    frame knows nothing of it: there the column is to be renamed, or `fix` says what to do.
    """
    if not hasattr(table, "columns"):
        raise ListError(
            "{name} is a {kind} without column names; a frame is needed. In a "
            'Pipeline say .set_output(transform="pandas") of the step before.',
            name=name,
            kind=type(table).__name__,
        )
    has = [str(column) for column in table.columns]
    missing = [column for column in needed if column not in has]
    if not missing:
        return
    near = closest(missing[0], has)
    if mapped:
        fix = _(
            'Map it in client.toml: [lists.{name}.columns] {column} = "{near}".',
            name=name,
            column=missing[0],
            near=near or "...",
        )
    elif near and not fix:
        fix = _('Rename "{near}" to "{column}" if that is it.', near=near, column=missing[0])
    fix = fix or _('Call the column that holds it "{column}".', column=missing[0])
    lacks = _(
        "{name} lacks column(s) {missing}. It has {has}.", name=name, missing=missing, has=has
    )
    raise ListError(sentences(lacks, fix))


def require_known(values: Iterable[object], allowed: Sequence[str], name: str, fix: str) -> None:
    """Raise `ListError` if a value is not one of `allowed`; `fix` says where to map it."""
    unknown = sorted({str(value) for value in values} - set(allowed))
    if unknown:
        strange = _(
            "{name} holds {unknown}, which is not one of {allowed}.",
            name=name,
            unknown=unknown[:10],
            allowed=list(allowed),
        )
        raise ListError(sentences(strange, fix))


def closest(word: str, among: Iterable[str]) -> str | None:
    """The most similar of `among`, or None if nothing is similar: a suggestion, never a choice."""
    others = [str(other) for other in among]
    found = difflib.get_close_matches(str(word), others, n=1, cutoff=0.6)
    # 金額 is not like 金額（税込）, and yet the only one that holds it
    holding = [one for one in others if len(word) > 1 and str(word) in one]
    found += holding if len(holding) == 1 else []
    return found[0] if found else None


def quoted(path: Path) -> str:
    """A path as one word of a command line; Windows knows double quotation marks only."""
    return subprocess.list2cmdline([str(path)]) if os.name == "nt" else shlex.quote(str(path))


def door(room: str, modules: Mapping[str, str]) -> tuple[list[str], Callable[[str], Any]]:
    """`__all__` and `__getattr__` of a room: a module is loaded when a name of it is first used.

    `modules`: module → the names that it gives, which stand apart by blanks.
    """
    where = {name: module for module, names in modules.items() for name in names.split()}

    def opened(name: str) -> Any:
        if name in where:
            return getattr(importlib.import_module(f"{room}.{where[name]}"), name)
        raise AttributeError(f"{room} has no '{name}'")

    return sorted(where), opened
