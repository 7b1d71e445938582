"""Notebooks 08 to 10 in one call each: whom not to approach, who gets what when, what moved.

`customers` is one row per customer with what the notebooks before made; `tables` a register, or a
mapping of plain frames by table name; `rules` the settings of a client.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

import pandas as pd

from segment_lib.approach import moved_said, said
from segment_lib.approach.actions import actions_for, facts_for
from segment_lib.approach.choosing import after_no_answer, choice_of
from segment_lib.approach.decision import SAID, Decision, decide, main_reasons
from segment_lib.approach.gates import assign_gates
from segment_lib.approach.history import accepted_plans
from segment_lib.approach.hours import (
    freed_hours,
    hours_table,
    owner_load,
    power_of_hold_out,
    spent_a_month,
)
from segment_lib.approach.known import known_of
from segment_lib.approach.plan import plan_weeks, says_pinned
from segment_lib.approach.playbook import Playbook, playbook_of
from segment_lib.approach.playbook_checks import groups_table, rows_table
from segment_lib.approach.prospects import drawn_by_lot, prospect_features, signed_or_lost
from segment_lib.approach.reasons import FOR_A_SCORE
from segment_lib.approach.review import apply_overrides, read_overrides
from segment_lib.approach.service import (
    expected_value,
    in_order,
    order_table,
    spend_of_a_year,
    why_now,
)
from segment_lib.approach.weeks import Weeks, weeks_of
from segment_lib.approach.worth import WorthBands
from segment_lib.behaviour.as_of import history_on, order_days_on
from segment_lib.behaviour.movement import movement_table, recency_rule
from segment_lib.behaviour.who_ordered import QUARTER, ordered_beside_expected
from segment_lib.client import Client
from segment_lib.lists import tables_of
from segment_lib.view import View, question
from segment_lib.voice import sentences

SEEN = "revenue types stages"
# Break-evens to try: 30 % lower, as stated, 30 % higher.
TRIED = (0.7, 1.0, 1.3)
# Shares of the results that would not have come without an approach, to try.
SHARES = (1.0, 0.5, 0.25)
# Answers about a score: of these it can be in doubt.
SHARE_COLUMNS = ("share_due_to_us", "break_even", "left_out", "approached", "in_doubt")
SCORED = ("hold_out", "not_worth_it", "in_doubt_left_out", "worth_it", "in_doubt")
# Recency limits of the movement picture: one quarter, two quarters.
QUARTER_DAYS = (QUARTER, 2 * QUARTER)
QUARTER_NAMES = ("active", "cooling", "quiet")


# --- 08: whom do we not approach? ---------------------------------------------------------------
@dataclass(frozen=True, repr=False)
class DecisionView(View):
    """`customers`: decision, reason, evidence and chances, one row each; `worth`: what was learned
    of who signs and gets results, `bands` its table, `warranty` what the list rests on; `gates`:
    what stands before any score; `decision`: the whole answer; `reasons`: one row per decision and
    reason; `notes`: what is worth reading before the list; `shares`: one row per share of the
    results that would not have come without an approach: share_due_to_us, break_even, left_out (for
    a score), approached, in_doubt (of both, who is wanted on the list without a warranty);
    `rules`: what people stated.
    """

    KEEPS: ClassVar[Mapping[str, str]] = {
        "decision": "customers", "worth_bands": "bands", "decision_summary": "reasons",
        "decision_notes": "notes", "warranty": "warranty", "due_shares": "shares",
    }  # fmt: skip

    customers: pd.DataFrame
    worth: WorthBands
    bands: pd.DataFrame
    gates: pd.DataFrame
    decision: Decision
    reasons: pd.DataFrame
    notes: pd.DataFrame
    warranty: pd.DataFrame
    shares: pd.DataFrame
    rules: Client

    def says(self) -> dict[str, str]:
        """The break-even, what was learned and not used, two bands, the notes, what a wrong list
        costs, what is warranted of it, and how it hangs on what people assume.
        """
        left_out = self.customers[self.customers["reason"].isin(FOR_A_SCORE)]
        drawn = self.notes.loc[self.notes["about"] == "lot", "message"]
        return {
            "break_even": said.says_break_even(self.rules),
            "learned": "\n".join([said.says_learned(self.worth), *drawn]),
            "bands": "\n".join(said.says_bands(self.bands, self.rules.worth.break_even)),
            "notes": "\n".join(self.notes.loc[self.notes["about"] != "lot", "message"]),
            "if_wrong": said.says_if_wrong(left_out, self.bands, self.rules),
            "warranty": said.says_warranty(self.customers, self.warranty, self.rules),
            "shares": said.says_shares(self.shares, self.rules),
        }


@question("08", DecisionView, needs=SEEN, also="results")
def decision_view(
    customers: pd.DataFrame,
    tables: Any,
    rules: Client,
    *,
    worth: WorthBands | None = None,
    gates: pd.DataFrame | None = None,
) -> DecisionView:
    """One decision and one main reason for everybody, through the gates, by what effort brings.

    `worth`: learned elsewhere, or to be learned otherwise; `gates`: as `assign_gates` gives them.
    """
    tables = tables_of(tables)
    bands, chances = learn_worth(customers, tables, rules, worth=worth)
    if gates is None:
        permissions, contacts, deals = (
            tables.frame(name) for name in ("permissions", "contacts", "deals")
        )
        gates = assign_gates(customers, rules, permissions, contacts, deals)
    decision = decide(customers.join(chances), rules, gates)
    return DecisionView(
        decision.table.join(chances),
        bands,
        bands.bands_,
        gates,
        decision,
        decision.reasons,
        decision_notes(decision, bands, said.says_drawn(drawn_by_lot(customers, rules), rules)),
        bands.warranty(),
        shares_tried(customers.join(chances), rules, bands, gates),
        rules,
    )


def learn_worth(
    customers: pd.DataFrame, tables: Any, rules: Client, *, worth: WorthBands | None = None
) -> tuple[WorthBands, pd.DataFrame]:
    """The bands learned from past deals and known results, and what they say of each customer."""
    tables = tables_of(tables)
    past = signed_or_lost(customers, tables.frame("deals"), rules.as_of)
    contacts, answers = tables.frame("contacts"), customers.get("got_results")
    features = prospect_features(customers, contacts, rules, settled_on=past["settled_on"])
    bands = worth or WorthBands(rules.worth.break_even, level=rules.worth.not_worth_probability)
    if not hasattr(bands, "bands_"):
        bands = bands.fit(features, past[["signed"]].assign(got_results=answers))
    return bands, bands.transform(features)


def decision_notes(
    decision: Decision, bands: WorthBands, drawn: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per message worth reading before the list: about (contract, lot, other), message."""
    others = list(decision.messages)
    if bands.messages_:
        # The decision's last message says the same in fewer words.
        others[-1:] = map(str, bands.messages_)
    notes = [("contract", decision.disputed)] if decision.disputed else []
    notes += [("lot", message) for message in drawn]
    notes += [("other", message) for message in others]
    return pd.DataFrame(notes, columns=["about", "message"], dtype="str")


