"""Words that mean something: statuses, kinds, results, yes and no, mapped to the kit's own words.

What client.toml says under `[lists.X.words.COLUMN]` comes first; then the kit's own word and both
of its labels; for yes/no columns the usual signs. A word that none of these explains stops the
run with the words and their counts: nobody guesses what 保留 means.
"""

from __future__ import annotations

import pandas as pd

from segment_lib.checks import ClientError, ListError
from segment_lib.columns import REGISTER_COLUMNS, VALUES
from segment_lib.lists.values import fold_word, tidy_text
from segment_lib.settings import Client

YES = ("yes", "y", "true", "t", "1", "はい", "有", "有り", "あり", "○", "〇", "◯", "済", "済み")
NO = ("no", "n", "false", "f", "0", "いいえ", "無", "無し", "なし", "×", "✕", "x", "未")
STATUSES = ("completed", "cancelled", "ignored")
ADJUSTMENT_KINDS: dict[str, tuple[str, ...]] = {
    "return": ("返品",),
    "cancellation": ("取消", "取り消し", "キャンセル"),
    "correction": ("訂正", "修正"),
}
WON = (("won", "受注"), ("lost", "失注"))


def is_worded(client: Client, table: str, column: str) -> bool:
    """Whether every word of this column must be explained."""
    if column == "status" and table != "customers":
        return True
    if column == "step":
        return bool(client.steps)
    return column_kind(client, column) in ("code", "yes_no")


def column_kind(client: Client, column: str) -> str:
    """The kind of a mapped column: as `columns.py` says, else as [attributes] says, else text."""
    if column in client.attributes:
        return client.attributes[column].kind
    if column == "cancelled_on":
        return "date"
    return REGISTER_COLUMNS[column].kind if column in REGISTER_COLUMNS else "text"


def known_words(client: Client, list_name: str, column: str) -> dict[str, str]:
    """Folded word to the kit's word, for one column of one list.

    Raises `ClientError` if client.toml maps to a word that the column does not have.
    """
    own = _own_words(client, client.table_of(list_name), column)
    declared = client.lists[list_name].words.get(column, {})
    strange = [word for word in declared if word not in own]
    if own and strange:
        raise ClientError(
            f"client.toml: [lists.{list_name}.words.{column}] maps to '{strange[0]}', which is "
            f"not one of {list(own)}."
        )
    words = {fold_word(word): word for word in own}
    words |= {fold_word(one): word for word, ones in own.items() for one in ones if one}
    return words | {fold_word(one): word for word, ones in declared.items() for one in ones}


def map_words(client: Client, list_name: str, column: str, text: pd.Series) -> pd.Series:
    """The kit's words for a text column; blank is missing, but for a status it must be explained.

    Raises `ListError` with the words and counts if some are not explained. A column of free text
    keeps the words that have no entry.
    """
    words = known_words(client, list_name, column)
    missing = {fold_word(word) for word in client.lists[list_name].missing}
    missing |= set() if column == "status" else {""}
    free = not is_worded(client, client.table_of(list_name), column)
    mapped: dict[str, str | None] = {}
    for one in text.unique():
        key = fold_word(one)
        if key in words or key in missing or free:
            mapped[one] = words.get(key, None if key in missing or not key else tidy_text(one))
    unexplained = [one for one in text.unique() if one not in mapped]
    if unexplained:
        raise ListError(_unexplained(client, list_name, column, text, unexplained))
    return text.map(mapped).astype("str")


def _own_words(client: Client, table: str, column: str) -> dict[str, tuple[str, ...]]:
    if column == "status":
        return {word: () for word in STATUSES} if table != "customers" else {}
    if column == "kind" and table == "adjustments":
        return ADJUSTMENT_KINDS
    if column == "kind":
        kinds = client.stages.met + client.stages.meal + client.stages.mail_or_call
        touches = {k: said for k, said in _labels(column).items() if k not in ADJUSTMENT_KINDS}
        return {kind: () for kind in kinds} | touches
    if column == "step":
        return {row.name: (row.label_en, row.label_ja) for row in client.steps}
    if column == "got_results":
        labels = _labels(column)
        return {"yes": labels["yes"] + YES, "no": labels["no"] + NO, "unknown": labels["unknown"]}
    if column_kind(client, column) == "yes_no":
        won, lost = WON if column == "won" else ((), ())
        return {"yes": YES + won, "no": NO + lost, "unknown": ("不明",)}
    return _labels(column)


def _labels(column: str) -> dict[str, tuple[str, ...]]:
    return {word: tuple(labels) for word, labels in VALUES.get(column, {}).items()}


def _unexplained(
    client: Client, list_name: str, column: str, text: pd.Series, words: list[str]
) -> str:
    counts = text[text.isin(words)].value_counts()
    shown = ", ".join(f"「{word}」 {count} times" for word, count in _most_first(counts)[:10])
    ours = list(dict.fromkeys(known_words(client, list_name, column).values()))
    header = client.lists[list_name].columns.get(column, "always")
    return (
        f'{list_name}: the column "{header}" ({column}) holds {len(counts)} word(s) that '
        f"client.toml does not explain: {shown}. Write which of {ours} each one means: "
        f'[lists.{list_name}.words.{column}] {ours[0]} = ["{_most_first(counts)[0][0]}"].'
    )


def _most_first(counts: pd.Series) -> list[tuple[str, int]]:
    return sorted(((str(word), int(n)) for word, n in counts.items()), key=lambda p: (-p[1], p[0]))
