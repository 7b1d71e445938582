"""Charts of the revenue view: deciles with the result rate in each, RFM grid and segments."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from segment_lib.columns import Language
from segment_lib.plots import style as st
from segment_lib.plots.questions import ask
from segment_lib.plots.words import SMALLEST_SHOWN, count, money, pair, percent, shorten
from segment_lib.results.intervals import wilson_interval

APART = "0 or less"


def plot_deciles(table: pd.DataFrame, ax: Axes | None = None, language: Language = "en") -> Axes:
    """Share of spend per decile as bars, and in each the rate of those who got results.

    `table`: decile (1 to 10, and "0 or less"), customers, share; where results are known also
    results_known, results_yes, result_rate. A rate needs 10 known customers; low, high (its 95 %
    interval) are computed where they are not given.
    """
    crossed = table is None or "result_rate" in table
    question = ask("deciles" if crossed else "deciles_of_spend", language)
    with st.style(language):
        if table is None or table.empty:
            return st.no_data(ax, question, language, "orders")
        rows = table.assign(place=_places(table["decile"]), share=table["share"].fillna(0.0))
        ax = st.axes_for(ax)
        _draw_shares(ax, rows, language)
        with_rates = "result_rate" in rows and bool(rows["result_rate"].notna().any())
        if with_rates:
            rows = rows if "low" in rows else _with_interval(rows)
            _draw_rates(ax, rows, language)
        ax.set_ylim(0, 1.2 * ax.get_ylim()[1])
        ax.yaxis.set_major_formatter(lambda value, _: percent(value))
        ax.grid(axis="y")
        ax.set_xlabel(_decile_axis(with_rates, language))
        ax.set_ylabel(pair("share", "割合", language))
        ax.legend(loc="upper right", ncols=2)
        st.title(ax, question, _decile_subtitle(rows, with_rates, language))
        return st.finish(ax)


def _with_interval(rows: pd.DataFrame) -> pd.DataFrame:
    low, high = wilson_interval(
        rows["results_yes"].to_numpy(float), rows["results_known"].to_numpy(float)
    )
    return rows.assign(low=low, high=high)


def _places(deciles: pd.Series) -> np.ndarray:
    """Where the bars stand: 1 to 10, and a gap before whoever spent 0 or less."""
    return np.array([float(d) if str(d).isdigit() else 11.6 for d in deciles.astype(str)])


def _decile_axis(with_rates: bool, language: Language) -> str:
    if not with_rates:
        return pair(
            "decile by spend, 1 = top tenth", "デシル（累計購入金額の順、1 = 上位）", language
        )
    return pair(
        "decile by spend, 1 = top tenth (n = customers whose result is known)",
        "デシル（累計購入金額の順、1 = 上位。n = 成果が判明した人数）",
        language,
    )


def _decile_subtitle(rows: pd.DataFrame, with_rates: bool, language: Language) -> str:
    top = rows.loc[rows["place"].eq(1), "share"].sum()
    n = count(rows["customers"].sum())
    says = pair(
        f"n = {n} customers; the top tenth brings {percent(top)} of the spend",
        f"n = {n}名。上位1割で売上の{percent(top)}",
        language,
    )
    if "result_rate" not in rows:
        return says
    if not with_rates:
        return says + pair("; no results known yet", "。成果はまだ不明", language)
    return says + pair("; lines through the points: 95% interval", "。点の縦線は95%区間", language)


def _draw_shares(ax: Axes, rows: pd.DataFrame, language: Language) -> None:
    apart = rows["place"] > 10
    ax.bar(
        rows.loc[~apart, "place"],
        rows.loc[~apart, "share"],
        width=0.78,
        color=st.SOFT,
        label=pair("share of spend", "売上の割合", language),
    )
    for row in rows.itertuples():
        ax.annotate(
            percent(row.share, 0 if row.share >= 0.0095 else 1) if row.place <= 10 else "",
            (row.place, row.share),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            fontsize=8.5,
            color=st.MAIN,
            gid="share",
        )
    ax.set_xticks(rows["place"], [_decile_label(row, language) for _, row in rows.iterrows()])
    ax.set_xlim(0.4, rows["place"].max() + 0.7)


def _decile_label(row: pd.Series, language: Language) -> str:
    name = str(row["decile"]) if row["place"] <= 10 else pair("0 or less", "0以下", language)
    known = row.get("results_known")
    if known is None or pd.isna(known):
        return f"{name}\n{count(row['customers'])}{pair('', '名', language)}"
    return f"{name}\nn={count(known)}"


def _draw_rates(ax: Axes, rows: pd.DataFrame, language: Language) -> None:
    shown = rows[(rows["results_known"] >= SMALLEST_SHOWN) & rows["result_rate"].notna()]
    looks: st.Look = {"color": st.WARN, "marker": "o", "markersize": 6}
    ax.plot(
        shown["place"].where(shown["place"] <= 10),
        shown["result_rate"],
        linewidth=1,
        linestyle=":",
        label=pair("got results, of those known", "成果を出した割合（判明分）", language),
        **looks,
    )
    ax.vlines(shown["place"], shown["low"], shown["high"], color=st.WARN, linewidth=1.4)
    apart = shown[shown["place"] > 10]
    ax.plot(apart["place"], apart["result_rate"], linestyle="none", **looks)


def plot_rfm_grid(
    customers: pd.DataFrame, ax: Axes | None = None, language: Language = "en"
) -> Axes:
    """Heads in every cell of recency by frequency, 5 = best.

    `customers`: one row per customer with r and f (missing for whoever never ordered).
    """
    question = ask("rfm_grid", language)
    with st.style(language):
        scored = (
            customers.dropna(subset=["r", "f"])
            if customers is not None and "r" in customers
            else None
        )
        if scored is None or scored.empty:
            return st.no_data(ax, question, language, "orders")
        ax = st.axes_for(ax, 4.4)
        heads = pd.crosstab(scored["f"].astype(int), scored["r"].astype(int))
        heads = heads.reindex(index=range(1, 6), columns=range(1, 6), fill_value=0)
        _draw_grid(ax, heads.to_numpy())
        ax.set_xlabel(
            pair(
                "R: recency score (5 = bought most recently)", "R:最終購入日（5 = 最近）", language
            )
        )
        ax.set_ylabel(
            pair("F: frequency score (5 = most often)", "F:購入頻度（5 = 多い）", language)
        )
        left_out = len(customers) - len(scored)
        st.title(
            ax,
            question,
            pair(
                f"n = {count(len(scored))} customers with orders; {count(left_out)} without any",
                f"n = {count(len(scored))}名（購入あり）。購入のない{count(left_out)}名は含まない",
                language,
            ),
        )
        return st.finish(ax)


def _draw_grid(ax: Axes, heads: np.ndarray) -> None:
    total, most = heads.sum(), heads.max()
    # The square root keeps small cells visible beside one that holds half of everyone.
    ax.imshow(
        np.sqrt(heads),
        origin="lower",
        cmap="Blues",
        vmin=0,
        vmax=np.sqrt(most) * 1.25,
        aspect="auto",
        extent=(0.5, 5.5, 0.5, 5.5),
    )
    for f, r in np.ndindex(heads.shape):
        n = heads[f, r]
        ax.text(
            r + 1,
            f + 1,
            f"{count(n)}\n{percent(n / total)}" if n else "—",
            ha="center",
            va="center",
            fontsize=9,
            color="white" if n > 0.55 * most else st.INK,
        )
    ax.set_xticks(range(1, 6))
    ax.set_yticks(range(1, 6))
    ax.hlines(np.arange(1.5, 5), 0.5, 5.5, color="white", linewidth=2)
    ax.vlines(np.arange(1.5, 5), 0.5, 5.5, color="white", linewidth=2)
    st.bare(ax, x=False, y=False)


def plot_rfm_segments(
    profile: pd.DataFrame,
    ax: Axes | None = None,
    language: Language = "en",
    currency: str = "¥",
) -> Axes:
    """Heads and spend of each named segment, side by side as shares.

    `profile`: rfm_segment, customers, spend; name_ja where the segments have Japanese names.
    """
    question = ask("rfm_segments", language)
    with st.style(language):
        if profile is None or profile.empty:
            return st.no_data(ax, question, language, "orders")
        rows = profile.reset_index(drop=True)
        ax = st.axes_for(ax, 1.7 + 0.5 * len(rows))
        names = "name_ja" if language == "ja" and "name_ja" in rows else "rfm_segment"
        heads, spend = (
            rows[column] / max(rows[column].sum(), 1e-9) for column in ("customers", "spend")
        )
        place = np.arange(len(rows))
        ax.barh(
            place - 0.19,
            heads,
            height=0.36,
            color=st.MAIN,
            label=pair("customers", "お客様", language),
        )
        ax.barh(
            place + 0.19,
            spend,
            height=0.36,
            color=st.SOFT,
            hatch="\\\\\\",
            edgecolor="white",
            label=pair("spend", "売上", language),
        )
        for at, n, amount, a, b in zip(
            place, rows["customers"], rows["spend"], heads, spend, strict=True
        ):
            _beside(ax, a, at - 0.19, f"{count(n)}{pair('', '名', language)}")
            _beside(ax, b, at + 0.19, money(amount, language, currency))
        st.row_labels(ax, place, [shorten(name, 30) for name in rows[names]])
        ax.set_xlim(0, 1.18 * max(heads.max(), spend.max()))
        ax.xaxis.set_major_formatter(lambda value, _: percent(value))
        ax.set_xlabel(
            pair(
                "share of all customers, share of all spend",
                "お客様全体・売上全体に占める割合",
                language,
            )
        )
        ax.legend(loc="lower right")
        st.title(
            ax,
            question,
            f"n = {count(rows['customers'].sum())}{pair(' customers', '名', language)}",
        )
        return st.finish(ax)


def _beside(ax: Axes, x: float, y: float, text: str) -> None:
    ax.annotate(text, (x, y), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8.5)
