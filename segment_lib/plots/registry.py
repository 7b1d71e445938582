"""Which charts there are: beside each function stand its question, its frame, what opens it.

    @chart("deciles", question=Sentence("Who brings the money?"), needs="decile customers share")
    def plot_deciles(table, ax=None): ...

Nothing else lists a chart: the report's page and `sl.plot` ask here. Only in which part of the page
it stands is said there.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from pathlib import Path
from typing import Any, TypeVar, cast

import pandas as pd
from matplotlib.axes import Axes

from segment_lib.plots import style as st
from segment_lib.voice import Sentence

Draw = TypeVar("Draw", bound=Callable[..., Axes])

# What opens more than one chart.
ORDERS = Sentence("the table orders (customer_id, ordered_on, amount)")
CAME_BACK = Sentence(
    "the table orders (customer_id, ordered_on, amount), and customers who ordered again"
)
ACTIONS = Sentence("the actions (notebook 09)")


@dataclass(frozen=True)
class Chart:
    """One chart: the kept frame it draws, and what is said of it.

    `needs` are the columns it must have, `also` those it uses where they are there; `opens` is the
    table that would open it; `tells` says whether a picture of this frame says anything; `plainly`
    is a column and what is asked of a frame without it.
    """

    frame: str
    draw: Callable[..., Axes]
    needs: tuple[str, ...]
    also: tuple[str, ...]
    question: Sentence
    opens: Sentence
    tells: Callable[[pd.DataFrame], bool] = lambda frame: True
    in_report: bool = True
    plainly: tuple[str, Sentence] | None = None


CHARTS: dict[str, Chart] = {}  # by name, of the modules loaded so far: `charts` loads them all


def chart(
    name: str,
    *,
    of: str = "",
    needs: str,
    also: str = "",
    without: str | Sentence = "orders",
    counts: str = "",
    **told: Any,
) -> Callable[[Draw], Draw]:
    """Register the function as the chart of the kept frame of its name, or a further one `of`
    another. What else is `told` of it are fields of `Chart`; False `in_report`: for notebooks only.

    It is drawn in the look of the kit. Where the frame is missing, empty, or counts nobody in the
    column `counts`, one sentence stands in its place: it needs what `without` names, the orders if
    nothing else is said.
    """

    def registered(draw: Draw) -> Draw:
        @wraps(draw)
        def drawn(*args: Any, **options: Any) -> Axes:
            given = signature(draw).bind(*args, **options).arguments
            table = next(iter(given.values()))
            nobody = table is None or getattr(table, "empty", False)  # a fitted curve is no frame
            with st.style():
                if nobody or (counts and not table[counts].sum()):
                    return st.no_data(given.get("ax"), ask(name, table), str(without))
                return draw(*args, **options)

        CHARTS[name] = Chart(of or name, drawn, tuple(needs.split()), tuple(also.split()), **told)
        return cast(Draw, drawn)

    return registered


def charts() -> dict[str, Chart]:
    """Every chart of the kit by its name."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        importlib.import_module(f"segment_lib.plots.{module.name}")
    return CHARTS


def ask(name: str, table: pd.DataFrame | None = None) -> str:
    """The question that a chart answers, of this `table` where one is given."""
    one = CHARTS[name]
    column, asked = one.plainly or ("", one.question)
    return str(one.question if table is None or column in table else asked)


def drawn_as(name: str) -> Any:
    """The drawing function by its own name, with or without plot_, or by the name of its chart."""
    for chart_name, one in charts().items():
        if name.removeprefix("plot_") in (chart_name, one.draw.__name__.removeprefix("plot_")):
            return one.draw
    return None
