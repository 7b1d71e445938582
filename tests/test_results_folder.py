"""Results are built beside the last ones and put in place at the end; what people wrote stays."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
import xlsxwriter

import segment_lib as sl
from segment_lib import results_folder, walk
from segment_lib.__main__ import main
from segment_lib.checks import KitError, StaleResult
from segment_lib.columns import label
from segment_lib.execution import NotebookFault
from segment_lib.settings import Client

HOLDING = """
import sys
from pathlib import Path
from segment_lib.results_folder import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""
posix = pytest.mark.skipif(os.name == "nt", reason="modes and signals are POSIX")


def workbook(path: Path, override: str = "") -> Path:
    """An actions.xlsx with one customer, overruled or not."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("About").write_string(0, 0, "Who gets what, when")
        sheet = book.add_worksheet("Approach")
        sheet.write_row(0, 0, [label("customer_id"), label("override")])
        sheet.write_row(1, 0, ["001", override])
    return path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk without its notebooks: register, one note, page and workbook."""

    def notebooks(built: Client, *_: object) -> None:
        folder = built.out_folder / "notebooks"
        folder.mkdir()
        (folder / "00_start_here.ipynb").write_text("{}", encoding="utf-8")

    def finish(built: Client, steps: list[dict[str, str]]) -> None:
        steps.append({"step": "00_start_here", "remark": ""})
        (built.out_folder / "report.html").write_text("page", encoding="utf-8")
        workbook(built.out_folder / "actions.xlsx")

    monkeypatch.setattr(walk, "_run_notebooks", notebooks)
    monkeypatch.setattr(walk, "_finish", finish)


@pytest.fixture
def run(quick: None, orders_client: Path, tmp_path: Path) -> Callable[..., int]:
    """`run()` is ``kit.py run`` on the small client; its results lie in tmp_path/out/small."""

    def call(command: str = "run", client: Path = orders_client) -> int:
        return main([command, "--client", str(client), "--out", str(tmp_path / "out")])

    return call


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return tmp_path / "out" / "small"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def other(orders_client: Path, name: str, text: str | None = None) -> Path:
    """A copy of the client in another folder, with another list if `text` says so."""
    folder = orders_client.parent.parent / name
    shutil.copytree(orders_client.parent, folder)
    if text is not None:
        (folder / "orders.csv").write_text(text, encoding="utf-8")
    return folder / "client.toml"


