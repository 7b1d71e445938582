"""The thread from notebook to notebook: what one keeps, the next takes up, the report shows.

A kept result is a Parquet file under `out/<client>/kept/` with a note beside it: from which
client.toml, which register and which earlier results it was made. So a changed cell reaches the
notebooks after it, and nothing is shown that no longer fits what it was made from.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd

from segment_lib.checks import KitError, StaleResult
from segment_lib.client import Client
from segment_lib.lists.register import Register, build_register, open_register
from segment_lib.lists.rows.place import require_same_lists
from segment_lib.recipes import NEEDS, NOTEBOOK, RECIPES, Take

# Kept results with one row per customer, in the order of the walk.
PER_CUSTOMER = ("revenue", "types", "stages", "clusters", "results", "actions")
DECISIONS = (
    "under_contract", "decision", "reason", "all_reasons", "evidence", "hold_out", "review_on",
    "action", "purpose", "channel", "due_on", "owner", "effort_hours",
)  # fmt: skip


def take_up_register(client: Client) -> Register:
    """The register of this client: the one notebook 01 built, or, where there is none, built now.

    Raises `StaleResult` if client.toml or a list has changed since it was built.
    """
    there = (client.out_folder / "register" / "manifest.json").exists()
    print(
        "register: taken up from notebook 01"
        if there
        else "register: computed here, because notebook 01 has not been run"
    )
    return _any_register(client)


def keep(client: Client, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Store `frame` as the result called `name`, and give it back.

    Later notebooks, report and workbook use what is kept here. `name` is one of the names that the
    walk knows (`recipes.NEEDS`); another raises `KeyError` with the list.
    """
    if name not in NEEDS:
        raise KeyError(f"The walk keeps no '{name}'. It keeps {sorted(NEEDS)}.")
    folder = client.out_folder / "kept"
    folder.mkdir(parents=True, exist_ok=True)
    note = _origin(client, name)
    path = folder / f"{name}.parquet"
    plain = frame.copy()
    plain.attrs = {}  # attrs may hold what Parquet cannot; a message belongs in a column
    plain.to_parquet(path)
    note["content"] = _content(path)
    note_path = path.with_suffix(".json")
    note_path.write_text(json.dumps(note, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return frame


def take_up(client: Client, name: str) -> pd.DataFrame:
    """The result called `name`: the kept one if it still fits, else computed by the same calls.

    Raises `StaleResult` if there is a kept one that was made from something that changed since.
    """
    if has_kept(client, name):
        print(f"{name}: taken up from notebook {NOTEBOOK[name]}")
    else:
        print(f"{name}: computed here, because notebook {NOTEBOOK[name]} has not been run")
    return _kept_or_computed(client, _any_register(client), name)


def together(client: Client, register: Register, *names: str) -> pd.DataFrame:
    """The customer list and the kept results called `names` side by side, one row per customer."""
    return _take(client, register).together(*names)


def has_kept(client: Client, name: str) -> bool:
    """Whether a result of that name is kept for this client."""
    return (client.out_folder / "kept" / f"{name}.parquet").exists()


def kept_frames(client: Client) -> dict[str, pd.DataFrame]:
    """Every kept result by name; none is computed. Stale ones raise `StaleResult`."""
    register = _fresh_register(client)
    return {
        name: _kept_or_computed(client, register, name) for name in NEEDS if has_kept(client, name)
    }


def report_frames(client: Client) -> dict[str, pd.DataFrame]:
    """The kept results as report and workbook read them, with names beside the customers.

    `customers` is one row per customer with the decision and its action (`due_on` is the action's
    day); `deciles` carry the result rates where results are known.
    """
    frames = kept_frames(client)
    register = _fresh_register(client)
    people = together(client, register, *(name for name in PER_CUSTOMER if name in frames))
    actions = frames["actions"]
    frames["customers"] = actions.join(people[people.columns.difference(actions.columns)])
    frames["deciles"] = frames.get("deciles_with_results", frames["deciles"])
    frames["next_order"] = frames["next_order"].join(people["name"])
    if frames["next_order"].empty:  # no product lines: due dates over all orders
        frames["next_order"] = people[people["due_on"].notna()]
    return frames


def write_results(client: Client) -> list[Path]:
    """Write customers.parquet and decisions.parquet from what the notebooks kept.

    customers: one row per customer as of the day, with every measure and label (`due_on` is the
    next order's day, `action_due_on` the action's). decisions: one row per customer with the
    decision, its reasons, the action. Raises `StaleResult` if a kept result no longer fits.
    """
    register = _fresh_register(client)
    made = [name for name in PER_CUSTOMER if has_kept(client, name)]
    actions = _kept_or_computed(client, register, "actions")
    customers = together(client, register, *made)
    customers[["under_contract", "owner"]] = actions[["under_contract", "owner"]]
    customers = customers.join(actions["due_on"].rename("action_due_on"))
    paths = []
    for name, frame in (("customers", customers), ("decisions", actions[list(DECISIONS)])):
        paths.append(client.out_folder / f"{name}.parquet")
        frame.reset_index().to_parquet(paths[-1], index=False)
    return paths


def read_decisions(client: Client) -> pd.DataFrame:
    """decisions.parquet of the last run, by customer_id; raises `KitError` if there was no run."""
    path = client.out_folder / "decisions.parquet"
    if not path.is_file():
        raise KitError(
            f"There are no decisions of {client.name} in {client.out_folder}: what people decided "
            "is checked against those of the last run. Run first: kit.py run --client "
            f"{client.path}"
        )
    return pd.read_parquet(path).set_index("customer_id")


def _fresh_register(client: Client) -> Register:
    register = open_register(client)
    if register.client_fingerprint != client.fingerprint:
        raise StaleResult(
            f"The register in {client.name} was built from another {client.path.name} than the "
            "one of today. Run notebook 01 again, or the whole walk: kit.py run"
        )
    require_same_lists(client, register.folder)
    return register


def _any_register(client: Client) -> Register:
    there = (client.out_folder / "register" / "manifest.json").exists()
    return _fresh_register(client) if there else build_register(client)


def _take(client: Client, register: Register) -> Take:
    return Take(client, register, lambda name: _kept_or_computed(client, register, name))


def _kept_or_computed(client: Client, register: Register, name: str) -> pd.DataFrame:
    path = client.out_folder / "kept" / f"{name}.parquet"
    if not path.exists():
        for made_name, frame in RECIPES[NOTEBOOK[name]](_take(client, register)).items():
            if not has_kept(client, made_name):
                keep(client, made_name, frame)
    _require_fresh(client, name, path)
    return pd.read_parquet(path)


def _origin(client: Client, name: str) -> dict[str, Any]:
    folder = client.out_folder
    manifest = folder / "register" / "manifest.json"
    register = json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else {}
    return {
        "client": client.fingerprint,
        "register": register.get("fingerprint", ""),
        "made_from": {
            need: _note(folder / "kept" / f"{need}.parquet").get("content", "")
            for need in NEEDS[name]
        },
    }


def _require_fresh(client: Client, name: str, path: Path) -> None:
    note, now = _note(path), _origin(client, name)
    if note.get("client") != now["client"]:
        what = f"another {client.path.name} than the one of today"
    elif note.get("register") != now["register"]:
        what = "another register than the one of today"
    elif note.get("made_from") != now["made_from"]:
        changed = [need for need, was in now["made_from"].items() if note["made_from"][need] != was]
        what = f"another '{changed[0]}' than the one kept now"
    elif note.get("content") != _content(path):
        what = "something else: the file was changed by hand"
    else:
        return
    raise StaleResult(
        f"The kept '{name}' was made from {what}. Run notebook {NOTEBOOK[name]} again, "
        "or the whole walk: kit.py run"
    )


def _note(path: Path) -> dict[str, Any]:
    note = path.with_suffix(".json")
    return json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}


def _content(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
