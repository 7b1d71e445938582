"""People's words in the table of decisions: what fits holds, what does not waits and is named."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from segment_lib.approach.review.relation import has_opted_out, why_not

SAID = ["customer_id", "decision", "reason_in_words", "by", "on", "state", "why"]


@dataclass(frozen=True)
class Review:
    """What people changed: `table` (with the override beside the kit's own words), `counts` (from
    what to what, how many), `overrides` (one row per person's word with its `state`: holds, waits,
    not_found; and `why` it waits: under_contract, no_contract, opted_out).
    """

    table: pd.DataFrame
    counts: pd.DataFrame
    overrides: pd.DataFrame

    @property
    def not_found(self) -> pd.DataFrame:
        """The overrides of ids that are in no list."""
        return self._of_state("not_found")

    @property
    def waiting(self) -> pd.DataFrame:
        """The overrides that do not fit the customer's relation of today."""
        return self._of_state("waits")

    def _of_state(self, state: str) -> pd.DataFrame:
        return self.overrides[self.overrides["state"] == state].reset_index(drop=True)


def apply_overrides(table: pd.DataFrame, overrides: pd.DataFrame) -> Review:
    """The table of `decide` with people's decisions in it, before actions are assigned.

    Adds override, override_why, override_by, override_on (missing where nobody overruled). The main
    reason becomes "reviewed", the kit's own reasons stay behind it in all_reasons. An override that
    does not fit the relation of today waits: it is kept, not applied, and told.
    """
    told = _with_state(table, overrides)
    said = told[told["state"] == "holds"].set_index("customer_id")
    reviewed = table.assign(
        override=said["decision"].reindex(table.index).astype("str"),
        override_why=said["reason_in_words"].reindex(table.index).astype("str"),
        override_by=said["by"].reindex(table.index).astype("str"),
        override_on=pd.to_datetime(said["on"]).reindex(table.index).astype("datetime64[us]"),
    )
    changed = reviewed["override"].notna() & (reviewed["override"] != reviewed["decision"])
    counts = _counts(reviewed[reviewed["override"].notna()])
    new = reviewed["override"][changed]
    reviewed.loc[changed, "all_reasons"] = "reviewed; " + table.loc[changed, "all_reasons"]
    reviewed.loc[changed, "evidence"] = _in_words(reviewed[changed])
    reviewed.loc[changed, "decision"] = new
    reviewed.loc[changed, "reason"] = "reviewed"
    reviewed.loc[changed, "hold_out"] = False
    reviewed["priority"] = _ranked(reviewed, changed)
    return Review(reviewed, counts, told)


def _with_state(table: pd.DataFrame, overrides: pd.DataFrame) -> pd.DataFrame:
    decided = table.reindex(overrides["customer_id"])
    known = overrides["customer_id"].isin(table.index).to_numpy()
    served = decided["under_contract"].eq(True)
    opted_out = has_opted_out(decided)
    whys = [why_not(*row) for row in zip(overrides["decision"], served, opted_out, strict=True)]
    why = pd.Series(whys, index=overrides.index, dtype="str").where(known, "")
    state = pd.Series("holds", index=overrides.index, dtype="str").mask(why != "", "waits")
    on = pd.to_datetime(overrides["on"]).astype("datetime64[us]")
    told = overrides.assign(on=on, state=state.where(known, "not_found"), why=why)
    return told[SAID].astype(dict.fromkeys(set(SAID) - {"on"}, "str")).reset_index(drop=True)


def _counts(reviewed: pd.DataFrame) -> pd.DataFrame:
    """From what to what, how many: the same on both sides means that the kit was confirmed."""
    pairs = reviewed.groupby(["decision", "override"]).size().rename("customers").reset_index()
    pairs.insert(2, "overruled", pairs["decision"] != pairs["override"])
    return pairs


def _in_words(reviewed: pd.DataFrame) -> pd.Series:
    day = reviewed["override_on"].dt.strftime("%Y-%m-%d")
    says = reviewed["override_why"] + " (" + reviewed["override_by"] + ", " + day + "). "
    return (says + reviewed["evidence"]).astype("str")


def _ranked(reviewed: pd.DataFrame, changed: pd.Series) -> pd.Series:
    """What a person asks for comes right after recovery, what a person takes off comes last."""
    active = changed & reviewed["decision"].isin(["recover", "grow", "approach"])
    recovering = reviewed["decision"].eq("recover") & ~changed
    place = reviewed["priority"].astype("float64")
    place = place.mask(active, place[recovering].max() + 0.5 if recovering.any() else 0.5)
    place = place.mask(changed & ~active, len(reviewed) + 1)
    order = pd.DataFrame({"place": place, "id": reviewed.index}).sort_values(["place", "id"])
    return pd.Series(range(1, len(order) + 1), index=order.index).reindex(reviewed.index)
