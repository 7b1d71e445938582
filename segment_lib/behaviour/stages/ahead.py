"""What the pyramid will be if nothing changes, and with more first meetings a month.

A semi-Markov chain: whoever stands on a rung, so many months after the last event, moves on, orders
and lapses in each coming month as such customers did in the last six months; and as many new ones
come as came then. Where orders of two years are known, they follow the seasons of the year.

The band is not computed from a model. The same projection is made from each of the last month-ends
with what was known then, and the band is how far those were off: their root mean square, as ratios,
times Student's t, so that 8 in 10 months should lie in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t as student

from segment_lib.behaviour.stages.months import (
    ALL,
    OLDEST,
    STAGE_NUMBER,
    YEAR,
    Ladder,
    months_on,
    pyramid_months,
)
from segment_lib.behaviour.stages.rungs import RUNGS, STAGES

LEARN_FROM = 6  # months whose rates go on
AHEAD = 6  # months looked ahead
TRIALS = 12  # so many earlier projections, at most, tell how far they were off
FEWEST_TRIALS = 4
BAND = 0.8
SEASON_FROM = 2 * YEAR  # months of orders, before a season is believed
AVERAGE_SEASONS = 0.5  # years without any season added, so that one year is not taken for the rule
AGES = np.array([0, 1, 2, 3, 4, 6, 9, 13, 19])  # months since the last event: where a class begins
CLASS_OF = np.searchsorted(AGES, np.arange(OLDEST + 1), side="right") - 1
POOLED = 2.0  # customers with the mean rates of their rung, added to each class of ages
SEEN, AS_NOW, MORE = "seen", "as_now", "more"
MET = RUNGS.index("met_once")
PATH = (
    "scenario", "month_end", "stage", "customers", "customers_low", "customers_high", "orders",
    "orders_low", "orders_high", "came", "effort_hours",
)  # fmt: skip
CLASSES = (len(RUNGS), len(AGES), 2)  # rung, age, beside
STATES = (len(RUNGS), OLDEST + 1, 2)


@dataclass(frozen=True)
class Flows:
    """What customers did in the months before, as rates of a month, by rung, class of ages and
    beside: `moves` (to which rung an event led), `turns` (to the pyramid's other side, without an
    event), `orders` (by the stage at the end of the month); `came` and `came_orders` by rung: new
    ones a month, and orders of each in that month.
    """

    moves: np.ndarray
    turns: np.ndarray
    orders: np.ndarray
    came: np.ndarray
    came_orders: np.ndarray


def flows(ladder: Ladder, at: int) -> Flows:
    """The rates of the LEARN_FROM months up to the month-end `at`."""
    months = slice(at - LEARN_FROM, at), slice(at - LEARN_FROM + 1, at + 1)
    rung, after = (ladder.rung[part].ravel() for part in months)
    beside, turned = (ladder.beside[part].ravel() for part in months)
    age, orders = ladder.age[months[0]].ravel(), ladder.orders[months[1]].ravel()
    known, new = rung >= 0, (rung < 0) & (after >= 0)
    cell = np.ravel_multi_index(
        (rung[known], CLASS_OF[age[known]], beside[known].astype(int)), CLASSES
    )
    event = (after > rung)[known] | (orders[known] > 0)
    counted = np.bincount(cell, minlength=np.prod(CLASSES)).reshape(CLASSES)
    turn = ~event & (beside != turned)[known]
    ended = STAGE_NUMBER[after[known]]
    came = np.bincount(after[new], minlength=len(RUNGS)).astype(float)
    brought = np.bincount(after[new], weights=orders[new], minlength=len(RUNGS))
    return Flows(
        _rates(_sums(cell, after[known], event, len(RUNGS)), counted),
        _rates(_sums(cell, np.zeros_like(ended), turn, 1), counted)[..., 0],
        _rates(_sums(cell, ended, orders[known], len(STAGES)), counted),
        came / LEARN_FROM,
        brought / np.maximum(came, 1),
    )


def _sums(cell: np.ndarray, to: np.ndarray, amounts: np.ndarray, ends: int) -> np.ndarray:
    """`amounts` added up by cell and where they lead: CLASSES × ends."""
    both = np.bincount(cell * ends + to, weights=amounts, minlength=int(np.prod(CLASSES)) * ends)
    return both.reshape(*CLASSES, ends)


def _rates(sums: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Sums per customer and month; few customers of an age lean on all of their rung."""
    n = counted[..., None]
    mean = sums.sum(axis=1, keepdims=True) / np.maximum(n.sum(axis=1, keepdims=True), 1)
    return (sums + POOLED * mean) / (n + POOLED)


