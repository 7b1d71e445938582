"""A raw list to the typed rows of its table, every row accounted for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from segment_lib.columns import REQUIRED
from segment_lib.lists.accounts import (
    ORDER_LIKE,
    account_for,
    cancelled_by_prefix,
    cancelled_by_status,
    flags,
)
from segment_lib.lists.columns_read import (
    IDS,
    price_times_quantity,
    read_column,
    without_float_ending,
)
from segment_lib.lists.files import RawList
from segment_lib.lists.layout import PLACE, match_header
from segment_lib.lists.marks import permission_rows
from segment_lib.lists.same_customer import apply_merges
from segment_lib.lists.shapes import shaped
from segment_lib.lists.tax import on_one_basis
from segment_lib.lists.values import Parsed, Told
from segment_lib.settings import Client

# What a row carries beside its values: where it came from and what became of it.
BOOK = (
    *("_list", "_file", "_row_number", "_fate", "_reason", "_column", "_value", "_goes_to"),
    *("_money", "_own_row"),
)


@dataclass(frozen=True)
class ListRows:
    """All rows of one list: the columns of its table plus `BOOK`; `fate` accounts for each row."""

    name: str
    table: str
    rows: pd.DataFrame
    notes: tuple[Told, ...]
    permissions: pd.DataFrame = field(default_factory=pd.DataFrame)


def list_rows(client: Client, list_name: str, raw: RawList, merges: Mapping[str, str]) -> ListRows:
    """Read every mapped column and account for every row."""
    table = client.table_of(list_name)
    raw = shaped(client, list_name, raw)
    headers = _headers(client, list_name, raw.frame)
    parsed = {
        column: read_column(client, list_name, column, raw.frame[header])
        for column, header in headers.items()
    }
    for column, word in client.lists[list_name].always.items():
        same = pd.Series(word, index=raw.frame.index, dtype="str")
        parsed[column] = read_column(client, list_name, column, same)
    notes = list(raw.notes)
    for column in [column for column in IDS if column in parsed]:
        parsed[column], note = _tidy_ids(parsed[column], column)
        notes += [note] if note else []
    if table in ORDER_LIKE and "amount" not in parsed:
        parsed["amount"] = price_times_quantity(parsed["unit_price"], parsed["quantity"])
    parsed = on_one_basis(client, list_name, parsed)
    book = account_for(client, list_name, parsed, raw.frame.index)
    notes += _left_empty(parsed, table, headers, raw.frame[book["_fate"] == "kept"])
    rows = _typed_rows(client, list_name, parsed, merges)
    rows = rows.assign(
        **book, _list=list_name, _file=raw.frame["file"], _row_number=raw.frame["row_number"]
    )
    rows = rows.assign(_value=_raw_values(rows, headers, raw.frame))
    rows, note = _fold_repeats(client, list_name, rows, raw.frame)
    marks = permission_rows(client, list_name, raw, rows)
    rows = _with_broken(rows, raw.broken, list_name)
    return ListRows(list_name, table, rows, (*notes, *([note] if note else [])), marks)


def _headers(client: Client, list_name: str, frame: pd.DataFrame) -> dict[str, str]:
    has = [str(column) for column in frame.columns if column not in PLACE]
    found = {
        column: match_header(wanted, has)
        for column, wanted in client.lists[list_name].headers.items()
    }
    return {column: header for column, header in found.items() if header is not None}


def _tidy_ids(parsed: Parsed, column: str) -> tuple[Parsed, Told | None]:
    ids, note = without_float_ending(parsed.values.rename(column))
    return Parsed(ids, parsed.reason), note


def _left_empty(
    parsed: dict[str, Parsed], table: str, headers: dict[str, str], frame: pd.DataFrame
) -> list[Told]:
    """A note per optional column with values that could not be read: they are left empty."""
    notes = []
    for column, one in parsed.items():
        unread = frame.loc[flags(one.reason.notna())[frame.index]]
        if unread.empty or column not in headers or column in REQUIRED[table]:
            continue
        first, header = unread.iloc[0], headers[column]
        place = f"{first['file']}, row {first['row_number']}: {first[header]}"
        notes.append(
            Told(
                f"{header} ({column}): {len(unread)} value(s) could not be read and are left "
                f"empty; the first is in {place}",
                f"{header}（{column}）: 読めない値 {len(unread)} 件は空欄とした（最初: {place}）",
            )
        )
    return notes


def _typed_rows(
    client: Client, list_name: str, parsed: dict[str, Parsed], merges: Mapping[str, str]
) -> pd.DataFrame:
    """The values under the names of the table, ids merged as confirmed."""
    table = client.table_of(list_name)
    rows = pd.DataFrame({column: one.values for column, one in parsed.items()})
    given = rows["customer_id"]
    rows = rows.assign(customer_id=apply_merges(given, merges))
    if "referred_by" in rows:
        rows = rows.assign(referred_by=apply_merges(rows["referred_by"], merges))
    rows = rows.assign(_own_row=flags(rows["customer_id"] == given))
    if table in ("orders", "order_lines"):
        back = cancelled_by_status(parsed, rows.index)
        back |= cancelled_by_prefix(client, list_name, parsed, rows.index)
        kind = pd.Series("return", index=rows.index).mask(back, "cancellation")
        rows = rows.assign(adjusted_on=rows["ordered_on"], kind=kind)
    return rows


def _raw_values(rows: pd.DataFrame, headers: dict[str, str], frame: pd.DataFrame) -> pd.Series:
    """The cell that a set-aside row stumbled over, as it stands in the file."""
    value, about = pd.Series(None, index=rows.index, dtype="str"), rows["_column"]
    for column in about.dropna().unique():
        parts = [headers[c] for c in _parts(column, headers) if c in headers]
        if parts:
            text = frame[parts[0]].str.cat([frame[header] for header in parts[1:]], sep=" × ")
            value = value.mask(about == column, text)
    return value


def _parts(column: str, headers: dict[str, str]) -> tuple[str, ...]:
    if column == "amount" and "amount" not in headers:
        return ("unit_price", "quantity")
    return (column,)


def _fold_repeats(
    client: Client, list_name: str, rows: pd.DataFrame, frame: pd.DataFrame
) -> tuple[pd.DataFrame, Told | None]:
    """Rows that repeat a kept row cell by cell: counted; folded only if client.toml says so."""
    if client.table_of(list_name) == "customers":
        return rows, None
    cells = frame.columns.difference(PLACE).to_list()
    kept = rows["_fate"] == "kept"
    again = frame.loc[kept, cells].duplicated().reindex(rows.index, fill_value=False)
    count = int(again.sum())
    if not count:
        return rows, None
    if client.lists[list_name].duplicates == "fold":
        return rows.assign(_fate=rows["_fate"].mask(again, "folded")), Told(
            f"{count} row(s) repeat another one in every cell and were folded into it",
            f"全列が同じ行 {count} 件を1件にまとめた",
        )
    return rows, Told(
        f"{count} row(s) repeat another one in every cell and were kept: two equal orders can be "
        'real. To fold them: duplicates = "fold"',
        f'全列が同じ行が {count} 件ある（そのまま残した。まとめるには duplicates = "fold"）',
    )


def _with_broken(rows: pd.DataFrame, broken: pd.DataFrame, list_name: str) -> pd.DataFrame:
    if broken.empty:
        return rows
    more = broken.rename(columns=lambda name: f"_{name}").assign(_list=list_name, _fate="set aside")
    joined = pd.concat([rows, more], ignore_index=True)
    return joined.assign(_money=joined["_money"].fillna(Decimal(0)))
