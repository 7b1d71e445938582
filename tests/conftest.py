"""What all tests share: where things are, the public lists, the same random cases every time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.pop("LC_ALL", None)  # on a Japanese machine, too, the command line begins in English
os.environ["LC_MESSAGES"] = "C"

import pytest
from hypothesis import settings

from segment_lib.voice import language

ROOT = Path(__file__).resolve().parent.parent
NO_DATA = "the public lists are not here: set SEGMENT_LIB_DATA to their folder"
NO_SERVER = "PostgreSQL's programs are not here: apt-get install postgresql"
NO_SPARK = "Spark is not here: pip install pyspark, and Java 17"

settings.register_profile("same_every_time", derandomize=True, deadline=None)
settings.load_profile("same_every_time")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by what they stand for: a packed file carries the second it was made,
    and a test named by it would have another name in each of two workers."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of the public lists; without it the test is skipped, and says so at the end."""
    folder = os.environ.get("SEGMENT_LIB_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip(NO_DATA)
    return Path(folder)


@pytest.fixture(autouse=True)
def english_unless_said() -> Iterator[None]:
    """Each test begins and leaves in English: the language is one setting of the process."""
    with language("en"):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object]) -> Iterator[object]:
    """What is made once for many tests is made in English too, and leaves no other language behind:
    it is made before the test's own fixtures, whichever test asks for it first."""
    if fixturedef.scope == "function":
        return (yield)
    with language("en"):
        return (yield)


@pytest.fixture
def orders_client(tmp_path: Path) -> Path:
    """A folder with the smallest client.toml there is, and its one list of orders."""
    folder = tmp_path / "お客様 list"
    folder.mkdir()
    (folder / "orders.csv").write_text(
        "id,day,total\n001,2024-03-01,1200\n002,2024-04-01,800\n", encoding="utf-8"
    )
    (folder / "client.toml").write_text(
        '[client]\nname = "small"\nas_of = 2024-12-31\n\n'
        '[lists.orders]\nfiles = ["orders.csv"]\n\n'
        '[lists.orders.columns]\ncustomer_id = "id"\nordered_on = "day"\namount = "total"\n',
        encoding="utf-8",
    )
    return folder / "client.toml"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly how much was not tested for want of the public lists, of a server, of Spark."""
    skipped = terminalreporter.stats.get("skipped", [])
    wanted = ("real lists", NO_DATA), ("a database server", NO_SERVER), ("Spark", NO_SPARK)
    for what, reason in wanted:
        count = sum(1 for report in skipped if reason in str(report.longrepr))
        if count:
            terminalreporter.write_line(f"{count} tests on {what} were SKIPPED: {reason}")
