"""What was bought: orders every quarter or year, returns and refunds, and the deals before them.

Orders and adjustments have one row per line of an invoice; money in yen before any mess; days are
day numbers as in `web_companies`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from make.web_companies import TODAY, to_date, workday
from make.web_contacts import field_of

PRODUCTS = {
    "広告運用": ("リスティング運用", "SNS広告運用"),
    "SEO": ("SEO対策", "記事制作"),
    "サイト制作": ("サイト改修", "LP制作"),
    "レポート": ("月次レポート",),
}
LINE_SHARES = (0.5, 0.3, 0.2)  # of the first three lines; reports are sold beside them
QUARTER, YEAR = 91, 365
NEVER = float("nan")


def draw_orders(seed: int, firms: pd.DataFrame) -> pd.DataFrame:
    """One row per order line: order_id, customer_id, ordered_on, product, amount, margin …"""
    rng = np.random.default_rng([seed, 30])
    rows = [
        line
        for firm in firms[firms["relation"] == "signed"].itertuples()
        for day in _order_days(rng, firm)
        for line in _lines(rng, firm, day)
    ]
    frame = pd.DataFrame(rows).sort_values(["day", "customer_id"], kind="stable", ignore_index=True)
    return frame.assign(order_id=_order_ids(frame))


def _order_days(rng: np.random.Generator, firm: Any) -> Iterator[float]:
    """The first order a few days after the start, then one every quarter or year, some skipped."""
    end = TODAY if np.isnan(firm.end) else firm.end
    if firm.silent_leaver:
        end = TODAY - rng.integers(110, 190)  # silent past the own cadence, though it still runs
    every, sway = (QUARTER, 9) if firm.quarterly else (YEAR, 16)
    day = workday(firm.start + rng.integers(0, 4))
    yield min(max(day, firm.start), TODAY)
    for due in np.arange(firm.start + every, end - 10, every):
        if rng.random() > 0.05:
            yield workday(min(due + rng.integers(-sway, sway + 1), TODAY))


def _lines(rng: np.random.Generator, firm: Any, day: float) -> Iterator[dict[str, Any]]:
    main = list(PRODUCTS)[int(int(firm.customer_id[1:]) * 7 % 10 >= 5) + (firm.founded % 5 == 0)]
    usual = 215_000 if firm.quarterly else 360_000
    amount = round(usual * firm.size_factor * rng.uniform(0.9, 1.1), -3)
    on_sale = rng.random() < 0.08
    yield _line(rng, firm, day, main, amount * (0.8 if on_sale else 1.0), on_sale)
    if rng.random() < 0.12:
        yield _line(rng, firm, day, "レポート", 30_000, False)


def _line(
    rng: np.random.Generator, firm: Any, day: float, line: str, amount: float, on_sale: bool
) -> dict[str, Any]:
    rate = rng.uniform(0.1, 0.18) if on_sale else rng.uniform(0.32, 0.46)
    return {
        "customer_id": firm.customer_id,
        "day": day,
        "product": PRODUCTS[line][rng.integers(len(PRODUCTS[line]))],
        "product_line": line,
        "quantity": 1,
        "amount": float(amount),
        "margin": float(round(amount * rate)),
        "campaign": "春の割引" if on_sale else "",
    }


def _order_ids(frame: pd.DataFrame) -> list[str]:
    """J23-00001, J24-00001 …: the fiscal year (from April) and a number within it."""
    year = [(to_date(day).year - (to_date(day).month < 4)) % 100 for day in frame["day"]]  # type: ignore[union-attr]
    order = frame["customer_id"] + frame["day"].astype(str)
    number = order.groupby(year).transform(lambda orders: pd.factorize(orders)[0] + 1)
    return [f"J{y}-{n:05d}" for y, n in zip(year, number, strict=True)]


def draw_adjustments(seed: int, orders: pd.DataFrame) -> pd.DataFrame:
    """Refunds, discounts and cancellations: a negative amount with a day and a kind of its own."""
    rng = np.random.default_rng([seed, 31])
    single = orders[~orders["order_id"].duplicated(keep=False) & (orders["day"] < TODAY - 60)]
    chosen = single.iloc[np.sort(rng.choice(len(single), size=190, replace=False))]
    kind = np.array(["返品"] * 70 + ["取消"] * 40 + ["値引"] * 80)[rng.permutation(190)]
    part = np.where(kind == "取消", 1.0, rng.choice([0.1, 0.2, 0.5], size=190))
    return pd.DataFrame(
        {
            "order_id": chosen["order_id"].to_numpy(),
            "customer_id": chosen["customer_id"].to_numpy(),
            "day": workday(chosen["day"].to_numpy() + rng.integers(5, 50, 190)),
            "amount": -np.round(chosen["amount"].to_numpy() * part, -2),
            "kind": kind,
            "product": chosen["product"].to_numpy(),
            "product_line": chosen["product_line"].to_numpy(),
        }
    )


def draw_deals(seed: int, firms: pd.DataFrame) -> pd.DataFrame:
    """One row per deal: opened, proposed, decided (null: open), won (null: open), amount, owner."""
    rng = np.random.default_rng([seed, 32])
    rows: list[dict[str, Any]] = []
    for firm in firms.itertuples():
        if firm.relation in ("signed", "lost", "open"):
            rows.append(_first_deal(rng, firm))
        rows += _later_deals(rng, firm)
    frame = pd.DataFrame(rows).sort_values(["opened", "customer_id"], ignore_index=True)
    return frame.assign(deal_id=[f"A{number:05d}" for number in range(1, len(frame) + 1)])


def _first_deal(rng: np.random.Generator, firm: Any) -> dict[str, Any]:
    opened = min(firm.first_contact + rng.integers(3, 9), firm.proposed)
    proposed = (
        NEVER if firm.relation == "open" and firm.deal_state == "not_proposed" else firm.proposed
    )
    won = {"signed": True, "lost": False}.get(firm.relation)
    return _deal(rng, firm, workday(opened), proposed, firm.decided, won)


def _later_deals(rng: np.random.Generator, firm: Any) -> Iterator[dict[str, Any]]:
    """Further deals under contract (won, open, stuck), and a second try after a loss."""
    if firm.relation == "lost" and firm.decided < TODAY - 220 and rng.random() < 0.08:
        opened = workday(firm.decided + 100)
        yield _deal(rng, firm, opened, opened + 12, workday(opened + 45), False)
    if not firm.under_contract or firm.silent_leaver or firm.start > TODAY - 200:
        return
    chance = rng.random()
    if chance < 0.06:
        opened = workday(firm.start + rng.integers(120, 160))
        yield _deal(rng, firm, opened, opened + 7, workday(opened + 25), True)
    elif chance < 0.15:
        proposed = workday(
            TODAY - (rng.integers(4, 30) if chance < 0.11 else rng.integers(70, 300))
        )
        if proposed > firm.start + 30:
            yield _deal(rng, firm, workday(proposed - 10), proposed, NEVER, None)


def _deal(
    rng: np.random.Generator,
    firm: Any,
    opened: float,
    proposed: float,
    decided: float,
    won: bool | None,
) -> dict[str, Any]:
    amount = round(
        (215_000 if firm.quarterly else 360_000) * firm.size_factor * rng.uniform(0.9, 1.2), -4
    )
    return {
        "customer_id": firm.customer_id,
        "opened": opened,
        "proposed": proposed,
        "decided": decided,
        "won": won,
        "amount": amount,
        "owner": field_of(firm),
    }
