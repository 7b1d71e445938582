"""Five types of customers: first-time, toddler, steady, fad, loyal, each with its lapsed twin.

Default rule: 1 order day is first-time, 2 is toddler. From 3 on: an own gap longer than
`often_gap_days` is steady; often and a span of `loyal_after_days` or more is loyal; often and a
shorter span is fad if spend reaches `loyal_spend` or campaigns set it off, else toddler. The named
preset "cpm" is the published CPM rule (橋本陽輔 2008, after the figures of blog.sysnavia.co.jp): it
knows span and spend, no rhythm. Limits are half-open: below the limit, or at it and above.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pandas as pd

from segment_lib.behaviour.waiting import WaitingCurve
from segment_lib.checks import KitError, require_columns
from segment_lib.columns import as_category, as_text
from segment_lib.settings import FiveTypesSection, TypeThresholds
from segment_lib.voice import N_, _

CPM_TODDLER_DAYS = 90
CPM_LOYAL_DAYS = 210
CPM_LAPSED_DAYS = 240
CPM_ORDERS_OF_SPEND = 7  # T = 7 x spend per *order*, never per customer
CAMPAIGN_DRIVEN = 0.5  # share of own spend in campaign orders from which campaigns set it off
ALL_LINES = "(all)"
FEW_REPEATERS = 10
DEFAULT_RULES = FiveTypesSection()

THRESHOLDS = ("often_gap_days", "loyal_after_days", "loyal_spend", "lapsed_after_days")
NEEDED = ("frequency", "order_days", "span_days", "recency_days", "monetary", "gap_days")

ACTION_HINTS: dict[str, str] = {
    "first_time": N_("Win the second order: a short survey, an offer good on order two."),
    "toddler": N_("Show the whole range, the ideas and the people behind it."),
    "steady": N_("New items at intervals; what goes with what they use slowly."),
    "fad": N_("Do not chase; note the few who turn loyal."),
    "loyal": N_("Special treatment, events; ask for reviews and referrals."),
}


def propose_thresholds(customers: pd.DataFrame, lines: pd.DataFrame | None = None) -> pd.DataFrame:
    """Thresholds that the data propose: one row for all, and one per product line of `lines`.

    Columns: product_line, repeaters (customers with 2 order days or more), often_gap_days (median
    own gap), loyal_after_days (median span, and at least two gaps of that length), loyal_spend
    (75th percentile of spend), lapsed_after_days. All of repeaters only; a line with fewer than ten
    takes the numbers of all. Spans grow with the data: keep the frame, and hand it to
    `assign_five_types` until the next yearly look.
    """
    general = _proposed(customers, ALL_LINES)
    rows = [general]
    if lines is not None:
        require_columns(lines, ["product_line"], "line_history")
        for name, group in lines.groupby("product_line", sort=True):
            row = _proposed(group, str(name))
            few = row["repeaters"] < FEW_REPEATERS
            rows.append(row | {key: general[key] for key in THRESHOLDS} if few else row)
    return pd.DataFrame(rows)


def resolve_thresholds(
    customers: pd.DataFrame,
    rules: FiveTypesSection = DEFAULT_RULES,
    proposed: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The thresholds in force, one row per product line: what people stated, else the proposal.

    `customers` may be one row per customer or, with a column `product_line`, the history by line.
    A column `stated` names those that people decided. The CPM preset proposes its published
    numbers, and T = 7 x (spend / orders) of the same list: state `loyal_spend` to freeze it.
    """
    if proposed is None:
        by_line = customers if "product_line" in customers else None
        proposed = propose_thresholds(customers, by_line)
    frame = proposed.set_index("product_line")
    if rules.rule == "cpm":
        frame = frame.assign(
            often_gap_days=np.nan,
            loyal_after_days=CPM_LOYAL_DAYS,
            loyal_spend=_cpm_spend(customers, frame.index),
            lapsed_after_days=CPM_LAPSED_DAYS,
        )
    rows = [_with_stated(row, rules, str(name)) for name, row in frame.iterrows()]
    return pd.DataFrame(rows)


