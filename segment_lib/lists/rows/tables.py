"""A chunk of a raw list to the typed rows of its table, every row accounted for.

Nothing here looks at more than the chunk; what needs the whole list (repeats, orders in lines, the
same customer in several rows) is done by `gathered.py` when all chunks are there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd
import pyarrow as pa

from segment_lib.columns import REQUIRED
from segment_lib.lists.cells.columns_read import IDS, price_times_quantity, read_column
from segment_lib.lists.cells.float_ids import without_float_ending
from segment_lib.lists.cells.layout import PLACE, match_header
from segment_lib.lists.cells.notes import Note, Unread
from segment_lib.lists.cells.values import Parsed
from segment_lib.lists.cells.vectors import MONEY, as_array, repeated
from segment_lib.lists.reading.files import RawList
from segment_lib.lists.rows.accounts import (
    ORDER_LIKE,
    account_for,
    cancelled_by_prefix,
    cancelled_by_status,
    flags,
    no_sale_headers,
)
from segment_lib.lists.rows.marks import permission_rows
from segment_lib.lists.rows.merges import apply_merges
from segment_lib.lists.rows.shapes import made_headers, shaped
from segment_lib.lists.rows.tax import on_one_basis
from segment_lib.settings import Client

# What a row carries beside its values: where it came from and what became of it; `_made_id` says
# whether its order id was made here, `_cancelled` whether its order was taken back as a whole. The
# engine makes `_cells`, a fingerprint of the row as it stands in the file, of the columns
# `_cell_0`, `_cell_1` …
BOOK: dict[str, pa.DataType] = {
    "_file": pa.string(),
    "_row_number": pa.int64(),
    "_fate": pa.string(),
    "_reason": pa.string(),
    "_column": pa.string(),
    "_value": pa.string(),
    "_goes_to": pa.string(),
    "_money": MONEY,
    "_own_row": pa.bool_(),
    "_made_id": pa.bool_(),
    "_cancelled": pa.bool_(),
}
CELL = "_cell_"
FATES = ("kept", "set aside", "folded")
ORDERS = ("orders", "order_lines")


@dataclass(frozen=True)
class ListRows:
    """The rows of one chunk: the columns of its table plus `BOOK`; `_fate` accounts for each.

    `floats` says of the id columns whether every id of the chunk was a float (17850.0).
    """

    rows: pa.Table
    notes: tuple[Note, ...] = ()
    unread: dict[str, Unread] = field(default_factory=dict)
    permissions: pd.DataFrame = field(default_factory=pd.DataFrame)
    merged_ids: frozenset[str] = frozenset()
    floats: dict[str, bool] = field(default_factory=dict)


def list_rows(
    client: Client,
    list_name: str,
    raw: RawList,
    merges: Mapping[str, str],
    no_floats: Collection[str] = (),
) -> ListRows:
    """Read every mapped column of a chunk and account for every row.

    `no_floats` names the id columns that are known to hold other ids than floats.
    """
    table = client.table_of(list_name)
    raw = shaped(client, list_name, raw)
    headers = mapped_headers(client, list_name, raw.frame)
    parsed = _parsed(client, list_name, raw.frame, headers)
    floats: dict[str, bool] = {}
    for column in [column for column in IDS if column in parsed and column not in no_floats]:
        parsed[column], all_floats = without_float_ending(parsed[column])
        floats |= {} if all_floats is None else {column: all_floats}
    if table in ORDER_LIKE and "amount" not in parsed:
        parsed["amount"] = price_times_quantity(parsed["unit_price"], parsed["quantity"])
    parsed = on_one_basis(client, list_name, parsed)
    book = account_for(client, list_name, parsed, raw.frame)
    rows = _typed_rows(client, list_name, parsed, merges)
    rows = rows.assign(**book, _file=raw.frame["file"], _row_number=raw.frame["row_number"])
    said = headers | no_sale_headers(client, list_name, raw.frame)
    rows["_value"] = _raw_values(rows, said, raw.frame)
    rows = _with_order_ids(client, list_name, rows)
    marks = permission_rows(client, list_name, raw, rows)
    unread = _unread(parsed, table, headers, raw.frame[book["_fate"] == "kept"])
    cells = _cells(raw.frame) if table != "customers" else {}
    arrow = _arrow(rows, cells)
    if not raw.broken.empty:
        arrow = pa.concat_tables([arrow, _broken(raw.broken)], promote_options="default")
    given = set(parsed["customer_id"].values.dropna().unique()) if merges else set()
    return ListRows(arrow, raw.notes, unread, marks, frozenset(given & set(merges)), floats)


def _parsed(
    client: Client, list_name: str, frame: pd.DataFrame, headers: dict[str, str]
) -> dict[str, Parsed]:
    parsed = {
        column: read_column(client, list_name, column, frame[header])
        for column, header in headers.items()
    }
    for column, word in client.lists[list_name].always.items():
        parsed[column] = read_column(client, list_name, column, repeated(word, frame.index))
    return parsed


def mapped_headers(client: Client, list_name: str, frame: pd.DataFrame) -> dict[str, str]:
    """Column to the header of the file, for the columns that client.toml maps."""
    has = [str(column) for column in frame.columns if column not in PLACE]
    found = {
        column: match_header(wanted, has)
        for column, wanted in (client.lists[list_name].headers | made_headers(frame)).items()
    }
    return {column: header for column, header in found.items() if header is not None}


def _unread(
    parsed: dict[str, Parsed], table: str, headers: dict[str, str], kept: pd.DataFrame
) -> dict[str, Unread]:
    found = {}
    for column, one in parsed.items():
        if column not in headers or column in REQUIRED[table] or not one.reason.notna().any():
            continue
        unread = kept.loc[flags(one.reason.notna())[kept.index]]
        if not unread.empty:
            first = unread.iloc[0]
            place = f"{first['file']}, row {first['row_number']}: {first[headers[column]]}"
            found[column] = Unread(len(unread), place)
    return found


def _typed_rows(
    client: Client, list_name: str, parsed: dict[str, Parsed], merges: Mapping[str, str]
) -> pd.DataFrame:
    """The values under the names of the table, ids merged as confirmed."""
    table = client.table_of(list_name)
    rows = pd.DataFrame({column: one.values for column, one in parsed.items()})
    given = rows["customer_id"]
    if merges:
        rows["customer_id"] = apply_merges(given, merges)
        if "referred_by" in rows:
            rows["referred_by"] = apply_merges(rows["referred_by"], merges)
    rows["_own_row"] = flags(rows["customer_id"] == given) if merges else True
    if table in ORDERS:
        back = cancelled_by_status(parsed, rows.index)
        back |= cancelled_by_prefix(client, list_name, parsed, rows.index)
        rows["_cancelled"] = back
    return rows


def _raw_values(rows: pd.DataFrame, headers: dict[str, str], frame: pd.DataFrame) -> pd.Series:
    """The cell that a set-aside row stumbled over, as it stands in the file."""
    value, about = repeated(None, rows.index), rows["_column"]
    for column in about.dropna().unique():
        parts = [headers[c] for c in _parts(column, headers) if c in headers]
        where = about == column
        if parts:
            text = frame.loc[where, parts[0]]
            for header in parts[1:]:
                text = text.str.cat(frame.loc[where, header], sep=" × ")
            value.loc[where] = text
    return value


def _parts(column: str, headers: dict[str, str]) -> tuple[str, ...]:
    if column == "amount" and "amount" not in headers:
        return ("unit_price", "quantity")
    return (column,)


def _cells(frame: pd.DataFrame) -> dict[str, pa.Array]:
    """All cells of the rows as they stand in the file, for the engine's fingerprint."""
    names = [name for name in frame.columns if name not in PLACE]
    return {f"{CELL}{number}": as_array(frame[name]) for number, name in enumerate(names)}


