"""Who does what: one action per decision and reason, with purpose, channel, owner and hours.

The playbook is [[actions]] of client.toml; pairs it leaves out are filled from `default_actions`,
which nobody has signed. When it is done the plan says; hours change no decision and no action.
"""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import normalize

import pandas as pd

from segment_lib.approach.reasons import REACHABLE, default_actions
from segment_lib.checks import ClientError, require_columns
from segment_lib.client import Client
from segment_lib.columns import as_text
from segment_lib.settings import ActionRow
from segment_lib.voice import said_by_people

INSTEAD = ("call", "mail", "visit")  # tried in this order where the channel is refused


def complete_actions(rows: Sequence[ActionRow]) -> tuple[ActionRow, ...]:
    """The client's rows, and for every pair they leave out the default, cut to that pair."""
    taken = {(row.decision, reason) for row in rows for reason in _reasons_of(row, rows)}
    added = []
    for row in default_actions():
        left = tuple(reason for reason in row.reasons if (row.decision, reason) not in taken)
        if left:
            added.append(row.model_copy(update={"reasons": left}))
    return (*rows, *added)


def check_actions(rows: Sequence[ActionRow]) -> pd.DataFrame:
    """One row per reachable decision and reason with its one action; `same_as` names other rows
    that ask for the same by the same channel. Raises `ClientError` on a pair with none or several.
    """
    found = []
    for decision, reasons in REACHABLE.items():
        for reason in reasons:
            own = _rows_for(decision, reason, rows)
            _require_one(own, decision, reason)
            pair = {"decision": decision, "reason": reason}
            found.append(pair | _described(own[0], rows))
    return pd.DataFrame(found)


def _require_one(own: list[ActionRow], decision: str, reason: str) -> None:
    if len(own) != 1:
        names = [row.name for row in own]
        raise ClientError(
            f"[[actions]] must hold exactly one action for {decision} / {reason}, but it holds "
            f"{len(names)}: {names}. " + ("Let one of them name it." if names else "Add one.")
        )


def _described(row: ActionRow, rows: Sequence[ActionRow]) -> dict[str, object]:
    same = [
        other.name
        for other in rows
        if other is not row and (other.action, other.channel) == (row.action, row.channel)
    ]
    names = ("name", "action", "purpose", "channel", "owner", "effort_hours", "due_in_days")
    told = {name: getattr(row, name) for name in names}
    told["action"] = said_by_people(row.action, row.action_ja)
    signed = {"decided": row.signature(), "signed": bool(row.decided_by)}
    return told | signed | {"same_as": ", ".join(same)}


def _rows_for(decision: str, reason: str, rows: Sequence[ActionRow]) -> list[ActionRow]:
    """The rows of one pair; a row without reasons takes what no other row of the decision names."""
    own = [row for row in rows if row.decision == decision]
    return [row for row in own if reason in row.reasons] or [row for row in own if not row.reasons]


def _reasons_of(row: ActionRow, rows: Sequence[ActionRow]) -> list[str]:
    reachable = REACHABLE[row.decision]
    unknown = [reason for reason in row.reasons if reason not in reachable]
    if unknown:
        raise ClientError(
            '[[actions]] "{name}" names {unknown} for {decision}, which never occurs '
            "together. {decision} can have: {possible}.",
            name=row.name,
            unknown=unknown,
            decision=row.decision,
            possible=list(reachable),
        )
    return [reason for reason in reachable if row in _rows_for(row.decision, reason, rows)]


def assign_actions(
    decisions: pd.DataFrame, customers: pd.DataFrame, client: Client
) -> pd.DataFrame:
    """`decisions` (the table of `decide`, reviewed or not) with action, content, purpose, channel,
    measure, owner, effort_hours, due_in_days.

    The owner is the one whom a person named (`override_owner`), else the customer's own, else the
    action's, else "unassigned".
    """
    require_columns(decisions, ("decision", "reason"), "decisions", fix="decide makes them.")
    rows = complete_actions(client.actions)
    check_actions(rows)
    by_pair = {
        (decision, reason): _rows_for(decision, reason, rows)[0]
        for decision, reasons in REACHABLE.items()
        for reason in reasons
    }
    chosen = [
        by_pair[pair] for pair in zip(decisions["decision"], decisions["reason"], strict=True)
    ]
    says = [said_by_people(row.action, row.action_ja) for row in chosen]
    return decisions.assign(
        action=says,
        content=says,
        purpose=[row.purpose for row in chosen],
        channel=_channels(decisions, chosen),
        measure=[said_by_people(row.measure, row.measure_ja) for row in chosen],
        owner=_owners(decisions, customers, chosen),
        effort_hours=[float(row.effort_hours) for row in chosen],
        due_in_days=[row.due_in_days for row in chosen],
    )


def usual_hours(client: Client) -> float:
    """Hours of the usual approach (worth it), as the playbook states them."""
    return _rows_for("approach", "worth_it", complete_actions(client.actions))[0].effort_hours


def _channels(decisions: pd.DataFrame, chosen: list[ActionRow]) -> list[str]:
    """The action's channel, or the first that the customer has not refused; service goes on."""
    no_refusal = pd.Series("", index=decisions.index)
    refused = decisions.get("channels_refused", no_refusal)
    channels = []
    for row, words in zip(chosen, refused, strict=True):
        no = str(words).split(", ")
        others = [channel for channel in INSTEAD if channel not in no]
        channels.append(others[0] if row.channel in no and others else row.channel)
    return channels


def _owners(decisions: pd.DataFrame, customers: pd.DataFrame, chosen: list[ActionRow]) -> pd.Series:
    by_action = pd.Series(
        [normalize("NFKC", row.owner) or "unassigned" for row in chosen], index=decisions.index
    )
    if "owner" in customers:
        own = customers["owner"].reindex(decisions.index).astype("object")
        by_action = own.where(own.notna() & own.ne(""), by_action)
    if "override_owner" in decisions:
        asked = decisions["override_owner"].astype("object")
        by_action = asked.where(asked.notna(), by_action)
    return by_action.pipe(as_text)
