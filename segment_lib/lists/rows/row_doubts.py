"""What the typed rows of all lists give reason to ask: days, ids, files, amounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from segment_lib.columns import SALES, TABLES
from segment_lib.lists.cells.hints import percent, quoted
from segment_lib.lists.cells.values import fold_word
from segment_lib.lists.reading.engine import Engine, text
from segment_lib.lists.reading.raw_table import FILE_BITS
from segment_lib.lists.rows.doubts import Doubt
from segment_lib.lists.words import words
from segment_lib.settings import Client
from segment_lib.voice import Sentence

_VALUES = words("values")
# A word for nothing under an id; "0" and 99999 may be somebody's.
_NOBODY = {fold_word(one) for one in (*_VALUES["nothing"], "none", "なし")}
_EARLY = date(1990, 1, 1)
_LARGE = 10**11
_OF_ALL = 0.2  # of all money, from which one customer is worth a word
_FEW = 10
_SEVERAL = 3  # of whatever one or two may be by chance
_MANY, _ENOUGH = 5, 20
_FEW_IN_A_MONTH = 3
_LATE_DAYS = 45
_HALF = 0.5
_IN_FOLDED = r"'[^\p{L}\p{N}]'"
_PLAIN_ID = f"lower(regexp_replace(customer_id, {_IN_FOLDED}, '', 'g'))"
FOLDED = f"coalesce(nullif(ltrim({_PLAIN_ID}, '0'), ''), left({_PLAIN_ID}, 1))"


class PartOf(NamedTuple):
    """What of a gathered list is asked here: its typed rows, and its files in order."""

    name: str
    table: str
    part: str
    columns: tuple[str, ...]
    files: tuple[str, ...]


def doubts_of_rows(client: Client, engine: Engine, parts: Sequence[PartOf]) -> list[Doubt]:
    """What the typed rows of all lists give reason to ask, the grave ones first."""
    found = [
        *_orders_doubts(client, engine, [one for one in parts if one.table in SALES]),
        *(doubt for one in parts for doubt in _ids_for_nobody(engine, one)),
        *_equal_ids(client, engine, parts),
        *_strangers(engine, parts),
        *(doubt for one in parts if one.table in SALES for doubt in _in_two_files(engine, one)),
        *(doubt for one in parts for doubt in _too_large(engine, one)),
    ]
    return sorted(found, key=lambda doubt: not doubt.grave)


def _orders_doubts(client: Client, engine: Engine, parts: Sequence[PartOf]) -> Iterator[Doubt]:
    parts = [one for one in parts if "ordered_on" in one.columns]
    if not parts:
        return
    rows = " union all ".join(
        f"select customer_id, ordered_on as day, _money from {one.part} "
        "where _fate = 'kept' and ordered_on is not null"
        for one in parts
    )
    engine.run(f"create or replace temp table sold as {rows}")
    as_of = client.client.as_of
    first, last, count, early, late = engine.rows(
        f"select min(day), max(day), count(*), count(*) filter (day < date '{_EARLY}'), "
        f"count(*) filter (day > date '{as_of}') from sold"
    )[0]
    if not count:
        return
    yield from _span(first, last, as_of)
    if early:
        says = Sentence("{count:,} order row(s) lie before {year}", count=early, year=_EARLY.year)
        yield Doubt("early_days", "", says)
    if late:
        says = Sentence(
            "{count:,} order row(s) lie after as_of ({as_of}) and are counted nowhere",
            count=late,
            as_of=as_of.isoformat(),
        )
        yield Doubt("late_days", "", says)
    yield from _months_without(engine, as_of)
    yield from _largest(engine)


def _span(first: date, last: date, as_of: date) -> Iterator[Doubt]:
    days = (as_of - last).days
    says = Sentence(
        "the orders run from {first} to {last}; as_of is {as_of}",
        first=first.isoformat(),
        last=last.isoformat(),
        as_of=as_of.isoformat(),
    )
    if days > _LATE_DAYS:
        says = Sentence(
            "{says}: {days} days without an order before it. Is a file missing, or as_of too late?",
            says=says,
            days=days,
        )
    yield Doubt("span", "", says)


def _months_without(engine: Engine, as_of: date) -> Iterator[Doubt]:
    """Months inside the span in which nobody ordered, where there are orders in most."""
    rows = engine.rows(
        f"select date_trunc('month', day)::date as month, count(*), min(day), max(day) from sold "
        f"where day between date '{_EARLY}' and date '{as_of}' group by 1 order by 1"
    )
    spans = _months_between(rows[0][0], rows[-1][0]) + 1 if rows else 0
    usual = sorted(n for _month, n, _first, _last in rows)[len(rows) // 2] if rows else 0
    if usual < _FEW_IN_A_MONTH or len(rows) < _HALF * spans:
        return
    for before, after in pairwise(rows):
        if _months_between(before[0], after[0]) > 1:
            says = Sentence(
                "no order between {last} and {next}. Is a file missing?",
                last=before[3].isoformat(),
                next=after[2].isoformat(),
            )
            yield Doubt("months_without", "", says)


def _months_between(first: date, last: date) -> int:
    return 12 * (last.year - first.year) + last.month - first.month


def _largest(engine: Engine) -> Iterator[Doubt]:
    found = engine.rows(
        "select customer_id, sum(_money) as money, count(*), sum(sum(_money)) over (), "
        "count(*) over () from sold where _money > 0 group by 1 order by 2 desc limit 1"
    )
    if not found:
        return
    customer, money, rows, total, customers = found[0]
    if customers >= _FEW and money >= _OF_ALL * float(total):
        says = Sentence(
            "{customer} has {share} of all money, in {rows:,} row(s). If that is nobody in "
            "particular, write guests = [{name}]",
            customer=customer,
            share=percent(float(money) / float(total)),
            rows=rows,
            name=quoted(customer),
        )
        yield Doubt("largest", "", says)


def _ids_for_nobody(engine: Engine, one: PartOf) -> Iterator[Doubt]:
    """Ids that are words for nothing: NULL, 不明, -."""
    found = [
        (customer, count, money)
        for customer, count, money in engine.rows(
            f"select customer_id, count(*), sum(_money) from {one.part} where _fate = 'kept' "
            "and length(customer_id) <= 20 and not regexp_matches(customer_id, '[0-9]') "
            "group by 1 order by 2 desc limit 10000"
        )
        if fold_word(customer) in _NOBODY
    ]
    if not found:
        return
    shown = ", ".join(f"{customer} {count:,}" for customer, count, _money in found)
    ids = ", ".join(quoted(customer) for customer, _count, _money in found)
    money = float(sum(money or 0 for _customer, _count, money in found))
    says = Sentence(
        "customer ids that are words for nothing: {shown} row(s), amounts of {money:,.0f}. Write "
        "guests = [{ids}]",
        shown=shown,
        money=money,
        ids=ids,
    )
    rows = sum(count for _customer, count, _money in found)
    yield Doubt("nobody", one.name, says, grave=rows >= _MANY)  # NA may be somebody's initials


def _equal_ids(client: Client, engine: Engine, parts: Sequence[PartOf]) -> Iterator[Doubt]:
    """Ids that differ in zeros at the start, case, hyphens or blanks only."""
    ids = " union all ".join(
        f"select distinct customer_id, {text(one.name)} as list from {one.part} "
        "where _fate = 'kept' and customer_id is not null"
        for one in parts
    )
    engine.run(f"create or replace temp table ids as {ids}")
    groups = engine.rows(
        f"select list_sort(list_distinct(list(customer_id))) from ids "
        f"group by {FOLDED} having count(distinct customer_id) > 1 order by 1"
    )
    if not groups:
        return
    alike = [ids for (ids,) in groups]
    shown = "; ".join(" = ".join(ids) for ids in alike[:3])
    ways = [way for way, told in _WAYS.items() if any(told(ids) for ids in alike)]
    line = ", ".join(quoted(way) for way in ways)
    says = Sentence(
        "{count:,} customer ids are equal but for zeros at the start, capitals, hyphens or blanks: "
        "{shown}. If these are one customer each, write [client] same_ids = [{line}]",
        count=len(alike),
        shown=shown,
        line=line,
    )
    yield Doubt("equal_ids", "", says, grave=len(alike) >= _SEVERAL)


def _only_zeros(ids: Sequence[str]) -> bool:
    return len({one.lstrip("0") for one in ids}) < len(ids)


def _only_case(ids: Sequence[str]) -> bool:
    return len({one.casefold() for one in ids}) < len(ids)


def _only_signs(ids: Sequence[str]) -> bool:
    return len({"".join(filter(str.isalnum, one)) for one in ids}) < len(ids)


_WAYS = {"zeros": _only_zeros, "case": _only_case, "signs": _only_signs}


def _strangers(engine: Engine, parts: Sequence[PartOf]) -> Iterator[Doubt]:
    """Which share of the ids of a list stand in the customers' own list; none at all is grave."""
    own = [text(one.name) for one in parts if one.table == "customers"]
    if not own:
        return
    engine.run(
        "create or replace temp table own as select distinct customer_id from ids "
        f"where list in ({', '.join(own)})"
    )
    for one in parts:
        if one.table == "customers":
            continue
        count, known = engine.rows(
            "select count(*), count(*) filter (customer_id in (select customer_id from own)) "
            f"from ids where list = {text(one.name)}"
        )[0]
        if count < _FEW or known == count:
            continue
        says = Sentence(
            "{share} of its {count:,} customers stand in the list of the customers",
            share=percent(known / count),
            count=count,
        )
        if not known:
            says = Sentence(
                "not one of its {count:,} customers stands in the list of the customers: are these "
                "other ids?",
                count=count,
            )
        yield Doubt("strangers", one.name, says, grave=not known and count >= _ENOUGH)


