"""What a fuzzer may do to the readers: any bytes, and never a crash nor an unbalanced ledger.

    python tests/lists/fuzz_targets.py values|read|build -max_total_time=200 [more of libFuzzer]

A target takes bytes. Whatever they are, a reader answers with rows or with a `KitError`, a parser
with a value or a reason. Anything else is a finding. `test_fuzz.py` runs each target for a short
while; `benchmarks/fuzz.py` for ten minutes.
"""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from segment_lib.checks import KitError
from segment_lib.client import open_client
from segment_lib.lists.cells.amounts import parse_hours, parse_money, parse_number
from segment_lib.lists.cells.dates import parse_date
from segment_lib.lists.cells.telephones import parse_telephone
from segment_lib.lists.cells.values import tidy_text
from segment_lib.lists.cells.vectors import read_days, read_numbers, read_texts
from segment_lib.lists.reading.files import first_rows, read_list
from segment_lib.lists.register import build_register
from segment_lib.voice import Sentence

TOML = """
[client]
name = "fuzz"
as_of = 2100-12-31
[lists.orders]
files = ["list.bin"]
guests = ["G*"]
cancelled_when_order_id_starts = "C"
{more}
[lists.orders.columns]
customer_id = "id"
order_id = "no"
ordered_on = "day"
amount = "total"
"""
MORE = (
    "",
    'dates = ["dmy"]',
    'dates = ["mdy", "serial"]\nmissing = ["x"]',
    'duplicates = "fold"\nzero_amounts = "keep"',
    'names = ["id", "no", "day", "total"]',
    'delimiter = " "',
    'encoding = "mac_roman"\none_row_is_one_order = true',
    'zero_amounts = "visit"',
    'as_above = ["no", "day"]\nguests_by = "no"\ndiscounts = ["no"]',
    'order_id_from = ["day", "no"]\namount_of = "order"\ndecimal = ","',
)
HEADER = b"id,no,day,total\n"
GOOD = HEADER + '001,a,2025-01-05,"1,200"\n002,Cb,令和7年1月5日,▲300円\n,c,x,0\n'.encode()


def values(data: bytes) -> None:
    """Every parser of one text, and the same column at once."""
    text = data.decode("utf-8", errors="replace")
    found = parse_money(text)
    assert isinstance(found, Sentence) or (
        isinstance(found, Decimal) and found.as_tuple().exponent >= -4 and abs(found) < 10**14
    )
    for parse in (parse_number, parse_hours):
        assert isinstance(parse(text), (Sentence, Decimal))
    ways = ("ymd", "era", "dmy", "serial"), ("mdy",)
    days = [parse_date(text, formats, "Asia/Tokyo") for formats in ways]
    assert all(isinstance(day, (Sentence, date)) for day in days)
    assert parse_telephone(text) is None or parse_telephone(text)
    column = pa.array([text, "1", ""], pa.large_string())
    for parsed in (read_numbers(column, parse_money, money=True), read_texts(column)):
        assert len(parsed.values) == 3
        assert parsed.reason is None or len(parsed.reason) == 3
    day = read_days(column, lambda one: parse_date(one, ways[0], "Asia/Tokyo")).values[0]
    if text.strip():
        assert day.as_py() == (None if isinstance(days[0], Sentence) else days[0])
    assert tidy_text(text) == tidy_text(tidy_text(text))


def _client(folder: Path, data: bytes) -> Path:
    """A client whose only list are the bytes; the first one says how client.toml reads them."""
    more = MORE[data[0] % len(MORE)] if data else ""
    toml = folder / "client.toml"
    said = TOML.replace('order_id = "no"\n', "") if "order_id_from" in more else TOML
    toml.write_text(said.format(more=more), encoding="utf-8")
    (folder / "list.bin").write_bytes(data[1:])
    return toml


