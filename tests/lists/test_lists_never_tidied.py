"""Lists as their keepers leave them: days half written, words among sums, 〃, merged cells.

Each kind was met in a list that nobody here had seen; the lists of these tests are other ones.
"""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from client_folder import Folder, Rows, day, table, total

from segment_lib.checks import KitError, ListError, OpenDoubts

FIRST = '[client]\nname = "shop"\nas_of = 2026-06-30\n'
NAMES = ["Rossi Anna", "Bianchi Luca", "Verdi Marta", "Greco Paolo", "Conti Sara", "Leone Ugo"]


def says(folder: Folder, about: str) -> list[str]:
    return [str(one.says) for one in folder.build().doubts if one.name == about]


# --- days and sums of which some do not read --------------------------------------------------


def jobs(forms: list[str]) -> Rows:
    """A job every three days; its day in several forms, its sum now and then a word."""
    rows: Rows = []
    for n in range(60):
        paid = "gratis" if n % 20 == 19 else f"{80 + n},50 €" if n % 3 else f"{80 + n},50"
        rows.append([day(3 * n, forms[n % len(forms)]), NAMES[n % 6], paid, "Baxi"])
    return rows


def test_days_without_a_year_and_words_among_sums_hide_no_list_of_events(folder: Folder) -> None:
    text = table("Data;Nominativo;Totale;Caldaia", jobs(["%d/%m/%Y", "%Y-%m-%d", "%d/%m"]), ";")
    folder.add("interventi.csv", text).propose()
    assert folder.columns("orders") == {"ordered_on": "Data", "amount": "Totale"}
    assert 'months_from = "…-01"' in folder.text
    register = folder.edit(
        ('# customer_id = "Nominativo"', 'customer_id = "Nominativo"'),
        ('# months_from = "…-01"', 'months_from = "2024-01"'),
        ('undecided = ["months_from"]', "undecided = []"),
    ).build()
    kept = [80.5 + n for n in range(60) if n % 20 != 19]
    assert total(register) == sum(kept)
    days = sorted(register.frame("orders")["ordered_on"].astype("str").str[:10])
    assert days == sorted(day(3 * n) for n in range(60) if n % 20 != 19)


@pytest.mark.parametrize(
    ("first", "second", "right"),
    [("3/4", "25/4", "2025-04-03"), ("3/4", "4/25", "2025-03-04")],
)
def test_of_a_day_without_a_year_others_prove_which_is_the_day(
    first: str, second: str, right: str, folder: Folder
) -> None:
    folder.add("a.csv", f"who,when,paid\nA,{first},5\nB,{second},6\n")
    folder.text = (
        f'{FIRST}[lists.orders]\nfiles = ["a.csv"]\nmonths_from = "2025-01"\n'
        '[lists.orders.columns]\ncustomer_id = "who"\nordered_on = "when"\namount = "paid"\n'
    )
    orders = folder.build().frame("orders").set_index("customer_id")
    assert str(orders.loc["A", "ordered_on"])[:10] == right


def test_a_day_without_a_year_is_not_guessed(folder: Folder) -> None:
    folder.add("a.csv", "who,when,paid\nA,3/4,5\nB,5/6,6\n")
    folder.text = (
        f'{FIRST}[lists.orders]\nfiles = ["a.csv"]\nmonths_from = "2025-01"\n'
        '[lists.orders.columns]\ncustomer_id = "who"\nordered_on = "when"\namount = "paid"\n'
    )
    with pytest.raises(ListError, match=r"3/4, which could be day/month or month/day"):
        folder.build()
    folder.edit(('months_from = "2025-01"', 'months_from = "2025-01"\ndates = ["dmy"]'))
    orders = folder.build().frame("orders").set_index("customer_id")
    assert str(orders.loc["A", "ordered_on"])[:10] == "2025-04-03"


