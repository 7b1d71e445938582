"""What went wrong, and whether it became recovery and a fan: open → recovered → fan.

*Open*: not recovered by the day. *Recovered*: the customer said so, on a day. *Fan*: recovered, and
the next delivery, on a day, exceeded what they expected. A complaint is a good sign; the exception,
signed by a person, is who only makes unreasonable ones: `justified` is false only then.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from segment_lib.columns import as_text
from segment_lib.voice import N_, _


def assign_incidents(
    incidents: pd.DataFrame, as_of: date, customers: pd.Index | None = None
) -> pd.DataFrame:
    """`incident_state`, `open_incident_since` and `justified` per customer.

    One open incident makes the customer open; otherwise the latest incident speaks. `justified` is
    null for who had none, false only if *every* incident was signed as unreasonable.
    `customers` is the index to answer for (default: whoever had an incident).
    """
    day = pd.Timestamp(as_of)
    known = incidents[incidents["occurred_on"] <= day].sort_values(
        ["occurred_on", "recovered_on", "customer_id"], kind="stable"
    )
    recovered, delivered = known["recovered_on"] <= day, known["next_delivery_on"] <= day
    fan = recovered & delivered & known["exceeded"].fillna(False).astype(bool)
    state = pd.Series(np.select([fan, recovered], ["fan", "recovered"], "open"), known.index)
    by_customer = known.assign(
        incident_state=state.pipe(as_text),
        opened=known["occurred_on"].where(state == "open"),
        # True unless a person signed false.
        justified=~known["justified"].eq(False).fillna(False).astype(bool),
    ).groupby("customer_id")
    answer = pd.DataFrame(
        {
            "incident_state": by_customer["incident_state"].last(),
            "open_incident_since": by_customer["opened"].min(),
            "justified": by_customer["justified"].any(),
        }
    ).rename_axis("customer_id")
    if customers is not None:
        answer = answer.reindex(customers)
    state = answer["incident_state"].pipe(as_text).fillna("none")
    return answer.assign(
        incident_state=state.mask(answer["open_incident_since"].notna(), "open").pipe(as_text),
        open_incident_since=answer["open_incident_since"].astype("datetime64[us]"),
        justified=answer["justified"].astype("boolean"),
    )


# What each state does next; the rows of the playbook say it with what is known of the customer.
NEXT = {
    "open": N_("Today: hear them out, say what happens by when; nothing is sold."),
    "not_justified": N_("Signed as not justified: answered, and no reason to stop what goes on."),
    "recovered": N_("The next delivery must exceed what they expect; nothing is sold before."),
    "fan": N_("Thank them; ask for a review and for one person they would send us."),
}


def recovery_table(incidents: pd.DataFrame, customers: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """One row per state that occurs, open → recovered → fan: incident_state, customers, incidents,
    response_days and recovery_days (medians; missing where no day is noted), done (what was done
    most often, where the list says it), next_step. Who has nothing open but what was signed as not
    justified stands in a row of their own, `not_justified`.

    `incidents` is the table of the register, `customers` has `incident_state`.
    """
    known = incidents[incidents["occurred_on"] <= pd.Timestamp(as_of)]
    states = customers["incident_state"].astype("object")
    if "justified" in customers:
        unjust = customers["justified"].eq(False).fillna(False).astype(bool)
        states = states.mask(unjust & states.eq("open"), "not_justified")
    state = known["customer_id"].map(states)
    rows = []
    for code, says in NEXT.items():
        own = known[state == code]
        heads = int(states.eq(code).sum())
        if not heads:
            continue
        days = [
            (own[end] - own["occurred_on"]).dt.days.median()
            for end in ("responded_on", "recovered_on")
        ]
        done = own["response"].dropna().mode() if "response" in own else pd.Series()
        most = str(done.iloc[0]) if len(done) else None
        rows.append((code, heads, len(own), *days, most, _(says)))
    columns = ["incident_state", "customers", "incidents", "response_days", "recovery_days",
               "done", "next_step"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def recovery_queue(customers: pd.DataFrame) -> pd.DataFrame:
    """Customers with an open incident in the order to call them: repeaters first, longest first.

    Needs `incident_state`, `open_incident_since` and `stage`; those whose incidents were all
    signed as unreasonable come last.
    """
    waiting = customers[customers["incident_state"] == "open"]
    order = waiting.assign(
        later=waiting["justified"].eq(False).fillna(False),
        rank=(waiting["stage"].pipe(as_text) != "repeater"),
    ).sort_values(["later", "rank", "open_incident_since"], kind="stable")
    return order.drop(columns=["later", "rank"])
