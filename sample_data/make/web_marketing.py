"""An invented web-marketing service selling to small firms: its raw lists, and the planted truth.

`make_web_marketing` writes the lists as they would arrive, and beside them `truth/` with what was
planted in them, which no notebook may read.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from make.web_care import (
    draw_incidents,
    draw_outcomes,
    draw_permissions,
    draw_usage,
)
from make.web_companies import draw_companies
from make.web_contacts import INSIDE, draw_contacts, draw_requests
from make.web_customers import draw_ledger, draw_twins, write_ledger, write_merges
from make.web_files import Marks
from make.web_order_files import write_adjustments, write_deals, write_orders
from make.web_orders import draw_adjustments, draw_deals, draw_orders
from make.web_service_files import (
    write_contacts,
    write_incidents,
    write_outcomes,
    write_permissions,
    write_requests,
    write_usage,
)
from make.web_truth import write_truth

SEED = 20260401
WRITERS: dict[str, Callable[[Path, np.random.Generator, pd.DataFrame], Marks]] = {
    "orders": write_orders,
    "adjustments": write_adjustments,
    "deals": write_deals,
    "contacts": write_contacts,
    "requests": write_requests,
    "usage": write_usage,
    "outcomes": write_outcomes,
    "incidents": write_incidents,
    "permissions": write_permissions,
}


def make_web_marketing(folder: str | Path, seed: int = SEED) -> list[Path]:
    """Write every raw list and `truth/` into `folder`; the same seed gives the same files.

    Returns the paths written. client.toml and README.md are written by people, not by this.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    firms = draw_companies(seed)
    ledger = draw_ledger(seed, firms)
    twins = draw_twins(seed, firms, ledger)
    tables = draw_tables(seed, firms, twins)
    marks = write_ledger(folder, _writer(seed, 0), pd.concat([ledger, twins[ledger.columns]]))
    for number, (name, write) in enumerate(WRITERS.items(), start=1):
        marks += write(folder, _writer(seed, number), tables[name])
    write_merges(folder, twins)
    write_truth(folder / "truth", seed, firms, twins, tables, marks)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _writer(seed: int, number: int) -> np.random.Generator:
    """A generator per file: a change in one list leaves the others as they were."""
    return np.random.default_rng([seed, 100 + number])


def draw_tables(seed: int, firms: pd.DataFrame, twins: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The clean tables by name, the second numbers of twice-listed companies in some rows."""
    orders = draw_orders(seed, firms)
    orders = _under_second_number(orders, twins)
    adjustments = draw_adjustments(seed, orders)
    contacts = draw_contacts(seed, firms)
    in_orders = adjustments.iloc[::3].assign(quantity=1, margin=0.0, campaign="")
    lines = pd.concat([orders, in_orders[orders.columns]]).sort_values("day", kind="stable")
    return {
        "orders": lines,
        "adjustments": adjustments.drop(index=adjustments.index[::3]),
        "deals": draw_deals(seed, firms),
        "contacts": _with_twin_touches(contacts, twins),
        "requests": draw_requests(seed, firms),
        "usage": draw_usage(seed, firms),
        "outcomes": draw_outcomes(seed, firms),
        "incidents": draw_incidents(seed, firms),
        "permissions": draw_permissions(seed, firms),
    }


def _under_second_number(orders: pd.DataFrame, twins: pd.DataFrame) -> pd.DataFrame:
    """The last order of a confirmed pair stands under the second number: merging matters."""
    confirmed = twins[twins["confirmed"]]
    second = dict(zip(confirmed["same_as"], confirmed["顧客コード"], strict=True))
    place = orders.groupby("customer_id")["order_id"].transform(lambda ids: pd.factorize(ids)[0])
    last = place.eq(place.groupby(orders["customer_id"]).transform("max")) & (place > 0)
    moved = orders["customer_id"].map(second).where(last)
    return orders.assign(customer_id=moved.fillna(orders["customer_id"]))


def _with_twin_touches(contacts: pd.DataFrame, twins: pd.DataFrame) -> pd.DataFrame:
    """One mail to each second number, by somebody who did not know the first."""
    touches = pd.DataFrame(
        {
            "customer_id": twins["顧客コード"],
            "contacted_on": twins["初回接触日"],
            "kind": "mail",
            "direction": "out",
            "intent": "give",
            "effort_hours": 0.2,
            "owner": INSIDE,
        }
    )
    together = pd.concat([contacts, touches], ignore_index=True)
    return together.sort_values("contacted_on", kind="stable", ignore_index=True)
