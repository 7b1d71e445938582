"""What do customers who get results share? Rules of one or two features, confirmed and sized.

- *Is it real?* Exact hypergeometric p on everyone known, times the number of rules looked at
  (Bonferroni). Sequential acceptance: take the smallest p, leave out whom that rule covers, test
  all again with the same factor, until none passes. Pruning by overlap was tried: it keeps each
  half of a true rule as a rule of its own.
- *How big is it?* Found in one half of the customers, measured in the other: rate and Wilson
  interval come from the half that did not find it. The rate among the very people who suggested a
  rule is too high.

Rules describe; they do not prove that approaching anyone causes the result.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import hypergeom

from segment_lib.results.intervals import shown_rates
from segment_lib.results.rules.conditions import MINIMUM_PEOPLE, Conditions
from segment_lib.results.rules.pool import Counts, Pool
from segment_lib.results.rules.rates import known_results, single_features
from segment_lib.results.rules.words import cannot_conclude, found_words, rule_words
from segment_lib.voice import Sentence

NEEDED_KNOWN = 1000  # with fewer known results, or fewer successes, a search can conclude nothing
NEEDED_SUCCESSES = 100
CANDIDATES_SHOWN = 10  # the strongest that were not confirmed
TABLE_COLUMNS = (
    "rule", "conditions", "n", "successes", "rate", "low", "high", "n_all", "successes_all",
    "rate_all", "overall_rate", "lift", "p", "p_adjusted", "confirmed", "jaccard",
)  # fmt: skip
KINDS: dict[str, str] = (
    dict.fromkeys(TABLE_COLUMNS, "float64")
    | dict.fromkeys(("n", "successes", "n_all", "successes_all"), "int64")
    | {"rule": "str", "conditions": "str", "confirmed": "bool"}
)
Halves = tuple[np.ndarray, np.ndarray]
Row = dict[str, Any]


@dataclass(frozen=True)
class RuleProfile:
    """What the search found.

    `table`: one row per rule, the confirmed first, in order of acceptance, then the strongest
    others. `n`, `successes`, `rate`, `low`, `high` are of the half that did not find the rule;
    `n_all`, `successes_all`, `rate_all` of everyone known, whose rate is too high for a size.
    `lift` is `rate` over `overall_rate`; `p_adjusted` is Bonferroni over all looked at; `jaccard`
    is the largest overlap with a rule above. `single`: the rates of single features. `merged`:
    conditions left out because they hold for the same people as another.
    """

    table: pd.DataFrame
    single: pd.DataFrame
    merged: pd.DataFrame
    looked_at: int
    known: int
    successes: int
    message: Sentence
    as_of: str = ""

    @property
    def overall_rate(self) -> float:
        """The share of everyone known who got results."""
        return self.successes / self.known if self.known else float("nan")

    @property
    def confirmed(self) -> pd.DataFrame:
        """Only the confirmed rules."""
        return self.table[self.table["confirmed"]]

    def to_json(self) -> str:
        """The whole profile as plain JSON, to be read and applied on a later day."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        return json.dumps({name: _to_plain(part) for name, part in parts.items()})

    @classmethod
    def from_json(cls, text: str) -> RuleProfile:
        """The profile that `to_json` wrote."""
        return cls(**{name: _from_plain(part) for name, part in json.loads(text).items()})


def find_result_rules(
    features: pd.DataFrame,
    outcome: pd.Series,
    max_rules: int = 5,
    alpha: float = 0.05,
    random_state: int = 0,
    *,
    labels: pd.DataFrame | None = None,
    as_of: date | None = None,
) -> RuleProfile:
    """Search, confirm and size what customers who get results share.

    `features`: one row per customer, text or numbers, only what was known before the result.
    `outcome`: True or False per customer with a *known* result; the others must not be in it.
    `labels`: the words of the features, see `rule_words`. With fewer than 1,000 known results or
    100 successes nothing is searched: `message` says what it would take, `single` is filled.
    """
    # Sorted, so that neither the order of the rows nor that of the columns changes the answer.
    known, success = known_results(features.sort_index(axis=1), outcome.sort_index())
    wins = int(success.sum())
    enough = len(success) >= NEEDED_KNOWN and wins >= NEEDED_SUCCESSES
    pool = Pool.of(known if enough else known.iloc[:, :0], success)
    found = _search(pool, max_rules, alpha, random_state) if enough else []
    table = _described(found, labels)
    message = cannot_conclude(len(success), wins, NEEDED_KNOWN, NEEDED_SUCCESSES)
    if enough:
        message = found_words(len(success), wins, pool.looked_at, int(table["confirmed"].sum()))
    return RuleProfile(
        table=table, single=single_features(features, outcome, labels),
        merged=_merged(pool.merged), looked_at=pool.looked_at, known=len(success), successes=wins,
        message=message, as_of=f"{as_of:%Y-%m-%d}" if as_of else "",
    )  # fmt: skip


def _search(pool: Pool, max_rules: int, alpha: float, random_state: int) -> list[Row]:
    """The confirmed rules, then the strongest others, each with its size."""
    halves = _halves(len(pool.success), random_state)
    limit = alpha / max(1, pool.looked_at)
    accepted, left = _sequential(pool, pool.everyone(), max_rules, limit, MINIMUM_PEOPLE)
    rows = [_confirmed(pool, halves, rule, p) for rule, p in accepted]
    return _overlaps(pool, rows + _not_confirmed(pool, halves, left))


