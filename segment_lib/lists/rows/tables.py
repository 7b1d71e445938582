"""A chunk of a raw list to the typed rows of its table, every row accounted for.

Nothing here looks at more than the chunk; what needs the whole list (repeats, orders in lines, the
same customer in several rows) is done by `gathered.py` when all chunks are there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.columns import REQUIRED, as_text
from segment_lib.lists.cells.columns_read import IDS, price_times_quantity, read_column
from segment_lib.lists.cells.float_ids import without_float_ending
from segment_lib.lists.cells.layout import PLACE, match_header
from segment_lib.lists.cells.notes import Unread
from segment_lib.lists.cells.values import Parsed
from segment_lib.lists.cells.vectors import MONEY, as_array, repeated
from segment_lib.lists.reading.files import RawList
from segment_lib.lists.rows.accounts import (
    ORDER_LIKE,
    Account,
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
from segment_lib.voice import Sentence

# What a row carries beside its values: what becomes of it (`accounts.py`); `_made_id` says whether
# its order id was made here, `_cancelled` whether its order was taken back as a whole. The engine
# makes `_cells`, a fingerprint of the row as it stands in the file, of `_cell_0`, `_cell_1` …
BOOK: dict[str, pa.DataType] = {
    "_kept": pa.bool_(),
    "_taken_back": pa.bool_(),
    "_visit": pa.bool_(),
    "_money": MONEY,
    "_own_row": pa.bool_(),
    "_made_id": pa.bool_(),
    "_cancelled": pa.bool_(),
}
# What is told of a row that was set aside: its place among the rows, where it stands as a person
# sees it, the cell it stumbled over, and why. Few rows are; the others need not carry it.
ASIDE: dict[str, pa.DataType] = {
    "_row": pa.int64(),
    "_file": pa.string(),
    "_row_number": pa.int64(),
    "_column": pa.string(),
    "_value": pa.string(),
    "_reason": pa.string(),
    "_money": MONEY,
}
CELL = "_cell_"
ORDERS = ("orders", "order_lines")


@dataclass(frozen=True)
class ListRows:
    """The rows of one chunk: the columns of its table plus `BOOK`, which accounts for each.

    `aside` has one row (`ASIDE`) per row that was set aside, `files` the number of rows of each
    file. `floats` says of the id columns whether every id of the chunk was a float (17850.0).
    """

    rows: pa.Table
    aside: pa.Table
    files: Counter[str]
    notes: tuple[Sentence, ...] = ()
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
    account = account_for(client, list_name, parsed, raw.frame)
    rows = _typed_rows(client, list_name, parsed, merges)
    rows = _with_order_ids(client, list_name, _in_the_book(rows, account))
    marks = permission_rows(client, list_name, raw, rows["customer_id"], account.reason)
    unread = _unread(parsed, table, headers, raw.frame, account.kept)
    cells = _cells(raw.frame) if table != "customers" else {}
    arrow = _arrow(rows, cells)
    said = headers | no_sale_headers(client, list_name, raw.frame)
    aside = _aside(account, raw, said)
    if not raw.broken.empty:
        arrow = pa.concat_tables([arrow, _broken(len(raw.broken))], promote_options="default")
    files = Counter(raw.broken["file"]) + _counts(raw.frame["file"])
    given = set(parsed["customer_id"].values.dropna().unique()) if merges else set()
    merged = frozenset(given & set(merges))
    return ListRows(arrow, aside, files, raw.notes, unread, marks, merged, floats)


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


def _counts(column: pd.Series) -> Counter[str]:
    counts = pc.value_counts(as_array(column))
    return Counter(dict(zip(*(part.to_pylist() for part in counts.flatten()), strict=True)))


def _unread(
    parsed: dict[str, Parsed],
    table: str,
    headers: dict[str, str],
    frame: pd.DataFrame,
    kept: pd.Series,
) -> dict[str, Unread]:
    found = {}
    for column, one in parsed.items():
        if column not in headers or column in REQUIRED[table] or not one.reason.notna().any():
            continue
        unread = frame.loc[one.reason.notna() & kept]
        if not unread.empty:
            first = unread.iloc[0]
            place = Sentence(
                "{file}, row {row_number}: {cell}",
                file=first["file"],
                row_number=int(first["row_number"]),
                cell=first[headers[column]],
            )
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


def _in_the_book(rows: pd.DataFrame, account: Account) -> pd.DataFrame:
    """The rows with what becomes of each."""
    if account.order_id is not None:
        rows = rows.assign(order_id=account.order_id)
    return rows.assign(
        _kept=account.kept,
        _taken_back=account.taken_back,
        _visit=account.visit,
        _money=account.money,
    )


def _aside(account: Account, raw: RawList, headers: dict[str, str]) -> pa.Table:
    """`ASIDE` of the rows that were set aside, and of those that could not be cut into columns."""
    where = ~account.kept.to_numpy()
    schema = pa.schema(list(ASIDE.items()))
    if raw.broken.empty and not where.any():
        return schema.empty_table()
    frame, about = raw.frame.loc[where], account.column.loc[where]
    told = pd.DataFrame(
        {
            "_row": np.flatnonzero(where),
            "_file": frame["file"],
            "_row_number": frame["row_number"],
            "_column": about,
            "_value": _raw_values(about, headers, frame),
            "_reason": account.reason.loc[where],
            "_money": account.money.loc[where],
        }
    )
    broken = raw.broken.rename(columns=lambda name: f"_{name}").assign(
        _row=np.arange(len(raw.frame), len(raw.frame) + len(raw.broken)),
        _column=None,
        _money=Decimal(0),
    )
    return pa.concat_tables(
        [pa.Table.from_pandas(one, schema, preserve_index=False) for one in (told, broken)]
    )


def _raw_values(about: pd.Series, headers: dict[str, str], frame: pd.DataFrame) -> pd.Series:
    """The cell that each set-aside row stumbled over, as it stands in the file."""
    value = repeated(None, frame.index)
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
    lacks = rows["order_id"].isna() & rows["_kept"] & ~rows["_taken_back"] & ~rows["_visit"]
    rows["_made_id"] = lacks
    if lacks.any():
        day = rows.loc[lacks, "ordered_on"].pipe(as_text)
        rows["order_id"] = rows["order_id"].pipe(as_text)
        rows.loc[lacks, "order_id"] = rows.loc[lacks, "customer_id"].pipe(as_text) + "@" + day
    return rows


def _arrow(rows: pd.DataFrame, cells: dict[str, pa.Array]) -> pa.Table:
    arrays = dict(cells)
    for name in rows.columns:
        array = as_array(rows[name])
        kind = BOOK.get(str(name), array.type)
        kind = pa.string() if pa.types.is_large_string(kind) else kind
        arrays[str(name)] = array if array.type == kind else array.cast(kind)
    return pa.table(arrays)


def _broken(count: int) -> pa.Table:
    """The rows that could not be cut into the columns: set aside, with no values."""
    same = {"_kept": False, "_money": Decimal(0), "_own_row": True}
    return pa.table(
        {name: pa.repeat(pa.scalar(one, BOOK[name]), count) for name, one in same.items()}
    )
