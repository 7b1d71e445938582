"""Words that mean something: statuses, kinds, results, yes and no, mapped to the kit's own words.

What client.toml says under `[lists.X.words.COLUMN]` comes first; then the kit's own word and both
of its labels; for yes/no columns the usual signs. A word that none of these explains stops the
run with the words and their counts: nobody guesses what 保留 means.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd

from segment_lib.checks import ClientError, ListError
from segment_lib.columns import DICTIONARIES, REGISTER_COLUMNS, TABLES, VALUES, as_text
from segment_lib.lists.cells.codes import declared_codes
from segment_lib.lists.cells.hints import quoted
from segment_lib.lists.cells.notes import listed
from segment_lib.lists.cells.values import fold_word, tidy_text
from segment_lib.lists.words import words
from segment_lib.settings import Client
from segment_lib.voice import _, in_every_language

YES: tuple[str, ...] = words("answers")["yes"]
NO: tuple[str, ...] = words("answers")["no"]
UNKNOWN: tuple[str, ...] = words("answers")["unknown"]
STATUSES = ("completed", "cancelled", "ignored")
ADJUSTMENT_KINDS: dict[str, tuple[str, ...]] = words("values")["adjustments"]
WON, LOST = words("values")["deals"]["won"], words("values")["deals"]["lost"]
_SAY_LEAST = ("unknown", "ignored")
_SHOWN = 20


class UnexplainedWords(ListError):
    """Words `about` a column that nobody explained; `tell` makes the sentence of their counts.

    A list that is read in chunks sums the counts up before it tells.
    """

    def __init__(
        self, about: str, counts: dict[str, int], tell: Callable[[dict[str, int]], str]
    ) -> None:
        super().__init__(tell(counts))
        self.about, self.counts, self.tell = about, counts, tell


def is_worded(client: Client, table: str, column: str) -> bool:
    """Whether every word of this column must be explained."""
    if column == "status" and table != "customers":
        return True
    if column == "step" and table != "customers":
        return bool(client.steps)
    return column_kind(client, column, table) in ("code", "yes_no")


def column_kind(client: Client, column: str, table: str) -> str:
    """The kind of a mapped column: as `columns.py` says of the table, else as [attributes] says.

    A list of customers may call an attribute `kind` or `channel`: then it is text, and not the
    column of that name which another table has.
    """
    if is_attribute(table, column):
        return client.attributes[column].kind if column in client.attributes else "text"
    if column == "cancelled_on":
        return "date"
    return REGISTER_COLUMNS[column].kind if column in REGISTER_COLUMNS else "text"


def is_attribute(table: str, column: str) -> bool:
    """Whether a column of a list of customers is the client's own, whatever its name."""
    return table == "customers" and column not in TABLES["customers"]


def known_words(client: Client, list_name: str, column: str) -> dict[str, str]:
    """Folded word to the kit's word, for one column of one list.

    Raises `ClientError` if client.toml maps to a word that the column does not have.
    """
    own = _own_words(client, client.table_of(list_name), column)
    declared = client.lists[list_name].words.get(column, {})
    strange = [word for word in declared if word not in own]
    if own and strange:
        raise ClientError(
            _(
                "client.toml: [lists.{list_name}.words.{column}] maps to '{word}', "
                "which is not one of {own}.",
                list_name=list_name,
                column=column,
                word=strange[0],
                own=list(own),
            )
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
    missing = declared_codes(client.lists[list_name], column)
    missing |= set() if column == "status" else {""}
    free = not is_worded(client, client.table_of(list_name), column)
    mapped: dict[str, str | None] = {}
    for one in text.unique():
        key = fold_word(one)
        if key in words or key in missing or free:
            mapped[one] = words.get(key, None if key in missing or not key else tidy_text(one))
    strange = text[~text.isin(list(mapped))].value_counts()
    if len(strange):
        counts = {str(word): int(count) for word, count in strange.items()}
        raise UnexplainedWords(column, counts, partial(_unexplained, client, list_name, column))
    return text.map(mapped).pipe(as_text)


def _own_words(client: Client, table: str, column: str) -> dict[str, tuple[str, ...]]:
    if is_attribute(table, column):
        yes_no = column_kind(client, column, table) == "yes_no"
        return {"yes": YES, "no": NO, "unknown": UNKNOWN} if yes_no else {}
    if column == "status":
        return {word: () for word in STATUSES}
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
    if column_kind(client, column, table) == "yes_no":
        won, lost = (WON, LOST) if column == "won" else ((), ())
        return {"yes": YES + won, "no": NO + lost, "unknown": UNKNOWN}
    return _labels(column)


def _labels(column: str) -> dict[str, tuple[str, ...]]:
    context = DICTIONARIES.get(column, column)
    return {word: in_every_language(context, said) for word, said in VALUES.get(column, {}).items()}


def _unexplained(client: Client, list_name: str, column: str, counts: dict[str, int]) -> str:
    first = most_first(counts)
    shown = words_with_counts(first[:_SHOWN])
    if len(first) > _SHOWN:
        shown = _("{first} and {more} more", first=shown, more=len(first) - _SHOWN)
    ours = list(dict.fromkeys(known_words(client, list_name, column).values()))
    header = client.lists[list_name].headers.get(column, "always")
    # A line that is pasted unread must not say more than that nobody knows.
    harmless = next((word for word in _SAY_LEAST if word in ours), "")
    line = f"{harmless} = [{quoted(first[0][0])}]" if harmless else f"{ours[0]} = [...]"
    return _(
        '{list_name}: the column "{header}" ({column}) holds {count} word(s) that client.toml '
        "does not explain: {shown}. Write which of {ours} each one means, for example: "
        "[lists.{list_name}.words.{column}] {line}.",
        list_name=list_name,
        header=header,
        column=column,
        count=len(counts),
        shown=shown,
        ours=ours,
        line=line,
    )


def words_with_counts(counted: Sequence[tuple[str, int]]) -> str:
    """Words in 「」, each with how often it comes."""
    return str(
        listed(_("「{word}」 {count} times", word=word, count=count) for word, count in counted)
    )


def most_first(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Words and counts, the most frequent first."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
