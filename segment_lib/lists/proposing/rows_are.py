"""What one row of a list is: a customer, an order, a line of one, a visit; its values tell.

Whatever repeats with a day is never a list of customers, however its headers read. A list of sales
has a day, and money that varies; a list in which nothing names a customer is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from segment_lib.columns import SALES, TABLES
from segment_lib.lists.cells.dates import SURE_SHARE
from segment_lib.lists.cells.values import (
    fold_word,
    tidy_text,
    without_accents,
    without_ordinal,
)
from segment_lib.lists.proposing import who
from segment_lib.lists.proposing.evidence import Look
from segment_lib.lists.proposing.headers import (
    ALIASES,
    ALONE,
    LIKELY,
    candidates,
    fold_header,
    likeliest_table,
    missing_columns,
    propose_columns,
)
from segment_lib.lists.proposing.meaning import meaning, weight
from segment_lib.lists.words import words

_OFTEN = 2  # rows of each
_TILL = 50  # rows of each
_RANKS = 5  # of customers: no more different ones
_MOST, _HALF = 0.8, 0.5
_COUNTED: dict[str, tuple[str, ...]] = words("headers")["counted"]
_MEASURED = {"frequency", "monetary", "recency_days", "last_order_on"}
_NAMES = {"name", "email", "telephone"}
_DAYS = {
    "incidents": ["occurred_on", "recovered_on"],
    "contacts": ["contacted_on"],
    "usage": ["used_on"],
}
_VISITS: tuple[str, ...] = words("headers")["visits"]
_NAMED = 0.8  # 顧客名 is somebody, a bare Name anything
_FAMILIES = {fold_header(one) for one in words("headers")["families"]["demographic"]}


def _lower(text: str) -> str:
    return without_accents(tidy_text(text).casefold())


_GIVEN_BACK = re.compile(
    "|".join(
        rf"\b{word}\b" if word.isascii() else word
        for word in map(_lower, words("values")["given_back"])
    )
)


def table_of(look: Look, in_positions: Sequence[str] = ()) -> tuple[str, dict[str, str]]:
    """The table of which a row here is a row, and its columns; "" if no row names a customer."""
    found = {table: columns_of(look, table) for table in TABLES}
    if in_positions:
        lines = found["order_lines"]
        return "order_lines", {c: header for c, header in lines.items() if c not in in_positions}
    if _has_no_lines(look, found["order_lines"]):
        del found["order_lines"]
    best = likeliest_table(found)
    if _is_sold(look) and best not in SALES and "won" not in found[best]:
        best = _sales(look, found)
    table = best if _is_sure(look, best, found[best]) else _by_values(look, found)
    if table in SALES and _are_visits(look, found[table]):
        day = found[table].get("ordered_on")
        came = {"contacted_on": day} if day else {}
        named = {c: h for c, h in found[table].items() if c == "customer_id"}
        return "contacts", {**named, **found["contacts"], **came}
    if table in SALES and is_given_back(look.file):
        taken = {"ordered_on": "adjusted_on", "customer_id": "customer_id", "amount": "amount"}
        return "adjustments", {taken[c]: h for c, h in found["orders"].items() if c in taken}
    if table == "customers" and _are_suppliers(look):
        return "", {}
    return table, found.get(table, {})


def is_given_back(name: str) -> bool:
    """Whether the name of a file or sheet says that its rows are credit notes or returns.

    >>> is_given_back("Note_di_credito_2025.xlsx"), is_given_back("返品一覧.csv")
    (True, True)
    >>> is_given_back("le savoir-faire.csv")
    False
    """
    plain = _lower(re.sub(r"[\W_]+", " ", name))
    return bool(_GIVEN_BACK.search(plain))


def _are_suppliers(look: Look) -> bool:
    """Whether each row names another supplier, and none a customer."""
    said = {header: meaning(header) for header in look.headers}
    theirs = [h for h, one in said.items() if one.of == {"supplier"} and one.head in ("", "name")]
    named = any("customer" in one.of for one in said.values())
    return not named and any(map(look.is_nearly_unique, theirs))


def _are_visits(look: Look, found: dict[str, str]) -> bool:
    """Whether a day is one on which somebody came, and no money stands in the list."""
    said = [fold_header(found[column]) for column in ("ordered_on", "order_id") if column in found]
    came = any(word in one for word in _VISITS for one in said)
    return came and not (_money(look) or look.weigh("amount", "orders"))


def table_with(look: Look, customer: str) -> tuple[str, dict[str, str]]:
    """The same where the header of the customers' ids is known from another list."""
    found = {table: columns_of(look, table) for table in TABLES}
    found = {
        table: {"customer_id": customer}
        | {c: h for c, h in columns.items() if c != "customer_id" and h != customer}
        for table, columns in found.items()
    }
    if _won_and_lost(look):
        return "deals", found["deals"]
    best = likeliest_table(found)
    if best != "customers" and _is_sure(look, best, found[best]):
        return best, found[best]
    again = who.repeats_with_day(look, customer)
    table = _events(look, found) if again else "customers"
    return table, found[table]


