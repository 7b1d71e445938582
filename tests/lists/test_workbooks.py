"""Workbooks as a person sees them; their sheets, headers, totals; and what is wrong with them."""

from __future__ import annotations

import contextlib
import io
import random
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
import xlsxwriter
from office_files import letters, ods, ods_row, ole, row, xls, xlsx

from segment_lib.checks import ListError
from segment_lib.client import Client
from segment_lib.lists.reading import before_opening, workbooks
from segment_lib.lists.reading.archives import file_on_disk
from segment_lib.lists.reading.files import RawList, read_file, read_list
from segment_lib.lists.reading.pieces import Part, RawFile
from segment_lib.lists.reading.totals import Keys, keys_of, perhaps_apart, reasons_apart
from segment_lib.lists.reading.workbooks import workbook_pieces
from segment_lib.settings import ListSection

Make = Callable[..., Client]
Cells = list[list[object]]
JAPANESE = 'customer_id = "顧客"\nordered_on = "日付"\namount = "売上"'
ORDERS = '[lists.orders]\nfiles = ["{file}"]\n{more}\n[lists.orders.columns]\n{columns}\n'
HEADER: list[object] = ["顧客", "日付", "売上"]
DAY = "2025-01-01"


def read(
    make: Make, data: bytes, more: str = "", columns: str = JAPANESE, file: str = "a.xlsx"
) -> RawList:
    client = make(ORDERS.format(file=file, more=more, columns=columns), {file: data})
    return read_list(client, "orders")


def book(sheets: dict[str, Cells], write: Callable[..., None] | None = None) -> bytes:
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    for name, cells in sheets.items():
        sheet = made.add_worksheet(name)
        for number, line in enumerate(cells):
            sheet.write_row(number, 0, line)
    if write is not None:
        write(made)
    made.close()
    return target.getvalue()


def said(raw: RawList) -> list[str]:
    return [str(note) for note in raw.notes]


def sentence(make: Make, data: bytes, more: str = "", file: str = "a.xlsx") -> str:
    with pytest.raises(ListError) as caught:
        read(make, data, more, file=file)
    return str(caught.value)


# --- what a person sees -----------------------------------------------------------------------


def ledger(made: xlsxwriter.Workbook) -> None:
    sheet = made.add_worksheet("受注")
    sheet.write(0, 0, "受注一覧")
    sheet.write_row(2, 0, ["顧客", "日付", "売上", "数", "時間", "済"])
    sheet.merge_range(3, 0, 4, 0, "00123")
    sheet.write_datetime(3, 1, date(2025, 1, 1))
    sheet.merge_range(3, 2, 4, 2, 1200)
    sheet.write_datetime(4, 1, datetime(2025, 1, 2, 10, 30))
    sheet.write_datetime(4, 4, timedelta(hours=30), made.add_format({"num_format": "[h]:mm"}))
    sheet.write_row(5, 0, [123, "R7.1.3", 1.5, 3, 4000123412341230, True])


def test_a_workbook_is_read_as_a_person_sees_it(make: Make) -> None:
    raw = read(make, book({"説明": [["この台帳について"]]}, ledger))
    # The merged id speaks for both rows, the merged amount does not: it would count twice.
    assert raw.frame["顧客"].to_list() == ["00123", "00123", "123"]
    assert raw.frame["売上"].to_list() == ["1200", "", "1.5"]
    assert raw.frame["日付"].to_list() == ["2025-01-01", "2025-01-02 10:30:00", "R7.1.3"]
    assert raw.frame["時間"].to_list() == ["", "30:00:00", "4000123412341230"]
    assert raw.frame["済"].to_list() == ["", "", "TRUE"]
    assert raw.frame["row_number"].to_list() == [4, 5, 6]
    assert said(raw) == ["a.xlsx: sheet 受注", "a.xlsx: the header stands in row 3"]


