"""Workbooks, Parquet files and databases as text cells: what a person sees, `00123` included."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import python_calamine

from segment_lib.checks import ListError, closest
from segment_lib.lists.layout import PLACE, unique_headers


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
        if value != value:
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value.is_finite() else ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    if isinstance(value, date):
        return value.isoformat()
    return f"<{len(value)} bytes>" if isinstance(value, bytes) else str(value)


def sheet_names(path: Path) -> list[str]:
    """The visible sheets of a workbook."""
    with closing(_workbook(path)) as book:
        return [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
            and sheet.visible == python_calamine.SheetVisibleEnum.Visible
        ]


def sheet_rows(path: Path, sheet: str) -> tuple[list[list[str]], list[tuple[int, int, int, int]]]:
    """The rows of a sheet from Excel's row 1 on, and merged cells: (top, left, bottom, right)."""
    with closing(_workbook(path)) as book:
        if sheet not in book.sheet_names:
            near = closest(sheet, book.sheet_names)
            raise ListError(
                f'{path.name} has no sheet "{sheet}". It has {book.sheet_names}. '
                + (f'Did you mean "{near}"?' if near else "Write one of these as sheet.")
            )
        found = book.get_sheet_by_name(sheet)
        rows = found.to_python(skip_empty_area=False)
        merged = [(*start, *end) for start, end in found.merged_cell_ranges or []]
    return [[cell_text(value) for value in row] for row in rows], merged


def _workbook(path: Path) -> python_calamine.CalamineWorkbook:
    try:
        return python_calamine.CalamineWorkbook.from_path(str(path))
    except python_calamine.PasswordError:
        raise ListError(f"{path.name} is protected by a password. Save it without one.") from None
    except (python_calamine.CalamineError, python_calamine.ZipError, OSError) as error:
        raise ListError(
            f"{path.name} cannot be opened as a workbook ({error}). "
            "Open it in Excel and save it as .xlsx."
        ) from None


def parquet_frame(path: Path) -> pd.DataFrame:
    """A Parquet file as text columns."""
    try:
        table = pq.read_table(path)
    except (OSError, ValueError) as error:
        raise ListError(f"{path.name} cannot be read as Parquet ({error}).") from None
    return _text_frame(table.column_names, (column.to_pylist() for column in table.columns))


def sqlite_frame(path: Path, db_table: str, list_name: str) -> pd.DataFrame:
    """One table or view of an SQLite file as text columns; the file is opened read-only."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        _require_table(db_table, _sqlite_tables(database), path.name, list_name)
        try:
            cursor = database.execute(f"select * from {_quoted(db_table)}")
            names, rows = [entry[0] for entry in cursor.description], cursor.fetchall()
        except sqlite3.Error as error:
            raise ListError(f"{path.name}: {db_table} cannot be read ({error}).") from None
    return _text_frame(names, zip(*rows, strict=True) if rows else [[] for _ in names])


def duckdb_frame(path: Path, db_table: str, list_name: str) -> pd.DataFrame:
    """One table or view of a DuckDB file as text columns; the file is opened read-only."""
    with closing(duckdb.connect(str(path), read_only=True)) as database:
        _require_table(db_table, _duckdb_tables(database), path.name, list_name)
        cursor = database.execute(f"select * from {_quoted(db_table)}")
        names, rows = [entry[0] for entry in cursor.description or []], cursor.fetchall()
    return _text_frame(names, zip(*rows, strict=True) if rows else [[] for _ in names])


def database_tables(path: Path) -> list[str]:
    """The tables and views of an SQLite or DuckDB file, sorted."""
    if path.read_bytes()[:6] == b"SQLite":
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            return _sqlite_tables(database)
    with closing(duckdb.connect(str(path), read_only=True)) as database:
        return _duckdb_tables(database)


def _sqlite_tables(database: sqlite3.Connection) -> list[str]:
    try:
        rows = database.execute(
            "select name from sqlite_master where type in ('table', 'view') "
            "and name not like 'sqlite_%' order by name"
        ).fetchall()
    except sqlite3.Error as error:
        raise ListError(f"The database cannot be read ({error}).") from None
    return [str(row[0]) for row in rows]


def _duckdb_tables(database: duckdb.DuckDBPyConnection) -> list[str]:
    rows = database.execute("select table_name from information_schema.tables order by 1")
    return [str(row[0]) for row in rows.fetchall()]


def _require_table(db_table: str, tables: list[str], file_name: str, list_name: str) -> None:
    if not db_table:
        raise ListError(
            f"{file_name} is a database with the tables {tables}. Say which one is meant: "
            f'[lists.{list_name}] db_table = "{tables[0] if tables else "..."}".'
        )
    if db_table not in tables:
        near = closest(db_table, tables)
        raise ListError(
            f'{file_name} has no table "{db_table}". It has {tables}. '
            + (f'Did you mean "{near}"?' if near else "Write one of these as db_table.")
        )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text_frame(names: list[str], columns: Iterable[Iterable[object]]) -> pd.DataFrame:
    cells = [[cell_text(value) for value in column] for column in columns]
    headers = unique_headers(names, taken=PLACE)
    return pd.DataFrame({n: pd.Series(c, dtype="str") for n, c in zip(headers, cells, strict=True)})
