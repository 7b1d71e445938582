"""Attributes as features: searched only if people have said that they were known before."""

from __future__ import annotations

import pandas as pd

from segment_lib.columns import TABLES, as_text, label
from segment_lib.results.features.item import Feature, Words, yes_no
from segment_lib.settings import AttributeSection, Client
from segment_lib.voice import _, spoken

DAYS_A_YEAR = 365.25  # ages are said in years, not in days
LATE_SHARE = 0.05  # of a column's dates after the clues end: it is written later (last activity)
UNDECLARED = AttributeSection()
STANDARD_ATTRIBUTES = {
    "sort": AttributeSection(),
    "attitude": AttributeSection(family="psychographic"),
    "owner": AttributeSection(),
    "key_account": AttributeSection(kind="yes_no"),
    "potential_amount": AttributeSection(kind="number"),
}
# When it was known → how it is used, and why.
USES = {
    "after_outcome": ("barred", "after_outcome"),
    "undated": ("shown", "undated"),
    "dated": ("searched", "window"),
}


def attributes(customers: pd.DataFrame, window: pd.DataFrame, client: Client) -> dict[str, Feature]:
    """The attributes of the customer list, each with when it was known."""
    found = {}
    for name in _attribute_names(customers, client):
        section = client.attributes.get(name) or STANDARD_ATTRIBUTES.get(name, UNDECLARED)
        values = customers[name]
        known_at = str(section.known_at)
        noted = f"{name}_on"
        if noted in customers and known_at == "undated":
            # The list says when it was noted, so it dates itself.
            noted_on = pd.to_datetime(customers[noted], errors="coerce")
            values, known_at = values.where(noted_on <= window["end_on"]), "dated"
        late = _late_share(values, section.kind, window)
        use, why = USES.get(known_at, ("searched", "declared"))
        if late >= LATE_SHARE:
            use, why = "barred", "late"
        values, words = _as_kind(values, section.kind, window), _attribute_words(name, section)
        found[name] = Feature(values, section.family, known_at, use, why, words, late)
    return found


def _attribute_names(customers: pd.DataFrame, client: Client) -> list[str]:
    """Declared attributes, the other extra columns of the list, and the standard ones in use."""
    mapped = [
        column
        for name, section in client.lists.items()
        if client.table_of(name) == "customers"
        for column in section.headers
        if column not in TABLES["customers"]
    ]
    names = dict.fromkeys([*client.attributes, *mapped, *STANDARD_ATTRIBUTES])
    return [name for name in names if name in customers and customers[name].notna().any()]


def _late_share(values: pd.Series, kind: str, window: pd.DataFrame) -> float:
    """Which share of the days in a column lies after the clues end; 0 where it holds no days."""
    if kind != "date" and not pd.api.types.is_datetime64_any_dtype(values):
        return 0.0
    day = pd.to_datetime(values, errors="coerce").dropna()
    return float((day > window["end_on"].reindex(day.index)).mean()) if len(day) else 0.0


def _as_kind(values: pd.Series, kind: str, window: pd.DataFrame) -> pd.Series:
    """Text, number, yes / no; a date becomes the full years from it to the start."""
    if kind == "number":
        return pd.to_numeric(values, errors="coerce").astype(float)
    if kind == "date":
        day = pd.to_datetime(values, errors="coerce")
        before = (window["start_on"] - day).dt.days.astype(float) // DAYS_A_YEAR
        return before.where(day <= window["end_on"])
    if pd.api.types.is_bool_dtype(values):
        return yes_no(values)
    return values.pipe(as_text)


def _attribute_words(name: str, section: AttributeSection) -> Words:
    japanese = spoken() == "ja"
    named = (section.label_ja if japanese else section.label_en) or label(name)
    says = section.says_ja if japanese else section.says_en
    if section.kind == "date" and not says:
        says = _("{attribute}: {{}} years before the start", attribute=named)
    return Words(named, says)
