"""What lies in a file: its sheets, tables or members, and the first rows of each as a `Look`.

Reading goes the way of every list (`files.first_rows`); the headers of the dictionary stand in for
those that client.toml will name, so that title rows above the header are passed over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from segment_lib.checks import ListError
from segment_lib.lists.cells.amounts import parse_money, with_point
from segment_lib.lists.cells.dates import SURE_SHARE, DateWay, date_way, parse_date
from segment_lib.lists.proposing.evidence import Look, counted, kind_of_column
from segment_lib.lists.proposing.headers import ALIASES, SYSTEMS, TABLE_ALIASES, fold_header
from segment_lib.lists.proposing.meaning import meaning
from segment_lib.lists.proposing.proposal import Beside
from segment_lib.lists.proposing.who import who_may
from segment_lib.lists.reading.archives import archive_members, open_files
from segment_lib.lists.reading.files import first_rows, read_list, too_many_cells
from segment_lib.lists.reading.plain_text import letters_codec
from segment_lib.lists.reading.stored_tables import database_tables
from segment_lib.lists.reading.text_rows import RUN_OF_BLANKS
from segment_lib.lists.reading.workbooks import sheet_names
from segment_lib.settings import Client, ListSection
from segment_lib.voice import Sentence

PARTS = ("sheet", "db_table", "member")
LOOK_ROWS = 50_000
_FEW_ROWS = 200
_LOOK_BYTES = 4 << 20
_CLOCK = re.compile(r"[T, ]+\d{1,2}:\d.*$")
_MOST_PARTS = 60
_WITH_MERGED = (".xlsx", ".xlsm", ".xls", ".ods")
_TEXTS = 500
_SCRAP, _WIDE = 2, 6  # cells of a row
_COLUMNS, _SOME, _HALF, _MOSTLY, _SILENT, _NEARLY = 3, 0.05, 0.5, 0.8, 0.9, 0.95


@dataclass(frozen=True)
class Found:
    """One list in a file, what it looks like, and how it is read.

    `said` are the keys of its section that reading it needs: sheet, db_table, member; delimiter,
    names of a list without a header. `notes` tell what the reader chose by itself.
    """

    path: Path
    look: Look
    said: dict[str, Any] = field(default_factory=dict)
    notes: tuple[Sentence, ...] = ()

    @property
    def part(self) -> str:
        """The sheet, table or member; "" where the file is one list."""
        return next((str(self.said[key]) for key in PARTS if key in self.said), "")


def lists_in(path: Path) -> list[Found]:
    """Every list in a file; sheets, tables and members that cannot be read are passed over.

    Raises `ListError` with the reader's sentence if nothing in it can be read.
    """
    key, parts = _parts_of(path)
    if not key:
        return [_found(path, {})]
    found, errors = [], []
    for part in parts[:_MOST_PARTS]:
        try:
            found.append(_found(path, {key: part}))
        except ListError as error:
            errors.append(error)
    if not found and errors:
        raise errors[0]
    return found


def _parts_of(path: Path) -> tuple[str, list[str]]:
    """Which key of client.toml names a part of this file, and the parts; ("", []) if it is one."""
    members = archive_members(path)
    if len(members) > 1:
        return "member", members
    with open_files(path, "", path.stem) as files:
        kind = files[0].kind
        if kind not in ("workbook", "sqlite", "duckdb"):
            return "", []
        with files[0].on_disk() as lies:
            if kind != "workbook":
                return "db_table", database_tables(lies)
            sheets = sheet_names(lies)
            return ("sheet", sheets) if len(sheets) > 1 else ("", [])


def _found(path: Path, said: dict[str, Any]) -> Found:
    """Look at a list; one without delimiters is cut at its blanks, one without a header named.

    The header is the first row that is as full as most. Only where no cell of it is known, the
    row with most headers of the dictionary is: among data such words stand too.
    """
    found = _laid_out(path, said)
    if _mixes_commas(found.look):  # the numbers of a workbook, beside 1.234,50 € typed as text
        with_comma = _laid_out(path, found.said | {"decimal": ","}).look
        found = replace(found, look=with_comma) if with_comma.decimal == "," else found
    return replace(found, look=_without_scraps(_with_sums_once(found)))


def _with_sums_once(found: Found) -> Look:
    """Merged cells speak for all their rows, but for sums, which are then read as `check` does."""
    look = found.look
    again = (look.frame == look.frame.shift()).any()  # as merged cells are
    sums = [h for h in look.headers if meaning(h).head == "money" and again[h]]
    sums = [h for h in sums if look.counts(h) and look.reads(h, "money")]
    if not sums or found.path.suffix.lower() not in _WITH_MERGED:
        return look
    others = [header for header in look.headers if header not in sums]
    columns = {f"column_{place}": header for place, header in enumerate(others)}
    comma = {"decimal": ","} if look.decimal == "," else {}
    return _read(found.path, found.said | comma, columns).look


def _laid_out(path: Path, said: dict[str, Any]) -> Found:
    found = _read(path, said)
    if len(found.look.headers) == 1 and _is_cut_by_blanks(found.look):
        found = _read(path, found.said | {"delimiter": RUN_OF_BLANKS})
    if known_headers(found.look):
        return _as_above(_under_headings(found))
    other = _read(path, found.said, _stand_ins())
    if known_headers(other.look) > 1:
        return _as_above(_under_headings(other))
    if _is_data(found.look):
        names = tuple(f"column {place}" for place in range(1, len(found.look.headers) + 1))
        return _read(path, found.said | {"names": names})
    return found


def _mixes_commas(look: Look) -> bool:
    """Whether there are numbers with a point and others, read only with a comma."""
    if look.decimal == "?":
        return True
    for header in look.headers:
        texts = [one for one in list(look.counts(header))[:_TEXTS] if any(map(str.isdigit, one))]
        point = [text for text in texts if not isinstance(parse_money(text), Sentence)]
        rest = [with_point(text, comma=True) for text in texts if text not in point]
        comma = [text for text in rest if not isinstance(parse_money(text), Sentence)]
        read = len(point) + len(comma)
        if min(len(point), len(comma)) >= _COLUMNS and read >= SURE_SHARE * len(texts):
            return any("." in text for text in point)
    return False


def _under_headings(found: Found) -> Found:
    """A report by customer once more, each row with the heading above it.

    Its first row is a single cell of words, such cells stand in one column, and rows follow each.
    Where another column could name the customer nothing is asked of the headings.
    """
    frame = found.look.frame[found.look.headers]
    filled = frame.apply(lambda column: column.str.strip() != "")
    alone = filled.sum(axis=1) == 1
    alone &= (~alone)[::-1].cummax()  # but for remarks below all
    few = 1 < alone.sum() < _HALF * len(frame)
    if frame.shape[1] < _COLUMNS or not few or not alone.iloc[0]:
        return found
    places = filled[alone].sum()
    place = str(places.idxmax())
    cells = Look(frame[alone & filled[place]])
    follow = ~alone.shift(-1, fill_value=True) & alone
    words = max(cells.share(place, "money"), cells.share(place, "date")) < _HALF
    if not words or min(places.max(), follow.sum()) < _MOSTLY * alone.sum():
        return found
    who = who_may(found.look, "orders")
    if any("customer" in meaning(h).of or not found.look.is_nearly_unique(h) for h in who):
        return found
    name = "得意先" if any(not header.isascii() for header in frame) else "Customer"
    return _read(found.path, found.said | {"headings": name})


def _as_above(found: Found) -> Found:
    """A list in which further rows of an order leave blank what its first one says, filled in.

    Several columns, a day among them, are blank in the same rows, in which others go on; and no
    number tells which rows belong together. Some words below the list change nothing.
    """
    look = _without_scraps(found.look)
    blank = pd.DataFrame({header: ~look.stands(header) for header in look.headers}, dtype="bool")
    days = [h for h in look.headers if look.counts(h) and look.share(h, "date") >= _MOSTLY]
    groups = ([h for h in blank if (blank[h] == blank[one]).mean() >= _NEARLY] for one in blank)
    # the largest, be it that of the columns without blanks: then rows take nothing from above
    group = max(groups, key=lambda one: (bool(set(days) & set(one)), len(one)), default=[])
    day = next((h for h in days if h in group), "")
    further = blank[day] if day else pd.Series(dtype=bool)
    enough = len(group) >= _COLUMNS and _SOME < further.mean() < 1 - _SOME
    if not enough or further.iloc[0]:
        return found
    head = (~further).cumsum()
    go_on = [h for h in look.headers if (~blank[h][further]).mean() >= _MOSTLY]
    numbered = [
        h for h in go_on
        if (look.frame.groupby(head)[h].nunique() == 1).mean() >= _MOSTLY
        and look.frame[h].nunique() >= _MOSTLY * head.iloc[-1]
    ]  # fmt: skip
    if len(go_on) < _COLUMNS - 1 or numbered:
        return found
    silent = [h for h in look.headers if blank[h][further].mean() >= _SILENT]  # but in a footer
    above = [h for h in silent if not blank[h].all() and look.may_come_from_above(h)]
    return _read(found.path, found.said | {"as_above": tuple(above)})


def _without_scraps(look: Look) -> Look:
    """The list without rows of a cell or two where others have many: MARCH 2024; 6月計, 73370.

    They are no rows of it, and what its columns hold is judged without them.
    """
    cells = pd.DataFrame({header: look.stands(header) for header in look.headers}).sum(axis=1)
    scraps = cells <= _SCRAP
    if cells.median() < _WIDE or not 0 < scraps.mean() < _HALF:
        return look
    return Look(look.frame[~scraps].reset_index(drop=True), look.file)


def _read(path: Path, said: dict[str, Any], columns: dict[str, str] | None = None) -> Found:
    section = ListSection.model_validate({"files": (path.name,), "columns": columns or {}, **said})
    try:
        raw = first_rows(path, section, path.stem, LOOK_ROWS)
    except ListError:
        codec = "" if section.encoding else _codec_of_letters(path, section.member)
        if not codec:
            raise
        return _read(path, said | {"encoding": codec}, columns)
    if raw.frame.empty and not raw.broken.empty:
        first = raw.broken.iloc[0]
        raise too_many_cells(
            path.name, path.stem, len(raw.broken), int(first["row_number"]), str(first["value"])
        )
    return Found(path, Look(raw.frame, " ".join([path.name, *section.sheet])), said, raw.notes)


def _codec_of_letters(path: Path, member: str) -> str:
    """How a text of one byte per sign is saved, as its letters tell; "" where they do not."""
    with open_files(path, member, path.stem) as files, files[0].open() as stream:
        return letters_codec(stream.read(_LOOK_BYTES)) if files[0].kind == "text" else ""


def _is_cut_by_blanks(look: Look) -> bool:
    """Whether every row of the only column, the first one included, is as many words."""
    rows = [look.headers[0], *look.frame[look.headers[0]].head(_FEW_ROWS)]
    widths = [len(row.split()) for row in rows]
    return widths[0] > 1 and widths.count(widths[0]) == len(widths) > 2


@cache
def _stand_ins() -> dict[str, str]:
    """All headers of the dictionary, numbered: they stand in for those that will be named."""
    words = [alias for aliases in ALIASES.values() for alias in aliases]
    for columns in TABLE_ALIASES.values():
        words += [alias for aliases in columns.values() for alias in aliases]
    for system in SYSTEMS.values():
        words += [*system["telling"], *system["columns"].values()]
    return {str(number): word for number, word in enumerate(dict.fromkeys(words))}


@cache
def _known() -> frozenset[str]:
    return frozenset(fold_header(word) for word in _stand_ins().values())


def known_headers(look: Look) -> int:
    """How many of the headers stand in the dictionary."""
    return sum(fold_header(header) in _known() for header in look.headers)


def _is_data(look: Look) -> bool:
    """Whether what stands in the first row is data: half of it reads as numbers or days."""
    row = Look(pd.DataFrame({str(i): [text] for i, text in enumerate(look.headers)}))
    data = sum(
        row.share(header, "money") == 1 or row.share(header, "date") == 1 for header in row.headers
    )
    return 2 * data >= len(look.headers) > 0


# --- all rows ----------------------------------------------------------------------------------


@dataclass
class Whole:
    """What only all rows tell: how many, how often each word and day, how days are written, and
    the last day on which a row was made, or cancelled (`undone`). The days are those of the header
    `day_asked`, if nobody has said yet which column has them.
    """

    rows: int = 0
    made: date | None = None
    undone: date | None = None
    days: Counter[date] = field(default_factory=Counter)
    words: dict[str, Counter[str]] = field(default_factory=dict)
    way: DateWay = field(default_factory=DateWay)
    day_asked: str = ""


def whole_list(
    client: Client,
    list_name: str,
    way: DateWay,
    day: str,
    words: Mapping[str, str],
    made: Iterable[str],
    undone: Iterable[str],
) -> Whole:
    """Go through all rows once: the days under the header `day`, the words under `words`.

    `words` is column to header; `made` and `undone` are headers of the days on which a row was
    written, or cancelled. Days that need a word about day and month are counted as soon as a row
    proves it.
    """
    frame = read_list(client, list_name).frame
    whole = Whole(rows=len(frame), way=way)
    whole.words = {column: Counter(counted(frame[header])) for column, header in words.items()}
    if day in frame:
        _read_days(whole, counted(frame[day]))
    whole.made = _last(frame, made, whole.way)
    whole.undone = _last(frame, undone, whole.way)
    return whole


def _last(frame: pd.DataFrame, headers: Iterable[str], way: DateWay) -> date | None:
    """The last day that stands under the headers."""
    found = Whole(way=way)
    for header in headers:
        days = frame[header].str.replace(_CLOCK, "", regex=True)  # few, where moments are many
        _read_days(found, Counter(days[days != ""].unique().tolist()))
    return max(found.days, default=None)


def with_beside(whole: Whole, beside: Beside) -> Whole:
    """The same with the days and words of the list that stands beside."""
    for column, seen in beside.columns.items():
        kind = kind_of_column(column)
        if kind == "word":
            whole.words[column] = Counter(beside.look.counts(seen.header))
        if kind == "date" and not whole.days:
            whole.way = beside.look.dates
            _read_days(whole, beside.look.counts(seen.header))
    return whole


def _read_days(whole: Whole, counts: Mapping[str, int]) -> None:
    """Count the days that can be read; none while nothing proves which is the month."""
    if whole.way.question == "day_or_month":
        proof = date_way([counts])
        if proof.formats or proof.question == "both_ways":
            whole.way = proof
    if whole.way.question:
        return
    for text, count in counts.items():
        read = parse_date(text, whole.way.reading)
        if isinstance(read, date):
            whole.days[read] += count
