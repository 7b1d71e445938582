from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from register_tables import people, table

from segment_lib.behaviour.stages.rungs import (
    HOURS_AS,
    NEXT_STEPS,
    RUNGS,
    STAGE_OF,
    assign_lost,
    assign_stages,
    check_pyramid,
    effort_spent,
    pyramid,
)
from segment_lib.columns import VALUES
from segment_lib.settings import StagesSection
from segment_lib.voice import language

AS_OF = date(2026, 4, 1)
NO_ORDERS, NO_CONTACTS, NO_DEALS = table("orders"), table("contacts"), table("deals")


def orders(*pairs: tuple[str, str]) -> pd.DataFrame:
    rows = [{"customer_id": who, "ordered_on": day, "amount": 100} for who, day in pairs]
    return table("orders", *rows)


def contacts(*triples: tuple[str, str, str]) -> pd.DataFrame:
    rows = [{"customer_id": a, "contacted_on": day, "kind": kind} for a, day, kind in triples]
    return table("contacts", *rows)


def proposals(*pairs: tuple[str, str]) -> pd.DataFrame:
    rows = [
        {"customer_id": who, "deal_id": who, "opened_on": day, "proposed_on": day}
        for who, day in pairs
    ]
    return table("deals", *rows)


def rung(of: pd.DataFrame, who: str) -> str:
    return of.loc[who, "sub_stage"]


def test_every_rung_by_hand() -> None:
    ladder = assign_stages(
        orders(
            ("won", "2026-01-10"),
            ("won", "2026-01-10"),  # a second order on the same day is the same win
            *[("twice", f"2026-01-{day}") for day in (10, 11)],
            *[("thrice", f"2026-01-{day}") for day in (10, 11, 12)],
            *[("repeater", f"2026-01-{day}") for day in (10, 11, 12, 13)],
        ),
        contacts(
            ("mailed", "2026-01-05", "mail"),
            ("named", "2026-01-05", "name"),
            ("met", "2026-01-05", "met"),
            ("met", "2026-01-05", "met"),  # twice on one day is one meeting
            ("met again", "2026-01-05", "met"),
            ("met again", "2026-01-06", "met"),
            ("dined", "2026-01-06", "meal"),
            ("proposed", "2026-01-05", "call"),
        ),
        proposals(("proposed", "2026-01-20")),
        people(
            "nobody",
            "named",
            "mailed",
            "met",
            "met again",
            "dined",
            "proposed",
            "won",
            "twice",
            "thrice",
            "repeater",
        ),
        AS_OF,
    )
    assert ladder["sub_stage"].tolist() == [
        "name_only", "name_only", "mail_or_call", "met_once", "met_twice", "meal", "proposal",
        "won_once", "repeated_once_or_twice", "repeated_once_or_twice", "repeated_three_times",
    ]  # fmt: skip
    assert ladder["stage"].tolist() == [
        *["acquaintance"] * 4, *["prospect"] * 3, *["customer"] * 3, "repeater",
    ]  # fmt: skip
    assert ladder.loc["met", "next_step"] == "Meet a second time and listen to what they need"


def test_orders_alone_are_enough_and_say_nothing_about_skipped_stages() -> None:
    ladder = assign_stages(
        orders(("a", "2026-01-10")), NO_CONTACTS, NO_DEALS, people("a", "b"), AS_OF
    )
    assert ladder["sub_stage"].tolist() == ["won_once", "name_only"]
    assert ladder["skipped_stage"].isna().tolist() == [True, False]


def test_a_won_deal_counts_where_there_is_no_order_and_never_twice() -> None:
    won = table(
        "deals",
        *[
            {"customer_id": who, "deal_id": day, "opened_on": "2026-01-01", "decided_on": day}
            | {"won": won}
            for who, day, won in [
                ("deal only", "2026-02-01", True),
                ("both", "2026-02-01", True),
                ("lost", "2026-02-01", False),
                ("later", "2026-04-02", True),
            ]
        ],
    )
    ladder = assign_stages(
        orders(("both", "2026-02-03")),
        NO_CONTACTS,
        won,
        people("both", "deal only", "later", "lost"),
        AS_OF,
    )
    assert ladder["sub_stage"].tolist() == ["won_once", "won_once", "name_only", "name_only"]


