"""Next order (次回購入予測): how likely, when from today on, was it expected by now, who is missed.

Two models look at the same waits: the waiting curve (waiting.py), which assumes nothing, and buying
till leaving (order_family.py), which knows that some have left for good. What is printed is the
plain mean of the two: neither alone held on lists it had not seen, their mean did. The range is
counted from today and holds 8 in 10 of those who do order within `horizon_days`; beside it stands
when the order was expected by the own rhythm. Before anything is ranked the last 90 days are
forecast from what was known before them: where that tells no more than chance, nothing is ranked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Self

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from segment_lib.behaviour.order_family import OrderFamily
from segment_lib.behaviour.waiting import FEW_RETURNS, LearnsFromWaits, WaitingCurve, order_gaps
from segment_lib.checks import KitError, require_columns
from segment_lib.in_words import percent
from segment_lib.voice import _, pgettext, sentences

HORIZON_DAYS = 180
TEST_DAYS = 90  # of the back-test, and over which lost orders are counted
NEXT_SHARES = {"next_from": 0.1, "next_on": 0.5, "next_to": 0.9}
STEP_DAYS = 3  # between the days on which a chance is worked out; between them it is drawn straight
BLOCK = 20_000  # customers at a time
ALARM_ORDER_DAYS = 3  # so many order days make a pace that can be missed
ALARM_SHARE = 0.1  # of those, how many are on the list where nobody states a number of contacts
SURE = 1.96  # standard errors either side: a 95 % interval
NEEDED = ("last_order_on", "recency_days", "order_days", "span_days")


@dataclass(frozen=True)
class BackTest:
    """The last `days` forecast from before: `customers`, how many `came_back`; of all pairs of one
    who came back and one who did not, in which share the chances had them in the right order
    (`auc`, its 95 % interval `auc_low` to `auc_high`); an alarm list made then: `alarms` long,
    `false_alarms` of whom ordered all the same, `often` whoever could have been on it, `silent` of
    them.
    """

    days: int
    customers: int
    came_back: int
    auc: float
    auc_low: float
    auc_high: float
    alarms: int
    false_alarms: int
    often: int
    silent: int

    @property
    def tells(self) -> bool | None:
        """Whether the past tells who orders next; None where too little was seen to test it."""
        return None if np.isnan(self.auc) else self.auc_low > 0.5


class NextOrder(LearnsFromWaits):
    """When the next order comes: the mean of the waiting curve and of buying till leaving.

    It learns from waits (`order_gaps(order_days)`) and answers for customers (their history).
    `horizon_days`: within which an order is forecast; `contacts`: how many the alarm list may hold,
    None for a tenth of those who could be on it. Learned: `curve_`, `family_`, `test_` (a
    `BackTest`), `as_of_`.

    >>> monthly = pd.date_range("2025-01-01", periods=6, freq="30D")
    >>> days = pd.DataFrame({"customer_id": "a", "ordered_on": monthly, "as_of": monthly[-1]})
    >>> model = NextOrder().fit(order_gaps(days))
    >>> customer = {"last_order_on": monthly[-1:], "recency_days": 0, "order_days": 6}
    >>> found = model.transform(pd.DataFrame(customer | {"span_days": 150}))
    >>> (found["next_on"].item() - monthly[-1]).days in range(25, 35)
    True
    """

    LEARNED = "curve_"
    GIVES = (
        "chance_30d", "chance_90d", "expected_orders_90d", "next_chance", "next_within_days",
        *NEXT_SHARES, *WaitingCurve.GIVES, "orders_lost", "alarm",
    )  # fmt: skip

    def __init__(self, horizon_days: int = HORIZON_DAYS, contacts: int | None = None) -> None:
        self.horizon_days = horizon_days
        self.contacts = contacts

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:
        """Learn from the waits X, and forecast the last 90 days from the waits before them."""
        self._learn(X)
        self.test_ = self._back_test(X)
        return self

    @property
    def tells_(self) -> bool | None:
        """Whether the past tells who orders next here; None where that could not be tested."""
        return self.test_.tells

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """One row per customer of X; missing without an order.

        Columns: chance_30d, chance_90d (probability of an order within so many days from today),
        expected_orders_90d, next_chance (within `next_within_days`), next_from, next_on, next_to
        (10, 50, 90 % of those who order within that time have ordered by then), those of
        `WaitingCurve.transform`, orders_lost (missed in 90 days at the own pace, if they have left;
        from three order days on), alarm (on the alarm list: they have waited longer than their mean
        gap, have not lapsed, and would be missed most). Where the past does not tell who orders
        next, everybody has the chances of the whole list and nobody is on the alarm list.
        """
        self._require_fitted()
        require_columns(X, NEEDED, "customers")
        was = self.curve_.transform(X)
        grid = np.arange(0.0, self.horizon_days + STEP_DAYS, STEP_DAYS)
        grid[-1] = self.horizon_days
        days = np.unique([*grid[1:], 30, TEST_DAYS])
        ordered = (X["order_days"] > 0).to_numpy(dtype=bool, na_value=False)
        back = np.full((len(X), len(days)), np.nan)
        expected = np.full(len(X), np.nan)
        for start in range(0, len(X), BLOCK):
            part = slice(start, start + BLOCK)
            back[part] = self.back_by(X.iloc[part], days)
            expected[part] = self._expected(X.iloc[part], back[part][:, days == TEST_DAYS][:, 0])
        if self.tells_ is False and ordered.any():
            back[ordered], expected[ordered] = np.nanmean(back, axis=0), np.nanmean(expected)
        today = X["last_order_on"] + pd.to_timedelta(X["recency_days"].astype("float64"), unit="D")
        within = back[:, days <= self.horizon_days]
        ranges = _days_of_shares(within, days[days <= self.horizon_days])
        horizon = pd.Series(self.horizon_days, X.index, dtype="Int64")
        lost = self._orders_lost(X)
        if self.tells_ is not True:  # no rank that was not tested
            lost = lost.where(lost.isna())
        found = {
            "chance_30d": back[:, days == 30][:, 0],
            "chance_90d": back[:, days == TEST_DAYS][:, 0],
            "expected_orders_90d": expected,
            "next_chance": within[:, -1],
            "next_within_days": horizon.where(ordered),
            **{name: today + pd.to_timedelta(ranges[name], unit="D") for name in NEXT_SHARES},
            **{name: was[name] for name in WaitingCurve.GIVES},
            "orders_lost": lost,
            "alarm": self._alarm(X, lost),
        }
        return pd.DataFrame(found, index=X.index)

    def back_by(self, customers: pd.DataFrame, days: np.ndarray) -> np.ndarray:
        """P(an order within each of `days` from today): the mean of both models."""
        self._require_fitted()
        curve = self.curve_.back_by(customers, days)
        if not self.family_.returns_:
            return curve
        return (curve + self.family_.back_by(customers, days)) / 2

    def to_json(self) -> str:
        """What was learned as plain JSON, with its day."""
        self._require_fitted()
        kept = {
            "params": self.get_params(),
            "curve": json.loads(self.curve_.to_json()),
            "family": json.loads(self.family_.to_json()),
            "test": {
                name: None if isinstance(one, float) and np.isnan(one) else one
                for name, one in asdict(self.test_).items()
            },
        }
        return json.dumps(kept)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """A model saved by `to_json`, ready to be applied to a later day."""
        kept = json.loads(text)
        model = cls(**kept["params"])
        model.curve_ = WaitingCurve.from_json(json.dumps(kept["curve"]))
        model.family_ = OrderFamily.from_json(json.dumps(kept["family"]))
        unknown = {name: float("nan") for name, one in kept["test"].items() if one is None}
        model.test_ = BackTest(**kept["test"] | unknown)
        return model

    @property
    def as_of_(self) -> date | None:
        """The day as of which it learned."""
        return self.curve_.as_of_

    def _learn(self, gaps: pd.DataFrame) -> None:
        self.curve_ = WaitingCurve().fit(gaps)
        self.family_ = OrderFamily().fit(gaps)

    def _expected(self, customers: pd.DataFrame, chance: np.ndarray) -> np.ndarray:
        """Orders in 90 days: as many per customer who comes back as the family says."""
        if not self.family_.returns_:
            return chance
        by_family = self.family_.back_by(customers, np.array([float(TEST_DAYS)]))[:, 0]
        orders = self.family_.expected_orders(customers, TEST_DAYS)
        per_chance = np.divide(orders, by_family, out=np.ones_like(orders), where=by_family > 1e-9)
        return chance * np.maximum(per_chance, 1.0)

    def _orders_lost(self, customers: pd.DataFrame) -> pd.Series:
        often = customers["order_days"] >= ALARM_ORDER_DAYS
        if not self.family_.returns_:
            often &= False
        known = customers["span_days"] + customers["recency_days"]
        pace = customers["order_days"] / known.clip(lower=1)
        left = pd.Series(1 - self.family_.p_alive(customers), index=customers.index)
        return (pace.astype("float64") * TEST_DAYS * left).where(often.fillna(False))

    def _alarm(self, customers: pd.DataFrame, lost: pd.Series) -> pd.Series:
        able = lost.notna()
        most = (
            self.contacts if self.contacts is not None else int(np.ceil(ALARM_SHARE * able.sum()))
        )
        gap = customers["span_days"] / (customers["order_days"] - 1).clip(lower=1)
        patience = self.curve_.transform(customers)["lapsed_after_days"]
        waits = (customers["recency_days"] > gap) & (customers["recency_days"] < patience)
        waits = waits.fillna(False).astype(bool)
        missed = lost[able & waits].sort_values(ascending=False, kind="stable").index[:most]
        return pd.Series(customers.index.isin(missed), index=customers.index)

    def _back_test(self, gaps: pd.DataFrame) -> BackTest:
        """Forecast the last 90 days as of the day before them."""
        untold = BackTest(TEST_DAYS, 0, 0, np.nan, np.nan, np.nan, 0, 0, 0, 0)
        if gaps.empty:
            return untold
        day = pd.Timestamp(gaps["as_of"].max()) - pd.Timedelta(days=TEST_DAYS)
        seen = gaps[gaps["ordered_on"] <= day]
        next_on = seen["ordered_on"] + pd.to_timedelta(seen["wait_days"], unit="D")
        known = seen["came_back"] & (next_on <= day)
        waits = seen["wait_days"].where(known, (day - seen["ordered_on"]).dt.days)
        before = seen.assign(came_back=known, wait_days=waits, as_of=day)
        last = ~before["customer_id"].duplicated(keep="last")
        came_back = seen.loc[last, "came_back"].to_numpy(bool)
        if min(int(known.sum()), came_back.sum(), (~came_back).sum()) < FEW_RETURNS:
            return untold
        model = NextOrder(self.horizon_days, self.contacts)
        model._learn(before)
        customers = _history(before[last])
        chance = model.back_by(customers, np.array([float(TEST_DAYS)]))[:, 0]
        lost = model._orders_lost(customers)
        alarm, often = model._alarm(customers, lost).to_numpy(bool), lost.notna().to_numpy(bool)
        return BackTest(
            TEST_DAYS,
            len(customers),
            int(came_back.sum()),
            *_auc(chance, came_back),
            int(alarm.sum()),
            int((alarm & came_back).sum()),
            int(often.sum()),
            int((often & ~came_back).sum()),
        )

    def __repr__(self) -> str:
        if not hasattr(self, "curve_"):
            return f"NextOrder(horizon_days={self.horizon_days}, contacts={self.contacts})"
        auc = "not tested" if np.isnan(self.test_.auc) else f"AUC {self.test_.auc:.3f}"
        return f"NextOrder as of {self.as_of_}: mean of two ({auc})\n{self.family_}\n{self.curve_}"


def _history(last: pd.DataFrame) -> pd.DataFrame:
    """What `NEEDED` asks for, from the open wait of each customer."""
    told = last.set_index("customer_id")[
        ["ordered_on", "wait_days", "order_number", "span_before_days"]
    ]
    return told.set_axis([*NEEDED], axis=1)


def _days_of_shares(back: np.ndarray, days: np.ndarray) -> dict[str, np.ndarray]:
    """Per share of those who order within the last of `days`, the day by which they have."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.column_stack([np.zeros(len(back)), back / back[:, -1:]])
    grid, rows = np.concatenate([[0.0], days]), np.arange(len(back))
    found = {}
    for name, wanted in NEXT_SHARES.items():
        at = np.clip(np.argmax(share >= wanted - 1e-12, axis=1), 1, len(grid) - 1)
        low, high = share[rows, at - 1], share[rows, at]
        part = np.divide(wanted - low, high - low, out=np.ones(len(rows)), where=high > low)
        day = np.ceil(grid[at - 1] + np.clip(part, 0, 1) * (grid[at] - grid[at - 1]) - 1e-9)
        found[name] = np.where(back[:, -1] > 0, day, np.nan)
    return found


