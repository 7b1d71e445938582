"""Frames as tables for the page: headings in words, coded values in words, numbers aligned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from segment_lib.client import Client
from segment_lib.columns import COLUMNS, VALUES, label, value_label
from segment_lib.in_words import count, hours, money, named, percent
from segment_lib.plots.actions import NOBODY_YET
from segment_lib.report.sentences import reason_label, reason_words
from segment_lib.voice import _, pgettext

MOST_ROWS = 20
MONDAY_ROWS = 15
MOST_SECTIONS = 60
NUMBERS = {"rows_in", "kept", "set_aside", "folded", "rows", "customers", "n"}
MONEY = {"spend", "revenue", "monetary"}


@dataclass(frozen=True)
class Table:
    """A table ready for the page: caption, headings, rows of text, which columns are numbers."""

    caption: str
    headings: list[str]
    rows: list[list[str]]
    right: list[bool]
    more: str = ""


def as_table(
    frame: pd.DataFrame, columns: Sequence[str], caption: str, client: Client, most: int = MOST_ROWS
) -> Table:
    """The first `most` rows of the columns that are there, in words."""
    shown = [name for name in columns if name in frame]
    rows = [
        [_cell(name, row[name], client) for name in shown]
        for row in frame.head(most)[shown].to_dict("records")
    ]
    left = len(frame) - most
    more = _("… and {left} more", left=count(left)) if left > 0 else ""
    return Table(caption, [_heading(n) for n in shown], rows, [_is_number(n) for n in shown], more)


def _heading(name: str) -> str:
    """The heading of a column: its label, but for those of which a table tells something else."""
    return {
        "hours": pgettext("heading", "Hours"),
        "character": pgettext("heading", "Character"),
        "measure": pgettext("heading", "What to do"),
        "section": pgettext("heading", "Section of client.toml"),
        "rule": pgettext("heading", "What they share"),
        "interval": pgettext("heading", "95% interval"),
        "rate": pgettext("heading", "Got results"),
        "n": pgettext("heading", "n"),
        "whole": pgettext("heading", "In the whole list"),
        "state": pgettext("heading", "Verdict"),
    }.get(name) or label(name)


def _is_number(name: str) -> bool:
    if name == "measure":  # here it is what to do
        return False
    known = COLUMNS.get(name)
    return known is not None and known.kind in ("number", "money", "integer")


def _cell(name: str, value: Any, client: Client) -> str:
    if name == "name":
        return named(value)
    if name == "all_reasons":
        return reason_words(value, client)
    if value is None or pd.isna(value):
        return "—"
    if name == "reason":
        return reason_label(value, client)
    if name in VALUES:
        return str(value_label(name, value))
    if name in MONEY:
        return money(value, client.client.currency)
    if name in ("hours", "effort_hours"):
        return hours(value)
    if name == "rate":
        return percent(value)
    if name in NUMBERS:
        return count(value)
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


def ledger_table(ledger: pd.DataFrame, client: Client) -> Table:
    """One row per list: in, kept, set aside, folded."""
    columns = ["list", "table", "rows_in", "kept", "set_aside", "folded"]
    return as_table(ledger, columns, _("The ledger, list by list"), client)


def segments_table(profile: pd.DataFrame, client: Client) -> Table:
    """The named RFM segments with their character and measure."""
    if "name" in profile:
        profile = profile.assign(rfm_segment=profile["name"])
    columns = ["rfm_segment", "customers", "spend", "character", "measure"]
    return as_table(profile, columns, _("The RFM segments"), client)


def rules_table(rules: pd.DataFrame, client: Client) -> Table:
    """Every rule shown, confirmed or not: heads, rate and interval of the half that did not find
    it, the whole list beside them.
    """
    between = zip(rules["low"], rules["high"], strict=True)
    everyone = zip(rules["successes_all"], rules["n_all"], strict=True)
    confirmed = rules["confirmed"].fillna(False).astype(bool)
    shown = rules[["rule", "n", "rate"]].assign(
        interval=[f"{percent(low)}–{percent(high)}" for low, high in between],
        whole=[_("{won} of {n}", won=count(won), n=count(n)) for won, n in everyone],
        state=confirmed.map({True: _("confirmed"), False: _("not confirmed")}),
    )
    caption = _(
        "What was found, and what was not confirmed; n, rate and interval of the half of "
        "the customers that did not find it"
    )
    return as_table(shown, list(shown), caption, client)


def reasons_table(summary: pd.DataFrame, client: Client) -> Table:
    """Heads per decision and main reason."""
    sums = {name: "sum" for name in ("customers", "hours") if name in summary}
    rows = summary.astype({"decision": str, "reason": str})
    table = rows.groupby(["decision", "reason"], sort=False).agg(sums).reset_index()
    order = list(VALUES["decision"])
    table = table[table["customers"] > 0]
    table = table.sort_values("decision", key=lambda names: names.map(order.index), kind="stable")
    caption = _("Decisions and their main reasons")
    return as_table(table, ["decision", "reason", "customers", "hours"], caption, client)


def actions_table(customers: pd.DataFrame, client: Client) -> Table | None:
    """Per action: how many customers, by which means, how many hours."""
    if "action" not in customers:
        return None
    rows = customers[customers["action"].fillna("").astype(str).str.strip() != ""]
    if rows.empty:
        return None
    groups = [name for name in ("decision", "action", "purpose", "channel") if name in rows]
    rows = rows.assign(**{name: rows[name].fillna("").astype(str) for name in groups})
    sums = {"customers": ("action", "size")}
    if "effort_hours" in rows:
        sums["hours"] = ("effort_hours", "sum")
    table = rows.groupby(groups, sort=True).agg(**sums).reset_index()
    table = table.sort_values("customers", ascending=False, kind="stable")
    return as_table(table, [*groups, "customers", "hours"], _("The actions"), client)


def channel_said(channel: object) -> str:
    """The means of an action in words; a channel of the client's own stays as it is."""
    words = {
        "call": pgettext("means", "call"),
        "mail": pgettext("means", "mail"),
        "visit": pgettext("means", "visit"),
        "meet": pgettext("means", "meet"),
        "met": pgettext("means", "met"),
        "post": pgettext("means", "post"),
        "letter": pgettext("means", "letter"),
        "as agreed": pgettext("means", "as agreed"),
        "none": pgettext("means", "none"),
    }
    return words.get(str(channel), str(channel))


def monday_table(page: pd.DataFrame, client: Client) -> Table:
    """One owner's Monday page: by when, who, what, why, hours."""
    rows = page.reset_index()
    if "name" not in rows and "customer_id" in rows:
        rows = rows.assign(name=rows["customer_id"])
    owner = str(rows["owner"].iloc[0]) if "owner" in rows else NOBODY_YET
    caption = _("Monday page: {whose}", whose=value_label("owner", owner))
    columns = ["do_on", "name", "action", "purpose", "channel", "reason", "effort_hours"]
    return as_table(rows, columns, caption, client, MONDAY_ROWS)


def signatures_table(client: Client) -> Table:
    """Who signed which section of client.toml, and what nobody has signed yet."""
    rows = pd.DataFrame(client.signatures(), columns=["section", "decided"])
    return as_table(rows, list(rows), _("What people decided"), client, MOST_SECTIONS)
