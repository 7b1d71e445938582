"""A shop that has orders alone: 300 invented members, from a CSV to an action that fits each."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import segment_lib as sl
from segment_lib.approach.views import PlanView

AS_OF = pd.Timestamp("2025-12-31")
# Kind of member → how many, and on which days before as_of each ordered (mean gap, orders, last).
KINDS = {
    "just arrived": (15, 0, 1, (3, 20)),
    "once, in time": (30, 0, 1, (35, 70)),
    "once, long ago": (55, 0, 1, (400, 700)),
    "twice": (30, 45, 2, (5, 40)),
    "loyal": (45, 30, 20, (4, 28)),
    "loyal, late": (12, 30, 20, (44, 62)),
    "steady": (45, 90, 8, (5, 80)),
    "left": (50, 35, 8, (350, 600)),
    "one summer": (18, 9, 6, (20, 45)),
}


@pytest.fixture(scope="module")
def members() -> pd.Series:
    """member → kind."""
    kinds = [kind for kind, (n, *_rest) in KINDS.items() for _one in range(n)]
    return pd.Series(kinds, [f"M{n:03d}" for n in range(len(kinds))])


@pytest.fixture(scope="module")
def view(members: pd.Series, tmp_path_factory) -> PlanView:
    folder = tmp_path_factory.mktemp("orders_only")
    rng, rows = np.random.default_rng(7), []
    for member, kind in members.items():
        _n, gap, orders, (near, far) = KINDS[kind]
        ago = int(rng.integers(near, far + 1))
        for _order in range(orders):
            amount = 15_000 if kind == "one summer" else 3_000
            rows.append((member, AS_OF - pd.Timedelta(days=ago), amount))
            ago += max(1, round(gap * rng.uniform(0.8, 1.2)))
    orders = pd.DataFrame(rows, columns=["member", "day", "yen"])
    orders.to_csv(folder / "orders.csv", index=False)
    text = (
        '[client]\nname = "orders"\nas_of = 2025-12-31\n[lists.orders]\nfiles = ["orders.csv"]\n'
        '[lists.orders.columns]\ncustomer_id = "member"\nordered_on = "day"\namount = "yen"\n'
        '[contract]\nunder_contract = "ordered_within"\nordered_within_days = 365\n'
    )
    (folder / "client.toml").write_text(text, encoding="utf-8")
    with redirect_stdout(io.StringIO()):
        client = sl.open_client(Path(folder) / "client.toml", folder / "out")
        register = sl.take_up_register(client)
        customers, given = sl.take_up_for(client, register, "plan")
    return sl.plan_view(customers, register, client, **given)


def test_the_lists_propose_orders_only_and_nobody_chose(view: PlanView) -> None:
    assert (view.book.preset, view.book.chosen) == ("orders_only", False)
    assert view.says()["playbook"].startswith(
        "Nobody has chosen a playbook. These lists propose “Orders alone: the five types and the "
        "next order choose”: 17 rows"
    )


def test_at_least_eight_actions_are_taken(view: PlanView) -> None:
    assert view.plan["row"].nunique() >= 8
    assert len(view.plan) == 300


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("just arrived", {"First order, just arrived", "First order, still in time"}),
        ("once, in time", {"First order, still in time"}),
        ("once, long ago", {"Seasonal letter, one order only"}),
        ("twice", {"Second order made: show the whole"}),
        ("loyal", {"Loyal, the next order is due", "A first look for the loyal"}),
        ("loyal, late", {"Loyal and late"}),
        ("steady", {"Steady, the next order is due", "Something new, one question"}),
        ("left", {"One letter to those who lapsed"}),
        ("one summer", {"Do not chase", "A fad that may turn loyal"}),
    ],
)
def test_each_fits_its_members(kind, rows, view: PlanView, members: pd.Series) -> None:
    taken = view.plan.loc[members.index[members == kind], "row"]
    assert taken.isin(rows).mean() >= 0.9, taken.value_counts().to_dict()


def test_nothing_is_asked_of_what_nobody_has(view: PlanView) -> None:
    plan = view.plan
    fads = plan[plan["row"] == "Do not chase"]
    assert fads[["purpose", "channel"]].eq("none").all(axis=None)
    assert not plan["channel"].eq("visit").any()
    assert not plan["content"].str.contains(r"[{}\[\]]|\b(?:nan|NaT|None)\b|\(all\)").any()
    late = plan.loc[plan["row"] == "Loyal and late", "content"].iloc[0]
    assert late.startswith("The next order is ")
