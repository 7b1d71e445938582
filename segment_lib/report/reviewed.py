"""Read back what a reviewer wrote into the yellow columns of actions.xlsx, or a copy of it.

A workbook (.xlsx, .xls, .ods) or text (.csv, .tsv) as people leave it: sorted, filtered, saved by
another program, with a title above, columns moved or renamed. Of every sheet the header is looked
for in its first rows. Cells are handed on as they were read; what they mean is judged later.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from python_calamine import SheetTypeEnum

from segment_lib.approach.review import fold
from segment_lib.checks import KitError
from segment_lib.client import Client
from segment_lib.columns import label
from segment_lib.lists import (
    LOOK_BYTES,
    Sheet,
    cell_text,
    kind_of,
    look_before_opening,
    open_workbook,
    rows_of_text,
    tidy_text,
)
from segment_lib.voice import LANGUAGES, _, language

LOOK_ROWS = 40
_PAGE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
CALLED: dict[str, list[str]] = _PAGE["called"]
# Columns that only the kit writes; looked at for what was changed by hand.
NOT_READ = ("owner", "do_on", "action", "content", "channel", "effort_hours")
READ = {
    "decision": ("override", "decision"),
    "reason_in_words": ("override_why", "reason"),
    "by": ("override_by",),
    "on": ("override_on",),
    "override_owner": ("override_owner",),
    "override_day": ("override_day",),
    "agreed": ("agreed",),
}
DECIDES = ("override", "decision", "override_owner", "override_day", "agreed")
MARKED = ("under_contract", "decision", "row", "channel", "do_on", "owner", "effort_hours")
_MARK = re.compile(r"client=(\S+) as_of=(\d{4}-\d\d-\d\d) decisions=([0-9a-f]{12})")


class Mark(NamedTuple):
    """Of which client, as of which day, and from which decisions a workbook was made."""

    client: str
    as_of: str
    decisions: str


@dataclass(frozen=True)
class ReviewedBook:
    """The sheets of a reviewed file as cells, and the marks that stand in them."""

    name: str
    sheets: dict[str, list[list[object]]]
    marks: tuple[Mark, ...]

    @property
    def clients(self) -> list[str]:
        """The clients whose workbook it says to be."""
        return sorted({mark.client for mark in self.marks})


def in_either_language(say: Callable[[], object]) -> set[str]:
    """What is said in English and in Japanese: a workbook may come back from either."""
    said = set()
    for one in LANGUAGES:
        with language(one):
            said.add(str(say()))
    return said


def mark_line(client: Client, customers: pd.DataFrame) -> str:
    """The mark that a workbook carries, with a word for whoever reads it: a cell that can be found
    wherever it moves.
    """
    mark = f"client={client.name} as_of={client.as_of} decisions={decisions_mark(customers)}"
    return _("For the import, please leave it: {mark}", mark=mark)


def decisions_mark(customers: pd.DataFrame) -> str:
    """Twelve letters that differ where a decision, an action, an owner or a day differs."""
    there = customers[[name for name in MARKED if name in customers]].sort_index()
    plain = there.astype({name: "object" for name in there.select_dtypes("category")})
    text = plain.to_csv(index_label="customer_id", date_format="%Y-%m-%d", lineterminator="\n")
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def read_reviewed(path: str | Path) -> ReviewedBook:
    """The file as cells; raises `KitError` with one sentence if it is no workbook and no text."""
    path = Path(path)
    if not path.is_file():
        raise KitError(
            "There is no workbook at {path}. Give the path of the reviewed actions.xlsx.", path=path
        )
    with path.open("rb") as file:
        kind = kind_of(file.read(LOOK_BYTES))
    if kind == "text":
        rows: list[list[object]] = [list(row) for row in rows_of_text(path.read_bytes(), path.name)]
        sheets = {path.name: rows}
    elif kind in ("zip", "workbook"):
        sheets = _sheets(path)
    else:
        raise KitError(_no_workbook(path.name, kind))
    return ReviewedBook(path.name, sheets, tuple(dict.fromkeys(_marks(sheets.values()))))


def rows_of(book: ReviewedBook, known_ids: Collection[str]) -> tuple[pd.DataFrame, list[str]]:
    """Every row below a header with its customer, its yellow cells and what is not read; and the
    names of sheets that were passed over.

    Raises `KitError` about a sheet that has customers but no column to decide in, naming what it
    has. A blank row, or the header once more, is no row.
    """
    parts, passed_over = [], []
    for name, cells in book.sheets.items():
        header = _header(cells)
        if header is not None:
            _require_once(header, book, name)
            parts += list(_rows_below(cells, header, name))
        elif _is_own_text(cells):
            continue
        elif _holds_ids(cells, known_ids):
            raise _no_header(book, name, cells)
        elif any(map(_filled, cells)):
            passed_over.append(name)
    columns = ["sheet", "row_number", "customer_id", *READ, *NOT_READ]
    if not parts:
        raise KitError(
            "{book} has no sheet with a customer id and a column to decide in. Give the "
            "reviewed actions.xlsx, or name the columns Customer id and Override.",
            book=book.name,
        )
    return pd.DataFrame(parts, columns=columns, dtype="object"), passed_over


# --- files --------------------------------------------------------------------------------------
def _sheets(path: Path) -> dict[str, list[list[object]]]:
    look_before_opening(path, path.name, "review")
    with open_workbook(path, path.name) as book:
        names = [one.name for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        return {name: [*Sheet(book, name, path.name).rows()] for name in names}


def _no_workbook(name: str, kind: str) -> str:
    if kind == "empty":
        return _(
            "{name} is empty. Give the reviewed actions.xlsx, or a copy of it as .xlsx, .xls, .ods "
            "or .csv.",
            name=name,
        )
    named = kind.startswith(("a ", "an ", "packed"))
    what = _(kind) if named else _("a file of {kind}", kind=kind)
    return _(
        "{name} is no workbook but {what}. Give the reviewed actions.xlsx, or a copy of it as "
        ".xlsx, .xls, .ods or .csv.",
        name=name,
        what=what,
    )


def _marks(sheets: Iterable[Sequence[Sequence[object]]]) -> Iterable[Mark]:
    for rows in sheets:
        for row in rows:
            for cell in row:
                if isinstance(cell, str) and (found := _MARK.search(tidy_text(cell))):
                    yield Mark(*found.groups())


# --- headers ------------------------------------------------------------------------------------
class _Header(NamedTuple):
    """The row of the header (from 0), its cells, and the places of each column."""

    at: int
    cells: list[str]
    places: dict[str, list[int]]


@cache
def _names() -> dict[str, str]:
    """Every way to call a column, folded, and the column."""
    wanted = {**CALLED, **_PAGE["plain"], **{name: [] for name in NOT_READ}}
    return {
        fold(word): column
        for column, called in wanted.items()
        for word in (column, *in_either_language(partial(label, column)), *called)
    }


def _header(cells: Sequence[Sequence[object]]) -> _Header | None:
    """Of the first rows the one with most known headings, with a customer and a decision."""
    best = None
    for at, row in enumerate(cells[:LOOK_ROWS]):
        texts = [cell_text(cell) for cell in row]
        places: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            if column := _names().get(fold(text)):
                places.setdefault(column, []).append(place)
        decided = any(name in places for name in DECIDES)
        if "customer_id" in places and decided and (best is None or len(places) > len(best.places)):
            best = _Header(at, texts, places)
    return best


def _require_once(header: _Header, book: ReviewedBook, sheet: str) -> None:
    for column in ("customer_id", *(_column_for(name, header) for name in READ)):
        if len(header.places.get(column, [])) > 1:
            called = [header.cells[at] for at in header.places[column]]
            raise KitError(
                "{book}, sheet {sheet}, has two columns that may be the same: {called}. Rename "
                "or delete one of them.",
                book=book.name,
                sheet=sheet,
                called=called,
            )


def _column_for(name: str, header: _Header) -> str:
    """Which heading is meant: the yellow one; a plain one only where nothing is called override."""
    yellow, *plain = READ[name]
    if plain and "override" not in header.places and yellow not in header.places:
        return plain[0]
    return yellow


def _rows_below(
    cells: Sequence[Sequence[object]], header: _Header, sheet: str
) -> Iterable[dict[str, object]]:
    sources = {"customer_id": "customer_id", **{name: _column_for(name, header) for name in READ}}
    sources |= {name: name for name in NOT_READ}
    places = {name: header.places[own][0] for name, own in sources.items() if own in header.places}
    for number, row in enumerate(cells[header.at + 1 :], start=header.at + 2):
        found = {name: row[at] if at < len(row) else "" for name, at in places.items()}
        asked = [found["customer_id"], *(found.get(name) for name in READ)]
        again = _names().get(fold(cell_text(found["customer_id"]))) == "customer_id"
        if not again and any(cell_text(cell).strip() for cell in asked):
            blank = {name: "" for name in READ if name not in found}
            yield {"sheet": sheet, "row_number": number, **blank, **found}


def _filled(row: Sequence[object]) -> bool:
    return any(cell_text(cell).strip() for cell in row)


def _is_own_text(cells: Sequence[Sequence[object]]) -> bool:
    """One of the kit's sheets to be read, which hold no rows."""
    titles = in_either_language(lambda: _("Who gets what, when"))
    titles |= in_either_language(lambda: _("What the columns mean"))
    titled = any(cell in titles for row in cells[:LOOK_ROWS] for cell in row)
    return titled or any(True for _mark in _marks([cells]))


