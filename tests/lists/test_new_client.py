"""A new client.toml: what is taken, what is asked, and that it opens and builds."""

from __future__ import annotations

import csv
import random
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from segment_lib.__main__ import main
from segment_lib.checks import KitError, ListError
from segment_lib.client import open_client
from segment_lib.lists.proposing.last_day import last_complete_day
from segment_lib.lists.proposing.new_client import NewClient, propose_client
from segment_lib.lists.register import build_register


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def made(folder: Path, *files: Path) -> tuple[NewClient, dict]:
    """The proposal, written to a client.toml, and what that says."""
    new = propose_client("new", files, folder)
    write(folder / "client.toml", new.text)
    return new, tomllib.loads(new.text)


def orders(rows: int = 40, customers: int = 12, header: str = "") -> str:
    """Order lines of an invented shop."""
    draw = random.Random(3)
    lines = [header or "受注番号,会員番号,ご注文日,商品名,数量,金額（税込）"]
    for number in range(rows):
        day = date(2025, 4, 1 + number % 30)
        who = f"{draw.randint(1, customers):06d}"
        amount = draw.choice([1200, 5000])
        lines.append(f'J{number:04d},{who},{day:%Y/%m/%d},銘茶,1,"{amount:,}円"')
    return "\n".join(lines) + "\n"


def test_a_proposal_opens_and_builds_with_nothing_added(tmp_path: Path) -> None:
    lists = tmp_path / "お客様 データ"
    april = write(lists / "受注 4月 [確定].csv", orders(), "cp932")
    later = orders().replace("2025/04", "2025/05").replace("J", "K")
    may = write(lists / "受注 5月 [確定].csv", later, "cp932")
    people = write(
        lists / "会員 台帳.csv",
        "会員番号,お名前,性別,生年月日,DM拒否,備考,更新日時\n"
        "000001,見本 一,女,S55.3.4,1,a,2025/5/1 10:00\n"
        "000099,見本 二,男,平成2年1月2日,,b,2025/5/2 10:00\n",
    )
    new, said = made(lists / "new", april, may, people)
    assert new.open == ()
    assert said["lists"]["order_lines"] == {
        "files": ["../受注 4月 [[]確定].csv", "../受注 5月 [[]確定].csv"],
        "columns": {
            **{"order_id": "受注番号", "customer_id": "会員番号", "ordered_on": "ご注文日"},
            **{"product": "商品名", "quantity": "数量", "amount": "金額（税込）"},
        },
    }
    assert said["lists"]["customers"]["refusals"] == {"letter": ["DM拒否"]}
    assert said["attributes"]["生年月日"]["kind"] == "date"
    assert said["client"]["as_of"] == date(2025, 5, 30)
    assert (said["client"]["language"], said["client"]["currency"]) == ("ja", "¥")
    assert '# tax = "included"' in new.text
    client = open_client(lists / "new" / "client.toml", out=tmp_path / "out")
    register = build_register(client)
    assert register.orders.count().execute() == 80
    assert register.ledger.set_index("list").loc["order_lines", "rows_in"] == 80
    people_kept = register.frame("customers")
    assert people_kept.loc["000001", "性別"] == "女"
    assert register.permissions.count().execute() == 1


def test_the_evidence_stands_beside_each_column(tmp_path: Path) -> None:
    text = "customer_id,order_date,amount\n" + "".join(
        f"{n % 7},2025-01-{1 + n % 28:02d},{'n/a' if n == 4 else n + 1}\n" for n in range(50)
    )
    new, _ = made(tmp_path / "new", write(tmp_path / "a.csv", text))
    (line,) = [line for line in new.text.splitlines() if line.startswith("amount")]
    assert line == 'amount = "amount"                             # 1 · 2 · 3; 100 % read as money'
    assert '# missing = ["n/a"]' in new.text
    assert "amount              amount       100 %  1 · 2 · 3" in new.preview


def test_names_of_people_are_shown_by_their_first_character(tmp_path: Path) -> None:
    text = "customer_id,full name,email,phone\n" + "".join(
        f"{n},Ann Able {n},ann{n}@example.com,03-1234-56{n:02d}\n" for n in range(30)
    )
    new, _ = made(tmp_path / "new", write(tmp_path / "a.csv", text))
    assert "Able" not in new.text + new.preview
    assert "example.com" not in new.text + new.preview
    assert 'name = "full name"' in new.text


