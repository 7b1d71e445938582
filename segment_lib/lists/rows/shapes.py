"""Lists of other shapes than one row, one thing: several articles in a row, rows without an id.

A wide order (商品1, 数量1, 商品2 …) becomes one row per position that holds something; file and row
number stay those of the row it came from. In a list without any customer id, of which client.toml
says that one row is one customer, the row number is the id.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from segment_lib.checks import ListError, closest
from segment_lib.lists.cells.codes import declared_codes
from segment_lib.lists.cells.layout import PLACE, match_header
from segment_lib.lists.cells.notes import Tally
from segment_lib.lists.cells.values import fold_word
from segment_lib.lists.reading.files import RawList
from segment_lib.lists.rows.row_ids import row_id_notes, row_ids
from segment_lib.lists.rows.tax import basis_note
from segment_lib.lists.words import words
from segment_lib.settings import Client, ListSection
from segment_lib.voice import Sentence, _

# Columns that this module makes. They stand among the cells of the row, so that two equal articles
# of one order, and two equal rows of different people, are no repeats of each other.
POSITION = "position (of the article in the row)"
ROW_ID = "row number (as customer_id)"
_ZERO = re.compile(r"[¥$]?0+(?:\.0+)?円?")

RECIPIENTS: tuple[str, ...] = words("headers")["recipients"]


def shaped(client: Client, list_name: str, raw: RawList) -> RawList:
    """The list with one row per thing: as client.toml says, else as it came.

    Raises `ListError` if a position's header is not there, `ClientError` if the rows of a database
    are to be customers by their number.
    """
    section = client.lists[list_name]
    notes: list[Sentence] = [*_recipient_notes(client, list_name, raw.frame)]
    told = basis_note(client, list_name)
    notes += [told] if told else []
    frame = raw.frame
    if section.positions:
        frame, tally = _one_row_per_position(section, list_name, frame)
        notes.append(tally)
    if section.one_row_is_one_customer:
        frame = frame.assign(**{ROW_ID: row_ids(client, list_name, frame)})
        notes += row_id_notes(client)
    if not notes:
        return raw
    # Counted notes are summed up over the chunks of a list, later, by `notes.gather`.
    return replace(raw, frame=frame, notes=(*raw.notes, *notes))


def made_headers(frame: pd.DataFrame) -> dict[str, str]:
    """Column to header, for the columns that were made here and that no list has."""
    return {"customer_id": ROW_ID} if ROW_ID in frame else {}


# --- several articles in a row ----------------------------------------------------------------


def _one_row_per_position(
    section: ListSection, list_name: str, frame: pd.DataFrame
) -> tuple[pd.DataFrame, Tally]:
    """One row per position that holds something; a row without any stays, with blank positions."""
    headers = _position_headers(section, list_name, frame)
    count = len(next(iter(headers.values())))
    own = frame.drop(columns=[header for several in headers.values() for header in several])
    parts, holds = [], []
    for place in range(count):
        cells = pd.DataFrame({several[0]: frame[several[place]] for several in headers.values()})
        holds.append(_holds_something(section, headers, cells))
        part = own.join(cells).assign(**{POSITION: str(place + 1)})
        parts.append(part[holds[-1]])
    nothing = ~pd.concat(holds, axis=1).any(axis=1)
    blank = dict.fromkeys([several[0] for several in headers.values()], "")
    parts.append(own.assign(**blank, **{POSITION: ""})[nothing])
    # Stable: the positions of one row stay in their order, the rows in theirs.
    rows = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    columns = [*own.columns.difference(PLACE, sort=False), *blank, POSITION, *PLACE]
    return rows[columns], Tally(
        "{rows} row(s) hold {articles} article(s)",
        rows=len(frame),
        articles=len(rows) - int(nothing.sum()),
    )


def _position_headers(
    section: ListSection, list_name: str, frame: pd.DataFrame
) -> dict[str, list[str]]:
    has = [str(column) for column in frame.columns if column not in PLACE]
    found: dict[str, list[str]] = {}
    for column, wanted in section.positions.items():
        matched = [match_header(one, has) for one in wanted]
        lacking = [one for one, header in zip(wanted, matched, strict=True) if header is None]
        if lacking:
            free = [header for header in has if header not in matched]
            near = closest(lacking[0], free) or "..."
            file_name = section.files[0] if frame.empty else frame["file"].iloc[0]
            raise ListError(
                _(
                    '{file_name} lacks the column "{wanted}". It has {has}. Mend it in '
                    'client.toml: [lists.{list_name}.positions] {column} = [… "{near}" '
                    "…].",
                    file_name=file_name,
                    wanted=lacking[0],
                    has=has,
                    list_name=list_name,
                    column=column,
                    near=near,
                )
            )
        found[column] = [str(header) for header in matched]
    return found


def _holds_something(
    section: ListSection, headers: dict[str, list[str]], cells: pd.DataFrame
) -> pd.Series:
    """Whether a position has a cell that is neither blank nor a code for nothing nor zero."""
    holds = pd.Series(False, index=cells.index)
    for column, several in headers.items():
        codes = declared_codes(section, column)
        distinct = cells[several[0]].unique()
        full = [one for one in distinct if not _is_nothing(str(one), codes)]
        holds |= cells[several[0]].isin(full)
    return holds


def _is_nothing(cell: str, codes: set[str]) -> bool:
    folded = fold_word(cell)
    return not folded or folded in codes or _ZERO.fullmatch(folded) is not None


# --- buyer and recipient ----------------------------------------------------------------------


def _recipient_notes(client: Client, list_name: str, frame: pd.DataFrame) -> list[Sentence]:
    """Who counts as the customer, where a list of orders names a recipient as well."""
    section = client.lists[list_name]
    buyer = section.columns.get("customer_id")
    if client.table_of(list_name) not in ("orders", "order_lines") or buyer is None:
        return []
    mapped = {fold_word(header) for header in section.headers.values()}
    known = {fold_word(header) for header in RECIPIENTS}
    if fold_word(buyer) in known:
        return []
    others = [
        str(header)
        for header in frame.columns
        if _folded_header(str(header)) in known and fold_word(str(header)) not in mapped
    ]
    if not others:
        return []
    return [
        Sentence(
            "orders are counted for the buyer ({buyer}); the list also names a recipient "
            "({recipient}): map that instead to count for the recipient",
            buyer=buyer,
            recipient=others[0],
        )
    ]


def _folded_header(header: str) -> str:
    return fold_word(header.replace("_", " "))
