"""What must hold of the results of any client, whatever its lists: nothing is said of nobody."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest
from nine_shapes import client_toml
from python_calamine import CalamineWorkbook
from quick_walk import OneProcess, holds_something

from segment_lib import plots, walk
from segment_lib.__main__ import main
from segment_lib.voice import Language

# In a sentence.
UNKNOWN = re.compile(r"\bnan\b|NaN|NaT|\bNone\b|\binf\b|—(?! =)|\b0 of 0\b|0名のうち0|unassigned")
OF_NOBODY = re.compile(
    UNKNOWN.pattern
    + r"|\b0 customers\b|\bn = 0\b|(?<![\d.,])0 hours\b|(?<![\d,])0名の|(?<![\d,.])0時間"
)
IN_A_CELL = re.compile(r"\bnan\b|NaN|NaT|<NA>|\binf\b|unassigned")


@dataclass(frozen=True)
class Walked:
    """What one walk left: sentences of the page, tables of the page, sheets, and the notebooks.

    `closed` maps the number of a notebook that was not opened to its paragraph; `printed` are the
    sentences that the notebooks print.
    """

    sentences: list[str]
    tables: list[list[list[str]]]
    sheets: dict[str, list[list[object]]]
    closed: dict[str, str]
    printed: list[str]


def walked(name: str, language: Language, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Walked:
    """`kit.py run` on one shape, from its files to report and workbook, in this process."""
    monkeypatch.setattr(walk, "Kernels", OneProcess)
    monkeypatch.setattr(plots, "as_svg", _full(plots.as_svg))
    toml = client_toml(name, folder)
    arguments = ["--client", str(toml), "--out", str(folder / "out"), "--language", language]
    assert main(["run", *arguments]) == 0
    return read_results(folder / "out" / name)


def _full(draw):
    """The picture of the page, which must show something."""

    def checked(ax: plt.Axes) -> bytes:
        assert holds_something(ax), f"a chart of nothing: {plots.described(ax)}"
        return draw(ax)

    return checked


def read_results(out: Path) -> Walked:
    page = (out / "report.html").read_text(encoding="utf-8")
    said = re.findall(r"<(?:p|li|div)[^>]*>([^<]+)|alt=\"([^\"]*)\"", page)
    book = CalamineWorkbook.from_path(out / "actions.xlsx")
    notebooks = {
        path.name[:2]: nbformat.read(path, 4) for path in sorted((out / "notebooks").glob("*"))
    }
    outputs = {
        number: [one for cell in notebook.cells for one in cell.get("outputs", [])]
        for number, notebook in notebooks.items()
    }
    return Walked(
        [html.unescape(" ".join(parts)).strip() for parts in said],
        [_rows(table) for table in re.findall(r"<table>.*?</table>", page, re.DOTALL)],
        {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names},
        {
            number: one.data["text/plain"]
            for number, ones in outputs.items()
            for one in ones
            if "text/markdown" in one.get("data", {})
        },
        [one.text for number, ones in outputs.items() for one in ones if "text" in one],
    )


def _rows(table: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [[html.unescape(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t", r)] for r in rows]


def said_of_nobody(results: Walked) -> list[str]:
    """Every sentence, cell, table and sheet that tells of nobody, or of a number not known."""
    found = [says for says in results.sentences if OF_NOBODY.search(says)]
    lines = [line for text in results.printed for line in text.splitlines()]
    found += [f"notebook: {line}" for line in lines if UNKNOWN.search(line)]
    for rows in results.tables:
        found += [f"page: {cell}" for row in rows for cell in row if IN_A_CELL.search(cell)]
        found += [f"page: only a header: {rows}"] if len(rows) < 2 else []
    for name, rows in results.sheets.items():
        found += [f"{name}: {x}" for row in rows for x in row if IN_A_CELL.search(str(x))]
        found += [f"{name}: only a header"] if len(rows) < 2 else []
    return found


def check_shape(results: Walked, closed: tuple[str, ...], sentences: tuple[str, ...]) -> None:
    """Nothing of nobody; these notebooks are closed, each with its paragraph; these are said."""
    assert said_of_nobody(results) == []
    assert tuple(results.closed) == closed
    assert [says for says in sentences if says not in results.sentences] == []
    # Whoever is called under contract on the page is so in the workbook, and the other way round.
    on_page = any(re.search("under contract|ご契約中", says) for says in results.sentences)
    heads = {str(cell) for rows in results.sheets.values() for cell in rows[2]}
    assert on_page == bool({"Under contract", "ご契約中"} & heads)
