"""RFM: cut points, and scores from 1 to 5 (5 = best on every axis).

*Score* = 1 + the number of cut points the value reaches; a cut point is the worst value that still
earns the higher score. Recency counts days since the last order (fewer is better), frequency counts
orders, monetary is the net sum. Fitted cuts are the next observed value beyond the inverted-CDF
quantile, so equal values share a score whatever the row order, the ids or the currency unit.

Frequency is also the time between purchases (購入間隔): with ``f="interval"`` the mean days between
own order days, shorter is better. Who ordered on one day only has none. They score 1: all that is
known of them is that they have not come back. Learned cuts leave that score to them alone, and
stand in equal parts of those who did, so that a 2 is never a customer who came once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, NamedTuple, Self

import numpy as np
import pandas as pd

from segment_lib.behaviour.segments import scale_of
from segment_lib.checks import KitError, require_columns
from segment_lib.learner import Learner, day_of
from segment_lib.settings import RfmSection
from segment_lib.voice import Sentence, _

Cuts = Literal["quantiles"] | tuple[float, ...]


class Axis(NamedTuple):
    """What is scored: its column, the sign that makes "more" better, how a cut reads, and the key
    of its cut points: a field of [rfm], a parameter of `ScoreCuts`.
    """

    column: str
    sign: int
    reads: str
    key: str


# By the name of the score, which is also the field of a row of [[rfm.segments]].
AXES = {
    "r": Axis("recency_days", -1, "<=", "recency_cuts"),
    "f": Axis("frequency", 1, ">=", "frequency_cuts"),
    "m": Axis("monetary", 1, ">=", "monetary_cuts"),
}
INTERVAL = Axis("interval_days", -1, "<=", "interval_cuts")  # in place of the orders
FEW_PER_SCORE = 5


class ScoreCuts(Learner):
    """Cut points of recency, frequency and monetary, stated by people or learned as quantiles.

    Parameters are tuples of cut points as people say them ("within 30 days", "6 orders"), or
    ``"quantiles"``; `f` says whether F counts "orders" or the "interval" between them. Learned:
    `cuts_` (axis to cut points, from easy to hard), `n_scores_`, `customers_` (how many had
    orders), `as_of_`, `cuts_table_`, `messages_`.

    >>> people = pd.DataFrame(
    ...     {"recency_days": [5, 400], "frequency": [7, 1], "monetary": [900.0, 20.0]}
    ... )
    >>> cuts = ScoreCuts((365, 180, 90, 30), (2, 3, 6, 12), (50, 100, 500, 1000))
    >>> cuts.fit_transform(people).to_numpy().tolist()
    [[5, 4, 4], [1, 1, 1]]
    """

    GIVES = tuple(AXES)

    def __init__(
        self,
        recency_cuts: Cuts = "quantiles",
        frequency_cuts: Cuts = (2, 3, 6, 12),
        monetary_cuts: Cuts = "quantiles",
        f: str = "orders",
        interval_cuts: Cuts = "quantiles",
    ) -> None:
        self.recency_cuts = recency_cuts
        self.frequency_cuts = frequency_cuts
        self.monetary_cuts = monetary_cuts
        self.f = f
        self.interval_cuts = interval_cuts

    @classmethod
    def from_rules(cls, rules: RfmSection) -> Self:
        """The cuts that [rfm] of client.toml states."""
        stated = rules.recency_cuts, rules.frequency_cuts, rules.monetary_cuts
        return cls(*stated, rules.f, rules.interval_cuts)

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:
        """Learn from those of the customers X who ordered; stated cuts are taken as said."""
        measured, ordered = self._measured(X), _has_orders(X).fillna(False).to_numpy(bool)
        told = {"frequency", "order_days", *(axis.column for axis in self.axes.values())}
        buyers = measured[[name for name in measured if name in told]]
        buyers = buyers.reset_index(drop=True)[ordered]  # numbers are parted faster than ids
        self._require_days(buyers)
        self.n_scores_ = scale_of(self)
        self.customers_ = len(buyers)
        self.as_of_: date | None = day_of(X)
        self.cuts_ = {
            name: self._cuts_of(name, buyers[axis.column]) for name, axis in self.axes.items()
        }
        self.cuts_table_ = self._table(self._scores(buyers))
        self.messages_ = tuple(self._messages())
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Scores r, f, m (Int64, 5 = best), missing for customers without an order."""
        self._require_fitted()
        return self._scores(X)

    @property
    def axes(self) -> dict[str, Axis]:
        """What is scored, by the name of the score."""
        if self.f not in ("orders", "interval"):
            raise KitError(_('f is "{f}"; it must be "orders" or "interval".', f=self.f))
        return AXES if self.f == "orders" else AXES | {"f": INTERVAL}

    def _measured(self, customers: pd.DataFrame) -> pd.DataFrame:
        """`customers` with the interval where F is it and no column holds it yet."""
        if self.f == "orders" or INTERVAL.column in customers:
            return customers
        return customers.assign(interval_days=interval_days(customers))

    def _require_days(self, buyers: pd.DataFrame) -> None:
        """Raise where somebody ordered again, on days that nobody knows."""
        if self.axes["f"] is not INTERVAL or "order_days" not in buyers:
            return
        unknown = (buyers["frequency"] > 1) & buyers["order_days"].isna()
        if unknown.any():
            says = _(
                '[rfm] f = "interval" needs the days of the orders. {n:,} customers ordered more '
                "than once, and these lists do not say when. Give a list of orders, or state "
                'f = "orders".',
                n=int(unknown.sum()),
            )
            raise KitError(says)

    def _scores(self, customers: pd.DataFrame) -> pd.DataFrame:
        ordered, measured = _has_orders(customers), self._measured(customers)
        scores = {
            name: _score(measured[axis.column], self.cuts_[name], axis.sign, ordered)
            for name, axis in self.axes.items()
        }
        return pd.DataFrame(scores, index=customers.index)

    def without_cuts(self) -> list[str]:
        """The axes, of r, f and m, that have no cut point: nobody is placed by them."""
        self._require_fitted()
        return [axis for axis in AXES if not self.cuts_[axis]]

    def to_json(self) -> str:
        """The learned cuts as plain JSON, with their day, to score a later day alike."""
        self._require_fitted()
        kept = {
            "params": self.get_params(),
            "as_of": str(self.as_of_ or ""),
            "customers": self.customers_,
            "n_scores": self.n_scores_,
            "cuts": self.cuts_,
        }
        return json.dumps(kept, ensure_ascii=False, indent=2)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Cuts saved by `to_json`, ready to score."""
        kept = json.loads(text)
        params: dict[str, Any] = {
            name: tuple(said) if isinstance(said, list) else said
            for name, said in kept["params"].items()
        }
        cuts = cls(**params)
        cuts.n_scores_ = kept["n_scores"]
        cuts.customers_ = kept["customers"]
        cuts.as_of_ = date.fromisoformat(kept["as_of"]) if kept["as_of"] else None
        cuts.cuts_ = kept["cuts"]
        cuts.cuts_table_ = cuts._table(None)
        cuts.messages_ = ()
        return cuts

    def _stated(self) -> dict[str, Cuts]:
        return {name: getattr(self, axis.key) for name, axis in self.axes.items()}

    def _cuts_of(self, axis: str, values: pd.Series) -> list[float]:
        sign = self.axes[axis].sign
        stated = self._stated()[axis]
        if isinstance(stated, str) and self.axes[axis] is INTERVAL:
            return _interval_cuts(values.dropna().to_numpy(float), self.n_scores_)
        if isinstance(stated, str):
            return _fitted_cuts(values.to_numpy(float), self.n_scores_, sign)
        return [float(cut) for cut in sorted(stated, key=lambda cut: sign * cut)]

    def _table(self, scores: pd.DataFrame | None) -> pd.DataFrame:
        """One row per axis and score: what earns it, and how many customers have it."""
        rows = []
        for axis, (column, _sign, reads, _key) in self.axes.items():
            heads = None if scores is None else scores[axis].value_counts()
            for score in range(self.n_scores_, 0, -1):
                has_cut = 1 < score <= len(self.cuts_[axis]) + 1
                cut = self.cuts_[axis][score - 2] if has_cut else None
                says = "everyone else" if score == 1 else "nobody: nothing lies beyond"
                rows.append({
                    "axis": axis, "score": score, "cut": cut,
                    "earned_by": says if cut is None else f"{column} {reads} {cut:g}",
                    "customers": None if heads is None else int(heads.get(score, 0)),
                })  # fmt: skip
        table = pd.DataFrame(rows).astype({"cut": float})
        return table.assign(customers=table["customers"].astype("Int64"))

    def _messages(self) -> Iterator[Sentence]:
        used = (self.cuts_table_["customers"] > 0).groupby(self.cuts_table_["axis"]).sum()
        for axis in AXES:
            if used[axis] == 1:
                yield Sentence("{axis}: everyone has the same score.", axis=axis.upper())
            elif used[axis] < self.n_scores_:
                counts = {"used": int(used[axis]), "n_scores": self.n_scores_}
                yield Sentence(
                    "{axis}: {used} of {n_scores} scores in use.", axis=axis.upper(), **counts
                )
        if self.customers_ < FEW_PER_SCORE * self.n_scores_:
            yield Sentence(
                "Only {customers} customers with orders: scores say little.",
                customers=self.customers_,
            )

    def _require_fitted(self) -> None:
        if not hasattr(self, "cuts_"):
            says = _(
                "These ScoreCuts have no cut points yet. Call .fit(customers) first, "
                "or read saved ones with ScoreCuts.from_json(text)."
            )
            raise KitError(says)

    def __repr__(self) -> str:
        if not hasattr(self, "cuts_"):
            return f"ScoreCuts({', '.join(map(str, self._stated().values()))})"
        cuts = {axis: ", ".join(f"{cut:g}" for cut in self.cuts_[axis]) or "—" for axis in AXES}
        lines = [
            f"  {name.upper()} {axis.column} {axis.reads} {cuts[name]}"
            for name, axis in self.axes.items()
        ]
        told = f"as of {self.as_of_}, {self.customers_} customers, {self.n_scores_} = best"
        return "\n".join([f"ScoreCuts {told}", *lines])


def interval_days(customers: pd.DataFrame) -> pd.Series:
    """The mean days between own order days (購入間隔); missing below two order days."""
    require_columns(customers, ["order_days", "span_days"], "customers")
    days = customers["order_days"].astype("float64")
    gaps = (days - 1).where(days > 1)
    return (customers["span_days"].astype("float64") / gaps).rename(INTERVAL.column)


def _has_orders(customers: pd.DataFrame) -> pd.Series:
    require_columns(customers, [axis.column for axis in AXES.values()], "customers")
    known = customers["recency_days"].notna() & customers["monetary"].notna()
    return known & (customers["frequency"] > 0)


def _fitted_cuts(values: np.ndarray, n_scores: int, sign: int) -> list[float]:
    """The next observed value beyond each inverted-CDF quantile; absent where nothing lies beyond.

    A quantile's place is counted in integers: k * n / n_scores in floats is off by one at times.
    """
    goodness = np.sort(sign * values)
    n = len(goodness)
    if n < n_scores:
        return []
    places = [-(-k * n // n_scores) - 1 for k in range(1, n_scores)]
    beyond = [np.searchsorted(goodness, goodness[place], side="right") for place in places]
    return [float(sign * goodness[index]) for index in beyond if index < n]


def _interval_cuts(values: np.ndarray, n_scores: int) -> list[float]:
    """The longest interval there is, and the cuts that part the others into the scores above it."""
    longest = [float(values.max())] if len(values) else []
    return longest + _fitted_cuts(values, n_scores - 1, INTERVAL.sign)


def _score(values: pd.Series, cuts: list[float], sign: int, ordered: pd.Series) -> pd.Series:
    """One more than the cut points that each value reaches, missing for who has not `ordered`."""
    goodness = sign * values.astype("float64").to_numpy()
    scores = np.ones(len(values), dtype="int8")  # added up three times as fast as int64
    for cut in cuts:
        scores += goodness >= sign * cut
    nobody = ~ordered.fillna(False).to_numpy(bool)
    return pd.Series(pd.arrays.IntegerArray(scores.astype("int64"), nobody), index=values.index)
