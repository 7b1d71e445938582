"""Amounts with and without tax: on one basis, exactly, or not at all without a word."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from segment_lib.checks import ClientError
from segment_lib.client import Client
from segment_lib.lists.cells.values import reason_said
from segment_lib.lists.register import build_register
from segment_lib.lists.rows.gathered import Engine, gather_lists
from segment_lib.lists.rows.tax import parse_tax_rate
from segment_lib.voice import Sentence, language

Make = Callable[..., Client]

ORDERS = """
[lists.orders]
files = ["o.csv"]
TAX
[lists.orders.columns]
customer_id = "id"
order_id = "no"
ordered_on = "day"
amount = "total"
margin = "margin"
"""
CSV = (
    "id,no,day,total,margin,rate\n1,a,2025-01-01,1080,100,8%\n1,b,2025-01-01,1100,100,10%\n"
    "2,c,2025-01-02,▲110,,10％\n2,d,2025-01-03,1000,,\n"
)


def amounts(client: Client, name: str = "orders") -> list[Decimal]:
    with Engine(client.folder) as engine:
        (one,) = [one for one in gather_lists(client, engine, {}) if one.name == name]
        rows = engine.rows(f"select amount from {one.part} order by _row")
    return [amount.normalize() for (amount,) in rows]


def rules(basis: str) -> str:
    return f'[rules]\nmoney = "tax_{basis}"\n'


def test_amounts_with_tax_are_taken_to_amounts_without(make: Make) -> None:
    toml = ORDERS.replace("TAX", 'tax = "included"') + rules("excluded")
    client = make(toml, {"o.csv": CSV})
    # 1080 / 1.1 = 981.81818…, 1100 / 1.1, -110 / 1.1, 1000 / 1.1 = 909.0909…
    assert amounts(client) == [
        *(Decimal("981.8182"), Decimal(1000), Decimal(-100), Decimal("909.0909")),
    ]
    register = build_register(client)
    assert register.frame("orders")["margin"].dropna().to_list() == [100, 100]  # stays
    assert "amounts are written with tax; the register counts without, taken out at 10 %" in set(
        register.notes["note"]
    )
    with language("ja"):
        assert "金額は税込のため、税率10%で税抜に直した" in set(register.notes["note"])


def test_amounts_without_tax_are_taken_to_amounts_with(make: Make) -> None:
    toml = ORDERS.replace("TAX", 'tax = "excluded"\ntax_rate = 8') + rules("included")
    client = make(toml, {"o.csv": CSV})
    assert amounts(client) == [
        *(Decimal("1166.4"), Decimal(1188), Decimal("-118.8"), Decimal(1080)),
    ]
    assert "amounts are written without tax; the register counts with tax, added at 8 %" in set(
        build_register(client).notes["note"]
    )


def test_each_row_has_its_own_rate(make: Make) -> None:
    toml = ORDERS.replace("TAX", 'tax = "included"') + 'tax_rate = "rate"\n' + rules("excluded")
    client = make(toml, {"o.csv": CSV})
    assert amounts(client)[:3] == [Decimal(1000), Decimal(1000), Decimal(-100)]
    register = build_register(client)
    aside = register.set_aside
    assert aside[["row_number", "column", "reason"]].to_numpy().tolist() == [
        [5, "tax_rate", "missing tax rate"],
    ]
    with language("ja"):
        assert reason_said(aside["reason"].iloc[0]) == "税率がない"
    assert register.ledger.iloc[0]["money_set_aside"] == 1000  # as it stands: nothing is lost
    assert any("at the rate of each row (rate)" in note for note in register.notes["note"])


def test_a_blank_rate_is_the_stated_rate_of_the_list(make: Make) -> None:
    toml = ORDERS.replace("TAX", 'tax = "included"\ntax_rate = 25') + 'tax_rate = "rate"\n'
    assert amounts(make(toml + rules("excluded"), {"o.csv": CSV}))[3] == Decimal(800)


def test_a_rate_that_cannot_be_read_sets_the_row_aside(make: Make) -> None:
    toml = ORDERS.replace("TAX", 'tax = "included"') + 'tax_rate = "rate"\n' + rules("excluded")
    register = build_register(make(toml, {"o.csv": CSV.replace("8%", "税込8%")}))
    assert register.set_aside[["row_number", "value", "reason"]].to_numpy().tolist()[0] == [
        *(2, "税込8%", "unreadable tax rate"),
    ]


def test_where_no_amount_is_converted_a_rate_is_no_matter(make: Make) -> None:
    toml = ORDERS.replace("TAX", 'tax = "included"') + 'tax_rate = "rate"\n' + rules("included")
    register = build_register(make(toml, {"o.csv": CSV.replace("8%", "?")}))
    assert register.set_aside.empty
    assert not register.notes["note"].str.contains("tax").any()


def test_nothing_declared_leaves_everything_as_it_stands(make: Make) -> None:
    client = make(ORDERS.replace("TAX", ""), {"o.csv": CSV})
    assert amounts(client) == [Decimal(1080), Decimal(1100), Decimal(-110), Decimal(1000)]
    assert not build_register(client).notes["note"].str.contains("tax").any()


def test_price_times_quantity_is_brought_to_the_basis_as_a_whole(make: Make) -> None:
    toml = (
        '[lists.order_lines]\nfiles = ["l.csv"]\ntax = "excluded"\n[lists.order_lines.columns]\n'
        'customer_id = "id"\nordered_on = "day"\nquantity = "n"\nunit_price = "price"\n'
    )
    client = make(toml + rules("included"), {"l.csv": "id,day,n,price\n1,2025-01-01,3,33.3333\n"})
    assert amounts(client, "order_lines") == [Decimal("109.9999")]  # 99.9999 * 1.1 = 109.99989


def test_summaries_and_deals_have_money_too(make: Make) -> None:
    toml = (
        '[lists.summaries]\nfiles = ["s.csv"]\ntax = "included"\n[lists.summaries.columns]\n'
        'customer_id = "id"\nfrequency = "n"\nmonetary = "sum"\n'
        '[lists.deals]\nfiles = ["s.csv"]\ntax = "excluded"\n[lists.deals.columns]\n'
        'customer_id = "id"\ndeal_id = "id"\nopened_on = "day"\namount = "sum"\n'
    )
    register = build_register(
        make(toml + rules("excluded"), {"s.csv": "id,n,sum,day\n1,2,220,2025-01-01\n"})
    )
    assert register.frame("summaries")["monetary"].to_list() == [200]
    assert register.frame("deals")["amount"].to_list() == [220]


def test_two_bases_are_never_added_up(make: Make) -> None:
    more = '[lists.more]\ntable = "orders"\nfiles = ["o.csv"]\ntax = "excluded"\n'
    more += ORDERS[ORDERS.index("[lists.orders.columns]") :].replace("lists.orders", "lists.more")
    with pytest.raises(ClientError) as caught:
        make(ORDERS.replace("TAX", 'tax = "included"') + more, {"o.csv": CSV})
    assert str(caught.value) == (
        'client.toml: [lists.orders] has tax = "included" and [lists.more] has tax = "excluded", '
        "so their amounts cannot be added up. Say how the register counts: [rules] money = "
        '"tax_included" or "tax_excluded".'
    )


def test_a_register_with_a_basis_asks_every_list_with_money(make: Make) -> None:
    with pytest.raises(ClientError) as caught:
        make(ORDERS.replace("TAX", "") + rules("excluded"), {"o.csv": CSV})
    assert str(caught.value) == (
        'client.toml: [rules] money = "tax_excluded", but [lists.orders] does not say whether its '
        'amounts are with tax. Add: tax = "included" or tax = "excluded".'
    )


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("10%", "10"), ("８％", "8"), ("0.1", "10"), ("0.08", "8"), ("10", "10"), ("軽減8%", "8"),
        ("軽減税率（8%）", "8"), ("標準税率 10％", "10"), ("8%※", "8"), ("10.0", "10"), ("0", "0"),
        ("0%", "0"), ("非課税", "0"), ("免税", "0"), ("VAT 19%", "19"), ("0.5%", "0.5"),
        (".1", "10"),
    ],
)  # fmt: skip
def test_rates_are_read_as_people_write_them(text: str, percent: str) -> None:
    assert parse_tax_rate(text) == Decimal(percent)


@pytest.mark.parametrize(
    "text", ["軽減", "8%/10%", "税込8%", "内税10%", "-8%", "100%", "150", "x", "8,0%"]
)
def test_a_rate_that_says_less_or_more_is_not_read(text: str) -> None:
    read = parse_tax_rate(text)
    assert read == Sentence("unreadable tax rate")
    with language("ja"):
        assert str(read) == "税率を読み取れない"


def test_every_amount_is_the_exact_quotient_rounded_half_to_even(make: Make) -> None:
    toml = ORDERS.replace("TAX", 'tax = "excluded"\ntax_rate = 50') + rules("included")
    rows = ["id,no,day,total,margin,rate"]
    rows += [f"1,{n},2025-01-01,0.000{n},," for n in range(1, 10)]
    found = amounts(make(toml, {"o.csv": "\n".join(rows)}))
    # 1.5 times 0.0001 … 0.0009: 0.00015 → 0.0002, 0.00045 → 0.0004, 0.00075 → 0.0008
    assert [int(one * 10000) for one in found] == [2, 3, 4, 6, 8, 9, 10, 12, 14]


def test_a_column_of_many_amounts_keeps_its_rows_in_place(make: Make) -> None:
    toml = ORDERS.replace("TAX", 'tax = "included"') + 'tax_rate = "rate"\n' + rules("excluded")
    rows = [f"{n},{n},2025-01-01,{n * 11},,{('10%', '0%')[n % 2]}" for n in range(1, 200)]
    found = amounts(make(toml, {"o.csv": "\n".join(["id,no,day,total,margin,rate", *rows])}))
    assert found == [Decimal(n * 10 if n % 2 == 0 else n * 11).normalize() for n in range(1, 200)]
