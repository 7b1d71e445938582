"""The short form of benchmarks/printed.py: what is printed, on public lists it has not seen."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.real_data


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import printed

    return printed


def test_the_next_order_holds_on_two_lists(printed, monkeypatch, real_data: Path) -> None:
    cells = (("online-retail", "2011-07-31", (90,)), ("cdnow", "1997-09-30", (90, 180)))
    monkeypatch.setattr(printed, "CELLS", cells)
    found = printed.next_order_cells(real_data)
    held = [*printed.held_next_order(found), *printed.held_alarm(printed.alarm_cells(real_data))]
    assert [one for one in held if not one.holds] == []
    assert len(held) == 17


def test_a_list_that_tells_nothing_gets_no_rank_and_no_alarm(printed, real_data: Path) -> None:
    assert [one for one in printed.held_silence(real_data) if not one.holds] == []


def test_who_ordered_is_claimed_only_where_somebody_changed(monkeypatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import printed_movement

    worlds = printed_movement.movement_worlds(5)
    held = printed_movement.held_movement(worlds)
    # of all thirty still worlds one may claim something; of five with a stop one may be missed
    assert worlds["claims"].sum() <= 1 / 5
    assert worlds.query("world != 'drop-out' or customers > 800")["stop seen"].ge(4 / 5).all()
    assert len(held) == 11


def test_groups_are_said_only_where_there_are_some(monkeypatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import printed_clusters

    monkeypatch.setattr(printed_clusters, "CUSTOMERS", 400)
    held = printed_clusters.held_clusters(printed_clusters.cluster_worlds(2, None))
    assert [one for one in held if not one.holds] == []
    assert len(held) == 4


def test_rules_and_late_columns_hold_on_customers_not_used(
    printed, monkeypatch, real_data: Path
) -> None:
    import printed_rules

    monkeypatch.setattr(printed_rules, "LISTS", {"bank": 2_000, "telco": 2_000})
    monkeypatch.setattr(printed_rules, "SIZES", (2_000,))
    rules = printed_rules.rules_on_lists(real_data, 3)
    chance = printed_rules.rules_by_chance(real_data, 3)
    held = printed_rules.held_rules(rules, chance, pd.DataFrame())
    held += printed_rules.held_leaks(printed_rules.late_columns(real_data, 4))
    assert [one for one in held if not one.holds] == []
    assert len(held) == 14


def test_the_list_is_worth_what_its_own_model_is(printed, monkeypatch, real_data: Path) -> None:
    monkeypatch.setattr(printed, "SIZES", {2_000: (3, 4_450, 0.41)})
    held = printed.held_list(printed.list_on_bank(real_data), pd.DataFrame())
    assert [one for one in held if not one.holds] == []


def test_the_pyramid_comes_to_what_was_foretold(printed, real_data: Path) -> None:
    cells = printed.planning_cells(("shop", "superstore"), every=4)
    assert [one for one in printed.held_planning(cells) if not one.holds] == []
    assert len(cells) > 150
