"""Charts of the results view: result rates on one axis, rules, guesses, results beside revenue."""

from __future__ import annotations

import re
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from segment_lib.columns import label, value_label
from segment_lib.in_words import SMALLEST_SHOWN, count, money, named, percent, shorten, wrap
from segment_lib.plots import style as st
from segment_lib.plots.registry import ask, chart
from segment_lib.results.rules.search import NEEDED_KNOWN
from segment_lib.voice import N_, Sentence, _

MARKERS = "osD^v"


@chart(
    "result_rates",
    question=Sentence("What tells more about results: what customers do, or who they are?"),
    needs="group level n rate low high",
    also="overall_rate",
    opens=Sentence(
        "known results (outcomes), and [[steps]] or texts known before a contract in [attributes]"
    ),
    without="outcomes",
)
def plot_result_rates(
    rates: pd.DataFrame, ax: Axes | None = None, overall: float | None = None
) -> Axes:
    """The result rate by requests answered beside industry and role, all on one axis.

    `rates`: group, level, n, rate, low, high (95% interval). Below 10 known
    customers no rate is drawn.
    """
    rows = _grouped(rates)
    if overall is None and "overall_rate" in rows:
        overall = float(rows["overall_rate"].iloc[0])
    ax = st.axes_for(ax, 1.5 + 0.27 * rows["at"].max())
    looks = zip(cycle(MARKERS), cycle((st.WARN, st.MAIN, st.GOOD)), strict=False)
    for (_name, part), look in zip(rows.groupby("group", sort=False), looks, strict=False):
        _draw_points(ax, part, *look)
    st.group_names(ax, rows, "group", "group_text")
    st.row_labels(ax, rows["at"], list(rows["text"]))
    ax.set_ylim(rows["at"].max() + 0.7, -0.5)
    _rate_axis(ax, rows["high"].max(), overall)
    n = count(rows.groupby("group")["n"].sum().max())
    says = _(
        "n = {n} customers with a known result; n beside each point; lines: 95% intervals", n=n
    )
    return st.finish(ax, ask("result_rates"), says)


def _grouped(rates: pd.DataFrame) -> pd.DataFrame:
    """Rows with their height `at`: one line is left free above each group for its name."""
    rows = rates.reset_index(drop=True)
    group = rows["group"].astype(str)
    before = group.ne(group.shift()).cumsum()
    levels = zip(group, rows["level"], strict=True)
    return rows.assign(
        group=group,
        at=np.arange(len(rows)) + 1.3 * before.to_numpy(),
        text=[shorten(value_label(name, level), 26) for name, level in levels],
        group_text=[shorten(label(str(name)), 26) for name in group],
    )


def _draw_points(ax: Axes, rows: pd.DataFrame, marker: str, color: str) -> None:
    shown = rows[rows["n"] >= SMALLEST_SHOWN]
    ax.hlines(shown["at"], shown["low"], shown["high"], color=color, linewidth=1.6)
    ax.plot(shown["rate"], shown["at"], marker, color=color, markersize=6.5)
    look: st.Look = {"fontsize": 8.5, "color": st.MUTED}
    for row in shown.itertuples():
        text = f"{percent(row.rate)}  n = {count(row.n)}"
        st.beside(ax, text, (row.high, row.at), 6, bbox=st.paper(0.6), **look)
    for row in rows[rows["n"] < SMALLEST_SHOWN].itertuples():
        st.beside(ax, f"n = {count(row.n)} < {SMALLEST_SHOWN}", (0, row.at), 6, **look)


def _rate_axis(ax: Axes, highest: float, overall: float | None) -> None:
    top = 0.5 if pd.isna(highest) else float(highest)
    ax.set_xlim(0, min(1.0, top) * 1.22 + 0.02)
    ax.xaxis.set_major_formatter(lambda value, _: percent(value) if value <= 1 else "")
    ax.set_xlabel(_("share of customers who got results"))
    ax.grid(axis="x")
    if overall is None or pd.isna(overall):
        return
    ax.axvline(overall, color=st.INK, linewidth=1.1, linestyle="--")
    text = _("all: {overall}", overall=percent(overall))
    look: st.Look = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
    ax.annotate(text, (overall, 1), xytext=(4, -3), va="top", fontsize=8.5, **look)


