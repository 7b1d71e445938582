"""Lists of other shapes: several articles in a row, no customer id, visits, lists summed up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segment_lib.behaviour import customer_history, require_order_dates, require_revenue
from segment_lib.behaviour.history import order_history, summary_history
from segment_lib.behaviour.rfm import ScoreCuts
from segment_lib.checks import ClientError, ListError, NeedsTable
from segment_lib.client import Client
from segment_lib.lists.cells.values import reason_said
from segment_lib.lists.reading.files import load_list, read_list
from segment_lib.lists.register import build_register, open_register
from segment_lib.lists.rows.gathered import Engine, gather_lists
from segment_lib.lists.rows.shapes import shape
from segment_lib.thread import take_up
from segment_lib.voice import language

Make = Callable[..., Client]


def rows_of(client: Client, name: str) -> pd.DataFrame:
    """The rows of one list as the engine has them, with what it tells of those set aside."""
    with Engine(client.folder) as engine:
        raw = load_list(client, engine, name, "raw")
        shape(client, raw)
        numbers = engine.arrow("select row_number from raw order by _row")["row_number"].to_pandas()
        (one,) = [one for one in gather_lists(client, engine, {}) if one.name == name]
        rows = engine.arrow(
            "select * replace (_fate::varchar as _fate, _goes_to::varchar as _goes_to) "
            f"from {one.part} left join (select * exclude _money from {one.aside}) using (_row) "
            "order by _row"
        ).to_pandas()
    told = rows["_row_number"].dropna()
    assert told.to_list() == numbers[told.index].to_list()
    return rows.assign(_row_number=numbers)


def notes_of(client: Client, name: str) -> list[str]:
    with Engine(client.folder) as engine:
        raw = load_list(client, engine, name, "raw")
        return [str(note) for note in (*raw.notes, *shape(client, raw))]


# --- wide orders ------------------------------------------------------------------------------

WIDE = """
[lists.lines]
table = "order_lines"
files = ["wide.csv"]
[lists.lines.columns]
order_id = "注文"
customer_id = "顧客"
ordered_on = "日付"
[lists.lines.positions]
product = ["商品1", "商品2", "商品3"]
quantity = ["数量1", "数量2", "数量3"]
amount = ["金額1", "金額2", "金額3"]
"""
WIDE_CSV = """注文,顧客,日付,商品1,数量1,金額1,商品2,数量2,金額2,商品3,数量3,金額3
A1,001,2025-01-10,はさみ,1,100,はさみ,1,100,,0,0
A2,002,2025-01-11,,,,のり,2,¥200,紙,1,百円?
A3,003,2025-01-12,,0,0円,,,,,,
A4,001,2025-01-13,机,1,30000,,,,見本,1,0
"""


@pytest.fixture
def wide(make: Make) -> Client:
    return make(WIDE, {"wide.csv": WIDE_CSV})


def test_a_wide_order_is_one_row_per_position_that_holds_something(wide: Client) -> None:
    rows = rows_of(wide, "lines")
    shown = rows[["_row_number", "order_id", "product", "amount", "_fate", "_reason"]]
    assert shown.astype({"amount": "float64"}).astype("object").fillna("-").to_numpy().tolist() == [
        [2, "A1", "はさみ", 100.0, "kept", "-"],
        [2, "A1", "はさみ", 100.0, "kept", "-"],
        [3, "A2", "のり", 200.0, "kept", "-"],
        [3, "A2", "紙", "-", "set aside", "unreadable amount"],
        [4, "A3", "-", "-", "set aside", "no article in the row"],
        [5, "A4", "机", 30000.0, "kept", "-"],
        [5, "A4", "見本", 0.0, "set aside", "zero amount"],
    ]
    assert rows.loc[3, ["_column", "_value"]].to_list() == ["amount", "百円?"]
    assert rows.loc[4, ["_column", "_value"]].to_list() == ["product", ""]


def test_rows_and_articles_are_told(wide: Client) -> None:
    assert "4 row(s) hold 6 article(s)" in notes_of(wide, "lines")
    notes = build_register(wide).notes
    assert "4 row(s) hold 6 article(s)" in set(notes["note"])
    with language("ja"):
        assert "4 行に商品 6 件" in set(build_register(wide).notes["note"])


def test_two_equal_articles_of_one_order_are_no_repeat_but_two_equal_rows_are(make: Make) -> None:
    client = make(WIDE, {"wide.csv": WIDE_CSV})
    assert not any("repeat" in note for note in build_register(client).notes["note"])
    again = "A1,001,2025-01-10,はさみ,1,100,はさみ,1,100,,0,0\n"
    client = make(WIDE, {"wide.csv": WIDE_CSV + again})
    assert any(note.startswith("2 row(s) repeat") for note in build_register(client).notes["note"])


def test_the_orders_of_a_wide_list_have_their_sums(wide: Client) -> None:
    register = build_register(wide)
    orders = register.frame("orders").set_index("order_id")
    assert orders["amount"].to_dict() == {"A1": 200, "A2": 200, "A4": 30000}
    assert orders["lines"].to_dict() == {"A1": 2, "A2": 1, "A4": 1}
    ledger = register.ledger.iloc[0]
    assert ledger[["rows_in", "kept", "set_aside", "folded"]].to_list() == [7, 4, 3, 0]


def test_a_position_that_is_not_there_is_told(make: Make) -> None:
    client = make(WIDE.replace("商品3", "商品４"), {"wide.csv": WIDE_CSV})
    with pytest.raises(ListError) as caught:
        build_register(client)
    assert str(caught.value) == (
        "wide.csv lacks the column \"商品４\". It has ['注文', '顧客', '日付', '商品1', '数量1', "
        "'金額1', '商品2', '数量2', '金額2', '商品3', '数量3', '金額3']. Mend it in client.toml: "
        '[lists.lines.positions] product = [… "商品3" …].'
    )


def test_an_amount_of_the_whole_row_is_not_counted_per_article(make: Make) -> None:
    toml = WIDE.replace('amount = ["金額1", "金額2", "金額3"]\n', "")
    toml = toml.replace('ordered_on = "日付"', 'ordered_on = "日付"\namount = "合計"')
    with pytest.raises(ClientError) as caught:
        make(toml, {"wide.csv": WIDE_CSV})
    assert str(caught.value) == (
        'client.toml: [lists.lines.columns] amount = "合計" is one for the whole row, and would '
        "be counted once per article. Name it per position: [lists.lines.positions] "
        'amount = ["…1", "…2"] (or unit_price and quantity); or read the list as orders, without '
        'positions: table = "orders".'
    )


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        (
            WIDE.replace('"商品2", "商品3"', '"商品2"'),
            "client.toml: [lists.lines]: positions must name equally many headers per column, not "
            "{'product': 2, 'quantity': 3, 'amount': 3}.",
        ),
        (
            WIDE.replace('"商品2"', '"商品1"'),
            'client.toml: [lists.lines.positions] names the header "商品1" twice. '
            "Name each position once.",
        ),
        (
            WIDE.replace('"order_lines"', '"orders"').replace("product =", "campaign =")
            .replace("quantity =", "margin ="),
            "client.toml: [lists.lines] names positions, so that one row becomes several; orders "
            'has one row per thing. Say what an article in a row is: table = "order_lines".',
        ),
    ],
)  # fmt: skip
def test_positions_that_cannot_be_are_told(make: Make, toml: str, sentence: str) -> None:
    with pytest.raises(ClientError) as caught:
        make(toml, {"wide.csv": WIDE_CSV})
    assert str(caught.value) == sentence


# --- no customer id ---------------------------------------------------------------------------

NOBODY = """
[lists.customers]
files = ["a.csv"]
one_row_is_one_customer = true
[lists.customers.columns]
area = "area"
spend = "spend"
"""


def test_one_row_is_one_customer_if_client_toml_says_so(make: Make) -> None:
    client = make(NOBODY, {"a.csv": "area,spend\nrural,5\nurban,7\n\nrural,5\n"})
    register = build_register(client)
    people = register.frame("customers")
    assert people.index.to_list() == ["2", "3", "5"]  # the row as Excel counts it
    assert people["area"].to_list() == ["rural", "urban", "rural"]
    assert register.ledger.iloc[0][["rows_in", "kept", "folded"]].to_list() == [3, 3, 0]
    assert register.notes["note"].to_list()[-1] == (
        "no customer id: every row is another customer, as client.toml says, and its row number "
        "is the id"
    )


def test_with_several_files_the_id_names_the_file(make: Make) -> None:
    files = {"a.csv": "area,spend\nrural,5\n", "b.csv": "area,spend\nrural,5\n"}
    client = make(NOBODY.replace('"a.csv"', '"*.csv"'), files)
    assert build_register(client).frame("customers").index.to_list() == ["a.csv#2", "b.csv#2"]


def test_equal_rows_of_other_tables_are_other_people_too(make: Make) -> None:
    toml = NOBODY + (
        '[lists.outcomes]\nfiles = ["a.csv"]\none_row_is_one_customer = true\nduplicates = "fold"\n'
        '[lists.outcomes.columns]\ngot_results = "visit"\n'
    )
    register = build_register(make(toml, {"a.csv": "area,spend,visit\nx,5,1\nx,5,1\nx,5,0\n"}))
    assert register.frame("outcomes")["got_results"].to_list() == ["yes", "yes", "no"]
    assert register.frame("outcomes")["customer_id"].to_list() == ["2", "3", "4"]
    assert len(register.frame("customers")) == 3


def test_without_an_id_and_without_saying_so_the_list_is_refused(make: Make) -> None:
    with pytest.raises(ClientError) as caught:
        make(NOBODY.replace("one_row_is_one_customer = true\n", ""), {"a.csv": "area,spend\n1,2\n"})
    assert str(caught.value) == (
        "client.toml: [lists.customers.columns] does not say which column is customer_id. Without "
        "one nobody can tell whether two equal rows are one person or two. Add: "
        'customer_id = "the header in the list"; or, if every row is another customer, '
        "[lists.customers] one_row_is_one_customer = true: then the row number is the id."
    )


def test_sales_without_a_customer_are_not_told_to_make_one_of_each_row(make: Make) -> None:
    toml = '[lists.orders]\nfiles = ["a.csv"]\n[lists.orders.columns]\n'
    with pytest.raises(ClientError, match="a mail or a telephone will do") as caught:
        make(toml + 'ordered_on = "d"\namount = "m"\n', {"a.csv": "d,m\n2025-01-01,2\n"})
    assert "one_row_is_one_customer" not in str(caught.value)


def test_an_id_and_one_row_one_customer_contradict(make: Make) -> None:
    with pytest.raises(ClientError) as caught:
        make(NOBODY + 'customer_id = "area"\n', {"a.csv": "area,spend\n1,2\n"})
    assert str(caught.value) == (
        "client.toml: [lists.customers]: names the customer by customer_id, "
        "one_row_is_one_customer: keep one."
    )


@pytest.mark.real_data
def test_hillstrom_has_64000_people_of_whom_6562_look_like_another(
    make: Make, real_data: Path
) -> None:
    path = real_data / "hillstrom" / "hillstrom.csv.gz"
    toml = (
        f'[lists.customers]\nfiles = ["{path}"]\none_row_is_one_customer = true\n'
        '[lists.customers.columns]\nhistory = "history"\nsegment = "segment"\n'
        f'[lists.outcomes]\nfiles = ["{path}"]\none_row_is_one_customer = true\n'
        '[lists.outcomes.columns]\ngot_results = "conversion"\n'
        '[attributes.history]\nkind = "number"\n'
    )
    client = make(toml, {})
    raw = read_list(client, "customers")
    assert int(raw.frame.drop(columns=["file", "row_number"]).duplicated().sum()) == 6562
    register = build_register(client)
    people = register.frame("customers").join(
        register.frame("outcomes").set_index("customer_id")["got_results"]
    )
    assert len(people) == 64000
    assert register.ledger[["kept", "folded"]].to_numpy().tolist() == [[64000, 0], [64000, 0]]
    rates = people["got_results"].eq("yes").groupby(people["segment"]).mean().round(6)
    assert rates.to_dict() == {
        **{"Mens E-Mail": 0.012531, "No E-Mail": 0.005726, "Womens E-Mail": 0.008837}
    }


# --- visits -----------------------------------------------------------------------------------

VISITS = """
[lists.orders]
files = ["v.csv"]
zero_amounts = "visit"
[lists.orders.columns]
customer_id = "id"
ordered_on = "day"
amount = "paid"
status = "state"
[lists.orders.words.status]
completed = ["", "ok"]
cancelled = ["off"]
"""
VISITS_CSV = "id,day,paid,state\n1,2025-01-05,0,ok\n1,2025-01-06,120,\n2,2025-01-06,0円,\n"


def test_a_visit_is_not_a_purchase(make: Make) -> None:
    more = "3,2025-01-07,0,off\n4,2025-01-07,-5,ok\n5,,0,ok\n"
    rows = rows_of(make(VISITS, {"v.csv": VISITS_CSV + more}), "orders")
    assert rows[["_fate", "_goes_to", "_reason"]].fillna("-").to_numpy().tolist() == [
        ["kept", "usage", "-"],
        ["kept", "orders", "-"],
        ["kept", "usage", "-"],
        ["set aside", "usage", "cancelled order"],
        ["kept", "adjustments", "-"],
        ["set aside", "usage", "missing date"],
    ]


def test_visits_are_the_usage_of_the_register(make: Make) -> None:
    register = build_register(make(VISITS, {"v.csv": VISITS_CSV}))
    usage = register.frame("usage")
    assert usage.astype({"used_on": "str"}).fillna("-").to_numpy().tolist() == [
        ["1", "2025-01-05", "-"],
        ["2", "2025-01-06", "-"],
    ]
    assert register.frame("orders")["amount"].to_list() == [120.0]
    assert register.ledger.iloc[0][["rows_in", "kept", "set_aside"]].to_list() == [3, 3, 0]


def test_what_a_list_says_of_zero_amounts_overrules_the_rules(make: Make) -> None:
    files = {"v.csv": VISITS_CSV}
    kept = make(VISITS.replace('"visit"', '"keep"'), files)
    assert rows_of(kept, "orders")["_goes_to"].to_list() == ["orders"] * 3
    aside = make(
        VISITS.replace('"visit"', '"set_aside"') + '[rules]\nzero_amounts = "keep"\n', files
    )
    assert rows_of(aside, "orders")["_reason"].fillna("-").to_list() == [
        *("zero amount", "-", "zero amount")
    ]


def test_only_orders_can_be_visits(make: Make) -> None:
    toml = VISITS.replace("[lists.orders]", '[lists.orders]\ntable = "deals"')
    toml = toml.replace("ordered_on", "opened_on").replace('state"', 'state"\ndeal_id = "id2"')
    with pytest.raises(ClientError) as caught:
        make(toml, {"v.csv": VISITS_CSV})
    assert str(caught.value) == (
        'client.toml: [lists.orders] zero_amounts = "visit" is about orders without money; deals '
        'has none. Take it out, or say table = "orders".'
    )


@pytest.mark.real_data
def test_gakushu_payments_are_a_visit_log_with_few_purchases(make: Make, real_data: Path) -> None:
    toml = (
        f'[lists.orders]\nfiles = ["{real_data}/gakushu-ja/課金データ.xlsx"]\n'
        'zero_amounts = "visit"\none_row_is_one_order = true\n[lists.orders.columns]\n'
        'customer_id = "ユーザーid"\nordered_on = "日付"\namount = "課金額"\n'
    )
    register = build_register(make(toml, {}))
    assert register.ledger.iloc[0][["rows_in", "kept"]].to_list() == [25877, 25877]
    orders = register.frame("orders")
    assert (len(orders), orders["customer_id"].nunique()) == (2159, 1390)
    assert orders["amount"].sum() == 4432550
    assert len(register.frame("usage")) == 23718
    assert len(register.frame("customers")) == 12162


# --- lists that are already summed up ---------------------------------------------------------

SUMMARIES = """
[lists.summaries]
files = ["s.csv"]
[lists.summaries.columns]
customer_id = "id"
frequency = "回数"
monetary = "金額"
recency_days = "経過日数"
last_order_on = "最終"
first_order_on = "初回"
"""
SUMMARIES_CSV = """id,回数,金額,経過日数,最終,初回
a,3,"¥1,000",10,,2025-01-01
b,1,50,99,2025-12-01,
c,0,0,,,
d,2.5,10,1,,
e,-1,10,1,,
f,,10,1,,
g,2,10,-1,,
h,4,80,先週,,
"""


def test_a_summary_is_a_history_without_single_orders(make: Make) -> None:
    client = make(SUMMARIES, {"s.csv": SUMMARIES_CSV})
    register = build_register(client)
    assert register.set_aside.set_index("row_number")[["column", "reason"]].T.to_dict("list") == {
        5: ["frequency", "number that is not whole"],
        6: ["frequency", "number below zero"],
        7: ["frequency", "missing frequency"],
        8: ["recency_days", "number below zero"],
    }
    assert any("先週" in note for note in register.notes["note"])
    history = customer_history(register, client)
    columns = ["frequency", "monetary", "order_value", "recency_days", "order_days", "span_days"]
    shown = history.loc[["a", "b", "c", "h"], columns].astype("object")
    assert shown.where(shown.notna(), "-").to_numpy().tolist() == [
        [3, 1000.0, 1000 / 3, 10, "-", 354],  # 2025-01-01 to 2025-12-21
        [1, 50.0, 50.0, 30, 1, 0],  # the day counts, not the days: 2025-12-01 to 2025-12-31
        [0, 0.0, "-", "-", 0, "-"],
        [4, 80.0, 20.0, "-", "-", "-"],
    ]
    assert str(history.loc["a", "last_order_on"].date()) == "2025-12-21"
    # who was set aside is somebody too, of whom nothing is known
    assert history.loc[["d", "e", "f", "g"], "frequency"].to_list() == [0, 0, 0, 0]


def test_a_summary_history_has_exactly_the_columns_of_an_order_history(make: Make) -> None:
    client = make(SUMMARIES, {"s.csv": SUMMARIES_CSV})
    register = build_register(client)
    summary = summary_history(register.table("summaries"), client.as_of)
    history = order_history(register.orders, client.as_of)
    assert summary.columns == history.columns
    assert [str(kind) for kind in summary.schema().types] == [
        str(kind) for kind in history.schema().types
    ]


def test_several_summaries_of_one_customer_are_added_up(make: Make) -> None:
    head = "id,回数,金額,経過日数,最終,初回\n"
    files = {"s.csv": head + "a,3,100,10,,\na,1,20,5,,\nb,1,5,1,,\nb,2,,9,,\n"}
    client = make(SUMMARIES, files)
    history = customer_history(build_register(client), client)
    assert history.loc["a", ["frequency", "monetary", "recency_days"]].to_list() == [4, 120, 5]
    assert pd.isna(history.loc["b", "monetary"])  # a sum of which a part is unknown
    scores = ScoreCuts().fit(history).transform(history)
    assert scores.loc["b"].isna().all()


def test_summaries_of_a_later_day_are_refused(make: Make) -> None:
    files = {"s.csv": SUMMARIES_CSV.replace("2025-12-01", "2026-01-15")}
    client = make(SUMMARIES, files)
    with pytest.raises(ListError) as caught:
        build_register(client)
    assert str(caught.value) == (
        "as_of is 2025-12-31, but summaries tells of an order on 2026-01-15, and a list that is "
        "summed up cannot be taken back to an earlier day. Set [client] as_of in client.toml to "
        "2026-01-15 or later."
    )


def test_what_summaries_cannot_tell_is_said(make: Make) -> None:
    client = make(SUMMARIES, {"s.csv": SUMMARIES_CSV})
    register = build_register(client)
    with pytest.raises(NeedsTable) as caught:
        require_order_dates(register, client)
    assert str(caught.value) == (
        "These lists are already summed up: they say how often somebody bought, not on which "
        "days, so this notebook stays closed; the walk goes on without it. It would need a table "
        "`orders` with the columns customer_id, ordered_on and amount, one row per order. Map it "
        "in client.toml under [lists.orders]."
    )
    plain = SUMMARIES.replace('monetary = "金額"\n', "")
    client = make(plain, {"s.csv": SUMMARIES_CSV})
    with pytest.raises(NeedsTable) as caught:
        require_revenue(build_register(client), client)
    assert str(caught.value) == (
        "The list of summaries does not say how much somebody bought, so there is no revenue "
        "view. Map it in client.toml: [lists.summaries.columns] monetary = "
        '"the header in the list".'
    )


@pytest.mark.real_data
def test_gakushu_customers_are_summed_up_and_get_scores_and_deciles(
    make: Make, real_data: Path
) -> None:
    toml = (
        f'[lists.summaries]\nfiles = ["{real_data}/gakushu-ja/顧客データ.xlsx"]\n'
        '[lists.summaries.columns]\ncustomer_id = "顧客ID"\nfrequency = "購買頻度"\n'
        'monetary = "購買金額"\nrecency_days = "最終来店日からの経過日数"\n'
    )
    client = make(toml, {})
    revenue = take_up(client, "revenue")
    assert len(revenue) == 500
    assert revenue[["r", "f", "m", "decile"]].notna().all().all()
    assert revenue["decile"].value_counts().to_dict() == dict.fromkeys(range(1, 11), 50)
    assert len(take_up(client, "cluster_choice")) > 0  # behaviour in three measures
    with pytest.raises(NeedsTable):
        require_order_dates(open_register(client), client)
    assert take_up(client, "types")["five_type"].isna().all()  # no day of an order, no type
    assert take_up(client, "stages")["stage"].isin(["customer", "repeater"]).all()
    assert take_up(client, "decision")["reason"].notna().all()  # and the walk goes on


@pytest.mark.real_data
def test_39999_customers_of_r_rfm_have_the_published_totals(make: Make, real_data: Path) -> None:
    toml = (
        f'[lists.summaries]\nfiles = ["{real_data}/r-rfm/rfm_data_customer.csv.gz"]\n'
        '[lists.summaries.columns]\ncustomer_id = "customer_id"\nmonetary = "revenue"\n'
        'frequency = "number_of_orders"\nrecency_days = "recency_days"\n'
        'last_order_on = "most_recent_visit"\n'
    )
    head = '[client]\nname = "small"\nas_of = 2007-01-01\n'
    client = make(toml, {}, head=head)
    register = build_register(client)
    history = customer_history(register, client)
    assert len(history) == 39999
    assert history["frequency"].sum() == 393223
    assert history["monetary"].sum() == 37537400
    # The days that the list counts are those to 2007-01-01.
    counted = register.frame("summaries").set_index("customer_id")["recency_days"]
    assert (history["recency_days"] == counted.sort_index()).all()
    revenue = take_up(client, "revenue")
    heads = revenue["decile"].value_counts()
    assert sorted(heads) == [3999, *[4000] * 9]
    assert revenue[["r", "f", "m"]].notna().all().all()


@pytest.mark.real_data
def test_summed_up_or_order_by_order_the_published_scores_are_the_same(
    make: Make, real_data: Path
) -> None:
    published = real_data / "r-rfm" / "published_segments_case_study.csv"
    rules = (Path(__file__).parent.parent / "clients" / "r-rfm" / "client.toml").read_text("utf-8")
    toml = (
        f'[lists.summaries]\nfiles = ["{published}"]\n[lists.summaries.columns]\n'
        'customer_id = "customer"\nfrequency = "orders"\nmonetary = "total_spend"\n'
        'recency_days = "recency_days"\n' + rules[rules.index("[rfm]") :]
    )
    client = make(toml, {}, head='[client]\nname = "small"\nas_of = 2006-12-31\n')
    revenue = take_up(client, "revenue")
    answer = pd.read_csv(published, dtype=str).set_index("customer").sort_index()
    scores = revenue["r"].astype(str) + revenue["f"].astype(str) + revenue["m"].astype(str)
    assert len(revenue) == 995
    assert (scores.sort_index() == answer["rfm_score"]).all()


# --- buyer and recipient ----------------------------------------------------------------------

MAIL_ORDER = """
[lists.order_lines]
files = ["FILE"]
[lists.order_lines.columns]
customer_id = "顧客番号"
order_id = "受注番号"
ordered_on = "受注日"
product = "商品名"
quantity = "受注個数"
amount = "受注金額"
"""


@pytest.mark.real_data
def test_the_buyer_counts_and_the_recipient_is_told_of(make: Make, real_data: Path) -> None:
    path = real_data / "mail-order-ja" / "受注new.csv"
    head = '[client]\nname = "small"\nas_of = 2018-12-31\n'
    register = build_register(make(MAIL_ORDER.replace("FILE", str(path)), {}, head=head))
    said = (
        "orders are counted for the buyer (顧客番号); the list also names a recipient "
        "(届先氏名): map that instead to count for the recipient"
    )
    assert said in set(register.notes["note"])
    japanese = (
        "注文は購入者（顧客番号）のものとして数えた。届け先（届先氏名）の列もある: "
        "届け先で数えるには、そちらを customer_id に割り当てる"
    )
    with language("ja"):
        assert japanese in set(register.notes["note"])
    assert "000008248518" in set(register.frame("orders")["order_id"])  # leading zeros stay
    by_recipient = MAIL_ORDER.replace("FILE", str(path)).replace("顧客番号", "届先氏名")
    notes = build_register(make(by_recipient, {}, head=head)).notes
    assert not notes["note"].str.contains("recipient").any()


@pytest.mark.parametrize(
    "header", ["Ship To", "ship_to_name", "お届け先", "配送先氏名", "Recipient"]
)
def test_recipients_are_known_in_both_languages(make: Make, header: str) -> None:
    csv = f"顧客番号,受注番号,受注日,商品名,受注個数,受注金額,{header}\n1,a,2025-01-01,x,1,5,y\n"
    client = make(MAIL_ORDER.replace("FILE", "o.csv"), {"o.csv": csv})
    assert any(f"a recipient ({header})" in note for note in notes_of(client, "order_lines"))
    client = make(
        MAIL_ORDER.replace("FILE", "o.csv"), {"o.csv": csv.replace(header, "届先郵便番号")}
    )
    assert not any("recipient" in note for note in notes_of(client, "order_lines"))


# --- rows that are no sale, cancellations with their order -------------------------------------

NO_SALES = """
[lists.lines]
table = "order_lines"
files = ["l.csv"]
cancelled_when_order_id_starts = "C"
not_sales = { code = ["POST", "送料*"], no = ["A*"] }
[lists.lines.columns]
customer_id = "who"
order_id = "no"
ordered_on = "day"
amount = "total"
original_order_id = "of"
"""
NO_SALES_CSV = """no,of,who,day,code,total
1,,a,2025-01-01,x,10
1,,a,2025-01-01,post,3
2,,a,2025-01-02,送料（冷凍）,3
A3,,,2025-01-03,B,-11062
C4,1,a,2025-01-05,x,-4
5,1,a,2025-01-06,x,-2
C6,,a,2025-01-07,y,-1
7,1,a,2025-01-08,y,8
"""


def test_rows_declared_as_no_sale_are_set_aside_before_anything_else(make: Make) -> None:
    register = build_register(make(NO_SALES, {"l.csv": NO_SALES_CSV}))
    found = register.set_aside.set_index("row_number")[["column", "value", "reason"]]
    with language("ja"):
        found["reason_ja"] = found["reason"].map(reason_said)
    why = ["declared as no sale", "売上でない行（設定）"]
    assert found.T.to_dict("list") == {
        3: ["code", "post", *why],
        4: ["code", "送料（冷凍）", *why],
        5: ["no", "A3", *why],
    }
    assert register.ledger.iloc[0]["money_set_aside"] == 3 + 3 - 11062


def test_a_misspelt_header_of_no_sales_is_told(make: Make) -> None:
    client = make(NO_SALES.replace("code =", "kode ="), {"l.csv": NO_SALES_CSV})
    with pytest.raises(ListError) as caught:
        build_register(client)
    assert str(caught.value) == (
        '[lists.lines.not_sales] names the column "kode", which the list does not have. It has '
        "['no', 'of', 'who', 'day', 'code', 'total']. Mend it in client.toml: "
        "[lists.lines.not_sales] \"code\" = ['POST', '送料*']."
    )


def test_a_return_is_linked_to_the_order_that_it_names(make: Make) -> None:
    rows = rows_of(make(NO_SALES, {"l.csv": NO_SALES_CSV}), "lines")
    back = rows[rows["_goes_to"].eq("adjustments") & rows["_fate"].eq("kept")]
    assert back[["_row_number", "order_id"]].to_numpy().tolist() == [[6, "1"], [7, "1"], [8, "C6"]]
    # an order keeps its own number, whatever it refers to
    assert rows.set_index("_row_number").loc[9, "order_id"] == "7"


@pytest.mark.real_data
def test_online_retail_without_postage_fees_and_bad_debts(make: Make, real_data: Path) -> None:
    toml = (
        f'[lists.lines]\ntable = "order_lines"\n'
        f'files = ["{real_data}/online-retail/online_retail.csv.gz"]\n'
        'cancelled_when_order_id_starts = "C"\n'
        'not_sales.StockCode = ["POST", "D", "M", "BANK CHARGES", "DOT", "CRUK", "AMAZONFEE"]\n'
        'not_sales.InvoiceNo = ["A*"]\n'
        '[lists.lines.columns]\norder_id = "InvoiceNo"\ncustomer_id = "CustomerID"\n'
        'ordered_on = "InvoiceDate"\nquantity = "Quantity"\nunit_price = "UnitPrice"\n'
    )
    client = make(toml, {}, head='[client]\nname = "small"\nas_of = 2011-12-09\n')
    raw = read_list(client, "lines").frame
    codes = ["POST", "D", "M", "m", "BANK CHARGES", "DOT", "CRUK", "AMAZONFEE"]
    expected = raw["StockCode"].isin(codes) | raw["InvoiceNo"].str.startswith("A")
    rows = rows_of(client, "lines")
    declared = rows["_reason"].eq("declared as no sale")
    assert int(declared.sum()) == int(expected.sum())
    bad_debt = rows[declared & rows["order_id"].str.startswith("A")]
    assert (len(bad_debt), float(bad_debt["_money"].sum())) == (3, -11062.06)


# --- whatever stands in it --------------------------------------------------------------------

CELL = st.sampled_from(["", " ", "0", "０円", "x", "5", "▲3", "不明", '"a\nb"', "1 234"])


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(*[CELL] * 6), min_size=1, max_size=6))
def test_no_row_of_a_wide_list_is_lost(make: Make, rows: list[tuple[str, ...]]) -> None:
    head = "注文,顧客,日付,商品1,数量1,金額1,商品2,数量2,金額2,商品3,数量3,金額3"
    lines = [f"A,1,2025-01-01,{','.join(row)},,," for row in rows]
    client = make(WIDE.replace("files =", 'missing = ["不明"]\nfiles ='), {
        "wide.csv": "\n".join([head, *lines])
    })  # fmt: skip
    raw = read_list(client, "lines").frame
    found = rows_of(client, "lines")
    assert set(found["_row_number"]) == set(raw["row_number"])
    assert found["_fate"].isin(["kept", "set aside"]).all()
    assert (found["_reason"].notna() == found["_fate"].eq("set aside")).all()
    named = raw[["商品1", "商品2"]].map(str.strip).to_numpy().ravel()
    articles = sorted(one for one in named if one not in ("", "0", "０円", "不明"))
    assert sorted(found["product"].dropna()) == sorted(
        one for one in [*articles, *_only_amounts(raw)] if one
    )


def _only_amounts(raw: pd.DataFrame) -> list[str]:
    """A product cell of zero is kept where the rest of its position holds something."""
    kept = []
    for place in ("1", "2"):
        cells = raw[[f"商品{place}", f"数量{place}", f"金額{place}"]].map(str.strip)
        full = ~cells.iloc[:, 1:].isin(["", "0", "０円", "不明"]).all(axis=1)
        zero = cells[f"商品{place}"].isin(["0", "０円"])
        kept += [{"０円": "0円"}.get(one, one) for one in cells.loc[full & zero, f"商品{place}"]]
    return kept
