"""Where the header of a list stands, what its columns are called, and whether all are there.

A header may have several rows: 「4月」 over 「数量」 and 「金額」. Its names are joined from above:
「4月 数量」. In a workbook the merged cells say what belongs together; in a text a group's name
holds for the blank cells to its right.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from segment_lib.checks import ListError, closest
from segment_lib.lists.cells.amounts import parse_money
from segment_lib.lists.cells.dates import is_day
from segment_lib.lists.cells.values import fold_word, without_controls
from segment_lib.settings import ListSection
from segment_lib.voice import N_, Sentence, _, sentences

LOOK_ROWS = 30
PLACE = ("file", "row_number")
_MOST_HEADER_ROWS = 3
_A_YEAR, _FEW_VALUES = re.compile(r"(?:19|20)\d\d"), 1
_MOST_COLUMNS = 16_384  # Excel's; the widest real list seen had some 600


class Merged(NamedTuple):
    """A merged range of cells; positions count from 0, the last row and column belong to it."""

    top: int
    left: int
    bottom: int
    right: int


Rows = Sequence[Sequence[str]]
Ranges = Sequence[Merged] | None  # None: a text, which has no merged cells


class Header(NamedTuple):
    """Where the header begins (from 0), how many rows it has, and its cells, joined."""

    top: int
    height: int
    cells: list[str]


def unique_headers(cells: Iterable[str], taken: Collection[str] = ()) -> list[str]:
    """The headers as they stand, blanks named by position, a repeated one with its number.

    >>> unique_headers(["id", "", "id"])
    ['id', 'column 2', 'id_2']
    """
    names: list[str] = []
    seen, times = set(taken), dict[str, int]()  # 16,000 equal headers must not take minutes
    for position, cell in enumerate(cells, 1):
        name = unique = " ".join(str(cell).split()) or f"column {position}"
        while unique in seen:
            times[name] = times.get(name, 1) + 1
            unique = f"{name}_{times[name]}"
        seen.add(unique)
        names.append(unique)
    return names


def match_header(wanted: str, headers: Sequence[str]) -> str | None:
    """The header that is `wanted`: as written, else the only one that is equal when folded.

    >>> match_header("売上 ", ["日付", "売上"])
    '売上'
    """
    if wanted in headers:
        return wanted
    alike = [header for header in headers if fold_word(header) == fold_word(wanted)]
    return alike[0] if len(alike) == 1 else None


def same_names(has: Sequence[str], columns: list[str], section: ListSection) -> dict[str, str]:
    """A mapped header that another file spells a little differently is the same column."""
    same = {}
    for wanted in section.headers.values():
        here, there = match_header(wanted, has), match_header(wanted, columns)
        if here and there and here != there and there not in has:
            same[here] = there
    return same


# --- where the header stands ------------------------------------------------------------------


def rows_to_look_at(section: ListSection) -> int:
    """How many rows must be seen to place the header."""
    return max(LOOK_ROWS, (section.header_row or 0) + (section.header_rows or 1))


def place_header(
    first: Rows, file_name: str, section: ListSection, list_name: str, merged: Ranges = None
) -> tuple[list[str], int, list[Sentence]]:
    """The headers of a file, the position of the first row below them, and what is told of it.

    `first` are its first rows, as many as `rows_to_look_at`; with `names` it has no header.
    """
    said = {"file_name": file_name, "list_name": list_name}
    if section.names:
        _require_as_many(first, section, said)
        return unique_headers(section.names, taken=PLACE), 0, []
    found = find_header([row[: _MOST_COLUMNS + 1] for row in first], section, merged)
    if found is None or not trimmed(found.cells):
        if section.header_row:
            told = N_("{file_name} (list {list_name}) is empty: row {header_row} is blank.")
            raise ListError(told, **said, header_row=section.header_row)
        raise empty(file_name, list_name)
    cells = [without_controls(cell) for cell in trimmed(found.cells)]
    row, last = found.top + 1, found.top + found.height
    if len(cells) > _MOST_COLUMNS:
        raise ListError(
            "{file_name} (list {list_name}) has {count:,} columns in row {row}; a list has at "
            "most {most:,}. Is it really a list, with one row per line?",
            **said,
            count=max(len(trimmed(row)) for row in first[found.top : last]),
            row=row,
            most=_MOST_COLUMNS,
        )
    note = N_("{file_name}: the header stands in row {row}")
    if last > row:
        note = N_("{file_name}: the header stands in rows {row} to {last}")
    notes = [Sentence(note, file_name=file_name, row=row, last=last)] if last > 1 else []
    return unique_headers(cells, taken=PLACE), last, notes


def _require_as_many(first: Rows, section: ListSection, said: dict[str, str]) -> None:
    """The names of a list without a header must be as many as its rows have cells."""
    filled = [row for row in first if any(row)]
    if not filled:
        raise empty(**said)
    widths = [len(row) for row in filled]
    usual = max(widths, key=widths.count)
    if usual != len(section.names):
        raise ListError(
            "[lists.{list_name}] names gives {count} names, but the rows of {file_name} have "
            "{usual} cells, for example {shown}. Name each of them, in order.",
            **said,
            count=len(section.names),
            usual=usual,
            shown=list(filled[widths.index(usual)][:8]),
        )


def empty(file_name: str, list_name: str) -> ListError:
    """The sentence for a file without a row."""
    return ListError(
        "{shown} (list {list_name}) is empty: it has no rows. Export it again, or take the list "
        "out of client.toml.",
        shown=file_name,
        list_name=list_name,
    )


def trimmed(cells: Sequence[str]) -> list[str]:
    """The cells without the blank ones at the end."""
    last = max((i for i, cell in enumerate(cells) if cell.strip()), default=-1)
    return list(cells[: last + 1])


def find_header(rows: Rows, section: ListSection, merged: Ranges) -> Header | None:
    """The header among the first rows, of one or several rows; None if all rows are blank.

    Where client.toml does not state it, it is the row that holds most of the mapped ones; if none
    holds any, the first row that is as full as most rows are. It has more than one row only where
    client.toml or `merged` says so.
    """
    wanted = section.headers.values()
    if section.header_row is not None:
        top = section.header_row - 1
        height = section.header_rows or _height_by_merging(rows, top, merged)
        return Header(top, height, join_header(rows[top : top + height], top, merged))
    height = section.header_rows or 1
    tops = range(max(1, len(rows) - height + 1))
    joined = [join_header(rows[top : top + height], top, merged) for top in tops]
    filled = [sum(1 for cell in row if cell.strip()) for row in joined]
    if not any(filled):
        return None
    hits = [_hits(row, wanted) for row in joined]
    found = hits.index(max(hits))
    if max(hits) == 0:
        found = next(at for at, count in enumerate(filled) if count >= 0.8 * max(filled))
    best = Header(found, height, joined[found])
    may_have_more_rows = merged and not section.header_rows
    return _joined_if_merged(rows, wanted, best, merged) if may_have_more_rows else best


def _hits(cells: Iterable[str], wanted: Collection[str]) -> int:
    return len({fold_word(word) for word in wanted} & {fold_word(cell) for cell in cells})


def join_header(rows: Rows, top: int, merged: Ranges = None) -> list[str]:
    """The names of the columns, from above: the group's name, then the column's own.

    >>> join_header([["顧客番号", "4月", ""], ["", "数量", "金額"]], 0)
    ['顧客番号', '4月 数量', '4月 金額']
    """
    if len(rows) == 1:
        return list(rows[0])
    width = max((len(row) for row in rows), default=0)
    filled = [[*row, *[""] * (width - len(row))] for row in rows]
    if merged is None:  # a group's name holds for the blank cells beside it with a name below
        for upper, lower in reversed(list(pairwise(filled))):
            for at in range(1, width):
                grouped = upper[at - 1].strip() and lower[at - 1].strip()
                if not upper[at].strip() and lower[at].strip() and grouped:
                    upper[at] = upper[at - 1]
    for one in merged or ():
        if top <= one.top and one.bottom < top + len(filled):
            name = filled[one.top - top][one.left] if one.left < width else ""
            for row in filled[one.top - top : one.bottom - top + 1]:
                row[one.left : one.right + 1] = [name] * len(row[one.left : one.right + 1])
    names = []
    for column in zip(*filled, strict=True):
        words = [" ".join(cell.split()) for cell in column if cell.strip()]
        names.append(" ".join(dict.fromkeys(words)))
    return names


def _joined_if_merged(
    rows: Rows, wanted: Collection[str], single: Header, merged: Ranges
) -> Header:
    """The header of several rows that the merged cells show, or the single row.

    Cells merged over both rows (顧客番号), or the same names below two groups, leave no doubt.
    Groups alone may be two titles side by side: then the names that client.toml maps decide. Where
    the single row holds none of them it may be a row of the list, fuller than its header.
    """
    known = _hits(single.cells, wanted)
    for top in range(max(0, single.top - _MOST_HEADER_ROWS + 1) if known else 0, single.top + 1):
        certain = _height_by_merging(rows, top, merged)
        height = certain if certain > 1 else _height_by_groups(rows, top, merged)
        if height > 1 and (not known or top + height > single.top):
            joined = Header(top, height, join_header(rows[top : top + height], top, merged))
            sure = certain > 1 and not _are_values(joined.cells)
            if sure or _hits(joined.cells, wanted) > known:
                return joined
    return single


def _are_values(cells: Sequence[str]) -> bool:
    """Whether some are sums or days: merged over the lines of an order, not over a header."""
    return sum(_is_value(cell) for cell in cells if not _A_YEAR.fullmatch(cell)) > _FEW_VALUES


def _is_value(cell: str) -> bool:
    return is_day(cell) or not isinstance(parse_money(cell), Sentence)


def _height_by_merging(rows: Rows, top: int, merged: Ranges) -> int:
    """How many rows the header has that begins at `top`, where merged cells leave no doubt."""
    over_both = [m for m in merged or () if m.top == top < m.bottom and m.left == m.right]
    height = max((m.bottom - m.top + 1 for m in over_both), default=1)
    if 1 < height <= _MOST_HEADER_ROWS:
        columns = {m.left for m in over_both}
        below = rows[top + 1 : top + height]
        others = [c for row in below for at, c in enumerate(row) if at not in columns]
        return height if any(cell.strip() for cell in others) else 1
    height = _height_by_groups(rows, top, merged)
    if height == 1:
        return 1
    lowest = rows[top + height - 1]
    names = [
        name
        for one in _groups(rows, top, merged)
        for name in {fold_word(cell) for cell in lowest[one.left : one.right + 1] if cell.strip()}
    ]
    return height if len(set(names)) < len(names) else 1


def _height_by_groups(rows: Rows, top: int, merged: Ranges) -> int:
    """How many rows the header has if the cells merged sideways at `top` are names of groups."""
    if not _groups(rows, top, merged):
        return 1
    return 3 if _groups(rows, top + 1, merged) and top + 2 < len(rows) else 2


def _groups(rows: Rows, top: int, merged: Ranges) -> list[Merged]:
    """The cells of a row that are merged sideways, with names below, not over the whole width."""
    if top + 1 >= len(rows):
        return []
    below = rows[top + 1]
    width = sum(1 for cell in below if cell.strip())
    return [
        one
        for one in merged or ()
        if one.top == one.bottom == top
        and one.left < one.right
        and 1 < sum(1 for cell in below[one.left : one.right + 1] if cell.strip()) < width
    ]


# --- whether all mapped ones are there --------------------------------------------------------


def require_headers(has: list[str], file_name: str, section: ListSection, list_name: str) -> None:
    """Raise `ListError` about the first mapped header that a file lacks."""
    headers = section.headers
    has = [*has, section.headings] if section.headings else has
    made = [headers["order_id"]] if section.order_id_from else []
    lacks = [column for column in headers if match_header(headers[column], [*has, *made]) is None]
    if not lacks:
        return
    column, wanted = lacks[0], headers[lacks[0]]
    said = {"file_name": file_name, "list_name": list_name, "column": column, "wanted": wanted}
    told = _('{file_name} lacks the column "{wanted}". It has {has}.', **said, has=has)
    what_to_do = _(
        'Mend it in client.toml: [lists.{list_name}.columns] {column} = "{near}".',
        **said,
        near=closest(wanted, has) or "...",
    )
    if len(lacks) == len(headers) and not section.names:
        what_to_do = _name_the_columns(has, list_name) or what_to_do
    raise ListError(sentences(told, what_to_do))


def _name_the_columns(has: list[str], list_name: str) -> str:
    """What to do where the "header" is data: half of it numbers or days; "" if it has words."""
    apart = has[0].split() if len(has) == 1 else []  # several cells with runs of blanks between
    cells = apart if len(apart) > 1 else has
    hits = sum(map(_is_value, cells))
    if 2 * hits < len(cells):
        return ""
    told = N_(
        "Its first row looks like data, not like a header. If the list has none, name its "
        "{count} columns in order: [lists.{list_name}] names = {names}."
    )
    if cells is apart:
        told = N_(
            "Its first row looks like data, not like a header. If the list has none, name its "
            '{count} columns in order: [lists.{list_name}] names = {names} and delimiter = " ".'
        )
    some = ", ".join(f'"column {place}"' for place in range(1, min(len(cells), 3) + 1))
    more = ", …" if len(cells) > 3 else ""
    return _(told, count=len(cells), list_name=list_name, names=f"[{some}{more}]")
