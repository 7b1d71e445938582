"""Headers that are known to mark whom we may not, or may, contact, and by which channel."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from segment_lib.lists.cells.values import fold_word

Says = Literal["refusals", "consents"]


class Mark(NamedTuple):
    """What a header marks: the channel, and under which key of a list it belongs."""

    channel: str
    says: Says


_CHANNEL_HEADERS: dict[str, str] = {
    "mail": r"(?:e?メール|メルマガ|メールマガジン|e?mail|newsletter|ニュースレター|mailmagazine)",
    "letter": (
        r"(?:紙?dm|ダイレクトメール|郵送|郵便物?|はがき|ハガキ|葉書|カタログ|postalmail|letter)"
    ),
    "call": r"(?:電話|tel|テレアポ|架電|お電話|テレマ|telephone|phone)",
    "all": r"(?:ご?連絡|ご?案内|販促|コンタクト|contact|marketing|マーケティング)",
}
_DOING = r"(?:配信|送付|発送|送信|受信|購読|連絡|案内|勧誘|営業|発信)?"
_REFUSING = (
    r"(?:拒否|不可|停止|中止|不要|禁止|辞退|解除|戻り|返戻|返送|不着|不達|お断り|希望しない|希望なし|"
    r"ng|optout|optedout|unsubscribed?|refused|bounced?|returned)"
)
_ALLOWING = (
    r"(?:可否|可|許可|許諾|希望|希望有無|同意|承諾|ok|optin|optedin|consent|permission|allowed)"
)
_FLAG = r"(?:フラグ|区分|有無|サイン|flg|flag|status)?"
# A refusal may be counted or dated (DM戻り回数, 退会日); 連絡希望日 is a wish, no consent.
_FLAG_OR_DAY = _FLAG.replace(")?", "|回数|件数|日|日時|年月日|date|at|on)?")
_REFUSAL_WORDS: dict[str, tuple[str, ...]] = {
    "mail": (
        "unsubscribe", "unsubscribed", "unsubscribed from all email", "hasoptedoutofemail",
        "do not email", "donotemail", "no email", "do not bulk email", "email bounced", "配信停止",
        "配信拒否", "配信不可", "配信不要", "配信解除", "購読解除", "購読停止",
    ),
    "letter": (
        "do not mail", "do not post", "do not postal mail", "no mail", "mail returned",
        "returned mail", "送付不可", "送付停止", "発送停止", "発送不可", "宛先不明", "転居先不明",
    ),
    "call": ("do not call", "do not phone", "dnc", "no call", "no calls", "勧誘拒否"),
    "all": (
        "opt out", "opted out", "do not contact", "no contact", "deleted", "is deleted",
        "delete", "del", "deletion", "オプトアウト", "削除", "退会", "営業拒否", "営業不可",
        "営業禁止", "営業お断り", "営業ng",
    ),
}  # fmt: skip
_CONSENT_WORDS: dict[str, tuple[str, ...]] = {
    "mail": (
        "メール配信", "メルマガ配信", "メルマガ購読", "メルマガ受信", "メール受信", "配信許可",
        "配信可否", "配信希望", "配信同意", "受信可否", "受信許可", "送信可否", "newsletter",
        "newsletter subscription", "subscribed", "is subscribed", "accepts marketing",
        "accepts email marketing",
        "email subscribed", "メールマガジン配信",
    ),
    "letter": ("dm送付", "dm発送", "dm配信", "カタログ送付", "送付可否", "送付希望", "発送可否"),
    "call": (),
    "all": (
        "opt in", "opted in", "オプトイン", "連絡可否", "案内可否", "同意", "同意有無", "consent",
        "gdpr consent", "個人情報利用同意",
    ),
}  # fmt: skip


def recognised_marks(headers: Iterable[str]) -> dict[str, Mark]:
    """Header to mark, for the headers that are known to say whom we may not, or may, contact.

    >>> recognised_marks(["DM拒否", "総DM発送回数", "Do Not Call", "メール配信"])
    {'DM拒否': Mark(channel='letter', says='refusals'), \
'Do Not Call': Mark(channel='call', says='refusals'), \
'メール配信': Mark(channel='mail', says='consents')}
    """
    found = {header: _mark_of(_folded_header(header)) for header in headers}
    return {header: mark for header, mark in found.items() if mark is not None}


def _folded_header(header: str) -> str:
    return re.sub(r"[_\-.・:/()\[\]?？]", "", fold_word(header))


def _mark_of(folded: str) -> Mark | None:
    groups: tuple[tuple[Says, dict[str, tuple[str, ...]], str, str], ...] = (
        ("refusals", _REFUSAL_WORDS, _REFUSING, _FLAG_OR_DAY),
        ("consents", _CONSENT_WORDS, _ALLOWING, _FLAG),
    )
    for says, words, ending, behind in groups:
        for channel, known in words.items():
            whole = "|".join(re.escape(_folded_header(word)) for word in known) or "(?!)"
            if re.fullmatch(f"(?:{whole}){behind}", folded):
                return Mark(channel, says)
        for channel, pattern in _CHANNEL_HEADERS.items():
            if re.fullmatch(f"(?:is|has)?{pattern}{_DOING}{ending}{behind}", folded):
                return Mark(channel, says)
    return None
