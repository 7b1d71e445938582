"""What the kit advises or fills in must hold when it is followed to the letter.

Each was advice, or a proposed line, that somebody followed and that made a list wrong without a
word: orders given to strangers, quotes sold, rents taken for returns, half of the words left out.
"""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from client_folder import Folder, Rows, day, table, total

from segment_lib.checks import ClientError, OpenDoubts
from segment_lib.client import open_client
from segment_lib.lists.cells.amounts import parse_money, with_point
from segment_lib.lists.proposing.looking import lists_in
from segment_lib.lists.register import open_register

FIRST = '[client]\nname = "shop"\nas_of = 2026-06-30\n'
COLUMNS = (
    '[lists.orders.columns]\norder_id = "id"\ncustomer_id = "who"\nordered_on = "day"\n'
    'amount = "money"\n'
)


def said(folder: Folder, *lines: str, columns: str = COLUMNS, client: str = FIRST) -> Folder:
    names = ", ".join(f'"{file.name}"' for file in folder.files)
    folder.text = "\n".join([f"{client}[lists.orders]", f"files = [{names}]", *lines, columns])
    return folder


def doubts(folder: Folder, name: str) -> list[str]:
    return [str(one.says) for one in folder.build().doubts if one.name == name]


def hint(folder: Folder, beginning: str) -> str:
    return next(line for line in folder.text.splitlines() if line.startswith(beginning))


# --- rows without a customer or a day ---------------------------------------------------------


def test_a_gift_of_nobody_is_not_given_to_whoever_stands_above(folder: Folder) -> None:
    rows: Rows = [[f"N{n}", f"K{n % 9}" if n % 4 else "", day(n), 20] for n in range(80)]
    (told,) = doubts(said(folder.add("a.csv", table("id,who,day,money", rows))), "without_customer")
    assert "guests_by" in told
    assert "as_above" not in told


def test_rows_of_nobody_with_a_day_are_no_totals_however_much_they_hold(folder: Folder) -> None:
    rows: Rows = [[f"N{n}", f"K{n % 9}" if n % 4 == 0 else "", day(n), 20] for n in range(80)]
    (told,) = doubts(said(folder.add("a.csv", table("id,who,day,money", rows))), "without_customer")
    assert "totals" not in told


