"""What is so of the customers of a run: sums over their rows and the register, plain pandas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd

from segment_lib.columns import value_label, values_of
from segment_lib.in_words import money
from segment_lib.lists import read_list, read_merges, tidy_text
from segment_lib.lists.cells.headers import match_header

TENTHS = [str(n) for n in range(1, 11)]
STAGES = list(values_of("stage"))


class Facts:
    """One row per customer and the register; everything else is summed here."""

    def __init__(self, frames: dict[str, pd.DataFrame], client) -> None:
        self.frames, self.client, self.people = frames, client, frames["customers"]
        self.day = pd.Timestamp(client.as_of)
        self.ordered = self.people[self.people["frequency"].fillna(0) > 0]
        self.answer = self.people["got_results"].astype("object")
        self.known = self.answer.isin(["yes", "no"])
        self.learned = self.people[self.people["learn_from"].fillna(False).astype(bool)]

    def read(self, table: str) -> pd.DataFrame:
        found = sorted((self.client.out_folder / "register").glob(f"{table}.*.parquet"))
        return pd.read_parquet(found[0]) if found else pd.DataFrame()

    def money(self, value: float) -> str:
        return money(value, self.client.client.currency)

    def spend(self, rows: pd.DataFrame) -> float:
        return rows["monetary"].fillna(0).sum()

    def yes(self, rows: pd.DataFrame) -> int:
        return int(self.answer[rows.index].eq("yes").sum())

    def flag(self, column: str) -> pd.Series:
        return self.people[column].fillna(False).astype(bool)

    @cached_property
    def tenths(self) -> dict[str, pd.DataFrame]:
        place = self.people["decile"].astype("object").map(lambda one: str(one).split(".")[0])
        return {one: self.people[place == one] for one in TENTHS}

    @cached_property
    def pyramid(self) -> pd.DataFrame:
        """Heads, hours, revenue of the active, and who stands beside, stage by stage."""
        beside = self.flag("lapsed") | self.flag("lost")
        active = self.people[~beside]
        spent = [active[f"hours_as_{stage}"].astype("float64") for stage in STAGES]
        table = pd.DataFrame(index=STAGES)
        table["heads"] = active["stage"].value_counts().reindex(STAGES, fill_value=0)
        table["hours"] = [one.sum(min_count=1) for one in spent]
        own = active.groupby("stage")["monetary"].sum().reindex(STAGES, fill_value=0)
        table["revenue"] = own.fillna(0)
        table["beside"] = self.people[beside]["stage"].value_counts().reindex(STAGES).fillna(0)
        return table

    def levels(self, name: str, rows: pd.DataFrame) -> pd.Series:
        """A column as the conditions of a rule name its levels."""
        return rows[name].map(
            lambda one: {True: "yes", False: "no"}.get(one, one) if pd.notna(one) else one
        )

    def meets(self, conditions: str) -> pd.DataFrame | None:
        """Whose result is learned from and who meets these; None: not to be seen in the lists."""
        rows = self.learned
        for one in json.loads(conditions):
            name, sign, level = one.partition(" = ")
            if not sign or name not in self.client.attributes or name not in rows:
                return None
            rows = rows[self.levels(name, rows).astype("object").eq(level)]
        return rows


def unknown(facts: Facts) -> list[int]:
    """Whose result is not known: who never started, and the others; nobody is not told."""
    why = facts.people.loc[~facts.known, "why_unknown"]
    never = why.isin(["no_start", "not_started"]).sum()
    return [int(n) for n in (never, len(why) - never) if n]


def due(facts: Facts) -> tuple[int, int]:
    """Orders to come with a range of days, and those that were expected before today."""
    table = facts.frames["next_order"]
    return int(table["next_to"].notna().sum()), int((table["was_due_by"] < facts.day).sum())


def back_test(facts: Facts) -> list[object]:
    """What the back-test says: whose orders were forecast as of 90 days ago, who came back."""
    row = facts.frames["next_order_test"].iloc[0]
    orders = standing_orders(facts)
    on = orders["ordered_on"]
    day = facts.day - pd.Timedelta(days=90)
    before = set(orders.loc[on <= day, "customer_id"])
    back = before & set(orders.loc[(on > day) & (on <= facts.day), "customer_id"])
    shares = [f"{row[name]:.0%}" for name in ("auc", "auc_low", "auc_high")]
    return [90, len(before), len(back), *shares, "50%"]


def alarm(facts: Facts) -> list[object]:
    """The alarm list: who is on it, what they would be missed for, how often such a list erred."""
    row, listed = facts.frames["next_order_test"].iloc[0], facts.flag("alarm")
    assert facts.people.loc[listed, "order_days"].ge(3).all()
    lost = facts.people.loc[listed, "orders_lost"].sum()
    false, silent = row["false_alarms"] / row["alarms"], row["silent"] / row["often"]
    return [listed.sum(), 3, f"{lost:.0f}", 90, 90, row["alarms"], f"{false:.0%}", f"{silent:.0%}"]


def abc(facts: Facts) -> tuple[list[int], list[float], float]:
    """Heads and shares of the spend of A, B and C, and Gini as the mean difference of all pairs."""
    spend = facts.people["monetary"].astype("float64")
    best = spend[spend > 0].sort_values(ascending=False)
    reached = best.cumsum() / best.sum()
    first, second = (1 + int((reached < cut - 1e-12).sum()) for cut in facts.client.rfm.abc_cuts)
    parts = [best.iloc[:first], best.iloc[first:second], best.iloc[second:]]
    apart = np.abs(np.subtract.outer(best.to_numpy(), best.to_numpy())).mean()
    shares = [one.sum() / best.sum() for one in parts]
    return [*map(len, parts)], shares, apart / (2 * best.mean())


def second_orders(facts: Facts) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Per customer the month of the first order day, how long they waited and were watched; and per
    month and days the share back, missing where its youngest were watched for a shorter time.
    """
    days = standing_orders(facts)[["customer_id", "ordered_on"]].drop_duplicates()
    days = days[days["ordered_on"] <= facts.day].sort_values("ordered_on")
    order = days.groupby("customer_id").cumcount()
    first, second = (days[order == n].set_index("customer_id")["ordered_on"] for n in (0, 1))
    met = facts.people["first_contact_on"].reindex(first.index)
    first = first[~(met < first.min())]
    people = pd.DataFrame(
        {
            "month": first.dt.strftime("%Y-%m"),
            "waited": (second.reindex(first.index) - first).dt.days,
            "watched": (facts.day - first).dt.days,
        }
    )
    ends = pd.to_datetime(people["month"]) + pd.offsets.MonthEnd(1)
    made = {}
    for within in (30, 90, 180, 360):
        back = (people["waited"] <= within).groupby(people["month"]).mean()
        known = (facts.day - ends).dt.days.groupby(people["month"]).min() >= within
        made[within] = back.where(known)
    return people, pd.DataFrame(made)


