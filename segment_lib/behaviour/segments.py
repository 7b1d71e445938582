"""Named segments: rows of people, each a box of the R x F x M grid, and every cell in just one row.

The rows that ship speak of orders; where F is the interval between purchases, other words are true
of the same boxes.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from segment_lib.checks import KitError, require_columns
from segment_lib.columns import as_text
from segment_lib.settings import RfmSection, SegmentRow
from segment_lib.voice import N_, _, said_by_people

AXES = ("r", "f", "m")  # as scores are called, and the fields of a row of [[rfm.segments]]
Range = tuple[int, int]


def _row(name: str, ranges: tuple[Range, Range, Range], character: str, measure: str) -> SegmentRow:
    r, f, m = ranges
    return SegmentRow(name=name, r=r, f=f, m=m, character=character, measure=measure)


# A full partition of the 5 x 5 x 5 grid: every cell lies in exactly one box (a test keeps it). Of
# each box R, F and M, what to do, and its name and character where F counts orders, then where it
# is the interval: there 1 is who came on one day only, or (by stated cuts) at longer intervals than
# any of them.
_BOXES = (
    (((4, 5), (4, 5), (4, 5)), N_("Thank them in person; ask for a review or a referral."),
     (N_("Champions"), N_("Order often, lately, and much.")),
     (N_("Champions"), N_("Order at short intervals, lately, and much."))),
    (((4, 5), (4, 5), (1, 3)), N_("Show what goes with what they already order."),
     (N_("Frequent small orders"), N_("Order often and lately, in small amounts.")),
     (N_("Small orders at short intervals"),
      N_("Order at short intervals and lately, in small amounts."))),
    (((4, 5), (3, 3), (1, 5)), N_("Make the next order easy, just before it falls due."),
     (N_("Becoming regulars"), N_("A few orders, the last one recent.")),
     (N_("Orders at middling intervals"), N_("Order at middling intervals, the last one recent."))),
    (((4, 5), (2, 2), (1, 5)), N_("Show the whole range and the people behind it."),
     (N_("Second order made"), N_("Came back once, lately.")),
     (N_("Orders at long intervals"), N_("Came back after a long time, lately."))),
    (((4, 5), (1, 1), (1, 5)), N_("Ask how it went; an offer good on order two."),
     (N_("New"), N_("First order, lately.")),
     (N_("One order day, or seldom"),
      N_("Ordered on one day only, or hardly ever; the last time lately."))),
    (((3, 3), (3, 5), (1, 5)), N_("Ask whether anything is amiss before the usual day passes."),
     (N_("Regulars cooling"), N_("Order regularly; the last order is some time ago.")),
     (N_("Regulars cooling"),
      N_("Order at short or middling intervals; the last order is some time ago."))),
    (((3, 3), (1, 2), (1, 5)), N_("Give a hint on use; ask what kept them from ordering again."),
     (N_("Newcomers cooling"), N_("One or two orders, some time ago.")),
     (N_("Seldom, and cooling"),
      N_("One order day, or long intervals; the last order is some time ago."))),
    (((1, 2), (4, 5), (1, 5)), N_("Telephone first, listen, and put right what went wrong."),
     (N_("Best customers gone quiet"), N_("Ordered often; silent for long.")),
     (N_("Best customers gone quiet"), N_("Ordered at short intervals; silent for long."))),
    (((1, 2), (3, 3), (1, 5)), N_("Write about what is new since their last order."),
     (N_("Regulars gone quiet"), N_("A few orders; silent for long.")),
     (N_("Regulars gone quiet"), N_("Ordered at middling intervals; silent for long."))),
    (((1, 2), (1, 2), (1, 5)), N_("A seasonal letter, no call."),
     (N_("Once or twice, long ago"), N_("One or two orders, long ago.")),
     (N_("Seldom, and long ago"), N_("One order day, or long intervals; silent for long."))),
)  # fmt: skip


def _rows(way: int) -> tuple[SegmentRow, ...]:
    return tuple(
        _row(words[way][0], box, words[way][1], measure) for box, measure, *words in _BOXES
    )


DEFAULT_SEGMENTS, INTERVAL_SEGMENTS = _rows(0), _rows(1)
# Who would stand in a segment only because an axis has no cut point: all there are alike on it.
NOT_TOLD_APART = _row(
    N_("Not told apart"), ((1, 5), (1, 5), (1, 5)),
    N_("Too few or too alike on one of R, F and M to be told apart by it."),
    N_("Read them one by one."),
)  # fmt: skip


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
    scores: pd.DataFrame, rules: RfmSection | None = None, cuts: Any = None
) -> pd.Series:
    """The name of each customer's segment (`rfm_segment`), missing where there is no score.

    The rows of [[rfm.segments]] are used where the client states them, else those that ship; either
    way the whole grid is checked first. `cuts` are the ScoreCuts that made the scores: a row that
    chooses on an axis without any cut point would claim what nothing supports, so whoever falls
    into it is `NOT_TOLD_APART`.
    """
    rules = by_cuts(rules, cuts)
    rows, n_scores = segment_rows(rules), scale_of(rules)
    check_segments(rows, n_scores, rules.first_match_wins)
    untold = [] if cuts is None else cuts.without_cuts()
    names = [*_names_of_cells(rows, n_scores, untold), None]
    found = as_text(pd.Series(names)).iloc[_cells(scores, n_scores)]
    return found.set_axis(scores.index).rename("rfm_segment")


def _names_of_cells(rows: Sequence[SegmentRow], n_scores: int, untold: list[str]) -> list[str]:
    """The name of the first row that fits, cell by cell."""
    anybody = (1, n_scores)
    names = [
        NOT_TOLD_APART.name if any(getattr(row, axis) != anybody for axis in untold) else row.name
        for row in rows
    ]
    return [
        next(name for row, name in zip(rows, names, strict=True) if _fits(row, cell))
        for cell in itertools.product(range(1, n_scores + 1), repeat=len(AXES))
    ]


def _cells(scores: pd.DataFrame, n_scores: int) -> np.ndarray:
    """The place of each customer's cell in the grid; -1 where there is no score."""
    place, inside = np.zeros(len(scores), dtype="int64"), np.ones(len(scores), dtype=bool)
    for axis in AXES:
        score = scores[axis].to_numpy(dtype="int64", na_value=0)
        inside &= (score >= 1) & (score <= n_scores)
        place = place * n_scores + score - 1
    return np.where(inside, place, -1)


