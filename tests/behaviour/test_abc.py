"""ABC, the Lorenz curve and Gini: by hand, by plain pandas, with odd lists, as printed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from real_orders import cdnow, invented

import segment_lib as sl
from segment_lib.behaviour.deciles import abc_table, assign_abc, gini, lorenz_curve
from segment_lib.behaviour.revenue_said import says_abc
from segment_lib.voice import language


def spent(*monetary: float) -> pd.DataFrame:
    """One row per customer, the longer ago the later in the list."""
    index = pd.Index([f"c{i:02d}" for i in range(len(monetary))], name="customer_id")
    frame = pd.DataFrame({"monetary": monetary, "frequency": 1}, index=index)
    return frame.assign(recency_days=range(len(frame)))


def test_by_hand() -> None:
    # 50 + 20 = 70 of 100: A ends with the customer who reaches the cut; 82, 92: B; the rest C.
    people = spent(8, 50, 12, 0, 20, 10, -3)
    classes = assign_abc(people)
    assert classes.fillna("").tolist() == ["C", "A", "B", "", "A", "B", ""]
    table = abc_table(people)
    assert table["abc"].tolist() == ["A", "B", "C", "0 or less"]
    assert table["customers"].tolist() == [2, 2, 1, 2]
    assert table["spend"].tolist() == [70, 22, 8, -3]
    assert table["spend_from"].tolist() == [20, 10, 8, -3]
    assert table["share"].tolist()[:3] == [0.4, 0.4, 0.2]
    assert table["cumulative_share"].round(9).tolist()[:3] == [0.7, 0.92, 1.0]
    assert table.loc[3, ["share", "spend_share", "cumulative_share"]].isna().all()
    curve = lorenz_curve(people.assign(abc=classes))
    assert curve["customers_up_to"].tolist() == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert curve["spend_up_to"].round(9).tolist() == [0, 0.08, 0.18, 0.3, 0.5, 1]
    assert curve["abc"].tolist() == ["C", "B", "", "A", "", ""]
    # Pairs of 8, 10, 12, 20, 50: the mean difference over twice the mean.
    assert gini(people["monetary"]) == pytest.approx(0.376)


def test_other_cuts_and_cuts_that_are_none() -> None:
    people = spent(50, 30, 10, 10)
    assert assign_abc(people, (0.5, 0.8)).tolist() == ["A", "B", "C", "C"]
    view = sl.revenue_view(people, rules=sl.RfmRules(abc_cuts=(0.5, 0.8)))
    assert view.customers["abc"].tolist() == ["A", "B", "C", "C"]
    for wrong in ((0.9, 0.7), (0.7, 1.0), (0, 0.5)):
        with pytest.raises(ValidationError, match=r"two shares of the spend that rise"):
            sl.RfmRules(abc_cuts=wrong)


def check_against_plain_pandas(customers: pd.DataFrame) -> None:
    spend = customers.loc[customers["monetary"] > 0, "monetary"].sort_values(ascending=False)
    total, n = spend.sum(), len(spend)
    classes = assign_abc(customers)
    best = 1 + int((spend.cumsum() < 0.7 * total * (1 - 1e-12)).sum())
    middle = 1 + int((spend.cumsum() < 0.9 * total * (1 - 1e-12)).sum()) - best
    assert classes.value_counts().to_dict() == {"A": best, "B": middle, "C": n - best - middle}
    assert spend[classes == "A"].min() >= spend[classes == "B"].max()
    assert spend[classes == "B"].min() >= spend[classes == "C"].max()
    # Gini as the mean difference of all pairs, and as the area below the curve.
    pairs = np.abs(np.subtract.outer(spend.to_numpy(), spend.to_numpy())).mean()
    assert gini(customers["monetary"]) == pytest.approx(pairs / (2 * spend.mean()))
    curve = lorenz_curve(customers.assign(abc=classes))
    area = np.trapezoid(curve["spend_up_to"], curve["customers_up_to"])
    assert 1 - 2 * area == pytest.approx(curve["gini"].iloc[0], abs=0.002)
    assert (curve["spend_up_to"] <= curve["customers_up_to"] + 1e-9).all()
    for name, above in (("A", best), ("B", best + middle)):
        point = curve[curve["abc"] == name].iloc[0]
        assert point["customers_up_to"] == pytest.approx(1 - above / n)
        assert point["spend_up_to"] == pytest.approx(1 - spend.head(above).sum() / total)


@pytest.mark.parametrize("seed", range(3))
def test_as_plain_pandas_has_it(seed: int) -> None:
    check_against_plain_pandas(sl.order_history(invented(seed), "2025-06-30"))


@pytest.mark.real_data
def test_cdnow_as_plain_pandas_has_it(real_data: Path) -> None:
    customers = sl.order_history(cdnow(real_data), "1998-06-30")
    check_against_plain_pandas(customers)
    view = sl.revenue_view(customers)
    spend = customers["monetary"].sort_values(ascending=False)
    best = 1 + int((spend.cumsum() < 0.7 * spend.sum()).sum())
    paying = (spend > 0).sum()
    assert view.says()["abc"].startswith(
        f"The best {best} customers ({best / paying:.0%} of those who paid) bring 70% of their "
    )


def test_the_order_of_the_rows_and_the_currency_change_nothing() -> None:
    customers = sl.order_history(invented(7), "2025-06-30")
    classes = assign_abc(customers)
    shuffled = customers.sample(frac=1, random_state=1)
    assert assign_abc(shuffled).reindex(classes.index).equals(classes)
    assert assign_abc(customers.assign(monetary=customers["monetary"] * 157)).equals(classes)


def test_odd_lists() -> None:
    alike = spent(*[30.0] * 10)  # seven of ten bring 70 %: sums of floats must not make it eight
    assert assign_abc(alike).tolist() == ["A"] * 7 + ["B"] * 2 + ["C"]
    assert gini(alike["monetary"]) == pytest.approx(0)
    tenths = spent(*[0.1] * 10)
    assert assign_abc(tenths).tolist() == ["A"] * 7 + ["B"] * 2 + ["C"]
    one = sl.revenue_view(spent(40.0))
    assert one.customers["abc"].tolist() == ["A"]
    assert one.says()["abc"] == (
        "The best customer (100% of those who paid) brings 100% of their spend. Gini 0.00 (0: all "
        "spend the same, near 1: one brings everything)."
    )
    for nobody in (spent(0.0, -5.0), spent()):
        view = sl.revenue_view(nobody)
        assert view.abc.empty
        assert view.lorenz.empty
        assert view.customers["abc"].isna().all()
        assert view.says()["abc"] == "Nobody has spend above 0, so there is no ABC."


def test_what_it_says_in_both_languages() -> None:
    people = spent(8, 50, 12, 0, 20, 10, -3)
    people = people.assign(abc=assign_abc(people))
    told = abc_table(people), lorenz_curve(people)
    assert says_abc(*told) == (
        "The best 2 customers (40% of those who paid) bring 70% of their spend. The next 2 (40%) "
        "bring 22%, the other 1 (20%) bring 8%. Gini 0.38 (0: all spend the same, near 1: one "
        "brings everything)."
    )
    with language("ja"):
        assert says_abc(*told) == (
            "上位2名（購入金額のある方の40%）で売上の70%です。次の2名（40%）で22%、ほかの1名"
            "（20%）で8%です。ジニ係数は0.38です（0：皆様同じ金額、1に近い：お一人がすべて）。"
        )
