"""Who the customer may be in a list, and whether somebody comes again: asked of the values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

import pandas as pd

from segment_lib.lists.cells.values import fold_word
from segment_lib.lists.proposing.evidence import Look
from segment_lib.lists.proposing.facts import states_with_codes
from segment_lib.lists.proposing.headers import (
    BARE_IDS,
    LIKELY,
    fold_header,
    likeliest,
    weigh,
    who_headers,
)
from segment_lib.lists.proposing.meaning import meaning, weight
from segment_lib.lists.proposing.reads_as import YES_OR_NO
from segment_lib.lists.words import words

AGAIN = 1.1  # rows per value from which a column repeats
_WHO, _STRANGE = 0.35, 0.3
_PERHAPS = 0.2  # the weight from which a header may name a customer
_OFTEN = 1.5
EACH = 0.95
_SHORT = 40  # signs of a name
_FEW = 20  # rows, of which one value may be all there is
_MOST, _HALF, _COUNTED = 0.8, 0.5, 0.9
_OTHERS = {"staff", "shop", "product"}
_GIVEN, _FAMILY = (words("headers")[part] for part in ("given", "family"))
_BOOKED: tuple[str, ...] = words("headers")["booked"]
# Days that are known not to be that of the order.
_OTHER_DAYS = {
    "birth", "change", "planned", "ship", "cancel", "refund", "made", "enter", "pay", "close",
    "balance", "nth",
}  # fmt: skip
_NOT_THEIRS = {"receiver", "ship", "staff"}
_YEAR = re.compile(r"(?:19|20)\d\d")
_BEHIND = re.compile(r"\s*[(（][^()（）]*[)）]$")  # First Name (Contact)
_ID_ENDINGS: tuple[str, ...] = words("headers")["id_endings"]


def who_may(look: Look, table: str) -> list[str]:
    """The headers that may name the customer, the likeliest first.

    By their words; and whatever comes again with another day and is nobody else's id.
    """
    headers = [h for h in look.headers if look.distinct(h) > 1 or 0 < len(look.frame) < _FEW]
    weighed = {h: weight(h, "customer_id") for h in headers}
    weighed |= dict.fromkeys(who_headers(headers), _WHO)
    weighed |= {h: one for h, one in weigh(headers, "customer_id", table, look)}
    for header in headers:
        said = meaning(header)
        strange = not said.of and said.unknown and fold_header(header).endswith(_ID_ENDINGS)
        if strange and look.is_coded(header) and repeats_with_day(look, header):
            weighed[header] = max(weighed.get(header, 0), _STRANGE)
    # Of whoever pays by bank the account is the same however the name is written.
    accounts = [h for h in headers if look.reads(h, "account") and repeats_with_day(look, h)]
    weighed |= dict.fromkeys(accounts, LIKELY)
    weighed = dict.fromkeys(addresses_again(look), _PERHAPS) | weighed
    # Owner, of a dog: so many different ones are no staff.
    many = [h for h in headers if meaning(h).of == {"staff"} and look.distinct(h) > _FEW]
    named = [h for h in many if meaning(h).head in ("", "name") and repeats_with_day(look, h)]
    weighed |= dict.fromkeys((h for h in named if not weighed.get(h)), _PERHAPS)
    found = [h for h in weighed if weighed[h] >= _PERHAPS and not _names_others(look, headers, h)]
    if not found:  # 納品先 alone: who gets the goods of a wholesaler buys them
        gets = [h for h in headers if set() < meaning(h).of <= {"receiver", "ship"}]
        found = [h for h in gets if meaning(h).head in ("", "name") and repeats_with_day(look, h)]
    found = [h for h in found if not look.reads(h, "date") and not _is_answer(look, h)]
    found = [h for h in found if not states_with_codes(look, h)]
    mails = [h for h in found if meaning(h).head == "email"]  # メールマガジン: 受け取る
    found = [h for h in found if h not in mails or look.share(h, "email") >= _HALF]
    found = [h for h in found if not ((is_bare(h) and counts_rows(look, h)) or _is_year(look, h))]
    found = [h for h in found if meaning(h).of or not _is_of_orders(look, h)]
    most = max((look.distinct(h) for h in found if not look.is_nearly_unique(h)), default=0)
    few = {h for h in found if look.distinct(h) < _HALF * most}  # a firm, beside its people
    once = {h for h in found if most and look.is_nearly_unique(h)}  # of the row, not of somebody
    lone = {h for h in found if _share_of_orders(look, h) < _HALF}
    full = [h for h in found if look.is_nearly_full(h)]  # Ägare, beside Tel of which a fifth lacks
    reach = {h for h in found if full and meaning(h).head in ("telephone", "email")} - {*full}
    lone |= {h for h in reach if any(meaning(one).head in ("", "name") for one in full)}
    return sorted(found, key=lambda h: (h in few, h in once, h in lone, -weighed.get(h, 0)))


def whoever_comes_again(look: Look) -> list[str]:
    """The columns that no word explains, of short texts that come again with another day: names
    of people, rooms or articles, which only a person can tell.
    """
    found = []
    for header in look.headers:
        said, texts = meaning(header), look.counts(header)
        strange = said.unknown == 1 and look.filled(header) >= _HALF * len(look.frame)
        if strange and len(texts) > _FEW / 2 and not look.reads(header, "date"):
            short = [text for text in texts if len(text) <= _SHORT and text[:1].isalpha()]
            if len(short) >= EACH * len(texts) and repeats_with_day(look, header):
                found.append(header)
    return found


def counts_rows(look: Look, header: str) -> bool:
    """Whether a number is that of the row, from one on, perhaps anew in each year."""
    numbers = pd.to_numeric(look.frame[header][look.stands(header)], errors="coerce")
    return len(numbers) > _FEW and bool((numbers.diff().iloc[1:] == 1).mean() >= _COUNTED)


def _is_of_orders(look: Look, header: str) -> bool:
    """Whether a number that comes again does so on one day each, as that of a cart does."""
    rows = look.frame[look.stands(header)].groupby(header)
    several = rows.size()[lambda n: n > 1].index
    once = (
        (rows[day].nunique() <= 1)[several].mean() >= EACH
        for day in days(look)
        if day != header and not meaning(day).of & _OTHER_DAYS  # one has one birthday
    )
    return look.is_coded(header) and len(several) >= _FEW and any(once)


def _is_year(look: Look, header: str) -> bool:
    """Whether it says since when somebody is a customer: Client depuis, 2008."""
    return all(_YEAR.fullmatch(text.strip()) for text in look.counts(header))


def _is_answer(look: Look, header: str) -> bool:
    """Whether it says yes or no: Email OK?"""
    said = {fold_word(text) for text in look.counts(header)}
    return bool(said) and said <= YES_OR_NO - {"0", "1"}


def _names_others(look: Look, headers: Sequence[str], header: str) -> bool:
    """Whether a bare name is that of our people, shops or articles: their id is beside it."""
    if meaning(header).head != "name" or meaning(header).of:
        return False
    others = [h for h in headers if meaning(h).head == "id" and meaning(h).of & _OTHERS]
    pairs = [look.frame[[h, header]].drop_duplicates() for h in others]
    return any(len(pair) <= len(look.counts(header)) * AGAIN for pair in pairs)


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
    frame = look.frame[look.stands(header)]
    for day in days(look):
        pairs = len(frame[[header, day]].drop_duplicates())
        if day != header and pairs >= AGAIN * max(frame[header].nunique(), 1):
            return True
    return False


def addresses(look: Look) -> list[str]:
    """The columns of e-mail addresses that nearly every row has."""
    return [h for h in look.headers if look.is_full(h) and look.reads(h, "email")]


def addresses_again(look: Look) -> list[str]:
    """Those of whoever comes again on another day, whatever the header's words; not of our few."""
    many = [h for h in addresses(look) if look.distinct(h) > _FEW]
    return [h for h in many if repeats_with_day(look, h)]


