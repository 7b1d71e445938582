"""Where the header of a list stands, and what its columns are called."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from segment_lib.lists.values import fold_word

LOOK_ROWS = 30
PLACE = ("file", "row_number")


def unique_headers(cells: Iterable[str], taken: Collection[str] = ()) -> list[str]:
    """The headers as they stand, blanks named by position, a repeated one with its number.

    >>> unique_headers(["id", "", "id"])
    ['id', 'column 2', 'id_2']
    """
    names: list[str] = []
    for position, cell in enumerate(cells, 1):
        name = " ".join(str(cell).split()) or f"column {position}"
        again = 2
        unique = name
        while unique in names or unique in taken:
            unique, again = f"{name}_{again}", again + 1
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


def find_header_row(rows: Sequence[Sequence[str]], wanted: Collection[str]) -> int | None:
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
