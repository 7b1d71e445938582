"""What do customers who get results share? Rules of one or two features, confirmed and sized.

- *Is it real?* Exact hypergeometric p (both directions, so twice the smaller tail), times the
  number of rules looked at (Bonferroni), on everyone known *and* on those whom no accepted rule
  covers yet. Sequential acceptance: take the smallest p, leave out whom that rule covers, test all
  again with the same factor, until none passes. Pruning by overlap was tried: it keeps each half of
  a true rule as a rule of its own. To test only on those left was tried: once the successes are
  covered, the rest succeed so rarely that a rule with a rate below everyone's passes.
- *How big is it?* Found in one half of the customers, measured in the other: rate and Wilson
  interval come from the half that did not find it, and there both intervals must lie on the right
  side too. The rate among the very people who suggested a rule is too high.
- *For or against?* A rule of success is better than all, and better among those not yet covered. A
  *warning* is worse than both: it marks failure, and is never one of the rules of success.

Rules describe; they do not prove that approaching anyone causes the result.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from segment_lib.results.intervals import SHOWN_PEOPLE, shown_rates, wilson_interval
from segment_lib.results.rules.conditions import MINIMUM_PEOPLE, Conditions
from segment_lib.results.rules.pool import Counts, Pool
from segment_lib.results.rules.rates import known_results, single_features
from segment_lib.results.rules.words import cannot_conclude, found_words, rule_words
from segment_lib.voice import Sentence

NEEDED_KNOWN = 1000  # with fewer known results, or fewer successes, a search can conclude nothing
NEEDED_SUCCESSES = 100
CANDIDATES_SHOWN = 10  # the strongest that were not confirmed
TABLE_COLUMNS = (
    "rule", "conditions", "verdict", "n", "successes", "rate", "low", "high", "overall_rate",
    "n_left", "successes_left", "rate_left", "low_left", "high_left", "overall_left", "n_all",
    "successes_all", "rate_all", "lift", "p", "p_left", "p_adjusted", "confirmed", "jaccard",
)  # fmt: skip
COUNTED = ("n", "successes", "n_left", "successes_left", "n_all", "successes_all")
KINDS: dict[str, str] = (
    dict.fromkeys(TABLE_COLUMNS, "float64")
    | dict.fromkeys(COUNTED, "int64")
    | {"rule": "str", "conditions": "str", "verdict": "str", "confirmed": "bool"}
)
VERDICTS = ("confirmed", "warning")
Halves = tuple[np.ndarray, np.ndarray]
Row = dict[str, Any]


@dataclass(frozen=True)
class RuleProfile:
    """What the search found.

    `table`: one row per rule, the confirmed first, then the warnings, each in order of acceptance,
    then the strongest others; `verdict` says which. `n`, `successes`, `rate`, `low`, `high` are of
    the half that did not find the rule, with `_left` of whom there no rule accepted before covers,
    whose rate is `overall_left`; `n_all`, `successes_all`, `rate_all` of everyone known, whose
    rate is too high for a size. `lift` is `rate` over `overall_rate`; `p` is of everyone, `p_left`
    of those not yet covered, `p_adjusted` the larger times all looked at (Bonferroni); `jaccard` is
    the largest overlap with a rule above. `single`: the rates of single features. `merged`:
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
        """Only the confirmed rules, all of success."""
        return self.table[self.table["confirmed"]]

    @property
    def warnings(self) -> pd.DataFrame:
        """Only the rules that mark failure."""
        return self.table[self.table["verdict"] == "warning"]

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
        message = found_words(len(success), wins, pool.looked_at, table)
    return RuleProfile(
        table=table, single=single_features(features, outcome, labels),
        merged=_merged(pool.merged), looked_at=pool.looked_at, known=len(success), successes=wins,
        message=message, as_of=f"{as_of:%Y-%m-%d}" if as_of else "",
    )  # fmt: skip


def _search(pool: Pool, max_rules: int, alpha: float, random_state: int) -> list[Row]:
    """The confirmed rules and the warnings, then the strongest others, each with its size."""
    halves = _halves(len(pool.success), random_state)
    rows, left = _sequential(pool, halves, max_rules, alpha / max(1, pool.looked_at))
    rows = sorted(rows, key=lambda row: VERDICTS.index(row["verdict"]))
    return _overlaps(pool, rows + _not_confirmed(pool, halves, left))