def test_a_skipped_stage_is_a_question_about_the_data() -> None:
    ladder = assign_stages(
        orders(("in order", "2026-03-01"), ("won first", "2026-01-01")),
        contacts(
            ("in order", "2026-01-02", "mail"),
            ("won first", "2026-02-01", "met"),
            ("won first", "2026-02-02", "met"),
        ),
        proposals(("in order", "2026-02-01"), ("out of the blue", "2026-02-01")),
        people("in order", "out of the blue", "won first"),
        AS_OF,
    )
    assert ladder["skipped_stage"].tolist() == [False, True, True]


def test_a_stage_only_goes_forward() -> None:
    rng = np.random.default_rng(1)
    days = pd.date_range("2025-01-01", "2026-03-31").astype(str)
    names = [f"c{n}" for n in range(30)]
    o = orders(*zip(rng.choice(names, 60), rng.choice(days, 60), strict=True))
    c = contacts(
        *zip(
            rng.choice(names, 90), rng.choice(days, 90),
            rng.choice(["name", "mail", "call", "met", "meal"], 90), strict=True,
        )
    )  # fmt: skip
    d = proposals(*zip(rng.choice(names, 30), rng.choice(days, 30), strict=True))
    last = np.zeros(30)
    for day in pd.date_range("2025-01-31", "2026-03-31", freq="ME"):
        ladder = assign_stages(o, c, d, people(*names), day.date())
        now = ladder["sub_stage"].map(RUNGS.index).to_numpy()
        assert (now >= last).all()
        last = now
    assert last.max() == len(RUNGS) - 1


def test_later_rows_and_row_order_change_nothing() -> None:
    o, c = orders(("a", "2026-03-01")), contacts(("a", "2026-02-01", "met"))
    known = assign_stages(o, c, NO_DEALS, people("a"), AS_OF)
    later = assign_stages(
        orders(("a", "2026-04-02"), ("a", "2026-03-01")),
        contacts(("a", "2026-04-02", "met"), ("a", "2026-02-01", "met")),
        NO_DEALS,
        people("a"),
        AS_OF,
    )
    pd.testing.assert_frame_equal(known, later)


def test_the_stage_map_is_the_clients() -> None:
    touched = contacts(("a", "2026-02-01", "visit"), ("a", "2026-02-02", "visit"))
    ladder = assign_stages(
        NO_ORDERS, touched, NO_DEALS, people("a"), AS_OF, StagesSection(met=("visit",))
    )
    assert rung(ladder, "a") == "met_twice"


def test_every_rung_has_a_stage_and_a_next_step_in_both_languages() -> None:
    assert list(STAGE_OF) == list(RUNGS) == list(NEXT_STEPS) == list(VALUES["sub_stage"])
    assert set(STAGE_OF.values()) == set(VALUES["stage"])
    with language("ja"):
        ladder = assign_stages(NO_ORDERS, NO_CONTACTS, NO_DEALS, people("a"), AS_OF)
    assert ladder.loc["a", "next_step"] == "メールか電話で一度ごあいさつする"


def test_nobody_at_all() -> None:
    ladder = assign_stages(NO_ORDERS, NO_CONTACTS, NO_DEALS, people(), AS_OF)
    assert list(ladder) == ["stage", "sub_stage", "next_step", "skipped_stage"]
    assert len(ladder) == 0
    table_ = pyramid(ladder)
    assert table_["customers"].tolist() == [0, 0, 0, 0]
    assert check_pyramid(table_)["holds"].isna().all()


