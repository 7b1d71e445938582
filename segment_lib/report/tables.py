"""Frames as tables for the page: headings in words, coded values in words, numbers aligned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from segment_lib.client import Client
from segment_lib.columns import COLUMNS, VALUES, Language, label, value_label
from segment_lib.plots.words import count, hours, money, named, pair, percent
from segment_lib.report.frames import NOBODY_YET, Frames, given
from segment_lib.report.sentences import reason_label, reason_words

MOST_ROWS = 20
MONDAY_ROWS = 15
# Headings of columns that only summaries have.
HEADINGS = {
    "list": ("List", "リスト"),
    "table": ("Table", "表"),
    "rows_in": ("Rows in", "入力行"),
    "kept": ("Kept", "採用"),
    "set_aside": ("Set aside", "除外"),
    "folded": ("Folded", "統合"),
    "rows": ("Rows", "行数"),
    "reason_text": ("Reason", "理由"),
    "customers": ("Customers", "人数"),
    "spend": ("Spend", "売上"),
    "hours": ("Hours", "時間"),
    "character": ("Character", "特徴"),
    "measure": ("What to do", "打ち手"),
    "section": ("Section of client.toml", "client.tomlの項目"),
    "decided": ("Decided by", "決定者"),
    "rule": ("What they share", "共通点"),
    "interval": ("95% interval", "95%区間"),
    "rate": ("Got results", "成果の割合"),
    "n": ("n", "n"),
    "whole": ("In the whole list", "リスト全体では"),
    "state": ("Verdict", "判定"),
}
NUMBERS = {"rows_in", "kept", "set_aside", "folded", "rows", "customers", "n"}
MONEY = {"spend", "revenue", "monetary"}


@dataclass(frozen=True)
class Table:
    """A table ready for the page: caption, headings, rows of text, which columns are numbers."""

    caption: str
    headings: list[str]
    rows: list[list[str]]
    right: list[bool]
    more: str = ""


def as_table(
    frame: pd.DataFrame, columns: Sequence[str], caption: str, client: Client, most: int = MOST_ROWS
) -> Table:
    """The first `most` rows of the columns that are there, in words."""
    shown = [name for name in columns if name in frame]
    language = client.language
    rows = [
        [_cell(name, row[name], client) for name in shown]
        for row in frame.head(most)[shown].to_dict("records")
    ]
    left = len(frame) - most
    more = pair(f"… and {count(left)} more", f"…ほか{count(left)}件", language) if left > 0 else ""
    return Table(
        caption, [_heading(n, language) for n in shown], rows, [_is_number(n) for n in shown], more
    )


def _heading(name: str, language: Language) -> str:
    if name in HEADINGS:
        return pair(*HEADINGS[name], language)
    return label(name, language)


def _is_number(name: str) -> bool:
    if name in HEADINGS:
        return name in NUMBERS | MONEY | {"hours", "rate"}
    known = COLUMNS.get(name)
    return known is not None and known.kind in ("number", "money", "integer")


def _cell(name: str, value: Any, client: Client) -> str:
    if name == "name":
        return named(value, client.language)
    if name == "all_reasons":
        return reason_words(value, client)
    if value is None or pd.isna(value):
        return "—"
    if name == "reason":
        return reason_label(value, client)
    if name in VALUES:
        return str(value_label(name, value, client.language))
    if name in MONEY:
        return money(value, client.language, client.client.currency)
    if name == "channel":
        return channel_words(pd.Series([value]), client.language)[0] or "—"
    if name in ("hours", "effort_hours"):
        return hours(value)
    if name == "rate":
        return percent(value)
    if name in NUMBERS:
        return count(value)
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


def ledger_table(client: Client, frames: Frames) -> Table | None:
    """One row per list: in, kept, set aside, folded."""
    ledger = given(frames, "ledger")
    if ledger is None:
        return None
    caption = pair("The ledger, list by list", "リストごとの収支", client.language)
    return as_table(
        ledger, ["list", "table", "rows_in", "kept", "set_aside", "folded"], caption, client
    )


def segments_table(client: Client, frames: Frames) -> Table | None:
    """The named RFM segments with their character and measure."""
    profile = given(frames, "rfm_segments")
    if profile is None:
        return None
    if client.language == "ja":
        ja = {f"{name}_ja": name for name in ("character", "measure") if f"{name}_ja" in profile}
        ja |= {"name_ja": "rfm_segment"} if "name_ja" in profile else {}
        profile = profile.drop(columns=list(ja.values())).rename(columns=ja)
    columns = ["rfm_segment", "customers", "spend", "character", "measure"]
    return as_table(
        profile, columns, pair("The RFM segments", "RFMセグメント", client.language), client
    )


def rules_table(client: Client, frames: Frames) -> Table | None:
    """Every rule shown, confirmed or not: heads, rate and interval of the half that did not find
    it, the whole list beside them.
    """
    rules = given(frames, "rules")
    if rules is None:
        return None
    language = client.language
    ja = language == "ja"
    words = rules["rule_ja"] if ja and "rule_ja" in rules else rules["rule"]
    yes, no = ("確認済み", "未確認") if ja else ("confirmed", "not confirmed")
    confirmed = rules["confirmed"].fillna(False).astype(bool)
    shown = pd.DataFrame(
        {
            "rule": words,
            "n": rules["n"],
            "rate": rules["rate"],
            "interval": [
                f"{percent(a)}–{percent(b)}"
                for a, b in zip(rules["low"], rules["high"], strict=True)
            ],
            "whole": [
                pair(f"{count(won)} of {count(n)}", f"{count(n)}名中{count(won)}名", language)
                for n, won in zip(rules["n_all"], rules["successes_all"], strict=True)
            ],
            "state": confirmed.map({True: yes, False: no}),
        }
    )
    caption = pair(
        "What was found, and what was not confirmed; n, rate and interval of the half of the "
        "customers that did not find it",
        "見つかった共通点（人数・割合・区間は、見つけていない側の半分のお客様のもの）",
        language,
    )
    return as_table(shown, list(shown), caption, client)


def reasons_table(client: Client, frames: Frames) -> Table | None:
    """Heads per decision and main reason."""
    summary = given(frames, "decision_summary")
    if summary is None:
        return None
    sums = {name: "sum" for name in ("customers", "hours") if name in summary}
    rows = summary.astype({"decision": str, "reason": str}).groupby(
        ["decision", "reason"], sort=False
    )
    order = list(VALUES["decision"])
    table = rows.agg(sums).reset_index()
    table = table[table["customers"] > 0]
    table = table.sort_values("decision", key=lambda names: names.map(order.index), kind="stable")
    caption = pair("Decisions and their main reasons", "判断と主な理由", client.language)
    return as_table(table, ["decision", "reason", "customers", "hours"], caption, client)


def actions_table(client: Client, frames: Frames) -> Table | None:
    """Per action: how many customers, by which means, how many hours."""
    customers = frames.get("customers")
    if customers is None or "action" not in customers:
        return None
    rows = customers[customers["action"].fillna("").astype(str).str.strip() != ""]
    if rows.empty:
        return None
    rows = rows.assign(action=action_words(rows, client.language), heads=1)
    groups = [name for name in ("decision", "action", "purpose", "channel") if name in rows]
    rows = rows.assign(**{name: rows[name].fillna("").astype(str) for name in groups})
    sums = {"customers": ("heads", "sum")}
    if "effort_hours" in rows:
        sums["hours"] = ("effort_hours", "sum")
    table = rows.groupby(groups, sort=True).agg(**sums).reset_index()
    table = table.sort_values("customers", ascending=False, kind="stable")
    caption = pair("The actions", "アクション一覧", client.language)
    return as_table(table, [*groups, "customers", "hours"], caption, client)


def action_words(rows: pd.DataFrame, language: Language) -> pd.Series:
    """The action as it is shown: the Japanese wording where there is one."""
    action = rows["action"].astype("object")
    if language == "ja" and "action_ja" in rows:
        given_ja = rows["action_ja"].fillna("").astype(str).str.strip()
        return rows["action_ja"].astype("object").where(given_ja != "", action)
    return action


CHANNEL_WORDS = {
    "call": "電話", "mail": "メール", "visit": "訪問", "meet": "面談", "met": "面談",
    "post": "郵送", "letter": "手紙", "as agreed": "お約束どおり", "none": "なし",
}  # fmt: skip


def channel_words(channels: pd.Series, language: Language) -> list[str]:
    """The means of an action in words; a channel of the client's own stays as it is."""
    words = [str(channel) for channel in channels.astype("object").fillna("")]
    return words if language == "en" else [CHANNEL_WORDS.get(word, word) for word in words]


def monday_table(client: Client, frames: Frames) -> Table | None:
    """One owner's Monday page: by when, who, what, why, hours."""
    page = given(frames, "monday")
    if page is None:
        return None
    rows = page.reset_index()
    if "name" not in rows and "customer_id" in rows:
        rows = rows.assign(name=rows["customer_id"])
    rows = rows.assign(action=action_words(rows, client.language))
    owner = str(rows["owner"].iloc[0]) if "owner" in rows else NOBODY_YET
    whose = value_label("owner", owner, client.language)
    caption = pair(f"Monday page: {whose}", f"月曜のページ：{whose}", client.language)
    columns = ["due_on", "name", "action", "purpose", "channel", "reason", "effort_hours"]
    return as_table(rows, columns, caption, client, MONDAY_ROWS)


def signatures_table(client: Client) -> Table:
    """Who signed which section of client.toml, and what nobody has signed yet."""
    rows = pd.DataFrame(client.signatures(), columns=["section", "decided"])
    caption = pair("What people decided", "人が決めたこと", client.language)
    return as_table(rows, ["section", "decided"], caption, client, 60)