def test_formulas_are_not_evaluated_and_errors_are_blank(make: Make) -> None:
    def write(made: xlsxwriter.Workbook) -> None:
        sheet = made.get_worksheet_by_name("表")
        sheet.write_formula(1, 2, '=WEBSERVICE("http://example.invalid/")', None, 700)
        sheet.write_formula(2, 2, "='[elsewhere.xlsx]表'!A1", None, "#REF!")
        sheet.write(3, 2, "#N/A")
        sheet.write_url(1, 3, "http://example.invalid/", string="link")

    lines: Cells = [[*HEADER, "備考"], ["001", DAY], ["002", DAY], ["003", DAY]]
    raw = read(make, book({"表": lines}, write))
    assert raw.frame["売上"].to_list() == ["700", "", ""]
    assert raw.frame["備考"].to_list() == ["link", "", ""]
    assert said(raw) == [
        "a.xlsx: sheet 表",
        "a.xlsx / 表: 1 cell(s) with an error (#N/A, #REF! …) are read as blank",
        "a.xlsx (as text): 1 cell(s) with an error (#N/A, #REF! …) are read as blank",
    ]


def test_a_formula_without_a_stored_result_is_told(make: Make) -> None:
    # so written by programs that cannot calculate; "" as the result of a formula is a result
    empty = '<c r="C2"><f>A2*2</f><v></v></c>'
    text = '<c r="C3" t="str"><f>IF(TRUE,"")</f><v></v></c>'
    rows = [
        row(1, {"A": "顧客", "B": "日付", "C": "売上"}),
        row(2, {"A": "001", "B": DAY}, empty),
        row(3, {"A": "002", "B": DAY}, text),
        row(4, {"A": "003", "B": DAY, "C": 5.0}),
    ]
    raw = read(make, xlsx(rows))
    assert raw.frame["売上"].to_list() == ["", "", "5"]
    assert said(raw)[1] == (
        "a.xlsx / 表: 1 formula(s) have no stored result and are read as blank; open the workbook "
        "in Excel and save it, to store them"
    )


def test_remarks_beside_a_list_do_not_set_its_rows_apart(make: Make) -> None:
    lines: Cells = [HEADER, ["001", DAY, 100], ["002", DAY, 200, "", "※単価は税別"]]
    raw = read(make, book({"表": lines}))
    assert raw.frame["顧客"].to_list() == ["001", "002"]
    assert raw.frame["column 5"].to_list() == ["", "※単価は税別"]
    assert raw.broken.empty


def test_other_kinds_of_workbooks(make: Make) -> None:
    cells = [["顧客", "日付", "売上"], ["00123", DAY, 5.0], ["2", DAY, None]]
    old = read(make, xls(cells), file="a.xls")
    assert old.frame["顧客"].to_list() == ["00123", "2"]
    assert old.frame["売上"].to_list() == ["5", ""]
    assert "a.xls / Sheet1: 1 cell(s) with an error (#N/A, #REF! …) are read as blank" in said(old)
    misnamed = read(make, xls(cells), file="b.xlsx")
    assert misnamed.frame["売上"].to_list() == ["5", ""]
    new = read(make, book({"表": [HEADER, ["00123", DAY, 5]]}), file="new.xls")
    assert new.frame["顧客"].to_list() == ["00123"]
    rows = [ods_row("顧客", "日付", "売上"), ods_row("00123", DAY, 5.0), ods_row("2", DAY, 6.5)]
    open_document = read(make, ods("".join(rows)), file="a.ods")
    assert open_document.frame["顧客"].to_list() == ["00123", "2"]
    assert open_document.frame["売上"].to_list() == ["5", "6.5"]


def test_a_large_sheet_comes_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "_CELLS_AT_ONCE", 9)
    lines: Cells = [HEADER, *([str(i), DAY, i] for i in range(7)), ["#N/A", DAY, 1]]
    path = tmp_path / "a.xlsx"
    path.write_bytes(book({"表": lines}))
    section = ListSection(files=("a.xlsx",), columns={"customer_id": "顧客"})
    pieces = list(workbook_pieces(file_on_disk(path, "orders"), path, section))
    parts = [one for one in pieces if isinstance(one, Part)]
    numbers = [one.table["row_number"].to_pylist() for one in parts]
    assert numbers == [[2, 3, 4], [5, 6, 7], [8, 9]]
    file = pieces[0]
    assert isinstance(file, RawFile)
    assert len(file.notes) == 2  # the sheet, and the error at its end


# --- sheets -----------------------------------------------------------------------------------


def months(made: xlsxwriter.Workbook) -> None:
    made.get_worksheet_by_name("3月").hide()
    made.add_chartsheet("図")


MONTHS: dict[str, Cells] = {
    "表紙": [["売上台帳"]],
    "3月": [HEADER, ["003", "2025-03-01", 3]],
    "4月": [HEADER, ["004", "2025-04-01", 4]],
    "5月": [["題"], ["日付", "顧客", "売上 ", "備考"], ["2025-05-01", "005", 5, "x"]],
    "6月": [],
}


