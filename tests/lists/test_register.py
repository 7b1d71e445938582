"""The register by hand: where every row goes, what the ledger says, what stops the run."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import ibis
import pandas as pd
import pyarrow.parquet as pq
import pytest

from segment_lib.checks import KitError, ListError, StaleResult
from segment_lib.client import Client
from segment_lib.columns import TABLES
from segment_lib.lists.cells.values import reason_said
from segment_lib.lists.frames import to_frame
from segment_lib.lists.reading import files, totals
from segment_lib.lists.register import Register, build_register, open_register
from segment_lib.lists.rows import gathered
from segment_lib.voice import language

Make = Callable[..., Client]

LINES = """
[lists.lines]
table = "order_lines"
files = ["lines.csv"]
guests = ["GUEST*", "９９９"]
missing = ["不明"]
cancelled_when_order_id_starts = "C"
[lists.lines.columns]
customer_id = "顧客"
order_id = "注文"
ordered_on = "日付"
product = "商品"
product_line = "ライン"
quantity = "数量"
unit_price = "単価"
margin = "粗利"
status = "状態"
[lists.lines.words.status]
completed = ["出荷済", ""]
cancelled = ["キャンセル"]
ignored = ["テスト"]
"""
# (row in Excel) and what becomes of it
LINES_CSV = """注文,顧客,日付,商品,ライン,数量,単価,粗利,状態
A1,001,2025-01-10,はさみ,文具,2,"1,200",500,出荷済
A1,001,2025-01-10,のり,文具,1,１００円,abc,出荷済
A2,001,2025/3/1,机,家具,1,30000,,
C3,001,2025-03-05,机,家具,-1,30000,,出荷済
A4,002,2025-04-01,はさみ,文具,1,1200,,キャンセル
A5,003,2025-04-02,はさみ,文具,1,1200,,テスト
A6,,2025-04-03,はさみ,文具,1,1200,,出荷済
A7,GUEST-7,2025-04-04,はさみ,文具,1,1200,,出荷済
A8,999,2025-04-04,はさみ,文具,1,1200,,出荷済
A9,004,2025-02-30,はさみ,文具,1,1200,,出荷済
B1,004,,はさみ,文具,1,1200,,出荷済
B2,004,2025-05-01,はさみ,文具,1,1200?,,出荷済
B3,004,2025-05-02,見本,文具,1,0,,出荷済
B4,004,2026-02-01,はさみ,文具,1,1200,300,出荷済
B5,不明,2025-05-03,はさみ,文具,1,1200,,出荷済
,005,2025-06-01,のり,文具,3,100,,出荷済
,005,2025-06-01,紙,文具,1,50,,出荷済
B4,004,2026-02-01,はさみ,文具,1,1200,300,出荷済
B6,005,2025-06-02,のり,文具,1,100,,出荷済,余分
"""


@pytest.fixture
def register(make: Make) -> Register:
    return build_register(make(LINES, {"lines.csv": LINES_CSV}))


def test_every_row_is_accounted_for(register: Register) -> None:
    row = register.ledger.iloc[0]
    assert row[["list", "table", "rows_in", "kept", "set_aside", "folded"]].to_list() == [
        *("lines", "order_lines", 19, 8, 11, 0),
    ]
    # A1 2,400 and 100, A2 and its return, B4 twice, 005 twice; eight others of 1,200 each
    kept = 2400 + 100 + 30000 - 30000 + 1200 + 300 + 50 + 1200
    aside = 8 * 1200
    assert row["money_kept"] == kept
    assert row["money_set_aside"] == aside
    assert row["money_in"] == kept + aside
    assert row["money_folded"] == 0


def test_set_aside_rows_have_place_value_and_reason(register: Register) -> None:
    found = register.set_aside.set_index("row_number")[["column", "value", "reason"]]
    with language("ja"):
        found["reason_ja"] = found["reason"].map(reason_said)
    assert found.T.to_dict("list") == {
        6: ["status", "キャンセル", "cancelled order", "取消された注文"],
        7: ["status", "テスト", "status ignored", "対象外のステータス"],
        8: ["customer_id", "", "missing customer id", "お客様番号がない"],
        9: ["customer_id", "GUEST-7", "guest id", "ゲスト用の番号"],
        10: ["customer_id", "999", "guest id", "ゲスト用の番号"],
        11: ["ordered_on", "2025-02-30", "date not in the calendar", "暦にない日付"],
        12: ["ordered_on", "", "missing date", "日付がない"],
        13: ["amount", "1200? × 1", "unreadable amount", "金額を読み取れない"],
        14: ["amount", "0 × 1", "zero amount", "金額が0"],
        16: ["customer_id", "不明", "missing customer id", "お客様番号がない"],
        20: [
            *("", "B6 | 005 | 2025-06-02 | のり | 文具 | 1 | 100 |  | 出荷済 | 余分"),
            *("more cells than the header", "見出しより列が多い行"),
        ],
    }
    assert set(register.set_aside["file"]) == {"lines.csv"}


def test_orders_are_made_from_lines_and_returns_are_none(register: Register) -> None:
    orders = register.frame("orders").drop(columns="campaign")
    assert orders.astype({"ordered_on": "str", "margin": "object"}).fillna(
        "-"
    ).to_numpy().tolist() == [
        ["A1", "001", "2025-01-10", 2500.0, 2, 500.0],
        ["A2", "001", "2025-03-01", 30000.0, 1, "-"],
        ["B4", "004", "2026-02-01", 2400.0, 2, 600.0],  # after as_of: kept, the history filters
        ["005@2025-06-01", "005", "2025-06-01", 350.0, 2, "-"],
    ]
    back = register.frame("adjustments")
    assert back.astype({"adjusted_on": "str"}).to_numpy().tolist() == [
        ["001", "2025-03-05", -30000.0, "C3", "cancellation", "家具"],
    ]
    assert register.frame("order_lines")["product_line"].value_counts().to_dict() == {
        "文具": 6,
        "家具": 1,
    }


def test_everybody_with_an_id_is_a_customer(register: Register) -> None:
    # 002 only cancelled, 004 also has unreadable rows; guests and test orders make no customers
    assert register.frame("customers").index.to_list() == ["001", "002", "004", "005"]


def test_notes_tell_what_was_chosen(register: Register) -> None:
    assert register.notes["note"].to_list() == [
        "lines.csv: read as utf-8, delimiter comma",
        "粗利 (margin): 1 value(s) could not be read and are left empty; the first is in "
        "lines.csv, row 3: abc",
        "1 row(s) repeat another one in every cell and were kept: two equal rows can be real. "
        'To fold them: duplicates = "fold"',
        "2 row(s) without an order id: one customer, one day is one order, which makes 1. If each "
        "row is an order, write one_row_is_one_order = true",
    ]
    with language("ja"):
        said = register.notes["note"]
    assert said.iloc[3] == (
        "注文番号のない行 2 件: お客様と日付が同じものを1回の注文とし、1 件になった。"
        "1行を1件とするなら one_row_is_one_order = true と書く"
    )


def test_repeats_are_folded_if_client_toml_says_so(make: Make) -> None:
    toml = LINES.replace("guests =", 'duplicates = "fold"\nguests =')
    register = build_register(make(toml, {"lines.csv": LINES_CSV}))
    row = register.ledger.iloc[0]
    assert row[["rows_in", "kept", "set_aside", "folded"]].to_list() == [19, 7, 11, 1]
    assert row["money_folded"] == 1200
    assert register.frame("orders").set_index("order_id").loc["B4", "amount"] == 1200


def test_zero_amounts_are_kept_if_client_toml_says_so(make: Make) -> None:
    toml = LINES + '[rules]\nzero_amounts = "keep"\n'
    register = build_register(make(toml, {"lines.csv": LINES_CSV}))
    assert "zero amount" not in set(register.set_aside["reason"])
    assert "B3" in set(register.frame("orders")["order_id"])


def test_the_files_are_those_that_others_build_on(register: Register) -> None:
    names = sorted(re.sub(r"\.[0-9a-f]{12}\.", ".", p.name) for p in register.folder.iterdir())
    assert names == [
        *("adjustments.parquet", "customers.parquet", "ledger.json", "manifest.json"),
        *("order_lines.parquet", "orders.parquet", "place.json"),
        *("set_aside.csv", "set_aside.parquet"),
    ]
    account = json.loads((register.folder / "ledger.json").read_text(encoding="utf-8"))["lines"]
    assert account["rows_in"] == account["kept"] + sum(account["set_aside"].values())
    assert account["set_aside"]["guest id"] == 2
    assert account["money"]["set_aside"]["guest id"] == 2400
    assert (register.folder / "set_aside.csv").read_bytes().startswith(b"\xef\xbb\xbflist,file,")


def test_a_register_says_from_what_it_was_made(make: Make) -> None:
    register = build_register(make(LINES, {"lines.csv": LINES_CSV}))
    data = LINES_CSV.encode()
    assert register.sources.to_dict("list") == {
        "list": ["lines"],
        "file": ["lines.csv"],
        "rows": [19],
        "sha256": [hashlib.sha256(data).hexdigest()],
    }
    assert register.client_fingerprint == make(LINES, {}).fingerprint


def test_files_of_the_same_name_have_each_their_hash(make: Make) -> None:
    client = make(LINES.replace('"lines.csv"', '"*/lines.csv"'), {})
    texts = {"2024": LINES_CSV, "2025": LINES_CSV.splitlines()[0] + "\n"}
    for year, text in texts.items():
        (client.folder / year).mkdir()
        (client.folder / year / "lines.csv").write_text(text, encoding="utf-8", newline="")
    sources = build_register(client).sources
    assert sources[["file", "rows", "sha256"]].to_numpy().tolist() == [
        [f"{year}/lines.csv", rows, hashlib.sha256(texts[year].encode()).hexdigest()]
        for year, rows in (("2024", 19), ("2025", 0))
    ]


def test_two_runs_are_equal_to_the_byte_whatever_the_order_of_rows(make: Make) -> None:
    client = make(LINES, {"lines.csv": LINES_CSV})
    first = build_register(client)
    before = {path.name: path.read_bytes() for path in first.folder.iterdir()}
    second = build_register(client)
    assert {path.name: path.read_bytes() for path in second.folder.iterdir()} == before
    head, *rows = LINES_CSV.splitlines()
    shuffled = build_register(make(LINES, {"lines.csv": "\n".join([head, *rows[::-1]])}))
    assert shuffled.fingerprint == first.fingerprint


@pytest.mark.parametrize("rows", [1, 4])
def test_a_register_is_the_same_in_chunks(
    make: Make, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    client = make(LINES, {"lines.csv": LINES_CSV})
    whole = build_register(client)
    before = {path.name: path.read_bytes() for path in whole.folder.iterdir()}
    monkeypatch.setattr(files, "ROWS_AT_ONCE", rows)
    monkeypatch.setattr(totals, "ROWS_AT_ONCE", rows)
    monkeypatch.setattr(gathered, "ROWS_AT_ONCE", rows)
    chunks = build_register(client)
    assert len(chunks.set_aside) == 11
    assert {path.name: path.read_bytes() for path in chunks.folder.iterdir()} == before


def test_a_column_that_no_list_gives_is_missing_but_there(make: Make) -> None:
    register = build_register(make(LINES, {"lines.csv": LINES_CSV}))
    stored = pq.read_schema(register.folder / register.files["order_lines"]).names
    assert set(TABLES["order_lines"]) - set(stored) == {"campaign"}
    lines = register.frame("order_lines")
    assert tuple(lines) == TABLES["order_lines"]
    assert lines["campaign"].isna().all()
    assert lines["product_line"].notna().all()
    assert register.order_lines.schema()["campaign"] == ibis.dtype("string")


def test_order_lines_stand_as_the_lists_have_them(make: Make) -> None:
    toml = LINES.replace('"lines.csv"', '"part*.csv"')
    head, *rows = LINES_CSV.splitlines()
    files = {
        f"part{number}.csv": "\n".join([head, *some])
        for number, some in enumerate((rows[15:], rows[:15]))
    }
    lines = build_register(make(toml, files)).frame("order_lines")
    assert lines[["order_id", "product"]].to_numpy().tolist() == [
        *(["005@2025-06-01", "のり"], ["005@2025-06-01", "紙"], ["B4", "はさみ"]),
        *(["A1", "はさみ"], ["A1", "のり"], ["A2", "机"], ["B4", "はさみ"]),
    ]


def test_a_list_that_fails_leaves_the_last_register(make: Make) -> None:
    client = make(LINES, {"lines.csv": LINES_CSV})
    before = build_register(client).fingerprint
    make(LINES, {"lines.csv": LINES_CSV.replace("出荷済", "保留", 1)})
    with pytest.raises(ListError) as caught:
        build_register(client)
    assert str(caught.value) == (
        'lines: the column "状態" (status) holds 1 word(s) that client.toml does not explain: '
        '"保留" (1). Write which of completed, cancelled, ignored each one means, '
        'for example: [lists.lines.words.status] ignored = ["テスト", "保留"].'
    )
    assert open_register(client).fingerprint == before
    assert not (client.out_folder / "register.building").exists()


def test_ibis_tables_are_lazy_and_absent_ones_empty(register: Register) -> None:
    assert register.tables == ("customers", "orders", "order_lines", "adjustments")
    assert not register.has("deals")
    for name, columns in TABLES.items():
        assert register.table(name).columns == columns
    assert register.deals.count().execute() == 0
    assert register.orders.amount.sum().to_pyarrow().as_py() == pytest.approx(35250)
    assert str(register.orders.schema()["amount"]) == "decimal(18, 4)"
    assert str(register.deals.schema()["opened_on"]) == "date"
    empty = register.frame("incidents")
    assert empty.empty
    assert str(empty["occurred_on"].dtype) == "datetime64[s]"
    assert str(empty["justified"].dtype) == "boolean"


def test_frames_have_the_types_of_the_kit(register: Register) -> None:
    orders = register.orders
    per_customer = orders.group_by("customer_id").agg(
        frequency=orders.order_id.nunique(),
        monetary=orders.amount.sum(),
        last_order_on=orders.ordered_on.max(),
        margin_sum=orders.margin.sum(),
    )
    frame = to_frame(per_customer)
    assert frame.index.name == "customer_id"
    assert frame.index.to_list() == ["001", "004", "005"]
    assert frame.dtypes.astype(str).to_dict() == {
        "frequency": "int64",
        "monetary": "float64",
        "last_order_on": "datetime64[s]",
        "margin_sum": "float64",
    }
    assert to_frame(orders)["customer_id"].dtype == pd.Series(["a"]).dtype


def test_there_is_no_register_before_it_is_built(make: Make) -> None:
    client = make(LINES, {"lines.csv": LINES_CSV})
    with pytest.raises(KitError) as caught:
        open_register(client)
    assert str(caught.value) == (
        "There is no register for small yet. Build it: notebook 01_raw_lists, "
        "or sl.build_register(client)."
    )


def test_a_register_of_other_settings_or_with_a_changed_file_is_refused(make: Make) -> None:
    client = make(LINES, {"lines.csv": LINES_CSV})
    register = build_register(client)
    assert open_register(client).client_fingerprint == client.fingerprint
    other = make(LINES.replace("GUEST", "GAST"), {})
    with pytest.raises(StaleResult) as caught:
        open_register(other)
    assert str(caught.value) == (
        "client.toml says something else about the lists than when the register of small was "
        "built. Build it again: sl.build_register(client)."
    )
    (register.folder / register.files["orders"]).write_bytes(b"PAR1")
    with pytest.raises(KitError) as caught_again:
        open_register(client)
    assert str(caught_again.value) == (
        "The register of small is not whole: a file is missing or was changed. "
        "Build it again: sl.build_register(client)."
    )


ORDERS = """
[lists.orders]
files = ["orders.csv"]
[lists.orders.columns]
customer_id = "id"
order_id = "no"
ordered_on = "day"
amount = "total"
"""


def test_as_of_before_the_first_order_tells_both_days(make: Make) -> None:
    client = make(ORDERS, {"orders.csv": "id,no,day,total\n1,a,2026-01-05,10\n"})
    with pytest.raises(ListError) as caught:
        build_register(client)
    assert str(caught.value) == (
        "as_of is 2025-12-31, but the first order is dated 2026-01-05. "
        "Set [client] as_of in client.toml to 2026-01-05 or later."
    )
    assert not client.out_folder.exists() or not any(client.out_folder.iterdir())


def test_a_list_of_which_nothing_can_be_kept_stops(make: Make) -> None:
    client = make(ORDERS, {"orders.csv": "id,no,day,total\n1,a,soon,10\n2,b,later,10\n"})
    with pytest.raises(ListError) as caught:
        build_register(client)
    assert str(caught.value) == (
        "orders: none of its 2 rows can be kept (unreadable date 2). For example row 2 of "
        'orders.csv has ordered_on = "soon". '
        "Check columns, dates and missing in [lists.orders]."
    )


def test_days_that_nobody_explained_stop(make: Make) -> None:
    client = make(ORDERS, {"orders.csv": "id,no,day,total\n1,a,9/7/2025,10\n2,b,3/7/2025,10\n"})
    with pytest.raises(ListError) as caught:
        build_register(client)
    assert str(caught.value) == (
        "orders.csv (list orders): day (ordered_on) holds 9/7/2025, which could be day/month or "
        'month/day, and no row tells. Write under [lists.orders] dates = ["dmy"] if the day comes '
        'first, or dates = ["mdy"] if the month does.'
    )


def test_an_unknown_outcome_word_stops_with_the_words_and_counts(make: Make) -> None:
    toml = ORDERS + (
        '[lists.outcomes]\nfiles = ["o.csv"]\n[lists.outcomes.columns]\n'
        'customer_id = "id"\ngot_results = "成果"\n'
    )
    files = {
        "orders.csv": "id,no,day,total\n1,a,2025-01-05,10\n",
        "o.csv": "id,成果\n1,達成\n2,微妙\n3,達成\n4,成果あり\n5,\n6,no\n",
    }
    with pytest.raises(ListError) as caught:
        build_register(make(toml, files))
    assert str(caught.value) == (
        'outcomes: the column "成果" (got_results) holds 2 word(s) that client.toml does not '
        'explain: "達成" (2), "微妙" (1). Write which of yes, no, unknown each '
        'one means, for example: [lists.outcomes.words.got_results] unknown = ["微妙"].'
    )
    words = '[lists.outcomes.words.got_results]\nyes = ["達成"]\nunknown = ["微妙"]\n'
    outcomes = build_register(make(toml + words, files)).frame("outcomes")
    assert outcomes.set_index("customer_id")["got_results"].to_dict() == {
        **{"1": "yes", "2": "unknown", "3": "yes", "4": "yes", "5": "unknown", "6": "no"},
    }


def test_a_word_that_the_kit_does_not_have_is_refused(make: Make) -> None:
    toml = LINES.replace("completed = ", "complete = ")
    with pytest.raises(KitError) as caught:
        build_register(make(toml, {"lines.csv": LINES_CSV}))
    assert str(caught.value) == (
        "client.toml: [lists.lines.words.status] maps to 'complete', which is not one of "
        "['completed', 'cancelled', 'ignored']."
    )


def test_a_time_zone_that_is_none_is_refused(make: Make) -> None:
    head = '[client]\nname = "small"\nas_of = 2025-12-31\ntime_zone = "Tokio"\n'
    with pytest.raises(KitError) as caught:
        build_register(make(LINES, {"lines.csv": LINES_CSV}, head=head))
    assert str(caught.value) == (
        'client.toml: [client] time_zone = "Tokio" is not a time zone. Write it like "Asia/Tokyo".'
    )


CUSTOMERS = (
    ORDERS
    + """