def lines_or_orders(look: Look, number: str) -> tuple[str, dict[str, str]]:
    """The same where rows carry the number of an order: its lines, or what was paid for it."""
    found = columns_of(look, "order_lines")
    of_goods = "product" in found or {"quantity", "unit_price"} <= set(found)
    found = found if of_goods else columns_of(look, "orders")
    columns = {"order_id": number} | found | {"order_id": number}
    return "order_lines" if of_goods else "orders", columns


def _is_sure(look: Look, table: str, found: dict[str, str]) -> bool:
    """Whether a list has all that a table needs, and its rows do as rows of that table do."""
    if missing_columns(table, found):
        return False
    if table in ("customers", "summaries"):
        own = found["customer_id"]
        if look.filled(own) < _HALF * len(look.frame) or who.people_come_again(look):
            return False
        return not (who.repeats(look, own) and who.repeats_with_day(look, own))
    if table in _DAYS and _won_and_lost(look):
        return False
    if table in ("contacts", "usage"):
        people = _is_of_people(look) or who.names_each(look)
        return not people and not _is_paid(look, found)
    if table == "incidents" and candidates(look.headers, "deal_id", "deals"):
        return False
    if table == "deals":  # what was done about deals names one in several rows, or none
        one_each = look.is_nearly_unique(found["deal_id"]) and look.is_full(found["deal_id"])
        return one_each or bool(_won_and_lost(look))
    if table == "adjustments":
        return _is_taken_back(look, found)
    if table not in SALES or _plainly(look.headers, table) or _is_sold(look):
        return True
    return _come_again(look, found) and not who.names_each(look)


def _by_values(look: Look, found: dict[str, dict[str, str]]) -> str:
    """The table by what the values do; "" if nobody is named."""
    people = found["customers"]
    if _is_sold(look):
        return _sales(look, found)
    reached = [people[one] for one in ("email", "telephone") if one in people]
    reached = [h for h in reached if look.filled(h) >= _OFTEN * look.distinct(h)]  # no family's
    again = _money(look) and any(who.repeats_with_day(look, header) for header in reached)
    theirs = who.addresses_again(look)
    if again and all(look.filled(h) >= _TILL * look.distinct(h) for h in reached) and not theirs:
        return ""  # the mail of whoever stood at the till
    own = "customer_id" in people and look.is_unique(people["customer_id"])
    if own and not again and _NAMES & set(people):
        return "customers"
    if _won_and_lost(look):
        return "deals"
    may = who.who_may(look, "orders")
    if who.people_come_again(look):
        return _events(look, found)
    if who.addresses_each(look) and not _money(look) and _is_person(look, people):
        return "customers"
    if _is_summed_up(look, found["summaries"]) and (may or who.own_id(look)):
        return "summaries"
    named = [one for one in may if one == may[0] or meaning(one).of == {"customer"}]
    named = [one for one in named if look.distinct(one) > _RANKS]
    if any(who.comes_again(look, one, people) for one in named):
        return _events(look, found)
    if may and candidates(look.headers, "ordered_on", "deals"):
        return _events(look, found)
    sold = "order_id" in found["orders"] or not who.own_id(look)
    if may and sold and {"ordered_on", "amount"} <= set(found["orders"]):
        return _sales(look, found)
    if theirs:
        return _events(look, found)
    return "customers" if _is_person(look, people) else ""


def _is_summed_up(look: Look, found: dict[str, str]) -> bool:
    """Whether a row says how often and when last somebody ordered, and nobody has two."""
    said = len(_MEASURED & set(found)) + len(sums_of(look))
    return said > 1 and not who.repeats_with_day(look, who.own_id(look) or look.headers[0])


def sums_of(look: Look) -> dict[str, tuple[str, ...]]:
    """What is to be added up as frequency and monetary: headers that differ in one word.

    A header that means both is money.
    """
    found: dict[str, tuple[str, ...]] = {}
    for column, telling in _COUNTED.items():
        groups: dict[tuple[str, ...], list[str]] = {}
        for header in look.headers:
            parts = re.split(r"[\s_]+", header.lower())
            if meaning(header).head in ("telephone", "id"):
                continue
            if set(parts) & set(telling) and look.reads(header, "money"):
                for place in range(len(parts)):
                    groups.setdefault((*parts[:place], "", *parts[place + 1 :]), []).append(header)
        best = max(groups.values(), key=len, default=[])
        if len(best) > 1:
            found[column] = tuple(best)
    return found


