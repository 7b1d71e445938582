"""The ledger as text for a screen: what `kit.py check` prints."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd

from segment_lib.columns import label
from segment_lib.lists.cells.values import reason_said
from segment_lib.lists.register import Register
from segment_lib.lists.rows.doubts import doubts_frame, doubts_said
from segment_lib.lists.wide_text import padded, table_text, width
from segment_lib.settings import Client
from segment_lib.voice import Sentence, _, pgettext

_ROWS = ("rows_in", "kept", "set_aside", "folded")
_LONG = 40
_FILE = "file_name"  # the field of a note that says where something was found
_HEADS = {
    "rows": Sentence("Every row of every list: rows in = kept + set aside + folded"),
    "money": Sentence("Their amounts"),
    "aside": Sentence("Set aside, and why"),
    "doubts": Sentence("What a careful colleague would ask"),
    "notes": Sentence("What was found and chosen while reading"),
    "tables": Sentence("Tables of the register"),
    "signed": Sentence("Who decided what"),
    "example": Sentence("for example"),
    "nothing": Sentence("Nothing was set aside."),
}  # fmt: skip


def ledger_text(client: Client, register: Register, kept_at: Path | None) -> str:
    """Rows and money per list, reasons, notes, tables, signatures.

    `kept_at` is the file of the rows that were set aside, None if this register is not kept.
    """
    signed = client.client.checked
    told = [one for one in register.doubts if not one.grave or one.key in signed]  # else: a stop
    doubts = "\n".join(doubts_said(doubts_frame(client, told)))
    parts = [
        _block("rows", _rows(register)),
        _block("money", _money(client, register)),
        _aside(client, register, kept_at),
        _block("doubts", doubts),  # those that somebody has signed among them
        _block("notes", _notes(register)),
        _block("tables", _tables(register)),
        _block("signed", _signed(client)),
    ]
    return "\n\n".join(part for part in parts if part)


def _block(name: str, text: str) -> str:
    return f"{_HEADS[name]}\n{text}" if text else ""


def _rows(register: Register) -> str:
    heads = [label(name) for name in ("list", "table", *_ROWS)]
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
    heads = [f"{label(name)} ({client.client.currency})" for name in names]
    rows = [
        [one["list"], *[_amount(one[name]) for name in names]]
        for one in with_money.to_dict("records")
    ]
    return table_text([label("list"), *heads], rows, [1, 2, 3, 4])


def _amount(money: float) -> str:
    if math.isnan(money):
        return ""
    return f"{money:,.0f}" if float(money).is_integer() else f"{money:,.2f}"


def _aside(client: Client, register: Register, kept_at: Path | None) -> str:
    """Per list and reason the rows, their money, and one of them as it stands in the file."""
    aside = register.set_aside
    if aside.empty:
        return str(_HEADS["nothing"])
    counts = aside.groupby(["list", "reason"], sort=False)
    rows = [
        [
            str(name),
            reason_said(str(why)),
            f"{len(group):,}",
            _amount(register.money_aside.get((str(name), str(why)), math.nan)),
            _example(group.iloc[0]),
        ]
        for (name, why), group in sorted(counts, key=lambda one: -len(one[1]))
    ]
    money = f"{label('money_set_aside')} ({client.client.currency})"
    heads = [label("list"), pgettext("set_aside", "Reason"), label("rows"), money]
    text = table_text([*heads, str(_HEADS["example"])], rows, [2, 3])
    where = _("To see all of them in a file (set_aside.csv), add: --out FOLDER")
    if kept_at is not None:
        where = _("All of them: {kept_at}", kept_at=kept_at)
    return _block("aside", f"{text}\n{where}")


def _example(row: pd.Series) -> str:
    place = _("{file}, row {row_number}", file=row["file"], row_number=row["row_number"])
    shown = " ".join(str(row["value"]).split())
    shown = shown if len(shown) <= _LONG else shown[: _LONG - 1] + "…"
    cell = f": {row['column']} = {shown}" if row["column"] else ""
    return f"{place}{cell}"


def _notes(register: Register) -> str:
    """A line each; what is said of several files alike is said once, of the first."""
    alike: dict[tuple[str, Sentence], list[Sentence]] = {}
    for name, note in register.told:
        anywhere = Sentence(note.text, **{k: v for k, v in note.fields.items() if k != _FILE})
        alike.setdefault((name, anywhere), []).append(note)
    places = max((width(name) for name, _note in alike), default=0)
    said = []
    for (name, _note), notes in alike.items():
        first, more = notes[0], len(notes) - 1
        if more:
            files = _("{first} (and {more} more)", first=first.fields.get(_FILE, ""), more=more)
            first = Sentence(first.text, **first.fields | {_FILE: files})
        said.append(f"{padded(name, places)}  {first}")
    return "\n".join(said)


def _tables(register: Register) -> str:
    rows = [[name, f"{int(register.table(name).count().execute()):,}"] for name in register.tables]
    return table_text([label("table"), label("rows")], rows, [1])


def _signed(client: Client) -> str:
    unsigned = client.unsigned
    rows = [list(row.values()) for row in client.signatures() if row["section"] not in unsigned]
    table = table_text([label("section"), label("decided")], rows) if rows else ""
    left = _(
        "Not signed yet: {sections}. What stands there is used all the same.",
        sections=", ".join(unsigned),
    )
    return "\n".join([*([table] if table else []), *([left] if unsigned else [])])
