"""Next order (次回購入予測): when is it due, how overdue, how likely within 30 days.

The waiting curve: how long customers wait after their 1st, 2nd, 3rd ... order day (Kaplan-Meier, so
those who have not come back yet count as waiting, not as gone), stretched by each customer's own
pace, which is shrunken to the pooled one as if everybody had `shrink_gaps` more gaps of average
length (Bühlmann's credibility: the more customers differ from each other and the less each varies,
the fewer). Same-day orders are one. The due range is counted from the last order and never moved: a
day in the past is shown as overdue. The chance is that of customers who have waited as long. The
date itself is hardly knowable; the range says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NoReturn, Self

import numpy as np
import pandas as pd

from segment_lib.checks import KitError, require_columns
from segment_lib.learner import Learner, day_of
from segment_lib.voice import _, pgettext, sentences

ORDER_NUMBERS = (1, 2, 3, 5, 10)  # curves start at these order days: 1, 2, 3-4, 5-9, 10 and more
FEW_RETURNS = 30
FEW_WAITING = 5
SHRINK_UNKNOWN = 2.0  # gaps added where too few customers came back twice to learn the number
SHRINK_RANGE = (0.1, 20.0)
LAPSE_TIMES = 2  # so many waits until the end of the due range: from there on a repeater has lapsed
DUE_SHARES = {"from_days": 0.1, "middle_days": 0.5, "to_days": 0.9}
NEEDED = ("last_order_on", "recency_days", "order_days", "span_days")


@dataclass(frozen=True)
class Curve:
    """A Kaplan-Meier curve: `waiting[i]` of the customers still wait after `days[i]` (own pace)."""

    days: np.ndarray
    waiting: np.ndarray
    returns: int

    @classmethod
    def from_waits(
        cls, waits: np.ndarray, came_back: np.ndarray, least_waiting: int = FEW_WAITING
    ) -> Curve:
        """The product-limit estimate; a wait that is not over counts as at risk until its day.

        The curve ends where fewer than `least_waiting` still wait: one return among three would
        look like a chance of a third. A list too short for that keeps its whole curve.
        """
        days, came = np.unique(waits[came_back], return_counts=True)
        at_risk = len(waits) - np.searchsorted(np.sort(waits), days, side="left")
        told = at_risk >= least_waiting
        if told.any():
            days, came, at_risk = days[told], came[told], at_risk[told]
        return cls(days, np.cumprod(1 - came / at_risk), int(came_back.sum()))

    @property
    def ever_back(self) -> float:
        """Share of customers who were ever seen to come back."""
        return 1 - self.waiting[-1] if len(self.waiting) else 0.0

    def still_waiting(self, days: np.ndarray) -> np.ndarray:
        """Share of customers who have not come back within `days`."""
        place = np.searchsorted(self.days, days, side="right")
        return np.concatenate([[1.0], self.waiting])[place]

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
    them. Columns: customer_id, order_number (1 = after the first), wait_days, came_back, and
    span_before_days (from the first order to this one: what is known of the own pace by then).
    """
    require_columns(order_days, ["customer_id", "ordered_on", "as_of"], "order_days")
    frame = order_days.sort_values(["customer_id", "ordered_on"], ignore_index=True)
    customer = frame.groupby("customer_id", observed=True)["ordered_on"]
    following = customer.shift(-1)
    return pd.DataFrame(
        {
            "customer_id": frame["customer_id"],
            "order_number": customer.cumcount() + 1,
            "wait_days": (following.fillna(frame["as_of"]) - frame["ordered_on"]).dt.days,
            "came_back": following.notna(),
            "span_before_days": (frame["ordered_on"] - customer.transform("min")).dt.days,
            "as_of": frame["as_of"],
        }
    )