def test_where_day_and_month_both_fit_the_person_decides(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "a.csv", "customer_id,order_date,total\n1,03/04/2025,5\n2,4/5/2025,6\n")
    call = ["new", "mine", "--lists", str(path), "--into", str(tmp_path)]
    assert main(call) == 1
    target = tmp_path / "mine" / "client.toml"
    text = target.read_text(encoding="utf-8")
    assert "\ndates" not in text
    assert '# dates = ["dmy"]                             # the day comes first' in text
    assert '# dates = ["mdy"]                             # the month comes first' in text
    assert (
        "orders: 03/04/2025 could be day/month or month/day, and no row tells. Write one of: "
        'dates = ["dmy"] or dates = ["mdy"]'
    ) in capsys.readouterr().out
    # as_of cannot be known either; with it, check says the same sentence
    write(target, text.replace("# as_of = ", "as_of = "))
    assert main(["check", "--client", str(target)]) == 1
    assert capsys.readouterr().err == (
        "a.csv (list orders): order_date (ordered_on) holds 03/04/2025, which could be day/month "
        'or month/day, and no row tells. Write under [lists.orders] dates = ["dmy"] if the day '
        'comes first, or dates = ["mdy"] if the month does.\n'
    )
    write(
        target, target.read_text(encoding="utf-8").replace('# dates = ["mdy"]', 'dates = ["mdy"]')
    )
    assert main(["check", "--client", str(target)]) == 0


@pytest.mark.parametrize(
    ("days", "dates"),
    [
        (("03/04/2025", "25/12/2024"), ["dmy"]),
        (("03/04/2025", "12/25/2024"), ["mdy"]),
        (("03/04/2025", "2024-12-25", "31/1/2025"), ["dmy", "ymd", "era"]),
        (("Mar 3, 2025", "Dec 25, 2024"), ["mdy"]),
        (("2025/3/4", "令和7年4月1日"), None),
        (("20150905", "20160101"), None),
    ],
)
def test_what_one_row_proves_holds_for_the_list(
    days: tuple[str, ...], dates: list[str] | None, tmp_path: Path
) -> None:
    rows = "".join(f'{n},"{day}",{n}5\n' for n, day in enumerate(days))
    new, said = made(
        tmp_path / "new", write(tmp_path / "a.csv", f"customer_id,order_date,total\n{rows}")
    )
    assert said["lists"]["orders"].get("dates") == dates
    assert new.open == ()


def test_another_column_of_the_same_list_may_prove_it(tmp_path: Path) -> None:
    text = "customer_id,order_date,ship date,total\n1,03/04/2025,29/04/2025,5\n"
    _, said = made(tmp_path / "new", write(tmp_path / "a.csv", text))
    assert said["lists"]["orders"]["dates"] == ["dmy"]


def test_a_proof_in_the_last_row_of_a_long_list_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("segment_lib.lists.proposing.looking.LOOK_ROWS", 100)
    rows = "".join(f"{n},0{1 + n % 9}/0{1 + n % 7}/2025,5\n" for n in range(500))
    text = f"customer_id,order_date,total\n{rows}9,31/12/2025,5\n"
    new, said = made(tmp_path / "new", write(tmp_path / "a.csv", text))
    assert said["lists"]["orders"]["dates"] == ["dmy"]
    assert said["client"]["as_of"] == date(2025, 12, 31) or new.open == ()


def test_both_ways_of_writing_in_one_list_are_asked_about(tmp_path: Path) -> None:
    text = "customer_id,order_date,total\n1,25/12/2024,5\n2,12/25/2024,6\n"
    new, said = made(tmp_path / "new", write(tmp_path / "a.csv", text))
    assert "dates" not in said["lists"]["orders"]
    assert "some of these days have the day first, others the month" in new.open[-1][1]


def test_check_names_the_line_even_where_a_row_proves_it(tmp_path: Path) -> None:
    write(tmp_path / "x" / "a.csv", "id,day,sum\n1,25/12/2024,5\n")
    text = (
        '[client]\nname = "x"\nas_of = 2025-01-01\n[lists.orders]\nfiles = ["a.csv"]\n'
        'columns = {customer_id = "id", ordered_on = "day", amount = "sum"}\n'
    )
    path = write(tmp_path / "x" / "client.toml", text)
    with pytest.raises(ListError) as caught:
        build_register(open_client(path, out=tmp_path / "out"))
    assert str(caught.value) == (
        "a.csv (list orders): day (ordered_on) holds days such as 25/12/2024, with the day first. "
        'Write under [lists.orders] dates = ["dmy"].'
    )


def test_a_number_under_a_date_is_excels_only_if_a_person_says_so(tmp_path: Path) -> None:
    text = "customer_id,order_date,total\n1,45717,5\n2,45718,6\n"
    new, said = made(tmp_path / "new", write(tmp_path / "a.csv", text))
    assert "ordered_on" not in said["lists"]["orders"]["columns"]
    assert '# ordered_on = "order_date"' in new.text
    assert "numbers such as 45717: if Excel's counts of days, write dates = ['serial'] too" in (
        new.text
    )


