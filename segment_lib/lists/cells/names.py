"""Names in the form that is compared: without legal form, signs and blanks; and a looser one.

`plain_name` is the name itself. `loose_name` also folds what the same name may be written with:
old and new characters (髙 and 高), hiragana and katakana, ヴァ and バ, long vowels, small kana. Two
names that are equal only there may be one: it is a suggestion and never counts as an equal name.
"""

from __future__ import annotations

import re
import unicodedata

from segment_lib.lists.cells.values import tidy_text
from segment_lib.lists.words import pattern, words

_NAMES = words("names")
_LEGAL_FORM = re.compile(pattern(_NAMES["legal_forms"]))
_WESTERN_FORM = re.compile(rf"(?:[\s,.&]+(?:{pattern(_NAMES['western_forms'])})\b\.?)+$")
_TITLE = re.compile(f"(?:{pattern(_NAMES['titles'])})$")
_BUSINESS = re.compile(
    rf"{pattern(_NAMES['business'])}|\b(?:{pattern(_NAMES['western_business'])})\b"
)
_OLD = {pair[0]: pair[1] for pair in _NAMES["old_and_usual"].split()}
_VU = {"ヴァ": "バ", "ヴィ": "ビ", "ヴェ": "ベ", "ヴォ": "ボ", "ヴュ": "ビユ", "ヴ": "ブ"}
_SMALL_KANA = dict(zip("ァィゥェォッャュョヮヵヶ之", "アイウエオツヤユヨワカケノ", strict=True))
_WITHIN = re.compile(r"['’`´]|(?<=\b\w)\.(?=\w\b)")  # Mary's, T.S.V.
# Of a family name alone they say who it is: Mr Patel, Mrs Patel.
_TITLE_BEFORE = re.compile(
    rf"^(?:{pattern(_NAMES['titles_before'])})\.?\s+"
    r"(?!(?:and|und|et|e|y)\s)(?=[^\W\d]+\s+[^\W\d])"
)
_FAMILY = re.compile(r"^fam\.?\s+")
HAS_NO_CASE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # kana, kanji, hangul
# 齋 is written 斎, which is written 斉: follow the pairs to their end.
_USUAL = {**{old: _OLD.get(usual, usual) for old, usual in _OLD.items()}, **_SMALL_KANA, "ー": ""}
_TO_USUAL = str.maketrans(_USUAL)
_HIRAGANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}


def plain_name(name: str) -> str:
    """A company's or person's name without legal form, title, blanks and signs.

    >>> plain_name("㈱ アオバ商事"), plain_name("アオバ商事 株式会社"), plain_name("Aoba Co., Ltd.")
    ('アオバ商事', 'アオバ商事', 'aoba')
    >>> plain_name("佐倉 一花 様"), plain_name("髙﨑一花")
    ('佐倉一花', '髙﨑一花')
    """
    return _letters(_bare(name))


def name_as_id(name: str) -> str:
    """A name as it stands for somebody, where no number does: one way of writing it for several.

    >>> name_as_id("㈱ アオバ商事"), name_as_id("中村　茂 様"), name_as_id("中村茂")
    ('アオバ商事', '中村茂', '中村茂')
    >>> name_as_id("みどり小PTA"), name_as_id("カフェ凪さん"), name_as_id("Sig.ra Fabbri Rosa")
    ('みどり小PTA', 'カフェ凪', 'Fabbri Rosa')
    >>> name_as_id("MISS ABBOTT"), name_as_id("Mr. & Mrs R Tattersall "), name_as_id("101")
    ('Miss Abbott', 'Mr And Mrs R Tattersall', '101')
    >>> name_as_id("St. Mary’s Choir"), name_as_id("ST MARYS CHOIR"), name_as_id("T.S.V. Au e.V.")
    ('St Marys Choir', 'St Marys Choir', 'Tsv Au')
    """
    if any(sign.isdigit() for sign in name):  # K-001 is no name; 奈良(2F)様 is 奈良(2F)
        return _TITLE.sub("", name.strip()) if HAS_NO_CASE.search(name) else name
    plain = _TITLE_BEFORE.sub("", _WITHIN.sub("", _bare(name)))
    signs = _FAMILY.sub("familie ", plain.replace("&", " and "))
    words = "".join(s if unicodedata.category(s)[0] in "LNM" else " " for s in signs).split()
    if any(not word.isascii() and HAS_NO_CASE.search(word) for word in words):
        return "".join(words).upper()  # 小学校PTA
    return " ".join(map(str.capitalize, words)) or name


def loose_name(plain: str) -> str:
    """A plain name in usual characters: what two ways of writing one name have in common.

    >>> loose_name("髙﨑一花"), loose_name("コンピューターヴィレッジ"), loose_name("さくら")
    ('高崎一花', 'コンピユタビレツジ', 'サクラ')
    """
    kana = plain.translate(_HIRAGANA)
    if "ヴ" in kana:
        for old, new in _VU.items():
            kana = kana.replace(old, new)
    usual = kana.translate(_TO_USUAL)
    return (re.sub(r"(.)々", r"\1\1", usual) if "々" in usual else usual) or plain


def is_business(name: str) -> bool:
    """Whether a name is a company's: it has a legal form, or a word such as 商店 or クリニック.

    >>> is_business("㈲ミドリ"), is_business("緑川歯科"), is_business("緑川 一花")
    (True, True, False)
    """
    text = _dressed(name)
    return bool(_LEGAL_FORM.search(text) or _WESTERN_FORM.search(text) or _BUSINESS.search(text))


def name_parts(name: str) -> tuple[str, ...]:
    """The words of a name, each in its loose form: family and given name of a person.

    >>> name_parts("髙﨑　一花 様")
    ('高崎', '一花')
    """
    words = (_letters(word) for word in _bare(name).split())
    return tuple(loose_name(word) for word in words if word)


def _dressed(name: str) -> str:
    return _TITLE.sub("", tidy_text(name).casefold()).strip()


def _bare(name: str) -> str:
    return _WESTERN_FORM.sub("", _LEGAL_FORM.sub(" ", _dressed(name)).strip())


def _letters(text: str) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign)[0] in "LN")
