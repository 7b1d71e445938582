"""A new client: the text of its client.toml, a preview to read, and what is left to decide."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from segment_lib.checks import ClientError
from segment_lib.lists.proposing.client_text import client_text
from segment_lib.lists.proposing.last_day import LastDay, last_complete_day, last_known_day
from segment_lib.lists.proposing.open_questions import open_questions
from segment_lib.lists.proposing.plan import Plan, plan_lists
from segment_lib.lists.proposing.preview import preview
from segment_lib.settings.decisions import CLIENT_NAME
from segment_lib.voice import Language, language

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
            return last_complete_day(days, made, undone)
    for planned in plan.lists:
        days.update(planned.whole.days)
    return last_known_day(days)
