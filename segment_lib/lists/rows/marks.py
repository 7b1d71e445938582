"""Marks in a customer list that say whom we may not write to or call: DM拒否, 削除フラグ …

client.toml names them: `refusals.letter = ["DM拒否", "DM戻り"]`, `consents.mail = ["メール配信"]`.
A yes under a refusal, or a word that speaks for itself (配信停止, do not call), is a refusal;
blank and no say nothing. Under a consent a yes is a permission, a no a refusal, blank says
nothing. A day (退会日) is a yes since that day; a count (DM戻り = 2) above 0 is a yes. Any other
word stops the run: nobody guesses whether 保留 means that we may.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple

import pyarrow as pa

from segment_lib.checks import ClientError, ListError, closest
from segment_lib.lists.cells.amounts import parse_number
from segment_lib.lists.cells.dates import parse_date
from segment_lib.lists.cells.headers import match_header
from segment_lib.lists.cells.values import GUEST, fold_word, quoted
from segment_lib.lists.cells.words import NO, YES, declared_codes, words_with_counts
from segment_lib.lists.reading.engine import text as sql_text
from segment_lib.lists.rows.asked import Asked
from segment_lib.lists.rows.made import wanted_header
from segment_lib.lists.words import pattern, words
from segment_lib.settings import ListSection
from segment_lib.voice import N_, Sentence, _

_NO_MARK = N_(
    '[lists.{list_name}] {says}.{channel} names the column "{header}", which the list does not '
    'have. It has {has}. Mend it in client.toml: {says}.{channel} = ["{near}"].'
)
# What a yes or no is about, the header says; these words say it themselves.
REFUSED: tuple[str, ...] = words("marks")["cells"]["refused"]
ALLOWED: tuple[str, ...] = words("marks")["cells"]["allowed"]
_BLANK = set(words("marks")["cells"]["blank"])
_CHANNELS = ("all", "mail", "call", "letter", "visit")
_YES = {fold_word(word) for word in YES}
_NO = {fold_word(word) for word in NO}
_REFUSED = {fold_word(word) for word in REFUSED}
_ALLOWED = {fold_word(word) for word in ALLOWED}


def add_permissions(asked: Asked, part: str) -> None:
    """`part_permissions`: customer_id (merged), channel, allowed, since, as a list's marks say.

    Guests are nobody; every other row with an id speaks, also one that was set aside for its date
    or amount: who refused has refused. Raises `ListError` for a header that is not there or a word
    that nobody explained, `ClientError` for a channel that looks misspelt.
    """
    section, engine = asked.client.lists[asked.list_name], asked.raw.engine
    if not (section.refusals or section.consents):
        return
    guests = f"select _row from {part}_aside where _reason = {sql_text(GUEST.english)}"
    rows = f"{part} join {asked.raw.name} as raw using (_row)"
    speaks = f"customer_id is not null and _row not in ({guests})"
    for says, channel, header in list(_marked_headers(asked)):
        cell = f"raw.{asked.raw.cell(header)}"
        counts = dict(engine.rows(f"select {cell}, count(*) from {rows} where {speaks} group by 1"))
        meant = _meanings(asked, says, channel, header, counts)
        engine.database.register("meant", meant)
        found = engine.arrow(
            f"select customer_id, {sql_text(channel)} as channel, allowed, since from {rows} "
            f"join meant on {cell} = meant.word where allowed is not null and {speaks}"
        )
        engine.database.unregister("meant")
        if len(found):
            engine.add(found, {f"{part}_permissions": "select * from chunk"})


def _marked_headers(asked: Asked) -> Iterator[tuple[Says, str, str]]:
    """(refusals or consents, channel, header as it stands in the list)."""
    section = asked.client.lists[asked.list_name]
    groups: tuple[tuple[Says, dict[str, tuple[str, ...]]], ...] = (
        ("refusals", section.refusals),
        ("consents", section.consents),
    )
    for says, marks in groups:
        for channel, wanted in marks.items():
            _require_channel(channel, says, asked.list_name)
            for one in wanted:
                said = {"says": says, "channel": channel, "header": one}
                yield says, channel, wanted_header(asked.raw, one, _NO_MARK, **said)


def _require_channel(channel: str, says: Says, list_name: str) -> None:
    """Another channel (fax, sms) is its own; one that is nearly ours would be obeyed nowhere."""
    near = None if channel in _CHANNELS else closest(channel, _CHANNELS)
    if near and channel not in ("email", "e-mail"):
        raise ClientError(
            "client.toml: [lists.{list_name}] {says} has the channel '{channel}'. Did you mean "
            "'{near}'? The kit knows {channels}; another one must look different.",
            list_name=list_name,
            says=says,
            channel=channel,
            near=near,
            channels=", ".join(_CHANNELS),
        )


def _meanings(
    asked: Asked, says: Says, channel: str, header: str, counts: dict[str, int]
) -> pa.Table:
    """What each distinct cell says: word, allowed (or missing, if nothing), since.

    Raises `ListError` with the words nobody explained.
    """
    section, name = asked.client.lists[asked.list_name], asked.list_name
    yes, no = (True, False) if says == "consents" else (False, None)
    known = dict.fromkeys(_ALLOWED, True if says == "consents" else None)
    known |= dict.fromkeys(_REFUSED, False) | dict.fromkeys(_YES, yes) | dict.fromkeys(_NO, no)
    known |= dict.fromkeys(declared_codes(section, header) | _BLANK)
    for word, said in _declared_words(section, name, header).items():
        known[word] = yes if said else no
    formats = tuple(one for one in section.dates if one != "serial")
    meant: dict[str, tuple[bool | None, date | None]] = {}
    for cell in counts:
        if fold_word(cell) in known:
            meant[cell] = known[fold_word(cell)], None
        elif isinstance(day := parse_date(cell, formats), date):
            meant[cell] = yes, day
        elif says == "refusals":
            number = parse_number(cell)
            if not isinstance(number, Sentence) and number >= 0:
                meant[cell] = yes if number > 0 else no, None
    if strange := {cell: n for cell, n in counts.items() if cell not in meant}:
        raise ListError(_unexplained(name, says, channel, header, strange))
    return pa.table(
        {
            "word": pa.array(meant, pa.string()),
            "allowed": pa.array([allowed for allowed, _day in meant.values()], pa.bool_()),
            "since": pa.array([day for _allowed, day in meant.values()], pa.date32()),
        }
    )


def _declared_words(section: ListSection, list_name: str, header: str) -> dict[str, bool]:
    """Folded word to yes or no, as [lists.X.words."DM拒否"] says."""
    words: dict[str, bool] = {}
    for name, said in section.words.items():
        if match_header(name, [header]) is None:
            continue
        for word, ones in said.items():
            if word not in ("yes", "no"):
                raise ClientError(
                    "client.toml: [lists.{list_name}.words.\"{name}\"] maps to '{word}', "
                    "which is not one of ['yes', 'no'].",
                    list_name=list_name,
                    name=name,
                    word=word,
                )
            words |= {fold_word(one): word == "yes" for one in ones}
    return words


def _unexplained(
    list_name: str, says: Says, channel: str, header: str, words: dict[str, int]
) -> str:
    first = sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))
    said = {
        "list_name": list_name,
        "header": header,
        "mark": f"{says}.{channel}",
        "count": len(words),
        "shown": words_with_counts(first[:10]),
        "word": quoted(first[0][0]),
    }
    # A line that is pasted unread must give nobody a permission.
    if says == "refusals":
        return _(
            '{list_name}: the column "{header}" ({mark}) holds {count} word(s) that client.toml '
            "does not explain: {shown}. Write which ones mean a refusal (yes) and which do not "
            '(no), for example: [lists.{list_name}.words."{header}"] yes = [{word}]; and the '
            "others as no = […].",
            **said,
        )
    return _(
        '{list_name}: the column "{header}" ({mark}) holds {count} word(s) that client.toml does '
        "not explain: {shown}. Write which ones mean a consent (yes) and which do not (no), for "
        'example: [lists.{list_name}.words."{header}"] no = [{word}]; and the others as yes = […].',
        **said,
    )


# --- headers that are known ----------------------------------------------------------------------

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
