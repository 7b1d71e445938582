"""Where the header of a list stands, what its columns are called, which rows are totals.

A header may have several rows: 「4月」 over 「数量」 and 「金額」. Its names are joined from above:
「4月 数量」. In a workbook the merged cells say what belongs together; in a text a group's name
holds for the blank cells to its right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from segment_lib.lists.cells.values import fold_word

LOOK_ROWS = 30
PLACE = ("file", "row_number")
_MOST_HEADER_ROWS = 3


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


def find_header_row(rows: Rows, wanted: Collection[str]) -> int | None:
    """The position of the header among the first rows, title rows skipped; None if all are blank.

    It is the row that holds most of the `wanted` headers; if no row holds any, the first row
    that is as full as most rows are.
    """
    keys = {fold_word(word) for word in wanted}
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    if not any(filled):
        return None
    hits = [len(keys & {fold_word(cell) for cell in row}) for row in rows]
    if max(hits) > 0:
        return hits.index(max(hits))
    widest = max(filled)
    return next(position for position, count in enumerate(filled) if count >= 0.8 * widest)


def find_header(
    rows: Rows,
    wanted: Collection[str],
    header_row: int | None = None,
    header_rows: int | None = None,
    merged: Ranges = None,
) -> Header | None:
    """The header among the first rows, of one or several rows; None if all rows are blank.

    `header_row` (from 1) and `header_rows` are what client.toml states; what it leaves out is
    found. Without `header_rows` the header has more than one row only where `merged` says so.
    """
    if header_row is not None:
        top = header_row - 1
        height = header_rows or _height_by_merging(rows, top, merged)
        return Header(top, height, join_header(rows[top : top + height], top, merged))
    height = header_rows or 1
    tops = range(max(1, len(rows) - height + 1))
    joined = [join_header(rows[top : top + height], top, merged) for top in tops]
    found = find_header_row(joined, wanted)
    if found is None:
        return None
    best = Header(found, height, joined[found])
    return best if header_rows else _joined_if_merged(rows, wanted, best, merged)


def join_header(rows: Rows, top: int, merged: Ranges = None) -> list[str]:
    """The names of the columns, from above: the group's name, then the column's own.

    >>> join_header([["顧客番号", "4月", ""], ["", "数量", "金額"]], 0)
    ['顧客番号', '4月 数量', '4月 金額']
    """
    if len(rows) == 1:
        return list(rows[0])
    width = max((len(row) for row in rows), default=0)
    filled = [[*row, *[""] * (width - len(row))] for row in rows]
    if merged is None:
        _fill_to_the_right(filled)
    else:
        _fill_ranges(filled, top, merged)
    names = []
    for column in zip(*filled, strict=True):
        words = [" ".join(cell.split()) for cell in column if cell.strip()]
        names.append(" ".join(dict.fromkeys(words)))
    return names


def _fill_ranges(rows: list[list[str]], top: int, merged: Sequence[Merged]) -> None:
    for one in merged:
        if top <= one.top and one.bottom < top + len(rows):
            name = rows[one.top - top][one.left] if one.left < len(rows[0]) else ""
            for row in rows[one.top - top : one.bottom - top + 1]:
                row[one.left : one.right + 1] = [name] * len(row[one.left : one.right + 1])


def _fill_to_the_right(rows: list[list[str]]) -> None:
    """A group's name holds for the blank cells beside it that have a name below."""
    for upper, lower in reversed(list(pairwise(rows))):
        for place in range(1, len(upper)):
            grouped = upper[place - 1].strip() and lower[place - 1].strip()
            if not upper[place].strip() and lower[place].strip() and grouped:
                upper[place] = upper[place - 1]


def _joined_if_merged(
    rows: Rows, wanted: Collection[str], single: Header, merged: Ranges
) -> Header:
    """The header of several rows that the merged cells show, or the single row.

    Cells merged over both rows (顧客番号), or the same names below two groups, leave no doubt.
    Groups alone may be two titles side by side: then the names that client.toml maps decide.
    """
    for top in range(max(0, single.top - _MOST_HEADER_ROWS + 1), single.top + 1):
        certain = _height_by_merging(rows, top, merged)
        height = certain if certain > 1 else _height_by_groups(rows, top, merged)
        if height > 1 and top + height > single.top:
            joined = Header(top, height, join_header(rows[top : top + height], top, merged))
            if certain > 1 or _hits(joined.cells, wanted) > _hits(single.cells, wanted):
                return joined
    return single


def _hits(cells: Iterable[str], wanted: Collection[str]) -> int:
    return len({fold_word(word) for word in wanted} & {fold_word(cell) for cell in cells})


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
    groups = [
        {fold_word(cell) for cell in lowest[one.left : one.right + 1] if cell.strip()}
        for one in _groups(rows, top, merged)
    ]
    seen: set[str] = set()
    for names in groups:
        if names & seen:
            return height
        seen |= names
    return 1


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
