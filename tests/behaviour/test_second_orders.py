"""F2 conversion: by hand, by plain pandas, with odd lists, and its interval on simulated lists."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from real_orders import cdnow, invented

import segment_lib as sl
from segment_lib.behaviour.second_orders import second_order_cohorts, share_within
from segment_lib.behaviour.types_said import says_second_orders
from segment_lib.voice import language

AS_OF = "2025-06-30"


def gaps(orders: pd.DataFrame, as_of: str = AS_OF) -> pd.DataFrame:
    return sl.order_gaps(sl.order_days(orders, as_of))


def first_orders(**made: list[str]) -> pd.DataFrame:
    rows = [(name, day, 10.0) for name, days in made.items() for day in days]
    return pd.DataFrame(rows, columns=["customer_id", "ordered_on", "amount"])


# Two in January (one back after 20 days, one after 100), three in May (one back after 10 days),
# one in June who came back at once: 30 June less 30 days is 31 May.
ORDERS = first_orders(
    a=["2025-01-05", "2025-01-25", "2025-02-01"],
    b=["2025-01-31", "2025-05-11"],
    c=["2025-05-01", "2025-05-01", "2025-05-11"],
    d=["2025-05-31"],
    e=["2025-05-02", "2025-05-02"],
    f=["2025-06-01", "2025-06-03"],
)


def test_by_hand() -> None:
    table = second_order_cohorts(gaps(ORDERS), (30, 90, 180)).set_index(
        ["first_month", "within_days"]
    )
    assert table["customers"].unstack().loc[["2025-01", "2025-05", "2025-06"], 30].tolist() == [
        2, 3, 1,
    ]  # fmt: skip
    back = table["came_back"].unstack()
    assert back.loc["2025-01"].tolist() == [1, 1, pd.NA]  # 31 January and 180 days: 30 July
    assert back.loc["2025-05"].tolist() == [1, pd.NA, pd.NA]
    assert back.loc["2025-06"].isna().all()  # not yet known, though f is back
    assert table["share_back"].unstack().loc["2025-06"].isna().all()
    every = table.loc["(all)"]
    assert every["customers"].tolist() == [5, 2, 0]
    assert every["came_back"].tolist() == [2, 1, 0]
    assert every["share_back"].tolist()[:2] == [0.4, 0.5]
    assert pd.isna(every["share_back"].iloc[2])


def test_the_last_day_of_a_month_decides() -> None:
    orders = first_orders(a=["2025-05-01"], b=["2025-05-31"])
    for as_of, known in (("2025-06-29", False), ("2025-06-30", True)):
        table = second_order_cohorts(gaps(orders, as_of), (30,))
        assert table["came_back"].notna().tolist()[0] is known


def check_against_plain_pandas(orders: pd.DataFrame, as_of: str) -> None:
    table = second_order_cohorts(gaps(orders, as_of))
    today = pd.Timestamp(as_of)
    days = orders[["customer_id", "ordered_on"]].drop_duplicates().sort_values("ordered_on")
    first = days.groupby("customer_id")["ordered_on"].first()
    second = days.groupby("customer_id")["ordered_on"].nth(1)
    second.index = days.loc[second.index, "customer_id"]
    waited = (second.reindex(first.index) - first).dt.days
    for row in table[table["first_month"] != "(all)"].itertuples():
        cohort = first[first.dt.strftime("%Y-%m") == row.first_month]
        assert row.customers == len(cohort)
        end = pd.Timestamp(row.first_month) + pd.offsets.MonthEnd(1)
        if (today - end).days < row.within_days:
            assert pd.isna(row.came_back)
            continue
        assert row.came_back == (waited[cohort.index] <= row.within_days).sum()
        assert row.share_back == row.came_back / len(cohort)
    for row in table[table["first_month"] == "(all)"].itertuples():
        known = table[(table["within_days"] == row.within_days) & table["came_back"].notna()]
        known = known[known["first_month"] != "(all)"]
        assert row.came_back == known["came_back"].sum()
        assert row.customers == known["customers"].sum()
        if ((today - first).dt.days >= row.within_days).sum() < 5:
            assert pd.isna(row.curve_share)
            continue
        assert row.curve_share == pytest.approx(kaplan_meier(waited, first, today, row.within_days))


def kaplan_meier(waited: pd.Series, first: pd.Series, today: pd.Timestamp, within: int) -> float:
    """Day by day: of those who still wait and are watched, who comes."""
    watched, still = (today - first).dt.days, 1.0
    for day in range(1, within + 1):
        at_risk = ((waited.isna() & (watched >= day)) | (waited >= day)).sum()
        still *= 1 - (waited == day).sum() / at_risk if at_risk else 1
    return 1 - still


@pytest.mark.parametrize("seed", range(2))
def test_as_plain_pandas_has_it(seed: int) -> None:
    check_against_plain_pandas(invented(seed), AS_OF)


@pytest.mark.real_data
def test_cdnow_as_plain_pandas_has_it(real_data: Path) -> None:
    # All of CDNOW first ordered in January to March 1997, and were watched for over a year.
    orders = cdnow(real_data)
    check_against_plain_pandas(orders, "1998-06-30")
    early = orders[orders["ordered_on"] <= "1997-06-15"]
    check_against_plain_pandas(early, "1997-06-15")
    told = says_second_orders(second_order_cohorts(gaps(early, "1997-06-15")))
    assert "nothing is known yet of who first ordered in 1997-01 or later" in told


def test_the_interval_covers_and_the_plain_ratio_does_not() -> None:
    """Half come back, after 100 days in the mean; first orders spread over the last 200 days."""
    rng, within, worlds = np.random.default_rng(1), 90, 300
    truth = 0.5 * (1 - np.exp(-within / 100))
    covered, naive = 0, []
    today = pd.Timestamp(AS_OF)
    for _world in range(worlds):
        watched = rng.integers(1, 200, 250)
        wait = np.where(rng.random(250) < 0.5, np.ceil(rng.exponential(100, 250)), np.inf)
        first = pd.DataFrame(
            {
                "ordered_on": today - pd.to_timedelta(watched, unit="D"),
                "wait_days": np.minimum(wait, watched).astype(int),
                "came_back": wait <= watched,
                "as_of": today,
            }
        )
        _share, low, high = share_within(first, within)
        covered += low <= truth <= high
        naive.append((first["came_back"] & (first["wait_days"] <= within)).mean())
    assert 0.92 <= covered / worlds <= 0.98
    assert np.mean(naive) < 0.85 * truth  # second-time over first-time buyers, the young included


def test_odd_lists() -> None:
    nobody = second_order_cohorts(gaps(ORDERS.iloc[:0]))
    assert nobody["first_month"].tolist() == ["(all)"] * 4
    assert nobody["share_back"].isna().all()
    young = second_order_cohorts(gaps(first_orders(a=["2025-06-01", "2025-06-02"])))
    nothing = (
        "Fewer than 10 customers were watched long enough after a first order to speak of second "
        "orders."
    )
    for table in (nobody, young):
        assert says_second_orders(table) == nothing
    once = first_orders(**{f"c{i}": ["2024-01-01"] for i in range(11)})
    table = second_order_cohorts(gaps(once))
    assert table["share_back"].tolist() == [0.0] * 8  # watched long enough: nobody came, really 0
    assert table["low"].isna().all()
    assert says_second_orders(table) == (
        "Second orders (F2), of those whose month of first order lies long enough back: 0% within "
        "30 days (of 11), 0% within 90 days (of 11), 0% within 180 days (of 11), 0% within 360 "
        "days (of 11)."
    )
    few = second_order_cohorts(gaps(first_orders(**{f"c{i}": ["2024-01-01"] for i in range(9)})))
    assert says_second_orders(few) == nothing  # no rate of fewer than ten
    at_once = first_orders(**{f"c{i}": ["2024-01-01", "2024-01-02"] for i in range(6)})
    assert second_order_cohorts(gaps(at_once))["share_back"].tolist() == [1.0] * 8


def test_who_was_known_before_the_lists_begin_is_left_out() -> None:
    people = pd.DataFrame(
        {
            "customer_id": [*"abcdef"],
            "first_contact_on": pd.to_datetime(["2020-01-01", *[None] * 5]),
        }
    )
    tables = {"orders": ORDERS.assign(order_id=ORDERS.index.astype("str")), "customers": people}
    view = sl.types_view(sl.order_history(tables["orders"], AS_OF, customers=people), tables)
    january = view.second[view.second["first_month"] == "2025-01"]
    assert january["customers"].tolist() == [1] * 4  # b; what a bought first nobody knows
    assert view.kept()["second_orders"] is view.second


def test_what_it_says_in_both_languages() -> None:
    table = second_order_cohorts(gaps(invented(3)))
    every = table[table["first_month"] == "(all)"]
    said = says_second_orders(table)
    for row in every.itertuples():
        assert f"{row.share_back:.0%} within {row.within_days} days (of {row.customers})" in said
    last = every.iloc[-1]
    assert f"(Kaplan–Meier): {last['curve_share']:.0%} within 360 days (95% interval " in said
    assert said.endswith(
        "Within 360 days nothing is known yet of who first ordered in 2024-07 or later; they are "
        "not in that rate."
    )
    with language("ja"):
        said = says_second_orders(table)
        assert said.startswith("F2転換率（初回のご注文月から十分な日数がたった方）：30日以内")
        assert said.endswith("360日以内の率には入れていません。")
