"""Notebooks 01 to 06: the lists, who they are, revenue, types, stages and status, clusters."""

from __future__ import annotations

from datetime import date

import pandas as pd

from segment_lib.behaviour.clusters import BehaviourClusters, with_names
from segment_lib.behaviour.deciles import SMALLEST_LIST, assign_deciles, decile_table
from segment_lib.behaviour.five_types import (
    assign_five_types,
    compare_type_rules,
    profile_types,
    propose_thresholds,
    resolve_thresholds,
)
from segment_lib.behaviour.history import (
    line_history,
    line_order_days,
    order_days,
    order_history,
    summary_history,
)
from segment_lib.behaviour.incidents import assign_incidents
from segment_lib.behaviour.next_order import WaitingCurve, next_by_line, order_gaps, waiting_frame
from segment_lib.behaviour.rfm import ScoreCuts, name_segments, profile_segments
from segment_lib.behaviour.stages import (
    assign_lost,
    assign_stages,
    check_pyramid,
    effort_spent,
    pyramid,
)
from segment_lib.behaviour.status import assign_status, deal_against_status
from segment_lib.behaviour.steps import assign_steps
from segment_lib.checks import ListError
from segment_lib.client import Client
from segment_lib.lists.attributes import attribute_table, missing_table
from segment_lib.lists.frames import to_frame
from segment_lib.lists.register import Register
from segment_lib.lists.same.same_customer import find_same_customers
from segment_lib.recipes.needs import summed_up_only
from segment_lib.recipes.take import Frames, Take


def lists_recipe(take: Take) -> Frames:
    """Notebook 01: the ledger, why rows were set aside, who may be there twice."""
    register = take.register
    reasons = (
        register.set_aside.groupby(["list", "reason", "reason_ja"], as_index=False)
        .agg(rows=("row_number", "size"))
        .sort_values("rows", ascending=False, kind="stable", ignore_index=True)
    )
    twice = find_same_customers(register.frame("customers"))
    return {"ledger": register.ledger, "ledger_reasons": reasons, "same_customers": twice}


def people_recipe(take: Take) -> Frames:
    """Notebook 02: attributes with the share missing."""
    customers = take.register.frame("customers")
    return {
        "attributes": attribute_table(customers, take.client),
        "missing": missing_table(customers, take.client),
    }


def revenue_recipe(take: Take) -> Frames:
    """Notebook 03: history, scores, segments and deciles, one row per customer; the tables."""
    client, register = take.client, take.register
    customers = customer_history(client, register)
    cuts = ScoreCuts.from_rules(client.rfm).fit(customers)
    customers = customers.join(cuts.transform(customers))
    customers["rfm_segment"] = name_segments(customers, client.rfm, cuts)
    enough = (customers["monetary"] > 0).sum() >= SMALLEST_LIST
    customers["decile"] = (
        assign_deciles(customers) if enough else pd.Series(pd.NA, customers.index, dtype="Int64")
    )
    return {
        "revenue": customers,
        "rfm_cuts": cuts.cuts_table_,
        "rfm_segments": profile_segments(customers, client.rfm),
        "deciles": decile_table(customers),
    }


def customer_history(client: Client, register: Register, day: date | None = None) -> pd.DataFrame:
    """One row per customer, measured as of the client's day: from orders, else from `summaries`.

    Where both are given, the orders count. Raises `ListError` if a summary tells of a last order
    after the client's day. On an earlier `day` a summary says nothing of who ordered after it.
    """
    day = day or client.as_of
    if summed_up_only(register):
        _require_summed_up_by(client, register)
        return to_frame(summary_history(register.table("summaries"), day, register.customers))
    return to_frame(
        order_history(
            register.orders,
            day,
            adjustments=register.adjustments,
            customers=register.customers,
            returns=client.rules.returns,
        )
    )


