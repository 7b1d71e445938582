"""One by one: people overrule the kit, are bound by the relation, and nothing is lost."""

from __future__ import annotations

import pandas as pd
import pytest

from segment_lib.approach.actions import assign_actions
from segment_lib.approach.decision import check_decision, decide
from segment_lib.approach.gates import assign_gates
from segment_lib.approach.review import apply_overrides, read_overrides, write_overrides
from segment_lib.approach.review.overrides import Review
from segment_lib.checks import ListError

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
    assert told.drop(columns="on").values.tolist() == [
        ["C02", "not_approached", "ご本人の希望", "佐藤"],
        ["C05", "not_now", "=1 is what they said", "佐藤"],
        ["C06", "not_approached", "closed", "佐藤"],
    ]
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
    assert row["evidence"].startswith("knows the owner (佐藤, 2025-06-02). P(worth it) 1.0%")
    assert review.table.loc["C01", "reason"] == "worth_it"  # confirmed, not overruled
    assert review.counts.to_dict("records") == [
        {"decision": "approach", "override": "approach", "overruled": False, "customers": 1},
        {"decision": "not_approached", "override": "approach", "overruled": True, "customers": 1},
    ]
    assert of_state(review, "not_found")["customer_id"].tolist() == ["C99"]
    assert review.table["override"].notna().sum() == 2
    check_decision(review.table, table.index)
    planned = assign_actions(review.table, customers, make())
    assert planned["action"]["C02"] == "Call, understand the need, propose"


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
    with pytest.raises(ListError) as error:
        write(HEAD + row + "\n")
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
