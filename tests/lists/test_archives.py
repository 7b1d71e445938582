"""Lists inside archives: which member is meant, names from Japanese Windows, nothing left over."""

from __future__ import annotations

import gzip
import io
import re
import sqlite3
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from segment_lib.checks import ListError
from segment_lib.client import Client
from segment_lib.lists.reading.archives import archive_members
from segment_lib.lists.reading.files import RawList, first_rows, read_file, read_list
from segment_lib.settings import ListSection

Make = Callable[..., Client]
TABLE = "id,name\n001,青葉\n002,若草\n".encode()


@pytest.fixture(autouse=True)
def nothing_left_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Temporary files go to a folder of this test's own, and are gone after it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []


def zipped(members: dict[str, bytes], **more: int) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, **more) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return data.getvalue()


def read(folder: Path, data: bytes, name: str = "a.zip", **stated: object) -> RawList:
    path = folder / name
    path.write_bytes(data)
    return read_file(path, ListSection.model_validate({"files": [name], **stated}), "x")


def sentence(folder: Path, data: bytes, name: str = "a.zip", **stated: object) -> str:
    with pytest.raises(ListError) as caught:
        read(folder, data, name, **stated)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "data", "shown"),
    [
        ("a.csv.gz", gzip.compress(TABLE), "a.csv.gz"),
        ("a.zip", zipped({"b.csv": TABLE}), "a.zip / b.csv"),
        ("a.zip", zipped({"in.zip": zipped({"f/b.csv": TABLE})}), "a.zip / in.zip / f/b.csv"),
        ("a.zip", zipped({"b.csv.gz": gzip.compress(TABLE)}), "a.zip / b.csv.gz"),
        ("a.zip.gz", gzip.compress(zipped({"b.csv": TABLE})), "a.zip.gz / b.csv"),
        ("a.tgz", tarred({"f/b.csv": TABLE}), "a.tgz / f/b.csv"),
    ],
)
def test_the_one_list_inside_is_taken(tmp_path: Path, name: str, data: bytes, shown: str) -> None:
    raw = read(tmp_path, data, name)
    assert raw.frame.to_numpy().tolist() == [
        ["001", "青葉", 2, shown],
        ["002", "若草", 3, shown],
    ]
    assert [str(note) for note in raw.notes] == [f"{shown}: read as utf-8, delimiter comma"]
    assert first_rows(tmp_path / name, ListSection(files=(name,)), "x", 1).frame["id"][0] == "001"


def test_what_is_no_list_is_passed_over(tmp_path: Path) -> None:
    members = {
        "__MACOSX/._b.csv": b"x",
        ".DS_Store": b"x",
        "folder/": b"",
        "~$b.xlsx": b"x",
        "b.csv": TABLE,
        "read me.txt": b"About this list\n",
        "logo.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        "terms.pdf": b"%PDF-1.7\n",
    }
    assert len(read(tmp_path, zipped(members)).frame) == 2
    members = {"read me.txt": b"About this list\n"}
    assert "About this list" in read(tmp_path, zipped(members)).frame
    assert sentence(tmp_path, zipped({"logo.png": b"\x89PNG\r\n"})) == (
        "a.zip (list x) holds no list that can be read: it has ['logo.png']. Ask for the list as "
        "CSV or as a workbook."
    )


def test_several_lists_and_the_line_to_write(tmp_path: Path) -> None:
    inner = zipped({"2024/orders.csv": TABLE, "2025/orders.csv": TABLE})
    data = zipped({"in.zip": inner, "people.csv": TABLE})
    assert sentence(tmp_path, data) == (
        "a.zip (list x) holds 3 lists: ['in.zip/2024/orders.csv', 'in.zip/2025/orders.csv', "
        "'people.csv']. Say which one is meant: [lists.x] member = \"…\"."
    )
    assert sentence(tmp_path, data, member="orders.csv") == (
        "a.zip has 2 files \"orders.csv\": ['in.zip/2024/orders.csv', 'in.zip/2025/orders.csv']. "
        'Write the whole name: [lists.x] member = "in.zip/2024/orders.csv".'
    )
    assert sentence(tmp_path, data, member="poeple.csv") == (
        "a.zip has no file \"poeple.csv\". It has ['in.zip/2024/orders.csv', "
        "'in.zip/2025/orders.csv', 'people.csv']. Did you mean \"people.csv\"?"
    )
    for member in ("in.zip/2024/orders.csv", "2024/orders.csv"):
        raw = read(tmp_path, data, member=member)
        assert set(raw.frame["file"]) == {"a.zip / in.zip / 2024/orders.csv"}
    raw = read(tmp_path, data, member="in.zip/*/orders.csv")
    assert raw.frame["file"].unique().tolist() == [
        "a.zip / in.zip / 2024/orders.csv",
        "a.zip / in.zip / 2025/orders.csv",
    ]
    assert len(raw.frame) == 4
    assert archive_members(tmp_path / "a.zip") == [
        "in.zip/2024/orders.csv",
        "in.zip/2025/orders.csv",
        "people.csv",
    ]


def test_one_member_a_month_makes_one_list(make: Make) -> None:
    toml = (
        '[lists.orders]\nfiles = ["a.zip"]\nmember = "2025-*.csv"\n[lists.orders.columns]\n'
        'customer_id = "id"\nordered_on = "day"\namount = "sum"\n'
    )
    months = {
        "2025-02.csv": b"day,id,sum,by\n2025-02-01,2,2,a\n",
        "2025-01.csv": b"id,day,sum\n1,2025-01-01,1\n",
        "people.csv": b"id\n1\n",
    }
    raw = read_list(make(toml, {"a.zip": zipped(months)}), "orders")
    assert raw.frame.to_numpy().tolist() == [
        ["1", "2025-01-01", "1", "", 2, "a.zip / 2025-01.csv"],
        ["2", "2025-02-01", "2", "a", 2, "a.zip / 2025-02.csv"],
    ]


