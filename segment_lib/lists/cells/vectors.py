"""Whole columns to typed values: the usual ways of writing by Arrow, others text by text.

What a text means is said in `dates.py`, `amounts.py`, `telephones.py` and `words.py` alone. Here a
column is cut into what repeats (days, clock times, distinct texts), so that each is read once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.lists.cells.amounts import parse_hours, parse_money, parse_number, with_point
from segment_lib.lists.cells.dates import parse_date
from segment_lib.lists.cells.names import name_as_id
from segment_lib.lists.cells.telephones import parse_telephone
from segment_lib.lists.cells.values import AMOUNT_TOO_LARGE, UNREADABLE_AMOUNT, Parsed
from segment_lib.lists.cells.words import (
    column_kind,
    declared_codes,
    is_attribute,
    is_worded,
    without_codes,
    without_lost_values,
    word_of,
)
from segment_lib.settings import Client, ListSection
from segment_lib.voice import Sentence

MONEY = pa.decimal128(18, 4)
_TEXT = pa.string()
_ISO_LENGTHS = (10, 16, 19)
_DELETE = 127
# Before the clock time stands a day and nothing else: no second blank, T or clock time.
_SOLID_END = r"^[^:：時]*[^\x00-\x1f\s\pZT:：時]$"
_CLOCK = r"[ T](?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$"
# At most 13 digits before the point: certainly below the largest amount.
_NUMBER = r"^-?(?:[1-9]\d{0,2}(?:,\d{3}){1,3}|\d{1,13})(?:\.\d{1,4})?$"
_PRICE = r"^[¥$£€]?" + _NUMBER[1:]

IDS = ("customer_id", "order_id", "deal_id", "referred_by", "original_order_id")
# Names, wishes and addresses stay as written; every other text is a key that must compare.
FREE_TEXT = ("name", "contact_person", "needs", "address")
_LARGEST = pa.scalar(10**14, pa.decimal128(37, 8))
_YES_NO = {"yes": True, "no": False}

Parser = Callable[[str], object]
Reader = Callable[[pa.Array], Parsed]


def reader_of(client: Client, list_name: str, column: str) -> Reader:
    """How a column of text is read, as its kind says: date, money, yes or no, id, text …

    Words that nobody explained are missing: `words.require_explained` is asked before.
    """
    section, table = client.lists[list_name], client.table_of(list_name)
    kind = column_kind(client, column, table)
    if is_worded(client, table, column) or column in section.words:
        mean, yes_no = word_of(client, list_name, column), kind == "yes_no" and column != "status"
        results = column == "got_results" and not is_attribute(table, column)
        nothing = "unknown" if results else None
        return partial(read_words, mean=mean, nothing=nothing, yes_no=yes_no)
    read: Reader
    if kind == "date":
        parse = partial(parse_date, formats=section.dates, zone=client.client.time_zone)
        read = partial(read_days, parse=parse)
    elif kind == "money":
        read = partial(read_numbers, parse=parse_money, money=True)
    elif column.endswith("_hours"):
        read = partial(read_each, parse=parse_hours, kind=MONEY)
    elif kind in ("number", "integer"):
        read = partial(read_numbers, parse=parse_number)
    elif column == "telephone":
        read = partial(read_each, parse=parse_telephone, kind=_TEXT)
    elif column == "email":
        read = _read_emails
    else:
        read = partial(_read_keys, folded=column not in FREE_TEXT, is_id=column in IDS)
    if kind in ("money", "number", "integer"):
        read = _as_written(section, read, kind == "money")
    same, digits, after = client.client.same_ids, section.id_digits, section.id_after
    if column in ("customer_id", "referred_by") and (same or digits or after):
        read = partial(_same_ids, read, same, digits, after)
    codes = declared_codes(section, column)
    return (lambda texts: read(without_codes(codes, texts))) if codes else read


def _read_emails(texts: pa.Array) -> Parsed:
    return Parsed(pc.utf8_lower(read_texts(texts).values))


def _read_keys(texts: pa.Array, folded: bool, is_id: bool) -> Parsed:
    return without_lost_values(read_texts(texts, folded), is_id)


def _as_written(section: ListSection, read: Reader, money: bool) -> Reader:
    """Numbers of a list that writes 1.234,50, signs around them, or money in thousands (千円)."""
    comma, around = section.decimal == ",", section.around_numbers
    unit = section.unit if money else 1

    def as_written(texts: pa.Array) -> Parsed:
        if comma or around:
            texts = _each_once(texts, lambda text: with_point(text, comma, around), texts.type)
        numbers = read(texts)
        return numbers if unit == 1 else times(numbers, pa.scalar(Decimal(unit), MONEY))

    return as_written if comma or around or unit != 1 else read


def _same_ids(
    read: Reader, same: tuple[str, ...], digits: int | None, after: str, texts: pa.Array
) -> Parsed:
    """Ids without what [client] same_ids says does not tell them apart, and without what stands
    before `after`; lost zeros put back.
    """
    ids, reason = read(texts)
    if after:
        ids = pc.replace_substring_regex(ids, f"^.*{re.escape(after)}", "")
    if "names" in same:
        ids = _each_once(ids, name_as_id, ids.type)
    if "case" in same:
        ids = pc.utf8_upper(ids)
    if "signs" in same:
        ids = pc.replace_substring_regex(ids, r"[^\pL\pN]", "")
    if "zeros" in same:
        ids = pc.replace_substring_regex(ids, r"^0+(.)", r"\1")
    if digits:
        number = pc.fill_null(pc.utf8_is_digit(ids), False)
        ids = pc.if_else(number, pc.utf8_lpad(ids, digits, "0"), ids)
    return Parsed(ids, reason)


def same_ids(client: Client, ids: Sequence[str]) -> list[str]:
    """Ids that people typed elsewhere, such as of merges, in the form that the lists' ids have."""
    whole = partial(Parsed, reason=None)
    read = _same_ids(whole, client.client.same_ids, None, "", pa.array(ids, _TEXT))
    return list(read.values.to_pylist())


