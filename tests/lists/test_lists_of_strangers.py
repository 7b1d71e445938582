"""Lists of programs and firms that nobody here knew: what rows are, who, which of them count.

Each kind was met in a list opened once, when the code was done; these lists are others.
"""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from client_folder import Folder, Rows, day, table, total

from segment_lib.lists.cells.amounts import parse_money, with_point

PEOPLE = [
    f"{first} {last}" for last in ("Berg", "Dal", "Lund") for first in ("Kari", "Ola", "Nils")
]


def hints(folder: Folder, beginning: str) -> list[str]:
    return [line for line in folder.text.splitlines() if line.startswith(beginning)]


# --- prices as they are typed -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("€ 45,-", 45),
        ("45.-", 45),
        ("Fr. 45.-", 45),
        ("kr. 45", 45),
        ("45 kr", 45),
        ("kr 45,--", 45),
        ("45:-", 45),
    ],
)
def test_a_price_without_cents(text: str, amount: int) -> None:
    assert parse_money(text) == parse_money(with_point(text, comma=True)) == amount


def test_a_point_before_it_is_a_thousand_where_commas_are_cents() -> None:
    assert parse_money(with_point("kr 1.200,-", comma=True)) == 1200
    assert parse_money("1.200,-") != 1.2


def test_numbers_of_a_workbook_beside_prices_typed_with_a_comma(folder: Folder) -> None:
    """A farrier's sheet: some sums are numbers, some are typed, and one says why there is none."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet("2025")
        sheet.write_row(0, 0, ["Datum", "Klant", "Werk", "Totaal"])
        for n in range(60):
            typed = f"{50 + n},50", f"€ {50 + n},-"
            cell = "afgezegd om 9 uur" if n == 7 else 50.25 + n if n % 3 else typed[n % 2]
            sheet.write_row(n + 1, 0, [day(2 * n), PEOPLE[n % 9], "bekappen", cell])
    folder.add("afspraken.xlsx", data.getvalue()).propose()
    assert folder.columns("orders")["amount"] == "Totaal"
    register = folder.edit(('# customer_id = "Klant"', 'customer_id = "Klant"')).build()
    paid = [50 + n + (0.25 if n % 3 else 0 if n % 2 else 0.5) for n in range(60) if n != 7]
    assert total(register) == sum(paid)


# --- which rows count -------------------------------------------------------------------------


def statement() -> str:
    """A statement of a wallet: sales, refunds below zero, payouts and fees that name nobody."""
    rows: Rows = []
    for n in range(90):
        who = PEOPLE[n % 9].split()
        rows.append([day(n), "Xa", f"N{n}", *who, f"4{n % 9}", f"{200 + n},00"])
        if n % 15 == 14:
            rows.append([day(n), "Xb", f"N{n}", *who, f"4{n % 9}", f"-{200 + n},00"])
            rows.append([day(n), "Xc", "", "", "", "", "-1500,00"])
    return table("Dato;Hva;Ordre-ID;Fornavn;Etternavn;Telefon;Beløp", rows, ";")


def test_a_kind_of_movement_is_told_by_its_signs(folder: Folder) -> None:
    """No word of it is known; what names nobody is proposed, what was paid back is not."""
    folder.add("rapport.csv", statement()).propose()
    (line,) = hints(folder, '# not_sales."Hva"')
    assert '["Xc"]' in line
    assert "The amounts of Xb 6 are below zero" in folder.text
    assert 'undecided = ["Hva"]' in folder.text
    assert '# id_from = ["Fornavn", "Etternavn"]' in folder.text


def test_a_unit_of_a_few_returned_articles_is_no_kind_of_movement(folder: Folder) -> None:
    rows: Rows = [[f"R{n}", f"K{n % 7}", day(n), 50 + n, "bxz"[n % 2]] for n in range(60)]
    rows += [[f"Q{n}", f"K{n}", day(n), -50, "bxz"[n % 3]] for n in range(12)]
    folder.add("a.csv", table("Order ID,Customer ID,Order date,Total,Unit", rows)).propose()
    assert not hints(folder, '# not_sales."Unit"')


def test_of_two_columns_that_tell_the_same_signs_one_is_asked_about(folder: Folder) -> None:
    rows: Rows = [
        [f"R{n}", f"K{n % 7}", day(n), 50 + n, "ab"[n % 2], "xyz"[n % 3]] for n in range(60)
    ]
    rows += [[f"Q{n}", f"K{n % 7}", day(n), -50 - n, "m", "q"] for n in range(9)]
    folder.add("a.csv", table("Order ID,Customer ID,Order date,Total,Aa,Bb", rows)).propose()
    assert len(hints(folder, "# not_sales.")) == 1


def test_the_references_of_payments_are_nobodys_id(folder: Folder) -> None:
    """Most payments have a reference of their own, many the same word for none; the account is the
    same however its owner is written.
    """
    rows: Rows = []
    for n in range(200):
        reference = "NOTPROVIDED" if n % 3 == 0 else f"BALL-{n}" if n % 2 else ""
        rows.append(
            [day(n, "%d.%m.%Y"), f"{50 + n},00", reference, PEOPLE[n % 9], f"DE{n % 9:020}"]
        )
    head = "Buchungstag;Betrag;Kundenreferenz (End-to-End);Zahlungspflichtiger;IBAN"
    folder.add("umsatz.csv", table(head, rows, ";")).propose()
    assert "customer_id" not in folder.columns("orders")
    account, name, *_others = hints(folder, "# customer_id = ")
    assert "IBAN" in account
    assert "Zahlungspflichtiger" in name


def test_most_days_are_days(folder: Folder) -> None:
    """Whatever the header says, and what a few of its cells say."""
    rows: Rows = []
    for n in range(60):
        when = f"v {n}" if n % 8 == 0 else day(n * 3)
        rows.append([when, f"{PEOPLE[n % 9]} {n % 5}", f"{4000 + n}:-", f"0176-{n % 45:05}"])
    folder.add("jobb.csv", table("Inkom;Ägare;Summa;Tel", rows, ";")).propose()
    assert folder.columns("orders")["amount"] == "Summa"
    assert hints(folder, '# ordered_on = "Inkom"') or "ordered_on" in folder.columns("orders")
    assert hints(folder, '# customer_id = "Ägare"')


@pytest.mark.parametrize(
    ("header", "yes", "no", "line"),
    [
        ("Testzahlung", "Ja", "Nein", '= ["Ja"]'),
        ("Billet désactivé", "Oui", "Non", '= ["Oui"]'),
        ("Payé", "Non", "Oui", '= ["…"]'),
    ],
)
def test_answers_that_may_say_a_row_is_no_sale_are_asked_about(
    header: str, yes: str, no: str, line: str, folder: Folder
) -> None:
    rows: Rows = [
        [f"R{n}", f"K{n % 7}", day(n), 50 + n, yes if n % 9 == 0 else no] for n in range(60)
    ]
    folder.add("a.csv", table(f"Order ID,Customer ID,Order date,Total,{header}", rows)).propose()
    (hint,) = hints(folder, f'# not_sales."{header}"')
    assert line in hint


def test_a_message_that_speaks_of_a_refund_is_asked_about_without_a_word(folder: Folder) -> None:
    said = ["Tillykke", "Refunder gerne hvis det er forkert", "Gave", "Tak for sidst"]
    rows: Rows = [[f"R{n}", f"K{n % 7}", day(n), 50 + n, said[n % 4]] for n in range(60)]
    folder.add("a.csv", table("Order ID,Customer ID,Order date,Total,Besked", rows)).propose()
    (hint,) = hints(folder, '# not_sales."Besked"')
    assert '= ["…"]' in hint


def test_credit_notes_in_a_file_of_the_same_form_are_taken_back(folder: Folder) -> None:
    """Their sums are above zero: only the name of the file tells."""
    header = "Data;Codice cliente;Numero;Totale"
    bills: Rows = [[day(n), f"C{n % 7}", f"F{n}", f"{100 + n},00"] for n in range(60)]
    back: Rows = [[day(60 + n), f"C{n}", f"N{n}", f"{100 + n},00"] for n in range(6)]
    folder.add("Fatture.csv", table(header, bills, ";"))
    folder.add("Note_di_credito.csv", table(header, back, ";")).propose()
    assert folder.columns("adjustments") == {
        "customer_id": "Codice cliente", "adjusted_on": "Data", "amount": "Totale",
    }  # fmt: skip
    register = folder.build()
    assert len(register.frame("orders")) == 60
    assert register.frame("adjustments")["amount"].sum() == -sum(100 + n for n in range(6))


def test_the_total_of_an_order_is_that_of_the_number_that_joins_its_tickets(folder: Folder) -> None:
    """Of a ticket's number and the order's, equally called, the order's joins rows."""
    rows: Rows = []
    for n in range(60):
        for ticket in range(1 + n % 3):
            paid = [f"C{n}-E4", f"k{n % 11}@example.fr", f"{18 * (1 + n % 3) + n % 2 * 2},00"]
            rows.append([f"T{n}{ticket}", *paid, "18,00", day(n, "%d/%m/%Y")])
    head = "Billet;Commande;Email acheteur;Montant de la commande;Prix;Date de commande"
    folder.add("participants.csv", table(head, rows, ";")).propose()
    assert folder.columns("order_lines")["order_id"] == "Commande"
    assert 'amount_of = "order"' in folder.text
    paid = [18 * (1 + n % 3) + n % 2 * 2 for n in range(60)]
    assert total(folder.build()) == sum(paid)


