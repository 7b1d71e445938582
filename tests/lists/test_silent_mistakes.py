"""What would be wrong without a word: strangers made one, days swapped, leavers made successes."""

from __future__ import annotations

import io
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from segment_lib.checks import ClientError, ListError
from segment_lib.client import Client
from segment_lib.lists.cells.words import tells_of_leaving
from segment_lib.lists.reading.files import read_list
from segment_lib.lists.register import build_register
from segment_lib.voice import language

Make = Callable[..., Client]


HEAD = '[client]\nname = "small"\nas_of = 2025-12-31\n'


def wrong(make: Make, toml: str, files: dict[str, str | bytes]) -> str:
    with pytest.raises((ListError, ClientError)) as caught:
        build_register(make(toml, files))
    return str(caught.value)


# --- row numbers as ids -----------------------------------------------------------------------

TWO = """
[lists.customers]
files = ["FIRST"]
one_row_is_one_customer = true
columns.area = "area"
[lists.outcomes]
files = ["SECOND"]
one_row_is_one_customer = true
columns.got_results = "result"
"""
BOTH = "area,result\nrural,yes\nurban,no\n"


def people(client: Client) -> list[str]:
    return build_register(client).frame("customers").index.to_list()


def of(first: str, second: str, more_first: str = "", more_second: str = "") -> str:
    toml = TWO.replace('"FIRST"]', f'"{first}"]\n{more_first}')
    return toml.replace('"SECOND"]', f'"{second}"]\n{more_second}')


def test_rows_of_two_files_are_different_people(make: Make) -> None:
    client = make(of("a.csv", "b.csv"), {"a.csv": BOTH, "b.csv": BOTH})
    assert people(client) == ["a.csv#2", "a.csv#3", "b.csv#2", "b.csv#3"]


def test_two_lists_over_the_same_file_meet(make: Make) -> None:
    register = build_register(make(of("a.csv", "a.csv"), {"a.csv": BOTH}))
    assert register.frame("customers").index.to_list() == ["2", "3"]
    assert register.frame("outcomes")["customer_id"].to_list() == ["2", "3"]
    both = make(of("*.csv", "a.csv"), {"a.csv": BOTH, "b.csv": BOTH})
    assert people(both) == ["a.csv#2", "a.csv#3", "b.csv#2", "b.csv#3"]


def test_files_of_one_name_in_two_folders_are_told_apart(make: Make, tmp_path: Path) -> None:
    for folder in ("x", "y"):
        (tmp_path / "client" / folder).mkdir(parents=True)
        (tmp_path / "client" / folder / "a.csv").write_text(BOTH, encoding="utf-8")
    found = people(make(of("x/a.csv", "y/a.csv"), {}))
    assert found == ["x/a.csv#2", "x/a.csv#3", "y/a.csv#2", "y/a.csv#3"]