def projected(ladder: Ladder, at: int, more: np.ndarray | None = None) -> np.ndarray:
    """Months × (heads, orders) × stages that follow the month-end `at`, from what was known then.

    `more`: new customers a month by rung, beside those who came.
    """
    rates, here = flows(ladder, at), ladder.rung[at] >= 0
    state = (ladder.rung[at][here], ladder.age[at][here], ladder.beside[at][here].astype(int))
    heads = np.zeros(STATES)
    np.add.at(heads, state, 1.0)
    moves, turns, per_head = (
        each[:, CLASS_OF] for each in (rates.moves, rates.turns, rates.orders)
    )
    came, seasons = rates.came + (0 if more is None else more), _seasons(ladder, at)
    ahead = np.zeros((AHEAD, 2, len(STAGES)))
    for month in range(AHEAD):
        orders = np.einsum("rab,rabs->s", heads, per_head)
        np.add.at(orders, STAGE_NUMBER, came * rates.came_orders)
        heads = _month_on(heads, moves, turns, came)
        active = np.bincount(STAGE_NUMBER, weights=heads[:, :, 0].sum(axis=1))
        ahead[month] = active, orders * seasons[month]
    return ahead


def _month_on(
    heads: np.ndarray, moves: np.ndarray, turns: np.ndarray, came: np.ndarray
) -> np.ndarray:
    """Everybody a month older: an event starts the months anew, in the pyramid."""
    stay = heads * (1 - moves.sum(axis=-1))
    turned = np.minimum(heads * turns, stay)
    left = stay - turned + turned[:, :, ::-1]
    after = np.zeros(STATES)
    after[:, 1:] = left[:, :-1]
    after[:, -1] += left[:, -1]
    after[:, 0, 0] += np.einsum("rab,rabt->t", heads, moves) + came
    return after


