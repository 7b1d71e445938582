"""Which column is which: proposals from the headers, and a client.toml for a person to finish.

Only a whole header found in `aliases.py` is proposed; a merely similar one appears as a comment,
because 割引金額 resembles 金額 and is not it. Where two headers of a list could be the id, the date
or the amount, neither is proposed.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from segment_lib.checks import ClientError, ListError, closest
from segment_lib.columns import REGISTER_COLUMNS, REQUIRED, TABLES
from segment_lib.lists.aliases import ALIASES, TABLE_ALIASES
from segment_lib.lists.dates import parse_date
from segment_lib.lists.files import read_file
from segment_lib.lists.layout import PLACE
from segment_lib.lists.stored_tables import database_tables, sheet_names
from segment_lib.lists.values import Told, fold_word
from segment_lib.settings import ListSection

_MUST_BE_SURE = ("text", "date", "money")
_EXTRA = ("status", "unit_price", "cancelled_on")
_LOOK_ROWS = 2000
_TWO_NUMBERS = re.compile(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d{2})\b")


def fold_header(header: str) -> str:
    """A header for comparison.

    >>> fold_header("Order_ID "), fold_header("ｵｰﾀﾞｰ No")
    ('orderid', 'オーダーno')
    """
    return re.sub(r"[\s_\-.:：/／()（）]", "", fold_word(header))


def propose_columns(headers: Sequence[str], table: str) -> dict[str, str]:
    """Canonical column to header, for the columns this table has; only exact aliases.

    >>> propose_columns(["顧客番号", "受注日", "売上", "割引金額"], "orders")
    {'customer_id': '顧客番号', 'ordered_on': '受注日', 'amount': '売上'}
    """
    extra = _EXTRA if table in ("orders", "order_lines") else ()
    found: dict[str, str] = {}
    for column in (*TABLES[table], *extra):
        candidates = _candidates(headers, column, table)
        sure = (
            REGISTER_COLUMNS[column].kind in _MUST_BE_SURE if column in REGISTER_COLUMNS else True
        )
        needed = column in (*REQUIRED[table], "order_id")
        if candidates and (len(candidates) == 1 or not (sure and needed)):
            found[column] = candidates[0]
    return found


def _candidates(headers: Sequence[str], column: str, table: str) -> list[str]:
    """Headers that mean this column, in the order in which the aliases stand."""
    aliases = (*ALIASES.get(column, ()), *TABLE_ALIASES.get(table, {}).get(column, ()))
    places = {fold_header(alias): place for place, alias in reversed(list(enumerate(aliases)))}
    known = [header for header in headers if fold_header(header) in places]
    return sorted(known, key=lambda header: places[fold_header(header)])


def propose_table(headers: Sequence[str]) -> str:
    """Which table a list with these headers most likely is."""
    return max(TABLES, key=lambda table: _score(table, propose_columns(headers, table)))


def _score(table: str, found: dict[str, str]) -> float:
    """Above 1 if it has all that the table needs; a list of orders also has a customer's id."""
    if table == "customers":
        return 0.6 if "customer_id" in found else 0.3
    if not _speaks(table, found):
        return 0.0
    if _is_enough(table, found):
        return 1 + len(REQUIRED[table]) / 10 + len(found) / 1000
    return len(set(REQUIRED[table]) & set(found)) / len(REQUIRED[table]) + len(found) / 1000


def _speaks(table: str, found: dict[str, str]) -> bool:
    """A customer and a bare 日付 may be anything; one column more, or a date that says which."""
    dates = [column for column in REQUIRED[table] if column.endswith("_on")]
    if not dates or set(found) != {"customer_id", dates[0]}:
        return True
    own = {fold_header(alias) for alias in ALIASES[dates[0]]}
    return fold_header(found[dates[0]]) in own


def _is_enough(table: str, found: dict[str, str]) -> bool:
    lacks = set(REQUIRED[table]) - set(found)
    by_parts = table == "order_lines" and {"unit_price", "quantity"} <= set(found)
    return not lacks or (by_parts and lacks == {"amount"})


