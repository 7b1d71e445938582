"""Which column is which: how strongly each header means it, where its values agree.

A whole header of the dictionary says most; others are read word by word. Where two headers of
a list come close for the id, the date or the amount, neither is taken: a person chooses. What the
values say is asked through functions, so that headers alone can be tried without a list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from segment_lib.columns import REGISTER_COLUMNS, REQUIRED, TABLES
from segment_lib.lists.cells.values import fold_word, without_accents
from segment_lib.lists.proposing.meaning import meaning, weight
from segment_lib.lists.words import words

if TYPE_CHECKING:
    from segment_lib.lists.proposing.evidence import Look

IDS = ("customer_id", "order_id", "deal_id", "referred_by")
_HEADERS = words("headers")
# Header to column: whatever the table, and in one table only.
ALIASES: dict[str, tuple[str, ...]] = _HEADERS["any"]
TABLE_ALIASES: dict[str, dict[str, tuple[str, ...]]] = _HEADERS["in"]
SYSTEMS: dict[str, dict[str, Any]] = words("systems")
_ACCENTED = {without_accents(fold_word(word)) for word in _HEADERS["accented"]}
BARE_IDS: tuple[str, ...] = _HEADERS["bare_ids"]
_EXTRA = ("status", "unit_price", "cancelled_on", "original_order_id")
_SIGNS = re.compile(r"[\s\ufeff_\-.:：/／()（）\[\]{}【】「」・,'\"*＊※■●◆]")
_UNIT = re.compile(r"[(（\[【](?:円|税込み?|税抜き?|税別|jpy|usd|eur|gbp|yen|[¥￥$€£])[)）\]】]")
_NUMBERED = re.compile(r"(\D*?)0?(\d{1,2})(\D*)")
LIKELY = 0.6  # below, a person is asked
ALONE = 0.5  # the same for the day and the amount, where no other header comes near
CLEAR = 0.14  # whoever comes closer to the best is asked about too
_MORE = 1.1
_SPARSE = 0.6
_FEW_IDS, _FEW_OF = 10, 4  # an account of the books (200, 210), where others name many more people
_HOUSE = re.compile(r"n[úu]m|nr|no\b|n[°º]|番地", re.IGNORECASE)
_TRANSACTION = re.compile(r"transa[ck]|txn", re.IGNORECASE)  # an order's number, or a payment's
_NEXT_TO_SURE = 0.99  # no words come before a whole header of the dictionary
_WHO, _CODED, _SURE, _TOTAL = 0.5, 0.3, 0.8, 0.75
_BY_WORDS: dict[str, tuple[str, ...]] = words("meanings")["by_words"]
_IN_POSITIONS = ("product", "product_line", "quantity", "unit_price", "amount")
_DAYS = ("ordered_on", "opened_on", "contacted_on", "used_on", "occurred_on")  # every row has one


_ALL_FIT = ("fit", "is_full", "is_dated", "is_of_one_day", "price_is_of")


class _NoValues:
    """Headers without a list: all of them fit, and nothing else is known of them."""

    def __getattr__(self, asked: str) -> Callable[..., bool]:
        return lambda *_headers: asked in _ALL_FIT


HEADERS_ONLY = cast("Look", _NoValues())


@lru_cache(maxsize=1 << 16)
def fold_header(header: str) -> str:
    """A header for comparison; a unit in brackets says nothing about what it means.

    >>> fold_header("Order_ID "), fold_header("ｵｰﾀﾞｰ No"), fold_header("売上金額（円）")
    ('orderid', 'オーダーno', '売上金額')
    """
    word = without_accents(fold_word(header))
    return _SIGNS.sub("", _UNIT.sub("", word)) or _SIGNS.sub("", word) or word


def propose_columns(
    headers: Sequence[str], table: str, values: Look = HEADERS_ONLY
) -> dict[str, str]:
    """Canonical column to header, for the columns this table has: the likeliest of each.

    >>> propose_columns(["顧客番号", "受注日", "売上", "割引金額"], "orders")
    {'customer_id': '顧客番号', 'ordered_on': '受注日', 'amount': '売上'}
    """
    extra = _EXTRA if table in ("orders", "order_lines", "adjustments") else ()
    found: dict[str, str] = {}
    for column in (*TABLES[table], *extra):
        weighed = [
            one for one in weigh(headers, column, table, values) if one[0] not in found.values()
        ]
        header = likeliest(column, weighed, values)
        if header:
            found[column] = header
    return _without_lone_price(found, table)


def weigh(
    headers: Sequence[str], column: str, table: str, values: Look = HEADERS_ONLY
) -> list[tuple[str, float]]:
    """(header, weight) of those that may mean the column and whose values read as it, best first.

    A whole header of the dictionary weighs 1, others what their words say (`meaning.py`). Who
    bought, without a word whether a number or a name, weighs more where the values are numbers.
    """
    exact = candidates(headers, column, table)
    weighed = dict.fromkeys(exact, 1.0)
    if column in _BY_WORDS.get(table, ()):
        rest = [h for h in headers if h not in weighed and not _is_order_total(h, column, table)]
        if column == "owner":  # 顧客担当者 is theirs
            rest = [h for h in rest if h not in candidates(headers, "contact_person", table)]
        weighed |= {h: weight(h, column) for h in rest}
    if column in _BY_VALUES:
        _BY_VALUES[column](weighed, _List(headers, table, values, exact))
    if column in _DAYS or (column == "amount" and table != "deals"):
        _lower(weighed, _sparse(weighed, column, table, values))
    fitting = [h for h in weighed if weighed[h] > 0 and values.fit(h, column, table)]
    return sorted(((h, weighed[h]) for h in fitting), key=lambda one: -one[1])


class _List(NamedTuple):
    """What is asked about a list: its headers, its table, its values; `exact`: whole aliases."""

    headers: Sequence[str]
    table: str
    values: Look
    exact: Sequence[str]


def _lower(weighed: dict[str, float], doubted: Iterable[str]) -> None:
    """What values speak against is no more than asked about."""
    weighed.update(dict.fromkeys(list(doubted), LIKELY / 2))


def _weigh_amounts(weighed: dict[str, float], of: _List) -> None:
    lines, values = of.table == "order_lines", of.values
    if lines and values.has_one_line_each():
        totals = [h for h in of.headers if _is_order_total(h, "amount", of.table)]
        weighed |= dict.fromkeys(totals, _SURE)
    # of an invoice's lines, where the day stands at the invoice
    _lower(weighed, [h for h in weighed if weighed[h] and not values.is_dated(h)])
    if any(_is_total(header) for header in of.headers):
        # beside a total, what a subtotal leaves out (discounts, tax) is for a person to say
        _lower(weighed, [h for h in weighed if "subtotal" in meaning(h).of and weighed[h]])
    if of.table == "deals" and any(
        "order" in meaning(h).of and not _is_planned(h) for h in of.exact
    ):  # what was ordered comes before what was offered
        _lower(weighed, filter(_is_planned, of.exact))
    if lines:
        grown = [h for h in weighed if 0 < weighed[h] < 1 and values.is_dated(h)]
        grown = [h for h in grown if values.price_is_of(h) == "line"]
        weighed |= dict.fromkeys(grown, _SURE)
    _lower(weighed, [h for h in weighed if weighed[h] and values.is_net_of_fees(h)])
    # what pieces are multiplied with to make another sum
    _lower(weighed, [h for h in weighed if weighed[h] >= ALONE and values.is_of_a_piece(h)])


def _weigh_prices(weighed: dict[str, float], of: _List) -> None:
    """A price that no article proves may be that of all pieces."""
    _lower(weighed, [h for h in weighed if 0 < weighed[h] < 1 and not of.values.price_is_of(h)])


def _weigh_pieces(weighed: dict[str, float], of: _List) -> None:
    """Item Amount may be how many, where a price times it is another sum."""
    named = [h for h in of.headers if meaning(h).head == "money" and not weighed.get(h)]
    weighed |= dict.fromkeys((h for h in named if of.values.is_a_count(h)), _SURE)


def _weigh_customers(weighed: dict[str, float], of: _List) -> None:
    coded = [h for h in weighed if weighed[h] >= _WHO and h not in of.exact]
    coded = [h for h in coded if of.values.is_coded(h)]
    weighed |= {h: min(weighed[h] + _CODED, _NEXT_TO_SURE) for h in coded}
    if of.table in ("orders", "order_lines", "usage", "contacts"):
        weighed |= _without_own_ids(weighed, of.values)
    numbers = pairwise(of.headers)  # a house's number stands behind its street
    _lower(weighed, [h for street, h in numbers if h in weighed and _is_house(street, h)])
    who = {*who_headers(of.headers), *(h for h in of.headers if "customer" in meaning(h).of)}
    who = {h for h in who if not of.values.is_nearly_unique(h)}
    most = max(map(of.values.distinct, who), default=0)
    few = [h for h in weighed if weighed[h] and of.values.distinct(h) <= _FEW_IDS]
    _lower(weighed, [h for h in few if most and _FEW_OF * of.values.distinct(h) <= most])


def _is_house(before: str, header: str) -> bool:
    """Whether a number is part of the address before it: of the same people, and called no code."""
    street, said = meaning(before), meaning(header)
    of_address = street.head == "address" or "place" in street.of
    same = of_address and said.of == street.of - {"place"}
    return same and said.head == "id" and bool(_HOUSE.search(header))


def _weigh_owners(weighed: dict[str, float], of: _List) -> None:
    """Somebody else for each firm (辻 店長, 西田様) is one of theirs, whom we ask for."""
    _lower(weighed, [h for h in weighed if weighed[h] and of.values.is_theirs(h)])


def _weigh_their_people(weighed: dict[str, float], of: _List) -> None:
    named = [h for h in of.headers if meaning(h).of == {"staff"} and of.values.is_theirs(h)]
    weighed |= dict.fromkeys((h for h in named if h not in of.exact), _SURE)


def _weigh_orders(weighed: dict[str, float], of: _List) -> None:
    """An invoice that every tenth row has is not the order's number; codes under "Order", each of
    one day, are; a payment's number is not where there is another, were it only called Number.
    """
    _lower(weighed, [h for h in weighed if 0 < weighed[h] < 1 and not of.values.is_full(h)])
    _lower(weighed, _sparse(weighed, "order_id", of.table, of.values))
    coded = [h for h in weighed if 0 < weighed[h] < LIKELY and not meaning(h).unknown]
    coded = [h for h in coded if of.values.is_coded(h) and of.values.is_of_one_day(h)]
    coded = [h for h in coded if meaning(h).head == "" or not of.values.is_nearly_unique(h)]
    weighed |= {h: weighed[h] + _CODED for h in coded}
    paid = {h for h in weighed if "pay" in meaning(h).of}
    likely = {h for h in weighed if weighed[h] >= LIKELY}
    bare = [h for h in of.headers if fold_header(h) in BARE_IDS and of.values.is_unique(h)]
    of_payments = paid | {h for h in likely if _TRANSACTION.search(h)}
    if of.table == "orders" and bare and likely and likely <= of_payments:
        weighed[bare[0]] = _SURE
        _lower(weighed, of_payments & likely)
    elif likely - paid:
        _lower(weighed, paid & likely)


_BY_VALUES: dict[str, Callable[[dict[str, float], _List], None]] = {
    "amount": _weigh_amounts,
    "unit_price": _weigh_prices,
    "quantity": _weigh_pieces,
    "customer_id": _weigh_customers,
    "order_id": _weigh_orders,
    "owner": _weigh_owners,
    "contact_person": _weigh_their_people,
}


def _sparse(weighed: dict[str, float], column: str, table: str, values: Look) -> list[str]:
    """Those that are blank where another one is not."""
    likely = [h for h in weighed if weighed[h] >= ALONE and values.fit(h, column, table)]
    fullest = max(map(values.filled, likely), default=0)
    return [h for h in likely if values.filled(h) < _SPARSE * fullest]


def _without_own_ids(weighed: dict[str, float], values: Look) -> dict[str, float]:
    """An id that is another in every row is that of the row, where somebody else comes again."""
    own = [h for h in weighed if 0 < weighed[h] < 1 and meaning(h).head in ("", "id")]
    own = [h for h in own if values.is_nearly_unique(h)]
    again = any(
        weighed[h] >= ALONE / 2 and not values.is_nearly_unique(h) for h in weighed if h not in own
    )
    return weighed | {h: weighed[h] / 2 for h in own if again}


def _is_planned(header: str) -> bool:
    """Whether a header is of an offer or a plan."""
    return bool(meaning(header).of & {"deal", "planned"})


def _is_total(header: str) -> bool:
    """Whether a header names the sum of an order, as far as its words say."""
    return weight(header, "amount") >= _TOTAL and "subtotal" not in meaning(header).of


def _is_order_total(header: str, column: str, table: str) -> bool:
    """Whether a header of lines is known to mean the whole order."""
    totals = map(fold_header, TABLE_ALIASES["orders"]["amount"])
    return (column, table) == ("amount", "order_lines") and fold_header(header) in totals


def likeliest(column: str, weighed: Sequence[tuple[str, float]], values: Look) -> str:
    """The header that is taken; "" where none is likely, or two are close and differ."""
    alone = column in ("ordered_on", "amount") and all(one <= ALONE / 2 for _, one in weighed[1:])
    if not weighed or weighed[0][1] < (ALONE if alone else LIKELY):
        return ""
    if column == "name":  # a firm, beside each of its people
        near = [h for h, one in weighed if one == weighed[0][1]]
        most = max(near, key=values.distinct)
        return most if values.distinct(most) > _MORE * values.distinct(near[0]) else near[0]
    close = 1.0 if weighed[0][1] == 1 else weighed[0][1] - CLEAR  # no words come close to an alias
    near = [header for header, one in weighed if one >= close]
    if column == "amount":  # 金額 beside 請求額: the dictionary does not know which has the tax
        first, likely = near[0], [h for h, one in weighed if h not in near and one >= LIKELY]
        near += [h for h in likely if values.differ_by_tax(first, h)]
        billed = [h for h in likely if h not in near and "pay" in meaning(first).of]
        near += [h for h in billed if values.is_part_of(first, h)]
        near += [h for h in likely if h not in near and values.differ_in_some(first, h)]
    if len(near) == 1 or not _must_be_sure(column) or values.same(column, near):
        return near[0]
    if column == "decided_on":  # 受注日 and 失注日: the rows have one or the other
        return max(near, key=values.filled)
    if column == "order_id":  # the number of a line beside that of the order: another in each row
        near = [h for h in near if values.is_of_one_day(h)] or near
        return min(near, key=lambda one: (-values.filled(one), values.distinct(one)))
    return ""


def candidates(headers: Sequence[str], column: str, table: str) -> list[str]:
    """Headers that mean this column, in the order in which the aliases stand."""
    aliases = [*ALIASES.get(column, ()), *TABLE_ALIASES.get(table, {}).get(column, ())]
    folded = {fold_header(header) for header in headers}
    for telling, where, own in map(itemgetter("telling", "table", "columns"), SYSTEMS.values()):
        if where == table and column in own and folded >= {fold_header(one) for one in telling}:
            aliases.insert(0, own[column])
    places = {fold_header(alias): place for place, alias in reversed(list(enumerate(aliases)))}
    known = [header for header in headers if fold_header(header) in places]
    known = [h for h in known if not (h.isascii() and fold_header(h) in _ACCENTED)]
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


def likeliest_table(found: Mapping[str, dict[str, str]]) -> str:
    """The table that a list most likely is, by the columns that were found for each."""
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
