"""Set-up: kit.py needs nothing, the three lists of packages agree, no machine shows through."""

from __future__ import annotations

import ast
import importlib
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
BINARY = {".xlsx", ".parquet", ".png", ".db", ".sqlite", ".xls", ".ico"}
# Written in two halves, so that this file does not hold them itself.
TRACES = [
    "/wo" "rk/", "/t" "mp/", "/ro" "ot/", "/ho" "me/", "/op" "t/", "/Us" "ers/",
    "pypi" ".org", "python" "hosted", "pypi" ".python", "anaconda" ".org", "npm" "js",
    "index" "-url", "find" "-links", "file:" "//", "local" "host:",
]  # fmt: skip


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def locked() -> dict[str, str]:
    """Each block of the lock by the name of its package."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
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


def test_pyproject_and_lock_agree() -> None:
    stated = project()["dependencies"] + project()["optional-dependencies"]["test"]
    lock = locked()
    for line in stated:
        wanted = Requirement(line)
        versions = re.findall(r"^\S+?==([^\s;\\]+)", lock[canonicalize_name(wanted.name)], re.M)
        assert all(wanted.specifier.contains(version) for version in versions), line


def test_the_build_backend_is_in_the_lock() -> None:
    assert {"setuptools", "wheel"} <= set(locked())


def test_conda_takes_the_same_lock() -> None:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines() if not line.startswith("#")]
    stated = lines[lines.index("dependencies:") + 1 :]
    assert stated == ["- python=3.11", "- pip", "- pip:", "- -r requirements.lock"]
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
    stated = (ROOT / "environment.yml").read_text(encoding="utf-8")
    (name,) = re.findall(r"^name: (\S+)$", stated, re.M)
    told = (ROOT / "README.md").read_text(encoding="utf-8") + stated
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
    assert closing_line(both) == ("===== 2 failed, 1 error, 83 passed, 1 warning in 80.00s =====")
    assert closing_line(["5 passed in 1.00s", ""]) == "===== 1 error, 5 passed in 1.00s ====="
