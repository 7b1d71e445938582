"""Who does what, by which means; where the hours go, spent and planned."""

from __future__ import annotations

import pandas as pd
import pytest

from segment_lib.approach.actions import assign_actions
from segment_lib.approach.decision import decide
from segment_lib.approach.gates import assign_gates
from segment_lib.approach.hours import (
    freed_hours,
    hours_table,
    owner_load,
    page_of,
    power_of_hold_out,
    spent_a_month,
)
from segment_lib.approach.views import make_plan
from segment_lib.approach.weeks import weeks_of
from segment_lib.thread import DECISIONS


def plan(make, customers, permissions=None, contacts=None, **sections):
    client = make(**sections)
    decided = decide(customers, client, assign_gates(customers, client, permissions, contacts))
    actions = assign_actions(decided.table, customers, client)
    return make_plan(actions, customers, pd.Series(dtype="float64"), weeks_of(client)), client


@pytest.fixture
def actions(make, customers, permissions, contacts):
    return plan(make, customers, permissions, contacts)[0]


def test_everyone_has_an_action_and_an_owner(actions, customers) -> None:
    assert actions.index.equals(customers.index)
    assert set(DECISIONS) - {"override", "agreed"} <= set(actions.columns)  # of the review
    assert actions["action"].str.len().gt(0).all()
    assert actions["owner"]["C01"] == "佐藤"
    assert actions["owner"]["C20"] == "unassigned"


def test_a_refused_channel_is_not_used(actions) -> None:
    assert actions["channel"]["C01"] == "mail"  # refused the telephone
    assert actions["channel"]["C11"] == "call"
    assert actions["channel"]["C20"] == "as agreed"


@pytest.fixture
def spent(customers):
    """C02 (not worth it) took 6 hours in the last 90 days, C01 3; older hours do not count."""
    contacts = pd.DataFrame(
        {
            "customer_id": ["C02", "C02", "C01", "C02", "C02"],
            "contacted_on": pd.to_datetime(
                ["2025-06-30", "2025-04-02", "2025-05-05", "2025-04-01", "2025-07-01"]
            ),
            "effort_hours": [2.0, 4.0, 3.0, 50.0, 50.0],
        }
    )
    return spent_a_month(contacts, pd.Timestamp("2025-06-30").date(), customers.index)


def test_hours_are_those_really_spent_and_those_planned(actions, spent) -> None:
    assert spent[spent > 0].to_dict() == {"C01": 1.0, "C02": 2.0}
    table = hours_table(actions, spent).set_index("decision")
    assert table["customers"].sum() == len(actions)
    assert table["hours_before"].to_dict() == {
        "approach": 1.0, "not_approached": 2.0, "grow": 0.0, "recover": 0.0, "keep_serving": 0.0,
        "not_now": 0.0,
    }  # fmt: skip
    assert table.loc["recover", "hours_after"] == 8.0  # 2 + 1.5 + 2.5 + 2
    assert table.loc["not_approached", "hours_after"] == 0.0
    done = actions["planned_week"].notna()
    assert table["hours_after"].sum() == actions.loc[done, "effort_hours"].sum()


def test_hours_become_free_where_they_were_spent(actions, spent, make) -> None:
    freed = freed_hours(actions, spent, make())
    assert freed.to_dict("records") == [
        {"owner": "鈴木", "customers": 1, "hours": 2.0, "goes_to": ""}
    ]
    teams = {
        "in": {"owners": ["鈴木"], "shares_hours_with": ["out"]},
        "out": {"owners": ["佐藤"]},
    }
    assert freed_hours(actions, spent, make(teams=teams))["goes_to"].tolist() == ["out"]
    assert freed_hours(actions, spent * 0, make()).empty  # nothing was spent: nothing is said
    assert spent_a_month(None, make().as_of, actions.index).eq(0).all()


def test_the_load_of_each_owner_and_week(make, customers, permissions, contacts) -> None:
    teams = {"in": {"owners": ["佐藤", "山本"], "hours_per_week": 2.5}}
    planned, client = plan(make, customers, permissions, contacts, teams=teams)
    load = owner_load(planned, weeks_of(client)).set_index(["owner", "week"])
    assert load.loc[("佐藤", 1), "capacity_hours"] == 2.5
    assert pd.isna(load.loc[("鈴木", 1), "capacity_hours"])
    assert load.loc[("山本", 1), "actions"] == 0  # hours, and nothing to do
    done = planned[planned["planned_week"].notna()]
    assert load.drop(index=0, level="week")["hours"].sum() == done["effort_hours"].sum()
    late = planned[planned["waits_because"].isin(["no_hours", "too_long"])]
    assert load.xs(0, level="week")["actions"].sum() == len(late)
    of_one = load.loc["佐藤"].drop(index=0)
    assert (of_one["hours"] <= of_one["capacity_hours"]).all()
    holiday = load.loc[("佐藤", 3), "capacity_hours"]  # 21 July: four days
    assert holiday == 2.0


def test_the_page_of_an_owner_is_a_week_of_the_plan(actions) -> None:
    page = page_of(actions, "鈴木")
    assert page["planned_week"].eq(1).all()
    assert page["owner"].eq("鈴木").all()
    assert page["do_on"].is_monotonic_increasing
    assert page.index[0] == "C11"  # an open incident, today
    assert page_of(actions, "nobody").empty


def test_the_power_of_the_hold_out() -> None:
    told = power_of_hold_out(25, 0.17).iloc[0]
    assert told["months"] == 3  # 25 a month: 60 after three
    assert told["false_alarm"] <= 0.01
    assert told["power_at_break_even"] >= 0.5
    assert told["power_at_double"] >= 0.95
    assert pd.isna(power_of_hold_out(0, 0.17)["months"].iloc[0])