def _auc(chance: np.ndarray, came_back: np.ndarray) -> tuple[float, float, float]:
    """The area under the curve with its 95 % interval (DeLong, DeLong & Clarke-Pearson 1988)."""
    back, not_back = chance[came_back], chance[~came_back]
    ranks = rankdata(np.concatenate([back, not_back]))
    above = (ranks[: len(back)] - rankdata(back)) / len(not_back)
    below = 1 - (ranks[len(back) :] - rankdata(not_back)) / len(back)
    auc = float(above.mean())
    error = np.sqrt(above.var(ddof=1) / len(back) + below.var(ddof=1) / len(not_back))
    return auc, float(max(auc - SURE * error, 0.0)), float(min(auc + SURE * error, 1.0))


def next_by_line(
    line_days: pd.DataFrame, lines: pd.DataFrame, model: NextOrder | None = None
) -> pd.DataFrame:
    """The next order by customer and product line: one row per row of `lines`, in its order.

    `line_days` is one row per customer, product line and order day; `lines` the history by line,
    indexed by customer_id; `model`: unfitted, for other settings than the usual. Each line has its
    own model; one with fewer than 30 returns is answered by that of all lines, `own_curve` says
    which. Columns: product_line, own_curve and those of `NextOrder.transform`.
    """
    require_columns(line_days, ["customer_id", "product_line", "ordered_on", "as_of"], "line_days")
    gaps = {
        str(name): order_gaps(group)
        for name, group in line_days.groupby("product_line", observed=True)
    }
    if not gaps:
        raise KitError(
            _("No order line names a product line: there is no cadence by line to learn.")
        )
    params = (model or NextOrder()).get_params()
    numbered = lines.assign(_row=np.arange(len(lines)))
    own_curve = {name for name, waits in gaps.items() if waits["came_back"].sum() >= FEW_RETURNS}
    models = {name: NextOrder(**params).fit(gaps[name]) for name in sorted(own_curve)}
    if not own_curve.issuperset(map(str, lines["product_line"].dropna().unique())):
        models[""] = NextOrder(**params).fit(_of_all_lines(gaps))
    parts = []
    for name, group in numbered.groupby("product_line", observed=True):
        own = str(name) in own_curve
        due = models[str(name) if own else ""].transform(group)
        due.insert(0, "product_line", str(name))
        parts.append(due.assign(own_curve=own, _row=group["_row"]))
    return pd.concat(parts).sort_values("_row").drop(columns="_row")


