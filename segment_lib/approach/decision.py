"""One decision and one main reason per customer: by the relation, through the gates in their order.

Before a contract we may choose (approach / not_approached); under contract everyone is grown,
recovered or served, and only extra selling may be withheld; not_now is about a date. Hours never
change a decision: who does not fit waits for a week, in the plan.

Gates, in this order: *may not* (opted out) · *should not* (people declared and signed it) · *not
worth it* (on the list with a warranty: the group's success rate lies below break-even) · *in doubt*
(wanted on the list, not warranted: left out only where people chose appetite "expected_value") ·
*not now* (contacted lately). The first that holds is the main reason, all that hold are kept. An
open incident is no gate, a complaint never a reason to leave someone alone; doubt means approach,
and where we did not do our part a missing result is not yet known. The hold-out is drawn by a fixed
lot from those left out for a score alone, the same share of each band, and always approached, so
that the list can be proved wrong.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_datetime64_any_dtype

from segment_lib.approach.reasons import (
    FOR_A_SCORE,
    LABELS,
    NO_CONTRACT,
    REASONS,
    UNDER_CONTRACT,
    open_incident,
    that_hold,
)
from segment_lib.checks import require_columns
from segment_lib.client import Client
from segment_lib.columns import VALUES, as_text, value_label, value_labels
from segment_lib.settings import split_condition
from segment_lib.voice import N_, _, pgettext, said_by_people, sentences

HOURS_SENTENCE = N_(
    "This is a decision about where our hours go, not about the worth of a customer."
)


def standing_sentence() -> str:
    """What stands above every decision."""
    return sentences(_(HOURS_SENTENCE), _("Nothing changes for customers under contract."))


# What `decide` says of each customer.
SAID = (
    "under_contract", "decision", "reason", "all_reasons", "evidence", "hold_out", "review_on",
    "channels_refused", "last_contact_on",
)  # fmt: skip
GATES = (
    "under_contract", "contract_disputed", "ordered_lately", "signed_before", "opted_out",
    "channels_refused", "declared", "last_contact_on", "fresh_proposal_on",
)  # fmt: skip
SHOWN = 5  # ids named in a message
LIKELY = 0.5  # P(worth it) from which we say "likely to pay" instead of "in doubt"

# A rule about one of these may shut out a group of people: said aloud, never silently applied.
SENSITIVE = ("age", "sex", "gender", "nationality", "address", "religion", "年齢", "性別", "国籍")

_CLAUSE = re.compile(r"(.+?)(; |, |、|。|\.?$)")  # what it says, and how it ends


@dataclass(frozen=True)
class Decision:
    """What was decided: `table` (one row per customer), `summary` (decision by relation, with a row
    for all people), `reasons` (decision, reason, people) and `messages` worth reading first;
    `disputed` names whom one record calls under contract and another does not, "" if nobody.
    """

    table: pd.DataFrame
    summary: pd.DataFrame
    reasons: pd.DataFrame
    messages: tuple[str, ...] = ()
    disputed: str = ""


def decide(
    customers: pd.DataFrame, client: Client, gates: pd.DataFrame, *, random_state: int = 0
) -> Decision:
    """Exactly one decision and one main reason for every row of `customers`.

    `customers` is indexed by customer_id and holds what earlier rooms made; a column it lacks is
    unknown for everybody. `gates` is the frame of `assign_gates`. Returns under_contract, decision,
    reason, all_reasons, evidence, hold_out, review_on, channels_refused, last_contact_on.
    """
    require_columns(gates, GATES, "gates", fix="assign_gates makes them.")
    facts = _facts(customers.sort_index(), client.as_of, gates)
    table = _answers(facts, client, random_state)
    table.insert(0, "under_contract", facts["under_contract"])
    table["evidence"] = _evidence(table["reason"], facts, client)
    table["hold_out"] = table["reason"] == "hold_out"
    table["review_on"] = _review_on(table["reason"], facts, client)
    table[["channels_refused", "last_contact_on"]] = facts[["channels_refused", "last_contact_on"]]
    check_decision(table, customers.index)
    return Decision(
        table, summarise(table), count_reasons(table), _messages(facts, client), _disputed(facts)
    )


def main_reasons(
    customers: pd.DataFrame, client: Client, gates: pd.DataFrame, *, random_state: int = 0
) -> pd.DataFrame:
    """As `decide`, without words: decision, reason, all_reasons; to try another assumption."""
    return _answers(_facts(customers.sort_index(), client.as_of, gates), client, random_state)


def _answers(facts: pd.DataFrame, client: Client, random_state: int) -> pd.DataFrame:
    """Decision, main reason and all reasons that hold, of everybody."""
    holds = _holds(facts, client, random_state)
    served = facts["under_contract"]
    parts = [_chosen(holds[~served], NO_CONTRACT), _chosen(holds[served], UNDER_CONTRACT)]
    return pd.concat(parts).reindex(facts.index)


def check_decision(table: pd.DataFrame, everyone: pd.Index) -> None:
    """Assert that the answers add up to everyone, that nobody under contract is not approached,
    that each answer fits the relation, and that each customer has exactly one main reason.
    """
    assert table.index.is_unique, "a customer has two decisions"
    assert set(table.index) == set(everyone), "the decisions do not add up to everyone"
    served = table["under_contract"].astype(bool)
    assert not (table.loc[served, "decision"] == "not_approached").any(), (
        "someone under contract is on the list of whom we do not approach"
    )
    assert table.loc[served, "decision"].isin(["grow", "recover", "keep_serving"]).all()
    assert table.loc[~served, "decision"].isin(["approach", "not_approached", "not_now"]).all()
    assert table["reason"].isin(list(LABELS)).all(), "a customer has no main reason"


def explain_decision(row: pd.Series) -> str:
    """One row of `Decision.table` as a sentence: who, what, why, when it is looked at again."""
    name = row.get("name")
    return _(
        "{who}様: {decision} ({reason}). {evidence} To be looked at again on {day:%Y-%m-%d}.",
        who=row.name if pd.isna(name) or name == "" else str(name).removesuffix("様"),
        decision=value_label("decision", row["decision"]),
        reason=value_label("reason", row["reason"]),
        evidence=row["evidence"],
        day=row["review_on"],
    )


# --- the facts --------------------------------------------------------------------------------
def _facts(customers: pd.DataFrame, as_of: date, gates: pd.DataFrame) -> pd.DataFrame:
    """What the reasons need, one known type per column; a column not given is unknown.

    Beside it the gates, and every other column of the customers, as it came.
    """

    def column(name: str, kind: str) -> pd.Series:
        given = customers[name] if name in customers else pd.Series(pd.NA, index=customers.index)
        if kind == "date":
            days = pd.to_datetime(given)
            return days.where(days <= pd.Timestamp(as_of))
        if kind == "number":
            return pd.to_numeric(given).astype("Float64").astype("float64")
        return given.astype("boolean" if kind == "flag" else "object")

    kinds = {
        "date": ["contract_on", "first_order_on", "last_order_on", "open_incident_since"],
        "number": [
            "monetary", "tenure_days", "potential_amount", "p_worth_it", "worth_band",
            "band_customers", "band_signed", "band_known", "band_results",
        ],
        "flag": [
            "key_account", "justified", "we_did_our_part", "silent_leaver", "like_the_learned",
            "wanted", "warranted",
        ],
        "text": ["status", "incident_state", "got_results", "field"],
    }  # fmt: skip
    facts = pd.DataFrame(
        {name: column(name, kind) for kind, names in kinds.items() for name in names},
        index=customers.index,
    )
    facts["got_results"] = facts["got_results"].fillna("unknown")
    years = (facts["tenure_days"] / 365).clip(lower=1).fillna(1)
    facts["yearly"] = facts["monetary"] / years
    others = customers.columns.difference([*facts, *gates], sort=False)
    return facts.join(gates).join(customers[others])


# --- the reasons ------------------------------------------------------------------------------
def _holds(facts: pd.DataFrame, client: Client, random_state: int) -> pd.DataFrame:
    """One boolean column per reason: does it hold, whether or not it is the main one."""
    holds = that_hold(facts.assign(**_worth(facts, client)), client).astype(bool)
    first = list(NO_CONTRACT)[: list(NO_CONTRACT).index("hold_out")]
    for_a_score = holds[list(FOR_A_SCORE)].any(axis=1)
    left_out = for_a_score & ~holds[first].any(axis=1)
    drawn = _drawn(facts.loc[left_out, "worth_band"], client, random_state)
    holds["hold_out"] = drawn.reindex(facts.index, fill_value=False)
    holds["normal_service"] = ~holds[list(UNDER_CONTRACT)[:-1]].any(axis=1)
    return holds


def _worth(facts: pd.DataFrame, client: Client) -> pd.DataFrame:
    """Exactly one of the answers about P(worth it).

    The score knows who signs for the first time; of former customers it says nothing, nor may it
    shut out who got results, or waits for our answer to an incident; nor whose answer to a fresh
    proposal of ours *we* await.
    """
    p, lately = facts["p_worth_it"], facts["ordered_lately"]
    incident = open_incident(facts, client)
    before = facts["signed_before"] | facts["first_order_on"].notna() | lately
    known = facts["like_the_learned"].fillna(False).astype(bool) & p.notna() & ~before
    barred = facts["got_results"].eq("yes") | incident | facts["under_contract"]
    may_be = known & ~barred
    listed, wanted = (_on_list(facts, name, client) & may_be for name in ("warranted", "wanted"))
    risks_it = client.worth.appetite == "expected_value"
    hopeless = listed | (wanted if risks_it else False)
    awaited = hopeless & facts["fresh_proposal_on"].notna()
    worth_it = known & p.ge(LIKELY) & ~hopeless
    return pd.DataFrame(
        {
            "not_worth_it": listed & ~awaited,
            "in_doubt_left_out": hopeless & ~listed & ~awaited,
            "open_proposal": awaited,
            "worth_it": worth_it,
            "current_customer": before & lately,
            "former_customer": before & ~lately,
            "in_doubt": known & ~worth_it & ~hopeless,
            "not_enough_known": ~known & ~before,
        }
    ).astype(bool)


def _on_list(facts: pd.DataFrame, name: str, client: Client) -> pd.Series:
    """`wanted` or `warranted` as learned; of chances that say neither, who has hardly any."""
    if facts[name].isna().all():
        return facts["p_worth_it"].le(client.worth.not_worth_probability)
    return facts[name].fillna(False).astype(bool)


def _drawn(bands: pd.Series, client: Client, random_state: int) -> pd.Series:
    """Who of those that would be left out is drawn: the same share of each band, by a fixed lot.

    Within a band the lowest lots are drawn, so that the same ids come up every month. What the
    shares leave over goes to the bands with the largest rest: the sum is the share of all.
    """
    band = bands.fillna(0)
    exact = band.value_counts().sort_index() * client.worth.hold_out_share
    quota = np.floor(exact)
    rest = (exact - quota).sort_values(ascending=False, kind="stable").index
    quota[rest[: round(exact.sum() - quota.sum())]] += 1
    lots = pd.Series([lot(one, random_state) for one in bands.index], bands.index, dtype="float64")
    return lots.groupby(band).rank(method="first").le(band.map(quota)).astype(bool)


def lot(customer_id: str, random_state: int = 0) -> float:
    """A number in [0, 1) that depends on the id and the seed alone."""
    digest = hashlib.sha256(f"{random_state}:{customer_id}".encode("utf-8", "surrogatepass"))
    return int.from_bytes(digest.digest()[:8], "big") / 2**64


def _chosen(holds: pd.DataFrame, decisions: dict[str, str]) -> pd.DataFrame:
    """Main reason = the first that holds; all that hold, in the same order, joined by "; "."""
    ordered = holds[list(decisions)]
    main = ordered.idxmax(axis=1) if len(ordered) else pd.Series(index=ordered.index, dtype=str)
    joined = pd.Series("", index=ordered.index)
    for reason in decisions:
        joined = joined.mask(ordered[reason], joined + "; " + reason)
    return pd.DataFrame(
        {
            "decision": main.map(decisions).pipe(as_text),
            "reason": main.pipe(as_text),
            "all_reasons": joined.str.removeprefix("; ").pipe(as_text),
        }
    )


def _review_on(reason: pd.Series, facts: pd.DataFrame, client: Client) -> pd.Series:
    """The general review day; who was contacted lately is free again after `min_days_between`."""
    day = pd.Timestamp(client.as_of) + pd.Timedelta(days=client.contact_policy.review_in_days)
    free = facts["last_contact_on"] + pd.Timedelta(days=client.contact_policy.min_days_between)
    return free.where(reason == "contacted_lately", day).astype("datetime64[us]")


# --- in words ---------------------------------------------------------------------------------
def _evidence(reason: pd.Series, facts: pd.DataFrame, client: Client) -> pd.Series:
    by_orders = client.contract.under_contract == "ordered_within"
    clauses = {
        row.key: _CLAUSE.findall(_((by_orders and row.evidence_by_orders) or row.evidence))
        for row in REASONS
    }
    words = _in_words(facts, client)
    rows = zip(reason, *words.values(), strict=True)
    written = [_told(clauses[name], dict(zip(words, row, strict=True))) for name, *row in rows]
    return pd.Series(written, index=reason.index, dtype="str")


def _told(clauses: list[tuple[str, str]], words: dict[str, str]) -> str:
    """The clauses of which every word is known, as one sentence."""
    known = [
        (says.format(**words), ends)
        for says, ends in clauses
        if all(words[name] for _text, name, _spec, _how in Formatter().parse(says) if name)
    ]
    if not known:
        return ""
    told = "".join(says + ends for says, ends in known[:-1]) + known[-1][0] + clauses[-1][1]
    return told[:1].upper() + told[1:]


def _in_words(facts: pd.DataFrame, client: Client) -> dict[str, list[str]]:
    """Every number an evidence sentence may name, as text; empty where it is not known."""
    today = pd.Timestamp(client.as_of)

    def written(values: Iterable[Any], form: str) -> list[str]:
        return ["" if pd.isna(value) else form.format(value) for value in values]

    day, days, money = "{:%Y-%m-%d}", "{:.0f}", client.client.currency + "{:,.0f}"
    decided = facts["band_customers"]
    results = [value_label("got_results", word) for word in facts["got_results"]]
    said = {
        "refused": [
            value_labels("channel", str(codes).split(", "), pgettext("between names", ", "))
            for codes in facts["channels_refused"]
        ],
        "declared": list(facts["declared"].fillna("")),
        "incident_since": written(facts["open_incident_since"], day),
        "incident_days": written((today - facts["open_incident_since"]).dt.days, days),
        "last_contact": written(facts["last_contact_on"], day),
        "contact_days": written((today - facts["last_contact_on"]).dt.days, days),
        "since": written(facts["contract_on"].fillna(facts["first_order_on"]), day),
        "recency": written((today - facts["last_order_on"]).dt.days, days),
        "spend": written(facts["monetary"], money),
        "yearly": written(facts["yearly"], money),
        "potential": written(facts["potential_amount"], money),
        "alike": _alike(facts),
        "n": written(decided, days),
        "needed": written(_needed(decided, client.worth.break_even), days),
        "proposal": written(facts["fresh_proposal_on"], day),
        "proposal_days": written((today - facts["fresh_proposal_on"]).dt.days, days),
        "open": _open_in_words(facts),
        "result": [str(result) for result in results],
    }
    for name in _named() - said.keys():
        values = facts.get(name, pd.Series(pd.NA, index=facts.index))
        form = day if is_datetime64_any_dtype(values) else "{}"
        said[name] = written([value_label(name, value) for value in values], form)
    return said


def _named() -> set[str]:
    """Whatever the evidence sentences name."""
    texts = [text for row in REASONS for text in (row.evidence, row.evidence_by_orders)]
    return {name for text in texts for _text, name, _spec, _how in Formatter().parse(text) if name}


def _needed(decided: pd.Series, break_even: float | None) -> pd.Series:
    """How many of so many must sign and get results for an approach to pay: more than that share
    of them.
    """
    share = float("nan") if break_even is None else break_even
    return np.floor(decided * share) + 1


def _alike(facts: pd.DataFrame) -> list[str]:
    """What became of those in the same band, in counts: a rate of few people is no count."""
    names = {
        "n": "band_customers", "signed": "band_signed", "known": "band_known",
        "results": "band_results",
    }  # fmt: skip
    counts = facts[list(names.values())].fillna(0).astype("int64").set_axis(list(names), axis=1)
    return [_alike_in_counts(**row) for row in counts.to_dict("records")]


def _alike_in_counts(n: int, signed: int, known: int, results: int) -> str:
    if not known:
        return _("of {n} alike {signed} signed", n=n, signed=signed)
    return _(
        "of {n} alike {signed} signed, of {known} alike with a known result {results} got results",
        n=n,
        signed=signed,
        known=known,
        results=results,
    )


def _open_in_words(facts: pd.DataFrame) -> list[str]:
    nothing = _("nothing is open")
    days = zip(facts["incident_state"].eq("open"), facts["open_incident_since"], strict=True)
    return [
        _(
            "an incident of {day} is open, signed as not justified",
            day="—" if pd.isna(day) else f"{day:%Y-%m-%d}",
        )
        if is_open
        else nothing
        for is_open, day in days
    ]


def _disputed(facts: pd.DataFrame) -> str:
    """Names whom a won deal calls under contract although the customer list says no."""
    found = facts.index[facts["contract_disputed"]]
    if not len(found):
        return ""
    ids = pgettext("between names", ", ").join(map(str, found[:SHOWN]))
    return _(
        "{n:,} customer(s) ({ids}{more}) have no contract by the customer list, but a deal won "
        "since then that names no end: they count as under contract. If it has ended, add a column "
        "with that day to the list of deals (ended_on).",
        n=len(found),
        ids=ids,
        more=" …" if len(found) > SHOWN else "",
    )


def summarise(table: pd.DataFrame) -> pd.DataFrame:
    """People per decision and relation; the last row, `all`, adds up to everyone."""
    served = table["under_contract"].astype(bool)
    relation = served.map({True: "under_contract", False: "no_contract"})
    counts = pd.crosstab(table["decision"], relation).reindex(
        index=list(VALUES["decision"]), columns=["no_contract", "under_contract"], fill_value=0
    )
    counts.loc["all"] = counts.sum()
    counts["customers"] = counts.sum(axis=1)
    return counts.astype("int64").rename_axis(index="decision", columns=None).reset_index()


def count_reasons(table: pd.DataFrame) -> pd.DataFrame:
    """People per decision and main reason, in the order of the gates."""
    counts = table.groupby(["decision", "reason"]).size().rename("customers").reset_index()
    order = {"decision": list(VALUES["decision"]), "reason": list(LABELS)}
    return counts.sort_values(
        ["decision", "reason"],
        key=lambda codes: codes.map(order[codes.name].index),
        ignore_index=True,
    )


def _messages(facts: pd.DataFrame, client: Client) -> tuple[str, ...]:
    found = []
    for row in client.contact_policy.should_not:
        features = {split_condition(condition)[0] for condition in row.conditions}
        proxies = ", ".join(sorted(name for name in features if name.lower() in SENSITIVE))
        because = said_by_people(row.because, row.because_ja)
        if proxies:
            found.append(
                _(
                    'The rule "{because}" decides by {proxies}: it may shut out a group of people. '
                    "Ask whether it must.",
                    because=because,
                    proxies=proxies,
                )
            )
        if not row.decided_by:
            found.append(
                _('The rule "{because}" is applied, but nobody has signed it.', because=because)
            )
    return (*found, *_no_worth(facts, client))


def _no_worth(facts: pd.DataFrame, client: Client) -> tuple[str, ...]:
    """Why nobody is called not worth it, where that is so."""
    if client.worth.break_even is None:
        return (_("No value or cost is stated in [worth], so nobody is called not worth it."),)
    if not facts["p_worth_it"].notna().any():
        return (_("No model of what pays could be learned, so nobody is called not worth it."),)
    return ()
