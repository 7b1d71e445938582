from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from register_tables import people, table

from segment_lib.behaviour.status import (
    STATUS_GRID,
    assign_status,
    check_status_grid,
    current_facts,
    deal_against_status,
    open_proposals,
)
from segment_lib.checks import KitError
from segment_lib.columns import VALUES
from segment_lib.settings import StatusSection

NO_CONTACTS, NO_DEALS, NO_INCIDENTS = table("contacts"), table("deals"), table("incidents")
ORDER = list(VALUES["status"])
LATER = [0, 5, 20, 31, 40, 52, 70, 91, 105, 150, 181, 365]  # days after 10 February 2026


def reply(who: str, day: str) -> dict[str, object]:
    return {"customer_id": who, "contacted_on": day, "direction": "in", "kind": "mail"}


def ask(who: str, day: str, answered: str | None = None) -> dict[str, object]:
    return {
        "customer_id": who, "contacted_on": day, "direction": "out", "intent": "ask",
        "asked_on": day, "answered_on": answered,
    }  # fmt: skip


def quote(who: str, day: str, **more: object) -> dict[str, object]:
    row = {"customer_id": who, "deal_id": f"D-{who}", "opened_on": day, "proposed_on": day}
    return row | {"amount": 500, "owner": "sato"} | more


QUOTE_OF_FEBRUARY = table("deals", quote("a", "2026-02-10"))
REPLY_OF_FEBRUARY = table("contacts", reply("a", "2026-02-10"))


def status_on(day: date, limits: StatusSection | None = None) -> pd.DataFrame:
    return assign_status(
        people("a"), REPLY_OF_FEBRUARY, QUOTE_OF_FEBRUARY, NO_INCIDENTS, day, limits
    )


def test_quote_sent_on_10_february_is_being_decided_five_days_later() -> None:
    row = status_on(date(2026, 2, 15)).loc["a"]
    assert row.tolist() == ["high", "good", "deciding_now", "proposal_fresh"]


@pytest.mark.parametrize(
    ("day", "limits", "falls_to"),
    [
        (date(2026, 3, 5), StatusSection(proposal_fresh_days=21), "likely"),  # 23 days old
        (date(2026, 3, 15), StatusSection(), "pending"),  # 33 days old, nothing heard for 33
    ],
)
def test_the_deal_stays_and_the_status_falls(
    day: date, limits: StatusSection, falls_to: str
) -> None:
    """The example of the domain: 見積提出 stays, 今検討中 empties."""
    status = status_on(day, limits)
    assert status.loc["a", "status"] == falls_to
    assert status.loc["a", "status_reason"] == "proposal_pending"
    still = open_proposals(QUOTE_OF_FEBRUARY, status["status"], day)
    assert still["deal_state"].tolist() == ["proposal_sent"]
    assert not (still["status"] == "deciding_now").any()
    picture = deal_against_status(QUOTE_OF_FEBRUARY, status["status"], day).set_index("status")
    assert picture.loc["deciding_now", "customers"] == 0
    assert picture.loc[falls_to, "customers"] == 1


def test_with_time_alone_a_status_falls_and_never_rises() -> None:
    days = [date(2026, 2, 10) + timedelta(days=n) for n in LATER]
    seen = [ORDER.index(status_on(day).loc["a", "status"]) for day in days]
    assert seen == sorted(seen)
    assert [ORDER[n] for n in dict.fromkeys(seen)] == ["deciding_now", "pending", "quiet"]


def test_with_time_alone_every_kind_of_customer_falls_or_stays() -> None:
    crowd = people(
        *"abcdef",
        last_order_on=pd.to_datetime(["2026-01-01", None, "2025-06-01", "2026-02-01", None, None]),
        was_due_from=pd.to_datetime(["2026-01-15", None, None, None, None, None]),
        was_due_by=pd.to_datetime(["2026-03-20", None, "2025-09-01", None, None, None]),
        attitude=["positive", "hostile", "", "enthusiastic", "positive", ""],
        attitude_on=pd.to_datetime(["2026-01-05", None, None, "2026-02-05", "2026-02-08", None]),
    )
    touched = table(
        "contacts", reply("a", "2026-02-01"), ask("d", "2026-02-02"), ask("d", "2026-02-04"),
        ask("d", "2026-02-06"), ask("f", "2026-02-01", "2026-02-03"),
    )  # fmt: skip
    deals = table("deals", quote("e", "2026-02-01"), quote("f", "2026-02-05", proposed_on=None))
    ranks = [
        assign_status(crowd, touched, deals, NO_INCIDENTS, date(2026, 2, 10) + timedelta(days=n))[
            "status"
        ].map(ORDER.index)
        for n in LATER
    ]
    table_ = pd.concat(ranks, axis=1).to_numpy()
    assert (np.diff(table_, axis=1) >= 0).all()
    assert (table_[:, -1] > table_[:, 0]).sum() == 3  # the other three had nothing left to lose


