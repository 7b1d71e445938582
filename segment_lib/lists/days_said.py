"""Before a list is read: whether client.toml says what day and month its days need."""

from __future__ import annotations

from segment_lib.checks import ListError
from segment_lib.client import list_files
from segment_lib.lists.date_ways import DateWay, date_way
from segment_lib.lists.evidence import Look
from segment_lib.lists.files import first_rows
from segment_lib.lists.layout import match_header
from segment_lib.lists.words import column_kind
from segment_lib.settings import Client

_ROWS = 5_000
_ORDERS = {"dmy", "mdy"}


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
            look = Look(first_rows(path, section, name, _ROWS).frame, path.name)
            _require(look, name, {column: section.columns[column] for column in dated})


def _require(look: Look, name: str, dated: dict[str, str]) -> None:
    for column, wanted in dated.items():
        header = match_header(wanted, look.headers)
        way = date_way([look.counts(header)]) if header else DateWay()
        if way.question or _ORDERS & set(way.formats):
            raise ListError(_sentence(look, name, column, wanted, way))


def _sentence(look: Look, name: str, column: str, header: str, way: DateWay) -> str:
    where = f"{look.file} (list {name}): {header} ({column})"
    if way.question == "both_ways":
        return (
            f"{where} holds days with the day first and days with the month first, for example "
            f"{way.example}. Ask for the list with years first, or split it into two lists."
        )
    if way.question:
        return (
            f"{where} holds {way.example}, which could be day/month or month/day, and no row "
            f'tells. Write under [lists.{name}] dates = ["dmy"] if the day comes first, or '
            'dates = ["mdy"] if the month does.'
        )
    order = "dmy" if "dmy" in way.formats else "mdy"
    first = "day" if order == "dmy" else "month"
    example = next(text for text in look.counts(header) if text)
    return (
        f"{where} holds days such as {example}, with the {first} first. Write under "
        f'[lists.{name}] dates = ["{order}"].'
    )
