"""Every public list becomes a register by its client.toml, and shows the published figures.

The figures are those of the sources, recomputed from the files. What a register cannot show (a
table of products, rows without a customer) is not here.
"""

from __future__ import annotations

import csv
import gzip
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from both_ways import check_equal

from segment_lib.behaviour import customer_history
from segment_lib.client import open_client
from segment_lib.lists.cells.values import reason_said
from segment_lib.lists.register import Register, build_register
from segment_lib.voice import language

pytestmark = pytest.mark.real_data
CLIENTS = Path(__file__).resolve().parent.parent / "clients"
NAMES = sorted(path.parent.name for path in CLIENTS.glob("*/client.toml"))
MOST_LINES = 25
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")
Build = Callable[[str], Register]
Changed = Callable[..., Register]


@pytest.fixture(scope="session")
def folder(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the registers go; the SQL dump of one client is a SQLite file there."""
    folder = tmp_path_factory.mktemp("published")
    dump = gzip.decompress((real_data / "northwind" / "northwind_create.sql.gz").read_bytes())
    with closing(sqlite3.connect(folder / "northwind.sqlite")) as database:
        # One transaction without waiting for the disk: a second instead of a minute.
        database.executescript("pragma synchronous = off; begin;" + dump.decode("utf-8"))
        database.commit()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NORTHWIND_DB", str(folder / "northwind.sqlite"))
        yield folder


@pytest.fixture(scope="session")
def build(folder: Path) -> Build:
    """`build("chinook")`: the register of one of the clients beside these tests, built once."""
    return cache(
        lambda name: build_register(open_client(CLIENTS / name / "client.toml", out=folder))
    )


@pytest.fixture
def changed(folder: Path, tmp_path: Path) -> Changed:
    """`changed("chinook", ("old", "new"))`: the register after a change of its client.toml."""
    assert folder.is_dir()

    def made(name: str, *changes: tuple[str, str]) -> Register:
        text = (CLIENTS / name / "client.toml").read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "client.toml").write_text(text, "utf-8")
        return build_register(open_client(tmp_path / "client.toml", out=tmp_path / "out"))

    return made


def total(register: Register, table: str = "orders", column: str = "amount") -> float:
    """A sum as the register has it: money exact to four decimals."""
    return float(register.table(table)[column].sum().to_pyarrow().as_py())


def first_and_last(register: Register, table: str, column: str) -> tuple[date, date]:
    days = register.table(table)[column]
    return days.min().to_pyarrow().as_py(), days.max().to_pyarrow().as_py()


def heads(register: Register, table: str) -> int:
    """Rows of a table."""
    return int(register.table(table).count().execute())


def reasons(register: Register, list_name: str) -> dict[str, int]:
    aside = register.set_aside
    return aside.loc[aside["list"] == list_name, "reason"].value_counts().to_dict()


def history(build: Build, name: str) -> pd.DataFrame:
    return customer_history(build(name), open_client(CLIENTS / name / "client.toml"))


# --- every client.toml ------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_client_file_has_few_lines(name: str) -> None:
    text = (CLIENTS / name / "client.toml").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    assert f'name = "{name}"' in text


def test_the_first_client_file_is_small() -> None:
    text = (CLIENTS / "online-retail" / "client.toml").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 12


def test_every_public_list_has_a_client_file(real_data: Path) -> None:
    with (real_data / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        folders = {row["path"].split("/")[0] for row in csv.DictReader(file)} - {"sealed"}
    assert folders - {re.sub(r"-\d$", "", name) for name in NAMES} == set()


# client, list: rows in, kept, folded, set aside by reason
BALANCES: list[tuple[str, str, int, int, int, dict[str, int]]] = [
    ("100knocks-ja", "customers", 21971, 21971, 0, {}),
    ("bank-marketing", "customers", 45211, 45211, 0, {}),
    ("bank-marketing", "outcomes", 45211, 45211, 0, {}),
    ("bank-marketing-2", "customers", 41188, 41188, 0, {}),
    ("bank-marketing-2", "outcomes", 41188, 41188, 0, {}),
    ("cdnow-sample", "order_lines", 6919, 6911, 0, {"zero amount": 8}),
    ("cdnow-sample-2", "order_lines", 6919, 6919, 0, {}),
    ("cdnow-sample-2", "customers", 2357, 2357, 0, {}),
    ("chinook", "orders", 412, 412, 0, {}),
    ("chinook", "customers", 59, 59, 0, {}),
    ("crm-opportunities", "deals", 8800, 7212, 0,
     {"missing customer id": 1425, "missing date": 163}),
    ("crm-opportunities", "order_lines", 8800, 4238, 0,
     {"status ignored": 3137, "missing customer id": 1425}),
    ("crm-opportunities", "customers", 85, 85, 0, {}),
    ("encodings-ja", "order_lines", 20, 5, 15, {}),
    ("encodings-ja-2", "order_lines", 144, 144, 0, {}),
    ("encodings-ja-2", "customers", 3, 3, 0, {}),
    ("encodings-ja-2", "more", 3, 3, 0, {}),
    ("gakushu-ja", "orders", 257, 257, 0, {}),
    ("gakushu-ja", "customers", 257, 219, 38, {}),
    ("gakushu-ja-2", "orders", 25877, 25877, 0, {}),
    ("gakushu-ja-2", "customers", 25877, 12162, 13715, {}),
    ("gakushu-ja-3", "summaries", 500, 500, 0, {}),
    ("groceries-members", "usage", 38765, 38765, 0, {}),
    ("groceries-members-2", "order_lines", 38765, 38765, 0, {}),
    ("hillstrom", "customers", 64000, 64000, 0, {}),
    ("hillstrom", "outcomes", 64000, 64000, 0, {}),
    ("hotel-reservations", "orders", 4030, 4030, 0, {}),
    ("hotel-reservations", "usage", 4030, 4030, 0, {}),
    ("hotel-reservations", "customers", 1000, 1000, 0, {}),
    ("mail-order-ja", "customers", 10, 10, 0, {}),
    ("mail-order-ja", "order_lines", 20, 20, 0, {}),
    ("mail-order-ja-2", "order_lines", 5, 5, 0, {}),
    ("mail-order-ja-2", "customers", 5, 3, 2, {}),
    ("mall-customers", "customers", 200, 200, 0, {}),
    ("northwind", "order_lines", 2155, 2155, 0, {}),
    ("northwind", "customers", 93, 93, 0, {}),
    ("online-retail", "order_lines", 541909, 406789, 0,
     {"missing customer id": 135080, "zero amount": 40}),
    ("r-rfm", "orders", 4906, 4906, 0, {}),
    ("r-rfm-2", "summaries", 39999, 39999, 0, {}),
    ("r-rfm-2", "customers", 39999, 39999, 0, {}),
    ("r-rfm-3", "summaries", 995, 995, 0, {}),
    ("r-rfm-3", "customers", 995, 995, 0, {}),
    ("student-outcomes", "customers", 4424, 4424, 0, {}),
    ("student-outcomes", "outcomes", 4424, 4424, 0, {}),
    ("superstore", "orders", 5009, 5009, 0, {}),
    ("superstore-2", "order_lines", 9994, 9994, 0, {}),
    ("superstore-2", "customers", 9994, 793, 9201, {}),
    ("superstore-3", "summaries", 793, 793, 0, {}),
    ("superstore-3", "customers", 793, 793, 0, {}),
    ("telco-churn", "customers", 7043, 7043, 0, {}),
    ("telco-churn", "outcomes", 7043, 7043, 0, {}),
    ("wholesale-customers", "customers", 440, 440, 0, {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "list_name", "rows_in", "kept", "folded", "aside"),
    BALANCES,
    ids=[f"{one[0]}/{one[1]}" for one in BALANCES],
)
def test_rows_in_are_kept_set_aside_or_folded(
    build: Build,
    name: str,
    list_name: str,
    rows_in: int,
    kept: int,
    folded: int,
    aside: dict[str, int],
) -> None:
    register = build(name)
    row = register.ledger.set_index("list").loc[list_name]
    counted = [rows_in, kept, sum(aside.values()), folded]
    assert row[["rows_in", "kept", "set_aside", "folded"]].to_list() == counted
    assert rows_in == kept + sum(aside.values()) + folded
    assert reasons(register, list_name) == aside
    if pd.notna(row["money_in"]):
        parts = row["money_kept"] + row["money_set_aside"] + row["money_folded"]
        assert round(parts, 4) == round(row["money_in"], 4)


def test_the_balances_name_every_list(build: Build) -> None:
    lists = {(name, one) for name in NAMES for one in build(name).ledger["list"]}
    assert lists == {(one[0], one[1]) for one in BALANCES}


@pytest.mark.parametrize("name", NAMES)
def test_a_register_says_where_it_comes_from_in_both_languages(
    build: Build, real_data: Path, name: str
) -> None:
    register = build(name)
    rows_in = register.ledger.set_index("list")["rows_in"]
    assert register.sources.groupby("list")["rows"].sum().eq(rows_in).all()
    manifest = pd.read_csv(real_data / "MANIFEST.csv")
    if name != "northwind":  # its SQLite file was made of the dump here
        assert set(register.sources["sha256"]) <= set(manifest["sha256"])
    with language("ja"):
        assert register.set_aside["reason"].map(reason_said).str.contains(JAPANESE).all()
        assert register.notes["note"].str.contains(JAPANESE).all()
    assert register.notes["note"].str.contains("[a-z]").all()


# --- order lines and orders -------------------------------------------------------------------


def test_online_retail_money_and_customers(build: Build) -> None:
    register = build("online-retail")
    row = register.ledger.iloc[0]
    assert row["money_in"] == 9747747.934
    # The usual cleaning: what is left as order lines when returns are ignored.
    assert heads(register, "order_lines") == 397884
    assert heads(register, "orders") == 18532
    assert register.orders.customer_id.nunique().execute() == 4338
    assert total(register) == total(register, "order_lines") == 8911407.904
    assert heads(register, "customers") == 4372
    assert "17850" in register.frame("customers").index  # it came as 17850.0
    aside = register.set_aside
    nobody = aside[aside["reason"] == "missing customer id"]
    with language("ja"):
        assert nobody["reason"].map(reason_said).unique().tolist() == ["お客様番号がない"]
    assert aside["row_number"].between(2, 541910).all()  # the header is row 1


def test_online_retail_days_and_cancellations(build: Build) -> None:
    register = build("online-retail")
    assert first_and_last(register, "orders", "ordered_on") == (
        date(2010, 12, 1),
        date(2011, 12, 9),
    )
    orders = register.frame("orders")
    assert 5 not in set(orders["ordered_on"].dt.day_of_week)  # no Saturdays
    changes = register.frame("adjustments")
    assert len(changes) == 8905
    assert set(changes["kind"]) == {"cancellation"}
    spent = history(build, "online-retail")["monetary"]
    assert round(spent.sum(), 3) == round(register.ledger.iloc[0]["money_kept"], 3)
    # 74,215 and 80,995 pieces, ordered and cancelled within minutes.
    assert spent["12346"] == 0
    lines = register.frame("order_lines")
    assert lines["quantity"].nlargest(2).to_list() == [80995, 74215]
    assert spent["16446"] < 10


@pytest.mark.parametrize(("name", "day"), [
    ("online-retail", date(2011, 6, 30)), ("online-retail", date(2011, 12, 9)),
    ("superstore", date(2016, 12, 31)), ("100knocks-ja", date(2018, 3, 31)),
])  # fmt: skip
def test_histories_start_from_the_layout_alike(build: Build, name: str, day: date) -> None:
    check_equal(build(name), day)


@pytest.mark.parametrize("name", ["cdnow-sample", "cdnow-sample-2"])
def test_cdnow_totals(build: Build, name: str) -> None:
    register = build(name)
    assert heads(register, "customers") == 2357
    assert round(total(register), 2) == 244091.94
    days = first_and_last(register, "orders", "ordered_on")
    assert days == (date(1997, 1, 1), date(1998, 6, 30))


def test_cdnow_text_has_the_rows_of_the_csv(build: Build) -> None:
    text, table = build("cdnow-sample"), build("cdnow-sample-2")
    assert heads(text, "orders") == 6696 - 8
    assert {len(one) for one in text.frame("customers").index} == {5}  # 00004
    columns = ["ordered_on", "quantity", "amount"]
    lines = table.frame("order_lines")
    assert lines["quantity"].sum() == 16479
    paid = lines.loc[lines["amount"] > 0, columns].sort_values(columns, ignore_index=True)
    same = text.frame("order_lines")[columns].sort_values(columns, ignore_index=True)
    assert same.equals(paid)


def test_cdnow_repeats_before_and_after_the_calibration(build: Build) -> None:
    register = build("cdnow-sample-2")
    orders = register.frame("orders")
    assert len(orders) == 6696
    before = orders["ordered_on"] <= "1997-09-30"
    repeats = orders[before].groupby("customer_id").size() - 1
    assert (repeats == 0).sum() == 1411
    assert (repeats > 0).sum() == 946
    assert repeats.sum() == 2457
    assert (~before).sum() == 1882
    assert orders.loc[~before, "customer_id"].nunique() == 684
    # The list that somebody has added up says the same of each.
    assert (register.frame("customers")["repeats"] == repeats).all()


def test_r_rfm_orders(build: Build) -> None:
    register = build("r-rfm")
    assert total(register) == 464158
    assert heads(register, "orders") == 4906  # 4,895 if a day were one order
    assert heads(register, "customers") == 995
    days = first_and_last(register, "orders", "ordered_on")
    assert days == (date(2001, 10, 29), date(2006, 12, 30))
    counted = history(build, "r-rfm")[["recency_days", "frequency", "monetary"]]
    named = counted.loc[["Abbey O'Reilly", "Add Senger", "Aden Murphy", "Admiral Senger"]]
    published = [[205, 6, 472], [140, 3, 340], [98, 7, 596], [132, 5, 448]]
    assert named.astype("int64").to_numpy().tolist() == published
    scores = pd.cut(counted["frequency"], [0, 4, 5, 6, 8, 99], right=False)
    assert scores.value_counts(sort=False).to_list() == [268, 187, 176, 244, 120]


def test_r_rfm_customers_that_were_added_up(build: Build) -> None:
    register = build("r-rfm-2")
    rows = register.frame("summaries")
    assert len(rows) == rows["customer_id"].nunique() == 39999
    assert rows["frequency"].sum() == 393223
    assert rows["monetary"].sum() == 37537400
    back = rows["last_order_on"] + pd.to_timedelta(rows["recency_days"].astype("int64"), "D")
    assert (back == "2007-01-01").all()
    assert (rows.loc[rows["last_order_on"] == "2006-05-14", "recency_days"] == 232).all()
    assert not rows["customer_id"].str.contains(".", regex=False).any()


def test_r_rfm_published_answer(build: Build) -> None:
    register = build("r-rfm-3")
    segments = register.frame("customers")["published_segment"]
    assert segments.value_counts().to_dict() == {
        "Loyal Customers": 278,
        "Potential Loyalist": 229,
        "Champions": 158,
        "Hibernating": 111,
        "At Risk": 86,
        "About To Sleep": 50,
        "Others": 48,
        "Needs Attention": 35,
    }
    rows = register.frame("summaries").set_index("customer_id")
    best = rows[segments.reindex(rows.index) == "Champions"]
    assert (best["frequency"].sum(), best["monetary"].sum()) == (1234, 120178)
    # Names there carry titles that the order list has lost: the figures are the same.
    columns = ["recency_days", "frequency", "monetary"]
    ours = history(build, "r-rfm")[columns].astype("float64")
    theirs = rows[columns].astype("float64")
    assert sorted(map(tuple, ours.to_numpy())) == sorted(map(tuple, theirs.to_numpy()))


def test_superstore_orders_in_mac_roman(build: Build) -> None:
    register = build("superstore")
    assert heads(register, "customers") == 793
    assert "Neil Französisch" in register.frame("customers").index
    days = first_and_last(register, "orders", "ordered_on")
    assert days == (date(2011, 1, 4), date(2014, 12, 31))


def test_superstore_published_answer(build: Build) -> None:
    ours = history(build, "superstore")
    theirs = history(build, "superstore-3")
    assert len(theirs) == 793
    columns = ["recency_days", "frequency", "monetary"]
    assert ours[columns].astype("float64").equals(theirs[columns].astype("float64"))
    best = (ours["recency_days"] <= 30) & (ours["frequency"] > 8) & (ours["monetary"] > 3784)
    published = build("superstore-3").frame("customers")["published_class"] == "111"
    assert best.sum() == published.sum() == 30
    assert (best == published).all()


def test_superstore_workbook(build: Build) -> None:
    register = build("superstore-2")
    assert heads(register, "orders") == 5009
    assert heads(register, "customers") == 793
    days = first_and_last(register, "orders", "ordered_on")
    assert days == (date(2011, 1, 4), date(2014, 12, 31))
    assert round(total(register), 2) == 2297200.86
    assert round(total(register, column="margin"), 2) == 286397.02
    lines = register.frame("order_lines")
    assert lines["quantity"].sum() == 37873
    assert (lines["margin"] < 0).sum() == 1871
    assert register.notes["note"].unique().tolist()[0] == "Sample - Superstore.xls: sheet Orders"
    # The exercise's grand_total is the sum of the order's lines, rounded.
    exact = register.frame("orders").set_index("order_id")["amount"]
    rounded = build("superstore").frame("orders").set_index("order_id")["amount"]
    assert set(exact.index) == set(rounded.index)
    assert (exact - rounded.reindex(exact.index)).abs().max() <= 0.5


def test_gakushu_sales_of_a_week(build: Build) -> None:
    register = build("gakushu-ja")
    amounts = register.frame("orders")["amount"]
    assert (amounts.min(), amounts.max()) == (50000, 480000)
    assert amounts.between(142182.9855, 142182.9856).sum() == 3  # a mean that somebody filled in
    days = first_and_last(register, "orders", "ordered_on")
    assert days == (date(2019, 2, 1), date(2019, 2, 7))
    people = register.frame("customers")
    assert len(people) == 219
    assert people["age"].between(10, 100).all()
    assert str(people["birthday"].dtype) == "datetime64[s]"


def test_gakushu_a_visit_is_no_purchase(build: Build) -> None:
    register = build("gakushu-ja-2")
    visits, lines = register.frame("usage"), register.frame("orders")
    assert len(visits) + lines["lines"].sum() == 25877
    assert lines["lines"].sum() == 2159
    assert lines["customer_id"].nunique() == 1390
    assert total(register) == 4432550
    assert heads(register, "customers") == 12162
    days = [*visits["used_on"], *lines["ordered_on"]]
    assert (min(days), max(days)) == (pd.Timestamp("2020-07-01"), pd.Timestamp("2020-09-30"))
    came = set(zip(visits["customer_id"], visits["used_on"], strict=True))
    came |= set(zip(lines["customer_id"], lines["ordered_on"], strict=True))
    assert 25877 - len(came) == 116


def test_gakushu_customers_that_were_added_up(build: Build) -> None:
    rows = build("gakushu-ja-3").frame("summaries")
    assert rows["customer_id"].nunique() == 500
    assert rows[["frequency", "monetary", "recency_days"]].notna().all(axis=None)
    assert rows[["last_order_on", "first_order_on"]].isna().all(axis=None)


def test_mail_order_of_two_systems(build: Build) -> None:
    register = build("mail-order-ja")
    people, lines = register.frame("customers"), register.frame("order_lines")
    assert len(people) == 10
    assert {"000006609603", "000008248518"} <= set(lines["order_id"])
    assert people["birthday"].notna().all()
    assert people["first_contact_on"].notna().all()
    assert people["telephone"].str.fullmatch(r"0\d{9,10}").all()
    assert not register.has("permissions")  # all marks are N: nobody refuses, nobody agrees
    said = "orders are counted for the buyer (顧客番号); the list also names a recipient (届先氏名)"
    with language("en"):  # the client's is Japanese
        assert register.notes["note"].str.startswith(said).any()


def test_mail_order_join_has_lost_its_zeros(build: Build) -> None:
    joined = build("mail-order-ja-2")
    lines = joined.frame("order_lines")
    assert set(lines["order_id"]) == {"6609603", "7778324", "8248518"}
    both = build("mail-order-ja").frame("customers")
    telephones = joined.frame("customers")["telephone"]
    assert telephones.eq(both["telephone"].reindex(telephones.index)).all()


def test_one_table_in_four_encodings_is_one_table(build: Build) -> None:
    register = build("encodings-ja")
    written = [note.split("read as ")[1] for note in register.notes["note"].head(4)]
    assert written == [
        "cp932, delimiter comma",
        "utf-16, delimiter tab",
        "utf-8, delimiter comma",
        "utf-8-sig, delimiter comma",
    ]
    assert total(register) == 539700


def test_shops_that_do_not_match_the_sales(build: Build) -> None:
    register = build("encodings-ja-2")
    assert heads(register, "customers") == 4
    assert register.orders.customer_id.nunique().execute() == 3
    people = register.frame("customers")
    assert people["kind_of_shop"].isna().sum() == 1


def test_hotel_reservations(build: Build) -> None:
    register = build("hotel-reservations")
    assert heads(register, "customers") == 1000
    assert register.orders.customer_id.nunique().execute() == 888
    assert (history(build, "hotel-reservations")["frequency"] == 0).sum() == 112
    assert total(register) == 415355800
    days = first_and_last(register, "orders", "ordered_on")
    assert days == (date(2016, 1, 1), date(2019, 2, 25))
    later = (
        register.frame("usage")["used_on"].mean() - register.frame("orders")["ordered_on"].mean()
    )
    assert round(later / pd.Timedelta("1D")) == 15
    assert register.usage.feature.nunique().execute() <= 300


@pytest.mark.parametrize("name", ["groceries-members", "groceries-members-2"])
def test_groceries_as_uses_and_as_orders(build: Build, name: str) -> None:
    register = build(name)
    table, day, article = (
        ("usage", "used_on", "feature")
        if register.has("usage")
        else ("order_lines", "ordered_on", "product")
    )
    assert heads(register, "customers") == 3898
    assert first_and_last(register, table, day) == (date(2014, 1, 1), date(2015, 12, 30))
    rows = register.frame(table)
    assert rows[article].nunique() == 167
    assert len(rows[["customer_id", day]].drop_duplicates()) == 14963
    assert register.notes["note"].str.startswith("759 row(s) repeat another one").sum() == 1
    if table == "order_lines":
        assert heads(register, "orders") == 14963


def test_chinook(build: Build) -> None:
    register = build("chinook")
    assert total(register) == 2328.60
    days = first_and_last(register, "orders", "ordered_on")
    assert days == (date(2021, 1, 1), date(2025, 12, 22))
    assert register.frame("customers")["company"].notna().sum() == 10


def test_northwind_keeps_those_who_never_ordered(build: Build) -> None:
    register = build("northwind")
    assert heads(register, "orders") == 830
    assert round(total(register), 2) == 1265793.04
    assert heads(register, "customers") == 93
    assert register.orders.customer_id.nunique().execute() == 89
    days = first_and_last(register, "orders", "ordered_on")
    assert days == (date(1996, 7, 4), date(1998, 5, 6))


# --- customers, results, deals ----------------------------------------------------------------


def test_hillstrom_arms(build: Build) -> None:
    register = build("hillstrom")
    people = register.frame("customers")
    results = register.frame("outcomes").set_index("customer_id")
    people["conversion"] = results["got_results"].eq("yes")
    people["measure"] = results["measure"]
    assert (people["measure"] == people["spend"]).all()
    rates = people.groupby("arm")[["visit", "conversion", "spend"]].mean().astype("float64")
    published = {
        "Mens E-Mail": [21307, 0.182757, 0.012531, 1.422617],
        "Womens E-Mail": [21387, 0.151400, 0.008837, 1.077202],
        "No E-Mail": [21306, 0.106167, 0.005726, 0.652789],
    }
    for arm, figures in published.items():
        assert [(people["arm"] == arm).sum(), *rates.loc[arm].round(6)] == figures
    everybody = people[["visit", "conversion", "spend"]].mean().astype("float64")
    assert everybody.round(6).to_list() == [0.146781, 0.009031, 1.050908]


def test_hillstrom_equal_rows_are_different_people(build: Build) -> None:
    register = build("hillstrom")
    people = register.frame("customers")
    given = people.dropna(axis=1, how="all")
    results = register.frame("outcomes").set_index("customer_id")["got_results"]
    assert given.assign(conversion=results).duplicated().sum() == 6562
    assert len(people) == 64000
    assert "Surburban" in set(people["area"])


@pytest.mark.parametrize(
    ("name", "people", "yes"), [("bank-marketing", 45211, 5289), ("bank-marketing-2", 41188, 4640)]
)
def test_bank_results(build: Build, name: str, people: int, yes: int) -> None:
    register = build(name)
    results = register.frame("outcomes")
    assert len(results) == people
    assert (results["got_results"] == "yes").sum() == yes
    words = register.frame("customers")[["job", "marital", "education", "poutcome"]]
    assert not words.eq("unknown").any(axis=None)


def test_bank_codes_for_nothing_and_repeats(build: Build) -> None:
    register = build("bank-marketing-2")
    people = register.frame("customers")
    assert people["pdays"].isna().sum() == 39673
    results = register.frame("outcomes").set_index("customer_id")["got_results"]
    given = people.dropna(axis=1, how="all").assign(y=results)
    assert given.duplicated().sum() == 12


@pytest.mark.parametrize(
    ("name", "full", "part", "rows"),
    [
        ("bank-marketing", "bank-full.csv", "bank.csv", 4521),
        ("bank-marketing-2", "bank-additional-full.csv", "bank-additional.csv", 4119),
    ],
)
def test_the_tenth_of_the_bank_beside_the_whole(
    changed: Changed, name: str, full: str, part: str, rows: int
) -> None:
    register = changed(name, (full, part))
    assert register.ledger["rows_in"].to_list() == [rows, rows]
    assert register.frame("outcomes")["got_results"].isin(["yes", "no"]).all()


def test_100knocks_customers(build: Build) -> None:
    people = build("100knocks-ja").frame("customers")
    assert people["gender"].value_counts(dropna=False).to_list() == [17918, 2981, 1072]
    assert people["gender"].isna().sum() == 1072  # 不明
    assert people.duplicated(["name", "postal_code"]).sum() == 30
    assert len(people[["name", "postal_code"]].drop_duplicates()) == 21941
    assert (people["status_code"] == "0-00000000-0").sum() == 13665
    assert people["first_contact_on"].notna().all()  # 20150905
    assert people["birthday"].notna().all()  # 1981-04-29


def test_100knocks_in_cp932(
    build: Build, changed: Changed, real_data: Path, tmp_path: Path
) -> None:
    data = (real_data / "100knocks-ja" / "customer.csv").read_bytes()
    (tmp_path / "customer.csv").write_bytes(data.decode("utf-8-sig").encode("cp932"))
    register = changed("100knocks-ja", ("$SEGMENT_LIB_DATA/100knocks-ja/", ""))
    assert register.notes["note"].to_list() == ["customer.csv: read as cp932, delimiter comma"]
    assert register.frame("customers").equals(build("100knocks-ja").frame("customers"))


def test_telco_churn(build: Build) -> None:
    register = build("telco-churn")
    people = register.frame("customers")
    results = register.frame("outcomes").set_index("customer_id")
    assert results["got_results"].value_counts().to_dict() == {"yes": 5174, "no": 1869}
    assert (~people["under_contract"]).sum() == 1869
    assert round(1869 / len(people), 4) == 0.2654
    assert round(people["total"].sum(), 2) == 16056168.70
    blank = people["total"].isna()
    assert blank.sum() == 11
    assert (people.loc[blank, "tenure"] == 0).all()
    assert (results.loc[people.index[blank], "measure"] == 0).all()
    assert str(people["senior"].dtype) == str(people["partner"].dtype) == "bool"


def test_student_outcomes(build: Build) -> None:
    register = build("student-outcomes")
    results = register.frame("outcomes")["got_results"]
    assert results.value_counts().to_dict() == {"yes": 2209, "no": 1421, "unknown": 794}
    people = register.frame("customers")
    assert people["evening"].isin(["0", "1"]).all()  # the header ends with a tab
    assert people["course"].str.isdigit().all()


def test_crm_deals(build: Build) -> None:
    deals = build("crm-opportunities").frame("deals")
    assert deals["won"].eq(True).sum() == 4238
    assert deals["won"].eq(False).sum() == 2473
    assert deals.loc[deals["won"].eq(True), "amount"].sum() == 10005534
    assert (deals.loc[deals["won"].eq(False), "amount"] == 0).all()
    open_deals = deals[deals["won"].isna()]
    assert open_deals[["decided_on", "amount"]].isna().all(axis=None)
    assert deals["opened_on"].min() == pd.Timestamp("2016-10-20")
    assert deals["decided_on"].max() == pd.Timestamp("2017-12-31")


def test_crm_accounts_and_articles(build: Build) -> None:
    register = build("crm-opportunities")
    people = register.frame("customers")
    assert len(people) == 85
    assert "technolgy" in set(people["sector"])  # so spelt
    articles = set(register.frame("order_lines")["product"])
    assert "GTXPro" in articles
    assert "GTX Pro" not in articles
    aside = register.set_aside
    words = aside.loc[aside["reason"] == "status ignored", "value"].value_counts()
    assert words["Lost"] == 2473
    assert total(register) == 10005534


def test_mall_customers(build: Build) -> None:
    people = build("mall-customers").frame("customers")
    assert len(people) == 200
    assert people[["age", "income", "spending_score"]].notna().all(axis=None)
    assert people["spending_score"].between(1, 100).all()


def test_wholesale_customers(build: Build) -> None:
    register = build("wholesale-customers")
    people = register.frame("customers")
    assert people["channel"].value_counts().to_list() == [298, 142]
    assert people.index.astype(int).sort_values().to_list() == list(range(2, 442))
    goods = people[["fresh", "milk", "grocery", "frozen", "detergents_paper", "delicatessen"]]
    assert (goods > 0).all(axis=None)
