"""The nineteen pitfalls of intake and cleaning, one test each, numbered as the field counts them.

Some are tested more deeply elsewhere; here each is seen once, from raw list to register.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from segment_lib.behaviour.history import order_history
from segment_lib.checks import ClientError, KitError, ListError
from segment_lib.client import Client
from segment_lib.lists.cells.amounts import parse_money
from segment_lib.lists.cells.dates import parse_date
from segment_lib.lists.frames import to_frame
from segment_lib.lists.register import Register, build_register
from segment_lib.voice import Sentence

Make = Callable[..., Client]

ORDERS = """
[lists.orders]
files = ["o.csv"]
guests = ["GUEST*"]
[lists.orders.columns]
customer_id = "id"
order_id = "no"
ordered_on = "day"
amount = "total"
"""
HEAD = "id,no,day,total\n"


def built(make: Make, rows: str, toml: str = ORDERS, **files: str) -> Register:
    more = {f"{name}.csv": text for name, text in files.items()}
    return build_register(make(toml, {"o.csv": HEAD + rows, **more}))


def history(register: Register, day: date = date(2025, 12, 31), **options: str) -> pd.DataFrame:
    return to_frame(
        order_history(register.orders, day, register.adjustments, register.customers, **options)
    )


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp"])
def test_pitfall_01_the_encoding_is_found(make: Make, codec: str) -> None:
    text = HEAD + "お客様壱,注文一,2025年1月5日,１２円\nお客様弐,注文二,2025年1月5日,１２円\n"
    register = build_register(make(ORDERS, {"o.csv": text.encode(codec)}))
    assert register.frame("customers").index.to_list() == ["お客様壱", "お客様弐"]


def test_pitfall_01_bytes_that_fit_nowhere_are_never_replaced(make: Make) -> None:
    client = make(ORDERS, {"o.csv": b"id,no,day,total\n\x81\xff\xfe\x00x,a,2025-01-05,1\n"})
    with pytest.raises(ListError):
        build_register(client)


def test_pitfall_02_ids_are_text(make: Make) -> None:
    rows = "00123,000006609603,2025-01-05,1\nNA,b,2025-01-05,1\n ００１ ,c,2025-01-05,1\n"
    rows += ",d,2025-01-05,1\n"
    register = built(make, rows)
    assert register.frame("customers").index.to_list() == ["001", "00123", "NA"]
    assert "000006609603" in set(register.frame("orders")["order_id"])
    assert register.set_aside["reason"].to_list() == ["missing customer id"]
    floats = built(make, "17850.0,a,2025-01-05,1\n12.0,b,2025-01-05,1\n")
    assert floats.frame("customers").index.to_list() == ["12", "17850"]


@pytest.mark.parametrize(
    ("text", "amount"),
    [("１，２００円", 1200), ("¥1,200", 1200), ("△300", -300), ("(300)", -300), ("▲300", -300),
     ("−300", -300), ("3万5千円", 35000), ("1.234,56", None), ("1 234", None)],
)  # fmt: skip
def test_pitfall_03_money_as_people_write_it(text: str, amount: int | None) -> None:
    read = parse_money(text)
    assert isinstance(read, Sentence) if amount is None else read == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "declared", "day"),
    [("08/03/2014", ("dmy",), date(2014, 3, 8)), ("08/03/2014", ("mdy",), date(2014, 8, 3)),
     ("08/03/2014", ("ymd", "era"), None), ("20260401", ("ymd",), date(2026, 4, 1)),
     ("R8.4.1", ("era",), date(2026, 4, 1)), ("46113", ("serial",), date(2026, 4, 1)),
     ("46113", ("ymd", "era"), None), ("2026年4月1日", ("ymd",), date(2026, 4, 1))],
)  # fmt: skip
def test_pitfall_04_dates_only_as_declared(
    text: str, declared: tuple[str, ...], day: date | None
) -> None:
    read = parse_date(text, declared)
    assert isinstance(read, Sentence) if day is None else read == day


def test_pitfall_04_two_ways_to_read_a_day_cannot_be_declared(make: Make) -> None:
    with pytest.raises(ClientError) as caught:
        make(ORDERS.replace("guests =", 'dates = ["dmy", "mdy"]\nguests ='), {"o.csv": HEAD})
    assert str(caught.value) == (
        'client.toml: [lists.orders]: dates may hold "dmy" or "mdy", not both: 03/04/25 fits '
        "either."
    )


def test_pitfall_05_one_business_zone(make: Make) -> None:
    rows = "1,a,2025-03-01T23:30:00Z,1\n1,b,2025-03-01 23:30:00+00,1\n1,c,2025-03-01 23:30,1\n"
    days = built(make, rows).frame("orders").set_index("order_id")["ordered_on"].astype("str")
    assert days.to_dict() == {"a": "2025-03-02", "b": "2025-03-02", "c": "2025-03-01"}


def test_pitfall_06_guests_are_no_giant_customer(make: Make) -> None:
    register = built(make, "GUEST1,a,2025-01-05,500\nGUEST2,b,2025-01-05,700\n1,c,2025-01-05,1\n")
    assert register.frame("customers").index.to_list() == ["1"]
    assert register.set_aside["reason"].to_list() == ["guest id", "guest id"]
    assert register.ledger.iloc[0]["money_set_aside"] == 1200


def test_pitfall_07_merges_only_from_the_confirmed_table(make: Make) -> None:
    toml = ORDERS + '[lists.customers]\nfiles = ["c.csv"]\n[lists.customers.columns]\n'
    toml += 'customer_id = "id"\nname = "name"\n'
    files = {"c": "id,name\n1,㈱アオバ\n2,(株) アオバ\n"}
    rows = "1,a,2025-01-05,1\n2,b,2025-01-05,1\n"
    assert len(built(make, rows, toml, **files).frame("customers")) == 2
    merged = toml + '[merges]\nfile = "m.csv"\n'
    register = built(make, rows, merged, **files, m="old_id,new_id\n2,1\n")
    assert register.frame("customers").index.to_list() == ["1"]
    assert register.frame("orders")["customer_id"].to_list() == ["1", "1"]


def test_pitfall_08_who_never_bought_is_a_customer_too(make: Make) -> None:
    toml = ORDERS + '[lists.customers]\nfiles = ["c.csv"]\n[lists.customers.columns]\n'
    register = built(make, "1,a,2025-01-05,1\n", toml + 'customer_id = "id"\n', c="id\n1\n2\n")
    assert history(register)["frequency"].to_dict() == {"1": 1, "2": 0}


RETURNED = "1,a,2025-01-05,100\n1,r,2025-06-05,-40\n2,b,2025-01-05,100\n2,b,2025-07-01,-100\n"


def test_pitfall_09_a_return_is_no_visit_and_changes_nothing_before_it(make: Make) -> None:
    register = built(make, RETURNED)
    now = history(register)
    assert now.loc["1", ["frequency", "monetary", "recency_days"]].to_list() == [1, 60, 360]
    assert now.loc["2", ["frequency", "monetary"]].to_list() == [0, 0]  # undone as a whole
    march = history(register, date(2025, 3, 31))
    assert march["monetary"].to_dict() == {"1": 100, "2": 100}
    assert history(register, returns="ignore")["monetary"].to_dict() == {"1": 100, "2": 100}


def test_pitfall_10_more_back_than_paid_is_flagged_and_stays(make: Make) -> None:
    register = built(make, "1,a,2025-01-05,100\n1,r,2025-06-05,-140\n2,b,2025-01-05,1\n")
    found = history(register)
    assert found.loc["1", ["monetary", "net_negative"]].to_list() == [-40, True]
    assert not found.loc["2", "net_negative"]


def test_pitfall_11_a_status_that_nobody_explained_stops_the_run(make: Make) -> None:
    toml = ORDERS.replace('amount = "total"', 'amount = "total"\nstatus = "state"')
    files = {"o.csv": "id,no,day,total,state\n1,a,2025-01-05,1,保留\n1,b,2025-01-05,1,取消\n"}
    with pytest.raises(ListError) as caught:
        build_register(make(toml, files))
    assert '"保留" (1)' in str(caught.value)
    words = '[lists.orders.words.status]\ncompleted = ["保留"]\ncancelled = ["取消"]\n'
    assert build_register(make(toml + words, files)).set_aside["reason"].to_list() == [
        "cancelled order"
    ]


@pytest.mark.parametrize(
    ("said", "orders", "visits", "aside"),
    [("set_aside", 1, 0, 1), ("keep", 2, 0, 0), ("visit", 1, 1, 0)],
)
def test_pitfall_12_three_choices_for_orders_without_money(
    make: Make, said: str, orders: int, visits: int, aside: int
) -> None:
    toml = ORDERS.replace("guests =", f'zero_amounts = "{said}"\nguests =')
    register = built(make, "1,a,2025-01-05,100\n1,b,2025-02-05,0\n", toml)
    found = [len(register.frame(name)) for name in ("orders", "usage")]
    assert [*found, len(register.set_aside)] == [orders, visits, aside]


def test_pitfall_13_lines_are_not_orders(make: Make) -> None:
    toml = ORDERS.replace("[lists.orders]", '[lists.orders]\ntable = "order_lines"')
    toml = toml.replace('order_id = "no"\n', "")
    rows = "1,,2025-01-05,100\n1,,2025-01-05,50\n1,,2025-02-05,7\n"
    register = built(make, rows, toml)
    assert register.frame("orders")["amount"].to_list() == [150, 7]
    assert (
        "3 row(s) without an order id: one customer, one day is one order, which makes 2. If each "
        "row is an order, write one_row_is_one_order = true"
    ) in set(register.notes["note"])


def test_pitfall_14_orders_and_order_days_are_both_counted(make: Make) -> None:
    found = history(built(make, "1,a,2025-01-05,1\n1,b,2025-01-05,1\n1,c,2025-01-06,1\n"))
    assert found.loc["1", ["frequency", "order_days"]].to_list() == [3, 2]


def test_pitfall_15_equal_rows_are_counted_and_folded_only_on_demand(make: Make) -> None:
    rows = "1,a,2025-01-05,1\n1,a,2025-01-05,1\n"
    register = built(make, rows)
    assert any(note.startswith("1 row(s) repeat another") for note in register.notes["note"])
    assert register.frame("orders")["amount"].to_list() == [2]
    folded = built(make, rows, ORDERS.replace("guests =", 'duplicates = "fold"\nguests ='))
    assert folded.frame("orders")["amount"].to_list() == [1]
    assert folded.ledger.iloc[0][["kept", "folded"]].to_list() == [1, 1]


def test_pitfall_16_what_is_missing_is_set_aside_with_its_reason(make: Make) -> None:
    register = built(make, ",a,2025-01-05,1\n1,b,,1\n1,c,2025-01-05,\n1,d,2025-01-05,1\n")
    assert register.set_aside["reason"].to_list() == [
        *("missing customer id", "missing date", "missing amount"),
    ]
    row = register.ledger.iloc[0]
    assert row["rows_in"] == row["kept"] + row["set_aside"] + row["folded"] == 4


def test_pitfall_17_orders_after_the_day_do_not_count(make: Make) -> None:
    register = built(make, "1,a,2025-01-05,1\n1,b,2026-02-05,1\n2,c,2026-02-05,1\n")
    found = history(register)
    assert found["frequency"].to_dict() == {"1": 1, "2": 0}
    assert (found["recency_days"].dropna() >= 0).all()


def test_pitfall_18_the_day_is_said_never_taken_from_a_clock(make: Make) -> None:
    with pytest.raises(KitError) as caught:
        make(ORDERS, {"o.csv": HEAD}, head='[client]\nname = "small"\n')
    assert str(caught.value) == "client.toml: [client] needs the key 'as_of'."