def test_pounds_of_a_western_file_are_no_brackets_of_a_japanese_one(folder: Folder) -> None:
    rows: Rows = [
        [day(n, "%d %b %y"), f"Mr {'ABCDE'[n % 5]}. Hall", f"£{20 + n}.00"] for n in range(40)
    ]
    text = table("Date,Customer name,Total", rows).encode("cp1252")
    folder.add("book.csv", text).propose()
    assert 'encoding = "cp1252"' in folder.text
    assert 'currency = "£"' in folder.text
    assert folder.columns("orders") == {"ordered_on": "Date", "amount": "Total"}


# --- what stands for the cell above ------------------------------------------------------------


def test_a_ditto_mark_says_what_stands_above(folder: Folder) -> None:
    folder.add(
        "台帳.csv",
        "日付,お客様,金額\n2025-04-01,山田商店,100\n〃,〃,200\n2025-04-03,佐藤,50\n〃,山田商店,7\n",
    )
    folder.text = (
        f'{FIRST}[lists.orders]\nfiles = ["台帳.csv"]\none_row_is_one_order = true\n'
        '[lists.orders.columns]\ncustomer_id = "お客様"\nordered_on = "日付"\namount = "金額"\n'
    )
    register = folder.build()
    orders = register.frame("orders").groupby("customer_id")["amount"].sum()
    assert orders.to_dict() == {"山田商店": 307, "佐藤": 50}
    assert any("〃" in note.text for _list, note in register.told)


def test_a_sum_is_not_repeated_in_rows_that_take_from_above(folder: Folder) -> None:
    rows: Rows = []
    for n in range(30):
        rows.append([day(2 * n), NAMES[n % 6], "Rex", "Lab", 17, 17 * (n % 5 + 1)])
        if n % 3 == 0:
            rows.append(["", "", "Skye", "Pug", "", ""])
    text = folder.add(
        "book.csv", table("Date in,Customer,Dog,Breed,Per night,Total", rows)
    ).propose()
    taken = next((line for line in text.splitlines() if "as_above" in line), "")
    assert '"Total"' not in taken
    assert '"Per night"' not in taken
    register = folder.edit(('# customer_id = "Customer"', 'customer_id = "Customer"')).build()
    assert total(register) == sum(17 * (n % 5 + 1) for n in range(30))


