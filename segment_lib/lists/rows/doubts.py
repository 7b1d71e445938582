"""What a careful colleague would ask of a register before he says that all is well.

Each doubt is a sentence with its evidence and what to write. A grave one, where another reading
would change the totals, stops the register until somebody mends it or signs that it is right
(`[client] checked`); the others are printed by `check` and repeated by the report. What is asked
stands in `cell_doubts.py`, `row_doubts.py` and `money_doubts.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from segment_lib.checks import OpenDoubts
from segment_lib.lists.reading.engine import Engine
from segment_lib.settings import Client
from segment_lib.voice import N_, Sentence, _

# As people read a share (100 % only if it is all), a count, and a text of TOML.
_MACROS = r"""
create or replace temp macro percent(share) as case when share >= 1 then '100 %'
    else replace(format('{:.1f} %', least(share * 100, 99.9)), '.0 %', ' %') end;
create or replace temp macro thousands(n) as format('{:,}', n);
create or replace temp macro toml(word) as
    '"' || replace(replace(word, '\', '\\'), '"', '\"') || '"';
"""


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


class Ask(NamedTuple):
    """One question: each row of the query is a doubt, its columns are the fields of the sentence.

    A column `grave` says whether it stops the register.
    """

    name: str
    query: str
    says: str
    list_name: str = ""


def doubts_of(engine: Engine, asks: Iterable[Ask]) -> Iterator[Doubt]:
    """What the questions find, in their order."""
    engine.run(_MACROS)
    for ask in asks:
        for found in engine.arrow(ask.query).to_pylist():
            grave = bool(found.pop("grave", False))
            yield Doubt(ask.name, ask.list_name, Sentence(ask.says, **found), grave)


def require_answered(client: Client, doubts: Sequence[Doubt]) -> None:
    """Raise `OpenDoubts` with all grave doubts that nobody has answered, each on its line."""
    signed = client.client.checked
    open_ones = [one for one in doubts if one.grave and one.key not in signed]
    if open_ones:
        asked = [
            _(
                N_("{where}: {says}") if str(one.says).endswith("?") else N_("{where}: {says}."),
                where=one.list_name or _("all lists"),
                says=one.says,
            )
            for one in open_ones
        ]
        keys = [*signed, *dict.fromkeys(one.key for one in open_ones)]
        raise OpenDoubts(
            "{asked}\nWhat is right as it stands you sign: [client] checked = {keys}.",
            asked="\n".join(asked),
            keys=keys,
        )


def doubts_frame(client: Client, doubts: Sequence[Doubt]) -> pd.DataFrame:
    """list, about, sentence (its text and fields, as JSON), signed: a row per doubt."""
    rows = [
        (one.list_name, one.name, json.dumps(one.says.to_json(), ensure_ascii=False),
         one.key in client.client.checked)
        for one in doubts
    ]  # fmt: skip
    kinds = {"list": "str", "about": "str", "sentence": "str", "signed": "bool"}
    return pd.DataFrame(rows, columns=list(kinds)).astype(kinds)


def doubts_said(frame: pd.DataFrame) -> list[str]:
    """A line per row of `doubts_frame`: of which list, what, and whether somebody has signed it.

    A copy to share holds no sentences, as they may name ids: it says none.
    """
    return [_line(row) for row in frame.dropna(subset="sentence").to_dict("records")]


def _line(row: Mapping[Any, Any]) -> str:
    where = row["list"] or _("all lists")
    says = str(Sentence.from_json(json.loads(row["sentence"])))
    if row["signed"]:
        says = _("{says} (looked at, and left as it is)", says=says)
    if says[-1] in ".?？。":
        return _("{where}: {says}", where=where, says=says)
    return _("{where}: {says}.", where=where, says=says)


def doubts_json(doubts: Sequence[Doubt]) -> list[Mapping[str, object]]:
    """As the manifest keeps them."""
    return [
        {"name": one.name, "list": one.list_name, "says": one.says.to_json(), "grave": one.grave}
        for one in doubts
    ]


def doubts_from_json(kept: Sequence[Mapping[str, Any]]) -> tuple[Doubt, ...]:
    """What `doubts_json` wrote."""
    return tuple(
        Doubt(one["name"], one["list"], Sentence.from_json(one["says"]), one["grave"])
        for one in kept
    )
