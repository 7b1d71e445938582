"""The review file: written, answered in a spreadsheet, brought up to date; no answer is lost."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from segment_lib.__main__ import main
from segment_lib.checks import KitError
from segment_lib.lists.register import build_register
from segment_lib.lists.rows.merges import read_merges
from segment_lib.lists.same.same_review import write_same_customers
from segment_lib.settings import Client

Make = Callable[..., Client]
TOML = """
[lists.customers]
files = ["customers.csv"]
columns = { customer_id = "id", name = "name", telephone = "tel", "郵便番号" = "zip" }
[lists.orders]
files = ["orders.csv"]
columns = { customer_id = "id", ordered_on = "day", amount = "total", order_id = "no" }
"""
NAMED = TOML + '[merges]\nfile = "same_customers.csv"\n'
FILES = {
    "customers.csv": (
        "id,name,tel,zip\n001,㈱アオバ,03-1234-5678,\n002,アオバ株式会社,0312345678,\n"
        "003,佐倉 一花,,123-4567\n004,佐倉一花,,1234567\n005,=1+1,090-1111-2222,\n"
        "006,佐倉 一花,,\n"
    ),
    "orders.csv": (
        "id,no,day,total\n001,a,2025-01-05,10\n002,b,2025-02-05,20\n002,c,2025-03-05,30\n"
        "003,d,2025-03-05,40\n004,e,2025-04-05,50\n"
    ),
}


def cells(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def put(path: Path, rows: list[dict[str, str]], encoding: str = "utf-8-sig") -> None:
    text = pd.DataFrame(rows).to_csv(index=False, lineterminator="\r\n")
    path.write_bytes(text.encode(encoding))


def test_a_first_file_is_written_best_pairs_first(make: Make) -> None:
    client = make(TOML, FILES)
    done = write_same_customers(client)
    assert (done.waiting, done.yes, done.no, done.found_no_more, done.named) == (2, 0, 0, 0, False)
    assert done.hints == 2  # 006 has the name of 003 and 004, and nothing else
    assert done.path == client.folder / "same_customers.csv"
    assert done.path.read_bytes().startswith(b"\xef\xbb\xbfsame,keep,old_id,new_id,score,keys,")
    first, second = cells(done.path)
    # who ordered more stays; a leading zero and a telephone stand behind a '
    assert {key: first[key] for key in ("same", "keep", "old_id", "new_id", "keys")} == {
        **{"same": "", "keep": "", "old_id": "'001", "new_id": "'002", "keys": "name, telephone"},
    }
    assert (first["old_name"], first["new_orders"], first["new_last_order_on"]) == (
        *("㈱アオバ", "2", "2025-03-05"),
    )
    assert first["old_telephone"] == first["new_telephone"] == "'0312345678"
    # equal orders: who has been known longer stays
    assert (second["old_id"], second["new_id"]) == ("'004", "'003")
    assert second["new_postal_code"] == "123-4567"
    assert "old_email" not in second  # nobody has one
    before = done.path.read_bytes()
    write_same_customers(client)
    assert done.path.read_bytes() == before


def test_the_score_that_is_told_shows_the_best_of_what_is_not_listed(make: Make) -> None:
    client = make(TOML, FILES)
    told = write_same_customers(client, at_least=1).best_hint
    assert write_same_customers(client, at_least=told).waiting > 0


def test_what_was_answered_merges_and_is_undone_by_deleting_the_line(make: Make) -> None:
    client = make(NAMED, FILES)
    path = write_same_customers(client).path
    rows = cells(path)
    rows[0] |= {"same": "○", "keep": "001"}
    rows[1] |= {"same": "no"}
    put(path, rows, "cp932")  # as Excel saves it
    assert read_merges(client) == {"002": "001"}
    register = build_register(client)
    assert register.frame("customers").index.to_list() == ["001", "003", "004", "005", "006"]
    orders = register.frame("orders")["customer_id"].value_counts()
    assert orders["001"] == 3
    put(path, rows[1:])
    register = build_register(client)
    assert "002" in register.frame("customers").index
    orders = register.frame("orders")["customer_id"].value_counts()
    assert (orders["001"], orders["002"]) == (1, 2)


def test_every_answer_survives_later_runs(make: Make) -> None:
    client = make(NAMED, FILES)
    path = write_same_customers(client).path
    rows = cells(path)
    rows[0] |= {"same": "はい", "keep": "'001", "memo": "電話で確認"}
    rows[1] |= {"memo": "聞いてみる"}
    put(path, rows)
    done = write_same_customers(client)
    assert (done.waiting, done.yes, done.no) == (1, 1, 0)
    waiting, answered = cells(path)
    assert (waiting["same"], waiting["memo"]) == ("", "聞いてみる")
    assert (answered["same"], answered["keep"], answered["memo"]) == ("yes", "'001", "電話で確認")
    # the customer moves on: the pair is found no more, the answer and what the file said stay
    gone = FILES | {
        "customers.csv": FILES["customers.csv"].replace(
            "002,アオバ株式会社,0312345678", "002,ミドリ,"
        )
    }
    done = write_same_customers(make(NAMED, gone))
    assert (done.yes, done.found_no_more) == (1, 1)
    answered = cells(path)[-1]
    assert (answered["old_id"], answered["new_id"], answered["same"]) == ("'001", "'002", "yes")
    assert answered["keys"] == "name, telephone"
    assert (answered["old_name"], answered["new_name"]) == ("㈱アオバ", "ミドリ")
    # and stays as it was written when both have left the lists
    less = {
        "customers.csv": "id,name,tel,zip\n005,=1+1,,\n",
        "orders.csv": "id,no,day,total\n005,x,2025-01-01,1\n",
    }
    done = write_same_customers(make(NAMED, less))
    assert [str(note) for note in done.notes] == ["1 merged id(s) stand in no list any more: 001"]
    assert cells(path)[-1]["new_name"] == "ミドリ"


def test_a_review_in_japanese_is_understood_again(make: Make) -> None:
    head = '[client]\nname = "small"\nas_of = 2025-12-31\nlanguage = "ja"\n'
    client = make(NAMED, FILES, head)
    path = write_same_customers(client).path
    rows = cells(path)
    assert [*rows[0]][:9] == [
        *("同じお客様", "残す番号", "旧番号", "新番号", "一致度", "一致した項目", "異なる項目"),
        *("旧：お名前", "新：お名前"),
    ]
    assert rows[0]["一致した項目"] == "お名前、電話番号"
    rows[0]["同じお客様"] = "○"
    put(path, rows)
    assert read_merges(client) == {"001": "002"}
    write_same_customers(client)
    assert cells(path)[-1]["同じお客様"] == "はい"
    # the client changes to English: the same file, the same answer, no column twice
    write_same_customers(make(NAMED, FILES))
    english = cells(path)
    assert english[-1]["same"] == "yes"
    assert [*english[0]].count("old_name") == 1
    assert not [name for name in english[0] if not name.isascii()]


def test_a_plain_table_becomes_a_review_and_loses_nothing(make: Make) -> None:
    files = FILES | {"merges.csv": "old_id,new_id,confirmed_by\n002,001,田中\n"}
    client = make(TOML + '[merges]\nfile = "merges.csv"\n', files)
    assert read_merges(client) == {"002": "001"}
    done = write_same_customers(client)
    assert (done.waiting, done.yes, done.named) == (1, 1, True)
    answered = cells(done.path)[-1]
    assert (answered["same"], answered["old_id"], answered["confirmed_by"]) == (
        "yes",
        "'002",
        "田中",
    )
    assert read_merges(client) == {"002": "001"}


def test_cells_that_a_spreadsheet_would_run_are_quoted_once(make: Make) -> None:
    files = FILES | {"customers.csv": FILES["customers.csv"] + "007,=1+1,090-1111-2222,\n"}
    client = make(NAMED, files)
    for _ in range(2):
        path = write_same_customers(client).path
        rows = cells(path)
        found = next(row for row in rows if row["new_id"] == "'005")
        assert found["old_name"] == found["new_name"] == "'=1+1"
        found["same"] = "yes"
        put(path, rows)


def test_a_spoiled_id_or_a_workbook_stops_before_anything_is_written(make: Make) -> None:
    broken = "same,keep,old_id,new_id\nyes,,1,2\n"
    client = make(NAMED, FILES | {"same_customers.csv": broken})
    with pytest.raises(KitError) as caught:
        write_same_customers(client)
    assert str(caught.value) == (
        '[merges] holds the id "1", which no list has; "001" is most likely meant (Excel takes '
        "leading zeros off). Correct it in the file."
    )
    assert (client.folder / "same_customers.csv").read_text() == broken
    client = make(TOML + '[merges]\nfile = "merges.xlsx"\n', FILES)
    with pytest.raises(KitError) as caught:
        write_same_customers(client)
    assert str(caught.value) == (
        "[merges] names merges.xlsx, but a review is kept as CSV. Save it as CSV, and name that: "
        '[merges] file = "merges.csv".'
    )


def test_the_command_and_reset(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    client = make(TOML, FILES)
    assert main(["same", "--client", str(client.path)]) == 0
    told = capsys.readouterr().out
    assert "waiting for an answer 2, answered yes 0, no 0" in told
    assert '[merges]\nfile = "same_customers.csv"' in told
    assert not client.out.exists()  # the register of before is not touched
    build_register(client)
    assert main(["reset", "--client", str(client.path), "--out", str(client.out)]) == 0
    assert (client.folder / "same_customers.csv").is_file()
    assert main(["same", "--client", str(client.path), "--at-least", "2"]) == 1
    assert capsys.readouterr().err.startswith("at_least is 2.0; it must lie between 0 and 1")
