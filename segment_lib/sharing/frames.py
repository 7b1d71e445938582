"""What stands in a copy to share: frames and client.toml with everybody replaced.

What is not known to say nothing about a person is left out: of texts only coded values, the words
of the kit and of the client's rules, and names of products are kept.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel

from segment_lib.approach.known import FACTS
from segment_lib.approach.playbook import playbook_of, said_everywhere
from segment_lib.approach.reasons import REASONS
from segment_lib.client import Client
from segment_lib.columns import COLUMNS, values_of
from segment_lib.report.few import counts_customers, hide_few
from segment_lib.settings.sections import Signed
from segment_lib.sharing.pseudonyms import Pseudonyms
from segment_lib.voice import FEWEST, _, is_to_share

IDS = ("customer_id", "referred_by")
PEOPLE = ("owner", "override_by", "override_owner", "by")
# Texts that stay, by why: the words of the kit, of the client's rules, and names of products.
_PAGE = tomllib.loads(Path(__file__).with_name("kept.toml").read_text(encoding="utf-8"))
KEPT = frozenset(itertools.chain.from_iterable(_PAGE.values()))
# Frames in which people's words, or counts said before, stand in sentences.
LEFT_OUT = ("decision_notes", "pyramid_checks", "rules_note", "clusters_learned")
QUARTER = r"^(\d+)(?::|：)"  # a level that is a quarter of a number
BETWEEN = re.compile(r"(\s*[,、]\s*)")
# Facts of a sentence that tell no more of a person than days, amounts and products do.
SAFE_TEXTS = {"line", "product", "with", "due_range", "second_order", "event", "new", "step",
              "missing"}  # fmt: skip
COUNTING_FACTS = {"with_k", "with_n"}
# Whose evidence counts others, or is what people wrote.
SAID_OF_OTHERS = [
    row.key for row in REASONS if "{alike}" in row.evidence or "{declared}" in row.evidence
]


def shared_frames(
    frames: Mapping[str, pd.DataFrame], client: Client, names: Pseudonyms
) -> dict[str, pd.DataFrame]:
    """The kept frames without names, ids and free words; groups of fewer than five are blurred.

    Frames with one row per customer are sorted by pseudonym: their order tells no id.
    """
    lists = _list_names(frames.get("ledger"))
    return {
        name: shared_frame(_lists_renamed(frame, lists), client, names)
        for name, frame in frames.items()
        if name not in LEFT_OUT
    }


def shared_frame(frame: pd.DataFrame, client: Client, names: Pseudonyms) -> pd.DataFrame:
    """One frame as it stands in the copy; its columns stay, the texts of people in them do not."""
    each = "customer_id" in (*frame.columns, frame.index.name)
    told = {str(column): _told(str(column), frame, client, names, each) for column in frame}
    made = frame.assign(**told)
    made = _of_each(made, client, names) if each else hide_few(_without_rare(made))
    made.attrs = {}
    return made


def _told(
    column: str, frame: pd.DataFrame, client: Client, names: Pseudonyms, each: bool
) -> pd.Series:
    values = frame[column]
    if column in IDS:
        return values.map(names.customers)
    if column in PEOPLE:
        return values.astype("object").map(lambda one: names.persons.get(one, one))
    if column == "examples":
        return values.map(lambda ids: _ids_in(ids, names), na_action="ignore")
    if column in client.attributes and each:
        return _levels(values)
    if not _is_text(values) or values_of(column):
        return values
    if column not in KEPT or (each and column == "name"):
        return pd.Series(None, index=frame.index, dtype="object")
    said = {one: _replaced(one, names.by_length) for one in values.dropna().unique()}
    return values.map(said)


def _is_text(values: pd.Series) -> bool:
    kind = values.dtype
    return not (
        pd.api.types.is_numeric_dtype(kind)
        or pd.api.types.is_bool_dtype(kind)
        or pd.api.types.is_datetime64_any_dtype(kind)
    )


def _ids_in(ids: object, names: Pseudonyms) -> str:
    parts = BETWEEN.split(str(ids))
    return "".join(names.customers.get(one, one if at % 2 else "") for at, one in enumerate(parts))


def _levels(values: pd.Series) -> pd.Series:
    """The levels of an attribute, those of fewer than five customers put together; where these are
    still fewer than five, the next smallest with them. Numbers and days become quarters.
    """
    if pd.api.types.is_bool_dtype(values):
        few = values.value_counts().between(1, FEWEST - 1).any()
        return pd.Series(pd.NA, index=values.index, dtype="boolean") if few else values
    plain = values.astype("object") if _is_text(values) else _quarters(values)
    heads = plain.value_counts()
    rare = list(heads.index[heads < FEWEST])
    if rare and heads[rare].sum() < FEWEST:
        rare += list(heads[heads >= FEWEST].index[-1:])
    return plain.mask(plain.isin(rare), _("another (of few customers)"))


def _quarters(numbers: pd.Series) -> pd.Series:
    """Which quarter a number is in: a company is known by its founding year and its staff."""
    if pd.api.types.is_datetime64_any_dtype(numbers):
        numbers = numbers.dt.year
    values = pd.to_numeric(numbers).astype("float64")
    limits = sorted({values.quantile(part, interpolation="lower") for part in (0.25, 0.5, 0.75)})
    names = [_("{n}: up to {limit:.10g}", n=n, limit=one) for n, one in enumerate(limits, 1)]
    names.append(_last_quarter(len(limits) + 1))
    place = np.searchsorted(np.array(limits), values.to_numpy(), side="left")
    told = pd.Series([names[at] for at in place], index=numbers.index, dtype="object")
    return told.where(values.notna())


def _last_quarter(number: object) -> str:
    return _("{n}: more than that", n=number)


def _without_largest(frame: pd.DataFrame) -> pd.DataFrame:
    """Quarters of an attribute without the number of whoever has most."""
    of = next((name for name in ("attribute", "group") if name in frame), None)
    number = frame["level"].astype(str).str.extract(QUARTER)[0]
    if of is None or number.isna().all():
        return frame
    last = number.notna() & number.eq(number.groupby(frame[of]).transform("max"))
    return frame.assign(level=frame["level"].astype("object").mask(last, number.map(_last_quarter)))


def _of_each(frame: pd.DataFrame, client: Client, names: Pseudonyms) -> pd.DataFrame:
    """One row per customer: sentences without what people wrote, counts of few left out."""
    told: dict[str, Any] = {}
    if {"content", "row", "action"} <= set(frame):
        safe = frame["row"].isin(_safe_rows(client))
        told["content"] = frame["content"].where(safe, frame["action"])
    if {"evidence", "reason"} <= set(frame):
        free = frame["reason"].astype(str).isin(SAID_OF_OTHERS)
        if "override" in frame:
            free |= frame["override"].notna()
        told["evidence"] = frame["evidence"].mask(free, "")
    for name in filter(counts_customers, frame):
        told[str(name)] = frame[name].mask(frame[name].lt(FEWEST) & frame[name].gt(0))
    made = frame.assign(**told)
    if frame.index.name == "customer_id":
        return made.set_axis(made.index.map(names.customers).rename("customer_id")).sort_index()
    return made.sort_values("customer_id", kind="stable", ignore_index=True)


def _safe_rows(client: Client) -> list[str]:
    """The rows of the playbook whose sentences say nothing that stands in a person's own words."""
    named = {name: kind for name, (kind, _says) in FACTS.items()}
    named |= {name: one.kind for name, one in COLUMNS.items() if name not in named}
    safe = {name for name, kind in named.items() if kind != "text"} - set(client.attributes)
    safe = (safe | SAFE_TEXTS) - COUNTING_FACTS
    rows = [row for row in playbook_of(client).rows if said_everywhere(row) <= safe]
    return [name for row in rows for name in (row.name, row.name_ja) if name]


