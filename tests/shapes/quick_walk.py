"""The walk in one process: the same notebooks, report and workbook, without starting a kernel.

Only what runs a cell is replaced, so that a walk takes seconds; the rest is `kit.py run` itself.
Like the walk it stops at an error; beyond it, a warning and a chart of nothing are errors too.
"""

from __future__ import annotations

import ast
import contextlib
import io
import traceback
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
from nbformat import NotebookNode

from segment_lib.execution import STOPS, Stop


class OneProcess:
    """Stands in for `execution.Kernels`: each notebook in names of its own, cell by cell."""

    def __init__(self, folder: Path, limit: float = 0) -> None:
        self.folder, self.limit = folder, limit

    def __enter__(self) -> OneProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        plt.close("all")

    def execute(
        self, notebook: NotebookNode, another_follows: bool = False
    ) -> tuple[NotebookNode, Stop | None]:
        """`notebook` with its outputs, and where it stopped."""
        names: dict[str, Any] = {"__name__": "__main__"}
        pd.reset_option("^display")
        with contextlib.chdir(self.folder):
            for number, cell in enumerate(notebook.cells):
                if cell.cell_type != "code":
                    continue
                error = _run(cell, names)
                if error is not None and STOPS not in cell.metadata.get("tags", []):
                    return notebook, _stop(number, error)
        return notebook, None


def _run(cell: NotebookNode, names: dict[str, Any]) -> Exception | None:
    """Run one cell and note what it shows; the error that it raised."""
    printed, error, value = io.StringIO(), None, None
    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("error")
        for unseen in (DeprecationWarning, PendingDeprecationWarning, ResourceWarning):
            warnings.simplefilter("ignore", unseen)  # nor does a notebook show them
        try:
            value = _value(cell.source, names)
        except Exception as raised:
            error = raised
    if printed.getvalue():
        cell.outputs.append(nbformat.v4.new_output("stream", text=printed.getvalue()))
    if value is not None:
        cell.outputs.append(nbformat.v4.new_output("execute_result", {"text/plain": repr(value)}))
    if error is not None:
        ename = type(error).__name__
        told = nbformat.v4.new_output("error", ename=ename, evalue=str(error), traceback=[])
        cell.outputs.append(told)
    return _drawn(cell) or error


def _value(source: str, names: dict[str, Any]) -> object:
    """What the last line of a cell gives, as a notebook shows it."""
    lines = ast.parse(source)
    last = lines.body.pop() if lines.body and isinstance(lines.body[-1], ast.Expr) else None
    exec(compile(lines, "cell", "exec"), names)
    if last is None or source.rstrip().endswith(";"):
        return None
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)


def _drawn(cell: NotebookNode) -> Exception | None:
    """Note the charts of a cell by what they say, and close them."""
    for figure in map(plt.figure, plt.get_fignums()):
        texts = [text.get_text() for ax in figure.axes for text in ax.findobj(plt.Text)]
        says = " ".join(text for text in texts if text)
        cell.outputs.append(nbformat.v4.new_output("display_data", {"text/plain": says}))
        empty = [ax for ax in figure.axes if not holds_something(ax)]
        if empty:
            plt.close("all")
            return AssertionError(f"a chart of nothing: {says}")
    plt.close("all")
    return None


def holds_something(ax: plt.Axes) -> bool:
    """Whether anything is drawn on these axes, or a sentence says why not."""
    drawn = [*ax.lines, *ax.collections, *ax.images, *ax.containers]
    bars = [bar for bar in ax.patches if bar.get_window_extent().width > 0]
    says = [text for text in ax.texts if text.get_gid() != "subtitle" and text.get_text()]
    return bool(drawn or bars or says)


def _stop(cell: int, error: Exception) -> Stop:
    stack = "".join(traceback.format_exception(error))
    return Stop(cell, type(error).__name__, str(error), stack)
