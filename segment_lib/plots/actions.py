"""Charts of who, what, when: hours freed, each owner's load, one owner's Monday page."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from segment_lib.columns import Language, label, value_label
from segment_lib.plots import style as st
from segment_lib.plots.questions import ask
from segment_lib.plots.words import count, hours, named, pair, shorten

MOST_ROWS = 12  # of one owner's Monday page
MOST_OF_A_NAME = 22  # columns, so that a long name keeps its 様


def plot_hours(table: pd.DataFrame, ax: Axes | None = None, language: Language = "en") -> Axes:
    """Hours a month before and after: what becomes free to the left, where it goes to the right.

    `table`: decision (or any group), hours_before, hours_after.
    """
    question = ask("hours", language)
    with st.style(language):
        if table is None or table.empty:
            return st.no_data(ax, question, language, "contacts.effort_hours")
        rows = table.assign(change=table["hours_after"] - table["hours_before"])
        rows = rows.sort_values("change", kind="stable").reset_index(drop=True)
        ax = st.axes_for(ax, 1.9 + 0.5 * len(rows))
        _draw_hours(ax, rows, language)
        name = next(column for column in rows if not column.startswith(("hours", "change")))
        labels = [shorten(value_label(name, each, language), 30) for each in rows[name]]
        st.row_labels(ax, range(len(rows)), labels)
        ax.axvline(0, color=st.INK, linewidth=1)
        most = max(rows["change"].abs().max(), 1)
        ax.set_xlim(-1.75 * most, 1.75 * most)
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:+,.0f}" if value else "0")
        ax.set_xlabel(pair("change in hours a month", "月あたり時間の増減", language))
        st.title(ax, question, _hours_subtitle(rows, language))
        return st.finish(ax)


def _draw_hours(ax: Axes, rows: pd.DataFrame, language: Language) -> None:
    for at, row in rows.iterrows():
        free = row["change"] < 0
        look: st.Look = (
            {"facecolor": "white", "edgecolor": st.WARN, "hatch": st.HATCH_AWAY}
            if free
            else {"color": st.GOOD}
        )
        ax.barh(at, row["change"], height=0.6, **look)
        text = f"{hours(row['hours_before'])} → {hours(row['hours_after'])}"
        text += pair(" h", "時間", language)
        ax.annotate(
            text,
            (row["change"], at),
            xytext=(-6 if free else 6, 0),
            va="center",
            textcoords="offset points",
            ha="right" if free else "left",
            fontsize=9,
        )


def _hours_subtitle(rows: pd.DataFrame, language: Language) -> str:
    freed = rows["change"].clip(upper=0).abs().sum()
    used = rows["change"].clip(lower=0).sum()
    before, after = hours(rows["hours_before"].sum()), hours(rows["hours_after"].sum())
    parts = [
        pair(
            f"hatched: {hours(freed)} hours become free",
            f"斜線：空く時間{hours(freed)}時間",
            language,
        )
        if freed
        else "",
        pair(f"full: {hours(used)} hours more", f"塗り：増やす時間{hours(used)}時間", language)
        if used
        else "",
    ]
    return pair("; ", "、", language).join(part for part in parts if part) + pair(
        f". In all {before} → {after} hours a month",
        f"。合計 {before} → {after}時間/月",
        language,
    )


def plot_owner_load(load: pd.DataFrame, ax: Axes | None = None, language: Language = "en") -> Axes:
    """Hours of planned work per owner beside the hours they have.

    `load`: owner, hours, capacity_hours (missing = no limit stated), actions.
    """
    question = ask("owner_load", language)
    with st.style(language):
        if load is None or load.empty:
            return st.no_data(ax, question, language, "actions")
        rows = load.reset_index(drop=True)
        ax = st.axes_for(ax, 1.9 + 0.5 * len(rows))
        place = np.arange(len(rows))
        ax.barh(
            place,
            rows["hours"],
            height=0.56,
            color=st.MAIN,
            label=pair("planned", "予定", language),
        )
        has = rows["capacity_hours"].notna()
        ax.vlines(
            rows.loc[has, "capacity_hours"],
            place[has] - 0.36,
            place[has] + 0.36,
            color=st.WARN,
            linewidth=2.4,
            label=pair("has", "使える時間", language),
        )
        for at, row in rows.iterrows():
            furthest = np.nanmax([row["hours"], row["capacity_hours"]])
            ax.annotate(
                _load_text(row, language),
                (furthest, at),
                xytext=(9, 0),
                va="center",
                textcoords="offset points",
                fontsize=9,
            )
        st.row_labels(
            ax, place, [shorten(value_label("owner", name, language), 24) for name in rows["owner"]]
        )
        ax.set_xlim(0, np.nanmax(rows[["hours", "capacity_hours"]].to_numpy(float)) * 1.4)
        ax.set_xlabel(pair("hours a month", "月あたり時間", language))
        ax.grid(axis="x")
        st.legend_below(ax)
        n = count(rows["actions"].sum())
        st.title(ax, question, pair(f"n = {n} actions planned", f"n = {n}件のアクション", language))
        return st.finish(ax)


def _load_text(row: pd.Series, language: Language) -> str:
    has = pair("no limit stated", "上限の記載なし", language)
    if pd.notna(row["capacity_hours"]):
        has = pair(
            f"of {hours(row['capacity_hours'])} h",
            f"/ {hours(row['capacity_hours'])}時間",
            language,
        )
    n = count(row["actions"])
    return pair(
        f"{hours(row['hours'])} h {has}, {n} actions",
        f"{hours(row['hours'])}時間 {has}・{n}件",
        language,
    )


MONDAY_COLUMNS = (
    ("due_on", 0.0, 12),
    ("name", 0.115, 24),
    ("action", 0.345, 40),
    ("reason", 0.67, 34),
    ("effort_hours", 1.0, 6),
)


def plot_monday(page: pd.DataFrame, ax: Axes | None = None, language: Language = "en") -> Axes:
    """One owner's Monday page as a table: by when, who, what, why, hours.

    `page`: owner, due_on, name, action (action_ja), reason, effort_hours; the first 12 rows.
    """
    question = ask("monday", language)
    with st.style(language):
        if page is None or page.empty:
            return st.no_data(ax, question, language, "actions")
        rows = page.head(MOST_ROWS).reset_index()
        ax = st.axes_for(ax, 1.5 + 0.33 * len(rows))
        for name, x, _ in MONDAY_COLUMNS:
            ax.text(
                x,
                -1,
                label(name, language),
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
                    shorten(_monday_text(row, name, language), columns),
                    va="center",
                    ha="right" if name == "effort_hours" else "left",
                    fontsize=9,
                )
        ax.set_xlim(-0.01, 1.01)
        ax.set_ylim(len(rows) - 0.5, -1.5)
        st.bare(ax)
        st.title(ax, question, _monday_subtitle(page, len(rows), language))
        return st.finish(ax)


def _monday_text(row: pd.Series, name: str, language: Language) -> str:
    value = row.get(name)
    if name == "name":
        name = row.get("customer_id") if value is None or pd.isna(value) else value
        return named(shorten(str(name).removesuffix("様"), MOST_OF_A_NAME), language)
    if name == "action" and language == "ja" and isinstance(row.get("action_ja"), str):
        return row["action_ja"] or str(value)
    if value is None or pd.isna(value):
        return "—"
    if name == "due_on":
        return f"{value:%Y-%m-%d}"
    return hours(value) if name == "effort_hours" else str(value_label(name, value, language))


def _monday_subtitle(page: pd.DataFrame, shown: int, language: Language) -> str:
    owner = str(value_label("owner", page["owner"].iloc[0], language)) if "owner" in page else "—"
    n, spent = count(len(page)), hours(page["effort_hours"].sum())
    return pair(
        f"{owner}: the first {shown} of {n} actions, {spent} hours in all",
        f"{owner}:全{n}件のうち最初の{shown}件、合計{spent}時間",
        language,
    )
