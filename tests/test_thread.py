"""The thread on the shop: kept results, what is stale, the same bytes twice, the past untouched."""

import json
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import segment_lib as sl
from segment_lib import thread
from segment_lib.behaviour import history_on
from segment_lib.checks import StaleResult
from segment_lib.settings import Client
from segment_lib.thread import KEPT_BY
from segment_lib.voice import language

SHOP = Path(__file__).parents[1] / "sample_data" / "shop"


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """The shop with every result kept, computed by the views."""
    client = sl.open_client(SHOP / "client.toml", out=tmp_path_factory.mktemp("out"))
    for name in KEPT_BY:
        sl.take_up(client, name)
    return client


def test_every_name_is_kept_once_and_taken_up_again(walked: Client, capsys) -> None:
    frame = sl.take_up(walked, "revenue")
    assert capsys.readouterr().out == "revenue: taken up from notebook 03\n"
    with language("ja"):
        sl.take_up(walked, "revenue")
    assert capsys.readouterr().out == "revenue: ノートブック 03 の結果を使います\n"
    assert frame.index.name == "customer_id"
    assert set(thread.kept_frames(walked)) == set(KEPT_BY)


def test_one_row_per_customer_in_what_a_run_leaves(walked: Client) -> None:
    customers, decisions = (pd.read_parquet(path) for path in thread.write_results(walked))
    register = sl.open_register(walked).frame("customers")
    assert list(customers["customer_id"]) == list(register.index)
    assert list(decisions["customer_id"]) == list(register.index)
    assert list(decisions.columns) == [
        "customer_id", "under_contract", "decision", "reason", "all_reasons", "evidence",
        "hold_out", "row", "action", "content", "purpose", "channel", "measure", "why_now",
        "owner", "team", "effort_hours", "do_from", "do_to", "do_on", "planned_week",
        "waits_because", "expected_value", "review_on", "override", "agreed", "hand_over_to",
        "due", "line", "due_from", "due_by", "asked_90d", "gave_90d", "status", "decision_label",
        "reason_label", "purpose_label", "channel_label", "owner_label", "waits_because_label",
        "due_label", "status_label",
    ]  # fmt: skip
    assert set(decisions["decision_label"]) == {"Approach", "Grow", "Recover", "Keep serving"}
    assert not (decisions["under_contract"] & (decisions["decision"] == "not_approached")).any()
    assert decisions["reason"].notna().all()


def test_the_same_lists_give_the_same_bytes(walked: Client, tmp_path: Path) -> None:
    again = sl.open_client(SHOP / "client.toml", out=tmp_path)
    for name in ("clusters", "decision", "plan", "movement", "rules"):
        sl.take_up(again, name)
    thread.write_results(again)
    thread.write_results(walked)
    made = [path.relative_to(again.out_folder) for path in again.out_folder.rglob("*.*")]
    assert len(made) > 40
    for path in made:
        if path.name not in ("customers.parquet",):  # walked holds more kept results
            assert (again.out_folder / path).read_bytes() == (
                walked.out_folder / path
            ).read_bytes(), path


def test_a_changed_client_toml_makes_everything_stale(walked: Client, tmp_path: Path) -> None:
    shutil.copytree(SHOP, tmp_path / "shop")
    shutil.copytree(walked.out_folder, tmp_path / "out" / "shop")
    path = tmp_path / "shop" / "client.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    changed = sl.open_client(path, out=tmp_path / "out")
    with pytest.raises(StaleResult) as told:
        sl.take_up(changed, "types")
    assert str(told.value) == (
        "The register in shop was built from another client.toml than the one of today. "
        "Run notebook 01 again, or the whole walk: kit.py run"
    )


def test_a_changed_cell_reaches_what_was_made_from_it(walked: Client, tmp_path: Path) -> None:
    shutil.copytree(walked.out_folder, tmp_path / "shop")
    client = sl.open_client(SHOP / "client.toml", out=tmp_path)
    revenue = sl.take_up(client, "revenue")
    sl.keep(revenue.assign(monetary=revenue["monetary"] + 1), client, "revenue")
    with pytest.raises(StaleResult) as told:
        sl.take_up(client, "types")
    assert str(told.value) == (
        "The kept 'types' was made from another 'revenue' than the one kept now. "
        "Run notebook 04 again, or the whole walk: kit.py run"
    )


def test_a_file_changed_by_hand_is_noticed(walked: Client, tmp_path: Path) -> None:
    shutil.copytree(walked.out_folder, tmp_path / "shop")
    client = sl.open_client(SHOP / "client.toml", out=tmp_path)
    path = tmp_path / "shop" / "kept" / "fields.parquet"
    pd.read_parquet(path).iloc[:2].to_parquet(path)
    with pytest.raises(StaleResult, match="was made from something else: the file was changed"):
        sl.take_up(client, "fields")


def test_a_name_the_walk_does_not_know() -> None:
    client = sl.open_client(SHOP / "client.toml")
    with pytest.raises(KeyError, match="The walk keeps no 'revenues'"):
        sl.keep(pd.DataFrame(), client, "revenues")


def test_notes_say_what_a_result_was_made_from(walked: Client) -> None:
    note = json.loads((walked.out_folder / "kept" / "types.json").read_text(encoding="utf-8"))
    assert note["client"] == walked.fingerprint
    assert list(note["made_from"]) == ["revenue"]


def test_a_late_return_changes_no_earlier_snapshot(walked: Client, tmp_path: Path) -> None:
    shutil.copytree(SHOP, tmp_path / "shop")
    path = tmp_path / "shop" / "返品.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    bought = sl.open_register(walked).frame("order_lines").iloc[0]
    late = f"{bought['customer_id']},2026/3/30,▲{bought['amount']:.0f},{bought['order_id']},"
    path.write_text("\n".join([*rows, late]) + "\n", encoding="utf-8")
    client = sl.open_client(tmp_path / "shop" / "client.toml", out=tmp_path / "out")
    before, after = sl.open_register(walked), sl.build_register(client)
    march, today = date(2026, 3, 29), client.as_of
    pd.testing.assert_frame_equal(
        history_on(before, walked, march), history_on(after, client, march)
    )
    was, now = (history_on(r, c, today)["monetary"] for c, r in ((walked, before), (client, after)))
    assert was.sum() - now.sum() == pytest.approx(bought["amount"])