def spent(contacts: pd.DataFrame, *ids: str, orders: pd.DataFrame = NO_ORDERS) -> pd.DataFrame:
    return effort_spent(orders, contacts, NO_DEALS, AS_OF, pd.Index(ids))


def test_effort_is_the_sum_of_hours_up_to_the_day() -> None:
    hours = table(
        "contacts",
        {"customer_id": "a", "contacted_on": "2026-01-01", "effort_hours": 1.5},
        {"customer_id": "a", "contacted_on": "2026-04-01", "effort_hours": 2},
        {"customer_id": "a", "contacted_on": "2026-04-02", "effort_hours": 9},
        {"customer_id": "b", "contacted_on": "2026-01-01"},
    )
    assert spent(hours, "a", "b", "c")["effort_spent_hours"].tolist() == [3.5, 0, 0]
    unknown = spent(NO_CONTACTS, "a")
    assert unknown.isna().all(axis=None)  # no hours in the list: not 0, not known


def test_an_hour_counts_for_the_stage_the_customer_had_then() -> None:
    met = {"customer_id": "a", "kind": "met"}
    hours = table(
        "contacts",
        met | {"contacted_on": "2026-01-01", "effort_hours": 1},  # a name until now
        met | {"contacted_on": "2026-01-08", "effort_hours": 2},  # met once: still stage 1
        met | {"contacted_on": "2026-01-15", "effort_hours": 4},  # met twice: a prospect
        met | {"contacted_on": "2026-02-01", "effort_hours": 8},  # ordered today, not before
        met | {"contacted_on": "2026-02-02", "effort_hours": 16},  # a customer
    )
    orders = table(
        "orders", {"customer_id": "a", "ordered_on": "2026-02-01", "amount": 10.0, "order_id": "1"}
    )
    row = spent(hours, "a", orders=orders).loc["a"]
    assert row.tolist() == [31, 3, 12, 16, 0]
    # A repeater of today: what it took to raise them stands where it was spent.
    staged = people("a", stage=["repeater"]).join(spent(hours, "a", orders=orders))
    assert pyramid(staged)["effort_hours"].tolist() == [3, 12, 16, 0]


# --- the pyramid ------------------------------------------------------------------------------
STAGED = people(
    "a1", "a2", "a3", "p1", "p2", "c1", "c2", "r1", "r2",
    stage=[*["acquaintance"] * 3, *["prospect"] * 2, *["customer"] * 2, *["repeater"] * 2],
    hours_as_acquaintance=[5, 5, 5, 0, 0, 0, 0, 0, 0],
    hours_as_prospect=[0, 0, 0, 4, 4, 0, 0, 0, 0],
    hours_as_customer=[0, 0, 0, 0, 0, 6, 3, 0, 0],
    hours_as_repeater=[0, 0, 0, 0, 0, 0, 0, 2, 9],
    monetary=[0, 0, 0, 0, 0, 100, 50, 400, 300],
    margin_sum=[np.nan] * 5 + [np.nan, 20, 90, 80],
    lapsed=pd.array([None] * 5 + [False, False, False, True], dtype="boolean"),
    owner=["x", "y", "x", "x", "y", "x", "y", "x", "y"],
)  # fmt: skip


def test_the_pyramid_by_hand() -> None:
    table_ = pyramid(STAGED).set_index("stage")
    assert table_["customers"].tolist() == [3, 2, 2, 1]
    assert table_["effort_hours"].tolist() == [15, 8, 9, 2]
    assert table_["revenue"].tolist() == [0, 0, 150, 400]
    assert table_["profit"].tolist() == [0, 0, 20, 90]  # the margin of c1 is not known
    assert table_["beside_customers"].tolist() == [0, 0, 0, 1]  # pitfall 43: lapsed stand beside


