"""Which column is which: whole headers only, and no trap is taken for who, when or how much."""

from __future__ import annotations

import pytest

from segment_lib.columns import REGISTER_COLUMNS, TABLES
from segment_lib.lists.proposing.headers import (
    ALIASES,
    SYSTEMS,
    TABLE_ALIASES,
    candidates,
    fold_header,
    likeliest_table,
    propose_columns,
    propose_positions,
)

READ_ALONG = {"status", "cancelled_on", "unit_price", "tax_rate", "original_order_id"}
WHO_WHEN_MONEY = ("customer_id", "ordered_on", "amount", "order_id")


def test_there_are_many_aliases_and_each_names_one_column() -> None:
    count = sum(map(len, ALIASES.values()))
    count += sum(len(words) for columns in TABLE_ALIASES.values() for words in columns.values())
    assert count >= 1200
    assert set(ALIASES) <= {*REGISTER_COLUMNS, *READ_ALONG}
    for table, columns in TABLES.items():
        seen: dict[str, str] = {}
        for column in columns:
            own = (*ALIASES.get(column, ()), *TABLE_ALIASES.get(table, {}).get(column, ()))
            for alias in map(fold_header, own):
                assert seen.setdefault(alias, column) == column, f"{alias} in {table}"


def test_every_column_of_every_table_is_known_by_its_own_name_or_left_on_purpose() -> None:
    # lines are counted, never mapped; frequency may or may not count the first order
    for table, columns in TABLES.items():
        for column in columns:
            if column not in ("lines", "frequency"):
                assert candidates([column], column, table) == [column], f"{table}.{column}"


TRAPS = """
割引金額 値引額 割引額 税額 消費税 消費税額 内消費税 送料 手数料 代引手数料 ポイント 利用ポイント
付与ポイント ポイント残高 残高 前回残高 目標金額 予算 予算金額 原価 仕入金額 入金額 預かり金
お釣り 月会費 年収 資本金 更新日 更新日時 最終更新日 最終更新日時 作成日 作成日時 登録日 生年月日
誕生日 発送日 出荷日 お届け日 お届け希望日 配送日 納品日 納期 支払期日 決済期日 入金日 入金確認日
請求日 締め日 有効期限 キャンセル期限日 受注年月 売上年月 注文時間 checkin_date checkout_date
ship_date shipped_at delivered_at paid_at paid_date payments-date created_at updated_at
required_date birth_date 商品番号 商品コード 商品ID 明細番号 受注明細番号 注文詳細ID 行番号 店舗ID
店舗コード 担当者コード 社員番号 hotel_id product_id store_id employee_id order-item-id
出荷伝票番号 追跡番号 送付先ID 届先番号 郵便番号 discount tax Taxes shipping Shipping freight fee
balance budget target goal subtotal Subtotal 小計 unit_cost cost price_list points credit_limit
"""


@pytest.mark.parametrize("table", ["orders", "order_lines"])
def test_traps_are_never_who_when_or_how_much(table: str) -> None:
    for header in [
        *TRAPS.split(),
        "Row ID",
        "Created at",
        "Due Date",
        "Discount Amount",
        "Card ID",
    ]:
        for column in WHO_WHEN_MONEY:
            assert candidates([header], column, table) == [], f"{header} -> {column}"


@pytest.mark.parametrize(
    ("headers", "table", "found"),
    [
        (
            ["会員ＮＯ", "注文 番号", "ご注文日", "税込金額", "割引金額"],
            "orders",
            {
                **{"customer_id": "会員ＮＯ", "order_id": "注文 番号"},
                **{"ordered_on": "ご注文日", "amount": "税込金額"},
            },
        ),
        (
            ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice"],
            "order_lines",
            {
                **{"order_id": "InvoiceNo", "product": "Description", "quantity": "Quantity"},
                **{"ordered_on": "InvoiceDate", "unit_price": "UnitPrice"},
            },
        ),
        (["割引金額", "顧客番号2", "受注年月", "配送日"], "orders", {}),
        # Two amounts, two ids: a person must say which.
        (
            ["顧客番号", "会員番号", "売上", "購入金額", "受注日"],
            "orders",
            {"ordered_on": "受注日"},
        ),
        # A total belongs to the order, a bare price only beside a quantity to one piece.
        (["商品名", "合計金額", "価格"], "order_lines", {"product": "商品名"}),
        (["数量", "価格"], "order_lines", {"quantity": "数量", "unit_price": "価格"}),
        (["数量", "価格", "金額"], "order_lines", {"quantity": "数量", "amount": "金額"}),
        # A unit in brackets says nothing about what it means.
        (["売上金額（円）"], "orders", {"amount": "売上金額（円）"}),
    ],
)  # fmt: skip
def test_only_whole_headers_are_proposed(
    headers: list[str], table: str, found: dict[str, str]
) -> None:
    assert dict(propose_columns(headers, table)) == found


def test_a_systems_own_words_count_only_beside_its_telling_headers() -> None:
    telling = ["Financial Status", "Lineitem name"]
    assert candidates(["Name", "Created at"], "order_id", "order_lines") == []
    assert candidates(["Name", "Created at", *telling], "order_id", "order_lines") == ["Name"]
    assert candidates(["Name", *telling], "order_id", "customers") == []
    assert all(system["table"] in TABLES for system in SYSTEMS.values())


def test_the_table_is_told_by_its_columns() -> None:
    def propose_table(headers: list[str]) -> str:
        return likeliest_table({table: propose_columns(headers, table) for table in TABLES})

    assert propose_table(["顧客番号", "受注日", "金額"]) == "orders"
    assert propose_table(["顧客番号", "受注日", "金額", "商品名"]) == "order_lines"
    assert propose_table(["顧客番号", "会社名", "業種"]) == "customers"
    assert propose_table(["顧客番号", "対応日", "種別"]) == "contacts"
    assert propose_table(["顧客番号", "発生日", "初動日"]) == "incidents"
    assert propose_table(["顧客番号", "成果"]) == "outcomes"
    assert propose_table(["顧客番号", "案件番号", "案件発生日"]) == "deals"
    assert propose_table(["会員番号", "購入回数", "累計購入金額"]) == "summaries"
    assert propose_table(["顧客番号", "手段", "可否"]) == "permissions"
    # 日付 alone may be anything
    assert propose_table(["顧客番号", "日付"]) == "customers"


def test_numbered_headers_are_positions_if_each_article_has_its_own() -> None:
    headers = ["会員No", "商品1", "数量1", "金額1", "商品2", "数量2", "金額2", "電話番号1"]
    assert propose_positions(headers) == {
        "product": ("商品1", "商品2"),
        "quantity": ("数量1", "数量2"),
        "amount": ("金額1", "金額2"),
    }
    assert propose_positions(["売上1", "売上2", "売上3"]) == {}  # months, no articles
    assert propose_positions(["item_1_name", "item_2_name", "qty1"]) == {
        "product": ("item_1_name", "item_2_name")
    }
