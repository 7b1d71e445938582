"""The decision: fourteen reasons by hand, the asserts, the gates, and any frame at all."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segment_lib.approach import really_held_out
from segment_lib.approach.actions import assign_actions
from segment_lib.approach.decision import (
    check_decision,
    decide,
    explain_decision,
    lot,
    standing_sentence,
)
from segment_lib.approach.gates import assign_gates
from segment_lib.approach.reasons import BEFORE, REASONS, SERVED
from segment_lib.checks import ClientError, ListError
from segment_lib.client import Client
from segment_lib.columns import VALUES
from segment_lib.voice import _, language, pgettext

DECLARED = {
    "should_not": [
        {
            "because": "Competitors",
            "because_ja": "同業他社",
            "customers": ["C04", "C16"],
            "decided_by": "鈴木",
            "decided_on": "2025-04-01",
        }
    ]
}
# By hand. C02 and C04 are hopeless (P 1 %); C04 is declared first. C12 was served below our minimum
# *and* is silent: our part comes first. C16 is declared, but under contract, so it is served. C18
# spends 800 of a potential of 700: nothing is left to sell. C19's complaint was signed as
# unreasonable, so its results decide. C20 refused all channels, so only selling is withheld.
EXPECTED = {
    "C01": ("approach", "worth_it"),
    "C02": ("not_approached", "not_worth_it"),
    "C03": ("not_approached", "opted_out"),
    "C04": ("not_approached", "declared"),
    "C05": ("not_now", "contacted_lately"),
    "C06": ("approach", "in_doubt"),
    "C07": ("approach", "not_enough_known"),
    "C11": ("recover", "open_incident"),
    "C12": ("recover", "our_part_missing"),
    "C13": ("recover", "silent_leaver"),
    "C14": ("recover", "pays_gets_nothing"),
    "C15": ("grow", "gets_results_pays_little"),
    "C16": ("keep_serving", "declared"),
    "C17": ("grow", "on_the_way"),
    "C18": ("keep_serving", "normal_service"),
    "C19": ("grow", "gets_results_pays_little"),
    "C20": ("keep_serving", "opted_out"),
}


def run(customers, client, permissions=None, contacts=None):
    gates = assign_gates(customers, client, permissions, contacts)
    return decide(customers, client, gates)


@pytest.fixture
def decision(make, customers, permissions, contacts):
    return run(customers, make(contact_policy=DECLARED), permissions, contacts)


def test_each_customer_gets_the_decision_derived_by_hand(decision) -> None:
    told = decision.table[["decision", "reason"]].apply(tuple, axis=1).to_dict()
    assert told == EXPECTED


def test_all_reasons_follow_the_order_of_the_gates(decision) -> None:
    told = decision.table["all_reasons"]
    assert told["C04"] == "declared; not_worth_it"
    assert told["C05"] == "contacted_lately; worth_it"
    assert told["C12"] == "our_part_missing; silent_leaver; pays_gets_nothing"
    assert told["C20"] == "opted_out; gets_results_pays_little; gets_results"
    assert told["C18"] == "normal_service"


def test_the_summary_adds_up_to_everyone(decision) -> None:
    people = decision.summary.set_index("decision")
    assert people.loc["all"].tolist() == [7, 10, 17]
    assert people.loc["approach"].tolist() == [3, 0, 3]
    assert people.loc["not_approached"].tolist() == [3, 0, 3]
    assert people.loc["recover"].tolist() == [0, 4, 4]
    assert decision.reasons["customers"].sum() == 17


def test_evidence_holds_the_numbers(decision) -> None:
    told = decision.table["evidence"]
    assert told["C02"] == (
        "Of 84 alike 5 signed, of 4 alike with a known result 0 got results; it pays if 17 of 84 "
        "do both."
    )
    assert told["C04"] == "Competitors (鈴木, 2025-04-01)."
    assert told["C05"] == "Last contact 2025-06-20, 10 days ago."
    assert told["C11"] == "Open since 2025-06-20 (10 days)."
    assert told["C13"] == "Spend ¥800, last order 100 days ago, result: No result."
    assert told["C17"] == "Under contract since 2024-12-31; result not yet known."


def test_the_japanese_evidence_and_sentence(make, customers, permissions, contacts) -> None:
    client = make(language="ja", contact_policy=DECLARED)
    decision = run(customers, client, permissions, contacts)
    assert decision.table["evidence"]["C04"] == "同業他社 (鈴木, 2025-04-01)。"
    row = decision.table.assign(name=customers["name"]).loc["C01"]
    assert explain_decision(row) == (
        "青空商事様：アプローチする（採算が見込める）。"
        "似たお客様90名のうち受注40名、結果が分かった36名のうち成果あり26名。"
        "90名中19名で受注と成果が出れば採算に合います。見直し日は2025-09-28です。"
    )


def test_every_reason_has_evidence_in_both_languages() -> None:
    asked = [row for row in REASONS if row.relation in (BEFORE, SERVED)]
    assert all(row.evidence for row in asked)
    with language("ja"):
        assert all(pgettext("reason", row.label) != row.label for row in REASONS)
        assert all(_(row.evidence) != row.evidence for row in asked)
        assert standing_sentence() == (
            "お客様の価値ではなく、当社が時間をどこに使うかの判断です。"
            "ご契約中のお客様への対応は変わりません。"
        )


@pytest.mark.parametrize(
    ("spoken", "says"),
    [
        ("en", "Result: No result; spend ¥800; an incident of 2025-06-20 is open, signed as not "
               "justified."),
        ("ja", "成果：成果なし、累計¥800、2025-06-20のクレームが未解決です"
               "（正当なクレームではないと署名済み）。"),
    ],
)  # fmt: skip
def test_an_open_incident_is_never_called_nothing(make, customers, spoken, says) -> None:
    customers.loc["C18", ["incident_state", "got_results"]] = ["open", "no"]
    customers.loc["C18", "open_incident_since"] = pd.Timestamp("2025-06-20")
    customers.loc["C18", "justified"] = False
    row = run(customers, make(spoken)).table.loc["C18"]
    assert (row["reason"], row["evidence"]) == ("normal_service", says)


def test_review_days(decision) -> None:
    # 90 days after the as-of day; who was called on 20 June is free again on 4 July.
    assert decision.table["review_on"]["C02"] == pd.Timestamp("2025-09-28")
    assert decision.table["review_on"]["C05"] == pd.Timestamp("2025-07-04")


def test_row_order_does_not_matter(make, customers, permissions, contacts, decision) -> None:
    shuffled = customers.sample(frac=1, random_state=3)
    again = run(shuffled, make(contact_policy=DECLARED), permissions, contacts.iloc[::-1])
    pd.testing.assert_frame_equal(again.table, decision.table)


def test_an_open_incident_without_contract_is_answered(make, customers) -> None:
    customers.loc["C02", "incident_state"] = "open"
    decision = run(customers, make())
    assert decision.table.loc["C02", ["decision", "reason"]].tolist() == [
        "approach",
        "open_incident",
    ]


def test_a_former_customer_is_never_called_not_worth_it(make, customers) -> None:
    customers.loc["C02", "contract_on"] = pd.Timestamp("2023-04-01")  # a contract that has ended
    customers.loc["C02", "we_did_our_part"] = False
    told = run(customers, make()).table.loc["C02"]
    assert (told["decision"], told["reason"]) == ("approach", "former_customer")
    assert told["evidence"].startswith("A customer since 2023-04-01, result: Not yet known;")


def test_who_got_results_is_never_called_not_worth_it(make, customers) -> None:
    customers.loc["C02", "got_results"] = "yes"
    assert run(customers, make()).table["reason"]["C02"] == "in_doubt"


def test_without_a_break_even_nobody_is_called_not_worth_it(make, customers) -> None:
    customers["p_worth_it"] = np.nan
    decision = run(customers, make(worth={}))
    assert not decision.table["decision"].eq("not_approached").any()
    assert decision.messages == (
        "No value or cost is stated in [worth], so nobody is called not worth it.",
    )


def test_the_hold_out_is_drawn_from_the_not_worth_it_alone(make) -> None:
    ids = [f"C{number:05d}" for number in range(4000)]
    frame = pd.DataFrame(
        {"p_worth_it": 0.01, "like_the_learned": True, "under_contract": False},
        index=pd.Index(ids, name="customer_id"),
    )
    frame["worth_band"] = [1] * 1370 + [2] * 450 + [3] * 180 + [9] * 2000
    frame.loc[ids[2000:], "p_worth_it"] = 0.9
    table = run(frame, make()).table
    held = table[table["hold_out"]]
    assert held["decision"].eq("approach").all()
    assert held["reason"].eq("hold_out").all()
    assert held["all_reasons"].eq("hold_out; not_worth_it").all()
    # 5 % of 1,370, 450 and 180 are 68.5, 22.5 and 9: 100 of 2,000 in all, within one of each share.
    drawn = frame.loc[held.index, "worth_band"].value_counts()
    assert len(held) == 100
    assert (drawn[[1, 2, 3]] - pd.Series({1: 68.5, 2: 22.5, 3: 9.0})).abs().max() <= 0.5
    # Within a band the lowest lots are drawn: the same people next month.
    lots = pd.Series({one: lot(one) for one in ids[:1370]})
    assert set(lots.nsmallest(drawn[1]).index) == set(held.index) & set(ids[:1370])
    digest = hashlib.sha256(b"7:C00001").digest()[:8]
    assert lot("C00001", 7) == int.from_bytes(digest, "big") / 2**64


def test_who_may_not_be_contacted_takes_no_place_in_the_hold_out(make) -> None:
    ids = [f"C{number:05d}" for number in range(400)]
    frame = pd.DataFrame(
        {"p_worth_it": 0.01, "like_the_learned": True, "worth_band": 1},
        index=pd.Index(ids, name="customer_id"),
    )
    refusals = pd.DataFrame(
        {"customer_id": ids[::2], "channel": "all", "allowed": False, "since": pd.NaT}
    )
    table = run(frame, make(), refusals).table
    assert table["hold_out"].sum() == 10  # 5 % of the 200 who may be contacted
    assert not table.loc[ids[::2], "hold_out"].any()


def test_hours_never_displace_the_hold_out(make, customers) -> None:
    frame = pd.concat([customers.loc[["C02"]]] * 60)
    frame.index = pd.Index([f"H{k:03d}" for k in range(60)], name="customer_id")
    client = make(
        worth={"value_per_result": 60, "cost_per_approach": 12, "hold_out_share": 0.5},
        capacity={"hours_per_month": 1},
    )
    actions = assign_actions(run(frame, client).table, frame, client)
    assert actions["hold_out"].sum() == 30
    assert actions.loc[actions["hold_out"], "decision"].eq("approach").all()
    assert really_held_out(actions) == 30


def test_a_refusal_of_one_channel_is_no_opt_out(make, customers, permissions, contacts) -> None:
    gates = assign_gates(customers, make(), permissions, contacts)
    assert gates["channels_refused"]["C01"] == "call"
    assert not gates["opted_out"]["C01"]
    assert gates["opted_out"][["C03", "C20"]].all()


def test_the_latest_word_counts_and_a_later_day_does_not(make, customers) -> None:
    words = pd.DataFrame(
        {
            "customer_id": ["C01", "C01", "C02", "C02", "C03"],
            "channel": ["all", "mail", "mail", "call", "all"],
            "allowed": [False, True, False, False, False],
            "since": pd.to_datetime(
                ["2025-01-01", "2025-03-01", "2025-01-01", "2025-02-01", "2025-12-01"]
            ),
        }
    )
    gates = assign_gates(customers, make(), words)
    assert not gates["opted_out"]["C01"]  # mail is welcome again
    assert gates["opted_out"]["C02"]  # both channels in use, one by one
    assert not gates["opted_out"]["C03"]  # only from December


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            {"because": "x"},
            '[[contact_policy.should_not]] "x" names neither conditions nor customers, so it would '
            "mean everybody. Add one of them.",
        ),
        (
            {"because": "x", "conditions": ["incident_state = open"]},
            '[[contact_policy.should_not]] "x" asks for incident_state. A complaint is never a '
            "reason to leave someone alone. Take the condition out.",
        ),
    ],
)
def test_rules_that_cannot_be_used(make, customers, row, message) -> None:
    with pytest.raises(ClientError) as error:
        assign_gates(customers, make(contact_policy={"should_not": [row]}))
    assert str(error.value) == message


def test_rules_by_condition(make, customers) -> None:
    customers["trade"] = ["Rival"] * 2 + ["bakery"] * (len(customers) - 2)
    customers["staff"] = range(len(customers))
    rule = {"because": "rivals", "conditions": ["trade = rival", "staff >= 1"]}
    decision = run(customers, make(contact_policy={"should_not": [rule]}))
    assert decision.table.index[decision.table["reason"] == "declared"].tolist() == ["C02"]
    assert decision.messages == ('The rule "rivals" is applied, but nobody has signed it.',)


def test_a_rule_by_age_is_said_aloud(make, customers) -> None:
    customers["age"] = 70
    rule = {"because": "old", "conditions": ["age >= 65"], "decided_by": "x"}
    decision = run(customers, make(contact_policy={"should_not": [rule]}))
    assert decision.messages == (
        'The rule "old" decides by age: it may shut out a group of people. Ask whether it must.',
    )


def test_gates_must_be_given(make, customers) -> None:
    with pytest.raises(ListError, match=r"gates lacks column\(s\) \['under_contract'"):
        decide(customers, make(), customers.drop(columns="under_contract"))


def test_the_asserts_bite(decision) -> None:
    wrong = decision.table.copy()
    wrong.loc["C11", "decision"] = "not_approached"
    with pytest.raises(AssertionError, match="under contract is on the list"):
        check_decision(wrong, wrong.index)
    with pytest.raises(AssertionError, match="do not add up to everyone"):
        check_decision(decision.table.drop("C11"), decision.table.index)


FLAG = st.sampled_from([True, False, None])
FIELDS = {
    "under_contract": FLAG,
    "we_did_our_part": FLAG,
    "silent_leaver": FLAG,
    "like_the_learned": FLAG,
    "justified": FLAG,
    "key_account": FLAG,
    "got_results": st.sampled_from([*VALUES["got_results"], None]),
    "field": st.sampled_from([*VALUES["field"], None]),
    "incident_state": st.sampled_from([*VALUES["incident_state"], None]),
    "stage": st.sampled_from([*VALUES["stage"], None]),
    "p_worth_it": st.one_of(st.none(), st.floats(0, 1)),
    "monetary": st.one_of(st.none(), st.floats(-1e6, 1e9)),
    "potential_amount": st.one_of(st.none(), st.floats(0, 1e9)),
    "refused": st.booleans(),
    "contacted": st.booleans(),
}


@settings(max_examples=25)
@given(
    rows=st.lists(st.fixed_dictionaries(FIELDS), max_size=12),
    drop=st.sets(st.sampled_from(["field", "stage"])),
)
def test_any_frame_adds_up_and_nobody_under_contract_is_listed(rows, drop) -> None:
    frame = pd.DataFrame(rows, columns=list(FIELDS))
    frame.index = pd.Index([f"C{k}" for k in range(len(frame))], name="customer_id", dtype="str")
    ids = pd.Series(frame.index)
    refused, contacted = (frame.pop(name).to_numpy(bool) for name in ("refused", "contacted"))
    words = pd.DataFrame(
        {"customer_id": ids[refused], "channel": "all", "allowed": False, "since": pd.NaT}
    )
    touches = pd.DataFrame(
        {"customer_id": ids[contacted], "contacted_on": pd.Timestamp("2025-06-29")}
    ).assign(direction=None, channel=None)
    stated = {
        "client": {"name": "any", "as_of": "2025-06-30"},
        "lists": {"orders": {"files": ["x"], "columns": {"customer_id": "id"}}},
        "worth": {"value_per_result": 60, "cost_per_approach": 12},
    }
    decision = run(frame.drop(columns=list(drop)), Client.model_validate(stated), words, touches)
    check_decision(decision.table, frame.index)
    assert decision.summary["customers"].iloc[-1] == len(frame)
    assert decision.reasons["customers"].sum() == len(frame)
    listed = decision.table[decision.table["decision"] == "not_approached"]
    assert listed["reason"].isin(["opted_out", "declared", "not_worth_it"]).all()


# --- in doubt, by the appetite that people declared -----------------------------------------------
def test_in_doubt_is_approached_unless_people_chose_otherwise(customers, make) -> None:
    """C05 is wanted on the list and not warranted; C02 is warranted."""
    customers.loc["C05", "wanted"] = True
    gates = assign_gates(customers, make())
    cautious = decide(customers, make(), gates).table
    assert cautious.loc["C05", ["decision", "reason"]].tolist() == ["approach", "worth_it"]
    worth = {"value_per_result": 60, "cost_per_approach": 12, "appetite": "expected_value"}
    client = make(worth=worth | {"hold_out_share": 0})
    chosen = decide(customers, client, gates).table
    assert chosen.loc["C05", ["decision", "reason"]].tolist() == [
        "not_approached", "in_doubt_left_out",
    ]  # fmt: skip
    assert chosen.loc["C05", "evidence"].endswith("No warranty is given.")
    assert chosen.loc["C02", "reason"] == "not_worth_it"
    drawn = decide(customers, make(worth=worth | {"hold_out_share": 0.99}), gates).table
    assert drawn.loc["C05", ["decision", "reason"]].tolist() == ["approach", "hold_out"]
