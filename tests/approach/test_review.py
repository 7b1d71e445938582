"""One by one: people overrule the kit, are bound by the relation, and nothing is lost."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from segment_lib.approach.actions import assign_actions
from segment_lib.approach.decision import check_decision, decide
from segment_lib.approach.gates import assign_gates
from segment_lib.approach.plan import check_plan, says_pinned
from segment_lib.approach.review import apply_overrides, read_overrides, write_overrides
from segment_lib.approach.review.overrides import Review
from segment_lib.approach.views import make_plan
from segment_lib.approach.weeks import weeks_of
from segment_lib.checks import ListError
from segment_lib.in_words import hours_said
from segment_lib.voice import language

HEAD = "customer_id,decision,reason_in_words,by,on\n"


@pytest.fixture
def table(make, customers, permissions, contacts):
    client = make()
    gates = assign_gates(customers, client, permissions, contacts)
    return decide(customers, client, gates).table


@pytest.fixture
def write(make, tmp_path):
    def written(text: str, encoding: str = "utf-8"):
        (tmp_path / "overrides.csv").write_bytes(text.encode(encoding))
        return read_overrides(make(folder=tmp_path))

    return written


def of_state(review: Review, state: str) -> pd.DataFrame:
    """The overrides of one state: holds, waits or not_found."""
    return review.overrides[review.overrides["state"] == state].reset_index(drop=True)


def test_the_latest_word_counts_in_labels_or_codes(write) -> None:
    told = write(
        HEAD + "C02,アプローチする,社長を知っている,佐藤,2025/06/02\n"
        "C02,not_now,wait,佐藤,2025-06-01\n"
        "C05,approach,later,佐藤,2025-07-09\n"
        "C05,not_now,later still,佐藤,2025-07-09\n",
        "cp932",
    )
    # C05 was decided after the as-of day (30 June): as_of binds data, not people's words
    assert told[["customer_id", "decision"]].values.tolist() == [
        ["C02", "approach"],
        ["C05", "not_now"],
    ]


def test_a_file_that_excel_has_saved_anew_is_read_word_for_word(write) -> None:
    told = write(
        HEAD.replace(",", "\t") + "C02\tアプローチしない\tご本人の希望\t佐藤\t2026/4/1\n"
        "C05\tNot Now\t'=1 is what they said\t佐藤\tR8.4.1\n"
        "C06\tnot approached\tclosed\t佐藤\t46113\n\n",
        "cp932",
    )
    assert told[["customer_id", "decision", "reason_in_words", "by"]].values.tolist() == [
        ["C02", "not_approached", "ご本人の希望", "佐藤"],
        ["C05", "not_now", "=1 is what they said", "佐藤"],
        ["C06", "not_approached", "closed", "佐藤"],
    ]
    # an older kit knew of no owner, no day, no agreement
    assert told["owner"].eq("").all()
    assert told["do_on"].isna().all()
    assert not told["agreed"].any()
    assert told["on"].eq(pd.Timestamp("2026-04-01")).all()


def test_a_slip_of_an_older_kit_never_beats_a_readable_day(write) -> None:
    told = write(
        HEAD + "C02,approach,26/3/30 read as 2030,佐藤,2030-03-26\n"
        "C02,not_now,true,佐藤,2025-06-01\nC05,approach,3/30 read as year 1,佐藤,0001-03-30\n"
    )
    assert told["reason_in_words"].tolist() == ["true", "3/30 read as year 1"]


def test_no_file_means_no_overrides(make, tmp_path) -> None:
    assert read_overrides(make(folder=tmp_path)).empty


def test_an_override_is_kept_beside_the_kits_own_reason(table, write, make, customers) -> None:
    told = write(
        HEAD + "C02,approach,knows the owner,佐藤,2025-06-02\n"
        "C01,approach,agreed,佐藤,2025-06-02\nC99,approach,who,佐藤,2025-06-02\n"
    )
    review = apply_overrides(table, told)
    row = review.table.loc["C02"]
    assert (row["decision"], row["reason"], row["override"]) == (
        "approach",
        "reviewed",
        "approach",
    )
    assert row["all_reasons"] == "reviewed; not_worth_it"
    assert row["evidence"].startswith("knows the owner (佐藤, 2025-06-02). Of 84 alike 5 signed")
    assert review.table.loc["C01", "reason"] == "worth_it"  # confirmed, not overruled
    assert review.table["agreed"].loc[["C01", "C02", "C04"]].tolist() == [True, False, False]
    assert review.counts.to_dict("records") == [
        {"decision": "approach", "override": "approach", "overruled": False, "customers": 1},
        {"decision": "not_approached", "override": "approach", "overruled": True, "customers": 1},
    ]
    assert of_state(review, "not_found")["customer_id"].tolist() == ["C99"]
    assert review.table["override"].notna().sum() == 2
    check_decision(review.table, table.index)
    planned = assign_actions(review.table, customers, make())
    assert planned["action"]["C02"] == "Get to know"  # no rung is known: the last row


def test_what_does_not_fit_today_waits_and_stops_nothing(table, write) -> None:
    told = write(
        HEAD + "C18,not_approached,signed since,佐藤,2025-06-02\n"
        "C03,approach,has opted out since,佐藤,2025-06-02\n"
        "C04,grow,the contract has ended,佐藤,2025-06-02\n"
        "C06,not_now,holds,佐藤,2025-07-02\n"
    )
    review = apply_overrides(table, told)
    assert of_state(review, "waits")[["customer_id", "why"]].values.tolist() == [
        ["C03", "opted_out"],
        ["C04", "no_contract"],
        ["C18", "under_contract"],
    ]
    waiting = of_state(review, "waits")["customer_id"]
    pd.testing.assert_frame_equal(
        review.table.loc[waiting, ["decision", "reason", "all_reasons", "evidence"]],
        table.loc[waiting, ["decision", "reason", "all_reasons", "evidence"]],
    )
    assert review.table["override"].dropna().to_dict() == {"C06": "not_now"}
    check_decision(review.table, table.index)


def test_nobody_who_opted_out_is_approached_whatever_the_main_reason(table, write) -> None:
    told = write(HEAD + "C03,approach,they will not mind,佐藤,2025-06-02\n")
    behind = table.assign(
        reason=table["reason"].where(table.index != "C03", "declared"),
        all_reasons=table["all_reasons"].where(table.index != "C03", "declared; opted_out"),
    )
    assert of_state(apply_overrides(behind, told), "waits")["why"].tolist() == ["opted_out"]


def test_no_overrides_leave_the_decisions_as_they_are(table, make, tmp_path) -> None:
    review = apply_overrides(table, read_overrides(make(folder=tmp_path)))
    assert review.table["decision"].equals(table["decision"])
    assert review.overrides.empty


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "C02,perhaps,x,佐藤,2025-06-02",
            "overrides.csv, column decision, holds ['perhaps'], which is not one of ['approach', "
            "'not_approached', 'grow', 'recover', 'keep_serving', 'not_now']. Correct it there.",
        ),
        (
            "C02,approach,x,佐藤,June",
            'overrides.csv holds the day "June" in its column on. Write it as 2025-03-01.',
        ),
        (
            "C02,approach,x,佐藤,2025-06-02,,soon,",
            'overrides.csv holds the day "soon" in its column do_on. Write it as 2025-03-01.',
        ),
        (
            "C02,approach,,佐藤,2025-06-02,,,perhaps",
            'overrides.csv holds "perhaps" in its column agreed. Write yes, or leave it empty.',
        ),
        (
            "C02,approach,,佐藤,2025-06-02",
            "overrides.csv: the override of C02 lacks a reason in words or who decided it. Fill in "
            "reason_in_words and by.",
        ),
        (
            "C02,approach,x, and y,佐藤,2025-06-02",
            "overrides.csv: the row of C02 has more cells than the first line has columns. Put a "
            "text with a comma between quotation marks.",
        ),
    ],
)
def test_mistakes_are_told_in_one_sentence(write, row, message) -> None:
    head = HEAD if row.count(",") < 7 else HEAD.strip() + ",owner,do_on,agreed\n"
    with pytest.raises(ListError) as error:
        write(head + row + "\n")
    assert str(error.value) == message


def test_what_is_written_can_be_read_and_earlier_words_stay(make, tmp_path) -> None:
    client = make(folder=tmp_path)
    rows = pd.DataFrame(
        {
            "customer_id": ["C02"],
            "decision": ["not_now"],
            "reason_in_words": ["=cmd|' /C calc'!A0"],
            "by": ["佐藤"],
            "on": [pd.Timestamp("2025-06-01")],
        }
    )
    write_overrides(rows, client)
    path = write_overrides(rows.assign(decision="approach", on=pd.Timestamp("2025-06-09")), client)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "'=cmd" in lines[1]
    told = read_overrides(client)
    assert told["decision"].tolist() == ["approach"]
    assert told["reason_in_words"].tolist() == ["=cmd|' /C calc'!A0"]


def test_a_stop_while_writing_leaves_the_old_file_whole(make, tmp_path, monkeypatch) -> None:
    client = make(folder=tmp_path)
    rows = pd.DataFrame(
        {
            "customer_id": ["C02"], "decision": ["not_now"], "reason_in_words": ["x"],
            "by": ["佐藤"], "on": ["2025-06-01"],
        }
    )  # fmt: skip
    path = write_overrides(rows, client)
    before = path.read_bytes()

    def stopped(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_overrides(rows.assign(decision="approach"), client)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["overrides.csv"]


# --- what it does to the plan -------------------------------------------------------------------
TEAM = {"owners": ["佐藤"], "days_off": [dt.date(2025, 7, 2)]}
WHO, WHEN = "山田", "2025-07-01"


def said(*rows: tuple[str, ...]) -> pd.DataFrame:
    """Words of 山田, one a row: customer, decision, reason, owner, day, agreed."""
    columns = ["customer_id", "decision", "reason_in_words", "owner", "do_on", "agreed"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(by=WHO, on=pd.Timestamp(WHEN))


@pytest.fixture
def plan_of(table, customers, make):
    """The plan with these words in it, of owners who have one hour a day; and its weeks."""

    def planned(words: pd.DataFrame, hours: float = 5, spoken: str = "en"):
        client = make(spoken, teams={"inside": TEAM | {"hours_per_week": hours}})
        reviewed = apply_overrides(table, words)
        actions = assign_actions(reviewed.table, customers.assign(owner="佐藤"), client)
        weeks = weeks_of(client)
        spent = pd.Series(0.0, index=table.index)
        return make_plan(actions, customers, spent, weeks), weeks

    return planned


@pytest.mark.parametrize(("who", "before"), [("C06", "approach"), ("C02", "not_approached")])
def test_an_override_to_approach_comes_first(who, before, plan_of) -> None:
    # what went wrong and what is owed fill the first week: two of its days are off
    plan, weeks = plan_of(said(), 9.5)
    assert plan["decision"][who] == before
    assert plan["planned_week"].fillna(0)[who] != 1
    plan, weeks = plan_of(said((who, "approach", "must go now", "", "", False)), 9.5)
    row = plan.loc[who]
    assert (row["decision"], row["planned_week"], bool(row["cannot_wait"])) == ("approach", 1, True)
    assert row["do_on"] <= weeks.days[weeks.week == 1][-1]
    others = plan[plan["reason"].isin(["open_incident", "our_part_missing"])]
    assert row["priority"] == len(others) + 1
    assert row["why_now"].startswith("A person who knows them asked for it (山田, 2025-07-01)")
    assert bool(row["agreed"]) == (before == "approach")
    told, _weeks = plan_of(said((who, "approach", "must go now", "", "", False)), 12.5, "ja")
    assert "（山田、2025-07-01）" in told["why_now"][who]


def test_who_agrees_brings_nobody_forward(plan_of) -> None:
    before, _weeks = plan_of(said())
    plan, _weeks = plan_of(said(("C06", "approach", "", "", "", True)))
    pd.testing.assert_series_equal(plan["priority"], before["priority"])
    pd.testing.assert_series_equal(plan["do_on"], before["do_on"])
    assert plan.index[plan["agreed"]].tolist() == ["C06"]


def test_a_day_that_a_person_set_is_kept_and_its_hours_come_first(plan_of) -> None:
    words = said(
        ("C16", "grow", "", "", "2025-07-03", True),  # as planned, but on that day
        ("C07", "approach", "", "鈴木", "2025-07-09", True),
        ("C02", "not_now", "in the autumn", "", "2025-07-14", False),
        ("C05", "not_now", "", "", "2025-07-15", True),
        ("C01", "approach", "asked for May", "", "2025-08-15", False),  # behind the plan
    )
    plan, weeks = plan_of(words)
    kept = plan.loc[words["customer_id"]]
    assert kept["do_on"].dt.strftime("%m-%d").tolist() == [
        "07-03", "07-09", "07-14", "07-15", "08-15",
    ]  # fmt: skip
    assert kept["planned_week"].tolist() == [1, 2, pd.NA, pd.NA, pd.NA]
    assert kept["waits_because"].tolist() == ["", "", "date", "date", "date"]
    assert kept["owner"].tolist() == ["佐藤", "鈴木", "佐藤", "佐藤", "佐藤"]
    assert plan["why_now"]["C07"].endswith("The day was set by 山田, 2025-07-01.")
    assert says_pinned(plan, weeks) == ""


def test_a_week_that_only_set_days_overfill_is_told(plan_of) -> None:
    four = ["C11", "C12", "C13", "C14"]  # recoveries of 2 and more hours, in a week of 5
    plan, weeks = plan_of(said())
    decided = plan["decision"]
    words = said(*((who, decided[who], "", "", "2025-07-08", True) for who in four))
    plan, weeks = plan_of(words)
    hours = plan.loc[four, "effort_hours"].sum()
    assert hours > 5
    assert plan.loc[four, "do_on"].eq(pd.Timestamp("2025-07-08")).all()
    second = plan[plan["planned_week"].eq(2)]
    assert sorted(second.index) == four  # nobody else is put into that week
    check_plan(plan, weeks)
    assert says_pinned(plan, weeks) == (
        f"佐藤: the days that people set take {hours_said(hours)} in week 2, but there are 5.0 "
        "hours."
    )
    with language("ja"):
        assert says_pinned(plan, weeks).startswith("佐藤：日を指定されたご予定だけで、第2週は")


def test_days_that_are_past_or_not_worked_hold_no_longer_and_are_told(plan_of) -> None:
    words = said(
        ("C06", "approach", "", "", "2025-06-20", True),  # the list was a later one
        ("C16", "grow", "", "", "2025-07-02", True),  # a day off of 佐藤
        ("C04", "approach", "knows them", "", "2025-07-05", False),  # a Saturday
    )
    plan, weeks = plan_of(words)
    assert says_pinned(plan, weeks) == (
        "3 days that people set lie in the past or are not worked, and hold no longer: C04, C06, "
        "C16."
    )
    assert not plan["do_on"].isin(words["do_on"].astype("datetime64[us]")).any()


def test_the_owner_holds_whatever_becomes_of_the_decision(plan_of) -> None:
    words = said(
        ("C06", "not_approached", "", "鈴木", "", True),  # the kit decides otherwise by now
        ("C18", "not_approached", "closed", "鈴木", "", False),  # under contract by now
    )
    plan, _weeks = plan_of(words)
    assert plan.loc[["C06", "C18"], "owner"].tolist() == ["鈴木", "鈴木"]
    assert not plan["agreed"].any()
    assert plan.loc[["C06", "C18"], "decision"].tolist() == ["approach", "keep_serving"]
