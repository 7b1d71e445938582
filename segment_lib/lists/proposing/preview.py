"""The preview that `kit.py new` prints: per list its columns with values, and what is open."""

from __future__ import annotations

from collections.abc import Sequence

from segment_lib.lists.cells.hints import percent
from segment_lib.lists.cells.values import Told
from segment_lib.lists.proposing.last_day import LastDay
from segment_lib.lists.proposing.plan import Plan, PlannedList
from segment_lib.lists.wide_text import table_text

_HEADS = (
    Told("column in the list", "一覧の列"),
    Told("taken as", "意味"),
    Told("reads", "読めた割合"),
    Told("values", "値の例"),
)
_MOST_LEFT = 30


def preview(plan: Plan, as_of: LastDay, asked: Sequence[tuple[str, str]]) -> str:
    """All of it as text, in the language of the lists."""
    parts = [_list(planned, plan) for planned in plan.lists]
    parts += [_left_out(shown, why, plan) for shown, why in plan.left_out]
    day = _say(Told("as of", "基準日"), plan)
    parts.append(f"{day}: {as_of.day or '?'} ({_say(as_of.why, plan)})")
    if asked:
        head = _say(Told("To be decided first:", "先に決めること:"), plan)
        parts.append("\n".join([head, *[f"  {where}: {why}" for where, why in asked]]))
    return "\n\n".join(parts)


def _say(told: Told, plan: Plan) -> str:
    return told.ja if plan.language == "ja" else told.en


def _list(planned: PlannedList, plan: Plan) -> str:
    proposal = planned.proposal
    names = ", ".join(path.name for path in planned.files)
    part = planned.found.part
    rows = planned.whole.rows or len(proposal.look.frame)
    count = _say(Told(f"{rows:,} rows", f"{rows:,} 行"), plan)
    title = f"[{planned.name}]  {names}{f' / {part}' if part else ''}  ({count})"
    heads = [_say(head, plan) for head in _HEADS]
    table = table_text(heads, _rows(planned, plan), [2])
    left = [header for header in proposal.left if proposal.table]
    if not left:
        return f"{title}\n{table}"
    shown = ", ".join(left[:_MOST_LEFT]) + (" …" if len(left) > _MOST_LEFT else "")
    return f"{title}\n{table}\n{_say(Told('not used', '使わない列'), plan)}: {shown}"


def _rows(planned: PlannedList, plan: Plan) -> list[list[str]]:
    proposal = planned.proposal
    rows = [
        [seen.header, column, percent(seen.read), " · ".join(seen.examples)]
        for column, seen in proposal.columns.items()
    ]
    for column, headers in proposal.positions.items():
        rows += [[header, column, "", ""] for header in headers]
    if not proposal.table:
        rows = [[hint.why.ja if plan.language == "ja" else hint.why.en] for hint in proposal.hints]
        return [[row[0], "", "", ""] for row in rows]
    attribute = _say(Told("attribute", "属性"), plan)
    for fact in proposal.facts:
        rows.append([fact.header, f"{attribute} ({fact.kind})", "", " · ".join(fact.examples)])
    says = {"refusals": Told("refusal", "拒否の印"), "consents": Told("consent", "同意の印")}
    rows += [
        [h, f"{_say(says[m.says], plan)} ({m.channel})", "", ""] for h, m in proposal.marks.items()
    ]
    return rows


def _left_out(shown: str, why: Told, plan: Plan) -> str:
    return f"{_say(Told('left out', '使わない'), plan)}: {shown}: {_say(why, plan)}"
