"""Who is under contract: one record is enough, disputes are named, nobody of them is left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segment_lib.approach.actions import assign_actions
from segment_lib.approach.decision import Decision, check_decision, decide
from segment_lib.approach.gates import assign_gates
from segment_lib.approach.review import apply_overrides
from segment_lib.behaviour.contracts import relation, under_contract
from segment_lib.checks import ClientError
from segment_lib.client import Client, open_client
from segment_lib.lists.register import build_register

AS_OF = "2025-06-30"
WAYS = ("auto", "column", "ordered_within")


def day(text: str | None) -> pd.Timestamp:
    return pd.Timestamp(text) if text else pd.NaT


def person(
    stated: bool | None = None, contract_on: str | None = None, last_order_on: str | None = None
) -> pd.DataFrame:
    """The customer a, and z who makes the column known: z has a contract and says so."""
    index = pd.Index(["a", "z"], name="customer_id")
    return pd.DataFrame(
        {
            "under_contract": pd.array([stated, True], dtype="boolean"),
            "contract_on": [day(contract_on), day("2024-01-01")],
            "last_order_on": [day(last_order_on), pd.NaT],
        },
        index=index,
    )


def deal(won: bool | None = True, decided_on: str | None = None, **more: Any) -> dict[str, Any]:
    """One deal of the customer a."""
    days = {name: day(more.get(name)) for name in ("opened_on", "proposed_on", "ended_on")}
    return {"customer_id": "a", "won": won, "decided_on": day(decided_on)} | days


def deals(*rows: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(deal()))
    return frame.astype({"won": "boolean"})


# --- one record is enough -----------------------------------------------------------------------
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("customers", "won", "served", "disputed"),
    [
        (person(True), deals(), True, False),  # the column says yes, whatever rule is set
        (person(None, "2025-05-01"), deals(), True, False),  # a contract has begun
        (person(None, "2025-07-01"), deals(), False, False),  # it begins tomorrow
        (person(None), deals(deal(True, "2025-05-30")), True, False),  # won last month
        (person(None), deals(deal(True, "2022-05-30")), True, False),  # won long ago, no end
        (person(None), deals(deal(True)), True, False),  # won, nobody wrote down when
        (person(None), deals(deal(False, "2025-05-30")), False, False),  # lost
        (person(None), deals(deal(None)), False, False),  # not decided yet
        (person(None), deals(deal(True, "2025-07-30")), False, False),  # won after the day
        (person(None), deals(deal(True, "2023-05-30", ended_on="2024-05-30")), False, False),
        (person(None), deals(deal(True, "2024-05-30", ended_on="2025-09-30")), True, False),
        # a stated no ends the contract of its own row; a deal won later is another contract
        (person(False, "2023-06-01"), deals(deal(True, "2023-05-28")), False, False),
        (person(False, "2023-06-01"), deals(deal(True, "2025-05-30")), True, True),
        (person(False), deals(deal(True, "2025-05-30")), True, True),  # the column was not kept up
        (person(False, "2025-11-01"), deals(deal(True, "2025-05-30")), True, True),  # begins later
        (person(False, "2023-06-01"), deals(), False, False),
        (person(False), deals(deal(False, "2025-05-30")), False, False),
    ],
)
def test_one_record_is_enough(way, make, customers, won, served, disputed) -> None:
    found = relation(customers, make(contract={"under_contract": way}), won)
    assert found.loc["a", ["under_contract", "contract_disputed"]].tolist() == [served, disputed]
    assert found.loc["z", "under_contract"]


def test_orders_speak_where_a_rule_says_so(make) -> None:
    recent = person(None, None, "2025-06-01")
    assert under_contract(recent, make(contract={"under_contract": "ordered_within"}))["a"]
    assert under_contract(recent, make())["a"]  # auto: the list speaks of others, so: in doubt
    assert not under_contract(recent, make(contract={"under_contract": "column"}))["a"]
    ended = person(False, "2023-06-01", "2025-06-01")
    assert not under_contract(ended, make())["a"]
    assert under_contract(ended, make(contract={"under_contract": "ordered_within"}))["a"]
    long_ago = person(None, None, "2023-01-01")
    assert not under_contract(long_ago, make(contract={"under_contract": "ordered_within"}))["a"]


def test_nobody_is_under_contract_where_no_list_and_no_rule_says_so(make) -> None:
    shop = pd.DataFrame(
        {
            "last_order_on": pd.to_datetime(["2025-06-01", "2023-01-01", None]),
            "first_order_on": pd.to_datetime(["2025-06-01", "2023-01-01", None]),
        },
        index=pd.Index(["a", "b", "c"], name="customer_id"),
    )
    table = decide(shop, make(), assign_gates(shop, make())).table
    assert not table["under_contract"].any()
    assert table["reason"].tolist() == ["current_customer", "former_customer", "not_enough_known"]
    assert table["decision"].eq("approach").all()
    assert table.loc["a", "evidence"] == (
        "Last order 29 days ago, result: Not yet known; no list says whether a contract runs."
    )
    with pytest.raises(ClientError, match="no customer has a value in the column under_contract"):
        assign_gates(shop, make(contract={"under_contract": "column"}))


@pytest.mark.parametrize(
    ("language", "says"),
    [
        (
            "en",
            "1 customer(s) (a) have no contract by the customer list, but a deal won since then "
            "that names no end: they count as under contract. If it has ended, add a column with "
            "that day to the list of deals (ended_on).",
        ),
        (
            "ja",
            "1名（a）は、顧客リストでは契約なしですが、その後に受注した案件に終了日がないため、"
            "ご契約中として扱います。契約が終わっている場合は、案件一覧に終了日の列（ended_on）を"
            "加えてください。",
        ),
    ],
)
def test_disputes_are_named(make, language, says) -> None:
    customers, client = person(False), make(language)
    gates = assign_gates(customers, client, deals=deals(deal(True, "2025-05-30")))
    assert decide(customers, client, gates).disputed == says
    assert decide(customers, client, assign_gates(customers, client)).disputed == ""


# --- an answer that we await --------------------------------------------------------------------
def hopeless() -> pd.DataFrame:
    """The customer a, without a contract, whose band has hardly a chance."""
    return person(False).assign(
        p_worth_it=0.01, like_the_learned=True, worth_band=1, band_customers=80, band_signed=2,
        band_known=2, band_results=0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("proposed", "reason"),
    [
        (deal(None, opened_on="2025-06-01", proposed_on="2025-06-14"), "open_proposal"),
        (deal(None, opened_on="2025-03-01", proposed_on="2025-03-14"), "not_worth_it"),  # not fresh
        (deal(False, "2025-06-20", proposed_on="2025-06-14"), "not_worth_it"),  # turned down
        (deal(None, opened_on="2025-06-01"), "not_worth_it"),  # nothing proposed yet
    ],
)
def test_who_has_our_fresh_proposal_is_not_left_out(make, proposed, reason) -> None:
    client = make(worth={"value_per_result": 60, "cost_per_approach": 12, "hold_out_share": 0})
    gates = assign_gates(hopeless(), client, deals=deals(proposed))
    row = decide(hopeless(), client, gates).table.loc["a"]
    assert row["reason"] == reason
    if reason == "open_proposal":
        assert row["decision"] == "approach"
        assert row["evidence"] == (
            "Our proposal of 2025-06-14 awaits an answer (16 days); until then nobody is left out "
            "for a score."
        )


# --- invariants under generated clients ---------------------------------------------------------
SOME_DAY = st.one_of(
    st.none(), st.dates(pd.Timestamp("2022-01-01").date(), pd.Timestamp("2025-12-31").date())
)
PERSON = st.fixed_dictionaries(
    {
        "under_contract": st.sampled_from([True, False, None]),
        "contract_on": SOME_DAY,
        "last_order_on": SOME_DAY,
        "p_worth_it": st.sampled_from([0.01, 0.3, 0.9, None]),
        "got_results": st.sampled_from(["yes", "no", "unknown", None]),
        "incident_state": st.sampled_from(["none", "open", "recovered", None]),
        "refused": st.booleans(),
        "declared": st.booleans(),
        "override": st.sampled_from([None, None, "not_approached", "not_now", "approach", "grow"]),
        "deals": st.lists(
            st.tuples(st.sampled_from([True, False, None]), SOME_DAY, SOME_DAY, SOME_DAY),
            max_size=3,
        ),
    }
)
CLIENTS = {
    "people": st.lists(PERSON, min_size=1, max_size=8),
    "way": st.sampled_from(WAYS),
    "hours": st.sampled_from([None, 1.0]),
}


def as_days(values: Any) -> pd.Series:
    return pd.Series(pd.to_datetime(list(values)), dtype="datetime64[us]")


def generated(people: list[dict[str, Any]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Customers and their deals."""
    ids = pd.Index([f"c{k}" for k in range(len(people))], name="customer_id", dtype="str")
    frame = pd.DataFrame(people).drop(columns="deals").set_index(ids)
    frame["under_contract"] = frame["under_contract"].astype("boolean")
    for name in ("contract_on", "last_order_on"):
        frame[name] = as_days(frame[name]).to_numpy()
    frame["like_the_learned"], frame["worth_band"] = True, 1
    rows = [(ids[k], *row) for k, one in enumerate(people) for row in one["deals"]]
    names = ["customer_id", "won", "decided_on", "proposed_on", "ended_on"]
    won = pd.DataFrame(rows, columns=names).astype({"won": "boolean"})
    for name in names[2:]:
        won[name] = as_days(won[name])
    return frame, won.assign(opened_on=won["proposed_on"])


