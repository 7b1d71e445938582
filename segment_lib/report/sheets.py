"""The words of the workbook: sheet names, which columns stand where, how to review."""

from __future__ import annotations

import re

from segment_lib.approach.review import ALLOWED
from segment_lib.columns import Language, label, value_label
from segment_lib.plots.words import pair

LONGEST_NAME = 31  # Excel allows no longer sheet name
SIGNS_NOT_ALLOWED = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
ASKED = ("override", "override_why", "override_by", "override_on")
SHEET_COLUMNS: dict[str, tuple[str, ...]] = {
    "action": (
        "customer_id", "name", "due_on", "owner", "channel", "purpose", "effort_hours", "action",
        "reason", "all_reasons", "evidence", *ASKED, "under_contract", "hold_out", "review_on",
    ),
    "not_now": (
        "customer_id", "name", "review_on", "reason", "all_reasons", "evidence", *ASKED, "owner",
        "action", "due_on", "under_contract",
    ),
    "not_approached": (
        "customer_id", "name", "reason", "evidence", "review_on", *ASKED, "all_reasons", "owner",
    ),
}  # fmt: skip
# Heading and meaning of every column, both languages; heading as in columns.py where it has one.
COLUMN_WORDS: dict[str, tuple[str, str, str, str]] = {
    "customer_id": ("", "", "Who; kept as text, so that 00123 stays 00123",
                    "お客様番号。00123が123にならないよう文字として保存"),
    "name": ("", "", "Name of the person or company", "お名前・会社名"),
    "due_on": ("", "", "By when", "期日"),
    "owner": ("", "", "Who of us does it", "当社の担当者"),
    "channel": ("", "", "By which means", "手段"),
    "purpose": ("", "", "What the action is for: understand, educate, trust, propose, recover",
                "アクションの目的：共感・教育・信頼・提案・リカバリ"),
    "effort_hours": ("", "", "Our hours it takes", "当社の所要時間"),
    "action": ("", "", "What to do", "行うこと"),
    "decision": ("", "", "What was decided", "判断"),
    "reason": ("", "", "The one main reason", "主な理由（1つ）"),
    "all_reasons": ("", "", "All reasons, the main one first", "すべての理由（主な理由が先頭）"),
    "evidence": ("", "", "The numbers behind it", "根拠となる数字"),
    "override": ("", "", "For you: another decision, where you know better (drop-down)",
                 "ご記入欄：別の判断にする場合に選択（プルダウン）"),
    "override_why": ("", "", "For you: why you decided otherwise", "ご記入欄：そう判断した理由"),
    "override_by": ("", "", "For you: your name", "ご記入欄：お名前"),
    "override_on": ("", "", "For you: the day, as 2026-04-01. 4/2 is read as month and day, in the "
                    "year nearest to the as-of day; empty means the as-of day",
                    "ご記入欄：日付（例：2026-04-01）。4/2は4月2日（基準日に最も近い年）と読みます。"
                    "空欄は基準日とします"),
    "under_contract": ("", "", "Served in any case", "必ず対応するお客様"),
    "hold_out": ("", "", "Drawn by lot to test the list; approach as usual",
                 "リスト検証のため抽選。通常どおり接触"),
    "review_on": ("", "", "The day the decision is looked at again", "判断を見直す日"),
}  # fmt: skip


def allowed_overrides(under_contract: bool, opted_out: bool, language: Language) -> list[str]:
    """What a reviewer may choose: nobody under contract can be put among the not approached, and
    nobody's wish not to be contacted can be overruled.
    """
    names = [name for name in ALLOWED[under_contract] if not (opted_out and name == "approach")]
    return [str(value_label("decision", name, language)) for name in names]


def sheet_name(title: str, used: set[str]) -> str:
    """A sheet name that Excel accepts and that is not in `used`; it is added to `used`.

    >>> used = {"about"}
    >>> sheet_name("About", used), sheet_name("a/b: [c]*", used)
    ('About 2', 'a b c')
    """
    clean = " ".join(SIGNS_NOT_ALLOWED.sub(" ", title).split()).strip("' ") or "sheet"
    number = 1
    while True:
        end = f" {number}" if number > 1 else ""
        name = _cut(clean, LONGEST_NAME - len(end)).rstrip("' ") + end
        if name.lower() not in used and name.lower() != "history":  # Excel keeps that one
            used.add(name.lower())
            return name
        number += 1


def _cut(text: str, most: int) -> str:
    """At most `most` units as Excel counts them: a character beyond U+FFFF takes two."""
    while len(text.encode("utf-16-le")) // 2 > most:
        text = text[:-1]
    return text


def how_to_review(language: Language, client_path: str) -> list[list[str]]:
    """The steps of a review, one row each; `client_path` is how the command names client.toml."""
    command = f"kit.py review --client {client_path} --import"
    steps = (
        ("How to review", "確認のしかた"),
        ("1. Read each sheet and recall each face.",
         "1. 各シートを読み、お一人おひとりの顔を思い浮かべてください。"),
        ("2. Where you know better, choose another decision in yellow; say why, who, when.",
         "2. 別の判断がよい方は、黄色の列で判断を選び、理由・お名前・日付をお書きください。"),
        ("3. Leave the yellow columns empty where you agree.",
         "3. 同意する場合は空欄のままで結構です。"),
        (f"4. Save the file; “{command} FILE” takes your decisions over. Only the yellow columns "
         "are read.",
         f"4. 保存して「{command} ファイル名」で取り込みます。取り込むのは黄色の列だけです。"),
        ("Customers under contract cannot be put among the not approached.",
         "ご契約中の方を「アプローチしない」にすることはできません。"),
    )  # fmt: skip
    return [[pair(en, ja, language)] for en, ja in steps]


def columns_sheet(language: Language, served: tuple[str, str] | None = None) -> list[list[str]]:
    """Every column with its meaning, under a title.

    `served`: heading and meaning of `under_contract`; None leaves it out, as the lists do where
    nobody is under contract.
    """
    rows = [[pair("What the columns mean", "列の意味", language)]]
    for name, (en, ja, means_en, means_ja) in COLUMN_WORDS.items():
        head = pair(en or label(name), ja or label(name, "ja"), language)
        meaning = pair(means_en, means_ja, language)
        if name == "under_contract":
            if served is None:
                continue
            head, meaning = served
        rows.append([head, meaning, name])
    return rows
