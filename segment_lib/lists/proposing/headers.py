"""Which column is which, by its header: only a whole header of the dictionary counts.

A similar header is never taken, because 割引金額 resembles 金額 and is not it. Where two headers of
a list could be the id, the date or the amount, neither is: a person chooses. What the values say
is asked through two functions, so that headers alone can be tried without a list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from segment_lib.columns import REGISTER_COLUMNS, REQUIRED, TABLES
from segment_lib.lists.cells.values import fold_word
from segment_lib.lists.words import words

IDS = ("customer_id", "order_id", "deal_id", "referred_by")
_HEADERS = words("headers")
# Header to column: whatever the table, and in one table only.
ALIASES: dict[str, tuple[str, ...]] = _HEADERS["any"]
TABLE_ALIASES: dict[str, dict[str, tuple[str, ...]]] = _HEADERS["in"]
SYSTEMS: dict[str, dict[str, Any]] = words("systems")
BARE_IDS: tuple[str, ...] = _HEADERS["bare_ids"]
_EXTRA = ("status", "unit_price", "cancelled_on", "original_order_id")
_SIGNS = re.compile(r"[\s\ufeff_\-.:：/／()（）\[\]{}【】「」・,'\"*＊※■●◆]")
_UNIT = re.compile(r"[(（\[【](?:円|税込み?|税抜き?|税別|jpy|usd|eur|gbp|yen|[¥￥$€£])[)）\]】]")
_NUMBERED = re.compile(r"(\D*?)0?(\d{1,2})(\D*)")
_IN_POSITIONS = ("product", "product_line", "quantity", "unit_price", "amount")


class Values(NamedTuple):
    """What the values of a list say, as two questions.

    `fit` (header, column, table): do they read as this column? `same` (column, headers): do
    several headers say the same in every row?
    """

    fit: Callable[[str, str, str], bool] = lambda header, column, table: True
    same: Callable[[str, Sequence[str]], bool] = lambda column, headers: False


HEADERS_ONLY = Values()


def fold_header(header: str) -> str:
    """A header for comparison; a unit in brackets says nothing about what it means.

    >>> fold_header("Order_ID "), fold_header("ｵｰﾀﾞｰ No"), fold_header("売上金額（円）")
    ('orderid', 'オーダーno', '売上金額')
    """
    word = fold_word(header)
    return _SIGNS.sub("", _UNIT.sub("", word)) or _SIGNS.sub("", word) or word


def propose_columns(
    headers: Sequence[str], table: str, values: Values = HEADERS_ONLY
) -> dict[str, str]:
    """Canonical column to header, for the columns this table has; only exact aliases.

    >>> propose_columns(["顧客番号", "受注日", "売上", "割引金額"], "orders")
    {'customer_id': '顧客番号', 'ordered_on': '受注日', 'amount': '売上'}
    """
    extra = _EXTRA if table in ("orders", "order_lines", "adjustments") else ()
    found: dict[str, str] = {}
    for column in (*TABLES[table], *extra):
        fitting = [
            header
            for header in candidates(headers, column, table)
            if header not in found.values() and values.fit(header, column, table)
        ]
        if len(fitting) == 1 or (
            fitting and (not _must_be_sure(column) or values.same(column, fitting))
        ):
            found[column] = fitting[0]
    return _without_lone_price(found, table)


def candidates(headers: Sequence[str], column: str, table: str) -> list[str]:
    """Headers that mean this column, in the order in which the aliases stand."""
    aliases = [*ALIASES.get(column, ()), *TABLE_ALIASES.get(table, {}).get(column, ())]
    folded = {fold_header(header) for header in headers}
    for telling, where, own in map(itemgetter("telling", "table", "columns"), SYSTEMS.values()):
        if where == table and column in own and folded >= {fold_header(one) for one in telling}:
            aliases.insert(0, own[column])
    places = {fold_header(alias): place for place, alias in reversed(list(enumerate(aliases)))}
    known = [header for header in headers if fold_header(header) in places]
    return sorted(known, key=lambda header: places[fold_header(header)])


def who_headers(headers: Sequence[str]) -> list[str]:
    """Headers that name the customer without saying whether by a number or by a name."""
    who = {fold_header(word) for word in _HEADERS["who"]}
    return [header for header in headers if fold_header(header) in who]


def _must_be_sure(column: str) -> bool:
    known = REGISTER_COLUMNS.get(column)
    return column in IDS or known is None or known.kind in ("date", "money")


def _without_lone_price(found: dict[str, str], table: str) -> dict[str, str]:
    """A bare 価格 is the price of one piece only beside a quantity, where no amount is named."""
    bare = {fold_header(alias) for alias in TABLE_ALIASES["order_lines"]["unit_price"]}
    price = fold_header(found.get("unit_price", ""))
    if table == "order_lines" and price in bare and ("quantity" not in found or "amount" in found):
        return {column: header for column, header in found.items() if column != "unit_price"}
    return found


def propose_positions(headers: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Column to its numbered headers, where one row holds several articles.

    >>> propose_positions(["商品1", "数量1", "商品2", "数量2", "住所1", "住所2"])
    {'product': ('商品1', '商品2'), 'quantity': ('数量1', '数量2')}
    """
    numbered: dict[str, dict[int, str]] = {}
    for header in headers:
        match = _NUMBERED.fullmatch(fold_header(header))
        if match:
            numbered.setdefault(match[1] + match[3], {})[int(match[2])] = header
    found = {}
    for column in _IN_POSITIONS:
        for stem in candidates(list(numbered), column, "order_lines"):
            places = numbered[stem]
            if column not in found and len(places) > 1 and sorted(places)[0] == 1:
                found[column] = tuple(places[number] for number in sorted(places))
    count = len(found.get("product", ()))
    return {column: names for column, names in found.items() if count and len(names) == count}


def propose_table(headers: Sequence[str], values: Values = HEADERS_ONLY) -> str:
    """Which table a list with these headers most likely is."""
    found = {table: propose_columns(headers, table, values) for table in TABLES}
    return max(found, key=lambda table: score(table, found[table]))


def score(table: str, found: dict[str, str]) -> float:
    """Above 1 if it has all that the table needs; a list of orders also has a customer's id."""
    if table == "customers":
        return (0.6 if "customer_id" in found else 0.3) + len(found) / 1000
    if not _speaks(table, found):
        return 0.0
    needed, lacks = len(REQUIRED[table]), len(missing_columns(table, found))
    if lacks > 1:
        return 0.0
    whole = 1 + needed / 10 if not lacks else (needed - lacks) / needed
    return whole + len(found) / 1000


def _speaks(table: str, found: dict[str, str]) -> bool:
    """A customer and a bare 日付 may be anything; one column more, or a date that says which."""
    dates = [column for column in REQUIRED[table] if column.endswith("_on")]
    if not dates or set(found) - {"customer_id", dates[0]} or dates[0] not in found:
        return True
    own = {fold_header(alias) for alias in ALIASES.get(dates[0], ())}
    return fold_header(found[dates[0]]) in own


def missing_columns(table: str, found: Collection[str]) -> list[str]:
    """What the table still needs; unit price times quantity is an amount."""
    lacks = [column for column in REQUIRED[table] if column not in found]
    by_parts = table == "order_lines" and {"unit_price", "quantity"} <= set(found)
    return [column for column in lacks if not (by_parts and column == "amount")]
