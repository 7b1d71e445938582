"""The thread from notebook to notebook: what one keeps, the next takes up, the report shows.

Whoever opens a notebook in the middle gets what the earlier ones would have kept: each view says
which kept results it needs and which it keeps, and is called here as the notebook calls it.

A kept result is a Parquet file under `out/<client>/kept/` with a note beside it: from which
client.toml, which register and which earlier results it was made. So a changed cell reaches the
notebooks after it, and nothing is shown that no longer fits what it was made from.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from segment_lib.approach.gates import last_channel
from segment_lib.checks import KitError, NeedsTable, StaleResult
from segment_lib.client import Client, sha256
from segment_lib.columns import COLUMNS, as_text, value_label, values_of
from segment_lib.lists import (
    Register,
    build_register,
    open_register,
    require_same_lists,
)
from segment_lib.view import ASKED, Question, View
from segment_lib.voice import _

# Every view that keeps something, in the order of the walk.
VIEWS = ("lists.views", "behaviour.views", "results.views", "approach.views", "approach.history")
for _asked in VIEWS:
    import_module(f"segment_lib.{_asked}")
KEPT_BY = {name: one for one in sorted(ASKED, key=lambda one: one.notebook) for name in one.keeps}
# What the customer list says about a person, for the views that go on to decide.
PERSON = (
    "name", "contact_person", "sort", "attitude", "attitude_on", "needs", "potential_amount",
    "key_account", "under_contract", "contract_on", "referred_by", "owner", "first_contact_on",
    "telephone", "email", "address",
)  # fmt: skip
# Kept results with one row per customer, in the order of the walk.
PER_CUSTOMER = ("revenue", "types", "stages", "clusters", "results", "plan")
DECISIONS = (
    "under_contract", "decision", "reason", "all_reasons", "evidence", "hold_out", "row", "action",
    "content", "purpose", "channel", "measure", "why_now", "owner", "team", "effort_hours",
    "do_from", "do_to", "do_on", "planned_week", "waits_because", "expected_value", "review_on",
    "override", "agreed", "hand_over_to", "due", "line", "due_from", "due_by", "asked_90d",
    "gave_90d",
)  # fmt: skip


def take_up_register(client: Client) -> Register:
    """The register of this client: the one notebook 01 built, or, where there is none, built now.

    Raises `StaleResult` if client.toml or a list has changed since it was built.
    """
    _print_origin("register", "01", (client.out_folder / "register" / "manifest.json").exists())
    return _any_register(client)


def keep(made: View | pd.DataFrame, client: Client, name: str = "") -> Any:
    """Store what a view keeps, or one frame under the `name` of a kept result; give it back.

    Later notebooks, report and workbook use what is kept here. Raises `KeyError` with the names
    that the walk knows where another one is given.
    """
    frames = made.kept() if isinstance(made, View) else {name: made}
    for one, frame in frames.items():
        _store(frame, client, one)
    return made


def _store(frame: pd.DataFrame, client: Client, name: str) -> None:
    if name not in KEPT_BY:
        raise KeyError(
            _("The walk keeps no '{name}'. It keeps {known}.", name=name, known=sorted(KEPT_BY))
        )
    folder = client.out_folder / "kept"
    folder.mkdir(parents=True, exist_ok=True)
    note = _origin(client, name)
    path = folder / f"{name}.parquet"
    plain = frame.copy()
    plain.attrs = {}  # attrs may hold what Parquet cannot; a message belongs in a column
    plain.to_parquet(path)
    note["content"] = sha256(path)[:16]
    note_path = path.with_suffix(".json")
    note_path.write_text(json.dumps(note, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def take_up(client: Client, name: str) -> pd.DataFrame:
    """The result called `name`: the kept one if it still fits, else computed by the same calls.

    Raises `StaleResult` if there is a kept one that was made from something that changed since.
    """
    _print_origin(name, KEPT_BY[name].notebook, has_kept(client, name))
    return _kept_or_computed(client, _any_register(client), name)


def take_up_for(
    client: Client, register: Register, name: str
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """What the view that keeps `name` asks for: the customers with all that it needs beside them,
    and the kept results that are handed over by name: ``sl.plan_view(customers, register, client,
    **given)``.
    """
    asked = KEPT_BY[name]
    also = [one for one in asked.also if _opens(client, register, KEPT_BY[one])]
    customers = together(client, register, *asked.needs, *also)
    return customers, {one: _kept_or_computed(client, register, one) for one in asked.given}


def together(client: Client, register: Register, *names: str) -> pd.DataFrame:
    """The customer list and the kept results called `names` side by side, one row per customer.

    What was made later stands in place of what the list says: under_contract by any record, the
    owner of an action.
    """
    people = register.frame("customers")
    attributes = [name for name in client.attributes if name in people]
    frame = people[[*PERSON, *attributes]]
    for name in names:
        made = _kept_or_computed(client, register, name)
        frame = frame.drop(columns=frame.columns.intersection(made.columns)).join(made)
    return frame


def has_kept(client: Client, name: str) -> bool:
    """Whether a result of that name is kept for this client."""
    return (client.out_folder / "kept" / f"{name}.parquet").exists()


def kept_frames(client: Client) -> dict[str, pd.DataFrame]:
    """Every kept result by name; none is computed. Stale ones raise `StaleResult`."""
    register = _fresh_register(client)
    return {
        name: _kept_or_computed(client, register, name)
        for name in KEPT_BY
        if has_kept(client, name)
    }


def report_frames(client: Client) -> dict[str, pd.DataFrame]:
    """The kept results as report and workbook read them, with names beside the customers.

    `customers` is one row per customer with the decision and its action; `deciles` carry the
    result rates where results are known.
    """
    frames = kept_frames(client)
    register = _fresh_register(client)
    people = together(client, register, *(name for name in PER_CUSTOMER if name in frames))
    plan = frames["plan"]
    by = last_channel(register.frame("contacts"), client.as_of).reindex(people.index)
    people = people.assign(last_contact_by=as_text(by))
    frames["customers"] = plan.join(people[people.columns.difference(plan.columns)])
    frames["deciles"] = frames.get("deciles_with_results", frames["deciles"])
    lines = _kept_or_computed(client, register, "next_order")  # a closed notebook kept none
    frames["next_order"] = lines.join(people["name"])
    if frames["next_order"].empty:  # no product lines: due dates over all orders
        frames["next_order"] = people[people["next_on"].notna()]
    return frames


def write_results(client: Client) -> list[Path]:
    """Write customers.parquet and decisions.parquet from what the notebooks kept; their paths."""
    paths = []
    for name, frame in result_tables(client).items():
        paths.append(client.out_folder / f"{name}.parquet")
        in_coded_words(frame).reset_index().to_parquet(paths[-1], index=False)
    return paths


def result_tables(client: Client) -> dict[str, pd.DataFrame]:
    """The tables `customers` and `decisions`, by customer_id, codes as codes.

    customers: one row per customer as of the day, with every measure and label (`next_on` is the
    day of the next order, `do_on` that of the action). decisions: one row per customer with the
    decision, its reasons, action, day and week, and the status. Raises `StaleResult` if a kept
    result no longer fits.
    """
    register = _fresh_register(client)
    made = [name for name in PER_CUSTOMER if has_kept(client, name)]
    plan = _kept_or_computed(client, register, "plan")
    customers = together(client, register, *made)
    decisions = plan[list(DECISIONS)].join(customers[["status"]])
    return {"customers": customers, "decisions": decisions}


def in_coded_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Beside each column of codes its words in the run's language, as NAME_label."""
    numbers = ("integer", "number")  # a decile needs no word
    coded = [
        name for name in map(str, frame) if values_of(name) and COLUMNS[name].kind not in numbers
    ]
    words = {
        f"{name}_label": pd.Series([value_label(name, code) for code in frame[name]], frame.index)
        for name in coded
    }
    return frame.assign(**{name: as_text(said) for name, said in words.items()})


