"""What becomes of a row: kept, or set aside with exactly one reason.

Reasons are tried in a fixed order: is it a sale at all, who, what status, when, how much. A row
whose amount is below zero, or whose order id says that it was cancelled, goes to `adjustments`; a
row without money goes to `usage` where client.toml says that it is a visit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import TypeAlias

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.checks import ListError, closest
from segment_lib.columns import REQUIRED, as_text
from segment_lib.lists.cells.layout import PLACE, match_header
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
    fold_word,
    missing_reason,
    tidy_text,
)
from segment_lib.lists.cells.vectors import MONEY, as_array, repeated
from segment_lib.lists.rows.shapes import POSITION, ROW_ID
from segment_lib.lists.rows.tax import money_column, must_convert
from segment_lib.settings import Client
from segment_lib.voice import Sentence, _

ORDER_LIKE = ("orders", "order_lines", "adjustments")
# The reason per row, missing where there is none; None where no row has one.
Why: TypeAlias = "pd.Series | None"


@dataclass(frozen=True)
class Account:
    """What becomes of each row of a chunk.

    `reason` and the `column` it is about are missing where the row is `kept`; a row that is taken
    back goes to the adjustments, a visit to the usage. `order_id` is there where the list says
    which order a return or cancellation belongs to.
    """

    reason: pd.Series
    column: pd.Series
    kept: pd.Series
    taken_back: pd.Series
    visit: pd.Series
    money: pd.Series
    order_id: pd.Series | None


def account_for(
    client: Client, list_name: str, parsed: dict[str, Parsed], frame: pd.DataFrame
) -> Account:
    """Account for every row; `frame` is the list as text, in which declared rows are looked for."""
    table, index = client.table_of(list_name), frame.index
    reason, about = repeated(None, index), repeated(None, index)
    for column, why in _checks(client, list_name, parsed, frame):
        if why is None:
            continue
        now = reason.isna() & why.notna()
        reason, about = reason.mask(now, why), about.mask(now, column)
    back = visit = pd.Series(False, index=index)
    if table in (*ORDER_LIKE, "summaries") and money_column(table) in parsed:
        money = parsed[money_column(table)].values.fillna(Decimal(0))
    else:
        money = pd.Series(Decimal(0), index=index, dtype=pd.ArrowDtype(MONEY))
    if table in ORDER_LIKE:
        back = flags(money < 0) | cancelled_by_prefix(client, list_name, parsed, index)
        visit = _visits(client, list_name, parsed, index) & ~back
    back = back | (table == "adjustments")
    linked = _linked(parsed, back) if table in ORDER_LIKE else None
    return Account(reason, about, reason.isna(), back, visit, money, linked)


def _linked(parsed: dict[str, Parsed], back: pd.Series) -> pd.Series | None:
    """The order that a return or cancellation takes back, where the list names it."""
    if "original_order_id" not in parsed:
        return None
    original = as_array(parsed["original_order_id"].values)
    own = pa.nulls(len(original), pa.string())
    if "order_id" in parsed:
        own = as_array(parsed["order_id"].values)
    linked = pc.if_else(pa.array(back), pc.coalesce(original, own), own)
    return pd.Series(linked, index=back.index, dtype=pd.ArrowDtype(pa.string()))


def _checks(
    client: Client, list_name: str, parsed: dict[str, Parsed], frame: pd.DataFrame
) -> list[tuple[str, Why]]:
    """(column, reason per row), in the order in which reasons count."""
    table, section = client.table_of(list_name), client.lists[list_name]
    customer = parsed["customer_id"]
    checks = _no_sales(client, list_name, frame)
    checks += [
        ("customer_id", _why(customer, "customer_id")),
        ("customer_id", _marked(_guests(customer.values, section.guests), GUEST)),
    ]
    if "status" in parsed and table != "customers":
        checks.append(("status", _marked(parsed["status"].values == "ignored", IGNORED)))
    needed = [column for column in REQUIRED[table] if column not in ("customer_id", "amount")]
    checks += [(column, _why(parsed[column], column)) for column in needed]
    if POSITION in frame:
        checks.append((next(iter(section.positions)), _marked(frame[POSITION] == "", NO_ARTICLE)))
    if table in ORDER_LIKE:
        checks += _money_checks(client, list_name, parsed, frame.index)
    if table == "summaries":
        checks += _summary_checks(parsed)
    if "tax_rate" in parsed and must_convert(client, list_name):
        checks.append(("tax_rate", _unread(parsed["tax_rate"])))
    return checks


def no_sale_headers(client: Client, list_name: str, frame: pd.DataFrame) -> dict[str, str]:
    """The headers that `not_sales` looks at, as they stand in the list.

    Raises `ListError` if one of them is not there.
    """
    section = client.lists[list_name]
    made = (*PLACE, POSITION, ROW_ID)
    has = [str(column) for column in frame.columns if column not in made]
    found = {}
    for name in section.not_sales:
        wanted = section.headers.get(name, name)
        for several in section.positions.values():
            wanted = several[0] if wanted in several else wanted
        header = match_header(wanted, has)
        if header is None:
            near = closest(name, has) or "..."
            raise ListError(
                _(
                    '[lists.{list_name}.not_sales] names the column "{name}", which '
                    "the list does not have. It has {has}. Mend it in client.toml: "
                    '[lists.{list_name}.not_sales] "{near}" = {patterns}.',
                    list_name=list_name,
                    name=name,
                    has=has,
                    near=near,
                    patterns=list(section.not_sales[name]),
                )
            )
        found[name] = header
    return found


def _no_sales(client: Client, list_name: str, frame: pd.DataFrame) -> list[tuple[str, Why]]:
    """Rows that people declared to be no sale: postage, bad debts, samples."""
    section = client.lists[list_name]
    found: list[tuple[str, Why]] = []
    for name, header in no_sale_headers(client, list_name, frame).items():
        # * and ? stand for anything; a bracket in a name of an article is only a bracket.
        patterns = [fold_word(one).replace("[", "[[]") for one in section.not_sales[name]]
        declared = [
            one
            for one in frame[header].unique()
            if any(fnmatchcase(fold_word(str(one)), wild) for wild in patterns)
        ]
        found.append((name, _marked(frame[header].isin(declared), DECLARED_NO_SALE)))
    return found


def _money_checks(
    client: Client, list_name: str, parsed: dict[str, Parsed], index: pd.Index
) -> list[tuple[str, Why]]:
    amount, visits = parsed["amount"], _visits(client, list_name, parsed, index)
    checks: list[tuple[str, Why]] = [("amount", _why(amount, "amount"))]
    never = cancelled_by_status(parsed, index)
    if never.any():
        never &= flags(amount.values > 0) | visits
        never &= ~cancelled_by_prefix(client, list_name, parsed, index)
    if "cancelled_on" in parsed:
        checks.append(("cancelled_on", _unread(parsed["cancelled_on"])))
        never &= parsed["cancelled_on"].values.isna()
    if client.table_of(list_name) != "adjustments":
        checks.append(("status", _marked(never, CANCELLED)))
    if _zero_amounts(client, list_name) != "keep":
        nothing = flags(amount.values == 0)
        nothing &= ~visits | cancelled_by_prefix(client, list_name, parsed, index)
        checks.append(("amount", _marked(nothing, ZERO_AMOUNT)))
    return checks


def _zero_amounts(client: Client, list_name: str) -> str:
    """What rows without money are: of this list, else of all."""
    return client.lists[list_name].zero_amounts or client.rules.zero_amounts


def _visits(
    client: Client, list_name: str, parsed: dict[str, Parsed], index: pd.Index
) -> pd.Series:
    """Rows without money that client.toml calls visits: somebody came and bought nothing."""
    if _zero_amounts(client, list_name) != "visit":
        return pd.Series(False, index=index)
    return flags(parsed["amount"].values == 0)


def _summary_checks(parsed: dict[str, Parsed]) -> list[tuple[str, Why]]:
    """Orders and days are counted: whole, and not below zero."""
    checks: list[tuple[str, Why]] = []
    for column in ("frequency", "recency_days"):
        if column in parsed:
            index = parsed[column].values.index
            numbers = as_array(parsed[column].values)
            below = pc.less(numbers, pa.scalar(Decimal(0), MONEY))
            broken = pc.not_equal(numbers, pc.floor(numbers))
            checks.append((column, _marked(pd.Series(below.to_pandas(), index=index), BELOW_ZERO)))
            checks.append((column, _marked(pd.Series(broken.to_pandas(), index=index), NOT_WHOLE)))
    return checks


def _why(parsed: Parsed, column: str) -> Why:
    """The reason why a needed value is not there, missing where it is."""
    if not as_array(parsed.values).null_count:
        return None
    lacks = parsed.reason.pipe(as_text).fillna(missing_reason(column).english)
    return lacks.where(parsed.values.isna())


def _unread(parsed: Parsed) -> Why:
    return parsed.reason.pipe(as_text) if parsed.reason.notna().any() else None


def _marked(where: pd.Series, reason: Sentence) -> Why:
    where = flags(where)
    return repeated(None, where.index).mask(where, reason.english) if where.any() else None


def flags(where: pd.Series) -> pd.Series:
    """Plain true or false; what is not known is false."""
    if where.dtype == bool:
        return where
    known = pc.fill_null(as_array(where), False)
    return pd.Series(known.to_numpy(zero_copy_only=False), index=where.index)


def _guests(ids: pd.Series, patterns: tuple[str, ...]) -> pd.Series:
    if not patterns:
        return pd.Series(False, index=ids.index)
    tidy = [tidy_text(pattern) for pattern in patterns]
    known = [str(one) for one in ids.dropna().unique()]
    return ids.isin([one for one in known if any(fnmatchcase(one, wild) for wild in tidy)])


def cancelled_by_status(parsed: dict[str, Parsed], index: pd.Index) -> pd.Series:
    """Whether the status word says that the order was cancelled."""
    if "status" not in parsed:
        return pd.Series(False, index=index)
    return flags(parsed["status"].values == "cancelled")


def cancelled_by_prefix(
    client: Client, list_name: str, parsed: dict[str, Parsed], index: pd.Index
) -> pd.Series:
    """Whether the order id says that it is a cancellation (C536379)."""
    prefix = client.lists[list_name].cancelled_when_order_id_starts
    if not prefix or "order_id" not in parsed:
        return pd.Series(False, index=index)
    return flags(parsed["order_id"].values.str.startswith(prefix))
