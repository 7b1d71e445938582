"""From a reviewed workbook to overrides.csv: every row has its fate, told before it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from segment_lib.approach.actions import complete_actions
from segment_lib.approach.review import (
    FATES,
    Current,
    fold,
    judge_review,
    read_history,
    write_overrides,
)
from segment_lib.approach.review.words import read_day
from segment_lib.checks import KitError
from segment_lib.client import Client
from segment_lib.columns import Language, label, value_label
from segment_lib.lists.cells.values import Told
from segment_lib.lists.reading.cell_texts import cell_text
from segment_lib.plots.words import count, pair
from segment_lib.report.reviewed import NOT_READ, ReviewedBook, decisions_mark, rows_of
from segment_lib.report.tables import CHANNEL_WORDS

FATE_WORDS = {
    "taken": ("taken", "取り込み"),
    "unchanged": ("unchanged", "変更なし（取り込み済み）"),
    "waiting": ("waiting", "未確認（黄色の列が空欄）"),
    "refused": ("refused", "取り込めません"),
}
MOST_TOLD = 200  # rows told one by one


@dataclass(frozen=True)
class ReviewImport:
    """What came of a reviewed file: `fates` (one row per row of it), `notes` about the file, and
    `written`, the path of overrides.csv if something was added to it.
    """

    fates: pd.DataFrame
    notes: tuple[str, ...]
    written: Path | None

    def of(self, fate: str) -> pd.DataFrame:
        """The rows of one fate."""
        return self.fates[self.fates["fate"] == fate]

    def says(self, language: Language) -> list[str]:
        """The fates as a small table, the refused rows one by one, the taken ones in sum."""
        heads = self.fates["fate"].value_counts()
        total = pair(
            f"Rows with a customer: {count(len(self.fates))}",
            f"お客様の行：{count(len(self.fates))}行",
            language,
        )
        table = [
            f"  {pair(*FATE_WORDS[fate], language)}: {count(heads.get(fate, 0))}" for fate in FATES
        ]
        taken = self.fates["fate"].isin(["taken", "unchanged"])
        parts = {
            ("Refused:", "取り込めない行："): _one_by_one(self.of("refused"), language),
            self._taken_head(): _taken(self.of("taken"), language),
            ("To know:", "お知らせ："): _one_by_one(
                self.fates[taken & (self.fates["says"] != "")], language
            ),
        }
        told = [[pair(*head, language), *lines] for head, lines in parts.items() if lines]
        return [*self.notes, total, *table, *(line for part in told for line in part)]

    def _taken_head(self) -> tuple[str, str]:
        if self.written is None:
            return (
                "To be taken, once nothing is refused:",
                "取り込める判断（まだ保存していません）：",
            )
        return "Taken:", "取り込んだ判断："


def require_client(book: ReviewedBook, client: Client) -> None:
    """Raise `KitError` if a workbook says that it is of another client."""
    for name in book.clients:
        if name != client.name:
            raise KitError(
                f'{book.name} is the workbook of the client "{name}", but --client names '
                f'"{client.name}". Nothing was written. Give the client.toml of "{name}", or the '
                f'workbook of "{client.name}".'
            )


def import_review(
    book: ReviewedBook, client: Client, current: Current, *, accept_rest: bool = False
) -> ReviewImport:
    """Judge every row of the book against `current`, and add what is taken to overrides.csv.

    While a row is refused nothing is written, unless the rest is to be accepted. Raises `KitError`
    about another client's workbook, or a sheet that cannot be understood.
    """
    require_client(book, client)
    found = rows_of(book, set(current.decisions.index))
    compares = [mark.decisions for mark in book.marks] == [decisions_mark(current.decisions)]
    changed = (
        _changed(found.rows, current.decisions, client) if compares else [[]] * len(found.rows)
    )
    fates = judge_review(found.rows.assign(changed=changed), current)
    waiting = fates[fates["fate"] == "waiting"]
    notes = (
        *_notes(book, found.passed_over, client, compares),
        *_strangers(waiting, client),
        *_still_standing(waiting, current, client),
    )
    taken = fates[fates["fate"] == "taken"]
    stopped = (fates["fate"] == "refused").any() and not accept_rest
    written = None if stopped or taken.empty else write_overrides(client, taken)
    return ReviewImport(fates, notes, written)


def current_state(
    client: Client, decisions: pd.DataFrame, by: str = "", on: date | None = None
) -> Current:
    """What a review is checked against: the decisions of the last run, and what people said."""
    return Current(decisions, read_history(client), client.as_of, by, on)


def _notes(
    book: ReviewedBook, passed_over: list[str], client: Client, compares: bool
) -> Iterator[str]:
    if not book.marks:
        yield pair(
            f"{book.name} does not say of which client it is (a copy, or of an older kit); it is "
            f"read as {client.name}'s. What was changed outside the yellow columns was not looked "
            "at.",
            f"{book.name}にはどのクライアントのものか記載がありません（写し、または以前の版）。"
            f"{client.name}のものとして読みます。黄色の列以外の変更は確認していません。",
            client.language,
        )
    elif not compares:
        yield pair(
            f"{book.name} was made from other decisions than those of the last run. Its yellow "
            "columns are checked against the last run; what was changed outside them was not "
            "looked at.",
            f"{book.name}は前回の実行とは別の判断から作られています。黄色の列は前回の実行の判断と"
            "照合しますが、それ以外の列の変更は確認していません。",
            client.language,
        )
    for name in passed_over:
        yield pair(
            f'The sheet "{name}" has no customers and was passed over.',
            f"シート「{name}」にはお客様がいないため、読み飛ばしました。",
            client.language,
        )


def _strangers(waiting: pd.DataFrame, client: Client) -> Iterator[str]:
    rows = waiting[waiting["kit"] == ""]
    if len(rows):
        one = rows["customer_id"].iloc[0]
        yield pair(
            f"{count(len(rows))} of the rows that nobody has looked at name an id that is in no "
            f"list of the last run, for example {one}.",
            f"未確認の行のうち{count(len(rows))}行は、前回の実行のどのリストにもない番号です"
            f"（例：{one}）。",
            client.language,
        )


def _still_standing(waiting: pd.DataFrame, current: Current, client: Client) -> Iterator[str]:
    """Emptied cells take nothing back: the word that stands is another's, or of a newer list."""
    rows = waiting[waiting["customer_id"].isin(list(current.standing))]
    if len(rows):
        one = rows["customer_id"].iloc[0]
        yield pair(
            f"For {count(len(rows))} of the rows with empty yellow columns an earlier word stands "
            f"in overrides.csv, for example {one}. It goes on holding; to change it, write another "
            "decision.",
            f"黄色の列が空欄の行のうち{count(len(rows))}行には、overrides.csvに以前の判断があります"
            f"（例：{one}）。その判断は引き続き有効です。変える場合は別の判断をお書きください。",
            client.language,
        )


