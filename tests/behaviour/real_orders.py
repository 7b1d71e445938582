"""Orders of a public list as a plain frame, and invented ones of every shape."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd


def cdnow(folder: Path) -> pd.DataFrame:
    """The orders of the CDNOW sample (1997-01-01 to 1998-06-30), one row each."""
    rows = pd.read_csv(folder / "cdnow-sample" / "cdnowElog.csv", dtype="str")
    return pd.DataFrame(
        {
            "customer_id": rows["sampleid"],
            "ordered_on": pd.to_datetime(rows["date"], format="%Y%m%d"),
            "amount": rows["sales"].astype(float),
            "order_id": rows.index.astype("str"),
        }
    )


def invented(seed: int, customers: int = 300) -> pd.DataFrame:
    """Orders over two years up to 2025-06-30: some once, some often, some twice on one day."""
    rng = np.random.default_rng(seed)
    n = rng.geometric(0.4, customers)
    who = np.repeat([f"C{i:03d}" for i in range(customers)], n)
    days = pd.Timestamp("2025-06-30") - pd.to_timedelta(rng.integers(0, 730, len(who)), unit="D")
    orders = pd.DataFrame({"customer_id": who, "ordered_on": days})
    orders = pd.concat([orders, orders.sample(20, random_state=seed)], ignore_index=True)
    return orders.assign(
        amount=np.exp(rng.normal(4, 1, len(orders))).round(2),
        order_id=orders.index.astype("str"),
        campaign=np.where(rng.random(len(orders)) < 0.3, "sale", None),
    )
