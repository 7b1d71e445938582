"""What notebooks 08 and 09 say: by hand on an invented handful, in both languages; nobody."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from segment_lib.approach.said import (
    says_break_even,
    says_freed,
    says_if_wrong,
    says_sizes,
    says_waiting,
)
from segment_lib.approach.views import (
    DecisionView,
    PlanView,
    break_even_view,
    decision_view,
    plan_view,
)
from segment_lib.approach.worth import WorthBands
from segment_lib.client import Client
from segment_lib.voice import language

BANDS = pd.DataFrame(
    {
        "band": [1, 3, 5],
        "decided": [84, 70, 90],
        "signed": [5, 20, 40],
        "known": [4, 15, 36],
        "results": [0, 9, 26],
        "rate": [0.03, 0.18, 0.32],
        "low": [0.0, 0.1, 0.2],
        "high": [0.05, 0.3, 0.4],
        "p_worth_it": [0.01, 0.30, 0.90],
        "wanted": [True, False, False],
        "warranted": [True, False, False],
    }
)


class Stated:
    """Bands as if learned: the chances are those that stand beside each customer of the handful."""

    bands_, message_, messages_ = BANDS, "Stated by hand.", ()

    def __init__(self, chances: pd.DataFrame) -> None:
        self.chances = chances

    def transform(self, features: pd.DataFrame) -> pd.DataFrame:
        return self.chances.reindex(features.index)

    def list_at(self, break_even: float) -> pd.DataFrame:
        """On the list is a band whose rate stays below the break-even."""
        below = BANDS.set_index("band")["rate"].lt(break_even)
        return pd.DataFrame({"wanted": below, "warranted": below})

    def warranty(self) -> pd.DataFrame:
        """Band 1, and its best fifth."""
        return pd.DataFrame(
            {
                "of": ["all", "best_fifth"], "decided": [84, 17], "signed": [5, 2],
                "known": [4, 2], "results": [0, 0], "highest": [0.08, np.nan],
            }
        )  # fmt: skip


@pytest.fixture
def people(customers: pd.DataFrame) -> pd.DataFrame:
    """The handful without what is learned of them."""
    return customers.drop(columns=list(WorthBands.GIVES))


@pytest.fixture
def tables(customers, permissions, contacts) -> dict[str, pd.DataFrame]:
    return {"permissions": permissions, "contacts": contacts}


@pytest.fixture
def decided(make, customers, people, tables) -> DecisionView:
    worth: Any = Stated(customers[list(WorthBands.GIVES)])
    return decision_view(people, tables, make(), worth=worth)


@pytest.fixture
def planned(make, people, decided, contacts) -> PlanView:
    spent = contacts.assign(customer_id=["C02", "C06", "C01", "C05"], effort_hours=3.0)
    return plan_view(beside(people, decided), {"contacts": spent}, make())


def beside(people: pd.DataFrame, decided: DecisionView) -> pd.DataFrame:
    """The customers with their decision, as the thread puts them side by side."""
    made = decided.customers
    return people.drop(columns=people.columns.intersection(made.columns)).join(made)


def test_the_decision_by_hand(decided: DecisionView) -> None:
    listed = decided.customers[decided.customers["decision"] == "not_approached"]
    assert listed["reason"].to_dict() == {
        "C02": "not_worth_it", "C03": "opted_out", "C04": "not_worth_it",
    }  # fmt: skip
    assert decided.says() == {
        "break_even": "An approach costs ¥12, a customer with results is worth ¥60. Counted as "
        "results that would not have come without an approach: 100%, which people assume and "
        "nobody has measured. So it pays where more than 20.0% of those "
        "approached sign and get results.",
        "learned": "Stated by hand.",
        # The lowest band, and the one whose chance lies nearest to one half.
        "bands": "Band 1: of 84 decided customers 5 signed; of 4 with a known result 0 got "
        "results. From these counts the share that signs and gets results is estimated at 3.0% "
        "(0.0% – 5.0%), and the chance that it is truly above 20.0% at 1.0%.\n"
        "Band 3: of 70 decided customers 20 signed; of 15 with a known result 9 got "
        "results. From these counts the share that signs and gets results is estimated at 18.0% "
        "(10.0% – 30.0%), and the chance that it is truly above 20.0% at 30.0%.",
        "notes": "\n".join(decided.notes["message"]),
        # C02 and C04: 2 x 12 saved, 2 x .03 x 60 = 3.6 given up, 2 x .05 x 60 = 6 at most.
        "if_wrong": "Approaching all 2 would cost ¥24, as an approach is priced. About 0 of them "
        "would sign and get results, counted as ¥4; what of that comes without an approach too, "
        "nobody has measured. If every band were as good as its interval allows, it would be 0, or "
        "¥6.",
        # 2 x .08 x 60 = 9.6 at most.
        "warranty": "The warranty: approaching all 2 would cost ¥24, and results worth ¥10 at most "
        "would follow, as their success rate is at most 8.0%, below 20.0%. A statement of this "
        "kind is right in at least 95 of 100 lists. It is about the group, no promise about "
        "anybody in it. In the best fifth of them 2 of 17 signed, and 0 of 2 with a known result "
        "got results.",
        # Nobody has stated the share. At .2 band 3 is on the list too (C06), at .4 band 5 as well.
        "shares": "Please say which share of the results would not have come without an approach, "
        "and sign it ([worth] share_due_to_us): nobody has, so all of them are counted. How the "
        "list changes with the share of results that would not have come without an approach: at "
        "100%: break-even 20.0%, 3 left out, 2 approached, 0 of these in doubt; at 50%: break-even "
        "40.0%, 5 left out, 1 approached, 0 of these in doubt; at 25%: break-even 80.0%, 5 left "
        "out, 1 approached, 0 of these in doubt.",
    }


def test_the_decision_in_japanese(decided: DecisionView) -> None:
    with language("ja"):
        says = decided.says()
    assert says["break_even"] == (
        "1回のアプローチの費用は¥12、成果を出したお客様の価値は¥60です。成果のうち100%を、"
        "アプローチがなければ出なかったものとして数えます（測った値ではなく、"
        "人が置いた前提です）。受注して成果を出す方が20.0%を超えれば、採算が取れます。"
    )
    assert says["if_wrong"].startswith(
        "2名全員にアプローチすると、決められた単価で24円かかります。"
    )


def test_nothing_learned_is_said_and_everybody_is_approached(make, people, tables) -> None:
    view = decision_view(people, tables, make())
    assert view.bands.empty
    assert view.says()["bands"] == ""
    assert view.says()["learned"] == view.worth.message_ != ""
    assert view.says()["if_wrong"].startswith("Nobody is left out as not worth it")
    assert break_even_view(people, tables, make(), decided=view).sizes["not_worth_it"].eq(0).all()


def test_the_list_at_other_break_evens(make, people, tables, decided: DecisionView) -> None:
    tried = break_even_view(people, tables, make(), decided=decided)
    # At .14 bands 3 and 5 pay, at .2 and .26 band 5 alone, at .4 none. C02 and C04 stand in band 1,
    # C06 in band 3, C01 and C05 in band 5.
    assert tried.sizes["break_even"].round(2).tolist() == [0.14, 0.2, 0.26]
    assert tried.sizes["not_worth_it"].tolist() == [2, 3, 3]
    assert tried.says()["sizes"] == (
        "Between a break-even of 14.0% and 26.0% the list leaves out 2 – 3 customers. It swings "
        "with that number: decide value and cost again before you use it."
    )
    with language("ja"):
        assert "2 – 3" in tried.says()["sizes"]
    silent = break_even_view(people, tables, make(worth={}), decided=decided)
    assert silent.says() == {"sizes": "Without a break-even there is no list to try this on."}


def test_the_plan_by_hand(planned: PlanView) -> None:
    assert planned.overrides.empty
    assert planned.changed.empty
    # C02, who is not approached, took three hours on 20 June: one in a mean month of three.
    assert planned.says() == {
        "playbook": planned.says()["playbook"],  # tests/approach/test_playbook.py
        "weeks": "The plan goes from 2025-07-01 to 2025-07-28, 19 working days, and holds 13 "
        "actions (13 hours).",
        "waiting": "No hours are stated, so every action that is due is planned.",
        "freed": "In the last 90 days 1.0 hours a month went to 1 customers who are not approached "
        "now; they become free. 鈴木: 1.0 hours, which stay there.",
        "price": "",
        "pinned": "",
    }
    with language("ja"):
        assert planned.says()["weeks"].startswith(
            "計画は2025-07-01から2025-07-28まで（19営業日）で、"
        )


def test_two_prices_of_an_approach_are_a_question(make, people, decided) -> None:
    worth = {"value_per_result": 60, "cost_per_approach": 12, "hours_per_approach": 17}
    says = plan_view(beside(people, decided), {}, make(worth=worth)).says()["price"]
    # everybody without a contract gets the last row, of a quarter of an hour
    assert says.startswith(
        "To be settled: an approach is priced at 17 hours. One action of the plan for a customer "
        "without a contract takes 0.25 hours on average, so the price is that of 68 such actions."
    )
    same = make(worth=worth | {"hours_per_approach": 0.25})
    assert plan_view(beside(people, decided), {}, same).says()["price"] == ""


def test_what_people_decided_reaches_the_plan(make, people, decided) -> None:
    word = {"customer_id": "C02", "decision": "approach", "reason_in_words": "a friend", "by": "A"}
    words = pd.DataFrame([word | {"on": pd.Timestamp("2025-06-30")}])
    view = plan_view(beside(people, decided), {}, make(), overrides=words)
    assert view.plan.loc["C02", ["decision", "reason"]].tolist() == ["approach", "reviewed"]
    assert view.plan.loc["C02", "why_now"].startswith("A person who knows them asked for it")
    assert view.plan.loc["C02", "planned_week"] == 1
    assert view.changed["customers"].tolist() == [1]


def test_nobody_to_decide_about_is_no_error(make, people, tables) -> None:
    nobody = people.iloc[:0]
    for spoken in ("en", "ja"):
        client = make(language=spoken)
        view = decision_view(nobody, {}, client)
        assert all(isinstance(one, str) for one in view.says().values())
        assert break_even_view(nobody, {}, client).sizes["not_worth_it"].eq(0).all()


# --- one sentence each ----------------------------------------------------------------------------
@pytest.fixture
def client() -> Client:
    return Client.model_validate(
        {
            "client": {"name": "t", "as_of": "2026-03-31"},
            "lists": {"orders": {"files": ["o.csv"], "columns": {}}},
            "worth": {"value_per_result": 600_000, "cost_per_approach": 102_000},
        }
    )


def test_no_break_even_is_said(client: Client) -> None:
    assert "more than 17.0% of those" in says_break_even(client)
    silent = client.model_copy(update={"worth": type(client.worth)()})
    assert says_break_even(silent).startswith("No value or cost is stated")


def test_what_a_wrong_list_costs_by_hand(client: Client) -> None:
    bands = pd.DataFrame({"band": [1], "high": [0.05]})
    listed = pd.DataFrame({"worth_band": pd.array([1] * 100, "Int64"), "band_rate": 0.02})
    assert says_if_wrong(listed, bands, client) == (
        "Approaching all 100 would cost ¥10.2M, as an approach is priced. About 2 of them would "
        "sign and get results, counted as ¥1.2M; what of that comes without an approach too, "
        "nobody has measured. If every band were as good as its interval allows, it would be 5, or "
        "¥3M."
    )
    assert "can cost no result" in says_if_wrong(listed.iloc[:0], bands, client)


def test_whether_the_list_swings() -> None:
    steady = pd.DataFrame({"break_even": [0.12, 0.22], "not_worth_it": [640, 650]})
    assert says_sizes(steady).endswith("It hardly hangs on that number.")
    assert "swings" in says_sizes(steady.assign(not_worth_it=[100, 650]))
    assert "no list" in says_sizes(steady.iloc[:0])


def test_nothing_is_said_where_nothing_was_spent() -> None:
    assert says_freed(pd.DataFrame(columns=["owner", "customers", "hours", "goes_to"])) == ""


def test_who_waits(client: Client) -> None:
    plan = pd.DataFrame(
        {
            "waits_because": ["no_hours", "no_hours", "too_long", "too_soon", ""],
            "under_contract": [True, False, True, False, False],
            "purpose": ["propose", "propose", "recover", "propose", "propose"],
            "cannot_wait": [False, False, True, False, False],
            "effort_hours": [1.5, 2.0, 40.0, 1.0, 1.0],
        }
    )
    assert says_waiting(plan, client) == (
        "3 actions (44 hours) do not fit into the weeks and wait: 1 proposals to customers we "
        "serve, 1 other actions for them, 1 for everybody else. 1 of them cannot wait (40 hours): "
        "the hours of their owners are too few. 1 more wait because we were in touch lately."
    )
    none = "No hours are stated, so every action that is due is planned."
    assert says_waiting(plan.tail(1), client) == none
    hours = client.capacity.model_copy(update={"hours_per_month": 20.0})
    limited = client.model_copy(update={"capacity": hours})
    assert says_waiting(plan.tail(1), limited) == "Every action that is due fits into these weeks."


def test_a_control_drawn_by_lot_is_named_beside_what_is_likely_to_pay(make, people, tables) -> None:
    """Declared, or seen by its levels; in a list without one nothing is said."""
    mailing = ["No E-Mail" if place % 2 else "Mail" for place in range(len(people))]
    listed = people.assign(mailing=mailing)
    attributes = {"mailing": {"label_en": "Mailing", "label_ja": "メール", "drawn_by_lot": True}}
    declared = decision_view(listed, tables, make(attributes=attributes))
    assert declared.says()["learned"].splitlines()[1:] == [
        "“Mailing” says who was contacted, drawn by lot. It is not used here: “likely to pay” "
        "tells who signs and gets results after an approach, not what would have come without one. "
        "Those drawn and those left out, compared, would tell that."
    ]
    assert "Mailing" not in declared.says()["notes"]
    seen = decision_view(listed, tables, make(attributes={"mailing": {"label_en": "Mailing"}}))
    assert (
        "\n“Mailing” has customers with “No E-Mail”. If it was drawn by lot whom to contact, say "
        "so (drawn_by_lot in [attributes.mailing]). It is not used here:"
    ) in seen.says()["learned"]
    assert decision_view(people, tables, make()).notes["about"].ne("lot").all()


def test_the_share_is_asked_for_until_somebody_states_and_signs_it(make, people, customers) -> None:
    worth: Any = Stated(customers[list(WorthBands.GIVES)])
    stated = {"value_per_result": 60, "cost_per_approach": 12, "share_due_to_us": 0.5}
    asks = "Please say which share of the results would not have come without an approach"
    for section, asked in (
        (stated, True),  # nobody signed
        (stated | {"decided_by": "A"}, False),
        ({**stated, "share_due_to_us": 0.3, "decided_by": "A"}, False),
    ):
        view = decision_view(people, {}, make(worth=section), worth=worth)
        assert view.says()["shares"].startswith(asks) is asked
        shares = view.shares["share_due_to_us"].tolist()
        assert shares == sorted({1.0, 0.5, 0.25, section["share_due_to_us"]}, reverse=True)
        assert view.shares["break_even"].tolist() == [pytest.approx(0.2 / one) for one in shares]
