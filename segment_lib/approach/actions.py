"""Who does what: one row of the playbook per customer, with its sentence, means, owner and hours.

When it is done the plan says; hours change no decision and no action.
"""

from __future__ import annotations

from unicodedata import normalize

import pandas as pd

from segment_lib.approach.choosing import Choice, choice_of
from segment_lib.approach.known import in_words, known_of
from segment_lib.approach.playbook import Playbook, name_said, playbook_of, said_fields, told
from segment_lib.checks import require_columns
from segment_lib.client import Client
from segment_lib.columns import as_text
from segment_lib.settings import ActionRow
from segment_lib.voice import _, said_by_people, sentences

# What is known of a customer and stands in the plan too, because people ask for it there.
SHOWN = ("due", "line", "due_from", "due_by", "asked_90d", "gave_90d")


def facts_for(
    decisions: pd.DataFrame, customers: pd.DataFrame, known: pd.DataFrame
) -> pd.DataFrame:
    """All that a row may ask for and a sentence say, one row per row of `decisions`.

    `decisions` is the table of `decide`, reviewed or not; `customers` what the rooms before made;
    `known` the frame of `known_of`.
    """
    require_columns(decisions, ("decision", "reason"), "decisions", fix="decide makes them.")
    people = customers.reindex(decisions.index)
    facts = decisions.join(people[people.columns.difference(decisions.columns)])
    own = known.reindex(decisions.index)
    served = facts["under_contract"].fillna(False).astype(bool)
    relation = served.map({True: "under_contract", False: "before_contract"})
    facts = facts.drop(columns=facts.columns.intersection(own.columns)).join(own)
    return facts.assign(relation=as_text(relation))


def assign_actions(
    decisions: pd.DataFrame,
    customers: pd.DataFrame,
    client: Client,
    known: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """`decisions` with the row of the playbook of each customer, as `actions_for` gives it.

    `known` as in `facts_for`; left out, nothing is known but what stands in `customers`.
    """
    known = known_of(customers, None, client) if known is None else known
    facts = facts_for(decisions, customers, known)
    return decisions.join(actions_for(facts, client, playbook_of(client)))


def actions_for(
    facts: pd.DataFrame, client: Client, book: Playbook, choice: Choice | None = None
) -> pd.DataFrame:
    """One row of the playbook per row of `facts` (`facts_for` makes them).

    `choice`: as `choice_of` gives it; left out, it is made here.

    Gives row (its name), action (its name in words), content (its sentence), purpose, channel,
    measure, owner, effort_hours, due_in_days, days_before_due and what is `SHOWN`. The owner is
    the one whom a person named (`override_owner`), else the customer's own, else that of the row,
    else "unassigned".
    """
    choice = choice or choice_of(facts, book)
    chosen = [book.rows[at] for at in choice.row]
    actions = pd.DataFrame(
        {
            "row": [row.name for row in chosen],
            "action": [name_said(row) for row in chosen],
            "content": contents(facts, choice, book, client.client.currency),
            "purpose": [row.purpose for row in chosen],
            "channel": choice.channel,
            "measure": [said_by_people(row.measure, row.measure_ja) for row in chosen],
            "owner": _owners(facts, chosen),
            "effort_hours": [float(row.effort_hours) for row in chosen],
            "due_in_days": [row.due_in_days for row in chosen],
            "days_before_due": pd.array([row.days_before_due for row in chosen], dtype="Int64"),
        },
        index=facts.index,
    )
    return actions.join(facts[[name for name in SHOWN if name in facts]])


def contents(facts: pd.DataFrame, choice: Choice, book: Playbook, currency: str) -> pd.Series:
    """The sentence of each customer's row, with what is known of them."""
    said = pd.Series("", index=facts.index, dtype="object")
    for at, row in enumerate(book.rows):
        own = facts[choice.row.eq(at)]
        if own.empty:
            continue
        text = said_by_people(row.content, row.content_ja)
        names = sorted(said_fields(text, optional=True) & set(facts))
        words = in_words(own, names, currency)
        unknown = dict.fromkeys(said_fields(text, optional=True) - set(names), "")
        said[own.index] = [
            told(text, unknown | dict(zip(names, values, strict=True)))
            for values in (zip(*words.values(), strict=True) if names else [()] * len(own))
        ]
        if row.channels != ("none",):
            cannot = own.index[choice.channel[own.index].eq("none")]
            find = _("No way to reach them is known: find one first.")
            said[cannot] = [sentences(find, one) for one in said[cannot]]
    return as_text(said)


def _owners(facts: pd.DataFrame, chosen: list[ActionRow]) -> pd.Series:
    by_action = pd.Series(
        [normalize("NFKC", row.owner) or "unassigned" for row in chosen], index=facts.index
    )
    if "owner" in facts:
        own = facts["owner"].astype("object")
        by_action = own.where(own.notna() & own.ne(""), by_action)
    if "override_owner" in facts:
        asked = facts["override_owner"].astype("object")
        by_action = asked.where(asked.notna(), by_action)
    return by_action.pipe(as_text)