def _events(look: Look, found: dict[str, dict[str, str]]) -> str:
    """What happened, where somebody comes again with another day: with money a sale, else a use."""
    back = look.weigh("adjusted_on", "adjustments")
    named = [h for h, one in back if one == 1 and meaning(h).of and look.is_full(h)]
    if named and "ordered_on" not in found["orders"]:
        return "adjustments"
    days = look.weigh("ordered_on", "orders")
    signed = any(map(look.is_signed, look.headers))
    paid = signed or look.weigh("amount", "orders") or _money(look, _MOST) or look.fees
    # a bare date is the day of anything
    ordered = any(
        "order" in meaning(h).of or candidates([h], "ordered_on", "deals") for h, _ in days
    )
    if not paid and candidates(look.headers, "deal_id", "deals"):
        return "contacts"  # what was done about deals
    if not ordered and not (paid and days) and not signed:
        for table in ("incidents", "contacts", "usage"):
            named = [one for one in _DAYS[table] if candidates(look.headers, one, "deals")]
            telling = [one for one in _DAYS[table] if one != "occurred_on"]  # made: of anything
            if named or any(weight(header, one) for header in look.headers for one in telling):
                return table
    if not (ordered or paid):
        dated = any(look.is_full(h) for h, _ in days)
        return "customers" if not dated and _are_contracts(look) else "usage"
    return _sales(look, found)


def _are_contracts(look: Look) -> bool:
    """Whether each row is a contract with its own number, running or ended: 有効, キャンセル."""
    both = words("guesses")["under_contract"]
    known = {fold_word(one) for ones in both.values() for one in ones}
    states = [h for h in look.headers if meaning(h).head == "status"]
    said = any(known & {fold_word(text) for text in look.counts(h)} for h in states)
    return said and bool(who.own_id(look))


def _sales(look: Look, found: dict[str, dict[str, str]]) -> str:
    """Whether the rows of sales are lines of orders or orders."""
    return "order_lines" if _is_lines(look, found.get("order_lines", {})) else "orders"


def _won_and_lost(look: Look) -> str:
    """The column of few words that says of some rows they were won, of others lost; else ""."""
    both = [{fold_word(one) for one in words("guesses")["won"][word]} for word in ("yes", "no")]
    for header in look.headers:
        said = {without_ordinal(fold_word(text)) for text in look.counts(header)}
        if all(known & said for known in both) and look.share(header, "word") >= _MOST:
            return header
    return ""


def columns_of(look: Look, table: str) -> dict[str, str]:
    """Columns to headers; where no header is an id, the e-mail address of who bought is one."""
    found = propose_columns(look.headers, table, look)
    if table in SALES and who.is_mostly_of_guests(look, found.get("customer_id", "")):
        del found["customer_id"]
    elif "customer_id" not in found and table in (*SALES, "customers", "summaries"):
        mail = who.address_as_id(look, table) if table in SALES else ""
        found = {"customer_id": mail, **found} if mail else found
    if table in SALES and "order_id" not in found and _is_one_each(look, table, found):
        number = who.own_number(look, [h for h in look.headers if h not in found.values()])
        found |= {"order_id": number} if number else {}
    if table == "customers" and (
        "customer_id" not in found or who.names_each(look) or _is_of_people(look)
    ):
        again = any(who.repeats_with_day(look, h) for h in who.addresses(look))
        own = "" if again else who.persons_id(look)
        parts = who.has_parts_of_people(look.headers) or _are_firms(look, found)
        found |= {"customer_id": own} if own and parts else {}
    if "customer_id" not in found and table == "summaries" and who.own_id(look):
        found = {"customer_id": who.own_id(look), **found}
    for day in ("ordered_on", "contacted_on", "used_on"):
        if table in (*SALES, "contacts", "usage") and who.is_day_of_entry(look, found.get(day, "")):
            del found[day]
    if table == "deals" and (decided := _won_and_lost(look)):
        may = [h for h in who.own_ids(look) if who.is_bare(h) or "deal" in meaning(h).of]
        bare = [h for h in look.headers if who.is_bare(h) and look.is_steady(decided, h)]
        own = next(iter([*may, *bare]), "")  # a deal may have several rows, one for each article
        found = ({"deal_id": own} if own else {}) | found | {"won": decided}
        number, amount = found.get("deal_id", ""), found.get("amount", "")
        several = bool(number and amount) and look.is_steady(decided, number)
        if several and not look.is_steady(amount, number):  # of an article, not of the deal
            del found["amount"]
    return found


