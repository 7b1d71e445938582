"""Frames as tables for the page: headings in words, coded values in words, numbers aligned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from segment_lib.approach.weeks import Weeks, weeks_of
from segment_lib.client import Client
from segment_lib.columns import COLUMNS, VALUES, label, value_label
from segment_lib.in_words import count, day_said, hours, money, named, percent
from segment_lib.report.few import COVERED, counts_customers, covered, hide_few
from segment_lib.report.frames import NO_HOURS, by_decision, decisions_in, reasons_in
from segment_lib.report.sentences import reason_label, reason_words
from segment_lib.report.signed_said import decided_values, section_said
from segment_lib.voice import N_, _, is_to_share, pgettext

MOST_ROWS = 20
WEEK_ROWS = 15
MOST_WEEKS = 6
MOST_SECTIONS = 60
MOST_LEVELS = 5
MOST_MAIN = 15
CARDS_FROM = 2
NUMBERS = {
    "rows_in", "kept", "set_aside", "folded", "rows", "customers", "n", "planned",
    "waits_for_hours", "waits_for_day", "without_action",
}  # fmt: skip
SHORT = {"decision", "purpose", "channel", "do_on", "owner", "contact_person", "state"}
MONEY = {"spend", "revenue", "monetary"}


@dataclass(frozen=True)
class Table:
    """A table ready for the page: caption, headings, rows of text, which columns are numbers and
    which a word or two.
    """

    caption: str
    headings: list[str]
    rows: list[list[str]]
    right: list[bool]
    short: list[bool]
    more: str = ""

    @property
    def wide(self) -> bool:
        """Whether a telephone shows each row as a card of its own: more columns than two."""
        return len(self.headings) > CARDS_FROM


def as_table(
    frame: pd.DataFrame,
    columns: Sequence[str],
    caption: str,
    client: Client,
    most: int = MOST_ROWS,
    rest: str = N_("… and {left} more"),
) -> Table:
    """The first `most` rows of the columns that are there, in words; `rest` says of the others."""
    shown = [name for name in columns if name in frame]
    rows = [
        [_cell(name, row[name], client) for name in shown]
        for row in frame.head(most)[shown].to_dict("records")
    ]
    for at, name in enumerate(shown):
        # no "<5" comes out of a sum down the column
        if is_to_share() and name in NUMBERS and counts_customers(name):
            for row, cell in zip(rows, covered(frame[name].head(most).tolist()), strict=True):
                row[at] = cell
    left = len(frame) - most
    more = _(rest, left=count(left)) if left > 0 else ""
    right = [_is_number(name) for name in shown]
    short = [name in SHORT for name in shown]
    return Table(caption, [_heading(name) for name in shown], rows, right, short, more)


def _heading(name: str) -> str:
    """The heading of a column: its label, but for those of which a table tells something else."""
    return {
        "decision": _("What is decided"),
        "hours": _("Hours planned"),
        "character": pgettext("heading", "Character"),
        "measure": pgettext("heading", "What to do"),
        "section": pgettext("heading", "What"),
        "values": pgettext("heading", "Decided, or taken as it stands"),
        "planned": pgettext("heading", "Planned in these weeks"),
        "waits_for_hours": pgettext("heading", "Waits for hours"),
        "waits_for_day": pgettext("heading", "Waits for its day"),
        "without_action": pgettext("heading", "No action"),
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
    if name in NUMBERS:
        return True
    known = COLUMNS.get(name)
    return known is not None and known.kind in ("number", "money", "integer")


def _cell(name: str, value: Any, client: Client) -> str:
    if name == "name":
        return named(value)
    if name == "do_on" and not pd.isna(value):
        return day_said(value)
    if name == "all_reasons":
        return reason_words(value, client)
    if value is None or pd.isna(value):
        return "—"
    if name == "table":
        return table_said(value)
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
    """Every rule shown, confirmed, a warning or neither: heads, rate and interval of the half that
    did not find it, the whole list beside them.
    """
    everyone = zip(rules["successes_all"], rules["n_all"], strict=True)
    shown = rules[["rule", "n", "rate"]].assign(
        interval=_intervals(rules, rules["rate"]),
        whole=[_("{won} of {n}", won=count(won), n=count(n)) for won, n in everyone],
        state=[str(value_label("verdict", one)) for one in rules["verdict"]],
    )
    caption = _(
        "What was found, what marks those without results (warning), and what was not confirmed; "
        "n, rate and interval of the customers kept apart to check it"
    )
    return as_table(shown, list(shown), caption, client)


def _intervals(rows: pd.DataFrame, known: pd.Series) -> list[str]:
    """From low to high, where it is known."""
    return [
        "—" if pd.isna(is_known) else _("{low}–{high}", low=percent(low), high=percent(high))
        for is_known, low, high in zip(known, rows["low"], rows["high"], strict=True)
    ]


def target_table(target: pd.DataFrame, client: Client) -> Table | None:
    """Per attribute the largest levels in heads, and whichever tells apart."""
    own = target[~target["level"].isin(list(VALUES["level"]))]
    tells = own["tells_apart"].fillna(False).astype(bool)
    top = own.groupby("attribute", sort=False).cumcount() < MOST_LEVELS
    rows = own[top | tells]
    if rows.empty:
        return None
    shown = rows[["attribute", "level", "customers", "n", "rate"]].assign(
        interval=_intervals(rows, rows["low"]),
        state=tells[rows.index].map({True: _("tells apart"), False: "—"}),
    )
    caption = _(
        "What was known before the contract: the largest groups of each attribute; n are the "
        "customers whose result is known"
    )
    table = as_table(shown, list(shown), caption, client, len(shown))
    left = len(own) - len(rows)
    return replace(table, more=_("… and {left} more", left=count(left)) if left else "")


def main_table(main: pd.DataFrame, client: Client) -> Table:
    """The main customers by name: who looks after them, why they are, results and revenue."""
    caption = _("The main customers: did all requests, or became a fan after an incident")
    columns = ["name", "owner", "why", "got_results", "field"]
    names = main["name"].fillna(main["customer_id"]) if "customer_id" in main else main["name"]
    rest = N_("… and {left} more in customers.parquet")
    return as_table(main.assign(name=names), columns, caption, client, MOST_MAIN, rest)


def decisions_table(plan: pd.DataFrame, client: Client) -> Table:
    """Per decision: all of them, those planned, those who wait for hours or for their day."""
    columns = ["decision", "customers", "planned", "waits_for_hours", "waits_for_day",
               "without_action", "hours"]  # fmt: skip
    caption = _("Who gets what in these weeks; hours are those of the planned actions")
    made = decisions_in(plan)
    table = as_table(made, columns, caption, client)
    return replace(table, rows=_covered_along(table.rows, made)) if is_to_share() else table


def _covered_along(rows: list[list[str]], made: pd.DataFrame) -> list[list[str]]:
    """The rows of a copy to share, in which no "<5" comes out of what adds up to the customers."""
    parts = ["planned", "waits_for_hours", "waits_for_day", "without_action"]
    first, last = 2, 2 + len(parts)  # after decision and customers
    told = [
        covered(counts, total)
        for counts, total in zip(made[parts].to_numpy().tolist(), made["customers"], strict=True)
    ]
    for row, cells in zip(rows, told, strict=True):
        both = zip(row[first:last], cells, strict=True)
        row[first:last] = [COVERED if COVERED in two else two[0] for two in both]
    return rows


def reasons_table(plan: pd.DataFrame, client: Client) -> Table:
    """Heads per decision and main reason, and how many of them are planned."""
    table = by_decision(reasons_in(plan).sort_values("customers", ascending=False, kind="stable"))
    caption = _("Decisions and their main reasons, one for each customer")
    columns = ["decision", "reason", "customers", "planned"]
    return as_table(table, columns, caption, client, len(table))


def actions_table(plan: pd.DataFrame, client: Client) -> Table | None:
    """Per action: by what it has worked, how many are planned, how many hours; how many wait."""
    acts = plan[plan["planned_week"].notna() | plan["waits_because"].isin(NO_HOURS)]
    if acts.empty:
        return None
    groups = ["action", "purpose", "works_if"]
    done = acts["planned_week"].notna()
    told = (
        acts.assign(works_if=acts.get("measure", ""))[groups]
        .astype(str)
        .assign(
            planned=done.astype(int),
            waits_for_hours=(~done).astype(int),
            hours=acts["effort_hours"].where(done, 0.0),
        )
    )
    table = hide_few(told.groupby(groups, sort=True).sum().reset_index())
    table = table.sort_values(["planned", "waits_for_hours"], ascending=False, kind="stable")
    caption = _("The actions; hours are those of the planned ones")
    columns = [*groups, "planned", "hours", "waits_for_hours"]
    return as_table(table, columns, caption, client, len(table))


def recovery_table(recovery: pd.DataFrame, client: Client) -> Table:
    """Per state of an incident: heads, how fast we were, what was done, what comes next."""
    shown = recovery.dropna(axis=1, how="all")
    columns = [name for name in recovery if name in shown and name != "incidents"]
    caption = _("What went wrong, and what comes next: open → recovered → fan")
    return as_table(shown, columns, caption, client, len(shown))


def load_table(load: pd.DataFrame, client: Client) -> Table:
    """One row per owner: in each week the hours planned of those stated, and what does not fit."""
    weeks = weeks_of(client)
    shown = range(1, min(client.plan.weeks, MOST_WEEKS) + 1)
    cells = {(row.owner, row.week): row for row in load.itertuples()}
    rows = [
        [
            str(value_label("owner", owner)),
            *(_hours_of(cells[owner, week]) for week in shown),
            _waiting(cells[owner, 0]),
        ]
        for owner in load["owner"].drop_duplicates()
    ]
    headings = [
        str(label("owner")),
        *(_week_heading(weeks, week) for week in shown),
        pgettext("heading", "Waits for hours"),
    ]
    left = client.plan.weeks - len(shown)
    return Table(
        _("Hours planned of the hours stated, week by week; in brackets the actions"),
        headings,
        rows,
        [False, *[True] * (len(headings) - 1)],
        [True, *[False] * (len(headings) - 1)],
        _("… and {left} more weeks", left=count(left)) if left else "",
    )


def _week_heading(weeks: Weeks, number: int) -> str:
    days = weeks.days[weeks.week == number]
    if not len(days):
        return _("Week {n}: no working day", n=number)
    return _(
        "Week {n}: {first} – {last}", n=number, first=day_said(days[0]), last=day_said(days[-1])
    )


def _hours_of(row: Any) -> str:
    spent, n = hours(row.hours), count(row.actions)
    if pd.isna(row.hours):  # of so few that a copy to share does not say it
        return f"({n})"
    if pd.isna(row.capacity_hours):
        return _("{hours} h ({n})", hours=spent, n=n)
    return _("{hours} of {limit} h ({n})", hours=spent, limit=hours(row.capacity_hours), n=n)


def _waiting(row: Any) -> str:
    return _hours_of(row._replace(capacity_hours=float("nan"))) if row.actions else "—"


def table_said(table: object) -> str:
    """A table of the register in words."""
    words = {
        "customers": pgettext("table", "customers"),
        "orders": pgettext("table", "orders"),
        "order_lines": pgettext("table", "order lines"),
        "adjustments": pgettext("table", "returns and corrections"),
        "deals": pgettext("table", "deals"),
        "contacts": pgettext("table", "contacts"),
        "usage": pgettext("table", "usage"),
        "outcomes": pgettext("table", "results"),
        "incidents": pgettext("table", "incidents"),
        "permissions": pgettext("table", "permissions"),
    }
    return words.get(str(table), str(table))


def week_table(page: pd.DataFrame, client: Client) -> Table:
    """One owner's week by day, on each day in the order of service: who, what, why now, by which
    means, how long.
    """
    ids = pd.Series(page.index, index=page.index)
    rows = page.assign(name=page.get("name", ids).fillna(ids))
    known = "contact_person" in page and page["contact_person"].notna().any()
    columns = ["do_on", "name", *(["contact_person"] if known else []), "content", "why_now",
               "channel", "effort_hours"]  # fmt: skip
    rest = N_("… and {left} more on this owner's sheet of actions.xlsx")
    return as_table(rows, columns, "", client, WEEK_ROWS, rest)


def decided_table(client: Client) -> Table:
    """What people decided: in words, with its values, who signed it, or that nobody has yet."""
    rows = [
        {
            "section": section_said(row["section"]),
            "values": decided_values(row["section"], client) or "—",
            "decided": row["decided"],
        }
        for row in client.signatures()
    ]
    caption = _("What people decided, and who signed it")
    columns = ["section", "values", "decided"]
    return as_table(pd.DataFrame(rows), columns, caption, client, MOST_SECTIONS)
