"""What README and CONTRIBUTING say is there: files, names, commands and numbers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import segment_lib as sl
from segment_lib import __main__ as program
from segment_lib.columns import TABLES
from segment_lib.results.rules.search import NEEDED_KNOWN

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CODE = re.compile(r"`([^`\n]+)`")
WORDS = {7: "seven", 8: "eight", 9: "nine", 10: "ten", 11: "eleven", 12: "twelve"}


def code(text: str) -> list[str]:
    """What stands between single back-quotes, outside of blocks."""
    return CODE.findall(re.sub(r"```.*?```", "", text, flags=re.S))


def paths() -> list[str]:
    """Every path that CONTRIBUTING names, as it lies below the project or the library."""
    named = [one for one in code(CONTRIBUTING) if re.fullmatch(r"[\w./*]+", one)]
    return sorted({one for one in named if "/" in one or one.endswith((".py", ".md"))})


@pytest.mark.parametrize("path", paths())
def test_each_file_is_there(path: str) -> None:
    made_later = ("out/",)
    for base in (ROOT, ROOT / "segment_lib", ROOT / "segment_lib" / "locale" / "ja"):
        if list(base.glob(path.rstrip("/"))):
            return
    in_rooms = list((ROOT / "segment_lib").glob(f"*/{path}"))
    assert in_rooms or path.startswith(made_later), f"there is no {path}"


def test_each_name_of_the_library_is_there() -> None:
    named = set(re.findall(r"\bsl\.([a-z_A-Z]+)", README + CONTRIBUTING)) - {"name"}
    assert len(named) > 5
    for name in named:
        assert getattr(sl, name), name


def test_the_lines_on_a_plain_frame_run() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", README, flags=re.S)
    made: dict[str, object] = {}
    exec(block, made)
    assert list(made["history"].index) == ["a", "b", "c"]  # type: ignore[attr-defined]
    assert made["scores"]["f"].tolist() == [3, 1, 1]  # type: ignore[index]
    assert made["types"]["five_type"].notna().all()  # type: ignore[index]


def test_the_share_of_the_lists_is_as_said() -> None:
    lines = {path: path.read_text(encoding="utf-8").count("\n")
             for path in (ROOT / "segment_lib").rglob("*.py")}  # fmt: skip
    lists = sum(n for path, n in lines.items() if "lists" in path.parts[-4:-1])
    assert 0.28 < lists / sum(lines.values()) < 0.38


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_each_command_is_known(text: str) -> None:
    commands = set(re.findall(r"kit\.py ([a-z]+)", text)) - {"test"}
    assert commands
    known = program._parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    assert commands <= set(known)


def test_as_many_notebooks_as_are_said_each_with_its_question() -> None:
    numbers = sorted(path.name[:2] for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    word = WORDS[len(numbers)]
    assert README.count(f"{word} ") >= 2
    assert not re.search(
        rf"\b(?!{word}\b)({'|'.join(WORDS.values())})( Jupyter)? notebooks", README
    )
    rows = re.findall(r"^\| (\d\d) [^|]+\| [^|]+\? \|$", README, flags=re.M)
    assert rows == numbers


def test_the_numbers_said_are_those_of_the_code() -> None:
    assert f"below {NEEDED_KNOWN:,} known results" in README
    assert f"`register.orders` and {WORDS[len(TABLES) - 1]} more tables" in CONTRIBUTING


def test_every_room_stands_on_the_page() -> None:
    rooms = {path.stem for path in (ROOT / "segment_lib").glob("[a-z]*") if path.is_dir()}
    missing = [room for room in rooms if f"`{room}/`" not in CONTRIBUTING]
    assert missing == []
