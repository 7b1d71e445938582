"""Words whose meaning nobody doubts (発送済み, キャンセル, Closed Won): proposed, with counts.

Everything else (保留, pending, 提案) is listed for a person to sort: what is sold and what is not
is their decision.
"""

from __future__ import annotations

from collections.abc import Mapping

from segment_lib.lists.cells.values import fold_word

_GUESSES: dict[str, dict[str, tuple[str, ...]]] = {
    "status": {
        "completed": (
            "completed", "complete", "closed", "paid", "shipped", "delivered", "fulfilled", "done",
            "完了", "完了済み", "処理済", "処理済み", "対応済み", "対応済", "発送済", "発送済み",
            "発送完了", "出荷済", "出荷済み", "出荷完了", "配送済", "配送済み", "配送完了",
            "配達完了", "納品済", "納品済み", "納品完了", "受取済み", "お届け済み", "取引完了",
            "売上", "売上計上済み",
        ),
        "cancelled": (
            "cancelled", "canceled", "cancel", "voided", "void", "cancelled by customer",
            "キャンセル", "キャンセル済", "キャンセル済み", "キャンセル確定", "注文キャンセル",
            "注文取消", "注文取消し", "取消", "取消済", "取消済み", "取り消し", "受注取消",
        ),
        "ignored": ("quote", "draft", "test", "見積", "見積のみ", "見積中", "下書き", "テスト"),
    },
    "won": {
        "yes": ("closed won", "won", "成立", "成約", "受注", "受注済", "受注済み", "契約済み"),
        "no": ("closed lost", "lost", "不成立", "失注", "失注済み", "見送り", "却下"),
    },
    "kind": {
        "name": ("名刺", "名刺交換"),
        "mail": ("e-mail", "email", "mail", "メール", "eメール", "メール送信", "メール受信"),
        "call": ("phone", "telephone", "tel", "call", "電話", "架電", "受電", "電話対応"),
        "met": ("visit", "meeting", "met", "訪問", "来社", "来店", "面談", "打合せ", "打ち合わせ",
                "商談", "オンライン商談", "web会議"),
        "meal": ("meal", "lunch", "dinner", "会食", "食事"),
        "return": ("返品", "return", "refund"),
        "correction": ("値引", "値引き", "discount", "rebate"),
    },
    "direction": {"in": ("受信", "inbound", "受電"), "out": ("発信", "outbound", "架電")},
    "intent": {"give": ("提供", "give"), "ask": ("依頼", "ask")},
    "under_contract": {
        "yes": ("契約中", "ご契約中", "active", "under contract", "有効"),
        "no": ("終了", "解約", "解約済み", "契約なし", "未契約", "expired", "ended", "none"),
    },
    "allowed": {"yes": ("可", "許可", "同意", "ok"), "no": ("不可", "拒否", "ng")},
    "sort": {"end_user": ("e/u", "eu", "エンドユーザー"), "partner": ("パートナー", "代理店")},
}  # fmt: skip


def sorted_words(
    column: str, counts: Mapping[str, int], known: Mapping[str, str]
) -> tuple[dict[str, list[str]], list[str]]:
    """The kit's word to the words that mean it, and the words that a person must sort.

    `known` (folded) are those that the kit explains by itself: they need no entry.
    """
    guesses = {
        fold_word(one): word for word, ones in _GUESSES.get(column, {}).items() for one in ones
    }
    possible = set(known.values())
    found: dict[str, list[str]] = {}
    rest = []
    for text in counts:
        word = guesses.get(fold_word(text))
        if fold_word(text) in known:
            continue
        if word in possible:
            found.setdefault(str(word), []).append(text)
        else:
            rest.append(text)
    return found, rest