def test_one_sheet_per_month_is_one_list(make: Make) -> None:
    raw = read(make, book(MONTHS, months), 'sheet = ["*月"]')
    assert list(raw.frame) == ["顧客", "日付", "売上", "備考", "row_number", "file"]
    assert raw.frame.to_numpy().tolist() == [
        ["004", "2025-04-01", "4", "", 2, "a.xlsx / 4月"],
        ["005", "2025-05-01", "5", "x", 3, "a.xlsx / 5月"],
    ]
    assert said(raw) == [
        "a.xlsx / 6月: the sheet is blank",
        "a.xlsx: sheet 4月",
        "a.xlsx: sheet 5月",
        "a.xlsx / 5月: the header stands in row 2",
    ]


def test_a_hidden_sheet_is_read_only_by_its_name(make: Make) -> None:
    raw = read(make, book(MONTHS, months), 'sheet = ["４月", "3月"]')
    assert raw.frame["file"].to_list() == ["a.xlsx / 4月", "a.xlsx / 3月"]
    alone = read(make, book(MONTHS, months), 'sheet = "3月"')
    assert alone.frame["file"].to_list() == ["a.xlsx"]


def test_sheets_that_are_not_there_or_not_certain(make: Make) -> None:
    data = book(MONTHS, months)
    assert sentence(make, data, 'sheet = "4月分"') == (
        "a.xlsx has no sheet \"4月分\". It has ['表紙', '4月', '5月', '6月']. Did you mean \"4月\"?"
    )
    assert sentence(make, data, 'sheet = ["*年"]') == (
        "a.xlsx has no sheet \"*年\". It has ['表紙', '4月', '5月', '6月']. "
        "Write one of these as sheet."
    )
    assert sentence(make, data, 'sheet = "図"') == (
        'a.xlsx: the sheet "図" is a chart or a macro, not a table.'
    )
    assert sentence(make, data) == (
        "a.xlsx has the headers of this list in 2 sheets: ['4月', '5月']. Say which belong to it: "
        '[lists.orders] sheet = ["4月", "5月"]; or a pattern: sheet = "*月".'
    )
    lacks = book({"4月": MONTHS["4月"], "5月": [["顧客", "日付"], ["005", DAY]]})
    assert sentence(make, lacks, 'sheet = "*月"') == (
        'a.xlsx / 5月 lacks the column "売上", which other sheets of the list have. It has '
        "['顧客', '日付']. Mend its header, or leave the sheet out."
    )
    only_chart = book({"表": [HEADER, ["1", DAY, 1]]}, lambda b: b.add_chartsheet("図"))
    assert len(read(make, only_chart).frame) == 1


# --- headers of several rows ------------------------------------------------------------------

WIDE = 'customer_id = "顧客番号"\nordered_on = "締日"\namount = "4月 金額"'


def two_rows(made: xlsxwriter.Workbook) -> None:
    sheet = made.add_worksheet("表")
    sheet.merge_range(0, 0, 0, 5, "月別売上一覧")
    sheet.merge_range(2, 0, 3, 0, "顧客番号")
    sheet.merge_range(2, 1, 3, 1, "締日")
    sheet.merge_range(2, 2, 2, 3, "4月")
    sheet.merge_range(2, 4, 2, 5, "5月")
    sheet.write_row(3, 2, ["数量", "金額", "数量", "金額"])
    sheet.write_row(4, 0, ["001", DAY, 1, 100, 2, 200])


def test_a_header_of_merged_cells_is_joined(make: Make) -> None:
    raw = read(make, book({}, two_rows), columns=WIDE)
    names = ["顧客番号", "締日", "4月 数量", "4月 金額", "5月 数量", "5月 金額"]
    assert list(raw.frame) == [*names, "row_number", "file"]
    assert raw.frame.iloc[0].to_list() == ["001", DAY, "1", "100", "2", "200", 5, "a.xlsx"]
    assert said(raw)[1].startswith("a.xlsx: the header stands in rows 3 to 4")


