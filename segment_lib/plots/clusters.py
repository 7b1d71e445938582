"""Charts of the behaviour clusters: what each looks like, how many are stable."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from segment_lib.columns import label
from segment_lib.in_words import count, money, percent, wrap
from segment_lib.plots import style as st
from segment_lib.plots.registry import ORDERS, ask, chart
from segment_lib.voice import N_, Sentence, _

# The four gates: column, least value, in words.
GATES = (
    ("ari", 0.85, N_("Same clusters when re-drawn (ARI), at least {least}")),
    ("prediction_strength", 0.75, N_("Prediction strength, at least {least}")),
    ("smallest_share", 0.05, N_("Smallest cluster, at least {least}")),
    ("tree_accuracy", 0.85, N_("Can be said in words (tree), at least {least}")),
)
MONEY = ("monetary", "order_value", "margin_sum", "spend", "revenue")


@chart(
    "cluster_profile",
    question=Sentence("What do the behaviour clusters look like?"),
    needs="cluster_name customers",
    opens=Sentence("stable clusters in the table orders"),
)
def plot_cluster_profile(
    profile: pd.DataFrame, ax: Axes | None = None, currency: str = "¥"
) -> Axes:
    """One row per cluster in words, one column per measure: its value, shaded by rank.

    `profile`: cluster_name, customers, then measures as numbers (median_monetary,
    median_recency_days, …).
    """
    rows = profile.reset_index(drop=True)
    measures = _measures(rows)
    ax = st.axes_for(ax, 1.6 + 0.72 * len(rows))
    for x, name in enumerate(measures):
        _draw_measure(ax, x, name, rows[name], currency)
    names = ["\n".join(wrap(str(text), 40, max_lines=3)) for text in rows["cluster_name"]]
    st.cells(ax, [_heading(m) for m in measures], names)
    ax.xaxis.tick_top()
    says = _(
        "n = {n} customers in {rows} clusters; darker = larger within its column",
        n=count(rows["customers"].sum()),
        rows=len(rows),
    )
    return st.finish(ax, ask("cluster_profile"), says, above=40)


def _heading(measure: str) -> str:
    if measure == "customers":
        return _("Customers")
    lines = wrap(label(_base(measure)), 14)
    if measure.startswith("median_"):
        lines.append(_("(median)"))
    if measure.startswith("mean_"):
        lines.append(_("(mean)"))
    return "\n".join(lines)


def _base(measure: str) -> str:
    return measure.removeprefix("median_").removeprefix("mean_")


def _measures(rows: pd.DataFrame) -> list[str]:
    numeric = rows.select_dtypes("number").columns
    left_out = ("cluster", "customers", "share_of_cluster_in_words", "share_of_words_in_cluster")
    measures = [name for name in numeric if name not in left_out and not name.startswith("share")]
    return ["customers", *measures][:7]


def _draw_measure(ax: Axes, x: int, name: str, values: pd.Series, currency: str) -> None:
    spread = values.max() - values.min()
    for y, value in enumerate(values):
        rank = 0.5 if not spread else (value - values.min()) / spread
        depth = 0.06 + 0.5 * (0.0 if pd.isna(rank) else float(rank))
        text = _value(name, value, currency)
        st.cell(ax, (x, y), (0.96, 0.92), text, facecolor=(st.MAIN, depth))


def _value(name: str, value: float, currency: str) -> str:
    if _base(name) in MONEY:
        return money(value, currency)
    if name.endswith(("_share", "_rate")):
        return percent(value)
    if pd.isna(value):
        return "—"
    return count(value) if abs(value) >= 10 or float(value).is_integer() else f"{value:.1f}"


@chart(
    "cluster_choice",
    question=Sentence("How many clusters are stable?"),
    needs="k ari prediction_strength smallest_share tree_accuracy passes",
    opens=ORDERS,
)
def plot_cluster_choice(choice: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """How each number of clusters stands against the four gates; the largest that passes is taken.

    `choice`: k, ari, prediction_strength, smallest_share, tree_accuracy, passes.
    """
    rows = choice.sort_values("k").reset_index(drop=True)
    ax = st.axes_for(ax, 3.4)
    for y, (name, least, _words) in enumerate(GATES):
        for x, value in enumerate(rows[name]):
            _draw_gate(ax, x, y, value, value >= least)
    passing = rows.index[rows["passes"].astype(bool)]
    if len(passing):
        look: st.Look = {"fill": False, "edgecolor": st.INK, "linewidth": 2}
        ax.add_patch(Rectangle((passing[-1] - 0.5, -0.5), 1, len(GATES), **look))
    names = [_(words, least=_gate_value(name, least)) for name, least, words in GATES]
    st.cells(ax, [f"K = {k}" for k in rows["k"]], names, 0.52)
    return st.finish(ax, ask("cluster_choice"), _choice_subtitle(rows, passing))


def _gate_value(name: str, value: float) -> str:
    return percent(value) if name == "smallest_share" or pd.isna(value) else f"{value:.2f}"


def _draw_gate(ax: Axes, x: int, y: int, value: float, holds: bool) -> None:
    look: st.Look = {"edgecolor": st.RULE, "linewidth": 0.8}
    look |= {"facecolor": (st.GOOD, 0.28)} if holds else {"facecolor": "white", "hatch": "///"}
    shown = _gate_value(GATES[y][0], value)
    shown = shown if pd.isna(value) else f"{'✓' if holds else '✗'} {shown}"
    words = st.cell(ax, (x, y), (0.92, 0.86), shown, **look)
    if not holds:
        words.set_bbox(st.paper(1.5))


def _choice_subtitle(rows: pd.DataFrame, passing: pd.Index) -> str:
    if not len(passing):
        return _("no K passes all four gates: there are no stable clusters, and none are used")
    k = int(np.asarray(rows["k"])[passing[-1]])
    return _(
        "framed: K = {k}, the largest that passes all four gates; ✗ = fails, — = not tried", k=k
    )
