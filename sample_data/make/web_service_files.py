"""Contacts, requests, use, results, incidents and permissions as files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from make.raw import Sheet, date_text, messy_dates, messy_ids, write_csv, write_xlsx
from make.web_companies import STEPS
from make.web_files import (
    FILES,
    GUEST,
    Bad,
    Marks,
    as_dates,
    as_rows,
    slipped_in,
    spoiled,
)

STEP_WORDS = dict(
    zip(
        STEPS,
        ("ヒアリングシート", "目標の共有", "計測タグの権限", "素材の提供", "初回レポートへの返答"),
        strict=True,
    )
)
KIND_WORDS = {"name": "名刺", "mail": "メール", "call": "電話", "met": "面談", "meal": "会食"}
WAY_WORDS = {"in": "受信", "out": "発信", "give": "提供", "ask": "依頼"}


def write_contacts(folder: Path, rng: np.random.Generator, touches: pd.DataFrame) -> Marks:
    """The team's log in cp932; some lines were pasted twice, some lack who or when."""
    rows = as_rows(
        messy_dates(rng, as_dates(touches["contacted_on"]), {"slash": 0.985, "era_short": 0.015}),
        messy_ids(rng, touches["customer_id"].tolist(), 0.004),
        *(touches[column].map(words) for column, words in
          (("kind", KIND_WORDS), ("direction", WAY_WORDS), ("intent", WAY_WORDS))),
        *(messy_dates(rng, as_dates(touches[day]), {"slash": 1.0})
          for day in ("asked_on", "answered_on")),
        [f"{hours:g}" for hours in touches["effort_hours"]],
        touches["owner"],
    )  # fmt: skip
    again = [list(rows[number]) for number in rng.choice(len(rows), size=25, replace=False)]
    bad = spoiled(rng, rows, [(1, "", "missing customer id")] * 18
                  + [(0, "先月", "unreadable date")] * 9
                  + [(0, "", "missing date")] * 7
                  + [(1, GUEST, "guest id")] * 12)  # fmt: skip
    rows, marks = slipped_in(rng, rows + again, bad, FILES["contacts"])
    header = ("対応日", "顧客コード", "種別", "方向", "目的", "依頼日", "回答日", "工数", "担当")
    write_csv(folder / FILES["contacts"], rows, header, "cp932", "\r\n")
    return marks


def write_requests(folder: Path, rng: np.random.Generator, requests: pd.DataFrame) -> Marks:
    """The five requests by mail: when asked, when answered, properly or not."""
    well = [{True: "○", False: "△"}.get(done, "") for done in requests["done_well"]]
    rows = as_rows(
        messy_ids(rng, requests["customer_id"].tolist(), 0.004),
        requests["step"].map(STEP_WORDS),
        *(
            messy_dates(rng, as_dates(requests[day]), {"slash": 0.98, "kanji": 0.02})
            for day in ("asked_on", "answered_on")
        ),
        well,
    )
    bad = spoiled(rng, rows, [(0, "", "missing customer id")] * 6 + [(2, "", "missing date")] * 5)
    rows, marks = slipped_in(rng, rows, bad, FILES["requests"])
    header = ("顧客コード", "依頼", "送信日", "返信日", "適切")
    write_csv(folder / FILES["requests"], rows, header, "utf-8")
    return marks


def write_usage(folder: Path, rng: np.random.Generator, usage: pd.DataFrame) -> Marks:
    """The tool's own log: tidy, but for a test account."""
    days = [date_text(day, "iso") for day in as_dates(usage["day"])]
    rows = as_rows(usage["customer_id"], days, usage["feature"])
    bad = spoiled(rng, rows, [(0, GUEST, "guest id")] * 15)
    rows, marks = slipped_in(rng, rows, bad, FILES["usage"])
    write_csv(folder / FILES["usage"], rows, ("account", "used_on", "feature"), "utf-8")
    return marks


def write_outcomes(folder: Path, rng: np.random.Generator, outcomes: pd.DataFrame) -> Marks:
    """A workbook with one title row: result, day of judgement, growth of enquiries in per cent."""
    growth = [None if np.isnan(value) else int(value) for value in outcomes["growth"]]
    rows = as_rows(outcomes["customer_id"], outcomes["result"], as_dates(outcomes["day"]), growth)
    bad: list[Bad] = [([None, "あり", None, 20], "missing customer id")] * 3
    rows, marks = slipped_in(rng, rows, bad, FILES["outcomes"], above=2)
    header = ("顧客コード", "成果", "判定日", "問合せ増加率(%)")
    sheet = Sheet("判定", header, rows, titles=("成果判定（契約から180日目）",))
    write_xlsx(folder / FILES["outcomes"], [sheet])
    return marks


def write_incidents(folder: Path, rng: np.random.Generator, incidents: pd.DataFrame) -> Marks:
    """A workbook; 正当 × stands only where a person has signed that it was unreasonable."""
    exceeded = [{True: "○", False: "×"}.get(value, "") for value in incidents["exceeded"]]
    days = ("occurred", "responded", "recovered", "next_delivery")
    rows = as_rows(
        incidents["customer_id"],
        *(messy_dates(rng, as_dates(incidents[day]), {"slash": 0.8, "era": 0.2}) for day in days),
        exceeded,
        incidents["severity"],
        ["○" if fair else "×" for fair in incidents["justified"]],
        ["" if fair else "佐藤 2026/2/10" for fair in incidents["justified"]],
    )
    bad = spoiled(rng, rows, [(1, "", "missing date")] * 2)
    rows, marks = slipped_in(rng, rows, bad, FILES["incidents"], above=2)
    header = ("顧客コード", "発生日", "初動日", "リカバリ日", "次回納品日", "期待以上", "重大さ",
              "正当", "判断者")  # fmt: skip
    sheet = Sheet("クレーム", header, rows, titles=("クレーム管理表",))
    write_xlsx(folder / FILES["incidents"], [sheet])
    return marks


def write_permissions(folder: Path, rng: np.random.Generator, wishes: pd.DataFrame) -> Marks:
    """Who has asked not to be contacted, by which channel."""
    days = messy_dates(rng, as_dates(wishes["day"]), {"slash": 0.7, "era": 0.3})
    rows = as_rows(wishes["customer_id"], wishes["channel"], wishes["allowed"], days)
    bad = spoiled(rng, rows, [(0, "", "missing customer id")] * 2)
    rows, marks = slipped_in(rng, rows, bad, FILES["permissions"])
    header = ("顧客コード", "手段", "可否", "受付日")
    write_csv(folder / FILES["permissions"], rows, header, "cp932", "\r\n")
    return marks
