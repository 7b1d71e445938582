"""The command line: ``python -m segment_lib run --client client.toml`` (usually through kit.py).

Where the library is installed by itself it is called ``segment-lib``: what needs the notebooks says
where they are, and everything is written below the folder one stands in.

Exit code: 0 done, 1 the data or client.toml needs a hand (one sentence), 2 wrong call, 3 our fault
(a short sentence; the whole story in a log file).
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
import unicodedata
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from datetime import date
from pathlib import Path

from segment_lib.checks import IN_KIT, PROGRAM, ROOT, KitError, quoted
from segment_lib.ending import cleaned, end_children, end_when_told, own_scratch

SAMPLE = ROOT / "sample_data" / "client.toml"
HERE = ROOT if IN_KIT else Path()
OUT = HERE / "out"
WALK = ("ipykernel", "nbclient", "nbformat")  # packages, beside those of the library
COLOURS = re.compile(r"\x1b\[[0-9;]*m")  # a notebook's error is written for a screen
MARKS = ("register", "kept", "notebooks", "run.json")  # what a run leaves
_STANDS = "What stood before stands as it was."
MACHINE_FAULTS = (
    (
        re.compile(r"No space left|Disk quota exceeded|not enough space on the disk", re.I),
        "The disk is full. Make room (a run needs as much again as its results), or give the "
        f"results a folder on another disk with --out, and run this again. {_STANDS}",
    ),
    (
        re.compile(r"Read-only file system", re.I),
        "Nothing can be written there: the disk is for reading only. Give the results a folder on "
        f"another disk with --out, and run this again. {_STANDS}",
    ),
    (
        re.compile(
            r"\b\w*MemoryError\b|Out of Memory Error|std::bad_alloc|Unable to allocate|DeadKernel"
        ),
        "The memory was not enough. Close other programs, or give fewer rows, and run this again. "
        f"{_STANDS}",
    ),
)


def command_line() -> int:
    """One command in a process of its own, which ends when it is told to and leaves no scratch."""
    end_when_told()
    with own_scratch():
        return main()


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):  # a console may lack a sign: 髙, or the kit's own ·
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    before = os.umask(0o077) if options.private else None
    try:
        return _done(options)
    finally:
        if before is not None:
            os.umask(before)


def _done(options: argparse.Namespace) -> int:
    try:
        code: int | None = options.command(options)
        return code or 0
    except KitError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read along (| head) has seen enough
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except PermissionError as error:
        from segment_lib.results_folder import as_in_place

        print(
            f"{as_in_place(str(error.filename))} cannot be written. It may be open in another "
            "program: close it and run this again.",
            file=sys.stderr,
        )
        return 1
    except Exception as error:
        if sentence := machine_fault(error):
            print(sentence, file=sys.stderr)
            return 1
        print(_our_fault(error, Path(getattr(options, "out", None) or OUT)), file=sys.stderr)
        return 3


def _run(options: argparse.Namespace) -> None:
    _require_notebooks(options, *WALK)
    from segment_lib.walk import run_walk

    run_walk(options.client, out=options.out, language=options.language)


def _check(options: argparse.Namespace) -> None:
    from segment_lib.client import fingerprints, open_client
    from segment_lib.lists.ledger_text import ledger_text
    from segment_lib.lists.register import build_register
    from segment_lib.results_folder import alone

    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        client = open_client(options.client, out=options.out or scratch)
        fingerprints(client)
        stack.enter_context(alone(client.out_folder))
        register = build_register(client)
        kept_at = register.folder / "set_aside.csv" if options.out else None
        print(ledger_text(client, register, kept_at))


def _new(options: argparse.Namespace) -> int:
    from segment_lib.lists.proposing.new_client import propose_client

    name = unicodedata.normalize("NFC", options.name)  # a Mac may take ガ for two signs
    target = Path(options.into or (HERE / "clients").resolve()) / name / "client.toml"
    if target.exists():
        raise KitError(f"{target} exists already. Choose another name, or remove it first.")
    made = propose_client(name, _given_files(options.lists), target.parent)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(made.text, encoding="utf-8", newline="\n")
    print(f"{made.preview}\n\nWritten: {target}")
    if made.open:
        print(f"{len(made.open)} thing(s) must be decided first; the lines stand in it behind a #.")
    print(f"Then: {PROGRAM} check --client {quoted(target)}")
    return 1 if made.open else 0


def _given_files(names: Sequence[str]) -> list[Path]:
    """The files as given, each once; Windows leaves patterns such as *.csv to the program."""
    files: list[Path] = []
    for name in names:
        path = Path(name).resolve()
        found = [path] if path.is_file() else sorted(path.parent.glob(path.name))
        files += [one for one in found if one.is_file()]
        if not any(one.is_file() for one in found):
            raise KitError(f"There is no file at {path}. Check the names of the lists.")
    return list(dict.fromkeys(files))


def _same(options: argparse.Namespace) -> None:
    from segment_lib.client import open_client
    from segment_lib.lists.same.same_review import write_same_customers

    done = write_same_customers(open_client(options.client), options.at_least)
    print(f"Written: {done.path}")
    print(f"  waiting for an answer {done.waiting}, answered yes {done.yes}, no {done.no}")
    if done.found_no_more:
        print(f"  {done.found_no_more} pair(s) that people wrote on are no candidates; they stay")
    if done.hints:
        print(
            f"  {done.hints} more pair(s) are mere hints and not listed; to see those from a score "
            "of 0.1 on, add: --at-least 0.1"
        )
    for note in done.notes:
        print(f"  {note.en}")
    if not done.named:
        print(f"\nTo merge what is answered yes, add these two lines to {options.client}:")
        print(f'\n[merges]\nfile = "{done.path.name}"')


def _review(options: argparse.Namespace) -> int:
    from segment_lib.client import open_client
    from segment_lib.report.review_import import current_state, import_review, require_client
    from segment_lib.report.reviewed import read_reviewed
    from segment_lib.thread import read_decisions

    book = read_reviewed(options.workbook)
    if options.client is None:
        of = f'it is the workbook of "{book.clients[0]}"' if len(book.clients) == 1 else "always"
        print(
            f"review needs the client of {book.name}: {of}. Say where its client.toml lies: "
            f"{PROGRAM} review --client …/client.toml --import {quoted(Path(options.workbook))}",
            file=sys.stderr,
        )
        return 2
    client = open_client(options.client, out=options.out)
    require_client(book, client)
    current = current_state(client, read_decisions(client), options.by.strip(), options.on)
    done = import_review(book, client, current, accept_rest=options.accept_rest)
    print(*done.says(client.language), sep="\n")
    if done.written is not None:
        print(f"Kept in {done.written}.")
        print(f"They hold from the next run on: kit.py run --client {options.client}")
    refused = len(done.of("refused"))
    if refused and not options.accept_rest:
        raise KitError(
            f"Nothing was written: {refused} row(s) are refused. Correct them and import the file "
            "again, or take over the others without them by adding: --accept-rest"
        )
    if done.written is None:
        print("There is nothing new in it; nothing was written.")
    return 0


def _refresh(options: argparse.Namespace) -> None:
    _require_notebooks(options, *WALK)
    from segment_lib.walk import refresh

    refresh(tuple(options.only))


def _lab(options: argparse.Namespace) -> int:
    _require_notebooks(options, "jupyterlab")
    call = [sys.executable, "-m", "jupyterlab", "notebooks/00_start_here.ipynb"]
    with cleaned(lambda: end_children(patience=8)):  # JupyterLab ends its kernels itself
        return subprocess.call(call, cwd=ROOT, stdin=subprocess.DEVNULL)


def _require_notebooks(options: argparse.Namespace, *packages: str) -> None:
    """Raise `KitError` where this is no kit, or one without the packages that notebooks need."""
    name = options.name_of_command
    stated = getattr(options, "client", SAMPLE)
    client = "" if stated in (SAMPLE, None) else f" --client {quoted(Path(stated).resolve())}"
    if not IN_KIT:
        raise KitError(
            f"{name} needs the notebooks of the kit, which are no part of the installed library: "
            "get the kit, the whole folder that this library was built from (in it lies kit.py), "
            f"and call there: python3 kit.py {name}{client}"
        )
    lacking = [package for package in packages if importlib.util.find_spec(package) is None]
    if lacking:
        raise KitError(
            f"{name} needs {', '.join(lacking)}, which this environment lacks. Call "
            f"python3 kit.py {name}{client}, which has an environment of its own, or install here: "
            f'pip install -e "{ROOT}[notebooks]"'
        )


def _reset(options: argparse.Namespace) -> None:
    from segment_lib.client import open_client
    from segment_lib.results_folder import alone

    folder = open_client(options.client, out=options.out).out_folder
    with alone(folder):
        _remove_results(folder)


def _remove_results(folder: Path) -> None:
    if not folder.exists():
        print(f"There is nothing to remove: {folder} does not exist.")
        return
    if not any((folder / mark).exists() for mark in MARKS):
        raise KitError(f"{folder} does not look like the results of a run. Nothing was removed.")
    count = sum(1 for path in folder.rglob("*") if path.is_file())
    print(f"Removing {folder} ({count} files). client.toml, lists, merges and overrides stay.")
    shutil.rmtree(folder)


def machine_fault(error: Exception) -> str | None:
    """What to do where the machine ran out of something, in a notebook's kernel too, or None."""
    chain: list[str] = []
    one: BaseException | None = error
    while one is not None and len(chain) < 10:
        chain.append(f"{type(one).__name__}: {one}")
        one = one.__cause__ or one.__context__
    told = COLOURS.sub("", "\n".join(chain))
    return next((says for pattern, says in MACHINE_FAULTS if pattern.search(told)), None)


