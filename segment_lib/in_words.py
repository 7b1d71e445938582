"""Numbers, money and names as sentences show them, in the language of the moment; text that fits.

Every room says its sentences with these; a Japanese character is two columns wide.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

import pandas as pd

from segment_lib.voice import _, counted, ngettext, pgettext, spoken

IDS_NAMED = 3
SMALLEST_SHOWN = 10  # customers with a known result below which no rate is shown


def count(value: Any) -> str:
    """A whole number with thousands marks, "—" where it is not known.

    >>> count(1234)
    '1,234'
    """
    return "—" if pd.isna(value) else counted(float(value))


def heads(value: Any) -> str:
    """How many people, where a chart or a table has room for no noun: 1,200, 1,200名.

    >>> heads(1200)
    '1,200'
    """
    return pgettext("heads", "{n}", n=count(value))


def customers_said(n: int) -> str:
    """How many customers, with the noun.

    >>> customers_said(1), customers_said(1200)
    ('1 customer', '1,200 customers')
    """
    return ngettext("{n:,} customer", "{n:,} customers", int(n))


def some_ids(ids: Iterable[object]) -> str:
    """The first ids of many.

    >>> some_ids(["C1", "C2", "C3", "C4"])
    'C1, C2, C3 …'
    """
    all_of_them = list(map(str, ids))
    more = " …" if len(all_of_them) > IDS_NAMED else ""
    return pgettext("ids", ", ").join(all_of_them[:IDS_NAMED]) + more


def hours(value: Any) -> str:
    """Hours with one decimal below ten, none above; a quarter of an hour keeps its two.

    >>> hours(3.25), hours(3.4), hours(140.2)
    ('3.25', '3.4', '140')
    """
    if pd.isna(value):
        return "—"
    number = round(float(value), 6)  # a sum of tenths, in whatever order it was added up
    if not 0 < abs(number) < 10:
        return f"{number:,.0f}"
    quarter = (4 * number).is_integer() and not (2 * number).is_integer()
    return f"{number:.2f}" if quarter else f"{number:.1f}"


def hours_said(value: Any) -> str:
    """Hours with their unit.

    >>> hours_said(3.4)
    '3.4 hours'
    """
    return _("{hours} hours", hours=hours(value))


def percent(value: Any, digits: int = 0) -> str:
    """A share as per cent, "—" where it is not known.

    >>> percent(0.314)
    '31%'
    """
    return "—" if pd.isna(value) else f"{100 * float(value):.{digits}f}%"


def money(value: Any, currency: str = "¥") -> str:
    """Money in a few characters: ¥1.2M in English, 120万円 in Japanese.

    >>> money(1_200_000), money(-950, "$")
    ('¥1.2M', '-$950')
    """
    if pd.isna(value):
        return "—"
    number = float(value)
    sign = "-" if number < 0 else ""
    if spoken() == "ja" and currency in ("¥", "円", "JPY"):
        return f"{sign}{_scaled(abs(number), _JA_STEPS)}円"
    gap = " " if len(currency) > 1 else ""
    return f"{sign}{currency}{gap}{_scaled(abs(number), _EN_STEPS)}"


_EN_STEPS = ((1e9, "B"), (1e6, "M"), (1e4, "k"))
_JA_STEPS = ((1e8, "億"), (1e4, "万"))


def _scaled(number: float, steps: tuple[tuple[float, str], ...]) -> str:
    for size, unit in steps:
        if number >= size:
            shown = number / (1e3 if unit == "k" else size)
            return (f"{shown:,.0f}" if shown >= 100 else f"{shown:,.1f}".removesuffix(".0")) + unit
    return f"{number:,.0f}"


def width(text: str) -> int:
    """Columns a text takes up: a Japanese character is two wide.

    >>> width("abc"), width("お客様")
    (3, 6)
    """
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def shorten(text: object, columns: int) -> str:
    """The text, cut with … where it is wider than `columns`.

    >>> shorten("株式会社とても長い名前商事", 12)
    '株式会社と…'
    """
    words = " ".join(str(text).split())
    if width(words) <= columns:
        return words
    kept = ""
    for sign in words:
        if width(kept + sign) > columns - 2:
            break
        kept += sign
    return kept.rstrip() + "…"


def wrap(text: str, columns: int, max_lines: int = 9) -> list[str]:
    """Lines no wider than `columns`; Latin words stay whole, Japanese breaks anywhere."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and width(line + piece.rstrip()) > columns and piece not in "、。)」,.)様":
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    lines += [line.rstrip()] if line.strip() else []
    if len(lines) > max_lines:
        last = lines[max_lines - 1]
        lines = [*lines[: max_lines - 1], shorten(last, columns - 2).rstrip("…") + "…"]
    return [shorten(each, columns + 2) for each in lines]


def _pieces(text: str) -> list[str]:
    """Units that stay together: one Japanese character, or a Latin word with its space."""
    pieces: list[str] = []
    for sign in text:
        together = (
            pieces
            and not pieces[-1].endswith(" ")
            and width(sign) == 1
            and width(pieces[-1][-1]) == 1
        )
        if together:
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


def named(name: object) -> str:
    """A customer's name as a row reads it: ○○様, also in English where the name is Japanese.

    >>> named("山田商店"), named("Acme Ltd")
    ('山田商店様', 'Acme Ltd')
    """
    text = "" if pd.isna(name) else str(name).strip()
    if not text or text.endswith("様"):
        return text
    return f"{text}様" if spoken() == "ja" or width(text) > len(text) else text


def day_said(day: Any) -> str:
    """A day with its weekday, the year left out: Wed 1 April, 4月1日（水）.

    >>> day_said(pd.Timestamp("2026-04-01"))
    'Wed 1 April'
    """
    return _("{day:%a} {day.day} {day:%B}", day=day, weekday=_weekday(day))


def date_said(day: Any) -> str:
    """A day inside a sentence, with its year: 2026-04-01, 2026年4月1日.

    >>> date_said(pd.Timestamp("2026-04-01"))
    '2026-04-01'
    """
    return _("{day:%Y-%m-%d}", day=day)


def days_said(first: Any, last: Any) -> str:
    """From one day to another, both with their weekdays, and the year.

    >>> days_said(pd.Timestamp("2026-04-01"), pd.Timestamp("2026-04-07"))
    'Wed 1 April – Tue 7 April 2026'
    """
    return _(
        "{first:%a} {first.day} {first:%B} – {last:%a} {last.day} {last:%B} {last.year}",
        first=first,
        last=last,
        first_weekday=_weekday(first),
        last_weekday=_weekday(last),
    )


def _weekday(day: Any) -> str:
    return (
        pgettext("weekday", "Mon"), pgettext("weekday", "Tue"), pgettext("weekday", "Wed"),
        pgettext("weekday", "Thu"), pgettext("weekday", "Fri"), pgettext("weekday", "Sat"),
        pgettext("weekday", "Sun"),
    )[day.weekday()]  # fmt: skip
