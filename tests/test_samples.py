"""The web-marketing service: the files come from the seed, and hold what was planted."""

import tomllib
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from make import make_web_marketing, raw
from make.web_companies import draw_companies
from segment_lib.client import list_files, open_client
from segment_lib.lists.register import build_register

SAMPLE = Path(__file__).parents[1] / "sample_data"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web")
    make_web_marketing(folder)
    return folder


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return pd.read_csv(SAMPLE / "truth" / "customers.csv").set_index("customer_id")


@pytest.fixture(scope="module")
def truth() -> dict:
    return tomllib.loads((SAMPLE / "truth" / "truth.toml").read_text(encoding="utf-8"))


# --- from the seed ----------------------------------------------------------------------------
def test_the_seed_makes_the_committed_text_files_byte_for_byte(made: Path) -> None:
    written = sorted(p.relative_to(made) for p in made.rglob("*") if p.suffix in (".csv", ".toml"))
    assert len(written) == 13
    for name in written:
        assert (made / name).read_bytes() == (SAMPLE / name).read_bytes(), name


def test_the_seed_makes_the_committed_workbooks_cell_by_cell(made: Path) -> None:
    books = sorted(made.glob("*.xlsx"))
    assert len(books) == 3
    for path in books:
        new, old = (CalamineWorkbook.from_path(str(p)) for p in (path, SAMPLE / path.name))
        assert new.sheet_names == old.sheet_names
        for sheet in new.sheet_names:
            now, then = (book.get_sheet_by_name(sheet).to_python() for book in (new, old))
            assert now == then, path.name


def test_the_lists_stay_small() -> None:
    sizes = {p: p.stat().st_size for p in SAMPLE.rglob("*") if p.is_file()}
    assert sum(n for p, n in sizes.items() if "shop" not in p.parts) < 4_500_000
    assert sum(sizes.values()) < 6_000_000


def test_another_seed_plants_the_same_shape() -> None:
    for seed in (1, 2):
        firms = draw_companies(seed)
        free = firms[~firms["under_contract"]]
        assert free["not_worth_it"].mean() >= 0.18
        assert (firms["relation"] == "signed").sum() >= 1800
        assert (firms["relation"] == "lost").sum() >= 900
        assert not (firms["not_worth_it"] & firms["under_served"]).any()


# --- what was planted -------------------------------------------------------------------------
def test_sizes_of_the_sample(people: pd.DataFrame, truth: dict) -> None:
    assert 3900 <= len(people) <= 4100
    assert people["known"].sum() >= 1600
    relation = people["relation"].value_counts()
    assert relation["under_contract"] + relation["past_contract"] >= 1800
    assert relation["lost"] >= 900
    assert min(relation["open_deal"], relation["no_deal"]) >= 300
    assert relation["partner"] >= 80
    small = {"unjustified", "open_repeater", "open_incident", "rival"}
    assert all(n >= (8 if group in small else 40) for group, n in truth["groups"].items())
    assert truth["sample"]["same_company_twice"] == 40


@pytest.mark.parametrize("rule", ["rule_1", "rule_2"])
def test_each_planted_rule_covers_an_eighth_at_the_rate(people: pd.DataFrame, rule: str) -> None:
    known = people[people["known"] == 1]
    inside = known[rule] == 1
    yes = known["got_results"] == "yes"
    assert inside.mean() >= 0.12
    assert known.loc[inside, "p_result"].mean() >= 0.62
    assert yes[inside].mean() >= 0.60
    elsewhere = (known["rule_1"] == 0) & (known["rule_2"] == 0)
    assert 0.25 <= known.loc[elsewhere, "p_result"].mean() <= 0.32
    assert 0.25 <= yes[elsewhere].mean() <= 0.35


def test_effort_without_result_lies_far_below_break_even(people: pd.DataFrame, truth: dict) -> None:
    free = people[people["relation"] != "under_contract"]
    listed = free["not_worth_it"] == 1
    assert listed.mean() >= 0.18
    assert free.loc[listed, "p_worth"].max() <= 0.03
    assert free.loc[~listed, "p_worth"].min() > 0.23
    assert truth["not_worth_it"]["break_even"] == pytest.approx(0.17)
    decided = people[people["relation"].isin(["lost", "past_contract", "under_contract"])]
    brought = (decided["got_results"] == "yes").groupby(decided["not_worth_it"]).mean()
    assert brought[1] <= 0.03
    assert brought[0] >= 0.25


