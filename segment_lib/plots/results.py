"""Charts of the results view: result rates on one axis, rules, stated guesses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from segment_lib.columns import Language, label, value_label
from segment_lib.plots import style as st
from segment_lib.plots.questions import ask
from segment_lib.plots.words import (
    SMALLEST_SHOWN,
    count,
    pair,
    percent,
    shorten,
    wrap,
)

MARKERS = "osD^v"


def plot_result_rates(
    rates: pd.DataFrame,
    ax: Axes | None = None,
    language: Language = "en",
    overall: float | None = None,
) -> Axes:
    """The result rate by requests answered beside industry and role, all on one axis.

    `rates`: group, level, n, rate, low, high (95% interval); group_ja, level_ja where given; made
    by `rates_together`. Below 10 known customers no rate is drawn.
    """
    question = ask("result_rates", language)
    with st.style(language):
        if rates is None or rates.empty:
            return st.no_data(ax, question, language, "outcomes")
        rows = _grouped(rates, language)
        if overall is None and "overall_rate" in rows:
            overall = float(rows["overall_rate"].iloc[0])
        ax = st.axes_for(ax, 1.5 + 0.27 * rows["at"].max())
        for number, (_, part) in enumerate(rows.groupby("group", sort=False)):
            _draw_points(
                ax, part, MARKERS[number % len(MARKERS)], [st.WARN, st.MAIN, st.GOOD][number % 3]
            )
        for _, part in rows.groupby("group", sort=False):
            ax.text(
                -0.012,
                part["at"].min() - 1,
                part["group_text"].iloc[0],
                ha="right",
                va="center",
                transform=ax.get_yaxis_transform(),
                weight="bold",
                fontsize=9.5,
            )
        st.row_labels(ax, rows["at"], list(rows["text"]))
        ax.set_ylim(rows["at"].max() + 0.7, -0.5)
        _rate_axis(ax, rows["high"].max(), overall, language)
        says = pair(
            "n beside each point; lines: 95% intervals", "点の横：n。横線：95%区間", language
        )
        st.title(ax, question, _known(rows, says, language))
        return st.finish(ax)


def rates_together(*tables: pd.DataFrame) -> pd.DataFrame:
    """Tables of result rates one under the other: group, level (and Japanese), n, rate, low, high.

    Takes what `result_rate_by_steps`, `result_rate_by` and `single_features` return, in any order.
    """
    names = {
        "feature": "group",
        "label": "group_en",
        "label_ja": "group_ja",
        "value": "level",
        "value_ja": "level_ja",
    }
    parts = []
    for table in tables:
        if "steps_done" in table:
            words = table["steps_done"].astype(int).astype(str)
            table = table.assign(feature="steps_done", value=words, value_ja=words)
            table = table.assign(label=label("steps_done"), label_ja=label("steps_done", "ja"))
        parts.append(table.rename(columns=names))
    columns = [
        "group",
        "group_en",
        "group_ja",
        "level",
        "level_ja",
        "n",
        "successes",
        "rate",
        "low",
        "high",
        "overall_rate",
    ]
    return pd.concat(parts, ignore_index=True)[columns]


def _grouped(rates: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Rows with their height `at`: one line is left free above each group for its name."""
    rows = rates.reset_index(drop=True)
    group = rows["group"].astype(str)
    before = group.ne(group.shift()).cumsum()
    names = f"group_{language}" if f"group_{language}" in rows else "group"
    levels = "level_ja" if language == "ja" and "level_ja" in rows else "level"
    texts = [
        shorten(value_label(name, level, language), 26)
        for name, level in zip(group, rows[levels], strict=True)
    ]
    return rows.assign(
        group=group,
        at=np.arange(len(rows)) + 1.3 * before.to_numpy(),
        text=texts,
        group_text=[shorten(label(str(name), language), 26) for name in rows[names]],
    )


def _known(rows: pd.DataFrame, says: str, language: Language) -> str:
    n = count(rows.groupby("group")["n"].sum().max())
    return pair(
        f"n = {n} customers with a known result; {says}",
        f"n = {n}名（成果が判明）。{says}",
        language,
    )


def _draw_points(ax: Axes, rows: pd.DataFrame, marker: str, color: str) -> None:
    shown = rows[rows["n"] >= SMALLEST_SHOWN]
    ax.hlines(shown["at"], shown["low"], shown["high"], color=color, linewidth=1.6)
    ax.plot(shown["rate"], shown["at"], marker, color=color, markersize=6.5)
    for row in shown.itertuples():
        ax.annotate(
            f"{percent(row.rate)}  n = {count(row.n)}",
            (row.high, row.at),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            color=st.MUTED,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )
    for row in rows[rows["n"] < SMALLEST_SHOWN].itertuples():
        ax.annotate(
            f"n = {count(row.n)} < {SMALLEST_SHOWN}",
            (0, row.at),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            color=st.MUTED,
        )


