"""The five types split by unit price (単価) and by campaign sensitivity.

*Unit price* is what a customer pays for one piece, where the lists count pieces, else for one
order: one yardstick for a whole list. High is beyond the middle of the list, or from what people
state on. *Campaign sensitivity* is the share of the own net spend in orders that a campaign set off
(`campaign_share`); where no order names a campaign it is not known, and nobody counts as
insensitive. As a score has it, a learned border is the next price seen beyond the middle one, so
that equal prices stand on one side of it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from segment_lib.checks import require_columns
from segment_lib.columns import as_category
from segment_lib.lists import to_frame

PIECES_KNOWN = 0.9  # share of lines with a quantity from which prices are those of a piece
MOSTLY = 0.5  # of the own spend


def unit_prices(customers: pd.DataFrame, order_lines: Any, as_of: date) -> pd.DataFrame:
    """unit_price (gross, in the currency) and per_piece (False: net, per order), a row each.

    `customers` have their order_value; `order_lines` is the table of the register.
    """
    until = order_lines.filter(order_lines.ordered_on.cast("date") <= as_of)
    counted = until.filter((until.quantity > 0).fill_null(False))
    lines = to_frame(
        counted.group_by("customer_id").agg(
            lines=counted.count(),
            amount=counted.amount.sum().cast("float64"),
            quantity=counted.quantity.sum().cast("float64"),
        ),
        indexed=True,
    )
    every = to_frame(until.aggregate(lines=until.count()))["lines"].iloc[0]
    per_piece = bool(every) and lines["lines"].sum() >= PIECES_KNOWN * every
    price = lines["amount"] / lines["quantity"] if per_piece else customers["order_value"]
    return pd.DataFrame(
        {"unit_price": price.reindex(customers.index).astype("float64"), "per_piece": per_piece},
        index=customers.index,
    )


def price_border(customers: pd.DataFrame) -> float:
    """From which unit price on it is high: the next one beyond the middle of those with a type;
    missing where nobody pays more than that.
    """
    prices = np.sort(customers.loc[customers["five_type"].notna(), "unit_price"].dropna())
    beyond = prices[prices > prices[(len(prices) - 1) // 2]] if len(prices) else prices
    return float(beyond[0]) if len(beyond) else np.nan


def assign_splits(customers: pd.DataFrame, high_from: float) -> pd.DataFrame:
    """price_level (high, low) and campaign_level (mostly, some, never), one row per customer.

    `customers` have five_type, unit_price and campaign_share; who has no type has no level. High
    is at `high_from` and above. Where that is missing, or no order names a campaign, there is no
    level.
    """
    require_columns(customers, ["five_type", "unit_price", "campaign_share"], "customers")
    typed = customers[["unit_price", "campaign_share"]].where(customers["five_type"].notna())
    price, share = (typed[name].astype("float64") for name in typed)
    high = np.where(price >= high_from, "high", "low")
    often = np.select([share >= MOSTLY, share > 0], ["mostly", "some"], "never")
    levels = {
        "price_level": (high, price.notna() & pd.notna(high_from)),
        "campaign_level": (often, share.notna() & (share > 0).any()),
    }
    return pd.DataFrame(
        {
            name: as_category(pd.Series(codes, price.index, dtype="object").where(told), name)
            for name, (codes, told) in levels.items()
        }
    )


def profile_split(customers: pd.DataFrame, level: str) -> pd.DataFrame:
    """One row per type and level of `level` (price_level, campaign_level); none if it is not known.

    Columns: five_type, the level, customers, share (of the type, of those whose level is known),
    spend, mean_order (spend per order).
    """
    rows = customers.dropna(subset=["five_type", level])
    typed = rows.assign(five_type=as_category(rows["five_type"].astype("object"), "five_type"))
    table = typed.groupby(["five_type", level], observed=False).agg(
        customers=("monetary", "size"), spend=("monetary", "sum"), orders=("frequency", "sum")
    )
    heads = table.groupby(level=0, observed=False)["customers"].transform("sum")
    table = table.assign(
        share=table["customers"] / heads.where(heads > 0),
        mean_order=table["spend"] / table["orders"].where(table["orders"] > 0),
    )
    table = table[["customers", "share", "spend", "mean_order"]].reset_index()
    return table if len(rows) else table.iloc[:0]
