"""Charts of steps and movement: where customers stop, who moved, whether as many order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from segment_lib.columns import VALUES, value_label
from segment_lib.in_words import count, percent, shorten, wrap
from segment_lib.plots import style as st
from segment_lib.plots.registry import ask, chart
from segment_lib.voice import Sentence, _, sentences

# Beside what was expected: the sign and the colour; the word stands beside them.
BESIDE_EXPECTED = {"more": ("▲ ", st.GOOD), "less": ("▼ ", st.WARN)}


@chart(
    "steps_funnel",
    question=Sentence("Which requests are answered, and where do customers stop?"),
    needs="step asked answered done_well",
    also="median_days label",
    opens=Sentence("the table contacts with [[steps]] in client.toml"),
    without="contacts, [[steps]]",
    counts="asked",
)
def plot_steps_funnel(funnel: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Per request: customers asked, answered, properly done, and median days to answer.

    `funnel`: step, asked, answered, done_well, median_days; label where given.
    """
    rows = funnel.reset_index(drop=True)
    ax = st.axes_for(ax, 1.7 + 0.62 * len(rows))
    place = np.arange(len(rows))
    ax.barh(place, rows["asked"], height=0.72, color=st.PALE, edgecolor=st.RULE, label=_("asked"))
    ax.barh(place, rows["answered"], height=0.5, color=st.SOFT, label=_("answered"))
    ax.barh(place, rows["done_well"], height=0.26, color=st.MAIN, label=_("properly done"))
    for at, row in rows.iterrows():
        st.beside(ax, _step_text(row), (row["asked"], at), fontsize=8.5)
    st.row_labels(ax, place, [_step_name(row) for _name, row in rows.iterrows()])
    ax.set(xlim=(0, rows["asked"].max() * 1.42), xlabel=_("customers"))
    ax.xaxis.set_major_formatter(lambda n, _: count(n) if n <= rows["asked"].max() * 1.05 else "")
    st.legend_below(ax)
    n = count(rows["asked"].max())
    says = _("n = up to {n} customers asked; per cent: properly done, of those asked", n=n)
    return st.finish(ax, ask("steps_funnel"), says)


def _step_name(row: pd.Series) -> str:
    given = row.get("label")
    return shorten(given if isinstance(given, str) and given else row["step"], 26)


def _step_text(row: pd.Series) -> str:
    share = percent(row["done_well"] / row["asked"]) if row["asked"] else "—"
    days = row.get("median_days")
    wait = "—" if days is None or pd.isna(days) else f"{days:.0f}"
    return _("{share} done, half reply in {wait} days", share=share, wait=wait)


@chart(
    "movement",
    question=Sentence("Who moved, and where to?"),
    needs="before after customers share_of_row",
    opens=Sentence("orders of today and of a quarter ago (notebook 10)"),
    without="",
)
def plot_movement(moves: pd.DataFrame, ax: Axes | None = None, column: str = "") -> Axes:
    """Where people were and where they are: heads per cell and their share of the row.

    `moves`: before, after ("new" and "left" included), customers, share_of_row. `column` names the
    coded value, for labels; left out, the first one that knows them all.
    """
    column = column or _column_of(moves)
    before, after = (_in_value_order(moves[side], column) for side in ("before", "after"))
    ax = st.axes_for(ax, 1.7 + 0.55 * len(before))
    for move in moves.itertuples():
        _draw_move(ax, after.index(str(move.after)), before.index(str(move.before)), move)
    now, then = ([_level(name, column) for name in side] for side in (after, before))
    st.cells(ax, now, then)
    ax.set(xlabel=_("now"), ylabel=_("before"))
    n = count(moves["customers"].sum())
    says = _("n = {n} customers; each cell: heads, share of its row", n=n)
    return st.finish(ax, ask("movement"), says)


def _in_value_order(values: pd.Series, column: str) -> list[str]:
    found = list(dict.fromkeys(values.astype(str)))
    known = [name for name in VALUES.get(column, {}) if name in found]
    ends = [name for name in ("new", "left") if name in found]
    return known + [name for name in found if name not in known + ends] + ends


