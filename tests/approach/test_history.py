"""What was accepted stays as it was; months by status and team; who is new on a list, or gone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from segment_lib.__main__ import main
from segment_lib.approach.history import (
    HistoryView,
    accepted_lists,
    accepted_plans,
    history_view,
    moved_since,
    status_by_month,
    write_accepted,
)
from segment_lib.checks import quoted
from segment_lib.voice import language


def plan(**rows: tuple[str, str, object, str]) -> pd.DataFrame:
    """Customers by id: decision, reason, week (None: none), owner; the status is the same."""
    columns = ["decision", "reason", "planned_week", "owner"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    frame["planned_week"] = frame["planned_week"].astype("Int64")
    return frame.rename_axis("customer_id").assign(
        status="quiet", team="inside", waits_because="", agreed=False, hold_out=False
    )


MARCH = plan(
    A=("approach", "worth_it", 1, "佐藤"), B=("not_approached", "not_worth_it", None, "佐藤"),
    C=("not_approached", "opted_out", None, "鈴木"), D=("approach", "in_doubt", None, "鈴木"),
    E=("keep_serving", "gets_results", 2, "鈴木"),
)  # fmt: skip
APRIL = plan(
    A=("not_approached", "not_worth_it", None, "佐藤"), B=("approach", "worth_it", 1, "佐藤"),
    C=("not_approached", "opted_out", None, "鈴木"), D=("approach", "in_doubt", 1, "鈴木"),
    F=("not_approached", "not_worth_it", None, "鈴木"),
)  # fmt: skip


@pytest.fixture
def client(make, tmp_path):
    """A client whose folder can be written to, as of 30 June 2025."""
    return make(folder=tmp_path, teams={"inside": {"owners": ["佐藤"]}})


@pytest.fixture
def decisions(tmp_path) -> Path:
    path = tmp_path / "out" / "decisions.parquet"
    path.parent.mkdir()
    path.write_bytes(b"as the run left it")
    return path


def test_an_accepted_list_is_never_written_over(client, decisions, tmp_path) -> None:
    day = dt.date(2025, 7, 1)
    first = write_accepted(MARCH, decisions, client, "山田", day)
    second = write_accepted(APRIL.assign(agreed=True), decisions, client, '佐藤 "S"', day)
    assert [path.name for path in (first, second)] == ["2025-06-30", "2025-06-30-2"]
    assert sorted(path.name for path in first.iterdir()) == [
        "accepted.toml", "decisions.parquet", "plan.parquet",
    ]  # fmt: skip
    assert (first / "decisions.parquet").read_bytes() == b"as the run left it"
    assert (first / "accepted.toml").read_text(encoding="utf-8") == (
        "# A list as it was accepted. Nothing here is written over or taken out by the kit.\n"
        'client = "by_hand"\nas_of = 2025-06-30\naccepted_by = "山田"\naccepted_on = 2025-07-01\n'
        "customers = 5\nlooked_at_and_agreed = 0\n"
    )
    kept = pd.read_parquet(first / "plan.parquet").set_index("customer_id")
    assert kept["reason"].equals(MARCH["reason"].astype(kept["reason"].dtype))
    lists = accepted_lists(client)
    assert lists[["number", "accepted_by", "counts"]].values.tolist() == [
        [1, "山田", False],
        [2, '佐藤 "S"', True],
    ]
    plans = accepted_plans(client)
    assert list(plans) == [dt.date(2025, 6, 30)]
    assert "F" in plans[dt.date(2025, 6, 30)].index  # the last counts
    assert not [path for path in (tmp_path / "history").iterdir() if path.name.startswith(".")]


def test_who_is_new_on_a_list_who_is_gone_and_why() -> None:
    moved = moved_since(MARCH, APRIL)
    columns = ["on_list", "moved", "reason_before", "reason_now"]
    assert moved.reset_index()[["customer_id", *columns]].fillna("").values.tolist() == [
        ["A", "not_approached", "new", "worth_it", "not_worth_it"],
        ["B", "not_approached", "gone", "not_worth_it", "worth_it"],
        ["F", "not_approached", "new", "", "not_worth_it"],
        ["A", "plan", "gone", "worth_it", "not_worth_it"],
        ["B", "plan", "new", "not_worth_it", "worth_it"],
        ["D", "plan", "new", "in_doubt", "in_doubt"],
        ["E", "plan", "gone", "gets_results", ""],
    ]
    assert moved_since(MARCH, MARCH).empty


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    """A and B order in spring, F first in May."""
    people = pd.DataFrame(
        {"owner": ["佐藤", "佐藤", "鈴木"], "under_contract": False, "first_contact_on": pd.NaT},
        index=pd.Index(["A", "B", "F"], name="customer_id"),
    )
    orders = pd.DataFrame(
        {
            "customer_id": ["A", "A", "B", "F"],
            "ordered_on": pd.to_datetime(["2025-02-01", "2025-03-01", "2025-02-10", "2025-05-20"]),
            "amount": [10.0, 10.0, 10.0, 10.0],
        }
    )
    return {
        "customers": people.assign(first_contact_on=orders["ordered_on"].min()),
        "orders": orders,
    }


def test_months_are_accepted_or_recalculated_and_say_so(client, tables) -> None:
    plans = {dt.date(2025, 5, 15): MARCH, dt.date(2025, 5, 29): APRIL}
    owners = tables["customers"]["owner"]
    heads = status_by_month(tables, client, plans, owners, months=3)
    days = heads.drop_duplicates("as_of")[["as_of", "source"]]
    assert [(f"{day:%Y-%m-%d}", source) for day, source in days.itertuples(index=False)] == [
        ("2025-04-30", "recalculated"),
        ("2025-05-29", "accepted"),
        ("2025-06-30", "recalculated"),
    ]
    sums = heads.groupby("as_of")["customers"].sum()
    assert sums.tolist() == [3, 5, 3]
    assert set(heads["team"]) == {"", "inside"}
    accepted = heads[heads["source"] == "accepted"]
    assert accepted[["status", "team", "customers"]].values.tolist() == [["quiet", "inside", 5]]


def test_what_the_view_says(client, decisions, tables) -> None:
    customers = APRIL.loc[["A", "B", "F"]]
    none = history_view(customers, tables, client)
    assert (none.lists.empty, none.moved.empty, none.since) == (True, True, None)
    assert none.says()["accepted"] == (
        "No list has been accepted yet. Whoever accepts this one says so: kit.py review --client "
        "…/client.toml --accept --by NAME"
    )
    assert none.says()["moved"] == ""
    write_accepted(MARCH, decisions, client, "山田", dt.date(2025, 7, 1))
    later = client.model_copy(
        update={"client": client.client.model_copy(update={"as_of": dt.date(2025, 7, 31)})}
    )
    view = history_view(customers, tables, later)
    assert view.since == dt.date(2025, 6, 30)
    says = view.says()
    assert says["accepted"] == "1 list was accepted, the one of 2025-06-30, by 山田 on 2025-07-01."
    assert says["moved"] == (
        "Since the list accepted as of 2025-06-30: not approached 2 new, 2 no longer; in the plan "
        "1 new, 2 no longer. Most often: in no list → Our effort brings them no result today (1); "
        "Our effort brings them no result today → Effort is likely to pay (1); Has asked not to be "
        "contacted → in no list (1)."
    )
    assert says["months"].endswith(
        "Months with an accepted list: 1; recalculated from dated facts: 5."
    )
    with language("ja"):
        assert view.says()["moved"].startswith(
            "承認されたリスト（基準日2025-06-30）との違い：アプローチしない方は2名増え、2名が外れました。"
        )
        assert view.says()["accepted"] == (
            "承認されたリストは1件です。最後は基準日2025-06-30のリストで、2025-07-01に山田が承認しました。"
        )
    # On the day of the only list there is nothing to compare with but itself.
    assert isinstance(history_view(MARCH.reindex(["A", "B"]), tables, client), HistoryView)


# --- through the command line ---------------------------------------------------------------------
@pytest.fixture
def ran(orders_client: Path) -> list[str]:
    """What a run leaves of two customers; the call that accepts their list."""
    out = orders_client.parent / "out" / "small"
    (out / "kept").mkdir(parents=True)
    decided = pd.DataFrame(
        {
            "customer_id": ["001", "002"], "under_contract": False, "decision": "approach",
            "reason": "in_doubt", "all_reasons": "in_doubt", "owner": ["佐藤", "鈴木"],
            "agreed": False,
        }
    )  # fmt: skip
    decided.to_parquet(out / "decisions.parquet")
    decided.assign(status="quiet", planned_week=1).to_parquet(out / "customers.parquet")
    (out / "run.json").write_text('{"as_of": "2024-12-31"}', encoding="utf-8")
    return ["review", "--client", str(orders_client), "--out", str(out.parent)]


def workbook(folder: Path, *rows: str) -> list[str]:
    path = folder / "reviewed.csv"
    head = "Customer id,Override,Why overruled,Overruled by,Other owner,Looked at, agreed\n"
    head = head.replace("Looked at, agreed", '"Looked at, agreed"')
    path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    return ["--import", str(path)]


def test_a_list_is_accepted_by_somebody_and_kept(ran, orders_client, capsys) -> None:
    home = orders_client.parent / "history"
    assert main([*ran, "--accept"]) == 1
    assert capsys.readouterr().err == (
        'A list is accepted by a person, but the name given is "". Say who accepts it: --by NAME\n'
    )
    assert main([*ran, "--accept", "--by", "山田", "--on", "2025-01-07"]) == 0
    assert capsys.readouterr().out == (
        f"The list as of 2024-12-31 is accepted by 山田, 2025-01-07: {home / '2024-12-31'}\n"
    )
    before = {path: path.read_bytes() for path in home.rglob("*.*") if path.is_file()}
    assert main([*ran, "--accept", "--by", "佐藤"]) == 0
    assert sorted(path.name for path in home.iterdir()) == ["2024-12-31", "2024-12-31-2"]
    assert all(path.read_bytes() == raw for path, raw in before.items())
    plan = pd.read_parquet(home / "2024-12-31" / "plan.parquet")
    assert plan[["customer_id", "status", "planned_week"]].values.tolist() == [
        ["001", "quiet", 1],
        ["002", "quiet", 1],
    ]


def test_an_import_that_leaves_nothing_open_accepts_the_list(ran, orders_client, capsys) -> None:
    home = orders_client.parent / "history"
    one = workbook(orders_client.parent, "001,,,佐藤,,はい", "002,,,,,")
    assert main([*ran, *one]) == 0
    assert "  agreed: 1\n" in capsys.readouterr().out
    assert not home.exists()  # nobody has looked at 002
    both = workbook(orders_client.parent, "001,,,佐藤,,はい", "002,Approach,,佐藤,,")
    assert main([*ran, *both]) == 0
    told = capsys.readouterr().out
    assert told.endswith(
        f"The list as of 2024-12-31 is accepted by 佐藤, 2024-12-31: {home / '2024-12-31'}\n"
    )
    plan = pd.read_parquet(home / "2024-12-31" / "plan.parquet")
    assert plan["agreed"].tolist() == [True, True]
    assert "looked_at_and_agreed = 2" in (home / "2024-12-31" / "accepted.toml").read_text("utf-8")
    assert main([*ran, *both]) == 0  # once more: nothing is accepted twice
    assert [path.name for path in home.iterdir()] == ["2024-12-31"]


def test_what_the_run_does_not_hold_yet_cannot_be_accepted(ran, orders_client, capsys) -> None:
    home = orders_client.parent / "history"
    rows = workbook(orders_client.parent, "001,Not now,on leave,佐藤,,", "002,,,佐藤,,はい")
    assert main([*ran, *rows]) == 0
    assert capsys.readouterr().out.endswith(
        "Everybody has been looked at. Run, then accept the list: kit.py review --client "
        f"{quoted(orders_client)} --accept --by NAME\n"
    )
    assert main([*ran, "--accept", "--by", "山田"]) == 1
    assert capsys.readouterr().err == (
        "1 decision(s) in overrides.csv, for example that of 001, are not in the last run, so its "
        f"list cannot be accepted yet. Run first: kit.py run --client {quoted(orders_client)}\n"
    )
    assert not home.exists()


def test_a_run_of_another_day_cannot_be_accepted(ran, orders_client, capsys) -> None:
    text = orders_client.read_text(encoding="utf-8")
    orders_client.write_text(text.replace("2024-12-31", "2025-01-31"), encoding="utf-8")
    assert main([*ran, "--accept", "--by", "山田"]) == 1
    assert capsys.readouterr().err == (
        "The last run is as of 2024-12-31, but client.toml says 2025-01-31. Run first: kit.py run "
        f"--client {quoted(orders_client)}\n"
    )
    (orders_client.parent / "out" / "small" / "customers.parquet").unlink()
    assert main([*ran, "--accept", "--by", "山田"]) == 1
    assert capsys.readouterr().err.startswith("There is no list of small in ")


def test_review_needs_something_to_do(ran, capsys) -> None:
    assert main(ran) == 2
    assert capsys.readouterr().err == (
        "review needs --client with the workbook that was reviewed (--import FILE), or with "
        "--accept to accept the list of the last run as it stands.\n"
    )
