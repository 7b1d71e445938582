"""Who got results, judged at the same age for everyone; not yet known is never failure.

Each customer has a *start* ([outcome] start). Features end `features_until_days` after it, the
result is judged `judged_after_days` after it; without these landmarks whoever had more time looks
more diligent. Who started later than that before `as_of`, or was decided after `as_of`, is not yet
known; so is a missing result where we did not do our part.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from segment_lib.checks import ClientError, NeedsTable, require_columns, require_known
from segment_lib.columns import VALUES, as_text
from segment_lib.settings import Client
from segment_lib.voice import N_, _

START_COLUMNS = {
    "contract": "contract_on",
    "first_order": "first_order_on",
    "first_contact": "first_contact_on",
}
WHY_UNKNOWN: dict[str, str] = {
    "no_start": N_("No start date"),
    "not_started": N_("Starts after the day of analysis"),
    "too_early": N_("Too early to judge"),
    "not_recorded": N_("No result recorded"),
    "decided_later": N_("Decided after the day of analysis"),
    "decided_before_start": N_("Decided before the start"),
    "said_unknown": N_("Recorded as not yet known"),
    "contradictory": N_("Two different answers on one day"),
    "our_part_missing": N_("We did not do our part"),
}
HALF_KNOWN = 0.5  # below this coverage the rates may not speak for all


def outcome_starts(customers: pd.DataFrame, client: Client) -> pd.Series:
    """The start of each customer, `start_on`; raises `ClientError` if nobody has one."""
    known = [name for name, column in START_COLUMNS.items() if _has_dates(customers, column)]
    start: str = client.outcome.start
    if start == "auto":  # nobody said it: the first start that these lists know
        start = known[0] if known else "contract"
    column = START_COLUMNS[start]
    require_columns(customers, [column], "customers", mapped=True)
    if not _has_dates(customers, column):
        says = _(
            '[outcome] start = "{start}" needs {column}, but no customer has one. '
            "Map {column} in client.toml, or take a start these lists know: {dated}.",
            start=client.outcome.start,
            column=column,
            dated=known,
        )
        raise ClientError(says)
    return pd.to_datetime(customers[column]).rename("start_on")


def _has_dates(customers: pd.DataFrame, column: str) -> bool:
    return column in customers.columns and bool(customers[column].notna().any())


def judge_outcomes(
    customers: pd.DataFrame,
    outcomes: pd.DataFrame,
    contacts: pd.DataFrame,
    client: Client,
    *,
    our_part: pd.Series | None = None,
) -> pd.DataFrame:
    """One row per customer: did they get results, as far as that is known on `as_of`?

    `customers` is indexed by customer_id and has the start column; `outcomes` and `contacts` are
    the register's tables (`contacts` is read only for source = "steps_done"); `our_part` is
    `we_did_our_part`. Returns got_results (yes / no / unknown), start_on, features_until,
    judged_on, decided_on, why_unknown (a key of `WHY_UNKNOWN`), we_did_our_part, and learn_from:
    the result is known, was decided after the features end, and we did our part; rates and rules
    are made from these alone. Leaving out only the failures where our part is missing would make
    whoever we neglected look like an achiever.
    """
    setting, as_of = client.outcome, pd.Timestamp(client.as_of)
    starts = outcome_starts(customers, client)
    judged_on = starts + pd.Timedelta(days=setting.judged_after_days)
    by_steps = setting.source == "steps_done"
    frame = pd.DataFrame(
        {
            "start_on": starts,
            "features_until": starts + pd.Timedelta(days=setting.features_until_days),
            "judged_on": judged_on,
        }
    ).join(_steps_recorded(contacts, judged_on, client) if by_steps else _recorded(outcomes, as_of))
    not_told = pd.Series(pd.NA, frame.index, dtype="boolean")
    ours = not_told if our_part is None else our_part.reindex(frame.index).astype("boolean")
    frame["we_did_our_part"] = ours
    why = _why_unknown(frame, as_of)
    known = why == ""
    decided_late = ~(frame["decided_on"] <= frame["features_until"])
    served = ours.fillna(True).astype(bool)
    return frame.assign(
        got_results=frame["answer"].where(known, "unknown").pipe(as_text),
        why_unknown=pd.Series(why, frame.index, dtype="str").where(~known),
        learn_from=known & decided_late & served,
    )[
        ["got_results", "start_on", "features_until", "judged_on", "decided_on", "why_unknown",
         "we_did_our_part", "learn_from"]
    ]  # fmt: skip


def _recorded(outcomes: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """The last answer per customer known on `as_of`; one without a date counts as known."""
    require_known(
        outcomes["got_results"].dropna(),
        list(VALUES["got_results"]),
        "outcomes.got_results",
        "Map the words in client.toml: [lists.outcomes.words.got_results].",
    )
    rows = outcomes.assign(decided_on=pd.to_datetime(outcomes["decided_on"]))
    later = rows["decided_on"] > as_of
    known = rows[~later].sort_values("decided_on", na_position="first", kind="stable")
    last_on = known.groupby("customer_id")["decided_on"].transform("max")
    last = known[(known["decided_on"] == last_on) | last_on.isna()].groupby("customer_id")
    found = last.agg(
        answer=("got_results", "last"),
        answers=("got_results", "nunique"),
        decided_on=("decided_on", "max"),
    )
    found["answer"] = found["answer"].where(found["answers"] <= 1, "contradictory")
    only_later = rows.loc[later, "customer_id"].drop_duplicates()
    later_rows = pd.DataFrame({"answer": "decided_later"}, index=pd.Index(only_later))
    extra = later_rows.loc[later_rows.index.difference(found.index)]
    return pd.concat([found[["answer", "decided_on"]], extra])


def _steps_recorded(contacts: pd.DataFrame, judged_on: pd.Series, client: Client) -> pd.DataFrame:
    """The answer where the outcome is the steps: all properly done by the day of judgement."""
    steps = [step.name for step in client.steps]
    if not steps:
        says = _(
            '[outcome] source = "steps_done" needs the list of requests, but there '
            "is none. Name them in client.toml, one [[steps]] each."
        )
        raise ClientError(says)
    rows = contacts[contacts["step"].isin(steps)]
    limit = rows["customer_id"].map(judged_on)
    asked = rows[rows["asked_on"].fillna(rows["contacted_on"]) <= limit]
    well = rows["done_well"].fillna(False).astype(bool) | rows["done_well"].isna().all()
    done = rows[well & (rows["answered_on"] <= limit)]
    n_asked, n_done = (
        part.groupby("customer_id")["step"].nunique().reindex(judged_on.index, fill_value=0)
        for part in (asked, done)
    )
    # A request that was never sent is our part, not the customer's.
    answer = np.select(
        [n_done == len(steps), n_asked < len(steps)], ["yes", "our_part_missing"], default="no"
    )
    return pd.DataFrame({"answer": answer, "decided_on": judged_on}, index=judged_on.index)


def _why_unknown(frame: pd.DataFrame, as_of: pd.Timestamp) -> np.ndarray:
    """The first reason that applies, "" where the result is known."""
    answer = frame["answer"]
    failed_us = (answer == "no") & ~frame["we_did_our_part"].fillna(True).astype(bool)
    reasons = {
        "no_start": frame["start_on"].isna(),
        "not_started": frame["start_on"] > as_of,
        "too_early": frame["judged_on"] > as_of,
        "not_recorded": answer.isna(),
        "decided_later": answer == "decided_later",
        "contradictory": answer == "contradictory",
        "said_unknown": answer == "unknown",
        "decided_before_start": frame["decided_on"] < frame["start_on"],
        "our_part_missing": failed_us | (answer == "our_part_missing"),
    }
    conditions = [np.asarray(applies.fillna(False), dtype=bool) for applies in reasons.values()]
    return np.select(conditions, list(reasons), default="")


def known_outcome(judged: pd.DataFrame) -> pd.Series:
    """True or False for the customers that rules may be learned from; the others are left out."""
    return judged.loc[judged["learn_from"], "got_results"] == "yes"


def coverage_table(judged: pd.DataFrame) -> pd.DataFrame:
    """How many are known, and why the others are not: got_results, why, customers, share."""
    words = {key: _(why) for key, why in WHY_UNKNOWN.items()}
    why = judged["why_unknown"].map(words).fillna("")
    counts = judged.assign(why=why).groupby(["got_results", "why"]).size().rename("customers")
    order = {"yes": 0, "no": 1, "unknown": 2}
    table = counts.reset_index().sort_values(
        ["got_results", "customers"],
        key=lambda column: column.map(order) if column.name == "got_results" else -column,
        kind="stable",
        ignore_index=True,
    )
    return table.assign(share=table["customers"] / len(judged))


def coverage_sentence(judged: pd.DataFrame) -> str:
    """How many of those whose day of judgement has come are known; warns below one half."""
    known = int(judged["got_results"].isin(["yes", "no"]).sum())
    waiting = judged["why_unknown"].isin(["no_start", "not_started", "too_early"])
    due = int((~waiting).sum())
    share = known / due if due else 0.0
    counts = {"known": known, "due": due, "share": share}
    half = _(
        "The result is known for {known:,} of the {due:,} customers whose day of judgement has "
        "come ({share:.0%}). That is below half: the rates may not speak for all.",
        **counts,
    )
    most = _(
        "The result is known for {known:,} of the {due:,} customers whose day of judgement has "
        "come ({share:.0%}).",
        **counts,
    )
    return half if share < HALF_KNOWN else most


# --- what these lists can tell ------------------------------------------------------------------
def has_outcome(tables: Any, client: Client) -> bool:
    """Whether these lists say, or let us judge, who got results."""
    days = tables.frame("customers")[["contract_on", "first_contact_on"]]
    summed_up = tables.frame("summaries")["first_order_on"]
    # Some customer must have a day from which a result can be counted.
    begun = tables.has("orders") or days.notna().any(axis=None) or summed_up.notna().any()
    return _says_results(tables, client) and bool(begun)


def _says_results(tables: Any, client: Client) -> bool:
    by_steps = client.outcome.source == "steps_done" and bool(client.steps)
    return tables.has("outcomes") or by_steps


def require_outcome(tables: Any, client: Client) -> None:
    """Raise `NeedsTable` with the paragraph that says what would open the results view."""
    if has_outcome(tables, client):
        return
    if _says_results(tables, client):
        says = _(
            "These lists say who got results, but no day on which anybody began, so this "
            "notebook stays closed; the walk goes on without it. It would need contract_on "
            "or first_contact_on in the list of customers, or a table `orders`. Map one of "
            "them in client.toml."
        )
        raise NeedsTable(says)
    says = _(
        "These lists do not say who got results, so this notebook stays closed; the walk goes on "
        "without it. It would need a table `outcomes` with the columns customer_id and got_results "
        "(yes, no, not yet known), and decided_on if you have it. Map it in client.toml under "
        "[lists.outcomes]. Or name the requests that a successful customer handles in [[steps]] "
        'and set [outcome] source = "steps_done".'
    )
    raise NeedsTable(says)
