"""What the values of a list suggest about how it is written: codes for nothing, units, tax.

Each suggestion is a `Hint`: the line for client.toml, behind a #, and the numbers behind it.
"""

from __future__ import annotations

import json
import re
from collections import Counter

from segment_lib.lists.cells.amounts import parse_money, with_point
from segment_lib.lists.cells.values import Hint, array, fold_word, quoted
from segment_lib.lists.cells.words import NO
from segment_lib.lists.proposing.evidence import kind_of_column, shorten, with_counts
from segment_lib.lists.proposing.headers import IDS, fold_header
from segment_lib.lists.proposing.meaning import meaning
from segment_lib.lists.proposing.proposal import Proposal
from segment_lib.lists.proposing.reads_as import BEFORE_A_NAME, YES_OR_NO
from segment_lib.lists.proposing.what_counts import what_counts
from segment_lib.lists.proposing.who import who_may
from segment_lib.lists.rows.marks import REFUSED, named_channel
from segment_lib.lists.rows.shapes import RECIPIENTS
from segment_lib.lists.words import words
from segment_lib.voice import Sentence

_AROUND: tuple[str, ...] = words("values")["around_numbers"]
_SHOWN, _LOOK = 8, 2_000
_MOST = 0.8
_ACTIVE = {fold_header(word) for word in words("headers")["active"]}
_NEVER = {fold_word(word) for word in (*REFUSED, *NO)}
_RECIPIENTS = {fold_header(word) for word in RECIPIENTS}


def suggestions(proposal: Proposal) -> list[Hint]:
    """All suggestions for one list, in the order of its settings."""
    found = [
        *what_counts(proposal),
        _decimal(proposal),
        _around(proposal),
        _unit(proposal),
        *_missing(proposal),
        _id_after(proposal),
        _tax(proposal),
        _contract(proposal),
        *_no_contact(proposal),
        _recipient(proposal),
    ]
    return [hint for hint in found if hint is not None]


def _decimal(proposal: Proposal) -> Hint | None:
    if proposal.look.decimal != "?":
        return None
    why = Sentence("numbers such as 12.500: twelve and a half, or twelve thousand five hundred?")
    return Hint(why, 'decimal = ","', question=True, undecided="decimal")


def _around(proposal: Proposal) -> Hint | None:
    """Signs around the numbers of a column that all read without them."""
    for column, seen in _money(proposal).items():
        texts = list(proposal.look.counts(seen))[:_LOOK]
        unread = [text for text in texts if isinstance(parse_money(text), Sentence)]
        found = tuple(one for one in _AROUND if any(_has_around(text, one) for text in unread))
        freed = [with_point(text, around=found) for text in unread]
        if not unread or any(isinstance(parse_money(text), Sentence) for text in freed):
            continue
        why = Sentence(
            "{column}: cells such as {example}; do these signs say nothing?",
            column=column,
            example=shorten(unread[0]),
        )
        line = f"around_numbers = {array(found)}"
        return Hint(why, line, question=True, undecided="around_numbers")
    return None


def _has_around(text: str, sign: str) -> bool:
    return text.strip().startswith(sign) or text.strip().endswith(sign)


def _money(proposal: Proposal) -> dict[str, str]:
    """The columns of money, taken or asked about, with their headers."""
    taken = {c: seen.header for c, seen in proposal.columns.items() if kind_of_column(c) == "money"}
    asked = [hint.line.partition(" = ") for hint in proposal.hints if hint.is_column]
    named = {c: json.loads(h) for c, _sign, h in asked if kind_of_column(c) == "money"}
    return taken | {c: header for c, header in named.items() if header in proposal.look.headers}


def _unit(proposal: Proposal) -> Hint | None:
    for header in _money(proposal).values():
        units = words("values")["units"]
        for word in sorted(units, key=len, reverse=True):  # 百万円 before 万円
            if word.lower() in header.lower():
                why = Sentence("the header {header} says so", header=header)
                return Hint(why, f"unit = {units[word]}", question=True, undecided="unit")
    return None


