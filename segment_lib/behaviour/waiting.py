"""How long customers wait for the next order: the waiting curve.

How long customers wait after their 1st, 2nd, 3rd ... order day (Kaplan-Meier, so those who have not
come back yet count as waiting, not as gone), stretched by each customer's own pace, which is
shrunken to the pooled one as if everybody had `shrink_gaps` more gaps of average length (Bühlmann's
credibility: the more customers differ from each other and the less each varies, the fewer).
Same-day orders are one. The range in which an order was expected is counted from the last one and
never moved: a day in the past is shown as overdue; who ordered once has no rhythm to be late by.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import ClassVar, NoReturn, Self

import numpy as np
import pandas as pd

from segment_lib.checks import KitError, require_columns
from segment_lib.learner import Learner, day_of
from segment_lib.voice import _

ORDER_NUMBERS = (1, 2, 3, 5, 10)  # curves start at these order days: 1, 2, 3-4, 5-9, 10 and more
FEW_RETURNS = 30
FEW_WAITING = 5
SHRINK_UNKNOWN = 2.0  # gaps added where too few customers came back twice to learn the number
SHRINK_RANGE = (0.1, 20.0)
LAPSE_TIMES = 2  # so many waits until the end of the due range: from there on a repeater has lapsed
DUE_SHARES = {"from_days": 0.1, "middle_days": 0.5, "to_days": 0.9}
LEAST_SLOPE = 0.001  # of the tail: somebody may always come back
STEPS_OF_A_CURVE = 20  # days with a return: fewer are steps, not a curve
TAIL_FROM = 0.8  # of its length, from where on a curve goes on as a power of the days (Pareto)
NEEDED = ("last_order_on", "recency_days", "order_days", "span_days")


@dataclass(frozen=True)
class Curve:
    """A Kaplan-Meier curve: `waiting[i]` of the customers still wait after `days[i]` (own pace);
    `length`: how long enough of them were watched.
    """

    days: np.ndarray
    waiting: np.ndarray
    returns: int
    length: float

    @classmethod
    def from_waits(
        cls, waits: np.ndarray, came_back: np.ndarray, least_waiting: int = FEW_WAITING
    ) -> Curve:
        """The product-limit estimate; a wait that is not over counts as at risk until its day.

        The curve ends where fewer than `least_waiting` still wait: one return among three would
        look like a chance of a third. A list too short for that keeps its whole curve.
        """
        ordered = np.sort(waits)
        days, came = np.unique(waits[came_back], return_counts=True)
        at_risk = len(waits) - np.searchsorted(ordered, days, side="left")
        told = at_risk >= least_waiting
        length = ordered.max(initial=0.0)
        if told.any():
            days, came, at_risk = days[told], came[told], at_risk[told]
            length = ordered[-least_waiting]
        return cls(days, np.cumprod(1 - came / at_risk), int(came_back.sum()), float(length))

    @property
    def ever_back(self) -> float:
        """Share of customers who were ever seen to come back."""
        return 1 - self.waiting[-1] if len(self.waiting) else 0.0

    def still_waiting(self, days: np.ndarray) -> np.ndarray:
        """Share of customers who have not come back within `days`."""
        place = np.searchsorted(self.days, days, side="right")
        return np.concatenate([[1.0], self.waiting])[place]

    def beyond(self, days: np.ndarray) -> np.ndarray:
        """`still_waiting`, going on past the end of what was seen, so that no chance is ever 0.

        The last days of a curve rest on few customers: from `TAIL_FROM` of its length on it falls
        as a power of the days, as steeply as it fell since half that day. A curve of few steps
        keeps them all.
        """
        seen = self.still_waiting(days)
        end = self.length
        if len(self.days) >= STEPS_OF_A_CURVE:
            end *= TAIL_FROM
        half, last = self.still_waiting(np.array([end / 2, end]))
        if end <= 0 or last <= 0:
            return seen
        slope = max(np.log2(half / last), LEAST_SLOPE)
        return np.where(days > end, last * (np.maximum(days, end) / end) ** -slope, seen)

    def day_of_share(self, share: float) -> float:
        """The day by which `share` of all are back; missing if fewer ever were seen to come."""
        place = int(np.searchsorted(-self.waiting, share - 1, side="left"))
        return float(self.days[place]) if place < len(self.days) else np.nan

    def day_of_returns(self, share: float) -> float:
        """The day by which `share` of those who do come back are back."""
        return self.day_of_share(share * self.ever_back - 1e-12)


def order_gaps(order_days: pd.DataFrame) -> pd.DataFrame:
    """One row per wait: what followed each order day, the last one still open on `as_of`.

    Needs customer_id, ordered_on (distinct days) and as_of, as `order_days` of the history gives
    them. Columns: customer_id, ordered_on, order_number (1 = after the first), wait_days,
    came_back, span_before_days (from the first order to this one: what is known of the own pace by
    then) and as_of.
    """
    require_columns(order_days, ["customer_id", "ordered_on", "as_of"], "order_days")
    frame = order_days.sort_values(["customer_id", "ordered_on"], ignore_index=True)
    customer = frame.groupby("customer_id", observed=True)["ordered_on"]
    following = customer.shift(-1)
    return pd.DataFrame(
        {
            "customer_id": frame["customer_id"],
            "ordered_on": frame["ordered_on"],
            "order_number": customer.cumcount() + 1,
            "wait_days": (following.fillna(frame["as_of"]) - frame["ordered_on"]).dt.days,
            "came_back": following.notna(),
            "span_before_days": (frame["ordered_on"] - customer.transform("min")).dt.days,
            "as_of": frame["as_of"],
        }
    )


class LearnsFromWaits(Learner):
    """A learner whose `fit` takes waits (`order_gaps(order_days)`) and whose `transform` takes
    customers: two different frames, so that it can be no step of a Pipeline.
    """

    LEARNED: ClassVar[str]  # an attribute that only `fit` gives

    def fit_transform(self, X: pd.DataFrame, y: object = None, **kwargs: object) -> NoReturn:
        """Refused: what it learns from (waits) is not what it answers for (customers)."""
        says = _(
            "A {learner} learns from waits and answers for customers, so one frame cannot do both "
            "and it can be no step of a Pipeline. Call .fit(order_gaps(order_days)), then "
            ".transform(customers).",
            learner=type(self).__name__,
        )
        raise KitError(says)

    def _require_fitted(self) -> None:
        if not hasattr(self, self.LEARNED):
            says = _(
                "This {learner} has learned nothing yet. Call .fit(order_gaps(order_days)) first.",
                learner=type(self).__name__,
            )
            raise KitError(says)


class WaitingCurve(LearnsFromWaits):
    """Waiting times by order number and own pace.

    It learns from waits and answers for customers, two different frames: `fit` takes
    `order_gaps(order_days)`, `transform` the history of the customers. So it can be cloned, set
    and saved like any estimator, but be no step of a Pipeline.

    `shrink_gaps` is how many gaps of average length are added to everybody's own; None learns it
    from how much customers differ. Learned: `shrink_gaps_`, `curves_` (first order number to
    `Curve`, days at average pace), `half_back_days_` (likewise, days as they come),
    `mean_gap_days_`, `returns_`, `as_of_`, `table_`.

    >>> monthly = pd.date_range("2025-01-01", periods=6, freq="30D")
    >>> days = pd.DataFrame({"customer_id": "a", "ordered_on": monthly, "as_of": monthly[-1]})
    >>> curve = WaitingCurve().fit(order_gaps(days))
    >>> customer = {"last_order_on": monthly[-1:], "recency_days": 0, "order_days": 6}
    >>> curve.transform(pd.DataFrame(customer | {"span_days": 150}))["was_due_by"].item()
    Timestamp('2025-06-30 00:00:00')
    """

    LEARNED = "curves_"
    GIVES = (
        "was_due_from", "was_due_by", "overdue_days", "usual_wait_days", "lapsed_after_days",
    )  # fmt: skip

    def __init__(self, shrink_gaps: float | None = None) -> None:
        self.shrink_gaps = shrink_gaps

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:
        """Learn from the waits X (`order_gaps`); order numbers with few returns have no curve."""
        needed = ["customer_id", "order_number", "wait_days", "came_back", "span_before_days"]
        require_columns(X, needed, "order_gaps")
        seen = X[X["wait_days"] > 0]
        came_back = seen["came_back"].to_numpy(bool)
        self.returns_ = int(came_back.sum())
        self.mean_gap_days_ = float(seen.loc[came_back, "wait_days"].mean())
        self.shrink_gaps_ = (
            _credibility(seen[came_back]) if self.shrink_gaps is None else self.shrink_gaps
        )
        self.as_of_: date | None = day_of(X)
        pace = self._pace(seen["order_number"], seen["span_before_days"])
        self.curves_ = _curves(seen["order_number"], seen["wait_days"] / pace, came_back)
        raw = _curves(seen["order_number"], seen["wait_days"].astype("float64"), came_back)
        self.half_back_days_ = {number: c.day_of_share(0.5) for number, c in raw.items()}
        self.table_ = self._table()
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """When an order was expected, one row per customer of X; missing without an order.

        Columns: was_due_from, was_due_by (from 10 to 90 % of those who come back are back then,
        counted from the last order; missing for who ordered once), overdue_days (past was_due_by,
        else 0), usual_wait_days (half of all customers with so many orders are back by then;
        missing if fewer than half ever are), lapsed_after_days (twice the wait until was_due_by, so
        that who repeats can be late and still ours; who ordered once is never late: the wait).
        """
        self._require_fitted()
        require_columns(X, NEEDED, "customers")
        pace = self._pace(X["order_days"], X["span_days"])
        number = _curve_number(X["order_days"], self.curves_)
        days = self.table_.set_index("order_number").astype("float64")
        start, end = ((pace * number.map(days[name])).round() for name in ("from_days", "to_days"))
        again = X["order_days"] >= 2
        last, over = X["last_order_on"].where(again), (X["recency_days"] - end).clip(lower=0)
        return pd.DataFrame(
            {
                "was_due_from": last + pd.to_timedelta(start, unit="D"),
                "was_due_by": last + pd.to_timedelta(end, unit="D"),
                "overdue_days": over.where(again).astype("Int64"),
                "usual_wait_days": number.map(days["half_back_days"]).round(),
                "lapsed_after_days": end.where(~again, LAPSE_TIMES * end),
            },
            index=X.index,
        )

    def back_by(self, customers: pd.DataFrame, days: np.ndarray) -> np.ndarray:
        """P(an order within each of `days` from today), given the days waited: one row per
        customer, one column per day; missing without an order, or where nobody ever came back.
        """
        self._require_fitted()
        require_columns(customers, NEEDED, "customers")
        pace = self._pace(customers["order_days"], customers["span_days"]).to_numpy(float)
        waited = customers["recency_days"].to_numpy(float, na_value=np.nan)
        numbers = _curve_number(customers["order_days"], self.curves_).to_numpy()
        back = np.full((len(customers), len(days)), np.nan)
        for number, curve in self.curves_.items() if self.returns_ else ():
            mine = numbers == number
            now = curve.beyond(waited[mine] / pace[mine])[:, None]
            later = curve.beyond((waited[mine, None] + days) / pace[mine, None])
            back[mine] = np.divide(now - later, now, out=np.zeros_like(later), where=now > 0)
        return back

    def share_later_than(self, days: float) -> float:
        """Of those who come back after their first order, how many come later than `days`.

        Missing where nobody was ever seen to come back.
        """
        if not self.curves_:
            return np.nan
        curve = self.curves_[min(self.curves_)]
        late = curve.still_waiting(np.array([float(days)]))[0] - (1 - curve.ever_back)
        return float(late / curve.ever_back) if curve.ever_back > 0 else np.nan

    def to_json(self) -> str:
        """The learned curves as plain JSON, with their day."""
        self._require_fitted()
        curves = {
            str(number): asdict(curve) | {"half_back_days": _or_none(self.half_back_days_[number])}
            for number, curve in self.curves_.items()
        }
        kept = {
            "params": self.get_params(),
            "as_of": str(self.as_of_ or ""),
            "shrink_gaps": self.shrink_gaps_,
            "mean_gap_days": _or_none(self.mean_gap_days_),
            "returns": self.returns_,
            "curves": curves,
        }
        return json.dumps(kept, default=np.ndarray.tolist)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Curves saved by `to_json`, ready to be applied to a later day."""
        kept = json.loads(text)
        curve = cls(**kept["params"])
        curve.shrink_gaps_ = kept["shrink_gaps"]
        curve.as_of_ = date.fromisoformat(kept["as_of"]) if kept["as_of"] else None
        curve.mean_gap_days_ = _or_nan(kept["mean_gap_days"])
        curve.returns_ = kept["returns"]
        curve.curves_ = {
            int(number): Curve(
                np.array(c["days"]), np.array(c["waiting"]), c["returns"], c["length"]
            )
            for number, c in kept["curves"].items()
        }
        curve.half_back_days_ = {
            int(number): _or_nan(c["half_back_days"]) for number, c in kept["curves"].items()
        }
        curve.table_ = curve._table()
        return curve

    def _pace(self, number: pd.Series, span_days: pd.Series) -> pd.Series:
        """Own gap over the pooled one, shrunken: (span + k x pooled) / (gaps + k) / pooled."""
        if not self.mean_gap_days_ > 0:
            return pd.Series(1.0, index=number.index)
        added = self.shrink_gaps_ * self.mean_gap_days_
        own = (span_days.astype("float64") + added) / (number - 1 + self.shrink_gaps_)
        return own / self.mean_gap_days_

    def _table(self) -> pd.DataFrame:
        """One row per curve: returns seen, and at average pace the 10, 50, 90 % days of them."""
        rows = {
            number: {
                "returns": curve.returns,
                "ever_back": curve.ever_back,
                **{name: curve.day_of_returns(share) for name, share in DUE_SHARES.items()},
                "half_back_days": self.half_back_days_[number],
            }
            for number, curve in self.curves_.items()
        }
        columns = ["returns", "ever_back", *DUE_SHARES, "half_back_days"]
        table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
        return table.rename_axis("order_number").reset_index()

    def __repr__(self) -> str:
        if not hasattr(self, "curves_"):
            return f"WaitingCurve(shrink_gaps={self.shrink_gaps})"
        head = f"WaitingCurve as of {self.as_of_}, {self.returns_} returns seen"
        return f"{head}\n{self.table_.round(2).to_string(index=False)}"


