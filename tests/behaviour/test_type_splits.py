"""Types split by unit price and campaign: by hand, by plain pandas, with odd lists, as printed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from real_orders import invented

import segment_lib as sl
from segment_lib.approach.conditions import fits
from segment_lib.behaviour.type_splits import assign_splits, price_border, profile_split
from segment_lib.voice import language

AS_OF = "2025-06-30"


def tables(seed: int, pieces: bool = True) -> dict[str, pd.DataFrame]:
    """Invented orders, each of two lines; of how many pieces is known of all but a few."""
    orders = invented(seed)
    lines = pd.concat([orders.assign(amount=orders["amount"] / 2)] * 2, ignore_index=True)
    rng = np.random.default_rng(seed)
    quantity = rng.integers(1, 4, len(lines)).astype(float)
    quantity[:5] = np.nan
    lines["quantity"] = quantity if pieces else np.nan
    return {"orders": orders, "order_lines": lines.assign(product_line=None)}


@pytest.mark.parametrize("pieces", [True, False])
def test_as_plain_pandas_has_it(pieces: bool) -> None:
    given = tables(4, pieces)
    history = sl.order_history(given["orders"], AS_OF)
    view = sl.types_view(history, given)
    people = history.join(view.customers)
    lines = given["order_lines"].dropna(subset="quantity")
    sums = lines.groupby("customer_id")[["amount", "quantity"]].sum()
    price = (
        sums["amount"] / sums["quantity"] if pieces else people["monetary"] / people["frequency"]
    )
    np.testing.assert_allclose(people["unit_price"], price.reindex(people.index))
    ranked = price.sort_values()
    border = ranked.iloc[(len(ranked) - 1) // 2 + 1]
    level = np.where(people["unit_price"] >= border * (1 - 1e-12), "high", "low")
    assert people["price_level"].astype("str").tolist() == level.tolist()
    # The share of the own money in orders that a campaign set off.
    orders = given["orders"]
    lured = orders[orders["campaign"].notna()].groupby("customer_id")["amount"].sum()
    share = (lured.reindex(people.index).fillna(0) / people["monetary"]).round(12)
    told = np.select([share >= 0.5, share > 0], ["mostly", "some"], "never")
    assert people["campaign_level"].astype("str").tolist() == told.tolist()
    for table, name in ((view.by_price, "price_level"), (view.by_campaign, "campaign_level")):
        for row in table.itertuples():
            those = people[(people["five_type"] == row.five_type)]
            part = those[those[name] == getattr(row, name)]
            assert row.customers == len(part)
            assert row.spend == pytest.approx(part["monetary"].sum())
            assert row.share == pytest.approx(len(part) / len(those))
            if len(part):
                mean = part["monetary"].sum() / part["frequency"].sum()
                assert row.mean_order == pytest.approx(mean)
    said = view.says()["by_price"]
    assert said.startswith(
        "The unit price is what is paid for one piece. High is from "
        if pieces
        else "The unit price is what is paid for one order: these lists count no pieces. High is "
    )
    assert "beyond the middle of this list. At a high unit price: First-time " in said


def people(*prices: float, share: float | None = 0.0) -> pd.DataFrame:
    frame = pd.DataFrame({"unit_price": prices, "campaign_share": share, "five_type": "toddler"})
    return frame.assign(monetary=1.0, frequency=1)


def test_equal_prices_stand_on_one_side() -> None:
    frame = people(5, 5, 5, 8, 9)  # three pay 5: high is the next one seen
    assert price_border(frame) == 8
    levels = assign_splits(frame, 8)["price_level"]
    assert levels.tolist() == ["low", "low", "low", "high", "high"]
    assert price_border(people(1, 2, 3, 4)) == 3
    assert price_border(people(1, 8, 9, 9, 9)) != price_border(people(1, 8, 9, 9, 9))  # none beyond
    for nothing in (people(7, 7), people(7), people()):
        made = assign_splits(nothing, price_border(nothing))
        assert made["price_level"].isna().all()
        assert profile_split(nothing.join(made), "price_level").empty


def test_who_has_no_type_has_no_level() -> None:
    frame = people(1, 2, 3, share=0.6).assign(five_type=["toddler", None, "toddler"])
    made = assign_splits(frame, 2)
    assert made["price_level"].isna().tolist() == [False, True, False]
    assert made["campaign_level"].isna().tolist() == [False, True, False]


def test_no_campaign_is_not_known_and_not_never() -> None:
    given = tables(4)
    given = {name: frame.drop(columns="campaign") for name, frame in given.items()}
    view = sl.types_view(sl.order_history(given["orders"], AS_OF), given)
    assert view.customers["campaign_level"].isna().all()
    assert view.by_campaign.empty
    assert view.says()["by_campaign"] == (
        "No order names a campaign: how sensitive customers are to one is not known."
    )


def test_a_stated_border_is_said_so_in_both_languages() -> None:
    given = tables(4)
    history = sl.order_history(given["orders"], AS_OF)
    view = sl.types_view(history, given, sl.FiveTypesRules(high_unit_price=20))
    assert (view.customers["unit_price"] >= 20).eq(view.customers["price_level"] == "high").all()
    assert " High is from 20.00 on, as people stated. At a high" in view.says()["by_price"]
    with language("ja"):
        said = view.says()
        assert (
            "「高い」は20.00以上です（人が決めた値）。単価の高い方の割合：初回客"
            in said["by_price"]
        )
        assert said["by_campaign"].startswith("購入金額の半分以上が企画による方の割合：初回客")


def test_nobody_and_one_order_each() -> None:
    given = tables(4)
    nobody = {name: frame.iloc[:0] for name, frame in given.items()}
    people = pd.DataFrame({"customer_id": ["a"]})
    view = sl.types_view(sl.order_history(nobody["orders"], AS_OF, customers=people), nobody)
    assert view.says()["by_price"] == (
        "All pay the same unit price, or nobody has ordered: there is no high and low."
    )
    once = {name: frame.drop_duplicates("customer_id") for name, frame in given.items()}
    view = sl.types_view(sl.order_history(once["orders"], AS_OF), once)
    assert view.by_price.query("customers > 0")["five_type"].unique().tolist() == ["first_time"]


def test_a_row_of_the_playbook_may_ask_for_it() -> None:
    given = tables(4)
    history = sl.order_history(given["orders"], AS_OF)
    known = history.join(sl.types_view(history, given).customers)
    for when in ({"price_level": "high", "campaign_level": ["some", "mostly"]},
                 {"price_level": "High", "campaign_share": "> 0"}):  # fmt: skip
        held = fits(when, known, "[[actions]]")
        so = (known["price_level"] == "high") & (known["campaign_share"] > 0)
        assert held.tolist() == so.tolist()
        assert held.any()
