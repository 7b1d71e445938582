"""Does the pyramid come to what was foretold? The printed band on months it has not seen.

Called by benchmarks/printed.py. For every month-end of a list that a projection can be made from,
with rules and rates learned on what was known then: heads of customers and repeaters and orders,
one to six months ahead, beside what came. The peer stays where it is: heads as today, orders as in
the mean of the last six months.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from held import Held, within

from segment_lib.behaviour.as_of import first_heard_of, history_on, waiting_curve_on
from segment_lib.behaviour.five_types import lapse_rule
from segment_lib.behaviour.history import order_days
from segment_lib.behaviour.stages.ahead import AHEAD, band_ratios, observed, projected, with_all
from segment_lib.behaviour.stages.months import Ladder, ladder_months, month_ends
from segment_lib.behaviour.stages.rungs import first_days
from segment_lib.client import open_client
from segment_lib.lists import to_frame
from segment_lib.lists.register import build_register

ROOT = Path(__file__).resolve().parent.parent
LISTS = {
    "web_marketing": ROOT / "sample_data" / "client.toml",
    "shop": ROOT / "sample_data" / "shop" / "client.toml",
    "superstore": ROOT / "tests" / "clients" / "superstore" / "client.toml",
    "hotel-reservations": ROOT / "tests" / "clients" / "hotel-reservations" / "client.toml",
}
# What is claimed: heads (0) of customers and repeaters, orders (1) of all.
CLAIMS = {"customers": (0, 2), "repeaters": (0, 3), "orders": (1, 4)}
FIRST = 10  # month-ends of which a projection can be tried


def planning_cells(names: tuple[str, ...] = tuple(LISTS), every: int = 1) -> pd.DataFrame:
    """One row per list, month-end, months ahead and claim: inside, and the log errors."""
    return pd.DataFrame([row for name in names for row in _tried(name, every)])


def _tried(name: str, every: int) -> Iterator[dict[str, object]]:
    with tempfile.TemporaryDirectory() as out:
        client = open_client(LISTS[name], out=Path(out))
        register = build_register(client)
        days = to_frame(order_days(register.orders, client.as_of, register.adjustments))
        first = min(first_heard_of(register).min(), days["ordered_on"].min())
        ends = month_ends(client.as_of, first)
        for at in range(FIRST, len(ends) - 1, every):
            ladder = _ladder_by_rules_of(ends[at], client, register, days)
            yield from _cells(name, ladder, at)


def _ladder_by_rules_of(day: pd.Timestamp, client, register, days: pd.DataFrame) -> Ladder:
    """Every month-end, those after `day` too, by the rules as they could be learned on `day`."""
    tables = (register.frame(name) for name in ("orders", "contacts", "deals"))
    orders, contacts, deals = tables
    firsts = first_days(orders, contacts, deals, client.as_of, client.stages)
    known = first_heard_of(register)
    curve = waiting_curve_on(register, client, day.date())
    silence = lapse_rule(history_on(register, client, day.date()), client.five_types, curve)
    return ladder_months(
        firsts.reindex(known.index), known, days, silence, as_of=client.as_of, deals=deals
    )


def _cells(name: str, ladder: Ladder, at: int) -> Iterator[dict[str, object]]:
    told, seen = (with_all(one(ladder, at)) for one in (projected, observed))
    ratios = band_ratios(ladder, at)
    heads = np.append(ladder.heads(at), ladder.heads(at).sum())
    orders = ladder.orders[at - 5 : at + 1].sum() / 6
    for month in range(AHEAD):
        for claim, (what, stage) in CLAIMS.items():
            came, ratio = seen[month, what, stage], ratios[month, what, stage]
            if np.isnan(came) or np.isnan(ratio):
                continue
            foretold, stays = told[month, what, stage], heads[stage] if what == 0 else orders
            yield {
                "list": name, "months": month + 1, "claim": claim,
                "inside": foretold / ratio <= came <= foretold * ratio,
                "error": np.log((foretold + 0.5) / (came + 0.5)),
                "peer": np.log((stays + 0.5) / (came + 0.5)),
                "width": 2 * np.log(ratio),
            }  # fmt: skip


def planning_summary(cells: pd.DataFrame) -> pd.DataFrame:
    """One row per list and claim: coverage, root mean square of the errors, and of the peer's."""
    by = cells.groupby(["list", "claim"], sort=False)
    rms = {name: by[name].agg(lambda off: np.sqrt((off**2).mean())) for name in ("error", "peer")}
    table = pd.DataFrame({"inside": by["inside"].mean(), **rms, "width": by["width"].median()})
    return table.assign(n=by.size()).reset_index()


def held_planning(cells: pd.DataFrame) -> list[Held]:
    """The band holds 8 in 10 months, and the projection is nearer than staying where one is."""
    off = (cells[["error", "peer"]] ** 2).mean() ** 0.5
    return [
        within("projection: months in the band, pooled", cells["inside"].mean(), 0.70, 0.90),
        within("projection: error / that of the peer", off["error"] / off["peer"], 0.0, 1.0),
    ]
