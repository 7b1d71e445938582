"""Who, what, when: one action per decision and reason, with channel, day, owner, hours, purpose.

The playbook is [[actions]] of client.toml; pairs it leaves out are filled from `DEFAULT_ACTIONS`,
which nobody has signed. Capacity is filled by priority; what does not fit waits until next month.
Recovery and normal service never wait: capacity is a reason to sell later, not to serve less. Nor
does the hold-out: a list is proved only by approaching those who were drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import normalize

import pandas as pd

from segment_lib.checks import ClientError, require_columns
from segment_lib.client import Client
from segment_lib.columns import value_label
from segment_lib.settings import ActionRow

# Every pair that can occur; "reviewed" is a person's own decision.
REACHABLE: dict[str, tuple[str, ...]] = {
    "recover": (
        "open_incident", "our_part_missing", "silent_leaver", "pays_gets_nothing", "reviewed",
    ),
    "grow": ("gets_results_pays_little", "gets_results", "on_the_way", "reviewed"),
    "keep_serving": ("normal_service", "opted_out", "declared", "reviewed"),
    "approach": (
        "open_incident", "hold_out", "open_proposal", "worth_it", "current_customer",
        "former_customer", "in_doubt", "not_enough_known", "reviewed",
    ),
    "not_now": ("contacted_lately", "over_capacity", "reviewed"),
    "not_approached": ("opted_out", "declared", "not_worth_it", "reviewed"),
}  # fmt: skip
MAY_WAIT = ("grow", "approach")  # what capacity may move to next month, incidents apart
INSTEAD = ("call", "mail", "visit")  # tried in this order where the channel is refused
DECISION_COLUMNS = (
    "under_contract", "decision", "reason", "all_reasons", "evidence", "hold_out", "review_on",
    "action", "purpose", "channel", "due_on", "owner", "effort_hours",
)  # fmt: skip


def _rows(*rows: tuple[str, str, str, str, str, str, str, float, int, str, str]) -> list[ActionRow]:
    names = (
        "name", "decision", "reasons", "action", "action_ja", "purpose", "channel", "effort_hours",
        "due_in_days", "measure", "measure_ja",
    )  # fmt: skip
    stated = [dict(zip(names, row, strict=True)) for row in rows]
    return [ActionRow.model_validate(row | {"reasons": row["reasons"].split()}) for row in stated]  # type: ignore[attr-defined]


# fmt: off
DEFAULT_ACTIONS: tuple[ActionRow, ...] = tuple(_rows(
    ("put it right", "recover", "open_incident reviewed",
     "Call today: hear them out, say what happens by when, make the next delivery exceed it",
     "本日電話：お話を伺い、いつまでに何をするかをお約束し、次回納品で期待を超える",
     "recover", "call", 2.0, 1, "recovered within 7 days", "7日以内にリカバリ"),
    ("do our part", "recover", "our_part_missing",
     "Deliver what we owe: send the missing requests, answer what is open, agree a date",
     "当社の未対応を解消する：未送付の依頼とご返答を済ませ、日程を合意する",
     "recover", "call", 1.5, 5, "our declared minimum is delivered", "約束した最低限の対応が完了"),
    ("visit before they go", "recover", "silent_leaver",
     "Visit: ask what they expected, agree on one goal, check it in 30 days",
     "訪問：何を期待されていたかを伺い、目標を1つ合意し、30日後に確認する",
     "recover", "visit", 2.5, 7, "uses the service again within 30 days", "30日以内に利用再開"),
    ("repair or sell less", "recover", "pays_gets_nothing",
     "Review the goal together and change the plan; nothing more is sold until it works",
     "目標を一緒に見直しプランを組み直す。成果が出るまで追加提案はしない",
     "recover", "call", 2.0, 10, "a result within 90 days", "90日以内に成果"),
    ("offer the next size", "grow", "gets_results_pays_little",
     "Propose the next size with their own figures; ask for a reference",
     "お客様ご自身の数字をもとに次のプランを提案し、ご紹介をお願いする",
     "propose", "visit", 1.5, 14, "a larger order within 90 days", "90日以内に増額"),
    ("offer what is missing", "grow", "gets_results reviewed",
     "Show what others like them use beside it; ask for a reference",
     "似たお客様が併用されているものを紹介し、ご紹介をお願いする",
     "propose", "call", 1.0, 14, "a further product within 90 days", "90日以内に追加のご注文"),
    ("help to the first result", "grow", "on_the_way",
     "Help with the next open request, with an example of how others did it",
     "次の依頼事項を、うまくいった例を添えてお手伝いする",
     "educate", "call", 0.5, 14, "the next request is done", "次の依頼が完了"),
    ("serve as agreed", "keep_serving", "normal_service reviewed",
     "Serve as agreed; send one useful thing this month",
     "お約束どおり対応し、今月役に立つ情報を1つお届けする",
     "trust", "mail", 0.25, 30, "stays for the next quarter", "次の四半期も継続"),
    ("serve, sell nothing", "keep_serving", "opted_out declared",
     "Serve as agreed; no extra selling", "お約束どおり対応する。追加の営業はしない",
     "trust", "as agreed", 0.25, 30, "no complaint", "ご不満なし"),
    ("put it right, no contract", "approach", "open_incident",
     "Call today and put right what went wrong; nothing is sold",
     "本日電話し、問題を解消する。営業はしない",
     "recover", "call", 1.5, 1, "recovered within 7 days", "7日以内にリカバリ"),
    ("propose", "approach", "worth_it reviewed",
     "Call, understand the need, propose", "電話でご要望を伺い、提案する",
     "propose", "call", 1.5, 10, "a meeting within 30 days", "30日以内に面談"),
    ("hear the answer", "approach", "open_proposal",
     "Ask what is missing for a decision on our proposal; nothing new is proposed",
     "ご提案について、ご決断に足りないものを伺う。新しい提案はしない",
     "understand", "call", 0.5, 5, "an answer within 14 days", "14日以内にご返答"),
    ("keep in touch", "approach", "current_customer",
     "Thank for the last order; send one useful thing this month",
     "前回のご注文にお礼を伝え、今月役に立つ情報を1つお届けする",
     "trust", "mail", 0.25, 30, "orders again within the next quarter", "次の四半期に再注文"),
    ("ask how it went", "approach", "former_customer",
     "Call: ask how it went and what they need now; put right first what we left undone",
     "電話：その後の様子と今のご要望を伺い、当社に不足があればまず正す",
     "understand", "call", 0.5, 21, "an answer within 30 days", "30日以内にご返答"),
    ("ask one question", "approach", "in_doubt",
     "Ask one question about their goal; propose only if they answer",
     "目標について1つ伺い、ご返答があれば提案する",
     "understand", "call", 1.0, 14, "an answer within 14 days", "14日以内にご返答"),
    ("get to know", "approach", "not_enough_known",
     "Write, give something useful, learn trade, size and goal",
     "お役に立つ情報をお送りし、業種・規模・目標を伺う",
     "understand", "mail", 0.5, 21, "trade, size and goal are known", "業種・規模・目標が分かる"),
    ("approach as usual, to test the list", "approach", "hold_out",
     "Approach exactly as usual: this tests the list", "通常どおり接触する（リストの検証）",
     "propose", "call", 1.5, 14, "signs and gets results", "受注し成果が出る"),
    ("wait", "not_now", "contacted_lately reviewed",
     "Wait for the date", "期日まで待つ",
     "none", "none", 0.0, 14, "", ""),
    ("wait for hours", "not_now", "over_capacity",
     "Wait for next month", "来月まで待つ",
     "none", "none", 0.0, 31, "", ""),
    ("respect the wish", "not_approached", "opted_out",
     "No contact; answer at once if they write to us",
     "ご連絡しない。お問い合わせには直ちにお答えする",
     "none", "none", 0.0, 0, "", ""),
    ("keep the agreement", "not_approached", "declared reviewed",
     "No contact until the review day; answer if they write to us",
     "見直し日までご連絡しない。お問い合わせにはお答えする",
     "none", "none", 0.0, 0, "", ""),
    ("hours go elsewhere", "not_approached", "not_worth_it",
     "No effort of ours until the review day; the newsletter and the website stay open to them",
     "見直し日までこちらからは動かない。メルマガとサイトは引き続きご利用いただける",
     "none", "none", 0.0, 0, "rate of the hold-out", "検証グループの成功率"),
))
# fmt: on


def complete_actions(rows: Sequence[ActionRow]) -> tuple[ActionRow, ...]:
    """The client's rows, and for every pair they leave out the default, cut to that pair."""
    taken = {(row.decision, reason) for row in rows for reason in _reasons_of(row, rows)}
    added = []
    for row in DEFAULT_ACTIONS:
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
    names = (
        "name", "action", "action_ja", "purpose", "channel", "owner", "effort_hours",
        "due_in_days",
    )  # fmt: skip
    told = {name: getattr(row, name) for name in names}
    return told | {"decided": row.signature(), "same_as": ", ".join(same)}


