"""Charts of who, what, when: hours freed, each owner's load, one owner's Monday page."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from segment_lib.columns import label, value_label
from segment_lib.in_words import count, hours, named, shorten
from segment_lib.plots import style as st
from segment_lib.plots.registry import ACTIONS, ask, chart
from segment_lib.voice import Sentence, _

NOBODY_YET = "unassigned"  # stands where an owner will: it is none
MOST_ROWS = 12  # of one owner's Monday page
MOST_OF_A_NAME = 22  # columns, so that a long name keeps its 様


@chart(
    "hours",
    question=Sentence("Which hours become free, and where do they go?"),
    needs="decision hours_before hours_after",
    opens=Sentence(
        "customers who are not approached, or whose service takes more than the normal hours"
    ),
    tells=lambda table: table["hours_after"].ne(table["hours_before"]).any(),
)
def plot_hours(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Hours a month before and after: what becomes free to the left, where it goes to the right.

    `table`: decision (or any group), hours_before, hours_after.
    """
    question = ask("hours")
    with st.style():
        if table is None or table.empty:
            return st.no_data(ax, question, "contacts.effort_hours")
        rows = table.assign(change=table["hours_after"] - table["hours_before"])
        rows = rows.sort_values("change", kind="stable").reset_index(drop=True)
        ax = st.axes_for(ax, 1.9 + 0.5 * len(rows))
        _draw_hours(ax, rows)
        name = next(column for column in rows if not column.startswith(("hours", "change")))
        labels = [shorten(value_label(name, each), 30) for each in rows[name]]
        st.row_labels(ax, range(len(rows)), labels)
        ax.axvline(0, color=st.INK, linewidth=1)
        most = max(rows["change"].abs().max(), 1)
        ax.set_xlim(-1.75 * most, 1.75 * most)
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:+,.0f}" if value else "0")
        ax.set_xlabel(_("change in hours a month"))
        st.title(ax, question, _hours_subtitle(rows))
        return st.finish(ax)


def _draw_hours(ax: Axes, rows: pd.DataFrame) -> None:
    for at, row in rows.iterrows():
        free = row["change"] < 0
        look: st.Look = (
            {"facecolor": "white", "edgecolor": st.WARN, "hatch": st.HATCH_AWAY}
            if free
            else {"color": st.GOOD}
        )
        ax.barh(at, row["change"], height=0.6, **look)
        before, after = hours(row["hours_before"]), hours(row["hours_after"])
        ax.annotate(
            _("{before} → {after} h", before=before, after=after),
            (row["change"], at),
            xytext=(-6 if free else 6, 0),
            va="center",
            textcoords="offset points",
            ha="right" if free else "left",
            fontsize=9,
        )


def _hours_subtitle(rows: pd.DataFrame) -> str:
    freed = rows["change"].clip(upper=0).abs().sum()
    used = rows["change"].clip(lower=0).sum()
    before, after = hours(rows["hours_before"].sum()), hours(rows["hours_after"].sum())
    both = {"freed": hours(freed), "used": hours(used), "before": before, "after": after}
    if freed and used:
        return _(
            "hatched: {freed} hours become free; full: {used} hours more. In all {before} → "
            "{after} hours a month",
            **both,
        )
    if freed:
        return _(
            "hatched: {freed} hours become free. In all {before} → {after} hours a month", **both
        )
    if used:
        return _("full: {used} hours more. In all {before} → {after} hours a month", **both)
    return _(". In all {before} → {after} hours a month", **both)


