"""Every chart: a question as title, n below it, English or Japanese; the only room that draws.

A chart is taken by its name: `sl.plot.deciles(table)`.
"""

from __future__ import annotations

from typing import Any

from segment_lib.plots.registry import ask, charts, drawn_as
from segment_lib.plots.style import Axes, as_svg, described
from segment_lib.voice import _

__all__ = ["Axes", "as_svg", "ask", "charts", "described"]


def __getattr__(name: str) -> Any:
    draw = None if name.startswith("_") else drawn_as(name)
    if draw is None:
        known = ", ".join(_names())
        raise AttributeError(
            _("There is no chart called {name}. There are: {known}.", name=name, known=known)
        )
    return draw


def __dir__() -> list[str]:
    return [*__all__, *_names()]


def _names() -> list[str]:
    return sorted(one.draw.__name__.removeprefix("plot_") for one in charts().values())
