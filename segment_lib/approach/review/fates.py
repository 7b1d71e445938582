"""Every reviewed row gets exactly one fate, before anything is written.

taken: it will hold · unchanged: it stands in overrides.csv word for word · waiting: its yellow
columns are empty, nobody has looked at it · refused: it cannot be taken, `says` tells why and what
to do. The sum of the fates is the number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from segment_lib.approach.review.current import Current, bare_digits, words_of
from segment_lib.approach.review.relation import ALLOWED, why_not
from segment_lib.approach.review.words import (
    day_apart,
    decision_code,
    fold,
    read_day,
    text_of,
    unquoted,
)
from segment_lib.checks import closest
from segment_lib.columns import VALUES, Language, value_label
from segment_lib.lists.cells.values import Told, tidy_text

FATES = ("taken", "unchanged", "waiting", "refused")
YELLOW = ("decision", "reason_in_words", "by", "on")
NO_WORD = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")


@dataclass
class _Row:
    """One row on its way to its fate."""

    place: dict[str, object]
    customer_id: str = ""
    decision: str = ""
    reason: str = ""
    by: str = ""
    on: date | None = None
    is_written: bool = False
    known: bool = False
    fate: str = ""
    says: list[Told] = field(default_factory=list)

    def refuse(self, told: Told | None) -> None:
        """Add a reason why not, if there is one."""
        if told is not None:
            self.fate = "refused"
            self.says.append(told)

    @property
    def words(self) -> tuple[str, ...]:
        return (self.customer_id, self.decision, self.reason, self.by, str(self.on))


def judge_review(rows: pd.DataFrame, current: Current) -> pd.DataFrame:
    """One row per row of `rows`: sheet, row_number, customer_id, fate, kit (what the last run
    decided), decision, reason_in_words, by, on, says and says_ja.

    `rows` holds cells as they were read: sheet, row_number, customer_id, decision, reason_in_words,
    by, on; and `changed`, a list of `Told` about cells that are not to be written in.
    """
    judged = [_judged(row, current) for row in rows.to_dict("records")]
    _refuse_contradictions([row for row in judged if row.is_written and row.known])
    for row in judged:
        if not row.fate:
            _taken_or_unchanged(row, current)
    return pd.DataFrame([_record(row, current) for row in judged], columns=list(_COLUMNS))


_COLUMNS = (
    "sheet", "row_number", "customer_id", "fate", "kit", "decision", "reason_in_words", "by", "on",
    "says", "says_ja",
)  # fmt: skip


def _record(row: _Row, current: Current) -> dict[str, object]:
    kit = str(current.decisions["decision"][row.customer_id]) if row.known else ""
    return row.place | {
        "customer_id": row.customer_id, "fate": row.fate, "kit": kit, "decision": row.decision,
        "reason_in_words": row.reason, "by": row.by, "on": row.on,
        "says": " ".join(told.en for told in row.says), "says_ja": "".join(t.ja for t in row.says),
    }  # fmt: skip


def _judged(cells: dict[str, object], current: Current) -> _Row:
    row = _Row({"sheet": cells["sheet"], "row_number": cells["row_number"]})
    row.is_written = any(text_of(cells[name]) for name in YELLOW)
    row.customer_id, row.known = _known_id(text_of(cells["customer_id"]), current)
    for told in cells["changed"]:  # type: ignore[attr-defined]
        row.refuse(told)
    if not row.is_written:
        row.fate = row.fate or "waiting"
        return row
    row.decision = decision_code(text_of(cells["decision"])) or text_of(cells["decision"])
    row.reason = unquoted(text_of(cells["reason_in_words"]))
    row.by = unquoted(text_of(cells["by"])) or current.by
    row.on = _day(cells["on"], row, current)
    row.refuse(_who_is_it(row, current))
    row.refuse(_what_is_it(row, current))
    row.refuse(_is_not_in_words(row.reason))
    row.refuse(_is_nobody(cells["by"], row.by))
    return row


# --- who ----------------------------------------------------------------------------------------
def _known_id(text: str, current: Current) -> tuple[str, bool]:
    """The id as the lists have it, full-width written or behind a ', and whether they have it."""
    for one in (text, tidy_text(text), tidy_text(text).removeprefix("'")):
        if one in current.under_contract:
            return one, True
    return text, False


def _who_is_it(row: _Row, current: Current) -> Told | None:
    if row.known:
        return None
    if not row.customer_id:
        return Told(
            "There is no customer id in this row. Write it, or empty the yellow cells.",
            "お客様番号がありません。番号を書くか、黄色のセルを空欄にしてください。",
        )
    near = {
        *current.alike.get(bare_digits(row.customer_id), []),
        *current.alike.get(fold(row.customer_id), []),
    }
    hint, hint_ja = "Correct the id", "番号をご確認ください"
    if len(near) == 1:
        (one,) = near
        hint, hint_ja = (
            f"If {one} is meant, write {one}",
            f"{one}のことであれば、そうお書きください",
        )
    return Told(
        f'"{row.customer_id}" is in no list of the last run. {hint}.',
        f"「{row.customer_id}」は前回の実行のどのリストにもありません。{hint_ja}。",
    )


