"""Lists of every kind as text, with the row numbers that a person sees; errors in full."""

from __future__ import annotations

import gzip
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import xlsxwriter

from segment_lib.checks import KitError, ListError
from segment_lib.client import Client
from segment_lib.lists.files import RawList, read_list
from segment_lib.lists.plain_text import decode, sniff_delimiter

Make = Callable[..., Client]

ORDERS = '[lists.orders]\nfiles = ["{file}"]\n{more}\n[lists.orders.columns]\n{columns}\n'
JAPANESE = 'customer_id = "顧客"\nordered_on = "日付"\namount = "売上"'
TABLE = "日付,顧客,売上\n2025-01-01,髙﨑㈱,①\n2025-01-02,001,200\n"


def orders(file: str, more: str = "", columns: str = JAPANESE) -> str:
    return ORDERS.format(file=file, more=more, columns=columns)


def read(make: Make, content: str | bytes, more: str = "", columns: str = JAPANESE) -> RawList:
    return read_list(make(orders("a.csv", more, columns), {"a.csv": content}), "orders")


EMPTY = (
    "a.csv (list orders) is empty: it has no rows. Export it again, or take the list out of "
    "client.toml."
)


@pytest.mark.parametrize("codec", ["cp932", "utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_the_encoding_is_found(make: Make, codec: str) -> None:
    raw = read(make, TABLE.encode(codec))
    assert raw.frame["顧客"].to_list() == ["髙﨑㈱", "001"]
    assert raw.frame["row_number"].to_list() == [2, 3]
    assert set(raw.frame["file"]) == {"a.csv"}
    assert raw.notes[0].en == f"a.csv: read as {codec}, delimiter comma"


def test_euc_is_told_from_cp932(make: Make) -> None:
    text = "日付,顧客,売上\n2025-01-01,お客様アオバ商事,100\n"
    assert read(make, text.encode("euc_jp")).frame["顧客"][0] == "お客様アオバ商事"


def test_gzip_cr_line_ends_and_quoted_line_ends(make: Make) -> None:
    text = '日付\t顧客\t売上\r2025-01-01\t"青葉\r商事"\t1\r\r2025-01-02\t002\t2\r'
    raw = read(make, gzip.compress(text.encode()))
    assert raw.frame["顧客"].to_list() == ["青葉\r商事", "002"]
    assert raw.frame["row_number"].to_list() == [2, 4]  # Excel's rows: the blank one counts
    assert [note.en for note in raw.notes] == [
        "a.csv: read as utf-8, delimiter tab",
        "a.csv: 1 blank row(s) passed over",
    ]


def test_title_rows_are_skipped_and_short_rows_filled(make: Make) -> None:
    raw = read(make, "月次売上\n\n作成,営業部\n日付,顧客,売上\n2025-01-01,001\n")
    assert raw.frame.loc[0, ["日付", "顧客", "売上"]].to_list() == ["2025-01-01", "001", ""]
    assert raw.frame["row_number"].to_list() == [5]
    assert raw.notes[1].en == "a.csv: the header stands in row 4"


def test_a_row_with_too_many_cells_is_set_apart(make: Make) -> None:
    raw = read(make, "日付,顧客,売上\n2025-01-01,001,1,200\n2025-01-02,002,5,,\n")
    assert raw.frame["顧客"].to_list() == ["002"]
    assert raw.broken.to_dict("list") == {
        "file": ["a.csv"],
        "row_number": [2],
        "value": ["2025-01-01 | 001 | 1 | 200"],
        "reason": ["more cells than the header"],
    }


def test_delimiters_are_sniffed_outside_quotes() -> None:
    assert sniff_delimiter('a;b\n"1,5";2\n"2,5";3\n') == ";"
    assert sniff_delimiter("a|b\n1|2\n") == "|"
    assert sniff_delimiter("only one column\n1\n") == ","


def test_repeated_and_blank_headers_get_names(make: Make) -> None:
    raw = read(make, "日付,顧客,売上,,売上,file\n2025-01-01,001,1,a,2,x\n")
    assert list(raw.frame) == [
        *("日付", "顧客", "売上", "column 4", "売上_2", "file_2", "row_number", "file"),
    ]


def workbook(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    book.add_worksheet("説明").write(0, 0, "この台帳について")
    sheet = book.add_worksheet("受注")
    sheet.write(0, 0, "受注一覧")
    sheet.write_row(2, 0, ["顧客", "日付", "売上", "数"])
    sheet.merge_range(3, 0, 4, 0, "00123")
    sheet.write_datetime(3, 1, date(2025, 1, 1))
    sheet.merge_range(3, 2, 4, 2, 1200)
    sheet.write_datetime(4, 1, datetime(2025, 1, 2, 10, 30))
    sheet.write_row(5, 0, [123, "R7.1.3", 1.5, 3])
    book.close()


def test_a_workbook_is_read_as_a_person_sees_it(make: Make, tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx")
    client = make(orders("a.xlsx"), {"a.xlsx": (tmp_path / "a.xlsx").read_bytes()})
    raw = read_list(client, "orders")
    # The merged id speaks for both rows, the merged amount does not: it would count twice.
    assert raw.frame["顧客"].to_list() == ["00123", "00123", "123"]
    assert raw.frame["売上"].to_list() == ["1200", "", "1.5"]
    assert raw.frame["日付"].to_list() == ["2025-01-01", "2025-01-02 10:30:00", "R7.1.3"]
    assert raw.frame["row_number"].to_list() == [4, 5, 6]
    assert [note.en for note in raw.notes] == [
        "a.xlsx: sheet 受注",
        "a.xlsx: the header stands in row 3",
    ]


def test_parquet_sqlite_and_duckdb(make: Make, tmp_path: Path) -> None:
    days = pd.to_datetime(["2025-01-01"] * 2)
    frame = pd.DataFrame({"顧客": [1.0, 2.0], "日付": days, "売上": [1, 2]})
    frame.to_parquet(tmp_path / "a.parquet")
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as database:
        database.execute('create table "受注" ("顧客" integer, "日付" text, "売上" real)')
        database.execute("insert into \"受注\" values (1, '2025-01-01', 1.0), (2, null, 2.5)")
        database.commit()
    with duckdb.connect(str(tmp_path / "a.duckdb")) as database:
        row = "1 as 顧客, date '2025-01-01' as 日付, 1.50 as 売上"
        database.execute(f"create table 受注 as select {row}")
    found = {}
    for name in ("a.parquet", "a.sqlite", "a.duckdb"):
        more = "" if name == "a.parquet" else 'db_table = "受注"'
        client = make(orders(name, more), {name: (tmp_path / name).read_bytes()})
        columns = ["顧客", "日付", "売上", "row_number"]
        found[name] = read_list(client, "orders").frame[columns].to_numpy().tolist()
    assert found == {
        "a.parquet": [["1", "2025-01-01", "1", 1], ["2", "2025-01-01", "2", 2]],
        "a.sqlite": [["1", "2025-01-01", "1", 1], ["2", "", "2.5", 2]],
        "a.duckdb": [["1", "2025-01-01", "1.5", 1]],
    }


def test_several_files_make_one_list(make: Make) -> None:
    client = make(
        orders("*.csv"),
        {
            "b.csv": "日付,顧客,売上\n2025-01-01,2,2\n",
            "a.csv": "顧客,日付,売上,備考\n1,2025-01-01,1,x\n",
        },
    )
    raw = read_list(client, "orders")
    assert raw.frame["顧客"].to_list() == ["1", "2"]
    assert raw.frame["備考"].to_list() == ["x", ""]


WRONG: list[tuple[bytes, str, str]] = [
    (b"", "", EMPTY),
    (b"\n\n", "", EMPTY),
    (TABLE.encode(), "header_row = 9", "a.csv (list orders) is empty: row 9 is blank."),
    ("日付,顧客,売上\n".encode(), "", "a.csv (list orders) has a header but no rows below it."),
    (
        "日付,顧客,金額\n2025-01-01,1,1\n".encode(),
        "",
        "a.csv lacks the column \"売上\". It has ['日付', '顧客', '金額']. "
        'Mend it in client.toml: [lists.orders.columns] amount = "...".',
    ),
    (
        "日付,顧客,売上\n2025-01-01,René Müllér,1\n".encode("latin-1", "replace"),
        'encoding = "utf-8"',
        "a.csv cannot be read as utf-8: byte 0 does not fit. "
        "Correct [lists.orders] encoding, or leave it out.",
    ),
    (
        TABLE.encode(),
        'encoding = "utf-9"',
        '[lists.orders] encoding = "utf-9" is not known. Use one of utf-8, utf-8-sig, utf-16, '
        "cp932, euc_jp, cp1252, mac_roman.",
    ),
    (
        TABLE.encode(),
        'delimiter = ", "',
        '[lists.orders] delimiter = ", " must be one character, for example "," or ";" or "\\t".',
    ),
    (
        '日付,顧客,売上\n2025-01-01,"1,1\n'.encode(),
        "",
        "a.csv: row 2 has a quotation mark that is not closed or not doubled (unexpected end of "
        "data). Mend that row, or save the list again from the program it comes from.",
    ),
    (b"\x1f\x8b\x08\x00rubbish", "", "a.csv is a .gz file that is damaged or cut off."),
]


@pytest.mark.parametrize(("content", "more", "sentence"), WRONG)
def test_what_is_wrong_with_a_file_is_one_sentence(
    make: Make, content: bytes, more: str, sentence: str
) -> None:
    if "latin" in sentence or sentence.startswith("a.csv cannot be read as utf-8: byte 0"):
        content = b"\xe9" + content
    with pytest.raises(ListError) as caught:
        read(make, content, more)
    assert str(caught.value) == sentence


def test_bytes_of_no_japanese_codec_name_file_byte_and_codec() -> None:
    fix = 'Say how it is saved: [lists.x] encoding = "cp932" (or "mac_roman" …).'
    with pytest.raises(ListError) as caught:
        decode(b"name,day\nRen\xe9,1\n\xff\xfd", "", "a.csv", "x")
    assert str(caught.value) == (
        "a.csv cannot be read as utf-8 (byte 12), cp932 (byte 12) or euc_jp (byte 12). " + fix
    )
    with pytest.raises(ListError) as caught:
        decode("Französisch, Pölking".encode("mac_roman"), "", "a.csv", "x")
    assert str(caught.value) == (
        "a.csv is not utf-8 (byte 5), and read as cp932 it has kanji inside Western words, "
        "so it is probably neither. " + fix
    )


def test_sheets_and_database_tables_that_are_not_there(make: Make, tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx")
    files = {"a.xlsx": (tmp_path / "a.xlsx").read_bytes(), "b.xlsx": b"PK\x03\x04 no workbook"}
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as database:
        database.execute("create table Invoice (a integer)")
        database.commit()
    files["a.sqlite"] = (tmp_path / "a.sqlite").read_bytes()
    wrong = {
        ("a.xlsx", 'sheet = "受註"'): "a.xlsx has no sheet \"受註\". It has ['説明', '受注']. "
        "Write one of these as sheet.",
        ("a.sqlite", ""): "a.sqlite is a database with the tables ['Invoice']. Say which one is "
        'meant: [lists.orders] db_table = "Invoice".',
        ("a.sqlite", 'db_table = "Invoices"'): 'a.sqlite has no table "Invoices". It has '
        "['Invoice']. Did you mean \"Invoice\"?",
    }
    for (file, more), sentence in wrong.items():
        with pytest.raises(ListError, match=f"^{re.escape(sentence)}$"):
            read_list(make(orders(file, more), files), "orders")
    with pytest.raises(ListError, match=r"^b\.xlsx cannot be opened as a workbook \(.*\)\. Open"):
        read_list(make(orders("b.xlsx"), files), "orders")


def test_a_missing_file_is_one_sentence(make: Make) -> None:
    with pytest.raises(KitError) as caught:
        read_list(make(orders("gone.csv"), {}), "orders")
    assert str(caught.value) == (
        '[lists.orders] names the file "gone.csv", but there is none beside client.toml. '
        "Check the name, or take the list out."
    )
