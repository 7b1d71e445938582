"""Charts of repeat buying: the five types, the next order, the waiting curve, second orders."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.dates import AutoDateLocator, DateFormatter

from segment_lib.behaviour.waiting import waiting_frame
from segment_lib.columns import value_label
from segment_lib.in_words import SMALLEST_SHOWN, count, named, percent, shorten, wrap
from segment_lib.plots import style as st
from segment_lib.plots.registry import CAME_BACK, ORDERS, ask, chart
from segment_lib.voice import Sentence, _, pgettext

MOST_CUSTOMERS = 12
MOST_MONTHS = 24
LAST_APART = 0.6  # cells between the last month and all months
LINES = ("-", "--", "-.", ":", (0, (1, 1)))
LINE_COLORS = (st.WARN, st.SOFT, "#5b88ab", st.INK, st.GOOD)


@chart(
    "five_types",
    question=Sentence("Which types of customers are there, and what does each call for?"),
    needs="five_type customers lapsed spend",
    also="margin_rate action_hint",
    opens=ORDERS,
)
def plot_five_types(profile: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """The five types: heads active and lapsed, margin rate, action.

    `profile`: five_type, customers, lapsed (heads), margin_rate, action or action_hint.
    """
    ax = st.axes_for(ax, 1.6 + 0.68 * len(profile))
    active = profile["customers"] - profile["lapsed"]
    place = np.arange(len(profile))
    ax.barh(place, active, height=0.6, color=st.MAIN, label=_("active"))
    lapsed: st.Look = st.hollow(st.MUTED) | {"label": _("lapsed")}
    ax.barh(place, profile["lapsed"], left=active, height=0.6, **lapsed)
    names = [str(value_label("five_type", each)) for each in profile["five_type"]]
    st.row_labels(ax, place, names)
    _write_types(ax, profile.reset_index(drop=True))
    st.bare(ax, y=False)
    ax.tick_params(axis="x", labelbottom=False)
    ax.legend(loc="upper left", bbox_to_anchor=(0, 0), ncols=2)
    n = count(profile["customers"].sum())
    says = _("n = {n} customers with orders; bars: heads, active and lapsed", n=n)
    return st.finish(ax, ask("five_types"), says)


def _write_types(ax: Axes, rows: pd.DataFrame) -> None:
    most = max(rows["customers"].max(), 1)
    ax.set(xlim=(0, most * 2.9), ylim=(len(rows) - 0.5, -1.0))
    for x, text, side in ((1.62, _("margin"), "right"), (1.7, _("what to do"), "left")):
        ax.text(most * x, -0.7, text, ha=side, fontsize=8.5, color=st.MUTED)
    action = "action" if "action" in rows else "action_hint"
    for at, row in rows.iterrows():
        n, lapsed = count(row["customers"]), count(row["lapsed"])
        heads = _("{customers}, lapsed {lapsed}", customers=n, lapsed=lapsed)
        st.beside(ax, heads, (row["customers"], at), fontsize=8.5)
        ax.text(most * 1.62, at, percent(row.get("margin_rate")), ha="right", va="center")
        words = wrap(str(row.get(action) or ""), 42, max_lines=2)
        ax.text(most * 1.7, at, "\n".join(words), va="center", fontsize=9)


@chart(
    "next_order",
    question=Sentence("Whose next order comes when, and whose is late?"),
    needs="last_order_on next_from next_to was_due_by overdue_days",
    also="name product_line chance_30d next_chance next_within_days orders_lost",
    opens=CAME_BACK,
)
def plot_next_order(due: pd.DataFrame, ax: Axes | None = None, as_of: date | None = None) -> Axes:
    """Up to 12 customers on a time line: since the last order, late since when, the range from
    today within which 8 in 10 of those who order will have ordered.

    With more than 12, half are late, those whose orders would be missed most first
    (`orders_lost`, else `chance_30d`), and half are the likeliest to order soon.

    `due`: name, last_order_on, next_from, next_to, was_due_by, overdue_days; product_line where
    lines are followed; as_of as a column or an argument.
    """
    rows = due.dropna(subset=["last_order_on", "next_to"])
    if rows.empty:
        return st.no_data(ax, ask("next_order"), "orders")
    today = pd.Timestamp(as_of if as_of is not None else rows["as_of"].iloc[0])
    shown = _worth_a_call(rows).reset_index()
    ax = st.axes_for(ax, 1.9 + 0.34 * len(shown))
    _draw_next(ax, shown, today)
    st.row_labels(ax, range(len(shown)), [_whose(row) for _name, row in shown.iterrows()])
    ax.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=7))
    ax.xaxis.set_major_formatter(DateFormatter("%Y-%m-%d"))
    ax.set_xlabel(_("day"))
    ax.grid(axis="x")
    st.legend_below(ax)
    return st.finish(ax, ask("next_order"), _next_subtitle(rows, shown, today))


def _worth_a_call(rows: pd.DataFrame) -> pd.DataFrame:
    late = rows["overdue_days"].fillna(0) > 0
    if "lapsed" in rows:  # late is not lost: whoever has lapsed is
        rows, late = rows[rows["lapsed"].ne(True)], late[rows["lapsed"].ne(True)]
    missed = "orders_lost" if "orders_lost" in rows else "overdue_days"
    overdue = rows[late].sort_values(missed, ascending=False, kind="stable")
    soon = "chance_30d" if "chance_30d" in rows else "next_to"
    coming = rows[~late].sort_values(soon, ascending=soon == "next_to", kind="stable")
    half = MOST_CUSTOMERS // 2
    overdue = overdue.head(max(half, MOST_CUSTOMERS - len(coming)))
    return pd.concat([overdue, coming.head(MOST_CUSTOMERS - len(overdue))])


def _next_subtitle(rows: pd.DataFrame, shown: pd.DataFrame, today: pd.Timestamp) -> str:
    n, late = count(len(rows)), count((rows["overdue_days"].fillna(0) > 0).sum())
    fields = {"n": n, "late": late, "today": today, "shown": len(shown)}
    if "next_within_days" not in rows:
        return _(
            "n = {n} orders to come, {late} late on {today:%Y-%m-%d}; shown: {shown} worth a call",
            **fields,
        )
    return _(
        "n = {n} orders to come, {late} late on {today:%Y-%m-%d}; shown: {shown} worth a call, how "
        "many such customers order within {days} days, and how late they are",
        days=int(rows["next_within_days"].iloc[0]),
        **fields,
    )


def _draw_next(ax: Axes, rows: pd.DataFrame, today: pd.Timestamp) -> None:
    place = np.arange(len(rows))
    length = (rows["next_to"] - rows["next_from"]).dt.days.clip(lower=1)
    late = rows["overdue_days"].fillna(0) > 0
    ax.hlines(place, rows["last_order_on"], today, color=st.MUTED, linewidth=1)
    ax.plot(rows["last_order_on"], place, "o", color=st.MUTED, markersize=5, label=_("last order"))
    was = rows["was_due_by"][late]
    overdue: st.Look = st.hollow(st.WARN) | {"label": _("late")}
    ax.barh(place[late], (today - was).dt.days, left=was, height=0.34, **overdue)
    coming: st.Look = {"color": st.SOFT, "label": _("8 in 10 of those who order")}
    ax.barh(place, length, left=rows["next_from"], height=0.46, **coming)
    ax.axvline(today, color=st.INK, linewidth=1.2, linestyle="--", label=_("as of"))
    for at, row in rows.iterrows():
        chance = percent(row["next_chance"]) if pd.notna(row.get("next_chance")) else ""
        days = _("{days:.0f} days", days=row["overdue_days"]) if late[at] else ""
        words = pgettext("facts", ", ").join(filter(None, (chance, days)))
        st.beside(ax, words, (row["next_to"], at), fontsize=8.5)


def _whose(row: pd.Series) -> str:
    who = row.get("name")
    who = row.get("customer_id") if who is None or pd.isna(who) else who
    line = row.get("product_line")
    shown = shorten(named(who), 26)
    return shown if line is None or pd.isna(line) else f"{shown} · {shorten(line, 10)}"


@chart(
    "waiting_curve",
    question=Sentence("How long do customers wait before they order again?"),
    needs="order_number days share_back",
    also="n",
    opens=CAME_BACK,
)
def plot_waiting_curve(curve: Any, ax: Axes | None = None) -> Axes:
    """Share of customers who ordered again within so many days, one line per order number.

    `curve`: a fitted WaitingCurve, or its rows: order_number, days, share_back; n (returns seen).
    """
    curve = waiting_frame(curve) if hasattr(curve, "curves_") else curve
    if curve.empty:
        return st.no_data(ax, ask("waiting_curve"), "orders")
    ax = st.axes_for(ax)
    numbers = list(dict.fromkeys(curve["order_number"]))[: len(LINES)]
    for number, line, color in zip(numbers, LINES, LINE_COLORS, strict=False):
        rows = curve[curve["order_number"] == number].sort_values("days")
        look: st.Look = {"linestyle": line, "color": color, "label": _wait_label(rows, number)}
        ax.step(rows["days"], rows["share_back"], where="post", linewidth=1.9, **look)
    ax.set(xlim=(0, None), ylim=(0, 1))
    ax.yaxis.set_major_formatter(lambda value, _: percent(value))
    ax.grid()
    ax.set(xlabel=_("days since that order"), ylabel=_("have ordered again"))
    ax.legend(loc="lower right")
    n = count(curve.groupby("order_number")["n"].first().sum()) if "n" in curve else "—"
    says = _(
        "n = {n} returns seen; who is still waiting counts as waiting, not as lost (Kaplan-Meier)",
        n=n,
    )
    return st.finish(ax, ask("waiting_curve"), says)


def _wait_label(rows: pd.DataFrame, number: object) -> str:
    half = rows.loc[rows["share_back"] >= 0.5, "days"]
    says = _("after order {number}: under half come back", number=number)
    if len(half):
        days = half.iloc[0]
        says = _(
            "after order {number}: half of all within {days:.0f} days", number=number, days=days
        )
    return f"{says}, n = {count(rows['n'].iloc[0])}" if "n" in rows else says


@chart(
    "second_orders",
    question=Sentence("How many come a second time, and how soon?"),
    needs="first_month within_days customers came_back share_back curve_share",
    opens=Sentence(
        "the table orders (customer_id, ordered_on, amount), and months of first orders old enough"
    ),
    tells=lambda table: bool(table["share_back"].notna().any()),
)
def plot_second_orders(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Share with a second order by month of the first (across) and days since (up): the last 24
    months, and all together; what is not yet known is hatched.

    `table`: first_month, within_days, customers, came_back, share_back, and curve_share of all.
    """
    months = [*dict.fromkeys(table["first_month"])]
    shown = [*months[:-1][-MOST_MONTHS:], months[-1]]
    days = [*dict.fromkeys(table["within_days"])]
    ax = st.axes_for(ax, 2.6 + 0.45 * len(days))
    most = table["share_back"].max()
    for row in table[table["first_month"].isin(shown)].itertuples():
        place = shown.index(row.first_month)
        at = place + (LAST_APART if place == len(shown) - 1 else 0), days.index(row.within_days)
        _draw_cohort(ax, row, at, most)
    heads = table.drop_duplicates("first_month").set_index("first_month")["customers"]
    labels = [f"{one} · {count(heads[one])}" for one in shown[:-1]]
    across = [*range(len(labels)), len(labels) + LAST_APART]
    ax.set_xticks(across, [*labels, _("all months")], rotation=90)
    ax.set_yticks(range(len(days)), [_("within {days} days", days=each) for each in days])
    ax.set(xlim=(-0.6, across[-1] + 0.6), ylim=(len(days) - 0.4, -0.6))
    ax.set_xlabel(_("month of the first order · customers"))
    st.bare(ax, x=False, y=False)
    says = _(
        "n = {n} customers; numbers: % who came again; hatched: not yet known; ·: under {few} "
        "customers",
        n=count(heads[shown[:-1]].sum()),
        few=SMALLEST_SHOWN,
    )
    return st.finish(ax, ask("second_orders"), says)


def _draw_cohort(ax: Axes, row: Any, at: tuple[float, int], most: float) -> None:
    size, edge = (0.92, 0.86), {"edgecolor": "white", "linewidth": 0}
    if pd.isna(row.share_back):
        st.cell(ax, at, size, "", linewidth=0.6, **st.hollow(st.RULE, st.HATCH_AWAY))
    elif row.customers < SMALLEST_SHOWN:
        st.cell(ax, at, size, "·", facecolor=st.PALE, **edge)
    else:
        shade = row.share_back / most if most else 0.0
        text = st.cell(ax, at, size, f"{100 * row.share_back:.0f}", facecolor=_blue(shade), **edge)
        text.set(fontsize=8, color="white" if shade > 0.6 else st.INK)


def _blue(shade: float) -> Any:
    """From pale to the main colour."""
    pale, full = (np.array(to_rgb(color)) for color in (st.PALE, st.MAIN))
    return pale + shade * (full - pale)
