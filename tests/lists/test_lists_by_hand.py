"""Lists that small firms keep by hand: months side by side, days without a year, names as keys.

Titles stand above them, totals between their rows, and a sheet per month; what counts is the same.
"""

from __future__ import annotations

import io
from collections.abc import Mapping

import pytest
import xlsxwriter
from client_folder import Folder, Rows, day, table, total

from segment_lib.checks import KitError, ListError
from segment_lib.lists.cells.names import name_as_id

MONTHS = ["4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月", "1月", "2月", "3月"]
PUPILS = [
    "渡辺 健一",
    "山本裕子",
    "林沙織",
    "遠藤陽子",
    "前田誠",
    "三浦早紀",
    "近藤正人",
    "西村智子",
]


def workbook(sheets: Mapping[str, Rows]) -> bytes:
    """A workbook of these sheets, row by row."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return data.getvalue()


def fees() -> Rows:
    """Eight pupils, twelve months; one rests in July, one left in October."""
    rows: Rows = [
        ["令和7年度　月謝入金表"],
        [],
        ["No", "学年", "生徒名", *MONTHS, "合計"],
        ["【小学部】"],
    ]
    for number, name in enumerate(PUPILS, 1):
        paid: list[object] = [8000 + 1000 * number] * 12
        if number == 1:
            paid[3] = "休"
        if number == 2:
            paid[6:] = ["退塾", *[""] * 5]
        rows.append(
            [
                number,
                f"小{4 + number % 3}",
                name,
                *paid,
                sum(one for one in paid if isinstance(one, int)),
            ]
        )
    rows.append(["", "", "合計", *[1] * 13])
    return rows


def counted(rows: Rows) -> list[int]:
    return [one for row in rows for one in row[3:15] if isinstance(one, int) and one > 1]


# --- months side by side, days without a year ---------------------------------------------------


def test_months_side_by_side_are_an_order_each(folder: Folder) -> None:
    book = workbook({"月謝R7年度": fees(), "覚え書き": [["月謝は前月27日"]]})
    text = folder.add("生徒.xlsx", book).propose()
    assert '# months_from = "2025-04"' in text  # R7年度 says so
    folder.edit(
        ('undecided = ["months_from"]', "undecided = []"), ("# months_from", "months_from"),
        ("# as_of = 2025-12-31", "as_of = 2026-03-31"),
        ('# customer_id = "No"', 'customer_id = "No"'),
    )  # fmt: skip
    register, expected = folder.build(), counted(fees())
    orders = register.frame("orders")
    assert (len(orders), total(register)) == (len(expected), sum(expected))
    assert orders["ordered_on"].min().isoformat()[:10] == "2025-04-01"
    assert orders["ordered_on"].max().isoformat()[:10] == "2026-03-01"
    assert orders["customer_id"].nunique() == len(PUPILS)


def test_a_sheet_per_year_with_months_side_by_side(folder: Folder) -> None:
    def year(first: int) -> Rows:
        rows: Rows = [["No", "学年", "生徒名", *MONTHS, "合計"]]
        return rows + [
            [n, "小4", name, *[first + n] * 12, 12 * (first + n)]
            for n, name in enumerate(PUPILS, 1)
        ]

    book = workbook({"2024年度": year(5000), "2025年度": year(6000)})
    folder.add("月謝.xlsx", book).propose()
    register = folder.edit(
        ('undecided = ["months_from"]', ""), ("# months_from", "months_from"),
        ("# as_of = 2025-12-31", "as_of = 2026-03-31"),
        ('# customer_id = "生徒名"', 'customer_id = "生徒名"'),
    ).build()  # fmt: skip
    orders = register.frame("orders")
    assert len(orders) == 2 * 12 * len(PUPILS)
    by_year = orders.groupby(orders["ordered_on"] >= "2025-04-01")["amount"].sum()
    assert by_year[False] == 12 * sum(5000 + n for n in range(1, 9))
    assert by_year[True] == 12 * sum(6000 + n for n in range(1, 9))


def test_a_sheet_per_month_says_the_year_of_its_days(folder: Folder) -> None:
    sheets: dict[str, Rows] = {}
    for number, name in enumerate(["Mar 25", "Apr 25", "Mar 26", "Apr 26"]):
        month = name[:3]
        rows: Rows = [["Event date", "Client", "Menu", "Total", "Status", "Notes"]]
        rows += [
            [f"Sat {n + 1} {month}", f"Client {chr(65 + n)}", "BBQ", 100 + n, "Done", ""]
            for n in range(9)
        ]
        rows.append([f"2025-03-0{number + 1}", "Client Z", "BBQ", 50, "Done", ""])
        sheets[name] = rows
    text = folder.add("Bookings.xlsx", workbook(sheets)).propose()
    assert "months_from" in text
    folder.text = (
        '[client]\nname = "shop"\nas_of = 2026-06-30\n[lists.orders]\nfiles = ["Bookings.xlsx"]\n'
        f"sheet = {list(sheets)}\n"
        'months_from = "2025-03"\n[lists.orders.columns]\nordered_on = "Event date"\n'
        'customer_id = "Client"\namount = "Total"\n'
    )
    days = folder.build().frame("orders")["ordered_on"].dt.strftime("%Y-%m").value_counts()
    assert days.to_dict() == {"2025-03": 13, "2025-04": 9, "2026-03": 9, "2026-04": 9}


def test_months_from_says_where_no_column_is_a_month(folder: Folder) -> None:
    folder.add("a.csv", "who,day,money\n1,2025-01-05,100\n")
    folder.text = (
        '[client]\nname = "shop"\nas_of = 2025-12-31\n[lists.orders]\nfiles = ["a.csv"]\n'
        'months_from = "2025-04"\n[lists.orders.columns]\ncustomer_id = "who"\n'
    )
    with pytest.raises(ListError, match="no column is headed by one"):
        folder.build()
    folder.text = folder.text.replace("2025-04", "April")
    with pytest.raises(KitError, match="write the year and the month"):
        folder.build()


def test_a_sheet_per_month_with_days_without_a_year(folder: Folder) -> None:
    sheets: dict[str, Rows] = {}
    for month in (1, 2, 3):
        rows: Rows = [
            [f"予約表　2025年{month}月"],
            [],
            ["日にち", "お名前", "コース", "料金", "支払", "担当"],
        ]
        forms = (f"2025/{month}/", f"R7.{month}.", f"{month}/")
        rows += [
            [
                f"{forms[n % 3]}{n + 1}",
                f"{PUPILS[n % 5]}{' 様' * (n % 2)}",
                "整体",
                4000 + n,
                "現金",
                "岸",
            ]
            for n in range(18)
        ]
        rows.append(["", "月の集計", "", 9999, "", ""])
        sheets[f"{month}月"] = rows
    text = folder.add("予約表2025.xlsx", workbook(sheets)).propose()
    assert '# months_from = "2025-01"' in text
    folder.edit(
        ('undecided = ["months_from"]', "undecided = []"), ("# months_from", "months_from"),
        ('# customer_id = "お名前"', 'customer_id = "お名前"'),
    )  # fmt: skip
    with pytest.raises(ListError, match=r'same_ids = \["names"\]'):
        folder.build()
    register = folder.edit(("currency = ", 'same_ids = ["names"]\ncurrency = ')).build()
    assert total(register) == 3 * sum(4000 + n for n in range(18))
    assert register.frame("orders")["customer_id"].nunique() == 5
    days = register.frame("orders")["ordered_on"]
    assert (days.min().isoformat()[:10], days.max().isoformat()[:10]) == (
        "2025-01-01",
        "2025-03-18",
    )


# --- names as keys ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("中村　茂 様", "中村茂"), ("㈱丸栄不動産", "株式会社 丸栄不動産"),
        ("MISS ABBOTT", "Miss Abbott "),
        ("Mr. & Mrs R Tattersall", "Mr and Mrs R Tattersall"),
    ],
)  # fmt: skip
def test_one_name_in_several_ways_is_one_id(one: str, other: str) -> None:
    assert name_as_id(one) == name_as_id(other)
    assert name_as_id("K-001") == "K-001" != name_as_id("K001")


def test_two_people_stay_two(folder: Folder) -> None:
    rows: Rows = [[("中村茂", "中村 茂", "中村繁")[n % 3], day(n), 100] for n in range(30)]
    folder.add("a.csv", table("who,day,money", rows))
    folder.text = (
        '[client]\nname = "shop"\nas_of = 2024-12-31\nsame_ids = ["names"]\n[lists.orders]\n'
        'files = ["a.csv"]\n[lists.orders.columns]\ncustomer_id = "who"\nordered_on = "day"\n'
        'amount = "money"\n'
    )
    counts = folder.build().frame("orders")["customer_id"].value_counts()
    assert counts.to_dict() == {"中村茂": 20, "中村繁": 10}


# --- titles, totals and several sheets ----------------------------------------------------------


def ledger() -> Rows:
    """Month headings, month totals, a day of two digits per year, a status under Paid."""
    rows: Rows = [
        ["GREENACRE - JOB SHEET"],
        [],
        ["Date", "Customer", "Address", "Job", "Who", "Price", "Paid", "How"],
    ]
    for month in range(1, 13):
        rows.append([f"MONTH {month} 2024"])
        for n in range(6):
            paid, price = ("CANC" if n == 5 else "Y"), f"£{100 + n}.00"
            if n == 4:
                paid, price = "REFUND", "-£20.00"
            who = f"Mr {'ABCDEFGH'[(n + month) % 8]}. Vickers"
            rows.append(
                [f"{n + 13:02}/{month:02}/24", who, "7 Lane", "Mowing", "Dan", price, paid, "cash"]
            )
        rows.append(["", "Month total", "", "", "", "£510.00"])
    return rows


def test_headings_and_totals_between_the_rows_hide_no_day(folder: Folder) -> None:
    text = "\n".join(",".join(map(str, row)) for row in ledger()) + "\n"
    said = folder.add("jobs.csv", text).propose()
    assert folder.columns("orders") == {"ordered_on": "Date"}
    assert 'currency = "£"' in said
    assert '# amount = "Price"' in said
    assert "5,892 in all" in said
    assert '# not_sales."Paid" = ["CANC"]' in said  # REFUND is below zero: it counts as a return
    assert "The amounts of REFUND 12 are below zero" in said
    folder.edit(
        ('# customer_id = "Customer"', 'customer_id = "Customer"'),
        ('# amount = "Price"', 'amount = "Price"'),
        ('undecided = ["Paid"]', "undecided = []"), ('# not_sales."Paid"', 'not_sales."Paid"'),
    )  # fmt: skip
    register = folder.build()
    assert (len(register.frame("orders")), total(register)) == (48, 12 * (100 + 101 + 102 + 103))
    assert float(register.frame("adjustments")["amount"].sum()) == -240


def test_every_sheet_that_is_a_list_is_taken_or_told(folder: Folder) -> None:
    people: Rows = [["Clients"], ["Client", "Company", "Email", "Phone", "Started"]]
    people += [
        [
            f"Client {chr(65 + n)}",
            ("NHS", "Otter")[n % 2],
            f"c{n}@example.org",
            f"0770090000{n}",
            day(n),
        ]
        for n in range(10)
    ]
    packages: Rows = [["Date", "Client", "Package", "Fee", "Paid?"]]
    packages += [[day(9 * n), f"Client {chr(65 + n % 10)}", "Six", 600 + n, "Y"] for n in range(30)]
    sessions: Rows = [["Date", "Client", "Type", "Mins", "Status"]]
    sessions += [
        [day(3 * n), f"Client {chr(65 + n % 10)}", "Call", 60, ("Done", "No show")[n % 9 == 0]]
        for n in range(90)
    ]
    prices: Rows = [
        ["Package", "Hours", "Note"],
        ["Six", 6, "a"],
        ["Ten", 10, "b"],
        ["One", 1, "c"],
    ]
    book = workbook(
        {"Clients": people, "Packages": packages, "Sessions": sessions, "Prices": prices}
    )
    text = folder.add("tracker.xlsx", book).propose()
    found = {one.found.part: one.proposal.table for one in folder.new.plan.lists}
    assert found == {"Clients": "customers", "Packages": "orders", "Sessions": "usage"}
    assert [one.shown for one in folder.new.plan.left_out] == ["tracker.xlsx / Prices"]
    assert '# amount = "Fee"' in text
    assert '# not_sales."Status" = ["No show"]' in text


def test_no_sum_takes_a_customer_from_the_row_above(folder: Folder) -> None:
    rows: Rows = []
    for n in range(30):
        rows.append(
            [
                1181 + n,
                day(3 * n),
                f"Mr {'ABCDEFGH'[n % 8]}. Vickers",
                "077",
                "bike",
                "red",
                "Service",
                1,
                95,
                95,
            ]
        )
        rows.append([*[""] * 6, "Tyre", 2, 20, 40])
    rows.append([*[""] * 6, "TOTAL", "", "", 30 * 135])
    text = folder.add(
        "jobs.csv", table("Job,Date in,Name,Phone,Bike,Colour,Work,Qty,Each,Total", rows)
    ).propose()
    assert 'as_above = ["Job", "Date in", "Name", "Phone", "Bike", "Colour"]' in text
    register = folder.edit(('# customer_id = "Name"', 'customer_id = "Name"')).build()
    assert total(register) == 30 * 135
    assert "is what of its rows counts" in doubts(folder, "own_total")[0]


def test_a_customer_in_the_first_of_their_rows_is_asked_about(folder: Folder) -> None:
    rows: Rows = []
    for n, name in enumerate(PUPILS):
        for at in range(6):
            who = [name, f"052-11-000{n}"] if at == 0 else ["", ""]
            rows.append([*who, day(7 * at + n), 100 * n + at, "ビール", 1000 + at])
        rows.append(["", "", "", "", "小計", 6015])
    text = folder.add("a.csv", table("得意先名,電話,日付,伝票No,品名,金額", rows)).propose()
    assert '# as_above = ["得意先名", "電話"]' in text
    folder.edit(
        ('undecided = ["as_above"]', "undecided = []"), ("# as_above", "as_above"),
        ('# customer_id = "得意先名"', 'customer_id = "得意先名"'),
    )  # fmt: skip
    register = folder.build()
    assert total(register) == len(PUPILS) * 6015
    assert register.frame("orders")["customer_id"].nunique() == len(PUPILS)


def test_amounts_typed_with_a_comma_among_numbers_of_a_workbook(folder: Folder) -> None:
    rows: Rows = [["Re-Nr.", "Datum", "Kundennummer", "Netto", "Brutto", "Status"]]
    for n in range(40):
        net, gross = 1000.5 + n, 1190.6 + n
        said = f"1.{190 + n},60 €" if n % 4 == 0 else gross
        rows.append([f"2024-{n:03}", day(5 * n), f"K{n % 7}", net, said, "bezahlt"])
    text = folder.add("Rechnungen.xlsx", workbook({"2024": rows})).propose()
    assert 'decimal = ","' in text
    assert "48,404 in all" in text  # as many as all numbers of Brutto
    register = folder.edit(('# amount = "Brutto"', 'amount = "Brutto"')).build()
    assert total(register) == pytest.approx(sum(1190.6 + n for n in range(40)))
    assert register.frame("orders")["order_id"].nunique() == 40


def test_a_comma_in_one_column_and_a_point_in_another_of_a_workbook(folder: Folder) -> None:
    rows: Rows = [["Commande", "Date", "No client", "m2", "Montant TTC", "Statut"]]
    for n in range(40):
        said = f"1 {200 + n},00 €" if n % 4 == 0 else 1200 + n
        rows.append([f"C{n:03}", day(5 * n), f"K{n % 7}", 2.5 + n, said, "payé"])
    text = folder.add("Suivi.xlsx", workbook({"Commandes": rows})).propose()
    assert 'decimal = ","' in text
    register = (
        folder.edit(("undecided", "# undecided")).build() if "undecided" in text else folder.build()
    )
    assert total(register) == sum(1200 + n for n in range(40))


def test_what_a_fee_leaves_of_a_sum_is_not_the_amount(folder: Folder) -> None:
    rows: Rows = [
        [n, f"K{n % 7}", day(n), 100 + n, 3 + n % 3, 97 + n - n % 3, f"tx{n}" if n % 9 == 0 else ""]
        for n in range(60)
    ]
    header = (
        "Contribution ID,Contact ID,Date Received,Total Amount,Fee Amount,Net Amount,Transaction ID"
    )
    folder.add("a.csv", table(header, rows)).propose()
    assert folder.columns("orders") == {
        "order_id": "Contribution ID", "customer_id": "Contact ID", "ordered_on": "Date Received",
        "amount": "Total Amount",
    }  # fmt: skip


# --- what is asked, and how ---------------------------------------------------------------------


def test_candidates_say_what_they_come_to_and_how_many_are_blank(folder: Folder) -> None:
    rows: Rows = [
        [f"N{n}", f"K{n % 7}", day(n), 1000 + n, 1100 + n, day(n + 1) if n % 4 else ""]
        for n in range(40)
    ]
    text = folder.add(
        "a.csv",
        table(
            "Auftragsnummer,Kundennummer,Bestelldatum,Betrag netto,Betrag brutto,Bezahlt am", rows
        ),
    ).propose()
    assert "40,780 in all" in text
    assert "44,780 in all" in text


@pytest.mark.parametrize("rates", [(1.1,), (1.08, 1.1, 1)])
def test_a_sum_without_tax_beside_one_with_it_is_asked_about(
    rates: tuple[float, ...], folder: Folder
) -> None:
    rows: Rows = []
    for n in range(60):
        net = 980 + 370 * (n * 7 % 11)
        gross = int(net * rates[n % len(rates)])
        rows.append([day(n), f"店{n % 9}", "パン", net, gross - net, gross])
    folder.add("売上.csv", table("日付,得意先,品名,金額,消費税,請求額", rows)).propose()
    assert "amount" not in folder.columns("order_lines")
    assert '# amount = "金額"' in folder.text
    assert '# amount = "請求額"' in folder.text
    assert '# amount = "消費税"' not in folder.text


def test_a_sum_that_grows_otherwise_than_by_a_tax_is_not(folder: Folder) -> None:
    rows: Rows = [[day(n), f"店{n % 9}", 900 + n * 10, 1000 + n * n] for n in range(60)]
    folder.add("売上.csv", table("日付,得意先,金額,発送額", rows)).propose()
    assert folder.columns("orders")["amount"] == "金額"


@pytest.mark.parametrize(
    "word",
    ["Total: March 2024", "TOTAL ANUAL", "Zwischensumme Januar", "Totale anno 2024", "小計（4月）"],
)
def test_a_total_of_a_part_of_the_year_is_one(word: str, folder: Folder) -> None:
    rows: Rows = [[f"Firma {n % 7}", day(n), 100 + n] for n in range(40)]
    rows.insert(20, [word, "", 2190])
    rows.insert(30, ["Total Energies", day(30), 500])
    folder.add("a.csv", table("Customer name,Order date,Amount", rows)).propose()
    register = folder.edit(
        ('# customer_id = "Customer name"', 'customer_id = "Customer name"')
    ).build()
    assert total(register) == sum(range(100, 140)) + 500
    assert "Total Energies" in register.frame("customers").index


def test_the_two_parts_of_a_name_in_further_languages(folder: Folder) -> None:
    family = ["Martin", "Bernard", "Petit", "Durand", "Leroy"]
    given = ["Anne", "Luc", "Marie", "Paul", "Zoé"]
    who = [[f"K{n}", family[n % 5], given[n // 5]] for n in range(25)]
    rows: Rows = [[*who[n % 25], day(n), 50 + n] for n in range(90)]
    header = "Numéro client,Nom,Prénom,Date de commande,Montant"
    assert 'name_from = ["Nom", "Prénom"]' in folder.add("a.csv", table(header, rows)).propose()


def test_a_currency_that_no_sign_tells_is_shown(folder: Folder) -> None:
    rows: Rows = [[f"K{n % 9}", day(n), f"{50 + n},50"] for n in range(40)]
    folder.add("a.csv", table("Kundennummer;Bestelldatum;Betrag", rows, ";")).propose()
    assert 'currency = "€"' in folder.text
    assert "currency: € (no sign was found; write yours)" in folder.new.preview


def test_who_cancelled_is_not_asked_about_where_that_it_was_is(folder: Folder) -> None:
    rows: Rows = [
        [f"N{n}", f"K{n % 7}", day(n), 500, *(("Anulowany", "shop") if n % 8 == 0 else ("OK", ""))]
        for n in range(60)
    ]
    text = folder.add(
        "a.csv", table("order no,customer no,order date,amount,Note,Cancelled by", rows)
    ).propose()
    assert 'not_sales."Note" = ["Anulowany"]' in text
    assert 'not_sales."Cancelled by"' not in text


def test_what_was_cancelled_after_the_last_sale_was_known(folder: Folder) -> None:
    rows: Rows = [
        [f"N{n}", f"K{n % 7}", day(n), 500, day(66) if n == 50 else ""] for n in range(60)
    ]
    text = folder.add(
        "a.csv", table("order no,customer no,order date,amount,cancelled at", rows)
    ).propose()
    assert f"as_of = {day(66)}" in text


def test_a_wish_not_to_be_written_to_is_taken(folder: Folder) -> None:
    rows: Rows = [
        [f"N{n}", f"K{n % 9}", day(n), 500, ("希望する", "希望しない")[n % 9 == 0]]
        for n in range(60)
    ]
    header = "注文番号,会員番号,注文日,金額,今後のご案内メールを希望しますか？"
    text = folder.add("a.csv", table(header, rows)).propose()
    assert 'consents = { mail = ["今後のご案内メールを希望しますか？"] }' in text
    refused = folder.build().frame("permissions")
    assert refused.loc[refused["allowed"].eq(False), "customer_id"].unique().tolist() == ["K0"]


def test_lists_without_sales_say_so_beside_the_books(folder: Folder) -> None:
    rows: Rows = [[f"K{n % 9}", day(n), "電話"] for n in range(60)]
    folder.add("a.csv", table("顧客ID,接触日,種別", rows))
    folder.text = (
        '[client]\nname = "shop"\nas_of = 2024-12-31\n[lists.contacts]\nfiles = ["a.csv"]\n'
        '[lists.contacts.columns]\ncustomer_id = "顧客ID"\ncontacted_on = "接触日"\n'
    )
    says = [str(one.says) for one in folder.build().doubts if one.name == "books"]
    assert "60 contact(s) of 9 customers count" in says[0]
    folder.add("b.csv", table("顧客ID,氏名", [[f"K{n}", f"名{n}"] for n in range(9)]))
    folder.text = (
        '[client]\nname = "shop"\nas_of = 2024-12-31\n[lists.customers]\nfiles = ["b.csv"]\n'
        '[lists.customers.columns]\ncustomer_id = "顧客ID"\nname = "氏名"\n'
    )
    says = [str(one.says) for one in folder.build().doubts if one.name == "books"]
    assert "Is a list of sales among them?" in says[0]


# --- what the list says itself ------------------------------------------------------------------


def doubts(folder: Folder, name: str) -> list[str]:
    return [str(one.says) for one in folder.build().doubts if one.name == name]


def with_total(total_of: str) -> Rows:
    rows: Rows = [["日付", "お客様番号", "メニュー", "担当", "指名", "金額", "備考"]]
    rows += [
        [
            day(3 * n),
            f"K{n % 8}",
            "カット",
            "岸",
            "○",
            5000 + n,
            "キャンセル" if n % 10 == 0 else "",
        ]
        for n in range(40)
    ]
    return [*rows, ["", "", "", "合計", "", total_of, ""]]


def test_the_total_of_a_list_stands_beside_what_counts(folder: Folder) -> None:
    counted = sum(5000 + n for n in range(40) if n % 10)
    folder.add("a.xlsx", workbook({"台帳": with_total(str(counted))})).propose()
    folder.edit(('undecided = ["備考"]', ""), ('# not_sales."備考"', 'not_sales."備考"'))
    assert doubts(folder, "own_total") == [
        f"the list's own total under 金額 is what of its rows counts: {counted:,}"
    ]
    folder.text = folder.text.replace('not_sales."備考"', '# not_sales."備考"')
    everything = sum(5000 + n for n in range(40))
    assert doubts(folder, "own_total") == [
        f"the list's own total under 金額 is {counted:,}; of its rows {everything:,} counts. Can "
        "you say what makes the difference?"
    ]


def test_a_total_under_another_column_is_told(folder: Folder) -> None:
    rows: Rows = [["no", "who", "day", "quoted", "sold", "by", "note"]]
    rows += [[n, f"K{n % 8}", day(n), 900 + n, 800 + n, "a", "b"] for n in range(30)]
    rows.append(["Total", "", "", "", sum(800 + n for n in range(30)), "", ""])
    folder.add("a.xlsx", workbook({"Jobs": rows}))
    folder.text = (
        '[client]\nname = "shop"\nas_of = 2024-12-31\n[lists.orders]\nfiles = ["a.xlsx"]\n'
        '[lists.orders.columns]\norder_id = "no"\ncustomer_id = "who"\nordered_on = "day"\n'
        'amount = "quoted"\n'
    )
    (says,) = doubts(folder, "own_total")
    assert says.startswith("the list adds up sold 24,435 in its last row, and nothing under quoted")


def test_sums_beside_candidates_leave_the_totals_out(folder: Folder) -> None:
    rows: Rows = [[f"N{n}", f"K{n % 7}", day(n), 100 + n, 110 + n, "x", "y"] for n in range(40)] + [
        ["Totals", "", "", 4780, 5180, "", ""]
    ]
    header = "Order no,Customer no,Order date,Net total,Gross total,Shop,Till"
    text = folder.add("a.csv", table(header, rows)).propose()
    assert "4,780 in all" in text
    assert "9,560" not in text


# --- who it was ---------------------------------------------------------------------------------


def test_two_sheets_that_know_customers_by_name_are_joined_by_it(folder: Folder) -> None:
    people: Rows = [["No", "顧問先名", "業種", "住所", "電話", "契約中"]]
    people += [
        [n + 1, f"株式会社{name}", "製造", "岐阜市1-1", f"052-11-000{n}", "○"]
        for n, name in enumerate("アイウエオカキク")
    ]
    people.append(["", "契約中 8 件", "", "", "", ""])
    bills: Rows = [["請求日", "顧問先", "内容", "請求額", "入金日", "備考"]]
    bills += [
        [
            day(9 * n),
            f"({'株'}){'アイウエオカキク'[n % 8]}",
            "顧問料",
            20000 + n,
            day(9 * n + 20),
            "",
        ]
        for n in range(40)
    ]
    folder.add("顧問先.xlsx", workbook({"顧問先一覧": people, "報酬請求": bills})).propose()
    assert folder.columns("customers")["customer_id"] == "顧問先名"
    assert folder.columns("orders")["customer_id"] == "顧問先"
    register = folder.edit(("currency = ", 'same_ids = ["names"]\ncurrency = ')).build()
    assert register.frame("customers").index.to_list() == list("アイウエオカキク")
    assert total(register) == sum(20000 + n for n in range(40))


def test_a_row_that_is_declared_no_customer_is_none(folder: Folder) -> None:
    folder.add("c.csv", "name,town\nAnn,X\nBob,Y\nunder contract 2,\n")
    folder.text = (
        '[client]\nname = "shop"\nas_of = 2024-12-31\n[lists.customers]\nfiles = ["c.csv"]\n'
        'not_sales.name = ["under contract*"]\n[lists.customers.columns]\ncustomer_id = "name"\n'
    )
    assert folder.build().frame("customers").index.to_list() == ["Ann", "Bob"]


def test_one_name_at_two_addresses_is_told(folder: Folder) -> None:
    rows: Rows = [
        [day(2 * n), f"Mr {'ABCDEFGHIJKL'[n % 12]}. Vickers", "7 Lane", 50] for n in range(60)
    ]
    rows += [
        [day(n), "Mrs Clarkson", ("74 Station Road", "56 Church Road")[n % 2], 60] for n in range(6)
    ]
    text = folder.add("a.csv", table("Date,Customer,Address,Price", rows)).propose()
    assert '# id_from = ["Customer", "Address"]' in text
    assert "Mrs Clarkson stands with 74 Station Road · 56 Church Road" in text


def test_the_number_of_a_row_is_nobody(folder: Folder) -> None:
    rows: Rows = [
        [n % 50 + 1, day(3 * n), f"Mr {'ABCDEFGH'[n % 8]}. Vickers", 100 + n] for n in range(100)
    ]
    text = folder.add("a.csv", table("No,Date,Customer,Price", rows)).propose()
    assert '# customer_id = "Customer"' in text
    assert 'customer_id = "No"' not in text


def test_words_that_may_mean_no_sale_are_shown_before_all_others(folder: Folder) -> None:
    notes = [
        "午前着",
        "カード添付",
        "領収書",
        "のし",
        "駐車場",
        "駅前",
        "電話あり",
        "包装",
        "常連",
        "急ぎ",
    ]
    rows: Rows = [
        [
            f"N{n}",
            f"K{n % 9}",
            day(n),
            500,
            notes[n % 10] if n % 20 else "当日に取消の連絡、返金済み",
        ]
        for n in range(120)
    ]
    text = folder.add("a.csv", table("注文番号,会員番号,注文日,金額,備考", rows)).propose()
    assert "表す語はありますか。当日に取消の連絡、返金済み 6" in text


def test_a_mark_may_say_that_nobody_came(folder: Folder) -> None:
    rows: Rows = [
        [day(n), f"K{n % 8}", "整体", 4400, ("×" if n % 9 == 0 else "○")] for n in range(60)
    ]
    text = folder.add("a.csv", table("日にち,会員番号,コース,料金,来院", rows)).propose()
    assert '# not_sales."来院" = ["×"]' in text


def test_guests_under_a_number_are_told_apart_by_their_mail(folder: Folder) -> None:
    rows: Rows = [
        [f"N{n}", f"{100 + n % 20}", day(n), 50, f"c{n % 20}@example.com"] for n in range(80)
    ]
    rows += [[f"G{n}", "0", day(n), 70, f"g{n % 6}@example.com"] for n in range(24)]
    folder.add(
        "a.csv", table("Order no,Customer ID,Order date,Order total,Customer Email", rows)
    ).propose()
    assert 'undecided = ["guests", "guests_by"]' in folder.text
    register = folder.edit(
        ("# guests =", "guests ="), ("# guests_by", "guests_by"),
        ('undecided = ["guests", "guests_by"]', ""),
    ).build()  # fmt: skip
    assert total(register) == 80 * 50 + 24 * 70
    assert register.frame("orders")["customer_id"].nunique() == 20 + 6


def test_a_bill_that_cancels_a_cancelled_one_takes_nothing_back(folder: Folder) -> None:
    rows: Rows = [[f"R{n}", f"K{n % 9}", day(n), 100 + n, "bezahlt"] for n in range(30)]
    rows[3][4] = rows[7][4] = "storniert"
    rows += [["R40", "K3", day(40), -103, "storniert"], ["R41", "K7", day(41), -107, "storniert"]]
    rows.append(["R42", "K5", day(42), -105, "storniert"])  # R5 stands: this one takes it back
    folder.add(
        "a.csv", table("Rechnungsnummer,Kundennummer,Rechnungsdatum,Gesamtbetrag,Status", rows)
    )
    register = folder.build()
    assert total(register) == sum(100 + n for n in range(30) if n not in (3, 7))
    assert register.frame("adjustments")["amount"].to_list() == [-105]


def test_what_stands_before_a_name_is_cut(folder: Folder) -> None:
    firms = [f"{name}株式会社" for name in "アイウエオカキクケコ"]
    people: Rows = [[f"A{n}", firm, "製造業"] for n, firm in enumerate(firms)]
    deals: Rows = [
        [f"D{n}", f"顧客企業::::{firms[n % 8]}", day(5 * n), ("受注", "失注")[n % 3 == 0], 1000 + n]
        for n in range(40)
    ]
    folder.add("a.csv", table("顧客企業番号,顧客企業名,業種", people))
    text = folder.add("d.csv", table("案件番号,顧客企業名,登録日,フェーズ,金額", deals)).propose()
    assert '# id_after = "::::"' in text
    register = folder.edit(("# id_after", "id_after"), ('undecided = ["id_after"]', "")).build()
    assert len(register.frame("customers")) == 10
    assert set(register.frame("deals")["customer_id"]) == set(firms[:8])


def test_rows_that_do_not_read_are_told_and_stop_where_they_are_many(folder: Folder) -> None:
    def written(unread: int) -> None:
        rows: Rows = [
            [f"N{n}", f"K{n % 9}", day(n), "回数券" if n < unread else 100 + n] for n in range(60)
        ]
        folder.add("a.csv", table("no,who,day,money", rows))

    folder.text = (
        '[client]\nname = "shop"\nas_of = 2024-12-31\n[lists.orders]\nfiles = ["a.csv"]\n'
        '[lists.orders.columns]\norder_id = "no"\ncustomer_id = "who"\nordered_on = "day"\n'
        'amount = "money"\n'
    )
    written(5)
    (says,) = doubts(folder, "unread_amounts")
    assert says.startswith("8.3 % of the rows, 5, are set aside as their amount does not read")
    written(6)  # a tenth
    with pytest.raises(ListError, match="such as “回数券”"):
        folder.build()


def test_visits_after_the_last_order_move_the_day_of_the_lists(folder: Folder) -> None:
    orders: Rows = [[f"N{n}", f"K{n % 9}", day(n), 100 + n] for n in range(60)]
    visits: Rows = [[f"K{n % 9}", day(n), "電話"] for n in range(90)]
    folder.add("a.csv", table("注文番号,会員番号,注文日,金額", orders))
    text = folder.add("b.csv", table("会員番号,接触日,接触種別", visits)).propose()
    assert f"as_of = {day(89)}" in text


def test_whoever_is_dead_is_not_written_to(folder: Folder) -> None:
    rows: Rows = [[f"K{n}", f"Name {n}", int(n == 3), int(n == 5)] for n in range(20)]
    header = "Contact ID,Display Name,Deceased,メール送信除外"
    folder.add("a.csv", table(header, rows)).propose()
    assert 'refusals = { all = ["Deceased"], mail = ["メール送信除外"] }' in folder.text
