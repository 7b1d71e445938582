"""Notebooks 02 to 06 in one call each: standing, revenue, types and orders, stages, clusters.

`customers` is one row per customer, indexed by customer_id; `tables` a register, or a mapping of
plain frames by table name; `rules` the settings of a client, or one section of them, such as
`sl.RfmRules()`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

import pandas as pd

from segment_lib.behaviour import cpm, five_types, revenue_said, said, types_said
from segment_lib.behaviour.as_of import (
    customer_history,
    first_heard_of,
    history_on,
    known_by,
    order_days_on,
    read_by,
    require_order_dates,
    require_revenue,
    status_on,
    summed_up_only,
)
from segment_lib.behaviour.clusters.estimator import BehaviourClusters, with_names
from segment_lib.behaviour.clusters.measures import spread_of_measures
from segment_lib.behaviour.deciles import (
    SMALLEST_LIST,
    abc_table,
    assign_abc,
    assign_deciles,
    decile_table,
    lorenz_curve,
)
from segment_lib.behaviour.history import (
    first_purchase_unknown,
    line_history,
    line_order_days,
    order_history,
)
from segment_lib.behaviour.incidents import assign_incidents, recovery_queue, recovery_table
from segment_lib.behaviour.movement import movement_table
from segment_lib.behaviour.next_order import NextOrder, back_test_frame, next_by_line
from segment_lib.behaviour.rfm import ScoreCuts, interval_days
from segment_lib.behaviour.second_orders import second_order_cohorts
from segment_lib.behaviour.segments import by_cuts, name_segments, profile_segments
from segment_lib.behaviour.stages import ahead, months, rungs
from segment_lib.behaviour.stages import said as growth_said
from segment_lib.behaviour.status import assign_status, deal_against_status, open_proposals
from segment_lib.behaviour.steps import assign_steps
from segment_lib.behaviour.type_splits import (
    assign_splits,
    price_border,
    profile_split,
    unit_prices,
)
from segment_lib.behaviour.waiting import WaitingCurve, order_gaps, waiting_frame
from segment_lib.client import Client
from segment_lib.lists import priority_table, tables_of, to_frame
from segment_lib.settings import FiveTypesSection
from segment_lib.view import AnyRules, View, question, settings_of

# What is due where there is nothing to look at.
NOTHING_DUE: dict[str, Any] = {
    "next_from": pd.NaT, "next_on": pd.NaT, "next_to": pd.NaT, "next_chance": float("nan"),
    "next_within_days": 0, "was_due_from": pd.NaT, "was_due_by": pd.NaT, "overdue_days": 0,
    "chance_30d": float("nan"), "chance_90d": float("nan"), "alarm": False, "five_type": "",
}  # fmt: skip
NO_GAPS = pd.DataFrame(
    columns=["order_number", "wait_days", "span_before_days"], dtype="int64"
).assign(came_back=False)


# --- 02: new or existing, what is still open, and is a deal likely? -----------------------------
@dataclass(frozen=True, repr=False)
class StandingView(View):
    """`customers`: new or existing, net spend of a year and the status of today, one row each;
    `priority`: one row per customer with a stated potential, the widest open first.
    """

    customers: pd.DataFrame
    priority: pd.DataFrame
    currency: str

    says = said.standing


def standing_view(customers: pd.DataFrame, tables: Any, rules: Client) -> StandingView:
    """Who is new, how much is still open with whom, where each stands today; nothing is kept.

    `customers` is the customer list. New is whose first order lies within the last 365 days; the
    spend of a year is the net sum of today less that of a year ago.
    """
    year_ago = rules.as_of - timedelta(days=365)
    now, then = (history_on(tables, rules, day) for day in (rules.as_of, year_ago))
    first = now["first_order_on"].reindex(customers.index)
    age = pd.Series("no_order", customers.index, name="new_or_existing", dtype="str")
    age = age.mask(first.notna(), "existing").mask(first > pd.Timestamp(year_ago), "new")
    spend = now["monetary"].sub(then["monetary"], fill_value=0).rename("spend_last_year")
    status = status_on(tables, rules, rules.as_of)
    return StandingView(
        pd.concat([age, spend.reindex(customers.index), status.reindex(customers.index)], axis=1),
        priority_table(customers, spend),
        rules.client.currency,
    )


# --- 03: who brings the money? ------------------------------------------------------------------
@dataclass(frozen=True, repr=False)
class RevenueView(View):
    """`customers`: history, scores r f m, segment, decile and class, one row each; `cuts`: what
    earns a score; `segments`, `deciles`, `abc`: one row per group; `lorenz`: one per point.
    """

    KEEPS: ClassVar = {
        "revenue": "customers", "rfm_segments": "segments", "deciles": "deciles", "abc": "abc",
        "lorenz": "lorenz",
    }  # fmt: skip

    customers: pd.DataFrame
    cuts: ScoreCuts
    segments: pd.DataFrame
    deciles: pd.DataFrame
    abc: pd.DataFrame
    lorenz: pd.DataFrame
    as_of: date | None
    currency: str

    @property
    def top(self) -> pd.DataFrame:
        """The customers of the top tenth; where there are no tenths, all who ordered."""
        tenths = self.customers["decile"].notna().any()
        above = self.customers["decile"] == 1 if tenths else self.customers["frequency"] > 0
        return self.customers[above.fillna(False)]

    says = revenue_said.revenue


@question("03", RevenueView, requires=require_revenue)
def revenue_view(
    customers: pd.DataFrame,
    tables: Any = None,
    rules: AnyRules = None,
    *,
    cuts: ScoreCuts | None = None,
) -> RevenueView:
    """Who brings the money: history, RFM scores, named segments, deciles and ABC.

    `customers` that have no history yet get it from `tables`. `cuts`: scores by other cut points
    than those of [rfm], fitted or not.

    >>> days = ["2025-05-01", "2025-06-20", "2025-06-29"]
    >>> orders = {"customer_id": ["a", "a", "b"], "ordered_on": days, "amount": [30, 50, 20]}
    >>> history = order_history(pd.DataFrame(orders), as_of="2025-06-30")
    >>> print(revenue_view(history).says()["paid"])
    As of 2025-06-30: 2 customers, 2 with orders. They paid 100 net; 0 came back.
    """
    rules = settings_of(rules, customers)
    if "recency_days" not in customers:
        customers = customer_history(tables, rules)
    cuts = cuts or ScoreCuts.from_rules(rules.rfm)
    cuts = cuts if hasattr(cuts, "cuts_") else cuts.fit(customers)
    if cuts.f == "interval" and "interval_days" not in customers:
        customers = customers.join(interval_days(customers))
    customers = customers.join(cuts.transform(customers))
    customers["rfm_segment"] = name_segments(customers, rules.rfm, cuts)
    enough = (customers["monetary"] > 0).sum() >= SMALLEST_LIST
    customers["decile"] = (
        assign_deciles(customers) if enough else pd.Series(pd.NA, customers.index, dtype="Int64")
    )
    customers["abc"] = assign_abc(customers, rules.rfm.abc_cuts)
    return RevenueView(
        customers,
        cuts,
        profile_segments(customers, by_cuts(rules.rfm, cuts)),
        decile_table(customers),
        abc_table(customers),
        lorenz_curve(customers),
        rules.as_of,
        rules.client.currency,
    )


@dataclass(frozen=True, repr=False)
class IntervalView(View):
    """`customers`: orders and interval of whoever ordered, F and segment by either, one row each;
    none where no days are known; `comparable`: as many scores by one as by the other.
    """

    customers: pd.DataFrame
    comparable: bool

    says = revenue_said.interval


def interval_view(
    customers: pd.DataFrame, tables: Any = None, rules: AnyRules = None
) -> IntervalView:
    """F as the number of orders beside F as the interval between purchases, whatever [rfm] says.

    `customers` that have no history yet get it from `tables`. The segments are the rows in force.
    """
    rules = settings_of(rules, customers)
    if "recency_days" not in customers:
        customers = customer_history(tables, rules)
    if customers["order_days"].isna().any():
        customers = customers.iloc[:0]
    people = customers[customers["frequency"] > 0]
    both = pd.DataFrame(index=people.index)
    kinds = [rules.rfm.model_copy(update={"f": f}) for f in ("orders", "interval")]
    learned = [ScoreCuts.from_rules(kind).fit(customers) for kind in kinds]
    comparable = learned[0].n_scores_ == learned[1].n_scores_
    for cuts in learned:
        scores = cuts.transform(people)
        both[f"f_by_{cuts.f}"] = scores["f"]
        both[f"segment_by_{cuts.f}"] = name_segments(scores, rules.rfm) if comparable else None
    measured = people[["frequency", "order_days"]].join(interval_days(people))
    return IntervalView(measured.join(both), comparable)


@dataclass(frozen=True, repr=False)
class ReturnsView(View):
    """`net`, `gross`: the history with and without returns, one row per customer each."""

    net: pd.DataFrame
    gross: pd.DataFrame

    says = revenue_said.returns


def returns_view(customers: pd.DataFrame, tables: Any, rules: AnyRules = None) -> ReturnsView:
    """Net beside gross: the same orders read twice, whatever [rules] says of returns."""
    rules, tables = settings_of(rules, customers), tables_of(tables)
    options = {"customers": tables.customers, "time_zone": rules.client.time_zone}
    net, gross = (
        to_frame(order_history(tables, rules.as_of, returns=how, **options), indexed=True)
        for how in ("net", "ignore")
    )
    return ReturnsView(net, gross)


# --- 04: which types, and when is the next order due? -------------------------------------------
@dataclass(frozen=True, repr=False)
class TypesView(View):
    """`customers`: type, lapse and next order, one row each; `model`: when orders come, learned
    from the `gaps`, the `waits` of its curve as rows, its `test` on the last 90 days as one row;
    `thresholds`: one row for all, then one per product line; `profile`: one row per type;
    `by_rule`: our rule beside the published one; `first_unknown`: whose first order may lie before
    the lists; `second`: one row per month of first order and days until a second; `by_price`,
    `by_campaign`: one row per type and level.
    """

    KEEPS: ClassVar = {
        "types": "customers", "five_types": "profile", "waiting_curve": "waits",
        "next_order_test": "test", "second_orders": "second",
    }  # fmt: skip

    customers: pd.DataFrame
    model: NextOrder
    waits: pd.DataFrame
    test: pd.DataFrame
    gaps: pd.DataFrame
    thresholds: pd.DataFrame
    profile: pd.DataFrame
    by_rule: pd.DataFrame
    first_unknown: pd.Series
    second: pd.DataFrame
    by_price: pd.DataFrame
    by_campaign: pd.DataFrame
    currency: str

    says = types_said.types


@question("04", TypesView, needs="revenue", requires=require_order_dates)
def types_view(
    customers: pd.DataFrame,
    tables: Any = None,
    rules: AnyRules = None,
    *,
    model: NextOrder | None = None,
    thresholds: pd.DataFrame | None = None,
) -> TypesView:
    """The five repeat types and each customer's next order.

    `customers` has its history; `tables` its orders, for the waits. `model`: when orders come,
    learned elsewhere; `thresholds`: other ones than [five_types] states or the data propose.
    """
    tables, rules = tables_of(tables), settings_of(rules, customers)
    if summed_up_only(tables):  # one order of which no day is known makes no type
        customers = customers.assign(order_days=pd.array([pd.NA] * len(customers), dtype="Int64"))
    gaps = order_gaps(order_days_on(tables, rules, rules.as_of))
    model = model or _unfitted(rules).fit(gaps)
    due = model.transform(customers)
    if thresholds is None:
        options = (rules.as_of, tables.adjustments)
        lines = to_frame(line_history(tables.order_lines, *options, **read_by(rules)))
        thresholds = _thresholds(customers, lines, rules.five_types)
    everyone = customers[customers.columns.difference(due.columns, sort=False)].join(due)
    types = five_types.assign_five_types(everyone, rules.five_types, thresholds)
    first_contact = tables.frame("customers")["first_contact_on"]
    unknown = first_purchase_unknown(everyone, first_contact)
    prices = unit_prices(everyone, tables.order_lines, rules.as_of)
    priced = everyone.join(types).join(prices)
    high_from = rules.five_types.high_unit_price or price_border(priced)
    split = priced[["unit_price"]].join(assign_splits(priced, high_from))
    typed = everyone.join(types).join(split)
    return TypesView(
        types.join(due).join(split),
        model,
        waiting_frame(model.curve_),
        back_test_frame(model),
        gaps,
        thresholds,
        five_types.profile_types(typed),
        five_types.compare_type_rules(everyone, rules.five_types),
        unknown,
        second_order_cohorts(gaps[~gaps["customer_id"].isin(unknown.index[unknown])]),
        profile_split(typed, "price_level").assign(
            high_from=high_from,
            per_piece=prices["per_piece"].any(),
            stated=rules.five_types.high_unit_price is not None,
        ),
        profile_split(typed, "campaign_level"),
        rules.client.currency,
    )


def _unfitted(rules: Any) -> NextOrder:
    return NextOrder(rules.next_order.horizon_days, rules.next_order.contacts)


def _thresholds(
    customers: pd.DataFrame, lines: pd.DataFrame, rules: FiveTypesSection
) -> pd.DataFrame:
    """In force: the row for all from the customers, the others from their product lines."""
    proposed = five_types.propose_thresholds(customers, lines if len(lines) else None)
    general = five_types.resolve_thresholds(customers, rules, proposed.iloc[:1])
    by_line = five_types.resolve_thresholds(lines, rules, proposed).iloc[1:]
    return pd.concat([general, by_line], ignore_index=True)


@dataclass(frozen=True, repr=False)
class CpmView(View):
    """`groups`: the ten groups of the published rule, heads today, half a year and a year ago;
    `rates`: one row per step up since half a year ago, beside its target; `day`: that day;
    `spend_from`: from which spend a customer is fad or loyal; `stated`: people stated the targets;
    `young`: the first order is less than a year old.
    """

    groups: pd.DataFrame
    rates: pd.DataFrame
    day: date
    spend_from: float
    stated: bool
    young: bool

    says = types_said.cpm


@question("04", CpmView, needs="revenue", requires=require_order_dates)
def cpm_view(
    customers: pd.DataFrame, tables: Any, rules: AnyRules = None, *, day: date | None = None
) -> CpmView:
    """The ten CPM groups, and how many rose since `day`, half a year ago, beside the targets.

    `customers` have their history. The limits of today are those of every day.
    """
    tables, rules = tables_of(tables), settings_of(rules, customers)
    today = pd.Timestamp(rules.as_of)
    day = day or (today - pd.DateOffset(months=cpm.MONTHS_BETWEEN)).date()
    own = rules.five_types
    section = own if own.rule == "cpm" else FiveTypesSection(rule="cpm")
    spend_from = five_types.resolve_thresholds(customers, section)["loyal_spend"].iloc[0]
    section = section.model_copy(update={"loyal_spend": spend_from})  # the same on every day
    year_ago = (today - pd.DateOffset(years=1)).date()
    people = {
        "customers": customers,
        "customers_half_year_ago": history_on(tables, rules, day),
        "customers_year_ago": history_on(tables, rules, year_ago),
    }
    typed = {
        name: five_types.assign_five_types(rows, section).dropna(subset="five_type")
        for name, rows in people.items()
    }
    return CpmView(
        cpm.cpm_groups(typed),
        cpm.step_up_rates(typed["customers_half_year_ago"], typed["customers"], own.cpm_targets),
        day,
        spend_from,
        own.cpm_targets != cpm.CPM_TARGETS,
        customers["first_order_on"].min() > pd.Timestamp(year_ago),
    )


@dataclass(frozen=True, repr=False)
class LinesView(View):
    """`lines`: one row per customer and product line: history, type and due dates; `due`: the
    same, or one row per customer where no order names a line; `gaps`: the waits seen; `names` of
    the customers.
    """

    KEEPS: ClassVar = {"next_order": "lines"}

    lines: pd.DataFrame
    due: pd.DataFrame
    gaps: pd.DataFrame
    names: pd.Series
    as_of: date

    @property
    def soon(self) -> pd.DataFrame:
        """Who repeats and is in the time in which the next order was expected, or will be within
        14 days, the likeliest first.
        """
        today = pd.Timestamp(self.as_of)
        soon = (self.due["was_due_from"] <= today + types_said.SOON) & (
            self.due["was_due_by"] >= today
        )
        return self.due[soon].sort_values("chance_30d", ascending=False)

    @property
    def overdue(self) -> pd.DataFrame:
        """Past the whole range, those since lately first."""
        return self.due[self.due["overdue_days"].fillna(0) > 0].sort_values("overdue_days")

    @property
    def expected(self) -> pd.DataFrame:
        """`due` as charts and sentences take it: without a product line where none is named."""
        return self.due.drop(columns="product_line") if self.lines.empty else self.due

    says = types_said.lines


@question("04", LinesView, requires=require_order_dates)
def lines_view(
    customers: pd.DataFrame,
    tables: Any,
    rules: AnyRules = None,
    *,
    gaps: pd.DataFrame | None = None,
) -> LinesView:
    """The next order by product line, each by its own rhythm; no rows where no line is named.

    `customers` with their types and due dates stand for the lines where no line is named. `gaps`:
    the waits seen, as `types_view` gives them, to judge a rule of "twice the own gap" by.
    """
    tables, rules = tables_of(tables), settings_of(rules, customers)
    options = (rules.as_of, tables.adjustments)
    lines = to_frame(line_history(tables.order_lines, *options, **read_by(rules)))
    lines = lines.sort_values(["customer_id", "product_line"]).set_index("customer_id")
    if len(lines):
        days = to_frame(line_order_days(tables.order_lines, *options, **read_by(rules)))
        due = next_by_line(days, lines, _unfitted(rules)).drop(columns="product_line")
        lines = pd.concat([lines, due], axis=1)
        types = five_types.assign_five_types(lines, rules.five_types)
        lines = due = pd.concat([lines, types], axis=1)
    elif "next_on" in customers:
        due = customers.assign(product_line=five_types.ALL_LINES)
    else:
        due = lines.assign(**NOTHING_DUE)
    names = tables.frame("customers")["name"]
    names = names.fillna(names.index.to_series())
    return LinesView(lines, due, NO_GAPS if gaps is None else gaps, names, rules.as_of)


@dataclass(frozen=True, repr=False)
class CampaignsView(View):
    """`days`: one row per day with orders; `customers`: what set off the first order, one row each;
    `campaigns`: one row per campaign of a first order, and what they who came by it have become.
    """

    days: pd.DataFrame
    customers: pd.DataFrame
    campaigns: pd.DataFrame

    says = types_said.campaigns


def campaigns_view(customers: pd.DataFrame, tables: Any, rules: AnyRules = None) -> CampaignsView:
    """Which days brought the money, by what customers came; `customers` hold their types."""
    today = pd.Timestamp(settings_of(rules, customers).as_of)
    orders = tables_of(tables).frame("orders").sort_values(["ordered_on", "order_id"])
    orders = orders[orders["ordered_on"] <= today]
    days = orders.groupby("ordered_on").agg(
        orders=("amount", "size"),
        spend=("amount", "sum"),
        campaign=("campaign", "first"),
        margin_sum=("margin", lambda money: money.sum(min_count=1)),
    )
    days["margin_rate"] = (days.pop("margin_sum") / days["spend"]).astype("float64")
    first = orders.drop_duplicates("customer_id").set_index("customer_id")["campaign"]
    came = customers[["five_type", "lapsed", "monetary", "margin_sum"]]
    came = came.join(first.fillna(types_said.NO_CAMPAIGN), how="inner").assign(customers=1)
    came = came.assign(fad=came["five_type"].eq("fad"), loyal=came["five_type"].eq("loyal"))
    sums = ["customers", "fad", "loyal", "lapsed", "monetary", "margin_sum"]
    campaigns = came.groupby("campaign")[sums].sum(min_count=1)
    campaigns["margin_rate"] = campaigns.pop("margin_sum") / campaigns["monetary"]
    return CampaignsView(days, came, campaigns)


# --- 05: how far has the relation come, and where does it stand now? ----------------------------
@dataclass(frozen=True, repr=False)
class StagesView(View):
    """`customers`: stage, status, requests and incidents, one row each; `pyramid`: one row per
    stage, `checks`: does its shape hold; `quotes`: open proposals by the status of today;
    `owners`, `owner_checks`: the same pyramid for each `owner`, of whom one is shown; `queue`:
    customers with an open incident in the order to call them; `recovery`: one row per state of an
    incident, how fast we were, what comes next.
    """

    KEEPS: ClassVar = {
        "stages": "customers", "pyramid": "pyramid", "pyramid_checks": "checks",
        "deal_against_status": "quotes", "recovery": "recovery",
    }  # fmt: skip

    customers: pd.DataFrame
    pyramid: pd.DataFrame
    checks: pd.DataFrame
    quotes: pd.DataFrame
    owners: pd.DataFrame
    owner_checks: pd.DataFrame
    queue: pd.DataFrame
    recovery: pd.DataFrame

    @property
    def owner(self) -> str:
        """Of the owners with customers on most stages, the one with most customers; "" if none."""
        held = self.owners[self.owners["customers"] > 0]
        reach = held.groupby("owner")["customers"].agg(["size", "sum"])
        return "" if reach.empty else str(reach.sort_values(["size", "sum"]).index[-1])

    says = said.stages


@question("05", StagesView, needs="revenue types")
def stages_view(
    customers: pd.DataFrame, tables: Any, rules: Client, *, status: pd.DataFrame | None = None
) -> StagesView:
    """How far each relation has come, where the customer stands now, what is asked and unsolved.

    `status`: as `assign_status` gives it, by other limits than [status].
    """
    tables, as_of = tables_of(tables), rules.as_of
    orders, contacts, deals, incidents = (
        tables.frame(name) for name in ("orders", "contacts", "deals", "incidents")
    )
    ladder = rungs.assign_stages(orders, contacts, deals, customers, as_of, rules.stages)
    ladder = ladder.join(rungs.assign_lost(ladder, deals, as_of))
    if status is None:
        status = assign_status(customers, contacts, deals, incidents, as_of, rules.status)
    effort = rungs.effort_spent(orders, contacts, deals, as_of, customers.index, rules.stages)
    table = ladder.join(status).join(effort)
    table = table.join(assign_steps(contacts, rules.steps, as_of, customers.index))
    table = table.join(assign_incidents(incidents, as_of, customers.index))
    staged = customers.join(table)
    heads = rungs.pyramid(staged)
    owners = rungs.pyramid(staged if "owner" in staged else staged.assign(owner=None), by="owner")
    return StagesView(
        table,
        heads,
        rungs.check_pyramid(heads),
        deal_against_status(deals, table["status"], as_of),
        owners,
        rungs.check_pyramid(owners),
        recovery_queue(table),
        recovery_table(incidents, table, as_of),
    )


@dataclass(frozen=True, repr=False)
class GrowthView(View):
    """`path`: heads, orders, new customers and hours per month and stage, of the last year and, by
    scenario, of the coming months; `owners`: each owner's pyramid a year ago and now; `quarters`:
    steps up per quarter and rung; `steps`: what a step up takes, one row per rung; `cost`: what a
    lost repeater takes to replace, one row.
    """

    KEEPS: ClassVar = {
        "pyramid_path": "path", "owner_pyramids": "owners", "steps_by_quarter": "quarters",
        "steps_up": "steps", "repeater_cost": "cost",
    }  # fmt: skip

    path: pd.DataFrame
    owners: pd.DataFrame
    quarters: pd.DataFrame
    steps: pd.DataFrame
    cost: pd.DataFrame

    says = growth_said.growth


@question("05", GrowthView, needs="revenue types stages")
def growth_view(
    customers: pd.DataFrame, tables: Any, rules: Client, *, more_first_meetings: int | None = None
) -> GrowthView:
    """How the pyramid grew, what a step up takes, and what comes if nothing changes.

    `customers` have their history, stage and owner; `more_first_meetings` a month, else those that
    [stages] states.
    """
    tables, as_of = tables_of(tables), rules.as_of
    if summed_up_only(tables):  # lists that do not say when somebody came onto a rung
        customers = customers.iloc[:0]
    orders, contacts, deals = (tables.frame(name) for name in ("orders", "contacts", "deals"))
    firsts = rungs.first_days(orders, contacts, deals, as_of, rules.stages)
    firsts = firsts.reindex(customers.index)
    known = first_heard_of(tables).reindex(customers.index)
    days = order_days_on(tables, rules, as_of)
    silence = five_types.lapse_rule(
        customers, rules.five_types, WaitingCurve().fit(order_gaps(days))
    )
    grown = months.ladder_months(firsts, known, days, silence, as_of=as_of, deals=deals)
    day = grown.days[-1]
    year = months.hours_by_rung(firsts, contacts, day - pd.Timedelta(days=months.YEAR_DAYS), day)
    learned_from = grown.days[-1 - min(ahead.LEARN_FROM, len(grown.days) - 1)]
    half = months.hours_by_rung(firsts, contacts, learned_from, day)
    more = rules.stages.more_first_meetings if more_first_meetings is None else more_first_meetings
    owner = customers.get("owner", pd.Series(None, customers.index, dtype="str"))
    return GrowthView(
        ahead.pyramid_path(grown, more, half),
        months.owner_pyramids(grown, owner),
        months.steps_by_quarter(grown),
        months.steps_up(months.rung_times(firsts, known, as_of), grown, year),
        months.cost_of_a_repeater(firsts, known, year, as_of).to_frame().T,
    )


@dataclass(frozen=True, repr=False)
class StatusView(View):
    """The status of `day` beside that of today, each by what was known on its day.

    `then`: status of everybody heard of by `day`; `moves`: one row per status then and now;
    `deciding`: who was deciding now on `day`, with the status of today and whether they
    `ordered_since`; `quotes`: proposals out on both days, with name and status of then beside.
    """

    day: date
    days: int
    then: pd.DataFrame
    moves: pd.DataFrame
    deciding: pd.DataFrame
    quotes: pd.DataFrame

    says = said.status


@question("05", StatusView, needs="revenue stages")
def status_view(
    customers: pd.DataFrame, tables: Any, rules: Client, *, day: date | None = None
) -> StatusView:
    """Who rose and fell since `day`, by themselves: today's status beside that of four weeks ago.

    `customers` have their history and the status of today.
    """
    tables = tables_of(tables)
    day = day or rules.as_of - timedelta(days=said.FOUR_WEEKS)
    then = status_on(tables, rules, day)[known_by(tables, day)]
    deals = tables.frame("deals")
    out_then = open_proposals(deals, then["status"], day)[["deal_id", "status"]]
    out_now = open_proposals(deals, customers["status"], rules.as_of)
    hot = then.index[then["status"] == "deciding_now"]
    deciding = customers.reindex(hot)[["status", "status_reason", "last_order_on"]]
    since = deciding["last_order_on"] > pd.Timestamp(day)
    quotes = out_now.merge(out_then, on="deal_id", suffixes=("", "_then"))
    names = customers.get("name", pd.Series("", customers.index)).fillna("○○") + "様"
    return StatusView(
        day,
        (rules.as_of - day).days,
        then,
        movement_table(then["status"], customers["status"]),
        deciding.assign(ordered_since=since).drop(columns="last_order_on"),
        quotes.assign(name=names.reindex(quotes["customer_id"]).to_numpy()),
    )


# --- 06: which behaviours hold together? --------------------------------------------------------
@dataclass(frozen=True, repr=False)
class ClustersView(View):
    """`customers`: the cluster of each; `clusters`: what was learned; `choice`: one row per number
    of clusters tried; `profile`: one row per cluster; `spread`: how far the largest value of each
    measure lies out; `learned`: what was learned as JSON, one row, kept with an accepted list;
    `before`: the clusters of the last accepted list, None if there is none.
    """

    KEEPS: ClassVar = {
        "clusters": "customers", "cluster_choice": "choice", "cluster_profile": "profile",
        "clusters_learned": "learned",
    }  # fmt: skip

    customers: pd.DataFrame
    clusters: BehaviourClusters
    choice: pd.DataFrame
    profile: pd.DataFrame
    spread: pd.DataFrame
    learned: pd.DataFrame
    before: BehaviourClusters | None

    says = said.clusters


@question("06", ClustersView, needs="revenue", requires=require_revenue)
def clusters_view(
    customers: pd.DataFrame,
    tables: Any,
    rules: Client,
    *,
    clusters: BehaviourClusters | None = None,
) -> ClustersView:
    """Groups of alike behaviour, if any are stable, each with its name in words.

    `clusters`: learned elsewhere, such as on an earlier day; learned here, they carry the names of
    the last accepted list where the centres are the same ones. `tables` are not asked.
    """
    before = None
    if clusters is None:
        section = rules.clusters
        clusters = BehaviourClusters(
            k=section.k, gates=section.gates(), features=section.features
        ).fit(customers)
        before = accepted_clusters(rules)
        clusters = clusters.keep_names_of(before) if before else clusters
    coin, found = rules.client.currency, clusters.transform(customers)
    return ClustersView(
        with_names(found, clusters, coin),
        clusters,
        clusters.choice_,
        with_names(clusters.profile_, clusters, coin),
        spread_of_measures(customers, clusters.scale_.features),
        pd.DataFrame({"learned": [clusters.to_json()]}),
        before,
    )


def accepted_clusters(rules: Client) -> BehaviourClusters | None:
    """What was learned when a list was last accepted before today; None if none was."""
    folders = (rules.folder / "history").glob("*/clusters.json")
    before = sorted(path for path in folders if path.parent.name[:10] < rules.as_of.isoformat())
    return BehaviourClusters.from_json(before[-1].read_text(encoding="utf-8")) if before else None


@dataclass(frozen=True, repr=False)
class ClustersBesideView(View):
    """`by_type`: heads per type (rows) and cluster (columns); `moved`: who has a cluster on both
    days, `before` on `day` and `after` today, one row each; `useful`: one row each for the clusters
    of then and for fifths by spend: of how many, in how many groups, whether they ordered since
    then, and which share of the differences in that the groups explain.
    """

    day: date
    by_type: pd.DataFrame
    moved: pd.DataFrame
    useful: pd.DataFrame

    says = said.clusters_beside


@question("06", ClustersBesideView, needs="revenue types", requires=require_revenue)
def clusters_beside_view(
    customers: pd.DataFrame,
    tables: Any,
    rules: Client,
    *,
    clusters: BehaviourClusters,
    day: date | None = None,
) -> ClustersBesideView:
    """The clusters beside the five types, and beside the same clusters on `day`, a quarter ago.

    `customers` have their history and their type; `clusters` are learned.
    """
    day = day or rules.as_of - timedelta(days=91)
    now, earlier = clusters.transform(customers)["cluster"], history_on(tables, rules, day)
    then = clusters.transform(earlier)["cluster"]
    since = (rules.as_of - day).days
    ordered = customers["recency_days"].reindex(earlier.index).lt(since).fillna(False)
    fifths = pd.qcut(earlier["monetary"].rank(method="first"), 5, labels=False, duplicates="drop")
    return ClustersBesideView(
        day,
        pd.crosstab(customers["five_type"], now),
        pd.concat([then.rename("before"), now.rename("after")], axis=1).dropna(),
        pd.DataFrame(
            [
                {"groups_by": name, "groups": groups.nunique(), **_explained(ordered, groups)}
                for name, groups in (("cluster", then), ("monetary", fifths))
            ]
        ),
    )


def _explained(happened: pd.Series, groups: pd.Series) -> dict[str, float]:
    """Of how many, and which share of the differences the groups explain (the correlation ratio
    squared); missing where there are no differences, or no groups.
    """
    known = groups.notna()
    y, means = happened[known].astype("float64"), happened[known].groupby(groups[known]).mean()
    apart = y.var(ddof=0) if known.any() else 0.0
    between = groups[known].map(means).astype("float64").var(ddof=0) if known.any() else 0.0
    return {"n": int(known.sum()), "explained": between / apart if apart else float("nan")}
