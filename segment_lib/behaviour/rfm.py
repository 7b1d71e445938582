"""RFM: cut points, scores from 1 to 5 (5 = best on every axis) and named segments.

*Score* = 1 + the number of cut points the value reaches; a cut point is the worst value that still
earns the higher score. Recency counts days since the last order (fewer is better), frequency counts
orders, monetary is the net sum. Fitted cuts are the next observed value beyond the inverted-CDF
quantile, so equal values share a score whatever the row order, the ids or the currency unit.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple, Self

import numpy as np
import pandas as pd

from segment_lib.checks import KitError, require_columns
from segment_lib.learner import Learner, day_of
from segment_lib.settings import RfmSection, SegmentRow
from segment_lib.voice import N_, Sentence, _, said_by_people

Cuts = Literal["quantiles"] | tuple[float, ...]
Range = tuple[int, int]


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
FEW_PER_SCORE = 5


def _row(name: str, ranges: tuple[Range, Range, Range], character: str, measure: str) -> SegmentRow:
    r, f, m = ranges
    return SegmentRow(name=name, r=r, f=f, m=m, character=character, measure=measure)


# A full partition of the 5 x 5 x 5 grid: every cell lies in exactly one row (a test keeps it).
DEFAULT_SEGMENTS: tuple[SegmentRow, ...] = (
    _row(N_("Champions"), ((4, 5), (4, 5), (4, 5)),
         N_("Order often, lately, and much."),
         N_("Thank them in person; ask for a review or a referral.")),
    _row(N_("Frequent small orders"), ((4, 5), (4, 5), (1, 3)),
         N_("Order often and lately, in small amounts."),
         N_("Show what goes with what they already order.")),
    _row(N_("Becoming regulars"), ((4, 5), (3, 3), (1, 5)),
         N_("A few orders, the last one recent."),
         N_("Make the next order easy, just before it falls due.")),
    _row(N_("Second order made"), ((4, 5), (2, 2), (1, 5)),
         N_("Came back once, lately."),
         N_("Show the whole range and the people behind it.")),
    _row(N_("New"), ((4, 5), (1, 1), (1, 5)),
         N_("First order, lately."),
         N_("Ask how it went; an offer good on order two.")),
    _row(N_("Regulars cooling"), ((3, 3), (3, 5), (1, 5)),
         N_("Order regularly; the last order is some time ago."),
         N_("Ask whether anything is amiss before the usual day passes.")),
    _row(N_("Newcomers cooling"), ((3, 3), (1, 2), (1, 5)),
         N_("One or two orders, some time ago."),
         N_("Give a hint on use; ask what kept them from ordering again.")),
    _row(N_("Best customers gone quiet"), ((1, 2), (4, 5), (1, 5)),
         N_("Ordered often; silent for long."),
         N_("Telephone first, listen, and put right what went wrong.")),
    _row(N_("Regulars gone quiet"), ((1, 2), (3, 3), (1, 5)),
         N_("A few orders; silent for long."),
         N_("Write about what is new since their last order.")),
    _row(N_("Once or twice, long ago"), ((1, 2), (1, 2), (1, 5)),
         N_("One or two orders, long ago."),
         N_("A seasonal letter, no call.")),
)  # fmt: skip


# Who would stand in a segment only because an axis has no cut point: all there are alike on it.
NOT_TOLD_APART = _row(
    N_("Not told apart"), ((1, 5), (1, 5), (1, 5)),
    N_("Too few or too alike on one of R, F and M to be told apart by it."),
    N_("Read them one by one."),
)  # fmt: skip


class ScoreCuts(Learner):
    """Cut points of recency, frequency and monetary, stated by people or learned as quantiles.

    Parameters are tuples of cut points as people say them ("within 30 days", "6 orders"), or
    ``"quantiles"``. Learned: `cuts_` (axis to cut points, from easy to hard), `n_scores_`,
    `customers_` (how many had orders), `as_of_`, `cuts_table_`, `messages_`.

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
    ) -> None:
        self.recency_cuts = recency_cuts
        self.frequency_cuts = frequency_cuts
        self.monetary_cuts = monetary_cuts

    @classmethod
    def from_rules(cls, rules: RfmSection) -> Self:
        """The cuts that [rfm] of client.toml states."""
        return cls(*(getattr(rules, axis.key) for axis in AXES.values()))

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:
        """Learn from those of the customers X who ordered; stated cuts are taken as said."""
        buyers = X[_has_orders(X)]
        self.n_scores_ = _scale(self._stated())
        self.customers_ = len(buyers)
        self.as_of_: date | None = day_of(X)
        self.cuts_ = {name: self._cuts_of(name, buyers[axis.column]) for name, axis in AXES.items()}
        self.cuts_table_ = self._table(self._scores(buyers))
        self.messages_ = tuple(self._messages())
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Scores r, f, m (Int64, 5 = best), missing for customers without an order."""
        self._require_fitted()
        return self._scores(X)

    def _scores(self, customers: pd.DataFrame) -> pd.DataFrame:
        ordered = _has_orders(customers)
        scores = {
            name: _score(customers[axis.column], self.cuts_[name], axis.sign).where(ordered)
            for name, axis in AXES.items()
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
            "stated": list(self._stated().values()),
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
        stated: list[Any] = [
            said if said == "quantiles" else tuple(said) for said in kept["stated"]
        ]
        cuts = cls(*stated)
        cuts.n_scores_ = kept["n_scores"]
        cuts.customers_ = kept["customers"]
        cuts.as_of_ = date.fromisoformat(kept["as_of"]) if kept["as_of"] else None
        cuts.cuts_ = kept["cuts"]
        cuts.cuts_table_ = cuts._table(None)
        cuts.messages_ = ()
        return cuts

    def _stated(self) -> dict[str, Cuts]:
        return {name: getattr(self, axis.key) for name, axis in AXES.items()}

    def _cuts_of(self, axis: str, values: pd.Series) -> list[float]:
        sign = AXES[axis].sign
        stated = self._stated()[axis]
        if isinstance(stated, str):
            return _fitted_cuts(values.to_numpy(float), self.n_scores_, sign)
        return [float(cut) for cut in sorted(stated, key=lambda cut: sign * cut)]

    def _table(self, scores: pd.DataFrame | None) -> pd.DataFrame:
        """One row per axis and score: what earns it, and how many customers have it."""
        rows = []
        for axis, (column, _sign, reads, _key) in AXES.items():
            for score in range(self.n_scores_, 0, -1):
                has_cut = 1 < score <= len(self.cuts_[axis]) + 1
                cut = self.cuts_[axis][score - 2] if has_cut else None
                says = "everyone else" if score == 1 else "nobody: nothing lies beyond"
                rows.append({
                    "axis": axis, "score": score, "cut": cut,
                    "earned_by": says if cut is None else f"{column} {reads} {cut:g}",
                    "customers": None if scores is None else int((scores[axis] == score).sum()),
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
            for name, axis in AXES.items()
        ]
        told = f"as of {self.as_of_}, {self.customers_} customers, {self.n_scores_} = best"
        return "\n".join([f"ScoreCuts {told}", *lines])


def check_segments(
    rows: Sequence[SegmentRow], n_scores: int = 5, first_match_wins: bool = False
) -> None:
    """Raise `KitError` unless every cell of the R x F x M grid belongs to exactly one row.

    Rows may overlap only with ``first_match_wins``; a cell without a row is always an error.
    """
    cells = itertools.product(range(1, n_scores + 1), repeat=len(AXES))
    found = {cell: [row.name for row in rows if _fits(row, cell)] for cell in cells}
    gaps = [" ".join(map(str, cell)) for cell, names in found.items() if not names]
    overlaps = [cell for cell, names in found.items() if len(names) > 1]
    if gaps:
        says = _(
            "[[rfm.segments]] leaves {gaps} of {n_scores} score cells without a "
            "segment, for example R F M = {example}. Widen a row, or state a last row "
            'that takes them all: name = "Others", with first_match_wins = true.',
            gaps=len(gaps),
            n_scores=len(found),
            example=gaps[0],
        )
        raise KitError(says)
    if overlaps and not first_match_wins:
        says = _(
            "[[rfm.segments]] gives {overlaps} of {n_scores} score cells to more than "
            "one segment, for example R F M = {cell} to {rows}. Narrow the rows, or "
            "say in [rfm]: first_match_wins = true.",
            overlaps=len(overlaps),
            n_scores=len(found),
            cell=" ".join(map(str, overlaps[0])),
            rows=found[overlaps[0]],
        )
        raise KitError(says)


def name_segments(
    scores: pd.DataFrame, rules: RfmSection | None = None, cuts: ScoreCuts | None = None
) -> pd.Series:
    """The name of each customer's segment (`rfm_segment`), missing where there is no score.

    The rows of [[rfm.segments]] are used where the client states them, else `DEFAULT_SEGMENTS`;
    either way the whole grid is checked first. `cuts` are those that made the scores: a row that
    chooses on an axis without any cut point would claim what nothing supports, so whoever falls
    into it is `NOT_TOLD_APART`.
    """
    rules = RfmSection() if rules is None else rules
    rows = segment_rows(rules)
    n_scores = _scale(ScoreCuts.from_rules(rules)._stated())
    check_segments(rows, n_scores, rules.first_match_wins)
    names = pd.Series(pd.NA, index=scores.index, name="rfm_segment", dtype="str")
    untold = [] if cuts is None else cuts.without_cuts()
    for row in reversed(rows):  # backwards, so that the first row that fits has the last word
        fits = np.logical_and.reduce(
            [scores[axis].between(*getattr(row, axis)).fillna(False) for axis in AXES]
        )
        chosen = any(getattr(row, axis) != (1, n_scores) for axis in untold)
        names[fits] = NOT_TOLD_APART.name if chosen else row.name
    return names


def segment_rows(rules: RfmSection) -> tuple[SegmentRow, ...]:
    """The rows in force: the client's, or the default ones, which are made for five scores."""
    return rules.segments or DEFAULT_SEGMENTS


