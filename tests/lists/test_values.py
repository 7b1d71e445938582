"""One value at a time, by hand; that no text breaks a parser; codes that stand for nothing."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segment_lib.lists.cells.amounts import parse_hours, parse_money, parse_number
from segment_lib.lists.cells.dates import parse_date
from segment_lib.lists.cells.telephones import parse_telephone
from segment_lib.lists.cells.values import (
    REASONS,
    Parsed,
    missing_reason,
    reason_said,
)
from segment_lib.lists.cells.vectors import read_each, read_texts
from segment_lib.lists.cells.words import (
    FORMULA_ERRORS,
    declared_codes,
    suggest_missing,
    without_codes,
    without_lost_values,
)
from segment_lib.settings import ListSection
from segment_lib.voice import Sentence, language


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
        ("0万円", "0"),
        ("1万500円", "10500"),
        ("12百万円", "12000000"),
        ("十万二十五", "100025"),
        ("1兆5,000億", "1500000000000"),
        ("¥ 1,200", "1200"),
        ("1,200 円", "1200"),
        ("( 300 )", "-300"),
        ("- 300", "-300"),
        ("172.82 GBP", "172.82"),
        ("12.50 CHF", "12.5"),
        ("-R$ 12.00", "-12"),
        ("C$12", "12"),
        ("150 Kč", "150"),
        ("₩12,000", "12000"),
        ("1e-05", "0"),
        ("0.00005", "0"),
    ],
)
def test_money_is_read_as_people_write_it(text: str, amount: str) -> None:
    assert parse_money(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    ["", "-", "－", "abc", "1,23", "12,34,567", "1.2.3", "-(300)", "10²", "①", "3円引", "1.234,56",
     "1 234", "1　234", "0,500", "12:30", "３／４", "¥1,200-", "3万5", "3千5", "1万2億", "5十3百",
     "万円", "1億 2千万", "2025-03-01", "税込1,200円", "約1200", "1200〜1500", "1,200/個", "#N/A",
     "１２００．５．１", "50%", "NaN", "Infinity", "0x10", "1_000", "1€20", "5$5", "A€5", "円5"],
)  # fmt: skip
def test_what_is_no_amount_is_not_read(text: str) -> None:
    assert parse_money(text) == Sentence("unreadable amount")


@pytest.mark.parametrize(
    ("text", "number"),
    [("26-Okt-25", 10), ("20-Mrz-26", 3), ("12. Januar 2025", 1), ("3. März 2025", 3),
     ("5 févr. 2025", 2), ("7 juin 2025", 6), ("7 juillet 2025", 7), ("1 août 2025", 8),
     ("12 de mayo de 2025", 5), ("26-dic-2025", 12), ("3 ottobre 2025", 10), ("3 giugno 2025", 6),
     ("5 mei 2025", 5), ("5 março 2025", 3), ("9 Sept. 2025", 9)],
)  # fmt: skip
def test_months_are_read_by_their_names_in_several_languages(text: str, number: int) -> None:
    read = parse_date(text, ("dmy",))
    assert isinstance(read, date)
    assert read.month == number
    assert isinstance(parse_date(text.replace(text.split()[-1][:1], "foo", 1), ("dmy",)), Sentence)


@pytest.mark.parametrize(
    "text", ["27 de junio de 2026 23:41 hs.", "27.06.2026 23:41 Uhr", "27-06-2026 23:41 uur"]
)
def test_a_clock_time_may_be_called_one(text: str) -> None:
    assert parse_date(text, ("dmy",)) == date(2026, 6, 27)


def test_more_hours_than_can_be_are_not_read() -> None:
    for text in ("9" * 40 + "時間", "9" * 40 + "分", "9" * 30 + ".5h"):
        assert parse_hours(text) == Sentence("unreadable hours")
    assert parse_hours("1時間30分") == Decimal("1.5")


def test_an_amount_that_cannot_be_one_has_its_own_reason() -> None:
    assert parse_money("123456789012345") == Sentence("amount too large to be one")


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
        ("2025-03-01 11:30 PM", ("ymd",), date(2025, 3, 1)),
        ("2025-03-01 11:30 PM +00:00", ("ymd",), date(2025, 3, 2)),
        ("2025-03-01 12:30 AM Z", ("ymd",), date(2025, 3, 1)),
        ("2025年3月1日(土) 午後3時30分", ("ymd",), date(2025, 3, 1)),
        ("2025-03-01 23:30:00 UTC", ("ymd",), date(2025, 3, 2)),
        ("2025-03-01 23:30:00.123456+00", ("ymd",), date(2025, 3, 2)),
        ("2025-03-01 23:30:00 JST", ("ymd",), date(2025, 3, 1)),
        ("2025-03-01 20:00 -0530", ("ymd",), date(2025, 3, 2)),
        ("R元.5.1", ("era",), date(2019, 5, 1)),
        ("㋿7年5月1日", ("era",), date(2025, 5, 1)),
        ("平成32年3月31日", ("era",), date(2020, 3, 31)),  # printed before the era changed
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
        ("2月30日", "unreadable date"),
        ("令和100年1月1日", "unreadable date"),
        ("2025/3", "unreadable date"),
        ("25/3/1", "unreadable date"),
        ("1200", "unreadable date"),
        ("R0.1.1", "date not in the calendar"),
        ("平成0年1月1日", "date not in the calendar"),
        ("2025-03-01 13:00 PM Z", "date not in the calendar"),
        ("2025-02-30", "date not in the calendar"),
        ("2025/13/01", "date not in the calendar"),
    ],
)
def test_a_date_that_was_not_declared_is_not_guessed(text: str, reason: str) -> None:
    read = parse_date(text)
    assert isinstance(read, Sentence)
    assert read.english == reason


def test_hours_numbers_and_telephones() -> None:
    for text in ("1:30", "1時間30分", "９０分", "1.5h", "1.5"):
        assert parse_hours(text) == Decimal("1.5")
    assert isinstance(parse_hours("-2"), Sentence)
    assert parse_number("５０名") == Decimal(50)
    assert parse_telephone("+81-3-1234-5678") == parse_telephone("03(1234)5678") == "0312345678"


@pytest.mark.parametrize("serial", ["0", "1", "60"])
def test_a_serial_before_march_1900_is_no_day(serial: str) -> None:
    assert parse_date(serial, ("serial",)) == Sentence("date not in the calendar")


def texts(*cells: str) -> Parsed:
    return read_texts(pa.array(cells, pa.large_string()))


def test_each_distinct_text_of_a_column_is_read_once() -> None:
    seen: list[str] = []

    def parse(text: str) -> object:
        seen.append(text)
        return parse_money(text)

    column = pa.array(["1", "x", "1", " ", "x"])
    read = read_each(column, parse, pa.decimal128(18, 4))
    assert seen == ["1", "x"]
    assert read.values.is_null().to_pylist() == [False, True, False, True, True]
    assert read.reason.drop_null().to_pylist() == ["unreadable amount"] * 2


def test_what_a_spreadsheet_lost_is_no_value() -> None:
    read = without_lost_values(texts("a", "#N/A", "1.23457E+11", "1E5"), is_id=True)
    assert read.values.to_pylist() == ["a", None, None, "1E5"]
    assert read.reason.to_pylist() == [
        *(None, "formula error instead of a value", "id in exponent form, digits lost", None),
    ]
    name = without_lost_values(texts("1.23457E+11", *FORMULA_ERRORS), is_id=False)
    assert name.values.drop_null().to_pylist() == ["1.23457E+11"]
    untouched = texts("a", "b")
    assert without_lost_values(untouched, is_id=True) is untouched


def test_every_reason_has_a_japanese_twin() -> None:
    with language("ja"):
        for code, reason in REASONS.items():
            assert re.search(r"[\u3041-\u9fff]", str(reason)), code
        assert str(missing_reason("frequency")) == "購入回数がない"
        assert reason_said("unreadable amount") == "金額を読み取れない"
        assert reason_said("amount too large to be one") == "金額が大きすぎる"
        assert reason_said("date not in the calendar") == "暦にない日付"
    assert reason_said("missing frequency") == missing_reason("frequency").english


# --- codes for nothing ------------------------------------------------------------------------

CODED = ListSection(
    files=("x.csv",),
    columns={"customer_id": "id", "days": "pdays", "job": "職業"},
    missing=("不明", "Select"),
    missing_in={"pdays": ("999",), "job": ("Unknown",)},
)


def test_codes_are_declared_for_all_columns_or_for_one_by_either_of_its_names() -> None:
    assert declared_codes(CODED, "customer_id") == {"不明", "select"}
    assert declared_codes(CODED, "days") == {"不明", "select", "999"}  # by its header
    assert declared_codes(CODED, "job") == {"不明", "select", "unknown"}  # by the kit's name


def test_codes_are_compared_folded_and_other_values_stay_as_written() -> None:
    column = pa.array(["９９９", " 999 ", "9990", "１", "不 明", "SELECT"])
    blank = without_codes(declared_codes(CODED, "days"), column)
    assert blank.to_pylist() == ["", "", "9990", "１", "", ""]
    assert without_codes(declared_codes(CODED, "customer_id"), column).to_pylist()[0] == "９９９"
    none = pa.array(["1", "2"])
    assert without_codes(declared_codes(CODED, "days"), none) is none


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["男性", "女性", "不明", "女性", "不明"], [("不明", 2)]),
        (["admin", "unknown", "Unknown", "N/A"], [("N/A", 1), ("Unknown", 1), ("unknown", 1)]),
        (["Select", "Google", "選択してください"], [("Select", 1), ("選択してください", 1)]),
        (["3", "5", "6", *["999"] * 4], [("999", 4)]),
        (["1", "9", "4", *["-1"] * 5], [("-1", 5)]),
        (["2020-01-05", "2021-02-03", "9999-12-31", "9999-12-31"], [("9999-12-31", 2)]),
        (["2020/1/5", "2021/2/3", "1900/01/01"], [("1900/01/01", 1)]),
        # what is real, or may be
        (["98", "99", "99", "99", "45"], []),  # an age
        (["100", "999", "999", "999", "1200"], []),  # a price
        (["3", "5", "999"], []),  # once: 999 pieces
        (["1", "2", "2", "2", "-1", "-1", "-1"], []),  # three returns of one piece
        (["1", "2", "-5", "-1", "-1", "-1"], []),  # balances below zero
        (["1970-01-01", "1968-02-03", "1975-05-05"], []),  # a birthday
        (["あり", "なし", "なし"], []),
        (["none", "Spring", "none"], []),
        (["Nan", "Nat", "Na", "Ann"], []),  # names of people
        (["", " ", ""], []),
    ],
)  # fmt: skip
def test_codes_for_nothing_are_suggested_and_real_values_are_not(
    cells: list[str], found: list[tuple[str, int]]
) -> None:
    assert suggest_missing(pd.Series(cells, dtype="str")) == found


@pytest.mark.real_data
def test_the_codes_of_real_lists_are_found_and_nothing_else(real_data: Path) -> None:
    with zipfile.ZipFile(real_data / "bank-marketing" / "bank+marketing.zip") as outer:
        inner = io.BytesIO(outer.read("bank-additional.zip"))
    with zipfile.ZipFile(inner) as packed:
        text = io.BytesIO(packed.read("bank-additional/bank-additional-full.csv"))
    bank = pd.read_csv(text, sep=";", dtype="str", keep_default_na=False)
    found = {name: suggest_missing(bank[name]) for name in bank}
    assert {name: pairs for name, pairs in found.items() if pairs} == {
        "job": [("unknown", 330)],
        "marital": [("unknown", 80)],
        "education": [("unknown", 1731)],
        "default": [("unknown", 8597)],
        "housing": [("unknown", 990)],
        "loan": [("unknown", 990)],
        "pdays": [("999", 39673)],
    }
    people = pd.read_csv(
        real_data / "100knocks-ja" / "customer.csv", dtype="str", keep_default_na=False
    )
    found = {name: suggest_missing(people[name]) for name in people}
    assert {name: pairs for name, pairs in found.items() if pairs} == {"gender": [("不明", 1072)]}


SIGNS = "0123456789０１２,.-−▲()¥円万千百十億年月日/令和RH:T+ 元午前後PAMZ〇二"


@settings(max_examples=300)
@given(st.text(max_size=12) | st.text(alphabet=SIGNS, max_size=14))
def test_no_text_breaks_a_parser(text: str) -> None:
    assert isinstance(parse_money(text), Decimal | Sentence)
    assert isinstance(parse_number(text), Decimal | Sentence)
    assert isinstance(parse_hours(text), Decimal | Sentence)
    everything = ("ymd", "era", "dmy", "serial")
    assert isinstance(parse_date(text, everything), date | Sentence)


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
