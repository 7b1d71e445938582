"""The business's own requests: who was asked what, who did it properly, and how fast.

A request counts once per customer, from the first day it was sent; reminders change nothing. It is
*done* when it was answered and `done_well` is true; where the list never fills in `done_well`, an
answer is enough. Who did all of them is the main customer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import accumulate

import pandas as pd

from segment_lib.checks import require_known
from segment_lib.settings import StepRow
from segment_lib.voice import said_by_people


def assign_steps(
    contacts: pd.DataFrame, steps: Sequence[StepRow], as_of: date, customers: pd.Index | None = None
) -> pd.DataFrame:
    """`steps_asked`, `steps_done`, `reply_days` and `did_all` per customer.

    `customers` is the index to answer for (default: whoever was asked something). Nobody asked has
    counts of 0. `did_all` is null while not every request has been sent and some are not done.
    """
    requests = _requests(contacts, steps, as_of)
    per_customer = requests.groupby("customer_id").agg(
        steps_asked=("step", "size"),
        steps_done=("done", "sum"),
        reply_days=("reply_days", "median"),
    )
    if customers is not None:
        per_customer = per_customer.reindex(customers)
    counts = per_customer[["steps_asked", "steps_done"]].fillna(0).astype("int64")
    did_all = (counts["steps_done"] == len(steps)).astype("boolean")
    unknown = (counts["steps_asked"] < len(steps)) | (len(steps) == 0)
    return counts.assign(
        reply_days=per_customer["reply_days"].astype("float64"), did_all=did_all.mask(unknown)
    )


def open_requests(contacts: pd.DataFrame, steps: Sequence[StepRow], as_of: date) -> pd.DataFrame:
    """The first request, in the order of the list, that each customer was asked and has not done.

    One row per customer who has one: step (its name), asked_on.
    """
    requests = _requests(contacts, steps, as_of)
    place = {step.name: at for at, step in enumerate(steps)}
    waiting = requests[~requests["done"]].assign(place=lambda rows: rows["step"].map(place))
    first = waiting.sort_values("place").drop_duplicates("customer_id").set_index("customer_id")
    return first[["step", "asked_on"]]


def steps_funnel(contacts: pd.DataFrame, steps: Sequence[StepRow], as_of: date) -> pd.DataFrame:
    """One row per request, in the order of the business's list.

    `asked`, `answered` and `done_well` are customers; `done_so_far` did this and every request
    before it; `median_days` to answer; shares are of those asked, missing if nobody was.
    """
    requests = _requests(contacts, steps, as_of)
    table = requests.groupby("step").agg(
        asked=("customer_id", "size"),
        answered=("answered_on", "count"),
        done_well=("done", "sum"),
        median_days=("reply_days", "median"),
    )
    table = table.reindex([step.name for step in steps])
    counts = table[["asked", "answered", "done_well"]].fillna(0).astype("int64")
    labels = [said_by_people(step.label_en or step.name, step.label_ja) for step in steps]
    counts.insert(0, "label", pd.Series(labels, counts.index, dtype="str"))
    asked = counts["asked"].where(counts["asked"] > 0)
    shares = {
        "answered_share": counts["answered"] / asked,
        "done_share": counts["done_well"] / asked,
        "done_so_far": _done_so_far(requests, [step.name for step in steps]),
        "median_days": table["median_days"].astype("float64"),
    }
    return counts.assign(**shares).rename_axis("step").reset_index()


def _done_so_far(requests: pd.DataFrame, names: list[str]) -> list[int]:
    """How many did this request and every one before it."""
    done = requests[requests["done"]].groupby("step")["customer_id"].agg(set).to_dict()
    each: list[set[str]] = [done.get(name, set()) for name in names]
    did: list[set[str]] = list(accumulate(each, set.intersection))
    return [len(customers) for customers in did]


def _requests(contacts: pd.DataFrame, steps: Sequence[StepRow], as_of: date) -> pd.DataFrame:
    """One row per customer and request: asked_on, answered_on, done, reply_days; up to the day."""
    day = pd.Timestamp(as_of)
    named = contacts[contacts["step"].notna() & (contacts["step"] != "")]
    names = [step.name for step in steps]
    if names:
        require_known(
            named["step"],
            names,
            "contacts.step",
            "Name each request once in client.toml as [[steps]], or map its words in "
            "[lists.contacts.words.step].",
        )
    named = named[named["step"].isin(names)]
    asked = named.assign(asked_on=named["asked_on"].fillna(named["contacted_on"]))
    asked, judged = asked[asked["asked_on"] <= day], bool(contacts["done_well"].notna().any())
    return each_request(asked, day, judged).reset_index()


def each_request(
    asked: pd.DataFrame, until: pd.Timestamp | pd.Series, judged: bool
) -> pd.DataFrame:
    """One row per customer and request: asked_on, answered_on (by `until`), done, reply_days.

    `judged`: it was noted whether requests were done well; else an answer counts as done.
    """
    answered = asked["answered_on"].where(asked["answered_on"] <= until)
    well = asked["done_well"].fillna(False).astype(bool) if judged else answered.notna()
    rows = asked.assign(answered_on=answered, done=well & answered.notna())
    each = rows.groupby(["customer_id", "step"]).agg(
        asked_on=("asked_on", "min"), answered_on=("answered_on", "min"), done=("done", "any")
    )
    waited = (each["answered_on"] - each["asked_on"]).dt.days.astype("float64")
    return each.assign(done=each["done"].astype(bool), reply_days=waited)