def test_who_lost_every_deal_stands_beside_until_one_is_open_again() -> None:
    staged = people("a", "b", "c", "d", stage=["prospect"] * 3 + ["customer"])
    deals = table(
        "deals",
        {"customer_id": "a", "opened_on": "2026-01-05", "decided_on": "2026-02-01", "won": False},
        {"customer_id": "b", "opened_on": "2026-01-05", "decided_on": "2026-02-01", "won": False},
        {"customer_id": "b", "opened_on": "2026-03-05"},
        {"customer_id": "c", "opened_on": "2026-01-05", "decided_on": "2026-04-02", "won": False},
        {"customer_id": "d", "opened_on": "2026-01-05", "decided_on": "2026-02-01", "won": False},
    )
    # b is being asked again, c is decided after the day, d has bought before.
    assert assign_lost(staged, deals, AS_OF).tolist() == [True, False, False, False]
    beside = pyramid(staged.join(assign_lost(staged, deals, AS_OF))).set_index("stage")
    assert beside["customers"].tolist() == [0, 2, 1, 0]
    assert beside["beside_customers"].tolist() == [0, 1, 0, 0]


def test_everybody_is_in_exactly_one_place_for_all_and_per_owner() -> None:
    both = ["customers", "beside_customers"]
    assert pyramid(STAGED)[both].to_numpy().sum() == len(STAGED)
    own = pyramid(STAGED, by="owner")
    assert own["owner"].tolist() == ["x"] * 4 + ["y"] * 4
    pd.testing.assert_frame_equal(
        own.groupby("stage", sort=False)[both].sum().reset_index(),
        pyramid(STAGED)[["stage", *both]],
    )


def test_the_check_says_which_step_breaks_with_the_numbers() -> None:
    """Pitfall 43: say which step breaks, do not redraw."""
    checked = check_pyramid(pyramid(STAGED)).set_index(["what", "lower_stage"])
    holds = checked["holds"].unstack("lower_stage")
    assert not holds.loc["customers", "prospect"]  # 2 and 2: not fewer
    assert not holds.loc["effort_hours", "prospect"]  # 8 → 9
    assert holds.loc["customers", "acquaintance"]
    assert holds.loc["revenue", ["prospect", "customer"]].all()
    assert pd.isna(holds.loc["revenue", "acquaintance"])  # neither has bought: nothing to compare
    row = checked.loc[("effort_hours", "prospect")]
    assert row["says"] == (
        "effort in hours from 2 Prospect to 3 Customer: 8 → 9, breaks here: it should fall"
    )
    with language("ja"):
        japanese = check_pyramid(pyramid(STAGED)).set_index(["what", "lower_stage"])["says"]
    assert (
        japanese["effort_hours", "prospect"]
        == "時間：2 見込み顧客 8 → 3 顧客 9、ここで崩れています"
    )
    assert (row["lower"], row["upper"]) == (8, 9)


def test_the_check_works_per_owner_and_with_missing_measures() -> None:
    bare = STAGED[["stage", "owner"]]
    checked = check_pyramid(pyramid(bare, by="owner"))
    assert set(checked["owner"]) == {"x", "y"}
    assert checked.loc[checked["what"] != "customers", "holds"].isna().all()
    assert checked.loc[checked["what"] == "revenue", "says"].iloc[0] == (
        "revenue from 1 Acquaintance to 2 Prospect: — → —, nothing to compare"
    )


def test_a_stage_without_anybody_brings_nothing() -> None:
    shop = STAGED[STAGED["stage"] != "prospect"].drop(columns=list(HOURS_AS.values()))
    table_ = pyramid(shop).set_index("stage")
    assert table_.loc["prospect", ["customers", "revenue", "profit"]].tolist() == [0, 0, 0]
    assert table_["effort_hours"].isna().all()  # never noted is not 0


@pytest.mark.parametrize("by", [None, "owner"])
def test_inputs_are_not_changed(by: str | None) -> None:
    before = STAGED.copy(deep=True)
    check_pyramid(pyramid(STAGED, by=by))
    pd.testing.assert_frame_equal(STAGED, before)
