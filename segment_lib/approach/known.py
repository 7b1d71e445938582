"""What is known of each customer, for the rows and the sentences of the playbook.

A row asks for it in `when`, a sentence says it as {name}. Beside what stands here every column of a
customer may be asked for and said, such as an attribute of the client's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from segment_lib.approach.bought_together import goes_with
from segment_lib.behaviour.five_types import ALL_LINES
from segment_lib.behaviour.status import open_quotes
from segment_lib.behaviour.steps import open_requests
from segment_lib.client import Client
from segment_lib.columns import COLUMNS, as_text, value_label, values_of
from segment_lib.in_words import count, date_said
from segment_lib.lists import tables_of
from segment_lib.results.our_part import our_part_table
from segment_lib.results.target import is_main
from segment_lib.settings import OfferRow
from segment_lib.voice import N_, _, ngettext, pgettext, said_by_people

SOON_DAYS = 14  # so many days before its range a next order is "soon"
WIDEST_SOON = 180  # a range of more days than this tells nobody when to call: no order is "soon"
EARLIER_QUOTES = 30  # fewer like it, and nothing is said of the chance of a proposal
SETTLED_DAYS = 90  # a proposal that was younger than this then could not yet tell how it ended
BALANCE_DAYS = 90  # over which what we gave and what we asked for is counted

# Name → (kind as in columns.toml, what it is). A row asks for any of them, a sentence says any.
FACTS: dict[str, tuple[str, str]] = {
    "due": ("code", N_("the next order: soon, overdue or none, by the most urgent line")),
    "line": ("text", N_("the product line that is due or late, else the one bought last")),
    "due_from": ("date", N_("the first day on which it is expected")),
    "due_by": ("date", N_("the last day on which it is expected")),
    "due_range": ("text", N_("from when to when, in words, from today on")),
    "days_late": ("integer", N_("days past the last of them")),
    "quote": ("code", N_("our proposal that is not decided: open (fresh), lying, or none")),
    "deal": ("text", N_("the number of its deal")),
    "quote_amount": ("money", N_("its amount")),
    "quote_days": ("integer", N_("days since it went out")),
    "quote_chance": ("number", N_("share of our proposals that were won after waiting as long")),
    "request": ("code", N_("a request that is not done yet: open or none")),
    "step": ("text", N_("the first of these requests")),
    "request_days": ("integer", N_("days since we asked for it")),
    "main": ("yes_no", N_("did every request, or is a fan")),
    "missing": ("text", N_("what of our own part is missing")),
    "incident": ("text", N_("what the list says of the last incident")),
    "incident_on": ("date", N_("the day it happened")),
    "incident_days": ("integer", N_("days since then")),
    "recovered_on": ("date", N_("the day it was put right")),
    "recovered_days": ("integer", N_("days since it was put right")),
    "product": ("text", N_("the product bought last")),
    "with": ("text", N_("what goes with the line and they have not bought yet")),
    "with_k": ("integer", N_("how many buyers of the line bought it too")),
    "with_n": ("integer", N_("how many bought the line")),
    "second_order": ("text", N_("the offer for a second order, from [[offers]]")),
    "event": ("text", N_("the event, from [[offers]]")),
    "new": ("text", N_("what is new, from [[offers]]")),
    "proposed_on": ("date", N_("the day of our last proposal")),
    "last_met_on": ("date", N_("the day we last met")),
    "contract_days": ("integer", N_("days under contract")),
    "result_on": ("date", N_("the day on which the result was noted")),
    "used_days": ("integer", N_("days on which they used the service")),
    "asks_in_a_row": ("integer", N_("how often we asked for something since we last gave")),
    "asked_90d": ("integer", N_("how often we asked for something in 90 days")),
    "gave_90d": ("integer", N_("how often we gave something in 90 days")),
}


def known_of(
    customers: pd.DataFrame, tables: Any, client: Client, lines: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The columns of FACTS, one row per customer; missing is what no list tells.

    `customers` hold what the rooms before made; `tables` is the register, None if there is none;
    `lines` are the due dates
    by product line, one row per customer and line (notebook 04), where lines are named.
    """
    if tables is None:
        return _typed(_of_customers(customers, client, lines).reindex(columns=list(FACTS)))
    tables, day, everyone = tables_of(tables), pd.Timestamp(client.as_of), customers.index
    contacts, deals, incidents, usage, bought = (
        tables.frame(name) for name in ("contacts", "deals", "incidents", "usage", "order_lines")
    )
    bought = bought[bought["ordered_on"] <= day]
    parts = [
        _of_customers(customers, client, lines),
        _quotes(deals, client),
        _requests(contacts, client),
        _incidents(incidents, day),
        _bought_last(bought),
        _balance(contacts, day),
        our_part_missing(contacts, incidents, client, everyone),
    ]
    facts = pd.DataFrame(index=everyone).join([part.reindex(everyone) for part in parts])
    line, last_line = facts["line"].astype("object"), facts.pop("last_line").astype("object")
    facts["line"] = line.where(line.notna(), last_line)
    for name in ("quote", "request"):
        state = facts[name].astype("object")
        facts[name] = state.where(state.notna(), "none")
    proposed = deals[deals["proposed_on"] <= day]
    met = contacts[contacts["kind"].isin([*client.stages.met, *client.stages.meal])]
    facts["proposed_on"] = proposed.groupby("customer_id")["proposed_on"].max()
    facts["last_met_on"] = (
        met[met["contacted_on"] <= day].groupby("customer_id")["contacted_on"].max()
    )
    used = usage[usage["used_on"] <= day]
    facts["used_days"] = used.groupby("customer_id")["used_on"].nunique()
    facts = facts.join([_with(facts["line"], bought, client), _offers(facts["line"], client)])
    return _typed(facts)


