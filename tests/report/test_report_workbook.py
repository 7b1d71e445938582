"""actions.xlsx: read back cell by cell; text stays text, the reviewer gets drop-downs."""

import datetime
import re
import zipfile

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from segment_lib.checks import KitError
from segment_lib.columns import value_label
from segment_lib.report import build_workbook, read_reviewed, workbook
from segment_lib.report.reviewed import decisions_mark, rows_of
from segment_lib.report.sheets import allowed_overrides, sheet_name
from segment_lib.voice import language


def sheets_of(path):
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def xml_of(path):
    with zipfile.ZipFile(path) as parts:
        return {name: parts.read(name).decode() for name in parts.namelist()}


@pytest.fixture
def written(client, frames):
    return build_workbook(client, frames)


def test_everyone_stands_on_exactly_one_sheet(written, frames):
    sheets = sheets_of(written)
    lists = [rows[1:] for rows in sheets.values() if rows and rows[0][0] == "Customer id"]
    ids = [row[0] for rows in lists for row in rows]
    assert sorted(ids) == sorted(frames["customers"].index)


def test_the_sheets_in_order(written):
    names = list(sheets_of(written))
    assert names[0] == "About"
    assert names[1].startswith("Recover")
    assert names[-3:] == ["Not now", "Not approached", "Columns"]
    assert all(len(name) <= 31 for name in names)


def test_more_rows_than_a_sheet_holds_go_on_the_next(client, frames, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 7)
    sheets = sheets_of(build_workbook(client, frames))
    lists = {name: rows for name, rows in sheets.items() if rows and rows[0][0] == "Customer id"}
    assert max(len(rows) for rows in lists.values()) == 8  # the header and seven
    assert {"Not approached", "Not approached 2"} <= set(lists)
    ids = [row[0] for rows in lists.values() for row in rows[1:]]
    assert sorted(ids) == sorted(frames["customers"].index)


def test_ids_are_text_days_are_days_hours_are_numbers(written):
    rows = sheets_of(written)["Approach Call and ask what they"]
    head, first = rows[0], rows[1]
    assert first[0] == "00000"
    assert isinstance(first[head.index("Due")], datetime.date)
    assert isinstance(first[head.index("Hours")], float)
    assert first[head.index("Hold-out")] in ("yes", "no")


def test_nothing_in_a_list_becomes_a_formula_or_a_link(client, frames):
    rows = frames["customers"].assign(
        name="=1+1", evidence="http://example.com", action="+a/b:[c]?*"
    )
    parts = xml_of(build_workbook(client, {"customers": rows}))
    pages = "".join(text for name, text in parts.items() if "worksheets/sheet" in name)
    assert "<f>" not in pages
    assert "<hyperlink" not in pages
    assert "=1+1" in parts["xl/sharedStrings.xml"]


def test_header_frozen_filter_on_drop_downs_by_relation(written):
    parts = xml_of(written)
    listed = [text for text in parts.values() if "<autoFilter" in text]
    assert listed
    assert all('state="frozen"' in text for text in listed)
    wanted = '"Grow,Recover,Keep serving,Not now"'
    rules = "".join(re.findall(r"<formula1>(.*?)</formula1>", "".join(listed))).replace(
        "&quot;", '"'
    )
    assert wanted in rules
    assert '"Approach,Not approached,Not now"' in rules


def test_nobody_under_contract_can_be_put_on_the_list_and_no_wish_is_overruled():
    assert allowed_overrides(False, True) == ["Not approached", "Not now"]
    with language("ja"):
        assert "アプローチしない" not in allowed_overrides(True, False)


def test_the_not_approached_sheet_has_reason_evidence_and_review_day(client, frames_ja):
    with language("ja"):
        rows = sheets_of(build_workbook(client, frames_ja))["アプローチしない"]
    assert rows[0][:5] == ["お客様番号", "お名前", "主な理由", "根拠", "見直し日"]
    assert rows[1][2] in (
        "連絡不要のご意思",
        "社内の取り決め（署名あり）",
        "今の当社の働きかけでは成果につながらない",
    )
    assert rows[1][4] == datetime.date(2025, 9, 28)


def test_the_first_sheet_says_what_this_is_and_counts_everyone(written):
    text = "\n".join(" ".join(map(str, row)) for row in sheets_of(written)["About"])
    assert "This is a decision about where our hours go" in text
    assert "is provisional" in text
    assert "Everyone 40" in text


def test_two_runs_write_the_same_bytes(client, frames):
    assert (
        build_workbook(client, frames).read_bytes() == build_workbook(client, frames).read_bytes()
    )


def test_a_workbook_open_in_excel_is_written_beside_it(client, frames, monkeypatch):
    path = build_workbook(client, frames)
    write = type(path).write_bytes

    def refused(self, data):
        if self == path:
            raise PermissionError(13, "open in Excel")
        return write(self, data)

    monkeypatch.setattr(type(path), "write_bytes", refused)
    assert build_workbook(client, frames).name == "actions (2).xlsx"


@pytest.mark.parametrize("spoken", ["en", "ja"])
def test_overrides_come_back_as_they_were_written(client, frames, spoken):
    rows = frames["customers"].assign(override=None, override_why=None, override_by=None)
    rows["override_on"] = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]")
    rows.loc["00000", ["override", "override_why", "override_by"]] = ["not_now", "in talks", "佐藤"]
    rows.loc["00000", "override_on"] = pd.Timestamp("2025-06-29")
    with language(spoken):
        path = build_workbook(client, {"customers": rows})
        not_now = value_label("decision", "not_now")
    back = rows_of(read_reviewed(path), set(rows.index))[0].set_index("customer_id")
    assert sorted(back.index) == sorted(rows.index)
    assert back.loc["00000", ["decision", "reason_in_words", "by", "on"]].tolist() == [
        not_now,
        "in talks",
        "佐藤",
        datetime.date(2025, 6, 29),
    ]


def test_the_workbook_says_whose_it_is_and_how_it_comes_back(written, client, frames):
    (mark,) = read_reviewed(written).marks
    assert mark == ("shop", "2025-06-30", decisions_mark(frames["customers"]))
    text = "\n".join(" ".join(map(str, row)) for row in sheets_of(written)["About"])
    assert "“kit.py review --client …/shop/client.toml --import FILE”" in text
    assert str(client.folder.parent) not in text


def test_the_mark_differs_where_a_decision_or_an_owner_differs(frames):
    rows = frames["customers"]
    assert decisions_mark(rows) == decisions_mark(rows.iloc[::-1])
    for column in ("owner", "decision"):
        other = rows.astype({column: "object"})
        other.loc["00000", column] = "somebody"
        assert decisions_mark(other) != decisions_mark(rows)


def test_no_decision_no_workbook(client):
    with pytest.raises(KitError) as error:
        build_workbook(client, {})
    assert str(error.value) == (
        "actions.xlsx needs the frame customers with the columns decision and reason, one row per "
        "customer. Run the decision (notebook 08) first."
    )


def test_sheet_names_are_what_excel_accepts():
    used: set[str] = set()
    assert sheet_name("'[a]/b'", used) == "a b"
    assert sheet_name("A B", used) == "A B 2"
    assert sheet_name("History", used) == "History 2"
    assert sheet_name("", used) == "sheet"
    long = sheet_name("長" * 40, used)
    assert len(long) == 31
    assert len(sheet_name("長" * 40, used)) == 31
