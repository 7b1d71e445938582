"""report.html: one page without network, from the kept frames, in the client's language.

Text from the data is escaped by Jinja2. Charts are pictures inside the page (SVG as data), each
with its question and its n as alternative text. No clock is read: the day shown is `as_of`.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any, TypeAlias

import jinja2
import pandas as pd
from markupsafe import Markup

from segment_lib import plots
from segment_lib.client import Client
from segment_lib.report import decisions_said as decided
from segment_lib.report import results_said as results
from segment_lib.report import sentences as says
from segment_lib.report import tables
from segment_lib.report.files import write_free
from segment_lib.report.frames import Frames, drawable, given, looked_at, missing_columns
from segment_lib.voice import _, pgettext, said_by_people, sentences, spoken

Say: TypeAlias = Callable[[Frames, Client], list[str]]
MakeTable: TypeAlias = Callable[[pd.DataFrame, Client], tables.Table]


def build_report(client: Client, frames: Frames) -> Path:
    """Write `report.html` into the client's out folder; returns where it was written.

    `frames`: the kept frames by name, each with the columns that its chart needs; one that is
    absent leaves a sentence that says which table would open its part.
    """
    loader = jinja2.PackageLoader("segment_lib.report", "")
    shelf = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    text = shelf.get_template("page.html.j2").render(**_contents(client, frames))
    path = client.out_folder / "report.html"
    return write_free(path, lambda free: free.write_text(text, encoding="utf-8", newline="\n"))


def _contents(client: Client, frames: Frames) -> dict[str, object]:
    return {
        "language": spoken(),
        "name": said_by_people(client.client.title, client.client.title_ja) or client.name,
        "title": _("Who gets what, when"),
        "what": _(
            "Customers sorted so that each has an action, and our effort a place to go. "
            "Computed from the lists as they stood on {as_of}; nothing later was used. What "
            "people decided is shown with who decided it; what the data say is shown with its "
            "doubt.",
            as_of=client.as_of,
        ),
        "short_title": _("In short"),
        "short": decided.five_sentences(frames, client),
        "note": _note(frames, client),
        "parts": _parts(client, frames),
        "absent_title": _("Not shown here:"),
        "contents_title": _("Contents"),
        "foot": _(
            "As of {as_of}. Made from client.toml {fingerprint}.",
            as_of=client.as_of,
            fingerprint=client.fingerprint,
        ),
    }


def _parts(client: Client, frames: Frames) -> list[dict[str, Any]]:
    """The sections of the page: title, sentences, the charts by their frames, tables."""
    signed = tables.signatures_table(client)
    kept = partial(_table, client, frames)
    sections: tuple[tuple[str, Say, str, list[tables.Table | None]], ...] = (
        (_("How many customers, and what was set aside?"),
         says.says_register, "ledger attributes", [kept("ledger", tables.ledger_table)]),
        (pgettext("part", "Who brings the money?"),
         says.says_money, "deciles rfm_segments", [kept("rfm_segments", tables.segments_table)]),
        (_("How do they behave?"), says.says_behaviour,
         "five_types next_order waiting_curve pyramid deal_against_status steps_funnel "
         "cluster_choice cluster_profile movement", []),
        (_("Who gets results, and what do they share?"),
         results.says_results, "result_rates guesses rules", [kept("rules", tables.rules_table)]),
        (_("Revenue against results"), results.says_contrast, "fields", []),
        (_("Whom not to approach, and why?"),
         decided.says_not_approached, "decision_summary worth_bands hours",
         [kept("decision_summary", tables.reasons_table)]),
        (_("Who gets what, when?"), _says_who_what_when, "owner_load",
         [_actions(client, frames), kept("monday", tables.monday_table)]),
        (_("What people decided, and how sure this is"),
         decided.what_it_does_not_say, "", [signed]),
    )  # fmt: skip
    options = _options(client, frames)
    return [
        {
            "number": number,
            "title": title,
            "sentences": say(frames, client),
            "note": _note(frames, client) if say is decided.says_not_approached else "",
            "tables": [table for table in made if table is not None],
            **_drawn(frames, charts.split(), options),
        }
        for number, (title, say, charts, made) in enumerate(sections, start=1)
    ]


def _table(client: Client, frames: Frames, name: str, table: MakeTable) -> tables.Table | None:
    frame = given(frames, name)
    return None if frame is None else table(frame, client)


def _actions(client: Client, frames: Frames) -> tables.Table | None:
    customers = frames.get("customers")
    return None if customers is None else tables.actions_table(customers, client)


def _says_who_what_when(frames: Frames, client: Client) -> list[str]:
    return [*decided.says_actions(frames, client), *decided.says_monday(frames, client)]


def _note(frames: Frames, client: Client) -> str:
    return sentences(says.standing(frames, client), decided.review_state(frames, client))


def _drawn(frames: Frames, names: list[str], options: dict[str, Any]) -> dict[str, Any]:
    """The charts of a section; what cannot be drawn is said in words."""
    charts, absent = [], []
    for name in names:
        frame = drawable(frames, name)
        if frame is None:
            absent.append(_absent(frames, name))
        else:
            charts.append(_chart(name, frame, options))
    return {"charts": charts, "absent": absent}


def _chart(name: str, frame: pd.DataFrame, options: dict[str, Any]) -> dict[str, str]:
    """A picture as data, and what it shows for whoever cannot see it."""
    draw = plots.charts()[name].draw
    takes = signature(draw).parameters
    ax = draw(frame, **{option: options[option] for option in options.keys() & takes})
    words = plots.described(ax)
    return {"source": _as_data(plots.as_svg(ax)), "says": words}


def _absent(frames: Frames, name: str) -> str:
    question, lacks = plots.ask(name), missing_columns(frames, name)
    if lacks:
        return _(
            "{question} The table {name} lacks {lacks}.",
            question=question,
            name=name,
            lacks=pgettext("columns", ", ").join(lacks),
        )
    needs = str(plots.charts()[name].opens)
    return _("{question} It needs {needs}.", question=question, needs=needs)


def _options(client: Client, frames: Frames) -> dict[str, Any]:
    """What a chart may ask for beside its frame, by the names of its parameters."""
    customers = frames.get("customers")
    return {
        "currency": client.client.currency,
        "as_of": client.as_of,
        "break_even": client.worth.break_even,
        "names": customers["name"] if customers is not None and "name" in customers else None,
        "reasons": given(frames, "ledger_reasons"),
        "looked_at": looked_at(given(frames, "rules")) or None,
    }


def _as_data(svg: bytes) -> Markup:
    return Markup("data:image/svg+xml;base64," + base64.b64encode(svg).decode("ascii"))