def _of_customers(
    customers: pd.DataFrame, client: Client, lines: pd.DataFrame | None
) -> pd.DataFrame:
    """What the rooms before tell by themselves."""
    contract_on = _days(customers, "contract_on")
    return next_due(customers, client, lines).assign(
        contract_days=(pd.Timestamp(client.as_of) - contract_on).dt.days,
        result_on=_days(customers, "decided_on"),
        main=is_main(customers),
    )


def _typed(facts: pd.DataFrame) -> pd.DataFrame:
    """The columns of FACTS, each of its kind, also where nobody has a value."""
    types = {
        "integer": "Int64",
        "number": "float64",
        "money": "float64",
        "yes_no": "boolean",
        "date": "datetime64[us]",
    }
    made = {}
    for name, (kind, _says) in FACTS.items():
        values = facts[name]
        made[name] = values.astype(types[kind]) if kind in types else as_text(values)
    return pd.DataFrame(made, index=facts.index)


# --- each from its own table --------------------------------------------------------------------
def next_due(
    customers: pd.DataFrame, client: Client, lines: pd.DataFrame | None = None
) -> pd.DataFrame:
    """due, line, due_from, due_by, days_late: of the most urgent line of each customer.

    Late and not lapsed comes before soon; of several the range that ended, or begins, first. From
    the second order day on: who ordered once is never due. A range of more than `WIDEST_SOON` days
    is never soon. Without lines, by all orders.
    """
    named = lines is not None and len(lines) and lines["product_line"].ne(ALL_LINES).any()
    rows = lines if named else customers
    needed = {"was_due_from", "was_due_by", "order_days", "lapsed"}
    columns = ["due", "line", "due_from", "due_by", "due_range", "days_late"]
    if rows is None or not needed <= set(rows):
        return pd.DataFrame({"due": "none"}, index=customers.index).reindex(columns=columns)
    next_days = {name: _days(rows, name) for name in ("next_from", "next_to")}
    day, first, last = (
        pd.Timestamp(client.as_of), _days(rows, "was_due_from"), _days(rows, "was_due_by"),
    )  # fmt: skip
    again = rows["order_days"].fillna(0).ge(2) & rows["lapsed"].eq(False).fillna(False)
    again = again.astype(bool)
    late = again & last.lt(day)
    soon = again & ~late & first.le(day + pd.Timedelta(days=SOON_DAYS))
    soon &= (last - first).dt.days.le(WIDEST_SOON)
    found = pd.DataFrame(
        {
            "due": np.select([late, soon], ["overdue", "soon"], "none"),
            "line": rows["product_line"] if named else None,
            "due_from": first,
            "due_by": last,
            **next_days,
            "days_late": (day - last).dt.days.where(late),
        },
        index=rows.index,
    )
    urgent = found.assign(after=soon, by=last.where(late, first))[late | soon]
    urgent = urgent.sort_values(["after", "by"], kind="stable")
    first_of = urgent[~urgent.index.duplicated()].reindex(customers.index)
    found = first_of.assign(due=first_of["due"].fillna("none"), due_range=_range_said(first_of))
    return found.reindex(columns=columns)


def _range_said(due: pd.DataFrame) -> list[str | None]:
    """The range in words: from today on where it is known, else that of the own pace."""
    first, last = (
        due[name].fillna(due[was])
        for name, was in (("next_from", "due_from"), ("next_to", "due_by"))
    )
    return [
        None
        if pd.isna(one)
        else _("from {first:%Y-%m-%d} to {last:%Y-%m-%d}", first=one, last=other)
        for one, other in zip(first, last, strict=True)
    ]


