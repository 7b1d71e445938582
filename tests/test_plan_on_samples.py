"""The plan of both samples, as printed and left as files, in both languages: it can be carried out,
and one word has one number in report, workbook and tables.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from test_described_numbers import described
from test_no_cause import claims_of_cause
from test_report_numbers import differences, section
from test_report_numbers import tables_of as tables_in
from test_report_workbook import counted, fixed_names, sheets_of, tables_of

import segment_lib as sl
from segment_lib import thread
from segment_lib.approach.choosing import ADDRESSES
from segment_lib.approach.playbook import playbook_of
from segment_lib.approach.weeks import Weeks, weeks_of
from segment_lib.behaviour.incidents import recovery_queue
from segment_lib.behaviour.said import says_requests
from segment_lib.client import Client
from segment_lib.columns import label, value_label, values_of
from segment_lib.report import build_report, build_workbook
from segment_lib.report.plan_files import write_plan_files
from segment_lib.voice import use_language

ROOT = Path(__file__).parent.parent
SAMPLES = {"web": "sample_data/client.toml", "shop": "sample_data/shop/client.toml"}
IDLE = ["not_approached", "not_now"]

pytestmark = pytest.mark.slow


@dataclass
class Run:
    """What a run of a sample leaves."""

    client: Client
    frames: dict[str, pd.DataFrame]
    report: str
    workbook: Path

    @property
    def plan(self) -> pd.DataFrame:
        return self.frames["customers"]

    @property
    def weeks(self) -> Weeks:
        return weeks_of(self.client)


@pytest.fixture(
    scope="module", params=[(name, spoken) for name in SAMPLES for spoken in ("en", "ja")]
)
def run(request, tmp_path_factory) -> Iterator[Run]:
    name, spoken = request.param
    client = sl.open_client(ROOT / SAMPLES[name], tmp_path_factory.mktemp("out"), spoken)
    for kept in thread.KEPT_BY:
        try:
            sl.take_up(client, kept)
        except sl.NeedsTable:
            continue
    thread.write_results(client)
    frames = thread.report_frames(client)
    report = build_report(client, frames).read_text(encoding="utf-8")
    yield Run(client, frames, report, build_workbook(client, frames))
    use_language("en")


@pytest.fixture(autouse=True)
def _in_its_language(run: Run) -> None:
    use_language(run.client.language)


def test_every_count_of_the_report_is_that_of_the_plan(run: Run) -> None:
    assert differences(run.report, run.frames, run.client) == []


def test_every_count_that_describes_the_customers_is_so(run: Run) -> None:
    assert described(run.report, run.frames, run.client) == []


def test_nothing_is_said_to_come_from_an_approach(run: Run) -> None:
    cells = (str(cell) for rows in sheets_of(run.workbook).values() for row in rows for cell in row)
    page = re.findall(r"<(?:p|td|th|li|h\d)[^>]*>(.*?)</", run.report, re.S)
    assert [one for text in (*page, *cells) for one in claims_of_cause(text)] == []


def test_one_customer_who_is_told_otherwise_is_found(run: Run) -> None:
    if run.client.language != "en":
        pytest.skip("the numbers are the same in both languages")
    bought = run.plan["monetary"].where(run.plan["got_results"].eq("yes") & ~run.plan["lapsed"])
    best = bought.idxmax()
    for column, value in {
        "monetary": 1e9, "frequency": 0, "order_days": 99, "decile": 10, "five_type": "fad",
        "rfm_segment": "New", "lapsed": True, "cluster": 3, "stage": "prospect",
        "got_results": "no", "learn_from": False, "field": "not_yet_known",
        "silent_leaver": True, "under_contract": False,
    }.items():  # fmt: skip
        moved = run.plan.copy()
        assert moved.loc[best, column] != value
        moved.loc[best, column] = value
        assert described(run.report, run.frames | {"customers": moved}, run.client), column


def test_one_word_has_one_number_in_all_parts(run: Run) -> None:
    """Whom we serve and what is open have the same count where they are said and decided."""
    served = run.plan["under_contract"].astype(bool)
    decisions, *_rest = tables_in(section(run.report, "plan"))
    care = {str(value_label("decision", one)) for one in ("grow", "recover", "keep_serving")}
    told = sum(int(row[1].replace(",", "")) for row in decisions if row[0] in care)
    assert told == served.sum()
    waiting = run.plan["incident_state"].eq("open") & run.plan["justified"].ne(False)
    (reasons,) = tables_in(section(run.report, "not-approached"))
    told = [row[2] for row in reasons if row[1] == str(value_label("reason", "open_incident"))]
    assert told == [str(waiting.sum())]
    said = says_requests(run.plan, recovery_queue(run.plan))  # of notebook 05
    assert str(waiting.sum()) in re.findall(r"\d+", said.replace(",", ""))


def test_every_count_of_the_workbook_is_that_of_the_plan(run: Run) -> None:
    plan, names, tables = run.plan, fixed_names(), tables_of(run.workbook)
    planned, away = plan["planned_week"].notna(), plan["decision"].eq("not_approached")
    late = plan["waits_because"].isin(["no_hours", "too_long"])
    who = label("customer_id")
    for owner, own in plan[planned].groupby("owner"):
        sheet = tables[str(value_label("owner", owner))]
        assert sorted(sheet[who]) == sorted(own.index)
        assert pd.to_datetime(sheet[label("do_on")]).isin(run.weeks.days).all()
    if away.any():
        assert sorted(tables[names["not_approached"]][who]) == sorted(plan.index[away])
    waiting = plan.index[~away & ~planned]
    if len(waiting):
        assert sorted(tables[names["waiting"]][who]) == sorted(waiting)
    assert sorted(tables[names["all"]][who]) == sorted(plan.index)
    first = {"en": "What is decided", "ja": "決まったこと"}[run.client.language]
    about = counted(sheets_of(run.workbook)[names["about"]], first)
    for code, own in plan.groupby("decision"):
        told = about[str(value_label("decision", code))][:3]
        assert told == [len(own), planned[own.index].sum(), late[own.index].sum()]


def test_the_tables_are_the_plan(run: Run) -> None:
    written = write_plan_files(run.client, run.frames)
    rows = {}
    for path in written.paths:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows[path.name] = list(csv.DictReader(file))
    everybody = rows.pop("plan.csv")
    assert len(everybody) == len(run.plan)
    assert sum(map(len, rows.values())) == run.plan["planned_week"].notna().sum()
    assert {row["decision"] for row in everybody} == set(run.plan["decision"])
    decisions = pd.read_parquet(run.client.out_folder / "decisions.parquet")
    assert len(decisions) == len(run.plan)
    assert decisions["planned_week"].notna().sum() == run.plan["planned_week"].notna().sum()


def test_who_was_drawn_is_approached_in_these_weeks(run: Run) -> None:
    drawn = run.plan[run.plan["hold_out"]]
    assert drawn["decision"].eq("approach").all()
    assert drawn["planned_week"].notna().all()
    assert (len(drawn) > 0) == (run.client.name == "web_marketing")


def test_who_decides_now_is_seen_within_two_weeks(run: Run) -> None:
    if run.client.name != "web_marketing":
        pytest.skip("nobody decides on a proposal in a shop")
    now = run.plan[run.plan["status"] == "deciding_now"]
    may_not = now["reason"].isin(["opted_out", "declared"])
    assert len(now) > 100
    assert (now["planned_week"].le(2).fillna(False) | may_not).mean() >= 0.95


def test_who_is_on_the_way_is_helped_in_these_weeks(run: Run) -> None:
    helped = run.plan[run.plan["purpose"].eq("educate") & run.plan["under_contract"]]
    assert len(helped) > 100
    assert helped["planned_week"].notna().mean() >= 0.95


def test_the_weeks_hold(run: Run) -> None:
    done = run.plan[run.plan["planned_week"].notna()]
    assert done["do_on"].isin(run.weeks.days).all()
    assert (done["do_on"].dt.date > run.client.as_of).all()
    for (owner, week), hours in (
        done.groupby(["owner", "planned_week"])["effort_hours"].sum().items()
    ):
        stated = run.weeks.hours(str(owner))
        if stated is not None:
            assert hours <= stated[run.weeks.week == week].sum() + 1e-6
            # on one day no more than its hours, but for an action longer than a day
            own = done[done["owner"].eq(owner) & done["planned_week"].eq(week)]
            longest = own["effort_hours"].max()
            assert (own.groupby("do_on")["effort_hours"].sum() <= stated.max() + longest).all()


def test_care_does_not_wait_while_prospects_are_called(run: Run) -> None:
    plan = run.plan
    done, served = plan["planned_week"].notna(), plan["under_contract"].astype(bool)
    care = served & ~plan["purpose"].isin(["propose", "none"]) & ~plan["decision"].isin(IDLE)
    exempt = plan["hold_out"] | plan["override"].notna() | plan["status"].eq("deciding_now")
    called = set(plan.loc[done & ~served & ~exempt, "owner"])
    assert not called & set(plan.loc[care & ~done, "owner"])
    assert plan.loc[served, "decision"].isin(["grow", "recover", "keep_serving"]).all()


# --- the playbook: what is known chooses what is done ---------------------------------------------
WRONG = ("open_incident", "our_part_missing")
# The rung to which a row leads; every other row of the ladder asks for none.
LEADS_TO = {
    "Rung 1: introduce ourselves": "mail_or_call", "Rung 2: ask to meet": "met_once",
    "Rung 3: meet again": "met_twice", "Rung 4: get to know the people": "meal",
    "Rung 5: ask leave to propose": "proposal", "One proposal that fits": "proposal",
}  # fmt: skip


def test_everybody_has_one_row_that_can_be_done(run: Run) -> None:
    plan, book = run.plan, playbook_of(run.client)
    assert book.chosen
    assert all(row.is_signed for row in book.rows)
    assert plan["row"].isin([row.name for row in book.rows]).all()
    assert plan["channel"].isin([*run.client.channels.in_use, "as agreed", "none"]).all()
    refused = plan["channels_refused"].str.split(", ")
    assert not any(a in b for a, b in zip(plan["channel"], refused, strict=True))
    assert not plan["content"].str.contains(r"[{}\[\]]|\b(?:nan|NaT|None)\b").any()
    for means, address in ADDRESSES.items():
        if plan[address].notna().any():
            assert plan.loc[plan["channel"] == means, address].notna().all()
    assert plan.loc[plan["decision"] == "recover", "purpose"].ne("none").all()
    away = plan["decision"].eq("not_approached")
    assert plan.loc[away, ["purpose", "channel"]].eq("none").all(axis=None)


def test_nothing_is_sold_where_something_is_to_be_mended(run: Run) -> None:
    plan = run.plan
    wrong = plan["incident_state"].isin(["open", "recovered"]) & plan["justified"].ne(False)
    assert wrong.sum() > 20
    assert not plan.loc[wrong, "purpose"].eq("propose").any()
    assert not plan.loc[plan["reason"].isin(WRONG), "purpose"].eq("propose").any()
    if run.client.name == "web_marketing":  # who pays and gets nothing is not sold more
        assert not plan.loc[plan["field"].eq("pays_gets_nothing"), "purpose"].eq("propose").any()


def test_a_shop_wins_the_second_order_and_chases_nobody(run: Run) -> None:
    if run.client.name != "shop":
        pytest.skip("this is about a shop")
    plan = run.plan
    active = plan["five_type"].eq("first_time") & plan["lapsed"].eq(False)
    repaired = plan["purpose"].isin(["recover", "understand"])  # what went wrong comes first
    assert active.sum() > 30
    first = plan.loc[active & ~repaired, "row"]
    assert first.isin(["First order, just arrived", "First order, still in time"]).all()
    assert first.size > 30
    assert not plan["channel"].eq("visit").any()
    fads = plan["five_type"].eq("fad")
    chased = plan["purpose"].eq("propose") | plan["channel"].isin(["call", "visit"])
    mended = plan["reason"].isin(WRONG) | plan["incident_state"].isin(["open", "recovered"])
    assert fads.sum() > 50
    assert not (fads & chased & ~mended).any()
    late = plan[plan["row"] == "Loyal and late"]
    assert len(late) > 0
    assert (pd.to_datetime(late["due_by"]) < pd.Timestamp(run.client.as_of)).all()
    assert late["lapsed"].eq(False).all()


def test_nobody_is_led_more_than_one_rung_ahead(run: Run) -> None:
    if run.client.name != "web_marketing":
        pytest.skip("this is about the ladder of a service for firms")
    plan = run.plan[~run.plan["under_contract"].astype(bool)]
    rungs = {code: at for at, code in enumerate(values_of("sub_stage"))}
    led = plan["row"].map(LEADS_TO).dropna()
    assert len(led) > 200
    steps = led.map(rungs) - plan.loc[led.index, "sub_stage"].map(rungs)
    assert steps.eq(1).all()
    sold = plan[plan["purpose"] == "propose"]
    asked = sold["row"].eq("Ask for the decision")  # of a proposal that is out
    assert (sold["sub_stage"].eq("meal") | asked).all()
    again = plan["sub_stage"].eq("proposal") & plan["row"].ne("Ask for the decision")
    assert not plan.loc[again, "purpose"].eq("propose").any()
