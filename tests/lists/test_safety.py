"""What is no list, or means harm: each gets its sentence, and nothing is executed or filled up."""

from __future__ import annotations

import gzip
import io
import os
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from segment_lib.checks import ClientError, KitError, ListError
from segment_lib.client import Client, list_files
from segment_lib.lists.reading import archives, plain_text, text_rows
from segment_lib.lists.reading.files import RawList, first_rows, read_file, read_list
from segment_lib.lists.reading.kinds import kind_of
from segment_lib.settings import ListSection

Make = Callable[..., Client]
MB = 1 << 20


def read(folder: Path, data: bytes, name: str = "a.csv", **stated: object) -> RawList:
    path = folder / name
    path.write_bytes(data)
    return read_file(path, ListSection.model_validate({"files": [name], **stated}), "x")


def sentence(folder: Path, data: bytes, name: str = "a.csv", **stated: object) -> str:
    with pytest.raises(ListError) as caught:
        read(folder, data, name, **stated)
    with pytest.raises(ListError) as looked:
        first_rows(folder / name, ListSection.model_validate({"files": [name], **stated}), "x")
    assert str(looked.value) == str(caught.value)
    return str(caught.value)


def zipped(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


# --- what is no list -----------------------------------------------------------------------------

ASK = "Ask for the list itself, as CSV or as a workbook."
SAVE = "Open it in Excel and save it as .xlsx."
UNPACK = "Unpack it, and name the file that comes out."
PAGE = b"<html><body><table><tr><td>1</td></tr></table></body></html>"
SHEET_2003 = b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook>'
SQL = b"-- dump\nDROP TABLE IF EXISTS a;\nCREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\n"
NOISE = random.Random(1).randbytes(3000)
NO_LISTS = {
    "a.pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", f"a PDF document, not a list of rows. {ASK}"),
    "b.csv": (b"%PDF-1.7\n", f"a PDF document, though it is named .csv, not a list of rows. {ASK}"),
    "a.jpg": (b"\xff\xd8\xff\xe0" + NOISE, f"a JPEG picture, not a list of rows. {ASK}"),
    "a.exe": (
        b"MZ\x90\x00" + NOISE,
        f"a Windows program, which is never run, not a list of rows. {ASK}",
    ),
    "a.dat": (NOISE, f"a binary file, not a list of rows. {ASK}"),
    "a.7z": (b"7z\xbc\xaf\x27\x1c" + NOISE, f"a 7-Zip archive, not a list of rows. {UNPACK}"),
    "a.mdb": (
        b"\x00\x01\x00\x00Standard Jet DB\x00" + NOISE,
        "an Access database, not a list of rows. Export its table as .xlsx or CSV.",
    ),
    "a.rda": (
        b"BZh91AY" + NOISE,
        "an R workspace, not a list of rows. Save the table in R with write.csv.",
    ),
    "a.xls": (
        b"\xef\xbb\xbf\n<!-- made by a shop -->" + PAGE,
        f"a web page (HTML), though it is named .xls, not a list of rows. {SAVE}",
    ),
    "b.xls": (
        PAGE.decode().encode("utf-16"),
        f"a web page (HTML), though it is named .xls, not a list of rows. {SAVE}",
    ),
    "c.xls": (
        b"MIME-Version: 1.0\nContent-Type: multipart/related",
        f"a web page (MHTML), though it is named .xls, not a list of rows. {SAVE}",
    ),
    "d.xls": (
        SHEET_2003,
        f"an XML sheet of Excel 2003, though it is named .xls, not a list of rows. {SAVE}",
    ),
    "a.json": (
        b'[{"id": 1}]',
        "a JSON file, not a list of rows. Export the list as CSV.",
    ),
    "a.sql": (
        SQL,
        "a script of SQL commands, which are never run, not a list of rows. Load it into its "
        "database and give connection and db_table, or export the table as CSV.",
    ),
    "a.docx": (
        zipped({"[Content_Types].xml": b"", "word/document.xml": b""}),
        "a Word document, not a list of rows. Copy its table into a workbook, saved as .xlsx.",
    ),
    "a.numbers": (
        zipped({"Index/Document.iwa": b"", "Index/Tables/DataList.iwa": b""}),
        "a Numbers table, not a list of rows. Export it from Numbers as .xlsx or CSV.",
    ),
    "a.pages": (
        zipped({"Index/Document.iwa": b""}),
        "a Pages, Numbers or Keynote document, not a list of rows. Export its table as .xlsx or "
        "CSV.",
    ),
}