def _column_of(moves: pd.DataFrame) -> str:
    """The coded value whose words the labels are; "" if there is none."""
    labels = set(moves["before"]) | set(moves["after"])
    labels -= {"new", "left"}
    return next((name for name in ("activity", *VALUES) if labels <= set(VALUES[name])), "")


def _level(name: str, column: str) -> str:
    named = {"new": "before", "left": "after"}.get(name, column)
    return "\n".join(wrap(str(value_label(named, name)), 16, max_lines=2))


def _draw_move(ax: Axes, x: int, y: int, move: Any) -> None:
    depth = 0.0 if pd.isna(move.share_of_row) else 0.12 + 0.5 * float(move.share_of_row)
    text = f"{count(move.customers)}\n{percent(move.share_of_row)}"
    color = st.MAIN if x == y else st.SOFT
    words = st.cell(ax, (x, y), (0.94, 0.9), text, facecolor=(color, depth), edgecolor="white")
    words.set(fontsize=8.5)


@chart(
    "who_ordered",
    question=Sentence("Did as many order as the past leads to expect?"),
    needs="before customers ordered expected_customers compared smallest_fall season",
    opens=Sentence("orders of a year and more (notebook 10)"),
    tells=lambda table: not table["compared"].isin(["too_few", "unknown"]).all(),
    without="",
)
def plot_who_ordered(ordered: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Who ordered in the last quarter, by group of before, beside how many used to.

    `ordered`: before, customers, ordered, expected_customers, compared, smallest_fall, season, as
    `ordered_beside_expected` gives them. The line is what is expected, the band round it where
    nothing is claimed. More and less are two signs, two colours, two words.
    """
    first = ordered["before"].eq("all")
    rows = pd.concat([ordered[first], ordered[~first]], ignore_index=True)
    ax = st.axes_for(ax, 2.2 + 0.55 * len(rows))
    for at, row in rows.iterrows():
        _draw_ordered(ax, float(at), row)
    names = rows["before"].astype(str)
    words = [_level(name, "before" if name == "all" else "activity") for name in names]
    st.row_labels(ax, range(len(rows)), words)
    ax.set(xlim=(0, 1.45), xlabel=_("share of the group who ordered"))
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1.0], [percent(one) for one in (0, 0.25, 0.5, 0.75, 1)])
    says = _(
        "n = {n} customers. Bar: ordered in the last quarter; line: expected from the quarters "
        "before; grey: chance. ▲ more than expected, ▼ less than expected.",
        n=count(rows["customers"].iloc[0]),
    )
    unknown = rows["season"].eq("unknown").any()
    season = _("Season cannot be told apart: the lists are too short.") if unknown else ""
    return st.finish(ax, ask("who_ordered"), sentences(says, season))


def _draw_ordered(ax: Axes, at: float, row: pd.Series) -> None:
    sign, color = BESIDE_EXPECTED.get(row["compared"], ("", st.MAIN))
    n, expected = max(row["customers"], 1), row["expected_customers"] / max(row["customers"], 1)
    if pd.notna(expected):
        chance = expected * min(row["smallest_fall"], 1.0)
        band = (expected - chance, at - 0.36), 2 * chance, 0.72
        ax.add_patch(Rectangle(*band, facecolor=st.RULE, edgecolor="none", alpha=0.6))
        ax.plot([expected] * 2, [at - 0.36, at + 0.36], color=st.INK, linewidth=1.8)
    ax.barh(at, row["ordered"] / n, height=0.4, color=color)
    facts = {"ordered": count(row["ordered"]), "n": count(row["customers"])}
    text = _("{ordered} of {n}; expectation not known", **facts)
    if pd.notna(expected):
        expects = count(row["expected_customers"])
        text = _("{ordered} of {n}; expected {expected}", **facts, expected=expects)
    word = str(value_label("compared", row["compared"])) if sign else ""
    st.beside(ax, "\n".join(filter(None, (text, f"{sign}{word}"))), (1.02, at), fontsize=8.5)
