"""Who the customer may be in a list, and whether somebody comes again: asked of the values."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from segment_lib.lists.cells.date_ways import SURE_SHARE
from segment_lib.lists.proposing.evidence import Look
from segment_lib.lists.proposing.headers import fold_header, weigh, who_headers
from segment_lib.lists.proposing.meaning import meaning, weight
from segment_lib.lists.words import words

AGAIN = 1.1  # rows per value from which a column repeats
_WHO, _STRANGE = 0.35, 0.3
_PERHAPS = 0.2  # the weight from which a header may name a customer
_OFTEN = 1.5
_OTHERS = {"staff", "shop", "product"}
_GIVEN, _FAMILY = (words("headers")[part] for part in ("given", "family"))
_ID_ENDINGS: tuple[str, ...] = words("headers")["id_endings"]


def who_may(look: Look, headers: Sequence[str], table: str) -> list[str]:
    """The headers that may name the customer, the likeliest first.

    By their words; and whatever comes again with another day and is nobody else's id.
    """
    weighed = {h: weight(h, "customer_id") for h in headers if look.counts(h)}
    weighed |= dict.fromkeys(who_headers(headers), _WHO)
    weighed |= {h: one for h, one in weigh(headers, "customer_id", table, look)}
    for header in headers:
        said = meaning(header)
        strange = not said.of and said.unknown and fold_header(header).endswith(_ID_ENDINGS)
        if strange and look.is_code(header) and repeats_with_day(look, header):
            weighed[header] = max(weighed.get(header, 0), _STRANGE)
    found = [h for h in weighed if weighed[h] >= _PERHAPS and not _names_others(look, headers, h)]
    return sorted(found, key=lambda header: -weighed[header])


def _names_others(look: Look, headers: Sequence[str], header: str) -> bool:
    """Whether a bare name is that of our people, shops or articles: their id is beside it."""
    if meaning(header).head != "name" or meaning(header).of:
        return False
    others = [h for h in headers if meaning(h).head == "id" and meaning(h).of & _OTHERS]
    pairs = [look.frame[[h, header]].drop_duplicates() for h in others]
    return any(len(pair) <= len(look.counts(header)) * AGAIN for pair in pairs)


def is_one_each(look: Look, found: dict[str, str]) -> bool:
    """Whether every customer has one row, as far as the column taken for the id says."""
    if "customer_id" not in found:
        return False
    return not repeats(look, found["customer_id"]) or not repeats_with_day(
        look, found["customer_id"]
    )


def comes_again(look: Look, who: str, people: dict[str, str]) -> bool:
    """Whether rows are what somebody did; a name that comes again may be another person's."""
    alone = any(
        look.is_unique(people[column]) for column in ("email", "telephone") if column in people
    )
    if meaning(who).head == "name" and (alone or look.filled(who) < _OFTEN * len(look.counts(who))):
        return False
    return repeats_with_day(look, who)


def repeats(look: Look, header: str) -> bool:
    """Whether values come again: more than one row in ten repeats another one's."""
    distinct = len(look.counts(header))
    return distinct > 0 and look.filled(header) >= AGAIN * distinct


def repeats_with_day(look: Look, header: str) -> bool:
    """Whether a value comes again with another day: then its rows are events, not people."""
    frame = look.frame[look.frame[header].str.strip() != ""]
    for day in days(look):
        pairs = len(frame[[header, day]].drop_duplicates())
        if day != header and pairs >= AGAIN * max(frame[header].nunique(), 1):
            return True
    return False


def days(look: Look) -> list[str]:
    """The columns of days that vary."""
    return [
        h for h in look.headers if len(look.counts(h)) > 1 and look.share(h, "date") >= SURE_SHARE
    ]


def own_id(look: Look, headers: Sequence[str]) -> str:
    """The first column without repeats whose header ends as an id's: that of the rows."""
    for header in headers:
        ends = meaning(header).head == "id" or fold_header(header).endswith(_ID_ENDINGS)
        if ends and look.is_unique(header):
            return header
    return ""


def has_parts_of_people(headers: Sequence[str]) -> bool:
    """Whether a first name, a day of birth, an e-mail address stands there, as of people."""
    return any(
        (
            meaning(h).head in ("part", "email")
            or ({"birth", "nth"} & meaning(h).of and "name" in fold_header(h))
        )
        for h in headers
    )


def name_parts(headers: Sequence[str]) -> tuple[str, ...]:
    """The two headers that together name a person, in the order in which they are said; or none.

    >>> name_parts(["First Name", "Last Name"]), name_parts(["名", "姓", "会社名"])
    (('First Name', 'Last Name'), ('姓', '名'))
    """
    own = {fold_header(h): h for h in headers if not meaning(h).of & {"receiver", "ship", "staff"}}
    for folded, given in own.items():
        for one, other in product(map(fold_header, _GIVEN), map(fold_header, _FAMILY)):
            family = own.get(folded.removesuffix(one) + other)
            if folded.endswith(one) and family and family != given:
                return (given, family) if given.isascii() else (family, given)
    return ()