def by_any_record(people: list[dict[str, Any]]) -> set[str]:
    """Told independently, from plain words and dates, one customer and one record at a time."""
    today, found = pd.Timestamp(AS_OF).date(), set()
    for number, one in enumerate(people):
        begun = one["contract_on"] is not None and one["contract_on"] <= today
        no = one["under_contract"] is False
        if one["under_contract"] or (begun and not no):
            found.add(f"c{number}")
        for won, decided_on, _, ended_on in one["deals"]:
            settled = decided_on or today
            runs = won is True and settled <= today and not (ended_on and ended_on <= today)
            if runs and not (no and begun and settled <= one["contract_on"]):
                found.add(f"c{number}")
    return found


def decided(frame: pd.DataFrame, won: pd.DataFrame, client: Client) -> Decision:
    refused = frame.index[frame["refused"]]
    words = pd.DataFrame(
        {"customer_id": refused, "channel": "all", "allowed": False, "since": pd.NaT}
    )
    gates = assign_gates(frame, client, words, None, won)
    return decide(frame.drop(columns=["refused", "declared", "override"]), client, gates)


def check_generated(
    people: list[dict[str, Any]], way: str, hours: float | None, *, act: bool
) -> None:
    people = [*people, {**people[0], "under_contract": True}]  # the column is never quite empty
    frame, won = generated(people)
    shut_out = frame.index[frame["declared"]].tolist() or ["nobody"]
    client = Client.model_validate(
        {
            "client": {"name": "any", "as_of": AS_OF},
            "lists": {"orders": {"files": ["x"], "columns": {"customer_id": "id"}}},
            "worth": {"value_per_result": 60, "cost_per_approach": 12, "hold_out_share": 0.3},
            "contract": {"under_contract": way},
            "capacity": {"hours_per_month": hours} if hours else {},
            "contact_policy": {"should_not": [{"because": "x", "customers": shut_out}]},
        }
    )
    made = decided(frame, won, client)
    served = by_any_record(people)
    assert served <= set(made.table.index[made.table["under_contract"]])
    check_decision(made.table, frame.index)
    said = frame["override"].dropna()
    overrides = pd.DataFrame(
        {
            "customer_id": said.index, "decision": said.to_numpy(), "reason_in_words": "x",
            "by": "A", "on": pd.Timestamp(AS_OF),
        }
    )  # fmt: skip
    fits = [
        word in ("not_now", "grow") if made.table.loc[one, "under_contract"]
        else word in ("not_now", "not_approached")
        for one, word in said.items()
    ]  # fmt: skip
    reviewed = apply_overrides(made.table, overrides[np.array(fits, dtype=bool)])
    actions = reviewed.table
    if act:  # an action changes no decision
        actions = assign_actions(reviewed.table, frame, client)
        pd.testing.assert_frame_equal(actions[list(reviewed.table)], reviewed.table)
    left_out = set(actions.index[actions["decision"] == "not_approached"])
    assert not left_out & served
    fresh = won[
        won["won"].isna()
        & won["decided_on"].isna()
        & won["proposed_on"].between(pd.Timestamp(AS_OF) - pd.Timedelta(days=21), AS_OF)
    ]["customer_id"]
    assert not actions.loc[actions.index.isin(fresh), "reason"].eq("not_worth_it").any()
    drawn = reviewed.table["hold_out"]
    assert actions.loc[drawn, "decision"].eq("approach").all()