def _days(frame: pd.DataFrame, column: str) -> pd.Series:
    if column not in frame:
        return pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    return pd.to_datetime(frame[column])


def _quotes(deals: pd.DataFrame, client: Client) -> pd.DataFrame:
    open_ = open_quotes(deals, client.as_of)
    days = (pd.Timestamp(client.as_of) - open_["proposed_on"]).dt.days
    fresh = days <= client.status.proposal_fresh_days
    state = pd.Series(np.where(fresh, "open", "lying"), index=open_.index)
    chances = {waited: _quote_chance(deals, int(waited), client) for waited in days.unique()}
    found = {"deal": open_["deal_id"], "quote_amount": open_["amount"], "quote_days": days}
    return pd.DataFrame({"quote": state, **found, "quote_chance": days.map(chances)})


def _quote_chance(deals: pd.DataFrame, waited: int, client: Client) -> float:
    """Of our earlier proposals that had waited as many days undecided, the share that was won."""
    age = (pd.Timestamp(client.as_of) - deals["proposed_on"]).dt.days
    took = (deals["decided_on"] - deals["proposed_on"]).dt.days
    undated = deals["decided_on"].isna() & deals["won"].notna()  # when it was decided is not known
    like_it = age.ge(waited + SETTLED_DAYS) & ~undated & ~took.le(waited)
    if like_it.sum() < EARLIER_QUOTES:
        return float("nan")
    # an end after the day of the run is not known on that day
    by_then = deals["decided_on"].le(pd.Timestamp(client.as_of))
    return float((deals["won"].eq(True) & by_then)[like_it].mean())


def _requests(contacts: pd.DataFrame, client: Client) -> pd.DataFrame:
    open_ = open_requests(contacts, client.steps, client.as_of)
    names = {one.name: said_by_people(one.label_en or one.name, one.label_ja)
             for one in client.steps}  # fmt: skip
    days = (pd.Timestamp(client.as_of) - pd.to_datetime(open_["asked_on"])).dt.days
    return pd.DataFrame(
        {"request": "open", "step": open_["step"].map(names), "request_days": days},
        index=open_.index,
    )