def _in_two_files(engine: Engine, one: PartOf) -> Iterator[Doubt]:
    """Orders whose number stands in two files: a month exported twice."""
    if len(one.files) < 2 or "order_id" not in one.columns:
        return
    found = engine.rows(
        f"with orders as (select order_id, customer_id, _row >> {FILE_BITS} as file, "
        f"sum(_money) as money from {one.part} where _fate = 'kept' and not _made_id "
        "and order_id is not null group by all) "
        "select a.file, b.file, count(*), sum(b.money) from orders a join orders b "
        "on a.order_id = b.order_id and a.customer_id = b.customer_id and a.file < b.file "
        "group by all order by 3 desc limit 1"
    )
    if found and found[0][2] >= _SEVERAL:  # the lines of one order may lie in two files
        first, second, count, money = found[0]
        says = Sentence(
            "{count:,} order numbers stand in {first} and in {second}, so that {money:,.0f} is "
            "counted twice. Which one counts? Write counts = [{name}], or take the other out of "
            "files",
            count=count,
            first=one.files[first],
            second=one.files[second],
            money=float(money),
            name=quoted(one.files[second]),
        )
        yield Doubt("two_files", one.name, says, grave=True)


def _too_large(engine: Engine, one: PartOf) -> Iterator[Doubt]:
    """Amounts that look like codes: thirteen digits, as on a bar code."""
    if not {"amount", "monetary"} & set(TABLES[one.table]):
        return
    count, example = engine.rows(
        f"select count(*), max(_money) from {one.part} where _fate = 'kept' and _money >= {_LARGE}"
    )[0]
    if count:
        says = Sentence(
            "{count:,} amount(s) of more than eleven digits, such as {example:,.0f}: is that "
            "money, or a code? Map another column as the amount",
            count=count,
            example=float(example),
        )
        yield Doubt("too_large", one.name, says, grave=True)
