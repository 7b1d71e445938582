"""Lists of every kind as text, with the row numbers that a person sees; errors in full."""

from __future__ import annotations

import gzip
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segment_lib.checks import KitError, ListError
from segment_lib.client import Client, sha256
from segment_lib.lists.reading import archives, files, plain_text, text_rows, totals
from segment_lib.lists.reading.files import (
    RawList,
    first_rows,
    pieces_at,
    read_file,
    read_list,
    read_pieces,
)
from segment_lib.lists.reading.kinds import LOOK_BYTES
from segment_lib.lists.reading.pieces import Part, RawFile, clean_pieces
from segment_lib.lists.reading.plain_text import find_codec, utf8_blocks
from segment_lib.lists.reading.text_rows import Cutter, sniff_delimiter
from segment_lib.lists.register import build_register
from segment_lib.settings import ListSection
from segment_lib.voice import language

Make = Callable[..., Client]

ORDERS = '[lists.orders]\nfiles = ["{file}"]\n{more}\n[lists.orders.columns]\n{columns}\n'
JAPANESE = 'customer_id = "顧客"\nordered_on = "日付"\namount = "売上"'
TABLE = "日付,顧客,売上\n2025-01-01,髙﨑㈱,①\n2025-01-02,001,200\n"

TEXT = str(pd.Series(["a"]).dtype)  # "str" from pandas 3 on, "object" before


def orders(file: str, more: str = "", columns: str = JAPANESE) -> str:
    return ORDERS.format(file=file, more=more, columns=columns)


def read(make: Make, content: str | bytes, more: str = "", columns: str = JAPANESE) -> RawList:
    return read_list(make(orders("a.csv", more, columns), {"a.csv": content}), "orders")


EMPTY = (
    "a.csv (list orders) is empty: it has no rows. Export it again, or take the list out of "
    "client.toml."
)


