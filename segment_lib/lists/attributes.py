"""Who they are: how many customers stand at each level of each attribute, the missing ones shown.

Three kinds of cut (顧客セグメントの3種類): the must-have sort, the handling priority (potential and
key accounts), the likelihood of the next deal (the status, notebook 05); and four families of
attributes: geographic, demographic, psychographic, behavioural; company facts for B2B.
"""

from __future__ import annotations

import math

import pandas as pd

from segment_lib.columns import VALUES, as_text, label, value_label
from segment_lib.settings import Client
from segment_lib.voice import _, pgettext, said_by_people

STANDARD = ("sort", "under_contract", "key_account", "attitude")
MOST_LEVELS = 12
MISSING = "(missing)"
OTHER_LEVELS = "(all others)"


def attribute_table(customers: pd.DataFrame, client: Client) -> pd.DataFrame:
    """One row per attribute and level: how many customers, and their share.

    Columns: attribute, family, level, customers, share. Attributes and levels are in the words of
    the run, but for the levels "(missing)" and "(all others)", codes that `value_label` knows;
    "(missing)" stands last in each attribute, so that its rows add up to everyone. Numbers and
    the years of dates are cut into quarters; of a long list of words the twelve most frequent are
    shown.
    """
    rows = [
        _levels(customers[name], name, client)
        for name in _names(customers, client)
        if customers[name].notna().any()
    ]
    nothing = _levels(pd.Series([], dtype="str"), "sort", client)
    return pd.concat(rows, ignore_index=True) if rows else nothing


def _names(customers: pd.DataFrame, client: Client) -> list[str]:
    return [name for name in (*STANDARD, *client.attributes) if name in customers.columns]


def missing_table(customers: pd.DataFrame, client: Client) -> pd.DataFrame:
    """One row per attribute: family, known_at, customers with a value, share missing."""
    names = _names(customers, client)
    known = customers[names].notna()
    return pd.DataFrame(
        {
            "attribute": [_label(name, client) for name in names],
            "family": [_family(name, client) for name in names],
            "known_at": [
                client.attributes[name].known_at if name in client.attributes else "standard"
                for name in names
            ],
            "customers": known.sum().to_numpy(),
            "share_missing": 1 - known.mean().to_numpy(),
        }
    )


def priority_table(customers: pd.DataFrame, spend_last_year: pd.Series) -> pd.DataFrame:
    """One row per customer with a stated potential: potential, spend of a year, our share of it.

    `spend_last_year` is indexed by customer_id. Sorted by what is still open, key accounts marked.
    Columns: key_account, potential_amount, spend_last_year, share_of_wallet, still_open.
    """
    stated = customers[customers["potential_amount"] > 0]
    spend = spend_last_year.reindex(stated.index).fillna(0.0)
    table = pd.DataFrame(
        {
            "key_account": stated["key_account"].fillna(False).astype(bool),
            "potential_amount": stated["potential_amount"],
            "spend_last_year": spend,
            "share_of_wallet": spend / stated["potential_amount"],
            "still_open": (stated["potential_amount"] - spend).clip(lower=0),
        }
    )
    return table.sort_values("still_open", ascending=False, kind="stable")


def _levels(values: pd.Series, name: str, client: Client) -> pd.DataFrame:
    words = _as_words(values, client.attributes[name].kind if name in client.attributes else "")
    counts = words.value_counts(sort=False).sort_index()
    in_order = pd.api.types.is_numeric_dtype(values.dtype) or values.dtype.kind == "M"
    if name in STANDARD and name in VALUES:
        counts = counts.reindex([code for code in VALUES[name] if code in counts.index])
    elif not in_order and len(counts) > 1:
        counts = counts.sort_values(ascending=False, kind="stable")
    if len(counts) > MOST_LEVELS:
        rest = counts.iloc[MOST_LEVELS:].sum()
        counts = pd.concat([counts.iloc[:MOST_LEVELS], pd.Series({OTHER_LEVELS: rest})])
    counts = pd.concat([counts, pd.Series({MISSING: int(values.isna().sum())})])
    counts = counts[counts > 0]
    return pd.DataFrame(
        {
            "attribute": _label(name, client),
            "family": _family(name, client),
            "level": [_level(name, str(level)) for level in counts.index],
            "customers": counts.to_numpy("int64"),
            "share": counts.to_numpy("float64") / max(len(values), 1),
        }
    )


def _as_words(values: pd.Series, kind: str) -> pd.Series:
    known = values.dropna()
    if pd.api.types.is_bool_dtype(known.dtype):
        return known.map({True: "yes", False: "no"})
    if pd.api.types.is_datetime64_any_dtype(known.dtype):
        return _as_words(known.dt.year, "number")
    if (kind == "number" or pd.api.types.is_numeric_dtype(known.dtype)) and known.nunique() > 6:
        return _quarters(pd.to_numeric(known))
    return known.pipe(as_text)


def _quarters(numbers: pd.Series) -> pd.Series:
    cut = pd.qcut(numbers, 4, duplicates="drop")
    in_order = cut.cat.categories
    # "1:" keeps the quarters in order wherever they are sorted as text
    limits = [interval.right for interval in in_order]
    if (numbers % 1 == 0).all():
        limits = [math.floor(limit) for limit in limits]
    names = [_("{n}: up to {limit:.10g}", n=n, limit=one) for n, one in enumerate(limits, start=1)]
    return cut.cat.rename_categories(names).pipe(as_text)


def _level(name: str, level: str) -> str:
    words = {"yes": pgettext("level", "yes"), "no": pgettext("level", "no")}
    return words.get(level) or str(value_label(name, level))


def _label(name: str, client: Client) -> str:
    stated = client.attributes.get(name)
    if stated is not None:
        return said_by_people(stated.label_en, stated.label_ja) or name
    return label(name)


def _family(name: str, client: Client) -> str:
    if name in client.attributes:
        return client.attributes[name].family
    return "behavioural" if name == "attitude" else "must-have sort"
