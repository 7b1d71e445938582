"""Every public name of the package is there, and has a docstring."""

from types import ModuleType

import pandas as pd
import pytest

import segment_lib as sl


@pytest.mark.parametrize("name", dir(sl))
def test_every_public_name_is_there(name: str) -> None:
    thing = getattr(sl, name)
    assert thing.__doc__


def test_the_flat_names_are_few() -> None:
    assert len(sl.__all__) <= 70


@pytest.mark.parametrize("room", sorted({*sl.ROOMS} - {"plot"}))
def test_every_name_of_a_room_is_there(room: str) -> None:
    door = getattr(sl, room)
    for name in door.__all__:
        thing = getattr(door, name)
        assert thing.__doc__
        assert not isinstance(thing, ModuleType), f"{room}.{name} is a module of the same name"
    with pytest.raises(AttributeError, match=f"segment_lib.{room} has no 'decid'"):
        _ = door.decid


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="segment_lib has no 'decid'"):
        _ = sl.decid


def test_a_view_at_the_end_of_a_cell_is_one_line() -> None:
    people = pd.DataFrame(
        {"recency_days": [5, 400], "frequency": [7, 1], "monetary": [900.0, 20.0]},
        index=pd.Index(["a", "b"], name="customer_id"),
    )
    shown = repr(sl.revenue_view(people))
    assert shown.startswith("RevenueView: customers 2 × ")
    assert "\n" not in shown
