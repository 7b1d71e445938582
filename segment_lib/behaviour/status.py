"""Status: where the customer stands now. One definition for every team; it rises and falls.

Two yardsticks are crossed, how likely is a deal now (`likelihood`) and how good is the relation
(`relationship`), and the grid of their nine cells gives the status. Both read current facts only:
days since the customer was last heard from (a reply, an answered request, an order), the age of an
open proposal, the due range of the next order, the noted attitude, open incidents, requests left
unanswered in a row. Facts grow old by themselves, so with nothing but time a status falls.
"Proposal sent" is no status, since it can never be unsent: a deal keeps its state, the status not.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from segment_lib.checks import KitError
from segment_lib.columns import VALUES, as_text
from segment_lib.settings import StatusSection
from segment_lib.voice import N_, _, pgettext

# (likelihood, relationship) → status.
STATUS_GRID: dict[tuple[str, str], str] = {
    ("high", "good"): "deciding_now",
    ("high", "fair"): "likely",
    ("high", "strained"): "repair_first",
    ("middle", "good"): "likely",
    ("middle", "fair"): "pending",
    ("middle", "strained"): "repair_first",
    ("low", "good"): "nurture",
    ("low", "fair"): "quiet",
    ("low", "strained"): "repair_first",
}
FRIENDLY = ("enthusiastic", "positive")
UNFRIENDLY = ("negative", "hostile")


def check_status_grid(grid: dict[tuple[str, str], str]) -> None:
    """Raise `KitError` unless each cell of the grid has exactly one status that exists."""
    cells = [(like, rel) for like in VALUES["likelihood"] for rel in VALUES["relationship"]]
    wrong = {
        N_("no status for {which}"): [cell for cell in cells if cell not in grid],
        N_("cells that do not exist {which}"): [cell for cell in grid if cell not in cells],
        N_("unknown statuses {which}"): sorted(set(grid.values()) - set(VALUES["status"])),
    }
    said = [_(what, which=which) for what, which in wrong.items() if which]
    if said:
        problem = said.pop()
        if said:
            listed = pgettext("between problems", ", ").join(said)
            problem = _("{first}, and {last}", first=listed, last=problem)
        says = _(
            "The status grid has {problem}. Give each of the nine cells one of {codes}.",
            problem=problem,
            codes=list(VALUES["status"]),
        )
        raise KitError(says)


def assign_status(
    customers: pd.DataFrame,
    contacts: pd.DataFrame,
    deals: pd.DataFrame,
    incidents: pd.DataFrame,
    as_of: date,
    status: StatusSection | None = None,
    *,
    grid: dict[tuple[str, str], str] | None = None,
) -> pd.DataFrame:
    """`likelihood`, `relationship`, `status`, `status_reason`, one row per row of `customers`.

    `customers` is indexed by customer_id; of its columns `last_order_on`, `was_due_from`,
    `was_due_by`, `attitude`, `attitude_on` and `under_contract` are used where they are there.
    """
    limits = status or StatusSection()
    cells = STATUS_GRID if grid is None else grid
    check_status_grid(cells)
    facts = current_facts(customers, contacts, deals, incidents, as_of, limits)
    likelihood = _likelihood(facts, limits)
    relationship = _relationship(facts, limits)
    table = {f"{like}/{rel}": name for (like, rel), name in cells.items()}
    return pd.DataFrame(
        {
            "likelihood": likelihood,
            "relationship": relationship,
            "status": (likelihood + "/" + relationship).map(table),
            "status_reason": _reason(facts, likelihood, relationship, limits),
        },
        index=customers.index,
    ).astype("str")


def fresh_proposals(deals: pd.DataFrame, as_of: date, limits: StatusSection) -> pd.Series:
    """Per customer the day of our last proposal, where it is undecided and not older than
    `proposal_fresh_days`; nobody else is in it.
    """
    day = pd.Timestamp(as_of)
    proposed_on = _latest(_open_deals(deals, day), "proposed_on", day)
    return proposed_on[(day - proposed_on).dt.days <= limits.proposal_fresh_days]


def open_quotes(deals: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Our latest proposal to each customer that is not decided yet: deal_id, amount, proposed_on.

    One row per customer who has one, however old it is.
    """
    day = pd.Timestamp(as_of)
    waiting = _open_deals(deals, day)
    waiting = waiting[waiting["proposed_on"] <= day].sort_values(["proposed_on", "deal_id"])
    latest = waiting.drop_duplicates("customer_id", keep="last").set_index("customer_id")
    return latest[["deal_id", "amount", "proposed_on"]]


