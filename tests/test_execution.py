"""Notebooks run in this Python, stop where they stop, and never hang for ever."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from nbformat import v4

from segment_lib.execution import Kernels, NotebookFault, cleared, stripped, with_parameters


def notebook_of(*sources: str):
    made = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])
    made.cells[0].metadata["tags"] = ["parameters"]
    return made


def test_parameters_stand_in_place_of_their_defaults_and_this_python_runs(tmp_path: Path) -> None:
    notebook = notebook_of('CLIENT = "a"\nOUT = "o"', "import sys\nprint(CLIENT, sys.executable)")
    with Kernels(tmp_path) as kernels:
        executed, stop = kernels.execute(with_parameters(notebook, {"CLIENT": 'b "c" 顧客'}))
    assert stop is None
    assert executed.cells[0].source == 'CLIENT = "b \\"c\\" 顧客"\nOUT = "o"'
    assert executed.cells[1].outputs[0].text == f'b "c" 顧客 {sys.executable}\n'
    assert [cell.execution_count for cell in executed.cells] == [1, 2]
    assert notebook.cells[0].source.startswith('CLIENT = "a"')
    assert not cleared(executed).cells[1].outputs
    assert set(stripped(executed).metadata) == {"kernelspec", "language_info"}


def test_what_a_cell_prints_piece_by_piece_is_one_text(tmp_path: Path) -> None:
    slowly = "import time\nfor n in range(3):\n    print(n, flush=True)\n    time.sleep(0.3)"
    with Kernels(tmp_path) as kernels:
        executed, _ = kernels.execute(notebook_of("1", slowly))
    assert [one.text for one in executed.cells[1].outputs] == ["0\n1\n2\n"]


def test_a_mistake_on_purpose_goes_on_and_another_stops(tmp_path: Path) -> None:
    notebook = notebook_of(
        "1 / 0", "from segment_lib.checks import NeedsTable\nraise NeedsTable('Give deals.')", "3"
    )
    notebook.cells[0].metadata["tags"] = ["raises-exception"]
    with Kernels(tmp_path) as kernels:
        executed, stop = kernels.execute(notebook)
    assert stop is not None
    assert (stop.cell, stop.error, stop.sentence) == (1, "NeedsTable", "Give deals.")
    assert executed.cells[2].execution_count is None


def test_a_notebook_that_hangs_is_tried_twice_and_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    async def hangs(*_: object) -> None:
        tries.append("once")
        await asyncio.sleep(600)

    monkeypatch.setattr(Kernels, "_run", hangs)
    with Kernels(tmp_path, limit=0.2) as kernels, pytest.raises(NotebookFault, match="twice"):
        kernels.execute(notebook_of("1"))
    assert len(tries) == 2
