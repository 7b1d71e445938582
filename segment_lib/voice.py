"""One voice: a sentence stands in English where it is said; its Japanese twin in locale/ja.

`_` finds the twin in the language of the moment and fills the fields in; numbers and names are
computed before and handed over by name, so that a twin may order them anew. The language is one
setting of the process: `open_client` makes it that of client.toml.

    _("{n:,} customers", n=12)            said now
    Sentence("{n:,} customers", n=12)     said later, in the language of then: notes, reasons
    N_("Loyal")                           a text that is defined now and looked up later
    pgettext("column", "Spend")           a word of one dictionary: other dictionaries, other twins

A text without a twin stays English; a test holds the catalogue complete.
"""

from __future__ import annotations

import gettext
import locale
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal

Language = Literal["en", "ja"]
LANGUAGES: tuple[Language, ...] = ("en", "ja")
DOMAIN = "segment_lib"
LOCALE = Path(__file__).resolve().parent / "locale"

# ja_JP.UTF-8, Japanese_Japan, and what people write who mean it; no Javanese.
_JAPANESE = re.compile(r"ja([^a-z]|$|panese)|jp|日本|和文", re.I)
_LANGUAGE_LINE = re.compile(r"""^\s*language\s*=\s*["']([^"'\n]+)["']""", re.MULTILINE)

FEWEST = 5  # customers that a copy to share counts; fewer are "<5"
_TWO_POINTS = re.compile(r"(?<=[A-Za-z])\.\.(?=\s|$)")
_HEADS = re.compile(r"\{(\w+):,\}")  # what a sentence counts with thousands marks
_OTHER_THINGS = re.compile(
    r"\{n[^}]*\} (week|month|list|owner|rows? takes?)|\blevels\b"
)  # no customers

_spoken: Language = "en"  # of the process, not of a thread: lists are read in several
_to_share = False


def use_language(language: Language) -> None:
    """Speak English ("en") or Japanese ("ja") from now on, in this process."""
    global _spoken
    if language not in LANGUAGES:
        raise ValueError(f'The language is "{language}"; it must be "en" or "ja".')
    _spoken = language
    _catalogue(language)  # read now: a process that is told to end reads nothing any more


def system_language() -> Language:
    """The language of this machine, where nobody has said another: as its settings say."""
    try:
        own = locale.getlocale()[0]
    except ValueError:  # a Mac whose settings name no language: LC_CTYPE=UTF-8
        own = None
    settings = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    said = next(filter(None, [*settings, own]), "")
    return "ja" if _JAPANESE.match(said) else "en"


def language_of(path: Path) -> Language:
    """The language of a client.toml that may be broken: as a line of it says, else the system's."""
    try:
        found = path.read_bytes() if path.is_file() else b""  # no device, which may never end
    except OSError:
        return system_language()
    line = _LANGUAGE_LINE.search(found.replace(b"\0", b"").decode("utf-8", "replace"))
    if line and _JAPANESE.match(line[1]):
        return "ja"
    return "en" if line and line[1].lower().startswith("en") else system_language()


def spoken() -> Language:
    """The language of this moment."""
    return _spoken


@contextmanager
def language(spoken_here: Language) -> Iterator[None]:
    """Speak another language for a while: ``with sl.language("ja"): ...``."""
    before = _spoken
    use_language(spoken_here)
    try:
        yield
    finally:
        use_language(before)


@contextmanager
def to_share() -> Iterator[None]:
    """What is said for a while goes into a copy that others may see: customers are counted in
    fives there, and fewer than five as "<5".
    """
    global _to_share
    before, _to_share = _to_share, True
    try:
        yield
    finally:
        _to_share = before


def is_to_share() -> bool:
    """Whether a copy to share is being made."""
    return _to_share


def in_fives(n: float) -> int:
    """A count of customers as a copy to share tells it: 0, 1 to 4 as one and the same number, else
    to the next five. So no small one comes out where the others are taken from their sum.

    >>> [in_fives(n) for n in (0, 1, 4, 5, 7, 8, 1243)]
    [0, 2, 2, 5, 5, 10, 1245]
    """
    return FEWEST // 2 if 0 < n < FEWEST else FEWEST * int(n / FEWEST + 0.5)