def test_the_grid_covers_every_cell_exactly_once() -> None:
    """Pitfall 33."""
    check_status_grid(STATUS_GRID)
    assert set(STATUS_GRID.values()) == set(VALUES["status"])
    broken = {cell: name for cell, name in STATUS_GRID.items() if cell != ("low", "fair")}
    with pytest.raises(KitError) as error:
        check_status_grid(broken | {("low", "poor"): "sleeping"})
    assert str(error.value) == (
        "The status grid has no status for [('low', 'fair')], cells that do not exist "
        "[('low', 'poor')], and unknown statuses ['sleeping']. Give each of the nine cells one of "
        "['deciding_now', 'likely', 'nurture', 'pending', 'quiet', 'repair_first']."
    )


def one(
    contacts: list[dict[str, object]] = (),  # type: ignore[assignment]
    deals: list[dict[str, object]] = (),  # type: ignore[assignment]
    incidents: list[dict[str, object]] = (),  # type: ignore[assignment]
    **customer: object,
) -> list[str]:
    frame = people("a", **{key: [value] for key, value in customer.items()})
    return (
        assign_status(
            frame,
            table("contacts", *contacts),
            table("deals", *deals),
            table("incidents", *incidents),
            date(2026, 4, 1),
        )
        .loc["a"]
        .tolist()
    )


DAY = pd.Timestamp


def test_facts_by_hand() -> None:
    assert one() == ["low", "fair", "quiet", "never_heard"]
    assert one([reply("a", "2026-03-20")]) == ["low", "good", "nurture", "in_touch"]
    assert one([reply("a", "2025-10-01")]) == ["low", "fair", "quiet", "silent"]
    # An answered request is a reply; its answer after the day is not yet one.
    assert one([ask("a", "2026-02-01", "2026-03-25")])[3] == "in_touch"
    assert one([ask("a", "2026-02-01", "2026-04-02")])[3] == "never_heard"
    # A fresh quote without a word from the customer is likely, not being decided.
    assert one(deals=[quote("a", "2026-03-20")]) == ["high", "fair", "likely", "proposal_fresh"]
    opened = quote("a", "2026-03-20", proposed_on=None)
    assert one(deals=[opened]) == ["middle", "fair", "pending", "deal_open"]
    assert one(deals=[quote("a", "2026-03-20", decided_on="2026-03-25", won=True)])[0] == "low"
    assert one(deals=[quote("a", "2026-03-20", won=False)])[0] == "low"  # decided, day not known
    assert one(deals=[quote("a", "2026-03-20", decided_on="2026-04-02", won=True)])[0] == "high"


def test_the_due_range_and_the_own_rhythm() -> None:
    rhythm = {"last_order_on": DAY("2026-01-10"), "was_due_from": DAY("2026-03-20")}
    assert one(**rhythm, was_due_by=DAY("2026-04-20")) == ["middle", "good", "likely", "due_now"]
    assert one([reply("a", "2026-03-30")], **rhythm, was_due_by=DAY("2026-04-20")) == [
        "high", "good", "deciding_now", "due_in_touch",
    ]  # fmt: skip
    assert one(**rhythm, was_due_by=DAY("2026-03-25")) == ["low", "fair", "quiet", "overdue"]
    early = rhythm | {"was_due_from": DAY("2026-04-10"), "was_due_by": DAY("2026-05-10")}
    assert one(**early) == ["low", "good", "nurture", "in_rhythm"]
    # Nothing for longer than quiet_after_days is quiet, whatever the range says.
    long_ago = rhythm | {"last_order_on": DAY("2025-09-01"), "was_due_by": DAY("2026-09-01")}
    assert one(**long_ago)[2] == "quiet"


def test_an_open_incident_comes_first_unless_signed_as_unreasonable() -> None:
    broken = {"customer_id": "a", "occurred_on": "2026-03-01"}
    fresh = [quote("a", "2026-03-25")]
    assert one(deals=fresh, incidents=[broken]) == [
        "high", "strained", "repair_first", "open_incident",
    ]  # fmt: skip
    assert one(deals=fresh, incidents=[broken | {"recovered_on": "2026-03-20"}])[2] == "likely"
    assert one(deals=fresh, incidents=[broken | {"recovered_on": "2026-04-02"}])[1] == "strained"
    assert one(deals=fresh, incidents=[broken | {"justified": False}])[2] == "likely"


