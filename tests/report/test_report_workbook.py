"""actions.xlsx and the plan's tables: read back cell by cell, every count held against the plan."""

import csv
import datetime
import io
import re
import zipfile

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from segment_lib.approach.weeks import weeks_of
from segment_lib.checks import KitError
from segment_lib.client import open_client
from segment_lib.columns import label, value_label
from segment_lib.report import build_workbook, read_reviewed, workbook, write_plan_files
from segment_lib.report.plan_files import file_name
from segment_lib.report.reviewed import decisions_mark, rows_of
from segment_lib.report.sheets import (
    ASKED,
    allowed_overrides,
    fixed_names,
    how_to_review,
    sheet_name,
)
from segment_lib.report.workbook import FONT
from segment_lib.voice import language

OWNERS = ("佐藤(内勤)", "鈴木/外勤", "unassigned")
BOTH = pytest.mark.parametrize("spoken", ["en", "ja"])
TEAMS = """
[teams."内勤"]
owners = ["佐藤(内勤)"]
hours_per_week = 30
"""
# decision, reason, under contract, planned on (day of July), waits because
ROWS = (
    ("approach", "worth_it", False, 1, ""), ("approach", "in_doubt", False, 9, ""),
    ("approach", "hold_out", False, 15, ""), ("approach", "worth_it", False, None, "no_hours"),
    ("approach", "former_customer", False, None, "too_soon"), ("grow", "gets_results", True, 2, ""),
    ("grow", "on_the_way", True, 28, ""), ("recover", "open_incident", True, 1, ""),
    ("keep_serving", "normal_service", True, 22, ""),
    ("grow", "gets_results", True, None, "too_long"),
    ("not_approached", "opted_out", False, None, ""),
    ("not_approached", "declared", False, None, ""),
    ("not_now", "contacted_lately", False, None, "date"),
)  # fmt: skip