def profile_segments(customers: pd.DataFrame, rules: RfmSection | None = None) -> pd.DataFrame:
    """One row per segment, in the order of the rules; customers without a score are not in it.

    Columns: rfm_segment, name (in words), customers, share, spend, spend_share, mean_order (spend
    per order), median_orders, median_recency_days, character, measure.
    """
    require_columns(
        customers, ["rfm_segment", "monetary", "frequency", "recency_days"], "customers"
    )
    untold = customers["rfm_segment"].dropna().eq(NOT_TOLD_APART.name)
    in_force = segment_rows(RfmSection() if rules is None else rules)
    if untold.any():  # of rows that nobody can be in, nothing is shown
        in_force = () if untold.all() else in_force
        in_force = (*in_force, NOT_TOLD_APART)
    words = ("name", "character", "measure")
    said = [
        [row.name, *(said_by_people(getattr(row, one), getattr(row, f"{one}_ja")) for one in words)]
        for row in in_force
    ]
    rows = pd.DataFrame(said, columns=["rfm_segment", *words]).drop_duplicates("rfm_segment")
    counted = customers.groupby("rfm_segment").agg(
        customers=("monetary", "size"),
        spend=("monetary", "sum"),
        orders=("frequency", "sum"),
        median_orders=("frequency", "median"),
        median_recency_days=("recency_days", "median"),
    )
    table = rows.merge(counted, on="rfm_segment", how="left")
    table = table.fillna({"customers": 0, "spend": 0.0, "orders": 0}).astype({"customers": "int64"})
    table = table.assign(
        share=table["customers"] / (table["customers"].sum() or np.nan),
        spend_share=table["spend"] / (table["spend"].sum() or np.nan),
        mean_order=table["spend"] / table["orders"].where(table["orders"] > 0),
    )
    return table[
        ["rfm_segment", "name", "customers", "share", "spend", "spend_share", "mean_order",
         "median_orders", "median_recency_days", "character", "measure"]
    ]  # fmt: skip


