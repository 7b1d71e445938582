"""One value at a time, by hand; and that no text breaks a parser."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segment_lib.lists.amounts import parse_hours, parse_money, parse_number
from segment_lib.lists.columns_read import without_float_ending
from segment_lib.lists.dates import parse_date
from segment_lib.lists.values import Told, parse_column, parse_telephone


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1200", "1200"),
        ("1,200", "1200"),
        ("１，２００円", "1200"),
        ("¥1,200", "1200"),
        ("￥１，２００", "1200"),
        ("-¥1,200", "-1200"),
        ("¥-1,200", "-1200"),
        ("▲300", "-300"),
        ("△¥300", "-300"),
        ("(300)", "-300"),
        ("（３００）", "-300"),
        ("−300", "-300"),
        ("－300", "-300"),
        ("300-", "-300"),
        ("12万", "120000"),
        ("1.5万円", "15000"),
        ("3万5千円", "35000"),
        ("1億2千万", "120000000"),
        ("1,200千円", "1200000"),
        ("千二百円", "1200"),
        ("二十五万三千", "253000"),
        ("142182.9855537721", "142182.9856"),
        ("1e-05", "0"),
        ("0.00005", "0"),
    ],
)
def test_money_is_read_as_people_write_it(text: str, amount: str) -> None:
    assert parse_money(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["", "-", "－", "abc", "1,23", "12,34,567", "1.2.3", "-(300)", "10²", "①", "3円引"]
)
def test_what_is_no_amount_is_not_read(text: str) -> None:
    assert parse_money(text) == Told("unreadable amount", "金額を読み取れない")


def test_an_amount_that_cannot_be_one_has_its_own_reason() -> None:
    assert parse_money("123456789012345") == Told("amount too large to be one", "金額が大きすぎる")


@pytest.mark.parametrize(
    ("text", "formats", "day"),
    [
        ("2025-03-01", ("ymd",), date(2025, 3, 1)),
        ("2025/3/1", ("ymd",), date(2025, 3, 1)),
        ("２０２５／３／１", ("ymd",), date(2025, 3, 1)),
        ("2025.3.1", ("ymd",), date(2025, 3, 1)),
        ("2025年3月1日", ("ymd",), date(2025, 3, 1)),
        ("2025年3月1日(土) 10時30分", ("ymd",), date(2025, 3, 1)),
        ("20250301", ("ymd",), date(2025, 3, 1)),
        ("2019-02-01 01:36:57.312000", ("ymd",), date(2019, 2, 1)),
        ("2025-03-01T23:30:00Z", ("ymd",), date(2025, 3, 2)),  # 8:30 the next day in Tokyo
        ("2025-03-01T00:30+14:00", ("ymd",), date(2025, 2, 28)),
        ("令和6年3月1日", ("era",), date(2024, 3, 1)),
        ("令和元年5月1日", ("era",), date(2019, 5, 1)),
        ("R8.4.1", ("era",), date(2026, 4, 1)),
        ("H31/4/30", ("era",), date(2019, 4, 30)),
        ("昭和64年1月7日", ("era",), date(1989, 1, 7)),
        ("08/03/2014", ("dmy",), date(2014, 3, 8)),
        ("08/03/2014", ("mdy",), date(2014, 8, 3)),
        ("9/7/11", ("mdy",), date(2011, 9, 7)),
        ("21-07-2015", ("dmy",), date(2015, 7, 21)),
        ("1 Mar 2025", ("dmy",), date(2025, 3, 1)),
        ("Mar 1, 2025", ("mdy",), date(2025, 3, 1)),
        ("46113", ("serial",), date(2026, 4, 1)),
        ("46113.75", ("serial",), date(2026, 4, 1)),
        ("2014-03-08", ("dmy",), date(2014, 3, 8)),  # an Excel date arrives as ISO text
    ],
)
def test_dates_are_read_as_declared(text: str, formats: tuple[str, ...], day: date) -> None:
    assert parse_date(text, formats) == day


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("08/03/2014", "unreadable date"),
        ("46113", "unreadable date"),
        ("3月1日", "unreadable date"),
        ("先月", "unreadable date"),
        ("2025-02-30", "date not in the calendar"),
        ("2025/13/01", "date not in the calendar"),
    ],
)
def test_a_date_that_was_not_declared_is_not_guessed(text: str, reason: str) -> None:
    read = parse_date(text)
    assert isinstance(read, Told)
    assert read.en == reason


def test_hours_numbers_and_telephones() -> None:
    for text in ("1:30", "1時間30分", "９０分", "1.5h", "1.5"):
        assert parse_hours(text) == Decimal("1.5")
    assert isinstance(parse_hours("-2"), Told)
    assert parse_number("５０名") == Decimal(50)
    assert parse_telephone("+81-3-1234-5678") == parse_telephone("03(1234)5678") == "0312345678"


def test_the_ending_of_float_ids_goes_only_if_all_have_it() -> None:
    text = pd.ArrowDtype(pa.string())
    ids, note = without_float_ending(pd.Series(["17850.0", None], dtype=text, name="customer_id"))
    assert ids.to_list() == ["17850", None] or ids[0] == "17850"
    assert note is not None
    assert note.en.startswith('customer_id: every id ended in ".0"')
    kept, nothing = without_float_ending(pd.Series(["17850.0", "00123"], dtype=text))
    assert kept.to_list() == ["17850.0", "00123"]
    assert nothing is None


def test_a_column_is_read_once_per_distinct_text() -> None:
    seen: list[str] = []

    def parse(text: str) -> object:
        seen.append(text)
        return parse_money(text)

    column = pd.Series(["1", "x", "1", " ", "なし"], dtype="str")
    read = parse_column(column, parse, pa.decimal128(18, 4), missing=("なし",))
    assert seen == ["1", "x"]
    assert read.values.isna().to_list() == [False, True, False, True, True]
    assert read.reason.dropna().to_list() == ["unreadable amount"]


SIGNS = "0123456789０１２,.-−▲()¥円万千百十億年月日/令和RH:T+"


@settings(max_examples=300)
@given(st.text(max_size=12) | st.text(alphabet=SIGNS, max_size=14))
def test_no_text_breaks_a_parser(text: str) -> None:
    assert isinstance(parse_money(text), Decimal | Told)
    assert isinstance(parse_number(text), Decimal | Told)
    assert isinstance(parse_hours(text), Decimal | Told)
    everything = ("ymd", "era", "dmy", "serial")
    assert isinstance(parse_date(text, everything), date | Told)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_full_width_and_grouped_amounts_read_back(amount: Decimal) -> None:
    grouped = f"{amount:,}"
    wide = grouped.translate(str.maketrans("0123456789,.-", "０１２３４５６７８９，．－"))
    assert parse_money(grouped) == parse_money(f"{wide}円") == amount


@given(st.dates(min_value=date(1926, 12, 26)))
def test_days_read_back(day: date) -> None:
    assert parse_date(f"{day:%Y%m%d}" if day.year > 999 else day.isoformat()) == day
    assert parse_date(f"{day.year}年{day.month}月{day.day}日") == day
    assert parse_date(f"{day.day}/{day.month}/{day.year}", ("dmy",)) == day
    if 2019 <= day.year < 2118:
        assert parse_date(f"令和{day.year - 2018}年{day.month}月{day.day}日") == day
