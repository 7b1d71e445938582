"""A new client: the text of its client.toml, a preview to read, and what is left to decide."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from segment_lib.checks import ClientError
from segment_lib.lists.cells.dates import DateWay
from segment_lib.lists.cells.values import Hint, percent
from segment_lib.lists.proposing.client_text import client_text, date_hints
from segment_lib.lists.proposing.groups import Group, Words
from segment_lib.lists.proposing.last_day import LastDay, last_complete_day, last_known_day
from segment_lib.lists.proposing.plan import Plan, plan_lists
from segment_lib.lists.wide_text import table_text
from segment_lib.settings.decisions import CLIENT_NAME
from segment_lib.voice import Language, _, language

# Days of orders say when the lists end; where there are none, other events do.
_BY_WEIGHT = (
    ("orders", "order_lines", "adjustments"),
    ("contacts", "usage"),
    ("deals", "incidents"),
)
_VISITS = ("contacts", "usage")  # may go on after the last order


@dataclass(frozen=True)
class NewClient:
    """What `kit.py new` writes and prints.

    `text` is client.toml, `preview` a table per list; `open` are the questions without whose
    answer the lists cannot be read (list, question), in the language of the client.
    """

    text: str
    preview: str
    open: tuple[tuple[str, str], ...]
    plan: Plan


def propose_client(
    name: str,
    files: Iterable[str | Path],
    folder: Path | None = None,
    stated: Language | None = None,
) -> NewClient:
    """Look at the files and propose a client.toml, for a person to finish.

    File names are written relative to `folder` if it is given and near, else in full; its language
    is the `stated` one, else that of the lists. Raises
    `ClientError` for a name that cannot be one, `ListError` for a file that cannot be read.
    """
    if not re.fullmatch(CLIENT_NAME, name):
        near = re.sub(r"[^\w-]+", "_", name).strip("_") or "my_shop"
        raise ClientError(
            '"{name}" cannot be a client\'s name, because folders are named by it: use letters, '
            "digits, - and _, for example {near}.",
            name=name,
            near=near,
        )
    plan = plan_lists([Path(file) for file in files])
    plan = replace(plan, language=stated or plan.language)
    as_of = _as_of(plan)
    with language(plan.language):
        asked = tuple(open_questions(plan, as_of))
        text = client_text(name, plan, as_of, folder)
        return NewClient(text, preview(plan, as_of, asked), asked, plan)


def _as_of(plan: Plan) -> LastDay:
    days: Counter[date] = Counter()
    for tables in _BY_WEIGHT:
        ours = [planned.whole for planned in plan.lists if planned.proposal.table in tables]
        for whole in ours:
            days.update(whole.days)
        if days:
            others = (planned.whole for planned in plan.lists if planned.proposal.table in _VISITS)
            days.update(day for whole in others for day in whole.days if day > max(days))
            made = max((whole.made for whole in ours if whole.made), default=None)
            undone = max((whole.undone for whole in ours if whole.undone), default=None)
            asked = next((whole.day_asked for whole in ours if whole.days and whole.day_asked), "")
            return last_complete_day(days, made, undone, asked)
    for planned in plan.lists:
        days.update(planned.whole.days)
    return last_known_day(days)


# --- what `kit.py new` prints --------------------------------------------------------------------

_MOST_LEFT = 30
_MOST_SHOWN = 12


def preview(plan: Plan, as_of: LastDay, asked: Sequence[tuple[str, str]]) -> str:
    """All of it as text."""
    parts = [_list(planned) for planned in plan.lists]
    parts += [
        _("left out: {shown}: {why}", shown=left.shown, why=left.why) for left in plan.left_out
    ]
    sign, why = plan.currency
    of_all = (_("as of"), as_of.day or "?", as_of.why), (_("currency"), sign, why)
    parts.append("\n".join(f"{what}: {said} ({told})" for what, said, told in of_all))
    if asked:
        head = _("To be decided first:")
        parts.append("\n".join([head, *[f"  {where}: {why}" for where, why in asked]]))
    return "\n\n".join(parts)


def _list(planned: Group) -> str:
    proposal = planned.proposal
    names = ", ".join(path.name for path in planned.files)
    part = planned.found.part
    rows = planned.whole.rows or len(proposal.look.frame)
    count = _("{rows:,} rows", rows=rows)
    title = f"[{planned.name}]  {names}{f' / {part}' if part else ''}  ({count})"
    heads = [_("column in the list"), _("taken as"), _("reads"), _("values")]
    table = table_text(heads, _rows(planned), [2])
    left = planned.unused if proposal.table else []
    if not left:
        return f"{title}\n{table}"
    shown = ", ".join(left[:_MOST_LEFT]) + (" …" if len(left) > _MOST_LEFT else "")
    return f"{title}\n{table}\n" + _("not used: {named}", named=shown)


def _rows(planned: Group) -> list[list[str]]:
    proposal = planned.proposal
    rows = [
        [seen.header, column, percent(seen.read), seen.shown]
        for column, seen in proposal.columns.items()
    ]
    if proposal.beside:
        names = ", ".join(path.name for path in proposal.beside.files)
        for column, seen in proposal.beside.columns.items():
            rows.append([f"{names}: {seen.header}", column, percent(seen.read), seen.shown])
    for column, headers in proposal.several:
        rows += [[header, column, "", ""] for header in headers]
    if not proposal.table:
        return [[str(hint.why), "", "", ""] for hint in proposal.hints]
    attribute = _("attribute")
    for fact in proposal.facts:
        rows.append([fact.header, f"{attribute} ({fact.kind})", "", fact.shown])
    says = {"refusals": _("refusal"), "consents": _("consent")}
    rows += [[h, f"{says[m.says]} ({m.channel})", "", ""] for h, m in proposal.marks.items()]
    return rows


def open_questions(plan: Plan, as_of: LastDay) -> list[tuple[str, str]]:
    """(list, what a person must decide before the lists can be read), in the order of the file."""
    found = [] if as_of.sure else [("as_of", str(as_of.why))]
    if not plan.lists:
        found.append(("lists", _("no file holds a list of customers")))
    for planned in plan.lists:
        hints = [*date_hints(planned.whole.way), *planned.proposal.hints, *planned.hints]
        for place, hint in enumerate(hints):
            if hint.question:
                others = _others(hint, hints[place + 1 :])
                found.append((planned.name, _asked(hint, planned.whole.way) + others))
        found += [(planned.name, told) for told in _unsorted(planned.words)]
    return found


def _others(hint: Hint, after: Sequence[Hint]) -> str:
    """The other headers that may be the column that is asked about, in their order."""
    column, _sign, _header = hint.line.partition(" = ")
    lines = (one.line.partition(" = ") for one in after if not one.question)
    headers = [header for name, _sign, header in lines if hint.is_column and name == column]
    return _(", or {headers}", headers=", ".join(headers)) if headers else ""


def _asked(hint: Hint, way: DateWay) -> str:
    question = str(hint.why).rstrip(":?。")
    if way.question == "day_or_month":
        *others, last = (f'dates = ["{one}"]' for one in way.either)
        first = ", ".join(others)
        return _("{question}: {first} or {second}", question=question, first=first, second=last)
    return f"{question}: {hint.line}" if hint.line else str(hint.why)


def _unsorted(words: Mapping[str, Words]) -> list[str]:
    return [
        _(
            "{column}: which of {which} does each of these mean? {words}",
            column=column,
            which=", ".join(one.possible),
            words=", ".join(word or '""' for word in one.rest[:_MOST_SHOWN]),
        )
        for column, one in words.items()
        if one.rest
    ]
