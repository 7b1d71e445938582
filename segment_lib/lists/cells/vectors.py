"""Whole columns at once: the usual ways of writing by Arrow, all others by the parser of one text.

What a text means is said in `dates.py`, `amounts.py` and `values.py` alone. Here a column is cut
into what repeats (days, clock times, distinct texts), so that each is read once.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.lists.cells.values import Parsed
from segment_lib.voice import Sentence

MONEY = pa.decimal128(18, 4)
_DAY_LETTERS = 10  # 2025-03-01, 01/03/2025
_ISO_LENGTHS = (10, 16, 19)
_DELETE = 127
# Before the clock time stands a day and nothing else: no second blank, T or clock time.
_SOLID_END = r"^[^:：時]*[^\s\pZT:：時]$"
_CLOCK = r"[ T](?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$"
# At most 13 digits before the point: certainly below the largest amount.
_NUMBER = r"^-?(?:[1-9]\d{0,2}(?:,\d{3}){1,3}|\d{1,13})(?:\.\d{1,4})?$"
_PRICE = r"^[¥$£€]?" + _NUMBER[1:]

Parser = Callable[[str], object]


def as_array(column: pd.Series) -> pa.Array:
    """A pandas column as one Arrow array."""
    array = pa.array(column)
    if array.type == pa.null():  # a text column without a text, as pandas 2 hands it over
        array = array.cast(pa.large_string())
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def repeated(text: str | None, index: pd.Index) -> pd.Series:
    """A text column that says the same in every row; None where nothing is said (yet)."""
    kind = pa.large_string()
    same = (
        pa.nulls(len(index), kind) if text is None else pa.repeat(pa.scalar(text, kind), len(index))
    )
    return pd.Series(same, index=index, dtype="str")


def read_texts(column: pd.Series, folded: bool = True) -> Parsed:
    """Texts without blanks at the ends, full-width signs folded (NFKC) if `folded`."""
    texts = as_array(column)
    if _is_solid(texts):
        tidy = pc.if_else(pc.equal(pc.binary_length(texts), 0), None, texts).cast(pa.string())
    else:  # folding is dear, and names of articles come again and again
        encoded = texts.dictionary_encode()
        tidy = _tidied(encoded.dictionary, folded).take(encoded.indices)
    return Parsed(_series(tidy, column), _series(pa.nulls(len(texts), pa.string()), column))


def _is_solid(texts: pa.Array) -> bool:
    """Whether no text holds a blank or a sign beyond ASCII, as ids rarely do: nothing to tidy."""
    data = texts.buffers()[2]
    signs = np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8)
    return not len(signs) or bool(signs.min() > ord(" ") and signs.max() < _DELETE)


def _tidied(texts: pa.Array, folded: bool) -> pa.Array:
    bare = pc.utf8_trim_whitespace(texts)
    blank = pc.equal(pc.binary_length(bare), 0)
    if folded:
        bare = pc.utf8_trim_whitespace(pc.utf8_normalize(texts, form="NFKC"))
    return pc.if_else(blank, None, bare).cast(pa.string())


def read_days(column: pd.Series, parse: Parser) -> Parsed:
    """Days; a clock time without a zone behind a readable day changes nothing and is taken off."""
    texts = as_array(column)
    plain = _iso_days(texts, parse)
    if plain is not None:
        return Parsed(_series(plain, column), _series(pa.nulls(len(texts), pa.string()), column))
    days = pc.utf8_slice_codeunits(texts, 0, _DAY_LETTERS)
    rest = pc.utf8_slice_codeunits(texts, _DAY_LETTERS)
    values, reasons, sure = _without_clock(days, rest, parse)
    if not pc.all(sure).as_py():
        left = texts.filter(pc.invert(sure))
        bare = pc.replace_substring_regex(left, _CLOCK, "")
        clock = pc.if_else(pc.equal(bare, left), "", " 00:00")
        more, why, known = _without_clock(bare, clock, parse)
        odd = pc.invert(known)
        strange = _each_once(left.filter(odd), parse, pa.date32())
        more = pc.replace_with_mask(more, odd, strange[0])
        why = pc.replace_with_mask(why, odd, strange[1])
        values = pc.replace_with_mask(values, pc.invert(sure), more)
        reasons = pc.replace_with_mask(reasons, pc.invert(sure), why)
    return Parsed(_series(values, column), _series(reasons, column))


def _iso_days(texts: pa.Array, parse: Parser) -> pa.Array | None:
    """The days of a column of nothing but 2025-03-01, 2025-03-01 10:00 or 2025-03-01 10:00:00.

    None for any other column. Arrow reads these at once; `parse` is asked about every distinct day.
    """
    lengths = pc.binary_length(texts)
    texts = pc.if_else(pc.equal(lengths, 0), None, texts)
    found = pc.min_max(pc.if_else(pc.equal(lengths, 0), None, lengths)).as_py()
    if found["min"] != found["max"] or found["min"] not in _ISO_LENGTHS:
        return None
    try:
        days = texts.cast(pa.timestamp("s")).cast(pa.date32()).dictionary_encode()
    except pa.ArrowInvalid:
        return None
    read = [parse(text) for text in pc.strftime(days.dictionary, "%Y-%m-%d").to_pylist()]
    if any(isinstance(one, Sentence) for one in read):
        return None
    return pa.array(read, pa.date32()).take(days.indices)


def _without_clock(
    days: pa.Array, rest: pa.Array, parse: Parser
) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Days, reasons, and whether they are sure: nothing or a clock time stands behind them."""
    clocks = rest.dictionary_encode()
    empty = pc.equal(clocks.dictionary, "").take(clocks.indices)
    clock = pc.match_substring_regex(clocks.dictionary, "^" + _CLOCK).take(clocks.indices)
    distinct = days.dictionary_encode()
    solid = pc.match_substring_regex(distinct.dictionary, _SOLID_END).take(distinct.indices)
    values, reasons = _each_once(distinct, parse, pa.date32())
    known = pc.and_(solid, pc.is_valid(values))
    return values, reasons, pc.or_(empty, pc.and_(clock, known))


