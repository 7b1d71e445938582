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
from segment_lib.behaviour.stages import said as growth_said
from segment_lib.client import Client
from segment_lib.columns import value_label
from segment_lib.report import decisions_said as decided
from segment_lib.report import results_said as results
from segment_lib.report import sentences as says
from segment_lib.report import signed_said as signed
from segment_lib.report import tables
from segment_lib.report.few import drawn_in_fives, says_copy
from segment_lib.report.files import write_free
from segment_lib.report.frames import (
    Frames,
    as_planned,
    drawable,
    given,
    looked_at,
    missing_columns,
    plan_of,
)
from segment_lib.voice import _, is_to_share, pgettext, said_by_people, sentences, spoken

Say: TypeAlias = Callable[[Frames, Client], list[str]]
MakeTable: TypeAlias = Callable[[pd.DataFrame, Client], tables.Table | None]


def build_report(client: Client, frames: Frames) -> Path:
    """Write `report.html` into the client's out folder; returns where it was written.

    `frames`: the kept frames by name, each with the columns that its chart needs; one that is
    absent leaves a sentence that says which table would open its part.
    """
    loader = jinja2.PackageLoader("segment_lib.report", "")
    shelf = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    frames = as_planned(frames)
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
        "copy": says_copy() if is_to_share() else [],
        "short_title": _("In short"),
        "short": decided.in_short(frames, client),
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
    """The sections of the page, the plan first: name, title, sentences, charts by their frames,
    tables, and the pages of owners.
    """
    kept = partial(_table, client, frames)
    planned = partial(_of_the_plan, client, frames)
    sections: tuple[tuple[str, str, Say, str, list[tables.Table | None]], ...] = (
        ("plan", _("Who gets what, when?"), decided.says_plan, "owner_load playbook",
         [planned(tables.decisions_table), kept("owner_load", tables.load_table),
          planned(tables.actions_table)]),
        ("owners", _("Whom does each owner turn to first?"), _says_owners, "", []),
        ("not-approached", _("Whom not to approach, and why?"), decided.says_not_approached,
         "decision_summary hours", [planned(tables.reasons_table)]),
        ("decided", _("What people decided, and what nobody has signed yet"),
         signed.says_decided, "", [tables.decided_table(client)]),
        ("if-wrong", _("What if this is wrong, and how sure is it?"), _says_how_sure,
         "worth_bands", []),
        ("register", _("How many customers, and what was set aside?"),
         says.says_register, "ledger attributes", [kept("ledger", tables.ledger_table)]),
        ("money", pgettext("part", "Who brings the money?"),
         says.says_money, "deciles lorenz rfm_segments",
         [kept("rfm_segments", tables.segments_table)]),
        ("behaviour", _("How do they behave?"), says.says_behaviour,
         "five_types next_order waiting_curve second_orders pyramid pyramid_path orders_ahead "
         "deal_against_status steps_funnel cluster_choice cluster_profile movement who_ordered",
         [kept("recovery", tables.recovery_table)]),
        ("results", _("Who gets results, and what do they share?"),
         results.says_results, "result_rates guesses rules", [kept("rules", tables.rules_table)]),
        ("target", _("Whom to look for"), results.says_target, "",
         [kept("target", tables.target_table), kept("main_customers", tables.main_table)]),
        ("contrast", _("Revenue against results"), results.says_contrast, "fields", []),
    )  # fmt: skip
    options = _options(client, frames)
    return [
        {
            "number": number,
            "name": name,
            "title": title,
            "sentences": say(frames, client),
            "note": _note(frames, client) if name == "not-approached" else "",
            "tables": [table for table in made if table is not None],
            "pages": _pages(client, frames) if name == "owners" else [],
            **_drawn(frames, charts.split(), options),
        }
        for number, (name, title, say, charts, made) in enumerate(sections, start=1)
    ]


def _of_the_plan(client: Client, frames: Frames, table: MakeTable) -> tables.Table | None:
    plan = plan_of(frames)
    return None if plan is None else table(plan, client)


def _pages(client: Client, frames: Frames) -> list[dict[str, Any]]:
    """One page per owner with planned actions: the first week that has any."""
    plan = plan_of(frames)
    if plan is None:
        return []
    return [
        {
            "title": value_label("owner", owner),
            "says": sentences(
                decided.says_week(page, client),
                decided.says_balance(plan, owner),
                growth_said.says_owner(frames.get("owner_pyramids"), owner),
            ),
            "table": tables.week_table(page, client),
        }
        for owner, page in decided.first_pages(plan)
    ]


def _says_owners(frames: Frames, client: Client) -> list[str]:
    if plan_of(frames) is None:
        return []
    return [
        _(
            "By day, and on each day in the order of service. Every week of every owner stands in "
            "actions.xlsx."
        )
    ]


def _says_how_sure(frames: Frames, client: Client) -> list[str]:
    return [*decided.what_if_wrong(frames, client), *decided.what_it_does_not_say(frames, client)]


def _table(client: Client, frames: Frames, name: str, table: MakeTable) -> tables.Table | None:
    frame = given(frames, name)
    return None if frame is None else table(frame, client)


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
            charts.append(_chart(name, drawn_in_fives(frame), options))
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
    customers, summary = frames.get("customers"), given(frames, "decision_summary")
    reasons = () if summary is None else summary["reason"].astype(str).unique()
    return {
        "reason_words": {reason: says.reason_label(reason, client) for reason in reasons},
        "currency": client.client.currency,
        "as_of": client.as_of,
        "break_even": client.worth.break_even,
        "names": customers["name"] if customers is not None and "name" in customers else None,
        "reasons": given(frames, "ledger_reasons"),
        "looked_at": looked_at(given(frames, "rules")) or None,
    }


def _as_data(svg: bytes) -> Markup:
    return Markup("data:image/svg+xml;base64," + base64.b64encode(svg).decode("ascii"))
