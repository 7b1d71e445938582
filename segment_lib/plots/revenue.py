"""Charts of the revenue view: deciles with the result rate in each, Lorenz curve, RFM."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from segment_lib.columns import value_label
from segment_lib.in_words import SMALLEST_SHOWN, count, heads, money, percent, shorten
from segment_lib.plots import style as st
from segment_lib.plots.registry import ORDERS, ask, chart
from segment_lib.results.intervals import wilson_interval
from segment_lib.voice import Sentence, _, pgettext


@chart(
    "deciles",
    question=Sentence("Who brings the money, and do they get results?"),
    needs="decile customers spend share cumulative_share",
    also="results_known results_yes result_rate low high",
    opens=Sentence(
        "the table orders (customer_id, ordered_on, amount), and 10 customers who paid something"
    ),
    plainly=("result_rate", Sentence("Who brings the money?")),
)
def plot_deciles(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Share of spend per decile as bars, and in each the rate of those who got results.

    `table`: decile (1 to 10, and "0 or less"), customers, share; where results are known also
    results_known, results_yes, result_rate. A rate needs 10 known customers; low, high (its 95 %
    interval) are computed where they are not given.
    """
    rows = table.assign(place=_places(table["decile"]), share=table["share"].fillna(0.0))
    ax = st.axes_for(ax)
    _draw_shares(ax, rows)
    with_rates = "result_rate" in rows and bool(rows["result_rate"].notna().any())
    if with_rates:
        rows = rows if "low" in rows else _with_interval(rows)
        _draw_rates(ax, rows)
    across = _("decile by spend, 1 = top tenth")
    if with_rates:
        across = _("decile by spend, 1 = top tenth (n = customers whose result is known)")
    ax.set(ylim=(0, 1.2 * ax.get_ylim()[1]), xlabel=across, ylabel=_("share"))
    ax.yaxis.set_major_formatter(lambda value, _: percent(value))
    ax.grid(axis="y")
    ax.legend(loc="upper right", ncols=2)
    return st.finish(ax, ask("deciles", table), _decile_subtitle(rows, with_rates))


def _with_interval(rows: pd.DataFrame) -> pd.DataFrame:
    yes, known = (rows[name].to_numpy(float) for name in ("results_yes", "results_known"))
    low, high = wilson_interval(yes, known)
    return rows.assign(low=low, high=high)


def _places(deciles: pd.Series) -> np.ndarray:
    """Where the bars stand: 1 to 10, and a gap before whoever spent 0 or less."""
    return np.array([float(d) if str(d).isdigit() else 11.6 for d in deciles.astype(str)])


def _decile_subtitle(rows: pd.DataFrame, with_rates: bool) -> str:
    top = rows.loc[rows["place"].eq(1), "share"].sum()
    n = count(rows.loc[rows["place"] <= 10, "customers"].sum())  # whose bars are drawn
    both = {"n": n, "top": percent(top)}
    if "result_rate" not in rows:
        return _("n = {n} customers; the top tenth brings {top} of the spend", **both)
    if not with_rates:
        return _(
            "n = {n} customers; the top tenth brings {top} of the spend; no results known yet",
            **both,
        )
    return _(
        "n = {n} customers; the top tenth brings {top} of the spend; lines through the points: "
        "95% interval",
        **both,
    )


def _draw_shares(ax: Axes, rows: pd.DataFrame) -> None:
    tenths = rows[rows["place"] <= 10]
    label = _("share of spend")
    ax.bar(tenths["place"], tenths["share"], width=0.78, color=st.SOFT, label=label)
    look: st.Look = {"textcoords": "offset points", "ha": "center", "gid": "share"}
    for row in rows.itertuples():
        text = percent(row.share, 0 if row.share >= 0.0095 else 1) if row.place <= 10 else ""
        at = row.place, row.share
        ax.annotate(text, at, xytext=(0, 3), fontsize=8.5, color=st.MAIN, **look)
    ax.set_xticks(rows["place"], [_decile_label(row) for _name, row in rows.iterrows()])
    ax.set_xlim(0.4, rows["place"].max() + 0.7)