def _rows_for(decision: str, reason: str, rows: Sequence[ActionRow]) -> list[ActionRow]:
    """The rows of one pair; a row without reasons takes what no other row of the decision names."""
    own = [row for row in rows if row.decision == decision]
    return [row for row in own if reason in row.reasons] or [row for row in own if not row.reasons]


def _reasons_of(row: ActionRow, rows: Sequence[ActionRow]) -> list[str]:
    reachable = REACHABLE[row.decision]
    unknown = [reason for reason in row.reasons if reason not in reachable]
    if unknown:
        raise ClientError(
            f'[[actions]] "{row.name}" names {unknown} for {row.decision}, which never occurs '
            f"together. {row.decision} can have: {list(reachable)}."
        )
    return [reason for reason in reachable if row in _rows_for(row.decision, reason, rows)]


def assign_actions(
    decisions: pd.DataFrame, customers: pd.DataFrame, client: Client
) -> pd.DataFrame:
    """`decisions` (the table of `decide`, reviewed or not) with action, purpose, channel, due_on,
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
    japanese = client.language == "ja"
    planned = decisions.assign(
        action=[row.action_ja or row.action if japanese else row.action for row in chosen],
        purpose=[row.purpose for row in chosen],
        channel=_channels(decisions, chosen),
        due_on=_due_on(decisions, customers, chosen, client),
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
        return by_action.astype("str")
    own = customers["owner"].reindex(decisions.index).astype("object")
    return own.where(own.notna() & own.ne(""), by_action).astype("str")


def _due_on(
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
    says = value_label("reason", "over_capacity", client.language)
    moved = planned.copy()
    moved.loc[late, "all_reasons"] = "over_capacity; " + planned.loc[late, "all_reasons"]
    moved.loc[late, "evidence"] = f"{says}. " + planned.loc[late, "evidence"]
    moved.loc[late, ["decision", "reason"]] = ["not_now", "over_capacity"]
    moved.loc[late, "due_on"] = planned.loc[late, "due_on"].clip(lower=day)
    moved.loc[late, "review_on"] = day
    assert len(moved) == len(planned), "the actions do not add up to everyone"
    assert not (planned["decision"].eq("recover") & moved["decision"].ne("recover")).any()
    return moved
