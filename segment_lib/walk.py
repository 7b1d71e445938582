"""The walk: runs the notebooks on one client, then leaves report, workbook and tables.

What it leaves in `out/<client>/`: register/, kept/, notebooks/, customers.parquet,
decisions.parquet, report.html, actions.xlsx, plan.csv, owners/ and run.json. All of it is built
beside the last results and put in place at the end: a run that fails or is stopped leaves those as
they were.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from segment_lib.checks import ROOT, KitError, quoted
from segment_lib.client import Client, fingerprints, open_client, sha256
from segment_lib.execution import Kernels, NotebookFault, Stop, cleared, stripped, with_parameters
from segment_lib.own_notebooks import PATTERN, differing_cells, files_for, parameters_from, read
from segment_lib.results_folder import (
    PLAN,
    RUN,
    WORKBOOK,
    Placed,
    alone,
    as_in_place,
    built_beside,
    plan_tables,
    put_in_place,
)
from segment_lib.voice import N_, Language, _, pgettext, sentences

NOTEBOOKS = ROOT / "notebooks"
NAMED_PACKAGES = ("duckdb", "ibis-framework", "numpy", "pandas", "pyarrow", "scikit-learn")
NOT_OPENED = N_("not opened by these lists")  # stands in run.json as it is written here


def run_walk(
    client_path: str | Path, out: str | Path | None = None, language: Language | None = None
) -> Path:
    """Run the whole walk on a client and return the folder that holds its results.

    Raises `KitError` for anything the user can put right, `NotebookFault` for anything that is our
    fault; either leaves the last results as they were.
    """
    from segment_lib.approach.playbook import playbook_of
    from segment_lib.approach.review import read_overrides
    from segment_lib.lists import require_same_client

    began = time.perf_counter()
    client = open_client(client_path, out=out, language=language)
    lists = fingerprints(client)
    read_overrides(client)  # a file that cannot be read is told now, not after minutes
    playbook_of(client)
    steps: list[dict[str, Any]] = []
    with alone(client.out_folder):
        require_same_client(client, client.out_folder / "register")
        print(_("{client}: the walk begins", client=client.name), flush=True)
        with built_beside(client) as built:
            _build(built, client, steps, lists)
            placed = put_in_place(built.out_folder, client.out_folder)
    _print_end(client, steps, placed, time.perf_counter() - began)
    return client.out_folder


def _build(
    built: Client, client: Client, steps: list[dict[str, Any]], lists: list[dict[str, str]]
) -> None:
    """Make all results in the folder of `built`; run.json comes last."""
    from segment_lib.lists import build_register

    with _step(steps, "register"):
        register = build_register(built)
    _run_notebooks(built, client, steps)
    _finish(built, steps)
    workbook = sha256(built.out_folder / WORKBOOK)
    tables = {name: sha256(built.out_folder / name) for name in plan_tables(built.out_folder)}
    facts = {"register": register.fingerprint, "lists": lists, "steps": steps}
    _write_run(built, facts | {"workbook": workbook, "tables": tables})


def notebook_files(client: Client | None = None) -> list[Path]:
    """The notebooks of the walk in their order, a client's own where it has some.

    Raises `NotebookFault` if there are none.
    """
    files = sorted(NOTEBOOKS.glob(PATTERN)) if client is None else files_for(client)
    if not files:
        raise NotebookFault(_("There are no notebooks in {folder}.", folder=NOTEBOOKS))
    return files


def _say_whose(files: list[Path]) -> None:
    """Name the notebooks that are the client's own, and the cells in which they differ."""
    own = [path for path in files if path.parent != NOTEBOOKS]
    if own:
        print(_("  notebooks of this client: {folder}", folder=own[0].parent))
    for path in own:
        if cells := ", ".join(map(str, differing_cells(path))):
            name = path.stem
            print(_("  {name} differs from the kit's in cell {cells}", name=name, cells=cells))


