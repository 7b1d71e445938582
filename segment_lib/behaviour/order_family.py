"""Buy till you leave: how likely, how many orders, still a customer? (BG/CNBD-k, MBG/CNBD-k)

Every customer orders at a pace of their own and after an order may leave for good, unseen. Paces
differ as a gamma distribution, the chances to leave as a beta distribution; gaps between orders are
Erlang-k, k = 1 (as irregular as can be), 2 or 3 (the more regular). In the modified form (MBG) also
who ordered once may have left. Six models of four numbers each are fitted by maximum likelihood,
the likeliest is kept; k = 1, not modified, is BG/NBD (Fader, Hardie & Lee 2005). Source of the
family: Platzer & Reutterer 2016, "Ticking away the moments". Chances, P(alive) and the mean number
of orders have closed forms, so nothing is drawn at random.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betainc, betaln, expit, gammaln, logit, logsumexp

from segment_lib.behaviour.waiting import LearnsFromWaits
from segment_lib.checks import require_columns
from segment_lib.learner import day_of

REGULARITY = (1, 2, 3)  # k: phases of a gap
START = (1.0, 0.3, 0.5, 1.0)  # r, alpha (of a tenth of the time), a, b
LARGEST = 12.0  # of the logarithm of a parameter: beyond it the likelihood is flat
ALIKE = 6.0  # of log(a + b): from there on all leave as readily as each other, and it is flat
DIGITS = 4  # of the logarithms: what lies behind them differs from processor to processor
MOST_PATTERNS = 10_000  # patterns of orders that are fitted on; more are drawn evenly
LEAST_TERM = 1e-5  # where the sum over further orders ends
UNKNOWN = np.errstate(invalid="ignore", divide="ignore")  # who never ordered stays missing
NEEDED = ("order_days", "span_days", "recency_days")


@dataclass(frozen=True)
class _Orders:
    """x: orders after the first; span: days from first to last; time: days from first to today."""

    x: np.ndarray
    span: np.ndarray
    time: np.ndarray

    def by_x(self, terms: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        """A term of the number of orders alone, worked out once for each number."""
        numbers, place = self._numbers
        return terms(numbers)[place]

    @cached_property
    def _numbers(self) -> tuple[np.ndarray, np.ndarray]:
        return np.unique(self.x, return_inverse=True)

    @classmethod
    def of(cls, customers: pd.DataFrame) -> _Orders:
        days, span, waited = (
            customers[name].to_numpy(float, na_value=np.nan) for name in NEEDED
        )  # fmt: skip
        return cls(days - 1, span, span + waited)


class OrderFamily(LearnsFromWaits):
    """The likeliest of six models of ordering and leaving.

    `fit` takes the waits of all customers (`order_gaps(order_days)`), `transform` their history.
    Learned: `regularity_` (k), `first_may_leave_` (MBG), `params_` (r, alpha in days, a, b),
    `log_likelihood_`, `customers_`, `as_of_`.

    >>> monthly = pd.date_range("2025-01-01", periods=6, freq="30D")
    >>> gaps = [{"customer_id": who, "order_number": n + 1, "wait_days": 30, "came_back": n < 5,
    ...          "span_before_days": 30 * n} for who in range(9) for n in range(6)]
    >>> family = OrderFamily().fit(pd.DataFrame(gaps))
    >>> family.regularity_
    3
    """

    LEARNED = "params_"
    GIVES = ("chance_90d", "expected_orders_90d", "p_alive")

    def __init__(self, regularity: tuple[int, ...] = REGULARITY, modified: bool | None = None):
        self.regularity = regularity
        self.modified = modified

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:
        """Learn from the waits X; without an order after the first there is nothing to learn."""
        needed = ["customer_id", "order_number", "wait_days", "came_back", "span_before_days"]
        require_columns(X, needed, "order_gaps")
        self.as_of_: date | None = day_of(X)
        orders, log_gaps, weight = _patterns(X)
        self.customers_ = int(weight.sum())
        self.returns_ = int((orders.x * weight).sum())
        self.regularity_, self.first_may_leave_ = 1, False
        self.params_, self.log_likelihood_ = np.full(4, np.nan), float("nan")
        if not self.returns_:
            return self
        forms = (False, True) if self.modified is None else (self.modified,)
        found = [
            (*_fitted(orders, log_gaps, weight, k, modified), k, modified)
            for k in self.regularity
            for modified in forms
        ]
        lowest, params, self.regularity_, self.first_may_leave_ = min(found, key=lambda one: one[0])
        self.params_, self.log_likelihood_ = params, -lowest
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """chance_90d, expected_orders_90d, p_alive, one row per customer of X (the history)."""
        found = {
            "chance_90d": self.back_by(X, np.array([90.0]))[:, 0],
            "expected_orders_90d": self.expected_orders(X, 90),
            "p_alive": self.p_alive(X),
        }
        return pd.DataFrame(found, index=X.index)

    @UNKNOWN
    def back_by(self, customers: pd.DataFrame, days: np.ndarray) -> np.ndarray:
        """P(an order within each of `days` from today): one row per customer, one column per day;
        missing without an order, or where nothing was learned.
        """
        orders = self._asked(customers)
        left, stays = self._parts(orders)
        total = np.logaddexp(left, stays)
        found = [1 - np.exp(np.logaddexp(left, self._stays(orders, day)) - total) for day in days]
        return np.stack(found, axis=1)

    @UNKNOWN
    def p_alive(self, customers: pd.DataFrame) -> np.ndarray:
        """P(still a customer today), one per customer."""
        left, stays = self._parts(self._asked(customers))
        return np.exp(stays - np.logaddexp(left, stays))

    @UNKNOWN
    def expected_orders(self, customers: pd.DataFrame, days: float) -> np.ndarray:
        """Mean number of orders within `days` from today, one per customer.

        The n-th further order is made by who is a customer, did not leave after the n - 1 before,
        and passes n × k phases in time (less those passed since the last order).
        """
        orders, k = self._asked(customers), self.regularity_
        left, stays = self._parts(orders)
        total = np.logaddexp(left, stays)
        r, alpha, a, b = self.params_
        shape, soon = r + k * orders.x, days / (alpha + orders.time + days)
        expected = np.zeros(len(customers))
        for phase, weight in enumerate(_phases(self.params_, k, orders, 0.0)):
            n, most = 1, np.inf
            while most > LEAST_TERM and n <= days:
                kept = betaln(a, b + self._chances(orders) + n - 1) - betaln(a, b)
                reached = betainc(n * k - phase, shape + phase, soon)
                term = np.exp(weight + kept - total) * reached
                expected += term
                most, n = np.nanmax(term, initial=0.0), n + 1
        return expected

    def to_json(self) -> str:
        """What was learned as plain JSON, with its day."""
        self._require_fitted()
        kept = {
            "params": {"regularity": list(self.regularity), "modified": self.modified},
            "as_of": str(self.as_of_ or ""),
            "regularity": self.regularity_,
            "first_may_leave": self.first_may_leave_,
            "learned": [None if np.isnan(one) else float(one) for one in self.params_],
            "log_likelihood": None if np.isnan(self.log_likelihood_) else self.log_likelihood_,
            "customers": self.customers_,
            "returns": self.returns_,
        }
        return json.dumps(kept)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """A family saved by `to_json`, ready to be applied to a later day."""
        kept = json.loads(text)
        chosen = kept["params"]
        family = cls(tuple(chosen["regularity"]), chosen["modified"])
        family.as_of_ = date.fromisoformat(kept["as_of"]) if kept["as_of"] else None
        family.regularity_, family.first_may_leave_ = kept["regularity"], kept["first_may_leave"]
        family.params_ = np.array([np.nan if one is None else one for one in kept["learned"]])
        likelihood = kept["log_likelihood"]
        family.log_likelihood_ = float("nan") if likelihood is None else likelihood
        family.customers_, family.returns_ = kept["customers"], kept["returns"]
        return family

    def _asked(self, customers: pd.DataFrame) -> _Orders:
        self._require_fitted()
        require_columns(customers, NEEDED, "customers")
        return _Orders.of(customers)

    def _chances(self, orders: _Orders) -> np.ndarray:
        """How often they could have left: after each order but the first, in MBG after it too."""
        return orders.x + self.first_may_leave_

    def _stays(self, orders: _Orders, days: float = 0.0) -> np.ndarray:
        return _stays(self.params_, self.regularity_, self.first_may_leave_, orders, days)

    def _parts(self, orders: _Orders) -> tuple[np.ndarray, np.ndarray]:
        """Log-likelihood of having left after the last order, and of being there, silent so far."""
        left = _left(self.params_, self.regularity_, self.first_may_leave_, orders)
        return left, self._stays(orders)

    def __repr__(self) -> str:
        if not hasattr(self, "params_"):
            return f"OrderFamily(regularity={self.regularity}, modified={self.modified})"
        name = f"{'MBG' if self.first_may_leave_ else 'BG'}/CNBD-{self.regularity_}"
        params = ", ".join(
            f"{letter} = {value:.3f}"
            for letter, value in zip(("r", "alpha", "a", "b"), self.params_, strict=True)
        )
        return f"OrderFamily as of {self.as_of_}: {name}, {params}"


def _patterns(gaps: pd.DataFrame) -> tuple[_Orders, np.ndarray, np.ndarray]:
    """Each pattern of orders once: the orders, the mean sum of the logs of their gaps, how many."""
    back = gaps["came_back"].to_numpy(bool)
    waits = gaps["wait_days"].to_numpy(float)
    logs = np.log(np.maximum(waits, 1.0), out=np.zeros_like(waits), where=back)
    rows = pd.DataFrame({"customer_id": gaps["customer_id"], "logs": logs, "waits": waits})
    rows["x"], rows["span"] = back.astype(float), np.where(back, waits, 0.0)
    each = rows.groupby("customer_id", observed=True)[["x", "span", "waits", "logs"]].sum()
    same = each.groupby(["x", "span", "waits"])["logs"].agg(["mean", "size"]).reset_index()
    if len(same) > MOST_PATTERNS:
        same = same.sample(MOST_PATTERNS, weights="size", random_state=0)
    x, span, time, log_gaps, weight = (same[name].to_numpy(float) for name in same)
    return _Orders(x, span, time), log_gaps, weight


def _fitted(
    orders: _Orders, log_gaps: np.ndarray, weight: np.ndarray, k: int, modified: bool
) -> tuple[float, np.ndarray]:
    """The lowest negative log-likelihood of one model, and its four parameters.

    Sought are the logarithms of r, alpha and a + b, and the log-odds of leaving, a / (a + b): where
    nearly nobody leaves, only these odds tell, and a and b by themselves would run away.
    """
    # what does not hang on the parameters, but differs by k
    constant = (weight * ((k - 1) * log_gaps - orders.x * gammaln(k))).sum()

    def params_of(sought: np.ndarray) -> np.ndarray:
        r, alpha, both = np.exp(sought[[0, 1, 3]])
        leaves = expit(sought[2])
        return np.array([r, alpha, both * leaves, both * (1 - leaves)])

    def unlikely(sought: np.ndarray) -> float:
        params = params_of(sought)
        parts = _left(params, k, modified, orders), _stays(params, k, modified, orders, 0.0)
        return -float((weight * np.logaddexp(*parts)).sum()) / weight.sum()

    r, alpha, a, b = START
    a_tenth = max(float(np.median(orders.time)) / 10, 1.0)
    best = minimize(  # other starts ended at the same likelihood
        unlikely,
        [np.log(r), np.log(alpha * a_tenth * k), logit(a / (a + b)), np.log(a + b)],
        method="L-BFGS-B",
        jac="3-point",
        bounds=[(-LARGEST, LARGEST)] * 3 + [(-LARGEST, ALIKE)],
        options={"ftol": 1e-12, "gtol": 1e-6},
    )
    params = params_of(np.round(best.x, DIGITS))
    return float(best.fun * weight.sum() - constant), params


def _left(params: np.ndarray, k: int, modified: bool, orders: _Orders) -> np.ndarray:
    """Log-likelihood of having left right after the last order."""
    r, alpha, a, b = params

    def of_x(x: np.ndarray) -> np.ndarray:
        chances = x + modified
        stayed = betaln(a + 1, b + np.maximum(chances - 1, 0)) - betaln(a, b)
        pace = gammaln(r + k * x) - gammaln(r) + r * np.log(alpha)
        return np.where(chances > 0, stayed + pace, -np.inf)

    return orders.by_x(of_x) - (r + k * orders.x) * np.log(alpha + orders.span)


def _stays(
    params: np.ndarray, k: int, modified: bool, orders: _Orders, days: float
) -> np.ndarray:  # fmt: skip
    """Log-likelihood of being a customer still, without an order until `days` from today."""
    a, b = params[2:]
    stayed = orders.by_x(lambda x: betaln(a, b + x + modified) - betaln(a, b))
    phases = _phases(params, k, orders, days)
    return stayed + (phases[0] if k == 1 else logsumexp(phases, axis=0))


def _phases(params: np.ndarray, k: int, orders: _Orders, days: float) -> np.ndarray:
    """Log-likelihood of the orders made and of each number of phases passed since the last one."""
    r, alpha = params[:2]
    since = orders.time - orders.span + days
    passed = np.log(np.maximum(since, 1e-300)) if k > 1 else 0.0
    slower = np.log(alpha + orders.span + since)
    found = []
    for phase in range(k):

        def of_x(x: np.ndarray, phase: int = phase) -> np.ndarray:
            rate = gammaln(r + k * x + phase) - gammaln(r) + r * np.log(alpha)
            return rate - gammaln(phase + 1)

        shape = r + k * orders.x + phase
        found.append(orders.by_x(of_x) + phase * passed - shape * slower)
    return np.stack(found)
