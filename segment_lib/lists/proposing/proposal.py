"""What is proposed for one list: its table, its columns with evidence, and what a person decides.

A column is proposed where a whole header of the dictionary and the values agree. Everything else
is a `Hint`: a line for client.toml behind a #, with the reason. A `question` is a hint without
which the list cannot be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from segment_lib.columns import TABLES
from segment_lib.lists.cells.date_ways import SURE_SHARE, DateWay
from segment_lib.lists.cells.hints import Hint
from segment_lib.lists.proposing.evidence import Evidence, Look, kind_of_column
from segment_lib.lists.proposing.facts import (
    Fact,
    constant_headers,
    facts,
    is_known_fact,
    one_row_each,
)
from segment_lib.lists.proposing.headers import (
    BARE_IDS,
    TABLE_ALIASES,
    candidates,
    fold_header,
    missing_columns,
    propose_columns,
    propose_positions,
    score,
    who_headers,
)
from segment_lib.lists.proposing.needed import about_columns, about_missing
from segment_lib.lists.rows.mark_headers import Mark, recognised_marks
from segment_lib.lists.words import words
from segment_lib.voice import Sentence

# The order rows of a customer, told apart by these.
_EVENTS = ("orders", "order_lines", "usage", "contacts")
# What a list of orders may say about who ordered; our own people and wishes are not among it.
_WHO_ORDERED = ("name", "email", "telephone", "address", "first_contact_on")
_OTHER_THINGS: tuple[str, ...] = words("headers")["other_things"]
_ID_ENDINGS: tuple[str, ...] = words("headers")["id_endings"]


@dataclass(frozen=True)
class Proposal:
    """What is proposed for one list, as one table of the register.

    `columns` are taken, each with its evidence; `positions` likewise where one row holds several
    articles; `marks` say whom not to contact; `facts` become attributes; `left` is not used.
    `second` is the same list once more, as another table. `left_out`: it names no customer.
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
    left_out: Sentence | None = None

    @property
    def dates(self) -> DateWay:
        """How the days of its columns are written."""
        kinds = {kind_of_column(column) for column in self.columns} | {f.kind for f in self.facts}
        return self.look.dates if "date" in kinds else DateWay()

    @property
    def mapped(self) -> dict[str, list[str]]:
        """Header to what it becomes: `table.column`, `attribute`, `refusal`, `consent`."""
        found: dict[str, list[str]] = {}
        for column, seen in self.columns.items():
            found.setdefault(seen.header, []).append(f"{self.table}.{column}")
        for column, headers in self.positions.items():
            for header in headers:
                found.setdefault(header, []).append(f"{self.table}.{column}")
        for fact in self.facts:
            found.setdefault(fact.header, []).append("attribute")
        for header, mark in self.marks.items():
            found.setdefault(header, []).append(mark.says.removesuffix("s"))
        for header, more in (self.second.mapped if self.second else {}).items():
            found.setdefault(header, []).extend(more)
        return found


def propose(look: Look, with_people: bool = True, without_header: bool = False) -> Proposal:
    """What is proposed for a list; `with_people`: also as a list of customers, where it is one.

    Of a list without a header nothing is proposed: a person must say what its columns are.
    """
    if without_header:
        return Proposal("", look, left=tuple(look.headers), hints=about_columns(look))
    positions = _positions(look)
    numbered = {header for headers in positions.values() for header in headers}
    headers = [header for header in look.headers if header not in numbered]
    table, columns = _best_table(look, headers, positions)
    lacks = missing_columns(table, {*columns, *positions})
    if "customer_id" in lacks:
        reason = _names_nobody(look, table, lacks)
        if reason:
            return Proposal(table, look, left=tuple(look.headers), left_out=reason)
    evidence = {column: look.evidence(header, column) for column, header in columns.items()}
    used = {*columns.values(), *numbered}
    marks = {h: mark for h, mark in recognised_marks(headers).items() if h not in used}
    proposal = Proposal(table, look, evidence, positions, marks)
    proposal = (
        _with_facts(proposal) if table == "customers" else _with_second(proposal, with_people)
    )
    used = set(proposal.mapped)
    left = tuple(header for header in look.headers if header not in used)
    hints = tuple(hint for column in lacks for hint in about_missing(look, table, column))
    return replace(proposal, left=left, hints=hints)


def _positions(look: Look) -> dict[str, tuple[str, ...]]:
    """Numbered headers, if the values agree and every article has an amount of its own."""
    found = propose_positions(look.headers)
    fitting = {
        column: headers
        for column, headers in found.items()
        if all(
            look.share(h, kind_of_column(column)) >= SURE_SHARE for h in headers if look.counts(h)
        )
    }
    paid = "amount" in fitting or {"unit_price", "quantity"} <= set(fitting)
    return fitting if paid and "product" in fitting else {}


