"""Whether as many customers ordered as the past leads to expect, by what they were before.

A table of moves describes; it does not say that anybody changed, since who orders now and then is
active today and cooling tomorrow all the same. What is judged is one thing: who of each label
*ordered* in the window. One logistic regression, learned from all earlier windows of the same
length, says how many of such customers used to: rhythm, clumps and leaving that always were are in
it. What hits everybody in one window, a campaign, a holiday, is a claim too: it is said that more
ordered, not why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import chi2
from sklearn.linear_model import LogisticRegression

from segment_lib.checks import require_columns
from segment_lib.columns import as_text

QUARTER = 91  # days of a window
ALL = "all"  # the row of the expectation that is no single label
STANDS_OUT = 3.0  # |z| above this is a claim,
LEAST_OFF = 0.10  # of so much at least,
FEWEST = 30  # about so many customers at least
MOST_WINDOWS = 40  # ten years of quarters
LEAST_WINDOWS = 2
LEAST_EVENTS = 10  # who ordered, and who did not, for each column of the regression
QUARTERS = 4
BY_CHANCE = 0.05  # of the tests that ask for a season, and for those who came before the lists

Rule = Callable[[pd.DataFrame], pd.Series]
DaysOn = Callable[[date], pd.DataFrame]

COMPARED = {
    "before": "str", "customers": "int64", "ordered": "int64", "expected_customers": "float64",
    "z": "float64", "compared": "str", "smallest_fall": "float64", "windows": "int64",
    "season": "str",
}  # fmt: skip


def ordered_beside_expected(
    days: pd.DataFrame | DaysOn, as_of: date, rule: Rule, length: int = QUARTER
) -> pd.DataFrame:
    """Who ordered in the `length` days up to `as_of`, beside how many of such customers used to.

    `days`: one row per customer and day with an order (customer_id, ordered_on), or a function that
    gives them as they were known on a day; `rule` labels a frame by its `recency_days`.

    One row per label on the first day, then "all": before, customers, ordered, expected_customers
    (missing where there is too little past), z, compared (more, less, as_expected, too_few,
    unknown), smallest_fall (the share below the expectation from which on "less" is said; 1 or
    more: none would be), windows (earlier ones there are), season (learned, not_found, unknown: no
    window a year ago). Where nobody had ordered by the first day there is no row.

    z = (ordered - expected) / sqrt(sum of p(1-p) + d'Cd): p the chances, d the slope of their sum,
    C the covariance of the coefficients, clustered by customer (Liang & Zeger 1986).
    """
    now, past = _windows(days, as_of, rule, length)
    if now.empty:
        return pd.DataFrame(columns=list(COMPARED)).astype(COMPARED)
    learned = _learn(past, now, length)
    groups = {name: now["before"] == name for name in now["before"].cat.categories}
    groups[ALL] = now["before"].notna()
    rows = [{"before": name} | _compare(now, own, learned) for name, own in groups.items()]
    table = pd.DataFrame(rows).assign(windows=past["window"].nunique(), season=learned.season)
    return table[list(COMPARED)].astype(COMPARED)


@dataclass(frozen=True)
class _Learned:
    """Of each customer the chance to order and its slopes, missing where the past says nothing;
    how sure the slopes are; what is known of the season.
    """

    chance: np.ndarray
    slopes: np.ndarray
    covariance: np.ndarray
    season: str


def _compare(now: pd.DataFrame, own: pd.Series, learned: _Learned) -> dict[str, object]:
    """One group: heads, who ordered, who was expected to, and the word for the difference."""
    heads, ordered = int(own.sum()), int(now.loc[own, "ordered"].sum())
    chance, slope = learned.chance[own], learned.slopes[own].sum(axis=0)
    expected = chance.sum()
    variance = (chance * (1 - chance)).sum() + slope @ learned.covariance @ slope
    spread = np.maximum(np.sqrt(variance), 1.0)  # else a single person would look like a wonder
    z, off = (ordered - expected) / spread, abs(ordered - expected) / (expected or np.nan)
    claim = abs(z) > STANDS_OUT and off >= LEAST_OFF
    return {
        "customers": heads,
        "ordered": ordered,
        "expected_customers": expected,
        "z": z,
        "compared": (
            "too_few" if heads < FEWEST
            else "unknown" if np.isnan(z)
            else "as_expected" if not claim
            else "more" if z > 0 else "less"
        ),
        "smallest_fall": np.maximum(LEAST_OFF, STANDS_OUT * spread / (expected or np.nan)),
    }  # fmt: skip


def _windows(
    days: pd.DataFrame | DaysOn, as_of: date, rule: Rule, length: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The window up to `as_of`, and all earlier ones before which the lists hold a whole one: one
    row per customer who had ordered by its first day.
    """
    on, step = days if callable(days) else _until(days), timedelta(days=length)
    end, after = as_of, on(as_of)
    rows: list[pd.DataFrame] = []
    while len(rows) <= MOST_WINDOWS:
        start = end - step
        known = on(start)
        if rows and not (known["ordered_on"].min() <= pd.Timestamp(start - step)):
            break
        state = _state(known, start, length).assign(window=len(rows))
        since = after.loc[after["ordered_on"] > pd.Timestamp(start), "customer_id"]
        rows.append(state.assign(before=rule(state), ordered=state.index.isin(since)))
        end, after = start, known
    return rows[0], pd.concat([rows[0].iloc[:0], *rows[1:]])


def _until(days: pd.DataFrame) -> DaysOn:
    require_columns(days, ["customer_id", "ordered_on"], "days")
    days = days[["customer_id", "ordered_on"]].drop_duplicates()
    return lambda day: days[days["ordered_on"] <= pd.Timestamp(day)]


def _state(days: pd.DataFrame, day: date, length: int) -> pd.DataFrame:
    """What is known of each customer on the day."""
    ago = (pd.Timestamp(day) - days["ordered_on"]).dt.days
    each = pd.DataFrame({"ago": ago, "last": ago < length, "earlier": ago // length == 1})
    state = each.groupby(days["customer_id"]).agg(
        recency_days=("ago", "min"),
        tenure_days=("ago", "max"),
        order_days=("ago", "size"),
        last_window=("last", "sum"),
        window_before=("earlier", "sum"),
    )
    # Who is there as the lists begin mostly came before: what looks like a first order is none.
    return state.assign(from_the_start=state["tenure_days"] > ago.max() - length)


def _inputs(state: pd.DataFrame, length: int) -> np.ndarray:
    """What the chance of an order always hangs on: logs and their squares, yes and no."""
    many, gaps = state["order_days"] > 1, (state["order_days"] - 1).clip(lower=1)
    recency = np.log1p(state["recency_days"])
    pace = np.log1p((state["tenure_days"] - state["recency_days"]) / gaps).where(many, 0.0)
    late = (recency - pace).where(many, 0.0)
    # Not the bare number of order days: with longer lists it grows beyond all that was learned.
    rate = np.log(state["order_days"] / (state["tenure_days"] + length))
    counts = np.log1p(state[["tenure_days", "last_window", "window_before"]])
    logs = np.column_stack([recency, pace, late, rate, counts])
    labels = pd.get_dummies(state["before"].pipe(as_text))
    return np.column_stack([logs, logs**2, ~many, labels]).astype("float64")


def _learn(past: pd.DataFrame, now: pd.DataFrame, length: int) -> _Learned:
    """The regression over the windows of the past, applied to the one looked at."""
    both, y = _inputs(pd.concat([past, now]), length), past["ordered"].to_numpy(dtype=bool)
    x, asked = both[: len(past)], both[len(past) :]
    varies = np.ptp(x, axis=0) > 0 if len(x) else np.zeros(x.shape[1], dtype=bool)
    enough = min(y.sum(), (~y).sum()) >= LEAST_EVENTS * varies.sum()
    if past["window"].nunique() < LEAST_WINDOWS or not enough:
        nothing = np.full(len(now), np.nan)
        return _Learned(nothing, nothing[:, None], np.zeros((1, 1)), "unknown")
    x, asked = x[:, varies], asked[:, varies]
    # Longer with us than anybody was then says no more than the longest: no curve runs on.
    asked = np.clip(asked, x.min(axis=0), x.max(axis=0))
    asked[now["before"].map(past["before"].value_counts()).astype("float64") < FEWEST] = np.nan
    x, asked = ((one - x.mean(axis=0)) / x.std(axis=0) for one in (x, asked))
    x, asked, season = _widened(x, asked, past, now, y)
    weights = _fit(x, y)
    x, asked = (np.column_stack([one, np.ones(len(one))]) for one in (x, asked))
    chance = expit(asked @ weights)
    slopes = asked * (chance * (1 - chance))[:, None]
    return _Learned(chance, slopes, _covariance(x, y, weights, past.index), season)


def _widened(
    x: np.ndarray, asked: np.ndarray, past: pd.DataFrame, now: pd.DataFrame, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray, str]:
    """With what is taken in only where it tells more than chance: who was there from the start,
    and, where a window lies a year ago, the other quarters of the year.
    """
    before, today = (one["from_the_start"].to_numpy("float64")[:, None] for one in (past, now))
    if np.ptp(before) > 0 and _tell_more(x, before, y):
        x, asked = np.column_stack([x, before]), np.column_stack([asked, today])
    quarter = past["window"].to_numpy() % QUARTERS  # 0: that of the window looked at
    if 0 not in quarter:
        return x, asked, "unknown"
    others = np.column_stack([quarter == one for one in range(1, QUARTERS) if one in quarter])
    if not _tell_more(x, others, y):
        return x, asked, "not_found"
    none = np.zeros((len(asked), others.shape[1]))
    return np.column_stack([x, others]), np.column_stack([asked, none]), "learned"


def _tell_more(x: np.ndarray, more: np.ndarray, y: np.ndarray) -> bool:
    """Whether further columns tell more than chance would: the likelihood-ratio test."""
    gain = 2 * (_likelihood(np.column_stack([x, more]), y) - _likelihood(x, y))
    return bool(gain > chi2.ppf(1 - BY_CHANCE, more.shape[1]))


def _fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The coefficients, the constant last. Held back a little: where nobody of a label ordered, a
    free one would run away.
    """
    model = LogisticRegression(C=1.0, solver="newton-cholesky", max_iter=200).fit(x, y)
    return np.append(model.coef_[0], model.intercept_)


def _likelihood(x: np.ndarray, y: np.ndarray) -> float:
    weights = _fit(x, y)
    score = x @ weights[:-1] + weights[-1]
    return float((y * score - np.logaddexp(0, score)).sum())


def _covariance(x: np.ndarray, y: np.ndarray, weights: np.ndarray, who: pd.Index) -> np.ndarray:
    """Of the coefficients; windows of one customer do not count as different customers."""
    chance = expit(x @ weights)
    held = np.diag(np.append(np.ones(x.shape[1] - 1), 0.0))
    bread = np.linalg.inv((x * (chance * (1 - chance))[:, None]).T @ x + held)
    pulls = pd.DataFrame(x * (y - chance)[:, None]).groupby(who.to_numpy()).sum().to_numpy()
    return np.asarray(bread @ (pulls.T @ pulls) @ bread)
