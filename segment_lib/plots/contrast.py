"""Chart of the contrast: revenue against results, four fields with names and actions."""

from __future__ import annotations

import re

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from segment_lib.columns import value_label
from segment_lib.in_words import count, money, named, percent, shorten, wrap
from segment_lib.plots import style as st
from segment_lib.plots.registry import ask, chart
from segment_lib.voice import N_, Sentence, _

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
    for field in FIELDS:
        row = rows.loc[field] if field in rows.index else pd.Series({"customers": 0, "revenue": 0})
        _draw_field(ax, field, row, rows, currency)
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
    inside = rows[rows.index.isin(list(FIELDS))]
    known = count(inside["customers"].sum())
    if "not_yet_known" not in rows.index:
        return _("n = {known} customers with a known result", known=known)
    open_ = rows.loc["not_yet_known"]
    return _(
        "n = {known} customers with a known result; of {more} more ({amount}) no result is known",
        known=known,
        more=count(open_["customers"]),
        amount=money(open_["revenue"], currency),
    )


def _draw_field(ax: Axes, field: str, row: pd.Series, rows: pd.DataFrame, currency: str) -> None:
    (x, y), color = FIELDS[field][:2]
    corner = x + 0.01, y + 0.02
    ax.add_patch(Rectangle(corner, 0.97, 0.95, facecolor=(color, 0.11), edgecolor="none"))
    ax.add_patch(Rectangle(corner, 0.012, 0.95, color=color))
    inside = rows[rows.index.isin(list(FIELDS))]
    money_share = row["revenue"] / max(inside["revenue"].sum(), 1e-9)
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
