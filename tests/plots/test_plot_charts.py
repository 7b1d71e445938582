"""Every chart: both languages, a question as title, every glyph, right data, no side effect."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from invented_frames import AS_OF, frames

from segment_lib import plots
from segment_lib.voice import language

pytestmark = pytest.mark.filterwarnings("error")
FRAMES = frames()
SCORED = pd.DataFrame({"r": [5, 5, 1, None], "f": [1, 1, 3, None]}).astype("Int64")
CHARTS = {name: one.draw for name, one in plots.charts().items()}


# Drawn from rules, guesses, numbers of clusters, one owner's rows: n stands elsewhere.
NO_PEOPLE = ("rules", "guesses", "cluster_choice", "week_page")


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def texts(ax):
    shown = [*ax.texts, *ax.get_xticklabels(), *ax.get_yticklabels()]
    return "\n".join(text.get_text() for text in shown)


def frame_of(name):
    return SCORED if name == "rfm_grid" else frames()[name]


@pytest.mark.parametrize("spoken", ["en", "ja"])
@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_asks_a_question_and_draws_every_glyph(name, spoken):
    before = dict(mpl.rcParams)
    with language(spoken):
        ax = CHARTS[name](frame_of(name))
        if spoken == "ja":  # a missing glyph would be a warning, and so an error
            assert plots.as_svg(ax).startswith(b"<?xml")
    assert ax.get_title(loc="left").endswith(("?", "？"))
    assert dict(mpl.rcParams) == before
    if name not in NO_PEOPLE:
        assert "n =" in plots.described(ax)


@pytest.mark.parametrize("spoken", ["en", "ja"])
@pytest.mark.parametrize("name", CHARTS)
def test_no_data_is_a_sentence(name, spoken):
    with language(spoken):
        ax = CHARTS[name](None if spoken == "ja" else frame_of(name).head(0))
    assert ax.get_title(loc="left").endswith(("?", "？"))
    assert ("データがありません" if spoken == "ja" else "nothing to draw") in texts(ax)
    assert not ax.patches


@pytest.mark.parametrize("name", CHARTS)
def test_every_question_is_a_question_in_both_languages(name):
    assert plots.ask(name).endswith("?")
    with language("ja"):
        assert plots.ask(name).endswith("？")


def test_given_axes_are_drawn_on_and_their_figure_is_left_alone():
    figure, (left, right) = plt.subplots(1, 2)
    assert plots.plot_hours(FRAMES["hours"], ax=right) is right
    assert not left.patches
    assert list(figure.get_size_inches()) == list(mpl.rcParams["figure.figsize"])


def test_a_name_with_dollar_signs_is_no_formula():
    due = FRAMES["next_order"].query("name.str.contains('Trading')")
    assert "A$B$ Trading <Ltd>" in texts(plots.plot_next_order(due))


def test_the_same_frame_gives_the_same_picture():
    first, second = (plots.as_svg(plots.plot_rules(FRAMES["rules"])) for _ in range(2))
    assert first == second
    assert b"dc:date" not in first


def test_the_ledger_adds_up_and_small_reasons_are_drawn_together():
    many = pd.DataFrame(
        {"reason": [f"reason {i:02d}" for i in range(12)], "rows": range(12, 0, -1)}
    )
    ledger = pd.DataFrame(
        {
            "list": ["a"],
            "table": ["orders"],
            "rows_in": [200],
            "kept": [120],
            "set_aside": [78],
            "folded": [2],
        }
    )
    ax = plots.plot_ledger(ledger, many)
    widths = [bar.get_width() for bar in ax.patches]
    assert widths[0] == 200
    assert widths[-1] == 120
    assert sum(widths[1:-1]) == 80
    assert "5 other reasons" in texts(ax)


def test_the_set_aside_list_itself_may_be_given():
    rows = pd.DataFrame({"reason": ["日付なし"] * 3})
    ledger = pd.DataFrame(
        {
            "list": ["a"],
            "table": ["orders"],
            "rows_in": [9],
            "kept": [6],
            "set_aside": [3],
            "folded": [0],
        }
    )
    with language("ja"):
        assert "除外：日付なし" in texts(plots.plot_ledger(ledger, rows))


def test_deciles_show_the_share_and_only_rates_that_enough_customers_carry():
    ax = plots.plot_deciles(FRAMES["deciles"])
    heights = [bar.get_height() for bar in ax.patches]
    assert heights[:3] == [0.46, 0.17, 0.11]
    rates = ax.lines[0].get_ydata()
    assert len(rates) == 10  # "0 or less" knows 4 results: too few for a rate
    assert rates[0] == 0.31


def test_deciles_compute_the_interval_where_it_is_not_given():
    table = FRAMES["deciles"].drop(columns=["low", "high"])
    low, high = plots.plot_deciles(table).collections[0].get_segments()[0][:, 1]
    assert low < 46.5 / 150 < high


def test_rates_of_few_customers_are_not_drawn():
    ax = plots.plot_result_rates(FRAMES["result_rates"])
    drawn = sum(len(line.get_xdata()) for line in ax.lines)
    assert drawn == len(FRAMES["result_rates"]) - 1
    assert "n = 7 < 10" in texts(ax)


def test_rates_stand_below_the_name_of_their_group_in_the_words_of_the_run():
    counts = {"n": [20, 30], "rate": [0.1, 0.3], "low": 0.0, "high": 0.4, "overall_rate": 0.22}
    steps = pd.DataFrame({"group": "steps_done", "level": ["0", "1"], **counts})
    trades = pd.DataFrame({"group": "業種", "level": ["小売", "x"], **counts})
    with language("ja"):
        shown = texts(plots.plot_result_rates(pd.concat([steps, trades])))
    assert "対応済み依頼数" in shown
    assert "業種" in shown
    assert "小売" in shown
    assert "全体：22%" in shown


def test_the_pyramid_is_mirrored_and_lapsed_people_stand_beside():
    with language("ja"):
        ax = plots.plot_pyramid(FRAMES["pyramid"])
    bars = ax.patches[:4]
    assert [round(bar.get_x() + bar.get_width() / 2, 9) for bar in bars] == [0, 0, 0, 0]
    assert bars[0].get_width() == 1  # the widest: 1,450 acquaintances
    assert bars[3].get_width() == pytest.approx(480 / 1450)
    assert "240名" in texts(ax)
    assert "3.5億円" in texts(ax)


def test_a_pyramid_without_hours_is_drawn_all_the_same():
    bare = FRAMES["pyramid"].drop(columns="beside_customers").assign(effort_hours=np.nan)
    assert "—" in texts(plots.plot_pyramid(bare))


def test_fields_show_names_with_sama_and_what_to_do():
    table = FRAMES["fields"].drop(columns="action")
    table = table.assign(examples="00001, 00002")
    names = pd.Series({"00001": "㈱山田商店", "00002": None})
    with language("ja"):
        shown = texts(plots.plot_fields(table, names=names))
    assert "㈱山田商店様" in shown
    assert "00002様" in shown
    assert "→ 追加のご提案より先に、成果を立て直す" in shown


def test_rules_stand_with_their_intervals_and_markers():
    ax = plots.plot_rules(FRAMES["rules"], looked_at=12480)
    confirmed, others = ax.lines[:2]
    assert list(confirmed.get_xdata()) == [0.654, 0.624]
    assert len(others.get_xdata()) == 2
    assert confirmed.get_marker() != others.get_marker()
    assert "12,480 combinations looked at" in texts(ax)


def test_a_guess_that_is_the_opposite_is_marked_so():
    guesses = FRAMES["guesses"].assign(verdict=["holds", "the_opposite", "cannot_tell"])
    words = [text.get_text() for text in plots.plot_guesses(guesses).get_legend().get_texts()]
    assert words == ["holds", "the opposite", "not shown by the data"]


def test_bands_not_worth_it_are_hollow():
    ax = plots.plot_worth_bands(FRAMES["worth_bands"], break_even=0.167)
    keep, away = ax.lines[:2]
    assert list(away.get_xdata()) == [1, 2, 3, 4]
    assert away.get_markerfacecolor() == "white"
    assert len(keep.get_xdata()) == 6
    assert "break-even 16.7%" in texts(ax)


def test_hours_spent_stand_beside_hours_planned():
    ax = plots.plot_hours(FRAMES["hours"])
    spent, planned = (list(bars.datavalues) for bars in ax.containers)
    assert spent == list(FRAMES["hours"]["hours_before"])
    assert planned == list(FRAMES["hours"]["hours_after"])
    assert "in all 806 hours in a month, 1,114 hours in these weeks" in texts(ax)
    assert "free" not in plots.described(ax)


def test_the_weeks_of_an_owner_stand_side_by_side_and_what_waits_is_not_drawn():
    load = pd.DataFrame(
        {
            "owner": ["佐藤"] * 3 + ["鈴木"] * 3,
            "week": [0, 1, 2] * 2,
            "actions": [7, 3, 2, 0, 1, 0],
            "hours": [20.0, 6, 3, 0, 2, 0],
            "capacity_hours": [np.nan, 6, 6, np.nan, np.nan, np.nan],
        }
    )
    ax = plots.plot_owner_load(load)
    full, half = (bar for bar in ax.patches if bar.get_gid() == "planned")
    assert half.get_width() == full.get_width() / 2
    assert half.get_x() == full.get_x() + 1
    assert full.get_y() == half.get_y()
    shown = texts(ax)
    assert "6.0 of 6.0 h (3)" in shown
    assert "20 h (7)" in shown
    assert "no limit stated" in shown
    assert "n = 6 actions planned (in brackets); 7 do not fit and wait" in plots.described(ax)


def test_weeks_beyond_the_sixth_are_counted():
    load = pd.DataFrame({"owner": "佐藤", "week": range(10), "actions": 1, "hours": 1.0})
    ax = plots.plot_owner_load(load.assign(capacity_hours=2.0))
    assert len([bar for bar in ax.patches if bar.get_gid() == "planned"]) == 6
    assert plots.described(ax).endswith("; 3 weeks more")


def test_decisions_add_up_to_everyone():
    ax = plots.plot_decisions(FRAMES["decision_summary"])
    assert (
        sum(bar.get_width() for bar in ax.patches) == FRAMES["decision_summary"]["customers"].sum()
    )


def test_next_order_picks_whom_to_call_and_says_how_late():
    ax = plots.plot_next_order(FRAMES["next_order"], as_of=AS_OF.date())
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert len(labels) == 12
    assert any("…" in label for label in labels)
    assert sum(label.endswith(" days") for label in texts(ax).split("\n")) >= 6
    assert any(label.endswith("%") for label in texts(ax).split("\n"))  # and how many order


def test_the_waiting_curve_of_a_fitted_model_can_be_drawn():
    class Curve:
        days, waiting, returns = np.array([10.0, 20.0]), np.array([0.8, 0.4]), 60

    class Fitted:
        curves_ = {1: Curve()}  # noqa: RUF012

    ax = plots.plot_waiting_curve(Fitted())
    (words,) = ax.get_legend().get_texts()
    assert words.get_text() == "after order 1+: half of all within 20 days, n = 60"


def test_the_rfm_grid_counts_heads():
    ax = plots.plot_rfm_grid(SCORED)
    assert "2\n67%" in texts(ax)
    assert "n = 3 customers with orders; 1 without any" in texts(ax)
    assert "nothing to draw" in texts(plots.plot_rfm_grid(SCORED.head(0)))
