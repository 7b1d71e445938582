"""The review file (名寄せ確認表): candidate pairs side by side, for a person to answer in Excel.

One row per pair: same (blank, yes or no), keep (which id stays; blank: new_id), old_id, new_id,
score, the keys, then both customers side by side. Of a pair the one with more orders is the new
id, which stays; of equals the one we have known longer, then the smaller id. Answers are never
lost: a pair that somebody wrote on keeps its line though it is found no more, and columns that
people added stay.

The lists are read as if nothing were merged, so that both of a pair are there. Text that a
spreadsheet would run or change (=…, 00123, 1-2) stands behind a ', which is taken off on reading.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from math import floor
from pathlib import Path

import pandas as pd

from segment_lib.checks import ListError
from segment_lib.columns import as_text, label
from segment_lib.lists.frames import to_frame
from segment_lib.lists.register import Register, build_register
from segment_lib.lists.rows.merges import (
    ANSWER_COLUMNS,
    merges_path,
    read_answers,
    unknown_merge_ids,
)
from segment_lib.lists.rows.store import replace_file
from segment_lib.lists.same.compared import (
    BIRTHDAY_COLUMNS,
    POSTAL_CODE_COLUMNS,
    column_named,
    written,
)
from segment_lib.lists.same.same_customer import LISTED, find_same_customers, require_score
from segment_lib.settings import Client, MergesSection
from segment_lib.voice import Sentence, language, pgettext, spoken

DEFAULT_FILE = "same_customers.csv"
_TEXT_FILES = (".csv", ".tsv", ".txt")
_CONTACT = ("name", "contact_person", "telephone", "email", "address")
_FACTS = (*_CONTACT, "postal_code", "birthday", "orders", "last_order_on")
_SIDES = ("old", "new")
_TOLD = ("score", "keys", "differ")
REVIEW_COLUMNS = (
    *(*ANSWER_COLUMNS, *_TOLD),
    *(f"{side}_{fact}" for fact in _FACTS for side in _SIDES),
)
_RUN = re.compile(r"[=+\-@\t\r＝＋－＠']")
_CHANGED = re.compile(r"0\d|\d{12}|\d+[eE]\d+$|\d{1,4}[-/]\d{1,2}(?:[-/]\d{1,4})?$")
_NUMBERS_AND_DAYS = ("score", "orders", "last_order_on", "birthday")  # no harm if shown as such


@dataclass(frozen=True)
class ReviewFile:
    """What stands in the review file now; counts are pairs."""

    path: Path
    waiting: int  # nobody has answered yet
    yes: int
    no: int
    found_no_more: int  # written on and kept, and no candidate any more
    hints: int  # below the line, not in the file
    best_hint: float  # the highest score among them, rounded down
    named: bool  # client.toml names the file under [merges]
    notes: tuple[Sentence, ...] = ()


def write_same_customers(client: Client, at_least: float = LISTED) -> ReviewFile:
    """Write the review file beside client.toml, or bring it up to date; every answer stays.

    Raises `ListError` or `ClientError` with one sentence if the file there cannot be understood,
    holds an id that Excel has spoiled, or if a list cannot be read; then nothing is written.
    """
    require_score(at_least)
    path = _review_path(client)
    written_on = _written_on(path)
    with tempfile.TemporaryDirectory() as scratch:
        unmerged = {"merges": MergesSection(), "out": Path(scratch)}
        customers = customer_facts(build_register(client.model_copy(update=unmerged)))
    notes = _require_known(written_on, customers.index)
    found = find_same_customers(customers, at_least=0)
    listed = found[found["score"] >= at_least]
    fresh = listed[~_names(listed).isin(_names(written_on))]
    fresh = _in_words(_old_and_new(fresh, customers))[[*ANSWER_COLUMNS, *_TOLD]]
    written_on = _afresh(written_on, found)
    rows = _side_by_side(_in_order(fresh, written_on), customers)
    _write(rows, path)
    return ReviewFile(
        path=path,
        waiting=int((rows["same"] == "").sum()),
        yes=int((rows["same"] == "yes").sum()),
        no=int((rows["same"] == "no").sum()),
        found_no_more=int((~_names(written_on).isin(_names(listed))).sum()),
        hints=len(found) - len(listed),
        best_hint=floor(100 * max(found["score"][found["score"] < at_least], default=0)) / 100,
        named=merges_path(client) is not None,
        notes=notes,
    )


def customer_facts(register: Register) -> pd.DataFrame:
    """One row per customer: what a person compares, and orders with their first and last day."""
    customers = register.frame("customers")
    found = {
        "postal_code": column_named(customers.columns, POSTAL_CODE_COLUMNS),
        "birthday": column_named(customers.columns, BIRTHDAY_COLUMNS),
    }
    more = {name: customers[column] for name, column in found.items() if column is not None}
    facts = customers[[*_CONTACT, "first_contact_on"]].assign(**more)
    orders = register.orders
    counted = orders.group_by("customer_id").agg(
        orders=orders.order_id.nunique(),
        first_order_on=orders.ordered_on.min(),
        last_order_on=orders.ordered_on.max(),
    )
    facts = facts.join(to_frame(counted, indexed=True))
    return facts.assign(orders=facts["orders"].fillna(0).astype("int64"))


def header_of(column: str) -> str:
    """The header of a column of the review file.

    >>> header_of("old_name")
    'old_name'
    >>> with language("ja"):
    ...     header_of("old_name")
    '旧：お名前'
    """
    if spoken() == "en":
        return column  # in English the headers are the names themselves
    named = {
        "same": pgettext("review file", "same"),
        "keep": pgettext("review file", "keep"),
        "old_id": pgettext("review file", "old_id"),
        "new_id": pgettext("review file", "new_id"),
        "orders": pgettext("review file", "orders"),
        "postal_code": pgettext("review file", "postal_code"),
        "birthday": pgettext("review file", "birthday"),
    }
    side, _line, fact = column.partition("_")
    if column in named or side not in _SIDES:
        return named.get(column) or label(column)
    said = named.get(fact) or label(fact)
    if side == "old":
        return pgettext("review file", "old: {fact}", fact=said)
    return pgettext("review file", "new: {fact}", fact=said)


def _review_path(client: Client) -> Path:
    path = merges_path(client) or client.folder / DEFAULT_FILE
    if path.suffix.lower() not in _TEXT_FILES:
        raise ListError(
            "[merges] names {file_name}, but a review is kept as CSV. Save it "
            'as CSV, and name that: [merges] file = "{stem}.csv".',
            file_name=path.name,
            stem=path.stem,
        )
    return path


def _written_on(path: Path) -> pd.DataFrame:
    """The rows that people answered or noted something on; columns under our own names."""
    if not path.is_file():
        return pd.DataFrame(columns=[*ANSWER_COLUMNS], dtype="str")
    with language("ja"):
        ours = {header_of(column): column for column in REVIEW_COLUMNS}
    rows = read_answers(path).drop(columns=["file", "row_number"]).rename(columns=ours)
    rows = rows.apply(lambda cells: cells.map(_unguarded))
    added = [column for column in rows if column not in REVIEW_COLUMNS]
    touched = (rows[["same", "keep", *added]] != "").any(axis=1)
    return rows[touched].reset_index(drop=True)


def _require_known(rows: pd.DataFrame, known_ids: pd.Index) -> tuple[Sentence, ...]:
    yes = rows[rows["same"] == "yes"]
    everybody = {one: one for column in ("old_id", "new_id") for one in rows[column]}
    unknown_merge_ids(everybody, known_ids)  # only for ids that a spreadsheet has spoiled
    return unknown_merge_ids(dict(zip(yes["old_id"], yes["new_id"], strict=True)), known_ids)


def _names(pairs: pd.DataFrame) -> pd.Series:
    """A pair by a name that does not depend on who is old and who is new."""
    sides = ("old_id", "new_id") if "old_id" in pairs else ("customer_id", "other_id")
    both = zip(pairs[sides[0]], pairs[sides[1]], strict=True)
    return pd.Series(["\0".join(sorted(pair)) for pair in both], index=pairs.index, dtype="str")


def _old_and_new(pairs: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Who stays is new_id: more orders, known longer, smaller id."""
    since = customers[["first_contact_on", "first_order_on"]].min(axis=1)
    order = pd.DataFrame({"orders": -customers["orders"], "since": since, "id": customers.index})
    order = order.sort_values(["orders", "since", "id"], na_position="last")
    place = pd.Series(range(len(order)), index=order.index)
    one, other = pairs["customer_id"], pairs["other_id"]
    stays = pd.Series(place[one].to_numpy() < place[other].to_numpy(), index=pairs.index)
    return pairs.assign(
        same="", keep="", old_id=other.where(stays, one), new_id=one.where(stays, other)
    )


