"""RFM: scores by definition, segments over the whole grid, two published results exactly."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segment_lib.behaviour.rfm import ScoreCuts
from segment_lib.behaviour.segments import (
    DEFAULT_SEGMENTS,
    check_segments,
    name_segments,
    profile_segments,
)
from segment_lib.checks import KitError
from segment_lib.settings import RfmSection, SegmentRow
from segment_lib.voice import language

NAN = np.nan


def people(recency: list, frequency: list, monetary: list) -> pd.DataFrame:
    ids = pd.Index([f"c{i}" for i in range(len(recency))], name="customer_id")
    frame = pd.DataFrame(
        {"recency_days": recency, "frequency": frequency, "monetary": monetary}, index=ids
    )
    return frame.assign(as_of=pd.Timestamp("2026-04-01"))


# Ten buyers and one prospect. Monetary 1..10: the k-th fifth ends at 2, 4, 6, 8, so the cut points
# are the next observed values 3, 5, 7, 9. Recency likewise from the worst end: 100, 90 | 80 ...
TEN = people(
    [100, 90, 80, 70, 60, 50, 40, 30, 20, 10, NAN],
    [1, 1, 1, 2, 2, 3, 5, 6, 11, 12, 0],
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0],
)


def test_by_hand() -> None:
    cuts = ScoreCuts().fit(TEN)
    assert cuts.cuts_ == {
        "r": [80.0, 60.0, 40.0, 20.0],
        "f": [2.0, 3.0, 6.0, 12.0],
        "m": [3.0, 5.0, 7.0, 9.0],
    }
    assert (cuts.as_of_, cuts.customers_, cuts.n_scores_) == (date(2026, 4, 1), 10, 5)
    scores = cuts.transform(TEN)
    assert scores["r"].tolist()[:10] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert scores["f"].tolist()[:10] == [1, 1, 1, 2, 2, 3, 3, 4, 4, 5]
    assert scores["m"].tolist()[:10] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert scores.loc["c10"].isna().all()  # no order, no score
    assert scores.dtypes.astype(str).tolist() == ["Int64"] * 3


def test_stated_cuts_read_as_people_say_them() -> None:
    cuts = ScoreCuts((365, 30, 180, 90), (2, 3, 6, 12), (1000, 5000, 10_000, 50_000))
    frame = people([30, 31, 90, 365, 366], [12, 11, 6, 2, 1], [50_000, 49_999, 1000, 999, -5])
    scores = cuts.fit(frame).transform(frame)
    assert scores["r"].tolist() == [5, 4, 4, 2, 1]  # within 30 days is 5, day 31 is not
    assert scores["f"].tolist() == [5, 4, 4, 2, 1]
    assert scores["m"].tolist() == [5, 4, 2, 1, 1]
    assert cuts.cuts_["r"] == [365.0, 180.0, 90.0, 30.0]


def test_mostly_one_time_buyers_share_a_score() -> None:
    frame = people([5] * 100, [1] * 85 + [2] * 15, [10] * 100)
    cuts = ScoreCuts("quantiles", "quantiles", "quantiles").fit(frame)
    scores = cuts.transform(frame)
    assert (scores["f"].iloc[:85] == 1).all()
    assert (scores["f"].iloc[85:] == 5).all()  # within the best fifth: beyond every cut point
    assert (scores[["r", "m"]] == 1).all().all()  # all equal: 1, with a message, no error
    assert list(map(str, cuts.messages_)) == [
        "R: everyone has the same score.",
        "F: 2 of 5 scores in use.",
        "M: everyone has the same score.",
    ]
    with language("ja"):
        assert str(cuts.messages_[1]) == "F: 5段階のうち2段階を使用。"
    assert cuts.cuts_["r"] == []


def test_few_customers() -> None:
    frame = people([5, 9], [1, 2], [10, 20])
    cuts = ScoreCuts().fit(frame)
    assert cuts.cuts_["m"] == []  # under five customers, no quantile cuts
    assert "Only 2 customers with orders: scores say little." in cuts.message_
    nobody = ScoreCuts().fit(frame.iloc[:0])
    assert nobody.transform(frame.iloc[:0]).empty


def named(frame: pd.DataFrame, cuts: ScoreCuts) -> pd.DataFrame:
    """Scores and segment, as notebook 03 makes them."""
    told = frame.join(cuts.fit(frame).transform(frame))
    return told.assign(rfm_segment=name_segments(told, cuts=cuts))


def test_an_axis_without_a_cut_point_places_nobody() -> None:
    today = named(people([0], [1], [1200]), ScoreCuts())
    assert today["rfm_segment"].to_list() == ["Not told apart"]
    with language("ja"):
        profile = profile_segments(today)
    assert profile[["rfm_segment", "name", "customers"]].to_numpy().tolist() == [
        ["Not told apart", "まだ区別できないお客様", 1]
    ]
    same_day = named(people([5] * 20, [1, 7] * 10, range(1, 21)), ScoreCuts())
    assert set(same_day["rfm_segment"]) == {"Not told apart"}  # nobody is "long ago"
    same_spend = named(people(range(20), [1, 7] * 10, [50] * 20), ScoreCuts())
    found = set(same_spend.loc[same_spend["f"] >= 4, "rfm_segment"])
    # "much" or "in small amounts" cannot be said of them; "gone quiet" can
    assert found == {"Not told apart", "Regulars cooling", "Best customers gone quiet"}


def test_a_stated_cut_that_nobody_reaches_still_places_everybody() -> None:
    stated = ScoreCuts((365, 180, 90, 30), (2, 3, 6, 12), (1000, 5000, 10_000, 50_000))
    long_ago = named(people([400, 500], [1, 1], [10, 10]), stated)
    assert long_ago["rfm_segment"].to_list() == ["Once or twice, long ago"] * 2


def test_new_scores_with_old_cuts() -> None:
    cuts = ScoreCuts().fit(TEN)
    again = ScoreCuts.from_json(cuts.to_json())
    later = TEN.assign(recency_days=TEN["recency_days"] + 30)
    pd.testing.assert_frame_equal(again.transform(later), cuts.transform(later))
    assert (again.as_of_, again.customers_) == (cuts.as_of_, cuts.customers_)
    assert repr(again) == repr(cuts)
    assert "ScoreCuts as of 2026-04-01, 10 customers, 5 = best" in repr(cuts)


def test_cuts_table_shows_every_score() -> None:
    table = ScoreCuts().fit(TEN).cuts_table_
    assert table.columns.tolist() == ["axis", "score", "cut", "earned_by", "customers"]
    assert len(table) == 15
    assert table.iloc[0].tolist() == ["r", 5, 20.0, "recency_days <= 20", 2]
    assert table.groupby("axis")["customers"].sum().tolist() == [10, 10, 10]


values = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 8), st.integers(-20, 200)), min_size=1, max_size=40
)


@settings(max_examples=40, deadline=None)
@given(values, st.sampled_from([0.25, 4.0, 1024.0]))
def test_invariants(rows: list, unit: float) -> None:
    """Shuffled rows, other ids, another currency unit, and a row more of nobody: same scores."""
    frame = people(*map(list, zip(*rows, strict=True)))
    scores = ScoreCuts().fit(frame).transform(frame)
    other = frame.assign(monetary=frame["monetary"] * unit).sample(frac=1, random_state=0)
    other.index = "x" + other.index
    prospect = people([NAN], [0], [0]).set_axis(["prospect"])
    other = pd.concat([other, prospect])
    found = ScoreCuts().fit(other).transform(other).drop("prospect")
    found.index = found.index.str.removeprefix("x")
    pd.testing.assert_frame_equal(found.loc[scores.index], scores, check_names=False)
    for axis, column in {"r": "recency_days", "f": "frequency", "m": "monetary"}.items():
        per_value = scores[axis].groupby(frame[column].where(scores["r"].notna())).nunique()
        assert (per_value <= 1).all()  # equal value, equal score


def test_cut_points_must_be_of_one_number() -> None:
    with pytest.raises(KitError) as error:
        ScoreCuts((30, 90, 180), (2, 3, 6, 12)).fit(TEN)
    assert str(error.value) == (
        "[rfm] states 3 recency_cuts, 4 frequency_cuts; R, F and M must have the same number of "
        "cut points, so that a score means the same on every axis."
    )
    with pytest.raises(KitError) as error:
        ScoreCuts(frequency_cuts=(2, 2, 6)).fit(TEN)
    assert str(error.value) == (
        "[rfm] frequency_cuts is [2, 2, 6]: state at least one cut point, and each only once."
    )
    with pytest.raises(KitError) as error:
        ScoreCuts().transform(TEN)
    assert str(error.value) == (
        "These ScoreCuts have no cut points yet. Call .fit(customers) first, "
        "or read saved ones with ScoreCuts.from_json(text)."
    )


# --- segments ---------------------------------------------------------------------------------


def test_default_segments_cover_every_cell_once() -> None:
    check_segments(DEFAULT_SEGMENTS, 5)
    for row in DEFAULT_SEGMENTS:
        assert all([row.name, row.character, row.measure])
    measures = [row.measure for row in DEFAULT_SEGMENTS]
    assert len(set(measures)) == len(measures)  # two segments of one action would be one


def test_gaps_and_overlaps_are_told() -> None:
    low, high = SegmentRow(name="low", r=(1, 2)), SegmentRow(name="high", r=(4, 5))
    with pytest.raises(KitError) as error:
        check_segments([low, high], 5)
    assert str(error.value) == (
        "[[rfm.segments]] leaves 25 of 125 score cells without a segment, for example "
        "R F M = 3 1 1. Widen a row, or state a last row that takes them all: "
        'name = "Others", with first_match_wins = true.'
    )
    with pytest.raises(KitError) as error:
        check_segments([low, SegmentRow(name="all")], 5)
    assert str(error.value) == (
        "[[rfm.segments]] gives 50 of 125 score cells to more than one segment, for example "
        "R F M = 1 1 1 to ['low', 'all']. Narrow the rows, or say in [rfm]: "
        "first_match_wins = true."
    )
    check_segments([low, SegmentRow(name="all")], 5, first_match_wins=True)


def test_the_first_row_that_fits_wins() -> None:
    rules = RfmSection(
        first_match_wins=True,
        segments=(SegmentRow(name="low", r=(1, 2)), SegmentRow(name="rest")),
    )
    scores = ScoreCuts().fit(TEN).transform(TEN)
    names = name_segments(scores, rules)
    assert names.tolist()[:10] == ["low"] * 4 + ["rest"] * 6
    assert pd.isna(names["c10"])
    assert names.name == "rfm_segment"


def test_profile_adds_up() -> None:
    frame = TEN.assign(rfm_segment=name_segments(ScoreCuts().fit(TEN).transform(TEN)))
    table = profile_segments(frame)
    assert table["rfm_segment"].tolist() == [row.name for row in DEFAULT_SEGMENTS]
    assert table["customers"].sum() == 10  # the prospect has no score and is in no segment
    assert table["spend"].sum() == 55
    assert table["share"].sum() == pytest.approx(1)
    champions = table.iloc[0]
    # R 4-5, F 4-5, M 4-5: customers c7, c8, c9 with 8 + 9 + 10 money and 6 + 11 + 12 orders.
    assert (champions.customers, champions.spend) == (3, 27)
    assert champions.mean_order == 27 / 29


# --- published results ------------------------------------------------------------------------


def summed(orders: pd.DataFrame, who: str, day: str, money: str, as_of: str) -> pd.DataFrame:
    grouped = orders.groupby(who).agg(
        last=(day, "max"), frequency=(day, "size"), monetary=(money, "sum")
    )
    return grouped.assign(recency_days=(pd.Timestamp(as_of) - grouped["last"]).dt.days)


R_RFM_SEGMENTS = (
    ("Champions", (4, 5), (4, 5), (4, 5)),
    ("Loyal Customers", (2, 5), (3, 5), (3, 5)),
    ("Potential Loyalist", (3, 5), (1, 3), (1, 3)),
    ("New Customers", (4, 5), (1, 1), (1, 1)),
    ("Promising", (3, 4), (1, 1), (1, 1)),
    ("Needs Attention", (2, 3), (2, 3), (2, 3)),
    ("About To Sleep", (2, 3), (1, 2), (1, 2)),
    ("At Risk", (1, 2), (2, 5), (2, 5)),
    ("Can't Lose Them", (1, 1), (4, 5), (4, 5)),
    ("Hibernating", (1, 2), (1, 2), (1, 2)),
    ("Others", (1, 5), (1, 5), (1, 5)),
)


@pytest.mark.real_data
def test_r_rfm_published_result_for_all_995_customers(real_data: Path) -> None:
    orders = pd.read_csv(real_data / "r-rfm/rfm_data_orders.csv", parse_dates=["order_date"])
    customers = summed(orders, "customer_id", "order_date", "revenue", "2006-12-31")
    # Published cuts 115, 181, 297.4, 482 mean "recency < cut": the worst whole day is one less.
    rules = RfmSection(
        recency_cuts=(114, 180, 297, 481),
        frequency_cuts=(4, 5, 6, 8),
        monetary_cuts=(255.8, 382, 506.4, 666),
        first_match_wins=True,
        segments=tuple(SegmentRow(name=n, r=r, f=f, m=m) for n, r, f, m in R_RFM_SEGMENTS),
    )
    scores = ScoreCuts.from_rules(rules).fit(customers).transform(customers)
    found = pd.DataFrame(
        {
            "segment": name_segments(scores, rules),
            "rfm_score": 100 * scores["r"] + 10 * scores["f"] + scores["m"],
            "orders": customers["frequency"],
            "recency_days": customers["recency_days"],
            "total_spend": customers["monetary"],
        }
    )
    published = pd.read_csv(real_data / "r-rfm/published_segments_case_study.csv")
    # The published names still carry titles: matched on the figures, all of them, row by row.
    columns = list(found.columns)
    ours = found.astype({"rfm_score": "int64"}).sort_values(columns, ignore_index=True)
    theirs = published[columns].sort_values(columns, ignore_index=True)
    pd.testing.assert_frame_equal(ours, theirs, check_dtype=False)
    assert len(ours) == 995
    assert scores["f"].value_counts().sort_index().tolist() == [268, 187, 176, 244, 120]
    by_name = found.loc["Abbey O'Reilly"]
    assert by_name.tolist() == ["Loyal Customers", 343, 6, 205, 472]


@pytest.mark.real_data
def test_superstore_rfm_table_for_all_793_customers(real_data: Path) -> None:
    def read(name: str) -> pd.DataFrame:
        text = (real_data / "superstore" / name).read_bytes().decode("mac_roman")
        return pd.read_csv(io.StringIO(text.replace("\r", "\n")))

    orders = read("sample-orders.csv")
    orders["order_date"] = pd.to_datetime(orders["order_date"], format="%m/%d/%y")
    customers = summed(orders, "customer", "order_date", "grand_total", "2014-12-31")
    # Published: frequency <= 5 / 6 / 8 and monetary <= 1145 / 2257 / 3784 earn the lower class, so
    # the worst whole number that earns the higher score is one more. Class 1 is our score 4.
    cuts = ScoreCuts((30, 75, 183), (6, 7, 9), (1146, 2258, 3785)).fit(customers)
    scores = cuts.transform(customers)
    published = read("rfm-table.csv").set_index("customer")
    assert len(published) == len(customers) == 793
    for axis, column in {"r": "R_Quartile", "f": "F_Quartile", "m": "M_Quartile"}.items():
        assert (5 - scores[axis]).tolist() == published.loc[scores.index, column].tolist()
    assert (scores == 4).all(axis=1).sum() == 30
    for ours, theirs in {
        "recency_days": "recency", "frequency": "frequency", "monetary": "monetary_value"
    }.items():  # fmt: skip
        assert customers[ours].tolist() == published.loc[customers.index, theirs].tolist()


@pytest.mark.parametrize("first_match_wins", [False, True])
def test_every_cell_has_the_name_of_its_row(first_match_wins: bool) -> None:
    rows = DEFAULT_SEGMENTS
    if first_match_wins:
        rows = (SegmentRow(name="Lately", r=(5, 5), f=(1, 5), m=(1, 5)), *rows)
    rules = RfmSection(segments=rows, first_match_wins=first_match_wins)
    grid = pd.MultiIndex.from_product([range(6)] * 3, names=list("rfm")).to_frame(index=False)
    scores = grid.astype("Int64").replace(0, pd.NA)
    names = name_segments(scores, rules)
    for cell, name in zip(scores.itertuples(index=False), names, strict=True):
        if pd.isna(list(cell)).any():
            assert pd.isna(name)
            continue
        row = next(one for one in rows if one.name == name)
        assert row.r[0] <= cell.r <= row.r[1]
        assert row.f[0] <= cell.f <= row.f[1]
        assert row.m[0] <= cell.m <= row.m[1]
        assert first_match_wins is False or (cell.r == 5) == (name == "Lately")
