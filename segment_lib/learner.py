"""What the kit's learners share: they are scikit-learn estimators that give named columns."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from segment_lib.voice import Sentence, pgettext


class Learner(TransformerMixin, BaseEstimator):
    """An estimator whose `transform` gives a pandas frame with the columns `GIVES`.

    `__init__` stores its arguments and nothing else; what `fit` learns ends with an underscore, is
    written by `to_json` as plain JSON and read back by `from_json`.
    """

    GIVES: ClassVar[tuple[str, ...]] = ()
    messages_: tuple[Sentence, ...]

    @property
    def message_(self) -> str:
        """What must be known about what was learned, in one line; empty if there is nothing."""
        return pgettext("between clauses", "; ").join(map(str, self.messages_))

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        """The columns of `transform`, whatever came in; scikit-learn's `set_output` asks for it."""
        return np.array(self.GIVES, dtype=object)

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, Any]:
        # A notebook shows what was learned (the repr), not scikit-learn's box of parameters.
        return {"text/plain": repr(self)}


def day_of(frame: pd.DataFrame) -> date | None:
    """The day as of which a frame was made, the latest of its column `as_of`; None if it has none.

    >>> day_of(pd.DataFrame({"as_of": ["2025-06-30"]}))
    datetime.date(2025, 6, 30)
    """
    # An index of a million ids would be searched through for what no Series has.
    days = frame.get("as_of", pd.Series()).reset_index(drop=True).dropna()
    return None if days.empty else pd.Timestamp(days.max()).date()