def test_refunds_written_above_zero_are_taken_off(folder: Folder) -> None:
    """The same number and sum again, above zero: what was paid and what was given back."""
    rows: Rows = []
    for n in range(60):
        rows.append([f"P{n}", f"K{n % 7}", day(n), "Autorización", f"{100 + n},00"])
        if n % 10 == 0:
            rows.append([f"P{n}", f"K{n % 7}", day(n + 3), "Devolución", f"{100 + n},00"])
    head = "Número de pedido;Cliente ID;Fecha;Tipo de operación;Importe"
    folder.add("operaciones.csv", table(head, rows, ";")).propose()
    line = 'returns."Tipo de operación" = ["Devolución"]'
    assert hints(folder, f"# {line}")
    assert '["Devolución"]' not in "".join(hints(folder, "# not_sales"))
    edits = [(f"# {line}", line), ('undecided = ["Tipo de operación"]', "undecided = []")]
    register = folder.edit(*edits).build()
    back = sum(100 + n for n in range(0, 60, 10))
    assert register.frame("adjustments")["amount"].sum() == -back
    assert len(register.frame("orders")) == 60
    assert total(register) == sum(100 + n for n in range(60))


def test_states_with_a_number_behind_each_are_no_customers(folder: Folder) -> None:
    """A processor's answer: Autorizada 829959, Denegada 0116."""
    rows: Rows = []
    for n in range(90):
        said = f"Denegada 0{116 + n}" if n % 9 == 0 else f"Autorizada {82000 + n // 2}"
        rows.append([f"P{n}", day(n), said, PEOPLE[n % 9], f"{50 + n},00"])
    head = "Número de pedido;Fecha;Resultado operación y código;Titular;Importe"
    folder.add("operaciones.csv", table(head, rows, ";")).propose()
    (line,) = hints(folder, '# not_sales."Resultado operación y código"')
    assert '["Denegada*"]' in line
    assert not hints(folder, '# customer_id = "Resultado')
    assert not hints(folder, "# order_id_from")