def read_numbers(column: pd.Series, parse: Parser, money: bool = False) -> Parsed:
    """Numbers or amounts, exact to four decimals."""
    encoded = as_array(column).dictionary_encode()
    distinct = encoded.dictionary
    pattern = _PRICE if money else _NUMBER
    usual = pc.match_substring_regex(distinct, pattern)
    plain = pc.replace_substring_regex(pc.if_else(usual, distinct, None), "[¥$£€,]", "")
    values = plain.cast(MONEY)
    reasons = pa.nulls(len(encoded), pa.string())
    if not pc.all(usual).as_py():
        odd = pc.invert(usual)
        strange, why = _each_once(distinct.filter(odd), parse, MONEY)
        values = pc.replace_with_mask(values, odd, strange)
        why = pc.replace_with_mask(pa.nulls(len(distinct), pa.string()), odd, why)
        reasons = why.take(encoded.indices)
    return Parsed(_series(values.take(encoded.indices), column), _series(reasons, column))


def read_each(column: pd.Series, parse: Parser, kind: pa.DataType) -> Parsed:
    """Any other kind: each distinct text once."""
    values, reasons = _each_once(as_array(column), parse, kind)
    return Parsed(_series(values, column), _series(reasons, column))


def _each_once(texts: pa.Array, parse: Parser, kind: pa.DataType) -> tuple[pa.Array, pa.Array]:
    encoded = texts if isinstance(texts, pa.DictionaryArray) else texts.dictionary_encode()
    read = [
        parse(one) if one is not None and one.strip() else None
        for one in encoded.dictionary.to_pylist()
    ]
    values = pa.array([None if isinstance(one, Sentence) else one for one in read], kind)
    reasons = pa.array(
        [one.english if isinstance(one, Sentence) else None for one in read], pa.string()
    )
    return values.take(encoded.indices), reasons.take(encoded.indices)


def _series(values: pa.Array, like: pd.Series) -> pd.Series:
    return pd.Series(values, index=like.index, dtype=pd.ArrowDtype(values.type))
