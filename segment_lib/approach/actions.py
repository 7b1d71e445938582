"""Who, what, when: one action per decision and reason, with channel, day, owner, hours, purpose.

The playbook is [[actions]] of client.toml; pairs it leaves out are filled from `default_actions`,
which nobody has signed. Capacity is filled by priority; what does not fit waits until next month.
Recovery and normal service never wait: capacity is a reason to sell later, not to serve less. Nor
does the hold-out: a list is proved only by approaching those who were drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import normalize

import pandas as pd

from segment_lib.approach.reasons import REACHABLE, default_actions
from segment_lib.checks import ClientError, require_columns
from segment_lib.client import Client
from segment_lib.columns import as_text, value_label
from segment_lib.settings import ActionRow
from segment_lib.voice import said_by_people

MAY_WAIT = ("grow", "approach")  # what capacity may move to next month, incidents apart
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
    """`decisions` (the table of `decide`, reviewed or not) with action, purpose, channel, do_on,
    owner, effort_hours; over capacity the decision becomes not_now, its action kept for next month.

    The owner is the customer's own, else the action's, else "unassigned". It is due after the
    action's days, or on the day of the next order (`due_on` of `customers`) where that comes first.
    """
    require_columns(
        decisions, ("decision", "reason", "priority"), "decisions", fix="decide makes them."
    )
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
    planned = decisions.assign(
        action=[said_by_people(row.action, row.action_ja) for row in chosen],
        purpose=[row.purpose for row in chosen],
        channel=_channels(decisions, chosen),
        do_on=_do_on(decisions, customers, chosen, client),
        owner=_owners(decisions, customers, chosen),
        effort_hours=[float(row.effort_hours) for row in chosen],
    )
    return _within_capacity(planned, client)


def usual_hours(client: Client) -> tuple[float, float]:
    """Hours of the usual approach (worth it) and of normal service, as the playbook states them."""
    rows = complete_actions(client.actions)
    approach = _rows_for("approach", "worth_it", rows)[0]
    service = _rows_for("keep_serving", "normal_service", rows)[0]
    return approach.effort_hours, service.effort_hours


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
    if "owner" not in customers:
        return by_action.pipe(as_text)
    own = customers["owner"].reindex(decisions.index).astype("object")
    return own.where(own.notna() & own.ne(""), by_action).pipe(as_text)


def _do_on(
    decisions: pd.DataFrame, customers: pd.DataFrame, chosen: list[ActionRow], client: Client
) -> pd.Series:
    today = pd.Timestamp(client.as_of)
    days = pd.Series([row.due_in_days for row in chosen], index=decisions.index)
    due = today + pd.to_timedelta(days, unit="D")
    if "due_on" in customers:
        next_order = pd.to_datetime(customers["due_on"]).reindex(decisions.index)
        # a day that is past already says "overdue", not "today": the action's own days hold
        due = due.where(~next_order.between(today, due), next_order)
    due = due.mask(decisions["decision"] == "not_now", decisions["review_on"])
    return due.mask(decisions["decision"] == "not_approached").astype("datetime64[us]")


def _within_capacity(planned: pd.DataFrame, client: Client) -> pd.DataFrame:
    """In order of priority until an owner's hours (or the hours of all) are used up."""
    ranked = planned.sort_values("priority")
    late = pd.Series(False, index=ranked.index)
    owners = client.capacity.owners
    everyone = client.capacity.hours_per_month
    used = _hours_used(ranked, ranked["owner"])
    late |= used > ranked["owner"].map(owners).astype("float64").fillna(float("inf"))
    if everyone is not None:
        late |= _hours_used(ranked[~late], "all").reindex(ranked.index).gt(everyone)
    late = (late & _may_wait(ranked)).reindex(planned.index)
    return _next_month(planned, late, client)


def _may_wait(planned: pd.DataFrame) -> pd.Series:
    """Selling and growing may wait; mending, serving and the test of the list may not."""
    first = planned["reason"].eq("open_incident") | planned["hold_out"].astype(bool)
    return planned["decision"].isin(MAY_WAIT) & ~first


def _hours_used(ranked: pd.DataFrame, by: pd.Series | str) -> pd.Series:
    """Hours used when this customer is served: what may not wait is served before all others."""
    waits = _may_wait(ranked)
    hours = ranked["effort_hours"]
    group = pd.Series(by, index=ranked.index)
    first = hours.where(~waits, 0.0).groupby(group).transform("sum")
    return first + hours.where(waits, 0.0).groupby(group).cumsum()


def _next_month(planned: pd.DataFrame, late: pd.Series, client: Client) -> pd.DataFrame:
    day = pd.Timestamp(client.as_of) + pd.offsets.MonthBegin(1)
    says = value_label("reason", "over_capacity")
    moved = planned.copy()
    moved.loc[late, "all_reasons"] = "over_capacity; " + planned.loc[late, "all_reasons"]
    moved.loc[late, "evidence"] = f"{says}. " + planned.loc[late, "evidence"]
    moved.loc[late, ["decision", "reason"]] = ["not_now", "over_capacity"]
    moved.loc[late, "do_on"] = planned.loc[late, "do_on"].clip(lower=day)
    moved.loc[late, "review_on"] = day
    assert len(moved) == len(planned), "the actions do not add up to everyone"
    assert not (planned["decision"].eq("recover") & moved["decision"].ne("recover")).any()
    return moved
