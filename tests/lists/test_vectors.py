"""A column at once gives what the parser of one text gives, text by text."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from segment_lib.lists.cells.amounts import parse_money, parse_number
from segment_lib.lists.cells.dates import parse_date
from segment_lib.lists.cells.values import Parsed, tidy_text
from segment_lib.lists.cells.vectors import read_days, read_numbers, read_texts
from segment_lib.voice import Sentence

DAYS = (
    "2025-03-01",
    "2025/3/1",
    "20250301",
    "令和7年3月1日",
    "R7.3.1",
    "2025年3月1日",
    "2025-02-30",
)
CLOCKS = (
    "",
    " 10:00",
    " 9:05:07",
    "T23:59:59",
    "T10:00:00Z",
    " 10:00+09:00",
    " 24:00",
    " 25:00",
    "x",
)
ISO_SHAPES = ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S")
date_like = st.one_of(
    st.builds(lambda day, clock: day + clock, st.sampled_from(DAYS), st.sampled_from(CLOCKS)),
    st.builds(lambda d: f"{d:%Y-%m-%d %H:%M:%S}", st.datetimes()),
    st.builds(lambda d, shape: d.strftime(shape), st.datetimes(), st.sampled_from(ISO_SHAPES)),
    st.from_regex(r"\A\d{4}-\d\d-\d\d([ T]\d\d(:\d\d(:\d\d|[+-]\d\d)?|[+-]\d\d|Z)?)?\Z"),
    st.text("0123456789-/: T年月日", max_size=20),
    st.text(max_size=12),
)
number_like = st.one_of(
    st.builds(lambda n: f"{n:,}", st.integers(-(10**16), 10**16)),
    st.builds(lambda n, sign: f"{sign}{n:,.2f}", st.integers(0, 10**9), st.sampled_from("¥$-▲(")),
    st.text("0123456789,.-+¥円▲△()eE 万", max_size=20),
    st.text(max_size=8),
)


def same(parsed: Parsed, texts: list[str], parse: Callable[[str], object]) -> None:
    reasons = [None] * len(texts) if parsed.reason is None else parsed.reason.to_pylist()
    for text, value, reason in zip(texts, parsed.values.to_pylist(), reasons, strict=True):
        read = parse(text) if text.strip() else None
        assert reason == (read.english if isinstance(read, Sentence) else None)
        assert value == (None if isinstance(read, Sentence) else read), text


@given(
    st.lists(date_like, max_size=30), st.sampled_from([("ymd", "era"), ("dmy",), ("mdy", "ymd")])
)
@example(
    ["2025-03-01 10:00:00", "2025-03-01 10:00:00Z", "2025-03-01", "", "1/3/2025 10:00"], ("dmy",)
)
@example(["1/3/2025 T0:00", "2025-03-1 T0:00", "2025-03-01  10:00", "2025-03-01T T10:00"], ("dmy",))
@example(["1/3/2025\x1c 10:00", "1/3/2025 10:00"], ("dmy",))  # a blank for Python alone
@example(["1515 10:00 10:00", "1515 10時00分 10:00"], ("dmy", "serial"))
@example(["2025-03-01 10:00:00", "2025-03-01T23:59:59", ""], ("dmy",))
@example(["2025-03-01", "2025-02-30"], ("ymd",))
@example(["2025-03-01 10+09", "2025-03-01 20-09"], ("ymd",))
@example(["2025-03-01 20:00-09", "2025-03-01 10:00Z00"], ("ymd",))
@example(["2025-03-01 24:00:00"], ("ymd",))
@example(["2025-03-01 23:59:60"], ("ymd",))
@example(["0000-03-01", "0001-01-01", "9999-12-31"], ("ymd",))
def test_days(texts: list[str], formats: tuple[str, ...]) -> None:
    parse = partial(parse_date, formats=formats, zone="Asia/Tokyo")
    same(read_days(pa.array(texts, pa.large_string()), parse), texts, parse)


@given(st.lists(number_like, max_size=30))
@example(
    [
        "123456789012345",
        "12,345,678,901,234",
        "1,23",
        "¥-1,200",
        "-¥1,200",
        "0.00005",
        "999999999999999",
    ]
)
def test_numbers_and_amounts(texts: list[str]) -> None:
    column = pa.array(texts, pa.large_string())
    same(read_numbers(column, parse_money, money=True), texts, parse_money)
    same(read_numbers(column, parse_number), texts, parse_number)


@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=12), max_size=20
    )
)
@example(["ＡＢ　", "㈱青葉", "  x ", "ｶﾞ", "", "髙﨑"])
def test_texts(texts: list[str]) -> None:
    same(read_texts(pa.array(texts, pa.large_string())), texts, tidy_text)


@pytest.mark.parametrize("rows", [0, 1])
def test_columns_without_rows(rows: int) -> None:
    column = pa.array([""] * rows, pa.large_string())
    for parsed in (
        read_days(column, parse_date),
        read_numbers(column, parse_money),
        read_texts(column),
    ):
        assert len(parsed.values) == rows
        assert parsed.values.null_count == rows
        assert parsed.reason is None or parsed.reason.null_count == rows
