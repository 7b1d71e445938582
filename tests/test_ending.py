"""Told to end, a process of the kit ends at once, with all it has started, and says so once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are another thing on Windows")
# As the walk: a child in a session of its own, something to clean up, a signal that comes.
WORKING = """
import subprocess, sys, time
from pathlib import Path
from segment_lib.ending import cleaned, end_when_told, own_scratch
end_when_told()
scratch = own_scratch()
scratch.__enter__()
import tempfile
unpacked = tempfile.mkdtemp()
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"],
                         start_new_session=True)
with cleaned(Path(sys.argv[1]).unlink):
    print(child.pid, unpacked, flush=True)
    time.sleep(60)
"""


class Working:
    """A process at work, and the child that it has started."""

    def __init__(self, folder: Path, under_kit: bool) -> None:
        self.half_made = folder / "half made"
        self.half_made.write_text("…", encoding="utf-8")
        more = {"SEGMENT_LIB_UNDER_KIT": "1"} if under_kit else {}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", WORKING, str(self.half_made)],
            stdin=-1, stdout=-1, stderr=-1, encoding="utf-8", env=os.environ | more,
            preexec_fn=listening,
        )  # fmt: skip
        assert self.process.stdout is not None
        pid, unpacked = self.process.stdout.readline().split()
        self.child, self.unpacked = psutil.Process(int(pid)), Path(unpacked)
        assert self.unpacked.is_dir()

    def end(self) -> tuple[int, str]:
        """Wait for the end: exit code and what was said on stderr."""
        said = self.process.communicate(timeout=20)[1]
        assert not self.half_made.exists()
        assert not self.unpacked.parent.exists()
        assert not self.child.is_running() or self.child.status() == psutil.STATUS_ZOMBIE
        return self.process.returncode, said


def listening() -> None:
    """Even where the tests themselves run in the background, with signals ignored."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Working]:
    working = Working(tmp_path, under_kit=False)
    yield working
    working.process.kill()


@pytest.fixture
def under_kit(tmp_path: Path) -> Iterator[Working]:
    working = Working(tmp_path, under_kit=True)
    yield working
    working.process.kill()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_all_of_it_with_one_word(name: str, alone: Working) -> None:
    number = getattr(signal, name)
    alone.process.send_signal(number)
    alone.process.send_signal(number)  # an impatient second one disturbs nothing
    assert alone.end() == (128 + number, "Stopped.\n")


def test_it_says_so_in_the_language_of_the_moment() -> None:
    code = (
        "import os, signal; from segment_lib.ending import end_when_told\n"
        "from segment_lib.voice import use_language; use_language('ja'); end_when_told()\n"
        "os.kill(os.getpid(), signal.SIGTERM)"
    )
    call = [sys.executable, "-P", "-X", "utf8", "-c", code]
    done = subprocess.run(call, capture_output=True, encoding="utf-8", preexec_fn=listening)
    assert (done.returncode, done.stderr) == (143, "中止しました。\n")


def test_the_end_of_kit_ends_it_without_a_word(under_kit: Working) -> None:
    assert under_kit.process.stdin is not None
    time.sleep(0.5)
    assert under_kit.process.poll() is None
    under_kit.process.stdin.close()  # as the system does it for a kit.py that was killed
    under_kit.process.stdin = None
    assert under_kit.end() == (143, "")


def test_who_pipes_something_in_is_not_ended_when_it_ends(alone: Working) -> None:
    assert alone.process.stdin is not None
    alone.process.stdin.close()
    alone.process.stdin = None
    time.sleep(1)
    assert alone.process.poll() is None


def test_what_nohup_ignores_stays_ignored(tmp_path: Path) -> None:
    code = (
        "import os, signal; from segment_lib.ending import end_when_told\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN); end_when_told()\n"
        "os.kill(os.getpid(), signal.SIGHUP); print('goes on')"
    )
    call = [sys.executable, "-P", "-c", code]
    assert subprocess.run(call, capture_output=True, encoding="utf-8").stdout == "goes on\n"


def test_the_command_line_listens_before_it_loads_anything_large() -> None:
    """A signal in the seconds in which pandas is loaded would end it in Python's own way."""
    code = "import sys, segment_lib.__main__; print({'pandas', 'numpy', 'ibis'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, encoding="utf-8")
    assert (done.stdout, done.stderr) == ("set()\n", "")


def test_another_module_runs_under_the_same_rule() -> None:
    call = [sys.executable, "-P", "-m", "segment_lib.ending", "json.tool", "--sort-keys"]
    done = subprocess.run(call, input='{"b": 1, "a": 2}', capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout.split()) == (0, ["{", '"a":', "2,", '"b":', "1", "}"])


def test_a_kernel_ends_with_the_walk_that_was_killed(tmp_path: Path) -> None:
    """Nothing can be cleaned up then: the kernel sees that its parent has gone."""
    code = (
        "import sys; from pathlib import Path; from nbformat import v4\n"
        "from segment_lib.execution import Kernels\n"
        "cell = v4.new_code_cell('import os, pathlib, time; '\n"
        "    'pathlib.Path(\"pid\").write_text(str(os.getpid())); time.sleep(60)')\n"
        "with Kernels(Path(sys.argv[1])) as kernels:\n"
        "    kernels.execute(v4.new_notebook(cells=[cell]))\n"
    )
    walk = subprocess.Popen([sys.executable, "-P", "-c", code, str(tmp_path)])
    pid = tmp_path / "pid"
    for _ in range(600):
        if pid.exists() and pid.read_text():
            break
        time.sleep(0.1)
    kernel = psutil.Process(int(pid.read_text()))
    walk.kill()
    walk.wait()
    kernel.wait(timeout=15)