def _has_orders(customers: pd.DataFrame) -> pd.Series:
    require_columns(customers, [axis.column for axis in AXES.values()], "customers")
    known = customers["recency_days"].notna() & customers["monetary"].notna()
    return known & (customers["frequency"] > 0)


def _scale(stated: dict[str, Cuts]) -> int:
    """How many scores: one more than the stated cuts, five if none is stated."""
    lengths = {axis: len(cuts) for axis, cuts in stated.items() if not isinstance(cuts, str)}
    for axis in lengths:
        if len(set(stated[axis])) < max(1, lengths[axis]):
            says = _(
                "[rfm] {key} is {stated}: state at least one cut point, and each only once.",
                key=AXES[axis].key,
                stated=list(stated[axis]),
            )
            raise KitError(says)
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{number} {AXES[axis].key}" for axis, number in lengths.items())
        says = _(
            "[rfm] states {said}; R, F and M must have the same number of cut points, "
            "so that a score means the same on every axis.",
            said=said,
        )
        raise KitError(says)
    return next(iter(lengths.values()), 4) + 1


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


def _score(values: pd.Series, cuts: list[float], sign: int) -> pd.Series:
    goodness = sign * values.to_numpy(float, na_value=np.nan)
    reached = [goodness >= sign * cut for cut in cuts]
    return pd.Series(1 + np.sum(reached, axis=0), index=values.index, dtype="Int64")


def _fits(row: SegmentRow, cell: tuple[int, ...]) -> bool:
    ranges = (getattr(row, axis) for axis in AXES)
    return all(low <= score <= high for score, (low, high) in zip(cell, ranges, strict=True))
