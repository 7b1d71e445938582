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
from threading import Thread

import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent
STOPS = int(os.environ.get("SEGMENT_LIB_STOPS", "4"))
TOKEN = "SEGMENT_LIB_STOPPED_BY"  # in the environment of all that a run has started
DIRECT = [sys.executable, "-P", "-m", "segment_lib"]
KIT = [sys.executable, str(ROOT / "kit.py")]
STEPS = 15  # register, eleven notebooks, tables, report, workbook
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
        self.run_through()
        self.seconds = time.monotonic() - began
        self.left = self.files()
        (self.out / "sixty" / "覚え書き.txt").write_text("mine", encoding="utf-8")

    def run_through(self) -> None:
        run = self.started(KIT)
        said = run.communicate()[1]
        assert run.returncode == 0, said

    def started(self, how: list[str], token: str = "none") -> subprocess.Popen[str]:
        call = [*how, "run", "--client", str(self.toml), "--out", str(self.out)]
        return subprocess.Popen(
            call, cwd=ROOT, env=os.environ | {TOKEN: token, "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            encoding="utf-8",
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


def same(files: dict[str, str]) -> dict[str, str]:
    return {name: sha for name, sha in files.items() if not name.startswith(DIFFERENT)}


WAYS = [
    ("SIGKILL", "kit.py", "kit.py"), ("SIGKILL", "kit.py", "its walk"),
    *((name, how, how) for name in ("SIGINT", "SIGHUP", "SIGTERM") for how in ("kit.py", "walk")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "how", "whom"), WAYS)
def test_stopped_at_random_moments(
    name: str, how: str, whom: str, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    """`how` the run was started, `whom` the signal meets."""
    rng = random.Random(f"{name} {whom}")
    times = -(-STOPS // 2) if name == "SIGKILL" else -(-STOPS // 10)
    with capsys.disabled():
        print(f"\n{name} to {whom}; a run takes {client.seconds:.0f} s", flush=True)
        print("  step  and s  code  gone after s  left", flush=True)
        stopped = 0
        while stopped < times:
            step = rng.randint(0, STEPS)  # the last three are quick
            moment = step, rng.uniform(0.3, 0.6 if step > 12 else client.seconds / STEPS)
            line, code = stop_once(client, getattr(signal, name), (how, whom), moment)
            print(line, flush=True)
            stopped += code != 0  # 0: it was done already
        client.run_through()
        own = {"覚え書き.txt": hashlib.sha256(b"mine").hexdigest()}
        assert same(client.files()) == same(client.left) | own
        assert client.hidden() == []
        print("  the next run: equal, nothing beside the results", flush=True)


def stop_once(
    client: Client, number: int, way: tuple[str, str], moment: tuple[int, float]
) -> tuple[str, int]:
    """Stop a run, some seconds into one of its steps, and look at what is left; one line of the
    table, and the exit code. (By steps, as a run takes longer where others use the machine.)"""
    token, before = f"{time.time_ns()}", client.files()
    run = client.started(KIT if way[0] == "kit.py" else DIRECT, token)
    wait_for_step(run, moment[0])
    time.sleep(moment[1])  # if this test is itself stopped here, the run goes on to its end
    began = time.monotonic()
    try:
        process = psutil.Process(run.pid)
        (process.children()[0] if way[1] == "its walk" else process).send_signal(number)
    except (psutil.Error, IndexError):  # it has come to its end already
        pass
    assert run.stderr is not None
    said = run.stderr.read()
    run.wait()
    while of_token(token) and time.monotonic() - began < 20:
        time.sleep(0.1)
    gone = time.monotonic() - began
    assert not of_token(token), "processes live on"
    after, hidden = client.files(), client.hidden()
    if after != before:  # the signal came when all was in place
        assert same(after) == same(before)
        assert after["run.json"] != before["run.json"]
    if number != signal.SIGKILL:
        assert hidden == []
    if run.returncode != 0:
        check_what_was_said(number, way[1], run.returncode, said)
    state = "new" if after != before else "last"
    seen = f"{state} results, beside them {', '.join(hidden) or 'nothing'}"
    line = f"  {moment[0]:4}  {moment[1]:5.1f}  {run.returncode:>4}  {gone:12.1f}  {seen}"
    return line, run.returncode


def wait_for_step(run: subprocess.Popen[str], step: int) -> None:
    """Read what the run prints until it has begun that many steps; a thread reads on."""
    assert run.stdout is not None
    for _ in range(step):
        while (sign := run.stdout.read(1)) not in ("…", ""):
            pass
        if not sign:
            return
    Thread(target=run.stdout.read, daemon=True).start()


def check_what_was_said(number: int, whom: str, code: int, said: str) -> None:
    if whom == "its walk":
        assert code == 3
        assert said.startswith("処理が外から止められました（シグナル9）。")
    elif number == signal.SIGKILL:
        assert (code, said) == (-9, "")
    else:
        assert (code, said) == (128 + number, "中止しました。\n")
