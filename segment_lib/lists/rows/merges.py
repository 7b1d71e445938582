"""The confirmed table of merges (名寄せ): old id → id that stays. Nothing else merges anybody.

It is the file that `[merges] file` names, beside client.toml, in one of two forms. The review file
of `kit.py same` has a column same: only its rows with yes count. A plain file with the columns
old_id and new_id counts whole. Deleting a line, or its yes, undoes a merge at the next run.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

from segment_lib.checks import PROGRAM, ListError
from segment_lib.lists.cells.headers import match_header
from segment_lib.lists.cells.values import fold_word, tidy_text
from segment_lib.lists.cells.vectors import same_ids
from segment_lib.lists.reading.files import read_file
from segment_lib.lists.words import words
from segment_lib.settings import Client, ListSection
from segment_lib.voice import Sentence, _, in_every_language, sentences

ANSWER_COLUMNS = ("same", "keep", "old_id", "new_id")
_SAME = words("answers")["same"]
_ANSWERS = {**dict.fromkeys(_SAME["yes"], "yes"), **dict.fromkeys(_SAME["no"], "no"), "": ""}


def merges_path(client: Client) -> Path | None:
    """The file that [merges] names, there or not; None if none is named."""
    named = os.path.expandvars(client.merges.file)
    return client.folder / named if named else None


def read_merges(client: Client) -> dict[str, str]:
    """Old id to final id from the confirmed table; empty if none is named.

    Chains are followed to their end. Raises `ListError` with one sentence on a circle, an id that
    would go to two places, a no that other lines contradict, an answer or a keep that cannot be
    understood, a blank id, and if the file or a column is not there.
    """
    path = merges_path(client)
    if path is None:
        return {}
    if not path.is_file():
        raise ListError(
            '[merges] names the file "{file}", but there is none beside {client_file}. Check the '
            "name, write the file with {program} same, or take the line out.",
            file=client.merges.file,
            client_file=client.path.name,
            program=PROGRAM,
        )
    answers = read_answers(path)
    yes = answers[answers["same"] == "yes"]
    merges = resolve_merges([_directed(row) for row in yes.to_dict("records")])
    for row in answers[answers["same"] == "no"].to_dict("records"):
        one, other = (merges.get(row[column], row[column]) for column in ("old_id", "new_id"))
        if one == other:
            raise ListError(
                '{file}, row {row_number} says that "{old_id}" and "{new_id}" are not the same, '
                'but other rows send both to "{stays}". Correct one of them.',
                file=row["file"],
                row_number=row["row_number"],
                old_id=row["old_id"],
                new_id=row["new_id"],
                stays=one,
            )
    pairs = zip(
        same_ids(client, list(merges)), same_ids(client, list(merges.values())), strict=True
    )
    return {old: new for old, new in pairs if old != new}


def read_answers(path: Path) -> pd.DataFrame:
    """Every line with an id, as text: file, row_number, same (yes, no, ""), keep, old_id, new_id.

    Further columns come as they stand. In a plain file, without the column same, all lines are yes.
    """
    columns = {"old_id": "old_id", "new_id": "new_id"}
    section = ListSection.model_validate({"files": [path.name], "columns": columns})
    raw = read_file(path, section, "merges")
    for row in raw.broken.to_dict("records"):
        raise ListError(
            "{file}, row {row_number}: a cell stands to the right of the last "
            "header. Give its column a header, or empty the cell.",
            file=row["file"],
            row_number=row["row_number"],
        )
    headers = [str(name) for name in raw.frame.columns if name not in ("file", "row_number")]
    ours = {column: _header(column, headers) for column in ANSWER_COLUMNS}
    for column in ("old_id", "new_id"):
        if ours[column] is None:
            raise ListError(
                '{file_name} lacks the column "{column}". It has {has}. A table of '
                "merges has the columns old_id and new_id.",
                file_name=path.name,
                column=column,
                has=headers,
            )
    plain = ours["same"] is None
    answers = raw.frame.rename(columns={header: one for one, header in ours.items() if header})
    answers = answers.assign(
        same="yes" if plain else answers["same"].map(fold_word),
        **{
            column: answers[column].map(_plain_id) if column in answers else ""
            for column in ("keep", "old_id", "new_id")
        },
    )
    ids = answers[["old_id", "new_id"]] != ""
    answers = answers[ids.all(axis=1) | (ids.any(axis=1) if plain else answers["same"] != "")]
    for row in answers.to_dict("records"):
        _require_readable(row)
    return answers.assign(same=answers["same"].map(_ANSWERS)).reset_index(drop=True)


def _header(column: str, headers: list[str]) -> str | None:
    in_words = in_every_language("review file", column)
    return next(filter(None, (match_header(one, headers) for one in in_words)), None)


def resolve_merges(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Follow chains to their end: a→b, b→c gives a→c, b→c; that a→c is said too is no matter.

    >>> resolve_merges([("a", "b"), ("b", "c"), ("a", "c")])
    {'a': 'c', 'b': 'c'}
    """
    pairs, direct, ends = list(pairs), dict[str, str](), dict[str, str]()
    for old, new in pairs:
        direct.setdefault(old, new)
    for one in direct:
        way: dict[str, None] = {}  # in order
        while one in direct and one not in ends:
            if one in way:
                circle = " → ".join([*list(way)[list(way).index(one) :], one])
                raise ListError(
                    "[merges] goes round in a circle: {circle}. Take one of them out.",
                    circle=circle,
                )
            way[one] = None
            one = direct[one]
        ends |= dict.fromkeys(way, ends.get(one, one))
    for old, new in pairs:
        if ends.get(new, new) != ends[old]:
            raise ListError(
                '[merges] sends "{old}" to two customers: "{first}" and "{new}". Keep one.',
                old=old,
                first=direct[old],
                new=new,
            )
    return ends


