"""What can be declared of a list is printed whole, and each printed line is one that is read."""

from __future__ import annotations

import tomllib

import pytest

from segment_lib.__main__ import main
from segment_lib.columns import READ_ALONG, REQUIRED, TABLES
from segment_lib.settings import ListSection
from segment_lib.settings.keys import keys_of_a_list, keys_page
from segment_lib.voice import language

ALL = {key: line for keys in keys_of_a_list().values() for key, (line, _says) in keys.items()}


def test_every_key_is_told_once() -> None:
    assert set(ALL) == set(ListSection.model_fields)
    assert len(ALL) == sum(map(len, keys_of_a_list().values()))


@pytest.mark.parametrize("key", ALL)
def test_its_line_can_be_copied(key: str) -> None:
    stated = tomllib.loads(ALL[key])
    assert set(stated) == {key}
    needed = {"columns": {"customer_id": "id", "order_id": "no"}, "files": ["a.csv"]}
    if key == "connection":
        needed = {"db_table": "orders"}
    if key in ("id_from", "one_row_is_one_customer", "beside", "either"):
        needed["columns"] = {"order_id": "no"}
    if key == "order_id_from":
        needed["columns"] = {"customer_id": "id"}
    section = ListSection.model_validate(needed | stated)
    assert key in section.model_fields_set


@pytest.mark.parametrize("spoken", ["en", "ja"])
def test_they_are_printed_with_the_tables(spoken: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "--language", spoken]) == 0
    printed = capsys.readouterr().out
    with language("ja" if spoken == "ja" else "en"):
        assert printed == keys_page() + "\n"
    for line in ALL.values():
        assert f"  {line}\n" in printed
    for column in READ_ALONG:
        assert f"\n      {column}  " in printed
    for table, columns in TABLES.items():
        assert f"\n  {table}\n" in printed
        assert all(f"      {one}* " in printed for one in REQUIRED[table])
        assert all(f"      {one}" in printed for one in columns)