def kaplan_meier(people: pd.DataFrame, within: int) -> list[float]:
    """Share back, day by day of those who still wait, and its interval (Greenwood, log-log)."""
    still, spread = 1.0, 0.0
    for day in range(1, within + 1):
        waits = people["waited"] >= day
        at_risk = (waits | (people["waited"].isna() & (people["watched"] >= day))).sum()
        came = (people["waited"] == day).sum()
        if came:
            still *= 1 - came / at_risk
            spread += came / (at_risk * (at_risk - came))
    reach = 1.959964 * spread**0.5 / abs(np.log(still))
    return [1 - still, *(1 - still ** np.exp(sign * reach) for sign in (-1, 1))]


def standing_orders(facts: Facts) -> pd.DataFrame:
    """The orders of the register that did not come back entirely."""
    orders, undone = facts.read("orders"), facts.read("adjustments")
    if len(undone):
        undone = undone[pd.to_datetime(undone["adjusted_on"]) <= facts.day]
        back = undone.groupby("order_id")["amount"].sum().abs()
        kept = orders["amount"] - orders["order_id"].map(back).fillna(0) > 0.005
        orders = orders[kept | orders["amount"].le(0)]
    return orders.assign(ordered_on=pd.to_datetime(orders["ordered_on"]))


def growth(facts: Facts) -> Iterator[list[object]]:
    """The pyramid a year ago and now, who came onto the list, what a repeater takes, what comes."""
    path, cost = facts.frames["pyramid_path"], facts.frames["repeater_cost"].iloc[0]
    seen, coming, more = (path[path["scenario"] == one] for one in ("seen", "as_now", "more"))
    days = sorted(seen["month_end"].unique())
    then = seen[seen["month_end"] == days[0]].set_index("stage")["customers"]
    now = facts.pyramid["heads"]
    stages = [
        [str(value_label("stage", one)), then[one], now[one]]
        for one in STAGES
        if then[one] or now[one]
    ]
    yield [len(days) - 1, then[STAGES].sum(), now.sum(), *stages]
    first = _first_days(facts)
    half = [facts.day - pd.DateOffset(months=months) for months in (12, 6, 0)]
    yield [((first > a) & (first <= b)).sum() for a, b in pairwise(half)]
    wins = facts.read("orders").drop_duplicates(["customer_id", "ordered_on"])
    on = pd.to_datetime(wins["ordered_on"]).groupby(wins["customer_id"])
    fourth = on.apply(lambda one: one.sort_values().iloc[3] if len(one) > 3 else pd.NaT)
    year = facts.day - pd.Timedelta(days=365)
    ordered = ((fourth > year) & (fourth <= facts.day)).sum()
    assert ordered <= cost["became"] <= 1.2 * ordered, "the others are deals that are no orders"
    days_to = f"{cost['days_to_repeater']:.0f}"
    price = [f"{cost['effort_hours']:.0f}", f"{cost['hours_each']:.0f}"]
    yield [cost["became"], days_to, *(price if pd.notna(cost["hours_each"]) else []), days_to]
    end = coming[coming["month_end"] == coming["month_end"].max()].set_index("stage")
    cells = [("customer", "customers"), ("repeater", "customers"), ("all", "orders")]
    told = [
        f"{end.at[stage, what + tail]:.0f}"
        for stage, what in cells
        for tail in ("", "_low", "_high")
    ]
    yield [
        str(value_label("stage", "customer")),
        str(value_label("stage", "repeater")),
        *told,
        8,
        10,
    ]
    both = [one.set_index(["stage", "month_end"]).sort_index() for one in (more, coming)]
    plus = both[0].select_dtypes("number") - both[1].select_dtypes("number")
    last = plus.xs(end["month_end"].iloc[0], level="month_end")["customers"]
    spent = plus.loc["all", "effort_hours"].sum(min_count=1)
    yield [
        facts.client.stages.more_first_meetings, len(plus.loc["all"]),
        f"{plus.loc['all', 'orders'].sum():.0f}", f"{last[['customer', 'repeater']].sum():.0f}",
        *([f"{spent:.0f}"] if pd.notna(spent) else []),
    ]  # fmt: skip


