"""名寄せ: candidates for people, merges only as confirmed."""

from __future__ import annotations

import time
from collections.abc import Callable

import pandas as pd
import pytest

from segment_lib.checks import KitError
from segment_lib.client import Client
from segment_lib.lists.same_customer import (
    apply_merges,
    find_same_customers,
    plain_name,
    read_merges,
    resolve_merges,
)

Make = Callable[..., Client]


@pytest.mark.parametrize(
    "name",
    [
        "株式会社アオバ商事",
        "㈱アオバ商事",
        "（株）アオバ商事",
        "アオバ商事 株式会社",
        "ｱｵﾊﾞ商事(株)",
        "アオバ・商事",
    ],
)
def test_one_company_has_one_plain_name(name: str) -> None:
    assert plain_name(name) == "アオバ商事"


def test_old_forms_and_western_forms() -> None:
    assert plain_name("髙﨑 太郎") == plain_name("高崎太郎")
    assert plain_name("Aoba Trading Co., Ltd.") == plain_name("AOBA TRADING Inc.") == "aobatrading"
    assert plain_name("Cotton Cola") == "cottoncola"  # co and the like only as words


def test_candidates_tell_which_keys_match() -> None:
    customers = pd.DataFrame(
        {
            "name": ["㈱アオバ", "アオバ株式会社", "ミドリ", "ミドリ", None],
            "telephone": ["03-1234-5678", "０３(１２３４)５６７８", "1", "2", "2"],
            "email": ["A@x.jp", "a@X.jp", None, "m@x.jp", None],
        },
        index=pd.Index(["1", "2", "3", "4", "5"], name="customer_id"),
    )
    pairs = find_same_customers(customers)
    assert pairs.to_numpy().tolist() == [
        ["1", "2", "name, telephone, email", 1.0],
        ["3", "4", "name", 0.5],
        ["4", "5", "telephone", 0.4],
    ]
    assert find_same_customers(customers.iloc[:0]).empty
    assert find_same_customers(customers[["name"]].iloc[:1]).empty


def test_a_shared_switchboard_does_not_explode() -> None:
    customers = pd.DataFrame(
        {"customer_id": [f"{i:05d}" for i in range(5000)], "telephone": "0312345678"}
    )
    started = time.process_time()
    pairs = find_same_customers(customers)
    assert len(pairs) == 4999
    assert time.process_time() - started < 5


def test_chains_are_followed_and_circles_told() -> None:
    assert resolve_merges([("a", "b"), ("b", "c"), ("x", "c")]) == {"a": "c", "b": "c", "x": "c"}
    with pytest.raises(KitError) as caught:
        resolve_merges([("a", "b"), ("b", "c"), ("c", "a")])
    assert str(caught.value) == (
        "[merges] goes round in a circle: a → b → c → a. Take one of them out."
    )
    with pytest.raises(KitError) as caught:
        resolve_merges([("a", "b"), ("a", "c")])
    assert str(caught.value) == '[merges] sends "a" to two customers: "b" and "c". Keep one.'


def test_ids_go_where_they_were_sent() -> None:
    ids = pd.Series(["a", None, "z", "a"], dtype="str")
    assert apply_merges(ids, {"a": "c"}).fillna("-").to_list() == ["c", "-", "z", "c"]
    assert apply_merges(ids, {}) is ids


TOML = """
[lists.orders]
files = ["orders.csv"]
columns = { customer_id = "id", ordered_on = "day", amount = "total" }
[merges]
file = "merges.csv"
"""


def test_the_confirmed_table_is_read_like_any_list(make: Make) -> None:
    client = make(
        TOML, {"merges.csv": "old_id,new_id,確認者\n００1 ,002,田中\n,,\n".encode("cp932")}
    )
    assert read_merges(client) == {"001": "002"}


def test_a_confirmed_table_that_is_not_there_or_no_table(make: Make) -> None:
    with pytest.raises(KitError) as caught:
        read_merges(make(TOML, {}))
    assert str(caught.value) == (
        '[merges] names the file "merges.csv", but there is none beside client.toml. '
        "Check the name, or take the line out."
    )
    with pytest.raises(KitError) as caught:
        read_merges(make(TOML, {"merges.csv": "old,new_id\n1,2\n"}))
    assert str(caught.value) == (
        "merges.csv lacks the column \"old_id\". It has ['old', 'new_id']. "
        "A table of merges has the columns old_id and new_id."
    )