def current_facts(
    customers: pd.DataFrame,
    contacts: pd.DataFrame,
    deals: pd.DataFrame,
    incidents: pd.DataFrame,
    as_of: date,
    limits: StatusSection,
) -> pd.DataFrame:
    """What is true on the day, one row per customer; ages in days, missing if unknown."""
    day = pd.Timestamp(as_of)
    known = _known_dates(customers, day)
    heard = [_last_reply(contacts, day).reindex(customers.index), known["last_order_on"]]
    heard_on = pd.concat(heard, axis=1).max(axis=1)
    open_ = _open_deals(deals, day)
    nothing = pd.Series(index=customers.index, dtype="str")
    friendly = customers.get("attitude", nothing).isin(FRIENDLY)
    contract = customers.get("under_contract", nothing).eq(True).fillna(False)
    asks = _unanswered(contacts, heard_on, day).reindex(customers.index).fillna(0)
    facts = {
        "heard_days": _age(heard_on, day),
        "proposal_days": _age(_latest(open_, "proposed_on", day), day),
        "deal_days": _age(_latest(open_, "opened_on", day), day),
        **_rhythm(known, day, limits),
        "friendly_days": _age(known["attitude_on"].where(friendly), day),
        "unfriendly": _unfriendly(customers, known, day),
        "open_incident": customers.index.isin(open_incidents(incidents, day)["customer_id"]),
        "unanswered_asks": asks.astype("int64"),
        "customer_of_ours": known["last_order_on"].notna() | contract,
    }
    return pd.DataFrame(facts, index=customers.index)


def _likelihood(facts: pd.DataFrame, limits: StatusSection) -> pd.Series:
    listens = facts["unanswered_asks"] < limits.unanswered_asks
    in_touch = facts["heard_days"] <= limits.reply_fresh_days
    fresh = facts["proposal_days"] <= limits.proposal_fresh_days
    high = listens & (fresh | (facts["due_now"] & in_touch))
    sign = facts[["heard_days", "proposal_days", "deal_days"]].min(axis=1)
    alive = facts["deal_days"].notna() & (sign <= limits.reply_known_days)
    middle = listens & (alive | facts["due_now"])
    return _choose(facts, [high, middle], ["high", "middle"], "low")


def _relationship(facts: pd.DataFrame, limits: StatusSection) -> pd.Series:
    ignored = facts["unanswered_asks"] >= limits.unanswered_asks
    strained = facts["open_incident"] | facts["unfriendly"] | (ignored & facts["customer_of_ours"])
    in_touch = facts["heard_days"] <= limits.reply_fresh_days
    friendly = facts["friendly_days"] <= limits.reply_known_days
    good = (in_touch | facts["in_rhythm"] | friendly) & ~ignored
    return _choose(facts, [strained, good], ["strained", "good"], "fair")


def _reason(
    facts: pd.DataFrame, likelihood: pd.Series, relationship: pd.Series, limits: StatusSection
) -> pd.Series:
    """The one fact that set the status: first what strains, then what makes a deal likely."""
    strained = relationship == "strained"
    fresh = facts["proposal_days"] <= limits.proposal_fresh_days
    proposed = facts["proposal_days"].notna()
    some = likelihood != "low"
    conditions = {
        "open_incident": strained & facts["open_incident"],
        "unfriendly": strained & facts["unfriendly"],
        "asks_unanswered": facts["unanswered_asks"] >= limits.unanswered_asks,
        "proposal_fresh": (likelihood == "high") & fresh,
        "due_in_touch": likelihood == "high",
        "proposal_pending": some & proposed,
        "due_now": some & facts["due_now"],
        "deal_open": some,
        "in_touch": facts["heard_days"] <= limits.reply_fresh_days,
        "in_rhythm": facts["in_rhythm"],
        "friendly": relationship == "good",
        "overdue": facts["overdue"],
        "silent": facts["heard_days"].notna(),
    }
    return _choose(facts, list(conditions.values()), list(conditions), "never_heard")


def _choose(
    facts: pd.DataFrame, conditions: list[pd.Series], names: list[str], otherwise: str
) -> pd.Series:
    """The first name whose condition holds."""
    masks = [condition.to_numpy(dtype=bool) for condition in conditions]
    chosen = np.select(masks, np.array(names, dtype=object), np.array(otherwise, dtype=object))
    return pd.Series(chosen, index=facts.index, dtype="str")


