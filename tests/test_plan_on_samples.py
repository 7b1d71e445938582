"""The plan of both samples, as printed and left as files, in both languages: it can be carried out,
and one word has one number in report, workbook and tables.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from test_report_numbers import differences
from test_report_workbook import counted, fixed_names, sheets_of, tables_of

import segment_lib as sl
from segment_lib import thread
from segment_lib.approach.weeks import Weeks, weeks_of
from segment_lib.client import Client
from segment_lib.columns import label, value_label
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
    assert sorted(tables[names["waiting"]][who]) == sorted(plan.index[~away & ~planned])
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
        pytest.skip(
            "the shop's hours are spent on who cannot wait; its playbook is still the B2B one"
        )
    now = run.plan[run.plan["status"] == "deciding_now"]
    may_not = now["reason"].isin(["opted_out", "declared"])
    assert len(now) > 100
    assert (now["planned_week"].le(2).fillna(False) | may_not).mean() >= 0.95


def test_who_is_on_the_way_is_helped_in_these_weeks(run: Run) -> None:
    helped = run.plan[run.plan["purpose"] == "educate"]
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
