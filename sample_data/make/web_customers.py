"""The customer ledger (顧客台帳.xlsx) and the same company twice in it.

One row per company as people typed it: date cells and era dates, full-width digits, a guest, rows
without a number, rows twice, and some forty companies that stand there under a second number.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from make import words
from make.raw import (
    Cell,
    Sheet,
    full_width,
    half_kana,
    messy_dates,
    messy_money,
    mixed,
    write_csv,
    write_xlsx,
)
from make.web_companies import LAST_JUDGED_START, TODAY, to_date
from make.web_contacts import INSIDE, owner_of
from make.web_files import FILES, GUEST, Marks, Row, slipped_in, spoiled

TWICE = 40  # companies with a second number
CONFIRMED = 20  # of which a person has confirmed so many
HEADER = (
    "顧客コード", "会社名", "担当者名", "区分", "都道府県", "業種", "従業員数", "役職",
    "ウェブ担当", "広告経験", "問合せ経路", "導入のきっかけ", "設立年", "平均年齢",
    "SNSフォロワー数", "態度",
    "態度記録日", "ニーズ", "年間見込額", "大口", "契約状況", "契約開始日", "プラン", "紹介元",
    "担当", "初回接触日", "電話番号", "メールアドレス", "成果レポート閲覧数", "更新面談の評価",
)  # fmt: skip


def draw_ledger(seed: int, firms: pd.DataFrame) -> pd.DataFrame:
    """One row per company with the columns of the ledger in the order of `HEADER`, still clean."""
    rng = np.random.default_rng([seed, 50])
    n = len(firms)
    people = words.draw(rng, dict.fromkeys(words.SURNAMES, 1.0), n)
    given = words.draw(rng, dict.fromkeys(words.GIVEN_NAMES, 1.0), n)
    attitude, noted = _attitudes(rng, firms)
    under = np.where(firms["relation"] == "signed", "終了", "なし")
    number = rng.permutation(9_000_000)[:n] + 1_000_000
    columns = {
        "顧客コード": firms["customer_id"],
        "会社名": words.firm_names(rng, firms["industry"].to_numpy()),
        "担当者名": people + " " + given,
        "区分": np.where(firms["relation"] == "partner", "パートナー", "E/U"),
        "都道府県": firms["prefecture"],
        "業種": firms["industry"],
        "従業員数": firms["staff"],
        "役職": firms["role"],
        "ウェブ担当": np.where(firms["web_person"], "有", "無"),
        "広告経験": np.where(
            rng.random(n) < 0.03, "", np.where(firms["ad_experience"], "有", "無")
        ),
        "問合せ経路": firms["route"],
        "導入のきっかけ": firms["motive"],
        "設立年": firms["founded"],
        "平均年齢": firms["average_age"],
        "SNSフォロワー数": firms["followers"],
        "態度": attitude,
        "態度記録日": noted,
        "ニーズ": words.draw(rng, dict.fromkeys(words.NEEDS, 1.0), n),
        "年間見込額": _potential(rng, firms),
        "大口": np.where(firms["key_account"], "大口（署名：鈴木）", ""),
        "契約状況": np.where(firms["under_contract"], "契約中", under),
        "契約開始日": firms["start"],
        "プラン": np.where(
            firms["start"].isna(), "", np.where(firms["quarterly"], "四半期", "年間")
        ),
        "紹介元": firms["referred_by"].fillna(""),
        "担当": [owner_of(firm) for firm in firms.itertuples()],
        "初回接触日": firms["first_contact"],
        "電話番号": [f"050-0{d // 10_000:03d}-{d % 10_000:04d}" for d in number],
        "メールアドレス": [f"info@{i.lower()}.example" for i in firms["customer_id"]],
        "成果レポート閲覧数": _report_views(rng, firms),
        "更新面談の評価": _renewal_marks(rng, firms),
    }
    return pd.DataFrame(columns)[[*HEADER]]


def _attitudes(rng: np.random.Generator, firms: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Noted for two in five; after the judgement it follows the result, before it it does not."""
    n = len(firms)
    noted = rng.integers(firms["first_contact"], TODAY + 1)
    usual = rng.choice(5, size=n, p=[0.06, 0.34, 0.42, 0.13, 0.05])
    pleased = rng.choice(5, size=n, p=[0.3, 0.5, 0.15, 0.04, 0.01])
    later = firms["result"] & (noted > firms["start"] + 180)
    code = np.where(firms["fan"], 0, np.where(later, pleased, usual))
    noted = np.where(firms["fan"], TODAY - 20, noted)
    has = (rng.random(n) < 0.4) | firms["fan"]
    words_of = np.array(words.ATTITUDES, dtype=object)[code]
    return np.where(has, words_of, ""), np.where(has, noted.astype(float), np.nan)


def _potential(rng: np.random.Generator, firms: pd.DataFrame) -> np.ndarray:
    """How much they could buy a year, by size; a guess that is missing for one in six."""
    size = firms["staff"].fillna(10).clip(upper=120).to_numpy()
    amount = np.round((900_000 + 60_000 * size) * np.exp(rng.normal(0, 0.4, len(firms))), -4)
    amount = np.where(firms["key_account"], amount * 3, amount)
    return np.where(rng.random(len(firms)) < 0.16, np.nan, amount)


def _judged(firms: pd.DataFrame) -> pd.Series:
    return firms["start"] <= LAST_JUDGED_START


