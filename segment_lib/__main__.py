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
from typing import TYPE_CHECKING

from segment_lib.checks import IN_KIT, PROGRAM, ROOT, KitError, OpenDoubts, quoted
from segment_lib.ending import cleaned, end_children, end_when_told, own_scratch
from segment_lib.voice import LANGUAGES, N_, Language, _, language_of, ngettext, use_language

if TYPE_CHECKING:
    from segment_lib.client import Client

SAMPLE = ROOT / "sample_data" / "client.toml"
HERE = ROOT if IN_KIT else Path()
OUT = HERE / "out"
WALK = ("ipykernel", "nbclient", "nbformat")  # packages, beside those of the library
COLOURS = re.compile(r"\x1b\[[0-9;]*m")  # a notebook's error is written for a screen
# JupyterLab breaks what a cell prints in the middle of a word; here sentences are printed. And it
# asks whether it may fetch news and newer versions; here nothing is sent anywhere.
LAB_SETTINGS = {
    "custom/custom.css": """.jp-OutputArea-output pre, .jp-RenderedText pre {
  word-break: normal !important; overflow-wrap: break-word; line-break: strict;
}
""",
    "lab/user-settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings": (
        '{"fetchNews": "false", "checkForUpdates": false}\n'
    ),
}
MANY_FILES = 20  # from here on `new` says that it is at work
MARKS = ("register", "kept", "notebooks", "run.json")  # what a run leaves
MACHINE_FAULTS = (
    (
        re.compile(r"No space left|Disk quota exceeded|not enough space on the disk", re.I),
        N_(
            "The disk is full. Make room (a run needs as much again as its results), or give the "
            "results a folder on another disk with --out, and run this again. What stood before "
            "stands as it was."
        ),
    ),
    (
        re.compile(r"Read-only file system", re.I),
        N_(
            "Nothing can be written there: the disk is for reading only. Give the results a folder "
            "on another disk with --out, and run this again. What stood before stands as it was."
        ),
    ),
    (
        re.compile(
            r"\b\w*MemoryError\b|Out of Memory Error|std::bad_alloc|Unable to allocate|DeadKernel"
        ),
        N_(
            "The memory was not enough. Close other programs, or give fewer rows, and run this "
            "again. What stood before stands as it was."
        ),
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
    use_language(_language(arguments))
    argparse._, argparse.ngettext = _, ngettext  # type: ignore[attr-defined]  # its own words
    options = _parser().parse_args(arguments)
    before = os.umask(0o077) if options.private else None
    try:
        return _done(options)
    finally:
        if before is not None:
            os.umask(before)


def _language(arguments: Sequence[str] | None) -> Language:
    """--language, else what the client.toml that is named says, else the system's."""
    look = argparse.ArgumentParser(add_help=False)
    look.add_argument("--language", nargs="?")
    look.add_argument("--client", nargs="?")
    stated, _rest = look.parse_known_args(arguments)
    if stated.language in LANGUAGES:
        return stated.language
    return language_of(Path(stated.client or ""))


def _done(options: argparse.Namespace) -> int:
    try:
        code: int | None = options.command(options)
        return code or 0
    except KitError as error:
        says = str(error)
    except BrokenPipeError:  # whoever read along (| head) has seen enough
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except PermissionError as error:
        from segment_lib.results_folder import as_in_place

        says = _(
            "{file} cannot be written. It may be open in another program: close it and run this "
            "again.",
            file=as_in_place(str(error.filename)),
        )
    except (FileExistsError, NotADirectoryError) as error:
        says = _(
            "{path} is a file, and a folder of that name has to be made. Move it away, or give the "
            "results another folder with --out.",
            path=error.filename,
        )
    except Exception as error:
        says = machine_fault(error) or ""
        if not says:
            print(_our_fault(error, Path(getattr(options, "out", None) or OUT)), file=sys.stderr)
            return 3
    print(says, file=sys.stderr)
    return 1


def _run(options: argparse.Namespace) -> None:
    _require_notebooks(options, *WALK)
    from segment_lib.walk import run_walk

    run_walk(options.client, out=options.out, language=options.language)


def _check(options: argparse.Namespace) -> None:
    from segment_lib.approach import playbook_of
    from segment_lib.client import fingerprints, open_client, signed_client
    from segment_lib.lists import build_register, ledger_text
    from segment_lib.results_folder import alone

    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        client = open_client(options.client, options.out or scratch, options.language)
        playbook_of(client)  # a row that cannot be read is told now, not after the walk
        fingerprints(client)
        stack.enter_context(alone(client.out_folder))
        try:
            register = build_register(client)
        except OpenDoubts as stop:
            # The ledger shows what the answers are about; nothing of it is left. What would stop
            # next is told next.
            with suppress(KitError):
                as_if = build_register(signed_client(client, stop.keys, Path(scratch, "as_if")))
                print(ledger_text(client, as_if, None), end="\n\n", flush=True)
            raise
        kept_at = register.folder / "set_aside.csv" if options.out else None
        print(ledger_text(client, register, kept_at))


def _new(options: argparse.Namespace) -> int:
    from segment_lib.lists import propose_client

    name = unicodedata.normalize("NFC", options.name)  # a Mac may take ガ for two signs
    target = Path(options.into or (HERE / "clients").resolve()) / name / "client.toml"
    if target.exists():
        raise KitError(
            "{file} exists already. Choose another name, or remove it first.", file=target
        )
    files = _given_files(options.lists)
    if len(files) > MANY_FILES:
        print(_("{n} files are looked into, one by one …", n=len(files)), file=sys.stderr)
    made = propose_client(name, files, target.parent, stated=options.language)
    _write_whole(target, made.text)
    use_language(made.plan.language)  # as the preview above it
    print(made.preview, "", _("Written: {file}", file=target), sep="\n")
    if made.open:
        says = _(
            "{n} thing(s) must be decided first; the lines stand in it behind a #.",
            n=len(made.open),
        )
        print(says)
    print(_("Then: {call}", call=f"{PROGRAM} check --client {quoted(target)}"))
    return 1 if made.open else 0


def _keys(_options: argparse.Namespace) -> None:
    from segment_lib.settings.keys import keys_page

    print(keys_page())


def _write_whole(target: Path, text: str) -> None:
    """Write a file whole or not at all; what lies in its way is told."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise KitError(
            "{folder} cannot be made: a file is called so, or a part of it. Choose another name, "
            "or another folder with --into.",
            folder=target.parent,
        ) from None
    half = target.with_name(f"{target.name}.half")
    try:
        half.write_text(text, encoding="utf-8", newline="\n")
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)


def _given_files(names: Sequence[str]) -> list[Path]:
    """The files as given, each once; Windows leaves patterns such as *.csv to the program."""
    files: list[Path] = []
    for name in names:
        path = Path(name).resolve()
        found = [path] if path.is_file() else sorted(path.parent.glob(path.name))
        if path.is_dir():
            found = sorted(path.iterdir())
        # Excel keeps a lock file (~$…) beside an open workbook; a Mac hides files by a point.
        lists = [one for one in found if one.is_file() and not one.name.startswith(("~$", "."))]
        files += [one for one in lists if one.name != "client.toml"]
        if not lists:
            raise KitError("There is no file at {path}. Check the names of the lists.", path=path)
    return list(dict.fromkeys(files))


def _same(options: argparse.Namespace) -> None:
    from segment_lib.client import open_client
    from segment_lib.lists import write_same_customers

    client = open_client(options.client, language=options.language)
    done = write_same_customers(client, options.at_least)
    says = [
        _(
            "waiting for an answer {waiting}, answered yes {yes}, no {no}",
            waiting=done.waiting,
            yes=done.yes,
            no=done.no,
        )
    ]
    if n := done.found_no_more:
        says += [_("{n} pair(s) that people wrote on are no candidates; they stay", n=n)]
    if n := done.hints:
        says += [
            _(
                "{n} more pair(s) are mere hints and not listed; to see them from the best on, "
                "add: --at-least {best}",
                n=n,
                best=done.best_hint,
            )
        ]
    says += [_("a pair that is not found you add as a row of your own: the answer and both ids")]
    print(_("Written: {file}", file=done.path))
    print(*(f"  {one}" for one in [*says, *done.notes]), sep="\n")
    if not done.named:
        add = _(
            "To merge what is answered yes, add these two lines to {file}:", file=options.client
        )
        print(f'\n{add}\n\n[merges]\nfile = "{done.path.name}"')


def _review(options: argparse.Namespace) -> int:
    from segment_lib.client import open_client
    from segment_lib.report.review_import import current_state, import_review, require_client
    from segment_lib.report.reviewed import read_reviewed
    from segment_lib.thread import read_decisions

    if options.workbook is None:
        return _accept_alone(options)
    book = read_reviewed(options.workbook)
    if options.client is None:
        call = f"{PROGRAM} review --client …/client.toml --import {quoted(Path(options.workbook))}"
        if len(book.clients) == 1:
            says = _(
                'review needs the client of {book}: it is the workbook of "{client}". Say where '
                "its client.toml lies: {call}",
                book=book.name,
                client=book.clients[0],
                call=call,
            )
        else:
            says = _(
                "review needs the client of {book}: always. Say where its client.toml lies: {call}",
                book=book.name,
                call=call,
            )
        print(says, file=sys.stderr)
        return 2
    client = open_client(options.client, options.out, options.language)
    require_client(book, client)
    current = current_state(client, read_decisions(client), options.by.strip(), options.on)
    done = import_review(book, client, current, accept_rest=options.accept_rest)
    print(*done.says(), sep="\n")
    if done.written is not None:
        call = f"kit.py run --client {options.client}"
        print(_("Kept in {file}.", file=done.written))
        print(_("They hold from the next run on: {call}", call=call))
    refused = len(done.of("refused"))
    if refused and not options.accept_rest:
        raise KitError(
            "Nothing was written: {n} row(s) are refused. Correct them and import the file "
            "again, or take over the others without them by adding: --accept-rest",
            n=refused,
        )
    if done.written is None:
        print(_("There is nothing new in it; nothing was written."))
    names = sorted({name for name in done.fates["by"] if name})
    by = current.by or (names[0] if len(names) == 1 else "")
    if options.accept:
        _accept(client, by, options)
    elif done.leaves_nothing_open:
        _accept_if_new(client, by, options, done.written is not None)
    return 0


def _accept_alone(options: argparse.Namespace) -> int:
    """`review --accept` without a workbook: the list of the last run as it stands."""
    from segment_lib.client import open_client
    from segment_lib.thread import read_decisions

    if options.client is None or not options.accept:
        says = _(
            "review needs --client with the workbook that was reviewed (--import FILE), or with "
            "--accept to accept the list of the last run as it stands."
        )
        print(says, file=sys.stderr)
        return 2
    client = open_client(options.client, options.out, options.language)
    read_decisions(client)
    _accept(client, options.by.strip(), options)
    return 0


def _accept_if_new(client: Client, by: str, options: argparse.Namespace, written: bool) -> None:
    """Where every customer has been looked at the list is accepted, once, by whoever did so."""
    from segment_lib.approach.history import accepted_lists
    from segment_lib.report.review_import import words_not_in_the_run

    accept = f"{PROGRAM} review --client {quoted(client.path)} --accept --by NAME"
    if words_not_in_the_run(client):
        print(_("Everybody has been looked at. Run, then accept the list: {call}", call=accept))
    elif not by:
        says = _(
            "Everybody has been looked at, by several people. Accept the list: {call}", call=accept
        )
        print(says)
    elif written or not accepted_lists(client)["as_of"].dt.date.eq(client.as_of).any():
        _accept(client, by, options)


def _accept(client: Client, by: str, options: argparse.Namespace) -> None:
    from segment_lib.report.review_import import accept_list

    folder = accept_list(client, by, options.on)
    print(
        _(
            "The list as of {as_of} is accepted by {by}, {on}: {folder}",
            as_of=client.as_of,
            by=by,
            on=options.on or client.as_of,
            folder=folder,
        )
    )


def _share(options: argparse.Namespace) -> None:
    from segment_lib.client import open_client
    from segment_lib.sharing import share

    client = open_client(options.client, options.out, options.language)
    done = share(client, Path(options.to) if options.to else None, new_key=options.new_key)
    print(
        _("The copy to share: {folder}", folder=done.folder),
        _(
            "Its key: {file}. Whoever has it can find out who is who: keep it, and hand it to "
            "nobody. The same key gives the same pseudonyms again.",
            file=done.key,
        ),
        _(
            "Before you hand it on, read what people wrote in client.toml (part 4 of the report, "
            "the names of actions, offers and attributes): no program knows whether a name stands "
            "in it."
        ),
        sep="\n",
    )


def _refresh(options: argparse.Namespace) -> None:
    _require_notebooks(options, *WALK)
    from segment_lib.walk import refresh

    refresh(tuple(options.only))


def _lab(options: argparse.Namespace) -> int:
    _require_notebooks(options, "jupyterlab")
    root, folder = _lab_place(options)
    start = (folder / "00_start_here.ipynb").relative_to(root).as_posix()
    # Where a file is named, its folder would be the root: client.toml and results out of reach.
    call = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root}", start]
    call += _own_settings()
    with cleaned(lambda: end_children(patience=8)):  # JupyterLab ends its kernels itself
        return subprocess.call(call, cwd=root, stdin=subprocess.DEVNULL)


def _lab_place(options: argparse.Namespace) -> tuple[Path, Path]:
    """The root of JupyterLab, and the notebooks in it: copies of a client's own, or the kit's.

    From the root client.toml, lists and results are reached: the kit's folder where the client lies
    in it, else the one that holds both the client and its results.
    """
    from segment_lib.client import open_client
    from segment_lib.own_notebooks import make_copies

    client = open_client(options.client, options.out, options.language)
    folder = make_copies(client).resolve()
    if folder.is_relative_to(ROOT):
        return ROOT, folder
    print(_("The notebooks of this client: {folder}", folder=folder))
    with suppress(ValueError):  # two drives have nothing in common
        root = Path(os.path.commonpath([client.path.parent, client.out.resolve()]))
        if root != Path(root.anchor):
            return root, folder
    return client.path.parent, folder


def _own_settings() -> list[str]:
    """Words stay whole and nobody is asked for news, where the kit has settings of its own."""
    settings = os.environ.get("JUPYTER_CONFIG_DIR", "")
    if not settings or not Path(settings).is_relative_to(ROOT):
        return []
    for name, text in LAB_SETTINGS.items():
        path = Path(settings) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return ["--LabApp.custom_css=True"]


def _require_notebooks(options: argparse.Namespace, *packages: str) -> None:
    """Raise `KitError` where this is no kit, or one without the packages that notebooks need."""
    name = options.name_of_command
    stated = getattr(options, "client", SAMPLE)
    client = "" if stated in (SAMPLE, None) else f" --client {quoted(Path(stated).resolve())}"
    call = f"python3 kit.py {name}{client}"
    if not IN_KIT:
        raise KitError(
            "{command} needs the notebooks of the kit, which are no part of the installed "
            "library: get the kit, the whole folder that this library was built from (in it "
            "lies kit.py), and call there: {call}",
            command=name,
            call=call,
        )
    lacking = [package for package in packages if importlib.util.find_spec(package) is None]
    if lacking:
        raise KitError(
            "{command} needs {packages}, which this environment lacks. Call {call}, which has "
            "an environment of its own, or install here: {install}",
            command=name,
            packages=", ".join(lacking),
            call=call,
            install=f'pip install -e "{ROOT}[notebooks]"',
        )


def _reset(options: argparse.Namespace) -> None:
    from segment_lib.client import open_client
    from segment_lib.results_folder import alone

    client = open_client(options.client, options.out, options.language)
    if options.notebooks:
        return _reset_notebooks(client)
    with alone(client.out_folder):
        _remove_results(client.out_folder)
    return None


def _reset_notebooks(client: Client) -> None:
    from segment_lib.own_notebooks import KIT, REPLACED, bring_back, folder_for

    folder = folder_for(client)
    if folder == KIT:
        raise KitError("The samples use the notebooks of the kit: there is nothing to bring back.")
    if not folder.is_dir():
        raise KitError("{folder} does not exist: this client has no notebooks.", folder=folder)
    changed = bring_back(client)
    print(_("The notebooks in {folder} are those of the kit again.", folder=folder))
    if changed:
        print(
            _(
                "What had been changed is kept in {folder}: {names}",
                folder=folder / REPLACED,
                names=", ".join(changed),
            )
        )


def _remove_results(folder: Path) -> None:
    if not folder.exists():
        print(_("There is nothing to remove: {folder} does not exist.", folder=folder))
        return
    if not any((folder / mark).exists() for mark in MARKS):
        raise KitError(
            "{folder} does not look like the results of a run. Nothing was removed.", folder=folder
        )
    says = _(
        "Removing {folder} ({count} files). client.toml, lists, merges and overrides stay.",
        folder=folder,
        count=sum(1 for path in folder.rglob("*") if path.is_file()),
    )
    print(says)
    shutil.rmtree(folder)


def machine_fault(error: Exception) -> str | None:
    """What to do where the machine ran out of something, in a notebook's kernel too, or None."""
    chain: list[str] = []
    one: BaseException | None = error
    while one is not None and len(chain) < 10:
        chain.append(f"{type(one).__name__}: {one}")
        one = one.__cause__ or one.__context__
    told = COLOURS.sub("", "\n".join(chain))
    return next((_(says) for pattern, says in MACHINE_FAULTS if pattern.search(told)), None)


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
        return _("Something went wrong that is our fault; the whole story is above.")
    first = str(error).splitlines()[0] if str(error) else type(error).__name__
    short = first[:200].rstrip(".")
    return _(
        "Something went wrong that is our fault: {short}. The whole story: {log}",
        short=short,
        log=log,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=PROGRAM, description=_("From raw lists to who gets what"))
    commands = parser.add_subparsers(dest="name_of_command", required=True, metavar="COMMAND")

    def command(name: str, does: object, text: str, client: bool = True) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        # What is written holds customers: for nobody else on this machine. Not so the notebooks.
        made.set_defaults(command=does, private=name != "refresh")
        if client:
            sample = {"default": SAMPLE} if IN_KIT or name in ("run", "lab") else {"required": True}
            made.add_argument("--client", **sample, help=_("client.toml (default: the sample)"))
            made.add_argument("--out", default=OUT, help=_("folder for the results (default: out)"))
        return made

    command("run", _run, _("the whole walk on one client"))
    check = command("check", _check, _("read the lists and say what is kept and set aside"), False)
    check.add_argument("--client", required=True, help="client.toml")
    check.add_argument("--out", help=_("leave the register below this folder"))
    new = command("new", _new, _("begin a client.toml for your own lists"), False)
    new.add_argument("name", help=_("a short name, in any script, without blanks: 青葉商事"))
    new.add_argument("--lists", nargs="+", required=True, metavar="FILE", help=_("your lists"))
    new.add_argument("--into", help=_("folder for the new client (default: clients)"))
    command("keys", _keys, _("all that can be declared of a list"), False)
    same = command("same", _same, _("who may stand in the lists twice, for a person to say"), False)
    same.add_argument("--client", required=True, help="client.toml")
    same.add_argument(
        "--at-least", type=float, default=0.5, help=_("from which score on (0 to 1, default: 0.5)")
    )
    review = command(
        "review", _review, _("take over what the reviewer decided in the workbook"), False
    )
    review.add_argument(
        "--client", help=_("client.toml of the client whose workbook it is (needed)")
    )
    review.add_argument("--out", default=OUT, help=_("folder of the results (default: out)"))
    review.add_argument(
        "--import", dest="workbook", metavar="FILE", help=_("the reviewed workbook")
    )
    review.add_argument(
        "--accept", action="store_true", help=_("accept the list of the last run as it stands")
    )
    review.add_argument("--by", default="", help=_("who reviewed, where the workbook does not say"))
    review.add_argument(
        "--on", type=date.fromisoformat, help=_("the day of the review (default: as_of)")
    )
    review.add_argument(
        "--accept-rest", action="store_true", help=_("leave refused rows out, and take the others")
    )
    shared = command(
        "share", _share, _("a copy of the results without names, ids and addresses"), False
    )
    shared.add_argument("--client", required=True, help="client.toml")
    shared.add_argument("--out", default=OUT, help=_("folder of the results (default: out)"))
    shared.add_argument(
        "--to", metavar="FOLDER", help=_("folder for the copy (default: below the results)")
    )
    shared.add_argument(
        "--new-key", action="store_true", help=_("a new key, which gives other pseudonyms")
    )
    refresh = command("refresh", _refresh, _("execute the notebooks anew, into place"), False)
    refresh.add_argument("only", nargs="*", metavar="NN", help=_("only these, by number"))
    command("lab", _lab, _("the notebooks in JupyterLab; a client gets its own"))
    reset = command("reset", _reset, _("remove what a run left"))
    reset.add_argument(
        "--notebooks", action="store_true", help=_("bring the kit's notebooks back instead")
    )
    for name, made in commands.choices.items():
        says = _("default: what client.toml says")
        if name in ("new", "refresh"):
            says = _("default: the language of this system")
        made.add_argument("--language", choices=LANGUAGES, help=says)
    return parser


if __name__ == "__main__":
    sys.exit(command_line())
