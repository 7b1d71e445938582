"""Orders, returns and deals as files: two order systems, ▲ for money back, a web tool's export."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from make.raw import (
    full_width,
    messy_dates,
    messy_ids,
    messy_money,
    money_text,
    write_csv,
)
from make.web_files import (
    FILES,
    GUEST,
    Bad,
    Marks,
    Row,
    as_dates,
    as_rows,
    slipped_in,
    spoiled,
)

ORDERS_2023 = (
    "受注番号", "受注日", "顧客コード", "商品", "商品ライン", "数量", "受注金額", "粗利",
    "キャンペーン", "状態",
)  # fmt: skip
ORDERS_2024 = (
    "OrderNo", "OrderDate", "Account", "Item", "Line", "Qty", "Net", "GrossProfit", "Promo",
    "Status",
)  # fmt: skip


def write_orders(folder: Path, rng: np.random.Generator, lines: pd.DataFrame) -> Marks:
    """Fiscal 2023 in cp932 with Japanese headers, the two years after it in UTF-8 with others."""
    old = lines["order_id"].str.startswith("J23")
    return _write_2023(folder, rng, lines[old]) + _write_2024(folder, rng, lines[~old])


def _write_2023(folder: Path, rng: np.random.Generator, lines: pd.DataFrame) -> Marks:
    dates = {"slash": 0.7, "era": 0.22, "era_short": 0.04, "kanji": 0.04}
    money = {"comma": 0.62, "wide_yen": 0.2, "yen_word": 0.13, "full_width": 0.05}
    rows = _orderas_rows(rng, lines, dates, money, "完了")
    bad = spoiled(rng, _sold(rows), [(2, "", "missing customer id")] * 6
                  + [(1, "未定", "unreadable date")] * 4
                  + [(1, "2024/2/30", "date not in the calendar")] * 3
                  + [(6, "要確認", "unreadable amount")] * 5
                  + [(6, "0", "zero amount")] * 6
                  + [(2, GUEST, "guest id")] * 9
                  + [(9, "見積のみ", "status ignored")] * 7)  # fmt: skip
    rows, marks = slipped_in(rng, rows, _renumbered(bad, 0, "J23-9"), FILES["orders_2023"])
    write_csv(folder / FILES["orders_2023"], rows, ORDERS_2023, "cp932", "\r\n")
    return marks


def _write_2024(folder: Path, rng: np.random.Generator, lines: pd.DataFrame) -> Marks:
    dates, money = {"iso": 0.94, "era_short": 0.06}, {"plain": 0.9, "yen_sign": 0.1}
    rows = _orderas_rows(rng, lines, dates, money, "closed")
    sold = _sold(rows)
    early = _renumbered([(list(row), "") for row in sold[-4:]], 0, "J26-0")
    rows += [[*row[:1], "2026-04-10", *row[2:]] for row, _ in early]  # typed before their day
    unknown = _renumbered([(list(row), "") for row in sold[:5]], 0, "J24-8")
    rows += [[*row[:2], f"C{n:06d}", *row[3:]] for n, (row, _) in enumerate(unknown, start=1)]
    bad = spoiled(rng, sold, [(2, "", "missing customer id")] * 8
                  + [(1, "", "missing date")] * 5
                  + [(1, "2025-02-29", "date not in the calendar")] * 3
                  + [(6, "", "missing amount")] * 4
                  + [(6, "N/A", "unreadable amount")] * 4
                  + [(6, "0", "zero amount")] * 10
                  + [(2, GUEST, "guest id")] * 12
                  + [(9, "cancelled", "cancelled order")] * 45
                  + [(9, "quote", "status ignored")] * 8)  # fmt: skip
    rows, marks = slipped_in(rng, rows, _renumbered(bad, 0, "J24-9"), FILES["orders_2024"])
    write_csv(folder / FILES["orders_2024"], rows, ORDERS_2024, "utf-8")
    return marks


def _orderas_rows(
    rng: np.random.Generator, lines: pd.DataFrame, dates: dict, money: dict, done: str
) -> list[Row]:
    amounts = messy_money(rng, lines["amount"].tolist(), money)
    margins = [money_text(margin, "plain") for margin in lines["margin"]]
    quantity = [full_width(str(n)) if rng.random() < 0.03 else str(n) for n in lines["quantity"]]
    return as_rows(
        lines["order_id"],
        messy_dates(rng, as_dates(lines["day"]), dates),
        messy_ids(rng, lines["customer_id"].tolist()),
        lines["product"],
        lines["product_line"],
        quantity,
        amounts,
        margins,
        lines["campaign"],
        [done] * len(lines),
    )


def _sold(rows: list[Row]) -> list[Row]:
    return [row for row in rows if not str(row[6]).startswith("▲")]


def _renumbered(bad: list[Bad], cell: int, start: str) -> list[Bad]:
    """Numbers of their own, so that no bad row belongs to a real order."""
    return [
        ([*row[:cell], f"{start}{n:04d}", *row[cell + 1 :]], why)
        for n, (row, why) in enumerate(bad)
    ]


def write_adjustments(folder: Path, rng: np.random.Generator, changes: pd.DataFrame) -> Marks:
    """Returns and discounts as ▲ amounts, in cp932."""
    rows = as_rows(
        messy_dates(rng, as_dates(changes["day"]), {"slash": 0.8, "era": 0.2}),
        changes["order_id"],
        changes["customer_id"],
        messy_money(rng, changes["amount"].tolist(), {"comma": 0.85, "full_width": 0.15}),
        changes["kind"],
    )
    bad = spoiled(rng, rows, [(2, "", "missing customer id")] * 2
                  + [(3, "▲", "unreadable amount"), (0, "不明", "unreadable date")])  # fmt: skip
    rows, marks = slipped_in(rng, rows, bad, FILES["adjustments"])
    header = ("処理日", "受注番号", "顧客コード", "金額", "区分")
    write_csv(folder / FILES["adjustments"], rows, header, "cp932", "\r\n")
    return marks


def write_deals(folder: Path, rng: np.random.Generator, deals: pd.DataFrame) -> Marks:
    """One line per deal in UTF-8 with a byte-order mark, as a web tool exports it."""
    result = [{True: "受注", False: "失注"}.get(won, "未定") for won in deals["won"]]
    rows = as_rows(
        deals["deal_id"],
        messy_ids(rng, deals["customer_id"].tolist(), 0.005),
        *(
            messy_dates(rng, as_dates(deals[day]), {"slash_padded": 1.0})
            for day in ("opened", "proposed", "decided")
        ),
        result,
        [money_text(amount, "plain") for amount in deals["amount"]],
        deals["owner"],
    )
    bad = spoiled(rng, rows, [(1, "", "missing customer id")] * 5
                  + [(0, "", "missing deal")] * 3
                  + [(2, "", "missing date")] * 4)  # fmt: skip
    rows, marks = slipped_in(rng, rows, bad, FILES["deals"])
    header = (
        "案件番号",
        "顧客コード",
        "案件発生日",
        "見積提出日",
        "決定日",
        "結果",
        "見積金額",
        "担当",
    )
    write_csv(folder / FILES["deals"], rows, header, "utf-8-sig", "\r\n")
    return marks
