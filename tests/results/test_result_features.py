"""Only what happened within the own window counts, and the audit says why."""

from __future__ import annotations

import pandas as pd
from result_frames import client, customers, table

from segment_lib.results import rule_words
from segment_lib.results.features import ResultFeatures, build_features
from segment_lib.voice import language

PEOPLE = customers(
    customer_id=["1", "2", "3"],
    contract_on=["2024-01-01", "2024-02-01", None],
    staff=[12.0, None, 30.0],
    report_views=[3.0, 4.0, 5.0],
    plan=["A", "B", "A"],
    attitude=["positive", "hostile", None],
    attitude_on=["2024-02-01", "2024-06-01", None],
)
SETTINGS = client(
    attributes={
        "staff": {"known_at": "before_contract", "kind": "number", "says_en": "has {} staff"},
        "report_views": {"known_at": "after_outcome", "kind": "number"},
        "plan": {},
    },
    steps=[
        {"name": "goal", "label_en": "the goal sheet", "label_ja": "目標シート"},
        {"name": "tag"},
    ],
)


def ask(who: str, step: str, asked: str, answered: str | None = None, well: object = None) -> dict:
    return {
        "customer_id": who, "contacted_on": asked, "asked_on": asked, "step": step,
        "answered_on": answered, "done_well": well,
    }  # fmt: skip


CONTACTS = table(
    "contacts",
    ask("1", "goal", "2024-01-05", "2024-01-08", True),  # 3 days
    ask("1", "tag", "2024-01-10", "2024-04-01", True),  # answered on day 91: not known yet
    ask("2", "goal", "2024-02-05", "2024-02-25", False),
    {"customer_id": "1", "contacted_on": "2023-12-20", "direction": "in", "kind": "mail"},
    {"customer_id": "1", "contacted_on": "2024-03-31", "direction": "in", "kind": "met"},  # day 90
    {"customer_id": "2", "contacted_on": "2024-05-02", "direction": "in", "kind": "met"},  # day 91
)
USAGE = table(
    "usage",
    {"customer_id": "1", "used_on": "2024-01-02", "feature": "chat"},
    {"customer_id": "1", "used_on": "2024-01-02", "feature": "report"},
    {"customer_id": "1", "used_on": "2024-01-03", "feature": "chat"},
    {"customer_id": "2", "used_on": "2024-05-30", "feature": "chat"},
)
ORDERS = table("orders", {"customer_id": "1", "ordered_on": "2024-01-03", "amount": 500})


def built(settings=SETTINGS, contacts=CONTACTS) -> ResultFeatures:
    return build_features(
        PEOPLE, PEOPLE["contract_on"], settings, contacts=contacts, usage=USAGE, orders=ORDERS
    )


def test_values_by_hand() -> None:
    features = built().table
    assert list(features.index) == ["1", "2"]  # customer 3 has no start
    assert features["goal"].tolist() == ["done_well", "answered"]
    assert features["tag"].fillna("").tolist() == ["no_answer", ""]
    assert features["reply_days_goal"].tolist() == [3, 20]
    assert features["steps_done"].tolist() == [1, 0]
    assert features["did_all_steps"].tolist() == ["no", "no"]
    assert features["reply_share"].tolist() == [0.5, 1.0]
    assert features["spoke_up"].tolist() == ["yes", "no"]
    assert features["met_us"].tolist() == ["yes", "no"]
    assert features["usage_days"].tolist() == [2, 0]
    assert features["used_chat"].tolist() == ["yes", "no"]
    # Customer 2's attitude was noted on day 121.
    assert features["attitude"].fillna("").tolist() == ["positive", ""]


def test_the_audit_says_what_is_searched_shown_and_barred() -> None:
    found = built()
    use = found.audit.set_index("feature")["use"]
    assert use[["staff", "goal", "spoke_up", "usage_days", "attitude"]].eq("searched").all()
    assert use[["plan", "contacts_in", "contacts_out"]].eq("shown").all()
    assert use[["report_views", "early_orders", "early_spend"]].eq("barred").all()
    assert not {"report_views", "early_spend"} & set(found.table.columns)
    assert "plan" in found.table
    assert "plan" not in found.searched
    why = found.audit.set_index("feature")["why"]
    assert why["plan"] == "Nobody has said when it is known: set known_at in [attributes.plan]"
    assert why["goal"] == "Happened within 90 days of the start"
    assert set(found.audit["feature"]) == set(found.labels.index)