def assign_five_types(
    customers: pd.DataFrame,
    rules: FiveTypesSection = DEFAULT_RULES,
    thresholds: pd.DataFrame | None = None,
    *,
    count: Literal["days", "orders"] = "days",
) -> pd.DataFrame:
    """five_type (ordered categorical), lapsed and reactivated, one row per row of `customers`.

    Rows may be customers (`order_history`) or customers by product line (`line_history`, with a
    column `product_line`). Lapsed: silent for the limit or longer; the limit is the stated one,
    else the customer's own `lapsed_after_days` (made by the waiting curve), else the proposal.
    Reactivated: came back after a silence that long by the own and by the general limit. `count`
    says for the CPM preset whether two orders on one day are one purchase ("days") or two. No
    orders: all three are missing.
    """
    require_columns(customers, NEEDED, "customers")
    limits = _limits(customers, resolve_thresholds(customers, rules, thresholds))
    cpm = rules.rule == "cpm"
    types = _cpm_rule(customers, limits, count) if cpm else _default_rule(customers, limits)
    # Of whom it is known how often they bought, but not on which days, there is no type.
    bought = (customers["frequency"] > 0) & customers["order_days"].notna()
    silence = _lapse_limit(customers, limits, rules)
    known = bought & silence.notna()
    longest = _column(customers, "longest_gap_days")
    # Of many own gaps the longest always passes the own limit: a comeback must pass both.
    general = limits["lapsed_after_days"].astype("float64")
    return pd.DataFrame(
        {
            "five_type": as_category(types.where(bought), "five_type"),
            "lapsed": (customers["recency_days"] >= silence).astype("boolean").where(known),
            "reactivated": (longest >= np.fmax(silence, general)).astype("boolean").where(known),
        },
        index=customers.index,
    )


def compare_type_rules(
    customers: pd.DataFrame, rules: FiveTypesSection = DEFAULT_RULES
) -> pd.DataFrame:
    """Where the default rule and the CPM preset disagree: five_type, cpm_type, customers, spend.

    One row per pair that occurs, `agree` says whether both name the same type.
    """
    default = assign_five_types(customers, rules.model_copy(update={"rule": "default"}))
    cpm = assign_five_types(customers, FiveTypesSection(rule="cpm"))
    both = customers[["monetary"]].assign(
        five_type=default["five_type"], cpm_type=as_category(cpm["five_type"], "five_type")
    )
    table = (
        both.groupby(["five_type", "cpm_type"], observed=True)
        .agg(customers=("monetary", "size"), spend=("monetary", "sum"))
        .reset_index()
        .astype({"five_type": "str", "cpm_type": "str"})
    )
    return table.assign(agree=table["five_type"] == table["cpm_type"])


