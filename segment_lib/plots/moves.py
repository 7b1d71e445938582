"""Charts of steps and movement: where customers stop, who moved, and whether that is chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from segment_lib.columns import VALUES, value_label
from segment_lib.in_words import count, percent, shorten, wrap
from segment_lib.plots import style as st
from segment_lib.plots.registry import ask, chart
from segment_lib.voice import Sentence, _

SIGNS = {"more": "▲ ", "fewer": "▼ ", "": ""}


@chart(
    "steps_funnel",
    question=Sentence("Which requests are answered, and where do customers stop?"),
    needs="step asked answered done_well",
    also="median_days label",
    opens=Sentence("the table contacts with [[steps]] in client.toml"),
)
def plot_steps_funnel(funnel: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Per request: customers asked, answered, properly done, and median days to answer.

    `funnel`: step, asked, answered, done_well, median_days; label where given.
    """
    question = ask("steps_funnel")
    with st.style():
        if funnel is None or funnel.empty or not funnel["asked"].sum():
            return st.no_data(ax, question, "contacts, [[steps]]")
        rows = funnel.reset_index(drop=True)
        ax = st.axes_for(ax, 1.7 + 0.62 * len(rows))
        place = np.arange(len(rows))
        ax.barh(
            place,
            rows["asked"],
            height=0.72,
            color=st.PALE,
            edgecolor=st.RULE,
            label=_("asked"),
        )
        ax.barh(
            place,
            rows["answered"],
            height=0.5,
            color=st.SOFT,
            label=_("answered"),
        )
        ax.barh(
            place,
            rows["done_well"],
            height=0.26,
            color=st.MAIN,
            label=_("properly done"),
        )
        for at, row in rows.iterrows():
            ax.annotate(
                _step_text(row),
                (row["asked"], at),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                fontsize=8.5,
            )
        st.row_labels(ax, place, [_step_name(row) for _name, row in rows.iterrows()])
        ax.set_xlim(0, rows["asked"].max() * 1.42)
        ax.set_xlabel(_("customers"))
        ax.xaxis.set_major_formatter(
            lambda n, _: count(n) if n <= rows["asked"].max() * 1.05 else ""
        )
        st.legend_below(ax)
        n = count(rows["asked"].max())
        st.title(
            ax,
            question,
            _("n = up to {n} customers asked; per cent: properly done, of those asked", n=n),
        )
        return st.finish(ax)


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
)
def plot_movement(moves: pd.DataFrame, ax: Axes | None = None, column: str = "") -> Axes:
    """Where people were and where they are: heads per cell, beside what chance alone would give.

    `moves`: before, after ("new" and "left" included), customers, share_of_row; expected_share and
    stands_out (True where chance does not explain the cell) where known. More than chance and fewer
    are two signs, two frames, two words. `column` names the coded value, for labels; left out, the
    first one that knows them all.
    """
    compared = moves is None or "expected_share" in moves
    question = ask("movement") if compared else _("Who moved, and where to?")
    with st.style():
        if moves is None or moves.empty:
            return st.no_data(ax, question)
        column = column or _column_of(moves)
        before, after = (_in_value_order(moves[side], column) for side in ("before", "after"))
        ax = st.axes_for(ax, 1.9 + 0.55 * len(before))
        for move in moves.itertuples():
            _draw_move(ax, after.index(str(move.after)), before.index(str(move.before)), move)
        ax.set_xticks(range(len(after)), [_level(name, column) for name in after])
        st.row_labels(ax, range(len(before)), [_level(name, column) for name in before])
        ax.set_xlim(-0.5, len(after) - 0.5)
        ax.set_ylim(len(before) - 0.5, -0.5)
        st.bare(ax, x=False, y=False)
        ax.set_xlabel(_("now"))
        ax.set_ylabel(_("before"))
        st.title(ax, question, _movement_subtitle(moves))
        return st.finish(ax)


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


def _draw_move(ax: Axes, x: int, y: int, move: object) -> None:
    share = getattr(move, "share_of_row", np.nan)
    way = _beside_chance(move)
    color = st.WARN if way == "more" else st.MAIN if x == y else st.SOFT
    depth = 0.0 if pd.isna(share) else 0.12 + 0.5 * float(share)
    ax.add_patch(_cell((x, y), color, depth, way))
    expected = getattr(move, "expected_share", np.nan)
    text = f"{SIGNS[way]}{count(move.customers)}\n{percent(share)}"  # type: ignore[attr-defined]
    text += "" if pd.isna(expected) else f" ({percent(expected)})"
    ax.text(x, y, text, ha="center", va="center", fontsize=8.5, weight="bold" if way else "normal")


def _beside_chance(move: object) -> str:
    """more, fewer, or "" where chance alone would do."""
    stands_out = getattr(move, "stands_out", False)
    if pd.isna(stands_out) or not stands_out:
        return ""
    return "more" if move.share_of_row > move.expected_share else "fewer"  # type: ignore[attr-defined]


def _cell(place: tuple[int, int], color: str, depth: float, way: str) -> Rectangle:
    return Rectangle(
        (place[0] - 0.47, place[1] - 0.45),
        0.94,
        0.9,
        facecolor=(color, depth),
        edgecolor={"more": st.WARN, "fewer": st.MAIN, "": "white"}[way],
        linestyle="--" if way == "fewer" else "-",
        linewidth=1.8,
    )


def _movement_subtitle(moves: pd.DataFrame) -> str:
    n = count(moves["customers"].sum())
    if "expected_share" not in moves:
        return _("n = {n} customers; each cell: heads, share of its row", n=n)
    return _(
        "n = {n} customers; each cell: heads, share of its row (in brackets: if nobody really "
        "changed)\n▲ solid frame: more than chance; ▼ dashed frame: fewer than chance",
        n=n,
    )