def counted(n: float) -> str:
    """A count with thousands marks; in a copy to share in fives, and "<5"."""
    if not _to_share:
        return f"{n:,.0f}"
    return f"<{FEWEST}" if 0 < n < FEWEST else f"{in_fives(n):,}"


class _Shared(int):
    """A count that any sentence of a copy to share says in fives."""

    def __format__(self, form: str) -> str:
        return counted(self)


def _(text: str, /, **fields: Any) -> str:
    """The sentence in the language of the moment.

    >>> _("{n:,} customers", n=1200)
    '1,200 customers'
    """
    if _to_share:
        fields |= {name: _Shared(fields[name]) for name in _HEADS.findall(text)}
    # gettext answers an empty text with the head of its catalogue
    return _filled(_catalogue(_spoken).gettext(text), fields) if text else ""


def ngettext(one: str, many: str, n: int, /, **fields: Any) -> str:
    """The sentence for one or for many; `n` is a field of it as well.

    >>> ngettext("{n} customer", "{n:,} customers", 1200)
    '1,200 customers'
    """
    shared = _to_share and not _OTHER_THINGS.search(many)
    said = _catalogue(_spoken).ngettext(one, many, max(n, 2) if shared else n)
    return _filled(said, {"n": _Shared(n) if shared else n} | fields)


def pgettext(context: str, text: str, /, **fields: Any) -> str:
    """A word of the dictionary called `context`."""
    return _filled(_catalogue(_spoken).pgettext(context, text), fields)


def in_every_language(context: str, text: str, /) -> tuple[str, ...]:
    """A word of a dictionary, or a sentence of ours, in all languages: people may have written it
    in any of them.
    """
    spoken = map(_catalogue, LANGUAGES)
    if not context:
        return tuple(one.gettext(text) for one in spoken)
    return tuple(one.pgettext(context, text) for one in spoken)


def said_by_people(english: str, japanese: str) -> str:
    """What people wrote in client.toml in one language or both; defaults have their twin here."""
    return japanese or _(english) if _spoken == "ja" else english


def N_(text: str, /) -> str:
    """The text itself, marked for the catalogue: it is looked up when it is said."""
    return text


def sentences(*said: object) -> str:
    """Whole sentences one after another, those that are nothing left out.

    >>> sentences("It is there.", "", "Take it.")
    'It is there. Take it.'
    """
    return ("" if _spoken == "ja" else " ").join(str(one) for one in said if one)


class Sentence:
    """A sentence to be said later: its English text, its fields; `str` says it.

    Equal text and equal fields are the same sentence, whatever language is spoken.

    >>> str(Sentence("{n} rows", n=3))
    '3 rows'
    """

    __slots__ = ("fields", "text")

    def __init__(self, text: str, /, **fields: Any) -> None:
        self.text = text
        self.fields = fields

    def __str__(self) -> str:
        return _(self.text, **self.fields)

    def __repr__(self) -> str:
        return f"Sentence({self.english!r})"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sentence) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[str, str]:
        return self.text, repr(sorted(self.fields.items()))

    @property
    def english(self) -> str:
        """The sentence in English: what a file keeps as its code."""
        fields = {name: getattr(field, "english", field) for name, field in self.fields.items()}
        return _filled(self.text, fields)

    def to_json(self) -> dict[str, Any]:
        """Text and fields, for a file that is read in either language."""
        fields = {
            name: field.to_json() if isinstance(field, Sentence) else field
            for name, field in self.fields.items()
        }
        return {"text": self.text, "fields": fields} if fields else {"text": self.text}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Sentence:
        """The sentence that `to_json` wrote."""
        fields = {
            name: cls.from_json(field) if isinstance(field, dict) and "text" in field else field
            for name, field in kept.get("fields", {}).items()
        }
        return cls(kept["text"], **fields)


def _filled(text: str, fields: dict[str, Any]) -> str:
    """The fields filled in; "Victor H." at the end of a sentence brings its point along."""
    return _TWO_POINTS.sub(".", text.format(**fields)) if fields else text


@cache
def _catalogue(spoken_here: Language) -> gettext.NullTranslations:
    if spoken_here == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, LOCALE, [spoken_here])
