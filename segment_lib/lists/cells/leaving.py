"""Results in a column that tells of leaving: a bare Yes under "Churn" is no success.

Read as it stands, everybody who left would count as somebody who got results. So a person must
say what yes and no mean there.
"""

from __future__ import annotations

import re

import pandas as pd

from segment_lib.checks import ListError
from segment_lib.lists.cells.hints import quoted
from segment_lib.lists.cells.values import fold_word, tidy_text
from segment_lib.lists.cells.words import NO, YES, is_attribute
from segment_lib.lists.words import pattern, words
from segment_lib.settings import Client
from segment_lib.voice import N_, _

# Columns in which a yes is good, and what the good is.
_GOOD = {
    "got_results": N_("those who stayed got results"),
    "under_contract": N_("those who stayed are under contract"),
    "won": N_("those that were not lost were won"),
}
_LEAVING = re.compile(pattern(words("values")["leaving"]), re.IGNORECASE)

_YES = {fold_word(word) for word in YES}
_NO = {fold_word(word) for word in NO}


def tells_of_leaving(header: str) -> bool:
    """Whether a header says by its name that somebody left.

    >>> tells_of_leaving("is_churned"), tells_of_leaving("解約フラグ"), tells_of_leaving("Result")
    (True, True, False)
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-.]", " ", tidy_text(header))
    return _LEAVING.search(words) is not None


def require_said_what_yes_means(
    client: Client, list_name: str, column: str, text: pd.Series
) -> None:
    """Raise `ListError` if a bare yes or no of such a column is about to be taken as it stands."""
    section = client.lists[list_name]
    header = section.headers.get(column, "")
    if column not in _GOOD or column in section.words or not tells_of_leaving(header):
        return
    if is_attribute(client.table_of(list_name), column):
        return
    bare = [str(one) for one in text.unique() if fold_word(str(one)) in _YES | _NO]
    if not bare:
        return
    yes = quoted(next((one for one in bare if fold_word(one) in _YES), "Yes"))
    no = quoted(next((one for one in bare if fold_word(one) in _NO), "No"))
    said = f"[lists.{list_name}] words.{column} = "
    raise ListError(
        _(
            '{list_name}: {column} is read from the column "{header}", whose '
            "name tells of leaving or losing, and it holds {words}. Say what "
            "they mean: {said}{{yes = [{no}], no = [{yes}]}} if {good}, or "
            "{said}{{yes = [{yes}], no = [{no}]}} if {yes} is the good word "
            "after all.",
            list_name=list_name,
            column=column,
            header=header,
            words=_both([quoted(one) for one in bare[:2]]),
            said=said,
            no=no,
            yes=yes,
            good=_(_GOOD[column]),
        )
    )


def _both(words: list[str]) -> str:
    return _("{first} and {second}", first=words[0], second=words[1]) if words[1:] else words[0]
