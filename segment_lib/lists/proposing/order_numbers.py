"""Questions about an order's number: what its values say that a header cannot.

A series of bills begins anew each year or in each shop; a payment has a number of its own beside
that of its order; a refund names the sale it gives back. Asked, never decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

import pandas as pd

from segment_lib.columns import SALES
from segment_lib.lists.cells.values import Hint, array, quoted
from segment_lib.lists.proposing.evidence import Look
from segment_lib.lists.proposing.headers import LIKELY, fold_header
from segment_lib.lists.proposing.meaning import meaning, weight
from segment_lib.lists.proposing.needed import may_be
from segment_lib.lists.proposing.who import AGAIN
from segment_lib.lists.words import words
from segment_lib.voice import Sentence

_SEEN, _SERIES, _SHORT = 3, 50, 8
_MOSTLY = 0.8  # of refunds that name a sale, and of these that name one of the same customer
_WITH_IT = Sentence("and with it this, instead of the order_id above")
_NO_NUMBER = ("money", "price", "day", "name", "email", "telephone", "address", "text", "pieces")


def about_numbers(look: Look, table: str, columns: Mapping[str, str]) -> list[Hint]:
    """Of sales with an order's number: the first of the questions that its values raise."""
    number = columns.get("order_id", "")
    who = columns.get("customer_id") or next(iter(may_be(look, table, "customer_id")), "")
    if table not in SALES or not number or not who:
        return []
    others = [h for h in look.headers if h not in (*columns.values(), who) and look.counts(h)]
    full = list(filter(look.is_full, others))
    if hint := _begins_anew(look, number, who, full):
        return [hint]
    if not look.is_nearly_unique(number):
        return []
    day = columns.get("ordered_on") or next(iter(may_be(look, table, "ordered_on")), who)
    if hint := _joins(look, number, who, full, day if table == "order_lines" else ""):
        return [hint]
    below = _below_zero(look, table, columns)
    return _named_by_refunds(look, number, who, others, below) if below.sum() >= _SEEN else []


def _begins_anew(look: Look, number: str, who: str, others: Sequence[str]) -> Hint | None:
    """Numbers of several customers each, which a short column beside them tells apart."""
    clashes = _of_several(look, [number], who)
    if not clashes:
        return None
    short = [h for h in others if 1 < look.distinct(h) <= _SERIES and _is_short(look, h)]
    short = short if clashes >= _SEEN else list(filter(_is_series, short))
    apart = [h for h in short if not _of_several(look, [h, number], who)]
    place = look.headers.index(number)  # a series stands beside its number
    near = sorted(apart, key=lambda h: (not _is_series(h), abs(look.headers.index(h) - place)))
    for header in near[:1]:
        why = Sentence(
            "{count} number(s) under {number} stand beside several customers, none together "
            "with {header}. Do they begin anew in each? Then write this, and take "
            "order_id out of the columns",
            count=clashes,
            number=number,
            header=header,
        )
        line = f"order_id_from = {array([header, number])}"
        return Hint(why, line, question=True, undecided="order_id")
    return None


def _joins(look: Look, number: str, who: str, others: Sequence[str], day: str) -> Hint | None:
    """Another number that joins rows of one customer: instalments; of lines (where `day` is the
    header of their days) only rows of a day.
    """
    ids = [h for h in others if meaning(h).head == "id" and meaning(h).of <= {"order"}]
    joins = [h for h in ids if weight(h, "order_id") >= LIKELY]
    joins = [h for h in joins if look.filled(h) >= look.distinct(h) + _SEEN]
    if day:
        several = [h for h in ids if look.filled(h) >= AGAIN * look.distinct(h)]
        joins += [h for h in several if not _of_several(look, [h], day)]
    joins = [h for h in joins if not _of_several(look, [h], who)]
    for header in sorted(joins, key=look.distinct)[:1]:
        why = Sentence(
            "{number} is another in each row, {header} joins {rows:,} rows to {orders:,}, each of "
            "one customer: which is the order's number?",
            number=number,
            header=header,
            rows=look.filled(header),
            orders=look.distinct(header),
        )
        line = f"order_id = {quoted(header)}"
        return Hint(why, line, question=True, undecided="order_id")
    return None


def _named_by_refunds(
    look: Look, number: str, who: str, others: Sequence[str], below: pd.Series
) -> list[Hint]:
    """Rows `below` zero that name a sale of the same customer, in the same column or another."""
    may = [h for h in others if meaning(h).head not in _NO_NUMBER and not look.reads(h, "date")]
    unique = [h for h in (number, *may) if look.is_nearly_unique(h)]
    for header, named in product(may, unique):
        rows = below & look.stands(header)
        sales = look.frame[~below & look.stands(named)].drop_duplicates(named)
        of_sale = look.frame[header][rows].map(sales.set_index(named)[who])
        same = (of_sale == look.frame[who][rows]).sum()
        if same < max(_SEEN, _MOSTLY * rows.sum()):
            continue
        by_number = Hint(
            Sentence(
                "{rows} row(s) below zero have the {header} of a sale to the same customer, but "
                "each has a {number} of its own: are they refunds of it? Then write this, and they "
                "are taken off that order",
                rows=int(same),
                header=named,
                number=number,
            ),
            f"order_id = {quoted(named)}",
            question=header == named,
            undecided="order_id",
        )
        if header == named:
            return [by_number]
        why = Sentence(
            "{rows} row(s) below zero hold in {header} the {named} of a sale to the same customer: "
            "are they refunds of it? Then write this, and they are taken off that order",
            rows=int(same),
            header=header,
            named=named,
        )
        line = f"original_order_id = {quoted(header)}"
        asked = Hint(why, line, question=True, undecided=header)
        return [asked] if named == number else [asked, replace(by_number, why=_WITH_IT)]
    return []


def _below_zero(look: Look, table: str, columns: Mapping[str, str]) -> pd.Series:
    """In which rows the amount, or what it is made of, is below zero."""
    made = [columns[one] for one in ("amount", "unit_price", "quantity") if one in columns]
    made = made or list(may_be(look, table, "amount")[:1])
    below = look.numbers(made, all_rows=True).lt(0).any(axis=1) if made else pd.Series(dtype=bool)
    return below.reindex(look.frame.index, fill_value=False)


def _of_several(look: Look, keys: Sequence[str], other: str) -> int:
    """How many values of `keys` together stand beside several of another column."""
    rows = look.frame[look.stands(keys[-1]) & look.stands(other)]
    return int(
        (rows[other].map(str.strip).groupby([rows[key] for key in keys]).nunique() > 1).sum()
    )


def _is_series(header: str) -> bool:
    return any(word in fold_header(header) for word in words("headers")["series"])


def _is_short(look: Look, header: str) -> bool:
    """Whether a column holds short signs, as a series has: F25, 2."""
    return all(len(text.strip()) <= _SHORT for text in look.counts(header))