def read_words(
    texts: pa.Array, mean: Callable[[str], str | None], nothing: str | None, yes_no: bool
) -> Parsed:
    """The kit's words; `nothing` where none stands."""
    if yes_no:
        return Parsed(_each_once(texts, lambda text: _YES_NO.get(mean(text) or ""), pa.bool_()))
    return Parsed(_each_once(texts, lambda text: mean(text) or nothing, _TEXT))


def times(money: Parsed, factor: pa.Array | pa.Scalar) -> Parsed:
    """Money times a number, exact to four decimals; what becomes too large is told."""
    product = pc.multiply(money.values, factor)
    too_large = pc.fill_null(pc.greater_equal(pc.abs(product), _LARGEST), False)
    product = pc.if_else(too_large, None, product)
    values = pc.round(product, ndigits=4, round_mode="half_to_even").cast(MONEY)
    if not pc.any(too_large).as_py():
        return Parsed(values, money.reason)
    none = pa.nulls(len(values), _TEXT) if money.reason is None else money.reason
    return Parsed(values, pc.if_else(too_large, AMOUNT_TOO_LARGE.english, none))


def added_up(parts: Sequence[Parsed]) -> Parsed:
    """Columns of numbers as their sum; what is blank counts nothing, unread ones stay so."""
    total = parts[0].values
    for part in parts[1:]:
        both = pc.add(pc.fill_null(total, 0), pc.fill_null(part.values, 0))
        some = pc.or_(pc.is_valid(total), pc.is_valid(part.values))
        total = pc.if_else(some, both, None).cast(MONEY)
    reasons = [part.reason for part in parts if part.reason is not None]
    if not reasons:
        return Parsed(total)
    reason = pc.coalesce(*reasons)
    return Parsed(pc.if_else(pc.is_valid(reason), None, total), reason)


def less(amount: Parsed, discounts: Sequence[Parsed]) -> Parsed:
    """An amount without its discounts; where there is none, there is nothing to take off."""
    total = added_up([amount, *map(negative, discounts)])
    return Parsed(pc.if_else(pc.is_valid(amount.values), total.values, None), total.reason)


def negative(money: Parsed) -> Parsed:
    """The same below zero."""
    return Parsed(pc.negate(money.values), money.reason)


def below_zero(money: Parsed, where: pa.Array) -> Parsed:
    """The same, and below zero where rows give money back, however that is written."""
    back = pc.negate(pc.abs(money.values))
    return Parsed(pc.if_else(where, back, money.values), money.reason)


def price_times_quantity(price: Parsed, quantity: Parsed) -> Parsed:
    """The amount of a line, exact, rounded to four decimals; the reason of either part stays."""
    amount = times(Parsed(price.values), quantity.values)
    unread = None  # a quantity that cannot be read leaves an amount that cannot
    if quantity.reason is not None:
        none = pa.scalar(None, pa.string())
        unread = pc.if_else(pc.is_valid(quantity.reason), UNREADABLE_AMOUNT.english, none)
    known = [one for one in (price.reason, unread, amount.reason) if one is not None]
    return Parsed(amount.values, pc.coalesce(*known) if known else None)


# --- kinds of columns -------------------------------------------------------------------------


def read_texts(texts: pa.Array, folded: bool = True) -> Parsed:
    """Texts without blanks at the ends, full-width signs folded (NFKC) if `folded`."""
    data = texts.buffers()[2]
    signs = np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8)
    if not len(signs) or (signs.min() > ord(" ") and signs.max() < _DELETE):
        # No blank and no sign beyond ASCII, as in ids: nothing to tidy.
        blank = pc.equal(pc.binary_length(texts), 0)
        texts = pc.if_else(blank, None, texts) if pc.any(blank).as_py() else texts
        return Parsed(texts.cast(_TEXT))
    encoded = texts.dictionary_encode()  # folding is dear, and names come again and again
    tidy = pc.utf8_trim_whitespace(encoded.dictionary)
    blank = pc.equal(pc.binary_length(tidy), 0)
    if folded:
        tidy = pc.utf8_trim_whitespace(pc.utf8_normalize(encoded.dictionary, form="NFKC"))
    return Parsed(pc.if_else(blank, None, tidy).cast(_TEXT).take(encoded.indices))


def read_days(texts: pa.Array, parse: Parser) -> Parsed:
    """Days; a clock time without a zone behind a readable day changes nothing and is taken off."""
    plain = _iso_days(texts, parse)
    if plain is not None:
        return Parsed(plain)
    encoded = texts.dictionary_encode()
    written = encoded.dictionary
    bare = pc.replace_substring_regex(written, _CLOCK, "")
    days = bare.dictionary_encode()
    read = read_each(days, parse, pa.date32())
    solid = pc.match_substring_regex(days.dictionary, _SOLID_END).take(days.indices)
    known = pc.or_(pc.equal(bare, written), pc.and_(solid, pc.is_valid(read.values)))
    return _others_each(written, known, read, parse, encoded.indices)


def _iso_days(texts: pa.Array, parse: Parser) -> pa.Array | None:
    """The days of a column of nothing but 2025-03-01, 2025-03-01 10:00 or 2025-03-01 10:00:00.

    None for any other column. Arrow reads these at once; `parse` is asked about every distinct day.
    """
    lengths = pc.binary_length(texts)
    blank = pc.equal(lengths, 0)
    if pc.any(blank).as_py():
        texts, lengths = (pc.if_else(blank, None, one) for one in (texts, lengths))
    found = pc.min_max(lengths).as_py()
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


def read_numbers(texts: pa.Array, parse: Parser, money: bool = False) -> Parsed:
    """Numbers or amounts, exact to four decimals."""
    encoded = texts.dictionary_encode()
    written = encoded.dictionary
    usual = pc.match_substring_regex(written, _PRICE if money else _NUMBER)
    plain = pc.replace_substring_regex(pc.if_else(usual, written, None), "[¥$£€,]", "")
    return _others_each(written, usual, Parsed(plain.cast(MONEY)), parse, encoded.indices)


def _others_each(
    written: pa.Array, known: pa.Array, read: Parsed, parse: Parser, indices: pa.Array
) -> Parsed:
    """What was read of distinct texts; those that are not `known` text by text."""
    values, reasons = read
    if not pc.all(known).as_py():
        odd = pc.invert(known)
        strange, why = read_each(written.filter(odd), parse, values.type)
        values = pc.replace_with_mask(values, odd, strange)
        none = pa.nulls(len(written), _TEXT) if reasons is None else reasons
        reasons = pc.replace_with_mask(none, odd, why)
    return Parsed(values.take(indices), None if reasons is None else reasons.take(indices))


def read_each(texts: pa.Array, parse: Parser, kind: pa.DataType) -> Parsed:
    """Any other kind: each distinct text once."""
    encoded = texts if isinstance(texts, pa.DictionaryArray) else texts.dictionary_encode()
    read = [
        parse(one) if one is not None and one.strip() else None
        for one in encoded.dictionary.to_pylist()
    ]
    values = pa.array([None if isinstance(one, Sentence) else one for one in read], kind)
    reasons = pa.array([one.english if isinstance(one, Sentence) else None for one in read], _TEXT)
    return Parsed(values.take(encoded.indices), reasons.take(encoded.indices))


def _each_once(texts: pa.Array, change: Callable[[str], object], kind: pa.DataType) -> pa.Array:
    """Every text changed, each distinct one once."""
    encoded = texts.dictionary_encode()
    return pa.array(map(change, encoded.dictionary.to_pylist()), kind).take(encoded.indices)
