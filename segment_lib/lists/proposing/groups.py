"""Files that are one list, and what several lists tell of each other: whose ids are whose.

An id that stands in the customers' own list is a customer's wherever it stands, however its header
reads. Payments and lines that carry an order's number alone are joined with the list of the orders,
where customer, day and status stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations
from pathlib import Path

import pandas as pd

from segment_lib.columns import SALES, VALUES
from segment_lib.lists.cells.names import name_as_id
from segment_lib.lists.cells.values import Hint, fold_word, quoted, without_ordinal
from segment_lib.lists.cells.words import known_words
from segment_lib.lists.proposing.evidence import Look
from segment_lib.lists.proposing.headers import BARE_IDS, fold_header
from segment_lib.lists.proposing.looking import Found, Whole
from segment_lib.lists.proposing.meaning import meaning, weight
from segment_lib.lists.proposing.proposal import Beside, Proposal, propose
from segment_lib.lists.proposing.reads_as import BEFORE_A_NAME
from segment_lib.lists.proposing.who import own_id
from segment_lib.lists.words import words
from segment_lib.settings import Client
from segment_lib.voice import Sentence

_OWN = ("customers", "summaries")
_OF_OTHERS = {"product", "article_code", "line", "shop", "staff", "supplier", "order", "ship"}
_NO_IDS = ("money", "price", "pieces", "count", "rate", "day")
_MOST, _HALF, _FEW, _ANY = 0.8, 0.5, 0.2, 0.2
_FEWEST_IDS = 5  # that must be shared
_OF_THE_ORDER = ("customer_id", "ordered_on", "status")


@dataclass(eq=False)
class Group:
    """Files that are one list: what they look like together, what is proposed, what all rows tell.

    `others` are the parts of the file that are not taken. `name` is that of its [lists.NAME],
    `again` that of the list whose files these are once more, as another table.
    """

    files: list[Path]
    found: Found
    proposal: Proposal
    others: tuple[str, ...] = ()
    name: str = ""
    again: str = ""
    whole: Whole = field(default_factory=Whole)
    words: dict[str, Words] = field(default_factory=dict)
    hints: tuple[Hint, ...] = ()

    @property
    def shown(self) -> str:
        """The file, and the part of it."""
        name = self.files[0].name
        return f"{name} / {self.found.part}" if self.found.part else name

    @property
    def unused(self) -> list[str]:
        """The headers that are neither taken nor asked about."""
        asked = " ".join(hint.line for hint in (*self.proposal.hints, *self.hints))
        return [header for header in self.proposal.left if quoted(header) not in asked]

    def join(self, others: Sequence[Found]) -> None:
        """Other files, or sheets, with the same headers: looked at together."""
        look, notes = self.found.look, list(self.found.notes)
        frames = [look.frame]
        for one in others:
            heads = dict(zip(one.look.headers, look.headers, strict=True))
            frames.append(one.look.frame.rename(columns=heads))
            notes += [note for note in one.notes if note not in notes]
        if others:
            look = Look(pd.concat(frames, ignore_index=True), look.file)
            self.found = replace(self.found, look=look, notes=tuple(notes))
            self.proposal = propose(look, without_header="names" in self.found.said)


def told_by_each_other(groups: list[Group]) -> list[Group]:
    """The groups as the other lists tell of them; those that only stand beside another are gone."""
    known = _with_shared_ids(_with_known_names(_with_known_ids(groups)))
    return _asked_twice(_joined(known))


def known_as(
    groups: Iterable[Group], column: str = "customer_id", but: Group | None = None
) -> set[str]:
    """The ids, or what else a column tells them by, of the customers in these lists."""
    found: set[str] = set()
    for group in groups:
        seen = group.proposal.columns.get(column)
        if seen and group is not but:
            found |= group.found.look.ids(seen.header)
    return found


def _share_within(ids: set[str], known: set[str]) -> float:
    """Which share of the ids is known; 0 of too few to say."""
    both = len(ids & known)
    return both / len(ids) if both >= min(_FEWEST_IDS, len(known)) and both > 1 else 0.0


def _with_known_ids(groups: list[Group]) -> list[Group]:
    """Lists in which no header says who, but whose ids stand in the customers' own list."""
    known = known_as(group for group in groups if group.proposal.table in _OWN)
    for group in groups:
        look, proposal = group.found.look, group.proposal
        lacks = bool(proposal.table) and "customer_id" not in proposal.columns
        told = proposal.left_out is None and not lacks
        if not known or (told and (proposal.table in _OWN or not _knows_others(group, known))):
            continue
        may = [h for h in look.headers if not look.is_unique(h) or fold_header(h) in BARE_IDS]
        # an age and an article have their numbers too
        may = [h for h in may if meaning(h).head not in _NO_IDS and not meaning(h).of & _OF_OTHERS]
        if told:
            may = [h for h in may if meaning(h).head == "id" and weight(h, "customer_id")]
        _take_for_customer(group, may, known)
    return groups


def _as_names(ids: set[str]) -> set[str]:
    """Ids that are names, in one of the ways in which they are written, and of nothing before."""
    return {name_as_id(one.rpartition(BEFORE_A_NAME)[2]) for one in ids}


