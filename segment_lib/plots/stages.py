"""Charts of stages and status: the pyramid, deals against the status of today."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from segment_lib.columns import VALUES, value_label
from segment_lib.in_words import count, heads, hours, money, percent
from segment_lib.plots import style as st
from segment_lib.plots.registry import ask, chart
from segment_lib.voice import N_, Sentence, _, ngettext

PANELS = (
    ("customers", N_("Heads")),
    ("effort_hours", N_("Our hours while there")),
    ("revenue", N_("Revenue")),
)
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
    says = _(
        "n = {n} active customers, {beside} beside; upwards heads and hours should narrow, "
        "revenue widen. Own scale each",
        n=count(rows["customers"].sum()),
        beside=count(rows.get("beside_customers", pd.Series(0)).sum()),
    )
    return st.finish(ax, ask("pyramid"), says)


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


# Stage → its colour and marker on the path of the pyramid: the lines cross.
PATH_LOOKS: dict[str, st.Look] = {
    "acquaintance": {"color": st.MUTED, "marker": "o"},
    "prospect": {"color": st.WARN, "marker": "^"},
    "customer": {"color": st.GOOD, "marker": "s"},
    "repeater": {"color": st.MAIN, "marker": "D"},
}
LEAST_APART = 0.055  # of the height: two names at the ends of lines never touch


@chart(
    "pyramid_path",
    question=Sentence("Does the pyramid grow, and what will it be if nothing changes?"),
    needs="scenario month_end stage customers customers_low customers_high",
    opens=Sentence("the table orders (customer_id, ordered_on, amount) of two months and more"),
    tells=lambda path: path["month_end"].nunique() > 1,
)
def plot_pyramid_path(path: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Active customers per stage: the months behind, then the coming ones with their bands.

    `path`: scenario ("seen", "as_now"), month_end, stage, customers, customers_low and _high.
    """
    ax = st.axes_for(ax, 4.6)
    ends = {}
    for stage in [name for name in VALUES["stage"] if name in set(path["stage"])]:
        mine = path[path["stage"] == stage].set_index("month_end")
        if not mine["customers"].any():
            continue
        ends[stage] = _draw_path(ax, mine, PATH_LOOKS[stage])
    _name_ends(ax, ends)
    _mark_months(ax, path)
    seen = path["scenario"] == "seen"
    ax.axvline(path.loc[seen, "month_end"].max(), color=st.RULE, linewidth=1, linestyle=":")
    ax.set(ylim=(0, None), ylabel=_("active customers"))
    ax.grid(axis="y")
    return st.finish(ax, ask("pyramid_path"), _path_subtitle(path))


def _draw_path(ax: Axes, mine: pd.DataFrame, look: st.Look) -> tuple[pd.Timestamp, pd.Series]:
    """One stage: a line with markers, going on dashed in its band; its last day and row."""
    seen, coming = (mine[mine["scenario"] == name] for name in ("seen", "as_now"))
    ax.plot(seen.index, seen["customers"], markersize=4, **look)
    if coming.empty:
        return seen.index[-1], seen.iloc[-1]
    joined = pd.concat([seen["customers"].tail(1), coming["customers"]])
    ax.plot(joined.index, joined, linestyle="--", color=look["color"])
    low, high = (
        pd.concat([seen["customers"].tail(1), coming[f"customers_{end}"]])
        for end in ("low", "high")
    )
    ax.fill_between(joined.index, low, high, color=look["color"], alpha=0.18, linewidth=0)
    return coming.index[-1], coming.iloc[-1]


def _name_ends(ax: Axes, ends: dict[str, tuple[pd.Timestamp, pd.Series]]) -> None:
    """The stage, what it comes to and its band, beside the end of each line."""
    least = LEAST_APART * (ax.get_ylim()[1] or 1)
    at = -least
    for stage, (day, row) in sorted(ends.items(), key=lambda end: end[1][1]["customers"]):
        at = max(float(row["customers"]), at + least)
        text = f"{value_label('stage', stage)}  {count(round(row['customers']))}"
        if pd.notna(row["customers_low"]):
            text += (
                f"  ({count(round(row['customers_low']))}–{count(round(row['customers_high']))})"
            )
        st.beside(ax, text, (day, at), 7, color=PATH_LOOKS[stage]["color"], annotation_clip=False)


