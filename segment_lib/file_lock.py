"""A lock that the operating system gives to one process, and takes back when that ends.

So a killed process blocks nobody. Why not filelock: since its fourth version it is 9,700 lines and
keeps soft locks besides, which outlive the process that made them.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


def taken(path: Path) -> int:
    """The lock file at `path`, open and locked; raises `BlockingIOError` if another has it."""
    while True:
        held = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(held)
            if os.path.samestat(os.fstat(held), path.stat()):
                return held
        except FileNotFoundError:  # who had it has removed it meanwhile: the next one is new
            pass
        except BlockingIOError:
            os.close(held)
            raise
        os.close(held)


def let_go(held: int, path: Path) -> None:
    """Release the lock and remove its file."""
    if sys.platform == "win32":  # what is open cannot be removed there
        os.close(held)
        with suppress(OSError):
            path.unlink()
    else:
        with suppress(OSError):
            path.unlink()
        os.close(held)


def _lock(held: int) -> None:
    if sys.platform == "win32":
        try:
            msvcrt.locking(held, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError(*error.args) from None
    else:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:  # a drive that knows no locks must not keep anybody from his results
            return
