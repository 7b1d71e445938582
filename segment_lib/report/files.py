"""Where results are written, also while somebody has the old one open."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

TRIES = 9


def free_names(path: Path) -> Iterator[Path]:
    """The path itself, then "name (2).ext" and so on."""
    yield path
    for number in itertools.count(2):
        yield path.with_name(f"{path.stem} ({number}){path.suffix}")


def write_free(path: Path, write: Callable[[Path], object]) -> Path:
    """Call `write` on `path`, or on "name (2).ext" … if that file is open elsewhere.

    Excel locks the file it shows: replacing it fails, and the result must not be lost.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for tried, free in enumerate(free_names(path), start=1):
        try:
            write(free)
        except PermissionError:
            if tried == TRIES:
                raise
        else:
            return free
    raise AssertionError("unreachable")
