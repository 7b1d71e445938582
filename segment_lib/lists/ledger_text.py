"""The ledger as text for a screen, in the client's language: what `kit.py check` prints."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from segment_lib.columns import Language, label
from segment_lib.lists.cells.values import Told
from segment_lib.lists.register import Register
from segment_lib.lists.wide_text import table_text, width
from segment_lib.settings import Client

_ROWS = ("rows_in", "kept", "set_aside", "folded")
_LONG = 40
_HEADS = {
    "rows": Told("Every row of every list: rows in = kept + set aside + folded",
                 "一覧ごとの行: 入力 = 採用 + 除外 + 統合"),
    "money": Told("Their amounts", "金額"),
    "aside": Told("Set aside, and why", "除外した行とその理由"),
    "notes": Told("What was found and chosen while reading", "読み取り時に分かったこと"),
    "tables": Told("Tables of the register", "できた表"),
    "signed": Told("Who decided what", "決定者"),
    "example": Told("for example", "例"),
    "nothing": Told("Nothing was set aside.", "除外した行はない。"),
}  # fmt: skip


def ledger_text(client: Client, register: Register, kept_at: Path | None) -> str:
    """Rows and money per list, reasons, notes, tables, signatures.

    `kept_at` is the file of the rows that were set aside, None if this register is not kept.
    """
    language = client.language
    parts = [
        _block("rows", language, _rows(register, language)),
        _block("money", language, _money(client, register)),
        _aside(register, language, kept_at),
        _block("notes", language, _notes(register, language)),
        _block("tables", language, _tables(register, language)),
        _block("signed", language, _signed(client)),
    ]
    return "\n\n".join(part for part in parts if part)


def _say(told: Told, language: Language) -> str:
    return told.ja if language == "ja" else told.en


def _block(name: str, language: Language, text: str) -> str:
    return f"{_say(_HEADS[name], language)}\n{text}" if text else ""


def _rows(register: Register, language: Language) -> str:
    heads = [label(name, language) for name in ("list", "table", *_ROWS)]
    rows = [
        [one["list"], one["table"], *[f"{int(one[name]):,}" for name in _ROWS]]
        for one in register.ledger.to_dict("records")
    ]
    return table_text(heads, rows, [2, 3, 4, 5])


def _money(client: Client, register: Register) -> str:
    names = [f"money_{name}" for name in ("in", "kept", "set_aside", "folded")]
    with_money = register.ledger[register.ledger["money_in"].notna()]
    if with_money.empty:
        return ""
    heads = [f"{label(name, client.language)} ({client.client.currency})" for name in names]
    rows = [
        [one["list"], *[_amount(one[name]) for name in names]]
        for one in with_money.to_dict("records")
    ]
    return table_text([label("list", client.language), *heads], rows, [1, 2, 3, 4])


def _amount(money: float) -> str:
    if math.isnan(money):
        return ""
    return f"{money:,.0f}" if float(money).is_integer() else f"{money:,.2f}"


def _aside(register: Register, language: Language, kept_at: Path | None) -> str:
    """Per list and reason the rows, and one of them as it stands in the file."""
    aside = register.set_aside
    if aside.empty:
        return _say(_HEADS["nothing"], language)
    reason = "reason_ja" if language == "ja" else "reason"
    counts = aside.groupby(["list", reason], sort=False)
    rows = [
        [str(name), str(why), f"{len(group):,}", _example(group.iloc[0], language)]
        for (name, why), group in sorted(counts, key=lambda one: -len(one[1]))
    ]
    heads = [label(name, language) for name in ("list", "reason", "rows")]
    heads[1] = label("reason_ja" if language == "ja" else "reason", language)
    text = table_text([*heads, _say(_HEADS["example"], language)], rows, [2])
    return _block("aside", language, f"{text}\n{_where(kept_at, language)}")


def _example(row: pd.Series, language: Language) -> str:
    place = Told(
        f"{row['file']}, row {row['row_number']}", f"{row['file']} {row['row_number']} 行目"
    )
    shown = " ".join(str(row["value"]).split())
    shown = shown if len(shown) <= _LONG else shown[: _LONG - 1] + "…"
    cell = f": {row['column']} = {shown}" if row["column"] else ""
    return f"{_say(place, language)}{cell}"


def _where(kept_at: Path | None, language: Language) -> str:
    if kept_at is not None:
        return _say(Told(f"All of them: {kept_at}", f"すべての行: {kept_at}"), language)
    return _say(
        Told(
            "To see all of them in a file (set_aside.csv), add: --out FOLDER",
            "すべての行をファイル（set_aside.csv）で見るには: --out フォルダー",
        ),
        language,
    )


def _notes(register: Register, language: Language) -> str:
    note = "note_ja" if language == "ja" else "note"
    rows = [[one["list"], one[note]] for one in register.notes.to_dict("records")]
    return "\n".join(_hanging(name, text, max(width(r[0]) for r in rows)) for name, text in rows)


def _hanging(name: str, text: str, places: int) -> str:
    return f"{name}{' ' * (places - width(name))}  {text}"


def _tables(register: Register, language: Language) -> str:
    rows = [[name, f"{int(register.table(name).count().execute()):,}"] for name in register.tables]
    return table_text([label("table", language), label("rows", language)], rows, [1])


def _signed(client: Client) -> str:
    rows: Sequence[dict[str, str]] = client.signatures()
    heads = [label("section", client.language), label("decided", client.language)]
    return table_text(heads, [[row["section"], row["decided"]] for row in rows])
