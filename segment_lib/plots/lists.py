"""Charts of the raw lists and the register: what became of every row, who the customers are."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from segment_lib.columns import label, value_label
from segment_lib.in_words import count, percent, shorten, width
from segment_lib.lists import MISSING, OTHER_LEVELS
from segment_lib.plots import style as st
from segment_lib.plots.registry import ask, chart
from segment_lib.voice import Sentence, _, ngettext, pgettext

MOST_REASONS = 7  # more set-aside reasons than this are drawn together
SHADES = (st.MAIN, "#5b88ab", "#86a9c4", st.SOFT, "#c9d9e6")


@chart(
    "ledger",
    question=Sentence("What became of every row of the lists?"),
    needs="list table rows_in kept set_aside folded",
    opens=Sentence("the register (notebook 01)"),
    without="ledger",
    counts="rows_in",
)
def plot_ledger(
    ledger: pd.DataFrame, reasons: pd.DataFrame | None = None, ax: Axes | None = None
) -> Axes:
    """Rows in, set aside by reason, folded, kept, as a waterfall over all lists.

    `ledger`: list, rows_in, kept, set_aside, folded. `reasons`: reason, rows; without
    the column rows every line counts as one row, so that Register.set_aside can be given as it is.
    """
    bars = _ledger_bars(ledger, reasons)
    ax = st.axes_for(ax, 1.5 + 0.42 * len(bars))
    total = int(ledger["rows_in"].sum())
    begin = _axis_begin(total, int(ledger["kept"].sum()))
    _draw_waterfall(ax, bars, total, begin)
    ax.set_xlabel(_("rows"))
    return st.finish(ax, ask("ledger"), _ledger_subtitle(ledger, begin))


def _ledger_subtitle(ledger: pd.DataFrame, begin: int) -> str:
    rows = count(ledger["rows_in"].sum())
    if begin:
        return ngettext(
            "n = {rows} rows in {n} list; in = kept + set aside + folded; the axis begins at "
            "{begin}",
            "n = {rows} rows in {n} lists; in = kept + set aside + folded; the axis begins at "
            "{begin}",
            len(ledger),
            rows=rows,
            begin=count(begin),
        )
    return ngettext(
        "n = {rows} rows in {n} list; in = kept + set aside + folded",
        "n = {rows} rows in {n} lists; in = kept + set aside + folded",
        len(ledger),
        rows=rows,
    )


def _ledger_bars(ledger: pd.DataFrame, reasons: pd.DataFrame | None) -> pd.DataFrame:
    """One row per bar: text, start, end, kind."""
    total, folded, kept = (int(ledger[column].sum()) for column in ("rows_in", "folded", "kept"))
    steps = _reason_steps(reasons, int(ledger["set_aside"].sum()))
    steps += [(_("Folded: the same row twice"), folded, "folded")] * bool(folded)
    ends = total - np.cumsum([rows for _text, rows, _kind in steps], dtype=int)
    bars = [(pgettext("ledger", "Rows in"), 0, total, "in")]
    bars += [(text, end, end + n, kind) for (text, n, kind), end in zip(steps, ends, strict=True)]
    bars += [(_("Kept in the register"), 0, kept, "kept")]
    return pd.DataFrame(bars, columns=["text", "start", "end", "kind"])


def _reason_steps(reasons: pd.DataFrame | None, set_aside: int) -> list[tuple[str, int, str]]:
    if not set_aside:
        return []
    if reasons is None or reasons.empty:
        return [(_("Set aside"), set_aside, "aside")]
    rows = reasons if "rows" in reasons else reasons.assign(rows=1)
    words = rows["reason"].map(lambda reason: str(value_label("reason", reason)))
    sums = rows["rows"].groupby(words).sum().sort_values(ascending=False, kind="stable")
    steps = [
        (_("Set aside: {reason}", reason=reason), int(n), "aside")
        for reason, n in sums.head(MOST_REASONS).items()
    ]
    rest = sums.iloc[MOST_REASONS:]
    if len(rest):
        others = _("Set aside: {n} other reasons", n=len(rest))
        steps.append((others, int(rest.sum()), "aside"))
    return steps


LOOKS: dict[str, st.Look] = {
    "in": {"color": st.MAIN},
    "aside": st.hollow(st.WARN),
    "folded": st.hollow(st.MUTED, st.HATCH_APART),
    "kept": {"color": st.GOOD},
}


def _axis_begin(total: int, kept: int) -> int:
    """0, or where few rows were lost a round number below the rest: else nobody sees them."""
    lost = total - kept
    if not 0 < lost < 0.1 * total:
        return 0
    step = 10 ** math.floor(math.log10(lost))
    return math.floor((kept - lost / 2) / step) * step


def _draw_waterfall(ax: Axes, bars: pd.DataFrame, total: int, begin: int) -> None:
    span = total - begin
    for position, bar in enumerate(bars.itertuples()):
        rows = bar.end - bar.start
        ax.barh(position, rows, left=bar.start, height=0.62, linewidth=1.1, **LOOKS[bar.kind])
        st.beside(ax, f"{count(rows)}  ({_small(rows / total)})", (bar.end, position))
        if position:
            between = [position - 0.69, position - 0.31]
            ax.plot([bar.end] * 2, between, color=st.MUTED, linewidth=0.8)
        if begin and not bar.start:
            ax.text(begin + 0.012 * span, position, "//", color="white", va="center", fontsize=14)
    st.row_labels(ax, range(len(bars)), [shorten(text, 46) for text in bars["text"]])
    ax.set_xlim(begin, total + 0.2 * span)
    ax.xaxis.set_major_formatter(lambda at, _: count(at) if at <= total + 0.02 * span else "")
    ax.grid(axis="x")


def _small(share: float) -> str:
    return percent(share, 1) if share >= 0.0005 or not share else "<0.1%"


@chart(
    "attributes",
    question=Sentence("Who are the customers, and what do we not know?"),
    needs="attribute level customers",
    opens=Sentence("attributes in the customer list"),
    without="customers",
)
def plot_attributes(shares: pd.DataFrame, ax: Axes | None = None, most: int = 5) -> Axes:
    """Who the customers are: one bar per attribute, its levels side by side, missing hatched.

    `shares`: as `attribute_table` makes it: attribute, level ("(missing)" or no value = not given)
    in the order in which they are drawn, customers.
    """
    names = list(dict.fromkeys(shares["attribute"]))
    ax = st.axes_for(ax, 1.5 + 0.62 * len(names))
    for position, name in enumerate(names):
        _draw_levels(ax, position, shares[shares["attribute"] == name], most)
    st.row_labels(ax, range(len(names)), [shorten(label(name), 24) for name in names])
    n = int(shares.groupby("attribute")["customers"].sum().max())
    ax.set(xlim=(0, 1), ylim=(len(names) - 0.45, -0.55), xlabel=_("share of customers"))
    ax.xaxis.set_major_formatter(lambda value, _: percent(value))
    says = _("n = {n} customers; lined = not given, grey = smaller levels together", n=count(n))
    return st.finish(ax, ask("attributes"), says)


def _draw_levels(ax: Axes, position: int, rows: pd.DataFrame, most: int) -> None:
    is_missing = rows["level"].isna() | rows["level"].eq(MISSING)
    is_rest = rows["level"].eq(OTHER_LEVELS)
    known = rows[~is_missing & ~is_rest]
    name, total = rows["attribute"].iloc[0], rows["customers"].sum()
    shown = zip(known["level"], known["customers"].head(most), SHADES[:most], strict=False)
    parts: list[tuple[str, float, st.Look]] = [
        (str(value_label(name, level)), n, {"color": shade, "edgecolor": "white"})
        for level, n, shade in shown
    ]
    rest = known["customers"].iloc[most:].sum() + rows.loc[is_rest, "customers"].sum()
    missing = rows.loc[is_missing, "customers"].sum()
    parts += [(_("other"), rest, {"color": st.RULE})]
    parts += [(_("not given"), missing, st.hollow(st.MUTED, st.HATCH_APART))]
    left = 0.0
    for number, (text, n, look) in enumerate(parts):
        share = n / total
        ax.barh(position, share, left=left, height=0.7, **look)
        _write_level(ax, left, position, share, text, number < 2)
        left += share


def _write_level(ax: Axes, left: float, row: int, share: float, text: str, on_dark: bool) -> None:
    room = int(share * 84)  # columns of text that fit into the bar
    if room < 4:
        return
    fits = room > 5 and (width(text) < room or width(text) > 2 * room > 20)
    words = f"{shorten(text, room - 1)}\n{percent(share)}" if fits else percent(share)
    look: st.Look = {"color": "white" if on_dark else st.INK, "linespacing": 1.15}
    if text == _("not given"):  # on hatches
        look |= {"color": st.INK, "bbox": st.paper(1)}
    ax.text(left + share / 2, row, words, ha="center", va="center", fontsize=8, **look)
