"""The pyramid of then, now and to come, against plain loops and worlds that are known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from register_tables import people, table

import segment_lib as sl
from segment_lib.behaviour.stages import said
from segment_lib.behaviour.stages.ahead import (
    AHEAD,
    AS_NOW,
    MORE,
    SEEN,
    observed,
    projected,
    pyramid_path,
)
from segment_lib.behaviour.stages.months import (
    ALL,
    Ladder,
    cost_of_a_repeater,
    hours_by_rung,
    ladder_months,
    month_ends,
    months_on,
    owner_pyramids,
    pyramid_months,
    rung_times,
    steps_by_quarter,
    steps_up,
)
from segment_lib.behaviour.stages.rungs import RUNGS, STAGE_OF, STAGES, assign_stages, first_days
from segment_lib.settings import StagesSection
from segment_lib.voice import language

AS_OF = date(2026, 3, 31)
SILENT_AFTER = 100  # days, in these worlds, for everybody


def world(seed: int = 0, months: int = 30, new_a_month: float = 20.0) -> tuple[pd.DataFrame, ...]:
    """Orders, contacts and customers of a business in which nothing ever changes."""
    random = np.random.default_rng(seed)
    start = pd.Timestamp(AS_OF) - pd.Timedelta(days=round(30.44 * months))
    span = (pd.Timestamp(AS_OF) - start).days
    orders, contacts, owner = [], [], {}
    for number in range(random.poisson(new_a_month * months)):
        who, day = f"c{number:04d}", start + pd.Timedelta(days=int(random.integers(0, span)))
        owner[who] = ("a", "b")[number % 2]
        contacts.append((who, day, "mail"))
        if random.random() < 0.7:
            day += pd.Timedelta(days=int(random.exponential(40)) + 1)
            contacts.append((who, day, "met"))
        wait = random.exponential(60) if random.random() < 0.6 else 1e4
        while random.random() < 0.8 and day + pd.Timedelta(days=wait) <= pd.Timestamp(AS_OF):
            day += pd.Timedelta(days=int(wait) + 1)
            orders.append((who, day))
            wait = random.exponential(45)
    touched = table(
        "contacts",
        *(
            {"customer_id": a, "contacted_on": b, "kind": c, "effort_hours": 1.5}
            for a, b, c in contacts
            if b <= pd.Timestamp(AS_OF)
        ),
    )
    bought = table(
        "orders", *({"customer_id": a, "ordered_on": b, "amount": 100} for a, b in orders)
    )
    ids = pd.Index(sorted(set(touched["customer_id"])), name="customer_id")
    return bought, touched, people(*ids).assign(owner=pd.Series(owner).reindex(ids))


def same_for_all(history: pd.DataFrame) -> pd.Series:
    return pd.Series(float(SILENT_AFTER), history.index)


def ladder_of(
    orders: pd.DataFrame, contacts: pd.DataFrame, customers: pd.DataFrame, silence=same_for_all
) -> tuple[Ladder, pd.DataFrame, pd.Series]:
    firsts = first_days(orders, contacts, table("deals"), AS_OF, StagesSection()).reindex(
        customers.index
    )
    events = pd.concat([orders["ordered_on"], contacts["contacted_on"]])
    ids = pd.concat([orders["customer_id"], contacts["customer_id"]])
    known = events.groupby(ids).min().reindex(customers.index)
    days = orders[["customer_id", "ordered_on"]].drop_duplicates()
    return ladder_months(firsts, known, days, silence, as_of=AS_OF), firsts, known


@pytest.fixture(scope="module")
def grown() -> tuple[Ladder, pd.DataFrame, pd.Series, tuple[pd.DataFrame, ...]]:
    tables = world()
    return (*ladder_of(*tables), tables)


def test_month_ends_stay_ends_of_months() -> None:
    days = month_ends(date(2026, 2, 28), pd.Timestamp("2025-12-01"))
    assert [f"{day:%m-%d}" for day in days] == ["12-31", "01-31", "02-28"]
    days = month_ends(date(2026, 3, 15), pd.Timestamp("2026-01-20"))
    assert [f"{day:%m-%d}" for day in days] == ["02-15", "03-15"]
    assert months_on(pd.Timestamp("2026-01-31"), 1) == pd.Timestamp("2026-02-28")
    assert len(month_ends(AS_OF, pd.Timestamp("1990-01-01"))) == 37


def test_heads_orders_and_newcomers_of_every_month_end_by_plain_loops(grown) -> None:
    ladder, _firsts, known, (orders, contacts, customers) = grown
    table_ = pyramid_months(ladder, months=len(ladder.days)).set_index(["month_end", "stage"])
    for number, day in list(enumerate(ladder.days))[::4]:
        staged = assign_stages(orders, contacts, table("deals"), customers, day.date())
        heads = dict.fromkeys(STAGES, 0)
        brought = dict.fromkeys(STAGES, 0)
        before = ladder.days[number - 1] if number else None
        new = 0
        for who, stage in staged["stage"].items():
            if known[who] > day:
                continue
            days = orders.loc[orders["customer_id"] == who, "ordered_on"]
            days = sorted(set(days[days <= day]))
            heads[stage] += not (days and (day - days[-1]).days >= SILENT_AFTER)
            if before is not None:
                brought[stage] += sum(one > before for one in days)
                new += known[who] > before
        month = table_.loc[day]
        assert month["customers"].drop(ALL).to_dict() == heads
        assert month.at[ALL, "customers"] == sum(heads.values())
        if number:
            assert month["orders"].drop(ALL).to_dict() == brought
            assert month.at[ALL, "came"] == new
        else:
            assert month["orders"].isna().all()


def test_steps_of_a_quarter_are_those_of_two_days(grown) -> None:
    ladder, _firsts, _known, (orders, contacts, customers) = grown
    rows = steps_by_quarter(ladder).set_index(["quarter_end", "sub_stage"])
    then, now = ladder.days[-4], ladder.days[-1]
    two = [
        assign_stages(orders, contacts, table("deals"), customers, day.date())["sub_stage"].map(
            RUNGS.index
        )
        for day in (then, now)
    ]
    for place, rung in enumerate(RUNGS[:-1]):
        on = pd.Series(ladder.active(len(ladder.days) - 4), customers.index) & (two[0] == place)
        row = rows.loc[(now, rung)]
        assert (row["customers"], row["stepped"]) == (on.sum(), (on & (two[1] > place)).sum())
    assert rows["step_rate"].dropna().between(0, 1).all()
    assert len(rows) == 4 * (len(RUNGS) - 1)


def test_an_owner_s_pyramid_adds_up_to_the_team_s(grown) -> None:
    ladder, _firsts, _known, (_orders, _contacts, customers) = grown
    rows = owner_pyramids(ladder, customers["owner"])
    assert rows.groupby("stage")["customers"].sum().reindex(STAGES).tolist() == list(
        ladder.heads(len(ladder.days) - 1)
    )
    assert rows.groupby("stage")["customers_then"].sum().reindex(STAGES).tolist() == list(
        ladder.heads(len(ladder.days) - 13)
    )
    assert owner_pyramids(ladder, pd.Series(None, customers.index, dtype="str")).empty


def test_what_a_step_takes_counts_who_is_waiting_as_waiting() -> None:
    day = pd.Timestamp(AS_OF)
    contacts = [("a", 400, "mail"), ("a", 300, "met"), ("b", 90, "mail"), ("c", 50, "mail")]
    rows = [
        {
            "customer_id": who,
            "contacted_on": day - pd.Timedelta(days=days),
            "kind": kind,
            "effort_hours": 2.0,
        }
        for who, days, kind in contacts
    ]
    touched, customers = table("contacts", *rows), people("a", "b", "c")
    ladder, firsts, known = ladder_of(table("orders"), touched, customers)
    times = rung_times(firsts, known, AS_OF).set_index(["customer_id", "sub_stage"])
    assert times.loc[("a", "mail_or_call"), ["wait_days", "went_up"]].tolist() == [100, True]
    assert times.loc[("b", "mail_or_call"), ["wait_days", "went_up"]].tolist() == [90, False]
    assert times.loc[("a", "met_once"), ["wait_days", "went_up"]].tolist() == [300, False]
    assert ("a", "name_only") not in times.index  # written to on the day they were first known
    hours = hours_by_rung(firsts, touched, day - pd.Timedelta(days=365), day)
    assert hours[["name_only", "mail_or_call"]].tolist() == [4.0, 2.0]
    steps = steps_up(times.reset_index(), ladder, hours).set_index("sub_stage")
    # By day 100, of three one had stepped up and two had been watched 50 and 90 days: all of who
    # was still watched.
    assert steps.loc["mail_or_call", ["customers", "stepped", "climb_share"]].tolist() == [2, 1, 1]
    assert np.isnan(steps.at["mail_or_call", "hours_per_step"])  # one step is no rate
    cost = cost_of_a_repeater(firsts, known, hours, AS_OF)
    assert cost["became"] == 0
    assert np.isnan(cost["hours_each"])


def test_a_step_s_share_and_half_day_come_back_from_a_world_that_is_known(grown) -> None:
    _ladder, firsts, known, _tables = grown
    times = rung_times(firsts, known, AS_OF)
    steps = steps_up(times, grown[0]).set_index("sub_stage")
    # In this world 70 % are met, and of the others 60 % x 80 % order without; half within a month.
    assert steps.at["mail_or_call", "climb_share"] == pytest.approx(0.7 + 0.3 * 0.48, abs=0.05)
    assert steps.at["mail_or_call", "half_days"] == pytest.approx(30, abs=6)


def test_what_was_foretold_came_in_a_world_that_does_not_change() -> None:
    """The mean of 24 projections is right, and 8 in 10 months lie in the band."""
    ratios, inside = [], []
    for seed in range(8):
        ladder, *_rest = ladder_of(*world(seed, months=34))
        for back in (6, 9, 12):
            at = len(ladder.days) - 1 - back
            path = pyramid_path(_up_to(ladder, at))
            told, seen = projected(ladder, at), observed(ladder, at)
            ratios.append(told.sum(axis=2) / seen.sum(axis=2))
            coming = path[(path["scenario"] == AS_NOW) & (path["stage"] == ALL)]
            orders = seen[:, 1].sum(axis=1)
            inside.append((coming["orders_low"] <= orders) & (orders <= coming["orders_high"]))
    assert np.mean(ratios, axis=0) == pytest.approx(np.ones((AHEAD, 2)), abs=0.06)
    assert np.mean(inside) == pytest.approx(0.8, abs=0.12)


def _up_to(ladder: Ladder, at: int) -> Ladder:
    return Ladder(
        ladder.days[: at + 1],
        ladder.customers,
        *(part[: at + 1] for part in (ladder.rung, ladder.age, ladder.beside, ladder.orders)),
    )


def test_nothing_after_the_day_is_used(grown) -> None:
    ladder, *_rest = grown
    at = len(ladder.days) - 7
    assert np.array_equal(projected(ladder, at), projected(_up_to(ladder, at), at))


def test_more_first_meetings_stand_on_their_rung_and_take_hours(grown) -> None:
    ladder, _firsts, _known, (_orders, contacts, _customers) = grown
    hours = hours_by_rung(grown[1], contacts, ladder.days[-7], ladder.days[-1])
    path = (
        pyramid_path(ladder, 10, hours).set_index(["scenario", "stage", "month_end"]).sort_index()
    )
    more = path.loc[(MORE, ALL)] - path.loc[(AS_NOW, ALL)]
    assert more["customers"].iloc[0] == pytest.approx(10, abs=0.01)
    assert more["came"].to_numpy() == pytest.approx(10)
    assert (more[["orders", "effort_hours"]].iloc[1:] > 0).all(axis=None)
    shown = said.says_more(path.reset_index())
    assert shown.startswith("With 10 first meetings a month more, with new people: in 6 months ")
    assert said.says_more(pyramid_path(ladder, 0, hours)) == ""


def test_a_shop_that_meets_nobody_asks_for_first_orders() -> None:
    orders, _contacts, customers = world(1)
    ladder, *_rest = ladder_of(orders, table("contacts"), customers)
    path = pyramid_path(ladder, 5)
    assert said.says_more(path).startswith("With 5 first orders a month more, from new people:")
    assert path["effort_hours"].isna().all()
    assert "hours" not in said.says_more(path)


@pytest.mark.parametrize("months", [0, 1, 5, 9])
def test_a_young_list_does_not_look_ahead(months: int) -> None:
    orders, contacts, customers = world(2, months=max(months, 1) + 1)
    late = pd.Timestamp(AS_OF) - pd.DateOffset(months=months)
    orders, contacts = (
        frame[frame[day] > late].reset_index(drop=True)
        for frame, day in ((orders, "ordered_on"), (contacts, "contacted_on"))
    )
    ladder, *_rest = ladder_of(orders, contacts, customers)
    path = pyramid_path(ladder, 10)
    assert set(path["scenario"]) == {SEEN}
    for spoken, says in (("en", "There is no looking ahead yet"), ("ja", "先の見通しはまだ")):
        with language(spoken):
            assert said.says_ahead(path).startswith(says)
            assert said.says_then_now(path)


def test_seasons_of_two_years_are_followed() -> None:
    """Twice the orders in June: the projection from March doubles there, and only there."""
    days = month_ends(AS_OF, pd.Timestamp("2000-01-01"))
    customers = pd.Index([f"c{n}" for n in range(300)])
    shape = (len(days), len(customers))
    random = np.random.default_rng(0)
    rates = np.where(days.month == 6, 0.6, 0.3)[:, None]
    orders = random.binomial(1, np.broadcast_to(rates, shape))
    rung = np.full(shape, RUNGS.index("repeated_three_times"), dtype="int8")
    ladder = Ladder(days, customers, rung, np.zeros(shape, "int8"), np.zeros(shape, bool), orders)
    told = projected(ladder, len(days) - 1)[:, 1].sum(axis=1)
    june = told[2]  # April, May, June
    assert june / np.delete(told, 2).mean() == pytest.approx(2, abs=0.35)


def test_the_view_speaks_of_the_shop_and_ends_on_its_pyramid(root: Path, tmp_path: Path) -> None:
    client = sl.open_client(root / "sample_data" / "shop" / "client.toml", tmp_path)
    register = sl.take_up_register(client)
    customers = sl.together(client, register, "revenue", "types", "stages")
    view = sl.behaviour.growth_view(customers, register, client)
    now = view.path[view.path["scenario"] == SEEN]
    now = now[now["month_end"] == now["month_end"].max()].set_index("stage")["customers"]
    heads = sl.behaviour.pyramid(customers).set_index("stage")["customers"]
    assert now[list(STAGES)].tolist() == heads.tolist()
    english = view.says()
    with language("ja"):
        japanese = view.says()
    for about in ("then_now", "came", "steps", "cost", "ahead", "more"):
        assert english[about]
        assert japanese[about] != english[about]
    assert set(STAGE_OF.values()) == set(heads.index)


def test_some_of_the_list_are_counted_alone(grown) -> None:
    """An analyst may ask of one owner's customers: others' orders and hours are not theirs."""
    ladder, firsts, _known, (orders, contacts, customers) = grown
    mine = customers[customers["owner"] == "a"]
    own, own_firsts, _own_known = ladder_of(orders, contacts, mine)
    chosen = customers.index.isin(mine.index)
    assert own.orders.sum() == ladder.orders[-len(own.days) :, chosen].sum()
    assert list(own.heads(-1)) == [
        row.customers for row in owner_pyramids(ladder, customers["owner"]).head(4).itertuples()
    ]
    span = ladder.days[0], ladder.days[-1]
    parts = [
        hours_by_rung(own_firsts, contacts, *span),
        hours_by_rung(firsts[~chosen], contacts, *span),
    ]
    assert (parts[0] + parts[1]).tolist() == hours_by_rung(firsts, contacts, *span).tolist()
