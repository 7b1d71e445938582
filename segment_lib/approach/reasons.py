"""Every reason of a decision: what it says, decides and proves by.

They stand in reasons.toml, once per relation they can hold in, in the order in which they are
asked: the first that holds is the main one. It holds when the conditions of its row do, which ask
any column of `decide`; without conditions, when the fact of its name does (gates.py makes facts).
Only what neither can say stands here, in HOLDS.

The evidence is a sentence of clauses; a clause whose fact is not known is left out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from segment_lib.approach.conditions import fits
from segment_lib.client import Client
from segment_lib.settings import When

BEFORE, SERVED = "before a contract", "under contract"
IDLE = ("not_approached", "not_now")  # decisions that ask for no hours


def is_idle(plan: pd.DataFrame) -> pd.Series:
    """Who asks for no hours now: by the decision, or because the action is to do nothing."""
    nothing = plan["purpose"].eq("none") if "purpose" in plan else False
    return plan["decision"].isin(IDLE) | nothing


Holds = Callable[[pd.DataFrame, Client], pd.Series]


@dataclass(frozen=True)
class Reason:
    """One reason in one relation: its label, its decision, its evidence.

    `evidence_by_orders` is said where orders, not contracts, say who is served; `because` inside a
    sentence; `when`, stated once per key, are the conditions that must all hold.
    """

    key: str
    relation: str
    decision: str
    label: str
    evidence: str = ""
    evidence_by_orders: str = ""
    because: str = ""
    when: When = field(default_factory=dict)


def _no(facts: pd.DataFrame) -> pd.Series:
    return facts["got_results"] == "no"


def _yes(facts: pd.DataFrame) -> pd.Series:
    return facts["got_results"] == "yes"


def _lately(facts: pd.DataFrame, client: Client) -> pd.Series:
    """Where there is no status; else its span says from when on, in the plan."""
    waited = (pd.Timestamp(client.as_of) - facts["last_contact_on"]).dt.days
    return waited.lt(client.contact_policy.min_days_between) & facts["status"].isna()


def open_incident(facts: pd.DataFrame, client: Client) -> pd.Series:
    """Something went wrong, is not put right, and nobody signed that it was unreasonable."""
    justified = ~facts["justified"].eq(False).fillna(False)
    return (facts["incident_state"].eq("open") & justified).fillna(False)


def _our_part_missing(facts: pd.DataFrame, client: Client) -> pd.Series:
    return facts["we_did_our_part"].eq(False).fillna(False) & ~_yes(facts)


def _can_do_more(facts: pd.DataFrame, client: Client) -> pd.Series:
    room = (facts["potential_amount"] > facts["yearly"]) | (
        facts["potential_amount"].isna() & facts["field"].ne("pays_and_gets_results")
    )
    return _yes(facts) & room


def _still_open(facts: pd.DataFrame, client: Client) -> pd.Series:
    # "Still open" says something only where results are ever written down.
    known = _yes(facts) | _no(facts)
    return ~known & bool(known.any())


# When a reason holds, asked of the facts of `decide`.
HOLDS: dict[str, Holds] = {
    "open_incident": open_incident,
    "contacted_lately": _lately,
    "our_part_missing": _our_part_missing,
    "gets_results": _can_do_more,
    "on_the_way": _still_open,
}

_PAGE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
REASONS = tuple(Reason(**row) for row in _PAGE["reasons"])
NO_CONTRACT, UNDER_CONTRACT = (
    {row.key: row.decision for row in REASONS if row.relation == relation}
    for relation in (BEFORE, SERVED)
)
# The reasons that can lead to a decision; "reviewed" is a person's own.
REACHABLE = {
    decision: tuple(row.key for row in REASONS if row.decision == decision)
    for decision in ("recover", "grow", "keep_serving", "approach", "not_now", "not_approached")
}
LABELS = {row.key: row.label for row in REASONS}  # the dictionary of the column `reason`


# Whom a score leaves out: with a warranty, and in doubt by the appetite that people declared.
FOR_A_SCORE = ("not_worth_it", "in_doubt_left_out")


def that_hold(facts: pd.DataFrame, client: Client) -> pd.DataFrame:
    """One boolean column per reason that the facts tell: does it hold, main one or not.

    The others are drawn, chosen by a person, or what is left over.
    """
    told = {key: facts[key].fillna(False) for key in LABELS if key in facts}
    said = {row.key: fits(row.when, facts, row.key) for row in REASONS if row.when}
    return pd.DataFrame(told | said | {key: holds(facts, client) for key, holds in HOLDS.items()})


def texts() -> Iterator[str]:
    """Every sentence of reasons.toml, for the catalogue."""
    for row in REASONS:
        yield from (row.evidence, row.evidence_by_orders, row.because)