def read_decisions(client: Client) -> pd.DataFrame:
    """decisions.parquet of the last run, by customer_id; raises `KitError` if there was no run."""
    path = client.out_folder / "decisions.parquet"
    if not path.is_file():
        raise KitError(
            "There are no decisions of {client} in {folder}: what people decided is checked "
            "against those of the last run. Run first: kit.py run --client {path}",
            client=client.name,
            folder=client.out_folder,
            path=client.path,
        )
    return pd.read_parquet(path).set_index("customer_id")


def _print_origin(name: str, notebook: str, there: bool) -> None:
    if there:
        says = _("{name}: taken up from notebook {notebook}", name=name, notebook=notebook)
    else:
        says = _(
            "{name}: computed here, because notebook {notebook} has not been run",
            name=name,
            notebook=notebook,
        )
    print(says)


def _fresh_register(client: Client) -> Register:
    register = open_register(client)
    if register.client_fingerprint != client.fingerprint:
        raise StaleResult(
            "The register in {client} was built from another {file} than the one of today. "
            "Run notebook 01 again, or the whole walk: kit.py run",
            client=client.name,
            file=client.path.name,
        )
    require_same_lists(client, register.folder)
    return register


def _any_register(client: Client) -> Register:
    there = (client.out_folder / "register" / "manifest.json").exists()
    return _fresh_register(client) if there else build_register(client)