@dataclass(frozen=True, repr=False)
class BreakEvenView(View):
    """`sizes`: one row per break-even that was tried: break_even, not_worth_it (how many are left
    out); none where no break-even is stated.
    """

    sizes: pd.DataFrame

    def says(self) -> dict[str, str]:
        """Whether the list swings with the break-even."""
        return {"sizes": said.says_sizes(self.sizes)}


def break_even_view(
    customers: pd.DataFrame, tables: Any, rules: Client, *, decided: DecisionView | None = None
) -> BreakEvenView:
    """How much the list hangs on the break-even, which people decided; nothing is learned anew.

    `decided`: the decision whose list is tried; left out, it is made here.
    """
    decided = decided or decision_view(customers, tables, rules)
    facts = customers.join(decided.customers[list(WorthBands.GIVES)])
    even, sizes = rules.worth.break_even, []
    for other in [even * times for times in TRIED] if even else []:
        answers = answers_at(other, facts, rules, decided.worth, decided.gates)
        sizes.append((other, int(answers["reason"].isin(FOR_A_SCORE).sum())))
    return BreakEvenView(pd.DataFrame(sizes, columns=["break_even", "not_worth_it"]))


def answers_at(
    break_even: float, facts: pd.DataFrame, rules: Client, worth: WorthBands, gates: pd.DataFrame
) -> pd.DataFrame:
    """Decision and reason of everybody, were the break-even that; and who were then `in_doubt`:
    wanted on the list, without a warranty. Nothing is learned anew.
    """
    listed, like = worth.list_at(break_even), facts["like_the_learned"].fillna(False).astype(bool)
    at = {
        name: facts["worth_step"].map(listed[name]).eq(True).fillna(False).astype(bool) & like
        for name in ("wanted", "warranted")
    }
    table = main_reasons(facts.assign(**at), rules, gates)
    doubt = at["wanted"] & ~at["warranted"] & table["reason"].isin(SCORED)
    return table.assign(in_doubt=doubt)


