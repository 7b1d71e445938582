"""Charts of whom to approach and whom not: bands of worth, decisions with their reasons."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from segment_lib.columns import VALUES, value_label
from segment_lib.in_words import count, percent, shorten
from segment_lib.plots import style as st
from segment_lib.plots.registry import ask, chart
from segment_lib.voice import Sentence, _

DECISION_LOOKS: dict[str, st.Look] = {
    "approach": {"color": st.MAIN},
    "grow": {"color": st.GOOD},
    "recover": {"color": st.WARN},
    "keep_serving": {"color": st.SOFT},
    "not_now": st.hollow(st.MUTED, st.HATCH_APART),
    "not_approached": st.hollow(st.INK),
}


@chart(
    "worth_bands",
    question=Sentence("Where is an approach likely to pay?"),
    needs="band customers rate p_worth_it warranted",
    also="low high",
    opens=Sentence("deals, outcomes and the value and cost in [worth]"),
    without="deals, outcomes, [worth]",
)
def plot_worth_bands(
    bands: pd.DataFrame, ax: Axes | None = None, break_even: float | None = None
) -> Axes:
    """Success rate per score band against break-even: an approach pays above the line.

    `bands`: band (1 = lowest), customers, rate, p_worth_it, warranted; low, high (interval) where
    known. Open circles are bands on the list with a warranty (`warranted`).
    """
    rows = bands.sort_values("band").reset_index(drop=True)
    ax = st.axes_for(ax, 4.3)
    _draw_bands(ax, rows)
    if break_even is not None:
        ax.axhline(break_even, color=st.INK, linestyle="--", linewidth=1.2)
        text = _("break-even {rate}", rate=percent(break_even, 1))
        look: st.Look = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
        ax.annotate(text, (1, break_even), xytext=(-4, 4), ha="right", fontsize=9, **look)
    ax.set_ylim(0, None)
    ax.yaxis.set_major_formatter(lambda value, _: percent(value))
    ax.grid(axis="y")
    ax.set_xlabel(_("score band before a contract (1 = lowest), deals in it, P"))
    ax.set_ylabel(_("signed and got results"))
    ax.legend(loc="upper left")
    return st.finish(ax, ask("worth_bands"), _band_subtitle(rows))


def _draw_bands(ax: Axes, rows: pd.DataFrame) -> None:
    leave = rows["warranted"].fillna(False).astype(bool)
    if {"low", "high"} <= set(rows.columns):
        ax.vlines(rows["band"], rows["low"], rows["high"], color=st.MUTED, linewidth=1.5)
    keep, away = rows[~leave], rows[leave]
    may: st.Look = {"color": st.MAIN, "label": _("may pay: approach")}
    leaves: st.Look = {"color": st.WARN, "label": _("left out, with a warranty")}
    leaves |= {"markerfacecolor": "white", "markeredgewidth": 1.6}
    ax.plot(keep["band"], keep["rate"], "s", markersize=8, **may)
    ax.plot(away["band"], away["rate"], "o", markersize=8, **leaves)
    ax.set_xticks(rows["band"], [_band_label(row) for _name, row in rows.iterrows()])
    ax.set_xlim(rows["band"].min() - 0.6, rows["band"].max() + 0.6)


def _band_label(row: pd.Series) -> str:
    # numbers alone: twenty bands stand side by side, the axis says which line is which
    return f"{int(row['band'])}\n{count(row['customers'])}\n{percent(row['p_worth_it'])}"


def _band_subtitle(rows: pd.DataFrame) -> str:
    n = count(rows["customers"].sum())
    return _(
        "n = {n} past customers, each scored by models that had not seen them; P = chance that "
        "the band's true rate is above break-even",
        n=n,
    )


@chart(
    "decision_summary",
    question=Sentence("What is decided for whom, and why?"),
    needs="decision reason customers",
    also="under_contract hours",
    opens=Sentence("the decision (notebook 08)"),
    without="decisions",
)
def plot_decisions(
    summary: pd.DataFrame, ax: Axes | None = None, reason_words: Mapping[str, str] | None = None
) -> Axes:
    """Heads per decision and main reason; the answers add up to everyone.

    `summary`: decision, reason, customers; `reason_words`: what a reason is called here.
    """
    rows = _by_decision(summary)
    ax = st.axes_for(ax, 1.4 + 0.3 * (rows["at"].max() + 1))
    for row in rows.itertuples():
        ax.barh(row.at, row.customers, height=0.66, **DECISION_LOOKS[row.decision])
        st.beside(ax, count(row.customers), (row.customers, row.at))
    rows["words"] = [str(value_label("decision", decision)) for decision in rows["decision"]]
    st.group_names(ax, rows, "decision", "words")
    words = reason_words or {}
    names = [shorten(words.get(one, value_label("reason", one)), 48) for one in rows["reason"]]
    st.row_labels(ax, rows["at"], names)
    ax.set(xlim=(0, rows["customers"].max() * 1.1), ylim=(rows["at"].max() + 0.7, -0.5))
    ax.set_xlabel(_("customers"))
    ax.grid(axis="x")
    n = count(rows["customers"].sum())
    says = _("n = {n} customers, each with one decision and one main reason", n=n)
    return st.finish(ax, ask("decision_summary"), says)


def _by_decision(summary: pd.DataFrame) -> pd.DataFrame:
    sums = summary.groupby(["decision", "reason"], observed=True, as_index=False)["customers"].sum()
    sums = sums[sums["customers"] > 0].astype({"decision": str, "reason": str})
    order = {name: at for at, name in enumerate(VALUES["decision"])}
    sums = sums.assign(order=sums["decision"].map(order))
    rows = sums.sort_values(["order", "customers"], ascending=[True, False]).reset_index(drop=True)
    group = rows["decision"].ne(rows["decision"].shift()).cumsum()
    return rows.assign(at=np.arange(len(rows)) + 1.25 * group)
