"""Charts of stages and status: the pyramid, deals against the status of today."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from segment_lib.columns import VALUES, Language, value_label
from segment_lib.plots import style as st
from segment_lib.plots.questions import ask
from segment_lib.plots.words import count, hours, money, pair, percent

PANELS = (
    ("customers", "Heads", "人数"),
    ("effort_hours", "Our hours", "時間"),
    ("revenue", "Revenue", "売上"),
)


PANEL_WIDTH = 1.32  # distance between the middles of two panels; a bar is at most 1 wide


def plot_pyramid(
    pyramid: pd.DataFrame,
    ax: Axes | None = None,
    language: Language = "en",
    currency: str = "¥",
) -> Axes:
    """The stages, repeaters on top, as three mirrored bars; lapsed people stand beside.

    `pyramid`: stage, customers, effort_hours, revenue, beside_customers (lapsed or lost). Heads
    and hours should narrow towards the top, revenue should widen.
    """
    question = ask("pyramid", language)
    with st.style(language):
        if pyramid is None or pyramid.empty:
            return st.no_data(ax, question, language, "customers, contacts, deals")
        rows = _in_order(pyramid)
        ax = st.axes_for(ax, 4.2)
        for number, (column, en, ja) in enumerate(PANELS):
            look: st.Look = {"color": (st.MAIN, st.SOFT, st.GOOD)[number]}
            texts = [_amount(column, value, language, currency) for value in rows[column]]
            _mirrored(ax, number * PANEL_WIDTH, rows[column], texts, look)
            ax.text(number * PANEL_WIDTH, 3.62, pair(en, ja, language), ha="center", weight="bold")
        _draw_beside(ax, rows, language)
        stages = [str(value_label("stage", stage, language)) for stage in rows["stage"]]
        ax.set_yticks(range(len(rows)), stages)
        ax.set_ylim(-0.5, 3.95)
        ax.set_xlim(-0.56, 3 * PANEL_WIDTH + 0.45)
        st.bare(ax, y=False)
        st.title(ax, question, _pyramid_subtitle(rows, language))
        return st.finish(ax)


def _in_order(pyramid: pd.DataFrame) -> pd.DataFrame:
    rows = pyramid.set_index(pyramid["stage"].astype(str)).drop(columns="stage")
    rows = rows.reindex(list(VALUES["stage"]))
    numbers = rows.columns.intersection(["customers", "beside_customers"])
    return rows.assign(**{name: rows[name].fillna(0) for name in numbers}).reset_index(
        names="stage"
    )


def _amount(column: str, value: float, language: Language, currency: str) -> str:
    if column == "revenue":
        return money(value, language, currency)
    if column == "effort_hours":
        return hours(value) + ("" if pd.isna(value) else pair(" h", "時間", language))
    return count(value) + pair("", "名", language)


def _mirrored(ax: Axes, middle: float, values: pd.Series, texts: list[str], look: st.Look) -> None:
    shares = (values.astype("float64") / max(values.max(), 1e-9)).fillna(0.0)
    ax.barh(range(len(values)), shares, left=middle - shares / 2, height=0.94, **look)
    dark = look.get("color") in (st.MAIN, st.GOOD)
    for level, (share, text) in enumerate(zip(shares, texts, strict=True)):
        inside = share > 0.4
        ax.annotate(
            text,
            (middle + (0 if inside else share / 2), level),
            va="center",
            fontsize=9,
            xytext=(0 if inside else 4, 0),
            textcoords="offset points",
            ha="center" if inside else "left",
            color="white" if dark and inside else st.INK,
        )


def _draw_beside(ax: Axes, rows: pd.DataFrame, language: Language) -> None:
    if "beside_customers" not in rows or not rows["beside_customers"].sum():
        return
    left = 3 * PANEL_WIDTH - 0.5
    share = (
        0.6
        * rows["beside_customers"]
        / max(rows["beside_customers"].max(), rows["customers"].max() * 0.25)
    )
    ax.axvline(left - 0.17, color=st.RULE, linewidth=1, ymax=0.95)
    ax.barh(
        range(len(rows)),
        share,
        left=left,
        height=0.6,
        facecolor="white",
        edgecolor=st.MUTED,
        hatch=st.HATCH_AWAY,
    )
    for level, (x, n) in enumerate(zip(share, rows["beside_customers"], strict=True)):
        ax.annotate(
            _amount("customers", n, language, ""),
            (left + x, level),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
        )
    ax.text(
        left,
        3.62,
        pair("Beside: lapsed, lost", "別枠：離脱・失注", language),
        weight="bold",
        color=st.MUTED,
    )


def _pyramid_subtitle(rows: pd.DataFrame, language: Language) -> str:
    n, beside = (
        count(rows["customers"].sum()),
        count(rows.get("beside_customers", pd.Series(0)).sum()),
    )
    return pair(
        f"n = {n} active customers, {beside} beside; upwards heads and hours should narrow, "
        "revenue widen. Own scale each",
        f"n = {n}名（現役）、別枠{beside}名。人数と時間は上ほど細く、売上は上ほど太いのが理想。"
        "目盛りは項目ごと",
        language,
    )


def plot_deal_against_status(
    table: pd.DataFrame, ax: Axes | None = None, language: Language = "en"
) -> Axes:
    """Deals whose state is still "proposal sent", by where the customer stands today.

    `table`: status, deals; median_days (since the proposal) where known.
    """
    question = ask("deal_against_status", language)
    with st.style(language):
        if table is None or table.empty or not table["deals"].sum():
            return st.no_data(ax, question, language, "deals, contacts")
        order = list(VALUES["status"])
        rows = table.set_index(table["status"].astype(str)).reindex(order)
        ax = st.axes_for(ax, 4.0)
        deals = rows["deals"].fillna(0)
        for at, (status, n) in enumerate(deals.items()):
            now = status == "deciding_now"
            look: st.Look = (
                {"color": st.MAIN}
                if now
                else {"color": st.SOFT, "hatch": "//", "edgecolor": "white"}
            )
            ax.barh(at, n, height=0.62, **look)
            ax.annotate(
                _deal_text(rows.loc[status], deals.sum(), language),
                (n, at),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
            )
        st.row_labels(
            ax, range(len(order)), [str(value_label("status", s, language)) for s in order]
        )
        ax.set_xlim(0, deals.max() * 1.5)
        ax.set_xlabel(pair("open deals at “proposal sent”", "「見積提出」の案件数", language))
        ax.grid(axis="x")
        st.title(ax, question, _deal_subtitle(deals, language))
        return st.finish(ax)


def _deal_text(row: pd.Series, total: float, language: Language) -> str:
    n = 0 if pd.isna(row["deals"]) else row["deals"]
    text = f"{count(n)}  ({percent(n / total)})"
    days = row.get("median_days")
    if days is None or pd.isna(days):
        return text
    return text + pair(f", half over {days:.0f} days old", f"、中央値{days:.0f}日経過", language)


def _deal_subtitle(deals: pd.Series, language: Language) -> str:
    total, now = int(deals.sum()), int(deals["deciding_now"])
    return pair(
        f"n = {count(total)} deals with a quote out and no decision; "
        f"{count(now)} of these customers {'is' if now == 1 else 'are'} deciding now. "
        "A deal only goes forward, a status also falls",
        f"n = {count(total)}件（見積提出済み・未決）。うち今検討中は{count(now)}件。"
        "案件は進むだけ、ステータスは下がることもある",
        language,
    )