def _first_days(facts: Facts) -> pd.Series:
    """The first day each customer was heard of, in any list."""
    days = [pd.to_datetime(facts.people["first_contact_on"])]
    for table, day in (
        ("orders", "ordered_on"),
        ("contacts", "contacted_on"),
        ("deals", "opened_on"),
    ):
        rows = facts.read(table)
        if len(rows):
            days.append(pd.to_datetime(rows[day]).groupby(rows["customer_id"]).min())
    return pd.concat([one.reindex(facts.people.index) for one in days], axis=1).min(axis=1)


def standing_on(facts: Facts, day: pd.Timestamp) -> pd.DataFrame:
    """Orders up to the day which no return up to the day had taken back: customer_id, on."""
    orders, undone = facts.read("orders"), facts.read("adjustments")
    if len(undone):
        undone = undone[pd.to_datetime(undone["adjusted_on"]) <= day]
        back = orders["order_id"].map(undone.groupby("order_id")["amount"].sum())
        orders = orders[~(orders["amount"] + back <= 0.005)]
    table = pd.DataFrame({"who": orders["customer_id"], "on": pd.to_datetime(orders["ordered_on"])})
    return table[table["on"] <= day]


def who_ordered(facts: Facts) -> pd.DataFrame:
    """By group of a quarter ago, and for all: how many they were, how many have ordered since."""
    start = facts.day - pd.Timedelta(days=91)
    last = standing_on(facts, start).groupby("who")["on"].max()
    group = pd.cut(
        (start - last).dt.days, [-1, 90, 181, 1e6], labels=["active", "cooling", "quiet"]
    )
    now = standing_on(facts, facts.day)
    since = pd.Series(last.index.isin(now.loc[now["on"] > start, "who"]), index=last.index)
    table = since.groupby(group, observed=False).agg(["size", "sum"])
    table.index = table.index.astype("str")
    table.loc["all"] = len(since), since.sum()
    return table.set_axis(["customers", "ordered"], axis=1)


