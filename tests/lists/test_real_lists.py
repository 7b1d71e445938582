"""Public lists as files: encodings, sheets, header rows, and what is proposed for them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from segment_lib.lists.proposing.new_client import propose_client
from segment_lib.lists.reading.files import read_file
from segment_lib.settings import ListSection

pytestmark = pytest.mark.real_data


@pytest.mark.parametrize(
    ("file", "codec"),
    [
        ("uriage_cp932.csv", "cp932"),
        ("uriage_utf8.csv", "utf-8"),
        ("uriage_utf8_bom.csv", "utf-8-sig"),
        ("uriage_utf16le.csv", "utf-16"),
    ],
)
def test_one_table_in_four_encodings(real_data: Path, file: str, codec: str) -> None:
    section = ListSection(files=(file,), columns={"amount": "売上"})
    raw = read_file(real_data / "encodings-ja" / file, section, "x")
    assert str(raw.notes[0]).startswith(f"{file}: read as {codec}, ")
    assert list(raw.frame) == ["日付", "店舗", "商品分類", "売上", "備考", "row_number", "file"]
    assert len(raw.frame) == 5
    utf8 = read_file(real_data / "encodings-ja" / "uriage_utf8.csv", section, "x").frame
    assert raw.frame.drop(columns="file").equals(utf8.drop(columns="file"))


def test_23_bytes_that_guessers_get_wrong(real_data: Path) -> None:
    section = ListSection(files=("t_short.csv",), columns={"amount": "売上"})
    raw = read_file(real_data / "encodings-ja" / "t_short.csv", section, "x")
    assert raw.frame[["店舗", "売上"]].to_numpy().tolist() == [["新宿店", "100"]]


def test_a_report_with_two_title_rows(real_data: Path) -> None:
    section = ListSection(files=("sales.xlsx",), sheet="月次報告", columns={"amount": "売上合計"})
    raw = read_file(real_data / "encodings-ja" / "sales.xlsx", section, "x")
    assert raw.frame["row_number"].to_list() == list(range(5, 17))
    assert raw.frame.loc[0, ["月", "売上合計"]].to_list() == ["1", "13318000"]


def test_the_right_sheet_of_an_old_workbook(real_data: Path) -> None:
    columns = {"customer_id": "Customer ID", "amount": "Sales"}
    file = "Sample - Superstore.xls"
    raw = read_file(
        real_data / "superstore" / file, ListSection(files=(file,), columns=columns), "x"
    )
    assert str(raw.notes[0]) == f"{file}: sheet Orders"
    assert len(raw.frame) == 9994


@pytest.mark.parametrize(
    ("file", "list_name", "columns"),
    [
        (
            "gakushu-ja/売上データ.xlsx",
            "orders",
            {
                "order_id": "取引ID",
                "customer_id": "顧客番号",
                "ordered_on": "取引日時",
                "amount": "売上",
            },
        ),
        (
            "chinook/Chinook_Sqlite.sqlite",
            "orders",
            {
                "order_id": "InvoiceId",
                "customer_id": "CustomerId",
                "ordered_on": "InvoiceDate",
                "amount": "Total",
            },
        ),
        (
            "superstore/Sample - Superstore.xls",
            "order_lines",
            {
                "order_id": "Order ID",
                "customer_id": "Customer ID",
                "ordered_on": "Order Date",
                "amount": "Sales",
            },
        ),
    ],
)
def test_what_is_proposed_for_lists_never_seen(
    real_data: Path, file: str, list_name: str, columns: dict[str, str]
) -> None:
    proposed = tomllib.loads(propose_client("x", [real_data / file]).text)
    assert columns.items() <= proposed["lists"][list_name]["columns"].items()