# --- what the values do ------------------------------------------------------------------------


def _plainly(headers: Sequence[str], table: str) -> bool:
    """Whether all that a table needs stands under whole headers of the dictionary."""
    named = {column for column in TABLES[table] if candidates(headers, column, table)}
    priced = {"unit_price", "quantity"} if candidates(headers, "unit_price", table) else set()
    return not missing_columns(table, named | priced)


def _is_sold(look: Look) -> bool:
    """Whether a row has the number of an order, its day and money: a sale, whoever it names."""
    for column in ("order_id", "ordered_on"):
        known = {fold_header(one) for one in ALIASES[column]}
        named = [h for h, one in look.weigh(column, "orders") if one >= LIKELY]
        named = [h for h in named if look.filled(h) >= _HALF * len(look.frame)]
        if not any(fold_header(h) in known or "order" in meaning(h).of for h in named):
            return False
    return bool(_money(look))


def _money(look: Look, share: float = SURE_SHARE) -> list[str]:
    """The columns that by words and values are money paid, of an order, a line or a piece."""
    named = [h for h in look.headers if max(weight(h, "amount"), weight(h, "unit_price")) >= ALONE]
    return [header for header in named if look.share(header, "money") >= share]


def _is_taken_back(look: Look, found: dict[str, str]) -> bool:
    """Whether every row is a refund: its day or sum says so, or the sums are below nothing."""
    named = [h for column, h in found.items() if column in ("adjusted_on", "amount")]
    numbers = look.numbers([found["amount"]])[found["amount"]]
    if any(meaning(h).of & {"refund", "cancel", "discount"} for h in named):
        return bool((numbers != 0).mean() >= _HALF)  # else it stands beside what was paid
    return bool((numbers < 0).mean() >= _MOST)


def _is_paid(look: Look, found: dict[str, str]) -> bool:
    """Whether money stands beside a day of which nothing says that it is that of a visit or use."""
    days = [header for column, header in found.items() if column in ("contacted_on", "used_on")]
    said = any(meaning(header).of & {"touch", "use"} for header in days)
    return not said and bool(_money(look))


def _is_of_people(look: Look) -> bool:
    """Whether every row is another person, with a name and an address: of a firm, one of many."""
    named = [h for h, one in look.weigh("name", "customers") if one >= _NAMED]
    each = any(len(look.counts(h)) >= who.EACH * len(look.frame) for h in named)
    return each and bool(who.addresses_each(look)) and bool(who.own_id(look))


def _is_one_each(look: Look, table: str, found: Mapping[str, str]) -> bool:
    """Whether hardly any two rows are of one customer and day, so that each is an order."""
    if table == "orders":
        return True
    both = [found.get("customer_id", ""), found.get("ordered_on", "")]
    if not all(both):
        return False
    return len(look.frame[both].drop_duplicates()) >= who.EACH * len(look.frame)


def _are_firms(look: Look, found: Mapping[str, str]) -> bool:
    """Whether each row has another name, and a telephone, a mail or an address as nobody's article
    has.
    """
    each = "name" in found and look.is_nearly_unique(found["name"])
    return each and bool({"telephone", "email", "address"} & set(found))


def _come_again(look: Look, found: dict[str, str]) -> bool:
    """Whether customers come again with another day, or orders have numbers of their own."""
    customer = found["customer_id"]
    return who.repeats_with_day(look, customer) or found.get("order_id", "") not in ("", customer)


def _has_no_lines(look: Look, columns: dict[str, str]) -> bool:
    """Whether every row is another order, and no row says of what it is."""
    of_goods = {"product", "quantity", "unit_price"} & set(columns)
    return not of_goods and "order_id" in columns and look.is_unique(columns["order_id"])


def _is_lines(look: Look, columns: dict[str, str]) -> bool:
    """Whether an order has several rows, or a row says of what it is."""
    several = False
    if "order_id" in columns:
        number = columns["order_id"]
        numbers = look.per_file(number)[look.stands(number)]
        several = len(numbers) >= who.AGAIN * numbers.nunique()
    return several or "product" in columns


def _is_person(look: Look, found: dict[str, str]) -> bool:
    """Whether the rows are people or firms: their own id is a customer's, or somebody is named."""
    own = who.own_id(look)
    said = meaning(own)
    if "customer_id" in found or (own and "customer" in said.of):
        return True
    if own and said.of:
        return False
    named = [look.weigh(column, "customers") for column in ("email", "telephone")]
    strange = bool(own) and said.unknown > 0
    about = any(weight(h, "name") >= _NAMED or fold_header(h) in _FAMILIES for h in look.headers)
    return any(named) or (about and not strange)
