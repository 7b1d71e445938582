"""Cells of any type as the text that a person sees: `00123` included, whole numbers without .0.

`cell_text` says what one value is as text. `column_texts` and `array_texts` give the same for whole
columns, by Arrow where it writes the same, else by `cell_text` once per distinct value. (One
difference is wanted: a 32-bit 0.1 from Parquet is 0.1, not 0.10000000149011612.)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as kinds

TEXT = pa.large_string()
_EXACT_IN_A_FLOAT = 2**53
_LONGEST_KEY = 32  # bytes: a UUID has 16, a SHA-256 32


def cell_text(value: object) -> str:
    """One cell as text: whole numbers without .0, days and times as ISO text, nothing as "".

    >>> cell_text(123.0), cell_text(None), cell_text(1.5)
    ('123', '', '1.5')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f") if value.is_finite() else ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _hours(value)
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=cell_text)
    return _bytes_text(bytes(value)) if isinstance(value, bytes | memoryview) else str(value)


def _float_text(value: float) -> str:
    if value != value:
        return ""
    whole = value.is_integer() and abs(value) < _EXACT_IN_A_FLOAT
    return str(int(value)) if whole else repr(value)


def _hours(value: timedelta) -> str:
    """A length of time as a workbook shows it: 30:15:00."""
    seconds = abs(value) // timedelta(seconds=1)
    sign = "-" if value < timedelta(0) else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _bytes_text(value: bytes) -> str:
    # Old programs store texts as bytes without saying so; pictures and keys are no text. Keys may
    # be ids: what differs must read differently.
    with suppress(UnicodeDecodeError):
        text = value.decode("utf-8")
        if text.isprintable():
            return text
    if len(value) <= _LONGEST_KEY:
        return "0x" + value.hex()
    return f"<{len(value)} bytes {hashlib.sha256(value).hexdigest()[:16]}>"


def column_texts(values: Sequence[object]) -> pa.Array:
    """A column of Python values as text; each distinct value is written once.

    >>> column_texts(["00123", 1.0, None]).to_pylist()
    ['00123', '1', '']
    """
    types = set(map(type, values)) - {type(None)}
    if types <= {str}:
        return pa.array(values, TEXT).fill_null("")
    if len(types) == 1:
        with suppress(OverflowError, pa.ArrowException):  # longer numbers go the slower way
            return array_texts(pa.array(values))
    if types <= {str, int, float, date, datetime}:
        known = {value: cell_text(value) for value in set(values)}
        return pa.array([known[value] for value in values], TEXT)
    # True == 1 and 1 == 1.0: what is equal may still read differently
    return pa.array(list(map(cell_text, values)), TEXT)


def array_texts(values: pa.Array) -> pa.Array:
    """An Arrow array of any type as text.

    >>> array_texts(pa.array([1.0, None, 2.5])).to_pylist()
    ['1', '', '2.5']
    """
    kind = values.type
    if kinds.is_dictionary(kind):
        return array_texts(values.dictionary).take(values.indices).fill_null("")
    return _texts_or_null(values).fill_null("")


def _texts_or_null(values: pa.Array) -> pa.Array:
    kind = values.type
    if kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_integer(kind):
        return values.cast(TEXT)
    if kinds.is_boolean(kind):
        return pc.if_else(values, pa.scalar("TRUE", TEXT), pa.scalar("FALSE", TEXT))
    if kinds.is_floating(kind):
        return _float_texts(values)
    if kinds.is_decimal(kind):
        return _decimal_texts(values)
    if kinds.is_date(kind):
        return values.cast(pa.date32()).cast(TEXT)
    if kinds.is_timestamp(kind) and kind.tz in (None, "UTC", "Etc/UTC"):
        return _timestamp_texts(values)
    return _each_once(values)


def _float_texts(values: pa.Array) -> pa.Array:
    wide = values.cast(pa.float64())
    whole = pc.and_(pc.equal(wide, pc.floor(wide)), pc.less(pc.abs(wide), _EXACT_IN_A_FLOAT))
    whole = whole.fill_null(False)
    texts = values.cast(TEXT)
    # Arrow writes 0.00001 and 1.25e+10 where Python writes 1e-05 and 12500000000.5
    size = pc.abs(wide)
    usual = pc.or_(pc.and_(pc.greater_equal(size, 1e-4), pc.less(size, 1e10)), whole)
    if not pc.all(pc.or_kleene(usual, pc.is_null(wide))).as_py():
        texts = pc.if_else(usual, texts, pa.array(map(cell_text, values.to_pylist()), TEXT))
    return pc.if_else(whole, pc.if_else(whole, wide, 0).cast(pa.int64()).cast(TEXT), texts)


def _decimal_texts(values: pa.Array) -> pa.Array:
    if values.type.scale <= 0:
        return _each_once(values)
    texts = values.cast(TEXT)
    if pc.any(pc.match_substring(texts, "E")).as_py():
        return _each_once(values)
    return pc.ascii_rtrim(pc.ascii_rtrim(texts, "0"), ".")


def _timestamp_texts(values: pa.Array) -> pa.Array:
    plain = values.cast(pa.timestamp("us", values.type.tz), safe=False).cast(pa.timestamp("us"))
    try:
        texts = plain.cast(pa.timestamp("s")).cast(TEXT)
    except pa.ArrowInvalid:  # some have parts of a second
        texts = pc.replace_substring_regex(plain.cast(TEXT), r"\.000000$", "")
    if values.type.tz is not None:
        return pc.binary_join_element_wise(texts, pa.scalar("+00:00", TEXT), pa.scalar("", TEXT))
    days = values.cast(pa.date32(), safe=False)
    at_midnight = pc.equal(days.cast(pa.timestamp("us")), plain)
    return pc.if_else(at_midnight, days.cast(TEXT), texts)


def _each_once(values: pa.Array) -> pa.Array:
    try:
        encoded = values.dictionary_encode()
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # lists, structs
        return pa.array(map(cell_text, values.to_pylist()), TEXT)
    known = pa.array(map(cell_text, encoded.dictionary.to_pylist()), TEXT)
    return known.take(encoded.indices)
