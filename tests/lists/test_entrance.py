"""Lists as they come: what is proposed by their values, what is asked, what the register doubts.

Each list is one kind of export that once went wrong, with invented rows, and the total that is
right. The proposal is used as it stands; what a person decides is an edit of its text.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from client_folder import START, Folder, Rows, day, table, total

import segment_lib as sl
from segment_lib.__main__ import main
from segment_lib.checks import KitError, ListError

DECLARED = """[client]
name = "shop"
as_of = 2024-12-31
[lists.orders]
files = ["a.csv"]
[lists.orders.columns]
order_id = "no"
customer_id = "who"
ordered_on = "day"
amount = "money"
"""


# --- what a row is ------------------------------------------------------------------------------


def test_ids_that_repeat_with_a_day_and_a_number_are_orders(folder: Folder) -> None:
    rows: Rows = [[f"K{n % 3}", day(31 * n), 1000 + 100 * n] for n in range(8)]
    register = folder.add("a.csv", table("customer,day,spend", rows)).build()
    assert folder.columns("orders") == {
        "customer_id": "customer", "ordered_on": "day", "amount": "spend",
    }  # fmt: skip
    assert (len(register.frame("orders")), total(register)) == (8, sum(row[2] for row in rows))


def test_headers_that_stand_in_no_dictionary_are_read_word_by_word(folder: Folder) -> None:
    rows: Rows = [[f"S{n}", f"M{n % 9}", day(3 * n), 900 + n, day(3 * n + 2)] for n in range(40)]
    header = "ご注文管理ナンバー,ご利用者コード,ご注文受付日付,ご注文総額,最終更新日付"
    folder.add("a.csv", table(header, rows)).propose()
    assert folder.columns("orders") == {
        "order_id": "ご注文管理ナンバー", "customer_id": "ご利用者コード",
        "ordered_on": "ご注文受付日付", "amount": "ご注文総額",
    }  # fmt: skip


def test_what_names_nobody_is_left_out_and_stands_ready_to_open(folder: Folder) -> None:
    stock: Rows = [[f"P{n}", f"品{n}", n, 100 * n] for n in range(30)]
    rows: Rows = [[f"N{n}", f"K{n % 5}", day(n), 500] for n in range(30)]
    folder.add("stock.csv", table("商品コード,商品名,在庫数,原価", stock))
    text = folder.add("orders.csv", table("注文番号,会員番号,注文日,金額", rows)).propose()
    assert [one.shown for one in folder.new.plan.left_out] == ["stock.csv"]
    assert '# files = ["stock.csv"]' in text
    assert "# [lists.left_out_1.columns]" in text
    assert total(folder.build()) == 15_000


def test_a_price_that_grows_with_the_pieces_is_the_lines(folder: Folder) -> None:
    """`item-price` is of one piece in some shops, of the whole line in others."""
    pieces = [1, 1, 2, 3, 1, 2]
    for name, each in (("line", False), ("piece", True)):
        rows: Rows = [
            [f"{n // 2}", f"u{n % 7}@example.jp", day(n), f"P{n % 2}", q := pieces[n % 6],
             (100 + 50 * (n % 2)) * (1 if each else q)]
            for n in range(60)
        ]  # fmt: skip
        path = folder.path / name
        path.mkdir()
        header = "order-number,buyer-email,purchase-date,product-name,quantity-sent,item-price"
        register = Folder(path).add("a.csv", table(header, rows)).build()
        right = sum((100 + 50 * (n % 2)) * pieces[n % 6] for n in range(60))
        assert total(register) == right, name


def test_an_address_of_email_is_the_customer_where_there_is_no_number(folder: Folder) -> None:
    rows: Rows = [[f"#{n}", f"user{n % 6}@example.com", day(n), 10 + n] for n in range(30)]
    register = folder.add("a.csv", table("Name,Buyer e-mail,Sale day,Total amount", rows)).build()
    assert register.frame("customers").shape[0] == 6


def test_names_alone_are_asked_about_and_a_name_with_a_telephone_is_an_id(folder: Folder) -> None:
    rows: Rows = [[day(n), f"佐藤{n % 4}", f"090-0000-{n % 4:04d}", 3000] for n in range(24)]
    folder.add("a.csv", table("受付日,お名前,電話,修理代", rows)).propose()
    assert "customer_id" not in folder.columns("orders")
    assert any("customer_id" in why or "お客様" in why for _list, why in folder.new.open)
    register = folder.edit(
        ("[lists.orders.columns]", 'id_from = ["お名前", "電話"]\n[lists.orders.columns]')
    ).build()
    assert register.frame("customers").shape[0] == 4
    assert "佐藤0 / 090-0000-0000" in register.frame("customers").index


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("id,first_name,last_name", ["Mary", "Smith"], "Mary Smith"),
        ("id,Customer Last Name,Customer First Name", ["Smith", "Mary"], "Mary Smith"),
        ("会員番号,名,姓", ["花子", "佐藤"], "佐藤 花子"),
    ],
)
def test_a_name_in_two_parts_is_one(folder: Folder, header: str, row: list, name: str) -> None:
    rows: Rows = [[f"M{n:03d}", *row] for n in range(30)]
    register = folder.add("people.csv", table(header, rows)).edit(("# as_of", "as_of")).build()
    assert set(register.frame("customers")["name"]) == {name}


def test_a_name_is_not_said_twice(folder: Folder) -> None:
    rows: Rows = [[f"M{n:03d}", "Mary", "Smith", "Mary Smith"] for n in range(30)]
    folder.add("people.csv", table("id,first_name,last_name,name", rows)).propose()
    assert "name_from" not in folder.text
    with pytest.raises(KitError, match=r"columns\.name, name_from: keep one"):
        folder.edit(
            ("# as_of", "as_of"),
            ("[lists.customers.columns]", 'name_from = ["first_name"]\n[lists.customers.columns]'),
        ).build()


def test_tickets_are_no_customers(folder: Folder) -> None:
    rows: Rows = [
        [1000 + n, f"Printer {n}", f"a{n % 9}@example.com", "solved", day(n), day(n + 1)]
        for n in range(60)
    ]
    head = "Id,Subject,Requester email,Status,Created at,Solved at"
    folder.add("tickets.csv", table(head, rows)).propose()
    columns = folder.columns("incidents")
    assert (columns["occurred_on"], columns["recovered_on"]) == ("Created at", "Solved at")


def test_a_contact_of_a_company_is_a_person(folder: Folder) -> None:
    people: Rows = [
        [f"z{n}", f"a{n % 7}", f"Firm {n % 7}", f"F{n}", f"L{n}", f"p{n}@example.com", day(n)]
        for n in range(40)
    ]
    head = "Record Id,Account Name.id,Account Name,First Name,Last Name,Email,Created Time"
    folder.add("contacts.csv", table(head, people)).propose()
    assert folder.columns("customers")["customer_id"] == "Record Id"
    assert 'name_from = ["First Name", "Last Name"]' in folder.text


def test_a_day_of_entry_beside_another_day_is_asked_about(folder: Folder) -> None:
    rows: Rows = [[n, f"P{n % 9}", day(n + 9), 80 + n, day(n)] for n in range(40)]
    head = "Appointment ID,Patient ID,Appointment begins,Invoice total,Created at"
    folder.add("a.csv", table(head, rows)).propose()
    assert "ordered_on" not in folder.columns("orders")
    assert '# ordered_on = "Appointment begins"' in folder.text


def test_an_id_that_few_orders_have_is_asked_about_beside_an_address(folder: Folder) -> None:
    rows: Rows = [
        [f"T{n}", day(n), f"M{n % 5}" if n % 4 == 0 else "", f"a{n % 9}@example.com", 100 + n]
        for n in range(60)
    ]
    folder.add("a.csv", table("注文番号,注文日時,会員ID,メールアドレス,合計金額", rows)).propose()
    assert "customer_id" not in folder.columns("orders")
    assert '# customer_id = "会員ID"' in folder.text
    assert '# customer_id = "メールアドレス"' in folder.text


def test_no_words_come_before_a_whole_header(folder: Folder) -> None:
    rows: Rows = [[f"{n:06d}", f"{n // 2:06d}", f"商店{n}", day(n)] for n in range(60)]
    folder.add("a.csv", table("得意先コード,請求先コード,得意先名,登録日", rows)).propose()
    assert folder.columns("customers")["customer_id"] == "得意先コード"


def test_the_kind_before_every_header_is_passed_over(folder: Folder) -> None:
    rows: Rows = [
        [n, f"Deal {n}", f"O{n % 9}", ["Won", "Lost", "Open"][n % 3], 900, day(n), day(n + 20)]
        for n in range(60)
    ]
    head = ["ID", "Title", "Organization ID", "Status", "Value", "Deal created", "Deal closed on"]
    folder.add("deals.csv", table(",".join(f"Deal - {one}" for one in head), rows)).propose()
    columns = folder.columns("deals")
    assert columns["customer_id"] == "Deal - Organization ID"
    assert (columns["won"], columns["deal_id"]) == ("Deal - Status", "Deal - ID")


def test_when_somebody_booked_is_asked_about_beside_when_they_came(folder: Folder) -> None:
    rows: Rows = [[n, day(n), day(n + 5), f"M{n % 9}", 3000 + n] for n in range(40)]
    folder.add("a.csv", table("予約ID,予約日時,レッスン日,メンバーID,利用料金", rows)).propose()
    assert "ordered_on" not in folder.columns("orders")
    assert '# ordered_on = "レッスン日"' in folder.text


def test_a_status_beside_that_is_mostly_blank_is_sorted(folder: Folder) -> None:
    orders: Rows = [
        [f"O{n}", f"K{n % 9}", day(n), "Canceled" if n % 20 == 0 else ""] for n in range(60)
    ]
    items: Rows = [[f"O{n % 60}", f"A{n % 7}", 1 + n % 3, 500] for n in range(90)]
    folder.add("orders.csv", table("order id,customer id,order date,status", orders))
    folder.add("items.csv", table("order id,item name,quantity,price", items)).propose()
    assert (
        "order_lines",
        'status: which of completed, cancelled, ignored does each of these mean? ""',
    ) in folder.new.open
    assert '"" 57' in folder.text


def test_a_status_of_members_may_say_who_is_under_contract(folder: Folder) -> None:
    rows: Rows = [[f"M{n:03d}", f"佐藤{n}", ["契約中", "契約中", "退会"][n % 3]] for n in range(60)]
    folder.add("a.csv", table("会員番号,氏名,ステータス", rows)).propose()
    assert '# under_contract = "ステータス"' in folder.text
    assert 'undecided = ["ステータス"]' in folder.text  # nobody under contract is ever given up
    assert any('under_contract = "ステータス"' in why for _list, why in folder.new.open)


def test_a_flag_of_customers_may_say_who_is_under_contract(folder: Folder) -> None:
    rows: Rows = [[f"M{n:03d}", f"佐藤{n}", int(n % 3 > 0), int(n % 2)] for n in range(60)]
    folder.add("a.csv", table("customer_id,name,active,newsletter", rows)).propose()
    assert '# under_contract = "active"' in folder.text
    assert 'under_contract = "newsletter"' not in folder.text


SHOP = "order,customer,ordered on,article,price,qty,total"


def shop_lines(first_only: bool = False, status: bool = False) -> Rows:
    """Orders of two articles; a total of 900 has postage in it, one of 0 a discount of all."""
    rows: Rows = []
    for n in range(40):
        for line, (price, pieces) in enumerate(((300, 1), (100, 5))):
            total: object = 0 if n == 7 else -900 if n == 8 else 900
            total = "" if first_only and line else total
            row: list[object] = [f"A{n}", f"K{n % 9}", day(n), f"P{line}", price, pieces, total]
            rows.append(
                [*row, "cancelled" if n == 9 or (n == 10 and not line) else "paid"][: 7 + status]
            )
    return rows


@pytest.mark.parametrize("first_only", [False, True])
def test_the_total_of_an_order_in_its_lines_is_asked_and_counted_once(
    folder: Folder, first_only: bool
) -> None:
    folder.add("shop.csv", table(SHOP + ",status", shop_lines(first_only, status=True))).propose()
    assert '# amount_of = "order"' in folder.text
    assert "undecided" in folder.text
    register = folder.edit(
        ('# amount_of = "order"', 'amount_of = "order"'),
        ('undecided = ["total"]', "undecided = []"),
        ("[lists.order_lines.columns]", '[lists.order_lines.columns]\namount = "total"'),
    ).build()
    orders = register.frame("orders").set_index("order_id")
    assert orders.loc["A3", "amount"] == 900
    assert orders.loc["A10", "amount"] == 900, "one line is cancelled: the total is of the rest"
    assert {"A7", "A8", "A9"}.isdisjoint(orders.index), "of nothing, paid back, cancelled"
    assert total(register) == 900 * 37
    lines = register.frame("order_lines").set_index(["order_id", "product"])["amount"]
    assert lines["A3", "P0"] == pytest.approx(900 * 300 / 800)
    assert register.frame("adjustments")["amount"].sum() == -900
    whole = register.ledger[0] if isinstance(register.ledger, list) else register.ledger
    assert whole is not None


def test_a_total_without_any_price_is_taken_once(folder: Folder) -> None:
    rows = [[*row[:4], row[5], row[6]] for row in shop_lines()]
    text = folder.add(
        "shop.csv", table("order,customer,ordered on,article,qty,total", rows)
    ).propose()
    assert 'amount = "total"' in text
    assert total(folder.build()) == 900 * 38


def test_rows_of_one_order_with_two_totals_stop(folder: Folder) -> None:
    rows = shop_lines()
    rows[0][6] = 700
    folder.add("shop.csv", table(SHOP, rows)).propose()
    folder.text = folder.text.replace("undecided", "# undecided").replace(
        "# amount_of", "amount_of"
    )
    with pytest.raises(ListError, match="the rows of order A0 have 700 and 900 under total"):
        folder.edit(
            ("[lists.order_lines.columns]", '[lists.order_lines.columns]\namount = "total"')
        ).build()


@pytest.mark.parametrize(("price", "stops"), [(lambda n: 700 + n, True), (lambda n: 25, False)])
def test_a_total_that_is_counted_in_each_row_stops(
    folder: Folder, price: Callable[[int], int], stops: bool
) -> None:
    """Tickets of one price have the same amount in each row too."""
    rows: Rows = [[f"A{n // 3}", f"K{n // 9}", day(n // 3), price(n // 3)] for n in range(90)]
    folder.add("a.csv", table("no,who,day,money", rows))
    folder.text = DECLARED
    if not stops:
        assert total(folder.build()) == 90 * 25
        return
    with pytest.raises(ListError, match=r'Write amount_of = "order"'):
        folder.build()
    folder.edit(("[lists.orders]", '[lists.orders]\namount_of = "order"'))
    assert total(folder.build()) == sum(700 + n for n in range(30))


def test_an_account_of_the_books_is_nobody(folder: Folder) -> None:
    rows: Rows = [
        [f"I{n // 2}", f"Firm {n % 40 // 2}", 200 + n % 3, day(n // 2), 5 + n] for n in range(120)
    ]
    header = "InvoiceNumber,ContactName,AccountCode,InvoiceDate,LineAmount"
    text = folder.add("a.csv", table(header, rows)).propose()
    assert '\ncustomer_id = "AccountCode"' not in text
    assert (
        text.index('customer_id = "ContactName"') < text.find('customer_id = "AccountCode"') % 10**6
    )


def test_headers_are_known_with_and_without_their_accents(folder: Folder) -> None:
    rows: Rows = [
        [f"N{n // 2}", f"C{n % 30 // 2}", f"{day(n // 2)}", f"P{n % 4}", 1 + n % 3, 100]
        for n in range(90)
    ]
    for header in (
        "Número do pedido;Cód. cliente;Data;Descrição;Quantidade;Preço unitário",
        "Numero do pedido;Cod. cliente;Data;Descricao;Quantidade;Preco unitario",
    ):
        at = Folder(folder.path)
        at.add("a.csv", table(header, rows, ";")).propose()
        names = header.split(";")
        keys = ("order_id", "customer_id", "ordered_on", "product", "quantity", "unit_price")
        assert at.columns("order_lines") == dict(zip(keys, names, strict=True))
        assert total(at.build()) == 100 * sum(1 + n % 3 for n in range(90))


def test_the_number_that_both_lists_share_is_the_customers_though_one_stands_twice(
    folder: Folder,
) -> None:
    people: Rows = [[500 + n - (n == 29), f"CU-{n:05d}", f"Firm {n}"] for n in range(30)]
    bills: Rows = [[n, 500 + n % 28, day(n), 70] for n in range(90)]
    folder.add("tiers.csv", table("Id societe,Code client,Nom", people))
    folder.add(
        "factures.csv", table("Ref. facture,Id societe,Date facture,Total TTC", bills)
    ).propose()
    assert folder.columns("customers")["customer_id"] == "Id societe"
    assert folder.columns("orders")["customer_id"] == "Id societe"


def test_deals_have_one_day_when_won_and_another_when_lost(folder: Folder) -> None:
    rows: Rows = [
        [f"D{n}", f"K{n % 9}", day(n), day(n + 20) if n % 3 == 0 else "",
         day(n + 30) if n % 3 == 1 else "", ["won", "lost", "open"][n % 3], 1000 + n]
        for n in range(60)
    ]  # fmt: skip
    header = "deal id,organization id,deal created,won time,lost time,status,value"
    text = folder.add("deals.csv", table(header, rows)).propose()
    assert '[lists.deals.either]\ndecided_on = ["won time", "lost time"]' in text
    deals = folder.edit(("unknown = []", 'unknown = ["open"]')).build().frame("deals")
    decided = deals.set_index("deal_id")["decided_on"]
    assert decided.notna().sum() == 40
    assert str(decided["D4"])[:10] == day(34)
    assert str(decided["D3"])[:10] == day(23)


def test_the_number_of_a_house_is_nobody(folder: Folder) -> None:
    rows: Rows = [
        [n, f"Ana {n % 30}", f"{n % 30:011d}", "Rua A", "Centro", 100 + n % 12, day(n), 50 + n]
        for n in range(90)
    ]
    header = "Número pedido;Nome Comprador;CPF Comprador;Endereço Comprador;Bairro Comprador;"
    header += "Número Comprador;Data;Total Pedido"
    text = folder.add("a.csv", table(header, rows, ";")).propose()
    assert 'customer_id = "Número Comprador"' not in text.replace("# customer_id", "# asked")
    assert 'order_id = "Número pedido"' in text


def test_what_was_paid_beside_sums_and_their_heads_is_asked(folder: Folder) -> None:
    rows: Rows = []
    for n in range(40):
        parts = [10 + n, 20 + n % 7, 5]
        who = [day(n), f"R{n}", f"K{n % 9}"]
        rows += [
            [*who, "Sale", sum(parts), sum(parts)],
            *([*who, "Line", one, ""] for one in parts),
        ]
        rows.append([*who, "Payment", "", sum(parts)])
    header = "Date,Receipt Number,Customer Code,Line Type,Total,Paid"
    folder.add("a.csv", table(header, rows)).propose()
    assert "amount" not in folder.columns("order_lines")
    assert "Line Type" in folder.text.partition("undecided = [")[2].partition("]")[0]


def test_the_code_of_a_status_without_its_word_is_asked_about(folder: Folder) -> None:
    rows: Rows = [[n, n % 9, day(n), 50 + n, [2, 4, 7, -1][n % 4]] for n in range(60)]
    folder.add("a.csv", table("orderId,customerId,orderTime,amount,orderStatusID", rows)).propose()
    assert 'not_sales."orderStatusID"' in folder.text
    assert any("orderStatusID" in why for _list, why in folder.new.open)


def doubts(folder: Folder, text: str, rows: Rows, header: str = "no,who,day,money,kind") -> str:
    folder.add("a.csv", table(header, rows))
    folder.text = text
    return "\n".join(str(one.says) for one in folder.build().doubts)


def test_credit_notes_are_not_offered_as_no_sale_and_told_where_they_are(folder: Folder) -> None:
    rows: Rows = [
        [n, f"K{n % 9}", day(n), *([-80, "Avoir"] if n % 10 == 0 else [100 + n, "Facture"])]
        for n in range(80)
    ]
    header = "Numéro du document,Code client,Date du document,Montant,Type de document"
    folder.add("a.csv", table(header, rows)).propose()
    assert 'not_sales."Type de document" = ["…"]' in folder.text
    assert "The amounts of Avoir 8 are below zero" in folder.text
    no_sales = "[lists.orders.not_sales]\nkind = [{}]\n[lists.orders.columns]"
    text = DECLARED.replace("[lists.orders.columns]", no_sales)
    again = Folder(folder.path)
    said = doubts(again, text.format('"avoir", "devis"'), rows)
    assert "8 row(s) with “Avoir”, left out by not_sales, add up to -640" in said
    assert 'names "devis" under kind, and no row has it; it has Facture 72, Avoir 8' in said
    again.text = text.format('"…"')
    with pytest.raises(KitError, match="still holds"):
        again.build()


def test_rows_without_a_customer_or_without_money_are_told_with_the_line(folder: Folder) -> None:
    rows: Rows = [
        [n, "" if n % 8 == 0 else f"K{n % 9}" if n % 5 else f"Z{n}", day(n), 70 * (n % 5 > 0), ""]
        for n in range(1, 81)
    ]  # fmt: skip
    said = doubts(folder, DECLARED, rows)
    assert "10 row(s), 560 together, have no customer" in said
    assert (
        "14 row(s) without money are set aside, with them 14 whole order(s) and 14 customer(s) who"
        in said
    )


def test_a_row_that_is_the_sum_of_the_others_of_its_order_stops(folder: Folder) -> None:
    rows: Rows = []
    for n in range(30):
        parts = [10 + n, 20 + n % 7]
        rows += [[n, f"K{n % 9}", day(n), one, ""] for one in (sum(parts), *parts)]
    with pytest.raises(ListError, match="one row is the sum of the others"):
        doubts(folder, DECLARED, rows)


def test_numbers_that_are_no_customers_are_asked_about(folder: Folder) -> None:
    once: Rows = [[n, f"A{n}", day(n), 70, ""] for n in range(40)]
    assert "each of the 40 customers has one order only" in doubts(folder, DECLARED, once)
    several: Rows = [[n // 2, f"A{n}", day(n), 70 + n, ""] for n in range(40)]
    said = doubts(Folder(folder.path), DECLARED, several)
    assert "20 of 20 order numbers stand beside several customers, for example 0" in said


def test_a_currency_by_its_codes_and_an_amount_that_is_converted(folder: Folder) -> None:
    rows: Rows = [[n, f"K{n % 9}", day(n), 70, ["GBP", "JPY"][n % 3 == 0]] for n in range(40)]
    header = "no,who,day,money,Deal currency of value"
    with pytest.raises(ListError, match="several currencies"):
        doubts(folder, DECLARED, rows, header)
    text = DECLARED.replace('"money"', '"Amount in USD"')
    assert "currencies" not in doubts(
        Folder(folder.path), text, rows, header.replace("money", "Amount in USD")
    )


def test_a_cancelled_row_of_nothing_is_no_order_where_nothing_is_kept(folder: Folder) -> None:
    rows: Rows = [
        [n, f"K{n % 9}", day(n), n % 4 * 10, ["ok", "void"][n % 8 == 0]] for n in range(40)
    ]
    text = DECLARED.replace("[lists.orders.col", 'zero_amounts = "keep"\n[lists.orders.col')
    text += (
        'status = "kind"\n[lists.orders.words.status]\ncompleted = ["ok"]\ncancelled = ["void"]\n'
    )
    folder.add("a.csv", table("no,who,day,money,kind", rows))
    folder.text = text
    assert len(folder.build().frame("orders")) == 35


def test_won_deals_are_counted_and_added_up(folder: Folder) -> None:
    rows: Rows = [[f"D{n}", f"K{n % 9}", day(n), ["won", "lost"][n % 2], 100] for n in range(40)]
    folder.add("d.csv", table("deal id,customer id,deal created,status,value", rows)).propose()
    register = folder.build()
    assert "20 of 40 deal(s) are won, 2,000 together" in "\n".join(register.notes["note"])


def test_the_number_of_a_row_is_asked_about_after_what_comes_again(folder: Folder) -> None:
    firms = ["Acme", "Birch and Sons", "Calder", "Dale"]
    rows: Rows = [
        [f"O{n // 2}", day(n // 2), 5000 + n, f"a{n % 20}@example.com", firms[n % 4], 20 + n % 3]
        for n in range(80)
    ]
    header = "Order #,Order Date,Attendee #,Email,Company,Total Paid"
    folder.add("a.csv", table(header, rows)).propose()
    asked = next(why for _list, why in folder.new.open if "customer" in why)
    assert 'customer_id = "Email", or ' in asked
    assert asked.index('"Email"') < asked.index('"Attendee #"')


def test_words_that_need_no_sorting_stand_there_with_their_counts(folder: Folder) -> None:
    words = ["won", "lost", "open"]
    rows: Rows = [[f"D{n}", f"K{n % 9}", day(n), words[n % 3], 100] for n in range(60)]
    text = folder.add(
        "d.csv", table("deal id,customer id,deal created,status,value", rows)
    ).propose()
    assert '# read by themselves: "won" 20, "lost" 20' in text
    assert "# unknown: not decided yet" in text


def test_a_name_in_two_columns_that_say_so_in_brackets_is_one(folder: Folder) -> None:
    names = [("三宅", "茜"), ("坂井", "漣"), ("加納", "拓")]
    rows: Rows = [[f"A{n}", f"K{n % 24}", day(n), 900, *names[n % 3]] for n in range(96)]
    header = "受注コード,会員ID,注文日時,請求合計金額,氏名（姓）,氏名（名）"
    text = folder.add("a.csv", table(header, rows)).propose()
    assert 'name_from = ["氏名（姓）", "氏名（名）"]' in text
    assert folder.build().frame("customers")["name"].iloc[0] == "三宅 茜"


def test_the_number_of_a_payment_is_not_that_of_the_order(folder: Folder) -> None:
    rows: Rows = [[f"X{n}", f"K{n % 9}", day(n), 500 + n, f"pp{n:05d}"] for n in range(60)]
    text = folder.add(
        "a.csv", table("Number,customer,Date,Total price,Transaction ID", rows)
    ).propose()
    assert 'order_id = "Number"' in text
    own: Rows = [[f"b{n // 2}", f"p{n // 2}", f"K{n % 9}", day(n // 2), 5] for n in range(60)]
    header = "bandshop transaction id,paypal transaction id,customer,date,item total"
    assert 'order_id = "bandshop transaction id"' in (
        Folder(folder.path).add("b.csv", table(header, own)).propose()
    )


def test_appointments_that_were_missed_are_asked_about(folder: Folder) -> None:
    rows: Rows = [
        [n, f"P{n % 9}", day(n), "Check-up", "Yes" if n % 10 == 0 else "No",
         day(n - 1) if n % 12 == 0 else "", "ill" if n % 12 == 0 else "", day(max(n - 9, 0))]
        for n in range(80)
    ]  # fmt: skip
    header = "id,patient id,appointment date,appointment type,did not arrive,cancelled at,"
    header += "cancellation reason,created at"
    folder.add("visits.csv", table(header, rows)).propose()
    assert 'not_sales."cancelled at" = ["?*"]' in folder.text
    assert 'not_sales."did not arrive" = ["Yes"]' in folder.text
    assert 'cancellation reason" = [' not in folder.text, "it says no more than the day"
    assert "9 row(s) are of later days" in folder.text
    assert any("lie ahead" in why for _list, why in folder.new.open)
    contacts = folder.edit(
        ("# as_of", "as_of"),
        ('undecided = ["cancelled at", "did not arrive"]', ""),
        ('# not_sales."cancelled at"', 'not_sales."cancelled at"'),
        ('# not_sales."did not arrive"', 'not_sales."did not arrive"'),
        ("met = []", 'met = ["Check-up"]'),
    ).build()
    came = sum(n % 10 != 0 and n % 12 != 0 for n in range(80))
    assert len(contacts.frame("contacts")) == came


def test_an_address_that_customers_share_is_no_id(folder: Folder) -> None:
    rows: Rows = [
        [f"INV-{n}", f"Firm {n % 20}", f"a{n % 5}@example.com", day(n), 100 + n] for n in range(60)
    ]
    head = "InvoiceNumber,ContactName,EmailAddress,InvoiceDate,Total"
    folder.add("a.csv", table(head, rows)).propose()
    assert "customer_id" not in folder.columns("orders")
    assert '# customer_id = "ContactName"' in folder.text


# --- what lists say of each other ---------------------------------------------------------------


def shop_of_three(folder: Folder) -> Folder:
    people: Rows = [[n, f"name{n}", f"last{n}"] for n in range(1, 31)]
    orders: Rows = [[n, 1 + n * 7 % 23, day(n), "placed"] for n in range(1, 61)]
    paid: Rows = [[n, 1 + n % 60, "card", 100 * n] for n in range(1, 71)]
    folder.add("customers.csv", table("id,first_name,last_name", people))
    folder.add("orders.csv", table("id,user_id,order_date,status", orders))
    return folder.add("payments.csv", table("id,order_id,payment_method,amount", paid))


def test_payments_are_joined_with_their_orders_by_the_number(folder: Folder) -> None:
    text = shop_of_three(folder).propose()
    assert "[lists.orders.beside]" in text
    assert 'customer_id = "user_id"' in text
    register = folder.edit(("completed = []", 'completed = ["placed"]')).build()
    orders = register.frame("orders")
    assert (len(orders), total(register)) == (60, 100 * sum(range(1, 71)))
    assert orders["customer_id"].nunique() == 23
    assert set(register.sources["file"]) >= {"customers.csv", "payments.csv"}


def test_a_number_that_stands_beside_two_customers_stops(folder: Folder) -> None:
    shop_of_three(folder).edit(("completed = []", 'completed = ["placed"]'))
    twice = (folder.path / "orders.csv").read_text() + "1,99,2024-05-05,placed\n"
    (folder.path / "orders.csv").write_text(twice)
    with pytest.raises(ListError, match=r"has the order 1 twice: with .* and with .* as"):
        folder.build()


def test_bills_of_bookings_are_not_counted_beside_them(folder: Folder) -> None:
    booked: Rows = [[f"B{n:03d}", day(n), f"K{n % 9}", 5000] for n in range(60)]
    bills: Rows = [[f"A{n:03d}", f"B{n:03d}", day(n), f"K{n % 9}", 5500] for n in range(50)]
    folder.add("bookings.csv", table("booking_id,booking_date,customer_id,amount", booked))
    folder.add("bills.csv", table("invoice_no,booking_id,invoice_date,customer_id,amount", bills))
    assert 'undecided = ["booking_id"]' in folder.propose()
    with pytest.raises(KitError, match="undecided still names booking_id"):
        folder.build()


def test_columns_of_one_kind_are_added_up(folder: Folder) -> None:
    rows: Rows = [
        [f"u{n}-x", day(n), day(n + 90), n % 4, n % 3, 10.5 * n, 2 * n] for n in range(40)
    ]
    header = (
        "master_id,first_order_date,last_order_date,order_num_total_online,order_num_total_store,"
        "customer_value_total_online,customer_value_total_store"
    )
    register = folder.add("a.csv", table(header, rows)).edit(("# as_of", "as_of")).build()
    summed = register.frame("summaries").set_index("customer_id")
    assert summed.loc["u7-x", "monetary"] == pytest.approx(10.5 * 7 + 14)
    assert summed.loc["u7-x", "frequency"] == 7 % 4 + 7 % 3


# --- what may be no sale ------------------------------------------------------------------------


def test_a_column_of_movements_is_asked_about_and_stops_until_it_is_answered(
    folder: Folder,
) -> None:
    rows: Rows = [
        [f"T{n}", 1 if n % 9 else 3, 1 if n % 11 == 5 else 0, day(n), f"K{n % 8}", 1000 + n]
        for n in range(90)
    ]
    folder.add("a.csv", table("取引ID,取引区分,取消区分,取引日時,会員ID,合計", rows)).propose()
    with pytest.raises(KitError, match="undecided still names 取消区分, 取引区分"):
        folder.build()
    register = folder.edit(
        ('# not_sales."取引区分" = ["…"]', 'not_sales."取引区分" = ["3"]'),
        ('# not_sales."取消区分" = ["1"]', 'not_sales."取消区分" = ["1"]'),
        ('undecided = ["取消区分", "取引区分"]', ""),
    ).build()
    assert total(register) == sum(row[5] for row in rows if row[1] == 1 and row[2] == 0)


def test_of_a_word_and_its_code_one_is_asked_about(folder: Folder) -> None:
    words = ["完了", "キャンセル", "処理中"]
    rows: Rows = [[f"T{n}", n % 3, words[n % 3], day(n), f"K{n % 8}", 1000 + n] for n in range(90)]
    head = "取引ID,処理区分コード,処理区分,取引日時,会員ID,合計"
    folder.add("a.csv", table(head, rows)).propose()
    assert folder.text.count("not_sales.") == 1
    assert '# not_sales."処理区分" = ["キャンセル"]' in folder.text


def test_a_status_in_another_language_is_not_passed_over(folder: Folder) -> None:
    words = ["Livré", "Annulé", "Remboursé"]
    rows: Rows = [
        [n, f"C{n % 7}", day(n, "%d/%m/%Y"), f"{10 + n},50 €", words[n % 3]] for n in range(60)
    ]
    folder.add("a.csv", table("Référence;ID client;Date;Montant total;État", rows, ";")).propose()
    assert folder.columns("orders")["status"] == "État"
    with pytest.raises(ListError, match=r"holds 1 word\(s\) that client.toml does not explain"):
        folder.build()


def test_a_subtotal_beside_a_total_is_asked_about(folder: Folder) -> None:
    rows: Rows = [[f"N{n}", f"K{n % 7}", day(n), "茶", 1, 1000, 100, 900] for n in range(40)]
    header = "会計番号,顧客番号,会計日,商品名,個数,小計,割引,合計"
    folder.add("a.csv", table(header, rows)).propose()
    assert folder.columns("order_lines")["amount"] == "合計"


def test_a_sum_beside_price_and_pieces_is_asked_about(folder: Folder) -> None:
    rows: Rows = [
        [f"T{n // 2}", day(n // 2), f"K{n // 2 % 8}", f"A{n % 5}", 1 + n % 3, 500, 450 + n, 400 + n]
        for n in range(90)
    ]
    head = "order_id,order_date,customer_id,product,quantity,unit_price,gross value,net value"
    folder.add("a.csv", table(head, rows)).propose()
    assert '# amount = "gross value"' in folder.text
    with pytest.raises(KitError, match="undecided still names gross value"):
        folder.build()


def test_of_two_numbers_the_one_that_other_lists_use_is_the_customers(folder: Folder) -> None:
    people: Rows = [[f"A{n:03d}", 7000 + n, f"人{n}", f"u{n}@example.jp"] for n in range(40)]
    sales: Rows = [[n, 7000 + n * 3 % 40, day(n), 500] for n in range(60)]
    folder.add("member.csv", table("メンバーコード,メンバーID,氏名,メールアドレス", people))
    folder.add("sales.csv", table("決済番号,メンバーID,精算日,金額", sales)).propose()
    assert folder.columns("customers")["customer_id"] == "メンバーID"


def test_months_side_by_side_are_no_facts_and_are_asked_about(folder: Folder) -> None:
    months = [f"{1 + (n + 3) % 12}月" for n in range(12)]
    rows: Rows = [[f"高{n:03d}", f"生徒{n}", *[16_500] * 12] for n in range(30)]
    folder.add("a.csv", table(",".join(["生徒番号", "生徒氏名", *months]), rows)).propose()
    assert not folder.new.plan.lists[0].proposal.facts
    assert 'undecided = ["months_from"]' in folder.text
    assert '# months_from = "…-04"' in folder.text


def test_the_first_line_of_an_order_speaks_for_all(folder: Folder) -> None:
    rows: Rows = []
    for n in range(40):
        word = "voided" if n % 5 == 0 else "paid"
        rows.append([f"#{n}", f"u{n % 9}@example.com", word, day(n), "Tea", 2, 100, 250])
        rows.append([f"#{n}", "", "", "", "Cup", 1, 50, ""])
    header = "Name,Email,Financial Status,Created at,Lineitem name,Lineitem quantity,Lineitem price"
    register = folder.add("a.csv", table(f"{header},Subtotal", rows)).build()
    assert total(register) == 32 * 250
    assert (register.set_aside["reason"] == "cancelled order").sum() == 16
    assert any("take it from the other lines" in note.text for _list, note in register.told)


def test_a_refund_beside_the_amount_is_a_row_of_its_own(folder: Folder) -> None:
    rows: Rows = [
        [f"in_{n}", day(n), f"{100 + n}.00", f"{5 if n % 10 == 0 else 0}.00",
         "Failed" if n % 13 == 7 else "Paid", f"cus_{n % 6}"]
        for n in range(60)
    ]  # fmt: skip
    header = "Invoice ID,Invoice Date,Amount,Amount Refunded,Status,Customer ID"
    folder.add("a.csv", table(header, rows)).propose()
    assert '# refunds = "Amount Refunded"' in folder.text
    register = folder.edit(
        ('# refunds = "Amount Refunded"', 'refunds = "Amount Refunded"'),
        ('undecided = ["Amount Refunded"]', ""),
    ).build()
    paid = [row for row in rows if row[4] == "Paid"]
    assert total(register) == sum(float(str(row[2])) for row in paid)
    assert total(register, "adjustments") == -sum(float(str(row[3])) for row in paid)
    ledger = register.ledger.iloc[0]
    assert ledger["rows_in"] == ledger["kept"] + ledger["set_aside"]


def test_deals_without_an_id_are_one_each(folder: Folder) -> None:
    words = ["Closed Won", "Closed Lost", "Negotiation"]
    rows: Rows = [
        [
            f"Firm {n % 7}",
            f"Deal {n}",
            day(n, "%m/%d/%Y"),
            day(n + 40, "%m/%d/%Y"),
            words[n % 3],
            900,
        ]
        for n in range(60)
    ]
    header = "Account Name,Opportunity Name,Created Date,Close Date,Stage,Amount"
    folder.add("a.csv", table(header, rows)).propose()
    register = folder.edit(
        ('# customer_id = "Account Name"', 'customer_id = "Account Name"'),
        ("unknown = []", 'unknown = ["Negotiation"]'),
    ).build()
    deals = register.frame("deals")
    assert (len(deals), deals["customer_id"].nunique(), int(deals["won"].sum())) == (60, 7, 20)


def test_who_had_the_latest_deal_looks_after_the_customer(folder: Folder) -> None:
    rows: Rows = [
        [f"K{n % 7}", day(n), day(n + 40), "won" if n % 2 else "lost", 900, ["Mori", "Abe"][n > 30]]
        for n in range(60)
    ]
    header = "customer_id,created date,close date,deal stage,deal amount,sales agent"
    people: Rows = [[f"K{n}", f"Firm {n}"] for n in range(9)]
    folder.add("deals.csv", table(header, rows)).add("k.csv", table("customer_id,name", people))
    register = folder.build()
    owners = register.frame("customers")["owner"]
    assert owners.dropna().to_dict() == {f"K{n}": "Abe" for n in range(7)}
    assert any("owner of their latest deal" in note for note in register.notes["note"])


# --- how cells are written ----------------------------------------------------------------------


def test_a_year_of_two_digits_may_come_first(folder: Folder) -> None:
    rows: Rows = [[f"N{n}", f"K{n % 7}", day(9 * n, "%y/%m/%d"), 1000] for n in range(60)]
    register = folder.add("a.csv", table("注文番号,会員番号,注文日,金額", rows)).build()
    days = register.frame("orders")["ordered_on"]
    assert (days.min().date(), days.max().date()) == (START, START + timedelta(days=9 * 59))


@pytest.mark.parametrize(
    ("written", "dates", "right"),
    [
        ("20240105123015", "", date(2024, 1, 5)),
        ("2024/ 1/ 5", "", date(2024, 1, 5)),
        ("05.01.24", '["%d.%m.%y"]', date(2024, 1, 5)),
        ("2567/01/05", '["ymd", "buddhist"]', date(2024, 1, 5)),
        ("113/01/05", '["minguo"]', date(2024, 1, 5)),
        ("Jan-05-24", '["mdy"]', date(2024, 1, 5)),
    ],
)
def test_ways_of_writing_a_day(folder: Folder, written: str, dates: str, right: date) -> None:
    said = f"dates = {dates}\n" if dates else ""
    (folder.path / "a.csv").write_text(table("id,when,sum", [["K1", written, 5]]))
    folder.text = (
        '[client]\nname = "shop"\nas_of = 2025-12-31\n[lists.orders]\nfiles = ["a.csv"]\n'
        f'{said}columns = {{ customer_id = "id", ordered_on = "when", amount = "sum" }}\n'
    )
    assert folder.build().frame("orders")["ordered_on"].iloc[0].date() == right


def test_a_decimal_comma_is_found_where_cells_prove_it_and_asked_where_none_does(
    folder: Folder,
) -> None:
    amounts = ["12,00", "1.234", "1.234,50"]
    rows: Rows = [[n, f"C{n % 5}", day(n, "%d.%m.%Y"), amounts[n % 3]] for n in range(60)]
    header = "Order ID;Customer ID;Date;Amount"
    register = folder.add("a.csv", table(header, rows, ";")).build()
    assert total(register) == 20 * (12 + 1234 + 1234.5)


def test_points_that_may_be_commas_stop_until_somebody_says(folder: Folder) -> None:
    amounts = ["12.500", "2.000", "1.234"]
    rows: Rows = [[n, f"C{n % 5}", day(n, "%d.%m.%Y"), amounts[n % 3]] for n in range(60)]
    folder.add("a.csv", table("Order ID;Customer ID;Date;Amount", rows, ";"))
    with pytest.raises(KitError, match="undecided still names decimal"):
        folder.build()
    register = folder.edit(('# decimal = ","', 'decimal = ","'), ('undecided = ["decimal"]', ""))
    assert total(register.build()) == 20 * (12_500 + 2000 + 1234)


def test_money_in_thousands_and_signs_around_numbers_are_asked(folder: Folder) -> None:
    rows: Rows = [[f"K{n % 5}", day(n), f"約{3 + n}"] for n in range(20)]
    folder.add("a.csv", table("会員番号,注文日,売上金額（千円）", rows)).propose()
    assert "# unit = 1000" in folder.text
    assert '# around_numbers = ["約"]' in folder.text
    text = folder.text.replace("# unit", "unit").replace("# around_numbers", "around_numbers")
    lines = [line for line in text.splitlines() if not line.startswith("undecided")]
    folder.text = "\n".join(lines).replace('# amount = "', 'amount = "') + "\n"
    assert total(folder.build()) == 1000 * sum(3 + n for n in range(20))


@pytest.mark.parametrize("stated", ["", 'encoding = "iso2022_jp"\n'])
def test_a_list_in_jis_is_read(folder: Folder, stated: str) -> None:
    rows: Rows = [[f"N{n}", f"会員{n % 7}", day(n), 1000] for n in range(60)]
    text = table("注文番号,会員番号,注文日,金額", rows).encode("iso2022_jp")
    folder.add("a.csv", text).propose()
    folder.edit(("[lists.orders.columns]", f"{stated}[lists.orders.columns]"))
    assert total(folder.build()) == 60_000


def test_a_comma_too_many_in_every_row_is_told(folder: Folder) -> None:
    rows: Rows = [[f"N{n}", f"K{n % 7}", day(n), "1,200"] for n in range(120)]
    with pytest.raises(ListError, match=r"has 120 row\(s\) with more cells than the header"):
        folder.add("a.csv", table("注文番号,会員番号,注文日,金額", rows)).propose()


# --- what the register doubts -------------------------------------------------------------------


def orders_of(customers: list[str], step: int = 3) -> str:
    rows: Rows = [[f"N{n}", who, day(step * n), 1000 + n] for n, who in enumerate(customers)]
    return table("注文番号,会員番号,注文日,金額", rows)


def test_ids_for_nobody_stop(folder: Folder) -> None:
    who = ["NULL" if n % 10 < 3 else f"K{n % 20:03d}" for n in range(200)]
    folder.add("a.csv", orders_of(who))
    with pytest.raises(ListError, match=r"NULL 60 row\(s\).*Write guests = \[\"NULL\"\]"):
        folder.build()
    register = folder.edit(
        ("[lists.orders.columns]", 'guests = ["NULL"]\n[lists.orders.columns]')
    ).build()
    assert (register.set_aside["reason"] == "guest id").sum() == 60


def test_several_currencies_stop_and_rates_add_them_up(folder: Folder) -> None:
    rows: Rows = [[f"N{n}", f"K{n % 7}", day(n), ["$20", "¥3001", "€20"][n % 3]] for n in range(60)]
    folder.add("a.csv", table("order_id,customer_id,order_date,amount", rows))
    with pytest.raises(ListError, match="holds several currencies"):
        folder.build()
    rates = 'rates = { "$" = 150, EUR = 160, "¥" = 1 }\n[lists.orders.columns]'
    register = folder.edit(("[lists.orders.columns]", rates)).build()
    assert total(register) == 20 * (20 * 150 + 3001 + 20 * 160)


def test_zeros_lost_in_one_list_are_seen_and_mended(folder: Folder) -> None:
    ids = [f"{n * 7919 % 100_000:05d}" for n in range(100)]
    people: Rows = [[one.lstrip("0") or "0", f"人{n}", "東京都"] for n, one in enumerate(ids)]
    folder.add("customers.csv", table("会員番号,氏名,都道府県", people))
    folder.add("orders.csv", orders_of([ids[n % 100] for n in range(200)]))
    lost = sum(one.startswith("0") for one in ids)
    with pytest.raises(ListError, match=f"zeros at the start, .*, {lost} in all: "):
        folder.build()
    register = folder.edit(('currency = "¥"', 'same_ids = ["zeros"]\ncurrency = "¥"')).build()
    assert register.frame("customers").shape[0] == 100
    signed = folder.text.replace('same_ids = ["zeros"]', 'checked = ["equal_ids"]')
    folder.text = signed
    assert folder.build().frame("customers").shape[0] == 100 + lost


def test_signs_that_nobody_sees_are_taken_out_of_ids(folder: Folder) -> None:
    who = ["C001", "C001\u200b", "\u200eC001", "C001\ufeff", "C\u00ad001"]
    register = folder.add("a.csv", orders_of(who)).build()
    assert register.frame("customers").index.tolist() == ["C001"]
    assert any("nobody sees" in note.text for _list, note in register.told)


def test_a_month_without_orders_is_told(folder: Folder) -> None:
    rows: Rows = [
        [f"N{month}-{n}", f"K{n % 30}", f"2024/{month:02d}/{1 + n % 28:02d}", 1000]
        for month in range(1, 13) if month != 7
        for n in range(60)
    ]  # fmt: skip
    register = folder.add("a.csv", table("注文番号,会員番号,注文日,金額", rows)).build()
    says = [str(one.says) for one in register.doubts if one.name == "months_without"]
    assert says == ["no order between 2024-06-28 and 2024-08-01. Is a file missing?"]


def doubts_by_days(folder: Folder, days: list[str], as_of: str) -> dict[str, list[str]]:
    rows: Rows = [[f"N{n}", f"K{n % 30}", one, 1000] for n, one in enumerate(days)]
    (folder.path / "a.csv").write_text(table("id,who,day,sum", rows))
    folder.text = (
        f'[client]\nname = "shop"\nas_of = {as_of}\n[lists.orders]\nfiles = ["a.csv"]\n'
        'columns = { order_id = "id", customer_id = "who", ordered_on = "day", amount = "sum" }\n'
    )
    found: dict[str, list[str]] = {}
    for one in folder.build().doubts:
        found.setdefault(one.name, []).append(str(one.says))
    return found


def test_months_before_as_of_without_an_order_are_told_though_orders_follow(
    folder: Folder,
) -> None:
    """Rows after as_of count nowhere, and yet they show that the months before are a hole."""
    summer = [f"2005-{month:02d}-{1 + n % 23:02d}" for month in range(5, 9) for n in range(60)]
    says = doubts_by_days(folder, [*summer, "2006-02-14"], "2006-02-13")
    assert says["months_without"] == [
        "no order between 2005-08-23 and 2006-02-14. Is a file missing?"
    ]
    assert says["span"] == [
        "the orders run from 2005-05-01 to 2006-02-14, those that count to 2005-08-23; as_of is "
        "2006-02-13: 174 days without an order before it. Is a file missing, or as_of too late?"
    ]


@pytest.mark.parametrize(("last", "as_of"), [("2005-10-02", "2005-09-30"), ("", "2006-02-13")])
def test_no_hole_is_told_where_none_is_or_only_an_end(
    folder: Folder, last: str, as_of: str
) -> None:
    """Orders until shortly before as_of; or none after it, which the span tells."""
    summer = [f"2005-{month:02d}-{1 + n % 23:02d}" for month in range(5, 9) for n in range(60)]
    says = doubts_by_days(folder, [*summer, *([last] if last else [])], as_of)
    assert "months_without" not in says
    assert ("days without an order before it" in says["span"][0]) == (not last)


def test_a_month_exported_twice_is_asked_about(folder: Folder) -> None:
    rows: Rows = [[f"N{n}", f"K{n % 30}", f"2024/01/{1 + n % 28:02d}", 1000 + n] for n in range(60)]
    header = "注文番号,会員番号,注文日,金額"
    better = [[*row[:3], 2000] if n == 3 else row for n, row in enumerate(rows)]
    folder.add("1月.csv", table(header, rows)).add("1月_修正.csv", table(header, better))
    with pytest.raises(ListError, match=r"60 order numbers stand in 1月.csv and in 1月_修正.csv"):
        folder.build()
    counts = 'counts = ["1月_修正.csv"]\n[lists.orders.columns]'
    register = folder.edit(("[lists.orders.columns]", counts)).build()
    assert total(register) == sum(int(str(row[3])) for row in better)
    assert (register.set_aside["reason"] == "counted in another file").sum() == 60


@pytest.mark.parametrize("code", ["1900-01-01", "0001-01-01", "1970/1/1", "9999-12-31"])
def test_days_by_which_databases_write_none_stop(folder: Folder, code: str) -> None:
    code = code.replace("/1/1", "/01/01")
    text = orders_of([f"K{n % 20}" for n in range(100)]) + f"X1,K1,{code},5\nX2,K2,{code},5\n"
    folder.add("a.csv", text).propose()
    with pytest.raises(ListError, match=f"write that there is none \\({code} 2\\)"):
        folder.build()


def test_amounts_that_look_like_codes_stop(folder: Folder) -> None:
    text = orders_of([f"K{n % 20}" for n in range(100)])
    lines = "".join(f"X{n},K{n},2024-01-05,4901234567890\n" for n in range(5))
    folder.add("a.csv", text + lines)
    with pytest.raises(KitError, match="more than eleven digits"):
        folder.edit().build()


def test_check_prints_the_doubts(folder: Folder, capsys: pytest.CaptureFixture) -> None:
    folder.add("a.csv", orders_of([f"K{n % 20}" for n in range(100)])).build()
    main(["check", "--client", str(folder.path / "client.toml"), "--language", "en"])
    printed = capsys.readouterr().out
    assert "What a careful colleague would ask" in printed
    assert "the orders run from 2024-01-05 to 2024-10-28" in printed


def test_a_folder_is_taken_for_its_files_and_what_cannot_be_read_is_told(
    folder: Folder, capsys: pytest.CaptureFixture
) -> None:
    lists = folder.path / "lists"
    lists.mkdir()
    (lists / "orders.csv").write_text(orders_of([f"K{n % 20}" for n in range(100)]))
    (lists / "~$orders.xlsx").write_bytes(b"lock")
    (lists / "empty.csv").write_bytes(b"")
    code = main(["new", "shop", "--lists", str(lists), "--into", str(folder.path / "made")])
    printed = capsys.readouterr().out
    assert code == 0
    assert "[orders]  orders.csv" in printed
    assert "~$" not in printed
    assert "empty.csv" in printed


# --- kinds that lists never seen gave ---------------------------------------------------------


def test_net_and_gross_with_decimal_commas_are_two_sums(folder: Folder) -> None:
    rows: Rows = [
        [f"RE{n}", day(n, "%d.%m.%Y"), f"1{n % 9:04}", f"{100 + n},00", f"{119 + n},00", "Bezahlt"]
        for n in range(60)
    ]
    header = "Belegnummer;Rechnungsdatum;Kundennummer;Nettobetrag;Bruttobetrag;Rechnungsstatus"
    text = folder.add("rechnungen.csv", table(header, rows, ";")).propose()
    assert folder.columns("orders") == {
        "order_id": "Belegnummer", "ordered_on": "Rechnungsdatum", "customer_id": "Kundennummer",
        "status": "Rechnungsstatus",
    }  # fmt: skip
    assert 'amount = "Nettobetrag"' in text
    assert 'amount = "Bruttobetrag"' in text


def test_a_row_that_sums_the_lines_below_it_is_never_counted_again(folder: Folder) -> None:
    rows: Rows = []
    for n in range(12):
        lines = [["", "", "", f"T{n}-{m}", 10 * m + n] for m in range(1, 4)]
        head = [day(n), f"C{n % 4}", f"N{n}", "", sum(line[-1] for line in lines)]
        rows += [head, *([line[0], f"C{n % 4}", f"N{n}", *line[3:]] for line in lines)]
    folder.add("a.csv", table("Sale Date,Buyer ID,Order Number,Item Title,Sold For", rows))
    text = folder.propose()
    assert "amount" not in folder.columns("order_lines")
    assert "one row of an order is the sum of its others" in text


def test_whoever_has_an_order_number_a_day_and_money_is_no_customer(folder: Folder) -> None:
    rows: Rows = [
        [
            f"O{n // 2}",
            day(n // 2),
            f"Ada{n % 17}",
            f"Mora{n % 13}",
            f"p{n // 4}@example.com",
            n,
            25,
        ]
        for n in range(60)
    ]
    header = "Order no.,Order Date,First Name,Surname,Email,Attendee no.,Total Paid"
    text = folder.add("attendees.csv", table(header, rows)).propose()
    assert {one.proposal.table for one in folder.new.plan.lists} == {"order_lines"}
    assert 'customer_id = "Email"' in text
    assert 'amount = "Total Paid"' in text


def test_the_people_of_a_firm_are_people(folder: Folder) -> None:
    users: Rows = [
        [7000 + n, f"Ines {n}", f"u{n}@example.com", 90 + n % 5, day(n), day(200 + n)]
        for n in range(50)
    ]
    header = "id,name,email,organization_id,created_at,last_login_at"
    folder.add("users.csv", table(header, users)).propose()
    assert folder.columns("customers") == {
        "customer_id": "id", "name": "name", "email": "email",
    }  # fmt: skip


def test_a_price_a_head_is_not_what_was_paid(folder: Folder) -> None:
    rows: Rows = [
        [f"Y{n}", day(n), f"K{n % 9}", 3000 + 100 * (n % 3), 1 + n % 3, 0] for n in range(60)
    ]
    for row in rows:
        row[-1] = row[3] * row[4]
    folder.add("a.csv", table("予約番号,申込日時,顧客番号,金額,人数,予約金額", rows)).propose()
    assert folder.columns("orders")["amount"] == "予約金額"


def test_a_number_that_begins_anew_each_day_is_no_order(folder: Folder) -> None:
    rows: Rows = [[9000 + n, 1 + n % 4, f"G{n % 9}", day(n // 4), 12 + n] for n in range(80)]
    folder.add("a.csv", table("Order Id,Order #,Guest ID,Order Date,Amount", rows)).propose()
    assert folder.columns("orders")["order_id"] == "Order Id"


def test_a_count_of_visits_makes_no_sums_of_a_list_of_visits(folder: Folder) -> None:
    rows: Rows = [
        [f"R{n}", day(n), f"K{n % 20}", 5500, 1 + n // 20, f"0900000{n % 20:04}"] for n in range(80)
    ]
    folder.add(
        "a.csv", table("予約番号,来店日,顧客番号,会計金額,来店回数,電話番号", rows)
    ).propose()
    assert {one.proposal.table for one in folder.new.plan.lists} <= {"orders", "customers"}
    assert folder.columns("orders")["amount"] == "会計金額"


def test_guests_get_their_names_from_the_orders(folder: Folder) -> None:
    people: Rows = [[f"{100 + n}", f"Name {n}"] for n in range(30)]
    rows: Rows = [
        [n, day(n), f"{100 + n % 40}", f"Name {n % 40}", 50 + n, f"n{n % 40}@example.com"]
        for n in range(120)
    ] + [[900 + n, day(n), "0", f"Guest {n}", 20, f"g{n}@example.com"] for n in range(9)]
    folder.add("c.csv", table("Customer ID,Full Name", people))
    header = "Order ID,Order Date,Customer ID,Customer Name,Order Total,Customer Email"
    folder.add("o.csv", table(header, rows)).propose()
    assert '# guests = ["0"]' in folder.text
    asked = 'undecided = ["guests", "guests_by"]'
    register = folder.edit(("# guests =", "guests ="), (asked, "")).build()
    names = register.frame("customers")["name"]
    assert names["105"] == "Name 5"
    assert names["139"] == "Name 39"


def test_days_with_a_weekday_a_comma_and_half_a_days_hours_read(folder: Folder) -> None:
    rows: Rows = [[n, f"C{n % 7}", day(n, "%a, %d %b %Y, 6:45pm"), 30 + n] for n in range(60)]
    lines = ["Order ID;Customer ID;Order Date;Amount", *(";".join(map(str, r)) for r in rows)]
    register = folder.add("a.csv", "\n".join(lines) + "\n").build()
    assert len(register.frame("orders")) == 60
    assert str(register.frame("orders")["ordered_on"].max())[:10] == day(59)


def test_conversations_are_contacts(folder: Folder) -> None:
    rows: Rows = [[n, f"{day(n)} 10:00:00", f"U{n % 9}", 1 + n % 5] for n in range(60)]
    header = "Conversation ID,Conversation started at (UTC),User ID,Conversation rating"
    folder.add("a.csv", table(header, rows)).propose()
    assert folder.columns("contacts")["contacted_on"] == "Conversation started at (UTC)"


def test_a_day_of_winning_beside_one_of_losing_is_the_day_of_deciding(folder: Folder) -> None:
    rows: Rows = [
        [f"A{n}", f"K{n % 9}", "受注" if n % 3 else "失注", day(n), day(n + 9) if n % 3 else "",
         "" if n % 3 else day(n + 9), ["佐野", "森"][n % 2], ["堀 恵", "辻 学"][n % 2]]
        for n in range(60)
    ]  # fmt: skip
    header = "案件コード,顧客コード,進捗度,初回商談日,受注日,失注日,案件主担当者,顧客担当者"
    folder.add("a.csv", table(header, rows)).propose()
    found = folder.columns("deals")
    assert found["opened_on"] == "初回商談日"
    assert '[lists.deals.either]\ndecided_on = ["受注日", "失注日"]' in folder.text
    assert found["owner"] == "案件主担当者"


def test_a_western_list_with_capital_accents_is_read(folder: Folder) -> None:
    rows: Rows = [[f"F{n}", f"CL{n % 9}", day(n, "%d/%m/%Y"), f"{90 + n},00"] for n in range(40)]
    text = table("Numéro du document;Code client;Date du document;Montant TTC", rows, ";")
    text = text.replace("F1;", "FÉVRIER1;").replace("F2;", "ÉTÉ2;").replace("F3;", "N°3;")
    folder.add("a.csv", text.encode("cp1252")).propose()
    assert folder.columns("orders")["order_id"] == "Numéro du document"


def test_what_was_done_about_deals_is_no_deal(folder: Folder) -> None:
    rows: Rows = [
        [9000 + n, "訪問", "完了", day(n), f"K{n % 9}", f"A{n % 20}" if n % 2 else "", "佐野"]
        for n in range(60)
    ]
    header = "アクションID,アクション種別,ステータス,登録日時,取引先ID,案件ID,主担当者"
    folder.add("a.csv", table(header, rows)).propose()
    assert {one.proposal.table for one in folder.new.plan.lists} == {"contacts"}


def test_a_month_between_slashes_reads(folder: Folder) -> None:
    rows: Rows = [[n, f"C{n % 7}", day(n, "%d/%b/%y 6:05 PM"), 30 + n] for n in range(60)]
    folder.add("a.csv", table("Order ID,Customer ID,Order Date,Amount", rows))
    assert str(folder.build().frame("orders")["ordered_on"].max())[:10] == day(59)


def test_long_words_of_a_status_and_a_sub_total_are_seen(folder: Folder) -> None:
    words = ["Shipped", "Cancelled (Refund Received)", "Payment Received"]
    rows: Rows = [[f"N{n}", f"b{n % 9}", day(n), words[n % 3], 20 + n, 15 + n] for n in range(60)]
    header = "order_num,buyer,order_date,status,total,sub total"
    folder.add("a.csv", table(header, rows)).propose()
    found = folder.columns("orders")
    assert (found["status"], found["amount"]) == ("status", "total")
    with pytest.raises(ListError, match=r"Cancelled \(Refund Received\)"):
        folder.build()


def test_a_number_that_ids_share_by_chance_is_nobodys_id(folder: Folder) -> None:
    people: Rows = [[n, f"Name {n}"] for n in range(20, 80)]
    rows: Rows = [[f"Name {n % 40}", day(n), 20 + n % 50] for n in range(120)]
    folder.add("c.csv", table("customer_id,name", people))
    folder.add("o.csv", table("customer_name,order_date,revenue", rows)).propose()
    assert folder.columns("orders")["amount"] == "revenue"


def test_a_column_that_names_the_currency_says_it_in_any_language(folder: Folder) -> None:
    rows: Rows = [[f"RE{n}", f"K{n % 9}", day(n), 20 + n, "EUR"] for n in range(40)]
    header = "Rechnungsnummer,Kundennummer,Rechnungsdatum,Gesamtbetrag,Währung"
    assert 'currency = "€"' in folder.add("a.csv", table(header, rows)).propose()


def firms_and_calls(folder: Folder, names: int) -> Folder:
    """Thirty firms of so many names, each called three times; the calls know the names only."""
    called = [f"Firm {a}{b}" for a in ("Al", "Be", "Co") for b in "abcdefghij"][:names]
    firms: Rows = [[n, called[n % names], f"m{n}@example.org", "IT"] for n in range(30)]
    calls: Rows = [[n, called[n % names], day(n), "call", "Sano"] for n in range(90)]
    folder.add("c.csv", table("Record ID,Company name,Email,Industry", firms))
    return folder.add("a.csv", table("Record ID,Company,Activity date,Activity type,Rep", calls))


def test_lists_that_know_customers_by_name_are_joined_by_it(folder: Folder) -> None:
    firms_and_calls(folder, names=30).propose()
    assert folder.columns("customers")["customer_id"] == "Company name"
    assert folder.columns("contacts")["customer_id"] == "Company"
    register = folder.build()
    assert (len(register.frame("customers")), len(register.frame("contacts"))) == (30, 90)


def test_names_that_two_customers_have_join_nothing(folder: Folder) -> None:
    firms_and_calls(folder, names=20).propose()
    assert folder.columns("customers")["customer_id"] == "Record ID"
    assert [list_name for list_name, _ in folder.new.open] == ["contacts"]


def test_several_rows_of_a_deal_are_one_deal(folder: Folder) -> None:
    rows: Rows = []
    for n in range(40):
        won = ["won", "lost"][n % 2]
        for item in range(1 + n % 3):  # a row for each article
            rows.append([n, f"K{n % 12}", day(n), won, 500 * item + 100, 10_000 + n])
    header = "Record ID,Client ID,Deal created,Deal status,Item price,Deal amount"
    folder.add("deals.csv", table(header, rows)).propose()
    found = folder.columns("deals")
    assert (found["deal_id"], found["amount"]) == ("Record ID", "Deal amount")
    deals = folder.build().frame("deals")
    assert (len(deals), deals["amount"].sum()) == (40, sum(10_000 + n for n in range(40)))


def test_rows_of_a_deal_that_differ_are_told(folder: Folder) -> None:
    rows: Rows = [[n // 2, f"K{n % 4}", day(n), ["won", "lost"][n % 2], 100] for n in range(40)]
    header = "Deal ID,Client ID,Deal created,Deal status,Deal amount"
    folder.add("deals.csv", table(header, rows))
    register = folder.build()
    assert len(register.frame("deals")) == 40
    assert "20 deal(s) have several rows that differ" in register.notes.to_string()


def test_appointments_without_money_are_contacts(folder: Folder) -> None:
    rows: Rows = [
        [700 + n, f"P{n % 20}", day(n), ["Visit", "Review"][n % 2], "Work" if n % 9 == 0 else ""]
        for n in range(120)
    ]
    header = "Appointment ID,Patient ID,Appointment date,Appointment type,Cancellation reason"
    folder.add("a.csv", table(header, rows)).propose()
    found = folder.columns("contacts")
    assert (found["customer_id"], found["contacted_on"]) == ("Patient ID", "Appointment date")


def test_an_order_of_one_thing_says_of_what(folder: Folder) -> None:
    courses = ["Yoga", "Pilates", "Boxing"]
    rows: Rows = [[n, f"K{n % 20}", day(n), courses[n % 3], 30 + n % 3] for n in range(80)]
    folder.add("a.csv", table("Booking no.,Customer no.,Booking date,Course,Total price", rows))
    folder.propose()
    found = folder.columns("order_lines")
    assert (found["product"], found["amount"]) == ("Course", "Total price")
    register = folder.build()
    assert total(register) == sum(row[4] for row in rows)
    assert set(register.frame("order_lines")["product"]) == set(courses)


def test_a_day_of_birth_is_no_day_of_an_order(folder: Folder) -> None:
    rows: Rows = [
        [n, f"T{n % 30}", day(-9000 - 40 * (n % 30), "%d.%m.%Y"), day(n, "%d.%m.%Y"), 39]
        for n in range(90)
    ]
    header = "Anm-Nr;TN-Nr;Geb.-Datum;Anmeldedatum;Zu zahlen"
    folder.add("a.csv", table(header, rows, ";")).propose()
    (planned,) = {one.proposal.table for one in folder.new.plan.lists} - {"customers"}
    assert folder.columns(planned).get("ordered_on") != "Geb.-Datum"


def test_what_tells_of_the_row_or_of_its_orders_is_no_fact(folder: Folder) -> None:
    rows: Rows = [
        [f"K{n}", f"Name {n}", n % 2 + 1, ["M", "F"][n % 2], day(n), n % 7, day(n % 90), "Ja"]
        for n in range(60)
    ]
    header = "Klantnummer,Naam,Geslacht(ID),Geslacht,Profile last updated,Aantal afspraken,"
    folder.add("a.csv", table(header + "Laatste afspraak,Nieuwsbrief", rows))
    text = folder.propose()
    (planned,) = folder.new.plan.lists
    assert [fact.header for fact in planned.proposal.facts] == ["Geslacht"]
    assert 'consents = { mail = ["Nieuwsbrief"] }' in text


@pytest.mark.parametrize(
    ("header", "sale", "offer"),
    [
        ("Num.;Tipo;Cod. soggetto;Data;Tot. doc.", "Fattura", "Preventivo"),
        ("N°;Type;Code client;Date;Total TTC", "Facture", "Devis"),
        ("Nr.;Art;Kundennr.;Datum;Summe", "Rechnung", "Angebot"),
        ("伝票番号;伝票種別;得意先コード;日付;合計金額", "売上伝票", "見積書"),
    ],
)
def test_offers_among_invoices_are_asked_about(
    folder: Folder, header: str, sale: str, offer: str
) -> None:
    rows: Rows = [
        [n, offer if n % 5 == 0 else sale, f"{n % 20:04}", day(n, "%d/%m/%Y"), f"{90 + n},00"]
        for n in range(100)
    ]
    folder.add("a.csv", table(header, rows, ";")).propose()
    kind = header.split(";")[1]
    assert f'# not_sales."{kind}" = ["{offer}"]' in folder.text
    with pytest.raises(KitError, match="undecided"):
        folder.build()


@pytest.mark.parametrize("form", ["{:08}", "{}"])
def test_orders_that_stand_in_two_lists_stop_it(folder: Folder, form: str) -> None:
    """One list is the join of others, and its numbers have lost their zeros: all counted twice."""
    rows: Rows = [[f"K{n % 6}", form.format(70 + n), day(n), f"P{n % 3}", 2, 900] for n in range(9)]
    again: Rows = [["Ann", row[0], 70 + n, *row[2:]] for n, row in enumerate(rows[:4])]
    header = "customer_id,order_id,order_date,product,quantity,amount"
    folder.add("lines.csv", table(header, rows))
    folder.add("joined.csv", table(f"name,{header}", again)).propose()
    with pytest.raises(ListError, match=r"4 orders stand in .*, so that 3,600 is counted twice"):
        folder.build()


NO_DAYS = ["9999-12-31", "31.12.9999", "12/31/9999", "1900/1/1", "0001-01-01 00:00", "2099-12-31"]


@pytest.mark.parametrize("none", NO_DAYS)
def test_days_that_stand_for_none_are_asked_about_however_written(
    folder: Folder, none: str
) -> None:
    form = {"31.12.9999": "%d.%m.%Y", "12/31/9999": "%m/%d/%Y", "1900/1/1": "%Y/%m/%d"}
    form = form.get(none, "%Y-%m-%d")
    rows: Rows = [[n, f"K{n % 9}", day(n, form), 50] for n in range(200)]
    for row in rows[5:200:20]:
        row[2] = none
    folder.add("o.csv", table("order_id,customer_id,order_date,amount", rows))
    assert f"as_of = {day(199)}" in folder.propose()
    with pytest.raises(ListError, match="days by which databases write that there is none"):
        folder.build()
    told = f'missing_in = {{ ordered_on = ["{none}"] }}'
    folder.edit(("[lists.orders.columns]", f"{told}\n[lists.orders.columns]"))
    assert total(folder.build()) == 190 * 50  # what was advised mends it


def test_a_day_that_need_not_be_there_may_stand_for_none(folder: Folder) -> None:
    people: Rows = [[f"K{n}", f"Name {n}", "1900-01-01" if n < 9 else day(n)] for n in range(60)]
    folder.add("c.csv", table("customer_id,name,first_contact_date", people))
    doubts = folder.edit(("# as_of = ", "as_of = ")).build().doubts
    assert "no_days" in [one.name for one in doubts]


def test_negative_codes_and_words_for_nobody_are_asked_about(folder: Folder) -> None:
    rows: Rows = [[n, f"K{n % 9}", day(n), 50] for n in range(60)]
    codes: Rows = [[60 + n, "K1", day(n), -4901234567890] for n in range(3)]
    nobody: Rows = [[70 + n, "未定", day(n), 50] for n in range(9)]
    header = "order_id,customer_id,order_date,amount"
    folder.add("o.csv", table(header, [*rows, *codes, *nobody]))
    with pytest.raises(ListError, match=r"more than eleven digits[\s\S]*未定|未定[\s\S]*digits"):
        folder.build()


@pytest.mark.parametrize("sign", ["\u3164", "\u2800", "\u115f", "\u200b", "\u061c", "\ufeff"])
def test_signs_that_nobody_sees_make_no_customer(folder: Folder, sign: str) -> None:
    rows: Rows = [[n, f"K{n % 9}" + sign * (n % 4 == 0), day(n), 50] for n in range(60)]
    folder.add("o.csv", table("order_id,customer_id,order_date,amount", rows))
    assert len(folder.build().frame("customers")) == 9


def test_cents_where_nobody_wrote_a_currency_are_asked_about(folder: Folder) -> None:
    rows: Rows = [[n, f"K{n % 9}", day(n), f"{n + 1}.99"] for n in range(60)]
    folder.add("o.csv", table("order_id,customer_id,order_date,amount", rows))
    assert "currency" in [one.name for one in folder.build().doubts]
    folder.edit(('currency = "¥"', 'currency = "$"'))
    assert "currency" not in [one.name for one in folder.build().doubts]


# --- reports by customer ------------------------------------------------------------------------

NAMED = [["Akiyama & Sons", 4], ["Birch, Ltd.", 3], ["Cole", 5]]


def grouped(sum_of: str, everything: str, mark: str = ",") -> str:
    """A report in which a heading names the customer; under it three columns, then the sum."""
    lines = ["Our Shop", "Sales by customer", "", mark.join(["", "Date", "Item", "Amount"])]
    at, all_sold = 0, 0
    for name, count in NAMED:
        lines.append(f'"{name}"' + 3 * mark)
        sold = [100 * n for n in range(1, count + 1)]
        lines += [mark.join(["", day(at := at + 9), "Pump", str(amount)]) for amount in sold]
        lines.append(f'"{sum_of.format(name)}"' + 3 * mark + f'"{sum(sold):,}"')
        all_sold += sum(sold)
    lines += [f"{everything}{3 * mark}{all_sold}", "", "Printed: 10 January 2026"]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("sum_of", ["Total for {}", "Total {}", "{} Total", "{} 計", "Summe {}"])
def test_a_heading_says_whose_the_rows_below_it_are(folder: Folder, sum_of: str) -> None:
    text = folder.add("report.csv", grouped(sum_of, "TOTAL")).propose()
    assert 'headings = "Customer"' in text
    assert len(folder.new.open) == 1  # only whose they are
    with pytest.raises(KitError):
        folder.build()
    register = folder.edit(('# customer_id = "Customer"', 'customer_id = "Customer"')).build()
    orders = register.frame("orders").groupby("customer_id")["amount"].agg(["size", "sum"])
    assert orders.T.to_dict("list") == {
        name: [count, 100 * count * (count + 1) / 2] for name, count in NAMED
    }
    apart = register.set_aside["reason"].value_counts().to_dict()
    assert apart["a heading of the rows below it"] == len(NAMED)
    assert apart["a row of totals"] == len(NAMED) + 1
    assert sum(apart.values()) == 2 * len(NAMED) + 2  # and the day of printing


def test_headings_where_every_row_names_its_customer_are_left_alone(folder: Folder) -> None:
    rows: Rows = []
    for month in ("January", "February", "March"):
        rows.append([month, "", "", ""])
        rows += [[f"B{len(rows) + n}", f"K{n % 4}", day(len(rows) + n), 50] for n in range(9)]
    header = "Invoice no.,Customer number,Invoice date,Amount"
    assert "headings" not in folder.add("a.csv", table(header, rows)).propose()
    assert total(folder.build()) == 27 * 50


def test_headings_need_a_name_of_their_own(folder: Folder) -> None:
    folder.add("report.csv", grouped("Total {}", "TOTAL"))
    folder.edit(
        ('headings = "Customer"', 'headings = "Item"'),
        ('# customer_id = "Customer"', 'customer_id = "Item"'),
    )
    with pytest.raises(ListError, match=r'headings = "Item", but a column is called so'):
        folder.build()


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_discount_beside_price_and_pieces_is_asked_about_and_taken_off(
    folder: Folder, sign: str
) -> None:
    rows: Rows = [
        [f"A{n // 2}", f"C{n % 7}", day(n // 2), f"Tea {n % 5}", 100 + n % 5, 1 + n % 3,
         f"{sign}{n % 11}" if n % 4 == 0 else "", 50 if n % 30 == 0 else ""]
        for n in range(120)
    ]  # fmt: skip
    header = "Order,Customer ID,Date,Item,Unit price,Qty,Discount amount,Amount refunded"
    folder.add("a.csv", table(header, rows)).propose()
    assert '# discounts = ["Discount amount"]' in folder.text
    register = folder.edit(
        ("# discounts = ", "discounts = "),
        ("undecided = [", 'refunds = "Amount refunded"\n#'),
    ).build()
    gross = sum(int(str(row[4])) * int(str(row[5])) for row in rows)
    off = sum(abs(int(str(row[6]) or 0)) for row in rows)
    assert off > 0
    assert total(register) == gross - off
    assert total(register, "adjustments") == -200  # what was paid back is without any discount
    assert any("without Discount amount" in str(note) for note in register.notes["note"])


def test_a_discount_that_is_off_already_is_not_asked_about(folder: Folder) -> None:
    rows: Rows = [
        [f"A{n}", f"C{n % 7}", day(n), f"Tea {n % 5}", 100, 2, n % 11, 200 - n % 11]
        for n in range(60)
    ]
    header = "Order,Customer ID,Date,Item,Unit price,Qty,Discount amount,Line total"
    folder.add("a.csv", table(header, rows)).propose()
    assert "discounts" not in folder.text


def test_what_counts_is_laid_beside_the_books(folder: Folder) -> None:
    rows: Rows = [
        [f"A{n}", f"C{n % 9}" if n % 8 else "", day(n), "void" if n % 16 == 0 else "paid", 100]
        for n in range(80)
    ]
    rows += [[f"A{n}", f"C{n % 9}", day(n + 90), "paid", -100 if n < 20 else -30] for n in (1, 33)]
    rows += [["A99", "C1", day(600), "paid", 100], ["A98", "X", day(3), "paid", 40]]
    folder.add("a.csv", table("Order,Customer ID,Date,Status,Amount", rows)).propose()
    folder.edit(("[lists.orders]", '[lists.orders]\nguests = ["X"]'))
    register = folder.edit((folder.text.split("as_of = ")[1][:10], "2024-12-31")).build()
    history = sl.order_history(register, "2024-12-31", customers=register.customers).execute()
    says = next(doubt.says for doubt in register.doubts if doubt.name == "books")
    counted = history[history["frequency"] > 0]
    assert str(says) == (
        f"{counted['frequency'].sum()} orders of {len(counted)} customers count up to 2024-12-31, "
        f"{history['monetary'].sum():,.0f} together. "
        "Returns, cancellations and rebates of 130 are taken off. 1 order(s) were taken "
        "back whole. Rows of nobody in particular hold 540 more. Do your books say the same?"
    )


def test_guests_with_an_address_are_asked_about_and_found_again(folder: Folder) -> None:
    rows: Rows = [
        [f"A{n}", f"C{n % 9:03}" if n % 4 else "", day(n), f"{'Xc'[n % 8 != 4]}{n % 9}@a.com", 100]
        for n in range(80)
    ]
    folder.add("a.csv", table("Order,Customer ID,Date,Email,Amount", rows)).propose()
    assert '# guests_by = "Email"' in folder.text.split("[lists.customers]")[0]
    assert 'undecided = ["guests_by"]' in folder.text
    folder.edit(("# guests_by = ", "guests_by = "), ('undecided = ["guests_by"]', ""))
    register = folder.build()
    by_mail = {str(row[3]).lower(): row[1] for row in rows if row[1]}
    wanted = {str(row[1]) or by_mail.get(str(row[3]).lower(), str(row[3])) for row in rows}
    assert total(register) == 8000
    assert set(register.frame("orders")["customer_id"]) == wanted
    assert any(
        "10 of the rows without an id have a Email" in str(note) for note in register.notes["note"]
    )
    assert not any("no customer" in str(doubt.says) for doubt in register.doubts)


def test_further_lines_of_an_order_are_no_guests(folder: Folder) -> None:
    rows: Rows = []
    for n in range(40):
        rows.append([f"A{n}", f"C{n % 9:03}", day(n), f"c{n % 9}@example.com", 100])
        rows.append([f"A{n}", "", day(n), f"c{n % 9}@example.com", 70])
    folder.add("a.csv", table("Order,Customer ID,Date,Email,Line amount", rows)).propose()
    assert "guests_by" not in folder.text


def further_rows(dates: str = "%Y-%m-%d") -> Rows:
    rows: Rows = []
    for n in range(60):
        phone = "" if n % 3 else f"03-1111-{n:04}"
        rows.append([f"S{n:04}", day(n, dates), f"Clinic {n % 9}", phone, f"Chair {n % 4}", 2, 150])
        rows += [["", "", "", "", f"Lamp {m}", 1, 40 + m] for m in range(n % 3)]
    return rows


def test_further_rows_of_an_order_take_from_the_row_above(folder: Folder) -> None:
    header = "Order Reference,Order Date,Customer,Phone,Product,Quantity,Unit Price"
    rows = further_rows()
    text = folder.add("a.csv", table(header, rows)).propose()
    assert 'as_above = ["Order Reference", "Order Date", "Customer", "Phone"]' in text
    folder.edit(('# customer_id = "Customer"', 'customer_id = "Customer"'))
    register = folder.build()
    assert total(register) == sum(int(str(row[5])) * int(str(row[6])) for row in rows)
    orders = register.frame("orders")
    assert (len(orders), orders["customer_id"].nunique()) == (60, 9)
    assert any("60 row(s) say nothing under Order Reference" in str(n) for n in register.notes.note)


def test_rows_that_carry_their_order_number_take_by_it(folder: Folder) -> None:
    header = "Order Reference,Order Date,Customer,Phone,Product,Quantity,Unit Price"
    rows = further_rows()
    number = ""
    for row in rows:
        row[0] = number = str(row[0]) or number
    assert "as_above" not in folder.add("a.csv", table(header, rows)).propose()


def test_a_row_that_says_something_takes_nothing_from_above(folder: Folder) -> None:
    folder.text = DECLARED.replace("[lists.orders]", '[lists.orders]\nas_above = ["no", "day"]', 1)
    folder.add("a.csv", "no,who,day,money\n1,a,2024-01-05,5\n,b,,7\n,c,2024-02-01,9\n")
    register = folder.build()
    orders = register.frame("orders").sort_values("amount")
    assert orders["order_id"].tolist() == ["1", "1", "c@2024-02-01"]
    assert orders["ordered_on"].dt.day.tolist() == [5, 5, 1]


def test_as_above_names_columns_that_are_there(folder: Folder) -> None:
    folder.text = DECLARED.replace("[lists.orders]", '[lists.orders]\nas_above = ["nn"]', 1)
    folder.add("a.csv", "no,who,day,money\n1,a,2024-01-05,5\n")
    with pytest.raises(ListError, match='as_above names the column "nn"'):
        folder.build()


def test_a_line_below_zero_among_others_of_its_order_is_a_rebate(folder: Folder) -> None:
    folder.text = DECLARED
    rows: Rows = [
        [1, "a", day(1), 300], [1, "a", day(1), -50],  # a rebate
        [2, "a", day(2), 300], [2, "a", day(9), -50],  # came back later
        [3, "b", day(3), 300], [3, "b", day(3), -300],  # nothing is left
        [4, "b", day(4), -20],
    ]  # fmt: skip
    register = folder.add("a.csv", table("no,who,day,money", rows)).build()
    kinds = register.frame("adjustments").sort_values(["order_id", "amount"])["kind"].tolist()
    assert kinds == ["correction", "return", "return", "return"]


def test_a_rebate_of_a_cancelled_order_goes_with_it(folder: Folder) -> None:
    folder.text = (
        DECLARED
        + 'status = "state"\n'
        + ('[lists.orders.words.status]\ncompleted = ["done"]\ncancelled = ["void"]\n')
    )
    rows: Rows = [
        [1, "a", day(1), 300, "void"], [1, "a", day(1), -50, "void"],  # never was an order
        [2, "a", day(2), 300, "done"], [2, "a", day(9), -300, "void"],  # was one, and no more
        [3, "b", day(3), 300, "done"], [3, "b", day(3), -50, "done"],
        [4, "b", day(4), -20, "void"],  # of an order of long ago
    ]  # fmt: skip
    register = folder.add("a.csv", table("no,who,day,money,state", rows)).build()
    assert total(register) == 600
    assert sorted(register.frame("adjustments")["amount"]) == [-300, -50, -20]
    assert register.set_aside["reason"].tolist() == ["cancelled order"] * 2
    ledger = register.ledger.iloc[0]
    assert ledger["money_set_aside"] == 250


def test_a_booking_cancelled_before_its_day_never_was(folder: Folder) -> None:
    folder.text = DECLARED + 'cancelled_on = "off"\n'
    rows: Rows = [["1", "a", "2024-05-01", 300, ""], ["2", "a", "2025-03-01", 80, "2024-12-01"]]
    register = folder.add("a.csv", table("no,who,day,money,off", rows)).build()
    says = next(str(doubt.says) for doubt in register.doubts if doubt.name == "books")
    assert says.startswith("1 orders of 1 customers count up to 2024-12-31, 300 together. Do")


def test_what_names_nobody_by_a_word_stops_where_it_is_much(folder: Folder) -> None:
    rows: Rows = [[n, "Walk-In" if n % 9 == 0 else f"C{n % 8}", day(n), 50] for n in range(90)]
    folder.text = DECLARED
    folder.add("a.csv", table("no,who,day,money", rows))
    with pytest.raises(ListError, match=r"Walk-In 10 row.s., amounts of 500. Write guests"):
        folder.build()


def test_the_same_person_again_with_another_day_is_no_list_of_customers(folder: Folder) -> None:
    rows: Rows = [
        [f"R{n:04}", day(n), f"Abe {n % 15}", f"070-4099-{n % 15:04}", n // 15, "done"]
        for n in range(90)
    ]
    header = "予約番号,来店日,お客様名,電話番号,累計来店回数,予約ステータス"
    folder.add("a.csv", table(header, rows)).propose()
    assert [one.proposal.table for one in folder.new.plan.lists] == ["contacts"]


def test_stages_with_a_number_before_them_are_known(folder: Folder) -> None:
    stages = ["06.受注", "07.失注", "04.見積提示"]
    rows: Rows = [
        [f"D{n}", f"Firm {n % 9}", stages[n % 3], 900 + n, day(n), day(n + 40)] for n in range(60)
    ]
    header = "商談ID,会社名,フェーズ,金額,作成日,完了日"
    text = folder.add("a.csv", table(header, rows)).propose()
    assert 'yes = ["06.受注"]' in text
    assert 'no = ["07.失注"]' in text


def test_lines_of_orders_that_are_no_sale_do_not_come_back(folder: Folder) -> None:
    orders: Rows = [
        [n, f"C{n % 9}", day(n), 100, "void" if n % 5 == 0 else "done"] for n in range(60)
    ]
    lines: Rows = [[n // 2, f"C{n // 2 % 9}", day(n // 2), f"Tea {n % 3}", 50] for n in range(120)]
    folder.add("a.csv", table("no,who,day,money,state", orders))
    folder.add("b.csv", table("no,who,day,product,money", lines))
    folder.text = (
        DECLARED
        + 'status = "state"\n'
        + (
            '[lists.orders.words.status]\ncompleted = ["done"]\ncancelled = ["void"]\n'
            '[lists.order_lines]\nfiles = ["b.csv"]\n[lists.order_lines.columns]\norder_id = "no"\n'
            'customer_id = "who"\nordered_on = "day"\nproduct = "product"\namount = "money"\n'
        )
    )
    register = folder.build()
    assert (len(register.frame("orders")), total(register)) == (48, 4800)
    assert any("24 line(s) belong to orders" in str(note) for note in register.notes["note"])
    # an order of somebody else with the same number, as of another shop, stays
    folder.add("b.csv", table("no,who,day,product,money", [*lines, [5, "X1", day(7), "Tea", 70]]))
    assert total(folder.build()) == 4870


def test_a_refund_of_the_whole_order_is_taken_off_once(folder: Folder) -> None:
    rows: Rows = []
    for n in range(40):
        back = 30 if n % 8 == 0 else 0
        rows += [[n, f"C{n % 9}", day(n), f"Tea {m}", 50, back] for m in range(1 + n % 3)]
    header = "Order number,Customer ID,Date,Item,Line total,Refunded amount"
    text = folder.add("a.csv", table(header, rows)).propose()
    assert "150 together; is it to be taken off?" in text
    folder.edit(("# refunds = ", "refunds = "), ("undecided = [", "# ["))
    register = folder.build()
    assert total(register, "adjustments") == -150
    assert any("the same in each of their rows" in str(note) for note in register.notes["note"])


def test_attendances_that_were_missed_by_their_state_are_asked_about(folder: Folder) -> None:
    states = ["BOOKED", "CANCELLED", "NO SHOW"]
    rows: Rows = [
        [f"b{n}", "Pilates", day(n, "%d/%m/%Y"), day(n - 2, "%d/%m/%Y") + " 18:38", f"m{n % 9}",
         states[n % 3]]
        for n in range(90)
    ]  # fmt: skip
    header = "Booking ID,Class Name,Class Date,Booked On,Member ID,Booking Status"
    text = folder.add("a.csv", table(header, rows)).propose()
    assert 'contacted_on = "Booked On"' not in text.replace('# contacted_on = "Booked On"', "")
    assert 'not_sales."Booking Status" = ["CANCELLED", "NO SHOW"]' in text


def test_visits_that_were_cancelled_are_no_visits(folder: Folder) -> None:
    folder.text = DECLARED.replace("[lists.orders]", "[lists.usage]").replace(
        "[lists.orders.columns]", "[lists.usage.columns]"
    ).replace('order_id = "no"\n', "").replace('amount = "money"', 'status = "state"').replace(
        "ordered_on", "used_on"
    ) + '[lists.usage.words.status]\ncompleted = ["came"]\ncancelled = ["off"]\n'  # fmt: skip
    rows: Rows = [[n, f"C{n % 5}", day(n), "off" if n % 4 == 0 else "came"] for n in range(40)]
    register = folder.add("a.csv", table("no,who,day,state", rows)).build()
    assert register.usage.count().execute() == 30


def test_deals_tell_the_names_of_their_customers(folder: Folder) -> None:
    trades = ["製造業", "小売"]
    rows: Rows = [
        [f"A{n}", f"C{n % 24:03}", f"第{n % 24}商会", f"担当 {n % 24}", trades[n % 2],
         ["受注", "失注"][n % 3 == 0], day(n), day(n + 30), 1000 + n]
        for n in range(96)
    ]  # fmt: skip
    header = "案件番号,顧客コード,顧客名,先方担当者,業種,案件ステータス,引合日,完了日,金額"
    text = folder.add("a.csv", table(header, rows)).propose()
    assert folder.columns("customers") == {
        "customer_id": "顧客コード", "name": "顧客名", "contact_person": "先方担当者",
    }  # fmt: skip
    assert "担当 1" not in text