# --- built beside, put in place ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("broken", "code"), [(KitError("Give it."), 1), (ZeroDivisionError(), 3), (OSError(28, "x"), 3)]
)
def test_a_run_that_fails_leaves_the_last_results(
    broken: Exception, code: int, run: Callable[..., int], results: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert run() == 0
    before = contents(results)

    def fails(*_: object) -> None:
        raise broken

    monkeypatch.setattr(walk, "_finish", fails)
    assert run() == code
    assert contents(results) == before
    assert {path.name for path in results.parent.iterdir()} <= {"small", "error.log"}


def test_what_no_run_made_is_taken_along(run: Callable[..., int], results: Path) -> None:
    run()
    own = ("notes.txt", "notebooks/03_mine.ipynb", "kept/by hand/a.parquet", "actions (2).xlsx")
    left = ("~$actions.xlsx", ".~lock.actions.xlsx#", "kept/types.parquet", "register.building/a")
    for name in (*own, *left):
        (results / name).parent.mkdir(parents=True, exist_ok=True)
        (results / name).write_text("mine", encoding="utf-8")
    (results / "notebooks" / "00_start_here.ipynb").write_text("old", encoding="utf-8")
    assert run() == 0
    made = contents(results)
    assert all(made.get(name) == b"mine" for name in own)
    assert not set(left) & set(made)
    assert made["notebooks/00_start_here.ipynb"] == b"{}"
    assert [path.name for path in results.parent.iterdir()] == ["small"]


def states(out: Path, *names: str) -> None:
    for name in names:
        folder = out / name
        folder.mkdir(parents=True)
        (folder / "report.html").write_text(name, encoding="utf-8")
        if name != "half":
            (folder / "run.json").write_text('{"as_of": "2024-12-31"}', encoding="utf-8")


@pytest.mark.parametrize("whole", [True, False])
def test_a_kill_between_the_two_renames_is_put_right(whole: bool, tmp_path: Path) -> None:
    states(tmp_path, ".small.before", ".small.building/tmp1/small")
    if not whole:
        (tmp_path / ".small.building/tmp1/small/run.json").unlink()
    with results_folder.alone(tmp_path / "small"):
        stands = (tmp_path / "small" / "report.html").read_text(encoding="utf-8")
    assert stands == (".small.building/tmp1/small" if whole else ".small.before")
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_a_kill_after_the_renames_loses_nothing_of_people(tmp_path: Path) -> None:
    states(tmp_path, "small", ".small.before", ".small.building/tmp1/half")
    (tmp_path / ".small.before" / "notes.txt").write_text("mine", encoding="utf-8")
    with results_folder.alone(tmp_path / "small"):
        pass
    made = contents(tmp_path)
    assert made.pop("small/notes.txt") == b"mine"
    assert sorted(made) == ["small/report.html", "small/run.json"]
    assert made["small/report.html"] == b"small"


def test_a_kernel_left_over_cannot_write_into_the_next_run(
    orders_client: Path, tmp_path: Path
) -> None:
    client = sl.open_client(orders_client, tmp_path / "out")
    (tmp_path / "out").mkdir()
    with results_folder.built_beside(client) as first:
        pass
    with results_folder.built_beside(client) as second:
        assert first.out != second.out
        assert first.out_folder.name == second.out_folder.name == "small"
        first.out_folder.mkdir(parents=True)
    assert not list((tmp_path / "out").iterdir())


def test_a_file_open_in_another_program_stays_and_the_new_one_lies_beside(
    run: Callable[..., int], results: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """As on Windows: neither the folder nor the file that Excel shows can be replaced."""
    run()
    (results / "kept").mkdir()
    (results / "kept" / "old.parquet").write_text("old", encoding="utf-8")
    (results / "actions (2).xlsx").write_text("filled in", encoding="utf-8")
    lock_on_windows(monkeypatch, results / "actions.xlsx")
    capsys.readouterr()
    assert run() == 0
    assert f"  actions    {results / 'actions (3).xlsx'}\n" in capsys.readouterr().out
    assert (results / "actions (3).xlsx").is_file()
    assert (results / "actions (2).xlsx").read_text(encoding="utf-8") == "filled in"
    assert not (results / "kept" / "old.parquet").exists()
    assert [path.name for path in results.parent.iterdir()] == ["small"]


def test_new_results_that_cannot_be_renamed_are_put_in_place_file_by_file(
    run: Callable[..., int], results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, while another program looks at what was just written."""
    run()
    (results / "notes.txt").write_text("mine", encoding="utf-8")
    rename = Path.rename

    def no_rename(self: Path, target: Path) -> Path:
        if Path(target) == results and self.parent.parent.name == ".small.building":
            raise PermissionError(13, "in use", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", no_rename)
    assert run() == 0
    assert (results / "notes.txt").is_file()
    assert (results / "report.html").is_file()
    assert [path.name for path in results.parent.iterdir()] == ["small"]


def test_a_table_open_in_another_program_stops_before_anything_is_moved(
    run: Callable[..., int], results: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    run()
    before = contents(results)
    lock_on_windows(monkeypatch, results / "register" / "set_aside.csv")
    assert run() == 1
    assert "set_aside.csv is open in another program, so the new" in capsys.readouterr().err
    assert contents(results) == before


def lock_on_windows(monkeypatch: pytest.MonkeyPatch, locked: Path) -> None:
    rename, replace, copy = Path.rename, Path.replace, shutil.copyfile

    def no_rename(self: Path, target: Path) -> Path:
        if self == locked.parents[len(locked.relative_to(self).parts) - 1]:
            raise PermissionError(13, "in use", str(self))
        return rename(self, target)

    def no_replace(self: Path, target: Path) -> Path:
        if locked in (self, Path(target)):
            raise PermissionError(13, "in use", str(self))
        return replace(self, target)

    def no_copy(source: Path, target: Path, **options: object) -> object:
        if Path(target) == locked:
            raise PermissionError(13, "in use", str(target))
        return copy(source, target, **options)

    monkeypatch.setattr(Path, "rename", no_rename)
    monkeypatch.setattr(Path, "replace", no_replace)
    monkeypatch.setattr(shutil, "copyfile", no_copy)


def test_executed_notebooks_do_not_name_the_folder_they_were_built_in(
    orders_client: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = [nbformat.v4.new_code_cell('OUT = "x"', metadata={"tags": ["parameters"]})]
    cells.append(nbformat.v4.new_code_cell("print(f'{OUT}/small/report.html')"))
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "00_one.ipynb")
    monkeypatch.setattr(walk, "notebook_files", lambda client=None: [tmp_path / "00_one.ipynb"])
    client = sl.open_client(orders_client, tmp_path / "out")
    (tmp_path / "out").mkdir()
    with results_folder.built_beside(client) as built:
        walk._run_notebooks(built, client, [])
        text = (built.out_folder / "notebooks" / "00_one.ipynb").read_text(encoding="utf-8")
    assert ".building" not in text
    executed = nbformat.reads(text, 4)
    assert executed.cells[0].source.split("\n")[0] == 'OUT = "../.."'  # as seen from where it lies
    assert len(executed.cells) == 2
    assert (
        executed.cells[1].outputs[0].text == f"{(tmp_path / 'out').as_posix()}/small/report.html\n"
    )


# --- a workbook that somebody has written in --------------------------------------------------


def test_a_workbook_that_was_written_in_is_kept_under_its_day(
    run: Callable[..., int], results: Path, orders_client: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    run()
    assert "kept as" not in capsys.readouterr().out
    written = workbook(results / "actions.xlsx", "Not now").read_bytes()
    assert run() == 0
    kept = results / "actions_2024-12-31.xlsx"
    assert kept.read_bytes() == written
    assert (results / "actions.xlsx").read_bytes() != written
    assert capsys.readouterr().out.endswith(
        "\nThe last actions.xlsx had been written in; it is kept as actions_2024-12-31.xlsx. To "
        f"take over what it says: kit.py review --client {walk.quoted(orders_client)} --import "
        f"{walk.quoted(kept)}\n"
    )
    run()
    assert "kept as" not in capsys.readouterr().out
    workbook(results / "actions.xlsx", "Approach")
    run()
    assert "kept as actions_2024-12-31 (2).xlsx" in capsys.readouterr().out
    assert kept.read_bytes() == written


def test_a_table_of_the_plan_that_was_written_in_is_kept_under_its_day(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        (folder / "owners").mkdir(parents=True)
    for name, text in {"plan.csv": "a", "owners/A.csv": "b", "owners/gone.csv": "c"}.items():
        (old / name).write_text(text, encoding="utf-8")
    tables = {name: walk.sha256(old / name) for name in results_folder.plan_tables(old)}
    (old / "run.json").write_text(json.dumps({"as_of": "2026-03-31", "tables": tables}))
    (old / "owners/A.csv").write_text("written in", encoding="utf-8")
    (old / "owners/notes.csv").write_text("mine", encoding="utf-8")
    (new / "owners/A.csv").write_text("new", encoding="utf-8")
    results_folder.take_along(old, new)
    assert contents(new) == {
        "owners/A.csv": b"new",
        "owners/A_2026-03-31.csv": b"written in",
        "owners/notes.csv": b"mine",
    }


@pytest.mark.parametrize(("word", "is_kept"), [("Not now", True), ("", False)])
def test_of_a_workbook_of_an_older_kit_the_yellow_columns_tell(
    word: str, is_kept: bool, tmp_path: Path
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir(), new.mkdir()
    workbook(old / "actions.xlsx", word)
    (old / "run.json").write_text('{"as_of": "2026-03-31"}', encoding="utf-8")
    assert results_folder.take_along(old, new) == ("actions_2026-03-31.xlsx" if is_kept else None)


def test_the_kept_workbook_is_told_in_japanese(
    run: Callable[..., int], results: Path, orders_client: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    text = orders_client.read_text(encoding="utf-8")
    orders_client.write_text(text.replace("as_of", 'language = "ja"\nas_of'), encoding="utf-8")
    run()
    workbook(results / "actions.xlsx", "今は待つ")
    run()
    said = capsys.readouterr().out
    assert "ご記入があったため、actions_2024-12-31.xlsx として残しました。" in said
    assert re.search(r"^small: 実行を始めます\n  台帳 … [\d.]+秒\n\n完了しました（\d+秒）。", said)
    assert f"\n  アクション    {results / 'actions.xlsx'}\n" in said


# --- one run at a time ------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["run", "check", "reset"])
def test_a_second_one_is_told_and_a_killed_one_blocks_nobody(
    command: str, run: Callable[..., int], results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run()
    call = [sys.executable, "-c", HOLDING, str(results)]
    with subprocess.Popen(call, stdin=-1, stdout=-1, encoding="utf-8") as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert run(command) == 1
        assert capsys.readouterr().err == (
            f"Another run, check or reset is at work on {results}. Wait until it has ended, or "
            "stop it, and start this again.\n"
        )
        holder.kill()
        holder.wait()
    assert run(command) == 0
    assert not (results.parent / ".small.lock").exists()


# --- two clients of one name ------------------------------------------------------------------

OTHERS = "id,day,total\n007,2024-05-01,5\n"


def test_another_client_of_the_same_name_is_refused_everywhere(
    run: Callable[..., int], results: Path, orders_client: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    run()
    before = contents(results)
    toml = other(orders_client, "branch", OTHERS)
    said = (
        f"The results in {results} were made for another client that is also called "
        '"small", from other lists. Give this one another name in [client], or its results another '
        "folder with --out. If the results there may go: kit.py reset, with the same --client and "
        "--out."
    )
    for command in ("run", "check"):
        assert run(command, toml) == 1
        assert capsys.readouterr().err == f"{said}\n"
    client = sl.open_client(toml, results.parent)
    for opens in (sl.open_register, sl.build_register, sl.take_up_register):
        with pytest.raises(KitError) as told:
            opens(client)
        assert str(told.value) == said
    assert contents(results) == before
    assert run("reset", toml) == 0
    assert run("run", toml) == 0


def test_a_moved_folder_and_new_lists_in_the_same_place_are_fine(
    run: Callable[..., int], results: Path, orders_client: Path
) -> None:
    run()
    moved = other(orders_client, "moved")
    sl.open_register(sl.open_client(moved, results.parent))
    assert run("run", moved) == 0
    (moved.parent / "orders.csv").write_text(OTHERS, encoding="utf-8")
    assert run("check", moved) == 0
    assert run("run", moved) == 0
    place = (results / "register" / "place.json").read_text(encoding="utf-8")
    assert str(moved.parent) not in place
    assert "moved" not in place


def test_a_list_that_has_changed_stops_a_notebook_opened_alone(
    run: Callable[..., int], results: Path, orders_client: Path
) -> None:
    text = orders_client.read_text(encoding="utf-8").replace('"orders.csv"', '"orders*.csv"')
    orders_client.write_text(text, encoding="utf-8")
    run()
    client = sl.open_client(orders_client, results.parent)
    orders, more = (orders_client.with_name(name) for name in ("orders.csv", "orders_b.csv"))
    was = orders.read_text(encoding="utf-8")
    for text, what in ((was + "003,2024-05-01,5\n", "orders.csv of [lists.orders] has changed"),
                       (was, None)):  # fmt: skip
        orders.write_text(text, encoding="utf-8")
        told(client, what)
    more.write_text(OTHERS, encoding="utf-8")
    told(client, "orders_b.csv of [lists.orders] has come")
    orders.unlink()
    more.write_text(was, encoding="utf-8")
    more.rename(orders)
    told(client, None)
    orders.rename(more)
    told(client, "orders_b.csv of [lists.orders] has come")
    more.unlink()
    told(client, None)  # the lists are not here: nothing to compare with


def told(client: Client, what: str | None) -> None:
    if what is None:
        sl.take_up_register(client)
        return
    with pytest.raises(StaleResult) as caught:
        sl.take_up_register(client)
    assert str(caught.value) == (
        f"{what} since the register of small was built. Run notebook 01 again, or the whole walk: "
        "kit.py run"
    )


# --- faults of the machine --------------------------------------------------------------------

FULL = "The disk is full. Make room (a run needs as much again as its results), or give the "


@pytest.mark.parametrize(
    ("error", "begins"),
    [
        (OSError(28, "No space left on device", "report.html"), FULL),
        (NotebookFault("05, cell 3: IOException: IO Error: … No space left on device"), FULL),
        (OSError(122, "Disk quota exceeded"), FULL),
        (OSError(30, "Read-only file system"), "Nothing can be written there: the disk is for"),
        (MemoryError(), "The memory was not enough. Close other programs, or give fewer rows"),
        (NotebookFault("did not … (DeadKernelError Kernel died)"), "The memory was not enough."),
        (RuntimeError("Out of Memory Error: failed to allocate"), "The memory was not enough."),
    ],
)
def test_a_fault_of_the_machine_says_what_to_do(
    error: Exception, begins: str, run: Callable[..., int], results: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    run()
    before = contents(results)

    def fails(*_: object) -> None:
        try:
            raise error
        finally:
            capsys.readouterr()

    monkeypatch.setattr(walk, "_finish", fails)
    assert run() == 1
    said = capsys.readouterr().err
    assert said.startswith(begins)
    assert said.endswith("and run this again. What stood before stands as it was.\n")
    assert contents(results) == before
    assert [path.name for path in results.parent.iterdir()] == ["small"]


@pytest.mark.parametrize("deeper", ["", "below"])
def test_out_is_a_file(
    deeper: str, orders_client: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a file").write_text("mine", encoding="utf-8")
    out = tmp_path / "a file" / deeper
    for command in ("run", "check"):
        assert main([command, "--client", str(orders_client), "--out", str(out)]) == 1
        assert capsys.readouterr().err == (
            f"The results cannot lie in {out}: that is a file, or lies in one. Give a folder with "
            "--out.\n"
        )
    assert (tmp_path / "a file").read_text(encoding="utf-8") == "mine"


def test_a_file_in_the_place_of_the_register_is_named(
    orders_client: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lies = tmp_path / "small" / "register"
    lies.parent.mkdir()
    lies.write_text("mine", encoding="utf-8")
    assert main(["check", "--client", str(orders_client), "--out", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{lies} is a file, and a folder of that name has to be made.")
    assert lies.read_text(encoding="utf-8") == "mine"


def test_no_permission_to_write(
    run: Callable[..., int], results: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def refused(path: object, *_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(results_folder.os, "open", refused)
    code = run()
    monkeypatch.undo()
    assert code == 1
    assert capsys.readouterr().err == (
        f"Nothing can be written in {results.parent}: Permission denied. Give the results another "
        "folder with --out, or ask whoever looks after this one.\n"
    )


# --- for nobody else on this machine ----------------------------------------------------------


@posix
def test_what_is_written_is_for_its_owner_only(
    run: Callable[..., int], results: Path, orders_client: Path, tmp_path: Path
) -> None:
    was = os.umask(0o022)
    try:
        run()
        run("check")
        lists = str(orders_client.parent / "orders.csv")
        main(["new", "mine", "--lists", lists, "--into", str(tmp_path / "clients")])
        book = workbook(tmp_path / "reviewed.xlsx", "Not now")
        call = ["review", "--client", str(orders_client), "--out", str(results.parent)]
        main([*call, "--import", str(book), "--by", "山田"])
        assert os.umask(0o022) == 0o022, "not put back"
    finally:
        os.umask(was)
    made = [*results.parent.rglob("*"), *(tmp_path / "clients").rglob("*"), results.parent]
    made += orders_client.parent.glob("overrides*")
    assert len(made) > 12
    for path in made:
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
