"""The order of service: who comes first where hours are few, and why, in one sentence.

The order is a list of conditions that people write and sign ([[plan.order]]); the first that fits
is a customer's place. One thing stands above it: nobody under contract waits for help while a
prospect is called. So care (every purpose but to propose) of those under contract comes before
those without one; who cannot wait, the hold-out, a person's word and who is deciding now apart.

Within a place the greater expected value goes first, key accounts first where that is equal.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd

from segment_lib.approach.choosing import has
from segment_lib.approach.conditions import fits
from segment_lib.approach.reasons import is_idle
from segment_lib.behaviour.as_of import history_on
from segment_lib.client import Client
from segment_lib.columns import as_text
from segment_lib.in_words import money
from segment_lib.voice import _, pgettext, said_by_people


def spend_of_a_year(tables: Any, client: Client) -> pd.Series:
    """Net spend of the last 365 days per customer: what they spent by today less that by then."""
    year_ago = client.as_of - timedelta(days=365)
    now, then = (history_on(tables, client, day)["monetary"] for day in (client.as_of, year_ago))
    return now.sub(then, fill_value=0)


def expected_value(facts: pd.DataFrame, spent: pd.Series, client: Client) -> pd.Series:
    """Money that this action may bring; missing where nothing is known.

    Who has our proposal: its amount × the share of such proposals that were won (`quote_chance`).
    Else without a contract: the success rate of the own band × the stated value of a result. Under
    contract: the chance of an order within 30 days × the mean order, else the last year's spend.
    """
    quote = _number(facts, "quote_amount") * _number(facts, "quote_chance")
    value = client.worth.value_per_result or float("nan")
    before = _number(facts, "band_rate") * value
    order = _number(facts, "chance_30d") * _number(facts, "order_value")
    yearly = spent.reindex(facts.index).where(lambda money: money > 0)
    known = before.where(~facts["under_contract"].astype(bool), order.fillna(yearly))
    return quote.fillna(known).where(~is_idle(facts)).astype("float64")


def _number(frame: pd.DataFrame, column: str) -> pd.Series:
    given = frame[column] if column in frame else pd.Series(float("nan"), index=frame.index)
    return pd.to_numeric(given).astype("Float64").astype("float64")


def in_order(table: pd.DataFrame, facts: pd.DataFrame, client: Client) -> pd.DataFrame:
    """Per customer the `place` in [plan] order (from 0), `cannot_wait`, `is_care`, `yields` (to the
    care of others), `priority` (1 = first).

    `facts` holds what the conditions ask for. Who fits no row stands behind the last one; who gets
    no action comes last.
    """
    rows = client.plan.order
    place = pd.Series(len(rows), index=table.index)
    for at, row in reversed(list(enumerate(rows))):
        place = place.mask(fits(row.when, facts, f'[[plan.order]] "{row.says}"'), at)
    idle = is_idle(table)
    served = table["under_contract"].astype(bool)
    cannot_wait = ~idle & place.isin([at for at, row in enumerate(rows) if row.cannot_wait])
    care = is_care(table)
    exempt = _exempt(table, facts)
    by = pd.DataFrame(
        {
            "idle": idle,
            "later": ~(cannot_wait | care | exempt),
            "waits": ~cannot_wait,
            "place": place,
            "value": -table["expected_value"].round(2),  # to the cent: behind it is noise
            "key": ~has(facts, "key_account", True),
            "id": table.index,
        },
        index=table.index,
    ).sort_values(["idle", "later", "waits", "place", "value", "key", "id"], na_position="last")
    return pd.DataFrame(
        {
            "place": place,
            "cannot_wait": cannot_wait,
            "is_care": care,
            "yields": ~served & ~exempt,
            "priority": pd.Series(range(1, len(by) + 1), index=by.index),
        },
        index=table.index,
    )


def is_care(plan: pd.DataFrame) -> pd.Series:
    """Under contract and not to be sold to: must not wait while prospects are called."""
    return plan["under_contract"].astype(bool) & ~plan["purpose"].isin(["propose", "none"])


def _exempt(table: pd.DataFrame, facts: pd.DataFrame) -> pd.Series:
    """Who may come before the care of others: the hold-out, a person's word, who decides now."""
    said = table["override"].notna() if "override" in table else False
    return table["hold_out"].astype(bool) | said | has(facts, "status", "deciding_now")


def order_table(plan: pd.DataFrame, client: Client) -> pd.DataFrame:
    """One row per row of [plan] order that places somebody who acts, in its order: placed_by (what
    it says), cannot_wait, customers, planned (how many have a week), hours in all.
    """
    rows = client.plan.order
    says = [said_by_people(row.says, row.says_ja) for row in rows] + [_("In its turn")]
    acts = plan[~is_idle(plan)]
    table = acts.groupby("place").agg(
        customers=("place", "size"),
        planned=("planned_week", "count"),
        hours=("effort_hours", "sum"),
    )
    must = [row.cannot_wait for row in rows] + [False]
    table.insert(
        0, "placed_by", pd.Series([says[at] for at in table.index], table.index, dtype="str")
    )
    table.insert(1, "cannot_wait", [must[at] for at in table.index])
    return table.reset_index(drop=True)


def why_now(table: pd.DataFrame, facts: pd.DataFrame, client: Client) -> pd.Series:
    """One sentence per customer: what placed them where they stand, what they may bring; of who is
    to be recovered, to whom nothing is sold, the first alone.
    """
    rows = client.plan.order
    placed = [said_by_people(row.says, row.says_ja) for row in rows] + [_("In its turn")]
    about_due = {at for at, row in enumerate(rows) if "due" in row.when}
    by_a_person = {at for at, row in enumerate(rows) if "override" in row.when}
    told = [
        _one_why(
            _asked_by(placed[place], who) if place in by_a_person else placed[place],
            "" if place in about_due or mends else due,
            0.0 if mends else value,
            client,
        )
        for place, due, value, who, mends in zip(
            table["place"],
            facts.get("due", pd.Series("none", facts.index)),
            table["expected_value"],
            table.reindex(columns=["override_by", "override_on"]).itertuples(index=False),
            table["purpose"].eq("recover"),
            strict=True,
        )
    ]
    idle = is_idle(table).to_numpy()
    return as_text(pd.Series(told, index=table.index).where(~idle, ""))


def _asked_by(says: str, who: tuple[Any, Any]) -> str:
    """`who` decided, and on which day; missing where nobody did."""
    by, on = who
    if pd.isna(by) or pd.isna(on):
        return says
    return _("{says} ({by}, {on})", says=says, by=by, on=on.date())


def _one_why(says: str, due: str, value: float, client: Client) -> str:
    parts = [says]
    if due == "soon":
        parts.append(_("the next order is due"))
    elif due == "overdue":
        parts.append(_("the next order is late"))
    # less than an approach costs is nothing that anybody would say
    if value >= max(client.worth.cost_per_approach or 0.0, 1.0):
        parts.append(_("expected value {money}", money=money(value, client.client.currency)))
    return _("{parts}.", parts=pgettext("why now", "; ").join(parts))
