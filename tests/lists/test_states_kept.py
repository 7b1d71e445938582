"""State rows are kept beside the register they were made of, and never read beside another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from both_ways import check_equal, frame
from test_by_key import FIRST, TOML, register_of

import segment_lib as sl
from segment_lib.behaviour import histories_on, history_on
from segment_lib.behaviour.history import states
from segment_lib.client import Client
from segment_lib.lists.register import Register, open_register

Make = Callable[..., Client]
DAY = date(2025, 3, 1)
ORDERS = [("b", FIRST, 5, "", ""), ("B", FIRST, 7, "tv", "2")]
BACK = [("b", date(2025, 1, 20), 5, 0)]


def kept(register: Register) -> list[Path]:
    return sorted(register.folder.glob("states_*"))


def money(register: Register) -> list[float]:
    found = frame(sl.order_history(register, DAY))
    return [float(one) for one in found["monetary"]]


def test_made_once_and_kept(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    register = register_of(make, ORDERS, BACK)
    assert kept(register) == []
    assert money(register) == [2.0, 5.0, 0.0]
    (file,) = kept(register)
    assert register.fingerprint in file.name
    monkeypatch.setattr(states, "state_rows", None)  # made once more, it would raise
    assert money(open_register(make(TOML, {}))) == [2.0, 5.0, 0.0]
    again = register_of(make, ORDERS, BACK)  # the same lists: the same fingerprint
    assert kept(again) == [file]
    assert money(again) == [2.0, 5.0, 0.0]


def test_those_of_another_register_go_with_it(make: Make) -> None:
    old = register_of(make, ORDERS, BACK)
    assert money(old) == [2.0, 5.0, 0.0]
    (before,) = kept(old)
    new = register_of(make, [*ORDERS, ("b", DAY, 30, "", "")], BACK)
    assert kept(new) == []
    assert money(new) == [2.0, 5.0, 30.0]
    assert kept(new) != [before]


def test_a_changed_file_is_made_anew(make: Make) -> None:
    register = register_of(make, ORDERS, BACK)
    assert money(register) == [2.0, 5.0, 0.0]
    (file,) = kept(register)
    whole = file.read_bytes()
    file.write_bytes(whole[:-9])
    assert money(open_register(make(TOML, {}))) == [2.0, 5.0, 0.0]
    assert file.read_bytes() == whole


def test_where_nothing_can_be_written_all_is_said_the_same(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    register = register_of(make, ORDERS, BACK)
    monkeypatch.setattr("segment_lib.lists.register.write_derived", full)
    check_equal(register, FIRST, DAY)
    assert kept(register) == []


def test_too_many_to_count_anew(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(states, "MOST_PAIRS", 1)
    register = register_of(make, [*ORDERS, ("b", DAY, 4, "", "")], BACK)
    assert money(register) == [2.0, 5.0, 4.0]
    assert kept(register) == []


@pytest.mark.parametrize("returns", ["net", "ignore"])
def test_many_days(make: Make, monkeypatch: pytest.MonkeyPatch, returns: str) -> None:
    monkeypatch.setattr("segment_lib.behaviour.history.states.AT_ONCE", 2)
    register = register_of(make, ORDERS, BACK)
    client = make(TOML, {})
    rules = client.rules.model_copy(update={"returns": returns})
    client = client.model_copy(update={"rules": rules})
    days = [DAY, FIRST, date(2024, 12, 31), date(2025, 1, 20)]
    wanted = {day: history_on(register, client, day) for day in days}
    found = list(histories_on(register, client, days))
    assert [day for day, _history in found] == sorted(days)
    for day, history in found:
        pd.testing.assert_frame_equal(history, wanted[day])
    assert len(kept(register)) == (2 if returns == "net" else 0)
