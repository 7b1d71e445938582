"""Everything a search looks at, and how many people each rule covers, counted by one product."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import hypergeom

from segment_lib.results.intervals import two_sided
from segment_lib.results.rules.conditions import MINIMUM_PEOPLE, Conditions, candidate_conditions

SAME_PEOPLE = 0.95  # two conditions that share so much of their people (Jaccard) are one


@dataclass(frozen=True)
class Pool:
    """Everything looked at: conditions about one feature, and the pairs about two."""

    conditions: list[Conditions]  # one entry per column of `members`
    members: np.ndarray  # customers x conditions, 1 where it holds
    success: np.ndarray
    first: np.ndarray  # one entry per rule: the place of its first condition …
    second: np.ndarray  # … and of its second; the same place for a rule of one condition
    people: np.ndarray  # … and how many it covers
    merged: list[tuple[Conditions, Conditions]]

    @property
    def looked_at(self) -> int:
        """How many rules are looked at: the factor of the Bonferroni correction."""
        return len(self.first)

    @classmethod
    def of(cls, features: pd.DataFrame, success: np.ndarray) -> Pool:
        """All candidates among these features of customers with a known result."""
        candidates = [
            (place, conditions, mask)
            for place, feature in enumerate(features.columns)
            for conditions, mask in candidate_conditions(features[feature])
        ]
        conditions = [said for _, said, _ in candidates]
        masks = np.array([mask for _, _, mask in candidates], dtype=np.float32)
        members = masks.reshape(len(candidates), len(success)).T
        shared = members.T @ members  # the one product: how many people any two conditions share
        kept, merged = _merge_same(conditions, shared)
        owner = np.array([place for place, _, _ in candidates], dtype=int)[kept]
        pairs = _pairs(shared[np.ix_(kept, kept)], owner)
        members = np.ascontiguousarray(members[:, kept])
        return cls([conditions[place] for place in kept], members, success, *pairs, merged)

    def everyone(self) -> Counts:
        """The counts among all customers."""
        won = self._count(self.success)
        return Counts(np.ones(len(self.success), dtype=bool), self.people, won, self.success.sum())

    def counts(self, rows: np.ndarray) -> Counts:
        """The counts among some customers."""
        won = rows & self.success
        return Counts(rows, self._count(rows), self._count(won), won.sum())

    def _count(self, rows: np.ndarray) -> np.ndarray:
        chosen = self.members[rows]
        return (chosen.T @ chosen)[self.first, self.second].astype(int)

    def holds(self, rule: int) -> np.ndarray:
        """For whom a rule holds."""
        return (self.members[:, self.first[rule]] * self.members[:, self.second[rule]]) > 0

    def said(self, rule: int) -> Conditions:
        """The conditions of a rule."""
        first, second = self.first[rule], self.second[rule]
        return self.conditions[first] + (self.conditions[second] if second != first else ())

    def p_among(self, rows: np.ndarray, rule: int) -> float:
        """The exact p of one rule among `rows`, looked at in both directions."""
        inside = rows & self.holds(rule)
        won, wins = (inside & self.success).sum(), (rows & self.success).sum()
        return float(two_sided(won, inside.sum(), wins, rows.sum()))


@dataclass(frozen=True)
class Counts:
    """Some customers, and how many of them each rule covers: people, and those who got results;
    `wins` is how many of all these customers did.
    """

    rows: np.ndarray
    people: np.ndarray
    won: np.ndarray
    wins: int

    @property
    def total(self) -> int:
        """How many customers these are."""
        return int(self.rows.sum())

    def without(self, others: Counts) -> Counts:
        """The counts once `others`, who are among these, are left out."""
        rows = self.rows & ~others.rows
        left = self.people - others.people, self.won - others.won, self.wins - others.wins
        return Counts(rows, *left)

    def of_failure(self) -> Counts:
        """The same customers, those without results counted as `won`."""
        return replace(self, won=self.people - self.won, wins=self.total - self.wins)

    def rising(self, least: int = MINIMUM_PEOPLE) -> np.ndarray:
        """The rules with `least` or more of these customers whose rate is above theirs."""
        rises = self.won * self.total > self.people * self.wins
        return np.flatnonzero(rises & (self.people >= least))

    def passing(self, limit: float) -> np.ndarray:
        """The rules whose rate is above that of these customers with a p below `limit`."""
        rules, at = self.rising(), np.log(limit / 2)
        first_term, upper = self._bounds(rules)
        unclear = np.flatnonzero((first_term < at) & (upper >= at))
        passes = upper < at
        passes[unclear] = self._tail(rules[unclear]) < limit / 2
        return rules[passes]

    def strongest(self, rules: np.ndarray) -> tuple[float, int] | None:
        """The one of `rules` with the smallest exact p, as (p, rule); None if there is none."""
        if not len(rules):
            return None
        first_term, upper = self._bounds(rules)
        near = rules[first_term <= upper.min()]
        tail = self._tail(near)
        best = int(np.argmin(tail))
        return min(1.0, 2 * float(tail[best])), int(near[best])

    def _tail(self, rules: np.ndarray) -> np.ndarray:
        """The exact chance of so many successes or more: one tail, and slow."""
        people, won = self.people[rules], self.won[rules]
        return np.asarray(hypergeom.sf(won - 1, self.total, self.wins, people))

    def _bounds(self, rules: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Logs of a lower and an upper bound of the tail: its first term, and the geometric series
        of its first ratio. Only what lies between needs the exact one.
        """
        people, won = self.people[rules], self.won[rules]
        failed = people - won
        first_term = hypergeom.logpmf(won, self.total, self.wins, people)
        rest = self.total - self.wins - failed
        ratio = (self.wins - won) * failed / ((won + 1) * (rest + 1))
        return first_term, first_term - np.log1p(-ratio)


def _merge_same(
    conditions: list[Conditions], shared: np.ndarray
) -> tuple[list[int], list[tuple[Conditions, Conditions]]]:
    """The places to keep, and (left out, kept) of conditions that hold for the same people."""
    sizes = np.diag(shared)
    same = shared >= SAME_PEOPLE * (sizes[:, None] + sizes[None, :] - shared)
    kept: list[int] = []
    merged = []
    for place in range(len(conditions)):
        twin = next((other for other in kept if same[place, other]), None)
        if twin is None:
            kept.append(place)
        else:
            merged.append((conditions[place], conditions[twin]))
    return kept, merged


def _pairs(shared: np.ndarray, owner: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every single condition, and every pair about two features, that covers enough people."""
    first, second = np.triu_indices(len(shared))
    people = shared[first, second].astype(int)
    looked_at = (people >= MINIMUM_PEOPLE) & ((owner[first] != owner[second]) | (first == second))
    return first[looked_at], second[looked_at], people[looked_at]
