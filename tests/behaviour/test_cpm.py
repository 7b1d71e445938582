"""The ten CPM groups and the rates of their steps: by hand, by plain pandas, as printed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from real_orders import cdnow, invented

import segment_lib as sl
from segment_lib.behaviour.cpm import cpm_groups, step_up_rates
from segment_lib.behaviour.views import CpmView, cpm_view
from segment_lib.voice import language

AS_OF = "2026-04-01"
TYPES = ["first_time", "toddler", "steady", "fad", "loyal"]


def view_of(orders: pd.DataFrame, as_of: str = AS_OF, **rules: object) -> CpmView:
    history = sl.order_history(orders, as_of, customers=pd.DataFrame({"customer_id": ["nobody"]}))
    return cpm_view(history, {"orders": orders}, sl.FiveTypesRules(**rules))


def published(first: str, last: str, orders: int, spend: float) -> pd.DataFrame:
    """The orders of one row of the published vectors: the days between lie evenly."""
    days = pd.date_range(first, last, periods=orders).normalize()
    return pd.DataFrame({"ordered_on": days, "amount": spend / orders})


# First, last, orders, spend, and the group on 2026-04-01 (T = 70,000).
VECTORS = (
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
)


def test_the_published_vectors_in_their_ten_groups() -> None:
    orders = pd.concat(
        [published(*row[:4]).assign(customer_id=f"v{i:02d}") for i, row in enumerate(VECTORS)],
        ignore_index=True,
    ).assign(order_id=lambda rows: rows.index.astype("str"))
    view = view_of(orders, rule="cpm", loyal_spend=70_000)
    assert view.spend_from == 70_000
    counted = pd.Series([row[4:] for row in VECTORS]).value_counts()
    for row in view.groups.itertuples():
        assert row.customers == counted.get((row.cpm_type, row.lapsed), 0)
    assert view.groups["cpm_type"].tolist() == [each for each in TYPES for _twin in range(2)]
    assert view.groups["lapsed"].tolist() == [False, True] * 5
    with language("ja"):
        named = [sl.value_label("cpm_group", code) for code in view.groups["cpm_group"]]
    assert named == [
        f"{each}{twin}"
        for each in ("初回", "よちよち", "こつこつ", "流行", "優良")
        for twin in ("現役客", "離脱客")
    ]
    assert view.day == date(2025, 10, 1)


def by_rule(orders: pd.DataFrame, day: pd.Timestamp, spend_from: float) -> pd.DataFrame:
    """The published rule in plain pandas: type and lapsed of whoever had ordered by the day."""
    until = orders[orders["ordered_on"] <= day]
    people = until.groupby("customer_id").agg(
        first=("ordered_on", "min"), last=("ordered_on", "max"), spend=("amount", "sum")
    )
    span = (people["last"] - people["first"]).dt.days
    five = np.select(
        [span == 0, span < 90, people["spend"] < spend_from, span < 210], TYPES[:4], "loyal"
    )
    return pd.DataFrame(
        {"type": five, "lapsed": (day - people["last"]).dt.days >= 240}, people.index
    )


def check_against_plain_pandas(orders: pd.DataFrame, as_of: str) -> CpmView:
    view, today = view_of(orders, as_of), pd.Timestamp(as_of)
    half = today - pd.DateOffset(months=6)
    spend_from = 7 * orders.loc[orders["ordered_on"] <= today, "amount"].mean()
    assert view.spend_from == pytest.approx(spend_from)
    days = {"customers": today, "customers_half_year_ago": half,
            "customers_year_ago": today - pd.DateOffset(years=1)}  # fmt: skip
    typed = {name: by_rule(orders, day, spend_from) for name, day in days.items()}
    for name, rows in typed.items():
        heads = rows.value_counts()
        if rows.empty:
            assert view.groups[name].isna().all()
            continue
        for row in view.groups.itertuples():
            assert getattr(row, name) == heads.get((row.cpm_type, row.lapsed), 0)
    then, now = typed["customers_half_year_ago"], typed["customers"]["type"].map(TYPES.index)
    active = then[~then["lapsed"].astype(bool)]
    for row, (start, least) in zip(
        view.rates.itertuples(),
        (("first_time", 1), ("toddler", 2), ("steady", 3)),
        strict=True,
    ):
        those = active.index[active["type"] == start]
        assert row.n == len(those)
        assert row.successes == (now[those] >= least).sum()
        if row.n:
            assert row.rate == row.successes / row.n
            assert row.low <= row.rate <= row.high
    return view


@pytest.mark.parametrize("seed", range(3))
def test_as_plain_pandas_has_it(seed: int) -> None:
    check_against_plain_pandas(invented(seed), "2025-06-30")


@pytest.mark.real_data
@pytest.mark.parametrize("as_of", ["1998-06-30", "1997-12-31"])
def test_cdnow_as_plain_pandas_has_it(real_data: Path, as_of: str) -> None:
    view = check_against_plain_pandas(cdnow(real_data), as_of)
    assert view.young == (as_of == "1997-12-31")
    if view.young:
        assert view.says()["targets"] == (
            "The targets are the published ones (MakeRepeater). The first order is less than a "
            "year old: in a first year these rates are not reliable."
        )


def people(types: list[str], lapsed: list[bool] | bool = False) -> pd.DataFrame:
    return pd.DataFrame({"five_type": types, "lapsed": lapsed})


def test_rates_by_hand_and_what_they_say_of_the_target() -> None:
    then = people(["first_time"] * 100 + ["toddler"] * 4 + ["steady"] * 2 + ["first_time"] * 50,
                  [False] * 106 + [True] * 50)  # fmt: skip
    now = people(["toddler"] * 30 + ["first_time"] * 70 + ["steady"] * 3 + ["toddler"]
                 + ["fad", "steady"] + ["loyal"] * 50)  # fmt: skip
    rates = step_up_rates(then, now)
    assert rates["n"].tolist() == [100, 4, 2]  # who had lapsed by then is not counted
    assert rates["successes"].tolist() == [30, 3, 1]
    assert rates["target_rate"].tolist() == [0.5, 0.8, 0.5]
    assert rates["reached"].tolist() == ["below", "cannot_tell", "cannot_tell"]
    assert step_up_rates(then, now, {"toddler": 0.2, "steady": 0.8, "loyal": 0.5})[
        "reached"
    ].tolist() == ["above", "cannot_tell", "cannot_tell"]


def test_targets_that_people_state() -> None:
    view = view_of(invented(1), "2025-06-30", cpm_targets={"loyal": 0.1})
    assert view.rates["target_rate"].tolist() == [0.5, 0.8, 0.1]
    assert view.says()["targets"] == "The targets are stated in client.toml."
    for wrong in ({"fad": 0.5}, {"loyal": 0}, {"loyal": 1.5}):
        with pytest.raises(ValidationError, match="cpm_targets are shares above 0, up to 1, for "):
            sl.FiveTypesRules(cpm_targets=wrong)


def test_what_it_says_in_both_languages() -> None:
    view = view_of(invented(1), "2025-06-30")
    groups, first = view.groups, view.rates.iloc[0]
    active = groups[~groups["lapsed"]]
    said = view.says()
    assert said["active"] == (
        f"By the published rule {active['customers'].sum()} of {groups['customers'].sum()} "
        f"customers are active. On 2024-12-30 {active['customers_half_year_ago'].sum()} of "
        f"{groups['customers_half_year_ago'].sum()} were."
    )
    assert said["rates"].splitlines()[0] == (
        f"First-time → toddler or higher: {first['rate']:.0%} of {first['n']} took it (95% "
        f"interval {first['low']:.0%} to {first['high']:.0%}); target 50%: below the target."
    )
    assert said["targets"] == "The targets are the published ones (MakeRepeater)."
    with language("ja"):
        said = view.says()
        assert said["rates"].splitlines()[0] == (
            f"初回客→よちよち客以上：{first['n']}名中{first['rate']:.0%}（95%区間 "
            f"{first['low']:.0%}〜{first['high']:.0%}）。目標50%：目標未満。"
        )
        assert said["targets"] == "目標は公開されている値です（MakeRepeater）。"


def test_odd_lists() -> None:
    once = published("2026-03-01", "2026-03-01", 1, 10.0).assign(customer_id="a", order_id="1")
    view = view_of(once)
    assert view.groups["customers"].sum() == 1
    assert (
        view.groups["customers_half_year_ago"].isna().all()
    )  # nobody had ordered: not known, not 0
    assert view.says()["rates"].splitlines()[0] == (
        "First-time → toddler or higher: nobody stood there half a year ago."
    )
    nobody = view_of(once.iloc[:0])
    assert nobody.groups["customers"].isna().all()
    assert nobody.says()["active"].startswith("By the published rule 0 of 0 customers are active")
    assert cpm_groups({"customers": people(["loyal"] * 3)})["customers"].tolist()[8:] == [3, 0]