def _best_table(
    look: Look, headers: Sequence[str], positions: dict[str, tuple[str, ...]]
) -> tuple[str, dict[str, str]]:
    """The table whose columns the list has, and these columns."""
    found = {table: _columns(look, headers, table) for table in TABLES}
    if positions:
        lines = found["order_lines"]
        return "order_lines", {c: header for c, header in lines.items() if c not in positions}
    best = max(found, key=lambda table: score(table, found[table]))
    return best, found[best]


def _columns(look: Look, headers: Sequence[str], table: str) -> dict[str, str]:
    """Columns to headers; a bare 会員 or account is the id if it holds numbers."""
    found = propose_columns(headers, table, look.values())
    if "customer_id" not in found and not candidates(headers, "customer_id", table):
        coded = [header for header in who_headers(headers) if look.is_code(header)]
        free = [header for header in coded if header not in found.values()]
        if len(free) == 1:
            found = {"customer_id": free[0], **found}
    if table == "order_lines" and "amount" in missing_columns(table, found):
        total = _total_of_single_lines(look, headers, found)
        found |= {"amount": total} if total else {}
    return found


def _total_of_single_lines(look: Look, headers: Sequence[str], found: dict[str, str]) -> str:
    """Where no order has two lines, the total of the order is the amount of its line."""
    if "order_id" not in found or not look.is_unique(found["order_id"]):
        return ""
    totals = {fold_header(word) for word in TABLE_ALIASES["orders"]["amount"]}
    named = [h for h in headers if fold_header(h) in totals and look.fit(h, "amount", "orders")]
    return named[0] if len(named) == 1 else ""


# --- lists that name no customer ---------------------------------------------------------------


def _names_nobody(look: Look, table: str, lacks: Sequence[str]) -> Sentence | None:
    """Why a list without a customer's id is about something else; None if about people."""
    if table in ("orders", "order_lines") and lacks == ["customer_id"]:
        return None
    if candidates(look.headers, "customer_id", table) or not look.headers:
        return None
    ids = ("order_id", "deal_id") if table in (*_EVENTS, "deals") else ()
    own = {header for column in ids for header in candidates(look.headers, column, table)}
    others = [h for h in look.headers if _is_id_of_something(h) and h not in own]
    first = look.headers[0]
    named = first in others or fold_header(first).startswith(_OTHER_THINGS)
    people = who_headers(look.headers) or candidates(look.headers, "email", "customers")
    if not named and (people or not others):
        return None
    about = first if named else others[0]
    return Sentence('no column names a customer; its rows are about "{about}"', about=about)


def _is_id_of_something(header: str) -> bool:
    """A number or code of something that is neither a customer nor a fact about one."""
    folded = fold_header(header)
    return folded.endswith(_ID_ENDINGS) and folded not in BARE_IDS and not is_known_fact(header)


# --- the same list as a list of customers ------------------------------------------------------


def _with_facts(proposal: Proposal) -> Proposal:
    """A list of customers: all other columns that say something become attributes."""
    used = {seen.header for seen in proposal.columns.values()} | set(proposal.marks)
    used |= set(candidates(proposal.look.headers, "customer_id", "customers"))
    rest = [header for header in proposal.look.headers if header not in used]
    return replace(proposal, facts=tuple(facts(proposal.look, rest, proposal.columns)))


def _with_second(proposal: Proposal, with_people: bool) -> Proposal:
    """The facts about the customers that stand in the rows of another list."""
    if not with_people or "customer_id" not in proposal.columns:
        return proposal
    look, customer = proposal.look, proposal.columns["customer_id"]
    used = {seen.header for seen in proposal.columns.values()} | set(proposal.marks)
    used |= {header for headers in proposal.positions.values() for header in headers}
    rest = [header for header in look.headers if header not in used]
    if proposal.table not in _EVENTS:
        each = proposal.table == "summaries" and one_row_each(look, customer.header)
        steady = rest if each else []
    else:
        apart = [proposal.columns[c].header for c in _apart(proposal) if c in proposal.columns]
        steady = constant_headers(look, customer.header, apart, rest)
    if not steady:
        return proposal
    allowed = TABLES["customers"] if proposal.table == "summaries" else _WHO_ORDERED
    people = propose_columns(steady, "customers", look.values())
    columns = {c: look.evidence(h, c) for c, h in people.items() if c in allowed}
    taken = {seen.header for seen in columns.values()}
    found = facts(look, [header for header in steady if header not in taken], proposal.columns)
    if not columns and not found:
        return proposal
    second = Proposal("customers", look, {"customer_id": customer, **columns}, facts=tuple(found))
    return replace(proposal, second=second)


def _apart(proposal: Proposal) -> tuple[str, ...]:
    """What tells two orders of a customer apart: the order id, else the day."""
    return (
        ("order_id",)
        if "order_id" in proposal.columns
        else ("ordered_on", "used_on", "contacted_on")
    )
