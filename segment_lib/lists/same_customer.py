"""The same customer twice (名寄せ): candidate pairs with the keys that match; merges as confirmed.

Candidates are a suggestion for people. Nothing is merged but what the confirmed table
(`[merges] file`, columns old_id and new_id) says. Keys are compared in a plain form: names without
株式会社, ㈱, (株), 有限会社, Inc. and the like, without blanks and signs; telephone numbers as
digits; e-mail addresses in lower case.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from segment_lib.checks import ListError
from segment_lib.lists.files import read_file
from segment_lib.lists.layout import match_header
from segment_lib.lists.values import parse_telephone, tidy_text
from segment_lib.settings import Client, ListSection

_COMPANY_FORMS = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|(?:一般|公益)?(?:社団|財団)法人|医療法人(?:社団)?"
    r"|\([株有同資名社財医]\)|カブシキガイシャ"
    r"|\b(?:incorporated|inc|corporation|corp|company|co|limited|ltd|llc|llp|plc|gmbh|ag|kk)\b"
)
_OLD_FORMS = str.maketrans("髙﨑邉邊齋齊斎濵濱澤國廣嶋德櫻", "高崎辺辺斉斉斉浜浜沢国広島徳桜")
# How much one equal key says. A name alone is a hint, name and telephone together nearly a proof.
WEIGHTS = {"name": 0.5, "telephone": 0.4, "email": 0.4, "address": 0.2}
_BLOCKING_KEYS = ("name", "telephone", "email")
_LARGEST_BLOCK = 20


def plain_name(name: str) -> str:
    """A company's or person's name in the form that is compared.

    >>> plain_name("㈱ アオバ商事"), plain_name("アオバ商事 株式会社"), plain_name("Aoba Co., Ltd.")
    ('アオバ商事', 'アオバ商事', 'aoba')
    """
    bare = _COMPANY_FORMS.sub(" ", tidy_text(name).casefold().translate(_OLD_FORMS))
    return "".join(sign for sign in bare if unicodedata.category(sign)[0] in "LN" or sign == "ー")


def find_same_customers(customers: pd.DataFrame) -> pd.DataFrame:
    """Candidate pairs: customer_id, other_id, keys (which match), score from 0 to 1.

    `customers` is indexed by customer_id or has it as a column; it may have name, telephone,
    email, address. Best pairs first. A key that more than 20 customers share (a switchboard, an
    info@ address) pairs each of them with the first only.
    """
    if "customer_id" not in customers.columns:
        customers = customers.reset_index()
    keys = _plain_keys(customers).sort_values("customer_id", ignore_index=True)
    parts = [_pairs_by(keys, key) for key in _BLOCKING_KEYS]
    pairs = pd.concat(parts, ignore_index=True).drop_duplicates(ignore_index=True)
    by_id = keys.set_index("customer_id")
    one = by_id.loc[pairs["customer_id"]].reset_index(drop=True)
    other = by_id.loc[pairs["other_id"]].reset_index(drop=True)
    equal = (one == other) & (one != "")
    pairs = pairs.assign(
        keys=_names_of(equal), score=equal.mul(pd.Series(WEIGHTS)).sum(axis=1).clip(upper=1.0)
    )
    order = ["score", "customer_id", "other_id"]
    return pairs.sort_values(order, ascending=[False, True, True], ignore_index=True)


def _plain_keys(customers: pd.DataFrame) -> pd.DataFrame:
    forms = {
        "name": plain_name,
        "telephone": lambda text: parse_telephone(text) or "",
        "email": lambda text: tidy_text(text).casefold(),
        "address": plain_name,
    }
    keys = {"customer_id": customers["customer_id"].astype("str")}
    for key, form in forms.items():
        column = customers[key] if key in customers else pd.Series("", index=customers.index)
        text = column.astype("str").fillna("")
        keys[key] = text.map({one: form(one) for one in text.unique()})
    return pd.DataFrame(keys)


def _pairs_by(keys: pd.DataFrame, key: str) -> pd.DataFrame:
    shared = keys.loc[keys[key] != "", ["customer_id", key]]
    block = shared.groupby(key)["customer_id"]
    shared = shared.assign(size=block.transform("size"), place=block.cumcount())
    shared = shared[shared["size"] > 1]
    firsts = shared[(shared["size"] <= _LARGEST_BLOCK) | (shared["place"] == 0)]
    pairs = firsts.merge(shared, on=key, suffixes=("", "_other"))
    pairs = pairs.loc[pairs["place"] < pairs["place_other"]]
    return pairs[["customer_id", "customer_id_other"]].set_axis(["customer_id", "other_id"], axis=1)


def _names_of(equal: pd.DataFrame) -> pd.Series:
    words = pd.Series("", index=equal.index, dtype="str")
    for key in equal.columns:
        words = words.mask(equal[key], words + (key + " "))
    return words.str.strip().str.replace(" ", ", ")


def read_merges(client: Client) -> dict[str, str]:
    """Old id to final id from the confirmed table; empty if none is named.

    Chains are followed to their end. Raises `ListError` on a circle, on an id that would go to
    two places, and if the file or a column is not there.
    """
    if not client.merges.file:
        return {}
    path = client.folder / os.path.expandvars(client.merges.file)
    if not path.is_file():
        raise ListError(
            f'[merges] names the file "{client.merges.file}", but there is none beside '
            f"{client.path.name}. Check the name, or take the line out."
        )
    frame = read_file(path, _as_section(path), "merges").frame
    old, new = (_merge_column(frame, column, path) for column in ("old_id", "new_id"))
    direct = pd.DataFrame({"old": old, "new": new}).drop_duplicates()
    direct = direct[(direct["old"] != "") & (direct["new"] != "")]
    return resolve_merges(list(zip(direct["old"], direct["new"], strict=True)))


def resolve_merges(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Follow chains to their end: a→b, b→c gives a→c, b→c.

    >>> resolve_merges([("a", "b"), ("b", "c")])
    {'a': 'c', 'b': 'c'}
    """
    direct: dict[str, str] = {}
    for old, new in pairs:
        if direct.get(old, new) != new:
            raise ListError(
                f'[merges] sends "{old}" to two customers: "{direct[old]}" and "{new}". Keep one.'
            )
        direct[old] = new
    return {old: _end_of_chain(old, direct) for old in direct}


def _end_of_chain(start: str, direct: Mapping[str, str]) -> str:
    way = [start]
    while way[-1] in direct:
        step = direct[way[-1]]
        if step in way:
            circle = " → ".join([*way, step])
            raise ListError(f"[merges] goes round in a circle: {circle}. Take one of them out.")
        way.append(step)
    return way[-1]


def apply_merges(ids: pd.Series, merges: Mapping[str, str]) -> pd.Series:
    """The ids with every confirmed merge applied."""
    if not merges:
        return ids
    codes = {one: merges.get(str(one), one) for one in ids.dropna().unique()}
    return ids.map(codes, na_action="ignore").astype(ids.dtype)


def _as_section(path: Path) -> ListSection:
    return ListSection(files=(path.name,), columns={"old_id": "old_id", "new_id": "new_id"})


def _merge_column(frame: pd.DataFrame, column: str, path: Path) -> pd.Series:
    header = match_header(column, [str(name) for name in frame.columns])
    if header is None:
        raise ListError(
            f'{path.name} lacks the column "{column}". It has '
            f"{[name for name in frame.columns if name not in ('file', 'row_number')]}. "
            "A table of merges has the columns old_id and new_id."
        )
    return frame[header].map(tidy_text)