def _rate_axis(ax: Axes, highest: float, overall: float | None, language: Language) -> None:
    top = 0.5 if pd.isna(highest) else float(highest)
    ax.set_xlim(0, min(1.0, top) * 1.22 + 0.02)
    ax.xaxis.set_major_formatter(lambda value, _: percent(value) if value <= 1 else "")
    ax.set_xlabel(pair("share of customers who got results", "成果を出したお客様の割合", language))
    ax.grid(axis="x")
    if overall is None or pd.isna(overall):
        return
    ax.axvline(overall, color=st.INK, linewidth=1.1, linestyle="--")
    text = pair(f"all: {percent(overall)}", f"全体：{percent(overall)}", language)
    ax.annotate(
        text,
        (overall, 1),
        xycoords=("data", "axes fraction"),
        xytext=(4, -3),
        textcoords="offset points",
        va="top",
        fontsize=8.5,
    )


def plot_rules(
    rules: pd.DataFrame,
    ax: Axes | None = None,
    language: Language = "en",
    looked_at: int | None = None,
) -> Axes:
    """What achievers share: each rule with its rate and interval beside the overall rate.

    `rules`: rule, rule_ja; n, rate, low, high of the half that did not find it; n_all,
    successes_all of the whole; overall_rate, confirmed. Filled squares are confirmed, open circles
    are not.
    """
    question = ask("rules", language)
    with st.style(language):
        if rules is None or rules.empty:
            needs = pair("more known results", "より多くの判明した成果", language)
            return st.no_data(ax, question, language, needs)
        rows = rules.reset_index(drop=True)
        ax = _forest(
            ax,
            rows,
            "rule",
            language,
            (pair("confirmed", "確認済み", language), pair("not confirmed", "未確認", language)),
        )
        searched = pair(
            f"{count(looked_at)} combinations looked at; "
            "rate and n of the half that did not find the rule",
            f"{count(looked_at)}通りを検討。割合とnは条件を見つけていない側の半分のもの",
            language,
        )
        plain = pair("lines: 95% intervals", "横線：95%区間", language)
        st.title(ax, question, searched if looked_at else plain)
        return st.finish(ax)


def plot_guesses(guesses: pd.DataFrame, ax: Axes | None = None, language: Language = "en") -> Axes:
    """The guesses written down before looking: their rate and interval beside the overall rate.

    `guesses`: says, says_ja, n, rate, low, high, overall_rate, and verdict (holds, the_opposite, …)
    or confirmed.
    """
    question = ask("guesses", language)
    with st.style(language):
        if guesses is None or guesses.empty:
            return st.no_data(ax, question, language, "outcomes, [[hypotheses]]")
        rows = guesses.reset_index(drop=True)
        if "verdict" in rows:
            rows = rows.assign(
                confirmed=rows["verdict"].eq("holds"), against=rows["verdict"].eq("the_opposite")
            )
        ax = _forest(
            ax,
            rows,
            "says",
            language,
            (
                pair("holds", "当たり", language),
                pair("not shown by the data", "データでは示されない", language),
            ),
        )
        st.title(
            ax,
            question,
            pair(
                f"{len(rows)} guesses written down before looking; lines: 95% intervals",
                f"見る前に書いた{len(rows)}件の仮説。横線：95%区間",
                language,
            ),
        )
        return st.finish(ax)


def _forest(
    ax: Axes | None, rows: pd.DataFrame, name: str, language: Language, words: tuple[str, str]
) -> Axes:
    ax = st.axes_for(ax, 2.0 + 0.56 * len(rows))
    rows = rows.assign(at=np.arange(len(rows)))
    yes = rows["confirmed"].fillna(False).astype(bool)
    against = rows["against"] if "against" in rows else ~yes & False
    looks: tuple[tuple[pd.Series, str, dict[str, Any]], ...] = (
        (yes, words[0], {"marker": "s", "color": st.GOOD}),
        (against, pair("the opposite", "逆の結果", language), {"marker": "X", "color": st.WARN}),
        (~yes & ~against, words[1], {"marker": "o", "color": st.MUTED, "markerfacecolor": "white"}),
    )
    for mask, text, look in looks:
        part = rows[mask]
        if part.empty:
            continue
        ax.hlines(part["at"], part["low"], part["high"], color=look["color"], linewidth=1.8)
        ax.plot(part["rate"], part["at"], linestyle="none", markersize=8, label=text, **look)
    for row in rows.itertuples():
        end = 0.0 if pd.isna(row.high) else row.high
        whole = f"{row.successes_all:,} / {row.n_all:,}" if "n_all" in rows else ""
        ax.annotate(
            f"{percent(row.rate)}  n = {count(row.n)}"
            + (pair(f"  (all: {whole})", f"（全体：{whole}）", language) if whole else ""),
            (end, row.at),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
        )
    shown = f"{name}_ja" if language == "ja" and f"{name}_ja" in rows else name
    texts = rows[shown].where(rows[shown].astype(str).str.len() > 0, rows[name])
    st.row_labels(ax, rows["at"], ["\n".join(wrap(str(text), 46, max_lines=2)) for text in texts])
    ax.set_ylim(len(rows) - 0.4, -0.9)
    overall = rows["overall_rate"].iloc[0] if "overall_rate" in rows else None
    _rate_axis(ax, rows["high"].max(), overall, language)
    st.legend_below(ax)
    return ax
