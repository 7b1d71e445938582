"""What goes with a product line: bought more often by those who bought the line than by others.

Only what at least 30 customers of a line show, and only where the lower end of the 95 % interval
of the difference is above 0 (Newcombe's hybrid score interval, Statistics in Medicine 17, 1998: the
two Wilson intervals put together). It says what is bought together, not that one brings the other.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from segment_lib.results.intervals import wilson_interval

ENOUGH = 30  # customers of a line


def goes_with(order_lines: pd.DataFrame, as_of: object) -> pd.DataFrame:
    """One row per product line and thing of another line that goes with it, the most usual first.

    Columns: product_line, goes_with (a product, or the line where no product is named), with_n
    (customers of the line), with_k (of them, who bought it too), difference_low. `order_lines` is
    the table of the register; what was bought by `as_of` counts.
    """
    columns = ["product_line", "goes_with", "with_n", "with_k", "difference_low"]
    told = order_lines[order_lines["product_line"].notna()]
    told = told[told["ordered_on"] <= pd.Timestamp(str(as_of))]
    if told.empty:
        return pd.DataFrame(columns=columns)
    things = told["product"].where(told["product"].notna(), told["product_line"]).astype("str")
    bought = told.assign(thing=things).astype({"product_line": "str"})
    has_line = _who(bought, "product_line")
    has_thing = _who(bought, "thing")
    lines = bought.drop_duplicates(["thing", "product_line"]).groupby("thing")["product_line"]
    own = lines.agg(set).to_dict()
    both = has_line.T @ has_thing  # customers of the line (rows) who bought the thing (columns)
    everybody, of_line, of_thing = len(has_line), has_line.sum(), has_thing.sum()
    found = []
    for line in both.index:
        n, others = int(of_line[line]), everybody - int(of_line[line])
        if n < ENOUGH or others < ENOUGH:
            continue
        k = both.loc[line].to_numpy(float)
        low = _difference_low(k, n, of_thing.to_numpy(float) - k, others)
        for thing, count, lower in zip(both.columns, k, low, strict=True):
            if lower > 0 and line not in own[thing]:
                found.append((line, thing, n, int(count), float(lower)))
    table = pd.DataFrame(found, columns=columns)
    return table.sort_values(["product_line", "with_k", "goes_with"], ascending=[True, False, True])


def _who(bought: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row per customer, one column per line or thing: 1 where they bought it."""
    return pd.crosstab(bought["customer_id"], bought[column]).clip(upper=1)


def _difference_low(k: np.ndarray, n: int, others_k: np.ndarray, others: int) -> np.ndarray:
    """The lower end of the 95 % interval of k/n less others_k/others."""
    low, _high = wilson_interval(k, np.full_like(k, n))
    _low, high = wilson_interval(others_k, np.full_like(k, others))
    rate, other = k / n, others_k / others
    return rate - other - np.sqrt((rate - low) ** 2 + (high - other) ** 2)
