"""What several lists say together: whose ids are whose, and which list stands beside which.

An id that stands in the customers' own list is a customer's wherever it stands, however its header
reads. Payments and lines that carry an order's number alone are joined with the list of the orders,
where customer, day and status stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segment_lib.lists.proposing.evidence import Evidence, Look
from segment_lib.lists.proposing.meaning import weight
from segment_lib.lists.proposing.who import own_id

_FEW = 5  # ids that must be shared
_MOST = 0.8
_ANY = 0.2
_OF_THE_ORDER = ("customer_id", "ordered_on", "status")


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


def ids_of(look: Look, header: str) -> set[str]:
    """The distinct filled values of a column, without blanks at their ends."""
    return {text.strip() for text in look.counts(header)}


def share_within(ids: set[str], known: set[str]) -> float:
    """Which share of the ids is known; 0 of too few to say."""
    both = len(ids & known)
    return both / len(ids) if both >= min(_FEW, len(known)) and ids and both > 1 else 0.0


def customers_header(look: Look, may: Iterable[str], known: set[str]) -> str:
    """The header, of those that may name the customer, whose ids the customers' own list has."""
    found = [(share_within(ids_of(look, h), known), h) for h in may if look.counts(h)]
    sure = sorted((one for one in found if one[0] >= _MOST), reverse=True)
    return sure[0][1] if len(sure) == 1 else ""


def number_of_order(look: Look, orders: Look, number: str) -> str:
    """The header under which a list carries the numbers of those orders; "" if none does."""
    known = ids_of(orders, number)
    named = [h for h in look.headers if _may_be_number(h, number)]
    found = [(share_within(ids_of(look, h), known), h) for h in named if look.counts(h)]
    best = max(found, default=(0.0, ""))
    return best[1] if best[0] >= _MOST else ""


def order_number(look: Look, columns: dict[str, Evidence]) -> str:
    """The header of the orders' number in their own list."""
    own = columns["order_id"].header if "order_id" in columns else own_id(look, look.headers)
    return own if own and look.is_unique(own) else ""


def _may_be_number(header: str, number: str) -> bool:
    return header == number or weight(header, "order_id") >= _ANY


def taken_from(columns: dict[str, Evidence]) -> dict[str, Evidence]:
    """What of the orders' list a list that carries their number alone takes."""
    return {column: seen for column, seen in columns.items() if column in _OF_THE_ORDER}
