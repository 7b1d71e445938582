"""What the relation allows people to decide."""

from __future__ import annotations

import pandas as pd

ALLOWED = {
    True: ("grow", "recover", "keep_serving", "not_now"),
    False: ("approach", "not_approached", "not_now"),
}


def has_opted_out(decided: pd.DataFrame) -> pd.Series:
    """Per customer: has asked not to be contacted, whether or not it is the main reason."""
    reasons = decided["all_reasons" if "all_reasons" in decided else "reason"].astype("str")
    return reasons.str.contains(r"(?:^|; )opted_out(?:;|$)", na=False).astype(bool)


def why_not(decision: str, under_contract: bool, opted_out: bool) -> str:
    """Why a decision does not fit the relation: under_contract, no_contract, opted_out, or ""."""
    if decision not in ALLOWED[under_contract]:
        return "under_contract" if under_contract else "no_contract"
    return "opted_out" if opted_out and decision == "approach" else ""
