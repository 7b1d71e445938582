"""What the page and the workbook expect: each kept frame with its columns, and what opens it.

A frame that is absent, empty or lacks a column is no error: the page says which table would open
its part. Columns in `also` are used where they are there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from segment_lib.columns import Language

# What the rooms call a column, where the page has one word for it.
OTHER_NAMES = {"people": "customers", "beside": "beside_customers"}
Frames = Mapping[str, pd.DataFrame | None]


@dataclass(frozen=True)
class Expected:
    """One kept frame: the columns it must have, those it may have, and what would open it."""

    columns: tuple[str, ...]
    also: tuple[str, ...]
    en: str
    ja: str


def _expected(columns: str, also: str, en: str, ja: str) -> Expected:
    return Expected(tuple(columns.split()), tuple(also.split()), en, ja)


ORDERS = ("the table orders (customer_id, ordered_on, amount)", "注文の表（orders）")
DEALS = ("the tables deals and contacts", "案件と接触の表（deals・contacts）")
RESULTS = ("the table outcomes (customer_id, got_results)", "成果の表（outcomes）")
STEPS = ("the table contacts with [[steps]] in client.toml", "接触の表（contacts）と[[steps]]")
WORTH = (
    "deals, outcomes and the value and cost in [worth]",
    "deals・outcomesと[worth]の価値・費用",
)
DECISION = ("the decision (notebook 08)", "判断（ノートブック08）")
ACTIONS = ("the actions (notebook 09)", "アクション（ノートブック09）")
ALL = ("the register (notebook 01)", "台帳（ノートブック01）")

EXPECTED: dict[str, Expected] = {
    "ledger": _expected("list table rows_in kept set_aside folded", "", *ALL),
    "ledger_reasons": _expected("reason", "reason_ja rows list", *ALL),
    "attributes": _expected(
        "attribute level customers",
        "attribute_ja",
        "attributes in the customer list",
        "顧客リストの属性",
    ),
    "deciles": _expected(
        "decile customers spend share cumulative_share",
        "results_known results_yes result_rate low high",
        *ORDERS,
    ),
    "rfm_segments": _expected(
        "rfm_segment customers spend", "name_ja character character_ja measure measure_ja", *ORDERS
    ),
    "five_types": _expected(
        "five_type customers lapsed spend", "margin_rate action_hint action_hint_ja", *ORDERS
    ),
    "next_order": _expected(
        "last_order_on due_from_on due_on due_to_on overdue_days",
        "name product_line chance_30d",
        *ORDERS,
    ),
    "waiting_curve": _expected("order_number days share_back", "n", *ORDERS),
    "pyramid": _expected(
        "stage customers effort_hours revenue",
        "beside_customers",
        "contacts or deals",
        "接触・案件の表",
    ),
    "pyramid_checks": _expected("holds en ja", "what", "contacts or deals", "接触・案件の表"),
    "deal_against_status": _expected("status deals", "median_days", *DEALS),
    "steps_funnel": _expected(
        "step asked answered done_well", "median_days label_en label_ja", *STEPS
    ),
    "cluster_choice": _expected(
        "k ari prediction_strength smallest_share tree_accuracy passes", "", *ORDERS
    ),
    "cluster_profile": _expected("cluster_name customers", "cluster_name_ja", *ORDERS),
    "result_rates": _expected(
        "group level n rate low high", "group_en group_ja level_ja overall_rate", *RESULTS
    ),
    "guesses": _expected(
        "says n rate low high overall_rate",
        "says_ja verdict confirmed",
        "outcomes and [[hypotheses]] in client.toml",
        "成果の表（outcomes）と[[hypotheses]]",
    ),
    "rules": _expected(
        "rule n rate low high n_all successes_all overall_rate confirmed",
        "rule_ja looked_at",
        *RESULTS,
    ),
    "fields": _expected(
        "field customers revenue",
        "examples action action_ja",
        "the tables orders and outcomes",
        "注文と成果の表（orders・outcomes）",
    ),
    "worth_bands": _expected("band customers rate p_worth_it", "low high", *WORTH),
    "decision_summary": _expected("decision reason customers", "under_contract hours", *DECISION),
    "decision_notes": _expected("about message", "", *DECISION),
    "hours": _expected(
        "decision hours_before hours_after",
        "",
        "our hours in contacts (effort_hours)",
        "接触の時間（contacts.effort_hours）",
    ),
    "owner_load": _expected("owner hours capacity_hours actions", "", *ACTIONS),
    "monday": _expected("due_on action effort_hours", "name reason owner action_ja", *ACTIONS),
    "movement": _expected(
        "before after customers share_of_row",
        "expected_share stands_out",
        "a second day (notebook 10)",
        "2回目の基準日（ノートブック10）",
    ),
    "customers": _expected(
        "decision reason",
        "name owner under_contract got_results all_reasons evidence hold_out review_on action "
        "action_ja purpose channel due_on effort_hours priority override override_why override_by "
        "override_on frequency silent_leaver",
        *DECISION,
    ),
}


def given(frames: Frames, name: str) -> pd.DataFrame | None:
    """The frame if it is there, holds rows and has its columns; else None."""
    frame = frames.get(name)
    if frame is None or frame.empty or missing_columns(frames, name):
        return None
    return frame.rename(columns=OTHER_NAMES)


def missing_columns(frames: Frames, name: str) -> list[str]:
    """The columns that a given frame lacks."""
    frame = frames.get(name)
    if frame is None:
        return []
    has = set(frame.rename(columns=OTHER_NAMES).columns) | {frame.index.name}
    return [column for column in EXPECTED[name].columns if column not in has]


def what_opens(name: str, language: Language) -> str:
    """Which table would open this part, in words."""
    return EXPECTED[name].ja if language == "ja" else EXPECTED[name].en
