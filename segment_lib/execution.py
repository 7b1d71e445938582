"""Executes notebooks in this very Python, one after the other, each with a limit and one retry.

A kernel that has imported the library stands ready while the notebook before it runs: importing is
what takes longest in a short notebook. Why not papermill: it reports a cell tagged
`raises-exception` as a failure, and it writes machine paths and times into the notebook.
"""

from __future__ import annotations

import asyncio
import copy
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from segment_lib.voice import _

STOPS = "raises-exception"  # the tag of a cell that shows a mistake on purpose


class NotebookFault(Exception):
    """A notebook did not come to its end, and not because of anything the user gave."""


@dataclass(frozen=True)
class Stop:
    """Where a notebook stopped: the cell, the name of the error, its sentence, its stack."""

    cell: int
    error: str
    sentence: str
    stack: str


class OwnLoop(asyncio.SelectorEventLoop):
    """A loop that answers no signals; on Windows, the kernel's sockets need just this one.

    nbclient would take INT and TERM for itself while a notebook runs, and drop them afterwards.
    """

    def add_signal_handler(self, sig: int, callback: object, *args: Any) -> None:  # type: ignore[override]
        """Not here: see ending.py. This is how loops say so that know no signals."""
        raise NotImplementedError


class OwnKernel(AsyncKernelManager):
    """A kernel in the Python that runs this, whatever kernels are installed on the machine."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """How to start it; warnings of the kernel (TCP without encryption) worry people."""
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=[*command, "--log-level=40"], display_name="Python 3")


class Kernels:
    """Runs notebooks in `folder`; `limit` is the wall-clock time of one in seconds.

    Use it as a context: ``with Kernels(folder) as kernels: kernels.execute(notebook)``.
    """

    def __init__(self, folder: Path, limit: float = 900) -> None:
        self.folder = folder
        self.limit = limit
        self._runner = asyncio.Runner(loop_factory=OwnLoop)
        self._spare: asyncio.Task[NotebookClient] | None = None

    def __enter__(self) -> Kernels:
        return self

    def __exit__(self, *_error: object) -> None:
        try:
            self._runner.run(self._drop_spare())
        finally:
            self._runner.close()

    def execute(
        self, notebook: NotebookNode, another_follows: bool = False
    ) -> tuple[NotebookNode, Stop | None]:
        """The executed copy of `notebook`, and where it stopped (None: it came to its end).

        Raises `NotebookFault` if it hung, or its kernel died, twice.
        """
        return self._runner.run(self._execute(notebook, another_follows))

    async def _execute(
        self, notebook: NotebookNode, another_follows: bool
    ) -> tuple[NotebookNode, Stop | None]:
        # Watchers of a kernel that was given up must not write their end on the screen.
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        for _attempt in (1, 2):  # about one run in forty hangs with an idle kernel
            executed = copy.deepcopy(notebook)
            try:
                async with asyncio.timeout(self.limit):
                    await self._run(executed, another_follows)
            except CellExecutionError:
                return executed, _stop(executed)
            except (TimeoutError, DeadKernelError, RuntimeError) as error:
                fault = f"{type(error).__name__} {error}".strip()
            else:
                return executed, None
        raise NotebookFault(
            _(
                "did not come to its end twice within {limit:.0f} s each ({fault}). If memory is "
                "short, close other programs or give fewer rows.",
                limit=self.limit,
                fault=fault,
            )
        )

    async def _run(self, notebook: NotebookNode, another_follows: bool) -> None:
        ready, self._spare = self._spare, None
        client = await (ready or self._started())
        if another_follows:
            self._spare = asyncio.create_task(self._started())
        client.nb = notebook
        await client.async_execute()

    async def _started(self) -> NotebookClient:
        """A client whose kernel is up and has begun to import the library."""
        options: dict[str, Any] = {
            "kernel_manager_class": OwnKernel,
            "record_timing": False,
            # One text a cell: how a busy machine cut it into messages is nobody's business.
            "coalesce_streams": True,
            "shutdown_kernel": "immediate",
            "timeout": int(self.limit),
        }
        client = NotebookClient(nbformat.v4.new_notebook(), **options)
        client.create_kernel_manager()
        await client.async_start_new_kernel(cwd=str(self.folder))
        await client.async_start_new_kernel_client()
        assert client.kc is not None
        client.kc.execute("import segment_lib", silent=True, store_history=False)
        return client

    async def _drop_spare(self) -> None:
        if self._spare is not None:
            client = await self._spare
            await client._async_cleanup_kernel()


def _stop(notebook: NotebookNode) -> Stop:
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or STOPS in cell.metadata.get("tags", []):
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                return Stop(number, output.ename, output.evalue, "\n".join(output.traceback))
    raise NotebookFault(_("stopped without saying where"))


def cleared(notebook: NotebookNode) -> NotebookNode:
    """A copy without outputs and numbers, so that nothing of an earlier run stays in it."""
    clean = copy.deepcopy(notebook)
    for cell in clean.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return clean


def stripped(notebook: NotebookNode) -> NotebookNode:
    """A copy to commit: outputs stay, times, widget state and versions of the machine go."""
    clean = copy.deepcopy(notebook)
    for cell in clean.cells:
        cell.metadata.pop("execution", None)
    clean.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    return clean


def is_parameters(cell: NotebookNode) -> bool:
    """Whether it is the cell that says with which client, folder and language a notebook runs."""
    return "parameters" in cell.metadata.get("tags", [])


def with_parameters(notebook: NotebookNode, parameters: dict[str, str]) -> NotebookNode:
    """A copy whose cell tagged `parameters` says these; its other lines stay."""
    filled = copy.deepcopy(notebook)
    cell = next((one for one in filled.cells if is_parameters(one)), None)
    if cell is None:
        cell = nbformat.v4.new_code_cell("", id="parameters-of-this-run")
        cell.metadata["tags"] = ["parameters"]
        filled.cells.insert(0, cell)
    lines = cell.source.split("\n") if cell.source else []
    for name, value in parameters.items():
        line = f"{name} = {json.dumps(value, ensure_ascii=False)}"
        at = next((n for n, old in enumerate(lines) if old.startswith(f"{name} = ")), None)
        if at is None:
            lines.append(line)
        else:
            lines[at] = line
    cell.source = "\n".join(lines)
    return filled