def profile_types(customers: pd.DataFrame) -> pd.DataFrame:
    """One row per type, in the order of the ladder; customers without orders are not in it.

    Columns: five_type, customers, share, active, lapsed, reactivated, spend, spend_share, margin
    and margin_rate (of those whose margin is known), mean_order (spend per order),
    median_gap_days, action_hint (in words).
    """
    require_columns(customers, ["five_type", "lapsed", *NEEDED], "customers")
    frame = customers.assign(
        five_type=as_category(customers["five_type"].astype("object"), "five_type"),
        lapsed=customers["lapsed"].astype("boolean"),
        reactivated=_column(customers, "reactivated", False).astype("boolean"),
        margin=_column(customers, "margin_sum"),
    )
    frame = frame.assign(margin_spend=frame["monetary"].where(frame["margin"].notna()))
    table = frame.groupby("five_type", observed=False).agg(
        customers=("monetary", "size"),
        lapsed=("lapsed", "sum"),
        reactivated=("reactivated", "sum"),
        spend=("monetary", "sum"),
        orders=("frequency", "sum"),
        margin=("margin", lambda values: values.sum(min_count=1)),
        margin_spend=("margin_spend", "sum"),
        median_gap_days=("gap_days", "median"),
    )
    table = table.astype({"lapsed": "int64", "reactivated": "int64"}).assign(
        active=table["customers"] - table["lapsed"].astype("int64"),
        share=table["customers"] / (table["customers"].sum() or np.nan),
        spend_share=table["spend"] / (table["spend"].sum() or np.nan),
        margin_rate=table["margin"] / table["margin_spend"].where(table["margin_spend"] > 0),
        mean_order=table["spend"] / table["orders"].where(table["orders"] > 0),
        action_hint=[_(ACTION_HINTS[str(name)]) for name in table.index],
    )
    columns = [
        "customers", "share", "active", "lapsed", "reactivated", "spend", "spend_share", "margin",
        "margin_rate", "mean_order", "median_gap_days", "action_hint",
    ]  # fmt: skip
    return table[columns].reset_index().astype({"five_type": "str", "margin": "float64"})


# --- rules ------------------------------------------------------------------------------------
def _default_rule(customers: pd.DataFrame, limits: pd.DataFrame) -> pd.Series:
    days = customers["order_days"]
    often = customers["gap_days"] <= limits["often_gap_days"]
    long = customers["span_days"] >= limits["loyal_after_days"]
    much = customers["monetary"] >= limits["loyal_spend"]
    by_campaign = _column(customers, "campaign_share", 0.0).fillna(0.0) >= CAMPAIGN_DRIVEN
    return _first_that_holds(
        customers.index,
        (days <= 1, "first_time"),
        (days == 2, "toddler"),
        (~often, "steady"),
        (long, "loyal"),
        (much | by_campaign, "fad"),
        otherwise="toddler",
    )


def _cpm_rule(customers: pd.DataFrame, limits: pd.DataFrame, count: str) -> pd.Series:
    if count not in ("days", "orders"):
        raise KitError(_('count is "{count}"; it must be "days" or "orders".', count=count))
    bought = customers["order_days" if count == "days" else "frequency"]
    return _first_that_holds(
        customers.index,
        (bought <= 1, "first_time"),
        (customers["span_days"] < CPM_TODDLER_DAYS, "toddler"),
        (customers["monetary"] < limits["loyal_spend"], "steady"),
        (customers["span_days"] < limits["loyal_after_days"], "fad"),
        otherwise="loyal",
    )


def _first_that_holds(index: pd.Index, *rules: tuple[pd.Series, str], otherwise: str) -> pd.Series:
    conditions = [rule.fillna(False).to_numpy(bool) for rule, _ in rules]
    names = np.select(conditions, [name for _, name in rules], default=otherwise)
    return pd.Series(names, index=index, dtype="object")


# --- thresholds -------------------------------------------------------------------------------
def _proposed(customers: pd.DataFrame, name: str) -> dict[str, Any]:
    require_columns(customers, NEEDED, "customers")
    again = customers[customers["order_days"] >= 2]
    often = again["gap_days"].median()
    # Order kept: three orders at the limit of "often" already span two gaps, and nobody may
    # count as lapsed within a gap that still is "often".
    loyal_after = np.fmax(again["span_days"].median(), 2 * often)
    return {
        "product_line": name,
        "repeaters": len(again),
        "often_gap_days": often,
        "loyal_after_days": loyal_after,
        "loyal_spend": again["monetary"].quantile(0.75),
        "lapsed_after_days": np.fmax(_proposed_silence(customers, again), often + 1),
    }


