"""Set-up: kit.py needs nothing, the lists of packages agree, no machine shows through."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-test.lock")
BINARY = {".xlsx", ".parquet", ".png", ".db", ".sqlite", ".xls", ".ico"}
# Written in two halves, so that this file does not hold them itself.
TRACES = [
    "/wo" "rk/", "/t" "mp/", "/ro" "ot/", "/ho" "me/", "/op" "t/", "/Us" "ers/",
    "pypi" ".org", "python" "hosted", "pypi" ".python", "anaconda" ".org", "npm" "js",
    "index" "-url", "find" "-links", "file:" "//", "local" "host:",
]  # fmt: skip


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def stated(*extras: str) -> list[Requirement]:
    """What pyproject.toml asks for, with these extras; itself aside."""
    lines = project()["dependencies"][:]
    for extra in extras:
        lines += project()["optional-dependencies"][extra]
    return [one for one in map(Requirement, lines) if one.name != "segment_lib"]


def locked(*names: str) -> dict[str, str]:
    """Each block of the locks by the name of its package."""
    text = "".join((ROOT / name).read_text(encoding="utf-8") for name in names or LOCKS)
    blocks: dict[str, str] = {}
    for block in re.split(r"\n(?=\S)", text.strip()):
        name = canonicalize_name(block.split("==")[0])
        blocks[name] = blocks.get(name, "") + block + "\n"
    return blocks


def tracked() -> list[Path]:
    """The files that are, or would be, committed."""
    call = ["git", "-C", str(ROOT), "ls-files", "-z", "-c", "-o", "--exclude-standard"]
    found = subprocess.run(call, capture_output=True, check=False)
    if found.returncode:
        pytest.skip("this is not a git clone: its files cannot be told from what a run left")
    names = found.stdout.decode("utf-8").split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    """What a person could read in a file; pictures in a notebook are letters by chance."""
    if path.suffix != ".ipynb":
        return path.read_bytes().decode("utf-8", errors="replace")
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("image/png", None)
    return nbformat.writes(notebook)


def test_kit_needs_the_standard_library_only() -> None:
    source = (ROOT / "kit.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 11))
    names = {
        name.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in node.names
    } | {node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= set(sys.stdlib_module_names)


def test_an_old_python_can_read_kit_far_enough_to_say_so() -> None:
    ast.parse((ROOT / "kit.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_every_package_in_the_lock_has_its_hashes() -> None:
    for name, block in locked().items():
        pins = [line for line in block.splitlines() if not line.startswith(" ")]
        assert all("==" in pin for pin in pins), name
        assert block.count("--hash=sha256:") >= len(pins), name


@pytest.mark.parametrize(
    ("extras", "locks"), [(("notebooks", "postgres"), LOCKS[:1]), (("test",), LOCKS)]
)
def test_pyproject_and_locks_agree(extras: tuple[str, ...], locks: tuple[str, ...]) -> None:
    lock = locked(*locks)
    for wanted in stated(*extras):
        versions = re.findall(r"^\S+?==([^\s;\\]+)", lock[canonicalize_name(wanted.name)], re.M)
        assert versions, wanted
        assert all(wanted.specifier.contains(version) for version in versions), wanted


def test_a_run_installs_nothing_that_only_tests_need() -> None:
    run, tests = (set(locked(name)) for name in LOCKS)
    assert not run & tests
    only = {canonicalize_name(one.name) for one in stated("test")[len(stated()) :]}
    # packaging and pytest come with nbval, babel with jupyterlab
    assert only - {"babel", "packaging", "pytest"} <= tests
    assert {"atheris", "mypy", "ruff", "hypothesis"} <= only


def test_tests_need_the_whole_kit() -> None:
    assert "segment_lib[notebooks,postgres]" in project()["optional-dependencies"]["test"]


def third_party(folder: Path) -> dict[str, set[str]]:
    """The distributions that modules import, each with the modules that do."""
    known = importlib.metadata.packages_distributions()
    found: dict[str, set[str]] = {}
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for top in {name.split(".")[0] for name in names} - set(sys.stdlib_module_names):
                for one in known.get(top, [top]):
                    found.setdefault(canonicalize_name(one), set()).add(path.stem)
    return found


def test_the_library_states_what_it_imports_and_nothing_else() -> None:
    base = {canonicalize_name(one.name) for one in stated()}
    walk = {canonicalize_name(one.name) for one in stated("notebooks")} - base
    used = third_party(ROOT / "segment_lib")
    for package in ("segment-lib", "typing-extensions"):  # the second for the type checker only
        used.pop(package, None)
    assert used.pop("babel") == {"make"}  # of the catalogue: no part of a run
    assert {name for name in used if name in walk} == {"nbformat", "nbclient", "jupyter-client"}
    assert set().union(*(used.pop(name) for name in walk & set(used))) == {
        "walk",
        "execution",
        "own_notebooks",
    }
    assert set(used) <= base
    assert base - set(used) == {"matplotlib-fontja"}  # found by its name, where Japanese is drawn


def test_the_build_backend_is_in_the_lock_of_a_run() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (backend,) = tomllib.loads(text)["build-system"]["requires"]
    assert Requirement(backend).name in locked(LOCKS[0])


def test_conda_takes_the_same_lock() -> None:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines() if not line.startswith("#")]
    named = lines[lines.index("dependencies:") + 1 :]
    assert named == ["- python=3.11", "- pip", "- pip:", "- -r requirements.lock"]
    wanted = {"jupyterlab", "pandas", "scikit-learn", "matplotlib", "nbval"}
    assert wanted <= set(locked(LOCKS[0]))
    assert Requirement("python" + project()["requires-python"]).specifier.contains("3.11")


def test_no_machine_and_no_registry_shows_through() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {trace}"
        for path in tracked()
        if path.suffix not in BINARY
        for trace in TRACES
        if trace in text_of(path)
    ]
    assert not found


def test_the_starters_can_be_started() -> None:
    assert (ROOT / "run.bat").read_bytes().count(b"\r\n") > 5
    if sys.platform != "win32":
        assert (ROOT / "run.command").stat().st_mode & 0o100
        assert (ROOT / ".ci" / "run").stat().st_mode & 0o100


def test_conda_has_one_name_everywhere() -> None:
    conda = (ROOT / "environment.yml").read_text(encoding="utf-8")
    (name,) = re.findall(r"^name: (\S+)$", conda, re.M)
    told = (ROOT / "README.md").read_text(encoding="utf-8") + conda
    assert set(re.findall(r"conda activate ([\w-]+)", told)) == {name} == {"segment-lib"}


@pytest.fixture
def kit(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT))
    return importlib.import_module("kit")


@pytest.mark.parametrize(
    ("pip_says", "sentence"),
    [
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE", "A package was refused: its"),
        ("OSError: [Errno 28] No space left on device", "The disk is full. Make room (the"),
        ("ERROR: Could not find a version", "The packages could not be installed; the last"),
    ],
)
def test_why_nothing_was_installed(
    pip_says: str, sentence: str, kit: ModuleType, tmp_path: Path
) -> None:
    log = tmp_path / "install.log"
    log.write_text(f"Collecting numpy\n{pip_says}\n", encoding="utf-8")
    assert kit.why_not_installed(log).startswith(sentence)


def test_a_walk_that_was_killed_is_told_as_such(kit: ModuleType) -> None:
    with pytest.raises(kit.Stopped, match=r"ended from outside \(signal 9\); what stood") as told:
        kit.explained(-9)
    assert told.value.code == 3
    with pytest.raises(kit.Stopped, match=r"^Stopped\.$") as told:
        kit.explained(143)
    assert told.value.code == 143
    assert [kit.explained(code) for code in range(4)] == [0, 1, 2, 3]


@pytest.mark.parametrize("call", [["--help"], ["-h"], ["test", "--help"], ["test", "-h"]])
def test_help_of_kit_on_a_console_of_windows(call: list[str]) -> None:
    own = {**os.environ, "PYTHONIOENCODING": "cp932", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, str(ROOT / "kit.py"), *call], capture_output=True, env=own
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"kit.py test" in done.stdout


def test_two_closing_lines_become_one(kit: ModuleType) -> None:
    closing_line = kit.closing_line
    both = ["2 failed, 80 passed, 1 warning in 75.32s (0:01:15)", "3 passed, 1 error in 4.68s"]
    assert closing_line(both, 80) == (
        "===== 2 failed, 1 error, 83 passed, 1 warning in 80.00s ====="
    )
    assert closing_line(["5 passed in 1.00s", ""], 1) == "===== 1 error, 5 passed in 1.00s ====="


@pytest.fixture
def small_kit(kit: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A kit of one small module, its settings, locks and what an environment of it would hold."""
    for folder in ("segment_lib", "sample_data/make", "tests", "benchmarks", "notebooks", ".venv"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("kit.py", "pyproject.toml", *LOCKS):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for name in ("segment_lib/one.py", "sample_data/make/two.py"):
        (tmp_path / name).write_text('"""A module."""\n', encoding="utf-8")
    monkeypatch.setattr(kit, "ROOT", tmp_path)
    monkeypatch.setattr(kit, "PYTHON", Path(sys.executable))
    for name, file in (
        ("LOCK", LOCKS[0]), ("TEST_LOCK", LOCKS[1]), ("NOTE", ".venv/made_from.json")
    ):  # fmt: skip
        monkeypatch.setattr(kit, name, tmp_path / file)
    return tmp_path


def test_linter_layout_and_types_count_in_the_closing_line(
    kit: ModuleType, small_kit: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code, line = kit.look_over()
    assert code == 0
    assert kit.closing_line([line, "5 passed in 1.00s"], 9).startswith("===== 8 passed in ")
    (small_kit / "segment_lib" / "one.py").write_text(
        '"""A module."""\nimport os\nnumber: int = \'no number\'\n', encoding="utf-8"
    )
    (small_kit / "clients").mkdir()
    (small_kit / "clients" / "mine.py").write_text("import  os\n", encoding="utf-8")
    capfd.readouterr()
    code, line = kit.look_over()
    told = capfd.readouterr()
    assert code == 1
    assert kit.closing_line([line, "5 passed in 1.00s"], 9).startswith(
        "===== 3 failed, 5 passed in "
    )
    assert all(f"{name}: failed" in told.out for name in ("ruff check", "ruff format"))
    assert "F401" in told.out
    assert "one.py:3: error: Incompatible types in assignment" in told.out
    assert "mine.py" not in told.out + told.err


def test_what_only_tests_need_is_installed_when_tests_are_asked_for(
    kit: ModuleType, small_kit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(kit, "fill_environment", lambda: done.append("filled"))
    monkeypatch.setattr(kit, "install", lambda what: done.append(Path(what[-1]).name))

    def made(with_tests: bool) -> list[str]:
        done.clear()
        kit.make_environment(with_tests)
        return done[:]

    assert made(False) == ["filled"]
    assert made(False) == []
    assert made(True) == ["requirements-test.lock"]
    assert made(True) == made(False) == []
    note = json.loads((small_kit / ".venv" / "made_from.json").read_text("utf-8"))
    assert sorted(note) == ["folder", "lock", "python", "test_lock"]
    with (small_kit / LOCKS[1]).open("a", encoding="utf-8") as lock:
        lock.write("# another one\n")
    assert made(False) == []  # a run does not ask for it
    assert made(True) == ["filled", "requirements-test.lock"]
    with (small_kit / LOCKS[0]).open("a", encoding="utf-8") as lock:
        lock.write("# another one\n")
    assert made(False) == ["filled"]
    assert made(True) == ["requirements-test.lock"]
