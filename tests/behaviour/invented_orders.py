"""Order days of invented customers, and their history as of the day."""

from __future__ import annotations

import pandas as pd

AS_OF = pd.Timestamp("2026-04-01")


def summary(days: pd.DataFrame) -> pd.DataFrame:
    """The columns of the history that the curve needs."""
    found = days.groupby("customer_id")["ordered_on"].agg(["min", "max", "size"])
    return pd.DataFrame(
        {
            "last_order_on": found["max"],
            "recency_days": (AS_OF - found["max"]).dt.days,
            "order_days": found["size"],
            "span_days": (found["max"] - found["min"]).dt.days,
        }
    )


def rhythm(customers: int, gap: int, orders: int, start: int = 0) -> pd.DataFrame:
    """So many customers who order every `gap` days, the last time `start` days before the day."""
    rows = [
        (f"g{gap}_{i:03d}", AS_OF - pd.Timedelta(days=start + gap * k))
        for i in range(customers)
        for k in range(orders)
    ]
    return pd.DataFrame(rows, columns=["customer_id", "ordered_on"]).assign(as_of=AS_OF)
