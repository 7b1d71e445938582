"""Charts of stages and status: the pyramid, deals against the status of today."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from segment_lib.columns import VALUES, value_label
from segment_lib.in_words import count, heads, hours, money, percent
from segment_lib.plots import style as st
from segment_lib.plots.registry import ask, chart
from segment_lib.voice import N_, Sentence, _, ngettext

PANELS = (("customers", N_("Heads")), ("effort_hours", N_("Our hours")), ("revenue", N_("Revenue")))
PANEL_WIDTH = 1.32  # distance between the middles of two panels; a bar is at most 1 wide


@chart(
    "pyramid",
    question=Sentence("Does the pyramid keep its shape?"),
    needs="stage customers effort_hours revenue",
    also="beside_customers",
    opens=Sentence("customers on more than one stage (contacts, deals or orders show it)"),
    tells=lambda pyramid: _stages_with_people(pyramid) > 1,
    without="customers, contacts, deals",
)
def plot_pyramid(pyramid: pd.DataFrame, ax: Axes | None = None, currency: str = "¥") -> Axes:
    """The stages, repeaters on top, as three mirrored bars; lapsed people stand beside.

    `pyramid`: stage, customers, effort_hours, revenue, beside_customers (lapsed or lost). Heads
    and hours should narrow towards the top, revenue should widen.
    """
    rows = _in_order(pyramid)
    ax = st.axes_for(ax, 4.2)
    for number, (column, words) in enumerate(PANELS):
        look: st.Look = {"color": (st.MAIN, st.SOFT, st.GOOD)[number]}
        texts = [_amount(column, value, currency) for value in rows[column]]
        _mirrored(ax, number * PANEL_WIDTH, rows[column], texts, look)
        ax.text(number * PANEL_WIDTH, 3.62, _(words), ha="center", weight="bold")
    _draw_beside(ax, rows)
    stages = [str(value_label("stage", stage)) for stage in rows["stage"]]
    ax.set_yticks(range(len(rows)), stages)
    ax.set(xlim=(-0.56, 3 * PANEL_WIDTH + 0.45), ylim=(-0.5, 3.95))
    st.bare(ax, y=False)
    return st.finish(ax, ask("pyramid"), _pyramid_subtitle(rows))


def _stages_with_people(pyramid: pd.DataFrame) -> int:
    people = pyramid[["customers", *pyramid.columns.intersection(["beside_customers"])]]
    return int((people.sum(axis=1) > 0).sum())


def _in_order(pyramid: pd.DataFrame) -> pd.DataFrame:
    rows = pyramid.set_index(pyramid["stage"].astype(str)).drop(columns="stage")
    rows = rows.reindex(list(VALUES["stage"]))
    numbers = rows.columns.intersection(["customers", "beside_customers"])
    return rows.fillna(dict.fromkeys(numbers, 0)).reset_index(names="stage")


def _amount(column: str, value: float, currency: str) -> str:
    if column == "revenue":
        return money(value, currency)
    if column == "effort_hours":
        return "—" if pd.isna(value) else _("{hours} h", hours=hours(value))
    return heads(value)


def _mirrored(ax: Axes, middle: float, values: pd.Series, texts: list[str], look: st.Look) -> None:
    shares = (values.astype("float64") / max(values.max(), 1e-9)).fillna(0.0)
    ax.barh(range(len(values)), shares, left=middle - shares / 2, height=0.94, **look)
    dark = look.get("color") in (st.MAIN, st.GOOD)
    for level, (share, text) in enumerate(zip(shares, texts, strict=True)):
        if share > 0.4:
            color = "white" if dark else st.INK
            st.beside(ax, text, (middle, level), 0, ha="center", color=color)
        else:
            st.beside(ax, text, (middle + share / 2, level), 4, color=st.INK)


def _draw_beside(ax: Axes, rows: pd.DataFrame) -> None:
    if "beside_customers" not in rows or not rows["beside_customers"].sum():
        return
    left, beside = 3 * PANEL_WIDTH - 0.5, rows["beside_customers"]
    share = 0.6 * beside / max(beside.max(), rows["customers"].max() * 0.25)
    ax.axvline(left - 0.17, color=st.RULE, linewidth=1, ymax=0.95)
    ax.barh(range(len(rows)), share, left=left, height=0.6, **st.hollow(st.MUTED))
    for level, (x, n) in enumerate(zip(share, beside, strict=True)):
        st.beside(ax, _amount("customers", n, ""), (left + x, level), 4)
    ax.text(left, 3.62, _("Beside: lapsed, lost"), weight="bold", color=st.MUTED)


def _pyramid_subtitle(rows: pd.DataFrame) -> str:
    beside = rows.get("beside_customers", pd.Series(0))
    return _(
        "n = {n} active customers, {beside} beside; upwards heads and hours should narrow, "
        "revenue widen. Own scale each",
        n=count(rows["customers"].sum()),
        beside=count(beside.sum()),
    )


@chart(
    "deal_against_status",
    question=Sentence("Of the quotes still open, how many are being decided now?"),
    needs="status deals",
    also="median_days",
    opens=Sentence("the tables deals and contacts"),
    without="deals, contacts",
    counts="deals",
)
def plot_deal_against_status(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Deals whose state is still "proposal sent", by where the customer stands today.

    `table`: status, deals; median_days (since the proposal) where known.
    """
    order = list(VALUES["status"])
    rows = table.set_index(table["status"].astype(str)).reindex(order)
    ax = st.axes_for(ax, 4.0)
    deals = rows["deals"].fillna(0)
    looks: tuple[st.Look, st.Look] = (
        {"color": st.SOFT, "hatch": "//", "edgecolor": "white"}, {"color": st.MAIN},
    )  # fmt: skip
    for at, (status, n) in enumerate(deals.items()):
        ax.barh(at, n, height=0.62, **looks[status == "deciding_now"])
        st.beside(ax, _deal_text(rows.loc[status], deals.sum()), (n, at), fontsize=None)
    st.row_labels(ax, range(len(order)), [str(value_label("status", s)) for s in order])
    ax.set(xlim=(0, deals.max() * 1.5), xlabel=_("open deals at “proposal sent”"))
    ax.grid(axis="x")
    return st.finish(ax, ask("deal_against_status"), _deal_subtitle(deals))


def _deal_text(row: pd.Series, total: float) -> str:
    n = 0 if pd.isna(row["deals"]) else row["deals"]
    share, days = percent(n / total), row.get("median_days")
    if days is None or pd.isna(days):
        return f"{count(n)}  ({share})"
    return _("{n}  ({share}), half over {days:.0f} days old", n=count(n), share=share, days=days)


def _deal_subtitle(deals: pd.Series) -> str:
    total, now = int(deals.sum()), int(deals["deciding_now"])
    return ngettext(
        "n = {total} deals with a quote out and no decision; {n:,} of these customers is deciding "
        "now. A deal only goes forward, a status also falls",
        "n = {total} deals with a quote out and no decision; {n:,} of these customers are deciding "
        "now. A deal only goes forward, a status also falls",
        now,
        total=count(total),
    )
