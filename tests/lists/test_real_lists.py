"""Public lists through their client.toml: the totals are the published ones."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from segment_lib.client import open_client
from segment_lib.lists.files import read_file
from segment_lib.lists.headers import propose_client
from segment_lib.lists.register import Register, build_register
from segment_lib.settings import ListSection

pytestmark = pytest.mark.real_data
CLIENTS = Path(__file__).resolve().parent.parent / "clients"


@pytest.fixture
def build(real_data: Path, tmp_path: Path):
    """`build("chinook")`: the register of one of the clients beside these tests."""
    assert real_data.is_dir()

    def made(name: str) -> Register:
        return build_register(open_client(CLIENTS / name / "client.toml", out=tmp_path))

    return made


def total(register: Register, table: str = "orders") -> float:
    return float(register.table(table).amount.sum().to_pyarrow().as_py())


def test_online_retail_has_the_published_totals(build) -> None:
    register = build("online-retail")
    row = register.ledger.iloc[0]
    assert row[["rows_in", "kept", "set_aside", "folded"]].to_list() == [541909, 406789, 135120, 0]
    assert register.set_aside["reason"].value_counts().to_dict() == {
        "missing customer id": 135080,
        "zero amount": 40,
    }
    assert row["money_in"] == 9747747.934
    assert round(row["money_kept"] + row["money_set_aside"], 3) == 9747747.934
    # The usual cleaning: what is left as order lines when returns are ignored.
    lines, orders = register.order_lines, register.orders
    assert lines.count().execute() == 397884
    assert orders.count().execute() == 18532
    assert orders.customer_id.nunique().execute() == 4338
    assert total(register) == total(register, "order_lines") == 8911407.904
    assert register.adjustments.count().execute() == 8905
    assert register.customers.count().execute() == 4372
    assert orders.ordered_on.min().to_pyarrow().as_py() == date(2010, 12, 1)
    assert "17850" in register.frame("customers").index


def test_the_small_client_files_are_small() -> None:
    text = (CLIENTS / "online-retail" / "client.toml").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 12


def test_r_rfm_has_the_published_customers(build, real_data: Path) -> None:
    register = build("r-rfm")
    assert register.ledger.loc[0, ["rows_in", "kept", "set_aside"]].to_list() == [4906, 4906, 0]
    assert total(register) == 464158
    assert register.orders.count().execute() == 4906  # 4,895 if a day were one order
    assert register.customers.count().execute() == 995
    last = register.frame("orders").groupby("customer_id")["ordered_on"].max()
    assert (pd.Timestamp("2006-12-31") - last["Abbey O'Reilly"]).days == 205


def test_gakushu_reads_japanese_headers_in_excel(build) -> None:
    register = build("gakushu-ja")
    people = register.frame("customers")
    ledger = register.ledger.set_index("list")
    assert ledger.loc["orders", ["rows_in", "kept"]].to_list() == [257, 257]
    assert ledger.loc["customers", ["rows_in", "kept", "folded"]].to_list() == [257, 219, 38]
    assert len(people) == 219
    assert people["age"].between(10, 100).all()
    assert str(people["birthday"].dtype) == "datetime64[s]"
    days = register.frame("orders")["ordered_on"]
    assert (days.min().date(), days.max().date()) == (date(2019, 2, 1), date(2019, 2, 7))


def test_superstore_is_mac_roman_with_month_first(build) -> None:
    register = build("superstore")
    assert register.ledger.loc[0, ["rows_in", "kept"]].to_list() == [5009, 5009]
    assert register.customers.count().execute() == 793
    assert "Neil Französisch" in register.frame("customers").index
    days = register.frame("orders")["ordered_on"]
    assert (days.min().date(), days.max().date()) == (date(2011, 1, 4), date(2014, 12, 31))


def test_chinook_is_read_from_sqlite(build) -> None:
    register = build("chinook")
    assert register.orders.count().execute() == 412
    assert total(register) == 2328.60
    people = register.frame("customers")
    assert len(people) == 59
    assert people["company"].notna().sum() == 10


@pytest.fixture
def northwind(real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SQL dump as the SQLite file that the client names."""
    dump = gzip.decompress((real_data / "northwind" / "northwind_create.sql.gz").read_bytes())
    with closing(sqlite3.connect(tmp_path / "northwind.sqlite")) as database:
        # One transaction without waiting for the disk: a second instead of a minute.
        database.executescript("pragma synchronous = off; begin;" + dump.decode("utf-8"))
        database.commit()
    monkeypatch.setenv("NORTHWIND_DB", str(tmp_path / "northwind.sqlite"))


@pytest.mark.usefixtures("northwind")
def test_northwind_keeps_those_who_never_ordered(build) -> None:
    register = build("northwind")
    assert register.orders.count().execute() == 830
    assert register.order_lines.count().execute() == 2155
    assert round(total(register), 2) == 1265793.04
    assert register.customers.count().execute() == 93
    assert register.orders.customer_id.nunique().execute() == 89


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
    assert raw.notes[0].en.startswith(f"{file}: read as {codec}, ")
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
    assert raw.notes[0].en == f"{file}: sheet Orders"
    assert len(raw.frame) == 9994


@pytest.mark.parametrize(
    ("file", "columns"),
    [
        (
            "gakushu-ja/売上データ.xlsx",
            'order_id = "取引ID"\ncustomer_id = "顧客番号"\nordered_on = "取引日時"\n'
            'amount = "売上"\n',
        ),
        (
            "chinook/Chinook_Sqlite.sqlite",
            'order_id = "InvoiceId"\ncustomer_id = "CustomerId"\nordered_on = "InvoiceDate"\n'
            'amount = "Total"\n',
        ),
        (
            "groceries-members/Groceries_dataset.csv",
            'customer_id = "Member_number"\nordered_on = "Date"\nproduct = "itemDescription"\n',
        ),
    ],
)
def test_what_is_proposed_for_lists_never_seen(real_data: Path, file: str, columns: str) -> None:
    assert f".columns]\n{columns}#" in propose_client("x", [real_data / file])