@pytest.mark.parametrize("name", NO_LISTS)
def test_what_is_no_list_is_told_what_it_is(tmp_path: Path, name: str) -> None:
    data, what = NO_LISTS[name]
    assert sentence(tmp_path, data, name) == f"{name} (list x) is {what}"


@pytest.mark.parametrize(
    "start",
    [
        b"PARTNER,MZ,BZh\n1,2,3\n",
        b"MZ,name\n1,2\n",
        b"<id>,name\n1,2\n",
        b"create,insert\nx,insert into stock\n",
        b"[id],[name]\n1,2\n",
        b"a\0\0\0,b\0\0\n1\0\0\0,2\0\0\n",
        "名前\t備考\n".encode("utf-16"),
        "名前　姓,備考\n".encode("utf-16-le"),
        "顧客番号\x1a".encode("cp932"),
    ],
)
def test_what_may_look_strange_is_a_list(start: bytes) -> None:
    assert kind_of(start) == "text"


def test_an_empty_file(tmp_path: Path) -> None:
    fix = "Export it again, or take the list out of client.toml."
    for name, data in {
        "a.csv": b"",
        "a.csv.gz": gzip.compress(b""),
        "b.csv": b"\xef\xbb\xbf",
    }.items():
        said = f"{name} (list x) is empty: it has no rows. {fix}"
        assert sentence(tmp_path, data, name) == said
    assert sentence(tmp_path, b" , ,\n,,\n", header_row=1) == (
        "a.csv (list x) is empty: row 1 is blank."
    )
    said = f"a.csv (list x) is empty: it has no rows. {fix}"
    assert sentence(tmp_path, b" , ,\n,,\n") == said


# --- damage --------------------------------------------------------------------------------------