def test_a_header_whose_values_do_not_agree_is_only_a_suggestion(tmp_path: Path) -> None:
    text = "customer_id,order_date,amount\n" + "".join(
        f"{n},2025-01-{n + 1:02d},{'later' if n % 2 else 5}\n" for n in range(20)
    )
    new, said = made(tmp_path / "new", write(tmp_path / "a.csv", text))
    assert "amount" not in said["lists"]["orders"]["columns"]
    assert '# amount = "amount"' in new.text
    assert "50 % of its cells read as money; later stands there" in new.text


def test_a_similar_header_is_only_a_comment(tmp_path: Path) -> None:
    text = "顧客番号,受注日,割引金額\n1,2025-01-01,5\n"
    new, said = made(tmp_path / "new", write(tmp_path / "a.csv", text))
    assert "amount" not in said["lists"]["orders"]["columns"]
    assert '# amount = "..."' in new.text
    assert new.open == (("orders", 'amount はどの列ですか: amount = "..."'),)


def test_a_total_repeated_in_every_line_is_no_amount(tmp_path: Path) -> None:
    header = "注文番号,会員ID,注文日,商品名,個数,価格,金額\n"
    rows = "".join(
        f"{n // 2},{n // 2 % 3},2025-01-{1 + n // 2:02d},茶,1,{500 + n % 2},{2000 + n // 2}\n"
        for n in range(24)
    )
    _, said = made(tmp_path / "new", write(tmp_path / "a.csv", header + rows))
    columns = said["lists"]["order_lines"]["columns"]
    assert "amount" not in columns
    assert (columns["unit_price"], columns["quantity"]) == ("価格", "個数")


def test_a_wide_order_becomes_positions(tmp_path: Path) -> None:
    text = (
        "受注No,会員No,ご注文日,商品1,数量1,金額1,商品2,数量2,金額2,お届け先\n"
        "1,12,2025/1/6,茶,1,500,酢,1,600,山田\n2,13,2025/1/7,茶,1,500,,,,\n"
    )
    _, said = made(tmp_path / "new", write(tmp_path / "a.csv", text))
    one = said["lists"]["order_lines"]
    assert one["positions"] == {
        **{"product": ["商品1", "商品2"], "quantity": ["数量1", "数量2"]},
        **{"amount": ["金額1", "金額2"]},
    }
    register = build_register(open_client(tmp_path / "new" / "client.toml", out=tmp_path / "out"))
    assert register.order_lines.count().execute() == 3


def test_guests_cancellations_visits_and_postage_are_suggested(tmp_path: Path) -> None:
    draw = random.Random(5)
    lines = ["InvoiceNo,CustomerID,InvoiceDate,Description,Quantity,Amount"]
    for n in range(200):
        who = "99999" if n % 5 == 0 else str(draw.randint(100, 160))
        lines.append(f"5{n:04d},{who},2025-01-{1 + n % 28:02d},Tea,1,0")
    lines += [f"C5{n:04d},{101 + n},2025-01-30,Tea,-1,-20" for n in range(10)]
    lines += ["59999,101,2025-01-30,POSTAGE,1,7"]
    new, _ = made(tmp_path / "new", write(tmp_path / "a.csv", "\n".join(lines)))
    assert '# guests = ["99999"]' in new.text
    assert '# cancelled_when_order_id_starts = "C"' in new.text
    assert '# zero_amounts = "visit"' in new.text
    assert '# not_sales."Description" = ["POSTAGE"]' in new.text


def test_status_words_are_sorted_or_listed_with_counts(tmp_path: Path) -> None:
    text = "注文番号,会員ID,注文日,合計,注文ステータス\n" + "".join(
        f"{n},{n % 9},2025-01-{1 + n % 28:02d},50,{['発送済み', 'キャンセル', '保留'][n % 3]}\n"
        for n in range(30)
    )
    new, said = made(tmp_path / "new", write(tmp_path / "a.csv", text))
    assert said["lists"]["orders"]["words"]["status"] == {
        "completed": ["発送済み"], "cancelled": ["キャンセル"], "ignored": [],
    }  # fmt: skip
    assert '"保留" 10' in new.text
    asked = "status: 次の語はそれぞれ completed, cancelled, ignored のどれですか。保留"
    assert new.open == (("orders", asked),)


