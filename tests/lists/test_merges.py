"""The confirmed table: who is merged into whom, and every way to write it wrongly."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest

from segment_lib.checks import KitError
from segment_lib.lists.rows.merges import (
    apply_merges,
    read_merges,
    resolve_merges,
    unknown_merge_ids,
)
from segment_lib.settings import Client
from segment_lib.voice import language

Make = Callable[..., Client]
TOML = """
[lists.orders]
files = ["orders.csv"]
columns = { customer_id = "id", ordered_on = "day", amount = "total" }
[merges]
file = "merges.csv"
"""


def test_chains_are_followed_and_circles_told() -> None:
    assert resolve_merges([("a", "b"), ("b", "c"), ("x", "c")]) == {"a": "c", "b": "c", "x": "c"}
    assert resolve_merges([("a", "c"), ("a", "b"), ("b", "c")]) == {"a": "c", "b": "c"}
    long = [(str(n), str(n + 1)) for n in range(20_000)]
    assert set(resolve_merges(long).values()) == {"20000"}
    with pytest.raises(KitError) as caught:
        resolve_merges([("a", "b"), ("b", "c"), ("c", "a")])
    assert str(caught.value) == (
        "[merges] goes round in a circle: a → b → c → a. Take one of them out."
    )
    with pytest.raises(KitError) as caught:
        resolve_merges([("a", "a")])
    assert str(caught.value) == "[merges] goes round in a circle: a → a. Take one of them out."
    with pytest.raises(KitError) as caught:
        resolve_merges([("a", "b"), ("a", "c")])
    assert str(caught.value) == '[merges] sends "a" to two customers: "b" and "c". Keep one.'


def test_ids_go_where_they_were_sent() -> None:
    ids = pa.array(["a", None, "z", "a"])
    assert apply_merges(ids, {"a": "c"}).to_pylist() == ["c", None, "z", "c"]
    assert apply_merges(ids, {}) is ids


@pytest.mark.parametrize(
    "content",
    [
        "old_id,new_id,確認者\n００1 ,002,田中\n,,\n\n".encode("cp932"),
        b"old_id;new_id;by\r\n'001;'002;x\r\n;;\r\n",
        "旧番号,新番号\n001,002\n".encode("utf-8-sig"),
        "new_id\told_id\n002\t001\n".encode("utf-16"),
    ],
)
def test_a_plain_table_counts_whole_however_it_is_saved(make: Make, content: bytes) -> None:
    assert read_merges(make(TOML, {"merges.csv": content})) == {"001": "002"}


@pytest.mark.parametrize(
    ("row", "merges"),
    [
        ("yes,,a,b", {"a": "b"}),
        ("はい,,a,b", {"a": "b"}),
        ("○,,a,b", {"a": "b"}),
        ("Ｙｅｓ,b,a,b", {"a": "b"}),
        ("yes,a,a,b", {"b": "a"}),
        ("no,,a,b", {}),
        ("いいえ,,a,b", {}),
        ("×,a,a,b", {}),
        (",,a,b", {}),
        (",,,", {}),
        ("yes,7,007,008", {"008": "007"}),  # Excel took the zeros off what was typed
    ],
)
def test_of_a_review_only_yes_counts(make: Make, row: str, merges: dict[str, str]) -> None:
    file = f"same,keep,old_id,new_id,score\n{row},0.9\n"
    assert read_merges(make(TOML, {"merges.csv": file})) == merges


def test_three_that_are_one_may_be_confirmed_pair_by_pair(make: Make) -> None:
    file = "同じお客様,残す番号,旧番号,新番号\nはい,,a,b\nはい,,a,c\nはい,,b,c\n"
    assert read_merges(make(TOML, {"merges.csv": file})) == {"a": "c", "b": "c"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "old,new_id\n1,2\n",
            "merges.csv lacks the column \"old_id\". It has ['old', 'new_id']. "
            "A table of merges has the columns old_id and new_id.",
        ),
        (
            "old_id,new_id\n1,\n",
            "merges.csv, row 2: new_id is blank. Fill it in, or take the line out.",
        ),
        (
            "same,old_id,new_id\n,1,2\nyes,,\n",
            "merges.csv, row 3: old_id is blank. Fill it in, or take the line out.",
        ),
        (
            "same,old_id,new_id\nたぶん,1,2\n",
            'merges.csv, row 2: same is "たぶん". Write yes, no, or leave it blank.',
        ),
        (
            "same,keep,old_id,new_id\nyes,3,1,2\n",
            'merges.csv, row 2: keep is "3". Write 1 or 2, or leave it blank for the latter.',
        ),
        (
            "same,old_id,new_id\nyes,1,2\nyes,2,3\nno,1,3\n",
            'merges.csv, row 4 says that "1" and "3" are not the same, but other rows send both to '
            '"3". Correct one of them.',
        ),
        (
            "old_id,new_id\n1,2,so sagt Tanaka\n",
            "merges.csv, row 2: a cell stands to the right of the last header. Give its column a "
            "header, or empty the cell.",
        ),
        (
            "old_id,new_id\n1,2\n1,3\n",
            '[merges] sends "1" to two customers: "2" and "3". Keep one.',
        ),
    ],
)
def test_each_mistake_has_its_sentence(make: Make, content: str, sentence: str) -> None:
    client = make(TOML, {"merges.csv": content})
    with pytest.raises(KitError) as caught:
        read_merges(client)
    assert str(caught.value) == sentence


def test_a_table_that_is_not_there_and_none_named(make: Make) -> None:
    with pytest.raises(KitError) as caught:
        read_merges(make(TOML, {}))
    assert str(caught.value) == (
        '[merges] names the file "merges.csv", but there is none beside client.toml. '
        "Check the name, write the file with kit.py same, or take the line out."
    )
    assert read_merges(make(TOML.partition("[merges]")[0], {})) == {}


def test_ids_that_no_list_has() -> None:
    known = ["00123", "00456", "C7"]
    assert unknown_merge_ids({"00123": "00456"}, known) == ()
    assert unknown_merge_ids({}, []) == ()
    with pytest.raises(KitError) as caught:
        unknown_merge_ids({"123": "00456"}, known)
    assert str(caught.value) == (
        '[merges] holds the id "123", which no list has; "00123" is most likely meant (Excel takes '
        "leading zeros off). Correct it in the file."
    )
    with pytest.raises(KitError) as caught:
        unknown_merge_ids({"00123": "00465"}, known)
    assert str(caught.value) == (
        '[merges] sends "00123" to "00465", whom no list has. Did you mean "00456"? '
        "Correct the line, or take it out."
    )
    notes = unknown_merge_ids({"X1": "C7", "X2": "X3"}, iter(known))
    assert [str(note) for note in notes] == ["2 merged id(s) stand in no list any more: X1, X2"]
    with language("ja"):
        said = str(notes[0])
    assert said == "統合済みの番号のうち 2 件は、どのリストにもない: X1, X2"