@pytest.mark.parametrize("codec", ["cp932", "utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_the_encoding_is_found(make: Make, codec: str) -> None:
    raw = read(make, TABLE.encode(codec))
    assert raw.frame["顧客"].to_list() == ["髙﨑㈱", "001"]
    assert raw.frame["row_number"].to_list() == [2, 3]
    assert set(raw.frame["file"]) == {"a.csv"}
    assert str(raw.notes[0]) == f"a.csv: read as {codec}, delimiter comma"


def test_euc_is_told_from_cp932(make: Make) -> None:
    text = "日付,顧客,売上\n2025-01-01,お客様アオバ商事,100\n"
    assert read(make, text.encode("euc_jp")).frame["顧客"][0] == "お客様アオバ商事"


def test_gzip_cr_line_ends_and_quoted_line_ends(make: Make) -> None:
    text = '日付\t顧客\t売上\r2025-01-01\t"青葉\r商事"\t1\r\r2025-01-02\t002\t2\r'
    raw = read(make, gzip.compress(text.encode()))
    assert raw.frame["顧客"].to_list() == ["青葉\r商事", "002"]
    assert raw.frame["row_number"].to_list() == [2, 4]  # Excel's rows: the blank one counts
    assert [str(note) for note in raw.notes] == [
        "a.csv: read as utf-8, delimiter tab",
        "a.csv: 1 blank row(s) passed over",
    ]


def test_title_rows_are_skipped_and_short_rows_filled(make: Make) -> None:
    raw = read(make, "月次売上\n\n作成,営業部\n日付,顧客,売上\n2025-01-01,001\n")
    assert raw.frame.loc[0, ["日付", "顧客", "売上"]].to_list() == ["2025-01-01", "001", ""]
    assert raw.frame["row_number"].to_list() == [5]
    assert str(raw.notes[1]) == "a.csv: the header stands in row 4"


def test_a_row_with_too_many_cells_is_set_apart(make: Make) -> None:
    raw = read(make, "日付,顧客,売上\n2025-01-01,001,1,200\n2025-01-02,002,5,,\n")
    assert raw.frame["顧客"].to_list() == ["002"]
    assert raw.broken.to_dict("list") == {
        "file": ["a.csv"],
        "row_number": [2],
        "value": ["2025-01-01 | 001 | 1 | 200"],
        "reason": ["more cells than the header"],
    }


def test_delimiters_are_sniffed_outside_quotes() -> None:
    assert sniff_delimiter('a;b\n"1,5";2\n"2,5";3\n') == ";"
    assert sniff_delimiter("a|b\n1|2\n") == "|"
    assert sniff_delimiter("only one column\n1\n") == ","


def test_repeated_and_blank_headers_get_names(make: Make) -> None:
    raw = read(make, "日付,顧客,売上,,売上,file\n2025-01-01,001,1,a,2,x\n")
    assert list(raw.frame) == [
        *("日付", "顧客", "売上", "column 4", "売上_2", "file_2", "row_number", "file"),
    ]


def test_several_files_make_one_list(make: Make) -> None:
    client = make(
        orders("*.csv"),
        {
            "b.csv": "日付,顧客,売上\n2025-01-01,2,2\n",
            "a.csv": "顧客,日付,売上,備考\n1,2025-01-01,1,x\n",
        },
    )
    raw = read_list(client, "orders")
    assert raw.frame["顧客"].to_list() == ["1", "2"]
    assert raw.frame["備考"].to_list() == ["x", ""]


WRONG: list[tuple[bytes, str, str]] = [
    (b"", "", EMPTY),
    (b"\n\n", "", EMPTY),
    (TABLE.encode(), "header_row = 9", "a.csv (list orders) is empty: row 9 is blank."),
    ("日付,顧客,売上\n".encode(), "", "a.csv (list orders) has a header but no rows below it."),
    (
        "日付,顧客,金額\n2025-01-01,1,1\n".encode(),
        "",
        "a.csv lacks the column \"売上\". It has ['日付', '顧客', '金額']. "
        'Mend it in client.toml: [lists.orders.columns] amount = "...".',
    ),
    (
        "日付,顧客,売上\n2025-01-01,René Müllér,1\n".encode("latin-1", "replace"),
        'encoding = "utf-8"',
        "a.csv cannot be read as utf-8: byte 0 does not fit. "
        "Correct [lists.orders] encoding, or leave it out.",
    ),
    (
        TABLE.encode(),
        'encoding = "utf-9"',
        '[lists.orders] encoding = "utf-9" is not known. Use one of utf-8, utf-8-sig, utf-16, '
        "cp932, euc_jp, cp1252, mac_roman.",
    ),
    (
        TABLE.encode(),
        'delimiter = ", "',
        '[lists.orders] delimiter = ", " must be one character, for example "," or ";" or "\\t".',
    ),
    (
        '日付,顧客,売上\n2025-01-01,"1,1\n'.encode(),
        "",
        "a.csv: row 2 has a quotation mark that is not closed or not doubled (unexpected end of "
        "data). Mend that row, or save the list again from the program it comes from.",
    ),
    (b"\x1f\x8b\x08\x00rubbish", "", "a.csv is a .gz file that is damaged or cut off."),
]


@pytest.mark.parametrize(("content", "more", "sentence"), WRONG)
def test_what_is_wrong_with_a_file_is_one_sentence(
    make: Make, content: bytes, more: str, sentence: str
) -> None:
    if "latin" in sentence or sentence.startswith("a.csv cannot be read as utf-8: byte 0"):
        content = b"\xe9" + content
    with pytest.raises(ListError) as caught:
        read(make, content, more)
    assert str(caught.value) == sentence


def codec_of(data: bytes, declared: str = "") -> str:
    return find_codec(lambda: io.BytesIO(data), declared, "a.csv", "x")


def test_bytes_of_no_japanese_codec_name_file_byte_and_codec() -> None:
    fix = 'Say how it is saved: [lists.x] encoding = "cp932" (or "mac_roman" …).'
    with pytest.raises(ListError) as caught:
        codec_of(b"name,day\nRen\xe9,1\n\xff\xfd")
    assert str(caught.value) == (
        "a.csv cannot be read as utf-8 (byte 12), cp932 (byte 12) or euc_jp (byte 12). " + fix
    )
    with pytest.raises(ListError) as caught:
        codec_of("Französisch, Pölking".encode("mac_roman"))
    assert str(caught.value) == (
        "a.csv is not utf-8 (byte 5), and read as cp932 it has kanji inside Western words, "
        'so it is probably neither. Say how it is saved: [lists.x] encoding = "mac_roman".'
    )


@pytest.mark.parametrize("block", [4, 5, 7, 64])
def test_the_codec_is_found_over_the_whole_stream(
    monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(plain_text, "BLOCK_BYTES", block)
    ascii_first = "id,name\n" + "1,a\n" * 50
    assert codec_of(ascii_first.encode()) == "utf-8"
    for codec in ("utf-8", "cp932", "euc_jp"):
        assert codec_of((ascii_first + "2,お客様アオバ商事\n").encode(codec)) == codec
    for codec in ("utf-16-le", "utf-16-be"):
        assert codec_of("名前,備考\n青葉　太郎,x\n".encode(codec)) == codec
    late = (ascii_first + "2,お客様\n").encode() + b"3,\xff\n"
    with pytest.raises(ListError, match=r"cannot be read as utf-8: byte 222 does not fit\."):
        codec_of(late, "utf-8")
    assert late[222] == 0xFF
    with pytest.raises(ListError, match=r"^a\.csv cannot be read as utf-8 \(byte 222\), cp932"):
        codec_of(late)


def test_declared_encodings(make: Make) -> None:
    text = "顧客,日付,売上\r髙橋,2025-01-01,①\r"
    for declared in ("Shift_JIS", "cp932"):
        raw = read(make, text.encode("cp932"), f'encoding = "{declared}"')
        assert raw.frame["顧客"].to_list() == ["髙橋"]
    western = 'customer_id = "id"\nordered_on = "day"\namount = "sum"'
    raw = read(make, "id,day,sum\ré,ü,1\r".encode("mac_roman"), 'encoding = "mac_roman"', western)
    assert raw.frame.iloc[0, :2].to_list() == ["é", "ü"]
    for word in ("zip", "rot13", "hex"):  # codecs, but not of text: nothing is unpacked
        with pytest.raises(ListError, match=rf'^\[lists\.x\] encoding = "{word}" is not known\.'):
            codec_of(b"a", word)


def test_a_missing_file_is_one_sentence(make: Make) -> None:
    with pytest.raises(KitError) as caught:
        read_list(make(orders("gone.csv"), {}), "orders")
    assert str(caught.value) == (
        '[lists.orders] names the file "gone.csv", but there is none beside client.toml. '
        "Check the name, or take the list out."
    )


# --- in chunks, from several files ---------------------------------------------------------------


def test_a_list_is_the_same_in_however_small_pieces_it_comes(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "".join(f"2025-01-{day:02},{day:03},{day}\n" for day in range(1, 8))
    client = make(orders("a.csv"), {"a.csv": "日付,顧客,売上\n" + lines + "\n,,\n9,9,9,9\n"})
    at_once = read_list(client, "orders")
    monkeypatch.setattr(files, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(totals, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(plain_text, "BLOCK_BYTES", 40)
    monkeypatch.setattr(text_rows, "rows_to_look_at", lambda _: 1)
    assert len(list(read_pieces(client, "orders"))) > 2
    whole = read_list(client, "orders")
    pd.testing.assert_frame_equal(whole.frame, at_once.frame)
    pd.testing.assert_frame_equal(whole.broken, at_once.broken)
    assert [str(note) for note in whole.notes] == [
        "a.csv: read as utf-8, delimiter comma",
        "a.csv: 2 blank row(s) passed over",
    ]
    assert whole.broken["row_number"].to_list() == [11]
    assert whole.frame["row_number"].to_list() == list(range(2, 9))
    assert [str(kind) for kind in whole.frame.dtypes] == [TEXT, TEXT, TEXT, "int64", TEXT]
    assert whole.frame.index.to_list() == list(range(7))


def test_several_files_have_the_columns_of_all(make: Make) -> None:
    files = {
        "2025-01.csv": "日付,顧客,売上\n2025-01-01,1,1\n2025-01-02,2,2\n",
        "2025-02.csv": "備考,売上 ,顧客,日付\nx,3,3,2025-02-01\n".replace("売上 ", "売 上"),
        "2025-03.csv": "日付;顧客;売上;担当\n2025-03-01;4;4;青葉\n".encode("cp932"),
    }
    frame = read_list(make(orders("2025-*.csv"), files), "orders").frame
    columns = ["日付", "顧客", "売上", "備考", "担当", "row_number", "file"]
    assert list(frame) == columns
    assert frame["売上"].to_list() == ["1", "2", "3", "4"]  # spelt a little differently: the same
    assert frame["備考"].to_list() == ["", "", "x", ""]
    assert frame["担当"].to_list() == ["", "", "", "青葉"]
    assert frame["file"].to_list() == ["2025-01.csv"] * 2 + ["2025-02.csv", "2025-03.csv"]
    assert [str(frame[name].dtype) for name in columns] == [TEXT] * 5 + ["int64", TEXT]


def test_a_mapped_header_must_be_in_each_file(make: Make) -> None:
    files = {"a.csv": "日付,顧客,売上\n2025-01-01,1,1\n", "b.csv": "日付,顧客,売り上げ\n"}
    with pytest.raises(ListError) as caught:
        read_list(make(orders("*.csv"), files), "orders")
    assert str(caught.value) == (
        "b.csv lacks the column \"売上\". It has ['日付', '顧客', '売り上げ']. "
        'Mend it in client.toml: [lists.orders.columns] amount = "売り上げ".'
    )


def test_files_of_the_same_name_are_told_by_their_folder(make: Make) -> None:
    client = make(orders("*/a.csv"), {})
    for year in ("2024", "2025"):
        (client.folder / year).mkdir()
        (client.folder / year / "a.csv").write_text(f"日付,顧客,売上\n{year}-01-01,1,1\n")
    raw = read_list(client, "orders")
    assert raw.frame["file"].to_list() == ["2024/a.csv", "2025/a.csv"]
    assert str(raw.notes[1]) == "2025/a.csv: read as utf-8, delimiter comma"


def test_a_file_that_two_patterns_name_is_read_once(make: Make) -> None:
    client = make(orders('a.csv", "*.csv'), {"a.csv": TABLE})
    assert len(read_list(client, "orders").frame) == 2


def test_what_was_read_as_utf8_is_void_where_that_fails_late(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "".join(f"2025-01-01,{number:03},1\n" for number in range(40))
    late = f"date,id,sum\n{lines},9,9,9,9\n2025-01-02,青葉,2\n".encode("cp932")
    monkeypatch.setattr(files, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(totals, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(plain_text, "BLOCK_BYTES", 64)
    columns = 'customer_id = "id"\nordered_on = "date"\namount = "sum"'
    client = make(orders("*.csv", columns=columns), {"a.csv": late[:28], "b.csv": late})
    raw = read_list(client, "orders")
    assert raw.frame["id"].to_list() == ["000", *(f"{number:03}" for number in range(40)), "青葉"]
    assert raw.frame["row_number"].to_list() == [2, *range(2, 42), 43]
    assert raw.broken[["file", "row_number"]].to_numpy().tolist() == [["b.csv", 42]]
    assert [str(note) for note in raw.notes] == [
        "a.csv: read as utf-8, delimiter comma",
        "b.csv: read as cp932, delimiter comma",
    ]


def test_a_text_is_read_once_for_its_hash_and_its_rows(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = "日付,顧客,売上\n" + "2025-01-01,001,10\n" * 100_000
    client, read = make(orders("a.csv"), {"a.csv": content}), [0]

    class Counted(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            found = super().read(size)
            read[0] += len(found)
            return found

    monkeypatch.setattr(archives, "open_plain", lambda path, _: Counted(path.read_bytes()))
    register = build_register(client)
    assert register.sources["sha256"].to_list() == [sha256(client.folder / "a.csv")]
    assert read[0] < len(content.encode()) + 3 * LOOK_BYTES


# --- without a header, runs of blanks ------------------------------------------------------------

CDNOW = " 00004 0001 19970101  2   29.33\n 00004 0001 19970118 12   29.73  \n"
GIVEN = 'names = ["id", "no", "day", "cds", "sum"]\n'
GIVEN_COLUMNS = 'customer_id = "id"\nordered_on = "day"\namount = "sum"'


def test_runs_of_blanks_and_given_names(make: Make) -> None:
    raw = read(make, CDNOW, GIVEN + 'delimiter = " "', GIVEN_COLUMNS)
    assert raw.frame.to_numpy().tolist() == [
        ["00004", "0001", "19970101", "2", "29.33", 1, "a.csv"],
        ["00004", "0001", "19970118", "12", "29.73", 2, "a.csv"],
    ]
    (note,) = raw.notes
    assert str(note) == "a.csv: read as utf-8, delimiter runs of blanks"
    with language("ja"):
        assert str(note) == "a.csv: 文字コード utf-8、区切り文字 連続する空白"
    text = '1  "x  y"   5"\n2 "" z\n'
    section = ListSection(files=("b",), delimiter=" ", names=("a", "b", "c"))
    raw = in_memory(text, section)
    assert raw.iloc[:, :3].to_numpy().tolist() == [["1", "x  y", '5"'], ["2", "", "z"]]


def in_memory(text: str, section: ListSection) -> pd.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "b.txt"
        path.write_bytes(text.encode())
        return read_file(path, section, "x").frame


def test_the_wrong_count_of_names_shows_what_came(make: Make) -> None:
    with pytest.raises(ListError) as caught:
        read(make, CDNOW, GIVEN.replace('"no", ', "") + 'delimiter = " "', GIVEN_COLUMNS)
    assert str(caught.value) == (
        "[lists.orders] names gives 4 names, but the rows of a.csv have 5 cells, for example "
        "['00004', '0001', '19970101', '2', '29.33']. Name each of them, in order."
    )


def test_excel_s_own_hint_and_a_header_of_two_rows(make: Make) -> None:
    raw = read(make, "sep=;\n日付;顧客;売上\n2025-01-01;1,5;2\n")
    assert raw.frame["顧客"].to_list() == ["1,5"]
    text = "顧客,4月,,日付\n,数,売上,\n001,1,100,2025-04-01\n"
    raw = read(make, text, "header_rows = 2", JAPANESE.replace("売上", "4月 売上"))
    assert raw.frame["4月 売上"].to_list() == ["100"]
    assert raw.frame["row_number"].to_list() == [3]
    assert str(raw.notes[1]) == "a.csv: the header stands in rows 1 to 2"


# --- a look at the beginning --------------------------------------------------------------------


def test_first_rows_read_only_the_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, section = tmp_path / "a.csv", ListSection(files=("a.csv",))
    path.write_bytes('id,備考\n1,"あ\nい"\n2,う\n3,"え\nお"\n'.encode() + b"\xff\n")
    for count in range(24, 41):  # wherever the look ends: in a sign, in a quoted cell, in a row
        monkeypatch.setattr(files, "_LOOK_BYTES", count)
        looked = first_rows(path, section, "x", rows=2).frame
        assert looked["id"].to_list() in (["1"], ["1", "2"])
        assert looked["備考"].to_list()[0] == "あ\nい"
    path.write_bytes("id,備考\n1,あ\n".encode("cp932"))
    assert first_rows(path, section, "x").frame["備考"].to_list() == ["あ"]


# --- the fast way and the slow way ---------------------------------------------------------------

PIECES = ["a", "あ", ",", "b,", '"', '""', ',"', '",', "\n", "\r\n", "\r", "\n\n", " ", "\x00"]
REGULAR = [
    "x,y\n",
    '"a","b"\n',
    '"a\nb",c\n',
    '"p\r\nq",2\r\n',
    ",\n",
    '5" pipe,"q"\n',
    "\ufeffa,b\n",
]


class SlowCutter(Cutter):
    """All rows through the csv module."""

    _is_simple = False  # type: ignore[assignment]


def cut(cutter: Cutter, data: bytes, width: int) -> object:
    """Everything that comes out of a text: values, row numbers, notes, or the error."""
    headers = [f"column {place}" for place in range(1, width + 1)]
    try:
        blocks = utf8_blocks(io.BytesIO(data), "utf-8", "a.csv", "x")
        file = RawFile("a.csv", "a.csv", headers, [])
        pieces = list(clean_pieces(file, cutter.parts(blocks, headers, 1)))
    except ListError as error:
        return str(error)
    parts = [one for one in pieces if isinstance(one, Part)]
    rows = [row for one in parts for row in one.table.to_pylist()]
    return rows, [row for one in parts for row in one.broken], file.notes


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(st.sampled_from(REGULAR), max_size=9)
    | st.lists(st.sampled_from(REGULAR + PIECES), max_size=12),
    width=st.integers(1, 3),
    block=st.sampled_from([4, 9, 1000]),
    small=st.sampled_from([0, 4, 1000]),
)
def test_the_fast_way_gives_what_the_slow_way_gives(
    monkeypatch: pytest.MonkeyPatch, parts: list[str], width: int, block: int, small: int
) -> None:
    data = "".join(parts).encode()
    monkeypatch.setattr(plain_text, "BLOCK_BYTES", block)
    monkeypatch.setattr(text_rows, "_SMALL", small)
    assert cut(Cutter(",", "a.csv"), data, width) == cut(SlowCutter(",", "a.csv"), data, width)


def test_regular_text_goes_the_fast_way(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = "".join(f"{number},a\r\n" for number in range(200))
    quoted = "".join(f'"{number}","a\n""b"""\n' for number in range(200))
    inches = "".join(f'{number}" pipe,b\n' for number in range(200))
    ragged = plain.replace("77,a", "77").replace("130,a", "\r\n130,a,,")
    slow: list[int] = []
    original = text_rows.parts_of_rows

    def watched(lines: object, *arguments: object) -> object:
        taken = list(lines)  # type: ignore[call-overload]
        slow.append(len(taken))
        return original(taken, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(text_rows, "parts_of_rows", watched)
    monkeypatch.setattr(text_rows, "_SMALL", 64)
    for text in (plain, quoted, inches):
        cut(Cutter(",", "a.csv"), text.encode(), 2)
        assert slow == []
    cut(Cutter(",", "a.csv"), ragged.encode(), 2)
    assert 3 <= sum(slow) < 60  # only the rows around the irregular ones


def test_a_file_larger_than_memory_is_read_in_little(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    line = "A0000001,000123,2025-01-01,髙橋 商事,3,1200.00\n".encode()
    with path.open("wb") as file:
        file.write(b"no,id,day,name,count,sum\n")
        for _ in range(60):
            file.write(line * 20_000)
    section = ListSection(files=("a.csv",), columns={"customer_id": "id"})
    before, count = pa.total_allocated_bytes(), 0
    for piece in pieces_at(path, "a.csv", section, "x"):
        count += len(piece.table) if isinstance(piece, Part) else 0
        assert pa.total_allocated_bytes() - before < 100 << 20  # the file: 60 MB of text
        del piece
    assert count == 1_200_000


def test_a_file_that_changes_between_the_look_and_the_reading_is_told(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_rows, "find_codec", lambda *_: "utf-8")  # as it was at the look
    client = make(orders("a.csv"), {})
    rows = "日付,顧客,売上\n".encode() + b"2024-01-01,1,1\n" * 5_000  # beyond what the header needs
    rows += b"2024-01-01,1,\x82\xa0\n"
    (client.folder / "a.csv").write_bytes(rows)
    with pytest.raises(ListError, match="was changed while it was read"):
        read_list(client, "orders")