def _mark_months(ax: Axes, path: pd.DataFrame) -> None:
    """Every third month on the axis, counted from the last; room for names on the right."""
    days = pd.DatetimeIndex(sorted(path["month_end"].unique()))
    shown = days[::-3][::-1]
    ax.set_xticks(shown, [f"{day:%Y-%m}" for day in shown])
    span = max(days[-1] - days[0], pd.Timedelta(days=30))
    ax.set_xlim(days[0] - span * 0.02, days[-1] + span * 0.3)


def _path_subtitle(path: pd.DataFrame) -> str:
    seen = path[(path["scenario"] == "seen") & (path["stage"] != "all")]
    n = seen.loc[seen["month_end"] == seen["month_end"].max(), "customers"].sum()
    if not (path["scenario"] == "as_now").any():
        return _("n = {n} active customers today", n=count(n))
    return _(
        "n = {n} active customers today; dashed: if nothing changes, in the range that held 8 in "
        "10 such projections of the past",
        n=count(n),
    )


@chart(
    "orders_ahead",
    of="pyramid_path",
    question=Sentence("How many orders will come if nothing changes?"),
    needs="scenario month_end stage orders orders_low orders_high",
    opens=Sentence("the table orders (customer_id, ordered_on, amount) of ten months and more"),
    tells=lambda path: (path["scenario"] == "as_now").any() and path["orders"].gt(0).any(),
)
def plot_orders_ahead(path: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Orders a month: those that came as bars, those to come hollow, with their ranges; a diamond
    where the other scenario ends.
    """
    together = path[path["stage"] == "all"].set_index("month_end")
    seen, coming, more = (
        together[together["scenario"] == name] for name in ("seen", "as_now", "more")
    )
    ax = st.axes_for(ax, 3.8)
    ax.bar(seen.index, seen["orders"], width=22, color=st.SOFT, label=_("came"))
    ax.bar(
        coming.index, coming["orders"], width=22, label=_("if nothing changes"),
        **st.hollow(st.MAIN),
    )  # fmt: skip
    for day, row in coming.iterrows():
        ax.plot([day, day], [row["orders_low"], row["orders_high"]], color=st.MAIN, linewidth=1.4)
        at = (day, row["orders_high"])
        ax.annotate(
            count(round(row["orders"])), at, (0, 4), textcoords="offset points", ha="center"
        )
    if len(more):
        words = _("with more new people")
        ax.plot(more.index, more["orders"], "D", color=st.WARN, markersize=5, label=words)
    _mark_months(ax, path)
    ax.set_xlim(None, together.index.max() + pd.Timedelta(days=25))
    ax.set(ylabel=_("orders in the month"))
    ax.grid(axis="y")
    st.legend_below(ax, 24)
    says = _(
        "n = {n} orders in the months behind; lines: the range that held 8 in 10 such projections",
        n=count(seen["orders"].sum()),
    )
    return st.finish(ax, ask("orders_ahead"), says)


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
    says = ngettext(
        "n = {total} deals with a quote out and no decision; {n:,} of these customers is deciding "
        "now. A deal only goes forward, a status also falls",
        "n = {total} deals with a quote out and no decision; {n:,} of these customers are deciding "
        "now. A deal only goes forward, a status also falls",
        int(deals["deciding_now"]),
        total=count(deals.sum()),
    )
    return st.finish(ax, ask("deal_against_status"), says)


def _deal_text(row: pd.Series, total: float) -> str:
    n = 0 if pd.isna(row["deals"]) else row["deals"]
    share, days = percent(n / total), row.get("median_days")
    if days is None or pd.isna(days):
        return f"{count(n)}  ({share})"
    return _("{n}  ({share}), half over {days:.0f} days old", n=count(n), share=share, days=days)
