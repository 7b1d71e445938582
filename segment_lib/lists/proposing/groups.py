"""Files that are one list, and what several lists tell of each other.

Whose ids are whose, and which list stands beside which: see `across.py` for the questions asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from segment_lib.lists.cells.values import Hint
from segment_lib.lists.proposing.across import (
    Beside,
    customers_header,
    ids_of,
    number_of_order,
    order_number,
    share_within,
    taken_from,
)
from segment_lib.lists.proposing.evidence import Look
from segment_lib.lists.proposing.headers import BARE_IDS, fold_header
from segment_lib.lists.proposing.looking import Found
from segment_lib.lists.proposing.meaning import meaning, weight
from segment_lib.lists.proposing.proposal import Proposal, propose
from segment_lib.voice import Sentence

_SALES = ("orders", "order_lines")
_OWN = ("customers", "summaries")
_NO_IDS = ("money", "price", "pieces", "count", "rate", "day")
_HALF, _FEW = 0.5, 0.2


@dataclass(eq=False)
class Group:
    """Files that are one list, what they look like together, and what is proposed."""

    files: list[Path]
    found: Found
    proposal: Proposal
    others: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The file, and the part of it."""
        name = self.files[0].name
        return f"{name} / {self.found.part}" if self.found.part else name

    def join(self, more: Found) -> None:
        """Another file with the same headers: looked at together."""
        self.files.append(more.path)
        heads = dict(zip(more.look.headers, self.found.look.headers, strict=True))
        frames = [self.found.look.frame, more.look.frame.rename(columns=heads)]
        look = Look(pd.concat(frames, ignore_index=True), self.found.look.file)
        self.found = replace(self.found, look=look, notes=(*self.found.notes, *more.notes))
        self.proposal = propose(look)


def told_by_each_other(groups: list[Group]) -> list[Group]:
    """The groups as the other lists tell of them; those that only stand beside another are gone."""
    known = _with_ids_of_events(_with_shared_ids(_with_known_names(_with_known_ids(groups))))
    return _asked_twice(_joined(known))


def known_as(
    groups: Iterable[Group], column: str = "customer_id", but: Group | None = None
) -> set[str]:
    """The ids, or what else a column tells them by, of the customers in these lists."""
    found: set[str] = set()
    for group in groups:
        seen = group.proposal.columns.get(column)
        if seen and group is not but:
            found |= ids_of(group.found.look, seen.header)
    return found


def _with_known_ids(groups: list[Group]) -> list[Group]:
    """Lists in which no header says who, but whose ids stand in the customers' own list."""
    known = known_as(group for group in groups if group.proposal.table in _OWN)
    for group in groups:
        look, proposal = group.found.look, group.proposal
        told = proposal.left_out is None and not _lacks_customer(proposal)
        if not known or (told and (proposal.table in _OWN or not _knows_others(group, known))):
            continue
        may = [h for h in look.headers if not look.is_unique(h) or fold_header(h) in BARE_IDS]
        may = [h for h in may if meaning(h).head not in _NO_IDS]  # an age has their numbers too
        if told:
            may = [h for h in may if meaning(h).head == "id" and weight(h, "customer_id")]
        header = customers_header(look, may, known)
        if header:
            group.proposal = propose(look, customer=header)
    return groups


def _with_known_names(groups: list[Group]) -> list[Group]:
    """Lists that know the customers by name only, where in their own list no two have one name."""
    own = [group for group in groups if group.proposal.table == "customers"]
    events = [group for group in groups if group.proposal.table not in _OWN]
    named = [(group, group.proposal.columns.get("name")) for group in own]
    twice = any(seen and not group.found.look.is_unique(seen.header) for group, seen in named)
    if twice or any("customer_id" in group.proposal.columns for group in events):
        return groups
    for group in events:
        look = group.found.look
        may = [header for header in look.headers if not look.is_unique(header)]
        header = customers_header(look, may, known_as(own, "name"))
        if header:
            group.proposal = propose(look, customer=header)
    return groups


def _knows_others(group: Group, known: set[str]) -> bool:
    """Whether hardly any of its ids is a customer's: firms, where their people are customers."""
    seen = group.proposal.columns["customer_id"]
    return share_within(ids_of(group.found.look, seen.header), known) < _FEW


def _with_ids_of_events(groups: list[Group]) -> list[Group]:
    """Customers without an id of their own, by what the other lists know them by."""
    others = known_as(groups)
    for group in groups:
        look, proposal = group.found.look, group.proposal
        if proposal.table != "customers" or not _lacks_customer(proposal):
            continue
        own = [h for h in look.headers if look.is_nearly_unique(h)]
        shared = {h: share_within(others, ids_of(look, h)) for h in own}
        best = max(shared, key=lambda header: shared[header], default="")
        if best and shared[best] >= _HALF:
            group.proposal = propose(look, customer=best)
    return groups


def _with_shared_ids(groups: list[Group]) -> list[Group]:
    """Of two numbers of each customer, the one by which the other lists know them."""
    for group in groups:
        seen = group.proposal.columns.get("customer_id")
        if group.proposal.table != "customers" or not seen:
            continue
        look, others = group.found.look, known_as(groups, but=group)
        twins = [h for h in look.headers if h != seen.header and look.is_nearly_unique(h)]
        shared = {h: share_within(others, ids_of(look, h)) for h in (seen.header, *twins)}
        best = max(shared, key=lambda header: shared[header])
        if shared[best] >= _HALF > shared[seen.header]:
            group.proposal = propose(look, customer=best)
    return groups


def _lacks_customer(proposal: Proposal) -> bool:
    return bool(proposal.table) and "customer_id" not in proposal.columns


def _joined(groups: list[Group]) -> list[Group]:
    """Payments and lines that carry an order's number alone, beside the list of these orders."""
    used: list[Group] = []
    for orders in groups:
        proposal = orders.proposal
        number = order_number(orders.found.look, proposal.columns)
        if proposal.table not in _SALES or "customer_id" not in proposal.columns or not number:
            continue
        for group in groups:
            if group is orders or "customer_id" in group.proposal.columns:
                continue
            own = number_of_order(group.found.look, orders.found.look, number)
            if not own:
                continue
            taken, said = taken_from(proposal.columns), dict(orders.found.said)
            beside = Beside(tuple(orders.files), said, number, taken, orders.found.look)
            group.proposal = propose(group.found.look, beside=beside, number=own)
            used += [] if "amount" in proposal.columns else [orders]
    return [group for group in groups if group not in used]


def _asked_twice(groups: list[Group]) -> list[Group]:
    """Sales that carry the numbers of other sales, as bills do those of bookings: which count?"""
    sales = [group for group in groups if group.proposal.table in _SALES]
    for bills in sales:
        for booked in sales:
            number = booked.proposal.columns.get("order_id")
            own = bills.proposal.columns.get("order_id")
            if booked is bills or not number or not own:
                continue
            known, look = ids_of(booked.found.look, number.header), bills.found.look
            also = [h for h in look.headers if h != own.header and weight(h, "order_id")]
            shared = [h for h in also if share_within(ids_of(look, h), known) >= _HALF]
            if not shared:
                continue
            why = Sentence(
                "{header} has order numbers of {shown}: what was booked there and paid here counts "
                "twice. Take the section of one of the two lists out",
                header=shared[0],
                shown=booked.shown,
            )
            hint = Hint(why, question=True, undecided=shared[0])
            hints = (*bills.proposal.hints, hint)
            bills.proposal = replace(bills.proposal, hints=hints)
    return groups