def _of_all_lines(gaps: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The waits of all lines together, a customer of two lines as two."""
    waits = [
        each.assign(customer_id=each["customer_id"].astype(str) + f" · {line}")
        for line, each in gaps.items()
    ]
    return pd.concat(waits, ignore_index=True)


def back_test_frame(model: NextOrder) -> pd.DataFrame:
    """The back-test of a fitted model as one row; columns as in `BackTest`, and tells."""
    return pd.DataFrame([asdict(model.test_) | {"tells": model.tells_}])


def sentence_next_order(row: pd.Series) -> str:
    """One customer's next order in words; `row` holds the history and what `transform` gave.

    A `name` and a `product_line` are said where the row has them. Only who repeats was expected by
    a day, and only who came regularly and is late may have gone to somebody else.
    """
    who, what = (
        row.get(name) if isinstance(row.get(name), str) else "" for name in ("name", "product_line")
    )
    said = (
        _("too few orders yet to name a day.")
        if pd.isna(row["next_chance"]) or pd.isna(row["next_to"])
        else sentences(*_facts(row))
    )
    if who and what:
        return _("{who}, {what}: {said}", who=who, what=what, said=said)
    if who:
        return _("{who}: {said}", who=who, said=said)
    if what:
        return pgettext("product line", "{what}: {said}", what=what, said=said)
    return said[:1].upper() + said[1:]


def _facts(row: pd.Series) -> Iterator[str]:
    """The chance and the range from today, how long they have waited, by when it was expected."""
    first, last = (pd.Timestamp(row[day]) for day in ("next_from", "next_to"))
    yield _(
        "of such customers {chance} order within {days} days; of those, 8 in 10 between "
        "{first:%Y-%m-%d} and {last:%Y-%m-%d}.",
        chance=percent(row["next_chance"]),
        days=int(row["next_within_days"]),
        first=first,
        last=last,
    )
    waits, number = (int(row[name]) for name in ("recency_days", "order_days"))
    if number == 1:
        yield _("One order so far, {waits} days ago.", waits=waits)
    elif pd.isna(row["was_due_by"]):
        yield _("Last order {waits} days ago.", waits=waits)
    elif row["overdue_days"] > 0:
        yield _(
            "Last order {waits} days ago; the next was expected by {by:%Y-%m-%d}, {over} days "
            "late.",
            waits=waits,
            by=pd.Timestamp(row["was_due_by"]),
            over=int(row["overdue_days"]),
        )
        if number >= ALARM_ORDER_DAYS:
            yield _("They may have bought elsewhere by now.")
    else:
        yield _(
            "Last order {waits} days ago; by their own pace the next is expected by {by:%Y-%m-%d}.",
            waits=waits,
            by=pd.Timestamp(row["was_due_by"]),
        )
