"""The four learners are scikit-learn estimators: cloned, set, saved and put into pipelines."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from segment_lib.approach.worth import PlainModel, WorthBands, model_input, worth_model
from segment_lib.behaviour.clusters.estimator import BehaviourClusters
from segment_lib.behaviour.next_order import NextOrder
from segment_lib.behaviour.order_family import OrderFamily
from segment_lib.behaviour.rfm import ScoreCuts
from segment_lib.behaviour.waiting import WaitingCurve, order_gaps
from segment_lib.checks import KitError, ListError
from segment_lib.learner import Learner


def history() -> pd.DataFrame:
    """120 customers in two kinds, and one who never ordered."""
    centres = np.repeat([[2.0, 3.0, 9.0], [6.0, 0.5, 5.0]], 60, axis=0)
    measures = np.exp(np.random.default_rng(0).normal(centres, 0.4))
    frame = pd.DataFrame(measures, columns=["recency_days", "frequency", "monetary"])
    frame["recency_days"] = frame["recency_days"].round()
    frame["order_days"], frame["span_days"] = frame["frequency"].round().clip(lower=1), 200.0
    frame["last_order_on"] = pd.Timestamp("2026-04-01")
    never = {"frequency": 0.0, "monetary": 0.0, "order_days": 0.0}
    frame = pd.concat([frame, pd.DataFrame([never])], ignore_index=True)
    return frame.set_index(pd.Index([f"C{n:03d}" for n in range(len(frame))], name="customer_id"))


def gaps() -> pd.DataFrame:
    """The waits of 60 customers with four orders each."""
    first = pd.Timestamp("2025-01-01")
    steps = np.random.default_rng(1).integers(10, 90, (60, 3)).cumsum(axis=1)
    days = pd.concat(
        pd.DataFrame(
            {"customer_id": f"C{n}", "ordered_on": first + pd.to_timedelta([0, *own], "D")}
        )
        for n, own in enumerate(steps)
    )
    return order_gaps(days.assign(as_of=pd.Timestamp("2026-04-01")))


def asked() -> pd.DataFrame:
    """800 people asked: words, numbers, gaps, a rare word, a yes/no."""
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(
        {
            "source": rng.choice(["web", "fair", "list"], 800),
            "staff": np.exp(rng.normal(3, 1, 800)),
            "answered": np.where(rng.random(800) < 0.2, np.nan, rng.random(800)),
            "known": pd.array(rng.random(800) < 0.4, dtype="boolean"),
        },
        index=pd.Index([f"C{n:03d}" for n in range(800)], name="customer_id"),
    )
    frame.loc[frame.index[:7], "source"] = "fax"
    return frame


def became() -> pd.DataFrame:
    """What became of the 800: signed, and whether the signed got results."""
    rng, people = np.random.default_rng(3), asked()
    signed = rng.random(800) < np.where(people["source"].eq("list"), 0.1, 0.6)
    result = rng.random(800) < 0.2 + 0.5 * people["answered"].fillna(0.1)
    words = np.where(signed, np.where(result, "yes", "no"), "unknown")
    return pd.DataFrame({"signed": signed, "got_results": words}, index=people.index)


@dataclass(frozen=True)
class Case:
    """A learner, what it learns from, and the frame it answers for."""

    make: Callable[[], Learner]
    learns: Callable[[], pd.DataFrame]
    answers: Callable[[], pd.DataFrame]
    y: Callable[[], pd.DataFrame | None]
    other: dict[str, object]
    needs: str

    def fitted(self) -> Learner:
        return self.make().fit(self.learns(), self.y())


CASES = {
    "ScoreCuts": Case(
        ScoreCuts, history, history, lambda: None, {"frequency_cuts": (2, 3, 4, 5)}, "monetary"
    ),
    "WaitingCurve": Case(
        WaitingCurve, gaps, history, lambda: None, {"shrink_gaps": 3.0}, "wait_days"
    ),
    "OrderFamily": Case(OrderFamily, gaps, history, lambda: None, {"modified": True}, "wait_days"),
    "NextOrder": Case(NextOrder, gaps, history, lambda: None, {"contacts": 5}, "wait_days"),
    "BehaviourClusters": Case(
        lambda: BehaviourClusters(bootstraps=3),
        history,
        history,
        lambda: None,
        {"random_state": 7},
        "frequency",
    ),
    "WorthBands": Case(lambda: WorthBands(0.2), asked, asked, became, {"break_even": 0.4}, "staff"),
}


@pytest.fixture(params=CASES, scope="module")
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture(scope="module")
def fitted(case: Case) -> Learner:
    return case.fitted()


def test_a_clone_has_the_parameters_and_nothing_learned(case: Case, fitted: Learner) -> None:
    copy = clone(fitted)
    assert copy.get_params() == fitted.get_params()
    assert [name for name in vars(copy) if name.endswith("_")] == []
    with pytest.raises(KitError, match=r"learned nothing yet|no cut points yet"):
        copy.transform(case.answers())


def test_parameters_are_set_and_kept_as_given(case: Case) -> None:
    made = case.make()
    assert set(vars(made)) == set(made.get_params())
    made.set_params(**case.other)
    assert {name: made.get_params()[name] for name in case.other} == case.other
    again = type(made)(**made.get_params())
    assert all(getattr(again, name) is value for name, value in made.get_params().items())


def test_output_can_be_set_and_is_a_frame_of_its_columns(case: Case, fitted: Learner) -> None:
    plain = fitted.transform(case.answers())
    assert isinstance(plain, pd.DataFrame)
    assert plain.columns.tolist() == fitted.get_feature_names_out().tolist()
    made = clone(fitted).set_output(transform="pandas").fit(case.learns(), case.y())
    pd.testing.assert_frame_equal(made.transform(case.answers()), plain)
    assert plain.index.equals(case.answers().index)
    assert plain.notna().any(axis=None)


def test_fitting_twice_is_fitting_once(case: Case, fitted: Learner) -> None:
    twice = case.fitted().fit(case.learns(), case.y())
    assert twice.to_json() == fitted.to_json()
    pd.testing.assert_frame_equal(twice.transform(case.answers()), fitted.transform(case.answers()))


def test_what_is_saved_gives_the_same_answers_to_a_later_day(case: Case, fitted: Learner) -> None:
    text = fitted.to_json()
    json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    back = type(fitted).from_json(text)
    assert back.to_json() == text
    assert back.get_params() == fitted.get_params()
    for frame in (case.answers(), case.answers().tail(9)):
        pd.testing.assert_frame_equal(
            back.transform(frame), fitted.transform(frame), check_exact=True
        )


def test_a_missing_column_is_a_sentence(case: Case, fitted: Learner) -> None:
    lacks = rf"lacks column\(s\) \['{case.needs}'\]"
    if case.needs != "staff":  # WorthBands learns from whatever features there are
        with pytest.raises(ListError, match=lacks) as error:
            case.make().fit(case.learns().drop(columns=case.needs))
        assert "client.toml" not in str(error.value)
    if case.needs != "wait_days":  # a WaitingCurve answers for another frame
        with pytest.raises(ListError, match=lacks):
            fitted.transform(case.answers().drop(columns=case.needs))


def test_numbers_without_column_names_are_a_sentence(case: Case) -> None:
    with pytest.raises(ListError, match="is a ndarray without column names; a frame is needed"):
        case.make().fit(np.zeros((3, 3)), case.y())


def test_inputs_are_not_changed(case: Case) -> None:
    learns, answers = case.learns(), case.answers()
    case.make().fit(learns, case.y()).transform(answers)
    pd.testing.assert_frame_equal(learns, case.learns())
    pd.testing.assert_frame_equal(answers, case.answers())


def test_scores_and_clusters_are_steps_of_a_pipeline() -> None:
    people = history()
    parts = make_column_transformer(
        (ScoreCuts(), ["recency_days", "frequency", "monetary"]),
        (BehaviourClusters(bootstraps=3), ["recency_days", "frequency", "monetary"]),
    )
    parts.set_output(transform="pandas")  # scores are whole numbers with gaps
    spend = make_pipeline(parts, SimpleImputer(), LinearRegression())
    spend.fit(people, people["monetary"])
    assert clone(spend).fit(people, people["monetary"]).score(people, people["monetary"]) > 0.5
    names = parts.fit(people).get_feature_names_out().tolist()
    assert [name.split("__")[1] for name in names] == ["r", "f", "m", "cluster"]


def test_worth_bands_end_a_pipeline_and_y_reaches_them() -> None:
    staff_log = FunctionTransformer(lambda frame: frame.assign(staff=np.log(frame["staff"])))
    line = make_pipeline(staff_log, WorthBands()).set_params(worthbands__break_even=0.2)
    found = line.fit(asked(), became()).transform(asked())
    assert found["p_worth_it"].between(0, 1).any()
    assert found.groupby(asked()["source"])["p_worth_it"].mean().drop("fax").idxmin() == "list"


def test_a_waiting_curve_says_why_it_is_no_step_of_a_pipeline() -> None:
    with pytest.raises(KitError, match="can be no step of a Pipeline"):
        make_pipeline(WaitingCurve(), SimpleImputer()).fit(gaps())


def test_worth_bands_say_that_they_need_to_know_what_became_of_people() -> None:
    with pytest.raises(ListError, match="learns from what became of people"):
        WorthBands(0.2).fit(asked())
    with pytest.raises(ListError, match=r"y lacks column\(s\) \['signed'\]"):
        WorthBands(0.2).fit(asked(), became()[["got_results"]])


def test_signing_alone_is_a_series_or_a_column_of_results_without_an_entry() -> None:
    signed = became()["signed"]
    alone = WorthBands(0.2).fit(asked(), signed)
    nobody_asked = pd.DataFrame({"signed": signed, "got_results": None})
    assert alone.result_ is None
    assert WorthBands(0.2).fit(asked(), nobody_asked).to_json() == alone.to_json()


def test_the_plain_model_answers_as_scikit_learn_does() -> None:
    ready, truth = model_input(asked()), became()["signed"]
    ready["never"] = np.nan  # a number nobody has, in this half
    fitted = worth_model(ready, 0).fit(ready, truth)
    plain = PlainModel.from_plain(json.loads(json.dumps(PlainModel.learn(ready, truth, 0).plain())))
    later = ready.sample(frac=1, random_state=1).assign(never=1.0)
    later.iloc[:5, 0] = "never heard of"
    later.iloc[5:9, 1] = np.nan  # never missing when it was learned
    for frame in (ready, later, later.head(1)):
        expected = fitted.predict_proba(frame)[:, 1]
        np.testing.assert_allclose(plain.chance(frame), expected, rtol=0, atol=1e-12)


def test_what_is_saved_of_worth_bands_is_of_a_size_to_keep() -> None:
    text = CASES["WorthBands"].fitted().to_json()
    assert len(text) < 1_000_000