def test_requests_left_unanswered_in_a_row() -> None:
    three = [ask("a", f"2026-03-{day}") for day in (10, 12, 14)]
    order = {"last_order_on": DAY("2026-03-01")}
    assert one(three, **order) == ["low", "strained", "repair_first", "asks_unanswered"]
    # Who never bought has no relation to strain: quiet, not in repair.
    assert one(three) == ["low", "fair", "quiet", "asks_unanswered"]
    assert one([*three, reply("a", "2026-03-20")], **order)[1] == "good"  # heard again
    same_day = [ask("a", "2026-03-10")] * 5  # five requests in one mail are one
    assert one(same_day, **order)[1] == "good"
    assert one(three[:2], **order)[1] == "good"


def test_attitude_is_read_with_its_date() -> None:
    assert one(attitude="positive", attitude_on=DAY("2026-03-01"))[1] == "good"
    assert one(attitude="positive", attitude_on=DAY("2025-03-01"))[1] == "fair"
    assert one(attitude="positive", attitude_on=pd.NaT)[1] == "fair"  # a missing date is not today
    assert one(attitude="hostile", attitude_on=DAY("2024-03-01"))[3] == "unfriendly"
    assert one(attitude="hostile", attitude_on=DAY("2026-04-02"))[1] == "fair"
    bought = {"attitude": "negative", "attitude_on": DAY("2026-02-01")}
    assert one(**bought, last_order_on=DAY("2026-03-01"))[1] == "good"


def test_every_reason_has_words_and_rows_after_the_day_change_nothing() -> None:
    crowd = people("a", "b", last_order_on=pd.to_datetime(["2026-05-01", "2026-03-01"]))
    status = assign_status(
        crowd,
        table("contacts", reply("a", "2026-04-02")),
        table("deals", quote("a", "2026-04-02")),
        table("incidents", {"customer_id": "b", "occurred_on": "2026-04-02"}),
        date(2026, 4, 1),
    )
    assert status["status_reason"].tolist() == ["never_heard", "in_rhythm"]
    assert set(status["status_reason"]) <= set(VALUES["status_reason"])
    facts = current_facts(
        crowd, NO_CONTACTS, NO_DEALS, NO_INCIDENTS, date(2026, 4, 1), StatusSection()
    )
    assert facts["customer_of_ours"].tolist() == [False, True]


def test_row_order_ids_and_nobody() -> None:
    crowd = people("b", "a", "c", last_order_on=pd.to_datetime(["2026-03-01", None, None]))
    touched = table("contacts", reply("a", "2026-03-20"), reply("c", "2025-01-01"))
    there = assign_status(crowd, touched, NO_DEALS, NO_INCIDENTS, date(2026, 4, 1))
    back = assign_status(crowd[::-1], touched[::-1], NO_DEALS, NO_INCIDENTS, date(2026, 4, 1))
    pd.testing.assert_frame_equal(there, back[::-1])
    empty = assign_status(people(), touched, NO_DEALS, NO_INCIDENTS, date(2026, 4, 1))
    assert list(empty) == ["likelihood", "relationship", "status", "status_reason"]
    assert len(empty) == 0


def test_the_picture_counts_customers_once_and_lists_the_oldest_first() -> None:
    deals = table(
        "deals",
        quote("a", "2026-03-01"),
        quote("a", "2026-01-01") | {"deal_id": "old"},
        quote("b", "2026-03-20"),
        quote("b", "2026-03-20", decided_on="2026-03-22", won=False) | {"deal_id": "lost"},
        quote("b", "2026-03-20", proposed_on=None) | {"deal_id": "not proposed"},
    )
    status = pd.Series({"a": "pending", "b": "deciding_now"})
    listed = open_proposals(deals, status, date(2026, 4, 1))
    assert listed["deal_id"].tolist() == ["old", "D-a", "D-b"]
    assert listed["proposal_age_days"].tolist() == [90, 31, 12]
    picture = deal_against_status(deals, status, date(2026, 4, 1)).set_index("status")
    assert picture.index.tolist() == ORDER
    assert picture.loc["pending", ["customers", "deals", "amount"]].tolist() == [1, 2, 1000]
    assert picture.loc["pending", "median_days"] == 60.5
    assert picture["customers"].sum() == 2
    assert deal_against_status(NO_DEALS, status, date(2026, 4, 1))["deals"].sum() == 0