def waiting_frame(curve: WaitingCurve) -> pd.DataFrame:
    """The curves of a fitted WaitingCurve as rows: order_number, days, share_back, n (returns).

    No rows where nobody ever ordered: then there is no curve.
    """
    starts = [*curve.curves_, None]
    parts = [
        pd.DataFrame(
            {
                "order_number": _span_of(first, following),
                "days": own.days,
                "share_back": 1 - own.waiting,
                "n": own.returns,
            }
        )
        for (first, own), following in zip(curve.curves_.items(), starts[1:], strict=True)
    ]
    kinds = {"order_number": "str", "days": "float64", "share_back": "float64", "n": "int64"}
    none = pd.DataFrame(columns=list(kinds)).astype(kinds)
    return pd.concat(parts, ignore_index=True) if parts else none


def _curves(number: pd.Series, waits: pd.Series, came_back: np.ndarray) -> dict[int, Curve]:
    """One curve per band of order numbers; one with few returns is answered by the band below."""
    starts = np.array(ORDER_NUMBERS)
    band = starts[np.searchsorted(starts, number.to_numpy(), side="right") - 1]
    values = waits.to_numpy(float)
    lowest = band.min(initial=starts[-1])
    # Few returns are left out, not mixed in: they would blur the curve of the one-time buyers.
    return {
        int(start): Curve.from_waits(values[band == start], came_back[band == start])
        for start in np.unique(band)
        if start == lowest or came_back[band == start].sum() >= FEW_RETURNS
    }


