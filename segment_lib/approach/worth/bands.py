"""P(worth it): would an approach bring a result, judged from what is known before a contract.

A *success* is a customer who signs and gets results; an approach is worth it where the success rate
is above *break-even* (cost / value, `client.worth.break_even`). The score is P(sign) x P(result |
signed), two models. Everybody learned from is scored by models that never saw them (five folds),
so that nobody is lost to a test half. Their scores are cut into steps, and steps that do not rise
are pooled into bands; each band's rate has the posterior Beta x Beta of its own counts. Decided per
band, not per head: per-person probabilities are overconfident near break-even.

*Wanted* on the list is who stands below the first band that pays. *Warranted* is the largest of all
of them, three quarters, a half, a quarter (by score) whose success rate lies below break-even with
its upper limit (Clopper-Pearson, a quarter of `level` each): a statement about the group, wrong in
at most `level` of lists, no promise about anybody. If none passes there is no list. Those learned
from were once approached; it describes, and does not prove that approaching causes the result.
"""

from __future__ import annotations

import json
import warnings
from typing import Any, Self

import numpy as np
import pandas as pd
from scipy.stats import beta
from sklearn.isotonic import IsotonicRegression
from sklearn.model_selection import StratifiedKFold

from segment_lib.approach.worth.model import SEEN_OFTEN, PlainModel, model_input
from segment_lib.checks import KitError, ListError, require_columns
from segment_lib.learner import Learner
from segment_lib.voice import Sentence

MIN_DECIDED = 200  # fewer decided deals teach nothing that would survive the folds
MIN_KNOWN = 60  # results known among the signed
FOLDS = 5
MIN_IN_STEP = 30  # decided deals
AT_BREAK_EVEN = 5  # successes that a step would hold if it just paid: fewer, and it says nothing
MOST_STEPS = 200
PARTS = (1.0, 0.75, 0.5, 0.25)  # of the wanted list, that are asked for a warranty
DRAWS = 20_000
# What each customer carries of their band: decided deals, those won, known results, those with yes.
IN_BAND = {
    "band_customers": "decided", "band_signed": "signed", "band_known": "known",
    "band_results": "results",
}  # fmt: skip
BAND_COLUMNS = [
    "band", "score_low", "score_high", "customers", "decided", "signed", "known", "results",
    "rate", "low", "high", "p_worth_it", "wanted", "warranted",
]  # fmt: skip
COUNTS = ["customers", "decided", "signed", "known", "results"]