def named_in_cp932(members: dict[str, bytes]) -> bytes:
    """A zip as Japanese Windows makes it: names in cp932, and no flag that says so."""
    stand_ins = {f"{'x' * len(name.encode('cp932'))}": name for name in members}
    assert len(stand_ins) == len(members)
    data = zipped({x: members[name] for x, name in stand_ins.items()})
    for x, name in sorted(stand_ins.items(), key=lambda pair: -len(pair[0])):
        data = data.replace(x.encode(), name.encode("cp932"))
    return data


def test_names_from_japanese_windows_and_from_a_mac(tmp_path: Path) -> None:
    # The second byte of 表 and of ソ is a backslash.
    data = named_in_cp932({"受注/表ソ.csv": TABLE, "顧客台帳.csv": TABLE})
    assert archive_members_of(tmp_path, data) == ["受注/表ソ.csv", "顧客台帳.csv"]
    assert len(read(tmp_path, data, member="受注/表ソ.csv").frame) == 2
    decomposed = "か\u3099っこう.csv"
    data = zipped({decomposed: TABLE, "b.csv": TABLE})
    assert archive_members_of(tmp_path, data) == ["b.csv", "がっこう.csv"]
    assert len(read(tmp_path, data, member="がっこう.csv").frame) == 2


def archive_members_of(folder: Path, data: bytes) -> list[str]:
    (folder / "a.zip").write_bytes(data)
    return archive_members(folder / "a.zip")


def workbook() -> bytes:
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    sheet = book.add_worksheet("名簿")
    sheet.write_row(0, 0, ["id", "name"])
    sheet.write_row(1, 0, ["001", "青葉"])
    book.close()
    return data.getvalue()


def database(folder: Path) -> bytes:
    with closing(sqlite3.connect(folder / "b.sqlite")) as made:
        made.execute("create table t (id text, name text)")
        made.execute("insert into t values ('001', '青葉')")
        made.commit()
    return (folder / "b.sqlite").read_bytes()


def test_workbooks_parquet_and_databases_inside_archives(tmp_path: Path) -> None:
    table = io.BytesIO()
    pd.DataFrame({"id": ["001"], "name": ["青葉"]}).to_parquet(table)
    kinds = {
        "b.xlsx": (workbook(), {}),
        "b.parquet": (table.getvalue(), {}),
        "b.sqlite": (database(tmp_path), {"db_table": "t"}),
    }
    for name, (content, stated) in kinds.items():
        raw = read(tmp_path, zipped({name: content}), **stated)
        assert raw.frame[["id", "name", "file"]].to_numpy().tolist() == [
            ["001", "青葉", f"a.zip / {name}"]
        ]
        raw = read(tmp_path, gzip.compress(content), f"{name}.gz", **stated)
        assert raw.frame["file"].to_list() == [f"{name}.gz"]
    raw = read(tmp_path, zipped({"b.xlsx": workbook()}))
    assert str(raw.notes[0]) == "a.zip / b.xlsx: sheet 名簿"
    assert read(tmp_path, workbook(), "b.xlsx").frame["file"].to_list() == ["b.xlsx"]


def test_a_damaged_workbook_leaves_nothing_behind(tmp_path: Path) -> None:
    data = zipped({"b.xlsx": zipped({"xl/workbook.xml": b"<no workbook"})})
    assert sentence(tmp_path, data).startswith("a.zip / b.xlsx ")


@pytest.mark.real_data
def test_real_archives(real_data: Path) -> None:
    bank = real_data / "bank-marketing" / "bank+marketing.zip"
    assert archive_members(bank) == [
        "bank-additional.zip/bank-additional/bank-additional-full.csv",
        "bank-additional.zip/bank-additional/bank-additional.csv",
        "bank.zip/bank-full.csv",
        "bank.zip/bank.csv",
    ]
    counts = {"bank-full.csv": 45211, "bank-additional-full.csv": 41188}
    for member, count in counts.items():
        raw = read_file(bank, ListSection(files=("x",), member=member), "x")
        assert len(raw.frame) == count
    crm = real_data / "crm-opportunities" / "CRM+Sales+Opportunities.zip"
    assert len(archive_members(crm)) == 5
    section = ListSection(files=("x",), member="sales_pipeline.csv")
    assert len(read_file(crm, section, "x").frame) == 8800
    (students,) = (real_data / "student-outcomes").glob("*.zip")
    raw = read_file(students, ListSection(files=("x",)), "x")
    assert raw.frame.shape == (4424, 39)
    assert re.search(r" / data2\.csv: read as utf-8-sig, delimiter semicolon", str(raw.notes[0]))


def test_a_name_within_a_zip_that_is_no_utf8_is_damage(make: Make) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("受注.csv", "id,day,total\n1,2025-01-01,5\n")
    name = "受注".encode()
    broken = packed.getvalue().replace(name, b"\xcb" + name[1:], 1)
    toml = """
[lists.orders]
files = ["a.zip"]
columns = {customer_id = "id", ordered_on = "day", amount = "total"}
"""
    with pytest.raises(ListError) as caught:
        read_list(make(toml, {"a.zip": broken}), "orders")
    assert "is a .zip file that is damaged or cut off." in str(caught.value)