def test_groups_over_repeated_names_are_a_header(make: Make) -> None:
    def write(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet("表")
        sheet.merge_range(0, 2, 0, 3, "4月")
        sheet.merge_range(0, 4, 0, 5, "5月")
        sheet.write_row(1, 0, ["顧客番号", "締日", "数量", "金額", "数量", "金額"])
        sheet.write_row(2, 0, ["001", DAY, 1, 100, 2, 200])

    raw = read(make, book({}, write), columns=WIDE)
    assert raw.frame["5月 金額"].to_list() == ["200"]


def test_two_titles_side_by_side_are_no_header(make: Make) -> None:
    def write(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet("表")
        sheet.merge_range(0, 0, 0, 1, "受注一覧")
        sheet.merge_range(0, 2, 0, 3, "作成: 営業部")
        sheet.write_row(1, 0, ["顧客", "日付", "売上", "備考"])
        sheet.merge_range(2, 0, 3, 0, "001")
        sheet.write_row(2, 1, [DAY, 100])
        sheet.write_row(3, 1, [DAY, 200])

    raw = read(make, book({}, write))
    assert list(raw.frame)[:4] == ["顧客", "日付", "売上", "備考"]
    assert raw.frame["顧客"].to_list() == ["001", "001"]


def test_the_header_rows_may_be_stated(make: Make) -> None:
    # only the lower row, as client.toml says
    raw = read(
        make, book({}, two_rows), "header_row = 4",
        'customer_id = "column 1"\nordered_on = "column 2"\namount = "金額"',
    )  # fmt: skip
    assert raw.frame["金額"].to_list() == ["100"]
    # a text has no merged cells: a group's name holds for the blanks beside it
    text = "月別\n顧客番号,締日,4月,,5月,\n,,数量,金額,数量,金額\n001,2025-01-01,1,100,2,200\n"
    raw = read(make, text.encode(), "header_rows = 2", WIDE, "a.csv")
    assert raw.frame["5月 金額"].to_list() == ["200"]
    assert raw.frame["row_number"].to_list() == [4]
    three = "顧客番号,締日,2025年,\n,,4月,\n,,数量,金額\n001,2025-01-01,1,100\n"
    raw = read(
        make, three.encode(), "header_row = 1\nheader_rows = 3",
        'customer_id = "顧客番号"\nordered_on = "締日"\namount = "2025年 4月 金額"', "b.csv",
    )  # fmt: skip
    assert raw.frame["2025年 4月 金額"].to_list() == ["100"]


# --- totals -----------------------------------------------------------------------------------

KEYS = ListSection(
    files=("a.csv",), columns={"customer_id": "顧客", "ordered_on": "日付", "amount": "売上"}
)
TOTAL, REMARK = "a row of totals", "a remark beside or below the list"


def verdict(*cells: str, section: ListSection | None = KEYS) -> str:
    lines = [["001", DAY, "腕時計", "100", "1"], list(cells), ["002", DAY, "x", "200", "2"]]
    reasons = apart(lines, ["顧客", "日付", "品", "売上", "数"], section)
    assert list(reasons) in ([], [1])
    return reasons.get(1, "kept")


def apart(
    lines: list[list[str]], headers: list[str], section: ListSection | None
) -> dict[int, str]:
    """Row to the reason why it is set apart."""
    keys = keys_of(headers, section) if section else Keys()
    cells = [f"c{at}" for at in range(len(headers))]
    table = pa.table([pa.array(column) for column in zip(*lines, strict=True)], names=cells)
    with duckdb.connect() as engine:
        engine.register("lines", table.append_column("place", pa.array(range(len(lines)))))
        perhaps = engine.execute(f"select place from lines where {perhaps_apart(cells, keys)}")
        rows = {at: lines[at] for (at,) in sorted(perhaps.fetchall())}
    return {row: reason.english for row, reason in reasons_apart(rows, keys).items()}


@pytest.mark.parametrize(
    "cells",
    [
        ("合計", "", "", "1,200", "3"),
        ("合　計", "", "", "¥1,200", "3"),
        ("", "合計", "", "1200円", ""),
        ("", "", "【小計】", "▲1,200", "-"),
        ("4月計", "", "", "1200", "3"),
        ("東京支店 計", "", "", "1200", "3"),
        ("2025年4月 合計", "", "", "(1,200)", "3"),
        ("Grand Total", "", "", "1200.50", "3"),
        ("Ｔｏｔａｌ", "", "", "1200", ""),
        ("Sub-total:", "", "", "1200", ""),
        ("Tokyo Total", "", "", "1,200", ""),
        ("平均", "", "", "12.5", "1.5"),
        ("総計", "", "", "", ""),
    ],
)
def test_rows_of_totals_are_set_apart(cells: tuple[str, ...]) -> None:
    assert verdict(*cells) == TOTAL
    assert verdict(*cells, section=None) == TOTAL


@pytest.mark.parametrize(
    "cells",
    [
        ("001", DAY, "合計", "1200", "3"),  # an id and a day
        ("003", "", "小計", "1200", "3"),  # an id
        ("", DAY, "合計", "1200", "3"),  # a day: an order without a customer
        ("山田設計", "", "", "1200", "3"),
        ("日本会計", "", "", "1200", "3"),
        ("時計", "", "", "1200", "3"),
        ("計", "", "個人", "100", "1"),  # a word that is no number
        ("合計", "", "", "00123", ""),  # an id among the cells
        ("合計", "", "", "03-1234-5678", ""),
        ("Total Care", "", "", "100", "1"),
    ],
)
def test_real_rows_are_never_totals(cells: tuple[str, ...]) -> None:
    assert verdict(*cells) == "kept"
    assert verdict(*cells, section=None) == "kept"


def test_totals_of_a_day_or_a_group_need_the_id() -> None:
    assert verdict("日計", "2025-01-31", "", "5000", "2") == TOTAL
    assert verdict("合計", "2025-01-31", "", "5000", "2") == TOTAL
    assert verdict("合計", "2025-01-31", "", "5000", "2", section=None) == "kept"
    assert verdict("", "", "東京", "5000", "2") == "kept"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("※金額は税別", "", "", "", ""), REMARK),
        (("", "", "（注）返品を含む", "", ""), REMARK),
        (("出力日時", "2025-01-31 10:00", "", "", ""), REMARK),
        (("以上", "", "", "", ""), REMARK),
        (("Printed: 2025-01-31", "", "", "", ""), REMARK),
        (("003", "", "", "", ""), "kept"),
        (("作成株式会社", "", "", "", ""), "kept"),
        (("以上印刷", "", "", "", ""), "kept"),
        (("※印", DAY, "", "100", ""), "kept"),
    ],
)
def test_remarks_are_single_cells_that_read_so(cells: tuple[str, ...], reason: str) -> None:
    assert verdict(*cells) == reason


