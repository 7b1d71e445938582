"""What becomes of a row: kept, or set aside with exactly one reason.

Reasons are tried in a fixed order: is it a sale at all, who, what status, when, how much. A row
whose amount is below zero, or whose order id says that it was cancelled, goes to `adjustments`; a
row without money goes to `usage` where client.toml says that it is a visit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.columns import ORDER_LIKE, REQUIRED
from segment_lib.lists.cells.values import (
    BELOW_ZERO,
    CANCELLED,
    DECLARED_NO_SALE,
    GUEST,
    IGNORED,
    NO_ARTICLE,
    NOT_WHOLE,
    ZERO_AMOUNT,
    Parsed,
    missing_reason,
    tidy_text,
)
from segment_lib.lists.cells.vectors import MONEY
from segment_lib.lists.rows.asked import Asked
from segment_lib.lists.rows.shapes import POSITION
from segment_lib.voice import Sentence

# The reason per row, missing where there is none; None where no row has one.
Why: TypeAlias = "pa.Array | None"
_NOTHING = pa.scalar(Decimal(0), MONEY)


class Fates(NamedTuple):
    """What becomes of each of some rows.

    `reason` and the column it is `about` are missing where a row is `kept`, None where all are. A
    row that is `taken_back` goes to the adjustments, a `visit` to the usage. `order_id` is there
    where the list says which order a return or cancellation belongs to.
    """

    reason: Why
    about: Why
    kept: pa.Array
    taken_back: pa.Array
    cancelled: pa.Array
    visit: pa.Array
    money: pa.Array
    order_id: pa.Array | None


def decide(asked: Asked, parsed: Mapping[str, Parsed], cells: Mapping[str, pa.Array]) -> Fates:
    """Account for every row; `cells` are the rows as they stand in the file, by raw column."""
    table, rows = asked.table, len(parsed["customer_id"].values)
    no_row = pa.repeat(pa.scalar(False), rows)
    back = visit = by_prefix = no_row
    money = pa.repeat(_NOTHING, rows)
    if asked.money in parsed:
        money = pc.fill_null(parsed[asked.money].values, _NOTHING)
    if table in ORDER_LIKE:
        by_prefix = _cancelled_by_prefix(asked, parsed, no_row)
        back = pc.or_(pc.less(money, _NOTHING), by_prefix)
        visit = pc.and_not(_visits(asked, parsed, no_row), back)
    cancelled = pc.or_(_cancelled_by_status(parsed, no_row), by_prefix)
    reason, about = _first_of(_checks(asked, parsed, cells, by_prefix))
    if table == "adjustments":
        back = pc.invert(no_row)
    kept = pc.invert(no_row) if reason is None else pc.is_null(reason)
    linked = _linked(parsed, back) if table in ORDER_LIKE else None
    return Fates(reason, about, kept, back, cancelled, visit, money, linked)


def _first_of(checks: Iterable[tuple[str, Why]]) -> tuple[Why, Why]:
    """The first reason of each row, and the column it is about."""
    reason = about = None
    for column, why in checks:
        if why is None:
            continue
        said = pc.if_else(pc.is_valid(why), column, pa.scalar(None, pa.string()))
        if reason is not None:
            said = pc.coalesce(about, pc.if_else(pc.is_null(reason), said, None))
            why = pc.coalesce(reason, why)
        reason, about = why, said
    return reason, about


def _linked(parsed: Mapping[str, Parsed], back: pa.Array) -> pa.Array | None:
    """The order that a return or cancellation takes back, where the list names it."""
    if "original_order_id" not in parsed:
        return None
    original = parsed["original_order_id"].values
    own = pa.nulls(len(original), pa.string())
    if "order_id" in parsed:
        own = parsed["order_id"].values
    return pc.if_else(back, pc.coalesce(original, own), own)


def _checks(
    asked: Asked, parsed: Mapping[str, Parsed], cells: Mapping[str, pa.Array], by_prefix: pa.Array
) -> list[tuple[str, Why]]:
    """(column, reason per row), in the order in which reasons count."""
    table, section = asked.table, asked.client.lists[asked.list_name]
    customer = parsed["customer_id"]
    checks: list[tuple[str, Why]] = [
        (name, _marked(pc.is_in(cells[asked.where[name]], declared), DECLARED_NO_SALE))
        for name, declared in asked.no_sales.items()
    ]
    checks += [
        ("customer_id", _why(customer, "customer_id")),
        ("customer_id", _guests(customer.values, section.guests)),
    ]
    if "status" in parsed and table != "customers":
        checks.append(("status", _marked(_is(parsed["status"], "ignored"), IGNORED)))
    needed = [column for column in REQUIRED[table] if column not in ("customer_id", "amount")]
    checks += [(column, _why(parsed[column], column)) for column in needed]
    if POSITION in asked.raw.columns:
        empty = pc.equal(cells[asked.raw.cell(POSITION)], "")
        checks.append((next(iter(section.positions)), _marked(empty, NO_ARTICLE)))
    if table in ORDER_LIKE:
        checks += _money_checks(asked, parsed, by_prefix)
    if table == "summaries":
        checks += _summary_checks(parsed)
    if "tax_rate" in parsed and asked.converts:
        checks.append(("tax_rate", parsed["tax_rate"].reason))
    return checks


def _money_checks(
    asked: Asked, parsed: Mapping[str, Parsed], by_prefix: pa.Array
) -> list[tuple[str, Why]]:
    amount = parsed["amount"]
    no_row = pa.repeat(pa.scalar(False), len(by_prefix))
    visits = _visits(asked, parsed, no_row)
    checks: list[tuple[str, Why]] = [("amount", _why(amount, "amount"))]
    never = _cancelled_by_status(parsed, no_row)
    if pc.any(never).as_py():
        paid = pc.fill_null(pc.greater(amount.values, _NOTHING), False)
        never = pc.and_not(pc.and_(never, pc.or_(paid, visits)), by_prefix)
    if "cancelled_on" in parsed:
        checks.append(("cancelled_on", parsed["cancelled_on"].reason))
        never = pc.and_(never, pc.is_null(parsed["cancelled_on"].values))
    if asked.table != "adjustments":
        checks.append(("status", _marked(never, CANCELLED)))
    if _zero_amounts(asked) != "keep":
        nothing = pc.fill_null(pc.equal(amount.values, _NOTHING), False)
        nothing = pc.and_(nothing, pc.or_(pc.invert(visits), by_prefix))
        checks.append(("amount", _marked(nothing, ZERO_AMOUNT)))
    return checks


def _zero_amounts(asked: Asked) -> str:
    """What rows without money are: of this list, else of all."""
    return asked.client.lists[asked.list_name].zero_amounts or asked.client.rules.zero_amounts


def _visits(asked: Asked, parsed: Mapping[str, Parsed], no_row: pa.Array) -> pa.Array:
    """Rows without money that client.toml calls visits: somebody came and bought nothing."""
    if _zero_amounts(asked) != "visit":
        return no_row
    return pc.fill_null(pc.equal(parsed["amount"].values, _NOTHING), False)


def _summary_checks(parsed: Mapping[str, Parsed]) -> list[tuple[str, Why]]:
    """Orders and days are counted: whole, and not below zero."""
    checks: list[tuple[str, Why]] = []
    for column in ("frequency", "recency_days"):
        if column in parsed:
            numbers = parsed[column].values
            broken = pc.not_equal(numbers, pc.floor(numbers))
            checks.append((column, _marked(pc.less(numbers, _NOTHING), BELOW_ZERO)))
            checks.append((column, _marked(broken, NOT_WHOLE)))
    return checks


def _why(parsed: Parsed, column: str) -> Why:
    """The reason why a needed value is not there, missing where it is."""
    if not parsed.values.null_count:
        return None
    lacks = pa.scalar(missing_reason(column).english, pa.string())
    reason = lacks if parsed.reason is None else pc.fill_null(parsed.reason, lacks)
    return pc.if_else(pc.is_null(parsed.values), reason, pa.scalar(None, pa.string()))


def _marked(where: pa.Array, reason: Sentence) -> Why:
    if not pc.any(where).as_py():
        return None
    where = pc.fill_null(where, False)
    return pc.if_else(where, reason.english, pa.scalar(None, pa.string()))


def _is(parsed: Parsed, word: str) -> pa.Array:
    return pc.fill_null(pc.equal(parsed.values, word), False)


def _guests(ids: pa.Array, patterns: tuple[str, ...]) -> Why:
    if not patterns:
        return None
    tidy = [tidy_text(pattern) for pattern in patterns]
    known = [one for one in pc.unique(ids).to_pylist() if one is not None]
    guests = [one for one in known if any(fnmatchcase(one, wild) for wild in tidy)]
    return _marked(pc.is_in(ids, pa.array(guests, ids.type)), GUEST) if guests else None


def _cancelled_by_status(parsed: Mapping[str, Parsed], no_row: pa.Array) -> pa.Array:
    """Whether the status word says that the order was cancelled."""
    return _is(parsed["status"], "cancelled") if "status" in parsed else no_row


def _cancelled_by_prefix(asked: Asked, parsed: Mapping[str, Parsed], no_row: pa.Array) -> pa.Array:
    """Whether the order id says that it is a cancellation (C536379)."""
    prefix = asked.client.lists[asked.list_name].cancelled_when_order_id_starts
    if not prefix or "order_id" not in parsed:
        return no_row
    return pc.fill_null(pc.starts_with(parsed["order_id"].values, prefix), False)