@chart(
    "owner_load",
    question=Sentence("Does the work fit into each owner's hours?"),
    needs="owner hours capacity_hours actions",
    opens=Sentence("an owner in the lists, or hours in [capacity]"),
    tells=lambda load: load["owner"].ne(NOBODY_YET).any() or load["capacity_hours"].notna().any(),
)
def plot_owner_load(load: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Hours of planned work per owner beside the hours they have.

    `load`: owner, hours, capacity_hours (missing = no limit stated), actions.
    """
    question = ask("owner_load")
    with st.style():
        if load is None or load.empty:
            return st.no_data(ax, question, "actions")
        rows = load.reset_index(drop=True)
        ax = st.axes_for(ax, 1.9 + 0.5 * len(rows))
        place = np.arange(len(rows))
        ax.barh(
            place,
            rows["hours"],
            height=0.56,
            color=st.MAIN,
            label=_("planned"),
        )
        has = rows["capacity_hours"].notna()
        ax.vlines(
            rows.loc[has, "capacity_hours"],
            place[has] - 0.36,
            place[has] + 0.36,
            color=st.WARN,
            linewidth=2.4,
            label=_("has"),
        )
        for at, row in rows.iterrows():
            furthest = np.nanmax([row["hours"], row["capacity_hours"]])
            ax.annotate(
                _load_text(row),
                (furthest, at),
                xytext=(9, 0),
                va="center",
                textcoords="offset points",
                fontsize=9,
            )
        st.row_labels(
            ax, place, [shorten(value_label("owner", name), 24) for name in rows["owner"]]
        )
        ax.set_xlim(0, np.nanmax(rows[["hours", "capacity_hours"]].to_numpy(float)) * 1.4)
        ax.set_xlabel(_("hours a month"))
        ax.grid(axis="x")
        st.legend_below(ax)
        n = count(rows["actions"].sum())
        st.title(ax, question, _("n = {n} actions planned", n=n))
        return st.finish(ax)


def _load_text(row: pd.Series) -> str:
    spent, has, n = hours(row["hours"]), row["capacity_hours"], count(row["actions"])
    if pd.isna(has):
        return _("{hours} h no limit stated, {n} actions", hours=spent, n=n)
    return _("{hours} h of {limit} h, {n} actions", hours=spent, limit=hours(has), n=n)


MONDAY_COLUMNS = (
    ("do_on", 0.0, 12),
    ("name", 0.115, 24),
    ("action", 0.345, 40),
    ("reason", 0.67, 34),
    ("effort_hours", 1.0, 6),
)


@chart(
    "monday",
    question=Sentence("Whom does this owner call on Monday?"),
    needs="do_on action effort_hours",
    also="name reason owner",
    opens=ACTIONS,
    in_report=False,
)
def plot_monday(page: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """One owner's Monday page as a table: by when, who, what, why, hours.

    `page`: owner, do_on, name, action, reason, effort_hours; the first 12 rows.
    """
    question = ask("monday")
    with st.style():
        if page is None or page.empty:
            return st.no_data(ax, question, "actions")
        rows = page.head(MOST_ROWS).reset_index()
        ax = st.axes_for(ax, 1.5 + 0.33 * len(rows))
        for name, x, _width in MONDAY_COLUMNS:
            ax.text(
                x,
                -1,
                label(name),
                color=st.MUTED,
                fontsize=9,
                va="center",
                ha="right" if name == "effort_hours" else "left",
            )
        for at, row in rows.iterrows():
            if at % 2 == 0:
                ax.add_patch(Rectangle((-0.01, at - 0.5), 1.02, 1, color=st.PALE))
            for name, x, columns in MONDAY_COLUMNS:
                ax.text(
                    x,
                    at,
                    shorten(_monday_text(row, name), columns),
                    va="center",
                    ha="right" if name == "effort_hours" else "left",
                    fontsize=9,
                )
        ax.set_xlim(-0.01, 1.01)
        ax.set_ylim(len(rows) - 0.5, -1.5)
        st.bare(ax)
        st.title(ax, question, _monday_subtitle(page, len(rows)))
        return st.finish(ax)


def _monday_text(row: pd.Series, name: str) -> str:
    value = row.get(name)
    if name == "name":
        name = row.get("customer_id") if value is None or pd.isna(value) else value
        return named(shorten(str(name).removesuffix("様"), MOST_OF_A_NAME))
    if value is None or pd.isna(value):
        return "—"
    if name == "do_on":
        return f"{value:%Y-%m-%d}"
    return hours(value) if name == "effort_hours" else str(value_label(name, value))


def _monday_subtitle(page: pd.DataFrame, shown: int) -> str:
    owner = str(value_label("owner", page["owner"].iloc[0])) if "owner" in page else "—"
    n, spent = count(len(page)), hours(page["effort_hours"].sum())
    return _(
        "{owner}: the first {shown} of {n} actions, {spent} hours in all",
        owner=owner,
        shown=shown,
        n=n,
        spent=spent,
    )
