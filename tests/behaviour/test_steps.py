from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from register_tables import people, table

from segment_lib.behaviour.steps import assign_steps, steps_funnel
from segment_lib.checks import ListError
from segment_lib.settings import StepRow
from segment_lib.voice import language

AS_OF = date(2026, 4, 1)
STEPS = (
    StepRow(name="hearing_sheet", label_en="Hearing sheet", label_ja="ヒアリングシート"),
    StepRow(name="material", label_ja="素材の提供"),
    StepRow(name="report_reply"),
)


def request(who: str, step: str, asked: str, answered: str | None, well: bool | None) -> dict:
    return {
        "customer_id": who, "contacted_on": asked, "direction": "out", "intent": "ask",
        "step": step, "asked_on": asked, "answered_on": answered, "done_well": well,
    }  # fmt: skip


CONTACTS = table(
    "contacts",
    # all: everything, properly, in 2, 4 and 6 days
    request("all", "hearing_sheet", "2026-01-01", "2026-01-03", True),
    request("all", "material", "2026-01-10", "2026-01-14", True),
    request("all", "report_reply", "2026-02-01", "2026-02-07", True),
    # badly: answered all, one not properly; the reminder of January counts once
    request("badly", "hearing_sheet", "2026-01-01", None, None),
    request("badly", "hearing_sheet", "2026-01-08", "2026-01-11", True),
    request("badly", "material", "2026-01-10", "2026-01-11", False),
    request("badly", "report_reply", "2026-02-01", "2026-02-02", True),
    # late: answers after the day are no answers yet; the third request is not sent yet
    request("late", "hearing_sheet", "2026-03-01", "2026-04-02", True),
    request("late", "material", "2026-03-01", "2026-03-31", True),
    request("late", "report_reply", "2026-04-02", "2026-04-03", True),
    {"customer_id": "untouched", "contacted_on": "2026-03-01", "kind": "mail"},
)
INDEX = people("all", "badly", "late", "untouched").index


def test_steps_by_hand() -> None:
    steps = assign_steps(CONTACTS, STEPS, AS_OF, INDEX)
    assert steps["steps_asked"].tolist() == [3, 3, 2, 0]
    assert steps["steps_done"].tolist() == [3, 2, 1, 0]
    assert steps["reply_days"].tolist()[:3] == [4, 1, 30]  # badly: 10 days, 1, 1
    assert np.isnan(steps["reply_days"].iloc[3])
    assert steps["did_all"].tolist()[:2] == [True, False]
    assert steps["did_all"].isna().tolist() == [False, False, True, True]
    pd.testing.assert_index_equal(steps.index, INDEX)


def test_without_an_index_whoever_was_asked_has_a_row() -> None:
    assert assign_steps(CONTACTS, STEPS, AS_OF).index.tolist() == ["all", "badly", "late"]


def test_an_answer_is_enough_where_nobody_notes_how_well() -> None:
    bare = CONTACTS.assign(done_well=pd.array([pd.NA] * len(CONTACTS), dtype="boolean"))
    assert assign_steps(bare, STEPS, AS_OF, INDEX)["steps_done"].tolist() == [3, 3, 1, 0]


def test_the_funnel_by_hand() -> None:
    funnel = steps_funnel(CONTACTS, STEPS, AS_OF).set_index("step")
    assert funnel.index.tolist() == ["hearing_sheet", "material", "report_reply"]
    assert funnel["asked"].tolist() == [3, 3, 2]
    assert funnel["answered"].tolist() == [2, 3, 2]
    assert funnel["done_well"].tolist() == [2, 2, 2]
    assert funnel["done_so_far"].tolist() == [2, 1, 1]  # late did the second but not the first
    assert funnel["median_days"].tolist() == [6, 4, 3.5]
    assert funnel["done_share"].tolist() == [2 / 3, 2 / 3, 1]
    assert funnel.loc["material", "label"] == "material"
    with language("ja"):
        japanese = steps_funnel(CONTACTS, STEPS, AS_OF).set_index("step")["label"]
    assert japanese["material"] == "素材の提供"


def test_nobody_asked_is_no_share_at_all() -> None:
    funnel = steps_funnel(table("contacts"), STEPS, AS_OF)
    assert funnel["asked"].tolist() == [0, 0, 0]
    assert funnel["done_share"].isna().all()
    steps = assign_steps(table("contacts"), STEPS, AS_OF, INDEX)
    assert steps["steps_asked"].tolist() == [0, 0, 0, 0]
    assert len(assign_steps(table("contacts"), STEPS, AS_OF)) == 0


def test_a_business_without_a_list_of_requests() -> None:
    assert assign_steps(CONTACTS, (), AS_OF, INDEX)["did_all"].isna().all()
    assert len(steps_funnel(CONTACTS, (), AS_OF)) == 0


def test_row_order_changes_nothing() -> None:
    mixed = CONTACTS.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(
        assign_steps(mixed, STEPS, AS_OF, INDEX), assign_steps(CONTACTS, STEPS, AS_OF, INDEX)
    )
    pd.testing.assert_frame_equal(
        steps_funnel(mixed, STEPS, AS_OF), steps_funnel(CONTACTS, STEPS, AS_OF)
    )


def test_a_request_that_is_not_on_the_list_stops() -> None:
    with pytest.raises(ListError) as error:
        assign_steps(CONTACTS, STEPS[:2], AS_OF)
    assert str(error.value) == (
        "contacts.step holds ['report_reply'], which is not one of ['hearing_sheet', 'material']. "
        "Name each request once in client.toml as [[steps]], or map its words in "
        "[lists.contacts.words.step]."
    )
