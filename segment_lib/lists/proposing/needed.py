"""What a table needs and a list does not plainly have: the reason, and the line to write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from segment_lib.columns import SALES
from segment_lib.lists.cells.dates import SURE_SHARE, first_month, month_of, year_in
from segment_lib.lists.cells.names import name_as_id
from segment_lib.lists.cells.values import (
    Hint,
    array,
    fold_word,
    kind_said,
    percent,
    quoted,
)
from segment_lib.lists.proposing.evidence import WORTH_SAYING, Look, kind_of_column, shorten
from segment_lib.lists.proposing.headers import BARE_IDS, LIKELY, fold_header, weigh
from segment_lib.lists.proposing.meaning import meaning
from segment_lib.lists.proposing.reads_as import plain
from segment_lib.lists.proposing.who import (
    counts_rows,
    name_parts,
    who_may,
    whoever_comes_again,
)
from segment_lib.voice import N_, Sentence

_MOST_ASKED = 5
_HALF, _FEW, _RARE = 0.5, 0.1, 0.1
_SOME_BLANK, _SEEN = 0.05, 10
_WHICH_DAY, _WHICH = (
    N_("which of these days is it ({column})?"),
    N_("which column is the {column}?"),
)
_NEVER = {
    "birth", "change", "tax", "fee", "points", "discount", "balance", "cost", "refund", "planned",
    "place",
}  # fmt: skip
_AS_USE = Hint(
    Sentence(
        'without money they are uses: write table = "usage", and used_on for ordered_on, '
        "feature for product"
    )
)


def about_missing(look: Look, table: str, column: str) -> list[Hint]:
    """Why a needed column is not proposed: a question, and a line for each that it may be."""
    weighed = weigh(look.headers, column, table)
    named = [h for h, one in weighed if one >= LIKELY and look.counts(h)]
    if column != "customer_id":  # Paid: yes, no
        read = [h for h in named if look.share(h, kind_of_column(column)) >= _HALF]
        named = read if read or may_be(look, table, column) else named
    unread = [h for h in named if not look.fit(h, column, table)]
    if named and len(unread) == len(named) and column != "customer_id":
        others = [h for h in may_be(look, table, column) if h not in named]
        rest = _further(look, column, others[:_MOST_ASKED]) if column == "amount" else []
        return [*(_does_not_read(look, column, header) for header in named[:2]), *rest]
    if column == "customer_id":
        return _about_customer(look, table)
    may = may_be(look, table, column)
    which = _WHICH_DAY if kind_of_column(column) == "date" else _WHICH
    question = Sentence(which, column=column)
    totals = [_does_not_read(look, column, header) for header in _of_orders(look, table, column)]
    hints = _one_of(look, column, may, question) if may or not totals else []
    hints += [replace(one, question=not hints) for one in totals]
    as_use = column == "amount" and table in SALES and not may and not totals
    return [*hints, _AS_USE] if as_use else hints


def order_totals(look: Look, table: str) -> list[str]:
    """In a list of lines: the totals of whole orders, in each of their lines or in the first."""
    return [header for header in _of_orders(look, table, "amount") if look.is_of_order(header)]


def _of_orders(look: Look, table: str, column: str) -> list[str]:
    """Sums of whole orders in a list of their lines, some in a row above them."""
    if (column, table) != ("amount", "order_lines"):
        return []
    named = [h for h, one in weigh(look.headers, column, "orders") if one >= LIKELY]
    totals = [h for h in named if look.counts(h) and look.reads(h, "money")]
    return [h for h in totals if look.is_of_order(h) or look.is_summed_above(h)][:2]


def may_be(look: Look, table: str, column: str) -> list[str]:
    """The headers that may be a column, the likeliest first: by words, then by values."""
    if column == "customer_id":
        return who_may(look, table)
    weighed = [header for header, _ in look.weigh(column, table)]
    kind = kind_of_column(column)
    if kind not in ("date", "money"):
        return weighed
    others = [
        header
        for header in look.headers
        if header not in weighed
        and len(look.counts(header)) > 1
        and look.fit(header, column, table)
        and look.filled(header) >= _FEW * len(look.frame)
        and meaning(header).head in ("", "money", "price", *(["day"] if kind == "date" else []))
        and not meaning(header).of & _NEVER
        and (kind == "date" or look.numbers([header])[header].gt(0).any())
    ]
    fees = [h for h in (look.fees if kind == "money" else []) if h not in weighed]
    # What is paid comes before a rate; Received, of days, behind what no word explains.
    order = ("money", "price", "") if kind == "money" else ("day", "", "money", "price")
    found = dict.fromkeys([*others, *fees])
    may = weighed + sorted(found, key=lambda header: order.index(meaning(header).head))
    if kind == "money" and table in SALES:  # 見積金額 behind 契約金額
        may.sort(key=lambda header: bool(meaning(header).of & {"deal", "planned"}))
    return may


def _one_of(look: Look, column: str, may: Sequence[str], question: Sentence) -> list[Hint]:
    """A line for each candidate, with three of its values; the question stands at the first."""
    if not may:
        return [Hint(question, f'{column} = "..."', question=True)]
    first, *others = may[:_MOST_ASKED]
    shown = _shown(look, column, first)
    why = Sentence("{question} {shown}", question=question, shown=shown)
    asked = Hint(why, f"{column} = {quoted(first)}", question=True)
    return [asked, *_further(look, column, others)]


def _further(look: Look, column: str, headers: Sequence[str]) -> list[Hint]:
    """The other candidates, each with three of its values."""
    return [
        Hint(
            Sentence("or: {shown}", shown=_shown(look, column, header)),
            f"{column} = {quoted(header)}",
        )
        for header in headers
    ]


def _shown(look: Look, column: str, header: str) -> Sentence | str:
    """Three values of a candidate, what they come to if they are money, and how many are blank."""
    seen = look.evidence(header, column)
    shown: Sentence | str = seen.shown
    if seen.kind == "money" and seen.read >= SURE_SHARE:
        total = float(look.numbers([header], all_rows=True)[header].sum())
        shown = Sentence("{shown}; {total:,.0f} in all", shown=shown, total=total)
    if seen.filled < WORTH_SAYING:
        blank = percent(1 - seen.filled)
        shown = Sentence("{shown}; {blank} blank", shown=shown, blank=blank)
    return shown


def _does_not_read(look: Look, column: str, header: str) -> Hint:
    """A header of the dictionary whose values do not agree with it."""
    line = f"{column} = {quoted(header)}"
    example = shorten(next(iter(look.counts(header))))
    kind = kind_of_column(column)
    if kind == "date" and look.is_serial(header):
        why = Sentence(
            "numbers such as {example}: if Excel's counts of days, write dates = ['serial'] too",
            example=example,
        )
    elif column == "amount" and look.reads(header, "money"):
        why = Sentence(
            "the same in all rows of an order: its total, to be counted once (write amount_of = "
            '"order" too), or the price of each row?'
        )
        if not look.is_of_order(header):
            why = Sentence(
                "one row of an order is the sum of its others: leave one kind of row out with "
                "not_sales"
            )
    else:
        share, example = look.share(header, kind), shorten(look.unread(header, kind))
        why = Sentence(
            "{share} of its cells read as {kind}; {example} stands there",
            share=percent(share),
            kind=kind_said(kind),
            example=example,
        )
    return Hint(why, line, question=True)


def _about_customer(look: Look, table: str) -> list[Hint]:
    """No id of a customer: what could stand for it, and what to decide."""
    may = who_may(look, table)
    bare = [
        h for h in look.headers if fold_header(h) in BARE_IDS and look.fit(h, "customer_id", table)
    ]
    if table != "customers":
        bare = [h for h in bare if not counts_rows(look, h)]
        bare += whoever_comes_again(look)
    named = name_parts(look.headers)
    may = [h for h in dict.fromkeys([*may, *bare]) if h not in named]
    if not may and not named and table in ("customers", "summaries"):
        why = Sentence("no column is the customer's id. Only if every row is another customer:")
        return [Hint(why, "one_row_is_one_customer = true", question=True)]
    first = may[0] if may else ""
    question = Sentence("which column is the customer's id?")
    if first and meaning(first).head in ("", "name") and not look.is_coded(first):
        question = Sentence(
            "no column is a customer's number. By names two customers of one name would be one:"
        )
    reached = first and not look.is_coded(first) and look.reads(first, "telephone")
    if first and (reached or look.reads(first, "email")):
        question = Sentence(
            "no column is a customer's number. Whoever shares one of these would be one customer:"
        )
    hints = _one_of(look, "customer_id", may, question) if may or not named else []
    if named:
        why = Sentence(
            "{names} together name somebody: two customers of one name would be one. To take them "
            "instead of customer_id:",
            names=" + ".join(named),
        )
        best = not first or not look.is_nearly_full(first)  # a mail that many rows do not have
        together = Hint(why, f"id_from = {array(named)}", question=best)
        others = [replace(one, question=one.question and not best) for one in hints]
        hints = [together, *others] if best else [*others, together]
    is_name = meaning(first).head not in ("email", "telephone")
    return [*hints, *(_namesakes(look, first) if is_name else [])]


def _namesakes(look: Look, name: str) -> list[Hint]:
    """One name at two addresses may be two customers: told, where few names are so."""
    if not name or look.is_coded(name):
        return []
    for header in (h for h in look.headers if meaning(h).head == "address"):
        rows = look.frame[look.stands(name) & look.stands(header)]
        houses = rows[header].map(fold_word).groupby(rows[name].map(name_as_id))
        several = houses.nunique()[lambda n: n > 1]
        if 0 < len(several) <= _FEW * look.distinct(name):
            shown = rows[header][rows[name].map(name_as_id) == several.index[0]].unique()
            why = Sentence(
                "{name} stands with {shown}: if such are two customers, write this instead of "
                "customer_id",
                name=several.index[0],
                shown=" · ".join(map(shorten, shown[:2])),
            )
            return [Hint(why, f"id_from = {array([name, header])}")]
    return []


def about_years(look: Look, months: Sequence[str], columns: Iterable[str]) -> list[Hint]:
    """Of which year months side by side are, or days without one."""
    year = year_in(look.file) or "…"
    if months:
        first = month_of(months[0], "2000-01")[5:7]
        why = Sentence(
            "{count} columns are months ({first} … {last}) with money: each month in which "
            "something stands is an order. From which month on?",
            count=len(months),
            first=months[0],
            last=months[-1],
        )
        line = f'months_from = "{year}-{first}"'
        return [Hint(why, line, question=True, undecided="months_from")]
    days = [(header, look.yearless(header)) for header in columns]
    for header, found in days:
        if found:
            why = Sentence(
                "days without a year stand under {header}, such as {example}: from which month on?",
                header=header,
                example=found[0],
            )
            order = look.dates.formats[0] if look.dates.formats else ""
            begins = _begins(look, header, order)
            line = f'months_from = "{year}-{begins:02}"'
            return [Hint(why, line, question=True, undecided="months_from")]
    return []


def _begins(look: Look, header: str, order: str) -> int:
    """The month of the first day of a column, which may have its year: 2024-01-03, then 15 feb."""
    yearless = set(look.yearless(header))
    for text in look.frame[header]:
        day = plain(text, "date", look.dates.reading)
        if text in yearless:
            return first_month([text], order)
        if isinstance(day, date):
            return day.month
    return 1


def about_rows_below(look: Look, customer: str) -> list[Hint]:
    """Of a list in which the customer stands in the first of their rows only."""
    stands = look.stands(customer)
    if not len(stands) or not stands.iloc[0] or not 0 < stands.mean() < _HALF:
        return []
    silent = [h for h in look.headers if look.counts(h) and look.stands(h)[~stands].mean() <= _RARE]
    silent = [h for h in silent if look.may_come_from_above(h)]
    why = Sentence(
        "{customer} is blank in {blank} of the rows: are these of the customer in the row above? "
        "Then write:",
        customer=customer,
        blank=percent(1 - stands.mean()),
    )
    return [Hint(why, f"as_above = {array(silent)}", question=True, undecided="as_above")]


def about_days_below(look: Look, day: str, customer: str) -> list[Hint]:
    """Of a diary, in order of days, in which each day is written once, above its rows."""
    stands = look.stands(day)
    blank = ~stands & look.stands(customer)
    if not len(stands) or not stands.iloc[0] or blank.mean() < _SOME_BLANK:
        return []
    read = (plain(text, "date", look.dates.reading) for text in look.frame[day][stands])
    days = pd.Series([one for one in read if isinstance(one, date)])
    later = (days >= days.shift()).iloc[1:]
    if len(later) < _SEEN or max(later.mean(), 1 - later.mean()) < SURE_SHARE:
        return []
    why = Sentence(
        "{day} is blank in {blank} of the rows, and the days follow each other: is each written "
        "once, above its rows? Then write:",
        day=day,
        blank=percent(blank.mean()),
    )
    return [Hint(why, f"as_above = {array([day])}", question=True, undecided="as_above")]


def about_columns(look: Look) -> tuple[Hint, ...]:
    """A list without a header: how each of its columns reads, for a person to name them."""
    hints = []
    for header in look.headers:
        kind = "date" if look.reads(header, "date") else "money"
        kind = kind if look.reads(header, kind) else "text"
        said, texts = kind_said("number" if kind == "money" else kind), look.examples(header)
        hints.append(
            Hint(Sentence("{header}: {kind}: {texts}", header=header, kind=said, texts=texts))
        )
    why = Sentence("the list has no header: say which table it is, and which column is which")
    return (*hints, Hint(why, 'table = "orders"', question=True))
