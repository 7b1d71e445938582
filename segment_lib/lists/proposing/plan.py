"""Which lists the files hold, and what is proposed for each: the plan of a new client.toml.

Files with the same headers are one list (one per month). Of a workbook, database or archive with
several parts the ones that can be read as tables are taken, one per table. What only all rows can
tell (days, words) is counted once over the whole list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from segment_lib.checks import ClientError, ListError
from segment_lib.columns import SALES
from segment_lib.lists.cells.amounts import CURRENCIES, currency_sign, names_currency
from segment_lib.lists.cells.dates import year_in
from segment_lib.lists.cells.names import HAS_NO_CASE
from segment_lib.lists.cells.values import Hint
from segment_lib.lists.proposing.evidence import Look, kind_of_column
from segment_lib.lists.proposing.facts import month_headers
from segment_lib.lists.proposing.groups import (
    Group,
    known_as,
    told_by_each_other,
    without_status,
    words_of,
)
from segment_lib.lists.proposing.headers import fold_header, missing_columns, score
from segment_lib.lists.proposing.looking import Found, Whole, lists_in, whole_list, with_beside
from segment_lib.lists.proposing.meaning import meaning
from segment_lib.lists.proposing.needed import may_be
from segment_lib.lists.proposing.proposal import Proposal, propose
from segment_lib.lists.proposing.rows_are import is_given_back
from segment_lib.lists.proposing.suggestions import suggestions
from segment_lib.lists.proposing.who import whoever_comes_again
from segment_lib.settings import Client
from segment_lib.voice import Language, Sentence

_DAYS = (
    "ordered_on", "adjusted_on", "contacted_on", "used_on", "opened_on", "occurred_on",
    "last_order_on", "first_contact_on",
)  # fmt: skip
_MOSTLY, _TEXTS = 0.8, 500
_SMALL = 3  # columns and rows of what may be a list


@dataclass(frozen=True)
class LeftOut:
    """A list that names no customer, why, and how it would be read: one row per (column, header,
    values) that it may have.
    """

    name: str
    shown: str
    why: Sentence
    files: tuple[Path, ...]
    said: dict[str, Any]
    table: str = ""
    columns: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Plan:
    """All lists of a new client, and those that are left out."""

    lists: tuple[Group, ...]
    left_out: tuple[LeftOut, ...]
    language: Language
    currency: tuple[str, Sentence]


def plan_lists(files: Iterable[Path]) -> Plan:
    """Look at the files and plan the lists.

    Raises `ListError` with one sentence if a file cannot be read, `ClientError` if its name cannot
    be written in client.toml.
    """
    groups: list[Group] = []
    paths, unread = list(files), []
    for path in paths:
        _require_plain_name(path)
        try:
            parts = lists_in(path)
        except ListError as error:
            if len(paths) == 1:
                raise
            unread.append(_unread(path, error))
            continue
        if same := _same_list(groups, parts):
            same.files.append(path)
            same.join(parts)
        else:
            groups += _chosen_parts(path, parts)
    groups = told_by_each_other(groups)
    left = [group for group in groups if group.proposal.left_out]
    if not groups and unread:
        raise ListError(str(unread[0].why))
    left_out = [*unread, *(_left_out(group, f"left_out_{n}") for n, group in enumerate(left, 1))]
    planned = _named(_without_doubles([g for g in groups if not g.proposal.left_out]))
    for one in planned:
        _ask_all_rows(one)
    heads = [header for group in groups for header in group.found.look.headers]
    return Plan(tuple(planned), tuple(left_out), _language(heads), _currency(planned))


def _unread(path: Path, error: ListError) -> LeftOut:
    """A file among others that cannot be read: passed over, and told."""
    return LeftOut("", path.name, Sentence("{told}", told=str(error)), (path,), {})


def _left_out(group: Group, name: str) -> LeftOut:
    """What the list would be, of orders where it has days, else of customers: the likeliest header
    of each column that it would need.
    """
    look, why = group.found.look, group.proposal.left_out
    assert why is not None
    table = "orders" if may_be(look, "orders", "ordered_on") else "customers"
    needed = {
        "orders": ("customer_id", "ordered_on", "amount"),
        "customers": ("customer_id", "name"),
    }
    columns = []
    for column in needed[table]:
        may = may_be(look, table, column)
        if column == "customer_id":
            may = may or whoever_comes_again(look) or [h for h in look.headers if look.counts(h)]
        header = may[0] if may else "..."
        shown = look.evidence(header, column).shown if may else ""
        columns.append((column, header, shown))
    files, said = tuple(group.files), dict(group.found.said)
    return LeftOut(name, group.shown, why, files, said, table, tuple(columns))


def _require_plain_name(path: Path) -> None:
    if not path.is_file():
        raise ListError("There is no file {path}. Check the name.", path=path)
    if "$" in str(path):
        raise ClientError(
            '"{path}" has a $, which client.toml reads as the name of a variable. Rename the file '
            "or its folder.",
            path=path,
        )


def _same_list(groups: Sequence[Group], parts: Sequence[Found]) -> Group | None:
    """The list with the same headers, read in the same way, that this file belongs to."""
    if len(parts) != 1 or "names" in parts[0].said:
        return None
    heads = [fold_header(header) for header in parts[0].look.headers]
    for group in groups:
        same = heads == [fold_header(header) for header in group.found.look.headers]
        kind = is_given_back(parts[0].look.file) == is_given_back(group.found.look.file)
        if same and kind and group.found.said == parts[0].said:
            return group
    return None


# --- which parts of a file become lists ---------------------------------------------------------


def _chosen_parts(path: Path, parts: Sequence[Found]) -> list[Group]:
    """The parts of a file that become lists, one of each table, with the names of the others."""
    groups = [
        Group([path], one, propose(one.look, without_header="names" in one.said)) for one in parts
    ]
    if len(groups) == 1:
        return groups
    groups = sorted(_one_list_of_equal_sheets(groups), key=lambda group: -_rank(group.proposal))
    best: dict[str, Group] = {}
    for group in groups:
        table = group.proposal.table
        # orders are told by order lines already, and the other way round, but for other years
        sold = [one for one in best.values() if {table, one.proposal.table} <= set(SALES)]
        further = bool(sold) and all(_is_of_other_years(group, one) for one in sold)
        if _rank(group.proposal) > 0 and (further or not sold):
            best.setdefault(f"{table} {group.found.part}" if further else table, group)
    used = {part for group in best.values() for part in _sheets_of(group.found)}
    chosen = list(best.values()) or groups[:1]
    rest = [group for group in groups if group not in chosen and _is_a_list(group)]
    used |= {part for group in rest for part in _sheets_of(group.found)}
    for group in chosen:
        group.others = tuple(one.part for one in parts if one.part not in used)
    return [*chosen, *rest]


def _is_of_other_years(group: Group, other: Group) -> bool:
    """Whether the names of the sheets say so: 2024, beside 2025 and 2026."""
    years = [set(map(year_in, _sheets_of(one.found))) for one in (group, other)]
    return "" not in set.union(*years) and not set.intersection(*years)


def _is_a_list(group: Group) -> bool:
    """Whether a sheet that was not chosen is a list, to be opened or left out: no notes."""
    look, left_out = group.found.look, group.proposal.left_out
    if "sheet" not in group.found.said or min(len(look.headers), len(look.frame)) < _SMALL:
        return False
    if left_out is None:
        why = Sentence("what its rows are is not plain")
        group.proposal = replace(group.proposal, left_out=why)
    return True


def _rank(proposal: Proposal) -> float:
    """How much a part says: all that its table needs, or all but what is asked about."""
    if proposal.left_out or not proposal.table:
        return 0.0
    columns = {column: seen.header for column, seen in proposal.columns.items()}
    lacks = missing_columns(proposal.table, {*columns, *proposal.positions})
    if month_headers(proposal.look):
        lacks = [column for column in lacks if column == "customer_id"]
    asked = {hint.line.partition(" = ")[0] for hint in proposal.hints}
    if not set(lacks) <= asked or not set(lacks) <= {"customer_id", "amount", *_DAYS}:
        return 0.0
    bonus = len(proposal.facts) / 1000 + (0 if lacks else 1)
    return max(score(proposal.table, columns), 0.1) + bonus


def _one_list_of_equal_sheets(groups: Sequence[Group]) -> list[Group]:
    """Sheets with the same headers are one list (one sheet per month), looked at together."""
    found: dict[tuple[str, ...], list[Group]] = {}
    for group in groups:
        one = group.found
        key = tuple(map(fold_header, one.look.headers))
        found.setdefault(key if "sheet" in one.said else (*key, one.part), []).append(group)
    for first, *others in found.values():
        for group in others:
            sheets = [*_sheets_of(first.found), *_sheets_of(group.found)]
            first.found = replace(first.found, said=first.found.said | {"sheet": sheets})
        first.join([group.found for group in others])
    return [first for first, *_others in found.values()]


def _sheets_of(found: Found) -> list[str]:
    said = found.said.get("sheet", found.part)
    return [said] if isinstance(said, str) else said


# --- tables that would say the same twice ------------------------------------------------------


def _without_doubles(groups: Sequence[Group]) -> Sequence[Group]:
    """Orders say themselves what a summary says; a list of customers knows them best."""
    tables = {group.proposal.table for group in groups}
    people = bool(tables & {"customers", "summaries"})
    for group in groups:
        proposal = group.proposal
        if proposal.table == "summaries" and tables & set(SALES) and proposal.second:
            group.proposal = _as_people(proposal)
        elif proposal.table != "summaries" and proposal.second:
            known = [one for one in groups if one.proposal.table in ("customers", "summaries")]
            second = _of_others(proposal.second, known) if people else proposal.second
            group.proposal = replace(proposal, second=second)
            people = True
    return groups


def _of_others(second: Proposal, known: Sequence[Group]) -> Proposal | None:
    """Names and addresses of those whom no list of customers holds, as guests of a shop."""
    theirs = second.look.ids(second.columns["customer_id"].header)
    if theirs <= known_as(known) or not (set(second.columns) - {"customer_id"} or second.named):
        return None
    return replace(second, facts=())


def _as_people(summary: Proposal) -> Proposal:
    """A summary as the list of customers that it also is; its sums are facts nobody needs twice."""
    assert summary.second is not None
    why = Sentence("the orders are given too: how often and how much is counted from them")
    left = tuple(h for h in summary.look.headers if h not in summary.second.mapped)
    return replace(summary.second, hints=(Hint(why),), left=left, marks=summary.marks)


def _named(groups: Sequence[Group]) -> list[Group]:
    """Each list, and each that it is once more, named by its table; with a number from two on."""
    named: list[Group] = []
    taken: Counter[str] = Counter()
    for group in groups:
        second = group.proposal.second
        again = [Group(group.files, group.found, second)] if second else []
        for one in (group, *again):
            table = one.proposal.table or "list"
            taken[table] += 1
            one.name = table if taken[table] == 1 else f"{table}_{taken[table]}"
            one.again = group.name if one is not group else ""
            named.append(one)
    return named


# --- what only all rows tell -------------------------------------------------------------------


def _ask_all_rows(planned: Group) -> None:
    """What all its rows tell: days, words, what they suggest."""
    proposal = planned.proposal
    worded = {
        column: seen.header
        for column, seen in proposal.columns.items()
        if kind_of_column(column) in ("word", "yes_no")
    }
    planned.hints = tuple(suggestions(proposal))
    if planned.again and not worded:
        planned.whole = Whole(way=proposal.dates)
        return
    if not proposal.table:
        return
    day = next((proposal.columns[c].header for c in _DAYS if c in proposal.columns), "")
    open_day = not day and proposal.table in SALES
    asked = may_be(proposal.look, proposal.table, "ordered_on") if open_day else ()
    perhaps = next(iter(asked), "")
    said = {header: meaning(header) for header in proposal.left}
    # the days on which a row was written: bookings may lie ahead of them
    made = [h for h, one in said.items() if one.head == "day" and "made" in one.of]
    undone = [proposal.columns[c].header for c in ("cancelled_on",) if c in proposal.columns]
    client = _as_client(planned)
    whole = whole_list(client, planned.name, proposal.dates, day or perhaps, worded, made, undone)
    whole.day_asked = perhaps
    if proposal.beside:
        whole = with_beside(whole, proposal.beside)
    if unsaid := without_status(proposal):
        whole.words["status"][""] = unsaid
    planned.whole = whole
    planned.words = {
        column: words_of(client, planned.name, column, counts)
        for column, counts in whole.words.items()
    }


def _as_client(planned: Group) -> Client:
    """A client of this list alone that nothing is decided about yet: for reading its rows only."""
    proposal = planned.proposal
    section = {
        **planned.found.said,
        "files": [path.resolve().as_posix() for path in planned.files],
        "table": proposal.table,
        "columns": {column: seen.header for column, seen in proposal.columns.items()},
        "positions": proposal.positions,
    }
    nobody = {"name": "new", "as_of": date(2000, 1, 1)}
    return Client.model_validate({"client": nobody, "lists": {planned.name: section}})


def _language(headers: Sequence[str]) -> Language:
    japanese = sum(bool(HAS_NO_CASE.search(header)) for header in headers)
    return "ja" if japanese * 2 > len(headers) else "en"


def _currency(planned: Sequence[Group]) -> tuple[str, Sentence]:
    """The currency by the signs in the amounts, or by a column that names it; else by the signs in
    other columns of money.
    """
    for one in planned:
        look, columns = one.proposal.look, one.proposal.columns
        paid = [seen.header for c, seen in columns.items() if kind_of_column(c) == "money"]
        if told := _sign_in(look, paid):
            return told
        for header in look.headers:
            codes = {text.strip().upper() for text in look.counts(header)} - {""}
            if len(codes) == 1 and names_currency(header, look.counts):
                (code,) = codes
                return CURRENCIES.get(code, code), Sentence(
                    "the column {header} says so", header=header
                )
    for one in planned:
        look = one.proposal.look
        money = [h for h in look.headers if meaning(h).head in ("money", "price")]
        if told := _sign_in(look, [h for h in money if look.share(h, "money") >= _MOSTLY]):
            return told
    comma = any(one.proposal.look.decimal == "," for one in planned)
    return "€" if comma else "¥", Sentence("no sign was found; write yours")


def _sign_in(look: Look, headers: Iterable[str]) -> tuple[str, Sentence] | None:
    """The sign of a currency that most cells with one have, or the header, and where it stands."""
    for header in headers:
        texts = [*list(look.counts(header))[:_TEXTS], header]
        if signs := Counter(filter(None, map(currency_sign, texts))):
            return signs.most_common(1)[0][0], Sentence("stands in {header}", header=header)
    return None
