"""Facts about a customer beyond the standard columns: which columns they are, and of what kind.

In a list of customers every other column is a fact, unless it is free text, a note about the row
itself or nearly always blank. In a list of orders a column is one only where it never changes
between the orders of a customer, and enough customers ordered twice to see that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from segment_lib.columns import COLUMNS, TABLES
from segment_lib.lists.cells.dates import SURE_SHARE, month_of
from segment_lib.lists.cells.values import fold_word
from segment_lib.lists.cells.words import NO, YES, may_say_no_sale
from segment_lib.lists.proposing.evidence import Look
from segment_lib.lists.proposing.headers import BARE_IDS, candidates, fold_header
from segment_lib.lists.proposing.meaning import meaning
from segment_lib.lists.proposing.reads_as import YES_OR_NO
from segment_lib.lists.words import words

_FREE_TEXT_WORDS = 30
_CODE_ENDINGS: tuple[str, ...] = words("headers")["code_endings"]
_FEW_NUMBERS = 10
_SEEN_TWICE = 20
# Who receives it is another person; how often they bought is counted, and how is not said here.
_OF_OTHERS: tuple[str, ...] = words("headers")["of_others"]
# A second telephone or address, or the id of an order: no fact to sort people by.
_NO_SORT = ("telephone", "email", "address", "order_id", "deal_id")
_MEASURES = set(words("headers")["measures"])
_CONSTANT = 0.99
_NO_FACTS = {fold_header(header) for header in words("headers")["no_facts"]}
_FAMILY = {
    fold_header(header): family
    for family, headers in words("headers")["families"].items()
    for header in headers
}
_ABOUT_THE_ROW = re.compile(r"(?:更新|作成)(?:日|日時|者|年月日)$|^unnamed|updatedat$|createdat$")
GUESTS = {fold_word(one) for one in words("values")["guests"]}  # ids that many share
ANSWERS = YES_OR_NO | {fold_word(word) for word in (*YES, *NO)}
_KIND_OF_HEAD = {"day": "date", "money": "money", "count": "number"}
_MOSTLY_SO = 0.5
_BY_CHANCE, _MOSTLY_TOLD = 2, 0.5  # rows; of those below zero
_NUMBER_BEHIND = re.compile(r"[\s:#(-]+\d[\d\s)-]*$")
_DIGIT = re.compile(r"\d")  # Storno RE-1205: of another document
_HALF_A_YEAR, _ANY_YEAR = 6, "2000-01"
_PAID = 0.85  # of the cells under a month: some say 休, 未
_AS_ID = re.compile(r"[\s_(（]*(?:ID|コード)[)）]?$", re.IGNORECASE)
_UNSAFE = re.compile(r"[=<>!\x00-\x1f\x7f]+")


class Fact(NamedTuple):
    """One attribute: the header it stands under, its name, kind and family, examples."""

    header: str
    name: str
    kind: str
    family: str
    shown: str


def facts(look: Look, headers: Sequence[str], taken: Collection[str] = ()) -> list[Fact]:
    """The attributes among these headers; names that the kit uses itself get an ending."""
    found: list[Fact] = []
    months = month_headers(look)
    headers = [header for header in headers if header not in months]
    names = {name.casefold() for name in (*COLUMNS, *TABLES["customers"], *taken)}
    for header in headers:
        if not is_fact(look, header):
            continue
        name = attribute_name(header, names)
        names.add(name.casefold())
        family = _FAMILY.get(fold_header(header), "other")
        found.append(Fact(header, name, fact_kind(look, header), family, look.examples(header)))
    return found


def month_headers(look: Look) -> list[str]:
    """Headers that are months over numbers: a list turned sideways; [] of fewer than six."""
    found = [
        h for h in look.headers
        if month_of(h, _ANY_YEAR) and look.counts(h) and look.share(h, "money") >= _PAID
    ]  # fmt: skip
    return found if len(found) >= _HALF_A_YEAR else []


def states_with_codes(look: Look, header: str) -> dict[str, int]:
    """Of a column of states with a number behind each (Denegada 0116) the states with their rows;
    none where they are no few, or none says that a row is no sale.
    """
    if look.distinct(header) <= _FEW_NUMBERS:
        return {}
    states: Counter[str] = Counter()
    for text, count in look.counts(header).items():
        states[_NUMBER_BEHIND.sub("", text.strip())] += count
    told = len(states) <= _FEW_NUMBERS and any(map(may_say_no_sale, states))
    return dict(states) if told else {}


def may_be_no_sale(look: Look, header: str) -> bool:
    """Whether a column of few words may say that a row is no sale: 取消区分, 発送状況, 収支区分."""
    counts, said = look.counts(header), meaning(header)
    blank = look.filled(header) < len(look.frame)
    if len(counts) + blank < 2 or look.share(header, "word") < 1:
        return False
    kind = _KIND_OF_HEAD.get(said.head)  # Paid: yes, no
    if "place" in said.of or (kind and look.share(header, kind) >= _MOSTLY_SO):
        return False
    if "refund" in said.of and is_sum(look, header):
        return False
    if look.is_coded(header) and look.is_nearly_unique(header):
        return False  # the number of what it cancels
    if said.of & {"cancel", "refund"} or any(
        may_say_no_sale(text) for text in counts if said.head != "text" or not _DIGIT.search(text)
    ):
        return True
    of_rows = (said.head == "status" and "change" not in said.of) or (
        said.head in ("kind", "code") and said.of & {"order", "line"}
    )
    if not 1 < len(counts) <= _FEW_NUMBERS:
        return False
    answers = {fold_word(text) for text in counts} <= ANSWERS
    return bool(of_rows) or ("pay" in said.of and answers) or tells_signs(look, header)


def tells_signs(look: Look, header: str) -> bool:
    """Whether the sums beside one of its words are above zero and beside others below, nearly all
    that are: a kind of movement, however its header reads.
    """
    cells = look.frame[header][look.stands(header)].str.strip()
    for money in (h for h in look.headers if meaning(h).head == "money"):
        if look.share(money, "money") < SURE_SHARE:
            continue
        below = (
            look.numbers([money], all_rows=True)[money].lt(0).reindex(cells.index, fill_value=False)
        )
        told = below.groupby(cells).agg(["mean", "sum", "size"])
        taken = told["sum"][(told["mean"] >= SURE_SHARE) & (told["size"] > _BY_CHANCE)].sum()
        paid = (told["mean"] <= 1 - SURE_SHARE) & (told["size"] > _BY_CHANCE)
        if paid.any() and taken >= _MOSTLY_TOLD * below.sum() > 0:
            return True
    return False


def is_sum(look: Look, header: str) -> bool:
    """Whether a column is money that varies, however it is called: Partial Refund ($)."""
    if meaning(header).head not in ("money", "") or look.share(header, "money") < 1:
        return False
    return bool(look.numbers([header], all_rows=True)[header].abs().gt(1).any())


def is_fact(look: Look, header: str) -> bool:
    """Whether a column says something by which customers can be sorted."""
    folded = fold_header(header)
    if folded in _NO_FACTS | _MEASURES or _ABOUT_THE_ROW.search(folded):
        return False
    if folded.startswith(_OF_OTHERS) or folded in BARE_IDS or not look.counts(header):
        return False
    if any(candidates([header], column, "customers") for column in _NO_SORT):
        return False
    said = meaning(header)
    if (said.head in ("day", "") and "change" in said.of) or _is_code_beside(look, header):
        return False
    if said.head == "id" and look.is_nearly_unique(header):
        return False
    if "order" in said.of and (said.head in ("count", "pieces") or said.of & {"nth", "lifetime"}):
        return False  # how often, and when last: the orders tell
    words, filled = len(look.counts(header)), look.filled(header)
    if words == 1 and filled == len(look.frame) >= _SEEN_TWICE:
        return False  # the same of everybody
    if words <= _FREE_TEXT_WORDS or words <= filled / 2:
        return True
    return fact_kind(look, header) in ("number", "date")


def _is_code_beside(look: Look, header: str) -> bool:
    """Whether a number stands for the word in another column: 性別(ID) beside 性別(名称)."""
    base = _AS_ID.sub("", header)
    beside = [h for h in look.headers if h != header and h.startswith(base)]
    return base != header and any(look.is_one_to_one([header, other]) for other in beside)


def fact_kind(look: Look, header: str) -> str:
    """number, date, yes_no or text: as the values read; codes stay text."""
    counts = look.counts(header)
    if {fold_word(text) for text in counts} <= YES_OR_NO - {"0", "1"}:
        return "yes_no"
    if look.reads(header, "date") and not look.is_serial(header):
        return "date"
    codes = len(counts) <= _FEW_NUMBERS and fold_header(header).endswith(_CODE_ENDINGS)
    if look.reads(header, "number") and not codes and not _leading_zeros(counts):
        return "number"
    return "text"


def _leading_zeros(texts: Collection[str]) -> bool:
    return any(len(text) > 1 and text[0] == "0" and text[1].isdigit() for text in texts)


def attribute_name(header: str, taken: Collection[str]) -> str:
    """The header as a name that no other column has and that a condition in words can hold."""
    name = " ".join(_UNSAFE.sub(" ", header).split()).lstrip("_") or "column"
    while name.casefold() in taken:
        name += "_in_list"
    return name


def constant_headers(
    look: Look, customer: str, order: Sequence[str], headers: Sequence[str]
) -> list[str]:
    """Headers whose value does not change between the orders of one customer.

    `order` names the headers that tell two orders apart (order id, day). Empty if fewer than 20
    customers ordered twice: then nothing can be seen. A column with one value in all rows says
    nothing about anybody and is left out.
    """
    ids = look.frame[customer].map(fold_word)
    frame = look.frame[(ids != "") & ~ids.isin(GUESTS)]
    each = frame.drop_duplicates([customer, *order])
    again = each[each[customer].duplicated(keep=False)]
    if again[customer].nunique() < _SEEN_TWICE:
        return []
    values = again.groupby(customer)[list(headers)].nunique()
    steady = [str(h) for h in values if (values[h] <= 1).mean() >= _CONSTANT]
    return [header for header in steady if len(look.counts(header)) > 1]