def merged_book() -> bytes:
    """Two rows of headers, and below them orders of several lines whose first cells are merged."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet("台帳")
        sheet.write_row(0, 0, ["衣裳台帳"])
        for at, name in ((0, "受付No"), (1, "契約日"), (7, "備考")):
            sheet.merge_range(2, at, 3, at, name)
        sheet.merge_range(2, 2, 2, 3, "お客様")
        sheet.merge_range(2, 4, 2, 6, "衣裳")
        sheet.write_row(3, 2, ["氏名", "電話", "品番", "品名", "賃料"])
        row = 4
        for n in range(30):
            for at, cell in enumerate(
                [f"K{n:03d}", day(5 * n), NAMES[n % 6], f"090-{n % 6:04d}-1111"]
            ):
                sheet.merge_range(row, at, row + 1, at, cell)
            sheet.write_row(row, 4, [f"W{n}", "ドレス", 100000 + n])
            sheet.write_row(row + 1, 4, [f"X{n}", "小物", 5000])
            sheet.merge_range(row, 7, row + 1, 7, "キャンセル" if n == 3 else f"袖{n}")
            row += 2
    return data.getvalue()


def test_headers_of_two_rows_above_orders_of_merged_cells(folder: Folder) -> None:
    folder.add("台帳.xlsx", merged_book()).propose()
    assert folder.columns("order_lines")["order_id"] == "受付No"
    assert folder.columns("order_lines")["amount"] == "衣裳 賃料"
    folder.edit(
        ('# customer_id = "お客様 氏名"', 'customer_id = "お客様 氏名"'),
        ('# ordered_on = "契約日"', 'ordered_on = "契約日"'),
        ("# as_of", "as_of"),
    )
    lines = [
        line
        for line in folder.text.splitlines()
        if not line.startswith(("undecided", "# not_sales"))
    ]
    folder.text = "\n".join(lines).replace(
        "[lists.order_lines.columns]",
        'not_sales."備考" = ["キャンセル"]\n[lists.order_lines.columns]',
        1,
    )
    register = folder.build()
    # of a cancelled order both lines, though the merged word stands in its first cell only
    assert total(register) == sum(105000 + n for n in range(30) if n != 3)
    assert len(register.frame("orders")) == 29


# --- who it is ---------------------------------------------------------------------------------


def test_a_name_in_two_columns_is_offered_together(folder: Folder) -> None:
    family = ["Lindner", "Wiegand", "Lorenz", "Reuter", "Tietz", "Nagel", "Vogler"]
    given = ["Ralf", "Jana", "Nils", "Anke"]
    rows: Rows = [
        [family[n % 7], given[n % 4], day(n), "ja" if n % 2 else "", 195] for n in range(48)
    ]
    folder.add(
        "kurse.csv", table("Name,Vorname,Anmeldung,bezahlt,Kursgebühr brutto", rows)
    ).propose()
    assert '# id_from = ["Vorname", "Name"]' in folder.text
    assert any("Vorname + Name together" in why for _list, why in folder.new.open)


def test_who_gets_the_goods_of_a_wholesaler_buys_them(folder: Folder) -> None:
    rows: Rows = [[day(n), f"喫茶{n % 7}", "食パン", 1000 + n] for n in range(60)]
    folder.add("納品.csv", table("日付,納品先,品名,納品額", rows)).propose()
    assert '# customer_id = "納品先"' in folder.text
    assert "届け先" not in folder.text


def test_the_mail_of_the_till_is_no_customer(folder: Folder) -> None:
    rows: Rows = [
        [f"kasse{n % 2}@shop.example", day(n // 3), f"T{n:05d}", "Umsatz", 3 + n, 2 + n]
        for n in range(240)
    ]
    folder.add("till.csv", table("E-Mail,Datum,Transaktions-ID,Zahlungsart,Betrag,Netto", rows))
    with pytest.raises(StopIteration):
        folder.propose() and folder.columns("customers")
    assert "# [lists.left_out_1]" in folder.text


def test_the_number_of_a_cart_is_no_customer(folder: Folder) -> None:
    rows: Rows = [
        [f"{230000000 + n // 2}", f"{700 + n}", day(n // 2), f"名前{n // 2 % 23}", "皿", 900 + n]
        for n in range(120)
    ]
    folder.add("a.csv", table("カート番号,注文番号,注文日,購入者名,商品名,金額", rows)).propose()
    assert '# customer_id = "カート番号"' not in folder.text
    assert '# customer_id = "購入者名"' in folder.text


def test_merges_are_typed_as_people_write_names(folder: Folder) -> None:
    rows: Rows = [
        [["みどり小学校PTA", "みどり小PTA", "青葉 様"][n % 3], day(n), 100 + n] for n in range(30)
    ]
    folder.add("a.csv", table("who,day,paid", rows))
    (folder.path / "merges.csv").write_text("old_id,new_id\nみどり小PTA,みどり小学校PTA\n", "utf-8")
    folder.text = (
        f'{FIRST}same_ids = ["names"]\n[merges]\nfile = "merges.csv"\n'
        '[lists.orders]\nfiles = ["a.csv"]\n'
        '[lists.orders.columns]\ncustomer_id = "who"\nordered_on = "day"\namount = "paid"\n'
    )
    assert set(folder.build().frame("customers").index) == {"みどり小学校PTA", "青葉"}


def test_a_postcard_that_was_sent_is_no_permission(folder: Folder) -> None:
    rows: Rows = [[f"K{n}", f"名前{n}", "○" if n % 2 else ""] for n in range(40)]
    folder.add("a.csv", table("会員番号,氏名,ハガキ", rows)).propose()
    assert "consents" not in folder.text
    assert "refusals" not in folder.text


def test_somebody_else_for_each_firm_is_one_of_theirs(folder: Folder) -> None:
    people = ["辻 店長", "大塚 店長", "馬場さん", "樋口", "西田様", "尾崎", "服部様", "永井さん"]
    rows: Rows = [[n, f"株式会社青葉{n}", people[n], f"076-{n:03d}-1111"] for n in range(8)]
    folder.add("取引先.csv", table("取引先コード,取引先名,担当者,電話番号", rows)).propose()
    assert folder.columns("customers")["contact_person"] == "担当者"
    ours: Rows = [[n, f"株式会社青葉{n}", people[n % 3], "076-000-1111"] for n in range(30)]
    other = Folder(folder.path).add("b.csv", table("取引先コード,取引先名,担当者,電話番号", ours))
    other.propose()
    assert other.columns("customers")["owner"] == "担当者"


def test_who_stands_in_no_list_of_customers_is_named(folder: Folder) -> None:
    people: Rows = [[f"K{n}", f"名前{n}", "県"] for n in range(30)]
    folder.add("customers.csv", table("会員番号,氏名,都道府県", people))
    rows: Rows = [[f"N{n}", f"K{n % 32}", day(n), 100 + n] for n in range(64)]
    folder.add("orders.csv", table("注文番号,会員番号,注文日,金額", rows)).propose()
    folder.edit(("# as_of", "as_of")) if "# as_of" in folder.text else None
    assert says(folder, "strangers")[0].endswith("not, for example, K30, K31")


# --- which of several sums, which of several sheets ---------------------------------------------


@pytest.mark.parametrize(
    "header", ["Paid Amount,Invoice Amount", "Amount received,Order total", "金額,お支払金額"]
)
def test_what_was_billed_stands_beside_what_was_paid(header: str, folder: Folder) -> None:
    rows: Rows = [
        [f"N{n}", f"K{n % 9}", day(n), 100 + n if n % 4 else 50, 100 + n] for n in range(60)
    ]
    folder.add("a.csv", table(f"Order number,Customer number,Order date,{header}", rows)).propose()
    assert "amount" not in folder.columns("orders")
    for one in header.split(","):
        assert f'# amount = "{one}"' in folder.text


def test_a_sheet_of_other_years_with_other_headers_is_a_list_of_its_own(folder: Folder) -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        for name, header in (
            ("2024", ["Order no", "Received on", "Client", "Fee"]),
            ("2025", ["Ref", "Date in", "Client", "Status", "Fee"]),
        ):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, header)
            for n in range(30):
                cells = [f"{name}-{n}", f"{name}-{n % 12 + 1:02}-10", NAMES[n % 6], "paid", 90 + n]
                sheet.write_row(n + 1, 0, cells if len(header) == 5 else [*cells[:3], cells[4]])
    folder.add("Jobs.xlsx", data.getvalue()).propose()
    assert [one.name for one in folder.new.plan.lists] == ["orders", "orders_2"]


def test_the_last_total_of_many_months_is_not_that_of_the_list(folder: Folder) -> None:
    rows: Rows = []
    for n in range(60):
        rows.append([f"N{n}", f"K{n % 9}", day(n), f"{100 + n},00"])
        if n % 10 == 9:
            rows.append(["Summe Woche", "", "", f"{sum(100 + k for k in range(n - 9, n + 1))},00"])
    folder.add(
        "a.csv", table("Auftragsnummer;Kundennummer;Bestelldatum;Betrag", rows, ";")
    ).propose()
    register = folder.build()
    assert total(register) == sum(range(100, 160))
    assert not [one for one in register.doubts if one.name == "own_total"]


def test_rows_without_a_day_are_told_with_the_line_that_mends_them(folder: Folder) -> None:
    rows: Rows = [[day(n) if n % 5 else "", f"K{n % 9}", 100 + n] for n in range(1, 60)]
    folder.add("a.csv", table("day,who,money", rows))
    folder.text = (
        f'{FIRST}[lists.orders]\nfiles = ["a.csv"]\n[lists.orders.columns]\n'
        'customer_id = "who"\nordered_on = "day"\namount = "money"\n'
    )
    (told,) = says(folder, "without_day")
    assert 'as_above = [["day"]]' in told
    assert "never came about" in told  # quotes without a day, as they may be
    folder.edit(('files = ["a.csv"]', 'files = ["a.csv"]\nas_above = [["day"]]'))
    assert total(folder.build()) == sum(100 + n for n in range(1, 60))


def test_no_line_without_a_column_is_told(folder: Folder) -> None:
    rows: Rows = [[f"A{n % 7}" if n % 5 else "", "B", day(n), 100 + n] for n in range(60)]
    folder.add("a.csv", table("name,town,day,money", rows))
    folder.text = (
        f'{FIRST}[lists.orders]\nfiles = ["a.csv"]\nid_from = ["name", "town"]\n'
        '[lists.orders.columns]\nordered_on = "day"\namount = "money"\n'
    )
    assert not any('[[""]]' in str(one.says) for one in folder.build().doubts)


# --- the number of an order -------------------------------------------------------------------


def bills(numbers: dict[str, int]) -> Rows:
    """Bills of two rates of tax: the total on both rows; each series is counted from 1 on."""
    rows: Rows = []
    for series, count in numbers.items():
        for n in range(1, count + 1):
            who = f"B{10 + (n + count) % 9}"
            rows += [[series, n, who, day(3 * n), base, 300 + n] for base in (200 + n, 50)]
    return rows


def test_numbers_that_begin_anew_are_those_of_a_series(folder: Folder) -> None:
    rows = bills({"F25": 30, "R25": 12, "T25": 7})
    text = table("Serie;Número de factura;NIF;Fecha;Base;Total Factura", rows, ";")
    folder.add("a.csv", text).propose()
    line = 'order_id_from = ["Serie", "Número de factura"]'
    assert f"# {line}" in folder.text
    folder.text = (
        f'{FIRST}[lists.orders]\nfiles = ["a.csv"]\n{line}\n'
        '[lists.orders.columns]\ncustomer_id = "NIF"\nordered_on = "Fecha"\n'
        'amount = "Total Factura"\n'
    )
    with pytest.raises(OpenDoubts, match='Write amount_of = "order"'):
        folder.build()
    folder.edit((line, f'amount_of = "order"\n{line}'))
    register = folder.build()
    assert len(register.frame("orders")) == 49
    assert total(register) == sum(row[-1] for row in rows[::2])


def test_a_few_totals_on_several_rows_are_asked_about_where_all_are_so(folder: Folder) -> None:
    rows: Rows = [[f"N{n}", f"K{n % 3}", day(n), 100 + n] for n in range(7) for _ in "ab"]
    folder.add("a.csv", table("no,who,day,total", [*rows, ["N9", "K1", day(9), 5]]))
    folder.text = (
        f'{FIRST}[lists.orders]\nfiles = ["a.csv"]\n[lists.orders.columns]\norder_id = "no"\n'
        'customer_id = "who"\nordered_on = "day"\namount = "total"\n'
    )
    with pytest.raises(OpenDoubts, match="of the 7 orders with several rows"):
        folder.build()


def test_an_order_that_stands_on_days_far_apart_is_told(folder: Folder) -> None:
    rows: Rows = [[n % 30, f"K{n % 3}", day(n * 6), 100 + n] for n in range(60)]
    folder.add("a.csv", table("no,who,day,total", rows))
    folder.text = (
        f'{FIRST}[lists.orders]\nfiles = ["a.csv"]\n[lists.orders.columns]\norder_id = "no"\n'
        'customer_id = "who"\nordered_on = "day"\namount = "total"\n'
    )
    assert says(folder, "order_days")[0].startswith("30 of 30 orders have rows more than 45 days")


@pytest.mark.parametrize(
    ("header", "apart", "asked"),
    [("カート番号", False, True), ("整理番号", False, True), ("整理番号", True, False)],
)
def test_of_two_numbers_that_which_joins_rows_of_one_sale_is_offered(
    header: str, apart: bool, asked: bool, folder: Folder
) -> None:
    """A number of each article beside that of the cart; what joins several days is no sale, unless
    it is called one.
    """
    rows: Rows = []
    for n in range(80):
        when = day(n if apart else n // 2 * 2)
        rows.append([5000 + n, 900 + n // 2, f"K{n // 2 % 9}", when, "Tee", 1, 400 + n])
    folder.add("a.csv", table(f"注文番号,{header},会員番号,注文日,商品名,数量,金額", rows))
    text = folder.propose()
    assert (f'# order_id = "{header}"' in text) == asked
    assert ('undecided = ["order_id"]' in text) == asked


def test_a_part_of_an_orders_number_that_is_not_there_is_told(folder: Folder) -> None:
    folder.add("a.csv", "S,N,who,day,money\nA,1,K1,2025-01-02,5\n")
    folder.text = (
        f'{FIRST}[lists.orders]\nfiles = ["a.csv"]\norder_id_from = ["Sx", "N"]\n'
        '[lists.orders.columns]\ncustomer_id = "who"\nordered_on = "day"\namount = "money"\n'
    )
    with pytest.raises(ListError, match='order_id_from names the column "Sx"'):
        folder.build()
    folder.edit(('amount = "money"', 'amount = "money"\norder_id = "N"'))
    with pytest.raises(KitError, match="names the order's number by"):
        folder.build()


# --- rows that say nothing where the row above did --------------------------------------------


def test_columns_may_take_from_above_each_by_itself(folder: Folder) -> None:
    folder.add("a.csv", "day,who,money\n2025-04-01,A,1\n,B,2\n2025-04-03,,4\n,,8\n")
    folder.text = (
        f'{FIRST}[lists.orders]\nfiles = ["a.csv"]\nas_above = [["day"], ["who"]]\n'
        "one_row_is_one_order = true\n[lists.orders.columns]\n"
        'customer_id = "who"\nordered_on = "day"\namount = "money"\n'
    )
    paid = folder.build().frame("orders").groupby("customer_id")["amount"].sum()
    assert paid.to_dict() == {"A": 1, "B": 14}
    folder.edit(('[["day"], ["who"]]', '["day", "who"]'))
    paid = folder.build().frame("orders").groupby("customer_id")["amount"].sum()
    assert paid.to_dict() == {"A": 1}  # what only one of them says is no further row


def test_a_total_far_to_the_right_is_one(folder: Folder) -> None:
    rows: Rows = []
    for n in range(40):
        rows.append([n, day(n), f"K{n % 9}", "a", "b", "c", "d", "作業", 100 + n])
        if n % 10 == 9:
            rows.append(["", "", "", "", "", "", "", "前半計", 1000])
    header = "No,日付,お客様番号,車名,登録,区分,方法,作業内容,請求額"
    register = folder.add("a.csv", table(header, rows)).build()
    assert register.ledger["set_aside"].sum() == 4
    assert set(register.set_aside["reason"]) == {"a row of totals"}


def test_a_tenth_of_the_rows_that_does_not_read_stops(folder: Folder) -> None:
    rows: Rows = [
        [f"N{n}", f"K{n % 9}", "Fri 26th" if n % 9 == 4 else day(n), 100 + n] for n in range(90)
    ]
    folder.add("a.csv", table("no,who,day,money", rows))
    folder.text = (
        f'{FIRST}[lists.orders]\nfiles = ["a.csv"]\n[lists.orders.columns]\n'
        'order_id = "no"\ncustomer_id = "who"\nordered_on = "day"\namount = "money"\n'
    )
    with pytest.raises(OpenDoubts, match=r"11\.1 % of the rows, 10,"):
        folder.build()
