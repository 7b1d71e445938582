"""Who is under contract, by what the records and the rule of [contract] say."""

from __future__ import annotations

import pandas as pd

from segment_lib.checks import ClientError
from segment_lib.client import Client
from segment_lib.voice import _


def under_contract(
    customers: pd.DataFrame, client: Client, deals: pd.DataFrame | None = None
) -> pd.Series:
    """Who is under contract by any record or by the rule of [contract]; see `relation`."""
    return relation(customers, client, deals)["under_contract"]


def relation(
    customers: pd.DataFrame, client: Client, deals: pd.DataFrame | None = None
) -> pd.DataFrame:
    """under_contract, contract_disputed (records disagree), ordered_lately, signed_before.

    One record is enough, whatever rule is set: the column under_contract says yes, a contract has
    begun (`contract_on`), a deal was won and names no end. A stated no ends the contract that its
    row speaks of, begun on `contract_on`; a deal won later is another one, and then yes wins.

    The rule adds to the records: "ordered_within" whoever ordered within `ordered_within_days`;
    "auto" does so for whom no record speaks of, and only where the lists speak of contracts at all.
    `ordered_lately`: ordered within these days, and nothing says whether there is a contract.
    `signed_before`: a contract began or a deal was won up to today, whether or not it has ended.
    """
    today = pd.Timestamp(client.as_of)
    nothing = pd.Series(pd.NA, index=customers.index)
    stated = customers.get("under_contract", nothing).astype("boolean")
    yes, no = stated.eq(True).fillna(False), stated.eq(False).fillna(False)
    begun_on = _days(customers, "contract_on")
    begun = begun_on.le(today)
    won_on = _won_on(deals, today).reindex(customers.index)
    ever_won = _won_on(deals, today, also_ended=True).reindex(customers.index).notna()
    disputed = no & won_on.notna() & ~(begun & won_on.le(begun_on))
    recorded = yes | (~no & (begun | won_on.notna())) | disputed
    said = yes | no | begun | ever_won
    way = client.contract.under_contract
    if way == "column" and not stated.notna().any():
        says = _(
            '[contract] under_contract is "column", but no customer has a value in the column '
            'under_contract. Map it in [lists.customers.columns], or use "ordered_within".'
        )
        raise ClientError(says)
    silent_days = (today - _days(customers, "last_order_on")).dt.days
    ordered = silent_days.le(client.contract.ordered_within_days)
    of_nobody = ordered & ~said & bool(said.any())
    by_rule = {"ordered_within": ordered, "auto": of_nobody, "column": ordered & False}[way]
    served = (recorded | by_rule).astype(bool)
    return pd.DataFrame(
        {
            "under_contract": served,
            "contract_disputed": disputed.astype(bool),
            "ordered_lately": ordered & ~said & ~served,
            "signed_before": begun | ever_won,
        }
    )


def _won_on(
    deals: pd.DataFrame | None, today: pd.Timestamp, *, also_ended: bool = False
) -> pd.Series:
    """Per customer the last day on which a deal was won that names no end up to `today`.

    A deal won on a day that nobody wrote down counts as won today: it may be newer than any end.
    """
    if deals is None or deals.empty:
        return pd.Series(dtype="datetime64[us]")
    days = deals["decided_on"].fillna(today)
    won = deals["won"].eq(True).fillna(False) & days.le(today)
    runs = won if also_ended else won & ~deals["ended_on"].le(today)
    return days[runs].groupby(deals["customer_id"]).max()


def _days(customers: pd.DataFrame, column: str) -> pd.Series:
    return pd.to_datetime(customers.get(column, pd.Series(pd.NaT, index=customers.index)))