def _decile_label(row: pd.Series) -> str:
    name = str(value_label("decile", row["decile"]))
    known = row.get("results_known")
    if known is None or pd.isna(known):
        return f"{name}\n{heads(row['customers'])}"
    return f"{name}\nn={count(known)}"


def _draw_rates(ax: Axes, rows: pd.DataFrame) -> None:
    shown = rows[(rows["results_known"] >= SMALLEST_SHOWN) & rows["result_rate"].notna()]
    looks: st.Look = {"color": st.WARN, "marker": "o", "markersize": 6}
    line: st.Look = {"linewidth": 1, "linestyle": ":", "label": _("got results, of those known")}
    tenths = shown["place"].where(shown["place"] <= 10)
    ax.plot(tenths, shown["result_rate"], **line, **looks)
    ax.vlines(shown["place"], shown["low"], shown["high"], color=st.WARN, linewidth=1.4)
    apart = shown[shown["place"] > 10]
    ax.plot(apart["place"], apart["result_rate"], linestyle="none", **looks)


@chart(
    "lorenz",
    question=Sentence("How few customers bring how much of the money?"),
    needs="customers customers_up_to spend_up_to abc gini",
    opens=Sentence(
        "the table orders (customer_id, ordered_on, amount), and 2 customers who paid something"
    ),
    tells=lambda curve: bool(curve["customers"].iloc[0] > 1),
)
def plot_lorenz(curve: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """The Lorenz curve beside the line of equality, and where the classes A and B begin.

    `curve`: customers, customers_up_to, spend_up_to, abc (the class that begins at a point), gini.
    """
    ax = st.axes_for(ax, 4.6)
    across, up = curve["customers_up_to"], curve["spend_up_to"]
    ax.plot([0, 1], [0, 1], color=st.MUTED, linestyle="--", linewidth=1.2, label=_("all alike"))
    ax.plot(across, up, color=st.MAIN, linewidth=2.2, label=_("these customers"))
    ax.fill_between(across, up, across, color=st.SOFT, alpha=0.35, linewidth=0)
    for row in curve[curve["abc"].isin(["A", "B"])].itertuples():
        _write_class(ax, row)
    ax.set(xlim=(0, 1), ylim=(0, 1.02), xlabel=_("customers, from the smallest spend up"))
    ax.set_ylabel(_("share of the spend"))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(lambda value, _: percent(value))
    ax.grid()
    ax.legend(loc="upper left")
    says = _(
        "n = {n} customers who paid something; Gini {gini:.2f}: the area between both lines, twice",
        n=count(curve["customers"].iloc[0]),
        gini=curve["gini"].iloc[0],
    )
    return st.finish(ax, ask("lorenz", curve), says)


def _write_class(ax: Axes, row: Any) -> None:
    """From this point on: how few bring how much. Written to the left, where the curve is low."""
    at = row.customers_up_to, row.spend_up_to
    ax.plot(*at, marker="o", markersize=6, color=st.WARN, linestyle="none")
    classes = "A" if row.abc == "A" else "A + B"
    fields = {"heads": percent(1 - row.customers_up_to), "spend": percent(1 - row.spend_up_to)}
    says = _("{classes}: the best {heads} bring {spend}", classes=classes, **fields)
    look: st.Look = {"textcoords": "offset points", "ha": "right", "va": "bottom", "fontsize": 9}
    ax.annotate(says, at, xytext=(-9, 3), bbox=st.paper(1.5), **look)


@chart(
    "rfm_grid",
    question=Sentence("How recently and how often do they buy?"),
    needs="r f",
    opens=ORDERS,
    in_report=False,
)
def plot_rfm_grid(customers: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Heads in every cell of recency by frequency, 5 = best.

    `customers`: one row per customer with r and f (missing for whoever never ordered), and with
    interval_days where F is the interval.
    """
    scored = customers.dropna(subset=["r", "f"]) if "r" in customers else customers.head(0)
    if scored.empty:
        return st.no_data(ax, ask("rfm_grid"), "orders")
    ax = st.axes_for(ax, 4.4)
    cells = pd.crosstab(scored["f"].astype(int), scored["r"].astype(int))
    cells = cells.reindex(index=range(1, 6), columns=range(1, 6), fill_value=0)
    _draw_grid(ax, cells.to_numpy())
    ax.set_xlabel(_("R: recency score (5 = bought most recently)"))
    by_interval = "interval_days" in customers
    ax.set_ylabel(
        _("F: interval score (5 = shortest)")
        if by_interval
        else _("F: frequency score (5 = most often)")
    )
    n, others = count(len(scored)), count(len(customers) - len(scored))
    says = _(
        "n = {scored} customers with orders; {left_out} without any", scored=n, left_out=others
    )
    return st.finish(ax, ask("rfm_grid"), says)


def _draw_grid(ax: Axes, cells: np.ndarray) -> None:
    total, most = cells.sum(), cells.max()
    # The square root keeps small cells visible beside one that holds half of everyone.
    look: st.Look = {"cmap": "Blues", "vmin": 0, "vmax": np.sqrt(most) * 1.25, "aspect": "auto"}
    ax.imshow(np.sqrt(cells), origin="lower", extent=(0.5, 5.5, 0.5, 5.5), **look)
    for f, r in np.ndindex(cells.shape):
        n = cells[f, r]
        text = f"{count(n)}\n{percent(n / total)}" if n else "—"
        color = "white" if n > 0.55 * most else st.INK
        ax.text(r + 1, f + 1, text, ha="center", va="center", fontsize=9, color=color)
    ax.set(xticks=range(1, 6), yticks=range(1, 6))
    ax.hlines(np.arange(1.5, 5), 0.5, 5.5, color="white", linewidth=2)
    ax.vlines(np.arange(1.5, 5), 0.5, 5.5, color="white", linewidth=2)
    st.bare(ax, x=False, y=False)


@chart(
    "rfm_segments",
    question=Sentence("Which RFM segments hold the people, which the money?"),
    needs="rfm_segment customers spend",
    also="name character measure",
    opens=ORDERS,
)
def plot_rfm_segments(profile: pd.DataFrame, ax: Axes | None = None, currency: str = "¥") -> Axes:
    """Heads and spend of each named segment, side by side as shares.

    `profile`: rfm_segment, customers, spend; name (in words) where the segments have one.
    """
    rows = profile.reset_index(drop=True)
    ax = st.axes_for(ax, 1.7 + 0.5 * len(rows))
    people, spend = (rows[name] / max(rows[name].sum(), 1e-9) for name in ("customers", "spend"))
    place = np.arange(len(rows))
    looks: tuple[st.Look, st.Look] = (
        {"color": st.MAIN, "label": pgettext("legend", "customers")},
        {"color": st.SOFT, "hatch": "\\\\\\", "edgecolor": "white", "label": _("spend")},
    )
    ax.barh(place - 0.19, people, height=0.36, **looks[0])
    ax.barh(place + 0.19, spend, height=0.36, **looks[1])
    for at, n, amount in zip(place, rows["customers"], rows["spend"], strict=True):
        st.beside(ax, heads(n), (people[at], at - 0.19), 4, fontsize=8.5)
        st.beside(ax, money(amount, currency), (spend[at], at + 0.19), 4, fontsize=8.5)
    names = rows["name"] if "name" in rows else rows["rfm_segment"]
    st.row_labels(ax, place, [shorten(name, 30) for name in names])
    ax.set_xlim(0, 1.18 * max(people.max(), spend.max()))
    ax.xaxis.set_major_formatter(lambda value, _: percent(value))
    ax.set_xlabel(_("share of all customers, share of all spend"))
    ax.legend(loc="lower right")
    says = _("n = {n} customers", n=count(rows["customers"].sum()))
    return st.finish(ax, ask("rfm_segments"), says)
