"""The companies of the invented web-marketing service, and the truth that was planted in them.

One row per company. Days are whole numbers: days since `DAY_ZERO`; missing is NaN. What a column
says of the truth (`p_result`, `not_worth_it`, `rule_1` …) never goes into a raw list.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from make import words

AS_OF = date(2026, 3, 31)
DAY_ZERO = date(2023, 4, 1)
TODAY = (AS_OF - DAY_ZERO).days
JUDGED_AFTER = 180
LAST_JUDGED_START = TODAY - JUDGED_AFTER
COMPANIES = 4060
STEPS = ("hearing_sheet", "goal_sharing", "tag_access", "material", "report_reply")
REQUESTS_DECLARED = 3  # the minimum of our own service; client.toml says the same
REPLY_WITHIN = 7

BASE_RATE, RULE_RATE, BOTH_RATE, HARD_RATE = 0.31, 0.67, 0.80, 0.10
SIGN_RATE, HARD_SIGN_RATE = 0.80, 0.08
FEW_STAFF = 20
QUICK_DAYS = 7


def to_date(day: float) -> date | None:
    """The date of a day number; None if it is missing."""
    return None if np.isnan(day) else DAY_ZERO + timedelta(days=int(day))


def workday(day: Any) -> Any:
    """The day itself, or the Friday before a weekend (`DAY_ZERO` was a Saturday)."""
    return day - np.maximum((day + 5) % 7 - 4, 0)


def draw_companies(seed: int) -> pd.DataFrame:
    """All companies with attributes, relation, days, behaviour, result and planted groups."""
    parts = [np.random.default_rng([seed, part]) for part in range(6)]
    firms = _with_attributes(parts[0])
    firms = _with_relation(parts[1], firms)
    firms = _with_days(parts[2], firms)
    firms = _with_steps(parts[3], firms)
    firms = _with_results(parts[4], firms)
    firms = _with_groups(parts[5], firms)
    order = np.lexsort((firms.index, firms["first_contact"]))
    firms = firms.iloc[order].reset_index(drop=True)
    firms["customer_id"] = [f"C{number:06d}" for number in range(101, 101 + len(firms))]
    return _with_referrals(np.random.default_rng([seed, 6]), firms)


def _chance(rng: np.random.Generator, p: object, size: int = COMPANIES) -> np.ndarray:
    return rng.random(size) < p  # type: ignore[operator]


def _with_attributes(rng: np.random.Generator) -> pd.DataFrame:
    n = COMPANIES
    hard_trade = _chance(rng, 0.24)
    silent = _chance(rng, np.where(hard_trade, 0.76, 0.05))
    not_worth_it = hard_trade & silent
    hard = words.draw(rng, words.HARD_INDUSTRIES, n)
    industry = np.where(hard_trade, hard, words.draw(rng, words.INDUSTRIES, n))
    route = words.draw(rng, words.ROUTES, n)
    staff = words.draw(rng, words.STAFF, n).astype(float)
    return pd.DataFrame(
        {
            "industry": industry,
            "never_answers": silent,
            "not_worth_it": not_worth_it,
            "staff": np.where(_chance(rng, 0.03), np.nan, staff),
            "web_person": _chance(rng, np.where(not_worth_it, 0.2, 0.4)),
            "ad_experience": _chance(rng, 0.45),
            "role": words.draw(rng, words.ROLES, n),
            "route": np.where(not_worth_it & _chance(rng, 0.8), "一括見積サイト", route),
            "motive": words.draw(rng, words.MOTIVES, n),
            "prefecture": words.draw(rng, words.PREFECTURES, n),
            "founded": 2022 - np.minimum(rng.gamma(2.2, 11, n).astype(int), 110),
            "average_age": rng.normal(43, 7, n).round(),
            "followers": np.exp(rng.normal(5.5, 1.4, n)).round(),
        }
    )


def _with_relation(rng: np.random.Generator, firms: pd.DataFrame) -> pd.DataFrame:
    usual = words.draw(rng, {"decided": 0.735, "open": 0.085, "no_deal": 0.145, "partner": 0.035},
                       len(firms))  # fmt: skip
    hard = words.draw(rng, {"decided": 0.77, "open": 0.1, "no_deal": 0.13}, len(firms))
    relation = np.where(firms["not_worth_it"], hard, usual)
    sign_rate = SIGN_RATE + 0.05 * (firms["route"] == "紹介") - 0.03 * firms["never_answers"]
    p_sign = np.where(firms["not_worth_it"], HARD_SIGN_RATE, sign_rate)
    signs = np.where(_chance(rng, p_sign), "signed", "lost")
    relation = np.where(relation == "decided", signs, relation)
    rival = (relation == "no_deal") & ~firms["not_worth_it"] & _chance(rng, 0.05)
    industry = firms["industry"].mask(rival, words.RIVAL_INDUSTRY)
    return firms.assign(relation=relation, p_sign=p_sign, industry=industry, rival=rival)


def _with_days(rng: np.random.Generator, firms: pd.DataFrame) -> pd.DataFrame:
    n = len(firms)
    relation = firms["relation"]
    recent = _chance(rng, 0.085)
    start = np.where(recent, rng.integers(LAST_JUDGED_START + 1, TODAY - 17, n),
                     rng.integers(45, LAST_JUDGED_START + 1, n))  # fmt: skip
    decided = np.where(relation == "signed", start - rng.integers(0, 8, n),
                       rng.integers(70, TODAY - 10, n))  # fmt: skip
    state = words.draw(rng, {"stuck": 0.5, "fresh": 0.38, "not_proposed": 0.12}, n)
    state = np.where(firms["not_worth_it"] & _chance(rng, 0.6), "stuck", state)
    proposed = TODAY - np.where(state == "stuck", rng.integers(60, 421, n), rng.integers(3, 36, n))
    lead = rng.integers(25, 81, n)
    first = np.select(
        [relation.isin(["signed", "lost"]), relation == "open", relation == "no_deal"],
        [decided - lead, proposed - 8 - lead // 3, TODAY - rng.integers(10, 541, n)],
        TODAY - rng.integers(30, 901, n),
    )
    firms = firms.assign(first_contact=workday(np.maximum(first, 2.0)), deal_state=state)
    firms["decided"] = workday(np.where(relation.isin(["signed", "lost"]), decided, np.nan))
    sent = np.where(relation == "open", proposed, decided - lead // 3)
    firms["proposed"] = workday(np.where(relation.isin(["no_deal", "partner"]), np.nan, sent))
    firms["start"] = np.where(relation == "signed", start, np.nan)
    return firms


def _with_steps(rng: np.random.Generator, firms: pd.DataFrame) -> pd.DataFrame:
    """Per request: answered, days to answer, done well; diligent firms do more of all of them."""
    n = len(firms)
    diligence = rng.normal(0, 1, n) - 1.5 * firms["not_worth_it"]
    willing = {"hearing_sheet": 1.5, "goal_sharing": 0.5, "tag_access": 0.85,
               "material": 0.8, "report_reply": 0.5}  # fmt: skip
    columns = {}
    for step in STEPS:
        columns[f"{step}_answered"] = _chance(rng, _logistic(willing[step] + 0.6 * diligence))
        columns[f"{step}_days"] = rng.integers(2, 21, n)
        columns[f"{step}_well"] = _chance(rng, 0.66 if step == "tag_access" else 0.84)
    quick = _chance(rng, 0.52)
    week = np.minimum(rng.integers(1, 10, n), QUICK_DAYS)
    columns["goal_sharing_days"] = np.where(quick, week, rng.integers(11, 26, n))
    return firms.assign(requests_sent=len(STEPS), **columns)


def _logistic(values: pd.Series) -> pd.Series:
    return 1 / (1 + np.exp(-values))


def _with_results(rng: np.random.Generator, firms: pd.DataFrame) -> pd.DataFrame:
    quick = firms["goal_sharing_answered"] & (firms["goal_sharing_days"] <= QUICK_DAYS)
    tag = firms["tag_access_answered"] & firms["tag_access_well"]
    rule_1 = quick & (firms["staff"] <= FEW_STAFF)
    rule_2 = tag & firms["web_person"]
    firms = firms.assign(rule_1=rule_1, rule_2=rule_2)
    firms["p_result"] = np.select(
        [firms["not_worth_it"], rule_1 & rule_2, rule_1 | rule_2],
        [HARD_RATE, BOTH_RATE, RULE_RATE],
        BASE_RATE,
    )
    few = firms["staff"] <= FEW_STAFF
    seen_before = firms.groupby([few, firms["web_person"], firms["not_worth_it"]])["p_result"]
    firms["p_worth"] = firms["p_sign"] * seen_before.transform("mean")
    firms["result"] = _as_often_as_planted(rng, firms)
    return _with_contract(rng, firms)


def _as_often_as_planted(rng: np.random.Generator, firms: pd.DataFrame) -> pd.Series:
    """Results at exactly the planted rate among the signed of each rate, so luck adds no rule."""
    result = pd.Series(False, index=firms.index)
    signed = firms[firms["relation"] == "signed"]
    for rate, group in signed.groupby("p_result"):
        lucky = rng.choice(group.index, size=round(float(rate) * len(group)), replace=False)
        result.loc[lucky] = True
    return result


def _with_contract(rng: np.random.Generator, firms: pd.DataFrame) -> pd.DataFrame:
    """Who is still under contract: those with results stay more often; nobody leaves before 200."""
    signed = firms["relation"] == "signed"
    stays = _chance(rng, np.where(firms["result"], 0.66, 0.32))
    young = firms["start"] > LAST_JUDGED_START - 40
    stays = signed & (stays | young)
    last = np.maximum(TODAY - 20 - firms["start"].fillna(0), 201)
    end = firms["start"] + 200 + (rng.random(len(firms)) ** 1.4 * (last - 200)).astype(int)
    firms["under_contract"] = stays
    firms["end"] = end.where(signed & ~stays)
    firms["quarterly"] = _chance(rng, 0.52)
    firms["size_factor"] = np.exp(rng.normal(0, 0.35, len(firms)))
    return firms


def _with_groups(rng: np.random.Generator, firms: pd.DataFrame) -> pd.DataFrame:
    """Mark the planted groups; nobody is in two of them."""
    free = pd.Series(True, index=firms.index)
    old = firms["start"] <= LAST_JUDGED_START
    here, usual = firms["under_contract"], ~firms["not_worth_it"]
    hard_trade = firms["industry"].isin(list(words.HARD_INDUSTRIES))
    signed, no, yes = firms["relation"] == "signed", ~firms["result"], firms["result"]
    steady = firms["quarterly"] & (firms["start"] < TODAY - 430)
    plan = {
        "under_served": (signed & old & ~hard_trade & ~firms["never_answers"], 95),
        "silent_leaver": (here & no & steady & usual, 45),
        "rich_without_results": (here & no & old & firms["quarterly"] & usual, 55),
        "key_account": (here & old & firms["quarterly"] & usual, 40),
        "open_repeater": (here & steady & usual, 16),
        "open_incident": (here & old & usual, 22),
        "fan": (here & yes & (firms["start"] < TODAY - 300), 42),
        "recovered": (here & (firms["start"] < TODAY - 300), 40),
        "unjustified": (here & no & usual & (firms["start"] < TODAY - 300), 8),
        "small_with_results": (here & yes & old, 70),
    }
    for name, (candidates, size) in plan.items():
        chosen = rng.choice(np.flatnonzero(candidates & free), size=size, replace=False)
        firms[name] = False
        firms.loc[chosen, name] = True
        free.loc[chosen] = False
    return _with_consequences(rng, firms)


def _with_consequences(rng: np.random.Generator, firms: pd.DataFrame) -> pd.DataFrame:
    """What follows from a group: fewer requests sent, no result, larger or smaller orders."""
    few_sent = firms["under_served"] & _chance(rng, 0.6)
    firms.loc[few_sent, "requests_sent"] = rng.integers(0, REQUESTS_DECLARED, few_sent.sum())
    firms["unanswered_by_us"] = firms["under_served"] & ~few_sent
    firms["result"] &= ~firms["under_served"]
    firms["p_result"] = firms["p_result"].mask(firms["under_served"], 0.0)
    firms["rule_1"] &= firms["requests_sent"] > STEPS.index("goal_sharing")
    firms["rule_2"] &= firms["requests_sent"] > STEPS.index("tag_access")
    rich = firms["silent_leaver"] | firms["rich_without_results"]
    firms["size_factor"] *= np.select(
        [firms["key_account"], rich, firms["small_with_results"]], [5.0, 3.5, 0.35], 1.0
    )
    opted_out = _chance(rng, np.where(firms["not_worth_it"], 0.03, 0.018))
    firms["opted_out"] = opted_out & ~firms["key_account"] & ~firms["under_served"]
    firms["result"] &= firms["relation"] == "signed"
    return firms


def _with_referrals(rng: np.random.Generator, firms: pd.DataFrame) -> pd.DataFrame:
    """Who came by 紹介 was sent by somebody under contract with results, fans most of all."""
    senders = firms[firms["result"] & firms["under_contract"]]
    weight = np.where(senders["fan"], 6.0, 1.0)
    chosen = rng.choice(senders["customer_id"], size=len(firms), p=weight / weight.sum())
    known = (firms["route"] == "紹介") & _chance(rng, 0.45)
    since = firms["customer_id"].map(
        dict(zip(senders["customer_id"], senders["start"], strict=True))
    )
    sent_by = pd.Series(chosen, index=firms.index)
    earlier = sent_by.map(dict(zip(senders["customer_id"], senders["start"], strict=True)))
    known &= (earlier + 60 < firms["first_contact"]) & since.isna()
    return firms.assign(referred_by=sent_by.where(known))