def _without_rare(frame: pd.DataFrame) -> pd.DataFrame:
    """Groups without those that are called by what fewer than five customers are."""
    if "level" not in frame:
        return frame
    counted = next(name for name in ("customers", "n") if name in frame)
    kept = frame[~frame[counted].between(1, FEWEST - 1)].reset_index(drop=True)
    return _without_largest(kept)


# --- lists: a file may be called by whose it is -------------------------------------------------
def _list_names(ledger: pd.DataFrame | None) -> dict[str, str]:
    if ledger is None:
        return {}
    lists = dict.fromkeys(ledger["list"])
    return {one: _("list {n}", n=str(n)) for n, one in enumerate(lists, start=1)}


def _lists_renamed(frame: pd.DataFrame, lists: Mapping[str, str]) -> pd.DataFrame:
    return frame.assign(list=frame["list"].map(lists)) if "list" in frame and lists else frame


# --- client.toml --------------------------------------------------------------------------------
def persons_in(client: Client, frames: Iterable[pd.DataFrame]) -> set[str]:
    """Everybody of ours who is named: who signed, who has hours, who owns or decided anything."""
    named = {*client.capacity.owners, *client.team_of}
    named |= {one.decided_by for one in _sections(client) if isinstance(one, Signed)}
    for frame in frames:
        for column in {*PEOPLE} & set(frame):
            named |= set(frame[column].dropna().astype(str))
    return named


def _sections(section: Any) -> Iterator[BaseModel]:
    if isinstance(section, BaseModel):
        yield section
        for name in type(section).model_fields:
            yield from _sections(getattr(section, name))
    elif isinstance(section, dict | tuple):
        for one in section.values() if isinstance(section, dict) else section:
            yield from _sections(one)


def shared_client(client: Client, names: Pseudonyms) -> Client:
    """The settings as the copy shows them: no name of the business, of a file, or of anybody."""
    assert is_to_share()
    plain = _replaced(client, names.by_length)
    nameless = {"name": names.business, "title": "", "title_ja": ""}
    file = "merges.csv" if client.merges.file else client.merges.file
    return plain.model_copy(
        update={
            "client": plain.client.model_copy(update=nameless),
            "merges": plain.merges.model_copy(update={"file": file}),
            "fingerprint": names.business,
        }
    )


def _replaced(section: Any, persons: Mapping[str, str]) -> Any:
    """A section, a table or a list with every person in it replaced, also inside a sentence."""
    if isinstance(section, BaseModel):
        parts = {name: getattr(section, name) for name in type(section).model_fields}
        changed = {name: _replaced(one, persons) for name, one in parts.items()}
        return section.model_copy(update=changed)
    if isinstance(section, dict):
        return {_replaced(key, persons): _replaced(one, persons) for key, one in section.items()}
    if isinstance(section, tuple | list):
        return type(section)(_replaced(one, persons) for one in section)
    if isinstance(section, str):
        for person, told in persons.items():
            section = section.replace(person, told)
    return section
