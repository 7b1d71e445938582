"""Mistakes are told in one sentence, with the right exit code, and leave nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from segment_lib.__main__ import main
from segment_lib.approach.review import read_overrides
from segment_lib.client import open_client
from segment_lib.columns import Language, value_label
from segment_lib.report.workbook import heading


def put(client: Path, old: str, new: str) -> None:
    text = client.read_text(encoding="utf-8")
    assert old in text
    client.write_text(text.replace(old, new), encoding="utf-8")


def everything(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


def outcomes(client: Path) -> None:
    (client.parent / "outcomes.csv").write_text("id,result\n001,maybe\n", encoding="utf-8")
    with client.open("a", encoding="utf-8") as file:
        file.write(
            '\n[lists.outcomes]\nfiles = ["outcomes.csv"]\n\n[lists.outcomes.columns]\n'
            'customer_id = "id"\ngot_results = "result"\n'
        )


MISTAKES: dict[str, tuple[Callable[[Path], object], str]] = {
    "misspelt key": (
        lambda client: put(client, "as_of", "as_off"),
        "[client] has the key 'as_off', which is not known. Did you mean 'as_of'?",
    ),
    "a name with a blank": (
        lambda client: put(client, 'name = "small"', 'name = "青葉 商事"'),
        '"青葉 商事" must be letters, digits, - and _: folders are named by it',
    ),
    "missing file": (
        lambda client: (client.parent / "orders.csv").unlink(),
        '[lists.orders] names the file "orders.csv", but there is none beside client.toml.',
    ),
    "empty file": (
        lambda client: (client.parent / "orders.csv").write_text("", encoding="utf-8"),
        "orders.csv",
    ),
    "missing column": (lambda client: put(client, '"total"', '"sum"'), "sum"),
    "as_of before the first order": (
        lambda client: put(client, "2024-12-31", "2020-12-31"),
        "2020-12-31",
    ),
    "unknown outcome word": (outcomes, "maybe"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("command", ["run", "check"])
def test_a_mistake_is_one_sentence_and_nothing_is_written(
    command: str, mistake: str, orders_client: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, sentence = MISTAKES[mistake]
    make(orders_client)
    before = everything(orders_client.parent.parent)
    out = orders_client.parent.parent / "out"
    code = main([command, "--client", str(orders_client), "--out", str(out)])
    told = capsys.readouterr().err
    assert code == 1
    assert sentence in told
    assert "Traceback" not in told
    assert everything(orders_client.parent.parent) == before


def test_there_is_no_such_client(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--client", str(tmp_path / "client.toml")]) == 1
    assert capsys.readouterr().err.startswith("There is no client file at ")


@pytest.mark.parametrize(
    "call", [[], ["fly"], ["run", "--language", "fr"], ["check"], ["new", "x"], ["review"]]
)
def test_a_wrong_call_ends_with_2(call: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(call)
    assert stopped.value.code == 2


def test_what_is_our_fault_ends_with_3_and_a_log(
    orders_client: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("segment_lib.walk.run_walk", broken)
    out = orders_client.parent / "out"
    assert main(["run", "--client", str(orders_client), "--out", str(out)]) == 3
    log = out / "error.log"
    assert capsys.readouterr().err == (
        f"Something went wrong that is our fault: division by zero. The whole story: {log}\n"
    )
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_check_shows_the_ledger_and_leaves_nothing(
    orders_client: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(orders_client.parent.parent)
    assert main(["check", "--client", str(orders_client)]) == 0
    said = capsys.readouterr().out
    assert "Rows in" in said
    assert "初期値・未決定" in said
    assert everything(orders_client.parent.parent) == before


def test_a_client_may_have_a_japanese_name(
    orders_client: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(orders_client, 'name = "small"', 'name = "青葉商事"')
    out = orders_client.parent.parent / "out"
    assert main(["check", "--client", str(orders_client), "--out", str(out)]) == 0
    assert (out / "青葉商事" / "register" / "manifest.json").is_file()
    lists = str(orders_client.parent / "orders.csv")
    spoken = "カ\u3099ス会社"  # as a Mac may hand it over
    main(["new", spoken, "--lists", lists, "--into", str(orders_client.parent)])
    assert (orders_client.parent / "ガス会社" / "client.toml").is_file()
    assert "ガス会社" in capsys.readouterr().out


def test_whoever_reads_along_may_stop_reading(
    orders_client: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr("segment_lib.lists.ledger_text.ledger_text", gone)
    out = orders_client.parent / "out"
    assert main(["check", "--client", str(orders_client), "--out", str(out)]) == 0
    assert not (out / "error.log").exists()
    assert capsys.readouterr().err == ""


def test_new_begins_a_client_and_never_overwrites_one(
    orders_client: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lists = str(orders_client.parent / "orders.csv")
    call = ["new", "mine", "--lists", lists, "--into", str(tmp_path)]
    assert main(call) == 1  # written, but nobody can know whose id "id" is
    written = tmp_path / "mine" / "client.toml"
    text = written.read_text(encoding="utf-8")
    assert main(call) == 1
    assert capsys.readouterr().err == (
        f"{written} exists already. Choose another name, or remove it first.\n"
    )
    assert written.read_text(encoding="utf-8") == text


def test_reset_removes_results_only(
    orders_client: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "out" / "small"
    call = ["reset", "--client", str(orders_client), "--out", str(tmp_path / "out")]
    assert main(call) == 0  # nothing there yet
    folder.mkdir(parents=True)
    (folder / "diary.txt").write_text("mine", encoding="utf-8")
    assert main(call) == 1  # not what a run leaves
    assert (folder / "diary.txt").exists()
    (folder / "run.json").write_text("{}", encoding="utf-8")
    assert main(call) == 0
    assert not folder.exists()
    assert "2 files" in capsys.readouterr().out


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_a_reviewer_wrote_is_kept_beside_the_client(
    language: Language, orders_client: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = orders_client.parent / "actions.xlsx"
    columns = ("customer_id", "override", "override_why")
    decided = value_label("decision", "not_now", language)
    with xlsxwriter.Workbook(str(workbook)) as book:
        book.add_worksheet("About").write_string(0, 0, "Who gets what, when")
        sheet = book.add_worksheet("Approach")
        sheet.write_row(0, 0, [heading(column, language) for column in columns])
        sheet.write_row(1, 0, ["001", decided, "産休中"])
        sheet.write_row(2, 0, ["002", "", ""])
    call = ["review", "--client", str(orders_client), "--import", str(workbook), "--by", "山田"]
    assert main(call) == 0
    assert "1 decision(s) overruled by 山田" in capsys.readouterr().out
    (row,) = read_overrides(open_client(orders_client)).to_dict("records")
    assert (row["customer_id"], row["decision"], row["by"]) == ("001", "not_now", "山田")


def test_a_process_tells_it_without_a_traceback(orders_client: Path) -> None:
    put(orders_client, "as_of =", 'languag = "ja"\nas_of =')
    call = [sys.executable, "-m", "segment_lib", "run", "--client", str(orders_client)]
    told = subprocess.run(
        call, capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"}
    )
    assert told.returncode == 1
    assert told.stdout == ""
    assert told.stderr.count("\n") == 1


@pytest.mark.parametrize("console", ["cp932", "ascii"])
def test_a_console_that_lacks_a_sign_shows_another(console: str, orders_client: Path) -> None:
    """髙 is in cp932, 𠮷 and the kit's own · are not."""
    put(orders_client, 'name = "small"', 'name = "small"\ntitle = "𠮷野 髙橋 · …"')
    text = orders_client.with_name("orders.csv").read_text(encoding="utf-8")
    rows = text + "𠮷野,not a day,1\n"
    orders_client.with_name("orders.csv").write_text(rows, encoding="utf-8")
    own = {**os.environ, "PYTHONIOENCODING": console, "PYTHONUTF8": "0"}
    for call in (["check", "--client", str(orders_client)], ["run", "--help"], ["--help"]):
        done = subprocess.run(
            [sys.executable, "-m", "segment_lib", *call], capture_output=True, env=own
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout
