"""One mapped column of a list to typed values, and the reason where one could not be read."""

from __future__ import annotations

from functools import partial

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.lists.cells.amounts import parse_hours, parse_money, parse_number
from segment_lib.lists.cells.codes import without_codes, without_lost_values
from segment_lib.lists.cells.dates import parse_date
from segment_lib.lists.cells.leaving import require_said_what_yes_means
from segment_lib.lists.cells.values import AMOUNT_TOO_LARGE, Parsed, parse_telephone
from segment_lib.lists.cells.vectors import MONEY, read_days, read_each, read_numbers, read_texts
from segment_lib.lists.cells.words import column_kind, is_attribute, is_worded, map_words
from segment_lib.settings import Client

IDS = ("customer_id", "order_id", "deal_id", "referred_by", "original_order_id")
# Names, wishes and addresses stay as written; every other text is a key that must compare.
FREE_TEXT = ("name", "contact_person", "needs", "address")
_LARGEST = pa.scalar(10**14, pa.decimal128(37, 8))


def read_column(client: Client, list_name: str, column: str, text: pd.Series) -> Parsed:
    """A text column as its kind says: date, money, number, yes or no, id, or text."""
    section, table = client.lists[list_name], client.table_of(list_name)
    if is_worded(client, table, column) or column in section.words:
        require_said_what_yes_means(client, list_name, column, text)
        words = map_words(client, list_name, column, text)
        if column == "got_results" and not is_attribute(table, column):
            words = words.fillna("unknown")
        return _worded(words, column, column_kind(client, column, table))
    return _plain_column(client, list_name, column, text)


def _plain_column(client: Client, list_name: str, column: str, text: pd.Series) -> Parsed:
    section = client.lists[list_name]
    kind = column_kind(client, column, client.table_of(list_name))
    text = without_codes(section, column, text)
    if kind == "date":
        parse = partial(parse_date, formats=section.dates, zone=client.client.time_zone)
        return read_days(text, parse)
    if kind == "money":
        return read_numbers(text, parse_money, money=True)
    if column.endswith("_hours"):
        return read_each(text, parse_hours, MONEY)
    if kind in ("number", "integer"):
        return read_numbers(text, parse_number)
    if column == "telephone":
        return read_each(text, parse_telephone, pa.string())
    if column == "email":
        return _lower_case(read_texts(text))
    texts = read_texts(text, folded=column not in FREE_TEXT)
    return without_lost_values(texts, is_id=column in IDS)


def _lower_case(texts: Parsed) -> Parsed:
    return Parsed(texts.values.str.lower(), texts.reason)


def _worded(words: pd.Series, column: str, kind: str) -> Parsed:
    values: object = pa.array(words, pa.string(), from_pandas=True)
    if kind == "yes_no" and column != "status":
        known = words.map({"yes": True, "no": False})
        values = pa.array(known, pa.bool_(), from_pandas=True)
    return Parsed(_typed(values, words.index), _no_reasons(words.index))


def _typed(values: object, index: pd.Index) -> pd.Series:
    return pd.Series(values, index=index, dtype=pd.ArrowDtype(values.type))  # type: ignore[attr-defined]


def _no_reasons(index: pd.Index) -> pd.Series:
    return _typed(pa.nulls(len(index), pa.string()), index)


def price_times_quantity(price: Parsed, quantity: Parsed) -> Parsed:
    """The amount of a line, exact, rounded to four decimals; the reason of either part stays."""
    product = pc.multiply(pa.array(price.values), pa.array(quantity.values))
    too_large = pc.greater_equal(pc.abs(product), _LARGEST)
    product = pc.if_else(pc.fill_null(too_large, False), None, product)
    amount = pc.round(product, ndigits=4, round_mode="half_to_even").cast(MONEY)
    reason = price.reason.fillna(quantity.reason.where(quantity.reason.isna(), "unreadable amount"))
    reason = reason.mask(_typed(too_large, reason.index).fillna(False), AMOUNT_TOO_LARGE.english)
    return Parsed(_typed(amount, price.values.index), reason)
