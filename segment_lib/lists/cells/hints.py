"""A line for client.toml that a person decides about, and how such lines speak."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from segment_lib.settings import ListSection
from segment_lib.voice import Sentence


@dataclass(frozen=True)
class Hint:
    """A line for client.toml behind a #, and why; without a line only the reason.

    `undecided` is the word under which a list waits for it, where it could be read without.
    """

    why: Sentence
    line: str = ""
    question: bool = False
    undecided: str = ""

    @property
    def is_column(self) -> bool:
        """Whether its line belongs among the columns of a list, not among its other settings."""
        return bool(self.line) and re.split(r"[. ]", self.line)[0] not in ListSection.model_fields


def percent(share: float) -> str:
    """A share as people read it; 100 % only if it is all.

    >>> percent(0.998), percent(1.0), percent(0.99999)
    ('99.8 %', '100 %', '99.9 %')
    """
    if share >= 1:
        return "100 %"
    return f"{min(share * 100, 99.9):.1f} %".replace(".0 %", " %")


_KIND_SAID = {
    "id": Sentence("ids"),
    "date": Sentence("days"),
    "money": Sentence("money"),
    "number": Sentence("numbers"),
    "whole": Sentence("counts"),
    "hours": Sentence("hours"),
    "word": Sentence("a few words"),
    "email": Sentence("e-mail addresses"),
    "telephone": Sentence("telephone numbers"),
    "name": Sentence("words"),
    "text": Sentence("text"),
}


def kind_said(kind: str) -> Sentence:
    """How a kind is called in a sentence."""
    return _KIND_SAID.get(kind) or Sentence(kind)


def quoted(text: str) -> str:
    """A text as a TOML string.

    >>> quoted("売上")
    '"売上"'
    """
    # A TOML basic string is written like a JSON string, but for DEL.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
