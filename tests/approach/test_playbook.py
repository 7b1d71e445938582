"""The playbook: rows by hand, what no row may do, the presets on generated customers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segment_lib.approach.actions import actions_for, facts_for
from segment_lib.approach.bought_together import goes_with
from segment_lib.approach.choosing import after_no_answer, choice_of, followed
from segment_lib.approach.known import FACTS, known_of, next_due
from segment_lib.approach.playbook import (
    PRESETS,
    Playbook,
    needed,
    playbook_of,
    preset_rows,
    row_named,
    told,
    with_preset,
    with_row,
)
from segment_lib.approach.playbook_checks import groups_table, rows_table
from segment_lib.approach.said import says_playbook
from segment_lib.approach.service import expected_value
from segment_lib.checks import ClientError
from segment_lib.client import Client
from segment_lib.settings import ActionRow
from segment_lib.settings.plan import proposed_playbook
from segment_lib.voice import language

AS_OF = dt.date(2025, 6, 30)
TODAY = pd.Timestamp(AS_OF)
PLAIN: dict[str, Any] = {
    "content": "Call", "channels": ["call"], "purpose": "understand", "effort_hours": 1.0,
}  # fmt: skip
CATCH_ALL = PLAIN | {"name": "the rest", "channels": ["none"]}


def people(*rows: dict[str, Any]) -> pd.DataFrame:
    """Customers with these facts; what is not named is a plain approach of somebody unknown."""
    plain = {"decision": "approach", "reason": "not_enough_known", "under_contract": False}
    frame = pd.DataFrame([plain | row for row in rows])
    frame.index = pd.Index([f"C{n}" for n in range(len(rows))], name="customer_id")
    return frame


def row(**keys: Any) -> ActionRow:
    return ActionRow.model_validate(PLAIN | {"name": "mine"} | keys)


def test_decision_reasons_and_purpose_may_be_written_as_the_report_calls_them() -> None:
    words = {"decision": "育てる", "reasons": ["Gets results"], "purpose": "提案"}
    read = row(**words)
    assert (read.decision, read.reasons, read.purpose) == ("grow", ("gets_results",), "propose")


@pytest.fixture
def own(make):
    """`own(row, row …)`: a client whose playbook is these rows alone."""

    def client(*rows: dict[str, Any], **sections: Any) -> Client:
        stated = [PLAIN | one for one in rows]
        return make(playbook={"use": "own"}, actions=stated, **sections)

    return client


def rows_of(client: Client, facts: pd.DataFrame) -> list[str]:
    book = playbook_of(client)
    return [book.rows[at].name for at in choice_of(facts, book).row]


# --- the first row that fits ----------------------------------------------------------------------
def test_the_first_row_that_fits_is_the_action(own) -> None:
    client = own(
        {"name": "late", "when": {"due": "overdue"}},
        {"name": "lately", "when": {"recency_days": "<= 30", "five_type": "!= fad"}},
        {"name": "A or B", "when": {"status": ["A", "A 今検討中", "likely"]}},
        CATCH_ALL,
    )
    facts = people(
        {"due": "overdue", "recency_days": 10, "five_type": "loyal"},
        {"due": "soon", "recency_days": 10, "five_type": "loyal"},
        {"recency_days": 10, "five_type": "fad", "status": "likely"},
        {"recency_days": 10, "status": "deciding_now"},  # the type is not known: fits no condition
        {"recency_days": 31, "five_type": "loyal", "status": "quiet"},
    )
    assert rows_of(client, facts) == ["late", "lately", "A or B", "A or B", "the rest"]


def test_every_customer_must_have_a_row(own) -> None:
    with pytest.raises(ClientError) as error:
        rows_of(own({"name": "A", "when": {"status": "A"}}), people({"status": "quiet"}))
    assert str(error.value) == (
        "The playbook has no action for 1 customers, for example ['C0']. Add a last row without "
        'conditions and with the channel "none": it takes whoever is left.'
    )


def test_the_relation_can_be_asked_for_in_either_language(own) -> None:
    client = own({"name": "served", "when": {"relation": "ご契約中"}}, CATCH_ALL)
    known = known_of(people({}, {}), None, client)
    facts = facts_for(
        people({}, {"under_contract": True, "decision": "grow"}), people({}, {}), known
    )
    assert rows_of(client, facts) == ["the rest", "served"]


def test_what_a_row_asks_for_must_exist(own) -> None:
    with pytest.raises(ClientError, match=r"asks for statu, which no customer has.*status"):
        rows_of(
            own({"name": "typo", "when": {"statu": "A"}}, CATCH_ALL), people({"status": "likely"})
        )
    with pytest.raises(ClientError, match=r"says \{lime\}, which is no fact.*line"):
        rows_of(own({"name": "typo", "content": "About {lime}"}, CATCH_ALL), people({}))
    with pytest.raises(ClientError, match='goes on to "Nobody", which is no row'):
        playbook_of(own({"name": "a", "if_no_answer": {"days": 5, "row": "Nobody"}}, CATCH_ALL))
    with pytest.raises(ClientError, match=r"the name \['a'\] more than once"):
        playbook_of(own({"name": "a"}, {"name": "a"}, CATCH_ALL))


def test_rows_of_an_earlier_version_stay_valid(make) -> None:
    old = {
        "name": "letter", "action": "Write a letter", "action_ja": "お手紙", "channel": "letter",
        "purpose": "understand", "effort_hours": 3, "decision": "approach",
    }  # fmt: skip
    client = make(
        actions=[old, old | {"name": "ask", "reasons": ["in_doubt"], "channel": "LINE"}]
    )  # nobody stated [channels]: what a row of one's own names is in use
    facts = people({"reason": "in_doubt"}, {"reason": "worth_it"})
    # a row that names a decision alone takes what no other of them names
    assert rows_of(client, facts) == ["ask", "letter"]
    made = actions_for(facts, client, playbook_of(client))
    assert made["channel"].tolist() == ["LINE", "letter"]
    assert made["content"].tolist() == ["Write a letter", "Write a letter"]
    with language("ja"):
        made = actions_for(facts, client, playbook_of(client))
        assert made["content"].tolist() == ["お手紙", "お手紙"]
    never = old | {"reasons": ["silent_leaver"]}
    with pytest.raises(ClientError, match="for approach, which never occurs together"):
        playbook_of(make(actions=[never]))


def test_a_row_of_a_shipped_name_stands_in_its_place(make) -> None:
    shipped = [one.name for one in preset_rows("b2b_service")]
    for name in ("Do our part", "当社の未対応を済ませる"):
        book = playbook_of(make(actions=[PLAIN | {"name": name, "effort_hours": 9.0}]))
        assert len(book.rows) == len(shipped)
        assert [at for at, one in enumerate(book.rows) if one.effort_hours == 9.0] == [
            shipped.index("Do our part")
        ]
    first = playbook_of(make(actions=[PLAIN | {"name": "mine"}]))
    assert [one.name for one in first.rows] == ["mine", *shipped]


def test_who_signs_the_playbook_signs_its_rows(make) -> None:
    assert not any(one.is_signed for one in playbook_of(make()).rows)
    signed = {"use": "mail_order", "decided_by": "綾瀬", "decided_on": "2025-06-01"}
    assert {one.signature() for one in playbook_of(make(playbook=signed)).rows} == {
        "綾瀬, 2025-06-01"
    }


def test_the_lists_propose_a_preset(make) -> None:
    assert proposed_playbook({"customers", "order_lines", "contacts"}) == "b2b_service"
    assert proposed_playbook({"customers", "order_lines", "incidents"}) == "mail_order"
    assert proposed_playbook({"customers", "orders"}) == "orders_only"
    nobody_chose = make(playbook={})  # its one list holds orders
    assert (playbook_of(nobody_chose).preset, playbook_of(nobody_chose).chosen) == (
        "orders_only", False,
    )  # fmt: skip


# --- channels -------------------------------------------------------------------------------------
def test_channels_are_tried_in_order(own) -> None:
    client = own(
        {"name": "reach", "channels": ["同梱", "電話", "mail", "visit"]}, CATCH_ALL,
        channels={"in_use": ["parcel", "call", "電話", "mail"]},
    )  # fmt: skip
    nothing = {"channels_refused": "", "telephone": None, "email": None, "recency_days": 90}
    facts = people(
        nothing | {"telephone": "03"},
        nothing | {"telephone": "03", "email": "a@b", "channels_refused": "call"},
        nothing | {"recency_days": 3},  # an order is on its way
        nothing | {"due": "soon"},  # or due
        nothing,  # no address, and no visits here
    )
    chosen = choice_of(facts, playbook_of(client))
    assert chosen.channel.tolist() == ["call", "mail", "parcel", "parcel", "none"]
    # where the list has no such column at all, nobody is held to lack the number
    without = choice_of(facts.drop(columns=["telephone"]), playbook_of(client))
    assert without.channel.tolist()[0] == "call"
    # but who has an address that a list tells is reached by that one first
    told = people(nothing | {"email": "a@b"}).drop(columns=["telephone"])
    assert choice_of(told, playbook_of(client)).channel.tolist() == ["mail"]


def test_who_cannot_be_reached_is_to_be_found_first(make) -> None:
    facts = people({"telephone": None}, {"telephone": "03"})
    facts["email"] = [None, "a@b"]
    made = actions_for(facts, make(), playbook_of(make()))
    assert made["channel"].tolist() == ["none", "mail"]
    assert made["content"].iloc[0].startswith("No way to reach them is known: find one first.")


# --- sentences ------------------------------------------------------------------------------------
def test_a_part_in_brackets_is_left_out_without_its_fact() -> None:
    text = "[After {day}: ]meet again[ about {needs}]."
    assert told(text, {"day": "1 May", "needs": ""}) == "After 1 May: meet again."
    assert told(text, {"day": "", "needs": "tea"}) == "Meet again about tea."
    assert told("Call [urgently]", {}) == "Call [urgently]"  # no fact in it: as it was written
    assert needed(row(content=text, needs=["role"])) == {"role"}
    assert needed(row(content="About {line}[ of {product}]")) == {"line"}
    # the row must not hang on the language that is spoken
    assert needed(row(content="About {line}", content_ja="{product}について")) == {
        "line",
        "product",
    }


def test_a_row_without_its_facts_passes_to_the_next(own) -> None:
    client = own({"name": "about", "content": "About {line}, {days_late} days"}, CATCH_ALL)
    facts = people(
        {"line": "tea", "days_late": 1234}, {"line": "tea", "days_late": None}, {"line": ""}
    )
    assert rows_of(client, facts) == ["about", "the rest", "the rest"]
    made = actions_for(facts, client, playbook_of(client))
    assert made["content"].tolist()[0] == "About tea, 1,234 days"


@pytest.mark.parametrize("preset", PRESETS)
def test_the_presets_are_complete_in_both_languages(preset, make) -> None:
    rows = preset_rows(preset)
    assert len({one.name for one in rows}) == len(rows)
    assert rows[-1].conditions == {}
    assert rows[-1].channels[-1] == "none"
    book = playbook_of(with_preset(make(), preset))
    for one in rows:
        assert one.measure, one.name
        with language("ja"):
            said = rows_table(book, choice_of(people({}), book))
            assert said["action"].str.contains("[ぁ-んァ-ヶ一-龠]").all()
            assert said["measure"].str.contains("[ぁ-んァ-ヶ一-龠]").all()
        if one.if_no_answer:
            assert row_named(rows, one.if_no_answer.row)


def test_orders_only_asks_for_nothing_but_orders() -> None:
    asked = {name for one in preset_rows("orders_only") for name in one.conditions}
    assert asked <= {
        "reason", "decision", "override", "five_type", "lapsed", "recency_days", "due",
        "order_days", "campaign_share", "asks_in_a_row",
    }  # fmt: skip


# --- what no row may do ---------------------------------------------------------------------------
SELLS = {"name": "sell", "purpose": "propose", "channels": ["call", "none"]}


@pytest.mark.parametrize(
    "who",
    [
        {"decision": "not_approached", "reason": "not_worth_it"},
        {"incident_state": "open"},
        {"incident_state": "recovered"},
        {"under_contract": True, "decision": "keep_serving", "reason": "declared"},
        {"sub_stage": "met_twice"},
        {"quote": "open", "sub_stage": "meal"},
        {"quote": "lying"},
        {"sub_stage": "proposal", "proposed_on": TODAY, "last_reply_on": pd.NaT},
        {"five_type": "fad"},
    ],
)
def test_no_row_sells_where_selling_is_wrong(who, own) -> None:
    facts = people(who, {"sub_stage": "meal"})
    idle = CATCH_ALL | {"purpose": "none"}
    assert rows_of(own(SELLS, idle), facts) == ["the rest", "sell"]


def test_selling_goes_on_where_nothing_speaks_against_it(own) -> None:
    facts = people(
        {"incident_state": "open", "justified": False},  # a person signed that it was unreasonable
        {"incident_state": "fan"},
        {
            "sub_stage": "proposal",
            "proposed_on": TODAY - pd.Timedelta(days=9),
            "last_reply_on": TODAY,
        },
        {"under_contract": True, "decision": "grow", "sub_stage": "met_once"},
    )
    assert rows_of(own(SELLS, CATCH_ALL), facts) == ["sell"] * 4
    asks_for_it = SELLS | {"when": {"quote": "open"}}
    assert rows_of(own(asks_for_it, CATCH_ALL), people({"quote": "open"})) == ["sell"]


def test_a_fad_is_called_only_where_something_is_to_be_mended_or_learned(own) -> None:
    facts = people({"five_type": "fad"})
    for purpose, channel in (("trust", "mail"), ("recover", "call"), ("educate", "call")):
        client = own({"name": "go", "purpose": purpose, "channels": ["call", "mail"]}, CATCH_ALL)
        assert choice_of(facts, playbook_of(client)).channel.tolist() == [channel]


# --- is it a good playbook? -----------------------------------------------------------------------
def test_a_row_that_can_take_nobody_is_told(own) -> None:
    client = own(
        {"name": "all of A and B", "when": {"status": ["A", "B"]}, "channels": ["none"]},
        {"name": "hidden", "when": {"status": "likely", "due": "soon"}},
        {"name": "not hidden", "when": {"due": "soon"}},
        CATCH_ALL,
    )
    book = playbook_of(client)
    facts = people({"status": "likely", "due": "soon"}, {"status": "quiet"})
    table = rows_table(book, choice_of(facts, book)).set_index("row")
    assert table["hidden_by"].to_dict() == {
        "all of A and B": "", "hidden": "all of A and B", "not hidden": "", "the rest": "",
    }  # fmt: skip
    assert table["fits"].to_dict() == {
        "all of A and B": 1, "hidden": 1, "not hidden": 1, "the rest": 2,
    }  # fmt: skip
    assert table["takes"].tolist() == [1, 0, 0, 1]
    said = says_playbook(table.reset_index(), groups_table(book, facts), book)
    assert "“hidden” can take nobody: “all of A and B” stands before it" in said[1]
    assert said[2] == "Nobody today: “not hidden”."


def test_every_group_of_the_leading_cut_has_a_row_of_its_own(own, make) -> None:
    client = own(
        {"name": "fads and toddlers", "when": {"five_type": ["fad", "toddler"]}},
        {"name": "loyal", "when": {"five_type": "loyal"}},
        CATCH_ALL,
    )
    book = playbook_of(client)
    book = Playbook(book.rows, book.preset, True, ("five_type",), book.channels)
    facts = people(*({"five_type": one} for one in ("fad", "toddler", "loyal", "steady")))
    table = groups_table(book, facts).set_index("group")
    assert table["row_of_its_own"].to_dict() == {
        "toddler": "fads and toddlers", "steady": "", "fad": "fads and toddlers", "loyal": "loyal",
    }  # fmt: skip
    said = says_playbook(rows_table(book, choice_of(facts, book)), groups_table(book, facts), book)
    assert any("No row is for “Steady” (1 customers)" in one for one in said)
    assert any("the action of “Toddler” and of “Fad”: merge" in one for one in said)


def test_a_cut_names_a_column_with_groups(make) -> None:
    def cut(*columns: str) -> Client:
        return make(playbook={"cut": list(columns)}, attributes={"trade": {}})

    for unknown in ("five_tpye", "recency_days"):
        with pytest.raises(ClientError) as error:
            playbook_of(cut(unknown))
        assert f"[playbook] cut names {unknown}, which has no groups" in str(error.value)
    with pytest.raises(ClientError, match="five_type"):
        playbook_of(cut("five_tpye"))
    facts = people({"trade": "Bakery"}, {"trade": "Florist"}, {"trade": None})
    table = groups_table(playbook_of(cut("trade")), facts)
    assert table["group"].tolist() == ["Bakery", "Florist"]
    assert table["row_of_its_own"].eq("").all()


@pytest.mark.parametrize(
    ("preset", "column", "codes"),
    [
        ("mail_order", "five_type", ["first_time", "toddler", "steady", "fad", "loyal"]),
        ("orders_only", "five_type", ["first_time", "toddler", "steady", "fad", "loyal"]),
        ("b2b_service", "status",
         ["deciding_now", "likely", "nurture", "pending", "repair_first"]),
        ("b2b_service", "sub_stage",
         ["name_only", "mail_or_call", "met_once", "met_twice", "meal", "proposal", "won_once",
          "repeated_once_or_twice", "repeated_three_times"]),
    ],
)  # fmt: skip
def test_every_group_of_a_preset_has_its_own(preset, column, codes, make) -> None:
    quiet = {"status": "quiet"} if column == "sub_stage" else {}
    facts = people(*({column: code} | quiet for code in codes))
    table = groups_table(playbook_of(with_preset(make(), preset)), facts)
    own = table[table["column"] == column]
    assert own["row_of_its_own"].ne("").all()
    assert own["row_of_its_own"].is_unique
    assert own["same_as"].eq("").all()


def test_one_customer_through_the_rows(make) -> None:
    facts = people({"status": "quiet", "sub_stage": "met_once", "needs": None})
    rows = followed(facts, playbook_of(make()), "C0")
    assert rows["why_not"].iloc[-1] == ""
    assert rows["action"].iloc[-1] == "Rung 3: meet again"
    assert set(rows["why_not"].iloc[:-1]) - {""} == set(rows["why_not"].iloc[:-1])
    assert "Status: E Quiet" in rows["why_not"].to_list()


def test_a_row_can_be_tried(make) -> None:
    tried = with_row(make(), **PLAIN, name="mine", when={"sub_stage": "met_once"})
    assert rows_of(tried, people({"sub_stage": "met_once"})) == ["mine"]
    assert rows_of(make(), people({"sub_stage": "met_once"})) == ["Rung 3: meet again"]


# --- what follows ---------------------------------------------------------------------------------
def accepted(day: str, names: list[str], do_on: str) -> dict[dt.date, pd.DataFrame]:
    plan = pd.DataFrame({"row": names, "do_on": pd.Timestamp(do_on), "planned_week": 1})
    plan.index = pd.Index([f"C{n}" for n in range(len(names))], name="customer_id")
    return {dt.date.fromisoformat(day): plan}


def test_without_an_answer_the_sequel_follows(make) -> None:
    book = playbook_of(make())
    facts = people(
        {"sub_stage": "mail_or_call", "last_reply_on": pd.NaT},
        {"sub_stage": "mail_or_call", "last_reply_on": TODAY},  # answered
        {"sub_stage": "mail_or_call", "last_reply_on": pd.NaT, "incident_state": "open",
         "reason": "open_incident"},
        {"decision": "not_approached", "reason": "not_worth_it", "last_reply_on": pd.NaT},
    )  # fmt: skip
    plans = accepted("2025-05-01", ["Rung 2: ask to meet"] * 4, "2025-05-10")
    after = after_no_answer(book, plans, facts, AS_OF)
    assert after["follows"].tolist() == ["Give first", "", "Give first", "Give first"]
    assert after["asked"].tolist() == [1, 0, 1, 1]
    facts = facts.assign(follows=after["follows"], asks_in_a_row=[1, 0, 1, 1])
    assert rows_of(make(), facts) == [
        "Give first", "Rung 2: ask to meet", "Put it right", "Not approached",
    ]  # fmt: skip
    decided = facts.assign(override=["recover", None, None, None], decision="recover")
    assert rows_of(make(), decided)[0] == "Put right what a person saw"  # a person's word is first
    soon = accepted("2025-06-20", ["Rung 2: ask to meet"] * 4, "2025-06-21")  # 45 days are not over
    assert after_no_answer(book, soon, facts, AS_OF)["follows"].eq("").all()
    later = accepted("2025-06-30", ["Rung 2: ask to meet"] * 4, "2025-05-10")
    assert after_no_answer(book, later, facts, AS_OF)["asked"].eq(0).all()  # this very list


def test_never_a_third_request_in_a_row(make) -> None:
    ask = ["Rung 2: ask to meet"]
    plans = accepted("2025-04-01", ask, "2025-04-02") | accepted("2025-05-01", ask, "2025-05-02")
    facts = people({"sub_stage": "mail_or_call", "last_reply_on": pd.NaT})
    after = after_no_answer(playbook_of(make()), plans, facts, AS_OF)
    assert after["asked"].tolist() == [2]
    facts = facts.assign(asks_in_a_row=after["asked"])
    assert rows_of(make(), facts) == ["Give first"]


# --- what is known --------------------------------------------------------------------------------
def test_the_most_urgent_line_says_what_is_due(make) -> None:
    days = {"past": -9, "near": 9, "far": 60, "years": 700}
    day = {name: TODAY + pd.Timedelta(days=n) for name, n in days.items()}
    lines = pd.DataFrame(
        [
            ("A", "tea", "past", "past", 3, False), ("A", "cups", "near", "far", 3, False),
            ("B", "tea", "near", "far", 3, False), ("B", "cups", "past", "near", 2, False),
            ("C", "tea", "past", "past", 3, True),  # lapsed: gone, not late
            ("D", "tea", "past", "past", 1, False),  # ordered once: never due
            ("E", "tea", "far", "far", 5, False),
            ("G", "tea", "past", "years", 2, False),  # so wide a range tells nobody when to call
        ],
        columns=[
            "customer_id", "product_line", "was_due_from", "was_due_by", "order_days", "lapsed",
        ],
    ).set_index("customer_id")  # fmt: skip
    for name in ("was_due_from", "was_due_by"):
        lines[name] = lines[name].map(day)
    known = next_due(pd.DataFrame(index=list("ABCDEFG")), make(), lines)
    assert known["due"].to_dict() == {
        "A": "overdue", "B": "soon", "C": "none", "D": "none", "E": "none", "F": "none",
        "G": "none",
    }  # fmt: skip
    assert known["line"].fillna("").tolist() == ["tea", "cups", "", "", "", "", ""]
    assert known["days_late"].tolist()[0] == 9


def test_what_goes_with_a_line_is_bought_more_often_by_its_buyers() -> None:
    rng = np.random.default_rng(1)
    rows = []
    for n in range(400):
        who, has_tea = f"C{n:03d}", n < 200
        bought = ["tea"] if has_tea else ["salt"]
        if rng.random() < (0.5 if has_tea else 0.2):
            bought.append("cups")
        if rng.random() < 0.3:  # the same for all
            bought.append("soap")
        if n < 20:
            bought.append("rare")  # fewer than 30 customers say nothing
        rows += [(who, one, f"line of {one}", pd.Timestamp("2025-01-01")) for one in bought]
    lines = pd.DataFrame(rows, columns=["customer_id", "product", "product_line", "ordered_on"])
    found = goes_with(lines, AS_OF)
    with_tea = found[found["product_line"] == "line of tea"].set_index("goes_with")
    assert "cups" in with_tea.index
    assert "soap" not in with_tea.index
    assert not found["product_line"].eq("line of rare").any()
    has = lines.groupby("customer_id")["product"].agg(set)
    assert with_tea.loc["cups", "with_n"] == 200
    assert with_tea.loc["cups", "with_k"] == sum({"tea", "cups"} <= one for one in has)
    # the interval by hand: Newcombe's method 10 for 56 of 70 and 48 of 80 is .0524 to .3339
    from segment_lib.approach.bought_together import _difference_low

    assert _difference_low(np.array([56.0]), 70, np.array([48.0]), 80)[0] == pytest.approx(
        0.0524, abs=1e-4
    )
    assert goes_with(lines.iloc[:0], AS_OF).empty


def test_offers_are_made_while_they_last(make) -> None:
    orders = pd.DataFrame(
        {"customer_id": ["A", "B"], "ordered_on": TODAY, "product": ["x", "y"], "amount": 1.0,
         "product_line": ["tea", "cups"], "order_id": ["1", "2"]}
    )  # fmt: skip
    customers = pd.DataFrame(index=pd.Index(["A", "B", "C"], name="customer_id"))
    offers = [
        {"kind": "new", "says": "green tea", "says_ja": "緑茶", "product_line": "tea"},
        {"kind": "event", "says": "open day", "until": "2025-07-31"},
        {"kind": "second_order", "says": "gone", "until": "2025-06-29"},
        {"kind": "with", "says": "a pot", "product_line": "tea", "in_stock": False},
    ]
    known = known_of(customers, {"order_lines": orders}, make(offers=offers))
    assert known["new"].fillna("").tolist() == ["green tea", "", ""]
    assert known["event"].tolist() == ["open day (until 31 July)"] * 3
    assert known["second_order"].isna().all()
    assert known["with"].isna().all()
    assert list(known) == list(FACTS)
    assert known["product"].fillna("").tolist() == ["x", "y", ""]
    with language("ja"):
        known = known_of(customers, {"order_lines": orders}, make(offers=offers, language="ja"))
        assert known["event"].tolist() == ["open day（7月31日まで）"] * 3


def test_a_proposal_is_worth_its_chance(make) -> None:
    """Of 40 proposals that had waited 30 days, 10 were won: one that waits so has a quarter."""
    old = pd.DataFrame(
        {
            "customer_id": [f"X{n}" for n in range(60)],
            "deal_id": [f"X{n}" for n in range(60)],
            "opened_on": TODAY - pd.Timedelta(days=400),
            "proposed_on": TODAY - pd.Timedelta(days=390),
            "decided_on": [TODAY - pd.Timedelta(days=390 - wait) for wait in [5] * 20 + [60] * 40],
            "won": [True] * 20 + [True] * 10 + [False] * 30,
            "amount": 100.0,
        }
    )
    waits = {
        "customer_id": "A", "deal_id": "A", "opened_on": TODAY - pd.Timedelta(days=40),
        "proposed_on": TODAY - pd.Timedelta(days=30), "decided_on": pd.NaT, "won": None,
        "amount": 2_000_000.0,
    }  # fmt: skip
    deals = pd.concat([old, pd.DataFrame([waits])], ignore_index=True)
    customers = pd.DataFrame(index=pd.Index(["A", "B"], name="customer_id"))
    known = known_of(customers, {"deals": deals}, make())
    assert known[["quote", "quote_days", "quote_chance"]].loc["A"].tolist() == ["lying", 30, 0.25]
    assert pd.isna(known.loc["B", "quote_chance"])
    few = known_of(customers, {"deals": deals[30:]}, make())  # 30 like it
    assert few.loc["A", "quote_chance"] == 0.0
    fewer = known_of(customers, {"deals": deals[31:]}, make())
    assert pd.isna(fewer.loc["A", "quote_chance"])
    facts = known.assign(under_contract=True, chance_30d=0.1, order_value=100.0, band_rate=0.5)
    facts = facts.assign(decision="keep_serving", purpose="propose", channel="call")
    worth = expected_value(facts, pd.Series(dtype=float), make())
    assert worth.to_dict() == {"A": 500_000.0, "B": 10.0}


# --- generated customers --------------------------------------------------------------------------
ONE = st.fixed_dictionaries(
    {
        "under_contract": st.booleans(),
        "reason": st.sampled_from(["open_incident", "opted_out", "worth_it", "on_the_way",
                                   "normal_service", "not_worth_it", "our_part_missing"]),
        "status": st.sampled_from([None, "deciding_now", "likely", "nurture", "pending", "quiet",
                                   "repair_first"]),
        "sub_stage": st.sampled_from([None, "name_only", "mail_or_call", "met_once", "met_twice",
                                      "meal", "proposal", "won_once"]),
        "five_type": st.sampled_from([None, "first_time", "toddler", "steady", "fad", "loyal"]),
        "lapsed": st.sampled_from([None, True, False]),
        "due": st.sampled_from(["soon", "overdue", "none"]),
        "quote": st.sampled_from(["open", "lying", "none"]),
        "request": st.sampled_from(["open", "none"]),
        "incident_state": st.sampled_from(["none", "open", "recovered", "fan"]),
        "got_results": st.sampled_from(["yes", "no", "unknown"]),
        "field": st.sampled_from([None, "pays_gets_nothing"]),
        "silent_leaver": st.booleans(),
        "key_account": st.booleans(),
        "attitude": st.sampled_from([None, "hostile"]),
        "asks_in_a_row": st.integers(0, 4),
        "order_days": st.integers(0, 5),
        "recency_days": st.integers(0, 400),
        "channels_refused": st.sampled_from(["", "call", "call, mail"]),
        "line": st.sampled_from([None, "tea"]),
        "product": st.sampled_from([None, "green tea"]),
        "needs": st.sampled_from([None, "more customers"]),
        "override": st.sampled_from([None, None, "grow", "recover"]),
    }
)  # fmt: skip


def decided(one: dict[str, Any]) -> str:
    if one["override"] and one["under_contract"]:
        return one["override"]
    if one["under_contract"]:
        return "recover" if one["reason"] in ("open_incident", "our_part_missing") else "grow"
    return "not_approached" if one["reason"] in ("opted_out", "not_worth_it") else "approach"


@pytest.mark.parametrize("preset", PRESETS)
@settings(max_examples=60, deadline=None)
@given(rows=st.lists(ONE, min_size=1, max_size=6))
def test_what_every_playbook_must_hold(preset, rows) -> None:
    facts = people(*rows)
    facts["decision"] = [decided(one) for one in rows]
    facts["override"] = [one["override"] if one["under_contract"] else None for one in rows]
    facts["last_order_on"] = TODAY
    client = Client.model_validate(
        {
            "client": {"name": "x", "as_of": AS_OF},
            "lists": {"orders": {"files": ["x.csv"], "columns": {"customer_id": "id"}}},
            "playbook": {"use": preset},
        }
    )
    book = playbook_of(client)
    made = actions_for(facts, client, book).join(facts.drop(columns=["line", "due"]))
    assert made["row"].notna().all()  # exactly one action for everybody
    sells = made["purpose"].eq("propose")
    away = made["decision"].eq("not_approached")
    assert made.loc[away, "purpose"].eq("none").all()
    assert not (sells & made["incident_state"].isin(["open", "recovered"])).any()
    assert not (sells & made["five_type"].eq("fad")).any()
    below = made["sub_stage"].isin(["name_only", "mail_or_call", "met_once", "met_twice"])
    assert not (sells & below & ~made["under_contract"]).any()
    waits = made["quote"].ne("none") & made["row"].ne("Ask for the decision")
    assert not (sells & waits).any()
    refused = [
        means in words.split(", ")
        for means, words in zip(made["channel"], made["channels_refused"], strict=True)
    ]
    assert not any(refused)
    assert made["channel"].isin([*book.channels, "as agreed", "none"]).all()
    assert not made["content"].str.contains(r"[{}\[\]]|nan|None|NaT").any()
    if preset != "b2b_service":
        assert not made["channel"].eq("visit").any()
        chased = made["five_type"].eq("fad") & made["channel"].isin(["call"])
        wrong = made["reason"].isin(["open_incident", "our_part_missing"])
        wrong |= made["incident_state"].eq("recovered") | made["override"].notna()
        assert not (chased & ~wrong).any()
