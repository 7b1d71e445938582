from __future__ import annotations

from datetime import date

import pandas as pd
from register_tables import people, table

from segment_lib.behaviour.incidents import assign_incidents, recovery_queue, recovery_table
from segment_lib.columns import VALUES

AS_OF = date(2026, 4, 1)


def incident(who: str, day: str, **more: object) -> dict[str, object]:
    return {"customer_id": who, "occurred_on": day} | more


RECOVERED = {"recovered_on": "2026-02-10"}
DELIVERED = RECOVERED | {"next_delivery_on": "2026-03-01"}
INCIDENTS = table(
    "incidents",
    incident("open", "2026-02-01", responded_on="2026-02-03"),
    incident("recovered", "2026-02-01", **RECOVERED),
    incident("met", "2026-02-01", **DELIVERED, exceeded=False),
    incident("fan", "2026-02-01", **DELIVERED, exceeded=True),
    incident("undated", "2026-02-01", **RECOVERED, exceeded=True),
    incident("later", "2026-02-01", recovered_on="2026-04-02"),
    incident("again", "2026-01-01", recovered_on="2026-01-05"),
    incident("again", "2026-03-01"),
    incident("fan then not", "2026-01-01", recovered_on="2026-01-05")
    | {"next_delivery_on": "2026-01-20", "exceeded": True},
    incident("fan then not", "2026-03-01", recovered_on="2026-03-05"),
    incident("unreasonable", "2026-03-01", justified=False),
    incident("mostly", "2026-03-01", justified=False),
    incident("mostly", "2026-03-02"),
    incident("tomorrow", "2026-04-02"),
)
NAMES = sorted({*INCIDENTS["customer_id"], "nothing"})


def test_states_by_hand() -> None:
    found = assign_incidents(INCIDENTS, AS_OF, people(*NAMES).index)
    assert found["incident_state"].to_dict() == {
        "open": "open",
        "recovered": "recovered",
        "met": "recovered",  # delivered, not above what they expected
        "fan": "fan",
        "undated": "recovered",  # a missing date is never today
        "later": "open",
        "again": "open",
        "fan then not": "recovered",
        "unreasonable": "open",
        "mostly": "open",
        "tomorrow": "none",
        "nothing": "none",
    }
    assert found.loc["again", "open_incident_since"] == pd.Timestamp("2026-03-01")
    assert found["open_incident_since"].notna().sum() == 5
    assert set(found["incident_state"]) <= set(VALUES["incident_state"])


def test_unjustified_only_if_a_person_signed_every_one() -> None:
    justified = assign_incidents(INCIDENTS, AS_OF, people(*NAMES).index)["justified"]
    assert justified[justified.eq(False).fillna(False)].index.tolist() == ["unreasonable"]
    assert justified["mostly"]
    assert justified[justified.isna()].index.tolist() == ["nothing", "tomorrow"]


def test_without_an_index_whoever_had_one_has_a_row() -> None:
    assert "nothing" not in assign_incidents(INCIDENTS, AS_OF).index
    assert len(assign_incidents(table("incidents"), AS_OF)) == 0
    none = assign_incidents(table("incidents"), AS_OF, people("a").index)
    assert none["incident_state"].tolist() == ["none"]


def test_an_incident_goes_from_open_over_recovered_to_fan() -> None:
    fan = INCIDENTS[INCIDENTS["customer_id"] == "fan"]
    days = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 10), date(2026, 3, 1)]
    states = [assign_incidents(fan, day, people("fan").index)["incident_state"] for day in days]
    assert [state["fan"] for state in states] == ["none", "open", "recovered", "fan"]


def test_repeaters_with_an_open_incident_come_first_of_all() -> None:
    found = assign_incidents(INCIDENTS, AS_OF, people(*NAMES).index)
    stage = pd.Series("customer", index=found.index).mask(found.index == "mostly", "repeater")
    queue = recovery_queue(found.assign(stage=stage))
    assert queue.index.tolist() == ["mostly", "later", "open", "again", "unreasonable"]
    assert list(queue) == [*found, "stage"]


def test_row_order_changes_nothing() -> None:
    mixed = INCIDENTS.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(
        assign_incidents(mixed, AS_OF), assign_incidents(INCIDENTS, AS_OF)
    )


def test_each_state_with_its_speed_and_its_next_step() -> None:
    made = assign_incidents(INCIDENTS, AS_OF)
    table_of = recovery_table(INCIDENTS.assign(response="refunded"), made, AS_OF)
    rows = table_of.set_index("incident_state")
    assert list(rows.index) == ["open", "not_justified", "recovered", "fan"]
    heads = made["incident_state"].value_counts()
    unjust = int((made["incident_state"].eq("open") & made["justified"].eq(False)).sum())
    assert unjust > 0  # signed as such: no reason to stop what goes on
    assert rows["customers"].to_dict() == {
        "open": heads["open"] - unjust, "not_justified": unjust,
        "recovered": heads["recovered"], "fan": heads["fan"],
    }  # fmt: skip
    assert rows.loc["open", "response_days"] == 2.0  # one of them notes a day
    assert rows.loc["fan", "recovery_days"] == 9.0
    assert pd.isna(rows.loc["fan", "response_days"])
    assert rows["done"].eq("refunded").all()
    assert rows["next_step"].is_unique
    nobody = recovery_table(INCIDENTS.iloc[:0], made.iloc[:0], AS_OF)
    assert nobody.empty
    assert list(nobody) == list(table_of)