@settings(max_examples=60, deadline=None)
@given(**CLIENTS)
def test_nobody_under_contract_by_any_record_is_left_out(people, way, hours) -> None:
    check_generated(people, way, hours, act=True)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None)
@given(**CLIENTS)
def test_nor_in_two_thousand_clients(people, way, hours) -> None:
    check_generated(people, way, hours, act=False)


# --- from files: several rows, merged rows ------------------------------------------------------
TOML = """
[client]
name = "rows"
as_of = 2025-06-30
{merges}
[lists.customers]
files = ["customers.csv"]
[lists.customers.columns]
customer_id = "id"
under_contract = "contract"
contract_on = "since"
[lists.customers.words.under_contract]
yes = ["yes"]
no = ["no"]
"""


def registered(folder: Path, rows: str, merges: str = "") -> tuple[pd.Series, list[str]]:
    """Who is under contract by the register built from these rows, and its notes."""
    (folder / "customers.csv").write_text("id,contract,since\n" + rows, encoding="utf-8")
    named = '[merges]\nfile = "merges.csv"' if merges else ""
    (folder / "merges.csv").write_text("old_id,new_id\n" + merges, encoding="utf-8")
    (folder / "client.toml").write_text(TOML.format(merges=named), encoding="utf-8")
    client = open_client(folder / "client.toml", out=folder / "out")
    register = build_register(client)
    customers = register.frame("customers")
    notes = register.notes.loc[register.notes["list"] == "customers", "note"]
    return under_contract(customers, client, register.frame("deals")), list(notes)


