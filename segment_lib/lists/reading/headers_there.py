"""Whether the columns that client.toml maps are there, and what to do where one is not."""

from __future__ import annotations

from segment_lib.checks import ListError, closest
from segment_lib.lists.cells.amounts import parse_money
from segment_lib.lists.cells.date_ways import is_day
from segment_lib.lists.cells.layout import match_header
from segment_lib.settings import ListSection
from segment_lib.voice import N_, Sentence, _, sentences


def require_headers(has: list[str], file_name: str, section: ListSection, list_name: str) -> None:
    """Raise `ListError` about the first mapped header that a file lacks."""
    lacks = {
        column: wanted
        for column, wanted in section.headers.items()
        if match_header(wanted, has) is None
    }
    if not lacks:
        return
    column, wanted = next(iter(lacks.items()))
    said = {"file_name": file_name, "list_name": list_name, "column": column, "wanted": wanted}
    told = _('{file_name} lacks the column "{wanted}". It has {has}.', **said, has=has)
    what_to_do = _(
        'Mend it in client.toml: [lists.{list_name}.columns] {column} = "{near}".',
        **said,
        near=closest(wanted, has) or "...",
    )
    if len(lacks) == len(section.headers) and not section.names:
        blanks = _cut_at_blanks(has)
        if _looks_like_data(blanks or has):
            what_to_do = _name_the_columns(len(blanks or has), list_name, bool(blanks))
    raise ListError(sentences(told, what_to_do))


def _cut_at_blanks(has: list[str]) -> list[str]:
    """The cells of a single column that holds several, with runs of blanks between; else []."""
    cells = has[0].split() if len(has) == 1 else []
    return cells if len(cells) > 1 else []


def _looks_like_data(cells: list[str]) -> bool:
    """Whether half of the cells are numbers or days: a header has words."""
    hits = sum(is_day(cell) or not isinstance(parse_money(cell), Sentence) for cell in cells)
    return 2 * hits >= len(cells)


def _name_the_columns(count: int, list_name: str, blanks: bool) -> str:
    some = ", ".join(f'"column {place}"' for place in range(1, min(count, 3) + 1))
    more = ", …" if count > 3 else ""
    told = N_(
        "Its first row looks like data, not like a header. If the list has none, name its "
        "{count} columns in order: [lists.{list_name}] names = {names}."
    )
    if blanks:
        told = N_(
            "Its first row looks like data, not like a header. If the list has none, name its "
            '{count} columns in order: [lists.{list_name}] names = {names} and delimiter = " ".'
        )
    return _(told, count=count, list_name=list_name, names=f"[{some}{more}]")