def test_an_order_paid_in_parts_is_known_by_its_own_number(folder: Folder) -> None:
    rows: Rows = [
        [f"DS-{n}", f"T{n // 2}", f"B{n // 6}", f"K{n // 6 % 9}", day(30 * (n % 3) + n), 20 + n]
        for n in range(90)
    ]
    head = "Rechnungs-Nr.;Transaktions-ID;Bestell-ID;Kunden-ID;Datum;Betrag"
    folder.add("zahlungen.csv", table(head, rows, ";")).propose()
    chosen = folder.columns("orders").get("order_id")
    assert chosen == "Bestell-ID" or hints(folder, '# order_id = "Bestell-ID"')


@pytest.mark.parametrize("own", [True, False])
def test_refunds_that_name_their_sale_are_asked_about(folder: Folder, own: bool) -> None:
    """Each movement has a number; a refund repeats the sale's, or names it in a column apart."""
    rows: Rows = [[f"{7000 + n}", "", "", "", day(7 * n), -300 - n] for n in range(20)]  # payouts
    for n in range(60):
        sale, who = f"F/{n}/24", PEOPLE[n % 9]
        rows.append([f"{9000 + 3 * n}", sale, "", who, day(n), 20 + n])
        if n % 10 == 5:
            named = [sale, ""] if own else [f"K/{n}/24", sale]
            rows.append([f"{9001 + 3 * n}", *named, who, day(n + 3), -20 - n])
    head = "Transaction ID;Order ID;Related document;Customer;Date;Amount"
    folder.add("a.csv", table(head, rows, ";")).propose()
    wanted = "order_id" if own else "original_order_id"
    assert hints(folder, f"# {wanted} = ")
    # whoever takes every line that is offered gets what was bought, less what was taken back
    folder.edit(("undecided", "# undecided"), ('order_id = "Transaction ID"', "# taken out"))
    for key in ("original_order_id", "order_id", "customer_id", "ordered_on", "amount"):
        if lines := hints(folder, f"# {key} = "):
            folder.edit((lines[0], lines[0].removeprefix("# ")))
    register = (
        folder.edit(("# as_of", "as_of")).build() if "# as_of" in folder.text else folder.build()
    )
    back = register.frame("adjustments")
    assert set(back["order_id"]) == {f"F/{n}/24" for n in range(5, 60, 10)}
    assert "6 order(s) were taken back whole" in str(register.doubts)


