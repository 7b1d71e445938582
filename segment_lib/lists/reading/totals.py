"""Rows that are none of the list: headings, totals (合計, 小計, Total), remarks below it.

A row of totals begins with a word of totals, and every other cell of it is a number or blank. A
row with a value under an id or a date of the list is real, whatever it begins with. Footnotes
(※…, 出力日時 …) are single cells. Such rows are set apart with their reason; nothing is dropped.

In a report by customer a heading, a row of a single cell, says whose the rows below it are: it
becomes a column of theirs where client.toml says `headings`, and the sum below them goes as well.
Where cells were merged, or an order stands in the first of its rows only, the further rows say
nothing in some columns: they take those from the row above (`as_above`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from segment_lib.checks import ListError
from segment_lib.lists.cells.headers import match_header
from segment_lib.lists.cells.values import HEADING_ROW, REMARK_ROW, TOTALS_ROW, tidy_text
from segment_lib.lists.reading.engine import FILE_BITS, RawTable, set_apart, text
from segment_lib.lists.reading.pieces import ROWS_AT_ONCE
from segment_lib.lists.words import pattern, words
from segment_lib.settings import ListSection
from segment_lib.voice import N_, Sentence

MOST_BELOW = 50
_SHOWN = 4  # headers in a note
_DITTO = ", ".join(map(text, words("values")["ditto"]))
_TYPED = 50_000  # rows of a list that somebody typed
_LOOK_COLUMNS = 6  # a total's word stands in one of the first columns
_FRAME = "[\\s　【】\\[\\]［］()（）<>＜＞*＊=＝:：-]*"
_PLAIN = pattern(words("totals")["totals"])
_WITH_NAME = pattern(words("totals")["totals_of_a_group"])
_REMARK = pattern(words("totals")["remarks"])
_TOTALS = re.compile(f"{_FRAME}(?:{_PLAIN}){_FRAME}")
_TOTALS_OF = re.compile(f"{_FRAME}(?:{_WITH_NAME}){_FRAME}")
_SUM_OF = f"^{_FRAME}(?:{_PLAIN})(?i: for| of| von| de)?{_FRAME}$"  # without whose sum it is
_NUMBER = re.compile(
    r"[-+−△▲(]?\s*[¥$€£\\]?\s*[-+−△▲]?\s*(?:\d{1,3}(?:,\d{3})+|0|[1-9]\d*)?(?<=\d)?(?:\.\d+)?\s*"
    r"(?:%|円|千円|万円|百万円|億円|個|件|名|人|点|枚|本|箱|台|回|時間|分|日|人日|pt|h)?\s*\)?"
)
_WITH_COMMA = re.compile(  # 3.149,30 €
    r"[-+−]?\s*[€£$]?\s*[-−]?(?:\d{1,3}(?:\.\d{3})+|0|[1-9]\d*),\d{1,2}\s*(?:€|kr|zł|Kč|[A-Z]{3})?"
)
_DASH = re.compile(r"[-―ー—–*/]+")
_REMARK_AT_START = re.compile(_REMARK)
# The same for the engine; words in full-width letters are looked at one by one.
_PERHAPS = (
    f"^{_FRAME}(?:{_PLAIN}|{_WITH_NAME}){_FRAME}$|^[\\s　]*(?:{_REMARK})|"
    "^[\\s　]*[Ａ-Ｚａ-ｚ][Ａ-Ｚａ-ｚ　]+$"
)


def set_rows_apart(raw: RawTable, section: ListSection, everywhere: bool = False) -> None:
    """Move headings, totals and remarks to the broken rows, behind the others of their file.

    The word of a total is looked for in the first columns, or `everywhere`: where a row may take
    its customer from the row above, no sum may; and in a list that somebody typed.

    Raises `ListError` if the column that headings are to become is there already.
    """
    typed = raw.engine.one(f"select count(*) from (from {raw.name} limit {_TYPED})") < _TYPED
    _set_totals_apart(raw, section, typed or everywhere or bool(section.as_above))
    if section.headings:
        _take_headings(raw, section.headings)
    for together in section.taken_from_above:
        _take_from_above(raw, together)
    if typed:
        _repeat_where_it_says_so(raw)


def _set_totals_apart(raw: RawTable, section: ListSection, everywhere: bool) -> None:
    if len(raw.columns) < 2:
        return
    keys = keys_of(raw.columns, section)
    apart: dict[int, Sentence] = {}
    last_of: dict[int, tuple[int, list[str]]] = {}  # file → its last row of totals
    for some in _cells_of(raw, perhaps_apart(raw.cells, keys, everywhere)):
        reasons = reasons_apart(some, keys)
        apart |= reasons
        last_of |= {
            row >> FILE_BITS: (row, some[row])
            for row, reason in sorted(reasons.items())
            if reason is TOTALS_ROW
        }
    raw.totals = [dict(zip(raw.columns, cells, strict=True)) for _row, cells in last_of.values()]
    for last, _cells in last_of.values():
        end = ((last >> FILE_BITS) + 1) << FILE_BITS
        for below in _cells_of(raw, f"_row > {last} and _row < {end} limit {MOST_BELOW + 1}"):
            if are_remarks(below.values()):
                apart = dict.fromkeys(below, REMARK_ROW) | apart
    for reason in (TOTALS_ROW, REMARK_ROW):
        rows = [row for row, why in apart.items() if why is reason]
        if rows:
            set_apart(raw, "_row in (select unnest(?))", reason.english, rows)


def _take_headings(raw: RawTable, header: str) -> None:
    """Each row of a single cell becomes a column of the rows below it.

    A row of whose cells one says the heading and more (Total Akiyama, 青葉商事 計) is their sum.
    """
    if header in raw.columns:
        raise ListError(
            '[lists.{list_name}] headings = "{header}", but a column is called so. Take another '
            "name for what stands in the headings.",
            list_name=raw.list_name,
            header=header,
        )
    cells = raw.cells
    raw.add_columns([header])
    heading = raw.cells[-1]
    said = f"list_filter([{', '.join(cells)}], lambda c: regexp_matches(c, '[^\\s\\pZ]'))"
    raw.engine.run(
        f"update {raw.name} set {heading} = found.heading from ("
        f"select _row as at, coalesce(last_value(case when len({said}) = 1 then trim({said}[1]) "
        f"end ignore nulls) over (partition by _row >> {FILE_BITS} order by _row), '') as heading "
        f"from {raw.name}) as found where _row = found.at"
    )
    alone = f"len({said}) = 1"
    sums = " or ".join(
        f"regexp_matches(replace({cell}, {heading}, ''), {text(_SUM_OF)})"
        for cell in cells[:_LOOK_COLUMNS]
    )
    set_apart(raw, alone, HEADING_ROW.english)
    set_apart(raw, f"{heading} != '' and ({sums})", TOTALS_ROW.english)


def _take_from_above(raw: RawTable, wanted: Sequence[str]) -> None:
    """What stands in the last row before it that says something, where a row says nothing."""
    headers = [header for one in wanted if (header := match_header(one, raw.columns))]
    cells = [raw.cell(header) for header in headers]
    if not cells:
        return  # who reads the list next says which one it lacks
    says = f"regexp_matches(concat({', '.join(cells)}), '[^\\s\\pZ]')"
    raw.engine.run(
        f"create or replace temp table above as select _row as place, {says} as own, last_value("
        f"case when {says} then _row end ignore nulls) over ("
        f"partition by _row >> {FILE_BITS} order by _row) as head from {raw.name}"
    )
    taken = ", ".join(f"{cell} = heads.{cell}" for cell in cells)
    raw.engine.run(
        f"update {raw.name} as rows set {taken} from above, {raw.name} as heads "
        "where rows._row = place and not own and head = heads._row"
    )
    rows = raw.engine.one("select count(*) from above where not own and head is not null")
    if not rows:
        return
    raw.notes.append(
        Sentence(
            "{rows} row(s) say nothing under {headers}: they take it from the row above",
            rows=rows,
            headers=", ".join(headers[:_SHOWN]) + " …" * (len(headers) > _SHOWN),
        )
    )


def _repeat_where_it_says_so(raw: RawTable) -> None:
    """A cell of 〃 or 同上 says what the one above it says; nobody types it in a long list."""
    counts = ", ".join(f"count(*) filter (where {_says_ditto(cell)})" for cell in raw.cells)
    found = raw.engine.rows(f"select {counts} from {raw.name}")[0]
    if not any(found):
        return
    marked = [(header, raw.cell(header)) for header, n in zip(raw.columns, found, strict=True) if n]
    above = ", ".join(
        f"coalesce(last_value(case when {cell} <> '' and not {_says_ditto(cell)} then {cell} end "
        f"ignore nulls) over (partition by _row >> {FILE_BITS} order by _row), '') as {cell}"
        for _header, cell in marked
    )
    taken = ", ".join(
        f"{cell} = case when {_says_ditto(f'rows.{cell}')} then above.{cell} else rows.{cell} end"
        for _header, cell in marked
    )
    raw.engine.run(
        f"update {raw.name} as rows set {taken} from (select _row as place, {above} "
        f"from {raw.name}) as above where rows._row = place"
    )
    told = N_("{count} cell(s) such as 〃 say what stands above them: {headers}")
    headers = ", ".join(header for header, _cell in marked)
    raw.notes.append(Sentence(told, count=sum(found), headers=headers))


def _says_ditto(cell: str) -> str:
    return f"lower(trim({cell}, ' 　')) in ({_DITTO})"


def _cells_of(raw: RawTable, where: str) -> Iterator[dict[int, list[str]]]:
    """The cells of some rows, in their order; few of them mostly, but all may be asked about."""
    query = f"select _row, {', '.join(raw.cells)} from {raw.name} where {where}"
    for batch in raw.engine.batches(query, ROWS_AT_ONCE):
        columns = (column.to_pylist() for column in batch.columns)
        yield {row: list(cells) for row, *cells in zip(*columns, strict=True)}


class Keys(NamedTuple):
    """Where the mapped ids and days of a list stand among its columns."""

    ids: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()


def keys_of(columns: list[str], section: ListSection) -> Keys:
    """The columns of ids and dates: a row with a value there is a real one."""
    places: dict[str, set[int]] = {"_id": set(), "_on": set()}
    for column, header in section.headers.items():
        name = match_header(header, columns)
        if name is not None and column[-3:] in places:
            places[column[-3:]].add(columns.index(name))
    return Keys(frozenset(places["_id"]), frozenset(places["_on"]))


def perhaps_apart(cells: Sequence[str], keys: Keys, everywhere: bool = False) -> str:
    """In SQL: a row may be one of totals or a remark; `cells` are the columns of the list.

    Whoever has an id is real: mostly that leaves no row at all.
    """
    may_be = f"regexp_matches({{}}, {text(_PERHAPS)})"
    # No word of totals, and no remark, begins and ends with a digit: that is seen more quickly.
    # Which groups of rows have none that begins with one, the engine knows without a look at them.
    no_number = [
        f"({cells[at]} < '0' or {cells[at]} >= ':' or not {cells[at]} glob '*[0-9]')"
        for at in sorted(keys.ids)
    ]
    no_id = [f"({cells[at]} = '' or {may_be.format(cells[at])})" for at in sorted(keys.ids)]
    among = cells if everywhere else cells[:_LOOK_COLUMNS]
    said = " or ".join(may_be.format(cell) for cell in among)
    return " and ".join([*no_number, *no_id, f"({said})"])


def reasons_apart(rows: Mapping[int, list[str]], keys: Keys) -> dict[int, Sentence]:
    """Row to the reason why it is set apart, of the cells of rows that may be apart."""
    found: dict[int, Sentence] = {}
    for row, cells in rows.items():
        if _is_total(cells, keys):
            found[row] = TOTALS_ROW
        elif _is_remark(cells, keys):
            found[row] = REMARK_ROW
    return found


def are_remarks(below: Collection[list[str]]) -> bool:
    """Whether the rows below the last total are remarks: few, of a single cell of three or more."""
    few = len(below) <= MOST_BELOW and all(len(cells) > 2 for cells in below)
    return few and all(len(_said(cells)) <= 1 for cells in below)


def _said(cells: Collection[str]) -> list[tuple[int, str]]:
    """The cells that are not blank, tidy, each behind its place."""
    return [(at, tidy_text(cell)) for at, cell in enumerate(cells) if cell.strip()]


def _is_total(cells: list[str], keys: Keys) -> bool:
    said = _said(cells)
    words = [_TOTALS.fullmatch(text) is not None for _, text in said]
    of_a_group = _TOTALS_OF.fullmatch(said[0][1]) is not None
    if _is_real(said, [words[0] or of_a_group, *words[1:]], keys):
        return False
    numbers = [
        word or at in keys.days or _is_number(text)
        for (at, text), word in zip(said, words, strict=True)
    ]
    if words[0] or (of_a_group and len(said) > 1):
        return all(numbers[1:])
    # 「東京 | 小計 | 1,200」: names of groups before the word; only where the ids are known
    word = words.index(True) if True in words else len(said)
    names = [not number or at in keys.days for (at, _), number in zip(said, numbers, strict=True)]
    return bool(keys.ids) and word + 1 < len(said) and all(names[:word]) and all(numbers[word:])


def _is_real(said: list[tuple[int, str]], words: list[bool], keys: Keys) -> bool:
    """Whether an id or a day stands there; a total per day has a day, but a word for an id."""
    ids = {word for (at, _), word in zip(said, words, strict=True) if at in keys.ids}
    days = {word for (at, _), word in zip(said, words, strict=True) if at in keys.days}
    return False in ids or (False in days and True not in ids)


def _is_number(text: str) -> bool:
    if _DASH.fullmatch(text):
        return True
    number = _NUMBER.fullmatch(text) or _WITH_COMMA.fullmatch(text)
    return any(sign.isdigit() for sign in text) and number is not None


def _is_remark(cells: list[str], keys: Keys) -> bool:
    """A single cell that reads like a remark, in a list of three or more columns."""
    said = _said(cells)
    if len(cells) < 3 or not _REMARK_AT_START.match(said[0][1]):
        return False
    if len(said) == 2:  # 「出力日時 | 2025-01-31 10:00」
        return said[1][0] not in keys.ids and said[0][0] not in keys.days
    return len(said) == 1
