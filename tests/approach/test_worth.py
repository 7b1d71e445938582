"""P(worth it): planted hopeless customers are found, others are not, and too little says so."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import KFold, cross_val_predict

from segment_lib.approach.worth import WorthBands, expected_profit, model_input, worth_model
from segment_lib.approach.worth.bands import COUNTS, MIN_IN_STEP, _pooled_to_rise, _upper

BREAK_EVEN = 0.17


def planted(seed: int, decided: int = 1800, undecided: int = 700, shape: str = "trade and silence"):
    """Prospects of whom some are hopeless: they sign (.15) and get results (.2) at .03 in all, the
    others at .52 x .58 = .30. Visible in what is known before, in three shapes.
    """
    rng = np.random.default_rng(seed)
    n = decided + undecided
    index = pd.Index([f"C{number:05d}" for number in range(n)], name="customer_id")
    features = pd.DataFrame(
        {
            "trade": rng.choice(list("ABCDE"), n),
            "staff": np.exp(rng.normal(3, 1, n)),
            "source": rng.choice(["web", "fair", "bought list", "referral"], n),
            "share_answered": rng.beta(2, 2, n),
            "noise": rng.normal(size=n),
        },
        index=index,
    )
    from_list = features["source"] == "bought list"
    hopeless = {
        "trade and silence": from_list & (features["share_answered"] < 0.62),
        "trade and source": features["trade"].eq("E") & features["source"].ne("referral"),
        "silence": features["share_answered"] < 0.25,
    }[shape]
    signs = rng.random(n) < np.where(hopeless, 0.15, 0.52)
    result = rng.random(n) < np.where(hopeless, 0.20, 0.58)
    was_decided = np.arange(n) < decided
    signed = pd.Series(signs, index=index, dtype="boolean").mask(~was_decided)
    known = was_decided & signs & (rng.random(n) < 0.85)
    words = np.where(known, np.where(result, "yes", "no"), "unknown")
    return features, signed, pd.Series(words, index=index), hopeless


def became(signed: pd.Series, got_results: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"signed": signed, "got_results": got_results})


def listed(features, signed, got_results):
    """Who is on the list, among those who did not sign."""
    found = WorthBands(BREAK_EVEN).fit(features, became(signed, got_results)).transform(features)
    free = ~signed.fillna(False).astype(bool)
    return found["warranted"] & free, free


@pytest.fixture(scope="module")
def fitted():
    features, signed, got_results, hopeless = planted(1, shape="trade and source")
    return WorthBands(BREAK_EVEN).fit(features, became(signed, got_results)), features, hopeless


def test_the_hopeless_are_found_and_few_others() -> None:
    """What is warranted is a group below break-even: in its best part stand some of the others."""
    precision, recall = [], []
    for seed in range(5):
        features, signed, got_results, hopeless = planted(seed)
        on_list, free = listed(features, signed, got_results)
        precision.append(hopeless[on_list].mean())
        recall.append((on_list & hopeless).sum() / (hopeless & free).sum())
    assert np.mean(precision) >= 0.9
    assert np.mean(recall) >= 0.6


def test_bands_add_up_rise_and_are_wide_enough(fitted) -> None:
    worth, _, _ = fitted
    bands = worth.bands_
    assert 4 <= len(bands) <= 60
    assert bands["decided"].min() >= MIN_IN_STEP - 1
    assert bands["decided"].sum() == worth.steps_["decided"].sum() == 1800  # nobody is lost
    assert (bands["score_low"].iloc[1:].to_numpy() >= bands["score_high"].iloc[:-1]).all()
    assert bands["rate"].between(bands["low"], bands["high"]).all()
    assert bands["rate"].diff().dropna().ge(-0.02).all()
    # whoever is warranted is wanted, and both are the lowest bands
    assert (bands["wanted"] | ~bands["warranted"]).all()
    assert bands["wanted"].is_monotonic_decreasing
    assert bands["warranted"].is_monotonic_decreasing


def test_the_upper_end_is_that_of_clopper_and_pearson() -> None:
    assert _upper(0, 10, 0.05) == pytest.approx(1 - 0.05 ** (1 / 10))
    assert _upper(10, 10, 0.05) == 1.0
    assert _upper(3, 40, 0.025) == pytest.approx(0.2039, abs=1e-4)  # 95 % two-sided: .016 to .204


def test_steps_that_fall_are_pooled() -> None:
    steps = pd.DataFrame(
        {"decided": [40] * 5, "signed": [2, 6, 4, 20, 18], "known": 0, "results": 0}
    )
    assert _pooled_to_rise(steps, False) == [1, 2, 2, 3, 3]


def by_hand(signed: list[int], break_even: float) -> WorthBands:
    """Bands of steps of 100 decided customers each, of whom so many signed; signing is success."""
    worth = WorthBands(break_even)
    steps = pd.DataFrame({"customers": 100, "decided": 100, "signed": signed, "known": 0})
    worth.steps_ = steps.assign(results=0).set_axis(pd.RangeIndex(1, len(signed) + 1))[COUNTS]
    worth.result_, worth.cuts_ = None, np.linspace(0.1, 0.9, len(signed) - 1)
    worth.band_of_step_ = _pooled_to_rise(worth.steps_, False)
    bands = worth.steps_.groupby(worth._bands_by_step()).sum().rename_axis("band").reset_index()
    worth.bands_ = worth._with_posterior(bands)
    return worth


def test_the_warranted_list_by_hand() -> None:
    """Break-even .2. Six of 400 wanted: sure. Then the last of the wanted steps are in doubt."""
    sure = by_hand([0, 1, 2, 3, 50], 0.2).list_at(0.2)
    assert sure["wanted"].tolist() == [True] * 4 + [False]
    assert sure["warranted"].tolist() == [True] * 4 + [False]
    # Eight steps wanted, 106 of 800 in all: neither all nor three quarters are sure, a half is.
    mixed = by_hand([1] + [15] * 7 + [50], 0.16).list_at(0.16)
    assert min(_upper(106, 800, 0.0125), _upper(76, 600, 0.0125)) > 0.16 > _upper(46, 400, 0.0125)
    assert mixed["wanted"].sum() == 8
    assert mixed["warranted"].tolist() == [True] * 4 + [False] * 5
    # all below break-even, none surely
    doubt = by_hand([18, 18, 19, 50], 0.2).list_at(0.2)
    assert doubt["wanted"].tolist() == [True, True, True, False]
    assert not doubt["warranted"].any()
    assert by_hand([18, 18, 19, 50], 0.2).warranty().empty
    rows = by_hand([0, 1, 2, 3, 50], 0.2).warranty().set_index("of")
    assert rows.loc["all", ["decided", "signed"]].tolist() == [400, 6]
    assert rows.loc["best_fifth", ["decided", "signed"]].tolist() == [100, 3]
    assert rows.loc["all", "highest"] == pytest.approx(_upper(6, 400, 0.0125))


def test_where_all_pay_nobody_is_wanted() -> None:
    paying = by_hand([30, 40, 50], 0.2)
    assert not paying.list_at(0.2).any(axis=None)
    assert paying.warranty().empty
    hopeless = by_hand([0, 0, 1], 0.2)
    assert hopeless.list_at(0.2).all(axis=None)


@pytest.mark.parametrize(("base", "kind"), [(1.1, "no signal"), (1.0, "strong")])
def test_the_promise_is_kept(base: float, kind: str) -> None:
    """Groups that were warranted stay below break-even in the whole population."""
    even, broken, n = 0.12, 0, 600
    for seed in range(6):
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame(rng.normal(size=(n + 3000, 3)), columns=list("abc"))
        pull = 1.5 * frame["a"] if kind == "strong" else 0 * frame["a"]
        odds = np.linspace(-8, 2, 400)[:, None]
        means = (1 / (1 + np.exp(-(odds + pull.to_numpy())))).mean(axis=1)
        chance = 1 / (1 + np.exp(-(odds[np.abs(means - base * even).argmin()] + pull)))
        signed = pd.Series(rng.random(len(frame)) < chance, dtype="boolean").mask(frame.index >= n)
        found = WorthBands(even, seed).fit(frame, signed).transform(frame)
        group = chance[(found.index >= n) & found["warranted"]]
        broken += len(group) > 0 and group.mean() >= even
    assert broken <= 1


def test_the_posterior_of_a_band_is_that_of_its_own_counts(fitted) -> None:
    worth, _, _ = fitted
    band = worth.bands_.iloc[0]
    rng = np.random.default_rng(5)
    sign = rng.beta(band.signed + 0.5, band.decided - band.signed + 0.5, 200_000)
    result = rng.beta(band.results + 0.5, band.known - band.results + 0.5, 200_000)
    assert band.p_worth_it == pytest.approx((sign * result > BREAK_EVEN).mean(), abs=0.01)
    assert band.rate == pytest.approx((sign * result).mean(), abs=0.002)


def test_row_order_does_not_matter(fitted) -> None:
    worth, features, _ = fitted
    _, signed, got_results, _ = planted(1, shape="trade and source")
    shuffled = features.sample(frac=1, random_state=3)
    again = WorthBands(BREAK_EVEN).fit(shuffled, became(signed, got_results))
    pd.testing.assert_frame_equal(again.bands_, worth.bands_)
    assert worth.to_json() == again.to_json()


def test_alone_or_among_others_a_customer_stands_in_the_same_band(fitted) -> None:
    worth, features, _ = fitted
    among = worth.transform(features)
    scores = worth.score(model_input(features))
    nearest = {np.abs(scores - cut).idxmin() for cut in worth.cuts_}  # on the edge of a band
    alone = pd.concat([worth.transform(features.loc[[one]]) for one in sorted(nearest)])
    pd.testing.assert_frame_equal(alone, among.loc[alone.index])


def test_who_is_unlike_the_learned_gets_no_p(fitted) -> None:
    worth, features, _ = fitted
    strange = features.head(3).copy()
    strange.loc[strange.index[0], "staff"] = 1e6
    strange.loc[strange.index[1], "trade"] = "never seen"
    strange.loc[strange.index[2], "staff"] = np.nan  # nobody learned from had it missing
    found = worth.transform(strange)
    assert not found["like_the_learned"].any()
    assert found["p_worth_it"].isna().all()
    assert found["worth_band"].isna().all()


def test_too_little_teaches_nothing_and_says_so() -> None:
    features, signed, got_results, _ = planted(0, decided=150, undecided=50)
    worth = WorthBands(BREAK_EVEN).fit(features, became(signed, got_results))
    assert worth.bands_.empty
    won = int(signed.sum())
    assert worth.message_ == (
        f"150 decided deals ({won} won) teach too little; 200 or more are needed, 10 of each kind. "
        "Nobody is called not worth it."
    )
    found = worth.transform(features)
    assert not found["like_the_learned"].any()
    assert found["p_worth_it"].isna().all()


def test_without_a_break_even_there_is_no_model() -> None:
    features, signed, got_results, _ = planted(0)
    worth = WorthBands().fit(features, became(signed, got_results))
    assert worth.message_ == (
        "No value or cost is stated in [worth], so nobody can be called not worth it. "
        "State value_per_result and cost_per_approach."
    )


def test_another_break_even_needs_no_new_learning(fitted) -> None:
    worth, _, _ = fitted
    here, lower = worth.list_at(BREAK_EVEN), worth.list_at(BREAK_EVEN / 2)
    assert here["warranted"].any()
    assert (lower.sum() <= here.sum()).all()
    again = WorthBands.from_json(worth.to_json())
    pd.testing.assert_frame_equal(again.list_at(BREAK_EVEN), here, check_names=False)
    pd.testing.assert_frame_equal(again.warranty(), worth.warranty(), check_dtype=False)
    features, signed, got_results, _ = planted(0)
    assert WorthBands().fit(features, became(signed, got_results)).list_at(BREAK_EVEN).empty


def test_unknown_results_are_no_failures() -> None:
    features, signed, got_results, _ = planted(0)
    worth = WorthBands(BREAK_EVEN).fit(features, became(signed, got_results))
    half = worth.bands_
    assert worth.learned_from_["known"] == got_results.isin(["yes", "no"]).sum()
    assert (half["known"] < half["signed"]).any()


def test_the_summary_is_plain_json(fitted) -> None:
    worth, _, _ = fitted
    told = json.loads(worth.to_json())
    assert told["params"] == {
        "break_even": BREAK_EVEN, "level": 0.05, "random_state": 0,
    }  # fmt: skip
    assert len(told["bands"]["rate"]) == len(worth.bands_)
    assert sorted(told["words"]["trade"]) == list("ABCDE")


def test_expected_profit_by_hand() -> None:
    # Approached: one success (100 - 12) and one failure (-12); the third is left alone.
    profit = expected_profit(pd.Series([1, 0, 1]), pd.Series([True, True, False]), 100, 12)
    assert profit == pytest.approx(1000 * 76 / 3)


@pytest.mark.slow
@pytest.mark.real_data
def test_profit_on_the_bank_list(real_data) -> None:
    """Five random folds of all 41,188 rows, without `duration`, decided by plain expected value:
    4,771 per 1,000; the logistic alone 4,660, everyone -735.
    """
    outer = zipfile.ZipFile(real_data / "bank-marketing" / "bank+marketing.zip")
    inner = zipfile.ZipFile(io.BytesIO(outer.read("bank-additional.zip")))
    raw = io.BytesIO(inner.read("bank-additional/bank-additional-full.csv"))
    bank = pd.read_csv(raw, sep=";")
    success = bank.pop("y").eq("yes")
    features = model_input(bank.drop(columns="duration"))
    folds = KFold(5, shuffle=True, random_state=0)
    chance = cross_val_predict(
        worth_model(features), features, success, cv=folds, method="predict_proba"
    )[:, 1]
    assert expected_profit(success, pd.Series(True, index=success.index), 100, 12) < -700
    assert expected_profit(success, pd.Series(chance > 0.12), 100, 12) >= 4_640