def _with_order_ids(client: Client, list_name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows without an order id get one of customer and day: 001@2025-03-01."""
    table = client.table_of(list_name)
    if table not in ORDERS:
        return rows
    if "order_id" not in rows:
        rows["order_id"] = pd.Series(pa.nulls(len(rows), pa.string()), index=rows.index)
    lacks = rows["order_id"].isna() & (rows["_fate"] == "kept") & (rows["_goes_to"] == table)
    rows["_made_id"] = flags(lacks)
    if lacks.any():
        day = rows.loc[lacks, "ordered_on"].astype("str")
        rows["order_id"] = rows["order_id"].astype("str")
        rows.loc[lacks, "order_id"] = rows.loc[lacks, "customer_id"].astype("str") + "@" + day
    return rows


def _arrow(rows: pd.DataFrame, cells: dict[str, pa.Array]) -> pa.Table:
    arrays = dict(cells)
    for name in rows.columns:
        array = as_array(rows[name])
        kind = BOOK.get(str(name), array.type)
        kind = pa.string() if pa.types.is_large_string(kind) else kind
        arrays[str(name)] = array if array.type == kind else array.cast(kind)
    return pa.table(arrays)


def _broken(broken: pd.DataFrame) -> pa.Table:
    """The rows that could not be cut into the columns: set aside as they stand."""
    rows = broken.rename(columns=lambda name: f"_{name}")
    rows = rows.assign(_fate="set aside", _goes_to=None, _money=Decimal(0), _own_row=True)
    known = pa.schema([(name, BOOK[str(name)]) for name in rows.columns])
    return pa.Table.from_pandas(rows, schema=known, preserve_index=False)