def test_a_word_of_returns_that_no_row_has_is_told(folder: Folder) -> None:
    rows: Rows = [[day(n), f"K{n % 7}", 100, "Refund" if n == 9 else "Sale"] for n in range(30)]
    folder.add("a.csv", table("day,who,money,kind", rows))
    folder.text = (
        '[client]\nname = "shop"\nas_of = 2026-06-30\n[lists.orders]\nfiles = ["a.csv"]\n'
        'returns."kind" = ["refund", "Retuorn"]\n'
        '[lists.orders.columns]\ncustomer_id = "who"\nordered_on = "day"\namount = "money"\n'
    )
    (says,) = [str(one.says) for one in folder.build().doubts if one.name == "returns"]
    assert says.startswith('returns names "Retuorn" under kind')
    assert "Refund 1" in says


def test_rows_that_hold_more_than_half_are_totals_and_no_customers(folder: Folder) -> None:
    rows: Rows = [[day(n), f"K{n % 7}", 100] for n in range(60)]
    for at in (60, 40, 20):
        rows.insert(at, ["", "", 2000])
    folder.add("a.csv", table("day,who,money", rows))
    folder.text = (
        '[client]\nname = "shop"\nas_of = 2026-06-30\n[lists.orders]\nfiles = ["a.csv"]\n'
        '[lists.orders.columns]\ncustomer_id = "who"\nordered_on = "day"\namount = "money"\n'
    )
    said = [str(one.says) for one in folder.build().doubts if one.name == "without_customer"]
    assert "totals, it seems" in said[0]
    assert "as_above" not in said[0]


def test_a_driving_test_is_asked_about_and_not_left_out(folder: Folder) -> None:
    what = ["Lesson", "Lesson", "TEST", "Motorway"]
    rows: Rows = [[f"R{n}", f"K{n % 7}", day(n), 50 + n, what[n % 4]] for n in range(60)]
    folder.add("a.csv", table("Order ID,Customer ID,Order date,Total,What", rows)).propose()
    (hint,) = hints(folder, '# not_sales."What"')
    assert '= ["…"]' in hint


def test_a_day_with_a_hyphen_is_one_of_the_year_of_its_sheet(folder: Folder) -> None:
    rows: Rows = [
        [day(3 * n) if n % 3 else f"{n % 28 + 1}-3", f"K{n % 9}", 50 + n] for n in range(60)
    ]
    folder.add("a.csv", table("day,who,money", rows))
    folder.text = (
        '[client]\nname = "shop"\nas_of = 2026-06-30\n[lists.orders]\nfiles = ["a.csv"]\n'
        'dates = ["dmy", "ymd"]\nmonths_from = "2024-01"\n[lists.orders.columns]\n'
        'customer_id = "who"\nordered_on = "day"\namount = "money"\n'
    )
    assert total(folder.build()) == sum(50 + n for n in range(60))


# --- who --------------------------------------------------------------------------------------