def diary(quotes: bool) -> Rows:
    """Each day once above its rows; or quotes that never came to a day."""
    rows: Rows = []
    for n in range(60):
        written = n % 12 != 7 if quotes else n % 3 == 0
        on = day((37 * n) % 60) if quotes else day(n // 3)
        rows.append([on if written else "", f"K{n % 9}", "Lesson", 50 + n])
    return rows


def test_a_day_written_once_is_asked_about_and_taken(folder: Folder) -> None:
    folder.add("a.csv", table("Date,Customer No,What,Fee", diary(quotes=False))).propose()
    assert '# as_above = ["Date"]' in hint(folder, "# as_above")
    (told,) = doubts(
        said(
            folder,
            columns='[lists.orders.columns]\ncustomer_id = "Customer No"\nordered_on = "Date"\n'
            'amount = "Fee"\n',
        ),
        "without_day",
    )
    assert 'as_above = [["Date"]]' in told
    assert "totals" not in told  # though they hold more than half
    folder.edit(("[lists.orders.columns]", 'as_above = ["Date"]\n[lists.orders.columns]'))
    assert total(folder.build()) == sum(50 + n for n in range(60))


def test_quotes_without_a_day_are_not_asked_for_one(folder: Folder) -> None:
    folder.add("a.csv", table("Date,Customer No,What,Fee", diary(quotes=True))).propose()
    assert "as_above" not in folder.text


def test_rows_of_nothing_on_a_day_of_a_sale_are_no_whole_orders(folder: Folder) -> None:
    rows: Rows = [[f"K{n % 7}", day(n // 2 * 7 % 40), 0 if n % 2 else 30] for n in range(40)]
    rows = [[f"K{n}", day(n), money] for n in range(12) for money in (30, 0)]
    rows += [["K1", day(50), 0], ["K2", day(51), 0], ["K2", day(51), 0]]
    folder.add("a.csv", table("who,day,money", rows))
    columns = COLUMNS.replace('order_id = "id"\n', "")
    (told,) = doubts(said(folder, columns=columns), "nothing_paid")
    assert told.startswith("15 row(s) without money are set aside, with them 2 whole order(s)")
    (told,) = doubts(said(folder, "one_row_is_one_order = true", columns=columns), "nothing_paid")
    assert "15 whole order(s)" in told


# --- words of rows that are no sale -----------------------------------------------------------


def notes() -> str:
    words = ["avbeställt", "AVBEST. såld båt", "offert", "ring innan", "nyckel", "Pia hämtar"]
    rows: Rows = [
        [f"N{n}", f"K{n % 9}", day(n), 900 + n, words[n] if n < 6 else words[3 + n % 3]]
        for n in range(80)
    ]
    return table("Job No,Customer No,Order date,Total,Note", rows)


def test_of_notes_more_may_be_meant_than_is_filled_in(folder: Folder) -> None:
    folder.add("a.csv", notes()).propose()
    assert '= ["avbeställt", "offert", "…"]' in hint(folder, '# not_sales."Note"')
    folder.edit(('# not_sales."Note"', 'not_sales."Note"'), ("undecided = [", "# ["))
    with pytest.raises(ClientError, match="still holds"):
        folder.build()
    folder.edit((', "…"', ""))
    (told,) = doubts(folder, "still_sales")
    assert told.startswith("under Note these count, though")
    assert "AVBEST. såld båt 1" in told
    assert "offert" not in told
    folder.edit(('"avbeställt"', '"avbest*"'))
    assert doubts(folder, "still_sales") == []
    assert total(folder.build()) == sum(900 + n for n in range(3, 80))


def test_what_gives_money_back_is_not_told_as_a_sale(folder: Folder) -> None:
    rows: Rows = [[f"N{n}", f"K{n % 9}", day(n), 20 + n, "Sale"] for n in range(60)]
    rows += [[f"R{n}", f"K{n}", day(n), -5, "Refund"] for n in range(6)]
    rows += [["T1", "K1", day(9), 7, "Test"]]
    folder.add("a.csv", table("id,who,day,money,kind", rows))
    assert doubts(said(folder, 'not_sales.kind = ["Test"]'), "still_sales") == []
    folder.files[0].write_text(folder.files[0].read_text().replace("-5", "5"))
    given = ('not_sales.kind = ["Test"]', 'returns.kind = ["Refund"]')
    assert doubts(said(folder, *given), "still_sales") == []


@pytest.mark.parametrize("word", ["Faktura proforma", "Oferta", "Preautorización", "見積のみ"])
def test_a_quote_or_a_hold_is_no_sale(folder: Folder, word: str) -> None:
    rows: Rows = [
        [f"N{n}", f"K{n % 9}", day(n), 20 + n, word if n % 6 == 0 else "Xa"] for n in range(60)
    ]
    folder.add("a.csv", table("Order ID,Customer ID,Order date,Total,Kind", rows)).propose()
    assert f'["{word}"]' in hint(folder, '# not_sales."Kind"')


def bank() -> str:
    rows: Rows = []
    for n in range(60):
        rows.append([day(n), f"Payer {n % 9}", "CREDIT", f"{50 + n}.00"])
        if n % 9 == 4:
            rows.append([day(n), f"Payer {n % 9}", "GIVEN BACK", "-20.00"])
        if n % 10 == 0:
            rows += [
                [day(n), "Housing Ltd", "STANDING ORDER", "-900.00"],
                [day(n), "Eva Staff", "WAGES", "-700.00"],
            ]
    return table("Booking date,Payer,Text,Amount", rows)


def test_who_never_pays_gets_no_returns(folder: Folder) -> None:
    """Rents and wages of a bank's statement; a refund goes to somebody who paid."""
    folder.add("bank.csv", bank()).propose()
    line = hint(folder, '# not_sales."Text"')
    assert '["STANDING ORDER", "WAGES"]' in line
    assert "GIVEN BACK 7 are below zero" in folder.text


def test_less_than_nothing_stops(folder: Folder) -> None:
    folder.add("bank.csv", bank())
    columns = (
        '[lists.orders.columns]\ncustomer_id = "Payer"\nordered_on = "Booking date"\n'
        'amount = "Amount"\n'
    )
    with pytest.raises(OpenDoubts, match="all that counts comes to -"):
        said(folder, columns=columns).build()
    register = said(folder, 'not_sales.Text = ["STANDING ORDER", "WAGES"]', columns=columns).build()
    assert not [one for one in register.doubts if one.name == "below_zero"]


def test_visitors_are_sales(folder: Folder) -> None:
    """Who has no number pays all the same: a word of nobody is no sale where money went out."""
    kinds = ["member", "member", "visitor", "fee"]
    rows: Rows = [
        [day(n), f"M{n % 9}" if n % 4 != 2 else "", kinds[n % 4], 20 + n, "x"] for n in range(80)
    ]
    rows += [[day(n), "M1", "back", -5, "x"] for n in range(5)]
    folder.add("a.csv", table("Date,Member No,Kind,Amount,Note", rows)).propose()
    assert '"visitor"' not in hint(folder, '# not_sales."Kind"').partition("#")[2].split("  ")[0]


# --- what is offered first --------------------------------------------------------------------


def test_the_estimate_stands_behind_what_was_agreed(folder: Folder) -> None:
    rows: Rows = [
        [f"N{n}", f"お客様{n % 9}", day(n), 900 + n + n % 5, 900 + n, "a"] for n in range(60)
    ]
    folder.add("a.csv", table("番号,お客様名,受注日,見積金額,契約金額,備考", rows)).propose()
    lines = [line for line in folder.text.splitlines() if line.startswith("# amount = ")]
    assert not lines or "契約金額" in lines[0]


def test_the_first_day_tells_from_which_month_on(folder: Folder) -> None:
    rows: Rows = [
        [day(0), "K1", 50],
        ["15 feb", "K2", 60],
        *(["3 mar", f"K{n}", 70] for n in range(8)),
    ]
    rows += [[f"{n} may", f"K{n % 5}", 80 + n] for n in range(1, 29)]
    folder.add("2024.csv", table("Date,Customer No,Total", rows)).propose()
    assert '# months_from = "2024-01"' in folder.text


def test_the_last_day_is_offered_though_the_column_is_asked_about(folder: Folder) -> None:
    rows: Rows = [[f"N{n}", f"K{n % 9}", day(n), day(n + 1 + n % 2), 20 + n] for n in range(60)]
    head = "Order ID,Customer ID,Data wystawienia,Data sprzedaży,Total"
    folder.add("a.csv", table(head, rows)).propose()
    if "ordered_on" not in folder.columns("orders"):
        assert "# as_of = 2024-" in folder.text


def test_a_wish_for_no_contact_is_asked_about_and_taken(folder: Folder) -> None:
    wishes = ["はがき", "LINE", "電話", "×"]
    rows: Rows = [[f"M{n:03}", f"会員{n}", wishes[n % 4]] for n in range(24)]
    folder.add("会員名簿.csv", table("会員No,氏名,連絡", rows)).propose()
    assert 'refusals = { all = "連絡" }' in folder.text
    folder.edit(("# refusals", "refusals"), ('# words."連絡"', 'words."連絡"'), ("undecided", "#"))
    folder.edit(("# as_of = ", "as_of = ")) if "# as_of = " in folder.text else None
    permissions = folder.build().frame("permissions")
    assert permissions["allowed"].tolist() == [False] * len(permissions)
    assert permissions["customer_id"].nunique() == 6


# --- below zero -------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["1200", "-1200", "△1200", "－1200", "¥-1200", "1200-", "+1200"])
def test_returns_are_below_zero_however_they_are_written(folder: Folder, cell: str) -> None:
    rows: Rows = [["A1", "c1", day(0), 5000, "sale"], ["A2", "c1", day(9), cell, "refund"]]
    folder.add("a.csv", table("id,who,day,money,kind", rows))
    register = said(folder, 'returns.kind = ["refund"]').build()
    assert total(register, "adjustments") == -1200
    assert total(register) == 5000


@pytest.mark.parametrize("cell", ["100", "(100)", "△100", "－100", "100-", "１００", "百円"])
def test_refunds_are_below_zero_however_they_are_written(folder: Folder, cell: str) -> None:
    rows: Rows = [["A1", "c1", day(0), 5000, "0.00"], ["A2", "c1", day(9), 1500, cell]]
    folder.add("a.csv", table("id,who,day,money,back", rows))
    register = said(folder, 'refunds = "back"').build()
    assert total(register, "adjustments") == -100
    assert len(register.set_aside) == 0


def test_a_sign_for_no_refund_is_none(folder: Folder) -> None:
    """It is no row that does not read, of which many would stop the register."""
    cells = ["-", "—", "none", "0.00", "", "12.50", "12 or so"]
    rows: Rows = [[f"A{n}", "c1", day(n), 50, cells[n % 5]] for n in range(60)]
    rows += [["B1", "c1", day(61), 50, cells[5]], ["B2", "c1", day(62), 50, cells[6]]]
    folder.add("a.csv", table("id,who,day,money,back", rows))
    register = said(folder, 'refunds = "back"').build()
    assert total(register, "adjustments") == -12.5
    assert register.set_aside["value"].tolist() == ["12 or so"]


def test_returns_are_taken_of_what_a_row_comes_to(folder: Folder) -> None:
    rows: Rows = [
        ["A1", "c1", day(0), 10, 5, 2, "sale"],
        ["A0", "c1", day(0), 90, 0, 0, "sale"],
        ["A2", "c1", day(9), 10, 5, 2, "refund"],
        ["A2", "c1", day(9), 20, 5, 2, ""],  # a further line of the same refund
    ]
    folder.add("a.csv", table("id,who,day,a,b,off,kind", rows))
    columns = COLUMNS.replace('amount = "money"\n', "")
    lines = ('returns.kind = ["refund"]', 'sums.amount = ["a", "b"]', 'discounts = ["off"]')
    register = said(folder, *lines, columns=columns).build()
    assert total(register) == 13 + 90
    assert total(register, "adjustments") == -13 - 23


def test_a_stroke_at_the_end_of_yen_is_asked_about(folder: Folder) -> None:
    rows: Rows = [[f"N{n}", f"K{n % 5}", day(n), f'"{44 + n},000-"'] for n in range(9)]
    rows += [["N9", "K1", day(9), "-5000"]]
    folder.add("a.csv", table("id,who,day,money", rows))
    with pytest.raises(OpenDoubts, match="end with a stroke, such as 44,000-") as stop:
        said(folder).build()
    assert 'around_numbers = ["-"]' in str(stop.value)
    register = said(folder, 'around_numbers = ["-"]').build()
    assert total(register) == sum(1000 * (44 + n) for n in range(9))
    assert total(register, "adjustments") == -5000
    assert parse_money(with_point("-5000", around=("-",))) == -5000


# --- the same number, the same id -------------------------------------------------------------


def test_a_blank_behind_an_orders_number_makes_no_other_order(folder: Folder) -> None:
    folder.add("a.csv", table("id,who,day,money", [["A1", "c1", day(0), 10]]))
    folder.add("b.csv", table("id,who,day,money", [["A1 ", "c1", day(0), 10]]))
    assert total(said(folder, 'counts = ["a.csv"]').build()) == 10


@pytest.mark.parametrize("again", ["100 ", "100.00", "¥100"])
def test_one_total_may_be_written_in_two_ways(folder: Folder, again: str) -> None:
    rows: Rows = [["A1", "c1", day(0), "100"], ["A1 ", "", "", again]]
    folder.add("a.csv", table("id,who,day,money", rows))
    assert total(said(folder, 'amount_of = "order"').build()) == 100


def test_a_guest_in_brackets_is_one(folder: Folder) -> None:
    rows: Rows = [[f"N{n}", "[Kasse]" if n % 2 else f"K{n % 9}", day(n), 10] for n in range(40)]
    folder.add("a.csv", table("id,who,day,money", rows))
    assert total(said(folder, 'guests = ["[Kasse]"]').build()) == 200


def test_guests_are_told_apart_by_a_mail_in_capitals_or_not(folder: Folder) -> None:
    rows: Rows = [[f"N{n}", "", day(n), 10, ("Ann@x.com", "ann@x.com")[n % 2]] for n in range(6)]
    rows += [["N9", "K1", day(9), 10, "bo@x.com"], ["N8", "", day(9), 10, "BO@x.com"]]
    folder.add("a.csv", table("id,who,day,money,mail", rows))
    register = said(folder, 'guests_by = "mail"').build()
    assert sorted(register.frame("customers").index) == ["Ann@x.com", "K1"]


def test_made_columns_do_not_hide_those_of_the_list(folder: Folder) -> None:
    rows: Rows = [["A1", "c1", day(0), 10, "Ann", "Lee", "Ann Lee (old)"]]
    folder.add("a.csv", table("id,who,day,money,First,Last,First Last", rows))
    columns = f'{COLUMNS}full = "First Last"\n[attributes]\nfull = {{ family = "other" }}\n'
    text = said(folder, columns=columns).text
    second = (
        '[lists.customers]\nfiles = ["a.csv"]\nname_from = ["First", "Last"]\n'
        '[lists.customers.columns]\ncustomer_id = "who"\nfull = "First Last"\n'
    )
    folder.text = text.replace('full = "First Last"\n[attr', f"{second}[attr")
    customers = folder.build().frame("customers")
    assert customers.loc["c1", "name"] == "Ann Lee"
    assert customers.loc["c1", "full"] == "Ann Lee (old)"


def test_other_ids_or_another_day_need_another_register(folder: Folder) -> None:
    rows: Rows = [[f"N{n}", who, day(n), 10] for n, who in enumerate(["001", "1", "2"])]
    folder.add("a.csv", table("id,who,day,money", rows))
    said(folder).build()
    client = open_client(folder.path / "client.toml", folder.path / "out", "en")
    open_register(client)
    for changed in ({"same_ids": ("zeros",)}, {"as_of": client.as_of.replace(day=1)}):
        other = client.model_copy(update={"client": client.client.model_copy(update=changed)})
        with pytest.raises(Exception, match="says something else about the lists"):
            open_register(other)


# --- proposals that looked at signs instead of values -----------------------------------------


@pytest.mark.parametrize(("form", "letter"), [("C{}", "C"), ("CN{}", "CN"), ("2025-C{}", "")])
def test_a_beginning_of_cancelled_numbers_is_one(folder: Folder, form: str, letter: str) -> None:
    rows: Rows = [[f"{1000 + n}", f"K{n % 9}", day(n), f"{20 + n},50"] for n in range(60)]
    rows += [[form.format(2000 + n), f"K{n}", day(n), "-12,50"] for n in range(6)]
    folder.add("a.csv", table("Order ID;Customer ID;Order date;Total", rows, ";")).propose()
    assert ("# cancelled_when_order_id_starts" in folder.text) == bool(letter)
    assert not letter or f'starts = "{letter}"' in folder.text


def test_visits_of_nothing_with_a_decimal_comma(folder: Folder) -> None:
    rows: Rows = [[f"N{n}", f"K{n % 9}", day(n), "0,00" if n % 10 else "24,50"] for n in range(80)]
    folder.add("a.csv", table("Order ID;Customer ID;Order date;Total", rows, ";")).propose()
    assert '# zero_amounts = "visit"' in folder.text


@pytest.mark.parametrize(("unit", "times"), [("百万円", 1000000), ("万円", 10000), ("千円", 1000)])
def test_the_longest_unit_is_meant(folder: Folder, unit: str, times: int) -> None:
    rows: Rows = [[f"N{n}", f"K{n % 9}", day(n), 20 + n] for n in range(40)]
    folder.add("a.csv", table(f"注文番号,顧客番号,注文日,売上金額（{unit}）", rows)).propose()
    assert f"# unit = {times} " in folder.text


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%Y-%m-%d %H:%M"])
def test_further_rows_of_a_day_are_told_whatever_the_time(folder: Folder, form: str) -> None:
    rows: Rows = [[f"K{n % 3}", day(n // 9, form), 20 + n] for n in range(60)]
    folder.add("a.csv", table("Customer ID,Order date,Total", rows)).propose()
    assert "# one_row_is_one_order = true" in folder.text


def test_two_sheets_without_a_header_are_asked_about(folder: Folder) -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        for name in ("Jan", "Feb"):
            sheet = book.add_worksheet(name)
            for n in range(40):
                sheet.write_row(n, 0, [1000 + n, f"K{n % 7:03}", day(n), 20 + n])
    folder.add("o.xlsx", data.getvalue()).propose()
    assert "the list has no header" in folder.text


def test_a_merged_sum_is_counted_once_where_it_is_offered(folder: Folder) -> None:
    """Two works of a job, and what was billed for both in one cell over two rows."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet("台帳")
        sheet.write_row(0, 0, ["施工日", "お客様名", "工事", "単価", "金額", "請求額（税込）"])
        for n in range(30):
            sheet.merge_range(2 * n + 1, 0, 2 * n + 2, 0, day(n))
            sheet.merge_range(2 * n + 1, 1, 2 * n + 2, 1, f"青木{'一二三四五六七八九'[n % 9]}様")
            sheet.write_row(2 * n + 1, 2, ["表替え", 90 + n, 900 + n])
            sheet.write_row(2 * n + 2, 2, ["襖", 10 + n, 100])
            sheet.merge_range(2 * n + 1, 5, 2 * n + 2, 5, 990 + n)
    (found,) = lists_in(folder.add("台帳.xlsx", data.getvalue()).files[0])
    billed = found.look.numbers(["請求額（税込）"], all_rows=True)["請求額（税込）"]
    assert billed.sum() == sum(990 + n for n in range(30))
    assert found.look.counts("お客様名")["青木一様"] == 8
