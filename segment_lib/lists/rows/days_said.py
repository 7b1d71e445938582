"""Before a list is read: whether client.toml says what day and month its days need."""

from __future__ import annotations

import pandas as pd
import pyarrow.compute as pc

from segment_lib.checks import ListError
from segment_lib.client import list_files
from segment_lib.lists.cells.date_ways import DateWay, date_way
from segment_lib.lists.cells.layout import PLACE, match_header
from segment_lib.lists.cells.vectors import as_array
from segment_lib.lists.cells.words import column_kind
from segment_lib.lists.reading.files import first_rows
from segment_lib.settings import Client
from segment_lib.voice import _

_ROWS = 5_000
_ORDERS = {"dmy", "mdy"}
_YEAR_FIRST = r"^\d{4}\D|^$"  # that day and month come in this order, no list has ever doubted


def require_days_said(client: Client) -> None:
    """Raise `ListError` where 3/4/2025 stands under a date and nothing says what it means.

    Looks at the first rows of every list with files; nothing is guessed, also where a row would
    prove it: then the sentence says which line to write.
    """
    for name, section in client.lists.items():
        table = client.table_of(name)
        dated = [c for c in section.columns if column_kind(client, c, table) == "date"]
        if not dated or _ORDERS & set(section.dates):
            continue
        for path in list_files(client, name):
            frame = first_rows(path, section, name, _ROWS).frame
            for column in dated:
                wanted = section.columns[column]
                where = _(
                    "{file_name} (list {list_name}): {header} ({column})",
                    file_name=path.name,
                    list_name=name,
                    header=wanted,
                    column=column,
                )
                _require(_days(frame, wanted), name, where)


def _days(frame: pd.DataFrame, wanted: str) -> dict[str, int]:
    """The cells with how often each occurs; none where the column is not there or all is plain."""
    header = match_header(wanted, [str(name) for name in frame.columns if name not in PLACE])
    if header is None:
        return {}
    texts = as_array(frame[header])
    if pc.all(pc.match_substring_regex(texts, _YEAR_FIRST)).as_py():
        return {}
    found = frame[header].value_counts()
    return {str(text): int(count) for text, count in found.items() if str(text).strip()}


def _require(days: dict[str, int], name: str, where: str) -> None:
    way = date_way([days]) if days else DateWay()
    if way.question or _ORDERS & set(way.formats):
        raise ListError(_sentence(days, name, where, way))


def _sentence(days: dict[str, int], name: str, where: str, way: DateWay) -> str:
    if way.question == "both_ways":
        return _(
            "{where} holds days with the day first and days with the month first, for example "
            "{example}. Ask for the list with years first, or split it into two lists.",
            where=where,
            example=way.example,
        )
    if way.question:
        return _(
            "{where} holds {example}, which could be day/month or month/day, and no row tells. "
            'Write under [lists.{name}] dates = ["dmy"] if the day comes first, or '
            'dates = ["mdy"] if the month does.',
            where=where,
            example=way.example,
            name=name,
        )
    said = {"where": where, "example": next(iter(days)), "name": name}
    if "dmy" in way.formats:
        return _(
            "{where} holds days such as {example}, with the day first. Write under [lists.{name}] "
            'dates = ["dmy"].',
            **said,
        )
    return _(
        "{where} holds days such as {example}, with the month first. Write under [lists.{name}] "
        'dates = ["mdy"].',
        **said,
    )
