"""One look for every chart: fonts that hold Japanese, a small palette, titles, number formats.

Nothing happens on import. A chart is drawn inside `with style():`, which puts the reader's
own matplotlib settings back afterwards. Colours are told apart by colour-blind readers, and no
colour stands alone: hatches and markers say the same a second time.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import ScaledTranslation, blended_transform_factory

from segment_lib.in_words import width, wrap
from segment_lib.voice import _, spoken

Look = dict[str, Any]  # keywords of a drawing call

INK = "#26323f"  # text
MUTED = "#7b8794"  # secondary text, what is set apart
RULE = "#cfd6dd"  # thin lines
PALE = "#eef1f4"  # empty cells
MAIN = "#2f6690"  # what the chart is about
SOFT = "#a9c4da"  # the same, second rank
WARN = "#d1661f"  # what needs a hand
GOOD = "#1f8a78"  # what holds
HATCH_AWAY = "////"  # set aside, lapsed, given up
HATCH_APART = "---"  # standing apart, not yet known
JAPANESE_FONT = "IPAexGothic"
WIDTH = 9.0  # inches: a notebook cell, a page of the report

SETTINGS: Look = {
    "axes.edgecolor": RULE,
    "axes.labelcolor": INK,
    "axes.labelsize": 9.5,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 13,
    "axes.titleweight": "bold",
    "axes.titlecolor": INK,
    "axes.axisbelow": True,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "font.size": 9.5,
    "grid.color": PALE,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "text.color": INK,
    # A name such as "A$B$" is a name, not a formula.
    "text.parse_math": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "svg.hashsalt": "segment_lib",
    "svg.fonttype": "path",
}


def font_families() -> list[str]:
    """The fonts in order: whichever holds a character draws it, so none is ever a box."""
    _add_japanese_font()
    families = ["DejaVu Sans", JAPANESE_FONT]  # DejaVu comes with matplotlib and has ≥ ≤ ✗
    return families[::-1] if spoken() == "ja" else families


def _add_japanese_font() -> None:
    if any(font.name == JAPANESE_FONT for font in font_manager.fontManager.ttflist):
        return
    # Importing matplotlib_fontja would change the global settings: only its font file is taken.
    found = importlib.util.find_spec("matplotlib_fontja")
    if found is None or found.origin is None:
        raise ModuleNotFoundError(
            _("Japanese text needs the package matplotlib-fontja. Install it, or run kit.py again.")
        )
    manager = font_manager.fontManager
    manager.addfont(Path(found.origin).parent / "fonts" / "ipaexg.ttf")
    entry = next(font for font in manager.ttflist if font.name == JAPANESE_FONT)
    # The font has one weight. Listed as bold too, a bold title draws without a log line each time.
    manager.ttflist.append(dataclasses.replace(entry, weight=700))


@contextmanager
def style() -> Iterator[None]:
    """Draw inside this: the look of the kit, with the fonts applied last; put back afterwards."""
    with mpl.rc_context():
        mpl.rcParams.update(SETTINGS)  # type: ignore[arg-type]
        mpl.rcParams["font.family"] = font_families()
        yield
        # The first figure of a notebook turns its display on, in here: put back, no later figure
        # would show.
        shows = mpl.is_interactive()
    mpl.interactive(shows)


def axes_for(ax: Axes | None, height: float = 4.5) -> Axes:
    """The given axes, or new ones of the kit's size."""
    if ax is not None:
        return ax
    return plt.subplots(figsize=(WIDTH, height), layout="constrained")[1]


def title(ax: Axes, question: str, subtitle: str = "", above: float = 0) -> None:
    """The question the chart answers, left aligned, with n and how to read it below it.

    `above`: points kept free between it and the axes.
    """
    lines = wrap(subtitle, 122)
    pad = above + 10 + 13 * len(lines)
    heading = ax.set_title(question, loc="left", pad=pad)
    if width(question) > len(question):
        # The Japanese font has no bold face: a thin outline in the same ink makes it stand out.
        heading.set_path_effects([withStroke(linewidth=0.7, foreground=INK)])
    figure = ax.figure.get_figure(root=True)
    alone = isinstance(figure, Figure) and len(figure.axes) == 1
    if isinstance(figure, Figure) and alone:
        # From the left edge of the figure, however wide the labels are.
        heading.set_x(0.006)
        down = ScaledTranslation(0, pad / 72, figure.dpi_scale_trans)
        heading.set_transform(blended_transform_factory(figure.transFigure, ax.transAxes + down))
    _write_subtitle(ax, lines, alone, above)


