"""What the values of a list suggest and a person decides: guests, codes for nothing, visits, tax.

Each suggestion is a `Hint`: the line for client.toml, behind a #, and the numbers behind it.
"""

from __future__ import annotations

import re

from segment_lib.lists.cells.amounts import parse_money, with_point
from segment_lib.lists.cells.hints import Hint, percent, quoted
from segment_lib.lists.cells.values import fold_word
from segment_lib.lists.proposing.evidence import kind_of_column, shorten
from segment_lib.lists.proposing.facts import NO_SALE_WORDS, may_be_no_sale, month_headers
from segment_lib.lists.proposing.headers import IDS, fold_header
from segment_lib.lists.proposing.meaning import meaning
from segment_lib.lists.proposing.proposal import Proposal
from segment_lib.lists.rows.shapes import RECIPIENTS
from segment_lib.lists.words import words
from segment_lib.voice import Sentence

_GUEST_WORDS = set(words("values")["guests"])
_AROUND: tuple[str, ...] = words("values")["around_numbers"]
_SHOWN, _LOOK = 8, 2_000
_NO_SALES = set(words("values")["no_sales"])
_PREFIX = re.compile(r"([A-Za-z])\d+")
_MANY_ROWS = 50
_TOO_MANY = 0.05
_TIMES_THE_NEXT = 10
_MOSTLY = 0.5
_RECIPIENTS = {fold_header(word) for word in RECIPIENTS}


def suggestions(proposal: Proposal) -> list[Hint]:
    """All suggestions for one list, in the order of its settings."""
    found = [
        *_movements(proposal),
        _months(proposal),
        _refunds(proposal),
        _decimal(proposal),
        *_around(proposal),
        _unit(proposal),
        *_missing(proposal),
        _tax(proposal),
        _one_row_is_one_order(proposal),
        _visits(proposal),
        _guests(proposal),
        _cancelled_prefix(proposal),
        _no_sales(proposal),
        _recipient(proposal),
    ]
    return [hint for hint in found if hint is not None]


def _movements(proposal: Proposal) -> list[Hint]:
    """Columns of few words that may say a row is no sale, and are not used: never passed over.

    Of a word and its code, which say the same in every row, the word is asked about; those whose
    headers speak of cancelling come first.
    """
    if proposal.table not in ("orders", "order_lines"):
        return []
    look, hints = proposal.look, []
    asked: list[str] = []
    found = [header for header in proposal.left if may_be_no_sale(look, header)]
    found.sort(key=lambda h: (not meaning(h).of & {"cancel", "refund"}, look.is_code(h)))
    for header in found:
        if any(look.is_one_to_one([header, other]) for other in asked):
            continue
        asked.append(header)
        counts = look.counts(header)
        words = sorted(text for text in counts if fold_word(text) in NO_SALE_WORDS)
        shown = ", ".join(f"{shorten(text)} {n:,}" for text, n in list(counts.items())[:_SHOWN])
        why = Sentence("do any of these mean that a row is no sale? {shown}", shown=shown)
        line = f"not_sales.{quoted(header)} = [{', '.join(map(quoted, words)) or quoted('…')}]"
        hints.append(Hint(why, line, question=True, undecided=header))
    return hints


def _months(proposal: Proposal) -> Hint | None:
    """Months side by side are no facts about a customer, but what they paid."""
    months = month_headers(proposal.look)
    if not months:
        return None
    why = Sentence(
        "{count} columns are months ({first} … {last}) with numbers: what was paid. Turn the list "
        "so that a row is one customer and month, and read that as orders; here they stay unread",
        count=len(months),
        first=months[0],
        last=months[-1],
    )
    return Hint(why, question=True, undecided="months")


def _refunds(proposal: Proposal) -> Hint | None:
    """A column beside the amount with what was paid back of it later."""
    if proposal.table not in ("orders", "order_lines") or "amount" not in proposal.columns:
        return None
    look = proposal.look
    for header in proposal.left:
        said = meaning(header)
        if said.head != "money" or "refund" not in said.of or look.share(header, "money") < 1:
            continue
        numbers = look.numbers([header])[header]
        if not numbers.any():
            continue
        why = Sentence(
            "{rows} row(s) carry a refund, {money:,.0f} together; is it to be taken off?",
            rows=int((numbers != 0).sum()),
            money=float(numbers.abs().sum()),
        )
        return Hint(why, f"refunds = {quoted(header)}", question=True, undecided=header)
    return None


