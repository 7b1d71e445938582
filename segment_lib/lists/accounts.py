"""What becomes of a row: kept, or set aside with exactly one reason.

Reasons are tried in a fixed order: who, then what status, then when, then how much. A row whose
amount is below zero, or whose order id says that it was cancelled, goes to `adjustments`.
"""

from __future__ import annotations

from decimal import Decimal
from fnmatch import fnmatchcase

import pandas as pd

from segment_lib.columns import REQUIRED
from segment_lib.lists.columns_read import MONEY
from segment_lib.lists.values import (
    CANCELLED,
    GUEST,
    IGNORED,
    ZERO_AMOUNT,
    Parsed,
    Told,
    missing_reason,
    tidy_text,
)
from segment_lib.settings import Client

ORDER_LIKE = ("orders", "order_lines", "adjustments")


def account_for(
    client: Client, list_name: str, parsed: dict[str, Parsed], index: pd.Index
) -> dict[str, pd.Series]:
    """Per row: fate, reason, the column it is about, the table it goes to, its money."""
    table = client.table_of(list_name)
    reason = pd.Series(None, index=index, dtype="str")
    about = pd.Series(None, index=index, dtype="str")
    for column, why in _checks(client, list_name, parsed, index):
        now = reason.isna() & why.notna()
        reason, about = reason.mask(now, why), about.mask(now, column)
    goes_to = pd.Series(table, index=index, dtype="str")
    money = pd.Series(Decimal(0), index=index, dtype=pd.ArrowDtype(MONEY))
    if table in ORDER_LIKE:
        money = parsed["amount"].values.fillna(Decimal(0))
        back = flags(money < 0) | cancelled_by_prefix(client, list_name, parsed, index)
        goes_to = goes_to.mask(back, "adjustments")
    fate = pd.Series("kept", index=index, dtype="str").mask(reason.notna(), "set aside")
    return {
        **{"_fate": fate, "_reason": reason, "_column": about},
        **{"_goes_to": goes_to, "_money": money},
    }


def _checks(
    client: Client, list_name: str, parsed: dict[str, Parsed], index: pd.Index
) -> list[tuple[str, pd.Series]]:
    """(column, reason per row), in the order in which reasons count."""
    table, section = client.table_of(list_name), client.lists[list_name]
    customer = parsed["customer_id"]
    checks = [
        ("customer_id", _why(customer, "customer_id")),
        ("customer_id", _marked(_guests(customer.values, section.guests), GUEST)),
    ]
    if "status" in parsed and table != "customers":
        checks.append(("status", _marked(parsed["status"].values == "ignored", IGNORED)))
    needed = [column for column in REQUIRED[table] if column not in ("customer_id", "amount")]
    checks += [(column, _why(parsed[column], column)) for column in needed]
    if table in ORDER_LIKE:
        checks += _money_checks(client, list_name, parsed, index)
    return checks


def _money_checks(
    client: Client, list_name: str, parsed: dict[str, Parsed], index: pd.Index
) -> list[tuple[str, pd.Series]]:
    amount = parsed["amount"]
    checks = [("amount", _why(amount, "amount"))]
    never = cancelled_by_status(parsed, index) & flags(amount.values > 0)
    never &= ~cancelled_by_prefix(client, list_name, parsed, index)
    if "cancelled_on" in parsed:
        checks.append(("cancelled_on", parsed["cancelled_on"].reason.astype("str")))
        never &= parsed["cancelled_on"].values.isna()
    if client.table_of(list_name) != "adjustments":
        checks.append(("status", _marked(never, CANCELLED)))
    if client.rules.zero_amounts == "set_aside":
        checks.append(("amount", _marked(amount.values == 0, ZERO_AMOUNT)))
    return checks


def _why(parsed: Parsed, column: str) -> pd.Series:
    """The reason why a needed value is not there, missing where it is."""
    lacks = parsed.reason.astype("str").fillna(missing_reason(column).en)
    return lacks.where(parsed.values.isna())


def _marked(where: pd.Series, reason: Told) -> pd.Series:
    return pd.Series(None, index=where.index, dtype="str").mask(flags(where), reason.en)


def flags(where: pd.Series) -> pd.Series:
    """Plain true or false; what is not known is false."""
    return where.fillna(False).astype(bool)


def _guests(ids: pd.Series, patterns: tuple[str, ...]) -> pd.Series:
    tidy = [tidy_text(pattern) for pattern in patterns]
    known = [str(one) for one in ids.dropna().unique()] if tidy else []
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