def test_revenue_is_searched_only_if_the_client_says_so() -> None:
    allowed = SETTINGS.model_copy(
        update={"outcome": SETTINGS.outcome.model_copy(update={"allow_revenue": True})}
    )
    found = built(allowed)
    assert found.searched["early_spend"].tolist() == [500, 0]
    assert "contacts_in" in found.searched


def test_steps_are_barred_where_the_outcome_is_made_of_them() -> None:
    circular = SETTINGS.model_copy(
        update={"outcome": SETTINGS.outcome.model_copy(update={"source": "steps_done"})}
    )
    found = built(circular)
    steps = found.audit[found.audit["family"] == "steps"]
    assert steps["use"].eq("barred").all()
    assert not set(steps["feature"]) & set(found.table.columns)


def test_what_happens_after_the_window_changes_nothing() -> None:
    later = table(
        "contacts",
        ask("2", "tag", "2024-06-01", "2024-06-02", True),
        {"customer_id": "2", "contacted_on": "2024-06-01", "direction": "in", "kind": "meal"},
    )
    pd.testing.assert_frame_equal(built().table, built(contacts=pd.concat([CONTACTS, later])).table)


def test_the_words_of_the_features() -> None:
    labels = built().labels
    rule = ["reply_days_goal <= 3", "staff >= 5", "staff <= 20"]
    assert rule_words(rule, labels) == "answered the goal sheet within 3 days and has 5 to 20 staff"
    assert rule_words(["goal = done_well"], labels) == "the goal sheet properly done"
    with language("ja"):
        japanese = built().labels
        assert rule_words(rule, japanese) == "「目標シート」に3日以内に回答 かつ staffが5〜20"
        assert rule_words(["goal = missing"], japanese) == "「目標シート」の依頼なし"
    assert rule_words(["did_all_steps = no", "spoke_up = yes"], labels) == (
        "did not handle all requests and came to us on their own"
    )


def test_orders_alone_give_no_features_but_no_error_either() -> None:
    people = PEOPLE[["contract_on"]]
    found = build_features(people, people["contract_on"], client())
    assert found.table.shape == (2, 0)
    assert found.audit.empty


def test_a_day_that_lies_after_the_clues_end_is_caught_by_its_date() -> None:
    """Last activity: one of two days lies after day 90. Founded: both lie before the start."""
    dated = {"known_at": "before_contract", "kind": "date"}
    settings = client(attributes={"last_seen": dated, "founded": dated})
    people = PEOPLE.assign(
        last_seen=pd.to_datetime(["2024-02-01", "2025-01-01", None]),
        founded=pd.to_datetime(["1999-04-01", "2010-04-01", None]),
    )
    features = build_features(people, people["contract_on"], settings)
    audit = features.audit.set_index("feature")
    assert audit["use"][["last_seen", "founded"]].tolist() == ["barred", "searched"]
    assert audit["why"]["last_seen"] == (
        "50% of its days lie after the clues end: it is written later"
    )
    assert "last_seen" not in features.table
    with language("ja"):
        told = build_features(people, people["contract_on"], settings).audit.set_index("feature")
    assert told["why"]["last_seen"] == "日付の50%が手がかりの期限より後で、あとから書かれた列です"


def test_a_tag_with_its_day_counts_only_if_it_was_noted_before_the_clues_end() -> None:
    settings = client(attributes={"tag": {}})
    people = PEOPLE.assign(
        tag=["hot", "hot", None], tag_on=pd.to_datetime(["2024-01-15", "2024-12-01", None])
    )
    features = build_features(people, people["contract_on"], settings)
    assert features.table["tag"].isna().tolist() == [False, True]
    assert features.audit.set_index("feature")["known_at"]["tag"] == "dated"