def shares_tried(
    facts: pd.DataFrame, rules: Client, worth: WorthBands, gates: pd.DataFrame
) -> pd.DataFrame:
    """How the list changes with the share of results that would not have come without an approach,
    as `DecisionView.shares`: at 1, .5, .25 and what is stated; no row without a break-even.
    """
    rows = []
    for share in sorted({*SHARES, rules.worth.share_due_to_us}, reverse=True):
        even = rules.worth.break_even_at(share)
        if even is None or worth.bands_.empty:
            continue
        answers = answers_at(even, facts, rules, worth, gates)
        rows.append(
            {
                "share_due_to_us": share,
                "break_even": even,
                "left_out": int(answers["reason"].isin(FOR_A_SCORE).sum()),
                "approached": int(answers["decision"].eq("approach").sum()),
                "in_doubt": int(answers["in_doubt"].sum()),
            }
        )
    return pd.DataFrame(rows, columns=list(SHARE_COLUMNS))


# --- 09: who gets what, when? -------------------------------------------------------------------
@dataclass(frozen=True, repr=False)
class PlanView(View):
    """`plan`: the one plan table, one row per customer: decision, action, owner, day, week, why;
    `overrides`: what people decided instead, `changed` how many of which; `playbook`: one row per
    row of it, whom it fits and takes; `groups`: the groups of its leading cut and the row of each;
    `order`: how many stand at each place of the order of service; `load`: hours by owner and week;
    `hours`: spent and planned by decision; `freed`: what becomes free, by owner; `weeks`: the days
    of the plan; `facts`: all that a row may ask for; `book`: the rows as they are read.
    """

    KEEPS: ClassVar[Mapping[str, str]] = {
        "plan": "plan", "overrides": "overrides", "hours": "hours", "owner_load": "load",
        "freed": "freed", "playbook": "playbook", "playbook_groups": "groups",
    }  # fmt: skip

    plan: pd.DataFrame
    overrides: pd.DataFrame
    changed: pd.DataFrame
    playbook: pd.DataFrame
    groups: pd.DataFrame
    order: pd.DataFrame
    load: pd.DataFrame
    hours: pd.DataFrame
    freed: pd.DataFrame
    weeks: Weeks
    facts: pd.DataFrame
    book: Playbook

    def says(self) -> dict[str, str]:
        """The playbook, the weeks, what does not fit, days people set, freed hours, one price."""
        return {
            "playbook": "\n".join(
                [
                    *said.says_playbook(self.playbook, self.groups, self.book),
                    *said.says_addresses(self.plan, self.facts),
                ]
            ),
            "weeks": sentences(
                said.says_weeks(self.plan, self.weeks),
                said.says_beside_spent(self.hours, self.weeks),
            ),
            "waiting": said.says_waiting(self.plan, self.weeks.client),
            "pinned": says_pinned(self.plan, self.weeks),
            "freed": said.says_freed(self.freed),
            "price": said.says_price(self.plan, self.weeks.client),
        }


@question("09", PlanView, needs=f"{SEEN} decision", also="results clusters", given="next_order")
def plan_view(
    customers: pd.DataFrame,
    tables: Any,
    rules: Client,
    *,
    overrides: pd.DataFrame | None = None,
    next_order: pd.DataFrame | None = None,
) -> PlanView:
    """Who gets what, when: people's overrides, one action each, its week in the order of service.

    `customers` hold the decision. `overrides`: other ones than stand in the client's file;
    `next_order`: the due dates by product line, as notebook 04 keeps them; left out, the range of
    all orders together says what is due.
    """
    tables = tables_of(tables)
    decided = customers[[*SAID, *WorthBands.GIVES]]
    reviewed = apply_overrides(decided, read_overrides(rules) if overrides is None else overrides)
    book, weeks = playbook_of(rules), weeks_of(rules)
    facts = facts_for(reviewed.table, customers, known_of(customers, tables, rules, next_order))
    before = after_no_answer(book, accepted_plans(rules), facts, rules.as_of)
    asked = facts["asks_in_a_row"].fillna(0).clip(lower=before["asked"])
    facts = facts.assign(follows=before["follows"], asks_in_a_row=asked)
    choice = choice_of(facts, book)
    actions = reviewed.table.join(actions_for(facts, rules, book, choice))
    plan = make_plan(actions, facts, spend_of_a_year(tables, rules), weeks)
    spent = spent_a_month(tables.frame("contacts"), rules.as_of, plan.index)
    return PlanView(
        plan,
        reviewed.overrides,
        reviewed.counts,
        rows_table(book, choice),
        groups_table(book, facts),
        order_table(plan, rules),
        owner_load(plan, weeks),
        hours_table(plan, spent),
        freed_hours(plan, spent, rules),
        weeks,
        facts,
        book,
    )


