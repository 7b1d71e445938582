"""Five types: the default rule by hand, all 12 published CPM vectors, thresholds from the data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segment_lib.behaviour.five_types import (
    ALL_LINES,
    assign_five_types,
    compare_type_rules,
    profile_types,
    propose_thresholds,
    resolve_thresholds,
)
from segment_lib.checks import KitError
from segment_lib.columns import VALUES
from segment_lib.settings import FiveTypesSection, TypeThresholds

NAN = np.nan
STATED = FiveTypesSection(
    often_gap_days=60, loyal_after_days=365, loyal_spend=50_000, lapsed_after_days=240
)
COLUMNS = ["order_days", "gap_days", "span_days", "monetary", "recency_days", "longest_gap_days"]


def people(*rows: tuple, **more: list) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS).assign(frequency=lambda t: t["order_days"], **more)
    frame.index = pd.Index([f"c{i:02d}" for i in range(len(frame))], name="customer_id")
    return frame


#         days   gap  span  spend  silent longest      expected under STATED
LADDER = people(
    (1, NAN, 0, 90_000, 10, NAN),  #                   one order day: first-time, whatever the spend
    (2, 30, 30, 90_000, 10, 30),  #                    two: toddler
    (3, 61, 500, 90_000, 10, 61),  #                   own gap over 60: steady
    (3, 60, 364, 49_999, 10, 60),  #                   often, short, little: still toddler
    (3, 60, 364, 50_000, 10, 60),  #                   often, short, much: fad
    (3, 60, 365, 50_000, 10, 60),  #                   often and long: loyal
    (9, 20, 400, 100, 239, 260),  #                    loyal by rhythm, not by spend; came back once
    (9, 20, 400, 100, 240, 20),  #                     the same, lapsed at day 240
    (0, NAN, NAN, 0, NAN, NAN),  #                     no order: unknown
    campaign_share=[0.0] * 9,
)


def test_default_rule_by_hand() -> None:
    found = assign_five_types(LADDER, STATED)
    assert found["five_type"].tolist()[:8] == [
        "first_time", "toddler", "steady", "toddler", "fad", "loyal", "loyal", "loyal",
    ]  # fmt: skip
    assert found.loc["c08"].isna().all()
    assert found["lapsed"].tolist()[:8] == [False] * 7 + [True]
    assert found["reactivated"].tolist()[:8] == [False] * 6 + [True, False]
    assert found["five_type"].cat.ordered
    assert found["five_type"].cat.categories.tolist() == list(VALUES["five_type"])


def test_campaign_driven_is_fad() -> None:
    driven = LADDER.assign(campaign_share=0.5)
    assert assign_five_types(driven, STATED).loc["c03", "five_type"] == "fad"
    nearly = LADDER.assign(campaign_share=0.49)
    assert assign_five_types(nearly, STATED).loc["c03", "five_type"] == "toddler"
    unknown = LADDER.drop(columns="campaign_share")
    assert assign_five_types(unknown, STATED).loc["c03", "five_type"] == "toddler"


# The published test vectors (analysis date 2026-04-01, T = 70,000); the second row of types is
# what the option "orders" gives, where it differs.
CPM = FiveTypesSection(rule="cpm", loyal_spend=70_000)
VECTORS = [
    ("2025-08-05", "2025-08-05", 1, 9_000, "first_time", False),
    ("2025-08-04", "2025-08-04", 1, 9_000, "first_time", True),
    ("2026-03-22", "2026-03-22", 2, 20_000, "first_time", False),
    ("2025-12-23", "2026-03-22", 2, 80_000, "toddler", False),
    ("2025-12-22", "2026-03-22", 2, 69_999, "steady", False),
    ("2025-12-22", "2026-03-22", 2, 70_000, "fad", False),
    ("2025-08-25", "2026-03-22", 5, 70_000, "fad", False),
    ("2025-08-24", "2026-03-22", 5, 70_000, "loyal", False),
    ("2025-08-24", "2026-03-22", 5, 69_999, "steady", False),
    ("2024-07-01", "2025-08-05", 12, 200_000, "loyal", False),
    ("2024-06-30", "2025-08-04", 12, 200_000, "loyal", True),
    ("2025-05-26", "2026-03-22", 2, 12_000, "steady", False),
]


def vectors() -> pd.DataFrame:
    frame = pd.DataFrame(
        VECTORS, columns=["first", "last", "frequency", "monetary", "expected", "lapsed"]
    )
    span = (pd.to_datetime(frame["last"]) - pd.to_datetime(frame["first"])).dt.days
    days = frame["frequency"].where(span > 0, 1)  # two orders on one day are one order day
    return frame.assign(
        span_days=span,
        order_days=days,
        gap_days=(span / (days - 1)).where(days > 1),
        longest_gap_days=(span / (days - 1)).where(days > 1),
        recency_days=(pd.Timestamp("2026-04-01") - pd.to_datetime(frame["last"])).dt.days,
    )


@pytest.mark.parametrize("number", range(len(VECTORS)))
def test_published_cpm_vectors(number: int) -> None:
    one = vectors().iloc[[number]]
    found = assign_five_types(one, CPM)
    assert found["five_type"].tolist() == [VECTORS[number][4]]
    assert found["lapsed"].tolist() == [VECTORS[number][5]]
    # Only the last one came back after 240 days or more of silence (300).
    assert found["reactivated"].tolist() == [number == 11]


def test_cpm_can_count_orders_instead_of_days() -> None:
    found = assign_five_types(vectors(), CPM, count="orders")["five_type"].tolist()
    assert found[2] == "toddler"
    assert [*found[:2], *found[3:]] == [row[4] for i, row in enumerate(VECTORS) if i != 2]
    with pytest.raises(KitError) as error:
        assign_five_types(vectors(), CPM, count="visits")  # type: ignore[arg-type]
    assert str(error.value) == 'count is "visits"; it must be "days" or "orders".'


def test_cpm_spend_is_seven_orders_not_seven_customers() -> None:
    frame = people((1, NAN, 0, 1000, 5, NAN), (3, 50, 100, 5000, 5, 50))
    limits = resolve_thresholds(frame, FiveTypesSection(rule="cpm")).set_index("product_line")
    assert limits.loc[ALL_LINES, "loyal_spend"] == 7 * 6000 / 4  # not 7 x 6000 / 2
    assert limits.loc[ALL_LINES, ["loyal_after_days", "lapsed_after_days"]].tolist() == [210, 240]


# --- thresholds -------------------------------------------------------------------------------


def test_thresholds_proposed_from_repeaters() -> None:
    # Repeaters: gaps 10, 20, 30, 40, 50 (median 30); spans 10, 80, 200, 300, 400 (median 200, over
    # 2 x 30); spend 1..5 hundred (75th percentile 400); longest gaps 10, 40, 100, 150, 200: nine
    # tenths of the way is 150 + .6 x 50 = 180. The one-time buyer teaches nothing here.
    rows = [
        (2, 10, 10, 100, 1, 10),
        (3, 20, 80, 200, 1, 40),
        (3, 30, 200, 300, 1, 100),
        (4, 40, 300, 400, 1, 150),
        (5, 50, 400, 500, 1, 200),
        (1, NAN, 0, 9999, 1, NAN),
    ]
    row = propose_thresholds(people(*rows)).iloc[0]
    assert (row.product_line, row.repeaters) == (ALL_LINES, 5)
    assert (row.often_gap_days, row.loyal_after_days, row.loyal_spend) == (30, 200, 400)
    assert row.lapsed_after_days == pytest.approx(180)


def test_the_order_of_thresholds_is_kept() -> None:
    # Two order days each: the median span equals the median gap, which could make nobody wait.
    row = propose_thresholds(people(*[(2, 50, 50, 10, 1, 50)] * 3)).iloc[0]
    assert (row.often_gap_days, row.loyal_after_days, row.lapsed_after_days) == (50, 100, 51)


def test_no_repeaters_no_thresholds_no_claim() -> None:
    found = assign_five_types(people((1, NAN, 0, 10, 900, NAN)), FiveTypesSection())
    assert found["five_type"].tolist() == ["first_time"]
    assert found[["lapsed", "reactivated"]].isna().all().all()


def test_own_waiting_curve_decides_who_is_lapsed() -> None:
    rows = [(3, 30, 90, 10, 100, 30)] * 3
    own = people(*rows, lapsed_after_days=[50.0, 100.0, 101.0])
    assert assign_five_types(own, FiveTypesSection())["lapsed"].tolist() == [True, True, False]
    # What people stated goes before it, and CPM keeps its own 240 days.
    assert assign_five_types(own, STATED)["lapsed"].tolist() == [False] * 3
    assert assign_five_types(own, FiveTypesSection(rule="cpm"))["lapsed"].tolist() == [False] * 3


def lines() -> pd.DataFrame:
    tea = people(*[(4, 30, 120, 100, 10, 40)] * 12).assign(product_line="tea")
    cake = people(*[(4, 90, 400, 900, 10, 120)] * 12).assign(product_line="cake")
    rare = people(*[(2, 5, 5, 10, 10, 5)] * 2).assign(product_line="rare")
    return pd.concat([tea, cake, rare])


def test_thresholds_differ_by_product_line_and_can_be_overruled() -> None:
    proposed = propose_thresholds(lines(), lines()).set_index("product_line")
    # Of 12 x 30, 12 x 90 and 2 x 5 days the median is 30; rare, with two repeaters, takes it too.
    assert proposed["often_gap_days"].to_dict() == {
        ALL_LINES: 30, "cake": 90, "rare": 30, "tea": 30
    }  # fmt: skip
    rules = FiveTypesSection(loyal_spend=500, lines={"tea": TypeThresholds(often_gap_days=20)})
    limits = resolve_thresholds(lines(), rules).set_index("product_line")
    assert limits.loc["tea", ["often_gap_days", "loyal_spend"]].tolist() == [20, 500]
    assert limits.loc["cake", ["often_gap_days", "loyal_spend"]].tolist() == [90, 500]
    assert limits.loc["tea", "stated"] == "often_gap_days, loyal_spend"
    types = assign_five_types(lines(), rules)["five_type"]
    assert types.groupby(lines()["product_line"].to_numpy()).first().to_dict() == {
        "cake": "loyal", "rare": "toddler", "tea": "steady"
    }  # fmt: skip


def test_frozen_thresholds_are_used_as_they_are() -> None:
    frozen = propose_thresholds(people(*[(3, 30, 200, 100, 1, 30)] * 12))
    later = people((3, 40, 300, 100, 1, 40))
    assert assign_five_types(later, FiveTypesSection(), frozen)["five_type"].tolist() == ["steady"]
    assert assign_five_types(later, FiveTypesSection())["five_type"].tolist() == ["loyal"]


def test_a_line_without_thresholds_is_told() -> None:
    frozen = propose_thresholds(lines())
    with pytest.raises(KitError) as error:
        assign_five_types(lines(), FiveTypesSection(), frozen)
    assert str(error.value) == (
        "There are no thresholds for the product line(s) ['cake', 'rare', 'tea']. "
        "Propose them from the history by line: propose_thresholds(customers, lines)."
    )


# --- tables -----------------------------------------------------------------------------------


def test_profile_adds_up() -> None:
    frame = LADDER.assign(margin_sum=[30_000.0, NAN, *[10.0] * 7])
    table = profile_types(frame.join(assign_five_types(frame, STATED))).set_index("five_type")
    assert table.index.tolist() == list(VALUES["five_type"])
    assert table["customers"].tolist() == [1, 2, 1, 1, 3]  # the one without orders is in none
    assert (table.loc["loyal", "active"], table.loc["loyal", "lapsed"]) == (2, 1)
    assert table.loc["loyal", "reactivated"] == 1
    assert table.loc["first_time", "margin_rate"] == 30_000 / 90_000
    # Toddlers: the margin of one of two is known, so the rate is over that one's spend.
    assert table.loc["toddler", "margin_rate"] == 10 / 49_999
    assert table["share"].sum() == pytest.approx(1)
    assert table["spend"].sum() == LADDER["monetary"].sum()
    assert table["action_hint"].str.len().gt(0).all()


def test_profile_without_margins() -> None:
    table = profile_types(LADDER.join(assign_five_types(LADDER, STATED)))
    assert table["margin"].isna().all()
    assert table["margin_rate"].isna().all()


def test_where_the_two_rules_disagree() -> None:
    table = compare_type_rules(LADDER, STATED)
    assert table["customers"].sum() == 8
    # T = 7 x 420,199 / 33 orders = 89,133. c05, c06 and c07 repeat often for a year and more with
    # less spend: loyal by rhythm, steady by CPM. c01, two days in a month, is toddler in both.
    pair = table[(table["five_type"] == "loyal") & (table["cpm_type"] == "steady")].iloc[0]
    assert (pair.customers, pair.agree) == (3, False)
    agreed = table[(table["five_type"] == "toddler") & (table["cpm_type"] == "toddler")]
    assert agreed["agree"].all()


rows = st.tuples(
    st.integers(1, 6), st.integers(1, 200), st.integers(0, 900),
    st.integers(0, 9000), st.integers(0, 500), st.integers(1, 400),
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(rows, min_size=1, max_size=30), st.sampled_from(["default", "cpm"]))
def test_invariants(made: list, rule: str) -> None:
    """Everyone with an order has one type, whatever the row order, ids and currency unit."""
    frame = people(*made)
    single = frame["order_days"] == 1
    frame[["gap_days", "longest_gap_days"]] = frame[["gap_days", "longest_gap_days"]].mask(single)
    rules = FiveTypesSection(rule=rule)
    found = assign_five_types(frame, rules)
    assert found["five_type"].notna().all()
    other = frame.assign(monetary=frame["monetary"] * 4).sample(frac=1, random_state=0)
    other.index = "x" + other.index
    again = assign_five_types(other, rules)
    again.index = again.index.str.removeprefix("x")
    pd.testing.assert_frame_equal(again.loc[found.index], found, check_names=False)