# --- what was changed outside the yellow columns --------------------------------------------------
def _changed(rows: pd.DataFrame, decisions: pd.DataFrame, client: Client) -> list[list[Told]]:
    """Per row what was changed by hand in columns that are not read."""
    there = [name for name in NOT_READ if name in decisions]
    kit = decisions[there].to_dict("index")
    twins = {row.action: row.action_ja for row in complete_actions(client.actions)}
    found = []
    for row in rows.to_dict("records"):
        own = kit.get(cell_text(row["customer_id"]).strip())
        names = [] if own is None else [
            str(name) for name in there if not _same(str(name), row[name], own[name], twins)
        ]  # fmt: skip
        found.append([_was_changed(name, row[name]) for name in names])
    return found


def _same(column: str, cell: object, kit: Any, twins: dict[str, str]) -> bool:
    if isinstance(cell, float) and cell != cell:  # the sheet has no such column
        return True
    text = cell_text(cell)
    if pd.isna(kit):
        return text.strip() == ""
    if column == "due_on":
        return read_day(cell) == pd.Timestamp(kit).date()
    if column == "effort_hours":
        try:
            return abs(float(text) - float(kit)) < 1e-6
        except ValueError:
            return False
    words = {kit, twins.get(str(kit), ""), CHANNEL_WORDS.get(str(kit), "")}
    words |= {value_label(column, kit, "en"), value_label(column, kit, "ja")}
    return fold(text) in {fold(str(word)) for word in words if word}


def _was_changed(column: str, cell: object) -> Told:
    text = cell_text(cell)
    return Told(
        f'{label(column)} was changed to "{text}", but only the yellow columns are read. Put it '
        "back; owners stand in your customer list, actions, means, days and hours in [[actions]] "
        "of client.toml.",
        f"「{label(column, 'ja')}」が「{text}」に変更されていますが、取り込むのは黄色の列だけです。"
        "元に戻してください。担当は顧客リスト、行うこと・手段・期日・時間はclient.tomlの[[actions]]で"
        "変更します。",
    )


# --- what is printed ------------------------------------------------------------------------------
def _one_by_one(rows: pd.DataFrame, language: Language) -> list[str]:
    told = [
        pair(
            f"  {row.sheet}, row {row.row_number}, {row.customer_id or '—'}: {row.says}",
            f"  {row.sheet}、{row.row_number}行目、{row.customer_id or '—'}：{row.says_ja}",
            language,
        )
        for row in rows.head(MOST_TOLD).itertuples()
    ]
    more = len(rows) - len(told)
    return [*told, *([pair(f"  … and {more} more", f"  ほか{more}行", language)] if more else [])]


def _taken(rows: pd.DataFrame, language: Language) -> list[str]:
    """From what to what, by whom, on which day as it was read: one line per kind."""
    kinds = rows.groupby(["kit", "decision", "by", "on"], sort=True).size()
    told = []
    for (kit, decision, by, on), n in kinds.items():
        old, new = (str(value_label("decision", code, language)) for code in (kit, decision))
        what = pair(f"{new} (confirmed)", f"{new}（そのとおり）", language)
        what = what if kit == decision else f"{old} → {new}"
        told.append(pair(f"  {what}: {n}, by {by}, {on}", f"  {what}：{n}名、{by}、{on}", language))
    return told
