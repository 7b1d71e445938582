"""The library by itself: what the wheel holds, and what it does where there is no kit."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import segment_lib

ROOT = Path(__file__).resolve().parent.parent
# What a base installation lacks; None makes Python say that there is no such module.
LACKING = ("nbformat", "nbclient", "jupyter_client", "jupyterlab", "ipykernel", "psycopg", "pytest")
CALL = """
import runpy, sys
sys.path.insert(0, {library!r})
sys.modules |= dict.fromkeys({lacking!r})
runpy.run_module("segment_lib", run_name="__main__", alter_sys=True)
"""


def files(folder: Path) -> list[Path]:
    """The files in a folder, what Python compiled aside."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [path for path in found if path.suffix != ".pyc"]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network from the files that go into it."""
    source, dist = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for name in ("pyproject.toml", "README.md", "LICENSE", "kit.py"):
        shutil.copy(ROOT / name, source)
    for name in ("segment_lib", "sample_data/make"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    call = [sys.executable, "-P", "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps"]
    call += ["--no-build-isolation", "--wheel-dir", str(dist), str(source)]
    done = subprocess.run(call, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    (made,) = dist.glob("*.whl")
    return made


@pytest.fixture(scope="session")
def library(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked: what an installation puts into site-packages."""
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    return folder


def called(library: Path, stand_in: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line of the unpacked wheel, called by somebody who stands in a folder."""
    code = CALL.format(library=str(library), lacking=LACKING)
    return subprocess.run(
        [sys.executable, "-P", "-X", "utf8", "-c", code, *arguments],
        cwd=stand_in,
        capture_output=True,
        encoding="utf-8",
    )


def test_the_wheel_holds_the_library_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        entry = next(name for name in names if name.endswith("entry_points.txt"))
        assert "segment-lib = segment_lib.__main__:command_line" in packed.read(entry).decode()
    assert {name.split("/")[0] for name in names} == {
        "segment_lib",
        f"segment_lib-{segment_lib.__version__}.dist-info",
    }
    own = {path.relative_to(ROOT).as_posix() for path in files(ROOT / "segment_lib")}
    assert {name for name in names if name.startswith("segment_lib/")} == own
    assert {"segment_lib/py.typed", "segment_lib/report/page.html.j2"} <= own
    assert not [name for name in own if "sample" in name or name.endswith(".ipynb")]


def test_help_is_called_by_its_own_name(library: Path, tmp_path: Path) -> None:
    done = called(library, tmp_path, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: segment-lib ")


@pytest.mark.parametrize("command", ["run", "lab", "refresh"])
def test_what_needs_the_kit_says_where_to_get_it(
    command: str, library: Path, tmp_path: Path
) -> None:
    done = called(library, tmp_path, command)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"{command} needs the notebooks of the kit, which are no part of the installed library: "
        "get the kit, the whole folder that this library was built from (in it lies kit.py), and "
        f"call there: python3 kit.py {command}\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_new_check_and_same_work_where_one_stands(
    library: Path, orders_client: Path, tmp_path: Path
) -> None:
    before = files(library)
    stand_in = tmp_path / "desk"
    stand_in.mkdir()
    orders = orders_client.with_name("orders.csv")
    text = orders.read_text(encoding="utf-8").replace("id,day,total", "customer_id,date,amount")
    orders.write_text(text, encoding="utf-8")
    done = called(library, stand_in, "new", "mine", "--lists", str(orders))
    written = stand_in / "clients" / "mine" / "client.toml"
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Then: segment-lib check --client {written}" in done.stdout
    done = called(library, stand_in, "check", "--client", str(written))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Rows in" in done.stdout
    done = called(library, stand_in, "same", "--client", str(written))
    assert (done.returncode, done.stderr) == (0, "")
    done = called(library, stand_in, "run", "--client", str(written))
    assert done.stderr.endswith(f"python3 kit.py run --client {written}\n")
    done = called(library, stand_in, "check", "--client", "none.toml")
    assert done.stderr == (
        "There is no client file at none.toml. Give the path of a client.toml, or make one with: "
        "segment-lib new NAME --lists FILE …\n"
    )
    assert files(library) == before
    assert sorted(path.name for path in stand_in.iterdir()) == ["clients"]
