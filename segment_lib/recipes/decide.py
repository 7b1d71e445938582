"""Notebooks 07 to 10: who gets results, whom not to approach, who what when, next month."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from segment_lib.approach.actions import assign_actions, usual_hours
from segment_lib.approach.decide import Decision, decide
from segment_lib.approach.gates import assign_gates, under_contract
from segment_lib.approach.hours import (
    freed_hours,
    hours_table,
    monday_page,
    owner_load,
    power_of_hold_out,
)
from segment_lib.approach.prospects import prospect_features, signed_or_lost
from segment_lib.approach.review import apply_overrides, read_overrides
from segment_lib.approach.worth import WorthBands
from segment_lib.behaviour.deciles import decile_table
from segment_lib.behaviour.history import order_history
from segment_lib.behaviour.movement import (
    compare_movement,
    expected_movement,
    movement_table,
    recency_rule,
)
from segment_lib.behaviour.steps import steps_funnel
from segment_lib.client import Client
from segment_lib.columns import Language
from segment_lib.lists.frames import to_frame
from segment_lib.lists.register import Register
from segment_lib.recipes.needs import has_outcome, require_outcome
from segment_lib.recipes.take import Frames, Take
from segment_lib.results.claim import later_behaviour
from segment_lib.results.contrast import cross_results, field_table, last_signs, silent_leavers
from segment_lib.results.features.build import ResultFeatures, build_features
from segment_lib.results.leaks import screen_leaks
from segment_lib.results.our_part import assess_our_part
from segment_lib.results.outcome import coverage_table, judge_outcomes, known_outcome
from segment_lib.results.rules.guesses import test_guesses
from segment_lib.results.rules.rates import (
    result_rate_by,
    result_rate_by_steps,
    single_features,
)
from segment_lib.results.rules.search import RuleProfile, find_result_rules

WEEKS_A_MONTH = 4
SEEN = ("revenue", "types", "stages")
# Recency limits of the movement picture: one quarter, two quarters.
QUARTER_DAYS = (91, 182)
QUARTER_NAMES = ("active", "cooling", "quiet")
# What people sort customers by, in this order: two of them stand beside the requests.
SORTED_BY = ("company", "demographic", "behavioural", "psychographic", "geographic", "other")


def results_recipe(take: Take) -> Frames:
    """Notebook 07: the outcome, what achievers share, revenue against results."""
    client, register = take.client, take.register
    require_outcome(client, register)
    contacts, usage, orders = (register.frame(name) for name in ("contacts", "usage", "orders"))
    customers = take.together(*SEEN)
    our_part = assess_our_part(
        contacts, register.frame("incidents"), client.our_part, client.as_of, customers.index
    )
    judged = judge_outcomes(client, customers, register.frame("outcomes"), contacts, our_part)
    features = build_features(
        client, customers, judged["start_on"], contacts=contacts, usage=usage, orders=orders
    )
    known = known_outcome(judged)
    leaks = screen_leaks(features.table, known)
    profile = search_rules(features, known, leaks, client)
    results = results_beside_revenue(client, register, customers, judged)
    customers = customers.join(results[results.columns.difference(customers.columns)])
    return {
        "results": results,
        "coverage": coverage_table(judged, client.language),
        "feature_audit": features.audit,
        "leaks": leaks,
        "guesses": test_guesses(features.table, known, client.hypotheses, features.labels),
        "rules": profile.table.assign(looked_at=profile.looked_at),
        "rules_note": rules_note(profile),
        "single_features": single_features(features.table, known, features.labels),
        "steps_funnel": steps_funnel(contacts, client.steps, client.as_of),
        "result_rates": rates_side_by_side(client, customers),
        "fields": field_table(customers),
        "deciles_with_results": decile_table(customers),
        "later": later_behaviour(judged, orders, customers, client.as_of),
    }


def results_beside_revenue(
    client: Client, register: Register, customers: pd.DataFrame, judged: pd.DataFrame
) -> pd.DataFrame:
    """`judged` with the last signs of life, the `field` of revenue against results, and who leaves
    in silence. Only who is under contract can leave.
    """
    contacts, usage, deals = (register.frame(name) for name in ("contacts", "usage", "deals"))
    results = judged.join(last_signs(contacts, usage, client.as_of))
    beside = customers.join(results[results.columns.difference(customers.columns)])
    results["field"] = cross_results(beside)
    leaves = silent_leavers(beside.assign(field=results["field"]))
    results["silent_leaver"] = under_contract(beside, client, deals) & leaves
    return results


def search_rules(
    features: ResultFeatures, known: pd.Series, leaks: pd.DataFrame, client: Client
) -> RuleProfile:
    """The rule search over everything that may be searched and is no leak."""
    searched = features.searched.drop(columns=list(leaks["feature"]), errors="ignore")
    return find_result_rules(searched, known, labels=features.labels, as_of=client.as_of)


def rules_note(profile: RuleProfile) -> pd.DataFrame:
    """One row: looked_at, known, successes, overall_rate, message and message_ja of the search."""
    return pd.DataFrame(
        {
            "looked_at": [profile.looked_at],
            "known": [profile.known],
            "successes": [profile.successes],
            "overall_rate": [profile.overall_rate],
            "message": [profile.message],
            "message_ja": [profile.message_ja],
        }
    )


def rates_side_by_side(client: Client, customers: pd.DataFrame) -> pd.DataFrame:
    """Result rates by requests answered, beside those by two attributes people sort by.

    The attributes are texts known before a contract: of the company first (industry, role), then
    of the person. One row per group and level: group, group_ja, level, level_ja, n, rate, low,
    high, overall_rate.
    """
    names = [
        name
        for name, row in client.attributes.items()
        if row.kind == "text" and row.known_at == "before_contract" and name in customers
    ]
    names.sort(key=lambda name: SORTED_BY.index(client.attributes[name].family))
    by = result_rate_by(customers, names[:2])
    by = by.rename(columns={"value": "level", "value_ja": "level_ja", "feature": "group"})
    labels = client.attributes
    by["group_ja"] = [labels[name].label_ja or name for name in by["group"]]
    by["group"] = [labels[name].label_en or name for name in by["group"]]
    parts = [by]
    if client.steps:
        steps = result_rate_by_steps(customers, len(client.steps))
        steps = steps.assign(
            group="Requests handled", group_ja="対応した依頼の数",
            level=steps["steps_done"].astype("str"), level_ja=steps["steps_done"].astype("str"),
        )  # fmt: skip
        parts.insert(0, steps)
    columns = ["group", "group_ja", "level", "level_ja", "n", "rate", "low", "high", "overall_rate"]
    return pd.concat(parts, ignore_index=True)[columns]


def decision_recipe(take: Take) -> Frames:
    """Notebook 08: bands with P(worth it), the gates, one decision and one main reason each."""
    client, register = take.client, take.register
    customers = take.together(*SEEN)
    answers = None
    if has_outcome(client, register):
        customers = take.together(*SEEN, "results")
        answers = customers["got_results"]
    contacts = register.frame("contacts")
    bands, chances = learn_worth(take, customers, answers)
    gates = assign_gates(
        customers, client, register.frame("permissions"), contacts, register.frame("deals")
    )
    decision = decide(customers.join(chances), client, gates)
    return {
        "decision": decision.table.join(chances),
        "worth_bands": bands.bands_,
        "decision_summary": decision.reasons,
        "decision_relation": decision.summary,
        "decision_notes": decision_notes(decision, bands, client.language),
    }


def learn_worth(
    take: Take, customers: pd.DataFrame, answers: pd.Series | None
) -> tuple[WorthBands, pd.DataFrame]:
    """The bands learned from past deals, and what they say of each customer."""
    client, register = take.client, take.register
    past = signed_or_lost(customers, register.frame("deals"), client.as_of)
    features = prospect_features(client, customers, register.frame("contacts"), past["settled_on"])
    became = past[["signed"]].assign(got_results=answers)
    bands = WorthBands(client.worth.break_even).fit(features, became)
    return bands, bands.transform(features)


def decision_notes(
    decision: Decision, bands: WorthBands, language: Language = "en"
) -> pd.DataFrame:
    """One row per message worth reading before the list: about (contract, other), message."""
    said = list(decision.messages)
    if bands.message_:
        # The decision's last message says the same in fewer words.
        said[-1:] = [bands.message_ja_ if language == "ja" else bands.message_]
    notes = [("contract", decision.disputed)] if decision.disputed else []
    notes += [("other", message) for message in said]
    return pd.DataFrame(notes, columns=["about", "message"], dtype="str")


def actions_recipe(take: Take) -> Frames:
    """Notebook 09: people's overrides in, then an action each; hours and one owner's Monday."""
    client = take.client
    customers = take.together(*SEEN)
    reviewed = apply_overrides(take.kept("decision"), read_overrides(client))
    actions = assign_actions(reviewed.table, customers, client)
    usual, service = usual_hours(client)
    load = owner_load(actions, client)
    return {
        "actions": actions,
        "override_counts": reviewed.counts,
        "overrides": reviewed.overrides,
        "hours": hours_table(actions, usual, service),
        "freed_hours": freed_hours(actions, usual),
        "owner_load": load,
        "monday": monday_page(
            actions,
            customers,
            busiest(load),
            next_monday(client.as_of),
            hours=hours_a_week(client, busiest(load)),
        ),
    }


def busiest(load: pd.DataFrame) -> str:
    """The owner with the most hours planned."""
    return "" if load.empty else str(load.sort_values("hours", kind="stable")["owner"].iloc[-1])


def hours_a_week(client: Client, owner: str) -> float | None:
    """A quarter of the monthly hours that [capacity] gives this owner; None if none is stated."""
    month = client.capacity.owners.get(owner, client.capacity.hours_per_month)
    return None if month is None else month / WEEKS_A_MONTH


def next_monday(day: date) -> date:
    """The first Monday after `day`."""
    return day + timedelta(days=7 - day.weekday())


def next_month_recipe(take: Take) -> Frames:
    """Notebook 10: what moved in the last month beside chance, and when the list can be proved."""
    client, register = take.client, take.register
    before_day = client.as_of - timedelta(days=QUARTER_DAYS[0])
    before, after = (history_on(client, register, day) for day in (before_day, client.as_of))
    held_out = really_held_out(take.kept("actions"))
    power = (
        power_of_hold_out(held_out, client.worth.break_even)
        if client.worth.break_even and held_out
        else pd.DataFrame()
    )
    return {"movement": moved_beside_chance(before, after), "hold_out_power": power}


def really_held_out(actions: pd.DataFrame) -> int:
    """How many of those drawn to test the list are approached: after overrides and capacity."""
    return int((actions["hold_out"].astype(bool) & actions["decision"].eq("approach")).sum())


def moved_beside_chance(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Active, cooling and quiet on two days, beside what would move if nobody changed.

    `before` and `after` are histories a quarter apart. Where nobody has a past on the first day
    there is nothing to expect: the expectation is missing and nothing stands out.
    """
    rule = recency_rule(QUARTER_DAYS, QUARTER_NAMES)
    observed = movement_table(rule(before), rule(after))
    if after.empty:
        observed = observed.iloc[:0]  # nobody has ordered: nobody can have moved
    if not (before["tenure_days"] > 0).any():
        return observed.assign(
            expected_customers=float("nan"),
            expected_share=float("nan"),
            z=float("nan"),
            stands_out=False,
        )
    return compare_movement(observed, expected_movement(before, QUARTER_DAYS[0], rule))


def history_on(client: Client, register: Register, day: date) -> pd.DataFrame:
    """The history of whoever had ordered by `day`, as it was known on that day."""
    history = order_history(
        register.orders, day, adjustments=register.adjustments, returns=client.rules.returns
    )
    return to_frame(history, indexed=True)
