"""Rows of totals (合計, 小計, Total) and the remarks below a list: no customers, no orders.

A row of totals begins with a word of totals, and every other cell of it is a number or blank. A
row with a value under an id or a date of the list is real, whatever it begins with. Footnotes
(※…, 出力日時 …) are single cells. Such rows are set apart with their reason; nothing is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from segment_lib.lists.cells.layout import PLACE, match_header
from segment_lib.lists.cells.values import REMARK_ROW, TOTALS_ROW, tidy_text
from segment_lib.lists.reading.raw_list import RawList
from segment_lib.settings import ListSection
from segment_lib.voice import Sentence

_LOOK_COLUMNS = 6  # a total's word stands in one of the first columns
_GAP = "[\\s　]*"
_FRAME = "[\\s　【】\\[\\]［］()（）<>＜＞*＊=＝:：-]*"
_PLAIN = (
    f"(?:総{_GAP}|小{_GAP}|累{_GAP}|合{_GAP}|総{_GAP}合{_GAP}|小{_GAP}合{_GAP}|[月年週日期])?計|"
    "合計(?:金額|額|数)|平均(?:値|額)?|"
    "(?i:(?:grand|sub|running|all)?[ -]?totals?|sums?|averages?|mean)"
)
# 「4月計」「東京支店 計」, but neither 山田設計 nor 会計, 時計, 統計
_WITH_NAME = (
    ".+(?:合計|小計|総計|累計)|.+(?:月|年|年度|期|上期|下期|四半期|週|日|店|部|課|所|エリア|地区)計|"
    ".+[\\s　](?:計|集計)|(?i:.+ (?:sub|grand )?total|(?:sub|grand )?total (?:for|of) .+)"
)
_TOTALS = re.compile(f"{_FRAME}(?:{_PLAIN}){_FRAME}")
_TOTALS_OF = re.compile(f"{_FRAME}(?:{_WITH_NAME}){_FRAME}")
_NUMBER = re.compile(
    r"[-+−△▲(]?\s*[¥$€£]?\s*[-+−△▲]?\s*(?:\d{1,3}(?:,\d{3})+|0|[1-9]\d*)?(?<=\d)?(?:\.\d+)?\s*"
    r"(?:%|円|千円|万円|百万円|億円|個|件|名|人|点|枚|本|箱|台|回|時間|分|日|人日|pt|h)?\s*\)?"
)
_DASH = re.compile(r"[-―ー—–*/]+")
_REMARK = (
    "※|[*＊]{_GAP}[0-9０-９]|[(（【\\[]?注[)）】\\]:：0-9０-９\\s　]|"
    "[(（【\\[]?(?:注意事項|備考|注記|凡例|出典|資料)[)）】\\]]?[\\s　]*[:：]|"
    "(?:出力|作成|印刷|集計|抽出|更新)(?:日時|年月日|日|者|条件)|[-\\s　]*以{_GAP}上[-\\s　]*$|"
    "(?i:(?:printed|exported|created|generated)[ :]|(?:source|notes?)[ 0-9]*:|"
    "end of (?:report|list|file))"
).replace("{_GAP}", _GAP)
_REMARK_AT_START = re.compile(_REMARK)
# The same for Arrow; words in full-width letters are looked at one by one.
_PERHAPS = (
    f"^{_FRAME}(?:{_PLAIN}|{_WITH_NAME}){_FRAME}$|^[\\s　]*(?:{_REMARK})|"
    "^[\\s　]*[Ａ-Ｚａ-ｚ][Ａ-Ｚａ-ｚ　]+$"
)


class _Keys(NamedTuple):
    """Where the mapped ids and days of a list stand."""

    ids: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()


def set_totals_apart(raw: RawList, section: ListSection | None = None) -> RawList:
    """The chunk without its rows of totals and remarks; these stand in `broken`.

    `section` names the columns of ids and dates: a row with a value there is a real one.
    """
    cells = [column for column in raw.frame.columns if column not in PLACE]
    if raw.frame.empty or len(cells) < 2:
        return raw
    reasons = _reasons(raw.frame[cells], _keys(cells, section))
    if not reasons:
        return raw
    apart = raw.frame.loc[list(reasons)]
    broken = pd.DataFrame(
        {
            "file": apart["file"],
            "row_number": apart["row_number"],
            "value": [" | ".join(_filled(row)) for row in apart[cells].to_numpy().tolist()],
            "reason": [reason.english for reason in reasons.values()],
        }
    ).astype(raw.broken.dtypes.to_dict())
    kept = raw.frame.drop(index=apart.index).reset_index(drop=True)
    return replace(raw, frame=kept, broken=pd.concat([raw.broken, broken], ignore_index=True))


def _keys(cells: list[str], section: ListSection | None) -> _Keys:
    if section is None:
        return _Keys()
    places: dict[str, set[int]] = {"_id": set(), "_on": set()}
    for column, header in section.headers.items():
        name = match_header(header, cells)
        if name is not None and column[-3:] in places:
            places[column[-3:]].add(cells.index(name))
    return _Keys(frozenset(places["_id"]), frozenset(places["_on"]))


def _reasons(frame: pd.DataFrame, keys: _Keys) -> dict[int, Sentence]:
    """Row to the reason why it is set apart, in the order of the rows."""
    found: dict[int, Sentence] = {}
    perhaps = _candidates(frame, keys)
    for row, cells in zip(perhaps, frame.loc[perhaps].to_numpy().tolist(), strict=True):
        if _is_total(cells, keys):
            found[row] = TOTALS_ROW
        elif _is_remark(cells, keys):
            found[row] = REMARK_ROW
    if TOTALS_ROW in found.values():
        found |= _below_the_last_total(frame, found)
    return dict(sorted(found.items()))


def _candidates(frame: pd.DataFrame, keys: _Keys) -> list[int]:
    """The rows that may be totals or remarks, found column by column, each distinct text once."""
    for at in sorted(keys.ids):  # whoever has an id is real: mostly that leaves no row at all
        texts = _array(frame.iloc[:, at])
        frame = frame[pc.or_(pc.equal(pc.binary_length(texts), 0), _may_be(texts)).to_numpy(False)]
        if frame.empty:
            return []
    perhaps = pa.array([False] * len(frame))
    for name in frame.columns[:_LOOK_COLUMNS]:
        perhaps = pc.or_(perhaps, _may_be(_array(frame[name])))
    return [int(row) for row in frame.index[perhaps.to_numpy(False)]]


def _may_be(texts: pa.Array) -> pa.Array:
    # Plain letters with digits (A00123, 20250301) are no word of totals: mostly all of a column.
    plain = pc.and_(pc.ascii_is_alnum(texts), pc.invert(pc.ascii_is_alpha(texts)))
    if pc.all(plain).as_py():
        return pc.invert(plain)
    encoded = texts.dictionary_encode()
    return pc.match_substring_regex(encoded.dictionary, _PERHAPS).take(encoded.indices)


def _array(texts: pd.Series) -> pa.Array:
    array = pa.array(texts)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _filled(cells: Collection[str]) -> list[str]:
    return [cell for cell in cells if cell.strip()]


def _is_total(cells: list[str], keys: _Keys) -> bool:
    filled = [(at, tidy_text(cell)) for at, cell in enumerate(cells) if cell.strip()]
    words = [_TOTALS.fullmatch(text) is not None for _, text in filled]
    of_a_group = _TOTALS_OF.fullmatch(filled[0][1]) is not None
    if _is_real(filled, words, of_a_group, keys):
        return False
    numbers = [
        word or at in keys.days or _is_number(text)
        for (at, text), word in zip(filled, words, strict=True)
    ]
    if words[0] or (of_a_group and len(filled) > 1):
        return all(numbers[1:])
    # 「東京 | 小計 | 1,200」: names of groups before the word; only where the ids are known
    word = words.index(True) if True in words else len(filled)
    names = [not number or at in keys.days for (at, _), number in zip(filled, numbers, strict=True)]
    return bool(keys.ids) and word + 1 < len(filled) and all(names[:word]) and all(numbers[word:])


def _is_real(
    filled: list[tuple[int, str]], words: list[bool], of_a_group: bool, keys: _Keys
) -> bool:
    """Whether an id or a day stands there; a total per day has a day, but a word for an id."""
    word_for_id = False
    for place, ((at, _), word) in enumerate(zip(filled, words, strict=True)):
        is_word = word or (place == 0 and of_a_group)
        if at in keys.ids and not is_word:
            return True
        word_for_id |= at in keys.ids and is_word
    days = [at for place, (at, _) in enumerate(filled) if at in keys.days and not words[place]]
    days = [at for at in days if not (of_a_group and at == filled[0][0])]
    return bool(days) and not word_for_id


def _is_number(text: str) -> bool:
    if _DASH.fullmatch(text):
        return True
    return any(sign.isdigit() for sign in text) and _NUMBER.fullmatch(text) is not None


def _is_remark(cells: list[str], keys: _Keys) -> bool:
    """A single cell that reads like a remark, in a list of three or more columns."""
    filled = [(at, tidy_text(cell)) for at, cell in enumerate(cells) if cell.strip()]
    if len(cells) < 3 or not _REMARK_AT_START.match(filled[0][1]):
        return False
    if len(filled) == 2:  # 「出力日時 | 2025-01-31 10:00」
        return filled[1][0] not in keys.ids and filled[0][0] not in keys.days
    return len(filled) == 1


def _below_the_last_total(frame: pd.DataFrame, found: dict[int, Sentence]) -> dict[int, Sentence]:
    """Rows of a single cell at the very end, below the last row of totals, are remarks too."""
    if frame.shape[1] < 3:
        return {}
    last = max(row for row, reason in found.items() if reason is TOTALS_ROW)
    below = frame.loc[last + 1 :]
    if len(below) > 50 or any(len(_filled(row)) > 1 for row in below.to_numpy().tolist()):
        return {}
    return {int(row): found.get(int(row), REMARK_ROW) for row in below.index}
