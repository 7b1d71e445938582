"""What a header says that stands whole in no dictionary: its words, one by one.

ご注文受付日時 is order + day, "Customer Ref (legacy)" customer + id: the last word that says what
stands there is the head, the others say whose or of what it is. How strongly such a header means a
column is a number from 0 to 1, which is weighed against what the values do (`headers.py`); a whole
alias is 1.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from segment_lib.lists.cells.values import fold_word, without_accents
from segment_lib.lists.words import words

_WORDS = words("meanings")
_UNKNOWN = 0.5  # a word of their own (amazon-order-id) says little against it
_SECOND = 0.6  # 顧客番号2 is another one
_OTHERS = ("ship", "receiver", "shop", "staff", "product")
_POLITE = "ごお御"  # ご利用者 is 利用者, though ご利用 is a word too
_BESIDE = 0.8  # a word that says nothing for or against it
_LATIN = "a-zà-öø-ÿßœ"
_PIECE = re.compile(rf"[{_LATIN}]+(?:-to)?|\d+|[^\x00-\x7f{_LATIN}]+")
_ONE_WORD = re.compile(
    "MwSt|USt|(?i:sub[ -]total|no[ -]show|nicht erschienen)|"
    "(?i:[àa] (?:payer|régler)|(?:a pagar|da pagare|zu zahlen))"
)
_BOTH = re.compile(r"\b(?:and|und|et|e|y|i|en|och)\b|&", re.IGNORECASE)
_PARTS = ("姓", "名", "セイ", "メイ")  # 氏名（姓）, 氏名（名）
_DUE = re.compile(r"\bdû\b", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OF_A_KIND = re.compile(r"^\w+ - (?=\S)")
_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_NUMBER_SIGNS = re.compile(r"(?<=\w)\s*#|(?<=[Nn])[°º]")  # Receipt #, N° client
_HOW_MANY = re.compile(r"(?:#|no\.?|num(?:ber)?) of ", re.IGNORECASE)
# A total with tax is a total; a tax is none.
_WITH_TAX = re.compile(
    r"\b(?:incl?|including|inclusive|excl?|excluding|exclusive|with|without|inkl|exkl|zzgl|mit|ohne|"
    r"com|sem|con|sin|senza|avec|sans|hors|met|zonder|med|utan|uden)\b[. ]*(?:of )?"
    r"(?:vat|tax|taxes|gst|mwst|ust|tva|iva|btw|impost[oi]s?|impuestos?|moms|ttc)\b",
    re.IGNORECASE,
)


class Meaning(NamedTuple):
    """The head of a header ("" if no word says what stands there) and of what it is.

    `unknown` is the share of its signs that no word explains.
    """

    head: str
    of: frozenset[str]
    unknown: float


@cache
def _places() -> Mapping[str, tuple[str, str]]:
    """Word to (heads, of or neutral) and the place in it."""
    found: dict[str, tuple[str, str]] = {}
    found.update({_plain(one): ("neutral", "") for one in _WORDS["neutral"]["words"]})
    for group in ("of", "heads"):
        for name, ones in _WORDS[group].items():
            found.update({_plain(one): (group, name) for one in ones})
    return found


def _plain(word: str) -> str:
    return without_accents(fold_word(word))


@cache
def meaning(header: str) -> Meaning:
    """What a header says; of what stands in brackets only whose it is, and whether it is a code.

    >>> meaning("ご注文受付日時").head, sorted(meaning("電話番号(配送先)").of)
    ('day', ['receiver'])
    """
    rest = _OF_A_KIND.sub("", header)  # Deal - Organization, where all columns are of a deal
    if rest != header and meaning(rest).of:
        return meaning(rest)
    if header.casefold().endswith(".id"):  # Account Name.id, beside Account Name
        named = meaning(header[:-3])
        return named._replace(head="id")
    if _HOW_MANY.match(header):  # Number of Guests
        return Meaning("count", frozenset(_said(header)[1]), 0.0)
    header = _ONE_WORD.sub(lambda word: re.sub("[ -]", "", word[0].lower()), header)  # MwSt
    header = _WITH_TAX.sub(" ", _CAMEL.sub(" ", _NUMBER_SIGNS.sub(" no ", header)))
    plain = _BRACKETS.sub(" ", header)
    plain = plain if plain.strip() else header
    heads, of, unknown = _said(plain)
    part = any(one[1:-1].strip() in _PARTS for one in _BRACKETS.findall(header))
    heads = ["part"] if plain.strip() == "名" or part else heads  # a given name, beside 姓
    if _BOTH.search(plain) and sum(one in ("part", "name") for one in heads) > 1:
        heads = ["name"]  # Cognome e nome / Ragione sociale
    inside = [_said(one) for one in _BRACKETS.findall(header) if plain != header]
    of |= {name for one in inside for name in one[1] if name in _OTHERS}
    heads += ["id" for one in inside if heads and one[0] == ["id"]]
    implied = [_WORDS["implied"][one] for one in sorted(of) if one in _WORDS["implied"]]
    return Meaning(_head(heads, implied), frozenset(of), unknown)


def _said(text: str) -> tuple[list[str], set[str], float]:
    """Heads in order, of what, and the share of the signs that no word explains."""
    heads: list[str] = []
    of: set[str] = set()
    unknown = signs = 0
    whole = _DUE.sub("restant", text)  # without its accent dû is the du of "montant du"
    plain = without_accents(unicodedata.normalize("NFKC", whole))
    spaced = plain.casefold()
    for piece in _PIECE.findall(spaced.replace("_", " ")):
        for word in _cut(piece):
            group, name = _places().get(word, ("", ""))
            signs += len(word)
            if group == "heads":
                heads.append(name)
            elif group == "of":
                of.add(name)
            elif not group and not word.isdigit():
                unknown += len(word)
    return heads, of, unknown / max(signs, 1)


def _head(heads: list[str], implied: list[str]) -> str:
    """The last word that says what stands there; a "Phone Number" is no number."""
    if not heads:
        return next(iter(implied), "")
    if "part" in heads:
        return "part"  # カナ名: how a name is read
    last, before = heads[-1], heads[:-1]
    for strong, weak in (("email", "id address"), ("telephone", "id address"), ("money", "price")):
        if strong in before and last in weak.split():
            return strong
    if last == "status" and {"email", "telephone"} & set(before):
        return "code"  # メール送信ステータス: of the mail, not of the row
    if last == "name" and before[-1:] in (["status"], ["kind"]):
        return before[-1]  # ステータス名: the word of it, where another column has its code
    if last == "id" and {"status", "kind", "name", "text"} & set(before):
        return "code"  # 対応状況(ID): the code of a word, nobody's id
    return last


def weight(header: str, column: str) -> float:
    """How strongly the words of a header mean a column, from 0 to 1.

    >>> weight("受付日時", "ordered_on"), weight("発送日", "ordered_on"), weight("税額", "amount")
    (0.9, 0.35, 0.0)
    """
    scale = _WORDS["weights"].get(column)
    said = meaning(header)
    if scale is None or said.head not in scale["head"]:
        return 0.0
    known = {name: scale["of"][name] for name in said.of if name in scale["of"]}
    if said.of - set(known) - set(scale.get("beside", ())):
        return 0.0
    base = scale.get("bare", {}).get(said.head, 0.0)
    if known:
        base = min(known.values()) * scale["head"][said.head]
    elif said.of:
        base = 0.0 if said.head == "id" else base * _BESIDE
    second = _SECOND if re.search("[2-9０２-９]", header) else 1.0
    return round(float(base * second * (1 - _UNKNOWN * said.unknown)), 3)


def _word_at(piece: str, at: int) -> str:
    """The longest word that begins there; "" if none does."""
    ends = range(len(piece), at, -1)
    return next((piece[at:end] for end in ends if piece[at:end] in _places()), "")


def _cut(piece: str) -> list[str]:
    """A piece as words, the longest first; what no word explains stays, sign by sign together.

    Latin letters are cut only where words explain all of them: orderdate, but not Datenblatt.
    """
    if piece in _places():
        return [piece]
    found, at, rest = [], 0, ""
    while at < len(piece):
        word = max(_word_at(piece, at), piece[at] + _word_at(piece, at + 1), key=len)
        if word[0] not in _POLITE and word not in _places():
            word = _word_at(piece, at)
        if not word or (len(word) == 1 and word not in _places()):
            rest += piece[at]
            at += 1
            continue
        found += [rest] if rest else []
        found.append(word if word in _places() else word[1:])
        rest, at = "", at + len(word)
    found += [rest] if rest else []
    whole = all(word in _places() and len(word) > 1 for word in found)
    return found if whole or not re.match(f"[{_LATIN}]", piece) else [piece]
