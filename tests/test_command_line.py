"""Mistakes are told in one sentence, with the right exit code, and leave nothing behind."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from segment_lib.__main__ import _language, _parser, main
from segment_lib.approach.review import read_overrides
from segment_lib.client import open_client
from segment_lib.columns import label, value_label
from segment_lib.voice import Language, language


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
    "call", [[], ["fly"], ["run", "--language", "fr"], ["check"], ["new", "x"]]
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
    assert "Not signed yet: [client], " in said
    assert everything(orders_client.parent.parent) == before


@pytest.mark.parametrize("kept", [[], ["--out"]])
def test_the_ledger_stands_beside_what_stops_it(
    kept: list[str], orders_client: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = orders_client.parent / "orders.csv"
    with orders.open("a", encoding="utf-8") as file:
        for n in range(3):
            file.write(f"B{n},2024-05-0{n + 1},300\nb-{n},2024-06-0{n + 1},400\n")
    put(orders_client, "as_of =", 'checked = ["strangers"]\nas_of =')
    out = [*kept, str(orders_client.parent.parent / "out")] if kept else []
    before = everything(orders_client.parent.parent)
    assert main(["check", "--client", str(orders_client), *out]) == 1
    said = capsys.readouterr()
    assert "Rows in" in said.out
    assert "If these are one customer each" not in said.out  # it stops, and is told last
    assert "B2 = b-2" in said.err
    assert 'same_ids = ["case", "signs"]' in said.err
    line = '[client] checked = ["strangers", "equal_ids"]'  # what is pasted takes none out
    assert line in said.err
    assert everything(orders_client.parent.parent) == before


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_row_of_the_playbook_that_cannot_be_read_is_told_before_the_walk(
    command: str, orders_client: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = (
        '\n[[actions]]\nname = "mine"\ncontent = "Call"\npurpose = "understand"\n'
        'effort_hours = 1\nif_no_answer = { days = 9, row = "Do not chace" }\n'
    )
    orders_client.write_text(orders_client.read_text("utf-8") + row, "utf-8")
    out = str(orders_client.parent.parent / "out")
    assert main([command, "--client", str(orders_client), "--out", out]) != 0
    assert capsys.readouterr().err.startswith(
        '[[actions]] "mine" goes on to "Do not chace", which is no row of this playbook. Did '
        "you mean Do not chase"
    )


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

    monkeypatch.setattr("segment_lib.lists.ledger_page.ledger_text", gone)
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


def reviewed(client: Path, *rows: list[str]) -> list[str]:
    """A workbook with these rows beside the client, and a last run; the call that imports it."""
    workbook, run = client.parent / "actions.xlsx", client.parent / "out" / "small"
    columns = ("customer_id", "override", "override_why", "override_on")
    with xlsxwriter.Workbook(str(workbook)) as book:
        about = book.add_worksheet("About")
        about.write_string(7, 3, "client=small as_of=2024-12-31 decisions=0123456789ab")
        sheet = book.add_worksheet("Approach")
        for at, row in enumerate([list(map(label, columns)), *rows]):
            sheet.write_row(at, 0, row)
    run.mkdir(parents=True)
    decided = {"customer_id": ["001", "002"], "decision": "approach", "all_reasons": "in_doubt"}
    pd.DataFrame(decided).assign(under_contract=False).to_parquet(run / "decisions.parquet")
    call = ["review", "--client", str(client), "--out", str(run.parent), "--by", "山田"]
    return [*call, "--import", str(workbook)]


@pytest.mark.parametrize("spoken", ["en", "ja"])
def test_what_a_reviewer_wrote_is_kept_beside_the_client(
    spoken: Language, orders_client: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with language(spoken):
        decided = str(value_label("decision", "not_now"))
        rows = [["001", decided, "産休中", "2025年1月7日"], ["002", "", "", ""]]
        call = reviewed(orders_client, *rows)
    assert main(call) == 0
    kept = orders_client.parent / "overrides.csv"
    assert capsys.readouterr().out == (
        "actions.xlsx was made from other decisions than those of the last run. Its yellow columns "
        "are checked against the last run; what was changed outside them was not looked at.\n"
        "Rows with a customer: 2\n  taken: 1\n  agreed: 0\n  unchanged: 0\n  waiting: 1\n"
        "  refused: 0\n"
        "Taken:\n  Approach → Not now: 1, by 山田, 2025-01-07\n"
        f"Kept in {kept}.\n"
        f"They hold from the next run on: kit.py run --client {orders_client}\n"
    )
    (row,) = read_overrides(open_client(orders_client)).to_dict("records")
    assert (row["customer_id"], row["decision"], row["by"]) == ("001", "not_now", "山田")
    before = kept.read_bytes()
    assert main(call) == 0  # once more: nothing is doubled
    assert "unchanged: 1" in capsys.readouterr().out
    assert kept.read_bytes() == before


def test_a_refused_row_stops_the_import_unless_the_rest_is_accepted(
    orders_client: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [["001", "Not now", "on leave", ""], ["002", "aproach", "knows them", ""]]
    call = reviewed(orders_client, *rows)
    kept = orders_client.parent / "overrides.csv"
    assert main(call) == 1
    told = capsys.readouterr()
    assert (
        '  Approach, row 3, 002: "aproach" is no decision. Did you mean "Approach"? Choose one of: '
        "Approach, Not approached, Not now.\n"
    ) in told.out
    assert told.err == (
        "Nothing was written: 1 row(s) are refused. Correct them and import the file again, or "
        "take over the others without them by adding: --accept-rest\n"
    )
    assert not kept.exists()
    assert main([*call, "--accept-rest"]) == 0
    assert kept.read_text(encoding="utf-8-sig") == (
        "customer_id,decision,reason_in_words,by,on,owner,do_on,agreed\n"
        "001,not_now,on leave,山田,2024-12-31,,,\n"
    )


def test_review_never_guesses_the_client(
    orders_client: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = reviewed(orders_client, ["001", "Not now", "on leave", ""])
    assert main([*call[:1], *call[-2:]]) == 2
    assert capsys.readouterr().err.startswith(
        'review needs the client of actions.xlsx: it is the workbook of "small". Say where its '
        "client.toml lies: kit.py review --client …/client.toml --import "
    )
    put(orders_client, 'name = "small"', 'name = "other"')
    assert main(call) == 1
    assert capsys.readouterr().err == (
        'actions.xlsx is the workbook of the client "small", but --client names "other". Nothing '
        'was written. Give the client.toml of "small", or the workbook of "other".\n'
    )
    put(orders_client, 'name = "other"', 'name = "small"')
    (orders_client.parent / "out" / "small" / "decisions.parquet").unlink()
    assert main(call) == 1
    assert capsys.readouterr().err.startswith("There are no decisions of small in ")
    assert not (orders_client.parent / "overrides.csv").exists()


def test_run_tells_a_broken_file_of_overrides_before_it_begins(
    orders_client: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (orders_client.parent / "overrides.csv").write_text(
        "customer_id,decision,reason_in_words,by,on\n001,abc,x,y,2024-12-31\n", encoding="utf-8"
    )
    before = everything(orders_client.parent.parent)
    out = orders_client.parent.parent / "out"
    assert main(["run", "--client", str(orders_client), "--out", str(out)]) == 1
    told = capsys.readouterr()
    assert told.err.startswith("overrides.csv, column decision, holds ['abc'], which is not one of")
    assert told.out == ""
    assert everything(orders_client.parent.parent) == before


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


def test_a_kit_without_the_packages_of_notebooks_says_which(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("segment_lib.__main__.WALK", ("pandas", "no_such_package"))
    assert main(["refresh"]) == 1
    assert capsys.readouterr().err == (
        "refresh needs no_such_package, which this environment lacks. Call python3 kit.py refresh, "
        "which has an environment of its own, or install here: "
        f'pip install -e "{root}[notebooks]"\n'
    )


# --- the language of a command ----------------------------------------------------------------

KIT, LIBRARY = ["kit.py"], ["-m", "segment_lib"]
SAID = {  # what is called, and how its answer begins (or, in English, goes on)
    "help of kit.py": ([*KIT, "--help"], "One command for everything. It needs Python 3.11"),
    "help of its tests": ([*KIT, "test", "-h"], "usage: kit.py test [--all]\n\nLinter, layout and"),
    "help": ([*LIBRARY, "-h"], "usage: kit.py [-h] COMMAND ...\n\nFrom raw lists to who gets what"),
    **{
        f"help of {command}": ([*LIBRARY, command, "-h"], begins)
        for command, begins in {
            "run": "usage: kit.py run [-h] [--client CLIENT] [--out OUT] [--language {en,ja}]\n\n"
            "the whole walk on one client\n\noptions:\n  -h, --help          show this help",
            "check": "usage: kit.py check [-h] --client CLIENT",
            "new": "usage: kit.py new [-h] --lists FILE [FILE ...]",
            "same": "usage: kit.py same [-h] --client CLIENT",
            "review": "usage: kit.py review [-h] [--client CLIENT]",
            "share": "usage: kit.py share [-h] --client CLIENT",
            "refresh": "usage: kit.py refresh [-h]",
        }.items()
    },
    "no command of kit.py": ([*KIT, "fly"], "kit.py does not know 'fly'. It knows: run, test, "),
    "no way to test": ([*KIT, "test", "-x"], "kit.py test takes --all or nothing, not -x."),
    "no command": ([*LIBRARY, "fly"], "kit.py: error: argument COMMAND: invalid choice: 'fly'"),
    "no language": ([*LIBRARY, "run", "--language", "fr"], "kit.py run: error: argument --lang"),
    "a client is needed": ([*LIBRARY, "check"], "error: the following arguments are required: "),
    "no number": ([*LIBRARY, "same", "--client", "c", "--at-least", "x"], "--at-least: invalid "),
    "nothing behind it": ([*LIBRARY, "run", "--out"], "argument --out: expected one argument"),
    "one too many": ([*LIBRARY, "lab", "now"], "error: unrecognized arguments: now"),
    "no lists": ([*LIBRARY, "new", "a", "--lists", "no.csv"], "There is no file at "),
}
NO_WORDS = re.compile(  # commands, options, what stands for a value, files and the names in them
    r"\b(python3|kit|py|run|test|lab|new|check|same|review|share|refresh|reset)\b"
    r"|--?[a-z][\w-]*|\b[A-Z]+\b|[\w/-]*[._/]\w\S*"
)


def called_in(system: str, call: list[str], root: Path) -> str:
    """What a process says on a machine that is set to a language."""
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))
    }
    done = subprocess.run(
        [sys.executable, "-X", "utf8", *call],
        capture_output=True, encoding="utf-8", cwd=root, env=own | {"LANG": system},
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", SAID)
def test_every_answer_is_said_in_the_language_of_the_machine(name: str, root: Path) -> None:
    call, english = SAID[name]
    assert english in called_in("en_GB.UTF-8", call, root)
    japanese = called_in("ja_JP.UTF-8", call, root)
    assert re.search("[ぁ-ん]", japanese)
    assert not re.findall(r"[A-Za-z']+(?:\s+[A-Za-z']+){2,}", NO_WORDS.sub("・", japanese))


@pytest.mark.parametrize(
    ("call", "system", "spoken"),
    [
        ("run", "C.UTF-8", "en"),
        ("run", "ja_JP.UTF-8", "ja"),
        ("run", "Japanese_Japan.932", "ja"),
        ("run", "Javanese_Indonesia.1252", "en"),
        ("run --language en", "ja_JP.UTF-8", "en"),
        ("run --language=ja", "C", "ja"),
        ("run --language fr", "ja_JP.UTF-8", "ja"),
        ("check --client en.toml", "ja_JP.UTF-8", "en"),
        ("check --client=ja.toml", "C", "ja"),
        ("check --client ja.toml --language en", "C", "en"),
        ("check --client utf16.toml", "C", "ja"),
        ("check --client silent.toml", "ja_JP.UTF-8", "ja"),
        ("check --client nowhere.toml", "ja_JP.UTF-8", "ja"),
        ("check --client", "C", "en"),
    ],
)
def test_kit_and_library_agree_on_the_language(
    call: str, system: str, spoken: Language, root: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for name, line in {
        "en": "language = 'en'",
        "ja": '  language="ja" #',
        "silent": '#"ja"',
    }.items():
        text = f"[client\n{line}\n\x00"  # no TOML, and yet it says so
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8-sig")
    (tmp_path / "utf16.toml").write_text('[client]\nlanguage = "ja"', encoding="utf-16")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(root))
    monkeypatch.delenv("LC_MESSAGES")
    monkeypatch.setenv("LANG", system)
    assert _language(call.split()) == spoken
    assert importlib.import_module("kit").language_of(call.split()) == spoken


def test_kit_without_its_catalogue_speaks_english(root: Path, tmp_path: Path) -> None:
    (tmp_path / "kit.py").write_bytes((root / "kit.py").read_bytes())
    said = called_in("ja_JP.UTF-8", ["kit.py", "--help"], tmp_path)
    assert said.startswith("One command for everything. ")


@pytest.mark.parametrize("command", ["run", "check", "reset"])
def test_a_command_speaks_the_language_that_it_is_told(
    command: str, orders_client: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    call = [command, "--client", str(orders_client), "--out", str(tmp_path / "file")]
    for spoken, says in (("en", "The results cannot lie in "), ("ja", "結果を置けません")):
        assert main([*call, "--language", spoken]) == 1
        assert says in capsys.readouterr().err


def test_kit_hands_over_every_command_and_its_help_names_each() -> None:
    kit = importlib.import_module("kit")
    choices = next(one.choices for one in _parser()._actions if isinstance(one.choices, dict))
    assert set(kit.COMMANDS) == {*choices, "test"}
    assert all(f"kit.py {command} " in str(kit.__doc__) for command in kit.COMMANDS)