class WorthBands(Learner):
    """P(worth it) per band of the score, and the list with a warranty; fitted on past deals and
    today's customers as they looked before their contract.

    `break_even` is the success rate at which an approach pays, a number that people state; `level`:
    in which share of lists the warranty may be wrong. After `fit`: `bands_` (one row per band),
    `steps_` (the finer cuts they are pooled from), `messages_`, `learned_from_` (counts). Without
    enough decided deals, or without a break-even, `bands_` is empty, the message says why, and
    everybody is "not enough known".

    >>> rng = np.random.default_rng(0)
    >>> asked = pd.DataFrame({"source": rng.choice(["fair", "bought list"], 600)})
    >>> chance = asked["source"].map({"fair": 0.5, "bought list": 0.05})
    >>> signed = pd.Series(rng.random(600) < chance, dtype="boolean")
    >>> worth = WorthBands(break_even=0.2).fit(asked, signed)
    >>> worth.transform(asked).groupby(asked["source"])["p_worth_it"].first().round(2).to_dict()
    {'bought list': 0.0, 'fair': 1.0}
    >>> WorthBands.from_json(worth.to_json()).transform(asked).equals(worth.transform(asked))
    True
    """

    GIVES = (
        "worth_band", "p_worth_it", "like_the_learned", "band_rate", *IN_BAND,
        "worth_step", "wanted", "warranted",
    )  # fmt: skip

    def __init__(
        self, break_even: float | None = None, random_state: int = 0, level: float = 0.05
    ) -> None:
        self.break_even = break_even
        self.random_state = random_state
        self.level = level

    def fit(self, X: pd.DataFrame, y: pd.DataFrame | pd.Series | None = None) -> Self:
        """Learn score and bands from the features X, and from y: what became of the customers.

        `signed` of y is boolean, null where nothing was decided; `got_results` holds yes / no /
        unknown and counts only for who signed. Without it, where it has no entry at all, or where
        y is the column `signed` itself, signing alone is the success. Rows of X and y belong
        together by their index.
        """
        require_columns(X, (), "features")
        signed, got_results = _what_became(y)
        self.bands_ = pd.DataFrame(columns=BAND_COLUMNS)
        self.steps_ = pd.DataFrame(columns=COUNTS)
        told = self._told(X, signed, got_results)
        self.learned_from_ = {
            "decided": int(told["signed"].notna().sum()),
            "signed": int(told["signed"].fillna(False).sum()),
            "known": int(told["result"].notna().sum()),
            "results": int(told["result"].fillna(False).sum()),
        }
        missing = self._what_is_missing(got_results is None)
        self.messages_ = () if missing is None else (missing,)
        if missing is None:
            self._learn(model_input(X).loc[told.index], told, got_results is None)
        return self

    def _told(
        self, features: pd.DataFrame, signed: pd.Series, got_results: pd.Series | None
    ) -> pd.DataFrame:
        """Who was decided or whose result is known; sorted, so that row order does not matter."""
        ordered = features.index.sort_values()
        sign = signed.reindex(ordered).astype("boolean")
        result = pd.Series(pd.NA, index=ordered, dtype="boolean")
        if got_results is not None:
            words = got_results.reindex(ordered).astype("object")
            result = words.map({"yes": True, "no": False}).astype("boolean")
            result = result.mask(sign.eq(False).fillna(False))
        told = pd.DataFrame({"signed": sign, "result": result})
        return told[told.notna().any(axis=1)]

    def _what_is_missing(self, signing_only: bool) -> Sentence | None:
        """Why nothing can be learned, or None."""
        n = self.learned_from_
        lost, failed = n["decided"] - n["signed"], n["known"] - n["results"]
        if self.break_even is None:
            return Sentence(
                "No value or cost is stated in [worth], so nobody can be called not worth "
                "it. State value_per_result and cost_per_approach."
            )
        if n["decided"] < MIN_DECIDED or min(n["signed"], lost) < SEEN_OFTEN:
            return Sentence(
                "{decided:,} decided deals ({signed:,} won) teach too little; {min_decided} or "
                "more are needed, {seen_often} of each kind. Nobody is called not worth it.",
                decided=n["decided"],
                signed=n["signed"],
                min_decided=MIN_DECIDED,
                seen_often=SEEN_OFTEN,
            )
        if not signing_only and (n["known"] < MIN_KNOWN or min(n["results"], failed) < SEEN_OFTEN):
            return Sentence(
                "{known:,} known results ({results:,} yes) teach too little; {min_known} or more "
                "are needed, {seen_often} of each kind. Nobody is called not worth it.",
                known=n["known"],
                results=n["results"],
                min_known=MIN_KNOWN,
                seen_often=SEEN_OFTEN,
            )
        return None

    def _learn(self, ready: pd.DataFrame, told: pd.DataFrame, signing_only: bool) -> None:
        varied = [name for name in ready if ready[name].nunique() > 1]
        ready = ready[varied]
        self.sign_ = self._model(ready, told["signed"])
        self.result_ = None if signing_only else self._model(ready, told["result"])
        self._cut(told.assign(score=self._unseen_score(ready, told, signing_only)))
        self._note_population(ready)

    def _unseen_score(
        self, ready: pd.DataFrame, told: pd.DataFrame, signing_only: bool
    ) -> pd.Series:
        """The score of each of those learned from, by models that did not see them."""
        kind = told["signed"].astype("object").map(str) + told["result"].astype("object").map(str)
        kind = kind.where(kind.map(kind.value_counts()) >= FOLDS, "rare")
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=self.random_state)
        score = pd.Series(np.nan, index=told.index)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # "rare" may have fewer than the folds
            parts = list(folds.split(ready, kind))
        for learn, test in parts:
            unseen = ready.iloc[test]
            chance = self._model(ready, told["signed"].iloc[learn]).chance(unseen)
            if not signing_only:
                chance = chance * self._model(ready, told["result"].iloc[learn]).chance(unseen)
            score.iloc[test] = chance
        return score

    def _model(self, ready: pd.DataFrame, truth: pd.Series) -> PlainModel:
        known = truth.dropna().astype(bool)
        return PlainModel.learn(ready.loc[known.index], known, self.random_state)

    def score(self, ready: pd.DataFrame) -> pd.Series:
        """P(sign) x P(result | signed) of features already passed through `model_input`."""
        score = self.sign_.chance(ready)
        if self.result_ is not None:
            score = score * self.result_.chance(ready)
        return pd.Series(score, index=ready.index)

    def _cut(self, scored: pd.DataFrame) -> None:
        """Learn the steps and bands of the score."""
        decided = np.sort(scored.loc[scored["signed"].notna(), "score"].to_numpy())
        at_least = max(MIN_IN_STEP, int(np.ceil(AT_BREAK_EVEN / (self.break_even or 1.0))))
        many = int(np.clip(len(decided) // at_least, 1, MOST_STEPS))
        self.cuts_ = np.unique(decided[[round(len(decided) * k / many) for k in range(1, many)]])
        steps = _counted(scored, self._step(scored["score"]))
        self.steps_ = steps.reindex(range(1, len(self.cuts_) + 2), fill_value=0)[COUNTS]
        self.band_of_step_ = _pooled_to_rise(self.steps_, self.result_ is not None)
        bands = _counted(scored, self._step(scored["score"]).map(self._bands_by_step()))
        bands = bands.rename_axis("band").reset_index()
        self.bands_ = self._with_posterior(bands)
        listed = self.list_at(self.break_even or 0.0).groupby(self._bands_by_step()).all()
        self.bands_ = self.bands_.join(listed, on="band")[BAND_COLUMNS]

    def _step(self, score: pd.Series) -> pd.Series:
        # Scored alone or among others, a score differs in its last digit: a cut must not notice.
        reached = np.searchsorted(self.cuts_, score + 1e-12, side="right")
        return pd.Series(reached + 1, index=score.index)

    def _bands_by_step(self) -> pd.Series:
        return pd.Series(self.band_of_step_, index=range(1, len(self.band_of_step_) + 1))

    def list_at(self, break_even: float) -> pd.DataFrame:
        """One row per step of the score: wanted, warranted, if the break-even were that."""
        steps = self.steps_
        if steps.empty:
            return pd.DataFrame({"wanted": [], "warranted": []}, dtype=bool)
        rates = self._drawn_rates(self.bands_).mean(axis=0)
        paying = self.bands_["band"].to_numpy()[rates >= break_even]
        first = paying.min() if len(paying) else np.inf
        wanted = self._bands_by_step() < first
        n, sums = int(wanted.sum()), steps[COUNTS].cumsum().reset_index(drop=True)
        passed = 0
        for part in PARTS if n else ():
            most = part * sums["decided"].iloc[n - 1]
            upto = int((sums["decided"].iloc[:n] <= most).sum())
            if upto and self._highest_rate(sums.iloc[upto - 1]) < break_even:
                passed = upto
                break
        warranted = pd.Series(np.arange(len(steps)) < passed, index=wanted.index)
        return pd.DataFrame({"wanted": wanted, "warranted": warranted})

    def warranty(self) -> pd.DataFrame:
        """What the warranted list rests on, no row if nothing is warranted: one row for all of it,
        one for its best fifth: of, decided, signed, known, results, highest (the upper limit of the
        success rate, all of it alone).
        """
        listed = self.list_at(self.break_even or 0.0)["warranted"].to_numpy(dtype=bool)
        steps = self.steps_[listed] if len(self.steps_) else self.steps_
        rows = []
        for of in ("all", "best_fifth") if len(steps) else ():
            fifth = steps["decided"].cumsum() > 0.8 * steps["decided"].sum()
            sums = (steps[fifth] if of == "best_fifth" else steps)[COUNTS].sum()
            highest = self._highest_rate(sums) if of == "all" else np.nan
            rows.append({"of": of, **sums[COUNTS[1:]], "highest": highest})
        columns = ["of", *COUNTS[1:], "highest"]
        return pd.DataFrame(rows, columns=columns)

    def _highest_rate(self, group: pd.Series) -> float:
        """The upper limit of a group's success rate, for one of the `PARTS` that are asked."""
        at = self.level / len(PARTS)
        if self.result_ is None:
            return _upper(group["signed"], group["decided"], at)
        return _upper(group["signed"], group["decided"], at / 2) * _upper(
            group["results"], group["known"], at / 2
        )

    def _with_posterior(self, bands: pd.DataFrame) -> pd.DataFrame:
        """Rate = P(sign) x P(result | signed), each Beta(yes + ½, no + ½); its 95 % interval."""
        rate = self._drawn_rates(bands)
        p_worth_it = (rate > (self.break_even or 0)).mean(axis=0)
        low, high = np.quantile(rate, [0.025, 0.975], axis=0)
        return bands.assign(rate=rate.mean(axis=0), low=low, high=high, p_worth_it=p_worth_it)

    def _drawn_rates(self, bands: pd.DataFrame) -> np.ndarray:
        """Rates each band may truly have, one column per band; the same draws every time."""
        draws = np.random.default_rng(self.random_state)
        size = (DRAWS, len(bands))
        rate = draws.beta(bands["signed"] + 0.5, bands["decided"] - bands["signed"] + 0.5, size)
        if self.result_ is not None:
            failed = bands["known"] - bands["results"]
            rate = rate * draws.beta(bands["results"] + 0.5, failed + 0.5, size)
        return rate

    def _note_population(self, ready: pd.DataFrame) -> None:
        """Keep what the learned population looked like: ranges of numbers, words seen often."""
        self.ranges_: dict[str, tuple[float, float]] = {}
        self.words_: dict[str, list[str]] = {}
        self.may_be_missing_: dict[str, bool] = {}
        for name, values in ready.items():
            if pd.api.types.is_float_dtype(values):
                low, high = np.nanquantile(values, [0.01, 0.99])
                margin = 0.1 * (high - low)
                self.ranges_[str(name)] = (low - margin, high + margin)
                self.may_be_missing_[str(name)] = bool(values.isna().sum() >= SEEN_OFTEN)
            else:
                often = values.value_counts()
                self.words_[str(name)] = sorted(often.index[often >= SEEN_OFTEN])

    def like_the_learned(self, ready: pd.DataFrame) -> pd.Series:
        """True where every number lies in the learned range and every word was seen often."""
        like = pd.Series(True, index=ready.index)
        for name, (low, high) in self.ranges_.items():
            missing_is_fine = ready[name].isna() & self.may_be_missing_[name]
            like &= ready[name].between(low, high) | missing_is_fine
        for name, words in self.words_.items():
            like &= ready[name].isin(words)
        return like

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Per customer `worth_band`, `p_worth_it`, `like_the_learned`, of the band its `band_rate`
        and its counts (`IN_BAND`), the `worth_step`, and whether they are `wanted` on the list and
        `warranted`; null, and False, where the model has nothing to say.
        """
        self._require_fitted()
        shown = pd.DataFrame(index=X.index)
        if self.bands_.empty:
            empty = shown.assign(worth_band=pd.NA, p_worth_it=np.nan, like_the_learned=False)
            empty = empty.assign(band_rate=np.nan, **dict.fromkeys(IN_BAND, pd.NA))
            empty = empty.assign(worth_step=pd.NA, wanted=False, warranted=False)
            return empty.astype(dict.fromkeys(("worth_band", *IN_BAND, "worth_step"), "Int64"))
        learned = [*self.ranges_, *self.words_]
        require_columns(X, learned, "customers")
        ready = model_input(X[learned])
        like = self.like_the_learned(ready)
        step = self._step(self.score(ready))
        shown["worth_band"] = step.map(self._bands_by_step()).astype("Int64").where(like)
        by_band = self.bands_.set_index("band")
        shown["p_worth_it"] = shown["worth_band"].map(by_band["p_worth_it"]).astype("float64")
        shown["like_the_learned"] = like
        shown["band_rate"] = shown["worth_band"].map(by_band["rate"]).astype("float64")
        for name, counted in IN_BAND.items():
            shown[name] = shown["worth_band"].map(by_band[counted]).astype("Int64")
        shown["worth_step"] = step.astype("Int64").where(like)
        listed = self.list_at(self.break_even or 0.0)
        for name in ("wanted", "warranted"):
            shown[name] = step.map(listed[name]).astype(bool) & like
        return shown

    def to_json(self) -> str:
        """Everything that decides, as plain JSON, to be applied to a later day by `from_json`."""
        self._require_fitted()
        kept: dict[str, Any] = {
            "params": self.get_params(),
            "messages": [message.to_json() for message in self.messages_],
            "learned_from": self.learned_from_,
            "bands": self.bands_.to_dict("list"),
        }
        if not self.bands_.empty:
            models = {"sign": self.sign_, "result": self.result_}
            kept |= {"cuts": self.cuts_.tolist(), "ranges": self.ranges_, "words": self.words_}
            kept |= {"steps": self.steps_.to_dict("list"), "band_of_step": self.band_of_step_}
            kept |= {"may_be_missing": self.may_be_missing_}
            kept |= {name: model and model.plain() for name, model in models.items()}
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote, ready for a later day: the same answers."""
        kept = json.loads(text)
        made = cls(**kept["params"])
        made.messages_ = tuple(map(Sentence.from_json, kept["messages"]))
        made.learned_from_ = kept["learned_from"]
        made.bands_ = pd.DataFrame(kept["bands"], columns=BAND_COLUMNS)
        made.steps_ = pd.DataFrame(columns=COUNTS)
        if not made.bands_.empty:
            made.cuts_ = np.array(kept["cuts"], dtype="float64")
            steps = pd.DataFrame(kept["steps"])
            made.steps_ = steps.set_axis(pd.RangeIndex(1, len(steps) + 1))
            made.band_of_step_ = kept["band_of_step"]
            made.ranges_ = {name: (low, high) for name, (low, high) in kept["ranges"].items()}
            made.words_, made.may_be_missing_ = kept["words"], kept["may_be_missing"]
            made.sign_ = PlainModel.from_plain(kept["sign"])
            made.result_ = kept["result"] and PlainModel.from_plain(kept["result"])
        return made

    def _require_fitted(self) -> None:
        if not hasattr(self, "bands_"):
            raise KitError(
                "WorthBands has learned nothing yet. Call fit(features, became) first: "
                "`became` holds signed and, where known, got_results."
            )


def _what_became(y: pd.DataFrame | pd.Series | None) -> tuple[pd.Series, pd.Series | None]:
    """`signed`, and `got_results` where there is one."""
    if y is None:
        raise ListError(
            "WorthBands learns from what became of people: give y, a frame with the columns signed "
            "(true, false, null) and got_results (yes, no, unknown), or the column signed alone."
        )
    if isinstance(y, pd.Series):
        return y, None
    require_columns(y, ["signed"], "y")
    asked = "got_results" in y and y["got_results"].notna().any()
    return y["signed"], y["got_results"] if asked else None


def _counted(scored: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Per group its lowest and highest score and its `COUNTS`."""
    found = scored.groupby(groups).agg(
        score_low=("score", "min"),
        score_high=("score", "max"),
        customers=("score", "size"),
        decided=("signed", "count"),
        signed=("signed", "sum"),
        known=("result", "count"),
        results=("result", "sum"),
    )
    return found.astype(dict.fromkeys(COUNTS, "int64"))


def _pooled_to_rise(steps: pd.DataFrame, with_results: bool) -> list[int]:
    """The band of each step: neighbours whose rates fall are pooled until all rates rise."""
    rate = (steps["signed"] + 0.5) / (steps["decided"] + 1)
    if with_results:
        rate = rate * (steps["results"] + 0.5) / (steps["known"] + 1)
    weight = steps["decided"].clip(lower=1)
    rising = IsotonicRegression().fit_transform(np.arange(len(steps)), rate, sample_weight=weight)
    return (np.concatenate([[False], np.diff(rising) > 1e-12]).cumsum() + 1).tolist()


def _upper(successes: float, of: float, level: float) -> float:
    """The upper end of the exact one-sided interval of a rate (Clopper & Pearson 1934)."""
    return 1.0 if successes >= of else float(beta.ppf(1 - level, successes + 1, of - successes))


def expected_profit(
    succeeded: pd.Series, approached: pd.Series, value: float, cost: float
) -> float:
    """Profit per 1,000 customers if those `approached` bring `value` each time they `succeeded`."""
    gain = (succeeded.astype(float) * value - cost).where(approached.astype(bool), 0.0)
    return float(1000 * gain.mean())