def is_day_of_entry(look: Look, day: str) -> bool:
    """Whether a day is that on which a row was made or booked, beside one that no word explains;
    or that on which some were paid for.
    """
    booked = any(word in fold_header(day) for word in _BOOKED)
    if not day or not (booked or meaning(day).of & {"made", "enter", "pay"}):
        return False
    if "pay" in meaning(day).of and look.is_nearly_full(day):
        return False
    others = [h for h in days(look) if h != day and not look.same("ordered_on", [h, day])]
    return any(not meaning(h).of & _OTHER_DAYS and look.is_full(h) for h in others)


def days(look: Look) -> list[str]:
    """The columns of days that vary; a code of six digits is none."""
    vary = [h for h in look.headers if look.distinct(h) > 1]
    vary = [h for h in vary if meaning(h).head not in ("id", "code")]
    return [header for header in vary if look.reads(header, "date")]


def own_ids(look: Look) -> list[str]:
    """The columns without repeats whose headers end as an id's do, or that machines number."""
    own = [h for h in look.headers if look.is_unique(h)]
    ends = {h for h in own if meaning(h).head == "id" or fold_header(h).endswith(_ID_ENDINGS)}
    return [h for h in own if h in ends or look.reads(h, "uuid")]


def own_id(look: Look) -> str:
    """The first of them; "" if there is none."""
    return next(iter(own_ids(look)), "")


def own_number(look: Look, headers: Sequence[str]) -> str:
    """The bare number of each row, as bills have one (Num, Numéro); "" of a mere count of rows."""
    bare = [h for h in headers if fold_header(h) in BARE_IDS and look.is_full(h)]
    own = [h for h in bare if look.is_nearly_unique(h)]
    counted = {str(number) for number in range(len(look.frame) + 1)}
    return next((h for h in own if not set(look.counts(h)) <= counted), "")


def is_bare(header: str) -> bool:
    """Whether a header says of nothing what it is the id of: ID, Record Id."""
    said = meaning(header)
    return said.head == "id" and not (said.of or said.unknown)


