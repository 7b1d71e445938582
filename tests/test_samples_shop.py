"""The mail-order shop: the files come from the seed, and hold what the README says."""

from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from make.shop import GUEST, make_shop
from segment_lib.client import list_files, open_client

SHOP = Path(__file__).parents[1] / "sample_data" / "shop"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    make_shop(folder)
    return folder


def test_the_seed_makes_the_committed_text_files_byte_for_byte(made: Path) -> None:
    written = sorted(path.relative_to(made) for path in made.rglob("*.csv"))
    assert len(written) == 5
    for name in written:
        assert (made / name).read_bytes() == (SHOP / name).read_bytes(), name


def test_the_seed_makes_the_committed_workbooks_cell_by_cell(made: Path) -> None:
    for path in sorted(made.glob("*.xlsx")):
        new, old = (CalamineWorkbook.from_path(str(p)) for p in (path, SHOP / path.name))
        assert new.sheet_names == old.sheet_names
        for sheet in new.sheet_names:
            assert (
                new.get_sheet_by_name(sheet).to_python() == old.get_sheet_by_name(sheet).to_python()
            )


def test_client_toml_names_every_list_and_each_is_there() -> None:
    client = open_client(SHOP / "client.toml")
    files = {path.name for name in client.lists for path in list_files(client, name)}
    assert files == {path.name for path in SHOP.iterdir() if path.suffix in (".csv", ".xlsx")}


def test_the_lists_are_small_and_have_what_was_planted(made: Path) -> None:
    assert sum(path.stat().st_size for path in SHOP.rglob("*") if path.is_file()) < 500_000
    truth = pd.read_csv(made / "truth" / "members.csv", dtype=str)
    assert 780 <= len(truth) <= 820
    shares = truth["plan"].value_counts(normalize=True)
    assert shares["lost_to_competitor"] > 0.08
    assert 0.005 < shares["fad_turned_loyal"] < shares["fad"]
    reached = truth["reached_the_goal"].eq("True")
    health = truth["motive"].eq("健康のため")
    assert reached[health & truth["line"].eq("B")].mean() > reached[~health].mean() + 0.1


def test_raw_marks_are_in_the_lists(made: Path) -> None:
    old = (made / "注文明細_2023-24.csv").read_bytes().decode("cp932")
    assert "令和" in old
    assert GUEST in old
    assert "キャンセル" in old
    assert "▲" in (made / "返品.csv").read_text(encoding="utf-8")