def quotes(facts: Facts) -> pd.Series:
    """Per open proposal where its customer stands today."""
    deals = facts.read("deals")
    if deals.empty:
        return pd.Series(dtype="object")
    proposed, decided = pd.to_datetime(deals["proposed_on"]), pd.to_datetime(deals["decided_on"])
    out = deals[(proposed <= facts.day) & ~(decided <= facts.day)]
    return facts.people["status"].reindex(out["customer_id"])


def returns(facts: Facts) -> pd.Series:
    """Who ordered again on another day, by the number of the order before."""
    days = facts.people["order_days"].dropna().astype(int)
    again = pd.Series([number for n in days for number in range(1, n)])
    return pd.cut(again, [0, 1, 2, 4, 9, 10_000]).value_counts(sort=False)


def requests(facts: Facts) -> pd.DataFrame:
    """Per request: who was asked, who did it well, half of the days an answer took."""
    contacts = facts.read("contacts")
    if contacts.empty or not facts.client.steps:
        return pd.DataFrame(columns=["asked", "done", "days"])
    rows = contacts[contacts["step"].notna()]
    rows = rows[pd.to_datetime(rows["asked_on"]) <= facts.day]
    waited = pd.to_datetime(rows["answered_on"]) - pd.to_datetime(rows["asked_on"])
    by = rows.assign(waited=waited.dt.days).groupby("step")
    table = by.agg(asked=("customer_id", "nunique"), days=("waited", "median"))
    done = rows[rows["done_well"].fillna(False).astype(bool)]
    table["done"] = done.groupby("step")["customer_id"].nunique()
    return table.assign(days=[f"{one:.0f}" for one in table["days"]])


# --- what the register asks about its lists ------------------------------------------------------
def doubts(facts: Facts) -> Iterator[list[object]]:
    """Sales after the day; per list the share of its customers who stand in the customers' list."""
    sold = facts.read("order_lines" if len(facts.read("order_lines")) else "orders")
    late = int((pd.to_datetime(sold["ordered_on"]) > facts.day).sum())
    if late:
        yield [late]
    aside = facts.read("set_aside")
    ids = {name: _ids(facts, name, aside) for name in facts.client.lists}
    own = set().union(*(ids[name] for name in ids if facts.client.table_of(name) == "customers"))
    for name, there in ids.items():
        missing = there - own
        if facts.client.table_of(name) == "customers" or len(there) < 10 or not missing:
            continue
        share = min(100 * (1 - len(missing) / len(there)), 99.9)
        yield [name, f"{share:.1f}", len(there)]


def _ids(facts: Facts, name: str, aside: pd.DataFrame) -> set[str]:
    """The customers of the rows of a list that were kept, merged as people confirmed."""
    raw = read_list(facts.client, name).frame
    left = aside[aside["list"] == name][["file", "row_number"]].apply(tuple, axis=1)
    kept = raw[~raw[["file", "row_number"]].apply(tuple, axis=1).isin(set(left))]
    header = match_header(facts.client.lists[name].columns["customer_id"], list(raw.columns))
    ids = kept[header].map(tidy_text)
    return set(ids.replace(read_merges(facts.client))) - {""}