def _holds_ids(cells: Sequence[Sequence[object]], known_ids: Collection[str]) -> bool:
    """Whether customers stand in the sheet; a short number may be a count: half a column then."""
    columns: dict[int, list[str]] = {}
    for row in cells:
        for at, cell in enumerate(row):
            if text := tidy_text(cell_text(cell)):
                columns.setdefault(at, []).append(text)
    for texts in columns.values():
        found = [text for text in texts if text in known_ids]
        if any(not text.isdigit() or len(text) > 3 or text[0] == "0" for text in found):
            return True
        if found and 2 * len(found) >= len(texts):
            return True
    return False


def _no_header(book: ReviewedBook, sheet: str, cells: Sequence[Sequence[object]]) -> KitError:
    def known(row: Sequence[object]) -> tuple[int, int]:
        texts = [cell_text(cell).strip() for cell in row]
        return sum(fold(text) in _names() for text in texts if text), sum(map(bool, texts))

    row = max(cells[:LOOK_ROWS], key=known)
    shown = [text for cell in row if (text := cell_text(cell).strip())][:12]
    return KitError(
        "{book}, sheet {sheet}, has customers, but no row with the headings Customer id and "
        "Override was found. It has {shown}. Name the columns so, or delete the sheet.",
        book=book.name,
        sheet=sheet,
        shown=shown,
    )