def apply_merges(ids: pa.Array, merges: Mapping[str, str]) -> pa.Array:
    """The ids with every confirmed merge applied."""
    if not merges:
        return ids
    places = pc.index_in(ids, pa.array(merges, ids.type))
    return pc.coalesce(pa.array(merges.values(), ids.type).take(places), ids)


def unknown_merge_ids(merges: Mapping[str, str], known_ids: Iterable[str]) -> tuple[Sentence, ...]:
    """Notes on merges of ids that no list has; `known_ids` are all ids as the lists have them.

    Raises `ListError` where the id was most likely spoiled on the way (Excel takes leading zeros
    off), and where a known customer would be sent to one whom nobody has.
    """
    wanted, everybody = {*merges, *merges.values()}, set(filter(None, known_ids))
    unknown = wanted - everybody
    if not unknown:
        return ()
    likely = {_bare_id(one): one for one in sorted(everybody)}
    for one in sorted(unknown):
        if _bare_id(one) in likely:
            raise ListError(
                '[merges] holds the id "{id}", which no list has; "{likely}" is most likely meant '
                "(Excel takes leading zeros off). Correct it in the file.",
                id=one,
                likely=likely[_bare_id(one)],
            )
    for old, new in merges.items():
        if old not in unknown and new in unknown:
            near = extractOne(new, sorted(everybody), scorer=ratio, score_cutoff=75)
            raise ListError(
                sentences(
                    _('[merges] sends "{old}" to "{new}", whom no list has.', old=old, new=new),
                    _('Did you mean "{near}"?', near=near[0]) if near else "",
                    _("Correct the line, or take it out."),
                )
            )
    gone = sorted(old for old in merges if old in unknown)
    shown = ", ".join(gone[:3]) + (" …" if len(gone) > 3 else "")
    return (
        Sentence(
            "{count} merged id(s) stand in no list any more: {shown}", count=len(gone), shown=shown
        ),
    )


def _plain_id(text: str) -> str:
    """An id without the ' that keeps a spreadsheet from changing it."""
    tidy = tidy_text(text)
    return tidy[1:].strip() if len(tidy) > 1 and tidy.startswith("'") else tidy


def _require_readable(row: Mapping[str, str]) -> None:
    place = _("{file}, row {row_number}", file=row["file"], row_number=row["row_number"])
    if row["same"] not in _ANSWERS:
        raise ListError(
            '{place}: same is "{same}". Write yes, no, or leave it blank.',
            place=place,
            same=row["same"],
        )
    for column in ("old_id", "new_id"):
        if not row[column]:
            raise ListError(
                "{place}: {column} is blank. Fill it in, or take the line out.",
                place=place,
                column=column,
            )
    if row["keep"] and _kept(row) is None:
        raise ListError(
            '{place}: keep is "{keep}". Write {old_id} or {new_id}, or leave '
            "it blank for the latter.",
            place=place,
            keep=row["keep"],
            old_id=row["old_id"],
            new_id=row["new_id"],
        )


def _kept(row: Mapping[str, str]) -> str | None:
    """Which of the two stays; a keep that lost its leading zeros is understood."""
    if not row["keep"]:
        return row["new_id"]
    pair = (row["new_id"], row["old_id"])
    alike = [one for one in pair if _bare_id(one) == _bare_id(row["keep"])]
    return row["keep"] if row["keep"] in pair else alike[0] if len(alike) == 1 else None


def _directed(row: Mapping[str, str]) -> tuple[str, str]:
    stays = _kept(row) or row["new_id"]
    goes = row["old_id"] if stays == row["new_id"] else row["new_id"]
    return goes, stays


def _bare_id(one: str) -> str:
    """An id as a spreadsheet may have left it: without leading zeros or .0 at its end, folded.

    >>> _bare_id("00010271") == _bare_id("10271.0")
    True
    """
    return fold_word(one).removesuffix(".0").lstrip("0")