def test_nothing_below_a_report_is_lost(make: Make) -> None:
    lines: Cells = [
        HEADER, ["001", DAY, 100], ["小計", "", 100], ["002", DAY, 200], ["合計", "", 300],
        [], ["担当: 青葉"], ["※税別"],
    ]  # fmt: skip
    raw = read(make, book({"表": lines}))
    assert raw.frame["顧客"].to_list() == ["001", "002"]
    assert raw.broken.to_dict("list") == {
        "file": ["a.xlsx"] * 4,
        "row_number": [3, 5, 7, 8],
        "value": ["小計 | 100", "合計 | 300", "担当: 青葉", "※税別"],
        "reason": [TOTAL, TOTAL, REMARK, REMARK],
    }
    text = "顧客,日付,売上\n001,2025-01-01,100\n合計,,100\n,,\n担当,,\n"
    raw = read(make, text.encode(), file="a.csv")
    assert raw.broken["row_number"].to_list() == [3, 5]


def test_totals_are_found_fast() -> None:
    count = 250_000
    lines = [
        [f"C{number % 5000:05d}", DAY, ("腕時計", "設計")[number % 2], str(number)]
        for number in range(count)
    ]
    for section in (KEYS, None):
        start = time.process_time()
        assert not apart(lines, ["顧客", "日付", "品", "売上"], section)
        assert time.process_time() - start < 2  # 0.1 and 0.2 s on two quiet cores


# --- safety -----------------------------------------------------------------------------------

PROTECTED = "a.xlsx is protected by a password. Save it without one."


def test_a_password_is_one_sentence(make: Make) -> None:
    assert sentence(make, ole({"EncryptionInfo": b"x", "EncryptedPackage": b"y"})) == PROTECTED
    cells = [["顧客", "日付", "売上"], ["1", DAY, 1.0]]
    old = xls(cells, password=True)
    assert sentence(make, old, file="a.xls") == PROTECTED.replace("xlsx", "xls")
    locked = ods(ods_row("x"), "<encryption-data/>")
    assert sentence(make, locked, file="a.ods") == PROTECTED.replace("xlsx", "ods")


