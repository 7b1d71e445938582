"""P(worth it): would an approach bring a result, judged from what is known before a contract.

A *success* is a customer who signs and gets results; an approach is worth it where the success rate
is above *break-even* (cost / value, `client.worth.break_even`). The score is P(sign) x P(result |
signed), two models fitted on half A. Half B, which they never saw, is cut into bands
of the score; each band's rate has the posterior Beta x Beta of its own counts. Decided per band,
not per head: per-person probabilities are overconfident near break-even. Those learned from were
once approached; it describes, and does not prove that approaching causes the result.
"""

from __future__ import annotations

import json
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split

from segment_lib.approach.worth.model import SEEN_OFTEN, PlainModel, model_input
from segment_lib.checks import KitError, ListError, require_columns
from segment_lib.learner import Learner
from segment_lib.voice import Sentence

MIN_DECIDED = 200  # fewer decided deals teach nothing that would survive the split
MIN_KNOWN = 60  # results known among the signed, both halves together
MIN_IN_BAND = 60  # of half B; a band of 30 is recognised 22 % of the time, of 80: 79 %
MOST_BANDS = 20
DRAWS = 20_000
# What each customer carries of their band: decided deals, those won, known results, those with yes.
IN_BAND = {
    "band_customers": "decided", "band_signed": "signed", "band_known": "known",
    "band_results": "results",
}  # fmt: skip
BAND_COLUMNS = [
    "band", "score_low", "score_high", "customers", "decided", "signed", "known", "results",
    "rate", "low", "high", "p_worth_it",
]  # fmt: skip


class WorthBands(Learner):
    """P(worth it) per band of the score; fitted on past deals and today's customers as they looked
    before their contract.

    `break_even` is the success rate at which an approach pays, a number that people state. After
    `fit`: `bands_` (one row per band of half B), `messages_`, `learned_from_`
    (counts). Without enough decided deals, or without a break-even, `bands_` is empty, the message
    says why, and everybody is "not enough known".

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

    GIVES = ("worth_band", "p_worth_it", "like_the_learned", "band_rate", *IN_BAND)

    def __init__(self, break_even: float | None = None, random_state: int = 0) -> None:
        self.break_even = break_even
        self.random_state = random_state

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
        kind = told["signed"].astype("object").map(str) + told["result"].astype("object").map(str)
        kind = kind.where(kind.map(kind.value_counts()) > 1, "rare")
        groups = kind if kind.value_counts().min() > 1 else None
        half_a, half_b = train_test_split(
            told, test_size=0.5, stratify=groups, random_state=self.random_state
        )
        self.sign_ = self._model(ready, half_a["signed"])
        self.result_ = None if signing_only else self._model(ready, half_a["result"])
        self.bands_ = self._bands(half_b.assign(score=self.score(ready).loc[half_b.index]))
        self._note_population(ready)

    def _model(self, ready: pd.DataFrame, truth: pd.Series) -> PlainModel:
        known = truth.dropna().astype(bool)
        return PlainModel.learn(ready.loc[known.index], known, self.random_state)

    def score(self, ready: pd.DataFrame) -> pd.Series:
        """P(sign) x P(result | signed) of features already passed through `model_input`."""
        score = self.sign_.chance(ready)
        if self.result_ is not None:
            score = score * self.result_.chance(ready)
        return pd.Series(score, index=ready.index)

    def _bands(self, half_b: pd.DataFrame) -> pd.DataFrame:
        decided = np.sort(half_b.loc[half_b["signed"].notna(), "score"].to_numpy())
        many = min(max(len(decided) // MIN_IN_BAND, 1), MOST_BANDS)
        firsts = decided[[round(len(decided) * k / many) for k in range(1, many)]]
        self.cuts_ = _wide_enough(decided, np.unique(firsts))
        placed = half_b.assign(band=self._band(half_b["score"]))
        bands = placed.groupby("band").agg(
            score_low=("score", "min"),
            score_high=("score", "max"),
            customers=("score", "size"),
            decided=("signed", "count"),
            signed=("signed", "sum"),
            known=("result", "count"),
            results=("result", "sum"),
        )
        counts = ["customers", "decided", "signed", "known", "results"]
        bands[counts] = bands[counts].astype("int64")
        return self._with_posterior(bands.reset_index())[BAND_COLUMNS]

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

    def p_worth_at(self, break_even: float) -> pd.Series:
        """P(worth it) of each band if the break-even were another one: nothing is learned anew."""
        if self.bands_.empty:
            return pd.Series(dtype="float64")
        above = (self._drawn_rates(self.bands_) > break_even).mean(axis=0)
        return pd.Series(above, index=self.bands_["band"], name="p_worth_it")

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

    def _band(self, score: pd.Series) -> pd.Series:
        # Scored alone or among others, a score differs in its last digit: a cut must not notice.
        reached = np.searchsorted(self.cuts_, score + 1e-12, side="right")
        return pd.Series(reached + 1, index=score.index)

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Per customer `worth_band`, `p_worth_it`, `like_the_learned`, and of the band its
        `band_rate` and its counts (`IN_BAND`); null, and False, where the model has nothing to say.
        """
        self._require_fitted()
        shown = pd.DataFrame(index=X.index)
        if self.bands_.empty:
            empty = shown.assign(worth_band=pd.NA, p_worth_it=np.nan, like_the_learned=False)
            empty = empty.assign(band_rate=np.nan, **dict.fromkeys(IN_BAND, pd.NA))
            return empty.astype(dict.fromkeys(("worth_band", *IN_BAND), "Int64"))
        learned = [*self.ranges_, *self.words_]
        require_columns(X, learned, "customers")
        ready = model_input(X[learned])
        like = self.like_the_learned(ready)
        shown["worth_band"] = self._band(self.score(ready)).astype("Int64").where(like)
        by_band = self.bands_.set_index("band")
        shown["p_worth_it"] = shown["worth_band"].map(by_band["p_worth_it"]).astype("float64")
        shown["like_the_learned"] = like
        shown["band_rate"] = shown["worth_band"].map(by_band["rate"]).astype("float64")
        for name, counted in IN_BAND.items():
            shown[name] = shown["worth_band"].map(by_band[counted]).astype("Int64")
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
        if not made.bands_.empty:
            made.cuts_ = np.array(kept["cuts"], dtype="float64")
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


def _wide_enough(decided: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    """The cuts that leave `MIN_IN_BAND` in every band; equal scores stay together."""
    kept: list[float] = []
    begin = 0
    for cut in cuts:
        here = int(np.searchsorted(decided, cut, side="left"))
        if here - begin >= MIN_IN_BAND and len(decided) - here >= MIN_IN_BAND:
            kept.append(float(cut))
            begin = here
    return np.array(kept)


def expected_profit(
    succeeded: pd.Series, approached: pd.Series, value: float, cost: float
) -> float:
    """Profit per 1,000 customers if those `approached` bring `value` each time they `succeeded`."""
    gain = (succeeded.astype(float) * value - cost).where(approached.astype(bool), 0.0)
    return float(1000 * gain.mean())