def make_plan(
    actions: pd.DataFrame, customers: pd.DataFrame, spent: pd.Series, weeks: Weeks
) -> pd.DataFrame:
    """The one plan table: decisions and the actions of `assign_actions`, with their weeks.

    `customers` is what is known of each; `spent` the last year's net spend. Adds expected_value,
    place, cannot_wait, priority (1 = first), do_from, do_to, do_on, planned_week, waits_because,
    team, hand_over_to, why_now.
    """
    known = customers.reindex(actions.index)
    facts = known[known.columns.difference(actions.columns)].join(actions)
    table = actions.assign(expected_value=expected_value(facts, spent, weeks.client))
    table = table.join(in_order(table, facts, weeks.client))
    table = table.assign(why_now=why_now(table, facts, weeks.client))
    return plan_weeks(table, facts, weeks)


# --- 10: what moved, and when can the list be proved? -------------------------------------------
@dataclass(frozen=True, repr=False)
class MovementView(View):
    """`movement`: one row per label before and after; `ordered`: who ordered since `day`, beside
    how many of such customers used to, one row per label of then and one for all; `before`,
    `after`: the history of `day` and of today; `later_returns`: how many returns and corrections
    came after `day`, `stands_still`: that day is the same without them.
    """

    KEEPS: ClassVar[Mapping[str, str]] = {"movement": "movement", "who_ordered": "ordered"}

    movement: pd.DataFrame
    ordered: pd.DataFrame
    day: date
    before: pd.DataFrame
    after: pd.DataFrame
    later_returns: int
    stands_still: bool

    def says(self) -> dict[str, str]:
        """What moved, who ordered beside expected, whether the alarm rings and the past stands."""
        return {
            "moved": moved_said.moved_said(self.movement, self.day),
            "ordered": "\n".join(moved_said.ordered_said(self.ordered, self.day)),
            "alarm": moved_said.alarm_said(self.ordered),
            "past": moved_said.past_said(self.later_returns, self.stands_still, self.day),
        }


@question("10", MovementView)
def movement_view(customers: pd.DataFrame, tables: Any, rules: Client) -> MovementView:
    """What moved in the last quarter, who ordered beside expected, whether the past stands still.

    Everything is asked of `tables`: `customers` are those who had ordered by either day.
    """
    tables = tables_of(tables)
    day = rules.as_of - timedelta(days=QUARTER)
    before, after = (history_on(tables, rules, on) for on in (day, rules.as_of))
    rule = recency_rule(QUARTER_DAYS, QUARTER_NAMES)
    moves = movement_table(rule(before), rule(after))
    adjustments = tables.adjustments
    by_then = adjustments.filter(adjustments.adjusted_on <= day)
    as_it_was = {"orders": tables.orders, "adjustments": by_then}
    later = tables.frame("adjustments")["adjusted_on"] > pd.Timestamp(day)
    return MovementView(
        moves.iloc[:0] if after.empty else moves,  # nobody has ordered: nobody can have moved
        ordered_beside_expected(lambda on: order_days_on(tables, rules, on), rules.as_of, rule),
        day,
        before,
        after,
        int(later.sum()),
        history_on(as_it_was, rules, day).equals(before),
    )


@dataclass(frozen=True, repr=False)
class ProofView(View):
    """`power`: when the hold-out can speak, no row where nobody is held out; `held_out`,
    `left_out`: how many are drawn to test the list, how many are on it; `later`: what followed
    results, and none; `begin_with`: how many of those drawn get which action.
    """

    power: pd.DataFrame
    held_out: int
    left_out: int
    later: pd.DataFrame
    begin_with: dict[str, int]

    def says(self) -> dict[str, str]:
        """How soon the list can be proved wrong, and what those with results did afterwards."""
        return {
            "hold_out": moved_said.hold_out_said(
                self.power, self.held_out, self.left_out, self.begin_with
            ),
            "claim": moved_said.claim_said(self.later),
        }


@question("10", ProofView, needs="plan")
def proof_view(
    customers: pd.DataFrame, tables: Any, rules: Client, *, later: pd.DataFrame | None = None
) -> ProofView:
    """When the list can be proved wrong, and whether results are followed by more.

    `customers` hold the plan; `later`: what notebook 07 kept, where results are known; `tables`
    are not asked.
    """
    held_out, even = really_held_out(customers), rules.worth.break_even
    drawn = customers[_is_held_out(customers)]
    return ProofView(
        power_of_hold_out(held_out, even) if even and held_out else pd.DataFrame(),
        held_out,
        int(customers["decision"].eq("not_approached").sum()),
        pd.DataFrame() if later is None else later,
        drawn["action"].value_counts().to_dict() if "action" in drawn else {},
    )


def _is_held_out(plan: pd.DataFrame) -> pd.Series:
    return plan["hold_out"].astype(bool) & plan["decision"].eq("approach")


def really_held_out(plan: pd.DataFrame) -> int:
    """How many of those drawn to test the list are approached, after overrides."""
    return int(_is_held_out(plan).sum())