def test_facts_about_who_ordered_need_proof(tmp_path: Path) -> None:
    def rows(changes: bool, customers: int) -> str:
        lines = ["order_id,customer_id,order_date,amount,gender,shop"]
        for n in range(90):
            who = n % customers
            gender = ("f", "m")[(n if changes else who) // 7 % 2]
            lines.append(f"{n},{who},2025-01-{1 + n % 28:02d},9,{gender},{n % 4}")
        return "\n".join(lines)

    _, said = made(tmp_path / "1", write(tmp_path / "1" / "a.csv", rows(False, 30)))
    assert said["lists"]["customers"]["columns"] == {
        "customer_id": "customer_id",
        "gender": "gender",
    }
    _, said = made(tmp_path / "2", write(tmp_path / "2" / "a.csv", rows(True, 30)))
    assert list(said["lists"]) == ["orders"]
    # nobody ordered twice: nothing can be seen
    _, said = made(tmp_path / "3", write(tmp_path / "3" / "a.csv", rows(False, 90)))
    assert list(said["lists"]) == ["orders"]


def test_without_an_id_the_person_says_whether_a_row_is_a_customer(tmp_path: Path) -> None:
    text = "age,job,balance\n" + "".join(f"{30 + n},{'ab'[n % 2]},{n}00\n" for n in range(20))
    new, said = made(tmp_path / "new", write(tmp_path / "a.csv", text))
    assert "customer_id" not in said["lists"]["customers"]["columns"]
    assert "# one_row_is_one_customer = true" in new.text
    write(tmp_path / "new" / "client.toml", new.text.replace("# as_of", "as_of"))
    with pytest.raises(KitError, match="does not say which column is customer_id"):
        open_client(tmp_path / "new" / "client.toml")
    mended = new.text.replace("# as_of", "as_of").replace("# one_row_is", "one_row_is")
    write(tmp_path / "new" / "client.toml", mended)
    assert open_client(tmp_path / "new" / "client.toml").lists["customers"].one_row_is_one_customer


def test_a_bare_customer_is_the_id_if_it_holds_numbers_and_asked_if_names(tmp_path: Path) -> None:
    head = "customer,order_date,total\n"
    codes = "".join(f"C{n:04d},2025-01-{n + 1:02d},5\n" for n in range(9))
    _, said = made(tmp_path / "1", write(tmp_path / "1" / "a.csv", head + codes))
    assert said["lists"]["orders"]["columns"]["customer_id"] == "customer"
    names = "".join(f"{n}n Able,2025-01-{ord(n) - 96:02d},5\n" for n in "abcdef")
    new, said = made(tmp_path / "2", write(tmp_path / "2" / "a.csv", head + names))
    assert "customer_id" not in said["lists"]["orders"]["columns"]
    assert '# customer_id = "customer"' in new.text


def test_a_list_without_a_header_is_said_and_left_open(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "".join(f"00{n}  2025010{n}  {n}.50\n" for n in range(1, 9)))
    new, said = made(tmp_path / "new", path)
    assert said["lists"]["list"]["delimiter"] == " "
    assert said["lists"]["list"]["columns"] == {}
    assert '# names = ["column 1", "column 2", "column 3"]' in new.text
    assert "# column 2: days: 20250101" in new.text
    assert "the list has no header" in new.open[-1][1]


def test_a_list_of_articles_is_left_out_and_said(tmp_path: Path) -> None:
    articles = write(tmp_path / "商品.csv", "商品コード,商品名,単価\n1,茶,500\n2,酢,600\n")
    new, said = made(tmp_path / "new", articles, write(tmp_path / "受注.csv", orders()))
    assert list(said["lists"]) == ["order_lines"]
    assert "# 使わない: 商品.csv: お客様を示す列がない（「商品コード」の一覧）" in new.text


def test_sums_per_customer_are_a_summary_unless_orders_are_there(tmp_path: Path) -> None:
    sums = write(
        tmp_path / "会員.csv",
        "会員番号,氏名,購入回数,累計購入金額,性別\n"
        "000001,見本 一,3,9000,女\n000002,見本 二,0,0,男\n",
    )
    _, said = made(tmp_path / "1", sums)
    assert list(said["lists"]) == ["summaries", "customers"]
    assert said["lists"]["summaries"]["columns"]["frequency"] == "購入回数"
    _, said = made(tmp_path / "2", sums, write(tmp_path / "受注.csv", orders()))
    assert list(said["lists"]) == ["customers", "order_lines"]


def test_of_a_workbook_each_table_is_taken_and_equal_sheets_are_one_list(tmp_path: Path) -> None:
    path = tmp_path / "台帳 2025.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for month in (4, 5):
            sheet = book.add_worksheet(f"{month}月")
            sheet.write_row(0, 0, ["会員番号", "受注日", "売上"])
            sheet.write_row(1, 0, ["1", f"2025-0{month}-01", 500])
            sheet.write_row(2, 0, ["2", f"2025-0{month}-30", 700])
        sheet = book.add_worksheet("会員")
        sheet.write_row(0, 0, ["会員番号", "氏名"])
        sheet.write_row(1, 0, ["1", "見本 一"])
        book.add_worksheet("メモ").write_row(0, 0, ["商品コード", "在庫"])
    _, said = made(tmp_path / "new", path)
    assert said["lists"]["orders"]["sheet"] == ["4月", "5月"]
    assert said["lists"]["customers"]["sheet"] == "会員"
    register = build_register(open_client(tmp_path / "new" / "client.toml", out=tmp_path / "out"))
    assert register.orders.count().execute() == 4


def test_headers_with_quotes_and_signs_make_a_file_that_can_be_read(tmp_path: Path) -> None:
    text = 'customer_id,"the ""best"" = x","a\\b",Owner,status,_hidden,Name\n' + "".join(
        f"{n},{n % 3},{n % 2},p,q{n % 2},{n % 4},n{n}\n" for n in range(40)
    )
    new, said = made(tmp_path / "new", write(tmp_path / "a.csv", text))
    columns = said["lists"]["customers"]["columns"]
    assert columns['the "best" x'] == 'the "best" = x'
    assert columns["a\\b"] == "a\\b"
    assert columns["status_in_list"] == "status"  # the kit has a status of its own
    assert columns["hidden"] == "_hidden"
    assert new.text.endswith("\n")


def test_a_name_or_file_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    with pytest.raises(KitError) as caught:
        propose_client("青葉 商事", [])
    assert str(caught.value) == (
        '"青葉 商事" cannot be a client\'s name, because folders are named by it: use letters, '
        "digits, - and _, for example 青葉_商事."
    )
    with pytest.raises(KitError) as caught:
        propose_client("new", [tmp_path / "gone.csv"])
    assert str(caught.value) == f"There is no file {tmp_path / 'gone.csv'}. Check the name."
    path = write(tmp_path / "a$b.csv", "id\n1\n")
    with pytest.raises(KitError) as caught:
        propose_client("new", [path])
    assert str(caught.value) == (
        f'"{path}" has a $, which client.toml reads as the name of a variable. Rename the file or '
        "its folder."
    )


def test_the_last_complete_day() -> None:
    every_day = Counter({date(2025, 3, day): 20 for day in range(1, 20)})
    assert last_complete_day(every_day).day == date(2025, 3, 19)
    assert "2025-03 stops on day 19" in last_complete_day(every_day).why.english
    assert last_complete_day(every_day + Counter({date(2025, 3, 20): 4})).day == date(2025, 3, 19)
    # the end of a month is an end, however quiet; a slip of the pen is none
    month = Counter({date(2025, 3, day): 20 for day in range(1, 31)}) + Counter(
        {date(2025, 3, 31): 4}
    )
    assert last_complete_day(month).day == date(2025, 3, 31)
    many = Counter({date(2025, 3, day): 200 for day in range(1, 32)})
    stray = last_complete_day(many + Counter({date(2052, 3, 1): 1}))
    assert stray.day == date(2025, 3, 31)
    assert "1 row(s) have days far from all others" in stray.why.english
    # a day after weeks without any is none that was cut short
    later = last_complete_day(every_day + Counter({date(2025, 4, 9): 4}))
    assert later.day == date(2025, 4, 9)
    assert last_complete_day(Counter()).day is None


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=12)
KNOWN = st.sampled_from(
    ["顧客番号", "受注日", "金額", "status", "氏名", "商品1", "数量1", "2025/1/1"]
)


@settings(max_examples=40)
@given(
    headers=st.lists(CELLS | KNOWN, min_size=1, max_size=6),
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=8),
)
def test_whatever_stands_in_a_list_the_file_can_be_read(
    headers: list[str], rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("garbage")
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headers, *rows])
    try:
        new, said = made(folder / "new", folder / "a.csv")
    except KitError:
        return  # the reader's own sentence
    assert said["client"]["name"] == "new"
    if not new.open:
        open_client(folder / "new" / "client.toml")


def test_a_stated_language_is_the_clients(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("customer_id,order_date,amount\nA,2025-01-02,100\nB,2025-02-03,200\n")
    assert 'language = "en"' in propose_client("new", [path]).text
    stated = propose_client("new", [path], stated="ja")
    assert 'language = "ja"' in stated.text
    assert "基準日" in stated.preview
