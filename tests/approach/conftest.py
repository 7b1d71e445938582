"""A client made of sections, and fourteen customers with one for every reason, by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from segment_lib.client import Client
from segment_lib.voice import use_language

AS_OF = "2025-06-30"
Make = Callable[..., Client]

# id, name, under contract, potential, spend, results, field, P(worth it), band, like, incident,
# our part, silent, stage.  Break-even is 12/60 = 20 %.
ROWS = [
    # no contract
    ("C01", "青空商事", False, None, 0, None, None, 0.90, 5, True, "none", None, False, "prospect"),
    ("C02", "B", False, None, 0, None, None, 0.01, 1, True, "none", None, False, "prospect"),
    ("C03", "C", False, None, 0, None, None, 0.90, 5, True, "none", None, False, "prospect"),
    ("C04", "D", False, None, 0, None, None, 0.01, 1, True, "none", None, False, "acquaintance"),
    ("C05", "E", False, None, 0, None, None, 0.90, 5, True, "none", None, False, "prospect"),
    ("C06", "F", False, None, 0, None, None, 0.30, 3, True, "none", None, False, "prospect"),
    ("C07", "G", False, None, 0, None, None, None, None, False, "none", None, False, "prospect"),
    # under contract
    ("C11", "L", True, 900, 800, "yes", "pays_and_gets_results", None, None, False,
     "open", True, False, "repeater"),
    ("C12", "M", True, 900, 800, "no", "pays_gets_nothing", None, None, False,
     "none", False, True, "repeater"),
    ("C13", "N", True, 900, 800, "no", "pays_gets_nothing", None, None, False,
     "none", True, True, "repeater"),
    ("C14", "O", True, 900, 800, "no", "pays_gets_nothing", None, None, False,
     "none", True, False, "customer"),
    ("C15", "P", True, 900, 100, "yes", "gets_results_pays_little", None, None, False,
     "none", True, False, "customer"),
    ("C16", "Q", True, 900, 800, "yes", "pays_and_gets_results", None, None, False,
     "none", True, False, "customer"),
    ("C17", "R", True, 900, 100, "unknown", "not_yet_known", None, None, False,
     "none", None, False, "customer"),
    ("C18", "S", True, 700, 800, "yes", "pays_and_gets_results", None, None, False,
     "none", True, False, "customer"),
    ("C19", "T", True, 900, 100, "yes", "gets_results_pays_little", None, None, False,
     "open", True, False, "customer"),
    ("C20", "U", True, 900, 100, "yes", "gets_results_pays_little", None, None, False,
     "none", True, False, "customer"),
]  # fmt: skip
NAMES = [
    "customer_id", "name", "under_contract", "potential_amount", "monetary", "got_results", "field",
    "p_worth_it", "worth_band", "like_the_learned", "incident_state", "we_did_our_part",
    "silent_leaver", "stage",
]  # fmt: skip


@pytest.fixture
def make() -> Make:
    """`make(worth={...}, capacity={...})`: a client with these sections."""

    def write(language: str = "en", folder: Path | None = None, **sections: Any) -> Client:
        stated = {
            "client": {"name": "by_hand", "as_of": AS_OF, "language": language},
            "lists": {"orders": {"files": ["x.csv"], "columns": {"customer_id": "id"}}},
            "playbook": {"use": "b2b_service"},
            "worth": {"value_per_result": 60, "cost_per_approach": 12, "hold_out_share": 0.05},
        }
        client = Client.model_validate(stated | sections)
        path = (folder or Path()) / "client.toml"
        use_language(client.language)
        return client.model_copy(update={"path": path})

    return write


@pytest.fixture
def customers() -> pd.DataFrame:
    """One customer per reason; C19 complains without reason, as a person signed."""
    frame = pd.DataFrame(ROWS, columns=NAMES).set_index("customer_id")
    frame["under_contract"] = frame["under_contract"].astype("boolean")
    served = frame["under_contract"]
    frame["contract_on"] = pd.Timestamp("2024-12-31")
    frame["contract_on"] = frame["contract_on"].where(served)
    frame["last_order_on"] = pd.Timestamp("2025-03-22")
    frame["last_order_on"] = frame["last_order_on"].where(served)
    frame["tenure_days"] = pd.Series(181.0, index=frame.index).where(served)
    frame["decided_on"] = pd.Timestamp("2025-05-01")
    frame["decided_on"] = frame["decided_on"].where(frame["got_results"].isin(["yes", "no"]))
    frame["band_rate"] = frame["worth_band"].map({1: 0.03, 3: 0.18, 5: 0.32})
    frame["worth_step"] = frame["worth_band"]
    for name in ("wanted", "warranted"):
        frame[name] = frame["p_worth_it"].le(0.05) & frame["like_the_learned"].eq(True)
    counts = {1: (84, 5, 4, 0), 3: (70, 20, 15, 9), 5: (90, 40, 36, 26)}
    for place, name in enumerate(("customers", "signed", "known", "results")):
        frame[f"band_{name}"] = frame["worth_band"].map({k: n[place] for k, n in counts.items()})
    frame["open_incident_since"] = pd.Timestamp("2025-06-20")
    frame["open_incident_since"] = frame["open_incident_since"].where(
        frame["incident_state"] == "open"
    )
    frame["justified"] = pd.array([True] * len(frame), dtype="boolean")
    frame.loc["C19", "justified"] = False
    frame["owner"] = ["佐藤", "鈴木"] * 8 + [None]
    return frame


@pytest.fixture
def permissions() -> pd.DataFrame:
    """C03 and C20 refuse everything, C01 only the telephone."""
    return pd.DataFrame(
        {
            "customer_id": ["C03", "C20", "C01"],
            "channel": ["all", "全て", "電話"],
            "allowed": [False, False, False],
            "since": pd.to_datetime(["2025-01-10", None, "2025-02-01"]),
        }
    )


@pytest.fixture
def contacts() -> pd.DataFrame:
    """C05 was called 10 days before the as-of day; C06 wrote to us, which is no touch of ours."""
    return pd.DataFrame(
        {
            "customer_id": ["C05", "C06", "C01", "C05"],
            "contacted_on": pd.to_datetime(
                ["2025-06-20", "2025-06-25", "2025-01-05", "2025-07-03"]
            ),
            "kind": ["call", "mail", "mail", "call"],
            "channel": [None, None, None, None],
            "direction": ["out", "in", "out", "out"],
        }
    )
