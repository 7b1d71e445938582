#!/usr/bin/env python3
"""One command for everything. It needs Python 3.11 or newer and nothing else.

    python3 kit.py run [--client PATH/client.toml] [--out DIR] [--language en|ja]
    python3 kit.py test [--all]               linter, types, tests, notebooks (--all: slow ones too)
    python3 kit.py lab [--client FILE]        the notebooks in JupyterLab; a client gets its own
    python3 kit.py new NAME --lists FILE ...  begin a client.toml for your own lists
    python3 kit.py check --client FILE        read the lists, say what is kept and set aside
    python3 kit.py keys                       all that can be declared of a list
    python3 kit.py same --client FILE         who may stand in the lists twice, for you to say
    python3 kit.py review --client FILE --import WORKBOOK   take over what a reviewer decided
    python3 kit.py share --client FILE        a copy of the results that names nobody, to hand on
    python3 kit.py refresh                    execute the notebooks anew, into place
    python3 kit.py reset [--client FILE]      remove what a run left
    python3 kit.py reset --notebooks ...      bring the kit's notebooks back to a client

On Windows: py kit.py run.
The first call makes .venv from requirements.lock (once, a minute or two); the first `test` adds
what stands in requirements-test.lock.
Exit code: 0 done, 1 the data, client.toml or this machine needs a hand, 2 wrong call, 3 our fault,
128 and the number of the signal where it was stopped.
"""

from __future__ import annotations

import contextlib
import errno
import gettext
import hashlib
import importlib.util
import json
import locale
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import FrameType
from typing import IO

