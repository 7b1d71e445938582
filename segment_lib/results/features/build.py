"""What was known about each customer within the first days after the start, and nothing later.

A feature is *searched* if it was known before the result; *shown* if nobody has said when it was
known, or if it can be an effect of success (counts of contacts); *barred*, and not in the table at
all, if it is known only after the result, is a day that lies after the clues end for many, is made
from revenue, or is what the outcome is built from. Only events dated from the start to
`features_until_days` after it (and up to `as_of`) count; for requests it is the day of the answer
that counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from segment_lib.in_words import percent
from segment_lib.results.features.attributes import attributes
from segment_lib.results.features.events import contact_pattern, early_orders, use_of_service
from segment_lib.results.features.item import WHY, Feature, Words
from segment_lib.results.features.steps import steps
from segment_lib.settings import Client
from segment_lib.voice import _

AUDIT_COLUMNS = ("feature", "family", "known_at", "use", "searched", "why")


@dataclass(frozen=True)
class ResultFeatures:
    """`table`: one row per customer with a start; `audit`, `labels`: one row per feature."""

    table: pd.DataFrame
    audit: pd.DataFrame
    labels: pd.DataFrame

    @property
    def searched(self) -> pd.DataFrame:
        """The features that rules may be searched in."""
        return self.table[list(self.audit.loc[self.audit["searched"], "feature"])]


def build_features(
    customers: pd.DataFrame,
    starts: pd.Series,
    client: Client,
    *,
    contacts: pd.DataFrame | None = None,
    usage: pd.DataFrame | None = None,
    orders: pd.DataFrame | None = None,
) -> ResultFeatures:
    """Features of every customer with a start, with the audit of what may be searched.

    `customers` is indexed by customer_id; `starts` is `start_on`; the others are the register's
    tables, left out or empty if the client has none.
    """
    begun = starts[starts <= pd.Timestamp(client.as_of)].sort_index()
    ends = begun + pd.Timedelta(days=client.outcome.features_until_days)
    window = pd.DataFrame(
        {"start_on": begun, "end_on": ends.clip(upper=pd.Timestamp(client.as_of))}
    )
    found: dict[str, Feature] = attributes(customers.reindex(window.index), window, client)
    if contacts is not None and not contacts.empty:
        found |= steps(contacts, window, client) | contact_pattern(contacts, window, client)
    if usage is not None and not usage.empty:
        found |= use_of_service(usage, window)
    if orders is not None and not orders.empty:
        found |= early_orders(orders, window, client)
    return _assembled(found, window.index, client)


def _assembled(found: dict[str, Feature], index: pd.Index, client: Client) -> ResultFeatures:
    table = {name: item.values for name, item in found.items() if item.use != "barred"}
    days = client.outcome.features_until_days
    rows = []
    for name, item in found.items():
        why = _(WHY[item.why], days=days, name=name, late=percent(item.late))
        rows.append((name, item.family, item.known_at, item.use, item.use == "searched", why))
    words = pd.DataFrame(
        [item.words for item in found.values()],
        columns=[*Words._fields],
        index=pd.Index(list(found), name="feature", dtype="str"),
    )
    audit = pd.DataFrame(rows, columns=[*AUDIT_COLUMNS]).astype({"searched": bool})
    return ResultFeatures(pd.DataFrame(table, index=index), audit, words)
