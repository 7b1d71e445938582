"""Who, what, when: every pair has one action, hours are filled in order, recovery never waits."""

from __future__ import annotations

import pandas as pd
import pytest

from segment_lib.approach.actions import (
    assign_actions,
    check_actions,
    complete_actions,
    usual_hours,
)
from segment_lib.approach.decision import decide
from segment_lib.approach.gates import assign_gates
from segment_lib.approach.hours import (
    freed_hours,
    hours_table,
    monday_page,
    owner_load,
    power_of_hold_out,
)
from segment_lib.approach.reasons import NO_CONTRACT, REACHABLE, UNDER_CONTRACT, default_actions
from segment_lib.checks import ClientError, KitError
from segment_lib.settings import ActionRow
from segment_lib.thread import DECISIONS
from segment_lib.voice import language

ROW = {
    "name": "mine",
    "action": "Write a letter",
    "decision": "approach",
    "reasons": ["worth_it"],
    "purpose": "propose",
    "channel": "letter",
    "effort_hours": 3.0,
    "due_in_days": 5,
    "owner": "高橋",
}


def plan(make, customers, permissions=None, contacts=None, **sections):
    client = make(**sections)
    decided = decide(customers, client, assign_gates(customers, client, permissions, contacts))
    return assign_actions(decided.table, customers, client), client


@pytest.fixture
def actions(make, customers, permissions, contacts):
    return plan(make, customers, permissions, contacts)[0]


def test_every_pair_that_decide_can_make_has_one_default() -> None:
    made = {(decision, reason) for reason, decision in NO_CONTRACT.items()}
    made |= {(decision, reason) for reason, decision in UNDER_CONTRACT.items()}
    pairs = {(decision, reason) for decision, reasons in REACHABLE.items() for reason in reasons}
    assert made <= pairs
    book = check_actions(default_actions())
    assert set(zip(book["decision"], book["reason"], strict=True)) == pairs
    assert book["decided"].eq("default, not decided yet (初期値・未決定)").all()
    assert book["same_as"].eq("").all()
    with language("ja"):
        assert check_actions(default_actions())["action"].str.contains("[ぁ-ん]").all()


def test_a_client_row_takes_the_place_of_the_default() -> None:
    rows = complete_actions([ActionRow.model_validate(ROW)])
    book = check_actions(rows).set_index(["decision", "reason"])
    assert book.loc[("approach", "worth_it"), "name"] == "mine"
    assert book.loc[("approach", "reviewed"), "name"] == "propose"


def test_a_row_without_reasons_takes_what_no_other_names() -> None:
    rest = ActionRow.model_validate(ROW | {"reasons": [], "name": "rest"})
    own = ActionRow.model_validate(ROW | {"reasons": ["in_doubt"]})
    book = check_actions(complete_actions([rest, own])).set_index(["decision", "reason"])["name"]
    assert book["approach"].to_dict() == {
        reason: "mine" if reason == "in_doubt" else "rest" for reason in REACHABLE["approach"]
    }


def test_two_actions_for_one_pair_and_pairs_that_never_occur() -> None:
    twice = [ActionRow.model_validate(ROW), ActionRow.model_validate(ROW | {"name": "other"})]
    with pytest.raises(ClientError) as error:
        check_actions(complete_actions(twice))
    assert str(error.value) == (
        "[[actions]] must hold exactly one action for approach / worth_it, but it holds 2: "
        "['mine', 'other']. Let one of them name it."
    )
    never = ActionRow.model_validate(ROW | {"reasons": ["silent_leaver"]})
    with pytest.raises(ClientError, match=r'"mine" names .* for approach, which never occurs'):
        complete_actions([never])


def test_the_same_action_twice_is_reported() -> None:
    rows = [
        ActionRow.model_validate(ROW | {"reasons": [r], "name": r})
        for r in ("worth_it", "in_doubt")
    ]
    book = check_actions(complete_actions(rows)).set_index(["decision", "reason"])
    assert book.loc[("approach", "worth_it"), "same_as"] == "in_doubt"


def test_everyone_has_an_action_and_an_owner(actions, customers) -> None:
    assert actions.index.equals(customers.index)
    assert set(DECISIONS) <= set(actions.columns)
    assert actions["action"].str.len().gt(0).all()
    assert actions["owner"]["C01"] == "佐藤"
    assert actions["owner"]["C20"] == "unassigned"


def test_days(actions, make, customers) -> None:
    assert actions["do_on"]["C11"] == pd.Timestamp("2025-07-01")
    assert actions["do_on"]["C01"] == pd.Timestamp("2025-07-10")
    assert actions["do_on"]["C05"] == pd.Timestamp("2025-07-04")  # 14 days after the call
    assert pd.isna(actions["do_on"]["C02"])
    customers["due_on"] = pd.NaT
    customers.loc["C15", "due_on"] = pd.Timestamp("2025-07-03")  # the next order comes earlier
    customers.loc["C17", "due_on"] = pd.Timestamp("2025-05-01")  # long past: the action's own days
    customers.loc["C18", "due_on"] = pd.Timestamp("2025-12-01")  # later than the action
    due = plan(make, customers)[0]["do_on"]
    assert due["C15"] == pd.Timestamp("2025-07-03")
    assert due["C17"] == pd.Timestamp("2025-07-14")
    assert due["C18"] == pd.Timestamp("2025-07-30")


