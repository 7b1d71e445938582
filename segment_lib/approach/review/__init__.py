"""One by one: a person overrules the kit where they know better, with a reason that is kept.

`overrides.csv` lies in the client's folder, outside any run's output: customer_id, decision,
reason_in_words, by, on, and owner, do_on, agreed. The latest word counts, whatever day `as_of` is:
as_of binds data, not people's words. Nothing is overwritten, and what nobody reviewed stays
provisional. The relation binds people too: nobody under contract can be put among the not
approached, and nobody's wish not to be contacted can be overruled.
"""

from segment_lib.approach.review.fates import FATES, Current, judge_review, words_of
from segment_lib.approach.review.overrides import (
    ALLOWED,
    apply_overrides,
    has_opted_out,
    read_history,
    read_overrides,
    write_overrides,
)
from segment_lib.approach.review.words import fold, read_day

__all__ = [
    "ALLOWED", "FATES", "Current", "apply_overrides", "fold", "has_opted_out", "judge_review",
    "read_day", "read_history", "read_overrides", "words_of", "write_overrides",
]  # fmt: skip
