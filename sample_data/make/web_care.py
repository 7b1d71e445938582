"""What happened under contract: use of the service, results, incidents; and who opted out.

Days are day numbers as in `web_companies`; each function returns a frame sorted by day.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from make.web_companies import JUDGED_AFTER, LAST_JUDGED_START, TODAY, workday
from make.web_contacts import QUIET_SINCE

FEATURES = ("レポート閲覧", "管理画面", "チャット相談")
NEVER = float("nan")


def draw_usage(seed: int, firms: pd.DataFrame) -> pd.DataFrame:
    """At most one use a month and company, in two months of five; silent leavers have stopped."""
    rng = np.random.default_rng([seed, 40])
    rows = []
    for firm in firms[firms["relation"] == "signed"].itertuples():
        end = TODAY if np.isnan(firm.end) else firm.end
        days = np.arange(firm.start + 5, min(end, QUIET_SINCE if firm.silent_leaver else end), 30)
        days = days[rng.random(len(days)) < 0.4] + rng.integers(0, 25)
        used = rng.integers(0, len(FEATURES), len(days))
        rows += [
            (firm.customer_id, min(day, end), FEATURES[n])
            for day, n in zip(days, used, strict=True)
        ]
    frame = pd.DataFrame(rows, columns=["customer_id", "day", "feature"])
    return frame.sort_values(["day", "customer_id"], kind="stable", ignore_index=True)


def draw_outcomes(seed: int, firms: pd.DataFrame) -> pd.DataFrame:
    """One row per judged contract on its day 180, and some recent ones that are still open."""
    rng = np.random.default_rng([seed, 41])
    signed = firms[firms["relation"] == "signed"]
    judged = signed[signed["start"] <= LAST_JUDGED_START]
    growth = np.where(
        judged["result"], rng.integers(15, 80, len(judged)), rng.integers(-20, 10, len(judged))
    )
    rows = pd.DataFrame(
        {
            "customer_id": judged["customer_id"],
            "result": np.where(judged["result"], "あり", "なし"),
            "day": judged["start"] + JUDGED_AFTER,
            "growth": growth.astype(float),
        }
    )
    young = signed[signed["start"] > LAST_JUDGED_START].head(60)
    still_open = pd.DataFrame({"customer_id": young["customer_id"], "result": "判定中"})
    rows = rows.sort_values(["day", "customer_id"], kind="stable")
    return pd.concat([rows, still_open], ignore_index=True)


def draw_incidents(seed: int, firms: pd.DataFrame) -> pd.DataFrame:
    """Open ones, recovered ones (fans where the next delivery exceeded), and unreasonable ones."""
    rng = np.random.default_rng([seed, 42])
    rows = []
    for firm in firms.itertuples():
        if firm.fan or firm.recovered:
            rows.append(_recovered(rng, firm))
        elif firm.open_incident or firm.open_repeater:
            rows.append(_still_open(rng, firm))
        elif firm.unjustified:
            rows += [_unreasonable(rng, firm) for _ in range(2)]
    frame = pd.DataFrame(rows)
    return frame.sort_values(["occurred", "customer_id"], kind="stable", ignore_index=True)


def _incident(firm: Any, occurred: float, **more: Any) -> dict[str, Any]:
    usual = {"responded": NEVER, "recovered": NEVER, "next_delivery": NEVER, "exceeded": None}
    return {
        "customer_id": firm.customer_id,
        "occurred": occurred,
        **usual,
        "severity": "中",
        "justified": True,
        **more,
    }


def _recovered(rng: np.random.Generator, firm: Any) -> dict[str, Any]:
    occurred = workday(rng.integers(firm.start + 190, TODAY - 80))
    recovered = occurred + rng.integers(3, 13)
    return _incident(
        firm,
        occurred,
        responded=occurred + rng.integers(0, 3),
        recovered=recovered,
        next_delivery=workday(recovered + rng.integers(10, 41)),
        exceeded=bool(firm.fan),
        severity="大" if rng.random() < 0.4 else "中",
    )


def _still_open(rng: np.random.Generator, firm: Any) -> dict[str, Any]:
    occurred = workday(TODAY - rng.integers(6, 70))
    answered = occurred + rng.integers(1, 5) if rng.random() < 0.6 else NEVER
    return _incident(
        firm, occurred, responded=answered, severity="大" if firm.open_repeater else "中"
    )


def _unreasonable(rng: np.random.Generator, firm: Any) -> dict[str, Any]:
    occurred = workday(rng.integers(max(firm.start + 185, TODAY - 400), TODAY - 20))
    return _incident(firm, occurred, responded=occurred + 1, severity="小", justified=False)


def draw_permissions(seed: int, firms: pd.DataFrame) -> pd.DataFrame:
    """Who asked not to be contacted: by any channel (the opted-out), or by one of them."""
    rng = np.random.default_rng([seed, 43])
    out = firms.loc[firms["opted_out"], "customer_id"]
    rest = firms.loc[~firms["opted_out"], "customer_id"].to_numpy()
    some = rng.choice(rest, size=30, replace=False)
    frame = pd.DataFrame(
        {
            "customer_id": [*out, *some],
            "channel": ["全て"] * len(out) + list(rng.choice(["メール", "電話"], size=30)),
            "allowed": "拒否",
            "day": workday(rng.integers(200, TODAY - 5, len(out) + 30)),
        }
    )
    return frame.sort_values(["day", "customer_id"], kind="stable", ignore_index=True)
