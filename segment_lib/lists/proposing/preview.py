"""The preview that `kit.py new` prints: per list its columns with values, and what is open."""

from __future__ import annotations

from collections.abc import Sequence

from segment_lib.lists.cells.values import percent
from segment_lib.lists.proposing.groups import Group
from segment_lib.lists.proposing.last_day import LastDay
from segment_lib.lists.proposing.plan import Plan
from segment_lib.lists.wide_text import table_text
from segment_lib.voice import _

_MOST_LEFT = 30


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
