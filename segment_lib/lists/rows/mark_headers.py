"""Headers that are known to mark whom we may not, or may, contact, and by which channel."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from segment_lib.lists.cells.values import fold_word
from segment_lib.lists.words import pattern, words

Says = Literal["refusals", "consents"]


class Mark(NamedTuple):
    """What a header marks: the channel, and under which key of a list it belongs."""

    channel: str
    says: Says


_MARKS = words("marks")
_CHANNEL_HEADERS = {name: f"(?:{pattern(own)})" for name, own in _MARKS["channels"].items()}
_DOING = f"(?:{pattern(_MARKS['doing'])})?"
_REFUSING = f"(?:{pattern(_MARKS['refusing'])})"
_ALLOWING = f"(?:{pattern(_MARKS['allowing'])})"
_ASKING = pattern((*_MARKS["asking"], *_MARKS["doing"]))
_FLAG = f"(?:{pattern(_MARKS['flag'])})?"
_FLAG_OR_DAY = f"(?:{pattern((*_MARKS['flag'], *_MARKS['count_or_day']))})?"
_REFUSAL_WORDS: dict[str, tuple[str, ...]] = _MARKS["refusals"]
_CONSENT_WORDS: dict[str, tuple[str, ...]] = _MARKS["consents"]


def recognised_marks(headers: Iterable[str]) -> dict[str, Mark]:
    """Header to mark, for the headers that are known to say whom we may not, or may, contact.

    >>> recognised_marks(["DM拒否", "総DM発送回数", "Do Not Call", "メール配信"])
    {'DM拒否': Mark(channel='letter', says='refusals'), \
'Do Not Call': Mark(channel='call', says='refusals'), \
'メール配信': Mark(channel='mail', says='consents')}
    """
    found = {header: _mark_of(_folded_header(header)) for header in headers}
    return {header: mark for header, mark in found.items() if mark is not None}


def named_channel(header: str) -> str:
    """The channel that a header names and says no more of; "" for any other.

    >>> named_channel("メルマガ"), named_channel("メールアドレス")
    ('mail', '')
    """
    folded = _folded_header(header)
    named = (c for c, known in _CHANNEL_HEADERS.items() if re.fullmatch(f"{known}{_DOING}", folded))
    return next(named, "")


def asks_about(header: str) -> str:
    """The channel that a header names anywhere, beside a wish or leave to use it; "" for others.

    >>> asks_about("今後のご案内メールを希望しますか？"), asks_about("Abonné newsletter")
    ('mail', 'mail')
    >>> asks_about("電話番号"), asks_about("Doc via e-mail?")
    ('', '')
    """
    folded = _folded_header(header)
    if re.search(_REFUSING, folded) or not re.search(_ASKING, folded):
        return ""
    named = (c for c, known in _CHANNEL_HEADERS.items() if c != "call" and re.search(known, folded))
    return next(named, "")


def _folded_header(header: str) -> str:
    return re.sub(r"[_\-.・:/()\[\]?？]", "", fold_word(header))


def _mark_of(folded: str) -> Mark | None:
    groups: tuple[tuple[Says, dict[str, tuple[str, ...]], str, str], ...] = (
        ("refusals", _REFUSAL_WORDS, _REFUSING, _FLAG_OR_DAY),
        ("consents", _CONSENT_WORDS, _ALLOWING, _FLAG),
    )
    for says, whole_headers, ending, behind in groups:
        for channel, known in whole_headers.items():
            whole = "|".join(re.escape(_folded_header(word)) for word in known) or "(?!)"
            if re.fullmatch(f"(?:{whole}){behind}", folded):
                return Mark(channel, says)
        for channel, named in _CHANNEL_HEADERS.items():
            if re.fullmatch(f"(?:is|has)?{named}{_DOING}{ending}{behind}", folded):
                return Mark(channel, says)
    return None
