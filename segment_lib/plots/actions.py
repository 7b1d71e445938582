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
    without="contacts.effort_hours",
)
def plot_hours(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Hours a month before and after: what becomes free to the left, where it goes to the right.

    `table`: decision (or any group), hours_before, hours_after.
    """
    rows = table.assign(change=table["hours_after"] - table["hours_before"])
    rows = rows.sort_values("change", kind="stable").reset_index(drop=True)
    ax = st.axes_for(ax, 1.9 + 0.5 * len(rows))
    _draw_hours(ax, rows)
    name = next(column for column in rows if not column.startswith(("hours", "change")))
    labels = [shorten(value_label(name, each), 30) for each in rows[name]]
    st.row_labels(ax, range(len(rows)), labels)
    ax.axvline(0, color=st.INK, linewidth=1)
    most = max(rows["change"].abs().max(), 1)
    ax.set(xlim=(-1.75 * most, 1.75 * most), xlabel=_("change in hours a month"))
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:+,.0f}" if value else "0")
    return st.finish(ax, ask("hours"), _hours_subtitle(rows))


def _draw_hours(ax: Axes, rows: pd.DataFrame) -> None:
    for at, row in rows.iterrows():
        free = row["change"] < 0
        look: st.Look = st.hollow(st.WARN) if free else {"color": st.GOOD}
        ax.barh(at, row["change"], height=0.6, **look)
        before, after = hours(row["hours_before"]), hours(row["hours_after"])
        text = _("{before} → {after} h", before=before, after=after)
        points, side = (-6, "right") if free else (6, "left")
        st.beside(ax, text, (row["change"], at), points, ha=side)


def _hours_subtitle(rows: pd.DataFrame) -> str:
    freed = rows["change"].clip(upper=0).abs().sum()
    used = rows["change"].clip(lower=0).sum()
    both = {
        "freed": hours(freed), "used": hours(used),
        "before": hours(rows["hours_before"].sum()), "after": hours(rows["hours_after"].sum()),
    }  # fmt: skip
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
    without="actions",
)
def plot_owner_load(load: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Hours of planned work per owner beside the hours they have.

    `load`: owner, hours, capacity_hours (missing = no limit stated), actions.
    """
    rows = load.reset_index(drop=True)
    ax = st.axes_for(ax, 1.9 + 0.5 * len(rows))
    place = np.arange(len(rows))
    ax.barh(place, rows["hours"], height=0.56, color=st.MAIN, label=_("planned"))
    has = rows["capacity_hours"].notna()
    limits, at_limit = rows.loc[has, "capacity_hours"], place[has]
    look: st.Look = {"color": st.WARN, "linewidth": 2.4, "label": _("has")}
    ax.vlines(limits, at_limit - 0.36, at_limit + 0.36, **look)
    for at, row in rows.iterrows():
        furthest = np.nanmax([row["hours"], row["capacity_hours"]])
        st.beside(ax, _load_text(row), (furthest, at), 9)
    st.row_labels(ax, place, [shorten(value_label("owner", name), 24) for name in rows["owner"]])
    ax.set_xlim(0, np.nanmax(rows[["hours", "capacity_hours"]].to_numpy(float)) * 1.4)
    ax.set_xlabel(_("hours a month"))
    ax.grid(axis="x")
    st.legend_below(ax)
    n = count(rows["actions"].sum())
    return st.finish(ax, ask("owner_load"), _("n = {n} actions planned", n=n))


def _load_text(row: pd.Series) -> str:
    spent, has, n = hours(row["hours"]), row["capacity_hours"], count(row["actions"])
    if pd.isna(has):
        return _("{hours} h no limit stated, {n} actions", hours=spent, n=n)
    return _("{hours} h of {limit} h, {n} actions", hours=spent, limit=hours(has), n=n)


# Column, where it begins (the last one: ends), how many signs wide.
MONDAY_COLUMNS = (
    ("do_on", 0.0, 12), ("name", 0.115, 24), ("action", 0.345, 40), ("reason", 0.67, 34),
    ("effort_hours", 1.0, 6),
)  # fmt: skip


@chart(
    "monday",
    question=Sentence("Whom does this owner call on Monday?"),
    needs="do_on action effort_hours",
    also="name reason owner",
    opens=ACTIONS,
    in_report=False,
    without="actions",
)
def plot_monday(page: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """One owner's Monday page as a table: by when, who, what, why, hours.

    `page`: owner, do_on, name, action, reason, effort_hours; the first 12 rows.
    """
    rows = page.head(MOST_ROWS).reset_index()
    ax = st.axes_for(ax, 1.5 + 0.33 * len(rows))
    lines = [[label(name) for name, _x, _columns in MONDAY_COLUMNS]]
    for at, row in rows.iterrows():
        lines += [[shorten(_monday_text(row, name), most) for name, _x, most in MONDAY_COLUMNS]]
        if at % 2 == 0:
            ax.add_patch(Rectangle((-0.01, at - 0.5), 1.02, 1, color=st.PALE))
    for at, texts in enumerate(lines, start=-1):
        look: st.Look = {"fontsize": 9, "va": "center", "color": st.MUTED if at < 0 else st.INK}
        for (name, x, _most), text in zip(MONDAY_COLUMNS, texts, strict=True):
            ax.text(x, at, text, ha="right" if name == "effort_hours" else "left", **look)
    ax.set(xlim=(-0.01, 1.01), ylim=(len(rows) - 0.5, -1.5))
    st.bare(ax)
    return st.finish(ax, ask("monday"), _monday_subtitle(page, len(rows)))


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
    counted = {"shown": shown, "n": count(len(page)), "spent": hours(page["effort_hours"].sum())}
    return _(
        "{owner}: the first {shown} of {n} actions, {spent} hours in all", owner=owner, **counted
    )
