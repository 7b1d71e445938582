"""What a table needs and a list does not plainly have: the reason, and the line to write."""

from __future__ import annotations

from collections.abc import Sequence

from segment_lib.checks import closest
from segment_lib.lists.cells.date_ways import SURE_SHARE
from segment_lib.lists.cells.hints import Hint, kind_said, percent, quoted
from segment_lib.lists.proposing.evidence import EXAMPLES, Look, kind_of_column, shorten
from segment_lib.lists.proposing.headers import BARE_IDS, candidates, fold_header, who_headers
from segment_lib.voice import Sentence

_AS_USE = Hint(
    Sentence(
        'without money they are uses: write table = "usage", and used_on for ordered_on, '
        "feature for product"
    )
)


def about_missing(look: Look, table: str, column: str) -> list[Hint]:
    """Why a needed column is not proposed, with the line to write."""
    named = [h for h in candidates(look.headers, column, table) if look.counts(h)]
    fitting = [header for header in named if look.fit(header, column, table)]
    if len(fitting) > 1:
        return [_which_of(look, column, fitting)]
    if named:
        return [_does_not_read(look, column, header) for header in named[:2]]
    if column == "customer_id":
        return _about_customer(look, table)
    near = closest(column, look.headers) or "..."
    why = Sentence("which column is the {column}?", column=column)
    hint = Hint(why, f"{column} = {quoted(near)}", question=True)
    return [hint, _AS_USE] if column == "amount" and table in ("orders", "order_lines") else [hint]


def _which_of(look: Look, column: str, headers: Sequence[str]) -> Hint:
    either = ", ".join(
        f"{header} ({shorten(next(iter(look.counts(header))))})" for header in headers
    )
    why = Sentence(
        "each of these may be the {column}: {either}. Which one is it?",
        column=column,
        either=either,
    )
    return Hint(why, f"{column} = {quoted(headers[0])}", question=True)


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
    elif column == "amount" and look.share(header, "money") >= SURE_SHARE:
        why = Sentence(
            "holds one total for all lines of an order, so that the lines would count it again"
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
    hints = [
        Hint(
            Sentence("holds names, not numbers: two customers of one name would be one"),
            f"customer_id = {quoted(header)}",
            question=True,
        )
        for header in who_headers(look.headers)[:1]
    ]
    bare = [
        h for h in look.headers if fold_header(h) in BARE_IDS and look.fit(h, "customer_id", table)
    ]
    for header in [*bare, *candidates(look.headers, "email", "customers")][:2]:
        why = Sentence("if this tells one customer from another")
        hints.append(Hint(why, f"customer_id = {quoted(header)}", question=True))
    if table in ("customers", "summaries") and not hints:
        why = Sentence("no column is the customer's id. Only if every row is another customer:")
        hints.append(Hint(why, "one_row_is_one_customer = true", question=True))
    why = Sentence("which column is the customer's id?")
    return hints or [Hint(why, 'customer_id = "..."', question=True)]


def about_columns(look: Look) -> tuple[Hint, ...]:
    """A list without a header: how each of its columns reads, for a person to name them."""
    hints = []
    for header in look.headers:
        kind = "date" if look.share(header, "date") >= SURE_SHARE else "money"
        kind = kind if look.share(header, kind) >= SURE_SHARE else "text"
        texts = " · ".join(shorten(text) for text in list(look.counts(header))[:EXAMPLES])
        said = kind_said("number" if kind == "money" else kind)
        hints.append(
            Hint(Sentence("{header}: {kind}: {texts}", header=header, kind=said, texts=texts))
        )
    why = Sentence("the list has no header: say which table it is, and which column is which")
    return (*hints, Hint(why, 'table = "orders"', question=True))
