"""report.html: one page without network, from the kept frames, in the client's language.

Text from the data is escaped by Jinja2. Charts are pictures inside the page (SVG as data), each
with its question and its n as alternative text. No clock is read: the day shown is `as_of`.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import jinja2
import pandas as pd
from markupsafe import Markup

from segment_lib import plots
from segment_lib.client import Client
from segment_lib.plots.words import pair
from segment_lib.report import decisions_said as decided
from segment_lib.report import results_said as results
from segment_lib.report import sentences as says
from segment_lib.report import tables
from segment_lib.report.files import write_free
from segment_lib.report.frames import Frames, drawable, given, missing_columns, what_opens

Draw = Callable[[pd.DataFrame, Client, Frames], plots.Axes]


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


def _plain(draw: Callable[..., plots.Axes]) -> Draw:
    return lambda frame, client, frames: draw(frame, language=client.language)


def _with_money(draw: Callable[..., plots.Axes]) -> Draw:
    return lambda frame, client, frames: draw(
        frame, language=client.language, currency=client.client.currency
    )


def _ledger(frame: pd.DataFrame, client: Client, frames: Frames) -> plots.Axes:
    return plots.plot_ledger(frame, given(frames, "ledger_reasons"), language=client.language)


def _next_order(frame: pd.DataFrame, client: Client, frames: Frames) -> plots.Axes:
    return plots.plot_next_order(frame, language=client.language, as_of=client.as_of)


def _fields(frame: pd.DataFrame, client: Client, frames: Frames) -> plots.Axes:
    customers = frames.get("customers")
    names = customers["name"] if customers is not None and "name" in customers else None
    money = client.client.currency
    return plots.plot_fields(frame, language=client.language, currency=money, names=names)


def _rules(frame: pd.DataFrame, client: Client, frames: Frames) -> plots.Axes:
    looked = int(frame["looked_at"].iloc[0]) if "looked_at" in frame else None
    return plots.plot_rules(frame, language=client.language, looked_at=looked)


def _bands(frame: pd.DataFrame, client: Client, frames: Frames) -> plots.Axes:
    even = client.worth.break_even
    return plots.plot_worth_bands(frame, language=client.language, break_even=even)


DRAWN: dict[str, Draw] = {
    "ledger": _ledger,
    "attributes": _plain(plots.plot_attributes),
    "deciles": _plain(plots.plot_deciles),
    "rfm_segments": _with_money(plots.plot_rfm_segments),
    "five_types": _plain(plots.plot_five_types),
    "next_order": _next_order,
    "waiting_curve": _plain(plots.plot_waiting_curve),
    "pyramid": _with_money(plots.plot_pyramid),
    "deal_against_status": _plain(plots.plot_deal_against_status),
    "steps_funnel": _plain(plots.plot_steps_funnel),
    "cluster_choice": _plain(plots.plot_cluster_choice),
    "cluster_profile": _with_money(plots.plot_cluster_profile),
    "movement": _plain(plots.plot_movement),
    "result_rates": _plain(plots.plot_result_rates),
    "guesses": _plain(plots.plot_guesses),
    "rules": _rules,
    "fields": _fields,
    "decision_summary": _plain(plots.plot_decisions),
    "worth_bands": _bands,
    "hours": _plain(plots.plot_hours),
    "owner_load": _plain(plots.plot_owner_load),
}


def build_report(client: Client, frames: Frames) -> Path:
    """Write `report.html` into the client's out folder; returns where it was written.

    `frames`: the kept frames by name, as `report.frames.EXPECTED` lists them; one that is absent
    leaves a sentence that says which table would open its part.
    """
    loader = jinja2.PackageLoader("segment_lib.report", "")
    shelf = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    text = shelf.get_template("page.html.j2").render(**_contents(client, frames))
    path = client.out_folder / "report.html"
    return write_free(path, lambda free: free.write_text(text, encoding="utf-8", newline="\n"))


def _contents(client: Client, frames: Frames) -> dict[str, object]:
    language = client.language
    name = client.client.title_ja if language == "ja" else client.client.title
    return {
        "language": language,
        "name": name or client.client.title or client.name,
        "title": pair("Who gets what, when", "誰に、何を、いつ", language),
        "what": _what_this_is(client),
        "short_title": pair("In short", "要点", language),
        "short": decided.five_sentences(client, frames),
        "standing": says.standing(client, frames),
        "review": decided.review_state(client, frames),
        "parts": _parts(client, frames),
        "absent_title": pair("Not shown here:", "表示していないもの：", language),
        "contents_title": pair("Contents", "目次", language),
        "foot": pair(
            f"As of {client.as_of}. Made from client.toml {client.fingerprint}.",
            f"基準日 {client.as_of}。client.toml {client.fingerprint} から作成。",
            language,
        ),
    }


def _what_this_is(client: Client) -> str:
    return pair(
        "Customers sorted so that each has an action, and our effort a place to go. Computed from "
        f"the lists as they stood on {client.as_of}; nothing later was used. What people decided "
        "is shown with who decided it; what the data say is shown with its doubt.",
        "お客様一人ひとりに次の一手を決め、当社の時間の使い先を決めるための資料です。"
        f"基準日{client.as_of}時点のリストから計算し、それより後の情報は使っていません。"
        "人が決めたことには決定者を、データから分かったことには確かさの幅を添えています。",
        client.language,
    )


def _parts(client: Client, frames: Frames) -> list[Part]:
    make = _PartMaker(client, frames)
    return [
        make(("How many customers, and what was set aside?", "お客様は何名か、何を除外したか"),
             says.says_register, ("ledger", "attributes"), (tables.ledger_table,)),
        make(("Who brings the money?", "売上を支えるのは誰か"),
             says.says_money, ("deciles", "rfm_segments"), (tables.segments_table,)),
        make(("How do they behave?", "どのように行動しているか"), says.says_behaviour,
             ("five_types", "next_order", "waiting_curve", "pyramid", "deal_against_status",
              "steps_funnel", "cluster_choice", "cluster_profile", "movement")),
        make(("Who gets results, and what do they share?",
              "成果を出しているのは誰か、その共通点は"),
             results.says_results, ("result_rates", "guesses", "rules"), (tables.rules_table,)),
        make(("Revenue against results", "売上と成果を並べて見る"),
             results.says_contrast, ("fields",)),
        make(("Whom not to approach, and why?", "アプローチしないのは誰か、その理由は"),
             decided.says_not_approached, ("decision_summary", "worth_bands", "hours"),
             (tables.reasons_table,), _note(client, frames)),
        make(("Who gets what, when?", "誰に、何を、いつ"),
             _says_who_what_when, ("owner_load",), (tables.actions_table, tables.monday_table)),
        make(("What people decided, and how sure this is", "人が決めたこと、確かさ"),
             decided.what_it_does_not_say, (), (lambda who, _: tables.signatures_table(who),)),
    ]  # fmt: skip


def _says_who_what_when(client: Client, frames: Frames) -> list[str]:
    return [*decided.says_actions(client, frames), *decided.says_monday(client, frames)]


def _note(client: Client, frames: Frames) -> str:
    return f"{says.standing(client, frames)} {decided.review_state(client, frames)}"


class _PartMaker:
    """Numbers the parts and fills them; what cannot be drawn is said in words."""

    def __init__(self, client: Client, frames: Frames) -> None:
        self.client, self.frames, self.number = client, frames, 0

    def __call__(
        self,
        titles: tuple[str, str],
        say: Callable[[Client, Frames], list[str]],
        drawn: tuple[str, ...],
        shown: tuple[Callable[[Client, Frames], tables.Table | None], ...] = (),
        note: str = "",
    ) -> Part:
        self.number += 1
        made = [table(self.client, self.frames) for table in shown]
        return Part(
            number=self.number,
            title=pair(*titles, self.client.language),
            sentences=say(self.client, self.frames),
            charts=[self._chart(name) for name in drawn if drawable(self.frames, name) is not None],
            tables=[table for table in made if table is not None],
            absent=[self._absent(name) for name in drawn if drawable(self.frames, name) is None],
            note=note,
        )

    def _chart(self, name: str) -> Chart:
        frame = given(self.frames, name)
        assert frame is not None
        ax = DRAWN[name](frame, self.client, self.frames)
        words = plots.described(ax)
        return Chart(_as_data(plots.as_svg(ax)), words)

    def _absent(self, name: str) -> str:
        language = self.client.language
        question = plots.ask({"decision_summary": "decisions"}.get(name, name), language)
        lacks = missing_columns(self.frames, name)
        if lacks:
            return pair(
                f"{question} The table {name} lacks {', '.join(lacks)}.",
                f"{question} 表「{name}」に列がありません：{'、'.join(lacks)}。",
                language,
            )
        needs = what_opens(name, language)
        return pair(f"{question} It needs {needs}.", f"{question} 必要なもの：{needs}。", language)


def _as_data(svg: bytes) -> Markup:
    return Markup("data:image/svg+xml;base64," + base64.b64encode(svg).decode("ascii"))