def refresh(only: tuple[str, ...] = ()) -> None:
    """Execute the committed notebooks anew on their own parameters and put them into place.

    It works on a copy, so that nobody's results under out/ are read or changed. `only` names the
    notebooks to put into place by their number, e.g. ``("03",)``.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = copy_to(Path(scratch))
        files = sorted(folder.rglob("*.ipynb"))
        for number, path in enumerate(files):
            kept = not only or path.name[:2] in only
            name = f"[{number + 1}/{len(files)}] {path.stem}"
            with Kernels(path.parent) as kernels, _step([], name):
                executed, stop = kernels.execute(cleared(read(path)))
            if stop is not None:
                raise NotebookFault(_where(path.stem, stop))
            if kept:
                _write(NOTEBOOKS / path.relative_to(folder), stripped(executed))


def copy_to(scratch: Path) -> Path:
    """Copy notebooks and sample data below `scratch`; the new notebook folder."""
    for name in ("notebooks", "sample_data"):
        shutil.copytree(
            ROOT / name,
            scratch / name,
            ignore=shutil.ignore_patterns("out", "make", ".ipynb_checkpoints"),
        )
    return scratch / "notebooks"


def _run_notebooks(built: Client, client: Client, steps: list[dict[str, Any]]) -> None:
    files = notebook_files(client)
    _say_whose(files)
    parameters = {
        "CLIENT": client.path.as_posix(),
        "OUT": built.out.as_posix(),
        "LANGUAGE": client.language,
    }
    executed_in = client.out_folder / "notebooks"
    in_place = parameters_from(executed_in, client, client.out)
    with Kernels(NOTEBOOKS) as kernels:
        for number, path in enumerate(files, start=1):
            notebook = with_parameters(cleared(read(path)), parameters)
            with _step(steps, path.stem, f"[{number}/{len(files)}] ") as note:
                executed, stop = kernels.execute(notebook, another_follows=number < len(files))
                if stop is not None and stop.error == "NeedsTable":
                    executed = _without_stack(executed, stop)
                    note(NOT_OPENED)
                executed = with_parameters(executed, in_place)
                _write(built.out_folder / "notebooks" / path.name, executed)
            if stop is not None and stop.error != "NeedsTable":
                raise _error(path.stem, stop)


def _without_stack(notebook: NotebookNode, stop: Stop) -> NotebookNode:
    """The stopped notebook with a paragraph where it stopped instead of an error in red."""
    says = sentences(_("Not opened by these lists."), stop.sentence)
    data = {"text/plain": says, "text/markdown": f"**{says}**"}
    notebook.cells[stop.cell].outputs = [nbformat.v4.new_output("display_data", data)]
    return notebook


def _error(name: str, stop: Stop) -> Exception:
    if stop.error in {"KitError", *(kind.__name__ for kind in KitError.__subclasses__())}:
        return KitError(f"{name}: {stop.sentence}")
    return NotebookFault(f"{_where(name, stop)}\n\n{stop.stack}")


def _where(name: str, stop: Stop) -> str:
    return _(
        "{notebook}, cell {cell}: {error}: {sentence}",
        notebook=name,
        cell=stop.cell,
        error=stop.error,
        sentence=stop.sentence,
    )


def _finish(client: Client, steps: list[dict[str, Any]]) -> None:
    from segment_lib.report import build_report, build_workbook, write_plan_files
    from segment_lib.thread import report_frames, write_results

    with _step(steps, "tables"):
        write_results(client)
    with _step(steps, "report"):
        build_report(client, report_frames(client))
    with _step(steps, "workbook"):
        build_workbook(client, report_frames(client))
    with _step(steps, "plan files"):
        written = write_plan_files(client, report_frames(client))
    if written.lost:
        print(f"  {written.lost}", flush=True)


@contextmanager
def _step(
    steps: list[dict[str, Any]], name: str, before: str = ""
) -> Iterator[Callable[[str], None]]:
    """Print and note one step with its seconds; the caller may say more about it (in English)."""
    remarks: list[str] = []
    print(f"  {before}{_called(name)} … ", end="", flush=True)
    began = time.perf_counter()
    try:
        yield remarks.append
    except BaseException:
        print(_("stopped"), flush=True)
        raise
    seconds = time.perf_counter() - began
    told = [_("{seconds:.1f} s", seconds=seconds), *map(_, remarks)]
    print(" · ".join(told), flush=True)
    steps.append({"step": name, "seconds": round(seconds, 1), "remark": "; ".join(remarks)})


def _called(name: str) -> str:
    """A step in words; a notebook goes by its name."""
    return {
        "register": pgettext("step", "register"),
        "tables": pgettext("step", "tables"),
        "report": pgettext("step", "report"),
        "workbook": pgettext("step", "workbook"),
        "plan files": pgettext("step", "plan files"),
    }.get(name, name)


def version_of(package: str) -> str:
    """Its version; the kit itself may run from its folder without having been installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _write_run(client: Client, facts: dict[str, Any]) -> None:
    stated = {
        "client": client.name,
        "as_of": client.as_of.isoformat(),
        "language": client.language,
        "versions": {
            "segment_lib": version_of("segment_lib"),
            "python": platform.python_version(),
            "system": platform.system(),
            **{name: version_of(name) for name in NAMED_PACKAGES},
        },
        "fingerprint": client.fingerprint,
        **facts,
    }
    text = json.dumps(stated, indent=1, ensure_ascii=False)
    (client.out_folder / RUN).write_text(text + "\n", encoding="utf-8", newline="\n")


def _print_end(client: Client, steps: list[dict[str, Any]], placed: Placed, seconds: float) -> None:
    closed = [step["step"][:2] for step in steps if step["remark"]]
    done = _("Done in {seconds:.0f} s. The results:", seconds=seconds)
    if closed:
        done = _(
            "Done in {seconds:.0f} s; not opened by these lists: {closed}. The results:",
            seconds=seconds,
            closed=", ".join(closed),
        )
    folder = client.out_folder.resolve()
    where = {
        name: placed.elsewhere.get(name, folder / name)
        for name in ("report.html", WORKBOOK, PLAN, "notebooks", "register")
    }
    results = _(
        "  report     {report}\n  actions    {actions}\n  plan       {plan}\n"
        "  notebooks  {notebooks}\n  register   {register}",
        report=where["report.html"],
        actions=where[WORKBOOK],
        plan=where[PLAN],
        notebooks=where["notebooks"],
        register=where["register"],
    )
    print(f"\n{done}\n{results}", flush=True)
    if placed.kept_workbook:
        print(f"\n{_kept_said(client, placed.kept_workbook)}", flush=True)


def _kept_said(client: Client, workbook: Path) -> str:
    how = f"kit.py review --client {quoted(client.path)} --import {quoted(workbook)}"
    return _(
        "The last {workbook} had been written in; it is kept as {name}. To take over what "
        "it says: {how}",
        workbook=WORKBOOK,
        name=workbook.name,
        how=how,
    )


def _write(path: Path, notebook: NotebookNode) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = as_in_place(nbformat.writes(notebook))
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