def _decimal(proposal: Proposal) -> Hint | None:
    if proposal.look.decimal != "?":
        return None
    why = Sentence("numbers such as 12.500: twelve and a half, or twelve thousand five hundred?")
    return Hint(why, 'decimal = ","', question=True, undecided="decimal")


def _around(proposal: Proposal) -> list[Hint]:
    """Signs around the numbers of a column that nearly all read without them."""
    hints = []
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
        line = f"around_numbers = [{', '.join(map(quoted, found))}]"
        hints.append(Hint(why, line, question=True, undecided="around_numbers"))
    return hints[:1]


def _has_around(text: str, sign: str) -> bool:
    return text.strip().startswith(sign) or text.strip().endswith(sign)


def _money(proposal: Proposal) -> dict[str, str]:
    """The columns of money, taken or asked about, with their headers."""
    taken = {c: seen.header for c, seen in proposal.columns.items() if kind_of_column(c) == "money"}
    asked = [hint.line.partition(" = ") for hint in proposal.hints if " = " in hint.line]
    return taken | {
        column: header.strip('"')
        for column, _sign, header in asked
        if kind_of_column(column) == "money" and header.strip('"') in proposal.look.headers
    }


def _unit(proposal: Proposal) -> Hint | None:
    for header in _money(proposal).values():
        for word, times in words("values")["units"].items():
            if word.lower() in header.lower():
                why = Sentence("the header {header} says so", header=header)
                return Hint(why, f"unit = {times}", question=True, undecided="unit")
    return None


def _missing(proposal: Proposal) -> list[Hint]:
    """Words for nothing hold for the whole list, numbers for one column only."""
    words: dict[str, int] = {}
    alone: dict[str, list[str]] = {}
    shown: list[str] = []
    for column, header in used_headers(proposal).items():
        if column in IDS:
            continue  # a number for nobody in particular is a guest
        for code, count in proposal.look.missing_codes(header).items():
            if re.search(r"\d", code):
                alone.setdefault(column, []).append(code)
                shown.append(f"{shorten(code)} {count:,}")
            else:
                words[code] = words.get(code, 0) + count
    hints = []
    if words:
        counts = ", ".join(f"{shorten(word)} {count:,}" for word, count in words.items())
        why = Sentence("do these stand for nothing? {counts}", counts=counts)
        hints.append(Hint(why, f"missing = [{', '.join(map(quoted, words))}]"))
    if alone:
        one = ", ".join(
            f"{quoted(column)} = [{', '.join(map(quoted, codes))}]"
            for column, codes in alone.items()
        )
        why = Sentence("do these stand for nothing? {shown}", shown=", ".join(shown))
        hints.append(Hint(why, f"missing_in = {{ {one} }}"))
    return hints


def used_headers(proposal: Proposal) -> dict[str, str]:
    """Column or attribute to its header, for everything that is taken from a list."""
    columns = {column: seen.header for column, seen in proposal.columns.items()}
    return columns | {fact.name: fact.header for fact in proposal.facts}


def _tax(proposal: Proposal) -> Hint | None:
    seen = proposal.columns.get("amount") or proposal.columns.get("unit_price")
    if seen is None:
        return None
    for word, basis in words("values")["tax_in_headers"].items():
        if word in seen.header.replace(" ", "").lower():
            why = Sentence(
                "the header {header} says so; it counts once [rules] money = "
                '"tax_included" or "tax_excluded" is written',
                header=seen.header,
            )
            return Hint(why, f'tax = "{basis}"')
    return None