def _write_subtitle(ax: Axes, lines: list[str], alone: bool, above: float) -> None:
    if not lines:
        return
    # Not "figure fraction": where a notebook crops the picture, only transFigure moves with it.
    across = ax.figure.get_figure(root=True).transFigure if alone else "axes fraction"
    look: Look = {"textcoords": "offset points", "xycoords": (across, "axes fraction")}
    look |= {"fontsize": 9, "color": MUTED, "va": "bottom", "gid": "subtitle"}
    start = (0.006 if alone else 0, 1)
    ax.annotate("\n".join(lines), start, xytext=(0, 8 + above), in_layout=False, **look)


def finish(ax: Axes, question: str, subtitle: str = "", above: float = 0) -> Axes:
    """Write the title and lay out now, once: ticks are made inside the style, and saving needs no
    second pass.
    """
    title(ax, question, subtitle, above)
    ax.tick_params(labelfontfamily=mpl.rcParams["font.family"])
    figure = ax.figure.get_figure(root=True)
    engine = figure.get_layout_engine() if isinstance(figure, Figure) else None
    if engine is not None and isinstance(figure, Figure) and len(figure.axes) == 1:
        engine.execute(figure)
        figure.set_layout_engine("none")
    else:
        ax.get_tightbbox()
    return ax


def no_data(ax: Axes | None, question: str, needs: str = "") -> Axes:
    """The question, and one sentence instead of a chart."""
    ax = axes_for(ax, 1.6)
    says = _("There is nothing to draw yet.")
    if needs:
        says = _("There is nothing to draw yet: it needs {needs}.", needs=needs)
    ax.text(0, 0.5, says, transform=ax.transAxes, color=MUTED, va="center")
    bare(ax)
    return finish(ax, question)


def hollow(edge: str, hatch: str = HATCH_AWAY) -> Look:
    """A white bar with hatches: what is set aside, lapsed or not known."""
    return {"facecolor": "white", "edgecolor": edge, "hatch": hatch}


def paper(pad: float) -> Look:
    """What lies under words that stand on lines or hatches."""
    return {"facecolor": "white", "edgecolor": "none", "pad": pad}


def beside(ax: Axes, text: str, at: tuple[Any, Any], points: float = 5, **look: Any) -> None:
    """Write beside a point, so many points to the right of it."""
    look = {"va": "center", "fontsize": 9, **look}
    ax.annotate(text, at, xytext=(points, 0), textcoords="offset points", **look)


def bare(ax: Axes, *, x: bool = True, y: bool = True) -> None:
    """Take frame and ticks away where positions carry no number."""
    for side in ax.spines.values():
        side.set_visible(False)
    if x:
        ax.set_xticks([])
    if y:
        ax.set_yticks([])


def row_labels(ax: Axes, positions: Iterable[float], labels: Sequence[str]) -> None:
    """Names of horizontal bars, first on top."""
    ax.set_yticks(list(positions), list(labels))
    ax.invert_yaxis()
    ax.spines["left"].set_visible(False)


def group_names(ax: Axes, rows: pd.DataFrame, group: str, text: str) -> None:
    """The name of each group in the line left free above its rows, whose height is `at`."""
    beside_axis: Look = {"ha": "right", "va": "center", "transform": ax.get_yaxis_transform()}
    for _name, part in rows.groupby(group, sort=False):
        ax.text(-0.012, part["at"].min() - 1, part[text].iloc[0], weight="bold", **beside_axis)


def cells(ax: Axes, columns: Sequence[str], rows: Sequence[str], margin: float = 0.5) -> None:
    """A table of cells, one wide and one high, first row on top."""
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), rows)
    ax.set(xlim=(-margin, len(columns) - 1 + margin), ylim=(len(rows) - 1 + margin, -margin))
    bare(ax, x=False, y=False)


def cell(
    ax: Axes, at: tuple[float, float], size: tuple[float, float], text: str, **look: Any
) -> Text:
    """One cell of them, its text in its middle."""
    corner = at[0] - size[0] / 2, at[1] - size[1] / 2
    ax.add_patch(Rectangle(corner, *size, **look))
    return ax.text(*at, text, ha="center", va="center")


def legend_below(ax: Axes, points: float = 40) -> None:
    """The legend under the axis label, so that it never covers the data."""
    figure = ax.figure.get_figure(root=True)
    down = ax.transAxes + ScaledTranslation(0, -points / 72, figure.dpi_scale_trans)
    place: Look = {"bbox_to_anchor": (0.5, 0), "bbox_transform": down, "borderaxespad": 0}
    ax.legend(loc="upper center", ncols=4, **place)


def described(ax: Axes) -> str:
    """What a reader who cannot see the chart is told: its question and the line below it."""
    below = [text.get_text() for text in ax.texts if text.get_gid() == "subtitle"]
    return " ".join([ax.get_title(loc="left"), *below])


def as_svg(ax: Axes) -> bytes:
    """The figure as SVG, the same bytes on every run; the figure is closed afterwards."""
    figure = ax.figure.get_figure(root=True)
    buffer = io.BytesIO()
    with style():
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    return buffer.getvalue()