def test_a_refused_channel_is_not_used(actions) -> None:
    assert actions["channel"]["C01"] == "mail"  # refused the telephone
    assert actions["channel"]["C06"] == "call"
    assert actions["channel"]["C20"] == "as agreed"


def test_over_capacity_waits_and_recovery_does_not(make, customers, permissions, contacts) -> None:
    # Recovery takes 2 + 1.5 + 2.5 + 2 = 8 h, service (C18, C20) 0.5 h: served in any case.
    # Of 11 h 2.5 are left: C15 takes 1.5, C19 would need 1.5 more, so it and all after it wait.
    planned, _ = plan(make, customers, permissions, contacts, capacity={"hours_per_month": 11})
    late = planned[planned["reason"] == "over_capacity"]
    assert planned.loc[["C11", "C12", "C13", "C14"], "decision"].eq("recover").all()
    assert planned.loc[["C18", "C20"], "decision"].eq("keep_serving").all()
    served = planned[~planned["decision"].isin(["not_now", "not_approached"])]
    assert served["effort_hours"].sum() <= 11
    assert set(late.index) == {"C01", "C06", "C07", "C16", "C17", "C19"}
    assert late["decision"].eq("not_now").all()
    assert late["do_on"].ge(pd.Timestamp("2025-07-01")).all()
    assert late["all_reasons"]["C01"] == "over_capacity; worth_it"
    assert late["effort_hours"].gt(0).all()  # the action is kept
    assert late["evidence"].str.startswith("No hours left this month. ").all()


def test_hours_of_one_owner(make, customers) -> None:
    planned, client = plan(make, customers, capacity={"owners": {"佐藤": 0.5}})
    own = planned[planned["owner"] == "佐藤"]
    assert (
        own.loc[own["reason"] == "over_capacity"]
        .index.isin(own.index[own["all_reasons"].str.contains("worth_it|doubt|known|results|way")])
        .all()
    )
    other = planned[planned["owner"] == "鈴木"]
    assert not other["reason"].eq("over_capacity").any()
    load = owner_load(planned, client).set_index("owner")
    assert load.loc["佐藤", "capacity_hours"] == 0.5
    assert pd.isna(load.loc["鈴木", "capacity_hours"])
    assert load.loc["佐藤", "waiting"] == own["reason"].eq("over_capacity").sum()


def test_hours_before_and_after(actions, make) -> None:
    approach, service = usual_hours(make())
    assert (approach, service) == (1.5, 0.25)
    table = hours_table(actions, approach, service).set_index("decision")
    waiting = (actions["decision"] == "not_now").sum()
    assert waiting > 0
    # waiting frees nothing: who waits is in no row
    assert table["customers"].sum() == len(actions) - waiting
    # 7 without and 10 under contract; the one who waits has no contract, and who is approached
    # frees nothing, however short the action is
    own = table.loc["approach", "hours_after"]
    assert table.loc["approach", "hours_before"] == own > 0
    assert table["hours_before"].sum() == 3 * 1.5 + own + 10 * 0.25
    assert table.loc["not_approached", ["hours_before", "hours_after"]].tolist() == [4.5, 0.0]
    assert table.loc["recover", ["hours_before", "hours_after"]].tolist() == [1.0, 8.0]


def test_freed_hours_go_to_recovery_first(actions) -> None:
    table = freed_hours(actions, 1.5)
    freed, goes = (table[table["part"] == part] for part in ("freed", "goes_to"))
    assert dict(zip(freed["reason"], freed["hours"], strict=True)) == {
        "not_worth_it": 3.0,
        "opted_out": 1.5,
    }
    assert freed["hours"].sum() == goes["hours"].sum() == 4.5
    # The open incident takes 2 h, the rest goes to the next in order.
    assert goes["reason"].tolist()[:2] == ["open_incident", "our_part_missing"]
    assert goes["hours"].tolist()[:2] == [2.0, 1.5]


def test_the_monday_page(actions, customers) -> None:
    monday = pd.Timestamp("2025-06-30").date()
    page = monday_page(actions, customers, "鈴木", monday)
    assert page["name"].str.endswith("様").all()
    # 鈴木's open actions, in order: C11 (2 h, due 1 July), C13 (2.5 h, due 7 July), C15 (1.5), C19
    # (1.5), C17 (.5), C06 (1). A quarter of these 9 h is 2.25: after C11 nothing else fits.
    assert page.index.tolist() == ["C11"]
    longer = monday_page(actions, customers, "鈴木", monday, hours=6)
    assert longer.index.tolist() == ["C11", "C13", "C15"]
    assert not longer["decision"].isin(["not_now", "not_approached"]).any()
    with pytest.raises(KitError) as error:
        monday_page(actions, customers, "山本", monday)
    assert str(error.value) == (
        "No action belongs to the owner \"山本\". Owners are: ['unassigned', '佐藤', '鈴木']."
    )


def test_the_power_of_the_hold_out() -> None:
    told = power_of_hold_out(25, 0.17).iloc[0]
    assert told["months"] == 3  # 25 a month: 60 after three
    assert told["false_alarm"] <= 0.01
    assert told["power_at_break_even"] >= 0.5
    assert told["power_at_double"] >= 0.95
    assert pd.isna(power_of_hold_out(0, 0.17)["months"].iloc[0])