def test_firms_with_a_number_of_their_own_are_customers_that_deals_know_by_it(
    folder: Folder,
) -> None:
    """A day and a sum beside each firm make no sale of it; of two columns of ids the deals know
    the firm by the one of which all are known.
    """
    firms: Rows = [
        [f"18{n:03}", f"{n}商事", day(n), "辻 直人", f"03-1111-{n:04}", 9000 + n] for n in range(40)
    ]
    folder.add("companies.csv", table("レコードID,会社名,作成日,担当者,電話番号,合計売上", firms))
    deals: Rows = []
    for n in range(90):
        own = f"18{n % 30:03}"
        both = f"18{(n + 1) % 30:03};{own}" if n % 20 == 0 else own
        stage = ("成約", "失注", "商談中")[n % 3]
        deals.append([f"D{n}", day(n), day(n + 30), stage, 500 + n, both, own])
    head = "取引ID,作成日,クローズ日,取引ステージ,金額,Company IDs,Company IDs (Primary)"
    folder.add("deals.csv", table(head, deals)).propose()
    assert folder.columns("customers")["customer_id"] == "レコードID"
    assert folder.columns("customers")["name"] == "会社名"
    assert folder.columns("deals")["customer_id"] == "Company IDs (Primary)"


def test_two_sums_of_a_deal_are_asked_about(folder: Folder) -> None:
    rows: Rows = [
        [f"D{n}", f"K{n % 9}", day(n), ("成約", "失注")[n % 2], 500 + n, 450 + 2 * n]
        for n in range(60)
    ]
    folder.add(
        "deals.csv", table("案件番号,顧客番号,決定日,案件結果,金額,案件金額", rows)
    ).propose()
    assert hints(folder, '# amount = "金額"')
    assert hints(folder, '# amount = "案件金額"')


def test_suppliers_are_no_customers(folder: Folder) -> None:
    rows: Rows = [[f"{n}石材", f"0897-00-{n:04}", "大島石", "末"] for n in range(12)]
    folder.add("a.csv", table("仕入先,電話,品目,締日", rows)).propose()
    assert not folder.new.plan.lists


@pytest.mark.parametrize("telephone", [True, False])
def test_a_column_that_no_word_explains_may_be_the_customer(
    telephone: bool, folder: Folder
) -> None:
    """Beside a telephone it is offered too; alone, in the section of a list that is left out."""
    names = [f"{one} {n}" for one in PEOPLE for n in "ab"]
    rows: Rows = [
        [day(2 * n), names[n % 18], "Hall", 40 + n, f"0770 {n % 18:06}" if telephone else "-"]
        for n in range(80)
    ]
    folder.add("hires.csv", table("Order date,Zzyx,Room type,Amount,Phone", rows)).propose()
    assert hints(folder, '# customer_id = "Zzyx"')
    assert bool(folder.new.plan.lists) == telephone


def test_who_has_a_birthday_is_known_by_a_telephone_too(folder: Folder) -> None:
    rows: Rows = [
        [f"B{n}", f"2024/{n % 12 + 1}/{n % 28 + 1}", f"{n % 30}野 春", f"090-0000-{n % 30:04}",
         f"19{60 + n % 30}/5/{n % 28 + 1}", 5000 + n]
        for n in range(120)
    ]  # fmt: skip
    folder.add("予約.csv", table("予約番号,予約日,氏名,電話番号,生年月日,料金", rows)).propose()
    assert hints(folder, '# customer_id = "電話番号"')


def test_whoever_comes_again_by_a_mail_is_a_customer_whatever_the_words(folder: Folder) -> None:
    """In a language that no dictionary knows; the host's own mail stands in every row."""
    rows: Rows = [
        ["host@firm.example", f"Xy {n % 25}", f"xy{n % 25}@mail.example", day(n), f"{90 + n}.50"]
        for n in range(150)
    ]
    folder.add("a.csv", table("User Email,Qaa,Zzab Email,Qcc,Qdd", rows)).propose()
    assert folder.new.plan.lists
    assert "Zzab Email" in hints(folder, "# customer_id = ")[0]
    assert not hints(folder, '# customer_id = "User Email"')


def test_lists_in_latin_or_cyrillic_letters_are_answered_in_english(folder: Folder) -> None:
    rows: Rows = [[f"N{n}", f"K{n % 9}", day(n), 20 + n] for n in range(40)]
    folder.add("a.csv", table("Дата сделки,Клиент №,Sipariş Tarihi,Tutarı ₺", rows)).propose()
    assert 'language = "en"' in folder.text
