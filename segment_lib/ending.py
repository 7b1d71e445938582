"""How a process of the kit ends when it is told to: at once, and with all that it has started.

INT, TERM, HUP (Windows: BREAK) and the death of kit.py end it alike. Nothing half-made stands in
the results (results_folder.py), so an abrupt end is safe, and no library gets to answer a signal in
its own way: nbclient and asyncio would, with tracebacks. Kernels live in sessions of their own, so
no signal to a group reaches them: they are found as children, by psutil.

``python -m segment_lib.ending pytest …`` runs another module under the same rule.
"""

from __future__ import annotations

import os
import runpy
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import psutil  # here, not where it is used: a process that is ending imports nothing any more

from segment_lib.voice import _

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
UNDER_KIT = "SEGMENT_LIB_UNDER_KIT"  # set by kit.py, whose end is the end of our stdin
AT_MOST = 5  # seconds until a process that is deep in a computation is ended from beside

_cleaners: list[Callable[[], object]] = []
_leaving = threading.Lock()
_quiet = threading.Event()  # kit.py says "Stopped." itself


def end_when_told() -> None:
    """From now on a signal, or the end of kit.py, ends this process and its children."""
    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # nohup stays
            signal.signal(number, _told)
    if os.environ.pop(UNDER_KIT, ""):
        _quiet.set()
        private = os.dup(0)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)  # children get no pipe of ours to wait on
        os.close(nothing)
        threading.Thread(target=_end_with_kit, args=[private], daemon=True).start()


@contextmanager
def cleaned(cleaner: Callable[[], object]) -> Iterator[None]:
    """Within it, `cleaner` is called should the process be told to end; afterwards no more."""
    _cleaners.append(cleaner)
    try:
        yield
    finally:
        _cleaners.remove(cleaner)


@contextmanager
def own_scratch() -> Iterator[None]:
    """Temporary files, unpacked lists among them, lie in one folder, which goes however it ends."""
    with tempfile.TemporaryDirectory(prefix="segment_lib-", ignore_cleanup_errors=True) as folder:
        tempfile.tempdir = folder
        os.environ |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder)  # for the kernels
        with cleaned(lambda: shutil.rmtree(folder, ignore_errors=True)):
            yield


def end_children(patience: float = 0) -> None:
    """End all that this process has started; with `patience` (seconds) it may end by itself."""
    children = psutil.Process().children(recursive=True)
    for how, seconds in (("terminate", patience), ("kill", 3)):
        if seconds:
            for child in children:
                with suppress(psutil.Error):
                    getattr(child, how)()
            _, children = psutil.wait_procs(children, seconds)


def _told(number: int, _frame: FrameType | None) -> None:
    _leave(number)


def _leave(number: int) -> None:
    """End the children, clean up, say so, end; being told twice changes nothing."""
    if not _leaving.acquire(blocking=False):
        return
    for clean in [*reversed(_cleaners), end_children]:
        with suppress(Exception):
            clean()
    if not _quiet.is_set():
        encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
        with suppress(OSError):
            os.write(2, (_("Stopped.") + "\n").encode(encoding, errors="replace"))
    os._exit(128 + number)


def _end_with_kit(pipe: int) -> None:
    """Wait until kit.py has gone: nobody writes into the pipe, so reading ends when it ends."""
    with suppress(OSError):
        while os.read(pipe, 1024):
            pass
    if sys.platform == "win32":
        signal.raise_signal(signal.SIGTERM)
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
    time.sleep(AT_MOST)
    _leave(signal.SIGTERM)


def main() -> None:
    """Run the module named first as if it had been called, and end when told."""
    end_when_told()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
