"""Charts of steps and movement: where customers stop, who moved, and whether that is chance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from segment_lib.columns import VALUES, value_label
from segment_lib.in_words import count, percent, shorten, wrap
from segment_lib.plots import style as st
from segment_lib.plots.registry import ask, chart
from segment_lib.voice import Sentence, _

# Beside chance: the sign, the colour and the line of the frame.
SIGNS = {"more": ("▲ ", st.WARN, "-"), "fewer": ("▼ ", st.MAIN, "--"), "": ("", "white", "-")}


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
    question=Sentence("Who moved, and is it more than chance?"),
    needs="before after customers share_of_row",
    also="expected_share stands_out",
    opens=Sentence("orders of today and of a quarter ago (notebook 10)"),
    plainly=("expected_share", Sentence("Who moved, and where to?")),
)
def plot_movement(moves: pd.DataFrame, ax: Axes | None = None, column: str = "") -> Axes:
    """Where people were and where they are: heads per cell, beside what chance alone would give.

    `moves`: before, after ("new" and "left" included), customers, share_of_row; expected_share and
    stands_out (True where chance does not explain the cell) where known. More than chance and fewer
    are two signs, two frames, two words. `column` names the coded value, for labels; left out, the
    first one that knows them all.
    """
    column = column or _column_of(moves)
    before, after = (_in_value_order(moves[side], column) for side in ("before", "after"))
    ax = st.axes_for(ax, 1.9 + 0.55 * len(before))
    for move in moves.itertuples():
        _draw_move(ax, after.index(str(move.after)), before.index(str(move.before)), move)
    now, then = ([_level(name, column) for name in side] for side in (after, before))
    st.cells(ax, now, then)
    ax.set(xlabel=_("now"), ylabel=_("before"))
    return st.finish(ax, ask("movement", moves), _movement_subtitle(moves))


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
    share = getattr(move, "share_of_row", np.nan)
    way = _beside_chance(move)
    color = st.WARN if way == "more" else st.MAIN if x == y else st.SOFT
    depth = 0.0 if pd.isna(share) else 0.12 + 0.5 * float(share)
    expected = getattr(move, "expected_share", np.nan)
    sign, edge, line = SIGNS[way]
    text = f"{sign}{count(move.customers)}\n{percent(share)}"
    text += "" if pd.isna(expected) else f" ({percent(expected)})"
    look: st.Look = {"edgecolor": edge, "linestyle": line, "linewidth": 1.8}
    words = st.cell(ax, (x, y), (0.94, 0.9), text, facecolor=(color, depth), **look)
    words.set(fontsize=8.5, weight="bold" if way else "normal")


def _beside_chance(move: Any) -> str:
    """more, fewer, or "" where chance alone would do."""
    stands_out = getattr(move, "stands_out", False)
    if pd.isna(stands_out) or not stands_out:
        return ""
    return "more" if move.share_of_row > move.expected_share else "fewer"


def _movement_subtitle(moves: pd.DataFrame) -> str:
    n = count(moves["customers"].sum())
    if "expected_share" not in moves:
        return _("n = {n} customers; each cell: heads, share of its row", n=n)
    return _(
        "n = {n} customers; each cell: heads, share of its row (in brackets: if nobody really "
        "changed)\n▲ solid frame: more than chance; ▼ dashed frame: fewer than chance",
        n=n,
    )
