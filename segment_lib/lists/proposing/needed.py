"""What a table needs and a list does not plainly have: the reason, and the line to write."""

from __future__ import annotations

from collections.abc import Sequence

from segment_lib.checks import closest
from segment_lib.lists.cells.date_ways import SURE_SHARE
from segment_lib.lists.cells.hints import Hint, kind_said, percent, quoted
from segment_lib.lists.cells.values import Told
from segment_lib.lists.proposing.evidence import EXAMPLES, Look, kind_of_column, shorten
from segment_lib.lists.proposing.headers import BARE_IDS, candidates, fold_header, who_headers

_AS_USE = Hint(
    Told(
        'without money they are uses: write table = "usage", and used_on for ordered_on, feature '
        "for product",
        'お金の列がなければ利用の記録: table = "usage" とし、ordered_on を used_on、product を '
        "feature にする",
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
    why = Told(f"which column is the {column}?", f"{column} はどの列か")
    hint = Hint(why, f"{column} = {quoted(near)}", question=True)
    return [hint, _AS_USE] if column == "amount" and table in ("orders", "order_lines") else [hint]


def _which_of(look: Look, column: str, headers: Sequence[str]) -> Hint:
    either = ", ".join(
        f"{header} ({shorten(next(iter(look.counts(header))))})" for header in headers
    )
    why = Told(
        f"each of these may be the {column}: {either}. Which one is it?",
        f"{column} の候補が複数ある: {either}。どれか",
    )
    return Hint(why, f"{column} = {quoted(headers[0])}", question=True)


def _does_not_read(look: Look, column: str, header: str) -> Hint:
    """A header of the dictionary whose values do not agree with it."""
    line = f"{column} = {quoted(header)}"
    example = shorten(next(iter(look.counts(header))))
    kind = kind_of_column(column)
    if kind == "date" and look.is_serial(header):
        why = Told(
            f"numbers such as {example}: if Excel's counts of days, write dates = ['serial'] too",
            f'{example} のような数値。Excel の日数なら dates = ["serial"] と書く',
        )
    elif column == "amount" and look.share(header, "money") >= SURE_SHARE:
        why = Told(
            "holds one total for all lines of an order, so that the lines would count it again",
            "1回の注文の合計が明細の各行に繰り返されている",
        )
    else:
        share, example = look.share(header, kind), shorten(look.unread(header, kind))
        why = Told(
            f"{percent(share)} of its cells read as {kind_said(kind).en}; {example} stands there",
            f"{kind_said(kind).ja}として読めるのは {percent(share)} だけ（例: {example}）",
        )
    return Hint(why, line, question=True)


def _about_customer(look: Look, table: str) -> list[Hint]:
    """No id of a customer: what could stand for it, and what to decide."""
    hints = [
        Hint(
            Told(
                "holds names, not numbers: two customers of one name would be one",
                "番号ではなく名前。同じ名前のお客様は1人になる",
            ),
            f"customer_id = {quoted(header)}",
            question=True,
        )
        for header in who_headers(look.headers)[:1]
    ]
    bare = [
        h for h in look.headers if fold_header(h) in BARE_IDS and look.fit(h, "customer_id", table)
    ]
    for header in [*bare, *candidates(look.headers, "email", "customers")][:2]:
        why = Told("if this tells one customer from another", "お客様ごとに異なる列なら使える")
        hints.append(Hint(why, f"customer_id = {quoted(header)}", question=True))
    if table in ("customers", "summaries") and not hints:
        why = Told(
            "no column is the customer's id. Only if every row is another customer:",
            "お客様番号の列がない。1行が1人なら、行番号を番号とする",
        )
        hints.append(Hint(why, "one_row_is_one_customer = true", question=True))
    why = Told("which column is the customer's id?", "お客様番号はどの列か")
    return hints or [Hint(why, 'customer_id = "..."', question=True)]


def about_columns(look: Look) -> tuple[Hint, ...]:
    """A list without a header: how each of its columns reads, for a person to name them."""
    hints = []
    for header in look.headers:
        kind = "date" if look.share(header, "date") >= SURE_SHARE else "money"
        kind = kind if look.share(header, kind) >= SURE_SHARE else "text"
        texts = " · ".join(shorten(text) for text in list(look.counts(header))[:EXAMPLES])
        said = kind_said("number" if kind == "money" else kind)
        hints.append(Hint(Told(f"{header}: {said.en}: {texts}", f"{header}: {said.ja}: {texts}")))
    why = Told(
        "the list has no header: say which table it is, and which column is which",
        "見出しがない: どの表か、どの列が何かを書く",
    )
    return (*hints, Hint(why, 'table = "orders"', question=True))
