"""What the page and the workbook expect: each kept frame with its columns, and what opens it.

A frame that is absent, empty or lacks a column is no error: the page says which table would open
its part. Columns in `also` are used where they are there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from segment_lib.columns import Language
from segment_lib.results.rules.search import NEEDED_KNOWN

# What the rooms call a column, where the page has one word for it.
OTHER_NAMES = {"people": "customers", "beside": "beside_customers"}
NOBODY_YET = "unassigned"  # stands where an owner will: it is none
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
ON_STAGES = (
    "customers on more than one stage (contacts, deals or orders show it)",
    "2つ以上のステージのお客様（接触・案件・注文の表から分かります）",
)
DEALS = ("the tables deals and contacts", "案件と接触の表（deals・contacts）")
TENTHS = (
    "the table orders (customer_id, ordered_on, amount), and 10 customers who paid something",
    "注文の表（orders）と、お支払いのあるお客様10名以上",
)
CAME_BACK = (
    "the table orders (customer_id, ordered_on, amount), and customers who ordered again",
    "注文の表（orders）と、2回以上ご注文のお客様",
)
RATES = (
    "known results (outcomes), and [[steps]] or texts known before a contract in [attributes]",
    "判明した成果（outcomes）と、[[steps]]または契約前から分かる文字の属性（[attributes]）",
)
RULES = (
    f"at least {NEEDED_KNOWN:,} known results, yes and no (the table outcomes)",
    f"判明した成果{NEEDED_KNOWN:,}件以上（あり・なしの両方。成果の表 outcomes）",
)
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
        *TENTHS,
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
        *CAME_BACK,
    ),
    "waiting_curve": _expected("order_number days share_back", "n", *CAME_BACK),
    "pyramid": _expected(
        "stage customers effort_hours revenue",
        "beside_customers",
        *ON_STAGES,
    ),
    "pyramid_checks": _expected("holds en ja", "what", *ON_STAGES),
    "deal_against_status": _expected("status deals", "median_days", *DEALS),
    "steps_funnel": _expected(
        "step asked answered done_well", "median_days label_en label_ja", *STEPS
    ),
    "cluster_choice": _expected(
        "k ari prediction_strength smallest_share tree_accuracy passes", "", *ORDERS
    ),
    "cluster_profile": _expected(
        "cluster_name customers",
        "cluster_name_ja",
        "stable clusters in the table orders",
        "注文の表（orders）に安定したクラスタがあること",
    ),
    "result_rates": _expected(
        "group level n rate low high", "group_en group_ja level_ja overall_rate", *RATES
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
        *RULES,
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
        "customers who are not approached, or whose service takes more than the normal hours",
        "アプローチしないお客様か、通常より時間のかかる対応",
    ),
    "owner_load": _expected(
        "owner hours capacity_hours actions",
        "",
        "an owner in the lists, or hours in [capacity]",
        "リストの担当者か、[capacity]の時間",
    ),
    "monday": _expected("due_on action effort_hours", "name reason owner action_ja", *ACTIONS),
    "movement": _expected(
        "before after customers share_of_row",
        "expected_share stands_out",
        "orders of today and of a quarter ago (notebook 10)",
        "今と3か月前のご注文（ノートブック10）",
    ),
    "customers": _expected(
        "decision reason",
        "name owner under_contract got_results all_reasons evidence hold_out review_on action "
        "action_ja purpose channel due_on effort_hours priority override override_why override_by "
        "override_on frequency silent_leaver",
        *DECISION,
    ),
}


# Columns that count; a frame in which each of them is 0 throughout tells of nobody.
COUNTS = ("customers", "deals", "asked", "n", "actions", "rows_in")


def given(frames: Frames, name: str) -> pd.DataFrame | None:
    """The frame if it is there, has its columns, and tells of somebody; else None."""
    frame = frames.get(name)
    if frame is None or frame.empty or missing_columns(frames, name):
        return None
    counted = frame[[column for column in COUNTS if column in frame]]
    if len(counted.columns) and not counted.fillna(0).to_numpy(bool).any():
        return None
    return frame.rename(columns=OTHER_NAMES)


def drawable(frames: Frames, name: str) -> pd.DataFrame | None:
    """The frame if it is given and a picture of it says something; else None."""
    frame = given(frames, name)
    if frame is None:
        return None
    says_something = {
        "pyramid": _on_two_stages,
        "hours": lambda table: table["hours_after"].ne(table["hours_before"]).any(),
        "owner_load": _named_or_limited,
    }.get(name)
    return frame if says_something is None or says_something(frame) else None


def _on_two_stages(pyramid: pd.DataFrame) -> bool:
    heads = pyramid[["customers", *pyramid.columns.intersection(["beside_customers"])]].sum(axis=1)
    return int((heads > 0).sum()) > 1


def _named_or_limited(load: pd.DataFrame) -> bool:
    """Whether there is an owner at all, or hours that the work has to fit into."""
    return bool(load["owner"].ne(NOBODY_YET).any() or load["capacity_hours"].notna().any())


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