# --- facts, each from its own table -----------------------------------------------------------
def _known_dates(customers: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The dates of the customers frame that this room uses; an event after the day is unknown."""
    names = ["last_order_on", "attitude_on", "was_due_from", "was_due_by"]
    dates = customers.reindex(columns=names).astype("datetime64[us]")
    for name in ("last_order_on", "attitude_on"):
        dates[name] = dates[name].where(dates[name] <= day)
    if "lapsed_after_days" in customers:  # who ordered once is never due, and gone after the wait
        patience = pd.to_timedelta(customers["lapsed_after_days"].astype("float64"), unit="D")
        dates["was_due_by"] = dates["was_due_by"].fillna(dates["last_order_on"] + patience)
    return dates


def _age(dates: pd.Series, day: pd.Timestamp) -> pd.Series:
    return (day - dates).dt.days.astype("float64")


def _last_reply(contacts: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """The last day the customer wrote, called or answered a request."""
    came = contacts.loc[contacts["direction"] == "in", ["customer_id", "contacted_on"]]
    answered = contacts[["customer_id", "answered_on"]]
    names = ["customer_id", "heard_on"]
    heard = pd.concat([came.set_axis(names, axis=1), answered.set_axis(names, axis=1)])
    return heard[heard["heard_on"] <= day].groupby("customer_id")["heard_on"].max()


def _unanswered(contacts: pd.DataFrame, heard_on: pd.Series, day: pd.Timestamp) -> pd.Series:
    """Days before `day` on which we asked, since the customer was last heard from."""
    asks = contacts[(contacts["intent"] == "ask") | contacts["asked_on"].notna()]
    asks = asks.assign(ask_on=asks["asked_on"].fillna(asks["contacted_on"]))
    since = heard_on.reindex(asks["customer_id"]).set_axis(asks.index)
    waiting = (asks["ask_on"] < day) & ~(asks["answered_on"] <= day)
    later = since.isna() | (asks["ask_on"] > since)
    return asks[waiting & later].groupby("customer_id")["ask_on"].nunique()


def _open_deals(deals: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Begun by the day and not decided by then; won or lost without a date is decided."""
    begun = (deals["opened_on"] <= day) | (deals["proposed_on"] <= day)
    undecided = (deals["decided_on"] > day) | (deals["decided_on"].isna() & deals["won"].isna())
    return deals[begun & undecided]


def _latest(open_deals: pd.DataFrame, column: str, day: pd.Timestamp) -> pd.Series:
    past = open_deals[open_deals[column] <= day]
    return past.groupby("customer_id")[column].max()


def _rhythm(known: pd.DataFrame, day: pd.Timestamp, limits: StatusSection) -> dict[str, pd.Series]:
    """`due_now`, `overdue` and `in_rhythm` (ordered, and not past the due range)."""
    waited = _age(known["last_order_on"], day)
    not_gone = waited <= limits.quiet_after_days
    ranged = known["was_due_by"].notna()
    overdue = (known["was_due_by"] < day) | (~ranged & (waited > limits.reply_known_days))
    due_now = (known["was_due_from"] <= day) & (known["was_due_by"] >= day) & not_gone
    return {"due_now": due_now, "overdue": overdue, "in_rhythm": not_gone & ~overdue}


def _unfriendly(customers: pd.DataFrame, known: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """A bad note stands, dated or not, until a newer note or an order of their own after it."""
    if "attitude" not in customers:
        return pd.Series(False, index=customers.index)
    noted = customers["attitude"].isin(UNFRIENDLY)
    if "attitude_on" in customers:
        noted &= ~(customers["attitude_on"] > day)
    return noted & ~(known["last_order_on"] > known["attitude_on"])


def open_incidents(incidents: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Incidents not recovered by the day, except those that a person signed as unreasonable."""
    happened = incidents["occurred_on"] <= day
    recovered = incidents["recovered_on"] <= day
    return incidents[happened & ~recovered & ~incidents["justified"].eq(False).fillna(False)]


# --- the deal stays, the status falls ---------------------------------------------------------
def open_proposals(deals: pd.DataFrame, status: pd.Series, as_of: date) -> pd.DataFrame:
    """The list behind the picture: one row per deal with a proposal out, undecided, oldest first.

    `deal_state` is `proposal_sent`, `status` today's of its customer, `proposal_age_days` since it
    was sent. The extraction 今検討中 is the rows whose status is `deciding_now`.
    """
    day = pd.Timestamp(as_of)
    found = _open_deals(deals, day)
    found = found[found["proposed_on"] <= day]
    found = found.assign(
        deal_state=pd.Series("proposal_sent", index=found.index, dtype="str"),
        proposal_age_days=(day - found["proposed_on"]).dt.days.astype("Int64"),
        status=found["customer_id"].map(status).pipe(as_text),
    )
    by = ["proposed_on", "customer_id", "deal_id"]
    return found.sort_values(by, ignore_index=True)[
        ["customer_id", "deal_id", "deal_state", "status", "proposed_on", "proposal_age_days",
         "amount", "owner"]
    ]  # fmt: skip


def deal_against_status(deals: pd.DataFrame, status: pd.Series, as_of: date) -> pd.DataFrame:
    """「見積提出のまま」 against 「今検討中」: undecided proposals by the status of today.

    One row per status, zeros included: `deal_state`, `status`, `customers`, `deals`, `amount`, and
    `median_days` since the proposal was sent (missing without deals).
    """
    found = open_proposals(deals, status, as_of)
    rows = found.groupby("status").agg(
        customers=("customer_id", "nunique"),
        deals=("deal_id", "size"),
        amount=("amount", "sum"),
        median_days=("proposal_age_days", "median"),
    )
    rows = rows.reindex(list(VALUES["status"])).rename_axis("status").reset_index()
    rows = rows.fillna({"customers": 0, "deals": 0, "amount": 0.0})
    rows.insert(0, "deal_state", "proposal_sent")
    kinds = {"customers": "int64", "deals": "int64", "amount": "float64", "median_days": "float64"}
    return rows.astype(kinds | {"deal_state": "str", "status": "str"})