NAMED = (
    "1 customer(s) are under contract by one row and not by another (a): they count as under "
    "contract. Mend the list if the contract has ended"
)


@pytest.mark.parametrize(
    ("rows", "merges", "served", "disputed"),
    [
        ("a,yes,\na,no,\nz,yes,\n", "", True, True),  # one id twice, the later row says no
        ("a,no,\na,yes,\nz,yes,\n", "", True, True),
        ("a,no,\nb,yes,\nz,yes,\n", "b,a\n", True, True),  # merged: no stays, yes goes
        ("a,yes,\nb,no,\nz,yes,\n", "b,a\n", True, True),
        ("a,,2025-03-01\na,no,\nz,yes,\n", "", True, True),  # a date without a word is a yes
        ("a,no,2023-01-01\na,no,\nz,yes,\n", "", False, False),
        ("a,yes,\na,,\nz,yes,\n", "", True, False),
        ("a,,\na,,\nz,yes,\n", "", False, False),
    ],
)
def test_yes_by_any_row_wins_and_is_named(tmp_path, rows, merges, served, disputed) -> None:
    found, notes = registered(tmp_path, rows, merges)
    assert bool(found["a"]) == served
    assert (NAMED in notes) == disputed


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from("abcd"), st.sampled_from(["yes", "no", ""]),
            st.sampled_from(["", "2024-02-01"]),
        ),
        max_size=9,
    ),
    merged=st.booleans(),
)  # fmt: skip
def test_a_yes_in_any_file_row_is_kept(tmp_path, rows, merged) -> None:
    everybody = [("a", "", ""), ("b", "", ""), *rows, ("z", "yes", "")]
    lines = "".join(",".join(row) + "\n" for row in everybody)
    found, _ = registered(tmp_path, lines, "b,a\n" if merged else "")
    for one, said, since in rows:
        if said == "yes" or (not said and since):
            assert found["a" if merged and one == "b" else one]