def _credibility(returns: pd.DataFrame) -> float:
    """Variance of gaps within a customer over that between customers: the gaps to add."""
    own = returns.groupby("customer_id", observed=True)["wait_days"].agg(["size", "mean", "var"])
    own = own[own["size"] >= 2]
    if len(own) < FEW_RETURNS:
        return SHRINK_UNKNOWN
    gaps, customers = own["size"].sum(), len(own)
    within = (own["var"] * (own["size"] - 1)).sum() / (gaps - customers)
    grand = (own["size"] * own["mean"]).sum() / gaps
    spread = (own["size"] * (own["mean"] - grand) ** 2).sum() - (customers - 1) * within
    between = spread / (gaps - (own["size"] ** 2).sum() / gaps)
    most = SHRINK_RANGE[1]
    return float(np.clip(within / between, *SHRINK_RANGE)) if between > 0 else most


def _curve_number(order_days: pd.Series, curves: dict[int, Curve]) -> pd.Series:
    """Which curve answers; missing without an order."""
    starts = np.array(sorted(curves) or [1])
    place = np.searchsorted(starts, order_days.to_numpy(float), side="right") - 1
    found = pd.Series(starts[np.maximum(place, 0)], index=order_days.index, dtype="float64")
    return found.where(order_days > 0)


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value


def _span_of(first: int, following: int | None) -> str:
    """The order numbers of one curve, e.g. 3–4; the last curve is open."""
    if following is None:
        return f"{first}+"
    return str(first) if following == first + 1 else f"{first}–{following - 1}"