def _sequential(
    pool: Pool, counts: Counts, most: int, limit: float, least: int
) -> tuple[list[tuple[int, float]], Counts]:
    """Accept the smallest p, leave out whom it covers, test all again, while p is below `limit`.

    Returns the accepted rules with their p, and who is left.
    """
    accepted: list[tuple[int, float]] = []
    while len(accepted) < most:
        rule, p = _strongest(pool, counts, least)
        if p >= limit:
            break
        accepted.append((rule, p))
        counts = counts.without(pool.counts(counts.rows & pool.holds(rule)))
    return accepted, counts


def _strongest(pool: Pool, counts: Counts, least: int) -> tuple[int, float]:
    """The rule that raises the rate of these customers with the smallest exact p."""
    total, wins = int(counts.rows.sum()), int((counts.rows & pool.success).sum())
    rises = counts.won * total > counts.people * wins
    raising = np.flatnonzero(rises & (counts.people >= least))
    if not len(raising):
        return 0, np.inf
    people, won = counts.people[raising], counts.won[raising]
    # The exact tail is slow. It is at least its first term and at most the geometric series of its
    # first ratio, so only rules whose first term is below the best upper bound need it.
    first_term = hypergeom.logpmf(won, total, wins, people)
    ratio = (wins - won) * (people - won) / ((won + 1) * (total - wins - people + won + 1))
    near = np.flatnonzero(first_term <= (first_term - np.log1p(-ratio)).min())
    p = hypergeom.sf(won[near] - 1, total, wins, people[near])
    best = int(np.argmin(p))
    return int(raising[near[best]]), float(p[best])


def _halves(n: int, random_state: int) -> Halves:
    first = np.zeros(n, dtype=bool)
    first[np.random.default_rng(random_state).permutation(n)[: n // 2]] = True
    return first, ~first


def _confirmed(pool: Pool, halves: Halves, rule: int, p: float) -> Row:
    """The half in which a rule stands out more has found it; the other one gives its size."""
    other = max(halves, key=lambda half: pool.p_among(half, rule))
    return _row(pool, rule, other, p) | {"confirmed": True}


def _not_confirmed(pool: Pool, halves: Halves, left: Counts) -> list[Row]:
    """The strongest of either half among who is left, each sized in the other half."""
    in_first = pool.counts(left.rows & halves[0])
    finders = (in_first, left.without(in_first))
    rows: dict[int, Row] = {}
    for finder, other in zip(finders, halves[::-1], strict=True):
        # In one half a rule has half its people, so half the minimum is asked for.
        found, _ = _sequential(pool, finder, CANDIDATES_SHOWN // 2, np.inf, MINIMUM_PEOPLE // 2)
        for rule, _ in found:
            row = _row(pool, rule, other, pool.p_among(left.rows, rule))
            rows.setdefault(rule, row | {"confirmed": False})
    return sorted(rows.values(), key=lambda row: row["p"])


def _row(pool: Pool, rule: int, sized_on: np.ndarray, p: float) -> Row:
    inside, success = pool.holds(rule), pool.success
    return {
        "conditions": json.dumps(pool.said(rule), ensure_ascii=False),
        "n": int((inside & sized_on).sum()),
        "successes": int((inside & sized_on & success).sum()),
        "n_all": int(inside.sum()),
        "successes_all": int((inside & success).sum()),
        "overall_rate": float(success.mean()),
        "p": p,
        "p_adjusted": min(1.0, p * pool.looked_at),
        "place": rule,
    }


def _overlaps(pool: Pool, rows: list[Row]) -> list[Row]:
    """Adds `jaccard`: the largest overlap in people with a rule above."""
    above: list[np.ndarray] = []
    for row in rows:
        mine = pool.holds(row.pop("place"))
        overlaps = [float((mine & other).sum() / (mine | other).sum()) for other in above]
        row["jaccard"] = max(overlaps, default=0.0)
        above.append(mine)
    return rows


def _described(rows: list[Row], labels: pd.DataFrame | None) -> pd.DataFrame:
    """The rows as the public table: with words, and with rates of the half that gives the size."""
    for row in rows:
        row["rule"] = rule_words(json.loads(row["conditions"]), labels)
    table = shown_rates(pd.DataFrame(rows, columns=[*TABLE_COLUMNS]))
    whole = table["successes_all"] / table["n_all"]
    table = table.assign(rate_all=whole, lift=table["rate"] / table["overall_rate"])
    return _typed(table[[*TABLE_COLUMNS]])


def _merged(merged: list[tuple[Conditions, Conditions]]) -> pd.DataFrame:
    rows = [(" and ".join(out), " and ".join(kept)) for out, kept in merged]
    return _typed(pd.DataFrame(rows, columns=["left_out", "same_people_as"]))


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """The same kinds of columns whether there are rows or none."""
    kinds = {name: KINDS.get(name, "str") for name in frame.columns}
    return frame.astype(kinds)


def _to_plain(part: object) -> object:
    if isinstance(part, Sentence):
        return part.to_json()
    if not isinstance(part, pd.DataFrame):
        return part
    # JSON knows no "not a number"; an empty place is null.
    return {name: [None if pd.isna(v) else v for v in part[name].tolist()] for name in part}


def _from_plain(part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    return Sentence.from_json(part) if "text" in part else _typed(pd.DataFrame(part))