def test_who_never_answered_shows_in_the_log(people: pd.DataFrame) -> None:
    log = pd.read_csv(SAMPLE / "対応履歴.csv", encoding="cp932", dtype=str)
    log = log[log["方向"] == "発信"].dropna(subset=["顧客コード"])
    answered = log["回答日"].notna().groupby(log["顧客コード"]).any().reindex(people.index)
    never_signed = people["relation"].isin(["lost", "open_deal", "no_deal"])
    listed = never_signed & (people["not_worth_it"] == 1)
    assert not answered[listed].fillna(False).any()
    assert answered[never_signed & (people["not_worth_it"] == 0)].mean() > 0.85


def test_the_under_served_have_no_result_and_are_worth_it(people: pd.DataFrame) -> None:
    served_badly = people["groups"].fillna("").str.contains("under_served")
    assert (people.loc[served_badly, "got_results"] == "no").all()
    assert (people.loc[served_badly, "known"] == 0).all()
    assert (people.loc[served_badly, "not_worth_it"] == 0).all()


# --- as it arrives ----------------------------------------------------------------------------
def test_the_mess_is_in_the_lists() -> None:
    old = (SAMPLE / "受注_2023年度.csv").read_bytes().decode("cp932")
    assert all(
        mark in old for mark in ("令和5年", "R5.", "￥", "円", "▲", "Ｃ０", "見積のみ", "\r\n")
    )
    new = (SAMPLE / "受注_2024-25.csv").read_bytes().decode("utf-8")
    assert all(mark in new for mark in ("¥", "cancelled", "C999999", "2026-04-10"))
    assert (SAMPLE / "案件一覧.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    book = CalamineWorkbook.from_path(str(SAMPLE / "顧客台帳.xlsx"))
    rows = book.get_sheet_by_name("顧客台帳").to_python(skip_empty_area=False)
    header = rows[2]
    assert header[:2] == ["顧客コード", "会社名"]
    assert isinstance(rows[3][header.index("初回接触日")], date | datetime)
    texts = {str(cell) for row in rows for cell in row}
    assert any("㈱" in text for text in texts)
    assert {"２０", "20名"} <= texts


def test_client_toml_is_complete_and_one_section_is_unsigned() -> None:
    client = open_client(SAMPLE / "client.toml")
    files = {path.name for name in client.lists for path in list_files(client, name)}
    files |= {client.merges.file}
    assert files == {path.name for path in SAMPLE.iterdir() if path.suffix in (".csv", ".xlsx")}
    unsigned = [row["section"] for row in client.signatures() if "未決定" in row["decided"]]
    assert unsigned == ["[five_types]"]
    assert client.worth.break_even == pytest.approx(0.17)
    assert len(client.steps) == 5
    assert len(client.hypotheses) == 3


def test_the_register_sets_aside_exactly_the_planted_rows(tmp_path: Path) -> None:
    client = open_client(SAMPLE / "client.toml", out=tmp_path)
    register = build_register(client)
    found = register.set_aside[["file", "row_number", "reason"]].astype(str)
    planted = pd.read_csv(SAMPLE / "truth" / "set_aside.csv", dtype=str)
    assert set(found.itertuples(index=False, name=None)) == set(
        planted.itertuples(index=False, name=None)
    )
    people = pd.read_csv(SAMPLE / "truth" / "customers.csv").set_index("customer_id")
    contract = register.frame("customers")["under_contract"].reindex(people.index)
    assert contract.astype(bool).eq(people["relation"] == "under_contract").all()


# --- how lists are written --------------------------------------------------------------------
def test_dates_money_and_digits_as_people_type_them() -> None:
    assert raw.era_date(date(2019, 5, 1)) == "令和元年5月1日"
    assert raw.date_text(date(2025, 3, 1), "slash_padded") == "2025/03/01"
    assert raw.money_text(-1200, "full_width") == "▲１，２００"
    assert raw.money_text(None) == raw.date_text(None) == ""
    with pytest.raises(ValueError, match=r"2019-04-30 lies before the first day of 令和"):
        raw.era_date(date(2019, 4, 30))


def test_messy_values_come_from_the_generator_alone() -> None:
    once, again = (raw.messy_money(np.random.default_rng(3), [1200.0] * 9) for _ in range(2))
    assert once == again


def test_a_workbook_keeps_text_as_text(tmp_path: Path) -> None:
    sheet = raw.Sheet("表", ("番号", "日付", "式"), [["00123", date(2025, 3, 1), "=1+1"]], ("題",))
    raw.write_xlsx(tmp_path / "a.xlsx", [sheet])
    raw.write_xlsx(tmp_path / "b.xlsx", [sheet])
    rows = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx")).get_sheet_by_name("表").to_python()
    assert rows[0][0] == "題"
    assert rows[2] == ["00123", date(2025, 3, 1), "=1+1"]
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
