"""Write lists the way they arrive: era dates, full-width digits, ▲300, cp932, two title rows.

Everything here is a pure function of its arguments; what is drawn comes from the generator that the
caller passes. Text files are the same byte for byte on every machine, workbooks cell for cell.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import numpy as np
import xlsxwriter

Cell = str | int | float | date | None
DateStyle = Literal["slash", "slash_padded", "iso", "kanji", "era", "era_short", "compact"]
MoneyStyle = Literal["plain", "comma", "yen_sign", "wide_yen", "yen_word", "full_width"]

CREATED = datetime(2026, 4, 1, 9, 0, 0)  # a workbook that knew today would never reproduce
REIWA_FIRST_YEAR = 2019
_WIDE = str.maketrans({code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000})
_HALF_KANA = str.maketrans(
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
    "ァィゥェォャュョッー・\u3099\u309a",
    "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｬｭｮｯｰ･ﾞﾟ",
)


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: title rows, header, rows; None is an empty cell."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    titles: Sequence[str] = ()


def write_csv(
    path: Path,
    rows: Iterable[Sequence[Cell]],
    header: Sequence[str],
    encoding: str = "utf-8",
    newline: str = "\n",
) -> None:
    """Write a CSV with the given encoding and line ends; None becomes an empty field.

    A sign that the encoding lacks is an error here: a list that cannot hold its own names would be
    a mistake of this module, not a mess worth keeping.
    """
    page = io.StringIO()
    writer = csv.writer(page, lineterminator=newline)
    writer.writerow(header)
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(page.getvalue().encode(encoding))


def write_xlsx(path: Path, sheets: Iterable[Sheet]) -> None:
    """Write a workbook; text stays text (leading zeros, signs), dates become date cells."""
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {
        "strings_to_numbers": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_date_format": "yyyy/m/d",
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": CREATED})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            for number, row in enumerate(_sheet_rows(sheet)):
                page.write_row(number, 0, row)


def _sheet_rows(sheet: Sheet) -> Iterable[Sequence[Cell]]:
    yield from ([title] for title in sheet.titles)
    yield sheet.header
    yield from sheet.rows


def era_date(day: date | None, short: bool = False) -> str:
    """令和6年3月1日, or R6.3.1 if `short`; the first year is 元年. None gives an empty text.

    >>> era_date(date(2024, 3, 1)), era_date(date(2026, 3, 31), short=True)
    ('令和6年3月1日', 'R8.3.31')
    """
    if day is None:
        return ""
    if day < date(REIWA_FIRST_YEAR, 5, 1):
        raise ValueError(f"{day} lies before the first day of 令和 (2019-05-01).")
    year = day.year - REIWA_FIRST_YEAR + 1
    if short:
        return f"R{year}.{day.month}.{day.day}"
    return f"令和{'元' if year == 1 else year}年{day.month}月{day.day}日"


def date_text(day: date | None, style: DateStyle = "slash") -> str:
    """A day as people type it; None gives an empty text.

    >>> [date_text(date(2025, 3, 1), style) for style in ("slash", "iso", "kanji", "compact")]
    ['2025/3/1', '2025-03-01', '2025年3月1日', '20250301']
    """
    if day is None:
        return ""
    if style in ("era", "era_short"):
        return era_date(day, short=style == "era_short")
    if style == "iso":
        return day.isoformat()
    if style == "kanji":
        return f"{day.year}年{day.month}月{day.day}日"
    if style == "slash":
        return f"{day.year}/{day.month}/{day.day}"
    mark = "/" if style == "slash_padded" else ""
    return day.isoformat().replace("-", mark)


def full_width(text: str) -> str:
    """Letters, digits and signs in full width, as a Japanese keyboard leaves them.

    >>> full_width("C000123")
    'Ｃ０００１２３'
    """
    return text.translate(_WIDE)


def half_kana(text: str) -> str:
    """Katakana in half width, as old systems export it.

    >>> half_kana("サンプル商会")
    'ｻﾝﾌﾟﾙ商会'
    """
    halved = unicodedata.normalize("NFD", text).translate(_HALF_KANA)
    return unicodedata.normalize("NFC", halved)


def money_text(amount: float | None, style: MoneyStyle = "comma") -> str:
    """An amount as people type it; negative ones carry ▲; None gives an empty text.

    >>> [money_text(1200, s) for s in ("plain", "comma", "yen_sign", "yen_word", "full_width")]
    ['1200', '1,200', '¥1,200', '1,200円', '１，２００']
    >>> money_text(-300)
    '▲300'
    """
    if amount is None:
        return ""
    sign = "▲" if amount < 0 else ""
    digits = f"{abs(round(amount)):,}"
    text = {
        "plain": digits.replace(",", ""),
        "comma": digits,
        "yen_sign": f"¥{digits}",
        "wide_yen": f"￥{digits}",  # cp932 has no ¥
        "yen_word": f"{digits}円",
        "full_width": full_width(digits),
    }[style]
    return sign + text


def mixed(rng: np.random.Generator, styles: dict[str, float], size: int) -> list[str]:
    """Draw one style per row; `styles` gives the share of each.

    >>> sorted(set(mixed(np.random.default_rng(1), {"plain": 0.5, "comma": 0.5}, 50)))
    ['comma', 'plain']
    """
    names = list(styles)
    shares = np.array(list(styles.values()), dtype=float)
    return [names[i] for i in rng.choice(len(names), size=size, p=shares / shares.sum())]


def messy_money(
    rng: np.random.Generator,
    amounts: Sequence[float | None],
    styles: dict[str, float] | None = None,
) -> list[str]:
    """Each amount in a style drawn at random: mostly 1,200, some ¥1,200, 1,200円, １，２００."""
    shares = styles or {"comma": 0.7, "plain": 0.15, "yen_sign": 0.06, "yen_word": 0.06}
    shares = shares if styles else shares | {"full_width": 0.03}
    drawn = mixed(rng, shares, len(amounts))
    return [money_text(a, style) for a, style in zip(amounts, drawn, strict=True)]  # type: ignore[arg-type]


def messy_dates(
    rng: np.random.Generator,
    days: Sequence[date | None],
    styles: dict[str, float] | None = None,
) -> list[str]:
    """Each day in a style drawn at random: mostly 2025/3/1, some 令和7年3月1日 and 2025年3月1日."""
    shares = styles or {"slash": 0.9, "era": 0.06, "kanji": 0.04}
    drawn = mixed(rng, shares, len(days))
    return [date_text(day, style) for day, style in zip(days, drawn, strict=True)]  # type: ignore[arg-type]


def messy_ids(rng: np.random.Generator, ids: Sequence[str], share: float = 0.02) -> list[str]:
    """A few ids in full width or with blanks around them, as they are pasted by hand."""
    drawn = rng.random(len(ids))
    return [
        full_width(name) if chance < share / 2 else f" {name} " if chance < share else name
        for name, chance in zip(ids, drawn, strict=True)
    ]
