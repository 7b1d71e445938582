"""When: weeks by hand, the order of service, and what a plan must hold on generated clients."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segment_lib.approach.actions import assign_actions
from segment_lib.approach.conditions import fits
from segment_lib.approach.decision import decide
from segment_lib.approach.gates import assign_gates
from segment_lib.approach.views import make_plan
from segment_lib.approach.weeks import Weeks, lay_out, weeks_of
from segment_lib.checks import ClientError
from segment_lib.client import Client
from segment_lib.settings.plan import ORDER
from segment_lib.voice import use_language

AS_OF = dt.date(2025, 6, 30)  # a Monday; 21 July is a holiday in Japan
STATUSES = ("deciding_now", "likely", "nurture", "pending", "quiet", "repair_first")


def planned(make, customers, contacts=None, spent=None, **sections) -> pd.DataFrame:
    client = make(**sections)
    decided = decide(customers, client, assign_gates(customers, client, None, contacts))
    actions = assign_actions(decided.table, customers, client)
    spent = pd.Series(dtype="float64") if spent is None else spent
    return make_plan(actions, customers, spent, weeks_of(client))


def asked(**columns: Any) -> pd.DataFrame:
    plain = {"owner": "A", "do_from": "2025-07-01", "do_to": "2025-07-04", "effort_hours": 1.0}
    frame = pd.DataFrame(plain | {"is_care": False, "yields": False, "pinned": False} | columns)
    return frame.assign(
        do_from=pd.to_datetime(frame["do_from"]), do_to=pd.to_datetime(frame["do_to"])
    )


# --- the weeks ------------------------------------------------------------------------------------
def test_weekends_holidays_and_days_off_are_no_days_of_the_plan(make) -> None:
    weeks = weeks_of(make(plan={"days_off": ["2025-07-07"]}))
    assert weeks.first == pd.Timestamp("2025-07-01")
    assert weeks.last == pd.Timestamp("2025-07-28")  # four weeks, Tuesday to Monday
    assert len(weeks.days) == 20 - 2
    assert not weeks.days.isin(pd.to_datetime(["2025-07-05", "2025-07-07", "2025-07-21"])).any()
    assert weeks.week.tolist() == [1] * 4 + [2] * 5 + [3] * 4 + [4] * 5
    abroad = weeks_of(make(plan={"holidays": "", "weeks": 1, "plan_from": "2025-07-19"}))
    assert abroad.days.strftime("%m-%d").tolist() == ["07-21", "07-22", "07-23", "07-24", "07-25"]


def test_hours_of_a_day(make) -> None:
    team = {
        "owners": ["佐藤（内勤）"],
        "people": 3,
        "hours_per_week": 40,
        "days_off": ["2025-07-02"],
    }
    weeks = weeks_of(make(teams={"in": team}, capacity={"owners": {"鈴木": 110}}))
    assert weeks.hours("佐藤(内勤)")[:3].tolist() == [24.0, 0.0, 24.0]
    assert weeks.hours("鈴木")[0] == 110 / 22  # July 2025 has 23 weekdays and one holiday
    assert weeks.hours("高橋") is None
    assert weeks.hours_of_all() is None
    assert weeks_of(make(capacity={"hours_per_month": 44})).hours_of_all()[0] == 2.0


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        ({"plan_from": "2025-06-30"},
         "[plan] plan_from is 2025-06-30, but the lists end on 2025-06-30. Give a day after it."),
        ({"days_off": [str(AS_OF + dt.timedelta(days=k)) for k in range(400)]},
         "[plan] days_off leave no working day in the year from 2025-07-01. Take some out."),
    ],
)  # fmt: skip
def test_a_plan_without_days_is_told(make, plan, says) -> None:
    with pytest.raises(ClientError) as error:
        weeks_of(make(plan=plan))
    assert str(error.value) == says


def two_a_day(make, **more: Any) -> Weeks:
    """A has 2 hours a day, in weeks of five days, and no holidays."""
    team = {"owners": ["A"], "hours_per_week": 10}
    return weeks_of(make(teams={"t": team}, plan={"holidays": "", "weeks": 2} | more))


def test_each_goes_on_the_first_of_its_days_with_room(make) -> None:
    laid = lay_out(asked(effort_hours=[1.5, 1.0, 0.5, 1.0]), two_a_day(make))
    assert laid["do_on"].dt.day.tolist() == [1, 2, 1, 2]  # the half hour fills the first day
    assert laid["planned_week"].tolist() == [1, 1, 1, 1]
    assert laid["waits_because"].eq("").all()


def test_a_full_window_moves_to_the_first_day_with_room_and_the_rest_waits(make) -> None:
    # 20 hours in two weeks: 10 of 2 hours fill every day, the first five within their own days.
    laid = lay_out(asked(effort_hours=[2.0] * 11), two_a_day(make))
    assert laid["planned_week"].tolist()[:10] == [1] * 5 + [2] * 5
    assert laid["do_on"].iloc[4] == pd.Timestamp("2025-07-07")  # a Monday: the weekend is free
    assert laid["waits_because"].tolist() == [""] * 10 + ["no_hours"]
    assert pd.isna(laid["planned_week"].iloc[10])
    assert pd.isna(laid["do_on"].iloc[10])


def test_what_no_day_holds_is_begun_where_the_week_has_room(make) -> None:
    laid = lay_out(asked(effort_hours=[3.0, 3.0, 3.0, 3.0, 11.0]), two_a_day(make))
    # 3 of 10 hours thrice in week 1, then in week 2; 11 hours fit into no week at all.
    assert laid["planned_week"].tolist()[:4] == [1, 1, 1, 2]
    assert laid["waits_because"].iloc[4] == "too_long"


def test_who_is_not_free_within_the_plan_waits(make) -> None:
    late = asked(do_from=["2025-07-15"], do_to=["2025-08-01"])
    assert lay_out(late, two_a_day(make))["waits_because"].tolist() == ["too_soon"]


def test_without_a_limit_the_days_are_filled_evenly(make) -> None:
    laid = lay_out(asked(effort_hours=[1.0] * 8), weeks_of(make()))
    assert laid["do_on"].value_counts().tolist() == [2, 2, 2, 2]  # 1 to 4 July, its own days
    assert laid["do_on"].max() == pd.Timestamp("2025-07-04")


def test_hours_of_all_are_shared_by_the_owners(make) -> None:
    weeks = weeks_of(make(capacity={"hours_per_month": 22}))  # one hour a day
    laid = lay_out(asked(owner=["A", "B", "A"]), weeks)
    assert laid["do_on"].dt.day.tolist() == [1, 2, 3]


def test_nothing_short_slips_past_care_that_waits(make) -> None:
    rows = asked(
        effort_hours=[19.0, 2.0, 0.5], do_to="2025-07-14", is_care=[False, True, False],
        yields=[False, False, True],
    )  # fmt: skip
    rows["effort_hours"] = [9.5, 9.5, 0.5]
    rows = pd.concat([rows.iloc[[0]], rows.iloc[[0]], rows.iloc[1:]], ignore_index=True)
    laid = lay_out(rows, two_a_day(make))
    assert laid["waits_because"].tolist() == ["", "", "no_hours", "no_hours"]


# --- the days of an action ------------------------------------------------------------------------
def test_the_span_of_the_status_is_the_first_day(make, customers, contacts) -> None:
    customers["status"] = "quiet"
    customers.loc["C05", "status"] = "likely"  # called on 20 June: a span of 7 days is over
    plan = planned(make, customers, contacts)
    assert plan.loc["C05", "do_from"] == pd.Timestamp("2025-07-01")
    plan = planned(make, customers, contacts, status={"span_days": {"B": 20}})
    assert plan.loc["C05", "do_from"] == pd.Timestamp("2025-07-10")
    plan = planned(make, customers.assign(status="quiet"), contacts)  # 90 days: 18 September
    assert plan.loc["C05", ["waits_because", "decision"]].tolist() == ["too_soon", "approach"]
    assert pd.isna(plan.loc["C05", "planned_week"])


def test_without_a_status_the_policy_says_how_often(make, customers, contacts) -> None:
    plan = planned(make, customers, contacts)
    assert plan.loc["C05", ["decision", "reason", "waits_because"]].tolist() == [
        "not_now", "contacted_lately", "date",
    ]  # fmt: skip
    assert plan.loc["C05", "do_on"] == pd.Timestamp("2025-07-04")  # 14 days after the call


def test_who_cannot_wait_and_care_are_not_held_by_the_span(make, customers) -> None:
    touched = pd.DataFrame(
        {
            "customer_id": ["C11", "C18", "C15"],
            "contacted_on": pd.Timestamp("2025-06-29"),
            "kind": "call",
            "channel": None,
            "direction": "out",
        }
    )
    plan = planned(make, customers.assign(status="quiet"), touched)
    assert plan.loc["C11", "do_on"] == pd.Timestamp("2025-07-01")  # an incident is open
    assert plan.loc["C18", "planned_week"] == 4  # service: at the end of its days, in the plan
    assert plan.loc["C15", "waits_because"] == "too_soon"  # a proposal may wait


def test_the_next_order_is_the_last_day_where_it_comes_first(make, customers) -> None:
    customers["next_on"] = pd.NaT
    customers.loc["C15", "next_on"] = pd.Timestamp("2025-07-03")
    customers.loc["C17", "next_on"] = pd.Timestamp("2025-05-01")  # long past: the action's own days
    customers.loc["C18", "next_on"] = pd.Timestamp("2025-12-01")  # later than the action
    last = planned(make, customers)["do_to"]
    assert last["C15"] == pd.Timestamp("2025-07-03")
    assert last["C17"] == pd.Timestamp("2025-07-14")
    assert last["C18"] == pd.Timestamp("2025-07-30")


# --- the order of service -------------------------------------------------------------------------
def test_the_order_of_service(make, customers) -> None:
    customers["status"] = "quiet"
    customers.loc[["C01", "C06"], "status"] = ["deciding_now", "likely"]
    plan = planned(make, customers, worth={"value_per_result": 60, "cost_per_approach": 12})
    order = plan[~plan["decision"].isin(["not_approached", "not_now"])].sort_values("priority")
    # A repeater's open incident, our part, help to the first result; who decides now; mending;
    # serving; then who is likely, then the rest by value.
    assert order.index.tolist() == [
        "C11", "C12", "C17", "C01", "C13", "C14", "C16", "C18", "C06", "C03", "C05", "C07",
        "C15", "C19", "C20",
    ]  # fmt: skip
    assert plan.loc[["C11", "C12", "C17"], "cannot_wait"].all()
    assert plan.loc["C01", "expected_value"] == pytest.approx(0.32 * 60)
    assert plan.loc["C01", "why_now"] == "Deciding now; expected value ¥19."
    assert plan.loc["C02", "why_now"] == ""
    japanese = planned(make, customers, language="ja")
    assert japanese.loc["C01", "why_now"] == "今検討中、見込み額19円。"


def test_the_value_under_contract(make, customers) -> None:
    customers["chance_30d"] = 0.5
    customers["order_value"] = 100.0
    customers.loc["C15", "chance_30d"] = None
    spent = pd.Series({"C15": 700.0, "C16": 300.0})
    value = planned(make, customers, spent=spent)["expected_value"]
    assert value[["C15", "C16"]].tolist() == [700.0, 50.0]
    assert pd.isna(value["C02"])  # not approached: nothing is done


def test_an_order_of_ones_own(make, customers) -> None:
    order = [{"says": "First of all", "when": {"owner": "鈴木"}, "cannot_wait": True}]
    plan = planned(make, customers, plan={"order": order})
    first = plan.sort_values("priority").index[: int((customers["owner"] == "鈴木").sum())]
    acts = ~plan["decision"].isin(["not_approached", "not_now"])
    assert plan.loc[acts & customers["owner"].eq("鈴木"), "why_now"].str.startswith("First").all()
    assert plan.loc[first, "place"].eq(0).any()


def test_a_team_hands_over_whom_another_should_have(make, customers) -> None:
    customers["status"] = "deciding_now"
    teams = {
        "field": {"owners": ["佐藤"], "owns": [{"under_contract": "no", "status": ["A", "B"]}]},
        "after": {"owners": ["鈴木"], "owns": [{"under_contract": "yes"}]},
    }
    plan = planned(make, customers, teams=teams)
    assert plan.loc["C01", ["team", "hand_over_to"]].tolist() == ["field", ""]
    assert plan.loc["C02", ["team", "hand_over_to"]].tolist() == ["after", "field"]
    assert plan.loc["C20", ["team", "hand_over_to"]].tolist() == ["", "after"]  # nobody's yet


# --- conditions -----------------------------------------------------------------------------------
FACTS = pd.DataFrame(
    {
        "status": ["deciding_now", "quiet", None],
        "stage": ["repeater", "prospect", "customer"],
        "hold_out": [True, False, False],
        "recency_days": [10, 40, None],
        "owner": ["佐藤(内勤)", "鈴木", "鈴木"],
        "last_order_on": pd.to_datetime(["2025-06-20", "2025-05-20", None]),
    }
)


@pytest.mark.parametrize(
    ("when", "who"),
    [
        ({}, [0, 1, 2]),
        ({"status": "deciding_now"}, [0]),
        ({"status": "A"}, [0]),
        ({"status": "Ａ 今検討中"}, [0]),
        ({"status": ["A", "E"]}, [0, 1]),
        ({"status": "!= A"}, [1]),  # a missing value fits nothing
        ({"status": "known"}, [0, 1]),
        ({"hold_out": "yes"}, [0]),
        ({"hold_out": False}, [1, 2]),
        ({"recency_days": "<= 30"}, [0]),
        ({"recency_days": 40}, [1]),
        ({"recency_days": ["< 20", "> 35"]}, [0, 1]),
        ({"owner": "佐藤（内勤）"}, [0]),
        ({"last_order_on": ">= 2025-06-01"}, [0]),
        ({"status": "E", "stage": "2"}, [1]),
        ({"five_type": "loyal"}, []),  # a column of ours that these lists do not fill
    ],
)
def test_conditions(when, who) -> None:
    assert FACTS.index[fits(when, FACTS, "[x]")].tolist() == who


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ({"statsu": "A"},
         "[x] asks for statsu, which no customer has. Did you mean status?"),
        ({"status": "Z"}, "[x], status: \"Z\" is not one of ['deciding_now', 'likely', "
         "'nurture', 'pending', 'quiet', 'repair_first']."),
        ({"recency_days": "<= soon"},
         '[x] compares recency_days with "soon". Write it as in recency_days = "<= 30".'),
    ],
)  # fmt: skip
def test_a_condition_that_cannot_be_read(when, says) -> None:
    with pytest.raises(ClientError) as error:
        fits(when, FACTS, "[x]")
    assert str(error.value) == says


# --- what every plan must hold --------------------------------------------------------------------
customer = st.fixed_dictionaries(
    {
        "under_contract": st.booleans(),
        "status": st.sampled_from([*STATUSES, None]),
        "got_results": st.sampled_from(["yes", "no", "unknown"]),
        "field": st.sampled_from(
            ["pays_gets_nothing", "gets_results_pays_little", "not_yet_known"]
        ),
        "incident_state": st.sampled_from(["none", "none", "none", "open"]),
        "p_worth_it": st.sampled_from([0.01, 0.3, 0.9, None]),
        "owner": st.sampled_from(["A", "B", "C", None]),
        "touched_days_ago": st.sampled_from([None, 0, 5, 40, 200]),
        "due_in": st.sampled_from([None, -30, 2, 9, 60]),
        "monetary": st.sampled_from([0, 500, 90_000]),
        "key_account": st.booleans(),
    }
)
hours = st.sampled_from([0.5, 4, 10, 40])


@settings(max_examples=60, deadline=None)
@given(
    people=st.lists(customer, min_size=1, max_size=60),
    a_week=hours,
    a_month=hours,
    of_all=st.sampled_from([None, 20, 200]),
    weeks=st.integers(1, 5),
    off=st.lists(st.integers(1, 20), max_size=6),
)
def test_what_every_plan_must_hold(people, a_week, a_month, of_all, weeks, off) -> None:
    use_language("en")
    days_off = [AS_OF + dt.timedelta(days=k) for k in off]
    client = Client.model_validate(
        {
            "client": {"name": "g", "as_of": AS_OF},
            "lists": {"orders": {"files": ["x.csv"], "columns": {}}},
            "worth": {"value_per_result": 60, "cost_per_approach": 12, "hold_out_share": 0.2},
            "capacity": {"owners": {"B": a_month}, "hours_per_month": of_all},
            "teams": {"t": {"owners": ["A"], "people": 2, "hours_per_week": a_week,
                            "days_off": days_off[:1]}},
            "plan": {"weeks": weeks, "days_off": days_off},
        }
    )  # fmt: skip
    frame = pd.DataFrame(people, index=[f"C{k:03d}" for k in range(len(people))])
    frame.index.name = "customer_id"
    today = pd.Timestamp(AS_OF)
    frame["next_on"] = today + pd.to_timedelta(frame.pop("due_in").astype("float64"), unit="D")
    frame["like_the_learned"] = True
    frame["worth_band"] = frame["p_worth_it"].map({0.01: 1, 0.3: 2, 0.9: 3})
    frame["band_rate"] = frame["p_worth_it"] / 2
    ago = frame.pop("touched_days_ago").astype("float64")
    contacts = pd.DataFrame(
        {
            "customer_id": ago.index[ago.notna()],
            "contacted_on": today - pd.to_timedelta(ago.dropna(), unit="D"),
            "direction": "out",
            "channel": "call",
        }
    ).reset_index(drop=True)
    decided = decide(frame, client, assign_gates(frame, client, None, contacts)).table
    own = weeks_of(client)
    plan = make_plan(assign_actions(decided, frame, client), frame, pd.Series(dtype="float64"), own)

    # hours change no decision, and no customer is lost
    pd.testing.assert_series_equal(plan["decision"], decided["decision"])
    done, served = plan["planned_week"].notna(), plan["under_contract"].astype(bool)
    acts = ~plan["decision"].isin(["not_approached", "not_now"])
    assert (plan["waits_because"].ne("") | done)[acts].all()
    assert not done[~acts].any()
    assert plan.loc[done, "waits_because"].eq("").all()

    # days: worked, within the plan, never before the action's first day
    assert plan.loc[done, "do_on"].isin(own.days).all()
    assert not plan.loc[done, "do_on"].dt.date.isin(days_off).any()
    assert (plan["do_on"] >= plan["do_from"])[done].all()
    late = done & (plan["do_on"] > plan["do_to"])
    assert plan.loc[late, "why_now"].str.contains("later.").all()

    # hours: at most those of each owner's week
    spent = plan[done].groupby(["owner", "planned_week"])["effort_hours"].sum()
    for (owner, week), total in spent.items():
        limit = own.hours(owner)
        if limit is not None:
            assert total <= limit[own.week == week].sum() + 1e-6
    if of_all is not None:
        for week, total in plan[done].groupby("planned_week")["effort_hours"].sum().items():
            assert total <= own.hours_of_all()[own.week == week].sum() + 1e-6

    # nobody under contract waits for care while the owner calls somebody without a contract
    care = served & ~plan["purpose"].isin(["propose", "none"])
    exempt = plan["hold_out"] | frame["status"].eq("deciding_now").fillna(False)
    called = set(plan.loc[done & ~served & ~exempt, "owner"])
    assert not called & set(plan.loc[care & acts & ~done, "owner"])

    # everyone has a place of their own, and who acts a sentence
    assert sorted(plan["priority"]) == list(range(1, len(plan) + 1))
    assert plan.loc[acts, "why_now"].ne("").all()


def test_the_default_order_names_every_place_once() -> None:
    assert len({row.says for row in ORDER}) == len(ORDER)
    assert ORDER[-1].when == {}
