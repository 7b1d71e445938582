"""The declared minimum of our own service, by hand; the day is 30 June 2024."""

from __future__ import annotations

from datetime import date

import pandas as pd
from result_frames import table

from segment_lib.results.our_part import assess_our_part, our_part_table
from segment_lib.settings import OurPartSection

DAY = date(2024, 6, 30)
FOUR = pd.Index(["1", "2", "3", "4"], name="customer_id")
NO_INCIDENTS = table("incidents")


def touch(who: str, day: str, direction: str | None, **more: object) -> dict[str, object]:
    return {"customer_id": who, "contacted_on": day, "direction": direction} | more


def test_requests_of_the_own_list_are_counted_once_each() -> None:
    contacts = table(
        "contacts",
        touch("1", "2024-05-01", None, step="a", asked_on="2024-05-01"),
        touch("1", "2024-05-09", None, step="a", asked_on="2024-05-09"),  # asked again
        touch("1", "2024-05-10", "out", intent="ask"),  # no request of the list
        touch("2", "2024-05-01", None, step="a"),
        touch("2", "2024-05-02", None, step="b"),
        touch("3", "2024-05-01", None, step="a"),
        touch("3", "2024-07-01", None, step="b"),  # tomorrow
    )
    section = OurPartSection(requests_sent=2)
    found = our_part_table(contacts, NO_INCIDENTS, section, DAY, FOUR)
    assert found["requests_sent"].tolist() == [1, 2, 1, 0]
    assert found["we_did_our_part"].tolist() == [False, True, False, False]


def test_replies_in_time() -> None:
    contacts = table(
        "contacts",
        touch("1", "2024-05-01", "in"),
        touch("1", "2024-05-08", "out"),  # day 7: in time
        touch("2", "2024-05-01", "in"),
        touch("2", "2024-05-09", "out"),  # day 8: late
        touch("3", "2024-06-28", "in"),  # not due yet
        touch("4", "2024-05-01", "in", answered_on="2024-05-03"),  # the reply stands on the row
    )
    section = OurPartSection(reply_within_days=7)
    found = our_part_table(contacts, NO_INCIDENTS, section, DAY, FOUR)
    assert found["replies_due"].tolist() == [1, 1, 0, 1]
    assert found["replies_in_time"].tolist() == [1, 0, 0, 1]
    assert found["we_did_our_part"].tolist() == [True, False, True, True]


def test_an_incident_must_be_recovered_unless_it_was_unreasonable() -> None:
    incidents = table(
        "incidents",
        {"customer_id": "1", "occurred_on": "2024-05-01", "recovered_on": "2024-05-20"},
        {"customer_id": "2", "occurred_on": "2024-05-01"},
        {"customer_id": "3", "occurred_on": "2024-05-01", "justified": False},
        {"customer_id": "4", "occurred_on": "2024-05-01", "recovered_on": "2024-07-20"},
    )
    part = assess_our_part(table("contacts"), incidents, OurPartSection(), DAY, FOUR)
    assert part.tolist() == [True, False, True, False]
    off = OurPartSection(incidents_recovered=False)
    assert assess_our_part(table("contacts"), incidents, off, DAY, FOUR).all()


def test_without_contacts_it_cannot_be_told() -> None:
    section = OurPartSection(requests_sent=3)
    open_one = table("incidents", {"customer_id": "2", "occurred_on": "2024-05-01"})
    part = assess_our_part(table("contacts"), open_one, section, DAY, FOUR)
    assert part.isna().tolist() == [True, False, True, True]
    assert not part["2"]
