"""F2 conversion (F2転換率): how many of those who ordered once came a second time, by when.

A cohort is the month of the first order. Within so many days a cohort is known once its youngest
member has been watched that long; before, it stands in no denominator and reads as not yet known,
never as 0. The share of all together is the product-limit estimate (Kaplan-Meier), in which
everybody counts for as long as they were watched, with Greenwood's 95 % interval on the log-log
scale. Two orders on one day are one.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from segment_lib.checks import require_columns

WITHIN_DAYS = (30, 90, 180, 360)
ALL_MONTHS = "(all)"
FEW_WATCHED = 5  # fewer who were watched that long, and the curve says nothing
Z = norm.ppf(0.975)


def second_order_cohorts(gaps: pd.DataFrame, within: tuple[int, ...] = WITHIN_DAYS) -> pd.DataFrame:
    """One row per month of first order and number of days; the rows of all months come last.

    `gaps` as `order_gaps` gives them. Columns: first_month (YYYY-MM, "(all)"), within_days,
    customers (of the month; in all: of the months that are known), came_back (missing: not yet
    known) and share_back (of these); for all also curve_share (Kaplan-Meier), low and high.
    """
    require_columns(gaps, ["order_number", "ordered_on", "wait_days", "came_back", "as_of"], "gaps")
    first = gaps[gaps["order_number"] == 1]
    month = first["ordered_on"].dt.to_period("M")
    rows = [_cohorts(first, month, days) for days in within]
    every = [_all_months(first, cohort, days) for cohort, days in zip(rows, within, strict=True)]
    table = pd.concat([*rows, pd.DataFrame(every)], ignore_index=True)
    table = table.assign(
        came_back=table["came_back"].astype("Int64"),
        share_back=(table["came_back"] / table["customers"].where(table["customers"] > 0)).astype(
            "float64"
        ),
    )
    in_order = table.sort_values(
        "first_month",
        key=lambda months: months.mask(months.eq(ALL_MONTHS), "9999"),  # all months come last
        kind="stable",
        ignore_index=True,
    )
    return in_order[list(_ORDER)]


_ORDER = (
    "first_month", "within_days", "customers", "came_back", "share_back", "curve_share", "low",
    "high",
)  # fmt: skip


def _cohorts(first: pd.DataFrame, month: pd.Series, days: int) -> pd.DataFrame:
    """The months at one number of days."""
    back = first["came_back"] & (first["wait_days"] <= days)
    table = first.assign(back=back.astype("int64")).groupby(month)
    counted = table.agg(
        customers=("back", "size"), came_back=("back", "sum"), as_of=("as_of", "max")
    )
    ends = counted.index.to_timestamp(how="end").normalize() + pd.Timedelta(days=days)
    came_back = counted["came_back"].astype("Int64").where(ends <= counted["as_of"])
    cohorts = counted[["customers"]].assign(within_days=days, came_back=came_back)
    return cohorts.set_axis(counted.index.astype("str")).reset_index(names="first_month")


def _all_months(first: pd.DataFrame, cohorts: pd.DataFrame, days: int) -> dict[str, object]:
    known = cohorts[cohorts["came_back"].notna()]
    share, low, high = share_within(first, days)
    return {
        "first_month": ALL_MONTHS, "within_days": days, "customers": known["customers"].sum(),
        "came_back": known["came_back"].sum(), "curve_share": share, "low": low, "high": high,
    }  # fmt: skip


def share_within(first: pd.DataFrame, days: int) -> tuple[float, float, float]:
    """Kaplan-Meier share back within `days`, and its 95 % interval; missing where few were watched
    that long, the interval also where nobody or everybody is back.
    """
    old_enough = (first["as_of"] - first["ordered_on"]).dt.days >= days
    if old_enough.sum() < FEW_WATCHED:
        return np.nan, np.nan, np.nan
    waits, back = first["wait_days"].to_numpy(), first["came_back"].to_numpy(bool)
    on, came = np.unique(waits[back & (waits <= days)], return_counts=True)
    at_risk = len(waits) - np.searchsorted(np.sort(waits), on, side="left")
    waiting = float(np.prod(1 - came / at_risk))
    if waiting in (0.0, 1.0):
        return 1 - waiting, np.nan, np.nan
    spread = np.sqrt(np.sum(came / (at_risk * (at_risk - came))))
    reach = np.exp(Z * spread / np.log(waiting))  # below 1: the log is negative
    return 1 - waiting, 1 - waiting**reach, 1 - waiting ** (1 / reach)