# --- what ---------------------------------------------------------------------------------------
def _what_is_it(row: _Row, current: Current) -> Told | None:
    if not row.decision:
        return Told(
            "A reason, a name or a day stands here, but no decision. Choose one, or empty the "
            "yellow cells.",
            "理由・お名前・日付だけがあり、判断がありません。判断を選ぶか、黄色のセルを空欄に"
            "してください。",
        )
    if row.decision not in VALUES["decision"]:
        return _unknown_word(row, current)
    if not row.known:
        return None
    served = current.under_contract[row.customer_id]
    why = why_not(row.decision, served, current.opted_out[row.customer_id])
    return _does_not_fit(row, why, ALLOWED[served]) if why else None


def _unknown_word(row: _Row, current: Current) -> Told:
    served = current.under_contract.get(row.customer_id)
    possible = list(VALUES["decision"]) if served is None else ALLOWED[served]
    words = {str(value_label("decision", name)): name for name in VALUES["decision"]}
    near = closest(row.decision.capitalize(), words)
    hint = f'Did you mean "{near}"? ' if near else ""
    return Told(
        f'"{row.decision}" is no decision. {hint}Choose one of: {_labels(possible, "en")}.',
        f"「{row.decision}」という判断はありません。{_labels(possible, 'ja')}からお選びください。",
    )


def _does_not_fit(row: _Row, why: str, allowed: Iterable[str]) -> Told:
    en, ja = _both(row.decision)
    if why == "opted_out":
        return Told(
            "The customer has asked not to be contacted, which nobody can overrule. If that has "
            "changed, change the list of permissions.",
            "ご連絡を希望されないお客様です。この点は上書きできません。変わった場合は連絡可否の"
            "リストを直してください。",
        )
    who, who_ja = (
        ("under contract", "ご契約中の")
        if why == "under_contract"
        else ("without a contract", "ご契約のない")
    )
    return Told(
        f'The customer is {who}, so "{en}" is not possible. Choose one of: '
        f"{_labels(allowed, 'en')}.",
        f"{who_ja}お客様のため「{ja}」は選べません。{_labels(allowed, 'ja')}からお選びください。",
    )


def _both(decision: object) -> tuple[str, str]:
    return str(value_label("decision", decision)), str(value_label("decision", decision, "ja"))


def _labels(names: Iterable[str], language: Language) -> str:
    words = [str(value_label("decision", name, language)) for name in names]
    return ", ".join(words) if language == "en" else "・".join(words)


# --- why, who, when -----------------------------------------------------------------------------
def _is_not_in_words(reason: str) -> Told | None:
    if any(sign.isalpha() for sign in reason) and reason not in NO_WORD:
        return None
    return Told(
        "There is no reason in words. Write why." if not reason
        else f'"{reason}" is no reason in words. Write why.',
        "理由がありません。理由をお書きください。" if not reason
        else f"「{reason}」は理由として読めません。言葉でお書きください。",
    )  # fmt: skip


def _is_nobody(cell: object, by: str) -> Told | None:
    """Nobody has signed; a number is no name, nor is a formula that found none."""
    if not by:
        return Told(
            "Nobody has signed it. Write the name, or add: --by NAME",
            "判断した方のお名前がありません。お書きになるか、--by お名前 を付けてください。",
        )
    is_text = cell is None or isinstance(cell, str)
    if is_text and by not in NO_WORD and not by.startswith("=") and any(map(str.isalpha, by)):
        return None
    return Told(
        f'"{by}" in the column of who decided is a number or a formula, not a name. Write the '
        "name.",
        f"判断した方の欄の「{by}」は数値または数式で、お名前ではありません。お名前をお書きください。",
    )


def _day(cell: object, row: _Row, current: Current) -> date | None:
    """The day of the review: what the row says, else what was asked for, else as_of."""
    said = cell if text_of(cell) else current.on or current.as_of
    day = read_day(said, current.as_of)
    if not isinstance(day, date):
        row.refuse(day)
        return None
    row.refuse(day_apart(day, current.as_of))
    return day


# --- one word per customer ----------------------------------------------------------------------
def _refuse_contradictions(rows: list[_Row]) -> None:
    """The same customer twice: equal rows are one, the others are all refused."""
    by_customer: dict[str, list[_Row]] = {}
    for row in rows:
        by_customer.setdefault(row.customer_id, []).append(row)
    for several in by_customer.values():
        different = {row.words for row in several}
        for row in several[1:] if len(different) == 1 else several:
            other = next(one for one in several if one is not row)
            where = Told(
                f"{other.place['sheet']}, row {other.place['row_number']}",
                f"{other.place['sheet']}の{other.place['row_number']}行目",
            )
            if len(different) > 1:
                row.refuse(_contradicts(row, where))
            elif not row.fate:
                row.fate = "unchanged"
                row.says.append(Told(f"The same as in {where.en}.", f"{where.ja}と同じ内容です。"))


def _contradicts(row: _Row, where: Told) -> Told:
    return Told(
        f"{row.customer_id} is decided differently in {where.en}. Keep one of the two.",
        f"{row.customer_id}は{where.ja}に別の判断があります。どちらか1つにしてください。",
    )


def _taken_or_unchanged(row: _Row, current: Current) -> None:
    row.fate = "unchanged" if row.words in current.said else "taken"
    standing = current.standing.get(row.customer_id)
    if standing is None or words_of(standing) == row.words:
        return
    on = pd.Timestamp(str(standing["on"])).date()
    if row.fate == "unchanged" or (row.on is not None and on > row.on):
        en, ja = _both(standing["decision"])
        row.says.append(
            Told(
                f'A later word stands: "{en}" by {standing["by"]}, {on}.',
                f"その後の判断が優先されます：「{ja}」（{standing['by']}、{on}）。",
            )
        )