def persons_id(look: Look) -> str:
    """Of a list of people their id: of several the one that tells most of them apart."""
    named = [h for h, one in look.weigh("customer_id", "customers") if one >= LIKELY]
    own = [one for one in own_ids(look) if is_bare(one)]
    return max([*named, *own], key=look.distinct, default="")


def has_parts_of_people(headers: Sequence[str]) -> bool:
    """Whether a first name, a day of birth, an e-mail address stands there, as of people."""
    return any(
        (
            meaning(h).head in ("part", "email")
            or ({"birth", "nth"} & meaning(h).of and "name" in fold_header(h))
        )
        for h in headers
    )


def names_each(look: Look) -> bool:
    """Whether every row names another person, as the contacts of a company do."""
    parts = list(name_parts(look.headers))
    if not parts:
        return False
    each = len(look.frame[parts].drop_duplicates()) >= EACH * len(look.frame)
    return each or bool(addresses_each(look))


def addresses_each(look: Look) -> list[str]:
    """The columns of e-mail addresses in which every row has another one."""
    known = addresses(look)
    return [h for h in known if len(look.counts(h)) >= EACH * len(look.frame)]


def address_as_id(look: Look, table: str) -> str:
    """The one column of e-mail addresses of a list of sales in which no column could be an id."""
    if any(one > _HALF for _, one in look.weigh("customer_id", table)):
        return ""
    mails = look.weigh("email", "customers")
    known = [header for header, _ in mails if _share_of_orders(look, header) >= _MOST]
    most = max(map(look.distinct, addresses(look)), default=0)  # that of a host stands beside all
    known = [h for h in known if look.distinct(h) >= _HALF * most]
    named = [h for h in who_may(look, table) if "customer" in meaning(h).of]
    for name in named:  # who shares an address, or has none, is lost by it
        known = [h for h in known if h == name or not _tells_more(look, name, h)]
    return likeliest("customer_id", [(h, one) for h, one in mails if h in known], look)


def is_mostly_of_guests(look: Look, header: str) -> bool:
    """Whether an id stands in less than half of the orders, and most have an address or a name."""
    if not header or _share_of_orders(look, header) >= _HALF:
        return False
    others = [one for one, _ in look.weigh("email", "customers")]
    others += [one for one in who_may(look, "orders") if one != header]
    return any(_share_of_orders(look, one) >= _MOST for one in others)


def _tells_more(look: Look, name: str, mail: str) -> bool:
    """Whether a name tells more customers apart than an address, or stands in more orders."""
    fuller = _share_of_orders(look, name) > _share_of_orders(look, mail)
    return fuller or look.distinct(name) > AGAIN * look.distinct(mail)


def _share_of_orders(look: Look, header: str) -> float:
    """Which share of the rows has it, or of the orders in one of their rows."""
    filled = look.stands(header)
    numbers = [h for h, one in look.weigh("order_id", "order_lines") if one == 1]
    if numbers:
        filled = filled.groupby(look.frame[numbers[0]]).any()
    return float(filled.mean())


def _unless_a_part(behind: re.Match[str]) -> str:
    """What stands in brackets goes, but for 氏名（姓）, 氏名（名）."""
    word = fold_header(behind[0])
    return behind[0] if word in map(fold_header, (*_GIVEN, *_FAMILY)) else ""


def name_parts(headers: Sequence[str]) -> tuple[str, ...]:
    """The two headers that together name a person, in the order in which they are said; or none.

    >>> name_parts(["First Name", "Last Name"]), name_parts(["名", "姓", "会社名"])
    (('First Name', 'Last Name'), ('姓', '名'))
    >>> name_parts(["氏名（姓）", "氏名（名）"])
    ('氏名（姓）', '氏名（名）')
    """
    own: dict[str, str] = {}
    for header in headers:
        if not meaning(header).of & _NOT_THEIRS:
            own.setdefault(fold_header(_BEHIND.sub(_unless_a_part, header)), header)
    for folded, given in own.items():
        for one, other in product(map(fold_header, _GIVEN), map(fold_header, _FAMILY)):
            family = own.get(folded.removesuffix(one) + other)
            if folded.endswith(one) and family and family != given:
                return (given, family) if given.isascii() else (family, given)
    return ()


def people_come_again(look: Look) -> bool:
    """Whether the same name with the same telephone or address comes again with another day.

    Sisters and brothers share their mother's; so both are asked.
    """
    names = [h for h, _ in look.weigh("name", "customers")]
    reached = [h for column in ("telephone", "email") for h, _ in look.weigh(column, "customers")]
    for name, contact in product(names[:1], reached):
        both = look.frame[look.stands(name) & look.stands(contact)]
        people = len(both[[name, contact]].drop_duplicates())
        for day in days(look) if len(both) >= max(AGAIN * people, _FEW) else ():
            if len(both[[name, contact, day]].drop_duplicates()) >= AGAIN * people:
                return True
    return False
