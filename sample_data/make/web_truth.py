"""What was planted, written apart from the lists: who, at which rate, and how many of each.

`customers.csv`: one row per company. `same_customer.csv`: all pairs that are one company.
`set_aside.csv`: the rows that cannot be used, with file, row number and reason. `truth.toml`: the
rules, rates and sizes. Nothing in the walk may read these; the tests measure the walk by them.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from make import web_companies as planted
from make import words
from make.raw import write_csv
from make.web_files import Marks

GROUPS = (
    "under_served", "silent_leaver", "rich_without_results", "key_account", "open_repeater",
    "open_incident", "fan", "recovered", "unjustified", "small_with_results", "opted_out", "rival",
    "stuck_proposal",
)  # fmt: skip
VALUE, COST = 600_000, 102_000
STUCK_AFTER = 60


def write_truth(
    folder: Path,
    seed: int,
    firms: pd.DataFrame,
    twins: pd.DataFrame,
    tables: dict[str, pd.DataFrame],
    marks: Marks,
) -> None:
    """Write the four files of the truth."""
    people = truth_of_customers(firms, tables["deals"])
    rows = people.to_numpy(dtype=object).tolist()
    write_csv(folder / "customers.csv", rows, list(people), "utf-8")
    pairs = twins[["顧客コード", "same_as", "confirmed"]].to_numpy().tolist()
    write_csv(folder / "same_customer.csv", pairs, ("old_id", "new_id", "confirmed"), "utf-8")
    write_csv(folder / "set_aside.csv", sorted(marks), ("file", "row_number", "reason"), "utf-8")
    text = _toml(truth_in_numbers(seed, people, twins, marks))
    (folder / "truth.toml").write_bytes(text.encode())


def truth_of_customers(firms: pd.DataFrame, deals: pd.DataFrame) -> pd.DataFrame:
    """One row per company: relation, not_worth_it, true rates, rules, result, planted groups.

    `p_worth` is the true rate of signing *and* getting results, given what is known before a
    contract; `p_result` the true rate of results of those who signed. `known`: judged by the as-of
    day, and not one of those where we did not do our part or an incident is open without a result.
    """
    waiting = deals["won"].isna() & (deals["proposed"] <= planted.TODAY - STUCK_AFTER)
    stuck = firms["customer_id"].isin(deals.loc[waiting, "customer_id"])
    signed = firms["relation"] == "signed"
    open_case = (firms["open_incident"] | firms["open_repeater"]) & ~firms["result"]
    judged = firms["start"] <= planted.LAST_JUDGED_START
    flags = firms.assign(stuck_proposal=stuck)[[*GROUPS]]
    relation = firms["relation"].replace({"open": "open_deal"}).mask(signed, "past_contract")
    return pd.DataFrame(
        {
            "customer_id": firms["customer_id"],
            "relation": relation.mask(firms["under_contract"], "under_contract"),
            "not_worth_it": firms["not_worth_it"].astype(int),
            "p_worth": firms["p_worth"].map("{:.3f}".format),
            "p_result": firms["p_result"].map("{:.2f}".format).where(signed, ""),
            "rule_1": (firms["rule_1"] & signed).astype(int),
            "rule_2": (firms["rule_2"] & signed).astype(int),
            "known": (judged & ~firms["under_served"] & ~open_case).astype(int),
            "got_results": np.where(judged, np.where(firms["result"], "yes", "no"), "unknown"),
            "groups": [" ".join(np.array(GROUPS)[row]) for row in flags.to_numpy(dtype=bool)],
        }
    )


def truth_in_numbers(seed: int, people: pd.DataFrame, twins: pd.DataFrame, marks: Marks) -> dict:
    """The contents of truth.toml."""
    free = people[people["relation"] != "under_contract"]
    groups = people["groups"].str.split().explode().value_counts()
    return {
        "sample": {
            "seed": seed,
            "as_of": planted.AS_OF.isoformat(),
            "companies": len(people),
            "known": int(people["known"].sum()),
            "known_rate": _rate(people[people["known"] == 1]),
            "elsewhere_true_rate": planted.BASE_RATE,
            "same_company_twice": len(twins),
            "of_which_confirmed": int(twins["confirmed"].sum()),
            "rows_set_aside": len(marks),
        },
        "relations": people["relation"].value_counts().sort_index().to_dict(),
        "groups": {name: int(groups.get(name, 0)) for name in GROUPS},
        "rules.rule_1": {
            "behaviour": f"goal_sharing answered within {planted.QUICK_DAYS} days of the request",
            "attribute": f"staff <= {planted.FEW_STAFF}",
            **_rule(people, "rule_1"),
        },
        "rules.rule_2": {
            "behaviour": "tag_access answered and properly done",
            "attribute": "web_person = yes",
            **_rule(people, "rule_2"),
        },
        "not_worth_it": {
            "visible_as": "trade 卸売 or 団体・組合, and never answered before a contract",
            "industries": list(words.HARD_INDUSTRIES),
            "true_rate": round(planted.HARD_SIGN_RATE * planted.HARD_RATE, 4),
            "of_others_at_least": float(people.loc[people["not_worth_it"] == 0, "p_worth"].min()),
            "break_even": COST / VALUE,
            "without_contract": len(free),
            "not_worth_it": int(free["not_worth_it"].sum()),
        },
        "leaks": {
            "after_outcome": ["report_views"],
            "undated": ["renewal_mark"],
            "undated_but_harmless": ["average_age", "followers"],
            "follows_the_result_if_noted_later": ["attitude"],
        },
        "pyramid": {
            "breaks_between": ["acquaintance", "prospect"],
            "why": "stage 1 does not fill: heads and hours are fewer than on stage 2",
        },
    }


def _rule(people: pd.DataFrame, rule: str) -> dict[str, object]:
    known = people[people["known"] == 1]
    return {
        "true_rate": planted.RULE_RATE,
        "true_rate_if_both": planted.BOTH_RATE,
        "customers": int(known[rule].sum()),
        "share_of_known": round(float(known[rule].mean()), 4),
        "rate": _rate(known[known[rule] == 1]),
    }


def _rate(people: pd.DataFrame) -> float:
    return round(float((people["got_results"] == "yes").mean()), 4)


def _toml(sections: dict[str, dict]) -> str:
    lines = ["# What was planted in these lists. Written by segment_lib.samples; do not edit."]
    for name, section in sections.items():
        lines += ["", f"[{name}]"]
        lines += [
            f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in section.items()
        ]
    return "\n".join(lines) + "\n"
