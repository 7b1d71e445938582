"""Where results are written, also while somebody has the old one open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

TRIES = 9


def write_free(path: Path, write: Callable[[Path], object]) -> Path:
    """Call `write` on `path`, or on "name (2).ext" … if that file is open elsewhere.

    Excel locks the file it shows: replacing it fails, and the result must not be lost.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for number in range(1, TRIES + 1):
        free = path if number == 1 else path.with_name(f"{path.stem} ({number}){path.suffix}")
        try:
            write(free)
        except PermissionError:
            if number == TRIES:
                raise
        else:
            return free
    raise AssertionError("unreachable")
