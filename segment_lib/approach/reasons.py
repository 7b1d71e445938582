"""Every reason of a decision, one row each: what it says, decides, proves by and does by default.

A reason stands once per relation it can hold in, in the order in which reasons are asked: the first
that holds is the main one. Who adds a reason adds a row here and nothing else; a reason that needs
a fact of its own gets it in `gates.py`.

The evidence is a sentence of clauses; a clause whose fact is not known is left out. A default
action is what we propose until the client writes one: ``[[actions]]`` in client.toml overrules it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pandas as pd

from segment_lib.client import Client
from segment_lib.settings import ActionRow
from segment_lib.voice import N_

BEFORE, SERVED, BY_HAND, BY_HOURS = "before a contract", "under contract", "by hand", "by hours"
Holds = Callable[[pd.DataFrame, Client], pd.Series]


@dataclass(frozen=True)
class Action:
    """A default action; `measure` says by what it is seen to have worked."""

    name: str
    says: str
    purpose: str = "none"
    channel: str = "none"
    effort_hours: float = 0.0
    due_in_days: int = 0
    measure: str = ""


@dataclass(frozen=True)
class Reason:
    """One reason in one relation: its label, its decision, when it holds, its evidence, its action.

    `holds` asks the facts of `decide`; None where the reason is drawn, chosen by a person or what
    is left over. `evidence_by_orders` is said where orders, not contracts, say who is served.
    """

    key: str
    relation: str
    decision: str
    label: str
    action: Action
    evidence: str = ""
    holds: Holds | None = None
    evidence_by_orders: str = ""


def _fact(name: str) -> Holds:
    return lambda facts, client: facts[name]


def _no(facts: pd.DataFrame) -> pd.Series:
    return facts["got_results"] == "no"


def _yes(facts: pd.DataFrame) -> pd.Series:
    return facts["got_results"] == "yes"


def _lately(facts: pd.DataFrame, client: Client) -> pd.Series:
    waited = (pd.Timestamp(client.as_of) - facts["last_contact_on"]).dt.days
    return waited.lt(client.contact_policy.min_days_between)


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


# fmt: off
SERVE_ONLY = Action(
    "serve, sell nothing", N_("Serve as agreed; no extra selling"),
    "trust", "as agreed", 0.25, 30, N_("no complaint"),
)
AGREED = Action(
    "keep the agreement", N_("No contact until the review day; answer if they write to us"),
)
PUT_RIGHT = Action(
    "put it right",
    N_("Call today: hear them out, say what happens by when, make the next delivery exceed it"),
    "recover", "call", 2.0, 1, N_("recovered within 7 days"),
)
OFFER_MORE = Action(
    "offer what is missing", N_("Show what others like them use beside it; ask for a reference"),
    "propose", "call", 1.0, 14, N_("a further product within 90 days"),
)
SERVE = Action(
    "serve as agreed", N_("Serve as agreed; send one useful thing this month"),
    "trust", "mail", 0.25, 30, N_("stays for the next quarter"),
)
PROPOSE = Action(
    "propose", N_("Call, understand the need, propose"),
    "propose", "call", 1.5, 10, N_("a meeting within 30 days"),
)
WAIT = Action("wait", N_("Wait for the date"), due_in_days=14)

OPTED_OUT = N_("Has asked not to be contacted")
DECLARED = N_("Declared by us, signed")
INCIDENT = N_("Something went wrong and is open")
REVIEWED = N_("Decided by a person who knows them")
NO_CHANNEL = N_("No channel is allowed ({refused}).")
AS_DECLARED = N_("{declared}.")
OPEN_SINCE = N_("Open since {incident_since} ({incident_days} days).")

REASONS: tuple[Reason, ...] = (
    Reason(
        "opted_out", BEFORE, "not_approached", OPTED_OUT,
        Action("respect the wish", N_("No contact; answer at once if they write to us")),
        NO_CHANNEL, _fact("opted_out"),
    ),
    Reason(
        "declared", BEFORE, "not_approached", DECLARED, AGREED, AS_DECLARED,
        lambda facts, client: facts["declared"].notna(),
    ),
    Reason(
        "open_incident", BEFORE, "approach", INCIDENT,
        Action(
            "put it right, no contract",
            N_("Call today and put right what went wrong; nothing is sold"),
            "recover", "call", 1.5, 1, N_("recovered within 7 days"),
        ),
        OPEN_SINCE, open_incident,
    ),
    Reason(
        "hold_out", BEFORE, "approach", N_("Drawn to test the list"),
        Action(
            "approach as usual, to test the list",
            N_("Approach exactly as usual: this tests the list"),
            "propose", "call", 1.5, 14, N_("signs and gets results"),
        ),
        N_("P(worth it) {p}; drawn by a fixed lot, so that the list can be proved wrong."),
    ),
    Reason(
        "not_worth_it", BEFORE, "not_approached", N_("Our effort brings them no result today"),
        Action(
            "hours go elsewhere",
            N_(
                "No effort of ours until the review day; the newsletter and the website stay open "
                "to them"
            ),
            measure=N_("rate of the hold-out"),
        ),
        N_("P(worth it) {p}: {alike}; {break_even} would have to succeed."),
        _fact("not_worth_it"),
    ),
    Reason(
        "contacted_lately", BEFORE, "not_now", N_("Contacted lately"), WAIT,
        N_("Last contact {last_contact}, {contact_days} days ago."), _lately,
    ),
    Reason(
        "open_proposal", BEFORE, "approach", N_("Our proposal is on the table"),
        Action(
            "hear the answer",
            N_("Ask what is missing for a decision on our proposal; nothing new is proposed"),
            "understand", "call", 0.5, 5, N_("an answer within 14 days"),
        ),
        N_(
            "Our proposal of {proposal} awaits an answer ({proposal_days} days); until then nobody "
            "is left out for a score."
        ),
        _fact("open_proposal"),
    ),
    Reason(
        "worth_it", BEFORE, "approach", N_("Effort is likely to pay"), PROPOSE,
        N_("P(worth it) {p}: {alike}; {break_even} needed."), _fact("worth_it"),
    ),
    Reason(
        "current_customer", BEFORE, "approach", N_("Ordered lately, no contract known"),
        Action(
            "keep in touch", N_("Thank for the last order; send one useful thing this month"),
            "trust", "mail", 0.25, 30, N_("orders again within the next quarter"),
        ),
        N_(
            "Last order {recency} days ago, result: {result}; no list says whether a contract runs."
        ),
        _fact("current_customer"),
    ),
    Reason(
        "former_customer", BEFORE, "approach", N_("Was a customer before"),
        Action(
            "ask how it went",
            N_(
                "Call: ask how it went and what they need now; put right first what we left undone"
            ),
            "understand", "call", 0.5, 21, N_("an answer within 30 days"),
        ),
        N_(
            "A customer since {since}, last order {recency} days ago, result: {result}; the score "
            "before a contract does not speak of them."
        ),
        _fact("former_customer"),
    ),
    Reason(
        "in_doubt", BEFORE, "approach", N_("In doubt, so approached"),
        Action(
            "ask one question",
            N_("Ask one question about their goal; propose only if they answer"),
            "understand", "call", 1.0, 14, N_("an answer within 14 days"),
        ),
        N_("P(worth it) {p}: {alike}; {break_even} needed."), _fact("in_doubt"),
    ),
    Reason(
        "not_enough_known", BEFORE, "approach", N_("Not enough known, so approached"),
        Action(
            "get to know", N_("Write, give something useful, learn trade, size and goal"),
            "understand", "mail", 0.5, 21, N_("trade, size and goal are known"),
        ),
        N_("Unlike those we learned from, or too few deals to learn from."),
        _fact("not_enough_known"),
    ),
    Reason(
        "open_incident", SERVED, "recover", INCIDENT, PUT_RIGHT, OPEN_SINCE, open_incident,
    ),
    Reason(
        "our_part_missing", SERVED, "recover", N_("We did not do our part"),
        Action(
            "do our part",
            N_("Deliver what we owe: send the missing requests, answer what is open, agree a date"),
            "recover", "call", 1.5, 5, N_("our declared minimum is delivered"),
        ),
        N_("Our declared minimum was not delivered; result: {result}."), _our_part_missing,
    ),
    Reason(
        "silent_leaver", SERVED, "recover", N_("Pays, gets nothing, has gone quiet"),
        Action(
            "visit before they go",
            N_("Visit: ask what they expected, agree on one goal, check it in 30 days"),
            "recover", "visit", 2.5, 7, N_("uses the service again within 30 days"),
        ),
        N_("Spend {spend}, last order {recency} days ago, result: {result}."),
        lambda facts, client: facts["silent_leaver"].fillna(False),
    ),
    Reason(
        "pays_gets_nothing", SERVED, "recover", N_("Pays and gets no result"),
        Action(
            "repair or sell less",
            N_("Review the goal together and change the plan; nothing more is sold until it works"),
            "recover", "call", 2.0, 10, N_("a result within 90 days"),
        ),
        N_("Spend {spend}, result: {result}."),
        lambda facts, client: facts["field"].eq("pays_gets_nothing") & _no(facts),
    ),
    Reason(
        "opted_out", SERVED, "keep_serving", OPTED_OUT, SERVE_ONLY, NO_CHANNEL, _fact("opted_out"),
    ),
    Reason(
        "declared", SERVED, "keep_serving", DECLARED, SERVE_ONLY, AS_DECLARED,
        lambda facts, client: facts["declared"].notna(),
    ),
    Reason(
        "gets_results_pays_little", SERVED, "grow", N_("Gets results, could do more"),
        Action(
            "offer the next size",
            N_("Propose the next size with their own figures; ask for a reference"),
            "propose", "visit", 1.5, 14, N_("a larger order within 90 days"),
        ),
        N_("Result: {result}; spend {spend}, a year up to {potential}."),
        lambda facts, client: facts["field"].eq("gets_results_pays_little") & _yes(facts),
    ),
    Reason(
        "gets_results", SERVED, "grow", N_("Gets results"), OFFER_MORE,
        N_("Result: {result}; spend a year {yearly}, up to {potential}."), _can_do_more,
    ),
    Reason(
        "on_the_way", SERVED, "grow", N_("Under contract, result still open"),
        Action(
            "help to the first result",
            N_("Help with the next open request, with an example of how others did it"),
            "educate", "call", 0.5, 14, N_("the next request is done"),
        ),
        N_("Under contract since {since}; result not yet known."), _still_open,
        evidence_by_orders=N_("A customer since {since}; result not yet known."),
    ),
    Reason(
        "normal_service", SERVED, "keep_serving", N_("Normal service"), SERVE,
        N_("Result: {result}; spend {spend}; {open}."),
    ),
    Reason(
        "over_capacity", BY_HOURS, "not_now", N_("No hours left this month"),
        Action("wait for hours", N_("Wait for next month"), due_in_days=31),
    ),
    Reason("reviewed", BY_HAND, "recover", REVIEWED, PUT_RIGHT),
    Reason("reviewed", BY_HAND, "grow", REVIEWED, OFFER_MORE),
    Reason("reviewed", BY_HAND, "keep_serving", REVIEWED, SERVE),
    Reason("reviewed", BY_HAND, "approach", REVIEWED, PROPOSE),
    Reason("reviewed", BY_HAND, "not_now", REVIEWED, WAIT),
    Reason("reviewed", BY_HAND, "not_approached", REVIEWED, AGREED),
)
# fmt: on


def decisions_of(relation: str) -> dict[str, str]:
    """Reason → decision of one relation, in the order in which they are asked."""
    return {row.key: row.decision for row in REASONS if row.relation == relation}


def reachable(decision: str) -> tuple[str, ...]:
    """The reasons that can lead to a decision; "reviewed" is a person's own."""
    return tuple(row.key for row in REASONS if row.decision == decision)


NO_CONTRACT = decisions_of(BEFORE)
UNDER_CONTRACT = decisions_of(SERVED)
REACHABLE = {
    decision: reachable(decision)
    for decision in ("recover", "grow", "keep_serving", "approach", "not_now", "not_approached")
}
LABELS = {row.key: row.label for row in REASONS}  # the dictionary of the column `reason`


@cache
def default_actions() -> tuple[ActionRow, ...]:
    """The playbook that nobody has signed: an action per decision, with the reasons it answers."""
    found: dict[tuple[str, str], ActionRow] = {}
    for row in REASONS:
        key, action = (row.decision, row.action.name), row.action
        reasons = (*(found[key].reasons if key in found else ()), row.key)
        found[key] = ActionRow(
            name=action.name, decision=row.decision, reasons=reasons, action=action.says,
            purpose=action.purpose, channel=action.channel, effort_hours=action.effort_hours,
            due_in_days=action.due_in_days, measure=action.measure,
        )  # fmt: skip
    return tuple(found.values())
