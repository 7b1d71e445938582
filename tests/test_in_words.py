"""Text for charts: money in both languages, widths of Japanese characters."""

import pytest

from segment_lib.in_words import hours, money, named, percent, shorten, width, wrap
from segment_lib.voice import language


@pytest.mark.parametrize(
    ("value", "en", "ja"),
    [
        (0, "¥0", "0円"),
        (9_999, "¥9,999", "9,999円"),
        (12_345, "¥12.3k", "1.2万円"),
        (1_200_000, "¥1.2M", "120万円"),
        (61_000_000, "¥61M", "6,100万円"),
        (351_000_000, "¥351M", "3.5億円"),
        (-300_000, "-¥300k", "-30万円"),
        (None, "—", "—"),
    ],
)
def test_money_is_short_in_both_languages(value, en, ja):
    assert money(value) == en
    with language("ja"):
        assert money(value) == ja


def test_a_foreign_currency_is_never_counted_in_man():
    with language("ja"):
        assert money(1_200_000, "$") == "$1.2M"
    assert money(1_200_000, "EUR") == "EUR 1.2M"


def test_a_name_is_said_politely():
    assert named("Acme Ltd") == "Acme Ltd"
    with language("ja"):
        assert named("Acme Ltd") == "Acme Ltd様"


def test_long_names_are_cut_by_their_width():
    assert shorten("髙﨑建材㈱", 20) == "髙﨑建材㈱"
    assert width(shorten("株式会社とても長い名前のサービス", 11)) <= 11


def test_lines_keep_latin_words_whole():
    assert wrap("one two three", 8) == ["one two", "three"]
    assert wrap("関係を保つ。", 10) == ["関係を保つ。"]  # no line starts with 。
    assert wrap("one two three four", 8, max_lines=2) == ["one two", "three…"]
    assert wrap("", 10) == []


def test_unknown_numbers_are_a_dash():
    assert (percent(float("nan")), hours(None), named(None)) == ("—", "—", "")
