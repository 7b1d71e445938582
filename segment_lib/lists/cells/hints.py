"""A line for client.toml that a person decides about, and how such lines speak."""

from __future__ import annotations

import json
from dataclasses import dataclass

from segment_lib.lists.cells.values import Told


@dataclass(frozen=True)
class Hint:
    """A line for client.toml behind a #, and why; without a line only the reason."""

    why: Told
    line: str = ""
    question: bool = False


def percent(share: float) -> str:
    """A share as people read it; 100 % only if it is all.

    >>> percent(0.998), percent(1.0), percent(0.99999)
    ('99.8 %', '100 %', '99.9 %')
    """
    if share >= 1:
        return "100 %"
    return f"{min(share * 100, 99.9):.1f} %".replace(".0 %", " %")


_KIND_SAID = {
    "id": Told("ids", "番号"),
    "date": Told("days", "日付"),
    "money": Told("money", "金額"),
    "number": Told("numbers", "数値"),
    "whole": Told("counts", "回数"),
    "hours": Told("hours", "時間"),
    "word": Told("a few words", "限られた語"),
    "email": Told("e-mail addresses", "メールアドレス"),
    "telephone": Told("telephone numbers", "電話番号"),
    "name": Told("words", "文字"),
    "text": Told("text", "文字"),
}


def kind_said(kind: str) -> Told:
    """How a kind is called in a sentence."""
    return _KIND_SAID.get(kind, Told(kind, kind))


def quoted(text: str) -> str:
    """A text as a TOML string.

    >>> quoted("売上")
    '"売上"'
    """
    # A TOML basic string is written like a JSON string, but for DEL.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