def _require_summed_up_by(client: Client, register: Register) -> None:
    last = register.frame("summaries")["last_order_on"].max()
    if last > pd.Timestamp(client.as_of):
        raise ListError(
            f"as_of is {client.as_of}, but the summaries tell of an order on {last:%Y-%m-%d}. They "
            f"cannot be taken back to an earlier day: set [client] as_of to {last:%Y-%m-%d} or "
            "later."
        )


def types_recipe(take: Take) -> Frames:
    """Notebook 04: types, lapse and due dates per customer; next order by product line."""
    client, register = take.client, take.register
    revenue = take.kept("revenue")
    if summed_up_only(register):  # one order of which no day is known makes no type
        revenue = revenue.assign(order_days=pd.array([pd.NA] * len(revenue), dtype="Int64"))
    days = to_frame(
        order_days(register.orders, client.as_of, register.adjustments, client.rules.returns)
    )
    curve = WaitingCurve().fit(order_gaps(days))
    due = curve.transform(revenue)
    proposed = propose_thresholds(revenue)
    thresholds = resolve_thresholds(revenue, client.five_types, proposed)
    customers = revenue.join(due)
    types = assign_five_types(customers, client.five_types, thresholds)
    return {
        "types": types.join(due),
        "type_thresholds": thresholds,
        "five_types": profile_types(customers.join(types)),
        "type_rules": compare_type_rules(customers, client.five_types),
        "next_order": next_orders_by_line(client, register),
        "waiting_curve": waiting_frame(curve),
    }


def next_orders_by_line(client: Client, register: Register) -> pd.DataFrame:
    """One row per customer and product line: history, type and due dates; empty without lines."""
    options = (client.as_of, register.adjustments, client.rules.returns)
    lines = to_frame(line_history(register.order_lines, *options))
    lines = lines.sort_values(["customer_id", "product_line"]).set_index("customer_id")
    if lines["product_line"].notna().sum() == 0:
        return lines.iloc[:0]
    lines = lines[lines["product_line"].notna()]
    days = to_frame(line_order_days(register.order_lines, *options))
    due = next_by_line(days[days["product_line"].notna()], lines).drop(columns="product_line")
    lines = pd.concat([lines, due], axis=1)
    thresholds = resolve_thresholds(
        lines, client.five_types, propose_thresholds(lines, lines=lines)
    )
    return pd.concat([lines, assign_five_types(lines, client.five_types, thresholds)], axis=1)


def stages_recipe(take: Take) -> Frames:
    """Notebook 05: stage, status, requests and incidents per customer; the pyramid."""
    client, register, as_of = take.client, take.register, take.client.as_of
    orders, contacts, deals, incidents = (
        register.frame(name) for name in ("orders", "contacts", "deals", "incidents")
    )
    customers = take.together("revenue", "types")
    stages = assign_stages(
        orders, contacts, deals, customers, as_of, client.stages, language=client.language
    )
    stages = stages.join(assign_lost(stages, deals, as_of))
    status = assign_status(customers, contacts, deals, incidents, as_of, client.status)
    table = stages.join(status).join(effort_spent(contacts, as_of, customers.index))
    table = table.join(assign_steps(contacts, client.steps, as_of, customers.index))
    table = table.join(assign_incidents(incidents, as_of, customers.index))
    heads = pyramid(customers.join(table))
    return {
        "stages": table,
        "pyramid": heads,
        "pyramid_checks": check_pyramid(heads),
        "deal_against_status": deal_against_status(deals, table["status"], as_of),
    }


def clusters_recipe(take: Take) -> Frames:
    """Notebook 06: the cluster of each customer, how many there are and why, what each is like."""
    client, revenue = take.client, take.kept("revenue")
    clusters = BehaviourClusters().fit(revenue)
    coin, found = client.client.currency, clusters.transform(revenue)
    return {
        "clusters": with_names(found, clusters, coin, client.language),
        "cluster_choice": clusters.choice_,
        "cluster_profile": with_names(clusters.profile_, clusters, coin, "en", "ja"),
    }
