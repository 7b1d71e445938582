"""A copy to share: groups of fewer than five, and what the copy says of itself.

Every count of customers is told in fives, below five as "<5" (`voice.counted`), so that no small
one comes out where the others are taken from their sum. Here is what else goes with a small count:
the money, hours and rates beside it, and the next smallest cell of a table that shows one "<5".
Source of the method: rounding to base 5, as statistical offices publish tables, with complementary
suppression (Hundepool et al., Statistical Disclosure Control, 2012, ch. 5).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from segment_lib.columns import COLUMNS
from segment_lib.in_words import count
from segment_lib.voice import FEWEST, _, in_fives, is_to_share

COUNTED_IN = ("customers", "deals", "actions")  # units of columns.toml that count customers
# Columns that count customers and stand in the dictionary with another unit, or in none.
ALSO_COUNTED = frozenset(
    (
        "incidents", "lapsed", "reactivated", "done_well", "signed", "decided", "successes_all",
        "n_all", "often", "silent", "alarms", "false_alarms", "waits_for_hours", "waits_for_day",
        "without_action",
    )
)  # fmt: skip
# Of several counts the one whose money and hours stand beside it; else the first.
OWN = ("planned", "takes", "actions", "customers", "n")
RATES = (
    "rate", "share_back", "share_of_row", "answered_share", "done_share", "result_rate",
    "step_rate", "climb_share",
)  # fmt: skip
BESIDE_RATES = ("low", "high", "p_worth_it", "p", "p_left", "p_adjusted", "rate_left", "low_left",
                "high_left", "z")  # fmt: skip
FEW, COVERED = f"<{FEWEST}", "—"  # in a table


def counts_customers(column: object) -> bool:
    """Whether a column says how many customers there are of something."""
    name, known = str(column), COLUMNS.get(str(column))
    of_customers = known is not None and known.unit in COUNTED_IN
    return name in ALSO_COUNTED or (of_customers and name != "tied_at_border")  # shown nowhere


def hide_few(table: pd.DataFrame) -> pd.DataFrame:
    """Groups, without the money and hours of fewer than five, and without rates that tell of them:
    on either side, in any of the counts beside it.

    Nothing is changed unless a copy to share is being made. The counts stay: whoever says them says
    them in fives.
    """
    heads = _counts(table)
    if not is_to_share() or heads.empty:
        return table
    few = heads.gt(0) & heads.lt(FEWEST)
    own = next((name for name in OWN if name in heads), heads.columns[0])
    hidden, rates_of_few = hidden_with_next(heads[own]), few.any(axis=1)
    for name in {*RATES} & {*table}:
        rates_of_few |= _other_side(table[name], heads[own])
    kept = {}
    for name in table.columns.difference(heads.columns):
        if pd.api.types.is_float_dtype(table[name]):
            tells = name in RATES or name in BESIDE_RATES
            kept[name] = table[name].mask(hidden | (rates_of_few if tells else False))
    return table.assign(**kept)


def hidden_with_next(heads: pd.Series) -> pd.Series:
    """Of which groups a copy to share tells neither money nor hours: those of fewer than five, and
    where that is one alone, the next smallest, so that it does not come out of a sum.
    """
    few = heads.gt(0) & heads.lt(FEWEST) & is_to_share()
    others = heads[heads.ge(FEWEST)]
    if few.sum() == 1 and len(others):
        return few | (heads.index == others.idxmin())
    return few


def drawn_in_fives(table: pd.DataFrame) -> pd.DataFrame:
    """Groups as a chart of a copy to share draws them: a bar is as long as what stands beside it,
    all of fewer than five alike.
    """
    heads = _counts(table)
    if not is_to_share() or heads.empty:
        return table
    fives = heads.apply(lambda counts: counts.map(in_fives, na_action="ignore"))
    return table.assign(**{name: _of_its_type(fives[name], table[name]) for name in fives})


def _counts(table: pd.DataFrame) -> pd.DataFrame:
    numbers = table.select_dtypes("number")
    return numbers[[name for name in numbers if counts_customers(name)]].astype("float64")


def _other_side(rates: pd.Series, of: pd.Series) -> pd.Series:
    left = (1 - rates) * of
    return (left.gt(0.5) & left.lt(FEWEST - 0.5)).fillna(False).astype(bool)


def _of_its_type(counts: pd.Series, before: pd.Series) -> pd.Series:
    return counts if counts.isna().any() else counts.astype(before.dtype)


def covered(counts: Sequence[float], total: float | None = None) -> list[str]:
    """Counts that add up to `total` (else: to their sum) as a table says them: those of fewer than
    five as "<5", and the smallest of the others left out where the fives of all would tell.

    >>> from segment_lib.voice import to_share
    >>> with to_share():
    ...     covered([4, 12, 17, 0]), covered([4, 12, 19, 0])
    (['<5', '—', '15', '0'], ['<5', '10', '20', '0'])
    """
    told = [count(n) for n in counts]
    if not is_to_share() or not _comes_out(counts, sum(counts) if total is None else total):
        return told
    others = [at for at, n in enumerate(counts) if n >= FEWEST]
    left_out = min(others, key=lambda at: counts[at], default=None)
    return [COVERED if at == left_out else cell for at, cell in enumerate(told)]


def _comes_out(counts: Sequence[float], total: float) -> bool:
    """Whether the fives of the others and of the total leave the hidden ones one value alone: each
    is within two of what was counted, a nought is a nought.
    """
    hidden = sum(0 < n < FEWEST for n in counts)
    others = [in_fives(n) for n in counts if n >= FEWEST]
    left, within = in_fives(total) - sum(others), FEWEST // 2 * (len(others) + 1)
    return bool(hidden and others) and (
        left - within >= (FEWEST - 1) * hidden or left + within <= hidden
    )


def says_copy() -> list[str]:
    """What was replaced, what was not, and what such a copy is and is not."""
    return [
        _(
            "This is a copy to share. Names, telephone numbers, e-mail and postal addresses, and "
            "what the lists say in people's own words, are left out; customer ids, owners and "
            "whoever signed have a pseudonym each, made with a key that is not in this folder."
        ),
        _(
            "Customers are counted in fives, fewer than five as “<5”: parts need not add up to "
            "their sum. Money, hours and rates of fewer than five are left out (—), and so is "
            "the next smallest number where a sum would still tell. What fewer than five customers "
            "share of an attribute is put together."
        ),
        _(
            "Days, amounts and products are real. Workbook and tables have one row per customer: "
            "whoever counts their rows counts exactly, and whoever knows an order or several "
            "attributes of a customer may find the row. Where that matters, hand on the report "
            "alone."
        ),
        _(
            "So it is pseudonymised, not anonymous: for whoever has the key, or could get it, it "
            "is still personal data (仮名加工情報 under the Japanese act only if all its "
            "conditions are met; GDPR, Art. 4(5))."
        ),
    ]
