"""Notebook 07 in three calls: who gets results and what follows, what those who do have in common,
whom to look for.

`customers` is one row per customer with what notebooks 03 to 05 made; `tables` a register, or a
mapping of plain frames by table name; `rules` the settings of a client.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from segment_lib.behaviour.contracts import under_contract
from segment_lib.behaviour.deciles import decile_table
from segment_lib.behaviour.steps import steps_funnel
from segment_lib.client import Client
from segment_lib.columns import as_text
from segment_lib.lists import tables_of
from segment_lib.results import said
from segment_lib.results.claim import later_behaviour
from segment_lib.results.contrast import cross_results, field_table, last_signs, silent_leavers
from segment_lib.results.features import ResultFeatures, build_features
from segment_lib.results.leaks import screen_leaks
from segment_lib.results.our_part import assess_our_part
from segment_lib.results.outcome import (
    coverage_sentence,
    coverage_table,
    judge_outcomes,
    known_outcome,
    require_outcome,
)
from segment_lib.results.rules.guesses import test_guesses
from segment_lib.results.rules.rates import how_far_apart, result_rate_by, result_rate_by_steps
from segment_lib.results.rules.search import RuleProfile, find_result_rules
from segment_lib.results.rules.words import rule_sentences
from segment_lib.results.target import ends_of, is_looked_at, main_customers, target_table
from segment_lib.settings import OutcomeSection
from segment_lib.view import View, question
from segment_lib.voice import _, pgettext, said_by_people

SEEN = "revenue types stages"
# What people sort customers by, in this order: two of them stand beside the requests.
SORTED_BY = ("company", "demographic", "behavioural", "psychographic", "geographic", "other")


@dataclass(frozen=True, repr=False)
class ResultsView(View):
    """`customers`: the judged outcome, last signs of life, field of revenue against results, and
    who leaves in silence, one row each. `coverage`: how many results are known; `funnel`: one row
    per request; `rates`: by requests beside attributes, `apart` how far each of these cuts tells
    customers apart; `fields`: one row per field; `deciles`: the tenths with their result rates;
    `later`: what followed a result, and none; `outcome`: what people call a result, and when.
    """

    KEEPS: ClassVar = {
        "results": "customers", "steps_funnel": "funnel", "result_rates": "rates",
        "fields": "fields", "deciles_with_results": "deciles", "later": "later",
    }  # fmt: skip

    customers: pd.DataFrame
    coverage: pd.DataFrame
    funnel: pd.DataFrame
    rates: pd.DataFrame
    apart: pd.DataFrame
    fields: pd.DataFrame
    deciles: pd.DataFrame
    later: pd.DataFrame
    outcome: OutcomeSection

    def says(self) -> dict[str, str]:
        """The landmarks, how many are known, our part, what tells customers apart, the claim."""
        return {
            "landmarks": said.says_landmarks(self.outcome),
            "coverage": coverage_sentence(self.customers),
            "our_part": said.says_our_part(self.customers),
            "apart": "\n".join(said.says_apart(self.apart)),
            "later": "\n".join(said.says_later(self.later)),
        }


@question("07", ResultsView, needs=SEEN, requires=require_outcome)
def results_view(
    customers: pd.DataFrame, tables: Any, rules: Client, *, judged: pd.DataFrame | None = None
) -> ResultsView:
    """Who got results, of whom it is not yet known, and how that lies against revenue.

    `judged`: outcomes judged otherwise than [outcome] says. Only who is under contract can leave.
    """
    tables = tables_of(tables)
    require_outcome(tables, rules)
    contacts, orders = tables.frame("contacts"), tables.frame("orders")
    judged = judged_customers(customers, tables, rules) if judged is None else judged
    results = results_beside_revenue(customers, tables, rules, judged=judged)
    beside = customers.join(results[results.columns.difference(customers.columns)])
    rates = rates_side_by_side(beside, rules)
    return ResultsView(
        results,
        coverage_table(judged),
        steps_funnel(contacts, rules.steps, rules.as_of),
        rates,
        how_far_apart(rates),
        field_table(beside),
        decile_table(beside),
        later_behaviour(judged, orders, beside, rules.as_of),
        rules.outcome,
    )


def judged_customers(customers: pd.DataFrame, tables: Any, rules: Client) -> pd.DataFrame:
    """`judge_outcomes` of everybody, with our own part assessed from contacts and incidents."""
    tables = tables_of(tables)
    contacts = tables.frame("contacts")
    our_part = assess_our_part(
        contacts, tables.frame("incidents"), rules.our_part, rules.as_of, customers.index
    )
    return judge_outcomes(customers, tables.frame("outcomes"), contacts, rules, our_part=our_part)


def results_beside_revenue(
    customers: pd.DataFrame, tables: Any, rules: Client, *, judged: pd.DataFrame
) -> pd.DataFrame:
    """`judged` with the last signs of life, the `field` of revenue against results, and who leaves
    in silence. Only who is under contract can leave.
    """
    tables = tables_of(tables)
    contacts, usage, deals = (tables.frame(name) for name in ("contacts", "usage", "deals"))
    results = judged.join(last_signs(contacts, usage, rules.as_of))
    beside = customers.join(results[results.columns.difference(customers.columns)])
    results["field"] = cross_results(beside)
    leaves = silent_leavers(beside.assign(field=results["field"]))
    results["silent_leaver"] = under_contract(beside, rules, deals) & leaves
    return results


def rates_side_by_side(customers: pd.DataFrame, rules: Client) -> pd.DataFrame:
    """Result rates by requests answered, beside those by two attributes people sort by.

    The attributes are texts known before a contract: of the company first (industry, role), then
    of the person. One row per group and level, both in words: group, level, n, rate, low, high,
    overall_rate.
    """
    stated = rules.attributes
    names = _known_before(customers, rules, "text")
    names.sort(key=lambda name: SORTED_BY.index(stated[name].family))
    by = result_rate_by(customers, names[:2])
    by = by.rename(columns={"value": "level", "feature": "group"})
    by["group"] = [_attribute_said(name, rules) for name in by["group"]]
    parts = [_rates_by_steps(customers, rules), by] if rules.steps else [by]
    columns = ["group", "level", "n", "rate", "low", "high", "overall_rate"]
    return pd.concat(parts, ignore_index=True)[columns]


def _known_before(customers: pd.DataFrame, rules: Client, *kinds: str) -> list[str]:
    """The attributes of these kinds that people say were known before the contract."""
    return [
        name
        for name, row in rules.attributes.items()
        if row.kind in kinds and row.known_at == "before_contract" and name in customers
    ]


def _attribute_said(name: str, rules: Client) -> str:
    stated = rules.attributes[name]
    return said_by_people(stated.label_en or name, stated.label_ja or name)


def _rates_by_steps(customers: pd.DataFrame, rules: Client) -> pd.DataFrame:
    steps = result_rate_by_steps(customers, len(rules.steps))
    return steps.assign(group=_("Requests handled"), level=steps["steps_done"].pipe(as_text))


@dataclass(frozen=True, repr=False)
class RulesView(View):
    """`features`: what was known of each customer before the result; `guesses`: one row per guess
    that people stated; `leaks`: what knows the result too well; `profile`: what the search found,
    `table` its rules, `note` its account in one row.
    """

    KEEPS: ClassVar = {"guesses": "guesses", "rules": "table", "rules_note": "note"}

    features: ResultFeatures
    guesses: pd.DataFrame
    leaks: pd.DataFrame
    profile: RuleProfile
    table: pd.DataFrame
    note: pd.DataFrame

    def says(self) -> dict[str, str]:
        """What became of the guesses, which clues may be searched, what the search found, and what
        marks failure.
        """
        confirmed, warnings = (
            rule_sentences(rows, self.profile.looked_at)
            for rows in (self.profile.confirmed, self.profile.warnings)
        )
        return {
            "guesses": "\n".join(said.says_guesses(self.guesses)),
            "clues": "\n".join(said.says_leaks(self.features.audit, self.leaks)),
            "rules": "\n".join([str(self.profile.message), *confirmed]),
            "warnings": "\n".join(warnings) or _("No rule marks those without results."),
        }


@question("07", RulesView, needs=f"{SEEN} results", requires=require_outcome)
def rules_view(
    customers: pd.DataFrame, tables: Any, rules: Client, *, features: ResultFeatures | None = None
) -> RulesView:
    """What those who get results have in common: guesses first, then the search.

    `customers` hold the judged outcome. `features`: other ones than `build_features` makes.
    """
    tables = tables_of(tables)
    require_outcome(tables, rules)
    contacts, usage, orders = (tables.frame(name) for name in ("contacts", "usage", "orders"))
    if features is None:
        features = build_features(
            customers, customers["start_on"], rules, contacts=contacts, usage=usage, orders=orders
        )
    known = known_outcome(customers)
    known_at = features.audit.set_index("feature")["known_at"]
    leaks = screen_leaks(features.table, known, known_at)
    profile = search_rules(features, known, rules, leaks=leaks)
    return RulesView(
        features,
        test_guesses(features.table, known, rules.hypotheses, features.labels),
        leaks,
        profile,
        profile.table.assign(looked_at=profile.looked_at),
        rules_note(profile, said.says_questions(features.audit, leaks)),
    )


def search_rules(
    features: ResultFeatures, known: pd.Series, rules: Client, *, leaks: pd.DataFrame
) -> RuleProfile:
    """The rule search over everything that may be searched and is not barred; what is only asked
    about is searched.
    """
    barred = leaks.loc[leaks["use"] != "asked", "feature"]
    searched = features.searched.drop(columns=list(barred), errors="ignore")
    return find_result_rules(searched, known, labels=features.labels, as_of=rules.as_of)


def rules_note(profile: RuleProfile, questions: Sequence[str] = ()) -> pd.DataFrame:
    """One row: looked_at, known, successes, overall_rate, message of the search, and what is asked
    about columns (`questions`, one per line).
    """
    counted = ("looked_at", "known", "successes", "overall_rate")
    told = {name: getattr(profile, name) for name in counted}
    in_words = {"message": str(profile.message), "questions": "\n".join(questions)}
    return pd.DataFrame([told | in_words])


@dataclass(frozen=True, repr=False)
class TargetView(View):
    """`target`: one row per attribute known before the contract and level, in heads, with its
    result rate and whether it tells apart; `spread`: how far each of these cuts, and the requests
    handled, reach; `main`: one row per main customer (メインのお客様), by name.
    """

    KEEPS: ClassVar = {"target": "target", "target_spread": "spread", "main_customers": "main"}

    target: pd.DataFrame
    spread: pd.DataFrame
    main: pd.DataFrame

    def says(self) -> dict[str, str]:
        """Who gathers, which levels tell apart, what behaviour tells more, the main customers."""
        return {
            "gather": "\n".join(said.says_who_gathers(self.target)),
            "levels": said.says_levels(self.target),
            "behaviour": said.says_behaviour_beside(self.spread),
            "main": said.says_main(self.main),
        }


@question("07", TargetView, needs=f"{SEEN} results", requires=require_outcome)
def target_view(customers: pd.DataFrame, tables: Any, rules: Client) -> TargetView:
    """Whom to look for: what those who get results had in common before the contract.

    `customers` hold the judged outcome. Attributes are words, and yes or no, that people say were
    known before the contract; requests count only what was handled within the days of [outcome].
    """
    tables = tables_of(tables)
    require_outcome(tables, rules)
    families = rules.attributes
    named = {
        name: (_attribute_said(name, rules), families[name].family)
        for name in _known_before(customers, rules, "text", "yes_no")
    }
    words = {"yes": pgettext("level", "yes"), "no": pgettext("level", "no")}
    target = target_table(customers, named, words)
    rates = target[is_looked_at(target)].rename(columns={"attribute": "group"})
    features = build_features(
        customers, customers["start_on"], rules, contacts=tables.frame("contacts")
    )
    if "steps_done" in features.table and rules.outcome.source != "steps_done":
        in_time = customers.assign(steps_done=features.table["steps_done"])
        rates = pd.concat([rates, _rates_by_steps(in_time, rules)], ignore_index=True)
    spread = ends_of(rates, how_far_apart(rates), by_number=_("Requests handled"))
    return TargetView(target, spread, main_customers(customers))
