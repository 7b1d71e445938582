"""Which column is which: only whole headers count, and the proposal can be finished and run."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from segment_lib.checks import KitError
from segment_lib.client import open_client
from segment_lib.columns import REGISTER_COLUMNS, TABLES
from segment_lib.lists.aliases import ALIASES, TABLE_ALIASES
from segment_lib.lists.headers import fold_header, propose_client, propose_columns, propose_table
from segment_lib.lists.register import build_register


def test_there_are_many_aliases_and_each_names_one_column() -> None:
    assert sum(map(len, ALIASES.values())) >= 200
    assert set(ALIASES) <= {*REGISTER_COLUMNS, "status", "cancelled_on"}
    for table, columns in TABLES.items():
        seen: dict[str, str] = {}
        for column in columns:
            own = (*ALIASES.get(column, ()), *TABLE_ALIASES.get(table, {}).get(column, ()))
            for alias in map(fold_header, own):
                assert seen.setdefault(alias, column) == column, f"{alias} in {table}"


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
            ["顧客番号", "会員番号", "売上", "合計金額", "受注日"],
            "orders",
            {"ordered_on": "受注日"},
        ),
    ],
)
def test_only_whole_headers_are_proposed(
    headers: list[str], table: str, found: dict[str, str]
) -> None:
    assert propose_columns(headers, table) == found


def test_the_table_is_told_by_its_columns() -> None:
    assert propose_table(["顧客番号", "受注日", "金額"]) == "orders"
    assert propose_table(["顧客番号", "受注日", "金額", "商品名"]) == "order_lines"
    assert propose_table(["顧客番号", "会社名", "業種"]) == "customers"
    assert propose_table(["顧客番号", "対応日", "種別"]) == "contacts"
    assert propose_table(["顧客番号", "発生日", "初動日"]) == "incidents"
    assert propose_table(["顧客番号", "成果"]) == "outcomes"
    assert propose_table(["顧客番号", "案件番号", "案件発生日"]) == "deals"


def test_a_proposal_opens_and_builds(tmp_path: Path) -> None:
    lists = tmp_path / "リスト"
    lists.mkdir()
    (lists / "受注.csv").write_bytes(
        "顧客番号,受注日,売上,備考\n001,25/12/2024,100,x\n002,3/1/2025,200,y\n".encode("cp932")
    )
    (lists / "会員.csv").write_text("会員番号,氏名,業種\n001,青葉,小売\n", encoding="utf-8")
    folder = tmp_path / "new"
    folder.mkdir()
    text = propose_client("new", [lists / "受注.csv", lists / "会員.csv"], folder=folder)
    assert 'files = ["../リスト/受注.csv"]' in text
    assert 'dates = ["dmy"]  # the day comes first' in text
    assert "# other columns (any name makes it an attribute): 業種" in text
    (folder / "client.toml").write_text(text.replace("2025-12-31", "2025-01-03"), encoding="utf-8")
    register = build_register(open_client(folder / "client.toml", out=tmp_path / "out"))
    assert register.frame("orders")["ordered_on"].astype("str").to_list() == [
        *("2024-12-25", "2025-01-03"),
    ]
    assert register.frame("customers")["name"].fillna("-").to_list() == ["青葉", "-"]


def test_where_day_and_month_both_fit_the_person_decides(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("customer_id,order_date,total\n1,03/04/2025,5\n")
    text = propose_client("new", [tmp_path / "a.csv"])
    assert "\ndates" not in text
    assert (
        "# 03/04/2025 could be day/month or month/day, and no row tells. Write one of:\n"
        '# dates = ["dmy"]  # the day comes first\n'
        '# dates = ["mdy"]  # the month comes first\n'
    ) in text


def test_a_similar_header_is_only_a_comment(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("顧客番号,受注日,割引金額\n1,2025-01-01,5\n", encoding="utf-8")
    text = propose_client("new", [tmp_path / "a.csv"])
    assert "amount" not in tomllib.loads(text)["lists"]["orders"]["columns"]
    assert '# amount = "..."  # needed: which column is it?' in text


def test_a_name_or_file_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    with pytest.raises(KitError) as caught:
        propose_client("青葉 商事", [])
    assert str(caught.value) == (
        '"青葉 商事" cannot be a client\'s name: use letters, digits, - and _.'
    )
    with pytest.raises(KitError) as caught:
        propose_client("new", [tmp_path / "gone.csv"])
    assert str(caught.value) == f"There is no file {tmp_path / 'gone.csv'}. Check the name."
