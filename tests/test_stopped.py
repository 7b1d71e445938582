"""A run that is stopped or killed at any moment: the last results stand, no process is left.

SEGMENT_LIB_STOPS=50 makes as many kills, and a fifth as many of each signal (an hour and more).
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent
STOPS = int(os.environ.get("SEGMENT_LIB_STOPS", "4"))
TOKEN = "SEGMENT_LIB_STOPPED_BY"  # in the environment of all that a run has started
DIRECT = [sys.executable, "-P", "-m", "segment_lib"]
KIT = [sys.executable, str(ROOT / "kit.py")]
DIFFERENT = ("run.json", "notebooks/")  # from run to run: seconds, kernels' chatter

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="signals are another thing on Windows"),
    pytest.mark.skipif(not (ROOT / ".venv" / "made_from.json").exists(), reason="not by kit.py"),
]


def sixty(folder: Path) -> Path:
    """An invented client of 60 customers; some bought once, some every month."""
    rng = random.Random(60)
    folder.mkdir(parents=True)
    people = ["会員番号,お名前,地域"] + [f"{n:03},客{n},{'東西南北'[n % 4]}" for n in range(60)]
    orders = ["会員番号,注文日,金額"]
    for customer in range(60):
        for _ in range(rng.choice((1, 1, 2, 4, 9, 14))):
            day = f"2025-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
            orders.append(f"{customer:03},{day},{rng.randint(5, 300) * 100}")
    (folder / "people.csv").write_text("\n".join(people) + "\n", encoding="utf-8")
    (folder / "orders.csv").write_text("\n".join(orders) + "\n", encoding="utf-8")
    (folder / "client.toml").write_text(
        '[client]\nname = "sixty"\nas_of = 2025-12-31\nlanguage = "ja"\n'
        '[lists.customers]\nfiles = ["people.csv"]\n'
        '[lists.customers.columns]\ncustomer_id = "会員番号"\nname = "お名前"\narea = "地域"\n'
        '[lists.orders]\nfiles = ["orders.csv"]\n'
        '[lists.orders.columns]\ncustomer_id = "会員番号"\nordered_on = "注文日"\n'
        'amount = "金額"\n',
        encoding="utf-8",
    )
    return folder / "client.toml"


class Client:
    """The sixty with finished results, how long a run takes, and what a run leaves."""

    def __init__(self, folder: Path) -> None:
        self.toml, self.out = sixty(folder / "client"), folder / "out"
        began = time.monotonic()
        code, said = self.started(KIT).wait(), ""
        assert code == 0, said
        self.seconds = time.monotonic() - began
        self.left = self.files()
        (self.out / "sixty" / "覚え書き.txt").write_text("mine", encoding="utf-8")

    def started(self, how: list[str], token: str = "none") -> subprocess.Popen[str]:
        call = [*how, "run", "--client", str(self.toml), "--out", str(self.out)]
        return subprocess.Popen(
            call, cwd=ROOT, env=os.environ | {TOKEN: token}, encoding="utf-8",
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip

    def files(self) -> dict[str, str]:
        """Every file of the results with the hash of its contents."""
        folder = self.out / "sixty"
        return {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def hidden(self) -> list[str]:
        """What lies beside the results."""
        return sorted(path.name for path in self.out.iterdir() if path.name != "sixty")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    # A test that is itself started in the background may have these ignored, and would hand it on.
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    return Client(tmp_path_factory.mktemp("stopped"))


def of_token(token: str) -> list[psutil.Process]:
    """All processes that the run with this token has started, itself included."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(TOKEN) == token and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            pass
    return found


def seconds_until_gone(token: str) -> float:
    """How long its processes live on; 20 s at most."""
    began = time.monotonic()
    while of_token(token) and time.monotonic() - began < 20:
        time.sleep(0.1)
    return time.monotonic() - began


def same(files: dict[str, str]) -> dict[str, str]:
    return {name: sha for name, sha in files.items() if not name.startswith(DIFFERENT)}


def walk_of(kit: subprocess.Popen[str]) -> psutil.Process:
    children = [psutil.Process(kit.pid)] if kit.args[0] == DIRECT[0] and "-m" in kit.args else []
    return (children or psutil.Process(kit.pid).children())[0]


@pytest.mark.parametrize("name", ["SIGKILL", "SIGINT", "SIGHUP", "SIGTERM"])
def test_stopped_at_random_moments(
    name: str, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    number = getattr(signal, name)
    rng = random.Random(name)
    times = STOPS if number == signal.SIGKILL else -(-STOPS // 5)
    table = [
        f"\n{name}: a run takes {client.seconds:.0f} s",
        "   to    after s  code  gone s  left",
    ]
    for turn in range(times):
        kind = ("kit.py", "walk")[turn % 2]
        table.append(stop_once(client, number, kind, rng.uniform(0.5, client.seconds)))
        if turn % 10 == 9 or turn == times - 1:
            assert client.started(KIT).wait() == 0
            assert same(client.files()) == same(client.left) | {
                "覚え書き.txt": hashlib.sha256(b"mine").hexdigest()
            }
            assert client.hidden() == []
            table.append("   the next run: equal, nothing beside the results")
    with capsys.disabled():
        print("\n".join(table), flush=True)


def stop_once(client: Client, number: int, kind: str, moment: float) -> str:
    """Stop a run, or kill kit.py or its walk, and look at what is left; one line of the table."""
    killed = number == signal.SIGKILL
    token, before = f"{time.time_ns()}", client.files()
    run = client.started(KIT if kind == "kit.py" or killed else DIRECT, token)
    time.sleep(moment)
    ended_before = run.poll() is not None
    try:
        (walk_of(run) if killed and kind == "walk" else psutil.Process(run.pid)).send_signal(number)
    except (psutil.Error, IndexError):
        ended_before = True
    said = run.communicate()[1]
    gone = seconds_until_gone(token)
    assert not of_token(token), "processes live on"
    after, hidden = client.files(), client.hidden()
    if after != before:  # it came to its end before the signal came to it
        assert same(after) == same(before)
        assert after["run.json"] != before["run.json"]
    if not ended_before and run.returncode != 0:
        check_what_was_said(number, kind, run.returncode, said)
    if not killed:
        assert hidden == []
    state = "new" if after != before else "last"
    return (
        f"  {kind:<6} {moment:6.1f}  {run.returncode:>4}  {gone:5.1f}  "
        f"{state} results, {', '.join(hidden) or 'nothing'} beside them"
    )


def check_what_was_said(number: int, kind: str, code: int, said: str) -> None:
    if number == signal.SIGKILL and kind == "walk":
        assert code == 3
        assert said.startswith("The work was ended from outside (signal 9); what stood before")
    elif number == signal.SIGKILL:
        assert (code, said) == (-9, "")
    else:
        assert (code, said) == (128 + number, "Stopped.\n")
