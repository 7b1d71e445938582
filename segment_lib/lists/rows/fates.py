"""What becomes of a row, in SQL: kept, or set aside with exactly one reason.

Reasons are tried in a fixed order: is it a sale at all, who, what status, when, how much. A row
whose amount is below zero, or whose order id says that it was cancelled, goes to `adjustments`; a
row without money goes to `usage` where client.toml says that it is a visit.

All of it is said of a row as `typed.py` reads it: a value under the name of its column, missing
where it could not be read, and the reason why under the same name with a question mark.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

import pyarrow as pa

from segment_lib.columns import ORDER_LIKE, REQUIRED, SALES, TABLES
from segment_lib.lists.cells.values import (
    BELOW_ZERO,
    CANCELLED,
    DECLARED_NO_SALE,
    GUEST,
    IGNORED,
    NO_ARTICLE,
    NOT_WHOLE,
    ZERO_AMOUNT,
    missing_reason,
)
from segment_lib.lists.reading.engine import quoted, text
from segment_lib.lists.rows.asked import Asked
from segment_lib.voice import Sentence

FATES = ("kept", "set aside", "folded")


class _Check(NamedTuple):
    """A reason to set a row aside, in SQL: the column it is about, when it holds, what it is."""

    about: str
    holds: str
    reason: str


class Fates(NamedTuple):
    """What becomes of a row, in SQL.

    `typed`: the columns of the part: the values under the names of the table, whether its order id
    was made here (`_made_id`) or its order taken back as a whole (`_cancelled`), whether its
    customer was not merged into another (`_own_row`), its `_money`, its `_fate`, and the table that
    it goes to. `told`: column, reason and money of a row for which `aside` holds.
    """

    typed: str
    told: str
    aside: str


def decide(asked: Asked, rows: pa.Table) -> Fates:
    """Account for some rows; what holds of none of them is not asked of each."""
    table, has = asked.table, rows.column_names
    values = [name for name in has if f"{name}?" in has]
    nulls = {quoted(name): rows[name].null_count for name in has}
    never = {f"{name} is null" for name, count in nulls.items() if not count}
    never |= {f"{name} is not null" for name, count in nulls.items() if count == len(rows)}
    checks = [one for one in _checks(asked, values, has) if one.holds not in {"false", *never}]
    nothing = ("true", "null::varchar")
    reason = _first_of([*((one.holds, one.reason) for one in checks), nothing])
    money = f"coalesce({asked.money}, 0)" if asked.money in values else "0"
    by_prefix = _by_prefix(asked, values)
    back = {"adjustments": "true", **dict.fromkeys(SALES, f"({money} < 0 or {by_prefix})")}
    taken_back = back.get(table, "false")
    visit = f"({_visit(asked)} and not {taken_back})" if table in SALES else "false"
    aside = f"{reason} is not null"
    goes_to = [(taken_back, "'adjustments'"), (visit, "'usage'"), ("true", text(table))]
    columns = {name: quoted(name) for name in values}
    own = "order_id" if "order_id" in values else "null::varchar"
    if table in ORDER_LIKE and "original_order_id" in values:
        own = f"case when {taken_back} then coalesce(original_order_id, {own}) else {own} end"
        columns["order_id"] = own
    columns |= {"_made_id": "null::boolean", "_cancelled": "null::boolean"}
    if table in SALES:  # a row without an order id gets one of customer and day: 001@2025-03-01
        made = f"({own}) is null and not ({aside}) and not {taken_back} and not {visit}"
        made = "false" if '"order_id" is null' in never else made
        day = "customer_id || '@' || ordered_on" if "ordered_on" in values else "null"
        columns["order_id"] = f"case when {made} then {day} else {own} end"
        columns["_made_id"] = made
        columns["_cancelled"] = f"({_is('status', 'cancelled', values)} or {by_prefix})"
    columns |= {name: name for name in ("_row", "_cells", "_own_row") if name in has}
    columns["_money"] = f"{money}::decimal(18,4)"
    columns["_fate"] = _one_of(f"case when {aside} then 'set aside' else 'kept' end", FATES)
    columns["_goes_to"] = _one_of(_first_of(goes_to), TABLES)
    about = _first_of([*((one.holds, one.about) for one in checks), nothing])
    return Fates(
        ", ".join(f"{said} as {quoted(name)}" for name, said in columns.items()),
        f"_row, {about} as _column, {reason} as _reason, {columns['_money']} as _money",
        aside,
    )


def _one_of(word: str, words: Iterable[str]) -> str:
    """One of several words as an enum: a byte instead of a text, for every query asks for them."""
    return f"cast({word} as enum {tuple(words)})"


def _first_of(cases: Iterable[tuple[str, str]]) -> str:
    return f"case {' '.join(f'when {holds} then {said}' for holds, said in cases)} end"


def _checks(asked: Asked, values: Collection[str], has: Collection[str]) -> Iterator[_Check]:
    """In the order in which reasons count."""
    table = asked.table
    if "_no_sale" in has:
        yield _Check("_no_sale", "_no_sale is not null", text(DECLARED_NO_SALE.english))
    yield _missing("customer_id")
    if "_guest" in has:
        yield _marked("customer_id", "_guest", GUEST)
    if table != "customers":
        yield _marked("status", _is("status", "ignored", values), IGNORED)
    if table not in (*ORDER_LIKE, "customers"):  # a visit that did not take place
        yield _marked("status", _is("status", "cancelled", values), CANCELLED)
    for column in REQUIRED[table]:
        if column not in ("customer_id", "amount"):
            yield _missing(column)
    if "_position" in has:
        article = next(iter(asked.client.lists[asked.list_name].positions))
        yield _marked(article, "_position = ''", NO_ARTICLE)
    if table in ORDER_LIKE:
        yield from _money_checks(asked, values)
    if table == "summaries":  # orders and days are counted: whole, and not below zero
        for column in ("frequency", "recency_days"):
            if column in values:
                yield _marked(column, f"{column} < 0", BELOW_ZERO)
                yield _marked(column, f"{column} <> floor({column})", NOT_WHOLE)
    if "tax_rate" in values and asked.converts:
        yield _unread("tax_rate")


def _money_checks(asked: Asked, values: Collection[str]) -> Iterator[_Check]:
    visit, by_prefix = _visit(asked), _by_prefix(asked, values)
    least = "amount >= 0" if _zero_amounts(asked) == "keep" else f"(amount > 0 or {visit})"
    never = f"{_is('status', 'cancelled', values)} and {least} and not {by_prefix}"
    yield _missing("amount")
    if "cancelled_on" in values:
        yield _unread("cancelled_on")
        never += " and cancelled_on is null"
    if asked.table != "adjustments":
        yield _marked("status", never, CANCELLED)
    if _zero_amounts(asked) != "keep":
        yield _marked("amount", f"amount = 0 and (not {visit} or {by_prefix})", ZERO_AMOUNT)


def _marked(column: str, holds: str, reason: Sentence) -> _Check:
    return _Check(text(column), holds, text(reason.english))


def _unread(column: str) -> _Check:
    why = quoted(f"{column}?")
    return _Check(text(column), f"{why} is not null", why)


def _missing(column: str) -> _Check:
    """A needed value is not there: as it could not be read, or nothing stands there."""
    why = f"coalesce({quoted(f'{column}?')}, {text(missing_reason(column).english)})"
    return _Check(text(column), f"{quoted(column)} is null", why)


def _is(column: str, word: str, values: Collection[str]) -> str:
    return f"coalesce({column} = {text(word)}, false)" if column in values else "false"


def _zero_amounts(asked: Asked) -> str:
    """What rows without money are: of this list, else of all."""
    return asked.client.lists[asked.list_name].zero_amounts or asked.client.rules.zero_amounts


def _visit(asked: Asked) -> str:
    """Rows without money that client.toml calls visits: somebody came and bought nothing."""
    return "coalesce(amount = 0, false)" if _zero_amounts(asked) == "visit" else "false"


def _by_prefix(asked: Asked, values: Collection[str]) -> str:
    """Whether the order id says that it is a cancellation (C536379)."""
    prefix = asked.client.lists[asked.list_name].cancelled_when_order_id_starts
    if not prefix or "order_id" not in values or asked.table not in ORDER_LIKE:
        return "false"
    return f"coalesce(starts_with(order_id, {text(prefix)}), false)"