def by_cuts(rules: RfmSection | None, cuts: Any = None) -> RfmSection:
    """The rules with F as the `cuts` have it, which may be others than those of [rfm]."""
    rules = RfmSection() if rules is None else rules
    return rules if cuts is None else rules.model_copy(update={"f": cuts.f})


def segment_rows(rules: RfmSection) -> tuple[SegmentRow, ...]:
    """The rows in force: the client's, or those that ship, which are made for five scores."""
    return rules.segments or (INTERVAL_SEGMENTS if rules.f == "interval" else DEFAULT_SEGMENTS)


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


def scale_of(stated: Any) -> int:
    """How many scores: one more than the stated cuts, five if none is stated.

    `stated` has the cut points by their names, as [rfm] and ScoreCuts do. Where only those of the
    orders are stated and F is the interval, their number is the scale too.
    """
    interval = stated.f == "interval"
    keys = "recency_cuts", "interval_cuts" if interval else "frequency_cuts", "monetary_cuts"
    given = {key: getattr(stated, key) for key in keys}
    lengths = {key: len(cuts) for key, cuts in given.items() if not isinstance(cuts, str)}
    for key, length in lengths.items():
        if len(set(given[key])) < max(1, length):
            says = _(
                "[rfm] {key} is {stated}: state at least one cut point, and each only once.",
                key=key,
                stated=list(given[key]),
            )
            raise KitError(says)
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{number} {key}" for key, number in lengths.items())
        says = _(
            "[rfm] states {said}; R, F and M must have the same number of cut points, "
            "so that a score means the same on every axis.",
            said=said,
        )
        raise KitError(says)
    of_orders = 4 if isinstance(stated.frequency_cuts, str) else len(stated.frequency_cuts)
    return next(iter(lengths.values()), of_orders if interval else 4) + 1


def _fits(row: SegmentRow, cell: tuple[int, ...]) -> bool:
    ranges = (getattr(row, axis) for axis in AXES)
    return all(low <= score <= high for score, (low, high) in zip(cell, ranges, strict=True))