def _report_views(rng: np.random.Generator, firms: pd.DataFrame) -> np.ndarray:
    """A leak: who got results looks at the result report, so it is known only afterwards."""
    views = rng.poisson(np.where(firms["result"], 14, 1.5)).astype(float)
    return np.where(_judged(firms), views, np.nan)


def _renewal_marks(rng: np.random.Generator, firms: pd.DataFrame) -> np.ndarray:
    """A leak without a date: the mark of the renewal talk, given when the result was known."""
    good = rng.choice(["A", "B"], size=len(firms), p=[0.55, 0.45]).astype(object)
    poor = rng.choice(["B", "C", "D"], size=len(firms), p=[0.25, 0.45, 0.3]).astype(object)
    marks = np.where(firms["result"], good, poor)
    return np.where(_judged(firms) & (rng.random(len(firms)) < 0.85), marks, "")


def draw_twins(seed: int, firms: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """A second row for `TWICE` companies: ㈱ for 株式会社, another number, most cells empty.

    Columns of the ledger plus `same_as` (the first number) and `confirmed`.
    """
    rng = np.random.default_rng([seed, 51])
    usual = firms["relation"].isin(["signed", "lost", "no_deal"]) & ~firms["not_worth_it"]
    plain = usual & ~firms["opted_out"] & ~firms["silent_leaver"] & ~firms["under_served"]
    chosen = np.sort(rng.choice(np.flatnonzero(plain), size=TWICE, replace=False))
    first = ledger.iloc[chosen].reset_index(drop=True)
    copy = ["都道府県", "業種", "従業員数", "区分"]
    twins = pd.DataFrame("", index=first.index, columns=list(HEADER)).assign(**first[copy])
    last = int(ledger["顧客コード"].iloc[-1][1:])
    return twins.assign(
        **{
            "顧客コード": [f"C{last + n:06d}" for n in range(1, TWICE + 1)],
            "会社名": [half_kana(words.short_form(name)) for name in first["会社名"]],
            "電話番号": [full_width(number.replace("-", "")) for number in first["電話番号"]],
            "契約状況": "なし",
            "担当": INSIDE,
            "初回接触日": TODAY - rng.integers(20, 300, TWICE).astype(float),
            "年間見込額": np.nan,
            "契約開始日": np.nan,
            "態度記録日": np.nan,
            "設立年": np.nan,
            "平均年齢": np.nan,
            "SNSフォロワー数": np.nan,
            "成果レポート閲覧数": np.nan,
            "same_as": first["顧客コード"],
            "confirmed": rng.permutation(TWICE) < CONFIRMED,
        }
    )


def write_merges(folder: Path, twins: pd.DataFrame) -> None:
    """The confirmed half of the pairs: old number, new number, who confirmed it and when."""
    confirmed = twins[twins["confirmed"]]
    rows = [
        [old, new, "田中（アフター）", "2026-03-12"]
        for old, new in zip(confirmed["顧客コード"], confirmed["same_as"], strict=True)
    ]
    header = ("old_id", "new_id", "confirmed_by", "confirmed_on")
    write_csv(folder / FILES["merges"], rows, header, "utf-8")


def write_ledger(folder: Path, rng: np.random.Generator, ledger: pd.DataFrame) -> Marks:
    """The workbook: two title rows, the header in row 3, and what people left in it."""
    rows = _ledger_rows(rng, ledger)
    again = [list(rows[n]) for n in rng.choice(len(rows), size=12, replace=False)]
    bad = spoiled(rng, rows, [(0, "", "missing customer id")] * 8)
    guest: Row = [GUEST, "店頭・一見のお客様（まとめ）", *[""] * (len(HEADER) - 2)]
    rows, marks = slipped_in(rng, rows + again, [*bad, (guest, "guest id")], FILES["customers"], 3)
    titles = ("顧客台帳（2026年3月31日現在）", "出力：営業企画　※社外秘・架空のデータです")
    write_xlsx(folder / FILES["customers"], [Sheet("顧客台帳", HEADER, rows, titles)])
    return marks


def _ledger_rows(rng: np.random.Generator, ledger: pd.DataFrame) -> list[Row]:
    shown = ledger.astype(object).copy()
    shown["従業員数"] = _staff_texts(rng, ledger["従業員数"].astype(float))
    money = [None if np.isnan(a) else float(a) for a in ledger["年間見込額"].astype(float)]
    shown["年間見込額"] = messy_money(rng, money)
    shown["初回接触日"] = [to_date(day) for day in ledger["初回接触日"]]  # real date cells
    for column, era in (("契約開始日", 0.15), ("態度記録日", 0.05)):
        days = [to_date(day) for day in ledger[column].astype(float)]
        shown[column] = messy_dates(rng, days, {"slash": 1 - era, "era": era})
    return [[_cell(value) for value in row] for row in shown.to_numpy().tolist()]


def _cell(value: Any) -> Cell:
    """Blank and missing are an empty cell; whole numbers stay whole."""
    if value is None or value == "" or (isinstance(value, float) and np.isnan(value)):
        return None
    return int(value) if isinstance(value, float) else value


def _staff_texts(rng: np.random.Generator, staff: pd.Series) -> list[str]:
    """20, ２０ or 20名."""
    styles = mixed(rng, {"plain": 0.93, "wide": 0.04, "people": 0.03}, len(staff))
    texts = ["" if np.isnan(n) else str(int(n)) for n in staff]
    return [
        full_width(text) if style == "wide" else f"{text}名" if text and style == "people" else text
        for text, style in zip(texts, styles, strict=True)
    ]