N_ = str  # marks a text for the catalogue; it is looked up when it is said
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "requirements-test.lock"
NOTE = VENV / "made_from.json"
FROM_LOCK = ("--require-hashes", "--no-deps", "--no-compile", "-r")
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOOKED_AT = ("segment_lib", "sample_data/make", "tests", "benchmarks", "notebooks", "kit.py")
COMMANDS = (
    "run", "test", "lab", "new", "check", "keys", "same", "review", "share", "refresh", "reset",
)  # fmt: skip
RUN_LIMIT = 60 * float(os.environ.get("SEGMENT_LIB_LIMIT_MINUTES", "45"))
TEST_LIMIT = 60 * 75  # against a hang only: a slow machine is given its time
SIGNALS = [s for s in signal.Signals if s.name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")]
CLOSING = re.compile(r"\b(passed|failed|errors?|skipped|no tests ran)\b.* in ([\d.]+)s")
COUNT = re.compile(r"(\d+) (failed|passed|skipped|deselected|xfailed|xpassed|warning|error)s?\b")
LANGUAGE = re.compile(r"""^\s*language\s*=\s*["'](en|ja)["']""", re.M)
NO_VENV = N_(
    "This Python cannot make an environment (venv or ensurepip is missing). "
    "On Debian or Ubuntu: sudo apt install python3-venv. Then run this again."
)
NO_PACKAGES = N_(
    "The packages could not be installed; the last lines are above, all of them in {log}. "
    "Most often it is the network: behind a proxy set HTTPS_PROXY=http://name:port, with a company "
    "certificate PIP_CERT=path/to/certificate.pem, and run this again."
)
OTHER_PACKAGE = N_(
    "A package was refused: its hash is not the one that the lock names. Either the lock "
    "was changed on this machine, or the package on its way here. Take the lock from a fresh copy "
    "of the kit; if that is refused too, tell whoever runs your network. All lines are in {log}"
)
TEST_HELP = N_("""usage: kit.py test [--all]

Linter, layout and types, the tests, then the notebooks; with --all also the tests that take
minutes each.""")
DISK_FULL = N_("The disk is full. Make room (the environment needs 1.5 GB) and run this again.")

twins = gettext.NullTranslations()  # of what is said, in the language of this call


class Stopped(Exception):
    """A sentence for the user, and the exit code."""

    def __init__(self, sentence: str, code: int = 3) -> None:
        super().__init__(sentence)
        self.code = code


def _(text: str, **fields: object) -> str:
    """The sentence in the language of this call, its fields filled in."""
    said = twins.gettext(text)
    return said.format(**fields) if fields else said


def language_of(arguments: list[str]) -> str:
    """--language, else what the client.toml that is named says, else the system's.

    The same rule as in the package (`segment_lib/__main__.py`), which is not there yet.
    """
    stated = {"--language": "", "--client": ""}
    for at, one in enumerate(arguments):
        name, _equals, value = one.partition("=")
        if name in stated:
            stated[name] = value or "".join(arguments[at + 1 : at + 2])
    if stated["--language"] in ("en", "ja"):
        return stated["--language"]
    with contextlib.suppress(OSError, ValueError):
        if Path(stated["--client"]).is_file():
            text = Path(stated["--client"]).read_bytes().replace(b"\0", b"")  # UTF-16 has some
            found = LANGUAGE.search(text.decode("utf-8", errors="replace"))
            if found:
                return found[1]
    named = [name for name in map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG")) if name]
    with contextlib.suppress(ValueError):  # a name that Python does not know
        named.append(locale.getlocale()[0] or "")
    return "ja" if named and re.match(r"ja(panese|[^a-z]|$)", named[0], re.I) else "en"


def main(arguments: list[str]) -> int:
    """Make the environment if needed, then hand over."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console of Windows may lack a sign
            stream.reconfigure(errors="replace")
    global twins
    where = ROOT / "segment_lib" / "locale"
    twins = gettext.translation("segment_lib", where, [language_of(arguments)], fallback=True)
    if sys.version_info < (3, 11):  # noqa: UP036 (whoever starts it may have an older one)
        found = ".".join(map(str, sys.version_info[:2]))
        needed = _(
            "Python 3.11 or newer is needed; this is {found}. Get it from python.org.", found=found
        )
        return say(needed, 2)
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_(str(__doc__)))
        return 0 if arguments else 2
    command, rest = arguments[0], arguments[1:]
    if command not in COMMANDS:
        known = ", ".join(COMMANDS)
        says = _(
            "kit.py does not know '{command}'. It knows: {known}.", command=command, known=known
        )
        return say(says, 2)
    if command == "test" and rest in (["-h"], ["--help"]):
        print(_(TEST_HELP))
        return 0
    if command == "test" and rest not in ([], ["--all"]):
        return say(_("kit.py test takes --all or nothing, not {rest}.", rest=" ".join(rest)), 2)
    try:
        for number in SIGNALS:
            if signal.getsignal(number) != signal.SIG_IGN:  # as nohup wants it
                signal.signal(number, told_to_stop)
        make_environment(with_tests=command == "test")
        return test(bool(rest)) if command == "test" else hand_over(command, rest)
    except Stopped as stop:
        return say(str(stop), stop.code)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            return say(_(DISK_FULL), 1)
        says = _(
            "{what}: {file}. Put that right and run this again.",
            what=error.strerror,
            file=error.filename,
        )
        return say(says, 1)


def told_to_stop(number: int, _frame: FrameType | None) -> None:
    """Ctrl-C, a closed window and the like: once, so that nothing disturbs the ending."""
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    raise Stopped(_("Stopped."), 128 + number)


def say(sentence: str, code: int) -> int:
    """Print `sentence` as an error and give `code` back."""
    with contextlib.suppress(OSError):  # the window was closed: nobody reads it
        print(sentence, file=sys.stderr, flush=True)
    return code


def hand_over(command: str, rest: list[str]) -> int:
    """Run the package in its environment; the walk has a limit, and one retry should it hang."""
    call = [str(PYTHON), "-P", "-m", "segment_lib", command, *rest]
    if command != "run":
        return explained(execute(call))
    for _attempt in (1, 2):
        try:
            return explained(execute(call, limit=RUN_LIMIT))
        except subprocess.TimeoutExpired:
            says = _(
                "The walk was not done after {minutes:g} minutes and was stopped.",
                minutes=RUN_LIMIT / 60,
            )
            say(f"\n{says}", 3)
    raise Stopped(
        _(
            "It was tried twice. If the lists are large, allow more minutes: set "
            "SEGMENT_LIB_LIMIT_MINUTES."
        )
    )


def explained(code: int) -> int:
    """The exit code of the package; where it was stopped or killed, the sentence for that."""
    if code < 0:
        says = _(
            "The work was ended from outside (signal {number}); what stood before stands as it "
            "was. Most often the memory was full: close other programs and run this again.",
            number=-code,
        )
        raise Stopped(says, 3)
    if code - 128 in SIGNALS:
        raise Stopped(_("Stopped."), code)
    return code


def test(everything: bool) -> int:
    """A look at the code, the tests in two processes, the notebooks beside them; one closing line.

    The notebooks run on a copy, one after the other, each with a kernel of its own: what they say
    comes behind what the tests say.
    """
    began = time.perf_counter()
    looked, first = look_over()
    pytest = [str(PYTHON), "-P", "-m", "segment_lib.ending", "pytest"]
    pytest += ["-q", "-p", "no:cacheprovider"]
    pytest += ["-c", str(ROOT / "pyproject.toml")]
    which = [] if everything else ["-m", "not slow"]
    paths = [str(ROOT / name) for name in ("tests", "segment_lib")]
    strict = sys.platform.startswith("linux")
    if not strict:
        print(
            _("Notebooks: outputs are compared on Linux only; here they must run without errors.")
        )
    with tempfile.TemporaryDirectory() as scratch:
        copy = "import sys, pathlib, segment_lib.walk as w; w.copy_to(pathlib.Path(sys.argv[1]))"
        if execute([str(PYTHON), "-P", "-c", copy, scratch]) != 0:
            raise Stopped(_("The notebooks could not be copied."))
        nbval = ["--nbval" if strict else "--nbval-lax", "--nbval-current-env"]
        nbval += ["--nbval-cell-timeout=300", "--rootdir", scratch]
        nbval += ["--nbval-sanitize-with", str(ROOT / "tests/nbval.cfg")]
        said = Path(scratch, "notebooks.log")
        with said.open("w", encoding="utf-8") as file:
            notebooks = start([*pytest, *nbval, str(Path(scratch, "notebooks"))], file)
        try:
            code, line = listen([*pytest, "-n", "2", "--dist", "loadfile", *which, *paths])
            second = notebooks.wait(TEST_LIMIT)
        except BaseException:
            end(notebooks)
            raise
        lines = said.read_text(encoding="utf-8", errors="replace").splitlines()
    print("\n".join(lines))
    other = next((one.strip() for one in reversed(lines) if CLOSING.search(one)), "")
    print(closing_line([first, line, other], time.perf_counter() - began), flush=True)
    return code or second or looked


def look_over() -> tuple[int, str]:
    """Linter, layout and types over the kit's own files; exit code and closing line as of pytest.

    What lies beside them, a client's lists and notebooks that a run left, is not looked at.
    """
    began = time.perf_counter()
    calls = {
        "ruff check": ["ruff", "check", "--no-cache", "--quiet", *LOOKED_AT],
        "ruff format": ["ruff", "format", "--no-cache", "--quiet", "--check", *LOOKED_AT],
        "mypy": ["mypy", "--no-error-summary"],
    }
    failed = 0
    for name, call in calls.items():
        good = execute([str(PYTHON), "-P", "-m", *call], folder=ROOT) == 0
        failed += not good
        print(
            _("{name}: passed", name=name) if good else _("{name}: failed", name=name), flush=True
        )
    counts = [f"{failed} failed"] * (failed > 0) + [f"{len(calls) - failed} passed"]
    return min(failed, 1), f"{', '.join(counts)} in {time.perf_counter() - began:.2f}s"


def closing_line(runs: list[str], seconds: float) -> str:
    """The closing lines of several pytest runs as one, e.g. `3 failed, 80 passed in 61.20s`."""
    total: dict[str, int] = {}
    for line in runs:
        for count, word in COUNT.findall(line):
            total[word] = total.get(word, 0) + int(count)
    if not all(runs):
        total["error"] = total.get("error", 0) + runs.count("")
    order = ("failed", "error", "passed", "skipped", "deselected", "xfailed", "xpassed", "warning")
    plural = {"error": "errors", "warning": "warnings"}
    shown = [f"{total[w]} {plural.get(w, w) if total[w] > 1 else w}" for w in order if w in total]
    return f"===== {', '.join(shown)} in {seconds:.2f}s ====="


def make_environment(with_tests: bool) -> None:
    """Make .venv from the lock, unless it was made from this very lock, in this very place.

    What only tests need comes from a lock of its own, when they are first asked for; it stays.
    """
    wanted = {"lock": digest(LOCK), "folder": str(ROOT), "python": sys.version.split()[0]}
    there = json.loads(NOTE.read_text("utf-8")) if PYTHON.exists() and NOTE.exists() else {}
    tests = digest(TEST_LOCK) if with_tests else there.get("test_lock")
    without = {name: value for name, value in there.items() if name != "test_lock"}
    # An older lock of tests may have left what the newer one does not name: all is made anew.
    if without != wanted or there.get("test_lock", tests) != tests:
        fill_environment()
        NOTE.write_text(json.dumps(wanted, indent=1), encoding="utf-8")
        there = wanted
    if with_tests and "test_lock" not in there:
        print(_("Adding what the tests need, once."), flush=True)
        install([*FROM_LOCK, str(TEST_LOCK)])
        NOTE.write_text(json.dumps({**wanted, "test_lock": tests}, indent=1), encoding="utf-8")


def digest(file: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def fill_environment() -> None:
    """A new .venv with what the walk needs."""
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise Stopped(_(NO_VENV), 1)
    print(_("Making the environment in .venv, once; it takes a minute or two."), flush=True)
    base = getattr(sys, "_base_executable", None) or sys.executable
    if execute([base, "-m", "venv", "--clear", str(VENV)]) != 0:
        failed = _("The environment could not be made in {folder}.", folder=VENV)
        raise Stopped(f"{failed} {_(NO_VENV)}", 1)
    install(["--upgrade", "pip"])
    install([*FROM_LOCK, str(LOCK)])
    install(["--no-deps", "--no-build-isolation", "-e", str(ROOT)])


def install(what: list[str]) -> None:
    """One call of pip; what it says goes to a log, and is shown if it fails."""
    log = VENV / "install.log"
    call = [str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", *what]
    with log.open("a", encoding="utf-8") as file:
        code = execute(call, output=file)
    if code != 0:
        print("\n".join(log.read_text("utf-8", errors="replace").splitlines()[-8:]))
        raise Stopped(why_not_installed(log), 1)


def why_not_installed(log: Path) -> str:
    """What to do, by what pip said last."""
    said = log.read_text("utf-8", errors="replace")[-20_000:]
    if "DO NOT MATCH THE HASHES" in said:
        return _(OTHER_PACKAGE, log=log)
    return _(DISK_FULL) if "No space left" in said else _(NO_PACKAGES, log=log)


def surroundings() -> dict[str, str]:
    """The environment of every child: UTF-8, no foreign packages, an own place for settings.

    SEGMENT_LIB_UNDER_KIT tells it to end when its stdin does, that is, when this program ends.
    """
    own = dict(os.environ)
    for name in ("PYTHONPATH", "PYTHONHOME"):
        own.pop(name, None)
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        own[name] = str(VENV / "settings" / name.lower())
    own["MPLCONFIGDIR"] = str(VENV / "settings" / "matplotlib")
    if VENV.is_dir():  # IPython warns about a folder that is not there yet
        Path(own["IPYTHONDIR"]).mkdir(parents=True, exist_ok=True)
    own |= {"PYTHONUTF8": "1", "PYTHONNOUSERSITE": "1", "PIP_USER": "0"}
    return {**own, "SEGMENT_LIB_UNDER_KIT": "1"}


def execute(
    call: list[str],
    limit: float | None = None,
    output: IO[str] | None = None,
    folder: Path | None = None,
) -> int:
    """Run a child to its end and give its exit code; past `limit` seconds it is ended."""
    child = start(call, output, folder)
    try:
        return child.wait(limit)
    except BaseException:
        end(child)
        raise


def listen(call: list[str]) -> tuple[int, str]:
    """Run pytest, print what it says as it says it; its exit code and its closing line."""
    child = start(call, subprocess.PIPE)
    clock = threading.Timer(TEST_LIMIT, end, [child])
    clock.start()
    closing = ""
    try:
        for line in child.stdout or []:
            print(line, end="", flush=True)
            closing = line.strip() if CLOSING.search(line) else closing
        return child.wait(), closing
    except BaseException:
        end(child)
        raise
    finally:
        clock.cancel()


def start(
    call: list[str], output: IO[str] | int | None, folder: Path | None = None
) -> subprocess.Popen[str]:
    """Start a child in a group of its own, so that it can be ended with all it has started.

    Its stdin is a pipe that nobody writes into: it ends with this program, even if that is killed.
    """
    both = None if output is None else subprocess.STDOUT
    return subprocess.Popen(
        call,
        cwd=folder,
        env=surroundings(),
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=both,
        encoding="utf-8",
        errors="replace",
        start_new_session=os.name != "nt",
    )


def end(child: subprocess.Popen[str]) -> None:
    """End a child and what it has started."""
    if os.name == "nt":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(child.pid)], capture_output=True)
    else:
        for how in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(10)
                break
    child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
