"""Every touch with the companies: before the contract, the five requests, and afterwards.

One row is a touch: customer_id, contacted_on, kind, direction, intent, asked_on, answered_on,
effort_hours, owner; requests have step and done_well instead of kind and intent. Days are day
numbers as in `web_companies`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from make.web_companies import LAST_JUDGED_START, STEPS, TODAY, workday

INSIDE, FIELD_A, FIELD_B, AFTER = "佐藤（内勤）", "鈴木（外勤）", "高橋（外勤）", "田中（アフター）"
ASKED_AFTER_DAYS = dict(zip(STEPS, (1, 6, 12, 25, 62), strict=True))
QUIET_SINCE = TODAY - 210  # nothing was said to or by a silent leaver after this day
NEVER = float("nan")

Touch = dict[str, Any]


def owner_of(firm: Any) -> str:
    """Who looks after a firm: inside sales at first, field sales for a deal, after-sales later."""
    if firm.under_contract:
        return field_of(firm) if firm.key_account else AFTER
    return field_of(firm) if firm.relation in ("open", "partner") else INSIDE


def field_of(firm: Any) -> str:
    """Who of field sales goes there: odd numbers and even numbers."""
    return FIELD_A if int(firm.customer_id[1:]) % 2 else FIELD_B


def draw_contacts(seed: int, firms: pd.DataFrame) -> pd.DataFrame:
    """All touches but the five requests, sorted by day."""
    rng = np.random.default_rng([seed, 20])
    rows: list[Touch] = []
    for firm in firms.itertuples():
        touches = list(_before_contract(rng, firm))
        if firm.relation == "signed":
            touches += _after_contract(rng, firm)
        if firm.silent_leaver:
            touches = [touch for touch in touches if touch["contacted_on"] < QUIET_SINCE]
        rows += touches
    frame = pd.DataFrame(rows)
    return frame.sort_values(["contacted_on", "customer_id"], kind="stable", ignore_index=True)


def draw_requests(seed: int, firms: pd.DataFrame) -> pd.DataFrame:
    """One row per request sent by mail: step, asked_on, answered_on, done_well (or null)."""
    rng = np.random.default_rng([seed, 21])
    rows = []
    for firm in firms[firms["relation"] == "signed"].itertuples():
        for step in STEPS[: firm.requests_sent]:
            asked = workday(firm.start + ASKED_AFTER_DAYS[step] + rng.integers(0, 3))
            if asked <= TODAY:
                rows.append(_request(firm, step, max(asked, firm.start)))
    frame = pd.DataFrame(rows)
    return frame.sort_values(["asked_on", "customer_id"], kind="stable", ignore_index=True)


def _request(firm: Any, step: str, asked: float) -> Touch:
    answered = asked + getattr(firm, f"{step}_days")
    if not getattr(firm, f"{step}_answered") or answered > TODAY:
        answered = NEVER
    well = None if np.isnan(answered) else bool(getattr(firm, f"{step}_well"))
    return {
        "customer_id": firm.customer_id,
        "step": step,
        "asked_on": asked,
        "answered_on": answered,
        "done_well": well,
        "effort_hours": 0.1,
        "owner": AFTER,
    }


def _touch(firm: Any, day: float, kind: str, hours: float, **more: Any) -> Touch:
    usual = {"direction": "out", "intent": "give", "asked_on": NEVER, "answered_on": NEVER}
    signed = firm.relation == "signed" and day >= firm.start
    ours = owner_of(firm) if signed else field_of(firm) if kind in ("met", "meal") else INSIDE
    return {
        "customer_id": firm.customer_id,
        "contacted_on": day,
        "kind": kind,
        **usual,
        "effort_hours": hours,
        "owner": ours,
        **more,
    }


def _ask(firm: Any, day: float, kind: str, answered: float, direction: str = "out") -> Touch:
    hours = 0.2 if day >= firm.start else 1.0
    return _touch(firm, day, kind, hours, direction=direction, intent="ask", asked_on=day,
                  answered_on=answered)  # fmt: skip


def _before_contract(rng: np.random.Generator, firm: Any) -> Iterator[Touch]:
    """Two or three asks, meetings, and what they asked us, in the first 60 days."""
    first = firm.first_contact
    until = min(TODAY if np.isnan(firm.decided) else firm.decided - 1, first + 60)
    if firm.relation == "no_deal" and rng.random() < 0.1:
        yield _touch(firm, first, "name", 0.2)
        return
    later = rng.integers(
        int(first) + 3, max(int(until) - 8, int(first) + 3) + 1, rng.integers(1, 3)
    )
    for number, day in enumerate(np.unique([first, *workday(later)])):
        answers = not firm.never_answers and (number == 0 or rng.random() < 0.7)
        answered = min(day + rng.integers(1, 9), until) if answers else NEVER
        yield _ask(firm, day, "mail" if rng.random() < 0.6 else "call", max(answered, day))
    if not firm.never_answers:
        yield from _meetings(rng, firm, first, until)
        if rng.random() < 0.35:
            day = workday(_day_between(rng, first, until))
            yield _ask(firm, day, "mail", min(day + rng.integers(0, 4), TODAY), "in")


def _meetings(rng: np.random.Generator, firm: Any, first: float, until: float) -> Iterator[Touch]:
    mean = {"no_deal": 0.35, "partner": 1.6}.get(firm.relation, 0.85)
    days = workday(rng.integers(int(first), int(until) + 1, min(rng.poisson(mean), 3)))
    for day in np.unique(days):
        yield _touch(firm, day, "meal" if rng.random() < 0.08 else "met", 1.6)


def _day_between(rng: np.random.Generator, first: float, last: float) -> float:
    return float(rng.integers(int(first), int(last) + 1))


def _after_contract(rng: np.random.Generator, firm: Any) -> list[Touch]:
    """A welcome call, a report talk now and then, their questions, and a recent touch."""
    end = TODAY if np.isnan(firm.end) else firm.end
    welcome = [_touch(firm, workday(firm.start + rng.integers(3, 10)), "call", 0.3)]
    touches = welcome if rng.random() < 0.5 else []
    talks = np.arange(firm.start + rng.integers(100, 220), end - 90, 360)
    touches += [_touch(firm, workday(day + rng.integers(0, 15)), "call", 0.3) for day in talks]
    touches += _questions(rng, firm, end)
    if firm.under_contract and not firm.silent_leaver:
        day = workday(max(TODAY - rng.integers(4, 86), firm.start + 4))
        answered = min(day + rng.integers(1, 9), TODAY) if rng.random() < 0.8 else NEVER
        touches.append(_ask(firm, day, "mail", answered))
    if firm.relation == "signed" and not firm.under_contract and rng.random() < 0.25:
        touches.append(_ask(firm, workday(min(end + 60, TODAY)), "mail", NEVER))
    return touches


def _questions(rng: np.random.Generator, firm: Any, end: float) -> list[Touch]:
    """What they asked us; we answered within five days, except where we did not do our part."""
    days = rng.integers(firm.start + 5, max(end - 8, firm.start + 8) + 1, rng.poisson(0.45))
    asked = np.unique(workday(days))
    touches = [_ask(firm, day, "mail", day + rng.integers(0, 6), "in") for day in asked]
    if firm.unanswered_by_us:
        for day in workday(rng.integers(firm.start + 10, firm.start + 150, 2)):
            late = day + rng.integers(18, 40) if rng.random() < 0.4 else NEVER
            touches.append(_ask(firm, day, "mail", late, "in"))
    return [touch for touch in touches if touch["contacted_on"] <= LAST_JUDGED_START + 170]
