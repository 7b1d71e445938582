"""report.html: one page without network, from the kept frames, in the client's language.

Text from the data is escaped by Jinja2. Charts are pictures inside the page (SVG as data), each
with its question and its n as alternative text. No clock is read: the day shown is `as_of`.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from segment_lib import plots
from segment_lib.client import Client
from segment_lib.report import decisions_said as decided
from segment_lib.report import results_said as results
from segment_lib.report import sentences as says
from segment_lib.report import tables
from segment_lib.report.files import write_free
from segment_lib.report.frames import Frames, drawable, given, missing_columns
from segment_lib.voice import _, pgettext, said_by_people, sentences, spoken


@dataclass(frozen=True)
class Chart:
    """A picture as data, and what it shows for whoever cannot see it."""

    source: str
    says: str


@dataclass(frozen=True)
class Part:
    """One section of the page."""

    number: int
    title: str
    sentences: list[str]
    charts: list[Chart]
    tables: list[tables.Table]
    absent: list[str]
    note: str = ""


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
        "what": _what_this_is(client),
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


def _what_this_is(client: Client) -> str:
    return _(
        "Customers sorted so that each has an action, and our effort a place to go. "
        "Computed from the lists as they stood on {as_of}; nothing later was used. What "
        "people decided is shown with who decided it; what the data say is shown with its "
        "doubt.",
        as_of=client.as_of,
    )


def _parts(client: Client, frames: Frames) -> list[Part]:
    make = _PartMaker(client, frames)
    return [
        make(_("How many customers, and what was set aside?"),
             says.says_register, ("ledger", "attributes"), (tables.ledger_table,)),
        make(pgettext("part", "Who brings the money?"),
             says.says_money, ("deciles", "rfm_segments"), (tables.segments_table,)),
        make(_("How do they behave?"), says.says_behaviour,
             ("five_types", "next_order", "waiting_curve", "pyramid", "deal_against_status",
              "steps_funnel", "cluster_choice", "cluster_profile", "movement")),
        make(_("Who gets results, and what do they share?"),
             results.says_results, ("result_rates", "guesses", "rules"), (tables.rules_table,)),
        make(_("Revenue against results"),
             results.says_contrast, ("fields",)),
        make(_("Whom not to approach, and why?"),
             decided.says_not_approached, ("decision_summary", "worth_bands", "hours"),
             (tables.reasons_table,), _note(frames, client)),
        make(_("Who gets what, when?"),
             _says_who_what_when, ("owner_load",), (tables.actions_table, tables.monday_table)),
        make(_("What people decided, and how sure this is"),
             decided.what_it_does_not_say, (), (tables.signatures_table,)),
    ]  # fmt: skip


def _says_who_what_when(frames: Frames, client: Client) -> list[str]:
    return [*decided.says_actions(frames, client), *decided.says_monday(frames, client)]


def _note(frames: Frames, client: Client) -> str:
    return sentences(says.standing(frames, client), decided.review_state(frames, client))


class _PartMaker:
    """Numbers the parts and fills them; what cannot be drawn is said in words."""

    def __init__(self, client: Client, frames: Frames) -> None:
        self.client, self.frames, self.number = client, frames, 0
        self.options = _options(client, frames)

    def __call__(
        self,
        title: str,
        say: Callable[[Frames, Client], list[str]],
        drawn: tuple[str, ...],
        shown: tuple[Callable[[Client, Frames], tables.Table | None], ...] = (),
        note: str = "",
    ) -> Part:
        self.number += 1
        made = [table(self.client, self.frames) for table in shown]
        return Part(
            number=self.number,
            title=title,
            sentences=say(self.frames, self.client),
            charts=[self._chart(name) for name in drawn if drawable(self.frames, name) is not None],
            tables=[table for table in made if table is not None],
            absent=[self._absent(name) for name in drawn if drawable(self.frames, name) is None],
            note=note,
        )

    def _chart(self, name: str) -> Chart:
        frame = given(self.frames, name)
        assert frame is not None
        draw = plots.charts()[name].draw
        takes = signature(draw).parameters
        ax = draw(frame, **{option: self.options[option] for option in self.options.keys() & takes})
        words = plots.described(ax)
        return Chart(_as_data(plots.as_svg(ax)), words)

    def _absent(self, name: str) -> str:
        question, opens = plots.ask(name), plots.charts()[name].opens
        lacks = missing_columns(self.frames, name)
        if lacks:
            return _(
                "{question} The table {name} lacks {lacks}.",
                question=question,
                name=name,
                lacks=pgettext("columns", ", ").join(lacks),
            )
        return _("{question} It needs {needs}.", question=question, needs=str(opens))


def _options(client: Client, frames: Frames) -> dict[str, Any]:
    """What a chart may ask for beside its frame, by the names of its parameters."""
    customers, rules = frames.get("customers"), given(frames, "rules")
    names, looked_at = None, None
    if customers is not None and "name" in customers:
        names = customers["name"]
    if rules is not None and "looked_at" in rules:
        looked_at = int(rules["looked_at"].iloc[0])
    return {
        "currency": client.client.currency,
        "as_of": client.as_of,
        "break_even": client.worth.break_even,
        "names": names,
        "reasons": given(frames, "ledger_reasons"),
        "looked_at": looked_at,
    }


def _as_data(svg: bytes) -> Markup:
    return Markup("data:image/svg+xml;base64," + base64.b64encode(svg).decode("ascii"))