def _sequential(
    pool: Pool, halves: Halves, most: int, limit: float
) -> tuple[list[Row], np.ndarray]:
    """Rules of success and warnings in order of acceptance, at most `most` of either; who is left.

    The smallest p among those left comes next, if it passed among everyone too and the half that
    did not find the rule agrees; whom it covers is left out, and all are tested again.
    """
    left = pool.everyone()
    passed = {verdict: _way(left, verdict).passing(limit) for verdict in VERDICTS}
    rows: list[Row] = []
    while (found := _next(left, passed, limit)) is not None:
        rule, verdict = found
        passed[verdict] = np.setdiff1d(passed[verdict], [rule])
        row = _row(pool, rule, _sizing_half(pool, halves, rule), left.rows) | {"verdict": verdict}
        if _half_agrees(row):
            rows.append(row)
            left = left.without(pool.counts(left.rows & pool.holds(rule)))
        if sum(one["verdict"] == verdict for one in rows) == most:
            passed[verdict] = passed[verdict][:0]
    return rows, left.rows


def _way(counts: Counts, verdict: str) -> Counts:
    """The counts as a rule of success reads them, or a warning."""
    return counts.of_failure() if verdict == "warning" else counts


def _next(left: Counts, passed: dict[str, np.ndarray], limit: float) -> tuple[int, str] | None:
    """The rule, or the warning, with the smallest p among those left, if it is below `limit`.

    Of the two the one whose rate lies further from theirs. The smaller p of both was tried: it is
    that of the large group of whom no rule holds, and takes the rules with it (recall .57 instead
    of .97 on planted lists); so does, where a group fails, to take all rules of success first.
    """
    found = []
    for verdict, rules in passed.items():
        way = _way(left, verdict)
        p, rule = way.strongest(np.intersect1d(rules, way.rising())) or (1.0, 0)
        apart = way.won[rule] / max(1, way.people[rule]) - way.wins / max(1, way.total)
        found += [(apart, rule, verdict)] if p < limit else []
    return max(found, key=lambda one: one[0])[1:] if found else None


def _half_agrees(row: Row) -> bool:
    """Whether both intervals of the half that did not find the rule lie on its side."""
    if min(row["n"], row["n_left"]) < SHOWN_PEOPLE:
        return False
    ends = wilson_interval(row["successes"], row["n"])
    ends_left = wilson_interval(row["successes_left"], row["n_left"])
    if row["verdict"] == "warning":
        return bool(ends[1] < row["overall_rate"] and ends_left[1] < row["overall_left"])
    return bool(ends[0] > row["overall_rate"] and ends_left[0] > row["overall_left"])


def _halves(n: int, random_state: int) -> Halves:
    first = np.zeros(n, dtype=bool)
    first[np.random.default_rng(random_state).permutation(n)[: n // 2]] = True
    return first, ~first


def _sizing_half(pool: Pool, halves: Halves, rule: int) -> np.ndarray:
    """The half in which a rule stands out more has found it; the other one gives its size."""
    return max(halves, key=lambda half: pool.p_among(half, rule))


def _not_confirmed(pool: Pool, halves: Halves, left: np.ndarray) -> list[Row]:
    """The strongest of either half among who is left, each sized in the other half."""
    least = MINIMUM_PEOPLE // 2  # in one half a rule has half its people
    rows: dict[int, Row] = {}
    for finder, other in zip(halves, halves[::-1], strict=True):
        better, counts = pool.counts(finder).rising(least), pool.counts(left & finder)
        for _shown in range(CANDIDATES_SHOWN // 2):
            strongest = counts.strongest(np.intersect1d(better, counts.rising(least)))
            if strongest is None:
                break
            rule = strongest[1]
            rows.setdefault(rule, _row(pool, rule, other, left) | {"verdict": "not_confirmed"})
            counts = counts.without(pool.counts(counts.rows & pool.holds(rule)))
    return sorted(rows.values(), key=lambda row: row["p_adjusted"])


def _row(pool: Pool, rule: int, sized_on: np.ndarray, left: np.ndarray) -> Row:
    """Counts and p of one rule; `left` are those whom no rule accepted before covers."""
    inside, success = pool.holds(rule), pool.success
    here, new = inside & sized_on, inside & sized_on & left
    p, p_left = pool.p_among(left | ~left, rule), pool.p_among(left, rule)
    return {
        "conditions": json.dumps(pool.said(rule), ensure_ascii=False),
        "n": int(here.sum()),
        "successes": int((here & success).sum()),
        "overall_rate": float(success.mean()),
        "n_left": int(new.sum()),
        "successes_left": int((new & success).sum()),
        "overall_left": float(success[left].mean()) if left.any() else float("nan"),
        "n_all": int(inside.sum()),
        "successes_all": int((inside & success).sum()),
        "p": p,
        "p_left": p_left,
        "p_adjusted": min(1.0, max(p, p_left) * pool.looked_at),
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
    new = table[["n_left", "successes_left"]].set_axis(["n", "successes"], axis=1)
    table[["rate_left", "low_left", "high_left"]] = shown_rates(new)[["rate", "low", "high"]]
    whole = table["successes_all"] / table["n_all"]
    table["confirmed"] = table["verdict"] == "confirmed"
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
