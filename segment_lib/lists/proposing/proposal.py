"""What is proposed for one list: its table, its columns with evidence, and what a person decides.

A column is proposed where a whole header of the dictionary and the values agree. Everything else
is a `Hint`: a line for client.toml behind a #, with the reason. A `question` is a hint without
which the list cannot be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from segment_lib.columns import TABLES
from segment_lib.lists.cells.dates import DateWay
from segment_lib.lists.cells.values import Hint, fold_word
from segment_lib.lists.cells.words import NO, YES
from segment_lib.lists.proposing.evidence import Evidence, Look, kind_of_column
from segment_lib.lists.proposing.facts import (
    Fact,
    constant_headers,
    facts,
    may_be_no_sale,
    month_headers,
)
from segment_lib.lists.proposing.headers import (
    LIKELY,
    candidates,
    missing_columns,
    propose_columns,
    propose_positions,
)
from segment_lib.lists.proposing.meaning import meaning
from segment_lib.lists.proposing.needed import (
    about_columns,
    about_days_below,
    about_missing,
    about_rows_below,
    about_years,
    may_be,
    order_totals,
)
from segment_lib.lists.proposing.order_numbers import about_numbers
from segment_lib.lists.proposing.rows_are import lines_or_orders, sums_of, table_of, table_with
from segment_lib.lists.proposing.who import name_parts, who_may
from segment_lib.lists.rows.marks import (
    ALLOWED,
    REFUSED,
    Mark,
    asks_about,
    named_channel,
    recognised_marks,
)
from segment_lib.voice import Sentence

_MORE = 1.1
_DAYS = ("ordered_on", "used_on", "contacted_on")
_EVENTS = ("orders", "order_lines", "deals", "usage", "contacts")
# What a list of orders may say about who ordered; our own people and wishes are not among it.
_WHO_ORDERED = ("name", "contact_person", "email", "telephone", "address", "first_contact_on")


@dataclass(frozen=True)
class Beside:
    """The list in which customer, day and status of an order stand, found by the order's number.

    `number` is the header of the number there, `columns` what is taken from it.
    """

    files: tuple[Path, ...]
    said: dict[str, Any]
    number: str
    columns: dict[str, Evidence]
    look: Look


@dataclass(frozen=True)
class Proposal:
    """What is proposed for one list, as one table of the register.

    `columns` are taken, each with its evidence; `positions` likewise where one row holds several
    articles; `marks` say whom not to contact; `facts` become attributes; `left` is not used.
    `second` is the same list once more, as another table; `beside` another list of the same orders.
    `sums` are columns that are added up, `either` those of which a row has one, `named` those that
    together are the name; `amount_of`: of what the amount is, a row or a whole order.
    `left_out`: it names no customer.
    """

    table: str
    look: Look
    columns: dict[str, Evidence] = field(default_factory=dict)
    positions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    hints: tuple[Hint, ...] = ()
    left: tuple[str, ...] = ()
    second: Proposal | None = None
    beside: Beside | None = None
    sums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    either: dict[str, tuple[str, ...]] = field(default_factory=dict)
    named: tuple[str, ...] = ()
    amount_of: str = "row"
    left_out: Sentence | None = None

    @property
    def dates(self) -> DateWay:
        """How the days of its columns are written, and of those that are asked about."""
        asked = {one.line.partition(" = ")[0] for one in self.hints if one.is_column}
        columns = {*self.columns, *self.either, *asked}
        kinds = {kind_of_column(column) for column in columns} | {f.kind for f in self.facts}
        return self.look.dates if "date" in kinds else DateWay()

    @property
    def several(self) -> list[tuple[str, tuple[str, ...]]]:
        """The columns that several headers make together, with these."""
        named = [("name", self.named)] if self.named else []
        return [*self.positions.items(), *self.sums.items(), *self.either.items(), *named]

    @property
    def mapped(self) -> dict[str, list[str]]:
        """Header to what it becomes: `table.column`, `attribute`, `refusal`, `consent`."""
        taken = [(column, (seen.header,)) for column, seen in self.columns.items()]
        said = [(h, f"{self.table}.{c}") for c, several in [*taken, *self.several] for h in several]
        said += [(fact.header, "attribute") for fact in self.facts]
        said += [(header, mark.says.removesuffix("s")) for header, mark in self.marks.items()]
        again = self.second.mapped if self.second else {}
        said += [(header, one) for header, more in again.items() for one in more]
        found: dict[str, list[str]] = {}
        for header, one in said:
            found.setdefault(header, []).append(one)
        return found


def propose(
    look: Look,
    without_header: bool = False,
    customer: str = "",
    beside: Beside | None = None,
    number: str = "",
) -> Proposal:
    """What is proposed for a list.

    Of a list without a header nothing is proposed: a person must say what its columns are. What
    other lists tell: `customer` is the header of the customers' ids, `number` that of the orders
    whose list stands `beside`.
    """
    if without_header:
        return Proposal("", look, left=tuple(look.headers), hints=about_columns(look))
    if months := month_headers(look):
        return _of_months(look, months, customer)
    positions = _positions(look)
    numbered = {header for headers in positions.values() for header in headers}
    apart = look.without(numbered)
    if beside:
        table, columns = lines_or_orders(apart, number)
    elif customer:
        table, columns = table_with(apart, customer)
    else:
        table, columns = table_of(apart, tuple(positions))
    if not table:
        about = look.headers[0]
        why = Sentence('no column names a customer; its rows are about "{about}"', about=about)
        return Proposal("", look, left=tuple(look.headers), left_out=why)
    given = set(beside.columns) if beside else set()
    columns = {column: header for column, header in columns.items() if column not in given}
    sums = sums_of(apart) if table == "summaries" else {}
    sums = {column: several for column, several in sums.items() if column not in columns}
    lacks = missing_columns(table, {*columns, *positions, *given, *sums})
    lacks = [column for column in lacks if column != "deal_id"]  # each row is a deal then
    if table == "deals" and "amount" not in columns and may_be(look, table, "amount"):
        lacks.append("amount")
    totals = order_totals(look, table) if "amount" in lacks and "order_id" in columns else []
    if (
        len(totals) == 1
        and "pay" not in meaning(totals[0]).of
        and not may_be(look, table, "amount")
    ):
        columns["amount"] = totals[0]
        lacks.remove("amount")
    evidence = {column: look.evidence(header, column) for column, header in columns.items()}
    proposal = Proposal(table, look, evidence, positions, beside=beside, sums=sums)
    taken, known = proposal.mapped, recognised_marks(apart.headers) | _marked_by_values(apart)
    proposal = replace(proposal, marks={h: m for h, m in known.items() if h not in taken})
    if table == "deals":
        proposal = _decided_either_way(proposal)
    if columns.get("amount") in totals:
        proposal = replace(proposal, amount_of="order")
    proposal = _with_facts(proposal) if table == "customers" else _with_second(proposal)
    used = set(proposal.mapped)
    left = tuple(header for header in look.headers if header not in used)
    hints = tuple(hint for column in lacks for hint in about_missing(look, table, column))
    days = [header for column, header in columns.items() if kind_of_column(column) == "date"]
    days += [h for c in lacks if kind_of_column(c) == "date" for h in may_be(look, table, c)]
    hints += tuple(about_years(look, (), days)) + tuple(about_numbers(look, table, columns))
    who = columns.get("customer_id") or next(iter(who_may(look, table)), "")
    if who and table in _EVENTS:
        below = about_rows_below(look, who)
        hints += tuple(below or (about_days_below(look, days[0], who) if days else ()))
    return replace(proposal, left=left, hints=hints)


def _of_months(look: Look, months: Sequence[str], customer: str) -> Proposal:
    """A row per customer with months side by side: orders, and what it says of the customer."""
    people = propose(look.without(months), customer=customer)
    seen = people.columns.get("customer_id")
    hints = people.hints if people.table == "customers" and not seen else ()
    if not seen and not hints:
        hints = tuple(about_missing(look.without(months), "orders", "customer_id"))
    hints += tuple(about_years(look, months, ()))
    known = {"customer_id": seen} if seen else {}
    second = replace(people, look=look) if seen and people.table == "customers" else None
    proposal = Proposal("orders", look, known, hints=hints, second=second)
    used = {*proposal.mapped, *months}
    return replace(proposal, left=tuple(h for h in look.headers if h not in used))


def _decided_either_way(proposal: Proposal) -> Proposal:
    """Deals with a day on which they were won and another on which they were lost."""
    look, seen = proposal.look, proposal.columns.get("decided_on")
    weighed = look.weigh("decided_on", "deals")
    others = [h for h, one in weighed if one >= LIKELY and seen and h != seen.header]
    apart = [h for h in others if seen and not look.both_filled(h, seen.header)]
    if not seen or not apart:
        return proposal
    columns = {column: one for column, one in proposal.columns.items() if column != "decided_on"}
    return replace(proposal, columns=columns, either={"decided_on": (seen.header, apart[0])})


def _positions(look: Look) -> dict[str, tuple[str, ...]]:
    """Numbered headers, if the values agree and every article has an amount of its own."""
    found = propose_positions(look.headers)
    fitting = {
        column: headers
        for column, headers in found.items()
        if all(look.reads(h, kind_of_column(column)) for h in headers if look.counts(h))
    }
    paid = "amount" in fitting or {"unit_price", "quantity"} <= set(fitting)
    return fitting if paid and "product" in fitting else {}


# --- lists that name no customer ---------------------------------------------------------------


def _marked_by_values(look: Look) -> dict[str, Mark]:
    """A channel, alone or with a wish, marks whom we may write to where cells say 可 or 不可."""
    allows = {fold_word(word) for word in (*REFUSED, *ALLOWED)}
    says = {fold_word(word) for word in (*YES, *NO)} - {"0", "1"} | allows
    found = {}
    for header in look.headers:
        asked, named = asks_about(header), named_channel(header)
        channel = named or asked
        cells = {fold_word(text) for text in look.counts(header)}
        if named and not asked and not cells & allows:  # ハガキ ○: one was sent
            continue
        if channel and cells and cells <= says:
            found[header] = Mark(channel, "consents")
    return found


# --- the same list as a list of customers ------------------------------------------------------


def _with_facts(proposal: Proposal) -> Proposal:
    """A list of customers: all other columns that say something become attributes."""
    ids = candidates(proposal.look.headers, "customer_id", "customers")
    used = {*proposal.mapped, *ids}
    rest = [header for header in proposal.look.headers if header not in used]
    columns, name = dict(proposal.columns), proposal.columns.get("name")
    named = name_parts([*([name.header] if name else []), *rest])
    if name and name.header in named:  # Nom, beside Prénom
        del columns["name"]
    elif named and name:
        company = name.header  # of fewer than there are people, or mostly blank
        people = len(proposal.look.frame[list(named)].drop_duplicates())
        bare = meaning(company).head == "name" and not meaning(company).of
        if _MORE * proposal.look.distinct(company) < people and not bare:
            rest.append(company)
            del columns["name"]
        else:
            named = ()
    rest = [header for header in proposal.look.headers if header in rest and header not in named]
    found = tuple(facts(proposal.look, rest, columns))
    return replace(proposal, columns=columns, named=named, facts=found)


def _is_ours(header: str) -> bool:
    """Whether whoever is in charge is one of us, where nothing says it is theirs: 担当者名."""
    said = meaning(header)
    polite = header.startswith(("ご", "御"))
    return said.of == {"staff"} and not said.unknown and not polite


def _with_second(proposal: Proposal) -> Proposal:
    """The facts about the customers that stand in the rows of another list."""
    if "customer_id" not in proposal.columns:
        return proposal
    look, customer = proposal.look, proposal.columns["customer_id"]
    used = proposal.mapped
    rest = [header for header in look.headers if header not in used]
    if proposal.table not in _EVENTS:
        each = proposal.table == "summaries" and look.is_unique(customer.header)
        steady = rest if each else []
    else:
        # what tells two orders of a customer apart: the order's or the deal's id, else the day
        ids = [one for one in ("order_id", "deal_id") if one in proposal.columns]
        apart = [proposal.columns[c].header for c in ids or _DAYS if c in proposal.columns]
        rest = [header for header in rest if not may_be_no_sale(look, header)]
        steady = constant_headers(look, customer.header, apart, rest)
    if not steady:
        return proposal
    allowed = TABLES["customers"] if proposal.table == "summaries" else _WHO_ORDERED
    people = propose_columns(steady, "customers", look)
    if proposal.table in _EVENTS and _is_ours(people.get("contact_person", "")):
        del people["contact_person"]
    columns = {c: look.evidence(h, c) for c, h in people.items() if c in allowed}
    named = name_parts(steady) if "name" in allowed else ()
    if "name" in columns:
        bare = columns["name"].header in named  # Nom, beside Prénom
        named = named if bare else ()
        columns = {c: one for c, one in columns.items() if c != "name" or not bare}
    taken = {*(seen.header for seen in columns.values()), *named}
    found = facts(look, [header for header in steady if header not in taken], proposal.columns)
    if not columns and not found and not named:
        return proposal
    known = {"customer_id": customer, **columns}
    second = Proposal("customers", look, known, facts=tuple(found), named=named)
    return replace(proposal, second=second)
