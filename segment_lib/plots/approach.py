"""Charts of whom to approach and whom not: bands of worth, decisions with their reasons."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from segment_lib.columns import VALUES, Language, value_label
from segment_lib.plots import style as st
from segment_lib.plots.questions import ask
from segment_lib.plots.words import count, pair, percent, shorten

DECISION_LOOKS: dict[str, st.Look] = {
    "approach": {"color": st.MAIN},
    "grow": {"color": st.GOOD},
    "recover": {"color": st.WARN},
    "keep_serving": {"color": st.SOFT},
    "not_now": {"facecolor": "white", "edgecolor": st.MUTED, "hatch": st.HATCH_APART},
    "not_approached": {"facecolor": "white", "edgecolor": st.INK, "hatch": st.HATCH_AWAY},
}


def plot_worth_bands(
    bands: pd.DataFrame,
    ax: Axes | None = None,
    language: Language = "en",
    break_even: float | None = None,
) -> Axes:
    """Success rate per score band against break-even: an approach pays above the line.

    `bands`: band (1 = lowest), customers, rate, p_worth_it; low, high (interval) where known.
    Open circles are bands whose P(worth it) is at most 5 %.
    """
    question = ask("worth_bands", language)
    with st.style(language):
        if bands is None or bands.empty:
            return st.no_data(ax, question, language, "deals, outcomes, [worth]")
        rows = bands.sort_values("band").reset_index(drop=True)
        ax = st.axes_for(ax, 4.3)
        _draw_bands(ax, rows, language)
        if break_even is not None:
            ax.axhline(break_even, color=st.INK, linestyle="--", linewidth=1.2)
            text = pair(
                f"break-even {percent(break_even, 1)}",
                f"採算ライン {percent(break_even, 1)}",
                language,
            )
            ax.annotate(
                text,
                (1, break_even),
                xycoords=("axes fraction", "data"),
                xytext=(-4, 4),
                textcoords="offset points",
                ha="right",
                fontsize=9,
            )
        ax.set_ylim(0, None)
        ax.yaxis.set_major_formatter(lambda value, _: percent(value))
        ax.grid(axis="y")
        ax.set_xlabel(
            pair(
                "score band before a contract (1 = lowest), deals in it, P",
                "契約前に分かる情報によるバンド（1 = 低い）・件数・P",
                language,
            )
        )
        ax.set_ylabel(pair("signed and got results", "成約し成果を出した割合", language))
        ax.legend(loc="upper left")
        st.title(ax, question, _band_subtitle(rows, language))
        return st.finish(ax)


def _draw_bands(ax: Axes, rows: pd.DataFrame, language: Language) -> None:
    leave = (rows["p_worth_it"] <= 0.05).fillna(False).astype(bool)
    if {"low", "high"} <= set(rows.columns):
        ax.vlines(rows["band"], rows["low"], rows["high"], color=st.MUTED, linewidth=1.5)
    keep, away = rows[~leave], rows[leave]
    ax.plot(
        keep["band"],
        keep["rate"],
        "s",
        color=st.MAIN,
        markersize=8,
        label=pair("may pay: approach", "見込みあり：アプローチ", language),
    )
    ax.plot(
        away["band"],
        away["rate"],
        "o",
        color=st.WARN,
        markerfacecolor="white",
        markersize=8,
        markeredgewidth=1.6,
        label=pair("P(worth it) at most 5%", "採算確率5%以下", language),
    )
    ax.set_xticks(rows["band"], [_band_label(row) for _, row in rows.iterrows()])
    ax.set_xlim(rows["band"].min() - 0.6, rows["band"].max() + 0.6)


def _band_label(row: pd.Series) -> str:
    # numbers alone: twenty bands stand side by side, the axis says which line is which
    return f"{int(row['band'])}\n{count(row['customers'])}\n{percent(row['p_worth_it'])}"


def _band_subtitle(rows: pd.DataFrame, language: Language) -> str:
    n = count(rows["customers"].sum())
    return pair(
        f"n = {n} decided deals not used to learn the score; P = chance that the band's true rate "
        "is above break-even",
        f"n = {n}件（スコアの学習に使っていない決定済み案件）。"
        "P = バンドの本当の割合が採算ラインを超える確率",
        language,
    )


def plot_decisions(
    summary: pd.DataFrame, ax: Axes | None = None, language: Language = "en"
) -> Axes:
    """Heads per decision and main reason; the answers add up to everyone.

    `summary`: decision, reason, customers.
    """
    question = ask("decisions", language)
    with st.style(language):
        if summary is None or summary.empty:
            return st.no_data(ax, question, language, "decisions")
        rows = _by_decision(summary)
        ax = st.axes_for(ax, 1.4 + 0.3 * (rows["at"].max() + 1))
        for row in rows.itertuples():
            ax.barh(row.at, row.customers, height=0.66, **DECISION_LOOKS[row.decision])
            ax.annotate(
                count(row.customers),
                (row.customers, row.at),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                fontsize=9,
            )
        for decision, part in rows.groupby("decision", sort=False):
            text = str(value_label("decision", decision, language))
            ax.text(
                -0.012,
                part["at"].min() - 1,
                text,
                weight="bold",
                ha="right",
                va="center",
                transform=ax.get_yaxis_transform(),
            )
        names = [shorten(value_label("reason", reason, language), 48) for reason in rows["reason"]]
        st.row_labels(ax, rows["at"], names)
        ax.set_ylim(rows["at"].max() + 0.7, -0.5)
        ax.set_xlim(0, rows["customers"].max() * 1.1)
        ax.set_xlabel(pair("customers", "お客様の数", language))
        ax.grid(axis="x")
        n = count(rows["customers"].sum())
        st.title(
            ax,
            question,
            pair(
                f"n = {n} customers, each with one decision and one main reason",
                f"n = {n}名。お一人に判断は1つ、主な理由も1つ",
                language,
            ),
        )
        return st.finish(ax)


def _by_decision(summary: pd.DataFrame) -> pd.DataFrame:
    sums = summary.groupby(["decision", "reason"], observed=True, as_index=False)["customers"].sum()
    sums = sums[sums["customers"] > 0].astype({"decision": str, "reason": str})
    order = {name: at for at, name in enumerate(VALUES["decision"])}
    sums = sums.assign(order=sums["decision"].map(order))
    rows = sums.sort_values(["order", "customers"], ascending=[True, False]).reset_index(drop=True)
    group = rows["decision"].ne(rows["decision"].shift()).cumsum()
    return rows.assign(at=np.arange(len(rows)) + 1.25 * group)