def zipped(**members: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.csv", text)
    return data.getvalue()


def test_the_only_list_of_an_archive_has_plain_numbers(make: Make) -> None:
    assert people(make(of("a.zip", "a.zip"), {"a.zip": zipped(b=BOTH)})) == ["2", "3"]
    stated = of("a.zip", "a.zip", 'member = "b.csv"', 'member = "b.csv"')
    assert people(make(stated, {"a.zip": zipped(b=BOTH, c=BOTH)})) == ["2", "3"]
    other = of("a.zip", "a.zip", 'member = "b.csv"', 'member = "c.csv"')
    assert people(make(other, {"a.zip": zipped(b=BOTH, c=BOTH)})) == [
        *("a.zip / b.csv#2", "a.zip / b.csv#3"),
        *("a.zip / c.csv#2", "a.zip / c.csv#3"),
    ]


def test_sheets_of_one_workbook_are_told_apart_or_asked_about(make: Make) -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        for name, header in (("客", "area"), ("成果", "result")):
            book.add_worksheet(name).write_column(0, 0, [header, "yes"])
    files: dict[str, str | bytes] = {"b.xlsx": data.getvalue()}
    stated = of("b.xlsx", "b.xlsx", 'sheet = "客"', 'sheet = "成果"')
    assert people(make(stated, files)) == ["b.xlsx / 客#2", "b.xlsx / 成果#2"]
    assert wrong(make, of("b.xlsx", "b.xlsx"), files) == (
        "[lists.customers] and [lists.outcomes] both take the rows of b.xlsx for customers, but it "
        "has the sheets ['客', '成果'], and nothing says which of them is meant. Write in both: "
        'sheet = "客" (or another).'
    )


def test_tables_of_one_database_file_are_told_apart(make: Make, tmp_path: Path) -> None:
    (tmp_path / "client").mkdir()
    with closing(sqlite3.connect(tmp_path / "client" / "a.sqlite")) as database:
        database.executescript(
            "create table p (area); insert into p values ('x');"
            "create table r (result); insert into r values ('no');"
        )
    toml = of("a.sqlite", "a.sqlite", 'db_table = "p"', 'db_table = "r"')
    register = build_register(make(toml, {}))
    assert register.frame("customers").index.to_list() == ["a.sqlite / p#1", "a.sqlite / r#1"]
    assert register.notes.set_index("list").loc["outcomes", "note"].iloc[0] == "a.sqlite: table r"
    with language("ja"):
        said = register.notes.set_index("list").loc["outcomes", "note"].iloc[0]
    assert said == "a.sqlite: テーブル r"


def test_another_list_with_ids_of_its_own_is_told_of(make: Make) -> None:
    toml = TWO.replace("FIRST", "a.csv").replace("SECOND", "b.csv")
    toml = toml.replace(
        "one_row_is_one_customer = true\ncolumns.got", 'columns.customer_id = "id"\ncolumns.got'
    )
    register = build_register(make(toml, {"a.csv": BOTH, "b.csv": "id,result\n2,yes\n"}))
    assert register.notes["note"].to_list()[-2] == (
        "the list outcomes has customer ids of its own: one that is equal to such an id is taken "
        "for the same customer"
    )


# --- day and month ----------------------------------------------------------------------------

ORDERS = """
[lists.orders]
files = ["o.csv"]
dates = ["mdy", "ymd"]
[lists.orders.columns]
customer_id = "id"
ordered_on = "day"
amount = "total"
"""


def days(*written: str) -> dict[str, str | bytes]:
    rows = "".join(f"{number},{day},5\n" for number, day in enumerate(written))
    return {"o.csv": f"id,day,total\n{rows}"}


def test_the_wrong_order_of_day_and_month_is_refused(make: Make) -> None:
    written = [f"{day:02d}-0{1 + day % 9}-2015 10:00" for day in range(1, 13)] * 5 + ["25-07-2015"]
    assert wrong(make, ORDERS, days(*written)) == (
        'orders: "day" (ordered_on) is read with the month first, but then 1 of its 61 days are '
        "not in the calendar, for example row 62 of o.csv: 25-07-2015; with the day first all of "
        'them are. Write under [lists.orders] dates = ["dmy", "ymd"].'
    )
    right = make(ORDERS.replace("mdy", "dmy"), days(*written))
    assert build_register(right).ledger.iloc[0][["kept", "set_aside"]].to_list() == [61, 0]


def test_a_few_mistyped_days_and_mixed_lists_are_set_aside(make: Make) -> None:
    written = ["03/04/2015"] * 200
    mistyped = build_register(make(ORDERS, days(*written, "25/07/2015", "2015-01-05")))
    assert mistyped.ledger.iloc[0]["set_aside"] == 1
    mixed = build_register(make(ORDERS, days(*["07/25/2015"] * 9, *["25/07/2015"] * 9)))
    assert mixed.ledger.iloc[0]["set_aside"] == 9


def test_codes_for_nothing_prove_no_order(make: Make) -> None:
    toml = ORDERS.replace(
        "[lists.orders.columns]", 'missing = ["31/12/9999"]\n[lists.orders.columns]'
    )
    register = build_register(make(toml, days("03/04/2015", "31/12/9999", "05/06/2015")))
    assert register.set_aside["reason"].to_list() == ["missing date"]


@pytest.mark.real_data
def test_groceries_with_the_wrong_order(make: Make, real_data: Path) -> None:
    toml = (
        f'[lists.usage]\nfiles = ["{real_data}/groceries-members/Groceries_dataset.csv"]\n'
        'dates = ["mdy"]\ncolumns.customer_id = "Member_number"\ncolumns.used_on = "Date"\n'
    )
    assert wrong(make, toml, {}) == (
        'usage: "Date" (used_on) is read with the month first, but then 23,509 of its 38,765 days '
        "are not in the calendar, for example row 2 of Groceries_dataset.csv: 21-07-2015; with the "
        'day first all of them are. Write under [lists.usage] dates = ["dmy"].'
    )


# --- words ------------------------------------------------------------------------------------


def test_the_line_to_paste_does_not_say_what_nobody_knows(make: Make) -> None:
    toml = (
        '[lists.deals]\nfiles = ["d.csv"]\n[lists.deals.columns]\ncustomer_id = "id"\n'
        'deal_id = "id"\nopened_on = "day"\nwon = "stage"\n'
    )
    files: dict[str, str | bytes] = {"d.csv": "id,day,stage\n1,2025-01-01,Engaging\n"}
    assert wrong(make, toml, files) == (
        'deals: the column "stage" (won) holds 1 word(s) that client.toml does not explain: '
        '"Engaging" (1). Write which of yes, no, unknown each one means, for '
        'example: [lists.deals.words.won] unknown = ["Engaging"].'
    )
    toml = (
        '[lists.customers]\nfiles = ["c.csv"]\n[lists.customers.columns]\n'
        'customer_id = "id"\nsort = "kind"\n'
    )
    assert wrong(make, toml, {"c.csv": "id,kind\n1,Reseller\n"}) == (
        'customers: the column "kind" (sort) holds 1 word(s) that client.toml does not explain: '
        '"Reseller" (1). Write which of end_user, partner each one means, for example: '
        "[lists.customers.words.sort] end_user = [...]."
    )


def test_a_line_about_consents_gives_no_permission(make: Make) -> None:
    toml = (
        '[lists.customers]\nfiles = ["c.csv"]\nconsents.mail = "メール配信"\n'
        '[lists.customers.columns]\ncustomer_id = "id"\n'
    )
    assert wrong(make, toml, {"c.csv": "id,メール配信\n1,保留\n"}) == (
        'customers: the column "メール配信" (consents.mail) holds 1 word(s) that client.toml does '
        'not explain: "保留" (1). Write which ones mean a consent (yes) and which do not '
        '(no), for example: [lists.customers.words."メール配信"] no = ["保留"]; and the others as '
        "yes = […]."
    )


RESULTS = """
[lists.outcomes]
files = ["r.csv"]
[lists.outcomes.columns]
customer_id = "id"
got_results = "HEADER"
"""


def test_a_yes_under_churn_is_no_success(make: Make) -> None:
    files: dict[str, str | bytes] = {"r.csv": "id,Churn\n1,Yes\n2,No\n"}
    toml = RESULTS.replace("HEADER", "Churn")
    assert wrong(make, toml, files) == (
        'outcomes: got_results is read from the column "Churn", whose name tells of leaving or '
        'losing, and it holds "Yes" and "No". Say what they mean: [lists.outcomes] '
        'words.got_results = {yes = ["No"], no = ["Yes"]} if those who stayed got results, or '
        '[lists.outcomes] words.got_results = {yes = ["Yes"], no = ["No"]} if "Yes" is the good '
        "word after all."
    )
    said = '[lists.outcomes.words.got_results]\nyes = ["No"]\nno = ["Yes"]\n'
    outcomes = build_register(make(toml + said, files)).frame("outcomes")
    assert outcomes["got_results"].to_list() == ["no", "yes"]
    plain: dict[str, str | bytes] = {"r.csv": "id,Churn\n1,成果あり\n2,成果なし\n"}
    assert build_register(make(toml, plain)).frame("outcomes")["got_results"].to_list() == [
        "yes",
        "no",
    ]


@pytest.mark.parametrize(
    ("header", "leaves"),
    [
        *[(one, True) for one in ("is_canceled", "Exited", "解約", "退会日あり", "ChurnLabel")],
        *[(one, True) for one in ("Customer left", "drop-out", "離脱フラグ", "失注")],
        *[(one, False) for one in ("Converted", "成果", "Responded", "継続", "leftover", "y")],
    ],
)
def test_headers_that_tell_of_leaving(header: str, leaves: bool) -> None:
    assert tells_of_leaving(header) is leaves


def test_attributes_may_be_called_like_columns_of_other_tables(make: Make) -> None:
    toml = (
        '[lists.customers]\nfiles = ["c.csv"]\n[lists.customers.columns]\ncustomer_id = "id"\n'
        'kind = "a"\nchannel = "b"\ndirection = "c"\namount = "d"\nwon = "e"\nstep = "a"\n'
        'got_results = "b"\ncancelled_on = "c"\noriginal_order_id = "d"\n'
        '[attributes.amount]\nkind = "number"\n[attributes.won]\nkind = "yes_no"\n'
        '[[steps]]\nname = "first"\n'
    )
    files: dict[str, str | bytes] = {
        "c.csv": "id,a,b,c,d,e\n1,VIP,web,up,1000,はい\n2,meal,,in,5,\n"
    }
    frame = build_register(make(toml, files)).frame("customers")
    assert frame["kind"].to_list() == ["VIP", "meal"]
    assert frame["channel"].fillna("").to_list() == ["web", ""]
    assert frame["direction"].to_list() == ["up", "in"]
    assert frame["got_results"].fillna("").to_list() == ["web", ""]
    assert frame["cancelled_on"].to_list() == ["up", "in"]
    assert frame["amount"].to_list() == [1000.0, 5.0]
    assert frame["won"].fillna(False).to_list() == [True, False]


# --- headers and files ------------------------------------------------------------------------


@pytest.mark.parametrize("marks", [1, 2, 3])
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_no_byte_order_mark_stays_in_the_header(make: Make, marks: int, codec: str) -> None:
    content = ("\ufeff" * marks + "id,day,total\n1,2025-01-01,5\n").encode(codec)
    raw = read_list(make(ORDERS, {"o.csv": content}), "orders")
    assert list(raw.frame.columns[:3]) == ["id", "day", "total"]


@pytest.mark.real_data
def test_the_articles_of_100knocks_have_two_marks(make: Make, real_data: Path) -> None:
    for name, first in (("product.csv", "product_cd"), ("category.csv", "category_major_cd")):
        toml = (
            f'[lists.usage]\nfiles = ["{real_data}/100knocks-ja/{name}"]\n[lists.usage.columns]\n'
            f'customer_id = "{first}"\nused_on = "{first}"\n'
        )
        assert read_list(make(toml, {}), "usage").frame.columns[0] == first


def test_a_list_without_a_header_is_known_by_its_data(make: Make) -> None:
    assert wrong(make, ORDERS, {"o.csv": "00001,19970101,11.77\n00002,19970102,5\n"}) == (
        "o.csv lacks the column \"id\". It has ['00001', '19970101', '11.77']. Its first row looks "
        "like data, not like a header. If the list has none, name its 3 columns in order: "
        '[lists.orders] names = ["column 1", "column 2", "column 3"].'
    )
    assert wrong(
        make, ORDERS, {"o.csv": " 00001 19970101  1   11.77\n 00002 19970102  1   5.5\n"}
    ) == (
        "o.csv lacks the column \"id\". It has ['00001 19970101 1 11.77']. Its first row looks "
        "like data, not like a header. If the list has none, name its 4 columns in order: "
        '[lists.orders] names = ["column 1", "column 2", "column 3", …] and delimiter = " ".'
    )
    assert wrong(make, ORDERS, {"o.csv": "who,when,much\n1,2025-01-01,5\n"}) == (
        "o.csv lacks the column \"id\". It has ['who', 'when', 'much']. Mend it in client.toml: "
        '[lists.orders.columns] customer_id = "...".'
    )


def test_the_member_that_has_the_headers_is_proposed(make: Make) -> None:
    toml = ORDERS.replace("o.csv", "a.zip")
    data = zipped(articles="x,y\n1,2\n", orders='"id","day","total"\n1,2025-01-01,5\n')
    assert wrong(make, toml, {"a.zip": data}) == (
        "a.zip (list orders) holds 2 lists: ['articles.csv', 'orders.csv']. The headers of this "
        'list stand in one of them; if it is meant, write [lists.orders] member = "orders.csv".'
    )
    both = zipped(a="id,day,total\n1,2025-01-01,5\n", b="id,day,total\n1,2025-01-01,5\n")
    assert wrong(make, toml, {"a.zip": both}) == (
        "a.zip (list orders) holds 2 lists: ['a.csv', 'b.csv']. Say which one is meant: "
        '[lists.orders] member = "…".'
    )


@pytest.mark.parametrize(
    ("codec", "names"),
    [
        ("cp1252", "Französisch café Müller Genève Orléans"),
        ("mac_roman", "Französisch café Müller Genève Orléans"),
        ("cp1250", "Žofie Dvořáková Ústí nad Labem Vyřízena"),
        ("iso8859_2", "Łukasz Żółw Łódź Świętosława Gęś Kraków"),
        ("cp1254", "Gülşah Işık İstanbul Çağrı Öğüt Muğla"),
        ("cp1257", "Jānis Bērziņš Rīga Ķekava pārdošana"),
        ("cp1251", "Иван Петров Москва Ольга Сидорова Тверь"),
        ("cp1253", "Γιώργος Παπαδόπουλος Αθήνα"),
    ],
)
def test_texts_of_other_countries_are_not_called_japanese(
    make: Make, codec: str, names: str
) -> None:
    rows = f"1,2025-01-01,5,{names}\n" * 5
    said = wrong(make, ORDERS, {"o.csv": f"id,day,total,name\n{rows}".encode(codec)})
    assert said.endswith(f'Say how it is saved: [lists.orders] encoding = "{codec}".')


def test_only_columns_that_are_read_are_offered(make: Make) -> None:
    toml = (
        '[lists.usage]\nfiles = ["u.csv"]\n[lists.usage.columns]\ncustomer_id = "id"\n'
        'used_on = "day"\nunit_price = "price"\n'
    )
    assert wrong(make, toml, {"u.csv": "id,day,price\n"}) == (
        "client.toml: [lists.usage.columns] names unit_price, which usage does not have. "
        "It has ['customer_id', 'feature', 'status', 'used_on']."
    )


def test_equal_rows_are_called_orders_only_where_they_are(make: Make) -> None:
    toml = (
        '[lists.usage]\nfiles = ["u.csv"]\n[lists.usage.columns]\ncustomer_id = "id"\n'
        'used_on = "day"\n'
    )
    register = build_register(make(toml, {"u.csv": "id,day\n1,2025-01-01\n1,2025-01-01\n"}))
    assert register.notes["note"].to_list()[-1] == (
        "1 row(s) repeat another one in every cell and were kept: two equal rows can be real. "
        'To fold them: duplicates = "fold"'
    )


def test_reading_files_does_not_load_ibis() -> None:
    code = "import sys, segment_lib.lists.reading.files; print('ibis' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# --- ids that are bytes, and sums that are no money ----------------------------------------------
KEYS = [bytes([k]) * size for k in range(4) for size in (2, 16, 64)]


def test_ids_that_are_bytes_stay_different_people(make: Make) -> None:
    table = pa.table(
        {"id": pa.array(KEYS, pa.binary()), "day": ["2025-01-02"] * 12, "sum": [100] * 12}
    )
    sink = io.BytesIO()
    pq.write_table(table, sink)
    toml = """
[lists.orders]
files = ["orders.parquet"]
columns = { customer_id = "id", ordered_on = "day", amount = "sum" }
"""
    register = build_register(make(toml, {"orders.parquet": sink.getvalue()}))
    ids = register.frame("customers").index
    assert len(ids) == 12
    assert "0x" + "01" * 16 in ids
    assert sum(one.startswith("<64 bytes ") for one in ids) == 4


CODES = """
[lists.orders]
files = ["orders.csv"]
columns = { customer_id = "id", ordered_on = "day", amount = "code" }
"""


@pytest.mark.parametrize(
    ("days", "whose"),
    [
        (["2025-01-02"] * 25, 'order "A1@2025-01-02" of customer "A1"'),
        ([f"2025-01-{k:02}" for k in range(1, 26)], 'customer "A1"'),
    ],
)
def test_sums_beyond_all_money_stop_with_a_sentence(make: Make, days, whose) -> None:
    lines = "".join(f"A1,{one},4901234567890\n" for one in days) + "B2,2025-01-05,1200\n"
    assert wrong(make, CODES, {"orders.csv": "id,day,code\n" + lines}) == (
        f"orders: the 25 amounts of {whose} add up to 122,530,864,197,250, which is no sum of "
        "money. Is another column mapped as amount, an article code for example? Check amount in "
        "[lists.orders.columns]."
    )


def test_large_amounts_that_fit_are_kept(make: Make) -> None:
    lines = "".join(f"A{k},2025-01-02,90000000000000\n" for k in range(5))
    files = {"orders.csv": "id,day,code\n" + lines}
    assert "is that money, or a code?" in wrong(make, CODES, files)
    signed = f'{HEAD}checked = ["orders.too_large"]\n'
    register = build_register(make(CODES, files, signed))
    assert register.ledger["money_kept"].sum() == 4.5e14
