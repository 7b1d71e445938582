"""Which parts of a file become lists: of a workbook, a database, an archive with several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from segment_lib.lists.proposing.headers import fold_header, missing_columns, score
from segment_lib.lists.proposing.looking import Found
from segment_lib.lists.proposing.proposal import Proposal, propose

_SALES = ("orders", "order_lines")


def chosen_parts(parts: Sequence[Found]) -> list[tuple[Found, Proposal, tuple[str, ...]]]:
    """The parts of a file that become lists, with the names of the others."""
    proposed = [(one, propose(one.look, without_header="names" in one.said)) for one in parts]
    if len(proposed) == 1:
        return [(*proposed[0], ())]
    proposed = _one_list_of_equal_sheets(proposed)
    best: dict[str, tuple[Found, Proposal]] = {}
    for found, proposal in sorted(proposed, key=lambda pair: -_rank(pair[1])):
        if proposal.left_out is None and _rank(proposal) > 0 and not _has_orders(proposal, best):
            best.setdefault(proposal.table, (found, proposal))
    if not best:
        return [(*max(proposed, key=lambda pair: _rank(pair[1])), _names(parts, []))]
    others = _names(parts, [found for found, _ in best.values()])
    return [(found, proposal, others) for found, proposal in best.values()]


def _rank(proposal: Proposal) -> float:
    """How much a part says: all that its table needs, or all but who the customer is."""
    if proposal.left_out or not proposal.table:
        return 0.0
    columns = {column: seen.header for column, seen in proposal.columns.items()}
    lacks = missing_columns(proposal.table, {*columns, *proposal.positions})
    near = any(hint.line.startswith("customer_id") for hint in proposal.hints)
    if lacks and not (lacks == ["customer_id"] and near):
        return 0.0
    bonus = len(proposal.facts) / 1000 + (0 if lacks else 1)
    return max(score(proposal.table, columns), 0.1) + bonus


def _has_orders(proposal: Proposal, best: dict[str, tuple[Found, Proposal]]) -> bool:
    """Orders are told by order lines already, and the other way round."""
    return proposal.table in _SALES and any(table in best for table in _SALES)


def _one_list_of_equal_sheets(
    proposed: Sequence[tuple[Found, Proposal]],
) -> list[tuple[Found, Proposal]]:
    """Sheets with the same headers are one list (one sheet per month)."""
    found: dict[tuple[str, ...], tuple[Found, Proposal]] = {}
    for one, proposal in proposed:
        key = tuple(map(fold_header, one.look.headers))
        if key in found and "sheet" in one.said:
            first, kept = found[key]
            sheets = first.said["sheet"]
            sheets = [sheets] if isinstance(sheets, str) else sheets
            said = first.said | {"sheet": [*sheets, one.said["sheet"]]}
            found[key] = (replace(first, said=said), kept)
        else:
            found[key if "sheet" in one.said else (*key, one.part)] = (one, proposal)
    return list(found.values())


def _names(parts: Sequence[Found], taken: Sequence[Found]) -> tuple[str, ...]:
    used: set[str] = set()
    for one in taken:
        said = one.said.get("sheet", one.part)
        used |= {said} if isinstance(said, str) else set(said)
    return tuple(one.part for one in parts if one.part not in used)
