"""Nine invented clients, each with other lists: what a business may have when it begins.

Each is a handful of lists as they come, the client.toml that `kit.py new` proposes for them, and
what a person adds to it. People and firms are invented.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from segment_lib.lists.proposing.new_client import propose_client
from segment_lib.voice import Language

LAST_DAY = date(2025, 6, 30)
FAMILIES = (
    "赤城",
    "井筒",
    "宇佐美",
    "榎本",
    "小野田",
    "柏木",
    "久世",
    "笹原",
    "志摩",
    "滝沢",
    "真鍋",
)
GIVEN = ("あおい", "一郎", "恵子", "健太", "さくら", "修", "千夏", "直樹", "春香", "光")
FIRMS = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Hazel", "Larch", "Pine")
TRADES = ("Bakery", "Dental", "Fitness", "Garage", "Hotel")
PREFECTURES = ("東京都", "大阪府", "愛知県", "福岡県", "北海道")

Lists = dict[str, str]
MADE_ON = (r"^(# )?as_of = .*", f"as_of = {LAST_DAY}")
STILL_OPEN = (r"^unknown = \[\]", 'unknown = ["open", "proposal"]')


@dataclass(frozen=True)
class Shape:
    """`lists`: file name to text; `answers`: lines of the proposal that a person finishes."""

    lists: Lists
    language: Language
    answers: tuple[tuple[str, str], ...] = ()


def _csv(header: str, rows: list[list[object]]) -> str:
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
    return "\n".join([header, *lines]) + "\n"


def _day(draw: random.Random, within: int = 500) -> date:
    return LAST_DAY - timedelta(days=draw.randint(0, within))


def _people(draw: random.Random, heads: int) -> str:
    rows = [
        [f"K{n:03d}", f"{draw.choice(FAMILIES)} {draw.choice(GIVEN)}",
         draw.choice(PREFECTURES), draw.choice(["男性", "女性"]), f"{_day(draw):%Y/%m/%d}"]
        for n in range(1, heads + 1)
    ]  # fmt: skip
    return _csv("会員番号,お名前,都道府県,性別,登録日", rows)


def _orders(draw: random.Random, heads: int, amounts: tuple[int, ...] = (1200, 3000, 8800)) -> str:
    rows = []
    for n in range(1, heads + 1):
        for _ in range(draw.choice([1, 1, 2, 3, 6])):
            rows.append([f"K{n:03d}", _day(draw), draw.choice(amounts)])
    rows = [[f"J{at:04d}", *row] for at, row in enumerate(rows)] + [["J9999", "K001", LAST_DAY, 1]]
    rows[-1][3] = amounts[0]
    return _csv("受注番号,会員番号,注文日,金額", rows)


def _firms(draw: random.Random, heads: int) -> str:
    rows = [
        [f"A{n:03d}", f"{draw.choice(FIRMS)} {draw.choice(TRADES)} {n}", draw.choice(TRADES),
         draw.choice(["Kurz", "Lang"]), _day(draw)]
        for n in range(1, heads + 1)
    ]  # fmt: skip
    return _csv("customer_id,name,trade,owner,first_contact_on", rows)


def _contacts(draw: random.Random, heads: int, letter: str = "A") -> str:
    rows = [
        [f"{letter}{draw.randint(1, heads):03d}", _day(draw, 300),
         draw.choice(["call", "mail", "visit"]), draw.choice(["out", "in"])]
        for _ in range(4 * heads)
    ]  # fmt: skip
    return _csv("customer_id,contacted_on,channel,direction", rows)


def _deals(draw: random.Random, heads: int, states: tuple[str, ...]) -> str:
    rows = []
    for n in range(1, heads + 1):
        opened, state = _day(draw, 200), draw.choice(states)
        sent = None if state == "open" else opened + timedelta(days=3)
        closed = opened + timedelta(days=20) if state.startswith("closed") else None
        amount = draw.choice([120000, 300000])
        rows.append([f"D{n:03d}", f"A{n:03d}", opened, state, sent, closed, amount])
    return _csv("deal_id,customer_id,opened_on,Deal Stage,proposed_on,closed_on,amount", rows)


def _outcomes(heads: int, answer: str) -> str:
    rows = [[f"K{n:03d}", answer, LAST_DAY - timedelta(days=n)] for n in range(1, heads + 1)]
    return _csv("会員番号,成果,判定日", rows)


def customers_only() -> Shape:
    """A list of members and nothing else."""
    return Shape({"members.csv": _people(random.Random(1), 60)}, "ja", (MADE_ON,))


def leads_only() -> Shape:
    """Firms we have talked to; nobody has ordered, signed or won."""
    draw = random.Random(2)
    return Shape(
        {
            "customers.csv": _firms(draw, 60),
            "contacts.csv": _contacts(draw, 60),
            "deals.csv": _deals(draw, 40, ("open", "proposal", "closed lost")),
        },
        "en",
        (STILL_OPEN,),
    )


def summed_up() -> Shape:
    """One row per customer: how often, how much, the last day; no single order."""
    draw = random.Random(3)
    rows = [
        [f"K{n:03d}", draw.choice([1, 1, 2, 4, 9]), draw.randint(1, 90) * 1000,
         f"{_day(draw):%Y/%m/%d}"]
        for n in range(1, 121)
    ]  # fmt: skip
    lists = {"顧客別集計.csv": _csv("会員番号,購入回数,累計購入金額,最終購入日", rows)}
    return Shape(lists, "ja", (MADE_ON,))


def visits() -> Shape:
    """A log of visits in which nobody pays."""
    draw = random.Random(4)
    lists = {"visits.csv": _orders(draw, 60, (0,)), "members.csv": _people(draw, 60)}
    return Shape(lists, "ja", ((r'^# (zero_amounts = "visit")', r"\1"),))


def deals_without_orders() -> Shape:
    """Firms and deals, some of them won; no list of orders."""
    draw = random.Random(5)
    won = ("closed won", "closed won", "closed lost", "proposal", "open")
    lists = {"customers.csv": _firms(draw, 60), "deals.csv": _deals(draw, 50, won)}
    return Shape(lists, "en", (STILL_OPEN,))


def one_customer() -> Shape:
    """A business that has just sold something for the first time."""
    return Shape({"orders.csv": "customer_id,ordered_on,amount\n001,2025-06-30,1200\n"}, "en")


def no_outcome() -> Shape:
    """Orders and contacts; nobody wrote down who got results."""
    draw = random.Random(6)
    lists = {"orders.csv": _orders(draw, 100), "contacts.csv": _contacts(draw, 100, "K")}
    return Shape(lists, "ja")


def all_yes() -> Shape:
    """Everybody whose result is known got it."""
    draw = random.Random(7)
    lists = {"orders.csv": _orders(draw, 80), "members.csv": _people(draw, 80)}
    return Shape(lists | {"results.csv": _outcomes(80, "はい")}, "ja")


def all_no() -> Shape:
    """Nobody whose result is known got it."""
    lists = all_yes().lists | {"results.csv": _outcomes(80, "いいえ")}
    return Shape(lists, "ja")


SHAPES: dict[str, Callable[[], Shape]] = {
    make.__name__: make
    for make in (
        customers_only, leads_only, summed_up, visits, deals_without_orders, one_customer,
        no_outcome, all_yes, all_no,
    )
}  # fmt: skip


def in_turn(language: str) -> list[ParameterSet]:
    """The shapes for a walk in this language: every other one of them, the others among the slow.

    So each is walked to its end in one language each time, in both in `kit.py test --all`.
    """
    own = {"en": 0, "ja": 1}[language]
    return [
        pytest.param(name, marks=[] if place % 2 == own else [pytest.mark.slow])
        for place, name in enumerate(SHAPES)
    ]


def proposed(name: str, folder: Path) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The files of a shape written into `folder`; what `kit.py new` proposes, and what it asks."""
    folder.mkdir(parents=True, exist_ok=True)
    lists = SHAPES[name]().lists
    for file, text in lists.items():
        (folder / file).write_text(text, encoding="utf-8")
    new = propose_client(name, [folder / file for file in lists], folder)
    return new.text, new.open


def client_toml(name: str, folder: Path) -> Path:
    """The client.toml of a shape as a person leaves it, its lists beside it, below `folder`."""
    text, _ = proposed(name, folder / name)
    for line, finished in SHAPES[name]().answers:
        text, found = re.subn(line, finished, text, flags=re.MULTILINE)
        assert found == 1, f"{name}: the proposal holds {found} times {line}"
    path = folder / name / "client.toml"
    path.write_text(text, encoding="utf-8")
    return path
