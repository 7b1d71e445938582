"""A view: one question of the walk, answered at once by the room that owns it.

    view = sl.revenue_view(customers, tables, rules)    # frames and rules in, one frozen result out
    view.customers                                      # its fields are frames
    view.says()["top_tenth"]                            # its sentences, said now
    sl.keep(view, client)                               # for the notebooks after it, for the report

A view says which kept results it needs and which it keeps, so that whoever opens a notebook in the
middle of the walk gets the same results by the same call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, TypeAlias, TypeVar

import pandas as pd

from segment_lib.checks import KitError
from segment_lib.settings import Client, ClientSection, Section

AnyRules: TypeAlias = Client | Section | None


def settings_of(rules: AnyRules, customers: pd.DataFrame) -> Client:
    """The settings of a client as they are; one section alone as those of nobody's client.toml.

    Then all else is as the defaults say, and the day is that of the history (its column `as_of`).
    """
    if isinstance(rules, Client):
        return rules
    own: dict[str, Any] = {
        name: rules
        for name, field in Client.model_fields.items()
        if isinstance(rules, Section) and type(field.default) is type(rules)
    }
    if rules is not None and not own:
        raise KitError(
            "rules is a {kind}; it must be the settings of a client (sl.open_client) or one "
            "section of them, such as sl.RfmRules().",
            kind=type(rules).__name__,
        )
    days = customers["as_of"].dropna() if "as_of" in customers else ()
    day = pd.Timestamp(max(days)).date() if len(days) else None
    client = ClientSection.model_construct(name="", as_of=day, currency="")
    return Client.model_construct(client=client, lists={}, **own)


@dataclass(frozen=True)
class View:
    """What a view gives back. `KEEPS`: the name under which a frame is kept → the field it is."""

    KEEPS: ClassVar[Mapping[str, str]] = {}

    def kept(self) -> dict[str, pd.DataFrame]:
        """The frames to be kept, by their names."""
        return {name: getattr(self, part) for name, part in self.KEEPS.items()}

    def says(self) -> dict[str, str]:
        """Its sentences by what they are about, in the language of the moment."""
        return {}

    def __str__(self) -> str:
        return "\n".join(self.says().values())

    def __repr__(self) -> str:
        """Its parts by name, frames with their size: what a cell shows that ends with a view."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        shown = [
            f"{name} {len(part):,} × {len(part.columns)}"
            if isinstance(part, pd.DataFrame)
            else name
            for name, part in parts.items()
        ]
        return f"{type(self).__name__}: {', '.join(shown)}"


@dataclass(frozen=True)
class Question:
    """One view as the thread knows it.

    `answer(customers, tables, rules)` gives the view; `customers` is the customer list with the
    kept results called in `needs` beside it, and those in `also` where these lists open them; those
    in `given` are handed over by their names, each as it is.
    `requires` raises `NeedsTable` where the lists cannot answer at all.
    """

    notebook: str
    answer: Callable[..., View]
    keeps: tuple[str, ...]
    needs: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    requires: Callable[[Any, Any], None] | None = field(default=None, repr=False)


Answer = TypeVar("Answer", bound=Callable[..., View])
ASKED: list[Question] = []  # in the modules loaded so far: thread.py loads every room's


def question(
    notebook: str,
    result: type[View],
    *,
    needs: str = "",
    also: str = "",
    given: str = "",
    requires: Callable[[Any, Any], None] | None = None,
) -> Callable[[Answer], Answer]:
    """Mark a function as the answer to one question of a notebook; names stand apart by blanks."""

    def marked(answer: Answer) -> Answer:
        stated = tuple(needs.split()), tuple(also.split()), tuple(given.split())
        ASKED.append(Question(notebook, answer, tuple(result.KEEPS), *stated, requires))
        return answer

    return marked
