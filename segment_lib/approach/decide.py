"""One decision and one main reason per customer: by the relation, through the gates in their order.

Before a contract we may choose (approach / not_approached); under contract everyone is grown,
recovered or served, and only extra selling may be withheld; not_now is about a date or capacity.
Gates: may not · should not · not worth it · not now. An open incident is no gate, a complaint never
a reason to leave someone alone, and doubt means approach. Sources: the definitions in house.md 4.6
and 4.8, and the gates of method-notes.md 2.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from string import Formatter

import numpy as np
import pandas as pd

from segment_lib.checks import require_columns
from segment_lib.client import Client
from segment_lib.columns import VALUES, Language, value_label
from segment_lib.settings import split_condition

HOURS_SENTENCE: dict[Language, str] = {
    "ja": "お客様の価値ではなく、当社が時間をどこに使うかの判断です。",
    "en": "This is a decision about where our hours go, not about the worth of a customer.",
}
STANDING_SENTENCE: dict[Language, str] = {
    "ja": HOURS_SENTENCE["ja"] + "ご契約中のお客様への対応は変わりません。",
    "en": HOURS_SENTENCE["en"] + " Nothing changes for customers under contract.",
}

# Reason -> decision, for each relation; the first reason that holds is the main one.
NO_CONTRACT = {
    "opted_out": "not_approached",
    "declared": "not_approached",
    "open_incident": "approach",
    "hold_out": "approach",
    "not_worth_it": "not_approached",
    "contacted_lately": "not_now",
    "open_proposal": "approach",
    "worth_it": "approach",
    "current_customer": "approach",
    "former_customer": "approach",
    "in_doubt": "approach",
    "not_enough_known": "approach",
}
UNDER_CONTRACT = {
    "open_incident": "recover",
    "our_part_missing": "recover",
    "silent_leaver": "recover",
    "pays_gets_nothing": "recover",
    "opted_out": "keep_serving",
    "declared": "keep_serving",
    "gets_results_pays_little": "grow",
    "gets_results": "grow",
    "on_the_way": "grow",
    "normal_service": "keep_serving",
}
GATES = (
    "under_contract", "contract_disputed", "ordered_lately", "signed_before", "opted_out",
    "channels_refused", "declared", "last_contact_on", "fresh_proposal_on",
)  # fmt: skip
FIRST_TO_LAST = ("recover", "grow", "approach", "keep_serving", "not_now", "not_approached")
SHOWN = 5  # ids named in a message
LIKELY = 0.5  # P(worth it) from which we say "likely to pay" instead of "in doubt"

# A rule about one of these may shut out a group of people: said aloud, never silently applied.
SENSITIVE = ("age", "sex", "gender", "nationality", "address", "religion", "年齢", "性別", "国籍")

EVIDENCE: dict[Language, dict[str, str]] = {
    "en": {
        "opted_out": "No channel is allowed ({refused}).",
        "declared": "{declared}.",
        "open_incident": "Open since {incident_since} ({incident_days} days).",
        "hold_out": "P(worth it) {p}; drawn by a fixed lot, so that the list can be proved wrong.",
        "not_worth_it": "P(worth it) {p}: {alike}; {break_even} would have to succeed.",
        "contacted_lately": "Last contact {last_contact}, {contact_days} days ago.",
        "open_proposal": (
            "Our proposal of {proposal} awaits an answer ({proposal_days} days); until then nobody "
            "is left out for a score."
        ),
        "worth_it": "P(worth it) {p}: {alike}; {break_even} needed.",
        "in_doubt": "P(worth it) {p}: {alike}; {break_even} needed.",
        "not_enough_known": "Unlike those we learned from, or too few deals to learn from.",
        "current_customer": (
            "Last order {recency} days ago, result: {result}; no list says whether a contract runs."
        ),
        "former_customer": (
            "A customer since {since}, last order {recency} days ago, result: {result}; the score "
            "before a contract does not speak of them."
        ),
        "our_part_missing": "Our declared minimum was not delivered; result: {result}.",
        "silent_leaver": "Spend {spend}, last order {recency} days ago, result: {result}.",
        "pays_gets_nothing": "Spend {spend}, result: {result}.",
        "gets_results_pays_little": "Result: {result}; spend {spend}, a year up to {potential}.",
        "gets_results": "Result: {result}; spend a year {yearly}, up to {potential}.",
        "on_the_way": "Under contract since {since}; result not yet known.",
        "normal_service": "Result: {result}; spend {spend}; {open}.",
    },
    "ja": {
        "opted_out": "ご連絡できる手段がありません（{refused}）。",
        "declared": "{declared}。",
        "open_incident": "{incident_since}から{incident_days}日間、未解決です。",
        "hold_out": "採算確率 {p}。リストの正しさを確かめるため、定められた抽選で選びました。",
        "not_worth_it": "採算確率 {p}：{alike}。採算には{break_even}の成功が必要です。",
        "contacted_lately": "前回のご連絡は{last_contact}（{contact_days}日前）です。",
        "open_proposal": (
            "{proposal}のご提案にお返事をいただいていません（{proposal_days}日経過）。"
            "お返事があるまで、点数を理由に外すことはしません。"
        ),
        "worth_it": "採算確率 {p}：{alike}（採算ライン{break_even}）。",
        "in_doubt": "採算確率 {p}：{alike}（採算ライン{break_even}）。",
        "not_enough_known": "学習に使えた過去のお客様と似ていないか、過去の案件が足りません。",
        "former_customer": (
            "{since}からのお客様、最終注文から{recency}日、成果：{result}。契約前のスコアの対象外です。"
        ),
        "current_customer": (
            "最終注文から{recency}日、成果：{result}。ご契約の有無を記したリストはありません。"
        ),
        "our_part_missing": "当社がお約束した最低限の対応ができていません。成果：{result}。",
        "silent_leaver": "累計{spend}、最終注文から{recency}日、成果：{result}。",
        "pays_gets_nothing": "累計{spend}、成果：{result}。",
        "gets_results_pays_little": "成果：{result}、累計{spend}、年間ポテンシャル{potential}。",
        "gets_results": "成果：{result}、年間{yearly}、年間ポテンシャル{potential}。",
        "on_the_way": "{since}からご契約中、成果はまだ不明です。",
        "normal_service": "成果：{result}、累計{spend}、{open}。",
    },
}

# Parts of the evidence that depend on more than one fact.
ALIKE: dict[Language, tuple[str, str]] = {
    "en": (
        "of {n} alike whose deal was decided {signed} signed",
        ", of {known} alike with a known result {results} got results",
    ),
    "ja": (
        "似たお客様のうち案件が決着した{n}件で受注は{signed}件",
        "、結果が判明した{known}件で成果ありは{results}件",
    ),
}
OPEN_INCIDENT: dict[Language, tuple[str, str]] = {
    "en": ("nothing is open", "an incident of {day} is open, signed as not justified"),
    "ja": (
        "未解決の件はありません",
        "{day}のお申し出が未解決です（正当なお申し出ではないと署名済み）",
    ),
}
# Said instead where orders, not contracts, say who is served.
NO_CONTRACTS_HERE: dict[Language, dict[str, str]] = {
    "en": {"on_the_way": "A customer since {since}; result not yet known."},
    "ja": {"on_the_way": "{since}からお取引中、成果はまだ不明です。"},
}
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
    customers: pd.DataFrame,
    client: Client,
    gates: pd.DataFrame,
    *,
    random_state: int = 0,
) -> Decision:
    """Exactly one decision and one main reason for every row of `customers`.

    `customers` is indexed by customer_id and holds what earlier rooms made; a column it lacks is
    unknown for everybody. `gates` is the frame of `assign_gates`. Returns under_contract, decision,
    reason, all_reasons, evidence, hold_out, review_on, priority (1 = first), channels_refused,
    last_contact_on.
    """
    require_columns(gates, GATES, "gates", fix="assign_gates makes them.")
    facts = _facts(customers.sort_index(), client.as_of).join(gates[list(GATES)])
    holds = _holds(facts, client, random_state)
    table = pd.concat(
        [
            _chosen(holds[~facts["under_contract"]], NO_CONTRACT),
            _chosen(holds[facts["under_contract"]], UNDER_CONTRACT),
        ]
    ).reindex(facts.index)
    table.insert(0, "under_contract", facts["under_contract"])
    table["evidence"] = _evidence(table["reason"], facts, client)
    table["hold_out"] = table["reason"] == "hold_out"
    table["review_on"] = _review_on(table["reason"], facts, client)
    table["priority"] = _priority(table, facts)
    table[["channels_refused", "last_contact_on"]] = facts[["channels_refused", "last_contact_on"]]
    check_decision(table, customers.index)
    return Decision(
        table,
        summarise(table),
        count_reasons(table),
        _messages(facts, client),
        _disputed(facts, client.language),
    )


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
    assert table.loc[served, "decision"].isin(["grow", "recover", "keep_serving", "not_now"]).all()
    assert table.loc[~served, "decision"].isin(["approach", "not_approached", "not_now"]).all()
    assert table["reason"].isin(list(VALUES["reason"])).all(), "a customer has no main reason"


def explain_decision(row: pd.Series, language: Language = "en") -> str:
    """One row of `Decision.table` as a sentence: who, what, why, when it is looked at again."""
    decision = value_label("decision", row["decision"], language)
    reason = value_label("reason", row["reason"], language)
    name = row.get("name")
    who = row.name if pd.isna(name) or name == "" else str(name).removesuffix("様")
    day = f"{row['review_on']:%Y-%m-%d}"
    if language == "ja":
        return f"{who}様：{decision}（{reason}）。{row['evidence']}見直し日は{day}です。"
    return f"{who}様: {decision} ({reason}). {row['evidence']} Looked at again on {day}."


# --- the facts --------------------------------------------------------------------------------
def _facts(customers: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """What the reasons need, one known type per column; a column not given is unknown."""

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
        ],
        "text": ["stage", "incident_state", "got_results", "field"],
    }  # fmt: skip
    facts = pd.DataFrame(
        {name: column(name, kind) for kind, names in kinds.items() for name in names},
        index=customers.index,
    )
    facts["got_results"] = facts["got_results"].fillna("unknown")
    years = (facts["tenure_days"] / 365).clip(lower=1).fillna(1)
    facts["yearly"] = facts["monetary"] / years
    return facts


# --- the reasons ------------------------------------------------------------------------------
def _holds(facts: pd.DataFrame, client: Client, random_state: int) -> pd.DataFrame:
    """One boolean column per reason: does it hold, whether or not it is the main one."""
    no, yes = facts["got_results"] == "no", facts["got_results"] == "yes"
    failed_them = facts["we_did_our_part"].eq(False).fillna(False)
    incident = facts["incident_state"].eq("open") & ~facts["justified"].eq(False).fillna(False)
    waited = (pd.Timestamp(client.as_of) - facts["last_contact_on"]).dt.days
    room = (facts["potential_amount"] > facts["yearly"]) | (
        facts["potential_amount"].isna() & facts["field"].ne("pays_and_gets_results")
    )
    holds = pd.DataFrame(
        {
            "opted_out": facts["opted_out"],
            "declared": facts["declared"].notna(),
            "open_incident": incident.fillna(False),
            "contacted_lately": waited.lt(client.contact_policy.min_days_between),
            "our_part_missing": failed_them & ~yes,
            "silent_leaver": facts["silent_leaver"].fillna(False),
            "pays_gets_nothing": facts["field"].eq("pays_gets_nothing") & no,
            "gets_results_pays_little": facts["field"].eq("gets_results_pays_little") & yes,
            "gets_results": yes & room,
            # "Still open" says something only where results are ever written down.
            "on_the_way": ~yes & ~no & bool((yes | no).any()),
        }
    )
    holds = holds.astype(bool).join(_worth(facts, client, holds["open_incident"]))
    first = list(NO_CONTRACT)[: list(NO_CONTRACT).index("hold_out")]
    left_out = holds["not_worth_it"] & ~holds[first].any(axis=1)
    holds["hold_out"] = _drawn(facts.loc[left_out, "worth_band"], client, random_state).reindex(
        facts.index, fill_value=False
    )
    holds["normal_service"] = ~holds[list(UNDER_CONTRACT)[:-1]].any(axis=1)
    return holds


def _worth(facts: pd.DataFrame, client: Client, incident: pd.Series) -> pd.DataFrame:
    """Exactly one of the answers about P(worth it).

    The score knows who signs for the first time; of former customers it says nothing, nor may it
    shut out who got results, or waits for our answer to an incident; nor whose answer to a fresh
    proposal of ours *we* await.
    """
    p, lately = facts["p_worth_it"], facts["ordered_lately"]
    before = facts["signed_before"] | facts["first_order_on"].notna() | lately
    known = facts["like_the_learned"].fillna(False).astype(bool) & p.notna() & ~before
    barred = facts["got_results"].eq("yes") | incident | facts["under_contract"]
    hopeless = known & p.le(client.worth.not_worth_probability) & ~barred
    awaited = hopeless & facts["fresh_proposal_on"].notna()
    worth_it = known & p.ge(LIKELY)
    return pd.DataFrame(
        {
            "not_worth_it": hopeless & ~awaited,
            "open_proposal": awaited,
            "worth_it": worth_it,
            "current_customer": before & lately,
            "former_customer": before & ~lately,
            "in_doubt": known & ~worth_it & ~hopeless,
            "not_enough_known": ~known & ~before,
        }
    ).astype(bool)


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
            "decision": main.map(decisions).astype(str),
            "reason": main.astype(str),
            "all_reasons": joined.str.removeprefix("; ").astype(str),
        }
    )


def _review_on(reason: pd.Series, facts: pd.DataFrame, client: Client) -> pd.Series:
    """The general review day; who was contacted lately is free again after `min_days_between`."""
    day = pd.Timestamp(client.as_of) + pd.Timedelta(days=client.contact_policy.review_in_days)
    free = facts["last_contact_on"] + pd.Timedelta(days=client.contact_policy.min_days_between)
    return free.where(reason == "contacted_lately", day).astype("datetime64[us]")


def _priority(table: pd.DataFrame, facts: pd.DataFrame) -> pd.Series:
    """1 = first. Repeaters with an open incident, other incidents, recovery, growth, approaches."""
    incident = table["reason"] == "open_incident"
    group = table["decision"].map({name: k + 2 for k, name in enumerate(FIRST_TO_LAST)})
    group = group.mask(incident, 1).mask(incident & facts["stage"].eq("repeater"), 0)
    reasons = {name: k for k, name in enumerate([*UNDER_CONTRACT, *NO_CONTRACT])}
    order = pd.DataFrame(
        {
            "group": group,
            "reason": table["reason"].map(reasons),
            "key": ~facts["key_account"].fillna(False).astype(bool),
            "p": -facts["p_worth_it"].fillna(0),
            "spend": -facts["monetary"].fillna(0),
            "id": table.index,
        }
    ).sort_values(["group", "reason", "key", "p", "spend", "id"])
    order["place"] = _spread(table["reason"].reindex(order.index), order["group"])
    order = order.sort_values(["group", "place", "id"])
    return pd.Series(range(1, len(order) + 1), index=order.index).reindex(table.index)


def _spread(reason: pd.Series, group: pd.Series) -> pd.Series:
    """Places in the order given, the hold-out spread evenly among those approached: it gets its
    share of the hours, neither all of them nor none.
    """
    place = pd.Series(np.arange(len(reason), dtype=float), index=reason.index)
    held = reason == "hold_out"
    others = place[~held & group.isin(group[held])]
    share = (np.arange(held.sum()) + 0.5) / max(held.sum(), 1)
    if held.any() and len(others):
        place[held] = np.quantile(others, share)
    return place


# --- in words ---------------------------------------------------------------------------------
def _evidence(reason: pd.Series, facts: pd.DataFrame, client: Client) -> pd.Series:
    sentences = EVIDENCE[client.language]
    if client.contract.under_contract == "ordered_within":
        sentences = sentences | NO_CONTRACTS_HERE[client.language]
    clauses = {name: _CLAUSE.findall(sentence) for name, sentence in sentences.items()}
    words = _in_words(facts, client)
    rows = zip(reason, *words.values(), strict=True)
    written = [_told(clauses[name], dict(zip(words, row, strict=True))) for name, *row in rows]
    return pd.Series(written, index=reason.index, dtype="str")


def _told(clauses: list[tuple[str, str]], words: dict[str, str]) -> str:
    """The clauses of which every word is known, as one sentence."""
    known = [
        (says.format(**words), ends)
        for says, ends in clauses
        if all(words[name] for _, name, _, _ in Formatter().parse(says) if name)
    ]
    if not known:
        return ""
    told = "".join(says + ends for says, ends in known[:-1]) + known[-1][0] + clauses[-1][1]
    return told[:1].upper() + told[1:]


def _in_words(facts: pd.DataFrame, client: Client) -> dict[str, list[str]]:
    """Every number an evidence sentence may name, as text; empty where it is not known."""
    today = pd.Timestamp(client.as_of)

    def written(values: pd.Series, form: str) -> list[str]:
        return ["" if pd.isna(value) else form.format(value) for value in values]

    day, days, money, share = "{:%Y-%m-%d}", "{:.0f}", client.client.currency + "{:,.0f}", "{:.1%}"
    needed = "" if client.worth.break_even is None else share.format(client.worth.break_even)
    results = [value_label("got_results", word, client.language) for word in facts["got_results"]]
    return {
        "refused": list(facts["channels_refused"]),
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
        "p": written(facts["p_worth_it"], share),
        "alike": _alike(facts, client.language),
        "proposal": written(facts["fresh_proposal_on"], day),
        "proposal_days": written((today - facts["fresh_proposal_on"]).dt.days, days),
        "open": _open_in_words(facts, client.language),
        "break_even": [needed] * len(facts),
        "result": [str(result) for result in results],
    }


def _alike(facts: pd.DataFrame, language: Language) -> list[str]:
    """What became of those in the same band, in counts: a rate of few people is no count."""
    signed, known = ALIKE[language]
    names = {
        "n": "band_customers", "signed": "band_signed", "known": "band_known",
        "results": "band_results",
    }  # fmt: skip
    counts = facts[list(names.values())].fillna(0).astype("int64").set_axis(list(names), axis=1)
    return [
        (signed + (known if row["known"] else "")).format(**row)
        for row in counts.to_dict("records")
    ]


def _open_in_words(facts: pd.DataFrame, language: Language) -> list[str]:
    nothing, something = OPEN_INCIDENT[language]
    days = zip(facts["incident_state"].eq("open"), facts["open_incident_since"], strict=True)
    return [
        something.format(day="—" if pd.isna(day) else f"{day:%Y-%m-%d}") if is_open else nothing
        for is_open, day in days
    ]


def _disputed(facts: pd.DataFrame, language: Language) -> str:
    """Names whom a won deal calls under contract although the customer list says no."""
    found = facts.index[facts["contract_disputed"]]
    if not len(found):
        return ""
    ids = ("、" if language == "ja" else ", ").join(map(str, found[:SHOWN]))
    more = " …" if len(found) > SHOWN else ""
    if language == "ja":
        return (
            f"{len(found):,}名（{ids}{more}）は、顧客リストでは契約なしですが、その後に受注した案件に"
            "終了日がないため、ご契約中として扱います。契約が終わっている場合は、案件一覧に終了日の列"
            "（ended_on）を加えてください。"
        )
    return (
        f"{len(found):,} customer(s) ({ids}{more}) have no contract by the customer list, but a "
        "deal won since then that names no end: they count as under contract. If it has ended, add "
        "a column with that day to the list of deals (ended_on)."
    )


def summarise(table: pd.DataFrame) -> pd.DataFrame:
    """People per decision and relation; the last row, `all`, adds up to everyone."""
    counts = pd.DataFrame({"decision": list(VALUES["decision"])})
    served = table["under_contract"].astype(bool)
    for name, part in (("no_contract", table[~served]), ("under_contract", table[served])):
        found = part["decision"].value_counts()
        counts[name] = counts["decision"].map(found).fillna(0).astype("int64")
    counts["customers"] = counts["no_contract"] + counts["under_contract"]
    total = counts[["no_contract", "under_contract", "customers"]].sum().to_frame().T
    return pd.concat([counts, total.assign(decision="all")], ignore_index=True)


def count_reasons(table: pd.DataFrame) -> pd.DataFrame:
    """People per decision and main reason, in the order of the gates."""
    counts = table.groupby(["decision", "reason"]).size().rename("customers").reset_index()
    places = {name: k for k, name in enumerate(VALUES["decision"])}
    reasons = {name: k for k, name in enumerate(VALUES["reason"])}
    order = counts.assign(a=counts["decision"].map(places), b=counts["reason"].map(reasons))
    return order.sort_values(["a", "b"])[["decision", "reason", "customers"]].reset_index(drop=True)


def _messages(facts: pd.DataFrame, client: Client) -> tuple[str, ...]:
    japanese = client.language == "ja"
    found = []
    for row in client.contact_policy.should_not:
        features = {split_condition(condition)[0] for condition in row.conditions}
        proxies = ", ".join(sorted(name for name in features if name.lower() in SENSITIVE))
        because = row.because_ja or row.because if japanese else row.because
        if proxies:
            found.append(
                f"取り決め「{because}」は{proxies}で判断しています。特定の方々を締め出すおそれが"
                "あります。本当に必要かをご確認ください。"
                if japanese
                else f'The rule "{because}" decides by {proxies}: it may shut out a '
                "group of people. Ask whether it must."
            )
        if not row.decided_by:
            found.append(
                f"取り決め「{because}」は適用されていますが、誰も署名していません。"
                if japanese
                else f'The rule "{because}" is applied, but nobody has signed it.'
            )
    return (*found, *_no_worth(facts, client))


def _no_worth(facts: pd.DataFrame, client: Client) -> tuple[str, ...]:
    """Why nobody is called not worth it, where that is so."""
    japanese = client.language == "ja"
    if client.worth.break_even is None:
        return (
            "[worth] に価値と費用の記載がないため、採算を理由に外したお客様はいません。"
            if japanese
            else "No value or cost is stated in [worth], so nobody is called not worth it.",
        )
    if not facts["p_worth_it"].notna().any():
        return (
            "採算のモデルを学習できないため、採算を理由に外したお客様はいません。"
            if japanese
            else "No model of what pays could be learned, so nobody is called not worth it.",
        )
    return ()