def _kept_or_computed(client: Client, register: Register, name: str) -> pd.DataFrame:
    path = client.out_folder / "kept" / f"{name}.parquet"
    if not path.exists():
        customers, given = take_up_for(client, register, name)
        view = KEPT_BY[name].answer(customers, register, client, **given)
        for made_name, frame in view.kept().items():
            if not has_kept(client, made_name):
                _store(frame, client, made_name)
    _require_fresh(client, name, path)
    return pd.read_parquet(path)


def _opens(client: Client, register: Register, asked: Question) -> bool:
    """Whether these lists can answer a question at all."""
    try:
        if asked.requires is not None:
            asked.requires(register, client)
    except NeedsTable:
        return False
    return True


def _origin(client: Client, name: str) -> dict[str, Any]:
    folder = client.out_folder
    manifest = folder / "register" / "manifest.json"
    register = json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else {}
    return {
        "client": client.fingerprint,
        "register": register.get("fingerprint", ""),
        "made_from": {
            need: _note(folder / "kept" / f"{need}.parquet").get("content", "")
            for need in (*KEPT_BY[name].needs, *KEPT_BY[name].also, *KEPT_BY[name].given)
        },
    }


def _require_fresh(client: Client, name: str, path: Path) -> None:
    note, now = _note(path), _origin(client, name)
    fields = {"name": name, "notebook": KEPT_BY[name].notebook}
    if note.get("client") != now["client"]:
        says = _(
            "The kept '{name}' was made from another {file} than the one of today. Run notebook "
            "{notebook} again, or the whole walk: kit.py run",
            **fields,
            file=client.path.name,
        )
    elif note.get("register") != now["register"]:
        says = _(
            "The kept '{name}' was made from another register than the one of today. Run notebook "
            "{notebook} again, or the whole walk: kit.py run",
            **fields,
        )
    elif note.get("made_from") != now["made_from"]:
        changed = [need for need, was in now["made_from"].items() if note["made_from"][need] != was]
        says = _(
            "The kept '{name}' was made from another '{changed}' than the one kept now. Run "
            "notebook {notebook} again, or the whole walk: kit.py run",
            **fields,
            changed=changed[0],
        )
    elif note.get("content") != sha256(path)[:16]:
        says = _(
            "The kept '{name}' was made from something else: the file was changed by hand. Run "
            "notebook {notebook} again, or the whole walk: kit.py run",
            **fields,
        )
    else:
        return
    raise StaleResult(says)


def _note(path: Path) -> dict[str, Any]:
    note = path.with_suffix(".json")
    return json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}
