"""Charts of whom to approach, whom not, and who gets what, when: worth, decisions, hours, weeks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from segment_lib.columns import VALUES, label, value_label
from segment_lib.in_words import count, day_said, hours, named, percent, shorten
from segment_lib.plots import style as st
from segment_lib.plots.registry import ACTIONS, ask, chart
from segment_lib.voice import Sentence, _, ngettext

NOBODY_YET = "unassigned"  # stands where an owner will: it is none
MOST_ROWS = 12  # of one owner's week
MOST_WEEKS = 6  # that stand side by side
MOST_OF_A_NAME = 22  # columns, so that a long name keeps its 様
SLOT = 0.86  # of the width of a week, that its stated hours take
DECISION_LOOKS: dict[str, st.Look] = {
    "approach": {"color": st.MAIN},
    "grow": {"color": st.GOOD},
    "recover": {"color": st.WARN},
    "keep_serving": {"color": st.SOFT},
    "not_now": st.hollow(st.MUTED, st.HATCH_APART),
    "not_approached": st.hollow(st.INK),
}


@chart(
    "worth_bands",
    question=Sentence("Where is an approach likely to pay?"),
    needs="band customers rate p_worth_it warranted",
    also="low high",
    opens=Sentence("deals, outcomes and the value and cost in [worth]"),
    without="deals, outcomes, [worth]",
)
def plot_worth_bands(
    bands: pd.DataFrame, ax: Axes | None = None, break_even: float | None = None
) -> Axes:
    """Success rate per score band against break-even: an approach pays above the line.

    `bands`: band (1 = lowest), customers, rate, p_worth_it, warranted; low, high (interval) where
    known. Open circles are bands on the list with a warranty (`warranted`).
    """
    rows = bands.sort_values("band").reset_index(drop=True)
    ax = st.axes_for(ax, 4.3)
    _draw_bands(ax, rows)
    if break_even is not None:
        ax.axhline(break_even, color=st.INK, linestyle="--", linewidth=1.2)
        text = _("break-even {rate}", rate=percent(break_even, 1))
        look: st.Look = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
        ax.annotate(text, (1, break_even), xytext=(-4, 4), ha="right", fontsize=9, **look)
    ax.set_ylim(0, None)
    ax.yaxis.set_major_formatter(lambda value, _: percent(value))
    ax.grid(axis="y")
    ax.set_xlabel(_("score band before a contract (1 = lowest), customers in it, P"))
    ax.set_ylabel(_("signed and got results"))
    ax.legend(loc="upper left")
    says = _(
        "n = {n} customers whose result is known, each scored by models that had not seen them; "
        "P = chance that the band's true rate is above break-even",
        n=count(rows["customers"].sum()),
    )
    return st.finish(ax, ask("worth_bands"), says)


def _draw_bands(ax: Axes, rows: pd.DataFrame) -> None:
    leave = rows["warranted"].fillna(False).astype(bool)
    if {"low", "high"} <= set(rows.columns):
        ax.vlines(rows["band"], rows["low"], rows["high"], color=st.MUTED, linewidth=1.5)
    keep, away = rows[~leave], rows[leave]
    may: st.Look = {"color": st.MAIN, "label": _("may pay: approach")}
    leaves: st.Look = {"color": st.WARN, "label": _("left out, with a warranty")}
    leaves |= {"markerfacecolor": "white", "markeredgewidth": 1.6}
    ax.plot(keep["band"], keep["rate"], "s", markersize=8, **may)
    ax.plot(away["band"], away["rate"], "o", markersize=8, **leaves)
    ax.set_xticks(rows["band"], [_band_label(row) for _name, row in rows.iterrows()])
    ax.set_xlim(rows["band"].min() - 0.6, rows["band"].max() + 0.6)


def _band_label(row: pd.Series) -> str:
    # numbers alone: twenty bands stand side by side, the axis says which line is which
    return f"{int(row['band'])}\n{count(row['customers'])}\n{percent(row['p_worth_it'])}"


@chart(
    "decision_summary",
    question=Sentence("What is decided for whom, and why?"),
    needs="decision reason customers",
    also="under_contract hours",
    opens=Sentence("the decision (notebook 08)"),
    without="decisions",
)
def plot_decisions(
    summary: pd.DataFrame, ax: Axes | None = None, reason_words: Mapping[str, str] | None = None
) -> Axes:
    """Heads per decision and main reason; the answers add up to everyone.

    `summary`: decision, reason, customers; `reason_words`: what a reason is called here.
    """
    rows = _by_decision(summary)
    ax = st.axes_for(ax, 1.4 + 0.3 * (rows["at"].max() + 1))
    for row in rows.itertuples():
        ax.barh(row.at, row.customers, height=0.66, **DECISION_LOOKS[row.decision])
        st.beside(ax, count(row.customers), (row.customers, row.at))
    rows["words"] = [str(value_label("decision", decision)) for decision in rows["decision"]]
    st.group_names(ax, rows, "decision", "words")
    words = reason_words or {}
    names = [shorten(words.get(one, value_label("reason", one)), 48) for one in rows["reason"]]
    st.row_labels(ax, rows["at"], names)
    ax.set(xlim=(0, rows["customers"].max() * 1.1), ylim=(rows["at"].max() + 0.7, -0.5))
    ax.set_xlabel(_("customers"))
    ax.grid(axis="x")
    n = count(rows["customers"].sum())
    says = _("n = {n} customers, each with one decision and one main reason", n=n)
    return st.finish(ax, ask("decision_summary"), says)


def _by_decision(summary: pd.DataFrame) -> pd.DataFrame:
    sums = summary.groupby(["decision", "reason"], observed=True, as_index=False)["customers"].sum()
    sums = sums[sums["customers"] > 0].astype({"decision": str, "reason": str})
    order = {name: at for at, name in enumerate(VALUES["decision"])}
    sums = sums.assign(order=sums["decision"].map(order))
    rows = sums.sort_values(["order", "customers"], ascending=[True, False]).reset_index(drop=True)
    group = rows["decision"].ne(rows["decision"].shift()).cumsum()
    return rows.assign(at=np.arange(len(rows)) + 1.25 * group)


@chart(
    "hours",
    question=Sentence("Where did our hours go, and where do they go now?"),
    needs="decision customers hours_before hours_after",
    opens=Sentence("contacts of the last 90 days with their hours"),
    tells=lambda table: bool(table["hours_before"].any()),
    without="contacts.effort_hours",
)
def plot_hours(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Hours by decision: really spent in a month of the last 90 days, planned in these weeks.

    `table`: decision, customers, hours_before, hours_after.
    """
    rows = table.reset_index(drop=True)
    ax = st.axes_for(ax, 2.2 + 0.62 * len(rows))
    place = np.arange(len(rows))
    before: st.Look = st.hollow(st.MUTED) | {"label": _("spent in a month (mean of 90 days)")}
    after: st.Look = {"color": st.MAIN, "label": _("planned in these weeks")}
    for column, shift, look in (("hours_before", -0.19, before), ("hours_after", 0.19, after)):
        ax.barh(place + shift, rows[column], height=0.34, **look)
        for at, value in zip(place, rows[column], strict=True):
            st.beside(ax, _("{hours} h", hours=hours(value)), (value, at + shift))
    words = [value_label("decision", one) for one in rows["decision"]]
    names = [
        _("{decision} ({n})", decision=word, n=count(n))
        for word, n in zip(words, rows["customers"], strict=True)
    ]
    st.row_labels(ax, place, names)
    most = max(rows[["hours_before", "hours_after"]].to_numpy().max(), 1)
    ax.set(xlim=(0, 1.15 * most), xlabel=_("hours"))
    ax.grid(axis="x")
    st.legend_below(ax)
    says = _(
        "n = {n} customers; in all {before} hours in a month, {after} hours in these weeks",
        n=count(rows["customers"].sum()),
        before=hours(rows["hours_before"].sum()),
        after=hours(rows["hours_after"].sum()),
    )
    return st.finish(ax, ask("hours"), says)