class WaitingCurve(Learner):
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
    >>> curve.transform(pd.DataFrame(customer | {"span_days": 150}))["due_on"].item()
    Timestamp('2025-06-30 00:00:00')
    """

    GIVES = (
        "was_due_from", "due_on", "was_due_by", "overdue_days", "chance_30d", "usual_wait_days",
        "lapsed_after_days",
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

    def fit_transform(self, X: pd.DataFrame, y: object = None, **kwargs: object) -> NoReturn:
        """Refused: what it learns from (waits) is not what it answers for (customers)."""
        says = _(
            "A WaitingCurve learns from waits and answers for customers, so one frame "
            "cannot do both and it can be no step of a Pipeline. Call "
            ".fit(order_gaps(order_days)), then .transform(customers)."
        )
        raise KitError(says)

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Due dates and chances, one row per customer of X; missing without an order.

        Columns: was_due_from, due_on, was_due_by (10, 50 and 90 % of those who come back are back
        by then), overdue_days (past was_due_by, else 0), chance_30d (probability of an order within
        30 days, given the days waited), usual_wait_days (half of all customers with so many orders
        are back by then; missing if fewer than half ever are), lapsed_after_days (twice the wait
        until was_due_by, so that who repeats can be late and still ours; whoever ordered once is
        never late: the wait itself).
        """
        self._require_fitted()
        require_columns(X, NEEDED, "customers")
        pace = self._pace(X["order_days"], X["span_days"])
        number = _curve_number(X["order_days"], self.curves_)
        days = self.table_.set_index("order_number").astype("float64")
        start, middle, end = ((pace * number.map(days[name])).round() for name in DUE_SHARES)
        last = X["last_order_on"]
        over = (X["recency_days"] - end).clip(lower=0)
        return pd.DataFrame(
            {
                "was_due_from": last + pd.to_timedelta(start, unit="D"),
                "due_on": last + pd.to_timedelta(middle, unit="D"),
                "was_due_by": last + pd.to_timedelta(end, unit="D"),
                "overdue_days": over.astype("Int64"),
                "chance_30d": self.chance_within(X, 30),
                "usual_wait_days": number.map(days["half_back_days"]).round(),
                "lapsed_after_days": end.where(X["order_days"] < 2, LAPSE_TIMES * end),
            },
            index=X.index,
        )

    def chance_within(self, customers: pd.DataFrame, days: int) -> pd.Series:
        """Probability of an order within `days`, given that the customer has waited until today."""
        back = self._back_by(customers, np.array([float(days)]))
        known = (customers["order_days"] > 0) & (self.returns_ > 0)
        return pd.Series(back[:, 0], index=customers.index).where(known)

    def due_within(self, customers: pd.DataFrame, days: int) -> pd.DataFrame:
        """If the order comes within `days`: days from today to 10, 50 and 90 % (for back-tests)."""
        grid = np.arange(1.0, days + 1)
        back = self._back_by(customers, grid)
        ends = back[:, -1:]
        even = np.broadcast_to(grid / days, back.shape)
        share = np.divide(back, ends, out=even.copy(), where=ends > 0)
        found = {
            name: grid[np.argmax(share >= wanted - 1e-12, axis=1)]
            for name, wanted in DUE_SHARES.items()
        }
        return pd.DataFrame(found, customers.index).rename(columns={"middle_days": "days"})

    def share_later_than(self, days: float, order_number: int = 1) -> float:
        """Of those who come back after this order number, how many come later than `days`.

        Missing where nobody was ever seen to come back.
        """
        if not self.curves_:
            return np.nan
        number = max(key for key in self.curves_ if key <= max(order_number, min(self.curves_)))
        curve = self.curves_[number]
        late = curve.still_waiting(np.array([float(days)]))[0] - (1 - curve.ever_back)
        return float(late / curve.ever_back) if curve.ever_back > 0 else np.nan

    def to_json(self) -> str:
        """The learned curves as plain JSON, with their day."""
        self._require_fitted()
        curves = {
            str(number): {
                "days": curve.days.tolist(),
                "waiting": curve.waiting.tolist(),
                "returns": curve.returns,
                "half_back_days": _or_none(self.half_back_days_[number]),
            }
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
        return json.dumps(kept)

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
            int(number): Curve(np.array(c["days"]), np.array(c["waiting"]), c["returns"])
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

    def _back_by(self, customers: pd.DataFrame, days: np.ndarray) -> np.ndarray:
        """P(back within each of `days`), given the days waited; 0 past the longest wait seen."""
        self._require_fitted()
        require_columns(customers, NEEDED, "customers")
        pace = self._pace(customers["order_days"], customers["span_days"]).to_numpy(float)
        waited = customers["recency_days"].to_numpy(float, na_value=np.nan)
        numbers = _curve_number(customers["order_days"], self.curves_).to_numpy()
        back = np.zeros((len(customers), len(days)))
        for number, curve in self.curves_.items():
            mine = numbers == number
            now = curve.still_waiting(waited[mine] / pace[mine])[:, None]
            later = curve.still_waiting((waited[mine, None] + days) / pace[mine, None])
            back[mine] = np.divide(now - later, now, out=np.zeros_like(later), where=now > 0)
        return back

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

    def _require_fitted(self) -> None:
        if not hasattr(self, "curves_"):
            says = _(
                "This WaitingCurve has learned nothing yet. Call "
                ".fit(order_gaps(order_days)) first."
            )
            raise KitError(says)

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


def next_by_line(line_days: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Due dates by customer and product line: one row per row of `lines`, in its order.

    `line_days` is one row per customer, product line and order day; `lines` the history by line,
    indexed by customer_id. Each line has its own curve; one with fewer than 30 returns is answered
    by the curve of all lines, `own_curve` says which. Columns: product_line, own_curve and those
    of `WaitingCurve.transform`.
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
    pooled = WaitingCurve().fit(pd.concat(gaps.values(), ignore_index=True))
    numbered = lines.assign(_row=np.arange(len(lines)))
    parts = []
    for name, group in numbered.groupby("product_line", observed=True):
        own = str(name) in gaps and int(gaps[str(name)]["came_back"].sum()) >= FEW_RETURNS
        curve = WaitingCurve().fit(gaps[str(name)]) if own else pooled
        due = curve.transform(group)
        due.insert(0, "product_line", str(name))
        parts.append(due.assign(own_curve=own, _row=group["_row"]))
    return pd.concat(parts).sort_values("_row").drop(columns="_row")


def sentence_next_order(row: pd.Series) -> str:
    """One customer's due date in words; `row` holds the history and what `transform` gave.

    A `name` and a `product_line` are said where the row has them. Past the range it says how many
    days overdue, and never moves the date.
    """
    who, what = (
        row.get(name) if isinstance(row.get(name), str) else "" for name in ("name", "product_line")
    )
    if pd.isna(row["due_on"]):
        said = _("too few orders yet to name a day.")
    else:
        start, end = (pd.Timestamp(row[day]) for day in ("was_due_from", "was_due_by"))
        due = _("{start:%Y-%m-%d} to {end:%Y-%m-%d}", start=start, end=end)
        said = sentences(_("next order due {due}.", due=due), *_facts(row))
    if who and what:
        return _("{who}, {what}: {said}", who=who, what=what, said=said)
    if who:
        return _("{who}: {said}", who=who, said=said)
    if what:
        return pgettext("product line", "{what}: {said}", what=what, said=said)
    return said[:1].upper() + said[1:]


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


def _facts(row: pd.Series) -> Iterator[str]:
    """Days waited, days overdue, what is usual after so many orders, the chance."""
    waits, number, over = (int(row[c]) for c in ("recency_days", "order_days", "overdue_days"))
    late = _(
        "Last order {waits} days ago, {over} days overdue (a competitor may have taken it).",
        waits=waits,
        over=over,
    )
    yield late if over else _("Last order {waits} days ago.", waits=waits)
    usual = row["usual_wait_days"]
    if pd.isna(usual):
        yield _("After order {number} fewer than half come back.", number=number)
    else:
        back = {"number": number, "usual": int(usual)}
        yield _("After order {number} half are back within {usual} days.", **back)
    yield _(
        "Of those who have waited as long, {chance:.0f} % order within 30 days.",
        chance=100 * float(row["chance_30d"]),
    )


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value


def _span_of(first: int, following: int | None) -> str:
    """The order numbers of one curve, e.g. 3–4; the last curve is open."""
    if following is None:
        return f"{first}+"
    return str(first) if following == first + 1 else f"{first}–{following - 1}"