[lists.customers]
files = ["customers.csv"]
[lists.customers.columns]
customer_id = "id"
name = "name"
telephone = "tel"
key_account = "key"
referred_by = "from"
staff = "staff"
[lists.survey]
table = "customers"
files = ["survey.csv"]
[lists.survey.columns]
customer_id = "id"
attitude = "mood"
[attributes.staff]
kind = "number"
[merges]
file = "merges.csv"
"""
)


def test_customers_are_one_row_each_merged_as_confirmed(make: Make) -> None:
    files = {
        "orders.csv": (
            "id,no,day,total\nK1,a,2025-01-05,10\nK1b,b,2025-02-05,20\nK9,c,2025-03-05,5\n"
        ),
        "customers.csv": (
            "id,name,tel,key,from,staff\n"
            "K1,㈱アオバ,03-1,○,,50名\n"
            "K1b,アオバ(株),03-2,,K2b,\n"
            "K2,ミドリ,,×,K1b,9\n"
            "K2,ミドリ商店,,,,\n"
            "K3,プロスペクト,,はい,,many\n"
            "K3,プロスペクト,,はい,,many\n"
            ",名無し,,,,\n"
        ),
        "survey.csv": "id,mood\nK1,熱狂的\nK3,無関心\n",
        "merges.csv": "old_id,new_id\nK1b,K1\nK2b,K2\n",
    }
    register = build_register(make(CUSTOMERS, files))
    people = register.frame("customers").fillna({"name": "-"})
    # K1's own row has the last word over the merged K1b; what only K1b says is taken over.
    assert people["name"].to_dict() == {
        **{"K1": "㈱アオバ", "K2": "ミドリ商店", "K3": "プロスペクト", "K9": "-"},
    }
    assert people.loc["K1", ["telephone", "referred_by", "attitude"]].to_list() == [
        *("031", "K2", "enthusiastic"),
    ]
    assert people.loc["K2", "referred_by"] == "K1"
    assert people["staff"].to_dict() == pytest.approx(
        {"K1": 50, "K2": 9, "K3": float("nan"), "K9": float("nan")}, nan_ok=True
    )
    assert people["key_account"].to_list() == [True, False, True, pd.NA]
    assert register.frame("orders")["customer_id"].to_list() == ["K1", "K1", "K9"]
    ledger = register.ledger.set_index("list")[["rows_in", "kept", "set_aside", "folded"]]
    assert ledger.loc["customers"].to_list() == [7, 3, 1, 3]
    assert ledger.loc["survey"].to_list() == [2, 2, 0, 0]  # a survey repeats nobody
    assert (
        "3 row(s) of a customer listed before were folded; 2 of these customers differ between "
        "rows, the later row was taken"
    ) in register.notes["note"].to_list()


def test_returns_may_stand_in_a_list_of_their_own(make: Make) -> None:
    toml = ORDERS + (
        '[lists.returns]\ntable = "adjustments"\nfiles = ["returns.csv"]\n'
        '[lists.returns.columns]\ncustomer_id = "id"\nadjusted_on = "day"\namount = "total"\n'
        'kind = "why"\n'
    )
    files = {
        "orders.csv": "id,no,day,total\n1,a,2025-01-05,100\n1,r,2025-01-07,▲30\n",
        "returns.csv": "id,day,total,why\n1,2025-02-01,20,返品\n1,2025-02-02,(5),訂正\n",
    }
    register = build_register(make(toml, files))
    back = register.frame("adjustments").astype({"adjusted_on": "str"})
    assert back[["adjusted_on", "amount", "kind"]].to_numpy().tolist() == [
        ["2025-01-07", -30.0, "return"],
        ["2025-02-01", -20.0, "return"],
        ["2025-02-02", -5.0, "correction"],
    ]
    assert register.frame("orders")["amount"].to_list() == [100.0]


def test_an_order_cancelled_later_stays_an_order_until_that_day(make: Make) -> None:
    toml = ORDERS + 'status = "state"\ncancelled_on = "cancelled"\n'
    files = {
        "orders.csv": (
            "id,no,day,total,state,cancelled\n"
            "1,a,2025-01-05,100,completed,\n"
            "1,b,2025-01-06,70,cancelled,2025-02-01\n"
            "1,c,2025-01-07,60,cancelled,\n"
        )
    }
    register = build_register(make(toml, files))
    assert register.frame("orders")["order_id"].to_list() == ["a", "b"]
    back = register.frame("adjustments").iloc[0]
    assert (back["adjusted_on"].date(), back["amount"]) == (date(2025, 2, 1), -70.0)
    assert register.set_aside["reason"].to_list() == ["cancelled order"]


def test_orders_that_stand_in_the_lines_too_are_folded(make: Make) -> None:
    toml = ORDERS + (
        '[lists.lines]\ntable = "order_lines"\nfiles = ["lines.csv"]\n[lists.lines.columns]\n'
        'customer_id = "id"\norder_id = "no"\nordered_on = "day"\namount = "total"\n'
    )
    files = {
        "orders.csv": "id,no,day,total\n1,a,2025-01-05,100\n1,b,2025-01-06,70\n",
        "lines.csv": "id,no,day,total\n1,a,2025-01-05,60\n1,a,2025-01-05,40\n",
    }
    register = build_register(make(toml, files))
    assert register.frame("orders")[["order_id", "amount", "lines"]].to_numpy().tolist() == [
        ["a", 100.0, 2],
        ["b", 70.0, 1],
    ]
    ledger = register.ledger.set_index("list")
    assert ledger.loc["orders", ["rows_in", "kept", "folded"]].to_list() == [2, 1, 1]
    assert ledger.loc["orders", "money_folded"] == 100


def test_the_csv_of_set_aside_rows_holds_no_formula(make: Make) -> None:
    text = "id,no,day,total\n1,a,2025-01-05,100\n2,b,2025-01-06,=cmd|1\n3,c,+7,5\n'4,d,x,1\n"
    register = build_register(make(ORDERS, {"orders.csv": text}))
    with (register.folder / "set_aside.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["value"] for row in csv.DictReader(file)] == ["'=cmd|1", "'+7", "x"]
    assert register.set_aside["value"].to_list() == ["=cmd|1", "+7", "x"]


def test_the_register_does_not_name_the_machine(register: Register, tmp_path: Path) -> None:
    for path in register.folder.iterdir():
        assert str(tmp_path).encode() not in path.read_bytes()


def test_always_gives_a_column_that_the_list_lacks(make: Make) -> None:
    toml = ORDERS + (
        '[lists.permissions]\nfiles = ["optout.csv"]\n'
        '[lists.permissions.columns]\ncustomer_id = "id"\n'
        '[lists.permissions.always]\nchannel = "mail"\nallowed = "no"\n'
    )
    files = {"orders.csv": "id,no,day,total\n1,a,2025-01-05,100\n", "optout.csv": "id\n1\n2\n"}
    permissions = build_register(make(toml, files)).frame("permissions")
    assert permissions[["channel", "allowed"]].to_numpy().tolist() == [["mail", False]] * 2


def test_without_order_ids_a_day_is_an_order_unless_each_row_is(make: Make) -> None:
    toml = ORDERS.replace('order_id = "no"\n', "")
    rows = ["1,2025-01-05,30", "1,2025-01-05,20", "1,2025-01-06,5"]
    files = {"orders.csv": "\n".join(["id,day,total", *rows])}
    register = build_register(make(toml, files))
    assert register.frame("orders")[["order_id", "amount", "lines"]].to_numpy().tolist() == [
        ["1@2025-01-05", 50.0, 2],
        ["1@2025-01-06", 5.0, 1],
    ]
    each = toml.replace("files =", "one_row_is_one_order = true\nfiles =")
    register = build_register(make(each, files))
    assert register.frame("orders")[["order_id", "amount"]].to_numpy().tolist() == [
        ["1@2025-01-05", 20.0],
        ["1@2025-01-05#2", 30.0],
        ["1@2025-01-06", 5.0],
    ]
    assert register.notes["note"].iloc[-1] == (
        "3 row(s) without an order id: each row is one order, as client.toml says"
    )
    shuffled = {"orders.csv": "\n".join(["id,day,total", *rows[::-1]])}
    assert build_register(make(each, shuffled)).fingerprint == register.fingerprint