def _incidents(incidents: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    known = incidents[incidents["occurred_on"] <= day].sort_values("occurred_on", kind="stable")
    last = known.drop_duplicates("customer_id", keep="last").set_index("customer_id")
    recovered = last["recovered_on"].where(last["recovered_on"] <= day)
    return pd.DataFrame(
        {
            "incident": last["about"].where(last["about"].notna(), last["severity"]),
            "incident_on": last["occurred_on"],
            "incident_days": (day - last["occurred_on"]).dt.days,
            "recovered_on": recovered,
            "recovered_days": (day - recovered).dt.days,
        }
    )


def _bought_last(bought: pd.DataFrame) -> pd.DataFrame:
    """The product and the line of the last order; of several, the one that cost most."""
    last = bought.sort_values(["ordered_on", "amount"], kind="stable")
    last = last.drop_duplicates("customer_id", keep="last").set_index("customer_id")
    named = last["product"].fillna(last["product_line"])
    return pd.DataFrame({"product": named, "last_line": last["product_line"]})


def _balance(contacts: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """与える：求める: how often we gave and asked; a request of the list counts as asking."""
    ours = contacts[contacts["direction"].fillna("out").eq("out")]
    ours = ours[(ours["contacted_on"] <= day) & ours["intent"].notna()]
    gives, asks = ours[ours["intent"].eq("give")], ours[ours["intent"].eq("ask")]
    given_on = gives.groupby("customer_id")["contacted_on"].max()
    since = given_on.reindex(asks["customer_id"]).set_axis(asks.index)
    in_a_row = asks[since.isna() | (asks["contacted_on"] > since)]
    lately = day - pd.Timedelta(days=BALANCE_DAYS)
    counted = {
        "asks_in_a_row": in_a_row,
        "asked_90d": asks[asks["contacted_on"] > lately],
        "gave_90d": gives[gives["contacted_on"] > lately],
    }
    table = pd.DataFrame({name: rows.groupby("customer_id").size() for name, rows in
                          counted.items()})  # fmt: skip
    return table.reindex(ours["customer_id"].unique()).fillna(0).astype("Int64")


def our_part_missing(
    contacts: pd.DataFrame, incidents: pd.DataFrame, client: Client, everyone: pd.Index
) -> pd.DataFrame:
    """missing: in words what of [our_part] was not delivered; no word where all of it was."""
    section = client.our_part
    table = our_part_table(contacts, incidents, section, client.as_of, everyone)
    left = (section.requests_sent - table["requests_sent"]).clip(lower=0)
    late = table["replies_due"] - table["replies_in_time"]
    missed = table["we_did_our_part"].eq(False).fillna(False)
    told = [
        pgettext("between missing parts", ", ").join(filter(None, parts)) or None
        for parts in zip(
            (ngettext("{n} request is not sent", "{n} requests are not sent", int(n)) if n else ""
             for n in left.where(missed, 0).fillna(0)),
            (ngettext("{n} message of theirs was answered late or not at all",
                      "{n} messages of theirs were answered late or not at all", int(n))
             if n > 0 else "" for n in late.where(missed, 0).fillna(0)),
            strict=True,
        )
    ]  # fmt: skip
    return pd.DataFrame({"missing": pd.Series(told, index=everyone, dtype="object")})


def _with(line: pd.Series, bought: pd.DataFrame, client: Client) -> pd.DataFrame:
    """What people state in [[offers]] for a line, else what the orders say goes with it."""
    best = goes_with(bought, client.as_of)
    whose = pd.DataFrame({"customer_id": line.index, "product_line": line.to_numpy()})
    asked = whose.dropna().merge(best, on="product_line")
    has = bought.assign(thing=bought["product"].fillna(bought["product_line"]))
    has = has[["customer_id", "thing"]].drop_duplicates()
    seen = asked.merge(
        has, left_on=["customer_id", "goes_with"], right_on=["customer_id", "thing"], how="left"
    )
    free = seen[seen["thing"].isna()].drop_duplicates("customer_id").set_index("customer_id")
    found = free[["goes_with", "with_k", "with_n"]].reindex(line.index)
    found = found.rename(columns={"goes_with": "with"}).astype({"with": "object"})
    for row in _offered("with", client):
        meant = line.eq(row.product_line) if row.product_line else line.notna()
        found.loc[meant, ["with", "with_k", "with_n"]] = [_offer_said(row), np.nan, np.nan]
    return found


def _offers(line: pd.Series, client: Client) -> pd.DataFrame:
    """second_order, event, new: what people state, where it is in stock and not past its day."""
    found = pd.DataFrame(index=line.index)
    for kind in ("second_order", "event", "new"):
        said = pd.Series(None, index=line.index, dtype="object")
        for row in reversed(_offered(kind, client)):
            meant = line.eq(row.product_line) if row.product_line else pd.Series(True, line.index)
            said = said.mask(meant.fillna(False).astype(bool), _offer_said(row))
        found[kind] = said
    return found


def _offered(kind: str, client: Client) -> list[OfferRow]:
    return [
        row
        for row in client.offers
        if row.kind == kind and row.in_stock and (row.until is None or row.until >= client.as_of)
    ]


def _offer_said(row: OfferRow) -> str:
    says = said_by_people(row.says, row.says_ja)
    if row.until is None:
        return says
    return _("{offer} (until {day.day} {day:%B})", offer=says, day=row.until)


# --- in words -----------------------------------------------------------------------------------
def in_words(facts: pd.DataFrame, names: Iterable[str], currency: str) -> dict[str, list[str]]:
    """Each of the named columns as text, as a sentence says it; empty where it is not known."""
    return {name: _written(facts[name], name, currency) for name in names}


def _written(values: pd.Series, name: str, currency: str) -> list[str]:
    kind = FACTS[name][0] if name in FACTS else getattr(COLUMNS.get(name), "kind", "text")
    if kind == "date" or pd.api.types.is_datetime64_any_dtype(values):
        return ["" if pd.isna(day) else date_said(day) for day in pd.to_datetime(values)]
    if kind == "money":
        return ["" if pd.isna(one) else f"{currency}{one:,.0f}" for one in values]
    if kind in ("integer", "number"):
        return ["" if pd.isna(one) else count(one) for one in values]
    if values_of(name):
        return ["" if pd.isna(code) else str(value_label(name, code)) for code in values]
    return ["" if pd.isna(one) else str(one) for one in values]


def askable(facts: pd.DataFrame) -> pd.DataFrame:
    """What a row can ask for and a sentence say: name, what it is, known of how many customers."""
    rows = [(name, _(says), int(facts[name].notna().sum())) for name, (_kind, says) in
            FACTS.items()]  # fmt: skip
    return pd.DataFrame(rows, columns=["fact", "says", "customers"])
