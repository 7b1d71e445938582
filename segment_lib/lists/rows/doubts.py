"""What a careful colleague would ask of a register before he says that all is well.

Each doubt is a sentence with its evidence and what to write. A grave one, where another reading
would change the totals, stops the register until somebody mends it or signs that it is right
(`[client] checked`); the others are printed by `check` and repeated by the report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from segment_lib.checks import ListError
from segment_lib.lists.cells.hints import quoted
from segment_lib.settings import Client
from segment_lib.voice import Sentence, _, sentences


class Doubt(NamedTuple):
    """One thing to look at; `list_name` is "" where it is about several."""

    name: str
    list_name: str
    says: Sentence
    grave: bool = False

    @property
    def key(self) -> str:
        """What stands in `[client] checked` once somebody has looked."""
        return f"{self.list_name}.{self.name}" if self.list_name else self.name


def require_answered(client: Client, doubts: Sequence[Doubt]) -> None:
    """Raise `ListError` with all grave doubts that nobody has answered."""
    open_ones = [one for one in doubts if one.grave and one.key not in client.client.checked]
    if open_ones:
        asked = [
            _("{where}: {says}.", where=one.list_name or _("all lists"), says=one.says)
            for one in open_ones
        ]
        keys = ", ".join(quoted(one.key) for one in open_ones)
        signed = _(
            "Where it is right as it stands, sign it: [client] checked = [{keys}].", keys=keys
        )
        raise ListError(sentences(*asked, signed))


def doubt_said(client: Client, doubt: Doubt) -> str:
    """The doubt as a line: of which list, what, and whether somebody has signed it."""
    where, says = doubt.list_name or _("all lists"), str(doubt.says)
    if doubt.key in client.client.checked:
        says = _("{says} (looked at, and left as it is)", says=says)
    return (
        _("{where}: {says}.", where=where, says=says)
        if says[-1] not in ".?？。"
        else _("{where}: {says}", where=where, says=says)
    )


def doubts_json(doubts: Sequence[Doubt]) -> list[Mapping[str, object]]:
    """As the manifest keeps them."""
    return [
        {"name": one.name, "list": one.list_name, "says": one.says.to_json(), "grave": one.grave}
        for one in doubts
    ]


def doubts_from_json(kept: Sequence[Mapping[str, object]]) -> tuple[Doubt, ...]:
    """What `doubts_json` wrote."""
    return tuple(
        Doubt(
            str(one["name"]),
            str(one["list"]),
            Sentence.from_json(one["says"]),  # type: ignore[arg-type]
            bool(one["grave"]),
        )
        for one in kept
    )