def _our_fault(error: Exception, out: Path) -> str:
    """Write the whole story to a log; the sentence that says where it is."""
    from segment_lib.results_folder import as_in_place

    try:
        out.mkdir(parents=True, exist_ok=True)
        log = out / "error.log"
        story = as_in_place(COLOURS.sub("", "".join(traceback.format_exception(error))))
        log.write_text(story, encoding="utf-8")
    except OSError:
        traceback.print_exception(error)
        return "Something went wrong that is our fault; the whole story is above."
    first = str(error).splitlines()[0] if str(error) else type(error).__name__
    short = first[:200].rstrip(".")
    return f"Something went wrong that is our fault: {short}. The whole story: {log}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=PROGRAM, description="From raw lists to who gets what")
    commands = parser.add_subparsers(dest="name_of_command", required=True, metavar="COMMAND")

    def command(name: str, does: object, text: str, client: bool = True) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        # What is written holds customers: for nobody else on this machine. Not so the notebooks.
        made.set_defaults(command=does, private=name != "refresh")
        if client:
            sample = {"default": SAMPLE} if IN_KIT or name == "run" else {"required": True}
            made.add_argument("--client", **sample, help="client.toml (default: the sample)")
            made.add_argument("--out", default=OUT, help="folder for the results (default: out)")
        return made

    run = command("run", _run, "the whole walk on one client")
    run.add_argument("--language", choices=("en", "ja"), help="default: what client.toml says")
    check = command("check", _check, "read the lists and say what is kept and set aside", False)
    check.add_argument("--client", required=True, help="client.toml")
    check.add_argument("--out", help="leave the register below this folder")
    new = command("new", _new, "begin a client.toml for your own lists", False)
    new.add_argument("name", help="a short name, in any script, without blanks: 青葉商事")
    new.add_argument("--lists", nargs="+", required=True, metavar="FILE", help="your lists")
    new.add_argument("--into", help="folder for the new client (default: clients)")
    same = command("same", _same, "who may stand in the lists twice, for a person to say", False)
    same.add_argument("--client", required=True, help="client.toml")
    same.add_argument(
        "--at-least", type=float, default=0.5, help="from which score on (0 to 1, default: 0.5)"
    )
    review = command(
        "review", _review, "take over what the reviewer decided in the workbook", False
    )
    review.add_argument("--client", help="client.toml of the client whose workbook it is (needed)")
    review.add_argument("--out", default=OUT, help="folder of the results (default: out)")
    review.add_argument("--import", dest="workbook", required=True, metavar="FILE")
    review.add_argument("--by", default="", help="who reviewed, where the workbook does not say")
    review.add_argument(
        "--on", type=date.fromisoformat, help="the day of the review (default: as_of)"
    )
    review.add_argument(
        "--accept-rest", action="store_true", help="leave refused rows out, and take the others"
    )
    refresh = command("refresh", _refresh, "execute the notebooks anew, into place", False)
    refresh.add_argument("only", nargs="*", metavar="NN", help="only these, by number")
    command("lab", _lab, "the notebooks in JupyterLab", False)
    command("reset", _reset, "remove what a run left")
    return parser


if __name__ == "__main__":
    sys.exit(command_line())