def read(data: bytes) -> None:
    """Any file: rows whose places are in order, or one sentence."""
    with tempfile.TemporaryDirectory() as name:
        client = open_client(_client(Path(name), data), out=Path(name) / "out")
        section = client.lists["orders"]
        try:
            first_rows(Path(name) / "list.bin", section, "orders", 50)
            raw = read_list(client, "orders")
            assert raw.frame["row_number"].is_monotonic_increasing
            assert raw.frame["row_number"].is_unique
            assert not raw.frame.isna().any(axis=None)
        except KitError as error:
            _is_a_sentence(error)


def build(data: bytes) -> None:
    """Any file to a register whose ledger balances, or one sentence."""
    with tempfile.TemporaryDirectory() as name:
        client = open_client(_client(Path(name), data), out=Path(name) / "out")
        try:
            register = build_register(client)
        except KitError as error:
            _is_a_sentence(error)
            return
        accounts = json.loads((register.folder / "ledger.json").read_text(encoding="utf-8"))
        account = accounts["orders"]
        aside = sum(account["set_aside"].values())
        assert account["rows_in"] == account["kept"] + account["folded"] + aside
        assert len(register.set_aside) == aside


def _is_a_sentence(error: KitError) -> None:
    text = str(error)
    assert text.strip()
    assert text[-1] in ".?)", text
    assert "Traceback" not in text


TARGETS: dict[str, Callable[[bytes], None]] = {"values": values, "read": read, "build": build}


def seeds(target: str) -> list[bytes]:
    """Something to begin with: the ways of writing, and a small file of each kind."""
    if target == "values":
        texts = (
            "▲1,200円|(300)|3万5千|Fr. 45.-|1.200,-|kr 45:-|１２：３０|令和6年3月1日|R7.3.1|"
            "1/3/2025 10:00|2025-03-01T10:00Z"
        )
        return [text.encode() for text in [*texts.split("|"), "+81 (0)3-1234-5678", "17850.0"]]
    text = GOOD.decode()
    files = [GOOD, text.replace("\n", "\r").encode("cp932"), text.encode("utf-16")]
    files += [text.encode("euc_jp"), gzip.compress(GOOD), _zip(GOOD), _workbook(), _parquet()]
    files += [_sqlite(), text.replace(",", "\t").encode("utf-8-sig"), b"\x00" * 40, b"%PDF-1.7"]
    return [bytes([number]) + file for number, file in enumerate(files)]


def _zip(data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("受注.csv", data)
    return packed.getvalue()


def _workbook() -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(GOOD.decode().splitlines()):
            sheet.write_row(number, 0, line.split(","))
    return packed.getvalue()


def _parquet() -> bytes:
    packed = io.BytesIO()
    columns = {"id": ["1"], "no": ["a"], "day": [date(2025, 1, 5)], "total": [Decimal("1.50")]}
    pq.write_table(pa.table(columns), packed)
    return packed.getvalue()


def _sqlite() -> bytes:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "a.sqlite"
        with closing(sqlite3.connect(path)) as database:
            database.execute("create table orders (id, no, day, total)")
            database.execute("insert into orders values ('1', 'a', '2025-01-05', 10)")
            database.commit()
        return path.read_bytes()


def main() -> None:
    """Hand a target to the fuzzer, with the seeds in a folder of their own."""
    import atheris

    target = sys.argv.pop(1)
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds(target)):
            (Path(corpus) / str(number)).write_bytes(seed)
        for module in [name for name in sys.modules if name.startswith("segment_lib.lists")]:
            for thing in list(vars(sys.modules[module]).values()):
                if callable(thing) and getattr(thing, "__module__", "") == module:
                    _instrument(atheris, thing)
        atheris.Setup([*sys.argv, corpus], TARGETS[target])
        atheris.Fuzz()


def _instrument(atheris: object, thing: object) -> None:
    code = getattr(thing, "__code__", None)
    if code is not None:
        thing.__code__ = atheris.instrument_func(thing).__code__  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
