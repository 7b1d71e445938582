"""Codes that stand for nothing: declared ones are taken out, likely ones suggested to a person.

Nothing is ever taken as missing because it looks so: 99 may be an age, 999 a price. A code counts
where client.toml declares it (`missing`, `missing_in`); `suggest_missing` only says which to ask
about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.lists.cells.amounts import parse_number
from segment_lib.lists.cells.dates import parse_date
from segment_lib.lists.cells.layout import match_header
from segment_lib.lists.cells.values import DIGITS_LOST, FORMULA_ERROR, Parsed, fold_word
from segment_lib.lists.words import words
from segment_lib.settings import ListSection
from segment_lib.voice import Sentence

FORMULA_ERRORS: tuple[str, ...] = words("values")["formula_errors"]
_EXPONENT = r"^\d\.\d+[eE]\+\d+$"

_FOLDED_WORDS = {fold_word(word) for word in words("values")["nothing"]}
_NINES = {int("9" * digits) for digits in range(3, 10)}
_BELOW_ZERO = {-1, -9, -99, -999, -9999}
_CODE_DAYS = set(words("values")["code_days"])
_FEW_ROWS = 3
_MOST = 0.9
_MOST_TEXTS = 5_000


def without_codes(codes: set[str], texts: pa.Array) -> pa.Array:
    """The column with its declared codes blank, compared folded: " Ｕｎｋｎｏｗｎ" is unknown."""
    found = _are_codes(codes, texts)
    return pc.if_else(found, "", texts) if pc.any(found).as_py() else texts


def coded_texts(texts: Iterable[str], codes: set[str]) -> list[str]:
    """Those of the distinct cells of a column that are codes for nothing."""
    known = pa.array(texts, pa.large_string())
    return list(known.filter(_are_codes(codes, known)).to_pylist())


def _are_codes(codes: set[str], texts: pa.Array) -> pa.Array:
    """Whether each is one of the folded codes, folded as `fold_word` does."""
    texts = texts.cast(pa.large_string())
    if not pc.all(pc.string_is_ascii(texts)).as_py():
        texts = pc.utf8_normalize(texts, form="NFKC")
    folded = pc.utf8_lower(pc.replace_substring_regex(texts, r"\s+", ""))
    return pc.is_in(folded, pa.array(sorted(codes), folded.type))


def declared_codes(section: ListSection, column: str) -> set[str]:
    """The folded codes for nothing of one mapped column: those of the list, and its own.

    `missing_in` may name the column of the kit or the header of the list.
    """
    header = section.headers.get(column, column)
    own = [
        words
        for name, words in section.missing_in.items()
        if name == column or match_header(name, [header])
    ]
    said = {fold_word(word) for words in (section.missing, *own) for word in words}
    return said - {""}


def without_lost_values(texts: Parsed, is_id: bool) -> Parsed:
    """Texts without what a spreadsheet has lost: formula errors, and ids such as 1.23E+11.

    Many ids become the same 1.23E+11, so that strangers would be one customer.
    """
    values = texts.values
    data = values.buffers()[2]  # perhaps with texts that were sliced off: enough for a first look
    written = b"" if data is None else data.to_pybytes()
    if b"#" not in written and b"+" not in written:
        return texts
    lost = pc.is_in(values, pa.array(FORMULA_ERRORS, values.type))
    reason = pc.if_else(lost, FORMULA_ERROR.english, pa.scalar(None, pa.string()))
    if is_id:
        cut = pc.fill_null(pc.match_substring_regex(values, _EXPONENT), False)
        reason, lost = pc.if_else(cut, DIGITS_LOST.english, reason), pc.or_(lost, cut)
    return Parsed(pc.if_else(lost, None, values), reason) if pc.any(lost).as_py() else texts


# --- suggestions ------------------------------------------------------------------------------


def suggest_missing(text: pd.Series) -> list[tuple[str, int]]:
    """Values of a text column that look like codes for nothing, with counts, most frequent first.

    Words in both languages (不明, unknown, Select); numbers such as 999 or -1 where they stand
    apart from all others and come often; days such as 9999-12-31 where no other day is near. To be
    asked about, never to be taken out unasked.
    """
    counts = text[text.str.strip() != ""].value_counts().head(_MOST_TEXTS)
    counts = pd.Series({str(one): int(n) for one, n in counts.items()}, dtype="int64")
    words = {one for one in counts.index if _is_word_for_nothing(one)}
    rest = counts.drop(index=list(words))
    found = words | _code_numbers(rest) | _code_days(rest)
    return sorted(((one, int(counts[one])) for one in found), key=lambda pair: (-pair[1], pair[0]))


def _is_word_for_nothing(text: str) -> bool:
    # Nan, Nat and Na are people's names; nan, NaN and NA are not.
    name = len(text) < 4 and text.isalpha() and text.istitle()
    return fold_word(text) in _FOLDED_WORDS and not name


def _code_numbers(counts: pd.Series) -> set[str]:
    """999 where it is far above all others; -1 where nothing else is below zero."""
    numbers = _readable(counts.index, parse_number)
    if not _mostly(numbers, counts):
        return set()
    value = pd.Series({one: float(str(number)) for one, number in numbers.items()})
    found = set()
    codes = value[value.isin([*_NINES, *_BELOW_ZERO])].index
    for one in codes[counts[codes] >= _FEW_ROWS]:
        others = value[value != value[one]]
        others = others[~others.isin([*_NINES, *_BELOW_ZERO])]
        if others.empty:
            continue
        if value[one] in _NINES and value[one] > 5 * others.abs().max():
            found.add(one)
        if value[one] in _BELOW_ZERO and others.min() >= 0 and _stands_out(one, value, counts):
            found.add(one)
    return found


def _stands_out(one: str, value: pd.Series, counts: pd.Series) -> bool:
    """-1 beside other numbers, and twice as frequent as any of them: a return is rarer."""
    others = counts[value.index].drop(index=one)
    return value.max() >= 2 and bool(counts[one] > 2 * others.max())


def _code_days(counts: pd.Series) -> set[str]:
    """1900-01-01 or 9999-12-31 where no other day is within ten years."""
    codes = {one for one in counts.index if re.sub(r"\D", "", one)[:8] in _CODE_DAYS}
    rest = counts.drop(index=list(codes))
    if not codes or rest.empty:
        return set()
    days = _readable(rest.index, parse_date)
    if not _mostly(days, rest):
        return set()
    years = [day.year for day in days.values() if isinstance(day, date)]
    return {one for one in codes if all(abs(year - _year(one)) > 10 for year in years)}


def _year(code: str) -> int:
    return int(re.sub(r"\D", "", code)[:4])


def _readable(texts: Iterable[str], parse: object) -> dict[str, object]:
    read = {one: parse(one) for one in texts}  # type: ignore[operator]
    return {one: value for one, value in read.items() if not isinstance(value, Sentence)}


def _mostly(read: Mapping[str, object], counts: pd.Series) -> bool:
    """Whether nearly all rows are of this kind: then the odd ones are worth a look."""
    return len(read) > 1 and bool(counts[list(read)].sum() >= _MOST * counts.sum())