def _seasons(ladder: Ladder, at: int) -> np.ndarray:
    """What the coming months are beside the months learned from: 1 where no season is known.

    Each month over the mean of the year around it, averaged by calendar month.
    """
    orders = ladder.orders[1 : at + 1].sum(axis=1).astype(float)
    first = int(np.argmax(orders > 0))
    if at - first < SEASON_FROM:
        return np.ones(AHEAD)
    around = np.convolve(orders, np.r_[0.5, np.ones(YEAR - 1), 0.5] / YEAR, mode="valid")
    middle = np.arange(YEAR // 2, len(orders) - YEAR // 2)
    told = (middle >= first) & (around > 0)
    ratios = orders[middle[told]] / around[told]
    sums, n = (np.bincount(middle[told] % YEAR, w, minlength=YEAR) for w in (ratios, None))
    year = (sums + AVERAGE_SEASONS) / (n + AVERAGE_SEASONS)
    learned = year[np.arange(at - LEARN_FROM, at) % YEAR].mean()
    return year[np.arange(at, at + AHEAD) % YEAR] / learned


def pyramid_path(
    ladder: Ladder, more_first: int = 0, hours: pd.Series | None = None
) -> pd.DataFrame:
    """The pyramid of the last twelve months and of the coming ones: one row per scenario, month and
    stage ("all": together).

    Columns: scenario ("seen"; "as_now": nothing changes; "more": `more_first` first meetings a
    month more with new people, or first orders, where nobody was met), month_end, stage, customers
    (active at the end of the month), orders (order days in it), came (new in it); of the coming
    months both with _low and _high (8 in 10 months should lie between) and effort_hours (ours; the
    `hours` by rung of the months learned from, per active customer of the stage, going on). Looks
    ahead as far as enough earlier projections reach: not at all in lists of less than ten months.
    """
    at = len(ladder.days) - 1
    ratios = band_ratios(ladder, at)
    reach = int(np.isfinite(ratios[:, 0, 0]).sum())
    parts = [pyramid_months(ladder).assign(scenario=SEEN)]
    for scenario, n in ((AS_NOW, 0), (MORE, more_first)):
        if reach and (scenario == AS_NOW or n):
            foretold = projected(ladder, at, _more(ladder, n))
            came = np.bincount(STAGE_NUMBER, weights=flows(ladder, at).came + _more(ladder, n))
            beside = {
                "came": with_all(np.broadcast_to(came, (AHEAD, 1, len(STAGES)))).ravel(),
                "effort_hours": _hours_ahead(foretold, ladder, hours).ravel(),
            }
            parts.append(_rows(foretold, ratios).assign(scenario=scenario, **beside))
    path = pd.concat(parts, ignore_index=True)
    if "month" in path:
        ends = {month: months_on(ladder.days[-1], month) for month in range(1, reach + 1)}
        path["month_end"] = path["month_end"].fillna(path["month"].map(ends))
    return path.reindex(columns=list(PATH)).dropna(subset=["month_end"], ignore_index=True)


def _more(ladder: Ladder, n: int) -> np.ndarray:
    """New people a month by rung: met once, or won once where nobody is met."""
    begins = MET if (ladder.rung == MET).any() else RUNGS.index("won_once")
    return np.where(np.arange(len(RUNGS)) == begins, float(n), 0.0)


def _rows(foretold: np.ndarray, ratios: np.ndarray) -> pd.DataFrame:
    """One row per coming month and stage; `foretold` and `ratios` by month, (heads, orders) and
    stage.
    """
    told = with_all(foretold)
    values = {
        name + tail: each[:, number].ravel()
        for number, name in enumerate(("customers", "orders"))
        for tail, each in (("", told), ("_low", told / ratios), ("_high", told * ratios))
    }
    cells = pd.MultiIndex.from_product([range(1, AHEAD + 1), [*STAGES, ALL]])
    return pd.DataFrame(values, index=cells).rename_axis(["month", "stage"]).reset_index()


def _hours_ahead(foretold: np.ndarray, ladder: Ladder, hours: pd.Series | None) -> np.ndarray:
    """Hours by month and stage, and together: those of a customer and month, going on."""
    if hours is None or hours.isna().all():
        return np.full((AHEAD, len(STAGES) + 1), np.nan)
    spent = np.bincount(STAGE_NUMBER, weights=hours.reindex(RUNGS).fillna(0.0))
    at = len(ladder.days) - 1
    stood = sum(ladder.heads(month) for month in range(max(at - LEARN_FROM, 0), at))
    return with_all(foretold[:, :1] * (spent / np.maximum(stood, 1)))[:, 0]


def band_ratios(ladder: Ladder, at: int) -> np.ndarray:
    """By how much to divide and multiply a projection from `at`: months × (heads, orders) × stages
    and all; missing where fewer than FEWEST_TRIALS earlier ones are known to have been right or
    wrong.
    """
    tried = range(max(LEARN_FROM, at - TRIALS - AHEAD + 1), at)
    off = np.full((len(tried), AHEAD, 2, len(STAGES) + 1), np.nan)
    for number, origin in enumerate(tried):
        reach = min(AHEAD, at - origin)
        told = with_all(projected(ladder, origin))[:reach]
        seen = with_all(observed(ladder, origin))[:reach]
        off[number, :reach] = np.log((told + 0.5) / (seen + 0.5))
    ratios = np.full(off.shape[1:], np.nan)
    for month in range(AHEAD):
        errors = off[:, month]  # those whose month has come, the last of them
        errors = errors[~np.isnan(errors).any(axis=(1, 2))][-TRIALS:]
        if len(errors) >= FEWEST_TRIALS:
            times = student.ppf((1 + BAND) / 2, len(errors))
            ratios[month] = np.exp(times * np.sqrt((errors**2).mean(axis=0)))
    return ratios


def observed(ladder: Ladder, at: int) -> np.ndarray:
    """What came after the month-end `at`, as `projected` foretells it; missing beyond today."""
    seen = np.full((AHEAD, 2, len(STAGES)), np.nan)
    for month in range(min(AHEAD, len(ladder.days) - 1 - at)):
        when = at + month + 1
        here = ladder.rung[when] >= 0
        stage, orders = STAGE_NUMBER[ladder.rung[when][here]], ladder.orders[when][here]
        seen[month] = (
            ladder.heads(when),
            np.bincount(stage, weights=orders, minlength=len(STAGES)),
        )
    return seen


def with_all(values: np.ndarray) -> np.ndarray:
    """By month, (heads, orders) and stage, with all stages together behind them."""
    return np.concatenate([values, values.sum(axis=2, keepdims=True)], axis=2)