def propose_client(name: str, files: Iterable[str | Path], folder: Path | None = None) -> str:
    """The text of a client.toml with what was recognised in the files, for a person to finish.

    File names are written relative to `folder` if it is given, else in full.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise ClientError(f'"{name}" cannot be a client\'s name: use letters, digits, - and _.')
    lists: list[str] = []
    names: list[str] = []
    last: list[date] = []
    for file in files:
        text, list_name, day = _propose_list(Path(file), names, folder)
        lists.append(text)
        names.append(list_name)
        last += [day] if day else []
    as_of = max(last, default=date(2025, 12, 31))
    head = (
        "# What people decide about this client. Look at each line, then: kit.py check --client …\n"
        "[client]\n"
        f"name = {_quoted(name)}\n"
        f"as_of = {as_of}  # the last complete day in the lists; nothing later is used\n"
        'language = "en"  # or "ja"\n'
        'decided_by = ""  # who looked at this file\n'
    )
    return "\n".join([head, *lists])


def _propose_list(
    path: Path, taken: list[str], folder: Path | None
) -> tuple[str, str, date | None]:
    if not path.is_file():
        raise ListError(f"There is no file {path}. Check the name.")
    part, key, others = _best_part(path)
    frame = _look_into(path, key, part)
    headers = [str(column) for column in frame.columns if column not in PLACE]
    table = propose_table(headers)
    columns = propose_columns(headers, table)
    name = table if table not in taken else f"{table}_{sum(t.startswith(table) for t in taken) + 1}"
    shown = path.resolve().as_posix() if folder is None else _relative(path, folder)
    lines = [f"[lists.{name}]", f"files = [{_quoted(shown)}]"]
    lines += [f'table = "{table}"  # one of {", ".join(TABLES)}'] if name != table else []
    lines += [f"{key} = {_quoted(part)}"] if part else []
    lines += [f"# it also has: {', '.join(others)}"] if others else []
    lines += _date_lines(frame, columns)
    lines += [f"[lists.{name}.columns]"]
    lines += [f"{column} = {_quoted(header)}" for column, header in columns.items()]
    lines += _suggestions(headers, columns, table)
    return "\n".join(lines) + "\n", name, _last_day(frame, columns)


def _relative(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive on Windows
        return path.resolve().as_posix()


def _best_part(path: Path) -> tuple[str, str, list[str]]:
    """The sheet or database table whose headers say most, its key in client.toml, the others."""
    start = path.open("rb").read(16)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        parts, key = sheet_names(path), "sheet"
    elif start.startswith(b"SQLite format 3") or start[8:12] == b"DUCK":
        parts, key = database_tables(path), "db_table"
    else:
        return "", "", []

    def says(part: str) -> int:
        headers = [str(column) for column in _look_into(path, key, part).columns]
        table = propose_table(headers)
        found = propose_columns(headers, table)
        return len(found) + 10 * len(REQUIRED[table]) * _is_enough(table, found)

    best = max(parts, key=says) if parts else ""
    return best, key, [part for part in parts if part != best][:20]


def _look_into(path: Path, key: str, part: str) -> pd.DataFrame:
    # The aliases stand in for the headers that client.toml will name.
    everything = {str(i): alias for i, alias in enumerate(_all_aliases())}
    stated = {key: part} if part else {}
    section = ListSection.model_validate({"files": (path.name,), "columns": everything, **stated})
    try:
        return read_file(path, section, path.stem).frame
    except ListError:
        if part:
            return pd.DataFrame()
        raise


def _all_aliases() -> list[str]:
    own = [alias for aliases in ALIASES.values() for alias in aliases]
    more = [a for table in TABLE_ALIASES.values() for aliases in table.values() for a in aliases]
    return list(dict.fromkeys([*own, *more]))


def _date_lines(frame: pd.DataFrame, columns: dict[str, str]) -> list[str]:
    """How the days of this list are written; where it cannot be told, what to write."""
    texts = [
        text
        for column, header in columns.items()
        if column in REGISTER_COLUMNS and REGISTER_COLUMNS[column].kind == "date"
        for text in frame[header].head(_LOOK_ROWS)
        if text.strip()
    ]
    pairs = [(int(m[1]), int(m[2])) for m in map(_TWO_NUMBERS.match, texts) if m]
    if pairs:
        return _day_or_month(pairs, texts[0])
    read = [text for text in texts if not isinstance(parse_date(text), Told)]
    if texts and not read and all(text.strip().isdigit() for text in texts):
        return [
            f"# {texts[0]} is a number. If it is Excel's count of days, write:",
            '# dates = ["serial"]',
        ]
    return []


def _day_or_month(pairs: list[tuple[int, int]], example: str) -> list[str]:
    day_first = any(first > 12 for first, _ in pairs)
    month_first = any(second > 12 for _, second in pairs)
    if day_first and not month_first:
        return ['dates = ["dmy"]  # the day comes first']
    if month_first and not day_first:
        return ['dates = ["mdy"]  # the month comes first']
    return [
        f"# {example.strip()} could be day/month or month/day, and no row tells. Write one of:",
        '# dates = ["dmy"]  # the day comes first',
        '# dates = ["mdy"]  # the month comes first',
    ]


def _suggestions(headers: Sequence[str], columns: dict[str, str], table: str) -> list[str]:
    """Comments for the needed columns that were not sure, and the headers that are left."""
    lines = []
    needed = () if _is_enough(table, columns) else REQUIRED[table]
    for column in [column for column in needed if column not in columns]:
        candidates = _candidates(headers, column, table)
        near = candidates or [closest(column, headers) or "..."]
        either = " or ".join(_quoted(header) for header in near)
        lines.append(f"# {column} = {either}  # needed: which column is it?")
    left = [header for header in headers if header not in columns.values()]
    if left:
        also = "any name makes it an attribute" if table == "customers" else "not used"
        lines.append(f"# other columns ({also}): {', '.join(left)}")
    return lines


def _last_day(frame: pd.DataFrame, columns: dict[str, str]) -> date | None:
    dates = [columns[c] for c in ("ordered_on", "contacted_on") if c in columns]
    read = [parse_date(text) for header in dates for text in frame[header].unique()]
    days = [day for day in read if not isinstance(day, Told)]
    return max(days, default=None)


def _quoted(text: str) -> str:
    # A TOML basic string is written like a JSON string.
    return json.dumps(text, ensure_ascii=False)
