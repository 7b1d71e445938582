"""Revenue and results side by side: who pays and gets nothing, who gets results and pays little.

*Pays much*: spend at or above the median of the paying customers under contract, unless told
otherwise. Whose result is not yet known stands in a field of its own, whatever the spend.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from segment_lib.checks import require_columns
from segment_lib.columns import VALUES

EXAMPLES = 3
QUIET_AT_LEAST_DAYS = 30  # nobody is called silent after less


def spend_border(customers: pd.DataFrame) -> float:
    """The spend from which a customer pays much: the median of who pays and is under contract."""
    pays = customers["monetary"] > 0
    served = pays
    if "under_contract" in customers.columns:
        served = pays & customers["under_contract"].fillna(False).astype(bool)
    among = served if served.any() else pays
    return float(customers.loc[among, "monetary"].median())


def cross_results(customers: pd.DataFrame, pays_much_from: float | None = None) -> pd.Series:
    """The field of each customer: `monetary` crossed with `got_results` (yes / no / unknown)."""
    require_columns(customers, ["monetary", "got_results"], "customers")
    border = spend_border(customers) if pays_much_from is None else pays_much_from
    much = customers["monetary"].fillna(0) >= border
    yes, no = (customers["got_results"] == answer for answer in ("yes", "no"))
    fields = np.select(
        [much & yes, much & no, yes, no],
        ["pays_and_gets_results", "pays_gets_nothing", "gets_results_pays_little",
         "pays_little_gets_nothing"],
        default="not_yet_known",
    )  # fmt: skip
    return pd.Series(fields, customers.index, name="field", dtype="str")


def field_table(customers: pd.DataFrame) -> pd.DataFrame:
    """One row per field: heads, money, results, and three examples with the highest spend.

    `customers` has `field`, `monetary`, `got_results`. Columns: field, customers,
    share_of_customers, revenue, share_of_revenue, results, share_of_results, examples. The rows add
    up to everyone.
    """
    require_columns(customers, ["field", "monetary", "got_results"], "customers")
    told = customers.assign(
        id=customers.index.astype("str"), yes=customers["got_results"].eq("yes").astype("int64")
    )
    ranked = told.sort_values(["monetary", "id"], ascending=[False, True])
    table = (
        ranked.groupby("field")
        .agg(
            customers=("id", "size"),
            revenue=("monetary", "sum"),
            results=("yes", "sum"),
            examples=("id", lambda ids: ", ".join(ids.head(EXAMPLES))),
        )
        .reindex(pd.Index(list(VALUES["field"]), name="field"))
        .fillna({"customers": 0, "revenue": 0.0, "results": 0, "examples": ""})
        .astype({"customers": "int64", "results": "int64"})
    )
    shares = {
        f"share_of_{name}": table[name] / (table[name].sum() or np.nan)
        for name in ("customers", "revenue", "results")
    }
    return table.assign(**shares).reset_index()[
        ["field", "customers", "share_of_customers", "revenue", "share_of_revenue", "results",
         "share_of_results", "examples"]
    ]  # fmt: skip


def last_signs(contacts: pd.DataFrame, usage: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The last sign of life beside orders, per customer: last_reply_on, last_used_on.

    A reply is a touch that came from the customer, or an answer to a request of ours.
    """
    day = pd.Timestamp(as_of)
    is_theirs = contacts["direction"].eq("in").fillna(False)
    # The answer to a touch of theirs is ours, every other answer is theirs.
    came = contacts["contacted_on"].where(is_theirs)
    replied = pd.concat([came, contacts["answered_on"].mask(is_theirs)])
    who = pd.concat([contacts["customer_id"], contacts["customer_id"]])
    used = usage["used_on"]
    return pd.DataFrame(
        {
            "last_reply_on": replied.where(replied <= day).groupby(who).max(),
            "last_used_on": used.where(used <= day).groupby(usage["customer_id"]).max(),
        }
    ).rename_axis("customer_id")


def silent_leavers(customers: pd.DataFrame, times_own_gap: float = 1.0) -> pd.Series:
    """True for who pays much, gets nothing, and has been silent for longer than the own cadence.

    Silent: no order, no reply and no use of the service for more than `times_own_gap` of the own
    `gap_days` (the median of all where a customer has none), and for at least 30 days. Of whose use
    of the service nothing is known, the next order must be late as well: half of all gaps are
    longer than the median one. Reads `field`, `recency_days`, `gap_days`, and where they are given
    `last_reply_on`, `last_used_on`, `was_due_by`, with `as_of`.
    """
    require_columns(customers, ["field", "recency_days", "gap_days"], "customers")
    cadence = customers["gap_days"].astype(float).fillna(customers["gap_days"].median())
    patience = (cadence * times_own_gap).clip(lower=QUIET_AT_LEAST_DAYS)
    silent = customers["recency_days"].astype(float) > patience
    for column in ("last_reply_on", "last_used_on"):
        if column in customers.columns:
            since = (pd.to_datetime(customers["as_of"]) - customers[column]).dt.days
            # No reply ever is silence too.
            silent &= ~(since <= patience)
    if "was_due_by" in customers:
        unused = customers["last_used_on"].isna() if "last_used_on" in customers else True
        expected = customers["was_due_by"] >= pd.to_datetime(customers["as_of"])
        silent &= ~(expected & unused)
    leaves = silent & (customers["field"] == "pays_gets_nothing")
    return leaves.astype(bool).rename("silent_leaver")
