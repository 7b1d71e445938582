"""The mail-order shop: 800 people, 30 months of order lines, two consumables, known truth.

Serum (美容液, line A) lasts about 90 days, the supplement (サプリメント, line B) about 30, so
that "often" means something else for each. Planted: people lost to a competitor, one television
day and one deep sale that make fad buyers with little margin, a coupon on the second order, guests,
returns. Who buys the supplement steadily from the start *and* came for their health reaches the
goal more often than the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from make.raw import (
    Sheet,
    date_text,
    half_kana,
    messy_dates,
    messy_money,
    money_text,
    write_csv,
    write_xlsx,
)
from make.words import GIVEN_NAMES, PREFECTURES, SURNAMES, draw

FIRST_DAY = date(2023, 10, 1)
AS_OF = date(2026, 3, 31)
TELEVISION = date(2024, 11, 10)
SALE = date(2025, 7, 5)
PEOPLE = 800
GUEST = "99999999"
LINES = {
    "A": ("A美容液", "美容液 30mL", 8800),
    "B": ("Bサプリ", "サプリメント 30日分", 3980),
}
MARGIN = {"": 0.55, "2回目クーポン": 0.42, "テレビ": 0.24, "半額セール": 0.08}
PRICE = {"": 1.0, "2回目クーポン": 0.8, "テレビ": 0.75, "半額セール": 0.5}
# What each person is planned to do, and how many of 800: the truth the five types should find.
PLANS = {
    "first_time": 0.27,
    "toddler": 0.12,
    "steady": 0.13,
    "loyal": 0.23,
    "fad": 0.11,
    "fad_turned_loyal": 0.02,
    "lost_to_competitor": 0.12,
}
# cp932 has no ¥ of half width
STYLES = {"comma": 0.75, "plain": 0.13, "yen_word": 0.08, "full_width": 0.04}
LIFESTYLES = {"仕事中心": 0.35, "家庭中心": 0.4, "趣味中心": 0.25}
MOTIVES = {"健康のため": 0.35, "見た目のため": 0.4, "すすめられて": 0.15, "なんとなく": 0.1}
KANA = (
    "サクラ",
    "ユイ",
    "ハルト",
    "アオイ",
    "ミナト",
    "リン",
    "ソウタ",
    "ヒナ",
    "カエデ",
    "ワタル",
)
ATTITUDES = ("熱狂的", "肯定的", "無関心", "否定的", "敵対的")


@dataclass
class Person:
    """One member: the plan, the rhythm, and what was bought (day, line, pieces, campaign)."""

    number: str
    plan: str
    pace: float
    line: str
    joined: date
    orders: list[tuple[date, str, int, str]] = field(default_factory=list)

    def buy(self, day: date, line: str, pieces: int = 1, campaign: str = "") -> None:
        """Note an order, if its day lies within the 30 months."""
        if FIRST_DAY <= day <= AS_OF:
            self.orders.append((day, line, pieces, campaign))


def make_shop(folder: Path, seed: int = 20260402) -> None:
    """Write the raw lists of the shop below `folder`, and the truth below `folder`/truth."""
    rng = np.random.default_rng(seed)
    people = [_person(rng, number) for number in range(PEOPLE)]
    for person in people:
        _shop_for(rng, person)
    people = [person for person in people if person.orders]
    _write_members(folder, rng, people)
    numbered = _numbered_orders(people)
    _write_order_lines(folder, rng, numbered)
    _write_returns(folder, rng, numbered)
    _write_incidents(folder, rng, people)
    reached = _write_surveys(folder, rng, people)
    _write_truth(folder, people, reached)


def _person(rng: np.random.Generator, number: int) -> Person:
    plan = str(draw(rng, PLANS, 1)[0])
    line = "A" if plan == "lost_to_competitor" or rng.random() < 0.5 else "B"
    joined = FIRST_DAY + timedelta(days=int(rng.integers(0, 850)))
    if plan.startswith("fad"):
        joined = TELEVISION if rng.random() < 0.55 else SALE
        joined += timedelta(days=int(rng.integers(0, 3)))
    if plan in ("loyal", "lost_to_competitor"):
        joined = FIRST_DAY + timedelta(days=int(rng.integers(0, 560)))
    pace = float(rng.gamma(40, 1 / 40))
    return Person(f"{number + 10_271:08d}", plan, pace, line, joined)


def _shop_for(rng: np.random.Generator, person: Person) -> None:
    usual = {"A": 90.0, "B": 30.0}[person.line] * person.pace
    if person.plan.startswith("fad"):
        _burst(rng, person, usual)
    elif person.plan in ("first_time", "toddler"):
        person.buy(person.joined, person.line)
        if person.plan == "toddler":
            wait = max(5, int(rng.gamma(9, usual / 9)))
            person.buy(person.joined + timedelta(days=wait), person.line, 1, "2回目クーポン")
    else:
        _rhythm(rng, person, usual * (2.4 if person.plan == "steady" else 1.0))


def _rhythm(rng: np.random.Generator, person: Person, usual: float) -> None:
    day, count = person.joined, 0
    stop = int(rng.integers(3, 6)) if person.plan == "lost_to_competitor" else 10_000
    while day <= AS_OF and count < stop:
        coupon = "2回目クーポン" if count == 1 and rng.random() < 0.5 else ""
        person.buy(day, person.line, 2 if rng.random() < 0.06 else 1, coupon)
        if person.plan == "loyal" and count and rng.random() < 0.12:
            person.buy(day, "B" if person.line == "A" else "A")
        day += timedelta(days=max(4, int(rng.gamma(16, usual / 16))))
        count += 1


def _burst(rng: np.random.Generator, person: Person, usual: float) -> None:
    campaign = "テレビ" if person.joined < SALE else "半額セール"
    day = person.joined
    for _ in range(int(rng.integers(3, 6))):
        person.buy(day, person.line, int(rng.integers(2, 6)), campaign)
        day += timedelta(days=int(rng.integers(4, 24)))
    if person.plan == "fad_turned_loyal":
        _rhythm(rng, Person(person.number, "loyal", 1, person.line, day, person.orders), usual)


def _numbered_orders(people: list[Person]) -> pd.DataFrame:
    """One row per line: orders of one person and day share a number."""
    rows = [(p.number, *order) for p in people for order in p.orders]
    lines = pd.DataFrame(rows, columns=["member", "day", "line", "pieces", "campaign"])
    lines = lines.sort_values(["day", "member", "line"], ignore_index=True)
    number = lines.groupby(["day", "member"], sort=False).ngroup()
    lines["order"] = [f"{4_100_000 + n:08d}" for n in number]
    price = lines["line"].map({key: value[2] for key, value in LINES.items()})
    lines["amount"] = (price * lines["pieces"] * lines["campaign"].map(PRICE)).round()
    lines["margin"] = (lines["amount"] * lines["campaign"].map(MARGIN)).round()
    return lines


def _write_order_lines(folder: Path, rng: np.random.Generator, lines: pd.DataFrame) -> None:
    guests = lines.sample(45, random_state=7).assign(member=GUEST, campaign="")
    guests["order"] = [f"9{n:07d}" for n in range(len(guests))]
    every = pd.concat([lines, guests]).sort_values(["day", "order", "line"], ignore_index=True)
    every["cancelled"] = rng.random(len(every)) < 0.012
    every["blank"] = rng.random(len(every)) < 0.002
    early = every[every["day"] < date(2025, 1, 1)]
    late = every[every["day"] >= date(2025, 1, 1)]
    name, item = (early["line"].map({key: row[n] for key, row in LINES.items()}) for n in (0, 1))
    write_csv(
        folder / "注文明細_2023-24.csv",
        zip(
            early["member"].where(~early["blank"], ""), early["order"],
            messy_dates(rng, list(early["day"])), item, name, early["pieces"],
            messy_money(rng, list(early["amount"]), STYLES), early["margin"].astype(int),
            early["campaign"], early["cancelled"].map({True: "キャンセル", False: "出荷済"}),
            strict=True,
        ),
        ["会員番号", "注文番号", "注文日", "商品名", "商品ライン", "数量", "金額", "粗利", "企画",
         "状態"],
        encoding="cp932", newline="\r\n",
    )  # fmt: skip
    write_csv(
        folder / "order_lines_2025-26.csv",
        zip(
            late["member"].where(~late["blank"], ""), late["order"],
            [date_text(day, "iso") for day in late["day"]],
            late["line"].map({key: row[0] for key, row in LINES.items()}), late["pieces"],
            late["amount"].astype(int), late["margin"].astype(int), late["campaign"],
            late["cancelled"].map({True: "cancelled", False: "shipped"}),
            strict=True,
        ),
        ["member_no", "order_no", "order_date", "line", "qty", "total", "gross_margin", "campaign",
         "status"],
    )  # fmt: skip


def _write_returns(folder: Path, rng: np.random.Generator, lines: pd.DataFrame) -> None:
    back = lines[rng.random(len(lines)) < 0.015]
    days = [min(AS_OF, day + timedelta(days=int(rng.integers(3, 25)))) for day in back["day"]]
    write_csv(
        folder / "返品.csv",
        zip(
            back["member"], messy_dates(rng, days), [money_text(-a) for a in back["amount"]],
            back["order"], back["line"].map({key: row[0] for key, row in LINES.items()}),
            strict=True,
        ),
        ["会員番号", "返品日", "返品金額", "注文番号", "商品ライン"],
    )  # fmt: skip


def _write_incidents(folder: Path, rng: np.random.Generator, people: list[Person]) -> None:
    rows = []
    for person in people:
        if len(person.orders) < 3 or rng.random() > 0.05:
            continue
        day = person.orders[-2][0] + timedelta(days=2)
        put_right = rng.random() < 0.7
        rows.append(
            (person.number, date_text(day), date_text(day + timedelta(days=1)),
             date_text(day + timedelta(days=4) if put_right else None),
             "商品違い" if rng.random() < 0.5 else "遅配")
        )  # fmt: skip
    write_csv(
        folder / "クレーム.csv",
        rows,
        ["会員番号", "発生日", "初動日", "解決日", "内容"],
        encoding="cp932",
        newline="\r\n",
    )


def _write_members(folder: Path, rng: np.random.Generator, people: list[Person]) -> None:
    size = len(people)
    prefectures = draw(rng, PREFECTURES, size)
    rows = []
    for n, person in enumerate(people):
        sent_by = people[int(rng.integers(size))].number if rng.random() < 0.07 else ""
        surname = SURNAMES[int(rng.integers(len(SURNAMES)))]
        given = GIVEN_NAMES[int(rng.integers(len(GIVEN_NAMES)))]
        born = date(int(rng.integers(1950, 2003)), int(rng.integers(1, 13)), 15)
        rows.append(
            (person.number, f"{surname} {given}", half_kana(KANA[int(rng.integers(len(KANA)))]),
             "女性" if rng.random() < 0.72 else "男性", date_text(born, "compact"),
             prefectures[n], date_text(person.joined, "slash"), sent_by,
             "拒否" if rng.random() < 0.06 else "可")
        )  # fmt: skip
    header = [
        "会員番号",
        "お名前",
        "フリガナ",
        "性別",
        "生年月日",
        "都道府県",
        "入会日",
        "紹介者番号",
    ]
    titles = ["通販サンプル店 会員名簿", "2026年3月31日 出力"]
    members = Sheet("会員", header, [row[:8] for row in rows], titles)
    mail = Sheet("メルマガ", ["会員番号", "メルマガ"], [(row[0], row[8]) for row in rows])
    write_xlsx(folder / "会員名簿.xlsx", [members, mail])


def _write_surveys(
    folder: Path, rng: np.random.Generator, people: list[Person]
) -> dict[str, tuple[str, bool]]:
    """The form on joining, and the one 180 days later; returns motive and truth per member."""
    joining, later, truth = [], [], {}
    ages = {"20代": 0.12, "30代": 0.22, "40代": 0.28, "50代": 0.22, "60代以上": 0.16}
    for person in people:
        first = person.orders[0][0]
        age, style, motive = (str(draw(rng, w, 1)[0]) for w in (ages, LIFESTYLES, MOTIVES))
        early = sum(day <= first + timedelta(days=100) for day, *_ in person.orders)
        steady_start = person.line == "B" and early >= 3
        chance = 0.75 if steady_start and motive == "健康のため" else 0.3
        reached = bool(rng.random() < chance)
        truth[person.number] = (motive, reached)
        if rng.random() < 0.8:
            joining.append((person.number, age, style, motive))
        asked = first + timedelta(days=180)
        if asked <= AS_OF and rng.random() < 0.72:
            mood = ATTITUDES[min(4, int(rng.gamma(2 if reached else 4, 0.6)))]
            goal = "わからない" if rng.random() < 0.08 else "達成" if reached else "未達"
            later.append((person.number, date_text(asked, "slash"), mood, goal))
    first_form = ["会員番号", "年代", "ライフスタイル", "購入動機"]
    second_form = ["会員番号", "回答日", "お店への態度", "目的達成"]
    write_xlsx(
        folder / "アンケート.xlsx",
        [
            Sheet("入会時", first_form, joining, ["入会時アンケート"]),
            Sheet("180日後", second_form, later, ["180日後アンケート"]),
        ],
    )
    return truth


def _write_truth(folder: Path, people: list[Person], reached: dict[str, tuple[str, bool]]) -> None:
    write_csv(
        folder / "truth" / "members.csv",
        ((p.number, p.plan, p.line, *reached[p.number]) for p in people),
        ["customer_id", "plan", "line", "motive", "reached_the_goal"],
    )
