"""Telephone numbers as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segment_lib.lists.cells.telephones import compared_numbers, parse_telephone


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("03-1234-5678", "0312345678"),
        ("０３（１２３４）５６７８", "0312345678"),
        ("０３ー１２３４ー５６７８", "0312345678"),
        ("+81-3-1234-5678", "0312345678"),
        ("+81 (0)3-1234-5678", "0312345678"),
        ("0081 3 1234 5678", "0312345678"),
        ("312345678", "0312345678"),  # the 0 was lost on the way through a number column
        ("9012345678", "09012345678"),
        ("9012345678.0", "09012345678"),
        ("03-1234-5678(代)", "0312345678"),
        ("03-1234-5678〜9", "0312345678"),
        ("03/1234/5678", "0312345678"),
        ("03-1234-5678 内線 123", "0312345678 ext. 123"),
        ("03-1234-5678(内線123)", "0312345678 ext. 123"),
        ("03-1234-5678 x12", "0312345678 ext. 12"),
        ("03-1234-5678／090-1234-5678", "0312345678, 09012345678"),
        ("0312345678 0398765432", "0312345678, 0398765432"),
        ("03-1234-5678, 03(1234)5678", "0312345678"),
        ("TEL 03-1234-5678 FAX 03-1234-5679", "0312345678"),
        ("FAX 03-1234-5679", "0312345679"),
        ("+1 415 555 2671", "+14155552671"),
        ("010-1-415-555-2671", "+14155552671"),
        ("4155552671", "4155552671"),  # no number of Japan: nothing is put before it
        ("03-1", "031"),
        ("119", "119"),
    ],
)
def test_a_number_has_one_form(text: str, number: str) -> None:
    assert parse_telephone(text) == number


@pytest.mark.parametrize("text", ["", "なし", "-", "不明"])
def test_no_digit_is_no_number(text: str) -> None:
    assert parse_telephone(text) is None


def test_the_country_is_stated() -> None:
    assert parse_telephone("(415) 555-2671", "US") == parse_telephone("+1 415 555 2671", "US")
    assert parse_telephone("020 7946 0958", "GB") == "02079460958"


@given(st.text(alphabet="0123456789０３+-() /,、内線xext.代〜FAX\n", max_size=40))
def test_reading_twice_changes_nothing(text: str) -> None:
    once = parse_telephone(text)
    assert once is None or parse_telephone(once) == once


def test_what_is_compared() -> None:
    assert compared_numbers("03-1234-5678 内線5") == compared_numbers("312345678")
    assert compared_numbers("000-0000-0000") == compared_numbers("1234") == ()
    assert compared_numbers("5002490292") == compared_numbers("050-0249-0292")
