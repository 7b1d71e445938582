"""Charts of the behaviour clusters: what each looks like, how many are stable."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from segment_lib.columns import Language, label
from segment_lib.plots import style as st
from segment_lib.plots.questions import ask
from segment_lib.plots.words import count, money, pair, percent, wrap

# The four gates: column, least value, English, Japanese.
GATES = (
    ("ari", 0.85, "Same clusters when re-drawn (ARI)", "再抽出しても同じ（ARI）"),
    ("prediction_strength", 0.75, "Prediction strength", "予測強度"),
    ("smallest_share", 0.05, "Smallest cluster", "最小クラスタの割合"),
    ("tree_accuracy", 0.85, "Can be said in words (tree)", "言葉で言える（決定木）"),
)
MONEY = ("monetary", "order_value", "margin_sum", "spend", "revenue")


def plot_cluster_profile(
    profile: pd.DataFrame,
    ax: Axes | None = None,
    language: Language = "en",
    currency: str = "¥",
) -> Axes:
    """One row per cluster in words, one column per measure: its value, shaded by rank.

    `profile`: cluster_name (cluster_name_ja), customers, then measures as numbers (median_monetary,
    median_recency_days, …).
    """
    question = ask("cluster_profile", language)
    with st.style(language):
        if profile is None or profile.empty:
            return st.no_data(ax, question, language, "orders")
        rows = profile.reset_index(drop=True)
        measures = _measures(rows)
        ax = st.axes_for(ax, 1.6 + 0.72 * len(rows))
        for x, name in enumerate(measures):
            _draw_measure(ax, x, name, rows[name], language, currency)
        words = (
            "cluster_name_ja" if language == "ja" and "cluster_name_ja" in rows else "cluster_name"
        )
        names = ["\n".join(wrap(str(text), 40, max_lines=3)) for text in rows[words]]
        ax.set_yticks(range(len(rows)), names)
        ax.set_xticks(range(len(measures)), [_heading(m, language) for m in measures])
        ax.xaxis.tick_top()
        ax.set_xlim(-0.5, len(measures) - 0.5)
        ax.set_ylim(len(rows) - 0.5, -0.5)
        st.bare(ax, x=False, y=False)
        n = count(rows["customers"].sum())
        says = pair(
            f"n = {n} customers in {len(rows)} clusters; darker = larger within its column",
            f"n = {n}名・{len(rows)}クラスタ。列の中で濃いほど大きい",
            language,
        )
        st.title(ax, question, says, above=40)
        return st.finish(ax)


def _heading(measure: str, language: Language) -> str:
    if measure == "customers":
        return pair("Customers", "人数", language)
    kind = measure.split("_")[0]
    words = label(_base(measure), language)
    lines = wrap(words, 14)
    if kind in ("median", "mean"):
        lines += [pair(f"({kind})", {"median": "（中央値）", "mean": "（平均）"}[kind], language)]
    return "\n".join(lines)


def _base(measure: str) -> str:
    return measure.removeprefix("median_").removeprefix("mean_")


def _measures(rows: pd.DataFrame) -> list[str]:
    numeric = rows.select_dtypes("number").columns
    left_out = ("cluster", "customers", "share_of_cluster_in_words", "share_of_words_in_cluster")
    measures = [name for name in numeric if name not in left_out and not name.startswith("share")]
    return ["customers", *measures][:7]


def _draw_measure(
    ax: Axes, x: int, name: str, values: pd.Series, language: Language, currency: str
) -> None:
    spread = values.max() - values.min()
    for y, value in enumerate(values):
        rank = 0.5 if not spread else (value - values.min()) / spread
        depth = 0.06 + 0.5 * (0.0 if pd.isna(rank) else float(rank))
        ax.add_patch(Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, facecolor=(st.MAIN, depth)))
        ax.text(x, y, _value(name, value, language, currency), ha="center", va="center")


def _value(name: str, value: float, language: Language, currency: str) -> str:
    if _base(name) in MONEY:
        return money(value, language, currency)
    if name.endswith(("_share", "_rate")):
        return percent(value)
    if pd.isna(value):
        return "—"
    return count(value) if abs(value) >= 10 or float(value).is_integer() else f"{value:.1f}"


def plot_cluster_choice(
    choice: pd.DataFrame, ax: Axes | None = None, language: Language = "en"
) -> Axes:
    """How each number of clusters stands against the four gates; the largest that passes is taken.

    `choice`: k, ari, prediction_strength, smallest_share, tree_accuracy, passes.
    """
    question = ask("cluster_choice", language)
    with st.style(language):
        if choice is None or choice.empty:
            return st.no_data(ax, question, language, "orders")
        rows = choice.sort_values("k").reset_index(drop=True)
        ax = st.axes_for(ax, 3.4)
        for y, (name, least, _, _) in enumerate(GATES):
            for x, value in enumerate(rows[name]):
                _draw_gate(ax, x, y, value, value >= least)
        passing = rows.index[rows["passes"].astype(bool)]
        if len(passing):
            ax.add_patch(
                Rectangle(
                    (passing[-1] - 0.5, -0.5),
                    1,
                    len(GATES),
                    fill=False,
                    edgecolor=st.INK,
                    linewidth=2,
                )
            )
        ax.set_xticks(range(len(rows)), [f"K = {k}" for k in rows["k"]])
        ax.set_yticks(range(len(GATES)), [_gate_label(gate, language) for gate in GATES])
        ax.set_xlim(-0.52, len(rows) - 0.48)
        ax.set_ylim(len(GATES) - 0.48, -0.52)
        st.bare(ax, x=False, y=False)
        st.title(ax, question, _choice_subtitle(rows, passing, language))
        return st.finish(ax)


def _gate_label(gate: tuple[str, float, str, str], language: Language) -> str:
    name, least, en, ja = gate
    shown = percent(least) if name == "smallest_share" else f"{least:.2f}"
    return pair(f"{en}, at least {shown}", f"{ja} {shown}以上", language)


def _draw_gate(ax: Axes, x: int, y: int, value: float, holds: bool) -> None:
    look = {"facecolor": (st.GOOD, 0.28)} if holds else {"facecolor": "white", "hatch": "///"}
    ax.add_patch(
        Rectangle((x - 0.46, y - 0.43), 0.92, 0.86, edgecolor=st.RULE, linewidth=0.8, **look)
    )
    shown = (
        "—"
        if pd.isna(value)
        else percent(value)
        if GATES[y][0] == "smallest_share"
        else f"{value:.2f}"
    )
    ax.text(
        x,
        y,
        shown if pd.isna(value) else f"{'✓' if holds else '✗'} {shown}",
        ha="center",
        va="center",
        bbox=None if holds else {"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )


def _choice_subtitle(rows: pd.DataFrame, passing: pd.Index, language: Language) -> str:
    if not len(passing):
        return pair(
            "no K passes all four gates: there are no stable clusters, and none are used",
            "4つの条件をすべて満たすKはない：安定したクラスタはなく、使わない",
            language,
        )
    k = int(np.asarray(rows["k"])[passing[-1]])
    return pair(
        f"framed: K = {k}, the largest that passes all four gates; ✗ = fails, — = not tried",
        f"枠：4つの条件をすべて満たす最大のK = {k}。✗ = 満たさない、— = 試行せず",
        language,
    )