def _take_for_customer(
    group: Group,
    may: Iterable[str],
    known: set[str],
    plain: Callable[[set[str]], set[str]] = set,
) -> None:
    """The one header, of those that may name the customer, whose ids the customers' list has.

    Of names half will do, where no other column has any: 「すずらん」 is 介護ホームすずらん.
    """
    look, known = group.found.look, plain(known)
    shares = {header: _share_within(plain(look.ids(header)), known) for header in may}
    sure = [h for h, one in shares.items() if one >= _MOST]
    if plain is not set and not sure and sum(one >= _FEW for one in shares.values()) == 1:
        sure = [h for h, one in shares.items() if one >= _HALF]
    best = [header for header in sure if shares[header] == max(shares.values())]
    if len(best) == 1:  # IDs (Primary), of which all are known, beside IDs, where some are "1;2"
        group.proposal = propose(look, customer=best[0])


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
        _take_for_customer(group, may, known_as(own, "name"), _as_names)
    return groups


def _knows_others(group: Group, known: set[str]) -> bool:
    """Whether hardly any of its ids is a customer's: firms, where their people are customers."""
    seen = group.proposal.columns["customer_id"]
    return _share_within(group.found.look.ids(seen.header), known) < _FEW


def _with_shared_ids(groups: list[Group]) -> list[Group]:
    """Of the numbers that each customer has, the one by which the other lists know them."""
    for group in groups:
        if group.proposal.table != "customers":
            continue
        look, others = group.found.look, _as_names(known_as(groups, but=group))
        seen = group.proposal.columns.get("customer_id")
        own = [seen.header] if seen else []
        may = [*own, *(h for h in look.headers if h not in own and look.is_nearly_unique(h))]
        shared = {h: _share_within(others, _as_names(look.ids(h))) for h in may}
        best = max(may, key=lambda header: shared[header], default="")
        if best and shared[best] >= _HALF and not any(shared[h] >= _HALF for h in own):
            group.proposal = propose(look, customer=best)
    return groups


def _joined(groups: list[Group]) -> list[Group]:
    """Payments and lines that carry an order's number alone, beside the list of these orders."""
    used: list[Group] = []
    for orders in groups:
        look, columns = orders.found.look, orders.proposal.columns
        number = columns["order_id"].header if "order_id" in columns else own_id(look)
        sales = orders.proposal.table in SALES and "customer_id" in columns
        if not sales or not number or not look.is_unique(number):
            continue
        for group in groups:
            if group is orders or "customer_id" in group.proposal.columns:
                continue
            own = _number_of_order(group.found.look, look.ids(number), number)
            if not own:
                continue
            taken = {column: seen for column, seen in columns.items() if column in _OF_THE_ORDER}
            beside = Beside(tuple(orders.files), dict(orders.found.said), number, taken, look)
            group.proposal = propose(group.found.look, beside=beside, number=own)
            used += [] if "amount" in columns else [orders]
    return [group for group in groups if group not in used]


def _number_of_order(look: Look, known: set[str], number: str) -> str:
    """The header under which a list carries the numbers of those orders; "" if none does."""
    named = [h for h in look.headers if h == number or weight(h, "order_id") >= _ANY]
    share, best = max(((_share_within(look.ids(h), known), h) for h in named), default=(0.0, ""))
    return best if share >= _MOST else ""


def _asked_twice(groups: list[Group]) -> list[Group]:
    """Sales that carry the numbers of other sales, as bills do those of bookings: which count?"""
    sales = [group for group in groups if group.proposal.table in SALES]
    for bills, booked in permutations(sales, 2):
        number = booked.proposal.columns.get("order_id")
        own = bills.proposal.columns.get("order_id")
        if not number or not own:
            continue
        known, look = booked.found.look.ids(number.header), bills.found.look
        also = [h for h in look.headers if h != own.header and weight(h, "order_id")]
        shared = [h for h in also if _share_within(look.ids(h), known) >= _HALF]
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


# --- words whose meaning nobody doubts -----------------------------------------------------------

_GUESSES: dict[str, dict[str, tuple[str, ...]]] = words("guesses")


@dataclass(frozen=True)
class Words:
    """The words of one column: sorted into the kit's own, left for a person, and `known` anyway,
    with counts.
    """

    found: dict[str, list[str]]
    rest: list[str]
    counts: dict[str, int]
    possible: list[str]
    known: list[str]


def words_of(client: Client, name: str, column: str, counts: Counter[str]) -> Words:
    """The words of one column with their counts, as far as their meaning is known.

    Those that the kit explains by itself need no entry.
    """
    explained = known_words(client, name, column)
    possible = list(dict.fromkeys(explained.values()))
    guesses = _GUESSES.get(column, {})
    meant = {fold_word(one): word for word in possible for one in guesses.get(word, ())}
    labelled = [word for word in VALUES.get(column, {}) if word in possible]
    sorted_ = Words({}, [], dict(counts.most_common()), labelled or possible, [])
    for text in sorted_.counts:
        folded = fold_word(text)
        if folded in explained:
            sorted_.known.append(text)
        elif bare := (explained | meant).get(without_ordinal(folded)):
            sorted_.found.setdefault(bare, []).append(text)
        else:
            sorted_.rest.append(text)
    return sorted_


def without_status(proposal: Proposal) -> int:
    """In how many of the first rows nothing stands for a status that others have.

    What one line of an order says holds for its other lines.
    """
    beside = proposal.beside
    said_in = beside if beside and "status" in beside.columns else proposal
    columns, look = said_in.columns, said_in.look
    if "status" not in columns:
        return 0
    blank = ~look.stands(columns["status"].header)
    if "order_id" in columns:
        blank = blank.groupby(look.frame[columns["order_id"].header]).transform("all")
    return int(blank.sum())
