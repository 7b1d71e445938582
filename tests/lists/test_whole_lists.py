"""What needs a whole list or several: chunks, ids that were floats, words, links, summaries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from segment_lib.checks import ListError
from segment_lib.client import Client
from segment_lib.lists.reading import files, totals
from segment_lib.lists.register import Register, build_register
from segment_lib.lists.rows import gathered

Make = Callable[..., Client]
ORDERS = """
[lists.orders]
files = ["orders.csv"]
{more}
[lists.orders.columns]
customer_id = "id"
order_id = "no"
ordered_on = "day"
amount = "total"
"""


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists are read three rows at a time."""
    monkeypatch.setattr(files, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(totals, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(gathered, "ROWS_AT_ONCE", 3)


def build(make: Make, rows: list[str], more: str = "", toml: str = "") -> Register:
    text = "id,no,day,total\n" + "".join(f"{row}\n" for row in rows)
    return build_register(make(ORDERS.format(more=more) + toml, {"orders.csv": text}))


@pytest.mark.usefixtures("small_chunks")
def test_a_repeat_is_found_across_chunks(make: Make) -> None:
    rows = [f"{n},a{n},2025-01-0{n},10" for n in range(1, 8)]
    register = build(make, [*rows, rows[0]], 'duplicates = "fold"')
    assert register.ledger[["rows_in", "kept", "folded"]].to_numpy().tolist() == [[8, 7, 1]]


@pytest.mark.usefixtures("small_chunks")
def test_ids_that_were_floats_in_all_chunks_or_in_none(make: Make) -> None:
    rows = [f"{n}.0,{n}.0,2025-01-0{n},10" for n in range(1, 8)]
    register = build(make, rows)
    assert register.frame("customers").index.to_list() == list("1234567")
    assert register.notes["note"].str.contains('every id ended in ".0"').sum() == 2
    # the seventh id is a real one: nothing is cut, in no chunk, and the order ids still are
    register = build(make, [*rows[:6], "8.1,7.0,2025-01-07,10"])
    assert register.frame("customers").index.to_list() == [*(f"{n}.0" for n in range(1, 7)), "8.1"]
    assert register.frame("orders")["order_id"].to_list() == list("1234567")


@pytest.mark.usefixtures("small_chunks")
def test_unexplained_words_are_counted_over_the_whole_list(make: Make) -> None:
    toml = ORDERS.format(more="") + 'status = "state"\n'
    text = "id,no,day,total,state\n"
    text += "".join(f"{n},a{n},2025-01-01,10,{'済' if n % 2 else '保留'}\n" for n in range(10))
    words = '[lists.orders.words.status]\ncompleted = ["済"]\n'
    with pytest.raises(ListError) as caught:
        build_register(make(toml + words, {"orders.csv": text}))
    assert '"保留" (5)' in str(caught.value)


def test_days_far_down_in_a_list_are_asked_about_too(make: Make) -> None:
    rows = [f"{n},a{n},2025-01-0{1 + n % 9},10" for n in range(6_000)]
    rows += [f"{n},b{n},3/{1 + n % 9}/2025,10" for n in range(1_000)]
    with pytest.raises(ListError) as caught:
        build(make, rows)
    assert str(caught.value).startswith(
        "orders.csv (list orders): day (ordered_on) holds 3/1/2025, which could be day/month or "
        "month/day, and no row tells."
    )


def test_many_lists_are_built_in_proportion(make: Make) -> None:
    files = {
        f"{n}.csv": "id,no,day,total\n" + f"{n % 7},{n},2025-01-01,10\n" * 20 for n in range(60)
    }
    one = ORDERS.split("[lists.orders.columns]")[1]
    toml = "".join(
        f'[lists.of_{n}]\ntable = "orders"\nfiles = ["{n}.csv"]\n[lists.of_{n}.columns]{one}'
        for n in range(60)
    )
    several = build_register(make(toml, files))
    together = build_register(make(ORDERS.format(more="").replace("orders.csv", "*.csv"), files))
    assert several.fingerprint == together.fingerprint
    assert several.ledger["kept"].to_list() == [20] * 60
    assert together.sources["rows"].to_list() == [20] * 60


def test_a_cancellation_finds_its_order_where_an_id_allows(make: Make) -> None:
    rows = ["1,7,2025-01-01,10", "1,C7,2025-01-05,-10", "2,C8,2025-01-06,-10", "2,C7,2025-01-07,-5"]
    register = build(make, rows, 'cancelled_when_order_id_starts = "C"')
    back = register.frame("adjustments")
    assert back[["customer_id", "order_id"]].to_numpy().tolist() == [
        *(["1", "7"], ["2", "C8"], ["2", "C7"]),
    ]


SUMMED = """
[lists.summed]
table = "summaries"
files = ["summed.csv"]
[lists.summed.columns]
customer_id = "id"
frequency = "times"
monetary = "money"
"""


def test_summaries_beside_orders_are_told(make: Make, tmp_path: Path) -> None:
    def write(content: dict[str, str]) -> None:
        for name, text in content.items():
            (tmp_path / "client").mkdir(exist_ok=True)
            (tmp_path / "client" / name).write_text(text, encoding="utf-8")

    toml = SUMMED + 'last_order_on = "last"\n'
    files = {"summed.csv": "id,times,money,last\n1,3,300,2025-02-01\n1,1,5,2025-01-01\n9,2,7,\n"}
    write(files)
    register = build(make, ["1,a,2025-01-01,10"], toml=toml)
    notes = register.notes.set_index("list").loc["summed", "note"].to_list()
    assert notes[-2:] == [
        "1 customer(s) have several summaries; these are added up",
        "the orders count, not the summaries; 1 customer(s) stand in both",
    ]
    assert register.ledger.set_index("list").loc["summed", "money_kept"] == 312
    write({"summed.csv": files["summed.csv"].replace("2025-02-01", "2026-02-01")})
    with pytest.raises(ListError) as caught:
        build(make, ["1,a,2025-01-01,10"], toml=toml)
    assert str(caught.value) == (
        "as_of is 2025-12-31, but summed tells of an order on 2026-02-01, and a list that is "
        "summed up cannot be taken back to an earlier day. "
        "Set [client] as_of in client.toml to 2026-02-01 or later."
    )


ONE_MORE = """
[lists.more]
table = "{table}"
files = ["more.csv"]
[lists.more.columns]
customer_id = "id"
ordered_on = "day"
amount = "money"
"""


def test_summaries_beside_several_lists_of_orders_are_counted_once(
    make: Make, tmp_path: Path
) -> None:
    (tmp_path / "client").mkdir()
    (tmp_path / "client" / "more.csv").write_text("id,day,money\n2,2025-01-01,5\n3,2025-01-01,5\n")
    (tmp_path / "client" / "summed.csv").write_text("id,times,money\n1,3,300\n9,2,7\n")
    toml = ONE_MORE.format(table="orders") + SUMMED
    register = build(make, ["1,a,2025-01-01,10"], toml=toml)
    notes = register.notes.set_index("list").loc[["summed"], "note"].to_list()
    assert notes[-1] == "the orders count, not the summaries; 1 customer(s) stand in both"


def test_a_list_whose_customers_stand_nowhere_else_is_told(make: Make, tmp_path: Path) -> None:
    (tmp_path / "client").mkdir()
    more = tmp_path / "client" / "more.csv"
    more.write_text("id,day,money\n0001,2025-01-01,5\n0002,2025-01-01,5\n")
    toml = ONE_MORE.format(table="orders")
    register = build(make, ["1,a,2025-01-01,10"], toml=toml)
    told = register.notes["note"].str.startswith("none of its ")
    assert register.notes.loc[told, ["list", "note"]].to_numpy().tolist() == [
        ["orders", "none of its 1 customer(s) stands in another list: are the ids written alike "
         "everywhere (zeros in front, letters)?"],
        ["more", "none of its 2 customer(s) stands in another list: are the ids written alike "
         "everywhere (zeros in front, letters)?"],
    ]  # fmt: skip
    more.write_text("id,day,money\n1,2025-01-01,5\n0002,2025-01-01,5\n")
    register = build(make, ["1,a,2025-01-01,10"], toml=toml)
    assert not register.notes["note"].str.startswith("none of its ").any()