def test_what_is_cut_off(tmp_path: Path) -> None:
    lines = b"id,name\n" + b"".join(b"%d,%d\n" % (n, n * n) for n in range(50_000))
    packed = gzip.compress(lines)
    for end in (30, len(packed) // 2, len(packed) - 3):
        with pytest.raises(
            ListError, match=r"^a\.csv\.gz is a \.gz file that is damaged or cut off\.$"
        ):
            read(tmp_path, packed[:end], "a.csv.gz")
    archive = zipped({"b.csv": lines})
    assert sentence(tmp_path, archive[:-30], "a.zip") == (
        "a.zip is a .zip file that is damaged or cut off."
    )
    broken = bytearray(archive)
    broken[len(broken) // 2] ^= 0xFF
    with pytest.raises(ListError, match=r"^a\.zip / b\.csv is a \.zip file that is damaged or cut"):
        read(tmp_path, bytes(broken), "a.zip")
    assert sentence(tmp_path, b'id,name\n1,"Aoba\n2,x\n') == (
        "a.csv: row 2 has a quotation mark that is not closed or not doubled (unexpected end of "
        "data). Mend that row, or save the list again from the program it comes from."
    )


def test_a_password(tmp_path: Path) -> None:
    data = bytearray(zipped({"b.csv": b"id\n1\n"}))
    data[6] |= 1  # the flag of a locked member, in its own header and in the list at the end
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert sentence(tmp_path, bytes(data), "a.zip") == (
        "a.zip / b.csv (list x) is protected by a password. Unpack it with the password, and name "
        "the file that comes out."
    )


def test_a_way_of_packing_that_is_not_known(tmp_path: Path) -> None:
    data = bytearray(zipped({"b.csv": b"id\n1\n"}))
    struct.pack_into("<H", data, 8, 9)
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + 10, 9)
    said = sentence(tmp_path, bytes(data), "a.zip")
    assert said == (
        "a.zip / b.csv (list x) is packed in a way that cannot be read here (method 9). Unpack "
        "it, and name the file that comes out."
    )


# --- bombs ---------------------------------------------------------------------------------------

BLANKS = b"id,name\n" + b"1,a\n" * (2 * MB)


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits of bombs as they are, only smaller."""
    monkeypatch.setattr(archives, "HARMLESS_BYTES", MB)
    monkeypatch.setattr(archives, "HIGHEST_RATIO", 20)


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize(
    ("name", "data", "shown"),
    [
        ("a.csv.gz", gzip.compress(BLANKS), "a.csv.gz"),
        ("a.zip", zipped({"b.csv": BLANKS}), "a.zip / b.csv"),
        ("a.zip", zipped({"in.zip": zipped({"b.csv": BLANKS})}), "a.zip / in.zip / b.csv"),
        ("a.gz", gzip.compress(gzip.compress(BLANKS)), "a.gz"),
        ("a.zip", zipped({"b.xlsx": zipped({"xl/workbook.xml": BLANKS})}), "a.zip / b.xlsx"),
        ("b.xlsx", zipped({"xl/workbook.xml": BLANKS}), "b.xlsx"),
    ],
)
def test_a_bomb_is_stopped(tmp_path: Path, name: str, data: bytes, shown: str) -> None:
    with pytest.raises(ListError) as caught:
        read(tmp_path, data, name)
    assert str(caught.value) == (
        f"{shown} swells to more than 1 MB when it is unpacked, over 20 times its size: reading "
        "was stopped. If it is a real list, unpack it yourself and name the file that comes out."
    )


@pytest.mark.usefixtures("strict")
def test_a_list_that_packs_well_is_no_bomb(tmp_path: Path) -> None:
    small = b"id,name\n" + b"1,a\n" * 100_000  # 400 KB, 500 times smaller when packed
    assert len(read(tmp_path, gzip.compress(small), "a.csv.gz").frame) == 100_000


def test_the_real_limits_are_far_above_real_lists() -> None:
    assert archives.HARMLESS_BYTES == 1 << 30
    assert archives.HIGHEST_RATIO == 200
    assert archives.DEEPEST == 3


def test_an_archive_in_an_archive_in_an_archive(tmp_path: Path) -> None:
    data = b"id\n1\n"
    for depth in range(3):
        data = zipped({f"{depth}.zip" if depth else "b.csv": data})
    assert len(read(tmp_path, data, "a.zip").frame) == 1
    assert sentence(
        tmp_path, zipped({"deep.zip": data}), "a.zip", member="deep.zip/2.zip/1.zip"
    ) == (
        "a.zip / deep.zip / 2.zip / 1.zip (list x) is an archive within archives, not a list of "
        "rows. Unpack it, and name the file that comes out."
    )


def test_more_files_than_a_list_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_MEMBERS", 3)
    inner = zipped({f"{n}.csv": b"id\n1\n" for n in range(2)})
    assert sentence(tmp_path, zipped({"a.zip": inner, "b.zip": inner}), "a.zip") == (
        "a.zip holds more than 3 files. Unpack it, and name those that are lists."
    )


def test_a_member_too_large_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_ON_DISK", 1000)
    data = zipped({"in.zip": zipped({"b.csv": random.Random(2).randbytes(5000).hex().encode()})})
    assert sentence(tmp_path, data, "a.zip") == (
        "a.zip / in.zip is too large to be unpacked for a while (more than the temporary folder "
        "holds). Unpack it yourself and name the file that comes out."
    )


# --- absurd sizes, control characters ------------------------------------------------------------


def test_a_line_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_text, "BLOCK_BYTES", 1 << 16)
    monkeypatch.setattr(plain_text, "LONGEST_LINE", 1 << 20)
    assert sentence(tmp_path, b"id,name\n" + b"1," * MB) == (
        "a.csv (list x) has a line of more than 1 MB: that is no list with one row per line. "
        "Export it again, with line ends."
    )


@pytest.mark.parametrize("row", [b'1,"', b"1,"])
def test_a_cell_without_end(tmp_path: Path, row: bytes) -> None:
    data = b"id,name\n0,a\n" + row + b"x\n" * 5 + b"y" * 200_000 + b"\n"
    data = data.replace(b"x\n", b"x ") if row == b"1," else data
    assert sentence(tmp_path, data) == (
        "a.csv: row 3 has a cell of more than 131,072 characters; most likely a quotation mark in "
        "it is not closed. Mend that row, or save the list again from the program it comes from."
    )


def test_a_million_columns(tmp_path: Path) -> None:
    assert sentence(tmp_path, b"a," * 1_000_000 + b"a\n1\n") == (
        "a.csv (list x) has 1,000,001 columns in row 1; a list has at most 16,384. Is it really a "
        "list, with one row per line?"
    )


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_control_characters_go_and_the_row_stays(tmp_path: Path, quote: bytes) -> None:
    cells = [b"0\x0001", b"Ao\x07ba\x7f", b"a\tb", b"\x00\x00"]
    row = b",".join(quote + cell + quote for cell in cells)
    raw = read(tmp_path, b"i\x00d,name,note,pad\n" + row + b"\n1,x,y,z\n\x1a")
    assert raw.frame.to_numpy().tolist() == [
        ["001", "Aoba", "a\tb", "", 2, "a.csv"],
        ["1", "x", "y", "z", 3, "a.csv"],
    ]
    assert raw.frame.columns[0] == "id"
    assert [str(note) for note in raw.notes[1:]] == [
        "a.csv: 1 blank row(s) passed over",
        "a.csv: control characters, which nobody sees, were taken out of 4 cell(s); the rows stay",
    ]


# --- places that are not the client's ------------------------------------------------------------

TOML = (
    '[lists.orders]\nfiles = ["{}"]\n[lists.orders.columns]\n'
    'customer_id = "id"\nordered_on = "day"\namount = "sum"\n'
)
TABLE = "id,day,sum\n1,2025-01-01,1\n"


def files_of(make: Make, wanted: str, prepare: Callable[[Path], object]) -> list[str]:
    client = make(TOML.format(wanted), {"own.csv": TABLE})
    outside = client.folder.parent / "outside"
    outside.mkdir()
    (outside / "b.csv").write_text(TABLE)
    prepare(client.folder)
    return [path.name for path in list_files(client, "orders")]


def refused(make: Make, wanted: str, prepare: Callable[[Path], object]) -> str:
    with pytest.raises(ClientError) as caught:
        files_of(make, wanted, prepare)
    return str(caught.value)


def linked(name: str, to: str) -> Callable[[Path], object]:
    def make_link(folder: Path) -> None:
        try:
            (folder / name).symlink_to(to)
        except OSError:
            pytest.skip("this system makes no links")

    return make_link


OUT = (
    '[lists.orders] files = ["{}"]: b.csv is a link to a place outside the client\'s folder. Copy '
    "the file there, or write its whole path."
)


@pytest.mark.parametrize("wanted", ["b.csv", "b*.csv"])
def test_a_link_out_of_the_folder(make: Make, wanted: str) -> None:
    assert refused(make, wanted, linked("b.csv", "../outside/b.csv")) == OUT.format(wanted)


def test_a_linked_folder_out_of_the_folder(make: Make) -> None:
    assert refused(make, "sub/*.csv", linked("sub", "../outside")) == OUT.format("sub/*.csv")


def test_what_people_wrote_themselves_is_their_decision(make: Make) -> None:
    assert files_of(make, "../outside/b.csv", lambda folder: None) == ["b.csv"]


def test_a_link_within_the_folder_is_fine(make: Make) -> None:
    assert files_of(make, "b.csv", linked("b.csv", "own.csv")) == ["b.csv"]


def test_an_absolute_path_and_a_variable(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    client = make(TOML.format("$LISTS_OF_TEST/*.csv"), {"own.csv": TABLE})
    monkeypatch.setenv("LISTS_OF_TEST", client.folder.as_posix())
    (client.folder / ".hidden.csv").write_text("x")
    (client.folder / "~$own.csv").write_text("x")
    (client.folder / "folder.csv").mkdir()
    assert [path.name for path in list_files(client, "orders")] == ["own.csv"]
    assert len(read_list(client, "orders").frame) == 1


def test_a_folder_a_pipe_and_a_link_to_nothing(make: Make) -> None:
    place = '[lists.orders] files = ["sub"]'
    assert refused(make, "sub", lambda folder: (folder / "sub").mkdir()) == (
        f'{place} is a folder. Name the files in it: "sub/*.csv".'
    )


def test_a_link_to_nothing(make: Make) -> None:
    assert refused(make, "b.csv", linked("b.csv", "gone.csv")) == (
        '[lists.orders] files = ["b.csv"]: b.csv is a link to a file that is gone. Copy the file.'
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
@pytest.mark.parametrize("wanted", ["pipe.csv", "*.csv"])
def test_a_pipe_is_not_waited_for(make: Make, wanted: str) -> None:
    assert refused(make, wanted, lambda folder: os.mkfifo(folder / "pipe.csv")) == (
        f'[lists.orders] files = ["{wanted}"]: pipe.csv is no file but a device or a pipe. Name a '
        "file."
    )


def test_a_file_that_may_not_be_read(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    client = make(TOML.format("own.csv"), {"own.csv": TABLE})

    def denied(path: Path, mode: str = "r") -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(KitError) as caught:
        read_list(client, "orders")
    assert str(caught.value) == (
        "own.csv (list orders) cannot be opened (Permission denied). Close it in other programs, "
        "and check that you may read it."
    )


def test_a_file_that_changes_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_rows, "find_codec", lambda *arguments: "utf-8")
    assert sentence(tmp_path, "id,name\n1,青葉\n".encode("cp932")) == (
        "a.csv (list x) was changed while it was read. Run it again when no other program writes "
        "to it."
    )
