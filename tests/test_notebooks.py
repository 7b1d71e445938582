"""The committed notebooks are executed, short, and show nothing they must not show."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
FILES = sorted(FOLDER.rglob("*.ipynb"))
NUMBERS = [f"{number:02d}" for number in range(11)]
FORBIDDEN_CODE = {
    "a magic": re.compile(r"^\s*[%!]", re.MULTILINE),
    "sys.path": re.compile(r"\bsys\.path\b"),
    "df.style (random ids)": re.compile(r"\.style\."),
    "a warning filter": re.compile(r"\bfilterwarnings\b"),
    "%matplotlib": re.compile(r"\bget_ipython\b"),
}
FORBIDDEN_OUTPUT = {
    "an absolute path": re.compile(r"(?<![\w.:/])/(?:home|root|Users|var|usr|opt|tmp|work)/"),
    "a Windows path": re.compile(r"\b[A-Z]:\\"),
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.[A-Za-z]{2,}"),
    "a telephone number": re.compile(r"(?<![\d-])0\d{1,4}-\d{1,4}-\d{3,4}(?![\d-])"),
}


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> NotebookNode:
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def shown(cell: NotebookNode) -> str:
    """All text that a cell shows."""
    found = []
    for output in cell.outputs:
        found += [output.get("text", ""), output.get("evalue", ""), *output.get("traceback", [])]
        data = output.get("data", {})
        found += [str(data[kind]) for kind in data if not kind.startswith("image/")]
    return "\n".join(found)


def test_there_are_eleven() -> None:
    assert [path.name[:2] for path in sorted(FOLDER.glob("*.ipynb"))] == NUMBERS


def test_is_executed_from_1_to_n(notebook: NotebookNode) -> None:
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1))


def test_errors_are_shown_on_purpose_only(notebook: NotebookNode) -> None:
    for cell in code_cells(notebook):
        failed = any(output.output_type == "error" for output in cell.outputs)
        assert failed == ("raises-exception" in tags(cell)), cell.source


def test_has_one_cell_of_parameters(notebook: NotebookNode) -> None:
    (cell,) = [cell for cell in code_cells(notebook) if "parameters" in tags(cell)]
    stated = ast.parse(cell.source).body
    names = [line.targets[0].id for line in stated]  # type: ignore[attr-defined]
    assert {"CLIENT", "OUT", "LANGUAGE"} <= set(names)
    assert all(isinstance(line.value, ast.Constant) for line in stated)  # type: ignore[attr-defined]


def test_cells_are_short_and_plain(notebook: NotebookNode) -> None:
    for cell in code_cells(notebook):
        assert 1 <= len(cell.source.splitlines()) <= 15, cell.source
        for what, pattern in FORBIDDEN_CODE.items():
            assert not pattern.search(cell.source), f"{what}: {cell.source}"


def test_shows_no_path_and_no_address(notebook: NotebookNode) -> None:
    for cell in code_cells(notebook):
        for what, pattern in FORBIDDEN_OUTPUT.items():
            assert not pattern.search(shown(cell)), f"{what}: {cell.source}"


def test_holds_no_times_and_no_widgets(notebook: NotebookNode) -> None:
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert not any({"execution", "papermill"} & set(cell.metadata) for cell in notebook.cells)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
