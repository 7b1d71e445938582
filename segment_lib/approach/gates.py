"""The gates before any score: who is under contract, whom we may not or should not contact.

*May not*: no channel is allowed any more (`opted_out`). *Should not*: people decided it, by rule or
by name, and signed (`declared` says why and who). `last_contact_on` is our own last touch. A
complaint is no gate.
"""

from __future__ import annotations

import unicodedata
from datetime import date

import pandas as pd

from segment_lib.behaviour.contracts import relation
from segment_lib.behaviour.status import fresh_proposals
from segment_lib.checks import ClientError
from segment_lib.client import Client
from segment_lib.settings import ShouldNotRow, split_condition
from segment_lib.settings.sections import plain_word
from segment_lib.voice import said_by_people

CHANNEL_WORDS = {
    "mail": ("mail", "e-mail", "email", "メール", "eメール", "メルマガ"),
    "call": ("call", "telephone", "phone", "tel", "電話"),
    "visit": ("visit", "met", "meal", "訪問", "面談", "会食"),
    "letter": ("letter", "post", "dm", "郵送", "はがき"),
}
CHANNEL_OF_WORD = {word: channel for channel, words in CHANNEL_WORDS.items() for word in words}
ALL_WORDS = {"all", "全て", "すべて"}
OF_INCIDENTS = ("incident_state", "open_incident_since", "justified", "severity", "about")


