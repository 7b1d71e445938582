"""Real lists through the same command: one end to end, the others as far as the decision."""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import segment_lib as sl
from segment_lib import thread
from segment_lib.walk import version_of

CLIENTS = Path(__file__).parent / "clients"
OTHERS = ("gakushu-ja", "r-rfm", "superstore", "chinook", "northwind")
OPENED = {"00", "01", "02", "03", "04", "05", "06", "08", "09", "10"}


def require_served(decisions: pd.DataFrame, customers: pd.DataFrame) -> None:
    """Everybody once, one reason each, nobody under contract on the list."""
    assert sorted(decisions["customer_id"]) == sorted(customers["customer_id"])
    assert decisions["customer_id"].is_unique
    assert decisions["reason"].notna().all()
    served = decisions["under_contract"]
    assert not (served & (decisions["decision"] == "not_approached")).any()


@pytest.mark.slow
@pytest.mark.real_data
def test_online_retail_end_to_end(real_data: Path, tmp_path: Path, root: Path) -> None:
    """541,909 rows with one list: the walk goes on where a list is missing, nothing is mixed in."""
    run = subprocess.run(
        [
            sys.executable, "-m", "segment_lib", "run",
            "--client", str(CLIENTS / "online-retail" / "client.toml"), "--out", str(tmp_path),
        ],
        capture_output=True, text=True, encoding="utf-8", cwd=root, check=False,
        env=os.environ | {"SEGMENT_LIB_DATA": str(real_data), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    out = tmp_path / "online-retail"
    made = {path.name for path in out.iterdir()}
    assert {"report.html", "actions.xlsx", "run.json", "customers.parquet"} <= made
    ledger = json.loads((out / "register" / "ledger.json").read_text(encoding="utf-8"))
    lines = ledger["order_lines"]
    assert lines["rows_in"] == 541_909
    assert lines["rows_in"] == lines["kept"] + sum(lines["set_aside"].values()) + lines["folded"]
    customers = pd.read_parquet(out / "customers.parquet")
    require_served(pd.read_parquet(out / "decisions.parquet"), customers)
    assert len(customers) == 4_372
    closed = json.loads((out / "run.json").read_text(encoding="utf-8"))["steps"]
    opened = {step["step"][:2] for step in closed if not step["remark"]}
    assert opened >= OPENED
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "ヒアリングシート" not in page, "sample data in a client's report"


@pytest.mark.real_data
@pytest.mark.parametrize("name", OTHERS)
def test_other_clients_as_far_as_the_decision(
    real_data: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEGMENT_LIB_DATA", str(real_data))
    if name == "northwind":
        monkeypatch.setenv("NORTHWIND_DB", str(northwind(real_data, tmp_path)))
    client = sl.open_client(CLIENTS / name / "client.toml", out=tmp_path)
    actions = sl.take_up(client, "plan")
    assert len(actions) > 0
    thread.write_results(client)
    folder = tmp_path / name
    require_served(
        pd.read_parquet(folder / "decisions.parquet"),
        pd.read_parquet(folder / "customers.parquet"),
    )


def northwind(real_data: Path, folder: Path) -> Path:
    """The published SQL dump as the SQLite file that a client would have."""
    packed = (real_data / "northwind" / "northwind_create.sql.gz").read_bytes()
    path = folder / "northwind.sqlite"
    with sqlite3.connect(path) as database:
        database.executescript("BEGIN;\n" + gzip.decompress(packed).decode() + "\nCOMMIT;")
    return path


def test_the_published_segments_of_r_rfm(
    real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All 995 customers fall into the published segment when its cut points and rule are stated."""
    monkeypatch.setenv("SEGMENT_LIB_DATA", str(real_data))
    client = sl.open_client(CLIENTS / "r-rfm" / "client.toml", out=tmp_path)
    ours = sl.take_up(client, "revenue")[["frequency", "recency_days", "monetary", "rfm_segment"]]
    published = pd.read_csv(real_data / "r-rfm" / "published_segments_case_study.csv")
    theirs = published[["orders", "recency_days", "total_spend", "segment"]]
    assert len(ours) == 995
    # names differ by a title ("DVM"), so the figures are matched
    assert sorted(map(tuple, ours.round(2).astype(str).to_numpy())) == sorted(
        map(tuple, theirs.set_axis(ours.columns, axis=1).astype(ours.dtypes).round(2)
            .astype(str).to_numpy())
    )  # fmt: skip


def test_a_kit_that_runs_from_its_folder_has_a_version_too() -> None:
    """It must not end the walk when everything is done."""
    assert version_of("pandas") == pd.__version__
    assert version_of("a-package-that-nobody-installed") == "not installed"
