"""Who they are: levels add up to everyone, the missing ones included."""

from pathlib import Path

import pandas as pd
import pytest

from segment_lib.client import open_client
from segment_lib.columns import labelled
from segment_lib.lists.attributes import (
    MISSING,
    OTHER_LEVELS,
    attribute_table,
    missing_table,
    priority_table,
)
from segment_lib.settings import Client
from segment_lib.voice import language

TOML = """[client]
name = "small"
as_of = 2025-12-31
[lists.customers]
files = ["c.csv"]
[lists.customers.columns]
customer_id = "id"
[attributes.staff]
label_en = "Staff"
label_ja = "従業員数"
family = "company"
kind = "number"
[attributes.town]
family = "geographic"
"""


@pytest.fixture
def client(tmp_path: Path) -> Client:
    (tmp_path / "client.toml").write_text(TOML, encoding="utf-8")
    return open_client(tmp_path / "client.toml")


def test_levels_add_up_to_everyone_and_missing_stands_last(client: Client) -> None:
    customers = pd.DataFrame(
        {
            "sort": ["end_user", "partner", None, "end_user"],
            "staff": [1.0, 2.0, 3.0, None],
            "town": ["Osaka", "Osaka", "Kobe", None],
        },
        index=pd.Index(["a", "b", "c", "d"], name="customer_id"),
    )
    table = attribute_table(customers, client)
    assert table.groupby("attribute")["customers"].sum().eq(4).all()
    assert table.groupby("attribute").tail(1)["level"].eq(MISSING).all()
    sort = table[table["attribute"] == "Sort"]
    assert list(sort["level"]) == ["End user", "Partner", MISSING]
    with language("ja"):
        table = attribute_table(customers, client)
        sort = labelled(table[table["attribute"] == "区分"])
    assert list(sort["値"]) == ["エンドユーザー", "パートナー", "（不明）"]
    assert list(table.loc[table["attribute"] == "town", "level"]) == ["Osaka", "Kobe", MISSING]


def test_a_long_list_of_words_is_cut_and_numbers_come_in_quarters(client: Client) -> None:
    customers = pd.DataFrame(
        {
            "town": [f"town {n % 20:02d}" for n in range(100)],
            "staff": [float(n) for n in range(100)],
        }
    )
    table = attribute_table(customers, client)
    towns = table[table["attribute"] == "town"]
    assert len(towns) == 13
    assert towns["level"].iloc[-1] == OTHER_LEVELS
    assert list(table.loc[table["attribute"] == "Staff", "customers"]) == [25, 25, 25, 25]


def test_no_attribute_at_all_gives_an_empty_table(client: Client) -> None:
    table = attribute_table(pd.DataFrame(index=pd.Index(["a"], name="customer_id")), client)
    assert table.empty
    assert "share" in table


def test_missing_shares(client: Client) -> None:
    customers = pd.DataFrame({"town": ["Osaka", None, None, None], "staff": [1.0, 2.0, 3.0, 4.0]})
    table = missing_table(customers, client).set_index("attribute")
    assert table.loc["town", "share_missing"] == pytest.approx(0.75)
    assert table.loc["Staff", "share_missing"] == 0
    assert table.loc["Staff", "known_at"] == "undated"


def test_priority_is_what_is_still_open() -> None:
    customers = pd.DataFrame(
        {"potential_amount": [100.0, 500.0, None], "key_account": [True, None, False]},
        index=pd.Index(["a", "b", "c"], name="customer_id"),
    )
    table = priority_table(customers, pd.Series({"a": 150.0, "b": 200.0}))
    assert list(table.index) == ["b", "a"]
    assert list(table["still_open"]) == [300.0, 0.0]
    assert list(table["key_account"]) == [False, True]
