"""Every public name of the package is there, and has a docstring."""

import pytest

import segment_lib as sl


@pytest.mark.parametrize("name", [name for name in dir(sl) if not name.startswith("_")])
def test_every_public_name_is_there(name: str) -> None:
    thing = getattr(sl, name)
    assert thing.__doc__


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="segment_lib has no 'decid'"):
        _ = sl.decid
