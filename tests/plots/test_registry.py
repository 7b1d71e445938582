"""One registration per chart: columns documented, sentences with twins, found by every name."""

import pkgutil

import pytest

from segment_lib import plots
from segment_lib.columns import COLUMNS
from segment_lib.voice import language

CHARTS = plots.charts()
# Columns of the waiting curve and of the rules that columns.py does not know yet.
NOT_DOCUMENTED = {"days", "share_back", "n_all", "successes_all"}


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_needs_columns_that_are_documented(name):
    assert set(CHARTS[name].needs) <= {*COLUMNS, *NOT_DOCUMENTED}


@pytest.mark.parametrize("name", CHARTS)
def test_question_and_what_opens_a_chart_have_their_twins(name):
    for said in (CHARTS[name].question, CHARTS[name].opens):
        with language("ja"):
            assert str(said) != said.english


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_found_by_every_name(name):
    draw = CHARTS[name].draw
    assert draw.__name__.startswith("plot_")
    for called in (name, draw.__name__, draw.__name__.removeprefix("plot_")):
        assert getattr(plots, called) is draw
    assert draw.__name__.removeprefix("plot_") in dir(plots)


def test_no_module_of_the_room_hides_a_chart():
    modules = {module.name for module in pkgutil.iter_modules(plots.__path__)}
    called = {name for one in CHARTS.values() for name in (one.frame, one.draw.__name__[5:])}
    assert not modules & called


def test_a_chart_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(AttributeError, match=r"^There is no chart called decile\. There are: att"):
        _ = plots.decile
