"""One mapped column of a list to typed values, and the reason where one could not be read."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.lists.amounts import parse_hours, parse_money, parse_number
from segment_lib.lists.dates import parse_date
from segment_lib.lists.values import (
    AMOUNT_TOO_LARGE,
    Parsed,
    Told,
    parse_column,
    parse_telephone,
    tidy_text,
)
from segment_lib.lists.words import column_kind, is_worded, map_words
from segment_lib.settings import Client

MONEY = pa.decimal128(18, 4)
IDS = ("customer_id", "order_id", "deal_id", "referred_by")
# Names, wishes and addresses stay as written; every other text is a key that must compare.
FREE_TEXT = ("name", "contact_person", "needs", "address")
_LARGEST = pa.scalar(10**14, pa.decimal128(37, 8))
_FLOAT_ID = r"^\d+\.0$"


def read_column(client: Client, list_name: str, column: str, text: pd.Series) -> Parsed:
    """A text column as its kind says: date, money, number, yes or no, id, or text."""
    section = client.lists[list_name]
    if is_worded(client, client.table_of(list_name), column) or column in section.words:
        words = map_words(client, list_name, column, text)
        return _worded(words, column, column_kind(client, column))
    parse, kind = _parser(client, list_name, column)
    return parse_column(text, parse, kind, section.missing)


def _parser(
    client: Client, list_name: str, column: str
) -> tuple[Callable[[str], object], pa.DataType]:
    kind = column_kind(client, column)
    if kind == "date":
        formats, zone = client.lists[list_name].dates, client.client.time_zone
        return partial(parse_date, formats=formats, zone=zone), pa.date32()
    if kind == "money":
        return parse_money, MONEY
    if kind in ("number", "integer"):
        return (parse_hours if column.endswith("_hours") else parse_number), MONEY
    if column == "telephone":
        return parse_telephone, pa.string()
    if column == "email":
        return _email, pa.string()
    return (str.strip if column in FREE_TEXT else tidy_text), pa.string()


def _email(text: str) -> str:
    return tidy_text(text).lower()


def _worded(words: pd.Series, column: str, kind: str) -> Parsed:
    if column == "got_results":
        words = words.fillna("unknown")
    values: object = pa.array(words, pa.string(), from_pandas=True)
    if kind == "yes_no" and column != "status":
        known = words.map({"yes": True, "no": False})
        values = pa.array(known, pa.bool_(), from_pandas=True)
    return Parsed(_typed(values, words.index), _no_reasons(words.index))


def _typed(values: object, index: pd.Index) -> pd.Series:
    return pd.Series(values, index=index, dtype=pd.ArrowDtype(values.type))  # type: ignore[attr-defined]


def _no_reasons(index: pd.Index) -> pd.Series:
    return _typed(pa.nulls(len(index), pa.string()), index)


def without_float_ending(ids: pd.Series) -> tuple[pd.Series, Told | None]:
    """Ids of a list that went through a float column: 17850.0 back to 17850, if *all* are so.

    An id that merely ends in .0 among others is somebody's real id and stays.
    """
    known = ids.dropna().drop_duplicates()
    if known.empty or not known.str.match(_FLOAT_ID).all():
        return ids, None
    note = Told(
        f'{ids.name}: every id ended in ".0" (a number column in between); the ending was cut',
        f"{ids.name}: すべての番号が「.0」で終わるため（途中で数値になったもの）、末尾を除いた",
    )
    return ids.str.slice(0, -2), note


def price_times_quantity(price: Parsed, quantity: Parsed) -> Parsed:
    """The amount of a line, exact, rounded to four decimals; the reason of either part stays."""
    product = pc.multiply(pa.array(price.values), pa.array(quantity.values))
    too_large = pc.greater_equal(pc.abs(product), _LARGEST)
    product = pc.if_else(pc.fill_null(too_large, False), None, product)
    amount = pc.round(product, ndigits=4, round_mode="half_to_even").cast(MONEY)
    reason = price.reason.fillna(quantity.reason.where(quantity.reason.isna(), "unreadable amount"))
    reason = reason.mask(_typed(too_large, reason.index).fillna(False), AMOUNT_TOO_LARGE.en)
    return Parsed(_typed(amount, price.values.index), reason)