def test_a_truncated_workbook_is_one_sentence(make: Make) -> None:
    whole = book({"表": [HEADER, *([str(i), DAY, i] for i in range(500))]})
    assert sentence(make, whole[: len(whole) // 2]) == (
        "a.xlsx (list orders) is damaged or cut off (File is not a zip file): it cannot be opened "
        "as a workbook. Copy or export it again."
    )
    old = xls([["顧客", "日付", "売上"], *[[str(i), DAY, 1.0] for i in range(500)]])
    assert sentence(make, old[:3000], file="a.xls") == (
        "a.xls (list orders) is damaged or cut off (a stream longer than the file): it cannot be "
        "opened as a workbook. Copy or export it again."
    )
    garbled = bytearray(whole)
    garbled[60:90] = b"\xff" * 30
    assert "a.xlsx" in sentence(make, bytes(garbled))
    other = sentence(make, ole({"WordDocument": b"x"}), file="a.doc")
    assert other == (
        "a.doc (list orders) is an old Office file, but no workbook. Open it in its program and "
        "save the list as .xlsx."
    )


def test_a_container_that_goes_in_circles_ends(make: Make) -> None:
    data = bytearray(xls([["顧客", "日付", "売上"]]))
    data[512 + 4 * 3 : 512 + 4 * 3 + 4] = (2).to_bytes(4, "little")  # sector 3 leads back to 2
    assert sentence(make, bytes(data), file="a.xls") == (
        "a.xls (list orders) is damaged or cut off (a chain of sectors that goes in circles or "
        "ends early): it cannot be opened as a workbook. Copy or export it again."
    )
    far = xls([["顧客", "日付", "売上"], *[[1.0] * 300]])
    assert "(a cell in column 300)" in sentence(make, far, file="b.xls")


def test_damage_of_any_kind_is_a_sentence(tmp_path: Path) -> None:
    """Longer runs (4,800 files) found circles and impossible columns; both stand above."""
    dice = random.Random(3)
    cells = [["顧客", "日付", "売上"], *[[f"{i:03}", DAY, 1.5] for i in range(20)]]
    wholes = {".xlsx": book({"表": cells}), ".xls": xls(cells), ".ods": ods(ods_row("顧客", 1.0))}
    section = ListSection(files=("a",), columns={"customer_id": "顧客"})
    for number in range(240):
        ending = list(wholes)[number % 3]
        data = bytearray(wholes[ending])
        for _ in range(dice.randrange(1, 5)):
            at = dice.randrange(len(data))
            data[at : at + dice.randrange(1, 9)] = dice.randbytes(dice.randrange(9))
        path = tmp_path / f"a{ending}"
        path.write_bytes(data)
        with contextlib.suppress(ListError):
            list(workbook_pieces(file_on_disk(path, "orders"), path, section))


def test_a_text_named_xlsx_is_read_and_a_web_page_is_not(make: Make) -> None:
    raw = read(make, "顧客,日付,売上\n001,2025-01-01,100\n".encode("cp932"))
    assert raw.frame["顧客"].to_list() == ["001"]
    page = "<html><body><table><tr><td>顧客</td></tr></table></body></html>"
    assert sentence(make, page.encode(), file="a.xls") == (
        "a.xls (list orders) is a web page (HTML), though it is named .xls, not a list of rows. "
        "Open it in Excel and save it as .xlsx."
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("受注.csv", "顧客,日付,売上\n001,2025-01-01,100\n")
    assert read(make, packed.getvalue()).frame["顧客"].to_list() == ["001"]


def resized(data: bytes, size: int) -> bytes:
    """The same zip, but its directory says that the sheet unpacks to `size` bytes."""
    changed = bytearray(data)
    entry = changed.rindex(b"xl/worksheets/sheet1.xml") - 46
    assert changed[entry : entry + 4] == b"PK\x01\x02"
    changed[entry + 24 : entry + 28] = size.to_bytes(4, "little")
    return bytes(changed)


def test_a_sheet_that_unpacks_to_gigabytes_is_not_opened(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = resized(xlsx([row(1, {"A": "顧客"})]), 4_200_000_000)
    assert sentence(make, bomb).startswith("a.xlsx swells to more than")
    monkeypatch.setattr(before_opening, "MOST_UNPACKED_BYTES", 5_000_000)
    bomb = xlsx([row(1, {"A": "顧客"}), " " * 6_000_000])
    told = sentence(make, bomb)
    assert told.startswith(f"a.xlsx (list orders) has {len(bomb):,} bytes but unpacks to 6,00")
    assert told.endswith(
        " in 5 parts; a workbook may have 5,000,000 in 10,000. If it is really a list, export it "
        "as CSV."
    )


def test_a_lying_directory_is_not_believed(make: Make) -> None:
    header = row(1, {"A": "顧客", "B": "日付", "C": "売上"})
    data = xlsx([header, *(row(i, {"A": str(i)}) for i in range(2, 5000))])
    assert sentence(make, resized(data, 100)) == (
        "a.xlsx holds more than its directory says (xl/worksheets/sheet1.xml: 100 bytes). It is "
        "not opened: get it again from its source."
    )
    assert sentence(make, resized(data, 100_000_000)) == (
        "a.xlsx (list orders) is damaged or cut off (xl/worksheets/sheet1.xml ends early): it "
        "cannot be opened as a workbook. Copy or export it again."
    )


def test_cells_in_opposite_corners_do_not_fill_the_memory(make: Make) -> None:
    corners = [row(1, {"A": "顧客"}), row(1_048_576, {"XFD": 1})]
    told = (
        "a.xlsx (list orders) has a sheet that reaches to row 1,048,576 and column 16,384; "
        "40,000,000 cells can be read. Delete the cells far from the list, or export the sheet as "
        "CSV."
    )
    assert sentence(make, xlsx(corners)) == told
    # cells without an address stand side by side
    wide = "<row>" + "<c><v>1</v></c>" * 16_384 + "</row>"
    told = sentence(make, xlsx([wide, *["<row><c><v>1</v></c></row>"] * 5000]))
    assert "row 5,001 and column 16,384" in told
    far = ods(ods_row("顧客") + ods_row(1.0, times=1_048_575) + ods_row(*[1.0] * 100))
    told = sentence(make, far, file="a.ods")
    assert "a sheet that reaches to row 1,048,577 and column 100" in told


def test_formats_without_values_are_passed_over(make: Make) -> None:
    header = row(1, {"A": "顧客", "B": "日付", "C": "売上"})
    real = row(2, {"A": "001", "B": DAY, "C": 5.0})
    wide = row(3, {letters(column): None for column in range(1, 16_385)})
    long = (row(number, {"A": None, "XFD": None}) for number in range(4, 30_000))
    start = time.process_time()
    raw = read(make, xlsx([header, real, wide, *long]))
    assert raw.frame["顧客"].to_list() == ["001"]
    assert list(raw.frame) == ["顧客", "日付", "売上", "row_number", "file"]
    assert time.process_time() - start < 10


def test_a_workbook_that_is_open_elsewhere(make: Make) -> None:
    data = book({"表": [HEADER, ["001", DAY, 5]]})
    client = make(
        ORDERS.format(file="*.xlsx", more="", columns=JAPANESE),
        {"売上.xlsx": data, "~$売上.xlsx": b"\x06aoba" + b" " * 160},
    )
    raw = read_list(client, "orders")
    assert raw.frame["file"].to_list() == ["売上.xlsx"]
    assert said(raw)[0] == (
        "売上.xlsx is open in another program: what is not yet saved there is not read"
    )


# --- real workbooks ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "columns", "rows", "sheet"),
    [
        ("superstore/Sample - Superstore.xls", ("Customer ID", "Sales"), 9994, "Orders"),
        ("gakushu-ja/売上データ.xlsx", ("顧客番号", "売上"), 257, "Sheet1"),
        ("gakushu-ja/課金データ.xlsx", ("ユーザーid", "課金額"), 25_877, "Sheet1"),
        ("gakushu-ja/顧客データ.xlsx", ("顧客ID", "購買金額"), 500, "RFM"),
        ("encodings-ja/sales.xlsx", ("月", "売上合計"), 12, "月次報告"),
    ],
)
def test_real_workbooks(
    real_data: Path, file: str, columns: tuple[str, str], rows: int, sheet: str
) -> None:
    mapped = dict(zip(("customer_id", "amount"), columns, strict=True))
    section = ListSection(files=(Path(file).name,), columns=mapped)
    raw = read_file(real_data / file, section, "orders")
    assert len(raw.frame) == rows
    assert raw.broken.empty
    assert said(raw)[0] == f"{Path(file).name}: sheet {sheet}"
    assert not apart(raw.frame.iloc[:, :-2].to_numpy().tolist(), list(raw.frame)[:-2], section)