def _one_row_is_one_order(proposal: Proposal) -> Hint | None:
    """Without order ids a customer and a day are one order, unless each row is one."""
    columns = proposal.columns
    if proposal.table != "orders" or "order_id" in columns:
        return None
    if not {"customer_id", "ordered_on"} <= set(columns):
        return None
    keys = [columns["customer_id"].header, columns["ordered_on"].header]
    again = int(proposal.look.frame.duplicated(keys).sum())
    if not again:
        return None
    why = Sentence(
        "no order id: one customer, one day is one order, and {again:,} row(s) are a "
        "further one of that day. If each row is an order of its own:",
        again=again,
    )
    return Hint(why, "one_row_is_one_order = true")


def _visits(proposal: Proposal) -> Hint | None:
    if proposal.table not in ("orders", "order_lines") or "amount" not in proposal.columns:
        return None
    counts = proposal.look.counts(proposal.columns["amount"].header)
    zero = sum(n for text, n in counts.items() if parse_money(text) == 0)
    share = zero / max(sum(counts.values()), 1)
    if share < _MOSTLY:
        return None
    why = Sentence(
        "{share} of the amounts are 0: visits, not purchases. To keep them as use:",
        share=percent(share),
    )
    return Hint(why, 'zero_amounts = "visit"')


def _guests(proposal: Proposal) -> Hint | None:
    """An id with far too large a share of the rows, or a word for nobody in particular."""
    seen = proposal.columns.get("customer_id")
    if seen is None or proposal.table == "customers":
        return None
    counts = proposal.look.counts(seen.header)
    rows, ranked = sum(counts.values()), list(counts.items())
    found = {text: n for text, n in ranked if fold_word(text) in _GUEST_WORDS and n > 1}
    if rows >= _MANY_ROWS and len(ranked) > 1:
        (first, most), (_, next_most) = ranked[:2]
        if most >= _TOO_MANY * rows and most >= _TIMES_THE_NEXT * next_most:
            found[first] = most
    if not found:
        return None
    shown = ", ".join(f"{shorten(text)} {n:,}" for text, n in found.items())
    why = Sentence("nobody in particular? {shown} of {rows:,} rows", shown=shown, rows=rows)
    return Hint(why, f"guests = [{', '.join(map(quoted, found))}]")


def _cancelled_prefix(proposal: Proposal) -> Hint | None:
    """Order ids with a letter before the number where money or pieces are below zero."""
    columns = proposal.columns
    signed = [columns[c].header for c in ("amount", "quantity") if c in columns]
    if "order_id" not in columns or not signed:
        return None
    ids = proposal.look.frame[columns["order_id"].header].str.strip()
    letters = ids.str.extract(_PREFIX, expand=False)
    below = proposal.look.frame[signed].map(_is_below_zero).any(axis=1)
    for letter, count in letters.value_counts().items():
        with_letter = letters == letter
        if count < len(ids) / 2 and below[with_letter].mean() >= 0.95:
            why = Sentence(
                "{count:,} order ids start with {letter}, nearly all of them with less than zero",
                count=count,
                letter=letter,
            )
            return Hint(why, f"cancelled_when_order_id_starts = {quoted(str(letter))}")
    return None


def _is_below_zero(text: str) -> bool:
    number = parse_money(text)
    return not isinstance(number, Sentence) and number < 0


def _no_sales(proposal: Proposal) -> Hint | None:
    """Postage, fees and discounts among the articles."""
    seen = proposal.columns.get("product")
    if seen is None or proposal.table != "order_lines":
        return None
    counts = proposal.look.counts(seen.header)
    found = {text: n for text, n in counts.items() if text.strip().casefold() in _NO_SALES}
    if not found:
        return None
    shown = ", ".join(f"{shorten(text)} {n:,}" for text, n in found.items())
    why = Sentence("are these no sales? {shown}", shown=shown)
    patterns = ", ".join(quoted(text) for text in found)
    return Hint(why, f"not_sales.{quoted(seen.header)} = [{patterns}]")


def _recipient(proposal: Proposal) -> Hint | None:
    found = [h for h in proposal.look.headers if fold_header(h) in _RECIPIENTS]
    if not found or proposal.table not in ("orders", "order_lines"):
        return None
    named = ", ".join(found)
    return Hint(
        Sentence(
            "who receives it ({named}) may be somebody else; who buys is taken as the customer",
            named=named,
        )
    )