def _proposed_silence(customers: pd.DataFrame, again: pd.DataFrame) -> float:
    """The silence that nine in ten never broke and came back from.

    The waiting curve knows better (it counts those still waiting): where its column is there, the
    median of the customers' own limits is shown instead.
    """
    own = _column(customers, "lapsed_after_days").median()
    if pd.notna(own):
        return float(own)
    # Nobody ordered twice: whole numbers without any have NA for a quantile, floats NaN.
    silence = _column(again, "longest_gap_days").fillna(again["gap_days"]).astype("float64")
    return float(silence.quantile(0.9))


def _cpm_spend(customers: pd.DataFrame, names: pd.Index) -> pd.Series:
    spent = {ALL_LINES: customers}
    if "product_line" in customers:
        spent |= {str(name): group for name, group in customers.groupby("product_line")}
    values = {
        name: CPM_ORDERS_OF_SPEND * group["monetary"].sum() / (group["frequency"].sum() or np.nan)
        for name, group in spent.items()
    }
    return pd.Series(values, dtype="float64").reindex(names)


def _with_stated(row: pd.Series, rules: FiveTypesSection, name: str) -> dict[str, object]:
    """A row of thresholds with what people stated: the line's own word first, then the general."""
    own = rules.lines.get(name, TypeThresholds())
    said = {key: getattr(own, key) for key in THRESHOLDS}
    said = {key: getattr(rules, key) if value is None else value for key, value in said.items()}
    stated = [key for key in THRESHOLDS if said[key] is not None]
    values: dict[str, Any] = {key: said[key] if key in stated else row[key] for key in THRESHOLDS}
    return {
        "product_line": name,
        "repeaters": int(row.get("repeaters", 0)),
        # Without any order there is nothing to propose from: not known, in floats NaN.
        **{key: np.nan if pd.isna(value) else float(value) for key, value in values.items()},
        "stated": ", ".join(stated),
    }


def _limits(customers: pd.DataFrame, thresholds: pd.DataFrame) -> pd.DataFrame:
    """The thresholds of every row: its product line's, where the frame has product lines."""
    by_line = thresholds.set_index("product_line")
    by_line["lapse_stated"] = by_line["stated"].str.contains("lapsed_after_days")
    if "product_line" not in customers:
        one = by_line.loc[ALL_LINES]
        return pd.DataFrame({name: one[name] for name in by_line}, index=customers.index)
    lines = customers["product_line"].pipe(as_text)
    missing = sorted(set(lines) - set(by_line.index))
    if missing:
        says = _(
            "There are no thresholds for the product line(s) {missing}. Propose them "
            "from the history by line: propose_thresholds(customers, lines).",
            missing=missing[:5],
        )
        raise KitError(says)
    return by_line.loc[lines].set_axis(customers.index)


def _lapse_limit(
    customers: pd.DataFrame, limits: pd.DataFrame, rules: FiveTypesSection
) -> pd.Series:
    general = limits["lapsed_after_days"].astype("float64")
    if rules.rule == "cpm" or "lapsed_after_days" not in customers:
        return general
    own = customers["lapsed_after_days"].astype("float64").fillna(general)
    return own.where(~limits["lapse_stated"].astype(bool), general)


def lapse_rule(
    customers: pd.DataFrame, rules: FiveTypesSection, curve: WaitingCurve
) -> Callable[[pd.DataFrame], pd.Series]:
    """After how many days without an order a customer has lapsed, for the history of any day.

    By the thresholds of `customers` today and the waiting `curve` of today: a rule that says of
    last_order_on, recency_days, order_days and span_days what `assign_five_types` says of today.
    """
    proposed = propose_thresholds(customers).iloc[:1]
    thresholds = resolve_thresholds(customers, rules, proposed)

    def silence(history: pd.DataFrame) -> pd.Series:
        own = history.assign(lapsed_after_days=curve.transform(history)["lapsed_after_days"])
        return _lapse_limit(own, _limits(own, thresholds), rules)

    return silence


def _column(customers: pd.DataFrame, name: str, default: object = np.nan) -> pd.Series:
    if name in customers:
        return customers[name]
    return pd.Series(default, index=customers.index)