def plan(n: int = 39) -> pd.DataFrame:
    """A plan of `n` customers, three per row of ROWS, one per owner."""
    rows = pd.DataFrame(
        [ROWS[at % len(ROWS)] for at in range(n)],
        columns=["decision", "reason", "under_contract", "day", "waits_because"],
        index=pd.Index([f"{at:05d}" for at in range(n)], name="customer_id"),
    )
    do_on = pd.to_datetime("2025-06-30") + pd.to_timedelta(rows["day"], unit="D")
    idle = rows["decision"].isin(["not_approached", "not_now"])
    first = pd.Series(pd.Timestamp("2025-07-01"), index=rows.index)
    return rows.drop(columns="day").assign(
        all_reasons=rows["reason"], evidence="Of 76 alike 29 signed.",
        hold_out=rows["reason"].eq("hold_out"),
        review_on=pd.Timestamp("2025-09-28"), do_on=do_on.astype("datetime64[us]"),
        planned_week=((do_on - pd.Timestamp("2025-07-01")).dt.days // 7 + 1).astype("Int64"),
        do_from=first.mask(idle).astype("datetime64[us]"),
        owner=[OWNERS[at // 13 % 3] for at in range(n)],
        team="内勤", hand_over_to=["外勤" if at % 6 == 0 else "" for at in range(n)],
        action="Call and ask", purpose="understand", channel="call", effort_hours=0.5,
        why_now="In its turn.", priority=range(1, n + 1), expected_value=1000.0,
        name=["山田商店" if at % 2 else "Acme Ltd" for at in range(n)], contact_person="山田 花子",
        telephone="+81312345678", email="a@example.com", status="likely", sub_stage="met_once",
        last_contact_on=pd.Timestamp("2025-06-02"), last_contact_by="call", agreed=False,
        override=None, override_why=None, override_by=None, override_on=pd.NaT,
        was_due_by=pd.Timestamp("2025-08-09"), next_from=pd.Timestamp("2025-07-03"),
        next_to=pd.Timestamp("2025-08-09"),
    )  # fmt: skip


@pytest.fixture
def client(client):
    client.path.write_text(client.path.read_text(encoding="utf-8") + TEAMS, encoding="utf-8")
    return open_client(client.path, out=client.out)


@pytest.fixture
def frames():
    return {"customers": plan()}


@pytest.fixture
def written(client, frames):
    return build_workbook(client, frames)


def sheets_of(path):
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def table_of(rows):
    """The list of a sheet, by the headings in its third row."""
    return pd.DataFrame(rows[3:], columns=rows[2])


def tables_of(path):
    heads = (label("customer_id"),)
    found = {name: rows for name, rows in sheets_of(path).items() if len(rows) > 2}
    return {name: table_of(rows) for name, rows in found.items() if rows[2][0] in heads}


def xml_of(path):
    with zipfile.ZipFile(path) as parts:
        return {name: parts.read(name).decode() for name in parts.namelist()}


def counted(rows, first):
    """The table of the first sheet whose head begins with `first`, by its first column."""
    at = next(k for k, row in enumerate(rows) if row[0] == first)
    end = next(k for k, row in enumerate(rows) if k > at and row[0] == "")
    return {row[0]: row[1:] for row in rows[at + 1 : end]}


# --- one word, one number -------------------------------------------------------------------------
@BOTH
def test_every_count_of_the_first_sheet_is_that_of_the_plan(client, frames, spoken):
    rows = frames["customers"]
    late = rows["waits_because"].isin(["no_hours", "too_long"])
    planned = rows["planned_week"].notna()
    with language(spoken):
        sheets = sheets_of(build_workbook(client, frames))
        about = sheets[fixed_names()["about"]]
        heads = {"en": ("What is decided", "Week", "Owner", "Everyone"),
                 "ja": ("決まったこと", "週", "担当", "合計")}[spoken]  # fmt: skip
        decisions = counted(about, heads[0])
        for code, own in rows.groupby("decision"):
            got = decisions[str(value_label("decision", code))]
            day = ~planned & ~late & rows["decision"].ne("not_approached")
            assert got[:3] == [len(own), planned[own.index].sum(), late[own.index].sum()], code
            assert got[3] == day[own.index].sum()
            assert got[4] == own.loc[planned[own.index], "effort_hours"].sum()
            assert got[5] == own.loc[late[own.index], "effort_hours"].sum()
        assert decisions[heads[3]][:3] == [len(rows), planned.sum(), late.sum()]
        weeks = counted(about, heads[1])
        assert {week: row[3] for week, row in weeks.items()} == (
            rows["planned_week"].dropna().value_counts().sort_index().to_dict()
        )
        assert weeks[1][:3] == [datetime.date(2025, 7, 1), datetime.date(2025, 7, 7), 5]
        assert (weeks[3][2], weeks[4][2]) == (4, 5)  # 21 July is a holiday
        owners = counted(about, heads[2])
        for owner in OWNERS:
            own = rows[rows["owner"] == owner]
            got = owners[str(value_label("owner", owner))]
            assert got[0] == own["planned_week"].notna().sum()
            assert got[1] == own.loc[planned[own.index], "effort_hours"].sum()
            assert got[3] == late[own.index].sum()
        assert owners["佐藤(内勤)"][2] == pytest.approx(weeks_of(client).hours("佐藤(内勤)").sum())


@BOTH
def test_the_lists_hold_whom_the_plan_says(client, frames, spoken):
    rows = frames["customers"]
    with language(spoken):
        tables, names, who = (
            tables_of(build_workbook(client, frames)), fixed_names(), label("customer_id"),
        )  # fmt: skip
        planned = rows["planned_week"].notna()
        for owner in OWNERS:
            own = tables[sheet_name(str(value_label("owner", owner)), set())]
            assert sorted(own[who]) == sorted(rows.index[planned & (rows["owner"] == owner)])
            days = pd.to_datetime(own[label("do_on")])
            assert list(days) == list(rows.loc[own[who], "do_on"])
            assert days.isin(weeks_of(client).days).all()
            assert (own[label("planned_week")].diff().dropna() >= 0).all()
        away = rows["decision"] == "not_approached"
        assert sorted(tables[names["not_approached"]][who]) == sorted(rows.index[away])
        assert sorted(tables[names["waiting"]][who]) == sorted(rows.index[~away & ~planned])
        assert sorted(tables[names["hand_overs"]][who]) == sorted(
            rows.index[rows["hand_over_to"] != ""]
        )
        assert sorted(tables[names["all"]][who]) == sorted(rows.index)
        yellow = [name for name, table in tables.items() if label("override") in table]
        ids = [one for name in yellow for one in tables[name][who]]
        assert sorted(ids) == sorted(rows.index)  # one place to write in per customer


def test_the_sheets_in_order(written):
    assert list(sheets_of(written)) == [
        "About", "佐藤(内勤)", "鈴木 外勤", "Nobody yet", "Waiting", "Not approached", "Hand-overs",
        "All", "Words",
    ]  # fmt: skip


@BOTH
def test_one_row_says_who_why_what_and_when(client, frames, spoken):
    with language(spoken):
        own = tables_of(build_workbook(client, frames))["佐藤(内勤)"].iloc[0]
        got = {name: own[label(name)] for name in (
            "customer_id", "do_on", "name", "contact_person", "telephone", "email",
            "last_contact_on", "status", "product_due", "reason", "why_now", "effort_hours",
        )}  # fmt: skip
    assert got == {
        "customer_id": "00000",
        "do_on": datetime.date(2025, 7, 1),
        "name": {"en": "Acme Ltd", "ja": "Acme Ltd様"}[spoken],
        "contact_person": "山田 花子",
        "telephone": "+81312345678",
        "email": "a@example.com",
        "last_contact_on": {"en": "2025-06-02, Telephone", "ja": "2025/06/02 電話"}[spoken],
        "status": {"en": "B Likely", "ja": "B 見込みあり"}[spoken],
        "product_due": {"en": "2025-07-03 – 2025-08-09", "ja": "2025/07/03〜2025/08/09"}[spoken],
        "reason": {
            "en": "Effort is likely to pay. Of 76 alike 29 signed.",
            "ja": "採算が見込める。Of 76 alike 29 signed.",
        }[spoken],
        "why_now": "In its turn.",
        "effort_hours": 0.5,
    }


def test_the_most_urgent_product_that_has_not_gone_quiet_is_named(client, frames):
    day = pd.Timestamp
    frames["next_order"] = pd.DataFrame(
        {
            "product_line": ["SEO", "Ads", "Site", "SEO"],
            "name": "Acme Ltd",
            "next_from": day("2025-07-03"),
            "next_to": pd.to_datetime(["2025-10-01", "2025-10-02", "2025-08-20", "2025-11-01"]),
            "lapsed": [True, False, False, True],
            "overdue_days": [90, 3, 0, 50],
            "was_due_by": pd.to_datetime(["2025-04-01", "2025-06-27", "2025-08-09", "2025-05-01"]),
            "last_order_on": day("2025-02-01"),
        },
        index=pd.Index(["00000", "00000", "00001", "00002"], name="customer_id"),
    )  # fmt: skip
    own = tables_of(build_workbook(client, frames))["佐藤(内勤)"].set_index("Customer id")
    assert own.loc[["00000", "00001", "00002"], "Product, next order"].tolist() == [
        "Ads: late, was expected by 2025-06-27",
        "Site: 2025-07-03 – 2025-08-20",
        "SEO: gone quiet, last order 2025-02-01",
    ]


def test_rows_beyond_a_sheet_are_said_with_their_place(client, frames, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 7)
    sheets = sheets_of(build_workbook(client, frames))
    assert len(sheets["All"]) == 3 + 7
    assert sheets["All"][1][0].endswith("32 more do not fit on this sheet; they stand in plan.csv.")
    written = write_plan_files(client, frames).paths[0]
    assert len(pd.read_csv(written)) == 39


# --- cells, paper, drop-downs ---------------------------------------------------------------------
def test_nothing_in_a_list_becomes_a_formula_or_a_link(client, frames):
    rows = frames["customers"].assign(name="=1+1", evidence="http://example.com", action="+a/b:[c]")
    parts = xml_of(build_workbook(client, {"customers": rows}))
    pages = "".join(text for name, text in parts.items() if "worksheets/sheet" in name)
    assert "<f>" not in pages
    assert "<hyperlink" not in pages
    assert "=1+1" in parts["xl/sharedStrings.xml"]


@BOTH
def test_days_are_days_with_a_weekday_in_a_font_of_both_languages(client, frames, spoken):
    with language(spoken):
        styles = xml_of(build_workbook(client, frames))["xl/styles.xml"]
    fonts = re.findall(r'<name val="(.*?)"/>', styles)
    assert set(fonts) == {FONT}
    assert "<scheme" not in styles
    assert {"en": "[$-409]ddd d mmm", "ja": "[$-411]m/d(aaa)"}[spoken] in styles


def test_on_paper_every_list_repeats_its_head_and_names_its_sheet_and_page(written):
    parts = xml_of(written)
    names = parts["xl/workbook.xml"]
    pages = [text for name, text in parts.items() if "worksheets/sheet" in name]
    assert len(re.findall(r"_xlnm.Print_Titles", names)) == 7
    assert len(re.findall(r"_xlnm.Print_Area", names)) == 7
    for text in pages:
        assert 'paperSize="9" orientation="landscape"' in text.replace(' fitToHeight="0"', "")
        assert all(one in text for one in ("&amp;A", "&amp;P / &amp;N"))
    assert "'佐藤(内勤)'!$A$1:$N$" in names  # the yellow columns are not printed


def test_printed_columns_leave_letters_of_eight_points(client, frames):
    from segment_lib.report.sheets import list_sheets

    for part in list_sheets(client, frames, weeks_of(client)):
        wide = workbook.widths(part)[: part.printed]
        pixels = sum(8 * one + 5 for one in wide)  # the widest digits that the font may have
        points = min(1.0, 11.09 * 96 / pixels) * workbook.FONT_SIZE
        assert points >= 8.0, part.kind


def test_head_frozen_filter_on_drop_downs_by_relation_owner_day_and_agreement(written):
    parts = xml_of(written)
    listed = [text for text in parts.values() if "<autoFilter" in text]
    assert len(listed) == 7
    assert all('state="frozen"' in text for text in listed)
    rules = "\n".join(re.findall(r"<formula1>(.*?)</formula1>", "".join(listed))).replace(
        "&quot;", '"'
    )
    assert '"Grow,Recover,Keep serving"' in rules
    assert '"Approach,Not approached,Not now"' in rules
    assert '"Not approached,Not now"' in rules
    assert '"yes"' in rules
    cells = re.search(r"'About'!\$A\$(\d+):\$A\$(\d+)", rules)
    about = sheets_of(written)["About"]
    owners = [row[0] for row in about[int(cells[1]) - 1 : int(cells[2])]]
    assert owners == ["佐藤(内勤)", "鈴木/外勤"]


def test_nobody_under_contract_can_be_put_on_the_list_and_no_wish_is_overruled():
    assert allowed_overrides(False, True) == ["Not approached", "Not now"]
    with language("ja"):
        assert "アプローチしない" not in allowed_overrides(True, False)


def test_the_first_sheet_says_what_this_is_and_how_to_review(written, client, frames):
    (mark,) = read_reviewed(written).marks
    assert mark == ("shop", "2025-06-30", decisions_mark(frames["customers"]))
    text = "\n".join(" ".join(map(str, row)) for row in sheets_of(written)["About"])
    assert "This is a decision about where our hours go" in text
    assert "is provisional" in text
    assert "“kit.py review --client …/shop/client.toml --import FILE”" in text
    assert "There, and only there, every customer has yellow columns." in text
    assert str(client.folder.parent) not in text


def test_only_sheets_that_are_there_are_named_for_the_review(client, frames):
    def first_step(plan):
        return how_to_review("client.toml", client, plan)[1].partition(";")[0]

    plan = frames["customers"]
    assert (
        first_step(plan)
        == "1. Read the sheet of each owner, “Nobody yet”, “Waiting”, “Not approached”"
    )
    nobody = plan.assign(owner="unassigned", decision="approach", planned_week=1)
    assert first_step(nobody) == "1. Read “Nobody yet”"
    with language("ja"):
        assert how_to_review("client.toml", client, nobody)[1].startswith("1. 「担当未定」を読み、")


def test_two_runs_write_the_same_bytes(client, frames):
    def files():
        paths = [build_workbook(client, frames), *write_plan_files(client, frames).paths]
        return {path.name: path.read_bytes() for path in paths}

    assert files() == files()


def test_a_workbook_open_in_excel_is_written_beside_it(client, frames, monkeypatch):
    path = build_workbook(client, frames)
    write = type(path).write_bytes

    def refused(self, data):
        if self == path:
            raise PermissionError(13, "open in Excel")
        return write(self, data)

    monkeypatch.setattr(type(path), "write_bytes", refused)
    assert build_workbook(client, frames).name == "actions (2).xlsx"


@BOTH
def test_overrides_come_back_as_they_were_written(client, frames, spoken):
    rows = frames["customers"].astype({name: "object" for name in ASKED[:3]})
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
    others = back.drop(index="00000")[["decision", "reason_in_words", "by", "on"]]
    assert others.eq("").all(axis=None)  # the kit's own decisions are nobody's words


def test_the_mark_differs_where_a_decision_or_an_owner_differs(frames):
    rows = frames["customers"]
    assert decisions_mark(rows) == decisions_mark(rows.iloc[::-1])
    for column in ("owner", "decision"):
        other = rows.astype({column: "object"})
        other.loc["00000", column] = "somebody"
        assert decisions_mark(other) != decisions_mark(rows)


@pytest.mark.parametrize("gone", ["customers", "planned_week"])
def test_no_plan_no_workbook(client, frames, gone):
    rows = {} if gone == "customers" else {"customers": frames["customers"].drop(columns=gone)}
    with pytest.raises(KitError) as error:
        build_workbook(client, rows)
    assert str(error.value) == (
        "actions.xlsx needs the frame customers with the columns decision, reason and "
        "planned_week, one row per customer. Make the plan (notebook 09) first."
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


# --- plan.csv and owners/*.csv --------------------------------------------------------------------
def read(path, encoding="utf-8-sig"):
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(encoding))))


@BOTH
def test_the_tables_hold_the_plan_with_words_beside_its_codes(client, frames, spoken):
    rows = frames["customers"]
    with language(spoken):
        written = write_plan_files(client, frames)
        decided = str(value_label("decision", "approach"))
        who, nobody = label("customer_id"), str(value_label("owner", "unassigned"))
    names = [path.relative_to(client.out_folder).as_posix() for path in written.paths]
    owners = [f"owners/{name}.csv" for name in ("佐藤(内勤)", "鈴木 外勤", nobody)]
    assert names == ["plan.csv", *owners]
    table = read(written.paths[0])
    assert [row["customer_id"] for row in table] == sorted(rows.index)
    assert (table[0]["decision"], table[0]["decision_label"]) == ("approach", decided)
    assert (table[0]["do_on"], table[0]["planned_week"]) == ("2025-07-01", "1")
    assert table[0]["telephone"] == "'+81312345678"  # else a spreadsheet reckons with it
    planned = rows[rows["planned_week"].notna()]
    for owner, path in zip(OWNERS, written.paths[1:], strict=True):
        own = planned[planned["owner"] == owner].sort_values(["do_on", "priority"])
        assert [row[who] for row in read(path)] == list(own.index)


def test_what_cp932_lacks_is_replaced_and_listed(client, frames):
    setting = '\n[plan]\ncsv_encoding = "cp932"\n'
    client.path.write_text(client.path.read_text(encoding="utf-8") + setting, encoding="utf-8")
    client = open_client(client.path, out=client.out)
    rows = frames["customers"].assign(why_now="¥1,200 – 〜")
    rows.loc["00000", "name"] = "𠮷野♥"
    written = write_plan_files(client, {"customers": rows})
    assert read(written.paths[0], "cp932")[0]["name"] == "〓野〓"
    assert read(written.paths[0], "cp932")[0]["why_now"] == "￥1,200 - ～"
    assert written.lost == (
        "cp932 lacks 2 signs, written as 〓 4 times: ♥, 𠮷. plan_signs_lost.csv lists where."
    )
    assert [[*row.values()][:3] for row in read(written.paths[-1])] == [
        ["owners/佐藤(内勤).csv", "♥", "U+2665"], ["owners/佐藤(内勤).csv", "𠮷", "U+20BB7"],
        ["plan.csv", "♥", "U+2665"], ["plan.csv", "𠮷", "U+20BB7"],
    ]  # fmt: skip


def test_file_names_are_what_every_system_accepts():
    used: set[str] = set()
    assert file_name('a<b>:"|?*', used) == "a b"
    assert file_name("A B", used) == "A B 2"
    assert file_name("nul", used) == "nul_"
    assert file_name(" . ", used) == "owner"
    assert len(file_name("長" * 300, used).encode()) < 200