def assign_gates(
    customers: pd.DataFrame,
    client: Client,
    permissions: pd.DataFrame | None = None,
    contacts: pd.DataFrame | None = None,
    deals: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Per customer what `relation` says, opted_out, channels_refused (text), declared (why, and who
    signed; missing where nobody did), last_contact_on and fresh_proposal_on.

    `deals` is the register's table; None means that no list has deals. Raises `ClientError` for a
    rule of [[contact_policy.should_not]] that cannot be used.
    """
    everyone = customers.sort_index()
    gates = relation(everyone, client, deals)
    gates = gates.join(_refused(everyone.index, permissions, contacts, client))
    gates["declared"] = _declared(everyone, client)
    gates["last_contact_on"] = _last_contact(everyone.index, contacts, client.as_of)
    gates["fresh_proposal_on"] = pd.Series(pd.NaT, everyone.index, dtype="datetime64[us]")
    if deals is not None:
        fresh = fresh_proposals(deals, client.as_of, client.status)
        gates["fresh_proposal_on"] = fresh.reindex(everyone.index)
    return gates


def channel_code(word: object) -> str:
    """mail, call, visit or letter for the words of a list; any other word is its own channel."""
    text = plain_word(word)
    return CHANNEL_OF_WORD.get(text, text)


def _refused(
    index: pd.Index, permissions: pd.DataFrame | None, contacts: pd.DataFrame | None, client: Client
) -> pd.DataFrame:
    """`channels_refused` (text) and `opted_out`: no channel in use is allowed any more.

    The latest word counts, a refusal at a tie; an undated refusal stands, an undated permission
    yields. A visit is no channel to begin with: it is arranged by one of the others.
    """
    nobody = pd.DataFrame({"channels_refused": "", "opted_out": False}, index=index)
    if permissions is None or permissions.empty:
        return nobody
    words = _words_in_order(permissions, client)
    in_use = {"mail", "call"} | set(words["channel"]) | _channels_used(contacts)
    in_use -= {"all", "visit"}
    refused = pd.DataFrame(index=index)
    for channel in sorted(in_use):
        latest = words[words["channel"].isin(["all", channel])]
        latest = latest.drop_duplicates("customer_id", keep="last")
        refused[channel] = index.isin(latest.loc[~latest["allowed"], "customer_id"])
    named = [", ".join(refused.columns[row]) for row in refused.to_numpy(bool)]
    return pd.DataFrame(
        {"channels_refused": pd.Series(named, index, dtype="str"), "opted_out": refused.all(axis=1)}
    )


def _words_in_order(permissions: pd.DataFrame, client: Client) -> pd.DataFrame:
    """Every dated word by its day, at a tie the refusals last; its channel by our code."""
    everything = ALL_WORDS | {plain_word(client.contact_policy.all_channels_word)}
    words = permissions[permissions["allowed"].notna()].copy()
    allowed = words["allowed"].astype(bool)
    undated = pd.Series(pd.Timestamp.min, index=words.index)
    undated = undated.where(allowed, pd.Timestamp(client.as_of))
    since = pd.to_datetime(words["since"]).astype("datetime64[ns]")
    words["since"] = since.fillna(undated.astype("datetime64[ns]"))
    words["channel"] = [
        "all" if plain_word(word) in everything else channel_code(word) for word in words["channel"]
    ]
    words = words.assign(allowed=allowed)[words["since"] <= pd.Timestamp(client.as_of)]
    return words.sort_values(["customer_id", "since", "allowed"], ascending=[True, True, False])


def _ours(contacts: pd.DataFrame) -> pd.DataFrame:
    """Our own touches; the customer's own word to us is none."""
    return contacts[contacts["direction"].fillna("out") == "out"]


def _channels_used(contacts: pd.DataFrame | None) -> set[str]:
    if contacts is None or contacts.empty:
        return set()
    words = _ours(contacts)["channel"].dropna().unique()
    return {channel_code(word) for word in words} & set(CHANNEL_WORDS)


def _last_contact(index: pd.Index, contacts: pd.DataFrame | None, as_of: date) -> pd.Series:
    """The day of our own last touch."""
    if contacts is None or contacts.empty:
        return pd.Series(pd.NaT, index=index, dtype="datetime64[us]")
    past = _ours(contacts[contacts["contacted_on"] <= pd.Timestamp(as_of)])
    return past.groupby("customer_id")["contacted_on"].max().reindex(index)


def last_channel(contacts: pd.DataFrame | None, as_of: date) -> pd.Series:
    """By which means our own last touch was, per customer of whom a list says so."""
    if contacts is None or contacts.empty:
        return pd.Series(dtype="str")
    past = _ours(contacts[contacts["contacted_on"] <= pd.Timestamp(as_of)])
    said = past["channel"].astype("object")
    by = said.map(channel_code, na_action="ignore").astype("object")
    by = by.where(by.notna(), past["kind"].astype("object"))
    last = past.assign(by=by).dropna(subset=["by"]).sort_values("contacted_on", kind="stable")
    return last.drop_duplicates("customer_id", keep="last").set_index("customer_id")["by"]


def _declared(customers: pd.DataFrame, client: Client) -> pd.Series:
    """In words why we decided not to approach, and who signed it; missing where we did not."""
    declared = pd.Series(pd.NA, index=customers.index, dtype="object")
    for row in client.contact_policy.should_not:
        says = said_by_people(row.because, row.because_ja)
        hit = _meant(customers, row) & declared.isna()
        declared[hit] = f"{says} ({row.signature()})"
    return declared


def _meant(customers: pd.DataFrame, row: ShouldNotRow) -> pd.Series:
    if not row.conditions and not row.customers:
        raise ClientError(
            '[[contact_policy.should_not]] "{because}" names neither conditions nor '
            "customers, so it would mean everybody. Add one of them.",
            because=row.because,
        )
    ids = [unicodedata.normalize("NFKC", customer_id) for customer_id in row.customers]
    named = pd.Series(customers.index.isin(ids), index=customers.index)
    if not row.conditions:
        return named
    fits = pd.Series(True, index=customers.index)
    for condition in row.conditions:
        fits &= _fits(customers, condition, row.because)
    return fits | named


def _fits(customers: pd.DataFrame, condition: str, because: str) -> pd.Series:
    feature, sign, value = split_condition(condition)
    if feature in OF_INCIDENTS:
        raise ClientError(
            '[[contact_policy.should_not]] "{because}" asks for {feature}. A complaint is never a '
            "reason to leave someone alone. Take the condition out.",
            because=because,
            feature=feature,
        )
    if feature not in customers:
        raise ClientError(
            '[[contact_policy.should_not]] "{because}" asks for {feature}, which '
            "customers do not have. They have {known}.",
            because=because,
            feature=feature,
            known=sorted(map(str, customers.columns)),
        )
    values = customers[feature]
    if sign in ("<=", ">="):
        numbers = pd.to_numeric(values, errors="coerce").astype("float64")
        return numbers <= float(value) if sign == "<=" else numbers >= float(value)
    same = values.astype("object").map(plain_word, na_action="ignore").eq(plain_word(value))
    return same.fillna(False).astype(bool) if sign == "=" else values.notna() & ~same
