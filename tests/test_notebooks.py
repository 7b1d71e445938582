"""The committed notebooks are executed, short, and show nothing they must not show."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

import segment_lib as sl
from segment_lib.columns import VALUES
from segment_lib.execution import Kernels, cleared, with_parameters
from segment_lib.walk import notebook_files

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
FILES = sorted(FOLDER.rglob("*.ipynb"))
NUMBERS = [f"{number:02d}" for number in range(11)]
SOLVED = sorted((FOLDER / "solutions").glob("*.ipynb"))
SHOP = FOLDER.parent / "sample_data" / "shop" / "client.toml"
EXERCISE = re.compile(r"^\*\*Exercise \d, .*$", re.MULTILINE)
KINDS = ("change a parameter", "answer a question", "build a small variant")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
TWO_LANGUAGES = re.compile(r"""["'](en|ja)["']\]?\s*[:=]""")
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


@pytest.fixture(params=SOLVED, ids=lambda path: path.stem)
def twins(request: pytest.FixtureRequest) -> tuple[NotebookNode, NotebookNode]:
    """A notebook with exercises, and its solutions."""
    path = FOLDER / request.param.name.replace("_solutions", "")
    return tuple(nbformat.read(one, as_version=4) for one in (path, request.param))


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


def test_whatever_has_exercises_has_solutions_and_these_are_no_part_of_the_walk() -> None:
    asks = [path.stem for path in FOLDER.glob("*.ipynb") if questions(nbformat.read(path, 4))]
    assert [path.stem for path in SOLVED] == [f"{name}_solutions" for name in sorted(asks)]
    assert asks, "no notebook has exercises"
    assert not set(SOLVED) & set(notebook_files())


def questions(notebook: NotebookNode) -> list[str]:
    """The exercises that a notebook asks, or repeats, as they are written."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return EXERCISE.findall("\n".join(texts))


def test_each_question_is_repeated_word_by_word_answered_and_checked(
    twins: tuple[NotebookNode, NotebookNode],
) -> None:
    asked, solved = map(questions, twins)
    assert asked == solved
    for number, (question, kind) in enumerate(zip(asked, KINDS, strict=True), start=1):
        assert question.startswith(f"**Exercise {number}, {kind}.**")
        assert "*Expected: " in question
    for cells in answers(twins[1]):
        assert any("assert " in cell.source for cell in cells)
        assert shown(cells[-1]).strip(), "the last cell of an answer shows it"


def answers(solutions: NotebookNode) -> list[list[NotebookNode]]:
    """The code cells below each question."""
    found: list[list[NotebookNode]] = []
    for cell in solutions.cells:
        if cell.cell_type == "markdown" and EXERCISE.search(cell.source):
            found.append([])
        elif cell.cell_type == "code" and found:
            found[-1].append(cell)
    return found


def test_a_notebook_with_exercises_has_the_parts_of_a_lesson(
    twins: tuple[NotebookNode, NotebookNode],
) -> None:
    code = code_cells(twins[0])
    assert 15 <= len(code) <= 28
    assert len(code) <= 1.3 * (len(twins[0].cells) - len(code)), "more code than text"
    texts = "\n".join(cell.source for cell in twins[0].cells if cell.cell_type == "markdown")
    parts = ("## Check", "## What we decide", "ここで決める", "## Exercises", "## In this")
    places = [texts.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)


def test_01_and_02_keep_what_the_views_compute_in_japanese_on_the_shop(tmp_path: Path) -> None:
    files = [path for path in notebook_files() if path.name[:2] in ("01", "02")]
    parameters = {"CLIENT": SHOP.as_posix(), "OUT": str(tmp_path / "run"), "LANGUAGE": "ja"}
    with Kernels(FOLDER) as kernels:
        for path in files:
            notebook = with_parameters(cleared(nbformat.read(path, 4)), parameters)
            executed, stop = kernels.execute(notebook, another_follows=path != files[-1])
            assert stop is None, f"{path.stem}: {stop}"
            told = "".join(shown(cell) for cell in code_cells(executed))
            assert {"01": "行のうち、採用", "02": "お客様800名"}[path.name[:2]] in told
    client = sl.open_client(SHOP, tmp_path / "views", "ja")
    for name in ("ledger", "ledger_reasons", "attributes"):
        sl.take_up(client, name)
        kept = [tmp_path / way / f"shop/kept/{name}.parquet" for way in ("run", "views")]
        assert kept[0].read_bytes() == kept[1].read_bytes(), name


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


def test_no_cell_speaks_for_the_kit(notebook: NotebookNode) -> None:
    """Sentences are said by views, words by the dictionaries: a code cell holds no language."""
    for cell in code_cells(notebook):
        assert "client.language" not in cell.source, cell.source
        assert not TWO_LANGUAGES.search(cell.source), cell.source
        written = re.sub(r"#.*$", "", cell.source, flags=re.MULTILINE)
        written = re.sub(r'\.eq\("[^"]*"\)', "", written)  # a value of the list that is asked for
        assert not JAPANESE.search(written), cell.source
        assert not re.search(r'print\(.*"[^"\[]*[A-Za-z]+ [A-Za-z][^"]*"', written), cell.source


def test_a_code_that_is_compared_exists(notebook: NotebookNode) -> None:
    """A count of `first`, where the value is `first_time`, is 0 for ever."""
    source = "\n".join(cell.source for cell in code_cells(notebook))
    for column, code in re.findall(r'\["(\w+)"\](?:\.eq\(| == )"(\w+)"', source):
        assert code in VALUES.get(column, {code: ""}), f"{column} is never {code}"


def test_shows_no_path_and_no_address(notebook: NotebookNode) -> None:
    for cell in code_cells(notebook):
        for what, pattern in FORBIDDEN_OUTPUT.items():
            assert not pattern.search(shown(cell)), f"{what}: {cell.source}"


def test_holds_no_times_and_no_widgets(notebook: NotebookNode) -> None:
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert not any({"execution", "papermill"} & set(cell.metadata) for cell in notebook.cells)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