def _in_words(pairs: pd.DataFrame) -> pd.DataFrame:
    return pairs.assign(score=pairs["score"].map("{:.2f}".format).pipe(as_text))


def _afresh(rows: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Rows of the file with today's score and keys, if they are still candidates at all."""
    today = _in_words(found).set_index(_names(found))
    for column in _TOLD:
        rows = _looked_up(rows, column, _names(rows), today[column])
    return rows


def _in_order(fresh: pd.DataFrame, written_on: pd.DataFrame) -> pd.DataFrame:
    """Who waits for an answer, the surest first; then the answered ones as they stood."""
    answered = written_on["same"] != ""
    waiting = pd.concat([fresh, written_on[~answered]], ignore_index=True)
    score = pd.to_numeric(waiting["score"], errors="coerce").fillna(0)
    waiting = waiting.loc[score.sort_values(ascending=False, kind="stable").index]
    return pd.concat([waiting, written_on[answered]], ignore_index=True)


def _side_by_side(rows: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Both customers beside each other; of who is in no list any more, what the file had."""
    for fact in _FACTS:
        texts = written(customers[fact]) if fact in customers else pd.Series(dtype="str")
        for side in _SIDES:
            rows = _looked_up(rows, f"{side}_{fact}", rows[f"{side}_id"], texts)
    return rows


def _looked_up(rows: pd.DataFrame, column: str, keys: pd.Series, values: pd.Series) -> pd.DataFrame:
    """The value of each key; what the file had where there is none, and "" where it had none."""
    before = rows[column] if column in rows else pd.Series("", index=rows.index)
    said = keys.map(values).pipe(as_text).fillna(before.pipe(as_text)).fillna("")
    return rows.assign(**{column: said})


def _write(rows: pd.DataFrame, path: Path) -> None:
    """UTF-8 with a byte-order mark, as Excel reads it; beside the old file, then in its place."""
    told = [column for column in REVIEW_COLUMNS if not _nobody_has(rows, column)]
    added = [column for column in rows if column not in REVIEW_COLUMNS]
    shown = rows[[*told, *added]].fillna("")
    answers = {"yes": pgettext("review file", "yes"), "no": pgettext("review file", "no")}
    shown = shown.assign(same=shown["same"].replace(answers))
    shown = shown.apply(lambda cells: cells.map(lambda text: _guarded(text, str(cells.name))))
    shown = shown.rename(columns={column: header_of(column) for column in told})
    path.parent.mkdir(parents=True, exist_ok=True)
    text = shown.to_csv(index=False, lineterminator="\n")
    replace_file(path, text.encode("utf-8-sig"))


def _nobody_has(rows: pd.DataFrame, column: str) -> bool:
    fact = column.partition("_")[2]
    sides = [f"{side}_{fact}" for side in _SIDES]
    return fact in _FACTS and bool((rows[sides] == "").all(axis=None))


def _guarded(text: object, column: str) -> str:
    """A cell that no spreadsheet runs as a formula, or reads as another number or a day.

    >>> _guarded("00123", "old_id"), _guarded("=1+1", "old_name"), _guarded("0.97", "score")
    ("'00123", "'=1+1", '0.97')
    """
    said = str(text)
    number_or_day = column.endswith(_NUMBERS_AND_DAYS)
    return f"'{said}" if _RUN.match(said) or (_CHANGED.match(said) and not number_or_day) else said


def _unguarded(text: str) -> str:
    bare = text.removeprefix("'")
    return bare if _RUN.match(bare) or _CHANGED.match(bare) else text