@chart(
    "rules",
    question=Sentence("What do customers who get results share?"),
    needs="rule n rate low high n_all successes_all overall_rate verdict",
    also="looked_at",
    opens=Sentence("at least {n:,} known results, yes and no (the table outcomes)", n=NEEDED_KNOWN),
    without=Sentence("more known results"),
)
def plot_rules(rules: pd.DataFrame, ax: Axes | None = None, looked_at: int | None = None) -> Axes:
    """What achievers share: each rule with its rate and interval beside the overall rate.

    `rules`: rule; n, rate, low, high of the half that did not find it; n_all,
    successes_all of the whole; overall_rate, verdict. Filled squares are confirmed, crosses are
    warnings, which mark those without results, open circles are neither.
    """
    rows = _with_marks(rules, yes="confirmed", against="warning")
    against = _("warning: marks those without results")
    ax = _forest(ax, rows, "rule", (_("confirmed"), against, _("not confirmed")))
    says = _("lines: 95% intervals")
    if looked_at:
        says = _(
            "{n} combinations looked at; rate and n of the customers kept apart to check the rule",
            n=count(looked_at),
        )
    return st.finish(ax, ask("rules"), says)


@chart(
    "guesses",
    question=Sentence("Do the stated guesses hold?"),
    needs="says n rate low high overall_rate verdict",
    opens=Sentence("outcomes and [[hypotheses]] in client.toml"),
    without="outcomes, [[hypotheses]]",
)
def plot_guesses(guesses: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """The guesses written down before looking: their rate and interval beside the overall rate.

    `guesses`: says, n, rate, low, high, overall_rate, verdict (holds, the_opposite, …).
    """
    rows = _with_marks(guesses, yes="holds", against="the_opposite")
    ax = _forest(ax, rows, "says", (_("holds"), _("the opposite"), _("not shown by the data")))
    says = _("{n} guesses written down before looking; lines: 95% intervals", n=len(rows))
    return st.finish(ax, ask("guesses"), says)


def _forest_text(row: Any) -> str:
    rate, n = percent(row.rate), count(row.n)
    if not hasattr(row, "n_all"):
        return f"{rate}  n = {n}"
    whole = {"won": row.successes_all, "whole": row.n_all}
    return _("{rate}  n = {n}  (all: {won:,} / {whole:,})", rate=rate, n=n, **whole)


def _with_marks(rows: pd.DataFrame, yes: str, against: str) -> pd.DataFrame:
    """The rows in order of their height, with what marks them: for, against, or neither."""
    verdict = rows["verdict"].to_numpy()
    marks = {"yes": verdict == yes, "against": verdict == against}
    return rows.reset_index(drop=True).assign(at=np.arange(len(rows)), **marks)


def _forest(ax: Axes | None, rows: pd.DataFrame, name: str, words: tuple[str, str, str]) -> Axes:
    ax = st.axes_for(ax, 2.0 + 0.56 * len(rows))
    yes, against = rows["yes"], rows["against"]
    looks: tuple[tuple[pd.Series, str, st.Look], ...] = (
        (yes, words[0], {"marker": "s", "color": st.GOOD}),
        (against, words[1], {"marker": "X", "color": st.WARN}),
        (~yes & ~against, words[2], {"marker": "o", "color": st.MUTED, "markerfacecolor": "white"}),
    )
    for mask, text, look in looks:
        part = rows[mask]
        if part.empty:
            continue
        ax.hlines(part["at"], part["low"], part["high"], color=look["color"], linewidth=1.8)
        ax.plot(part["rate"], part["at"], linestyle="none", markersize=8, label=text, **look)
    for row in rows.itertuples():
        end = 0.0 if pd.isna(row.high) else row.high
        st.beside(ax, _forest_text(row), (end, row.at), 6, bbox=st.paper(0.6))
    texts = ["\n".join(wrap(str(text), 46, max_lines=2)) for text in rows[name]]
    st.row_labels(ax, rows["at"], texts)
    ax.set_ylim(len(rows) - 0.4, -0.9)
    overall = rows["overall_rate"].iloc[0] if "overall_rate" in rows else None
    _rate_axis(ax, rows["high"].max(), overall)
    st.legend_below(ax)
    return ax


BETWEEN_NAMES = re.compile(r", |[、;|\n]")
# Where each field stands (column, row: results to the right, revenue upwards), its colour, and what
# it calls for, unless the table says otherwise.
FIELDS = {
    "pays_gets_nothing": ((0, 1), st.WARN, N_("Put the result right before selling any more")),
    "pays_and_gets_results": ((1, 1), st.GOOD, N_("Keep serving well; ask for a reference")),
    "pays_little_gets_nothing": (
        (0, 0), st.MUTED, N_("Normal service; go one step further together"),
    ),
    "gets_results_pays_little": ((1, 0), st.MAIN, N_("Grow: show what else would help them")),
}  # fmt: skip


@chart(
    "fields",
    question=Sentence("Who pays, and who gets results?"),
    needs="field customers revenue",
    also="examples action",
    opens=Sentence("the tables orders and outcomes"),
    without="orders, outcomes",
)
def plot_fields(
    table: pd.DataFrame, ax: Axes | None = None, currency: str = "¥", names: pd.Series | None = None
) -> Axes:
    """Revenue crossed with results: four fields with heads, money, names and an action.

    `table`: field, customers, revenue, examples (ids or names, separated by a comma or 、); action
    where it is not the usual one. `names` gives the name of an id.
    """
    rows = table.set_index(table["field"].astype(str))
    rows = rows.assign(examples=_names_of(rows, names))
    ax = st.axes_for(ax, 5.2)
    inside = rows.reindex(list(FIELDS)).fillna({"customers": 0, "revenue": 0})
    for field in FIELDS:
        _draw_field(ax, field, inside.loc[field], inside["revenue"].sum(), currency)
    ax.set(xlim=(-0.02, 2), ylim=(-0.02, 2))
    st.bare(ax)
    ax.set_xticks([0.5, 1.5], [_("no result"), _("got results")])
    ax.set_yticks([0.5, 1.5], [_("pays\nlittle"), _("pays\nmuch")])
    return st.finish(ax, ask("fields"), _field_subtitle(rows, currency))


def _names_of(rows: pd.DataFrame, names: pd.Series | None) -> list[str]:
    if "examples" not in rows:
        return [""] * len(rows)
    known = {} if names is None else names.dropna().to_dict()
    split = [BETWEEN_NAMES.split(str(each)) for each in rows["examples"].fillna("")]
    return ["\n".join(str(known.get(one, one)) for one in ids) for ids in split]


def _field_subtitle(rows: pd.DataFrame, currency: str) -> str:
    known = count(rows["customers"].reindex(list(FIELDS)).sum())
    if "not_yet_known" not in rows.index:
        return _("n = {known} customers with a known result", known=known)
    open_ = rows.loc["not_yet_known"]
    return _(
        "n = {known} customers with a known result; of {more} more ({amount}) no result is known",
        known=known,
        more=count(open_["customers"]),
        amount=money(open_["revenue"], currency),
    )


def _draw_field(ax: Axes, field: str, row: pd.Series, revenue: float, currency: str) -> None:
    (x, y), color = FIELDS[field][:2]
    corner = x + 0.01, y + 0.02
    ax.add_patch(Rectangle(corner, 0.97, 0.95, facecolor=(color, 0.11), edgecolor="none"))
    ax.add_patch(Rectangle(corner, 0.012, 0.95, color=color))
    money_share = row["revenue"] / max(revenue, 1e-9)
    name: st.Look = {"weight": "bold", "fontsize": 11, "color": color}
    texts = (
        (0.88, str(value_label("field", field)), name),
        (0.73, _("{n} customers", n=count(row["customers"])), {"fontsize": 14}),
        (0.6, f"{money(row['revenue'], currency)} ({percent(money_share)})", {"fontsize": 10}),
        (0.36, _examples(row.get("examples")), {"fontsize": 9, "color": st.MUTED}),
        (0.12, _action(field, row), {"fontsize": 9.5}),
    )
    for height, text, look in texts:
        ax.text(x + 0.06, y + height, text, va="center", **look)


def _examples(examples: object) -> str:
    if not isinstance(examples, str) or not examples.strip():
        return ""
    names = [named(name) for name in examples.split("\n") if name.strip()][:3]
    return "\n".join(shorten(name, 44) for name in names)


def _action(field: str, row: pd.Series) -> str:
    action = row.get("action")
    if not isinstance(action, str) or not action:
        action = _(FIELDS[field][2])
    return "\n".join(wrap(f"→ {action}", 46, max_lines=2))