def _contract(proposal: Proposal) -> Hint | None:
    """A status of customers that may say who is under contract: 契約中, 退会; `active`: 1, 0."""
    if proposal.table != "customers" or "under_contract" in proposal.columns:
        return None
    said = words("guesses")["under_contract"]
    runs, ended = (set(map(fold_word, said[word])) for word in ("yes", "no"))
    for header in (fact.header for fact in proposal.facts):
        counts = proposal.look.counts(header)
        found = {fold_word(text): n for text, n in counts.items()}
        flag = fold_header(header) in _ACTIVE and set(found) <= YES_OR_NO
        known = sum(n for word, n in found.items() if word in runs | ended)
        status = meaning(header).head == "status" and runs & set(found)
        if not flag and not (status and known >= _MOST * sum(found.values())):
            continue
        shown = with_counts(counts, _SHOWN)
        why = Sentence("does it say whether a contract runs? {shown}", shown=shown)
        line = f"under_contract = {quoted(header)}"
        return Hint(why, line, question=True, undecided=header)
    return None


def _no_contact(proposal: Proposal) -> list[Hint]:
    """A wish how to be contacted, of which some say: not at all. 連絡: はがき, 電話, ×."""
    if proposal.table != "customers":
        return []
    for header in (fact.header for fact in proposal.facts):
        counts = proposal.look.counts(header)
        never = [text for text in counts if fold_word(text) in _NEVER]
        others = [text for text in counts if text not in never]
        if never and others and named_channel(header) == "all" and len(counts) <= _SHOWN:
            why = Sentence(
                "do these want no contact? {shown} Then write this and the line below, or they "
                "are called and written to as the others are",
                shown=with_counts({text: counts[text] for text in never}),
            )
            line = f"refusals = {{ all = {quoted(header)} }}"
            words = f"words.{quoted(header)} = {{ yes = {array(never)}, no = {array(others)} }}"
            asked = Hint(why, line, question=True, undecided=header)
            return [asked, Hint(Sentence("yes: no contact"), words)]
    return []


def _missing(proposal: Proposal) -> list[Hint]:
    """Words for nothing hold for the whole list, numbers for one column only."""
    # a number for nobody in particular is a guest
    taken = {column: seen.header for column, seen in proposal.columns.items() if column not in IDS}
    taken |= {fact.name: fact.header for fact in proposal.facts}
    words: Counter[str] = Counter()
    alone: dict[str, dict[str, int]] = {}
    for column, header in taken.items():
        for code, count in proposal.look.missing_codes(header).items():
            if re.search(r"\d", code):
                alone.setdefault(column, {})[code] = count
            else:
                words[code] += count
    hints = []
    if words:
        why = Sentence("do these stand for nothing? {counts}", counts=with_counts(words))
        hints.append(Hint(why, f"missing = {array(words)}"))
    if alone:
        one = ", ".join(f"{quoted(column)} = {array(codes)}" for column, codes in alone.items())
        shown = ", ".join(map(with_counts, alone.values()))
        why = Sentence("do these stand for nothing? {shown}", shown=shown)
        hints.append(Hint(why, f"missing_in = {{ {one} }}"))
    return hints


def _tax(proposal: Proposal) -> Hint | None:
    seen = proposal.columns.get("amount") or proposal.columns.get("unit_price")
    if seen is None:
        return None
    for word, basis in words("values")["tax_in_headers"].items():
        if word in re.sub(r"\W", "", seen.header).lower():
            why = Sentence(
                "the header {header} says so; it counts once [rules] money = "
                '"tax_included" or "tax_excluded" is written',
                header=seen.header,
            )
            return Hint(why, f'tax = "{basis}"')
    return None


def _id_after(proposal: Proposal) -> Hint | None:
    """Ids that all begin with what they are of: 顧客企業::::青葉商事."""
    seen, look = proposal.columns.get("customer_id"), proposal.look
    who = seen.header if seen else next(iter(who_may(look, proposal.table)), "")
    if not who or not all(BEFORE_A_NAME in text for text in look.counts(who)):
        return None
    why = Sentence("what stands before {sign} says what it is the name of", sign=BEFORE_A_NAME)
    line = f"id_after = {quoted(BEFORE_A_NAME)}"
    return Hint(why, line, question=True, undecided="id_after")


def _recipient(proposal: Proposal) -> Hint | None:
    seen, look = proposal.columns.get("customer_id"), proposal.look
    buys = seen.header if seen else next(iter(who_may(look, proposal.table)), "")
    found = [h for h in look.headers if fold_header(h) in _RECIPIENTS and h != buys]
    if not found or proposal.table not in ("orders", "order_lines"):
        return None
    why = Sentence(
        "who receives it ({named}) may be somebody else; who buys is taken as the customer",
        named=", ".join(found),
    )
    return Hint(why)
