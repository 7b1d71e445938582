"""Read back what a reviewer wrote into the yellow columns of actions.xlsx, or a copy of it.

A workbook (.xlsx, .xls, .ods) or text (.csv, .tsv) as people leave it: sorted, filtered, saved by
another program, with a title above, columns moved or renamed. Of every sheet the header is looked
for in its first rows. Cells are handed on as they were read; what they mean is judged later.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from python_calamine import SheetTypeEnum

from segment_lib.approach.review import fold
from segment_lib.checks import KitError
from segment_lib.client import Client
from segment_lib.columns import COLUMNS, Language
from segment_lib.lists.cells.values import tidy_text
from segment_lib.lists.reading.before_opening import look_before_opening
from segment_lib.lists.reading.cell_texts import cell_text
from segment_lib.lists.reading.kinds import LOOK_BYTES, kind_of
from segment_lib.lists.reading.plain_text import rows_of_text
from segment_lib.lists.reading.sheets import Sheet, open_workbook
from segment_lib.plots.words import pair

LOOK_ROWS = 40
# What a person may call the columns, beside the kit's own code and labels.
CALLED: dict[str, tuple[str, ...]] = {
    "customer_id": (
        "id", "customer number", "customer no", "customer code", "client id", "顧客番号", "顧客ID",
        "顧客コード", "お客様ID", "お客様コード", "会員番号", "会員ID", "取引先コード",
    ),
    "override": (
        "new decision", "your decision", "my decision", "上書き判断", "上書きの判断",
        "変更後の判断", "新しい判断", "別の判断",
    ),
    "override_why": (
        "why", "why otherwise", "reason in words", "上書き理由", "変更理由", "変更の理由",
        "判断理由", "判断の理由", "理由",
    ),
    "override_by": (
        "by", "who", "by whom", "reviewer", "reviewed by", "decided by", "signed by", "記入者",
        "記入者名", "確認者", "判断者", "判断した人", "変更者", "上書き者",
    ),
    "override_on": (
        "on", "date", "day", "when", "reviewed on", "decided on", "date of review", "日付",
        "記入日", "確認日", "判断日", "変更日", "上書きした日",
    ),
}  # fmt: skip
# A sheet of one's own making: what stands there is meant, where no column is called an override.
PLAIN: dict[str, tuple[str, ...]] = {"decision": ("決定",), "reason": ()}
# Columns that only the kit writes; looked at for what was changed by hand.
NOT_READ = ("owner", "due_on", "action", "channel", "effort_hours")
READ = {
    "decision": ("override", "decision"),
    "reason_in_words": ("override_why", "reason"),
    "by": ("override_by",),
    "on": ("override_on",),
}
MARKED = ("under_contract", "decision", "action", "channel", "due_on", "owner", "effort_hours")
OWN_SHEETS = ("Who gets what, when", "誰に、何を、いつ", "What the columns mean", "列の意味")
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


class ReviewedRows(NamedTuple):
    """The `rows` with their sheet and row number, and the names of sheets `passed_over`."""

    rows: pd.DataFrame
    passed_over: list[str]


def mark_of(client: Client, customers: pd.DataFrame) -> str:
    """The mark that a workbook carries, as one text: a cell that can be found wherever it moves."""
    return f"client={client.name} as_of={client.as_of} decisions={decisions_mark(customers)}"


def mark_line(client: Client, customers: pd.DataFrame, language: Language) -> str:
    """The mark with a word for whoever reads it."""
    return pair(
        "For the import, please leave it: ", "取り込み用です。消さないでください：", language
    ) + mark_of(client, customers)


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
            f"There is no workbook at {path}. Give the path of the reviewed actions.xlsx."
        )
    with path.open("rb") as file:
        kind = kind_of(file.read(LOOK_BYTES))
    if kind == "text":
        rows: list[list[object]] = [list(row) for row in rows_of_text(path.read_bytes(), path.name)]
        sheets = {path.name: rows}
    elif kind in ("zip", "workbook"):
        sheets = _sheets(path)
    else:
        what = "empty" if kind == "empty" else f"no workbook but {_what(kind)}"
        raise KitError(
            f"{path.name} is {what}. Give the reviewed actions.xlsx, or a copy of it as .xlsx, "
            ".xls, .ods or .csv."
        )
    return ReviewedBook(path.name, sheets, tuple(dict.fromkeys(_marks(sheets.values()))))


def rows_of(book: ReviewedBook, known_ids: Collection[str]) -> ReviewedRows:
    """Every row below a header with its customer, its yellow cells and what is not read.

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
            f"{book.name} has no sheet with a customer id and a column to decide in. Give the "
            "reviewed actions.xlsx, or name the columns Customer id and Override."
        )
    return ReviewedRows(pd.DataFrame(parts, columns=columns, dtype="object"), passed_over)


# --- files --------------------------------------------------------------------------------------
def _sheets(path: Path) -> dict[str, list[list[object]]]:
    look_before_opening(path, "review")
    with open_workbook(path) as book:
        names = [one.name for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        return {name: [*Sheet(book, name, path).rows()] for name in names}


def _what(kind: str) -> str:
    return kind if kind.startswith(("a ", "an ", "packed")) else f"a file of {kind}"


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


def _names() -> dict[str, str]:
    """Every way to call a column, folded, and the column."""
    wanted = {**CALLED, **PLAIN, **dict.fromkeys(NOT_READ, ())}
    return {
        fold(word): column
        for column, called in wanted.items()
        for word in (column, COLUMNS[column].en, COLUMNS[column].ja, *called)
    }


_NAMES = _names()


def _header(cells: Sequence[Sequence[object]]) -> _Header | None:
    """Of the first rows the one with most known headings, with a customer and a decision."""
    best = None
    for at, row in enumerate(cells[:LOOK_ROWS]):
        texts = [cell_text(cell) for cell in row]
        places: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            if column := _NAMES.get(fold(text)):
                places.setdefault(column, []).append(place)
        decided = "override" in places or "decision" in places
        if "customer_id" in places and decided and (best is None or len(places) > len(best.places)):
            best = _Header(at, texts, places)
    return best


def _require_once(header: _Header, book: ReviewedBook, sheet: str) -> None:
    for column in ("customer_id", *(_column_for(name, header) for name in READ)):
        if len(header.places.get(column, [])) > 1:
            called = [header.cells[at] for at in header.places[column]]
            raise KitError(
                f"{book.name}, sheet {sheet}, has two columns that may be the same: {called}. "
                "Rename or delete one of them."
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
        again = _NAMES.get(fold(cell_text(found["customer_id"]))) == "customer_id"
        if not again and any(cell_text(cell).strip() for cell in asked):
            blank = {name: "" for name in READ if name not in found}
            yield {"sheet": sheet, "row_number": number, **blank, **found}


def _filled(row: Sequence[object]) -> bool:
    return any(cell_text(cell).strip() for cell in row)


def _is_own_text(cells: Sequence[Sequence[object]]) -> bool:
    """One of the kit's sheets to be read, which hold no rows."""
    titled = any(cell in OWN_SHEETS for row in cells[:LOOK_ROWS] for cell in row)
    return titled or any(True for _ in _marks([cells]))


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
        return sum(fold(text) in _NAMES for text in texts if text), sum(map(bool, texts))

    row = max(cells[:LOOK_ROWS], key=known)
    shown = [text for cell in row if (text := cell_text(cell).strip())][:12]
    return KitError(
        f"{book.name}, sheet {sheet}, has customers, but no row with the headings Customer id and "
        f"Override was found. It has {shown}. Name the columns so, or delete the sheet."
    )