@chart(
    "owner_load",
    question=Sentence("Does the work fit into each owner's hours?"),
    needs="owner week hours capacity_hours actions",
    opens=Sentence("an owner in the lists, or hours in [teams] or [capacity]"),
    tells=lambda load: load["owner"].ne(NOBODY_YET).any() or load["capacity_hours"].notna().any(),
    without="actions",
)
def plot_owner_load(load: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Per owner the weeks side by side: the hours planned in the hours stated; what does not fit.

    `load`: owner, week (0 = what does not fit), hours, capacity_hours (missing = none stated),
    actions. The frame of a week is what its owner has; the first 6 weeks.
    """
    owners = list(dict.fromkeys(load["owner"]))
    weeks = [week for week in sorted(set(load["week"])) if week > 0]
    shown = weeks[:MOST_WEEKS]
    ax = st.axes_for(ax, 1.7 + 0.62 * len(owners))
    for row in load.itertuples():
        if row.week in (0, *shown):
            _draw_week(ax, row, owners.index(row.owner), len(shown))
    heads = [*(_("week {n}", n=week) for week in shown), _("waits for hours")]
    ax.set_xticks([at + SLOT / 2 for at in range(len(heads))], heads)
    ax.xaxis.tick_top()
    st.row_labels(
        ax, range(len(owners)), [shorten(value_label("owner", name), 24) for name in owners]
    )
    ax.set(xlim=(-0.05, len(heads)), ylim=(len(owners) - 0.4, -0.6))
    st.bare(ax, x=False, y=False)
    return st.finish(ax, ask("owner_load"), _load_subtitle(load, len(weeks) - len(shown)), 14)


def _draw_week(ax: Axes, row: Any, at: int, weeks: int) -> None:
    """One week of one owner: a frame for the hours stated, filled as far as they are planned."""
    words: st.Look = {"fontsize": 8.5 if weeks <= 4 else 7.5, "va": "center", "color": st.INK}
    left, says = row.week - 1, _("{hours} h ({n})", hours=hours(row.hours), n=count(row.actions))
    if row.week == 0:
        if row.actions:
            ax.text(weeks, at, says, **words | {"color": st.WARN})
        return
    if pd.isna(row.capacity_hours):
        ax.text(left, at - 0.17, says, **words)
        ax.text(left, at + 0.14, _("no limit stated"), **words | {"color": st.MUTED})
        return
    share = row.hours / row.capacity_hours if row.capacity_hours else 0.0
    box: st.Look = {"facecolor": "white", "edgecolor": st.MUTED, "linewidth": 1}
    ax.add_patch(Rectangle((left, at), SLOT, 0.26, **box))
    ax.add_patch(Rectangle((left, at), SLOT * min(share, 1.0), 0.26, color=st.MAIN, gid="planned"))
    says = _(
        "{hours} of {limit} h ({n})",
        hours=hours(row.hours),
        limit=hours(row.capacity_hours),
        n=count(row.actions),
    )
    ax.text(left, at - 0.17, says, **words)


def _load_subtitle(load: pd.DataFrame, more: int) -> str:
    done, late = load[load["week"] > 0], load[load["week"] == 0]
    says = _(
        "n = {n} actions planned (in brackets); {late} do not fit and wait; a frame is the hours "
        "stated",
        n=count(done["actions"].sum()),
        late=count(late["actions"].sum()),
    )
    return says + (ngettext("; {n} week more", "; {n} weeks more", more) if more else "")


# Column, where it begins (the last one: ends), how many signs wide.
WEEK_COLUMNS = (
    ("do_on", 0.0, 14), ("name", 0.12, 24), ("action", 0.325, 31), ("why_now", 0.545, 50),
    ("effort_hours", 1.0, 6),
)  # fmt: skip


@chart(
    "week_page",
    question=Sentence("Whom does this owner turn to first?"),
    needs="do_on action effort_hours",
    also="name why_now owner planned_week",
    opens=ACTIONS,
    in_report=False,
    without="actions",
)
def plot_week_page(page: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """One owner's week as a table: on which day, who, what, why now, hours.

    `page`: owner, do_on, name, action, why_now, effort_hours, as `page_of` gives it, with names;
    the first 12 rows.
    """
    rows = page.head(MOST_ROWS).reset_index()
    ax = st.axes_for(ax, 1.5 + 0.33 * len(rows))
    lines = [[label(name) for name, _x, _columns in WEEK_COLUMNS]]
    for at, row in rows.iterrows():
        lines += [[shorten(_week_text(row, name), most) for name, _x, most in WEEK_COLUMNS]]
        if at % 2 == 0:
            ax.add_patch(Rectangle((-0.01, at - 0.5), 1.02, 1, color=st.PALE))
    for at, texts in enumerate(lines, start=-1):
        look: st.Look = {"fontsize": 9, "va": "center", "color": st.MUTED if at < 0 else st.INK}
        for (name, x, _most), text in zip(WEEK_COLUMNS, texts, strict=True):
            ax.text(x, at, text, ha="right" if name == "effort_hours" else "left", **look)
    ax.set(xlim=(-0.01, 1.01), ylim=(len(rows) - 0.5, -1.5))
    st.bare(ax)
    return st.finish(ax, ask("week_page"), _week_subtitle(page, len(rows)))


def _week_text(row: pd.Series, name: str) -> str:
    value = row.get(name)
    if name == "name":
        name = row.get("customer_id") if value is None or pd.isna(value) else value
        return named(shorten(str(name).removesuffix("様"), MOST_OF_A_NAME))
    if value is None or pd.isna(value):
        return "—"
    if name == "do_on":
        return day_said(value)
    return hours(value) if name == "effort_hours" else str(value_label(name, value))


def _week_subtitle(page: pd.DataFrame, shown: int) -> str:
    owner = str(value_label("owner", page["owner"].iloc[0])) if "owner" in page else "—"
    counted = {"shown": shown, "n": count(len(page)), "spent": hours(page["effort_hours"].sum())}
    if "planned_week" not in page:
        return _(
            "{owner}: the first {shown} of {n} actions, {spent} hours in all",
            owner=owner,
            **counted,
        )
    return _(
        "{owner}, week {week}: the first {shown} of {n} actions, {spent} hours in all",
        owner=owner,
        week=page["planned_week"].iloc[0],
        **counted,
    )


@chart(
    "playbook",
    question=Sentence("Who takes which row of the playbook?"),
    needs="action purpose fits takes hours",
    opens=ACTIONS,
    tells=lambda rows: bool(rows["takes"].any()),
    without="actions",
)
def plot_playbook(rows: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """The rows from the top: whom each fits on its own (frame), whom it takes (filled), its hours.

    `rows`: action, purpose, fits, takes, hours, as a plan view gives them. A row that takes nobody
    is left out.
    """
    shown = rows[rows["takes"] > 0].reset_index(drop=True)
    ax = st.axes_for(ax, 1.8 + 0.31 * len(shown))
    place = np.arange(len(shown))
    fits: st.Look = st.hollow(st.MUTED) | {"label": _("whom it fits on its own")}
    takes: st.Look = {"color": st.MAIN, "label": _("whom it takes, the rows above first")}
    most = max(shown["takes"].max(), 1)
    # the last rows fit nearly everybody: their frames would make all others unreadable
    ax.barh(place, shown["fits"].clip(upper=1.3 * most), height=0.62, **fits)
    ax.barh(place, shown["takes"], height=0.62, **takes)
    for at, n in shown["fits"][shown["fits"] > 1.3 * most].items():  # a frame that goes on
        look: st.Look = {"ha": "right", "va": "center", "fontsize": 8, "bbox": st.paper(1.2)}
        ax.text(1.28 * most, at, _("{n} →", n=count(n)), color=st.INK, **look)
    for at, row in shown.iterrows():
        spent = _("{hours} h", hours=hours(row["hours"])) if row["hours"] else _("no hours")
        says = _("{n} · {hours} · {purpose}", n=count(row["takes"]), hours=spent,
                 purpose=value_label("purpose", row["purpose"]))  # fmt: skip
        ax.text(1.34 * most, at, says, va="center", fontsize=8.5, color=st.INK)
    st.row_labels(ax, place, [shorten(name, 38) for name in shown["action"]])
    ax.set(xlim=(0, 1.95 * most), ylim=(len(shown) - 0.4, -0.6))
    st.bare(ax, y=False)
    ax.tick_params(axis="x", labelbottom=False)
    st.legend_below(ax)
    idle = len(rows) - len(shown)
    says = _("n = {n} customers, each by the first row that fits", n=count(rows["takes"].sum()))
    left = ngettext("; {n} row takes nobody today", "; {n} rows take nobody today", idle)
    return st.finish(ax, ask("playbook"), says + (left if idle else ""))
